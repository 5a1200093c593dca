//! What the engine denies by itself, before and after any rule (spec/07-decisions.md, engine denials).

use std::collections::BTreeSet;

use super::Compiled;
use super::fire::{Closed, Overlay, overlay};
use crate::effect::Effects;
use crate::model::{PolicySet, RuleRef};
use crate::request::{Request, RequestProblem};
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
        matches!(
            self,
            RefusalKind::UnknownTenant | RefusalKind::UnknownAction | RefusalKind::InvalidRequest
        )
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
        Refusal {
            kind,
            message,
            on: Vec::new(),
            entity: None,
        }
    }

    /// There is no policy set for the request's tenant.
    pub fn unknown_tenant(tenant: Option<&str>, broken: &BTreeSet<Option<String>>) -> Refusal {
        let broken = broken.contains(&tenant.map(str::to_owned));
        let message = match tenant {
            None if broken => {
                "the policies without a tenant do not compile, so everything of theirs is denied".to_owned()
            }
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
        let message = format!(
            "`{obligation}` is owed, and it is not among the `capabilities` that the host says it has"
        );
        Refusal::new(RefusalKind::UnmetObligation, message)
    }

    /// The platform does not grant these effects.
    pub(super) fn closed(closed: &[Closed], effects: &Effects, set: &PolicySet) -> Refusal {
        let names = |kinds: Vec<String>| -> String {
            let kinds: BTreeSet<String> = kinds.into_iter().map(|kind| format!("`{kind}`")).collect();
            kinds.into_iter().collect::<Vec<String>>().join(", ")
        };
        let kind = |closed: &Closed| {
            let kind = effects[closed.effect as usize].kind();
            kind.map(|kind| set.schema().action(kind).name.clone())
                .unwrap_or_default()
        };
        let (nobodys, others): (Vec<&Closed>, Vec<&Closed>) =
            closed.iter().partition(|closed| closed.misses.is_empty());
        let mut sentences = Vec::new();
        if !nobodys.is_empty() {
            sentences.push(format!(
                "no rule of the platform grants {}",
                names(nobodys.into_iter().map(kind).collect())
            ));
        }
        if !others.is_empty() {
            let rules: BTreeSet<RuleRef> = others
                .iter()
                .flat_map(|closed| closed.misses.iter().copied())
                .collect();
            let kinds = names(others.into_iter().map(kind).collect());
            sentences.push(format!(
                "the platform grants {kinds} only where {} matches, and none does",
                in_words(&rules, set)
            ));
        }
        let on = closed.iter().map(|closed| closed.effect).collect();
        Refusal {
            on,
            ..Refusal::new(RefusalKind::Closed, sentences.join("; "))
        }
    }
}

/// "`reads` of base@1 or `tests` of base@1 or one of 3 more rules"
fn in_words(rules: &BTreeSet<RuleRef>, set: &PolicySet) -> String {
    const SHOWN: usize = 3;
    let name = |rule: &RuleRef| format!("`{}` of {}", set.rule(*rule).id, set.document_of(*rule).name());
    // By name, since the order in which rules are written says nothing.
    let names: BTreeSet<String> = rules.iter().map(name).collect();
    let mut names: Vec<String> = names.into_iter().take(SHOWN).collect();
    if SHOWN < rules.len() {
        names.push(format!("one of {} more rules", rules.len() - SHOWN));
    }
    names.join(" or ")
}

/// All that keeps a request from being decided by rules alone.
pub(super) fn refusals(
    compiled: &Compiled,
    request: &Request,
    effects: &Effects,
    unfit: Vec<RequestProblem>,
) -> Vec<Refusal> {
    let mut found = Vec::new();
    unfit
        .into_iter()
        .for_each(|problem| found.push(invalid(&problem)));
    if effects[0].kind().is_none() {
        found.push(unknown_action(compiled.set.schema(), request.action()));
    }
    tenant_boundary(request, &mut found);
    entities_unsaid(compiled, request, &mut found);
    contradictions(compiled, request, &mut found);
    found
}

fn invalid(problem: &RequestProblem) -> Refusal {
    let help = problem
        .help
        .as_ref()
        .map_or(String::new(), |help| format!(" ({help})"));
    Refusal::new(
        RefusalKind::InvalidRequest,
        format!("{}: {}{help}", problem.pointer, problem.message),
    )
}

fn unknown_action(schema: &Schema, action: &str) -> Refusal {
    let known = schema.actions().map(|(_, known)| known.name.as_str());
    let nearest = crate::diagnostic::nearest(action, known)
        .map_or(String::new(), |name| format!("; did you mean `{name}`?"));
    Refusal::new(
        RefusalKind::UnknownAction,
        format!("there is no action `{action}`{nearest}"),
    )
}

/// Whoever and whatever takes part must be of the request's tenant, or of none, which is the platform's.
pub(super) fn tenant_boundary(request: &Request, found: &mut Vec<Refusal>) {
    let own = request.tenant().known();
    let mut check = |what: &str, tenant: Fact<&str>| {
        if let Fact::Known(tenant) = tenant
            && Some(tenant) != own
        {
            let message = format!("{what} is of the tenant `{tenant}`, the request is not");
            found.push(Refusal::new(RefusalKind::TenantBoundary, message));
        }
    };
    for subject in request.chain() {
        check("the subject", subject.tenant());
    }
    check("the resource", request.resource_tenant());
    check("the context", request.context_tenant());
    for approver in request.approvals().iter().flat_map(|given| &given.approver) {
        check("an approver", approver.tenant());
    }
}

/// Only where the request leaves an entity unsaid that some document cares about is it asked which documents those are.
fn entities_unsaid(compiled: &Compiled, request: &Request, found: &mut Vec<Refusal>) {
    let wanted = |level: &Level| compiled.set.wants_entity(*level) && request.entity(*level) == Fact::Unknown;
    if !Level::ALL.iter().any(wanted) {
        return;
    }
    let entity = |level| request.entity(level);
    let parts = compiled.set.parts();
    let missing: BTreeSet<Level> = parts
        .into_iter()
        .flat_map(|part| part.directory.unsaid(&entity))
        .collect();
    for level in missing {
        let message =
            format!("the request does not say for which {level} it is; null says that there is none");
        found.push(Refusal {
            entity: Some(level),
            ..Refusal::new(RefusalKind::EntityUnsaid, message)
        });
    }
}

fn contradictions(compiled: &Compiled, request: &Request, found: &mut Vec<Refusal>) {
    let Some(Overlay::Onboarded(known)) = overlay(compiled, request) else {
        return;
    };
    for (attribute, value) in known.facts() {
        let differs = match request.fact(*attribute) {
            Fact::Known(said) => said.same(value) != Tri::True,
            Fact::Null => true,
            Fact::Unknown => false,
        };
        if differs {
            let name = &compiled.set.schema().attribute(*attribute).name;
            let known = value.as_str().unwrap_or_default();
            let message =
                format!("the request contradicts what is known of the repository: `{name}` is `{known}`");
            found.push(Refusal::new(RefusalKind::Contradiction, message));
        }
    }
}
