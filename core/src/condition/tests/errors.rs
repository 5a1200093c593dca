//! What is wrong with a condition, where, and what helps.

use super::*;

/// A finding as `code @ text: message (help)`.
fn found(condition: &str, actions: &[&str]) -> Vec<String> {
    let found = compile_for(condition, actions).expect_err(condition);
    let line = |d: &Diagnostic| {
        let span = d.labels[0].span;
        let text = &condition[span.start as usize..span.end as usize];
        let help = d
            .help
            .as_ref()
            .map(|help| format!(" ({help})"))
            .unwrap_or_default();
        format!("{} @ {text}: {}{help}", d.code, d.message)
    };
    found.iter().map(line).collect()
}

#[track_caller]
fn check(condition: &str, expected: &[&str]) {
    assert_eq!(found(condition, &[]), expected, "{condition}");
}

#[track_caller]
fn check_for(actions: &[&str], condition: &str, expected: &[&str]) {
    assert_eq!(found(condition, actions), expected, "{condition}");
}

#[test]
fn reported_values() {
    check(
        "evidence.figures.a < evidence.figures.b",
        &[
            "wrong-type @ evidence.figures.a < evidence.figures.b: two reported values are compared, and nothing says of which \
           type they are (compare each with a constant, such as `2%`, `480ms` or `3`)",
        ],
    );
    check(
        "over(lines_changed, '5m') > 3",
        &[
            "wrong-arguments @ lines_changed: `over` takes a reported value, found `int` (such as \
           `over(evidence.figures.error_rate, \"5m\")`)",
        ],
    );
    check(
        "over(evidence.figures.a, 'soon') > 3",
        &[
            "invalid-duration @ 'soon': `soon` is no duration (write `30m` or `1h30m`; units are d, h, m, s, ms, us, ns)",
        ],
    );
}

#[test]
fn names() {
    check(
        "brnch.name == 'x' && hst == 'y'",
        &[
            "unknown-attribute @ brnch.name: there is no attribute `brnch.name` (did you mean `branch.name`?)",
            "unknown-attribute @ hst: there is no attribute `hst` (did you mean `host`?)",
        ],
    );
    check(
        "repository.risk_tier == critcal",
        &["unknown-constant @ critcal: `critcal` is no risk_tier (did you mean `critical`?)"],
    );
    check(
        "repository.risk_tier in [low, 'hgih']",
        &["unknown-constant @ 'hgih': `hgih` is no risk_tier (did you mean `high`?)"],
    );
    check(
        "subject.role == 'Enginer'",
        &["unknown-constant @ 'Enginer': `Enginer` is no role (did you mean `engineer`?)"],
    );
    check(
        "subject.type == robot",
        &["unknown-constant @ robot: `robot` is no subject_type (it is one of `agent`, `service`, `human`)"],
    );
    check(
        "network_profile == zzzzzzzz",
        &["unknown-attribute @ zzzzzzzz: there is no attribute `zzzzzzzz` (text is quoted: `\"zzzzzzzz\"`)"],
    );
    check(
        "unclear == 'x'",
        &["ambiguous-name @ unclear: `unclear` may mean two things: two documents define it"],
    );
    check(
        "repository.onboarded",
        &[
            "attribute-not-visible @ repository.onboarded: `repository.onboarded` cannot be read here: it comes from \
           documents of the repository level",
        ],
    );
    check(
        "path.depth == 3",
        &["unknown-attribute @ depth: `path` is a path and has no `depth`"],
    );
    check(
        "labels.exists(l, l.name == 'x')",
        &["unknown-attribute @ name: `l` is a string and has no `name`"],
    );
}

