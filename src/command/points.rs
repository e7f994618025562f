//! Tables of points: CSV with the header `x,y`, and what the page exports.

use crate::command::{Failure, text};
use crate::{Error, Result};
use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Points that belong together.
#[derive(Debug, Default, PartialEq)]
pub struct Set {
    /// Whose they are, where the table has a column `panel`.
    pub panel: Option<String>,
    /// Numbers are parsed as f64: a caller that computes in f64 loses nothing.
    pub points: Vec<[f64; 2]>,
    /// The line of each.
    pub lines: Vec<u64>,
    /// The step of a run that they are of, where the table has a column `step`.
    step: String,
}

pub const ADVICE: &str = "Points are CSV with the header x,y and two finite numbers a row.";

/// Read the columns `x` and `y` of a file, or of standard input for none: finite numbers.
pub fn read(path: Option<&str>) -> std::result::Result<Set, Failure> {
    let mut sets = parse(text::name(path), &text::read(path)?, false)?;
    if let [_, second, ..] = &sets[..] {
        return Err(text::fault(
            text::name(path),
            second.lines[0],
            "a second panel begins here",
            "Give the rows of one.",
        ));
    }
    Ok(sets.remove(0))
}

/// The same where there may be several panels, of one step each: at least one set of at least one point. Particles of a panel
/// may be lost, and no numbers.
pub fn read_sets(path: Option<&str>) -> std::result::Result<Vec<Set>, Failure> {
    parse(text::name(path), &text::read(path)?, true)
}

/// What the page writes of a coordinate that is no number.
const NONE: [&str; 3] = ["NaN", "Infinity", "-Infinity"];

fn parse(name: &str, text: &str, lost: bool) -> std::result::Result<Vec<Set>, Failure> {
    if text.trim_start().starts_with('{') {
        let advice = "“Particles, CSV” of the page's “Export” writes what can be read here.";
        return Err(text::fault(name, 1, "this is JSON, not CSV", advice));
    }
    let mut lines = Lines { text: text.as_bytes(), byte: 0, line: 1 };
    let fault = |line: u64, problem: String| text::fault(name, line, problem, ADVICE);
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).comment(Some(b'#')).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| fault(1, e.to_string()))?.clone();
    let first = lines.of(0);
    let column = |name: &str| header.iter().position(|h| h == name);
    let (Some(x), Some(y)) = (column("x"), column("y")) else {
        let found = header.iter().collect::<Vec<_>>().join(",");
        let brief: String = found.chars().take(60).collect();
        let rest = if brief.len() < found.len() { " ..." } else { "" };
        let problem = format!("the header must name the columns x and y; it is \"{brief}{rest}\"");
        return Err(fault(first, problem));
    };
    let (panel, step) = (column("panel"), column("step"));
    let mut sets: Vec<Set> = Vec::new();
    let mut known = HashMap::new();
    for record in reader.records() {
        let record = record.map_err(|e| fault(e.position().map_or(0, csv::Position::line), e.to_string()))?;
        let line = lines.of(record.position().map_or(0, |p| p.byte() as usize));
        if record.len() != header.len() {
            return Err(fault(line, format!("{} fields where the header has {}", record.len(), header.len())));
        }
        let number = |column: usize| {
            let none = lost && panel.is_some() && NONE.contains(&&record[column]);
            let number = record[column].parse().ok().filter(|v: &f64| none || (*v as f32).is_finite());
            let problem = || format!("\"{}\" in column {} is not a finite number", &record[column], &header[column]);
            number.ok_or_else(|| fault(line, problem()))
        };
        let point = [number(x)?, number(y)?];
        let of = |column: Option<usize>| column.map(|column| record[column].to_owned());
        let index = *known.entry(of(panel)).or_insert(sets.len());
        if index == sets.len() {
            sets.push(Set { panel: of(panel), step: of(step).unwrap_or_default(), ..Set::default() });
        }
        let set = &mut sets[index];
        if let Some(other) = of(step).filter(|step| *step != set.step) {
            let problem = format!("the table holds whole paths (steps {} and {other})", set.step);
            return Err(text::fault(name, line, problem, "Give the points of one step."));
        }
        set.points.push(point);
        set.lines.push(line);
    }
    if sets.is_empty() {
        return Err(fault(first + 1, "there are no points".into()));
    }
    Ok(sets)
}

/// Lines of records, which are asked for from first to last.
struct Lines<'a> {
    text: &'a [u8],
    byte: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of a record. Its position is where the one before it ended: blank lines and comments may come first.
    fn of(&mut self, position: usize) -> u64 {
        let mut begin = position;
        loop {
            begin += match self.text.get(begin) {
                Some(b'\r' | b'\n') => 1,
                Some(b'#') => self.text[begin..].iter().take_while(|&&b| b != b'\n').count(),
                _ => break,
            };
        }
        self.line += self.text[self.byte..begin].iter().filter(|&&b| b == b'\n').count() as u64;
        self.byte = begin;
        self.line
    }
}

/// Points rounded to the f32 that particles are kept in.
pub fn to_f32(points: &[[f64; 2]]) -> Vec<[f32; 2]> {
    points.iter().map(|p| p.map(|v| v as f32)).collect()
}

