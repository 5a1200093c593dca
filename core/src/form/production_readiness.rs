//! Form `production_readiness`: a checklist that is attested before the platform goes on
//! (spec/17-gates-and-advice.md, 17.4).

use super::make::{key, made, named, text};
use super::native::names;
use super::{Actions, Form, Guard, Kind, Lowering, checklist, errors};
use crate::document::Field;

pub(super) const FORM: Form = Form {
    key: "production_readiness",
    doc: "a checklist that is attested before agents work in production",
    lower,
};

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let Some(mut fields) = field.fields("`production_readiness`", to.out) else {
        return;
    };
    let span = fields.start();
    let before = fields
        .optional("before")
        .map(|field| names(field, to.out))
        .filter(|names| !names.is_empty());
    let sections = fields.rest();
    if sections.is_empty() {
        let example = "system: {durable_audit: required}";
        to.out.push(errors::gate_of_nothing(
            key(&fields, "before"),
            "production_readiness",
            example,
        ));
    }
    let criteria = checklist::sections(sections, to);
    fields.finish(to.out);
    let (actions, guard) = match before {
        Some(names) => (Actions::Named(names), Vec::new()),
        None => {
            let production = "request.action == \"phase.promote\" || environment == production";
            let actions = [
                "phase.promote",
                "run.start",
                "campaign.create",
                "campaign.advance",
            ];
            let guard = Guard::When(text(production.to_owned(), span));
            (named(&actions, span), vec![guard])
        }
    };
    let mut gate = made("production_readiness", span, Kind::Gate(criteria), actions, guard);
    gate.reason = Some("the platform is not ready for production".to_owned());
    to.parts.rules.push(gate);
}