#[test]
fn habits_of_other_languages() {
    check(
        "branch.name = 'x'",
        &["condition-syntax @ =: expected `==`, found `=` (write `==`)"],
    );
    check(
        "force and branch.protected",
        &["condition-syntax @ and: expected `&&`, found `and` (write `&&`)"],
    );
    check(
        "force OR branch.protected",
        &["condition-syntax @ OR: expected `||`, found `OR` (write `||`)"],
    );
    check(
        "not force",
        &[
            "condition-syntax @ not: expected `!`, found `not` (write `!`, and around a comparison `!(a == b)`)",
        ],
    );
    check(
        "tag <> 'x'",
        &["condition-syntax @ <>: expected `!=`, found `<>` (write `!=`)"],
    );
    check(
        "title =~ 'x'",
        &[
            "condition-syntax @ =~: regular expressions are matched with `matches` (write `title.matches(\"^fix\")`)",
        ],
    );
    check(
        "network_profile == default-deny",
        &[
            "hyphenated-name @ default-deny: a name with a hyphen is quoted, found `default-deny` (write \
           `\"default-deny\"`)",
        ],
    );
    check(
        "subject.role in [on-call-engineer]",
        &[
            "hyphenated-name @ on-call-engineer: a name with a hyphen is quoted, found `on-call-engineer` (write \
           `\"on-call-engineer\"`)",
        ],
    );
    check(
        "lines_changed + 1 > 5",
        &[
            "no-arithmetic @ +: conditions do not calculate, found `+` (compare with a number; a percentage is written \
           `10%`, text with a hyphen is quoted)",
        ],
    );
    check(
        "branch.name == 'main",
        &[
            "condition-syntax @ ': the text is not closed (a text that starts with `'` ends with `'`, on the same line)",
        ],
    );
    check(
        "branch.name == “main”",
        &["condition-syntax @ “: `“` has no meaning in a condition (quote text with `\"` or `'`)"],
    );
    check(
        "force &&",
        &["condition-syntax @ : expected an operand, found the end (something has to follow `&&`)"],
    );
    check(
        "1 < lines_changed < 5",
        &[
            "condition-syntax @ <: comparisons cannot be chained (write two comparisons with `&&` between them)",
        ],
    );
    check("(force", &["condition-syntax @ : expected `)`, found the end"]);
    check(
        "force branch.protected",
        &["condition-syntax @ branch: expected an operator or the end, found `branch`"],
    );
    check(
        "len(labels) > 2",
        &["unknown-function @ len: there is no function `len` (did you mean `size`?)"],
    );
    check(
        "tag in ['a', $grave]",
        &["condition-syntax @ $: in conditions a definition is named without `$` (leave the `$` out)"],
    );
    check(
        "",
        &["condition-empty @ : the condition is empty (write `true` for what always holds)"],
    );
    check(
        "ttl < 30x",
        &[
            "condition-syntax @ 30x: `30x` is neither a number, a percentage nor a duration (write `50`, `0.5`, `10%` or \
         `1h30m`, and quote text: whole numbers go up to 9007199254740991)",
        ],
    );
}

#[test]
fn types() {
    check(
        "rollout > 10",
        &["wrong-type @ 10: expected a percentage, found a bare number (write `10%`)"],
    );
    check(
        "lines_changed > 10%",
        &["wrong-type @ 10%: expected int, found a percentage"],
    );
    check(
        "lines_changed == '5'",
        &["wrong-type @ '5': expected int, found text (leave the quotes out)"],
    );
    check(
        "tag == 5",
        &["wrong-type @ 5: expected string, found an int (quote it)"],
    );
    check(
        "task_class > bug_fix",
        &["wrong-type @ task_class: `task_class` has no order (compare with `==`, `!=` or `in`)"],
    );
    check(
        "labels > 'a'",
        &[
            "wrong-type @ labels: a list of string has no order (compare `size(...)`, or each item: `xs.exists(x, x > \
           1)`)",
        ],
    );
    check(
        "lines_changed == tag",
        &["wrong-type @ lines_changed == tag: `int` cannot be compared with `string`"],
    );
    check(
        "repository.risk_tier == environment",
        &[
            "wrong-type @ repository.risk_tier == environment: `risk_tier` cannot be compared with `environment`",
        ],
    );
    check(
        "branch.name",
        &["wrong-type @ branch.name: expected a condition, found `string`"],
    );
    check("'x'", &["wrong-type @ 'x': expected a condition, found text"]);
    check(
        "tag in 'abc'",
        &[
            "wrong-type @ 'abc': `in` expects a list, found text (lists are written `[a, b]`; for a part of a text write \
           `text.contains(\"part\")`)",
        ],
    );
    check(
        "'x' in evidence.verifiers",
        &[
            "wrong-type @ evidence.verifiers: `in` expects a list, found a map (write `has(evidence.verifiers[\"key\"])`)",
        ],
    );
    check(
        "tag in [null]",
        &[
            "wrong-type @ null: `null` is compared with `==` and `!=` only, and only with attributes (write `has(...)` \
           to ask whether there is one)",
        ],
    );
    check(
        "tag < null",
        &[
            "wrong-type @ null: `null` is compared with `==` and `!=` only, and only with attributes (write `has(...)` \
           to ask whether there is one)",
        ],
    );
    check("host == 'a b'", &["wrong-type @ 'a b': `a b` is no host"]);
    check(
        "ttl > 'soon'",
        &[
            "invalid-duration @ 'soon': `soon` is no duration (write `30m` or `1h30m`; units are d, h, m, s, ms, us, ns)",
        ],
    );
    check(
        "(force && has(tag)) == branch.protected",
        &[
            "wrong-type @ (force && has(tag)): a condition is compared with `true` or `false` at most (join conditions with \
         `&&`, `||` and `!`)",
        ],
    );
}

