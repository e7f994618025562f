//! The report as text: every number and verdict in it is computed from what was seen.

use super::Kind;
use super::grids::Grid;
use super::runs::{Row, Set, Setting, Size, WHOLE};
use crate::command::findings;
use crate::command::table::{Table, pair};
use crate::images::catalogue::{IN_ESTIMATES, IN_SCORES};
use crate::images::metrics::{METRICS, Scores};
use crate::images::study::{OverNoises, claims, experiments, growth};
use crate::statistics::Difference;
use crate::study::{Claim, Comparison, Finding, Metric, Test, Verdict};
use std::fmt::Write;

/// Digits of the figures behind verdicts: those of the finest metric.
const DIGITS: usize = 4;

impl Kind {
    fn title(self) -> &'static str {
        match self {
            Self::Networks => "With networks",
            Self::Exact => "With exact scores",
        }
    }
}

/// What became of a claim where one kind of models was left out.
fn left_out() -> Finding {
    Finding { verdict: Verdict::Untested, comparisons: Vec::new(), missing: None }
}

/// The findings with networks and with exact scores.
fn both(sets: &[Set]) -> [Vec<Finding>; 2] {
    [Kind::Networks, Kind::Exact].map(|kind| match sets.iter().find(|set| set.kind == kind) {
        Some(set) => set.findings.clone(),
        None => claims().iter().map(|_| left_out()).collect(),
    })
}

/// Claims and their verdicts.
pub fn verdicts(sets: &[Set]) -> Table {
    let both = both(sets);
    findings::verdicts(&claims(), &both.each_ref().map(|findings| &findings[..]))
}

/// Identifiers in brackets as names in words.
fn named(words: &str) -> String {
    let all = experiments();
    findings::named(words, all.iter().map(|e| (e.id.as_str(), e.name.as_str())))
}

/// `value ± error` with the digits that a metric is worth; nothing where there is no number.
fn cell(metric: usize, of: Option<Difference>, sign: bool) -> String {
    let Some(Difference { value, standard_error }) = of else { return String::new() };
    let plus = if sign && value > 0.0 { "+" } else { "" };
    format!("{plus}{}", pair(METRICS[metric].digits, value, standard_error))
}

/// A table of metrics: a row each of names and lists, of those that there is a number of.
struct Rows {
    rows: Vec<(String, [Option<Difference>; METRICS.len()])>,
}

impl Rows {
    fn markdown(&self, sign: bool) -> String {
        let shown: Vec<usize> =
            (0..METRICS.len()).filter(|&i| self.rows.iter().any(|(_, list)| list[i].is_some())).collect();
        let mut table = Table::new(std::iter::once("").chain(shown.iter().map(|&i| METRICS[i].label)));
        for (name, list) in &self.rows {
            let cells = shown.iter().map(|&i| cell(i, list[i], sign));
            table.push(std::iter::once(name.clone()).chain(cells).collect());
        }
        table.markdown()
    }
}

/// The name of a row, and how many of its pictures are lost.
fn name(row: &Row, noises: &[Scores]) -> String {
    let lost: usize = noises.iter().map(|s| s.readings.iter().filter(|r| r.is_none()).count()).sum();
    crate::command::table::named(&row.experiment.name, lost as u64)
}

/// Metrics of every row, and the truth and a perfect sampler under them.
fn values<'a>(set: &'a Set, part: impl Fn(&'a Row<'a>) -> &'a [Scores]) -> String {
    let mut rows: Vec<_> = (set.rows.iter())
        .map(|row| (name(row, part(row)), OverNoises::of(part(row)).map(|of| Some(of?.mean))))
        .collect();
    let Some(first) = set.rows.first().and_then(|row| part(row).first()) else { return String::new() };
    let metrics = first.metrics();
    let truths = metrics.truths.into_list().map(|truth| Some(Difference { value: truth?, standard_error: f64::NAN }));
    let floor = metrics.estimates.into_list().map(|e| e.map(|e| e.floor));
    rows.push(("truth".to_owned(), truths));
    let perfect = floor.map(|floor| floor.map(|f| Difference { value: f.mean, standard_error: f.spread }));
    rows.push(("a perfect sampler, one noise".to_owned(), perfect));
    Rows { rows }.markdown(false)
}

