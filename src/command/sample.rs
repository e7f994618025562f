//! `sample`: run particles from noise to data.

use crate::Error;
use crate::address::Configuration;
use crate::command::scheme;
use crate::command::{Failure, Outcome, all_threads, models, points, text};
use crate::guidance::{Guide, Scheme};
use crate::plane::distribution::Classes;
use crate::plane::engine::cpu::Sampler;
use crate::plane::engine::{MOST_PARTICLES, RunConfig};
use crate::plane::metrics::is_lost;
use crate::plane::starts;
use crate::sampling::NoiseLevels;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

/// Sample with or without guidance: CSV of endpoints x,y, or of whole paths step,particle,x,y.
///
/// Particles start as samples of class A smoothed by the highest noise level, 5, and follow 32 EDM noise levels down to
/// 0.002 and then 0. The same seed gives the same starts for every scheme.
#[derive(Args)]
#[command(after_help = format!("{}\n\n{}", models::list(), scheme::list()))]
pub struct Sample {
    /// A whole scheme, by its name, in a file or in an address that the page has copied, in place of the options down to --steps; what
    /// the page has exported or copied says the data, the particles and the seed too, where no option does
    #[arg(long, value_name = "SCHEME", conflicts_with_all = ["main", "guide", "guide_sigma_scale", "weight", "solver", "steps"])]
    scheme: Option<String>,
    /// Main model: exact:A, exact:B, exact:AB, a shipped network or a safetensors file
    #[arg(
        long,
        value_name = "MODEL",
        required_unless_present = "scheme",
        default_value = "",
        hide_default_value = true
    )]
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
    steps: u32,
    #[command(flatten)]
    data: models::Data,
    /// Number of particles; 4096 if nothing says otherwise
    #[arg(long, value_name = "NUMBER", conflicts_with = "start")]
    particles: Option<usize>,
    /// Seed of the starts; 0 if nothing says otherwise
    #[arg(long, value_name = "NUMBER", conflicts_with = "start")]
    seed: Option<u64>,
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

/// Particles between two looks at the progress: many tiles for each thread, and less than a second.
const PIECE: usize = 1 << 14;

/// Particles done, on standard error where a person looks at it.
fn progress(particles: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos} of {len} particles  {eta} left");
    ProgressBar::new(particles as u64).with_style(style.expect("the template is well formed"))
}

impl Sample {
    pub fn run(self) -> Outcome {
        if self.guide.is_none() && (self.weight != 1.0 || self.guide_sigma_scale != 1.0) {
            let sentence = "A weight or a sigma scale needs a model to guide away from: give --guide.";
            return Err(Failure::from(sentence.to_owned()));
        }
        let Configuration { scheme, seed, particles, distribution } = self.configuration()?;
        let data = self.data.distribution_or(distribution.as_deref())?;
        let scheme = match &self.scheme {
            Some(name) => scheme::told(scheme::fitted(name, scheme, &data)),
            None => scheme,
        };
        let models = models::load(data, scheme.models())?;
        points::expect_folder(self.out.as_deref())?;
        let seed = self.seed.or(seed).unwrap_or(0);
        let particles = self.particles.or(particles.map(|count| count as usize)).unwrap_or(4096);
        let given = self.start.as_deref().map(|path| points::read(Some(path))).transpose()?;
        let start = match &given {
            Some(set) => points::to_f32(&set.points),
            None if (1..=MOST_PARTICLES).contains(&particles) => {
                starts(models.mixture(Classes::A), scheme.levels.max, seed, 0..particles)
            }
            None => {
                let range = format!("between 1 and {MOST_PARTICLES}");
                return Err(Error::invalid("The number of particles", range, particles).into());
            }
        };
        let config = RunConfig { scheme, seed };
        let sampler = Sampler::new(&config, &models)?;
        let (steps, threads) = (sampler.steps(), self.threads.unwrap_or_else(all_threads));
        // Particles that depend on each other stay together.
        let piece = if sampler.plan().couples() { start.len() } else { PIECE };
        let bar = progress(start.len());
        // Of each piece the positions after every step, or after the last.
        let move_piece = |(index, starts): (usize, &[[f32; 2]])| {
            let mut particles = sampler.begin(index * piece, starts.to_vec());
            let moved = if self.trajectory {
                sampler.path(&mut particles, 0..steps, threads)
            } else {
                sampler.advance(&mut particles, 0..steps, threads);
                particles.positions
            };
            bar.inc(starts.len() as u64);
            moved
        };
        let pieces: Vec<Vec<[f32; 2]>> = start.chunks(piece).enumerate().map(move_piece).collect();
        bar.finish_and_clear();
        // Particle i after a step, of those that were kept.
        let count = |index: usize| piece.min(start.len() - index * piece);
        let at = |kept: usize, i: usize| pieces[i / piece][kept * count(i / piece) + i % piece];
        let last = if self.trajectory { steps - 1 } else { 0 };
        let ends = || (0..start.len()).map(|i| at(last, i));
        if let Some(first) = ends().position(is_lost) {
            // Where the main model alone loses the particle too, guidance is not what drives it away.
            let alone = RunConfig { scheme: config.scheme.unguided(), ..config };
            return match given {
                Some(set) if is_lost(Sampler::new(&alone, &models)?.sample(&[start[first]], 1)[0]) => {
                    Err(self.far_start(&set, first))
                }
                _ => {
                    let lost = ends().filter(|&end| is_lost(end)).count();
                    Err(Error::Diverged { first, lost, particles: start.len() }.into())
                }
            };
        }
        let out = self.out.as_deref();
        if self.trajectory {
            let point = |step: usize, i: usize| if step == 0 { start[i] } else { at(step - 1, i) };
            let rows = (0..=steps).flat_map(|step| {
                (0..start.len()).map(move |i| (step, i)).map(|(step, i)| {
                    let [x, y] = point(step, i);
                    [step.to_string(), i.to_string(), x.to_string(), y.to_string()]
                })
            });
            Ok(points::write(out, "step,particle,x,y", rows)?)
        } else {
            Ok(points::write(out, "x,y", ends().map(|p| p.map(|v| v.to_string())))?)
        }
    }

    /// The error for a particle that is lost from its start on.
    fn far_start(&self, set: &points::Set, number: usize) -> Failure {
        let [x, y] = set.points[number];
        let problem = format!("the particle that starts at ({x}, {y}) left the range of numbers, without guidance too");
        let advice = "Starts are samples of the data under the highest noise level: give nearer ones.";
        text::fault(text::name(self.start.as_deref()), set.lines[number], problem, advice)
    }

    /// The scheme that is named, or that the options make; and what its file says besides.
    fn configuration(&self) -> Result<Configuration, Failure> {
        if let Some(name) = &self.scheme {
            return scheme::read(name);
        }
        let unknown = |_| Error::invalid("The solver", "heun or euler", format!("\"{}\"", self.solver));
        let solver = serde_json::from_value(self.solver.as_str().into()).map_err(unknown)?;
        let guide = self.guide.as_ref().map(|model| models::named(model)).transpose()?;
        let guide = guide.map(|name| Guide::new(name, self.guide_sigma_scale));
        let levels = NoiseLevels { steps: self.steps, ..NoiseLevels::default() };
        let weight = self.weight;
        let main = models::named(&self.main)?;
        let scheme = Scheme { main, guide, weight, solver, levels, ..Scheme::default() };
        Ok(Configuration { scheme, ..Configuration::default() })
    }
}
