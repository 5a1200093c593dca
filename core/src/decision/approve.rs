//! Approvals held against a requirement: who counts, for how long, and how the requirement stands now
//! (spec/08-approvals.md). Time is the host's: `asked_at`, `now`, and the instant of each approval.

use std::collections::BTreeMap;

use super::matching;
use crate::digest::Digest;
use crate::model::{Requirement, RequirementKind, Slot};
use crate::outcome::Outcome;
use crate::request::{Answer, Approval, Request, Subject, SubjectType};
use crate::schema::Schema;
use crate::value::{Fact, Tri, Value};

/// How a requirement stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Met, by these approvers, until then if it ends.
    Satisfied {
        /// Who, sorted.
        by: Vec<String>,
        /// In nanoseconds since 1970.
        until: Option<i128>,
    },
    /// Not met yet.
    Outstanding {
        /// How many slots are still empty.
        missing: usize,
        /// When the approvers' time, or the escalation role's, runs out; nanoseconds since 1970.
        deadline: Option<i128>,
        /// Whether it is the escalation role's turn.
        escalated: bool,
        /// Why an approval that was given does not count, if there is one reason for all.
        note: Option<Note>,
    },
    /// Somebody who could have approved rejected it.
    Rejected {
        /// Who, sorted.
        by: Vec<String>,
    },
    /// Nobody answered in time.
    Blocked {
        /// When the time ran out; nanoseconds since 1970.
        since: i128,
    },
}

/// Why approvals that were given do not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// The requirement has a timeout and the request does not say when approval was asked for.
    NotAsked,
    /// The request does not say what the approval would be bound to: a head SHA, a digest.
    Unbound,
    /// The approvals are for another operation.
    OtherOperation,
}

impl Standing {
    /// What it contributes to the decision.
    pub fn outcome(&self) -> Outcome {
        match self {
            Standing::Satisfied { .. } => Outcome::Allowed,
            Standing::Outstanding { .. } => Outcome::AskApproval,
            Standing::Rejected { .. } | Standing::Blocked { .. } => Outcome::Denied,
        }
    }
}

/// How a requirement stands, given what the request carries.
pub(super) fn standing(
    requirement: &Requirement,
    request: &Request,
    bound: &[Fact<Value>],
    schema: &Schema,
) -> Standing {
    let answers = Answers::to(requirement, request, bound, schema);
    if let Some(by) = answers.rejected() {
        return Standing::Rejected { by };
    }
    if let Some((by, until)) = answers.met() {
        return Standing::Satisfied { by, until };
    }
    answers.open()
}

/// The answers to one requirement that may count: for this operation, in time, by somebody eligible.
struct Answers<'a> {
    requirement: &'a Requirement,
    request: &'a Request,
    given: Vec<&'a Approval>,
    note: Option<Note>,
}

