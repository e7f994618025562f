//! `image`: pictures from a prompt.

mod sweep;

use super::{bad, good, run};
use std::fs;
use std::path::PathBuf;

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Width, height, red, green, blue and opacity, and the texts of a PNG.
fn decoded(bytes: &[u8]) -> (u32, u32, Vec<u8>, Vec<String>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let texts = reader.info().utf8_text.iter().map(|chunk| chunk.get_text().unwrap()).collect();
    (info.width, info.height, pixels, texts)
}

#[test]
fn exact_pictures_are_drawn_as_a_grid_and_as_numbers() {
    let folder = folder("image-grid");
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let draw = |out: &str, more: &[&str]| {
        let prompt = "a noto rocket on a night background";
        let common = ["image", "--prompt", prompt, "--exact", "--images", "3", "--seed", "5", "--out", out];
        let output = run(&[&common[..], more].concat());
        let words = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success() && output.stdout.is_empty(), "{words}");
        // The licences ask for it.
        assert!(words.contains("Twemoji by Twitter"), "{words}");
        fs::read(out).unwrap()
    };
    let grid = draw(&path("grid.png"), &["--scale", "2", "--steps-out", &path("steps")]);
    let (width, height, pixels, texts) = decoded(&grid);
    assert_eq!((width, height), (2 * 65, 2 * 65));
    let at = |x: usize, y: usize| &pixels[4 * (y * width as usize + x)..][..4];
    // The corner of a picture is its background, and between pictures and where there is no fourth there is nothing.
    assert_eq!(at(0, 0), [36, 41, 82, 255]);
    assert_eq!((at(64, 0), at(100, 100)), (&[0; 4][..], &[0; 4][..]));
    assert!(texts.iter().any(|text| text.contains("noto rocket")) && texts.iter().any(|text| text.contains("Mozilla")));
    assert_eq!(fs::read_dir(folder.join("steps")).unwrap().count(), 2 * 16);
    let last = decoded(&fs::read(folder.join("steps/16-pictures.png")).unwrap());
    assert_eq!(last.0, width);

    let array = draw(&path("pictures.npy"), &[]);
    let header = std::str::from_utf8(&array[10..128]).unwrap();
    assert!(array.starts_with(b"\x93NUMPY\x01\x00") && header.contains("(3, 32, 32, 3)"), "{header}");
    let tensors = draw(&path("pictures.safetensors"), &[]);
    let tensors = safetensors::SafeTensors::deserialize(&tensors).unwrap();
    let pictures = tensors.tensor("pictures").unwrap();
    assert_eq!((pictures.shape(), pictures.data()), (&[3, 32, 32, 3][..], &array[128..]));
    let first: Vec<f32> = pictures.data().as_chunks().0[..3].iter().map(|&b| f32::from_le_bytes(b)).collect();
    assert!(first.iter().zip([0.14, 0.16, 0.32]).all(|(a, b)| (a - b).abs() < 1e-3), "{first:?}");
}

