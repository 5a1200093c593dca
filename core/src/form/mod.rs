//! Document forms: what people write, lowered to the few things that policies are made of. One file per form; the table
//! [`FORMS`] is the one place where a form is added. What comes out is spanned and unresolved; names and types are the
//! model's business, and nothing after this module knows that there are forms.

mod errors;
mod approval;
mod native;
mod limit;
mod owed;
mod make;
mod schema;
mod programs;
mod repo_policy;
mod access_rule;
mod agent_onboarding;
mod approval_workflows;
mod autonomy_modes;
mod budget;
mod kill_switch;
mod emergency_stop;
mod row;
mod decision_matrix;
mod roles;
mod task_contract;
mod credential_lease;
mod risk_tiers;
mod human_oversight;
mod keep;
mod model_policy;
mod data_classification;
mod retention;
mod artifact_policy;
mod limits;
mod compliance;
mod bound;
mod checklist;
mod autonomy_gate;
mod phase_promotion;
mod production_readiness;
mod sandbox_hardening;
mod rollback_triggers;
mod slos;
mod pipeline;
mod platform_change;
mod failure_advice;
mod incident_response;
mod redaction;
mod policy_tests;
mod lower;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::amount::Amount;
use crate::document::{Field, Node, Scalar};
use crate::source::{Level, Source, Span, Spanned};

pub use lower::lower;
pub use policy_tests::{Expected, Test, Tests, holds_tests, tests};

/// A document form: the top-level key that names it, and how it is lowered.
pub struct Form {
    /// The key.
    pub key: &'static str,
    /// What it is, in a few words.
    pub doc: &'static str,
    /// How it is lowered.
    lower: fn(Field<'_>, &mut Lowering<'_>),
}

/// All forms but the policy tests, which stand in files of their own. **This is where a form is added**: a file beside
/// this one, and its line here.
pub const FORMS: &[&Form] = &[
    &repo_policy::FORM,
    &access_rule::FORM,
    &agent_onboarding::FORM,
    &approval_workflows::FORM,
    &autonomy_modes::FORM,
    &budget::FORM,
    &kill_switch::FORM,
    &emergency_stop::FORM,
    &decision_matrix::FORM,
    &roles::FORM,
    &task_contract::FORM,
    &credential_lease::FORM,
    &risk_tiers::FORM,
    &human_oversight::FORM,
    &model_policy::FORM,
    &data_classification::FORM,
    &retention::FORM,
    &artifact_policy::FORM,
    &limits::FORM,
    &compliance::FORM,
    &autonomy_gate::FORM,
    &phase_promotion::FORM,
    &production_readiness::FORM,
    &sandbox_hardening::FORM,
    &rollback_triggers::TRIGGERS,
    &rollback_triggers::PROCEDURE,
    &rollback_triggers::AFTERWARDS,
    &slos::FORM,
    &slos::QUALITY,
    &pipeline::FORM,
    &platform_change::FORM,
    &failure_advice::FORM,
    &incident_response::FORM,
    &redaction::FORM,
];

/// What a form works on.
struct Lowering<'a> {
    source: &'a Source,
    scope: &'a mut Vec<Scoped>,
    parts: &'a mut Parts,
    out: &'a mut Vec<crate::diagnostic::Diagnostic>,
}

/// A document with its forms lowered.
#[derive(Clone, Debug)]
pub struct Document {
    /// `policy.id`, or the form's name.
    pub id: Spanned<String>,
    /// `policy.version` or `version`; else the start of the content hash.
    pub version: String,
    /// The source's level.
    pub level: Level,
    /// For whom it speaks, with what the source says first.
    pub scope: Vec<Scoped>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// When it is to be looked at again, in nanoseconds since 1970.
    pub review: Option<Spanned<i128>>,
    /// Where `default: allow` stands.
    pub default_allow: Option<Span>,
    /// What it is made of.
    pub parts: Parts,
    /// The hash of what it says.
    pub content: [u8; 32],
    /// The whole document.
    pub span: Span,
}

