//! Checklists by section, each item of which somebody vouches for (spec/17-gates-and-advice.md, 17.4 and 17.5). Knows
//! neither what is asked for nor of whom.

use super::bound::{ATTESTED, Bare, bound, criterion, entry, is_map, over};
use super::{Criterion, Lowering, errors};
use crate::condition::duration_text;
use crate::document::{Field, Scalar};

/// The criteria of the sections of a checklist: `system.runbook` for the item `runbook` of the section `system`.
pub(super) fn sections(sections: Vec<(&Scalar, Field<'_>)>, to: &mut Lowering<'_>) -> Vec<Criterion> {
    let mut all = Vec::new();
    for (section, items) in sections {
        for (item, field) in items.nonempty_entries(to.out).unwrap_or_default() {
            all.extend(criterion_of(section, item, field, to));
        }
    }
    all
}

fn criterion_of(
    section: &Scalar,
    item: &Scalar,
    field: Field<'_>,
    to: &mut Lowering<'_>,
) -> Option<Criterion> {
    let name = format!("{}.{}", section.text, item.text);
    let attested = entry(ATTESTED, &name);
    if is_map(field) {
        let mut fields = field.fields("an item of a checklist", to.out)?;
        let within = fields.required("within").and_then(|field| field.duration(to.out));
        fields.finish(to.out);
        let age = duration_text(within?.value);
        return Some(criterion(&name, format!("{attested} <= {age}"), true, item.span));
    }
    let word = field.nonempty_text(to.out)?;
    let (condition, blocks) = match &*word.text {
        "required" => (format!("{attested} == true"), true),
        "preferred" => (format!("{attested} == true"), false),
        "optional" => {
            to.out.push(errors::item_of_nothing(word.span, &item.text));
            return None;
        }
        _ => {
            let bound = bound(field, Bare::Exactly, to.out)?;
            (format!("{} {bound}", over(&attested, None)), true)
        }
    };
    Some(criterion(&name, condition, blocks, item.span))
}
