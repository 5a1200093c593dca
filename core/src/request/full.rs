//! The full form to a request: one walk that checks every name and type, gathers the facts, and writes the normal form.
//!
//! Missing is unsaid and `null` is "there is none", of a part with parts too: `"context": null` says that there is no
//! environment, no task class, and so on, and the normal form says it in so many words.

use std::borrow::Cow;

use super::errors::{self, Problems, RequestError};
use super::pointer::{Origins, Pointer};
use super::raw::{Object, Raw};
use super::stated::Stated;
use super::typed::{Typing, each, timestamp_value};
use super::vocabulary::{CONTEXT, STATEMENTS, Vocabulary, vocabulary};
use super::{
    Answer, Approval, AtHand, Change, ChangeKind, Changes, Given, Request, Subject, SubjectType, Usage,
    outside_workspace,
};
use crate::digest::canonical;
use crate::limits;
use crate::normal::{Links, Path, Places, Url};
use crate::schema::{ActionId, AttributeId, ENTITIES, Scalar, Type};
use crate::value::{Fact, List, Value};

/// The keys of a subject.
pub(super) const SUBJECT: [&str; 7] = [
    "id",
    "on_behalf_of",
    "properties",
    "roles",
    "teams",
    "tenant",
    "type",
];
/// The keys of a resource.
pub(super) const RESOURCE: [&str; 4] = ["id", "properties", "tenant", "type"];
/// The keys of the full form.
const TOP: [&str; 5] = ["action", "arguments", "context", "resource", "subject"];

/// Reads the full form. `origins` says where its parts stood in the form that the host wrote.
pub(super) fn read<'t>(
    mut raw: Object<'t>,
    origins: Origins,
    mut problems: Problems,
) -> Result<(Request, Raw<'t>), RequestError> {
    let before = problems.found.len();
    let mut reader = Reader::new(&mut problems);
    let request = reader.request(&mut raw);
    let spellings = reader.spellings;
    match request {
        Some((request, normal)) if problems.is_empty() => {
            let request = Request {
                origins,
                spellings,
                ..request
            };
            Ok((request, normal))
        }
        _ => {
            for problem in &mut problems.found[before..] {
                problem.pointer = origins.trace(&problem.pointer);
            }
            Err(problems.into_error())
        }
    }
}

/// Reads an instant by itself as a request's `now` is read: RFC 3339, to nanoseconds since 1970.
pub fn instant(text: &str) -> Result<i128, RequestError> {
    let mut problems = Problems::default();
    let read = timestamp_value(text, &Pointer::Root.key("now"), &mut problems);
    read.ok_or_else(|| problems.into_error())
}

struct Reader<'r, 't> {
    vocabulary: &'static Vocabulary,
    problems: &'r mut Problems,
    stated: Stated,
    action: Cow<'t, str>,
    known: Option<ActionId>,
    /// The workspace's root and the home, which paths are read against.
    root: Option<Box<str>>,
    home: Option<Box<str>>,
    links: Option<Links>,
    changes: Changes,
    spellings: Origins,
    out: Object<'t>,
}

impl<'r, 't> Reader<'r, 't> {
    fn new(problems: &'r mut Problems) -> Reader<'r, 't> {
        let vocabulary = vocabulary();
        Reader {
            vocabulary,
            problems,
            stated: Stated::nothing(vocabulary.size()),
            action: Cow::Borrowed(""),
            known: None,
            root: None,
            home: None,
            links: None,
            changes: Changes::unsaid(),
            spellings: Origins::default(),
            out: Object::new(),
        }
    }

    /// The context comes before the arguments, since paths are read against its workspace root.
    fn request(&mut self, raw: &mut Object<'t>) -> Option<(Request, Raw<'t>)> {
        self.out = Object::with_room(raw.len() + 1);
        let action = raw.remove("action");
        let arguments = raw.remove("arguments");
        let properties = self.action(action, &arguments);
        self.context(raw.remove("context"));
        self.arguments(arguments);
        let subjects = self.requester(raw.remove("subject"));
        self.resource(raw.remove("resource"));
        self.scope(raw.remove("scope"));
        self.evidence(raw.remove("evidence"));
        let usage = self.usage(raw.remove("usage"));
        let capabilities = self.capabilities(raw.remove("capabilities"));
        let approvals = self.approvals(raw.remove("approvals"));
        let asked_at = self.time("asked_at", raw.remove("asked_at"));
        let now = self.now(raw.remove("now"));
        for key in ["run_id", "tool_call_id"] {
            if let Some(value) = raw.remove(key) {
                self.text_or_null(&value, &Pointer::Root.key(key));
                self.out.insert(key, value);
            }
        }
        self.left_over(raw);
        let action = std::mem::take(&mut self.action);
        self.derived(&action, &subjects, now);
        self.out.insert("action", named(action.clone(), properties));
        let normal = Raw::Object(std::mem::take(&mut self.out));
        let request = Request {
            given: Given::default(),
            at_hand: AtHand {
                root: self.root.take(),
                home: self.home.take(),
                ..AtHand::of(&normal)
            },
            known: self.known,
            action: action.into(),
            subjects,
            stated: std::mem::take(&mut self.stated),
            changes: std::mem::replace(&mut self.changes, Changes::unsaid()),
            links: self.links.take(),
            approvals,
            capabilities,
            usage,
            asked_at,
            now: now?,
            origins: Origins::default(),
            spellings: Origins::default(),
        };
        Some((request, normal))
    }

    fn set(&mut self, attribute: AttributeId, fact: Fact<Value>) {
        self.stated.set(attribute, fact);
    }

