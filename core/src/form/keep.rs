//! What forms have in common that speak of artifacts: how long a kind is kept, and what must hold for storing it
//! (spec/16-data-and-compliance.md, 16.3). Knows no form.

use super::make::{DENY, any_of, made, named, text};
use super::{Bound, Guard, Kind, Limit, Obligation, Rule};
use crate::condition::duration_text;
use crate::diagnostic::Diagnostic;
use crate::document::{Field, Scalar};
use crate::source::{Span, Spanned};

const DAY: i128 = 86_400_000_000_000;

/// A whole number of days over nothing, in nanoseconds.
pub(super) fn days(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<i128> {
    let count = field.count(out)?;
    if count.value == 0 || 3_652_500 < count.value {
        out.push(field.wrong("a number of days from 1 to 3652500"));
        return None;
    }
    Some(i128::from(count.value) * DAY)
}

/// A length of time; a year is 365 days.
pub(super) fn length(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<i128> {
    let years = field.text(&mut Vec::new()).and_then(|text| {
        let count: i128 = text.text.strip_suffix('y')?.parse().ok()?;
        (1..=10_000).contains(&count).then_some(count * 365 * DAY)
    });
    years.or_else(|| field.duration(out).map(|length| length.value))
}

/// The artifacts of one kind.
pub(super) fn of_kind(kind: &Scalar) -> Guard {
    any_of("artifact_kind", vec![kind.clone()], kind.span)
}

/// It is gone by then: stored no longer than that, and not read or given out where it is still there.
pub(super) fn at_most(id: &str, guard: &[Guard], length: i128, span: Span) -> [Rule; 2] {
    let mut cap = made(
        id,
        span,
        retention(Some(length), None, span),
        named(&["artifact.write"], span),
        guard.to_vec(),
    );
    cap.reason = Some("how long it may be kept".to_owned());
    let mut late = guard.to_vec();
    late.push(Guard::When(text(
        format!("age > {}", duration_text(length)),
        span,
    )));
    let actions = named(&["artifact.read", "artifact.export"], span);
    let mut gone = made(&format!("{id}.gone"), span, DENY, actions, late);
    gone.reason = Some("kept longer than it may be".to_owned());
    [cap, gone]
}

/// It is still there until then: stored at least that long, and not deleted before.
pub(super) fn at_least(id: &str, guard: &[Guard], length: i128, span: Span) -> [Rule; 2] {
    let mut floor = made(
        id,
        span,
        retention(None, Some(length), span),
        named(&["artifact.write"], span),
        guard.to_vec(),
    );
    floor.reason = Some("how long it must be kept".to_owned());
    let mut early = guard.to_vec();
    early.push(Guard::When(text(
        format!("age < {}", duration_text(length)),
        span,
    )));
    let mut kept = made(
        &format!("{id}.kept"),
        span,
        DENY,
        named(&["artifact.delete"], span),
        early,
    );
    kept.reason = Some("must be kept longer".to_owned());
    [floor, kept]
}

fn retention(at_most: Option<i128>, at_least: Option<i128>, span: Span) -> Kind {
    let bound = |length: Option<i128>| length.map(|length| Spanned::new(Bound::Duration(length), span));
    Kind::Limit(Limit {
        of: Some(Spanned::new("retention".to_owned(), span)),
        at_most: bound(at_most),
        at_least: bound(at_least),
        ..Limit::default()
    })
}

/// What must hold for storing something, and what the host owes for it.
#[derive(Clone, Copy)]
pub(super) struct Must {
    argument: &'static str,
    obligation: &'static str,
    reason: &'static str,
}

pub(super) const RESTRICTED: Must = Must {
    argument: "restricted",
    obligation: "restrict",
    reason: "stored only where the few may read it",
};
pub(super) const ENCRYPTED: Must = Must {
    argument: "encrypted",
    obligation: "encrypt",
    reason: "stored only encrypted",
};
pub(super) const REDACTED: Must = Must {
    argument: "redacted",
    obligation: "redact:artifact",
    reason: "stored only redacted",
};

/// The request says that it holds, and the host owes it.
pub(super) fn must(id: &str, guard: &[Guard], must: Must, span: Span) -> [Rule; 2] {
    let (id, actions) = (
        format!("{id}.{}", must.argument),
        named(&["artifact.write"], span),
    );
    let mut open = guard.to_vec();
    open.push(Guard::When(text(format!("{} != true", must.argument), span)));
    let mut deny = made(&id, span, DENY, actions.clone(), open);
    deny.reason = Some(must.reason.to_owned());
    let mut owed = made(
        &format!("{id}.owed"),
        span,
        Kind::Require,
        actions,
        guard.to_vec(),
    );
    owed.obligations = vec![Obligation::bare(Spanned::new(must.obligation.to_owned(), span))];
    [deny, owed]
}
