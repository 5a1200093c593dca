//! The evaluation request of the OpenID AuthZEN Authorization API to the full form, and back, without loss.
//!
//! AuthZEN knows subject, action, resource and context, each with a bag of properties. What Bailiwick gives a meaning
//! moves from the bag to its place in the full form; the rest stays in a bag named `properties`, which no rule reads.

use serde_json::{Map, Value as Json};

use super::full::{RESOURCE, SUBJECT, is_argument, is_context};
use super::pointer::{Origins, escaped};
use super::raw::{Object, Raw};
use super::vocabulary::STATEMENTS;

/// Whether a request is in AuthZEN's form: an action that is an object, and no key that AuthZEN lacks. The full form
/// and the flat one state `now` at the top, so no complete request of theirs looks like that.
pub(super) fn is_authzen(request: &Object<'_>) -> bool {
    const KEYS: [&str; 4] = ["action", "context", "resource", "subject"];
    request
        .get("action")
        .is_some_and(|action| action.as_object().is_some())
        && request.keys().all(|key| KEYS.contains(&key))
}

/// Moves what has a meaning to its place in the full form.
pub(super) fn to_full<'t>(mut request: Object<'t>) -> (Object<'t>, Origins) {
    let mut origins = Origins::default();
    let mut full = Object::new();
    for key in STATEMENTS {
        origins.add(format!("/{key}"), format!("/context/{key}"));
    }
    if let Some(action) = request.remove("action") {
        from_action(action, &mut full, &mut origins);
    }
    if let Some(subject) = request.remove("subject") {
        let subject = from_subject(subject, "/subject", "/subject", &mut origins);
        full.insert("subject", subject);
    }
    if let Some(resource) = request.remove("resource") {
        let resource = lifted(resource, &RESOURCE, "/resource", "/resource", &mut origins);
        full.insert("resource", resource);
    }
    match request.remove("context") {
        Some(Raw::Object(context)) => from_context(context, &mut full, &mut origins),
        Some(other) => {
            full.insert("context", other);
        }
        None => {}
    }
    (full, origins)
}

fn from_action<'t>(action: Raw<'t>, full: &mut Object<'t>, origins: &mut Origins) {
    let Raw::Object(mut action) = action else {
        full.insert("action", action);
        return;
    };
    let name = action.get("name").and_then(Raw::as_str).unwrap_or("").to_owned();
    match action.remove("properties") {
        Some(Raw::Object(properties)) => {
            let (arguments, rest) = parted(properties, |key| is_argument(&name, key));
            origins.add("/arguments", "/action/properties");
            if !arguments.is_empty() {
                full.insert("arguments", Raw::Object(arguments));
            }
            insert_unless_empty(&mut action, rest);
        }
        Some(other) => {
            origins.add("/arguments", "/action/properties");
            full.insert("arguments", other);
        }
        None => {}
    }
    full.insert("action", Raw::Object(action));
}

fn from_subject<'t>(subject: Raw<'t>, to: &str, from: &str, origins: &mut Origins) -> Raw<'t> {
    let mut subject = lifted(subject, &SUBJECT, to, from, origins);
    let other = subject
        .as_object_mut()
        .and_then(|subject| subject.get_mut("on_behalf_of"));
    if let Some(other) = other {
        let to = format!("{to}/on_behalf_of");
        let from = origins.trace(&to);
        *other = from_subject(other.take(), &to, &from, origins);
    }
    subject
}

/// Takes known names out of the bag. One that is said inside and outside stays inside, where it is a problem.
fn lifted<'t>(part: Raw<'t>, known: &[&'static str], to: &str, from: &str, origins: &mut Origins) -> Raw<'t> {
    let Raw::Object(mut part) = part else {
        return part;
    };
    let Some(Raw::Object(properties)) = part.get_mut("properties") else {
        return Raw::Object(part);
    };
    let mut bag = std::mem::take(properties);
    part.remove("properties");
    for key in known.iter().filter(|key| **key != "properties") {
        if part.contains_key(key) {
            continue;
        }
        if let Some(value) = bag.remove(key) {
            origins.add(format!("{to}/{key}"), format!("{from}/properties/{key}"));
            part.insert(*key, value);
        }
    }
    insert_unless_empty(&mut part, bag);
    Raw::Object(part)
}

fn from_context<'t>(context: Object<'t>, full: &mut Object<'t>, origins: &mut Origins) {
    let (mut kept, mut bag) = (Object::new(), Object::new());
    for (key, value) in context {
        if STATEMENTS.contains(&&*key) {
            let value = match &*key {
                "approvals" => from_approvals(value, origins),
                _ => value,
            };
            full.insert(key, value);
        } else if key != "properties" && is_context(&key) {
            kept.insert(key, value);
        } else {
            let key_pointer = escaped(&key);
            origins.add(
                format!("/context/properties/{key_pointer}"),
                format!("/context/{key_pointer}"),
            );
            bag.insert(key, value);
        }
    }
    insert_unless_empty(&mut kept, bag);
    full.insert("context", Raw::Object(kept));
}

