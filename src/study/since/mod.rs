//! What the field has made since the proposal: every rule of the table as its paper has it and at its best of a small grid, and
//! sentences about them.
//!
//! Invariant: a best setting is chosen by runs of other seeds than those that it is judged by, so that what luck chose does not
//! judge itself.

mod choice;
mod claims;
mod gaussian;
mod rules;

pub use choice::{Choice, choose, front};
pub use claims::{Evidence, Extra, KEPT, LOST, claims, extras};
pub use gaussian::{GUIDE_VARIANCE, MAIN_VARIANCE, WAYS, Widths, ode, sde, tilt, widths};
pub use rules::{PUBLISHED, Part, Preset, Rule, Setting, collect, rules, settings};