/// One line of `applies_to`, or what a form says of its entity.
#[derive(Clone, Debug)]
pub struct Scoped {
    /// The kind of entity.
    pub level: Level,
    /// Names or globs.
    pub names: Vec<Spanned<String>>,
    /// Where the kind of entity stands.
    pub span: Span,
}

/// What documents are made of.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// Rules and switches.
    pub rules: Vec<Rule>,
    /// Named constants.
    pub constants: Vec<Constant>,
    /// Named approval workflows.
    pub workflows: Vec<Workflow>,
    /// Enumerations given or replaced.
    pub enumerations: Vec<Enumeration>,
    /// Attributes added.
    pub attributes: Vec<Attribute>,
    /// Actions added.
    pub actions: Vec<Action>,
    /// Programs described.
    pub programs: Vec<Program>,
    /// The autonomy modes.
    pub modes: Option<Modes>,
    /// What is known of entities.
    pub onboardings: Vec<Onboarding>,
    /// Tables over combinations.
    pub grids: Vec<Grid>,
    /// Controls of compliance frameworks, and what carries them out.
    pub controls: Vec<Control>,
}

/// A control of a compliance framework, and what carries it out.
#[derive(Clone, Debug)]
pub struct Control {
    /// Its name, such as `SOC2/change-management`.
    pub name: Spanned<String>,
    /// Policies, rules, or `<policy>/<rule>`.
    pub rules: Vec<Spanned<String>>,
    /// All rules that owe one of these.
    pub obligations: Vec<Spanned<String>>,
}

/// A rule, its names unresolved.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name.
    pub id: Spanned<String>,
    /// What it says.
    pub kind: Kind,
    /// Where it says so.
    pub kind_span: Span,
    /// The effects that it names.
    pub actions: Actions,
    /// What must hold for it to match.
    pub guard: Vec<Guard>,
    /// What people are told.
    pub reason: Option<String>,
    /// What is owed.
    pub obligations: Vec<Obligation>,
    /// Controls that it carries out.
    pub controls: Vec<String>,
    /// When it ends.
    pub expires: Option<i128>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Requests that it must match.
    pub examples: Vec<Example>,
    /// The rule.
    pub span: Span,
}

/// A switch as the file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switch {
    /// Whether the file turns it on.
    pub on: bool,
    /// How old the state may be, in nanoseconds; without it the state is not awaited.
    pub max_age: Option<i128>,
    /// Whether what it names is denied while it is on; else only its obligations are owed.
    pub denies: bool,
}

/// What a rule says.
#[derive(Clone, Debug)]
pub enum Kind {
    /// `allow`
    Allow,
    /// `only`
    Only,
    /// `ask`
    Ask(Approval),
    /// `deny`
    Deny {
        /// `unknown: ask`
        unknown_asks: bool,
        /// `bypass`
        bypass: Option<Bypass>,
    },
    /// `gate`
    Gate(Vec<Criterion>),
    /// `require`
    Require,
    /// `limit`
    Limit(Limit),
    /// An entry of `switches`.
    Switch(Switch),
}

/// How much of something may be used (spec/14-limits.md).
#[derive(Clone, Debug, Default)]
pub struct Limit {
    /// What an effect adds: an attribute, or `retention`; without it each effect counts one.
    pub of: Option<Spanned<String>>,
    /// What is counted, as used figures call it.
    pub unit: Option<Spanned<String>>,
    /// Whose use counts; without it each request stands by itself.
    pub per: Option<Spanned<String>>,
    /// Over which time.
    pub window: Option<Spanned<String>>,
    /// The cap.
    pub at_most: Option<Spanned<Bound>>,
    /// The floor.
    pub at_least: Option<Spanned<Bound>>,
    /// From how many percent of the cap on the obligations are owed.
    pub alert_at: Option<Amount>,
    /// At how many percent of the cap it denies.
    pub stop_at: Option<Amount>,
}

