//! What a processor can do at most, to compare kernels with.

use super::{Kernel, Lanes, TILE, dispatch};
use std::hint::black_box;

/// Chains of dependent sums: more than the latency of a multiply-add times what starts in a cycle, and still in registers.
const CHAINS: usize = 12;

/// Bare multiply-adds in registers, `rounds` times; how many floating-point operations that was.
pub fn multiply_adds(rounds: u64) -> u64 {
    dispatch(Peak(rounds))
}

struct Peak(u64);

impl Kernel for Peak {
    type Output = u64;

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) -> u64 {
        // Numbers that stay finite and normal however long it goes on.
        let (factor, term) = (l.splat(black_box(0.999)), l.splat(black_box(0.001)));
        let mut sums = [l.splat(black_box(1.0)); CHAINS];
        for _ in 0..self.0 {
            for sum in &mut sums {
                *sum = l.mul_add(*sum, factor, term);
            }
        }
        for sum in sums {
            // Stored, so that a compiler finds vectors in the plain arrays of the portable set.
            let mut lanes = [0.0; TILE];
            l.store(sum, &mut lanes);
            black_box(lanes);
        }
        2 * (CHAINS * L::N) as u64 * self.0
    }
}
