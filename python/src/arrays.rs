//! NumPy arrays in and out. What comes in is float64 or float32 in rows, as Python has made sure.

use crate::error::Result;
use guidance_playground::Error;
use nalgebra::Vector2;
use numpy::{Element, PyArrayDyn, PyReadonlyArray2, ndarray};
use pyo3::prelude::*;

/// An array that Python is given.
pub type Array<'py, T> = Bound<'py, PyArrayDyn<T>>;

/// Numbers as an array of a shape that has room for all.
pub fn array<'py, T: Element>(py: Python<'py>, shape: &[usize], numbers: Vec<T>) -> Array<'py, T> {
    let array = ndarray::ArrayD::from_shape_vec(shape, numbers).expect("there are as many numbers as the shape has");
    PyArrayDyn::from_owned_array(py, array)
}

/// The rows of an array (n, 2).
pub fn points<T: Element + Copy>(array: &PyReadonlyArray2<'_, T>) -> Result<Vec<[T; 2]>> {
    let array = array.as_array();
    if array.ncols() != 2 {
        return Err(Error::invalid("The shape of points", "(n, 2)", format!("{:?}", array.shape())).into());
    }
    Ok(array.rows().into_iter().map(|row| [row[0], row[1]]).collect())
}

/// The same as vectors.
pub fn vectors(array: &PyReadonlyArray2<'_, f64>) -> Result<Vec<Vector2<f64>>> {
    Ok(points(array)?.into_iter().map(Vector2::from).collect())
}
