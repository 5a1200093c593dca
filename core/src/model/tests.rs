//! Who sees what: the tables that the laws rest on. What a lower level says must reach nothing above it.

use super::scope::{compatible, covers};
use super::{ScopeEntry, ScopeNames};
use crate::engine::Engine;
use crate::normal::Globs;
use crate::source::{Level, Source};

/// `team: a b, repository: *`: exact names where none holds a pattern.
fn scope(text: &str) -> Vec<ScopeEntry> {
    let entry = |line: &str| {
        let (level, names) = line.split_once(':').expect("a level");
        let names: Vec<&str> = names.split_whitespace().collect();
        let names = match names.iter().any(|name| name.contains('*')) {
            true => ScopeNames::Globs(Globs::new(&names).expect("patterns")),
            false => ScopeNames::Exact(names.into_iter().map(Into::into).collect()),
        };
        ScopeEntry {
            level: level.trim().parse().expect("a level"),
            names,
        }
    };
    text.split(',')
        .filter(|line| !line.trim().is_empty())
        .map(entry)
        .collect()
}

#[test]
fn scopes_are_compatible_unless_names_exclude_each_other() {
    for (one, two, expected) in [
        ("", "", true),
        ("", "team: a", true),
        ("team: a", "team: a", true),
        ("team: a", "team: b", false),
        ("team: a b", "team: b c", true),
        ("team: a", "repository: r", true),
        ("team: a, repository: r", "team: a, repository: s", false),
        ("team: a, repository: r", "team: b, repository: r", false),
        ("team: pay-*", "team: web-*", true),
        ("team: pay-*", "team: web", true),
        ("team: a, team: b", "team: a", false),
    ] {
        assert_eq!(compatible(&scope(one), &scope(two)), expected, "{one} and {two}");
        assert_eq!(compatible(&scope(two), &scope(one)), expected, "{two} and {one}");
    }
}

#[test]
fn a_scope_covers_what_it_applies_to_for_certain() {
    for (wide, narrow, expected) in [
        ("", "", true),
        ("", "team: a", true),
        ("team: a", "", false),
        ("team: a", "team: a", true),
        ("team: a b", "team: a", true),
        ("team: a", "team: a b", false),
        ("team: *", "team: a", true),
        ("team: pay-*", "team: pay-a pay-b", true),
        ("team: pay-*", "team: pay-a web", false),
        ("team: pay-*", "team: pay-*", true),
        ("team: *", "team: pay-*", false),
        ("team: a", "team: a, repository: r", true),
        ("team: a, repository: r", "team: a", false),
    ] {
        assert_eq!(
            covers(&scope(wide), &scope(narrow)),
            expected,
            "{wide} over {narrow}"
        );
    }
}

/// A definition, a workflow and an attribute made at one level and scope, used at another: whether all are seen.
fn seen(made: (Level, &str), used: (Level, &str)) -> Vec<bool> {
    let header = |scope: &str| {
        if scope.is_empty() {
            String::new()
        } else {
            format!("applies_to: {{{scope}}}\n")
        }
    };
    let parts = [
        (
            "definitions: {hosts: [a.example.org]}",
            "rules: [{id: r, deny: network.connect, host: $hosts}]",
        ),
        (
            "definitions: {hosts: [a.example.org]}",
            "rules: [{id: r, deny: network.connect, when: host in hosts}]",
        ),
        (
            "approval_workflows: {w: {required_approvers: 1}}",
            "rules: [{id: r, ask: deploy, approval: w}]",
        ),
        (
            "schema: {attributes: {x.cost: string}}",
            "rules: [{id: r, deny: deploy, when: x.cost == \"a\"}]",
        ),
    ];
    let loads = |(making, using): (&str, &str)| {
        Engine::load([
            Source::platform("base.yaml", "default: allow"),
            Source::at(made.0, "made.yaml", format!("{}{making}", header(made.1))),
            Source::at(used.0, "used.yaml", format!("{}{using}", header(used.1))),
        ])
        .is_ok()
    };
    parts.into_iter().map(loads).collect()
}

#[test]
fn names_are_seen_at_their_level_and_below_in_compatible_scopes() {
    use Level::{Organization, Platform, Repository, Team};
    for (made, used, expected) in [
        ((Platform, ""), (Platform, ""), true),
        ((Platform, ""), (Repository, ""), true),
        ((Team, ""), (Team, ""), true),
        ((Team, ""), (Repository, ""), true),
        ((Team, ""), (Organization, ""), false),
        ((Team, ""), (Platform, ""), false),
        ((Team, "team: a"), (Repository, "team: a"), true),
        ((Team, "team: a"), (Repository, "team: b"), false),
        ((Team, "team: [a, b]"), (Repository, "team: [b, c]"), true),
        ((Team, "team: a"), (Repository, "repository: r"), true),
        ((Team, "team: 'a*'"), (Repository, "team: b"), true),
        ((Team, "team: 'a*'"), (Repository, "team: 'b*'"), true),
        (
            (Organization, "organization: o"),
            (Team, "organization: p"),
            false,
        ),
    ] {
        assert_eq!(seen(made, used), [expected; 4], "{made:?} used at {used:?}");
    }
}

#[test]
fn a_tenant_sees_nothing_of_another() {
    let defines = "definitions: {hosts: [a.example.org]}";
    let uses = "rules: [{id: r, deny: network.connect, host: $hosts}]";
    let at = |name: &str, tenant: &str, text: &str| Source::at(Level::Team, name, text).of_tenant(tenant);
    let base = || Source::platform("base.yaml", "default: allow");
    assert!(Engine::load([base(), at("a", "one", defines), at("b", "one", uses)]).is_ok());
    assert!(Engine::load([base(), at("a", "one", defines), at("b", "two", uses)]).is_err());
}

#[test]
fn a_tenant_whose_text_has_an_error_has_no_policies() {
    let at = |tenant: &str, text: &str| Source::at(Level::Team, tenant, text).of_tenant(tenant);
    let base = || Source::platform("base.yaml", "default: allow");
    let fine = "rules: [{id: r, deny: file.write, path: a}]";
    for broken in [
        "rules: [{id: r, dney: file.write}]",
        "rules: [",
        "policy: {tenant: one}",
    ] {
        let (engine, found) = Engine::load_tenants([base(), at("one", fine), at("two", broken)])
            .expect("the platform compiles");
        assert!(found.has_errors(), "{broken}");
        assert_eq!(engine.sets().count(), 1, "{broken}");
    }
}
