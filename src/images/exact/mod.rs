//! The exact model of a prompt: what is to be seen, smoothed by noise.

mod lanes;

pub use lanes::{ExactLanes, ExactLevel, ExactWorkspace};

use super::world::{Figure, SCALE};
use super::{NUMBERS, Picture, Prompt, SIDE, World};
use crate::error::Result;
use std::f64::consts::TAU;

/// What the exact model says of a noisy picture.
#[derive(Clone, Debug)]
pub struct Value {
    /// Log-density of the prompt's distribution, smoothed.
    pub log_density: f64,
    /// Posterior mean, D.
    pub denoised: Vec<f64>,
    /// The score, (D - x) / sigma^2.
    pub score: Vec<f64>,
}

/// The greatest log-density of a Gaussian of so many numbers and this variance in each.
pub(super) fn log_normaliser(variance: f64) -> f64 {
    -0.5 * NUMBERS as f64 * (TAU * variance).ln()
}

/// A figure that a prompt allows, and its squared length on every background that the prompt allows.
struct Row {
    figure: usize,
    log_share: f64,
    squares: Vec<f64>,
}

/// The definition, in f64: sum_j softmax_j(log p_j - |x - T_j|^2 / (2 sigma^2)) T_j over the pictures T_j of a prompt.
///
/// A picture is a figure on a background, T = (G + A b - m) / 0.5 with A how clear pixels are: so the products of x with figures
/// and with what is clear are made once for all backgrounds.
pub struct Exact<'a> {
    world: &'a World,
    rows: Vec<Row>,
    /// Place, log share and colour from 0 to 1.
    backgrounds: Vec<(usize, f64, [f64; 3])>,
}

impl<'a> Exact<'a> {
    /// The model of what a prompt allows.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) if there is no such picture.
    pub fn new(world: &'a World, prompt: Prompt) -> Result<Self> {
        let all = 0..world.backgrounds().len();
        let chosen: Vec<usize> = all.filter(|&b| prompt.background.is_none_or(|asked| asked == b)).collect();
        let total: f64 = chosen.iter().map(|&b| world.share_of_background(b)).sum();
        let backgrounds: Vec<_> = chosen
            .iter()
            .map(|&b| (b, (world.share_of_background(b) / total).ln(), world.colour_of_background(b)))
            .collect();
        let allowed = |f: &Figure| prompt.subject.allows(f.subject) && prompt.style.is_none_or(|s| s == f.style);
        let figures: Vec<_> = world.figures.iter().enumerate().filter(|(_, f)| allowed(f)).collect();
        let total: f64 = figures.iter().map(|(_, f)| f.share).sum();
        let colours: Vec<_> = backgrounds.iter().map(|(_, _, colour)| *colour).collect();
        let rows = figures.into_iter().map(|(figure, f)| Row {
            figure,
            log_share: (f.share / total).ln(),
            squares: world.squares(f, &colours),
        });
        let rows: Vec<_> = rows.collect();
        if rows.is_empty() {
            return Err(world.no_picture(prompt));
        }
        Ok(Self { world, rows, backgrounds })
    }

    /// Pictures that the prompt allows.
    pub fn pictures(&self) -> usize {
        self.rows.len() * self.backgrounds.len()
    }

    /// |x - T_j|^2, figure by figure, for each background.
    fn squared_distances(&self, x: &[f64]) -> Vec<f64> {
        let mean = self.world.mean();
        let square: f64 = x.iter().map(|v| v * v).sum();
        let with_mean: f64 = x.iter().enumerate().map(|(i, x)| x * mean[i % 3]).sum();
        let mut all = Vec::with_capacity(self.pictures());
        for row in &self.rows {
            let figure = &self.world.figures[row.figure];
            let (mut with_colour, mut with_clear) = (0.0, [0.0; 3]);
            for (x, (colour, clear)) in x.chunks_exact(3).zip(figure.pixels()) {
                for c in 0..3 {
                    with_colour += x[c] * colour[c];
                    with_clear[c] += x[c] * clear;
                }
            }
            for ((_, _, colour), template) in self.backgrounds.iter().zip(&row.squares) {
                let product = with_colour + (0..3).map(|c| with_clear[c] * colour[c]).sum::<f64>() - with_mean;
                all.push(square - 2.0 * product / SCALE + template);
            }
        }
        all
    }

