//! Rows of sweeps and comparisons: which there are to be, computed one by one by whoever has time, and their file.

use crate::data::{Distribution, Network};
use crate::error::{Problem, Result};
use crate::sampling::scheme;
use crate::work;
use guidance_playground::Error;
use guidance_playground::command::models::complete;
use guidance_playground::command::rows::Log;
use guidance_playground::guidance::{ModelName, Scheme};
use guidance_playground::plane::catalogue::conditions;
use guidance_playground::plane::{Model, Models, distribution, network};
use guidance_playground::study::{self, Grid, METRICS, Metric, Outcome, Point, Row, Shown, Varied, seeds};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What computes a row: its text, and the row itself where it is refused at once.
type Task = (String, Option<String>);
/// What there is to compute, and the networks that do not ship, as files.
type Tasks<'py> = (Vec<Task>, Vec<(String, Bound<'py, PyBytes>)>);

/// How runs are made, as both kinds of rows say it.
struct Setting<'a> {
    distribution: &'a distribution::Distribution,
    particles: usize,
    seeds: Vec<u64>,
    exact: bool,
}

impl Setting<'_> {
    fn task(&self, name: &str, point: &Point) -> Task {
        let configuration = Row::configuration(self.distribution, point, self.particles, &self.seeds, self.exact);
        let task = json!({"name": name, "over": point.object(), "configuration": configuration});
        let refused = point.scheme.as_ref().err().map(|reason| {
            let outcome = Outcome::Refused(reason.clone());
            Row { name: name.to_owned(), over: point.over.clone(), configuration, outcome }.to_json().to_string()
        });
        (task.to_string(), refused)
    }
}

/// The rows of a grid, in its order; every model that they need is there.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "Python gives them one by one")]
pub fn sweep_tasks<'py>(
    py: Python<'py>,
    name: &str,
    base: &str,
    over: Vec<String>,
    distribution: &Distribution,
    networks: Vec<(String, PyRef<'py, Network>)>,
    particles: usize,
    seed: u64,
    count: u64,
    exact: bool,
) -> Result<Tasks<'py>> {
    let grid = Grid::new(&scheme(base)?, &over)?;
    let points: Vec<Point> = grid.points().map(|point| if exact { point.exact() } else { point }).collect();
    let setting = setting(distribution, particles, seed, count, exact)?;
    let tasks = points.iter().map(|point| setting.task(name, point)).collect();
    Ok((tasks, files(py, distribution, &networks, &points)?))
}

/// The rows of schemes that are compared, each with its name; and what all are compared against as it is run.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "Python gives them one by one")]
pub fn compare_tasks<'py>(
    py: Python<'py>,
    schemes: Vec<(String, String)>,
    against: Option<&str>,
    distribution: &Distribution,
    networks: Vec<(String, PyRef<'py, Network>)>,
    particles: usize,
    seed: u64,
    count: u64,
    exact: bool,
) -> Result<(Tasks<'py>, Option<String>)> {
    let point = |text: &str| -> Result<Point> {
        let point = Point::single(&scheme(text)?);
        Ok(if exact { point.exact() } else { point })
    };
    let mut points = schemes.iter().map(|(_, text)| point(text)).collect::<Result<Vec<_>>>()?;
    let setting = setting(distribution, particles, seed, count, exact)?;
    let tasks = schemes.iter().zip(&points).map(|((name, _), point)| setting.task(name, point)).collect();
    let against = against.map(point).transpose()?;
    let told = against.as_ref().map(|point| Ok::<_, Problem>(json!(point.scheme.clone()?).to_string())).transpose()?;
    points.extend(against);
    Ok(((tasks, files(py, distribution, &networks, &points)?), told))
}

fn setting(distribution: &Distribution, particles: usize, first: u64, count: u64, exact: bool) -> Result<Setting<'_>> {
    let seeds = seeds(particles, first, count)?;
    Ok(Setting { distribution: distribution.models.distribution(), particles, seeds, exact })
}

