//! AArch64: NEON, which every such processor has.
//!
//! Written beside the others, method for method, and type-checked for the target (`cargo check -Zbuild-std=core`), but
//! never run: the tests of `lanes` take whatever instruction set is there, so `cargo test lanes` on such a processor is
//! its check.

use super::{Block, Lanes};
use std::arch::aarch64::*;

/// Four lanes of NEON.
#[derive(Clone, Copy)]
pub struct Neon;

// SAFETY of every block below: NEON belongs to the target, and the memory operations check that the numbers are there
// or say that the caller does.
#[allow(clippy::undocumented_unsafe_blocks)]
#[allow(unused_unsafe, reason = "most of these are safe to call from Rust 1.87 on")]
impl Lanes for Neon {
    type V = float32x4_t;
    const N: usize = 4;
    const BLOCK: Block = Block::FourBySix;

    #[inline(always)]
    fn splat(self, x: f32) -> float32x4_t {
        unsafe { vdupq_n_f32(x) }
    }
    #[inline(always)]
    fn load(self, from: &[f32]) -> float32x4_t {
        assert!(from.len() >= 4);
        unsafe { vld1q_f32(from.as_ptr()) }
    }
    #[inline(always)]
    fn store(self, v: float32x4_t, to: &mut [f32]) {
        assert!(to.len() >= 4);
        unsafe { vst1q_f32(to.as_mut_ptr(), v) }
    }
    #[inline(always)]
    unsafe fn load_at(self, from: &[f32], at: usize) -> float32x4_t {
        debug_assert!(at + 4 <= from.len());
        unsafe { vld1q_f32(from.as_ptr().add(at)) }
    }
    #[inline(always)]
    unsafe fn store_at(self, v: float32x4_t, to: &mut [f32], at: usize) {
        debug_assert!(at + 4 <= to.len());
        unsafe { vst1q_f32(to.as_mut_ptr().add(at), v) }
    }
    #[inline(always)]
    fn add(self, a: float32x4_t, b: float32x4_t) -> float32x4_t {
        unsafe { vaddq_f32(a, b) }
    }
    #[inline(always)]
    fn sub(self, a: float32x4_t, b: float32x4_t) -> float32x4_t {
        unsafe { vsubq_f32(a, b) }
    }
    #[inline(always)]
    fn mul(self, a: float32x4_t, b: float32x4_t) -> float32x4_t {
        unsafe { vmulq_f32(a, b) }
    }
    #[inline(always)]
    fn div(self, a: float32x4_t, b: float32x4_t) -> float32x4_t {
        unsafe { vdivq_f32(a, b) }
    }
    #[inline(always)]
    fn mul_add(self, a: float32x4_t, b: float32x4_t, c: float32x4_t) -> float32x4_t {
        unsafe { vfmaq_f32(c, a, b) }
    }
    #[inline(always)]
    fn neg_mul_add(self, a: float32x4_t, b: float32x4_t, c: float32x4_t) -> float32x4_t {
        unsafe { vfmsq_f32(c, a, b) }
    }
    #[inline(always)]
    fn min(self, a: float32x4_t, b: float32x4_t) -> float32x4_t {
        unsafe { vminq_f32(a, b) }
    }
    #[inline(always)]
    fn max(self, a: float32x4_t, b: float32x4_t) -> float32x4_t {
        unsafe { vmaxq_f32(a, b) }
    }
    #[inline(always)]
    fn any_greater(self, a: float32x4_t, b: float32x4_t) -> bool {
        // SAFETY: every AArch64 has it.
        unsafe { vmaxvq_u32(vcgtq_f32(a, b)) != 0 }
    }
    #[inline(always)]
    fn sqrt(self, a: float32x4_t) -> float32x4_t {
        unsafe { vsqrtq_f32(a) }
    }
    #[inline(always)]
    fn shift_exponent(self, a: float32x4_t, biased: float32x4_t) -> float32x4_t {
        unsafe {
            let shift = vshlq_n_s32::<23>(vreinterpretq_s32_f32(biased));
            vreinterpretq_f32_s32(vaddq_s32(vreinterpretq_s32_f32(a), shift))
        }
    }
    #[inline(always)]
    fn reciprocal(self, a: float32x4_t) -> float32x4_t {
        unsafe { vdivq_f32(vdupq_n_f32(1.0), a) }
    }
    #[inline(always)]
    fn sum(self, a: float32x4_t) -> f32 {
        unsafe { vaddvq_f32(a) }
    }
}
