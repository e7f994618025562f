//! The two products that a network on tiles of particles needs. Lanes are particles; a tile is
//! `rows x TILE` numbers, row-major.

use super::{Block, Buffer, Lanes, TILE};
use std::hint::black_box;

/// Rows of a panel.
pub(super) const ROWS: usize = 4;

/// Vectors in a row of the widest block.
const ACROSS: usize = 6;

/// A matrix packed in panels of four rows, column after column, so that the micro-kernel reads it in order.
#[derive(Clone, Default)]
pub struct Panels {
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) packed: Buffer,
}

impl Panels {
    /// Pack `rows x columns` from `entry(row, column)`. `rows` is a multiple of four.
    pub fn pack(rows: usize, columns: usize, entry: impl Fn(usize, usize) -> f32) -> Self {
        assert!(rows.is_multiple_of(ROWS));
        let mut packed = Buffer::zeros(rows * columns);
        for (i, values) in packed.chunks_exact_mut(ROWS).enumerate() {
            let (panel, column) = (i / columns, i % columns);
            values.iter_mut().enumerate().for_each(|(r, value)| *value = entry(panel * ROWS + r, column));
        }
        Self { rows, columns, packed }
    }
}

/// What becomes of the sums of a product before they are stored. (A trait and no closure: see the invariants.)
pub trait Epilogue {
    /// Rows x particles that [`finish`](Self::finish) may be asked for.
    fn room(&self) -> usize;

    /// What to store in place of `sum`, that of the vector of particles that begins at entry `at` of the product.
    ///
    /// # Safety
    /// `at` plus the lanes of a vector is at most [`room`](Self::room).
    unsafe fn finish<L: Lanes>(&mut self, l: L, at: usize, sum: L::V) -> L::V;
}

/// Nothing becomes of them.
pub struct Store;

impl Epilogue for Store {
    fn room(&self) -> usize {
        usize::MAX
    }

    #[inline(always)]
    unsafe fn finish<L: Lanes>(&mut self, _: L, _: usize, sum: L::V) -> L::V {
        sum
    }
}

/// `out = matrix input` for the tiles `input` (`columns x TILE`) and `out` (`rows x TILE`).
#[inline(always)]
pub fn multiply<L: Lanes>(l: L, matrix: &Panels, input: &[f32], out: &mut [f32]) {
    multiply_then(l, matrix, input, out, &mut Store);
}

/// `out = matrix input` for the tiles `input` (`columns x TILE`) and `out` (`rows x TILE`), each sum given to an epilogue that
/// says what is kept.
///
/// Every entry is summed column after column, whatever the shape of the blocks.
#[inline(always)]
pub fn multiply_then<L: Lanes>(l: L, matrix: &Panels, input: &[f32], out: &mut [f32], epilogue: &mut impl Epilogue) {
    match L::BLOCK {
        Block::FourBySix => blocks::<L, 4, 6>(l, matrix, input, out, epilogue),
        Block::FourByThree => blocks::<L, 4, 3>(l, matrix, input, out, epilogue),
        Block::TwoByFour => blocks::<L, 2, 4>(l, matrix, input, out, epilogue),
        Block::TwoBySix => blocks::<L, 2, 6>(l, matrix, input, out, epilogue),
        Block::FourByTwo => blocks::<L, 4, 2>(l, matrix, input, out, epilogue),
    }
}

