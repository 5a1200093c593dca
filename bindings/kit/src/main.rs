//! `cargo bindings`: one command for what the bindings need.

#![allow(
    clippy::disallowed_methods,
    reason = "a tool of this repository reads its arguments"
)]

use std::process::ExitCode;

use bailiwick_bindings::{contest, generate, node, parity, playground, python, wasm};

const HELP: &str = "cargo bindings <command>

  generate   write the stubs, type files and reference pages that are made from the table of the surface
  vectors    write the vectors with the core's answers, for the tests of the packages
  python     build the Python package in a fresh environment, and test it
  node       build the Node package, and test it
  wasm       build the WebAssembly package with whatever compiler has the target, test it in Node and in a browser, say its size
  playground build the page on which people write policies and see the answer, and say how to serve it
  wheel      build a wheel of the Python package for every Linux with glibc 2.28 or newer
  bench      compare the speed of the packages with that of others, and with parsing the same JSON

What is built is below target/bindings. `cargo test` runs the tests as well.";

/// The ways over the border are printed; the comparison with others is kept.
fn bench() -> Result<(), String> {
    let folder = contest::write()?;
    let (python, node) = (python::bench(&folder)?, node::bench(&folder)?);
    contest::results(&python, &node)
}

fn main() -> ExitCode {
    let command = std::env::args().nth(1).unwrap_or_default();
    let done = match command.as_str() {
        "generate" => generate::write(),
        "vectors" => parity::write().map(|path| println!("{}", path.display())),
        "python" => python::test(),
        "node" => node::test(),
        "wasm" => wasm::test(),
        "playground" => playground::build(),
        "wheel" => python::wheel(),
        "bench" => bench(),
        "" | "help" | "--help" => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(format!("`{other}` is no command\n\n{HELP}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}
