//! `report`: the proposal's experiments and claims, with the numbers, and what the field has made since.

mod since;
mod subject;

use self::subject::{Asked, Kind, Subject};
use crate::command::halves::{self, Half};
use crate::command::picture::{Mark, Picture};
use crate::command::study::progress;
use crate::command::table::{self, Table};
use crate::command::{Failure, Outcome, all_threads, findings, points, text};
use crate::guidance::{Noise, Scheme};
use crate::plane::Models;
use crate::study::{
    self, Agreement, Claim, Evidence, Experiment, Finding, Metric, Point, Published, Results, Shown, Trials, claims,
    experiments, published,
};
use clap::Args;
use indicatif::ProgressBar;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Rerun the proposal's experiments and every rule of the table, with networks and with exact scores, and write report.md with its
/// pictures.
///
/// Every verdict is computed from the metrics of this run. Ten minutes or so on two cores for each half; the second, of every rule,
/// goes on where Ctrl-C stopped it. On other data than the paper's tree the same claims are decided by the same criteria, with exact
/// models, and with networks where they are given; what needs a network that is not there is not run, and says why.
#[derive(Args)]
pub struct Report {
    #[command(flatten)]
    asked: Asked,
    /// Folder for report.md and its pictures; docs for the paper's tree and the networks that ship
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// 256 particles and 2 seeds: to see whether it works
    #[arg(long)]
    quick: bool,
    /// Only this half; the other stays as report.md has it
    #[arg(long)]
    half: Option<Half>,
    /// Threads; all cores otherwise
    #[arg(long)]
    threads: Option<usize>,
}

/// How much is run.
struct Size {
    particles: usize,
    seeds: u64,
    /// Particles and runs of the published table.
    published: (usize, u64),
}

const WHOLE: Size = Size { particles: 16_384, seeds: 5, published: (Published::PARTICLES, 8) };
const QUICK: Size = Size { particles: 256, seeds: 2, published: (256, 2) };

/// One set of experiments.
struct Set {
    kind: Kind,
    rows: Vec<(Experiment, Results)>,
    /// Experiments that could not be run, and why.
    refused: Vec<(Experiment, String)>,
    findings: Vec<Finding>,
}

impl Report {
    pub fn run(self) -> Outcome {
        let threads = self.threads.unwrap_or_else(all_threads);
        let subject = Subject::of(&self.asked)?;
        let out = subject.folder(self.out.as_ref())?;
        let path = place(&out, "report.md");
        points::expect_folder(Some(&path))?;
        subject.expect_same(&path, self.half)?;
        let made = |half: Half| self.half.is_none_or(|only| only == half);
        let proposal = made(Half::Proposal).then(|| self.proposal(&subject, &out, threads)).transpose()?;
        let folder = out.display().to_string();
        let since = made(Half::Since).then(|| since::run(&subject, &folder, self.quick, threads)).transpose()?;
        if let Some(since) = &since {
            points::save(Some(&place(&out, since::PICTURE)), &since.picture)?;
        }
        let before = if Path::new(&path).exists() { text::read(Some(&path))? } else { String::new() };
        let (proposal, told) = proposal.unzip();
        let (since, more) = since.map(|since| (since.text, since.verdicts)).unzip();
        points::save(Some(&path), halves::joined(&before, proposal, since))?;
        let told: Vec<String> = told.into_iter().chain(more).collect();
        Ok(points::print(&format!("{}\n{path}\n", told.join("\n")))?)
    }

