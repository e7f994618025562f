//! How often each style and each background is read, beside how often perfect samples have it.

use super::super::{Distribution, Picture, World};
use super::Reading;
use serde::Serialize;

/// How often something is seen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Share {
    /// Of the samples that are not lost.
    pub value: f64,
    /// What perfect samples of the same prompts tend to.
    pub truth: f64,
    /// Standard deviation of the share of as many perfect samples.
    pub spread: f64,
}

/// Of each style and each background, in the order of the world's lists.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Shares {
    /// Styles.
    pub styles: Vec<Share>,
    /// Backgrounds.
    pub backgrounds: Vec<Share>,
}

impl Shares {
    /// Of samples, each with what it should have been.
    pub(super) fn new<'a>(samples: impl Iterator<Item = (Reading, &'a Distribution)>, world: &World) -> Self {
        let samples: Vec<_> = samples.collect();
        Self {
            styles: shares(&samples, world.styles().len(), |seen| seen.style),
            backgrounds: shares(&samples, world.backgrounds().len(), |seen| seen.background),
        }
    }
}

fn shares(samples: &[(Reading, &Distribution)], values: usize, part: fn(Picture) -> usize) -> Vec<Share> {
    let n = samples.len() as f64;
    let (mut seen, mut truth, mut variance) = (vec![0.0; values], vec![0.0; values], vec![0.0; values]);
    for same in samples.chunk_by(|a, b| std::ptr::eq(a.1, b.1)) {
        for (value, p) in same[0].1.shares_of(part).into_iter().enumerate() {
            truth[value] += same.len() as f64 * p;
            variance[value] += same.len() as f64 * p * (1.0 - p);
        }
        same.iter().for_each(|(reading, _)| seen[part(reading.picture)] += 1.0);
    }
    let share = |value: usize| Share {
        value: seen[value] / n,
        truth: truth[value] / n,
        spread: variance[value].max(0.0).sqrt() / n,
    };
    (0..values).map(share).collect()
}
