//! What compiles but probably does not say what its author means: rules that can never decide anything, with the rule that
//! stops them, and grants that open more than they name.

use std::collections::{BTreeSet, HashMap};

use super::{Document, Kind, Policies, Rule, ScopeEntry};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{ActionId, Schema};

/// Findings on checked policies; `above` is the platform's, unless these are.
pub(super) fn warn(policies: &Policies, above: Option<&Policies>, out: &mut Vec<Diagnostic>) {
    let platform = above.unwrap_or(policies);
    let grants = Grants::of(platform);
    match grants {
        Some(grants) => ungranted(policies, &grants, out),
        None if above.is_none() => nothing_granted(policies, out),
        None => {}
    }
    if above.is_none() {
        opens_more(policies, out);
    }
    stopped(policies, above, out);
}

/// What the platform grants to anybody, under whatever condition.
struct Grants {
    granted: BTreeSet<ActionId>,
}

impl Grants {
    /// `None` where nothing is granted at all.
    fn of(platform: &Policies) -> Option<Grants> {
        let allowed = named(platform, |kind| matches!(kind, Kind::Allow));
        let closed = named(platform, |kind| matches!(kind, Kind::Only));
        let default = named(platform, |kind| matches!(kind, Kind::Default));
        let mut granted: BTreeSet<ActionId> = allowed.union(&default).copied().collect();
        if granted.is_empty() {
            return None;
        }
        let derived: Vec<ActionId> = granted
            .iter()
            .flat_map(|&action| platform.schema.action(action).derives.iter().copied())
            .filter(|kind| !allowed.contains(kind) && !closed.contains(kind))
            .collect();
        granted.extend(derived);
        Some(Grants { granted })
    }
}

fn named(policies: &Policies, kind: impl Fn(&Kind) -> bool) -> BTreeSet<ActionId> {
    policies.rules.iter().filter(|rule| kind(&rule.kind)).flat_map(|rule| rule.actions.iter().copied()).collect()
}

fn nothing_granted(policies: &Policies, out: &mut Vec<Diagnostic>) {
    if let Some(first) = policies.documents.first() {
        out.push(
            Diagnostic::warning(Code("nothing-granted"), first.span, "no platform document grants anything, so every request is denied")
                .help("grant actions with `allow` rules of the platform, or open the built-in ones with `default: allow`"),
        );
    }
}

fn ungranted(policies: &Policies, grants: &Grants, out: &mut Vec<Diagnostic>) {
    for rule in &policies.rules {
        let stopped = !rule.actions.is_empty() && rule.actions.iter().all(|action| !grants.granted.contains(action));
        if stopped && !matches!(rule.kind, Kind::Switch(_)) {
            let names = names(&rule.actions, &policies.schema);
            let message = format!("the rule `{}` can never decide anything: the platform grants none of {names}", rule.id);
            out.push(
                Diagnostic::warning(Code("never-decides"), rule.span, message)
                    .help("what the platform does not grant is denied already"),
            );
        }
    }
}

/// `shell.exec` granted, and with it what a shell does, though nobody said so of these kinds.
fn opens_more(platform: &Policies, out: &mut Vec<Diagnostic>) {
    let spoken = named(platform, |kind| kind.grants());
    for rule in platform.rules.iter().filter(|rule| matches!(rule.kind, Kind::Allow)) {
        for &action in &rule.actions {
            let derives = &platform.schema.action(action).derives;
            let silent: Vec<ActionId> = derives.iter().copied().filter(|kind| opened(*kind, &spoken, platform)).collect();
            if rule.actions.contains(&action) && !silent.is_empty() && named_by_hand(rule, platform) {
                out.push(opens(rule, action, &silent, &platform.schema));
            }
        }
    }
}

/// A kind that changes something or reaches out, and that no allow or only rule names.
fn opened(kind: ActionId, spoken: &BTreeSet<ActionId>, platform: &Policies) -> bool {
    let action = platform.schema.action(kind);
    !spoken.contains(&kind) && (action.mutates || action.name == "network.connect")
}

