//! The flat form to the full form: everything by its own name at the top, as tests, examples and small hosts write it.

use std::borrow::Cow;

use super::errors::{self, Problems};
use super::full::put;
use super::pointer::{Origins, Pointer, escaped};
use super::raw::{Object, Raw};
use super::vocabulary::{CONTEXT, STATEMENTS, vocabulary};
use crate::schema::ENTITIES;

/// The names of the flat form beside arguments, attributes of the context, entities and statements.
const NAMES: [&str; 7] = [
    "action",
    "resource",
    "role",
    "roles",
    "subject",
    "subject_type",
    "tool",
];

/// Moves everything to its place. What has none is a problem here, where its own name is still known.
pub(super) fn to_full<'t>(mut flat: Object<'t>, problems: &mut Problems) -> (Object<'t>, Origins) {
    let mut mover = Mover {
        full: Object::new(),
        origins: Origins::default(),
        problems,
        action: String::new(),
    };
    mover.action(&mut flat);
    if let Some(subject) = flat.remove("subject") {
        mover.put("subject", "subject", subject); // before what is said of it by other names
    }
    for (key, value) in flat {
        mover.key(key, value);
    }
    (mover.full, mover.origins)
}

struct Mover<'m, 't> {
    full: Object<'t>,
    origins: Origins,
    problems: &'m mut Problems,
    action: String,
}

impl<'t> Mover<'_, 't> {
    /// `tool` is the action where there is no `action`, and otherwise the tool that carries it out.
    fn action(&mut self, flat: &mut Object<'t>) {
        let action = flat.remove("action");
        let tool = flat.remove("tool");
        let action = match (action, tool) {
            (Some(action), tool) => {
                if let Some(tool) = tool {
                    self.put("tool", "scope/tool", tool);
                }
                Some(action)
            }
            (None, Some(tool)) => {
                self.origins.add("/action", "/tool");
                Some(tool)
            }
            (None, None) => flat
                .contains_key("changed_files")
                .then(|| Raw::text("change.apply")),
        };
        let Some(action) = action else { return };
        let name = action.as_str().or_else(|| action.get("name")?.as_str());
        self.action = name.unwrap_or("").to_owned();
        self.full.insert("action", action);
    }

    fn key(&mut self, key: Cow<'t, str>, value: Raw<'t>) {
        let (head, rest) = match key.split_once('.') {
            // No name of the vocabulary has a slash, and paths of keys are written with it below.
            Some((head, rest)) if !key.contains('/') => (head, Some(rest)),
            _ => (&*key, None),
        };
        let vocabulary = vocabulary();
        let is_context = |name: &str| {
            vocabulary.context.iter().any(|(known, _)| known == name)
                || CONTEXT.contains(&name) && !ENTITIES.contains(&name) && name != "properties"
        };
        match (head, rest) {
            ("x", _) => self.extension(&key, value),
            ("role", None) => {
                let roles = match value {
                    Raw::String(_) => Raw::Array(vec![value]),
                    other => other,
                };
                self.put(&key, "subject/roles", roles);
            }
            ("roles", None) => self.put(&key, "subject/roles", value),
            ("subject_type", None) => self.put(&key, "subject/type", value),
            ("resource", None) => self.put(&key, head, value),
            ("subject", Some("role")) => self.put(&key, "subject/roles", value),
            ("context" | "evidence" | "resource" | "subject" | "usage", Some(rest)) => {
                self.put(&key, format!("{head}/{}", rest.replacen('.', "/", 1)), value);
            }
            (name, None) if STATEMENTS.contains(&name) => self.put(&key, name, value),
            (name, None) if is_context(name) => self.put(&key, format!("context/{name}"), value),
            (entity, None) if ENTITIES.contains(&entity) => {
                self.put(&key, format!("scope/{entity}"), value);
            }
            (entity, Some(rest)) if ENTITIES.contains(&entity) => {
                self.put(&key, format!("scope/{entity}/{rest}"), value);
            }
            _ => self.argument(key, value),
        }
    }

    /// An `x.` name is an argument of an `x.` action, and otherwise one of the context. A policy set has each name once,
    /// so nothing is lost where it means the other.
    fn extension(&mut self, key: &str, value: Raw<'t>) {
        let part = if self.action.starts_with("x.") {
            "arguments"
        } else {
            "context"
        };
        let path = format!("{part}/{}", key.replace('.', "/"));
        self.put(key, path, value);
    }

    fn argument(&mut self, key: Cow<'t, str>, value: Raw<'t>) {
        let vocabulary = vocabulary();
        let known = vocabulary.argument(&key).is_some() || vocabulary.group(&key).is_some();
        let nobody_knows =
            vocabulary.schema.action_named(&self.action).is_none() && !self.action.starts_with("x.");
        if known || nobody_knows && !self.action.is_empty() {
            self.origins
                .add_key(format!("arguments/{}", escaped(&key)), key.clone().into_owned());
            let arguments = self.full.entry_or("arguments", || Raw::Object(Object::new()));
            if let Raw::Object(arguments) = arguments {
                arguments.insert(key, value);
            }
            return;
        }
        self.problems
            .push(errors::unknown_key(&Pointer::Root.key(&key), &key, self.names()));
    }

    /// Every name that would have been right, for the nearest.
    fn names(&self) -> Vec<&'static str> {
        let vocabulary = vocabulary();
        let schema = &vocabulary.schema;
        let attributes = schema.attributes().filter(|(_, attribute)| !attribute.derived);
        let belongs = |id| match schema.action_named(&self.action) {
            Some(action) => schema.belongs(id, action),
            None => true,
        };
        attributes
            .filter(|(id, _)| belongs(*id))
            .map(|(_, attribute)| attribute.name.as_str())
            .chain(NAMES)
            .chain(ENTITIES)
            .chain(CONTEXT)
            .chain(STATEMENTS)
            .filter(|name| *name != "scope" && *name != "properties")
            .collect()
    }

    fn put(&mut self, key: &str, path: impl Into<String>, value: Raw<'t>) {
        let path = path.into();
        self.open_up(&path);
        if put(&mut self.full, &path, value).is_err() {
            self.problems
                .push(errors::stated_twice(&Pointer::Root.key(key), key));
        }
        if key != path {
            self.origins.add_key(path, key.to_owned());
        }
    }

    /// A subject or an entity that was said by its id becomes an object, so that more can be said of it.
    fn open_up(&mut self, path: &str) {
        let Some((parent, _)) = path.rsplit_once('/') else {
            return;
        };
        let mut at = parent.split('/');
        let Some(mut found) = at.next().and_then(|head| self.full.get_mut(head)) else {
            return;
        };
        for key in at {
            match found.as_object_mut().and_then(|object| object.get_mut(key)) {
                Some(next) => found = next,
                None => return,
            }
        }
        if let Raw::String(id) = found {
            let id = Raw::String(std::mem::take(id));
            *found = Raw::Object(Object::from_iter([("id".into(), id)]));
            let origin = format!("/{}", parent.rsplit('/').next().unwrap_or(parent));
            self.origins.add(format!("/{parent}/id"), origin);
        }
    }
}
