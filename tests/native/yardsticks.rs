//! What rules and solvers do to Gaussians around one point, where all of it is known in closed form.

use crate::papers::Asked;
use crate::rules::{basis, gram, sum};
use guidance_playground::guidance::rule::{Mix, Moment, Place, mix};
use guidance_playground::guidance::{Combination, Guide, Scheme};
use guidance_playground::plan::Plan;
use guidance_playground::sampling::{NoiseLevels, Solver, Spacing};
use guidance_playground::study::since::{GUIDE_VARIANCE as V0, MAIN_VARIANCE as V1, ode, sde, tilt};
use nalgebra::DVector;

/// The highest noise level.
const HIGHEST: f64 = 5.0;

type Vector = DVector<f64>;

fn asked(x: &Vector, sigma: f64, weight: f64, main: Vector, guide: Vector, memory: Option<Vector>) -> Asked {
    Asked { x: x.clone(), sigma, weight, main, guide, memory, ratio: 0.0 }
}

/// The guided estimate, and what is remembered next.
fn guided(rule: &Combination, asked: &Asked) -> [Vector; 2] {
    let basis = basis(asked);
    let place = if asked.memory.is_some() { Place::First } else { Place::Beginning };
    let moment = Moment { sigma: asked.sigma, weight: asked.weight, place, ratio: 0.0 };
    let Mix { push, memory } = mix(rule, moment, &gram(&basis));
    [&asked.main + sum(push, &basis), sum(memory, &basis)]
}

/// What the rule's score is of x, where both models are Gaussians around 0: it is linear in x.
fn slope(rule: &Combination, weight: f64, sigma: f64, [v1, v0]: [f64; 2]) -> f64 {
    let x = Vector::from_row_slice(&[0.6, -0.8]);
    let [main, guide] = [v1, v0].map(|v| v / (v + sigma * sigma) * &x);
    let [found, _] = guided(rule, &asked(&x, sigma, weight, main, guide, None));
    (found - &x).dot(&x) / (sigma * sigma)
}

/// The standard deviation at the end of a run by a solver, of a start as wide as the main model's data with the noise; of those that
/// add noise, too, since all is linear.
fn ended(rule: &Combination, solver: Solver, weight: f64, steps: u32, variances: [f64; 2]) -> f64 {
    let levels = NoiseLevels { steps, min: 1e-4, max: HIGHEST, spacing: Spacing::default() };
    let scheme = Scheme { guide: Some(Guide::new("exact:AB", 1.0)), weight, solver, levels, ..Scheme::default() };
    let plan = Plan::new(&scheme).unwrap();
    let at = |sigma: f64, weight: f64| slope(rule, weight, sigma, variances);
    // x is `known` times its start, the last estimate likewise, and noise that has come since has a variance of its own.
    let (mut known, mut estimate, mut noise) = (1.0, 0.0, 0.0);
    for row in &plan.rows {
        let step = row.step;
        assert_eq!(step.kick, 0.0, "of churn it would be more");
        let slope = at(step.sigma, row.weights[0]);
        let [first, last] = row.stages.map(|stage| plan.stages[stage]);
        assert_eq!(first, step.sigma);
        let (before, factor) = (known, step.keep + step.push * slope);
        known = factor * known + step.recall * estimate;
        estimate = (1.0 + step.sigma * step.sigma * slope) * before;
        if let Some([of_first, of_second]) = step.correct {
            known = before + of_first * slope * before + of_second * at(last, row.weights[1]) * known;
        }
        noise = factor * factor * noise + step.spread * step.spread;
    }
    (known * known * (variances[0] + HIGHEST * HIGHEST) + noise).sqrt()
}

