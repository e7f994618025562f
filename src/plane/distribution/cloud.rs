//! From points of one's own to the Gaussians that stand for them.
//!
//! They are moved and scaled until their mean is the origin and the mean square of a coordinate is that of the paper's data, which the
//! networks are scaled by. Around each stands a Gaussian by Scott's rule, which in the plane is Silverman's too: of the covariance of
//! its class times n^(-1/3) (Scott 2015, "Multivariate Density Estimation", eq. 6.44; as SciPy's `gaussian_kde`), times the
//! square of the bandwidth that is asked for. More than an engine takes are reduced by a square grid, the finest whose
//! squares with points in them are few enough: those in a square become one Gaussian with their mean and their covariance, so
//! that mean and covariance of all stay. A branch is what lies in one square of a coarser grid.

use super::MOST_COMPONENTS;
use super::points::{FARTHEST, Gaussian, Points, UNITS};
use crate::error::{Error, Result};
use nalgebra::{Matrix2, Vector2};
use std::collections::BTreeMap;

/// The most that are taken.
pub const MOST_POINTS: usize = 100_000;
/// The farthest coordinate.
const FAR: f64 = 1e9;
/// Root of the mean square of a coordinate in the plane: that of the paper's data (`SIGMA_DATA` of networks).
const SPREAD: f64 = 0.5;
/// The least standard deviation of a Gaussian: about as much as a picture shows.
const LEAST: f64 = 1.0 / 128.0;
/// Bandwidths that can be asked for.
pub const BANDWIDTHS: [f64; 2] = [0.05, 5.0];
/// The finest grid's squares along a side.
const FINEST: u32 = 1 << 31;
/// Most branches of a class.
const BRANCHES: usize = 64;

/// Points of two classes, or of none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cloud {
    points: Vec<Vector2<f64>>,
    /// One for each point: 0 for A, 1 for B; empty where there are no classes.
    classes: Vec<u8>,
}

/// A grid over a square: where it begins, and its squares in one unit.
#[derive(Clone, Copy)]
struct Grid {
    corner: Vector2<f64>,
    per_unit: f64,
}

impl Grid {
    fn square(self, point: Vector2<f64>) -> [u32; 2] {
        <[f64; 2]>::from((point - self.corner) * self.per_unit).map(|along| along as u32)
    }
}

/// Points that become one Gaussian.
#[derive(Default)]
struct Heap {
    count: u32,
    sum: Vector2<f64>,
    squares: Matrix2<f64>,
}

impl Heap {
    fn add(&mut self, point: Vector2<f64>) {
        self.count += 1;
        self.sum += point;
        self.squares += point * point.transpose();
    }

    fn mean(&self) -> Vector2<f64> {
        self.sum / f64::from(self.count)
    }

    /// Sum of products of what is off the mean.
    fn scatter(&self) -> Matrix2<f64> {
        self.squares - self.sum * self.sum.transpose() / f64::from(self.count)
    }
}

impl Cloud {
    /// Points, each with its class (0 or 1), or all without.
    ///
    /// # Errors
    /// If there are none or too many, a coordinate is not finite or beyond 10^9, there are classes for some only, or a class has no
    /// point; a point is named by its number, from 1.
    pub fn new(points: &[[f64; 2]], classes: &[u8]) -> Result<Self> {
        if points.is_empty() || points.len() > MOST_POINTS {
            return Err(Error::invalid("The number of points", "between 1 and 100000", points.len()));
        }
        let good = |point: &[f64; 2]| point.iter().all(|each| each.abs() <= FAR);
        if let Some(bad) = points.iter().position(|point| !good(point)) {
            let [x, y] = points[bad];
            let needed = "two finite numbers within a thousand million";
            return Err(Error::invalid(format!("Point {}", bad + 1), needed, format!("{x:?}, {y:?}")));
        }
        if !classes.is_empty() {
            if classes.len() != points.len() {
                return Err(Error::invalid("The number of classes", points.len().to_string(), classes.len()));
            }
            for (class, name) in [(0, "A"), (1, "B")] {
                if !classes.contains(&class) {
                    let needed = "one that has points, or no point may have a class";
                    return Err(Error::invalid(format!("Class {name}"), needed, "empty"));
                }
            }
        }
        Ok(Self { points: points.iter().copied().map(Vector2::from).collect(), classes: classes.to_vec() })
    }

    /// Of points that have no classes all stand for both, so that guidance by class has nothing to tell.
    fn of_class(&self, class: u8) -> impl Iterator<Item = usize> {
        (0..self.points.len()).filter(move |&i| self.classes.get(i).is_none_or(|&own| own == class))
    }

