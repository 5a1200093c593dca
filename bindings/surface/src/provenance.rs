//! What a change made by an agent carries with it: form 18, out of the records of its run (spec/19-provenance.md).

use bailiwick::Record;
use bailiwick::parts::provenance::{Provenance, ProvenanceError};
use serde_json::Value as Json;

use crate::ask::{InvalidInput, Problems};

/// The provenance of a run, as JSON: what its records know, a JSON list of records or of their JSON texts in the order in which
/// they were made, and what the caller gives besides, `agent_provenance` as JSON. With `statement` as an in-toto statement.
///
/// # Errors
/// Records that cannot be read, were changed or are of several runs; what the caller contradicts; a statement without a commit.
pub fn provenance(records: &str, given: Option<&str>, statement: bool) -> Result<String, InvalidInput> {
    let records = read(records)?;
    let given = given.map(self::given).transpose()?.unwrap_or_default();
    let made = Provenance::of(&records, &given).map_err(wrong)?;
    let json = if statement {
        made.statement().map_err(wrong)?
    } else {
        made.to_json()
    };
    Ok(json.to_string())
}

fn read(records: &str) -> Result<Vec<Record>, InvalidInput> {
    let none = |message: String| Problems::one("wrong-type", message, None);
    let list: Vec<Json> =
        serde_json::from_str(records).map_err(|_| none("expected a list of records".to_owned()))?;
    let record = |(place, record): (usize, &Json)| {
        let read = match record {
            Json::String(text) => Record::from_json(text),
            other => Record::from_json(&other.to_string()),
        };
        read.map_err(|error| none(format!("record {}: {error}", place + 1)).into())
    };
    list.iter().enumerate().map(record).collect()
}

fn given(text: &str) -> Result<Provenance, InvalidInput> {
    let json: Json = serde_json::from_str(text)
        .map_err(|error| Problems::one("not-json", format!("not JSON: {error}"), None))?;
    Provenance::from_json(&json).map_err(wrong)
}

fn wrong(error: ProvenanceError) -> InvalidInput {
    Problems::one("wrong-type", error.to_string(), None).into()
}
