//! What the host asks: who, for whom, to do what, to what, where, on what evidence, and when. Knows no policy; what a
//! policy set adds to the vocabulary is kept as it stands until [`Request::bind`] reads it against that set's schema.
//!
//! Three forms are read, told apart by shape alone:
//! - AuthZEN: `action` is an object, and there is no key beside subject, action, resource and context;
//! - full: there is a `scope`, a `context` or an `arguments`;
//! - flat: anything else.

mod authzen;
mod bind;
mod errors;
mod flat;
mod full;
mod parse;
mod pointer;
mod raw;
mod state;
mod stated;
mod typed;
mod usage;
mod vocabulary;

#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::normal::{Links, Path, Place, Places};
use crate::schema::{ActionId, AttributeId};
use crate::source::Level;
use crate::value::{Fact, List, Tri, Value};

use errors::Problems;
use pointer::Origins;
use raw::{Object, Raw};
use stated::Stated;

pub use bind::Declared;
pub use errors::{RequestError, RequestProblem};
pub use full::instant;
pub use state::{State, SwitchState};
pub use typed::written;
pub use usage::Usage;
pub use vocabulary::{Vocabulary, flat_entities, vocabulary};

/// A question to a policy decision point: may this subject do this, here, now?
///
/// ```
/// use bailiwick::Request;
/// let request = Request::from_json(r#"{
///     "tool": "shell.exec", "argv": ["cargo", "test"], "repository": "payment-service",
///     "role": "engineer", "now": "2026-07-04T10:12:03Z"
/// }"#).unwrap();
/// assert_eq!(request.value()["scope"]["repository"]["id"], "payment-service");
/// ```
#[derive(Clone, Debug)]
pub struct Request {
    given: Given,
    at_hand: AtHand,
    action: Box<str>,
    /// The action among the built-in ones.
    known: Option<ActionId>,
    /// The requester and those on whose behalf it asks.
    subjects: Vec<Subject>,
    /// What is known of each built-in attribute.
    stated: Stated,
    changes: Changes,
    /// Where the links lead that the host told of.
    links: Option<Links>,
    approvals: Vec<Approval>,
    capabilities: Vec<String>,
    usage: Usage,
    asked_at: Option<i128>,
    now: i128,
    /// Where the parts of the full form stood in the form that the host wrote.
    origins: Origins,
    /// Where the parts of the normal form stood in the full form, where dots were nested.
    spellings: Origins,
}

/// What the host gave, and the normal form of it, which is written when somebody asks for it: a decision rarely does, and
/// writing it costs as much as reading the request. What was given was found right, so that it is read again without a fault.
#[derive(Clone, Debug, Default)]
struct Given {
    form: GivenAs,
    normal: OnceLock<Json>,
}

#[derive(Clone, Debug)]
enum GivenAs {
    Text(Box<str>),
    Value(Json),
}

impl Default for GivenAs {
    fn default() -> GivenAs {
        GivenAs::Value(Json::Null)
    }
}

impl Given {
    fn new(form: GivenAs) -> Given {
        let normal = OnceLock::new();
        Given { form, normal }
    }

    fn normal(&self) -> &Json {
        self.normal.get_or_init(|| {
            let problems = &mut Problems::default();
            let raw = match &self.form {
                GivenAs::Text(text) => parse::text(text, problems),
                GivenAs::Value(value) => Some(parse::value(value, problems)),
            };
            let read = raw.and_then(|raw| Request::read(raw, Problems::default()).ok());
            read.map_or(Json::Null, |(_, normal)| normal.into_json())
        })
    }
}

/// What every decision asks of the normal form, found once.
#[derive(Clone, Debug)]
struct AtHand {
    tenant: Fact<Box<str>>,
    resource_tenant: Fact<Box<str>>,
    context_tenant: Fact<Box<str>>,
    /// Whether it may say something in a vocabulary of the policy set's own.
    extends: bool,
    /// Against what paths are read; every pattern over a path asks.
    root: Option<Box<str>>,
    cwd: Option<Box<str>>,
    home: Option<Box<str>>,
    path_written: Option<Box<str>>,
    case_insensitive: Fact<bool>,
}

