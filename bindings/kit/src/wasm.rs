//! The WebAssembly package on this machine: a compiler that has the target, the module, the JavaScript beside it, its tests, its
//! size.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::machine::{self, fresh, run, run_with};
use crate::{npm, parity, playground, root, workshop};

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "wasm-release";
const INSTALL: &str = "the WebAssembly package needs Rust's target for it: `rustup target add wasm32-unknown-unknown`; or on Debian: \
                       apt-get install --no-install-recommends rustc-web cargo-web rust-web-src lld-22";
/// Debian's compiler for the web, which builds the standard library itself: its own cargo, compiler and linker.
const PACKAGED: [&str; 3] = ["/usr/bin/cargo", "/usr/bin/rustc", "/usr/bin/wasm-ld-22"];

/// Who compiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compiler {
    /// The one that compiles the rest: it has the target, or rustup has added it.
    Own,
    /// The packaged one.
    Packaged,
}

pub(crate) fn package() -> PathBuf {
    root().join("bindings/wasm")
}

/// Finds a compiler with the target: the own one, what rustup can add to it, the packaged one.
fn compiler() -> Result<Compiler, String> {
    if has_target() || (run("rustup", &["target", "add", TARGET], &root()).is_ok() && has_target()) {
        return Ok(Compiler::Own);
    }
    match PACKAGED.iter().all(|program| Path::new(program).exists()) {
        true => Ok(Compiler::Packaged),
        false => Err(INSTALL.to_owned()),
    }
}

fn has_target() -> bool {
    let arguments = ["--print", "target-libdir", "--target", TARGET];
    let Ok(output) = Command::new("rustc").args(arguments).current_dir(root()).output() else {
        return false;
    };
    let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    let mut entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.any(|entry| entry.file_name().to_string_lossy().starts_with("libcore-"))
}

/// Compiles the module and writes it with its JavaScript into the package.
///
/// # Errors
/// What is missing on this machine, or the first thing that fails.
pub fn build() -> Result<PathBuf, String> {
    let compiler = compiler()?;
    // Two compilers never share a folder.
    let target = workshop().join(match compiler {
        Compiler::Own => "wasm",
        Compiler::Packaged => "wasm-packaged",
    });
    let mut command = match compiler {
        Compiler::Own => Command::new("cargo"),
        Compiler::Packaged => Command::new(PACKAGED[0]),
    };
    command
        .args([
            "build",
            "--locked",
            "--package",
            "bailiwick-wasm",
            "--profile",
            PROFILE,
        ])
        .args(["--target", TARGET, "--target-dir"])
        .arg(&target);
    if compiler == Compiler::Packaged {
        // A standard library that is built along is built for size, and stops at a mistake of ours without a text that nobody
        // sees in a browser.
        command
            .args([
                "-Zbuild-std=std,panic_abort",
                "-Zbuild-std-features=optimize_for_size",
            ])
            .env("RUSTC", PACKAGED[1])
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTFLAGS", "-Zunstable-options -Cpanic=immediate-abort")
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", PACKAGED[2]);
    }
    run_with(command.current_dir(root()))?;
    let compiled = target.join(TARGET).join(PROFILE).join("bailiwick_wasm.wasm");
    glue(&compiled)
}

/// The tool is of the same version as the macros in the module: both are pinned in the workspace.
fn glue(compiled: &Path) -> Result<PathBuf, String> {
    let module = fresh(package().join("module"))?;
    let mut command = Command::new("cargo");
    command
        .args([
            "run",
            "--quiet",
            "--release",
            "--locked",
            "--package",
            "bailiwick-wasm-bindgen",
            "--",
        ])
        .arg(compiled)
        .arg(&module);
    run_with(command.current_dir(root()))?;
    Ok(module.join("bailiwick_bg.wasm"))
}

/// Builds the package in its folder; holds it to every vector in Node and in a browser, a consumer of it to its types, and the
/// module to the size that the README gives.
///
/// # Errors
/// As [`build`].
pub fn test() -> Result<(), String> {
    playground::is_there()?;
    parity::write()?;
    let module = build()?;
    size(&module)?;
    vectors()?;
    playground::install()?;
    let consumer = npm::consumer("wasm-consumer", &npm::pack(&package(), "wasm-packed")?)?;
    types(&consumer)?;
    let mut command = Command::new("node");
    command.env("BAILIWICK_CONSUMER", consumer);
    command.env("BAILIWICK_VECTORS", workshop().join("vectors.jsonl"));
    playground::run_tests(&mut command, "test/package.test.mjs")
}

fn vectors() -> Result<(), String> {
    let mut command = Command::new("node");
    command
        .args(["--test", "test/vectors.test.mjs"])
        .current_dir(package());
    let said = run_with(command.env("BAILIWICK_VECTORS", workshop().join("vectors.jsonl")))?;
    let counts = said
        .lines()
        .filter(|line| line.ends_with(" vectors") || line.contains(" tests "));
    counts.for_each(|line| println!("{line}"));
    Ok(())
}

/// The consumer of the Node package, with this package's name: their types are the same.
fn types(consumer: &Path) -> Result<(), String> {
    let text = machine::read(&root().join("bindings/node/test/types/consumer.mts"))?;
    let text = text.replace("from \"bailiwick\"", "from \"bailiwick-wasm\"");
    machine::write(&consumer.join("consumer.mts"), &text)?;
    npm::types(consumer, &playground::tool("tsc"), &["consumer.mts"])?;
    let program = "import { readFileSync } from 'node:fs';\nimport { initSync } from 'bailiwick-wasm';\n\
                   initSync({ module: readFileSync(new URL(import.meta.resolve('bailiwick-wasm/module.wasm'))) });\n\
                   await import('./consumer.mjs');\n";
    machine::write(&consumer.join("run.mjs"), program)?;
    run("node", &["run.mjs"], consumer).map(drop)
}

/// The size of the module, as it is and by `gzip -9`: at most a fiftieth more than the README says.
fn size(module: &Path) -> Result<(), String> {
    let bytes = std::fs::read(module).map_err(|error| format!("{}: {error}", module.display()))?;
    let gzip = Command::new("gzip")
        .args(["-9", "-n", "-c"])
        .arg(module)
        .output()
        .map_err(|error| format!("gzip cannot be run: {error}"))?;
    let (bytes, gzipped) = (bytes.len(), gzip.stdout.len());
    println!("{bytes} bytes, {gzipped} gzipped");
    let row = match compiler()? {
        Compiler::Own => "| installed target",
        Compiler::Packaged => "| packaged compiler",
    };
    let readme = machine::read(&package().join("README.md"))?;
    let said = readme
        .lines()
        .find(|line| line.starts_with(row))
        .and_then(|line| figure(line.split('|').nth(3)?))
        .ok_or_else(|| format!("bindings/wasm/README.md has no row `{row}` with a size"))?;
    match gzipped * 50 <= said * 51 {
        true => Ok(()),
        false => Err(format!(
            "the module has {gzipped} bytes gzipped; bindings/wasm/README.md says {said}, and a fiftieth more is allowed: find out \
             what makes it larger, or write the new figure there"
        )),
    }
}

/// A number with spaces between its thousands.
fn figure(text: &str) -> Option<usize> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::figure;

    #[test]
    fn figures_have_spaces_between_their_thousands() {
        assert_eq!(figure(" 1 012 324 "), Some(1_012_324));
        assert_eq!(figure(" "), None);
    }
}
