//! Form `decision_matrix`: who decides on which combination of what is changed, where and how much
//! (spec/15-switches-and-roles.md, 15.4).

use std::collections::{BTreeMap, BTreeSet};

use super::make::{any_of, key};
use super::native::names;
use super::row::{self, Agent, Row};
use super::{Actions, Cells, Form, Grid, Guard, Lowering, errors};
use crate::document::{Field, Scalar};
use crate::source::Spanned;

pub(super) const FORM: Form = Form {
    key: "decision_matrix",
    doc: "who decides on which combination of change, place and size",
    lower,
};

/// Rows are held against each other, so that there is an end to how many are read.
const ROWS_MAX: usize = 256;

/// The columns that a matrix may have, and the selectors that they are.
const COLUMNS: [(&str, &str); 11] = [
    ("change_type", "change_type"),
    ("change_class", "change_class"),
    ("environment", "environment"),
    ("version", "release"),
    ("release", "release"),
    ("risk", "risk"),
    ("risk_tier", "risk_tier"),
    ("task_class", "task_class"),
    ("data_class", "data_class"),
    ("platform_part", "platform_part"),
    ("origin", "origin"),
];

fn lower(field: Field<'_>, to: &mut Lowering<'_>) {
    let Some(mut fields) = field.fields("`decision_matrix`", to.out) else {
        return;
    };
    let actions = fields
        .required("action")
        .map(|field| names(field, to.out))
        .unwrap_or_default();
    let span = key(&fields, "rows");
    let written = fields
        .required("rows")
        .and_then(|field| field.nonempty_list(to.out))
        .unwrap_or_default();
    if ROWS_MAX < written.len() {
        to.out.push(errors::too_many_rows(span, written.len(), ROWS_MAX));
    }
    fields.finish(to.out);
    let before = to.out.len();
    let read = (1..).zip(written.into_iter().take(ROWS_MAX));
    let rows: Vec<(Row, Cells)> = read
        .filter_map(|(number, field)| lower_row(number, field, to))
        .collect();
    let actions = Actions::Named(actions);
    rows.iter()
        .for_each(|(row, _)| to.parts.rules.extend(row.rules(&actions)));
    if to.out.len() != before {
        return;
    }
    compare(&rows, to);
    let only: Vec<Row> = rows.iter().map(|(row, _)| row.clone()).collect();
    let rest = row::rest(&only, "no row of the matrix is about this", span, &actions);
    if rest.is_some() {
        to.parts.grids.push(Grid {
            span,
            rows: rows.into_iter().map(|(_, cells)| cells).collect(),
        });
    }
    to.parts.rules.extend(rest);
}

fn lower_row(number: usize, field: Field<'_>, to: &mut Lowering<'_>) -> Option<(Row, Cells)> {
    let mut fields = field.fields("a row", to.out)?;
    let mut cells = Cells::new();
    for (column, selector) in COLUMNS {
        let Some(field) = fields.optional(column) else {
            continue;
        };
        let span = key(&fields, column);
        let values: Vec<Scalar> = field.nonempty_texts(to.out).into_iter().cloned().collect();
        if let Some(first) = cells.get(selector) {
            to.out.push(errors::column_again(span, first.span, column));
        } else if !values.iter().any(|value| &*value.text == "any") {
            cells.insert(selector, Spanned::new(values, span));
        }
    }
    let approvers = fields
        .optional("approvers")
        .map(|field| row::approvers(field, to.out))
        .unwrap_or_default();
    let agent = fields
        .required("agent")
        .and_then(|field| row::agent(field, to.out));
    let span = fields.start();
    fields.finish(to.out);
    let row = Row {
        id: format!("row.{number}"),
        about: in_words(&cells),
        guard: cells.iter().map(selector).collect(),
        approvers,
        agent: agent.unwrap_or(Agent::HumanOnly),
        span,
    };
    Some((row, cells))
}

fn selector((selector, values): (&&'static str, &Spanned<Vec<Scalar>>)) -> Guard {
    any_of(selector, values.value.clone(), values.span)
}

/// "code, production, patch"
fn in_words(cells: &Cells) -> String {
    let words = COLUMNS.iter().filter_map(|(_, column)| cells.get(column));
    let mut seen = BTreeSet::new();
    let words: Vec<String> = words
        .filter(|values| seen.insert(values.span))
        .map(|values| texts(values).into_iter().collect::<Vec<_>>().join(" or "))
        .collect();
    if words.is_empty() {
        "anything".to_owned()
    } else {
        words.join(", ")
    }
}

fn texts(values: &Spanned<Vec<Scalar>>) -> BTreeSet<String> {
    values.value.iter().map(|value| value.text.to_string()).collect()
}

/// How two rows stand to each other: the same, one within the other, or both about some of the same.
fn compare(rows: &[(Row, Cells)], to: &mut Lowering<'_>) {
    let texts: Vec<BTreeMap<&str, BTreeSet<String>>> = rows
        .iter()
        .map(|(_, cells)| {
            cells
                .iter()
                .map(|(column, values)| (*column, texts(values)))
                .collect()
        })
        .collect();
    let covers = |one: usize, other: usize| {
        let within = |(column, wide): (&&str, &BTreeSet<String>)| {
            texts[other]
                .get(column)
                .is_some_and(|narrow| narrow.is_subset(wide))
        };
        texts[one].iter().all(within)
    };
    let meet = |one: usize, other: usize| {
        let mut both = texts[one]
            .iter()
            .filter_map(|(column, values)| Some((values, texts[other].get(column)?)));
        both.all(|(a, b)| !a.is_disjoint(b))
    };
    for later in 1..rows.len() {
        for first in 0..later {
            let ((one, _), (two, _)) = (&rows[first], &rows[later]);
            if texts[first] == texts[later] {
                to.out.push(errors::row_again(two.span, one.span, &two.about));
            } else if covers(first, later) && one.is_as_strict_as(two) {
                to.out
                    .push(errors::row_unreachable(two.span, one.span, &two.about));
            } else if covers(later, first) && two.is_as_strict_as(one) {
                to.out
                    .push(errors::row_unreachable(one.span, two.span, &one.about));
            } else if meet(first, later) {
                to.out
                    .push(errors::row_overlap(two.span, one.span, &one.about, &two.about));
            }
        }
    }
}
