//! What forms have in common when they make rules: rules out of nothing but a place, guards that several forms use, the
//! entity that a form speaks for. Knows no form.

use super::{Actions, Guard, Kind, Lowering, Origin, Rule, Scoped, Text, errors};
use crate::document::{Fields, Scalar};
use crate::source::{Level, Span, Spanned};

/// For whom the document speaks, as the form says it. At another level that was reported.
pub(super) fn speak_for(repository: &Scalar, span: Span, to: &mut Lowering<'_>) {
    if to.source.level == Level::Repository {
        to.scope.push(Scoped {
            level: Level::Repository,
            names: vec![repository.spanned()],
            span,
        });
    }
}

pub(super) fn key(fields: &Fields<'_>, key: &str) -> Span {
    fields.key_span(key).unwrap_or(fields.span())
}

/// The entity of the level that the document speaks at.
pub(super) fn own_entity(level: Level) -> &'static str {
    match level {
        Level::ToolCall => "tool",
        level => level.as_str(),
    }
}

/// Says so where the source speaks at another level than the form does.
pub(super) fn at_level(to: &mut Lowering<'_>, level: Level, form: &str, span: Span) {
    if to.source.level != level {
        to.out
            .push(errors::form_level(span, form, level, to.source.level));
    }
}

/// A rule that a form makes.
pub(super) fn made(id: &str, span: Span, kind: Kind, actions: Actions, guard: Vec<Guard>) -> Rule {
    Rule {
        id: Spanned::new(id.to_owned(), span),
        kind,
        kind_span: span,
        actions,
        guard,
        reason: None,
        obligations: Vec::new(),
        controls: Vec::new(),
        expires: None,
        owner: None,
        examples: Vec::new(),
        span,
    }
}

/// What becomes part of a rule's id has the characters of one.
pub(super) fn for_id(name: &Scalar, to: &mut Lowering<'_>) {
    let fits = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if !name.text.chars().all(fits) {
        to.out.push(errors::bad_id(name.span, &name.text, ""));
    }
}

pub(super) const DENY: Kind = Kind::Deny {
    unknown_asks: false,
    bypass: None,
};

/// Names of actions, as a form says them.
pub(super) fn named(actions: &[&str], span: Span) -> Actions {
    Actions::Named(
        actions
            .iter()
            .map(|&name| Spanned::new(name.to_owned(), span))
            .collect(),
    )
}

/// A condition that a form makes out of what stands at a place.
pub(super) fn text(text: String, span: Span) -> Text {
    Text {
        text,
        origin: Origin::Made(span),
    }
}

pub(super) fn is_agent(span: Span) -> Guard {
    Guard::When(text("subject.type == agent".to_owned(), span))
}

/// Everything that needs more autonomy than the cap is denied to agents.
pub(super) fn autonomy_cap(id: &str, cap: &Scalar) -> Rule {
    let mut rule = made(
        id,
        cap.span,
        DENY,
        Actions::Above(cap.spanned()),
        vec![is_agent(cap.span)],
    );
    rule.reason = Some(format!("above the autonomy level {}", cap.text));
    rule
}

/// Nothing under the patterns is written, deleted or moved, however it is done.
pub(super) fn forbidden_paths(paths: &[&Scalar], span: Span) -> Rule {
    let actions = named(&["file.write", "file.delete", "file.move"], span);
    let mut rule = made("forbidden_paths", span, DENY, actions, vec![under(paths, span)]);
    rule.reason = Some("forbidden path".to_owned());
    rule
}

/// `secrets/**` is everything below `secrets`; what is forbidden below a directory is forbidden in its place as well.
pub(super) fn under(paths: &[&Scalar], span: Span) -> Guard {
    let mut values: Vec<Scalar> = Vec::new();
    for &path in paths {
        values.push(path.clone());
        if let Some(directory) = path
            .text
            .strip_suffix("/**")
            .filter(|directory| !directory.is_empty())
        {
            values.push(Scalar {
                text: directory.into(),
                ..path.clone()
            });
        }
    }
    any_of("path", values, span)
}

/// One of the values is what the selector reads.
pub(super) fn any_of(selector: &'static str, values: Vec<Scalar>, span: Span) -> Guard {
    selects(selector, values, span, false)
}

/// None of the values is what the selector reads.
pub(super) fn none_of(selector: &'static str, values: Vec<Scalar>, span: Span) -> Guard {
    selects(selector, values, span, true)
}

fn selects(selector: &'static str, values: Vec<Scalar>, span: Span, negated: bool) -> Guard {
    Guard::Selector {
        selector: Spanned::new(selector, span),
        values,
        negated,
    }
}
