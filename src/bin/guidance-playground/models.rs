//! From a MODEL argument to a model.

use clap::Args;
use guidance_playground::plane::Models;
use guidance_playground::plane::catalogue::network_names;
use guidance_playground::plane::distribution::Distribution;
use guidance_playground::plane::network::Network;
use guidance_playground::{Error, Result};
use include_dir::{Dir, include_dir};

static WEIGHTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/weights");

/// Well above the widest network that is read, in double precision.
const LARGEST: u64 = 64 << 20;

/// What is sampled.
#[derive(Args)]
pub struct Data {
    /// What is sampled: tree-2 (the paper's, and the default) or another seed's, two-moons, two-rings, two-spirals, checkerboard,
    /// eight-gaussians; shipped networks know tree-2 only
    #[arg(long, value_name = "DISTRIBUTION")]
    data: Option<String>,
}

impl Data {
    /// # Errors
    /// If there is none of that name.
    pub fn distribution(&self) -> Result<Distribution> {
        self.distribution_or(None)
    }

    /// What is asked for, or else what a file says.
    ///
    /// # Errors
    /// If there is none of that name.
    pub fn distribution_or(&self, file: Option<&str>) -> Result<Distribution> {
        self.data.as_deref().or(file).map_or(Ok(Distribution::PAPER), str::parse)
    }
}

/// Make sure that every named model can be had over a distribution: built in, shipped, or a file.
pub fn load<'a>(distribution: Distribution, names: impl IntoIterator<Item = &'a str>) -> Result<Models> {
    let mut models = Models::over(distribution);
    for name in names {
        if models.has(name) {
            continue;
        }
        let file = format!("{name}.safetensors");
        let network = if let Some(shipped) = WEIGHTS.get_file(&file) {
            Network::from_safetensors(shipped.contents())?
        } else if std::path::Path::new(name).exists() {
            let bytes = read(name).map_err(|problem| Error::File { path: name.into(), problem })?;
            Network::from_safetensors(&bytes).map_err(|e| e.in_file(name))?
        } else if name.ends_with(".safetensors") || name.contains(['/', '\\']) {
            return Err(Error::File { path: name.into(), problem: "no such file".into() });
        } else {
            return Err(Error::UnknownModel { name: name.into() });
        };
        models.add(name, network);
        models.get(name)?;
    }
    Ok(models)
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
    format!("Shipped networks (class and width, then iterations of training):\n{}", rows.join("\n"))
}
