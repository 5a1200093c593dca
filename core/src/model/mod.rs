//! The policies that mean something: names resolved, types checked, nothing left to fail. Knows nothing of YAML, of the
//! forms that rules were written in, or of how they are evaluated; the compiled tree and the reference evaluator both
//! start here.

mod errors;
mod directory;
mod identity;
mod scope;
mod names;
mod extend;
mod resolve;
mod limit;
mod selector;
mod holes;
mod warn;
mod floors;
mod compliance;
mod check;
mod life;
mod pack;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::amount::Amount;
use crate::condition::Condition;
use crate::digest::Digest;
use crate::form;
use crate::normal::Globs;
use crate::schema::{ActionId, AttributeId, Schema};
use crate::source::{Level, SourceMap, Span, Spanned};
use crate::value::Value;

pub use crate::form::Switch;
pub use check::{Checked, check, unused_workflows};
pub use compliance::Control;
pub use directory::{Directory, Entities};
pub use identity::hash_of_applying;
pub use life::due;

/// What one tenant's requests are decided by: the platform's policies and the tenant's own.
#[derive(Clone, Debug)]
pub struct PolicySet {
    /// The tenant; `None` where there is only one.
    pub tenant: Option<String>,
    /// The platform's policies, shared by all sets.
    pub platform: Arc<Policies>,
    /// The tenant's own policies, of all levels below the platform.
    pub own: Arc<Policies>,
    /// The hash of all documents (spec/09-records.md, 9.6).
    pub hash: Digest,
}

impl PolicySet {
    /// Puts the platform's policies and a tenant's together.
    pub fn new(tenant: Option<String>, platform: Arc<Policies>, own: Arc<Policies>) -> PolicySet {
        let hash = identity::hash_of_all(platform.documents.iter().chain(&own.documents));
        PolicySet {
            tenant,
            platform,
            own,
            hash,
        }
    }

    /// The same where the hash is known already.
    pub(crate) fn of_hash(
        tenant: Option<String>,
        platform: Arc<Policies>,
        own: Arc<Policies>,
        hash: Digest,
    ) -> PolicySet {
        PolicySet {
            tenant,
            platform,
            own,
            hash,
        }
    }

    /// Both parts, the platform's first. A [`RuleRef`] names its part by the place here.
    pub fn parts(&self) -> [&Arc<Policies>; 2] {
        [&self.platform, &self.own]
    }

    /// A rule.
    pub fn rule(&self, at: RuleRef) -> &Rule {
        &self.parts()[at.part as usize].rules[at.rule as usize]
    }

    /// The document that a rule stands in.
    pub fn document_of(&self, at: RuleRef) -> &Document {
        let part = self.parts()[at.part as usize];
        &part.documents[part.rules[at.rule as usize].document as usize]
    }

    /// The name by which a state speaks of a switch: `<policy id>/<switch id>`.
    pub fn switch_name(&self, at: RuleRef) -> String {
        format!("{}/{}", self.document_of(at).id, self.rule(at).id)
    }

    /// A requirement.
    pub fn requirement(&self, at: RequirementRef) -> &Requirement {
        &self.parts()[at.part as usize].requirements[at.requirement as usize]
    }

    /// The vocabulary that requests of this tenant are read by.
    pub fn schema(&self) -> &Schema {
        &self.own.schema
    }

    /// The controls that a rule carries out, for a request of these entities: those that it names itself, and those of
    /// documents that apply.
    pub fn controls_of(&self, at: RuleRef, entity: &Entities<'_>) -> Vec<String> {
        let mut names = self.rule(at).controls.clone();
        let said = self.parts().into_iter().flat_map(|part| &part.controls);
        let mut said = said.filter(|control| control.rules.contains(&at)).peekable();
        if said.peek().is_some() {
            let applying = self.parts().map(|part| part.directory.applying(entity));
            let applies = |control: &&Control| applying[control.part as usize].contains(&control.document);
            names.extend(said.filter(applies).map(|control| control.name.clone()));
            names.sort();
            names.dedup();
        }
        names
    }

