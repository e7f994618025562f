//! `image`: pictures from a prompt.

mod compare;
mod file;
mod judged;
mod models;
mod moving;
mod prompts;
mod report;
mod sweep;

use crate::Error;
use crate::address::{self, ImagesConfiguration};
use crate::command::engine::Chosen;
use crate::command::interrupt::Interrupt;
use crate::command::scheme::{fields, only};
use crate::command::{Failure, Outcome, all_threads, points, text};
use crate::images::engine::{RunConfig, Sampler};
use crate::images::{NUMBERS, Negative, Scheme, catalogue};
use clap::{Args, Subcommand};
use file::Form;
use indicatif::{ProgressBar, ProgressStyle};
use moving::Moving;
use serde_json::json;
use std::path::PathBuf;

/// Most pictures of one run.
const MOST_PICTURES: usize = 1 << 16;
/// Pictures between two looks at the progress: a tile for each of many threads.
const PIECE: usize = 256;

/// Draw pictures of 32 x 32 pixels from a prompt, in a world whose true distribution is known.
///
/// A prompt is [STYLE] [CONCEPT] [on a BACKGROUND background], or RIDER riding MOUNT in place of a concept; any part may be left
/// out, and stands for anything then. The same seed gives the same noise for every scheme.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, after_help = list())]
pub struct Image {
    #[command(subcommand)]
    part: Option<Part>,
    #[command(flatten)]
    draw: Draw,
}

#[derive(Subcommand)]
enum Part {
    Compare(compare::Compare),
    Metrics(compare::Judge),
    Prompts(prompts::Prompts),
    Report(report::Report),
    Sweep(sweep::Sweep),
}

#[derive(Args)]
struct Draw {
    /// What is to be seen; anything, if neither this nor an address tells
    #[arg(long, value_name = "WORDS")]
    prompt: Option<String>,
    /// What is to be avoided, as strongly as --negative-weight says; may be given several times
    #[arg(long, value_name = "WORDS")]
    negative: Vec<String>,
    /// How strongly, 0 not at all
    #[arg(long, value_name = "W", default_value_t = 1.0, requires = "negative")]
    negative_weight: f64,
    /// A scheme by its name, in a file, or in an address that the page has copied, which says the prompt, the pictures and the seed too,
    /// where no option does
    #[arg(long, value_name = "SCHEME", default_value = "cfg")]
    scheme: String,
    #[command(flatten)]
    options: Options,
    /// Where to write: .png (a grid), .npy (pictures x 32 x 32 x 3, from 0 to 1 but for what leaves the range) or .safetensors
    #[arg(long, value_name = "FILE", default_value = "grid.png")]
    out: String,
    /// A folder for a grid after every step: of the noisy pictures, and of the guided estimates
    #[arg(long, value_name = "FOLDER")]
    steps_out: Option<PathBuf>,
    /// Pixels along a side of each pixel, in grids
    #[arg(long, value_name = "PIXELS", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=32))]
    scale: u32,
}

/// How schemes are run.
#[derive(Args)]
struct Options {
    /// Guidance weight w in D0 + w (D1 - D0), in place of a scheme's own: 1 is no guidance
    #[arg(long, value_name = "W", allow_negative_numbers = true)]
    weight: Option<f64>,
    /// The exact model in place of every network
    #[arg(long)]
    exact: bool,
    /// Pictures of a prompt; 16 if nothing says otherwise
    #[arg(long, value_name = "NUMBER")]
    images: Option<usize>,
    /// Seed of the noise; 0 if nothing says otherwise
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// Threads; all cores otherwise
    #[arg(long)]
    threads: Option<usize>,
    #[command(flatten)]
    engine: Chosen,
}

/// Names for the help.
fn list() -> String {
    let row = |id: &str, words: &str| format!("  {id:<24}{words}");
    let kinds = catalogue::schemes().iter().map(|kind| row(kind.id, kind.explanation)).collect::<Vec<_>>();
    let presets = catalogue::presets().iter().map(|preset| row(&preset.id, &preset.name)).collect::<Vec<_>>();
    format!(
        "SCHEME is a file in JSON, an address of the page, what is changed of a name (cfg~weight:2), or one of\n{}\n\nand settings of papers and of the report,\n{}\n\nWords: guidance-playground image prompts",
        kinds.join("\n"),
        presets.join("\n")
    )
}

impl Image {
    pub fn run(self) -> Outcome {
        match self.part {
            Some(Part::Compare(compare)) => compare.run(),
            Some(Part::Metrics(judge)) => judge.run(),
            Some(Part::Prompts(prompts)) => prompts.run(),
            Some(Part::Report(report)) => report.run(),
            Some(Part::Sweep(sweep)) => sweep.run(),
            None => self.draw.run(),
        }
    }
}

impl Options {
    /// A named scheme, or one in a file, as it is to be run.
    fn scheme(&self, name: &str) -> Result<Scheme, Failure> {
        self.instead(configuration(name)?.scheme)
    }

    /// A scheme with what options have in place of its own.
    fn instead(&self, mut scheme: Scheme) -> Result<Scheme, Failure> {
        if scheme.guidance.guide.is_some() {
            scheme.guidance.weight = self.weight.unwrap_or(scheme.guidance.weight);
        }
        Ok(if self.exact { scheme.exact()? } else { scheme })
    }

