//! From a NAME or a FILE.json to a scheme.

use crate::Failure;
use guidance_playground::Error;
use guidance_playground::engine::Plan;
use guidance_playground::guidance::{Scheme, catalogue};
use std::path::Path;

/// A scheme of the catalogue, or one in a file.
///
/// # Errors
/// If there is none of that name; a file's faults by their line.
pub fn read(name: &str) -> Result<Scheme, Failure> {
    if let Some(scheme) = catalogue::named(name) {
        return Ok(scheme);
    }
    let advice =
        || Some("guidance-playground schemes lists the names; schemes --json shows them as files have them.".into());
    if !Path::new(name).exists() && !name.ends_with(".json") {
        return Err(Failure { sentence: format!("There is no scheme named \"{name}\"."), advice: advice() });
    }
    let file = |problem: String| Error::File { path: name.to_owned(), problem };
    let text = std::fs::read_to_string(name).map_err(|e| file(e.to_string()))?;
    let scheme: Scheme = serde_json::from_str(&text).map_err(|e| {
        let (whole, line) = (e.to_string(), e.line());
        let problem = whole.split(" at line ").next().unwrap_or_default();
        Failure { sentence: format!("{name}, line {line}: {problem}."), advice: advice() }
    })?;
    Plan::new(&scheme)
        .map_err(|e| Failure { sentence: format!("{name}: {e}"), advice: Some(e.advice().to_owned()) })?;
    Ok(scheme)
}

/// The names, for help texts.
pub fn list() -> String {
    let row = |id: &str, name: &str| format!("  {id:<24}{name}\n");
    let schemes: String = catalogue::schemes().iter().map(|s| row(s.id, s.name)).collect();
    let presets: String = catalogue::presets().iter().map(|p| row(p.id, p.name)).collect();
    format!("Schemes by NAME:\n{schemes}\nSettings of papers by NAME:\n{presets}")
}