impl AtHand {
    /// All but the root and the home, which whoever reads the paths has.
    fn of(normal: &Raw<'_>) -> AtHand {
        let text = |path: &[&str]| match seen(normal, path) {
            Fact::Known(said) => said
                .as_str()
                .map_or(Fact::Unknown, |text| Fact::Known(text.into())),
            Fact::Null => Fact::Null,
            Fact::Unknown => Fact::Unknown,
        };
        let case_insensitive = match seen(normal, &["context", "case_insensitive"]) {
            Fact::Known(said) => said.as_bool().map_or(Fact::Unknown, Fact::Known),
            Fact::Null => Fact::Null,
            Fact::Unknown => Fact::Unknown,
        };
        AtHand {
            root: None,
            cwd: text(&["arguments", "cwd"]).known(),
            home: None,
            path_written: text(&["arguments", "path"]).known(),
            case_insensitive,
            tenant: text(&["scope", "tenant", "id"]),
            resource_tenant: text(&["resource", "tenant"]),
            context_tenant: text(&["context", "tenant"]),
            extends: ["arguments", "context"]
                .iter()
                .any(|part| seen(normal, &[part, "x"]) != Fact::Unknown),
        }
    }
}

/// What stands at a path: null on the way is null, missing is unknown.
fn look<'v>(value: &'v Json, path: &[&str]) -> Fact<&'v Json> {
    let mut at = value;
    for key in path {
        match at.get(key) {
            Some(Json::Null) => return Fact::Null,
            Some(next) => at = next,
            None => return Fact::Unknown,
        }
    }
    Fact::Known(at)
}

/// The same before the normal form is written.
fn seen<'v, 't>(raw: &'v Raw<'t>, path: &[&str]) -> Fact<&'v Raw<'t>> {
    let mut at = raw;
    for key in path {
        match at.get(key) {
            Some(Raw::Null) => return Fact::Null,
            Some(next) => at = next,
            None => return Fact::Unknown,
        }
    }
    Fact::Known(at)
}

impl Request {
    /// Reads a request from JSON text, in any of the three forms. The error lists all that is wrong.
    pub fn from_json(text: &str) -> Result<Request, RequestError> {
        let mut problems = Problems::default();
        let raw = parse::text(text, &mut problems);
        let Some(raw) = raw else {
            return Err(problems.into_error());
        };
        let (request, _) = Request::read(raw, problems)?;
        Ok(request.given_as(GivenAs::Text(text.into())))
    }

    /// Reads a request from JSON that somebody has parsed. What a parser drops (a key said twice) cannot be seen here.
    pub fn from_value(value: Json) -> Result<Request, RequestError> {
        let mut problems = Problems::default();
        let raw = parse::value(&value, &mut problems);
        let (request, _) = Request::read(raw, problems)?;
        Ok(request.given_as(GivenAs::Value(value)))
    }

    fn given_as(mut self, form: GivenAs) -> Request {
        self.given = Given::new(form);
        self
    }

    /// Reads it; its normal form comes along.
    fn read(raw: Raw<'_>, mut problems: Problems) -> Result<(Request, Raw<'_>), RequestError> {
        let Raw::Object(object) = raw else {
            problems.push(errors::wrong_type(&pointer::Pointer::Root, "an object", &raw));
            return Err(problems.into_error());
        };
        let (full, origins) = match Form::of(&object) {
            Form::Full => (object, Origins::default()),
            Form::Flat => flat::to_full(object, &mut problems),
            Form::Authzen => authzen::to_full(object),
        };
        full::read(full, origins, problems)
    }

    /// The normal full form: what hashes are taken over. Reading it gives the same request again.
    pub fn value(&self) -> &Json {
        self.given.normal()
    }

    /// The same as an evaluation request of the OpenID AuthZEN Authorization API.
    pub fn to_authzen(&self) -> Json {
        authzen::from_full(self.value())
    }

    /// The action's name, known or not.
    pub fn action(&self) -> &str {
        &self.action
    }

    /// The action among the built-in ones; a policy set may know more.
    pub fn action_id(&self) -> Option<ActionId> {
        self.known
    }

    /// The tenant that the request is of.
    pub fn tenant(&self) -> Fact<&str> {
        self.at_hand.tenant.as_ref().map(|tenant| &**tenant)
    }

    /// The entity of a level. The platform is always there; a tool call's is the action where no tool is named.
    pub fn entity(&self, level: Level) -> Fact<&str> {
        match vocabulary().entity_of(level) {
            None => Fact::Known(Level::Platform.as_str()),
            Some(attribute) => match self.fact(attribute) {
                Fact::Known(value) => value.as_str().map_or(Fact::Unknown, Fact::Known),
                Fact::Null => Fact::Null,
                Fact::Unknown => Fact::Unknown,
            },
        }
    }

