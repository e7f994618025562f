//! The rows of the proposal's last pages, and what they are compared with.

use crate::guidance::catalogue::RESCALED;
use crate::guidance::{self, Combination};
use crate::images::catalogue::{GUIDE, Preset, proposal};
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

/// What D - x is multiplied by where scores are mixed with weight w, and the models agree at sigma and at k sigma: see
/// [`at_level`](crate::images::rules::at_level).
pub fn growth(w: f64, k: f64) -> f64 {
    1.0 + (w - 1.0) * (1.0 - 1.0 / (k * k))
}

/// All rows of the report, no guidance first.
pub fn experiments() -> Vec<Experiment> {
    proposal().into_iter().map(|Preset { id, name, scheme, .. }| Experiment { id, name, scheme }).collect()
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
    let combination = match &own.combination {
        Combination::Tsr { .. } => RESCALED,
        other => other.clone(),
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
    use crate::guidance::Space;
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
