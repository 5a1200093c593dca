//! The playground on this machine: the package below it, its own packages, the page, and the tests of both in a browser.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::machine::run_with;
use crate::{npm, wasm, workshop};

/// What Vite runs on.
const OLDEST: (u32, u32) = (20, 19);
const BROWSERS: [&str; 3] = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
];

pub(crate) fn folder() -> PathBuf {
    wasm::package().join("playground")
}

/// A program that the playground's own tools bring.
pub(crate) fn tool(name: &str) -> PathBuf {
    folder().join("node_modules/.bin").join(name)
}

/// Whether there is all that the tests in a browser need.
///
/// # Errors
/// What to install.
pub(crate) fn is_there() -> Result<(), String> {
    npm::is_there("the playground", OLDEST)?;
    let named = std::env::var_os("BAILIWICK_CHROMIUM").is_some();
    match named || BROWSERS.iter().any(|path| Path::new(path).exists()) {
        true => Ok(()),
        false => Err(
            "the packages for browsers are tested in Chromium; on Debian and Ubuntu: apt-get install chromium \
             (or name another with BAILIWICK_CHROMIUM)"
                .to_owned(),
        ),
    }
}

/// Installs what the page is made with.
pub(crate) fn install() -> Result<(), String> {
    npm::ci(&folder()).map(drop)
}

/// Builds the module and the page.
///
/// # Errors
/// What is missing on this machine, or the first thing that fails.
pub fn build() -> Result<(), String> {
    npm::is_there("the playground", OLDEST)?;
    wasm::build()?;
    install()?;
    page()?;
    let page = folder().join("dist");
    println!(
        "{} is a static page; any server of files shows it, such as\n\n  python3 -m http.server --directory {} 8080",
        page.display(),
        page.display()
    );
    Ok(())
}

fn page() -> Result<(), String> {
    let mut command = Command::new("npm");
    command.args(["run", "--silent", "build"]).current_dir(folder());
    run_with(&mut command).map(drop)
}

/// Builds the page and holds it to what a visitor can do. The pictures of it are below target/bindings/playground.
///
/// # Errors
/// As [`build`].
pub fn test() -> Result<(), String> {
    is_there()?;
    build()?;
    let mut command = Command::new("node");
    command.env("BAILIWICK_SHOTS", workshop().join("playground"));
    run_tests(&mut command, "test/playground.test.mjs")
}

/// Runs tests of the playground's folder and shows how many there were, and the figures that they say.
pub(crate) fn run_tests(command: &mut Command, tests: &str) -> Result<(), String> {
    command
        .args(["--test", "--test-reporter=tap", tests])
        .current_dir(folder());
    let said = run_with(command)?;
    let shown =
        |line: &&str| line.starts_with("# tests") || line.ends_with(" ms") || line.ends_with(" vectors");
    said.lines().filter(shown).for_each(|line| println!("{line}"));
    Ok(())
}
