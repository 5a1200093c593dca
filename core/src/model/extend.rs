//! How policies extend the vocabulary: enumerations, `x.` attributes, `x.` actions, autonomy modes.

use std::collections::{BTreeMap, BTreeSet};

use super::names::Visibility;
use super::scope::compatible;
use super::{Checked, ScopeEntry, errors};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::form;
use crate::normal::command::{Description, Programs, program_name};
use crate::normal::{Globs, Places};
use crate::schema::{
    Action, ActionId, Attribute, AttributeId, EnumId, Enumeration, Owner, Scalar, Schema, Type,
};
use crate::source::{Level, Span, Spanned};

/// The autonomy modes in force: the names, the least first, and what each action needs (spec/05-vocabulary.md, 5.5).
#[derive(Clone, Debug)]
pub struct Modes {
    /// The lowest mode in which an action is listed, by the place of the mode.
    listed: BTreeMap<ActionId, usize>,
    highest: usize,
}

/// Actions that need no more than another one where no mode lists them: deleting a file is writing it.
const LIKE: [(&str, &str); 3] = [
    ("file.delete", "file.write"),
    ("file.move", "file.write"),
    ("patch.apply", "file.write"),
];

impl Modes {
    /// The place of the least mode of an action. What changes something and stands in no mode needs the highest; what
    /// changes nothing needs the lowest, and so does `shell.exec`, whose effects speak for themselves.
    pub fn needed(&self, action: ActionId, schema: &Schema) -> usize {
        let row = schema.action(action);
        let like = LIKE.iter().find(|(name, _)| *name == row.name);
        let like = like.and_then(|(_, other)| self.listed.get(&schema.action_named(other)?));
        let unlisted = if row.mutates { self.highest } else { 0 };
        self.listed.get(&action).or(like).copied().unwrap_or(unlisted)
    }
}

/// The modes where no document gives others. The same names as the enumeration `autonomy_level`.
const MODES: &[(&str, &[&str])] = &[
    ("analysis_only", &["file.read", "context.include", "model.call"]),
    ("dry_run", &["file.write", "artifact.write"]),
    ("local_branch", &["git.commit", "git.branch", "git.tag"]),
    (
        "draft_pr",
        &["git.push", "pr.create_draft", "http.request", "mcp.call"],
    ),
    ("supervised_pr", &["pr.create", "pr.update", "change.apply"]),
    ("autonomous_pr", &["pr.mark_ready"]),
    ("fleet_campaign", &["campaign.create", "campaign.advance"]),
];

/// What documents added to a vocabulary, and who sees it.
#[derive(Clone, Debug, Default)]
pub(super) struct Extensions {
    /// Where attributes of a policy set's own are seen: at a level and below, in documents of a compatible scope.
    seen: BTreeMap<AttributeId, Vec<(Level, Vec<ScopeEntry>)>>,
    /// Where enumerations were given, and what was said of them.
    given: BTreeMap<String, (Span, Level, String)>,
    /// Names of attributes that are wrong where they are made, which was reported.
    broken: BTreeSet<String>,
    /// Where programs are described, and how.
    programs: BTreeMap<String, (Span, Description)>,
}

