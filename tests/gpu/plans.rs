//! Every combination and every solver on a device: step by step against f64, as the papers write them, and against the
//! processor's engine.

use super::moves::{Move, moves};
use super::{config, models, no_error_is_left, scheme};
use guidance_playground::gpu::Gpu;
use guidance_playground::guidance::{Combination, Interval, ModelName, Schedule, Scheme, Space};
use guidance_playground::plan::Plan;
use guidance_playground::plane::Models;
use guidance_playground::plane::distribution::Classes;
use guidance_playground::plane::engine::gpu::Run;
use guidance_playground::plane::engine::{RunConfig, cpu};
use guidance_playground::plane::starts;
use guidance_playground::random::quantile::{QUANTILE_BITS, normal};
use guidance_playground::random::{Stream, words};
use guidance_playground::sampling::Solver;
use nalgebra::{Matrix2, Vector2};
use std::rc::Rc;

type Vector = Vector2<f64>;

const CHURN: Solver = Solver::Churn { churn: 2.0, min: 0.05, max: 4.0, noise: 1.01 };
const APG: Combination = Combination::Apg { momentum: -0.5, parallel: 0.3, radius: 0.3 };
const STILL: Combination = Combination::CfgZeroStar { still: 2 };
const MOMENTUM: Combination = Combination::Momentum { strength: 0.6, rate: 0.5 };

/// Every combination, every solver, and every part of the kernel beside another.
fn plans() -> Vec<Scheme> {
    let guided = |k| scheme("exact:A", Some(("exact:AB", k)), 2.5);
    let alone = scheme("exact:A", None, 1.0);
    let inside = Some(Interval { low: 0.05, high: 3.0 });
    vec![
        Scheme { solver: CHURN, space: Space::Denoised, interval: inside, ..guided(1.1) },
        Scheme { solver: Solver::DpmPlusPlus2m, space: Space::Epsilon, ..guided(1.1) },
        Scheme { solver: Solver::Euler, combination: Combination::CfgPlusPlus, weight: 0.6, ..guided(1.0) },
        Scheme { solver: CHURN, combination: APG, ..guided(1.0) },
        Scheme { combination: STILL, ..guided(1.0) },
        Scheme { solver: Solver::ReverseSde, combination: Combination::Tcfg, ..guided(1.0) },
        Scheme { solver: Solver::Ancestral, combination: Combination::NormClip { radius: 0.1 }, ..guided(1.0) },
        Scheme { solver: Solver::DpmPlusPlus2m, combination: MOMENTUM, ..alone.clone() },
        Scheme { combination: MOMENTUM, ..alone },
        Scheme { combination: Combination::PowerLaw { power: 0.5 }, schedule: Schedule::Linear, ..guided(1.0) },
        Scheme { combination: STILL, solver: Solver::DpmPlusPlus2m, ..guided(1.0) },
        Scheme { solver: Solver::PredictorCorrector { corrections: 2, size: 0.5 }, ..guided(1.1) },
        Scheme { solver: Solver::Foresight { rounds: 2, ahead: 2, until: 0.7, weight: 1.5 }, ..guided(1.0) },
        Scheme { solver: Solver::ManifoldProjection { rounds: 2, until: 0.3 }, ..guided(1.0) },
    ]
}

fn vector(point: [f32; 2]) -> Vector {
    Vector::new(f64::from(point[0]), f64::from(point[1]))
}

/// A particle's run in f64, from wherever it is put before each step. Beside every value stands the sum of the lengths of
/// the terms that it is made of, which rounding is relative to.
struct Reference<'a> {
    models: &'a Models,
    config: &'a RunConfig,
    sigmas: Vec<f64>,
    particle: u64,
    /// Of the combination.
    memory: (Vector, f64),
    /// The denoised estimate of the step before.
    before: (Vector, f64),
}

impl<'a> Reference<'a> {
    fn new(models: &'a Models, config: &'a RunConfig, particle: usize) -> Self {
        Self {
            models,
            config,
            sigmas: config.scheme.levels.sigmas().unwrap(),
            particle: particle as u64,
            memory: (Vector::zeros(), 0.0),
            before: (Vector::zeros(), 0.0),
        }
    }

