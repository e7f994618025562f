//! Pictures of several prompts, and what was seen in them as rows of files.

use crate::error::{Error, Result};
use crate::images::engine::{Models, RunConfig, Sampler};
use crate::images::metrics::Reading;
use crate::images::{NUMBERS, Picture, Scheme, World};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Pictures of these numbers, of one prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// In words.
    pub prompt: String,
    /// Which noise each begins with.
    pub numbers: Range<usize>,
}

/// The pictures of some jobs, one after another, as data ([`NUMBERS`] each), by so many threads, a job in each at a time. Before every
/// job `go_on` is asked, and there is none where it says no.
///
/// # Errors
/// As for [`Sampler::new`].
pub fn draw(
    scheme: &Scheme,
    jobs: &[Job],
    seed: u64,
    models: &Models,
    threads: usize,
    go_on: &(dyn Fn() -> bool + Sync),
) -> Result<Option<Vec<f32>>> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(jobs.len())));
    let work = || {
        while let Some((place, job)) = Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|i| Some((i, jobs.get(i)?)))
        {
            if !go_on() {
                return;
            }
            let run = RunConfig { scheme: scheme.clone(), prompt: job.prompt.clone(), seed };
            let pictures = Sampler::new(&run, models).map(|sampler| sampler.sample(job.numbers.clone(), 1));
            done.lock().unwrap_or_else(PoisonError::into_inner).push((place, pictures));
        }
    };
    std::thread::scope(|scope| {
        (1..threads).for_each(|_| {
            scope.spawn(work);
        });
        work();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(place, _)| *place);
    let mut all = Vec::with_capacity(NUMBERS * jobs.iter().map(|job| job.numbers.len()).sum::<usize>());
    let whole = done.len() == jobs.len();
    for (_, pictures) in done {
        all.extend(pictures?);
    }
    Ok(whole.then_some(all))
}

/// What was seen in samples, by columns: what takes least room in a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Seen {
    /// Places among the pictures of the world; nothing of a sample that is lost, which has zeros beside it.
    picture: Vec<Option<usize>>,
    distance: Vec<f64>,
    chroma_excess: Vec<f64>,
    total_variation_excess: Vec<f64>,
    outside: Vec<f64>,
    log_density: Vec<f64>,
}

impl Seen {
    /// Readings as columns.
    pub fn new(readings: &[Option<Reading>], world: &World) -> Self {
        let pictures: Vec<Picture> = world.pictures().map(|(picture, _)| picture).collect();
        let place = |of: Picture| pictures.iter().position(|&picture| picture == of);
        let column =
            |of: fn(&Reading) -> f64| readings.iter().map(|r| r.as_ref().map_or(0.0, of)).collect::<Vec<f64>>();
        Self {
            picture: readings.iter().map(|reading| reading.and_then(|r| place(r.picture))).collect(),
            distance: column(|r| r.distance),
            chroma_excess: column(|r| r.chroma_excess),
            total_variation_excess: column(|r| r.total_variation_excess),
            outside: column(|r| r.outside),
            log_density: column(|r| r.log_density),
        }
    }

    /// The readings of so many samples.
    ///
    /// # Errors
    /// If there are not as many in every column, or a picture is none of the world.
    pub fn readings(&self, world: &World, samples: usize) -> Result<Vec<Option<Reading>>> {
        let pictures: Vec<Picture> = world.pictures().map(|(picture, _)| picture).collect();
        let columns =
            [&self.distance, &self.chroma_excess, &self.total_variation_excess, &self.outside, &self.log_density];
        let lengths: Vec<usize> = columns.iter().map(|column| column.len()).chain([self.picture.len()]).collect();
        if lengths.iter().any(|&length| length != samples) {
            return Err(Error::invalid("What was seen", format!("of {samples} pictures"), format!("of {lengths:?}")));
        }
        let reading = |(i, place): (usize, &Option<usize>)| {
            let Some(place) = *place else { return Ok(None) };
            let Some(&picture) = pictures.get(place) else {
                return Err(Error::invalid("A picture", format!("one of {}", pictures.len()), place));
            };
            let [distance, chroma_excess, total_variation_excess, outside, log_density] =
                columns.map(|column| column[i]);
            Ok(Some(Reading { picture, distance, chroma_excess, total_variation_excess, outside, log_density }))
        };
        self.picture.iter().enumerate().map(reading).collect()
    }
}
