//! What a hand draws: strokes of a pen in two colours, as Gaussians along them.
//!
//! As text, which is the drawing's name in addresses and messages, it is `drawing-` and whole numbers (`vlq`): of each stroke four
//! times its corners, plus two if the pen was pressed, plus its class; the size of its pen; x and y of the first corner, then
//! what is added from corner to corner, and to the size where the pen was pressed. A drawing has one such text and no other.
//!
//! A stroke is a branch. Its Gaussians are round and stand no more than twice their size apart, like those of the toys, so that
//! the density along it is even; ink is as dense in all strokes of a class, whatever pen drew them.

use super::{Component, MOST_COMPONENTS, vlq};
use crate::error::{Error, Result};
use nalgebra::{Matrix2, Vector2};

/// Units of places and sizes in one unit of the plane.
pub const UNITS: f64 = 128.0;
/// The farthest coordinate of a corner, either way, in such units: four in the plane.
pub const FARTHEST: i32 = 512;
/// The least and the greatest size of a pen, which is the standard deviation of its ink, in such units.
pub const SIZES: [i32; 2] = [2, 32];

/// How far apart Gaussians stand at most, in their size.
const SPACING: f64 = 2.0;
/// What has the ink of a dot that is as dense as a line: a line of this length, in sizes of the pen. Root of 2 pi.
const DOT: f64 = 2.506_628_274_631_000_5;

pub(super) const PREFIX: &str = "drawing-";

/// A corner of a stroke: x, y, and the size of the pen there, in units of the drawing.
pub type Corner = [i32; 3];

/// A movement of the pen, in straight lines from corner to corner.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Stroke {
    /// The class: 0 for A, 1 for B.
    pub class: u8,
    /// At least one.
    pub corners: Vec<Corner>,
}

/// Strokes of both classes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Drawing {
    /// What it is as text.
    text: String,
    strokes: Vec<Stroke>,
}

impl Drawing {
    /// A drawing.
    ///
    /// # Errors
    /// If a class has no stroke, a stroke no corner, a number is out of its range, or there are more Gaussians than an engine takes.
    #[cfg(any(not(target_arch = "wasm32"), feature = "own-data", test))]
    pub fn new(strokes: Vec<Stroke>) -> Result<Self> {
        check(&strokes)?;
        Ok(Self { text: write(&strokes), strokes })
    }

    /// A drawing that looks like a mixture: a stroke for each branch, along the means of its Gaussians, as broad as they are across it.
    /// It is where that is, and as dense everywhere.
    ///
    /// # Errors
    /// If it is farther from the origin than drawings are, or of too much detail.
    #[cfg(feature = "own-data")]
    pub fn after(mixture: &super::Mixture) -> Result<Self> {
        let branches = mixture.components().chunk_by(|a, b| (a.class, a.branch) == (b.class, b.branch));
        let strokes = branches.map(|branch| {
            let mut means: Vec<Vector2<f64>> = branch.iter().map(|c| c.mean).collect();
            // Gaussians stand in the middle of what they stand for: the stroke begins and ends half a step farther.
            if let [first, second, .., before, last] = means[..] {
                means[0] = first + 0.5 * (first - second);
                *means.last_mut().expect("it has several") = last + 0.5 * (last - before);
            }
            let corners = means.iter().zip(branch).map(|(mean, c)| {
                let size = c.covariance.symmetric_eigenvalues().min().max(0.0).sqrt();
                let [x, y, size] = [mean.x, mean.y, size].map(|each| (each * UNITS).round() as i32);
                [x, y, size.clamp(SIZES[0], SIZES[1])]
            });
            Stroke { class: branch[0].class, corners: straightened(corners.collect()) }
        });
        Self::new(strokes.collect())
    }

    /// In the order in which they were drawn.
    pub fn strokes(&self) -> &[Stroke] {
        &self.strokes
    }

    /// Its Gaussians, class A first; each class has one half of the mass.
    pub(super) fn components(&self) -> Vec<Component> {
        let mut components = Vec::new();
        for class in 0..2 {
            let first = components.len();
            for stroke in self.strokes.iter().filter(|stroke| stroke.class == class) {
                let branch = components.last().map_or(0, |last: &Component| last.branch + 1);
                Track::new(stroke).lay(class, branch, &mut components);
            }
            let ink: f64 = components[first..].iter().map(|c| c.weight).sum();
            components[first..].iter_mut().for_each(|c| c.weight /= ink);
        }
        components
    }

