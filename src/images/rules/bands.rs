//! Two bands of a picture: the levels of a Laplacian pyramid (Burt & Adelson 1983), each brought back to the picture's size.
//!
//! As the paper of frequency-decoupled guidance has it, which takes the pyramid of the library kornia: the next level is the
//! picture blurred by (1, 4, 6, 4, 1)/16 along rows and columns, reflected at its edges, then halved by means of 2 x 2 pixels; it
//! is brought back by linear interpolation between the centres of pixels and the same blur. What that is short of the picture is
//! the high band.

use crate::images::{Bands, NUMBERS, SIDE};
use std::sync::LazyLock;

/// What the low band of a line of pixels is, row by row: all four operations work along rows and columns alike, so that the low
/// band of a picture is this, times the picture's columns, then its rows.
pub static LOW: LazyLock<[[f64; SIDE]; SIDE]> = LazyLock::new(|| {
    let mut low = [[0.0; SIDE]; SIDE];
    for from in 0..SIDE {
        let mut line = [0.0; SIDE];
        line[from] = 1.0;
        let blurred = blur(&line);
        let half: Vec<f64> = blurred.chunks_exact(2).map(|pair| 0.5 * (pair[0] + pair[1])).collect();
        // Centres of the small pixels lie a quarter of a large one beside its centre.
        let mut whole = [0.0; SIDE];
        for (i, value) in whole.iter_mut().enumerate() {
            let (near, last) = (i / 2, half.len() - 1);
            let far = if i % 2 == 0 { near.saturating_sub(1) } else { (near + 1).min(last) };
            *value = 0.75 * half[near] + 0.25 * half[far];
        }
        for (row, value) in low.iter_mut().zip(blur(&whole)) {
            row[from] = value;
        }
    }
    low
});

fn blur(line: &[f64; SIDE]) -> [f64; SIDE] {
    let last = SIDE as isize - 1;
    std::array::from_fn(|at| {
        let of = |(i, weight): (usize, f64)| {
            let place = (at as isize + i as isize - 2).abs();
            weight / 16.0 * line[place.min(2 * last - place) as usize]
        };
        [1.0, 4.0, 6.0, 4.0, 1.0].into_iter().enumerate().map(of).sum()
    })
}

/// The low band of a picture; the high one is the rest.
///
/// # Panics
/// If it has not [`NUMBERS`] numbers.
pub fn low(picture: &[f64]) -> Vec<f64> {
    assert_eq!(picture.len(), NUMBERS, "bands are of whole pictures");
    let along = |of: &[f64], at: &dyn Fn(usize, usize) -> usize| {
        let mut out = vec![0.0; NUMBERS];
        for line in 0..3 * SIDE {
            for (to, weights) in LOW.iter().enumerate() {
                out[at(line, to)] = weights.iter().enumerate().map(|(from, weight)| weight * of[at(line, from)]).sum();
            }
        }
        out
    };
    // A column is of one colour of one pixel in each row; a row, of one colour of its pixels.
    let columns = along(picture, &|line, place| 3 * SIDE * place + line);
    along(&columns, &|line, place| 3 * (SIDE * (line / 3) + place) + line % 3)
}

impl Bands {
    /// high (P - L P) + low L P, of what guidance adds, P.
    pub(super) fn apply(self, push: &[f64]) -> Vec<f64> {
        let Self { high, low: of_low } = self;
        push.iter().zip(low(push)).map(|(push, low)| high * push + (of_low - high) * low).collect()
    }
}
