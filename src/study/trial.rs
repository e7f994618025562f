//! One scheme, run with several seeds and judged.

use super::grid::Point;
use super::metrics::{COUNT, EVALUATED, Ended, METRICS, OWN};
use super::row::Outcome;
use crate::error::{Error, Result};
use crate::guidance::Scheme;
use crate::plane::Models;
use crate::plane::distribution::{Classes, Distribution, Mixture, MixtureLanes};
use crate::plane::engine::RunConfig;
use crate::plane::engine::cpu::Sampler;
use crate::plane::metrics::{Cost, Difference, Evaluator, Floor, Metric, Scores, is_lost, mean_difference, paired};
use crate::plane::starts;
use crate::sampling::NoiseLevels;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

/// Evaluations of models between two looks at whether to go on: about a tenth of a second of one core.
const PIECE: usize = 1 << 17;

/// Steps of the exact ODE's reference: four times the paper's, so that its own error is small beside any scheme's.
const REFERENCE_STEPS: u32 = 128;

/// What a run gave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trial {
    /// Values of [`METRICS`].
    pub values: [f64; COUNT],
    /// Their standard errors.
    pub errors: [f64; COUNT],
    /// The values less those of the main model alone, or of what is compared against, from the same starts.
    pub differences: [Difference; COUNT],
    /// Particles that are lost; the values are of the others.
    pub lost: usize,
    /// What it took.
    pub cost: Cost,
}

/// A metric over the seeds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EstimateOverSeeds {
    /// Mean over seeds.
    pub value: f64,
    /// Its standard error, from the spread of particles within the runs.
    pub standard_error: f64,
    /// Standard deviation of one seed's value; none of one seed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deviation: Option<f64>,
    /// What a perfect sampler gives at this number of particles, lost ones left out.
    pub floor: Floor,
    /// The mean less that of the main model alone, or of what is compared against, from the same starts.
    pub difference: Difference,
}

/// The metrics of a scheme over its seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Results {
    /// In the order of [`METRICS`].
    pub estimates: [EstimateOverSeeds; COUNT],
    /// Evaluations for each particle, and the mean time of a run.
    pub cost: Cost,
    /// Each seed's values.
    pub values: Vec<[f64; COUNT]>,
    /// Particles that are lost, in all seeds together; the metrics are of the others.
    pub lost: usize,
}

impl Results {
    /// A metric.
    pub fn of(&self, metric: Metric) -> &EstimateOverSeeds {
        &self.estimates[metric.index()]
    }

    pub(super) fn to_json(&self) -> Value {
        let mut all: Map<String, Value> =
            METRICS.iter().zip(&self.estimates).map(|(m, e)| (m.id.to_owned(), json!(e))).collect();
        all.insert("cost".to_owned(), json!(self.cost));
        all.insert("lost".to_owned(), json!(self.lost));
        all.into()
    }
}

/// The scores of a run with what this module adds.
struct Scored {
    scores: Scores,
    /// Of each of this module's own metrics, what each particle contributes; NaN where it is lost.
    own: [Vec<f64>; OWN.len()],
    cost: Cost,
}

/// Runs schemes from the same starts and judges them against class A.
pub struct Trials {
    evaluator: Evaluator,
    data: Arc<Mixture>,
    lanes: MixtureLanes,
    exact: Models,
    particles: usize,
    threads: usize,
    /// Endpoints of the exact ODE, by the highest noise level and the seed.
    references: BTreeMap<(u64, u64), Vec<[f32; 2]>>,
    /// What all are compared against; nothing is each one's main model alone.
    against: Option<Scheme>,
    /// Runs that are compared against, by scheme and seed.
    bases: BTreeMap<(String, u64), Arc<Scored>>,
}

impl Trials {
    /// Runs of `particles` each on the paper's tree, by `threads` threads.
    ///
    /// # Errors
    /// If there are no particles, or too few for a spread.
    pub fn new(particles: usize, threads: usize) -> Result<Self> {
        Self::over(Distribution::PAPER, particles, threads)
    }

    /// Runs of `particles` each on a distribution, which has to be that of the models, by `threads` threads.
    ///
    /// # Errors
    /// If there are no particles, or too few for a spread.
    pub fn over(distribution: Distribution, particles: usize, threads: usize) -> Result<Self> {
        if particles < 2 {
            return Err(Error::invalid("The number of particles", "2 or more", particles));
        }
        let exact = Models::over(distribution);
        let data = Arc::clone(exact.mixture(Classes::A));
        Ok(Self {
            evaluator: Evaluator::new(Arc::clone(&data)),
            lanes: MixtureLanes::new(&data),
            data,
            exact,
            particles,
            threads,
            references: BTreeMap::new(),
            against: None,
            bases: BTreeMap::new(),
        })
    }