/// Those models of some points that are networks of one's own, as files.
fn files<'py>(
    py: Python<'py>,
    distribution: &Distribution,
    networks: &[(String, PyRef<'py, Network>)],
    points: &[Point],
) -> Result<Vec<(String, Bound<'py, PyBytes>)>> {
    let mut names: Vec<ModelName> =
        points.iter().filter_map(|p| p.scheme.as_ref().ok()).flat_map(Scheme::models).collect();
    names.sort_by_key(ModelName::text);
    names.dedup();
    let models = complete(distribution.with(networks)?, names.iter().cloned())?;
    let mut files: Vec<(String, Bound<'py, PyBytes>)> = Vec::new();
    for name in names {
        if !conditions(&name.model).is_empty() || files.iter().any(|(other, _)| *other == name.model) {
            continue;
        }
        if let Model::Network(network) = models.get(&name)? {
            files.push((name.model.to_string(), PyBytes::new(py, &network.to_safetensors())));
        }
    }
    Ok(files)
}

/// A row that is to be computed, as [`Setting::task`] writes it.
#[derive(Deserialize)]
struct Planned {
    name: String,
    over: Map<String, Value>,
    configuration: Value,
}

/// What of a configuration a run needs.
#[derive(Deserialize)]
struct Runs {
    scheme: Scheme,
    seeds: Vec<u64>,
}

/// Computes rows of one number of particles on some data. What rows have in common is computed once.
#[pyclass(frozen, module = "guidance_playground._core")]
pub struct Trials(Arc<Mutex<Trying>>);

struct Trying {
    trials: study::Trials,
    models: Models,
}

#[pymethods]
impl Trials {
    /// Networks as files, by the names that schemes have for them.
    #[new]
    fn new(
        distribution: &Distribution,
        networks: Vec<(String, Vec<u8>)>,
        particles: usize,
        against: Option<&str>,
        threads: Option<usize>,
    ) -> Result<Self> {
        let mut models = distribution.models.clone();
        for (name, bytes) in networks {
            let network = network::Network::from_safetensors(&bytes).map_err(|error| error.in_file(&name))?;
            models.add(name, network);
        }
        let mut trials = study::Trials::over(models.distribution().clone(), particles, work::threads(threads))?;
        if let Some(against) = against.map(scheme).transpose()? {
            models = complete(models, against.models())?;
            trials = trials.against(against);
        }
        Ok(Self(Arc::new(Mutex::new(Trying { trials, models }))))
    }

    /// The row of a task. `begun` is called as each of its runs begins.
    fn row(&self, py: Python<'_>, task: &str, begun: Option<Py<PyAny>>) -> PyResult<String> {
        let wrong = |e: serde_json::Error| Problem::from(Error::invalid("A task", "as it was handed out", e));
        let Planned { name, over, configuration } = serde_json::from_str(task).map_err(wrong)?;
        let Runs { scheme, seeds } = Runs::deserialize(&configuration).map_err(wrong)?;
        let over: Vec<(String, Value)> = over.into_iter().collect();
        let point = Point { over, json: configuration["scheme"].clone(), scheme: scheme.sensible() };
        let heard = |py: Python<'_>, runs: u64| match begun.as_ref().filter(|_| runs > 0) {
            Some(begun) => begun.call1(py, (runs,)).map(drop),
            None => Ok(()),
        };
        let trying = Arc::clone(&self.0);
        let (outcome, over) = work::alone(py, heard, move |go_on| {
            let mut trying = trying.lock().unwrap_or_else(PoisonError::into_inner);
            let Trying { trials, models } = &mut *trying;
            if let Ok(scheme) = &point.scheme {
                *models = complete(models.clone(), scheme.models())?;
            }
            Ok::<_, Problem>((trials.point(&point, &seeds, models, go_on), point.over))
        })??;
        // Whoever stops a row does not hear of it.
        let outcome = outcome.expect("nothing else stops a row");
        Ok(Row { name, over, configuration, outcome }.to_json().to_string())
    }
}

/// A file that rows are added to, each as it is done: the command's own. Nobody else adds rows to it until it is closed.
#[pyclass(frozen, module = "guidance_playground._core")]
pub struct RowFile(Mutex<Option<Log>>);

impl RowFile {
    fn log(&self) -> MutexGuard<'_, Option<Log>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl RowFile {
    /// For the rows of these tasks, and of no other.
    #[new]
    fn new(path: &str, tasks: Vec<String>) -> Result<Self> {
        let log = Log::open(path, "sweep")?;
        let planned = |task: &String| {
            let Planned { over, configuration, .. } = serde_json::from_str(task).expect("a task is handed out as JSON");
            (configuration, Value::Object(over))
        };
        log.expect_rows_of(&tasks.iter().map(planned).collect::<Vec<_>>())?;
        Ok(Self(Mutex::new(Some(log))))
    }

    /// The row of a task, if it is there.
    fn row(&self, task: &str) -> Option<String> {
        let task: Planned = serde_json::from_str(task).ok()?;
        self.log().as_ref()?.row(&task.configuration).map(Value::to_string)
    }

    /// Write a row, whole.
    fn add(&self, row: &str) -> Result<()> {
        let row = serde_json::from_str(row).map_err(|e| Error::invalid("A row", "JSON", e))?;
        match &mut *self.log() {
            Some(log) => Ok(log.add(&row)?),
            None => Err(Error::invalid("A file that rows are added to", "open", "closed").into()),
        }
    }

    /// Leave it to others.
    fn close(&self) {
        *self.log() = None;
    }
}

/// Metrics of rows, as JSON: what each is called, the digits that it is worth, and whether it stands in tables, in their order.
#[pyfunction]
pub fn row_metrics() -> String {
    let tables = Metric::shown(Shown::Tables);
    let place = |metric: &Metric| tables.iter().position(|other| other.id == metric.id);
    let all = METRICS.iter().map(|m| {
        json!({"id": m.id, "name": m.name, "head": m.head, "digits": m.digits, "better": m.better, "place": place(m)})
    });
    Value::Array(all.collect()).to_string()
}