    /// Who asks.
    pub fn subject(&self) -> &Subject {
        &self.subjects[0] // a request has a requester, if only an unsaid one
    }

    /// Who asks, and those on whose behalf it asks, in this order.
    pub fn chain(&self) -> &[Subject] {
        &self.subjects
    }

    /// What it is about, as it was said.
    pub fn resource(&self) -> Fact<&Json> {
        self.said(&["resource"])
    }

    /// The tenant that the resource is of.
    pub fn resource_tenant(&self) -> Fact<&str> {
        self.at_hand.resource_tenant.as_ref().map(|tenant| &**tenant)
    }

    /// The tenant that the context is of.
    pub fn context_tenant(&self) -> Fact<&str> {
        self.at_hand.context_tenant.as_ref().map(|tenant| &**tenant)
    }

    /// What is known of a built-in attribute. An argument that does not belong to the action is unknown here; what it is
    /// for an effect, the effect knows.
    pub fn fact(&self, attribute: AttributeId) -> Fact<&Value> {
        self.stated.fact(attribute)
    }

    /// What is known of an attribute, built in or of the policy set: `bound` is what [`Request::bind`] made of those.
    pub fn fact_in<'a>(&'a self, bound: &'a [Fact<Value>], attribute: AttributeId) -> Fact<&'a Value> {
        match (attribute.0 as usize).checked_sub(self.stated.attributes()) {
            None => self.stated.fact(attribute),
            Some(at) => bound.get(at).map_or(Fact::Unknown, Fact::as_ref),
        }
    }

    /// The files that the change touches.
    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    /// The answers that people gave.
    pub fn approvals(&self) -> &[Approval] {
        &self.approvals
    }

    /// When approval was asked for, in nanoseconds since 1970.
    pub fn asked_at(&self) -> Option<i128> {
        self.asked_at
    }

    /// The host's time, in nanoseconds since 1970.
    pub fn now(&self) -> i128 {
        self.now
    }

    /// The obligations that the host can meet.
    pub fn capabilities(&self) -> &[String] {
        &self.capabilities
    }

    /// The run, as the record names it.
    pub fn run_id(&self) -> Option<&str> {
        self.text(&["run_id"]).known()
    }

    /// The tool call, as the record names it.
    pub fn tool_call_id(&self) -> Option<&str> {
        self.text(&["tool_call_id"]).known()
    }

    /// What was used up so far.
    pub fn usage(&self) -> &Usage {
        &self.usage
    }

    /// Against what paths are read: the workspace's root, and the working directory of a command.
    pub fn places(&self) -> Places<'_> {
        Places {
            root: self.at_hand.root.as_deref(),
            cwd: self.at_hand.cwd.as_deref(),
            home: self.at_hand.home.as_deref(),
            links: self.links.as_ref(),
        }
    }

    /// The path of the action, as it is written.
    pub fn path_written(&self) -> Option<&str> {
        self.at_hand.path_written.as_deref()
    }

    /// Whether the file system holds `A` and `a` for the same.
    pub fn case_insensitive(&self) -> Fact<bool> {
        self.at_hand.case_insensitive
    }

    /// What an approval is bound to (spec/07-decisions.md). Roles are a set, so their order is not part of it.
    pub fn operation(&self) -> Operation<'_> {
        let said = |path: &[&str]| match self.said(path) {
            Fact::Known(value) => Some(value),
            Fact::Null => Some(&Json::Null),
            Fact::Unknown => None,
        };
        Operation {
            action: &self.action,
            arguments: said(&["arguments"]),
            environment: said(&["context", "environment"]),
            network_profile: said(&["context", "network_profile"]),
            resource: said(&["resource"]),
            scope: said(&["scope"]),
            subject: self.subjects.iter().map(Subject::to_json).collect(),
            task_class: said(&["context", "task_class"]),
        }
    }

    /// What stands at a path of the normal form.
    fn said(&self, path: &[&str]) -> Fact<&Json> {
        look(self.value(), path)
    }

    fn text(&self, path: &[&str]) -> Fact<&str> {
        match self.said(path) {
            Fact::Known(said) => said.as_str().map_or(Fact::Unknown, Fact::Known),
            Fact::Null => Fact::Null,
            Fact::Unknown => Fact::Unknown,
        }
    }
}

