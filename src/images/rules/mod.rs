//! Guidance of whole pictures: in f64 the definition ([`guided`]), and on tiles in f32 ([`guided_tile`]).
//!
//! One estimate is made of several in this order: the rule of combination, which is the plane's and needs inner products only;
//! the bands of what it adds; negative prompts; the finish. On many pictures side by side the rule and
//! [`Finish::Rescale`](super::Finish::Rescale) are sums over each picture and then one pass. Not so [`Bands`](super::Bands), which
//! need the neighbours of every pixel (a product with [`LOW`] along columns and one along rows), and
//! [`Finish::Threshold`](super::Finish::Threshold), which needs the order of a picture's numbers: these are done picture by picture.

mod bands;
mod cads;
mod finish;
mod lanes;

pub use bands::{LOW, low};
pub use finish::rescaling;
pub use lanes::{add, at_level_tile, guided_tile, is_of_tiles};

use super::Scheme;
use crate::guidance::Space;
use crate::guidance::rule::Carries;
use crate::guidance::rule::{Mix, Moment, Rule};

/// What rules have to know of the data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Data {
    /// The colour that is 0 as data, from 0 to 1: [`World::mean`](super::World::mean).
    pub mean: [f64; 3],
    /// Standard deviation of data: [`World::deviation`](super::World::deviation), or the one that a network was made for.
    pub deviation: f64,
}

/// What models say of a noisy picture x, all of it as estimates at the same noise level.
#[derive(Clone, Copy, Debug)]
pub struct Estimates<'a, T = f64> {
    /// The picture.
    pub x: &'a [T],
    /// D1, the main model's.
    pub main: &'a [T],
    /// D0, the guide's, as [`at_level`] has it; the main model's once more, where no guide is asked.
    pub guide: &'a [T],
    /// Dn, the main model's under each negative prompt, behind its weight
    /// ([`negative_weights`](Scheme::negative_weights)).
    pub negatives: &'a [(f64, &'a [T])],
}

/// What a guide that is asked at k sigma, and answers `denoised`, says at sigma: the D0 of which D0 + w (D1 - D0) mixes what
/// `space` names. In denoised estimates that is the answer itself, in scores x + (D - x)/k^2, in noise x + (D - x)/k.
///
/// On pictures these differ far more than on the plane. Take T, on which both models agree, as they do at low noise: then mixing
/// denoised estimates does nothing, while mixing scores multiplies D - x by 1 + (w - 1)(1 - 1/k^2). Where two pictures are
/// possible, m + h and m - h, estimates differ along h alone, by no more than 2 |h|, and mixing estimates pushes from one picture
/// to the other. Mixing scores pushes along all of (x - m)(1 - 1/k^2) as well: nearly all of that is noise, sigma sqrt(3072) long,
/// which has nothing to do with which picture it will be. It is a faster schedule of noise levels rather than guidance. At k = 1.4
/// and sigma = 20 it is 540 long beside an h of about 10; of the plane's two dimensions it would be 14.
pub fn at_level(x: &[f64], denoised: &[f64], sigma_scale: f64, space: Space) -> Vec<f64> {
    let share = share_at_level(sigma_scale, space);
    x.iter().zip(denoised).map(|(x, d)| share * d + (1.0 - share) * x).collect()
}

/// How much of the guide's answer is in that; the rest is x.
pub fn share_at_level(sigma_scale: f64, space: Space) -> f64 {
    space.factor(sigma_scale) / (sigma_scale * sigma_scale)
}

/// The guided estimate of a picture by a rule, which is the scheme's, of what models say of it at one moment; with `memory`, which
/// the rule reads and leaves for the next: a number that it remembers it leaves in the moment's ratio. It is to be asked where a plan
/// asks the guide, where a rule guides alone, where a negative prompt has a weight, and where there is a finish; elsewhere it is the
/// main model's.
///
/// # Panics
/// If estimates differ in length, or if there are bands and it is not that of a picture.
pub fn guided(
    rule: Rule<'_>,
    scheme: &Scheme,
    data: &Data,
    moment: &mut Moment<f64>,
    estimates: &Estimates<'_>,
    memory: &mut [f64],
) -> Vec<f64> {
    let Estimates { x, main, guide, negatives } = *estimates;
    let lengths = [x.len(), guide.len(), memory.len()].into_iter().chain(negatives.iter().map(|(_, of)| of.len()));
    assert!(lengths.into_iter().all(|length| length == main.len()), "estimates are of one picture");
    let mut guided = main.to_vec();
    // As on the plane: with weight 1 most rules add nothing, and remember nothing of it.
    if moment.weight != 1.0 || rule.traits.alone || rule.traits.always {
        let push = pushed(rule, moment, estimates, memory);
        let push = match scheme.bands {
            Some(bands) => bands.apply(&push),
            None => push,
        };
        guided.iter_mut().zip(push).for_each(|(guided, push)| *guided += push);
    }
    for (weight, negative) in negatives {
        for ((guided, negative), guide) in guided.iter_mut().zip(*negative).zip(guide) {
            *guided -= weight * (negative - guide);
        }
    }
    scheme.finish.apply(data, moment.sigma, x, main, &mut guided);
    guided
}

/// What the rule adds to the main model's estimate.
fn pushed(rule: Rule<'_>, moment: &mut Moment<f64>, estimates: &Estimates<'_>, memory: &mut [f64]) -> Vec<f64> {
    let Estimates { x, main, guide, .. } = *estimates;
    let noise: Vec<f64> = x.iter().zip(main).map(|(x, d)| (x - d) / moment.sigma).collect();
    let difference: Vec<f64> = main.iter().zip(guide).map(|(main, guide)| main - guide).collect();
    let basis = [main, &noise, &difference, memory];
    let mut products = [0.0; 10];
    let pairs = (0..4).flat_map(|i| (i..4).map(move |j| (i, j)));
    for (product, (i, j)) in products.iter_mut().zip(pairs) {
        *product = basis[i].iter().zip(basis[j]).map(|(a, b)| a * b).sum();
    }
    let Mix { push, memory: next } = rule.mix(*moment, &products.into());
    let sum = |coefficients: [f64; 4]| -> Vec<f64> {
        (0..main.len()).map(|i| (0..4).map(|v| coefficients[v] * basis[v][i]).sum()).collect()
    };
    if rule.traits.carries == Carries::Number {
        moment.ratio = next[0];
        return sum(push);
    }
    let (push, next) = (sum(push), sum(next));
    memory.copy_from_slice(&next);
    push
}
