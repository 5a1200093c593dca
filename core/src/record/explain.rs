//! A decision for people: the sentence of the record, and the ladder of levels with the rules, their lines, and what would
//! make the answer allowed.

use std::collections::BTreeSet;
use std::fmt;

use super::case::Case;
use crate::decision::{
    self, Change, Compiled, CriterionState, Figure, Finding, LimitState, Match, Note, Refusal, Standing,
    Verdict,
};
use crate::model::{Kind, Limit, PolicySet, Rule};
use crate::outcome::Outcome;
use crate::request::{Request, State};
use crate::source::Level;
use crate::value::{Fact, Tri, Value, timestamp};

/// A decision explained. Displays as a person reads it.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The answer.
    pub outcome: Outcome,
    /// Why, in one or two sentences.
    pub sentence: String,
    /// What the request would do, in words, by the place of the effect.
    pub effects: Vec<String>,
    /// The levels from the platform down, each with what its rules say.
    pub ladder: Vec<Step>,
    /// What the request leaves unsaid and a rule would have needed.
    pub unknowns: Vec<String>,
    /// The smallest change that would make it allowed; empty where there is none, or none is needed.
    pub changes: Vec<Change>,
}

/// One level of the ladder.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The level.
    pub level: Level,
    /// Its verdict alone.
    pub outcome: Outcome,
    /// What each of its rules that fired says, one line each.
    pub lines: Vec<String>,
}

/// Explains a decision.
pub fn explain(
    compiled: Option<&Compiled>,
    request: &Request,
    state: &State,
    verdict: &Verdict,
) -> Explanation {
    let case = &Case {
        compiled,
        request,
        state,
        verdict,
    };
    let changes = compiled.map_or_else(Vec::new, |compiled| decision::changes(compiled, request, state));
    let step = |level: Level| Step {
        level,
        outcome: case.verdict.levels[level.index()],
        lines: lines(case, level),
    };
    Explanation {
        outcome: case.verdict.outcome,
        sentence: sentence(case),
        effects: (0..case.verdict.effects.len())
            .map(|at| effect(case, at))
            .collect(),
        ladder: Level::ALL.into_iter().map(step).collect(),
        unknowns: case.unknowns().into_iter().collect(),
        changes,
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}", self.outcome, self.sentence)?;
        writeln!(f, "\neffects")?;
        for (at, effect) in self.effects.iter().enumerate() {
            writeln!(f, "  {at}  {effect}")?;
        }
        writeln!(f, "\nlevels")?;
        for step in &self.ladder {
            writeln!(f, "  {:<12}  {}", step.level.as_str(), step.outcome)?;
            for line in &step.lines {
                writeln!(f, "    {line}")?;
            }
        }
        if !self.unknowns.is_empty() {
            writeln!(f, "\nunsaid: {}", self.unknowns.join(", "))?;
        }
        match (self.outcome, self.changes.as_slice()) {
            (Outcome::Allowed, _) => Ok(()),
            (_, []) => writeln!(
                f,
                "\nwhat would make it allowed: nothing that the request could say; a rule would have to change"
            ),
            (_, changes) => {
                writeln!(f, "\nwhat would make it allowed (checked by deciding again):")?;
                changes.iter().try_for_each(|change| writeln!(f, "  - {change}"))
            }
        }
    }
}

/// The explanation of the record: why, by which rule, at which level.
pub(super) fn sentence(case: &Case<'_>) -> String {
    if let Some(refusal) = case.verdict.refusals.first() {
        // A rule that denies says more than that nothing grants.
        if case
            .deciding()
            .is_none_or(|_| refusal.kind.leaves_nothing_to_decide())
        {
            return refused(case, refusal);
        }
    }
    let Some(set) = case.set() else {
        return "Denied.".to_owned();
    };
    match (case.verdict.outcome, case.deciding()) {
        (Outcome::Allowed, _) => allowed(case, set),
        (_, Some(finding)) => decided(case, set, finding),
        (_, None) => "Denied.".to_owned(),
    }
}

fn refused(case: &Case<'_>, refusal: &Refusal) -> String {
    let others = case.verdict.refusals.len() - 1;
    let more = if others == 0 {
        String::new()
    } else {
        format!(" ({others} more of the engine's own)")
    };
    format!(
        "Denied at the platform level by the engine itself, `{}`: {}{more}.",
        refusal.kind.as_str(),
        refusal.message
    )
}

