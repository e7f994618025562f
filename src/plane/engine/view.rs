use crate::from_json;
use crate::plane::distribution::{Component, Mixture};
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
    /// The overview of data: the least square around all of class A, whose particles pictures show, and the nearest 74% of class B;
    /// around all of that, too, where half the side is no more than a tenth longer then. Centre and half the side are tenths; a
    /// component reaches three standard deviations from its mean, as the outline of one that stands alone does. With these numbers the
    /// paper's tree has the view of the paper's figures, centre (.3, .3) and half-width 1.2 (Karras et al. 2024, the public toy example).
    pub fn over(data: &Mixture) -> Self {
        let (mut a, mut all) = (NOTHING, NOTHING);
        let mut whole = 0.0;
        for c in data.components() {
            take_in(&mut all, c);
            if c.class == 0 {
                take_in(&mut a, c);
            } else {
                whole += c.weight;
            }
        }
        // Of class B what lies so far from class A: all, then ever less that is still enough.
        let mut most = all;
        let mut far = beyond(&all, &a);
        let mut step = far;
        for _ in 0..20 {
            step *= 0.5;
            let (mut seen, mut mass) = (a, 0.0);
            for c in data.components() {
                if c.class != 0 && beyond(&reach(c), &a) <= far - step {
                    take_in(&mut seen, c);
                    mass += c.weight;
                }
            }
            if mass >= 0.74 * whole {
                far -= step;
                most = seen;
            }
        }
        let [all, most] = [square(&all), square(&most)];
        let [x, y, half] = if all[2] <= most[2] + 1.0 { all } else { most };
        let half = half / 10.0;
        Self { x: x / 10.0, y: y / 10.0, half_width: half, half_height: half }
    }

    /// Whether all of another rectangle lies inside.
    pub fn contains(&self, other: &Self) -> bool {
        (self.x - other.x).abs() + other.half_width <= self.half_width
            && (self.y - other.y).abs() + other.half_height <= self.half_height
    }
}

/// How far something reaches to the right, up, to the left and down, in tenths.
type Reach = [f64; 4];

const NOTHING: Reach = [f64::NEG_INFINITY; 4];

#[inline(never)]
fn reach(c: &Component) -> Reach {
    let [right, up] = [c.covariance.m11, c.covariance.m22].map(|variance| 3.0 * variance.sqrt());
    [right + c.mean.x, up + c.mean.y, right - c.mean.x, up - c.mean.y].map(|far| 10.0 * far)
}

#[inline(never)]
fn take_in(seen: &mut Reach, c: &Component) {
    for (seen, reach) in seen.iter_mut().zip(reach(c)) {
        if reach > *seen {
            *seen = reach;
        }
    }
}

/// How far something reaches beyond something else, where it does so most.
#[inline(never)]
fn beyond(reach: &Reach, other: &Reach) -> f64 {
    let mut most = f64::NEG_INFINITY;
    for (reach, other) in reach.iter().zip(other) {
        if reach - other > most {
            most = reach - other;
        }
    }
    most
}

/// The least square around it: its centre and half its side, in whole tenths.
#[inline(never)]
fn square(reach: &Reach) -> [f64; 3] {
    // Rounded to the nearest, in what is one instruction of wasm.
    let middle = |side: usize| (0.5 * (reach[side] - reach[side + 2]) + 0.5).floor();
    let (x, y) = (middle(0), middle(1));
    [x, y, beyond(reach, &[x, y, -x, -y]).ceil()]
}
