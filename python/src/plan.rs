//! A scheme as rows of coefficients, and its rule, for samplers of any vectors.

use crate::arrays::{Array, array};
use crate::error::{Problem, Result};
use guidance_playground::Error;
use guidance_playground::guidance::rule::{Carries, Mix};
use guidance_playground::plan;
use numpy::{PyArray1, PyReadonlyArrayDyn, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

/// What a scheme does, step by step: rows of coefficients, and its rule. Made by `plan`.
#[pyclass(frozen, module = "guidance_playground._core")]
pub struct Plan(plan::Plan);

/// A number for all samples, or of each its own.
#[derive(FromPyObject)]
enum Ratio<'py> {
    One(f64),
    Each(PyReadonlyArrayDyn<'py, f64>),
}

#[pymethods]
impl Plan {
    /// The noise level that an infinite one counts as.
    #[classattr]
    const PURE_NOISE: f64 = plan::PURE_NOISE;

    /// Through the scheme's own noise levels, or through others.
    #[new]
    #[pyo3(signature = (scheme, sigmas=None))]
    fn new(scheme: &str, sigmas: Option<Vec<f64>>) -> Result<Self> {
        let scheme = crate::sampling::scheme(scheme)?;
        let plan = match sigmas {
            Some(sigmas) => plan::Plan::over(&scheme, sigmas)?,
            None => plan::Plan::new(&scheme)?,
        };
        Ok(Self(plan))
    }

    /// (N + 1,) float64: the noise levels, highest first; the last is 0.
    #[getter]
    fn sigmas<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        PyArray1::from_slice(py, &self.0.sigmas)
    }

    /// (N,) float64: the guidance weight of each step as the scheme has it; 1 is no guidance.
    #[getter]
    fn weights<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        PyArray1::from_vec(py, self.0.own_weights())
    }

    /// N: step i goes from `sigmas[i]` to `sigmas[i + 1]`.
    #[getter]
    fn steps(&self) -> usize {
        self.0.steps()
    }

    /// Evaluations of models for each sample; main and guide count one each.
    #[getter]
    fn evaluations(&self) -> usize {
        self.0.evaluations(self.0.steps())
    }

    /// k: the guide is asked at k sigma.
    #[getter]
    fn sigma_scale(&self) -> f64 {
        self.0.sigma_scale
    }

    /// In d = (D1 - x) - guide_factor (D0 - x), the difference that is mixed; 1 where k is 1.
    #[getter]
    fn guide_factor(&self) -> f64 {
        self.0.factor / (self.0.sigma_scale * self.0.sigma_scale)
    }

    /// Whether any step needs the guide.
    #[getter]
    fn guided(&self) -> bool {
        self.0.guided
    }

    /// Whether the rule is to be asked in stages without a guide, too, with d = 0.
    #[getter]
    fn alone(&self) -> bool {
        self.0.rule.alone
    }

    /// Whether the rule's answer is (w - 1) d, whatever the inner products.
    #[getter]
    fn linear(&self) -> bool {
        self.0.rule.linear
    }

    /// Whether a sample remembers the vector memory . (D1, eps1, d, m), the next m.
    #[getter]
    fn remembers_vector(&self) -> bool {
        self.0.rule.carries == Carries::Vector
    }

    /// Whether a sample remembers the number `memory[..., 0]`, the next `ratio`.
    #[getter]
    fn remembers_number(&self) -> bool {
        self.0.rule.carries == Carries::Number
    }

    /// Whether a sample carries a number, `ratio`, that each row's `update` takes on.
    #[getter]
    fn carries_evidence(&self) -> bool {
        self.0.rule.carries == Carries::Evidence
    }

    /// Whether `ratio` has to be log p1 - log p0.
    #[getter]
    fn needs_ratio(&self) -> bool {
        self.0.rule.carries == Carries::Ratio
    }

    /// Whether samples are weighed against each other, which no plan of one sample says.
    #[getter]
    fn weighs(&self) -> bool {
        self.0.rule.carries == Carries::Weight
    }

    /// What is done with samples, in order, a dict each: docs/api.md tells how it is followed.
    ///
    /// `step`, of which it is a part; of each of its stages, one or two, `sigmas`, `weights`, `asks_guide`; `kick`, `keep`, `push`, `recall`,
    /// `spread`; `correct`, a list of two numbers or None; `update`, None or a dict of `keep`, `along`, `square`, `offset`, `least`,
    /// `greatest`.
    #[getter]
    fn rows<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let rows = self.0.rows.iter().map(|row| self.row(py, row)).collect::<PyResult<Vec<_>>>()?;
        PyList::new(py, rows)
    }

    /// What the rule makes of inner products in a stage, 0 or 1, of a row, for any number of samples at once.
    ///
    /// Args:
    ///     row: which of `rows`.
    ///     stage: 0, or 1 where the row has a second.
    ///     ratio: the number that samples carry, or log p1 - log p0; one for all, or an array (...). 0 where neither is asked for.
    ///     gram: (..., 10) float64, products of D1, eps1, d and m: 1.1, 1.e, 1.d, 1.m, e.e, e.d, e.m, d.d, d.m, m.m.
    ///
    /// Returns:
    ///     push and memory, (..., 4) float64 each, coefficients on D1, eps1, d and m: of the guided estimate less D1, and of what is
    ///     remembered next.
    ///
    /// Raises:
    ///     GuidancePlaygroundError: `invalid` if there is no such row or stage, or the shapes are others.
    fn mix<'py>(
        &self,
        py: Python<'py>,
        row: usize,
        stage: usize,
        ratio: Ratio<'py>,
        gram: PyReadonlyArrayDyn<'py, f64>,
    ) -> PyResult<(Array<'py, f64>, Array<'py, f64>)> {
        let Self(plan) = self;
        let below = |what: &'static str, value: usize, most: usize| match value {
            _ if value < most => Ok(()),
            _ => Err(Problem::from(Error::invalid(what, format!("at most {}", most - 1), value))),
        };
        below("The row", row, plan.rows.len())?;
        below("The stage", stage, plan.rows[row].stages())?;
        let shape = gram.shape();
        let Some((10, samples)) = shape.split_last() else {
            let error = Error::invalid("The shape of inner products", "(..., 10)", format!("{shape:?}"));
            return Err(Problem::from(error).into());
        };
        let gram = gram.as_array();
        let gram = gram.as_standard_layout();
        let grams: &[[f64; 10]] = gram.as_slice().expect("the layout is the standard one").as_chunks().0;
        let ratios: Option<Vec<f64>> = match &ratio {
            Ratio::One(_) => None,
            Ratio::Each(each) if each.shape() == samples => Some(each.as_array().iter().copied().collect()),
            Ratio::Each(each) => {
                let error =
                    Error::invalid("The shape of the ratio", format!("{samples:?}"), format!("{:?}", each.shape()));
                return Err(Problem::from(error).into());
            }
        };
        let same = if let Ratio::One(one) = ratio { one } else { 0.0 };
        let rule = plan.rule([row, stage]);
        let (mut pushes, mut memories) = (Vec::with_capacity(4 * grams.len()), Vec::with_capacity(4 * grams.len()));
        for (i, gram) in grams.iter().enumerate() {
            let ratio = ratios.as_ref().map_or(same, |each| each[i]);
            let Mix { push, memory } = rule.mix(plan.moment(row, stage, ratio), &(*gram).into());
            pushes.extend(push);
            memories.extend(memory);
        }
        let shape = [samples, &[4]].concat();
        Ok((array(py, &shape, pushes), array(py, &shape, memories)))
    }
}

