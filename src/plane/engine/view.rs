use crate::from_json;
use serde::{Deserialize, Serialize};

/// A rectangle in data coordinates, y up.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct View {
    /// Centre.
    pub x: f64,
    /// Centre.
    pub y: f64,
    /// Half the width.
    pub half_width: f64,
    /// Half the height.
    pub half_height: f64,
}

from_json!(struct View { x, y, half_width, half_height });

impl View {
    /// The paper's overview: centre (.30, .30), half-width 1.2.
    pub const OVERVIEW: Self = Self { x: 0.3, y: 0.3, half_width: 1.2, half_height: 1.2 };

    /// Whether all of another rectangle lies inside.
    pub fn contains(&self, other: &Self) -> bool {
        (self.x - other.x).abs() + other.half_width <= self.half_width
            && (self.y - other.y).abs() + other.half_height <= self.half_height
    }
}
