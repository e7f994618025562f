//! Rules of one's own from files.

use super::{bad, file, folder, good};
use serde_json::Value;

#[test]
fn a_rule_of_ones_own_is_sampled_and_swept() {
    let folder = folder("own-rule");
    let scheme = |text: &str| {
        let guide = r#"{"model":"exact","condition":"AB"}"#;
        format!(r#"{{"main":"exact:A","guide":{guide},"weight":2,"combination":{{"own":{{"text":"{text}"}}}}}}"#)
    };
    let rule = file(&folder, "rule.json", scheme("param g = 1.5 in 1..2\\nD1 + g * (w - 1) * (D1 - D0)"));
    let ends = good(&["sample", "--scheme", &rule, "--particles", "20"]);
    assert_eq!(ends.lines().filter(|line| line.contains(',')).count(), 21, "{ends}");
    let swept = good(&["sweep", &rule, "--over", "g=1,1.5,5", "--over", "w=2", "--particles", "200", "--seeds", "1"]);
    let rows: Vec<Value> = swept.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 3, "{swept}");
    let distance = |row: &Value| row["results"].clone();
    assert_ne!(distance(&rows[0]), distance(&rows[1]));
    assert!(rows[0]["results"].is_object() && rows[1]["results"].is_object(), "{swept}");
    let refused = rows[2]["refused"].as_str().unwrap();
    assert_eq!(refused, "The parameter g of the rule must be between 1 and 2; it is 5.");

    let wrong = file(&folder, "wrong.json", scheme("d = D1 - D0\\nD1 + dd * w"));
    let words = bad(&["sample", "--scheme", &wrong]);
    assert!(words.contains("Nothing is called `dd`; perhaps `d` is meant. (Line 2, letter 6 of the rule.)"), "{words}");
    assert!(words.contains("docs/schemes.md tells"), "{words}");
}