#[inline(always)]
fn blocks<L: Lanes, const HIGH: usize, const WIDE: usize>(
    l: L,
    matrix: &Panels,
    input: &[f32],
    out: &mut [f32],
    epilogue: &mut impl Epilogue,
) {
    assert!(ROWS.is_multiple_of(HIGH) && TILE.is_multiple_of(WIDE * L::N));
    let Panels { rows, columns, ref packed } = *matrix;
    let room = rows * TILE;
    let none = black_box(0);
    let zero = l.splat(0.0);
    assert!(input.len() >= columns * TILE && out.len() >= room && epilogue.room() >= room);
    // Strips of particles outside: a strip of the input stays in the nearest cache while the matrix streams past.
    for start in (0..TILE).step_by(WIDE * L::N) {
        for row in (0..rows).step_by(HIGH) {
            let mut sums = [zero; ROWS * ACROSS];
            let panel = row / ROWS * ROWS * columns + row % ROWS;
            // Counted up, since of a column both would be worked out by a multiplication, in place of another multiply-add.
            let (mut particle, mut weight) = (start, panel);
            while particle < columns * TILE {
                // SAFETY: of a column; `input` was measured above.
                let particles = unsafe { input.get_unchecked(veiled(particle, none)..) };
                // SAFETY: `packed` holds rows x columns, and `row` begins a block of HIGH rows of its panel.
                let weights = unsafe { packed.get_unchecked(veiled(weight, none)..) };
                (particle, weight) = (particle + TILE, weight + ROWS);
                // The fewer stay in registers meanwhile, the others come one by one.
                if HIGH < WIDE {
                    let mut w = [zero; ACROSS];
                    each!(r < HIGH, {
                        // SAFETY: as above.
                        w[r] = unsafe { l.splat_at(weights, r) };
                    });
                    each!(v < WIDE, {
                        // SAFETY: start + WIDE N <= TILE.
                        let x = unsafe { l.load_at(particles, v * L::N) };
                        each!(r < HIGH, sums[r * WIDE + v] = l.mul_add(w[r], x, sums[r * WIDE + v]));
                    });
                } else {
                    let mut x = [zero; ACROSS];
                    each!(v < WIDE, {
                        // SAFETY: start + WIDE N <= TILE.
                        x[v] = unsafe { l.load_at(particles, v * L::N) };
                    });
                    each!(r < HIGH, {
                        // SAFETY: as above.
                        let w = unsafe { l.splat_at(weights, r) };
                        each!(v < WIDE, sums[r * WIDE + v] = l.mul_add(w, x[v], sums[r * WIDE + v]));
                    });
                }
            }
            each!(r < HIGH, {
                each!(v < WIDE, {
                    let at = (row + r) * TILE + start + v * L::N;
                    // SAFETY: row + r < rows; `out` and `epilogue` were measured above.
                    unsafe { l.store_at(epilogue.finish(l, at, sums[r * WIDE + v]), out, at) };
                });
            });
        }
    }
}

/// An index of a loop as it is, `none` being a zero that the compiler does not know.
///
/// For WebAssembly LLVM's loop strength reduction forgets that addresses do not wrap: offsets are then added up before each load, and
/// registers do not suffice, which costs half the speed. It leaves alone what it cannot follow.
#[inline(always)]
pub(super) fn veiled(index: usize, none: usize) -> usize {
    if cfg!(target_arch = "wasm32") { index ^ none } else { index }
}

/// Adds sums over the particles of a tile: `out[r][c] += sum_pairs sum_t left[r][t] right[c][t]`, for `rows x columns`
/// row-major `out`. `rows` and `columns` are multiples of four.
///
/// Every lane is summed pair after pair and then with the others, whatever the shape of the blocks.
#[inline(always)]
pub fn add_outer<L: Lanes>(l: L, pairs: &[(&[f32], &[f32])], out: &mut [f32], columns: usize) {
    let rows = out.len() / columns;
    assert!(rows.is_multiple_of(ROWS) && columns.is_multiple_of(4) && out.len() == rows * columns);
    for &(left, right) in pairs {
        assert!(left.len() >= rows * TILE && right.len() >= columns * TILE);
    }
    // SAFETY: both sides of the pairs were measured above.
    unsafe {
        match L::BLOCK {
            Block::FourBySix => outer_blocks::<L, 4, 4, 4>(l, pairs, out, columns),
            Block::FourByThree => outer_blocks::<L, 4, 3, 2>(l, pairs, out, columns),
            Block::TwoBySix => outer_blocks::<L, 2, 6, 4>(l, pairs, out, columns),
            Block::TwoByFour => outer_blocks::<L, 2, 4, 4>(l, pairs, out, columns),
            Block::FourByTwo => outer_blocks::<L, 4, 2, 2>(l, pairs, out, columns),
        }
    }
}

