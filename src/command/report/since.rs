//! The second half of the report: every rule of the table, and sentences about the field since.

use super::subject::{Kind, Subject};
use crate::command::fronts::{Fronts, Series};
use crate::command::interrupt::Interrupt;
use crate::command::rows::Log;
use crate::command::study::progress;
use crate::command::table::{self, Table};
use crate::command::{Failure, findings};
use crate::guidance::{EXACT, Noise, Scheme};
use crate::plan::Plan;
use crate::plane::Models;
use crate::plane::metrics::{Cost, Floor};
use crate::statistics::Difference;
use crate::study::since::{
    Choice, Evidence, Extra, LOST, Rule, Setting, WAYS, Widths, choose, claims, extras, front, rules, settings, widths,
};
use crate::study::{Finding, METRICS, Metric, Point, Results, Row, Shown, Trial, Trials, results};
use indicatif::ProgressBar;
use serde_json::{Value, json};
use std::fmt::Write;

/// How much is run.
struct Size {
    particles: usize,
    /// Seeds of which the best is chosen, and others that it is judged by.
    chosen: &'static [u64],
    judged: &'static [u64],
    /// Settings of each rule.
    settings: usize,
    /// Particles and steps of one Gaussian.
    gaussian: (usize, u32),
}

const WHOLE: Size =
    Size { particles: 4096, chosen: &[101], judged: &[1, 2, 3, 4, 5], settings: usize::MAX, gaussian: (16_384, 256) };
const QUICK: Size = Size { particles: 64, chosen: &[101], judged: &[1, 2], settings: 2, gaussian: (256, 16) };

/// File of the picture.
pub const PICTURE: &str = "report-since.svg";
/// File of what was run, by which it goes on.
const ROWS: &str = "report-since.jsonl";
const TITLES: [&str; 2] = ["With networks", "With exact scores"];

/// The setting of what only a sentence below speaks of.
const ASKED: &str = "for a sentence";

/// What is written.
pub struct Since {
    pub text: String,
    pub picture: String,
    /// For a terminal.
    pub verdicts: String,
}

/// A rule with one kind of models.
struct Found {
    name: String,
    settings: Vec<Setting>,
    grid: Vec<Option<Choice>>,
    best: usize,
    /// As published, and at its best.
    judged: [Results; 2],
}

/// All that is known with one kind of models.
#[derive(Default)]
struct Set {
    found: Vec<Found>,
    refused: Vec<(String, String)>,
    findings: Vec<Finding>,
}

/// What runs, and where rows are kept.
struct Runs<'a> {
    log: Log,
    trials: Trials,
    subject: &'a Subject,
    models: &'a Models,
    interrupt: Interrupt,
    bar: ProgressBar,
    particles: usize,
    kind: Kind,
}

impl Runs<'_> {
    fn configuration(&self, point: &Point, seed: u64) -> Value {
        Row::configuration(&self.subject.distribution, point, self.particles, &[seed], self.kind == Kind::Exact)
    }

    /// One seed, now or as it stands in the file; why not, where it is refused.
    fn trial(&mut self, name: &str, point: &Point, seed: u64) -> Result<Result<Trial, String>, Failure> {
        let configuration = self.configuration(point, seed);
        if self.log.row(&configuration).is_none() {
            self.bar.set_message(name.to_owned());
            if self.interrupt.came() {
                self.bar.finish_and_clear();
                return Err(Failure::Interrupted("Stopped; the same command goes on there.".to_owned()));
            }
            let outcome = self.trials.point(point, &[seed], self.models, |_| true).expect("nothing interrupts");
            let row = Row { name: name.to_owned(), over: Vec::new(), configuration: configuration.clone(), outcome };
            self.log.add(&row.to_json())?;
        }
        self.bar.inc(1);
        Ok(trial(self.log.row(&configuration).expect("it has just been added")))
    }

    /// Some seeds together.
    fn over(&mut self, name: &str, point: &Point, seeds: &[u64]) -> Result<Result<Results, String>, Failure> {
        let mut all = Vec::new();
        for &seed in seeds {
            match self.trial(name, point, seed)? {
                Ok(trial) => all.push(trial),
                Err(reason) => return Ok(Err(reason)),
            }
        }
        let floors: [Floor; METRICS.len()] = self.trials.floors();
        Ok(Ok(results(&all, &floors)))
    }
}

