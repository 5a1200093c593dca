//! Form `autonomy_modes`: the ordered modes of a rollout, and what each lets an agent do (spec/11-forms.md).

use super::native::names;
use super::{Form, Lowering, Modes};
use crate::document::{Field, Node};

pub(super) const FORM: Form =
    Form { key: "autonomy_modes", doc: "the modes of a rollout, the least first, and what each adds", lower };

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let span = field.span();
    let mut modes = Vec::new();
    for mode in field.nonempty_list(to.out).unwrap_or_default() {
        for (name, actions) in mode.nonempty_entries(to.out).unwrap_or_default() {
            // A mode may add nothing: `- manual: []`.
            let empty = matches!(actions.node(), Node::List(list) if list.items.is_empty());
            let actions = if empty { Vec::new() } else { names(actions, to.out) };
            modes.push((name.spanned(), actions));
        }
    }
    to.parts.modes = Some(Modes { modes, span });
}
