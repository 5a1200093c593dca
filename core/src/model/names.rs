//! Names that documents define: constants and workflows, and who sees them. A name is seen at its own level and below, by
//! documents that can apply to the same request; one that is seen from above cannot be defined again.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::{ScopeEntry, ScopeNames, errors, scope};
use crate::condition::{Constant, Literal};
use crate::diagnostic::Diagnostic;
use crate::document::{Scalar, Style};
use crate::form;
use crate::schema::Schema;
use crate::source::{Level, Span};

/// All definitions of a policy set, those of the platform first.
#[derive(Clone, Debug, Default)]
pub struct Definitions {
    constants: Names<NamedConstant>,
    workflows: Names<Option<form::ApprovalBody>>,
}

#[derive(Clone, Debug)]
struct Names<T> {
    by_name: FxHashMap<String, Known<T>>,
}

/// The definitions of one name. A fleet defines the same name in every repository, so those that cannot be seen together
/// must not be held against each other one by one: each stands below one entity of its scope, or is open to all.
#[derive(Clone, Debug)]
struct Known<T> {
    all: Vec<Definition<T>>,
    open: Vec<u32>,
    by_entity: BTreeMap<Level, FxHashMap<Box<str>, Vec<u32>>>,
}

impl<T> Default for Known<T> {
    fn default() -> Known<T> {
        Known {
            all: Vec::new(),
            open: Vec::new(),
            by_entity: BTreeMap::new(),
        }
    }
}

impl<T> Known<T> {
    fn push(&mut self, new: Definition<T>) {
        let at = self.all.len() as u32;
        match new.scope.iter().rev().find_map(exact) {
            None => self.open.push(at),
            Some((level, names)) => {
                let by_name = self.by_entity.entry(level).or_default();
                names
                    .iter()
                    .for_each(|name| by_name.entry(name.clone()).or_default().push(at));
            }
        }
        self.all.push(new);
    }

    /// Those that may apply to the same request as a scope, and some that do not, in the order in which they came.
    fn near(&self, scope: &[ScopeEntry]) -> Vec<&Definition<T>> {
        let mut found = self.open.clone();
        for (level, by_name) in &self.by_entity {
            match scope.iter().filter_map(exact).find(|(known, _)| known == level) {
                Some((_, names)) => found.extend(names.iter().filter_map(|name| by_name.get(name)).flatten()),
                None => found.extend(by_name.values().flatten()),
            }
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|at| &self.all[at as usize]).collect()
    }
}

fn exact(entry: &ScopeEntry) -> Option<(Level, &[Box<str>])> {
    match &entry.names {
        ScopeNames::Exact(names) => Some((entry.level, names)),
        ScopeNames::Globs(_) => None,
    }
}

impl<T> Default for Names<T> {
    fn default() -> Names<T> {
        Names {
            by_name: FxHashMap::default(),
        }
    }
}

#[derive(Clone, Debug)]
struct Definition<T> {
    value: T,
    level: Level,
    scope: Vec<ScopeEntry>,
    span: Span,
    /// What it says, to tell a repetition from a contradiction; `None` where it is wrong, which was reported.
    content: Option<String>,
}

/// A constant as written, and as conditions take it.
#[derive(Clone, Debug)]
pub(super) struct NamedConstant {
    pub(super) written: form::ConstantValue,
    pub(super) constant: Constant,
}

/// From where a name is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visibility<'a> {
    /// The level of the document.
    pub(super) level: Level,
    /// Its scope.
    pub(super) scope: &'a [ScopeEntry],
}

/// What a name is, seen from a document.
pub(super) enum Seen<'a, T> {
    Nothing,
    One(&'a T, Span),
    Several(Span, Span),
    /// Reported where it is made.
    Broken,
}

impl Definitions {
    pub(super) fn collect(
        documents: &[form::Document],
        scopes: &[Vec<ScopeEntry>],
        above: Option<&Definitions>,
        schema: &Schema,
        out: &mut Vec<Diagnostic>,
    ) -> Definitions {
        let mut all = above.cloned().unwrap_or_default();
        for (document, scope) in documents.iter().zip(scopes) {
            for constant in &document.parts.constants {
                let attribute = schema.attribute_named(&constant.name.value).is_some();
                if attribute {
                    out.push(errors::names_attribute(constant.name.span, &constant.name.value));
                }
                let content = describe_constant(&constant.value).filter(|_| !attribute);
                let value = NamedConstant {
                    written: constant.value.clone(),
                    constant: as_constant(&constant.value),
                };
                let definition = definition(document, scope, value, constant.name.span, content);
                all.constants
                    .add("definition", &constant.name.value, definition, out);
            }
            for workflow in &document.parts.workflows {
                let content = workflow.body.as_ref().map(describe_body);
                let definition = definition(
                    document,
                    scope,
                    workflow.body.clone(),
                    workflow.name.span,
                    content,
                );
                all.workflows
                    .add("workflow", &workflow.name.value, definition, out);
            }
        }
        all
    }

