//! Data of one's own from the text of a file: points as CSV or JSON, strokes as JSON, or what a page has exported.

use super::cloud::{Cloud, MOST_POINTS};
use super::drawing::{Drawing, Stroke, UNITS};
use super::{Classes, Distribution};
use crate::error::{Error, Result};
use serde_json::{Map, Value};

/// What the text of a file holds:
///
/// - CSV with a row for each point, with `,`, `;`, a tab or a blank between numbers: x, y and, if all have one, a class, which
///   is one of two names; a header may name the columns `x`, `y` and `class` (or `label`, `target` or `species`) in any order, and lines that begin with `#` are
///   passed over;
/// - JSON with a list of points, `[x, y]` or `[x, y, class]` or `{"x": ..., "y": ..., "class": ...}`; or with that list as
///   `points` beside a `bandwidth` (.05 to 5 times that of Scott's rule, 1 if it is left out);
/// - JSON with `strokes`: `{"class": "A", "size": 0.03, "points": [[x, y], ...]}` each, in units of the plane, where a point may
///   have a size of its own as its third number;
/// - JSON with the name of a `distribution`, whatever else it has: what a page exports.
///
/// Points have so many `times` the bandwidth that the file asks for.
///
/// # Errors
/// If it is none of these; the message names the row, the point or the stroke.
pub fn read(text: &str, times: f64) -> Result<Distribution> {
    let text = text.trim_start_matches('\u{feff}');
    if !text.trim_start().starts_with(['{', '[']) {
        return cloud(csv(text)?, times);
    }
    let value: Value =
        serde_json::from_str(text).map_err(|e| Error::invalid("The file", "JSON or CSV", format!("not JSON: {e}")))?;
    match value {
        Value::Array(rows) => cloud(json(&rows)?, times),
        Value::Object(fields) => object(&fields, times),
        _ => unreachable!("it begins as one of the two"),
    }
}

fn object(fields: &Map<String, Value>, times: f64) -> Result<Distribution> {
    if let Some(name) = fields.get("distribution") {
        let text = || Error::invalid("The distribution", "text", name);
        return name.as_str().ok_or_else(text)?.parse();
    }
    if let Some(Value::Array(rows)) = fields.get("points") {
        let bandwidth = match fields.get("bandwidth") {
            None => 1.0,
            Some(given) => given.as_f64().ok_or_else(|| Error::invalid("The bandwidth", "a number", given))?,
        };
        return cloud(json(rows)?, bandwidth * times);
    }
    if let Some(Value::Array(strokes)) = fields.get("strokes") {
        let strokes = (1..).zip(strokes).map(|(number, each)| {
            let needed = "a class (\"A\" or \"B\"), a size, and a list of points [x, y] or [x, y, size]";
            stroke(each).ok_or_else(|| Error::invalid(format!("Stroke {number}"), needed, brief(&each.to_string())))
        });
        return Ok(Distribution::Drawing(Drawing::new(strokes.collect::<Result<_>>()?)?));
    }
    let needed = "an object with a list of points or strokes, or with the name of a distribution";
    let found: Vec<&str> = fields.keys().map(String::as_str).collect();
    Err(Error::invalid("The file", needed, brief(&format!("one with {}", found.join(", ")))))
}

fn stroke(value: &Value) -> Option<Stroke> {
    let class = match Classes::named(value.get("class")?.as_str()?)? {
        Classes::A => 0,
        Classes::B => 1,
        Classes::AB => return None,
    };
    let size = value.get("size").and_then(Value::as_f64);
    // Far numbers stay far, so that the drawing refuses them.
    let whole = |number: f64| (number * UNITS).round() as i32;
    let corner = |point: &Value| {
        let numbers: Option<Vec<f64>> = point.as_array()?.iter().map(Value::as_f64).collect();
        match numbers?[..] {
            [x, y] => Some([whole(x), whole(y), whole(size?)]),
            [x, y, size] => Some([whole(x), whole(y), whole(size)]),
            _ => None,
        }
    };
    Some(Stroke { class, corners: value.get("points")?.as_array()?.iter().map(corner).collect::<Option<_>>()? })
}