#[test]
fn solvers_of_the_ode_end_as_wide_as_known() {
    for w in [1.0, 1.5, 3.0] {
        for (solver, steps, error) in
            [(Solver::Heun, 256, 2e-3), (Solver::DpmPlusPlus2m, 256, 4e-3), (Solver::Euler, 1024, 3e-2)]
        {
            let found = ended(&Combination::Lerp, solver, w, steps, [V1, V0]);
            assert!((found / ode(w, HIGHEST) - 1.0).abs() < error, "{solver:?} {w}: {found} {}", ode(w, HIGHEST));
        }
    }
}

#[test]
fn solvers_of_the_sde_end_as_wide_as_known() {
    for w in [1.0, 1.5, 3.0] {
        for solver in [Solver::Ancestral, Solver::ReverseSde] {
            let found = ended(&Combination::Lerp, solver, w, 1024, [V1, V0]);
            assert!((found / sde(w, HIGHEST) - 1.0).abs() < 2e-2, "{solver:?} {w}: {found} {}", sde(w, HIGHEST));
        }
    }
}

/// One correction of the whole size is the reverse SDE; many lead to the tilt by 2w - 1 (Bradley and Nakkiran 2024, theorem 3).
#[test]
fn predictor_and_corrector_are_the_sde_or_the_tilt() {
    let width = |corrections, size, w| {
        ended(&Combination::Lerp, Solver::PredictorCorrector { corrections, size }, w, 1024, [V1, V0])
    };
    for w in [1.0, 1.5, 3.0] {
        let (one, many) = (width(1, 1.0, w), width(64, 0.25, w));
        assert!((one / sde(w, HIGHEST) - 1.0).abs() < 2e-2, "{w}: {one} {}", sde(w, HIGHEST));
        assert!((many / tilt(2.0 * w - 1.0) - 1.0).abs() < 2e-2, "{w}: {many} {}", tilt(2.0 * w - 1.0));
    }
}

/// Where both models are sure of one point, foresight changes nothing, and a round of manifold projection takes 1 - (h/sigma)^2 of the
/// way to it (shared by any weight).
#[test]
fn rounds_about_one_point_are_as_known() {
    let levels = NoiseLevels { steps: 12, ..NoiseLevels::default() };
    let plan = |solver| {
        let guide = Some(Guide::new("exact:AB", 1.0));
        Plan::new(&Scheme { guide, weight: 3.0, solver, levels, ..Scheme::default() }).unwrap()
    };
    let euler = plan(Solver::Euler);
    let foresight = plan(Solver::Foresight { rounds: 2, ahead: 3, until: 0.5, weight: 5.5 });
    let projection = plan(Solver::ManifoldProjection { rounds: 3, until: 0.5 });
    // Of x, what is left after each step.
    let left = |plan: &Plan, step: usize| -> f64 {
        let of_row = |row: &guidance_playground::plan::Row| row.step.keep - row.step.push / row.step.sigma.powi(2);
        plan.rows[plan.rows_of(step..step + 1)].iter().map(of_row).product()
    };
    for step in 0..euler.steps() {
        let [sigma, next] = [0, 1].map(|more| euler.sigmas[step + more]);
        let projected = if sigma / (1.0 + sigma) >= 0.5 { 3 } else { 0 };
        let share = 1.0 - (0.5 * (sigma - next) / sigma).powi(2);
        assert!((left(&euler, step) - next / sigma).abs() < 1e-12);
        assert!((left(&foresight, step) - next / sigma).abs() < 1e-12);
        assert!((left(&projection, step) - next / sigma * share.powi(projected)).abs() < 1e-12);
        assert_eq!(foresight.rows_of(step..step + 1).len(), if step % 3 == 0 && step < 6 { 5 } else { 1 });
        assert_eq!(projection.rows_of(step..step + 1).len(), 1 + 2 * projected as usize);
    }
}