    fn images(&self) -> usize {
        self.images.unwrap_or(16)
    }

    fn seed(&self) -> u64 {
        self.seed.unwrap_or(0)
    }

    fn threads(&self) -> usize {
        self.threads.unwrap_or_else(all_threads)
    }

    /// # Errors
    /// If the number of pictures makes no sense.
    fn check(&self) -> Result<(), Error> {
        let range = format!("between 1 and {MOST_PICTURES}");
        let good = (1..=MOST_PICTURES).contains(&self.images());
        if good { Ok(()) } else { Err(Error::invalid("The number of pictures", range, self.images())) }
    }
}

/// A named scheme, one in a file, or what an address has.
fn configuration(name: &str) -> Result<ImagesConfiguration, Failure> {
    let alone = |scheme| ImagesConfiguration { scheme, seed: None, pictures: None, prompt: None };
    if let Some(scheme) = catalogue::named(name) {
        return Ok(alone(scheme));
    }
    if !name.ends_with(".json") && address::is_text(name) {
        let found = only(address::read_images(name)?)?;
        found.scheme.validate()?;
        return Ok(found);
    }
    if !name.ends_with(".json") {
        let kinds = catalogue::schemes().into_iter().map(|kind| kind.id.to_owned());
        let names: Vec<_> = kinds.chain(catalogue::presets().into_iter().map(|preset| preset.id)).collect();
        let sentence = format!("There is no scheme of pictures called \"{name}\".");
        let advice = format!("Give one of {}, or a file in JSON.", names.join(", "));
        return Err(Failure::new(sentence, advice));
    }
    let scheme: Scheme = fields(name, &text::read(Some(name))?)?;
    scheme.validate()?;
    Ok(alone(scheme))
}

impl Draw {
    /// What is to be run, and what stands elsewhere in place of options that are not given.
    fn configure(&mut self) -> Result<RunConfig, Failure> {
        let ImagesConfiguration { scheme, seed, pictures, prompt } = configuration(&self.scheme)?;
        let mut scheme = self.options.instead(scheme)?;
        let negative = |prompt: &String| Negative { prompt: prompt.clone(), weight: self.negative_weight };
        scheme.negatives.extend(self.negative.iter().map(negative));
        self.options.images = self.options.images.or(pictures.map(|count| count as usize));
        self.options.seed = self.options.seed.or(seed);
        let prompt = self.prompt.take().or(prompt).unwrap_or_default();
        Ok(RunConfig { scheme, prompt, seed: self.options.seed() })
    }

    fn run(mut self) -> Outcome {
        let config = self.configure()?;
        let form = Form::of(&self.out)?;
        points::expect_folder(Some(&self.out))?;
        self.options.check()?;
        let (models, images) = (models::load(&config.scheme)?, self.options.images());
        let sampler = Sampler::new(&config, &models)?;
        let gpu = self.options.engine.open()?;
        let comment = json!({ "prompt": config.prompt, "seed": config.seed, "scheme": config.scheme }).to_string();
        let save = |form: Form, pictures: &[f32], path: &str| {
            points::save(Some(path), form.encode(pictures, models.world(), self.scale, &comment))
        };
        if let Some(folder) = &self.steps_out {
            std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        }
        let interrupt = Interrupt::watch()?;
        let style = ProgressStyle::with_template("{bar:30} {pos} of {len} steps  {eta} left");
        // Grids of steps have all pictures.
        let piece = if self.steps_out.is_some() { images } else { PIECE };
        let steps = images.div_ceil(piece) * sampler.steps();
        let bar = ProgressBar::new(steps as u64).with_style(style.expect("the template is well formed"));
        let threads = self.options.threads();
        let mut pictures: Vec<f32> = Vec::new();
        for first in (0..images).step_by(piece) {
            let numbers = first..images.min(first + piece);
            let mut moving = Moving::begin(gpu.as_ref(), &sampler, numbers)?;
            for step in 0..sampler.steps() {
                if interrupt.came() {
                    bar.finish_and_clear();
                    return Err(Failure::Interrupted("Stopped: nothing is written.".to_owned()));
                }
                moving.advance(&sampler, step, threads)?;
                bar.inc(1);
                if let Some(folder) = &self.steps_out {
                    for (what, pictures) in [("pictures", moving.pictures()?), ("estimates", moving.estimates()?)] {
                        let path = folder.join(format!("{:02}-{what}.png", step + 1));
                        save(Form::Png, &pictures, &path.to_string_lossy())?;
                    }
                }
            }
            pictures.extend(moving.pictures()?);
        }
        bar.finish_and_clear();
        if let Some(first) = pictures.chunks_exact(NUMBERS).position(|p| !p.iter().all(|v| v.is_finite())) {
            let lost = pictures.chunks_exact(NUMBERS).filter(|p| !p.iter().all(|v| v.is_finite())).count();
            return Err(Error::Diverged { first, lost, particles: images }.into());
        }
        save(form, &pictures, &self.out)?;
        eprintln!("{}: {} pictures. {}.", self.out, images, models.world().credits());
        Ok(())
    }
}
