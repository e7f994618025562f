//! What a program computes: instruction by instruction, each over all particles of a tile.

use super::code::{OWN, Op, SHARED};
use super::{Kept, Program, Time};
use crate::guidance::rule::{Gram, Mix, Moment, Place, Real};
use nalgebra::convert;

/// Smaller than any square that matters; of less there is no logarithm here.
pub(super) const TINY: f64 = 1e-30;

/// One instruction on numbers that were computed before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Instruction {
    pub op: Op,
    pub of: [u16; 3],
}

/// An operation on single numbers.
#[inline(always)]
pub(super) fn apply<T: Real>(op: Op, [a, b, c]: [T; 3]) -> T {
    let (zero, one) = (T::zero(), T::one());
    let tiny = convert::<f64, T>(TINY);
    let truth = |holds: bool| if holds { one } else { zero };
    let greater = |a: T, b: T| if a > b { a } else { b };
    let lesser = |a: T, b: T| if a < b { a } else { b };
    match op {
        Op::Add => a + b,
        Op::Subtract => a - b,
        Op::Multiply => a * b,
        Op::Divide => {
            if b == zero {
                zero
            } else {
                a / b
            }
        }
        Op::Least => lesser(a, b),
        Op::Greatest => greater(a, b),
        Op::Less => truth(a < b),
        Op::NoMore => truth(a <= b),
        Op::Equal => truth(a == b),
        Op::Power => (b * greater(a, tiny).logarithm()).exponential(),
        Op::Exp => a.exponential(),
        Op::Log => greater(a, tiny).logarithm(),
        Op::Sqrt => greater(a, zero).sqrt(),
        Op::Sin => a.sine(),
        Op::Cos => a.cosine(),
        Op::Acos => lesser(greater(a, -one), one).arc_cosine(),
        Op::Abs => a.abs(),
        Op::Select => {
            if a != zero {
                b
            } else {
                c
            }
        }
    }
}

/// Run instructions, each over all numbers of its operands, and put what comes of them behind what is there.
fn run<T: Real, const N: usize>(code: &[Instruction], numbers: &mut Vec<[T; N]>) {
    /// With the operation known, so that each has a loop of its own.
    macro_rules! over {
        ($op:expr, $of:expr, $numbers:expr, $($known:ident)*) => {
            match $op {
                $(Op::$known => {
                    let mut out = [T::zero(); N];
                    let [a, b, c] = $of.map(|of| &$numbers[usize::from(of)]);
                    for (i, out) in out.iter_mut().enumerate() {
                        *out = apply(Op::$known, [a[i], b[i], c[i]]);
                    }
                    $numbers.push(out);
                })*
            }
        };
    }
    for &Instruction { op, of } in code {
        over!(op, of, numbers, Add Subtract Multiply Divide Least Greatest Less NoMore Equal Power Exp Log Sqrt Sin Cos Acos Abs Select);
    }
}

impl Program {
    /// Its answers for `N` particles: coefficients on D1, eps1, d and m of the guided estimate less D1, then of what is remembered
    /// next; a number that is remembered stands in the place of the first of the latter. `gram` has the particles' inner products
    /// in the order of [`Gram`]'s fields, `number` what each remembers, if that is a number.
    fn answers<T: Real, const N: usize>(
        &self,
        moment: &Moment<T>,
        time: &Time,
        gram: &[[T; N]; 10],
        number: &[T; N],
    ) -> [[T; N]; 8] {
        let (zero, one) = ([T::zero(); N], [T::one(); N]);
        let mut shared: Vec<[T; 1]> = Vec::with_capacity(SHARED + self.constants.len() + self.shared.len());
        let Time { next, u, scale, step, steps } = *time;
        shared.extend([[moment.weight], [moment.sigma]]);
        let told = [next, u, scale, step, steps].into_iter();
        shared.extend(
            told.chain(self.values).chain(self.constants.iter().copied()).map(|number| [convert::<f64, T>(number)]),
        );
        run(&self.shared, &mut shared);

        let mut own: Vec<[T; N]> = Vec::with_capacity(OWN + self.spread.len() + self.own.len());
        own.extend(gram);
        own.push(*number);
        if moment.place == Place::Beginning {
            // There is no memory yet.
            [3, 6, 8, 9, 10].into_iter().for_each(|of_memory| own[of_memory] = zero);
        }
        own.extend(self.spread.iter().map(|&of| [shared[usize::from(of)][0]; N]));
        run(&self.own, &mut own);
        let mut answers = self.answers.map(|of| own[usize::from(of)]);
        match (self.kept, moment.place) {
            (Kept::Number, Place::Second) => answers[4] = *number,
            (Kept::Number, _) => {}
            (Kept::Nothing, _) | (Kept::Vector, Place::Second) => {
                [answers[4], answers[5], answers[6], answers[7]] = [zero, zero, zero, one];
            }
            (Kept::Vector, Place::Beginning) => [answers[3], answers[7]] = [zero; 2],
            (Kept::Vector, Place::First) => {}
        }
        answers
    }

    /// The same particle by particle.
    pub fn mixes<T: Real, const N: usize>(
        &self,
        moment: &Moment<T>,
        time: &Time,
        grams: &[Gram<T>; N],
        numbers: &[T; N],
    ) -> [Mix<T>; N] {
        let of_each = grams.map(<[T; 10]>::from);
        let products = std::array::from_fn(|product| of_each.map(|of| of[product]));
        let answers = self.answers(moment, time, &products, numbers);
        std::array::from_fn(|i| {
            let [a, b, c, d, e, f, g, h] = answers.map(|of| of[i]);
            Mix { push: [a, b, c, d], memory: [e, f, g, h] }
        })
    }

    /// The same for one.
    pub fn mix<T: Real>(&self, moment: &Moment<T>, time: &Time, gram: &Gram<T>) -> Mix<T> {
        let [mix] = self.mixes(moment, time, &[*gram], &[moment.ratio]);
        mix
    }
}