fn allowed(case: &Case<'_>, set: &PolicySet) -> String {
    let by = case.grant().map_or(String::new(), |finding| {
        format!(": granted by {}", rule_in_words(set, finding))
    });
    let approved: Vec<String> = case
        .verdict
        .requirements
        .iter()
        .filter_map(|known| met(set, known))
        .collect();
    let approvals = if approved.is_empty() {
        ", and no level restricts it".to_owned()
    } else {
        format!("; {}", approved.join("; "))
    };
    let owed: BTreeSet<&str> = case
        .verdict
        .obligations
        .iter()
        .map(|owed| owed.owed.name.as_str())
        .collect();
    let owed: Vec<&str> = owed.into_iter().collect();
    let owes = if owed.is_empty() {
        String::new()
    } else {
        format!(" Owed: {}.", owed.join(", "))
    };
    format!("Allowed{by}{approvals}.{owes}")
}

/// "approved by team-lead-3 and on-call-5 (`production@5c35d5e4`)", or by way of a bypass.
fn met(set: &PolicySet, known: &decision::Requirement) -> Option<String> {
    let Standing::Satisfied { by, until } = &known.standing else {
        return None;
    };
    let (id, by) = (&set.requirement(known.requirement).id, by.join(" and "));
    let until = until.map_or(String::new(), |until| format!(" until {}", timestamp(until)));
    let way = if known.bypass {
        "under the emergency bypass"
    } else {
        "approved"
    };
    Some(format!("{way}{until}, by {by} (`{id}`)"))
}

/// "Forbidden path: the rule ... denies writing `x`. It needs ..., and 2 other rules deny it too."
fn decided(case: &Case<'_>, set: &PolicySet, finding: &Finding) -> String {
    let rule = set.rule(finding.rule);
    let verb = if case.verdict.outcome == Outcome::Denied {
        "denies"
    } else {
        "asks for approval of"
    };
    let reason = rule.reason.as_ref().map_or(String::new(), |reason| {
        format!("{} — ", reason.trim_end_matches('.'))
    });
    let what = finding
        .on
        .first()
        .map_or(String::new(), |&at| effect(case, at as usize));
    let because = because(case, set, finding);
    let first = format!("{reason}{} {verb} {what}{because}.", rule_in_words(set, finding));
    let (others, bypass) = (others(case, set, finding), way_round(case, set, finding));
    format!("{}{others}{bypass}", capital(&first))
}

/// The emergency way round the rule that decided, where it would help.
fn way_round(case: &Case<'_>, set: &PolicySet, finding: &Finding) -> String {
    let Some((asked, true)) = decision::asks(set, finding) else {
        return String::new();
    };
    if decision::denied_for_good(set, case.verdict) {
        return String::new();
    }
    let requirement = set.requirement(asked);
    let who = decision::all_in_words(&requirement.slots).join(" and ");
    format!(" In an emergency `{}` lifts it, given by {who}.", requirement.id)
}

fn because(case: &Case<'_>, set: &PolicySet, finding: &Finding) -> String {
    let unknowns: Vec<String> = case
        .unknowns_of(finding)
        .iter()
        .map(|name| format!("`{name}`"))
        .collect();
    let unsaid = || format!(", since the request does not say {}", unknowns.join(", "));
    match (&set.rule(finding.rule).kind, finding.matched) {
        (Kind::Gate(criteria), _) => {
            let open = criteria
                .iter()
                .zip(&finding.criteria)
                .filter(|(criterion, state)| criterion.blocks && **state != CriterionState::Held);
            let names: Vec<String> = open
                .map(|(criterion, state)| open_in_words(&criterion.name, *state))
                .collect();
            format!("; {}", names.join(", "))
        }
        (Kind::Limit(limit), _) => {
            let figure = finding.figure.as_deref();
            figure.map_or(String::new(), |figure| figure_in_words(limit, figure, &unsaid()))
        }
        (Kind::Only, _) if finding.matched == Match::Closed => {
            format!(
                "; at the {} level only what such a rule matches is allowed",
                finding.level
            )
        }
        // Of what cannot be read nothing could be said.
        (_, Match::Unknown)
            if finding
                .on
                .iter()
                .all(|&at| case.verdict.effects[at as usize].opaque()) =>
        {
            String::new()
        }
        (_, Match::Unknown) if !unknowns.is_empty() => unsaid(),
        _ => String::new(),
    }
}

/// "; 98000 tokens of the task `t1` are used and 5000 more are needed, of 100000 at most"
fn figure_in_words(limit: &Limit, figure: &Figure, unsaid: &str) -> String {
    let unit = &limit.unit;
    match (figure.state, figure.used, figure.needs) {
        (LimitState::Unknown, ..) if unsaid.is_empty() => "; what it comes to is not known".to_owned(),
        (LimitState::Unknown, ..) => unsaid.to_owned(),
        (LimitState::Contradicted, ..) => {
            "; what must be kept at least is more than what may be kept at most".to_owned()
        }
        (_, used, Fact::Known(needs)) => {
            let bound = match (limit.at_most, limit.at_least) {
                (Some(cap), _) => format!("{cap} at most"),
                (None, Some(floor)) => format!("{floor} at least"),
                (None, None) => return String::new(),
            };
            let of = match (&limit.per, &figure.entity) {
                (Some(per), Fact::Known(entity)) => format!(" of the {} `{entity}`", per.name),
                _ => String::new(),
            };
            let window = limit.per.as_ref().and_then(|per| per.window.as_ref());
            let window = window.map_or(String::new(), |window| format!(" within {window}"));
            match used.known() {
                Some(used) if limit.per.is_some() => {
                    format!(
                        "; {used} {unit}{of} are used{window}, and {needs} more make {}, of {bound}",
                        used.plus(needs)
                    )
                }
                _ => format!("; it takes {needs} {unit}, of {bound}"),
            }
        }
        (_, _, _) => String::new(),
    }
}

