//! The stages of the way from text to answer, each as it stands for one request: what one looks at when an answer
//! surprises.

use std::collections::BTreeSet;

use bailiwick::machinery::condition::Facts;
use bailiwick::machinery::decision::{self, Compiled};
use bailiwick::machinery::form::{self, Guard};
use bailiwick::machinery::model::{Document, Kind, Policies, RuleRef, ScopeEntry, ScopeNames};
use bailiwick::machinery::source::{SourceMap, Spanned};
use bailiwick::machinery::{document, value::Tri};
use bailiwick::{Decision, Stamp};
use bailiwick_loader::Loaded;

use super::questions;

const NO_POLICIES: &str = "no policy set has the request's tenant";

/// The documents, those that apply first.
pub(super) fn documents(decision: &Decision<'_>) -> String {
    let Some(compiled) = decision.compiled() else {
        return NO_POLICIES.to_owned();
    };
    let mut lines = Vec::new();
    for (applies, heading) in [(true, "these apply"), (false, "these do not")] {
        let of = |document: &&Document| decision::applies(document, decision.request()) == applies;
        let found = compiled.set.parts().into_iter().flat_map(|policies| {
            policies
                .documents
                .iter()
                .filter(of)
                .map(|document| document_line(document, policies))
        });
        let found: Vec<String> = found.collect();
        if !found.is_empty() {
            lines.push(heading.to_owned());
            lines.extend(found);
        }
    }
    lines.join("\n")
}

fn document_line(document: &Document, policies: &Policies) -> String {
    let place = policies.sources.place(document.span);
    let mut scope: Vec<String> = document.scope.iter().map(scope_entry).collect();
    scope.dedup();
    let scope = if scope.is_empty() {
        String::new()
    } else {
        format!("  for {}", scope.join(", "))
    };
    let content = document.content.short(12);
    format!(
        "  {:<12}  {}{scope}  {place}  {content}",
        document.level.as_str(),
        document.name()
    )
}

fn scope_entry(entry: &ScopeEntry) -> String {
    match &entry.names {
        ScopeNames::Exact(names) => format!("{} {}", entry.level, names.join("|")),
        ScopeNames::Globs(globs) => format!("{} {}", entry.level, globs.patterns().join("|")),
    }
}

/// The rules of the documents that apply, as written, forms lowered.
pub(super) fn rules(decision: &Decision<'_>, mut loaded: Loaded) -> String {
    let Some(compiled) = decision.compiled() else {
        return NO_POLICIES.to_owned();
    };
    let documents = compiled
        .set
        .parts()
        .into_iter()
        .flat_map(|policies| &policies.documents);
    let applying = documents.filter(|document| decision::applies(document, decision.request()));
    let names: BTreeSet<(&str, String)> = applying
        .map(|document| (document.level.as_str(), document.name()))
        .collect();
    loaded.policies.sort_by_key(|source| source.level);
    let (mut lines, mut map, mut out) = (Vec::new(), SourceMap::default(), Vec::new());
    for source in loaded
        .policies
        .iter()
        .filter(|source| source.tenant.is_none() || source.tenant == compiled.set.tenant)
    {
        let id = map.add(&source.name, source.text.clone());
        for node in document::parse(id, &map, &mut out) {
            let lowered = form::lower(&node, source, &mut out);
            let wanted = |document: &form::Document| {
                names.contains(&(
                    document.level.as_str(),
                    format!("{}@{}", document.id.value, document.version),
                ))
            };
            if let Some(document) = lowered.filter(wanted) {
                lines.push(format!("{} at the {} level", document.id.value, document.level));
                lines.extend(
                    document
                        .parts
                        .rules
                        .iter()
                        .flat_map(|rule| rule_lines(rule, &map)),
                );
            }
        }
    }
    lines.join("\n")
}