    /// What the request says without writing it: the intersection over the chain, the action, the time.
    fn derived(&mut self, action: &str, subjects: &[Subject], now: Option<i128>) {
        let ids = &self.vocabulary.ids;
        let requester = subjects.first().map_or(Fact::Unknown, |subject| {
            subject.id.as_ref().map(|id| Value::String(id.clone()))
        });
        self.set(ids.subject_id, requester);
        let least = Subject::least_trusted(subjects).map(|subject_type| Value::text(subject_type.as_str()));
        self.set(ids.subject_type, least);
        self.set(ids.subject_role, Subject::shared_roles(subjects).map(Value::List));
        self.set(ids.request_action, Fact::Known(Value::text(action)));
        self.set(
            ids.now,
            now.map_or(Fact::Unknown, |now| Fact::Known(Value::Timestamp(now))),
        );
        if self.stated.is_unsaid(ids.tool) {
            self.set(ids.tool, Fact::Known(Value::text(action)));
        }
        self.one_of_two(ids.argv, ids.command);
        self.one_of_two(ids.command, ids.argv);
    }

    /// Two ways to say the same: where a request says the one, there is none of the other unless it says so.
    fn one_of_two(&mut self, said: AttributeId, other: AttributeId) {
        let known = matches!(self.stated.fact(said), Fact::Known(_));
        if known && self.stated.is_unsaid(other) {
            self.set(other, Fact::Null);
        }
    }

    fn left_over(&mut self, raw: &Object<'_>) {
        for key in raw.keys() {
            let at = Pointer::Root.key(key);
            let argument = self.vocabulary.argument(key).is_some() || self.vocabulary.group(key).is_some();
            self.problems.push(if argument {
                errors::misplaced_key(&at, key, &format!("/arguments/{key}"))
            } else if CONTEXT.contains(&key) || holds(&self.vocabulary.context, key) {
                errors::misplaced_key(&at, key, &format!("/context/{key}"))
            } else if ENTITIES.contains(&key) {
                errors::misplaced_key(&at, key, &format!("/scope/{key}"))
            } else {
                errors::unknown_key(&at, key, TOP.into_iter().chain(STATEMENTS))
            });
        }
    }

    // -- action and arguments --

