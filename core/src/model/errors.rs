//! Everything that can be wrong with what a policy set means, one small function each.

use crate::diagnostic::{did_you_mean, Code, Diagnostic};
use crate::source::{Level, Span};

pub(super) fn level_cannot(span: Span, what: &str, level: Level, may: &str) -> Diagnostic {
    Diagnostic::error(Code("level-cannot"), span, format!("the {level} level cannot say `{what}`"))
        .saying(format!("only {may}"))
        .help(format!("move it to a source of {may}, or leave it out"))
}

pub(super) fn scope_below(span: Span, entity: Level, level: Level) -> Diagnostic {
    Diagnostic::error(
        Code("scope-below-level"),
        span,
        format!("a document of the {level} level cannot speak for a {entity}"),
    )
    .saying("an entity of a lower level")
    .help(format!("`applies_to` takes entities of the {level} level and of those above it"))
}

pub(super) fn bad_glob(span: Span, message: &str, help: Option<String>) -> Diagnostic {
    Diagnostic::error(Code("invalid-glob"), span, message).help_if(help)
}

pub(super) fn same_version(span: Span, other: Span, name: &str) -> Diagnostic {
    Diagnostic::error(Code("same-version"), span, format!("`{name}` is loaded twice with different content"))
        .saying("this one")
        .and(other, "and this one")
        .help("give one of them another version, or another id")
}

pub(super) fn duplicate_rule(span: Span, other: Span, id: &str) -> Diagnostic {
    Diagnostic::error(Code("duplicate-rule"), span, format!("the document has two rules named `{id}`"))
        .saying("the second")
        .and(other, "the first")
        .help("records name rules by their id: give each its own")
}

pub(super) fn defined_above(span: Span, other: Span, what: &str, name: &str, level: Level) -> Diagnostic {
    Diagnostic::error(
        Code("defined-above"),
        span,
        format!("the {what} `{name}` is defined at the {level} level already and cannot be defined again below"),
    )
    .saying("defined again here")
    .and(other, "defined here")
    .help("use another name; a lower level cannot change what a name of a higher level means")
}

pub(super) fn defined_twice(span: Span, other: Span, what: &str, name: &str) -> Diagnostic {
    Diagnostic::error(Code("defined-twice"), span, format!("the {what} `{name}` is defined twice, differently"))
        .saying("the second")
        .and(other, "the first")
        .help("keep one of them, or use another name")
}

pub(super) fn ambiguous_name(span: Span, what: &str, name: &str, one: Span, two: Span) -> Diagnostic {
    Diagnostic::error(
        Code("ambiguous-name"),
        span,
        format!("the {what} `{name}` could mean two things here"),
    )
    .and(one, "this one")
    .and(two, "or this one")
    .help("narrow the document with `applies_to`, so that one of them is out of its sight")
}

pub(super) fn unknown_action<'a>(span: Span, name: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    Diagnostic::error(Code("unknown-action"), span, format!("there is no action `{name}`"))
        .help("`bailiwick schema actions` lists the actions")
        .help_if(did_you_mean(name, known))
}

pub(super) fn glob_without_action(span: Span, glob: &str) -> Diagnostic {
    Diagnostic::error(Code("unknown-action"), span, format!("no action matches `{glob}`"))
        .help("`bailiwick schema actions` lists the actions")
}

pub(super) fn unknown_constant<'a>(
    span: Span,
    name: &str,
    enumeration: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let all: Vec<&str> = known.clone().take(20).collect();
    Diagnostic::error(Code("unknown-constant"), span, format!("`{name}` is not a constant of `{enumeration}`"))
        .help(format!("its constants: {}", all.join(", ")))
        .help_if(did_you_mean(name, known))
}

pub(super) fn unknown_workflow<'a>(span: Span, name: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    Diagnostic::error(Code("unknown-workflow"), span, format!("there is no approval workflow `{name}` in sight"))
        .saying("not defined at this level or above")
        .help("define it under `approval_workflows`")
        .help_if(did_you_mean(name, known))
}

