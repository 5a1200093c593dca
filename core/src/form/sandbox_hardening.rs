//! Form `sandbox_hardening`: what a sandbox attests before a command runs in it (spec/17-gates-and-advice.md, 17.5).

use super::make::{made, named};
use super::{Form, Kind, Lowering, checklist, errors};
use crate::document::Field;

pub(super) const FORM: Form = Form {
    key: "sandbox_hardening",
    doc: "what a sandbox attests before a command runs in it",
    lower,
};

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let Some(mut fields) = field.fields("`sandbox_hardening`", to.out) else {
        return;
    };
    let span = fields.start();
    let sections = fields.rest();
    if sections.is_empty() {
        let example = "user: {run_as_non_root: true}";
        to.out
            .push(errors::gate_of_nothing(span, "sandbox_hardening", example));
    }
    let criteria = checklist::sections(sections, to);
    fields.finish(to.out);
    let actions = named(&["shell.exec", "command.run"], span);
    let mut gate = made(
        "sandbox_hardening",
        span,
        Kind::Gate(criteria),
        actions,
        Vec::new(),
    );
    gate.reason = Some("the sandbox is not shown to be hardened".to_owned());
    to.parts.rules.push(gate);
}
