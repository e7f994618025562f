//! Pictures from a prompt, in a world whose distribution is known: sprites of 48 concepts in five styles, in
//! two places, or one riding on another, on six backgrounds. Of any prompt the density is a mixture of as many points as there are
//! pictures that it allows, smoothed.

pub mod catalogue;
mod exact;
pub mod network;
pub mod parameter;
mod prompt;
pub mod rules;
mod scheme;
mod world;

pub use exact::{Exact, Value};
pub use prompt::{Asked, Prompt, Words};
pub use scheme::{Bands, Cads, Finish, Negative, Scheme};
pub use world::{Picture, Subject, World};

/// Width and height of a picture.
pub const SIDE: usize = 32;
/// Numbers of a picture: rows from the top, of pixels of red, green and blue.
pub const NUMBERS: usize = 3 * SIDE * SIDE;
