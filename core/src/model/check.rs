//! From lowered documents to checked policies: duplicates dropped, vocabulary extended, names resolved, types checked.
//! Collects every mistake before it gives up.

use std::collections::HashMap;
use std::sync::Arc;

use super::names::{Definitions, Visibility};
use super::resolve::Resolver;
use super::{errors, extend, scope, warn, Onboarding, Policies};
use crate::diagnostic::{Diagnostic, Severity};
use crate::digest::Digest;
use crate::form;
use crate::schema::Schema;
use crate::source::{Level, SourceMap, Spanned};
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
    /// Examples that rules must or must not match, by rule.
    pub examples: Vec<(u32, form::Example)>,
}

/// Checks the documents of one authority. `above` is the platform's, unless these are. Findings go to `out`; with an error
/// among them there are no policies.
pub fn check(
    documents: Vec<form::Document>,
    above: Option<&Checked>,
    sources: &Arc<SourceMap>,
    out: &mut Vec<Diagnostic>,
) -> Option<Checked> {
    let before = errors_in(out);
    let documents = arrange(documents, out);
    let base = above.map_or_else(Schema::builtin, |above| (*above.policies.schema).clone());
    let (schema, modes) = extend::extend(base, above.map(|above| &above.modes), &documents, out);
    let scopes: Vec<_> = documents.iter().map(|document| scope::resolve(document, out)).collect();
    let definitions = Definitions::collect(&documents, &scopes, above.map(|above| &above.definitions), out);

    let mut resolver = Resolver::new(&schema, sources, &modes, &definitions, out);
    for (at, document) in documents.iter().enumerate() {
        let sight = Visibility { level: document.level, scope: &scopes[at] };
        resolver.document(at as u32, document, sight);
    }
    let resolved = resolver.finish();
    let onboardings = onboardings(&documents, &schema, out);
    let policies = Policies {
        documents: documents.iter().zip(&scopes).map(|(document, scope)| super::Document::new(document, scope)).collect(),
        rules: resolved.rules,
        conditions: resolved.conditions,
        requirements: resolved.requirements,
        onboardings,
        declared: declared(&documents, &schema),
        wants_entity: wanted(&documents, &scopes),
        hash: hash(&documents),
        schema: Arc::new(schema),
        sources: sources.clone(),
    };
    if errors_in(out) > before {
        return None;
    }
    warn::warn(&policies, above.map(|above| &*above.policies), out);
    Some(Checked { policies: Arc::new(policies), definitions, modes, examples: resolved.examples })
}

fn errors_in(out: &[Diagnostic]) -> usize {
    out.iter().filter(|found| found.severity == Severity::Error).count()
}

/// Sorted by level, scope, id and version, so that the order of loading changes nothing; what says the same twice is
/// there once.
fn arrange(mut documents: Vec<form::Document>, out: &mut Vec<Diagnostic>) -> Vec<form::Document> {
    documents.sort_by_cached_key(|document| (key(document), document.content, document.span));
    documents.dedup_by(|later, first| key(later) == key(first) && later.content == first.content);
    for pair in documents.windows(2) {
        if key(&pair[0]) == key(&pair[1]) {
            let name = format!("{}@{}", pair[1].id.value, pair[1].version);
            out.push(errors::same_version(pair[1].id.span, pair[0].id.span, &name));
        }
    }
    documents
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
    (document.level, scope, document.id.value.clone(), document.version.clone())
}

/// Which document declares which attribute; several may declare the same.
fn declared(documents: &[form::Document], schema: &Schema) -> Vec<(crate::schema::AttributeId, u32)> {
    let named = |(at, document): (usize, &form::Document)| -> Vec<_> {
        let names = document.parts.attributes.iter().map(|given| given.name.value.as_str());
        names.filter_map(|name| Some((schema.attribute_named(name)?, at as u32))).collect()
    };
    documents.iter().enumerate().flat_map(named).collect()
}

/// The levels whose entity a request must name: those with documents, and those that a scope mentions.
fn wanted(documents: &[form::Document], scopes: &[Vec<super::ScopeEntry>]) -> [bool; 8] {
    let mut wanted = [false; 8];
    let levels = documents.iter().map(|document| document.level);
    let mentioned = scopes.iter().flatten().map(|entry| entry.level);
    levels.chain(mentioned).for_each(|level| wanted[level.index()] = true);
    wanted
}

fn hash(documents: &[form::Document]) -> Digest {
    Digest::of_parts(documents.iter().map(|document| super::Document::identity(document).0))
}

fn onboardings(documents: &[form::Document], schema: &Schema, out: &mut Vec<Diagnostic>) -> Vec<Onboarding> {
    let mut first: HashMap<String, (usize, crate::source::Span)> = HashMap::new();
    let mut found: Vec<Onboarding> = Vec::new();
    for (at, document) in documents.iter().enumerate() {
        for written in &document.parts.onboardings {
            let onboarding = onboarding(at as u32, written, schema, out);
            let repository = &written.repository;
            match first.get(&repository.value) {
                Some(&(other, span)) if found[other].facts != onboarding.facts => {
                    out.push(errors::two_onboardings(repository.span, span, &repository.value));
                }
                Some(_) => {}
                None => {
                    first.insert(repository.value.clone(), (found.len(), repository.span));
                    found.push(onboarding);
                }
            }
        }
    }
    found.sort_by(|a, b| a.repository.cmp(&b.repository));
    found
}

fn onboarding(document: u32, written: &form::Onboarding, schema: &Schema, out: &mut Vec<Diagnostic>) -> Onboarding {
    let mut facts = Vec::new();
    for (name, value) in &written.facts {
        let attribute = schema.attribute_named(name).expect("an onboarding states attributes of the vocabulary");
        check_constant(schema, attribute, value, out);
        facts.push((attribute, Value::text(&value.value)));
    }
    Onboarding { document, repository: written.repository.value.clone(), facts }
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
            out.push(errors::unknown_constant(value.span, &value.value, &enumeration.name, known));
        }
    }
}
