//! A run in f64, as papers write its parts.

use crate::gpu::moves::{Move, moves};
use crate::plain::model_scores;
use crate::rules::{Asked, papers_form};
use guidance_playground::guidance::{Combination, Scheme, Space};
use guidance_playground::plane::Model;
use guidance_playground::random::{Stream, words};
use guidance_playground::sampling::Solver;
use nalgebra::{DVector, Vector2};

pub type Point = Vector2<f64>;

/// Noise of the run's seed: two standard normals for the kick, two for the spread. The engine's come from a table of
/// quantiles that errs by less than 1e-5 (tested there); these are exact to f64.
fn noise(seed: u64, particle: usize, step: usize) -> [Point; 2] {
    let normal = |word: u32| {
        // P(Z > |z|) = (m + 1/2) / 2^32, by bisection on erfc.
        let tail = (f64::from(word & 0x7fff_ffff) + 0.5) * (-32f64).exp2();
        let (mut low, mut high) = (0.0, 7.0);
        for _ in 0..60 {
            let z = 0.5 * (low + high);
            if 0.5 * libm::erfc(z / 2f64.sqrt()) > tail { low = z } else { high = z }
        }
        if word >> 31 == 1 { -low } else { low }
    };
    let [a, b, c, d] = words(seed, Stream::Noise, particle as u64, step as u32).map(normal);
    [Point::new(a, b), Point::new(c, d)]
}

/// A run in f64.
pub struct Plain<'a> {
    pub scheme: &'a Scheme,
    pub main: Model,
    pub guide: Option<Model>,
    pub sigmas: Vec<f64>,
    pub seed: u64,
    /// APG's running guidance, or momentum guidance's running mean.
    pub memory: Vec<Point>,
    /// What is known of log p1 - log p0.
    pub evidence: Vec<f64>,
    /// Both estimates of a step's first stage.
    pub told: Vec<[Point; 2]>,
}