/// What an approval is bound to, for its hash. The fields stand in the order of their names, as canonical JSON has them.
#[derive(Debug, Serialize)]
pub struct Operation<'r> {
    action: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    arguments: Option<&'r Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<&'r Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    network_profile: Option<&'r Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<&'r Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'r Json>,
    subject: Vec<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_class: Option<&'r Json>,
}

/// Whether a path is outside the workspace. A path below the home, or read without a root, may be in it.
pub fn outside_workspace(path: Fact<&Path>) -> Fact<Value> {
    match path {
        Fact::Known(path) => match path.place() {
            Place::Inside => Fact::Known(Value::Bool(false)),
            Place::Above | Place::Apart => Fact::Known(Value::Bool(true)),
            Place::Home | Place::Unknown => Fact::Unknown,
        },
        Fact::Null => Fact::Null,
        Fact::Unknown => Fact::Unknown,
    }
}

/// The form of a request, by its shape.
enum Form {
    Full,
    Flat,
    Authzen,
}

impl Form {
    fn of(request: &Object<'_>) -> Form {
        let full = ["scope", "context", "arguments"];
        if authzen::is_authzen(request) {
            Form::Authzen
        } else if full.iter().any(|key| request.contains_key(key)) {
            Form::Full
        } else {
            Form::Flat
        }
    }
}

/// Somebody who asks, or who answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// Its name.
    pub id: Fact<Box<str>>,
    /// What it is.
    pub subject_type: Fact<SubjectType>,
    /// What it may do by office.
    pub roles: Fact<List>,
    /// The teams that it is of.
    pub teams: Fact<List>,
    /// The tenant that it is of.
    pub tenant: Fact<Box<str>>,
}

/// What a subject is, the least trusted first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SubjectType {
    /// A program that chooses what it does.
    Agent,
    /// A program that does as it is told.
    Service,
    /// A person.
    Human,
}

impl SubjectType {
    /// All of them, the least trusted first.
    pub const ALL: [SubjectType; 3] = [SubjectType::Agent, SubjectType::Service, SubjectType::Human];

    /// As requests and conditions write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            SubjectType::Agent => "agent",
            SubjectType::Service => "service",
            SubjectType::Human => "human",
        }
    }
}

impl Subject {
    /// Somebody of whom nothing is said.
    fn unsaid() -> Subject {
        Subject {
            id: Fact::Unknown,
            subject_type: Fact::Unknown,
            roles: Fact::Unknown,
            teams: Fact::Unknown,
            tenant: Fact::Unknown,
        }
    }

    /// The tenant that the subject is of.
    pub fn tenant(&self) -> Fact<&str> {
        self.tenant.as_ref().map(|tenant| &**tenant)
    }

    /// Whether the subject has a role.
    pub fn has_role(&self, role: &str) -> Tri {
        match &self.roles {
            Fact::Known(roles) => roles.holds(&Value::text(role)),
            Fact::Null => Tri::False,
            Fact::Unknown => Tri::Unknown,
        }
    }

    /// Whether the subject is of a team.
    pub fn in_team(&self, team: &str) -> Tri {
        match &self.teams {
            Fact::Known(teams) => teams.holds(&Value::text(team)),
            Fact::Null => Tri::False,
            Fact::Unknown => Tri::Unknown,
        }
    }

    /// The least trusted type along a chain. An agent in it settles that; otherwise one link of unknown type leaves it
    /// unknown.
    pub fn least_trusted(chain: &[Subject]) -> Fact<SubjectType> {
        let known = chain
            .iter()
            .filter_map(|subject| subject.subject_type.known())
            .min();
        if known == Some(SubjectType::Agent) {
            Fact::Known(SubjectType::Agent)
        } else if chain
            .iter()
            .all(|subject| matches!(subject.subject_type, Fact::Known(_)))
        {
            known.map_or(Fact::Unknown, Fact::Known)
        } else if chain.iter().all(|subject| subject.subject_type == Fact::Null) {
            Fact::Null
        } else {
            Fact::Unknown
        }
    }

