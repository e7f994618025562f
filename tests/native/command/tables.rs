//! Tables of particles, and configurations, as files.

use super::{bad, file, folder, good, good_on};
use crate::mixture;
use guidance_playground::plane::distribution::Classes;
use guidance_playground::plane::metrics::Evaluator;
use std::fs;
use std::sync::Arc;

#[test]
fn points_are_read_from_tables_of_all_kinds() {
    let plain = good_on(&["evaluate", "--model", "exact:A", "--sigma", "1", "--points", "-"], b"x,y\n1,2\n-.5,4e-2\n");
    for table in [
        "x,y\r\n1,2\r\n-.5,4e-2\r\n",
        "x,y\n1,2\n\n-.5,4e-2",
        "y,x\n2,1\n4e-2,-.5\n",
        "name,x,y\nfirst,1,2\n\"the, second\",-.5,0.04\n",
        " x , y \n 1 , 2 \n -.5,\t4e-2\n",
        "\u{feff}x,y\n1,2\n-.5,4e-2\n",
    ] {
        let out = good_on(&["evaluate", "--model", "exact:A", "--sigma", "1", "--points", "-"], table.as_bytes());
        assert_eq!(out, plain, "{table:?}");
    }
}

/// "x,y\n0,1\n" as a spreadsheet saves "Unicode text".
const UTF16: [u8; 18] = *b"\xff\xfex\0,\0y\0\n\x000\0,\x001\0\n\0";

#[test]
fn a_bad_row_is_named_by_its_line() {
    let folder = folder("rows");
    for (text, words) in [
        (&b"x,y\n1,2\n3,four\n"[..], "line 3: \"four\" in column y is not a finite number."),
        (b"x,y\n1,2\n\n\n3,four\n", "line 5: \"four\""),
        (b"x,y\r\n1,2\r\n,4\r\n", "line 3: \"\" in column x"),
        (b"# 1\nx,y\n1,2\n# \"\n#,\n\n3,four\n", "line 7: \"four\""),
        (b"x,y\n1,NaN\n", "line 2: \"NaN\""),
        (b"x,y\n1,2\n1,2\n-inf,2\n", "line 4: \"-inf\""),
        (b"x,y\n1,2\n3\n", "line 3: 1 fields"),
        (b"x,y\n1,2\n3,4,5\n", "line 3: 3 fields"),
        (b"x,y\n1,2\n\n3,\xff\n", "line 4: this is not UTF-8."),
        (b"a,b\n1,2\n", "line 1: the header must name the columns x and y; it is \"a,b\"."),
        (b"# a\n\nb\n1\n", "line 3: the header must name"),
        (b"1,2\n3,4\n", "line 1: "),
        (b"", "line 1: "),
        (b"x,y\n", "line 2: there are no points."),
        (b"step,x,y\n0,1,2\n1,3,4\n", "line 3: the table holds whole paths (steps 0 and 1)."),
        (&UTF16, "this is UTF-16.\nSave the file as UTF-8."),
        (&UTF16[2..], "this is UTF-16."),
    ] {
        let path = file(&folder, "points.csv", text);
        for arguments in [
            &["evaluate", "--model", "exact:A", "--sigma", "1", "--points", &path][..],
            &["sample", "--main", "exact:A", "--start", &path],
            &["metrics", &path],
        ] {
            let found = bad(arguments);
            let named = found.contains(&format!("{path}, line")) || found.contains(&format!("{path}: "));
            assert!(named && found.contains(words), "{:?}: {found}", String::from_utf8_lossy(text));
        }
    }
}

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");

