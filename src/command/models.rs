//! From a MODEL argument to a model.

use crate::command::{Failure, text};
use crate::guidance::ModelName;
use crate::plane::Models;
use crate::plane::catalogue::{self, conditions, network_names, network_of};
use crate::plane::distribution::{Distribution, files};
use crate::plane::network::Network;
use crate::{Error, Result};
use clap::Args;
use include_dir::{Dir, include_dir};

/// What lies in `weights`.
pub static WEIGHTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/weights");

/// Well above the widest network that is read, in double precision.
const LARGEST: u64 = 64 << 20;

/// What to do about a file of data.
const ADVICE: &str =
    "Data are CSV with rows x,y or x,y,class, or JSON with points or strokes; docs/state.md tells more.";

/// What is sampled.
#[derive(Args)]
pub struct Data {
    /// What is sampled: tree-2 (the paper's, and the default) or another seed's, two-moons, two-rings, two-spirals, checkerboard,
    /// eight-gaussians; or a file of one's own: points as CSV or JSON, strokes as JSON, what the page exports. Shipped networks know
    /// tree-2 only
    #[arg(long, value_name = "DISTRIBUTION")]
    data: Option<String>,
}

impl Data {
    /// As it was asked for.
    pub fn argument(&self) -> Option<&str> {
        self.data.as_deref()
    }

    /// # Errors
    /// If there is none of that name, or its file cannot be read.
    pub fn distribution(&self) -> std::result::Result<Distribution, Failure> {
        self.distribution_or(None)
    }

    /// What is asked for, or else what a file says.
    ///
    /// # Errors
    /// As for [`Self::distribution`].
    pub fn distribution_or(&self, file: Option<&str>) -> std::result::Result<Distribution, Failure> {
        match (self.data.as_deref(), file) {
            (Some(argument), _) => distribution(argument, 1.0),
            (None, Some(name)) => Ok(name.parse()?),
            (None, None) => Ok(Distribution::PAPER),
        }
    }
}

/// A distribution by its name, or what stands in a file of one's own: points as CSV or JSON, with so many `times` the bandwidth that it
/// asks for, strokes as JSON, what the page exports.
///
/// # Errors
/// If there is none of that name, or its file cannot be read.
pub fn distribution(argument: &str, times: f64) -> std::result::Result<Distribution, Failure> {
    if !std::path::Path::new(argument).is_file() && !argument.ends_with(".json") && !argument.ends_with(".csv") {
        return Ok(argument.parse()?);
    }
    let text = text::read(Some(argument))?;
    files::read(&text, times).map_err(|e| Failure::new(format!("{argument}: {e}"), ADVICE))
}

/// The name of a model in an argument: `exact:A`, `main-64-4096`, a file; or as version 1 of the description had it.
///
/// # Errors
/// If it comes with the command, and has no such condition.
pub fn named(text: &str) -> Result<ModelName> {
    catalogue::complete(text.into())
}

/// Make sure that every named model can be had over a distribution: built in, shipped, or a file.
///
/// # Errors
/// If there is none of a name, its file cannot be read, or it learned other data.
pub fn load(distribution: Distribution, names: impl IntoIterator<Item = ModelName>) -> Result<Models> {
    complete(Models::over(distribution), names)
}

/// Models, and those of these names that are not among them.
///
/// # Errors
/// As for [`load`].
pub fn complete(mut models: Models, names: impl IntoIterator<Item = ModelName>) -> Result<Models> {
    for name in names {
        if !models.has(&name) && conditions(&name.model).is_empty() {
            models.add(&*name.model, of_file(&name)?);
        } else if let Some(shipped) = network_of(&name).filter(|_| !models.has(&name)) {
            let file = WEIGHTS.get_file(format!("{}.safetensors", shipped.name)).expect("it ships");
            models.add(shipped.model_name().to_string(), Network::from_safetensors(file.contents())?);
        }
        models.get(&name)?;
    }
    Ok(models)
}

/// The network in the file that is called as a model.
fn of_file(name: &ModelName) -> Result<Network> {
    let path = name.model.as_str();
    if std::path::Path::new(path).exists() {
        let bytes = read(path).map_err(|problem| Error::File { path: path.into(), problem })?;
        return Network::from_safetensors(&bytes).map_err(|e| e.in_file(path));
    }
    if path.ends_with(".safetensors") || path.contains(['/', '\\']) {
        return Err(Error::File { path: path.into(), problem: "no such file".into() });
    }
    Err(Error::UnknownModel { name: name.to_string() })
}

/// A file no larger than a network could be.
fn read(path: &str) -> std::result::Result<Vec<u8>, String> {
    let length = std::fs::metadata(path).map_err(|e| e.to_string())?.len();
    if length > LARGEST {
        return Err(format!("{length} bytes are more than a network has"));
    }
    std::fs::read(path).map_err(|e| e.to_string())
}

/// The shipped networks, for help texts.
pub fn list() -> String {
    let names = network_names();
    let rows: Vec<String> = names.chunks(4).map(|row| format!("  {}", row.join("  "))).collect();
    format!("Shipped networks (width, then iterations of training; the class that each learned):\n{}", rows.join("\n"))
}
