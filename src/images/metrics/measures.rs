//! How each metric comes out of what is seen in samples, what each sample adds to it, and what a perfect sampler tends to.
//!
//! Samples of one prompt are drawn alike, and those of another prompt are not: entropies and pairs are within prompts, and weighed by the
//! numbers of samples or pairs. As on the plane a sample's influence is the derivative of the metric by its weight (Hampel 1974), here
//! by its weight within its prompt, so that standard errors follow from the influences' spread within prompts (the infinitesimal
//! jackknife: Jaeckel 1972; for pairs Hájek's projection, Hoeffding 1948).

use super::super::exact::log_normaliser;
use super::super::{Asked, Distribution, Picture, Prompt};
use super::{Reading, SIGMA};
use crate::sort;
use crate::statistics::{effective, quantile_and_slope};
use std::collections::HashMap;
use std::hash::Hash;

/// What is seen in samples none of which is lost, and what they should have been.
pub(super) struct Samples<'a> {
    pub readings: Vec<Reading>,
    /// Of each sample, whose it is of the distributions.
    pub prompts: Vec<usize>,
    /// Of each prompt.
    pub distributions: &'a [Distribution],
}

/// A metric: its value, and each sample's influence on it, NaN of those that it is not of. A mean's influences are what it is the mean of.
pub(super) struct Measured {
    pub value: f64,
    pub influences: Vec<f64>,
}

impl<'a> Samples<'a> {
    /// Each prompt that has at least so many samples, with these.
    fn by_prompt(&self, least: usize) -> impl Iterator<Item = (&'a Distribution, Vec<usize>)> {
        let mut members = vec![Vec::new(); self.distributions.len()];
        self.prompts.iter().enumerate().for_each(|(sample, &prompt)| members[prompt].push(sample));
        self.distributions.iter().zip(members).filter(move |(_, samples)| samples.len() >= least)
    }

    /// Some samples, each with how many of them are read alike, itself among them.
    fn alike<T: Hash + Eq>(&self, samples: &[usize], part: impl Fn(Picture) -> T) -> Vec<(usize, usize)> {
        let value = |sample: usize| part(self.readings[sample].picture);
        let mut counts = HashMap::new();
        samples.iter().for_each(|&sample| *counts.entry(value(sample)).or_insert(0) += 1);
        samples.iter().map(|&sample| (sample, counts[&value(sample)])).collect()
    }

    fn mean(&self, of: impl Fn(&Reading, &Distribution) -> Option<f64>) -> Option<Measured> {
        let each = self.readings.iter().zip(&self.prompts);
        let influences: Vec<f64> =
            each.map(|(reading, &prompt)| of(reading, &self.distributions[prompt]).unwrap_or(f64::NAN)).collect();
        let some: Vec<f64> = influences.iter().copied().filter(|v| !v.is_nan()).collect();
        let value = some.iter().sum::<f64>() / some.len() as f64;
        (!some.is_empty()).then_some(Measured { value, influences })
    }

    /// How many samples are right, of those whose prompt asks: the answer for a sample, or nothing where nothing is asked.
    fn right(&self, answer: impl Fn(Prompt, Picture) -> Option<bool>) -> Option<Measured> {
        self.mean(|reading, asked| answer(asked.prompt(), reading.picture).map(|right| f64::from(u8::from(right))))
    }

    /// e to the mean entropy of a part of the pictures within prompts that leave it open.
    fn effective(&self, part: fn(Picture) -> usize, is_open: fn(Prompt) -> bool) -> Option<Measured> {
        let mut influences = vec![f64::NAN; self.readings.len()];
        let (mut entropy, mut counted) = (0.0, 0);
        for (_, samples) in self.by_prompt(2).filter(|(asked, _)| is_open(asked.prompt())) {
            for (sample, alike) in self.alike(&samples, part) {
                influences[sample] = -(alike as f64 / samples.len() as f64).ln();
                entropy += influences[sample];
            }
            counted += samples.len();
        }
        let value = (entropy / counted as f64).exp();
        influences.iter_mut().for_each(|influence| *influence *= value);
        (counted > 0).then_some(Measured { value, influences })
    }

    fn true_effective(&self, part: fn(Picture) -> usize, is_open: fn(Prompt) -> bool) -> f64 {
        let (mut entropy, mut counted) = (0.0, 0);
        for (asked, samples) in self.by_prompt(2).filter(|(asked, _)| is_open(asked.prompt())) {
            entropy += samples.len() as f64 * effective(&asked.shares_of(part)).ln();
            counted += samples.len();
        }
        (entropy / counted as f64).exp()
    }
}