/// Particles as the page exports them: a row of metrics a panel.
#[test]
fn exported_particles_are_read() {
    let path = format!("{DATA}/exported-particles.csv");
    let text = fs::read_to_string(&path).unwrap();
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("1,")).collect();
    let at = |row: &&str| [4, 5].map(|column| row.split(',').nth(column).unwrap().parse().unwrap());
    let points: Vec<[f32; 2]> = rows.iter().map(at).collect();
    assert_eq!(points.len(), 7);
    let mut evaluator = Evaluator::new(Arc::clone(mixture(Classes::A)));
    let expected = serde_json::to_value(evaluator.metrics(&points).unwrap()).unwrap();
    let of = |arguments: &[&str]| -> serde_json::Value { serde_json::from_str(&good(arguments)).unwrap() };
    let mut found = of(&["metrics", &path, "--json"]);
    assert_eq!(found[0].as_object_mut().unwrap().remove("panel"), Some("1".into()));
    assert_eq!(found, serde_json::json!([expected]));
    let today = format!("{DATA}/exported-particles-2.csv");
    assert_eq!(good(&["metrics", &today]), good(&["metrics", &path]));
    assert!(good(&["metrics", &path]).lines().nth(1).unwrap().starts_with("1 "));

    // A second panel, at another step, its rows among those of the first.
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (i, row) in rows.iter().take(3).enumerate() {
        lines.insert(6 + 2 * i, row.replacen("1,", "2,", 1).replacen(",4,", ",3,", 1));
    }
    let folder = folder("exported");
    let both = file(&folder, "both.csv", lines.join("\r\n"));
    let found = of(&["metrics", &both, "--json"]);
    let counts: Vec<_> = [0, 1].iter().map(|&i| (found[i]["panel"].clone(), found[i]["particles"].clone())).collect();
    assert_eq!(counts, [("1".into(), 7.into()), ("2".into(), 3.into())]);
    assert_eq!(found[0]["outliers"], expected["outliers"]);
    let words = bad(&["sample", "--main", "exact:A", "--start", &both]);
    assert!(words.contains("line 7: a second panel begins here."), "{words}");
    let whole = file(&folder, "whole.csv", format!("{text}1,7,5,0,1,2\r\n"));
    assert!(bad(&["metrics", &whole]).contains("line 13: the table holds whole paths (steps 4 and 5)."));

    // Lost particles, as the page writes them, are counted, and metrics are of the others.
    let lost = format!("{text}1,7,4,0,NaN,-Infinity\r\n1,8,4,0,2e9,0\r\n2,0,4,0,Infinity,1\r\n");
    let lost = file(&folder, "lost.csv", lost);
    let found = of(&["metrics", &lost, "--json"]);
    assert_eq!((&found[0]["particles"], &found[0]["lost"]), (&9.into(), &2.into()));
    assert_eq!(found[0]["outliers"]["value"], expected["outliers"]["value"]);
    assert_eq!((&found[1]["panel"], &found[1]["code"]), (&"2".into(), &"diverged".into()));
    let words = good(&["metrics", &lost]);
    assert!(words.contains("9 (2 lost)") && words.contains("Panel 2 has no metrics. Particle 0 left"), "{words}");
    assert!(
        bad(&["sample", "--main", "exact:A", "--start", &lost]).contains("\"NaN\" in column x is not a finite number")
    );
    let json = file(&folder, "everything.json", "{\"ends\":[]}");
    assert!(bad(&["metrics", &json]).contains("this is JSON, not CSV.\n“Particles, CSV”"));
}

/// The configuration of a panel, as the page exports it, makes the page's samples; options come before it.
#[test]
fn exported_configurations_are_read() {
    let path = format!("{DATA}/exported-config.json");
    let whole: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let folder = folder("configuration");
    let alone = file(&folder, "alone.json", format!("\u{feff}{}", whole["scheme"]));
    let run = ["sample", "--scheme", &alone, "--seed", "1"];
    let expected = good(&[&run[..], &["--particles", "512"]].concat());
    // As version 1 of the description had it, and as it is today.
    for path in [&path, &format!("{DATA}/exported-config-2.json")] {
        assert_eq!(good(&["sample", "--scheme", path]), expected);
    }
    let (few, five) = (["sample", "--scheme", &path, "--particles", "5"], [&run[..], &["--particles", "5"]].concat());
    assert_eq!(good(&few), good(&five));
    let moons = r#"{"scheme":{"main":"exact:A"},"seed":3.0,"particles":40,"distribution":"two-moons"}"#;
    let moons = file(&folder, "moons.json", moons);
    let expected = ["sample", "--main", "exact:A", "--seed", "3", "--particles", "40"];
    assert_eq!(good(&["sample", "--scheme", &moons]), good(&[&expected[..], &["--data", "two-moons"]].concat()));
    assert_eq!(good(&["sample", "--scheme", &moons, "--data", "tree-2"]), good(&expected));
    let words = bad(&["compare", &moons, "--particles", "20"]);
    assert!(words.contains("is of two-moons, not of tree-2.\nGive --data two-moons."), "{words}");
    good(&["compare", &moons, "--particles", "20", "--seeds", "1", "--data", "two-moons"]);

    // Of all that the page exports at once, a panel is named.
    let both = serde_json::json!({"program": "guidance-playground", "panels": [
        {"title": "No guidance", "config": {"scheme": {"main": "exact:A"}, "seed": 3, "particles": 4}},
        {"title": "Mine", "config": whole, "metrics": null},
    ], "ends": []});
    let both = file(&folder, "both.json", both.to_string());
    let first = ["sample", "--main", "exact:A", "--seed", "3", "--particles", "4"];
    assert_eq!(good(&["sample", "--scheme", &format!("{both}#1")]), good(&first));
    assert_eq!(good(&["sample", "--scheme", &format!("{both}#2"), "--particles", "5"]), good(&five));
    let words = bad(&["sample", "--scheme", &both]);
    assert!(
        words.contains(&format!("has 2 panels, each with a scheme.\nGive one of {both}#1 to {both}#2.")),
        "{words}"
    );
    assert!(bad(&["compare", &format!("{both}#3")]).contains("has no panel 3: it has 2."));
}