fn open_in_words(name: &str, state: CriterionState) -> String {
    match state {
        CriterionState::Failed => format!("`{name}` does not hold"),
        CriterionState::Missing => format!("`{name}` is not reported"),
        CriterionState::Held => format!("`{name}` holds"),
    }
}

/// What else stands in the way, or what approval is needed.
fn others(case: &Case<'_>, set: &PolicySet, finding: &Finding) -> String {
    if case.verdict.outcome == Outcome::AskApproval {
        let open = case
            .verdict
            .requirements
            .iter()
            .filter_map(|known| open_requirement(set, known));
        let open: Vec<String> = open.collect();
        return format!(" It needs {}.", open.join("; and "));
    }
    let contributes = |other: &&Finding| {
        decision::contribution(set, other, &case.verdict.requirements) == Outcome::Denied
            && other.rule != finding.rule
    };
    let other = |other: &Finding| (other.level, case.name_of(other.rule), other.rule);
    let rules: BTreeSet<_> = case
        .verdict
        .findings
        .iter()
        .filter(contributes)
        .map(other)
        .collect();
    let engine = case
        .verdict
        .refusals
        .iter()
        .map(|refusal| format!("the engine (`{}`)", refusal.kind.as_str()));
    let named = rules
        .iter()
        .map(|(level, (policy, rule), _)| format!("`{rule}` of {policy} at the {level} level"));
    let mut all: Vec<String> = engine.chain(named).collect();
    match all.len() {
        0 => String::new(),
        1 => format!(" So does {}.", all.remove(0)),
        more => format!(" So do {more} others, the first of them {}.", all.remove(0)),
    }
}

fn open_requirement(set: &PolicySet, known: &decision::Requirement) -> Option<String> {
    let Standing::Outstanding {
        missing,
        deadline,
        escalated,
        note,
    } = &known.standing
    else {
        return None;
    };
    let requirement = set.requirement(known.requirement);
    let slots = requirement.slots.len();
    let who = if *escalated {
        format!(
            "somebody with the role {}, as escalation",
            requirement.escalation.as_deref().unwrap_or_default()
        )
    } else {
        decision::all_in_words(&requirement.slots).join(" and ")
    };
    let until = deadline.map_or(String::new(), |deadline| {
        format!(", until {}", timestamp(deadline))
    });
    let note = note.map_or(String::new(), |note| format!(" ({})", note_in_words(note)));
    let given = slots - (*missing).min(slots);
    let given = if *escalated || given == 0 {
        String::new()
    } else {
        format!("; {given} of {slots} given")
    };
    Some(format!("`{}`: {who}{until}{given}{note}", requirement.id))
}

fn note_in_words(note: Note) -> &'static str {
    match note {
        Note::NotAsked => "the approvals given do not count: the request does not say `asked_at`",
        Note::Unbound => {
            "no approval counts: the request does not say what it would be bound to, such as `head_sha`"
        }
        Note::OtherOperation => "the approvals given are for another operation",
    }
}

/// "the rule `forbidden_paths` of repo_policy@1 at the repository level". No line: the sentence is part of what the record's
/// hash covers, and a rule may move without changing its meaning.
fn rule_in_words(set: &PolicySet, finding: &Finding) -> String {
    let rule = set.rule(finding.rule);
    let document = set.document_of(finding.rule);
    format!(
        "the rule `{}` of {} at the {} level",
        rule.id,
        document.name(),
        document.level
    )
}

fn place(case: &Case<'_>, rule: &Rule, finding: &Finding) -> String {
    case.part(finding.rule)
        .map_or(String::new(), |part| part.sources.place(rule.span).to_string())
}

/// What the rules of a level say, the engine's denials first at the platform.
fn lines(case: &Case<'_>, level: Level) -> Vec<String> {
    let mut lines = Vec::new();
    if level == Level::Platform {
        lines.extend(
            case.verdict
                .refusals
                .iter()
                .map(|refusal| format!("{:<7} engine: {}{}", "denies", refusal.message, on(&refusal.on))),
        );
    }
    let Some(set) = case.set() else { return lines };
    lines.extend(
        case.verdict
            .findings
            .iter()
            .filter(|finding| finding.level == level)
            .map(|finding| line(case, set, finding)),
    );
    lines
}

