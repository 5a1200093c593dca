//! What compiles but probably does not say what its author means (spec/03-rules.md, 3.10): rules that can never decide
//! anything, with what stops them, and grants that open more than they name.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::scope::{compatible, covers};
use super::{ConditionId, Kind, Policies, Rule, ScopeEntry, errors};
use crate::condition::{Condition, Expr, Facts};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{ActionId, AttributeId, Schema};
use crate::source::Level;
use crate::value::{Fact, Tri, Value};

/// Findings on checked policies; `above` is the platform's, unless these are.
pub(super) fn warn(policies: &Policies, above: Option<&Policies>, out: &mut Vec<Diagnostic>) {
    let stopped: Vec<bool> = stopped(policies, above, out);
    match Grants::of(above.unwrap_or(policies)) {
        Some(grants) => ungranted(policies, &grants, &stopped, out),
        None if above.is_none() => nothing_granted(policies, out),
        None => {}
    }
    opens_more(policies, out);
    ask_denied(policies, &stopped, out);
}

// -- grants --

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
    policies
        .rules
        .iter()
        .filter(|rule| kind(&rule.kind))
        .flat_map(|rule| rule.actions.iter().copied())
        .collect()
}

fn nothing_granted(policies: &Policies, out: &mut Vec<Diagnostic>) {
    if let Some(first) = policies.documents.first() {
        out.push(
            Diagnostic::warning(Code("nothing-granted"), first.span, "no platform document grants anything, so every request is denied")
                .help("grant actions with `allow` rules of the platform, or open the built-in ones with `default: allow`"),
        );
    }
}

fn ungranted(policies: &Policies, grants: &Grants, stopped: &[bool], out: &mut Vec<Diagnostic>) {
    for (rule, stopped) in policies.rules.iter().zip(stopped) {
        let none =
            !rule.actions.is_empty() && rule.actions.iter().all(|action| !grants.granted.contains(action));
        if none && !stopped && !matches!(rule.kind, Kind::Switch(_) | Kind::Require) {
            let names = names(&rule.actions, &policies.schema);
            let message = format!(
                "the rule `{}` can never decide anything: the platform grants none of {names}",
                rule.id
            );
            out.push(
                Diagnostic::warning(Code("never-decides"), rule.span, message)
                    .help("what the platform does not grant is denied already"),
            );
        }
    }
}

/// `shell.exec` granted, and with it what a shell does, though nobody of the same layer said so of these kinds.
fn opens_more(policies: &Policies, out: &mut Vec<Diagnostic>) {
    let mut layers: BTreeMap<Level, Vec<&Rule>> = BTreeMap::new();
    for rule in policies.rules.iter().filter(|rule| rule.kind.grants()) {
        layers.entry(level_of(rule, policies)).or_default().push(rule);
    }
    for granting in layers.values() {
        let spoken = Spoken::of(granting, policies);
        for rule in granting.iter().filter(|rule| named_by_hand(rule, policies)) {
            let actions = rule.actions.iter();
            let opened = actions.map(|&action| (action, spoken.silent(action, rule, policies)));
            if let Some((action, silent)) = opened
                .max_by_key(|(_, silent)| silent.len())
                .filter(|(_, silent)| !silent.is_empty())
            {
                out.push(opens(rule, action, &silent, &policies.schema));
            }
        }
    }
}

/// Which kinds the granting rules of a layer name, and for whom.
struct Spoken<'a> {
    scopes: FxHashMap<ActionId, Vec<&'a [ScopeEntry]>>,
}

