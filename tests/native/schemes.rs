//! Every rule and every solver once more, in f64 and in the form in which its paper writes it: denoised estimates and noise
//! in place of the engine's scores and coefficients.

use crate::MODELS;
use crate::plain::model_scores;
use crate::rules::{Asked, papers_form};
use crate::sampler::{class_a_starts, scheme, shipped};
use guidance_playground::guidance::rule::Carries;
use guidance_playground::guidance::{Combination, Guide, Interval, Reading, Schedule, Scheme, Space};
use guidance_playground::plane::catalogue::{catalogue, named};
use guidance_playground::plane::engine::RunConfig;
use guidance_playground::plane::engine::cpu::Sampler;
use guidance_playground::plane::{Model, Models};
use guidance_playground::random::{Stream, words};
use guidance_playground::sampling::{NoiseLevels, Solver};
use nalgebra::{DVector, Vector2};

type Point = Vector2<f64>;

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
struct Plain<'a> {
    scheme: &'a Scheme,
    main: Model,
    guide: Option<Model>,
    sigmas: Vec<f64>,
    seed: u64,
    /// APG's running guidance, or momentum guidance's running mean.
    memory: Vec<Point>,
    /// What is known of log p1 - log p0.
    evidence: Vec<f64>,
    /// Both estimates of a step's first stage.
    told: Vec<[Point; 2]>,
}

