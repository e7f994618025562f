//! `train`: train a denoiser, with snapshots.

use crate::Error;
use crate::command::engine::Chosen;
use crate::command::interrupt::Interrupt;
use crate::command::models::Data;
use crate::command::table::Table;
use crate::command::{Failure, Outcome, all_threads};
use crate::plane::distribution::Classes;
use crate::plane::training::{Trainer, TrainingConfig, TrainingState, Validation, gpu};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use pollster::block_on;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Name of the file that `--resume` goes on from.
const CHECKPOINT: &str = "checkpoint.safetensors";
/// The learning curve: a row for every iteration.
const LOSSES: &str = "loss.csv";

/// Train a denoiser on the exact scores of its data, as the autoguidance paper's toy does.
///
/// Writes DIR/ITERATION.safetensors at every snapshot (averaged weights), DIR/loss.csv and DIR/checkpoint.safetensors.
/// Says at its end how far the averaged network is from the exact scores at each noise level, of which zero is the best.
/// Ctrl-C finishes the iteration, saves and stops; --resume goes on to the same bits. The result does not depend on
/// the number of threads. A graphics processor gives the same bits again itself, and nearly those of other processors: its
/// checkpoints are the same files, and either engine goes on with the other's.
#[derive(Args)]
pub struct Train {
    #[command(flatten)]
    engine: Chosen,
    #[command(flatten)]
    data: Data,
    /// Classes: A, B, or AB for an unconditional model
    #[arg(long, default_value = "A")]
    classes: String,
    /// Width of the hidden layers
    #[arg(long, default_value_t = 64)]
    hidden: usize,
    /// Iterations in all
    #[arg(long, default_value_t = 4096)]
    iterations: u32,
    /// Particles a batch
    #[arg(long, default_value_t = 4096)]
    batch: usize,
    /// Seed of weights and batches
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Student-t noise of NU degrees of freedom, above 2, for a network of heavy tails; Gaussian noise otherwise
    #[arg(long, value_name = "NU")]
    degrees_of_freedom: Option<f64>,
    /// Save the averaged network every K iterations, and at the end
    #[arg(long, value_name = "K", default_value_t = 256)]
    snapshot_every: u32,
    /// Folder for snapshots; made if it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Threads; all cores otherwise
    #[arg(long)]
    threads: Option<usize>,
    /// Go on from the checkpoint in DIR
    #[arg(long)]
    resume: bool,
}

impl Train {
    pub fn run(self) -> Outcome {
        let classes: Classes = self.classes.parse()?;
        if self.iterations == 0 || self.snapshot_every == 0 {
            return Err(
                Error::invalid("The number of iterations and of those between snapshots", "1 or more", 0).into()
            );
        }
        let config = TrainingConfig {
            data: self.data.distribution()?,
            classes,
            hidden: self.hidden,
            batch: self.batch,
            seed: self.seed,
            degrees_of_freedom: self.degrees_of_freedom,
        };
        let checkpoint = self.out.join(CHECKPOINT);
        let mut trainer = self.engine(self.state(&config, &checkpoint)?)?;
        std::fs::create_dir_all(&self.out).map_err(|e| file(&self.out, &e))?;
        let mut losses = self.losses(trainer.iteration())?;

        let interrupt = Interrupt::watch()?;
        let bar = progress(u64::from(self.iterations), u64::from(trainer.iteration()));
        let mut smooth = None;
        while trainer.iteration() < self.iterations && !interrupt.came() {
            let first = trainer.iteration();
            let snapshot = (first / self.snapshot_every + 1).saturating_mul(self.snapshot_every).min(self.iterations);
            for (loss, i) in trainer.steps(snapshot - first)?.into_iter().zip(first + 1..) {
                if !loss.is_finite() {
                    return Err(Failure::from(format!("The loss is {loss} at iteration {i}.")));
                }
                let mean = smooth.map_or(loss, |s: f64| 0.98 * s + 0.02 * loss);
                smooth = Some(mean);
                writeln!(losses, "{i},{loss}").map_err(|e| file(&self.out.join(LOSSES), &e))?;
                bar.set_position(u64::from(i));
                bar.set_message(format!("{mean:.4}"));
            }
            if trainer.iteration() == snapshot {
                let state = trainer.state()?;
                let name = format!("{snapshot:04}.safetensors");
                replace(&self.out.join(name), &state.network().to_safetensors())?;
                losses.flush().map_err(|e| file(&self.out.join(LOSSES), &e))?;
                replace(&checkpoint, &state.checkpoint())?;
            }
        }
        losses.flush().map_err(|e| file(&self.out.join(LOSSES), &e))?;
        if trainer.iteration() < self.iterations {
            replace(&checkpoint, &trainer.state()?.checkpoint())?;
            bar.abandon();
            let sentence = format!("Stopped after iteration {}; --resume goes on from there.", trainer.iteration());
            return Err(Failure::Interrupted(sentence));
        }
        bar.finish();
        if let Some(mean) = smooth {
            eprintln!(
                "Trained {} iterations in {:.1} s; loss {mean:.5}.",
                self.iterations,
                bar.elapsed().as_secs_f64()
            );
        }
        let validation = Validation::of(&config)?;
        let losses = validation.losses(&trainer.state()?.network())?;
        let mut table = Table::new(["sigma", "loss"]);
        for (sigma, loss) in validation.sigmas().into_iter().zip(losses) {
            table.push(vec![format!("{sigma:.4}"), format!("{loss:.6}")]);
        }
        print!("The averaged network by noise level; the exact score's loss is 0.\n{}", table.plain());
        Ok(())
    }