    /// All are compared against this scheme, in place of each one's main model alone.
    pub fn against(self, scheme: Scheme) -> Self {
        Self { against: Some(scheme), ..self }
    }

    /// One run: starts, noise and all from `seed`.
    ///
    /// # Errors
    /// If the scheme is refused, a model is not there, or all particles are lost.
    pub fn run(&mut self, scheme: &Scheme, seed: u64, models: &Models) -> Result<Trial> {
        self.run_while(scheme, seed, models, &mut || true).map(|trial| trial.expect("nothing interrupts"))
    }

    /// The same; none where `go_on`, asked every now and then, says no.
    fn run_while(
        &mut self,
        scheme: &Scheme,
        seed: u64,
        models: &Models,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<Option<Trial>> {
        let other = self.against.clone().unwrap_or_else(|| scheme.unguided());
        let key = (serde_json::to_string(&other).expect("a scheme becomes JSON"), seed);
        let base = match self.bases.get(&key) {
            Some(base) => Arc::clone(base),
            None => {
                let Some(base) = self.score(&other, seed, models, go_on)? else { return Ok(None) };
                let base = Arc::new(base);
                self.bases.insert(key, Arc::clone(&base));
                base
            }
        };
        let scored = if *scheme == other {
            Arc::clone(&base)
        } else {
            let Some(scored) = self.score(scheme, seed, models, go_on)? else { return Ok(None) };
            Arc::new(scored)
        };
        let of_evaluated = paired(&scored.scores, &base.scores)?.into_list();
        let (evaluated, errors) = (scored.scores.values.into_list(), scored.scores.standard_errors().into_list());
        let some = |list: &[f64]| list.iter().copied().filter(|v| !v.is_nan()).collect::<Vec<_>>();
        let own = scored.own.each_ref().map(|list| moments(&some(list)));
        let of_own: [_; OWN.len()] = std::array::from_fn(|i| mean_difference(&scored.own[i], &base.own[i]));
        Ok(Some(Trial {
            values: std::array::from_fn(|i| if i < EVALUATED { evaluated[i] } else { own[i - EVALUATED].value }),
            errors: std::array::from_fn(|i| if i < EVALUATED { errors[i] } else { own[i - EVALUATED].standard_error }),
            differences: std::array::from_fn(|i| match i.checked_sub(EVALUATED) {
                None => of_evaluated[i],
                Some(i) => of_own[i],
            }),
            lost: scored.scores.lost,
            cost: scored.cost,
        }))
    }

    /// What a perfect sampler gives for each of [`METRICS`].
    pub fn floors(&mut self) -> [Floor; COUNT] {
        self.floors_at(self.particles)
    }

    /// The same at another number of particles.
    fn floors_at(&mut self, particles: usize) -> [Floor; COUNT] {
        let evaluated = self.evaluator.floors(particles);
        std::array::from_fn(|i| {
            if i < EVALUATED { evaluated[i] } else { (OWN[i - EVALUATED].floor)(&self.data, particles) }
        })
    }

    /// Mean of log p over the data.
    pub fn mean_log_density(&self) -> f64 {
        self.evaluator.regions().mean_log_density()
    }

    /// All seeds of a point. `go_on` is told of each that it begins, by 1, and asked every now and then meanwhile, by 0; none is the answer
    /// where it says no.
    pub fn point(
        &mut self,
        point: &Point,
        seeds: &[u64],
        models: &Models,
        mut go_on: impl FnMut(u64) -> bool,
    ) -> Option<Outcome> {
        let scheme = match &point.scheme {
            Ok(scheme) => scheme,
            Err(reason) => return Some(Outcome::Refused(reason.clone())),
        };
        let mut trials = Vec::with_capacity(seeds.len());
        for &seed in seeds {
            if !go_on(1) {
                return None;
            }
            match self.run_while(scheme, seed, models, &mut || go_on(0)) {
                Ok(Some(trial)) => trials.push(trial),
                Ok(None) => return None,
                Err(reason) => return Some(Outcome::Refused(reason)),
            }
        }
        // At as many particles as a seed has kept.
        let kept = self.particles - trials.iter().map(|trial| trial.lost).sum::<usize>() / trials.len().max(1);
        Some(Outcome::Results(Box::new(results(&trials, &self.floors_at(kept)))))
    }

    fn score(
        &mut self,
        scheme: &Scheme,
        seed: u64,
        models: &Models,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<Option<Scored>> {
        let sampler = Sampler::new(&RunConfig { scheme: scheme.clone(), seed }, models)?;
        let (highest, steps) = (scheme.levels.max, sampler.steps());
        let starts = starts(&self.data, highest, seed, 0..self.particles);
        let before = Instant::now();
        let Some(ends) = ends(&sampler, &starts, self.threads, go_on) else { return Ok(None) };
        let milliseconds = 1e3 * before.elapsed().as_secs_f64();
        let key = (highest.to_bits(), seed);
        if !self.references.contains_key(&key) {
            let levels = NoiseLevels { steps: REFERENCE_STEPS, max: highest, ..NoiseLevels::default() };
            let scheme = Scheme { main: "exact:A".into(), levels, ..Scheme::default() };
            let sampler = Sampler::new(&RunConfig { scheme, seed }, &self.exact)?;
            let Some(truth) = self::ends(&sampler, &starts, self.threads, go_on) else { return Ok(None) };
            self.references.insert(key, truth);
        }
        let scores = self.evaluator.scores(&ends)?;
        let references = &self.references[&key];
        let ended = Ended { ends: &ends, references, lanes: &self.lanes };
        let lost: Vec<bool> = ends.iter().zip(references).map(|(&a, &b)| is_lost(a) || is_lost(b)).collect();
        let own = OWN.map(|own| {
            let all = (own.contributions)(&ended).into_iter().zip(&lost);
            all.map(|(each, &lost)| if lost { f64::NAN } else { each }).collect()
        });
        let cost = Cost { evaluations_per_particle: sampler.evaluations(steps), milliseconds };
        Ok(Some(Scored { scores, own, cost }))
    }
}

/// Where particles end that begin at `starts`; none where `go_on` says no on the way.
fn ends(
    sampler: &Sampler,
    starts: &[[f32; 2]],
    threads: usize,
    go_on: &mut dyn FnMut() -> bool,
) -> Option<Vec<[f32; 2]>> {
    let (steps, evaluations) = (sampler.steps(), sampler.evaluations(sampler.steps()));
    // Particles that depend on each other stay together.
    let most = if sampler.plan().couples() { starts.len() } else { (steps * PIECE / evaluations).max(1) };
    let mut ends = Vec::with_capacity(starts.len());
    for (number, starts) in starts.chunks(most).enumerate() {
        let mut particles = sampler.begin(number * most, starts.to_vec());
        let at_once = (steps * PIECE / evaluations / starts.len()).max(1);
        for first in (0..steps).step_by(at_once) {
            if !go_on() {
                return None;
            }
            sampler.advance(&mut particles, first..steps.min(first + at_once), threads);
        }
        ends.append(&mut particles.positions);
    }
    Some(ends)
}

/// The mean, and its standard error.
fn moments(values: &[f64]) -> Difference {
    let n = values.len() as f64;
    let value = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - value) * (v - value)).sum();
    Difference { value, standard_error: (squares / (n - 1.0) / n).sqrt() }
}

