//! What pictures of the plane show of the truth.

use crate::data::Distribution;
use crate::error::Result;
use guidance_playground::Error;
use guidance_playground::plane::distribution::{Classes, MixtureLanes};
use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;

/// What [`regions`] gives.
type Regions<'py> = (f64, Bound<'py, PyArray1<f32>>, Bound<'py, PyArray1<f32>>);

/// Where class A and class B are: half the side of a square around the origin that has all of both, and of each how far its log-density
/// is above that of its outline, at `side` by `side` points of that square, row by row from below.
#[pyfunction]
pub fn regions<'py>(py: Python<'py>, distribution: &Distribution, side: u16) -> Result<Regions<'py>> {
    if !(2..=2048).contains(&side) {
        return Err(Error::invalid("The number of points of a picture's side", "between 2 and 2048", side).into());
    }
    let models = &distribution.models;
    let reach = models.mixture(Classes::AB).reach();
    let [a, b] = py.detach(|| {
        let at = |place: u16| (reach * (2.0 * f64::from(place) / f64::from(side - 1) - 1.0)) as f32;
        let points: Vec<[f32; 2]> =
            (0..side).flat_map(|row| (0..side).map(move |column| [at(column), at(row)])).collect();
        [Classes::A, Classes::B].map(|classes| {
            let mixture = models.mixture(classes);
            let level = mixture.outline_level() as f32;
            let heights = MixtureLanes::new(mixture).log_densities(0.0, &points);
            heights.into_iter().map(|height| height - level).collect::<Vec<f32>>()
        })
    });
    Ok((reach, a.into_pyarray(py), b.into_pyarray(py)))
}
