//! Form `autonomy_modes`: the ordered modes of a rollout, and what each lets an agent do (spec/11-forms.md).

use super::native::names;
use super::{Form, Lowering, Modes, errors};
use crate::document::{Field, Node};
use crate::source::Spanned;

pub(super) const FORM: Form = Form {
    key: "autonomy_modes",
    doc: "the modes of a rollout, the least first, and what each adds",
    lower,
};

type Mode = (Spanned<String>, Vec<Spanned<String>>);

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let span = field.span();
    let mut modes: Vec<Mode> = Vec::new();
    for entry in field.nonempty_list(to.out).unwrap_or_default() {
        let entries = entry.nonempty_entries(to.out).unwrap_or_default();
        if let [_, (second, _), ..] = &entries[..] {
            to.out.push(errors::mode_of_many(second.span));
        }
        for (name, actions) in entries {
            if let Some((first, _)) = modes.iter().find(|(first, _)| first.value == *name.text) {
                to.out.push(errors::mode_again(name.span, first.span, &name.text));
            }
            // A mode may add nothing: `- manual: []`.
            let empty = matches!(actions.node(), Node::List(list) if list.items.is_empty());
            let actions = if empty { Vec::new() } else { names(actions, to.out) };
            modes.push((name.spanned(), actions));
        }
    }
    to.parts.modes = Some(Modes { modes, span });
}