    /// The first half and its verdicts; its pictures are written.
    fn proposal(&self, subject: &Subject, out: &Path, threads: usize) -> Result<(String, String), Failure> {
        let size = if self.quick { QUICK } else { WHOLE };
        let planned: Vec<_> = subject.kinds.iter().map(planned).collect();
        let points = || planned.iter().flatten();
        // The reference is of the paper's tree.
        let table = if subject.is_papers() { published() } else { Vec::new() };
        let schemes = points().filter_map(|(_, point)| point.scheme.as_ref().ok());
        let models = subject.models(schemes.chain(table.iter().map(|p| &p.scheme)))?;
        let bar = progress(size.seeds as usize * points().map(|(e, _)| weight(&e.scheme)).sum::<usize>());
        let seeds: Vec<u64> = (1..=size.seeds).collect();
        let mut trials = Trials::over(subject.distribution.clone(), size.particles, threads)?;
        let sets: Vec<Set> = (subject.kinds.iter().zip(planned))
            .map(|(kind, points)| run_set(kind.clone(), points, &mut trials, &seeds, &models, &bar))
            .collect();
        bar.set_message("published table");
        let agreements = check_published(&table, &size, threads, &models)?;
        bar.finish_and_clear();

        let text = write(subject, &sets, &agreements, &size, self.quick);
        for set in &sets {
            for (suffix, y) in PICTURES {
                let name = format!("report-{}-{suffix}.svg", set.kind.file());
                points::save(Some(&place(out, &name)), &picture(set, y).svg()?)?;
            }
        }
        Ok((text, verdicts(&sets).plain()))
    }
}

/// How much longer a scheme takes, about: exact Student-t noise is made of some forty Gaussians. For the time left.
fn weight(scheme: &Scheme) -> usize {
    if scheme.guide.as_ref().is_some_and(|guide| guide.noise != Noise::Gaussian) { 12 } else { 1 }
}

fn place(folder: &Path, name: &str) -> String {
    folder.join(name).display().to_string()
}

/// Both pictures of a set, by file and by what goes upwards.
const PICTURES: [(&str, Metric); 2] = [("outliers", Metric::OUTLIERS), ("distance", Metric::SLICED_WASSERSTEIN)];

/// The experiments with one kind of models, each once: a trained guide becomes the exact one that there is already.
fn planned(kind: &Kind) -> Vec<(Experiment, Point)> {
    let mut seen: Vec<Scheme> = Vec::new();
    let mut planned = Vec::new();
    for experiment in experiments() {
        let point = kind.point(&experiment.scheme);
        if !point.scheme.as_ref().is_ok_and(|scheme| seen.contains(scheme)) {
            seen.extend(point.scheme.clone());
            planned.push((experiment, point));
        }
    }
    planned
}

fn run_set(
    kind: Kind,
    points: Vec<(Experiment, Point)>,
    trials: &mut Trials,
    seeds: &[u64],
    models: &Models,
    bar: &ProgressBar,
) -> Set {
    let (mut rows, mut refused) = (Vec::new(), Vec::new());
    for (experiment, point) in points {
        bar.set_message(experiment.name);
        let outcome = trials.point(&point, seeds, models, |runs| {
            bar.inc(runs * weight(&experiment.scheme) as u64);
            true
        });
        match outcome.expect("nothing interrupts") {
            study::Outcome::Results(results) => rows.push((experiment, *results)),
            study::Outcome::Refused(reason) => refused.push((experiment, reason.to_string())),
        }
    }
    let evidence = Evidence {
        runs: rows.iter().map(|(e, results)| (e.id.to_owned(), results.values.clone())).collect(),
        truth: trials.floors().map(|floor| floor.mean),
    };
    let findings = claims().iter().map(|claim| claim.test(&evidence)).collect();
    Set { kind, rows, refused, findings }
}

/// What the published table says and what comes out here: for each row its three values.
fn check_published(
    table: &[Published],
    size: &Size,
    threads: usize,
    models: &Models,
) -> Result<Vec<(&'static str, [Agreement; 3])>, Failure> {
    let (particles, runs) = size.published;
    let mut trials = Trials::new(particles, threads)?;
    let mut found = Vec::new();
    for row in table {
        let values = (1..=runs)
            .map(|seed| Ok(trials.run(&row.scheme, 1000 + seed, models)?.values))
            .collect::<Result<Vec<_>, Failure>>()?;
        found.push((row.name, row.agreements(&values, trials.mean_log_density(), particles)));
    }
    Ok(found)
}

