//! The one table of schemes of pictures, and of everything that they are made of: networks, kinds of guide, settings with a name,
//! parts, words of prompts and metrics; in the manner of the plane's own [`catalogue`](crate::plane::catalogue).
//!
//! The page's is made from its JSON, www/images/catalogue.json; the command and the report take their schemes from it. A test keeps
//! the file fresh.

use super::metrics::{METRICS, Metric};
use super::{Scheme, World, parameter};
use crate::guidance::catalogue::{Control, Variant, readings, schedules, solvers, spaces, spacings};
use crate::guidance::{Interval, VERSION};
use crate::parameter::{STEPS, WEIGHT};
use serde::Serialize;
use serde_json::json;

mod networks;
mod parts;
mod proposal;
mod refused;
mod schemes;
mod vocabulary;

pub use networks::{ANYTHING, GUIDE, MAIN, NetworkInfo, networks};
pub use parts::{combinations, parts};
pub use proposal::{IN_ESTIMATES, IN_SCORES, SCALES, WEIGHTS, proposal};
pub use refused::{REFUSED, Refused};
pub use schemes::{named, presets, schemes};
pub use vocabulary::{Rider, Vocabulary};

/// The whole table.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Catalogue {
    /// Version of the description of schemes.
    pub version: u32,
    /// Conditions of exact models: any prompt, and without one the run's.
    pub conditions: [Option<String>; 1],
    /// The networks that ship.
    pub networks: Vec<NetworkInfo>,
    /// Kinds of guide, in the order of menus.
    pub schemes: Vec<SchemeInfo>,
    /// Settings with a name.
    pub presets: Vec<Preset>,
    /// Shapes of the weight over time.
    pub schedules: Vec<Variant>,
    /// What a shape multiplies.
    pub readings: Vec<Variant>,
    /// Rules of combination.
    pub combinations: Vec<Variant>,
    /// What is mixed.
    pub spaces: Vec<Variant>,
    /// Solvers.
    pub solvers: Vec<Variant>,
    /// Spacings of noise levels.
    pub spacings: Vec<Variant>,
    /// The guidance interval, where there is one.
    pub interval: Vec<Control>,
    /// Noise levels, but for their spacing.
    pub levels: Vec<Control>,
    /// What a scheme may have besides; a row's value is what makes it one with this.
    pub options: Vec<Variant>,
    /// What schemes of the plane have, and those of pictures have not.
    pub refused: &'static [Refused],
    /// Words of prompts.
    pub vocabulary: Vocabulary,
    /// What is measured.
    pub metrics: &'static [Metric],
}

/// A kind of guide.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SchemeInfo {
    /// Stable identifier.
    pub id: &'static str,
    /// What the field calls it.
    pub name: &'static str,
    /// The guided score.
    pub formula: &'static str,
    /// One line on what it does.
    pub explanation: &'static str,
    /// Where it comes from.
    pub reference: &'static str,
    /// The scheme with its default parameters; models without a condition have the run's prompt.
    pub scheme: Scheme,
    /// Its own parameters, by JSON pointers into the scheme.
    pub parameters: Vec<Control>,
    /// Models that can be the guide, as text; none where the guide is the main model again.
    pub guides: Vec<String>,
}

/// A scheme with a name.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Preset {
    /// Stable identifier.
    pub id: String,
    /// In words.
    pub name: String,
    /// Where it comes from.
    pub reference: &'static str,
    /// The setting.
    pub scheme: Scheme,
}

/// The table, with the words of a world.
pub fn catalogue(world: &World) -> Catalogue {
    let mut scheme = Scheme::default();
    let (low, high) = (parameter::INTERVAL_LOW.default, parameter::INTERVAL_HIGH.default);
    scheme.guidance.interval = Some(Interval { low, high });
    let scheme = json!(scheme);
    let steps = crate::parameter::Parameter { to: 64.0, ..STEPS };
    Catalogue {
        version: VERSION,
        conditions: [None],
        networks: networks(),
        schemes: schemes(),
        presets: presets(),
        schedules: schedules(),
        readings: readings(),
        combinations: combinations(),
        spaces: spaces(),
        solvers: solvers(),
        spacings: spacings(),
        interval: parts::controls(
            &scheme,
            &[("/interval/low", &parameter::INTERVAL_LOW), ("/interval/high", &parameter::INTERVAL_HIGH)],
        ),
        levels: parts::controls(
            &scheme,
            &[
                ("/levels/steps", &steps),
                ("/levels/min", &parameter::SIGMA_MIN),
                ("/levels/max", &parameter::SIGMA_MAX),
            ],
        ),
        options: parts(),
        refused: &REFUSED,
        vocabulary: Vocabulary::of(world),
        metrics: &METRICS,
    }
}

/// The place of every guidance weight.
const fn weight() -> (&'static str, &'static crate::parameter::Parameter) {
    ("/weight", &WEIGHT)
}