fn from_approvals<'t>(approvals: Raw<'t>, origins: &mut Origins) -> Raw<'t> {
    let Raw::Array(mut items) = approvals else {
        return approvals;
    };
    for (index, item) in items.iter_mut().enumerate() {
        let approver = item.as_object_mut().and_then(|item| item.get_mut("approver"));
        if let Some(approver) = approver {
            let to = format!("/approvals/{index}/approver");
            let from = format!("/context{to}");
            *approver = from_subject(approver.take(), &to, &from, origins);
        }
    }
    Raw::Array(items)
}

fn insert_unless_empty<'t>(part: &mut Object<'t>, bag: Object<'t>) {
    if !bag.is_empty() {
        part.insert("properties", Raw::Object(bag));
    }
}

/// Entries in two, by their keys.
fn parted<'t>(entries: Object<'t>, first: impl Fn(&str) -> bool) -> (Object<'t>, Object<'t>) {
    let (some, rest): (Vec<_>, Vec<_>) = entries.into_iter().partition(|(key, _)| first(key));
    (some.into_iter().collect(), rest.into_iter().collect())
}

// -- back --

/// The normal full form as an AuthZEN evaluation request.
pub(super) fn from_full(full: &Json) -> Json {
    let Json::Object(full) = full else {
        return full.clone();
    };
    let mut request = Map::new();
    let mut context = Map::new();
    for (key, value) in full {
        match key.as_str() {
            "action" | "arguments" => {}
            "subject" => {
                request.insert(key.clone(), to_subject(value));
            }
            "resource" => {
                request.insert(key.clone(), bagged(value, &["id", "type"]));
            }
            "context" => context.extend(unbagged(value)),
            "approvals" => {
                context.insert(key.clone(), to_approvals(value));
            }
            _ => {
                context.insert(key.clone(), value.clone());
            }
        }
    }
    request.insert(
        "action".into(),
        to_action(full.get("action"), full.get("arguments")),
    );
    request.insert("context".into(), Json::Object(context));
    Json::Object(request)
}

fn to_action(action: Option<&Json>, arguments: Option<&Json>) -> Json {
    let mut out = match action {
        Some(Json::Object(action)) => action.clone(),
        Some(name) => Map::from_iter([("name".to_owned(), name.clone())]),
        None => Map::new(),
    };
    match (out.get_mut("properties"), arguments) {
        (Some(Json::Object(bag)), Some(Json::Object(arguments))) => bag.extend(arguments.clone()),
        (_, Some(arguments)) => {
            out.insert("properties".into(), arguments.clone());
        }
        (_, None) => {}
    }
    Json::Object(out)
}

fn to_subject(subject: &Json) -> Json {
    let mut out = bagged(subject, &["id", "type"]);
    if let Some(other) = out.pointer_mut("/properties/on_behalf_of") {
        *other = to_subject(other);
    }
    out
}

fn to_approvals(approvals: &Json) -> Json {
    let mut out = approvals.clone();
    for approval in out.as_array_mut().into_iter().flatten() {
        if let Some(approver) = approval.get_mut("approver") {
            *approver = to_subject(approver);
        }
    }
    out
}

/// All but the named keys into the bag.
fn bagged(part: &Json, outside: &[&str]) -> Json {
    let Json::Object(part) = part else {
        return part.clone();
    };
    let (mut out, mut bag) = (Map::new(), Map::new());
    for (key, value) in part {
        match (key.as_str(), value) {
            ("properties", Json::Object(more)) => bag.extend(more.clone()),
            (name, value) if outside.contains(&name) => {
                out.insert(key.clone(), value.clone());
            }
            (_, value) => {
                bag.insert(key.clone(), value.clone());
            }
        }
    }
    put_unless_empty(&mut out, bag);
    Json::Object(out)
}

fn unbagged(context: &Json) -> Map<String, Json> {
    let mut out = Map::new();
    for (key, value) in context.as_object().into_iter().flatten() {
        match (key.as_str(), value) {
            ("properties", Json::Object(bag)) => out.extend(bag.clone()),
            _ => {
                out.insert(key.clone(), value.clone());
            }
        }
    }
    out
}

fn put_unless_empty(part: &mut Map<String, Json>, bag: Map<String, Json>) {
    if !bag.is_empty() {
        part.insert("properties".into(), Json::Object(bag));
    }
}
