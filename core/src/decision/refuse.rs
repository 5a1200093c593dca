//! What the engine denies by itself, before and after any rule (spec/07-decisions.md, engine denials).

use std::collections::BTreeSet;

use super::fire::{overlay, Overlay};
use super::Compiled;
use crate::effect::Effects;
use crate::model::Document;
use crate::request::{Request, RequestProblem, Subject};
use crate::schema::Schema;
use crate::source::Level;
use crate::value::{Fact, Tri};

/// One thing that the engine denies by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of thing.
    pub kind: RefusalKind,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The effects that it concerns, by their place; all where there are none.
    pub on: Vec<u32>,
    /// The level whose entity is unsaid.
    pub entity: Option<Level>,
}

/// The kinds of things that the engine denies by itself. Their names are the rules of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalKind {
    /// No policy set of that tenant, or it did not compile.
    UnknownTenant,
    /// Somebody or something is of another tenant.
    TenantBoundary,
    /// Nobody knows the action.
    UnknownAction,
    /// A level has documents, and the request does not say which entity of it is meant.
    EntityUnsaid,
    /// The request says other than what onboarding documents know.
    Contradiction,
    /// A value does not fit the policy set's vocabulary.
    InvalidRequest,
    /// Something is owed that the host cannot meet.
    UnmetObligation,
    /// Nothing grants it.
    Closed,
}

impl RefusalKind {
    /// Whether no rule is looked at after it.
    pub fn leaves_nothing_to_decide(self) -> bool {
        matches!(self, RefusalKind::UnknownTenant | RefusalKind::UnknownAction | RefusalKind::InvalidRequest)
    }

    /// The rule that records name.
    pub const fn as_str(self) -> &'static str {
        match self {
            RefusalKind::UnknownTenant => "unknown_tenant",
            RefusalKind::TenantBoundary => "tenant_boundary",
            RefusalKind::UnknownAction => "unknown_action",
            RefusalKind::EntityUnsaid => "entity_unsaid",
            RefusalKind::Contradiction => "contradiction",
            RefusalKind::InvalidRequest => "invalid_request",
            RefusalKind::UnmetObligation => "unmet_obligation",
            RefusalKind::Closed => "closed",
        }
    }
}

impl Refusal {
    fn new(kind: RefusalKind, message: String) -> Refusal {
        Refusal { kind, message, on: Vec::new(), entity: None }
    }

    /// There is no policy set for the request's tenant.
    pub fn unknown_tenant(tenant: Option<&str>, broken: &BTreeSet<Option<String>>) -> Refusal {
        let broken = broken.contains(&tenant.map(str::to_owned));
        let message = match tenant {
            None if broken => "the policies without a tenant do not compile, so everything of theirs is denied".to_owned(),
            None => "the request names no tenant, and the engine holds no policies without one".to_owned(),
            Some(tenant) if broken => {
                format!("the policies of the tenant `{tenant}` do not compile, so everything of it is denied")
            }
            Some(tenant) => format!("the engine holds no policies of the tenant `{tenant}`"),
        };
        Refusal::new(RefusalKind::UnknownTenant, message)
    }

    /// Something is owed that the host did not say it can meet.
    pub(super) fn unmet(obligation: &str) -> Refusal {
        let message = format!("`{obligation}` is owed, and it is not among the `capabilities` that the host says it has");
        Refusal::new(RefusalKind::UnmetObligation, message)
    }

    /// Nothing grants these effects.
    pub(super) fn closed(on: Vec<u32>, effects: &Effects, schema: &Schema) -> Refusal {
        let kinds = on.iter().filter_map(|&at| effects[at as usize].kind());
        let mut names: Vec<String> = kinds.map(|kind| format!("`{}`", schema.action(kind).name)).collect();
        names.sort();
        names.dedup();
        let message = format!("no rule of the platform grants {}", names.join(", "));
        Refusal { on, ..Refusal::new(RefusalKind::Closed, message) }
    }
}

