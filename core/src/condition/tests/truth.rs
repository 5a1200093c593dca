//! Conditions against facts: what holds, what does not, and what is not known.

use super::*;
use Tri::{False, True, Unknown};

fn facts() -> Known {
    let passed = text("passed");
    let nanos = |seconds: i128| seconds * 1_000_000_000;
    known(vec![
        ("subject.type", text("agent")),
        ("subject.role", list(&["engineer", "on-call"], false)),
        ("subject.id", text("bot-7")),
        ("repository.risk_tier", text("critical")),
        ("repository.team", text("payments")),
        ("team.id", text("payments")),
        ("repository.instructions_file", Fact::Null),
        (
            "evidence.verifiers",
            map(&[
                ("unit_tests", passed.clone()),
                ("unit-tests", passed),
                ("lint", Fact::Null),
            ]),
        ),
        (
            "evidence.figures",
            map(&[
                ("error_rate", Fact::Known(Value::Percent(1.5))),
                ("bare", Fact::Known(Value::Number(0.015))),
                ("failures", Fact::Known(Value::Int(3))),
                ("latency", Fact::Known(Value::Duration(nanos(1) / 4))),
                ("review", text("improving")),
                ("scan_failed", Fact::Known(Value::Bool(false))),
                (
                    "rise",
                    map(&[("5m", Fact::Known(Value::Percent(12.0))), ("1h", Fact::Null)]),
                ),
                ("gone", Fact::Null),
            ]),
        ),
        ("now", Fact::Known(Value::Timestamp(nanos(1_800_000_000)))),
        ("path", text("src/a.rs")),
        ("changed_files", list(&["src/a.rs", "docs/b.md"], false)),
        ("labels", list(&["hotfix", "small"], true)),
        ("branch.name", text("release/1.2")),
        ("branch.protected", Fact::Known(Value::Bool(true))),
        ("via_pull_request", Fact::Null),
        ("lines_changed", Fact::Known(Value::Int(120))),
        ("target_count", Fact::Known(Value::Int(60))),
        ("rollout", Fact::Known(Value::Percent(12.5))),
        ("ttl", Fact::Known(Value::Duration(nanos(5400)))),
        ("host", text("10.1.2.3")),
        ("version", text("1.2.0-rc.1")),
        ("title", text("fix: größer")),
        ("tag", Fact::Null),
        ("remote", Fact::Null),
        ("argv", Fact::Null),
    ])
}

#[track_caller]
fn check(condition: &str, expected: Tri) {
    assert_eq!(compiled(condition).eval(&facts()), expected, "{condition}");
}

#[test]
fn reported_values_are_of_the_type_opposite() {
    check("evidence.figures.error_rate <= 2%", True);
    check("2% < evidence.figures.error_rate", False);
    check("evidence.figures.bare <= 2%", Unknown);
    check("evidence.figures.bare <= 2", True);
    check("evidence.figures.error_rate == 2", Unknown);
    check("evidence.figures.failures >= 3", True);
    check("evidence.figures.failures == 3", True);
    check("evidence.figures.latency <= 500ms", True);
    check("evidence.figures.latency <= 500", Unknown);
    check("evidence.figures.review == improving", True);
    check("evidence.figures.review in [improving, steady]", True);
    check("evidence.figures.review != worse", True);
    check("evidence.figures.scan_failed == true", False);
    check("!evidence.figures.scan_failed", True);
    check("evidence.figures.review == true", Unknown);
    check("evidence.figures.review.startsWith('imp')", True);
    check("evidence.figures.unsaid >= 3", Unknown);
    check("evidence.figures.gone >= 3", Unknown);
    check("evidence.figures.gone == 3", False);
    check("has(evidence.figures.review)", True);
    check("has(evidence.figures.rise)", Unknown);
    check("has(evidence.figures.gone)", False);
}

#[test]
fn reported_values_over_windows() {
    check("over(evidence.figures.rise, '5m') >= 10%", True);
    check("over(evidence.figures.rise, '300s') >= 10%", True);
    check("over(evidence.figures.rise, '10m') >= 10%", Unknown);
    check("evidence.figures.rise >= 10%", Unknown);
    check("has(over(evidence.figures.rise, '1h'))", False);
    check("over(evidence.figures.error_rate, '5m') >= 10%", False);
    check(
        "10% <= over(evidence.figures.rise, '5m') && over(evidence.figures.review, '1h') == improving",
        True,
    );
}

#[test]
fn hours_of_the_week_in_a_zone() {
    // The facts' instant is Friday, 2027-01-15, 08:00 in UTC.
    check("in_hours(now, 'fri 08:00-09:00', 'UTC')", True);
    check("in_hours(now, 'fri 09:00-10:00', 'UTC')", False);
    check("in_hours(now, 'mon-thu 00:00-24:00', 'UTC')", False);
    check("in_hours(now, 'fri 15:00-15:01', 'Asia/Jakarta')", True);
    check("!in_hours(now, 'thu-sat 09:00-10:00', 'Europe/Berlin')", False);
    check(
        "in_hours(timestamp('2027-01-15T08:00:00Z'), 'fri 08:00-09:00', 'UTC')",
        True,
    );
}

