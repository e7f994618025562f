//! A mixture of Gaussians with full covariances, in f64.

use super::{Classes, MixtureLanes};
use crate::error::{Error, Result};
use crate::json::decimal;
use crate::random::{Stream, normal_pair, unit, words};
use nalgebra::{Matrix2, Vector2};

/// Standard deviations below the peak at which the paper's figure outlines the data.
const OUTLINE: f64 = 2.12;
/// Around the outermost means: as much as Gaussians of the sizes of named data need, and more.
const ROOM: f64 = 0.3;
/// What others need, in standard deviations: outlines, which are within root 2 times [`OUTLINE`] of what lies between means, and more.
const BROAD: f64 = 3.5;

/// One Gaussian of a mixture.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// Share of the mass; positive. [`Mixture::new`] scales all shares to sum to one.
    pub weight: f64,
    /// Centre.
    pub mean: Vector2<f64>,
    /// Covariance: symmetric, positive definite.
    pub covariance: Matrix2<f64>,
    /// Class label.
    pub class: u8,
    /// Branch label. The components of a branch stand next to each other.
    pub branch: u16,
}

/// What a mixture is at a point: all of `log p`, its gradient and its Laplacian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    /// log p(x; sigma), in nats per unit area.
    pub log_density: f64,
    /// The gradient of `log_density`.
    pub score: Vector2<f64>,
    /// The Laplacian of `log_density`.
    pub laplacian: f64,
}

/// A mixture of Gaussians with class and branch labels.
#[derive(Clone, Debug)]
pub struct Mixture {
    components: Vec<Component>,
    /// Sums of weights up to and including each component, scaled to 2^32.
    cumulative: Vec<f64>,
}

impl Mixture {
    /// A mixture of at least one component.
    ///
    /// # Errors
    /// If there is none, a weight is not positive, a number is not finite, or a covariance is not symmetric
    /// positive definite; the message names the component.
    pub fn new(components: Vec<Component>) -> Result<Self> {
        if components.is_empty() {
            return Err(empty());
        }
        for (i, c) in components.iter().enumerate() {
            let named = |what: &str| format!("The {what} of component {i}");
            if !(c.weight.is_finite() && c.weight > 0.0) {
                return Err(Error::invalid(named("weight"), "a positive number", decimal(c.weight)));
            }
            if !c.mean.iter().all(|m| m.is_finite()) {
                let [x, y] = [c.mean.x, c.mean.y].map(decimal);
                return Err(Error::invalid(named("mean"), "finite", format!("[{x}, {y}]")));
            }
            let v = &c.covariance;
            if !(v.iter().all(|m| m.is_finite()) && v.m12 == v.m21 && v.m11 > 0.0 && v.determinant() > 0.0) {
                let [a, b, c, d] = [v.m11, v.m12, v.m21, v.m22].map(decimal);
                let found = format!("[[{a}, {b}], [{c}, {d}]]");
                return Err(Error::invalid(named("covariance"), "symmetric and positive definite", found));
            }
        }
        Ok(Self::of(components))
    }

    /// A mixture of components that are known to be good, as those that this crate makes are; their weights become shares. (That
    /// the build for the browser need not check any is two kilobytes of it.)
    pub(crate) fn of(mut components: Vec<Component>) -> Self {
        let total: f64 = components.iter().map(|c| c.weight).sum();
        let mut sum = 0.0;
        let mut cumulative = Vec::with_capacity(components.len());
        for c in &mut components {
            c.weight /= total;
            sum += c.weight;
            cumulative.push(sum * 32f64.exp2());
        }
        Self { components, cumulative }
    }

    /// Half the side of a square, around the origin, that has all of it and some room.
    pub fn reach(&self) -> f64 {
        let reach = |c: &Component| c.mean.amax() + ROOM.max(BROAD * c.covariance.diagonal().max().sqrt());
        self.components.iter().map(reach).fold(0.0, f64::max)
    }

    /// The components, their weights summing to one.
    pub fn components(&self) -> &[Component] {
        &self.components
    }

    /// Sums of weights up to and including each component, scaled to 2^32.
    pub(crate) fn cumulative(&self) -> &[f64] {
        &self.cumulative
    }

    /// How many branches the labels name: the greatest label plus one.
    pub fn branches(&self) -> usize {
        self.components.iter().map(|c| usize::from(c.branch) + 1).max().unwrap_or(0)
    }

    /// Mass of each branch.
    pub fn branch_masses(&self) -> Vec<f64> {
        let mut masses = vec![0.0; self.branches()];
        for c in &self.components {
            masses[usize::from(c.branch)] += c.weight;
        }
        masses
    }

    /// The part of the mixture that satisfies `keep`, as a mixture of its own.
    ///
    /// # Errors
    /// If nothing is left.
    pub fn part(&self, keep: impl Fn(&Component) -> bool) -> Result<Self> {
        let kept: Vec<Component> = self.components.iter().filter(|c| keep(c)).cloned().collect();
        if kept.is_empty() { Err(empty()) } else { Ok(Self::of(kept)) }
    }