/// What each scheme changes beside the first, paired by noise.
fn differences(set: &Set) -> String {
    let Some(first) = set.rows.first() else { return String::new() };
    let of = |row: &Row| {
        let pair = [row.experiment.id.clone(), first.experiment.id.clone()];
        (row.experiment.name.clone(), set.evidence.differences[&pair])
    };
    Rows { rows: set.rows.iter().skip(1).map(of).collect() }.markdown(true)
}

/// How far the spread from noise to noise is from what standard errors say, in the middle of all numbers.
fn calibration(set: &Set) -> Option<f64> {
    let mut ratios: Vec<f64> = Vec::new();
    for row in &set.rows {
        for of in OverNoises::of(&row.concepts).into_iter().flatten() {
            let error = of.mean.standard_error * (row.concepts.len() as f64).sqrt();
            ratios.extend(of.deviation.filter(|_| error > 0.0).map(|deviation| deviation / error));
        }
    }
    ratios.sort_by(f64::total_cmp);
    (!ratios.is_empty()).then(|| ratios[ratios.len() / 2])
}

fn figures(c: Option<&Comparison>) -> String {
    c.map_or_else(String::new, |c| format!("{}: {}", findings::figures(c, DIGITS), findings::decided(c)))
}

/// What networks add to what exact scores say.
fn network_error(networks: Option<&Comparison>, exact: Option<&Comparison>) -> String {
    match (networks, exact) {
        (Some(a), Some(b)) if a.words == b.words && a.test == Test::Samples => {
            format!("{:+.DIGITS$} ± {:.DIGITS$}", a.mean - b.mean, a.standard_error.hypot(b.standard_error))
        }
        _ => String::new(),
    }
}

fn claim<E>(text: &mut String, sets: &[Set], number: usize, claim: &Claim<E>, [networks, exact]: [&Finding; 2]) {
    let _ = write!(text, "### {number}. {}\n\n*Criterion.* {}\n\n", claim.statement, claim.criterion);
    for (kind, finding) in [(Kind::Networks, networks), (Kind::Exact, exact)] {
        let _ = write!(text, "{}: **{}**.", kind.title(), finding.verdict.words());
        let set = sets.iter().find(|set| set.kind == kind);
        match (&finding.missing, set) {
            (_, None) => text.push_str(" This report was made without them."),
            (Some(id), Some(set)) => {
                let reason = set.refused.iter().find(|(e, _)| e.id == *id).map_or("", |(_, reason)| reason);
                let _ = write!(text, " There is no run of {}. {reason}", named(&format!("[{id}]")));
            }
            (None, Some(_)) => {
                let _ = write!(text, " {}", named(&findings::change(finding)));
            }
        }
        text.push_str("\n\n");
    }
    let _ = write!(text, "{}\n\n", findings::parts(networks.verdict, exact.verdict));
    let longest = if networks.comparisons.len() < exact.comparisons.len() { exact } else { networks };
    if longest.comparisons.is_empty() {
        return;
    }
    let mut table =
        Table::new(["to be above zero", "with networks", "with exact scores: guidance", "the rest: network error"]);
    for (i, c) in longest.comparisons.iter().enumerate() {
        let [a, b] = [networks, exact].map(|finding| finding.comparisons.get(i));
        table.push(vec![named(&c.words), figures(a), figures(b), network_error(a, b)]);
    }
    text.push_str(&table.markdown());
    text.push('\n');
}