    /// Whether a request must name the entity of a level (spec/07-decisions.md, engine denials).
    pub fn wants_entity(&self, level: Level) -> bool {
        self.parts().iter().any(|part| part.wants_entity[level.index()])
    }
}

/// Which rule of a [`PolicySet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleRef {
    /// 0 for the platform's policies, 1 for the tenant's.
    pub part: u8,
    /// The place in [`Policies::rules`].
    pub rule: u32,
}

/// Which requirement of a [`PolicySet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequirementRef {
    /// 0 for the platform's policies, 1 for the tenant's.
    pub part: u8,
    /// The place in [`Policies::requirements`].
    pub requirement: u32,
}

/// The checked policies of one authority: the platform's, or one tenant's.
#[derive(Clone, Debug)]
pub struct Policies {
    /// The vocabulary, with what these policies and those above add to it.
    pub schema: Arc<Schema>,
    /// The documents, sorted by level, scope, id and version.
    pub documents: Vec<Document>,
    /// The rules, in the order of their documents.
    pub rules: Vec<Rule>,
    /// The conditions that rules share.
    pub conditions: Vec<Condition>,
    /// The requirements that rules ask for.
    pub requirements: Vec<Requirement>,
    /// What onboarding documents know of entities, sorted by repository.
    pub onboardings: Vec<Onboarding>,
    /// The attributes that these documents declare, and which of [`Policies::documents`] do.
    pub declared: Vec<(AttributeId, u32)>,
    /// The levels whose entity a request must name, by [`Level::index`].
    pub wants_entity: [bool; 8],
    /// The documents by whom they speak for.
    pub directory: Directory,
    /// The switches among the rules.
    pub switches: Vec<u32>,
    /// The rules that hang on hours of the week.
    pub timed: Vec<u32>,
    /// Controls of compliance frameworks, with the rules that carry them out.
    pub controls: Vec<Control>,
    /// Where everything stands.
    pub sources: Arc<SourceMap>,
}

impl Policies {
    /// The documents that apply to a request, in order.
    pub fn applying(&self, entity: &Entities<'_>) -> Vec<&Document> {
        self.directory
            .applying(entity)
            .into_iter()
            .map(|at| &self.documents[at as usize])
            .collect()
    }

    /// What onboarding documents know of a repository; several may speak of it, none against another.
    pub fn onboardings_of(&self, repository: &str) -> &[Onboarding] {
        let start = self
            .onboardings
            .partition_point(|known| known.repository.as_str() < repository);
        let count = self.onboardings[start..]
            .iter()
            .take_while(|known| known.repository == repository)
            .count();
        &self.onboardings[start..start + count]
    }
}

/// A document: what one authority says in one place, for whom.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its name, the form's where it names none.
    pub id: String,
    /// Its version, the start of the content hash where it names none.
    pub version: String,
    /// The level at which it speaks.
    pub level: Level,
    /// For whom it speaks; the request must match all.
    pub scope: Vec<ScopeEntry>,
    /// The hash of what it says.
    pub content: Digest,
    /// Who answers for it.
    pub owner: Option<String>,
    /// When it is to be looked at again, in nanoseconds since 1970.
    pub review: Option<Spanned<i128>>,
    /// Where it stands.
    pub span: Span,
}

impl Document {
    fn new(written: &form::Document, scope: &[ScopeEntry]) -> Document {
        Document {
            id: written.id.value.clone(),
            version: written.version.clone(),
            level: written.level,
            scope: scope.to_vec(),
            content: Digest(written.content),
            owner: written.owner.clone(),
            review: written.review.clone(),
            span: written.span,
        }
    }

    /// `id@version`, as records name it.
    pub fn name(&self) -> String {
        format!("{}@{}", self.id, self.version)
    }
}

/// One line of `applies_to`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ScopeEntry {
    /// The kind of entity.
    pub level: Level,
    /// The names.
    pub names: ScopeNames,
}

/// The entities that a document speaks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ScopeNames {
    /// Exactly these, sorted.
    Exact(Vec<Box<str>>),
    /// Those that a pattern matches.
    Globs(Globs),
}

