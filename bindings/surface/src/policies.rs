//! Policies as a binding is given them: one text, a mapping of files, a list of sources, or a folder. The layout of names and
//! folders is the loader's matter.

use std::fmt;

use bailiwick::parts::BundleError;
use bailiwick::{Diagnostics, Engine, Level, Source};
use bailiwick_loader::{Loaded, Problem};
use serde_json::{Map, Value as Json, json};

/// How a text without a name is called.
const LONE: &str = "policies.yaml";

/// Policies that do not load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    /// As a person reads it: each finding with its lines, carets and cure.
    pub message: String,
    /// Each finding as `{code, severity, message, help, labels}`: a JSON list.
    pub diagnostics: String,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PolicyError {}

impl From<Diagnostics> for PolicyError {
    fn from(found: Diagnostics) -> PolicyError {
        PolicyError {
            message: found.render(false),
            diagnostics: found.to_json().to_string(),
        }
    }
}

impl From<BundleError> for PolicyError {
    fn from(error: BundleError) -> PolicyError {
        refused(error.to_string())
    }
}

impl From<Vec<Problem>> for PolicyError {
    fn from(problems: Vec<Problem>) -> PolicyError {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        PolicyError {
            message: lines.join("\n"),
            diagnostics: Json::from_iter(problems.iter().map(diagnostic)).to_string(),
        }
    }
}

/// A file or folder without a place, as a finding like the others (spec/10-diagnostics.md).
fn diagnostic(problem: &Problem) -> Json {
    let start = json!({"line": 1, "column": 1, "byte": 0});
    let label = json!({"source": problem.path, "text": "", "start": start, "end": start});
    json!({"code": "layout", "severity": "error", "message": problem.message, "help": null, "labels": [label]})
}

fn refused(message: impl Into<String>) -> PolicyError {
    let problem = Problem {
        path: String::new(),
        message: message.into(),
    };
    PolicyError::from(vec![problem])
}

/// Every finding of policies, errors and warnings, as a JSON list; empty where there is none.
pub fn check(policies: &str) -> String {
    findings(read(policies))
}

/// The same of a folder.
#[cfg(feature = "disk")]
pub fn check_folder(path: &str) -> String {
    findings(folder(path))
}

fn findings(loaded: Result<Loaded, PolicyError>) -> String {
    match loaded.map(|loaded| Engine::load(loaded.policies)) {
        Ok(Ok(engine)) => engine.warnings().to_json().to_string(),
        Ok(Err(found)) => found.to_json().to_string(),
        Err(error) => error.diagnostics,
    }
}

/// Reads policies as JSON: a text is one source of the platform, an object maps the names of files to their texts, a list
/// holds sources.
pub(crate) fn read(policies: &str) -> Result<Loaded, PolicyError> {
    let policies: Json = serde_json::from_str(policies)
        .map_err(|error| refused(format!("expected policies as JSON: {error}")))?;
    let loaded = match policies {
        Json::String(text) => Loaded {
            policies: vec![Source::platform(LONE, text)],
            ..Loaded::default()
        },
        Json::Object(files) => bailiwick_loader::files(texts(files)?),
        // Who lists sources has looked for them; where there are none, everything is denied.
        Json::Array(sources) => {
            return Ok(Loaded {
                policies: sources.iter().map(source).collect::<Result<_, _>>()?,
                ..Loaded::default()
            });
        }
        other => {
            return Err(refused(format!(
                "expected a text, an object of files or a list of sources, found {other}"
            )));
        }
    };
    found(loaded, "the policies given")
}

#[cfg(feature = "disk")]
pub(crate) fn folder(path: &str) -> Result<Loaded, PolicyError> {
    found(
        bailiwick_loader::disk::load(&[path], &|| ()),
        &format!("`{path}`"),
    )
}

/// Everything would be denied where nothing is loaded; somebody who gave the wrong thing must hear that instead.
fn found(loaded: Loaded, place: &str) -> Result<Loaded, PolicyError> {
    if !loaded.problems.is_empty() {
        Err(PolicyError::from(loaded.problems))
    } else if loaded.policies.is_empty() {
        Err(refused(format!("no policies (*.yaml, *.yml) in {place}")))
    } else {
        Ok(loaded)
    }
}

fn texts(files: Map<String, Json>) -> Result<Vec<(String, String)>, PolicyError> {
    let text = |(name, text): (String, Json)| match text {
        Json::String(text) => Ok((name, text)),
        other => Err(refused(format!(
            "`{name}`: expected the file's text, found {other}"
        ))),
    };
    files.into_iter().map(text).collect()
}

/// `{name, text, level?, tenant?, entities?}`: what a loader of one's own says of a text.
pub(crate) fn source(json: &Json) -> Result<Source, PolicyError> {
    let keys = json
        .as_object()
        .ok_or_else(|| refused(format!("expected a source as an object, found {json}")))?;
    let known = ["name", "text", "level", "tenant", "entities"];
    if let Some(key) = keys.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(refused(format!(
            "unknown key `{key}` in a source; there are {}",
            known.join(", ")
        )));
    }
    let said = |key: &str| keys.get(key).filter(|said| !said.is_null());
    let text = |key: &str| match said(key) {
        None => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.clone())),
        Some(other) => Err(refused(format!(
            "expected `{key}` of a source as text, found {other}"
        ))),
    };
    let needed = |key: &str| text(key)?.ok_or_else(|| refused(format!("a source lacks the key `{key}`")));
    let level = text("level")?.map_or(Ok(Level::Platform), |name| level(&name))?;
    let mut source = Source::at(level, needed("name")?, needed("text")?);
    source.tenant = text("tenant")?;
    match said("entities") {
        None => {}
        Some(Json::Object(entities)) => {
            for (at, name) in entities {
                let name = name
                    .as_str()
                    .ok_or_else(|| refused(format!("expected the {at}'s name, found {name}")))?;
                source.entities.insert(self::level(at)?, name.to_owned());
            }
        }
        Some(other) => {
            return Err(refused(format!(
                "expected `entities` as an object, found {other}"
            )));
        }
    }
    Ok(source)
}

fn level(name: &str) -> Result<Level, PolicyError> {
    let all = || Level::ALL.iter().map(|level| level.as_str());
    name.parse().map_err(|()| {
        let near = bailiwick::machinery::diagnostic::did_you_mean(name, all());
        let help = near.unwrap_or_else(|| format!("there are {}", all().collect::<Vec<_>>().join(", ")));
        refused(format!("`{name}` is no level; {help}"))
    })
}
