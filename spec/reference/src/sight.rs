//! What a rule sees: one effect of one request, as one level sees it (2.3, 5.3).

use bailiwick::machinery::condition::Facts;
use bailiwick::machinery::effect::Effect;
use bailiwick::machinery::model::{Document, PolicySet};
use bailiwick::machinery::normal::{Path, Place, Places};
use bailiwick::machinery::request::Declared;
use bailiwick::machinery::schema::AttributeId;
use bailiwick::machinery::value::{Fact, Tri, Value};
use bailiwick::{Level, Request};

/// One effect before one level's eyes.
#[derive(Clone, Copy)]
pub(crate) struct Sight<'a> {
    pub(crate) set: &'a PolicySet,
    pub(crate) request: &'a Request,
    pub(crate) level: Level,
    pub(crate) effect: &'a Effect,
    pub(crate) bound: &'a [Fact<Value>],
}

impl Facts for Sight<'_> {
    /// 5.3: an argument is the effect's; a request attribute is what the overlay of the level says, else what the request
    /// says.
    fn fact(&self, attribute: AttributeId) -> Fact<&Value> {
        if self.level >= Level::Repository {
            if self.set.schema().attribute(attribute).name == "repository.onboarded" {
                return onboarded(self.set, self.request);
            }
            if let Some(value) = overlay(self.set, self.request, attribute) {
                return Fact::Known(value);
            }
        }
        self.effect
            .fact(attribute, self.request, self.bound, self.set.schema())
    }

    /// 6.3: whether everything below the path is touched.
    fn recursive(&self) -> Tri {
        self.effect.recursive()
    }

    /// 6.1: letter case counts in paths unless the host says that it does not.
    fn ignores_case(&self) -> bool {
        self.request.case_insensitive() == Fact::Known(true)
    }

    /// 6.1: a path below the home is matched in both of its spellings.
    fn spelled_otherwise(&self, path: &str) -> Option<String> {
        Path::in_full(path, self.request.places().home?)
    }

    /// 6.2, *Place*: whoever knows the workspace's root knows more than the normal form says.
    fn place(&self, path: &str) -> Place {
        if Place::of(path) == Place::Inside {
            return Place::Inside;
        }
        let places = Places {
            cwd: None,
            ..self.request.places()
        };
        Path::normalise(path, &places).map_or(Place::Unknown, |path| path.place())
    }
}

/// 7.6: what the onboarding documents that apply state of an attribute of the request's repository.
fn overlay<'a>(set: &'a PolicySet, request: &Request, attribute: AttributeId) -> Option<&'a Value> {
    facts(set, request)
        .find(|(about, _)| *about == attribute)
        .map(|(_, value)| value)
}

/// 7.6: every fact that an onboarding document which applies states of the request's repository.
pub(crate) fn facts<'a>(
    set: &'a PolicySet,
    request: &Request,
) -> impl Iterator<Item = (AttributeId, &'a Value)> {
    let mut found = Vec::new();
    for part in set.parts() {
        for onboarding in &part.onboardings {
            if names(request, &onboarding.repository)
                && applies(&part.documents[onboarding.document as usize], request)
            {
                found.extend(
                    onboarding
                        .facts
                        .iter()
                        .map(|(attribute, value)| (*attribute, value)),
                );
            }
        }
    }
    found.into_iter()
}

/// 7.6, last line: false where the request names a repository and no document onboards it, null where it says null, and
/// unknown where it says nothing.
fn onboarded(set: &PolicySet, request: &Request) -> Fact<&'static Value> {
    let known = set.parts().into_iter().any(|part| {
        part.onboardings.iter().any(|onboarding| {
            names(request, &onboarding.repository)
                && applies(&part.documents[onboarding.document as usize], request)
        })
    });
    match request.entity(Level::Repository) {
        Fact::Known(_) if known => Fact::Known(&Value::Bool(true)),
        Fact::Known(_) => Fact::Known(&Value::Bool(false)),
        Fact::Null => Fact::Null,
        Fact::Unknown => Fact::Unknown,
    }
}

fn names(request: &Request, repository: &str) -> bool {
    request.entity(Level::Repository) == Fact::Known(repository)
}

/// 1.5: a document applies when every level of its scope matches.
pub(crate) fn applies(document: &Document, request: &Request) -> bool {
    document
        .scope
        .iter()
        .all(|entry| scope_test(request.entity(entry.level), |name| entry.names.holds(name)) == Tri::True)
}

/// 1.5: a document does not concern a request when some level of its scope does not match.
pub(crate) fn concerns(document: &Document, request: &Request) -> bool {
    document
        .scope
        .iter()
        .all(|entry| scope_test(request.entity(entry.level), |name| entry.names.holds(name)) != Tri::False)
}

/// 1.5: *matches* is true, *does not match* false, *unsaid* unknown.
fn scope_test(entity: Fact<&str>, holds: impl Fn(&str) -> bool) -> Tri {
    match entity {
        Fact::Known(name) => holds(name).into(),
        Fact::Null => Tri::False,
        Fact::Unknown => Tri::Unknown,
    }
}

/// Whether the request's own words for an attribute, if it has any, say otherwise than a value (7.6, `contradiction`).
pub(crate) fn contradicts(request: &Request, attribute: AttributeId, value: &Value) -> bool {
    match request.fact(attribute) {
        Fact::Known(said) => said.same(value) != Tri::True,
        Fact::Null => true,
        Fact::Unknown => false,
    }
}

/// 5.6, 7.3: who declares an attribute of the policy set, seen from a request. The platform's documents apply to every one.
pub(crate) fn declared(set: &PolicySet, attribute: AttributeId, request: &Request) -> Declared {
    let [platform, own] = set.parts();
    if platform.schema.attributes().any(|(known, _)| known == attribute) {
        return Declared::Always;
    }
    let mut by = own.declared.iter().filter(|(known, _)| *known == attribute);
    let here = by.any(|(_, document)| applies(&own.documents[*document as usize], request));
    if here { Declared::Here } else { Declared::Elsewhere }
}
