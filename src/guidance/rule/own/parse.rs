//! A rule's text, read once from left to right: types are checked and instructions built on the way.

use super::code::{At, Code, Op};
use super::names::{ANSWERS, REMEMBERED, Value, is_taken};
use super::tokens::{Kind, Token, tokens};
use super::vectors::Vector;
use super::{Declared, Kept, Mistake, PARAMETERS, Span};

/// The longest name.
const LETTERS: usize = 24;

/// What was read.
pub(super) struct Parsed {
    pub code: Code,
    /// The guided estimate less D1, then what is remembered next, a number in the first place.
    pub answers: [At; 8],
    pub parameters: Vec<Declared>,
    pub kept: Kept,
    /// Whether the text asks for the guide, and for the weight.
    pub guided: bool,
    pub weighted: bool,
}

pub(super) fn parse(text: &str) -> Result<Parsed, Mistake> {
    let tokens = tokens(text)?;
    let mut parser = Parser {
        tokens: &tokens,
        text,
        at: 0,
        depth: 0,
        code: Code::default(),
        names: Vec::new(),
        parameters: Vec::new(),
        read: [None; 2],
        left: [None; 2],
        guided: false,
        weighted: false,
    };
    let answer = parser.lines()?;
    parser.finish(answer)
}

pub(super) struct Parser<'a> {
    tokens: &'a [Token<'a>],
    text: &'a str,
    at: usize,
    pub(super) depth: u32,
    pub(super) code: Code,
    /// What lines before have named.
    pub(super) names: Vec<(&'a str, Value)>,
    pub(super) parameters: Vec<Declared>,
    /// Where the remembered vector and number were first read, and what is left of each.
    pub(super) read: [Option<Span>; 2],
    left: [Option<Value>; 2],
    pub(super) guided: bool,
    pub(super) weighted: bool,
}

/// An expression and where it stands.
pub(super) type Placed = (Value, Span);

