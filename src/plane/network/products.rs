//! The square matrices of a network, packed for the products that evaluation and training have in common.

use super::{Network, SILU_GAIN};
use crate::lanes::{Panels, each};

/// Hidden-to-hidden matrices over 0.596, padded with zeros to the micro-kernel's four.
pub(crate) struct Products {
    /// Padded width.
    pub hidden: usize,
    /// All but the last, for the forward pass.
    pub forward: Vec<Panels>,
    /// Their transposes, for the reverse pass.
    pub backward: Vec<Panels>,
    /// V^T V of the last matrix V, which the log-density needs only so.
    pub last: Panels,
}

/// A network's matrices in f64, row-major and unpadded.
pub(crate) struct Folded {
    /// All but the last.
    pub forward: Vec<Vec<f64>>,
    /// V^T V of the last, V.
    pub product: Vec<f64>,
}

impl Folded {
    /// The matrices of `network`.
    pub fn new(network: &Network) -> Self {
        let h = network.hidden;
        let mut forward: Vec<Vec<f64>> = (1..=network.layers()).map(|i| network.normalised(i)).collect();
        forward.iter_mut().flatten().for_each(|w| *w /= SILU_GAIN);
        let last = forward.pop().expect("a network has a layer");
        let mut product = vec![0.0; h * h];
        for row in last.chunks_exact(h) {
            for (c, &left) in row.iter().enumerate() {
                add_times(&mut product[c * h..(c + 1) * h], left, row);
            }
        }
        Self { forward, product }
    }
}

impl Products {
    /// Pack the matrices of `network`.
    pub fn new(network: &Network) -> Self {
        let h = network.hidden;
        let hidden = h.next_multiple_of(4);
        let Folded { forward, product } = Folded::new(network);
        Self {
            hidden,
            forward: forward.iter().map(|w| square(w, h, [h, 1])).collect(),
            backward: forward.iter().map(|w| square(w, h, [1, h])).collect(),
            last: square(&product, h, [h, 1]),
        }
    }
}

/// The panels of a matrix of so many rows and columns, which are so far apart in it.
fn square(values: &[f64], h: usize, [of_row, of_column]: [usize; 2]) -> Panels {
    let hidden = h.next_multiple_of(4);
    Panels::pack(hidden, hidden, |r, c| if r < h && c < h { values[r * of_row + c * of_column] as f32 } else { 0.0 })
}

/// Adds a row times a number; four at a time, which are two vectors.
fn add_times(to: &mut [f64], number: f64, row: &[f64]) {
    let (fours, rest) = to.as_chunks_mut::<4>();
    let (row_fours, row_rest) = row.as_chunks::<4>();
    for (to, row) in fours.iter_mut().zip(row_fours) {
        each!(i < 4, to[i] += number * row[i]);
    }
    rest.iter_mut().zip(row_rest).for_each(|(to, row)| *to += number * row);
}
