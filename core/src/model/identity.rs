//! What documents are by their hashes: the lists that `policy_hash` and `policy_set_hash` are taken over
//! (spec/09-records.md, 9.6).

use serde_json::{Map, Value as Json, json};

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

fn named(document: &Document) -> Json {
    json!({
        "level": document.level.as_str(), "id": document.id, "version": document.version,
        "content": document.content.to_string(),
    })
}

fn scoped(document: &Document) -> Json {
    let mut scope: Map<String, Json> = Map::new();
    for entry in &document.scope {
        let names: Vec<Json> = match &entry.names {
            ScopeNames::Exact(names) => names.iter().map(|name| json!(name)).collect(),
            ScopeNames::Globs(globs) => globs.patterns().iter().map(|name| json!(name)).collect(),
        };
        if let Some(known) = scope
            .entry(entry.level.as_str())
            .or_insert_with(|| json!([]))
            .as_array_mut()
        {
            known.extend(names);
            known.sort_by_key(|name| name.as_str().map(str::to_owned));
            known.dedup();
        }
    }
    let mut document = named(document);
    if let Some(keys) = document.as_object_mut() {
        keys.insert("scope".into(), Json::Object(scope));
    }
    document
}

/// Sorted by level, then id, version and content, whatever the order of loading.
fn hash(mut documents: Vec<(&Document, Json)>) -> Digest {
    documents.sort_by(|(a, a_json), (b, b_json)| {
        let key = |document: &Document| document.content;
        (a.level, &a.id, &a.version)
            .cmp(&(b.level, &b.id, &b.version))
            .then_with(|| key(a).cmp(&key(b)))
            .then_with(|| {
                a_json
                    .get("scope")
                    .map(Json::to_string)
                    .cmp(&b_json.get("scope").map(Json::to_string))
            })
    });
    let mut list: Vec<Json> = documents.into_iter().map(|(_, json)| json).collect();
    list.dedup();
    Digest::of_json(&Json::Array(list))
}
