//! Why not: the smallest change to a request that would make the answer allowed, if there is one. Each is checked by
//! deciding again, with at most [`limits::COUNTERFACTUALS_MAX`] decisions. What it tries: approvals that are outstanding,
//! evidence that a gate misses, what the request leaves unsaid, capabilities of the host, files that could be left out.
//! It never proposes to say something else than the request says.

use serde_json::{Value as Json, json};

use super::fire::{CriterionState, Match};
use super::{Compiled, Figure, Standing, Verdict, operation_hash};
use crate::condition::{Expr, Operand, Reach};
use crate::limits;
use crate::model::{ConditionId, Kind, Limit, PolicySet, RuleRef, Slot};
use crate::outcome::Outcome;
use crate::request::{Request, State};
use crate::schema::{Scalar, Type};
use crate::source::Level;
use crate::value::{Fact, Value, timestamp};

/// One step towards an allowed answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Say this of the request, provided that it is so.
    Say {
        /// The attribute, as conditions name it.
        attribute: String,
        /// Where the request says it, as a JSON pointer.
        pointer: String,
        /// The value.
        value: Json,
    },
    /// Get this requirement met.
    Approve {
        /// Its id.
        requirement: String,
        /// What its slots take, in words.
        by: Vec<String>,
    },
    /// Have the host take over an obligation.
    Offer {
        /// The obligation.
        obligation: String,
    },
    /// Leave a file out of the change.
    LeaveOut {
        /// The file.
        path: String,
    },
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Change::Say {
                attribute,
                value: Json::Null,
                ..
            } => write!(f, "say what `{attribute}` is, or null if there is none"),
            Change::Say { attribute, value, .. } => {
                write!(f, "say that `{attribute}` is {value}, if it is so")
            }
            Change::Approve { requirement, by } => {
                write!(f, "get `{requirement}` approved by {}", by.join(" and "))
            }
            Change::Offer { obligation } => {
                write!(f, "let the host do `{obligation}` and say so in `capabilities`")
            }
            Change::LeaveOut { path } => write!(f, "leave `{path}` out of the change"),
        }
    }
}

/// The smallest change found; empty where the answer is allowed or nothing helps.
pub(super) fn changes(compiled: &Compiled, request: &Request, state: &State) -> Vec<Change> {
    let verdict = super::decide(compiled, request, state);
    if verdict.outcome == Outcome::Allowed {
        return Vec::new();
    }
    let mut search = Search {
        compiled,
        request,
        state,
        left: limits::COUNTERFACTUALS_MAX,
    };
    search.smallest(&search.steps(&verdict)).unwrap_or_default()
}

struct Search<'a> {
    compiled: &'a Compiled,
    request: &'a Request,
    state: &'a State,
    /// Decisions that may still be made.
    left: usize,
}