    /// The guided score at `x` in step `i`, whose second stage is at its end.
    fn score(&mut self, x: Vector, sigma: f64, i: usize, second: bool) -> (Vector, f64) {
        let weight = self.config.scheme.weights(&self.sigmas, i)[usize::from(second)];
        self.weighted(x, sigma, weight, i == 0, second)
    }

    /// The same with a weight.
    fn weighted(&mut self, x: Vector, sigma: f64, weight: f64, beginning: bool, second: bool) -> (Vector, f64) {
        let Scheme { main, guide, combination, space, .. } = &self.config.scheme;
        let get = |name: &ModelName| self.models.get(name).unwrap();
        let s1 = get(main).evaluate(x, sigma).1;
        let variance = sigma * sigma;
        let estimate = |s: Vector| x + variance * s;
        let score = |estimate: Vector| (estimate - x) / variance;
        if let Combination::Momentum { strength, rate } = *combination {
            let (now, of_now) = (estimate(s1), x.norm() + variance * s1.norm());
            if beginning && !second {
                self.memory = (now, of_now);
            }
            let (mean, of_mean) = self.memory;
            if !second {
                self.memory = ((1.0 - rate) * mean + rate * now, (1.0 - rate) * of_mean + rate * of_now);
            }
            return (score(now + strength * (now - mean)), ((1.0 + strength) * of_now + strength * of_mean) / variance);
        }
        let Some(guide) = guide.as_ref().filter(|_| weight != 1.0) else { return (s1, s1.norm()) };
        let k = guide.sigma_scale;
        let s0 = get(&guide.name()).evaluate(x, k * sigma).1;
        // Mixed as noise -sigma s, or as denoised estimates.
        let s0 = match space {
            Space::Score => s0,
            Space::Epsilon => k * s0,
            Space::Denoised => k * k * s0,
        };
        let mut terms = (1.0 + weight.abs()) * (s1.norm() + s0.norm());
        let away = estimate(s1) - estimate(s0);
        let lerp = |s0: Vector| s0 + weight * (s1 - s0);
        let guided = match *combination {
            Combination::Apg { momentum, parallel, radius } => {
                let push = away + momentum * self.memory.0;
                let of_push = variance * (s1.norm() + s0.norm()) + momentum.abs() * self.memory.1;
                if !second {
                    self.memory = (push, of_push);
                }
                terms += (weight - 1.0).abs() * of_push / variance;
                let clipped = push * (radius / push.norm()).min(1.0);
                let along = estimate(s1).normalize();
                let shared = along * along.dot(&clipped);
                score(estimate(s1) + (weight - 1.0) * (clipped - shared + parallel * shared))
            }
            Combination::CfgZeroStar { .. } => lerp(s0 * s1.dot(&s0) / s0.norm_squared()),
            Combination::Tcfg => {
                let svd = Matrix2::from_rows(&[s1.transpose(), s0.transpose()]).svd(false, true);
                let (values, axes) = (svd.singular_values.map(|value| value * value), svd.v_t.unwrap());
                // The axis turns by the error of the matrix over the gap between its eigenvalues.
                terms *= values.sum() / (values[0] - values[1]);
                let axis: Vector = axes.row(0).transpose();
                lerp(axis * axis.dot(&s0))
            }
            Combination::NormClip { radius } => {
                let push = (weight - 1.0) * away;
                score(estimate(s1) + push * (radius / push.norm()).min(1.0))
            }
            Combination::PowerLaw { power } => score(estimate(s1) + (weight - 1.0) * away.norm().powf(power) * away),
            _ => lerp(s0),
        };
        (guided, terms)
    }

    /// Noise of a draw: that of a kick, and that of a spread.
    fn noise(&self, draw: usize) -> [Vector; 2] {
        let [a, b, c, d] = words(self.config.seed, Stream::Noise, self.particle, draw as u32)
            .map(|word| f64::from(normal(word)) / f64::from(QUANTILE_BITS).exp2());
        [Vector::new(a, b), Vector::new(c, d)]
    }

