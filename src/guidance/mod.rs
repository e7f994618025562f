//! Who guides whom, how strongly, and by which rule: plain data and pure functions.
//!
//! Invariant: a scheme is data. What menus, the command and the documents show of it is [`catalogue`]; a new scheme is a
//! variant, a row of that table and a test, never a new path through an engine.
//!
//! Every rule and solver is held against its paper's own form in f64 (tests/native/schemes/run.rs).

#[cfg(not(target_arch = "wasm32"))]
pub mod catalogue;
mod name;
pub mod rule;
mod schedule;
mod scheme;
mod space;

pub use name::ModelName;
pub use rule::Combination;
pub use schedule::{Interval, Reading, Schedule};
pub(crate) use scheme::SCORES_ONLY;
pub use scheme::{Degradation, EXACT, Guide, MAIN, Noise, Scheme, VERSION};
pub use space::Space;
