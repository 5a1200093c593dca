//! Form `risk_tiers`: who decides on a change by how risky it is rated (spec/15-switches-and-roles.md, 15.8).

use super::make::{any_of, made};
use super::native::names;
use super::row::{self, Agent, Row};
use super::{Actions, Form, Kind, Lowering, Obligation, Rule};
use crate::document::{Field, Scalar};
use crate::source::Spanned;

pub(super) const FORM: Form = Form {
    key: "risk_tiers",
    doc: "who decides on a change by how risky it is rated",
    lower,
};

/// How much is written down.
const AUDIT: [(&str, &str); 4] = [
    ("standard", "audit:standard"),
    ("enhanced", "audit:enhanced"),
    ("comprehensive", "audit:comprehensive"),
    ("full", "audit:full"),
];

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let Some(mut fields) = field.fields("`risk_tiers`", to.out) else {
        return;
    };
    let span = fields.start();
    let actions = match fields.optional("action") {
        Some(field) => Actions::Named(names(field, to.out)),
        None => Actions::Leaving(vec!["risk"]),
    };
    let mut rows = Vec::new();
    for (tier, field) in fields.rest() {
        if let Some(row) = lower_tier(tier, field, &actions, to) {
            to.parts.rules.extend(row.rules(&actions));
            rows.push(row);
        }
    }
    fields.finish(to.out);
    if rows.is_empty() {
        let tiers = ["low", "medium", "high", "critical"];
        to.out
            .push(super::errors::needs_one(span, "`risk_tiers`", &tiers));
        return;
    }
    let rest = row::rest(&rows, "the risk of this is not rated", span, &actions);
    to.parts.rules.extend(rest);
}

fn lower_tier(tier: &Scalar, field: Field<'_>, actions: &Actions, to: &mut Lowering<'_>) -> Option<Row> {
    let mut fields = field.fields("a tier", to.out)?;
    let approvers = fields
        .optional("approvers")
        .map(|field| row::approvers(field, to.out))
        .unwrap_or_default();
    let agent = fields
        .required("agent")
        .and_then(|field| row::agent(field, to.out));
    let audit = fields
        .optional("audit")
        .and_then(|field| field.keyword(&AUDIT, to.out));
    fields.finish(to.out);
    let guard = vec![any_of("risk", vec![tier.clone()], tier.span)];
    if let Some(audit) = audit {
        let id = format!("{}.audit", tier.text);
        let mut rule: Rule = made(&id, audit.span, Kind::Require, actions.clone(), guard.clone());
        rule.obligations = vec![Obligation::bare(Spanned::new(audit.value.to_owned(), audit.span))];
        to.parts.rules.push(rule);
    }
    Some(Row {
        id: tier.text.to_string(),
        about: format!("{} risk", tier.text),
        guard,
        approvers,
        agent: agent.unwrap_or(Agent::HumanOnly),
        span: tier.span,
    })
}
