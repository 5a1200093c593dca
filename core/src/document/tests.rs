//! Tests of reading documents: what is read, where it stands, and every error with its place.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::limits;
use crate::source::{SourceId, SourceMap};

struct Read {
    nodes: Vec<Node>,
    found: Vec<Diagnostic>,
    sources: SourceMap,
}

fn read(text: &str) -> Read {
    let mut sources = SourceMap::default();
    let id = sources.add("policy.yaml", text.into());
    let mut found = Vec::new();
    let nodes = parse(id, &sources, &mut found);
    Read {
        nodes,
        found,
        sources,
    }
}

impl Read {
    #[track_caller]
    fn one(&self) -> &Node {
        assert_eq!(self.found, [], "no error expected");
        assert_eq!(self.nodes.len(), 1, "one document expected");
        &self.nodes[0]
    }

    #[track_caller]
    fn scalar_a(&self) -> &Scalar {
        match self.one().child("a") {
            Some(Node::Scalar(scalar)) => scalar,
            other => unreachable!("a scalar expected, found {other:?}"),
        }
    }

    /// `code line:column message` of each finding.
    fn errors(&self, found: &[Diagnostic]) -> Vec<String> {
        let line = |d: &Diagnostic| {
            let place = self.sources.place(d.labels[0].span);
            format!("{} {}:{} {}", d.code, place.line, place.column, d.message)
        };
        found.iter().map(line).collect()
    }
}

/// The node in brackets, each scalar as source text: what is written where.
fn outline(node: &Node, sources: &SourceMap) -> String {
    match node {
        Node::Scalar(scalar) => format!("{}<{}>", scalar.text, sources.slice(scalar.span)),
        Node::List(list) => {
            let items: Vec<String> = list.items.iter().map(|item| outline(item, sources)).collect();
            format!("[{}]", items.join(", "))
        }
        Node::Map(map) => {
            let entry = |e: &Entry| format!("{}: {}", sources.slice(e.key.span), outline(&e.value, sources));
            format!(
                "{{{}}}",
                map.entries.iter().map(entry).collect::<Vec<_>>().join(", ")
            )
        }
    }
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let read = read(text);
    assert_eq!(read.found, []);
    let outlines: Vec<String> = read
        .nodes
        .iter()
        .map(|node| outline(node, &read.sources))
        .collect();
    assert_eq!(outlines.join(" --- "), expected);
}

