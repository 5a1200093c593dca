//! The Python package on this machine: a fresh environment, the package built into it from its folder, its tests, its types.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::machine::{self, fresh, run, run_with};
use crate::{parity, root, workshop};

const OLDEST: (u32, u32) = (3, 10);

/// A virtual environment.
struct Environment {
    folder: PathBuf,
}

impl Environment {
    /// A new one, with what a list of requirements names.
    fn fresh(name: &str, requirements: Option<&Path>) -> Result<Environment, String> {
        let python = interpreter()?;
        let folder = fresh(workshop().join(name))?;
        let made = run(&python, &["-m", "venv", &folder.to_string_lossy()], &root());
        made.map_err(|why| format!("no virtual environment can be made: {INSTALL}\n{why}"))?;
        let environment = Environment { folder };
        if let Some(list) = requirements {
            environment.pip(&["-r", &list.to_string_lossy()])?;
        }
        Ok(environment)
    }

    fn program(&self, name: &str) -> PathBuf {
        let folder = if cfg!(windows) { "Scripts" } else { "bin" };
        self.folder.join(folder).join(name)
    }

    fn pip(&self, what: &[&str]) -> Result<String, String> {
        let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        self.python(&[&quiet, what].concat())
    }

    fn python(&self, arguments: &[&str]) -> Result<String, String> {
        self.python_in(&root(), arguments)
    }

    fn python_in(&self, folder: &Path, arguments: &[&str]) -> Result<String, String> {
        let mut command = Command::new(self.program("python"));
        command.args(arguments).current_dir(folder);
        run_with(command.env("BAILIWICK_VECTORS", workshop().join("vectors.jsonl")))
    }
}

const INSTALL: &str = "the Python package needs Python 3.10 or newer with `venv` and `pip`; on Debian and Ubuntu: \
                       apt-get install python3 python3-venv python3-pip";

fn interpreter() -> Result<PathBuf, String> {
    let python = std::env::var_os("PYTHON").map_or_else(|| PathBuf::from("python3"), PathBuf::from);
    match machine::version(&python.to_string_lossy(), &["--version"]) {
        Some(found) if OLDEST <= found => Ok(python),
        Some((major, minor)) => Err(format!(
            "`{}` is Python {major}.{minor}; {INSTALL}",
            python.display()
        )),
        None => Err(format!("`{}` cannot be run; {INSTALL}", python.display())),
    }
}

fn package() -> PathBuf {
    root().join("bindings/python")
}

fn installed(name: &str, requirements: &str) -> Result<Environment, String> {
    let environment = Environment::fresh(name, Some(&package().join(requirements)))?;
    environment.pip(&[&package().to_string_lossy()])?;
    Ok(environment)
}

/// Builds the package into a fresh environment and holds it to its tests, its types and its README.
///
/// # Errors
/// What is missing on this machine, or the first thing that fails.
pub fn test() -> Result<(), String> {
    parity::write()?;
    let environment = installed("python", "tests/requirements.txt")?;
    tests(&environment)?;
    types(&environment)?;
    quick_start(&environment)?;
    examples(&environment)
}

/// Examples of hosts, each with its tests beside it.
const EXAMPLES: [&str; 2] = ["examples/claude-code", "examples/devika"];

fn examples(environment: &Environment) -> Result<(), String> {
    for example in EXAMPLES {
        let folder = root().join(example);
        let said = environment.python(&["-m", "unittest", "discover", "-s", &folder.to_string_lossy()])?;
        print!("{example}: {said}");
    }
    Ok(())
}

fn tests(environment: &Environment) -> Result<(), String> {
    let tests = package().join("tests");
    let said = environment.python(&["-m", "unittest", "discover", "-s", &tests.to_string_lossy()])?;
    print!("{said}");
    Ok(())
}

/// mypy and pyright in strict mode on the package and on a consumer of it, and the stub against the module itself.
fn types(environment: &Environment) -> Result<(), String> {
    // Apart from the sources, so that nothing is found but what is installed.
    let folder = fresh(workshop().join("python-types"))?;
    let consumer = folder.join("consumer.py");
    machine::write(&consumer, &machine::read(&package().join("tests/consumer.py"))?)?;
    let settings = r#"{
        "typeCheckingMode": "strict", "reportUnnecessaryTypeIgnoreComment": "error", "enableTypeIgnoreComments": false
    }"#;
    machine::write(&folder.join("pyrightconfig.json"), settings)?;
    environment.python_in(&folder, &["-m", "mypy", "--strict", "consumer.py"])?;
    environment.python_in(&folder, &["-m", "mypy", "--strict", "-p", "bailiwick"])?;
    environment.python_in(&folder, &["-m", "mypy.stubtest", "bailiwick._native"])?;
    let python = environment.program("python");
    let pyright = ["-m", "pyright", "--pythonpath", &python.to_string_lossy(), "."];
    environment.python_in(&folder, &pyright)?;
    // The package's own files are checked as sources: what is installed, pyright takes as it is.
    let own = fresh(workshop().join("python-own-types"))?;
    machine::write(&own.join("pyrightconfig.json"), settings)?;
    let inner = fresh(own.join("bailiwick"))?; // not beside `-m`, where its types.py would hide Python's own
    for name in [
        "__init__.py",
        "_errors.py",
        "_guard.py",
        "_native.pyi",
        "types.py",
    ] {
        machine::write(
            &inner.join(name),
            &machine::read(&package().join("python/bailiwick").join(name))?,
        )?;
    }
    environment.python_in(&own, &pyright).map(drop)
}

