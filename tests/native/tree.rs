//! Trees against NumPy's: all of the paper's, and of others what shows that a seed's stream is NumPy's to its end.

use crate::mixture;
use guidance_playground::plane::distribution::{Classes, Component, Distribution, tree};
use nalgebra::{Matrix2, Vector2};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Tree {
    #[serde(rename = "A")]
    a: Vec<Branch>,
    #[serde(rename = "B")]
    b: Vec<Branch>,
}

#[derive(Deserialize)]
struct Branch {
    weight: f64,
    covariance: [f64; 3],
    means: Vec<[f64; 2]>,
}

impl Branch {
    /// Its components: weight, mean, covariance.
    fn rows(&self) -> impl Iterator<Item = [f64; 6]> {
        let [xx, xy, yy] = self.covariance;
        self.means.iter().map(move |&[x, y]| [self.weight, x, y, xx, xy, yy])
    }
}

fn reference() -> Tree {
    serde_json::from_str(include_str!("../data/tree.json")).unwrap()
}

/// Greatest relative error over all numbers of all components, weights being scaled to sum to one.
fn worst_error(classes: Classes, branches: &[&Branch]) -> f64 {
    let rows: Vec<[f64; 6]> = branches.iter().flat_map(|b| b.rows()).collect();
    let total: f64 = rows.iter().map(|row| row[0]).sum();
    let components = mixture(classes).components();
    assert_eq!(components.len(), rows.len());
    let mut worst: f64 = 0.0;
    for (c, row) in components.iter().zip(rows) {
        let v = &c.covariance;
        let found = [c.weight * total, c.mean.x, c.mean.y, v.m11, v.m12, v.m22];
        assert_eq!(v.m12, v.m21);
        worst = found.iter().zip(row).map(|(f, r)| (f / r - 1.0).abs()).fold(worst, f64::max);
    }
    worst
}

#[test]
fn all_2032_components_are_numpys() {
    let tree = reference();
    let (a, b): (Vec<_>, Vec<_>) = (tree.a.iter().collect(), tree.b.iter().collect());
    let both: Vec<_> = tree.a.iter().chain(&tree.b).collect();
    assert_eq!(mixture(Classes::AB).components().len(), 2032);
    for (classes, branches) in [(Classes::A, a), (Classes::B, b), (Classes::AB, both)] {
        let worst = worst_error(classes, &branches);
        assert!(worst < 1e-12, "{classes}: {worst}");
    }
}

#[test]
fn labels_follow_classes_and_branches() {
    let tree = tree::grow(tree::PAPER_SEED);
    let per_class = usize::from(tree::BRANCHES_PER_CLASS);
    assert_eq!(reference().a.len(), per_class);
    assert_eq!(tree.branches(), 2 * per_class);
    for (i, c) in tree.components().iter().enumerate() {
        assert_eq!((usize::from(c.branch), usize::from(c.class)), (i / 8, i / 1016));
    }
    let masses = tree.branch_masses();
    let class_a: f64 = masses[..per_class].iter().sum();
    let expected = reference();
    let of = |branches: &[Branch]| branches.iter().map(|b| b.weight).sum::<f64>();
    assert!((class_a - of(&expected.a) / (of(&expected.a) + of(&expected.b))).abs() < 1e-14);
}

/// What a class of another seed's tree comes to.
#[derive(Deserialize)]
struct Summary {
    first: Branch,
    last: Branch,
    weights: f64,
    mean: [f64; 2],
    covariance: [f64; 3],
}

/// Relative to the greatest of each kind of number.
fn close(found: &[f64], expected: &[f64]) {
    let scale = expected.iter().fold(0.0f64, |most, e| most.max(e.abs()));
    assert!(found.iter().zip(expected).all(|(f, e)| (f - e).abs() < 1e-12 * scale), "{found:?} {expected:?}");
}

#[test]
fn trees_of_other_seeds_are_numpys() {
    let trees: BTreeMap<u32, BTreeMap<String, Summary>> =
        serde_json::from_str(include_str!("../data/trees.json")).unwrap();
    assert_eq!(trees.keys().copied().collect::<Vec<_>>(), [1, 7]);
    for (seed, classes) in trees {
        let tree = Distribution::Tree { seed }.mixture();
        let total: f64 = classes.values().map(|class| class.weights).sum();
        for (name, class) in ["A", "B"].iter().zip(tree.components().chunks(1016)) {
            let expected = &classes[*name];
            let mass: f64 = class.iter().map(|c| c.weight).sum();
            close(&[mass], &[expected.weights / total]);
            let mean = class.iter().map(|c| c.weight * c.mean).sum::<Vector2<f64>>() / mass;
            close(mean.as_slice(), &expected.mean);
            let square = |c: &Component| c.weight * (c.covariance + (c.mean - mean) * (c.mean - mean).transpose());
            let v: Matrix2<f64> = class.iter().map(square).sum::<Matrix2<f64>>() / mass;
            close(&[v.m11, v.m12, v.m22], &expected.covariance);
            for (branch, components) in [(&expected.first, &class[..8]), (&expected.last, &class[1008..])] {
                for (c, row) in components.iter().zip(branch.rows()) {
                    let v = &c.covariance;
                    close(&[c.weight * total], &row[..1]);
                    close(c.mean.as_slice(), &row[1..3]);
                    close(&[v.m11, v.m12, v.m22], &row[3..]);
                }
            }
        }
    }
}