/// What a row says; no number is NaN.
fn trial(row: &Value) -> Result<Trial, String> {
    if let Some(reason) = row["refused"].as_str() {
        return Err(reason.to_owned());
    }
    let of = &row["results"];
    let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    let each = |read: &dyn Fn(&Value) -> f64| std::array::from_fn(|i| read(&of[METRICS[i].id]));
    let differences = |e: &Value| Difference {
        value: number(&e["difference"]["value"]),
        standard_error: number(&e["difference"]["standardError"]),
    };
    Ok(Trial {
        values: each(&|e| number(&e["value"])),
        errors: each(&|e| number(&e["standardError"])),
        differences: std::array::from_fn(|i| differences(&of[METRICS[i].id])),
        lost: of["lost"].as_u64().unwrap_or(0) as usize,
        cost: Cost {
            evaluations_per_particle: of["cost"]["evaluationsPerParticle"].as_u64().unwrap_or(0) as usize,
            milliseconds: number(&of["cost"]["milliseconds"]),
        },
    })
}

/// What a sentence speaks of, with one kind of models.
fn of_sentence(extra: &Extra, kind: &Kind) -> Option<Point> {
    let scheme = if *kind == Kind::Exact { &extra.exact } else { &extra.networks };
    scheme.as_ref().map(|scheme| kind.point(scheme))
}

/// Whether a scheme has no grid, for what it takes: exact Student-t noise is made of some forty Gaussians.
fn is_slow(scheme: &Scheme) -> bool {
    scheme.guide.as_ref().is_some_and(|guide| guide.noise != Noise::Gaussian)
}

fn sensible(scheme: &Scheme) -> bool {
    Plan::new(scheme).is_ok()
}

/// Run what is not there yet, and tell all of it.
pub fn run(subject: &Subject, folder: &str, quick: bool, threads: usize) -> Result<Since, Failure> {
    let size = if quick { QUICK } else { WHOLE };
    let all: Vec<(Rule, Vec<Setting>)> = (rules().into_iter())
        .map(|rule| {
            let mut of = settings(&rule, sensible);
            of.truncate(if is_slow(&rule.scheme) { 1 } else { size.settings });
            (rule, of)
        })
        .collect();
    let planned = |kind: &Kind| {
        let points = all.iter().flat_map(|(_, of)| of.iter().map(|s| kind.point(&s.scheme)));
        points.chain(extras().iter().filter_map(|extra| of_sentence(extra, kind))).collect::<Vec<Point>>()
    };
    let planned: Vec<(&Kind, Vec<Point>)> = subject.kinds.iter().map(|kind| (kind, planned(kind))).collect();
    let schemes = planned.iter().flat_map(|(_, points)| points).filter_map(|point| point.scheme.as_ref().ok());
    let models = subject.models(schemes)?;
    let log = Log::open(&format!("{folder}/{ROWS}"), "report")?;
    let count: usize = all.iter().map(|(_, of)| of.len() * size.chosen.len() + 2 * size.judged.len()).sum();
    let bar = progress(planned.len() * (count + extras().len() * size.judged.len()));
    let trials = Trials::over(subject.distribution.clone(), size.particles, threads)?;
    let (interrupt, particles) = (Interrupt::watch()?, size.particles);
    let mut runs = Runs { log, trials, subject, models: &models, interrupt, bar, particles, kind: Kind::Exact };
    let mut expected = Vec::new();
    for (kind, points) in planned {
        runs.kind = kind.clone();
        let seeds = || size.chosen.iter().chain(size.judged);
        expected.extend(points.iter().flat_map(|p| seeds().map(|&s| (runs.configuration(p, s), json!({})))));
    }
    runs.log.expect_rows_of(&expected)?;

    let gaussian: Vec<Widths> = (size.judged.iter())
        .map(|&seed| widths(3.0, size.gaussian.0, size.gaussian.1, seed, threads))
        .collect::<Result<_, _>>()?;
    let untested = || claims().iter().map(|claim| claim.test(&Evidence::default())).collect();
    let mut sets = [(); 2].map(|()| Set { findings: untested(), ..Set::default() });
    for kind in &subject.kinds {
        runs.kind = kind.clone();
        sets[usize::from(*kind == Kind::Exact)] = set(&mut runs, &all, &size, &gaussian)?;
    }
    runs.bar.finish_and_clear();
    let both = sets.each_ref().map(|set| &set.findings[..]);
    let verdicts = findings::verdicts(&claims(), &both);
    let fronts = picture(&sets);
    let text = text(subject, &sets, &verdicts, &fronts, &size, quick, &gaussian);
    Ok(Since { text, picture: fronts.svg(), verdicts: verdicts.plain() })
}

