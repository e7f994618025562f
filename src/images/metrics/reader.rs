//! Samples are read: which of all pictures each is nearest to, and how it differs from that.

use super::super::network::TILE_PICTURES;
use super::super::{Exact, ExactLanes, NUMBERS, Picture, Prompt, SCALE, SIDE, World};
use super::look::{chroma, outside, total_variation};
use super::{FARTHEST, SIGMA};
use crate::lanes::Buffer;
use std::sync::Arc;

/// What is seen in a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// The nearest of all pictures of the world.
    pub picture: Picture,
    /// How far that is: the root of the mean square of differences, where numbers are from 0 to 1.
    pub distance: f64,
    /// The sample's chroma less its picture's; of a number from 0 (grey) to 1.
    pub chroma_excess: f64,
    /// The sample's total variation less its picture's; of a number from 0 (one colour) to 1.
    pub total_variation_excess: f64,
    /// Share of the sample's numbers that are below -.02 or above 1.02, where black is 0 and white 1.
    pub outside: f64,
    /// Log-density, in nats, of the pictures that the prompt allows, smoothed by [`SIGMA`].
    pub log_density: f64,
}

/// Finds nearest pictures as [`Exact::nearest`] of the empty prompt does: in f32 for many samples at once, and in f64 where that may
/// decide.
pub(super) struct Reader {
    world: Arc<World>,
    /// Of anything.
    all: ExactLanes,
    backgrounds: Vec<[f64; 3]>,
}

impl Reader {
    pub fn new(world: Arc<World>) -> Self {
        let backgrounds = (0..world.backgrounds().len()).map(|b| world.colour_of_background(b)).collect();
        let all = ExactLanes::new(&world, Prompt::default()).expect("there are pictures");
        Self { world, all, backgrounds }
    }

    /// What is seen in samples, each with the model of its prompt; none of those that are lost.
    pub fn read(&self, samples: &[(&[f32], &Exact<'_>)]) -> Vec<Reading> {
        let mut workspace = self.all.workspace();
        let mut tile = Buffer::zeros(NUMBERS * TILE_PICTURES);
        let blocks = samples.chunks(TILE_PICTURES).flat_map(|block| {
            for (lane, (sample, _)) in block.iter().enumerate() {
                tile[lane..].iter_mut().step_by(TILE_PICTURES).zip(*sample).for_each(|(to, &number)| *to = number);
            }
            let near = self.all.affinities(&mut workspace, &tile);
            let read =
                |(lane, (sample, exact)): (usize, &(&[f32], &Exact<'_>))| self.read_one(sample, exact, &near, lane);
            block.iter().enumerate().map(read).collect::<Vec<_>>()
        });
        blocks.collect()
    }

    /// Of x.T - |T|^2/2 of every picture T those that may be the greatest are found anew.
    fn read_one(&self, sample: &[f32], exact: &Exact<'_>, near: &[[f32; TILE_PICTURES]], lane: usize) -> Reading {
        let greatest = near.iter().map(|lanes| lanes[lane]).fold(f32::NEG_INFINITY, f32::max);
        // What a figure adds, what of a picture it covers, and what is seen of the background are products of the sample with numbers
        // from -1 to 1; each is rounded once in its row for every pixel and once for every row. Squared lengths are below 3072 x 4.
        let magnitude: f32 = sample.iter().map(|v| v.abs()).sum();
        let roundings = (2 * SIDE + 12) as f32;
        let rounding = f32::EPSILON * (roundings * (3.0 / SCALE as f32) * magnitude + 4.0 * NUMBERS as f32);
        let near = near.iter().enumerate().filter(|(_, lanes)| lanes[lane] >= greatest - 2.0 * rounding);
        let wide: Vec<f64> = sample.iter().map(|&v| f64::from(v)).collect();
        let columns = self.backgrounds.len();
        let distances = near.map(|(place, _)| {
            let data =
                self.world.on_background(&self.world.figures[place / columns], self.backgrounds[place % columns]);
            let square: f64 = data.iter().zip(&wide).map(|(a, b)| (a - b) * (a - b)).sum();
            (place, data, square)
        });
        let (place, data, square) =
            distances.min_by(|a, b| a.2.total_cmp(&b.2)).expect("the least of numbers is one of them");
        let figure = &self.world.figures[place / columns];
        let [of_sample, of_picture] = [&wide, &data].map(|data| self.seen(data));
        let excess = |of: fn(&[[f64; 3]]) -> f64| of(&clipped(&of_sample)) - of(&clipped(&of_picture));
        Reading {
            picture: Picture {
                subject: figure.subject,
                style: figure.style,
                placement: figure.placement,
                background: place % columns,
            },
            distance: SCALE * (square / NUMBERS as f64).sqrt(),
            chroma_excess: excess(chroma),
            total_variation_excess: excess(total_variation),
            outside: outside(&of_sample),
            log_density: exact.log_density(&wide, SIGMA),
        }
    }

    /// Data as colours of pixels, from 0 to 1 where they can be shown.
    fn seen(&self, data: &[f64]) -> Vec<[f64; 3]> {
        let mean = self.world.mean();
        data.as_chunks::<3>().0.iter().map(|pixel| [0, 1, 2].map(|c| SCALE * pixel[c] + mean[c])).collect()
    }
}

fn clipped(seen: &[[f64; 3]]) -> Vec<[f64; 3]> {
    seen.iter().map(|pixel| pixel.map(|v| v.clamp(0.0, 1.0))).collect()
}

/// Whether a sample is lost: one of its numbers is none, or beyond [`FARTHEST`].
pub fn is_lost(sample: &[f32]) -> bool {
    // Written so that NaN is lost too.
    !sample.iter().all(|x| x.abs() <= FARTHEST)
}
