//! What a sweep goes over: `--over SYMBOL=VALUES`, and the grid of several.

use super::exact::exact;
use crate::error::{Error, Result};
use crate::guidance::catalogue;
use crate::guidance::{ModelName, Scheme};
use crate::parameter::{Parameter, Setting};
use crate::plan::Plan;
use crate::plane::catalogue::{complete, current};
use serde_json::{Map, Value, json};

/// Most values of an axis, and most points of a grid.
const MOST: usize = 100_000;

/// One thing that is varied, and its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// As it was given: a parameter's symbol, a part of a scheme, or a JSON pointer into it.
    pub name: String,
    /// What is tried, as a person writes it.
    pub values: Vec<Value>,
    /// Where it stands in the scheme, and what is put there for each value.
    path: String,
    placed: Vec<Value>,
}

/// The parts of a scheme that a name stands for, and their variants by identifier.
fn part(name: &str) -> Option<(&'static str, Vec<(String, Value)>)> {
    let (path, variants) = match name {
        "schedule" => ("/schedule", catalogue::schedules()),
        "reading" => ("/reading", catalogue::readings()),
        "combination" => ("/combination", catalogue::combinations()),
        "space" => ("/space", catalogue::spaces()),
        "solver" => ("/solver", catalogue::solvers()),
        "spacing" => ("/levels/spacing", catalogue::spacings()),
        _ => return None,
    };
    Some((path, variants.into_iter().map(|v| (v.id, v.value)).collect()))
}

/// Names of [`part`], and of models.
const PARTS: [&str; 8] = ["main", "guide", "schedule", "reading", "combination", "space", "solver", "spacing"];

/// The numbers that a scheme has, by JSON pointers.
fn numbers(scheme: &Scheme, json: &Value) -> Vec<(String, &'static Parameter)> {
    let mut found = Vec::new();
    // The numbers of a variant stand under its name.
    let mut add = |part: &str, settings: &[Setting]| {
        let name = json.pointer(part).and_then(Value::as_object).and_then(|fields| fields.keys().next());
        let under = name.map_or_else(String::new, |name| format!("/{name}"));
        found.extend(settings.iter().map(|(field, parameter, _)| (format!("{part}{under}/{field}"), *parameter)));
    };
    if let Some(guide) = &scheme.guide {
        add("/guide/noise", &guide.noise.settings());
        add("/guide/degradation", &guide.degradation.settings());
    }
    add("/schedule", &scheme.schedule.settings());
    add("/combination", &scheme.combination.settings());
    add("/solver", &scheme.solver.settings());
    add("/levels/spacing", &scheme.levels.spacing.settings());
    let plain = |part: &str, settings: &[Setting]| -> Vec<_> {
        settings.iter().map(|(field, parameter, _)| (format!("{part}/{field}"), *parameter)).collect()
    };
    found.extend(plain("/levels", &scheme.levels.settings()));
    if let Some(interval) = &scheme.interval {
        found.extend(plain("/interval", &interval.settings()));
    }
    if scheme.guide.is_some() {
        let own = [
            ("/weight", &crate::parameter::WEIGHT),
            ("/guide/sigmaScale", &crate::parameter::SIGMA_SCALE),
            ("/guide/noiseShift", &crate::parameter::NOISE_SHIFT),
        ];
        found.splice(0..0, own.map(|(path, parameter)| (path.to_owned(), parameter)));
    }
    found
}