/// What a column of classes is called, or a field.
const CLASS: [&str; 4] = ["class", "label", "target", "species"];

/// A point and the name of its class, if it has one.
type Row = ([f64; 2], Option<String>);

/// By hand: readers of CSV in general do not tell the line of a row that follows empty ones.
fn csv(text: &str) -> Result<Vec<Row>> {
    let told = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
    let first = text.lines().find(told).unwrap_or("");
    let delimiter = [',', ';', '\t'].into_iter().find(|each| first.contains(*each));
    let bare = |field: &str| field.trim().trim_matches('"').to_owned();
    let mut columns = [Some(0), Some(1), Some(2)];
    let mut rows = Vec::new();
    let mut begun = false;
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| told(line)) {
        let fields: Vec<String> = match delimiter {
            Some(delimiter) => line.split(delimiter).map(bare).collect(),
            None => line.split_whitespace().map(bare).collect(),
        };
        let refused = |needed: &'static str| Error::invalid(format!("Row {number}"), needed, brief(line));
        if !std::mem::replace(&mut begun, true) && fields.iter().all(|field| field.parse::<f64>().is_err()) {
            let named = |name: &str| fields.iter().position(|field| field.eq_ignore_ascii_case(name));
            columns = [named("x"), named("y"), CLASS.into_iter().find_map(named)];
            if columns[0].is_none() || columns[1].is_none() {
                return Err(refused("a header with the columns x and y, or a point"));
            }
            continue;
        }
        let field = |column: usize| columns[column].and_then(|at| fields.get(at));
        let coordinate = |column: usize| field(column)?.parse::<f64>().ok().filter(|number| number.is_finite());
        let (Some(x), Some(y)) = (coordinate(0), coordinate(1)) else {
            return Err(refused("two finite numbers, x and y, and perhaps a class"));
        };
        rows.push(([x, y], field(2).filter(|class| !class.is_empty()).cloned()));
        few(&rows)?;
    }
    Ok(rows)
}

fn json(values: &[Value]) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (number, value) in (1..).zip(values) {
        let field = |index: usize, name: &str| match value {
            Value::Array(list) => list.get(index),
            other => other.get(name),
        };
        let number_of = |index, name| field(index, name).and_then(Value::as_f64);
        let class = match CLASS.into_iter().find_map(|name| field(2, name)) {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => Some(name.clone()),
            Some(other) => Some(other.to_string()),
        };
        let (Some(x), Some(y)) = (number_of(0, "x"), number_of(1, "y")) else {
            let needed = "[x, y], [x, y, class] or {x, y, class} with finite numbers";
            return Err(Error::invalid(format!("Point {number}"), needed, brief(&value.to_string())));
        };
        rows.push(([x, y], class));
        few(&rows)?;
    }
    Ok(rows)
}

/// Refuses rows as soon as they are too many.
fn few(rows: &[Row]) -> Result<()> {
    if rows.len() <= MOST_POINTS {
        return Ok(());
    }
    Err(Error::invalid("The number of points", "at most 100000", "more"))
}

fn cloud(rows: Vec<Row>, bandwidth: f64) -> Result<Distribution> {
    let mut names: Vec<&String> = rows.iter().filter_map(|(_, class)| class.as_ref()).collect();
    names.sort();
    names.dedup();
    let classes = match names[..] {
        [] => Vec::new(),
        [a, b] => {
            let class = |(index, (_, class)): (usize, &Row)| match class {
                Some(name) if name == a => Ok(0),
                Some(name) if name == b => Ok(1),
                _ => Err(Error::invalid(format!("Point {}", index + 1), "of a class, as the others are", "of none")),
            };
            rows.iter().enumerate().map(class).collect::<Result<_>>()?
        }
        [only] => {
            let needed = "two, or points may be without any";
            return Err(Error::invalid("The number of classes", needed, format!("one, {}", brief(only))));
        }
        _ => return Err(Error::invalid("The number of classes", "two at most", names.len())),
    };
    let points: Vec<[f64; 2]> = rows.iter().map(|(point, _)| *point).collect();
    Ok(Distribution::Points(Cloud::new(&points, &classes)?.gaussians(bandwidth)?))
}

