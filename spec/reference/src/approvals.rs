//! Approvals held against a requirement (chapter 08). Every slot is tried with every person; there is no algorithm here.

use std::collections::BTreeMap;

use bailiwick::machinery::decision::operation_hash;
use bailiwick::machinery::model::{Requirement, RequirementKind, Slot};
use bailiwick::machinery::request::{Answer, Approval, Subject, SubjectType};
use bailiwick::machinery::schema::Schema;
use bailiwick::machinery::value::{Fact, Tri, Value};
use bailiwick::{Outcome, Request};

/// 8.8: the state of a requirement, before anybody asks whether it is moot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Enough approvals count.
    Satisfied,
    /// Approvals are still to be got.
    Outstanding,
    /// Somebody who could have approved said no.
    Rejected,
    /// The time ran out.
    Blocked,
}

impl Standing {
    /// 8.8: the verdict of a state.
    pub fn outcome(self) -> Outcome {
        match self {
            Standing::Satisfied => Outcome::Allowed,
            Standing::Outstanding => Outcome::AskApproval,
            Standing::Rejected | Standing::Blocked => Outcome::Denied,
        }
    }

    /// The list of the record in which it stands.
    pub fn word(self) -> &'static str {
        match self {
            Standing::Satisfied => "satisfied",
            Standing::Outstanding => "outstanding",
            Standing::Rejected => "rejected",
            Standing::Blocked => "blocked",
        }
    }
}

/// 8.8: the state of a requirement.
pub fn standing(
    requirement: &Requirement,
    request: &Request,
    bound: &[Fact<Value>],
    schema: &Schema,
) -> Standing {
    let case = Case {
        requirement,
        request,
        now: request.now(),
        asked: request.asked_at(),
    };
    let operation = operation_hash(request).to_string();
    let answers: Vec<&Approval> = request
        .approvals()
        .iter()
        .filter(|given| *given.requirement == *requirement.id && *given.operation == *operation)
        .collect();
    if answers
        .iter()
        .any(|given| given.answer == Answer::Reject && case.after_asking(given) && case.has_a_say(given))
    {
        return Standing::Rejected;
    }
    let mut approvals: Vec<&Approval> = answers
        .into_iter()
        .filter(|given| given.answer == Answer::Approve && case.in_time(given))
        .collect();
    if !bound_arguments_said(request, bound, schema) {
        approvals.clear();
    }
    match (requirement.kind, requirement.timeout, request.asked_at()) {
        (RequirementKind::Bypass, ..) => case.bypass(approvals),
        (_, None, _) => case.without_timeout(&approvals),
        // No approval counts; the text gives no time at which it could be blocked.
        (_, Some(_), None) => Standing::Outstanding,
        (_, Some(timeout), Some(asked)) => {
            case.with_timeout(&approvals, asked + timeout, asked + 2 * timeout)
        }
    }
}

/// 8.5, *Bound arguments*: all of the action's are said, and not null.
fn bound_arguments_said(request: &Request, bound: &[Fact<Value>], schema: &Schema) -> bool {
    let Some(action) = schema.action_named(request.action()) else {
        return false;
    };
    schema
        .action(action)
        .bound
        .iter()
        .all(|argument| matches!(request.fact_in(bound, *argument), Fact::Known(_)))
}

struct Case<'a> {
    requirement: &'a Requirement,
    request: &'a Request,
    now: i128,
    asked: Option<i128>,
}

