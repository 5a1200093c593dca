//! How policies extend the vocabulary: enumerations, `x.` attributes, `x.` actions, autonomy modes.

use std::collections::BTreeMap;

use super::errors;
use crate::diagnostic::Diagnostic;
use crate::form;
use crate::normal::Globs;
use crate::schema::{Action, ActionId, Attribute, AttributeId, EnumId, Enumeration, Owner, Scalar, Schema, Type};
use crate::source::{Level, Spanned};

/// The autonomy modes in force: the names, the least first, and what each action needs.
#[derive(Clone, Debug)]
pub struct Modes {
    /// The lowest mode in which an action may be done, by the place of the mode.
    needed: BTreeMap<ActionId, usize>,
    highest: usize,
}

impl Modes {
    /// The place of the mode that an action needs. What changes something and stands in no mode needs the highest; what
    /// changes nothing needs the lowest, and so does `shell.exec`, whose effects speak for themselves.
    pub fn needed(&self, action: ActionId, schema: &Schema) -> usize {
        let unlisted = if schema.action(action).mutates { self.highest } else { 0 };
        self.needed.get(&action).copied().unwrap_or(unlisted)
    }
}

/// The modes where no document gives others. The same names as the enumeration `autonomy_level`; more actions are listed
/// than a document need list, so that deleting a file needs no more than writing one.
const MODES: &[(&str, &[&str])] = &[
    ("analysis_only", &["file.read", "context.include", "model.call"]),
    ("dry_run", &["file.write", "file.delete", "file.move", "patch.apply", "artifact.write"]),
    ("local_branch", &["git.commit", "git.branch", "git.tag"]),
    ("draft_pr", &["git.push", "pr.create_draft", "http.request", "mcp.call"]),
    ("supervised_pr", &["pr.create", "pr.update", "change.apply"]),
    ("autonomous_pr", &["pr.mark_ready"]),
    ("fleet_campaign", &["campaign.create", "campaign.advance"]),
];

/// Extends a vocabulary by what documents add to it.
pub(super) fn extend(
    mut schema: Schema,
    above: Option<&Modes>,
    documents: &[form::Document],
    out: &mut Vec<Diagnostic>,
) -> (Schema, Modes) {
    for document in documents {
        let level = document.level;
        document.parts.enumerations.iter().for_each(|given| enumeration(&mut schema, given, level, out));
    }
    for document in documents {
        document.parts.attributes.iter().for_each(|given| {
            attribute(&mut schema, given, Owner::Request, out);
        });
        document.parts.actions.iter().for_each(|given| action(&mut schema, given, document.level, out));
    }
    let modes = modes(&mut schema, above, documents, out);
    (schema, modes)
}

fn enumeration(schema: &mut Schema, given: &form::Enumeration, level: Level, out: &mut Vec<Diagnostic>) {
    let name = &given.name;
    let constants: Vec<String> = given.constants.iter().map(|constant| constant.value.clone()).collect();
    match schema.enumeration_named(&name.value) {
        Some(id) => replace(schema, id, given, constants, level, out),
        None if name.value.starts_with("x.") => {
            let row = Enumeration { name: name.value.clone(), constants, ordered: false, open: false, doc: String::new() };
            schema.add_enumeration(row).expect("the name was looked up just now");
        }
        None => {
            let known: Vec<String> = schema.enumerations().map(|(_, known)| known.name.clone()).collect();
            out.push(
                errors::not_extension(name.span, "enumeration", &name.value)
                    .help_if(crate::diagnostic::did_you_mean(&name.value, known.iter().map(String::as_str))),
            );
        }
    }
}

/// The platform gives built-in enumerations other constants. Below it constants are only added, and only to an open
/// enumeration: elsewhere they would make requests acceptable that the platform alone refuses.
fn replace(
    schema: &mut Schema,
    id: EnumId,
    given: &form::Enumeration,
    constants: Vec<String>,
    level: Level,
    out: &mut Vec<Diagnostic>,
) {
    let known = schema.enumeration(id);
    if matches!(known.name.as_str(), "action" | "subject_type" | "check_status" | "autonomy_level") {
        out.push(errors::fixed_enumeration(given.name.span, &known.name));
    } else if level == Level::Platform {
        schema.set_constants(id, constants);
    } else if !known.open {
        out.push(errors::closed_below(given.name.span, &known.name));
    } else {
        let mut all = known.constants.clone();
        all.extend(constants.into_iter().filter(|new| !known.constants.contains(new)));
        schema.set_constants(id, all);
    }
}

fn attribute(
    schema: &mut Schema,
    given: &form::Attribute,
    owner: Owner,
    out: &mut Vec<Diagnostic>,
) -> Option<AttributeId> {
    let name = &given.name;
    if !name.value.starts_with("x.") {
        out.push(errors::not_extension(name.span, "attribute", &name.value));
        return None;
    }
    let ty = type_named(schema, &given.ty, out)?;
    let place = if owner == Owner::Argument { "arguments" } else { "context" };
    let row = Attribute {
        name: name.value.clone(),
        ty,
        owner,
        pointer: format!("/{place}/{}", name.value.replace('.', "/")),
        derived: false,
        doc: given.doc.clone(),
    };
    match schema.add_attribute(row) {
        Ok(id) => Some(id),
        // Several actions may have the same argument; two types for one name may not be.
        Err(taken) if schema.attribute(taken).ty == ty && schema.attribute(taken).owner == owner => Some(taken),
        Err(_) => {
            out.push(errors::taken(name.span, "attribute", &name.value));
            None
        }
    }
}

