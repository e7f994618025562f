//! How far a group of components is seen: what is too faint to change a sum is passed over.

use super::Centre;
use crate::lanes::Lanes;

/// Exponents so far below the greatest are nothing: two thousand components as faint as that, and a million times as dense at their means
/// as the greatest, are about a unit in the last place of a sum.
const FAINT: f32 = -38.0;

/// No component of a group is anywhere above the greatest weight times a Gaussian around the nearest place that a mean could have, as
/// broad as the components are along any direction.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reach {
    /// Of a circle around the means.
    x: f32,
    y: f32,
    radius: f32,
    /// No less than the variance of a component along any direction.
    variance: f32,
    /// The greatest logarithm of a weight.
    log_weight: f32,
}

impl Reach {
    /// Of a component of a covariance (xx, xy, yy).
    pub(super) fn of(c: &Centre, [xx, xy, yy]: [f64; 3]) -> Self {
        // The greatest eigenvalue is below the greatest sum of a row (Gershgorin 1931).
        Self { x: c.x[0], y: c.y[0], radius: 0.0, variance: (xx.max(yy) + xy.abs()) as f32, log_weight: c.log_weight }
    }

    /// And of another one of that covariance: the circle grows towards it (Ritter 1990).
    pub(super) fn take_in(&mut self, c: &Centre) {
        let (dx, dy) = (c.x[0] - self.x, c.y[0] - self.y);
        let distance = (dx * dx + dy * dy).sqrt();
        if distance > self.radius {
            let growth = 0.5 * (distance - self.radius);
            self.radius += growth;
            self.x += dx * growth / distance;
            self.y += dy * growth / distance;
        }
        self.log_weight = self.log_weight.max(c.log_weight);
    }

    /// Whether in every lane the group, under noise of this variance at (x, y), is nothing beside what is there already.
    #[inline(always)]
    pub(super) fn is_faint<L: Lanes>(&self, l: L, [x, y]: [L::V; 2], variance: L::V, greatest: L::V) -> bool {
        let (dx, dy) = (l.sub(l.splat(self.x), x), l.sub(l.splat(self.y), y));
        let distance = l.sqrt(l.mul_add(dx, dx, l.mul(dy, dy)));
        // At distance d from the circle its exponents are below log_weight - d^2 / 2 variance, which is to be below greatest + FAINT.
        let above = l.sub(l.splat(2.0 * (self.log_weight - FAINT)), l.add(greatest, greatest));
        let d = l.sqrt(l.mul(above, l.add(variance, l.splat(self.variance))));
        // Of less than nothing the root is no number, which no distance is below.
        !l.any_greater(l.add(d, l.splat(self.radius)), distance)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Centre, MixtureLanes, Pointwise};
    use super::{FAINT, Reach};
    use crate::lanes::{Kernel, Lanes, TILE, dispatch};
    use crate::plane::distribution::student::{Node, nodes};
    use crate::plane::distribution::{Classes, Component, Distribution, Mixture};
    use crate::random::{Stream, normal_pair, words};
    use nalgebra::{Matrix2, Vector2};

    const COVARIANCE: [f64; 3] = [0.03, 0.01, 0.02];
    const VARIANCE: f32 = 0.01;
    const GREATEST: f32 = -1.5;