/// As wide as registers allow, and `LESS` where that leaves a multiple of it.
///
/// # Safety
/// All pairs have the rows of `out` on the left and its columns on the right, which is a multiple of four.
#[inline(always)]
unsafe fn outer_blocks<L: Lanes, const HIGH: usize, const WIDE: usize, const LESS: usize>(
    l: L,
    pairs: &[(&[f32], &[f32])],
    out: &mut [f32],
    columns: usize,
) {
    let rows = out.len() / columns;
    let mut column = 0;
    // Columns outside: those of the right side stay in the nearest cache while the left one streams past.
    while column < columns {
        let left = columns - column;
        let wide = if left.is_multiple_of(WIDE) || left >= WIDE + LESS { WIDE } else { LESS };
        for row in (0..rows).step_by(HIGH) {
            // SAFETY: so many rows and columns are left, and the pairs are the caller's.
            unsafe {
                if wide == WIDE {
                    outer_block::<L, HIGH, WIDE>(l, pairs, out, columns, [row, column]);
                } else {
                    outer_block::<L, HIGH, LESS>(l, pairs, out, columns, [row, column]);
                }
            }
        }
        column += wide;
    }
}

/// `HIGH` rows and `WIDE` columns of it, from `row` and `column` on.
///
/// # Safety
/// All pairs have these rows on the left and these columns on the right.
#[inline(always)]
unsafe fn outer_block<L: Lanes, const HIGH: usize, const WIDE: usize>(
    l: L,
    pairs: &[(&[f32], &[f32])],
    out: &mut [f32],
    columns: usize,
    [row, column]: [usize; 2],
) {
    let zero = l.splat(0.0);
    let mut sums = [zero; ROWS * ACROSS];
    // No constant, or all turns would be unrolled and what they load would go through the stack.
    let turns = black_box(TILE / L::N);
    let none = black_box(0);
    for &(left, right) in pairs {
        for turn in 0..turns {
            let t = veiled(turn, none) * L::N;
            // SAFETY: the caller's; t < TILE.
            let (x, y) = unsafe { (left.get_unchecked(row * TILE + t..), right.get_unchecked(column * TILE + t..)) };
            let mut kept = [zero; ACROSS];
            // As in a product.
            if HIGH < WIDE {
                each!(r < HIGH, {
                    // SAFETY: the caller's.
                    kept[r] = unsafe { l.load_at(x, r * TILE) };
                });
                each!(c < WIDE, {
                    // SAFETY: the caller's.
                    let y = unsafe { l.load_at(y, c * TILE) };
                    each!(r < HIGH, sums[r * WIDE + c] = l.mul_add(kept[r], y, sums[r * WIDE + c]));
                });
            } else {
                each!(c < WIDE, {
                    // SAFETY: the caller's.
                    kept[c] = unsafe { l.load_at(y, c * TILE) };
                });
                each!(r < HIGH, {
                    // SAFETY: the caller's.
                    let x = unsafe { l.load_at(x, r * TILE) };
                    each!(c < WIDE, sums[r * WIDE + c] = l.mul_add(x, kept[c], sums[r * WIDE + c]));
                });
            }
        }
    }
    each!(r < HIGH, {
        let (at, first) = ((row + r) * columns + column, r * WIDE);
        // SAFETY: the caller's: `out` has these rows and columns.
        unsafe {
            if WIDE >= 4 {
                l.add_sums([sums[first], sums[first + 1], sums[first + 2], sums[first + 3]], out, at);
            }
            each!(c < WIDE, {
                if WIDE < 4 || c >= 4 {
                    *out.get_unchecked_mut(at + c) += l.sum(sums[first + c]);
                }
            });
        }
    });
}
