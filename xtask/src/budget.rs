//! How large the wasm may be, each variant of it, and the figure for notebooks. Raise a number only with a reason in the commit.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use crate::failure::{At, Failure, Result};

/// The most that a file may weigh.
#[derive(Clone, Copy)]
pub struct Budget {
    /// Bytes of the optimised file.
    raw: u64,
    /// Bytes of what a visitor downloads from a host that compresses.
    gzipped: u64,
}

/// Builds for the workers of the processor's engine.
pub const PROCESSOR: Budget = Budget { raw: 220_000, gzipped: 97_000 };
/// Builds for workers that draw pictures and judge them.
pub const IMAGES: Budget = Budget { raw: 542_000, gzipped: 222_000 };
/// The build for the worker that owns a graphics device: wgpu's layer over the browser's interface comes with it.
pub const GPU: Budget = Budget { raw: 372_000, gzipped: 160_000 };
/// The build for workers that draw pictures on a graphics device: that layer comes with it, too.
pub const IMAGES_GPU: Budget = Budget { raw: 715_000, gzipped: 287_000 };
/// Builds for workers that train, and that read data of one's own: numbers as text, and JSON, are 110 kB of it. 3 kB are what spares a
/// tenth of an iteration and more: passing over faint components, exact scores of two vectors at once, and sums over lanes.
pub const TRAINING: Budget = Budget { raw: 257_000, gzipped: 122_000 };
/// The build for the worker that owns a graphics device which trains: of the sampler's kernels it has the parts that training shares.
pub const TRAINING_GPU: Budget = Budget { raw: 246_000, gzipped: 107_000 };

/// The build that compiles rules of one's own and runs them, for those who have one.
pub const OWN_RULE: Budget = Budget { raw: 125_000, gzipped: 57_000 };

/// The figure for notebooks, which each widget hands to the page: the element, all builds of the wasm but those for pictures, and the
/// plane's networks, compressed and in base64.
pub const WIDGET: Budget = Budget { raw: 2_560_000, gzipped: 1_940_000 };

/// Measures the file; fails where it is over its budget.
pub fn check(file: &Path, Budget { raw: most_raw, gzipped: most_gzipped }: Budget) -> Result<String> {
    let raw = fs::metadata(file).at(file)?.len();
    let gzipped = gzipped(file)?;
    let sizes = format!("{}: {raw} bytes of {most_raw}, gzipped {gzipped} of {most_gzipped}", file.display());
    if raw > most_raw || gzipped > most_gzipped {
        return Err(Failure::new(format!("over budget: {sizes}")).advise(
            "find what grew (`npx wasm-dis`, `cargo tree`), or raise the number in xtask/src/budget.rs with a reason.",
        ));
    }
    Ok(sizes)
}

/// Node is there anyway, and compresses the same on every system.
fn gzipped(file: &Path) -> Result<u64> {
    let script = "const fs=require('fs');console.log(require('zlib').gzipSync(fs.readFileSync(process.argv[1]),{level:9}).length)";
    let output = Command::new("node")
        .args(["-e", script])
        .arg(file)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::new(format!("could not start node: {error}")))?;
    String::from_utf8_lossy(&output.stdout)
        .trim()
        .parse()
        .map_err(|_| Failure::new("node did not tell the gzipped size"))
}
