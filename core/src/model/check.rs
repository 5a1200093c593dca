//! From lowered documents to checked policies: duplicates dropped, vocabulary extended, names resolved, types checked.
//! Collects every mistake before it gives up.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::names::{Definitions, Visibility};
use super::resolve::Resolver;
use super::{Directory, Kind, Onboarding, Policies, compliance, errors, extend, floors, holes, scope, warn};
use crate::diagnostic::{Diagnostic, Severity};
use crate::form;
use crate::schema::Schema;
use crate::source::{Level, SourceMap, Span, Spanned};
use crate::value::Value;

/// Checked policies with what those below them need to know.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The policies.
    pub policies: Arc<Policies>,
    /// Names that lower levels see.
    pub definitions: Definitions,
    /// The autonomy modes in force.
    pub modes: extend::Modes,
    /// What the vocabulary was extended by.
    pub(super) extensions: extend::Extensions,
    /// Examples that rules must or must not match, by rule.
    pub examples: Vec<(u32, form::Example)>,
    /// Whether there is no error. Else they are good for nothing but to check those below.
    pub sound: bool,
    used_workflows: BTreeSet<Span>,
}

/// Checks the documents of one authority. `above` is the platform's, unless these are. `broken` is whether something of
/// their text is missing because of an error. Findings go to `out`.
pub fn check(
    documents: Vec<form::Document>,
    above: Option<&Checked>,
    broken: bool,
    sources: &Arc<SourceMap>,
    out: &mut Vec<Diagnostic>,
) -> Checked {
    let before = errors_in(out);
    let documents = arrange(documents, out);
    let scopes: Vec<_> = documents
        .iter()
        .map(|document| scope::resolve(document, out))
        .collect();
    let extend::Extended {
        schema,
        modes,
        extensions,
    } = extend::extend(above, &documents, &scopes, out);
    let definitions = Definitions::collect(
        &documents,
        &scopes,
        above.map(|above| &above.definitions),
        &schema,
        out,
    );

    let mut resolver = Resolver::new(&schema, sources, &modes, &definitions, &extensions, out);
    for (at, document) in documents.iter().enumerate() {
        let sight = Visibility {
            level: document.level,
            scope: &scopes[at],
        };
        resolver.document(at as u32, document, sight);
    }
    let resolved = resolver.finish();
    let grids: Vec<form::Grid> = documents
        .iter()
        .flat_map(|document| document.parts.grids.iter().cloned())
        .collect();
    let onboardings = onboardings(&documents, &schema, out);
    let (wants_entity, declared) = (wanted(&documents, &scopes), declared(&documents, &schema));
    let written = documents;
    let documents: Vec<_> = written
        .iter()
        .zip(&scopes)
        .map(|(document, scope)| super::Document::new(document, scope))
        .collect();
    let switches = (0..)
        .zip(&resolved.rules)
        .filter(|(_, rule)| matches!(rule.kind, Kind::Switch(_)));
    let mut policies = Policies {
        directory: Directory::of(&documents),
        switches: switches.map(|(at, _)| at).collect(),
        documents,
        rules: resolved.rules,
        conditions: resolved.conditions,
        requirements: resolved.requirements,
        onboardings,
        declared,
        wants_entity,
        schema: Arc::new(schema),
        sources: sources.clone(),
        timed: Vec::new(),
        controls: Vec::new(),
    };
    policies.timed = timed(&policies);
    let higher = above.map(|above| &*above.policies);
    // A rule that is wrong is missing, and would be unknown here for that.
    if !broken && errors_in(out) == before {
        policies.controls = compliance::resolve(&written, &policies, higher, out);
    }
    floors::check(&policies, higher, out);
    let sound = !broken && errors_in(out) == before;
    if sound && above.is_none_or(|above| above.sound) {
        warn::warn(&policies, above.map(|above| &*above.policies), out);
        grids
            .iter()
            .for_each(|grid| holes::warn(grid, &policies.schema, out));
    }
    Checked {
        policies: Arc::new(policies),
        definitions,
        modes,
        extensions,
        examples: resolved.examples,
        sound,
        used_workflows: resolved.used_workflows,
    }
}

/// The rules whose guards or criteria ask for hours of the week.
fn timed(policies: &Policies) -> Vec<u32> {
    let Some(now) = policies.schema.attribute_named("now") else {
        return Vec::new();
    };
    let asks = |rule: &super::Rule| {
        let mut conditions = rule.conditions();
        conditions.any(|id| !policies.conditions[id.0 as usize].hours_of(now).is_empty())
    };
    let rules = (0..).zip(&policies.rules);
    rules.filter(|(_, rule)| asks(rule)).map(|(at, _)| at).collect()
}

/// Warns of workflows that no rule uses: none of the platform, none of any tenant.
pub fn unused_workflows<'a>(all: impl Iterator<Item = &'a Checked> + Clone, out: &mut Vec<Diagnostic>) {
    let used: BTreeSet<Span> = all
        .clone()
        .flat_map(|checked| checked.used_workflows.iter().copied())
        .collect();
    let unused = all.flat_map(|checked| checked.definitions.unused_workflows(&used));
    // A tenant's definitions have the platform's among them; equal findings are one.
    out.extend(unused.map(|(name, span)| errors::unused_workflow(span, name)));
}