/// A cap or a floor as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// A number.
    Number(Amount),
    /// A length of time, in nanoseconds.
    Duration(i128),
}

/// Something that is owed, with what bounds it.
#[derive(Clone, Debug)]
pub struct Obligation {
    /// `audit`, `notify:security`.
    pub name: Spanned<String>,
    /// How soon, in nanoseconds.
    pub within: Option<i128>,
    /// How often at most.
    pub times: Option<u32>,
    /// What is owed after that.
    pub then: Option<Spanned<String>>,
}

impl Obligation {
    /// An obligation by its name alone.
    pub fn bare(name: Spanned<String>) -> Obligation {
        Obligation {
            name,
            within: None,
            times: None,
            then: None,
        }
    }
}

/// The actions of a rule.
#[derive(Clone, Debug)]
pub enum Actions {
    /// Names and globs, as written.
    Named(Vec<Spanned<String>>),
    /// The first, without what the second names.
    But(Vec<Spanned<String>>, Vec<Spanned<String>>),
    /// All by which a change leaves the workspace, and which have the given arguments.
    Leaving(Vec<&'static str>),
    /// All that change something.
    Mutating,
    /// All that need a higher autonomy mode than this one.
    Above(Spanned<String>),
}

/// What a document says of a program.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its name.
    pub name: Spanned<String>,
    /// What is said.
    pub said: crate::normal::command::Description,
    /// The program that it is like.
    pub like: Option<Spanned<String>>,
    /// Its options, as they are typed.
    pub options: Vec<Spanned<String>>,
    /// Where `operands` and `other_options` stand.
    pub keys: [Option<Span>; 2],
    /// Whether it says that the program runs no code.
    pub frees: bool,
}

/// One conjunct of what must hold for a rule to match.
#[derive(Clone, Debug)]
pub enum Guard {
    /// The attribute is one of these: names, or patterns where the attribute is matched by patterns.
    Selector {
        /// The selector as written.
        selector: Spanned<&'static str>,
        /// What it may be.
        values: Vec<Scalar>,
        /// Whether it must be none of them.
        negated: bool,
    },
    /// This condition holds.
    When(Text),
    /// None of these conditions holds.
    Unless(Text),
    /// Not all of these hold.
    NotAll(Vec<Guard>),
}

/// What a row of a table says of each column that it does not leave open, by the selector that the column is.
pub type Cells = BTreeMap<&'static str, Spanned<Vec<Scalar>>>;

/// A table whose rows are about combinations, for finding those that none is about.
#[derive(Clone, Debug)]
pub struct Grid {
    /// The rows.
    pub rows: Vec<Cells>,
    /// Where they stand.
    pub span: Span,
}

/// The text of a condition.
#[derive(Clone, Debug)]
pub struct Text {
    /// The text.
    pub text: String,
    /// Where its bytes stand.
    pub origin: Origin,
}

/// Where the bytes of a text stand.
#[derive(Clone, Debug)]
pub enum Origin {
    /// The author wrote it.
    Written(Scalar),
    /// A form made it out of this.
    Made(Span),
}

/// A criterion of a gate.
#[derive(Clone, Debug)]
pub struct Criterion {
    /// Its name in the record.
    pub name: Spanned<String>,
    /// What must hold.
    pub condition: Text,
    /// Whether the gate stays shut where it does not hold; else that is only reported.
    pub blocks: bool,
}

/// What an ask rule asks for.
#[derive(Clone, Debug)]
pub enum Approval {
    /// A workflow by name.
    Workflow(Spanned<String>),
    /// One given on the spot.
    Inline(ApprovalBody),
}

/// A named workflow.
#[derive(Clone, Debug)]
pub struct Workflow {
    /// Its name.
    pub name: Spanned<String>,
    /// What it asks for; `None` where that was reported.
    pub body: Option<ApprovalBody>,
}