    /// The strokes of a text after its prefix; none if that is no text of any. They are not checked.
    fn read(numbers: &str) -> Option<Vec<Stroke>> {
        let mut reader = vlq::Reader(numbers.as_bytes().iter());
        let mut strokes = Vec::new();
        while !reader.0.as_slice().is_empty() {
            let head = reader.next()?;
            let (pressed, class) = (head & 2 != 0, (head & 1) as u8);
            let mut corner = [0, 0, reader.next()? as i32];
            let mut corners = Vec::new();
            for i in 0..head >> 2 {
                corner[0] += reader.signed()?;
                corner[1] += reader.signed()?;
                if pressed && i > 0 {
                    corner[2] += reader.signed()?;
                }
                // No sum can overflow that goes no farther.
                if corner.iter().any(|each| each.abs() > FARTHEST) {
                    return None;
                }
                corners.push(corner);
            }
            // Where the pen is as broad all along, its size stands once.
            if pressed && corners.iter().all(|each| each[2] == corner[2]) {
                return None;
            }
            strokes.push(Stroke { class, corners });
        }
        Some(strokes)
    }

    /// As text, of which it has one.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    #[inline(never)]
    pub(super) fn parse(text: &str) -> Result<Self> {
        let strokes = text.strip_prefix(PREFIX).and_then(Self::read).ok_or_else(|| wrong("of whole strokes"))?;
        check(&strokes)?;
        Ok(Self { text: text.to_owned(), strokes })
    }
}

/// Without corners that are less than one unit from the line between those that stay (Ramer, Douglas and Peucker).
#[cfg(feature = "own-data")]
fn straightened(corners: Vec<Corner>) -> Vec<Corner> {
    let [first, .., last] = corners[..] else { return corners };
    let [from, to] = [first, last].map(|[x, y, _]| Vector2::new(f64::from(x), f64::from(y)));
    let along = to - from;
    let off = |&[x, y, size]: &Corner| {
        let place = Vector2::new(f64::from(x), f64::from(y)) - from;
        let share = (place.dot(&along) / along.norm_squared().max(1.0)).clamp(0.0, 1.0);
        let broad = f64::from(first[2]) + share * f64::from(last[2] - first[2]);
        (place - share * along).norm().max((f64::from(size) - broad).abs())
    };
    let offs = corners.iter().map(off).enumerate();
    let (farthest, most) = offs.max_by(|a, b| a.1.total_cmp(&b.1)).expect("it has corners");
    if most < 1.0 {
        return vec![first, last];
    }
    let mut kept = straightened(corners[..=farthest].to_vec());
    kept.pop();
    kept.extend(straightened(corners[farthest..].to_vec()));
    kept
}

#[inline(never)]
fn check(strokes: &[Stroke]) -> Result<()> {
    let mut classes = [false; 2];
    for stroke in strokes {
        classes[usize::from(stroke.class.min(1))] = true;
        let good = |&[x, y, size]: &Corner| {
            x.abs() <= FARTHEST && y.abs() <= FARTHEST && (SIZES[0]..=SIZES[1]).contains(&size)
        };
        if stroke.corners.is_empty() || stroke.class > 1 || !stroke.corners.iter().all(good) {
            return Err(wrong("of strokes within 4 of the origin, by pens of sizes from 1/64 to 1/4"));
        }
    }
    if classes != [true; 2] {
        return Err(wrong("of both classes: guidance tells one from the other"));
    }
    let gaussians: usize = strokes.iter().map(|stroke| Track::new(stroke).count()).sum();
    if gaussians > MOST_COMPONENTS {
        return Err(Error::invalid(
            "The number of a drawing's Gaussians",
            "at most 2032 (a broader pen needs fewer)",
            gaussians,
        ));
    }
    Ok(())
}

/// The text of strokes.
#[cfg(any(not(target_arch = "wasm32"), feature = "own-data", test))]
fn write(strokes: &[Stroke]) -> String {
    let mut text = PREFIX.to_owned();
    for Stroke { class, corners } in strokes {
        let size = corners[0][2];
        let pressed = corners.iter().any(|corner| corner[2] != size);
        vlq::write(&mut text, (corners.len() as u32) << 2 | u32::from(pressed) << 1 | u32::from(*class));
        vlq::write(&mut text, size as u32);
        let mut before = [0, 0, size];
        for (i, corner) in corners.iter().enumerate() {
            for axis in 0..if pressed && i > 0 { 3 } else { 2 } {
                vlq::write_signed(&mut text, corner[axis] - before[axis]);
            }
            before = *corner;
        }
    }
    text
}

