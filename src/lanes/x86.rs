//! x86-64: AVX-512, and AVX2 with fused multiply-add.

use super::{Block, Kernel, Lanes};
use std::arch::x86_64::*;

/// Sixteen lanes of AVX-512.
#[derive(Clone, Copy)]
pub struct Avx512(());

/// Eight lanes of AVX2 with FMA.
#[derive(Clone, Copy)]
pub struct Avx2(());

#[target_feature(enable = "avx512f,avx2,fma")]
pub(super) fn run_avx512<K: Kernel>(kernel: K) -> K::Output {
    kernel.run(Avx512(()))
}

#[target_feature(enable = "avx2,fma")]
pub(super) fn run_avx2<K: Kernel>(kernel: K) -> K::Output {
    kernel.run(Avx2(()))
}

/// The methods that differ between the two only in names.
macro_rules! lanes {
    ($token:ty, $vector:ty, $n:literal, $block:expr, $splat_at:expr, $shift:expr, $reciprocal:expr, $sum:expr, $greater:expr, {
        $splat:ident, $load:ident, $store:ident, $add:ident, $sub:ident, $mul:ident, $div:ident, $fma:ident,
        $fnma:ident, $min:ident, $max:ident, $sqrt:ident
    }) => {
        // SAFETY of every block below: a token exists only where its instructions do, and the two memory
        // operations check that the numbers are there.
        #[allow(clippy::undocumented_unsafe_blocks)]
        impl Lanes for $token {
            type V = $vector;
            const N: usize = $n;
            const BLOCK: Block = $block;

            #[inline(always)]
            fn splat(self, x: f32) -> $vector {
                unsafe { $splat(x) }
            }
            #[inline(always)]
            fn load(self, from: &[f32]) -> $vector {
                assert!(from.len() >= $n);
                unsafe { $load(from.as_ptr()) }
            }
            #[inline(always)]
            fn store(self, v: $vector, to: &mut [f32]) {
                assert!(to.len() >= $n);
                unsafe { $store(to.as_mut_ptr(), v) }
            }
            #[inline(always)]
            unsafe fn load_at(self, from: &[f32], at: usize) -> $vector {
                debug_assert!(at + $n <= from.len());
                unsafe { $load(from.as_ptr().add(at)) }
            }
            #[inline(always)]
            unsafe fn splat_at(self, from: &[f32], at: usize) -> $vector {
                debug_assert!(at < from.len());
                unsafe { $splat_at(from.as_ptr().add(at)) }
            }
            #[inline(always)]
            unsafe fn store_at(self, v: $vector, to: &mut [f32], at: usize) {
                debug_assert!(at + $n <= to.len());
                unsafe { $store(to.as_mut_ptr().add(at), v) }
            }
            #[inline(always)]
            fn add(self, a: $vector, b: $vector) -> $vector {
                unsafe { $add(a, b) }
            }
            #[inline(always)]
            fn sub(self, a: $vector, b: $vector) -> $vector {
                unsafe { $sub(a, b) }
            }
            #[inline(always)]
            fn mul(self, a: $vector, b: $vector) -> $vector {
                unsafe { $mul(a, b) }
            }
            #[inline(always)]
            fn div(self, a: $vector, b: $vector) -> $vector {
                unsafe { $div(a, b) }
            }
            #[inline(always)]
            fn mul_add(self, a: $vector, b: $vector, c: $vector) -> $vector {
                unsafe { $fma(a, b, c) }
            }
            #[inline(always)]
            fn neg_mul_add(self, a: $vector, b: $vector, c: $vector) -> $vector {
                unsafe { $fnma(a, b, c) }
            }
            #[inline(always)]
            fn min(self, a: $vector, b: $vector) -> $vector {
                unsafe { $min(a, b) }
            }
            #[inline(always)]
            fn max(self, a: $vector, b: $vector) -> $vector {
                unsafe { $max(a, b) }
            }
            #[inline(always)]
            fn any_greater(self, a: $vector, b: $vector) -> bool {
                unsafe { $greater(a, b) }
            }
            #[inline(always)]
            fn sqrt(self, a: $vector) -> $vector {
                unsafe { $sqrt(a) }
            }
            #[inline(always)]
            fn shift_exponent(self, a: $vector, biased: $vector) -> $vector {
                unsafe { $shift(a, biased) }
            }
            #[inline(always)]
            fn reciprocal(self, a: $vector) -> $vector {
                unsafe {
                    // The estimate, and one step of Newton's: r + r (1 - a r).
                    let r = $reciprocal(a);
                    $fma(r, $fnma(a, r, $splat(1.0)), r)
                }
            }
            #[inline(always)]
            fn sum(self, a: $vector) -> f32 {
                unsafe { $sum(a) }
            }
        }
    };
}

/// What the compiler makes of it is best with 32 registers.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn broadcast512(from: *const f32) -> __m512 {
    // SAFETY: the caller's.
    _mm512_set1_ps(unsafe { *from })
}

/// Where it is written: the compiler would load all weights of a block first, and with 16 registers put a sum on the stack
/// for that, at every turn.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn broadcast256(from: *const f32) -> __m256 {
    let to;
    // SAFETY: it reads a number that the caller vouches for, and does nothing else.
    unsafe {
        std::arch::asm!(
            "vbroadcastss {to}, dword ptr [{from}]",
            to = out(ymm_reg) to,
            from = in(reg) from,
            options(pure, readonly, nostack, preserves_flags),
        );
    }
    to
}

#[inline]
#[target_feature(enable = "avx512f")]
fn shift512(a: __m512, biased: __m512) -> __m512 {
    let shift = _mm512_slli_epi32::<23>(_mm512_castps_si512(biased));
    _mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(a), shift))
}

#[inline]
#[target_feature(enable = "avx2")]
fn shift256(a: __m256, biased: __m256) -> __m256 {
    let shift = _mm256_slli_epi32::<23>(_mm256_castps_si256(biased));
    _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(a), shift))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn greater512(a: __m512, b: __m512) -> bool {
    _mm512_cmp_ps_mask::<_CMP_GT_OQ>(a, b) != 0
}

#[inline]
#[target_feature(enable = "avx2")]
fn greater256(a: __m256, b: __m256) -> bool {
    _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_GT_OQ>(a, b)) != 0
}

#[inline]
#[target_feature(enable = "avx2")]
fn sum256(a: __m256) -> f32 {
    let a = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps::<1>(a));
    let a = _mm_add_ps(a, _mm_movehl_ps(a, a));
    _mm_cvtss_f32(_mm_add_ss(a, _mm_movehdup_ps(a)))
}

lanes!(Avx512, __m512, 16, Block::FourBySix, broadcast512, shift512, _mm512_rcp14_ps, _mm512_reduce_add_ps, greater512, {
    _mm512_set1_ps, _mm512_loadu_ps, _mm512_storeu_ps, _mm512_add_ps, _mm512_sub_ps, _mm512_mul_ps,
    _mm512_div_ps, _mm512_fmadd_ps, _mm512_fnmadd_ps, _mm512_min_ps, _mm512_max_ps, _mm512_sqrt_ps
});

lanes!(Avx2, __m256, 8, Block::FourByThree, broadcast256, shift256, _mm256_rcp_ps, sum256, greater256, {
    _mm256_set1_ps, _mm256_loadu_ps, _mm256_storeu_ps, _mm256_add_ps, _mm256_sub_ps, _mm256_mul_ps,
    _mm256_div_ps, _mm256_fmadd_ps, _mm256_fnmadd_ps, _mm256_min_ps, _mm256_max_ps, _mm256_sqrt_ps
});
