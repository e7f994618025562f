//! Products of packed panels with rows of any length, in which the lanes of pixels lie side by side.

use super::multiply::{ROWS, veiled};
use super::{Block, Lanes, Panels};
use std::hint::black_box;

/// Most rows, and vectors in a row, of a block.
const MOST: usize = 4;

/// What becomes of the sums of a product. (A trait and no closure: see [`super`].)
pub trait Strips {
    /// Take the vector that begins at number `at` of row `row`.
    fn put<L: Lanes>(&mut self, l: L, row: usize, at: usize, sum: L::V);
}

/// Multiply a matrix with `input`, as many rows of `width` numbers as the matrix has columns, giving each sum to `then`.
///
/// Every number is summed column after column, whatever the shape of the blocks.
#[inline(always)]
pub fn multiply<L: Lanes>(l: L, matrix: &Panels, input: &[f32], width: usize, then: &mut impl Strips) {
    // Rows of a single pixel are shorter than blocks.
    if width < 4 * L::N {
        return match L::N {
            16 => blocks::<L, 4, 1>(l, matrix, input, width, then),
            _ => blocks::<L, 4, 2>(l, matrix, input, width, then),
        };
    }
    match L::BLOCK {
        Block::FourBySix => blocks::<L, 4, 4>(l, matrix, input, width, then),
        Block::FourByThree | Block::FourByTwo => blocks::<L, 4, 2>(l, matrix, input, width, then),
        Block::TwoBySix | Block::TwoByFour => blocks::<L, 2, 4>(l, matrix, input, width, then),
    }
}

#[inline(always)]
fn blocks<L: Lanes, const HIGH: usize, const WIDE: usize>(
    l: L,
    matrix: &Panels,
    input: &[f32],
    width: usize,
    then: &mut impl Strips,
) {
    let Panels { rows, columns, ref packed } = *matrix;
    assert!(input.len() >= columns * width && width.is_multiple_of(WIDE * L::N));
    let none = black_box(0);
    let zero = l.splat(0.0);
    for start in (0..width).step_by(WIDE * L::N) {
        for row in (0..rows).step_by(HIGH) {
            let mut sums = [zero; MOST * MOST];
            let panel = row / ROWS * ROWS * columns + row % ROWS;
            // As in [`super::multiply`].
            let (mut pixel, mut weight) = (start, panel);
            while pixel < columns * width {
                // SAFETY: of a column; `input` was measured above.
                let pixels = unsafe { input.get_unchecked(veiled(pixel, none)..) };
                // SAFETY: `packed` holds rows x columns, and `row` begins a block of HIGH rows of its panel.
                let weights = unsafe { packed.get_unchecked(veiled(weight, none)..) };
                (pixel, weight) = (pixel + width, weight + ROWS);
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
            }
            each!(r < HIGH, {
                each!(v < WIDE, then.put(l, row + r, start + v * L::N, sums[r * WIDE + v]));
            });
        }
    }
}
