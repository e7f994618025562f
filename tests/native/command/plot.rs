//! What `plot` draws of rows, and what it refuses.

use super::{bad, file, folder, good};
use serde_json::{Value, json};
use std::fmt::Write;

/// A row with one metric, of what was varied.
fn row(over: &Value, value: f64) -> String {
    let floor = json!({ "mean": 0.01, "spread": 0.004 });
    let outliers = json!({ "value": value, "standardError": 0.001, "floor": floor });
    json!({ "configuration": { "version": 2 }, "name": "cfg", "over": over, "results": { "outliers": outliers } })
        .to_string()
}

fn rows<'a>(all: impl IntoIterator<Item = (&'a Value, f64)>) -> String {
    all.into_iter().fold(String::new(), |mut text, (over, value)| {
        writeln!(text, "{}", row(over, value)).unwrap();
        text
    })
}

/// Left edge and top, colour and its opacity, of the cells of a map.
fn cells(svg: &str) -> Vec<([i32; 2], f64)> {
    let field = |line: &str, name: &str| {
        line.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let number = |line: &str, name: &str| field(line, name).parse::<f64>().unwrap();
    svg.lines()
        .filter(|line| line.starts_with("<rect") && number(line, "y") >= 70.0)
        .map(|line| ([number(line, "x") as i32, number(line, "y") as i32], number(line, "opacity")))
        .collect()
}

#[test]
fn a_map_has_a_cell_for_each_pair_of_values_and_a_ring_where_nothing_is_told_apart() {
    let folder = folder("map");
    let pairs: Vec<(Value, f64)> = (0..6)
        .map(|i| (json!({ "k": 1.0 + 0.1 * f64::from(i / 3), "w": 10 - i % 3 }), 0.01 + 0.003 * f64::from(i)))
        .collect();
    let path = file(&folder, "grid.jsonl", rows(pairs.iter().map(|(over, value)| (over, *value))));
    let svg = good(&["plot", &path, "--map", "outliers"]);
    let found = cells(&svg);
    assert_eq!(found.len(), 6);
    // Values .01, .013, .016 are within two spreads of .01; a ring is two circles, and one of them is in the legend.
    assert_eq!(svg.matches("<circle").count(), 2 * (3 + 1));
    // Two columns of k, three rows of w, the greatest on top; opaque as the greatest value is.
    let mut columns: Vec<i32> = found.iter().map(|(at, _)| at[0]).collect();
    columns.dedup();
    assert_eq!(columns.len(), 2, "{columns:?}");
    let opacities: Vec<f64> = found.iter().map(|(_, opacity)| *opacity).collect();
    let expected: Vec<f64> = (0..6).map(|i| 0.06 + 0.94 * f64::from(i) / 5.0).collect();
    assert!(opacities.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 0.006), "{opacities:?}");
    let tops: Vec<i32> = found[..3].iter().map(|(at, _)| at[1]).collect();
    assert!(tops[0] < tops[1] && tops[1] < tops[2], "w = 10 is above 9 and 8: {tops:?}");
    for word in ["outliers", ">\n1.1\n<", ">\n10\n<", "0.025", "cannot be told from a perfect sampler"] {
        assert!(svg.contains(word), "{word}: {svg}");
    }
    // The other way round.
    let turned = good(&["plot", &path, "--map", "outliers", "--x", "w"]);
    let mut columns: Vec<i32> = cells(&turned).iter().map(|(at, _)| at[0]).collect();
    columns.sort_unstable();
    columns.dedup();
    assert_eq!(columns.len(), 3);
}

#[test]
fn words_are_an_axis_too_and_pictures_have_metrics_of_their_own() {
    let folder = folder("map-words");
    let row = |schedule: &str, w: i32| {
        let style = json!({ "value": f64::from(w), "standardError": 0.1, "floor": { "mean": 4.0, "spread": 0.2 } });
        let over = json!({ "schedule": schedule, "w": w });
        json!({ "configuration": {}, "name": "cfg", "over": over, "results": { "effectiveStyles": style } }).to_string()
    };
    let text: Vec<String> =
        ["static", "cosine"].into_iter().flat_map(|s| [1, 2, 4].map(|w| row(s, w))).map(|row| row + "\n").collect();
    let path = file(&folder, "grid.jsonl", text.concat());
    let svg = good(&["plot", &path, "--map", "effectiveStyles"]);
    assert_eq!(cells(&svg).len(), 6);
    let place = |word: &str| svg.find(&format!(">\n{word}\n<")).unwrap();
    assert!(place("static") < place("cosine"), "in the order in which they were given");
}

#[test]
fn what_is_no_map_is_refused() {
    let folder = folder("no-map");
    let path =
        |name: &str, all: &[(Value, f64)]| file(&folder, name, rows(all.iter().map(|(over, value)| (over, *value))));
    let line = path("line.jsonl", &[(json!({ "w": 1 }), 0.1), (json!({ "w": 2 }), 0.2)]);
    let words = bad(&["plot", &line, "--map", "outliers"]);
    assert!(words.contains("A map is over two things that were varied; these rows vary w."), "{words}");
    let cube: Vec<(Value, f64)> =
        (0..8).map(|i| (json!({ "k": i & 1, "steps": i >> 1 & 1, "w": i >> 2 }), f64::from(i))).collect();
    let cube = path("cube.jsonl", &cube);
    let words = bad(&["plot", &cube, "--map", "outliers"]);
    assert!(words.contains("Several rows have k = 0 and steps = 0, of which a map can show but one."), "{words}");
    let words = bad(&["plot", &cube, "--map", "outliers", "--x", "nu"]);
    assert!(
        words.contains("An axis of a map must be varied in these rows, which vary k and steps and w; it is \"nu\""),
        "{words}"
    );
    let words = bad(&["plot", &cube, "--map", "beauty"]);
    assert!(words.contains("beauty") && words.contains("effectiveStyles") && words.contains("milliseconds"), "{words}");
    let words = bad(&["plot", &line, "--map", "slicedWasserstein", "--x", "w"]);
    assert!(words.contains("these rows vary w."), "{words}");
}
