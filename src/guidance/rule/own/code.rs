//! Instructions on numbers, built one by one: what is known is computed at once, and what is there already is not built again.

use super::PARAMETERS;
use super::run::apply;

/// What an instruction does with its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Op {
    Add,
    Subtract,
    Multiply,
    /// 0 where the divisor is.
    Divide,
    Least,
    Greatest,
    /// Comparisons are 1 where they hold, or else 0.
    Less,
    NoMore,
    Equal,
    /// e^(b log a).
    Power,
    Exp,
    /// Of no less than [`TINY`](super::run::TINY).
    Log,
    /// Of no less than 0.
    Sqrt,
    Sin,
    Cos,
    /// Of no less than -1, and no more than 1.
    Acos,
    Abs,
    /// The second where the first is not 0, or else the third.
    Select,
}

/// The place of a number among those that were built.
pub(super) type At = u16;

/// A number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Node {
    /// What a rule is told: [`SHARED`] numbers, then [`OWN`].
    Input(usize),
    Constant(f64),
    Instruction(Op, [At; 3]),
}

/// What a rule is told of a stage, for all particles alike, in this order; then come the values of its parameters.
#[derive(Clone, Copy)]
pub(super) enum Told {
    Weight,
    Sigma,
    Next,
    U,
    Scale,
    Step,
    Steps,
}

/// Numbers that all particles have alike.
pub(super) const SHARED: usize = 7 + PARAMETERS;
/// Numbers that each particle has of its own: ten inner products, then what it remembers, if that is a number.
pub(super) const OWN: usize = 11;
/// Most numbers that are built.
const MOST: usize = 1000;

/// Numbers, each built of those before it.
#[derive(Debug, Default)]
pub(super) struct Code {
    pub nodes: Vec<Node>,
    /// Whether all particles have the same.
    pub shared: Vec<bool>,
}

impl Code {
    pub fn told(&mut self, told: Told) -> At {
        self.node(Node::Input(told as usize))
    }

    pub fn parameter(&mut self, index: usize) -> At {
        self.node(Node::Input(SHARED - PARAMETERS + index))
    }

    pub fn own(&mut self, index: usize) -> At {
        self.node(Node::Input(SHARED + index))
    }

    pub fn constant(&mut self, value: f64) -> At {
        // There is one zero.
        self.node(Node::Constant(value + 0.0))
    }

    /// The number, if it is known.
    pub fn known(&self, at: At) -> Option<f64> {
        match self.nodes[usize::from(at)] {
            Node::Constant(value) => Some(value),
            _ => None,
        }
    }

    /// Whether more was built than may be.
    pub fn is_too_long(&self) -> bool {
        self.nodes.len() > MOST
    }

    fn node(&mut self, node: Node) -> At {
        let known = self.nodes.iter().position(|other| *other == node);
        let at = known.unwrap_or_else(|| {
            self.shared.push(match node {
                Node::Input(input) => input < SHARED,
                Node::Constant(_) => true,
                Node::Instruction(_, of) => of.iter().all(|&of| self.shared[usize::from(of)]),
            });
            self.nodes.push(node);
            self.nodes.len() - 1
        });
        at as At
    }

    /// What is left of a sum without one of its terms, if that is there.
    fn without(&mut self, sum: At, term: At, depth: u32) -> Option<At> {
        if sum == term {
            return Some(self.constant(0.0));
        }
        let Node::Instruction(op @ (Op::Add | Op::Subtract), [a, b, _]) = self.nodes[usize::from(sum)] else {
            return None;
        };
        let depth = depth.checked_sub(1)?;
        if let Some(rest) = self.without(a, term, depth) {
            return Some(self.binary(op, rest, b));
        }
        let rest = if op == Op::Add { self.without(b, term, depth) } else { None };
        rest.map(|rest| self.binary(Op::Add, a, rest))
    }

    /// What a negated number is of.
    fn negated(&self, at: At) -> Option<At> {
        match self.nodes[usize::from(at)] {
            Node::Instruction(Op::Subtract, [zero, of, _]) if self.known(zero) == Some(0.0) => Some(of),
            _ => None,
        }
    }

    pub fn opposite(&mut self, a: At) -> At {
        let zero = self.constant(0.0);
        self.binary(Op::Subtract, zero, a)
    }

    pub fn unary(&mut self, op: Op, a: At) -> At {
        self.build(op, [a, a, a])
    }

    pub fn binary(&mut self, op: Op, a: At, b: At) -> At {
        self.build(op, [a, b, a])
    }

    pub fn select(&mut self, condition: At, a: At, b: At) -> At {
        self.build(Op::Select, [condition, a, b])
    }

    fn build(&mut self, op: Op, of: [At; 3]) -> At {
        // Beyond that the text is refused, and nothing is run.
        if self.is_too_long() {
            return 0;
        }
        let [a, b, c] = of;
        let [of_a, of_b, of_c] = of.map(|at| self.known(at));
        let (zero, one) = (Some(0.0), Some(1.0));
        if let (Some(a), Some(b), Some(c)) = (of_a, of_b, of_c) {
            let value = apply(op, [a, b, c]);
            if value.is_finite() {
                return self.constant(value);
            }
        }
        match op {
            Op::Add if of_a == zero => return b,
            Op::Add | Op::Subtract if of_b == zero => return a,
            Op::Subtract if a == b => return self.constant(0.0),
            // Taken from a sum that it is in, it is left out: the difference of both would round.
            Op::Subtract if of_b != zero => {
                if let Some(rest) = self.without(a, b, 8) {
                    return rest;
                }
            }
            Op::Multiply if of_a == zero || of_b == zero => return self.constant(0.0),
            Op::Multiply if of_a == one => return b,
            Op::Multiply if of_a == Some(-1.0) => return self.opposite(b),
            Op::Multiply | Op::Divide if of_b == Some(-1.0) => return self.opposite(a),
            Op::Multiply | Op::Divide if of_b == one => return a,
            Op::Divide if of_a == zero => return self.constant(0.0),
            Op::Least | Op::Greatest if a == b => return a,
            Op::Select if b == c => return b,
            Op::Select if of_a.is_some() => return if of_a == zero { c } else { b },
            _ => {}
        }
        if let (Op::Subtract, true, Node::Instruction(Op::Subtract, [c, d, _])) =
            (op, of_a == zero, self.nodes[usize::from(b)])
        {
            return self.binary(Op::Subtract, d, c);
        }
        if let (Op::Add | Op::Subtract, Some(of)) = (op, self.negated(b)) {
            let opposite = if op == Op::Add { Op::Subtract } else { Op::Add };
            return self.binary(opposite, a, of);
        }
        self.node(Node::Instruction(op, of))
    }
}
