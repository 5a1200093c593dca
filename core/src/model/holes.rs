//! Combinations that no row of a table is about (spec/15-switches-and-roles.md, 15.4). They are denied; this says which.

use std::collections::BTreeSet;

use super::errors;
use crate::diagnostic::Diagnostic;
use crate::form::Grid;
use crate::schema::{Scalar, Schema, Type, selector_named};

/// A table of more combinations than this is not looked through.
const COMBINATIONS_MAX: usize = 20_000;

/// So many are named.
const NAMED: usize = 5;

/// Warns of what a table leaves out.
pub(super) fn warn(grid: &Grid, schema: &Schema, out: &mut Vec<Diagnostic>) {
    let columns: BTreeSet<&'static str> = grid.rows.iter().flat_map(|row| row.keys().copied()).collect();
    let Some(columns) = columns
        .into_iter()
        .map(|column| Some((column, constants(column, schema)?)))
        .collect::<Option<Vec<_>>>()
    else {
        return;
    };
    let sizes = columns.iter().map(|(_, constants)| constants.len());
    let Some(count) = sizes
        .clone()
        .try_fold(1usize, usize::checked_mul)
        .filter(|count| *count <= COMBINATIONS_MAX)
    else {
        return;
    };
    // What a definition stands for is looked up elsewhere.
    let named = |row: &crate::form::Cells| {
        row.values()
            .any(|values| values.value.iter().any(|value| value.text.starts_with('$')))
    };
    if grid.rows.iter().any(named) {
        return;
    }
    let mut holes = Vec::new();
    let mut more = 0usize;
    for number in 0..count {
        let combination = at(number, &columns);
        let covers = |row: &crate::form::Cells| {
            combination.iter().all(|(column, constant)| {
                let wanted = row.get(column);
                wanted.is_none_or(|values| values.value.iter().any(|value| &*value.text == *constant))
            })
        };
        if grid.rows.iter().any(covers) {
            continue;
        }
        if holes.len() < NAMED {
            let words: Vec<&str> = combination.iter().map(|(_, constant)| *constant).collect();
            holes.push(format!("`{}`", words.join(", ")));
        } else {
            more += 1;
        }
    }
    if !holes.is_empty() {
        out.push(errors::row_hole(grid.span, &holes, more));
    }
}

/// The constants of a column whose values are all known.
fn constants<'s>(column: &str, schema: &'s Schema) -> Option<Vec<&'s str>> {
    let attribute = schema.attribute_named(selector_named(column)?.attribute)?;
    let Type::One(Scalar::Enum(id)) = schema.attribute(attribute).ty else {
        return None;
    };
    let enumeration = schema.enumeration(id);
    (!enumeration.open).then(|| enumeration.constants.iter().map(String::as_str).collect())
}

/// The combination of a number: the last column counts fastest.
fn at<'s>(mut number: usize, columns: &[(&'static str, Vec<&'s str>)]) -> Vec<(&'static str, &'s str)> {
    let mut combination = Vec::with_capacity(columns.len());
    for (column, constants) in columns.iter().rev() {
        combination.push((*column, constants[number % constants.len()]));
        number /= constants.len();
    }
    combination.reverse();
    combination
}
