//! The native command: evaluate, sample, compare, sweep, train, judge and time, for researchers; one file a subcommand.

mod bench;
mod compare;
mod engine;
mod evaluate;
mod findings;
mod fronts;
mod grid;
mod halves;
mod image;
mod interrupt;
mod map;
mod metrics;
pub mod models;
mod picture;
mod plot;
mod points;
mod report;
pub mod rows;
mod sample;
pub mod scheme;
mod schemes;
mod study;
mod sweep;
mod table;
mod text;
mod train;

use crate::lanes::Instructions;
use clap::{Parser, Subcommand};
use std::ffi::OsString;

/// What every subcommand ends with.
type Outcome = Result<(), Failure>;

/// Why a subcommand did not do what it was asked to.
#[derive(Debug)]
pub enum Failure {
    /// An error, and what to do about it.
    Error {
        /// A stable name for programs, as of [`crate::Error::code`].
        code: &'static str,
        /// What went wrong.
        sentence: String,
        /// What to do, where there is more to say.
        advice: Option<String>,
    },
    /// Ctrl-C: what has been kept, and how to go on.
    Interrupted(String),
}

/// What is wrong with most of what is asked for.
const INVALID: &str = "invalid";

impl Failure {
    fn new(sentence: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::Error { code: INVALID, sentence: sentence.into(), advice: Some(advice.into()) }
    }
}

impl From<crate::Error> for Failure {
    fn from(error: crate::Error) -> Self {
        Self::Error { code: error.code(), sentence: error.to_string(), advice: Some(error.advice().to_owned()) }
    }
}

impl From<String> for Failure {
    fn from(sentence: String) -> Self {
        Self::Error { code: INVALID, sentence, advice: None }
    }
}

/// What shells expect of a program that Ctrl-C has stopped: 128 and the number of the signal.
const INTERRUPTED: u8 = 130;

#[derive(Parser)]
#[command(version, about = "Guided diffusion on a toy with a known density: evaluate, sample, compare, train, judge.", after_help = EXAMPLES)]
struct Command {
    /// Instruction set of the processor's engine: auto, avx512, avx2, neon or portable, of those that this machine has
    /// [env: GUIDANCE_INSTRUCTIONS]
    #[arg(long, global = true, value_name = "SET")]
    instructions: Option<String>,
    #[command(subcommand)]
    what: What,
}

const EXAMPLES: &str = "\
MODEL is one of
  exact:A, exact:B, exact:AB   the true distribution: no network error
  main-64-4096, ...            a shipped network (guidance-playground sample --help lists them)
  path/to/net.safetensors      your own, saved from PyTorch under layers.0.weight, ..., gain; of the data that its metadata
                               names as data, or else of tree-2

DISTRIBUTION (--data) is what is sampled, and where exact models are of: tree-2, the paper's tree, which shipped networks
know; tree-SEED, two-moons, two-rings, two-spirals, checkerboard, eight-gaussians.

SCHEME is a name that guidance-playground schemes lists, what is changed of one (ht-1.10~weight:2), a file in JSON, or an address that
the page has copied. Of several panels FILE.json#2 or ADDRESS#2 is the second.

The weight w mixes scores, s0 + w (s1 - s0): w = 1 is no guidance.

Examples
  guidance-playground sample --main main-64-4096 --particles 4096 --seed 1 --out none.csv
  guidance-playground sample --main main-64-4096 --guide guide-32-0512 --weight 3 | guidance-playground metrics
  guidance-playground sample --main exact:A --guide exact:A --guide-sigma-scale 1.1 --weight 3 --out scaled.csv
  guidance-playground sample --data two-moons --main exact:A --guide exact:AB --weight 4 --out moons.csv
  guidance-playground compare none autoguidance sigma-scaling ht-cosine-6
  guidance-playground compare none ht-1.10~weight:2 'https://...#v=1&schemes=autoguidance~weight:4'
  guidance-playground sweep sigma-scaling --over k=1:1.3:0.02 --over w=1,2,3,4 --out grid.jsonl --csv grid.csv
  guidance-playground plot grid.jsonl --x effectiveBranches --y outliers --out grid.svg
  guidance-playground image --prompt \"an astronaut riding a horse\" --scheme cfg --out astronaut.png
  guidance-playground train --classes A --hidden 32 --iterations 512 --out my-guide
  guidance-playground train --engine gpu --data two-moons --out moons
";

#[derive(Subcommand)]
enum What {
    Evaluate(evaluate::Evaluate),
    Sample(sample::Sample),
    Schemes(schemes::Schemes),
    Image(Box<image::Image>),
    Compare(compare::Compare),
    Sweep(sweep::Sweep),
    Plot(plot::Plot),
    Report(report::Report),
    Train(train::Train),
    Metrics(metrics::Metrics),
    Bench(bench::Bench),
}

/// Do what a command line asks for, its first word the program's own name. The exit status: 0; 1 after an error, which standard error
/// tells; 2 for a line that is none; 130 after Ctrl-C.
pub fn main(line: impl IntoIterator<Item = OsString>) -> u8 {
    let command = match Command::try_parse_from(line) {
        Ok(command) => command,
        // Help, too, comes as an error; where nobody reads, there is nothing to say.
        Err(error) => {
            let _ = error.print();
            return error.exit_code() as u8;
        }
    };
    match run(command) {
        Ok(()) => 0,
        Err(Failure::Error { sentence, advice, .. }) => {
            eprintln!("error: {sentence}");
            if let Some(advice) = advice {
                eprintln!("{advice}");
            }
            1
        }
        Err(Failure::Interrupted(sentence)) => {
            eprintln!("{sentence}");
            INTERRUPTED
        }
    }
}

fn run(Command { instructions, what }: Command) -> Outcome {
    let asked = Instructions::asked(instructions.as_deref())?;
    asked.unwrap_or_else(Instructions::best).choose();
    match what {
        What::Evaluate(command) => command.run(),
        What::Sample(command) => command.run(),
        What::Schemes(command) => command.run(),
        What::Image(command) => command.run(),
        What::Compare(command) => command.run(),
        What::Sweep(command) => command.run(),
        What::Plot(command) => command.run(),
        What::Report(command) => command.run(),
        What::Train(command) => command.run(),
        What::Metrics(command) => command.run(),
        What::Bench(command) => command.run(asked),
    }
}

/// Threads to use where the person did not say.
fn all_threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