/// What a rule's setting is chosen by: outliers, and branches that are lost.
fn choice(results: &Results) -> Choice {
    let of = |metric: Metric| results.of(metric).value;
    Choice { error: of(Metric::OUTLIERS), lost: of(Metric::BRANCH_TOTAL_VARIATION) }
}

fn set(runs: &mut Runs, all: &[(Rule, Vec<Setting>)], size: &Size, gaussian: &[Widths]) -> Result<Set, Failure> {
    let mut set = Set::default();
    let (kind, exact) = (runs.kind.clone(), runs.kind == Kind::Exact);
    let mut evidence = Evidence {
        truth: runs.trials.floors().map(|floor| floor.mean),
        exact,
        // No network knows one Gaussian.
        widths: if exact { gaussian.to_vec() } else { Vec::new() },
        ..Evidence::default()
    };
    let mut seen: Vec<Scheme> = Vec::new();
    let mut most = LOST;
    for (rule, of) in all {
        let points: Vec<Point> = of.iter().map(|setting| kind.point(&setting.scheme)).collect();
        let name = rule.name.clone();
        let first = match &points[0].scheme {
            Err(reason) => Err(reason.to_string()),
            Ok(scheme) if seen.contains(scheme) => Err("With exact scores it is one of the rows above.".to_owned()),
            Ok(scheme) if !exact && scheme.models().iter().all(|model| model.model == EXACT) => {
                Err("It is of exact models alone.".to_owned())
            }
            Ok(scheme) => Ok(scheme.clone()),
        };
        let published = match first {
            Ok(scheme) => {
                seen.push(scheme);
                runs.over(&name, &points[0], size.judged)?
            }
            Err(reason) => Err(reason),
        };
        let published = match published {
            Ok(published) => published,
            Err(reason) => {
                set.refused.push((name, reason));
                continue;
            }
        };
        let mut grid = Vec::new();
        for point in &points {
            grid.push(runs.over(&name, point, size.chosen)?.ok().map(|results| choice(&results)));
        }
        if rule.id == "none" {
            most = grid[0].map_or(LOST, |none| none.lost + LOST);
        }
        let best = choose(&grid, most).unwrap_or(0);
        let judged_best = runs.over(&name, &points[best], size.judged)?.unwrap_or_else(|_| published.clone());
        evidence.runs.insert(rule.id.clone(), published.values.clone());
        evidence.runs.insert(format!("{} best", rule.id), judged_best.values.clone());
        set.found.push(Found { name, settings: of.clone(), grid, best, judged: [published, judged_best] });
    }
    for extra in extras() {
        let Some(point) = of_sentence(&extra, &kind) else { continue };
        match runs.over(extra.name, &point, size.judged)? {
            Ok(results) => {
                evidence.runs.insert(extra.id.to_owned(), results.values.clone());
                let settings =
                    point.scheme.into_iter().map(|scheme| Setting { words: ASKED.to_owned(), scheme }).collect();
                let (name, judged) = (extra.name.to_owned(), [results.clone(), results]);
                set.found.push(Found { name, settings, grid: Vec::new(), best: 0, judged });
            }
            Err(reason) => set.refused.push((extra.name.to_owned(), reason)),
        }
    }
    set.findings = claims().iter().map(|claim| claim.test(&evidence)).collect();
    Ok(set)
}