    /// The Gaussians that stand for them, with so many times the bandwidth of Scott's rule.
    ///
    /// # Errors
    /// If the bandwidth is not between .05 and 5.
    pub fn gaussians(&self, bandwidth: f64) -> Result<Points> {
        if !(BANDWIDTHS[0]..=BANDWIDTHS[1]).contains(&bandwidth) {
            return Err(Error::invalid("The bandwidth", "between 0.05 and 5 times that of Scott's rule", bandwidth));
        }
        let count = self.points.len() as f64;
        let mean = self.points.iter().sum::<Vector2<f64>>() / count;
        let square = self.points.iter().map(|point| (point - mean).norm_squared()).sum::<f64>() / (2.0 * count);
        // Numbers that a person can read, and the same wherever they are read.
        let brief = |number: f64| format!("{number:.6e}").parse::<f64>().expect("it is a number");
        let unit = brief(if square > 0.0 { square.sqrt() / SPREAD } else { 1.0 });
        let origin = mean.map(brief);
        let placed: Vec<Vector2<f64>> = self.points.iter().map(|point| (point - origin) / unit).collect();

        let corner = placed.iter().fold(Vector2::repeat(f64::INFINITY), |least, point| least.inf(point));
        let end = placed.iter().fold(Vector2::repeat(f64::NEG_INFINITY), |most, point| most.sup(point));
        // A little more than all, so that the last point is in the last square.
        let side = (end - corner).max().max(1e-6) * (1.0 + 1e-9);
        let grid = |along: u32| Grid { corner, per_unit: f64::from(along) / side };
        let few = |most: usize, class: u8| {
            let squares = |along: u32| {
                let grid = grid(along);
                let mut squares: Vec<[u32; 2]> = self.of_class(class).map(|i| grid.square(placed[i])).collect();
                squares.sort_unstable();
                squares.dedup();
                squares.len() <= most
            };
            finest(squares)
        };
        let mut gaussians = Vec::new();
        for class in [0, 1] {
            let (fine, coarse) = (grid(few(MOST_COMPONENTS / 2, class)), grid(few(BRANCHES, class)));
            let mut squares: BTreeMap<[u32; 2], Heap> = BTreeMap::new();
            let mut all = Heap::default();
            for i in self.of_class(class) {
                all.add(placed[i]);
                squares.entry(fine.square(placed[i])).or_default().add(placed[i]);
            }
            let mut heaps: Vec<([u32; 2], Heap)> =
                squares.into_values().map(|heap| (coarse.square(heap.mean()), heap)).collect();
            heaps.sort_by_key(|(branch, _)| *branch);
            let own = f64::from(all.count);
            let covariance = all.scatter() / (own - 1.0).max(1.0);
            let kernel = covariance * (bandwidth * bandwidth * own.powf(-1.0 / 3.0));
            let mut branch = None;
            for (own_branch, heap) in heaps {
                let begins = branch.replace(own_branch) != Some(own_branch);
                let whole = heap.scatter() / f64::from(heap.count) + kernel;
                let mean = <[f64; 2]>::from(heap.mean()).map(|along| (along * UNITS).round() as i32);
                gaussians.push(Gaussian { class, begins, count: heap.count, mean, factor: factor(&whole) });
            }
        }
        Points::new([unit, origin.x, origin.y], &gaussians)
    }
}

/// The greatest number of squares along a side that passes, by bisection: passing is nearly, and need not be quite, a matter of
/// how many.
fn finest(passes: impl Fn(u32) -> bool) -> u32 {
    if passes(FINEST) {
        return FINEST;
    }
    let [mut good, mut bad] = [1, FINEST];
    while bad - good > 1 {
        let middle = good + (bad - good) / 2;
        *(if passes(middle) { &mut good } else { &mut bad }) = middle;
    }
    good
}

