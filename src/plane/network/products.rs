//! The square matrices of a network, packed for the products that evaluation and training have in common.

use super::{Network, SILU_GAIN};
use crate::lanes::Panels;

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
        let mut forward: Vec<Vec<f64>> =
            (1..=network.layers()).map(|i| network.normalised(i).iter().map(|w| w / SILU_GAIN).collect()).collect();
        let last = forward.pop().expect("a network has a layer");
        let mut product = vec![0.0; h * h];
        for row in last.chunks_exact(h) {
            for (out, &left) in product.chunks_exact_mut(h).zip(row) {
                out.iter_mut().zip(row).for_each(|(out, right)| *out += left * right);
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
        let square = |entry: &dyn Fn(usize, usize) -> f64| {
            Panels::pack(hidden, hidden, |r, c| if r < h && c < h { entry(r, c) as f32 } else { 0.0 })
        };
        Self {
            hidden,
            forward: forward.iter().map(|w| square(&|r, c| w[r * h + c])).collect(),
            backward: forward.iter().map(|w| square(&|r, c| w[c * h + r])).collect(),
            last: square(&|r, c| product[r * h + c]),
        }
    }
}