#[test]
fn constants_and_connectives() {
    check("true", True);
    check("!true", False);
    check("false || true && true", True);
    check("model == 'x' || true", True);
    check("false && model == 'x'", False);
    check("model == 'x' && true", Unknown);
    check("!(model == 'x')", Unknown);
    check("!!branch.protected", True);
    check("branch.protected ? lines_changed > 100 : false", True);
    check("force ? true : branch.protected", True);
    check("force ? true : false", Unknown);
    check("(branch.protected ? 200 : 50) > lines_changed", True);
    check("1 < 2 && 'a' == 'a' && 'b' in ['a', 'b'] // comments too", True);
}

#[test]
fn equality_and_lists() {
    check("repository.risk_tier == critical", True);
    check("repository.risk_tier != \"critical\"", False);
    check("repository.risk_tier in [low, critical]", True);
    check("repository.risk_tier not in [low, critical]", False);
    check("repository.risk_tier in grave", True);
    check("repository.team == team.id", True);
    check("repository.team in ['x', team.id]", True);
    check("subject.role == engineer", True);
    check(
        "subject.role in [ciso, on-call-engineer]"
            .replace("on-call-engineer", "'on-call'")
            .as_str(),
        True,
    );
    check("subject.role not in [ciso]", True);
    check("engineer in subject.role", True);
    check("subject.role.contains(engineer)", True);
    check("'hotfix' in labels", True);
    check("'large' in labels", Unknown);
    check("labels not in ['hotfix']", False);
    check("title in labels", Unknown);
    check("['small'] in labels", True);
    check("target_count == 60.0", True);
    check(
        "branch.name in ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'release/1.2', 'i']",
        True,
    );
    check(
        "branch.name in ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'j', 'i']",
        False,
    );
    check("branch.name in []", False);
}

#[test]
fn constants_come_into_normal_form() {
    check("path == './src/../src/a.rs'", True);
    check("path in ['src\\\\a.rs']", True);
    check("'EXAMPLE.org.' in trusted_hosts || host == '10.1.2.3.'", True);
}

#[test]
fn null_equals_only_null() {
    check("tag == null", True);
    check("tag != null", False);
    check("model == null", Unknown);
    check("branch.name == null", False);
    check("tag == 'v1'", False);
    check("tag != 'v1'", True);
    check("tag in ['v1']", False);
    check("tag == remote", True);
    check("tag == branch.name", False);
    check("tag.startsWith('v')", Unknown);
    check("via_pull_request", Unknown);
    check("!via_pull_request", Unknown);
    check("via_pull_request == true", False);
    check("has(tag)", False);
    check("has(model)", Unknown);
    check("has(branch.name)", True);
    check("size(argv) > 0", Unknown);
    check("argv == 'x'", False);
    check("argv.exists(a, a == 'x')", Unknown);
    check("has(evidence.verifiers.lint)", False);
    check("has(evidence.verifiers.fuzz)", Unknown);
}

#[test]
fn order() {
    check("repository.risk_tier >= high", True);
    check("repository.risk_tier < 'critical'", False);
    check("high <= repository.risk_tier", True);
    check("lines_changed > 100", True);
    check("lines_changed <= 100.5", False);
    check("target_count > max_targets", True);
    check("rollout <= 10%", False);
    check("rollout > share", True);
    check("rollout == 12.5%", True);
    check("ttl < 2h && ttl == 1h30m && ttl >= duration('90m')", True);
    check("ttl > patience", True);
    check("now > timestamp('2027-01-01T00:00:00Z')", True);
    check("now < timestamp('2027-01-01T00:00:00+01:00')", False);
    check("port < 1024", Unknown);
    check("-5 < lines_changed", True);
    check("'a' < 'b'", True);
}

#[test]
fn open_lists() {
    check("labels.exists(l, l == 'hotfix')", True);
    check("labels.exists(l, l == 'x')", Unknown);
    check("labels.all(l, l == 'hotfix')", False);
    check("labels.all(l, l != 'x')", Unknown);
    check("size(labels) > 1", True);
    check("size(labels) >= 2", True);
    check("size(labels) > 2", Unknown);
    check("size(labels) < 2", False);
    check("size(labels) <= 2", Unknown);
    check("size(labels) == 1", False);
    check("size(labels) == 3", Unknown);
    check("size(labels) != 1", True);
    check("size(labels) in [0, 1]", False);
    check("2 <= labels.size()", True);
    check("lines_changed > size(labels)", Unknown);
    check("size(evidence.verifiers) >= 2", True);
}