impl Case<'_> {
    /// 8.8, and the first half of 8.6: `at` ≤ n, and a ≤ `at` where `asked_at` is said.
    fn after_asking(&self, given: &Approval) -> bool {
        given.at <= self.now && self.asked.is_none_or(|asked| asked <= given.at)
    }

    /// 8.6: an approval is in time. For a bypass (8.9) `valid_for` is its `for`, which runs from elsewhere.
    fn in_time(&self, given: &Approval) -> bool {
        let bypass = self.requirement.kind == RequirementKind::Bypass;
        let valid = bypass
            || self
                .requirement
                .valid_for
                .is_none_or(|length| self.now <= given.at + length);
        self.after_asking(given) && valid
    }

    /// 8.6, without a timeout.
    fn without_timeout(&self, approvals: &[&Approval]) -> Standing {
        if self.matched(approvals) {
            Standing::Satisfied
        } else {
            Standing::Outstanding
        }
    }

    /// 8.6, with a timeout: the first of the five that holds.
    fn with_timeout(&self, approvals: &[&Approval], d1: i128, d2: i128) -> Standing {
        let regular: Vec<&Approval> = approvals.iter().copied().filter(|given| given.at <= d1).collect();
        if self.matched(&regular) {
            return Standing::Satisfied;
        }
        if self.now <= d1 {
            return Standing::Outstanding;
        }
        if approvals
            .iter()
            .any(|given| d1 < given.at && given.at <= d2 && self.eligible_for_escalation(given))
        {
            return Standing::Satisfied;
        }
        if self.requirement.escalation.is_none() || d2 < self.now {
            return Standing::Blocked;
        }
        Standing::Outstanding
    }

    /// 8.9: met while n ≤ z + `for`, z being the `at` of the last needed approval.
    fn bypass(&self, mut approvals: Vec<&Approval>) -> Standing {
        approvals.sort_by_key(|given| given.at);
        let needed = (1..=approvals.len()).find(|count| self.matched(&approvals[..*count]));
        let length = self.requirement.valid_for.unwrap_or(0);
        match needed {
            Some(count) if self.now <= approvals[count - 1].at + length => Standing::Satisfied,
            _ => Standing::Outstanding,
        }
    }

    /// 8.7: whether there is a matching that covers every slot. Approvals by the same `id` are one approver.
    fn matched(&self, approvals: &[&Approval]) -> bool {
        let mut persons: BTreeMap<&str, Vec<&Approval>> = BTreeMap::new();
        for given in approvals {
            if let Some(id) = id(given) {
                persons.entry(id).or_default().push(given);
            }
        }
        let persons: Vec<Vec<&Approval>> = persons.into_values().collect();
        self.assign(&self.requirement.slots, &persons, &mut vec![false; persons.len()])
    }

    /// 8.7: tries every person for the first slot, and what is left for the others.
    fn assign(&self, slots: &[Slot], persons: &[Vec<&Approval>], taken: &mut Vec<bool>) -> bool {
        let Some((slot, others)) = slots.split_first() else {
            return true;
        };
        for person in 0..persons.len() {
            if !taken[person]
                && persons[person]
                    .iter()
                    .any(|given| self.eligible_for_slot(given, slot))
            {
                taken[person] = true;
                if self.assign(others, persons, taken) {
                    return true;
                }
                taken[person] = false;
            }
        }
        false
    }

    /// 8.8: a rejection counts of somebody eligible for some slot or for the escalation.
    fn has_a_say(&self, given: &Approval) -> bool {
        self.requirement
            .slots
            .iter()
            .any(|slot| self.eligible_for_slot(given, slot))
            || self.eligible_for_escalation(given)
    }

    /// 8.3, 1 to 5.
    fn eligible_for_slot(&self, given: &Approval, slot: &Slot) -> bool {
        let anybody = slot.roles.is_empty() && slot.teams.is_empty();
        let of_role = slot.roles.iter().any(|role| has_role(given, role));
        let of_team = slot.teams.iter().any(|team| of_team(given, team));
        self.may_approve(given)
            && (!slot.human || type_of(given) == SubjectType::Human)
            && (anybody || of_role || of_team)
    }

    /// 8.3, last sentence: 1 to 4, and the escalation role.
    fn eligible_for_escalation(&self, given: &Approval) -> bool {
        let humans_only = self.requirement.slots.iter().all(|slot| slot.human);
        let role = self.requirement.escalation.as_ref();
        self.may_approve(given)
            && (!humans_only || type_of(given) == SubjectType::Human)
            && role.is_some_and(|role| has_role(given, role))
    }

    /// 8.3, 1 to 3. An approver of another tenant (2) is denied before it comes to this (7.3).
    fn may_approve(&self, given: &Approval) -> bool {
        let requested = |subject: &Subject| {
            let id = subject.id.as_ref().known();
            id.is_some_and(|id| {
                self.request
                    .chain()
                    .iter()
                    .any(|link| link.id.as_ref().known() == Some(id))
            })
        };
        id(given).is_some()
            && !given.approver.iter().any(requested)
            && (self.requirement.agents_count || type_of(given) != SubjectType::Agent)
    }
}

/// 8.3: the approver itself is the first of its chain.
fn id(given: &Approval) -> Option<&str> {
    given
        .approver
        .first()
        .and_then(|approver| approver.id.as_ref().known())
        .map(|id| &**id)
}

/// 8.3, 3: the least trusted type along the approver's own chain; an unsaid one counts as `agent`.
fn type_of(given: &Approval) -> SubjectType {
    let of = |subject: &Subject| subject.subject_type.known().unwrap_or(SubjectType::Agent);
    given.approver.iter().map(of).min().unwrap_or(SubjectType::Agent)
}

/// 8.3, 5: the roles are the intersection along the chain, and an unsaid list is an empty one.
fn has_role(given: &Approval, role: &str) -> bool {
    given.approver.iter().all(|subject| lists(&subject.roles, role))
}

/// 8.3, 5, for teams.
fn of_team(given: &Approval, team: &str) -> bool {
    given.approver.iter().all(|subject| lists(&subject.teams, team))
}

fn lists(names: &Fact<bailiwick::machinery::value::List>, name: &str) -> bool {
    match names {
        Fact::Known(names) => names.holds(&Value::text(name)) == Tri::True,
        Fact::Null | Fact::Unknown => false,
    }
}
