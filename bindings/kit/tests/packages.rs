//! The packages themselves, built and tested on this machine. What they need besides Rust is said where it is missing.

use std::sync::Mutex;

use bailiwick_bindings::{node, playground, python, wasm};

/// Both build with cargo in one target folder; one after the other is faster than one waiting for the other.
static BUILDING: Mutex<()> = Mutex::new(());

#[test]
fn the_python_package_passes_its_tests() {
    let _alone = BUILDING.lock();
    python::test().unwrap_or_else(|why| panic!("{why}"));
}

/// A release build of its own, with a linker from PyPI.
#[test]
fn the_wheel_runs_where_glibc_is_old() {
    let _alone = BUILDING.lock();
    python::wheel().unwrap_or_else(|why| panic!("{why}"));
}

#[test]
fn the_node_package_passes_its_tests() {
    let _alone = BUILDING.lock();
    node::test().unwrap_or_else(|why| panic!("{why}"));
}

#[test]
fn the_webassembly_package_passes_its_tests() {
    let _alone = BUILDING.lock();
    wasm::test().unwrap_or_else(|why| panic!("{why}"));
}

#[test]
fn the_playground_passes_its_tests() {
    let _alone = BUILDING.lock();
    playground::test().unwrap_or_else(|why| panic!("{why}"));
}