    /// What happens before step `i` from `x`.
    fn before(&mut self, mut x: Vector, i: usize) -> (Vector, f64) {
        let w = self.config.scheme.weights(&self.sigmas, i)[0];
        let mut of_x = 0.0;
        for Move { sigma, weight, push, noise: (spread, row) } in moves(self.config.scheme.solver, &self.sigmas, i, w) {
            let (s, terms) = self.weighted(x, sigma, weight, false, false);
            x += push * s + spread * self.noise(row)[1];
            of_x += x.norm() + push.abs() * terms;
        }
        (x, of_x)
    }

    /// Step `i` from `x`.
    fn step(&mut self, x: Vector, i: usize) -> (Vector, f64) {
        let (sigma, next, steps) = (self.sigmas[i], self.sigmas[i + 1], self.sigmas.len() - 1);
        let [kick, fresh] = self.noise(i);
        let (x, of_x) = self.before(x, i);
        let still = match self.config.scheme.combination {
            Combination::CfgZeroStar { still } => still as usize,
            _ => 0,
        };
        if i < still {
            return (x, x.norm());
        }
        let removed = sigma * sigma - next * next;
        match self.config.scheme.solver {
            Solver::Heun => self.heun(x, sigma, i),
            Solver::Churn { churn, min, max, noise } => {
                let churned = min <= sigma && sigma <= max;
                let gamma = if churned { (churn / steps as f64).min(2f64.sqrt() - 1.0) } else { 0.0 };
                let raised = sigma + gamma * sigma;
                let added = noise * (raised * raised - sigma * sigma).sqrt() * kick;
                let (to, terms) = self.heun(x + added, raised, i);
                (to, terms + x.norm() + added.norm())
            }
            Solver::Euler | Solver::Foresight { .. } | Solver::ManifoldProjection { .. } => {
                let (s, terms) = self.score(x, sigma, i, false);
                (x - (next - sigma) * sigma * s, x.norm() + sigma * (sigma - next) * terms + of_x)
            }
            Solver::PredictorCorrector { .. } => {
                let (s, terms) = self.weighted(x, sigma, 1.0, false, false);
                (x - (next - sigma) * sigma * s, x.norm() + sigma * (sigma - next) * terms + of_x)
            }
            Solver::Ancestral | Solver::ReverseSde => {
                let (s, terms) = self.score(x, sigma, i, false);
                let spread = match self.config.scheme.solver {
                    Solver::Ancestral => (next * next * removed / (sigma * sigma)).sqrt(),
                    _ if next == 0.0 => 0.0,
                    _ => removed.sqrt(),
                };
                (x + removed * s + spread * fresh, x.norm() + removed * terms + spread * fresh.norm())
            }
            Solver::DpmPlusPlus2m => {
                let (s, terms) = self.score(x, sigma, i, false);
                let (now, of_now) = (x + sigma * sigma * s, x.norm() + sigma * sigma * terms);
                let (before, of_before) = std::mem::replace(&mut self.before, (now, of_now));
                let (mut ahead, mut of_ahead) = (now, of_now);
                if i > still && next > 0.0 {
                    let ratio = (self.sigmas[i - 1] / sigma).ln() / (sigma / next).ln();
                    ahead += (now - before) / (2.0 * ratio);
                    of_ahead += (of_now + of_before) / (2.0 * ratio);
                }
                let share = next / sigma;
                (share * x + (1.0 - share) * ahead, x.norm() + (1.0 - share) * of_ahead)
            }
        }
    }

    /// EDM's algorithm from `x` at `sigma` to the end of step `i`.
    fn heun(&mut self, x: Vector, sigma: f64, i: usize) -> (Vector, f64) {
        let next = self.sigmas[i + 1];
        let (s, terms) = self.score(x, sigma, i, false);
        let (slope, of_slope) = (-sigma * s, sigma * terms);
        let euler = x + (next - sigma) * slope;
        if next == 0.0 {
            return (euler, x.norm() + sigma * of_slope);
        }
        let (s, terms) = self.score(euler, next, i, true);
        let half = 0.5 * (sigma - next);
        (x + half * (next * s - slope), x.norm() + half * (of_slope + next * terms))
    }
}

