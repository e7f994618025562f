//! A program as plain numbers, for those who run rules and compile none.

use super::code::{OWN, Op, SHARED};
use super::run::Instruction;
use super::{Kept, LENGTH, PARAMETERS, Program};

const OPS: [Op; 18] = [
    Op::Add,
    Op::Subtract,
    Op::Multiply,
    Op::Divide,
    Op::Least,
    Op::Greatest,
    Op::Less,
    Op::NoMore,
    Op::Equal,
    Op::Power,
    Op::Exp,
    Op::Log,
    Op::Sqrt,
    Op::Sin,
    Op::Cos,
    Op::Acos,
    Op::Abs,
    Op::Select,
];
const KEPT: [Kept; 3] = [Kept::Nothing, Kept::Vector, Kept::Number];

impl Program {
    /// All that running it takes: what it remembers, and whether it asks for the guide and for the weight; the values of its parameters; then
    /// constants, instructions on what all particles share, what of that each one's part asks for, and the instructions of that part, each
    /// list behind its length; and where the answers stand.
    pub fn numbers(&self) -> Vec<f64> {
        let Self { constants, shared, spread, own, answers, values, kept, guided, weighted, .. } = self;
        let mut all = vec![*kept as u8 as f64, f64::from(*guided), f64::from(*weighted)];
        all.extend(values);
        all.push(constants.len() as f64);
        all.extend(constants);
        let instructions = |all: &mut Vec<f64>, code: &[Instruction]| {
            all.push(code.len() as f64);
            for Instruction { op, of } in code {
                all.push(*op as u8 as f64);
                all.extend(of.map(f64::from));
            }
        };
        instructions(&mut all, shared);
        all.push(spread.len() as f64);
        all.extend(spread.iter().copied().map(f64::from));
        instructions(&mut all, own);
        all.extend(answers.map(f64::from));
        all
    }

    /// The program of these numbers, whose parameters have no names; none, if they are not of one: each instruction is one that there is,
    /// and asks for what stands before it.
    pub fn read(numbers: &[f64]) -> Option<Self> {
        let mut numbers = Numbers(numbers);
        let kept = KEPT[numbers.below(KEPT.len())?];
        let (guided, weighted) = (numbers.below(2)? == 1, numbers.below(2)? == 1);
        let mut values = [0.0; PARAMETERS];
        for value in &mut values {
            *value = numbers.finite()?;
        }
        let constants: Vec<f64> = (0..numbers.below(LENGTH)?).map(|_| numbers.finite()).collect::<Option<_>>()?;
        let shared = numbers.instructions(SHARED + constants.len())?;
        let known = SHARED + constants.len() + shared.len();
        let spread = numbers.below(LENGTH)?;
        let spread: Vec<u16> = (0..spread).map(|_| numbers.below(known).map(|at| at as u16)).collect::<Option<_>>()?;
        let own = numbers.instructions(OWN + spread.len())?;
        let mut answers = [0; 8];
        for answer in &mut answers {
            *answer = numbers.below(OWN + spread.len() + own.len())? as u16;
        }
        let program =
            Self { constants, shared, spread, own, answers, parameters: Vec::new(), values, kept, guided, weighted };
        numbers.0.is_empty().then_some(program)
    }
}

/// What is left to be read.
struct Numbers<'a>(&'a [f64]);

impl Numbers<'_> {
    fn finite(&mut self) -> Option<f64> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        first.is_finite().then_some(*first)
    }

    fn below(&mut self, count: usize) -> Option<usize> {
        let number = self.finite()?;
        (number >= 0.0 && number < count as f64 && number.fract() == 0.0).then_some(number as usize)
    }

    fn instructions(&mut self, mut known: usize) -> Option<Vec<Instruction>> {
        let count = self.below(LENGTH)?;
        let mut code = Vec::new();
        for _ in 0..count {
            let op = OPS[self.below(OPS.len())?];
            let of = [self.below(known)?, self.below(known)?, self.below(known)?].map(|at| at as u16);
            known += 1;
            code.push(Instruction { op, of });
        }
        Some(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_survive_numbers_and_spoiled_ones_are_refused() {
        let text = "param g = 1.5 in 0..3\nm = if w > 2 then 0.5 * m + D1 else D0 ^ 1".replace(" ^ 1", "");
        let text = text + "\nD1 + g * exp(-norm(m) / sigma) * m";
        let program = Program::new(&text).unwrap();
        let numbers = program.numbers();
        let read = Program::read(&numbers).unwrap();
        assert_eq!(format!("{:?}", Program { parameters: Vec::new(), ..program }), format!("{read:?}"));
        for (at, op) in OPS.into_iter().enumerate() {
            assert_eq!(op as usize, at);
        }
        // Whatever a number is put in place of, what is read stays within itself: these are all that it may ask for.
        for at in 0..numbers.len() {
            for value in [f64::NAN, -1.0, 0.5, 0.0, 17.0, 1e9] {
                let mut spoiled = numbers.clone();
                spoiled[at] = value;
                let Some(read) = Program::read(&spoiled) else { continue };
                let most = |code: &[Instruction], known: usize| {
                    code.iter().enumerate().all(|(i, code)| code.of.iter().all(|&of| usize::from(of) < known + i))
                };
                assert!(most(&read.shared, SHARED + read.constants.len()) && most(&read.own, OWN + read.spread.len()));
            }
            assert!(Program::read(&numbers[..at]).is_none());
        }
    }
}