impl Extensions {
    /// Why an attribute is not seen, where it is not.
    pub(super) fn hidden(&self, attribute: AttributeId, from: Visibility<'_>) -> Option<&'static str> {
        let places = self.seen.get(&attribute)?;
        let sees =
            |(level, scope): &(Level, Vec<ScopeEntry>)| *level <= from.level && compatible(scope, from.scope);
        (!places.iter().any(sees)).then_some("it is defined at a lower level, or for others")
    }

    pub(super) fn is_broken(&self, name: &str) -> bool {
        self.broken.contains(name)
    }
}

/// A vocabulary with what documents add to it.
pub(super) struct Extended {
    pub(super) schema: Schema,
    pub(super) modes: Modes,
    pub(super) extensions: Extensions,
}

/// Extends a vocabulary by what documents add to it. What is wrong is added all the same: what uses it is not wrong too.
pub(super) fn extend(
    above: Option<&Checked>,
    documents: &[form::Document],
    scopes: &[Vec<ScopeEntry>],
    out: &mut Vec<Diagnostic>,
) -> Extended {
    let schema = above.map_or_else(Schema::builtin, |above| (*above.policies.schema).clone());
    let extensions = above.map(|above| above.extensions.clone()).unwrap_or_default();
    let mut extender = Extender {
        schema,
        extensions,
        out,
    };
    for document in documents {
        document
            .parts
            .enumerations
            .iter()
            .for_each(|given| extender.enumeration(given, document.level));
    }
    for (document, scope) in documents.iter().zip(scopes) {
        for given in &document.parts.attributes {
            if let Some(id) = extender.attribute(given, Owner::Request) {
                extender
                    .extensions
                    .seen
                    .entry(id)
                    .or_default()
                    .push((document.level, scope.clone()));
            }
        }
        document
            .parts
            .actions
            .iter()
            .for_each(|given| extender.action(given, document.level));
        for given in &document.parts.programs {
            extender.program(given, document.level);
        }
    }
    let Extender {
        mut schema,
        extensions,
        out,
    } = extender;
    let modes = modes(&mut schema, above.map(|above| &above.modes), documents, out);
    Extended {
        schema,
        modes,
        extensions,
    }
}

struct Extender<'o> {
    schema: Schema,
    extensions: Extensions,
    out: &'o mut Vec<Diagnostic>,
}