impl Search<'_> {
    /// No step but approvals, then one, then two, then all of them with each taken away that is not needed.
    fn smallest(&mut self, steps: &[Change]) -> Option<Vec<Change>> {
        if let Some(found) = self.attempt(&[]) {
            return Some(found);
        }
        for step in steps {
            if let Some(found) = self.attempt(std::slice::from_ref(step)) {
                return Some(found);
            }
        }
        for (at, one) in steps.iter().enumerate() {
            for two in steps[at + 1..].iter().filter(|two| compatible(one, two)) {
                if self.left < limits::COUNTERFACTUALS_MAX / 3 {
                    break;
                }
                if let Some(found) = self.attempt(&[one.clone(), two.clone()]) {
                    return Some(found);
                }
            }
        }
        self.shrink(one_of_each(steps))
    }

    fn shrink(&mut self, mut steps: Vec<Change>) -> Option<Vec<Change>> {
        let mut best = self.attempt(&steps)?;
        let mut at = 0;
        while at < steps.len() {
            let mut fewer = steps.clone();
            fewer.remove(at);
            match self.attempt(&fewer) {
                Some(found) => (best, steps) = (found, fewer),
                None => at += 1,
            }
        }
        Some(best)
    }

    /// Decides again with the steps made and then, as long as that helps, with the approvals that are outstanding and the
    /// obligations that the host does not offer.
    fn attempt(&mut self, steps: &[Change]) -> Option<Vec<Change>> {
        let mut made = steps.to_vec();
        let mut changed = with(self.request, steps)?;
        // A bypass that is met brings obligations of its own; after them nothing new can come.
        for _ in 0..3 {
            let verdict = self.decide(&changed)?;
            if verdict.outcome == Outcome::Allowed {
                return (!made.is_empty()).then_some(made);
            }
            let offers = offers(&verdict, &changed);
            let approvals = self.approvals(&verdict, &changed);
            if offers.is_empty() && approvals.is_empty() {
                return None;
            }
            changed = with_approvals(&with(&changed, &offers)?, &approvals)?;
            made.extend(offers);
            made.extend(approvals.into_iter().map(|(change, _)| change));
        }
        None
    }

    fn decide(&mut self, request: &Request) -> Option<Verdict> {
        self.left = self.left.checked_sub(1)?;
        Some(super::decide(self.compiled, request, self.state))
    }

    /// What could be said, offered or left out, of all rules that stand in the way.
    fn steps(&self, verdict: &Verdict) -> Vec<Change> {
        let mut steps = Vec::new();
        for finding in &verdict.findings {
            let rule = self.compiled.set.rule(finding.rule);
            if let Kind::Gate(criteria) = &rule.kind {
                let open = criteria
                    .iter()
                    .zip(&finding.criteria)
                    .filter(|(criterion, state)| criterion.blocks && **state != CriterionState::Held);
                open.for_each(|(criterion, _)| {
                    self.sayings(finding.rule, criterion.condition, true, &mut steps)
                });
            }
            if let (Kind::Limit(limit), Some(figure)) = (&rule.kind, &finding.figure) {
                steps.extend(self.none_used(limit, figure));
            }
            if finding.matched != Match::Known {
                rule.guard
                    .iter()
                    .for_each(|&condition| self.sayings(finding.rule, condition, false, &mut steps));
            }
            if finding.outcome == Outcome::Denied {
                self.files(verdict, &finding.on, &mut steps);
            }
        }
        steps.extend(
            verdict
                .refusals
                .iter()
                .filter_map(|refusal| refusal.entity)
                .map(nobody),
        );
        let mut seen = Vec::new();
        steps.retain(|step| !seen.contains(step) && (seen.push(step.clone()), true).1);
        steps.truncate(32);
        steps
    }

    /// Values that a condition speaks of, for attributes that the request leaves unsaid; for criteria, evidence too.
    fn sayings(&self, rule: RuleRef, condition: ConditionId, evidence: bool, steps: &mut Vec<Change>) {
        let schema = self.compiled.set.schema();
        let policies = self.compiled.set.parts()[rule.part as usize];
        visit(
            policies.conditions[condition.0 as usize].expr(),
            &mut |operand, values| {
                let (attribute, key) = match operand {
                    Operand::Attribute(attribute) => (*attribute, None),
                    Operand::Key(attribute, key) => (*attribute, Some(key)),
                    Operand::Reported(reported) => (reported.attribute, Some(&reported.key)),
                    _ => return,
                };
                let known = schema.attribute(attribute);
                let said = key.is_none() && self.request.fact_in(&[], attribute) != Fact::Unknown;
                if known.derived || (said && !evidence) {
                    return;
                }
                let suffix = key.map_or(String::new(), |key| {
                    format!("/{}", key.replace('~', "~0").replace('/', "~1"))
                });
                let name = key.map_or(known.name.clone(), |key| format!("{}.{key}", known.name));
                for value in self.candidates(known.ty, values) {
                    let pointer = format!("{}{suffix}", known.pointer);
                    steps.push(Change::Say {
                        attribute: name.clone(),
                        pointer,
                        value,
                    });
                }
            },
        );
        if asks_below(policies.conditions[condition.0 as usize].expr()) {
            self.alone(steps);
        }
    }

    /// That nothing was used before, where the request does not say how much was.
    fn none_used(&self, limit: &Limit, figure: &Figure) -> Option<Change> {
        let per = limit.per.as_ref().filter(|_| figure.used == Fact::Unknown)?;
        let key = per.key();
        Some(Change::Say {
            attribute: format!("usage.{key}.{}", limit.unit),
            pointer: format!("/usage/{}/{}", key.replace('/', "~1"), limit.unit),
            value: json!(0),
        })
    }

    /// That nothing below the path is touched, where the request leaves it open.
    fn alone(&self, steps: &mut Vec<Change>) {
        let schema = self.compiled.set.schema();
        let Some(recursive) = schema.attribute_named("recursive") else {
            return;
        };
        let belongs = schema
            .action_named(self.request.action())
            .is_some_and(|action| schema.belongs(recursive, action));
        if belongs && self.request.fact(recursive) == Fact::Unknown {
            let pointer = schema.attribute(recursive).pointer.clone();
            steps.push(Change::Say {
                attribute: "recursive".into(),
                pointer,
                value: Json::Bool(false),
            });
        }
    }

    /// What the condition names; for truth values and short enumerations whatever there is.
    fn candidates(&self, ty: Type, named: &[Value]) -> Vec<Json> {
        let mut found: Vec<Json> = named.iter().take(4).map(crate::request::written).collect();
        let schema = self.compiled.set.schema();
        match ty {
            Type::One(Scalar::Bool) => found = vec![Json::Bool(true), Json::Bool(false)],
            Type::One(Scalar::Enum(id)) => {
                let others = schema
                    .enumeration(id)
                    .constants
                    .iter()
                    .map(|constant| Json::from(constant.as_str()));
                found.extend(others.take(8));
            }
            _ => {}
        }
        found.dedup();
        found
    }

    /// The changed files that effects stand for.
    fn files(&self, verdict: &Verdict, on: &[u32], steps: &mut Vec<Change>) {
        let schema = self.compiled.set.schema();
        let Some(path) = schema.attribute_named("path") else {
            return;
        };
        let listed = |text: &str| {
            self.request
                .changes()
                .files
                .iter()
                .any(|file| file.path.as_str() == text)
        };
        for &at in on {
            let effect = &verdict.effects[at as usize];
            let found = effect
                .fact(path, self.request, &verdict.bound, schema)
                .known()
                .and_then(Value::as_str);
            if let Some(text) = found.filter(|text| effect.derived() && listed(text)) {
                steps.push(Change::LeaveOut {
                    path: text.to_owned(),
                });
            }
        }
    }

    /// An approval for each slot of each requirement that is open, by persons who could give it.
    fn approvals(&self, verdict: &Verdict, request: &Request) -> Vec<(Change, Vec<Json>)> {
        let set = &self.compiled.set;
        let operation = operation_hash(request).to_string();
        let open = verdict
            .requirements
            .iter()
            .filter(|known| matches!(known.standing, Standing::Outstanding { .. }));
        open.map(|known| {
            let requirement = set.requirement(known.requirement);
            let escalated = matches!(known.standing, Standing::Outstanding { escalated: true, .. });
            let escalation = requirement.escalation.iter().filter(|_| escalated);
            let turn: Vec<Slot> = escalation
                .map(|role| Slot {
                    roles: vec![role.clone()],
                    ..Slot::default()
                })
                .collect();
            let slots = if turn.is_empty() {
                &requirement.slots
            } else {
                &turn
            };
            let answer =
                |(at, slot): (usize, &Slot)| answer(&requirement.id, &operation, at, slot, set, request);
            let given = slots.iter().enumerate().map(answer).collect();
            let by = all_in_words(slots);
            (
                Change::Approve {
                    requirement: requirement.id.clone(),
                    by,
                },
                given,
            )
        })
        .collect()
    }
}

