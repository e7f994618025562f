//! The structs that Rust and the shaders share, member by member, so that a test can compare them.

use super::field::Range;
#[cfg(not(target_arch = "wasm32"))]
use super::mixing::{Case, Mixed};
use super::picture::{GridUniform, MarkUniform, PictureUniform};
use super::run::{Chunk, Draw, Noise};
use super::steps::StepRow;
use std::mem::offset_of;

/// A struct of a shader as Rust fills it.
pub struct Layout {
    /// Begins the label of shaders in [`all_shaders`](super::all_shaders), the first of which to have it counts.
    pub shader: &'static str,
    /// Its name there.
    pub name: &'static str,
    /// Bytes.
    pub size: usize,
    /// First byte of each member, in order.
    pub members: Vec<(&'static str, usize)>,
}

macro_rules! layout {
    ($shader:literal, $name:literal, $rust:ty, $($member:ident)*) => {
        Layout {
            shader: $shader,
            name: $name,
            size: size_of::<$rust>(),
            members: vec![$((stringify!($member), offset_of!($rust, $member))),*],
        }
    };
}

/// All of them.
pub fn layouts() -> Vec<Layout> {
    vec![
        layout!("guided_step", "Chunk", Chunk, first_tile first_row rows particles),
        layout!(
            "guided_step", "Step", StepRow,
            rule kick keep push recall correct sigmas weights stages spread factor bounds update places
        ),
        layout!("guided_step", "Noise", Noise, seed first),
        #[cfg(not(target_arch = "wasm32"))]
        layout!("mix_grams", "Case", Case, rule sigma weight place ratio gram steps time),
        #[cfg(not(target_arch = "wasm32"))]
        layout!("mix_grams", "Mix", Mixed, push memory),
        layout!("draw_points", "Chunk", Chunk, first_tile first_row rows particles),
        layout!("place_starts", "Draw", Draw, seed first particles fraction),
        layout!("evaluate_models", "Range", Range, first_tile points),
        layout!(
            "draw_points", "Picture", PictureUniform,
            scale offset pixel before after fraction paths line level_a level_b unit tone
            region_a outline_a region_b outline_b path particle dense
        ),
        layout!("draw_points", "Mark", MarkUniform, colour radius),
        layout!("draw_regions", "Grid", GridUniform, corner spacing side),
    ]
}