impl Extender<'_> {
    fn enumeration(&mut self, given: &form::Enumeration, level: Level) {
        let name = &given.name;
        if self.given_before(given, level) {
            return;
        }
        let constants: Vec<String> = given
            .constants
            .iter()
            .map(|constant| constant.value.clone())
            .collect();
        match self.schema.enumeration_named(&name.value) {
            Some(id) => self.replace(id, given, constants, level),
            None => {
                if !name.value.starts_with("x.") {
                    let known = self.schema.enumerations().map(|(_, known)| known.name.as_str());
                    let near = did_you_mean(&name.value, known);
                    self.out
                        .push(errors::not_extension(name.span, "enumeration", &name.value).help_if(near));
                } else if !is_extension(&name.value) {
                    self.out
                        .push(errors::bad_extension_name(name.span, "enumeration", &name.value));
                }
                let ordered = given.ordered.as_ref().is_some_and(|ordered| ordered.value);
                if let Some(place) = given
                    .ordered
                    .as_ref()
                    .filter(|_| ordered && level != Level::Platform)
                {
                    self.out
                        .push(errors::ordered_below(place.span, &name.value, level));
                }
                let open = given.open.unwrap_or(false);
                let row = Enumeration {
                    name: name.value.clone(),
                    constants,
                    ordered,
                    open,
                    doc: given.doc.clone(),
                };
                self.schema
                    .add_enumeration(row)
                    .expect("the name was looked up just now");
            }
        }
    }

    /// Whether another document gave it; with other constants that is an error.
    fn given_before(&mut self, given: &form::Enumeration, level: Level) -> bool {
        let name = &given.name;
        let constants: Vec<&str> = given
            .constants
            .iter()
            .map(|constant| constant.value.as_str())
            .collect();
        let said = format!(
            "{:?}",
            (
                constants,
                given.ordered.as_ref().map(|ordered| ordered.value),
                given.open
            )
        );
        let Some((span, above, before)) = self.extensions.given.get(&name.value) else {
            self.extensions
                .given
                .insert(name.value.clone(), (name.span, level, said));
            return false;
        };
        // Below the platform constants of an open enumeration are added to those of the platform.
        let adds = *above < level && !name.value.starts_with("x.");
        if *before != said && !adds {
            self.out
                .push(errors::enumeration_again(name.span, *span, &name.value));
        }
        !adds
    }

    /// The platform gives built-in enumerations other constants. Below it constants are only added, and only to an open
    /// enumeration: elsewhere they would make requests acceptable that the platform alone refuses.
    fn replace(&mut self, id: EnumId, given: &form::Enumeration, constants: Vec<String>, level: Level) {
        let known = self.schema.enumeration(id);
        let (ordered, open) = (known.ordered, known.open);
        if matches!(
            known.name.as_str(),
            "action" | "subject_type" | "check_status" | "autonomy_level"
        ) {
            self.out
                .push(errors::fixed_enumeration(given.name.span, &known.name));
        } else if level == Level::Platform {
            self.schema.set_constants(id, constants);
            let ordered = given.ordered.as_ref().map_or(ordered, |ordered| ordered.value);
            self.schema.set_flags(id, ordered, given.open.unwrap_or(open));
        } else {
            if !open || ordered || given.ordered.is_some() || given.open.is_some() {
                self.out.push(errors::closed_below(given.name.span, &known.name));
            }
            let mut all = known.constants.clone();
            all.extend(constants.into_iter().filter(|new| !known.constants.contains(new)));
            self.schema.set_constants(id, all);
        }
    }

    fn attribute(&mut self, given: &form::Attribute, owner: Owner) -> Option<AttributeId> {
        let name = &given.name;
        let before = self.out.len();
        if !name.value.starts_with("x.") {
            self.out
                .push(errors::not_extension(name.span, "attribute", &name.value));
        } else if !is_extension(&name.value) {
            self.out
                .push(errors::bad_extension_name(name.span, "attribute", &name.value));
        }
        let ty = given
            .ty
            .as_ref()
            .and_then(|ty| type_named(&self.schema, ty, self.out));
        let Some(ty) = ty.filter(|_| self.out.len() == before) else {
            self.extensions.broken.insert(name.value.clone());
            return None;
        };
        let place = if owner == Owner::Argument {
            "arguments"
        } else {
            "context"
        };
        let row = Attribute {
            name: name.value.clone(),
            ty,
            owner,
            pointer: format!("/{place}/{}", name.value.replace('.', "/")),
            derived: false,
            doc: given.doc.clone(),
        };
        match self.schema.add_attribute(row) {
            Ok(id) => Some(id),
            // Several actions may have the same argument; two types for one name may not be.
            Err(taken) => {
                let known = self.schema.attribute(taken);
                if known.ty != ty || known.owner != owner {
                    self.out.push(errors::taken(name.span, "attribute", &name.value));
                }
                Some(taken)
            }
        }
    }

    fn action(&mut self, given: &form::Action, level: Level) {
        let name = &given.name;
        if level != Level::Platform {
            self.out.push(errors::level_cannot(
                name.span,
                "schema.actions",
                level,
                "the platform",
            ));
        } else if !name.value.starts_with("x.") {
            self.out
                .push(errors::not_extension(name.span, "action", &name.value));
        } else if !is_extension(&name.value) {
            self.out
                .push(errors::bad_extension_name(name.span, "action", &name.value));
        }
        if given.leaves_workspace && !given.mutates {
            self.out.push(errors::leaves_unchanged(name.span, &name.value));
        }
        let mut arguments: Vec<AttributeId> = given
            .arguments
            .iter()
            .filter_map(|argument| self.argument(argument))
            .collect();
        arguments.sort();
        arguments.dedup();
        let bound = self.bound(given, &arguments);
        let row = Action {
            name: name.value.clone(),
            arguments,
            bound,
            mutates: given.mutates,
            leaves_workspace: given.leaves_workspace,
            derives: Vec::new(),
            extension: true,
            doc: given.doc.clone(),
        };
        if let Err(taken) = self.schema.add_action(row.clone())
            && *self.schema.action(taken) != row
        {
            self.out.push(errors::taken(name.span, "action", &name.value));
        }
    }

    /// To describe a program may lessen what is assumed of it, so that only the platform does. What the specification
    /// says of one stands.
    fn program(&mut self, given: &form::Program, level: Level) {
        let (name, said) = (&given.name, &given.said);
        let before = self.out.len();
        if level != Level::Platform {
            self.out
                .push(errors::level_cannot(name.span, "programs", level, "the platform"));
        }
        if !is_program(&name.value) {
            self.out.push(errors::bad_program(name.span, &name.value));
        }
        let beside = ["operands", "other_options"].into_iter().zip(given.keys);
        let beside = beside.filter_map(|(key, span)| Some((key, span?)));
        if let Some(like) = &given.like {
            if !Programs::is_listed(&like.value) {
                let known = Programs::listed_names();
                self.out
                    .push(errors::like_unlisted(like.span, &like.value, known));
            }
            beside.for_each(|(key, span)| self.out.push(errors::like_and(span, key)));
            self.only_adds(given, &like.value);
        } else if Programs::is_listed(&name.value) {
            for (key, span) in beside {
                let what = format!("its `{key}` are fixed");
                self.out.push(errors::listed_program(span, &name.value, &what));
            }
            self.only_adds(given, &name.value);
        }
        if let Some(like) = given.like.as_ref().filter(|_| Programs::is_listed(&name.value)) {
            self.out
                .push(errors::listed_program(like.span, &name.value, "is like no other"));
        }
        match self.extensions.programs.get(&name.value) {
            Some((_, other)) if other == said => {}
            Some((span, _)) => {
                let again = errors::defined_twice(name.span, *span, "program", &name.value);
                self.out.push(again);
            }
            None => {
                self.extensions
                    .programs
                    .insert(name.value.clone(), (name.span, said.clone()));
                if self.out.len() == before {
                    self.schema.describe_program(&name.value, said);
                }
            }
        }
    }

    /// Nothing that the table says of a listed program is said otherwise.
    fn only_adds(&mut self, given: &form::Program, listed: &str) {
        for option in &given.options {
            if Programs::is_listed_option(listed, &option.value) {
                let what = format!("so is its option `{}`", option.value);
                self.out.push(errors::listed_program(option.span, listed, &what));
            }
        }
        if given.frees {
            let what = "what it runs cannot be taken back";
            self.out
                .push(errors::listed_program(given.name.span, listed, what));
        }
    }

    fn argument(&mut self, given: &form::Argument) -> Option<AttributeId> {
        let name = match given {
            form::Argument::Own(given) => return self.attribute(given, Owner::Argument),
            form::Argument::Known(name) => name,
        };
        let known = self.schema.attribute_named(&name.value);
        let known = known.filter(|&id| self.schema.attribute(id).owner == Owner::Argument);
        if known.is_none() {
            let arguments = self
                .schema
                .attributes()
                .filter(|(_, known)| known.owner == Owner::Argument);
            let names = arguments.map(|(_, known)| known.name.as_str());
            self.out
                .push(errors::unknown_argument(name.span, &name.value, names));
        }
        known
    }

    fn bound(&mut self, given: &form::Action, arguments: &[AttributeId]) -> Vec<AttributeId> {
        let mut bound = Vec::new();
        for name in &given.bound {
            let id = self
                .schema
                .attribute_named(&name.value)
                .filter(|id| arguments.contains(id));
            if id.is_none() && !self.extensions.is_broken(&name.value) {
                self.out
                    .push(errors::bound_elsewhere(name.span, &name.value, &given.name.value));
            }
            bound.extend(id);
        }
        bound.sort();
        bound.dedup();
        bound
    }
}