#[test]
fn a_network_of_ones_own_draws_by_a_scheme_in_a_file() {
    let folder = folder("image-network");
    let network = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/images-network.safetensors");
    let file = folder.join("scheme.json").to_str().unwrap().to_owned();
    let scheme = |more: &str| format!(r#"{{"main":{{"model":"{network}"}},"levels":{{"steps":2}}{more}}}"#);
    fs::write(&file, scheme("")).unwrap();
    let out = folder.join("out.png").to_str().unwrap().to_owned();
    good(&["image", "--scheme", &file, "--images", "1", "--out", &out]);
    assert_eq!(decoded(&fs::read(&out).unwrap()).0, 128);
    fs::write(&file, scheme(r#","finnish":"none""#)).unwrap();
    assert!(bad(&["image", "--scheme", &file, "--out", &out]).contains("finnish"));
    let toy = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/network-16.safetensors");
    fs::write(&file, format!(r#"{{"main":{{"model":"{toy}"}}}}"#)).unwrap();
    let words = bad(&["image", "--scheme", &file, "--out", &out]);
    assert!(words.contains("network-16.safetensors") && words.contains("enter"), "{words}");
}

#[test]
fn prompts_are_listed_and_read() {
    let words = good(&["image", "prompts"]);
    assert!(
        ["rocket", "fxemoji", "night", "astronaut riding horse"].iter().all(|word| words.contains(word)),
        "{words}"
    );
    assert_eq!(good(&["image", "prompts", "a photograph of an astronaut riding a horse"]), "astronaut riding horse\n");
    assert!(good(&["image", "prompts", "a rokcet"]).contains("near it are rocket"));
}

#[test]
fn what_cannot_be_drawn_is_refused_in_a_sentence() {
    for (arguments, reason) in [
        (&["--prompt", "a rokcet"][..], "rocket"),
        (&["--prompt", "an emojione astronaut"], "no picture"),
        (&["--scheme", "cfgg"], "cfg-cosine"),
        (&["--out", "pictures.gif"], ".png, .npy or .safetensors"),
        (&["--out", "nowhere/pictures.png"], "no such folder"),
        (&["--images", "0"], "between 1 and 65536"),
        (&["--scheme", "autoguidance", "--exact"], "one exact model"),
    ] {
        let words = bad(&[&["image"][..], arguments].concat());
        assert!(words.contains(reason), "{arguments:?}: {words}");
    }
}

#[test]
fn pictures_are_judged_by_the_truth() {
    let folder = folder("image-metrics");
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    for seed in ["1", "2", "3"] {
        let out = path(&format!("{seed}.png"));
        let draw = ["image", "--prompt", "noto rocket", "--exact", "--images", "1", "--scale", "1", "--seed", seed];
        good(&[&draw[..], &["--out", &out]].concat());
    }
    let metrics = |prompt: &str| -> serde_json::Value {
        serde_json::from_str(&good(&["image", "metrics", &path("."), "--prompt", prompt, "--json"])).unwrap()
    };
    let [right, wrong] = ["noto rocket", "fluent cat"].map(metrics);
    let value = |metrics: &serde_json::Value, of: &str| metrics["estimates"][of]["value"].as_f64().unwrap();
    assert_eq!(
        (right["samples"].as_u64(), value(&right, "subjectRight"), value(&right, "styleRight")),
        (Some(3), 1.0, 1.0)
    );
    assert_eq!((value(&wrong, "subjectRight"), value(&wrong, "styleRight")), (0.0, 0.0));
    // Bytes are within half a 255th.
    assert!(value(&right, "distance") < 0.5 / 255.0 && right["estimates"]["backgroundRight"].is_null());
    let table = good(&["image", "metrics", &path("1.png"), "--prompt", "rocket"]);
    assert!(table.contains("1 pictures of rocket") && table.contains("log p gap"), "{table}");

    good(&["image", "--prompt", "rocket", "--exact", "--images", "2", "--out", &path("0-grid.png")]);
    fs::write(path("0.png"), "no picture").unwrap();
    for (file, reason) in
        [("0-grid.png", "260 x 128 pixels"), ("0.png", "no PNG"), ("none.png", "none.png"), (".", "0-grid")]
    {
        let words = bad(&["image", "metrics", &path(file)]);
        assert!(words.contains(reason), "{words}");
    }
}

#[test]
fn schemes_are_compared_on_one_noise() {
    let run =
        ["image", "compare", "none", "cfg", "--exact", "--prompt", "rocket", "--prompt", "noto cat", "--images", "2"];
    let text = good(&run);
    assert!(
        text.contains("2 prompts, 2 pictures of each") && text.contains("Less none") && text.contains("truth"),
        "{text}"
    );
    let lines = good(&[&run[..], &["--json"]].concat());
    let rows: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((rows.len(), &rows[1]["scheme"]), (2, &"cfg".into()));
    assert!(rows.iter().all(|row| row["metrics"]["estimates"]["subjectRight"]["value"] == 1.0), "{lines}");
    assert!(bad(&["image", "compare", "nobody"]).contains("cfg-cosine"));
    assert!(bad(&["image", "compare", "none", "--exact", "--images", "0"]).contains("between 1"));
}