/// Pairs of so many samples, in both orders.
fn pairs(samples: usize) -> f64 {
    samples as f64 * (samples as f64 - 1.0)
}

pub(super) fn subject_right(samples: &Samples) -> Option<Measured> {
    samples.right(|asked, seen| (asked.subject != Asked::Anything).then(|| asked.subject.allows(seen.subject)))
}

pub(super) fn style_right(samples: &Samples) -> Option<Measured> {
    samples.right(|asked, seen| asked.style.map(|style| style == seen.style))
}

pub(super) fn background_right(samples: &Samples) -> Option<Measured> {
    samples.right(|asked, seen| asked.background.map(|background| background == seen.background))
}

pub(super) fn effective_styles(samples: &Samples) -> Option<Measured> {
    samples.effective(|seen| seen.style, |asked| asked.style.is_none())
}

pub(super) fn true_effective_styles(samples: &Samples) -> f64 {
    samples.true_effective(|seen| seen.style, |asked| asked.style.is_none())
}

pub(super) fn effective_backgrounds(samples: &Samples) -> Option<Measured> {
    samples.effective(|seen| seen.background, |asked| asked.background.is_none())
}

pub(super) fn true_effective_backgrounds(samples: &Samples) -> f64 {
    samples.true_effective(|seen| seen.background, |asked| asked.background.is_none())
}

pub(super) fn same_picture(samples: &Samples) -> Option<Measured> {
    let all: f64 = samples.by_prompt(2).map(|(_, samples)| pairs(samples.len())).sum();
    let counted: usize = samples.by_prompt(2).map(|(_, samples)| samples.len()).sum();
    let mut influences = vec![f64::NAN; samples.readings.len()];
    let mut same = 0.0;
    for (_, members) in samples.by_prompt(2) {
        for (sample, alike) in samples.alike(&members, |seen| seen) {
            let others = alike as f64 - 1.0;
            same += others;
            influences[sample] = counted as f64 * 2.0 * others / all;
        }
    }
    (counted > 0).then_some(Measured { value: same / all, influences })
}

pub(super) fn true_same_picture(samples: &Samples) -> f64 {
    let (mut same, mut all) = (0.0, 0.0);
    for (asked, members) in samples.by_prompt(2) {
        same += pairs(members.len()) * asked.pictures().iter().map(|(_, p)| p * p).sum::<f64>();
        all += pairs(members.len());
    }
    same / all
}

pub(super) fn chroma_excess(samples: &Samples) -> Option<Measured> {
    samples.mean(|reading, _| Some(reading.chroma_excess))
}

pub(super) fn total_variation_excess(samples: &Samples) -> Option<Measured> {
    samples.mean(|reading, _| Some(reading.total_variation_excess))
}

pub(super) fn distance(samples: &Samples) -> Option<Measured> {
    let mut ascending: Vec<f32> = samples.readings.iter().map(|reading| reading.distance as f32).collect();
    sort::ascending(&mut ascending);
    let (value, slope) = quantile_and_slope(&ascending, 0.5);
    let is_below = |reading: &Reading| f64::from(reading.distance as f32) < value;
    let influences = samples.readings.iter().map(|reading| if is_below(reading) { -slope } else { 0.0 }).collect();
    Some(Measured { value, influences })
}

pub(super) fn outside(samples: &Samples) -> Option<Measured> {
    samples.mean(|reading, _| Some(reading.outside))
}

pub(super) fn log_density_gap(samples: &Samples) -> Option<Measured> {
    let normaliser = log_normaliser(SIGMA * SIGMA);
    // Pictures stand so far apart that in a picture's own place no other adds to the density (see `SIGMA`).
    samples.mean(|reading, asked| Some(reading.log_density - (asked.mean_log_probability() + normaliser)))
}

/// What is seen in a perfect sample: the picture itself, of this probability under its prompt.
pub(super) fn perfect((picture, probability): (Picture, f64)) -> Reading {
    Reading {
        picture,
        distance: 0.0,
        chroma_excess: 0.0,
        total_variation_excess: 0.0,
        outside: 0.0,
        log_density: probability.ln() + log_normaliser(SIGMA * SIGMA),
    }
}