/// `x.` and words behind it that a condition can say.
fn is_extension(name: &str) -> bool {
    let word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    name.strip_prefix("x.")
        .is_some_and(|rest| rest.split('.').all(word))
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
                let known: Vec<String> = schema
                    .enumerations()
                    .map(|(_, known)| known.name.clone())
                    .collect();
                out.push(errors::unknown_type(
                    text.span,
                    word,
                    known.iter().map(String::as_str),
                ));
                return None;
            }
        },
    };
    Some(if list {
        Type::List(scalar)
    } else {
        Type::One(scalar)
    })
}

fn modes(
    schema: &mut Schema,
    above: Option<&Modes>,
    documents: &[form::Document],
    out: &mut Vec<Diagnostic>,
) -> Modes {
    let mut given = documents
        .iter()
        .filter_map(|document| Some((document, document.parts.modes.as_ref()?)));
    let Some((document, first)) = given.next() else {
        return above.cloned().unwrap_or_else(|| builtin_modes(schema));
    };
    for (_, other) in given {
        out.push(errors::defined_twice(
            other.span,
            first.span,
            "list",
            "autonomy_modes",
        ));
    }
    if document.level != Level::Platform {
        out.push(errors::level_cannot(
            first.span,
            "autonomy_modes",
            document.level,
            "the platform",
        ));
    }
    written_modes(schema, first, out)
}

