//! Rules of one's own: beside whole vectors, and beside the rules that they say once more.

use crate::rules::{every_rule, grams};
use crate::{MODELS, mixture};
use guidance_playground::guidance::rule::Time;
use guidance_playground::guidance::rule::own::Program;
use guidance_playground::guidance::rule::{Gram, Moment, Place};
use guidance_playground::guidance::{Combination, Guide, Interval, Scheme};
use guidance_playground::plan::Plan;
use guidance_playground::plane::distribution::Classes;
use guidance_playground::plane::engine::RunConfig;
use guidance_playground::plane::engine::cpu::Sampler;
use guidance_playground::plane::starts;
use guidance_playground::random::{Stream, normal_pair, words};
use guidance_playground::sampling::{NoiseLevels, Solver};
use nalgebra::DVector;
use std::collections::BTreeMap;

pub fn own(text: &str) -> Combination {
    Combination::Own { text: text.to_owned(), values: BTreeMap::new(), name: None }
}

/// Rules that have what no other has.
pub const MORE: [&str; 3] = [
    "d = D1 - D0; memo = memo + u * k + step / n\nif sigma_next < 0.3 and not memo == 2 then D1 + cos(memo) * d else x - exp(-memo) * d",
    "param g = 1.5 in 0..3\nc = clamp(dot(D1, D0) / (norm(D1) * norm(D0)), -0.5, 0.5)\nD1 + (w - 1) * g * max(acos(c), abs(log(w))) * (D1 - D0)",
    "m = 0.5 * m + sin(sigma) * (D1 - D0)\neps = eps1 - (w - 1) / (1 + sigma) * m + 0.1 * sqrt(w) * s1 * sigma_next",
];

const TIME: Time = Time { next: 0.25, u: 0.4, scale: 1.3, step: 7.0, steps: 18.0 };

/// A stream of numbers.
struct Random(u64, u32);

impl Random {
    fn below(&mut self, count: usize) -> usize {
        self.1 += 1;
        words(self.0, Stream::Noise, 5, self.1)[0] as usize % count
    }
}

