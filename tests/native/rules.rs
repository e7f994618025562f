//! Rules as functions of inner products, beside the forms in which their papers write them: on whole vectors, in f64.

pub use crate::papers::{Asked, papers_form};
use crate::{MODELS, mixture};
use guidance_playground::guidance::rule::{Gram, Mix, Moment, Place, Rule, mix};
use guidance_playground::guidance::{Combination, Guide, Scheme};
use guidance_playground::plane::catalogue::{catalogue, named};
use guidance_playground::plane::distribution::Classes;
use guidance_playground::plane::engine::RunConfig;
use guidance_playground::plane::engine::cpu::Sampler;
use guidance_playground::plane::starts;
use guidance_playground::random::{Stream, normal_pair, words};
use guidance_playground::sampling::{NoiseLevels, Solver};
use nalgebra::{DVector, Vector2};

type Vector = DVector<f64>;

/// log p1 - log p0, for rules that are told it.
const RATIO: f64 = -0.7;

/// Every rule of the catalogue, with its numbers there.
pub fn every_rule() -> Vec<Combination> {
    catalogue().combinations.into_iter().map(|row| serde_json::from_value(row.value).unwrap()).collect()
}

/// A vector of standard normals.
fn drawn(seed: u64, index: u64, dimensions: usize) -> Vector {
    let draws = (0..dimensions.div_ceil(2)).flat_map(|row| {
        let [a, b, ..] = words(seed, Stream::Noise, index, row as u32);
        normal_pair(a, b)
    });
    Vector::from_iterator(dimensions, draws.take(dimensions))
}

/// Estimates of length 1 a coordinate that differ by `difference`, and a memory as long as it.
fn asked(seed: u64, dimensions: usize, sigma: f64, difference: f64, beginning: bool) -> Asked {
    let [main, noise, apart, memory] = [0, 1, 2, 3].map(|index| drawn(seed, index, dimensions));
    let x = &main + sigma * noise;
    let guide = &main - difference * apart;
    Asked { x, sigma, weight: 3.0, main, guide, memory: (!beginning).then(|| difference * memory), ratio: RATIO }
}

/// D1, eps1, d and m.
pub fn basis(asked: &Asked) -> [Vector; 4] {
    let memory = asked.memory.clone().unwrap_or_else(|| Vector::zeros(asked.x.len()));
    [asked.main.clone(), (&asked.x - &asked.main) / asked.sigma, &asked.main - &asked.guide, memory]
}

fn moment(asked: &Asked) -> Moment<f64> {
    let place = if asked.memory.is_some() { Place::First } else { Place::Beginning };
    Moment { sigma: asked.sigma, weight: asked.weight, place, ratio: asked.ratio }
}

pub fn gram(basis: &[Vector; 4]) -> Gram<f64> {
    let pairs = (0..4).flat_map(|i| (i..4).map(move |j| (i, j)));
    let products: Vec<f64> = pairs.map(|(i, j)| basis[i].dot(&basis[j])).collect();
    <[f64; 10]>::try_from(products).unwrap().into()
}

pub fn sum(coefficients: [f64; 4], basis: &[Vector; 4]) -> Vector {
    coefficients.into_iter().zip(basis).fold(Vector::zeros(basis[0].len()), |sum, (c, vector)| sum + c * vector)
}

#[test]
fn every_rule_is_its_papers_in_any_dimension() {
    for rule in every_rule() {
        for dimensions in [2, 3, 3072] {
            for (seed, sigma) in [0.002, 0.3, 80.0].into_iter().enumerate() {
                for beginning in [true, false] {
                    let asked = asked(seed as u64, dimensions, sigma, 0.1, beginning);
                    let basis = basis(&asked);
                    let Mix { push, memory } = mix(&rule, moment(&asked), &gram(&basis));
                    let (guided, next) = papers_form(&rule, &asked);
                    let what = || format!("{rule:?} of {dimensions} at {sigma}, beginning: {beginning}");
                    // The papers' forms subtract what is alike: of x and D1 from each other, which sigma eps1 is not made of.
                    let rounding = 1e-13 * (asked.x.norm() + guided.norm());
                    let found = &asked.main + sum(push, &basis);
                    assert!((found - &guided).norm() < 40.0 * rounding, "{}", what());
                    if rule.traits().carries == guidance_playground::guidance::rule::Carries::Vector {
                        assert!((sum(memory, &basis) - next).norm() < rounding, "{}", what());
                    }
                }
            }
        }
    }
}

