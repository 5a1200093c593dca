//! Rows of tables that say who decides what (spec/15-switches-and-roles.md, 15.4): what a row demands of agents and of
//! approvers, as rules. Knows no table: matrices and risk tiers both are made of rows.

use super::approval::{ANYBODY, default_approval};
use super::make::{DENY, is_agent, made};
use super::{Actions, Approval, Guard, Kind, Rule, Slot, errors};
use crate::diagnostic::Diagnostic;
use crate::document::{Field, Node, Scalar};
use crate::source::{Span, Spanned};

/// More approvers than this are a slip of the pen.
const APPROVERS_MAX: usize = 16;

/// What an agent may do, the most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Agent {
    /// Act by itself.
    Auto,
    /// Act once people have approved.
    Recommend,
    /// Read and report.
    Analyze,
    /// Nothing.
    HumanOnly,
}

const AGENT: [(&str, Agent); 4] = [
    ("auto", Agent::Auto),
    ("recommend", Agent::Recommend),
    ("analyze", Agent::Analyze),
    ("human_only", Agent::HumanOnly),
];

/// A row, with the name that its rules start with.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) id: String,
    /// What it is about, in words.
    pub(super) about: String,
    pub(super) guard: Vec<Guard>,
    /// The roles of each person who must approve; none of them means anybody.
    pub(super) approvers: Vec<Vec<Spanned<String>>>,
    pub(super) agent: Agent,
    pub(super) span: Span,
}

/// The word for what an agent may do.
pub(super) fn agent(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Agent> {
    field.keyword(&AGENT, out).map(|word| word.value)
}

/// A list of persons: a role, `any`, or a list of roles of which each will do. It may be empty.
pub(super) fn approvers(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Vec<Vec<Spanned<String>>> {
    let persons = field.list(out).unwrap_or_default();
    if APPROVERS_MAX < persons.len() {
        out.push(errors::impossible_approval(
            field.span(),
            &format!("it takes more than {APPROVERS_MAX} people"),
        ));
    }
    let person = |field: Field<'_>| {
        let roles = match field.node() {
            Node::List(_) => field.nonempty_texts(out),
            Node::Scalar(_) | Node::Map(_) => field.nonempty_text(out).into_iter().collect(),
        };
        let anybody = roles.iter().any(|role| &*role.text == ANYBODY);
        let roles = roles.into_iter().map(Scalar::spanned);
        roles.filter(|_| !anybody).collect()
    };
    persons.into_iter().map(person).collect()
}

impl Row {
    /// Whether it demands all that another one does.
    pub(super) fn is_as_strict_as(&self, other: &Row) -> bool {
        let names = |row: &Row| {
            let persons = row.approvers.iter();
            let mut persons: Vec<Vec<String>> = persons
                .map(|roles| roles.iter().map(|role| role.value.clone()).collect())
                .collect();
            persons.sort();
            persons
        };
        let mut left = names(self);
        let has = |wanted: &Vec<String>| {
            let at = left.iter().position(|person| person == wanted);
            at.map(|at| left.remove(at)).is_some()
        };
        other.agent <= self.agent && names(other).iter().all(has)
    }

    /// The rules that it stands for.
    pub(super) fn rules(&self, actions: &Actions) -> Vec<Rule> {
        let mut rules = Vec::new();
        let slots: Vec<Slot> = self.approvers.iter().map(|roles| person(roles)).collect();
        if !slots.is_empty() {
            rules.push(self.asks(&self.id, slots, self.guard.clone(), actions));
        } else if self.agent == Agent::Recommend {
            let guard = self.for_agents();
            rules.push(self.asks(&self.id, vec![person(&[])], guard, actions));
        }
        let why = match self.agent {
            Agent::Auto | Agent::Recommend => return rules,
            Agent::Analyze => "an agent analyses this and reports; people do it",
            Agent::HumanOnly => "only people do this",
        };
        let id = format!("{}.agent", self.id);
        let mut denied = made(&id, self.span, DENY, actions.clone(), self.for_agents());
        denied.reason = Some(format!("{}: {why}", self.about));
        rules.push(denied);
        rules
    }

    fn for_agents(&self) -> Vec<Guard> {
        let mut guard = self.guard.clone();
        guard.push(is_agent(self.span));
        guard
    }

    fn asks(&self, id: &str, slots: Vec<Slot>, guard: Vec<Guard>, actions: &Actions) -> Rule {
        let mut body = default_approval(self.span);
        body.slots = slots;
        let kind = Kind::Ask(Approval::Inline(body));
        let mut rule = made(id, self.span, kind, actions.clone(), guard);
        rule.reason = Some(format!("{}: people approve this", self.about));
        rule
    }
}

/// Whoever approves for a table is a human.
fn person(roles: &[Spanned<String>]) -> Slot {
    Slot {
        roles: roles.to_vec(),
        teams: Vec::new(),
        human: true,
    }
}

/// What no row is about is denied. Nothing is left over where a row is about everything.
pub(super) fn rest(rows: &[Row], why: &str, span: Span, actions: &Actions) -> Option<Rule> {
    if rows.iter().any(|row| row.guard.is_empty()) {
        return None;
    }
    let guard = rows.iter().map(|row| Guard::NotAll(row.guard.clone())).collect();
    let mut rule = made("rest", span, DENY, actions.clone(), guard);
    rule.reason = Some(why.to_owned());
    Some(rule)
}
