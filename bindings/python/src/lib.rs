//! The native part of the Python package: what the surface shows, with the names, errors and values of Python. Decides
//! nothing; everything comes from `bailiwick-surface`.

#![allow(
    unsafe_code,
    reason = "the macros of PyO3 write unsafe code; none is written by hand"
)]

mod audit;
mod decision;
mod engine;
mod error;
mod value;

use bailiwick_surface::Said;
use mimalloc::MiMalloc;
use pyo3::prelude::*;

/// Of this module alone: Python keeps its own.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The native part of the package `bailiwick`.
#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<engine::Engine>()?;
    module.add_class::<decision::Decision>()?;
    module.add_class::<audit::AuditLog>()?;
    module.add_function(wrap_pyfunction!(version, module)?)?;
    module.add_function(wrap_pyfunction!(check, module)?)?;
    module.add_function(wrap_pyfunction!(check_folder, module)?)?;
    module.add_function(wrap_pyfunction!(facts, module)?)?;
    module.add_function(wrap_pyfunction!(redact, module)?)?;
    module.add_function(wrap_pyfunction!(deed, module)?)?;
    module.add_function(wrap_pyfunction!(deed_fault, module)?)?;
    module.add_function(wrap_pyfunction!(provenance, module)?)?;
    module.add_function(wrap_pyfunction!(audit::audit_event, module)?)?;
    module.add_function(wrap_pyfunction!(audit::audit_lines, module)?)?;
    module.add_function(wrap_pyfunction!(audit::audit_verify, module)?)?;
    module.add_function(wrap_pyfunction!(audit::audit_verify_file, module)?)?;
    module.add_function(wrap_pyfunction!(audit::audit_to_sign, module)?)
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

/// What is seen in a value, apart from any rule.
#[pyfunction]
#[pyo3(signature = (value, /))]
fn facts<'py>(py: Python<'py>, value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let value = value::ask(value);
    value::from_text(py, &py.detach(|| bailiwick_surface::facts(value)))
}

/// Takes out of a text what must not reach a sink.
#[pyfunction]
#[pyo3(signature = (text, sink, /, *, owed=None))]
fn redact<'py>(
    py: Python<'py>,
    text: &str,
    sink: &str,
    owed: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let owed = owed.map(value::texts).transpose()?;
    let clean = py.detach(|| bailiwick_surface::redact(text, sink, owed.as_deref()));
    value::from_text(py, &clean.map_err(|found| error::input(py, &found))?)
}

/// The outcome record: what became of what was decided.
#[pyfunction]
#[pyo3(signature = (record, result, /, *, rationale=None, ticket=None, result_hash=None, at=None))]
fn deed<'py>(
    record: &Bound<'py, PyAny>,
    result: &str,
    rationale: Option<String>,
    ticket: Option<String>,
    result_hash: Option<String>,
    at: Option<String>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = record.py();
    let said = Said {
        rationale,
        ticket,
        result_hash,
        at,
    };
    let deed = bailiwick_surface::deed(&value::kept(record)?, result, said);
    value::from_text(py, &deed.map_err(|found| error::input(py, &found))?)
}

/// Why an outcome record is not that of a decision record.
#[pyfunction]
#[pyo3(signature = (deed, record, /))]
fn deed_fault(deed: &Bound<'_, PyAny>, record: &Bound<'_, PyAny>) -> PyResult<Option<&'static str>> {
    let fault = bailiwick_surface::deed_fault(&value::kept(deed)?, &value::kept(record)?);
    fault.map_err(|found| error::input(record.py(), &found))
}

/// What a change made by an agent carries with it: `agent_provenance` out of the records of one run.
#[pyfunction]
#[pyo3(signature = (records, /, *, given=None, statement=false))]
fn provenance<'py>(
    py: Python<'py>,
    records: &Bound<'py, PyAny>,
    given: Option<&Bound<'py, PyAny>>,
    statement: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let records = value::list_of(records)?;
    let given = given.map(value::text_of).transpose()?;
    let made = py.detach(|| bailiwick_surface::provenance(&records, given.as_deref(), statement));
    value::from_text(py, &made.map_err(|found| error::input(py, &found))?)
}