    /// All of it, or one class.
    ///
    /// # Errors
    /// If it has no component of the class.
    pub fn classes(&self, classes: Classes) -> Result<Self> {
        match classes {
            Classes::AB => Ok(self.clone()),
            Classes::A | Classes::B => self
                .part(|c| c.class == u8::from(classes == Classes::B))
                .map_err(|_| Error::invalid("The class", "one that the data has", classes)),
        }
    }

    /// log p, score and Laplacian at `x` under smoothing `sigma >= 0`, in one pass.
    pub fn evaluate(&self, x: Vector2<f64>, sigma: f64) -> Value {
        // log-sum-exp with a running maximum: every term below is relative to exp(greatest).
        let mut greatest = f64::NEG_INFINITY;
        let (mut mass, mut slope, mut curvature) = (0.0, Vector2::zeros(), 0.0);
        for c in &self.components {
            let (precision, determinant) = smoothed(&c.covariance, sigma);
            let pull = precision * (c.mean - x);
            let exponent =
                c.weight.ln() - 0.5 * (determinant.ln() + (c.mean - x).dot(&pull)) - std::f64::consts::TAU.ln();
            if exponent > greatest {
                let shrink = (greatest - exponent).exp();
                mass *= shrink;
                slope *= shrink;
                curvature *= shrink;
                greatest = exponent;
            }
            let share = (exponent - greatest).exp();
            mass += share;
            slope += share * pull;
            curvature += share * (pull.norm_squared() - precision.trace());
        }
        let score = slope / mass;
        Value { log_density: greatest + mass.ln(), score, laplacian: curvature / mass - score.norm_squared() }
    }

    /// log p(x; sigma).
    pub fn log_density(&self, x: Vector2<f64>, sigma: f64) -> f64 {
        self.evaluate(x, sigma).log_density
    }

    /// Log-density at which the paper's figure outlines the data: its maximum less 2.12^2 (AG).
    pub fn outline_level(&self) -> f64 {
        self.peak_log_density(0.0) - OUTLINE * OUTLINE
    }

    /// The greatest log p(x; sigma) at the mean of a component: the height of the density to within what overlapping
    /// neighbours add between their means.
    pub fn peak_log_density(&self, sigma: f64) -> f64 {
        let means: Vec<[f32; 2]> = self.components.iter().map(|c| [c.mean.x as f32, c.mean.y as f32]).collect();
        let heights = MixtureLanes::new(self).log_densities(sigma, &means);
        f64::from(heights.into_iter().fold(f32::NEG_INFINITY, f32::max))
    }

    /// p(x; sigma).
    pub fn density(&self, x: Vector2<f64>, sigma: f64) -> f64 {
        self.log_density(x, sigma).exp()
    }

    /// The gradient of log p(x; sigma).
    pub fn score(&self, x: Vector2<f64>, sigma: f64) -> Vector2<f64> {
        self.evaluate(x, sigma).score
    }

    /// The Laplacian of log p(x; sigma).
    pub fn laplacian(&self, x: Vector2<f64>, sigma: f64) -> f64 {
        self.evaluate(x, sigma).laplacian
    }

    /// Sample `index` of `seed` from p(.; sigma): the same point on every machine, whatever else is drawn.
    pub fn sample(&self, sigma: f64, seed: u64, stream: Stream, index: u64) -> Vector2<f64> {
        let [which, a, b, _] = words(seed, stream, index, 0);
        self.sample_with(sigma, which, [a, b])
    }

    /// The sample that three random words give.
    pub fn sample_with(&self, sigma: f64, which: u32, normals: [u32; 2]) -> Vector2<f64> {
        let target = unit(which) * 32f64.exp2();
        let i = self.cumulative.partition_point(|&sum| sum <= target).min(self.components.len() - 1);
        let [z0, z1] = normal_pair(normals[0], normals[1]);
        self.components[i].transform(sigma, z0, z1)
    }
}

impl Component {
    /// The point that standard normals `z0`, `z1` become under this component smoothed by `sigma`, through the
    /// Cholesky factor of its covariance.
    pub fn transform(&self, sigma: f64, z0: f64, z1: f64) -> Vector2<f64> {
        let v = &self.covariance;
        let s2 = sigma * sigma;
        let l11 = (v.m11 + s2).sqrt();
        let l21 = v.m12 / l11;
        let l22 = (v.m22 + s2 - l21 * l21).sqrt();
        Vector2::new(self.mean.x + l11 * z0, self.mean.y + (l21 * z0 + l22 * z1))
    }
}

fn empty() -> Error {
    Error::invalid("A mixture", "of one component or more", "empty")
}