/// What an approval takes.
#[derive(Clone, Debug)]
pub struct ApprovalBody {
    /// One entry for each person.
    pub slots: Vec<Slot>,
    /// How long approvers have.
    pub timeout: Option<i128>,
    /// Who completes it after that.
    pub escalation: Option<Spanned<String>>,
    /// How long an approval counts.
    pub valid_for: Option<i128>,
    /// Whether an agent's approval counts.
    pub agents_count: bool,
    /// Whether an agent may recommend; advice to the host.
    pub agents_recommend: bool,
    /// Who is told.
    pub notify: Vec<String>,
    /// The whole.
    pub span: Span,
}

/// One person who must approve, the roles unchecked.
#[derive(Clone, Debug, Default)]
pub struct Slot {
    /// Any of these roles.
    pub roles: Vec<Spanned<String>>,
    /// Any of these teams.
    pub teams: Vec<Spanned<String>>,
    /// Whether it must be a human.
    pub human: bool,
}

/// An emergency way round a deny rule.
#[derive(Clone, Debug)]
pub struct Bypass {
    /// Who may grant it.
    pub body: ApprovalBody,
    /// What is owed afterwards.
    pub then: Vec<Obligation>,
}

/// A named constant.
#[derive(Clone, Debug)]
pub struct Constant {
    /// Its name.
    pub name: Spanned<String>,
    /// What it stands for.
    pub value: ConstantValue,
}

/// What a constant stands for.
#[derive(Clone, Debug)]
pub enum ConstantValue {
    /// One value.
    One(Scalar),
    /// A list.
    List(Vec<Scalar>),
    /// Something that was reported.
    Broken,
}

/// An enumeration that a document gives.
#[derive(Clone, Debug)]
pub struct Enumeration {
    /// Its name.
    pub name: Spanned<String>,
    /// Its constants, the lowest first where they are ordered.
    pub constants: Vec<Spanned<String>>,
    /// Whether they are ordered, and where that stands.
    pub ordered: Option<Spanned<bool>>,
    /// Whether requests may carry others.
    pub open: Option<bool>,
    /// What it is.
    pub doc: String,
}

/// An attribute that a document adds.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Its name, under `x.`.
    pub name: Spanned<String>,
    /// The type as written; `None` where that was reported.
    pub ty: Option<Spanned<String>>,
    /// What it is.
    pub doc: String,
}

/// An action that a document adds.
#[derive(Clone, Debug)]
pub struct Action {
    /// Its name, under `x.`.
    pub name: Spanned<String>,
    /// Its arguments.
    pub arguments: Vec<Argument>,
    /// Those that fix what an approval is for.
    pub bound: Vec<Spanned<String>>,
    /// Whether it changes something.
    pub mutates: bool,
    /// Whether a change leaves the workspace by it.
    pub leaves_workspace: bool,
    /// What it is.
    pub doc: String,
}

/// An argument of an action.
#[derive(Clone, Debug)]
pub enum Argument {
    /// One of the action's own, under `x.`.
    Own(Attribute),
    /// One that other actions have as well, listed without a type.
    Known(Spanned<String>),
}

/// The autonomy modes, the least first, each with what it adds.
#[derive(Clone, Debug)]
pub struct Modes {
    /// Name and actions.
    pub modes: Vec<(Spanned<String>, Vec<Spanned<String>>)>,
    /// The whole.
    pub span: Span,
}

/// What is known of a repository.
#[derive(Clone, Debug)]
pub struct Onboarding {
    /// The repository.
    pub repository: Spanned<String>,
    /// Attribute and value.
    pub facts: Vec<(&'static str, Spanned<String>)>,
}

/// A request that a rule must match, or must not.
#[derive(Clone, Debug)]
pub struct Example {
    /// The request as JSON.
    pub request: Node,
    /// Whether the rule must match it.
    pub matches: bool,
}