/// The quick starts of the package's README and of the repository's, in a folder of their own.
fn quick_start(environment: &Environment) -> Result<(), String> {
    let folder = fresh(workshop().join("python-quick-start"))?;
    for (name, readme) in [("package.py", package()), ("repository.py", root())] {
        let program = machine::code_blocks(&machine::read(&readme.join("README.md"))?, "python");
        machine::write(&folder.join(name), &program)?;
        environment.python_in(&folder, &[name])?;
    }
    Ok(())
}

/// Builds a wheel that every Linux with glibc 2.28 takes, with zig as the linker, and tries it in a fresh environment.
///
/// # Errors
/// As [`test()`].
pub fn wheel() -> Result<(), String> {
    let tools = Environment::fresh("wheel-tools", Some(&package().join("wheel/requirements.txt")))?;
    let out = fresh(workshop().join("wheels"))?;
    let mut command = Command::new(tools.program("maturin"));
    let manifest = package().join("Cargo.toml");
    command.args([
        "build",
        "--release",
        "--locked",
        "--zig",
        "--compatibility",
        "manylinux_2_28",
        "-m",
    ]);
    command.arg(&manifest).arg("--out").arg(&out).current_dir(root());
    // maturin looks for zig where its own Python has it.
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places = vec![tools.program("")];
    places.extend(std::env::split_paths(&path));
    command.env(
        "PATH",
        std::env::join_paths(places).map_err(|error| error.to_string())?,
    );
    run_with(&mut command)?;
    let mut wheels = std::fs::read_dir(&out)
        .map_err(|error| error.to_string())?
        .flatten();
    let wheel = wheels.next().ok_or("maturin built no wheel")?.path();
    let (major, minor) = needed_glibc(&tools, &wheel)?;
    if GLIBC < (major, minor) {
        return Err(format!(
            "{} needs glibc {major}.{minor}, which systems with {}.{} lack",
            wheel.display(),
            GLIBC.0,
            GLIBC.1
        ));
    }
    let trial = Environment::fresh("wheel-trial", None)?;
    trial.pip(&["--no-index", &wheel.to_string_lossy()])?;
    quick_start(&trial)?;
    let bytes = std::fs::metadata(&wheel)
        .map_err(|error| error.to_string())?
        .len();
    println!(
        "{}\n{bytes} bytes; needs glibc {major}.{minor}; its quick start runs",
        wheel.display()
    );
    Ok(())
}

/// The glibc that a wheel is built for.
const GLIBC: (u32, u32) = (2, 28);

/// The glibc that a wheel needs by the versions of the symbols in it, as auditwheel finds them and whatever its name says.
fn needed_glibc(tools: &Environment, wheel: &Path) -> Result<(u32, u32), String> {
    let said = tools.python(&["-m", "auditwheel", "show", &wheel.to_string_lossy()])?;
    glibc_of(&said).ok_or_else(|| format!("auditwheel finds no manylinux tag that fits:\n{said}"))
}

/// The tag that a wheel is consistent with: `manylinux_2_17_x86_64`. auditwheel breaks its lines where they are full.
fn glibc_of(said: &str) -> Option<(u32, u32)> {
    let words: Vec<&str> = said.split_whitespace().collect();
    let said = words.join(" ");
    let (_, found) = said.split_once("is consistent with")?;
    let (_, version) = found.split_once("manylinux_")?;
    let mut numbers = version.split('_').map_while(|number| number.parse().ok());
    Some((numbers.next()?, numbers.next()?))
}

/// Compares speeds: prints what crossing the border costs, and gives the tables of the comparison with others on the workload in
/// a folder.
///
/// # Errors
/// As [`test()`].
pub fn bench(contest: &Path) -> Result<String, String> {
    let environment = installed("python-bench", "bench/requirements.txt")?;
    let bench = package().join("bench");
    let border = bench.join("decide.py");
    print!("{}", environment.python(&[&border.to_string_lossy()])?);
    let mut command = Command::new(environment.program("python"));
    command
        .arg(bench.join("peers.py"))
        .env("BAILIWICK_CONTEST", contest);
    run_with(&mut command)
}

#[cfg(test)]
mod tests {
    use super::glibc_of;

    #[test]
    fn the_tag_that_fits_is_found_and_not_the_one_in_the_name() {
        let said = "\nbailiwick-0.1.0-cp310-abi3-manylinux_2_28_x86_64.whl is consistent\nwith the following platform tag:\n\
                    \"manylinux_2_17_x86_64\".\n";
        assert_eq!(glibc_of(said), Some((2, 17)));
        let none = "bailiwick-0.1.0-cp310-abi3-manylinux_2_28_x86_64.whl\nis consistent with the following platform tag:\n\
                    \"linux_x86_64\".\n";
        assert_eq!(glibc_of(none), None);
    }
}