impl Plan {
    fn row<'py>(&self, py: Python<'py>, row: &plan::Row) -> PyResult<Bound<'py, PyDict>> {
        let Self(plan) = self;
        let dict = PyDict::new(py);
        let stages = 0..row.stages();
        let step = &row.step;
        dict.set_item("step", row.of)?;
        dict.set_item("sigmas", stages.clone().map(|stage| plan.stages[row.stages[stage]]).collect::<Vec<_>>())?;
        dict.set_item("weights", stages.clone().map(|stage| row.weights[stage]).collect::<Vec<_>>())?;
        dict.set_item("asks_guide", stages.map(|stage| plan.asks_guide(row, stage)).collect::<Vec<_>>())?;
        let numbers = [
            ("kick", step.kick),
            ("keep", step.keep),
            ("push", step.push),
            ("recall", step.recall),
            ("spread", step.spread),
        ];
        numbers.into_iter().try_for_each(|(name, number)| dict.set_item(name, number))?;
        dict.set_item("correct", step.correct.map(Vec::from))?;
        let update = row.update.map(|update| {
            let numbers = [
                ("keep", update.keep),
                ("along", update.along),
                ("square", update.square),
                ("offset", update.offset),
                ("least", update.least),
                ("greatest", update.greatest),
            ];
            let dict = PyDict::new(py);
            numbers.into_iter().try_for_each(|(name, number)| dict.set_item(name, number)).map(|()| dict)
        });
        dict.set_item("update", update.transpose()?)?;
        Ok(dict)
    }
}
