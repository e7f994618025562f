//! WebAssembly's 128-bit vectors. The build with relaxed SIMD has a fused multiply-add wherever the machine has one.

use super::{Block, Kernel, Lanes};
use std::arch::wasm32::*;

/// Four lanes of simd128, which the whole module is compiled for.
#[derive(Clone, Copy)]
pub struct Simd128;

pub(super) fn dispatch<K: Kernel>(kernel: K) -> K::Output {
    #[cfg(feature = "relaxed-simd")]
    return run_relaxed(kernel);
    #[cfg(not(feature = "relaxed-simd"))]
    kernel.run(Simd128)
}

/// The whole kernel is compiled with the instructions, as on x86-64.
#[cfg(feature = "relaxed-simd")]
#[target_feature(enable = "relaxed-simd")]
fn run_relaxed<K: Kernel>(kernel: K) -> K::Output {
    kernel.run(Simd128)
}

impl Lanes for Simd128 {
    type V = v128;
    const N: usize = 4;
    // A product that is not fused takes a register on its way to the sum.
    const BLOCK: Block = if cfg!(feature = "relaxed-simd") { Block::TwoBySix } else { Block::TwoByFour };

    #[inline(always)]
    fn splat(self, x: f32) -> v128 {
        f32x4_splat(x)
    }
    /// What V8 makes of a vector in the code takes three instructions, each time that it is needed; of a load, one. But the addresses of
    /// loads are 300 bytes more to download, which an embedded figure has no room for.
    #[inline(always)]
    fn constant(self, x: &'static f32) -> v128 {
        if !cfg!(feature = "training") {
            return f32x4_splat(*x);
        }
        // SAFETY: it is a reference. (Volatile, since the compiler would put the vector into the code.)
        f32x4_splat(unsafe { std::ptr::from_ref(x).read_volatile() })
    }
    #[inline(always)]
    fn load(self, from: &[f32]) -> v128 {
        assert!(from.len() >= 4);
        // SAFETY: four numbers are there.
        unsafe { v128_load(from.as_ptr().cast()) }
    }
    #[inline(always)]
    fn store(self, v: v128, to: &mut [f32]) {
        assert!(to.len() >= 4);
        // SAFETY: there is room for four numbers.
        unsafe { v128_store(to.as_mut_ptr().cast(), v) }
    }
    #[inline(always)]
    unsafe fn load_at(self, from: &[f32], at: usize) -> v128 {
        debug_assert!(at + 4 <= from.len());
        // SAFETY: the caller's.
        unsafe { v128_load(from.as_ptr().add(at).cast()) }
    }
    #[inline(always)]
    unsafe fn store_at(self, v: v128, to: &mut [f32], at: usize) {
        debug_assert!(at + 4 <= to.len());
        // SAFETY: the caller's.
        unsafe { v128_store(to.as_mut_ptr().add(at).cast(), v) }
    }
    #[inline(always)]
    fn add(self, a: v128, b: v128) -> v128 {
        f32x4_add(a, b)
    }
    #[inline(always)]
    fn sub(self, a: v128, b: v128) -> v128 {
        f32x4_sub(a, b)
    }
    #[inline(always)]
    fn mul(self, a: v128, b: v128) -> v128 {
        f32x4_mul(a, b)
    }
    #[inline(always)]
    fn div(self, a: v128, b: v128) -> v128 {
        f32x4_div(a, b)
    }
    #[inline(always)]
    #[cfg(feature = "relaxed-simd")]
    fn mul_add(self, a: v128, b: v128, c: v128) -> v128 {
        f32x4_relaxed_madd(a, b, c)
    }
    #[inline(always)]
    #[cfg(feature = "relaxed-simd")]
    fn neg_mul_add(self, a: v128, b: v128, c: v128) -> v128 {
        f32x4_relaxed_nmadd(a, b, c)
    }
    #[inline(always)]
    #[cfg(not(feature = "relaxed-simd"))]
    fn mul_add(self, a: v128, b: v128, c: v128) -> v128 {
        f32x4_add(f32x4_mul(a, b), c)
    }
    #[inline(always)]
    #[cfg(not(feature = "relaxed-simd"))]
    fn neg_mul_add(self, a: v128, b: v128, c: v128) -> v128 {
        f32x4_sub(c, f32x4_mul(a, b))
    }
    #[inline(always)]
    fn min(self, a: v128, b: v128) -> v128 {
        f32x4_pmin(a, b)
    }
    #[inline(always)]
    fn max(self, a: v128, b: v128) -> v128 {
        f32x4_pmax(a, b)
    }
    #[inline(always)]
    fn any_greater(self, a: v128, b: v128) -> bool {
        v128_any_true(f32x4_gt(a, b))
    }
    #[inline(always)]
    fn sqrt(self, a: v128) -> v128 {
        f32x4_sqrt(a)
    }
    #[inline(always)]
    fn shift_exponent(self, a: v128, biased: v128) -> v128 {
        i32x4_add(a, i32x4_shl(biased, 23))
    }
    #[inline(always)]
    fn reciprocal(self, a: v128) -> v128 {
        f32x4_div(constant!(self, 1.0), a)
    }
    #[inline(always)]
    fn sum(self, a: v128) -> f32 {
        let a = f32x4_add(a, i32x4_shuffle::<2, 3, 0, 1>(a, a));
        f32x4_extract_lane::<0>(a) + f32x4_extract_lane::<1>(a)
    }
    #[inline(always)]
    unsafe fn add_sums(self, [a, b, c, d]: [v128; 4], to: &mut [f32], at: usize) {
        // Of two at a time 0 + 2 and 1 + 3.
        let ab = f32x4_add(i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b));
        let cd = f32x4_add(i32x4_shuffle::<0, 4, 1, 5>(c, d), i32x4_shuffle::<2, 6, 3, 7>(c, d));
        let sums = f32x4_add(i64x2_shuffle::<0, 2>(ab, cd), i64x2_shuffle::<1, 3>(ab, cd));
        // SAFETY: the caller's.
        unsafe { self.store_at(f32x4_add(self.load_at(to, at), sums), to, at) };
    }
}
