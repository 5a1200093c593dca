//! The parts of the specification that are printed from tables: the vocabulary, and the codes of diagnostics.

use std::collections::BTreeMap;
use std::fmt::Write;

use bailiwick::machinery::diagnostic::ALL;
use bailiwick::machinery::schema::{OBLIGATIONS, Owner, Schema};
use serde_json::Value as Json;

use crate::schemas::{class_word, kind_word};
use crate::{spec, yaml};

/// A chapter with its generated part printed anew.
///
/// # Errors
/// Where the chapter has no such part.
pub fn chapter(text: &str, name: &str, part: &str) -> Result<String, String> {
    let open = format!("<!-- generated:{name} -->");
    let missing = || format!("no `{open}`");
    let (before, rest) = text.split_once(&open).ok_or_else(missing)?;
    let (_, after) = rest.split_once("<!-- /generated -->").ok_or_else(missing)?;
    Ok(format!("{before}{open}\n{part}<!-- /generated -->{after}"))
}

/// The tables of chapter 05.
pub fn vocabulary() -> String {
    let schema = Schema::builtin();
    let mut out = String::from(
        "\n### Actions\n\nAn argument in **bold** is bound. *Least mode* is that of 5.5 where no document says otherwise.\n\n\
         | action | what it does | arguments | | least mode | derived effects |\n|---|---|---|---|---|---|\n",
    );
    for (_, action) in schema.actions() {
        let argument = |id: &bailiwick::machinery::schema::AttributeId| {
            let name = format!("`{}`", schema.attribute(*id).name);
            if action.bound.contains(id) {
                format!("**{name}**")
            } else {
                name
            }
        };
        let mut arguments: Vec<String> = action.arguments.iter().map(argument).collect();
        arguments.sort_by_key(|name| name.trim_matches('*').to_owned());
        let derives: Vec<String> = action
            .derives
            .iter()
            .map(|id| format!("`{}`", schema.action(*id).name))
            .collect();
        line(
            &mut out,
            &[
                &format!("`{}`", action.name),
                &action.doc,
                &arguments.join(", "),
                kind_word(action),
                least_mode(&action.name, action.mutates),
                &derives.join(", "),
            ],
        );
    }
    for (owner, title) in [
        (Owner::Argument, "Arguments"),
        (Owner::Request, "Request attributes"),
    ] {
        let intro = if owner == Owner::Argument {
            "They are stated under `/arguments`; where the engine derives one, nowhere."
        } else {
            "They belong to every action."
        };
        let _ = write!(
            out,
            "\n### {title}\n\n{intro}\n\n| attribute | type | stated at | what it is |\n|---|---|---|---|\n"
        );
        for (_, attribute) in schema
            .attributes()
            .filter(|(_, attribute)| attribute.owner == owner)
        {
            let place = if attribute.derived || attribute.pointer.is_empty() {
                "derived".to_owned()
            } else {
                format!("`{}`", attribute.pointer)
            };
            line(
                &mut out,
                &[
                    &format!("`{}`", attribute.name),
                    &schema.type_name(attribute.ty),
                    &place,
                    &attribute.doc,
                ],
            );
        }
    }
    out.push_str("\n### Enumerations\n\nThe constants of an ordered one stand the lowest first.\n\n| enumeration | | constants | what it is |\n|---|---|---|---|\n");
    for (_, known) in schema.enumerations() {
        let flags = match (known.ordered, known.open) {
            (true, true) => "ordered, open",
            (true, false) => "ordered",
            (false, true) => "open",
            (false, false) => "",
        };
        let constants = if known.name == "action" {
            "the actions above".to_owned()
        } else {
            known
                .constants
                .iter()
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(if known.ordered { " < " } else { ", " })
        };
        line(
            &mut out,
            &[&format!("`{}`", known.name), flags, &constants, &known.doc],
        );
    }
    out.push_str("\n### Obligations\n\n| obligation | class | what the host does |\n|---|---|---|\n");
    for (name, _, doc) in OBLIGATIONS {
        line(&mut out, &[&format!("`{name}`"), class_word(name), doc]);
    }
    out.push('\n');
    out
}

/// As 5.5 says it; the modes themselves are printed there.
fn least_mode(action: &str, mutates: bool) -> &'static str {
    match action {
        "file.write" | "artifact.write" | "file.delete" | "file.move" | "patch.apply" => "dry_run",
        "git.commit" | "git.branch" => "local_branch",
        "git.push" | "pr.create_draft" => "draft_pr",
        "pr.create" | "pr.update" => "supervised_pr",
        "pr.mark_ready" => "autonomous_pr",
        _ if mutates => "fleet_campaign",
        _ => "analysis_only",
    }
}

fn line(out: &mut String, cells: &[&str]) {
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}

/// The headings of chapter 10: a code each, with its meaning, its severity and an example where the vectors have one.
pub fn diagnostics() -> String {
    let examples = examples();
    let mut out = String::new();
    for (code, meaning) in ALL {
        let severity = examples
            .get(code.0)
            .map_or("Error", |(severity, _)| severity.as_str());
        let mut meaning = (*meaning).to_owned();
        if let Some(first) = meaning.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let _ = write!(out, "\n### `{code}`\n\n{severity}. {meaning}.\n");
        if let Some((_, example)) = examples.get(code.0) {
            out.push_str(example);
        }
    }
    out.push('\n');
    out
}

/// The first vector of each code, from `vectors/diagnostics`.
fn examples() -> BTreeMap<String, (String, String)> {
    let mut files: Vec<_> = std::fs::read_dir(spec().join("vectors/diagnostics"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    let mut examples = BTreeMap::new();
    for text in files.iter().filter_map(|path| std::fs::read_to_string(path).ok()) {
        let Ok(json) = yaml(&text) else { continue };
        let cases = match json.get("cases").unwrap_or(&json) {
            Json::Array(cases) => cases.clone(),
            one => vec![one.clone()],
        };
        for case in &cases {
            if let Some((code, example)) = example(case) {
                examples.entry(code).or_insert(example);
            }
        }
    }
    examples
}

/// The source with the finding that it gives: `{code, source | sources | text, expect: [{code, line, column, message, help}]}`.
fn example(case: &Json) -> Option<(String, (String, String))> {
    let found = case.get("expect")?.as_array()?;
    let code = case
        .get("code")
        .and_then(Json::as_str)
        .or_else(|| found.first()?.get("code")?.as_str())?;
    let finding = found
        .iter()
        .find(|finding| finding.get("code").and_then(Json::as_str) == Some(code))?;
    let source = case
        .get("source")
        .or_else(|| case.get("sources")?.get(0))
        .or_else(|| case.get("text"))?;
    let source = source.as_str().or_else(|| source.get("text")?.as_str())?;
    let at = |key: &str| {
        finding
            .get(key)
            .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            .unwrap_or_default()
    };
    let help = finding
        .get("help")
        .and_then(Json::as_str)
        .map_or(String::new(), |help| format!("; {help}"));
    let text = format!(
        "\n```yaml\n{}\n```\n\nLine {}, column {}: {}{help}\n",
        source.trim_end(),
        at("line"),
        at("column"),
        at("message")
    );
    let warns = finding.get("severity").and_then(Json::as_str) == Some("warning");
    let severity = if warns { "Warning" } else { "Error" };
    Some((code.to_owned(), (severity.to_owned(), text)))
}
