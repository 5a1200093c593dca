//! Makes of the module that cargo builds the one that JavaScript loads, with the glue beside it: `bailiwick-wasm-bindgen
//! <module> <folder>`. One kind of glue, for the web, is enough: whoever loads it hands it the module. Knows nothing of what the
//! module does.

#![allow(
    clippy::disallowed_methods,
    reason = "a tool of this repository: it reads its arguments"
)]

use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [module, folder] = arguments.as_slice() else {
        eprintln!("error: expected a module and a folder");
        return ExitCode::FAILURE;
    };
    match glue(module, folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

fn glue(module: &str, folder: &str) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    let web = bindgen.input_path(module).out_name("bailiwick").web(true);
    let web = web.map_err(|error| format!("{error:#}"))?;
    // The types are made from the table of the surface; names of functions are a tenth of the size.
    let slim = web.typescript(false).remove_producers_section(true);
    // `init()` finds the module beside the script, which bundlers understand too.
    let slim = slim.omit_default_module_path(false);
    let slim = slim.remove_name_section(std::env::var_os("BAILIWICK_NAMES").is_none());
    slim.generate(folder)
        .map_err(|error| format!("{module}: {error:#}"))
}