impl Plain<'_> {
    /// Guided estimates and the guide's (where there is one) at `sigma`; `remember` in first stages.
    pub fn estimates(&mut self, x: &[Point], sigma: f64, weight: f64, step: usize, remember: bool) -> Vec<[Point; 2]> {
        let v = sigma * sigma;
        let s1 = model_scores(&self.main, x, sigma);
        let k = self.scheme.guide.as_ref().map_or(1.0, |g| g.sigma_scale);
        let s0 = match &self.guide {
            Some(guide) if weight != 1.0 || self.scheme.combination.traits().always => {
                Some(model_scores(guide, x, k * sigma))
            }
            _ => None,
        };
        if remember {
            self.told = vec![[Point::zeros(); 2]; x.len()];
        }
        (0..x.len())
            .map(|i| {
                let d1 = x[i] + v * s1[i];
                let d0 = match (&s0, self.scheme.space) {
                    (None, _) => d1,
                    (Some(s0), Space::Score) => x[i] + v * s0[i],
                    // eps0 = -k sigma s0, and D = x - sigma eps.
                    (Some(s0), Space::Epsilon) => x[i] - sigma * (-(k * sigma) * s0[i]),
                    (Some(s0), Space::Denoised) => x[i] + (k * sigma).powi(2) * s0[i],
                };
                if s0.is_none() && !self.scheme.combination.traits().alone {
                    return [d1, d1];
                }
                if remember {
                    self.told[i] = [d1, d0];
                }
                [self.combine(i, x[i], sigma, weight, [d1, d0], step, remember), d0]
            })
            .collect()
    }

    #[expect(clippy::too_many_arguments, reason = "all that a rule can ask for")]
    fn combine(
        &mut self,
        i: usize,
        x: Point,
        sigma: f64,
        w: f64,
        [d1, d0]: [Point; 2],
        step: usize,
        remember: bool,
    ) -> Point {
        let whole = |point: Point| DVector::from_column_slice(point.as_slice());
        let memory = (step > 0 || !remember).then(|| whole(self.memory[i]));
        let ratio = match (&self.scheme.combination, &self.guide) {
            (Combination::FeedbackExact { .. } | Combination::NegativeExact { .. }, Some(guide)) => {
                self.main.evaluate(x, sigma).0
                    - guide.evaluate(x, self.scheme.guide.as_ref().map_or(1.0, |guide| guide.sigma_scale) * sigma).0
            }
            _ => self.evidence.get(i).copied().unwrap_or(0.0),
        };
        let asked = Asked { x: whole(x), sigma, weight: w, main: whole(d1), guide: whole(d0), memory, ratio };
        let [guided, next] =
            <[_; 2]>::from(papers_form(&self.scheme.combination, &asked)).map(|v| Point::new(v[0], v[1]));
        if remember {
            self.memory[i] = next;
        }
        guided
    }

    /// After step `i`, which began at `from`, as the papers' programs do: DNG follows the posterior of its guide.
    fn learn(&mut self, i: usize, from: &[Point], ended: &[Point]) {
        let (sigma, next, n) = (self.sigmas[i], self.sigmas[i + 1], self.sigmas.len() - 1);
        if next == 0.0 {
            return;
        }
        let r = (next / sigma).powi(2);
        let variance = |i: usize| {
            (self.sigmas[i].powi(2) - self.sigmas[i + 1].powi(2)) * (self.sigmas[i + 1] / self.sigmas[i]).powi(2)
        };
        for p in 0..from.len() {
            let [one, zero] = self.told[p].map(|d| (ended[p] - r * from[p] - (1.0 - r) * d).norm_squared());
            self.evidence[p] = match self.scheme.combination {
                Combination::Feedback { share, most, onset, decision } => {
                    let off = (1.5 * (1.0 - share)).ln() / ((1.0 - onset) * n as f64);
                    let at = (1.0 - decision) * (n - 1) as f64;
                    let below = at.floor() as usize;
                    let share_above = at - below as f64;
                    let above = if share_above > 0.0 { variance(below + 1) } else { 0.0 };
                    let tau = (2.0 * ((1.0 - share_above) * variance(below) + share_above * above) * off / 10.0).abs();
                    let least = ((1.0 - share) * most / (most - 1.0)).ln();
                    (self.evidence[p] - tau / (2.0 * variance(i)) * (one - zero) + off).clamp(least, 3.0)
                }
                Combination::Negative { prior, most, temperature, offset, .. } => {
                    let posterior = prior * (-self.evidence[p]).exp();
                    let exponent = (-temperature * (zero - one) + offset) / (2.0 * variance(i));
                    (prior / (posterior * exponent.exp()).clamp(1e-6, most)).ln()
                }
                _ => 0.0,
            };
        }
    }

    fn weight(&self, level: usize, guided: bool) -> f64 {
        let last = self.sigmas.len() - 2;
        let u = level.min(last) as f64 / last as f64;
        if guided { self.scheme.schedule.weight(self.scheme.reading, self.scheme.weight, u) } else { 1.0 }
    }

    /// What solvers do at a level before they step on from it.
    fn prepare(&mut self, x: &mut [Point], i: usize, w: f64) {
        for Move { sigma, weight, push, noise: (spread, row) } in moves(self.scheme.solver, &self.sigmas, i, w) {
            let estimates = self.estimates(x, sigma, weight, i, false);
            for (p, (x, [d, _])) in x.iter_mut().zip(estimates).enumerate() {
                *x += push * (d - *x) / (sigma * sigma) + spread * noise(self.seed, p, row)[1];
            }
        }
    }

    pub fn endpoints(&mut self, starts: &[[f32; 2]]) -> Vec<Point> {
        let mut x: Vec<Point> = starts.iter().map(|p| Point::from(p.map(f64::from))).collect();
        self.memory = vec![Point::zeros(); x.len()];
        self.evidence = vec![0.0; x.len()];
        let mut before: Vec<Point> = Vec::new();
        let n = self.sigmas.len() - 1;
        for i in 0..n {
            let (mut sigma, next) = (self.sigmas[i], self.sigmas[i + 1]);
            let guided = self.scheme.interval.is_none_or(|interval| interval.low < sigma && sigma <= interval.high);
            if matches!(self.scheme.combination, Combination::CfgZeroStar { still } if i < still as usize) {
                continue;
            }
            let draws: Vec<[Point; 2]> = (0..x.len()).map(|p| noise(self.seed, p, i)).collect();
            if let Solver::Churn { churn, min, max, noise } = self.scheme.solver
                && (min..=max).contains(&sigma)
            {
                let raised = sigma + (churn / n as f64).min(2f64.sqrt() - 1.0) * sigma;
                let spread = noise * (raised * raised - sigma * sigma).sqrt();
                x.iter_mut().zip(&draws).for_each(|(x, draw)| *x += spread * draw[0]);
                sigma = raised;
            }
            let w = self.weight(i, guided);
            self.prepare(&mut x, i, w);
            let w = if matches!(self.scheme.solver, Solver::PredictorCorrector { .. }) { 1.0 } else { w };
            let from = x.clone();
            let d = self.estimates(&x, sigma, w, i, true);
            let estimates: Vec<Point> = d.iter().map(|d| d[0]).collect();
            let euler = |x: &[Point]| -> Vec<Point> {
                x.iter().zip(&estimates).map(|(x, d)| x + (next - sigma) / sigma * (x - d)).collect()
            };
            x = match self.scheme.solver {
                _ if self.scheme.combination == Combination::CfgPlusPlus && guided => {
                    x.iter().zip(&d).map(|(x, [d, d0])| d + next / sigma * (x - d0)).collect()
                }
                Solver::Heun | Solver::Churn { .. } if next > 0.0 => {
                    let ahead = euler(&x);
                    let second = self.estimates(&ahead, next, self.weight(i + 1, guided), i, false);
                    (0..x.len())
                        .map(|p| {
                            let slope = (x[p] - estimates[p]) / sigma + (ahead[p] - second[p][0]) / next;
                            x[p] + (next - sigma) * 0.5 * slope
                        })
                        .collect()
                }
                Solver::Heun
                | Solver::Churn { .. }
                | Solver::Euler
                | Solver::PredictorCorrector { .. }
                | Solver::Foresight { .. }
                | Solver::ManifoldProjection { .. } => euler(&x),
                // DDPM's posterior: between x and the estimate by variances.
                Solver::Ancestral => {
                    let share = (next / sigma).powi(2);
                    let spread = next * (1.0 - share).sqrt();
                    (0..x.len()).map(|p| share * x[p] + (1.0 - share) * estimates[p] + spread * draws[p][1]).collect()
                }
                Solver::ReverseSde => {
                    let dtau = sigma * sigma - next * next;
                    let spread = if next > 0.0 { dtau.sqrt() } else { 0.0 };
                    (0..x.len())
                        .map(|p| x[p] + dtau * (estimates[p] - x[p]) / (sigma * sigma) + spread * draws[p][1])
                        .collect()
                }
                // In t = -ln sigma, as its public implementations.
                Solver::DpmPlusPlus2m => {
                    let (t, t_next) = (-sigma.ln(), -next.ln());
                    let h = t_next - t;
                    let used: Vec<Point> = (0..x.len())
                        .map(|p| match before.get(p) {
                            Some(old) if next > 0.0 => {
                                let r = (t + self.sigmas[i - 1].ln()) / h;
                                (1.0 + 0.5 / r) * estimates[p] - 0.5 / r * old
                            }
                            _ => estimates[p],
                        })
                        .collect();
                    (0..x.len()).map(|p| next / sigma * x[p] - (-h).exp_m1() * used[p]).collect()
                }
            };
            before = estimates;
            self.learn(i, &from, &x);
        }
        x
    }
}