impl<'a> Spoken<'a> {
    fn of(granting: &[&Rule], policies: &'a Policies) -> Spoken<'a> {
        let mut scopes: FxHashMap<ActionId, Vec<&[ScopeEntry]>> = FxHashMap::default();
        for rule in granting {
            let scope = &*policies.documents[rule.document as usize].scope;
            for &action in &rule.actions {
                let known = scopes.entry(action).or_default();
                if !known.contains(&scope) {
                    known.push(scope);
                }
            }
        }
        Spoken { scopes }
    }

    /// What an action brings along that changes something or reaches out, and that nothing names beside the rule.
    fn silent(&self, action: ActionId, rule: &Rule, policies: &Policies) -> Vec<ActionId> {
        let scope = &policies.documents[rule.document as usize].scope;
        let beside = |kind: &ActionId| {
            self.scopes
                .get(kind)
                .is_some_and(|known| known.iter().any(|other| compatible(other, scope)))
        };
        let matters = |kind: &ActionId| {
            let row = policies.schema.action(*kind);
            row.mutates || row.name == "network.connect"
        };
        policies
            .schema
            .action(action)
            .derives
            .iter()
            .copied()
            .filter(|kind| matters(kind) && !beside(kind))
            .collect()
    }
}

/// A rule that grants everything says so.
fn named_by_hand(rule: &Rule, policies: &Policies) -> bool {
    matches!(rule.kind, Kind::Allow | Kind::Only) && rule.actions.len() < policies.schema.actions().count()
}

fn opens(rule: &Rule, action: ActionId, silent: &[ActionId], schema: &Schema) -> Diagnostic {
    let (granted, names) = (&schema.action(action).name, names(silent, schema));
    let (word, here) = match rule.kind {
        Kind::Only => ("only", "passes here, and with it"),
        _ => ("allow` or `only", "is granted, and with it"),
    };
    let message = format!("`{granted}` {here} what it does by the way: {names}");
    Diagnostic::warning(Code("opens-more"), rule.span, message)
        .saying("no rule of this level says which of these are meant")
        .help(format!(
            "name them in an `{word}` rule, with the paths, programs or hosts that are meant"
        ))
}

fn names(actions: &[ActionId], schema: &Schema) -> String {
    let names: Vec<String> = actions
        .iter()
        .take(8)
        .map(|&action| format!("`{}`", schema.action(action).name))
        .collect();
    let more = if actions.len() > names.len() { ", ..." } else { "" };
    format!("{}{more}", names.join(", "))
}

fn level_of(rule: &Rule, policies: &Policies) -> Level {
    policies.documents[rule.document as usize].level
}

// -- rules that something stops --

/// Rules that can never decide anything: their own guard is never true, or a deny of their level or a higher one matches
/// all that they match. Says of each rule whether it is one.
fn stopped(policies: &Policies, above: Option<&Policies>, out: &mut Vec<Diagnostic>) -> Vec<bool> {
    let walls = Walls::of(policies, above);
    let mut stopped = Vec::with_capacity(policies.rules.len());
    for (at, rule) in policies.rules.iter().enumerate() {
        let found =
            never_true(rule, policies).or_else(|| walls.before(at, policies).map(|wall| behind(rule, wall)));
        stopped.push(found.is_some());
        out.extend(found);
    }
    stopped
}

/// A guard that is false whatever the request.
fn never_true(rule: &Rule, policies: &Policies) -> Option<Diagnostic> {
    let condition = |id: &ConditionId| policies.conditions[id.0 as usize].expr();
    let never = rule.guard.iter().any(|id| constant(condition(id)) == Some(false));
    never.then(|| errors::never_true(rule.span, &rule.id))
}

/// The value of a condition that hangs on nothing.
fn constant(expr: &Expr) -> Option<bool> {
    let all = |parts: &[Expr], neutral: bool| {
        let mut values = parts.iter().map(constant);
        if values.clone().any(|value| value == Some(!neutral)) {
            return Some(!neutral);
        }
        values.all(|value| value == Some(neutral)).then_some(neutral)
    };
    match expr {
        Expr::All(parts) => all(parts, true),
        Expr::Any(parts) => all(parts, false),
        Expr::Not(inner) => constant(inner).map(|value| !value),
        Expr::If(parts) => match constant(&parts[0])? {
            true => constant(&parts[1]),
            false => constant(&parts[2]),
        },
        leaf => {
            let leaf = Condition::of(leaf.clone());
            let fixed = leaf.reads().next().is_none();
            match leaf.eval(&Nothing) {
                Tri::True if fixed => Some(true),
                Tri::False if fixed => Some(false),
                Tri::True | Tri::False | Tri::Unknown => None,
            }
        }
    }
}

/// Nothing is known.
struct Nothing;

impl Facts for Nothing {
    fn fact(&self, _: AttributeId) -> Fact<&Value> {
        Fact::Unknown
    }

    fn recursive(&self) -> Tri {
        Tri::Unknown
    }
}

/// Deny rules that nothing lifts. Those without a guard are looked up by their scope, the others by one of their
/// conditions as well; of each sort so many are looked at.
struct Walls<'a> {
    by_scope: FxHashMap<Vec<&'a ScopeEntry>, OfScope<'a>>,
}

#[derive(Default)]
struct OfScope<'a> {
    by_guard: FxHashMap<Option<&'a Condition>, Vec<Wall<'a>>>,
}

#[derive(Clone, Copy)]
struct Wall<'a> {
    policies: &'a Policies,
    rule: &'a Rule,
    /// The place among the rules of its policies.
    at: usize,
}

const WALLS_MAX: usize = 32;

