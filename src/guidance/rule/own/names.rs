//! What names mean in a rule's text, and what was probably meant by one that means nothing.

use super::Program;
use super::code::{Code, Op, Told};
use super::vectors::{Scalar, Vector};

/// What every rule is given.
pub(super) enum Given {
    Told(Told),
    /// By its coefficients on D1, eps1, d and m, each with a power of sigma; and whether the guide is asked for it.
    Vector([(f64, i8); 4], bool),
    Constant(f64),
}

const NONE: (f64, i8) = (0.0, 0);
const ONE: (f64, i8) = (1.0, 0);

/// Names that every rule is given.
pub(super) const GIVEN: [(&str, Given); 15] = [
    ("w", Given::Told(Told::Weight)),
    ("sigma", Given::Told(Told::Sigma)),
    ("sigma_next", Given::Told(Told::Next)),
    ("u", Given::Told(Told::U)),
    ("k", Given::Told(Told::Scale)),
    ("step", Given::Told(Told::Step)),
    ("n", Given::Told(Told::Steps)),
    ("pi", Given::Constant(std::f64::consts::PI)),
    ("D1", Given::Vector([ONE, NONE, NONE, NONE], false)),
    ("D0", Given::Vector([ONE, NONE, (-1.0, 0), NONE], true)),
    ("x", Given::Vector([ONE, (1.0, 1), NONE, NONE], false)),
    ("eps1", Given::Vector([NONE, ONE, NONE, NONE], false)),
    ("eps0", Given::Vector([NONE, ONE, (1.0, -1), NONE], true)),
    ("s1", Given::Vector([NONE, (-1.0, -1), NONE, NONE], false)),
    ("s0", Given::Vector([NONE, (-1.0, -1), (-1.0, -2), NONE], true)),
];
/// What is remembered: a vector, or a number.
pub(super) const REMEMBERED: [&str; 2] = ["m", "memo"];
/// What a last line may say that it is.
pub(super) const ANSWERS: [&str; 3] = ["D", "s", "eps"];
/// Words of the language.
pub(super) const WORDS: [&str; 9] = ["param", "in", "by", "if", "then", "else", "and", "or", "not"];

/// What a function makes of its operands.
#[derive(Clone, Copy)]
pub(super) enum Function {
    Dot,
    Norm,
    Clamp,
    Unary(Op),
    /// Of two or more.
    Several(Op),
}

/// Functions, and how many operands they have.
pub(super) const FUNCTIONS: [(&str, Function); 12] = [
    ("dot", Function::Dot),
    ("norm", Function::Norm),
    ("min", Function::Several(Op::Least)),
    ("max", Function::Several(Op::Greatest)),
    ("clamp", Function::Clamp),
    ("exp", Function::Unary(Op::Exp)),
    ("log", Function::Unary(Op::Log)),
    ("sqrt", Function::Unary(Op::Sqrt)),
    ("sin", Function::Unary(Op::Sin)),
    ("cos", Function::Unary(Op::Cos)),
    ("acos", Function::Unary(Op::Acos)),
    ("abs", Function::Unary(Op::Abs)),
];

/// Whether a text cannot give a name another meaning.
pub(super) fn is_taken(name: &str) -> bool {
    GIVEN.iter().any(|(given, _)| *given == name)
        || FUNCTIONS.iter().any(|(function, _)| *function == name)
        || WORDS.contains(&name)
        || ANSWERS.contains(&name)
}

impl Program {
    /// The names of the language, each with its kind: `number`, `vector`, `main` or `guide` of a model's vector, `memory`, `function`,
    /// `word`, and `answer` of what a last line may be called.
    pub fn names() -> Vec<(&'static str, &'static str)> {
        let kind = |name: &str, given: &Given| match given {
            Given::Vector(_, true) => "guide",
            Given::Vector(..) if name != "x" => "main",
            Given::Vector(..) => "vector",
            Given::Told(_) | Given::Constant(_) => "number",
        };
        let given = GIVEN.iter().map(|(name, given)| (*name, kind(name, given)));
        let functions = FUNCTIONS.iter().map(|(name, _)| (*name, "function"));
        let rest = [(&REMEMBERED[..], "memory"), (&WORDS, "word"), (&ANSWERS, "answer")];
        let rest = rest.into_iter().flat_map(|(names, kind)| names.iter().map(move |name| (*name, kind)));
        given.chain(functions).chain(rest).collect()
    }
}

/// Of the names that there are, the one that a name is nearest to, if it is near: another case, a letter or two.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let near = |other: &'a str| {
        let same = other.len() == name.len() && other.bytes().map(alike).eq(name.bytes().map(alike));
        let distance = if same { 0 } else { distance(name.as_bytes(), other.as_bytes()) };
        (distance <= 2 && distance < name.len()).then_some((distance, other))
    };
    known.filter_map(near).min_by_key(|(distance, _)| *distance).map(|(_, other)| other)
}

/// The same for letters and digits that look alike.
fn alike(letter: u8) -> u8 {
    match letter.to_ascii_lowercase() {
        b'o' => b'0',
        b'l' | b'i' => b'1',
        other => other,
    }
}

/// Letters that are changed, left out or put in between two words.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, of_a) in a.iter().enumerate() {
        let mut before = std::mem::replace(&mut row[0], i + 1);
        for (j, of_b) in b.iter().enumerate() {
            let changed = before + usize::from(of_a != of_b);
            before = row[j + 1];
            row[j + 1] = changed.min(before + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// What an expression is.
#[derive(Clone, Copy)]
pub(super) enum Value {
    Number(Scalar),
    Vector(Vector),
    /// 1 or 0.
    Truth(Scalar),
}

impl Value {
    /// In words.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Number(_) => "a number",
            Self::Vector(_) => "a vector",
            Self::Truth(_) => "a comparison",
        }
    }
}

impl Given {
    pub fn value(&self, code: &mut Code) -> Value {
        match *self {
            Self::Told(Told::Sigma) => Value::Number(code.scalar(1.0, 1)),
            Self::Told(told) => Value::Number(Scalar::of(code.told(told))),
            Self::Constant(value) => Value::Number(code.scalar(value, 0)),
            Self::Vector(coefficients, _) => Value::Vector(code.vector(coefficients)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found() {
        let known = || GIVEN.iter().map(|(name, _)| *name);
        for (name, meant) in [("sgima", "sigma"), ("d1", "D1"), ("EPS0", "eps0"), ("sigmanext", "sigma_next")] {
            assert_eq!(nearest(name, known()), Some(meant), "{name}");
        }
        assert_eq!(nearest("momentum", known()), None);
        assert_eq!(
            [("kitten", "sitting"), ("", "abc"), ("abc", "abc")].map(|(a, b)| distance(a.as_bytes(), b.as_bytes())),
            [3, 3, 0]
        );
    }
}