fn errors_in(out: &[Diagnostic]) -> usize {
    out.iter()
        .filter(|found| found.severity == Severity::Error)
        .count()
}

/// Sorted by level, scope, id and version, so that the order of loading changes nothing; what says the same twice is
/// there once.
fn arrange(documents: Vec<form::Document>, out: &mut Vec<Diagnostic>) -> Vec<form::Document> {
    let mut documents: Vec<(Key, form::Document)> = documents
        .into_iter()
        .map(|document| (key(&document), document))
        .collect();
    documents.sort_by(|(a, one), (b, two)| {
        a.cmp(b)
            .then((one.content, one.span).cmp(&(two.content, two.span)))
    });
    documents.dedup_by(|(later, two), (first, one)| later == first && two.content == one.content);
    for pair in documents.windows(2) {
        if let [(first, one), (later, two)] = pair
            && first == later
        {
            let name = format!("{}@{}", two.id.value, two.version);
            out.push(errors::same_version(two.id.span, one.id.span, &name));
        }
    }
    documents.into_iter().map(|(_, document)| document).collect()
}

type Key = (Level, Vec<(Level, Vec<String>)>, String, String);

fn key(document: &form::Document) -> Key {
    let mut scope: Vec<(Level, Vec<String>)> = document
        .scope
        .iter()
        .map(|scoped| {
            let mut names: Vec<String> = scoped.names.iter().map(|name| name.value.clone()).collect();
            names.sort();
            (scoped.level, names)
        })
        .collect();
    scope.sort();
    (
        document.level,
        scope,
        document.id.value.clone(),
        document.version.clone(),
    )
}

/// Which document declares which attribute; several may declare the same.
fn declared(documents: &[form::Document], schema: &Schema) -> Vec<(crate::schema::AttributeId, u32)> {
    let named = |(at, document): (usize, &form::Document)| -> Vec<_> {
        let names = document
            .parts
            .attributes
            .iter()
            .map(|given| given.name.value.as_str());
        names
            .filter_map(|name| Some((schema.attribute_named(name)?, at as u32)))
            .collect()
    };
    documents.iter().enumerate().flat_map(named).collect()
}

/// The levels whose entity a request must name: those with documents, and those that a scope mentions.
fn wanted(documents: &[form::Document], scopes: &[Vec<super::ScopeEntry>]) -> [bool; 8] {
    let mut wanted = [false; 8];
    let levels = documents.iter().map(|document| document.level);
    let mentioned = scopes.iter().flatten().map(|entry| entry.level);
    levels
        .chain(mentioned)
        .for_each(|level| wanted[level.index()] = true);
    wanted
}

fn onboardings(documents: &[form::Document], schema: &Schema, out: &mut Vec<Diagnostic>) -> Vec<Onboarding> {
    let mut first: FxHashMap<(String, crate::schema::AttributeId), (Value, crate::source::Span)> =
        FxHashMap::default();
    let mut found: Vec<Onboarding> = Vec::new();
    for (at, document) in documents.iter().enumerate() {
        for written in &document.parts.onboardings {
            let onboarding = onboarding(at as u32, written, schema, out);
            let repository = &written.repository;
            let clash = onboarding.facts.iter().find_map(|(attribute, value)| {
                let key = (repository.value.clone(), *attribute);
                let (known, span) = first
                    .entry(key)
                    .or_insert_with(|| (value.clone(), repository.span));
                (known != value).then_some(*span)
            });
            out.extend(clash.map(|span| errors::two_onboardings(repository.span, span, &repository.value)));
            found.push(onboarding);
        }
    }
    found.sort_by(|a, b| a.repository.cmp(&b.repository));
    found
}

fn onboarding(
    document: u32,
    written: &form::Onboarding,
    schema: &Schema,
    out: &mut Vec<Diagnostic>,
) -> Onboarding {
    let mut facts = Vec::new();
    for (name, value) in &written.facts {
        let attribute = schema
            .attribute_named(name)
            .expect("an onboarding states attributes of the vocabulary");
        check_constant(schema, attribute, value, out);
        facts.push((attribute, Value::text(&value.value)));
    }
    Onboarding {
        document,
        repository: written.repository.value.clone(),
        facts,
    }
}

fn check_constant(
    schema: &Schema,
    attribute: crate::schema::AttributeId,
    value: &Spanned<String>,
    out: &mut Vec<Diagnostic>,
) {
    use crate::schema::{Scalar, Type};
    if let Type::One(Scalar::Enum(id)) = schema.attribute(attribute).ty {
        let enumeration = schema.enumeration(id);
        if enumeration.rank(&value.value).is_none() {
            let known = enumeration.constants.iter().map(String::as_str);
            out.push(errors::unknown_constant(
                value.span,
                &value.value,
                &enumeration.name,
                known,
            ));
        }
    }
}
