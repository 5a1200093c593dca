//! The native part of the Python package: what the surface shows, with the names, errors and values of Python. Decides
//! nothing; everything comes from `bailiwick-surface`.

#![allow(
    unsafe_code,
    reason = "the macros of PyO3 write unsafe code; none is written by hand"
)]

mod decision;
mod engine;
mod error;
mod value;

use pyo3::prelude::*;

/// The native part of the package `bailiwick`.
#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<engine::Engine>()?;
    module.add_class::<decision::Decision>()?;
    module.add_function(wrap_pyfunction!(version, module)?)?;
    module.add_function(wrap_pyfunction!(check, module)?)?;
    module.add_function(wrap_pyfunction!(check_folder, module)?)
}

/// The versions of the engine and of the language.
#[pyfunction]
fn version(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    value::from_text(py, &bailiwick_surface::version())
}

/// Every finding of policies, errors and warnings.
#[pyfunction]
#[pyo3(signature = (policies, /))]
fn check<'py>(py: Python<'py>, policies: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let policies = value::text_of(policies)?;
    value::from_text(py, &py.detach(|| bailiwick_surface::check(&policies)))
}

/// Every finding of the policies in a folder.
#[pyfunction]
#[pyo3(signature = (path, /))]
fn check_folder<'py>(py: Python<'py>, path: std::path::PathBuf) -> PyResult<Bound<'py, PyAny>> {
    let path = value::path(&path)?;
    value::from_text(py, &py.detach(|| bailiwick_surface::check_folder(path)))
}