impl ScopeNames {
    /// Whether a name is one of them.
    pub fn holds(&self, name: &str) -> bool {
        match self {
            ScopeNames::Exact(names) => names.iter().any(|known| &**known == name),
            ScopeNames::Globs(globs) => globs.matches_name(name),
        }
    }
}

/// Which condition of [`Policies::conditions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConditionId(pub u32);

/// A rule with everything resolved.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The place in [`Policies::documents`].
    pub document: u32,
    /// Its name within the document.
    pub id: String,
    /// What it says.
    pub kind: Kind,
    /// The kinds of effects that it names, sorted.
    pub actions: Vec<ActionId>,
    /// All of these must hold for it to match; none means that it matches every effect that it names.
    pub guard: Vec<ConditionId>,
    /// What people are told.
    pub reason: Option<String>,
    /// What is owed when it fires.
    pub obligations: Vec<Obligation>,
    /// The controls of compliance frameworks that it carries out.
    pub controls: Vec<String>,
    /// From this instant (nanoseconds since 1970) it is as if absent.
    pub expires: Option<i128>,
    /// Who answers for it, where that is not whoever answers for the document.
    pub owner: Option<String>,
    /// Where it stands.
    pub span: Span,
}

impl Rule {
    /// The conditions of its guard and of its criteria.
    pub fn conditions(&self) -> impl Iterator<Item = ConditionId> {
        let criteria = match &self.kind {
            Kind::Gate(criteria) => criteria.as_slice(),
            _ => &[],
        };
        let asked = criteria.iter().map(|criterion| criterion.condition);
        self.guard.iter().copied().chain(asked)
    }
}

/// What a rule says.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Grants what it matches. Platform only.
    Allow,
    /// `default: allow`: grants the built-in actions that no allow rule of the layer names. Platform only.
    Default,
    /// Closes its layer for the actions that it names, but for what it matches.
    Only,
    /// Asks for an approval. The requirement is of the same [`Policies`].
    Ask(u32),
    /// Denies.
    Deny {
        /// The requirement that is asked for where the match is merely unknown; without one that denies too.
        unknown: Option<u32>,
        /// The emergency way round it.
        bypass: Option<Bypass>,
    },
    /// Denies unless all criteria hold.
    Gate(Vec<Criterion>),
    /// Adds obligations.
    Require,
    /// Denies where more would be used than may be.
    Limit(Box<Limit>),
    /// Denies while it is on, or owes its obligations.
    Switch(Switch),
}

/// How much of something may be used (spec/14-limits.md).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What an effect adds.
    pub of: Measure,
    /// What is counted, as used figures call it.
    pub unit: String,
    /// Whose use counts, and over which time; without it each request stands by itself.
    pub per: Option<Per>,
    /// The cap, with the share of it at which it denies taken already.
    pub at_most: Option<Amount>,
    /// The floor.
    pub at_least: Option<Amount>,
    /// From here on the obligations are owed.
    pub alert: Option<Amount>,
}

/// What an effect adds to a used figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// One.
    Count,
    /// The value of an attribute.
    Attribute(AttributeId),
    /// Nothing that a request says: how long the host is to keep something. Such a limit denies nothing, it is owed.
    Retention,
}

/// By what used figures are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Per {
    /// Whose they are, as keys of used figures call it.
    pub name: String,
    /// The attribute that names whose; the platform has none.
    pub attribute: Option<AttributeId>,
    /// Over which time.
    pub window: Option<String>,
}

impl Per {
    /// The key of the used figure: `task`, `organization/1d`.
    pub fn key(&self) -> String {
        crate::window::key(&self.name, self.window.as_deref())
    }
}

/// Something that is owed, with what bounds it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Obligation {
    /// `audit`, `notify:security`.
    pub name: String,
    /// How soon, in nanoseconds.
    pub within: Option<i128>,
    /// How often at most.
    pub times: Option<u32>,
    /// What is owed after that.
    pub then: Option<String>,
}

impl Obligation {
    /// An obligation by its name alone.
    pub fn bare(name: &str) -> Obligation {
        Obligation {
            name: name.to_owned(),
            within: None,
            times: None,
            then: None,
        }
    }
}