/// The ODE, the SDE and the tilt p1^w p0^(1 - w) are three different answers, but for w = 1.
#[test]
fn guidance_is_no_tilt() {
    assert!((ode(1.0, HIGHEST) - tilt(1.0)).abs() < 1e-12 && (sde(1.0, HIGHEST) - tilt(1.0)).abs() < 1e-6);
    let [by_ode, by_sde, tilted] = [ode(3.0, HIGHEST), sde(3.0, HIGHEST), tilt(3.0)];
    assert!(by_ode < 0.5 * by_sde && by_sde < 0.85 * tilted, "{by_ode} {by_sde} {tilted}");
}

/// A score that is off by a factor c ends off by ((v + S^2)/v)^((1 - c)/2).
#[test]
fn epsilon_scaling_widens_as_known() {
    for divisor in [1.005, 1.02] {
        let rule = Combination::EpsilonScaling { divisor };
        let found = ended(&rule, Solver::Heun, 1.0, 1024, [V1, V1]);
        let known = V1.sqrt() * ((V1 + HIGHEST * HIGHEST) / V1).powf(0.5 * (1.0 - 1.0 / divisor));
        assert!((found / known - 1.0).abs() < 1e-4, "{divisor}: {found} {known}");
    }
}

/// Around one point EP-CFG leaves nothing of guidance.
#[test]
fn noise_of_the_same_length_is_the_main_models() {
    let rule = Combination::Renorm { least: 1.0, most: 1.0 };
    for (sigma, w) in [(0.01, 3.0), (0.3, 1.7), (5.0, 8.0)] {
        let [with, without] = [w, 1.0].map(|w| slope(&rule, w, sigma, [V1, V0]));
        assert!((with / without - 1.0).abs() < 1e-12, "{sigma} {w}: {with} {without}");
    }
}

/// D0 = (1, 0) and D1 = R (cos a, sin a): R (cos t cos a, cos t sin a + sin t).
#[test]
fn estimates_turn_by_the_angle() {
    let x = Vector::from_row_slice(&[0.3, 1.2]);
    for (length, angle, w) in [(0.7f64, 0.2f64, 3.0), (1.4, 1.0, 6.0), (2.0, 2.5, 1.3), (1.0, 1e-5, 4.0)] {
        let guide = Vector::from_row_slice(&[1.0, 0.0]);
        let main = length * Vector::from_row_slice(&[angle.cos(), angle.sin()]);
        let [found, _] = guided(&Combination::Adg, &asked(&x, 0.3, w, main, guide, None));
        let turn = ((w - 1.0) * angle).min(std::f64::consts::FRAC_PI_3);
        let known = [turn.cos() * angle.cos(), turn.cos() * angle.sin() + turn.sin()];
        assert!((found - length * Vector::from_row_slice(&known)).norm() < 1e-9, "{length} {angle} {w}");
    }
}

/// As long as G allows, or as the weight asks where that is less.
#[test]
fn estimates_grow_as_far_as_they_may() {
    let x = Vector::from_row_slice(&[0.3, 1.2, -0.1]);
    let (main, guide) = (Vector::from_row_slice(&[0.5, 0.1, 0.2]), Vector::from_row_slice(&[0.1, 0.4, -0.3]));
    let rule = Combination::Pmc { growth: 1.1 };
    let length = |w: f64| guided(&rule, &asked(&x, 0.3, w, main.clone(), guide.clone(), None))[0].norm() / main.norm();
    let plain = |w: f64| (&main + (w - 1.0) * (&main - &guide)).norm() / main.norm();
    assert!((length(4.0) - 1.1).abs() < 1e-14 && (length(50.0) - 1.1).abs() < 1e-14);
    assert!(plain(1.05) < 1.1 && (length(1.05) - plain(1.05)).abs() < 1e-14);
}