impl Plain<'_> {
    /// Guided estimates and the guide's (where there is one) at `sigma`; `remember` in first stages.
    fn estimates(&mut self, x: &[Point], sigma: f64, weight: f64, step: usize, remember: bool) -> Vec<[Point; 2]> {
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

    fn endpoints(&mut self, starts: &[[f32; 2]]) -> Vec<Point> {
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
                Solver::Heun | Solver::Churn { .. } | Solver::Euler => euler(&x),
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

/// Distances between the engine's endpoints and the plain run's, ascending.
fn distances(scheme: &Scheme, models: &Models, count: usize) -> Vec<f64> {
    let (main, guide) = models.of(scheme).unwrap();
    let starts = class_a_starts(23, count);
    let sigmas = scheme.levels.sigmas().unwrap();
    let mut plain =
        Plain { scheme, main, guide, sigmas, seed: 4, memory: Vec::new(), evidence: Vec::new(), told: Vec::new() };
    let truth = plain.endpoints(&starts);
    let found = Sampler::new(&RunConfig { scheme: scheme.clone(), seed: 4 }, models).unwrap().sample(&starts, 2);
    let distance = |(t, f): (&Point, [f32; 2])| (t.x - f64::from(f[0])).hypot(t.y - f64::from(f[1]));
    let mut distances: Vec<f64> = truth.iter().zip(found).map(distance).collect();
    distances.sort_by(f64::total_cmp);
    distances
}

/// 95% of endpoints agree: f32 against f64, noise from a table good to 1e-5; the rest pass close to a watershed between
/// branches, which strong guidance makes many of.
fn agree(scheme: &Scheme, models: &Models, label: &str) {
    agree_but(scheme, models, label, 3);
}

fn agree_but(scheme: &Scheme, models: &Models, label: &str, most: usize) {
    let tolerance = if scheme.solver.is_stochastic() { 2e-4 } else { 1e-4 };
    let distances = distances(scheme, models, 64);
    let far = distances.iter().filter(|d| d.is_nan() || **d > tolerance).count();
    assert!(far <= most, "{label}: {far} of 64 end further than {tolerance} apart; the median is {:e}", distances[32]);
}

/// What a scheme follows in the first stage of its first step, if that is at `sigma`: the guided score, and the guide's as
/// it is mixed.
pub fn guided_scores(scheme: &Scheme, models: &Models, x: &[Point], sigma: f64, weight: f64) -> Vec<[Point; 2]> {
    let (main, guide) = models.of(scheme).unwrap();
    let memory = vec![Point::zeros(); x.len()];
    let mut plain =
        Plain { scheme, main, guide, sigmas: Vec::new(), seed: 0, memory, evidence: Vec::new(), told: Vec::new() };
    let estimates = plain.estimates(x, sigma, weight, 0, true);
    let score = |x: &Point, d: Point| (d - x) / (sigma * sigma);
    x.iter().zip(estimates).map(|(x, estimates)| estimates.map(|d| score(x, d))).collect()
}

fn cfg() -> Scheme {
    scheme("exact:A", Some(("exact:AB", 1.0)), 2.0)
}

fn every_solver() -> Vec<Solver> {
    let solver = |row: guidance_playground::guidance::catalogue::Variant| serde_json::from_value(row.value).unwrap();
    catalogue().solvers.into_iter().map(solver).collect()
}

/// Class B is guided away from.
pub fn unwanted(scheme: Scheme) -> Scheme {
    Scheme { main: "exact:AB".into(), guide: Some(Guide::new("exact:B", 1.0)), ..scheme }
}

#[test]
fn every_solver_is_its_papers() {
    for solver in every_solver() {
        agree(&Scheme { solver, ..cfg() }, &MODELS, &format!("{solver:?}"));
    }
}

#[test]
fn every_combination_is_its_papers() {
    let levels = NoiseLevels { steps: 16, ..NoiseLevels::default() };
    for row in catalogue().combinations {
        let combination: Combination = serde_json::from_value(row.value).unwrap();
        let base = Scheme { combination: combination.clone(), levels, ..cfg() };
        let schemes = match combination {
            // A population, and not a path: a test of its own below.
            Combination::FeynmanKac { .. } => continue,
            Combination::CfgPlusPlus => vec![Scheme { solver: Solver::Euler, weight: 0.6, ..base }],
            Combination::Momentum { .. } => vec![
                Scheme { guide: None, weight: 1.0, ..base.clone() },
                Scheme { guide: None, weight: 1.0, solver: Solver::Euler, ..base },
            ],
            // Of a model that the guide is part of, as posteriors are.
            Combination::NegativeExact { .. } => vec![Scheme { weight: 1.0, ..unwanted(base) }],
            _ if combination.traits().carries == Carries::Evidence => {
                let solvers = [Solver::Heun, Solver::Euler, Solver::Ancestral];
                let negative = matches!(combination, Combination::Negative { .. });
                let base = if negative { unwanted(base) } else { base };
                let stronger = Scheme { weight: 1.5, ..base.clone() };
                let of = |solver| Scheme { weight: 1.0, solver, ..base.clone() };
                solvers.map(of).into_iter().chain([stronger]).collect()
            }
            _ => vec![
                base.clone(),
                // Memory of rule and solver side by side.
                Scheme { solver: Solver::DpmPlusPlus2m, ..base.clone() },
                Scheme { guide: Some(Guide::new("exact:A", 1.2)), space: Space::Epsilon, ..base.clone() },
                Scheme { guide: Some(Guide::new("exact:A", 1.2)), space: Space::Denoised, weight: 1.5, ..base },
            ],
        };
        schemes.iter().for_each(|scheme| agree(scheme, &MODELS, &format!("{combination:?}, {:?}", scheme.solver)));
    }
}

/// The estimate of a step that does not move is none to go on from.
#[test]
fn still_steps_are_no_beginning() {
    let levels = NoiseLevels { steps: 16, ..NoiseLevels::default() };
    for solver in [Solver::DpmPlusPlus2m, Solver::Heun] {
        let combination = Combination::CfgZeroStar { still: 2 };
        agree(&Scheme { combination, solver, levels, ..cfg() }, &MODELS, &format!("still, {solver:?}"));
    }
}

#[test]
fn schedules_and_intervals_reach_the_steps() {
    let interval = Some(Interval { low: 0.05, high: 1.0 });
    for scheme in [
        Scheme { schedule: Schedule::Linear, ..cfg() },
        Scheme { schedule: Schedule::PoweredCosine { exponent: 1.0 }, reading: Reading::Raw, ..cfg() },
        Scheme { interval, ..cfg() },
        Scheme { interval, combination: Combination::CfgZeroStar { still: 3 }, ..cfg() },
        Scheme { interval, combination: Combination::CfgPlusPlus, solver: Solver::Euler, weight: 0.5, ..cfg() },
    ] {
        agree(&scheme, &MODELS, &format!("{scheme:?}"));
    }
}

#[test]
fn presets_run_as_written() {
    for id in ["ht-1.10", "ht-cosine-8", "li", "apg"] {
        let scheme = named(id).unwrap();
        agree(&scheme, &shipped(&scheme), id);
    }
    // A negative power magnifies the guidance where both models agree, and rounding with it: 6 are seen.
    let scheme = Scheme { combination: Combination::PowerLaw { power: -0.5 }, ..named("beta-cfg").unwrap() };
    agree_but(&scheme, &shipped(&scheme), "beta-cfg with a power", 12);
}

fn ends(scheme: &Scheme) -> Vec<[f32; 2]> {
    let starts = class_a_starts(3, 300);
    Sampler::new(&RunConfig { scheme: scheme.clone(), seed: 8 }, &MODELS).unwrap().sample(&starts, 2)
}

/// Rules at w = 1, and those whose own parameter turns them off.
#[test]
fn identities() {
    let none = ends(&scheme("exact:A", None, 1.0));
    let levels = NoiseLevels::default();
    for row in catalogue().combinations {
        let combination: Combination = serde_json::from_value(row.value).unwrap();
        let traits = combination.traits();
        // At l = 1 CFG++ still adds the guide's noise; some are asked whatever the weight; others need what this scheme has not.
        let asked = traits.alone || traits.always;
        let other = matches!(
            combination,
            Combination::CfgPlusPlus | Combination::FeynmanKac { .. } | Combination::CfgZeroStar { .. }
        );
        if !asked && !other {
            assert_eq!(
                ends(&Scheme { weight: 1.0, combination: combination.clone(), ..cfg() }),
                none,
                "{combination:?}"
            );
        }
    }
    let lerp = ends(&cfg());
    let close = |a: &[[f32; 2]], b: &[[f32; 2]], what: &str| {
        // A watershed may decide otherwise for one in a hundred.
        let far = a.iter().zip(b).filter(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1]) > 1e-3).count();
        assert!(far <= 3, "{what}: {far} of {}", a.len());
    };
    for combination in [
        Combination::Tsr { sharpness: 1.0, width: 0.3 },
        Combination::PowerLaw { power: 0.0 },
        Combination::NormClip { radius: 0.0 },
        Combination::Apg { momentum: 0.0, parallel: 1.0, radius: 0.0 },
    ] {
        let scheme = Scheme { combination, ..cfg() };
        close(&ends(&scheme), &lerp, &format!("{:?}", scheme.combination));
    }
    for space in [Space::Epsilon, Space::Denoised] {
        assert_eq!(ends(&Scheme { space, ..cfg() }), lerp, "{space:?} at k = 1");
    }
    let still = Combination::Momentum { strength: 0.0, rate: 0.5 };
    close(&ends(&Scheme { combination: still, ..scheme("exact:A", None, 1.0) }), &none, "no momentum");
    let churn = Solver::Churn { churn: 0.0, min: 0.0, max: 50.0, noise: 1.0 };
    close(&ends(&Scheme { solver: churn, ..cfg() }), &lerp, "no churn");
    let curve = Schedule::Curve { points: vec![[0.0, 0.0], [1.0, 2.0]] };
    close(
        &ends(&Scheme { schedule: curve, ..cfg() }),
        &ends(&Scheme { schedule: Schedule::Linear, ..cfg() }),
        "a line",
    );

    // CFG++ is CFG with w_i = l / (1 - sigma+/sigma) under Euler: as a curve over the steps that is read raw.
    let sigmas = levels.sigmas().unwrap();
    let points = (0..32).map(|i| [i as f64 / 31.0, 1.0 / (1.0 - sigmas[i + 1] / sigmas[i])]).collect();
    let euler = Scheme { solver: Solver::Euler, weight: 0.6, ..cfg() };
    let plus = ends(&Scheme { combination: Combination::CfgPlusPlus, ..euler.clone() });
    let curve = Scheme { schedule: Schedule::Curve { points }, reading: Reading::Raw, ..euler };
    close(&plus, &ends(&curve), "CFG++");
}

/// For a point mass at c the score at sigma is (c - x)/sigma^2, so every rule has a closed form: here by hand.
#[test]
fn a_point_mass_is_pulled_as_stated() {
    // s1 = -x/sigma^2, s0 = -x/(k sigma)^2, x = (1, 0), sigma = 1/2, k = 2, w = 3.
    let (s1, s0, k, w) = (-4.0, -1.0, 2.0, 3.0);
    for (space, guided) in [
        // s0 + w (s1 - s0); its excess over s1 is -(w - 1) (x/sigma^2)(1 - 1/k^2).
        (Space::Score, s1 - 2.0 * 4.0 * 0.75),
        // -(w - 1)(x/sigma)(1 - 1/k) over sigma.
        (Space::Epsilon, s1 - 2.0 * 2.0 * 0.5 / 0.5),
        (Space::Denoised, s1),
    ] {
        let factor = space.factor(k);
        assert_eq!(factor * s0 + w * (s1 - factor * s0), guided, "{space:?}");
    }
}