    /// From the start, or from the checkpoint if that is asked for and matches.
    fn state(&self, config: &TrainingConfig, checkpoint: &Path) -> Result<TrainingState, Failure> {
        if !self.resume {
            if checkpoint.exists() {
                let sentence = format!("{} holds a run already.", self.out.display());
                return Err(Failure::new(sentence, "Go on with it by --resume, or give another --out."));
            }
            return Ok(TrainingState::new(config.clone())?);
        }
        let bytes = std::fs::read(checkpoint).map_err(|e| file(checkpoint, &e))?;
        let state = TrainingState::resume(&bytes).map_err(|e| e.in_file(checkpoint.display().to_string()))?;
        if state.config() != config {
            let sentence = format!("The checkpoint is of another run: {:?}, not {config:?}.", state.config());
            return Err(Failure::new(sentence, "Give the options of that run, or another --out."));
        }
        if state.iteration() > self.iterations {
            let sentence = format!("The run is at iteration {} already.", state.iteration());
            return Err(Failure::new(sentence, "Ask for more --iterations."));
        }
        Ok(state)
    }

    /// What trains from there on.
    fn engine(&self, state: TrainingState) -> Result<Engine, Failure> {
        match (self.engine.open()?, self.threads) {
            (None, threads) => Ok(Engine::Cpu(Trainer::of(state)?, threads.unwrap_or_else(all_threads))),
            (Some(gpu), None) => Ok(Engine::Gpu(block_on(gpu::Trainer::new(&gpu, state))?)),
            (Some(_), Some(_)) => {
                Err(Failure::from("--threads are the processor's: leave them out, or --engine gpu.".to_owned()))
            }
        }
    }

    /// The learning curve, cut to the iterations that the trainer has behind it.
    fn losses(&self, done: u32) -> Result<std::io::BufWriter<std::fs::File>, Failure> {
        let path = self.out.join(LOSSES);
        let kept = match std::fs::read_to_string(&path) {
            Ok(text) if done > 0 => text.lines().take(1 + done as usize).map(|l| format!("{l}\n")).collect(),
            _ => "iteration,loss\n".to_owned(),
        };
        let mut writer = std::io::BufWriter::new(std::fs::File::create(&path).map_err(|e| file(&path, &e))?);
        writer.write_all(kept.as_bytes()).map_err(|e| file(&path, &e))?;
        Ok(writer)
    }
}

/// What trains, and on how many threads.
enum Engine {
    Cpu(Trainer, usize),
    Gpu(gpu::Trainer),
}

impl Engine {
    fn iteration(&self) -> u32 {
        match self {
            Self::Cpu(trainer, _) => trainer.iteration(),
            Self::Gpu(trainer) => trainer.iteration(),
        }
    }

    /// One to `most` iterations, about a moment long where several are worth it; their losses.
    fn steps(&mut self, most: u32) -> Result<Vec<f64>, Failure> {
        match self {
            Self::Cpu(trainer, threads) => Ok(vec![trainer.step(*threads)?]),
            Self::Gpu(trainer) => Ok(block_on(trainer.advance(most as usize))?),
        }
    }

    fn state(&mut self) -> Result<&TrainingState, Failure> {
        match self {
            Self::Cpu(trainer, _) => Ok(trainer.state()),
            Self::Gpu(trainer) => Ok(block_on(trainer.state())?),
        }
    }
}

fn progress(length: u64, position: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len}  loss {msg}  {per_sec}  {elapsed} gone, {eta} left")
        .expect("the template is well formed");
    ProgressBar::new(length).with_style(style).with_position(position)
}

/// Write a file under its name only once it is whole.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let partial = path.with_extension("partial");
    std::fs::write(&partial, bytes).and_then(|()| std::fs::rename(&partial, path)).map_err(|e| file(path, &e).into())
}

fn file(path: &Path, error: &std::io::Error) -> Error {
    Error::File { path: path.display().to_string(), problem: error.to_string() }
}
