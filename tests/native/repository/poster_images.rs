//! The pictures that the page shows of the lab of images before any script runs: its opening view at its end, as the command draws it.
//! A stale one is rewritten, and the test fails once, as with the files of `generated`.

use super::in_repository;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// What www/images/state opens with: lab.ts and state.ts.
const OPENING: [&str; 3] = ["none", "cfg4", "cfg4-interval"];
const PROMPT: &str = "an astronaut riding a horse";
/// Of 255, on average: instruction sets differ in the last digits, which guidance may make a little more of.
const NEAR: f64 = 1.0;

fn pixels(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().ok()?;
    let mut pixels = vec![0; reader.output_buffer_size()?];
    reader.next_frame(&mut pixels).ok()?;
    Some(pixels)
}

fn far(one: &[u8], other: &[u8]) -> f64 {
    let (Some(one), Some(other)) = (pixels(one), pixels(other)) else { return f64::INFINITY };
    if one.len() != other.len() {
        return f64::INFINITY;
    }
    let sum: u64 = one.iter().zip(&other).map(|(&a, &b)| u64::from(a.abs_diff(b))).sum();
    sum as f64 / one.len() as f64
}

#[test]
fn the_poster_of_pictures_is_the_opening_view() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("poster");
    fs::create_dir_all(&folder).unwrap();
    let mut stale = Vec::new();
    for choice in OPENING {
        let out = folder.join(format!("{choice}.png"));
        let drawn = Command::new(env!("CARGO_BIN_EXE_guidance-playground"))
            .args(["image", "--prompt", PROMPT, "--scheme", choice, "--images", "16", "--seed", "1"])
            .arg("--out")
            .arg(&out)
            .output()
            .unwrap();
        assert!(drawn.status.success(), "{}", String::from_utf8_lossy(&drawn.stderr));
        let bytes = fs::read(&out).unwrap();
        let path = in_repository(&format!("www/public/poster/{choice}.png"));
        if far(&fs::read(&path).unwrap_or_default(), &bytes) > NEAR {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, bytes).unwrap();
            stale.push(choice);
        }
    }
    assert!(stale.is_empty(), "the pictures of {stale:?} were stale; they are fresh now: look at them and commit them");
}