impl<'a> Answers<'a> {
    fn to(
        requirement: &'a Requirement,
        request: &'a Request,
        bound: &[Fact<Value>],
        schema: &Schema,
    ) -> Answers<'a> {
        let meant: Vec<&Approval> = request
            .approvals()
            .iter()
            .filter(|given| *given.requirement == *requirement.id)
            .collect();
        let mut answers = Answers {
            requirement,
            request,
            given: Vec::new(),
            note: None,
        };
        if meant.is_empty() {
            return answers;
        }
        let operation = Digest::of_json(&request.operation()).to_string();
        let ours: Vec<&Approval> = meant
            .iter()
            .copied()
            .filter(|given| *given.operation == *operation)
            .collect();
        if ours.is_empty() {
            answers.note = Some(Note::OtherOperation);
        }
        answers.given = ours.into_iter().filter(|given| answers.timely(given)).collect();
        if requirement.timeout.is_some() && request.asked_at().is_none() {
            answers.note = Some(Note::NotAsked);
        }
        if !bound_arguments_said(request, bound, schema) {
            answers.note = Some(Note::Unbound);
        }
        answers
    }

    /// Not before it was asked for, not from the future.
    fn timely(&self, given: &Approval) -> bool {
        given.at <= self.request.now() && self.request.asked_at().is_none_or(|asked| asked <= given.at)
    }

    /// Whether approvals may count at all: a note on all of them says why not.
    fn count(&self) -> bool {
        !matches!(self.note, Some(Note::NotAsked | Note::Unbound))
    }

    /// A rejection counts in any case: it only makes the answer stricter.
    fn rejected(&self) -> Option<Vec<String>> {
        let rejections = self.given.iter().filter(|given| given.answer == Answer::Reject);
        let by = names(rejections.filter(|given| self.has_a_say(given)).copied());
        (!by.is_empty()).then_some(by)
    }

    fn has_a_say(&self, given: &Approval) -> bool {
        self.person(given) && (self.slots().iter().any(|slot| fits(slot, given)) || self.escalates(given))
    }

    fn slots(&self) -> &[Slot] {
        &self.requirement.slots
    }

    /// Somebody other than the requester, of the tenant, of a kind that counts.
    fn person(&self, given: &Approval) -> bool {
        // Whose type is unsaid counts as an agent.
        let counts = match Subject::least_trusted(&given.approver) {
            Fact::Known(SubjectType::Service | SubjectType::Human) => true,
            Fact::Known(SubjectType::Agent) | Fact::Null | Fact::Unknown => self.requirement.agents_count,
        };
        counts && !self.requested_by_any_of(&given.approver) && id(given).is_some()
    }

    /// The whole chain on whose behalf the request is made is the requester.
    fn requested_by_any_of(&self, approver: &[Subject]) -> bool {
        let requesters = || {
            self.request
                .chain()
                .iter()
                .filter_map(|subject| subject.id.as_ref().known())
        };
        approver
            .iter()
            .filter_map(|subject| subject.id.as_ref().known())
            .any(|id| requesters().any(|one| one == id))
    }

    fn escalates(&self, given: &Approval) -> bool {
        let humans = self.slots().iter().all(|slot| slot.human);
        let kind = !humans || is_human(given);
        kind && self
            .requirement
            .escalation
            .as_ref()
            .is_some_and(|role| has_role(given, role))
    }

    fn first_deadline(&self) -> Option<i128> {
        Some(self.request.asked_at()? + self.requirement.timeout?)
    }

    fn second_deadline(&self) -> Option<i128> {
        Some(self.first_deadline()? + self.requirement.timeout?)
    }

    fn approvals(&self) -> impl Iterator<Item = &'a Approval> {
        let counted = self
            .given
            .iter()
            .copied()
            .filter(|given| given.answer == Answer::Approve && self.person(given));
        counted.filter(|_| self.count())
    }

    /// The approvals that the approvers gave in their time and that still count at an instant.
    fn regular(&self, at: i128) -> Vec<&'a Approval> {
        let deadline = self.first_deadline();
        let in_time = self
            .approvals()
            .filter(|given| deadline.is_none_or(|deadline| given.at <= deadline));
        in_time.filter(|given| self.fresh(given, at)).collect()
    }

    fn fresh(&self, given: &Approval, at: i128) -> bool {
        self.ends(given).is_none_or(|end| at <= end)
    }

    fn ends(&self, given: &Approval) -> Option<i128> {
        self.requirement.valid_for.map(|length| given.at + length)
    }

    fn fills(&self, given: &[&Approval]) -> bool {
        let persons = persons(given);
        matching::fills(self.slots().len(), persons.len(), |slot, person| {
            self.may_take(slot, &persons[person])
        })
    }

    /// Whether a person may take a slot: by any of the approvals that he gave.
    fn may_take(&self, slot: usize, person: &[&Approval]) -> bool {
        person.iter().any(|given| fits(&self.slots()[slot], given))
    }

    /// By whom it is met now, and until when.
    fn met(&self) -> Option<(Vec<String>, Option<i128>)> {
        if self.requirement.kind == RequirementKind::Bypass {
            return self.bypassed();
        }
        let now = self.request.now();
        let regular = self.regular(now);
        if self.fills(&regular) {
            return Some((
                names(regular.iter().copied().filter(|given| self.fits_any(given))),
                self.regular_until(&regular),
            ));
        }
        let escalated: Vec<&Approval> = self
            .escalations()
            .filter(|given| self.fresh(given, now))
            .collect();
        if escalated.is_empty() {
            return None;
        }
        let until = escalated.iter().map(|given| self.ends(given)).max().flatten();
        Some((names(escalated.into_iter()), until))
    }

    /// A bypass opens with the approval that first fills the slots, and lasts from there; later ones do not prolong it.
    fn bypassed(&self) -> Option<(Vec<String>, Option<i128>)> {
        let mut given: Vec<&Approval> = self.approvals().collect();
        given.sort_by_key(|given| given.at);
        let needed = (1..=given.len()).find(|&count| self.fills(&given[..count]))?;
        let end = given[needed - 1].at + self.requirement.valid_for.unwrap_or(0);
        let by = names(
            given[..needed]
                .iter()
                .copied()
                .filter(|given| self.fits_any(given)),
        );
        (self.request.now() <= end).then_some((by, Some(end)))
    }

    fn fits_any(&self, given: &Approval) -> bool {
        self.slots().iter().any(|slot| fits(slot, given))
    }

    /// The last instant at which those that still count fill the slots.
    fn regular_until(&self, regular: &[&'a Approval]) -> Option<i128> {
        let mut ends: Vec<i128> = regular.iter().filter_map(|given| self.ends(given)).collect();
        ends.sort_unstable();
        ends.into_iter().find(|&end| {
            let later: Vec<&Approval> = regular
                .iter()
                .copied()
                .filter(|given| self.fresh(given, end + 1))
                .collect();
            !self.fills(&later)
        })
    }

    /// What the escalation role approved when it was its turn.
    fn escalations(&self) -> impl Iterator<Item = &'a Approval> {
        let turn = self.first_deadline().zip(self.second_deadline());
        let of_role = self.approvals().filter(|given| self.escalates(given));
        of_role
            .filter(move |given| turn.is_some_and(|(first, second)| first < given.at && given.at <= second))
    }

    /// Neither met nor rejected: whose turn it is, or that time ran out.
    fn open(&self) -> Standing {
        let now = self.request.now();
        let turn = self.first_deadline().filter(|&first| first < now);
        if let Some(first) = turn {
            let end = if self.requirement.escalation.is_some() {
                self.second_deadline()
            } else {
                Some(first)
            };
            if let Some(since) = end.filter(|&end| end < now) {
                return Standing::Blocked { since };
            }
        }
        let escalated = turn.is_some();
        let deadline = if escalated {
            self.second_deadline()
        } else {
            self.first_deadline()
        };
        let missing = if escalated {
            1
        } else {
            self.slots().len() - self.filled()
        };
        Standing::Outstanding {
            missing,
            deadline,
            escalated,
            note: self.note,
        }
    }

    fn filled(&self) -> usize {
        let given = self.regular(self.request.now());
        let persons = persons(&given);
        let may = |slot: usize, person: usize| self.may_take(slot, &persons[person]);
        let slot_of = matching::matched(self.slots().len(), persons.len(), &may);
        slot_of.iter().filter(|slot| slot.is_some()).count()
    }
}