    /// log p_j - |x - T_j|^2 / (2 sigma^2), figure by figure, for each background.
    fn log_weights(&self, x: &[f64], variance: f64) -> Vec<f64> {
        assert_eq!(x.len(), NUMBERS, "a picture has {SIDE} x {SIDE} pixels of three numbers");
        let mut weights = self.squared_distances(x);
        for (row, weights) in self.rows.iter().zip(weights.chunks_exact_mut(self.backgrounds.len())) {
            for (w, (_, log_share, _)) in weights.iter_mut().zip(&self.backgrounds) {
                *w = row.log_share + log_share - *w / (2.0 * variance);
            }
        }
        weights
    }

    /// The log-density alone; see [`Exact::evaluate`].
    ///
    /// # Panics
    /// If `x` has another length.
    pub fn log_density(&self, x: &[f64], sigma: f64) -> f64 {
        let variance = sigma * sigma;
        let weights = self.log_weights(x, variance);
        let greatest = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = weights.iter().map(|w| (w - greatest).exp()).sum();
        greatest + total.ln() + log_normaliser(variance)
    }

    /// Density, posterior mean and score of a picture `x` of [`NUMBERS`] numbers at noise level `sigma` above 0.
    ///
    /// # Panics
    /// If `x` has another length.
    pub fn evaluate(&self, x: &[f64], sigma: f64) -> Value {
        let variance = sigma * sigma;
        let mut weights = self.log_weights(x, variance);
        let greatest = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        weights.iter_mut().for_each(|w| *w = (*w - greatest).exp());
        let total: f64 = weights.iter().sum();
        let mean = self.world.mean();
        let mut denoised: Vec<f64> = (0..NUMBERS).map(|i| -mean[i % 3] / SCALE).collect();
        for (row, weights) in self.rows.iter().zip(weights.chunks_exact(self.backgrounds.len())) {
            let figure = &self.world.figures[row.figure];
            let weight = weights.iter().sum::<f64>() / (total * SCALE);
            if weight == 0.0 {
                continue;
            }
            let mut behind = [0.0; 3];
            for (w, (_, _, colour)) in weights.iter().zip(&self.backgrounds) {
                (0..3).for_each(|c| behind[c] += w / (total * SCALE) * colour[c]);
            }
            for (out, (colour, clear)) in denoised.chunks_exact_mut(3).zip(figure.pixels()) {
                (0..3).for_each(|c| out[c] += weight * colour[c] + behind[c] * clear);
            }
        }
        let score = denoised.iter().zip(x).map(|(d, x)| (d - x) / variance).collect();
        let log_density = greatest + total.ln() + log_normaliser(variance);
        Value { log_density, denoised, score }
    }

    /// The nearest picture that the prompt allows, and its squared distance.
    ///
    /// # Panics
    /// If `x` has another length than [`NUMBERS`].
    pub fn nearest(&self, x: &[f64]) -> (Picture, f64) {
        assert_eq!(x.len(), NUMBERS, "a picture has {SIDE} x {SIDE} pixels of three numbers");
        let columns = self.backgrounds.len();
        let distances = self.squared_distances(x);
        let (best, &distance) =
            distances.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1)).expect("a prompt allows some picture");
        let figure = &self.world.figures[self.rows[best / columns].figure];
        let background = self.backgrounds[best % columns].0;
        let picture = Picture { subject: figure.subject, style: figure.style, placement: figure.placement, background };
        (picture, distance)
    }
}