fn picture(sets: &[Set; 2]) -> Fronts<'static> {
    let names: Vec<String> = rules().into_iter().map(|rule| rule.name).collect();
    let at = |c: Choice| [c.lost, c.error];
    let of = |set: &Set, name: &str| set.found.iter().find(|found| found.name == name).map(series);
    fn series(found: &Found) -> Series {
        // Beyond where nothing is finite there is nothing to draw.
        let grid: Vec<Option<Choice>> = found.grid.clone();
        let places: Vec<usize> = (0..grid.len()).filter(|&i| grid[i].is_some()).collect();
        let front = front(&grid).into_iter().filter_map(|i| places.iter().position(|&place| place == i)).collect();
        let judged = found.judged.each_ref().map(|results| {
            let Choice { error, lost } = choice(results);
            Some([lost, error])
        });
        Series { grid: grid.into_iter().flatten().map(|c| [c.lost, c.error]).collect(), front, judged }
    }
    let panels = names.iter().map(|name| (name.clone(), sets.each_ref().map(|set| of(set, name).unwrap_or_default())));
    let none = sets.each_ref().map(|set| set.found.first().map(|found| at(choice(&found.judged[0]))));
    Fronts {
        names: ["branch total variation (less is more diverse)", "outliers"],
        ends: [[1.0, 0.0], [0.0, 1.0]],
        ticks: [
            [1.0, 0.5, 0.0].map(|v| (v, format!("{v}"))).to_vec(),
            [0.0, 0.01, 0.1, 0.4, 1.0].map(|v| (v, format!("{:.0}%", 100.0 * v))).to_vec(),
        ],
        none,
        panels: panels.filter(|(_, sets)| sets.iter().any(|series| !series.grid.is_empty())).collect(),
        note: "Nearer to the lower right corner is better in both; with fewer than 1% of outliers samples crowd.",
    }
}

/// Identifiers in brackets as names in words.
fn named(words: &str) -> String {
    let rules = rules();
    let best: Vec<(String, String)> =
        rules.iter().map(|rule| (format!("{} best", rule.id), format!("{}, at its best", rule.name))).collect();
    let all = rules.iter().map(|rule| (rule.id.as_str(), rule.name.as_str()));
    let all = all.chain(best.iter().map(|(id, name)| (id.as_str(), name.as_str())));
    findings::named(words, all.chain(extras().iter().map(|extra| (extra.id, extra.name))))
}

/// Why there is nothing to test.
fn missing(id: &str, exact: bool) -> String {
    match id {
        "gaussian" => "No network knows one Gaussian.".to_owned(),
        _ if !exact && id == "unmixed" => "It asks for true densities, which networks do not have.".to_owned(),
        _ => named(&format!("There is no run of [{id}] here.")),
    }
}

