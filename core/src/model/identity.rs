//! What documents are by their hashes: the lists that `policy_hash` and `policy_set_hash` are taken over
//! (spec/09-records.md, 9.6).

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Document, ScopeNames};
use crate::digest::Digest;

/// The hash of documents that apply to a request.
pub fn hash_of_applying<'a>(documents: impl Iterator<Item = &'a Document>) -> Digest {
    hash(documents.map(|document| (document, named(document))).collect())
}

/// The hash of all documents of a policy set.
pub(super) fn hash_of_all<'a>(documents: impl Iterator<Item = &'a Document>) -> Digest {
    hash(documents.map(|document| (document, scoped(document))).collect())
}

/// A document in the list. The fields stand in the order of their names, as canonical JSON has them.
#[derive(PartialEq, Eq, Serialize)]
struct Named<'d> {
    content: String,
    id: &'d str,
    level: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<Scope<'d>>,
    version: &'d str,
}

/// For whom it speaks: the names by level.
type Scope<'d> = BTreeMap<&'d str, BTreeSet<&'d str>>;

fn named(document: &Document) -> Named<'_> {
    Named {
        content: document.content.to_string(),
        id: &document.id,
        level: document.level.as_str(),
        scope: None,
        version: &document.version,
    }
}

fn scoped(document: &Document) -> Named<'_> {
    let mut scope = Scope::new();
    for entry in &document.scope {
        let names = scope.entry(entry.level.as_str()).or_default();
        match &entry.names {
            ScopeNames::Exact(known) => names.extend(known.iter().map(|name| &**name)),
            ScopeNames::Globs(globs) => names.extend(globs.patterns().iter().map(|name| &**name)),
        }
    }
    Named {
        scope: Some(scope),
        ..named(document)
    }
}

/// Sorted by level, then id, version and content, whatever the order of loading.
fn hash(mut documents: Vec<(&Document, Named<'_>)>) -> Digest {
    let scope = |known: &Named<'_>| serde_json::to_string(&known.scope).unwrap_or_default();
    documents.sort_by(|(a, a_named), (b, b_named)| {
        (a.level, &a.id, &a.version, a.content)
            .cmp(&(b.level, &b.id, &b.version, b.content))
            .then_with(|| scope(a_named).cmp(&scope(b_named)))
    });
    let mut list: Vec<Named<'_>> = documents.into_iter().map(|(_, named)| named).collect();
    list.dedup();
    Digest::of_json(&list)
}