    /// Reads the action's name; gives back what else an action object carries.
    fn action(&mut self, raw: Option<Raw<'t>>, arguments: &Option<Raw<'_>>) -> Object<'t> {
        let at = Pointer::Root.key("action");
        let mut properties = Object::new();
        match raw {
            Some(Raw::String(name)) => self.action = name,
            Some(Raw::Object(mut object)) => {
                match object.remove("name") {
                    Some(Raw::String(name)) => self.action = name,
                    Some(other) => self
                        .problems
                        .push(errors::wrong_type(&at.key("name"), "text", &other)),
                    None => {
                        self.problems
                            .push(errors::missing(&at.key("name"), "name", "the name of an action"))
                    }
                }
                properties = self.properties(&mut object, &at);
                self.unknown_keys(&object, &at, &["name", "properties"]);
            }
            Some(other) => {
                self.problems
                    .push(errors::wrong_type(&at, "the name of an action", &other));
            }
            None => match arguments {
                Some(Raw::Object(said)) if said.contains_key("changed_files") => {
                    self.action = "change.apply".into();
                }
                _ => self.problems.push(errors::missing_action()),
            },
        }
        self.known = self.vocabulary.schema.action_named(&self.action);
        for key in properties.keys().filter(|key| is_argument(&self.action, key)) {
            let at = at.key("properties");
            let place = format!("/arguments/{key}");
            self.problems
                .push(errors::misplaced_key(&at.key(key), key, &place));
        }
        properties
    }

    fn arguments(&mut self, raw: Option<Raw<'t>>) {
        let at = Pointer::Root.key("arguments");
        let said = match raw {
            None => return,
            Some(Raw::Null) => match self.known {
                Some(action) => self.no_arguments(action),
                None => Raw::Null,
            },
            Some(Raw::Object(said)) => Raw::Object(self.each_argument(said, &at)),
            Some(other) => {
                self.problems.push(errors::wrong_type(&at, "an object", &other));
                return;
            }
        };
        if let Some(said) = said.as_object() {
            self.reached(said, &at);
        }
        self.keep_unless_empty("arguments", said);
    }

    /// What a URL says, it says: its host and port need not be said again, and said otherwise they are an error. Whoever
    /// sends the request goes by the URL.
    fn reached(&mut self, said: &Object<'_>, at: &Pointer<'_>) {
        let ids = &self.vocabulary.ids;
        let Some(Raw::String(text)) = said.get("url") else {
            return;
        };
        if self
            .known
            .is_none_or(|action| !self.vocabulary.schema.belongs(ids.url, action))
        {
            return;
        }
        let Ok(url) = Url::normalise(text) else { return }; // said where it was typed
        let host = url
            .host()
            .map_or(Fact::Null, |host| Fact::Known(Value::text(host.as_str())));
        let port = url
            .port()
            .map_or(Fact::Null, |port| Fact::Known(Value::Int(port.into())));
        for (id, name, of_url) in [(ids.host, "host", host), (ids.port, "port", port)] {
            match self.stated.is_unsaid(id) && !said.contains_key(name) {
                true => self.set(id, of_url),
                false if self.stated.fact(id) == of_url.as_ref() => {}
                false => self
                    .problems
                    .push(errors::contradicts_url(&at.key(name), name, text)),
            }
        }
        self.set(ids.scheme, Fact::Known(Value::text(url.scheme())));
        self.set(ids.url_user, Fact::Known(Value::Bool(url.has_user())));
    }

    /// `"arguments": null`: there is none of them.
    fn no_arguments(&mut self, action: ActionId) -> Raw<'t> {
        let mut out = Object::new();
        for &id in &self.vocabulary.schema.action(action).arguments {
            let attribute = self.vocabulary.schema.attribute(id);
            if !attribute.derived {
                self.put_argument(id, Raw::Null, &Pointer::Root, &mut out);
            }
        }
        Raw::Object(out)
    }

    /// An argument that is said by its whole name stays where it stands; what is said in another way comes to its place.
    fn each_argument(&mut self, mut said: Object<'t>, at: &Pointer<'_>) -> Object<'t> {
        if self.is_unknown_action() {
            return said; // the engine denies it; nobody knows what these mean
        }
        let mut moved = Vec::new();
        for (key, value) in said.iter_mut() {
            match self.vocabulary.argument(key) {
                Some(id) if !key.contains('.') => self.argument(id, value, &at.key(key)),
                _ => moved.push((key.clone(), value.take())),
            }
        }
        for (key, _) in &moved {
            said.remove(key);
        }
        for (key, value) in moved {
            self.moved_argument(&key, value, at, &mut said);
        }
        said
    }

    fn moved_argument(&mut self, key: &str, value: Raw<'t>, at: &Pointer<'_>, out: &mut Object<'t>) {
        let at = at.key(key);
        if key == "x" || key.starts_with("x.") {
            self.extension("/arguments", key, value, &at, out);
        } else if let Some(id) = self.vocabulary.argument(key) {
            self.put_argument(id, value, &at, out);
        } else if let Some(members) = self.vocabulary.group(key) {
            self.group(members, value, &at, out);
        } else {
            self.foreign(key, &at);
        }
    }

    /// `"branch": "main"` is `branch.name`; `"branch": {"name": "main", "protected": true}` says both.
    fn group(
        &mut self,
        members: &'static [(String, AttributeId)],
        value: Raw<'t>,
        at: &Pointer<'_>,
        out: &mut Object<'t>,
    ) {
        match value {
            Raw::Null => {
                for (_, id) in members {
                    self.put_argument(*id, Raw::Null, at, out);
                }
            }
            Raw::Object(entries) => {
                for (key, value) in entries {
                    match members.iter().find(|(member, _)| *member == key) {
                        Some((_, id)) => self.put_argument(*id, value, &at.key(&key), out),
                        None => {
                            let right = members.iter().map(|(member, _)| member.as_str());
                            self.problems
                                .push(errors::unknown_key(&at.key(&key), &key, right));
                        }
                    }
                }
            }
            other => match members.iter().find(|(member, _)| member == "name") {
                Some((_, id)) => self.put_argument(*id, other, at, out),
                None => self.problems.push(errors::wrong_type(at, "an object", &other)),
            },
        }
    }

    /// Reads an argument and puts it where the normal form has it.
    fn put_argument(&mut self, id: AttributeId, value: Raw<'t>, at: &Pointer<'_>, out: &mut Object<'t>) {
        let name = self.vocabulary.schema.attribute(id).name.as_str();
        self.argument(id, &value, at);
        if put(out, &name.replace('.', "/"), value).is_err() {
            self.problems.push(errors::stated_twice(at, name));
        }
    }

    fn argument(&mut self, id: AttributeId, value: &Raw<'_>, at: &Pointer<'_>) {
        let attribute = self.vocabulary.schema.attribute(id);
        let name = attribute.name.as_str();
        if self
            .known
            .is_some_and(|action| !self.vocabulary.schema.belongs(id, action))
        {
            return self.foreign(name, at);
        }
        if attribute.derived {
            return self.problems.push(errors::derived_stated(at, name));
        }
        if id == self.vocabulary.ids.changed_files {
            self.changed_files(value, at);
        } else if id == self.vocabulary.ids.path {
            self.path(value, at);
        } else if id == self.vocabulary.ids.mcp_arguments {
            self.mcp_arguments(value, at);
        } else if let (true, Raw::String(word)) = (id == self.vocabulary.ids.program, value) {
            let typing = typing(self.vocabulary, &self.root, &self.home);
            let program = typing.program(word, at, self.problems);
            self.set(id, program.map_or(Fact::Unknown, Fact::Known));
        } else {
            let fact = self.typed(value, attribute.ty, at);
            self.set(id, fact);
        }
    }

    /// The arguments of an MCP call are whatever its tool asks for: each is text, or the canonical JSON of what it is.
    fn mcp_arguments(&mut self, value: &Raw<'_>, at: &Pointer<'_>) {
        let id = self.vocabulary.ids.mcp_arguments;
        let fact = match value {
            Raw::Object(entries) => {
                let entry = |(name, value): (&str, &Raw<'_>)| {
                    let fact = match value {
                        Raw::Null => Fact::Null,
                        Raw::String(text) => Fact::Known(Value::text(text)),
                        other => {
                            let canonical = canonical(&other.clone().into_json());
                            Fact::Known(Value::text(&String::from_utf8_lossy(&canonical)))
                        }
                    };
                    (Box::from(name), fact)
                };
                Fact::Known(Value::Map(entries.iter().map(entry).collect()))
            }
            Raw::Null => Fact::Null,
            other => {
                self.problems.push(errors::wrong_type(at, "an object", other));
                Fact::Unknown
            }
        };
        self.set(id, fact);
    }

    fn path(&mut self, value: &Raw<'_>, at: &Pointer<'_>) {
        let ids = &self.vocabulary.ids;
        let path = match value {
            Raw::String(text) => {
                let typing = typing(self.vocabulary, &self.root, &self.home);
                typing
                    .path(text, at, self.problems)
                    .map_or(Fact::Unknown, Fact::Known)
            }
            Raw::Null => Fact::Null,
            other => {
                self.problems.push(errors::wrong_type(at, "a path", other));
                Fact::Unknown
            }
        };
        self.set(ids.outside_workspace, outside_workspace(path.as_ref()));
        self.set(ids.path, path.map(|path| Value::text(path.as_str())));
    }

    fn foreign(&mut self, name: &str, at: &Pointer<'_>) {
        let schema = &self.vocabulary.schema;
        let own = self
            .known
            .map_or(&[][..], |action| &schema.action(action).arguments);
        let right = own
            .iter()
            .map(|&id| schema.attribute(id))
            .filter(|attribute| !attribute.derived);
        let right: Vec<&str> = right.map(|attribute| attribute.name.as_str()).collect();
        let right = if self.known.is_some() {
            right
        } else {
            schema
                .attributes()
                .map(|(_, attribute)| attribute.name.as_str())
                .collect()
        };
        self.problems
            .push(errors::foreign_argument(at, name, &self.action, right));
    }

    /// Neither built in nor the policy set's own to be.
    fn is_unknown_action(&self) -> bool {
        self.known.is_none() && !self.action.starts_with("x.")
    }

    /// Keeps what stands under `x`, dotted names as the nested ones that they mean.
    fn extension(&mut self, bag: &str, key: &str, value: Raw<'t>, at: &Pointer<'_>, out: &mut Object<'t>) {
        if key.contains('/') {
            return self.problems.push(errors::unknown_key(at, key, [])); // no name has a slash
        }
        let spelt = key.replace('.', "/");
        if key.contains('.') {
            self.spellings.add(format!("{bag}/{spelt}"), at.to_string());
        }
        if put(out, &spelt, value).is_err() {
            self.problems.push(errors::stated_twice(at, key));
        }
    }

    fn changed_files(&mut self, raw: &Raw<'_>, at: &Pointer<'_>) {
        let id = self.vocabulary.ids.changed_files;
        if raw.is_null() {
            self.changes = Changes::none();
            return self.set(id, Fact::Null);
        }
        let typing = typing(self.vocabulary, &self.root, &self.home);
        let expected = || "a list of files".to_owned();
        let mut files = Vec::new();
        let open = each(raw, expected, at, self.problems, |item, at, problems| {
            files.extend(changed_file(item, &typing, at, problems));
        });
        let Some(open) = open else { return };
        let paths = files.iter().flat_map(Change::paths).map(Value::text);
        let list = List {
            items: paths.collect(),
            open,
        };
        self.set(id, Fact::Known(Value::List(list)));
        self.changes = Changes::said(files, open);
    }

    // -- context, scope, evidence --

    fn context(&mut self, raw: Option<Raw<'t>>) {
        let at = Pointer::Root.key("context");
        let Some(raw) = raw else { return };
        let names = self.vocabulary.context.iter().map(|(name, _)| name.as_str());
        let all = names
            .clone()
            .chain(CONTEXT.into_iter().filter(|name| *name != "properties"));
        let Some(mut said) = self.object_or_nulls(raw, all, &at) else {
            return;
        };
        let extends = |key: &str| key == "x" || key.starts_with("x.");
        let own = said.take_where(extends);
        for (key, value) in said.iter_mut() {
            let at = at.key(key);
            match &**key {
                "properties" => {
                    let properties = self.properties_of(value.take(), &at);
                    self.reserved(&properties, &at, is_context, |key| {
                        if STATEMENTS.contains(&key) {
                            format!("/{key}")
                        } else {
                            format!("/context/{key}")
                        }
                    });
                    *value = Raw::Object(properties);
                }
                "workspace_root" | "home" | "tenant" => self.text_or_null(value, &at),
                "links" => {} // read below, when the places are known that they are relative to
                "case_insensitive" => drop(self.typed(value, Type::One(Scalar::Bool), &at)),
                _ => match self.vocabulary.context.iter().find(|(name, _)| *name == *key) {
                    Some((_, id)) => self.stated(*id, value, &at),
                    None => {
                        let right = names.clone().chain(CONTEXT);
                        self.problems.push(errors::unknown_key(&at, key, right));
                    }
                },
            }
        }
        without_empty_properties(&mut said);
        for (key, value) in own {
            self.extension("/context", &key, value, &at.key(&key), &mut said);
        }
        let out = said;
        self.home(out.get("home"), &at.key("home"));
        self.workspace_root(out.get("workspace_root"), &at.key("workspace_root"));
        let folds = out.get("case_insensitive") == Some(&Raw::Bool(true));
        self.links(out.get("links"), folds, &at.key("links"));
        self.keep_unless_empty("context", Raw::Object(out));
    }

    fn home(&mut self, value: Option<&Raw<'_>>, at: &Pointer<'_>) {
        let Some(home) = value.and_then(Raw::as_str) else {
            return;
        };
        let places = Places {
            home: Some(home),
            ..Places::default()
        };
        match Path::normalise(".", &places) {
            Ok(_) => self.home = Some(home.into()),
            Err(why) => self.problems.push(errors::bad_text(
                at,
                "the home of whoever acts",
                home,
                &why.to_string(),
            )),
        }
    }

    /// `{"path": "target"}`, for the links that the host knows of.
    fn links(&mut self, value: Option<&Raw<'_>>, folds: bool, at: &Pointer<'_>) {
        let entries = match value {
            Some(Raw::Object(entries)) => entries,
            Some(Raw::Null) | None => return,
            Some(other) => {
                let expected = "an object of paths and their targets, or null";
                return self.problems.push(errors::wrong_type(at, expected, other));
            }
        };
        let mut pairs = Vec::new();
        for (link, target) in entries.iter() {
            match target.as_str() {
                Some(target) => pairs.push((link, target)),
                None => self
                    .problems
                    .push(errors::wrong_type(&at.key(link), "a path", target)),
            }
        }
        let places = typing(self.vocabulary, &self.root, &self.home).places;
        let wrong = pairs
            .iter()
            .find_map(|pair| Some((pair.0, Links::new([*pair], &places, folds).err()?)));
        match (wrong, Links::new(pairs, &places, folds)) {
            (Some((link, why)), _) => {
                self.problems.push(errors::bad_text(
                    &at.key(link),
                    "a link and its target",
                    link,
                    &why.to_string(),
                ));
            }
            (None, Ok(links)) => self.links = Some(links),
            (None, Err(_)) => {
                self.problems
                    .push(errors::too_many(at, "links", limits::LINKS_MAX, entries.len()));
            }
        }
    }

    /// A root that is none is one problem, not one more for each path.
    fn workspace_root(&mut self, value: Option<&Raw<'_>>, at: &Pointer<'_>) {
        let Some(root) = value.and_then(Raw::as_str) else {
            return;
        };
        let places = Places {
            root: Some(root),
            home: self.home.as_deref(),
            ..Places::default()
        };
        match Path::normalise(".", &places) {
            Ok(_) => self.root = Some(root.into()),
            Err(why) => {
                let expected = "the root of the workspace";
                self.problems
                    .push(errors::bad_text(at, expected, root, &why.to_string()));
            }
        }
    }

    fn scope(&mut self, raw: Option<Raw<'t>>) {
        let at = Pointer::Root.key("scope");
        let Some(mut said) = raw.and_then(|raw| self.object_or_nulls(raw, ENTITIES.into_iter(), &at)) else {
            return;
        };
        for (key, value) in said.iter_mut() {
            let at = at.key(key);
            match ENTITIES.iter().find(|entity| **entity == *key) {
                Some(entity) => *value = self.entity(entity, value.take(), &at),
                None => self.problems.push(errors::unknown_key(&at, key, ENTITIES)),
            }
        }
        self.keep_unless_empty("scope", Raw::Object(said));
    }

    /// An entity is its id, or an object with its id and what else is said of it, or null: there is none, nor anything
    /// of it.
    fn entity(&mut self, entity: &'static str, raw: Raw<'t>, at: &Pointer<'_>) -> Raw<'t> {
        match raw {
            Raw::Null => {
                for (_, id) in self.vocabulary.entity(entity) {
                    self.set(*id, Fact::Null);
                }
                Raw::Null
            }
            Raw::String(_) => {
                self.entity_key(entity, "id", &raw, at);
                Raw::Object(Object::of_one("id", raw))
            }
            Raw::Object(said) => {
                for (key, value) in said.iter() {
                    self.entity_key(entity, key, value, &at.key(key));
                }
                Raw::Object(said)
            }
            other => {
                let expected = format!("the id of a {entity}, an object, or null");
                self.problems.push(errors::wrong_type(at, &expected, &other));
                Raw::Null
            }
        }
    }

    fn entity_key(&mut self, entity: &str, key: &str, value: &Raw<'_>, at: &Pointer<'_>) {
        let attributes = self.vocabulary.entity(entity);
        match attributes.iter().find(|(name, _)| *name == key) {
            Some((_, id)) => self.stated(*id, value, at),
            None if key == "id" => self.text_or_null(value, at), // the tenant and the run: no rule reads them
            None => {
                let right = attributes.iter().map(|(name, _)| name.as_str());
                self.problems
                    .push(errors::unknown_key(at, key, right.chain(["id"])));
            }
        }
    }

    /// An attribute of every request, at its own place.
    fn stated(&mut self, id: AttributeId, value: &Raw<'_>, at: &Pointer<'_>) {
        let attribute = self.vocabulary.schema.attribute(id);
        if attribute.derived {
            return self.problems.push(errors::derived_stated(at, &attribute.name));
        }
        let fact = self.typed(value, attribute.ty, at);
        self.set(id, fact);
    }

    fn evidence(&mut self, raw: Option<Raw<'t>>) {
        let at = Pointer::Root.key("evidence");
        let names = self.vocabulary.evidence.iter().map(|(name, _)| name.as_str());
        let Some(said) = raw.and_then(|raw| self.object_or_nulls(raw, names.clone(), &at)) else {
            return;
        };
        for (key, value) in said.iter() {
            let at = at.key(key);
            match self.vocabulary.evidence.iter().find(|(name, _)| *name == key) {
                Some((_, id)) => self.stated(*id, value, &at),
                None => self.problems.push(errors::unknown_key(&at, key, names.clone())),
            }
        }
        self.keep_unless_empty("evidence", Raw::Object(said));
    }

    // -- subjects and the resource --

    /// The requester and those on whose behalf it asks, the requester first.
    fn requester(&mut self, raw: Option<Raw<'t>>) -> Vec<Subject> {
        let Some(raw) = raw else {
            return vec![Subject::unsaid()];
        };
        let mut chain = Vec::new();
        let subject = self.subject(raw, &Pointer::Root.key("subject"), &mut chain);
        self.out.insert("subject", subject);
        chain
    }

    fn subject(&mut self, raw: Raw<'t>, at: &Pointer<'_>, chain: &mut Vec<Subject>) -> Raw<'t> {
        if limits::CHAIN_MAX < chain.len() {
            let found = chain.len();
            self.problems.push(errors::too_many(
                at,
                "links of on_behalf_of",
                limits::CHAIN_MAX,
                found,
            ));
            return Raw::Null;
        }
        let mut said = match raw {
            Raw::String(id) => Object::of_one("id", Raw::String(id)),
            Raw::Null => nulls(SUBJECT.into_iter().filter(|key| *key != "properties")),
            Raw::Object(said) => said,
            other => {
                self.problems
                    .push(errors::wrong_type(at, "the id of a subject or an object", &other));
                return Raw::Null;
            }
        };
        self.bag(&mut said, at, &SUBJECT);
        let subject = Subject {
            id: self.text("id", &said, at),
            subject_type: self.subject_type(&said, at),
            roles: self.roles(&said, at),
            teams: self.teams(&said, at),
            tenant: self.text("tenant", &said, at),
        };
        chain.push(subject);
        match said.get_mut("on_behalf_of") {
            Some(Raw::Null) | None => {}
            Some(other) => *other = self.subject(other.take(), &at.key("on_behalf_of"), chain),
        }
        self.unknown_keys(&said, at, &SUBJECT);
        Raw::Object(said)
    }

    /// What is said beside what is known here stays in its bag, unless it says what has a place of its own.
    fn bag(&mut self, said: &mut Object<'t>, at: &Pointer<'_>, known: &[&str]) {
        let Some(value) = said.get_mut("properties") else {
            return;
        };
        let bag = at.key("properties");
        let properties = self.properties_of(value.take(), &bag);
        self.reserved(
            &properties,
            &bag,
            |key| known.contains(&key),
            |key| format!("{at}/{key}"),
        );
        *value = Raw::Object(properties);
        without_empty_properties(said);
    }

    fn subject_type(&mut self, said: &Object<'_>, at: &Pointer<'_>) -> Fact<SubjectType> {
        let text = self.text("type", said, at);
        let Fact::Known(name) = &text else {
            return text.map(|_| SubjectType::Agent); // null or unsaid: there is no name to change
        };
        match SubjectType::ALL
            .into_iter()
            .find(|known| known.as_str() == &**name)
        {
            Some(known) => Fact::Known(known),
            None => {
                let right = SubjectType::ALL.map(SubjectType::as_str);
                let at = at.key("type");
                self.problems
                    .push(errors::unknown_constant(&at, "subject_type", name, right));
                Fact::Unknown
            }
        }
    }

    fn roles(&mut self, said: &Object<'_>, at: &Pointer<'_>) -> Fact<List> {
        let schema = &self.vocabulary.schema;
        let ty = schema.attribute(self.vocabulary.ids.subject_role).ty;
        self.list("roles", ty, said, at)
    }

    fn teams(&mut self, said: &Object<'_>, at: &Pointer<'_>) -> Fact<List> {
        self.list("teams", Type::List(Scalar::String), said, at)
    }

    fn list(&mut self, key: &str, ty: Type, said: &Object<'_>, at: &Pointer<'_>) -> Fact<List> {
        let Some(value) = said.get(key) else {
            return Fact::Unknown;
        };
        match self.typed(value, ty, &at.key(key)) {
            Fact::Known(Value::List(list)) => Fact::Known(list),
            Fact::Null => Fact::Null,
            Fact::Known(_) | Fact::Unknown => Fact::Unknown,
        }
    }

    fn resource(&mut self, raw: Option<Raw<'t>>) {
        let at = Pointer::Root.key("resource");
        let mut said = match raw {
            None => return,
            Some(Raw::Object(said)) => said,
            Some(Raw::Null) => nulls(RESOURCE.into_iter().filter(|key| *key != "properties")),
            Some(other) => {
                return self
                    .problems
                    .push(errors::wrong_type(&at, "an object or null", &other));
            }
        };
        self.bag(&mut said, &at, &RESOURCE);
        for key in ["id", "tenant", "type"] {
            let fact = self.text(key, &said, &at);
            if key == "tenant" {
                self.set(self.vocabulary.ids.resource_tenant, fact.map(Value::String));
            }
        }
        self.unknown_keys(&said, &at, &RESOURCE);
        self.out.insert("resource", Raw::Object(said));
    }

    // -- the host's statements --

    fn capabilities(&mut self, raw: Option<Raw<'t>>) -> Vec<String> {
        let at = Pointer::Root.key("capabilities");
        let names = match &raw {
            None | Some(Raw::Null) => Vec::new(),
            Some(Raw::Array(items)) => {
                let mut names = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    match item {
                        Raw::String(name) => names.push(name.clone().into_owned()),
                        other => self
                            .problems
                            .push(errors::wrong_type(&at.index(index), "text", other)),
                    }
                }
                names
            }
            Some(other) => {
                self.problems
                    .push(errors::wrong_type(&at, "a list of names", other));
                Vec::new()
            }
        };
        self.keep("capabilities", raw);
        names
    }

    fn approvals(&mut self, raw: Option<Raw<'t>>) -> Vec<Approval> {
        let at = Pointer::Root.key("approvals");
        let items = match raw {
            Some(Raw::Array(items)) => items,
            Some(Raw::Null) => {
                self.keep("approvals", raw);
                return Vec::new();
            }
            Some(other) => {
                self.problems
                    .push(errors::wrong_type(&at, "a list of approvals", &other));
                return Vec::new();
            }
            None => return Vec::new(),
        };
        if limits::APPROVALS_MAX < items.len() {
            let found = items.len();
            self.problems
                .push(errors::too_many(&at, "approvals", limits::APPROVALS_MAX, found));
            return Vec::new();
        }
        let (mut approvals, mut out) = (Vec::new(), Vec::new());
        for (index, item) in items.into_iter().enumerate() {
            let (approval, value) = self.approval(item, &at.index(index));
            approvals.extend(approval);
            out.push(value);
        }
        self.out.insert("approvals", Raw::Array(out));
        approvals
    }

    fn approval(&mut self, raw: Raw<'t>, at: &Pointer<'_>) -> (Option<Approval>, Raw<'t>) {
        const KEYS: [&str; 5] = ["approver", "at", "decision", "operation", "requirement"];
        let Raw::Object(mut said) = raw else {
            self.problems.push(errors::wrong_type(at, "an approval", &raw));
            return (None, Raw::Null);
        };
        let mut out = Object::new();
        let requirement = self.required("requirement", "the id of a requirement", &mut said, at, &mut out);
        let operation = self.required("operation", "the hash of an operation", &mut said, at, &mut out);
        let decision = self.required("decision", "`approve` or `reject`", &mut said, at, &mut out);
        let time = self.required("at", "a timestamp", &mut said, at, &mut out);
        let approver = self.approver(said.remove("approver"), at, &mut out);
        self.unknown_keys(&said, at, &KEYS);
        let decision = decision.and_then(|text| match &*text {
            "approve" => Some(Answer::Approve),
            "reject" => Some(Answer::Reject),
            other => {
                let right = ["approve", "reject"];
                self.problems.push(errors::unknown_constant(
                    &at.key("decision"),
                    "decision",
                    other,
                    right,
                ));
                None
            }
        });
        let time = time.and_then(|text| timestamp_value(&text, &at.key("at"), self.problems));
        let approval = || {
            Some(Approval {
                requirement: requirement?.into(),
                operation: operation?.into(),
                approver: approver?,
                answer: decision?,
                at: time?,
            })
        };
        (approval(), Raw::Object(out))
    }

    /// Whoever answered is a statement of the host, not knowledge: it has an id.
    fn approver(
        &mut self,
        raw: Option<Raw<'t>>,
        at: &Pointer<'_>,
        out: &mut Object<'t>,
    ) -> Option<Vec<Subject>> {
        let at = at.key("approver");
        let mut chain = Vec::new();
        if let Some(raw) = raw {
            let value = self.subject(raw, &at, &mut chain);
            out.insert("approver", value);
        }
        if !matches!(chain.first().map(|first| &first.id), Some(Fact::Known(_))) {
            let at = at.key("id");
            self.problems
                .push(errors::missing(&at, "id", "the id of who answered"));
            return None;
        }
        Some(chain)
    }

    fn required(
        &mut self,
        key: &'static str,
        expected: &str,
        said: &mut Object<'t>,
        at: &Pointer<'_>,
        out: &mut Object<'t>,
    ) -> Option<Cow<'t, str>> {
        let at = at.key(key);
        match said.remove(key) {
            Some(Raw::String(text)) => {
                out.insert(key, Raw::String(text.clone()));
                Some(text)
            }
            Some(other) => {
                self.problems.push(errors::wrong_type(&at, expected, &other));
                None
            }
            None => {
                self.problems.push(errors::missing(&at, key, expected));
                None
            }
        }
    }

    fn time(&mut self, key: &'static str, raw: Option<Raw<'t>>) -> Option<i128> {
        let at = Pointer::Root.key(key);
        let read = match &raw {
            Some(Raw::String(text)) => timestamp_value(text, &at, self.problems),
            Some(Raw::Null) | None => None,
            Some(other) => {
                self.problems
                    .push(errors::wrong_type(&at, "an RFC 3339 timestamp", other));
                None
            }
        };
        self.keep(key, raw);
        read
    }

    fn now(&mut self, raw: Option<Raw<'t>>) -> Option<i128> {
        let at = Pointer::Root.key("now");
        match &raw {
            None => {
                let expected = "the host's time as an RFC 3339 timestamp";
                self.problems.push(errors::missing(&at, "now", expected));
            }
            Some(Raw::Null) => {
                let found = &Raw::Null;
                self.problems
                    .push(errors::wrong_type(&at, "an RFC 3339 timestamp", found));
            }
            Some(_) => {}
        }
        self.time("now", raw)
    }

    // -- parts --

    fn typed(&mut self, value: &Raw<'_>, ty: Type, at: &Pointer<'_>) -> Fact<Value> {
        typing(self.vocabulary, &self.root, &self.home).read(value, ty, at, self.problems)
    }

    fn keep(&mut self, key: &'static str, raw: Option<Raw<'t>>) {
        if let Some(raw) = raw {
            self.out.insert(key, raw);
        }
    }

    /// An object without entries says nothing; the normal form has one way to say nothing.
    fn keep_unless_empty(&mut self, key: &'static str, value: Raw<'t>) {
        if value.as_object().is_none_or(|entries| !entries.is_empty()) {
            self.out.insert(key, value);
        }
    }

    fn usage(&mut self, raw: Option<Raw<'t>>) -> Usage {
        let Some(raw) = raw else { return Usage::default() };
        let (usage, value) = Usage::read(raw, &Pointer::Root.key("usage"), self.problems);
        self.out.insert("usage", value);
        usage
    }

    /// An object's entries; for null, null for each of what it could say.
    fn object_or_nulls(
        &mut self,
        raw: Raw<'t>,
        keys: impl Iterator<Item = &'static str>,
        at: &Pointer<'_>,
    ) -> Option<Object<'t>> {
        match raw {
            Raw::Object(said) => Some(said),
            Raw::Null => Some(nulls(keys)),
            other => {
                self.problems
                    .push(errors::wrong_type(at, "an object or null", &other));
                None
            }
        }
    }

    fn text_or_null(&mut self, value: &Raw<'_>, at: &Pointer<'_>) {
        if !matches!(value, Raw::String(_) | Raw::Null) {
            self.problems.push(errors::wrong_type(at, "text or null", value));
        }
    }

    fn text(&mut self, key: &str, said: &Object<'_>, at: &Pointer<'_>) -> Fact<Box<str>> {
        let Some(value) = said.get(key) else {
            return Fact::Unknown;
        };
        self.text_or_null(value, &at.key(key));
        match value {
            Raw::String(text) => Fact::Known(Box::from(&**text)),
            Raw::Null => Fact::Null,
            _ => Fact::Unknown,
        }
    }

    /// What the host keeps beside what is known here: no rule reads it, the hash of the request covers it.
    fn properties(&mut self, said: &mut Object<'t>, at: &Pointer<'_>) -> Object<'t> {
        match said.remove("properties") {
            Some(value) => self.properties_of(value, &at.key("properties")),
            None => Object::new(),
        }
    }

    fn properties_of(&mut self, value: Raw<'t>, at: &Pointer<'_>) -> Object<'t> {
        match value {
            Raw::Object(properties) => properties,
            Raw::Null => Object::new(),
            other => {
                self.problems
                    .push(errors::wrong_type(at, "an object or null", &other));
                Object::new()
            }
        }
    }

    /// What has a meaning is said where it has it, so that nobody believes to have said what no rule reads.
    fn reserved(
        &mut self,
        properties: &Object<'_>,
        at: &Pointer<'_>,
        is_reserved: impl Fn(&str) -> bool,
        place: impl Fn(&str) -> String,
    ) {
        for key in properties
            .keys()
            .filter(|key| *key != "properties" && is_reserved(key))
        {
            self.problems
                .push(errors::misplaced_key(&at.key(key), key, &place(key)));
        }
    }

    fn unknown_keys(&mut self, left: &Object<'_>, at: &Pointer<'_>, right: &[&str]) {
        for key in left.keys().filter(|key| !right.contains(key)) {
            self.problems
                .push(errors::unknown_key(&at.key(key), key, right.iter().copied()));
        }
    }
}