/// Of a Gaussian as wide as it is told it makes exactly one of 1/k of the variance, at every noise level.
#[test]
fn rescaling_narrows_a_gaussian_exactly() {
    let (width, sharpness) = (0.3f64, 2.5);
    let variance = width * width;
    for sigma in [0.002, 0.1, 0.3, 2.0, 80.0] {
        let [mean, apart] = [0, 1].map(|index| drawn(3, index, 5));
        let x = &mean + (variance + sigma * sigma).sqrt() * apart;
        let estimate = |variance: f64| &mean + variance / (variance + sigma * sigma) * (&x - &mean);
        let main = estimate(variance);
        let asked = Asked { sigma, weight: 1.0, guide: main.clone(), main, memory: None, x: x.clone(), ratio: 0.0 };
        let basis = basis(&asked);
        let rule = Combination::Tsr { sharpness, width };
        let found = &asked.main + sum(mix(&rule, moment(&asked), &gram(&basis)).push, &basis);
        assert!((found - estimate(variance / sharpness)).norm() < 1e-13 * x.norm(), "{sigma}");
    }
}

/// Ancestral steps of any weight w tell (w - 1/2) K |d|^2 + sqrt(K) xi.d of p1/p0, K = 1/sigma+^2 - 1/sigma^2.
#[test]
fn ancestral_steps_tell_what_is_known_in_closed_form() {
    let (sigma, next, w) = (0.7f64, 0.4f64, 2.3);
    let rule = Combination::Negative { strength: 1.0, prior: 0.5, most: 0.99999, temperature: 1.0, offset: 0.0 };
    let update = rule.update(&[sigma, next, 0.0], 0, sigma, 1.0).unwrap();
    for seed in 0..20 {
        let [x, d0, d, xi] = [0, 1, 2, 3].map(|index| drawn(seed, index, 4));
        let keep = (next / sigma).powi(2);
        let mean = keep * &x + (1.0 - keep) * &d0;
        let spread = ((sigma * sigma - next * next) * keep).sqrt();
        let ended = &mean + (1.0 - keep) * w * &d + spread * &xi;
        let told = update.along * (ended - mean).dot(&d) + update.square * d.norm_squared() + update.offset;
        let rate = 1.0 / (next * next) - 1.0 / (sigma * sigma);
        let known = (w - 0.5) * rate * d.norm_squared() + rate.sqrt() * xi.dot(&d);
        assert!((told - known).abs() < 1e-12 * (1.0 + known.abs()), "{told} {known}");
        assert_eq!(update.keep, keep);
    }
    assert_eq!(rule.update(&[sigma, next, 0.0], 1, next, 1.0), None);
}

/// Nothing known is a weight of 1/pi. With no evidence at all it stays so.
#[test]
fn feedback_begins_at_one_over_pi() {
    let rule = Combination::Feedback { share: 0.8, most: 10.0, onset: 0.5, decision: 0.5 };
    let nothing = moment(&Asked { ratio: 0.0, weight: 1.0, ..asked(1, 2, 0.3, 0.1, true) });
    let found = mix(&rule, nothing, &gram(&basis(&asked(1, 2, 0.3, 0.1, true)))).push;
    assert!((found[2] - (1.0 / 0.8 - 1.0)).abs() < 1e-15 && found[3] == 0.0, "{found:?}");
}