fn picture(set: &Set, y: Metric) -> Picture<'static> {
    let x = Metric::EFFECTIVE_BRANCHES;
    let mark = |(e, results): &(Experiment, Results)| {
        let of = |m: Metric| [results.of(m).value, results.of(m).standard_error];
        let accent = e.id.starts_with('k') || e.id.starts_with("cosine");
        Mark { x: of(x), y: of(y), label: e.id.to_owned(), accent }
    };
    // Series of one parameter are joined.
    let series = |id: &str| match id {
        "k1.00" | "k1.02" | "k1.04" | "k1.10" | "k1.20" => "k",
        "cosine4" | "cosine6" | "cosine8" => "g",
        _ => "",
    };
    let mut lines: BTreeMap<String, Vec<Mark>> = BTreeMap::new();
    for row in &set.rows {
        let name = series(row.0.id);
        let line = if name.is_empty() { format!("alone {}", row.0.id) } else { name.to_owned() };
        lines.entry(line).or_default().push(mark(row));
    }
    let truth = set.rows.first().map(|(_, results)| [x, y].map(|m| results.of(m).floor.mean));
    Picture { names: [x.name, y.name], lines: lines.into_values().collect(), truth }
}

/// Claims and their verdicts.
fn verdicts(sets: &[Set]) -> Table {
    let both = ["networks", "exact"].map(|kind| match sets.iter().find(|set| set.kind.file() == kind) {
        Some(set) => set.findings.clone(),
        None => claims().iter().map(|claim| claim.test(&Evidence::default())).collect(),
    });
    findings::verdicts(&claims(), &both.each_ref().map(|findings| &findings[..]))
}

/// Identifiers in brackets as names in words.
fn named(words: &str) -> String {
    findings::named(words, experiments().iter().map(|e| (e.id, e.name)))
}

fn numbers(text: &mut String, set: &Set, finding: &Finding) {
    let _ = writeln!(text, "{}: **{}**\n", set.kind.title(), finding.verdict.words());
    if let Some(id) = &finding.missing {
        let name = experiments().into_iter().find(|e| e.id == id).map_or("", |e| e.name);
        let reason = set.refused.iter().find(|(e, _)| e.id == id).map_or("", |(_, reason)| reason);
        let _ = writeln!(text, "- There is no run of {name} here. {reason}\n");
        return;
    }
    for c in &finding.comparisons {
        let _ = writeln!(text, "- {} = {}: {}", named(&c.words), findings::figures(c, 4), findings::decided(c));
    }
    text.push('\n');
}