pub(super) fn unknown_definition<'a>(span: Span, name: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    Diagnostic::error(Code("unknown-definition"), span, format!("there is no definition `{name}` in sight"))
        .help("define it under `definitions`")
        .help_if(did_you_mean(name, known))
}

pub(super) fn unknown_obligation<'a>(span: Span, name: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let word = name.split(':').next().unwrap_or(name);
    Diagnostic::error(Code("unknown-obligation"), span, format!("there is no obligation `{word}`"))
        .help("obligations of your own start with `x.`")
        .help_if(did_you_mean(word, known))
}

pub(super) fn selector_not_of_action(span: Span, selector: &str, actions: &str) -> Diagnostic {
    Diagnostic::error(
        Code("attribute-not-of-action"),
        span,
        format!("none of the rule's actions has what `{selector}` selects"),
    )
    .saying("can never match")
    .help(format!("`{selector}` goes with {actions}"))
}

pub(super) fn wrong_value(span: Span, found: &str, expected: &str) -> Diagnostic {
    Diagnostic::error(Code("wrong-type"), span, format!("expected {expected}, found `{found}`"))
}

pub(super) fn not_extension(span: Span, what: &str, name: &str) -> Diagnostic {
    Diagnostic::error(Code("not-an-extension"), span, format!("the {what} `{name}` is not under `x.`"))
        .help(format!("names of your own start with `x.`: `x.{name}`"))
}

pub(super) fn unknown_type<'a>(span: Span, name: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    Diagnostic::error(Code("unknown-type"), span, format!("there is no type `{name}`"))
        .help("types: bool, int, number, percent, string, path, host, timestamp, duration, an enumeration, `list of` one of these")
        .help_if(did_you_mean(name, known))
}

pub(super) fn unknown_argument<'a>(span: Span, name: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    Diagnostic::error(Code("unknown-attribute"), span, format!("no action has an argument `{name}`"))
        .help("an argument of the action's own begins with `x.` and has a `type`")
        .help_if(did_you_mean(name, known))
}

pub(super) fn unknown_bound<'a>(span: Span, name: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    Diagnostic::error(Code("unknown-attribute"), span, format!("`{name}` is no argument of the action"))
        .help("`bound` lists arguments of the action")
        .help_if(did_you_mean(name, known))
}

pub(super) fn closed_below(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(Code("level-cannot"), span, format!("only the platform gives the constants of `{name}`"))
        .help("move it to a source of the platform level")
}

pub(super) fn two_onboardings(span: Span, other: Span, repository: &str) -> Diagnostic {
    Diagnostic::error(
        Code("onboarded-twice"),
        span,
        format!("two documents onboard the repository `{repository}`, with different facts"),
    )
    .saying("the second")
    .and(other, "the first")
    .help("keep one of them")
}

pub(super) fn mode_twice(span: Span, action: &str, mode: &str) -> Diagnostic {
    Diagnostic::error(Code("mode-twice"), span, format!("`{action}` stands in the mode `{mode}` already"))
        .help("modes accumulate: name an action in the lowest mode that may do it")
}

pub(super) fn fixed_enumeration(span: Span, name: &str) -> Diagnostic {
    let help = match name {
        "autonomy_level" => "the form `autonomy_modes` gives the modes",
        _ => "its constants are fixed by the specification",
    };
    Diagnostic::error(Code("fixed-enumeration"), span, format!("the enumeration `{name}` cannot be given here")).help(help)
}

pub(super) fn taken(span: Span, what: &str, name: &str) -> Diagnostic {
    Diagnostic::error(Code("defined-twice"), span, format!("the {what} `{name}` is defined already, differently"))
        .help("use another name")
}

pub(super) fn never_switched(span: Span, action: &str) -> Diagnostic {
    Diagnostic::error(Code("never-switched"), span, format!("no switch denies `{action}`"))
        .saying("a way out of an emergency")
        .help("leave it out; `*` leaves it out by itself")
}
