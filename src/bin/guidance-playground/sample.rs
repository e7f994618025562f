//! `sample`: run particles from noise to data.

use crate::{Failure, Outcome, all_threads, models, points};
use clap::Args;
use guidance_playground::Error;
use guidance_playground::distribution::Classes;
use guidance_playground::engine::cpu::{Run, RunConfig};
use guidance_playground::guidance::{Guide, Scheme};
use guidance_playground::sampling::{NoiseLevels, Solver, starts};
use indicatif::{ProgressBar, ProgressStyle};

/// Most particles of one run.
const MOST_PARTICLES: usize = 1 << 20;

/// Sample with or without guidance: CSV of endpoints x,y, or of whole paths step,particle,x,y.
///
/// Particles start as samples of class A smoothed by the highest noise level, 5, and follow 32 EDM noise levels down to
/// 0.002 and then 0. The same seed gives the same starts for every scheme.
#[derive(Args)]
#[command(after_help = models::list())]
pub struct Sample {
    /// Main model: exact:A, exact:B, exact:AB, a shipped network or a safetensors file
    #[arg(long, value_name = "MODEL")]
    main: String,
    /// Model to guide away from; the same as --main with another sigma scale is sigma scaling
    #[arg(long, value_name = "MODEL")]
    guide: Option<String>,
    /// Ask the guide at K times sigma
    #[arg(long, value_name = "K", default_value_t = 1.0, allow_negative_numbers = true)]
    guide_sigma_scale: f64,
    /// Guidance weight w in s0 + w (s1 - s0): 1 is no guidance
    #[arg(long, value_name = "W", default_value_t = 1.0, allow_negative_numbers = true)]
    weight: f64,
    /// heun (second order, 63 evaluations in 32 steps) or euler (first order, DDIM)
    #[arg(long, default_value = "heun")]
    solver: String,
    /// Noise levels above zero
    #[arg(long, default_value_t = 32)]
    steps: usize,
    /// Number of particles
    #[arg(long, default_value_t = 4096, conflicts_with = "start")]
    particles: usize,
    /// Seed of the starts
    #[arg(long, default_value_t = 0, conflicts_with = "start")]
    seed: u64,
    /// Start from the points of a CSV with the header x,y, in its order; - is standard input
    #[arg(long, value_name = "FILE.csv")]
    start: Option<String>,
    /// Write every step of every particle, step 0 being the start
    #[arg(long)]
    trajectory: bool,
    /// Where to write; standard output otherwise
    #[arg(long, value_name = "FILE.csv")]
    out: Option<String>,
    /// Threads; all cores otherwise
    #[arg(long)]
    threads: Option<usize>,
}

/// Steps done, on standard error where a person looks at it.
fn progress(steps: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} step {pos} of {len}  {eta} left");
    ProgressBar::new(steps).with_style(style.expect("the template is well formed"))
}

impl Sample {
    pub fn run(self) -> Outcome {
        if self.guide.is_none() && (self.weight != 1.0 || self.guide_sigma_scale != 1.0) {
            let sentence = "A weight or a sigma scale needs a model to guide away from: give --guide.";
            return Err(Failure::from(sentence.to_owned()));
        }
        let models = models::load(std::iter::once(self.main.as_str()).chain(self.guide.as_deref()))?;
        points::expect_folder(self.out.as_deref())?;
        let solver: Solver = self.solver.parse()?;
        let levels = NoiseLevels { steps: self.steps, ..NoiseLevels::default() };
        let start = match &self.start {
            Some(path) => points::to_f32(&points::read(Some(path))?),
            None if (1..=MOST_PARTICLES).contains(&self.particles) => {
                starts(models.mixture(Classes::A), levels.max, self.seed, self.particles)
            }
            None => {
                let range = format!("between 1 and {MOST_PARTICLES}");
                return Err(Error::invalid("The number of particles", range, self.particles).into());
            }
        };
        let guide = self.guide.map(|model| Guide { model, sigma_scale: self.guide_sigma_scale });
        let scheme = Scheme { main: self.main, guide, weight: self.weight };
        let mut run = Run::new(&RunConfig { scheme, solver, levels }, &models, &start)?;
        let threads = self.threads.unwrap_or_else(all_threads);
        let mut path = vec![start];
        let bar = progress(run.steps() as u64);
        while run.step(threads) {
            bar.inc(1);
            if self.trajectory {
                path.push(run.positions());
            }
        }
        bar.finish_and_clear();
        let ends = run.positions();
        if let Some(i) = ends.iter().position(|p| !p.iter().all(|v| v.is_finite())) {
            return Err(Failure::from(format!(
                "Particle {i} left the range of numbers: lower the weight or add steps."
            )));
        }
        let out = self.out.as_deref();
        if self.trajectory {
            let rows = path.iter().enumerate().flat_map(|(step, points)| {
                points
                    .iter()
                    .enumerate()
                    .map(move |(i, p)| [step.to_string(), i.to_string(), p[0].to_string(), p[1].to_string()])
            });
            Ok(points::write(out, "step,particle,x,y", rows)?)
        } else {
            Ok(points::write(out, "x,y", ends.iter().map(|p| p.map(|v| v.to_string())))?)
        }
    }
}
