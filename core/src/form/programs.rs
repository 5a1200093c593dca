//! `programs`: what a platform says of programs that the specification does not list (spec/12-commands.md, 12.8). Knows the
//! words of a description; whether a program may be described at all is the model's business.

use super::{Parts, Program, errors};
use crate::diagnostic::Diagnostic;
use crate::document::{Field, Fields, Scalar};
use crate::normal::command::{Description, FLAG, ROLES};

/// What only an operand, and what only an option can mean.
const OF_OPERANDS: &str = "command";
const OF_OPTIONS: &str = "directory";

pub(super) fn section(fields: &mut Fields<'_>, parts: &mut Parts, out: &mut Vec<Diagnostic>) {
    let Some(field) = fields.optional("programs") else {
        return;
    };
    for (name, field) in field.nonempty_entries(out).unwrap_or_default() {
        parts.programs.extend(program(name, field, out));
    }
}

fn program(name: &Scalar, field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Program> {
    let mut fields = field.fields("a program", out)?;
    let like = fields
        .optional("like")
        .and_then(|field| field.nonempty_text(out))
        .map(Scalar::spanned);
    let (operands, repeats) = match fields.optional("operands") {
        Some(field) => operands(field, out),
        None => (Vec::new(), false),
    };
    let options = match fields.optional("options") {
        Some(field) => options(field, out),
        None => Vec::new(),
    };
    let others = [("opaque", false), ("harmless", true)];
    let others = fields
        .optional("other_options")
        .and_then(|field| field.keyword(&others, out));
    let mut says = |key| Some(fields.optional(key)?.bool(out)?.value);
    let (runs_code, network, privilege) = (says("runs_code"), says("network"), says("privilege"));
    // For people: what the program is.
    fields.optional("doc").and_then(|field| field.text(out));
    let keys = ["operands", "other_options"].map(|key| fields.key_span(key));
    fields.finish(out);
    Some(Program {
        name: name.spanned(),
        keys,
        said: Description {
            like: like.as_ref().map(|like| like.value.clone()),
            operands,
            repeats,
            options: options
                .iter()
                .map(|(name, role)| (name.value.clone(), *role))
                .collect(),
            other_options_harmless: others.is_some_and(|others| others.value),
            runs_code,
            network: network == Some(true),
            privilege: privilege == Some(true),
        },
        like,
        options: options.into_iter().map(|(name, _)| name).collect(),
        frees: runs_code == Some(false),
    })
}

/// Roles in order; `read...` at the end is the role of all that follow.
fn operands(field: Field<'_>, out: &mut Vec<Diagnostic>) -> (Vec<&'static str>, bool) {
    let written = field.nonempty_texts(out);
    let last = written.len().saturating_sub(1);
    let (mut roles, mut repeats) = (Vec::new(), false);
    for (at, scalar) in written.iter().enumerate() {
        let (word, many) = match scalar.text.strip_suffix("...") {
            Some(word) => (word, true),
            None => (&*scalar.text, false),
        };
        if many && at < last {
            out.push(errors::repeats_in_between(scalar.span, word));
        }
        repeats |= many;
        roles.extend(role(scalar, word, OF_OPTIONS, &[], out));
        if at < last && matches!(word, "command" | "shell") {
            out.push(errors::takes_the_rest(scalar.span, word));
        }
    }
    (roles, repeats)
}

fn options(
    field: Field<'_>,
    out: &mut Vec<Diagnostic>,
) -> Vec<(crate::source::Spanned<String>, &'static str)> {
    let mut options = Vec::new();
    for (name, field) in field.nonempty_entries(out).unwrap_or_default() {
        if !is_option(&name.text) {
            out.push(errors::no_option(name.span, &name.text));
        }
        if let Some(word) = field.nonempty_text(out)
            && let Some(role) = role(word, &word.text, OF_OPERANDS, &[FLAG], out)
        {
            options.push((name.spanned(), role));
        }
    }
    options
}

/// `-x` or `--word`, as it is typed.
fn is_option(text: &str) -> bool {
    let name = text
        .strip_prefix("--")
        .or_else(|| text.strip_prefix('-'))
        .unwrap_or("");
    !name.is_empty()
        && !name.starts_with('-')
        && !name.contains(|c: char| c == '=' || c.is_whitespace() || c.is_control())
}

/// The word of the table for one of policies.
fn role(
    scalar: &Scalar,
    word: &str,
    not: &str,
    also: &[&'static str],
    out: &mut Vec<Diagnostic>,
) -> Option<&'static str> {
    if let Some(also) = also.iter().find(|also| **also == word) {
        return Some(also);
    }
    let usable = || ROLES.iter().filter(|(known, ..)| *known != not);
    match usable().find(|(known, ..)| *known == word) {
        Some((_, role, _)) => Some(role),
        None => {
            let known: Vec<&str> = usable()
                .map(|(known, ..)| *known)
                .chain(also.iter().copied())
                .collect();
            out.push(errors::unknown_role(scalar.span, word, &known));
            None
        }
    }
}
