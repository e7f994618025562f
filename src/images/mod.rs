//! Pictures from a prompt, in a world whose distribution is known: sprites of 48 concepts in five styles, in
//! two places, or one riding on another, on six backgrounds. Of any prompt the density is a mixture of as many points as there are
//! pictures that it allows, smoothed.

#[cfg(not(target_arch = "wasm32"))]
pub mod catalogue;
mod distribution;
pub mod engine;
mod exact;
pub mod metrics;
pub mod network;
pub mod parameter;
mod prompt;
pub mod rules;
mod scheme;
#[cfg(not(target_arch = "wasm32"))]
pub mod study;
mod world;

pub use distribution::Distribution;
pub use exact::{Exact, ExactLanes, ExactLevel, ExactWorkspace, Value};
pub use prompt::{Asked, Prompt, Words};
pub use scheme::{Bands, Cads, Finish, Negative, Scheme};
pub use world::{Picture, SCALE, Subject, World};

use crate::random::quantile::{QUANTILE_BITS, normal};
use crate::random::{Stream, words};

/// Width and height of a picture.
pub const SIDE: usize = 32;
/// Numbers of a picture: rows from the top, of pixels of red, green and blue.
pub const NUMBERS: usize = 3 * SIDE * SIDE;

/// Standard normals for a picture, by its number in a run; of a stochastic run for one of its steps, from 1, or 0 for where it begins.
fn normals(seed: u64, stream: Stream, number: usize, step: usize) -> impl Iterator<Item = f64> {
    let first = (step * NUMBERS / 4) as u32;
    let row = move |row| words(seed, stream, number as u64, first + row);
    (0..(NUMBERS / 4) as u32).flat_map(row).map(|word| f64::from(normal(word)) / f64::from(1 << QUANTILE_BITS))
}