/// The plane's numbers of the same schemes, and which of them is nearest to the data there.
fn plane(text: &mut String, sets: &[Set]) {
    let shown =
        [Metric::OUTLIERS, Metric::EFFECTIVE_BRANCHES, Metric::BRANCH_TOTAL_VARIATION, Metric::SLICED_WASSERSTEIN];
    for set in sets {
        let _ = write!(text, "\n{}:\n\n", set.kind.title());
        let mut table = Table::new(std::iter::once("").chain(shown.iter().map(|m| m.head)));
        let all = experiments();
        let some: Vec<_> = all.iter().filter_map(|e| Some((e, set.evidence.plane.get(&e.id)?))).collect();
        for (experiment, values) in &some {
            let cells = shown.iter().map(|&m| crate::command::table::number(m, values[m.index()]));
            table.push(std::iter::once(experiment.name.clone()).chain(cells).collect());
        }
        text.push_str(&table.markdown());
        let distance = |values: &[f64]| values[Metric::SLICED_WASSERSTEIN.index()];
        let guided = some.iter().filter(|(e, _)| e.id != "none");
        let Some((best, of)) = guided.min_by(|a, b| distance(a.1).total_cmp(&distance(b.1))) else { continue };
        let _ = write!(
            text,
            "\nNearest to the data on the plane, of those that guide, is {} (sliced W1 {}). ",
            best.name,
            crate::command::table::number(Metric::SLICED_WASSERSTEIN, distance(&of[..])),
        );
        if let Some(changes) = set.evidence.differences.get(&[best.id.clone(), "none".to_owned()]) {
            let words = |id: &str| {
                let i = METRICS.iter().position(|m| m.id == id).expect("the table has it");
                format!("{} {}", METRICS[i].label, cell(i, changes[i], true))
            };
            let all = ["subjectRight", "effectiveStyles", "distance", "outside"].map(words).join(", ");
            let _ = writeln!(text, "On pictures it changes, beside no guidance: {all}.");
        }
    }
}

fn pictures(text: &mut String, grids: &[Grid]) {
    for grid in grids {
        let (path, kind) = (grid.path(), grid.kind.title());
        let _ = write!(
            text,
            "<img src=\"{path}\" alt=\"{kind}: {}\" width=\"{}\">\n\n{kind}; columns: {}. Rows from above: {}.\n\n",
            grid.columns,
            grid.width,
            grid.columns,
            grid.rows.join("; "),
        );
    }
}

/// What was run, and why so.
fn how() -> String {
    format!(
        "**Networks**: main model and guides are the trained ones of `weights/images/`. **Exact scores**: the true distribution of \
         each prompt stands in place of both, so that only guidance is seen, and no network error; a smaller network has no such \
         counterpart.\n\n\
         D1 is the main model's estimate, D0 the guide's; w = 1 is no guidance. CFG guides away from the model of any picture. With k \
         the guide is asked at k sigma: with CFG the model of any picture, alone that of the same prompt. It matters what is mixed. \
         *Denoised estimates*: D1 + (w − 1)(D1 − D0). *Scores*: where both models agree on D, mixing scores multiplies D − x by \
         1 + (w − 1)(1 − 1/k²), and nearly all of D − x is noise in 3072 dimensions: that is a faster schedule of noise levels rather \
         than guidance. So w = {IN_SCORES} is taken in scores, which multiplies by {:.2} at k = 1.4, as w = 3 does by {:.2} at the \
         proposal's least k of 1.02, and not w = 3, which would by {:.2}. Denoised estimates have no such factor, and w = \
         {IN_ESTIMATES} as on the plane; with CFG they alone are mixed, but for one row. Rising and falling weights have the mean \
         excess of the static one; cosine g = 6, a setting of the proposal, is w = 3 (1 − cos πu).\n\n",
        growth(IN_SCORES, 1.4),
        growth(3.0, 1.02),
        growth(3.0, 1.4),
    )
}

