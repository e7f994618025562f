//! A scheme as both engines execute it: rows of coefficients.

#[cfg(not(target_arch = "wasm32"))]
use crate::error::Error;
use crate::error::Result;
use crate::guidance::rule::{Carries, Moment, Place, Rule, Time, Traits, Update, own};
use crate::guidance::{Combination, Scheme};
#[cfg(not(target_arch = "wasm32"))]
use crate::json::decimal;
#[cfg(not(target_arch = "wasm32"))]
use crate::sampling::Solver;
use crate::sampling::{Step, still};
#[cfg(feature = "gpu")]
use std::borrow::Cow;
use std::ops::Range;

/// The noise level from which on there is nothing but noise.
#[cfg(not(target_arch = "wasm32"))]
pub const PURE_NOISE: f64 = 1e9;

/// What a run does with its particles, step by step.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The noise levels, the last zero: step `i` goes from `sigmas[i]` to `sigmas[i + 1]`.
    pub sigmas: Vec<f64>,
    /// The noise levels that models are asked at.
    pub stages: Vec<f64>,
    /// How particles move, in order: one row for each step, or several.
    pub rows: Vec<Row>,
    /// The rule.
    pub combination: Combination,
    /// Its row.
    pub rule: Traits,
    /// What it is, if it is one's own.
    pub own: Option<own::Program>,
    /// k: the guide is asked at k sigma.
    pub sigma_scale: f64,
    /// What the guide's score is multiplied by before it is mixed.
    pub factor: f64,
    /// Whether any step needs the guide.
    pub guided: bool,
}

/// A step or part of one, and what guides it.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The step that it is of.
    pub of: usize,
    /// The solver's coefficients.
    pub step: Step,
    /// Which of the plan's stages it begins with, and ends with if there is a second.
    pub stages: [usize; 2],
    /// The weight in each stage; 1 needs no guide.
    pub weights: [f64; 2],
    /// The weight of the whole step as the scheme has it, in s0 + w (s1 - s0): other than `weights` where a solver moves several times.
    pub weight: f64,
    /// The weight as the scheme itself has it: under CFG++ another.
    pub own_weight: f64,
    /// What becomes of the evidence that particles carry for the rule.
    pub update: Option<Update>,
    /// When in the run each stage is, as rules of one's own are told.
    pub time: [Time; 2],
}

/// mix.wgsl, or what stands in its place for a rule of one's own.
#[cfg(feature = "gpu")]
pub(crate) fn rules(own: Option<&own::Program>) -> Cow<'static, str> {
    use crate::gpu::MIX;
    let Some(program) = own else { return MIX.into() };
    let (structs, _) = MIX.split_once("fn mix_rule").expect("the rules are the last function of mix.wgsl");
    [structs, &program.shader()].concat().into()
}

impl Plan {
    /// Work a scheme out.
    ///
    /// # Errors
    /// If a number is out of range, or the parts make no sense together.
    pub fn new(scheme: &Scheme) -> Result<Self> {
        scheme.validate()?;
        Self::through(scheme, scheme.levels.sigmas()?)
    }

