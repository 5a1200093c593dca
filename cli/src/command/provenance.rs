//! `bailiwick provenance`: where an agent's change comes from, out of the records of its run.

use std::io::{self, Write};

use bailiwick::Record;
use bailiwick::parts::provenance::Provenance as Made;
use serde_json::Value as Json;

use super::redact::bytes;
use crate::args::Provenance;
use crate::load;
use crate::stop::{Code, Stop};

pub(crate) fn run(args: &Provenance) -> Result<Code, Stop> {
    let text = String::from_utf8(bytes(args.file.as_deref())?)
        .map_err(|_| Stop::bad("the records are not UTF-8; give what `decide --format record` prints"))?;
    let records = records(&text, args.run.as_deref())?;
    let given = match &args.given {
        Some(path) => given(&load::text(path)?),
        None => Ok(Made::default()),
    };
    let made = given.and_then(|given| Made::of(&records, &given));
    let made = made.and_then(|made| {
        if args.statement {
            made.statement()
        } else {
            Ok(made.to_json())
        }
    });
    let made = made.map_err(|error| Stop::Bad(error.to_string()))?;
    writeln!(io::stdout().lock(), "{made:#}")?;
    Ok(Code::Fine)
}

fn given(text: &str) -> Result<Made, bailiwick::parts::provenance::ProvenanceError> {
    use bailiwick::parts::provenance::ProvenanceError;
    let json: Json = serde_json::from_str(text).map_err(|error| ProvenanceError::Shape(error.to_string()))?;
    Made::from_json(&json)
}

fn records(text: &str, run: Option<&str>) -> Result<Vec<Record>, Stop> {
    let mut records = Vec::new();
    for (number, line) in (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let record = Record::from_json(line)
            .map_err(|error| Stop::Bad(format!("line {number}: this is no decision record: {error}")))?;
        let of = record
            .scope
            .pointer("/run/id")
            .and_then(Json::as_str)
            .or(record.run_id.as_deref());
        if run.is_none_or(|run| of == Some(run)) {
            records.push(record);
        }
    }
    Ok(records)
}