/// What stands under each head, of the metrics that there are numbers of.
fn meanings(sets: &[Set]) -> String {
    let lists: Vec<_> = sets.iter().flat_map(|set| set.evidence.values.values()).collect();
    let shown = METRICS.iter().enumerate().filter(|(i, _)| lists.iter().any(|list| list[*i].is_some()));
    shown.map(|(_, m)| format!("*{}*: {}", m.label, m.explanation)).collect::<Vec<_>>().join(" ")
}

/// The whole document.
pub fn write(setting: &Setting, sets: &[Set], grids: &[Grid], command: &str) -> String {
    let Size { images, noises, steps, plane: (particles, seeds), .. } = setting.size;
    let mut text = String::from("# The proposal's image page, rerun\n\n");
    let _ = write!(
        text,
        "Written by `{command}`: {} concepts, {images} pictures of each from each of {noises} noises, DPM-Solver++(2M) in {steps} steps; and {} \
         pairs of rider and mount. The same noise for every scheme, noise of its own for every picture.\n\n{}## Verdicts\n\n\
         A claim holds where every difference that its criterion names is above zero, by {} standard errors of differences paired by \
         noise (one-sided 0.1%; 1% where a standard error is too small by a quarter, as those of the metrics may be). It does not hold where one is \
         certainly not: below zero, or too small to be seen, by half a unit of the last digit that its metric is shown with. Otherwise it \
         cannot be told, and is called undecided.\n\n",
        setting.concepts.len(),
        setting.unseen.len() + setting.seen.len(),
        how(),
        Test::ERRORS,
    );
    let small = setting.concepts.len() < setting.world.concepts().len()
        || images < WHOLE.images
        || noises < WHOLE.noises
        || steps < WHOLE.steps;
    if small {
        text.push_str(
            "This is a small run: it shows that the command works, and little else is to be learnt from it.\n\n",
        );
    }
    text.push_str(&verdicts(sets).markdown());
    text.push_str("\n## Pictures\n\n");
    pictures(&mut text, grids);
    let _ = writeln!(text, "{}.", setting.world.credits());
    let _ = write!(text, "\n## Concepts\n\nEach metric ± its standard error. {}\n", meanings(sets));
    for set in sets {
        let _ = write!(text, "\n### {}\n\n", set.kind.title());
        text.push_str(&values(set, |row| &row.concepts));
        if let Some(ratio) = calibration(set) {
            let _ = write!(
                text,
                "\nFrom noise to noise numbers vary by {ratio:.2} of what their standard errors say (the median of all).\n"
            );
        }
        text.push_str("\nDifferences from no guidance, paired by noise.\n\n");
        text.push_str(&differences(set));
        for (experiment, reason) in &set.refused {
            let _ = write!(text, "\nNot run, or without numbers: {}. {reason}\n", experiment.name);
        }
    }
    if !setting.unseen.is_empty() {
        text.push_str("\n## Riders and mounts\n\nPairs that networks have never seen, and pairs of the same riders that they have.\n");
        for set in sets {
            for (what, names, part) in [
                ("never seen", &setting.unseen, (|row| &row.unseen[..]) as for<'a> fn(&'a Row<'a>) -> &'a [Scores]),
                ("seen", &setting.seen, |row| &row.seen[..]),
            ] {
                let _ = write!(text, "\n{}, {what}: {}.\n\n", set.kind.title(), names.join(", "));
                text.push_str(&values(set, part));
            }
        }
    }
    text.push_str("\n## Claims\n\n");
    let [networks, exact] = both(sets);
    for (i, of) in claims().iter().enumerate() {
        claim(&mut text, sets, i + 1, of, [&networks[i], &exact[i]]);
    }
    let _ = write!(
        text,
        "## The plane beside\n\nThe same schemes on the plane: the same w, k, schedule, space and rule, with its own models, solver, noise levels, interval \
         and width of modes; {particles} particles, {seeds} seeds.\n"
    );
    plane(&mut text, sets);
    text
}