    /// The same through noise levels of somebody else's, as a pipeline of another program has them: `sigmas`, at least two that fall and
    /// then 0. The first may be infinite, which is pure noise, as a flow's time 1; it counts as [`PURE_NOISE`], and the step from it and
    /// the one after it are Euler's, since it has no slope to correct and no estimate to go on from.
    ///
    /// # Errors
    /// As of [`new`](Self::new), if the levels are none, or if this solver has no step from pure noise.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn over(scheme: &Scheme, mut sigmas: Vec<f64>) -> Result<Self> {
        scheme.validate()?;
        let falls = sigmas.windows(2).all(|pair| pair[0] > pair[1]) && sigmas.last() == Some(&0.0);
        if sigmas.len() < 3 || !falls {
            let list = sigmas.iter().map(|&sigma| decimal(sigma)).collect::<Vec<_>>().join(", ");
            return Err(Error::invalid("The list of noise levels", "at least two that fall, and then 0", list));
        }
        let pure = sigmas[0] >= PURE_NOISE;
        if pure {
            sigmas[0] = PURE_NOISE;
            if !matches!(scheme.solver, Solver::Heun | Solver::Euler | Solver::DpmPlusPlus2m | Solver::Ancestral) {
                let needs = "Heun, Euler, DPM-Solver++(2M) or ancestral, which have a step from there";
                return Err(Error::invalid("The solver that begins at pure noise", needs, scheme.solver.variant()));
            }
        }
        let mut plan = Self::through(scheme, sigmas)?;
        if pure {
            for row in &mut plan.rows {
                if row.of < plan.rule.still {
                    // What stands still is a flow's x/(1 + sigma).
                    row.step.keep = (1.0 + plan.sigmas[row.of + 1]) / (1.0 + plan.sigmas[row.of]);
                } else if row.of == 0 && row.step.correct.is_some() || row.of == 1 && row.step.recall != 0.0 {
                    row.step = Solver::Euler.step(&plan.sigmas, 0, row.of);
                }
            }
        }
        Ok(plan)
    }

    fn through(scheme: &Scheme, sigmas: Vec<f64>) -> Result<Self> {
        let mut stages: Vec<f64> = Vec::new();
        let mut stage = |sigma: f64| match stages.iter().rposition(|&s| s == sigma) {
            Some(found) => found,
            None => {
                stages.push(sigma);
                stages.len() - 1
            }
        };
        let rule = scheme.combination.traits();
        let sigma_scale = scheme.guide.as_ref().map_or(1.0, |guide| guide.sigma_scale);
        let mut rows = Vec::new();
        for i in 0..sigmas.len() - 1 {
            // Without a guide there is none to go back by.
            let goes_back = scheme.solver.is_of_euler();
            let before = if goes_back && scheme.guide.is_none() { 0 } else { scheme.solver.moves_before(&sigmas, i) };
            let weights = scheme.weights(&sigmas, i);
            for k in 0..=before {
                let step = match k {
                    _ if i < rule.still => still(sigmas[i]),
                    _ if k < before => scheme.solver.before(&sigmas, i, k),
                    _ => scheme.solver.step(&sigmas, rule.still, i),
                };
                let first = stage(step.sigma);
                let second = if step.correct.is_some() { stage(sigmas[i + 1]) } else { first };
                rows.push(Row {
                    of: i,
                    step,
                    stages: [first, second],
                    weights: weights.map(|weight| step.pull[0] + step.pull[1] * weight),
                    weight: weights[0],
                    own_weight: scheme.own_weight(&sigmas, i),
                    update: scheme.combination.update(&sigmas, i, step.sigma, scheme.weight),
                    time: Time::of(&sigmas, i, sigma_scale),
                });
            }
        }
        let guided = scheme.guide.is_some() && (rule.always || rows.iter().any(|row: &Row| row.guided_stages() > 0));
        let factor = scheme.space.factor(sigma_scale);
        Ok(Self {
            sigmas,
            stages,
            rows,
            rule,
            own: own::Program::of(&scheme.combination)?,
            combination: scheme.combination.clone(),
            sigma_scale,
            factor,
            guided,
        })
    }

    /// Steps in all: step `i` goes from `sigmas[i]` to `sigmas[i + 1]`.
    pub fn steps(&self) -> usize {
        self.sigmas.len() - 1
    }

    /// Which rows some steps consist of.
    pub fn rows_of(&self, steps: Range<usize>) -> Range<usize> {
        let end = |step| self.rows.partition_point(|row| row.of < step);
        end(steps.start)..end(steps.end)
    }

    /// The row that a step ends with.
    pub fn last_row(&self, step: usize) -> usize {
        self.rows_of(0..step + 1).end - 1
    }

    /// What a step is as a whole: its last row, with the weight that the scheme has.
    pub fn step(&self, step: usize) -> Row {
        let row = self.rows[self.last_row(step)];
        Row { weights: [row.weight, row.weights[1]], ..row }
    }

    /// What happens at one noise level alone: the step that passes it, as if it began there.
    #[must_use]
    pub fn at_level(self, sigma: f64) -> Self {
        let passing = self.sigmas[..self.steps()].iter().rposition(|&from| from >= sigma).unwrap_or(0);
        let mut row = self.step(passing);
        row.of = 0;
        row.stages = [0, 0];
        row.step.sigma = sigma;
        Self { sigmas: vec![sigma, 0.0], stages: vec![sigma], rows: vec![row], ..self }
    }

    /// The guidance weight w in s0 + w (s1 - s0) of a step's first stage, 1 where nothing guides. Under CFG++ that of the
    /// Euler step that its own amounts to.
    pub fn weight(&self, step: usize) -> f64 {
        if self.guided { self.step(step).weights[0] } else { 1.0 }
    }

    /// The weight w of each step as the scheme itself has it, 1 where nothing guides: that of its schedule, which under CFG++ is not
    /// [`weight`](Self::weight).
    pub fn own_weights(&self) -> Vec<f64> {
        (0..self.steps()).map(|step| if self.guided { self.step(step).own_weight } else { 1.0 }).collect()
    }

    /// Evaluations of models for each particle in the first `steps` steps: main and guide count one each.
    pub fn evaluations(&self, steps: usize) -> usize {
        let guide = |row: &Row| (0..row.stages()).filter(|&stage| self.asks_guide(row, stage)).count();
        self.rows[self.rows_of(0..steps)].iter().map(|row| row.stages() + guide(row)).sum()
    }

    /// Whether the guide is asked in a stage of a step.
    pub fn asks_guide(&self, row: &Row, stage: usize) -> bool {
        self.guided && (row.weights[stage] != 1.0 || self.rule.always)
    }

    /// What a rule is told in a stage of a row: of the evidence that a particle carries, or of log p1 - log p0, `ratio`.
    pub fn moment(&self, row: usize, stage: usize, ratio: f64) -> Moment<f64> {
        let of = &self.rows[row];
        Moment { sigma: self.stages[of.stages[stage]], weight: of.weights[stage], place: Place::of(row, stage), ratio }
    }

    /// The rule as it is asked in a stage of a row.
    pub fn rule(&self, at: [usize; 2]) -> Rule<'_> {
        Rule {
            combination: &self.combination,
            traits: self.rule,
            own: self.own.as_ref().map(|program| (program, self.rows[at[0]].time[at[1]])),
        }
    }

    /// What a device is told of a stage of a row for rules of one's own: sigma_next, u in both stages of the step, and k; which step
    /// it is, and how many there are. (Beside a step that evidence is carried through, these are not asked for.)
    #[cfg(feature = "gpu")]
    pub(crate) fn told(&self, row: &Row) -> ([f32; 4], [f32; 2]) {
        if self.own.is_some() {
            let [first, second] = row.time;
            let time = [first.next, first.u, second.u, first.scale].map(|number| number as f32);
            return (time, [first.step, first.steps].map(|number| number as f32));
        }
        ([0.0; 4], [f32::MIN, f32::MAX])
    }

    /// What a device has in place of mix.wgsl.
    #[cfg(feature = "gpu")]
    pub(crate) fn rules(&self) -> Cow<'static, str> {
        rules(self.own.as_ref())
    }

    /// Whether particles carry something from step to step besides their positions.
    pub fn remembers(&self) -> bool {
        !matches!(self.rule.carries, Carries::Nothing | Carries::Ratio)
            || self.rows.iter().any(|row| row.step.recall != 0.0)
    }

    /// Whether particles depend on each other.
    pub fn couples(&self) -> bool {
        self.rule.resampling.is_some()
    }

    /// Share of effective particles below which they are resampled after a step; 1 stands for any weights that differ. The
    /// last step goes to the data without noise, and before it all weights become one.
    pub fn resampling(&self, step: usize) -> Option<f64> {
        let threshold = self.rule.resampling?;
        match self.steps() - step {
            0 | 1 => None,
            2 => Some(1.0),
            _ => Some(threshold),
        }
    }

    /// What a guided step adds to the logarithms of particles' weights (FKC): w (w - 1)/2 |s1 - s0|^2 dtau; for a guide at k
    /// sigma also (w - 1)(k^2 - 1)/2 (lap log p0 + |s0|^2) dtau; and at the beginning, where particles stand for p1 and not
    /// for p1^w p0^(1-w), (w - 1)(log p1 - log p0). These three factors.
    pub fn weighing(&self, row: &Row) -> [f64; 3] {
        let excess = row.weights[0] - 1.0;
        // The last step is without noise, and adds nothing.
        let dtau = if row.step.spread != 0.0 { row.step.push } else { 0.0 };
        let stretch = self.sigma_scale * self.sigma_scale - 1.0;
        [0.5 * row.weights[0] * excess * dtau, 0.5 * excess * stretch * dtau, excess]
    }
}

