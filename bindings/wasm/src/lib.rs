//! The WebAssembly part of the package for browsers: what the surface shows, as JSON texts. `index.js` gives it the names, errors
//! and values of JavaScript. Decides nothing; everything comes from `bailiwick-surface`.

#![allow(
    unsafe_code,
    reason = "the macros of wasm-bindgen write unsafe code; none is written by hand"
)]

mod audit;
mod decision;
mod engine;
mod error;
mod value;

use bailiwick_surface::Said;
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

/// The versions of the engine and of the language.
#[wasm_bindgen]
pub fn version() -> String {
    bailiwick_surface::version()
}

/// Every finding of policies, errors and warnings.
#[wasm_bindgen]
pub fn check(policies: &str) -> String {
    bailiwick_surface::check(policies)
}

/// What is seen in a value, apart from any rule.
#[wasm_bindgen]
pub fn facts(value: &str) -> String {
    bailiwick_surface::facts(value::ask(value))
}

/// Takes out of a text what must not reach a sink.
#[wasm_bindgen]
pub fn redact(text: &str, sink: &str, owed: Option<Vec<String>>) -> Result<String, JsError> {
    bailiwick_surface::redact(text, sink, owed.as_deref()).map_err(error::input)
}

/// The outcome record: what became of what was decided.
#[wasm_bindgen]
pub fn deed(
    record: &str,
    result: &str,
    rationale: Option<String>,
    ticket: Option<String>,
    result_hash: Option<String>,
    at: Option<String>,
) -> Result<String, JsError> {
    let said = Said {
        rationale,
        ticket,
        result_hash,
        at,
    };
    bailiwick_surface::deed(record, result, said).map_err(error::input)
}

/// Why an outcome record is not that of a decision record.
#[wasm_bindgen(js_name = deedFault)]
pub fn deed_fault(deed: &str, record: &str) -> Result<Option<String>, JsError> {
    let fault = bailiwick_surface::deed_fault(deed, record).map_err(error::input)?;
    Ok(fault.map(str::to_owned))
}

/// What a change made by an agent carries with it.
#[wasm_bindgen]
pub fn provenance(records: &str, given: Option<String>, statement: bool) -> Result<String, JsError> {
    bailiwick_surface::provenance(records, given.as_deref(), statement).map_err(error::input)
}
