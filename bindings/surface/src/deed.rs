//! The outcome record: what became of what was decided, tied to the decision (spec/15-switches-and-roles.md, 15.11). It
//! decides nothing.

use bailiwick::Record;
use bailiwick::machinery::diagnostic::did_you_mean;
use bailiwick::parts::{Deed, DeedError, DeedReport, DeedResult};

use crate::ask::{InvalidInput, Problems};

/// What a host says of an act besides how it ended.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Why it was done, or why not.
    pub rationale: Option<String>,
    /// The ticket under which it was done.
    pub ticket: Option<String>,
    /// The hash of what came out.
    pub result_hash: Option<String>,
    /// When that was, RFC 3339.
    pub at: Option<String>,
}

/// The outcome record for what became of a decision, as canonical JSON. `record` is the decision's; `result` is `done`,
/// `failed`, `refused`, `rolled_back` or `not_done`.
///
/// # Errors
/// A record that is none, or another result.
pub fn deed(record: &str, result: &str, said: Said) -> Result<String, InvalidInput> {
    let record = read_record(record)?;
    let known = DeedResult::ALL.into_iter().find(|known| known.as_str() == result);
    let result = known.ok_or_else(|| no_result(result))?;
    let deed = record.deed(DeedReport {
        rationale: said.rationale,
        ticket: said.ticket,
        result_hash: said.result_hash,
        at: said.at,
        ..DeedReport::of(result)
    });
    Ok(String::from_utf8(deed.canonical()).expect("canonical JSON is UTF-8"))
}

/// Why an outcome record is not that of a decision record: `changed`, `decision_changed`, `other_decision`, `not_allowed` or
/// `was_allowed`; nothing where it is.
///
/// # Errors
/// Either that cannot be read.
pub fn deed_fault(deed: &str, record: &str) -> Result<Option<&'static str>, InvalidInput> {
    let deed = Deed::from_json(deed).map_err(|error| {
        InvalidInput::from(Problems::one(
            "wrong-type",
            format!("expected an outcome record: {error}"),
            None,
        ))
    })?;
    let fault = deed.belongs_to(&read_record(record)?).err();
    Ok(fault.map(|fault| match fault {
        DeedError::Changed => "changed",
        DeedError::DecisionChanged => "decision_changed",
        DeedError::OtherDecision => "other_decision",
        DeedError::NotAllowed => "not_allowed",
        DeedError::WasAllowed => "was_allowed",
    }))
}

/// Reads a record that was kept.
pub(crate) fn read_record(record: &str) -> Result<Record, InvalidInput> {
    let none = |error| Problems::one("wrong-type", format!("expected a record: {error}"), None);
    Record::from_json(record).map_err(|error| none(error).into())
}

fn no_result(name: &str) -> InvalidInput {
    let all = || DeedResult::ALL.into_iter().map(DeedResult::as_str);
    let help = did_you_mean(name, all())
        .unwrap_or_else(|| format!("there are {}", all().collect::<Vec<_>>().join(", ")));
    Problems::one(
        "unknown-constant",
        format!("`{name}` is no way for an act to end"),
        Some(help),
    )
    .into()
}
