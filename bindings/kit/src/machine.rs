//! Programs of this machine: whether they are there, running them, and what to say where they are not.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs a program in a folder and shows what it says only where it fails.
///
/// # Errors
/// That it cannot be run, or what it said.
pub fn run(program: impl AsRef<Path>, arguments: &[&str], folder: &Path) -> Result<String, String> {
    run_with(Command::new(program.as_ref()).args(arguments).current_dir(folder))
}

/// The same of a command that is made already.
///
/// # Errors
/// As [`run`].
pub fn run_with(command: &mut Command) -> Result<String, String> {
    let shown = format!("{command:?}");
    let output: Output = clean(command)
        .output()
        .map_err(|error| format!("{shown} cannot be run: {error}"))?;
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    match output.status.success() {
        true => Ok(format!("{out}{err}")),
        false => Err(format!("{shown} fails\n{out}\n{err}")),
    }
}

/// What cargo tells a test of itself would make a nested cargo build other things than one from a shell.
fn clean(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars_os() {
        let of_package = name.to_string_lossy().starts_with("CARGO_PKG_");
        if of_package || name == "CARGO_MANIFEST_DIR" || name == "CARGO_MANIFEST_PATH" {
            command.env_remove(name);
        }
    }
    command
}

/// The version that a program says, as major and minor.
pub fn version(program: &str, arguments: &[&str]) -> Option<(u32, u32)> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let number = said.trim().trim_start_matches(|c: char| !c.is_ascii_digit());
    let mut parts = number.split('.').map_while(|part| part.parse().ok());
    Some((parts.next()?, parts.next()?))
}

/// A folder that is there and empty.
///
/// # Errors
/// Where it cannot be made.
pub fn fresh(folder: PathBuf) -> Result<PathBuf, String> {
    let made = match std::fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => std::fs::create_dir_all(&folder),
    };
    made.map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

/// Writes a file.
///
/// # Errors
/// Where it cannot be written.
pub fn write(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Reads a file.
///
/// # Errors
/// Where it cannot be read.
pub fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// The blocks of a language in a Markdown text, one behind the other: a quick start as a program.
pub fn code_blocks(markdown: &str, language: &str) -> String {
    let (mut out, mut inside) = (String::new(), false);
    for line in markdown.lines() {
        match (inside, line.strip_prefix("```")) {
            (false, Some(name)) => inside = name == language,
            (true, Some(_)) => inside = false,
            (true, None) => {
                out.push_str(line);
                out.push('\n');
            }
            (false, None) => {}
        }
    }
    out
}