/// The Cholesky factor of a covariance, no thinner than [`LEAST`], in whole units.
fn factor(covariance: &Matrix2<f64>) -> [i32; 3] {
    let a = covariance.m11.max(0.0).sqrt().max(LEAST);
    let b = covariance.m12 / a;
    let c = (covariance.m22 - b * b).max(0.0).sqrt().max(LEAST);
    [a, b, c].map(|entry| (entry * UNITS).round().clamp(-f64::from(FARTHEST), f64::from(FARTHEST)) as i32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plane::distribution::{Classes, Distribution, Mixture};

    fn noise(count: u32, seed: u64) -> Vec<[f64; 2]> {
        (0..count)
            .map(|i| {
                let [a, b, ..] = crate::random::words(seed, crate::random::Stream::Start, i.into(), 0);
                crate::random::normal_pair(a, b)
            })
            .collect()
    }

    fn moments(mixture: &Mixture) -> (Vector2<f64>, Matrix2<f64>) {
        let of = |c: &super::super::Component| (c.weight, c.mean, c.covariance);
        let mean: Vector2<f64> = mixture.components().iter().map(of).map(|(w, m, _)| w * m).sum();
        let second: Matrix2<f64> =
            mixture.components().iter().map(of).map(|(w, m, v)| w * (v + m * m.transpose())).sum();
        (mean, second - mean * mean.transpose())
    }

    #[test]
    fn many_points_keep_their_mean_and_covariance() {
        let points: Vec<[f64; 2]> =
            noise(60_000, 3).iter().map(|[x, y]| [100.0 + 7.0 * x, -40.0 + 2.0 * y + 3.0 * x]).collect();
        let classes: Vec<u8> = (0..points.len()).map(|i| u8::from(i % 3 == 0)).collect();
        let found = Cloud::new(&points, &classes).unwrap().gaussians(1.0).unwrap();
        assert!((1500..=MOST_COMPONENTS).contains(&found.gaussians().len()), "{}", found.gaussians().len());
        assert_eq!(found.gaussians().iter().map(|each| each.count).sum::<u32>(), 60_000);
        let [unit, x, y] = found.map_back();
        let data = Distribution::Points(found);
        assert_eq!(data.to_string().parse(), Ok(data.clone()));
        for (classes_, own) in [(Classes::A, 0), (Classes::B, 1)] {
            let mut all = Heap::default();
            for (point, _) in points.iter().zip(&classes).filter(|(_, class)| **class == own) {
                all.add((Vector2::from(*point) - Vector2::new(x, y)) / unit);
            }
            let n = f64::from(all.count);
            let (mean, covariance) = moments(&data.mixture().classes(classes_).unwrap());
            // Half a unit of the text in each number, over a thousand Gaussians.
            assert!((mean - all.mean()).amax() < 2e-4, "{mean}");
            let truth = all.scatter() / n + all.scatter() / (n - 1.0) * n.powf(-1.0 / 3.0);
            assert!((covariance - truth).amax() < 1e-3, "{covariance} {truth}");
        }
        assert!(data.mixture().branches() > 60);
    }

    #[test]
    fn points_without_classes_stand_for_both() {
        let data = Distribution::Points(Cloud::new(&noise(50, 1), &[]).unwrap().gaussians(0.5).unwrap());
        let [a, b] = [Classes::A, Classes::B].map(|classes| moments(&data.mixture().classes(classes).unwrap()));
        assert_eq!(a, b);
        // One point, and points in a line, have a size as well.
        for points in [vec![[3.0, 4.0]], (0..9).map(|i| [f64::from(i), 0.0]).collect()] {
            let data = Distribution::Points(Cloud::new(&points, &[]).unwrap().gaussians(1.0).unwrap());
            assert!(data.mixture().log_density(Vector2::zeros(), 0.0).is_finite());
            assert_eq!(data.to_string().parse(), Ok(data));
        }
        // One far away costs the others no detail.
        let mut points = noise(900, 5);
        points.push([1e6, 1e6]);
        assert_eq!(Cloud::new(&points, &[]).unwrap().gaussians(1.0).unwrap().gaussians().len(), 2 * 901);
    }

    #[test]
    fn what_are_no_points_is_refused() {
        let refused = |points: &[[f64; 2]], classes: &[u8]| Cloud::new(points, classes).unwrap_err().to_string();
        assert!(refused(&[], &[]).contains("number of points"));
        assert!(refused(&[[0.0, 0.0], [f64::NAN, 0.0]], &[]).starts_with("Point 2"));
        assert!(refused(&[[0.0, 1e10]], &[]).starts_with("Point 1"));
        assert!(refused(&[[0.0, 1.0]], &[0]).starts_with("Class B"));
        assert!(Cloud::new(&[[0.0, 1.0]], &[]).unwrap().gaussians(0.0).is_err());
        for bad in
            ["points-", "points-1~0~0~", "points-1~0~0~IAACAC", "points-1~0~0~GAACACHAACAC!", "points-1~0~GAACACHAACAC"]
        {
            assert!(bad.parse::<Distribution>().is_err(), "{bad}");
        }
        // One point of each class: 4 + 2, 0, 0, 2, 0, 2; and class B.
        assert!("points-1~0~0~GAACACHAACAC".parse::<Distribution>().is_ok());
    }
}
