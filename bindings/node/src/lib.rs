//! The native part of the Node package: what the surface shows, as JSON texts. `index.cjs` gives it the names, errors and values
//! of JavaScript. Decides nothing; everything comes from `bailiwick-surface`.

#![allow(
    unsafe_code,
    reason = "the macros of napi write unsafe code; none is written by hand"
)]

mod decision;
mod engine;
mod error;
mod value;

use napi_derive::napi;

/// The versions of the engine and of the language.
#[napi]
pub fn version() -> String {
    bailiwick_surface::version()
}

/// Every finding of policies, errors and warnings.
#[napi]
pub fn check(policies: String) -> String {
    bailiwick_surface::check(&policies)
}

/// Every finding of the policies in a folder.
#[napi]
pub fn check_folder(path: String) -> String {
    bailiwick_surface::check_folder(&path)
}
