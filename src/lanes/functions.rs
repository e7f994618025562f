//! Elementary functions on vectors.

use super::{BIAS, Lanes};

/// The polynomial of degree 5 with these coefficients, the highest first.
#[inline(always)]
fn polynomial<L: Lanes>(l: L, x: L::V, coefficients: &'static [f32; 6]) -> L::V {
    let mut p = l.constant(&coefficients[0]);
    each!(i < 5, p = l.mul_add(p, x, l.constant(&coefficients[i + 1])));
    p
}

/// e^x, within 2 units in the last place on [-87, 88]; arguments outside are clamped to it.
#[inline(always)]
pub fn exp<L: Lanes>(l: L, x: L::V) -> L::V {
    normal_exp(l, l.min(l.max(x, constant!(l, -87.0)), constant!(l, 88.0)))
}

/// What something weighs beside the greatest, e^x for x <= 0, within 2 units in the last place down to e^-60.
///
/// What is fainter counts as that: nothing beside 1, and yet so much that products and sums of such weights stay normal numbers.
/// Others cost Intel's processors some hundred cycles each.
#[inline(always)]
pub fn exp_of_share<L: Lanes>(l: L, x: L::V) -> L::V {
    let [r, power] = share_reduced(l, x);
    exp_of_reduced(l, r, power)
}

/// The first half of [`exp_of_share`], of which [`exp_of_reduced`] is the second: where many are wanted, processors have each half of
/// all in flight at once, and not the whole of one after the other.
#[inline(always)]
pub fn share_reduced<L: Lanes>(l: L, x: L::V) -> [L::V; 2] {
    reduced(l, l.max(x, constant!(l, FAINT)))
}

/// The logarithm of 1e-26, about: 1e-19 of the last place of 1, and 1e12 times the least normal number.
const FAINT: f32 = -60.0;

/// e^r = 1 + r + r^2 p(r) for |r| <= ln 2 / 2, of Cephes.
static EXP: [f32; 6] = [1.987_569_1e-4, 1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5];

/// e^x where it is a normal number. The polynomial and the two-part ln 2 are those of Cephes `expf` (Moshier).
#[inline(always)]
fn normal_exp<L: Lanes>(l: L, x: L::V) -> L::V {
    let [r, power] = reduced(l, x);
    exp_of_reduced(l, r, power)
}

/// x as r + n ln 2, n integral: r, and n as [`Lanes::shift_exponent`] wants it.
#[inline(always)]
fn reduced<L: Lanes>(l: L, x: L::V) -> [L::V; 2] {
    // The nearest integer stands in the low bits of this sum.
    let biased = l.add(l.mul(x, constant!(l, std::f32::consts::LOG2_E)), constant!(l, BIAS));
    let n = l.sub(biased, constant!(l, BIAS));
    let r = l.neg_mul_add(n, constant!(l, 0.693_359_4), x);
    [l.neg_mul_add(n, constant!(l, -2.121_944_4e-4), r), biased]
}

/// e^(r + n ln 2).
#[inline(always)]
pub fn exp_of_reduced<L: Lanes>(l: L, r: L::V, biased: L::V) -> L::V {
    let p = polynomial(l, r, &EXP);
    let y = l.add(l.mul_add(p, l.mul(r, r), r), constant!(l, 1.0));
    l.shift_exponent(y, biased)
}

/// 1 / (1 + e^-x).
#[inline(always)]
pub fn sigmoid<L: Lanes>(l: L, x: L::V) -> L::V {
    let one = constant!(l, 1.0);
    l.div(one, l.add(one, exp(l, l.sub(l.splat(0.0), x))))
}

/// 2^r for |r| <= 1/2, within 7.5e-8 of itself: the minimax polynomial of degree 5.
static EXP2: [f32; 6] = [0.001_327_647_2, 0.009_675_541, 0.055_507_133, 0.240_221_2, 0.693_146_97, 1.000_000_1];

/// silu(x) = x / (1 + e^-x) and its derivative, for any finite x.
///
/// Half the work of [`sigmoid`]; each is within 3e-7 of the truth, or of its size where that is more than one.
#[inline(always)]
pub fn silu<L: Lanes>(l: L, x: L::V) -> (L::V, L::V) {
    // e^-x = 2^(n + r), n integral.
    let y = l.mul(x, constant!(l, -std::f32::consts::LOG2_E));
    let y = l.min(l.max(y, constant!(l, -126.0)), constant!(l, 126.0));
    let biased = l.add(y, constant!(l, BIAS));
    let r = l.sub(y, l.sub(biased, constant!(l, BIAS)));
    let e = l.shift_exponent(polynomial(l, r, &EXP2), biased);
    let s = l.reciprocal(l.add(constant!(l, 1.0), e));
    let silu = l.mul(x, s);
    // 1 - s is e s, without cancellation.
    (silu, l.mul_add(silu, l.mul(e, s), s))
}