/// Write rows with a header to a file, or to standard output for none. A file appears whole or not at all.
pub fn write<R: IntoIterator<Item = String>>(
    path: Option<&str>,
    header: &str,
    rows: impl IntoIterator<Item = R>,
) -> Result<()> {
    write_with(path, |output| {
        writeln!(output, "{header}")?;
        for row in rows {
            let row: Vec<String> = row.into_iter().collect();
            writeln!(output, "{}", row.join(","))?;
        }
        Ok(())
    })
}

/// Writes a text or other bytes to a file, or to standard output.
pub fn save(path: Option<&str>, contents: impl AsRef<[u8]>) -> Result<()> {
    write_with(path, |output| output.write_all(contents.as_ref()))
}

fn write_with(path: Option<&str>, contents: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<()> {
    let target = path.filter(|p| *p != "-");
    // Through a link to what it names; a pipe or a device is written to as it is.
    let target = target.map(|p| std::fs::canonicalize(p).unwrap_or_else(|_| PathBuf::from(p)));
    let partial = target.as_ref().map(|t| if t.exists() && !t.is_file() { t.clone() } else { beside(t) });
    let name = path.unwrap_or("standard output");
    let outcome = (|| -> std::io::Result<()> {
        let output: Box<dyn Write> = match &partial {
            None => Box::new(std::io::stdout().lock()),
            Some(partial) => Box::new(std::fs::File::create(partial)?),
        };
        let mut output = std::io::BufWriter::new(output);
        contents(&mut output)?;
        output.flush()
    })();
    let outcome = match (outcome, &partial, target) {
        (Ok(()), Some(partial), Some(target)) if *partial != target => std::fs::rename(partial, target),
        // The reader of a pipe may stop early: that is no error.
        (Err(e), None, _) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        (outcome, _, _) => outcome,
    };
    outcome.map_err(|e| file(name, &e))
}

/// Print a text; a reader that stops early is no error.
pub fn print(text: &str) -> Result<()> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(file("standard output", &e)),
        _ => Ok(()),
    }
}

/// Whether a file could be written there, as far as its folder tells.
///
/// # Errors
/// If the folder does not exist.
pub fn expect_folder(path: Option<&str>) -> Result<()> {
    let folder = path.and_then(|p| Path::new(p).parent()).filter(|f| !f.as_os_str().is_empty());
    match folder {
        Some(folder) if !folder.is_dir() => {
            let problem = "no such folder".to_owned();
            Err(Error::File { path: folder.display().to_string(), problem })
        }
        _ => Ok(()),
    }
}

/// Where a file is written before it takes its name.
fn beside(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(format!(".{}.partial", std::process::id()));
    name.into()
}

fn file(path: &str, error: &std::io::Error) -> Error {
    Error::File { path: path.to_owned(), problem: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    /// A number as f32 has it, and as JavaScript writes it: in full or with an exponent; or one that is none.
    fn number() -> impl Strategy<Value = (f32, String)> {
        let finite = any::<f32>().prop_filter("finite", |x| x.is_finite());
        let finite =
            (finite, any::<bool>()).prop_map(|(x, full)| (x, if full { x.to_string() } else { format!("{x:e}") }));
        let none = (0..3usize).prop_map(|i| ([f32::NAN, f32::INFINITY, f32::NEG_INFINITY][i], NONE[i].to_owned()));
        prop_oneof![9 => finite, 1 => none]
    }

    fn config() -> ProptestConfig {
        ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(3), ..ProptestConfig::default() }
    }

    proptest! {
        #![proptest_config(config())]

        /// Whatever particles the page exports: panels, which may be empty, at steps of their own.
        #[test]
        fn exports_are_read_as_they_were(
            panels in prop::collection::vec((0..99u32, prop::collection::vec([number(), number()], 0..6)), 1..5),
        ) {
            let mut text = String::from("# guidance-playground: particles, \"x,y\"\r\n# panel 1: {\"weight\":1,\"main\":\"a\"}\r\n");
            text.push_str("panel,particle,step,sigma,x,y\r\n");
            for (panel, (step, points)) in (1..).zip(&panels) {
                for (i, [x, y]) in points.iter().enumerate() {
                    text.push_str(&format!("{panel},{i},{step},0.002,{},{}\r\n", x.1, y.1));
                }
            }
            let bits = |points: &[[f32; 2]]| points.iter().map(|p| p.map(f32::to_bits)).collect::<Vec<_>>();
            let expected: Vec<_> = (1..)
                .zip(&panels)
                .filter(|(_, (_, points))| !points.is_empty())
                .map(|(panel, (_, points))| {
                    let points: Vec<_> = points.iter().map(|p| p.each_ref().map(|(x, _)| *x)).collect();
                    (Some(i32::to_string(&panel)), bits(&points))
                })
                .collect();
            match parse("export.csv", &text, true) {
                Ok(sets) => {
                    let found: Vec<_> = sets.iter().map(|set| (set.panel.clone(), bits(&to_f32(&set.points)))).collect();
                    prop_assert_eq!(found, expected);
                    let lines: Vec<u64> = sets.iter().flat_map(|set| set.lines.clone()).collect();
                    prop_assert_eq!(&lines, &(4..4 + lines.len() as u64).collect::<Vec<_>>());
                }
                Err(_) => prop_assert!(expected.is_empty()),
            }
        }
    }
}