/// By the true densities, what is left of both classes without class B is class A: of the mixture, as a share of it that is not
/// wanted (pi p_A = p_AB - (1 - pi) p_B), and as a posterior that is guided away from.
#[test]
fn true_densities_leave_class_a() {
    let [both, unwanted, left] = [Classes::AB, Classes::B, Classes::A].map(mixture);
    let rules = [
        Combination::FeedbackExact { share: 1.0 - share_of_b(), most: 1e9 },
        Combination::NegativeExact { strength: 1.0, prior: share_of_b(), most: 1.0 - 1e-9 },
    ];
    for sigma in [0.01, 0.1, 0.5, 3.0] {
        for start in starts(left, sigma, 5, 0..200) {
            let x = Vector2::from(start.map(f64::from));
            let [one, zero, truth] = [both, unwanted, left].map(|mixture| mixture.evaluate(x, sigma));
            let vector = |v: Vector2<f64>| Vector::from_column_slice(v.as_slice());
            let estimate = |score: Vector2<f64>| vector(x + sigma * sigma * score);
            let asked = Asked {
                x: vector(x),
                sigma,
                weight: 1.0,
                main: estimate(one.score),
                guide: estimate(zero.score),
                memory: None,
                ratio: one.log_density - zero.log_density,
            };
            let basis = basis(&asked);
            for rule in &rules {
                let found = &asked.main + sum(mix(rule, moment(&asked), &gram(&basis)).push, &basis);
                // p_A as a difference of the others loses as many digits as it is smaller than they.
                let lost = (one.log_density - truth.log_density).exp().max(1.0);
                assert!(
                    (&found - estimate(truth.score)).norm() < 1e-12 * lost,
                    "{rule:?} at {x} under {sigma}: {found} {one:?} {zero:?} {truth:?}"
                );
            }
        }
    }
}

/// What steps tell of p1/p0 adds up to what becomes of log p1/p0 from start to end, the better the more steps there are: the error
/// shrinks with the root of the step.
#[test]
fn evidence_adds_up_to_the_ratio() {
    let error = |steps: u32| {
        // Evidence within 6.9 either way.
        let rule = Combination::Negative { strength: 0.0, prior: 0.001, most: 0.99999, temperature: 1.0, offset: 0.0 };
        let levels = NoiseLevels { steps, ..NoiseLevels::default() };
        let scheme = Scheme { combination: rule, solver: Solver::Ancestral, levels, ..class_b_unwanted() };
        let sampler = Sampler::new(&RunConfig { scheme, seed: 3 }, &MODELS).unwrap();
        let mut particles = sampler.begin(0, starts(mixture(Classes::AB), 5.0, 2, 0..300));
        let ratio = |points: &[[f32; 2]], sigma: f64| -> Vec<f64> {
            let log = |classes: Classes, x: &[f32; 2]| {
                mixture(classes).evaluate(Vector2::from(x.map(f64::from)), sigma).log_density
            };
            points.iter().map(|x| log(Classes::AB, x) - log(Classes::B, x)).collect()
        };
        let before = ratio(&particles.positions, 5.0);
        // To where a fifth of the noise levels' range is left, so that hardly any ratio is beyond the bounds of evidence.
        let last = sampler.sigmas().iter().position(|sigma| *sigma < 0.3).unwrap();
        sampler.advance(&mut particles, 0..last, 2);
        let after = ratio(&particles.positions, sampler.sigmas()[last]);
        let known = before.iter().zip(&after).map(|(a, b)| b - a).zip(&particles.memory);
        let errors = known.filter(|(known, _)| known.abs() < 5.0).map(|(known, memory)| known - f64::from(memory[0]));
        let squares: Vec<f64> = errors.map(|error| error * error).collect();
        assert!(squares.len() > 200, "{}", squares.len());
        (squares.iter().sum::<f64>() / squares.len() as f64).sqrt()
    };
    let errors = [32, 128, 512].map(error);
    assert!(errors[0] < 0.5 && errors[1] < 0.7 * errors[0] && errors[2] < 0.7 * errors[1], "{errors:?}");
}

