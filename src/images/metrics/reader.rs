//! Samples are read: which of all pictures each is nearest to, and how it differs from that.

use super::super::world::{SCALE, World};
use super::super::{Exact, NUMBERS, Picture, SIDE};
use super::look::{chroma, outside, total_variation};
use super::{FARTHEST, SIGMA};

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

/// Samples that are compared with pictures at a time.
const TOGETHER: usize = 16;

/// Finds nearest pictures as [`Exact::nearest`] of the empty prompt does: in f32 for many samples at once, and in f64 where that may
/// decide.
pub(super) struct Reader<'a> {
    world: &'a World,
    /// Of each figure and pixel: red, green, blue, and how clear it is.
    figures: Vec<Vec<[f32; 4]>>,
    /// By figure and background: a picture's squared length as data.
    squares: Vec<f32>,
    backgrounds: Vec<[f64; 3]>,
}

impl<'a> Reader<'a> {
    pub fn new(world: &'a World) -> Self {
        let backgrounds: Vec<_> = (0..world.backgrounds().len()).map(|b| world.colour_of_background(b)).collect();
        let narrow = |(colour, clear): ([f64; 3], f64)| [colour[0], colour[1], colour[2], clear].map(|v| v as f32);
        let figures = world.figures.iter().map(|figure| figure.pixels().map(narrow).collect()).collect();
        let squares = world.figures.iter().flat_map(|figure| world.squares(figure, &backgrounds));
        Self { squares: squares.map(|v| v as f32).collect(), world, figures, backgrounds }
    }

    /// What is seen in samples, each with the model of its prompt; none of those that are lost.
    pub fn read(&self, samples: &[(&[f32], &Exact<'_>)]) -> Vec<Reading> {
        let blocks = samples.chunks(TOGETHER).flat_map(|block| {
            let ranks = self.ranks(&block.iter().map(|(sample, _)| *sample).collect::<Vec<_>>());
            block.iter().enumerate().map(move |(lane, (sample, exact))| self.read_one(sample, exact, &ranks, lane))
        });
        blocks.collect()
    }

    /// Of every picture T, |T|^2 - 2 x.T up to a number that is the same for all: what orders them by their distance to each sample x.
    ///
    /// T = (G + A b - m) / 0.5, so that x.T = 2 (x.G + sum_c b_c (x_c.A) - x.m), the last of which is the same for all.
    fn ranks(&self, samples: &[&[f32]]) -> Vec<[f32; TOGETHER]> {
        let mut across = vec![[0.0; TOGETHER]; NUMBERS];
        for (lane, sample) in samples.iter().enumerate() {
            across.iter_mut().zip(*sample).for_each(|(lanes, &number)| lanes[lane] = number);
        }
        let mut ranks = Vec::with_capacity(self.squares.len());
        for (figure, squares) in self.figures.iter().zip(self.squares.chunks_exact(self.backgrounds.len())) {
            let mut products = [[0.0; TOGETHER]; 4];
            // Row by row, which rounds less than one long sum.
            for (row, pixels) in across.chunks_exact(3 * SIDE).zip(figure.chunks_exact(SIDE)) {
                let mut sums = [[0.0; TOGETHER]; 4];
                for ([x, y, z], [red, green, blue, clear]) in row.as_chunks::<3>().0.iter().zip(pixels) {
                    for lane in 0..TOGETHER {
                        sums[0][lane] += red * x[lane] + green * y[lane] + blue * z[lane];
                        sums[1][lane] += clear * x[lane];
                        sums[2][lane] += clear * y[lane];
                        sums[3][lane] += clear * z[lane];
                    }
                }
                products.as_flattened_mut().iter_mut().zip(sums.as_flattened()).for_each(|(all, sum)| *all += sum);
            }
            for (colour, square) in self.backgrounds.iter().zip(squares) {
                let [red, green, blue] = colour.map(|c| c as f32);
                let [figure, x, y, z] = &products;
                let product = |lane: usize| figure[lane] + red * x[lane] + green * y[lane] + blue * z[lane];
                ranks.push(std::array::from_fn(|lane| square - (2.0 / SCALE as f32) * product(lane)));
            }
        }
        ranks
    }

    fn read_one(&self, sample: &[f32], exact: &Exact<'_>, ranks: &[[f32; TOGETHER]], lane: usize) -> Reading {
        let least = ranks.iter().map(|lanes| lanes[lane]).fold(f32::INFINITY, f32::min);
        // Of each picture colour + clear x background is from 0 to 1, so that products' terms sum to no more than the sample's
        // magnitudes; each is rounded once in its row for every pixel and once for every row. Squared lengths are below 3072 x 4.
        let magnitude: f32 = sample.iter().map(|v| v.abs()).sum();
        let roundings = (2 * SIDE + 12) as f32;
        let rounding = f32::EPSILON * (roundings * (2.0 / SCALE as f32) * magnitude + 4.0 * NUMBERS as f32);
        let near = ranks.iter().enumerate().filter(|(_, lanes)| lanes[lane] <= least + 2.0 * rounding);
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
