//! All metrics of a set of pictures, their standard errors, their floors, and differences between two sets.

use super::super::{Distribution, Exact, NUMBERS, Prompt, World};
use super::measures::{Samples, perfect};
use super::reader::{Reader, Reading, is_lost};
use super::shares::Shares;
use super::table::{MEASURES, METRIC_COUNT, PerMetric};
use crate::error::{Error, Result};
use crate::random::Stream;
use crate::statistics::{Difference, Estimate, Floor, mean_and_deviation};
use serde::Serialize;
use std::sync::Arc;

/// Perfect samplers behind a noise floor: their deviation is known to a sixth.
const REPLICATES: u64 = 16;

/// Judges pictures by the world that they should have come from.
pub struct Evaluator {
    world: Arc<World>,
    reader: Reader,
}

/// What is seen in a set of samples, the metrics of that, and what every sample adds to them.
#[derive(Clone, Debug)]
pub struct Scores {
    /// What is seen in each sample; nothing in one that is lost.
    pub readings: Vec<Option<Reading>>,
    /// The metrics of the samples that are not lost; none, where no prompt is about it.
    pub values: PerMetric<Option<f64>>,
    /// Of each sample, whose it is of the distributions.
    prompts: Vec<usize>,
    /// Of each prompt, once.
    distributions: Vec<Distribution>,
    /// Of each metric a number for every sample, 0 of one that adds nothing, whose squares sum to the square of the standard error.
    errors: [Vec<f64>; METRIC_COUNT],
    truths: PerMetric<Option<f64>>,
}

/// All metrics of one set of samples.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(rename = "ImagesMetrics"))]
pub struct Metrics {
    /// Number of samples.
    pub samples: usize,
    /// How many of them are lost: one of their numbers is none, or beyond 1e9.
    pub lost: usize,
    /// The metrics of the others; none where no prompt is about it, and [`Metric::absent`](super::Metric::absent) says why.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "PerImagesMetric<Estimate | null>"))]
    pub estimates: PerMetric<Option<Estimate>>,
    /// What a perfect sampler tends to with more and more samples of the same prompts.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "PerImagesMetric<number | null>"))]
    pub truths: PerMetric<Option<f64>>,
}

/// What samples should have been.
struct Asked {
    /// Of each sample, whose it is of the distributions.
    places: Vec<usize>,
    /// Of each prompt, once.
    distributions: Vec<Distribution>,
}

impl Asked {
    fn new(world: &World, prompts: &[Prompt]) -> Result<Self> {
        let mut distributions: Vec<Distribution> = Vec::new();
        let mut places = Vec::with_capacity(prompts.len());
        for &prompt in prompts {
            let place = distributions.iter().position(|d| d.prompt() == prompt);
            places.push(place.unwrap_or(distributions.len()));
            if place.is_none() {
                distributions.push(Distribution::new(world, prompt)?);
            }
        }
        Ok(Self { places, distributions })
    }
}

impl Evaluator {
    /// An evaluator of pictures of `world`.
    pub fn new(world: Arc<World>) -> Self {
        Self { reader: Reader::new(Arc::clone(&world)), world }
    }

    /// What is seen in samples, by `threads` threads, and the metrics of those that are not lost ([`is_lost`]).
    ///
    /// A sample is data, [`NUMBERS`] numbers: rows from the top, of pixels of red, green and blue, each less the world's mean colour and
    /// divided by .5. `prompts` has one for each sample. Standard errors take samples as independent: each from noise of its own.
    ///
    /// # Errors
    /// [`Error::Invalid`] if there are no samples, if one has another length, if there are more or fewer prompts, or one that no picture
    /// is of; [`Error::Diverged`] if all samples are lost.
    pub fn scores<S: AsRef<[f32]>>(&self, samples: &[S], prompts: &[Prompt], threads: usize) -> Result<Scores> {
        let samples: Vec<&[f32]> = samples.iter().map(AsRef::as_ref).collect();
        if prompts.len() != samples.len() {
            return Err(Error::invalid(
                "The prompts",
                format!("{}, one for each sample", samples.len()),
                prompts.len(),
            ));
        }
        if let Some(odd) = samples.iter().position(|sample| sample.len() != NUMBERS) {
            let what = format!("Sample {odd}");
            return Err(Error::invalid(what, format!("a picture of {NUMBERS} numbers"), samples[odd].len()));
        }
        let kept: Vec<usize> = (0..samples.len()).filter(|&i| !is_lost(samples[i])).collect();
        let asked = Asked::new(&self.world, prompts)?;
        let exact =
            asked.distributions.iter().map(|d| Exact::new(&self.world, d.prompt())).collect::<Result<Vec<_>>>()?;
        let pairs: Vec<_> = kept.iter().map(|&i| (samples[i], &exact[asked.places[i]])).collect();
        let mut all = vec![None; samples.len()];
        kept.iter().zip(self.read(&pairs, threads)).for_each(|(&i, reading)| all[i] = Some(reading));
        Self::scored(all, asked)
    }

