//! Data and networks, which Python holds.

use crate::error::Result;
use guidance_playground::Error;
use guidance_playground::guidance::EXACT;
use guidance_playground::plane::catalogue::conditions;
use guidance_playground::plane::distribution;
use guidance_playground::plane::{Models, network};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// What is sampled: class A of it, and its exact models.
#[pyclass(frozen, module = "guidance_playground._core")]
pub struct Distribution {
    models: Models,
}

#[pymethods]
impl Distribution {
    /// By its name.
    #[new]
    fn new(name: &str) -> Result<Self> {
        let distribution: distribution::Distribution = name.parse()?;
        Ok(Self { models: Models::over(distribution) })
    }

    /// Of the text of a file: points as CSV or JSON, strokes as JSON; points with so many times the bandwidth that it asks for.
    #[staticmethod]
    fn read(text: &str, bandwidth: f64) -> Result<Self> {
        Ok(Self { models: Models::over(distribution::files::read(text, bandwidth)?) })
    }

    #[getter]
    fn name(&self) -> String {
        self.models.distribution().to_string()
    }

    #[getter]
    fn called(&self) -> String {
        self.models.distribution().called()
    }
}

impl Distribution {
    /// Its exact models, and networks under the names that a caller gives them.
    pub fn with(&self, networks: &[(String, PyRef<'_, Network>)]) -> Result<Models> {
        let mut models = self.models.clone();
        for (name, network) in networks {
            let taken = name == EXACT || !conditions(name).is_empty();
            if name.is_empty() || name.contains(':') || taken {
                let expected = "without a colon, after which a condition would stand, and none that ships";
                return Err(Error::invalid("The name of a model of one's own", expected, format!("\"{name}\"")).into());
            }
            models.add(name.clone(), network.0.clone());
        }
        Ok(models)
    }

    pub fn models(&self) -> &Models {
        &self.models
    }
}

/// A denoiser that was trained.
#[pyclass(frozen, module = "guidance_playground._core")]
pub struct Network(network::Network);

#[pymethods]
impl Network {
    /// Of the bytes of a safetensors file; messages call it by `name`.
    #[new]
    fn new(bytes: &[u8], name: &str) -> Result<Self> {
        Ok(Self(network::Network::from_safetensors(bytes).map_err(|error| error.in_file(name))?))
    }

    #[getter]
    fn width(&self) -> usize {
        self.0.hidden()
    }

    #[getter]
    fn parameters(&self) -> usize {
        self.0.parameters()
    }

    /// What its file says under a name.
    fn says(&self, name: &str) -> Option<String> {
        self.0.says(name).map(str::to_owned)
    }

    fn to_safetensors<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.to_safetensors())
    }
}
