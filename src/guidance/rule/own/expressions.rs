//! Expressions of a rule's text: what binds less stands higher.

use super::Mistake;
use super::Span;
use super::code::{At, Code, Op};
use super::names::{FUNCTIONS, Function, GIVEN, Given, REMEMBERED, Value, WORDS, nearest};
use super::parse::{Parser, Placed};
use super::tokens::{Kind, Token};
use super::vectors::{Scalar, Vector};

/// Deepest nesting of brackets, signs and conditions.
const DEPTH: u32 = 48;
/// The greatest power that is written as products.
const PRODUCTS: f64 = 8.0;

impl Parser<'_> {
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Mistake>) -> Result<T, Mistake> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Mistake::at(
                "The rule is nested too deeply; name its parts in lines of their own.",
                self.peek().span,
            ));
        }
        let found = read(self);
        self.depth -= 1;
        found
    }

    pub(super) fn expression(&mut self) -> Result<Placed, Mistake> {
        self.deeper(|parser| if parser.is_word("if") { parser.choice() } else { parser.either() })
    }

    /// `if c then a else b`.
    fn choice(&mut self) -> Result<Placed, Mistake> {
        let from = self.next().span[0];
        let asked = self.expression()?;
        let condition = self.truth(asked)?;
        self.asks_word("then")?;
        let (a, _) = self.expression()?;
        self.asks_word("else")?;
        let (b, place) = self.expression()?;
        let code = &mut self.code;
        let value = match (a, b) {
            (Value::Number(a), Value::Number(b)) => Value::Number(select(code, condition, a, b)),
            (Value::Vector(a), Value::Vector(b)) => {
                Value::Vector([0, 1, 2, 3].map(|i| select(code, condition, a[i], b[i])))
            }
            (Value::Truth(a), Value::Truth(b)) => Value::Truth(select(code, condition, a, b)),
            _ => {
                let problem = ["This is ", b.kind(), "; what stands behind `then` is ", a.kind(), "."].concat();
                return Err(Mistake::at(problem, place));
            }
        };
        Ok((value, [from, place[1]]))
    }

    fn either(&mut self) -> Result<Placed, Mistake> {
        let first = self.both()?;
        self.joined(first, "or", Op::Greatest, Self::both)
    }

    fn both(&mut self) -> Result<Placed, Mistake> {
        let first = self.comparison()?;
        self.joined(first, "and", Op::Least, Self::comparison)
    }

    fn joined(
        &mut self,
        mut first: Placed,
        word: &str,
        op: Op,
        read: fn(&mut Self) -> Result<Placed, Mistake>,
    ) -> Result<Placed, Mistake> {
        while self.is_word(word) {
            let a = self.truth(first)?;
            self.next();
            let (second, place) = read(self)?;
            let b = self.truth((second, place))?;
            first = (Value::Truth(Scalar::of(self.code.binary(op, a, b))), [first.1[0], place[1]]);
        }
        Ok(first)
    }

    fn comparison(&mut self) -> Result<Placed, Mistake> {
        if self.is_word("not") {
            let from = self.next().span[0];
            let (value, place) = self.deeper(Self::comparison)?;
            let truth = self.truth((value, place))?;
            let untrue = self.untrue(truth);
            return Ok((Value::Truth(Scalar::of(untrue)), [from, place[1]]));
        }
        let first = self.sum()?;
        let Kind::Sign(sign @ ("<" | "<=" | ">" | ">=" | "==" | "!=")) = self.peek().kind else { return Ok(first) };
        self.next();
        let second = self.sum()?;
        let words = "Numbers are compared";
        let [a, b] = [self.number(first, words)?, self.number(second, words)?].map(|number| self.code.flat(number));
        let code = &mut self.code;
        let truth = match sign {
            "<" => code.binary(Op::Less, a, b),
            "<=" => code.binary(Op::NoMore, a, b),
            ">" => code.binary(Op::Less, b, a),
            ">=" => code.binary(Op::NoMore, b, a),
            _ => code.binary(Op::Equal, a, b),
        };
        let truth = if sign == "!=" { self.untrue(truth) } else { truth };
        Ok((Value::Truth(Scalar::of(truth)), [first.1[0], second.1[1]]))
    }

    fn untrue(&mut self, truth: At) -> At {
        let one = self.code.constant(1.0);
        self.code.binary(Op::Subtract, one, truth)
    }

    fn sum(&mut self) -> Result<Placed, Mistake> {
        let mut first = self.product()?;
        loop {
            let op = match self.peek().kind {
                Kind::Sign("+") => Op::Add,
                Kind::Sign("-") => Op::Subtract,
                _ => return Ok(first),
            };
            self.next();
            let second = self.product()?;
            let value = match (first.0, second.0) {
                (Value::Number(a), Value::Number(b)) => Value::Number(self.code.add(op, a, b)),
                (Value::Vector(a), Value::Vector(b)) => {
                    Value::Vector([0, 1, 2, 3].map(|i| self.code.add(op, a[i], b[i])))
                }
                (a, b) => {
                    let problem = ["This is ", b.kind(), "; what stands before the sign is ", a.kind(), "."].concat();
                    return Err(Mistake::at(problem, second.1));
                }
            };
            first = (value, [first.1[0], second.1[1]]);
        }
    }

    fn product(&mut self) -> Result<Placed, Mistake> {
        let mut first = self.signed()?;
        loop {
            let divides = self.is("/");
            if !divides && !self.is("*") {
                return Ok(first);
            }
            self.next();
            let second = self.signed()?;
            let code = &mut self.code;
            let value = match (first.0, second.0) {
                (Value::Number(a), Value::Number(b)) if divides => Value::Number(code.divide(a, b)),
                (Value::Number(a), Value::Number(b)) => Value::Number(code.multiply(a, b)),
                (Value::Vector(a), Value::Number(b)) if divides => Value::Vector(a.map(|a| code.divide(a, b))),
                (Value::Vector(a), Value::Number(b)) => Value::Vector(a.map(|a| code.multiply(a, b))),
                (Value::Number(a), Value::Vector(b)) if !divides => Value::Vector(b.map(|b| code.multiply(a, b))),
                (_, Value::Vector(_)) if divides => {
                    return Err(Mistake::at("Nothing is divided by a vector; write its norm(...).", second.1));
                }
                (Value::Vector(_), Value::Vector(_)) => {
                    return Err(Mistake::at("Vectors are not multiplied; write dot(..., ...).", second.1));
                }
                (Value::Truth(_), _) => return Err(Mistake::at("A comparison stands behind `if` alone.", first.1)),
                _ => return Err(Mistake::at("A comparison stands behind `if` alone.", second.1)),
            };
            first = (value, [first.1[0], second.1[1]]);
        }
    }

    fn signed(&mut self) -> Result<Placed, Mistake> {
        if !self.is("-") {
            return self.power();
        }
        let from = self.next().span[0];
        let (value, place) = self.deeper(Self::signed)?;
        let zero = self.code.scalar(0.0, 0);
        let value = match value {
            Value::Number(a) => Value::Number(self.code.add(Op::Subtract, zero, a)),
            Value::Vector(a) => Value::Vector(a.map(|a| self.code.add(Op::Subtract, zero, a))),
            Value::Truth(_) => return Err(Mistake::at("A comparison stands behind `if` alone.", place)),
        };
        Ok((value, [from, place[1]]))
    }

    fn power(&mut self) -> Result<Placed, Mistake> {
        let first = self.operand()?;
        if !self.takes("^") {
            return Ok(first);
        }
        let second = self.deeper(Self::signed)?;
        let words = "A power is of a number, and a number";
        let (a, b) = (self.number(first, words)?, self.number(second, words)?);
        let b = self.code.flat(b);
        let code = &mut self.code;
        let value = match code.known(b) {
            Some(power) if power.fract() == 0.0 && power.abs() <= PRODUCTS => code.whole_power(a, power as i32),
            Some(0.5) => code.sqrt(a),
            _ => {
                let a = code.flat(a);
                Scalar::of(code.binary(Op::Power, a, b))
            }
        };
        Ok((Value::Number(value), [first.1[0], second.1[1]]))
    }

    fn operand(&mut self) -> Result<Placed, Mistake> {
        let Token { kind, span } = self.peek();
        match kind {
            Kind::Number(number) => {
                self.next();
                Ok((Value::Number(self.code.scalar(number, 0)), span))
            }
            Kind::Sign("(") => {
                self.next();
                let (value, _) = self.expression()?;
                let end = self.asks(")")?[1];
                Ok((value, [span[0], end]))
            }
            Kind::Name(name) if !WORDS.contains(&name) => {
                self.next();
                if self.is("(") { self.call(name, span) } else { Ok((self.named(name, span)?, span)) }
            }
            _ => self.expected("A number or a vector"),
        }
    }

    fn named(&mut self, name: &str, span: Span) -> Result<Value, Mistake> {
        if let Some((_, value)) = self.names.iter().find(|(other, _)| *other == name) {
            return Ok(*value);
        }
        if let Some((_, given)) = GIVEN.iter().find(|(other, _)| *other == name) {
            self.guided |= matches!(given, Given::Vector(_, true));
            self.weighted |= name == "w";
            return Ok(given.value(&mut self.code));
        }
        if let Some(index) = self.parameters.iter().position(|parameter| parameter.name == name) {
            return Ok(Value::Number(Scalar::of(self.code.parameter(index))));
        }
        if let Some(index) = REMEMBERED.iter().position(|other| *other == name) {
            self.read[index].get_or_insert(span);
            return Ok(if index == 0 {
                Value::Vector(self.code.vector([(0.0, 0), (0.0, 0), (0.0, 0), (1.0, 0)]))
            } else {
                Value::Number(Scalar::of(self.code.own(10)))
            });
        }
        let known = (GIVEN.iter().map(|(name, _)| *name))
            .chain(REMEMBERED)
            .chain(self.names.iter().map(|(name, _)| *name))
            .chain(self.parameters.iter().map(|parameter| &*parameter.name));
        let problem = if FUNCTIONS.iter().any(|(function, _)| *function == name) {
            ["`", name, "` is a function; its operands stand in brackets behind it."].concat()
        } else {
            unknown("Nothing is", name, nearest(name, known))
        };
        Err(Mistake::at(problem, span))
    }

    fn call(&mut self, name: &str, span: Span) -> Result<Placed, Mistake> {
        let Some(&(_, function)) = FUNCTIONS.iter().find(|(other, _)| *other == name) else {
            if self.named(name, span).is_ok() {
                return self.behind();
            }
            let near = nearest(name, FUNCTIONS.iter().map(|(name, _)| *name));
            return Err(Mistake::at(unknown("No function is", name, near), span));
        };
        self.next();
        let mut operands = vec![self.expression()?];
        while self.takes(",") {
            operands.push(self.expression()?);
        }
        let end = self.asks(")")?[1];
        let span = [span[0], end];
        let (needs, most) = match function {
            Function::Dot => (2, 2),
            Function::Norm | Function::Unary(_) => (1, 1),
            Function::Clamp => (3, 3),
            Function::Several(_) => (2, 8),
        };
        if !(needs..=most).contains(&operands.len()) {
            let count = ["of one operand", "of two operands", "of three operands"][needs - 1];
            let more = if most > needs { " or more" } else { "" };
            return Err(Mistake::at([name, " is ", count, more, "."].concat(), span));
        }
        let words = [
            name,
            if matches!(function, Function::Dot | Function::Norm) { " is of vectors" } else { " is of numbers" },
        ]
        .concat();
        let value = match function {
            Function::Dot => {
                let [a, b] = [self.vector(operands[0], &words)?, self.vector(operands[1], &words)?];
                self.code.dot(a, b)
            }
            Function::Norm => {
                let a = self.vector(operands[0], &words)?;
                let square = self.code.dot(a, a);
                self.code.sqrt(square)
            }
            Function::Unary(Op::Sqrt) => {
                let a = self.number(operands[0], &words)?;
                self.code.sqrt(a)
            }
            Function::Unary(op) => {
                let a = self.number(operands[0], &words)?;
                let a = self.code.flat(a);
                Scalar::of(self.code.unary(op, a))
            }
            Function::Clamp => {
                let mut flat = |of| self.number(of, &words).map(|number| self.code.flat(number));
                let [a, least, most] = [flat(operands[0])?, flat(operands[1])?, flat(operands[2])?];
                let a = self.code.binary(Op::Greatest, a, least);
                Scalar::of(self.code.binary(Op::Least, a, most))
            }
            Function::Several(op) => {
                let mut found = None;
                for operand in operands {
                    let number = self.number(operand, &words)?;
                    let number = self.code.flat(number);
                    found = Some(found.map_or(number, |found| self.code.binary(op, found, number)));
                }
                Scalar::of(found.unwrap_or_default())
            }
        };
        Ok((Value::Number(value), span))
    }

    fn truth(&mut self, (value, span): Placed) -> Result<At, Mistake> {
        match value {
            Value::Truth(truth) => Ok(truth.at),
            other => Err(Mistake::at(["A comparison belongs here; this is ", other.kind(), "."].concat(), span)),
        }
    }

    fn number(&self, (value, span): Placed, words: &str) -> Result<Scalar, Mistake> {
        match value {
            Value::Number(number) => Ok(number),
            other => Err(Mistake::at([words, "; this is ", other.kind(), "."].concat(), span)),
        }
    }

    pub(super) fn vector(&self, (value, span): Placed, words: &str) -> Result<Vector, Mistake> {
        match value {
            Value::Vector(vector) => Ok(vector),
            other => Err(Mistake::at([words, "; this is ", other.kind(), "."].concat(), span)),
        }
    }
}

fn unknown(what: &str, name: &str, near: Option<&str>) -> String {
    match near {
        Some(near) => [what, " called `", name, "`; perhaps `", near, "` is meant."].concat(),
        None => [what, " called `", name, "`."].concat(),
    }
}

fn select(code: &mut Code, condition: At, a: Scalar, b: Scalar) -> Scalar {
    if a.power == b.power {
        return Scalar { at: code.select(condition, a.at, b.at), power: a.power };
    }
    let (a, b) = (code.flat(a), code.flat(b));
    Scalar::of(code.select(condition, a, b))
}
