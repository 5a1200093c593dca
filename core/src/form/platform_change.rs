//! Form `platform_change`: what must be shown before a part of the agent platform is changed
//! (spec/17-gates-and-advice.md, 17.9).

use super::bound::criteria;
use super::make::{DENY, any_of, for_id, is_agent, key, made, named, text};
use super::native::asked;
use super::{Form, Guard, Kind, Lowering, errors};
use crate::document::{Field, Scalar};

pub(super) const FORM: Form = Form {
    key: "platform_change",
    doc: "what must be shown before the agent platform itself is changed",
    lower,
};

/// The part that lies in repositories, where agents could write it.
const INSTRUCTIONS: &str = "instruction_file";

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let Some(entries) = field.nonempty_entries(to.out) else {
        return;
    };
    let span = field.span();
    for (name, field) in entries {
        for_id(name, to);
        part(name, field, to);
    }
    let guard = vec![Guard::Unless(text("has(platform_part)".to_owned(), span))];
    let mut unnamed = made("platform_part", span, DENY, named(&["agent.change"], span), guard);
    unnamed.reason = Some("a change to the platform says which part it is about".to_owned());
    to.parts.rules.push(unnamed);
}

fn part(name: &Scalar, field: Field<'_>, to: &mut Lowering<'_>) {
    let what = format!("the part `{}`", name.text);
    let Some(mut fields) = field.fields(&what, to.out) else {
        return;
    };
    let guard = || vec![any_of("platform_part", vec![name.clone()], name.span)];
    let words = name.text.replace('_', " ");
    let gate = fields.optional("gate").map(|field| criteria(field, true, to.out));
    if let Some(criteria) = gate {
        let at = key(&fields, "gate");
        let id = format!("{}.gate", name.text);
        let mut rule = made(
            &id,
            at,
            Kind::Gate(criteria),
            named(&["agent.change"], at),
            guard(),
        );
        rule.reason = Some(format!("a change to the {words} needs to be shown to be safe"));
        to.parts.rules.push(rule);
    }
    if let Some(approval) = fields.optional("ask").and_then(|field| asked(field, to.out)) {
        let at = key(&fields, "ask");
        let id = format!("{}.ask", name.text);
        let mut rule = made(
            &id,
            at,
            Kind::Ask(approval.clone()),
            named(&["agent.change"], at),
            guard(),
        );
        rule.reason = Some(format!("a change to the {words} needs a person"));
        to.parts.rules.push(rule);
        if &*name.text == INSTRUCTIONS {
            let writes = named(&["file.write", "file.delete", "file.move"], at);
            let there = text("path_class == instruction_files".to_owned(), at);
            let guard = vec![is_agent(at), Guard::When(there)];
            let mut rule = made("instruction_file.written", at, Kind::Ask(approval), writes, guard);
            rule.reason = Some("an agent changes what agents are told".to_owned());
            to.parts.rules.push(rule);
        }
    }
    if !fields.has("gate") && !fields.has("ask") && fields.all_known() {
        let example = "gate: [security_review == approved]";
        to.out
            .push(errors::gate_of_nothing(name.span, &name.text, example));
    }
    fields.finish(to.out);
}
