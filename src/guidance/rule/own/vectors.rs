//! Vectors as four coefficients on D1, eps1, d and m, and numbers as multiples of powers of sigma.
//!
//! What a rule's text makes of x = D1 + sigma eps1 and sigma^2 s1 = -sigma eps1 then cancels as it does on paper: a rule in scores
//! comes to the same instructions as the same rule in estimates, and rounds as little.

use super::code::{At, Code, Op, Told};

/// A number times a power of sigma.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scalar {
    pub at: At,
    pub power: i8,
}

/// On D1, eps1, d and m.
pub(super) type Vector = [Scalar; 4];

/// The greatest power of sigma that is not multiplied out.
const POWERS: i8 = 8;

impl Scalar {
    pub fn of(at: At) -> Self {
        Self { at, power: 0 }
    }
}

impl Code {
    pub fn scalar(&mut self, value: f64, power: i8) -> Scalar {
        Scalar { at: self.constant(value), power }
    }

    pub fn vector(&mut self, coefficients: [(f64, i8); 4]) -> Vector {
        coefficients.map(|(value, power)| self.scalar(value, power))
    }

    fn is_zero(&self, a: Scalar) -> bool {
        self.known(a.at) == Some(0.0)
    }

    /// The number itself.
    pub fn flat(&mut self, Scalar { at, power }: Scalar) -> At {
        if power == 0 || self.known(at) == Some(0.0) {
            return at;
        }
        let sigma = self.told(Told::Sigma);
        let factor = (1..power.unsigned_abs()).fold(sigma, |product, _| self.binary(Op::Multiply, product, sigma));
        self.binary(if power > 0 { Op::Multiply } else { Op::Divide }, at, factor)
    }

    pub fn add(&mut self, op: Op, a: Scalar, b: Scalar) -> Scalar {
        if self.is_zero(b) {
            return a;
        }
        if a.power == b.power || self.is_zero(a) {
            let at = self.binary(op, a.at, b.at);
            return Scalar { at, power: b.power };
        }
        let (a, b) = (self.flat(a), self.flat(b));
        Scalar::of(self.binary(op, a, b))
    }

    pub fn multiply(&mut self, a: Scalar, b: Scalar) -> Scalar {
        let product = Scalar { at: self.binary(Op::Multiply, a.at, b.at), power: a.power + b.power };
        self.bounded(product)
    }

    pub fn divide(&mut self, a: Scalar, b: Scalar) -> Scalar {
        let quotient = Scalar { at: self.binary(Op::Divide, a.at, b.at), power: a.power - b.power };
        self.bounded(quotient)
    }

    fn bounded(&mut self, a: Scalar) -> Scalar {
        if a.power.abs() > POWERS { Scalar::of(self.flat(a)) } else { a }
    }

    /// a to a power that is whole, by products.
    pub fn whole_power(&mut self, a: Scalar, power: i32) -> Scalar {
        let one = self.scalar(1.0, 0);
        let product = (0..power.unsigned_abs()).fold(one, |product, _| self.multiply(product, a));
        if power < 0 { self.divide(one, product) } else { product }
    }

    /// The inner product, by those of the four.
    pub fn dot(&mut self, a: Vector, b: Vector) -> Scalar {
        let mut sum = self.scalar(0.0, 0);
        let mut pair = 0;
        for i in 0..4 {
            for j in i..4 {
                let mut factor = self.multiply(a[i], b[j]);
                if i != j {
                    let other = self.multiply(a[j], b[i]);
                    factor = self.add(Op::Add, factor, other);
                }
                let product = Scalar::of(self.own(pair));
                let term = self.multiply(factor, product);
                sum = self.add(Op::Add, sum, term);
                pair += 1;
            }
        }
        sum
    }

    /// The root; sums of products may fall below 0 by rounding.
    pub fn sqrt(&mut self, a: Scalar) -> Scalar {
        if a.power % 2 == 0 {
            return Scalar { at: self.unary(Op::Sqrt, a.at), power: a.power / 2 };
        }
        let a = self.flat(a);
        Scalar::of(self.unary(Op::Sqrt, a))
    }
}
