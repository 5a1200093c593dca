//! What can be wrong with a document before its names are looked up.

use crate::diagnostic::{did_you_mean, Code, Diagnostic};
use crate::source::{Level, Span};

pub(super) fn claims_more(span: Span, what: &str, claimed: &str, given: &str) -> Diagnostic {
    Diagnostic::error(
        Code("claims-more"),
        span,
        format!("the document claims the {what} `{claimed}`, but its source speaks for {given}"),
    )
    .help(format!("whoever loads a source says for which {what} it speaks; leave the line out, or load the file from elsewhere"))
}

pub(super) fn not_a_document(span: Span) -> Diagnostic {
    Diagnostic::error(Code("not-a-document"), span, "a policy document is a mapping; this is not")
        .help("start with `rules:`, or with the name of a form such as `repo_policy:`")
}

pub(super) fn says_nothing(span: Span) -> Diagnostic {
    Diagnostic::error(Code("not-a-document"), span, "the document says nothing: it has neither rules nor a form")
        .help("give it `rules:`, or the name of a form such as `repo_policy:`")
}

pub(super) fn unknown_level<'a>(span: Span, name: &str, known: impl Iterator<Item = &'a str> + Clone) -> Diagnostic {
    let all: Vec<&str> = known.clone().collect();
    Diagnostic::error(Code("unknown-level"), span, format!("there is no level `{name}`"))
        .help(format!("the levels: {}", all.join(", ")))
        .help_if(did_you_mean(name, known))
}

pub(super) fn form_level(span: Span, form: &str, wanted: Level, given: Level) -> Diagnostic {
    Diagnostic::error(
        Code("claims-more"),
        span,
        format!("`{form}` speaks at the {wanted} level, but its source speaks at the {given} level"),
    )
    .help(format!("load the file as a source of the {wanted} level: put it under `{wanted}/` in the policy folder"))
}

pub(super) fn needs(span: Span, what: &str, key: &str) -> Diagnostic {
    Diagnostic::error(Code("missing-key"), span, format!("{what} needs `{key}`"))
}

pub(super) fn not_with(span: Span, key: &str, kind: &str, with: &str) -> Diagnostic {
    Diagnostic::error(Code("key-not-here"), span, format!("`{key}` has no meaning on a rule that says `{kind}`"))
        .help(format!("`{key}` goes with {with}"))
}

pub(super) fn impossible_approval(span: Span, why: &str) -> Diagnostic {
    Diagnostic::error(Code("impossible-approval"), span, format!("nobody could ever approve this: {why}"))
}

pub(super) fn test_twice(span: Span, first: Span, name: &str) -> Diagnostic {
    Diagnostic::error(Code("duplicate-test"), span, format!("two tests are named `{name}`"))
        .saying("the second")
        .and(first, "the first")
        .help("reports name tests: give each its own name")
}

pub(super) fn bad_id(span: Span, id: &str) -> Diagnostic {
    Diagnostic::error(Code("bad-id"), span, format!("`{id}` is no id"))
        .help("an id is made of letters, digits, `_`, `-`, `.` and, in a policy, `/`; `bailiwick` is the engine's own")
}

pub(super) fn other_language(span: Span, language: &str, own: &str) -> Diagnostic {
    Diagnostic::error(Code("other-language"), span, format!("the document is in version `{language}` of the language"))
        .help(format!("this engine reads version `{own}`"))
}
