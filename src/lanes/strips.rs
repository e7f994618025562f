//! Products of packed panels with strips of pixels: convolutions of pictures whose lanes lie side by side.

use super::multiply::ROWS;
use super::{Block, Lanes, Panels};
use std::hint::black_box;

/// Most rows, and vectors in a row, of a block.
const MOST: usize = 4;

/// How the numbers lie that a convolution reads, and what it makes.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Channels that are read.
    pub channels: usize,
    /// Pixels along a side of what a pixel is made of: 1, or an odd number, with so much more around the input as it needs.
    pub size: usize,
    /// Rows of pixels.
    pub rows: usize,
    /// Numbers in a row of the output.
    pub width: usize,
    /// Numbers in a row of the input.
    pub pitch: usize,
    /// Numbers of a pixel: all its lanes.
    pub step: usize,
}

/// What becomes of the sums of a product. (A trait and no closure: see [`super`].)
pub trait Strips {
    /// Take the vector of channel `row` that begins at number `at` of its plane of `rows x width`.
    fn put<L: Lanes>(&mut self, l: L, row: usize, at: usize, sum: L::V);
}

/// Convolve `input` with a matrix of rows of `[channels, size, size]`, giving each sum to `then`.
///
/// Every number is summed column after column, whatever the shape of the blocks.
#[inline(always)]
pub fn multiply<L: Lanes>(l: L, matrix: &Panels, input: &[f32], shape: Shape, then: &mut impl Strips) {
    match L::BLOCK {
        Block::FourBySix => blocks::<L, 4, 4>(l, matrix, input, shape, then),
        Block::FourByThree | Block::FourByTwo => blocks::<L, 4, 2>(l, matrix, input, shape, then),
        Block::TwoBySix | Block::TwoByFour => blocks::<L, 2, 4>(l, matrix, input, shape, then),
    }
}

#[inline(always)]
fn blocks<L: Lanes, const HIGH: usize, const WIDE: usize>(
    l: L,
    matrix: &Panels,
    input: &[f32],
    shape: Shape,
    then: &mut impl Strips,
) {
    let Shape { channels, size, rows, width, pitch, step } = shape;
    let taps = size * size;
    let plane = (rows + size - 1) * pitch;
    assert!(matrix.columns == channels * taps && input.len() >= channels * plane);
    assert!(width.is_multiple_of(WIDE * L::N) && pitch == width + (size - 1) * step);
    let zero = l.splat(0.0);
    for y in 0..rows {
        for start in (0..width).step_by(WIDE * L::N) {
            for row in (0..matrix.rows).step_by(HIGH) {
                let mut sums = [zero; MOST * MOST];
                let mut weight = row / ROWS * ROWS * matrix.columns + row % ROWS;
                for channel in 0..channels {
                    for down in 0..size {
                        let mut at = channel * plane + (y + down) * pitch + start;
                        // Hidden from the compiler, which makes of a known number of turns what is 3 to 9% slower with AVX2.
                        for _ in 0..black_box(size) {
                            // SAFETY: `packed` holds rows x columns, and `row` begins a block of HIGH rows of its panel.
                            let weights = unsafe { matrix.packed.get_unchecked(weight..) };
                            // SAFETY: the plane of the channel has these rows, of width + (size - 1) step numbers.
                            let pixels = unsafe { input.get_unchecked(at..) };
                            let mut x = [zero; MOST];
                            each!(v < WIDE, {
                                // SAFETY: start + WIDE N <= width.
                                x[v] = unsafe { l.load_at(pixels, v * L::N) };
                            });
                            each!(r < HIGH, {
                                // SAFETY: as above.
                                let w = unsafe { l.splat_at(weights, r) };
                                each!(v < WIDE, sums[r * WIDE + v] = l.mul_add(w, x[v], sums[r * WIDE + v]));
                            });
                            weight += ROWS;
                            at += step;
                        }
                    }
                }
                each!(r < HIGH, {
                    each!(v < WIDE, then.put(l, row + r, y * width + start + v * L::N, sums[r * WIDE + v]));
                });
            }
        }
    }
}