fn write(subject: &Subject, sets: &[Set], agreements: &[(&str, [Agreement; 3])], size: &Size, quick: bool) -> String {
    let mut text = String::from("# The proposal's experiments, rerun\n\n");
    let flag = if quick { " --quick" } else { "" };
    let _ = write!(
        text,
        "Written by `guidance-playground report{}{flag}`: {} particles, {} seeds, 32 steps of Heun's method, class A of {}. \
         The same seed gives the same starts for every scheme. The weight w mixes scores, s0 + w (s1 − s0): w = 1 is no guidance; the cosine weight is (g/2)(1 − cos πu) \
         without one added.\n\n\
         **Networks**: {}. **Exact scores**: both are the true \
         distributions, so that only guidance is seen, and no network error; a guide that is merely worse than the main \
         model has no such counterpart.\n\n\
         ## Verdicts\n\n\
         A claim holds where every difference that its criterion names is above zero by Student's t of the seeds' paired \
         differences (one-sided, 1%); it does not hold where one is below zero by as much; otherwise it is undecided.\n\n",
        subject.options,
        size.particles,
        size.seeds,
        subject.called(),
        subject.networks(),
    );
    text.push_str(&verdicts(sets).markdown());
    for set in sets {
        let rows: Vec<(String, &Results)> =
            set.rows.iter().map(|(e, results)| (table::named(e.name, results.lost as u64), results)).collect();
        let shown = Metric::shown(Shown::Report);
        let _ = write!(
            text,
            "\n## {}\n\n\
             Each metric ± its standard error. {} *evaluations*: Of models, a particle. Below, a perfect sampler's metrics with the \
             spread of one run: the noise floor.\n\n",
            set.kind.title(),
            meanings(&shown)
        );
        text.push_str(&table::values(&shown, &rows, false).markdown());
        text.push_str("\nWhat guidance changes: differences from no guidance, paired by particle.\n\n");
        text.push_str(&table::differences(&shown, &rows, false).markdown());
        text.push_str("\nSpread: standard deviation of one seed.\n\n");
        text.push_str(&table::deviations(&shown, &rows).markdown());
        for (experiment, reason) in &set.refused {
            let _ = write!(text, "\nNot run: {}. {reason}\n", experiment.name);
        }
        for (suffix, metric) in PICTURES {
            let (file, name) = (set.kind.file(), metric.name);
            let _ = write!(text, "\n![{name} against effective branches](report-{file}-{suffix}.svg)\n");
        }
    }
    text.push_str("\n## Claims\n\n");
    for (i, Claim { statement, criterion, .. }) in claims().iter().enumerate() {
        let _ = write!(text, "### {}. {statement}\n\n*Criterion.* {criterion}\n\n", i + 1);
        for set in sets {
            numbers(&mut text, set, &set.findings[i]);
        }
    }
    if subject.is_papers() {
        agreement(&mut text, agreements, size);
    }
    text.push_str(
        "\n## Time\n\nMilliseconds of one run, sampling alone, on the machine that wrote this: the only numbers here that \
         another run of the command changes by more than rounding.\n\n",
    );
    let heads = sets.iter().map(|set| set.kind.title().to_lowercase());
    let mut times = Table::new(std::iter::once(String::new()).chain(heads));
    for e in experiments() {
        let time = |set: &Set| {
            let row = set.rows.iter().find(|(other, _)| other.id == e.id);
            row.map_or_else(String::new, |(_, results)| format!("{:.0}", results.cost.milliseconds))
        };
        times.push(std::iter::once(e.name.to_owned()).chain(sets.iter().map(time)).collect());
    }
    text.push_str(&times.markdown());
    text
}

/// What stands under each head.
fn meanings(shown: &[Metric]) -> String {
    let one = |m: &Metric| format!("*{}*: {}", m.head, m.explanation);
    shown.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn agreement(text: &mut String, agreements: &[(&str, [Agreement; 3])], size: &Size) {
    let (particles, runs) = size.published;
    let _ = write!(
        text,
        "## Published values with exact scores\n\n\
         The project's reference table was made by another implementation in float64, one run of {} particles a row. Here: mean \
         of {runs} runs of {particles} with other starts. A value agrees where it lies within three standard errors of one \
         more such run, beyond the rounding of what was published. (Rows of that table share their starts, and so their \
         errors. Its rows of g come out closer where both stages of a step have the weight of its beginning; here, as for \
         every schedule, the second stage has that of its own noise level.)\n\n",
        Published::PARTICLES
    );
    if particles != Published::PARTICLES {
        text.push_str(
            "The numbers of particles differ, on which total variation depends: nothing is to be learnt from it.\n\n",
        );
    }
    let heads = ["outliers", "mean log p", "branch TV"];
    let mut table = Table::new(std::iter::once("").chain(heads.iter().flat_map(|&h| [h, "here", "errors apart"])));
    let mut apart = Vec::new();
    for (name, row) in agreements {
        let cells = row.iter().enumerate().flat_map(|(i, a)| {
            let digits = if i == 0 { 4 } else { 3 };
            let mark = if a.agrees() { "" } else { " ✗" };
            [
                format!("{:.*}", digits - 1, a.published),
                format!("{:.digits$} ± {:.digits$}", a.mean, a.standard_error),
                format!("{:.1}{mark}", a.apart),
            ]
        });
        table.push(std::iter::once((*name).to_owned()).chain(cells).collect());
        apart.extend(row.iter().zip(heads).filter(|(a, _)| !a.agrees()).map(|(_, head)| format!("{head} of {name}")));
    }
    text.push_str(&table.markdown());
    let count = 3 * agreements.len();
    let _ = match apart.len() {
        0 => write!(text, "\nAll {count} values agree.\n"),
        n => write!(text, "\n{} of {count} values agree; apart are: {}.\n", count - n, apart.join("; ")),
    };
}
