//! `bench`: how fast an engine samples here, beside what its multipliers could do.

use crate::Error;
use crate::command::engine::Chosen;
use crate::command::models::Data;
use crate::command::table::Table;
use crate::command::{Failure, Outcome, all_threads, models};
use crate::gpu::Gpu;
use crate::guidance::{Guide, Scheme};
use crate::lanes::{Instructions, multiply_adds};
use crate::plan::{Plan, Row};
use crate::plane::distribution::{Classes, Distribution};
use crate::plane::engine::cpu::Sampler;
use crate::plane::engine::gpu::Run;
use crate::plane::engine::{MOST_PARTICLES, RunConfig};
use crate::plane::starts;
use crate::plane::training::{Trainer, TrainingConfig, TrainingState, gpu};
use crate::plane::{Model, Models};
use crate::sampling::NoiseLevels;
use clap::Args;
use pollster::block_on;
use serde_json::json;
use std::hint::black_box;
use std::rc::Rc;
use std::time::Instant;

/// Seconds that iterations on a graphics processor take together, about.
const LONG: f64 = 0.5;
/// Turns of the bare loop: some milliseconds.
const TURNS: u64 = 1 << 21;
/// A multiplication and an addition for each entry of a matrix.
const PER_ENTRY: f64 = 2.0;

/// Time the sampler: particles x steps a second, GFLOP/s, and the share of a bare multiply-add loop's peak.
///
/// On the processor a row for every instruction set that it has, or for the one that --instructions names.
///
/// An evaluation of a network counts as eight products by its hidden matrices, four forward and four in reverse,
/// whatever a smarter form does with fewer. The bare loop runs between the rounds, on as many threads. On a graphics
/// processor a run counts from positions on the device to positions on the device.
#[derive(Args)]
#[command(after_help = models::list())]
pub struct Bench {
    #[command(flatten)]
    engine: Chosen,
    #[command(flatten)]
    data: Data,
    /// Main model; main-64-4096 unless told, and exact:A of data that no shipped network knows
    #[arg(long, value_name = "MODEL")]
    main: Option<String>,
    /// Model to guide away from, or none; guide-32-0512 unless told, and exact:AB of data that no shipped network knows
    #[arg(long, value_name = "MODEL")]
    guide: Option<String>,
    /// Guidance weight
    #[arg(long, value_name = "W", default_value_t = 3.0, allow_negative_numbers = true)]
    weight: f64,
    /// Heun steps
    #[arg(long, default_value_t = 32)]
    steps: u32,
    /// Number of particles
    #[arg(long, default_value_t = 4096)]
    particles: usize,
    /// Seed of the starts
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Timed runs, after one that is not
    #[arg(long, default_value_t = 9)]
    rounds: usize,
    /// Threads; all cores otherwise
    #[arg(long)]
    threads: Option<usize>,
    /// Time iterations of training instead, of the paper's main network, with so many particles a batch
    #[arg(long, conflicts_with_all = ["main", "guide", "weight", "steps", "seed"])]
    training: bool,
    /// A line of JSON with every time for each row, for a program
    #[arg(long)]
    json: bool,
}

/// What was measured: a row.
struct Measured {
    /// What did it.
    by: String,
    threads: usize,
    seconds: Vec<f64>,
    /// Operations a second of the bare loop.
    peaks: Vec<f64>,
    /// Seconds until the kernel was ready.
    compiling: Option<f64>,
}

impl Bench {
    pub fn run(self, asked: Option<Instructions>) -> Outcome {
        let gpu = self.engine.open()?;
        if self.rounds == 0 {
            return Err(Error::invalid("The number of rounds", "1 or more", 0).into());
        }
        let data = self.data.distribution()?;
        if self.training {
            return self.training(data, asked, gpu.as_ref());
        }
        let shipped = data == Distribution::PAPER;
        let chosen = |given: &Option<String>, network: &str, exact: &str| {
            given.clone().unwrap_or_else(|| if shipped { network } else { exact }.to_owned())
        };
        let names = [chosen(&self.main, "main-64-4096", "exact:A"), chosen(&self.guide, "guide-32-0512", "exact:AB")];
        let guide = (names[1] != "none").then(|| models::named(&names[1])).transpose()?;
        let main = models::named(&names[0])?;
        let models = models::load(data, std::iter::once(main.clone()).chain(guide.clone()))?;
        if !(1..=MOST_PARTICLES).contains(&self.particles) {
            let range = format!("between 1 and {}", MOST_PARTICLES);
            return Err(Error::invalid("The number of particles", range, self.particles).into());
        }
        let levels = NoiseLevels { steps: self.steps, ..NoiseLevels::default() };
        let start = starts(models.mixture(Classes::A), levels.max, self.seed, 0..self.particles);
        let scheme = Scheme {
            main,
            guide: guide.map(|model| Guide::new(model, 1.0)),
            weight: self.weight,
            levels,
            ..Scheme::default()
        };
        let plan = Plan::new(&scheme)?;
        let config = RunConfig { scheme, seed: self.seed };
        let measured = match &gpu {
            None => self.processor(asked, &config, &models, &start)?,
            Some(gpu) => vec![block_on(self.graphics(gpu, &config, &models, &start))?],
        };
        let evaluations: usize = plan.rows.iter().map(Row::stages).sum();
        let operations = self.particles as f64 * evaluations as f64 * operations(&config.scheme, &models)?;
        self.print(&names, models.distribution(), &measured, evaluations, operations);
        Ok(())
    }