#[test]
fn scalars_stand_where_they_are_written() {
    check("a: b # c", "{a: b<b>}");
    check("a:   'it''s'   # c", "{a: it's<'it''s'>}");
    check(r#"a: "x\"y\\" # c"#, r#"{a: x"y\<"x\"y\\">}"#);
    check("a: 1.0\nb: 10%", "{a: 1.0<1.0>, b: 10%<10%>}");
    check("a: one\n  two\nb: 3", "{a: one two<one\n  two>, b: 3<3>}");
    check(
        "a: |  # a comment with | in it\n  x\n  y\n\nb: 1",
        "{a: x\ny\n<|  # a comment with | in it\n  x\n  y>, b: 1<1>}",
    );
    check(
        "# | comment\na:\n  # > comment\n  - >-\n    x\n    y\n  - b",
        "{a: [x y<>-\n    x\n    y>, b<b>]}",
    );
    check("a: &x |\n  x\n", "{a: x\n<|\n  x>}");
    check("{a: [b, 'c' ], \"d\":e}", "{a: [b<b>, c<'c'>], \"d\": e<e>}");
}

#[test]
fn nothing_stands_where_it_could_be_written() {
    for (text, at) in [
        ("a:\nb: 1", 2),
        ("a: # c\nb: 1", 2),
        ("- # c\n- b", 1),
        ("-\n- b", 1),
        ("{a: , b: 1}", 3),
    ] {
        let read = read(text);
        let first = match read.one() {
            Node::Map(map) => &map.entries[0].value,
            Node::List(list) => &list.items[0],
            Node::Scalar(_) => unreachable!("the cases are collections"),
        };
        assert!(first.is_null());
        assert_eq!((first.span().start, first.span().end), (at, at), "{text:?}");
    }
}

#[test]
fn lists_and_mappings_stand_from_their_first_to_their_last_character() {
    #[track_caller]
    fn check(text: &str, pointer: &str, expected: &str) {
        let read = read(text);
        let span = read
            .one()
            .at_pointer(pointer)
            .expect("the pointer leads somewhere");
        assert_eq!(read.sources.slice(span), expected);
    }
    check("a:\n- b\n- - c\n  - d # e\nf: 1", "/a", "- b\n- - c\n  - d");
    check("a:\n- b\n- - c\n  - d # e\nf: 1", "/a/1", "- c\n  - d");
    check("a:\n  - b\nf: 1", "/a", "- b");
    check("a: [b, c]  # d\nf: 1", "/a", "[b, c]");
    check("a: &x [b, c]  # d\nf: 1", "/a", "[b, c]");
    check("a: {b: c}  # d\nf: 1", "/a", "{b: c}");
    check("a: &x\n  b: c\n  d: e\n# f\n", "/a", "b: c\n  d: e");
    check("a:\n  b: |\n    x\n\n\nc: d", "/a", "b: |\n    x");
    check("- a: b\n  c: d\n- e", "/0", "a: b\n  c: d");
    check("x/y: {~z: [1, 2]}", "/x~1y/~0z/1", "2");
    assert_eq!(read("a: 1").one().at_pointer("/b"), None);
    assert_eq!(read("a: 1").one().at_pointer("a"), None);
}

#[test]
fn places_are_bytes_whatever_the_characters() {
    check(
        "ключ: значение # ё\nb: 漢字",
        "{ключ: значение<значение>, b: 漢字<漢字>}",
    );
    check(
        "\u{feff}a: é\r\nb:\r\n  - 'ü'\r\n  - |\r\n    ö\r\n",
        "{a: é<é>, b: [ü<'ü'>, ö\n<|\r\n    ö>]}",
    );
    check("# ключ\r- a: é\r  b: c\r", "[{a: é<é>, b: c<c>}]");
    check(
        "{é: é, ü: [ö, 'ß', \"漢\"], x: 😀}",
        "{é: é<é>, ü: [ö<ö>, ß<'ß'>, 漢<\"漢\">], x: 😀<😀>}",
    );
    check("%FOO é é\n---\nx: é\n", "{x: é<é>}");
}

#[test]
fn documents_are_divided_and_empty_ones_left_out() {
    check(
        "---\na: 1\n---\n---\n# nothing\n---\n- b\n...\n",
        "{a: 1<1>} --- [b<b>]",
    );
    check("# only a comment\n", "");
    check("", "");
}

#[test]
fn a_broken_document_leaves_the_others() {
    let read = read("a: @x\n---\nb: 1\n---\n- **/x\n---\nc: 'x\n---\nd: 1\n");
    let outlines: Vec<String> = read
        .nodes
        .iter()
        .map(|node| outline(node, &read.sources))
        .collect();
    assert_eq!(outlines, ["{b: 1<1>}", "{d: 1<1>}"]);
    assert_eq!(
        read.errors(&read.found),
        [
            "yaml-syntax 1:4 text cannot start with `@` without quotes",
            "unknown-alias 5:3 `**/x` is read as an alias of YAML, and no anchor has that name",
            "yaml-syntax 7:4 this quote is never closed",
        ]
    );
}

#[test]
fn aliases_stand_for_what_they_name() {
    check(
        "a: &x [1, {b: c}]\nd: *x\ne: [*x]",
        "{a: [1<1>, {b: c<c>}], d: [1<1>, {b: c<c>}], e: [[1<1>, {b: c<c>}]]}",
    );
    check("a: &x 1\nb: &x 2\nc: *x", "{a: 1<1>, b: 2<2>, c: 2<2>}");
    check("&k a: 1\nb: *k", "{a: 1<1>, b: a<a>}");
}

#[track_caller]
fn refused(text: &str, expected: &str) {
    let read = read(text);
    assert_eq!(read.errors(&read.found), [expected], "{text:?}");
    let message = &read.found[0].message;
    assert!(
        !message.ends_with('.') && !message.starts_with(char::is_uppercase),
        "{message}"
    );
}

#[test]
fn structure_is_refused_with_its_place() {
    refused("a: 1\nb: 2\na: 3", "duplicate-key 3:1 the key `a` stands twice");
    refused("x: {a: 1, 'a': 2}", "duplicate-key 1:11 the key `a` stands twice");
    refused("<<: x", "merge-key 1:1 merge keys are not part of YAML 1.2");
    refused("? [a]\n: b", "key-not-text 1:3 a key must be text, found a list");
    refused(
        "{a: b}: c",
        "key-not-text 1:1 a key must be text, found a mapping",
    );
    refused(": c", "key-not-text 1:1 a key must be text, found nothing");
    refused("a: !foo b", "yaml-tag 1:4 `!foo b` is read as a tag of YAML");
    refused(
        "- !secrets/**",
        "yaml-tag 1:3 `!secrets/**` is read as a tag of YAML",
    );
    refused("a: &x !!str b", "yaml-tag 1:7 `!!str` is read as a tag of YAML");
    refused(
        "a: *x",
        "unknown-alias 1:4 `*x` is read as an alias of YAML, and no anchor has that name",
    );
    refused(
        "a: &x [*x]",
        "unknown-alias 1:8 `*x` stands inside the node that it names",
    );
    refused(
        "a: &x 1\n---\nb: *x",
        "unknown-alias 3:4 no anchor of this document has the name of `*x`",
    );
    refused(
        "é: 1\nb: \u{0}",
        "unprintable-character 2:4 the text holds the unprintable character U+0000",
    );
    refused(
        "a: b\u{feff}c",
        "unprintable-character 1:5 a byte order mark stands inside the text",
    );
    refused(
        "a: \u{85}\u{7f}",
        "unprintable-character 1:5 the text holds the unprintable character U+007F",
    );
}

#[test]
fn syntax_is_refused_with_its_place() {
    refused("a:\n\tb: c", "yaml-syntax 2:1 a tab is used as indentation");
    refused(
        "a: 1\n\tb: 2",
        "yaml-syntax 2:1 a tab stands where YAML wants spaces",
    );
    refused(
        "deny: *",
        "yaml-syntax 1:7 `*` is read as an alias of YAML without a name",
    );
    refused(
        "a: @x",
        "yaml-syntax 1:4 text cannot start with `@` without quotes",
    );
    refused(
        "a: `x`",
        "yaml-syntax 1:4 text cannot start with a backtick without quotes",
    );
    refused(
        "a: %x",
        "yaml-syntax 1:4 text cannot start with `%` without quotes",
    );
    refused("reason: no: never", "yaml-syntax 1:11 a second `: ` on one line");
    refused("a: b\n  c: d", "yaml-syntax 2:4 a key that fits no line above it");
    refused("x: 1\nfoo:bar\ny: 2", "yaml-syntax 2:4 no space behind the colon");
    refused("foo:bar\ny: 2", "yaml-syntax 1:4 no space behind the colon");
    refused("x: 1\nfoo\ny: 2", "yaml-syntax 2:1 expected a key and a colon");
    refused("x: \"abc\ny: 1", "yaml-syntax 1:4 this quote is never closed");
    refused("x: a\ny: 'it's'", "yaml-syntax 2:8 text behind the closing quote");
    refused(
        "merged_rate: > 70%",
        "yaml-syntax 1:14 `>` starts a block of text, and nothing may follow it on its line",
    );
    refused(
        "a: - b",
        "yaml-syntax 1:4 a list cannot start behind a key on its line",
    );
    refused(r#"a: "\\\d+""#, r"yaml-syntax 1:7 `\d` is no escape of YAML");
    refused(
        "a: [1, 2",
        "yaml-syntax 1:9 expected `,` or `]` to go on with what `[` starts",
    );
    refused(
        "a: [1, 2\nb: 3",
        "yaml-syntax 2:2 a key within a list in brackets",
    );
    refused("a: ]", "yaml-syntax 1:4 `]` closes nothing");
    refused("- {a,b}/**", "yaml-syntax 1:8 text behind the end of a value");
    refused(
        "a:\n   b: 1\n  c: 2",
        "yaml-syntax 3:3 the indentation fits no line above",
    );
    refused(
        "a: b\n- c",
        "yaml-syntax 2:3 a list entry among the keys of a mapping",
    );
    refused("a: 1 # c\n b", "yaml-syntax 1:6 text goes on behind a comment");
}

#[test]
fn cures_say_what_to_write() {
    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(read(text).found[0].help.as_deref(), Some(expected));
    }
    check("path: *.rs", r#"quote it: `"*.rs"`"#);
    check("path: [*.rs, b]", r#"quote it: `"*.rs"`"#);
    check("{a: 1, path: *.rs}", r#"quote it: `"*.rs"`"#);
    check("- **/x y # z", r#"quote it: `"**/x y"`"#);
    check("a: @\"x\"", r#"quote it: `'@"x"'`"#);
    check(
        "reason: no: never",
        r#"if it belongs to the text, quote it: `"no: never"`"#,
    );
    check("x: 1\nfoo:bar\ny: 2", "write `foo: bar`");
    check("- [ab]*.rs", r#"if all of it is text, quote it: `"[ab]*.rs"`"#);
}

#[test]
fn bounds_are_kept() {
    let deep = limits::DOCUMENT_DEPTH_MAX;
    let nested = |n: usize| format!("{}x{}", "[".repeat(n), "]".repeat(n));
    assert_eq!(read(&nested(deep)).found, []);
    let error = format!("nested deeper than {deep} levels");
    refused(
        &nested(deep + 1),
        &format!("document-too-deep 1:{} {error}", deep + 1),
    );
    refused(&nested(1000), &format!("document-too-deep 1:256 {error}"));
    let (a, b) = ("[".repeat(40), "]".repeat(40));
    refused(
        &format!("a: &x {a}x{b}\nb: {a}*x{b}"),
        &format!("document-too-deep 2:44 {error}"),
    );
    let long = "#".repeat(limits::SOURCE_BYTES_MAX + 1);
    let error = "the source has 67108865 bytes, at most 67108864 are read";
    refused(&long, &format!("source-too-long 1:1 {error}"));
}

#[test]
fn bombs_are_refused() {
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..40 {
        let of = format!("*a{},", n - 1).repeat(10);
        laughs.push_str(&format!("a{n}: &a{n} [{of}]\n"));
    }
    let error = format!(
        "aliases of this source stand for more than {} nodes",
        limits::ALIAS_NODES_MAX
    );
    let found = read(&laughs);
    assert_eq!(found.found.len(), 1);
    assert_eq!(
        (found.found[0].code.0, &found.found[0].message),
        ("document-too-large", &error)
    );

    let wide = format!("a: &a [{}]\nb: [{}]", "x,".repeat(1000), "*a,".repeat(1000));
    assert_eq!(read(&wide).found[0].message, error);
}

#[test]
fn twice_the_same_key_in_a_large_mapping() {
    let keys = |n: usize| (0..n).map(|n| format!("k{n}: 1\n")).collect::<String>();
    let text = format!("{}k7: 2\nk7: 3\n", keys(1000));
    let read = read(&text);
    assert_eq!(
        read.errors(&read.found),
        [
            "duplicate-key 1001:1 the key `k7` stands twice",
            "duplicate-key 1002:1 the key `k7` stands twice",
        ]
    );
    assert_eq!(read.sources.place(read.found[1].labels[1].span).line, 8);
}

// -- the reader --

#[track_caller]
fn form(text: &str, form: impl FnOnce(&Node, &mut Vec<Diagnostic>), expected: &[&str]) {
    let read = read(text);
    let mut out = Vec::new();
    form(read.one(), &mut out);
    assert_eq!(read.errors(&out), expected);
}

/// A reader of the one key `a`.
#[track_caller]
fn value<T: PartialEq + std::fmt::Debug>(
    text: &str,
    reader: impl FnOnce(Field<'_>, &mut Vec<Diagnostic>) -> T,
    expected: T,
    errors: &[&str],
) {
    let read = read(&format!("a: {text}"));
    let mut out = Vec::new();
    let mut fields = Fields::of(read.one(), "a form", &mut out).expect("a mapping");
    let field = fields.required("a").expect("the key is there");
    assert_eq!(reader(field, &mut out), expected, "{text}");
    fields.finish(&mut out);
    assert_eq!(read.errors(&out), errors, "{text}");
}

#[test]
fn keys_are_asked_for_and_the_others_reported() {
    fn rule(node: &Node, out: &mut Vec<Diagnostic>) {
        let Some(mut fields) = Fields::of(node, "a rule", out) else {
            return;
        };
        fields.required("id");
        fields.optional("path");
        fields.one_of(&["allow", "deny"], out);
        fields.finish(out);
    }
    form("{id: a, deny: b}", rule, &[]);
    form(
        "{id: a, deny: b, pth: c}",
        rule,
        &["unknown-key 1:18 unknown key `pth` in a rule"],
    );
    form("deny: b", rule, &["missing-key 1:1 a rule needs the key `id`"]);
    form(
        "id: b",
        rule,
        &["missing-key 1:1 a rule needs one of the keys `allow` or `deny`"],
    );
    form(
        "{id: a, deny: b, allow: c}",
        rule,
        &["clashing-keys 1:9 a rule has both `allow` and `deny`, of which it may have one"],
    );
    form(
        "- x",
        rule,
        &["wrong-type 1:1 a rule must be a mapping, found a list"],
    );
    form(
        "id:x",
        rule,
        &["wrong-type 1:1 a rule must be a mapping, found text `id:x`"],
    );

    let read = read("{id: a, deny: b, pth: c}");
    let mut out = Vec::new();
    rule(read.one(), &mut out);
    let help = "did you mean `path`?";
    assert_eq!(out[0].help.as_deref(), Some(help));
}

#[test]
fn free_keys_are_the_rest() {
    let read = read("{id: a, x: 1, y: 2}");
    let mut out = Vec::new();
    let mut fields = Fields::of(read.one(), "a row", &mut out).expect("a mapping");
    fields.required("id");
    let rest: Vec<&str> = fields.rest().into_iter().map(|(key, _)| &*key.text).collect();
    assert_eq!(rest, ["x", "y"]);
    fields.finish(&mut out);
    assert_eq!(out, []);
}

#[test]
fn text_is_any_scalar_but_null() {
    let text = |f: Field<'_>, out: &mut Vec<Diagnostic>| f.text(out).map(|s| s.text.to_string());
    value("1.0", text, Some("1.0".into()), &[]);
    value("true", text, Some("true".into()), &[]);
    value("''", text, Some(String::new()), &[]);
    value(
        "~",
        text,
        None,
        &["wrong-type 1:4 `a` must be text, found nothing"],
    );
    value(
        "[b]",
        text,
        None,
        &["wrong-type 1:4 `a` must be text, found a list"],
    );
    value(
        "{b: c}",
        text,
        None,
        &["wrong-type 1:4 `a` must be text, found a mapping"],
    );
    let nonempty = |f: Field<'_>, out: &mut Vec<Diagnostic>| f.nonempty_text(out).is_some();
    value("' '", nonempty, false, &["empty-value 1:4 `a` must not be empty"]);
}

#[test]
fn truth_values_are_true_and_false() {
    let bool = |f: Field<'_>, out: &mut Vec<Diagnostic>| f.bool(out).map(|b| b.value);
    value("true", bool, Some(true), &[]);
    value("FALSE", bool, Some(false), &[]);
    value(
        "yes",
        bool,
        None,
        &["wrong-type 1:4 `a` must be `true` or `false`, found text `yes`"],
    );
    value(
        "'true'",
        bool,
        None,
        &["wrong-type 1:4 `a` must be `true` or `false`, found text `true`"],
    );
    value(
        "1",
        bool,
        None,
        &["wrong-type 1:4 `a` must be `true` or `false`, found the number `1`"],
    );
    let read = read("a: off");
    let mut out = Vec::new();
    Field::whole("it", &read.nodes[0])
        .fields("it", &mut out)
        .expect("a mapping")
        .optional("a")
        .expect("a")
        .bool(&mut out);
    assert_eq!(out[0].help.as_deref(), Some("write `false`"));
}

#[test]
fn numbers_are_exact() {
    let int = |f: Field<'_>, out: &mut Vec<Diagnostic>| f.int(out).map(|n| n.value);
    value("5", int, Some(5), &[]);
    value(
        "-0x1F",
        int,
        None,
        &["wrong-type 1:4 `a` must be a whole number, found text `-0x1F`"],
    );
    value("0x1F", int, Some(31), &[]);
    value("9007199254740991", int, Some(limits::INTEGER_MAX), &[]);
    value(
        "1.5",
        int,
        None,
        &["wrong-type 1:4 `a` must be a whole number, found the number `1.5`"],
    );
    value(
        "'5'",
        int,
        None,
        &["wrong-type 1:4 `a` must be a whole number, found text `5`"],
    );
    let count = |f: Field<'_>, out: &mut Vec<Diagnostic>| f.count(out).map(|n| n.value);
    value(
        "-1",
        count,
        None,
        &["number-out-of-range 1:4 `a` must be at least 0, found `-1`"],
    );
    let number = |f: Field<'_>, out: &mut Vec<Diagnostic>| f.number(out).map(|n| n.value);
    value("1e3", number, Some(1000.0), &[]);
    value("7", number, Some(7.0), &[]);
    value(
        "infinity",
        number,
        None,
        &["wrong-type 1:4 `a` must be a number, found text `infinity`"],
    );
}

#[test]
fn percentages_durations_and_times_have_their_spelling() {
    let percent = |f: Field<'_>, out: &mut Vec<Diagnostic>| f.percent(out).map(|n| n.value);
    value("99.99%", percent, Some(99.99), &[]);
    value("'5%'", percent, Some(5.0), &[]);
    value(
        "80",
        percent,
        None,
        &["wrong-type 1:4 `a` must be a percentage such as `80%`, found the number `80`"],
    );
    let hour = 3_600_000_000_000;
    let duration = |f: Field<'_>, out: &mut Vec<Diagnostic>| f.duration(out).map(|n| n.value);
    value(
        "soon",
        duration,
        None,
        &["wrong-type 1:4 `a` must be a duration such as `30m` or `1h30m`, found text `soon`"],
    );
    value("1h30m", duration, Some(hour * 3 / 2), &[]);
    value(
        "0s",
        duration,
        None,
        &["number-out-of-range 1:4 `a` must be longer than nothing, found `0s`"],
    );
    let day = 24 * hour;
    for (text, expected) in [
        ("1970-01-02", Some(day)),
        ("1970-01-02T00:00:00Z", Some(day)),
        ("1970-01-02T07:00:00+07:00", Some(day)),
        ("1970-01-02T00:00:00.5Z", Some(day + 500_000_000)),
        ("1970-01-02T00:00:00", None),
        ("1970-13-02", None),
        ("19700102", None),
        ("1970-01-02T00:00:00Z[UTC]", None),
        ("tomorrow", None),
        ("ééééé", None),
    ] {
        assert_eq!(time(text), expected, "{text:?}");
    }
    let time = |f: Field<'_>, out: &mut Vec<Diagnostic>| f.time(out).map(|n| n.value);
    value(
        "soon",
        time,
        None,
        &[
            "wrong-type 1:4 `a` must be a date such as `2027-01-01` or a time such as `2027-01-01T09:00:00Z`, found text `soon`",
        ],
    );
}

#[test]
fn words_come_from_a_list() {
    let words = [("allow", 1), ("deny", 2)];
    let word = |f: Field<'_>, out: &mut Vec<Diagnostic>| f.keyword(&words, out).map(|n| n.value);
    value("deny", word, Some(2), &[]);
    value(
        "dent",
        word,
        None,
        &["unknown-keyword 1:4 `a` must be `allow` or `deny`, found `dent`"],
    );
}

#[test]
fn lists_and_mappings_are_read_entry_by_entry() {
    fn texts(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Vec<String> {
        field.texts(out).into_iter().map(|s| s.text.to_string()).collect()
    }
    value("b", texts, vec!["b".into()], &[]);
    value("[b, c]", texts, vec!["b".into(), "c".into()], &[]);
    value(
        "[b, [c], '', d]",
        texts,
        vec!["b".into(), "d".into()],
        &[
            "wrong-type 1:8 an entry of `a` must be text, found a list",
            "empty-value 1:13 an entry of `a` must not be empty",
        ],
    );
    value(
        "",
        texts,
        vec![],
        &["wrong-type 1:3 `a` must be a value or a list, found nothing"],
    );
    value("[]", texts, vec![], &[]);
    value(
        "[]",
        |f, out| f.nonempty_texts(out).len(),
        0,
        &["empty-value 1:4 `a` must not be an empty list"],
    );
    value(
        "[]",
        |f, out| f.nonempty_list(out).is_some(),
        false,
        &["empty-value 1:4 `a` must not be an empty list"],
    );
    value(
        "b",
        |f, out| f.list(out).is_some(),
        false,
        &["wrong-type 1:4 `a` must be a list, found text `b`"],
    );
    value(
        "{}",
        |f, out| f.nonempty_entries(out).is_some(),
        false,
        &["empty-value 1:4 `a` must not be an empty mapping"],
    );
    value(
        "{x: 1, y: 2}",
        |f, out| f.entries(out).map(|e| e.len()),
        Some(2),
        &[],
    );
}

// -- back to the source --

#[test]
fn a_word_of_a_text_is_found_in_the_source() {
    #[track_caller]
    fn check(source: &str, word: &str) {
        let read = read(source);
        let span = read.one().at_pointer("/a").expect("the key is there");
        let scalar = read.scalar_a();
        assert_eq!(span, scalar.span);
        let at = scalar.text.find(word).expect("the word is in the text");
        let found = scalar.span_of(at..at + word.len(), &read.sources);
        assert_eq!(read.sources.slice(found), word, "{source:?}");
    }
    check("a: x and word", "word");
    check("a: é and wörd", "wörd");
    check("a: 'x and word'", "word");
    check("a: 'it''s a word'", "word");
    check(r#"a: "é \u00e9 \"a\" \x41 word""#, "word");
    check("a: one\n  two\n\n\n  word three", "word");
    check("a: 'one  \n  two\r\n\r\n  word three'", "word");
    check("a: \"one \\\n   two\\\n   \\  word three\"", "word");
    check("a: |\n    one\n      two\n\n    word three\n", "word");
    check("a: |-\r\n    one\r\n    two word\r\n", "word");
    check("a: |2\n    one\n  word", "word");
    check(
        "a: >\n  one\n  two\n\n  three\n    deep\n    deeper\n\n  word four\n",
        "word",
    );
    check("a: >-\n\n  one\n  word\n", "word");
}

#[test]
fn a_stretch_over_lines_and_an_end_are_found() {
    #[track_caller]
    fn check(source: &str, range: std::ops::Range<usize>, expected: (u32, u32)) {
        let read = read(source);
        let scalar = read.scalar_a();
        let found = scalar.span_of(range, &read.sources);
        assert_eq!((found.start, found.end), expected);
    }
    check("a: 'b''c'", 3..3, (8, 8));
    check("a: 'bc'", 2..2, (6, 6));
    check("a: b\n  c", 0..3, (3, 8));
    check("a: bc", 1..9, (3, 5));
    check("a: |\n  bc\n", 2..2, (9, 9));
    check("a: |\n  bc\n", 3..3, (9, 9));
}

// -- content --

#[test]
fn json_is_typed_by_the_core_schema() {
    let text =
        "{a: ~, b: true, c: 5, d: -1.5e1, e: '5', f: 10%, g: [0o17, 0x1f, .5], h: yes, i: 1_000, j: 007}";
    let expected = serde_json::json!({"a": null, "b": true, "c": 5, "d": -15.0, "e": "5", "f": "10%",
        "g": [15, 31, 0.5], "h": "yes", "i": "1_000", "j": 7});
    assert_eq!(read(text).one().to_json(&mut Vec::new()), Some(expected));
}

#[test]
fn numbers_that_are_not_exact_are_reported_when_they_are_read() {
    let read = read("[9007199254740992, .nan, -.inf, '9007199254740992', 99999999999999999999]");
    let error = |at: &str, found: &str| {
        format!("number-out-of-range {at} `{found}` is not a number within ±(2^53 - 1)")
    };
    let expected = [
        error("1:2", "9007199254740992"),
        error("1:20", ".nan"),
        error("1:26", "-.inf"),
        error("1:53", "99999999999999999999"),
    ];
    assert_eq!(read.errors(&read.found), expected);
}

#[test]
fn the_hash_is_of_the_content() {
    let hash = |text: &str| content_hash(read(text).one());
    let a = hash("a: b\nc: [d, e]\nf: null\n");
    assert_eq!(a, hash("# x\n\"f\": ~\nc:\n- 'd'\n- e\na: \"\\x62\""));
    assert_eq!(a, hash("a: &x b\nc: [d, e]\nf:\n"));
    for other in [
        "a: b\nc: [e, d]\nf: null",
        "a: b\nc: [d, e]\nf: 'null'",
        "a: b\nc: [d, e]",
        "a: b\nc: d\nf: null",
    ] {
        assert_ne!(a, hash(other));
    }
    assert_ne!(hash("a: 1"), hash("a: 1.0"));
    assert_ne!(hash("a: 1"), hash("a: '1'"));
    assert_ne!(hash("a: '#1'"), hash("a: 1"));
}

#[test]
fn the_order_of_rules_and_switches_is_not_hashed() {
    let hash = |text: &str| content_hash(read(text).one());
    let one = "rules: [{id: a, deny: [b, c]}, {id: d}]\nswitches: [{id: e}, {id: f}]";
    assert_eq!(
        hash(one),
        hash("switches: [{id: f}, {id: e}]\nrules: [{id: d}, {deny: [b, c], id: a}]")
    );
    assert_ne!(
        hash(one),
        hash("rules: [{id: a, deny: [c, b]}, {id: d}]\nswitches: [{id: e}, {id: f}]")
    );
    assert_ne!(hash("x: {rules: [a, b]}"), hash("x: {rules: [b, a]}"));
    assert_ne!(hash("rules: [a]"), hash("rules: [a, a]"));
}

#[test]
fn what_is_hashed_is_canonical_json() {
    let read =
        read("{b: \"\\x01\\n\\\"\\\\/é\\u2028\\b\\f\", a: [1, ~, true], 'é': x, '\u{fb33}': y, '😀': z}");
    let mut json = Vec::new();
    content::write(read.one(), &mut json);
    let value: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    assert_eq!(serde_json_canonicalizer::to_vec(&value).expect("canonical"), json);
}

// -- whatever comes --

/// All scalars with their spans, keys too.
fn scalars<'a>(node: &'a Node, all: &mut Vec<&'a Scalar>) {
    match node {
        Node::Scalar(scalar) => all.push(scalar),
        Node::List(list) => list.items.iter().for_each(|item| scalars(item, all)),
        Node::Map(map) => map.entries.iter().for_each(|entry| {
            all.push(&entry.key);
            scalars(&entry.value, all);
        }),
    }
}

fn spans(node: &Node, all: &mut Vec<crate::source::Span>) {
    all.push(node.span());
    match node {
        Node::Scalar(_) => {}
        Node::List(list) => list.items.iter().for_each(|item| spans(item, all)),
        Node::Map(map) => map.entries.iter().for_each(|entry| {
            all.push(entry.key.span);
            spans(&entry.value, all);
        }),
    }
}

fn holds(text: &str) -> Result<(), TestCaseError> {
    let Read {
        nodes,
        found,
        sources,
    } = read(text);
    let mut all = Vec::new();
    nodes.iter().for_each(|node| spans(node, &mut all));
    all.extend(found.iter().flat_map(|d| d.labels.iter().map(|label| label.span)));
    for span in all {
        prop_assert!(
            text.get(span.start as usize..span.end as usize).is_some(),
            "{span:?} in {text:?}"
        );
    }
    let mut all = Vec::new();
    nodes.iter().for_each(|node| scalars(node, &mut all));
    for scalar in all {
        let written = sources.slice(scalar.span);
        if scalar.style == Style::Plain && !written.contains(['\n', '\r']) {
            prop_assert_eq!(written, &*scalar.text, "in {:?}", text);
        }
        for (at, c) in scalar.text.char_indices() {
            let place = scalar.span_of(at..at + c.len_utf8(), &sources);
            prop_assert!(scalar.span.start <= place.start && place.end <= scalar.span.end);
            if !matches!(c, ' ' | '\n') && place != scalar.span && sources.slice(place) != c.to_string() {
                let written = sources.slice(place);
                prop_assert!(
                    written.starts_with('\\') || written == "''",
                    "{c:?} is {written:?} in {text:?}"
                );
            }
        }
    }
    for node in &nodes {
        content_hash(node);
        node.to_json(&mut Vec::new());
    }
    let broken = found
        .iter()
        .any(|d| matches!(d.code.0, "yaml-syntax" | "unknown-alias"));
    prop_assert!(broken || text.trim().is_empty() || !nodes.is_empty() || !found.is_empty() || nothing(text));
    Diagnostics::new(found, Arc::new(sources)).render(false);
    Ok(())
}

/// Whether a text may hold no document: comments, markers, directives, anchors of nothing.
fn nothing(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    text.split(['\n', '\r']).all(|line| {
        let line = line.trim_start_matches(['-', '.']).trim();
        line.is_empty() || line.starts_with(['#', '%', '&'])
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
        holds(&text)?;
    }

    #[test]
    fn anything_like_yaml_is_read_or_refused(
        parts in prop::collection::vec(prop::sample::select(vec![
            "a", "b: ", ": ", "- ", "\n", "\n  ", "\n    ", "\r\n", "[", "]", "{", "}", ", ", "'", "\"", "\\", "é", "漢", "&x ",
            "*x", "!t ", "|", ">-", "|2", "# c", "\t", "---\n", "...\n", "? ", "%", "@", "\u{feff}", "<<", "''", "\\u00e9", "  ",
            "~", "true", "1.0", "%YAML 1.2\n", "a: b\n", "- c\n", "|\n  x\n", "\n\n",
        ]), 0..24)
    ) {
        holds(&parts.concat())?;
    }
}

#[test]
fn the_source_is_named_in_spans() {
    let mut sources = SourceMap::default();
    sources.add("first", "".into());
    let id = sources.add("second", "a: b".into());
    let nodes = parse(id, &sources, &mut Vec::new());
    assert_eq!(nodes[0].span().source, SourceId(1));
}
