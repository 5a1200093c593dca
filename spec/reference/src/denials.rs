//! Engine denials that come before rules, and the one that comes after (7.3, 7.7).

use bailiwick::machinery::model::PolicySet;
use bailiwick::machinery::value::Fact;
use bailiwick::{Level, Request};

use crate::sight;

/// A denial that no document states. `on` are the effects that it concerns; empty where it is the whole request.
#[derive(Clone, Debug)]
pub(crate) struct Denial {
    pub(crate) rule: &'static str,
    pub(crate) on: Vec<u32>,
    /// What it adds to the record's unknowns (7.8).
    pub(crate) unknown: Option<String>,
}

impl Denial {
    pub(crate) fn of(rule: &'static str) -> Denial {
        Denial {
            rule,
            on: Vec::new(),
            unknown: None,
        }
    }
}

/// 7.3: all that the engine denies before it looks at any rule. `unfit` says that the request does not fit the set's
/// vocabulary (`invalid_request`).
pub(crate) fn before_rules(set: &PolicySet, request: &Request, unfit: bool) -> Vec<Denial> {
    let mut found = tenant_boundary(request);
    if unfit {
        found.push(Denial::of("invalid_request"));
    }
    if set.schema().action_named(request.action()).is_none() {
        found.push(Denial::of("unknown_action"));
    }
    found.extend(entity_unsaid(set, request));
    found.extend(contradiction(set, request));
    found
}

/// 7.3, `tenant_boundary`: the subject, a link of its chain, the resource, the context or an approver says a tenant that is
/// neither null nor the request's. Where the request is of no tenant, any stated tenant is another one.
pub(crate) fn tenant_boundary(request: &Request) -> Vec<Denial> {
    let mut stated = vec![request.resource_tenant(), request.context_tenant()];
    stated.extend(
        request
            .chain()
            .iter()
            .map(|subject| subject.tenant.as_ref().map(|tenant| &**tenant)),
    );
    for approval in request.approvals() {
        stated.extend(
            approval
                .approver
                .iter()
                .map(|subject| subject.tenant.as_ref().map(|tenant| &**tenant)),
        );
    }
    let other = |tenant: &Fact<&str>| match tenant {
        Fact::Known(tenant) => request.tenant().known() != Some(*tenant),
        Fact::Null | Fact::Unknown => false,
    };
    stated
        .iter()
        .filter(|tenant| other(tenant))
        .map(|_| Denial::of("tenant_boundary"))
        .collect()
}

/// 7.3, `entity_unsaid`: a document that concerns the request is of a level whose entity is unsaid, or has an unsaid level
/// in its scope.
fn entity_unsaid(set: &PolicySet, request: &Request) -> Vec<Denial> {
    let mut found = Vec::new();
    for document in set.parts().into_iter().flat_map(|part| &part.documents) {
        if !sight::concerns(document, request) {
            continue;
        }
        let levels: Vec<Level> = document
            .scope
            .iter()
            .map(|entry| entry.level)
            .chain([document.level])
            .collect();
        for level in levels {
            if request.entity(level) == Fact::Unknown {
                found.push(Denial {
                    unknown: Some(format!("{level}.id")),
                    ..Denial::of("entity_unsaid")
                });
            }
        }
    }
    found
}

/// 7.6: where the request states a value, or null, for a fact that an onboarding document which applies states differently.
fn contradiction(set: &PolicySet, request: &Request) -> Vec<Denial> {
    let differs = sight::facts(set, request)
        .filter(|(attribute, value)| sight::contradicts(request, *attribute, value));
    differs.map(|_| Denial::of("contradiction")).collect()
}

/// 7.7, *Capabilities*: an obligation is owed that no capability covers.
pub(crate) fn unmet_obligation<'a>(request: &Request, owed: impl Iterator<Item = &'a str>) -> Vec<Denial> {
    let covered = |obligation: &str| {
        request
            .capabilities()
            .iter()
            .any(|capability| covers(capability, obligation))
    };
    owed.filter(|obligation| !covered(obligation))
        .map(|_| Denial::of("unmet_obligation"))
        .collect()
}

/// 7.7: a full name, a prefix with `*` (`notify:*` covers every `notify:` with a word after it), or `*`.
fn covers(capability: &str, obligation: &str) -> bool {
    if capability == "*" || capability == obligation {
        return true;
    }
    match capability.strip_suffix('*') {
        Some(prefix) if prefix.ends_with(':') => {
            obligation.starts_with(prefix) && obligation.len() > prefix.len()
        }
        _ => false,
    }
}
