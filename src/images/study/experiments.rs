//! The rows of the proposal's last pages, and what they are compared with.

use crate::guidance::catalogue::RESCALED;
use crate::guidance::{self, Combination, Guide, Interval, ModelName, Reading, Schedule, Space};
use crate::images::catalogue::{ANYTHING, GUIDE, MAIN};
use crate::images::{Scheme, Subject, World};
use crate::plane::catalogue;

/// A scheme of the report.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// What claims call it.
    pub id: String,
    /// In words.
    pub name: String,
    /// The setting, with networks.
    pub scheme: Scheme,
}

/// Weights of classifier-free guidance.
pub(super) const WEIGHTS: [u32; 3] = [2, 4, 8];
/// Factors on sigma where the guide is asked, as texts.
pub(super) const SCALES: [&str; 3] = ["1.2", "1.4", "1.6"];
/// How an excess weight rises: what is added to an identifier and to a name, and the schedule.
const RISING: [(&str, &str, Schedule); 3] = [
    ("", "", Schedule::Static),
    (" linear", " rising linearly", Schedule::Linear),
    (" cosine", " rising as a cosine", Schedule::Cosine),
];
/// The weight of sigma scaling where scores are mixed; see [`growth`].
pub const IN_SCORES: f64 = 1.2;
/// Where denoised estimates are, the plane's own.
pub const IN_ESTIMATES: f64 = 3.0;
/// The grain that networks leave is about .1 of black to white, .2 as data: modes of that width are to be narrower.
const GRAIN: f64 = 0.2;

fn by(guide: Option<Guide>, weight: f64) -> Scheme {
    let mut scheme = Scheme::default();
    scheme.guidance = guidance::Scheme { main: MAIN.into(), guide, weight, ..scheme.guidance };
    scheme
}

/// Away from the main model of any picture, asked at k sigma.
fn cfg(weight: f64, k: f64) -> Scheme {
    let anything = ModelName { model: MAIN.to_owned(), condition: Some(ANYTHING.to_owned()) };
    by(Some(Guide::new(anything, k)), weight)
}

/// Away from the main model of the same prompt, asked at k sigma.
fn scaled(weight: f64, k: f64) -> Scheme {
    by(Some(Guide::new(MAIN, k)), weight)
}

fn with(mut scheme: Scheme, change: impl FnOnce(&mut guidance::Scheme)) -> Scheme {
    change(&mut scheme.guidance);
    scheme
}

/// What D - x is multiplied by where scores are mixed with weight w, and the models agree at sigma and at k sigma: see
/// [`at_level`](crate::images::rules::at_level).
pub fn growth(w: f64, k: f64) -> f64 {
    1.0 + (w - 1.0) * (1.0 - 1.0 / (k * k))
}

/// All rows of the report, no guidance first.
pub fn experiments() -> Vec<Experiment> {
    let mut rows = Vec::new();
    let mut row = |id: String, name: String, scheme: Scheme| rows.push(Experiment { id, name, scheme });
    row("none".to_owned(), "no guidance".to_owned(), by(None, 1.0));
    let number = |text: &str| text.parse::<f64>().expect("a number");
    for w in WEIGHTS {
        for (id, words, schedule) in &RISING {
            let scheme = with(cfg(f64::from(w), 1.0), |s| s.schedule = schedule.clone());
            row(format!("cfg{w}{id}"), format!("CFG, w = {w}{words}"), scheme);
        }
        for k in SCALES {
            for (id, words, schedule) in [&RISING[0], &RISING[2]] {
                let scheme = with(cfg(f64::from(w), number(k)), |s| {
                    (s.space, s.schedule) = (Space::Denoised, schedule.clone());
                });
                row(format!("cfg{w} k{k}{id}"), format!("CFG, w = {w}, k = {k}{words}"), scheme);
            }
        }
    }
    for (space, mixed, weight) in
        [(Space::Score, "scores", IN_SCORES), (Space::Denoised, "denoised estimates", IN_ESTIMATES)]
    {
        let word = mixed.rsplit(' ').next().unwrap_or(mixed);
        for k in SCALES {
            for (id, words, schedule) in [&RISING[0], &RISING[2]] {
                let scheme = with(scaled(weight, number(k)), |s| (s.space, s.schedule) = (space, schedule.clone()));
                row(format!("k{k} {word}{id}"), format!("k = {k}, w = {weight}{words}, {mixed} mixed"), scheme);
            }
        }
    }
    for (id, words, schedule) in
        [("inverse", "falling linearly", Schedule::InverseLinear), ("sine", "falling as a cosine", Schedule::Sine)]
    {
        row(format!("cfg4 {id}"), format!("CFG, w = 4 {words}"), with(cfg(4.0, 1.0), |s| s.schedule = schedule));
    }
    let interval = Interval { low: 0.5, high: 5.0 };
    let apg = Combination::Apg { momentum: 0.0, parallel: 0.0, radius: 0.0 };
    let tsr = Combination::Tsr { sharpness: 2.0, width: GRAIN };
    for (id, name, scheme) in [
        ("cfg2 k1.2 scores", "CFG, w = 2, k = 1.2, scores mixed", cfg(2.0, 1.2)),
        ("interval", "CFG, w = 4 at sigma .5 to 5", with(cfg(4.0, 1.0), |s| s.interval = Some(interval))),
        ("apg", "APG, w = 4", with(cfg(4.0, 1.0), |s| s.combination = apg)),
        ("auto", "autoguidance, w = 2", by(Some(Guide::new(GUIDE, 1.0)), 2.0)),
        ("tsr", "TSR, sharpness 2, width .2", with(by(None, 1.0), |s| s.combination = tsr)),
        ("k1.02", "k = 1.02, w = 3, scores mixed", scaled(3.0, 1.02)),
        (
            "cosine6",
            "k = 1.2, cosine g = 6, scores mixed",
            with(scaled(6.0, 1.2), |s| {
                (s.schedule, s.reading) = (Schedule::PoweredCosine { exponent: 1.0 }, Reading::Raw);
            }),
        ),
    ] {
        row(id.to_owned(), name.to_owned(), scheme);
    }
    rows
}

