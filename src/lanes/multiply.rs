//! The two products that a network on tiles of particles needs. Lanes are particles; a tile is
//! `rows x TILE` numbers, row-major.

use super::{Buffer, Lanes, TILE};

/// Rows that the micro-kernel computes at once.
const ROWS: usize = 4;

/// A matrix packed in panels of four rows, column after column, so that the micro-kernel reads it in order.
#[derive(Clone, Default)]
pub struct Panels {
    rows: usize,
    columns: usize,
    packed: Buffer,
}

impl Panels {
    /// Pack `rows x columns` from `entry(row, column)`. `rows` is a multiple of four.
    pub fn pack(rows: usize, columns: usize, entry: impl Fn(usize, usize) -> f32) -> Self {
        assert_eq!(rows % ROWS, 0);
        let mut packed = Buffer::zeros(rows * columns);
        for (i, value) in packed.iter_mut().enumerate() {
            let (panel, rest) = (i / (ROWS * columns), i % (ROWS * columns));
            *value = entry(panel * ROWS + rest % ROWS, rest / ROWS);
        }
        Self { rows, columns, packed }
    }
}

/// `out = matrix input` for the tiles `input` (`columns x TILE`) and `out` (`rows x TILE`).
///
/// What follows a product (an activation, a gate) is a pass of its own: a closure called from the micro-kernel would not
/// be compiled with its instruction set where the compiler declines to inline it.
#[inline(always)]
pub fn multiply<L: Lanes>(l: L, matrix: &Panels, input: &[f32], out: &mut [f32]) {
    assert!(input.len() >= matrix.columns * TILE && out.len() >= matrix.rows * TILE);
    let panels = matrix.packed.chunks_exact(ROWS * matrix.columns).zip(out.chunks_exact_mut(ROWS * TILE));
    for (packed, out) in panels {
        for start in (0..TILE).step_by(L::WIDTH * L::N) {
            match L::WIDTH {
                6 => block::<L, 6>(l, packed, input, start, out),
                3 => block::<L, 3>(l, packed, input, start, out),
                _ => block::<L, 2>(l, packed, input, start, out),
            }
        }
    }
}

#[inline(always)]
fn block<L: Lanes, const WIDTH: usize>(l: L, packed: &[f32], input: &[f32], start: usize, out: &mut [f32]) {
    let mut sums = [[l.splat(0.0); WIDTH]; ROWS];
    for (weights, row) in packed.chunks_exact(ROWS).zip(input.chunks_exact(TILE)) {
        let row = &row[start..start + WIDTH * L::N];
        let mut x = [l.splat(0.0); WIDTH];
        for (v, x) in x.iter_mut().enumerate() {
            *x = l.load(&row[v * L::N..]);
        }
        for (sums, &weight) in sums.iter_mut().zip(weights) {
            let weight = l.splat(weight);
            for (sum, &x) in sums.iter_mut().zip(&x) {
                *sum = l.mul_add(weight, x, *sum);
            }
        }
    }
    for (sums, row) in sums.iter().zip(out.chunks_exact_mut(TILE)) {
        for (v, &sum) in sums.iter().enumerate() {
            l.store(sum, &mut row[start + v * L::N..]);
        }
    }
}

/// Sums over the particles of a tile: `out[r][c] = sum_t sum_pairs left[r][t] right[c][t]`, for `rows x columns`
/// row-major `out`. `rows` is a multiple of four, `columns` of two.
#[inline(always)]
pub fn outer<L: Lanes>(l: L, pairs: &[(&[f32], &[f32])], out: &mut [f32], columns: usize) {
    let rows = out.len() / columns;
    for &(left, right) in pairs {
        assert!(left.len() >= rows * TILE && right.len() >= columns * TILE);
    }
    let wide = if L::N >= 16 && columns.is_multiple_of(4) { 4 } else { 2 };
    for r in (0..rows).step_by(ROWS) {
        for c in (0..columns).step_by(wide) {
            if wide == 4 {
                outer_block::<L, 4>(l, pairs, out, columns, r, c);
            } else {
                outer_block::<L, 2>(l, pairs, out, columns, r, c);
            }
        }
    }
}

#[inline(always)]
fn outer_block<L: Lanes, const WIDE: usize>(
    l: L,
    pairs: &[(&[f32], &[f32])],
    out: &mut [f32],
    columns: usize,
    row: usize,
    column: usize,
) {
    let mut sums = [[l.splat(0.0); WIDE]; ROWS];
    for &(left, right) in pairs {
        let left = &left[row * TILE..(row + ROWS) * TILE];
        let right = &right[column * TILE..(column + WIDE) * TILE];
        for t in (0..TILE).step_by(L::N) {
            let mut y = [l.splat(0.0); WIDE];
            for (c, y) in y.iter_mut().enumerate() {
                *y = l.load(&right[c * TILE + t..]);
            }
            for (r, sums) in sums.iter_mut().enumerate() {
                let x = l.load(&left[r * TILE + t..]);
                for (sum, &y) in sums.iter_mut().zip(&y) {
                    *sum = l.mul_add(x, y, *sum);
                }
            }
        }
    }
    for (r, sums) in sums.iter().enumerate() {
        for (c, &sum) in sums.iter().enumerate() {
            out[(row + r) * columns + column + c] = l.sum(sum);
        }
    }
}
