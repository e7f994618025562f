//! Plain arrays, which every compiler can vectorise a little: where no better instruction set is known.

use super::{Block, Lanes};

const N: usize = 4;

/// Four lanes, without any particular instructions.
#[derive(Clone, Copy)]
#[cfg_attr(target_arch = "wasm32", allow(dead_code))]
pub struct Portable;

#[inline(always)]
fn zip(a: [f32; N], b: [f32; N], f: impl Fn(f32, f32) -> f32) -> [f32; N] {
    std::array::from_fn(|i| f(a[i], b[i]))
}

impl Lanes for Portable {
    type V = [f32; N];
    const N: usize = N;
    const BLOCK: Block = Block::FourByTwo;

    #[inline(always)]
    fn splat(self, x: f32) -> Self::V {
        [x; N]
    }
    #[inline(always)]
    fn load(self, from: &[f32]) -> Self::V {
        std::array::from_fn(|i| from[i])
    }
    #[inline(always)]
    fn store(self, v: Self::V, to: &mut [f32]) {
        to[..N].copy_from_slice(&v);
    }
    #[inline(always)]
    unsafe fn load_at(self, from: &[f32], at: usize) -> Self::V {
        debug_assert!(at + N <= from.len());
        // SAFETY: the caller's.
        unsafe { from.as_ptr().add(at).cast::<[f32; N]>().read() }
    }
    #[inline(always)]
    unsafe fn store_at(self, v: Self::V, to: &mut [f32], at: usize) {
        debug_assert!(at + N <= to.len());
        // SAFETY: the caller's.
        unsafe { to.as_mut_ptr().add(at).cast::<[f32; N]>().write(v) }
    }
    #[inline(always)]
    fn add(self, a: Self::V, b: Self::V) -> Self::V {
        zip(a, b, |a, b| a + b)
    }
    #[inline(always)]
    fn sub(self, a: Self::V, b: Self::V) -> Self::V {
        zip(a, b, |a, b| a - b)
    }
    #[inline(always)]
    fn mul(self, a: Self::V, b: Self::V) -> Self::V {
        zip(a, b, |a, b| a * b)
    }
    #[inline(always)]
    fn div(self, a: Self::V, b: Self::V) -> Self::V {
        zip(a, b, |a, b| a / b)
    }
    #[inline(always)]
    fn mul_add(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V {
        self.add(self.mul(a, b), c)
    }
    #[inline(always)]
    fn neg_mul_add(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V {
        self.sub(c, self.mul(a, b))
    }
    #[inline(always)]
    fn min(self, a: Self::V, b: Self::V) -> Self::V {
        zip(a, b, f32::min)
    }
    #[inline(always)]
    fn max(self, a: Self::V, b: Self::V) -> Self::V {
        zip(a, b, f32::max)
    }
    #[inline(always)]
    fn any_greater(self, a: Self::V, b: Self::V) -> bool {
        a.iter().zip(&b).any(|(a, b)| a > b)
    }
    #[inline(always)]
    fn sqrt(self, a: Self::V) -> Self::V {
        a.map(f32::sqrt)
    }
    #[inline(always)]
    fn shift_exponent(self, a: Self::V, biased: Self::V) -> Self::V {
        std::array::from_fn(|i| f32::from_bits(a[i].to_bits().wrapping_add(biased[i].to_bits() << 23)))
    }
    #[inline(always)]
    fn reciprocal(self, a: Self::V) -> Self::V {
        a.map(|a| 1.0 / a)
    }
    #[inline(always)]
    fn sum(self, a: Self::V) -> f32 {
        (a[0] + a[2]) + (a[1] + a[3])
    }
}