/// What several seeds say together.
pub fn results(trials: &[Trial], floors: &[Floor; COUNT]) -> Results {
    let n = trials.len() as f64;
    let mean = |of: &dyn Fn(&Trial) -> f64| trials.iter().map(of).sum::<f64>() / n;
    let error = |of: &dyn Fn(&Trial) -> f64| trials.iter().map(|t| of(t) * of(t)).sum::<f64>().sqrt() / n;
    let estimates = std::array::from_fn(|i| {
        let across = moments(&trials.iter().map(|t| t.values[i]).collect::<Vec<_>>());
        EstimateOverSeeds {
            value: across.value,
            standard_error: error(&|t| t.errors[i]),
            deviation: (trials.len() > 1).then_some(across.standard_error * n.sqrt()),
            floor: floors[i],
            difference: Difference {
                value: mean(&|t| t.differences[i].value),
                standard_error: error(&|t| t.differences[i].standard_error),
            },
        }
    });
    let evaluations_per_particle = trials.first().map_or(0, |t| t.cost.evaluations_per_particle);
    let cost = Cost { evaluations_per_particle, milliseconds: mean(&|t| t.cost.milliseconds) };
    let lost = trials.iter().map(|t| t.lost).sum();
    Results { estimates, cost, values: trials.iter().map(|t| t.values).collect(), lost }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guidance::Guide;
    use crate::plane::catalogue::named;

    fn guided() -> Scheme {
        Scheme { main: "exact:A".into(), guide: Some(Guide::new("exact:A", 1.1)), weight: 3.0, ..Scheme::default() }
    }

    #[test]
    fn trials_are_what_the_library_says_of_the_same_run() {
        let models = Models::new();
        let mut trials = Trials::new(200, 1).unwrap();
        let found = trials.run(&guided(), 7, &models).unwrap();
        let data = models.mixture(Classes::A);
        let start = starts(data, 5.0, 7, 0..200);
        let run = |scheme| Sampler::new(&RunConfig { scheme, seed: 7 }, &models).unwrap().sample(&start, 1);
        let (ends, alone) = (run(guided()), run(Scheme { main: "exact:A".into(), ..Scheme::default() }));
        let mut evaluator = Evaluator::new(Arc::clone(data));
        let metrics = evaluator.metrics(&ends).unwrap().estimates.into_list();
        let difference =
            paired(&evaluator.scores(&ends).unwrap(), &evaluator.scores(&alone).unwrap()).unwrap().into_list();
        let floors = trials.floors();
        for i in 0..EVALUATED {
            assert_eq!((found.values[i], found.errors[i]), (metrics[i].value, metrics[i].standard_error));
            assert_eq!(found.differences[i], difference[i]);
            assert_eq!(floors[i], metrics[i].floor);
        }
        assert_eq!(found.cost.evaluations_per_particle, 126);
        // The trunk is a quarter of the data, and gains.
        let share = found.values[Metric::MAIN_BRANCH_SHARE.index()];
        assert!((floors[Metric::MAIN_BRANCH_SHARE.index()].mean - 0.257).abs() < 1e-3 && share > 0.3, "{share}");
        // 32 steps in place of 128 lead nearly everywhere to the same place; guidance does not.
        let distance = Metric::ENDPOINT_DISTANCE.index();
        let apart = found.values[distance] - found.differences[distance].value;
        assert!(apart < 0.02 && found.values[distance] > 5.0 * apart, "{apart} {}", found.values[distance]);
    }

    #[test]
    fn names_are_those_of_the_metrics() {
        let models = Models::new();
        let points = starts(models.mixture(Classes::A), 0.0, 1, 0..10);
        let json =
            serde_json::to_value(Evaluator::new(Arc::clone(models.mixture(Classes::A))).metrics(&points).unwrap())
                .unwrap();
        for metric in &METRICS[..EVALUATED] {
            assert!(json.get(metric.id).is_some(), "{}", metric.id);
            assert_eq!(Metric::named(metric.id), Some(*metric));
        }
    }

    #[test]
    fn seeds_are_averaged_and_their_spread_is_told() {
        let trial = |value: f64| Trial {
            values: [value; COUNT],
            errors: [3.0; COUNT],
            differences: [Difference { value: -value, standard_error: 4.0 }; COUNT],
            lost: value as usize,
            cost: Cost { evaluations_per_particle: 63, milliseconds: value },
        };
        let found = results(&[trial(1.0), trial(2.0), trial(6.0)], &[Floor::default(); COUNT]);
        let e = found.estimates[3];
        assert_eq!((e.value, e.difference.value, found.cost.milliseconds, found.lost), (3.0, -3.0, 3.0, 9));
        // Errors add as squares: sqrt(3 * 9) / 3; the variance of 1, 2 and 6 is 7.
        assert!((e.standard_error - 3f64.sqrt()).abs() < 1e-12);
        assert!((e.difference.standard_error - 4.0 / 3f64.sqrt()).abs() < 1e-12);
        assert!((e.deviation.unwrap() - 7f64.sqrt()).abs() < 1e-12);
        assert_eq!(results(&[trial(1.0)], &[Floor::default(); COUNT]).estimates[0].deviation, None);
    }

    #[test]
    fn refused_points_and_interruptions_are_no_results() {
        let mut trials = Trials::new(20, 1).unwrap();
        let models = Models::new();
        let bad = Point::single(&Scheme { weight: 2.0, ..Scheme::default() });
        assert!(matches!(trials.point(&bad, &[1], &models, |_| true), Some(Outcome::Refused(_))));
        let absent = Point::single(&named("none").unwrap());
        assert!(matches!(trials.point(&absent, &[1], &models, |_| true), Some(Outcome::Refused(_))));
        let good = Point::single(&guided());
        let mut begun = 0;
        let mut until = |last: u64, asked: u64| {
            begun = 0;
            trials.point(&good, &[1, 2, 3], &models, |runs| {
                begun += runs;
                begun < last || (runs > 0 && asked > 0)
            })
        };
        // Before the second run, and on its way.
        assert_eq!([until(2, 0), until(2, 1)], [None, None]);
        assert_eq!(begun, 2);
    }
}
