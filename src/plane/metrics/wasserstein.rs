//! Sliced Wasserstein distance (Bonneel et al. 2015): the mean over directions of W1 between projected samples and the
//! projected mixture, which is the area between their distribution functions.

use crate::angles::sine_and_cosine;
use crate::plane::distribution::Mixture;
use crate::sort;
use std::f64::consts::{PI, SQRT_2};

/// Directions, at angles pi (j + 1/2) / 32: over half a turn, since the other half repeats it.
pub const DIRECTIONS: usize = 32;
/// Distance of the nodes that the mixture's distribution function is tabulated at. Between them it is taken for straight,
/// which changes a distance by at most h^2/12 times the total variation of the density, 4e-6 if every component of the
/// tree were as narrow as its narrowest.
const SPACING: f64 = 1.0 / 2048.0;
/// Standard deviations beyond which a component has no mass: 2e-9.
const REACH: f64 = 6.0;

/// A mixture projected on all directions.
pub(super) struct Projections {
    all: Vec<Projection>,
    pub erf: ErrorFunction,
}

/// A mixture projected on one direction.
struct Projection {
    direction: [f64; 2],
    /// Place of the first node.
    first: f64,
    /// The distribution function at the nodes.
    cumulative: Vec<f64>,
}

impl Projections {
    pub fn new(mixture: &Mixture) -> Self {
        let angles = (0..DIRECTIONS).map(|j| PI * (j as f64 + 0.5) / DIRECTIONS as f64);
        let erf = ErrorFunction::new();
        Self { all: angles.map(|angle| Projection::new(mixture, angle, &erf)).collect(), erf }
    }

    /// The distance of `points`, which are finite, and what each adds to it (see [`Scores`](super::Scores)).
    pub fn distance(&self, points: &[[f32; 2]]) -> (f64, Vec<f64>) {
        let mut sorted = Vec::with_capacity(points.len());
        let mut influences = vec![0.0; points.len()];
        let total: f64 = self.all.iter().map(|p| p.distance(&self.erf, points, &mut sorted, &mut influences)).sum();
        (total / DIRECTIONS as f64, influences)
    }
}

impl Projection {
    fn new(mixture: &Mixture, angle: f64, erf: &ErrorFunction) -> Self {
        let [sine, cosine] = sine_and_cosine(angle);
        let direction = [cosine, sine];
        let [c, s] = direction;
        let gaussians: Vec<[f64; 3]> = mixture
            .components()
            .iter()
            .map(|g| {
                let v = &g.covariance;
                let variance = c * c * v.m11 + 2.0 * c * s * v.m12 + s * s * v.m22;
                [g.weight, c * g.mean.x + s * g.mean.y, variance.sqrt()]
            })
            .collect();
        let first = gaussians.iter().map(|[_, mean, sd]| mean - REACH * sd).fold(f64::INFINITY, f64::min);
        let last = gaussians.iter().map(|[_, mean, sd]| mean + REACH * sd).fold(f64::NEG_INFINITY, f64::max);
        let nodes = ((last - first) / SPACING) as usize + 2;
        let mut cumulative = vec![0.0; nodes];
        // Whole masses stand at the node where they are complete, until all are summed.
        let mut whole = vec![0.0; nodes];
        for [weight, mean, sd] in gaussians {
            let node = |place: f64| ((place - first) / SPACING).max(0.0) as usize;
            let [from, to] = [node(mean - REACH * sd), node(mean + REACH * sd) + 1];
            for (k, cumulative) in cumulative[from..to].iter_mut().enumerate() {
                let z = (first + (from + k) as f64 * SPACING - mean) / sd;
                *cumulative += weight * 0.5 * (1.0 + erf.at(z / SQRT_2));
            }
            whole[to] += weight;
        }
        let mut sum = 0.0;
        for (cumulative, whole) in cumulative.iter_mut().zip(whole) {
            sum += whole;
            *cumulative += sum;
        }
        Self { direction, first, cumulative }
    }

    fn project(&self, [x, y]: [f32; 2]) -> f64 {
        self.direction[0] * f64::from(x) + self.direction[1] * f64::from(y)
    }