fn typing<'t>(
    vocabulary: &'static Vocabulary,
    root: &'t Option<Box<str>>,
    home: &'t Option<Box<str>>,
) -> Typing<'t> {
    let places = Places {
        root: root.as_deref(),
        home: home.as_deref(),
        ..Places::default()
    };
    Typing {
        schema: &vocabulary.schema,
        places,
    }
}

/// Whether a property of an action is one of its arguments. All are where nobody knows the action.
pub(super) fn is_argument(action: &str, key: &str) -> bool {
    let vocabulary = vocabulary();
    let head = key.split('.').next().unwrap_or(key);
    let of = |id: &AttributeId| {
        let name = vocabulary.schema.attribute(*id).name.as_str();
        name == key || name.split_once('.').is_some_and(|(known, _)| known == key)
    };
    match vocabulary.schema.action_named(action) {
        _ if head == "x" => true,
        Some(known) => vocabulary.schema.action(known).arguments.iter().any(of),
        None if action.starts_with("x.") => {
            vocabulary.argument(key).is_some() || vocabulary.group(key).is_some()
        }
        None => true,
    }
}

/// Whether the context of the full form, or that of AuthZEN, knows a name.
pub(super) fn is_context(name: &str) -> bool {
    let head = name.split('.').next().unwrap_or(name);
    head == "x" || CONTEXT.contains(&name) || STATEMENTS.contains(&name) || holds(&vocabulary().context, name)
}

