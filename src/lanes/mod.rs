//! SIMD: one f32 vector type per instruction set, chosen at run time natively and at compile time for WebAssembly.
//!
//! Invariant: a token ([`Lanes`] value) exists only where its instructions do, so its methods are safe.
//! A kernel is written once, generic over the token, and entered through [`dispatch`]; everything between
//! the two is `#[inline(always)]` and free of closures, so that it compiles with the instruction set of the entry: a
//! closure that the compiler declines to inline does not, which once cost a factor of eight. LLVM of Rust 1.95 crashed on a
//! scalar f64 loop inside an AVX-512 kernel, so scalar post-processing stands outside of kernels.
//!
//! Lanes are particles; tiles of [`TILE`] of them stay in cache through all their steps.

/// `body` for each `i` below `n`, at most eight, written out: where the compiler saves on size it unrolls no loop, and what a loop
/// indexes is not kept in registers. (No closure either: it would be compiled without its caller's instructions.)
macro_rules! each {
    ($i:ident < $n:expr, $body:expr) => {
        each!(@ $i < $n, $body, 0 1 2 3 4 5 6 7)
    };
    (@ $i:ident < $n:expr, $body:expr, $($at:literal)*) => {
        $(
            #[allow(unconditional_panic, reason = "what would panic is left out")]
            if $at < $n {
                let $i = $at;
                $body;
            }
        )*
    };
}
pub(crate) use each;

/// All lanes of a number that is known when compiling: see [`Lanes::constant`].
macro_rules! constant {
    ($l:expr, $x:expr) => {
        $l.constant(const { &$x })
    };
}
pub(crate) use constant;

mod buffer;
mod functions;
#[cfg(not(target_arch = "wasm32"))]
mod instructions;
mod multiply;
#[cfg(target_arch = "aarch64")]
mod neon;
mod pair;
mod peak;
mod portable;
#[cfg(feature = "images")]
pub mod strips;
#[cfg(target_arch = "wasm32")]
mod wasm;
#[cfg(feature = "images")]
pub mod winograd;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use buffer::Buffer;
pub use functions::{exp, exp_of_reduced, exp_of_share, share_reduced, sigmoid, silu};
#[cfg(not(target_arch = "wasm32"))]
pub use instructions::Instructions;
pub use multiply::{Epilogue, Panels, Store, add_outer, multiply, multiply_then};
pub use pair::Pair;
pub use peak::multiply_adds;
#[cfg(feature = "images")]
pub use strips::Strips;

/// Particles that travel together: a multiple of every vector length times every block width below.
pub const TILE: usize = 96;

/// 1.5 x 2^23: a number of moderate size plus this is an integer, which stands in the low bits.
pub const BIAS: f32 = 12_582_912.0;

/// Shape of the block of a product, rows x vectors; the rows divide four.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// For 32 registers.
    FourBySix,
    /// For 16 registers.
    FourByThree,
    /// For the 15 that a virtual machine leaves of 16.
    TwoBySix,
    /// For the same, without fused multiply-adds.
    TwoByFour,
    /// For plain arrays.
    FourByTwo,
}

/// Arithmetic on vectors of `N` f32, each lane one particle.
pub trait Lanes: Copy + Send + Sync + 'static {
    /// The vector.
    type V: Copy;
    /// Lanes in a vector; divides [`TILE`].
    const N: usize;
    /// Rows and vectors in a row of the block that a product computes in registers: as many as fit.
    const BLOCK: Block;

    /// All lanes `x`.
    fn splat(self, x: f32) -> Self::V;
    /// All lanes a number that is known when compiling.
    #[inline(always)]
    fn constant(self, x: &'static f32) -> Self::V {
        self.splat(*x)
    }
    /// The first `N` numbers of `from`.
    fn load(self, from: &[f32]) -> Self::V;
    /// `v` into the first `N` places of `to`.
    fn store(self, v: Self::V, to: &mut [f32]);
    /// The `N` numbers of `from` that begin at `at`.
    ///
    /// # Safety
    /// They are there.
    unsafe fn load_at(self, from: &[f32], at: usize) -> Self::V;
    /// All lanes the number of `from` at `at`.
    ///
    /// # Safety
    /// It is there.
    #[inline(always)]
    unsafe fn splat_at(self, from: &[f32], at: usize) -> Self::V {
        debug_assert!(at < from.len());
        // SAFETY: the caller's.
        self.splat(unsafe { *from.get_unchecked(at) })
    }
    /// `v` into the `N` places of `to` that begin at `at`.
    ///
    /// # Safety
    /// They are there.
    unsafe fn store_at(self, v: Self::V, to: &mut [f32], at: usize);
    /// a + b
    fn add(self, a: Self::V, b: Self::V) -> Self::V;
    /// a - b
    fn sub(self, a: Self::V, b: Self::V) -> Self::V;
    /// a b
    fn mul(self, a: Self::V, b: Self::V) -> Self::V;
    /// a / b
    fn div(self, a: Self::V, b: Self::V) -> Self::V;
    /// a b + c, fused where the machine can.
    fn mul_add(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// c - a b, fused where the machine can.
    fn neg_mul_add(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// The lesser.
    fn min(self, a: Self::V, b: Self::V) -> Self::V;
    /// The greater.
    fn max(self, a: Self::V, b: Self::V) -> Self::V;
    /// Whether a > b in any lane, which nothing is where one is no number.
    fn any_greater(self, a: Self::V, b: Self::V) -> bool;
    /// The square root.
    fn sqrt(self, a: Self::V) -> Self::V;
    /// a 2^n for `biased` = n + [`BIAS`] and integral n, both numbers normal.
    fn shift_exponent(self, a: Self::V, biased: Self::V) -> Self::V;
    /// 1 / a within 2 units in the last place, for normal `a` and result.
    fn reciprocal(self, a: Self::V) -> Self::V;
    /// The sum of all lanes.
    fn sum(self, a: Self::V) -> f32;
    /// Adds the sums of the lanes of each, as [`sum`](Self::sum) has them, to the four numbers of `to` that begin at `at`.
    ///
    /// # Safety
    /// They are there.
    #[inline(always)]
    unsafe fn add_sums(self, of: [Self::V; 4], to: &mut [f32], at: usize) {
        debug_assert!(at + 4 <= to.len());
        // SAFETY: the caller's.
        each!(i < 4, unsafe { *to.get_unchecked_mut(at + i) += self.sum(of[i]) });
    }
}

/// A computation generic over the instruction set.
pub trait Kernel {
    /// What it returns.
    type Output;
    /// Run it; implementations are `#[inline(always)]`.
    fn run<L: Lanes>(self, lanes: L) -> Self::Output;
}

/// Run `kernel` with the instruction set that was chosen, which is the best of this machine where nobody asked for another.
pub fn dispatch<K: Kernel>(kernel: K) -> K::Output {
    #[cfg(not(target_arch = "wasm32"))]
    // SAFETY: only what the machine has is chosen.
    return unsafe { Instructions::current().enter(kernel) };
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    return wasm::dispatch(kernel);
    #[cfg(all(target_arch = "wasm32", not(target_feature = "simd128")))]
    kernel.run(portable::Portable)
}

/// The instruction set that [`dispatch`] uses, in words.
pub fn instruction_set() -> &'static str {
    #[cfg(not(target_arch = "wasm32"))]
    return Instructions::current().title();
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    return if cfg!(feature = "relaxed-simd") { "WebAssembly relaxed SIMD" } else { "WebAssembly SIMD" };
    #[cfg(all(target_arch = "wasm32", not(target_feature = "simd128")))]
    "portable"
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