    struct IsFaint<'a>(&'a Reach, [f32; 2]);

    impl Kernel for IsFaint<'_> {
        type Output = bool;

        fn run<L: Lanes>(self, l: L) -> bool {
            let Self(reach, [x, y]) = self;
            reach.is_faint(l, [l.splat(x), l.splat(y)], l.splat(VARIANCE), l.splat(GREATEST))
        }
    }

    #[test]
    fn what_is_faint_is_so_everywhere() {
        let centres = [(0.5, 0.3, -2.5), (0.1, 0.0, -3.0), (0.9, 0.2, -4.0)].map(|(x, y, log_weight)| Centre {
            x: [x, 0.0],
            y: [y, 0.0],
            log_weight,
        });
        let mut reach = Reach::of(&centres[0], COVARIANCE);
        centres[1..].iter().for_each(|c| reach.take_in(c));
        let [xx, xy, yy] = COVARIANCE;
        let covariance = Matrix2::new(xx, xy, xy, yy) + Matrix2::identity() * f64::from(VARIANCE);
        let precision = covariance.try_inverse().unwrap();
        let mut found = [0; 2];
        for i in 0..400_u16 {
            let at: [f32; 2] = [i % 20, i / 20].map(|i: u16| 0.5 * f32::from(i) - 4.5);
            let exponent = |c: &Centre| {
                let d = Vector2::new(at[0] - c.x[0], at[1] - c.y[0]).map(f64::from);
                f64::from(c.log_weight) - 0.5 * d.dot(&(precision * d))
            };
            let greatest = centres.iter().map(exponent).fold(f64::NEG_INFINITY, f64::max);
            let faint = dispatch(IsFaint(&reach, at));
            assert!(!faint || greatest < f64::from(GREATEST + FAINT), "{at:?}");
            // The circle is a little larger than what is in it, and rounder.
            assert!(faint || greatest > 3.0 * f64::from(FAINT), "{at:?} {greatest}");
            found[usize::from(faint)] += 1;
        }
        assert!(found.iter().all(|&n| n > 40), "{found:?}");
    }

    /// A tile of particles, each of its own noise level: log-densities and scores.
    struct Evaluated<'a> {
        lanes: &'a MixtureLanes,
        nodes: &'a [Node],
        variance: [f32; TILE],
        at: [[f32; TILE]; 2],
    }

    impl Kernel for &Evaluated<'_> {
        type Output = [[f32; TILE]; 3];

        fn run<L: Lanes>(self, l: L) -> Self::Output {
            let [mut log_density, mut score_x, mut score_y] = [[0.0; TILE]; 3];
            let out = Pointwise { log_density: &mut log_density, score_x: &mut score_x, score_y: &mut score_y };
            self.lanes.evaluate_each(l, self.nodes, &self.variance, [&self.at[0], &self.at[1]], out);
            [log_density, score_x, score_y]
        }
    }

    /// The paper's tree, and what is broad beside what is narrow.
    fn mixtures() -> [Mixture; 3] {
        let component = |i: u16, x: f64, deviation: f64| Component {
            mean: Vector2::new(x, 0.3),
            covariance: Matrix2::identity() * deviation * deviation,
            weight: 0.125,
            class: 0,
            branch: i,
        };
        let mixed =
            (0..8u16).map(|i| component(i, f64::from(i) * 0.4 - 1.5, [0.002, 0.02, 0.3, 2.0][usize::from(i % 4)]));
        let tree = Distribution::PAPER.mixture();
        [tree.classes(Classes::A).unwrap(), tree.clone(), Mixture::new(mixed.collect()).unwrap()]
    }

    #[test]
    fn what_is_passed_over_changes_no_bit() {
        let [one, both, mixed] = mixtures();
        for (mixture, nu) in [(&one, None), (&both, None), (&both, Some(3.0)), (&mixed, None), (&mixed, Some(3.0))] {
            let nodes = nu.map_or_else(|| vec![Node::GAUSSIAN], |nu| nodes(nu).unwrap());
            let lanes = MixtureLanes::new(mixture);
            let mut all = lanes.clone();
            all.groups.iter_mut().for_each(|group| group.reach.log_weight = f32::INFINITY);
            // As training has them, from the lowest noise level to the highest; and some far away, where everything is faint.
            let mut particles: Vec<[f32; 3]> = (0..4800_u32)
                .map(|i| {
                    let [a, b, which, far] = words(1, Stream::Start, i.into(), 0);
                    let [c, d, ..] = words(1, Stream::Start, i.into(), 1);
                    let sigma = (1.5 * normal_pair(a, b)[0] - 2.3).exp();
                    let x = mixture.sample_with(sigma, which, [c, d]) * if far % 100 == 0 { 1e6 } else { 1.0 };
                    [sigma, x.x, x.y].map(|v| v as f32)
                })
                .collect();
            particles.sort_by(|a, b| a[0].total_cmp(&b[0]));
            for tile in particles.chunks_exact(TILE) {
                let of = |i: usize| std::array::from_fn(|t| tile[t][i]);
                let (variance, at) = (of(0).map(|sigma: f32| sigma * sigma), [of(1), of(2)]);
                let by = |lanes| dispatch(&Evaluated { lanes, nodes: &nodes, variance, at });
                assert!(by(&lanes) == by(&all), "{} {nu:?}", mixture.components().len());
            }
        }
    }
}
