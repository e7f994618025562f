//! Metrics of studies: those of samples, and two that need more than samples.

use crate::plane::distribution::{Mixture, MixtureLanes};
use crate::plane::metrics::{self, Better, Floor, Metric, Need, Shown, Unit};

/// A metric that a study adds to those of samples: the mean of a number for each particle.
pub(super) struct Own {
    pub(super) metric: Metric,
    /// Of each particle that is not lost.
    pub(super) contributions: fn(&Ended) -> Vec<f64>,
    /// What so many particles of a perfect sampler give.
    pub(super) floor: fn(&Mixture, usize) -> Floor,
}

/// Where a run has ended, and what is known of that.
pub(super) struct Ended<'a> {
    pub(super) ends: &'a [[f32; 2]],
    /// Endpoints of the exact ODE from the same starts.
    pub(super) references: &'a [[f32; 2]],
    pub(super) lanes: &'a MixtureLanes,
}

pub(super) const OWN: [Own; 2] = [
    Own {
        metric: Metric::MAIN_BRANCH_SHARE,
        contributions: |ended| {
            let mut shares = vec![0.0; ended.ends.len()];
            for posterior in &ended.lanes.branch_posteriors(0.0, ended.ends).1[0] {
                shares[posterior.point as usize] = f64::from(posterior.share);
            }
            shares
        },
        floor: |data, particles| {
            let mass = data.branch_masses()[0];
            Floor { mean: mass, spread: (mass * (1.0 - mass) / particles as f64).sqrt() }
        },
    },
    Own {
        metric: Metric::ENDPOINT_DISTANCE,
        contributions: |ended| {
            let distance = |(a, b): (&[f32; 2], &[f32; 2])| f64::from((a[0] - b[0]).hypot(a[1] - b[1]));
            ended.ends.iter().zip(ended.references).map(distance).collect()
        },
        // The exact ODE is no distance from itself.
        floor: |_, _| Floor::default(),
    },
];

/// Those that the evaluator gives.
pub(super) const EVALUATED: usize = metrics::METRICS.len();
pub(super) const COUNT: usize = EVALUATED + OWN.len();

/// The metrics, in the order of lists: those of samples, then the study's own.
pub const METRICS: [Metric; COUNT] = {
    let mut all = [OWN[0].metric; COUNT];
    let mut i = 0;
    while i < COUNT {
        all[i] = if i < EVALUATED { metrics::METRICS[i] } else { OWN[i - EVALUATED].metric };
        i += 1;
    }
    all
};

impl Metric {
    /// Share of the first branch, the heaviest.
    pub const MAIN_BRANCH_SHARE: Self = Self {
        id: "mainBranchShare",
        label: "Main branch",
        name: "share of the main branch",
        head: "main branch",
        explanation: "How many of the samples come from the first branch, the heaviest.",
        unit: Unit::Share,
        better: Better::Nearer,
        perfect: None,
        digits: 4,
        shown: Shown::Report,
        needs: Need::Branches,
    };
    /// Mean distance to the exact ODE's endpoints from the same starts.
    pub const ENDPOINT_DISTANCE: Self = Self {
        id: "endpointDistance",
        label: "Distance to the exact ODE",
        name: "mean distance to the exact ODE",
        head: "distance",
        explanation: "How far from where the exact ODE leads from the same starts samples are, on average.",
        unit: Unit::Space,
        better: Better::Lower,
        perfect: Some(0.0),
        digits: 4,
        shown: Shown::Tables,
        needs: Need::Reference,
    };

    /// Its place in lists.
    pub fn index(self) -> usize {
        METRICS.iter().position(|m| m.id == self.id).expect("every metric is in the list")
    }

    /// The one with this name.
    pub fn named(id: &str) -> Option<Self> {
        METRICS.into_iter().find(|m| m.id == id)
    }

    /// Those that are shown in such a place, by what they need.
    pub fn shown(place: Shown) -> Vec<Self> {
        let mut shown: Vec<Self> = METRICS.into_iter().filter(|metric| metric.shown >= place).collect();
        shown.sort_by_key(|metric| metric.needs);
        shown
    }
}