/// Particles that are nowhere are said to be so, and no metric is made up for them.
#[test]
fn lost_particles_are_told() {
    let folder = folder("lost");
    let text =
        r#"{"guide":{"model":"guide-32-0512","condition":"B"},"weight":50,"combination":{"powerLaw":{"power":5}}}"#;
    let wild = file(&folder, "wild.json", text);
    let told = "left the range of numbers: 30 of 30 are lost.";
    for arguments in [
        &["sample", "--scheme", &wild, "--particles", "30"][..],
        &["compare", &wild, "--particles", "30", "--seeds", "1"],
    ] {
        let words = bad(arguments);
        assert!(words.contains("Particle 0 ") && words.contains(told), "{words}");
        assert!(words.ends_with("Lower the weight or add steps.\n"), "{words}");
    }
    let quick = ["--particles", "30", "--seeds", "1"];
    let rows = [
        good(&[&["compare", &wild, "--json"][..], &quick].concat()),
        good(&[&["sweep", &wild, "--over", "w=50"][..], &quick].concat()),
    ];
    for row in rows {
        let row: serde_json::Value = serde_json::from_str(&row).unwrap();
        assert!(row.get("results").is_none() && row["code"] == "diverged", "{row}");
        assert!(row["refused"].as_str().unwrap().ends_with(told), "{row}");
    }
    let beside = good(&[&["compare", "none", &wild][..], &quick].concat());
    assert!(beside.contains("wild.json has no metrics. Particle 0 left the range of numbers"), "{beside}");

    // A start that no particle comes back from is at fault itself, whatever the weight; others are not.
    let starts = file(&folder, "starts.csv", "x,y\n0.1,0.2\n\n1e20,0.2\n");
    for more in [&["--main", "exact:A"][..], &["--main", "exact:A", "--guide", "exact:AB", "--weight", "2"]] {
        let words = bad(&[&["sample", "--start", &starts][..], more].concat());
        assert!(words.contains(&format!("{starts}, line 4: the particle that starts at (1")), "{words}");
        assert!(words.contains("without guidance too.\nStarts are samples") && !words.contains("weight"), "{words}");
    }
    let near = file(&folder, "near.csv", "x,y\n0.1,0.2\n");
    assert!(bad(&["sample", "--scheme", &wild, "--start", &near]).contains("Lower the weight or add steps."));
}

#[test]
fn tables_that_are_not_endpoints_are_refused() {
    let folder = folder("not-endpoints");
    let paths = file(&folder, "paths.csv", "step,particle,x,y\n0,0,1,2\n1,0,1,2\n");
    assert!(bad(&["metrics", &paths]).contains("whole paths"));
    let far = file(&folder, "far.csv", "x,y\n1,2\n1e39,0\n");
    assert!(bad(&["metrics", &far]).contains("line 3"));
    let far = file(&folder, "far.csv", "x,y\n1,2\n\n0,-1.1e9\n");
    let words = bad(&["metrics", &far]);
    assert!(words.contains("line 4: the point (0, -1100000000) is too far for metrics, which end at 1e9."), "{words}");
    let point = file(&folder, "point.csv", "x,y\n1,2\n");
    let beyond = bad(&["evaluate", "--model", "exact:A", "--sigma", "1e300", "--points", &point]);
    assert!(beyond.contains("range of numbers"), "{beyond}");
}

#[test]
#[cfg(target_os = "linux")]
fn what_is_no_plain_file_is_written_through() {
    let folder = folder("through");
    let target = file(&folder, "target.csv", "old");
    let link = folder.join("link.csv");
    std::os::unix::fs::symlink(&target, &link).unwrap();
    good(&["sample", "--main", "exact:A", "--particles", "2", "--out", link.to_str().unwrap()]);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read_to_string(&target).unwrap().starts_with("x,y\n"));
    let nowhere = folder.join("nowhere/ends.csv");
    let words = bad(&["sample", "--main", "exact:A", "--out", nowhere.to_str().unwrap()]);
    assert!(words.contains("no such folder"), "{words}");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "nothing is left beside");
    // A pipe of the process's own, named as a file.
    let text = good(&["sample", "--main", "exact:A", "--particles", "2", "--out", "/proc/self/fd/1"]);
    assert!(text.starts_with("x,y\n"), "{text}");
}
