//! Rules of one's own, compiled and run: for the page, which shows and edits them, and for workers, whose cores ask them.
//!
//! Workers are single files and have to stay small. So this build has no JavaScript of its own, but plain exports, which
//! www/rule/own-rules.ts calls: texts and numbers cross by two pieces of memory that stay where they are.

use crate::error::Error;
use crate::guidance::rule::own::{LENGTH, PARAMETERS, Program};
use crate::guidance::rule::{Carries, Mix, Moment, Place, Time};
use crate::lanes::TILE;
use serde::Serialize;
use std::cell::RefCell;

/// Numbers of a stage, in front of those of particles.
const OF_STAGE: usize = 8;
/// Numbers of a particle.
const OF_EACH: usize = 11;

/// Most bytes of what comes in: a text, and values of its parameters.
const INCOMING: usize = 4096;

struct Rules {
    /// What comes in.
    text: [u8; INCOMING],
    numbers: [f64; OF_STAGE + OF_EACH * TILE],
    /// What goes out.
    said: String,
    /// Texts, each once.
    programs: Vec<(String, Program)>,
    /// Which of them, and with what values.
    rules: Vec<(usize, [f64; PARAMETERS])>,
}

thread_local! {
    static RULES: RefCell<Rules> = const {
        RefCell::new(Rules {
            text: [0; INCOMING],
            numbers: [0.0; OF_STAGE + OF_EACH * TILE],
            said: String::new(),
            programs: Vec::new(),
            rules: Vec::new(),
        })
    };
}

/// What is known of a text.
#[derive(Serialize)]
struct Known {
    parameters: Vec<Declared>,
    /// Whether it speaks of the guide.
    guided: bool,
    /// Whether it speaks of the guide and not of the weight.
    always: bool,
    /// Whether particles remember something for it.
    remembers: bool,
}

#[derive(Serialize)]
struct Declared {
    symbol: &'static str,
    default: f64,
    from: f64,
    to: f64,
    step: f64,
}

/// What is wrong with a text, and where: line and column from 1, in letters as the length.
#[derive(Serialize)]
struct Mistake {
    problem: String,
    line: usize,
    column: usize,
    length: usize,
}

impl Rules {
    fn compiled(&self, length: usize) -> Result<Program, Mistake> {
        // Whatever is longer than what comes in is longer than a text may be.
        let text = self.text.get(..length).and_then(|text| str::from_utf8(text).ok());
        let long = " ".repeat(LENGTH + 1);
        Program::new(text.unwrap_or(&long)).map_err(|error| match error {
            Error::Rule { problem, line, column, length } => Mistake { problem, line, column, length },
            other => Mistake { problem: other.to_string(), line: 1, column: 1, length: 0 },
        })
    }

    /// A rule's text and its program with its values, or in a sentence what is wrong with it.
    fn written(&self, length: usize) -> Result<(&str, Program), String> {
        let told = self.text.get(..length).and_then(|text| str::from_utf8(text).ok()).unwrap_or_default();
        let mut parts = told.split('\0');
        let text = parts.next().unwrap_or_default();
        let mut program = Program::new(text).map_err(|error| error.to_string())?;
        let (settings, mut values) = (program.settings(), program.values());
        for (name, given) in parts.zip(&self.numbers[..PARAMETERS]) {
            let place = settings.iter().position(|(_, parameter, _)| parameter.symbol == name);
            let place = place.ok_or_else(|| ["The rule has no parameter ", name, "."].concat())?;
            let (_, parameter, _) = settings[place];
            if !(parameter.least..=parameter.greatest).contains(given) {
                return Err(["The parameter ", name, " of the rule is out of its range."].concat());
            }
            values[place] = *given;
        }
        program.set(values);
        Ok((text, program))
    }

    /// Puts an answer where it is read, and says how long it is.
    fn say(&mut self, said: String) -> usize {
        self.said = said;
        self.said.len()
    }

    fn rule(&mut self, rule: u32) -> Option<&Program> {
        let (index, values) = *self.rules.get(rule as usize)?;
        let (_, program) = &mut self.programs[index];
        program.set(values);
        Some(program)
    }
}

/// As JSON, which plain data always is.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Where a text is put, at most 4096 bytes of UTF-8.
#[unsafe(no_mangle)]
pub extern "C" fn text() -> *const u8 {
    RULES.with_borrow(|rules| rules.text.as_ptr())
}

/// Where numbers are put, and read.
#[unsafe(no_mangle)]
pub extern "C" fn numbers() -> *const f64 {
    RULES.with_borrow(|rules| rules.numbers.as_ptr())
}

/// Where an answer is read, once it is there.
#[unsafe(no_mangle)]
pub extern "C" fn said() -> *const u8 {
    RULES.with_borrow(|rules| rules.said.as_ptr())
}

