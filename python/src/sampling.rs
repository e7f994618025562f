//! Schemes read, and particles sampled under them.

use crate::arrays::{Array, array, points};
use crate::data::{Distribution, Network};
use crate::error::{Problem, Result};
use crate::work::{self, Progress};
use guidance_playground::Error;
use guidance_playground::command::{models, scheme as schemes_of, scheme::DESCRIPTION};
use guidance_playground::guidance::Scheme;
use guidance_playground::lanes::TILE;
use guidance_playground::plane::Starts;
use guidance_playground::plane::catalogue::{Preset, catalogue as table};
use guidance_playground::plane::distribution::Classes;
use guidance_playground::plane::engine::cpu::Sampler;
use guidance_playground::plane::engine::{MOST_PARTICLES, RunConfig};
use guidance_playground::plane::metrics::count_lost;
use numpy::{PyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Most numbers of a run's paths: 256 MB.
const MOST_NUMBERS: usize = 1 << 26;
/// So many evaluations of models one thread makes of a tile of particles between two looks at whether all is stopped: those of the
/// greatest network take a millisecond or some.
const EVALUATIONS: usize = 64;

/// A scheme and, if that is told, of which particles on which data, as JSON: of a file; of a text of JSON; of a name, or what the page has
/// copied.
#[pyfunction]
pub fn configuration(text: &str, panel: Option<usize>, is_file: bool) -> Result<String> {
    let found = if is_file {
        schemes_of::of_file(text, panel)?
    } else if text.trim_start().starts_with('{') {
        schemes_of::of_json(DESCRIPTION, text, panel)?
    } else {
        let panel = panel.map_or_else(String::new, |panel| format!("#{panel}"));
        schemes_of::read(&format!("{text}{panel}"))?
    };
    Ok(serde_json::to_string(&found).expect("a configuration is plain data"))
}

/// A scheme that is called by its name as it can be had for data, exact models in place of networks that learned others, with a sentence
/// where that is another; any other as it is.
#[pyfunction]
pub fn fitted(name: &str, scheme: &str, distribution: &Distribution) -> Result<(String, Option<String>)> {
    let (fitted, told) = schemes_of::fitted(name, self::scheme(scheme)?, distribution.models.distribution());
    Ok((serde_json::to_string(&fitted).expect("a scheme is plain data"), told))
}

/// Of each paper's setting formula and explanation, by its name.
#[pyfunction]
pub fn presets_told() -> Vec<(&'static str, &'static str, String)> {
    let table = table();
    let told = |preset: &Preset| {
        let (formula, explanation) = table.told(&preset.scheme);
        (preset.id, formula, explanation)
    };
    table.presets.iter().map(told).collect()
}

/// The catalogue as JSON.
#[pyfunction]
pub fn catalogue() -> String {
    serde_json::to_string(&table()).expect("the catalogue is plain data")
}

/// The scheme of a description.
pub fn scheme(text: &str) -> Result<Scheme> {
    Ok(schemes_of::of_json(DESCRIPTION, text, None)?.scheme)
}

/// What `sample` gives: positions (particles, 2), or paths (steps + 1, particles, 2); particles that are lost; noise levels; weights;
/// evaluations of models for each particle.
type Sampled<'py> = (Array<'py, f32>, usize, Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>, usize);

/// Some particles of a run, and the rows that their positions are kept in.
struct Piece<'a> {
    first: usize,
    kept: Vec<&'a mut [[f32; 2]]>,
}