/// Several persons in words, alike ones counted: "2 × somebody with the role cto".
pub fn all_in_words(slots: &[Slot]) -> Vec<String> {
    let mut counted: Vec<(String, usize)> = Vec::new();
    for words in slots.iter().map(in_words) {
        match counted.iter_mut().find(|(known, _)| *known == words) {
            Some((_, count)) => *count += 1,
            None => counted.push((words, 1)),
        }
    }
    let word = |(words, count): (String, usize)| {
        if count == 1 {
            words
        } else {
            format!("{count} × {words}")
        }
    };
    counted.into_iter().map(word).collect()
}

/// The request with steps made. Approvals are made apart, since they name the operation that comes of the others.
fn with(request: &Request, steps: &[Change]) -> Option<Request> {
    let mut value = request.value().clone();
    for step in steps {
        match step {
            Change::Say {
                pointer, value: said, ..
            } => put(&mut value, pointer, said.clone())?,
            Change::Offer { obligation } => push(&mut value, "capabilities", json!(obligation))?,
            Change::LeaveOut { path } => leave_out(&mut value, path)?,
            Change::Approve { .. } => {}
        }
    }
    Request::from_value(value).ok()
}

/// What is owed and not offered.
fn offers(verdict: &Verdict, request: &Request) -> Vec<Change> {
    let mut names: Vec<&str> = verdict
        .obligations
        .iter()
        .map(|owed| owed.owed.name.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    let offer = |name: &&str| {
        !request
            .capabilities()
            .iter()
            .any(|capability| super::join::covers(capability, name))
    };
    names
        .into_iter()
        .filter(offer)
        .map(|name| Change::Offer {
            obligation: name.to_owned(),
        })
        .collect()
}

/// That there is no entity of a level.
fn nobody(level: Level) -> Change {
    Change::Say {
        attribute: format!("{level}.id"),
        pointer: format!("/scope/{level}"),
        value: Json::Null,
    }
}

/// Whether a condition holds a pattern against all that is touched.
fn asks_below(expr: &Expr) -> bool {
    let mut asks = false;
    expr.each_part(&mut |part| {
        asks |= matches!(
            part,
            Expr::Glob {
                reach: Reach::Touched(_),
                ..
            }
        )
    });
    asks
}

/// Somebody in words: "a human with the role team-lead or on-call-engineer".
pub(super) fn in_words(slot: &Slot) -> String {
    let who = if slot.human { "a human" } else { "somebody" };
    let of =
        |word: &str, names: &[String]| (!names.is_empty()).then(|| format!("{word} {}", names.join(" or ")));
    let parts: Vec<String> = of("with the role", &slot.roles)
        .into_iter()
        .chain(of("of the team", &slot.teams))
        .collect();
    if parts.is_empty() {
        format!("{who} other than the requester")
    } else {
        format!("{who} {}", parts.join(" or "))
    }
}

fn answer(
    requirement: &str,
    operation: &str,
    at: usize,
    slot: &Slot,
    set: &PolicySet,
    request: &Request,
) -> Json {
    let roles: Vec<&String> = slot.roles.iter().take(1).collect();
    let teams: Vec<&String> = slot.teams.iter().take(1).collect();
    json!({
        "requirement": requirement,
        "operation": operation,
        "approver": {
            "type": "human", "id": format!("approver {} of {requirement}", at + 1), "roles": roles, "teams": teams,
            "tenant": set.tenant,
        },
        "decision": "approve",
        "at": timestamp(request.now()),
    })
}

fn with_approvals(request: &Request, approvals: &[(Change, Vec<Json>)]) -> Option<Request> {
    let mut value = request.value().clone();
    for given in approvals.iter().flat_map(|(_, given)| given) {
        push(&mut value, "approvals", given.clone())?;
    }
    if request.asked_at().is_none() {
        put(&mut value, "/asked_at", json!(timestamp(request.now())))?;
    }
    Request::from_value(value).ok()
}

/// Each membership test, whatever it stands in.
fn visit(expr: &Expr, each: &mut impl FnMut(&Operand, &[Value])) {
    expr.each_part(&mut |part| match part {
        Expr::In { operand, values } => {
            let values: Vec<Value> = values.iter().cloned().collect();
            each(operand, &values);
        }
        Expr::Is(operand) => each(operand, &[]),
        _ => {}
    });
}

fn compatible(one: &Change, two: &Change) -> bool {
    match (one, two) {
        (Change::Say { pointer: one, .. }, Change::Say { pointer: two, .. }) => one != two,
        _ => true,
    }
}

/// The first value for each attribute.
fn one_of_each(steps: &[Change]) -> Vec<Change> {
    let mut kept: Vec<Change> = Vec::new();
    for step in steps {
        if kept.iter().all(|known| compatible(known, step)) {
            kept.push(step.clone());
        }
    }
    kept
}

/// Puts a value at a JSON pointer, making objects on the way where nothing is said.
fn put(value: &mut Json, pointer: &str, new: Json) -> Option<()> {
    let mut at = value;
    for token in pointer.strip_prefix('/')?.split('/') {
        let token = token.replace("~1", "/").replace("~0", "~");
        if at.is_null() {
            *at = json!({});
        }
        at = at.as_object_mut()?.entry(token).or_insert(Json::Null);
    }
    *at = new;
    Some(())
}

fn push(value: &mut Json, key: &str, new: Json) -> Option<()> {
    let list = value.as_object_mut()?.entry(key).or_insert_with(|| json!([]));
    if list.is_null() {
        *list = json!([]);
    }
    list.as_array_mut()?.push(new);
    Some(())
}

fn leave_out(value: &mut Json, path: &str) -> Option<()> {
    let files = value.pointer_mut("/arguments/changed_files")?.as_array_mut()?;
    files.retain(|file| file.as_str() != Some(path) && file.get("path").and_then(Json::as_str) != Some(path));
    Some(())
}
