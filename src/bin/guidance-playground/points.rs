//! Tables of points: CSV with the header `x,y`.

use guidance_playground::{Error, Result};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Read the columns `x` and `y` of a file, or of standard input for none.
///
/// Numbers are parsed as f64: a caller that computes in f64 loses nothing.
pub fn read(path: Option<&str>) -> Result<Vec<[f64; 2]>> {
    let text = match path {
        None | Some("-") => {
            let mut text = Vec::new();
            std::io::stdin().read_to_end(&mut text).map(|_| text).map_err(|e| file("standard input", &e))?
        }
        Some(path) => std::fs::read(path).map_err(|e| file(path, &e))?,
    };
    // A record's own position is where the one before it ended, blank lines included.
    let line = |position: Option<&csv::Position>| {
        let end = position.map_or(0, |p| p.byte() as usize);
        let start = end + text[end..].iter().take_while(|b| b"\r\n".contains(b)).count();
        1 + text[..start].iter().filter(|&&b| b == b'\n').count() as u64
    };
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(&text[..]);
    let header = reader.headers().map_err(|e| row(1, e.to_string()))?.clone();
    let column = |name: &str| {
        let found: Vec<&str> = header.iter().collect();
        header
            .iter()
            .position(|h| h == name)
            .ok_or_else(|| row(1, format!("the header must name the columns x and y; it is \"{}\"", found.join(","))))
    };
    let columns = [column("x")?, column("y")?];
    if header.iter().any(|h| h == "step") {
        return Err(row(1, "the table holds whole paths (a column \"step\"): give points of one step".into()));
    }
    let mut points = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| row(line(e.position()), e.to_string()))?;
        let line = line(record.position());
        if record.len() != header.len() {
            return Err(row(line, format!("{} fields where the header has {}", record.len(), header.len())));
        }
        let mut point = [0.0; 2];
        for (value, column) in point.iter_mut().zip(columns) {
            let text = &record[column];
            *value = text
                .parse()
                .ok()
                .filter(|v: &f64| (*v as f32).is_finite())
                .ok_or_else(|| row(line, format!("\"{text}\" is not a finite number")))?;
        }
        points.push(point);
    }
    if points.is_empty() {
        return Err(row(2, "there are no points".into()));
    }
    Ok(points)
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

/// Writes a text to a file, or to standard output.
pub fn save(path: Option<&str>, text: &str) -> Result<()> {
    write_with(path, |output| output.write_all(text.as_bytes()))
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

fn row(line: u64, problem: String) -> Error {
    Error::Row { line, problem }
}