fn builtin_modes(schema: &Schema) -> Modes {
    let mut listed = BTreeMap::new();
    for (rank, (_, actions)) in MODES.iter().enumerate() {
        for name in *actions {
            listed.insert(
                schema
                    .action_named(name)
                    .expect("modes name actions of the vocabulary"),
                rank,
            );
        }
    }
    Modes {
        listed,
        highest: MODES.len() - 1,
    }
}

fn written_modes(schema: &mut Schema, written: &form::Modes, out: &mut Vec<Diagnostic>) -> Modes {
    let mut listed: BTreeMap<ActionId, usize> = BTreeMap::new();
    for (rank, (_, actions)) in written.modes.iter().enumerate() {
        for name in actions {
            for action in actions_named(schema, name, out) {
                match listed.get(&action) {
                    Some(&lower) => out.push(errors::mode_twice(
                        name.span,
                        &name.value,
                        &written.modes[lower].0.value,
                    )),
                    None => drop(listed.insert(action, rank)),
                }
            }
        }
    }
    let names = written.modes.iter().map(|(name, _)| name.value.clone()).collect();
    let levels = schema
        .enumeration_named("autonomy_level")
        .expect("the vocabulary has autonomy levels");
    schema.set_constants(levels, names);
    Modes {
        listed,
        highest: written.modes.len().saturating_sub(1),
    }
}

/// The actions that a name or a pattern means; `*` crosses dots, since a pattern over names has no segments to keep.
pub(super) fn actions_named(
    schema: &Schema,
    name: &Spanned<String>,
    out: &mut Vec<Diagnostic>,
) -> Vec<ActionId> {
    if !name.value.contains(['*', '?', '[', '{']) {
        let found = schema.action_named(&name.value);
        if found.is_none() {
            let known: Vec<&str> = schema.actions().map(|(_, known)| known.name.as_str()).collect();
            out.push(errors::unknown_action(name.span, &name.value, known.into_iter()));
        }
        return found.into_iter().collect();
    }
    match Globs::new(&[&name.value]) {
        Ok(globs) => {
            let known = schema
                .actions()
                .filter(|(_, action)| globs.matches_name(&action.name));
            let found: Vec<ActionId> = known.map(|(id, _)| id).collect();
            if found.is_empty() {
                let known = schema.actions().map(|(_, known)| known.name.as_str());
                out.push(errors::glob_without_action(name.span, &name.value, known));
            }
            found
        }
        Err(error) => {
            out.push(errors::bad_glob(name.span, &error.message, error.help));
            Vec::new()
        }
    }
}

/// Whether a name is one by which a search path finds a program.
fn is_program(name: &str) -> bool {
    !name.contains(|c: char| c == '/' || c == '\\' || c.is_whitespace())
        && program_name(name, &Places::default()).is_ok_and(|normal| normal == name)
}
