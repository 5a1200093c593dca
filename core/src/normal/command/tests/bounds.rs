//! Any bytes in, an answer out, within the bounds of limits.rs; what it costs in time is the benchmarks' to say.

use proptest::prelude::*;

use super::*;

/// Pieces that mean something to a shell, so that random texts come far into the grammar.
const PIECES: &[&str] = &[
    "$(",
    ")",
    "`",
    "\"",
    "'",
    "${",
    "}",
    "$((",
    "))",
    "<<E\n",
    "\nE\n",
    "<<-E",
    "<<<",
    "<(",
    ">(",
    "((",
    "[[",
    "]]",
    "{",
    ";",
    "&&",
    "||",
    "|",
    "&",
    "\n",
    "if ",
    "then ",
    "fi",
    "for x in ",
    "do ",
    "done",
    "while ",
    "case x in ",
    "esac",
    ";;",
    "x=",
    "x[",
    "]=",
    "\\",
    "\\\n",
    "$'",
    "$\"",
    "#",
    "~",
    "*",
    "{a,b}",
    "{1..9}",
    " ",
    "a",
    "$x",
    "${x:-",
    "${x@P}",
    "bash -c ",
    "eval ",
    "f() ",
    "function f ",
    "time ",
    "! ",
    "coproc ",
    ">",
    "2>&1",
    "sudo ",
    "xargs ",
    "find . -exec ",
    "env -S ",
    "git -c alias.x=",
    "\r",
    "\u{e9}",
    "\u{1f600}",
    "awk ",
    "sed -e ",
    "tar cf ",
    "--",
    "-c",
    "$@",
    "[",
    "]",
    "(",
    "$[",
    "=~ ",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn any_text_is_answered(text in ".{0,80}") {
        line(&text);
    }

    #[test]
    fn any_script_is_answered(pieces in proptest::collection::vec(0..PIECES.len(), 0..40)) {
        let text: String = pieces.iter().map(|&piece| PIECES[piece]).collect();
        let reading = line(&text);
        prop_assert_eq!(reading, line(&text));
    }

    #[test]
    fn any_argv_is_answered(argv in proptest::collection::vec("[ -~]{0,12}", 0..6)) {
        let call = Call { argv: Some(&argv), ..Call::default() };
        read(&call);
    }

    /// The short way to a normal form and the long one come to the same.
    #[test]
    fn plain_paths_are_normal_forms(path in "[a.:/~ e\u{301}-]{1,8}", folder in "[a.:/~]{0,5}", root in "(/ws|/|~/w|w|/a~)") {
        for folder in [None, Some(folder.as_str()).filter(|folder| !folder.is_empty())] {
            let places = Places { root: Some(&root), cwd: folder, ..Places::default() };
            let call = Call { places, ..Call::default() };
            let walk = walk::Walk::new(&call, call.programs());
            if let Some(plain) = walk.plain_path(&arg::Arg::known(&path, 0..0)) {
                let long = crate::normal::Path::normalise(&path, &places).expect("a plain path is one");
                prop_assert_eq!(long.as_str(), plain);
                prop_assert!(!long.outside());
            }
        }
    }

    /// Paths come out normal: normalising again changes nothing.
    #[test]
    fn paths_are_normal(path in "[a-z./~]{1,12}") {
        let reading = line(&format!("rm -rf -- '{path}'"));
        let places = Places { root: Some("/ws"), ..Places::default() };
        for seen in reading.effects.iter().filter(|seen| seen.kind == "file.delete") {
            let Some(path) = fact(seen, "path") else { continue };
            let again = crate::normal::Path::normalise(&path, &places).expect("a normal form is a path");
            prop_assert_eq!(again.as_str(), path);
        }
    }
}

#[track_caller]
fn bounded(text: &str, opaque: bool) {
    assert_eq!(line(text).opaque, opaque, "{text:.60}");
}

#[test]
fn what_is_too_much_is_opaque() {
    bounded(&"$(".repeat(50_000), true);
    bounded(&"$((".repeat(30_000), true);
    bounded(&"`".repeat(100_001), true);
    bounded(&"${x:-".repeat(20_000), true);
    bounded(&"(".repeat(100_000), true);
    bounded(&"{ ".repeat(50_000), true);
    bounded(&"! ".repeat(50_000), true);
    bounded(&"if ".repeat(50_000), true);
    bounded(&format!("echo {}", "{a,b}".repeat(5_000)), false);
    bounded(&format!("echo {}", "{1..999}".repeat(4)), false);
    bounded(&"f() { f; f; f; }; f;".repeat(2_000), true);
    bounded("<<$( >$(", true);
    bounded(&"x=a; ".repeat(60_000), true);
    bounded("rm \0", true);
    bounded(&format!("bash -c '{}'", "ls; ".repeat(100_000)), true);
    bounded(
        &(0..30).fold("ls".to_owned(), |line, _| {
            format!("for a in 1 2 3 4 5 6 7 8; do {line}; done")
        }),
        true,
    );
    bounded(
        &(0..30).fold("ls".to_owned(), |line, n| {
            format!("while x{n}=$x{n}a; do {line}; done")
        }),
        true,
    );
    bounded(
        &(0..20)
            .map(|n| format!("f{}() {{ f{n}; f{n}; f{n}; }};", n + 1))
            .collect::<String>()
            .replace("f0()", "f0() { ls; };"),
        true,
    );
    bounded(&"a<<E;".repeat(3_000), false);
}

#[test]
fn a_long_script_is_read() {
    let script = "mkdir -p build/out && cp src/a.c build/out/a.c\n".repeat((100 << 10) / 47);
    assert!(!line(&script).opaque);
    let comment = format!("ls\n{}", "# a line\n".repeat(11_000));
    assert!(!line(&comment).opaque);
}

/// A script is read command by command; what the first ones do is dropped where a later one cannot be read.
#[test]
fn what_stands_before_no_script_counts_for_nothing() {
    for end in ["fi", ")", "\"", ";;", "x() y", "$("] {
        let reading = line(&format!("rm a\ncd b\n{end}"));
        assert!(reading.opaque && reading.effects.is_empty(), "{end}");
        assert_eq!(reading.ends_in, None, "{end}");
    }
}

/// What a script repeats is read once; what it says twice among much else is still all that it says.
#[test]
fn a_line_does_the_same_in_a_long_script() {
    let filler: String = (0..300).map(|at| format!("touch p{at}\n")).collect();
    for text in oracle::corpus() {
        let alone = line(&text);
        let long = line(&format!("{filler}{text}\n{text}\n"));
        assert!(long.opaque || !alone.opaque, "{text:?}");
        let has = |seen: &Seen| {
            long.effects
                .iter()
                .any(|other| other.kind == seen.kind && other.facts == seen.facts)
        };
        let lost = alone.effects.iter().find(|seen| !has(seen));
        assert!(long.opaque || lost.is_none(), "{text:?}: {lost:?}");
    }
}
