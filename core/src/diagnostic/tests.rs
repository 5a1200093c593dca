//! Tests of how findings look, and that every code is in the table.

use std::sync::Arc;

use super::*;
use crate::limits;

/// Findings over two sources; spans are found by the words that they are on.
struct Case {
    sources: SourceMap,
    found: Vec<Diagnostic>,
}

impl Case {
    fn of(text: &str) -> Case {
        let mut sources = SourceMap::default();
        sources.add("policy.yaml", text.into());
        Case {
            sources,
            found: Vec::new(),
        }
    }

    fn span(&self, source: u32, word: &str) -> Span {
        let source = crate::source::SourceId(source);
        let start = self.sources.text(source).find(word).expect("the word is there");
        Span {
            source,
            start: start as u32,
            end: (start + word.len()) as u32,
        }
    }

    fn all(self) -> Diagnostics {
        Diagnostics::new(self.found, Arc::new(self.sources))
    }

    #[track_caller]
    fn looks(self, expected: &str) {
        let shown = self.all().to_string();
        assert_eq!(shown.trim_end(), expected.trim(), "\n{shown}");
    }
}

const CODE: Code = Code("wrong-type");

#[test]
fn a_finding_shows_its_line() {
    let mut case = Case::of("rules:\n  - id: a\n    deny: git.psh # ключ\n");
    let error = Diagnostic::error(CODE, case.span(0, "git.psh"), "no action has the name `git.psh`");
    case.found.push(error.help("did you mean `git.push`?"));
    case.looks(
        "
error[wrong-type]: no action has the name `git.psh`
 --> policy.yaml:3:11
  |
3 |     deny: git.psh # ключ
  |           ^^^^^^^
  |
  = help: did you mean `git.push`?

1 error",
    );
}

#[test]
fn labels_near_each_other_share_a_picture() {
    let mut case = Case::of("a: 1\nb: 2\nc: 3\n");
    let error = Diagnostic::error(CODE, case.span(0, "c"), "twice").saying("again here");
    case.found.push(error.and(case.span(0, "a"), "first here"));
    case.found
        .push(Diagnostic::warning(CODE, case.span(0, "2"), "two is much"));
    case.looks(
        "
warning[wrong-type]: two is much
 --> policy.yaml:2:4
  |
2 | b: 2
  |    ^

error[wrong-type]: twice
 --> policy.yaml:3:1
  |
1 | a: 1
  | - first here
2 | b: 2
3 | c: 3
  | ^ again here

1 error, 1 warning",
    );
}

#[test]
fn labels_far_away_and_in_other_sources_have_their_own() {
    let mut case = Case::of(&format!("a: 1\n{}c: 3\n", "\n".repeat(98)));
    case.sources.add("org.yaml", "\u{feff}x: 漢字\r\n".into());
    let error = Diagnostic::error(CODE, case.span(0, "c"), "twice").and(case.span(0, "a"), "first here");
    case.found
        .push(error.and(case.span(1, "漢字"), "and there").help("choose"));
    case.looks(
        "
error[wrong-type]: twice
   --> policy.yaml:100:1
    |
100 | c: 3
    | ^
    |
   ::: policy.yaml:1:1
    |
  1 | a: 1
    | - first here
    |
   ::: org.yaml:1:4
    |
  1 | x: 漢字
    |    ---- and there
    |
    = help: choose

1 error",
    );
}

#[test]
fn a_span_of_many_lines_marks_its_first() {
    let mut case = Case::of("a:\n  b: c\n  d: e\n");
    let span = case.span(0, "b: c\n  d: e");
    case.found.push(Diagnostic::error(CODE, span, "not this"));
    case.looks(
        "
error[wrong-type]: not this
 --> policy.yaml:2:3
  |
2 |   b: c
  |   ^^^^

1 error",
    );
}

