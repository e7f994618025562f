//! The report's pictures: rows of schemes.

use super::super::file;
use super::runs::{Set, Setting};
use super::{Kind, Watch};
use crate::command::Failure;
use crate::images::engine::Models;
use crate::images::study::{Job, draw};
use serde_json::json;

/// The folder of the grids, beside the report.
pub const FOLDER: &str = "images-report";
/// Pictures in a row.
const ACROSS: usize = 12;
/// The concept that is shown most of, where it is asked for: large areas of few colours, and details.
const SHOWN: &str = "rocket";
/// The pair that is, where it is asked for: the proposal's own.
const RIDING: &str = "astronaut riding horse";
/// Schemes that are shown, from above.
const ROWS: [&str; 9] =
    ["none", "cfg2", "cfg4", "cfg8", "cfg4 cosine", "interval", "k1.4 scores", "k1.4 estimates", "auto"];

/// A grid, and what it shows.
pub struct Grid {
    pub kind: Kind,
    name: &'static str,
    /// What stands in columns, and the schemes from above.
    pub columns: String,
    pub rows: Vec<String>,
    /// At which it is shown, in pixels: each of its own is two of these.
    pub width: usize,
    pub bytes: Vec<u8>,
}

impl Grid {
    /// Where it is, from the report.
    pub fn path(&self) -> String {
        let kind = format!("{:?}", self.kind).to_lowercase();
        format!("{FOLDER}/{kind}-{}.png", self.name)
    }
}

/// The columns of the grids: a name, in words, and what is drawn. They are among the pictures that were judged.
fn columns(setting: &Setting) -> Vec<(&'static str, String, Vec<Job>)> {
    let all = setting.jobs();
    let few =
        |job: &Job| Job { numbers: job.numbers.start..job.numbers.end.min(job.numbers.start + ACROSS), ..job.clone() };
    let concepts = &all[..setting.concepts.len()];
    let shown = concepts.iter().find(|job| job.prompt == SHOWN).unwrap_or(&concepts[0]);
    let each = concepts.len().div_ceil(ACROSS);
    let one = |job: &Job| Job { numbers: job.numbers.start..job.numbers.start + 1, ..job.clone() };
    let some: Vec<Job> = concepts.iter().step_by(each).map(one).collect();
    let words = some.iter().map(|job| job.prompt.as_str()).collect::<Vec<_>>().join(", ");
    let mut grids = vec![
        ("prompt", format!("one prompt, “{}”, from noise after noise", shown.prompt), vec![few(shown)]),
        ("concepts", format!("prompts, one noise each: {words}"), some),
    ];
    let unseen = &all[concepts.len()..concepts.len() + setting.unseen.len()];
    if let Some(riding) = unseen.iter().find(|job| job.prompt == RIDING).or(unseen.first()) {
        grids.push(("riding", format!("“{}”, which networks have never seen", riding.prompt), vec![few(riding)]));
    }
    grids
}

/// All grids of all sets; nothing if that was stopped.
pub fn draw_all(
    setting: &Setting,
    sets: &[Set],
    models: &Models,
    threads: usize,
    watch: &Watch,
) -> Result<Option<Vec<Grid>>, Failure> {
    let mut grids = Vec::new();
    for set in sets {
        let shown: Vec<_> = ROWS.iter().filter_map(|id| set.rows.iter().find(|row| row.experiment.id == *id)).collect();
        for (name, columns, jobs) in columns(setting) {
            let mut pictures = Vec::new();
            for row in &shown {
                let scheme = setting.scheme(set.kind, row.experiment)?;
                let Some(all) = draw(&scheme, &jobs, 0, models, threads, &|| watch.go_on(0))? else { return Ok(None) };
                pictures.extend(all);
            }
            let rows: Vec<String> = shown.iter().map(|row| row.experiment.name.clone()).collect();
            let comment = json!({ "columns": columns, "rows": rows }).to_string();
            let across = jobs.iter().map(|job| job.numbers.len()).sum();
            let bytes = file::grid(&pictures, across, &setting.world, 1, &comment);
            grids.push(Grid { kind: set.kind, name, columns, rows, width: 2 * file::side(across), bytes });
        }
    }
    Ok(Some(grids))
}
