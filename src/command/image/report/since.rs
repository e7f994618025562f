//! The second half of the report of pictures: every rule of their table, and sentences about the field since.

use super::runs::{Setting, Size};
use super::{Kind, Watch};
use crate::command::findings;
use crate::command::fronts::{Fronts, Series};
use crate::command::interrupt::Interrupt;
use crate::command::rows::Log;
use crate::command::table::{Table, named as with_lost, pair};
use crate::command::{Failure, halves};
use crate::guidance::{EXACT, VERSION};
use crate::images::engine::Models;
use crate::images::metrics::{Evaluator, METRICS, Scores};
use crate::images::study::since::{NAMES, claims, extras, rules};
use crate::images::study::{Evidence, OverNoises, Seen};
use crate::images::{Scheme, Subject, World};
use crate::statistics::Difference;
use crate::study::Finding;
use crate::study::since::{Choice, Rule, Setting as RuleSetting, choose, front, settings};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

/// How much is run.
struct Amount {
    concepts: usize,
    steps: u32,
    /// Pictures of each prompt, and seeds of noise: those of which the best is chosen, and others that it is judged by.
    chosen: (usize, &'static [u64]),
    judged: (usize, &'static [u64]),
    /// Settings of each rule.
    settings: usize,
}

const WHOLE: Amount = Amount { concepts: 12, steps: 16, chosen: (6, &[100]), judged: (8, &[0, 1, 2, 3]), settings: 5 };
const QUICK: Amount = Amount { concepts: 1, steps: 2, chosen: (2, &[100]), judged: (2, &[0]), settings: 1 };

pub const PICTURE: &str = "images-report-since.svg";
pub const ROWS: &str = "images-report-since.jsonl";
const TITLES: [&str; 2] = ["With networks", "With exact scores"];
const DISTANCE: &str = "distance";
const STYLES: &str = "effectiveStyles";
/// Effective styles that may be gone.
const LOST: f64 = 0.4;

/// What is written.
pub struct Since {
    pub text: String,
    pub picture: String,
    pub verdicts: String,
}

/// What is run with.
pub struct With<'a> {
    pub world: &'a Arc<World>,
    pub models: &'a Models,
    /// Checksums of networks, by name.
    pub marks: &'a Value,
    pub evaluator: &'a Evaluator,
    pub interrupt: Interrupt,
    pub threads: usize,
    pub kinds: &'a [Kind],
    pub quick: bool,
    pub rows: &'a str,
}

struct Found {
    name: String,
    settings: Vec<RuleSetting<Scheme>>,
    grid: Vec<Option<Choice>>,
    best: usize,
    judged: [Vec<Scores>; 2],
}

#[derive(Default)]
struct Set {
    made: bool,
    found: Vec<Found>,
    refused: Vec<(String, String)>,
    findings: Vec<Finding>,
}

/// What runs, and where rows are kept.
struct Runs<'a> {
    with: &'a With<'a>,
    log: Log,
    watch: Watch,
    exact: bool,
    steps: u32,
}

/// Which prompts, and how often.
fn setting(with: &With, amount: &Amount, (images, seeds): (usize, &[u64])) -> Setting {
    let size =
        Size { concepts: amount.concepts, images, noises: seeds.len() as u64, steps: amount.steps, plane: (0, 0) };
    // Spread over the world, whose neighbours are alike.
    let all = with.world.concepts().len();
    let concepts = (0..amount.concepts).map(|i| with.world.name(Subject::Concept(i * all / amount.concepts))).collect();
    let (experiments, unseen, seen) = (Vec::new(), Vec::new(), Vec::new());
    Setting { size, world: Arc::clone(with.world), experiments, concepts, unseen, seen }
}

