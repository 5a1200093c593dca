//! Form `roles`: what whoever has a role may ask for (spec/15-switches-and-roles.md, 15.5).

use std::collections::BTreeMap;

use super::make::{DENY, made, none_of};
use super::native::names;
use super::{Actions, Form, Lowering, errors};
use crate::document::{Field, Node, Scalar};
use crate::source::{Span, Spanned};

pub(super) const FORM: Form = Form {
    key: "roles",
    doc: "what whoever has a role may ask for",
    lower,
};

/// Every action.
const ALL: &str = "*";

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let mut entries: BTreeMap<String, Span> = BTreeMap::new();
    let mut listed: Vec<(Scalar, Vec<Spanned<String>>)> = Vec::new();
    for (role, field) in field.nonempty_entries(to.out).unwrap_or_default() {
        let actions = match field.node() {
            Node::List(list) if list.items.is_empty() => {
                to.out.push(errors::role_grants_nothing(role.span, &role.text));
                Vec::new()
            }
            _ => names(field, to.out),
        };
        for action in actions.iter().filter(|action| action.value != ALL) {
            if !is_name_or_branch(&action.value) {
                to.out.push(errors::partial_pattern(action.span, &action.value));
            }
            entries.entry(action.value.clone()).or_insert(action.span);
        }
        listed.push((role.clone(), actions));
    }
    let narrower = |wide: &str| -> Vec<Spanned<String>> {
        let inside = entries
            .iter()
            .filter(|(name, _)| name.as_str() != wide && covers(wide, name));
        inside
            .map(|(name, span)| Spanned::new(name.clone(), *span))
            .collect()
    };
    for (action, &span) in &entries {
        let may = |actions: &[Spanned<String>]| actions.iter().any(|listed| covers(&listed.value, action));
        let values: Vec<Scalar> = listed
            .iter()
            .filter(|(_, actions)| may(actions))
            .map(|(role, _)| role.clone())
            .collect();
        let named = vec![Spanned::new(action.clone(), span)];
        let actions = match narrower(action) {
            but if but.is_empty() => Actions::Named(named),
            but => Actions::But(named, but),
        };
        let guard = vec![none_of("role", values.clone(), span)];
        let mut rule = made(action.trim_end_matches(".*"), span, DENY, actions, guard);
        let roles: Vec<&str> = values.iter().map(|role| &*role.text).collect();
        rule.reason = Some(format!("this takes the role {}", roles.join(" or ")));
        to.parts.rules.push(rule);
    }
}

/// `campaign.create`, or `campaign.*` for all below it. With other patterns two entries could meet without one being
/// within the other, and nobody could say who may do what both match.
fn is_name_or_branch(action: &str) -> bool {
    let name = action.strip_suffix(".*").unwrap_or(action);
    !name.is_empty() && !name.contains(['*', '?', '[', '{'])
}

fn covers(wide: &str, name: &str) -> bool {
    let below = |branch: &str| {
        name.strip_prefix(branch)
            .is_some_and(|rest| rest.starts_with('.'))
    };
    wide == ALL || wide == name || wide.strip_suffix(".*").is_some_and(below)
}