fn type_named(schema: &Schema, text: &Spanned<String>, out: &mut Vec<Diagnostic>) -> Option<Type> {
    let (list, word) = match text.value.strip_prefix("list of ") {
        Some(word) => (true, word.trim()),
        None => (false, text.value.as_str()),
    };
    let scalar = match word {
        "bool" => Scalar::Bool,
        "int" => Scalar::Int,
        "number" => Scalar::Number,
        "percent" => Scalar::Percent,
        "string" => Scalar::String,
        "path" => Scalar::Path,
        "host" => Scalar::Host,
        "url" => Scalar::Url,
        "timestamp" => Scalar::Timestamp,
        "duration" => Scalar::Duration,
        other => match schema.enumeration_named(other) {
            Some(id) => Scalar::Enum(id),
            None => {
                let known: Vec<String> = schema.enumerations().map(|(_, known)| known.name.clone()).collect();
                out.push(errors::unknown_type(text.span, word, known.iter().map(String::as_str)));
                return None;
            }
        },
    };
    Some(if list { Type::List(scalar) } else { Type::One(scalar) })
}

fn action(schema: &mut Schema, given: &form::Action, level: Level, out: &mut Vec<Diagnostic>) {
    let name = &given.name;
    if level != Level::Platform {
        out.push(errors::level_cannot(name.span, "schema.actions", level, "the platform"));
        return;
    }
    if !name.value.starts_with("x.") {
        out.push(errors::not_extension(name.span, "action", &name.value));
        return;
    }
    let arguments = given.arguments.iter().filter_map(|given| attribute(schema, given, Owner::Argument, out)).collect();
    let row = Action {
        name: name.value.clone(),
        arguments,
        bound: Vec::new(),
        mutates: given.mutates,
        leaves_workspace: given.leaves_workspace,
        derives: Vec::new(),
        extension: true,
        doc: given.doc.clone(),
    };
    if schema.add_action(row).is_err() {
        out.push(errors::taken(name.span, "action", &name.value));
    }
}

fn modes(
    schema: &mut Schema,
    above: Option<&Modes>,
    documents: &[form::Document],
    out: &mut Vec<Diagnostic>,
) -> Modes {
    let mut given = documents.iter().filter_map(|document| Some((document, document.parts.modes.as_ref()?)));
    let Some((document, first)) = given.next() else {
        return above.cloned().unwrap_or_else(|| builtin_modes(schema));
    };
    for (_, other) in given {
        out.push(errors::defined_twice(other.span, first.span, "list", "autonomy_modes"));
    }
    if document.level != Level::Platform {
        out.push(errors::level_cannot(first.span, "autonomy_modes", document.level, "the platform"));
    }
    written_modes(schema, first, out)
}

fn builtin_modes(schema: &Schema) -> Modes {
    let mut needed = BTreeMap::new();
    for (rank, (_, actions)) in MODES.iter().enumerate() {
        for name in *actions {
            needed.insert(schema.action_named(name).expect("modes name actions of the vocabulary"), rank);
        }
    }
    Modes { needed, highest: MODES.len() - 1 }
}

fn written_modes(schema: &mut Schema, written: &form::Modes, out: &mut Vec<Diagnostic>) -> Modes {
    let mut needed: BTreeMap<ActionId, usize> = BTreeMap::new();
    for (rank, (_, actions)) in written.modes.iter().enumerate() {
        for name in actions {
            for action in actions_named(schema, name, out) {
                match needed.get(&action) {
                    Some(&lower) => out.push(errors::mode_twice(name.span, &name.value, &written.modes[lower].0.value)),
                    None => drop(needed.insert(action, rank)),
                }
            }
        }
    }
    let names = written.modes.iter().map(|(name, _)| name.value.clone()).collect();
    let levels = schema.enumeration_named("autonomy_level").expect("the vocabulary has autonomy levels");
    schema.set_constants(levels, names);
    Modes { needed, highest: written.modes.len().saturating_sub(1) }
}

/// The actions that a name or a pattern means; `*` crosses dots, since a pattern over names has no segments to keep.
pub(super) fn actions_named(schema: &Schema, name: &Spanned<String>, out: &mut Vec<Diagnostic>) -> Vec<ActionId> {
    if !name.value.contains(['*', '?', '[', '{']) {
        let found = schema.action_named(&name.value);
        if found.is_none() {
            out.push(errors::unknown_action(name.span, &name.value, schema.actions().map(|(_, known)| known.name.as_str())));
        }
        return found.into_iter().collect();
    }
    match Globs::new(&[&name.value]) {
        Ok(globs) => {
            let known = schema.actions().filter(|(_, action)| globs.matches_name(&action.name));
            let found: Vec<ActionId> = known.map(|(id, _)| id).collect();
            if found.is_empty() {
                out.push(errors::glob_without_action(name.span, &name.value));
            }
            found
        }
        Err(error) => {
            out.push(errors::bad_glob(name.span, &error.message, error.help));
            Vec::new()
        }
    }
}
