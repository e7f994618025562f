//! Reports of other data than the paper's tree.

use super::{bad, file, folder, good};
use guidance_playground::study::{claims, experiments, since};
use std::fs;
use std::path::Path;

const VERDICTS: [&str; 4] = ["holds", "does not hold", "undecided", "not tested"];

/// A report's text, and its verdicts with networks and with exact scores by its table.
fn report(arguments: &[&str], folder: &Path) -> (String, Vec<[String; 2]>) {
    good(&[&["report", "--quick", "--out", folder.to_str().unwrap()], arguments].concat());
    let text = fs::read_to_string(folder.join("report.md")).unwrap();
    let statements: Vec<&str> = if arguments.contains(&"since") {
        since::claims().iter().map(|claim| claim.statement).collect()
    } else {
        claims().iter().map(|claim| claim.statement).collect()
    };
    let verdicts = statements.iter().zip(1..).map(|(statement, i)| {
        let line = format!("| {i}. {statement} | ");
        let rest = text.split(&line).nth(1).unwrap_or_else(|| panic!("no {line}")).lines().next().unwrap();
        let [networks, exact] =
            <[&str; 2]>::try_from(rest.trim_end_matches(" |").split(" | ").collect::<Vec<_>>()).unwrap();
        assert!(VERDICTS.contains(&networks) && VERDICTS.contains(&exact), "{rest}");
        [networks, exact].map(str::to_owned)
    });
    let verdicts = verdicts.collect();
    (text, verdicts)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn data_that_no_network_knows_are_reported_with_exact_models() {
    let folder = folder("report-moons");
    let of = ["--data", "two-moons", "--half", "proposal"];
    let (text, verdicts) = report(&of, &folder);
    assert!(text.contains("`guidance-playground report --data two-moons --quick`"), "{text}");
    assert!(text.contains("class A of two-moons.") && text.contains("none is given"), "{text}");
    assert!(verdicts.iter().all(|[networks, _]| networks == "not tested"), "{verdicts:?}");
    // What needs a network that is merely worse has no exact counterpart; all else is decided.
    let untested: Vec<usize> = (1..).zip(&verdicts).filter(|(_, v)| v[1] == "not tested").map(|(i, _)| i).collect();
    assert_eq!(untested, [6, 7, 10, 11]);
    assert!(text.contains("Not run: autoguidance, w = 3. ") && !text.contains("NaN"), "{text}");
    assert!(!text.contains("## With networks") && !text.contains("Published values"), "{text}");
    assert_eq!(names(&folder), ["report-exact-distance.svg", "report-exact-outliers.svg", "report.md"]);

    // The other half is not put beside one of other data, and what stands is left as it is.
    let out = folder.to_str().unwrap();
    for data in ["tree-2", "two-rings"] {
        let words = bad(&["report", "--quick", "--half", "since", "--data", data, "--out", out]);
        assert!(words.contains("was made with --data two-moons"), "{words}");
    }
    assert_eq!(fs::read_to_string(folder.join("report.md")).unwrap(), text);
    let (both, verdicts) = report(&["--data", "two-moons", "--half", "since"], &folder);
    assert!(both.starts_with(&text) && both.contains(" Class A of two-moons; networks: those that ship"), "{both}");
    assert!(verdicts.iter().all(|[networks, _]| networks == "not tested"), "{verdicts:?}");
    assert!(verdicts.iter().any(|[_, exact]| exact != "not tested"), "{verdicts:?}");
    let rows = fs::read_to_string(folder.join("report-since.jsonl")).unwrap();
    for row in rows.lines().map(|row| serde_json::from_str::<serde_json::Value>(row).unwrap()) {
        let of = &row["configuration"];
        assert!(of["data"] == "two-moons" && of["exact"] == true, "{of}");
    }
}

#[test]
fn networks_of_other_data_take_the_place_of_those_that_ship() {
    let folder = folder("report-networks");
    let points = file(&folder, "points.csv", "x,y,class\n0,0,A\n1,0.5,A\n0.6,0.3,A\n0.2,1,B\n0.8,0.1,B\n");
    let train = |name: &str, data: &str, more: [&str; 2]| {
        let out = folder.join(name);
        let fixed = ["train", "--hidden", "9", "--batch", "130", "--iterations", "6", "--data", data];
        good(&[&fixed[..], &more, &["--out", out.to_str().unwrap()]].concat());
        out.join("0006.safetensors").to_str().unwrap().to_owned()
    };
    let main = train("main", &points, ["--seed", "1"]);
    let guide = train("guide", &points, ["--seed", "2"]);
    let out = folder.join("out");
    fs::create_dir_all(&out).unwrap();
    let of = ["--data", &points, "--main", &main, "--guide", &guide, "--half", "proposal"];
    let (text, verdicts) = report(&of, &out);
    assert!(text.contains(&format!("the main model is `{main}`")) && text.contains("class A of points-"), "{text}");
    let section = text.split("## With networks").nth(1).unwrap().split("## With exact scores").next().unwrap();
    for experiment in experiments() {
        let refused = ["cfg", "tail"].iter().any(|kind| experiment.id.starts_with(kind));
        let told = [format!("\n| {} | ", experiment.name), format!("\nNot run: {}. ", experiment.name)];
        assert!(section.contains(&told[usize::from(refused)]), "{}", experiment.name);
    }
    let untested: Vec<usize> = (1..).zip(&verdicts).filter(|(_, v)| v[0] == "not tested").map(|(i, _)| i).collect();
    assert_eq!(untested, [8, 9]);
    assert_eq!(names(&out).len(), 5);

    // Networks have to have learned these data, and class A of them.
    let elsewhere = train("elsewhere", "two-rings", ["--seed", "1"]);
    let other = train("other", &points, ["--classes", "B"]);
    let refused = |main: &str| bad(&["report", "--quick", "--data", &points, "--main", main, "--out", "nowhere"]);
    let words = refused(&elsewhere);
    assert!(words.contains("two-rings") && words.contains("points-"), "{words}");
    assert!(refused(&other).contains("class A"), "{}", refused(&other));
    assert!(refused("main-64-4096").contains("main-64-4096"), "{}", refused("main-64-4096"));
    assert!(refused("nothing.safetensors").contains("no such file"));
}

#[test]
fn what_a_report_cannot_be_of_is_refused() {
    let words = bad(&["report", "--quick", "--data", "two-moons"]);
    assert!(words.contains("docs/report.md is of the paper's tree") && words.contains("--out DIR"), "{words}");
    assert!(bad(&["report", "--guide", "guide-32-0512"]).contains("--main"));
    assert!(bad(&["report", "--data", "nothing.json"]).contains("nothing.json"));
}
