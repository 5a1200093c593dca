//! A request against the vocabulary of one policy set: the set's own attributes get their types, and the constants of
//! listed enumerations are looked up in the set's lists, which the platform may have replaced.

use serde_json::Value as Json;

use super::errors::{self, Problems, RequestProblem};
use super::pointer::Pointer;
use super::raw::Raw;
use super::typed::{Typing, all_listed, check_constants};
use super::vocabulary::vocabulary;
use super::{Fact, Request, Value};
use crate::schema::{ActionId, Attribute, AttributeId, Owner, Scalar, Schema, Type};

/// Where `x.` names may stand. A set has each name once, so it does not matter where a request says it.
const BAGS: [&str; 2] = ["arguments", "context"];

/// Who declares an attribute of the policy set, seen from a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    /// The platform, for every request.
    Always,
    /// A document below the platform that applies to the request.
    Here,
    /// Documents that do not apply: for this request there is no such attribute, whatever it says under that name.
    Elsewhere,
}

impl Request {
    /// Types everything that the schema has beyond the built-in vocabulary: the facts are in the order of its attributes
    /// from there on, none where the request says nothing under `x.`. Lists what does not fit. What a request says under an `x.` name that nobody declares for it is carried
    /// and hashed, and no rule reads it: were it refused, a document of a lower level could make a request acceptable by
    /// declaring the name (spec/02-levels.md, L1), and one of another team, too (L5).
    pub fn bind(
        &self,
        schema: &Schema,
        declared: &dyn Fn(AttributeId) -> Declared,
    ) -> Result<Vec<Fact<Value>>, Vec<RequestProblem>> {
        let mut problems = Problems::default();
        let mut binder = Binder {
            request: self,
            schema,
            declared,
            action: self.action_id().or_else(|| schema.action_named(self.action())),
            problems: &mut problems,
        };
        binder.constants();
        binder.foreign();
        let facts = binder.extensions();
        if problems.is_empty() {
            return Ok(facts);
        }
        for problem in &mut problems.found {
            problem.pointer = self.origins.trace(&self.spellings.trace(&problem.pointer));
        }
        Err(problems.into_error().problems().to_vec())
    }
}

struct Binder<'b> {
    request: &'b Request,
    schema: &'b Schema,
    declared: &'b dyn Fn(AttributeId) -> Declared,
    action: Option<ActionId>,
    problems: &'b mut Problems,
}