/// What the text of so many bytes is, or what is wrong with it, as JSON; how many bytes that has.
#[unsafe(no_mangle)]
pub extern "C" fn compile(length: usize) -> usize {
    RULES.with_borrow_mut(|rules| {
        let said = rules.compiled(length).map(|program| {
            let traits = program.traits();
            let parameters = program.settings().into_iter().map(|(_, parameter, default)| Declared {
                symbol: parameter.symbol,
                default,
                from: parameter.from,
                to: parameter.to,
                step: parameter.step,
            });
            json(&Known {
                parameters: parameters.collect(),
                guided: !traits.alone,
                always: traits.always,
                remembers: traits.carries != Carries::Nothing,
            })
        });
        rules.say(said.unwrap_or_else(|mistake| json(&mistake)))
    })
}

/// The names of the language, each with its kind, as JSON; how many bytes that has.
#[unsafe(no_mangle)]
pub extern "C" fn names() -> usize {
    RULES.with_borrow_mut(|rules| rules.say(json(&Program::names())))
}

/// A number for the rule of so many bytes: its text, and behind it names of parameters, with a zero before each, whose values are the
/// first numbers. If it is none, how many bytes that has which says what is wrong, below 0.
#[unsafe(no_mangle)]
pub extern "C" fn open(length: usize) -> i32 {
    RULES.with_borrow_mut(|all| {
        let (text, program) = match all.written(length) {
            Ok((text, program)) => (text.to_owned(), program),
            Err(problem) => return -(all.say(problem) as i32),
        };
        let values = program.values();
        let Rules { programs, rules, .. } = all;
        let known = programs.iter().position(|(other, _)| *other == text);
        let index = known.unwrap_or_else(|| {
            programs.push((text, program));
            programs.len() - 1
        });
        let known = rules.iter().rposition(|rule| *rule == (index, values));
        let rule = known.unwrap_or_else(|| {
            rules.push((index, values));
            rules.len() - 1
        });
        rule as i32
    })
}

/// What particles carry for a rule (nothing 0, a vector 1, a number 2), 4 more if it speaks of no guide, 8 more if it does and not of
/// the weight.
#[unsafe(no_mangle)]
pub extern "C" fn traits(rule: u32) -> u32 {
    RULES.with_borrow_mut(|rules| {
        let Some(traits) = rules.rule(rule).map(Program::traits) else { return 0 };
        let carries = match traits.carries {
            Carries::Vector => 1,
            Carries::Number => 2,
            _ => 0,
        };
        carries + 4 * u32::from(traits.alone) + 8 * u32::from(traits.always)
    })
}

/// Puts the values of a rule's parameters in the place of the first four numbers.
#[unsafe(no_mangle)]
pub extern "C" fn values(rule: u32) {
    RULES.with_borrow_mut(|rules| {
        let values = rules.rule(rule).map(Program::values).unwrap_or_default();
        rules.numbers[..PARAMETERS].copy_from_slice(&values);
    });
}

/// A rule's WGSL, behind the structs of mix.wgsl; how many bytes that has.
#[unsafe(no_mangle)]
pub extern "C" fn shader(rule: u32) -> usize {
    RULES.with_borrow_mut(|rules| {
        let text = rules.rule(rule).map(Program::shader).unwrap_or_default();
        rules.say(text)
    })
}

/// What a rule makes of so many particles, 16 at most. The numbers of the stage are w, sigma, sigma_next, u, k, step, n, and 0 at the
/// beginning, 1 in a later step, 2 in a second stage. Behind them stand each particle's ten inner products of D1, eps1, d and m, and
/// what it remembers; the first eight become the coefficients on these vectors of the push, and of what is remembered next.
#[unsafe(no_mangle)]
pub extern "C" fn answers(rule: u32, particles: usize) {
    RULES.with_borrow_mut(|rules| {
        let ([weight, sigma, next, u, scale, step, steps, place], _) =
            rules.numbers.split_first_chunk::<OF_STAGE>().expect("they are more");
        let place = [Place::Beginning, Place::First, Place::Second][*place as usize % 3];
        let moment = Moment { sigma: *sigma, weight: *weight, place, ratio: 0.0 };
        let time = Time { next: *next, u: *u, scale: *scale, step: *step, steps: *steps };
        // Those beyond the last are of the calls before, and nobody reads what becomes of them.
        let of_each: [[f64; OF_EACH]; TILE] =
            std::array::from_fn(|i| std::array::from_fn(|at| rules.numbers[OF_STAGE + OF_EACH * i + at]));
        let grams = of_each.map(|[gram @ .., _]| gram.into());
        let Some(program) = rules.rule(rule) else { return };
        let mixes = program.mixes(&moment, &time, &grams, &of_each.map(|[.., number]| number));
        let (places, _) = rules.numbers[OF_STAGE..].as_chunks_mut::<OF_EACH>();
        for (numbers, Mix { push, memory }) in places.iter_mut().zip(mixes).take(particles) {
            numbers[..4].copy_from_slice(&push);
            numbers[4..8].copy_from_slice(&memory);
        }
    });
}