#[pyfunction]
#[allow(clippy::too_many_arguments)]
pub fn sample<'py>(
    py: Python<'py>,
    scheme: &str,
    distribution: &Distribution,
    networks: Vec<(String, PyRef<'py, Network>)>,
    particles: usize,
    seed: u64,
    start: Option<PyReadonlyArray2<'py, f32>>,
    paths: bool,
    threads: Option<usize>,
    progress: Progress,
) -> PyResult<Sampled<'py>> {
    let scheme = self::scheme(scheme)?;
    let models = distribution.with(&networks)?;
    let models = models::complete(models, scheme.models()).map_err(Problem::from)?;
    let data = models.mixture(Classes::A);
    let sampler = py.detach(|| Sampler::new(&RunConfig { scheme, seed }, &models)).map_err(Problem::from)?;
    let start = start.map(|start| points(&start)).transpose()?;
    let particles = start.as_ref().map_or(particles, Vec::len);
    let (steps, threads) = (sampler.steps(), work::threads(threads));
    let rows = if paths { steps + 1 } else { 1 };
    limit(particles, rows)?;
    let mut positions = vec![[0.0f32; 2]; rows * particles];
    let places = Starts::new(data, sampler.sigmas()[0]);
    let begin = |first: usize, count: usize| match &start {
        Some(start) => start[first..first + count].to_vec(),
        None => (first..first + count).map(|index| places.place(seed, index as u64)).collect(),
    };
    if sampler.in_lockstep() {
        let moving = Mutex::new((sampler.begin(0, begin(0, particles)), positions.chunks_mut(particles)));
        let keep =
            |row: Option<&mut [[f32; 2]]>, now: &[[f32; 2]]| row.into_iter().for_each(|row| row.copy_from_slice(now));
        let take = |step: usize, _: &AtomicBool| {
            let (now, rows) = &mut *moving.lock().expect("one thread has it");
            if paths && step == 0 {
                keep(rows.next(), &now.positions);
            }
            sampler.advance(now, step..step + 1, threads);
            if paths || step + 1 == steps {
                keep(rows.next(), &now.positions);
            }
            1.0 / steps as f64
        };
        work::share(py, 1, 0..steps, &progress, take)?;
    } else {
        let mut pieces: Vec<_> =
            (0..particles).step_by(TILE).map(|first| Piece { first, kept: Vec::with_capacity(rows) }).collect();
        for row in positions.chunks_mut(particles) {
            pieces.iter_mut().zip(row.chunks_mut(TILE)).for_each(|(piece, part)| piece.kept.push(part));
        }
        // Not so many steps that one waits for them.
        let most = (EVALUATIONS * steps / sampler.evaluations(steps).max(1)).max(1);
        let take = |Piece { first, mut kept }: Piece<'_>, stopped: &AtomicBool| {
            let count = kept[0].len();
            let mut now = sampler.begin(first, begin(first, count));
            if paths {
                kept[0].copy_from_slice(&now.positions);
            }
            for step in (0..steps).step_by(most) {
                let some = step..(step + most).min(steps);
                if stopped.load(Ordering::Relaxed) {
                    break;
                }
                if paths {
                    let path = sampler.path(&mut now, some.clone(), 1);
                    kept[1..][some]
                        .iter_mut()
                        .zip(path.chunks(count))
                        .for_each(|(row, from)| row.copy_from_slice(from));
                } else {
                    sampler.advance(&mut now, some, 1);
                }
            }
            if !paths {
                kept[0].copy_from_slice(&now.positions);
            }
            count as f64 / particles as f64
        };
        work::share(py, threads, pieces.into_iter(), &progress, take)?;
    }
    let ends = &positions[(rows - 1) * particles..];
    let lost = count_lost(ends).map_err(Problem::from)?;
    let shape: &[usize] = if paths { &[rows, particles, 2] } else { &[particles, 2] };
    Ok((
        array(py, shape, positions.into_flattened()),
        lost,
        PyArray1::from_slice(py, sampler.sigmas()),
        PyArray1::from_vec(py, sampler.plan().own_weights()),
        sampler.evaluations(steps),
    ))
}

fn limit(particles: usize, rows: usize) -> Result<()> {
    if !(1..=MOST_PARTICLES).contains(&particles) {
        let range = format!("between 1 and {MOST_PARTICLES}");
        return Err(Error::invalid("The number of particles", range, particles).into());
    }
    if rows > 1 && 2 * rows * particles > MOST_NUMBERS {
        let most =
            format!("at most {} where their paths through {} steps are kept", MOST_NUMBERS / (2 * rows), rows - 1);
        return Err(Error::invalid("The number of particles", most, particles).into());
    }
    Ok(())
}