#[test]
fn functions() {
    check(
        "title.matches('(')",
        &["invalid-regex @ '(': the regular expression cannot be read: found open group without closing ')'"],
    );
    check(
        "title.matches(tag)",
        &["wrong-arguments @ tag: a regular expression is a quoted text, known beforehand"],
    );
    check(
        "in_cidr(host, '10.0.0.1/8')",
        &[
            "invalid-cidr @ '10.0.0.1/8': `10.0.0.1/8` is no block of addresses (write `10.0.0.0/8` or `fd00::/8`, the bits \
         behind the prefix zero)",
        ],
    );
    check(
        "now > timestamp('2027-01-01')",
        &[
            "invalid-timestamp @ '2027-01-01': `2027-01-01` is no timestamp of RFC 3339 (write `2027-01-01T00:00:00Z`)",
        ],
    );
    check(
        "semver_compare(version, '1.2') < 0",
        &["invalid-version @ '1.2': `1.2` is no semantic version (write all three numbers: `1.2.0`)"],
    );
    check(
        "title.startsWith()",
        &["wrong-arguments @ title.startsWith(): expected `text.startsWith(\"start\")`"],
    );
    check(
        "has('x')",
        &["wrong-type @ 'x': expected an attribute, found text"],
    );
    check(
        "labels.exists('x', true)",
        &["wrong-arguments @ 'x': expected `exists(x, condition on x)`"],
    );
}

#[test]
fn patterns_are_there_and_readable() {
    let empty = "wrong-arguments @ nothing: expected a pattern, found an empty list";
    check("glob(path, nothing)", &[empty]);
    let found = found("glob(path, 'ok', '[a')", &[]);
    assert!(found[0].starts_with("invalid-glob @ '[a': "), "{found:?}");
}

#[test]
fn actions() {
    check_for(
        &["file.read"],
        "model == 'x'",
        &[
            "attribute-not-of-action @ model: `model` does not belong to `file.read` (it belongs to `model.call`)",
        ],
    );
    // The action that a file.write is derived from may have a change class.
    assert!(compile_for("change_class == documentation", &["file.write"]).is_ok());
    let unguarded = "unguarded-attribute @ lines_changed: `lines_changed` does not belong to `deploy`, where this would \
                     be unknown (write `has(lines_changed) && ...`, or give those actions a rule of their own)";
    check_for(&["deploy", "pr.create"], "lines_changed > 5", &[unguarded]);
    check_for(
        &["deploy", "pr.create"],
        "has(lines_changed) || lines_changed > 5",
        &[unguarded],
    );
    for guarded in [
        "has(lines_changed) && lines_changed > 5",
        "lines_changed != null && (force == true || lines_changed > 5)",
        "!has(lines_changed) || lines_changed > 5",
        "!(has(lines_changed) && lines_changed > 5)",
        "has(lines_changed) ? lines_changed > 5 : false",
        "lines_changed == 5",
    ] {
        let compiled = compile_for(guarded, &["git.push", "deploy"]);
        assert!(compiled.is_ok(), "{guarded}: {compiled:?}");
    }
}

#[test]
fn bounds() {
    let deep = "(".repeat(100_000);
    check(
        "labels.exists(a, labels.exists(b, labels.exists(c, a == b)))",
        &[
            "condition-too-costly @ labels.exists(a, labels.exists(b, labels.exists(c, a == b))): the condition may cost \
         3010101 steps, at most 100000 are allowed (`exists` and `all` in one another multiply; split the condition or \
         ask less of each item)",
        ],
    );
    for text in [
        "(".repeat(16_000),
        "!".repeat(16_000),
        "[".repeat(16_000),
        "true?".repeat(3_000),
        "-".repeat(16_000),
    ] {
        assert!(compile_for(&text, &[]).is_err());
    }
    assert!(compile_for(&format!("{}true", "!".repeat(16_000)), &[]).is_ok());
    assert_eq!(
        compile_for(&deep, &[]).expect_err("too long")[0].code.0,
        "condition-too-long"
    );
    assert_eq!(
        compile_for(&"(".repeat(100), &[]).expect_err("too deep")[0]
            .code
            .0,
        "condition-too-deep"
    );
}