    /// The roles that all of a chain have. What a link leaves unsaid may be among them, but never more than the others
    /// say; a link of which it is said that it has none leaves none.
    pub fn shared_roles(chain: &[Subject]) -> Fact<List> {
        if let [only] = chain {
            return only.roles.clone();
        }
        let none = List::default();
        let unsaid = List {
            items: Vec::new(),
            open: true,
        };
        let roles = |subject: &Subject| match &subject.roles {
            Fact::Known(list) => list.clone(),
            Fact::Null => none.clone(),
            Fact::Unknown => unsaid.clone(),
        };
        let shared = chain
            .iter()
            .map(roles)
            .reduce(|a, b| shared(&a, &b))
            .unwrap_or_default();
        let unsaid = chain.iter().any(|subject| subject.roles == Fact::Unknown);
        if unsaid && shared.open {
            return Fact::Unknown;
        }
        Fact::Known(shared)
    }

    /// Who it is, with the roles in order.
    fn to_json(&self) -> Json {
        let mut out = Map::new();
        let mut put = |key: &str, fact: Fact<Json>| match fact {
            Fact::Known(value) => drop(out.insert(key.into(), value)),
            Fact::Null => drop(out.insert(key.into(), Json::Null)),
            Fact::Unknown => {}
        };
        put("id", self.id.as_ref().map(|id| Json::from(&**id)));
        put(
            "type",
            self.subject_type
                .map(|subject_type| Json::from(subject_type.as_str())),
        );
        put("tenant", self.tenant.as_ref().map(|tenant| Json::from(&**tenant)));
        let sorted = |roles: &List| {
            let mut names: Vec<&str> = roles.items.iter().filter_map(Value::as_str).collect();
            names.sort_unstable();
            names.dedup();
            let items = names.into_iter().map(Value::text).collect();
            let open = roles.open;
            written(&Value::List(List { items, open }))
        };
        put("roles", self.roles.as_ref().map(sorted));
        Json::Object(out)
    }
}

/// What two lists surely share; open where something more of an open one may be in the other.
fn shared(a: &List, b: &List) -> List {
    let held = |list: &List, item: &Value| list.holds(item) == Tri::True;
    let items: Vec<Value> = a.items.iter().filter(|item| held(b, item)).cloned().collect();
    let more = |open: &List, other: &List| {
        open.open && (other.open || other.items.iter().any(|item| !held(open, item)))
    };
    List {
        open: more(a, b) || more(b, a),
        items,
    }
}

/// The files that a change touches, as far as the request says.
#[derive(Clone, Debug)]
pub struct Changes {
    /// Those that it lists.
    pub files: Vec<Change>,
    /// Whether that is all.
    pub extent: Extent,
}

/// How far a list of changed files goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The request does not say.
    Unsaid,
    /// It says that there are none.
    None,
    /// There may be more than it lists.
    Open,
    /// It lists all.
    Closed,
}

impl Changes {
    fn unsaid() -> Changes {
        Changes {
            files: Vec::new(),
            extent: Extent::Unsaid,
        }
    }

    fn none() -> Changes {
        Changes {
            extent: Extent::None,
            ..Changes::unsaid()
        }
    }

    fn said(files: Vec<Change>, open: bool) -> Changes {
        let extent = if open { Extent::Open } else { Extent::Closed };
        Changes { files, extent }
    }
}

/// One changed file.
#[derive(Clone, Debug)]
pub struct Change {
    /// Where it is, after the change.
    pub path: Path,
    /// How it is changed.
    pub kind: ChangeKind,
}

/// How a file is changed.
#[derive(Clone, Debug)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It was there before.
    Modified,
    /// It is gone.
    Deleted,
    /// It had another path before.
    Renamed {
        /// That path, if the request says which.
        from: Option<Path>,
    },
    /// The request does not say.
    Unsaid,
}

impl Change {
    /// The paths that it touches.
    fn paths(&self) -> impl Iterator<Item = &str> {
        let from = match &self.kind {
            ChangeKind::Renamed { from } => from.as_ref(),
            _ => None,
        };
        std::iter::once(&self.path).chain(from).map(Path::as_str)
    }
}

/// What somebody answered to a requirement.
#[derive(Clone, Debug)]
pub struct Approval {
    /// The requirement's id.
    pub requirement: Box<str>,
    /// The hash of the operation that the answer is for.
    pub operation: Box<str>,
    /// Who answered, and on whose behalf.
    pub approver: Vec<Subject>,
    /// What they answered.
    pub answer: Answer,
    /// In nanoseconds since 1970.
    pub at: i128,
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Approve,
    /// No, which denies.
    Reject,
}