impl Runs<'_> {
    /// As it is run, or why not.
    fn scheme(&self, scheme: &Scheme) -> Result<Scheme, String> {
        let scheme = if self.exact { scheme.exact().map_err(|e| e.to_string())? } else { scheme.clone() };
        if !self.exact && scheme.models().iter().all(|name| name.model == EXACT) {
            return Err("It is of exact models alone.".to_owned());
        }
        scheme.validate().map_err(|e| e.to_string())?;
        Ok(self.stepped(scheme))
    }

    fn stepped(&self, mut scheme: Scheme) -> Scheme {
        scheme.guidance.levels.steps = self.steps;
        scheme
    }

    fn configuration(&self, scheme: &Scheme, of: &Setting, seed: u64) -> Value {
        let mut networks = json!({});
        for name in scheme.models().into_iter().map(|name| name.model).filter(|model| model != EXACT) {
            networks[&name] = self.with.marks[&name].clone();
        }
        json!({ "version": VERSION, "scheme": scheme, "exact": self.exact, "networks": networks, "prompts": of.concepts,
            "images": of.size.images, "seed": seed })
    }

    /// What is seen, now or as it stands in the file; why not, where it is refused.
    fn scores(
        &mut self,
        name: &str,
        scheme: &Scheme,
        of: &Setting,
        seeds: &[u64],
    ) -> Result<Result<Vec<Scores>, String>, Failure> {
        let With { models, evaluator, threads, .. } = self.with;
        let prompts = of.prompts()?;
        let mut all = Vec::new();
        for &seed in seeds {
            let configuration = self.configuration(scheme, of, seed);
            if self.log.row(&configuration).is_none() {
                self.watch.bar.set_message(name.to_owned());
                let mut row = json!({ "name": name, "configuration": configuration });
                match of.look(scheme, seed, models, evaluator, *threads, &self.watch) {
                    Ok(Some(seen)) => row["results"] = seen,
                    Ok(None) => {
                        self.watch.bar.finish_and_clear();
                        return Err(Failure::Interrupted("Stopped; the same command goes on there.".to_owned()));
                    }
                    Err(Failure::Error { sentence, .. }) => row["refused"] = sentence.into(),
                    Err(other) => return Err(other),
                }
                self.log.add(&row)?;
            }
            let row = self.log.row(&configuration).expect("it has just been added");
            if let Some(reason) = row["refused"].as_str() {
                return Ok(Err(reason.to_owned()));
            }
            let seen: Seen = serde_json::from_value(row["results"].clone()).map_err(|e| e.to_string())?;
            match evaluator.scores_of(seen.readings(self.with.world, prompts.len())?, &prompts) {
                Ok(scores) => all.push(scores),
                Err(reason) => return Ok(Err(reason.to_string())),
            }
        }
        Ok(Ok(all))
    }
}

/// With networks or with exact scores.
fn sensible(scheme: &Scheme) -> bool {
    scheme.validate().is_ok() || scheme.exact().is_ok_and(|scheme| scheme.validate().is_ok())
}

/// Run what is not there yet, and tell all of it.
pub fn run(with: &With) -> Result<Since, Failure> {
    let amount = if with.quick { QUICK } else { WHOLE };
    let all: Vec<(Rule<Scheme>, Vec<RuleSetting<Scheme>>)> = (rules(with.world).into_iter())
        .map(|rule| {
            // Pictures are slow: the grid goes over the first number alone.
            let first = rule.controls.iter().take(1).cloned().collect();
            let mut of = settings(&Rule { controls: first, ..rule.clone() }, sensible);
            of.truncate(amount.settings);
            (rule, of)
        })
        .collect();
    let style = ProgressStyle::with_template("{bar:30} {percent}%  {msg}  {elapsed} gone, {eta} left");
    let (chosen, judged) = (setting(with, &amount, amount.chosen), setting(with, &amount, amount.judged));
    let jobs = |of: &Setting, seeds: &[u64]| (of.concepts.len() * seeds.len()) as u64;
    let work = |scheme: &Scheme| scheme.models().len() as u64;
    let of_rule = |(rule, of): &(Rule<Scheme>, Vec<RuleSetting<Scheme>>)| {
        let grid: u64 = of.iter().map(|s| work(&s.scheme) * jobs(&chosen, amount.chosen.1)).sum();
        grid + 2 * work(&rule.scheme) * jobs(&judged, amount.judged.1)
    };
    let count = with.kinds.len() as u64 * all.iter().map(of_rule).sum::<u64>();
    let bar = ProgressBar::new(count).with_style(style.expect("the template is well formed"));
    let watch = Watch { bar, interrupt: with.interrupt.clone() };
    let log = Log::open(with.rows, "report")?;
    let mut runs = Runs { with, log, watch, exact: false, steps: amount.steps };
    let mut sets: [Set; 2] = Default::default();
    for kind in with.kinds {
        runs.exact = *kind == Kind::Exact;
        let found = set(&mut runs, &all, &amount, [&chosen, &judged])?;
        sets[usize::from(runs.exact)] = found;
    }
    runs.watch.bar.finish_and_clear();
    let verdicts = verdicts(&sets);
    let fronts = picture(&sets, &all);
    let text = text(&sets, &verdicts, &fronts, &amount, with);
    Ok(Since { text, picture: fronts.svg(), verdicts: verdicts.plain() })
}