impl<'a> Parser<'a> {
    pub(super) fn peek(&self) -> Token<'a> {
        self.tokens[self.at]
    }

    pub(super) fn next(&mut self) -> Token<'a> {
        let token = self.peek();
        // The last one stays.
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    pub(super) fn is(&self, sign: &str) -> bool {
        matches!(self.peek().kind, Kind::Sign(other) if other == sign)
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.peek().kind == Kind::Name(word)
    }

    pub(super) fn takes(&mut self, sign: &str) -> bool {
        let is = self.is(sign);
        if is {
            self.next();
        }
        is
    }

    /// As it is written, or what is missing at the end of a line.
    fn found(&self, [from, to]: Span) -> String {
        match self.text[from..to].trim() {
            "" | ";" => "the line ends".to_owned(),
            text => ["`", text, "` stands"].concat(),
        }
    }

    pub(super) fn expected<T>(&self, what: &str) -> Result<T, Mistake> {
        let span = self.peek().span;
        Err(Mistake::at([what, " is missing here, where ", &self.found(span), "."].concat(), span))
    }

    pub(super) fn asks(&mut self, sign: &str) -> Result<Span, Mistake> {
        if self.is(sign) { Ok(self.next().span) } else { self.expected(&["`", sign, "`"].concat()) }
    }

    pub(super) fn asks_word(&mut self, word: &str) -> Result<(), Mistake> {
        if self.is_word(word) {
            self.next();
            return Ok(());
        }
        self.expected(&["`", word, "`"].concat())
    }

    fn lines(&mut self) -> Result<Vector, Mistake> {
        let mut answer: Option<(Vector, Span)> = None;
        loop {
            while self.peek().kind == Kind::End {
                if self.at + 1 == self.tokens.len() {
                    return match answer {
                        Some((vector, _)) => Ok(vector),
                        None => self.expected("The guided estimate, such as D1 + (w - 1) * (D1 - D0),"),
                    };
                }
                self.next();
            }
            if let Some((_, span)) = answer {
                let problem =
                    "The guided estimate is the last line; other lines are a name, `=`, and what it stands for.";
                return Err(Mistake::at(problem, span));
            }
            answer = self.line()?;
            if self.peek().kind != Kind::End {
                return self.behind();
            }
            if self.code.is_too_long() {
                return Err(Mistake::new("The rule is too long.", 0, self.text.len()));
            }
        }
    }

    /// A line goes on where it should have ended.
    pub(super) fn behind<T>(&self) -> Result<T, Mistake> {
        let Token { kind, span } = self.peek();
        let problem = match kind {
            Kind::Name(_) | Kind::Number(_) | Kind::Sign("(") => {
                "A sign such as `*` is missing before this.".to_owned()
            }
            _ => ["There is nothing that `", &self.text[span[0]..span[1]], "` could belong to."].concat(),
        };
        Err(Mistake::at(problem, span))
    }

    /// One line; the answer, if it is that.
    fn line(&mut self) -> Result<Option<(Vector, Span)>, Mistake> {
        let Token { kind, span } = self.peek();
        let named = self.tokens.get(self.at + 1).is_some_and(|token| token.kind == Kind::Sign("="));
        if kind == Kind::Name("param") {
            return self.parameter().map(|()| None);
        }
        let Kind::Name(name) = kind else { return self.answer("D").map(Some) };
        if !named {
            return self.answer("D").map(Some);
        }
        if ANSWERS.contains(&name) {
            self.next();
            self.next();
            return self.answer(name).map(Some);
        }
        self.is_free(name, span)?;
        self.next();
        self.next();
        let (value, place) = self.expression()?;
        let remembered = REMEMBERED.iter().position(|remembered| *remembered == name);
        match (remembered, value) {
            (Some(0), Value::Vector(_)) | (Some(1), Value::Number(_)) => {
                self.left[usize::from(name == "memo")] = Some(value)
            }
            (Some(0), _) => return Err(Mistake::at(["m is a vector; this is ", value.kind(), "."].concat(), place)),
            (Some(_), _) => return Err(Mistake::at(["memo is a number; this is ", value.kind(), "."].concat(), place)),
            (None, Value::Truth(_)) => return Err(Mistake::at("A comparison stands behind `if` alone.", place)),
            (None, _) => {}
        }
        self.names.retain(|(other, _)| *other != name);
        self.names.push((name, value));
        Ok(None)
    }

    /// Whether a name can be given a meaning.
    fn is_free(&self, name: &str, span: Span) -> Result<(), Mistake> {
        let problem = if is_taken(name) {
            ["`", name, "` has a meaning already; choose another name."].concat()
        } else if self.parameters.iter().any(|parameter| parameter.name == name) {
            ["`", name, "` is a parameter already; choose another name."].concat()
        } else if name.len() > LETTERS {
            "A name has at most 24 letters.".to_owned()
        } else {
            return Ok(());
        };
        Err(Mistake::at(problem, span))
    }

    /// The last line: what its name says, as a denoised estimate less D1.
    fn answer(&mut self, name: &str) -> Result<(Vector, Span), Mistake> {
        let (value, span) = self.expression()?;
        let mut vector = self.vector((value, span), "The guided estimate is a vector")?;
        let x = self.code.vector([(1.0, 0), (1.0, 1), (0.0, 0), (0.0, 0)]);
        // D = x + sigma^2 s = x - sigma eps.
        let factor = match name {
            "s" => Some((1.0, 2)),
            "eps" => Some((-1.0, 1)),
            _ => None,
        };
        if let Some((value, power)) = factor {
            let factor = self.code.scalar(value, power);
            for (of, x) in vector.iter_mut().zip(x) {
                let scaled = self.code.multiply(*of, factor);
                *of = self.code.add(Op::Add, scaled, x);
            }
        }
        let one = self.code.scalar(1.0, 0);
        vector[0] = self.code.add(Op::Subtract, vector[0], one);
        Ok((vector, span))
    }

    /// `param g = 1.05 in 1..2 by 0.05`.
    fn parameter(&mut self) -> Result<(), Mistake> {
        let word = self.next().span;
        let Token { kind: Kind::Name(name), span } = self.peek() else { return self.expected("The parameter's name") };
        self.is_free(name, span)?;
        if REMEMBERED.contains(&name) || self.names.iter().any(|(other, _)| *other == name) {
            return Err(Mistake::at(["`", name, "` has a meaning already; choose another name."].concat(), span));
        }
        self.next();
        self.asks("=")?;
        let (default, place) = self.plain()?;
        self.asks_word("in")?;
        let (from, _) = self.plain()?;
        self.asks("..")?;
        let (to, end) = self.plain()?;
        let step = if self.is_word("by") {
            self.next();
            self.plain()?.0
        } else {
            (to - from) / 100.0
        };
        let span = [word[0], end[1]];
        if from >= to || step <= 0.0 {
            return Err(Mistake::at(
                "A parameter's range goes from a lesser to a greater number, by steps above 0.",
                span,
            ));
        }
        if !(from..=to).contains(&default) {
            return Err(Mistake::at("A parameter's value at first lies within its range.", place));
        }
        if self.parameters.len() == PARAMETERS {
            return Err(Mistake::at("A rule has four parameters at most.", span));
        }
        self.parameters.push(Declared { name: name.to_owned(), default, from, to, step });
        Ok(())
    }

    /// A number as it stands.
    fn plain(&mut self) -> Result<(f64, Span), Mistake> {
        let negative = self.is("-").then(|| self.next().span);
        let Token { kind: Kind::Number(number), span } = self.peek() else { return self.expected("A number") };
        self.next();
        Ok(if let Some([from, _]) = negative { (-number, [from, span[1]]) } else { (number, span) })
    }

    fn finish(mut self, answer: Vector) -> Result<Parsed, Mistake> {
        for (name, (read, left)) in REMEMBERED.iter().zip(self.read.iter().zip(&self.left)) {
            if let (Some(span), None) = (read, left) {
                let problem = [name, " is read, but no line leaves anything in it: `", name, " = ...`."].concat();
                return Err(Mistake::at(problem, *span));
            }
        }
        let zero = self.code.scalar(0.0, 0);
        let (kept, next) = match self.left {
            [None, None] => (Kept::Nothing, [zero; 4]),
            [Some(Value::Vector(next)), None] => (Kept::Vector, next),
            [None, Some(Value::Number(next))] => (Kept::Number, [next, zero, zero, zero]),
            _ => {
                let problem = "A rule remembers a vector, m, or a number, memo, but not both.";
                return Err(Mistake::new(problem, 0, self.text.len()));
            }
        };
        let mut answers = [0; 8];
        for (at, scalar) in answers.iter_mut().zip(answer.into_iter().chain(next)) {
            *at = self.code.flat(scalar);
        }
        let Self { code, parameters, guided, weighted, .. } = self;
        Ok(Parsed { code, answers, parameters, kept, guided, weighted })
    }
}
