//! Training that stops and goes on.

use super::{bad, command, folder, good, table};
use crate::gpu::with_gpu;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// Options of a run that takes a moment: a width and a batch that fill no vector.
fn training<'a>(out: &'a str, iterations: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let options =
        ["train", "--classes", "AB", "--hidden", "9", "--batch", "130", "--seed", "4", "--snapshot-every", "4"];
    [&options[..], &["--out", out, "--iterations", iterations], more].concat()
}

/// Every file of a folder.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn a_resumed_training_gives_the_same_bytes() {
    let folder = folder("resume");
    let [whole, parts] = ["whole", "parts"].map(|name| folder.join(name));
    let [whole_name, parts_name] = [&whole, &parts].map(|path| path.to_str().unwrap());
    let told = good(&training(whole_name, "12", &["--threads", "2"]));
    let names: Vec<String> = contents(&whole).into_iter().map(|(name, _)| name).collect();
    let expected = ["0004", "0008", "0012", "checkpoint"].map(|name| format!("{name}.safetensors"));
    assert_eq!(names, [&expected[..], &["loss.csv".to_owned()]].concat());
    let losses = String::from_utf8(fs::read(whole.join("loss.csv")).unwrap()).unwrap();
    let (header, rows) = table(&losses);
    assert_eq!((header, rows.len()), ("iteration,loss", 12));
    assert!(rows.iter().zip(1u8..).all(|(row, i)| row[0] == f32::from(i) && row[1].is_finite()));

    // Under high noise data look like the Gaussian that a network begins as.
    let losses: Vec<[f64; 2]> = told
        .lines()
        .skip(2)
        .map(|row| row.split_whitespace().map(|cell| cell.parse().unwrap()).collect::<Vec<f64>>().try_into().unwrap())
        .collect();
    let ([lowest, first], [highest, last]) = (losses[0], losses[losses.len() - 1]);
    assert!(losses.len() == 12 && lowest < 0.01 && highest > 1.0 && first > 10.0 * last && last > 0.0, "{told}");

    assert_ne!(good(&training(parts_name, "8", &["--threads", "1"])), told);
    // It was left after the same iterations, and so it is as good.
    assert_eq!(good(&training(parts_name, "12", &["--resume"])), told);
    assert_eq!(contents(&parts), contents(&whole));
    // Nothing is left to do, and nothing changes.
    good(&training(parts_name, "12", &["--resume"]));
    assert_eq!(contents(&parts), contents(&whole));

    let ends = good(&["sample", "--main", whole.join("0012.safetensors").to_str().unwrap(), "--particles", "4"]);
    assert_eq!(table(&ends).1.len(), 4);
}

#[test]
fn a_training_that_cannot_go_on_says_why() {
    let folder = folder("no-resume");
    let name = folder.to_str().unwrap();
    assert!(bad(&training(name, "4", &["--resume"])).contains("checkpoint.safetensors"));
    good(&training(name, "4", &[]));
    let other = bad(&training(name, "8", &["--resume", "--threads", "1"])
        .iter()
        .map(|&o| if o == "9" { "12" } else { o })
        .collect::<Vec<_>>());
    assert!(other.contains("another run"), "{other}");
    let path = folder.join("checkpoint.safetensors");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert!(bad(&training(name, "8", &["--resume"])).contains("expected a complete safetensors file"));
    fs::copy(folder.join("0004.safetensors"), &path).unwrap();
    assert!(bad(&training(name, "8", &["--resume"])).contains("training checkpoint"));
}

/// Ctrl-C, wherever it falls, costs nothing.
#[cfg(unix)]
#[test]
fn an_interrupted_training_goes_on_to_the_same_bytes() {
    let folder = folder("interrupt");
    let [whole, parts] = ["whole", "parts"].map(|name| folder.join(name));
    good(&training(whole.to_str().unwrap(), "600", &[]));
    let arguments = training(parts.to_str().unwrap(), "600", &[]);
    let mut child = command(&arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    while !parts.join("0004.safetensors").exists() {
        assert_eq!(child.try_wait().unwrap(), None, "it ended before it could be interrupted");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(130) && words.contains("--resume goes on from there"), "{words}");
    assert!(!parts.join("0600.safetensors").exists());
    good(&training(parts.to_str().unwrap(), "600", &["--resume"]));
    assert_eq!(contents(&parts), contents(&whole));
}

#[test]
fn a_training_is_not_overwritten_nor_turned_back() {
    let folder = folder("kept");
    let out = folder.to_str().unwrap();
    good(&training(out, "4", &[]));
    let before = contents(&folder);
    assert!(bad(&training(out, "4", &[])).contains("holds a run already"));
    assert!(bad(&training(out, "2", &["--resume"])).contains("at iteration 4 already"));
    assert_eq!(contents(&folder), before);
}

/// A graphics processor trains, goes on to the same bytes, and the processor goes on with its checkpoint.
#[test]
fn a_graphics_processor_trains_as_the_processor_does() {
    with_gpu(async |gpu| {
        let folder = folder("graphics");
        let [whole, parts, other] = ["whole", "parts", "other"].map(|name| folder.join(name));
        let name = gpu.description();
        let train = |out: &Path, iterations, more: &[&str]| {
            let data = ["--data", "eight-gaussians"];
            good(&training(out.to_str().unwrap(), iterations, &[&data, more].concat()));
        };
        let device = ["--engine", "gpu", "--adapter", &name];
        train(&whole, "10", &device);
        train(&parts, "5", &device);
        train(&parts, "10", &[&device[..], &["--resume"]].concat());
        // A snapshot where the first part ended is all that tells them apart.
        fs::remove_file(parts.join("0005.safetensors")).unwrap();
        assert_eq!(contents(&parts), contents(&whole));
        train(&other, "10", &[]);
        let losses = |folder: &Path| table(&fs::read_to_string(folder.join("loss.csv")).unwrap()).1;
        for (here, there) in losses(&whole).iter().zip(losses(&other)) {
            assert!(here[0] == there[0] && (here[1] / there[1] - 1.0).abs() < 1e-4, "{here:?} {there:?}");
        }
        train(&whole, "12", &["--resume"]);
        assert_eq!(losses(&whole).len(), 12);
        let arguments = training("nowhere", "12", &[&device[..], &["--threads", "2"]].concat());
        assert!(bad(&arguments).contains("--threads are the processor's"));
    });
}