    fn processor(
        &self,
        asked: Option<Instructions>,
        config: &RunConfig,
        models: &Models,
        start: &[[f32; 2]],
    ) -> Result<Vec<Measured>, Failure> {
        let threads = self.threads.unwrap_or_else(all_threads).max(1);
        let sampler = Sampler::new(config, models)?;
        let sample = || {
            let clock = Instant::now();
            black_box(sampler.sample(start, threads));
            clock.elapsed().as_secs_f64()
        };
        let sets = asked.map_or_else(|| Instructions::available().collect(), |set| vec![set]);
        let row = |set: &Instructions| Measured {
            by: set.title().to_owned(),
            threads,
            seconds: Vec::new(),
            peaks: Vec::new(),
            compiling: None,
        };
        let mut rows: Vec<Measured> = sets.iter().map(row).collect();
        // All sets in turn, so that a machine's moods meet them alike; the first round is not counted.
        for round in 0..=self.rounds {
            for (set, row) in sets.iter().zip(&mut rows) {
                set.choose();
                let (peak, seconds) = (peak(threads), sample());
                if round > 0 {
                    row.peaks.push(peak);
                    row.seconds.push(seconds);
                }
            }
        }
        Ok(rows)
    }

    async fn graphics(
        &self,
        gpu: &Rc<Gpu>,
        config: &RunConfig,
        models: &Models,
        start: &[[f32; 2]],
    ) -> Result<Measured, Failure> {
        let sample = async || {
            let run = Run::new(gpu, config, models, start).await?;
            let clock = Instant::now();
            while run.advance().await? {}
            Ok::<f64, Failure>(clock.elapsed().as_secs_f64())
        };
        sample().await?;
        let compiling = Some(gpu.compiling());
        let (mut seconds, mut peaks) = (Vec::new(), Vec::new());
        for _ in 0..self.rounds {
            peaks.push(gpu.multiply_add_peak(1).await?);
            seconds.push(sample().await?);
        }
        Ok(Measured { by: gpu.description(), threads: 1, seconds, peaks, compiling })
    }

    fn training(&self, data: Distribution, asked: Option<Instructions>, gpu: Option<&Rc<Gpu>>) -> Outcome {
        let config = TrainingConfig { data, batch: self.particles, ..TrainingConfig::default() };
        let mut rows = Vec::new();
        match gpu {
            None => {
                let threads = self.threads.unwrap_or_else(all_threads).max(1);
                for set in asked.map_or_else(|| Instructions::available().collect(), |set| vec![set]) {
                    set.choose();
                    let mut trainer = Trainer::new(config.clone())?;
                    let mut step = || {
                        let clock = Instant::now();
                        trainer.step(threads)?;
                        Ok::<f64, Error>(clock.elapsed().as_secs_f64())
                    };
                    step()?;
                    rows.push((
                        set.title().to_owned(),
                        threads,
                        (0..self.rounds).map(|_| step()).collect::<Result<_, _>>()?,
                    ));
                }
            }
            Some(gpu) => {
                let mut trainer = block_on(gpu::Trainer::new(gpu, TrainingState::new(config.clone())?))?;
                let mut step = |count: usize| {
                    let clock = Instant::now();
                    block_on(trainer.steps(count))?;
                    Ok::<f64, Error>(clock.elapsed().as_secs_f64() / count as f64)
                };
                // As many as take long beside the time to submit them and to read losses back.
                step(1)?;
                let count = (LONG / step(1)?).clamp(1.0, 1024.0) as usize;
                step(count)?;
                rows.push((
                    gpu.description(),
                    1,
                    (0..self.rounds).map(|_| step(count)).collect::<Result<Vec<f64>, _>>()?,
                ));
            }
        }
        let mut table = Table::new(["", "ms an iteration", "least to most", "iterations/s"]);
        for (by, threads, seconds) in rows {
            if self.json {
                let (data, batch, width) = (config.data.called(), config.batch, config.hidden);
                let line = json!({
                    "by": by, "threads": threads, "data": data, "batch": batch, "width": width, "seconds": seconds,
                });
                println!("{line}");
                continue;
            }
            let [least, most] = [f64::min, f64::max].map(|pick| 1e3 * seconds.iter().copied().fold(seconds[0], pick));
            let median = median(&seconds);
            let range = format!("{least:.2} to {most:.2}");
            table.push(vec![by, format!("{:.2}", 1e3 * median), range, format!("{:.1}", 1.0 / median)]);
        }
        if !self.json {
            println!(
                "Training a network of width {} on {}, {} particles a batch; medians of {}",
                config.hidden,
                config.data.called(),
                config.batch,
                self.rounds
            );
            print!("{}", table.plain());
        }
        Ok(())
    }