fn id(given: &Approval) -> Option<&str> {
    given
        .approver
        .first()
        .and_then(|approver| approver.id.as_ref().known())
        .map(|id| &**id)
}

fn names<'a>(given: impl Iterator<Item = &'a Approval>) -> Vec<String> {
    let mut names: Vec<String> = given.filter_map(id).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}

/// The approvals of each person. Who approves twice is one person, whatever roles he names each time.
fn persons<'a>(given: &[&'a Approval]) -> Vec<Vec<&'a Approval>> {
    let mut by_id: BTreeMap<&str, Vec<&Approval>> = BTreeMap::new();
    for &given in given {
        by_id
            .entry(id(given).unwrap_or_default())
            .or_default()
            .push(given);
    }
    by_id.into_values().collect()
}

/// Whether somebody may fill a slot. Roles are those that the whole chain has, as for requesters.
fn fits(slot: &Slot, given: &Approval) -> bool {
    let anybody = slot.roles.is_empty() && slot.teams.is_empty();
    let named = || {
        slot.roles.iter().any(|role| has_role(given, role))
            || slot.teams.iter().any(|team| in_team(given, team))
    };
    (!slot.human || is_human(given)) && (anybody || named())
}

fn is_human(given: &Approval) -> bool {
    Subject::least_trusted(&given.approver) == Fact::Known(SubjectType::Human)
}

fn has_role(given: &Approval, role: &str) -> bool {
    given
        .approver
        .iter()
        .all(|subject| subject.has_role(role) == Tri::True)
}

fn in_team(given: &Approval, team: &str) -> bool {
    given
        .approver
        .iter()
        .all(|subject| subject.in_team(team) == Tri::True)
}

/// Whether the request says all that fixes the content that is approved; `bound` holds the policy set's own arguments.
fn bound_arguments_said(request: &Request, bound: &[Fact<Value>], schema: &Schema) -> bool {
    let Some(action) = schema.action_named(request.action()) else {
        return false;
    };
    schema
        .action(action)
        .bound
        .iter()
        .all(|&argument| matches!(request.fact_in(bound, argument), Fact::Known(_)))
}
