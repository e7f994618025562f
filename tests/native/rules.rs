//! Rules as functions of inner products, beside the forms in which their papers write them: on whole vectors, in f64.

use guidance_playground::guidance::Combination;
use guidance_playground::guidance::catalogue::catalogue;
use guidance_playground::guidance::rule::{Gram, Mix, Moment, Place, mix};
use guidance_playground::random::{Stream, normal_pair, words};
use nalgebra::{DMatrix, DVector};

type Vector = DVector<f64>;

/// log p1 - log p0, for rules that are told it.
const RATIO: f64 = -0.7;

/// What a rule's paper is told.
pub struct Asked {
    pub x: Vector,
    pub sigma: f64,
    pub weight: f64,
    pub main: Vector,
    pub guide: Vector,
    /// What is remembered; nothing at the beginning.
    pub memory: Option<Vector>,
}

/// The guided estimate, and what is to be remembered, as the rule's paper writes it.
pub fn papers_form(rule: Combination, asked: &Asked) -> (Vector, Vector) {
    let Asked { x, sigma, weight: w, main: d1, guide: d0, memory } = asked;
    let noises = || ((x - d1) / *sigma, (x - d0) / *sigma);
    let nothing = Vector::zeros(x.len());
    let guided = match rule {
        Combination::Lerp | Combination::CfgPlusPlus | Combination::FeynmanKac { .. } => d0 + *w * (d1 - d0),
        // The paper's listing: running average, norm threshold, projection, update.
        Combination::Apg { momentum, parallel, radius } => {
            let running = d1 - d0 + momentum * memory.as_ref().unwrap_or(&nothing);
            let mut diff = running.clone();
            if radius > 0.0 {
                diff *= (radius / diff.norm()).min(1.0);
            }
            let direction = d1.normalize();
            let shared = diff.dot(&direction) * direction;
            return (d1 + (w - 1.0) * (diff - &shared + parallel * shared), running);
        }
        Combination::CfgZeroStar { .. } => {
            let (e1, e0) = noises();
            let fit = e1.dot(&e0) / e0.norm_squared();
            x - *sigma * (fit * &e0 + *w * (e1 - fit * &e0))
        }
        Combination::Tcfg => {
            let (e1, e0) = noises();
            let svd = DMatrix::from_rows(&[e1.transpose(), e0.transpose()]).svd(false, true);
            let leading = svd.singular_values.imax();
            let v = svd.v_t.unwrap().row(leading).transpose();
            let e0 = e0.dot(&v) * v;
            x - *sigma * (&e0 + *w * (e1 - &e0))
        }
        Combination::NormClip { radius } => {
            let push = (w - 1.0) * (d1 - d0);
            d1 + &push * (radius / push.norm()).min(1.0)
        }
        Combination::Momentum { strength, rate } => {
            let mean = memory.as_ref().unwrap_or(d1);
            return (d1 + strength * (d1 - mean), (1.0 - rate) * mean + rate * d1);
        }
        Combination::Tsr { sharpness, width } => {
            let ratio = (sigma * sigma / (width * width) + 1.0) / (sigma * sigma / (width * width) + 1.0 / sharpness);
            x + ratio * (d0 + *w * (d1 - d0) - x)
        }
        Combination::PowerLaw { power } => d1 + (w - 1.0) * (d1 - d0) * (d1 - d0).norm().powf(power),
    };
    (guided, nothing)
}

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
    Asked { x, sigma, weight: 3.0, main, guide, memory: (!beginning).then(|| difference * memory) }
}

/// D1, eps1, d and m.
fn basis(asked: &Asked) -> [Vector; 4] {
    let memory = asked.memory.clone().unwrap_or_else(|| Vector::zeros(asked.x.len()));
    [asked.main.clone(), (&asked.x - &asked.main) / asked.sigma, &asked.main - &asked.guide, memory]
}

fn moment(asked: &Asked) -> Moment<f64> {
    let place = if asked.memory.is_some() { Place::First } else { Place::Beginning };
    Moment { sigma: asked.sigma, weight: asked.weight, place, ratio: RATIO }
}

fn gram(basis: &[Vector; 4]) -> Gram<f64> {
    let pairs = (0..4).flat_map(|i| (i..4).map(move |j| (i, j)));
    let products: Vec<f64> = pairs.map(|(i, j)| basis[i].dot(&basis[j])).collect();
    <[f64; 10]>::try_from(products).unwrap().into()
}

fn sum(coefficients: [f64; 4], basis: &[Vector; 4]) -> Vector {
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
                    let Mix { push, memory } = mix(rule, moment(&asked), &gram(&basis));
                    let (guided, next) = papers_form(rule, &asked);
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
        let asked = Asked { sigma, weight: 1.0, guide: main.clone(), main, memory: None, x: x.clone() };
        let basis = basis(&asked);
        let rule = Combination::Tsr { sharpness, width };
        let found = &asked.main + sum(mix(rule, moment(&asked), &gram(&basis)).push, &basis);
        assert!((found - estimate(variance / sharpness)).norm() < 1e-13 * x.norm(), "{sigma}");
    }
}

/// What is remembered in a first stage is read and left in the second.
#[test]
fn second_stages_leave_memory_as_it_is() {
    for rule in every_rule() {
        let asked = asked(5, 3, 0.3, 0.1, false);
        let gram = gram(&basis(&asked));
        let [first, second] =
            [Place::First, Place::Second].map(|place| mix(rule, Moment { place, ..moment(&asked) }, &gram));
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
                        ratio: RATIO as f32,
                    };
                    let found = mix(rule, given, &products.into()).push.map(f64::from);
                    let push = sum(mix(rule, moment, &gram(&exact)).push, &exact);
                    let error = (sum(found, &single) - &push).norm();
                    let terms = found.iter().zip(&exact).map(|(c, vector)| (c * vector.norm()).abs()).sum::<f64>();
                    let what =
                        format!("{rule:?} of {dimensions} at {sigma}, {difference} apart: {error:e} of {terms:e}");
                    assert!(error < 2e-5 * terms, "{what}");
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
pub fn agree(rule: Combination, (moment, gram): &(Moment<f64>, Gram<f64>), found: Mix<f32>) {
    let exact = mix(rule, *moment, gram);
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
        for (allowed, (a, b)) in allowed.iter_mut().zip(weighed(mix(rule, moment, &nudged.into())).iter().zip(&exact)) {
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
            agree(rule, &case, mix(rule, moment, &gram));
        }
    }
}
