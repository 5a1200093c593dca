//! The Node package on this machine: built in its folder, installed into a consumer, its tests, its types, its reference.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::machine::{self, run, run_with};
use crate::{npm, parity, root, workshop};

const OLDEST: (u32, u32) = (18, 0);

fn package() -> PathBuf {
    root().join("bindings/node")
}

/// A program that the package's own tools bring.
fn tool(name: &str) -> PathBuf {
    package().join("node_modules/.bin").join(name)
}

/// Builds the package in its folder, installs it into a consumer, and holds it to its tests, its types and its README.
///
/// # Errors
/// What is missing on this machine, or the first thing that fails.
pub fn test() -> Result<(), String> {
    npm::is_there("the Node package", OLDEST)?;
    parity::write()?;
    npm::install(&package(), &[])?;
    tests()?;
    let consumer = npm::consumer("node-consumer", &package())?;
    types(&consumer)?;
    quick_start(&consumer)?;
    reference()
}

fn tests() -> Result<(), String> {
    let mut command = Command::new("node");
    // By name: what a folder stands for here has changed between versions of Node.
    let tests = ["test/package.test.cjs", "test/vectors.test.cjs"];
    command.arg("--test").args(tests).current_dir(package());
    let said = run_with(command.env("BAILIWICK_VECTORS", workshop().join("vectors.jsonl")))?;
    let counts = said
        .lines()
        .filter(|line| line.starts_with("# tests") || line.starts_with("ℹ tests"));
    counts.for_each(|line| println!("{line}"));
    Ok(())
}

/// `tsc --strict` on a consumer of either kind, then both of them run.
fn types(consumer: &Path) -> Result<(), String> {
    const PROGRAMS: [&str; 3] = ["consumer.mts", "consumer.cts", "disk.mts"];
    for name in PROGRAMS {
        let text = machine::read(&package().join("test/types").join(name))?;
        machine::write(&consumer.join(name), &text)?;
    }
    npm::types(consumer, &tool("tsc"), &PROGRAMS)?;
    run("node", &["consumer.mjs"], consumer)?;
    run("node", &["consumer.cjs"], consumer).map(drop)
}

/// The quick starts of the package's README and of the repository's, in the consumer.
fn quick_start(consumer: &Path) -> Result<(), String> {
    for (name, readme) in [("package.mjs", package()), ("repository.mjs", root())] {
        let program = machine::code_blocks(&machine::read(&readme.join("README.md"))?, "js");
        machine::write(&consumer.join(name), &program)?;
        run("node", &[name], consumer)?;
    }
    Ok(())
}

/// The reference pages, without a warning.
fn reference() -> Result<(), String> {
    let out = workshop().join("node-reference");
    let arguments = [
        "--entryPoints",
        "index.d.cts",
        "--treatWarningsAsErrors",
        "--logLevel",
        "Warn",
        "--readme",
        "none",
        "--out",
    ];
    let mut command = Command::new(tool("typedoc"));
    command.args(arguments).arg(out).current_dir(package());
    run_with(&mut command).map(drop)
}

/// Compares speeds: prints what crossing the border costs, and gives the tables of the comparison with others on the workload in
/// a folder.
///
/// # Errors
/// As [`test()`].
pub fn bench(contest: &Path) -> Result<String, String> {
    npm::is_there("the Node package", OLDEST)?;
    npm::install(&package(), &[])?;
    let bench = package().join("bench");
    npm::install(&bench, &[])?;
    print!("{}", run("node", &["decide.cjs"], &bench)?);
    let mut command = Command::new("node");
    let command = command.arg("peers.cjs").current_dir(&bench);
    run_with(command.env("BAILIWICK_CONTEST", contest))
}
