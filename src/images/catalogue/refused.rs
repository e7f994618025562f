//! What schemes of the plane have, and those of pictures have not, with the reason.

use serde::Serialize;

/// A row.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refused {
    /// What the plane's table calls it: a kind of guide, or a rule.
    pub id: &'static str,
    /// And what visitors know it as there.
    pub name: &'static str,
    /// Why, in a sentence.
    pub reason: &'static str,
}

/// All of them.
pub const REFUSED: [Refused; 8] = [
    Refused {
        id: "heavy-tail-student",
        name: "Heavy tails",
        reason: "The exact model of pictures knows Gaussian noise alone, so that no guide here has heavy tails.",
    },
    Refused {
        id: "heavy-tail-network",
        name: "Heavy tails, trained",
        reason: "No network of pictures has been trained under heavy-tailed noise.",
    },
    Refused {
        id: "independent-condition",
        name: "Independent condition",
        reason: "Of pictures it is classifier-free guidance whose guide has another prompt in place of none.",
    },
    Refused {
        id: "dropout",
        name: "Autoguidance by dropout",
        reason: "Networks of pictures are run as they were trained; for a lesser one there are the smaller network and the snapshots.",
    },
    Refused {
        id: "in-situ",
        name: "In-situ autoguidance",
        reason: "Networks of pictures are run as they were trained; for a lesser one there are the smaller network and the snapshots.",
    },
    Refused {
        id: "weight-noise",
        name: "Autoguidance by weight noise",
        reason: "Networks of pictures are run as they were trained; for a lesser one there are the smaller network and the snapshots.",
    },
    Refused {
        id: "feynman-kac",
        name: "Feynman-Kac correctors",
        reason: "It weighs pictures against each other and resamples them, and here no picture depends on which others are drawn with it.",
    },
    Refused {
        id: "feynmanKac",
        name: "Feynman-Kac",
        reason: "It weighs pictures against each other and resamples them, and here no picture depends on which others are drawn with it.",
    },
];