/// Inverse and determinant of `covariance + sigma^2 I`.
fn smoothed(covariance: &Matrix2<f64>, sigma: f64) -> (Matrix2<f64>, f64) {
    let v = covariance + Matrix2::from_diagonal_element(sigma * sigma);
    let determinant = v.m11 * v.m22 - v.m12 * v.m12;
    (Matrix2::new(v.m22, -v.m12, -v.m12, v.m11) / determinant, determinant)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(weight: f64, mean: [f64; 2], covariance: [f64; 3]) -> Component {
        let [a, b, c] = covariance;
        Component { weight, mean: Vector2::from(mean), covariance: Matrix2::new(a, b, b, c), class: 0, branch: 0 }
    }

    fn three() -> Mixture {
        Mixture::new(vec![
            component(1.0, [0.1, -0.2], [0.05, 0.02, 0.03]),
            component(2.0, [-0.5, 0.4], [0.01, -0.005, 0.04]),
            component(0.5, [0.3, 0.3], [0.2, 0.0, 0.01]),
        ])
        .unwrap()
    }

    #[test]
    fn one_gaussian_is_the_closed_form() {
        let g = Mixture::new(vec![component(3.0, [1.0, 2.0], [0.5, 0.0, 0.25])]).unwrap();
        let v = g.evaluate(Vector2::new(2.0, 1.0), 0.5);
        // Variances .75 and .5: log p = -ln(2 pi) - ln(.375)/2 - (1/.75 + 1/.5)/2.
        let expected = -std::f64::consts::TAU.ln() - 0.5 * 0.375f64.ln() - 0.5 * (1.0 / 0.75 + 2.0);
        assert!((v.log_density - expected).abs() < 1e-14);
        assert!((v.score - Vector2::new(-1.0 / 0.75, 2.0)).norm() < 1e-14);
        assert!((v.laplacian + 1.0 / 0.75 + 2.0).abs() < 1e-13);
    }

    #[test]
    fn score_and_laplacian_are_differences_of_log_density() {
        let m = three();
        let h = 1e-4;
        for (x, y) in [(0.0, 0.0), (-0.4, 0.5), (0.9, -0.3), (3.0, 2.0)] {
            for sigma in [0.0, 0.1, 1.0] {
                let at = |dx: f64, dy: f64| m.log_density(Vector2::new(x + dx, y + dy), sigma);
                let v = m.evaluate(Vector2::new(x, y), sigma);
                let score = Vector2::new(at(h, 0.0) - at(-h, 0.0), at(0.0, h) - at(0.0, -h)) / (2.0 * h);
                let laplacian = (at(h, 0.0) + at(-h, 0.0) + at(0.0, h) + at(0.0, -h) - 4.0 * at(0.0, 0.0)) / (h * h);
                // Central differences err by h^2 times higher derivatives, up to 1e4 of the score here.
                assert!((v.score - score).norm() < 1e-4 * (1.0 + v.score.norm()), "{v:?} {score:?}");
                assert!((v.laplacian - laplacian).abs() < 1e-3 * (1.0 + v.laplacian.abs()), "{v:?} {laplacian}");
            }
        }
    }

    #[test]
    fn density_integrates_to_one() {
        let m = three();
        let h = 0.01;
        let total: f64 = (-400..400)
            .flat_map(|i| (-400..400).map(move |j| Vector2::new(h * f64::from(i), h * f64::from(j))))
            .map(|x| m.density(x, 0.05) * h * h)
            .sum();
        assert!((total - 1.0).abs() < 1e-6, "{total}");
    }

    #[test]
    fn far_away_everything_is_finite() {
        for distance in [1e3, 1e6] {
            let v = three().evaluate(Vector2::new(distance, -distance), 0.0);
            assert!(v.log_density.is_finite() && v.score.iter().all(|s| s.is_finite()) && v.laplacian.is_finite());
        }
    }

    #[test]
    fn samples_have_the_mixtures_moments() {
        let m = three();
        let (n, sigma) = (100_000, 0.3);
        let points: Vec<_> = (0..n).map(|i| m.sample(sigma, 11, Stream::Start, i)).collect();
        let mean = points.iter().sum::<Vector2<f64>>() / n as f64;
        let truth: Vector2<f64> = m.components().iter().map(|c| c.weight * c.mean).sum();
        // Standard deviation of a coordinate is below .6: five standard errors.
        assert!((mean - truth).amax() < 5.0 * 0.6 / (n as f64).sqrt(), "{mean} {truth}");
        let second = points.iter().map(|x| x * x.transpose()).sum::<Matrix2<f64>>() / n as f64;
        let truth: Matrix2<f64> = m
            .components()
            .iter()
            .map(|c| c.weight * (c.covariance + c.mean * c.mean.transpose() + Matrix2::identity() * sigma * sigma))
            .sum();
        assert!((second - truth).amax() < 0.01, "{second} {truth}");
    }

    #[test]
    fn bad_components_are_named() {
        let bad =
            |c: Component| Mixture::new(vec![component(1.0, [0.0; 2], [1.0, 0.0, 1.0]), c]).unwrap_err().to_string();
        assert!(bad(component(0.0, [0.0; 2], [1.0, 0.0, 1.0])).contains("weight of component 1"));
        assert!(bad(component(1.0, [f64::NAN, 0.0], [1.0, 0.0, 1.0])).contains("mean of component 1"));
        assert!(bad(component(1.0, [0.0; 2], [1.0, 2.0, 1.0])).contains("covariance of component 1"));
        assert!(Mixture::new(vec![]).is_err());
    }
}