/// Class B's share of both.
fn share_of_b() -> f64 {
    let of_b = mixture(Classes::AB).components().iter().filter(|component| component.class == 1);
    of_b.map(|component| component.weight).sum()
}

fn class_b_unwanted() -> Scheme {
    Scheme { main: "exact:AB".into(), guide: Some(Guide::new("exact:B", 1.0)), ..Scheme::default() }
}

/// Class B removed by its true posterior is the run of class A, where a constant weight pushes far outside.
#[test]
fn a_class_is_removed_without_a_trace() {
    let starts = starts(mixture(Classes::A), 5.0, 4, 0..256);
    let ends = |scheme: Scheme| Sampler::new(&RunConfig { scheme, seed: 1 }, &MODELS).unwrap().sample(&starts, 2);
    let exact = Combination::NegativeExact { strength: 1.0, prior: share_of_b(), most: 0.99999 };
    let alone = ends(Scheme { main: "exact:A".into(), ..Scheme::default() });
    let removed = ends(Scheme { combination: exact, ..class_b_unwanted() });
    let constant = ends(Scheme { weight: 2.0, ..class_b_unwanted() });
    let far =
        |ends: &[[f32; 2]]| ends.iter().zip(&alone).filter(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1]) > 1e-3).count();
    let preset = ends(named("negative-exact").unwrap());
    assert!(far(&preset) <= 40, "{} of 256, by the preset's rounded share", far(&preset));
    assert!(far(&removed) <= 12 && far(&constant) > 200, "{} {} of 256", far(&removed), far(&constant));
}

/// What is remembered in a first stage is read and left in the second.
#[test]
fn second_stages_leave_memory_as_it_is() {
    for rule in every_rule() {
        let asked = asked(5, 3, 0.3, 0.1, false);
        let gram = gram(&basis(&asked));
        let [first, second] =
            [Place::First, Place::Second].map(|place| mix(&rule, Moment { place, ..moment(&asked) }, &gram));
        assert_eq!((second.push, second.memory), (first.push, [0.0, 0.0, 0.0, 1.0]), "{rule:?}");
    }
}

/// The push in f32 against f64, with the inner products in f32 too: as good as `d` itself is relative to what it is mixed with.
#[test]
fn pushes_in_f32_are_those_of_f64() {
    for rule in every_rule() {
        for dimensions in [2, 3072] {
            for sigma in [0.002, 0.03, 0.5, 5.0, 80.0] {
                for difference in [1.0, 1e-2, 1e-4] {
                    let asked = asked(9, dimensions, sigma, difference, false);
                    let exact = basis(&asked);
                    let single = exact.clone().map(|vector| vector.map(|x| f64::from(x as f32)));
                    let products = <[f64; 10]>::from(gram(&single)).map(|product| product as f32);
                    let moment = moment(&asked);
                    let given = Moment {
                        sigma: sigma as f32,
                        weight: moment.weight as f32,
                        place: moment.place,
                        ratio: moment.ratio as f32,
                    };
                    let found = mix(&rule, given, &products.into()).push.map(f64::from);
                    let push = sum(mix(&rule, moment, &gram(&exact)).push, &exact);
                    let error = (sum(found, &single) - &push).norm();
                    let terms = found.iter().zip(&exact).map(|(c, vector)| (c * vector.norm()).abs()).sum::<f64>();
                    let what =
                        format!("{rule:?} of {dimensions} at {sigma}, {difference} apart: {error:e} of {terms:e}");
                    assert!(error <= 2e-5 * terms, "{what}");
                }
            }
        }
    }
}