impl Binder<'_> {
    /// The constants of what the request says in built-in attributes.
    fn constants(&mut self) {
        for &(attribute, names) in &vocabulary().listed {
            // Where it stands is of interest only where something is wrong with it.
            if let Fact::Known(value) = self.request.fact(attribute)
                && !all_listed(value, names, self.schema)
            {
                let pointer = &self.schema.attribute(attribute).pointer;
                at_pointer(pointer, &mut |at| {
                    check_constants(value, names, self.schema, at, self.problems);
                });
            }
        }
    }

    /// Built-in arguments that the set's own action does not have.
    fn foreign(&mut self) {
        let Some(action) = self.action.filter(|_| self.request.action_id().is_none()) else {
            return;
        };
        for (id, attribute) in self.schema.attributes().take(vocabulary().size()) {
            let said = self.request.fact(id) != Fact::Unknown && !attribute.derived;
            if said && !self.schema.belongs(id, action) {
                let problem =
                    |at: &Pointer<'_>| foreign_to(self.schema, action, self.request, &attribute.name, at);
                at_pointer(&attribute.pointer, &mut |at| self.problems.push(problem(at)));
            }
        }
    }

    /// Nothing is kept where nothing is said: what is not there is unknown.
    fn extensions(&mut self) -> Vec<Fact<Value>> {
        if !self.request.at_hand.extends {
            return Vec::new();
        }
        let own = self.schema.attributes().skip(vocabulary().size());
        own.map(|(id, attribute)| self.extension(id, attribute)).collect()
    }

    fn extension(&mut self, id: AttributeId, attribute: &Attribute) -> Fact<Value> {
        let name = attribute.name.strip_prefix("x.").unwrap_or(&attribute.name);
        let [arguments, context] = BAGS.map(|part| (part, self.request.stated(part, name)));
        let found = match (self.declared)(id) {
            Declared::Always => [arguments, context],
            Declared::Here => [(BAGS[0], Fact::Unknown), context],
            Declared::Elsewhere => return Fact::Unknown,
        };
        let (part, json) = match found {
            [(part, Fact::Known(json)), (_, Fact::Unknown)]
            | [(_, Fact::Unknown), (part, Fact::Known(json))] => (part, json),
            [(_, Fact::Unknown), (_, Fact::Unknown)] => return Fact::Unknown,
            [(_, Fact::Known(_)), (part, _)] | [(part, _), (_, Fact::Known(_))] => {
                let name = &attribute.name;
                at_name(part, name, &mut |at| {
                    self.problems.push(errors::stated_twice(at, name))
                });
                return Fact::Unknown;
            }
            _ => return Fact::Null,
        };
        let mut fact = Fact::Unknown;
        at_name(part, &attribute.name, &mut |at| {
            fact = self.typed(id, attribute, json, at);
        });
        fact
    }

    fn typed(
        &mut self,
        id: AttributeId,
        attribute: &Attribute,
        json: &Json,
        at: &Pointer<'_>,
    ) -> Fact<Value> {
        if attribute.derived {
            self.problems.push(errors::derived_stated(at, &attribute.name));
            return Fact::Unknown;
        }
        match self.action {
            Some(action) if !self.schema.belongs(id, action) => {
                let problem = foreign_to(self.schema, action, self.request, &attribute.name, at);
                self.problems.push(problem);
                return Fact::Unknown;
            }
            Some(_) | None => {}
        }
        let places = crate::normal::Places {
            cwd: None,
            ..self.request.places()
        };
        let schema = self.schema;
        let fact = Typing { schema, places }.read(&Raw::from(json), attribute.ty, at, self.problems);
        if let (Fact::Known(value), Some(names)) = (&fact, enumeration(attribute.ty)) {
            check_constants(value, names, schema, at, self.problems);
        }
        fact
    }
}

impl Request {
    /// What a bag says of a dotted name: null on the way is null.
    fn stated(&self, part: &str, name: &str) -> Fact<&Json> {
        if !self.at_hand.extends {
            return Fact::Unknown;
        }
        let mut at = match self.said(&[part, "x"]) {
            Fact::Known(bag) => bag,
            other => return other,
        };
        for key in name.split('.') {
            match at.get(key) {
                Some(Json::Null) => return Fact::Null,
                Some(next) => at = next,
                None => return Fact::Unknown,
            }
        }
        Fact::Known(at)
    }
}

fn foreign_to(
    schema: &Schema,
    action: ActionId,
    request: &Request,
    name: &str,
    at: &Pointer<'_>,
) -> RequestProblem {
    let own = schema
        .action(action)
        .arguments
        .iter()
        .map(|&id| schema.attribute(id));
    let right = own.filter(|attribute| !attribute.derived && attribute.owner == Owner::Argument);
    let right = right.map(|attribute| attribute.name.as_str());
    errors::foreign_argument(at, name, request.action(), right)
}

fn enumeration(ty: Type) -> Option<crate::schema::EnumId> {
    match ty {
        Type::One(Scalar::Enum(names)) | Type::List(Scalar::Enum(names)) | Type::Map(Scalar::Enum(names)) => {
            Some(names)
        }
        _ => None,
    }
}

/// Walks a pointer of the vocabulary's own (no escapes in it) down to its end.
fn at_pointer(pointer: &str, then: &mut dyn FnMut(&Pointer<'_>)) {
    descend(pointer.split('/').skip(1), &Pointer::Root, then);
}

fn at_name(part: &str, name: &str, then: &mut dyn FnMut(&Pointer<'_>)) {
    descend(std::iter::once(part).chain(name.split('.')), &Pointer::Root, then);
}

fn descend<'k>(
    mut keys: impl Iterator<Item = &'k str>,
    at: &Pointer<'_>,
    then: &mut dyn FnMut(&Pointer<'_>),
) {
    match keys.next() {
        Some(key) => {
            let at = at.key(key);
            let keys: Box<dyn Iterator<Item = &str>> = Box::new(keys);
            descend(keys, &at, then);
        }
        None => then(at),
    }
}