fn holds(names: &[(String, AttributeId)], name: &str) -> bool {
    names.iter().any(|(known, _)| known == name)
}

fn named<'t>(action: Cow<'t, str>, properties: Object<'t>) -> Raw<'t> {
    if properties.is_empty() {
        return Raw::String(action);
    }
    Raw::Object(Object::from_iter([
        ("name".into(), Raw::String(action)),
        ("properties".into(), Raw::Object(properties)),
    ]))
}

fn nulls<'t>(keys: impl Iterator<Item = &'static str>) -> Object<'t> {
    keys.map(|key| (key.into(), Raw::Null)).collect()
}

fn without_empty_properties(said: &mut Object<'_>) {
    let properties = said.get("properties").and_then(Raw::as_object);
    if properties.is_some_and(Object::is_empty) {
        said.remove("properties");
    }
}

/// Puts a value at a path of keys (`branch/name`), joining objects. Refused where something else is there already.
pub(super) fn put<'t>(target: &mut Object<'t>, path: &str, value: Raw<'t>) -> Result<(), ()> {
    match path.split_once('/') {
        Some((head, rest)) => {
            let next = target.entry_or(head, || Raw::Object(Object::new()));
            next.as_object_mut()
                .ok_or(())
                .and_then(|next| put(next, rest, value))
        }
        None => put_key(target, Cow::Owned(path.to_owned()), value),
    }
}