    /// The metrics of what has been seen in samples before: the readings of [`Scores`] of the same prompts.
    ///
    /// # Errors
    /// As for [`scores`](Self::scores).
    pub fn scores_of(&self, readings: Vec<Option<Reading>>, prompts: &[Prompt]) -> Result<Scores> {
        if prompts.len() != readings.len() {
            let expected = format!("{}, one for each sample", readings.len());
            return Err(Error::invalid("The prompts", expected, prompts.len()));
        }
        Self::scored(readings, Asked::new(&self.world, prompts)?)
    }

    fn scored(readings: Vec<Option<Reading>>, asked: Asked) -> Result<Scores> {
        match (readings.len(), readings.iter().flatten().count()) {
            (0, _) => Err(Error::invalid("The number of samples", "1 or more", 0)),
            (all, 0) => Err(Error::Diverged { first: 0, lost: all, particles: all }),
            _ => Ok(Scores::new(readings, asked.places, asked.distributions)),
        }
    }

    fn read(&self, samples: &[(&[f32], &Exact<'_>)], threads: usize) -> Vec<Reading> {
        if threads < 2 {
            // Where there are no threads none can be started.
            return self.reader.read(samples);
        }
        let each = samples.len().div_ceil(threads).max(1);
        std::thread::scope(|scope| {
            let parts: Vec<_> = samples.chunks(each).map(|part| scope.spawn(|| self.reader.read(part))).collect();
            parts.into_iter().flat_map(|part| part.join().expect("no reader panics")).collect()
        })
    }
}

impl Scores {
    /// Of each metric, in the order of [`METRICS`](super::METRICS), the value and its standard error; nothing of one that no prompt is
    /// about.
    pub fn estimates(&self) -> [Option<Difference>; METRIC_COUNT] {
        let values = self.values.into_list();
        let of = |i: usize| Some(Difference { value: values[i]?, standard_error: root_of_squares(&self.errors[i]) });
        std::array::from_fn(of)
    }

    /// How often each style and each background of `world` is read.
    pub fn shares(&self, world: &World) -> Shares {
        let asked = self.prompts.iter().map(|&place| &self.distributions[place]);
        Shares::new(self.readings.iter().zip(asked).filter_map(|(reading, asked)| Some(((*reading)?, asked))), world)
    }

    fn new(readings: Vec<Option<Reading>>, prompts: Vec<usize>, distributions: Vec<Distribution>) -> Self {
        let some = |(reading, &prompt): (&Option<Reading>, &usize)| Some(((*reading)?, prompt));
        let (kept, of): (Vec<_>, Vec<_>) = readings.iter().zip(&prompts).filter_map(some).unzip();
        let samples = Samples { readings: kept, prompts: of, distributions: &distributions };
        let measured = MEASURES.each_ref().map(|measure| (measure.of)(&samples));
        let truth = |i: usize| measured[i].is_some().then(|| (MEASURES[i].truth)(&samples));
        let truths = PerMetric::from_list(std::array::from_fn(truth));
        let values = PerMetric::from_list(measured.each_ref().map(|m| m.as_ref().map(|m| m.value)));
        let errors = measured.map(|measured| {
            let influences = measured.map(|m| m.influences).unwrap_or_default();
            let mut errors = errors(&influences, &samples.prompts).into_iter();
            let add = |reading: &Option<Reading>| reading.and_then(|_| errors.next()).unwrap_or(0.0);
            readings.iter().map(add).collect()
        });
        Self { values, errors, truths, readings, prompts, distributions }
    }

    /// The metrics with standard errors and noise floors.
    ///
    /// Standard errors are of other noise for the same prompts. Of perfect and of faulty samples they are between .75 and 1.3 of the real
    /// spread where a prompt has 16 samples or more; with four, those of effective numbers are as little as half of it. Where a prompt has
    /// one sample, such prompts are taken as one; a single sample has none, NaN.
    pub fn metrics(&self) -> Metrics {
        let mut floors = [const { Vec::new() }; METRIC_COUNT];
        let kept: Vec<usize> = (0..self.readings.len()).filter(|&i| self.readings[i].is_some()).collect();
        for replicate in 0..REPLICATES {
            let draw =
                |&i: &usize| perfect(self.distributions[self.prompts[i]].sample(replicate, Stream::Floor, i as u64));
            let samples = Samples {
                readings: kept.iter().map(draw).collect(),
                prompts: kept.iter().map(|&i| self.prompts[i]).collect(),
                distributions: &self.distributions,
            };
            for (values, measure) in floors.iter_mut().zip(&MEASURES) {
                values.extend((measure.of)(&samples).map(|m| m.value));
            }
        }
        let values = self.values.into_list();
        let errors = self.errors.each_ref().map(|list| root_of_squares(list));
        let estimate = |i: usize| {
            let (mean, spread) = mean_and_deviation(&floors[i]);
            values[i].map(|value| Estimate { value, standard_error: errors[i], floor: Floor { mean, spread } })
        };
        Metrics {
            samples: self.readings.len(),
            lost: self.readings.len() - kept.len(),
            estimates: PerMetric::from_list(std::array::from_fn(estimate)),
            truths: self.truths,
        }
    }
}

fn root_of_squares(numbers: &[f64]) -> f64 {
    numbers.iter().map(|v| v * v).sum::<f64>().sqrt()
}

/// What each sample adds to a metric's error: its influence's deviation from the mean of its prompt's, scaled so that squares sum to the
/// square of the standard error of a stratified mean (Cochran 1977, 5.3, with strata of one sample collapsed into one, 5A.12).
fn errors(influences: &[f64], prompts: &[usize]) -> Vec<f64> {
    let counted: Vec<usize> = (0..influences.len()).filter(|&i| !influences[i].is_nan()).collect();
    let mut strata = vec![Vec::new(); prompts.iter().max().map_or(0, |last| last + 1)];
    counted.iter().for_each(|&i| strata[prompts[i]].push(i));
    let (alone, mut strata): (Vec<_>, Vec<_>) = strata.into_iter().partition(|samples| samples.len() == 1);
    strata.push(alone.concat());
    let mut errors = vec![0.0; prompts.len()];
    for samples in strata {
        let (mean, _) = mean_and_deviation(&samples.iter().map(|&i| influences[i]).collect::<Vec<_>>());
        let n = samples.len() as f64;
        let scale = (n / (n - 1.0)).sqrt() / counted.len() as f64;
        samples.iter().for_each(|&i| errors[i] = scale * (influences[i] - mean));
    }
    errors
}

/// The metrics of samples `a` less those of samples `b`, where sample i of both has the same prompt and the same noise: what the noise
/// alone decides then cancels, in the standard error too. None where there is no number of either.
///
/// Each metric is of the samples that its set has not lost; those that are lost in one alone count as unpaired.
///
/// # Errors
/// [`Error::Invalid`] if the prompts differ.
pub fn difference(a: &Scores, b: &Scores) -> Result<PerMetric<Option<Difference>>> {
    let asked = |s: &Scores| s.prompts.iter().map(|&place| s.distributions[place].prompt()).collect::<Vec<_>>();
    if asked(a) != asked(b) {
        let [a, b] = [a, b].map(|scores| scores.readings.len());
        let expected = format!("of the same {a} prompts as the first, in the same order");
        return Err(Error::invalid("The second set of samples", expected, format!("of {b}, or others")));
    }
    let (of_a, of_b) = (a.values.into_list(), b.values.into_list());
    Ok(PerMetric::from_list(std::array::from_fn(|i| {
        let apart: Vec<f64> = a.errors[i].iter().zip(&b.errors[i]).map(|(a, b)| a - b).collect();
        Some(Difference { value: of_a[i]? - of_b[i]?, standard_error: root_of_squares(&apart) })
    })))
}
