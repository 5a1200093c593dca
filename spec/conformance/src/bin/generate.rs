//! Writes what is made from tables: the JSON Schemas and the generated parts of the chapters.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a tool of this repository"
)]

use bailiwick_conformance::coverage::Coverage;
use bailiwick_conformance::{schemas, spec, tables};

fn main() -> std::io::Result<()> {
    for (name, schema) in schemas::all() {
        std::fs::create_dir_all(spec().join("schemas"))?;
        std::fs::write(
            spec().join(format!("schemas/{name}.schema.json")),
            schemas::text(&schema),
        )?;
    }
    let coverage = Coverage::committed().map_err(std::io::Error::other)?;
    for (file, name, part) in [
        ("05-vocabulary.md", "vocabulary", tables::vocabulary()),
        ("10-diagnostics.md", "diagnostics", tables::diagnostics()),
        ("coverage.md", "coverage", coverage.tables()),
    ] {
        let path = spec().join(file);
        let text =
            tables::chapter(&std::fs::read_to_string(&path)?, name, &part).map_err(std::io::Error::other)?;
        std::fs::write(path, text)?;
    }
    Ok(())
}
