//! Whether a record still holds: hashes over what applied to its request, then and now (spec/09-records.md, 9.6 and 9.10).

use serde_json::{Map, Value as Json};

use super::Record;
use crate::LANGUAGE;
use crate::decision::{applies, switch_is_on};
use crate::digest::Digest;
use crate::model::{Document, Kind, Policies, PolicySet, hash_of_applying};
use crate::request::{Request, State};

/// Whether the ground of a record has moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// Nothing that the answer rests on has changed.
    Holds,
    /// Other documents apply now, or the language is another.
    PoliciesChanged,
    /// A switch in sight was flipped.
    StateChanged,
    /// Its time is over.
    Expired,
}

/// Whether a record still holds at an instant (RFC 3339 in the request that is asked again).
pub fn still_holds(record: &Record, set: Option<&PolicySet>, request: &Request, state: &State) -> Validity {
    let until = record
        .valid_until
        .as_ref()
        .and_then(|until| until.parse::<jiff::Timestamp>().ok());
    if record.language_version != LANGUAGE || record.policy_hash != policy_hash(set, request).to_string() {
        Validity::PoliciesChanged
    } else if record.state_hash != state_hash(set, request, state).to_string() {
        Validity::StateChanged
    } else if until.is_some_and(|until| until.as_nanosecond() < request.now()) {
        Validity::Expired
    } else {
        Validity::Holds
    }
}

/// The hash of the documents that apply to a request.
pub fn policy_hash(set: Option<&PolicySet>, request: &Request) -> Digest {
    let entity = |level| request.entity(level);
    let parts = set.into_iter().flat_map(PolicySet::parts);
    let documents: Vec<&Document> = parts.flat_map(|part| part.applying(&entity)).collect();
    hash_of_applying(documents.into_iter())
}

/// The hash of all documents of a policy set.
pub fn policy_set_hash(set: Option<&PolicySet>) -> Digest {
    set.map_or_else(|| hash_of_applying(std::iter::empty()), |set| set.hash)
}

/// The hash of which switches in sight are on.
pub fn state_hash(set: Option<&PolicySet>, request: &Request, state: &State) -> Digest {
    let mut switches = Map::new();
    for part in set.into_iter().flat_map(PolicySet::parts) {
        for (name, on) in in_sight(part, request, state) {
            let known = switches.get(&name) == Some(&Json::Bool(true));
            switches.insert(name, Json::Bool(on || known));
        }
    }
    Digest::of_json(&Json::Object(switches))
}

fn in_sight<'a>(
    part: &'a Policies,
    request: &'a Request,
    state: &'a State,
) -> impl Iterator<Item = (String, bool)> {
    part.switches.iter().filter_map(move |&at| {
        let rule = &part.rules[at as usize];
        let Kind::Switch(switch) = &rule.kind else {
            return None;
        };
        let document = &part.documents[rule.document as usize];
        let name = format!("{}/{}", document.id, rule.id);
        applies(document, request).then(|| (name.clone(), switch_is_on(&name, switch, state, request)))
    })
}