impl Row {
    /// Evaluations of the main model: one or two.
    pub fn stages(&self) -> usize {
        1 + usize::from(self.step.correct.is_some())
    }

    fn guided_stages(&self) -> usize {
        self.weights[..self.stages()].iter().filter(|&&w| w != 1.0).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guidance::{Guide, Interval};
    use crate::sampling::Solver;

    fn guided(solver: Solver) -> Scheme {
        Scheme { guide: Some(Guide::new("exact:AB", 1.1)), weight: 3.0, solver, ..Scheme::default() }
    }

    #[test]
    fn the_papers_run_costs_63_evaluations_of_each_model() {
        let count = |scheme: &Scheme| Plan::new(scheme).unwrap().evaluations(32);
        assert_eq!(count(&Scheme::default()), 63);
        assert_eq!(count(&guided(Solver::Heun)), 126);
        assert_eq!(count(&guided(Solver::Euler)), 64);
        assert_eq!(count(&Scheme { weight: 1.0, ..guided(Solver::Heun) }), 63);
        // Outside of the interval no guide is asked.
        let scheme = Scheme { interval: Some(Interval { low: 0.1, high: 1.0 }), ..guided(Solver::Euler) };
        let plan = Plan::new(&scheme).unwrap();
        let inside = plan.sigmas.iter().filter(|&&s| s > 0.1 && s <= 1.0).count();
        assert!(inside > 3 && plan.evaluations(32) == 32 + inside);
    }

    #[test]
    fn churned_levels_are_stages_of_their_own() {
        let churn = Solver::Churn { churn: 10.0, min: 0.1, max: 1.0, noise: 1.0 };
        let plan = Plan::new(&guided(churn)).unwrap();
        let churned = plan.rows.iter().filter(|row| row.step.kick > 0.0).count();
        assert!(churned > 3);
        for (i, row) in plan.rows.iter().enumerate() {
            assert_eq!(plan.stages[row.stages[0]], row.step.sigma);
            assert_eq!(row.step.kick > 0.0, row.step.sigma > plan.sigmas[i]);
            if row.step.correct.is_some() {
                assert_eq!(plan.stages[row.stages[1]], plan.sigmas[i + 1]);
            }
        }
        assert_eq!(Plan::new(&guided(Solver::Heun)).unwrap().stages.len(), 32);
    }

    #[test]
    fn a_level_has_the_weight_of_the_step_that_passes_it() {
        let interval = Some(Interval { low: 0.1, high: 1.0 });
        let plan = Plan::new(&Scheme { interval, ..guided(Solver::Heun) }).unwrap();
        for (sigma, passing) in [(50.0, 0), (5.0, 0), (plan.sigmas[7], 7), (0.999 * plan.sigmas[7], 7), (0.0001, 31)] {
            let level = plan.clone().at_level(sigma);
            assert_eq!((level.rows.len(), level.weight(0)), (1, plan.weight(passing)), "{sigma}");
            assert_eq!(level.stages[level.rows[0].stages[0]], sigma);
        }
        assert!(plan.weight(0) == 1.0 && plan.clone().at_level(0.5).weight(0) == 3.0);
    }

    #[test]
    fn without_a_guide_there_is_no_way_back() {
        let foresight = Solver::Foresight { rounds: 2, ahead: 5, until: 0.4, weight: 5.5 };
        for solver in [foresight, Solver::ManifoldProjection { rounds: 2, until: 0.5 }] {
            let guided = guided(solver);
            assert!(Plan::new(&guided).unwrap().rows.len() > 32);
            let rows = |solver| {
                let rows = Plan::new(&Scheme { solver, ..guided.unguided() }).unwrap().rows;
                rows.into_iter().map(|row| row.step).collect::<Vec<_>>()
            };
            assert_eq!(rows(solver), rows(Solver::Euler));
        }
    }

    #[cfg(not(target_arch = "wasm32"))]
    #[test]
    fn levels_of_somebody_elses_are_followed_as_ones_own() {
        for solver in [Solver::Heun, Solver::DpmPlusPlus2m, Solver::Ancestral] {
            let scheme = Scheme { combination: Combination::Tcfg, ..guided(solver) };
            let (own, same) =
                (Plan::new(&scheme).unwrap(), Plan::over(&scheme, scheme.levels.sigmas().unwrap()).unwrap());
            assert_eq!((&own.sigmas, &own.stages), (&same.sigmas, &same.stages));
            let steps = |plan: &Plan| plan.rows.iter().map(|row| (row.step, row.weights)).collect::<Vec<_>>();
            assert_eq!(steps(&own), steps(&same));
        }
        for bad in [vec![], vec![1.0, 0.0], vec![2.0, 1.0], vec![1.0, 2.0, 0.0], vec![f64::NAN, 1.0, 0.0]] {
            let message = Plan::over(&guided(Solver::Heun), bad).unwrap_err().to_string();
            assert!(message.contains("list of noise levels"), "{message}");
        }
    }

    /// From sigma = infinity x / sigma is the noise, and the step to the next level leaves D + next x / sigma.
    #[cfg(not(target_arch = "wasm32"))]
    #[test]
    fn from_pure_noise_the_first_step_is_eulers() {
        let sigmas = || vec![f64::INFINITY, 40.0, 10.0, 2.0, 0.0];
        for solver in [Solver::Heun, Solver::Euler, Solver::DpmPlusPlus2m, Solver::Ancestral] {
            let plan = Plan::over(&guided(solver), sigmas()).unwrap();
            let Row { step: Step { sigma, keep, push, recall, spread, correct, .. }, .. } = plan.rows[0];
            let of_estimate = push / (sigma * sigma);
            assert!((of_estimate - 1.0).abs() < 1e-6 && correct.is_none() && recall == 0.0, "{solver:?}");
            // Noise from there on is what is left of x, or as much of it anew.
            assert!((((keep - of_estimate) * sigma).hypot(spread) / 40.0 - 1.0).abs() < 1e-6, "{solver:?}");
            assert_eq!(plan.rows[1].step.correct.is_some(), solver == Solver::Heun);
            assert!(
                plan.rows[1].step.recall == 0.0
                    && (plan.rows[2].step.recall != 0.0) == (solver == Solver::DpmPlusPlus2m)
            );
        }
        let still = Scheme { combination: Combination::CfgZeroStar { still: 2 }, ..guided(Solver::DpmPlusPlus2m) };
        let keeps = Plan::over(&still, sigmas()).unwrap().rows.iter().map(|row| row.step.keep).collect::<Vec<_>>();
        assert!((keeps[0] * (1.0 + PURE_NOISE) - 41.0).abs() < 1e-6 && keeps[1] == 11.0 / 41.0, "{keeps:?}");
        let message = Plan::over(&guided(Solver::ReverseSde), sigmas()).unwrap_err().to_string();
        assert!(message.contains("pure noise"), "{message}");
    }

    #[test]
    fn still_steps_do_not_move() {
        let still = |solver| Scheme { combination: Combination::CfgZeroStar { still: 2 }, ..guided(solver) };
        let plan = Plan::new(&still(Solver::Heun)).unwrap();
        for (i, row) in plan.rows.iter().enumerate() {
            assert_eq!(row.step.push == 0.0 && row.step.keep == 1.0 && row.step.correct.is_none(), i < 2);
        }
        // The first step that moves has no estimate before it to go on from: it is Euler's, and the next is of second order.
        let of = |solver| Plan::new(&still(solver)).unwrap().rows.into_iter().map(|row| row.step).collect::<Vec<_>>();
        let (multistep, euler) = (of(Solver::DpmPlusPlus2m), of(Solver::Euler));
        let close = |a: f64, b: f64| (a - b).abs() < 1e-12;
        assert_eq!(multistep[..2], euler[..2]);
        // x + (s - n) s score, and in terms of D = x + s^2 score: n/s x + (1 - n/s) D.
        assert!(close(multistep[2].keep, 1.0) && close(multistep[2].push, euler[2].push), "{:?}", multistep[2]);
        let recalls: Vec<bool> = multistep.iter().map(|step| step.recall != 0.0).collect();
        assert_eq!(recalls, [&[false; 3][..], &[true; 28], &[false]].concat());
    }
}
