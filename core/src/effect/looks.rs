//! What the path and the host of an effect look like: protected classes, oddities, where a host lies. Found when a rule
//! asks, once for each effect, and kept beside it.

use std::sync::OnceLock;

use super::{Effect, Origin};
use crate::normal::{Host, HostClass, oddities, path_classes};
use crate::request::{Request, vocabulary};
use crate::schema::AttributeId;
use crate::value::{Fact, List, Value};

/// What was found; empty until asked. It follows from the rest of the effect, so it is no part of its equality.
#[derive(Clone, Debug, Default)]
pub(super) struct Looks(OnceLock<Box<Found>>);

#[derive(Clone, Debug)]
struct Found {
    classes: Fact<Value>,
    oddities: Fact<Value>,
    host: Fact<Value>,
}

impl PartialEq for Looks {
    fn eq(&self, _: &Looks) -> bool {
        true
    }
}

/// Whether an attribute is one of those.
pub(super) fn shows(attribute: AttributeId) -> bool {
    let ids = &vocabulary().ids;
    attribute == ids.path_class || attribute == ids.path_oddity || attribute == ids.host_class
}

impl Looks {
    pub(super) fn fact<'a>(
        &'a self,
        attribute: AttributeId,
        effect: &'a Effect,
        request: &'a Request,
    ) -> Fact<&'a Value> {
        let ids = &vocabulary().ids;
        let found = self.0.get_or_init(|| Box::new(Found::of(effect, request)));
        match attribute {
            id if id == ids.path_class => found.classes.as_ref(),
            id if id == ids.path_oddity => found.oddities.as_ref(),
            _ => found.host.as_ref(),
        }
    }
}

impl Looks {
    /// Whether there is something to say: a class, an oddity, a host that is no ordinary one.
    pub(super) fn is_remarkable(&self, attribute: AttributeId, effect: &Effect, request: &Request) -> bool {
        match self.fact(attribute, effect, request) {
            Fact::Known(Value::List(list)) => !list.items.is_empty(),
            Fact::Known(value) => {
                let class = value.as_str();
                class != Some(HostClass::Named.as_str()) && class != Some(HostClass::Public.as_str())
            }
            Fact::Null | Fact::Unknown => false,
        }
    }
}

impl Found {
    fn of(effect: &Effect, request: &Request) -> Found {
        let ids = &vocabulary().ids;
        let path = effect
            .own(ids.path, request)
            .map(|path| path.as_str().unwrap_or_default());
        // What the host wrote shows what the normal form has taken away.
        let written = match effect.origin {
            Origin::Asked => request.path_written(),
            Origin::Derived(_) | Origin::Opaque => None,
        };
        let classes = |path: &str| list(path_classes(path).iter().map(|class| class.as_str()));
        let odd = |path: &str| list(oddities(written.unwrap_or(path)).into_iter());
        let host = effect
            .own(ids.host, request)
            .map(|host| host.as_str().unwrap_or_default());
        let host = match host.map(Host::normalise) {
            Fact::Known(Ok(host)) => Fact::Known(Value::text(host.class().as_str())),
            Fact::Known(Err(_)) | Fact::Unknown => Fact::Unknown,
            Fact::Null => Fact::Null,
        };
        // An effect on what lies below a folder says of which class that is.
        let below = match &effect.origin {
            Origin::Derived(facts) => facts.iter().find(|(known, _)| *known == ids.path_class),
            Origin::Asked | Origin::Opaque => None,
        };
        Found {
            classes: below.map_or_else(|| path.map(classes), |(_, below)| below.clone()),
            oddities: path.map(odd),
            host,
        }
    }
}

fn list<'n>(names: impl Iterator<Item = &'n str>) -> Value {
    Value::List(List {
        items: names.map(Value::text).collect(),
        open: false,
    })
}