#[test]
fn an_empty_span_has_a_caret() {
    let mut case = Case::of("a:\nb: 1\n");
    let at = Span {
        end: 2,
        start: 2,
        ..case.span(0, "a")
    };
    case.found
        .push(Diagnostic::error(CODE, at, "`a` must be text, found nothing"));
    let end = Span {
        end: 8,
        start: 8,
        ..at
    };
    case.found.push(Diagnostic::error(CODE, end, "the end"));
    case.looks(
        "
error[wrong-type]: `a` must be text, found nothing
 --> policy.yaml:1:3
  |
1 | a:
  |   ^

error[wrong-type]: the end
 --> policy.yaml:3:1
  |
3 |
  | ^

2 errors",
    );
}

#[test]
fn long_lines_are_cut() {
    let mut case = Case::of(&format!(
        "{}word {}\n",
        "é ".repeat(2_000_000),
        "y ".repeat(2_000_000)
    ));
    case.found
        .push(Diagnostic::error(CODE, case.span(0, "word"), "here"));
    let whole = Span {
        end: 9_000_000,
        ..case.span(0, "word")
    };
    case.found.push(Diagnostic::error(CODE, whole, "there"));
    let shown = case.all().to_string();
    assert!(shown.len() < 2_000, "{} bytes", shown.len());
    assert!(shown.contains("policy.yaml:1:4000001\n"), "{shown}");
    assert!(shown.contains("é é word y y"), "{shown}");
}

#[test]
fn the_rest_is_counted() {
    let mut case = Case::of("a: 1\n");
    for n in 0..limits::DIAGNOSTICS_MAX + 5 {
        let error = Diagnostic::error(CODE, case.span(0, "a"), format!("number {n}"));
        case.found.push(error);
    }
    let all = case.all();
    assert!(all.to_string().ends_with("1005 errors (5 of them not shown)"));
    assert_eq!(
        all.to_json().as_array().map(Vec::len),
        Some(limits::DIAGNOSTICS_MAX)
    );
    assert_eq!(Diagnostics::default().to_string(), "");
}

#[test]
fn colour_is_apart() {
    let mut case = Case::of("a: 1\n");
    case.found.push(Diagnostic::error(CODE, case.span(0, "a"), "no"));
    let all = case.all();
    assert!(all.render(true).contains('\u{1b}'));
    assert!(!all.render(false).contains('\u{1b}'));
}

#[test]
fn json_has_places_in_code_points() {
    let mut case = Case::of("é: 漢字\n");
    let error = Diagnostic::error(CODE, case.span(0, "漢字"), "no").saying("this");
    case.found.push(error);
    let expected = serde_json::json!([{
        "code": "wrong-type", "severity": "error", "message": "no", "help": null,
        "labels": [{
            "source": "policy.yaml", "text": "this",
            "start": {"line": 1, "column": 4, "byte": 4}, "end": {"line": 1, "column": 6, "byte": 10},
        }],
    }]);
    assert_eq!(case.all().to_json(), expected);
}

/// Every `Code("...")` of the crate, with its file.
#[allow(clippy::disallowed_methods, reason = "a test may read its own source")]
fn codes_written(folder: &std::path::Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).expect("the source is there") {
        let path = entry.expect("it can be listed").path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            codes_written(&path, found);
        } else if name.ends_with(".rs") && name != "code.rs" && name != "tests.rs" {
            let text = std::fs::read_to_string(&path).expect("it can be read");
            let codes = text
                .split("Code(\"")
                .skip(1)
                .filter_map(|rest| rest.split_once("\")"));
            found.extend(codes.map(|(code, _)| (code.to_owned(), name.clone())));
        }
    }
}

#[test]
fn every_code_is_in_the_table_and_used() {
    let mut found = Vec::new();
    codes_written(
        &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut found,
    );
    let known: Vec<&str> = ALL.iter().map(|(code, _)| code.0).collect();
    for (code, file) in &found {
        assert!(
            known.contains(&&**code),
            "`{code}` of {file} is not in diagnostic/code.rs"
        );
        let kebab = code.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
        assert!(kebab, "`{code}` is not kebab-case");
    }
    for (at, code) in known.iter().enumerate() {
        assert!(
            found.iter().any(|(used, _)| used == code),
            "`{code}` is in the table and nowhere else"
        );
        assert!(!known[..at].contains(code), "`{code}` stands twice in the table");
    }
}
