//! Grids of what is varied, and their points.

use super::axis::{Axis, MOST, Varied, written};
use super::exact::exact;
use super::given::Given;
use crate::error::{Error, Result};
use crate::guidance::Scheme;
use crate::plan::Plan;
use serde_json::{Map, Value};

/// A base scheme and what is varied: every combination of the axes' values.
#[derive(Clone, Debug)]
pub struct Grid<S = Scheme> {
    base: S,
    axes: Vec<Axis>,
}

/// One combination.
#[derive(Clone, Debug)]
pub struct Point<S = Scheme> {
    /// What was varied, and its value.
    pub over: Vec<(String, Value)>,
    /// The whole scheme as JSON, sensible or not.
    pub json: Value,
    /// The scheme, or why it is refused.
    pub scheme: Result<S>,
}

impl Point {
    /// A scheme that is not varied.
    pub fn single(scheme: &Scheme) -> Self {
        let json = serde_json::to_value(scheme).expect("a scheme becomes JSON");
        Self { over: Vec::new(), json, scheme: Plan::new(scheme).map(|_| scheme.clone()) }
    }

    /// This scheme with exact models in place of networks, or refused where it has no such counterpart.
    pub fn exact(self) -> Self {
        self.replaced(exact)
    }

    /// This scheme with networks that are given in place of those that ship, or refused where none of them has their place.
    pub fn given(self, given: &Given) -> Self {
        self.replaced(|scheme| given.instead(scheme))
    }

    fn replaced(self, by: impl FnOnce(&Scheme) -> Result<Scheme>) -> Self {
        match self.scheme.and_then(|scheme| by(&scheme)) {
            Ok(scheme) => Self { over: self.over, ..Self::single(&scheme) },
            refused => Self { scheme: refused, ..self },
        }
    }
}

impl<S> Point<S> {
    /// What was varied as an object.
    pub fn object(&self) -> Map<String, Value> {
        self.over.iter().cloned().collect()
    }
}

impl<S: Varied> Grid<S> {
    /// All combinations of `overs`, each a text that [`Axis::parse`] reads.
    ///
    /// # Errors
    /// If `base` has nothing of a name, or its values make none; if a thing is varied twice, or there are more than 100,000 points.
    pub fn new(base: &S, overs: &[String]) -> Result<Self> {
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
        Ok(Self { base: base.clone(), axes })
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
    pub fn points(&self) -> impl Iterator<Item = Point<S>> + '_ {
        (0..self.len()).map(|index| self.point(index))
    }

    fn point(&self, mut index: usize) -> Point<S> {
        let mut choices = vec![0; self.axes.len()];
        for (choice, axis) in choices.iter_mut().zip(&self.axes).rev() {
            *choice = index % axis.values.len();
            index /= axis.values.len();
        }
        let chosen: Vec<(&Axis, usize)> = self.axes.iter().zip(choices).collect();
        let mut json = written(&self.base);
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
            None => serde_json::from_value::<S>(json.clone())
                .map_err(|e| Error::invalid("A value", "what its field takes", format!("not: {e}")))
                .and_then(S::sensible),
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