#[cold]
#[inline(never)]
fn wrong(expected: &'static str) -> Error {
    Error::invalid("A drawing", expected, "not")
}

/// A stroke as its Gaussians see it: corners by how far the pen had come, in its sizes.
struct Track<'a> {
    corners: &'a [Corner],
    /// Of each corner.
    along: Vec<f64>,
}

impl<'a> Track<'a> {
    fn new(stroke: &'a Stroke) -> Self {
        let corners = &stroke.corners[..];
        let mut along = vec![0.0];
        let mut sum = 0.0;
        for pair in corners.windows(2) {
            let [from, to] = [0, 1].map(|i| pair[i].map(f64::from));
            // The size grows evenly along a line, so that the way in sizes is an integral of one over it.
            let growth = to[2] / from[2];
            let mean = if growth == 1.0 { from[2] } else { (to[2] - from[2]) / libm::log(growth) };
            sum += (to[0] - from[0]).hypot(to[1] - from[1]) / mean;
            along.push(sum);
        }
        Self { corners, along }
    }

    fn length(&self) -> f64 {
        self.along[self.along.len() - 1]
    }

    fn count(&self) -> usize {
        ((self.length() / SPACING).ceil() as usize).max(1)
    }

    fn lay(&self, class: u8, branch: u16, components: &mut Vec<Component>) {
        let count = self.count();
        for i in 0..count {
            let [x, y, size] = self.at((i as f64 + 0.5) / count as f64 * self.length()).map(|each| each / UNITS);
            components.push(Component {
                weight: size * size * self.length().max(DOT) / count as f64,
                mean: Vector2::new(x, y),
                covariance: Matrix2::new(size * size, 0.0, 0.0, size * size),
                class,
                branch,
            });
        }
    }