/// A number of a rule, written and computed on whole vectors.
enum Number {
    Constant(f64),
    Given(&'static str),
    Sum(char, Box<[Number; 2]>),
    Function(&'static str, Box<Number>),
    Dot(Box<[Vector; 2]>),
    Norm(Box<Vector>),
    If(Condition, Box<[Number; 2]>),
}

enum Vector {
    Given(&'static str),
    Sum(char, Box<[Vector; 2]>),
    Times(Box<Number>, Box<Vector>),
    Over(Box<Vector>, Box<Number>),
    If(Condition, Box<[Vector; 2]>),
}

struct Condition(&'static str, f64, bool);

const NUMBERS: [&str; 7] = ["w", "sigma", "sigma_next", "u", "k", "step", "n"];
const VECTORS: [&str; 8] = ["x", "D1", "D0", "eps1", "eps0", "s1", "s0", "m"];

impl Condition {
    fn drawn(random: &mut Random) -> Self {
        Self(NUMBERS[random.below(7)], 0.5 * random.below(6) as f64, random.below(2) == 0)
    }

    fn text(&self) -> String {
        format!("{} {} {}", self.0, if self.2 { "<" } else { ">=" }, self.1)
    }

    fn holds(&self, on: &On) -> bool {
        (on.number(self.0) < self.1) == self.2
    }
}

impl Number {
    fn drawn(random: &mut Random, depth: usize) -> Self {
        let pair = |random: &mut Random| Box::new([Self::drawn(random, depth - 1), Self::drawn(random, depth - 1)]);
        match random.below(if depth == 0 { 2 } else { 9 }) {
            0 => Self::Constant([0.0, 1.0, 2.0, -0.5, 0.25][random.below(5)]),
            1 => Self::Given(NUMBERS[random.below(7)]),
            2..=4 => Self::Sum(['+', '-', '*', '/'][random.below(4)], pair(random)),
            5 => Self::Function(
                ["sin", "cos", "abs", "sqrt", "acos", "log", "exp"][random.below(7)],
                Box::new(Self::drawn(random, depth - 1)),
            ),
            6 => Self::Dot(Box::new([Vector::drawn(random, depth - 1), Vector::drawn(random, depth - 1)])),
            7 => Self::Norm(Box::new(Vector::drawn(random, depth - 1))),
            _ => Self::If(Condition::drawn(random), pair(random)),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Constant(value) => format!("({value})"),
            Self::Given(name) => (*name).to_owned(),
            Self::Sum(sign, of) => format!("({} {sign} {})", of[0].text(), of[1].text()),
            Self::Function(name, of) => format!("{name}({})", of.text()),
            Self::Dot(of) => format!("dot({}, {})", of[0].text(), of[1].text()),
            Self::Norm(of) => format!("norm({})", of.text()),
            Self::If(condition, of) => format!("(if {} then {} else {})", condition.text(), of[0].text(), of[1].text()),
        }
    }

    fn value(&self, on: &On) -> f64 {
        let value = match self {
            Self::Constant(value) => *value,
            Self::Given(name) => on.number(name),
            Self::Sum(sign, of) => {
                let [a, b] = [of[0].value(on), of[1].value(on)];
                match sign {
                    '+' => a + b,
                    '-' => a - b,
                    '*' => a * b,
                    _ => on.quotient(a, b),
                }
            }
            Self::Function(name, of) => {
                let a = of.value(on);
                match *name {
                    "sin" => a.sin(),
                    "cos" => a.cos(),
                    "abs" => a.abs(),
                    "sqrt" => on.far_from(a, 0.0).max(0.0).sqrt(),
                    "acos" => on.far_from(on.far_from(a, 1.0), -1.0).clamp(-1.0, 1.0).acos(),
                    "log" => on.far_from(a, 0.0).max(1e-30).ln(),
                    _ => a.exp(),
                }
            }
            Self::Dot(of) => of[0].value(on).dot(&of[1].value(on)),
            Self::Norm(of) => on.far_from(of.value(on).norm(), 0.0),
            Self::If(condition, of) => of[usize::from(!condition.holds(on))].value(on),
        };
        if value.abs() > 1e5 {
            on.hard.set(true);
        }
        value
    }
}

impl Vector {
    fn drawn(random: &mut Random, depth: usize) -> Self {
        let pair = |random: &mut Random| Box::new([Self::drawn(random, depth - 1), Self::drawn(random, depth - 1)]);
        match random.below(if depth == 0 { 1 } else { 6 }) {
            0 => Self::Given(VECTORS[random.below(8)]),
            1 | 2 => Self::Sum(['+', '-'][random.below(2)], pair(random)),
            3 => Self::Times(Box::new(Number::drawn(random, depth - 1)), Box::new(Self::drawn(random, depth - 1))),
            4 => Self::Over(Box::new(Self::drawn(random, depth - 1)), Box::new(Number::drawn(random, depth - 1))),
            _ => Self::If(Condition::drawn(random), pair(random)),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Given(name) => (*name).to_owned(),
            Self::Sum(sign, of) => format!("({} {sign} {})", of[0].text(), of[1].text()),
            Self::Times(a, of) => format!("({} * {})", a.text(), of.text()),
            Self::Over(of, a) => format!("({} / {})", of.text(), a.text()),
            Self::If(condition, of) => format!("(if {} then {} else {})", condition.text(), of[0].text(), of[1].text()),
        }
    }

    fn value(&self, on: &On) -> DVector<f64> {
        match self {
            Self::Given(name) => on.vectors[VECTORS.iter().position(|other| other == name).unwrap()].clone(),
            Self::Sum('+', of) => of[0].value(on) + of[1].value(on),
            Self::Sum(_, of) => of[0].value(on) - of[1].value(on),
            Self::Times(a, of) => a.value(on) * of.value(on),
            Self::Over(of, a) => on.quotient(1.0, a.value(on)) * of.value(on),
            Self::If(condition, of) => of[usize::from(!condition.holds(on))].value(on),
        }
    }
}

/// Whole vectors that a rule is computed on.
struct On {
    moment: Moment<f64>,
    /// In the order of [`VECTORS`].
    vectors: Vec<DVector<f64>>,
    /// Whether anything is computed that rounding alone may decide.
    hard: std::cell::Cell<bool>,
}

impl On {
    fn new(seed: u64, dimensions: usize) -> Self {
        let drawn = |index: u64| {
            let draws = (0..dimensions).map(|row| normal_pair_of(seed, index, row as u32));
            DVector::from_iterator(dimensions, draws) / (dimensions as f64).sqrt()
        };
        let [d1, eps, apart, m] = [0, 1, 2, 3].map(drawn);
        let sigma = [0.3, 1.0, 2.5][seed as usize % 3];
        let d0 = &d1 - 0.5 * apart;
        let x = &d1 + sigma * &eps;
        let [s1, s0] = [&d1, &d0].map(|d| (d - &x) / (sigma * sigma));
        let eps0 = -sigma * &s0;
        let moment = Moment { sigma, weight: 2.5, place: Place::First, ratio: 0.0 };
        Self { moment, vectors: vec![x, d1, d0, eps, eps0, s1, s0, m], hard: false.into() }
    }

    fn number(&self, name: &str) -> f64 {
        let Time { next, u, scale, step, steps } = TIME;
        [self.moment.weight, self.moment.sigma, next, u, scale, step, steps]
            [NUMBERS.iter().position(|other| *other == name).unwrap()]
    }

    fn far_from(&self, a: f64, edge: f64) -> f64 {
        if (a - edge).abs() < 1e-3 {
            self.hard.set(true);
        }
        a
    }

    fn quotient(&self, a: f64, b: f64) -> f64 {
        if b == 0.0 { 0.0 } else { a / self.far_from(b, 0.0) }
    }

    fn gram(&self) -> [DVector<f64>; 4] {
        let d = &self.vectors[1] - &self.vectors[2];
        [self.vectors[1].clone(), self.vectors[3].clone(), d, self.vectors[7].clone()]
    }
}

fn normal_pair_of(seed: u64, index: u64, row: u32) -> f64 {
    let [a, b, ..] = words(seed, Stream::Noise, index, row);
    normal_pair(a, b)[0]
}

/// Random rules, all right as to types: what is made of inner products is what whole vectors give.
#[test]
fn forms_of_inner_products_are_whole_vectors() {
    let (mut kept, mut all) = (0, 0);
    for (dimensions, count) in [(2, 3000), (3072, 60)] {
        let on: Vec<On> = (0..3).map(|seed| On::new(seed, dimensions)).collect();
        for seed in 0..count {
            let random = &mut Random(seed, 0);
            let [answer, next] = [0, 1].map(|_| Vector::drawn(random, 4));
            let name = ["", "D = ", "s = ", "eps = "][random.below(4)];
            // What it remembers is read before it is left anew.
            let text = format!("old = {}\nm = {}\n{name}old", answer.text(), next.text());
            let program = Program::new(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
            let on = &on[seed as usize % 3];
            on.hard.set(false);
            let (answer, next) = (answer.value(on), next.value(on));
            let guided = match name {
                "s = " => &on.vectors[0] + on.moment.sigma.powi(2) * answer,
                "eps = " => &on.vectors[0] - on.moment.sigma * answer,
                _ => answer,
            };
            all += 1;
            let size = guided.norm().max(next.norm());
            if on.hard.get() || size.is_nan() || size > 1e5 {
                continue;
            }
            kept += 1;
            let basis = on.gram();
            let pairs = (0..4).flat_map(|i| (i..4).map(move |j| (i, j)));
            let products: Vec<f64> = pairs.map(|(i, j)| basis[i].dot(&basis[j])).collect();
            let gram: Gram<f64> = <[f64; 10]>::try_from(products).unwrap().into();
            let mix = program.mix(&on.moment, &TIME, &gram);
            let sum = |of: [f64; 4]| -> DVector<f64> { (0..4).map(|i| of[i] * &basis[i]).sum() };
            let found = [&on.vectors[1] + sum(mix.push), sum(mix.memory)];
            for (found, expected) in found.iter().zip([&guided, &next]) {
                let error = (found - expected).norm();
                assert!(error < 1e-6 * (1.0 + size), "{error:e} of {size:e}: {text}");
            }
        }
    }
    assert!(kept > 1000 && 2 * kept > all, "{kept} of {all}");
}

/// Whatever is typed is refused with a place within it, or is a rule that gives eight numbers.
#[test]
fn any_text_is_a_rule_or_is_refused() {
    let tokens = [
        "D1", "D0", "w", "m", "memo", "x", "s0", "eps1", "sigma", "1", "0.5", "1e-9", "+", "-", "*", "/", "^", "(",
        ")", ",", "=", "\n", ";", "..", "<", "==", "if ", " then ", " else ", " and ", " not ", "dot(", "norm(",
        "min(", "exp(", "log(", "acos(", "param ", " in ", " by ", "g", "é", "#", "s = ", "eps = ", "\"", "\u{0}", "−",
    ];
    let cases = grams(7);
    let mut good = 0;
    for seed in 0..20_000 {
        let random = &mut Random(seed, 0);
        let mut text: String = (0..1 + random.below(24)).map(|_| tokens[random.below(tokens.len())]).collect();
        // Most of what is drawn so is refused in its first line: half of them begin as rules do.
        if seed % 2 == 0 {
            text = format!("D1 + w * {text}");
        }
        match Program::new(&text) {
            Ok(program) => {
                good += 1;
                let (moment, gram) = &cases[seed as usize % 7];
                let mix = program.mix(moment, &TIME, gram);
                assert_eq!(mix.push.len() + mix.memory.len(), 8);
                let (moment, gram) = crate::rules::single(&cases[seed as usize % 7]);
                program.mix(&moment, &TIME, &gram);
            }
            Err(guidance_playground::Error::Rule { line, column, length, .. }) => {
                let line = text.split('\n').nth(line - 1).unwrap_or_else(|| panic!("{text:?}: line {line}"));
                assert!(column - 1 + length <= line.chars().count(), "{text:?}: {column} {length}");
            }
            Err(other) => panic!("{text}: {other}"),
        }
    }
    assert!(good > 100, "{good}");
}

/// Each rule that can be said so, in the words of the page's own editor.
pub fn said() -> Vec<(Combination, String)> {
    every_rule().into_iter().filter_map(|rule| rule.text().map(|text| (rule, text))).collect()
}

#[test]
fn rules_said_once_more_give_the_same_coefficients() {
    let names: Vec<String> = said().iter().map(|(rule, _)| format!("{rule:?}")).collect();
    assert_eq!(names.len(), 15, "{names:?}");
    let sum = |of: &[f64; 4], gram: &Gram<f64>| {
        let lengths = <[f64; 10]>::from(*gram);
        [0, 4, 7, 9]
            .map(|diagonal| lengths[diagonal].max(0.0).sqrt())
            .iter()
            .zip(of)
            .map(|(l, c)| l * c)
            .collect::<Vec<_>>()
    };
    for (rule, text) in said() {
        let program = Program::new(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        for (i, (moment, gram)) in grams(400).into_iter().enumerate() {
            // Where vectors vanish or lie along each other, quotients of nothing differ.
            if i % 20 < 5 || i % 6 == 0 {
                continue;
            }
            let expected = guidance_playground::guidance::rule::mix(&rule, moment, &gram);
            let step = if moment.place == Place::Beginning { 0.0 } else { TIME.step };
            let found = program.mix(&moment, &Time { next: 0.5 * moment.sigma, step, ..TIME }, &gram);
            for (a, b) in [(found.push, expected.push), (found.memory, expected.memory)] {
                let (a, b) = (sum(&a, &gram), sum(&b, &gram));
                let size = b.iter().fold(gram.one_one.sqrt(), |size, b| size.max(b.abs()));
                let near = a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-9 * size);
                assert!(near, "{rule:?} {moment:?} {gram:?}: {a:?}, not {b:?}");
            }
        }
    }
}

fn ends(scheme: Scheme, starts: &[[f32; 2]]) -> Vec<[f32; 2]> {
    Sampler::new(&RunConfig { scheme, seed: 1 }, &MODELS).unwrap().sample(starts, 2)
}

#[test]
fn rules_said_once_more_end_where_they_did() {
    let levels = NoiseLevels { steps: 16, ..NoiseLevels::default() };
    let starts = starts(mixture(Classes::A), 5.0, 3, 0..200);
    for (rule, text) in said() {
        for solver in [Solver::Heun, Solver::DpmPlusPlus2m, Solver::Ancestral] {
            let guide = Some(Guide::new("exact:AB", 1.1));
            let base = Scheme { main: "exact:A".into(), guide, weight: 2.0, solver, levels, ..Scheme::default() };
            let base = if matches!(rule, Combination::Momentum { .. }) {
                Scheme { guide: None, weight: 1.0, ..base }
            } else {
                base
            };
            let twin = ends(Scheme { combination: rule.clone(), ..base.clone() }, &starts);
            let said = ends(Scheme { combination: own(&text), ..base }, &starts);
            let farthest = twin.iter().zip(&said).map(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1])).fold(0.0, f32::max);
            assert!(farthest < 1e-5, "{rule:?} {solver:?}: {farthest:e}");
        }
    }
}

/// What a text has of the guide, the weight and memory says where it is asked.
#[test]
fn a_text_tells_what_it_needs() {
    let scheme = |text: &str, guide: bool, weight: f64| Scheme {
        guide: guide.then(|| Guide::new("exact:AB", 1.0)),
        main: "exact:A".into(),
        weight,
        combination: own(text),
        ..Scheme::default()
    };
    let asked = |scheme: &Scheme| Plan::new(scheme).unwrap().evaluations(32);
    assert_eq!(asked(&scheme("D1 + (w - 1) * (D1 - D0)", true, 2.0)), 126);
    assert_eq!(asked(&scheme("D1 + (w - 1) * (D1 - D0)", true, 1.0)), 63);
    assert_eq!(asked(&scheme("D1 + 0.5 * (D1 - D0)", true, 1.0)), 126);
    assert_eq!(asked(&scheme("s = 1.1 * s1", false, 1.0)), 63);
    let interval = Some(Interval { low: 0.1, high: 1.0 });
    assert!(asked(&Scheme { interval, ..scheme("D1 + (w - 1) * (D1 - D0)", true, 2.0) }) < 126);
    let error = scheme("D1 + w * (D1 - D0)", false, 1.0).validate().unwrap_err().to_string();
    assert!(error.contains("used with a guide"), "{error}");
    // A number is carried by particles as a vector is: here it counts steps.
    let starts = starts(mixture(Classes::A), 5.0, 3, 0..100);
    for solver in [Solver::Heun, Solver::DpmPlusPlus2m, Solver::Ancestral] {
        let of = |text: &str| ends(Scheme { solver, ..scheme(text, false, 1.0) }, &starts);
        // In a second stage the first has been counted.
        let counted = of("memo = memo + 1\nd = x - D1\nD1 - 0.1 * sin(memo) * d");
        let told = of("d = x - D1\nD1 - 0.1 * sin(if sigma == sigma_next then step + 2 else step + 1) * d");
        assert_eq!(counted, told, "{solver:?}");
        assert_ne!(counted, of("D1"), "{solver:?}");
    }
}

#[test]
fn values_are_checked_as_those_of_other_rules() {
    let read = |values: &str| -> guidance_playground::Result<()> {
        let text = "param g = 1.05 in 1..2\\nD1 + g * (w - 1) * (D1 - D0)";
        let json = format!(
            r#"{{"main":"exact:A","guide":{{"model":"exact","condition":"AB"}},"weight":2,"combination":{{"own":{{"text":"{text}"{values}}}}}}}"#
        );
        serde_json::from_str::<Scheme>(&json).unwrap().validate()
    };
    read("").unwrap();
    read(r#","values":{"g":1.5}"#).unwrap();
    let beyond = read(r#","values":{"g":2.5}"#).unwrap_err().to_string();
    assert_eq!(beyond, "The parameter g of the rule must be between 1 and 2; it is 2.5.");
    let unknown = read(r#","values":{"h":1}"#).unwrap_err().to_string();
    assert_eq!(unknown, "What the values of the rule are of must be one of g; it is h.");
    let scheme = Scheme { combination: own("D1 + DO"), ..Scheme::default() };
    let error = scheme.validate().unwrap_err();
    assert_eq!(error.to_string(), "Nothing is called `DO`; perhaps `D0` is meant. (Line 1, letter 6 of the rule.)");
    assert_eq!(error.code(), "rule");
}