/// A rule that grants everything says so.
fn named_by_hand(rule: &Rule, platform: &Policies) -> bool {
    rule.actions.len() < platform.schema.actions().count()
}

fn opens(rule: &Rule, action: ActionId, silent: &[ActionId], schema: &Schema) -> Diagnostic {
    let (granted, names) = (&schema.action(action).name, names(silent, schema));
    let message = format!("`{granted}` is granted, and with it what it does by the way: {names}");
    Diagnostic::warning(Code("opens-more"), rule.span, message)
        .saying("no allow or only rule names these kinds")
        .help("name them in an `allow` or `only` rule to say which are meant")
}

fn names(actions: &[ActionId], schema: &Schema) -> String {
    let names: Vec<String> = actions.iter().take(8).map(|&action| format!("`{}`", schema.action(action).name)).collect();
    let more = if actions.len() > names.len() { ", ..." } else { "" };
    format!("{}{more}", names.join(", "))
}

/// Unconditional denials by whom they speak for and what they deny: of equal ones the first two, since a rule is not
/// stopped by itself.
type Walls<'a> = HashMap<Vec<&'a ScopeEntry>, HashMap<&'a [ActionId], Vec<(&'a Policies, &'a Rule)>>>;

/// Rules all of whose actions an unconditional deny of the same level or a higher one denies, for everybody whom they
/// speak for.
fn stopped(policies: &Policies, above: Option<&Policies>, out: &mut Vec<Diagnostic>) {
    let mut walls = Walls::new();
    for part in above.into_iter().chain([policies]) {
        for rule in part.rules.iter().filter(|rule| unconditional(rule)) {
            let scope = part.documents[rule.document as usize].scope.iter().collect();
            let alike = walls.entry(scope).or_default().entry(&rule.actions).or_default();
            // Documents come sorted by level, so those that come first stop the most.
            if alike.len() < 2 {
                alike.push((part, rule));
            }
        }
    }
    if walls.is_empty() {
        return;
    }
    let mut near: (u32, Vec<(&Policies, &Rule)>) = (u32::MAX, Vec::new());
    for rule in &policies.rules {
        if near.0 != rule.document {
            near = (rule.document, walls_near(&policies.documents[rule.document as usize], &walls));
        }
        if let Some((part, wall)) = near.1.iter().copied().find(|(_, wall)| stops(wall, rule)) {
            let level = part.documents[wall.document as usize].level;
            let message = format!("the rule `{}` can never decide anything: `{}` denies all of it", rule.id, wall.id);
            out.push(
                Diagnostic::warning(Code("never-decides"), rule.span, message)
                    .and(wall.span, format!("denied here, at the {level} level")),
            );
        }
    }
}

/// The walls before a document, those that stop the most first. Looks below each part of its scope: a wall with a smaller
/// scope stands before more requests.
fn walls_near<'a>(document: &Document, walls: &Walls<'a>) -> Vec<(&'a Policies, &'a Rule)> {
    let scope = &document.scope;
    let part = |subset: u32| -> Vec<&ScopeEntry> {
        scope.iter().enumerate().filter(|(at, _)| subset >> at & 1 == 1).map(|(_, entry)| entry).collect()
    };
    let found = (0..1u32 << scope.len().min(8)).filter_map(|subset| walls.get(&part(subset)));
    let all = found.flat_map(HashMap::values).flatten().copied();
    let mut near: Vec<_> =
        all.filter(|(part, wall)| part.documents[wall.document as usize].level <= document.level).collect();
    near.sort_by_key(|(part, wall)| (part.documents[wall.document as usize].scope.len(), wall.span));
    near
}

fn stops(wall: &Rule, rule: &Rule) -> bool {
    !std::ptr::eq(wall, rule)
        && !rule.actions.is_empty()
        && rule.actions.iter().all(|action| wall.actions.binary_search(action).is_ok())
}

fn unconditional(rule: &Rule) -> bool {
    rule.guard.is_empty() && rule.expires.is_none() && matches!(rule.kind, Kind::Deny { bypass: None, .. })
}