fn line(case: &Case<'_>, set: &PolicySet, finding: &Finding) -> String {
    let rule = set.rule(finding.rule);
    let verb = match (&rule.kind, finding.matched) {
        (Kind::Only, Match::Closed) => "closes",
        (Kind::Gate(_), _) if finding.outcome == Outcome::Allowed => "holds",
        (Kind::Limit(_), _) if finding.outcome == Outcome::Allowed => "counts",
        (kind, _) => kind.as_str(),
    };
    let unknowns = case.unknowns_of(finding);
    let unsaid = if unknowns.is_empty() || finding.matched == Match::Known {
        String::new()
    } else {
        format!(
            " [unknown: {}]",
            unknowns.into_iter().collect::<Vec<_>>().join(", ")
        )
    };
    let standing =
        decision::asks(set, finding).map_or(String::new(), |(asked, _)| standing(case, set, asked));
    let reason = rule
        .reason
        .as_ref()
        .map_or(String::new(), |reason| format!(" — {reason}"));
    let name = format!("{}/{}", set.document_of(finding.rule).id, rule.id);
    format!(
        "{verb:<7} {name}{unsaid}{}{reason}{standing}  {}",
        on(&finding.on),
        place(case, rule, finding)
    )
}

fn on(effects: &[u32]) -> String {
    if effects.is_empty() {
        return String::new();
    }
    let shown: Vec<String> = effects.iter().take(8).map(u32::to_string).collect();
    let more = if effects.len() > shown.len() { ", ..." } else { "" };
    format!(" (effect {}{more})", shown.join(", "))
}

fn standing(case: &Case<'_>, set: &PolicySet, asked: crate::model::RequirementRef) -> String {
    let id = &set.requirement(asked).id;
    let known = case
        .verdict
        .requirements
        .iter()
        .find(|known| set.requirement(known.requirement).id == *id);
    match known.map(|known| &known.standing) {
        Some(Standing::Satisfied { by, until }) => {
            let until = until.map_or(String::new(), |until| format!(" until {}", timestamp(until)));
            format!("; approved by {}{until}", by.join(", "))
        }
        Some(Standing::Rejected { by }) => format!("; rejected by {}", by.join(", ")),
        Some(Standing::Blocked { since }) => format!("; nobody answered until {}", timestamp(*since)),
        Some(Standing::Outstanding { .. }) => format!("; needs `{id}`"),
        None => String::new(),
    }
}

/// "file.write src/a.rs", with what is known of the effect that people look for first.
fn effect(case: &Case<'_>, at: usize) -> String {
    let schema = case.schema();
    let effect = &case.verdict.effects[at];
    let kind = effect
        .kind()
        .map_or(case.request.action(), |kind| &schema.action(kind).name);
    if effect.opaque() {
        return format!("possibly {kind} (part of the request cannot be read)");
    }
    let facts = SHOWN.iter().filter_map(|name| {
        let attribute = schema.attribute_named(name)?;
        let belongs = effect.kind().is_some_and(|kind| schema.belongs(attribute, kind));
        let fact = effect.fact(attribute, case.request, &case.verdict.bound, schema);
        match fact {
            Fact::Known(value) if belongs => Some(in_words(value)),
            _ => None,
        }
    });
    let both_ends = kind == "file.move" && !effect.derived();
    let facts: Vec<String> = facts.take(if both_ends { 2 } else { 1 }).collect();
    let below = if effect.recursive() == Tri::True {
        " and everything below it"
    } else {
        ""
    };
    if facts.is_empty() {
        kind.to_owned()
    } else {
        format!("{kind} {}{below}", facts.join(" to "))
    }
}

/// What people look for first in an effect.
const SHOWN: [&str; 21] = [
    "command",
    "argv",
    "program",
    "path",
    "destination",
    "url",
    "host",
    "branch.name",
    "tag",
    "number",
    "mcp_tool",
    "model",
    "secret",
    "credential_kind",
    "service",
    "artifact_kind",
    "policy_id",
    "requirement",
    "target_count",
    "wave",
    "changed_files",
];

fn in_words(value: &Value) -> String {
    match value {
        Value::String(text) => shortened(text),
        Value::List(list) => {
            let items: Vec<&str> = list.items.iter().filter_map(Value::as_str).collect();
            shortened(&items.join(" "))
        }
        other => crate::request::written(other).to_string(),
    }
}

fn shortened(text: &str) -> String {
    const MOST: usize = 80;
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(MOST)
        .collect();
    if line.chars().count() < text.chars().count() {
        format!("`{line}...`")
    } else {
        format!("`{line}`")
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(characters).collect()
    })
}