fn index(id: &str) -> usize {
    METRICS.iter().position(|metric| metric.id == id).expect("the table has it")
}

/// What a setting is chosen by: distance, and how many effective styles are missing.
fn choice(noises: &[Scores]) -> Option<Choice> {
    let of = OverNoises::of(noises);
    let value = |id: &str| Some(of[index(id)]?.mean.value);
    Some(Choice { error: value(DISTANCE)?, lost: -value(STYLES)? })
}

fn set(
    runs: &mut Runs,
    all: &[(Rule<Scheme>, Vec<RuleSetting<Scheme>>)],
    amount: &Amount,
    [chosen, judged]: [&Setting; 2],
) -> Result<Set, Failure> {
    let mut set = Set { made: true, ..Set::default() };
    let mut seen: Vec<Scheme> = Vec::new();
    let mut told: BTreeMap<String, Vec<Scores>> = BTreeMap::new();
    let mut most = f64::INFINITY;
    for (rule, of) in all {
        let name = rule.name.clone();
        let published = match runs.scheme(&rule.scheme) {
            Ok(scheme) if seen.contains(&scheme) => Err("With exact scores it is one of the rows above.".to_owned()),
            Ok(scheme) => {
                seen.push(scheme.clone());
                runs.scores(&name, &scheme, judged, amount.judged.1)?
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
        for setting in of {
            let scores = match runs.scheme(&setting.scheme) {
                Ok(scheme) => runs.scores(&name, &scheme, chosen, amount.chosen.1)?.ok(),
                Err(_) => None,
            };
            grid.push(scores.and_then(|scores| choice(&scores)));
        }
        if rule.id == "none" {
            most = grid[0].map_or(f64::INFINITY, |none| none.lost + LOST);
        }
        let best = choose(&grid, most).unwrap_or(0);
        let at_best = match runs.scheme(&of[best].scheme) {
            Ok(scheme) => runs.scores(&name, &scheme, judged, amount.judged.1)?.unwrap_or_else(|_| published.clone()),
            Err(_) => published.clone(),
        };
        told.insert(rule.id.clone(), published.clone());
        told.insert(format!("{} best", rule.id), at_best.clone());
        set.found.push(Found { name, settings: of.clone(), grid, best, judged: [published, at_best] });
    }
    for extra in extras() {
        let found = match runs.scheme(&extra.scheme) {
            Ok(scheme) => runs.scores(&extra.words, &scheme, judged, amount.judged.1)?,
            Err(reason) => Err(reason),
        };
        match found {
            Ok(scores) => {
                told.insert(extra.words.clone(), scores.clone());
                let name = in_words(&extra.words);
                let settings = vec![RuleSetting { words: "for a sentence".to_owned(), ..extra }];
                set.found.push(Found { name, settings, grid: Vec::new(), best: 0, judged: [scores.clone(), scores] });
            }
            Err(reason) => set.refused.push((in_words(&extra.words), reason)),
        }
    }
    // Sentences speak of few; all pairs of all rules would take longer than drawing them.
    let named = |id: &str| {
        ["none", "tsr", "history best", "momentum best"].contains(&id) || NAMES.iter().any(|(n, _)| *n == id)
    };
    told.retain(|id, _| named(id));
    let told: Vec<(String, &[Scores])> = told.iter().map(|(id, scores)| (id.clone(), &scores[..])).collect();
    let evidence = Evidence::new(&told, BTreeMap::new())?;
    set.findings = claims(runs.exact).iter().map(|claim| claim.test(&evidence)).collect();
    Ok(set)
}

fn verdicts(sets: &[Set; 2]) -> Table {
    let mut table = Table::new(["claim", "with networks", "with exact scores"]);
    for (i, claim) in claims(false).iter().enumerate() {
        let words = |set: &Set| set.findings.get(i).map_or("not tested", |finding| finding.verdict.words()).to_owned();
        table.push(std::iter::once(format!("{}. {}", i + 1, claim.statement)).chain(sets.iter().map(words)).collect());
    }
    table
}

fn picture(sets: &[Set; 2], all: &[(Rule<Scheme>, Vec<RuleSetting<Scheme>>)]) -> Fronts<'static> {
    let at = |c: Choice| [-c.lost, c.error];
    let series = |found: &Found| {
        let places: Vec<usize> = (0..found.grid.len()).filter(|&i| found.grid[i].is_some()).collect();
        let front = front(&found.grid).into_iter().filter_map(|i| places.iter().position(|&place| place == i));
        Series {
            grid: found.grid.iter().flatten().map(|&c| at(c)).collect(),
            front: front.collect(),
            judged: found.judged.each_ref().map(|scores| choice(scores).map(at)),
        }
    };
    let of = |set: &Set, name: &str| set.found.iter().find(|found| found.name == name).map(series);
    let panels =
        all.iter().map(|(rule, _)| (rule.name.clone(), sets.each_ref().map(|s| of(s, &rule.name).unwrap_or_default())));
    Fronts {
        names: ["effective styles (more is more diverse)", "distance to the nearest true picture"],
        ends: [[1.0, 5.0], [0.0, 0.4]],
        ticks: [
            [1.0, 3.0, 5.0].map(|v| (v, format!("{v}"))).to_vec(),
            [0.0, 0.02, 0.1, 0.4].map(|v| (v, format!("{v}"))).to_vec(),
        ],
        none: sets.each_ref().map(|set| set.found.first().and_then(|found| choice(&found.judged[0])).map(at)),
        panels: panels.filter(|(_, sets)| sets.iter().any(|series| !series.grid.is_empty())).collect(),
        note: "Nearer to the lower right corner is better in both.",
    }
}

/// What a sentence speaks of beside the table.
fn in_words(id: &str) -> String {
    NAMES.iter().find(|(other, _)| *other == id).map_or(id, |(_, name)| name).to_owned()
}

/// Identifiers in brackets as names in words.
fn named(words: &str) -> String {
    let rules = [("none", "no guidance"), ("tsr", "TSR"), ("history best", "HiGS, at its best")];
    findings::named(words, rules.into_iter().chain([("momentum best", "momentum guidance, at its best")]).chain(NAMES))
}

fn text(sets: &[Set; 2], verdicts: &Table, fronts: &Fronts, amount: &Amount, with: &With) -> String {
    let flag = if with.quick { " --quick" } else { "" };
    let list = |seeds: &[u64]| seeds.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    let ((few, chosen), (many, judged)) = (amount.chosen, amount.judged);
    let mut text = String::from(halves::SINCE);
    let _ = write!(
        text,
        "\nWritten by `guidance-playground image report --half since{flag}`: every rule of the table of pictures. A smaller run than the \
         proposal's: {} concepts, {many} pictures of each ({} noise, seed {}), {} steps. *As published*: with its paper's \
         numbers, where a paper has any that mean something here, and by CFG with w = 3 where it says nothing of the guide. *At its \
         best*: the best of a small grid, made as on the plane, but of two other values of a rule's first number alone. The best is nearest to pictures of those with at most {LOST} fewer \
         effective styles than no guidance; where all have fewer, it is the one with the most. It is chosen by {few} pictures of each \
         concept from other noise (seed {}), with networks and with exact scores for themselves. Fewer pictures of a prompt show fewer styles: beside \
         the proposal's half, these numbers are smaller for all.\n\n\
         ## Verdicts on the field since\n\n\
         As above, by 3.1 standard errors of differences paired by noise. What asks for a class that is not wanted, for true densities \
         of classes, or for one Gaussian is decided on the plane alone.\n\n{}\n\
         {}",
        amount.concepts,
        judged.len(),
        list(judged),
        amount.steps,
        list(chosen),
        verdicts.markdown(),
        fronts.shown(PICTURE)
    );
    for (title, set) in TITLES.iter().zip(sets).filter(|(_, set)| set.made) {
        let _ = write!(
            text,
            "\n## Every rule, {}\n\nEach metric ± its standard error.\n\n{}",
            title.to_lowercase(),
            table(set).markdown()
        );
        for (name, reason) in &set.refused {
            let _ = write!(text, "\nNot run: {name}. {reason}\n");
        }
    }
    text.push_str("\n## Sentences\n\n");
    for (i, claim) in claims(false).iter().enumerate() {
        let _ = write!(text, "### Since {}. {}\n\n*Criterion.* {}\n\n", i + 1, claim.statement, claim.criterion);
        for (title, set) in TITLES.iter().zip(sets).filter(|(_, set)| set.made) {
            let finding = &set.findings[i];
            let _ = writeln!(text, "{title}: **{}**\n", finding.verdict.words());
            if let Some(id) = &finding.missing {
                let _ = writeln!(text, "- There is no run of {} here.\n", named(&format!("[{id}]")));
                continue;
            }
            for c in &finding.comparisons {
                let _ = writeln!(text, "- {} = {}: {}", named(&c.words), findings::figures(c, 4), findings::decided(c));
            }
            text.push('\n');
        }
    }
    text.trim_end().to_owned() + "\n"
}

/// Each rule as published and at its best.
fn table(set: &Set) -> Table {
    let rows: Vec<(String, &str, &[Scores])> = (set.found.iter())
        .flat_map(|found| {
            let lost = |scores: &[Scores]| {
                scores.iter().map(|s| s.readings.iter().filter(|r| r.is_none()).count() as u64).sum()
            };
            let [published, best] = &found.judged;
            let first = (with_lost(&found.name, lost(published)), &*found.settings[0].words, &published[..]);
            let name = format!("{}, at its best", found.name);
            let second = (with_lost(&name, lost(best)), &*found.settings[found.best].words, &best[..]);
            [Some(first), (found.settings.len() > 1).then_some(second)].into_iter().flatten()
        })
        .collect();
    let lists: Vec<_> = rows.iter().map(|(_, _, scores)| OverNoises::of(scores)).collect();
    let shown: Vec<usize> = (0..METRICS.len()).filter(|&i| lists.iter().any(|list| list[i].is_some())).collect();
    let heads = shown.iter().map(|&i| METRICS[i].label);
    let mut table = Table::new(["", "setting"].into_iter().chain(heads));
    let cell = |i: usize, of: Option<Difference>| {
        of.map_or_else(String::new, |d| pair(METRICS[i].digits, d.value, d.standard_error))
    };
    for ((name, words, _), list) in rows.iter().zip(&lists) {
        let cells = shown.iter().map(|&i| cell(i, list[i].map(|of| of.mean)));
        table.push([name.clone(), (*words).to_owned()].into_iter().chain(cells).collect());
    }
    if let Some((_, _, [first, ..])) = rows.first() {
        let floors = first.metrics().estimates.into_list().map(|e| e.map(|e| e.floor));
        let floor = |i: usize| floors[i].map(|f| Difference { value: f.mean, standard_error: f.spread });
        let cells = shown.iter().map(|&i| cell(i, floor(i)));
        let names = ["a perfect sampler, one noise", ""].map(str::to_owned);
        table.push(names.into_iter().chain(cells).collect());
    }
    table
}