    pub(super) fn constant(&self, name: &str, from: Visibility<'_>) -> Seen<'_, NamedConstant> {
        self.constants.look(name, from)
    }

    pub(super) fn workflow(&self, name: &str, from: Visibility<'_>) -> Seen<'_, Option<form::ApprovalBody>> {
        self.workflows.look(name, from)
    }

    /// The workflows, by name and place, of which no repetition is used.
    pub(super) fn unused_workflows(&self, used: &BTreeSet<Span>) -> impl Iterator<Item = (&str, Span)> {
        let unused = |all: &[Definition<_>], one: &Definition<_>| {
            !all.iter()
                .any(|other| other.content == one.content && used.contains(&other.span))
        };
        self.workflows.by_name.iter().flat_map(move |(name, all)| {
            all.all
                .iter()
                .filter(move |one| unused(&all.all, one))
                .map(|one| (name.as_str(), one.span))
        })
    }

    pub(super) fn constant_names<'a>(&'a self, from: Visibility<'a>) -> impl Iterator<Item = &'a str> {
        self.constants.seen(from)
    }

    pub(super) fn workflow_names<'a>(&'a self, from: Visibility<'a>) -> impl Iterator<Item = &'a str> {
        self.workflows.seen(from)
    }
}

fn definition<T>(
    document: &form::Document,
    scope: &[ScopeEntry],
    value: T,
    span: Span,
    content: Option<String>,
) -> Definition<T> {
    Definition {
        value,
        level: document.level,
        scope: scope.to_vec(),
        span,
        content,
    }
}

impl<T> Definition<T> {
    fn seen_from(&self, from: Visibility<'_>) -> bool {
        self.level <= from.level && scope::compatible(&self.scope, from.scope)
    }
}

impl<T> Names<T> {
    /// Documents come sorted by level, so what is there already is of the same level or above.
    fn add(&mut self, what: &str, name: &str, new: Definition<T>, out: &mut Vec<Diagnostic>) {
        let known = self.by_name.entry(name.to_owned()).or_default();
        for other in known
            .near(&new.scope)
            .into_iter()
            .filter(|other| scope::compatible(&other.scope, &new.scope))
        {
            if other.level < new.level {
                out.push(errors::defined_above(
                    new.span,
                    other.span,
                    what,
                    name,
                    other.level,
                ));
            } else if other.content.is_some() && new.content.is_some() && other.content != new.content {
                out.push(errors::defined_twice(new.span, other.span, what, name));
            }
        }
        known.push(new);
    }

    fn look(&self, name: &str, from: Visibility<'_>) -> Seen<'_, T> {
        let Some(known) = self.by_name.get(name) else {
            return Seen::Nothing;
        };
        let mut seen = known
            .near(from.scope)
            .into_iter()
            .filter(|definition| definition.seen_from(from));
        let Some(first) = seen.next() else {
            return Seen::Nothing;
        };
        if first.content.is_none() {
            return Seen::Broken;
        }
        // Two that can be seen from one place were reported where the second is made.
        let clashes = |other: &&Definition<T>| {
            other.content != first.content && !scope::compatible(&other.scope, &first.scope)
        };
        match seen.find(clashes) {
            Some(other) => Seen::Several(first.span, other.span),
            None => Seen::One(&first.value, first.span),
        }
    }

    fn seen<'a>(&'a self, from: Visibility<'a>) -> impl Iterator<Item = &'a str> {
        let visible =
            move |known: &Known<T>| known.near(from.scope).iter().any(|known| known.seen_from(from));
        self.by_name
            .iter()
            .filter(move |(_, known)| visible(known))
            .map(|(name, _)| name.as_str())
    }
}

/// `1` and `"1"` are two things.
fn describe_constant(value: &form::ConstantValue) -> Option<String> {
    let one = |scalar: &Scalar| format!("{:?} {:?}", scalar.core(), scalar.text);
    match value {
        form::ConstantValue::One(scalar) => Some(one(scalar)),
        form::ConstantValue::List(items) => {
            let mut items: Vec<String> = items.iter().map(one).collect();
            items.sort();
            items.dedup();
            Some(format!("{items:?}"))
        }
        form::ConstantValue::Broken => None,
    }
}

/// What a workflow asks for, without where it stands.
fn describe_body(body: &form::ApprovalBody) -> String {
    let names = |names: &[crate::source::Spanned<String>]| -> Vec<String> {
        names.iter().map(|name| name.value.clone()).collect()
    };
    let slots: Vec<_> = body
        .slots
        .iter()
        .map(|slot| (names(&slot.roles), names(&slot.teams), slot.human))
        .collect();
    let escalation = body.escalation.as_ref().map(|role| &role.value);
    format!(
        "{:?}",
        (
            slots,
            body.timeout,
            escalation,
            body.valid_for,
            body.agents_count,
            &body.notify
        )
    )
}

fn as_constant(value: &form::ConstantValue) -> Constant {
    let literal = |scalar: &Scalar| Literal::yaml(&scalar.text, scalar.style == Style::Plain);
    match value {
        form::ConstantValue::One(scalar) => Constant::One(literal(scalar)),
        form::ConstantValue::List(items) => Constant::List(items.iter().map(literal).collect()),
        form::ConstantValue::Broken => Constant::List(Vec::new()),
    }
}