/// Where a run's particles are at the start and after every step.
async fn path(run: &Run) -> Vec<Vec<[f32; 2]>> {
    while run.advance().await.unwrap() {}
    let mut path = Vec::new();
    for step in 0..=run.steps() {
        path.push(run.positions(step).await.unwrap());
    }
    path
}

/// Each step from where the device's particles are: within 2e-5 of the terms of f64, which is what scores of a device are
/// good for, and within 3e-5 of the processor's, which has 1e-5 of its own.
pub async fn every_plan_is_that_of_f64(gpu: &Rc<Gpu>) {
    let models = models();
    for scheme in plans() {
        let solver = scheme.solver;
        let config = config(scheme, solver, 6);
        let count = 70;
        let from = starts(models.mixture(Classes::A), config.scheme.levels.max, 3, 0..count);
        let run = Run::new(gpu, &config, &models, &from).await.unwrap();
        let path = path(&run).await;
        let sampler = cpu::Sampler::new(&config, &models).unwrap();
        let mut particles = sampler.begin(0, from);
        let mut references: Vec<_> = (0..count).map(|i| Reference::new(&models, &config, i)).collect();
        for step in 0..6 {
            particles.positions.clone_from(&path[step]);
            sampler.advance(&mut particles, step..step + 1, 1);
            for (i, reference) in references.iter_mut().enumerate() {
                let (exact, terms) = reference.step(vector(path[step][i]), step);
                let [here, there] = [path[step + 1][i], particles.positions[i]].map(vector);
                let what = || format!("{config:?}: step {step} of particle {i}: {here} {there} {exact} {terms}");
                assert!((here - exact).norm() < 2e-5 * terms, "{}", what());
                assert!((here - there).norm() < 3e-5 * terms, "{}", what());
            }
        }
    }
    no_error_is_left(gpu);
}

/// Asserts that 95% of a scheme's endpoints are within 1e-3 of the processor's.
async fn ends_agree(gpu: &Rc<Gpu>, models: &Models, scheme: Scheme) {
    let solver = scheme.solver;
    let config = config(scheme, solver, 16);
    let from = starts(models.mixture(Classes::A), config.scheme.levels.max, 7, 0..128);
    let run = Run::new(gpu, &config, models, &from).await.unwrap();
    let here = path(&run).await.pop().unwrap();
    let there = cpu::Sampler::new(&config, models).unwrap().sample(&from, 1);
    let distances = here.iter().zip(&there).map(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1]));
    let far = distances.filter(|distance| distance.is_nan() || *distance > 1e-3).count();
    assert!(far <= 6, "{config:?}: {far} of 128");
}

/// Tier three for plans with noise and memory: 95% of endpoints within 1e-3 of the processor's.
pub async fn endpoints_of_plans_are_the_processors(gpu: &Rc<Gpu>) {
    let models = models();
    for index in [1, 3, 6] {
        ends_agree(gpu, &models, plans().swap_remove(index)).await;
    }
    no_error_is_left(gpu);
}

#[cfg(not(target_arch = "wasm32"))]
fn own(text: &str) -> Combination {
    Combination::Own { text: text.to_owned(), values: Default::default(), name: None }
}

