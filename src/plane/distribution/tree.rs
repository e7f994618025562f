//! The fractal tree: the toy data of "Guiding a diffusion model with a bad version of itself" (Karras et al.
//! 2024, arXiv 2406.02507, section 3 and its public toy example).

use super::{Component, Mixture};
use crate::angles::sine_and_cosine;
use crate::random::legacy::LegacyNormals;
use nalgebra::{Matrix2, Vector2};

/// Seed of the paper's tree.
pub const PAPER_SEED: u32 = 2;
/// Branches of one class.
pub const BRANCHES_PER_CLASS: u16 = (2 << DEPTH) - 1;

const ORIGIN: Vector2<f64> = Vector2::new(0.0030, 0.0325);
const SCALE: Vector2<f64> = Vector2::new(1.3136, 1.3844);
const ANGLES: [f64; 2] = [0.25 * std::f64::consts::PI, 1.25 * std::f64::consts::PI];
const DEPTH: i32 = 6;
const COMPONENTS_PER_BRANCH: i32 = 8;
/// Where on a branch its first and last components are: shares of its length.
const ALONG: [f64; 2] = [0.07, 0.93];

/// The tree of `seed`: 127 branches of 8 Gaussians a class, A first; branch labels count through both classes.
pub fn grow(seed: u32) -> Mixture {
    let mut grower = Grower { normals: LegacyNormals::new(seed), components: Vec::new(), branch: 0, class: 0 };
    for (class, angle) in ANGLES.into_iter().enumerate() {
        grower.class = class as u8;
        grower.branch(ORIGIN, angle, 0);
    }
    Mixture::of(grower.components)
}

/// How often the tree has forked where a branch begins: 0 for the trunk. Branches count depth first.
#[inline(never)]
pub fn depth(branch: u16) -> u16 {
    let (mut place, mut size, mut depth) = (branch % BRANCHES_PER_CLASS, BRANCHES_PER_CLASS, 0);
    while place > 0 {
        size = (size - 1) / 2;
        place = (place - 1) % size;
        depth += 1;
    }
    depth
}

/// Where each of a class's branches begins and ends.
pub fn skeleton(class: &Mixture) -> Vec<[Vector2<f64>; 2]> {
    class.components().chunk_by(|a, b| a.branch == b.branch).map(ends).collect()
}

/// Where a branch, all Gaussians of it, begins and ends; that of other distributions is no longer than a tree's would be for its
/// Gaussians, and a single Gaussian's both ends are its centre.
pub fn ends(branch: &[Component]) -> [Vector2<f64>; 2] {
    let [first, last] = [branch[0].mean, branch[branch.len() - 1].mean];
    let length = (last - first) / (ALONG[1] - ALONG[0]);
    [first - ALONG[0] * length, last + (1.0 - ALONG[1]) * length]
}

struct Grower {
    normals: LegacyNormals,
    components: Vec<Component>,
    branch: u16,
    class: u8,
}

impl Grower {
    /// A factor 1 + 0.2 g.
    fn jitter(&mut self) -> f64 {
        1.0 + 0.2 * self.normals.next().expect("the stream does not end")
    }

    fn branch(&mut self, position: Vector2<f64>, angle: f64, depth: i32) {
        let length = 0.292 * 0.8f64.powi(depth) * self.jitter();
        let thickness = 0.2 * 0.8f64.powi(depth) / length;
        let size = SCALE * length * 0.06;
        let [sine, cosine] = sine_and_cosine(angle);
        let direction = Vector2::new(cosine, sine);
        let along = direction * direction.transpose();
        let shape = along + (Matrix2::identity() - along) * (thickness * thickness);
        let covariance = shape.component_mul(&(size * size.transpose()));
        for i in 0..COMPONENTS_PER_BRANCH {
            let t = ALONG[0] + (ALONG[1] - ALONG[0]) * f64::from(i) / f64::from(COMPONENTS_PER_BRANCH - 1);
            self.components.push(Component {
                weight: length * 0.5f64.powi(depth),
                mean: (position + direction * length * t).component_mul(&SCALE),
                // The two off-diagonal products may round differently.
                covariance: Matrix2::new(covariance.m11, covariance.m12, covariance.m12, covariance.m22),
                class: self.class,
                branch: self.branch,
            });
        }
        self.branch += 1;
        for sign in [1.0, -1.0] {
            // Drawn before the depth test, so also where no child grows: the stream depends on it.
            let turn = sign * 0.7f64.powi(depth) * self.jitter();
            if depth < DEPTH {
                self.branch(position + direction * length, angle + turn, depth + 1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plane::distribution::Classes;

    #[test]
    fn masses_by_depth_are_the_published_ones() {
        let a = grow(PAPER_SEED).classes(Classes::A).unwrap();
        let masses = a.branch_masses();
        assert_eq!(masses.len(), usize::from(BRANCHES_PER_CLASS));
        assert!((masses[0] - 0.257).abs() < 5e-4);
        let entropy: f64 = -masses.iter().map(|m| m * m.ln()).sum::<f64>();
        assert!((entropy - 3.441).abs() < 5e-4, "{entropy}");
        let least = masses.iter().copied().fold(1.0, f64::min);
        assert!((least - 0.00075).abs() < 5e-6, "{least}");
    }

    #[test]
    fn branches_begin_where_their_parents_end() {
        let a = grow(PAPER_SEED).classes(Classes::A).unwrap();
        let skeleton = skeleton(&a);
        assert_eq!(skeleton.len(), usize::from(BRANCHES_PER_CLASS));
        assert!((skeleton[0][0] - ORIGIN.component_mul(&SCALE)).norm() < 1e-12);
        let mut forks = vec![0; skeleton.len()];
        for branch in 1..BRANCHES_PER_CLASS {
            let [begin, _] = skeleton[usize::from(branch)];
            // The nearest before it that is one less deep.
            let parent = (0..branch).rev().find(|&other| depth(other) + 1 == depth(branch)).unwrap();
            assert!((skeleton[usize::from(parent)][1] - begin).norm() < 1e-12, "{branch} on {parent}");
            forks[usize::from(parent)] += 1;
        }
        assert!((0..BRANCHES_PER_CLASS).all(|b| forks[usize::from(b)] == if depth(b) < DEPTH as u16 { 2 } else { 0 }));
        assert_eq!(depth(BRANCHES_PER_CLASS), 0, "the other class's trunk");
    }

    #[test]
    fn another_seed_is_another_tree() {
        assert_ne!(grow(3).components()[0].mean, grow(PAPER_SEED).components()[0].mean);
        assert_eq!(grow(3).components().len(), 2032);
    }
}
