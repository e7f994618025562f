//! The paper's tree against NumPy's.

use crate::mixture;
use guidance_playground::distribution::{Classes, tree};
use serde::Deserialize;

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
