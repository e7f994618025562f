//! A rule that a person writes, as a paper would: a line or a few, the last of them the guided estimate.
//!
//! Invariant: no vector is made of it. Every vector is four coefficients on D1, eps1, d and m, and every inner product a form of
//! theirs, so that a text is instructions on numbers alone: of any dimension, in f32 and f64, on lanes and, as text once more, on a
//! device. They are straight, without a loop or a jump, and refused beyond a length; a quotient by 0 is 0, and functions take
//! what is outside of their range as its nearest end: whatever a person types ends, and what it gives are numbers.

mod code;
mod expressions;
mod names;
mod parse;
mod run;
mod shader;
mod texts;
mod tokens;
mod vectors;

use super::traits::written;
use super::{Carries, Combination, Time, Traits};
use crate::error::{Error, Result};
use crate::json::{Fault, FromJson, Value};
use crate::parameter::{Parameter, Setting};
use code::{At, Node, OWN, SHARED};
use parse::Parsed;
use run::Instruction;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// Most parameters of a rule.
pub const PARAMETERS: usize = 4;
/// Most bytes of a rule's text.
pub const LENGTH: usize = 2000;

/// Bytes of a text, from the first to behind the last.
type Span = [usize; 2];

/// What is wrong with a text, and where.
#[derive(Debug, PartialEq)]
struct Mistake {
    problem: Cow<'static, str>,
    span: Span,
}

impl Mistake {
    fn at(problem: impl Into<Cow<'static, str>>, span: Span) -> Self {
        Self { problem: problem.into(), span }
    }

    fn new(problem: impl Into<Cow<'static, str>>, from: usize, to: usize) -> Self {
        Self::at(problem, [from, to])
    }

    /// As an error of the crate: the place in lines and letters.
    fn error(self, text: &str) -> Error {
        let [from, to] = self.span;
        let before = &text[..from];
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        // What is marked ends with its line.
        let marked = text[from..to].split('\n').next().unwrap_or_default();
        Error::Rule {
            problem: self.problem.into_owned(),
            line: 1 + before.matches('\n').count(),
            column: 1 + text[start..from].chars().count(),
            length: marked.chars().count(),
        }
    }
}

/// A parameter as a text declares it.
#[derive(Clone, Debug, PartialEq)]
struct Declared {
    name: String,
    default: f64,
    from: f64,
    to: f64,
    step: f64,
}

/// What particles carry for a rule from step to step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    /// Nothing.
    Nothing,
    /// m.
    Vector,
    /// memo.
    Number,
}

/// Values of parameters by their names.
pub type Values = BTreeMap<String, f64>;

impl FromJson for Values {
    fn from_json(value: &Value) -> std::result::Result<Self, Fault> {
        let Value::Object(fields) = value else { return Err(Fault::new("expected an object of numbers")) };
        fields.iter().map(|(name, value)| Ok((name.clone(), f64::from_json(value)?))).collect()
    }

    fn missing() -> Option<Self> {
        Some(Self::new())
    }
}

/// A rule's text, compiled, with values of its parameters.
#[derive(Clone, Debug)]
pub struct Program {
    /// What follows [`SHARED`] numbers.
    constants: Vec<f64>,
    /// What is the same for all particles, of these.
    shared: Vec<Instruction>,
    /// What of all that each particle's part asks for, behind its [`OWN`] numbers.
    spread: Vec<u16>,
    /// Each particle's part.
    own: Vec<Instruction>,
    /// Where the answers stand.
    answers: [u16; 8],
    parameters: Vec<Declared>,
    /// Theirs.
    values: [f64; PARAMETERS],
    kept: Kept,
    guided: bool,
    weighted: bool,
}

impl Program {
    /// Compile a text.
    ///
    /// # Errors
    /// [`Error::Rule`] with the place of what is wrong: what has no meaning, a number in place of a vector or a vector in place of a
    /// number, and what is too long ([`LENGTH`] bytes) or nested too deeply.
    pub fn new(text: &str) -> Result<Self> {
        if text.len() > LENGTH {
            return Err(Mistake::new("A rule has at most 2000 letters.", 0, 0).error(text));
        }
        parse::parse(text).map(Self::sorted).map_err(|mistake| mistake.error(text))
    }

