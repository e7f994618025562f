//! Elementary functions on vectors.

use super::Lanes;

/// e^x, within 2 units in the last place on [-87, 88]; arguments outside are clamped to it.
///
/// The polynomial and the two-part ln 2 are those of Cephes `expf` (Moshier).
#[inline(always)]
pub fn exp<L: Lanes>(l: L, x: L::V) -> L::V {
    let x = l.min(l.max(x, l.splat(-87.0)), l.splat(88.0));
    let n = l.round(l.mul(x, l.splat(std::f32::consts::LOG2_E)));
    let r = l.neg_mul_add(n, l.splat(0.693_359_4), x);
    let r = l.neg_mul_add(n, l.splat(-2.121_944_4e-4), r);
    let mut p = l.splat(1.987_569_1e-4);
    for c in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        p = l.mul_add(p, r, l.splat(c));
    }
    let y = l.add(l.mul_add(p, l.mul(r, r), r), l.splat(1.0));
    l.mul(y, l.exp2_integral(n))
}

/// 1 / (1 + e^-x).
#[inline(always)]
pub fn sigmoid<L: Lanes>(l: L, x: L::V) -> L::V {
    let one = l.splat(1.0);
    l.div(one, l.add(one, exp(l, l.sub(l.splat(0.0), x))))
}