    fn print(
        &self,
        [main, guide]: &[String; 2],
        data: &Distribution,
        rows: &[Measured],
        evaluations: usize,
        operations: f64,
    ) {
        let data = data.called();
        if self.json {
            for Measured { by, threads, seconds, peaks, compiling } in rows {
                let line = json!({
                    "by": by, "threads": threads, "data": data, "particles": self.particles, "steps": self.steps, "compiling": compiling,
                    "evaluations": evaluations, "operations": operations, "seconds": seconds, "peaks": peaks,
                });
                println!("{line}");
            }
            return;
        }
        let guided = if guide == "none" { String::new() } else { format!(" guided by {guide}, w = {}", self.weight) };
        println!("{} particles of {data}, {} Heun steps, {main}{guided}", self.particles, self.steps);
        match rows {
            [row, ..] if row.compiling.is_none() => {
                println!("processor, {} thread(s), medians of {}", row.threads, self.rounds)
            }
            _ => println!("graphics processor, medians of {}", self.rounds),
        }
        let counted = operations > 0.0;
        let compiled = rows.iter().any(|row| row.compiling.is_some());
        let mut table = Table::new(
            ["", "seconds", "least to most", "particles x steps/s", "us a guided score", "bare loop GFLOP/s"]
                .into_iter()
                .chain(counted.then_some(["GFLOP/s", "share of peak"]).into_iter().flatten())
                .chain(compiled.then_some("s to compile")),
        );
        for Measured { by, threads, seconds, peaks, compiling } in rows {
            let (median, peak) = (median(seconds), median(peaks));
            let [least, most] = [f64::min, f64::max].map(|pick| seconds.iter().copied().reduce(pick).unwrap_or(0.0));
            let each = 1e6 * median * *threads as f64 / (self.particles * evaluations) as f64;
            let mut row = vec![
                by.clone(),
                format!("{median:.4}"),
                format!("{least:.4} to {most:.4}"),
                format!("{:.3e}", self.particles as f64 * f64::from(self.steps) / median),
                format!("{each:.3}"),
                format!("{:.1}", peak / 1e9),
            ];
            if counted {
                row.push(format!("{:.1}", operations / median / 1e9));
                row.push(format!("{:.0}%", 100.0 * operations / median / peak));
            }
            row.extend(compiling.map(|seconds| format!("{seconds:.3}")));
            table.push(row);
        }
        print!("{}", table.plain());
    }
}

/// Floating-point operations of one guided score: eight products a network. None are counted for exact models, which
/// spend theirs on exponentials.
fn operations(scheme: &Scheme, models: &Models) -> Result<f64, Failure> {
    let mut sum = 0.0;
    let guide = scheme.guide.as_ref().filter(|_| scheme.weight != 1.0).map(Guide::name);
    for name in std::iter::once(scheme.main.clone()).chain(guide) {
        match models.get(&name)? {
            Model::Exact(_) | Model::StudentT(..) => return Ok(0.0),
            Model::Network(network) | Model::Fresh(network, ..) => {
                let entries = (network.hidden() * network.hidden()) as f64;
                sum += PER_ENTRY * 2.0 * network.layers() as f64 * entries;
            }
        }
    }
    Ok(sum)
}

/// Operations a second of a loop that does nothing but multiply and add in registers, on all threads at once.
fn peak(threads: usize) -> f64 {
    let clock = Instant::now();
    let operations = std::thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(|| multiply_adds(TURNS))).collect();
        all.into_iter().map(|one| one.join().expect("arithmetic does not panic")).sum::<u64>()
    });
    operations as f64 / clock.elapsed().as_secs_f64()
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_counted_as_stated() {
        let models = models::load(Distribution::PAPER, ["main-64-4096:A", "guide-32-0512:A"].map(Into::into))
            .unwrap_or_else(|_| panic!("both are shipped"));
        let guide = Some(Guide::new("guide-32-0512:A", 1.0));
        let mut scheme = Scheme { guide, weight: 3.0, ..Scheme::default() };
        let count = |scheme: &Scheme| operations(scheme, &models).expect("the models are there");
        assert_eq!(count(&scheme), 8.0 * 2.0 * (64.0 * 64.0 + 32.0 * 32.0));
        scheme.weight = 1.0;
        assert_eq!(count(&scheme), 8.0 * 2.0 * 64.0 * 64.0);
        scheme.main = "exact:A".into();
        assert_eq!(count(&scheme), 0.0);
    }

    #[test]
    fn the_bare_loop_is_as_fast_as_any_machine_and_no_faster() {
        let peak = peak(1);
        assert!((1e7..2e12).contains(&peak), "{peak} a second");
    }
}