#[test]
fn lambdas() {
    check("changed_files.exists(f, f.endsWith('.md'))", True);
    check("changed_files.all(f, f.startsWith('src/'))", False);
    check("changed_files.all(f, f in changed_files)", True);
    check("['src/', 'docs/'].exists(p, path.startsWith(p))", True);
    check(
        "changed_files.all(f, ['src/', 'docs/'].exists(p, f.startsWith(p)))",
        True,
    );
    check(
        "changed_files.exists(f, glob(f, 'docs/**') && branch.protected)",
        True,
    );
    check("changed_files.exists(f, f == path)", True);
    check("changed_files.exists(path, path == 'docs/b.md')", True);
    check("changed_files.exists(f, model == f)", Unknown);
}

#[test]
fn maps() {
    check("evidence.verifiers.unit_tests == passed", True);
    check("evidence.verifiers[\"unit-tests\"] == passed", True);
    check("evidence.verifiers.fuzz == passed", Unknown);
    check("evidence.verifiers.lint == passed", False);
}

#[test]
fn functions() {
    check("title.startsWith('fix') && title.contains('öß')", True);
    check("title.matches('^fix: gr.+r$')", True);
    check(r#"title.matches(r"^\w+: ")"#, True);
    check("size(title) == 11", True);
    check("glob(path, 'src/**', 'x')", True);
    check("glob(changed_files, 'docs/**')", True);
    check("glob(branch.name, 'release/*')", True);
    check("in_cidr(host, '10.0.0.0/8')", True);
    check("in_cidr(host, '10.2.0.0/16', '10.1.2.3')", True);
    check("in_cidr(host, '0.0.0.0/0')", True);
    check("in_cidr(host, 'fd00::/8')", False);
    check("in_cidr('::ffff:10.0.0.1', '10.0.0.0/8')", True);
    check("in_cidr('[fd00::1]', 'fd00::/8')", True);
    check("in_cidr('example.org', '10.0.0.0/8')", False);
    check("host_in('a.example.org', '*.example.org')", True);
    check("host_in('example.org', trusted_hosts)", True);
    check("semver_compare(version, '1.2.0') < 0", True);
    check("semver_compare(version, '1.2.0-rc.1+build') == 0", True);
    check("semver_compare(title, '1.2.0') == 0", Unknown);
}

#[test]
fn recursion_touches_what_is_below() {
    let condition = compiled("glob(path, 'src/a.rs/**')");
    let facts = |recursive| Known { recursive, ..facts() };
    assert_eq!(condition.eval(&facts(True)), True);
    assert_eq!(condition.eval(&facts(Unknown)), Unknown);
    assert_eq!(condition.eval(&facts(False)), False);
    assert_eq!(
        compiled("changed_files.exists(f, glob(f, 'src/a.rs/**'))").eval(&facts(True)),
        False
    );
    let names = condition.unknowns(&facts(Unknown), &SCHEMA);
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["recursive"]);
}

#[test]
fn escapes() {
    check(
        r#""\x41\u00df\U0001F600\101\n\"" == 'Aß😀A
"'"#
        .replace('\n', "\\n")
        .as_str(),
        True,
    );
    check(r#"r"\d" == "\\d""#, True);
}

#[track_caller]
fn check_unknowns(condition: &str, expected: &[&str]) {
    let names = compiled(condition).unknowns(&facts(), &SCHEMA);
    assert_eq!(
        names.iter().map(String::as_str).collect::<Vec<_>>(),
        expected,
        "{condition}"
    );
}

#[test]
fn unknowns_name_what_leaves_it_open() {
    check_unknowns("model == 'x' || true", &[]);
    check_unknowns("model == 'x' && branch.protected", &["model"]);
    check_unknowns("model == 'x' && (provider == 'y' || true)", &["model"]);
    check_unknowns(
        "evidence.verifiers.fuzz == passed && model == 'x'",
        &["evidence.verifiers.fuzz", "model"],
    );
    check_unknowns(
        "evidence.verifiers['a-b'] == passed",
        &["evidence.verifiers[\"a-b\"]"],
    );
    check_unknowns("labels.all(l, l != 'x')", &["labels"]);
    check_unknowns("changed_files.exists(f, f == model)", &["model"]);
    check_unknowns("size(labels) > 2", &["labels"]);
    check_unknowns("via_pull_request", &["via_pull_request"]);
    check_unknowns("tag.startsWith(model)", &["model"]);
}

#[test]
fn reads_each_attribute_once() {
    let condition = compiled("host == 'a' || labels.exists(l, l == host) || size(labels) > (force ? 1 : 2)");
    let mut names: Vec<_> = condition
        .reads()
        .map(|id| SCHEMA.attribute(id).name.as_str())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["force", "host", "labels"]);
}