/// The same on the plane: its models of what these are of there, its solver and noise levels, its interval, and the width of its
/// modes.
pub fn on_plane(scheme: &Scheme) -> guidance::Scheme {
    let Scheme { guidance: own, .. } = scheme;
    let preset = |id: &str| catalogue::named(id).expect("the catalogue has it");
    let guide = own.guide.as_ref().map(|guide| {
        let of = match (&*guide.model, &guide.condition) {
            (GUIDE, _) => preset("ag-toy"),
            (_, Some(_)) => preset("cfg-toy"),
            _ => preset("ht-1.10"),
        };
        guide.clone().named(of.guide.expect("these have guides").name())
    });
    let combination = match own.combination {
        Combination::Tsr { .. } => RESCALED,
        other => other,
    };
    guidance::Scheme {
        guide,
        weight: own.weight,
        schedule: own.schedule.clone(),
        reading: own.reading,
        interval: own.interval.and(preset("li").interval),
        combination,
        space: own.space,
        ..guidance::Scheme::default()
    }
}

/// Each pair that networks have not seen, and one of the same rider that they have seen.
pub fn pairs(world: &World) -> Vec<[Subject; 2]> {
    let mounts = world.mounts().len();
    let exists = |subject: Subject| world.pictures().any(|(picture, _)| picture.subject == subject);
    let partner = |subject: Subject| match subject {
        Subject::Riding { rider, mount } => (1..mounts)
            .map(|next| Subject::Riding { rider, mount: (mount + next) % mounts })
            .find(|&other| world.is_seen(other) && exists(other)),
        Subject::Concept(_) => None,
    };
    world.unseen().filter_map(|unseen| Some([unseen, partner(unseen)?])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Plan;
    use std::collections::BTreeSet;

    #[test]
    fn every_experiment_makes_sense_here_and_on_the_plane() {
        let all = experiments();
        assert_eq!(all.iter().map(|e| &e.id).collect::<BTreeSet<_>>().len(), all.len());
        assert_eq!(all.iter().map(|e| &e.name).collect::<BTreeSet<_>>().len(), all.len());
        // Nine of each weight, six of each space, two that fall, seven others, and none.
        assert_eq!((all.len(), &*all[0].id), (3 * 9 + 2 * 6 + 2 + 7 + 1, "none"));
        for Experiment { id, scheme, .. } in &all {
            scheme.validate().unwrap();
            Plan::new(&on_plane(scheme)).unwrap();
            assert_eq!(scheme.exact().is_err(), id == "auto", "{id}");
        }
    }

    #[test]
    fn mixed_scores_grow_by_what_the_rules_say() {
        use crate::images::rules::at_level;
        let (x, d, w, k) = (5.0, 2.0, 3.0, 1.4);
        let far = at_level(&[x], &[d], k, Space::Score)[0];
        assert!((far + w * (d - far) - x - growth(w, k) * (d - x)).abs() < 1e-12);
    }

    #[test]
    fn schemes_on_the_plane_are_its_own() {
        let of = |id: &str| on_plane(&experiments().into_iter().find(|e| e.id == id).unwrap().scheme);
        for (here, there) in [
            ("none", "none"),
            ("cfg4", "cfg-toy"),
            ("cfg4 linear", "ws-linear"),
            ("interval", "li"),
            ("k1.02", "ht-1.02"),
            ("cosine6", "ht-cosine-6"),
            ("tsr", "tsr"),
        ] {
            assert_eq!(of(here), catalogue::named(there).unwrap(), "{here}");
        }
        assert_eq!(of("auto").guide, catalogue::named("ag-toy").unwrap().guide);
    }
}