/// The same for rules that are asked alone, that carry evidence from step to step, and that are told the densities' ratio.
pub async fn endpoints_of_every_rule_are_the_processors(gpu: &Rc<Gpu>) {
    let models = models();
    let rescaled = || Combination::Tsr { sharpness: 2.0, width: 0.05 };
    let feedback = || Combination::Feedback { share: 0.8, most: 5.0, onset: 0.5, decision: 0.5 };
    let negative = Combination::Negative { strength: 1.0, prior: 0.5, most: 0.9, temperature: 1.0, offset: 0.0 };
    let unwanted = || scheme("exact:AB", Some(("exact:B", 1.0)), 1.0);
    let guided = |weight| scheme("exact:A", Some(("exact:AB", 1.0)), weight);
    let ancestral = Solver::Ancestral;
    for scheme in [
        Scheme { combination: rescaled(), ..scheme("exact:A", None, 1.0) },
        Scheme { combination: rescaled(), interval: Some(Interval { low: 0.1, high: 2.0 }), ..guided(2.0) },
        Scheme { combination: feedback(), solver: ancestral, ..guided(1.0) },
        Scheme { combination: feedback(), ..guided(1.5) },
        Scheme { combination: Combination::FeedbackExact { share: 0.8, most: 5.0 }, ..guided(1.0) },
        #[cfg(not(target_arch = "wasm32"))]
        Scheme {
            combination: own("m = (D1 - D0) - 0.5 * m; D1 + (w - 1) * u * m"),
            solver: Solver::DpmPlusPlus2m,
            ..guided(2.0)
        },
        #[cfg(not(target_arch = "wasm32"))]
        Scheme { combination: own("memo = memo + 1 / n; D1 + (w - 1) * sin(memo) * (D1 - D0)"), ..guided(2.0) },
        Scheme { combination: negative, solver: ancestral, ..unwanted() },
        Scheme { combination: Combination::NegativeExact { strength: 1.0, prior: 0.5, most: 0.9 }, ..unwanted() },
    ] {
        ends_agree(gpu, &models, scheme).await;
    }
    no_error_is_left(gpu);
}

/// Noise is the processor's: of particles that start together, only that differs. Blocks go on counting.
pub async fn noise_is_the_processors(gpu: &Rc<Gpu>) {
    let models = models();
    let config = RunConfig { seed: 0x1234_5678_9abc, ..config(scheme("exact:A", None, 1.0), Solver::ReverseSde, 2) };
    let from = vec![[1.5, -0.5]; 200];
    let run = Run::limited(gpu, &config, &models, &from, 64 * 3 * 8).await.unwrap();
    let here = &path(&run).await[1];
    let sampler = cpu::Sampler::new(&config, &models).unwrap();
    let mut particles = sampler.begin(0, from);
    sampler.advance(&mut particles, 0..1, 1);
    let differences: Vec<_> = here.iter().zip(&particles.positions).map(|(a, b)| vector(*a) - vector(*b)).collect();
    for (i, difference) in differences.iter().enumerate() {
        // Scores differ alike in all. The rest is a conversion to f32 (either way on a device), a product and two sums.
        let terms = vector(here[i]).amax() + vector(here[0]).amax() + 2.0 * 25.0 / 5.0;
        assert!((difference - differences[0]).amax() < 4.0 * 2f64.powi(-24) * terms, "{i}: {difference}");
    }
    assert!(here.iter().any(|x| vector(*x) != vector(here[0])));
    no_error_is_left(gpu);
}

/// Share of effective particles, from logarithms of weights.
fn effective_share(log_weights: &[f64]) -> f64 {
    let weights = relative(log_weights);
    let squares: f64 = weights.iter().map(|w| w * w).sum();
    weights.iter().sum::<f64>().powi(2) / (squares * weights.len() as f64)
}

fn relative(log_weights: &[f64]) -> Vec<f64> {
    let greatest = log_weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    log_weights.iter().map(|w| (w - greatest).exp()).collect()
}

