//! Convolutions of 3 x 3 pixels by Winograd's minimal filtering, F(2 x 2, 3 x 3) (Lavin and Gray 2015, arXiv 1509.09308): of a patch
//! of 4 x 4 pixels d and weights g the inner 2 x 2 become A' ((G g G') * (B' d B)) A, with 16 products in place of 36.
//!
//! Lanes lie side by side, so that both transforms are sums of whole vectors. Between them stand sixteen products of matrices, one
//! for each entry of a patch, over channels and patches.

use super::{Kernel, Lanes, Strips};
use std::ops::Range;

/// Entries of a transformed patch.
pub const ENTRIES: usize = 16;

/// G g G' of the weights of 3 x 3 pixels.
pub fn weights(g: [f32; 9]) -> [f32; ENTRIES] {
    let line = |[a, b, c]: [f64; 3]| [a, 0.5 * (a + b + c), 0.5 * (a - b + c), c];
    let g = g.map(f64::from);
    let rows = [0, 3, 6].map(|at| line([g[at], g[at + 1], g[at + 2]]));
    let columns = [0, 1, 2, 3].map(|at| line(rows.map(|row| row[at])));
    std::array::from_fn(|i| columns[i % 4][i / 4] as f32)
}

/// B' times a column.
#[inline(always)]
fn before<L: Lanes>(l: L, [a, b, c, d]: [L::V; 4]) -> [L::V; 4] {
    [l.sub(a, c), l.add(b, c), l.sub(c, b), l.sub(b, d)]
}

/// A' times a column.
#[inline(always)]
fn after<L: Lanes>(l: L, [a, b, c, d]: [L::V; 4]) -> [L::V; 2] {
    [l.add(a, l.add(b, c)), l.sub(b, l.add(c, d))]
}

/// Which patches, and how many lanes a pixel has.
#[derive(Clone)]
pub struct Patches {
    /// Pixels along a side.
    pub side: usize,
    /// Numbers of a pixel.
    pub lanes: usize,
    /// Rows of patches, of `side / 2` each.
    pub rows: Range<usize>,
}

impl Patches {
    /// Numbers of an entry in all these patches.
    pub fn width(&self) -> usize {
        self.rows.len() * self.side / 2 * self.lanes
    }
}

/// The entries of patches, channel by channel.
pub struct Transform<'a> {
    /// Which.
    pub patches: Patches,
    /// Channels of `side x side` pixels with zeros around.
    pub from: &'a [f32],
    /// For each entry as many rows of [`Patches::width`] as there are channels.
    pub to: &'a mut [f32],
}

impl Kernel for Transform<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { patches: Patches { side, lanes, ref rows }, from, to } = self;
        let (pitch, width) = ((side + 2) * lanes, self.patches.width());
        let plane = (side + 2) * pitch;
        let channels = from.len() / plane;
        let entry = channels * width;
        assert!(to.len() >= ENTRIES * entry && rows.end <= side / 2 && lanes.is_multiple_of(L::N));
        let zero = l.splat(0.0);
        for (channel, from) in from.chunks_exact(plane).enumerate() {
            let mut at = channel * width;
            for row in rows.clone() {
                for first in (0..side * lanes).step_by(2 * lanes) {
                    for lane in (0..lanes).step_by(L::N) {
                        let mut d = [[zero; 4]; 4];
                        each!(i < 4, {
                            each!(j < 4, {
                                // SAFETY: 2 row + 3 < side + 2, and so is the column.
                                d[i][j] = unsafe { l.load_at(from, (2 * row + i) * pitch + first + j * lanes + lane) };
                            });
                        });
                        each!(i < 4, d[i] = before(l, d[i]));
                        each!(j < 4, {
                            let column = before(l, [d[0][j], d[1][j], d[2][j], d[3][j]]);
                            // SAFETY: `at` is below `entry`, and `to` was measured above.
                            each!(i < 4, unsafe { l.store_at(column[i], to, (4 * i + j) * entry + at) });
                        });
                        at += L::N;
                    }
                }
            }
        }
    }
}

/// Pixels of the entries of products.
pub struct Finish<'a, T> {
    /// Which.
    pub patches: Patches,
    /// For each entry as many rows of [`Patches::width`] as there are channels.
    pub from: &'a [f32],
    /// Of the pixels.
    pub channels: usize,
    /// Takes them, as numbers of planes of `side x side` pixels.
    pub then: &'a mut T,
}

impl<T: Strips> Kernel for Finish<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { patches: Patches { side, lanes, ref rows }, from, channels, then } = self;
        let width = self.patches.width();
        let entry = channels * width;
        assert!(from.len() >= ENTRIES * entry && lanes.is_multiple_of(L::N));
        let zero = l.splat(0.0);
        for channel in 0..channels {
            let mut at = channel * width;
            for row in rows.clone() {
                for first in (0..side * lanes).step_by(2 * lanes) {
                    for lane in (0..lanes).step_by(L::N) {
                        let mut m = [[zero; 2]; 4];
                        each!(i < 4, {
                            let mut line = [zero; 4];
                            // SAFETY: `at` is below `entry`, and `from` was measured above.
                            each!(j < 4, line[j] = unsafe { l.load_at(from, (4 * i + j) * entry + at) });
                            m[i] = after(l, line);
                        });
                        let pixel = 2 * row * side * lanes + first + lane;
                        each!(j < 2, {
                            let column = after(l, [m[0][j], m[1][j], m[2][j], m[3][j]]);
                            each!(i < 2, then.put(l, channel, pixel + (i * side + j) * lanes, column[i]));
                        });
                        at += L::N;
                    }
                }
            }
        }
    }
}
