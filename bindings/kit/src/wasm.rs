//! The WebAssembly package on this machine: a compiler that has the target, the module, the JavaScript beside it, its tests, its
//! size.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::machine::{self, fresh, run, run_with};
use crate::{parity, root, workshop};

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

fn package() -> PathBuf {
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

/// Builds the package in its folder, holds it to every vector in Node, and says its size.
///
/// # Errors
/// As [`build`].
pub fn test() -> Result<(), String> {
    if machine::version("node", &["--version"]).is_none_or(|found| found < (18, 0)) {
        return Err("the tests of the WebAssembly package need Node 18 or newer; on Debian and Ubuntu: apt-get install nodejs".to_owned());
    }
    parity::write()?;
    let module = build()?;
    let mut command = Command::new("node");
    command
        .args(["--test", "test/vectors.test.mjs"])
        .current_dir(package());
    let said = run_with(command.env("BAILIWICK_VECTORS", workshop().join("vectors.jsonl")))?;
    let counts = said
        .lines()
        .filter(|line| line.ends_with(" vectors") || line.contains(" tests "));
    counts.for_each(|line| println!("{line}"));
    size(&module)
}

/// The size of the module, as it is and gzipped by Node.
fn size(module: &Path) -> Result<(), String> {
    let script = "const b = require('fs').readFileSync(process.argv[1]); const z = require('zlib').gzipSync(b, {level: 9}); \
                  console.log(`${b.length} bytes, ${z.length} gzipped`)";
    print!(
        "{}",
        run("node", &["-e", script, &module.to_string_lossy()], &root())?
    );
    Ok(())
}
