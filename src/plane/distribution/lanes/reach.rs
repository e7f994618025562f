//! How far a group of components is seen, so that training passes over what is too faint to change a sum.

use super::Centre;
use crate::lanes::Lanes;

/// Exponents so far below the greatest are nothing: all components that there can be, each as faint as that, are 2e-10 of it, and a unit
/// in the last place of a sum is 6e-8.
const FAINT: f32 = -30.0;

/// No component of a group is anywhere above the greatest weight times a Gaussian around the nearest place that a mean could have, as
/// broad as the components are along any direction.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
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
    /// Of components with these means that share a covariance (xx, xy, yy).
    pub(super) fn of(centres: &[Centre], [xx, xy, yy]: [f64; 3]) -> Self {
        let (first, last) = (&centres[0], &centres[centres.len() - 1]);
        let (x, y) = ((first.x[0] + last.x[0]) * 0.5, (first.y[0] + last.y[0]) * 0.5);
        // The greatest eigenvalue is below the greatest sum of a row (Gershgorin 1931).
        let variance = (xx.max(yy) + xy.abs()) as f32;
        let start = Self { x, y, radius: 0.0, variance, log_weight: first.log_weight };
        centres.iter().fold(start, |reach, c| {
            let (dx, dy) = (c.x[0] - x, c.y[0] - y);
            Self {
                radius: reach.radius.max((dx * dx + dy * dy).sqrt()),
                log_weight: reach.log_weight.max(c.log_weight),
                ..reach
            }
        })
    }

    /// Whether in every lane the group, under noise of this variance at (x, y), is nothing beside what is there already.
    #[inline(always)]
    pub(super) fn is_faint<L: Lanes>(&self, l: L, [x, y]: [L::V; 2], variance: L::V, greatest: L::V) -> bool {
        let (dx, dy) = (l.sub(l.splat(self.x), x), l.sub(l.splat(self.y), y));
        let distance = l.sub(l.sqrt(l.mul_add(dx, dx, l.mul(dy, dy))), l.splat(self.radius));
        let distance = l.max(distance, l.splat(0.0));
        // log_weight - distance^2 / 2 variance < greatest + FAINT
        let above = l.sub(l.splat(2.0 * (self.log_weight - FAINT)), l.add(greatest, greatest));
        !l.any_greater(l.mul(above, l.add(variance, l.splat(self.variance))), l.mul(distance, distance))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Centre;
    use super::{FAINT, Reach};
    use crate::lanes::{Kernel, Lanes, dispatch};
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
        let centres = [(0.1, 0.0, -3.0), (0.5, 0.3, -2.5), (0.9, 0.2, -4.0)].map(|(x, y, log_weight)| Centre {
            x: [x, 0.0],
            y: [y, 0.0],
            log_weight,
        });
        let reach = Reach::of(&centres, COVARIANCE);
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
}
