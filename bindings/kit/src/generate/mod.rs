//! What is made from the table of the surface. Each language says how it spells names and types; what there is to be spelled is
//! the table's.

mod face;
mod python;
mod reference;
mod typescript;

use std::path::PathBuf;

use bailiwick_surface::table::{Homes, Row};

use crate::{machine, root};

/// A file as it should be.
#[derive(Clone, Debug)]
pub struct Generated {
    /// Where it is.
    pub path: PathBuf,
    /// What it holds.
    pub text: String,
}

/// A language that the surface is shown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// snake_case; options by keyword.
    Python,
    /// camelCase; options in an object.
    TypeScript,
}

/// Everything that is generated.
///
/// # Errors
/// Where a file that is generated in part cannot be read, or lacks the marks.
pub fn all() -> Result<Vec<Generated>, String> {
    let at = |path: &str| root().join("bindings").join(path);
    let made = |path: &str, text: String| Generated { path: at(path), text };
    let within = |path: &str, part: String| {
        let text = reference::within(&machine::read(&at(path))?, &part)?;
        Ok::<Generated, String>(Generated { path: at(path), text })
    };
    Ok(vec![
        made("python/python/bailiwick/_native.pyi", python::stub()),
        made("python/python/bailiwick/types.py", python::types()),
        made("node/index.d.cts", typescript::types(Homes::WithDisk)),
        made("node/index.d.mts", typescript::types_of_module()),
        made("wasm/index.js", face::script()?),
        made("wasm/index.d.ts", typescript::types_for_browsers()),
        made("surface.json", reference::listing()),
        within("python/README.md", reference::chapter(Language::Python))?,
        within("node/README.md", reference::chapter(Language::TypeScript))?,
    ])
}

/// Writes all of it.
///
/// # Errors
/// As [`all`]; and where a file cannot be written.
pub fn write() -> Result<(), String> {
    all()?
        .iter()
        .try_for_each(|file| machine::write(&file.path, &file.text))
}

/// The files that are not as they should be, each with what to do.
///
/// # Errors
/// As [`all`].
pub fn stale() -> Result<Vec<String>, String> {
    let stale = |file: &&Generated| machine::read(&file.path).ok().as_ref() != Some(&file.text);
    let word = |file: &Generated| {
        format!(
            "{} is stale: `cargo bindings generate` writes it anew",
            file.path.display()
        )
    };
    Ok(all()?.iter().filter(stale).map(word).collect())
}

impl Language {
    /// What a row does, with the names of what it takes as they are in this language.
    pub fn doc(self, row: &Row) -> String {
        let named = row.takes.iter().chain(row.options);
        named.fold(row.doc.to_owned(), |doc, param| {
            doc.replace(
                &format!("`{}`", param.name),
                &format!("`{}`", self.name(param.name)),
            )
        })
    }

    /// The name of a row or of an option in this language.
    pub fn name(self, name: &str) -> String {
        match self {
            Language::Python => name.to_owned(),
            Language::TypeScript => camel(name),
        }
    }
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut name, word| {
        let mut letters = word.chars();
        name.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        name.push_str(letters.as_str());
        name
    })
}

fn is_in(row: &Row, homes: Homes) -> bool {
    row.homes == Homes::Everywhere || homes == Homes::WithDisk
}

/// A text in lines of a comment, at most 116 columns with what stands before them.
fn wrapped(text: &str, before: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.len() + word.len() < 116 - before.len() => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join(&format!("\n{before}"))
}
