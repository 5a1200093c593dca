//! The workload that the packages and their peers are asked: written as files for the benchmarks of the languages, and their
//! tables gathered in one page.

use std::path::PathBuf;

use bailiwick_benches::contest::{Contest, Kind, export};

use crate::{machine, root, workshop};

/// Which kinds, with how many rules.
const SETS: [(Kind, &[usize]); 3] = [
    (Kind::Uniform, &[100, 1_000, 10_000]),
    (Kind::Commands, &[100, 1_000]),
    (Kind::Globs, &[100]),
];

/// Writes the workload below the target folder: a folder for each set.
///
/// # Errors
/// Where files cannot be written.
pub fn write() -> Result<PathBuf, String> {
    let folder = machine::fresh(workshop().join("contest"))?;
    for (kind, sizes) in SETS {
        for size in sizes {
            let own = machine::fresh(folder.join(format!("{}-{size}", kind.name())))?;
            for (name, text) in export::files(&Contest::new(kind, *size)) {
                machine::write(&own.join(name), &text)?;
            }
        }
    }
    Ok(folder)
}

const HEAD: &str = "# The packages and their peers on one workload

Written by `cargo bindings bench`; nothing here is typed by hand. From a request in the language's own values to a decision: the
median of 300 questions, a third each allowed, put to a person and denied, and how many times as long as parsing the same request
as JSON. Every engine's answers were first held against those of a plain walk over the rules. What the workload is, and what each
engine is given, says [benches/peers](../benches/peers/README.md); Bailiwick reads the commands, the peers are told what they do. In
*globs* every rule is a glob on one action of one repository.
";

/// Writes the page with the tables of both languages.
///
/// # Errors
/// Where it cannot be written.
pub fn results(python: &str, node: &str) -> Result<(), String> {
    let text = format!("{HEAD}\n## Python\n{python}\n## Node\n{node}");
    machine::write(&root().join("bindings/RESULTS.md"), &text)
}
