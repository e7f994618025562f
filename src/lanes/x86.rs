//! x86-64: AVX-512 or AVX2 with fused multiply-add, whichever the processor has.

use super::{Block, Kernel, Lanes, portable::Portable};
use std::arch::x86_64::*;
use std::sync::LazyLock;

/// Sixteen lanes of AVX-512.
#[derive(Clone, Copy)]
pub struct Avx512(());

/// Eight lanes of AVX2 with FMA.
#[derive(Clone, Copy)]
pub struct Avx2(());

static AVX512: LazyLock<Option<Avx512>> = LazyLock::new(|| is_x86_feature_detected!("avx512f").then_some(Avx512(())));
static AVX2: LazyLock<Option<Avx2>> =
    LazyLock::new(|| (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(Avx2(())));

pub(super) fn dispatch<K: Kernel>(kernel: K) -> K::Output {
    if let Some(lanes) = *AVX512 {
        // SAFETY: the token says that the processor has it.
        unsafe { run_avx512(lanes, kernel) }
    } else if let Some(lanes) = *AVX2 {
        // SAFETY: the token says that the processor has it.
        unsafe { run_avx2(lanes, kernel) }
    } else {
        kernel.run(Portable)
    }
}

pub(super) fn name() -> &'static str {
    match (*AVX512, *AVX2) {
        (Some(_), _) => "AVX-512",
        (None, Some(_)) => "AVX2",
        (None, None) => "portable",
    }
}

#[target_feature(enable = "avx512f,avx2,fma")]
fn run_avx512<K: Kernel>(lanes: Avx512, kernel: K) -> K::Output {
    kernel.run(lanes)
}

#[target_feature(enable = "avx2,fma")]
fn run_avx2<K: Kernel>(lanes: Avx2, kernel: K) -> K::Output {
    kernel.run(lanes)
}

/// The methods that differ between the two only in names.
macro_rules! lanes {
    ($token:ty, $vector:ty, $n:literal, $block:expr, $exponent:expr, $shift:expr, $reciprocal:expr, $sum:expr, {
        $splat:ident, $load:ident, $store:ident, $add:ident, $sub:ident, $mul:ident, $div:ident, $fma:ident,
        $fnma:ident, $min:ident, $max:ident, $sqrt:ident, $round:ident
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
            fn sqrt(self, a: $vector) -> $vector {
                unsafe { $sqrt(a) }
            }
            #[inline(always)]
            fn round(self, a: $vector) -> $vector {
                unsafe { $round::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(a) }
            }
            #[inline(always)]
            fn exp2_integral(self, n: $vector) -> $vector {
                unsafe { $exponent(n) }
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

#[inline]
#[target_feature(enable = "avx512f")]
fn exponent512(n: __m512) -> __m512 {
    let biased = _mm512_add_epi32(_mm512_cvtps_epi32(n), _mm512_set1_epi32(127));
    _mm512_castsi512_ps(_mm512_slli_epi32::<23>(biased))
}

#[inline]
#[target_feature(enable = "avx2")]
fn exponent256(n: __m256) -> __m256 {
    let biased = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
    _mm256_castsi256_ps(_mm256_slli_epi32::<23>(biased))
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
#[target_feature(enable = "avx2")]
fn sum256(a: __m256) -> f32 {
    let a = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps::<1>(a));
    let a = _mm_add_ps(a, _mm_movehl_ps(a, a));
    _mm_cvtss_f32(_mm_add_ss(a, _mm_movehdup_ps(a)))
}

lanes!(Avx512, __m512, 16, Block::FourBySix, exponent512, shift512, _mm512_rcp14_ps, _mm512_reduce_add_ps, {
    _mm512_set1_ps, _mm512_loadu_ps, _mm512_storeu_ps, _mm512_add_ps, _mm512_sub_ps, _mm512_mul_ps,
    _mm512_div_ps, _mm512_fmadd_ps, _mm512_fnmadd_ps, _mm512_min_ps, _mm512_max_ps, _mm512_sqrt_ps,
    _mm512_roundscale_ps
});

lanes!(Avx2, __m256, 8, Block::FourByThree, exponent256, shift256, _mm256_rcp_ps, sum256, {
    _mm256_set1_ps, _mm256_loadu_ps, _mm256_storeu_ps, _mm256_add_ps, _mm256_sub_ps, _mm256_mul_ps,
    _mm256_div_ps, _mm256_fmadd_ps, _mm256_fnmadd_ps, _mm256_min_ps, _mm256_max_ps, _mm256_sqrt_ps,
    _mm256_round_ps
});

#[cfg(test)]
pub(super) fn each_available<K: Kernel + Clone>(kernel: &K) -> Vec<(&'static str, K::Output)> {
    let mut outputs = vec![("portable", kernel.clone().run(Portable))];
    if let Some(lanes) = *AVX2 {
        // SAFETY: the token says that the processor has it.
        outputs.push(("AVX2", unsafe { run_avx2(lanes, kernel.clone()) }));
    }
    if let Some(lanes) = *AVX512 {
        // SAFETY: the token says that the processor has it.
        outputs.push(("AVX-512", unsafe { run_avx512(lanes, kernel.clone()) }));
    }
    outputs
}