impl<'a> Walls<'a> {
    fn of(policies: &'a Policies, above: Option<&'a Policies>) -> Walls<'a> {
        let mut walls = Walls {
            by_scope: FxHashMap::default(),
        };
        for policies in above.into_iter().chain([policies]) {
            for (at, rule) in policies
                .rules
                .iter()
                .enumerate()
                .filter(|(_, rule)| is_wall(rule))
            {
                let scope = policies.documents[rule.document as usize].scope.iter().collect();
                let first = guard_of(rule, policies).next();
                let of_scope = walls.by_scope.entry(scope).or_default();
                let known = of_scope.by_guard.entry(first).or_default();
                if known.len() < WALLS_MAX {
                    known.push(Wall { policies, rule, at });
                }
            }
        }
        walls
    }

    /// Looks below each part of the rule's own scope: a wall with a smaller scope stands before more requests.
    fn before(&self, at: usize, policies: &'a Policies) -> Option<Wall<'a>> {
        let rule = &policies.rules[at];
        if self.by_scope.is_empty()
            || rule.actions.is_empty()
            || matches!(rule.kind, Kind::Switch(_) | Kind::Require)
        {
            return None;
        }
        let scope = &policies.documents[rule.document as usize].scope;
        (0..1u32 << scope.len().min(8)).find_map(|subset| {
            let entries = scope.iter().enumerate().filter(|(at, _)| subset >> at & 1 == 1);
            let part: Vec<&ScopeEntry> = entries.map(|(_, entry)| entry).collect();
            let of_scope = self.by_scope.get(&part)?;
            let mut guards = [None].into_iter().chain(guard_of(rule, policies).map(Some));
            guards.find_map(|guard| {
                let known = of_scope.by_guard.get(&guard)?;
                known.iter().copied().find(|wall| wall.stops(at, policies))
            })
        })
    }
}

impl Wall<'_> {
    fn stops(self, at: usize, policies: &Policies) -> bool {
        let rule = &policies.rules[at];
        let mine = std::ptr::eq(self.policies, policies);
        let contains = |wall: &Rule, rule: &Rule| {
            rule.actions
                .iter()
                .all(|action| wall.actions.binary_search(action).is_ok())
        };
        let asked = |condition: &Condition| guard_of(rule, policies).any(|known| known == condition);
        let weaker = guard_of(self.rule, self.policies).all(asked);
        // Of two that say the same the first counts.
        let twins =
            mine && contains(rule, self.rule) && rule.guard.len() == self.rule.guard.len() && is_wall(rule);
        let itself = mine && self.at == at;
        let same_level = level_of(rule, policies) == level_of(self.rule, self.policies);
        let later_twin = twins && at < self.at && same_level;
        !itself
            && !later_twin
            && level_of(self.rule, self.policies) <= level_of(rule, policies)
            && contains(self.rule, rule)
            && weaker
    }
}

fn is_wall(rule: &Rule) -> bool {
    rule.expires.is_none()
        && matches!(
            rule.kind,
            Kind::Deny {
                bypass: None,
                unknown: None
            }
        )
}

fn guard_of<'a>(rule: &'a Rule, policies: &'a Policies) -> impl Iterator<Item = &'a Condition> + Clone {
    rule.guard.iter().map(|id| &policies.conditions[id.0 as usize])
}

fn behind(rule: &Rule, wall: Wall<'_>) -> Diagnostic {
    let level = level_of(wall.rule, wall.policies);
    let message = format!(
        "the rule `{}` can never decide anything: `{}` denies all of it",
        rule.id, wall.rule.id
    );
    Diagnostic::warning(Code("never-decides"), rule.span, message)
        .and(wall.rule.span, format!("denied here, at the {level} level"))
        .help("leave it out, or narrow the rule that denies")
}

/// An approval does not help where the same layer denies.
fn ask_denied(policies: &Policies, stopped: &[bool], out: &mut Vec<Diagnostic>) {
    let closed = |rule: &&Rule| is_wall(rule) && rule.guard.is_empty();
    let walls: Vec<&Rule> = policies.rules.iter().filter(closed).take(WALLS_MAX).collect();
    let scope = |rule: &Rule| &policies.documents[rule.document as usize].scope;
    for (rule, _) in policies
        .rules
        .iter()
        .zip(stopped)
        .filter(|(_, stopped)| !**stopped)
    {
        let Kind::Ask(_) = rule.kind else { continue };
        let beside = |wall: &&&Rule| {
            level_of(wall, policies) == level_of(rule, policies) && covers(scope(wall), scope(rule))
        };
        for wall in walls.iter().filter(beside) {
            let denied: Vec<ActionId> = rule
                .actions
                .iter()
                .copied()
                .filter(|action| wall.actions.contains(action))
                .collect();
            if !denied.is_empty() {
                out.push(errors::ask_denied(
                    rule.span,
                    &rule.id,
                    &names(&denied, &policies.schema),
                    wall.span,
                ));
            }
        }
    }
}
