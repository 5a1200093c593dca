//! For whom a document speaks: names and patterns over entities of its own and higher levels.

use super::{ScopeEntry, ScopeNames, errors};
use crate::diagnostic::Diagnostic;
use crate::form;
use crate::normal::Globs;
use crate::source::Level;

/// Resolves the scope of a document. Two lines for one kind of entity (the source's and the document's) must both match.
pub(super) fn resolve(document: &form::Document, out: &mut Vec<Diagnostic>) -> Vec<ScopeEntry> {
    let mut entries = Vec::new();
    for scoped in &document.scope {
        if document.level < scoped.level || scoped.level == Level::Platform {
            out.push(errors::scope_below(scoped.span, scoped.level, document.level));
            continue;
        }
        if let Some(names) = names(scoped, out) {
            entries.push(ScopeEntry {
                level: scoped.level,
                names,
            });
        }
    }
    entries.sort_by_key(|entry| entry.level);
    entries
}

fn names(scoped: &form::Scoped, out: &mut Vec<Diagnostic>) -> Option<ScopeNames> {
    let texts: Vec<&str> = scoped.names.iter().map(|name| name.value.as_str()).collect();
    if texts
        .iter()
        .all(|text| !text.contains(['*', '?', '[', '{', '\\']))
    {
        let mut exact: Vec<Box<str>> = texts.iter().map(|&text| text.into()).collect();
        exact.sort();
        exact.dedup();
        return Some(ScopeNames::Exact(exact));
    }
    match Globs::new(&texts) {
        Ok(globs) => Some(ScopeNames::Globs(globs)),
        Err(error) => {
            out.push(errors::bad_glob(
                scoped.names[error.index].span,
                &error.message,
                error.help,
            ));
            None
        }
    }
}

/// Whether two scopes can both apply to one request: no kind of entity has names in both that share none. Patterns are
/// taken to overlap.
pub(super) fn compatible(one: &[ScopeEntry], two: &[ScopeEntry]) -> bool {
    one.iter().all(|a| {
        two.iter()
            .filter(|b| a.level == b.level)
            .all(|b| overlap(&a.names, &b.names))
    })
}

fn overlap(one: &ScopeNames, two: &ScopeNames) -> bool {
    match (one, two) {
        (ScopeNames::Exact(one), ScopeNames::Exact(two)) => one.iter().any(|name| two.contains(name)),
        (ScopeNames::Globs(_), _) | (_, ScopeNames::Globs(_)) => true,
    }
}

/// Whether whatever the second applies to, the first applies to as well, as far as names tell.
pub(super) fn covers(wide: &[ScopeEntry], narrow: &[ScopeEntry]) -> bool {
    wide.iter().all(|a| {
        narrow
            .iter()
            .any(|b| a.level == b.level && within(&b.names, &a.names))
    })
}

fn within(narrow: &ScopeNames, wide: &ScopeNames) -> bool {
    match (narrow, wide) {
        (ScopeNames::Exact(names), wide) => names.iter().all(|name| wide.holds(name)),
        (ScopeNames::Globs(narrow), ScopeNames::Globs(wide)) => narrow == wide,
        (ScopeNames::Globs(_), ScopeNames::Exact(_)) => false,
    }
}
