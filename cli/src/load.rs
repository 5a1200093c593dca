//! The policies that the command line is given: what the loader finds, or a compiled bundle, as an engine, or as what a person is told. Which file
//! speaks for whom is the loader's matter.

use std::path::{Path, PathBuf};

use bailiwick::Engine;
use bailiwick_loader::{Loaded, disk};

use crate::screen::{Progress, Screen};
use crate::stop::Stop;

/// Reads files and folders. All that is wrong is found in one pass.
///
/// # Errors
/// Files that cannot be read, folders that the layout does not know, and bundles, which hold no files.
pub(crate) fn load(paths: &[PathBuf]) -> Result<Loaded, Stop> {
    for path in paths {
        if bundle(path)?.is_some() {
            return Err(Stop::Bad(format!(
                "{}: this is a compiled bundle, which holds checked policies and no files; give the policy files",
                path.display()
            )));
        }
    }
    let progress = Progress::of("reading policies");
    let loaded = disk::load(paths, &|| progress.step());
    if loaded.problems.is_empty() {
        return Ok(loaded);
    }
    let problems: Vec<String> = loaded.problems.iter().map(ToString::to_string).collect();
    Err(Stop::Bad(problems.join("\nerror: ")))
}

fn bundle(path: &Path) -> Result<Option<Vec<u8>>, Stop> {
    disk::read_bundle(path).map_err(|why| Stop::Bad(format!("{}: {why}", path.display())))
}

/// The engine of policies, or of one compiled bundle; or what is wrong with them.
///
/// # Errors
/// Where nothing is found, or something does not compile.
pub(crate) fn engine(paths: &[PathBuf], screen: &Screen) -> Result<Engine, Stop> {
    for path in paths {
        match bundle(path)? {
            None => {}
            Some(bytes) if paths.len() == 1 => {
                let loaded = Engine::from_bundle(&bytes);
                return loaded.map_err(|error| Stop::Bad(format!("{}: {error}", path.display())));
            }
            Some(_) => {
                return Err(Stop::Bad(format!(
                    "{}: this is a compiled bundle, which is a whole policy set; give it without other policies",
                    path.display()
                )));
            }
        }
    }
    compile(load(paths)?, paths, screen)
}

/// The same of what is loaded already.
///
/// # Errors
/// As [`engine`].
pub(crate) fn compile(loaded: Loaded, paths: &[PathBuf], screen: &Screen) -> Result<Engine, Stop> {
    found(&loaded, paths)?;
    loaded.notes.iter().for_each(|note| screen.note(note));
    let _progress = Progress::of("compiling policies");
    Engine::load(loaded.policies).map_err(|found| {
        let found = format!(
            "{}\n\nnothing is decided by policies that do not compile",
            found.render(screen.err.0)
        );
        Stop::Bad(format!("the policies do not compile\n\n{found}"))
    })
}

/// Everything would be denied where nothing is loaded; somebody who gave a wrong path must hear that instead.
///
/// # Errors
/// Where no policy was found.
pub(crate) fn found(loaded: &Loaded, paths: &[PathBuf]) -> Result<(), Stop> {
    if !loaded.policies.is_empty() {
        return Ok(());
    }
    let places: Vec<String> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
    let tests = if loaded.tests.is_empty() {
        ""
    } else {
        ", only policy tests"
    };
    Err(Stop::Bad(format!(
        "no policies (*.yaml, *.yml) in {}{tests}",
        places.join(", ")
    )))
}

/// The text of a file that stands alone.
///
/// # Errors
/// Why it cannot be read, with its name.
pub(crate) fn text(path: &Path) -> Result<String, Stop> {
    disk::read(path).map_err(|why| Stop::Bad(format!("{}: {why}", path.display())))
}
