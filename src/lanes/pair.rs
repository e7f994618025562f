//! Two vectors as one.

use super::{Block, Lanes};

/// Lanes of two vectors, so that what both need is loaded once.
#[derive(Clone, Copy)]
pub struct Pair<L>(pub L);

/// What is done to each half alike.
macro_rules! halves {
    ($($name:ident($($of:ident),+)),+) => {
        $(
            #[inline(always)]
            fn $name(self, $($of: Self::V),+) -> Self::V {
                [self.0.$name($($of[0]),+), self.0.$name($($of[1]),+)]
            }
        )+
    };
}

impl<L: Lanes> Lanes for Pair<L> {
    type V = [L::V; 2];
    const N: usize = 2 * L::N;
    const BLOCK: Block = L::BLOCK;

    #[inline(always)]
    fn splat(self, x: f32) -> Self::V {
        let x = self.0.splat(x);
        [x, x]
    }
    #[inline(always)]
    fn constant(self, x: &'static f32) -> Self::V {
        let x = self.0.constant(x);
        [x, x]
    }
    #[inline(always)]
    fn load(self, from: &[f32]) -> Self::V {
        let (a, b) = from.split_at(L::N);
        [self.0.load(a), self.0.load(b)]
    }
    #[inline(always)]
    fn store(self, [a, b]: Self::V, to: &mut [f32]) {
        let (first, second) = to.split_at_mut(L::N);
        self.0.store(a, first);
        self.0.store(b, second);
    }
    #[inline(always)]
    unsafe fn load_at(self, from: &[f32], at: usize) -> Self::V {
        // SAFETY: the caller's.
        unsafe { [self.0.load_at(from, at), self.0.load_at(from, at + L::N)] }
    }
    #[inline(always)]
    unsafe fn store_at(self, [a, b]: Self::V, to: &mut [f32], at: usize) {
        // SAFETY: the caller's.
        unsafe {
            self.0.store_at(a, to, at);
            self.0.store_at(b, to, at + L::N);
        }
    }
    halves!(add(a, b), sub(a, b), mul(a, b), div(a, b), mul_add(a, b, c), neg_mul_add(a, b, c), min(a, b), max(a, b));
    halves!(sqrt(a), shift_exponent(a, biased), reciprocal(a));

    #[inline(always)]
    fn any_greater(self, a: Self::V, b: Self::V) -> bool {
        self.0.any_greater(a[0], b[0]) | self.0.any_greater(a[1], b[1])
    }
    #[inline(always)]
    fn sum(self, a: Self::V) -> f32 {
        self.0.sum(a[0]) + self.0.sum(a[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::{Kernel, dispatch, exp};

    /// Of two numbers in each lane all that lanes can do with them.
    struct Every<'a>([&'a [f32]; 2]);

    impl Every<'_> {
        fn by<L: Lanes>(&self, l: L) -> Vec<[f32; 12]> {
            let mut every = Vec::new();
            for at in (0..self.0[0].len()).step_by(L::N) {
                // SAFETY: their number is a multiple of the lanes.
                let (a, b) = unsafe { (l.load_at(self.0[0], at), l.load(&self.0[1][at..])) };
                let values = [
                    l.add(a, b),
                    l.sub(a, b),
                    l.mul(a, b),
                    l.div(a, b),
                    l.mul_add(a, b, l.splat(0.3)),
                    l.neg_mul_add(a, b, l.splat(0.3)),
                    l.min(a, b),
                    l.max(a, b),
                    l.sqrt(l.mul(a, a)),
                    l.reciprocal(b),
                    exp(l, a),
                ];
                let mut stored = [[0.0; 64]; 11];
                stored.iter_mut().zip(values).for_each(|(to, value)| l.store(value, to));
                let mut all = [0.0; 64];
                // SAFETY: there is room.
                unsafe { l.store_at(a, &mut all, 64 - L::N) };
                every.extend((0..L::N).map(|lane| {
                    std::array::from_fn(|i| stored.get(i).map_or(all[64 - L::N + lane], |values| values[lane]))
                }));
            }
            every
        }
    }

    impl Kernel for Every<'_> {
        type Output = ();

        fn run<L: Lanes>(self, l: L) {
            assert_eq!(self.by(Pair(l)), self.by(l));
            let pair = Pair(l);
            let [first, second] = [&self.0[0][..L::N], &self.0[0][L::N..2 * L::N]];
            let both = [l.load(first), l.load(second)];
            assert_eq!(pair.sum(both), l.sum(both[0]) + l.sum(both[1]));
            for greater in 0..2 * L::N {
                let mut numbers = [0.0; 64];
                numbers[greater] = 1.0;
                assert!(pair.any_greater(pair.load(&numbers), pair.splat(0.5)), "{greater}");
                assert!(!pair.any_greater(pair.load(&numbers), pair.splat(1.0)), "{greater}");
            }
        }
    }

    #[test]
    fn a_pair_does_what_its_vectors_do() {
        let [a, b]: [Vec<f32>; 2] =
            [0.37, 0.91].map(|step| (0..96).map(|i| (step * i as f32).sin() * 3.0 + 0.01).collect());
        dispatch(Every([&a, &b]));
    }
}