impl Axis {
    /// Read `NAME=VALUES` for variations of `base`. NAME is a parameter's symbol (`w`, `k`, ...), a part of a scheme
    /// (`schedule`, `guide`, ...), or a JSON pointer (`/levels/min`). VALUES is a list `a,b,c`, or for numbers also a range
    /// `from:to:step` with both ends. A part takes names of the catalogue, and their default parameters with them.
    ///
    /// # Errors
    /// [`Error::Invalid`] if `base` has nothing of that name, telling what it has; or if the values make none.
    pub fn parse(text: &str, base: &Scheme) -> Result<Self> {
        let shape = || Error::invalid("What is varied", "NAME=a,b,c or NAME=from:to:step", format!("\"{text}\""));
        let (name, values) = text.split_once('=').ok_or_else(shape)?;
        let json = serde_json::to_value(base).expect("a scheme becomes JSON");
        let list: Vec<&str> = values.split(',').map(str::trim).collect();
        if list.contains(&"") {
            return Err(shape());
        }
        if let Some((path, variants)) = part(name) {
            let found = list.iter().map(|id| {
                variants.iter().find(|(known, _)| known == id).map(|(_, value)| value.clone()).ok_or_else(|| {
                    let known: Vec<&str> = variants.iter().map(|(id, _)| id.as_str()).collect();
                    Error::invalid(format!("A {name}"), format!("one of {}", known.join(", ")), format!("\"{id}\""))
                })
            });
            let placed = found.collect::<Result<Vec<_>>>()?;
            let values = list.into_iter().map(Value::from).collect();
            return Ok(Self { name: name.to_owned(), values, path: path.to_owned(), placed });
        }
        let known = numbers(base, &json);
        let model = match name {
            "main" | "/main" => Some("/main"),
            "guide" | "/guide/model" if base.guide.is_some() => Some("/guide"),
            _ => None,
        };
        if let Some(path) = model {
            let name_of = |text: &&str| complete(ModelName::from(*text)).map(|name| json!(name));
            let placed = list.iter().map(name_of).collect::<Result<_>>()?;
            let values = list.into_iter().map(Value::from).collect();
            return Ok(Self { name: name.to_owned(), values, path: path.to_owned(), placed });
        }
        let path = if name.starts_with('/') {
            match json.pointer(name) {
                Some(Value::Number(_) | Value::String(_)) => name.to_owned(),
                Some(_) => return Err(Error::invalid("A JSON pointer", "to a number or a name", name)),
                None => return Err(unknown(name, base, &known)),
            }
        } else {
            let mut places = known.iter().filter(|(_, parameter)| parameter.symbol == name).map(|(path, _)| path);
            match (places.next(), places.next()) {
                (Some(path), None) => path.clone(),
                (Some(path), Some(other)) => {
                    return Err(Error::invalid(
                        format!("The name {name}"),
                        format!("one thing of this scheme: give {path} or {other}"),
                        "both",
                    ));
                }
                _ => return Err(unknown(name, base, &known)),
            }
        };
        let values: Vec<Value> = if json.pointer(&path).is_some_and(Value::is_number) {
            let numbers = match range(values)? {
                Some(numbers) => numbers,
                None => list
                    .iter()
                    .map(|text| text.parse().ok().filter(|v: &f64| v.is_finite()).ok_or_else(shape))
                    .collect::<Result<_>>()?,
            };
            numbers.into_iter().map(number).collect()
        } else {
            list.into_iter().map(Value::from).collect()
        };
        Ok(Self { name: name.to_owned(), placed: values.clone(), values, path })
    }
}