/// So much of a text as a message can hold.
fn brief(text: &str) -> String {
    let start: String = text.chars().take(60).collect();
    if start.len() < text.len() { start + " ..." } else { start }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        read(text, 1.0).unwrap_err().to_string()
    }

    #[test]
    fn the_same_points_are_read_from_whatever_holds_them() {
        let csv = read("x,y,class\n0,1,A\n2,3,A\n4,5,B\n", 1.0).unwrap();
        for text in [
            "0,1,A\n2,3,A\n4,5,B",
            "\u{feff}# of mine\n Class ; Y ; X\r\ncat;1;0\r\ncat;3;2\r\ndog;5;4\r\n",
            "y,label,x\n1,setosa,0\n3,setosa,2\n5,virginica,4\n",
            "0\t1\t0\n2\t3\t0\n4\t5\t1\n",
            "0 1 A\n2 3 A\n4 5 B\n",
            "[[0, 1, \"A\"], [2, 3, \"A\"], [4, 5, \"B\"]]",
            " [{\"x\": 0, \"y\": 1, \"class\": 1}, {\"x\": 2, \"y\": 3, \"class\": 1}, {\"x\": 4, \"y\": 5, \"class\": 2}]",
            "{\"points\": [[0, 1, 0], [2, 3, 0], [4, 5, 1]], \"bandwidth\": 1}",
        ] {
            assert_eq!(read(text, 1.0).as_ref(), Ok(&csv), "{text}");
        }
        assert_eq!(read(&format!("{{\"distribution\": \"{csv}\", \"particles\": 4}}"), 1.0), Ok(csv.clone()));
        assert_ne!(read("{\"points\": [[0, 1, 0], [2, 3, 0], [4, 5, 1]], \"bandwidth\": 0.5}", 1.0), Ok(csv.clone()));
        assert_eq!(read("{\"points\": [[0, 1, 0], [2, 3, 0], [4, 5, 1]], \"bandwidth\": 0.5}", 2.0), Ok(csv));
        assert!(read("1,2\n3,4\n", 1.0).is_ok());
    }

    #[test]
    fn strokes_are_read() {
        let text = "{\"strokes\": [{\"class\": \"A\", \"size\": 0.03125, \"points\": [[0, 0], [0.5, 0.25, 0.0625]]}, \
                    {\"class\": \"B\", \"size\": 0.1, \"points\": [[-1, 1]]}]}";
        let Distribution::Drawing(drawing) = read(text, 1.0).unwrap() else { panic!("it is a drawing") };
        assert_eq!(drawing.strokes()[0].corners, [[0, 0, 4], [64, 32, 8]]);
        assert_eq!(drawing.strokes()[1], Stroke { class: 1, corners: vec![[-128, 128, 13]] });
        assert!(refused(&text.replace("\"B\"", "\"AB\"")).starts_with("Stroke 2"));
        assert!(refused(&text.replace("\"B\"", "\"A\"")).contains("both classes"));
        assert!(refused(&text.replace("[0, 0]", "[0]")).starts_with("Stroke 1"));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (text, about) in [
            ("", "number of points"),
            ("x,y\n", "number of points"),
            ("a,b\n1,2\n", "Row 1"),
            ("1,2\n3,NaN\n", "Row 2"),
            ("1,2\n\n# none\n3\n", "Row 4"),
            ("1,2,A\n3,4\n", "number of classes"),
            ("1,2,A\n3,4,B\n5,6\n", "Point 3"),
            ("1,2,A\n3,4,B\n5,6,C\n", "two at most"),
            ("{\"points\": [[1, 2], [1, null]]}", "Point 2"),
            ("{\"points\": [[1, 2]], \"bandwidth\": 9}", "bandwidth"),
            ("{\"points\": 3}", "one with points"),
            ("[1, 2", "not JSON"),
            ("{\"distribution\": \"three-moons\"}", "distribution"),
        ] {
            assert!(refused(text).contains(about), "{text}: {}", refused(text));
        }
        assert!(refused(&"1,2\n".repeat(1_000_000)).contains("100000"));
    }
}
