//! Node and npm on this machine, as the packages for JavaScript use them: installing, packing, and a consumer that has a package
//! as its only dependency. Knows nothing of what is in a package.

use std::path::{Path, PathBuf};

use crate::machine::{self, fresh, run};
use crate::workshop;

const INSTALL: &str =
    "with npm; on Debian and Ubuntu: apt-get install nodejs npm, or a newer one from nodejs.org";

/// Whether Node is there, not older than a version, and npm with it.
///
/// # Errors
/// What to install, and for what.
pub fn is_there(what: &str, oldest: (u32, u32)) -> Result<(), String> {
    let needs = format!("{what} needs Node {}.{} or newer {INSTALL}", oldest.0, oldest.1);
    match machine::version("node", &["--version"]) {
        Some(found) if oldest <= found => {}
        Some((major, minor)) => return Err(format!("`node` is version {major}.{minor}; {needs}")),
        None => return Err(format!("`node` cannot be run; {needs}")),
    }
    match machine::version("npm", &["--version"]) {
        Some(_) => Ok(()),
        None => Err(format!("`npm` cannot be run; {needs}")),
    }
}

/// Installs into a folder what its package needs, and what is named.
///
/// # Errors
/// What npm says.
pub fn install(folder: &Path, what: &[&str]) -> Result<String, String> {
    let quiet = ["install", "--no-audit", "--no-fund", "--loglevel=error"];
    run("npm", &[&quiet, what].concat(), folder)
}

/// Installs exactly what the lock file of a folder says.
///
/// # Errors
/// What npm says.
pub fn ci(folder: &Path) -> Result<String, String> {
    let quiet = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
    run("npm", &quiet, folder)
}

/// Packs a package as it would be published.
///
/// # Errors
/// What npm says.
pub fn pack(package: &Path, name: &str) -> Result<PathBuf, String> {
    let folder = fresh(workshop().join(name))?;
    let said = run(
        "npm",
        &[
            "pack",
            "--loglevel=error",
            "--pack-destination",
            &folder.to_string_lossy(),
        ],
        package,
    )?;
    let file = said
        .lines()
        .find(|line| line.ends_with(".tgz"))
        .unwrap_or_default();
    Ok(folder.join(file.trim()))
}

/// A package that has another as its dependency and nothing else: no types of Node either.
///
/// # Errors
/// What npm says.
pub fn consumer(name: &str, package: &Path) -> Result<PathBuf, String> {
    let consumer = fresh(workshop().join(name))?;
    machine::write(
        &consumer.join("package.json"),
        "{\"private\": true, \"type\": \"module\"}\n",
    )?;
    install(&consumer, &[&package.to_string_lossy()])?;
    Ok(consumer)
}

/// `tsc --strict` on files of a consumer, which become JavaScript beside them.
///
/// # Errors
/// What the compiler says.
pub fn types(consumer: &Path, tsc: &Path, files: &[&str]) -> Result<(), String> {
    let settings = format!(
        r#"{{"compilerOptions": {{
        "strict": true, "exactOptionalPropertyTypes": true, "noUncheckedIndexedAccess": true, "types": [],
        "module": "node16", "target": "es2022", "lib": ["es2022"]
    }}, "files": {files:?}}}"#
    );
    machine::write(&consumer.join("tsconfig.json"), &settings)?;
    run(tsc, &["--project", "."], consumer).map(drop)
}