fn rule_lines(rule: &form::Rule, sources: &SourceMap) -> Vec<String> {
    let actions = match &rule.actions {
        form::Actions::Named(names) => joined(names),
        form::Actions::But(names, but) => format!("{}, but {}", joined(names), joined(but)),
        form::Actions::Leaving(having) if having.is_empty() => {
            "all by which a change leaves the workspace".to_owned()
        }
        form::Actions::Leaving(having) => format!(
            "all by which a change leaves the workspace, with {}",
            having.join(", ")
        ),
        form::Actions::Mutating => "all that change something".to_owned(),
        form::Actions::Above(mode) => format!("all above the mode {}", mode.value),
    };
    let head = format!(
        "  {:<7} {}  {}: {actions}",
        kind(&rule.kind),
        sources.place(rule.span),
        rule.id.value
    );
    let guard = rule
        .guard
        .iter()
        .map(|guard| format!("            {}", guard_in_words(guard)));
    let criteria = match &rule.kind {
        form::Kind::Gate(criteria) => criteria.as_slice(),
        _ => &[],
    };
    let criteria = criteria
        .iter()
        .map(|known| format!("            {}: {}", known.name.value, known.condition.text));
    std::iter::once(head).chain(guard).chain(criteria).collect()
}

fn joined(names: &[Spanned<String>]) -> String {
    let names: Vec<&str> = names.iter().map(|name| name.value.as_str()).collect();
    names.join(", ")
}

fn guard_in_words(guard: &Guard) -> String {
    match guard {
        Guard::Selector {
            selector,
            values,
            negated,
        } => {
            let values: Vec<&str> = values.iter().map(|value| &*value.text).collect();
            let not = if *negated { "not " } else { "" };
            format!("{not}{} {}", selector.value, values.join(", "))
        }
        Guard::When(text) => format!("when {}", text.text),
        Guard::Unless(text) => format!("unless {}", text.text),
        Guard::NotAll(parts) => {
            let parts: Vec<String> = parts.iter().map(guard_in_words).collect();
            format!("not all of: {}", parts.join("; "))
        }
    }
}

fn kind(kind: &form::Kind) -> &'static str {
    match kind {
        form::Kind::Allow => "allow",
        form::Kind::Only => "only",
        form::Kind::Ask(_) => "ask",
        form::Kind::Deny { .. } => "deny",
        form::Kind::Gate(_) => "gate",
        form::Kind::Require => "require",
        form::Kind::Limit(_) => "limit",
        form::Kind::Switch(_) => "switch",
    }
}

/// The rules that the trees led to, effect by effect, and how each of their conditions comes out.
pub(super) fn model(decision: &Decision<'_>) -> String {
    let Some(compiled) = decision.compiled() else {
        return NO_POLICIES.to_owned();
    };
    let mut lines = Vec::new();
    for (at, effect) in decision.explain().effects.iter().enumerate() {
        lines.push(format!("effect {at}  {effect}"));
        for (part, walk) in questions::walks(decision, at).into_iter().enumerate() {
            let references = walk.rules.into_iter().map(|rule| RuleRef {
                part: part as u8,
                rule,
            });
            lines.extend(references.flat_map(|rule| model_lines(decision, compiled, rule, at)));
        }
    }
    lines.join("\n")
}

fn model_lines(decision: &Decision<'_>, compiled: &Compiled, at: RuleRef, effect: usize) -> Vec<String> {
    let (rule, document) = (compiled.set.rule(at), compiled.set.document_of(at));
    let policies = compiled.set.parts()[at.part as usize];
    let names_it = decision.verdict().effects[effect]
        .kind()
        .is_some_and(|kind| rule.actions.binary_search(&kind).is_ok());
    if !names_it || !decision::applies(document, decision.request()) {
        return Vec::new();
    }
    let sight = decision::sight(
        compiled,
        decision.request(),
        decision.verdict(),
        document.level,
        effect,
    );
    let mut lines = vec![format!(
        "  {:<7} {}/{}  {}",
        rule.kind.as_str(),
        document.id,
        rule.id,
        policies.sources.place(rule.span)
    )];
    let mut line = |word: &str, condition: u32| {
        let condition = &policies.conditions[condition as usize];
        lines.push(format!(
            "    {:<8} {word}{}",
            truth(condition.eval(&sight as &dyn Facts)),
            condition.print(&policies.schema)
        ));
    };
    rule.guard.iter().for_each(|condition| line("", condition.0));
    if let Kind::Gate(criteria) = &rule.kind {
        criteria
            .iter()
            .for_each(|criterion| line(&format!("{}: ", criterion.name), criterion.condition.0));
    }
    if let Kind::Limit(_) = &rule.kind {
        lines.extend(figures(
            decision,
            &format!("{}@{}", document.id, document.version),
            &rule.id,
        ));
    }
    lines
}