    /// Sort instructions by whom they are of, and leave out what no answer needs.
    fn sorted(parsed: Parsed) -> Self {
        let Parsed { code, answers, parameters, kept, guided, weighted } = parsed;
        let mut needed = vec![false; code.nodes.len()];
        answers.iter().for_each(|&at| needed[usize::from(at)] = true);
        for (at, node) in code.nodes.iter().enumerate().rev() {
            if let (true, Node::Instruction(_, of)) = (needed[at], node) {
                of.iter().for_each(|&of| needed[usize::from(of)] = true);
            }
        }
        // Where each number stands among those of all particles, and among those of each.
        let mut places = [vec![None; code.nodes.len()], vec![None; code.nodes.len()]];
        let mut constants = Vec::new();
        for (at, node) in code.nodes.iter().enumerate().filter(|(at, _)| needed[*at]) {
            match *node {
                Node::Input(input) if input < SHARED => places[0][at] = Some(input),
                Node::Input(input) => places[1][at] = Some(input - SHARED),
                Node::Constant(value) => {
                    places[0][at] = Some(SHARED + constants.len());
                    constants.push(value);
                }
                Node::Instruction(..) => {}
            }
        }
        // Instructions of one kind, in their order.
        let of_kind = |of_all: bool| {
            let of = |(at, node): (usize, &Node)| match node {
                Node::Instruction(op, of) if needed[at] && code.shared[at] == of_all => Some((at, *op, *of)),
                _ => None,
            };
            code.nodes.iter().enumerate().filter_map(of).collect::<Vec<_>>()
        };
        let mut shared = Vec::new();
        for (at, op, of) in of_kind(true) {
            let of = of.map(|of: At| places[0][usize::from(of)].unwrap_or_default() as u16);
            places[0][at] = Some(SHARED + constants.len() + shared.len());
            shared.push(Instruction { op, of });
        }
        let of_each = of_kind(false);
        let mut spread = Vec::new();
        for at in of_each.iter().flat_map(|(_, _, of)| *of).chain(answers).map(usize::from) {
            if code.shared[at] && places[1][at].is_none() {
                places[1][at] = Some(OWN + spread.len());
                spread.push(places[0][at].unwrap_or_default() as u16);
            }
        }
        let mut own = Vec::new();
        for (at, op, of) in of_each {
            let of = of.map(|of| places[1][usize::from(of)].unwrap_or_default() as u16);
            places[1][at] = Some(OWN + spread.len() + own.len());
            own.push(Instruction { op, of });
        }
        let answers = answers.map(|at| places[1][usize::from(at)].unwrap_or_default() as u16);
        let values = std::array::from_fn(|i| parameters.get(i).map_or(0.0, |parameter| parameter.default));
        Self { constants, shared, spread, own, answers, parameters, values, kept, guided, weighted }
    }

    /// That of a combination, if it is one's own.
    ///
    /// # Errors
    /// As [`new`](Self::new); and [`Error::Invalid`] if a value is of no parameter of the text. What values are in range,
    /// [`settings`](Self::settings) tell.
    pub fn of(combination: &Combination) -> Result<Option<Self>> {
        let Combination::Own { text, values, .. } = combination else { return Ok(None) };
        let mut program = Self::new(text)?;
        for (name, value) in values {
            let Some(place) = program.parameters.iter().position(|parameter| parameter.name == *name) else {
                let names: Vec<&str> = program.parameters.iter().map(|parameter| &*parameter.name).collect();
                let known = if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
                return Err(Error::invalid("What the values of the rule are of", ["one of ", &known].concat(), name));
            };
            program.values[place] = *value;
        }
        Ok(Some(program))
    }

    /// Its parameters and their values, as those of other rules.
    pub fn settings(&self) -> Vec<Setting> {
        let of = |(parameter, value): (&Declared, f64)| {
            let (field, parameter) = known(parameter);
            (field, parameter, value)
        };
        self.parameters.iter().zip(self.values).map(of).collect()
    }

    /// Its row: what of it its text tells.
    pub fn traits(&self) -> Traits {
        let carries = match self.kept {
            Kept::Nothing => Carries::Nothing,
            Kept::Vector => Carries::Vector,
            Kept::Number => Carries::Number,
        };
        // Without the weight it does the same whatever the weight, 1 too.
        written(carries, !self.guided, self.guided && !self.weighted)
    }

    /// Give its parameters other values.
    pub fn set(&mut self, values: [f64; PARAMETERS]) {
        self.values = values;
    }

    /// The values of its parameters, zeros after them.
    pub fn values(&self) -> [f64; PARAMETERS] {
        self.values
    }
}

/// A parameter as those of other rules are. Each is made once for as long as the program runs: they are few, since a range is
/// written by hand.
fn known(declared: &Declared) -> (&'static str, &'static Parameter) {
    static KNOWN: Mutex<Vec<(&str, &Parameter)>> = Mutex::new(Vec::new());
    let Declared { name, default, from, to, step } = declared;
    let same = |(_, known): &&(&str, &Parameter)| {
        known.symbol == name && [known.default, known.from, known.to, known.step] == [*default, *from, *to, *step]
    };
    let mut all = KNOWN.lock().expect("no thread panics with it");
    if let Some(known) = all.iter().find(same) {
        return *known;
    }
    let field: &'static str = Box::leak(["values/", name].concat().into_boxed_str());
    let words = Box::leak(["The parameter ", name, " of the rule"].concat().into_boxed_str());
    let parameter = Parameter {
        symbol: &field["values/".len()..],
        name: words,
        least: *from,
        greatest: *to,
        from: *from,
        to: *to,
        step: *step,
        default: *default,
        whole: false,
    };
    all.push((field, Box::leak(Box::new(parameter))));
    all[all.len() - 1]
}

#[cfg(test)]
mod tests;
