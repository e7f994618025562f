//! The sampler once more, in f64 and as plainly as the papers write it: what the engine's endpoints are held against.

use guidance_playground::plane::Model;
use guidance_playground::plane::distribution::Mixture;
use guidance_playground::plane::network::Network;
use guidance_playground::sampling::Solver;
use nalgebra::Vector2;
use std::f64::consts::TAU;
use std::sync::Arc;

type Point = Vector2<f64>;

/// A guided ODE.
pub struct Ode {
    pub main: Model,
    pub guide: Option<(Model, f64)>,
    pub weight: f64,
}

impl Ode {
    /// The guided score of every point: s0 + w (s1 - s0).
    fn scores(&self, x: &[Point], sigma: f64) -> Vec<Point> {
        let s1 = model_scores(&self.main, x, sigma);
        match &self.guide {
            None => s1,
            Some((guide, scale)) => model_scores(guide, x, scale * sigma)
                .into_iter()
                .zip(s1)
                .map(|(s0, s1)| s0 + self.weight * (s1 - s0))
                .collect(),
        }
    }

    /// dx/dsigma = -sigma s.
    fn slopes(&self, x: &[Point], sigma: f64) -> Vec<Point> {
        self.scores(x, sigma).into_iter().map(|s| -sigma * s).collect()
    }

    /// Where `starts` end, by EDM's algorithm 1 without churn.
    pub fn endpoints(&self, solver: Solver, starts: &[[f32; 2]]) -> Vec<Point> {
        let mut x: Vec<Point> = starts.iter().map(|p| Point::from(p.map(f64::from))).collect();
        for levels in edm_levels(32).windows(2) {
            let (sigma, next) = (levels[0], levels[1]);
            let d = self.slopes(&x, sigma);
            let ahead: Vec<Point> = x.iter().zip(&d).map(|(x, d)| x + (next - sigma) * d).collect();
            x = if solver == Solver::Heun && next > 0.0 {
                let d2 = self.slopes(&ahead, next);
                x.iter().zip(d.iter().zip(&d2)).map(|(x, (d, d2))| x + (next - sigma) * 0.5 * (d + d2)).collect()
            } else {
                ahead
            };
        }
        x
    }
}

/// EDM's equation 5 between 5 and 0.002 with rho = 7, then zero.
fn edm_levels(n: usize) -> Vec<f64> {
    let root = |sigma: f64| sigma.powf(1.0 / 7.0);
    let level = |i: usize| (root(5.0) + i as f64 / (n - 1) as f64 * (root(0.002) - root(5.0))).powi(7);
    (0..n).map(level).chain([0.0]).collect()
}

/// Scores of a model.
pub fn model_scores(model: &Model, x: &[Point], sigma: f64) -> Vec<Point> {
    match model {
        Model::Exact(mixture) => mixture_scores(mixture, x, sigma),
        Model::StudentT(..) | Model::Fresh(..) => x.iter().map(|&x| model.evaluate(x, sigma).1).collect(),
        Model::Network(network) => network_scores(network, x, sigma),
    }
}

fn network_scores(network: &Arc<Network>, x: &[Point], sigma: f64) -> Vec<Point> {
    network.evaluate_all(x, sigma).into_iter().map(|v| v.score).collect()
}

/// As `Mixture::evaluate`, but with everything that depends on sigma worked out once: this is most of the time.
fn mixture_scores(mixture: &Mixture, x: &[Point], sigma: f64) -> Vec<Point> {
    let smoothed: Vec<_> = mixture
        .components()
        .iter()
        .map(|c| {
            let (xx, xy, yy) = (c.covariance.m11 + sigma * sigma, c.covariance.m12, c.covariance.m22 + sigma * sigma);
            let determinant = xx * yy - xy * xy;
            let log_peak = (c.weight / (TAU * determinant.sqrt())).ln();
            (log_peak, c.mean, [yy / determinant, -xy / determinant, xx / determinant])
        })
        .collect();
    let mut terms = Vec::with_capacity(smoothed.len());
    x.iter()
        .map(|x| {
            terms.clear();
            terms.extend(smoothed.iter().map(|&(log_peak, mean, [xx, xy, yy])| {
                let d = mean - x;
                let pull = Point::new(xx * d.x + xy * d.y, xy * d.x + yy * d.y);
                (log_peak - 0.5 * d.dot(&pull), pull)
            }));
            let greatest = terms.iter().map(|t| t.0).fold(f64::NEG_INFINITY, f64::max);
            let (mass, sum) = terms.iter().fold((0.0, Point::zeros()), |(mass, sum), (exponent, pull)| {
                let share = (exponent - greatest).exp();
                (mass + share, sum + share * pull)
            });
            sum / mass
        })
        .collect()
}