/// How a limit's cap and floor stand, as the record will show it.
fn figures(decision: &Decision<'_>, policy: &str, rule: &str) -> Vec<String> {
    let record = decision.record(Stamp::default());
    let caps = record
        .caps
        .iter()
        .filter(|cap| cap.policy == policy && cap.rule == rule);
    let caps = caps.map(|cap| {
        let whose = cap
            .entity
            .as_ref()
            .map_or(String::new(), |entity| format!(" of {entity}"));
        let (unit, used, needs, most) = (&cap.unit, &cap.used, &cap.needs, &cap.at_most);
        format!(
            "    {:<8} {unit}{whose}: used {used}, needs {needs}, at most {most}",
            cap.state
        )
    });
    let floors = record
        .floors
        .iter()
        .filter(|floor| floor.policy == policy && floor.rule == rule);
    let floors = floors.map(|floor| {
        let (unit, needs, least) = (&floor.unit, &floor.needs, &floor.at_least);
        format!(
            "    {:<8} {unit}: comes to {needs}, at least {least}",
            floor.state
        )
    });
    caps.chain(floors).collect()
}

fn truth(truth: Tri) -> &'static str {
    match truth {
        Tri::True => "true",
        Tri::Unknown => "unknown",
        Tri::False => "false",
    }
}

/// What the request would do, with what is known of each effect.
pub(super) fn effects(decision: &Decision<'_>) -> String {
    let record = decision.record(Stamp::default());
    let lines = record
        .effects
        .iter()
        .enumerate()
        .map(|(at, effect)| format!("{at}  {effect}"));
    lines.collect::<Vec<_>>().join("\n")
}

/// What each rule that fired contributes, the engine's own denials first.
pub(super) fn verdict(decision: &Decision<'_>) -> String {
    let verdict = decision.verdict();
    let mut lines = vec![format!("{}", verdict.outcome)];
    lines.extend(verdict.refusals.iter().map(|refusal| {
        format!(
            "  denied        engine: {}: {}",
            refusal.kind.as_str(),
            refusal.message
        )
    }));
    let Some(compiled) = decision.compiled() else {
        return lines.join("\n");
    };
    for finding in &verdict.findings {
        let outcome = decision::contribution(&compiled.set, finding, &verdict.requirements);
        let (rule, document) = (
            compiled.set.rule(finding.rule),
            compiled.set.document_of(finding.rule),
        );
        let on: Vec<String> = finding.on.iter().map(u32::to_string).collect();
        let matched = format!("{:?}", finding.matched).to_lowercase();
        lines.push(format!(
            "  {:<12}  {:<12}  {:<7} {}/{}  match {matched}, effect {}",
            outcome.as_str(),
            finding.level.as_str(),
            rule.kind.as_str(),
            document.id,
            rule.id,
            on.join(", ")
        ));
    }
    for known in &verdict.requirements {
        let id = &compiled.set.requirement(known.requirement).id;
        lines.push(format!("  requirement   {id}  {:?}", known.standing));
    }
    lines.extend(
        verdict
            .obligations
            .iter()
            .map(|owed| format!("  obligation    {}", owed.owed.name)),
    );
    lines.join("\n")
}

/// The record, laid out.
pub(super) fn record(decision: &Decision<'_>) -> String {
    format!("{:#}", decision.record(Stamp::default()).to_json())
}