/// All that keeps a request from being decided by rules alone.
pub(super) fn refusals(compiled: &Compiled, request: &Request, unfit: Vec<RequestProblem>) -> Vec<Refusal> {
    let mut found = Vec::new();
    unfit.into_iter().for_each(|problem| found.push(invalid(&problem)));
    if compiled.set.schema().action_named(request.action()).is_none() {
        found.push(unknown_action(compiled.set.schema(), request.action()));
    }
    tenant_boundary(request, &mut found);
    entities_unsaid(compiled, request, &mut found);
    contradictions(compiled, request, &mut found);
    found
}

fn invalid(problem: &RequestProblem) -> Refusal {
    let help = problem.help.as_ref().map_or(String::new(), |help| format!(" ({help})"));
    Refusal::new(RefusalKind::InvalidRequest, format!("{}: {}{help}", problem.pointer, problem.message))
}

fn unknown_action(schema: &Schema, action: &str) -> Refusal {
    let known = schema.actions().map(|(_, known)| known.name.as_str());
    let nearest = crate::diagnostic::nearest(action, known).map_or(String::new(), |name| format!("; did you mean `{name}`?"));
    Refusal::new(RefusalKind::UnknownAction, format!("there is no action `{action}`{nearest}"))
}

/// Whoever and whatever takes part must be of the request's tenant, or of none, which is the platform's.
pub(super) fn tenant_boundary(request: &Request, found: &mut Vec<Refusal>) {
    let own = request.tenant().known();
    let mut check = |what: &str, tenant: Fact<&str>| {
        if let Fact::Known(tenant) = tenant {
            if Some(tenant) != own {
                let message = format!("{what} is of the tenant `{tenant}`, the request is not");
                found.push(Refusal::new(RefusalKind::TenantBoundary, message));
            }
        }
    };
    let tenant_of = |subject: &Subject| -> Fact<String> { subject.tenant.as_ref().map(|tenant| tenant.to_string()) };
    for subject in request.chain() {
        check("the subject", tenant_of(subject).as_ref().map(String::as_str));
    }
    check("the resource", request.resource_tenant());
    check("the context", request.context_tenant());
    for approver in request.approvals().iter().flat_map(|given| &given.approver) {
        check("an approver", tenant_of(approver).as_ref().map(String::as_str));
    }
}

/// The documents are looked at one by one only where the request leaves an entity unsaid that some document cares about.
fn entities_unsaid(compiled: &Compiled, request: &Request, found: &mut Vec<Refusal>) {
    let unsaid = |level: &Level| request.entity(*level) == Fact::Unknown;
    let mut wanted = Level::ALL.into_iter().filter(|&level| compiled.set.wants_entity(level));
    if !wanted.any(|level| unsaid(&level)) {
        return;
    }
    let documents = compiled.set.parts().into_iter().flat_map(|part| &part.documents);
    let missing: BTreeSet<Level> = documents.flat_map(|document| unsaid_levels(document, request)).collect();
    for level in missing {
        let message = format!("the request does not say for which {level} it is; null says that there is none");
        found.push(Refusal { entity: Some(level), ..Refusal::new(RefusalKind::EntityUnsaid, message) });
    }
}

/// The levels that a request would have to say for a document; none where the document does not concern it anyway.
fn unsaid_levels(document: &Document, request: &Request) -> Vec<Level> {
    let elsewhere = document.scope.iter().any(|entry| match request.entity(entry.level) {
        Fact::Known(name) => !entry.names.holds(name),
        Fact::Null => true,
        Fact::Unknown => false,
    });
    if elsewhere {
        return Vec::new();
    }
    let levels = document.scope.iter().map(|entry| entry.level).chain([document.level]);
    levels.filter(|level| request.entity(*level) == Fact::Unknown).collect()
}

fn contradictions(compiled: &Compiled, request: &Request, found: &mut Vec<Refusal>) {
    let Some(Overlay::Onboarded(known)) = overlay(compiled, request) else { return };
    for (attribute, value) in &known.facts {
        let differs = match request.fact(*attribute) {
            Fact::Known(said) => said.same(value) != Tri::True,
            Fact::Null => true,
            Fact::Unknown => false,
        };
        if differs {
            let name = &compiled.set.schema().attribute(*attribute).name;
            let known = value.as_str().unwrap_or_default();
            let message = format!("the request contradicts what is known of the repository: `{name}` is `{known}`");
            found.push(Refusal::new(RefusalKind::Contradiction, message));
        }
    }
}
