//! Form `agent_onboarding`: a repository opts in. What is known of it, and what agents may do there (spec/11-forms.md).

use std::collections::BTreeMap;

use super::approval::default_approval;
use super::make::{
    DENY, at_level, autonomy_cap, forbidden_paths, is_agent, key, made, named, none_of, speak_for,
};
use super::{Actions, Approval, Form, Kind, Lowering, Obligation, Onboarding, Rule, Slot, errors};
use crate::document::{Field, Fields, Scalar};
use crate::source::{Level, Span, Spanned};

pub(super) const FORM: Form = Form {
    key: "agent_onboarding",
    doc: "a repository opts in: what is known of it, what agents may do there",
    lower,
};

/// The keys that are facts, and the attributes that they state.
const FACTS: [(&str, &str); 4] = [
    ("owner_team", "repository.team"),
    ("risk_tier", "repository.risk_tier"),
    ("verifier_profile", "repository.verifier_profile"),
    ("instructions_file", "repository.instructions_file"),
];

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let Some(mut fields) = field.fields("`agent_onboarding`", to.out) else {
        return;
    };
    at_level(to, Level::Repository, "agent_onboarding", fields.start());
    let repository = fields
        .required("repo")
        .and_then(|field| field.nonempty_text(to.out));
    let facts = facts(&mut fields, to);
    if let Some(repository) = repository {
        speak_for(repository, key(&fields, "repo"), to);
        if repository.text.contains(['*', '?', '[', '{']) {
            to.out
                .push(errors::pattern_of_repositories(repository.span, &repository.text));
        }
        let repository = repository.spanned();
        to.parts.onboardings.push(Onboarding { repository, facts });
    }
    if let Some(classes) = fields.optional("allowed_task_classes") {
        let classes = classes.texts(to.out).into_iter().cloned().collect();
        to.parts.rules.push(allowed_task_classes(
            classes,
            key(&fields, "allowed_task_classes"),
        ));
    }
    if let Some(paths) = fields.optional("forbidden_paths") {
        let paths = paths.nonempty_texts(to.out);
        to.parts
            .rules
            .push(forbidden_paths(&paths, key(&fields, "forbidden_paths")));
    }
    if let Some(cap) = fields
        .optional("autonomy_max")
        .and_then(|field| field.nonempty_text(to.out))
    {
        to.parts.rules.push(autonomy_cap("autonomy_max", cap));
    }
    let reviewers = fields
        .optional("required_reviewers")
        .and_then(|field| field.nonempty_list(to.out));
    let teams = reviewers
        .unwrap_or_default()
        .into_iter()
        .filter_map(|field| reviewer(field, to));
    let teams: BTreeMap<String, Span> = teams.map(|team| (team.value, team.span)).collect();
    let teams = teams.into_iter().map(|(team, span)| Spanned::new(team, span));
    to.parts.rules.extend(teams.flat_map(required_reviewer));
    fields.finish(to.out);
}

fn facts(fields: &mut Fields<'_>, to: &mut Lowering<'_>) -> Vec<(&'static str, Spanned<String>)> {
    let mut facts = Vec::new();
    for (key, attribute) in FACTS {
        if let Some(value) = fields.optional(key).and_then(|field| field.nonempty_text(to.out)) {
            facts.push((attribute, value.spanned()));
        }
    }
    facts
}

/// An agent whose task is of another class changes nothing.
fn allowed_task_classes(classes: Vec<Scalar>, span: Span) -> Rule {
    let guard = vec![is_agent(span), none_of("task_class", classes, span)];
    let mut rule = made("allowed_task_classes", span, DENY, Actions::Mutating, guard);
    rule.reason = Some("task class not allowed in this repository".to_owned());
    rule
}

fn reviewer(field: Field<'_>, to: &mut Lowering<'_>) -> Option<Spanned<String>> {
    let mut fields = field.fields("a reviewer", to.out)?;
    let team = fields
        .required("team")
        .and_then(|field| field.nonempty_text(to.out));
    fields.finish(to.out);
    team.map(Scalar::spanned)
}

/// A merge waits for somebody of the team; opening the pull request asks them for a review.
fn required_reviewer(team: Spanned<String>) -> [Rule; 2] {
    let span = team.span;
    let mut body = default_approval(span);
    body.slots = vec![Slot {
        roles: Vec::new(),
        teams: vec![team.clone()],
        human: false,
    }];
    let id = format!("required_reviewers.{}", team.value);
    let mut merge = made(
        &id,
        span,
        Kind::Ask(Approval::Inline(body)),
        named(&["pr.merge"], span),
        Vec::new(),
    );
    merge.reason = Some(format!("needs a reviewer of {}", team.value));
    let review = named(&["pr.create", "pr.create_draft", "pr.mark_ready"], span);
    let mut request = made(
        &format!("request_review.{}", team.value),
        span,
        Kind::Require,
        review,
        Vec::new(),
    );
    let review = Spanned::new(format!("request_review:{}", team.value), span);
    request.obligations = vec![Obligation::bare(review)];
    [merge, request]
}