    /// The distance; to `influences` is added what each point adds to the mean over directions.
    fn distance(&self, erf: &ErrorFunction, points: &[[f32; 2]], sorted: &mut Vec<f32>, influences: &mut [f64]) -> f64 {
        let n = points.len() as f64;
        sorted.clear();
        sorted.extend(points.iter().map(|&p| self.project(p) as f32));
        sort::ascending(sorted);
        let mut rest = sorted.iter().map(|&x| f64::from(x)).peekable();
        let (mut below, mut distance) = (0.0, 0.0);
        while rest.next_if(|&x| x < self.first).is_some() {
            below += 1.0;
        }
        // The derivative of the distance by the weight of a point, at the nodes as places of the point: its slope is minus
        // the sign of the difference between distribution functions.
        let mut potentials = Vec::with_capacity(self.cumulative.len());
        let mut potential = 0.0;
        for (k, pair) in self.cumulative.windows(2).enumerate() {
            let (left, slope) = (self.first + k as f64 * SPACING, (pair[1] - pair[0]) / SPACING);
            let before = below / n;
            let (mut at, mut height) = (left, before - pair[0]);
            while let Some(x) = rest.next_if(|&x| x < left + SPACING) {
                let next = below / n - (pair[0] + slope * (x - left));
                distance += area(height, next, x - at);
                below += 1.0;
                (at, height) = (x, next + 1.0 / n);
            }
            distance += area(height, below / n - pair[1], left + SPACING - at);
            let share = 0.5 * (before + below / n);
            potentials.push(potential);
            potential -= SPACING * erf.smooth_sign(share - 0.5 * (pair[0] + pair[1]), share * (1.0 - share) / n);
        }
        potentials.push(potential);
        let cells = self.cumulative.len() - 1;
        for (influence, &point) in influences.iter_mut().zip(points) {
            let place = (self.project(point) - self.first) / SPACING;
            let k = (place.max(0.0) as usize).min(cells - 1);
            // Left of the first node and right of the last one the mixture has no mass: each point counts with its way there.
            let beyond = (-place).max(place - cells as f64).max(0.0);
            distance += beyond * SPACING / n;
            let within = place.clamp(0.0, cells as f64) - k as f64;
            let potential = potentials[k] + within * (potentials[k + 1] - potentials[k]);
            *influence += (potential + beyond * SPACING) / DIRECTIONS as f64;
        }
        distance
    }
}

/// The area between a straight line from `a` to `b` and zero.
fn area(a: f64, b: f64, width: f64) -> f64 {
    if a * b >= 0.0 { 0.5 * (a + b).abs() * width } else { 0.5 * (a * a + b * b) / (a - b).abs() * width }
}

/// The error function from a table: it is needed a hundred thousand times for one distance.
pub(super) struct ErrorFunction(Vec<f64>);

/// Entries to one unit. Taking it for straight between them changes a distance by at most 2e-6 of the deviation of a
/// component: again h^2/12 times the total variation of the density.
const STEPS: usize = 256;
/// Where the error function is 1 to 2e-9.
const END: f64 = REACH / SQRT_2;

impl ErrorFunction {
    fn new() -> Self {
        Self((0..=(END * STEPS as f64) as usize + 1).map(|i| libm::erf(i as f64 / STEPS as f64)).collect())
    }

    fn at(&self, x: f64) -> f64 {
        let place = x.abs().min(END) * STEPS as f64;
        let k = place as usize;
        let (below, above) = (self.0[k], self.0[k + 1]);
        (below + (place - k as f64) * (above - below)).copysign(x)
    }

    /// The derivative of E|x + e| for a normal e of this variance: the sign of x where it is certain. With it the standard
    /// error of a sum of |x| is right both far from zero and at zero, where with the sign itself it would be 1.7 times too
    /// large.
    pub fn smooth_sign(&self, x: f64, variance: f64) -> f64 {
        if variance > 0.0 { self.at(x / (2.0 * variance).sqrt()) } else { x.signum() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plane::distribution::Component;
    use nalgebra::{Matrix2, Vector2};

    #[test]
    fn one_gaussian_is_the_closed_form() {
        let sd = 0.1;
        let covariance = Matrix2::from_diagonal_element(sd * sd);
        let mean = Vector2::new(0.25, -0.5);
        let gaussian = Mixture::new(vec![Component { weight: 1.0, mean, covariance, class: 0, branch: 0 }]).unwrap();
        let projections = Projections::new(&gaussian);
        let at = |points: &[[f32; 2]]| projections.distance(points).0;
        // A point in the middle: E|x|. h^2/12 times the total variation of the density, which is twice its peak, for nodes
        // and for the table of the error function; and the rounding of a projection.
        let steps = SPACING * SPACING + (sd * SQRT_2 / STEPS as f64).powi(2);
        let tolerance = steps / 12.0 * 2.0 / (sd * (2.0 * PI).sqrt()) + 1e-8;
        assert!((at(&[[0.25, -0.5]]) - sd * (2.0 / PI).sqrt()).abs() < tolerance);
        // A point beyond all mass: the mean over directions of how far the mean is, with the rounding of f32.
        let far = [1e6f32, 2e6];
        let ways = projections
            .all
            .iter()
            .map(|p| (p.project(far) - (p.direction[0] * mean.x + p.direction[1] * mean.y)).abs());
        let expected = ways.sum::<f64>() / DIRECTIONS as f64;
        assert!((at(&[far]) / expected - 1.0).abs() < 1e-7, "{} {expected}", at(&[far]));
    }

    /// Against the derivative of E|x + e| by differences of its closed form.
    #[test]
    fn the_smooth_sign_is_a_derivative() {
        let erf = ErrorFunction::new();
        let variance: f64 = 0.3;
        let sd = variance.sqrt();
        let folded =
            |x: f64| sd * (2.0 / PI).sqrt() * (-x * x / (2.0 * variance)).exp() + x * libm::erf(x / (sd * SQRT_2));
        for x in [-3.0, -0.4, 0.0, 0.2, 1.0] {
            let h = 1e-5;
            let slope = (folded(x + h) - folded(x - h)) / (2.0 * h);
            // The table's error: 1/(8 STEPS^2) times the greatest second derivative, .97.
            assert!((erf.smooth_sign(x, variance) - slope).abs() < 2e-6, "{x}");
        }
        assert_eq!([-2.0, 2.0].map(|x| erf.smooth_sign(x, 0.0)), [-1.0, 1.0]);
    }
}