fn put_key<'t>(target: &mut Object<'t>, key: Cow<'t, str>, value: Raw<'t>) -> Result<(), ()> {
    match (target.get_mut(&key), value) {
        (None, value) => {
            target.insert(key, value);
            Ok(())
        }
        (Some(Raw::Object(there)), Raw::Object(more)) => more
            .into_iter()
            .try_for_each(|(key, value)| put_key(there, key, value)),
        (Some(_), _) => Err(()),
    }
}

/// `"path"`, or `{"path", "change", "from"}`.
fn changed_file(
    item: &Raw<'_>,
    typing: &Typing<'_>,
    at: &Pointer<'_>,
    problems: &mut Problems,
) -> Option<Change> {
    const KEYS: [&str; 3] = ["change", "from", "path"];
    let path = |raw: Option<&Raw<'_>>, at: &Pointer<'_>, problems: &mut Problems| match raw {
        Some(Raw::String(text)) => typing.path(text, at, problems),
        Some(other) => {
            problems.push(errors::wrong_type(at, "a path", other));
            None
        }
        None => {
            problems.push(errors::missing(at, "path", "the path of the file"));
            None
        }
    };
    let Raw::Object(said) = item else {
        return Some(Change {
            path: path(Some(item), at, problems)?,
            kind: ChangeKind::Unsaid,
        });
    };
    for key in said.keys().filter(|key| !KEYS.contains(key)) {
        problems.push(errors::unknown_key(&at.key(key), key, KEYS));
    }
    let kind = change_kind(said.get("change"), &at.key("change"), problems);
    let from = said
        .get("from")
        .map(|from| path(Some(from), &at.key("from"), problems));
    let kind = match (kind, from) {
        (Some(ChangeKind::Renamed { .. }), from) => Some(ChangeKind::Renamed { from: from.flatten() }),
        (kind, Some(_)) => {
            problems.push(errors::from_without_rename(&at.key("from")));
            kind
        }
        (kind, None) => kind,
    };
    Some(Change {
        path: path(said.get("path"), &at.key("path"), problems)?,
        kind: kind?,
    })
}

fn change_kind(said: Option<&Raw<'_>>, at: &Pointer<'_>, problems: &mut Problems) -> Option<ChangeKind> {
    const KINDS: [&str; 4] = ["added", "modified", "deleted", "renamed"];
    match said {
        None => Some(ChangeKind::Unsaid),
        Some(Raw::String(text)) => match &**text {
            "added" => Some(ChangeKind::Added),
            "modified" => Some(ChangeKind::Modified),
            "deleted" => Some(ChangeKind::Deleted),
            "renamed" => Some(ChangeKind::Renamed { from: None }),
            other => {
                problems.push(errors::unknown_constant(at, "kind of change", other, KINDS));
                None
            }
        },
        Some(other) => {
            problems.push(errors::wrong_type(at, "a kind of change", other));
            None
        }
    }
}
