//! The rows of the proposal's last pages, and what they are compared with: schemes of the report, which the page offers, too.

use super::Preset;
use super::schemes::{autoguided, by, cfg, rescaled, ruled, scaled, scheduled, with, within_interval};
use crate::guidance::catalogue::references::*;
use crate::guidance::{Combination, Reading, Schedule, Space};

/// Weights of classifier-free guidance.
pub const WEIGHTS: [u32; 3] = [2, 4, 8];
/// Factors on sigma where the guide is asked, as texts.
pub const SCALES: [&str; 3] = ["1.2", "1.4", "1.6"];
/// How an excess weight rises: what is added to an identifier and to a name, and the schedule.
const RISING: [(&str, &str, Schedule); 3] = [
    ("", "", Schedule::Static),
    (" linear", " rising linearly", Schedule::Linear),
    (" cosine", " rising as a cosine", Schedule::Cosine),
];
/// The weight of sigma scaling where scores are mixed; see [`growth`](crate::images::study::growth).
pub const IN_SCORES: f64 = 1.2;
/// Where denoised estimates are, the plane's own.
pub const IN_ESTIMATES: f64 = 3.0;

/// All of them, no guidance first, by the identifiers that the report's claims have of them.
pub fn proposal() -> Vec<Preset> {
    let mut rows = Vec::new();
    let mut row = |id: String, name: String, reference, scheme| rows.push(Preset { id, name, reference, scheme });
    row("none".to_owned(), "no guidance".to_owned(), EDM, by(None, 1.0));
    let number = |text: &str| text.parse::<f64>().expect("a number");
    for w in WEIGHTS {
        for (id, words, schedule) in &RISING {
            let reference = if id.is_empty() { CFG } else { WS };
            let scheme = scheduled(cfg(f64::from(w), 1.0), schedule.clone());
            row(format!("cfg{w}{id}"), format!("CFG, w = {w}{words}"), reference, scheme);
        }
        for k in SCALES {
            for (id, words, schedule) in [&RISING[0], &RISING[2]] {
                let scheme = scheduled(cfg(f64::from(w), number(k)), schedule.clone());
                let scheme = with(scheme, |scheme| scheme.guidance.space = Space::Denoised);
                row(format!("cfg{w} k{k}{id}"), format!("CFG, w = {w}, k = {k}{words}"), HT, scheme);
            }
        }
    }
    for (space, mixed, weight) in
        [(Space::Score, "scores", IN_SCORES), (Space::Denoised, "denoised estimates", IN_ESTIMATES)]
    {
        let word = mixed.rsplit(' ').next().unwrap_or(mixed);
        for k in SCALES {
            for (id, words, schedule) in [&RISING[0], &RISING[2]] {
                let scheme = scheduled(scaled(weight, number(k), space), schedule.clone());
                row(format!("k{k} {word}{id}"), format!("k = {k}, w = {weight}{words}, {mixed} mixed"), HT, scheme);
            }
        }
    }
    for (id, words, schedule) in
        [("inverse", "falling linearly", Schedule::InverseLinear), ("sine", "falling as a cosine", Schedule::Sine)]
    {
        row(format!("cfg4 {id}"), format!("CFG, w = 4 {words}"), WS, scheduled(cfg(4.0, 1.0), schedule));
    }
    let apg = Combination::Apg { momentum: 0.0, parallel: 0.0, radius: 0.0 };
    for (id, name, reference, scheme) in [
        ("cfg2 k1.2 scores", "CFG, w = 2, k = 1.2, scores mixed", HT, cfg(2.0, 1.2)),
        ("interval", "CFG, w = 4 at sigma .5 to 5", LI, within_interval(cfg(4.0, 1.0))),
        ("apg", "APG, w = 4", APG, ruled(cfg(4.0, 1.0), apg)),
        ("auto", "autoguidance, w = 2", AG, autoguided()),
        ("tsr", "TSR, sharpness 2, width .2", TSR, rescaled()),
        ("k1.02", "k = 1.02, w = 3, scores mixed", HT, scaled(3.0, 1.02, Space::Score)),
        (
            "cosine6",
            "k = 1.2, cosine g = 6, scores mixed",
            HT,
            with(scaled(6.0, 1.2, Space::Score), |scheme| {
                let guidance = &mut scheme.guidance;
                (guidance.schedule, guidance.reading) = (Schedule::PoweredCosine { exponent: 1.0 }, Reading::Raw);
            }),
        ),
    ] {
        row(id.to_owned(), name.to_owned(), reference, scheme);
    }
    rows
}
