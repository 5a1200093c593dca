//! What a request would do: its action, and the effects derived from it, each with facts of its own. Knows no rule; a
//! rule looks at one effect at a time, and through it at the request.

mod derive;
mod looks;

#[cfg(test)]
mod tests;

use serde_json::{Map, Value as Json};
use smallvec::SmallVec;

use crate::request::{Request, vocabulary, written};
use crate::schema::{ActionId, AttributeId, Owner, Schema};
use crate::value::{Fact, Tri, Value};
use looks::Looks;

/// One thing that a request would do.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    kind: Option<ActionId>,
    origin: Origin,
    recursive: Tri,
    /// What its path and its host look like, once somebody asks.
    looks: Looks,
    /// Where in the text that was read it is said.
    span: Option<(u32, u32)>,
}

/// Where the facts of an effect come from.
#[derive(Clone, Debug, PartialEq)]
enum Origin {
    /// The request itself: its action. The facts stay there; nothing is copied.
    Asked,
    /// The request, read further. What is not listed is unknown.
    Derived(SmallVec<[(AttributeId, Fact<Value>); 3]>),
    /// What the request leaves open: it may be anything of its kind.
    Opaque,
}

/// All that a request would do; its own action is the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Effects(SmallVec<[Effect; 1]>);

impl std::ops::Deref for Effects {
    type Target = [Effect];

    fn deref(&self) -> &[Effect] {
        &self.0
    }
}

const FALSE: &Value = &Value::Bool(false);

impl Effect {
    /// The action that it is an effect of kind of; `None` where the schema does not know the request's action.
    pub fn kind(&self) -> Option<ActionId> {
        self.kind
    }

    /// Whether it follows from the request's action rather than being it.
    pub fn derived(&self) -> bool {
        self.origin != Origin::Asked
    }

    /// Whether nothing but its kind is known.
    pub fn opaque(&self) -> bool {
        self.origin == Origin::Opaque
    }

    /// Whether everything below its path is touched too.
    pub fn recursive(&self) -> Tri {
        self.recursive
    }

    /// Where in the command line, the patch or the URL it is said, in bytes.
    pub fn span(&self) -> Option<std::ops::Range<usize>> {
        self.span.map(|(start, end)| start as usize..end as usize)
    }

    /// What is known of an attribute. `bound` holds the policy set's own attributes ([`Request::bind`]). An argument is
    /// the effect's where it belongs to its kind, else the request's where it belongs to the request's action, else there
    /// is none.
    pub fn fact<'a>(
        &'a self,
        attribute: AttributeId,
        request: &'a Request,
        bound: &'a [Fact<Value>],
        schema: &Schema,
    ) -> Fact<&'a Value> {
        let of_request = || request.fact_in(bound, attribute);
        if schema.attribute(attribute).owner == Owner::Request {
            return of_request();
        }
        let belongs = |kind: ActionId| schema.belongs(attribute, kind);
        if self.origin != Origin::Opaque && looks::shows(attribute) && self.kind.is_some_and(belongs) {
            return self.looks.fact(attribute, self, request);
        }
        match &self.origin {
            Origin::Asked if self.kind.is_none_or(belongs) => self.settled(attribute, of_request()),
            Origin::Derived(facts) if self.kind.is_some_and(belongs) => {
                let own = facts.iter().find(|(known, _)| *known == attribute);
                // Where the line stays where it is, the directory is the one that the request says.
                if own.is_none() && attribute == vocabulary().ids.cwd {
                    return of_request();
                }
                self.settled(attribute, own.map_or(Fact::Unknown, |(_, fact)| fact.as_ref()))
            }
            Origin::Opaque if self.kind.is_some_and(belongs) => Fact::Unknown,
            Origin::Asked => Fact::Null,
            Origin::Derived(_) | Origin::Opaque => match action_of(request, schema) {
                Some(action) if !belongs(action) => Fact::Null,
                _ => of_request(),
            },
        }
    }

    /// What it says itself of an argument of its own kind.
    fn own<'a>(&'a self, attribute: AttributeId, request: &'a Request) -> Fact<&'a Value> {
        match &self.origin {
            Origin::Asked => request.fact(attribute),
            Origin::Derived(facts) => {
                let own = facts.iter().find(|(known, _)| *known == attribute);
                own.map_or(Fact::Unknown, |(_, fact)| fact.as_ref())
            }
            Origin::Opaque => Fact::Unknown,
        }
    }

    /// A kind that touches one path unless it says otherwise is known not to be recursive, for conditions as for globs.
    fn settled<'a>(&self, attribute: AttributeId, fact: Fact<&'a Value>) -> Fact<&'a Value> {
        let unsaid = attribute == vocabulary().ids.recursive && fact == Fact::Unknown;
        if unsaid && self.recursive == Tri::False {
            Fact::Known(FALSE)
        } else {
            fact
        }
    }

    /// The effect as a record shows it: its kind, whether it was derived or is opaque, and its known arguments by name. Of
    /// what its path and its host look like only what is remarkable.
    pub fn to_json(&self, request: &Request, bound: &[Fact<Value>], schema: &Schema) -> Json {
        let mut out = Map::new();
        let kind = self
            .kind
            .map_or(request.action(), |kind| &schema.action(kind).name);
        out.insert("kind".into(), Json::from(kind));
        if self.derived() {
            out.insert("derived".into(), Json::Bool(true));
        }
        if self.opaque() {
            out.insert("opaque".into(), Json::Bool(true));
        }
        let arguments = self.kind.map_or(&[][..], |kind| &schema.action(kind).arguments);
        for &argument in arguments {
            if looks::shows(argument) && !self.looks.is_remarkable(argument, self, request) {
                continue;
            }
            // The directory that the request says stands there already.
            if self.derived()
                && argument == vocabulary().ids.cwd
                && self.own(argument, request) == Fact::Unknown
            {
                continue;
            }
            if let Fact::Known(value) = self.fact(argument, request, bound, schema) {
                out.insert(schema.attribute(argument).name.clone(), written(value));
            }
        }
        Json::Object(out)
    }
}

/// The request's action as a policy set knows it.
fn action_of(request: &Request, schema: &Schema) -> Option<ActionId> {
    request
        .action_id()
        .or_else(|| schema.action_named(request.action()))
}
