//! The benchmark, and the instruction set that is asked for.

use super::{bad, command, file, folder, good, points, table};
use guidance_playground::lanes::Instructions;

#[test]
fn the_benchmark_counts_its_work() {
    let told = good(&["bench", "--json", "--particles", "96", "--steps", "4", "--rounds", "2", "--threads", "1"]);
    let rows: Vec<serde_json::Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let sets: Vec<&str> = Instructions::available().map(Instructions::title).collect();
    assert_eq!(rows.iter().map(|row| row["by"].as_str().unwrap()).collect::<Vec<_>>(), sets);
    for row in rows {
        // Two networks, four products forward and four in reverse, seven evaluations in four steps of Heun's.
        let operations = 96.0 * 7.0 * 8.0 * 2.0 * (64.0 * 64.0 + 32.0 * 32.0);
        assert_eq!(row["operations"].as_f64(), Some(operations));
        for key in ["seconds", "peaks"] {
            let numbers = row[key].as_array().unwrap();
            assert!(numbers.len() == 2 && numbers.iter().all(|n| n.as_f64().is_some_and(|n| n > 0.0)), "{key}");
        }
    }
    let table =
        good(&["bench", "--main", "exact:A", "--guide", "none", "--weight", "1", "--particles", "96", "--rounds", "1"]);
    assert!(sets.iter().all(|set| table.contains(&format!("\n{set} "))), "{table}");
    assert!(table.contains("us a guided score") && !table.contains("share of peak"), "{table}");
    let training = ["bench", "--training", "--particles", "96", "--rounds", "2", "--threads", "1"];
    let told = good(&[&training[..], &["--json"]].concat());
    let rows: Vec<serde_json::Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.iter().map(|row| row["by"].as_str().unwrap()).collect::<Vec<_>>(), sets);
    assert!(rows.iter().all(|row| row["seconds"].as_array().unwrap().len() == 2 && row["batch"] == 96));
    let table = good(&training);
    assert!(table.contains("96 particles a batch") && sets.iter().all(|set| table.contains(&format!("\n{set} "))));
    assert!(table.contains("on tree-2"), "{table}");
    assert!(bad(&["bench", "--training", "--steps", "4"]).contains("--training"));
    assert!(bad(&["bench", "--rounds", "0"]).contains("number of rounds"));
    assert!(bad(&["bench", "--adapter", "any"]).contains("give --engine gpu too"));
}

#[test]
fn the_benchmark_knows_any_data() {
    let few = ["bench", "--particles", "96", "--steps", "2", "--rounds", "1", "--instructions", "portable"];
    let folder = folder("bench-data");
    let points = file(&folder, "points.csv", "x,y,class\n0,0,A\n1,0.5,A\n0.2,1,B\n0.8,0.1,B\n");
    for (data, called) in [("two-moons", "two-moons"), (&points, "points-")] {
        // Exact models by themselves: no network that ships knows these.
        let of = |more: &[&str]| good(&[&few[..], &["--data", data], more].concat());
        let table = of(&[]);
        let head = table.lines().next().unwrap();
        assert!(head.starts_with(&format!("96 particles of {called}")), "{head}");
        assert!(head.contains("exact:A guided by exact:AB") && !table.contains("share of peak"), "{table}");
        let row: serde_json::Value =
            serde_json::from_str(&of(&["--json", "--guide", "none", "--weight", "1"])).unwrap();
        assert!(row["data"].as_str().unwrap().starts_with(called) && row["operations"] == 0.0, "{row}");
    }
    let training = ["bench", "--training", "--particles", "96", "--rounds", "1", "--data", "two-rings"];
    assert!(good(&training).contains("of width 64 on two-rings, 96 particles a batch"));
    let words = bad(&[&few[..], &["--data", "two-moons", "--main", "main-64-4096"]].concat());
    assert!(words.contains("main-64-4096") && words.contains("two-moons"), "{words}");
    assert!(bad(&[&few[..], &["--data", "three-moons"]].concat()).contains("The distribution must be"));
}

#[test]
fn instructions_are_those_asked_for() {
    let bench = ["bench", "--json", "--particles", "96", "--steps", "2", "--rounds", "1"];
    let sample = ["sample", "--main", "main-64-4096:A", "--particles", "96", "--steps", "4"];
    let best = points(&table(&good(&sample)).1);
    for set in Instructions::available() {
        let by_option = good(&[&bench[..], &["--instructions", set.name()]].concat());
        let by_variable = command(&bench).env("GUIDANCE_INSTRUCTIONS", set.name()).output().unwrap().stdout;
        for told in [by_option.as_bytes(), &by_variable] {
            assert_eq!(serde_json::from_slice::<serde_json::Value>(told).unwrap()["by"], set.title());
        }
        // Sums of lanes and fused products round otherwise.
        let ends = points(&table(&good(&[&sample[..], &["--instructions", set.name()]].concat())).1);
        let far = ends.iter().zip(&best).filter(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1]) > 1e-4).count();
        assert!(ends.len() == 96 && far <= 4, "{}: {far} endpoints differ", set.name());
    }
    let words = bad(&[&bench[..], &["--instructions", "mmx"]].concat());
    assert!(
        words.contains("The instruction set must be auto or one that this machine has") && words.contains("mmx"),
        "{words}"
    );
    let output = command(&bench).env("GUIDANCE_INSTRUCTIONS", "mmx").output().unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && words.contains("error: GUIDANCE_INSTRUCTIONS must be auto or"), "{words}");
    // The option goes before the variable.
    let output =
        command(&[&sample[..], &["--instructions", "auto"]].concat()).env("GUIDANCE_INSTRUCTIONS", "mmx").output();
    assert!(output.unwrap().status.success());
}