/// Feynman-Kac correctors: weights are those of f64, with the curvature from differences of scores; resampling keeps every
/// particle as often as its weight says, and where it is.
pub async fn weighted_particles_are_resampled(gpu: &Rc<Gpu>) {
    let models = models();
    let (k, w, threshold, steps, count) = (1.2, 1.6, 0.6, 8, 150);
    let plain = config(scheme("exact:A", Some(("exact:AB", k)), w), Solver::ReverseSde, steps as u32);
    let mut config = plain.clone();
    config.scheme.combination = Combination::FeynmanKac { threshold };
    let [main, guide] = ["exact:A", "exact:AB"].map(|name| models.get(&name.into()).unwrap());
    let plan = Plan::new(&config.scheme).unwrap();
    let from = starts(models.mixture(Classes::A), config.scheme.levels.max, 3, 0..count);
    // Three blocks, which are one population.
    let run = Run::limited(gpu, &config, &models, &from, 64 * (steps + 1) * 8).await.unwrap();
    let moving = cpu::Sampler::new(&plain, &models).unwrap();
    let (mut log_weights, mut terms) = (vec![0.0; count], vec![0.0; count]);
    let mut resampled = 0;
    for step in 0..steps {
        let before = run.positions(step).await.unwrap();
        while run.steps_done() == step {
            assert!(run.advance().await.unwrap());
        }
        let after = run.positions(step + 1).await.unwrap();
        let mut moved = moving.begin(0, before.clone());
        moving.advance(&mut moved, step..step + 1, 1);
        let (sigma, next) = (plan.sigmas[step], plan.sigmas[step + 1]);
        let dtau = if next > 0.0 { sigma * sigma - next * next } else { 0.0 };
        for (i, x) in before.iter().map(|x| vector(*x)).enumerate() {
            let (log_p1, s1) = main.evaluate(x, sigma);
            let (log_p0, s0) = guide.evaluate(x, k * sigma);
            let h = 1e-4 * sigma;
            let slope = |along: Vector| {
                let [ahead, behind] = [1.0, -1.0].map(|sign| guide.evaluate(x + sign * h * along, k * sigma).1);
                (ahead - behind).dot(&along) / (2.0 * h)
            };
            let laplacian = slope(Vector::x()) + slope(Vector::y());
            if step == 0 {
                log_weights[i] = (w - 1.0) * (log_p1 - log_p0);
                terms[i] += (w - 1.0) * (2.0 + log_p1.abs() + log_p0.abs());
            }
            let (difference, stretch) = (s1 - s0, (w - 1.0) * (k * k - 1.0));
            log_weights[i] += 0.5 * dtau * w * (w - 1.0) * difference.norm_squared();
            log_weights[i] += 0.5 * dtau * stretch * (laplacian + s0.norm_squared());
            terms[i] += dtau * w * (w - 1.0) * difference.norm() * (s1.norm() + s0.norm());
            terms[i] += dtau * stretch * (laplacian.abs() + 2.0 * s0.norm_squared());
        }
        let memory = run.memory().await.unwrap();
        // The last step adds nothing to weights that have just become one.
        let equal = step + 1 < steps && memory.iter().all(|m| m[0] == 0.0);
        let share = effective_share(&log_weights);
        let threshold = plan.resampling(step).unwrap_or(0.0);
        assert!((share - threshold).abs() < 1e-4 || equal == (share < threshold), "{step}: {share}");
        if !equal {
            for i in 0..count {
                let found = f64::from(memory[i][0]);
                assert!((found - log_weights[i]).abs() <= 2e-5 * terms[i], "{step} {i}: {found} {}", log_weights[i]);
                let distance = (vector(after[i]) - vector(moved.positions[i])).norm();
                assert!(distance < 1e-4 * (1.0 + vector(before[i]).norm()), "{step} {i}: {distance}");
            }
            continue;
        }
        resampled += 1;
        let distance = |i: usize, j: usize| (vector(after[i]) - vector(moved.positions[j])).norm();
        let mut copies = vec![0.0; count];
        for i in 0..count {
            let ancestor = (0..count).min_by(|&a, &b| distance(i, a).total_cmp(&distance(i, b))).unwrap();
            assert!(distance(i, ancestor) < 1e-4 * (1.0 + vector(before[ancestor]).norm()), "{step} {i}");
            copies[ancestor] += 1.0;
        }
        let weights = relative(&log_weights);
        let total: f64 = weights.iter().sum();
        for i in 0..count {
            let expected = count as f64 * weights[i] / total;
            assert!((copies[i] - expected).abs() < 1.0 + 1e-3, "{step} {i}: {} of {expected}", copies[i]);
            assert!(copies[i] == 0.0 || distance(i, i) < 1e-4 * (1.0 + vector(before[i]).norm()), "{step} {i}");
        }
        log_weights.fill(0.0);
        terms.fill(0.0);
    }
    // On the way, but not always, and before the last step.
    assert!((2..steps - 1).contains(&resampled), "{resampled}");
    no_error_is_left(gpu);
}