fn unknown(name: &str, base: &Scheme, known: &[(String, &'static Parameter)]) -> Error {
    let symbols = known.iter().map(|(_, parameter)| parameter.symbol);
    let parts = PARTS.into_iter().filter(|&part| part != "guide" || base.guide.is_some());
    let all: Vec<&str> = symbols.chain(parts).collect();
    let expected = format!("one of {}, which this scheme has, or a JSON pointer", all.join(", "));
    Error::invalid("What is varied", expected, format!("\"{name}\""))
}

/// Whole numbers without a point: some fields take no other.
fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 9e15 { Value::from(value as i64) } else { Value::from(value) }
}

/// Digits after the point of a number as it is written in full.
fn digits(value: f64) -> usize {
    value.to_string().split_once('.').map_or(0, |(_, digits)| digits.len())
}

/// `from:to:step` with both ends; each value is the decimal number that a person would write.
fn range(text: &str) -> Result<Option<Vec<f64>>> {
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() == 1 {
        return Ok(None);
    }
    let wrong = || {
        let expected = "from:to:step, three numbers, the step leading from the first to the second";
        Error::invalid("A range", expected, format!("\"{text}\""))
    };
    let numbers: Option<Vec<f64>> =
        parts.iter().map(|p| p.trim().parse().ok().filter(|v: &f64| v.is_finite())).collect();
    let Some([from, to, step]) = numbers.as_deref().and_then(|n| <[f64; 3]>::try_from(n).ok()) else {
        return Err(wrong());
    };
    let count = (to - from) / step;
    if !(count >= 0.0 && step != 0.0) {
        return Err(wrong());
    }
    if count >= MOST as f64 {
        return Err(Error::invalid("A range", format!("of {MOST} values at most"), format!("\"{text}\"")));
    }
    let places = digits(from).max(digits(step));
    let value = |i: usize| format!("{:.places$}", from + i as f64 * step).parse().expect("a number was written");
    // Rounding may leave the last one short.
    Ok(Some((0..=(count + 1e-9) as usize).map(value).collect()))
}

/// A base scheme and what is varied: every combination of the axes' values.
#[derive(Clone, Debug)]
pub struct Grid {
    base: Value,
    axes: Vec<Axis>,
}

/// One combination.
#[derive(Clone, Debug)]
pub struct Point {
    /// What was varied, and its value.
    pub over: Vec<(String, Value)>,
    /// The whole scheme as JSON, sensible or not.
    pub json: Value,
    /// The scheme, or why it is refused.
    pub scheme: Result<Scheme>,
}

impl Point {
    /// A scheme that is not varied.
    pub fn single(scheme: &Scheme) -> Self {
        let json = serde_json::to_value(scheme).expect("a scheme becomes JSON");
        Self { over: Vec::new(), json, scheme: Plan::new(scheme).map(|_| scheme.clone()) }
    }

    /// This scheme with exact models in place of networks, or refused where it has no such counterpart.
    pub fn exact(self) -> Self {
        match self.scheme.and_then(|scheme| exact(&scheme)) {
            Ok(scheme) => Self { over: self.over, ..Self::single(&scheme) },
            refused => Self { scheme: refused, ..self },
        }
    }

    /// What was varied as an object.
    pub fn object(&self) -> Map<String, Value> {
        self.over.iter().cloned().collect()
    }
}

impl Grid {
    /// All combinations of `overs`, each a text that [`Axis::parse`] reads.
    ///
    /// # Errors
    /// If `base` has nothing of a name, or its values make none; if a thing is varied twice, or there are more than 100,000 points.
    pub fn new(base: &Scheme, overs: &[String]) -> Result<Self> {
        let axes = overs.iter().map(|text| Axis::parse(text, base)).collect::<Result<Vec<_>>>()?;
        for (i, axis) in axes.iter().enumerate() {
            if axes[..i].iter().any(|other| other.path == axis.path) {
                return Err(Error::invalid(format!("What is varied, {},", axis.name), "given once", "given twice"));
            }
        }
        let count = axes.iter().try_fold(1usize, |product, axis| product.checked_mul(axis.values.len()));
        if count.is_none_or(|count| count > MOST) {
            return Err(Error::invalid("A grid", format!("of {MOST} points at most"), "of more"));
        }
        Ok(Self { base: serde_json::to_value(base).expect("a scheme becomes JSON"), axes })
    }

    /// What is varied.
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        self.axes.iter().map(|axis| axis.values.len()).product()
    }

    /// Whether there is nothing to try.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The points, the last axis varying fastest.
    pub fn points(&self) -> impl Iterator<Item = Point> + '_ {
        (0..self.len()).map(|index| self.point(index))
    }

    fn point(&self, mut index: usize) -> Point {
        let mut choices = vec![0; self.axes.len()];
        for (choice, axis) in choices.iter_mut().zip(&self.axes).rev() {
            *choice = index % axis.values.len();
            index /= axis.values.len();
        }
        let chosen: Vec<(&Axis, usize)> = self.axes.iter().zip(choices).collect();
        let mut json = self.base.clone();
        // Parts first: they bring numbers of their own, which others then replace.
        let mut order = chosen.clone();
        order.sort_by_key(|(axis, _)| axis.path.matches('/').count());
        let mut missing = None;
        for (axis, choice) in order {
            match (json.pointer_mut(&axis.path), &axis.placed[choice]) {
                // A guide's name is two of its fields.
                (Some(Value::Object(guide)), Value::Object(name)) if axis.path == "/guide" => {
                    guide.extend(name.clone())
                }
                (Some(place), value) => *place = value.clone(),
                (None, _) => missing = Some(&axis.name),
            }
        }
        let over = chosen.iter().map(|(axis, choice)| (axis.name.clone(), axis.values[*choice].clone())).collect();
        let scheme = match missing {
            Some(name) => Err(Error::invalid(format!("The variant, to vary {name},"), "one that has it", "without it")),
            None => serde_json::from_value::<Scheme>(json.clone())
                .map_err(|e| Error::invalid("A value", "what its field takes", format!("not: {e}")))
                .and_then(current)
                .and_then(|scheme| Plan::new(&scheme).map(|_| scheme)),
        };
        Point { over, json, scheme }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guidance::Schedule;
    use crate::plane::catalogue::named;
    use crate::sampling::Solver;

    fn base() -> Scheme {
        named("sigma-scaling").unwrap()
    }

    fn values(text: &str) -> Vec<f64> {
        Axis::parse(text, &base()).unwrap().values.iter().map(|v| v.as_f64().unwrap()).collect()
    }

    #[test]
    fn ranges_have_both_ends_and_no_drift() {
        let ks = values("k=1:1.3:0.02");
        assert_eq!(ks.len(), 16);
        // To the bit what a person would write.
        assert_eq!(ks[..4], [1.0, 1.02, 1.04, 1.06]);
        assert_eq!(ks[15], 1.3);
        assert_eq!(values("w=0.1:0.3:0.1"), [0.1, 0.2, 0.3]);
        assert_eq!(values("w=3:1:-1"), [3.0, 2.0, 1.0]);
        assert_eq!(values("w=1:2:0.4"), [1.0, 1.4, 1.8]);
        assert_eq!(values("w=2:2:1"), [2.0]);
        assert_eq!(values("k=1.5e0:1.501:1e-3"), [1.5, 1.501]);
        assert_eq!(values("w=4, 1,2.5"), [4.0, 1.0, 2.5]);
        assert_eq!(values("steps=8:32:8"), [8.0, 16.0, 24.0, 32.0]);
        assert_eq!(values("/guide/sigmaScale=1.2"), [1.2]);
    }

    #[test]
    fn bad_axes_are_refused_with_the_reason() {
        for (text, words) in [
            ("k", "NAME=a,b,c"),
            ("k=", "NAME=a,b,c"),
            ("k=1,,2", "NAME=a,b,c"),
            ("k=one", "NAME=a,b,c"),
            ("k=nan", "NAME=a,b,c"),
            ("k=1:2", "from:to:step"),
            ("k=1:2:0", "from:to:step"),
            ("k=2:1:0.1", "from:to:step"),
            ("k=1:inf:1", "from:to:step"),
            ("k=0:1:1e-9", "at most"),
            ("nu=4", "one of w, k, shift, steps, sigma_min, sigma_max, main, guide"),
            ("/guide/noise/studentT/degreesOfFreedom=4", "one of w, k"),
            ("/levels=4", "to a number or a name"),
            ("schedule=cosinus", "one of static, linear, cosine"),
        ] {
            let message = Axis::parse(text, &base()).unwrap_err().to_string();
            // The spacing's own number stands before the levels'.
            let message = message.replace("rho, ", "");
            assert!(message.contains(words), "{text}: {message}");
        }
        let none = Axis::parse("k=1,2", &Scheme::default()).unwrap_err().to_string();
        assert!(!none.contains(" k,") && !none.contains("guide"), "{none}");
        let twice = Grid::new(&base(), &["k=1,2".into(), "/guide/sigmaScale=3".into()]).unwrap_err().to_string();
        assert!(twice.contains("given twice"), "{twice}");
        assert!(Grid::new(&base(), &["k=1:2:0.001".into(), "w=1:2:0.001".into()]).is_err());
    }

    #[test]
    fn a_symbol_of_two_parts_has_to_be_told_apart() {
        let scheme = Scheme {
            schedule: Schedule::Beta { a: 2.0, b: 2.0 },
            guide: None,
            weight: 1.0,
            ..named("momentum").unwrap()
        };
        let message = Axis::parse("a=1,2", &scheme).unwrap_err().to_string();
        assert!(message.contains("/schedule/beta/a or /combination/momentum/strength"), "{message}");
        assert!(Axis::parse("/schedule/beta/a=1,2", &scheme).is_ok());
    }

    #[test]
    fn grids_are_products_of_whole_schemes() {
        let overs = ["k=1.1,1.2", "schedule=static,beta", "solver=heun,churn", "guide=main-A64-4096,exact:A"];
        let grid = Grid::new(&base(), &overs.map(str::to_owned)).unwrap();
        let points: Vec<Point> = grid.points().collect();
        assert_eq!((grid.len(), points.len()), (16, 16));
        assert_eq!(points[0].scheme.as_ref().unwrap(), &base());
        let last = points[15].scheme.clone().unwrap();
        assert_eq!(last.guide.as_ref().unwrap().sigma_scale, 1.2);
        assert_eq!(last.guide.unwrap().name(), "exact:A".into());
        assert_eq!(last.schedule, Schedule::Beta { a: 2.0, b: 2.0 });
        assert!(matches!(last.solver, Solver::Churn { .. }));
        let names: Vec<&str> = points[1].over.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["k", "schedule", "solver", "guide"]);
        assert_eq!(points[1].over[3].1, "exact:A");
        assert_eq!(points[2].over[2].1, "churn");
        // By pointer, too, and as version 1 of the description called them.
        let overs = ["/guide/model=guide-AB32-0064", "main=exact:B", "/guide/condition=A,B,AB"];
        let grid = Grid::new(&base(), &overs.map(str::to_owned)).unwrap();
        let names: Vec<_> = grid
            .points()
            .map(|point| point.scheme.map(|s| s.models().iter().map(|m| m.to_string()).collect()))
            .collect();
        let both = |guide: &str| Ok(vec!["exact:B".to_owned(), guide.to_owned()]);
        assert_eq!((&names[0], &names[2]), (&both("guide-32-0064:A"), &both("guide-32-0064:AB")));
        let refused = names[1].as_ref().unwrap_err().to_string();
        assert_eq!(refused, "The condition of guide-32-0064 must be one of A, AB; it is B.");
        let twice =
            Grid::new(&base(), &["guide=exact:A".into(), "/guide/model=exact:B".into()]).unwrap_err().to_string();
        assert!(twice.contains("given twice"), "{twice}");
        assert!(Axis::parse("guide=exact:C", &base()).unwrap_err().to_string().contains("one of A, B, AB"));
    }

    #[test]
    fn points_that_make_no_sense_keep_their_reason() {
        let grid = Grid::new(&base(), &["k=0.01,1.1".into(), "combination=lerp,cfgPlusPlus".into()]).unwrap();
        let reasons: Vec<String> =
            grid.points().map(|p| p.scheme.err().map_or_else(String::new, |e| e.to_string())).collect();
        assert!(reasons[0].contains("factor on sigma") && reasons[3].contains("must be Euler"), "{reasons:?}");
        assert_eq!(reasons[2], "");
        // A number of a variant that another axis takes away.
        let beta = Scheme { schedule: Schedule::Beta { a: 2.0, b: 2.0 }, ..base() };
        let grid = Grid::new(&beta, &["a=1.5,3".into(), "schedule=beta,cosine".into()]).unwrap();
        let points: Vec<Point> = grid.points().collect();
        assert_eq!(points[2].scheme.as_ref().unwrap().schedule, Schedule::Beta { a: 3.0, b: 2.0 });
        assert!(points[3].scheme.as_ref().unwrap_err().to_string().contains("to vary a"));
        let half = Grid::new(&base(), &["steps=4.5".into()]).unwrap().points().next().unwrap();
        assert!(half.scheme.is_err());
    }
}