    /// Place and size of the pen where it has come so far.
    fn at(&self, far: f64) -> [f64; 3] {
        let next = self.along.partition_point(|&along| along < far).clamp(1, self.along.len().max(2) - 1);
        let from = self.corners[next - 1].map(f64::from);
        let Some(to) = self.corners.get(next) else { return from };
        let share = (far - self.along[next - 1]) / (self.along[next] - self.along[next - 1]);
        // A corner that is there twice has no length to share.
        let share = if share.is_finite() { share } else { 0.0 };
        let growth = f64::from(to[2]) / from[2];
        let share = if growth == 1.0 { share } else { (libm::exp(share * libm::log(growth)) - 1.0) / (growth - 1.0) };
        [0, 1, 2].map(|axis| from[axis] + share * (f64::from(to[axis]) - from[axis]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plane::distribution::{Classes, Distribution};

    fn stroke(class: u8, corners: &[Corner]) -> Stroke {
        Stroke { class, corners: corners.to_vec() }
    }

    fn drawn(strokes: &[Stroke]) -> Distribution {
        Distribution::Drawing(Drawing::new(strokes.to_vec()).unwrap())
    }

    /// A line and a dot: 8 to the left by a pen of size 4, pressed; a dot at (-1, 16).
    #[test]
    fn a_drawing_is_its_text() {
        let data = drawn(&[stroke(0, &[[0, 0, 4]]), stroke(1, &[[-1, 16, 8], [-9, 16, 10]])]);
        // 1 corner: 4, size 4, 0, 0; 2 corners, pressed, B: 11, size 8, -1, 16, -8, 0, +2.
        assert_eq!(data.to_string(), "drawing-EEAALIDgBRAE");
        assert_eq!("drawing-EEAALIDgBRAE".parse(), Ok(data));
        for bad in [
            "drawing-",
            "drawing-EEAA",
            "drawing-EEAALIDgBRA",
            "drawing-EEAALIDgBRAE!",
            "drawing-EEABLIDgBRAE",
            "drawing-AEEEAALIDgBRAE",
            "drawing-EEggggCALIDgBRAE",
            "drawing-EAAALIDgBRAE",
        ] {
            let message = bad.parse::<Distribution>().unwrap_err().to_string();
            assert!(message.contains("drawing"), "{bad}: {message}");
        }
    }

    #[test]
    fn a_line_is_as_dense_all_along_and_as_a_dot() {
        let mixture = drawn(&[
            stroke(0, &[[-100, 0, 4], [0, 0, 4], [100, 0, 4]]),
            stroke(0, &[[-100, 100, 8], [100, 100, 8]]),
            stroke(0, &[[0, -200, 6]]),
            stroke(1, &[[0, 300, 4]]),
        ])
        .mixture();
        let a = mixture.classes(Classes::A).unwrap();
        assert_eq!(mixture.branch_masses().len(), 4);
        // Two lengths of 50 and of 25 sizes: spaced by two.
        assert_eq!(a.components().iter().filter(|c| c.branch == 0).count(), 25);
        assert_eq!(a.components().iter().filter(|c| c.branch == 1).count(), 13);
        let at = |x: f64, y: f64| a.density(Vector2::new(x, y) / UNITS, 0.0);
        let dot = at(0.0, -200.0);
        for (x, y) in [(-50.0, 0.0), (1.3, 0.0), (77.0, 0.0), (0.0, 100.0), (33.3, 100.0)] {
            // Gaussians that are twice their size apart add up to 1.4% more or less than their mean.
            assert!((at(x, y) / dot - 1.0).abs() < 0.02, "{x} {y}: {}", at(x, y) / dot);
        }
    }

    #[test]
    fn a_pressed_pen_grows_along_its_stroke() {
        let mixture = drawn(&[stroke(0, &[[0, 0, 2], [200, 0, 20], [200, 0, 20]]), stroke(1, &[[0, 0, 4]])]).mixture();
        let sizes: Vec<f64> =
            mixture.components().iter().filter(|c| c.class == 0).map(|c| c.covariance.m11.sqrt() * UNITS).collect();
        assert!(sizes.is_sorted() && sizes[0] > 2.0 && *sizes.last().unwrap() < 20.0, "{sizes:?}");
        let means: Vec<f64> = mixture.components().iter().filter(|c| c.class == 0).map(|c| c.mean.x * UNITS).collect();
        for (pair, size) in means.windows(2).zip(&sizes) {
            assert!(pair[1] - pair[0] < 2.2 * size, "{pair:?} {size}");
        }
    }

    /// Of every named distribution, and how far a density that is drawn after it is from it.
    #[cfg(feature = "own-data")]
    #[test]
    fn a_drawing_looks_like_what_it_is_made_after() {
        let names = ["two-moons", "two-rings", "two-spirals", "checkerboard", "eight-gaussians", "tree-2", "tree-7"];
        for name in names {
            let truth = name.parse::<Distribution>().unwrap().mixture();
            let data = Distribution::Drawing(Drawing::after(&truth).unwrap());
            assert_eq!(data.to_string().parse(), Ok(data.clone()));
            let drawn = data.mixture();
            assert_eq!(drawn.branches(), truth.branches(), "{name}");
            assert!(data.to_string().len() < 5000, "{name}: {}", data.to_string().len());
            // With noise that hides how thick lines are.
            for place in truth.components().iter().step_by(7).map(|c| c.mean) {
                let near = drawn.components().iter().map(|c| (c.mean - place).norm()).fold(f64::INFINITY, f64::min);
                assert!(near < 0.06, "{name} {place}: {near}");
                let [found, expected] = [&drawn, &truth].map(|of| of.log_density(place, 0.1));
                // A tree is denser the nearer to its root.
                assert!(
                    (found - expected).abs() < 0.35 || name.starts_with("tree"),
                    "{name} {place}: {found} {expected}"
                );
            }
        }
    }

    #[test]
    fn what_is_no_drawing_is_refused() {
        let refused = |strokes: &[Stroke]| Drawing::new(strokes.to_vec()).unwrap_err().to_string();
        let b = stroke(1, &[[0, 0, 4]]);
        assert!(refused(std::slice::from_ref(&b)).contains("both classes"));
        assert!(refused(&[stroke(0, &[]), b.clone()]).contains("strokes"));
        assert!(refused(&[stroke(0, &[[513, 0, 4]]), b.clone()]).contains("within 4"));
        assert!(refused(&[stroke(0, &[[0, 0, 1]]), b.clone()]).contains("sizes"));
        let long: Vec<Corner> = (0..40).map(|i| [if i % 2 == 0 { -500 } else { 500 }, i, 4]).collect();
        assert!(refused(&[stroke(0, &long), b.clone()]).contains("broader pen"));
    }
}
