//! Form `access_rule`: who may do one thing, on which conditions, and when approval is asked (spec/11-forms.md).

use super::approval::default_approval;
use super::make::made;
use super::native::{asked, names, written};
use super::{Actions, Approval, Form, Guard, Kind, Lowering, errors};
use crate::document::Field;
use crate::source::Level;

pub(super) const FORM: Form = Form {
    key: "access_rule",
    doc: "who may do one thing, and when approval is asked",
    lower,
};

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let Some(mut fields) = field.fields("`access_rule`", to.out) else {
        return;
    };
    let actions = fields
        .required("action")
        .map(|field| names(field, to.out))
        .unwrap_or_default();
    let allow_if = fields
        .optional("allow_if")
        .map(|field| field.nonempty_texts(to.out))
        .unwrap_or_default();
    let ask_if = fields
        .optional("require_approval_if")
        .map(|field| field.nonempty_texts(to.out))
        .unwrap_or_default();
    let approval = fields.optional("approval").and_then(|field| asked(field, to.out));
    let span = fields.start();
    if !fields.has("allow_if") && !fields.has("require_approval_if") && fields.all_known() {
        to.out.push(errors::grants_nothing(span));
    }
    fields.finish(to.out);

    // Only the platform grants; below it the same conditions close the layer to everything else.
    let kind = if to.source.level == Level::Platform {
        Kind::Allow
    } else {
        Kind::Only
    };
    if !allow_if.is_empty() {
        let guard = allow_if.iter().map(|text| Guard::When(written(text))).collect();
        to.parts.rules.push(made(
            "allow_if",
            span,
            kind,
            Actions::Named(actions.clone()),
            guard,
        ));
    }
    for (at, condition) in ask_if.iter().enumerate() {
        let approval = approval
            .clone()
            .unwrap_or_else(|| Approval::Inline(default_approval(condition.span)));
        let id = format!("require_approval_if.{}", at + 1);
        let guard = vec![Guard::When(written(condition))];
        to.parts.rules.push(made(
            &id,
            condition.span,
            Kind::Ask(approval),
            Actions::Named(actions.clone()),
            guard,
        ));
    }
}
