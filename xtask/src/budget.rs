//! How large the wasm may be, each variant of it. Raise a number only with a reason in the commit.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use crate::failure::{At, Failure, Result};

/// Bytes of the optimised file.
const RAW: u64 = 600_000;
/// Bytes of what a visitor downloads from a host that compresses.
const GZIPPED: u64 = 240_000;

/// Measures the file; fails where it is over its budget.
pub fn check(wasm: &Path) -> Result<String> {
    let raw = fs::metadata(wasm).at(wasm)?.len();
    let gzipped = gzipped(wasm)?;
    let sizes = format!("{}: {raw} bytes of {RAW}, gzipped {gzipped} of {GZIPPED}", wasm.display());
    if raw > RAW || gzipped > GZIPPED {
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