impl Kind {
    /// The word in policies and records.
    pub fn as_str(&self) -> &'static str {
        match self {
            Kind::Allow | Kind::Default => "allow",
            Kind::Only => "only",
            Kind::Ask(_) => "ask",
            Kind::Deny { .. } => "deny",
            Kind::Gate(_) => "gate",
            Kind::Require => "require",
            Kind::Limit(_) => "limit",
            Kind::Switch(_) => "switch",
        }
    }

    /// Whether it grants: it counts on a match that is known alone.
    pub fn grants(&self) -> bool {
        matches!(self, Kind::Allow | Kind::Default | Kind::Only)
    }
}

/// An emergency way round one deny rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bypass {
    /// The requirement that must be met, of the same [`Policies`].
    pub requirement: u32,
    /// What is owed after the act.
    pub then: Vec<Obligation>,
}

/// One thing that must hold beforehand.
#[derive(Clone, Debug)]
pub struct Criterion {
    /// Its name in the record.
    pub name: String,
    /// What must hold.
    pub condition: ConditionId,
    /// That, as its author wrote it.
    pub text: String,
    /// Whether the gate stays shut where it does not hold; else that is only reported.
    pub blocks: bool,
}

/// An approval that is asked for (spec/08-approvals.md).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Requirement {
    /// What an approval names: the workflow or rule, and the start of the content's hash.
    pub id: String,
    /// What it answers.
    pub kind: RequirementKind,
    /// Who must approve; each slot takes one person.
    pub slots: Vec<Slot>,
    /// How long the approvers have, in nanoseconds from `asked_at`.
    pub timeout: Option<i128>,
    /// Whose single approval completes it after the timeout.
    pub escalation: Option<String>,
    /// How long an approval counts, in nanoseconds.
    pub valid_for: Option<i128>,
    /// Whether an agent's approval counts.
    pub agents_count: bool,
    /// Whether an agent may recommend; advice to the host.
    pub agents_recommend: bool,
    /// Where approvers are told.
    pub notify: Vec<String>,
    /// What people are told.
    pub reason: Option<String>,
}

impl Requirement {
    /// What the requirement takes, as its id and records show it (spec/08-approvals.md, 8.2).
    pub fn content(&self) -> serde_json::Value {
        let seconds = |time: Option<i128>| time.map(|time| time as f64 / 1e9);
        serde_json::json!({
            "agent_can_approve": self.agents_count,
            "escalation": self.escalation,
            "kind": self.kind.as_str(),
            "slots": self.slots.iter().map(Slot::content).collect::<Vec<_>>(),
            "timeout": seconds(self.timeout),
            "valid_for": seconds(self.valid_for),
        })
    }
}

/// What a requirement answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequirementKind {
    /// An ask rule.
    Approval,
    /// A deny rule with a way round it.
    Bypass,
    /// A deny rule that asks where it does not know.
    Unknown,
}

impl RequirementKind {
    /// The word in the content.
    pub const fn as_str(self) -> &'static str {
        match self {
            RequirementKind::Approval => "approval",
            RequirementKind::Bypass => "bypass",
            RequirementKind::Unknown => "unknown",
        }
    }
}

/// One person who must approve.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Slot {
    /// Any of these roles; none means anybody.
    pub roles: Vec<String>,
    /// Any of these teams; none means any.
    pub teams: Vec<String>,
    /// Whether it must be a human.
    pub human: bool,
}

impl Slot {
    /// The slot as ids and records show it.
    pub fn content(&self) -> serde_json::Value {
        let by = if self.human { "human" } else { "any" };
        serde_json::json!({"by": by, "roles": self.roles, "teams": self.teams})
    }
}

/// What an onboarding document knows of a named repository. Rules of the repository level and below see it.
#[derive(Clone, Debug)]
pub struct Onboarding {
    /// The place in [`Policies::documents`].
    pub document: u32,
    /// The repository.
    pub repository: String,
    /// The facts.
    pub facts: Vec<(AttributeId, Value)>,
}
