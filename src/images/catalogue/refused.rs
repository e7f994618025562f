//! What schemes of the plane have, and those of pictures have not, with the reason.

use serde::Serialize;

/// A row.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refused {
    /// What the plane's table calls it: a kind of guide, or a rule.
    pub id: &'static str,
    /// Why, in a sentence.
    pub reason: &'static str,
}

/// All of them.
pub const REFUSED: [Refused; 7] = [
    Refused {
        id: "heavy-tail-student",
        reason: "The exact model of pictures knows Gaussian noise alone, so that no guide here has heavy tails.",
    },
    Refused { id: "heavy-tail-network", reason: "No network of pictures has been trained under heavy-tailed noise." },
    Refused {
        id: "independent-condition",
        reason: "Of pictures it is classifier-free guidance whose guide has another prompt in place of none.",
    },
    Refused {
        id: "dropout",
        reason: "Networks of pictures are run as they were trained; for a lesser one there are the smaller network and the snapshots.",
    },
    Refused {
        id: "weight-noise",
        reason: "Networks of pictures are run as they were trained; for a lesser one there are the smaller network and the snapshots.",
    },
    Refused {
        id: "feynman-kac",
        reason: "It weighs pictures against each other and resamples them, and here no picture depends on which others are drawn with it.",
    },
    Refused {
        id: "feynmanKac",
        reason: "It weighs pictures against each other and resamples them, and here no picture depends on which others are drawn with it.",
    },
];