/// Inner products of random vectors of some dimensions, also fewer than there are vectors, where the matrix has not full rank,
/// and with the difference or the memory gone, or the same as another.
pub fn grams(count: usize) -> Vec<(Moment<f64>, Gram<f64>)> {
    let case = |index: usize| {
        let seed = 1000 + index as u64;
        let dimensions = 1 + index % 6;
        let [of_sigma, of_difference, of_place, ..] = words(seed, Stream::Noise, 9, 0);
        let uniform = |word: u32| f64::from(word) / f64::from(u32::MAX);
        let (sigma, difference) =
            (10f64.powf(3.0 * uniform(of_sigma) - 2.0), 10f64.powf(-3.0 * uniform(of_difference)));
        let asked = asked(seed, dimensions, sigma, difference, false);
        let mut basis = basis(&asked);
        match index % 20 {
            0 => basis[2].fill(0.0),
            1 => basis[3].fill(0.0),
            2 => basis[2] = 0.1 * &basis[0],
            3 => basis[2] = -0.1 * &basis[1],
            4 => basis[3] = basis[2].clone(),
            _ => {}
        }
        let place = [Place::Beginning, Place::First, Place::Second][of_place as usize % 3];
        (Moment { place, ..moment(&asked) }, gram(&basis))
    };
    (0..count).map(case).collect()
}

/// Asserts that what was found in f32 is what f64 makes of products that err by some f32 roundings each.
pub fn agree(rule: Rule<'_>, (moment, gram): &(Moment<f64>, Gram<f64>), found: Mix<f32>) {
    let exact = rule.mix(*moment, gram);
    let products = <[f64; 10]>::from(*gram);
    let lengths = [products[0], products[4], products[7], products[9]].map(f64::sqrt);
    let weighed = |mix: Mix<f64>| -> Vec<f64> {
        let both = [mix.push, mix.memory].map(|c| [0, 1, 2, 3].map(|i| c[i] * lengths[i]));
        both.into_iter().flatten().collect()
    };
    let exact = weighed(exact);
    // Those of the push are differences of numbers as large as w - 1, in units in which sigma eps1 stands beside d.
    let size = |i: usize| {
        if i < 4 { (moment.weight - 1.0).abs() * lengths[i] * [1.0, moment.sigma][usize::from(i == 1)] } else { 0.0 }
    };
    let mut allowed: Vec<f64> = exact.iter().enumerate().map(|(i, c)| 2e-6 * (c.abs() + size(i)) + 1e-12).collect();
    for variant in 0..24 {
        let nudge = |i: usize| {
            let word = words(variant, Stream::Noise, 77, i as u32)[0];
            1.0 + if word & 1 == 0 { 2e-6 } else { -2e-6 }
        };
        let nudged: [f64; 10] = std::array::from_fn(|i| products[i] * nudge(i));
        let moment = Moment { sigma: moment.sigma * nudge(10), ..*moment };
        for (allowed, (a, b)) in allowed.iter_mut().zip(weighed(rule.mix(moment, &nudged.into())).iter().zip(&exact)) {
            *allowed = allowed.max(4.0 * (a - b).abs());
        }
    }
    let found = weighed(Mix { push: found.push.map(f64::from), memory: found.memory.map(f64::from) });
    let good = found.iter().zip(&exact).zip(&allowed).all(|((a, b), allowed)| (a - b).abs() <= *allowed);
    assert!(good, "{rule:?}, {moment:?}, {gram:?}: {found:?}, not {exact:?} within {allowed:?}");
}

/// A case in f32.
pub fn single((moment, gram): &(Moment<f64>, Gram<f64>)) -> (Moment<f32>, Gram<f32>) {
    let Moment { sigma, weight, place, ratio } = *moment;
    let moment = Moment { sigma: sigma as f32, weight: weight as f32, place, ratio: ratio as f32 };
    (moment, <[f64; 10]>::from(*gram).map(|product| product as f32).into())
}

#[test]
fn coefficients_in_f32_are_those_of_f64() {
    for rule in every_rule() {
        for case in grams(2000) {
            let (moment, gram) = single(&case);
            agree(Rule::from(&rule), &case, mix(&rule, moment, &gram));
        }
    }
}