/// Of a point, evaluation k of a history that began with nothing differs from its mean by (1 - a)^k of the point: all of it is along
/// the estimate, so that eta = 0 leaves the point.
#[test]
fn history_of_a_point_is_known() {
    let point = Vector::from_row_slice(&[0.6, -0.2]);
    let (sigma, a) = (2.0, 0.3);
    let x = &point + sigma * Vector::from_row_slice(&[0.1, 0.9]);
    for parallel in [0.0, 1.0] {
        let rule = Combination::Higs { strength: 1.75, rate: a, parallel, end: 0.4 };
        let height = 1.75 * ((sigma / (1.0 + sigma) - 0.4f64) / 0.6).sqrt();
        let mut memory = None;
        for k in 0..6 {
            let [found, next] = guided(&rule, &asked(&x, sigma, 1.0, point.clone(), point.clone(), memory));
            let pushed = if k == 0 { 0.0 } else { height * parallel * (1.0 - a).powi(k) };
            assert!((found - (1.0 + pushed) * &point).norm() < 1e-12, "{parallel} {k}");
            memory = Some(next);
        }
    }
}

/// The difference of both models by evaluation, and whether the main model's estimate is guided, left as it is, or the guide's.
fn followed(rule: &Combination, lengths: &[f64]) -> Vec<f64> {
    let (x, main) = (Vector::from_row_slice(&[0.3, 1.2]), Vector::from_row_slice(&[0.5, 0.1]));
    let mut memory = None;
    let weight = |length: &f64| {
        let difference = Vector::from_row_slice(&[0.0, *length]);
        let [found, next] = guided(rule, &asked(&x, 0.5, 3.0, main.clone(), &main - &difference, memory.take()));
        memory = Some(next);
        1.0 + (found - &main).dot(&difference) / difference.norm_squared()
    };
    lengths.iter().map(weight).collect()
}

#[test]
fn guidance_begins_at_the_first_minimum_and_ends_for_good() {
    let close = |found: Vec<f64>, known: &[f64]| found.iter().zip(known).all(|(a, b)| (a - b).abs() < 1e-12);
    let begins = followed(&Combination::TransitionPoint, &[0.9, 0.5, 0.3, 0.4, 0.2, 0.1, 0.6]);
    assert!(close(begins.clone(), &[0.0, 0.0, 0.0, 3.0, 3.0, 3.0, 3.0]), "{begins:?}");
    // The noise is (-0.4, 2.2), and so is the guide's but for twice the difference.
    let ends = followed(&Combination::AdaptiveGuidance { cosine: 0.995 }, &[-1.0, -0.9, 0.01, -1.0]);
    assert!(close(ends.clone(), &[3.0, 3.0, 1.0, 1.0]), "{ends:?}");
    let never = followed(&Combination::AdaptiveGuidance { cosine: 1.0 }, &[-1.0, 0.01, -1.0]);
    assert!(close(never.clone(), &[3.0; 3]), "{never:?}");
}

/// What changes nothing: no damping, room for any weight, bounds that nothing reaches, and no guidance.
#[test]
fn new_rules_are_neutral_where_they_say_so() {
    let x = Vector::from_row_slice(&[0.3, 1.2]);
    let (main, guide) = (Vector::from_row_slice(&[0.5, 0.1]), Vector::from_row_slice(&[0.2, 0.4]));
    let at =
        |rule: &Combination, w: f64| guided(rule, &asked(&x, 0.5, w, main.clone(), guide.clone(), None))[0].clone();
    let plain = at(&Combination::Lerp, 3.0);
    for rule in [
        Combination::MamboG { damping: 0.0 },
        Combination::Pmc { growth: 10.0 },
        Combination::Renorm { least: 0.0, most: 100.0 },
        Combination::EpsilonScaling { divisor: 1.0 },
        Combination::AdaptiveGuidance { cosine: 1.0 },
    ] {
        assert!((at(&rule, 3.0) - &plain).norm() < 1e-14, "{rule:?}");
        assert!((at(&rule, 1.0) - &main).norm() < 1e-14, "{rule:?}");
    }
    assert!((at(&Combination::Adg, 1.0) - &main).norm() < 1e-14);
}
