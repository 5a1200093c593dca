//! The life of a policy: rules that end, documents that are to be looked at again, and who answers for them
//! (spec/15-switches-and-roles.md, 15.10). Nothing here changes an answer, and the time comes from whoever asks.

use super::{Document, Policies, Rule, errors};
use crate::diagnostic::Diagnostic;

/// What is due at an instant, or within a time after it, both in nanoseconds.
pub fn due(policies: &Policies, now: i128, ahead: i128, out: &mut Vec<Diagnostic>) {
    let soon = |time: i128| time <= now.saturating_add(ahead);
    for rule in &policies.rules {
        let document = &policies.documents[rule.document as usize];
        match rule.expires {
            Some(end) if end <= now => {
                out.push(errors::expired(rule.span, &rule.id, end, owner(rule, document)))
            }
            Some(end) if soon(end) => {
                out.push(errors::expires_soon(
                    rule.span,
                    &rule.id,
                    end,
                    owner(rule, document),
                ));
            }
            _ => {}
        }
    }
    for document in &policies.documents {
        let Some(review) = &document.review else { continue };
        let owner = document.owner.as_deref();
        if owner.is_none() {
            out.push(errors::no_owner(review.span, &document.id));
        }
        if review.value <= now {
            out.push(errors::review_overdue(
                review.span,
                &document.id,
                review.value,
                owner,
            ));
        } else if soon(review.value) {
            out.push(errors::review_due(review.span, &document.id, review.value, owner));
        }
    }
}

fn owner<'a>(rule: &'a Rule, document: &'a Document) -> Option<&'a str> {
    rule.owner.as_deref().or(document.owner.as_deref())
}