fn text(
    subject: &Subject,
    sets: &[Set; 2],
    verdicts: &Table,
    fronts: &Fronts,
    size: &Size,
    quick: bool,
    gaussian: &[Widths],
) -> String {
    // One that was not run has nothing at all.
    let run = |set: &&Set| !set.found.is_empty() || !set.refused.is_empty();
    let shown = Metric::shown(Shown::Report);
    let flag = if quick { " --quick" } else { "" };
    let (few, seeds) = (size.chosen.len(), size.judged.len());
    let list = |seeds: &[u64]| seeds.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    let mut text = String::from(crate::command::halves::SINCE);
    let _ = write!(
        text,
        "\nWritten by `guidance-playground report --half since{}{flag}`: every rule of the table of schemes (docs/schemes.md), {} \
         particles, seeds {}. *As published*: with its paper's numbers, where a paper has any that mean something here, and by CFG with \
         w = 4 where it says nothing of the guide. *At its best*: the best of a small grid, each number in turn halfway to where its \
         control begins, and a quarter of the way and halfway to where it ends, the others as published. The best has the fewest \
         outliers of those with at most {LOST} more branch total variation than no guidance; where all have more, it is the one with \
         the least. It is chosen by {few} other seed{} ({}), with networks and with exact scores for themselves, so that what luck \
         chose does not judge itself. Exact Student-t noise takes ten times as long as anything else and has no grid.{}\n\n## Verdicts on the field since\n\n\
         A sentence holds, as above, where every difference that its criterion names is above zero by Student's t of {seeds} seeds' \
         paired differences (one-sided, 1%).\n\n{}\n{}",
        subject.options,
        size.particles,
        list(size.judged),
        if few == 1 { "" } else { "s" },
        list(size.chosen),
        if subject.is_papers() {
            String::new()
        } else {
            format!(" Class A of {}; networks: {}.", subject.called(), subject.networks())
        },
        verdicts.markdown(),
        fronts.shown(PICTURE)
    );
    for (title, set) in TITLES.iter().zip(sets).filter(|(_, set)| run(set)) {
        let _ = write!(
            text,
            "\n## Every rule, {}\n\nEach metric ± its standard error; *evaluations*: of models, a particle. Below, a perfect \
             sampler's with the spread of one run.\n\n{}",
            title.to_lowercase(),
            table(set, &shown).markdown()
        );
        for (name, reason) in &set.refused {
            let _ = write!(text, "\nNot run: {name}. {reason}\n");
        }
    }
    text.push_str("\n## Sentences\n\n");
    for (i, claim) in claims().iter().enumerate() {
        let _ = write!(text, "### Since {}. {}\n\n*Criterion.* {}\n\n", i + 1, claim.statement, claim.criterion);
        for ((exact, title), set) in TITLES.iter().enumerate().zip(sets).filter(|(_, set)| run(set)) {
            let finding = &set.findings[i];
            let _ = writeln!(text, "{title}: **{}**\n", finding.verdict.words());
            if let Some(id) = &finding.missing {
                let _ = writeln!(text, "- {}\n", missing(id, exact == 1));
                continue;
            }
            for c in &finding.comparisons {
                let _ = writeln!(text, "- {} = {}: {}", named(&c.words), findings::figures(c, 4), findings::decided(c));
            }
            text.push('\n');
        }
    }
    text.push_str("## One Gaussian\n\nStandard deviations, means over seeds.\n\n");
    let mut widths = Table::new(["", "found", "closed form"]);
    for (i, way) in WAYS.iter().enumerate() {
        let mean = |of: &dyn Fn(&Widths) -> f64| gaussian.iter().map(of).sum::<f64>() / gaussian.len() as f64;
        let [found, known] = [mean(&|w| w.found[i]), mean(&|w| w.known[i])].map(|width| format!("{width:.4}"));
        widths.push(vec![(*way).to_owned(), found, known]);
    }
    text.push_str(&widths.markdown());
    text
}

/// Each rule as published and at its best.
fn table(set: &Set, shown: &[Metric]) -> Table {
    let heads = shown.iter().map(|m| m.head);
    let mut table = Table::new(["", "setting"].into_iter().chain(heads).chain(["evaluations"]));
    let mut add = |name: String, words: &str, results: &Results| {
        let cells = shown.iter().map(|&m| table::with_error(m, results.of(m).value, results.of(m).standard_error));
        let first = [table::named(&name, results.lost as u64), words.to_owned()];
        let evaluations = results.cost.evaluations_per_particle.to_string();
        table.push(first.into_iter().chain(cells).chain([evaluations]).collect());
    };
    for found in &set.found {
        let [published, best] = &found.judged;
        add(found.name.clone(), &found.settings[0].words, published);
        if found.settings.len() > 1 {
            add(format!("{}, at its best", found.name), &found.settings[found.best].words, best);
        }
    }
    if let Some(found) = set.found.first() {
        let floor = |m: Metric| found.judged[0].of(m).floor;
        let cells = shown.iter().map(|&m| table::with_error(m, floor(m).mean, floor(m).spread));
        table.push(
            ["a perfect sampler", ""].map(str::to_owned).into_iter().chain(cells).chain([String::new()]).collect(),
        );
    }
    table
}
