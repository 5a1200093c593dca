//! The audit log as bindings show it: events, lines, checkpoints and what is wrong with a log, as JSON and texts. The file and
//! its lock are those of `bailiwick-audit-log`, behind the feature `disk`. Knows no clock: whoever appends says when, and by
//! which id.

use bailiwick::Request;
use bailiwick::parts::audit::{Chain, Checkpoint, Event, Fault, Scope, Verified, Verifier};
use bailiwick::parts::{Code, RequestProblem, Sink};
use serde_json::{Value as Json, json};

use crate::ask::{Ask, InvalidInput, Problems};
use crate::deed::read_record;

/// A log that is not sound, or cannot be read or written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditError {
    /// In words.
    pub message: String,
    /// Where the log is not sound, what [`audit_verify`] says of it; else `null`.
    pub fault: String,
}

/// What stops an append: the events, or the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditRefusal {
    /// What was given is no event, reader or record.
    Input(InvalidInput),
    /// The log.
    Log(AuditError),
}

impl From<InvalidInput> for AuditRefusal {
    fn from(error: InvalidInput) -> AuditRefusal {
        AuditRefusal::Input(error)
    }
}

impl From<Problems> for AuditRefusal {
    fn from(problems: Problems) -> AuditRefusal {
        AuditRefusal::Input(problems.into())
    }
}

impl AuditError {
    pub(crate) fn unsound(before: &str, fault: &Fault) -> AuditError {
        AuditError {
            message: format!("{before}{fault}"),
            fault: fault_json(fault).to_string(),
        }
    }
}

/// The event of a decision, as JSON: who asked for what, and what came out. Its time is the record's stamp, or else the
/// request's `now`.
///
/// # Errors
/// A request or a record that cannot be read.
pub fn audit_event(request: Ask<'_>, record: &str, audit_id: &str) -> Result<String, InvalidInput> {
    let request: Request = request.request()?;
    let event = Event::of_decision(&request, &read_record(record)?, audit_id);
    Ok(json!(event).to_string())
}

/// The lines by which a log grows, for hosts that keep it elsewhere than in a file: `log` is the whole of it so far, `events` a
/// JSON list of events, each as an object or as its JSON text. Secrets are taken out of them.
///
/// # Errors
/// Events that are none; then no line is made. A log that is not sound.
///
/// ```
/// let event = r#"{"audit_id": "aud_1", "actor_type": "agent", "actor": "agent-17", "action": "file.write",
///     "resource_type": "run", "resource_id": "run_1", "created_at": "2026-11-20T10:00:00Z"}"#;
/// let line = bailiwick_surface::audit_lines("", &format!("[{event}]")).expect("it is an event");
/// assert!(line.starts_with(r#"{"action":"file.write","actor":"agent-17""#) && line.ends_with("}\n"));
/// assert!(bailiwick_surface::audit_verify(&line, None, false).unwrap().contains(r#""sound":true"#));
/// ```
pub fn audit_lines(log: &str, events: &str) -> Result<String, AuditRefusal> {
    let events = read_events(events)?;
    let mut chain = Chain::new();
    for (number, line) in (1_u64..).zip(log.split_inclusive('\n')) {
        let Some(line) = line.strip_suffix('\n') else {
            let torn = verified(log, Verifier::new(Scope::Whole, None));
            let fault = torn.expect_err("a line without an end is a fault");
            return Err(AuditRefusal::Log(AuditError::unsound("", &fault)));
        };
        let accepted = chain.accept(line.as_bytes());
        accepted.map_err(|fault| {
            AuditRefusal::Log(AuditError::unsound(
                "",
                &Fault {
                    line: number,
                    ..fault
                },
            ))
        })?;
    }
    let staged = chain.stage(events, &Sink::secrets("audit"));
    let staged = staged.map_err(|error| Problems::one("wrong-type", error.to_string(), None))?;
    Ok(staged.lines)
}

/// Whether a log is sound, as JSON: `{sound, entries, last_sequence, entry_hash, checkpointed}`, or `{sound, fault, line,
/// sequence, audit_id, message}` of the first fault. With `extract` the text holds all entries of some runs, or of a tenant.
///
/// # Errors
/// A checkpoint that cannot be read.
pub fn audit_verify(log: &str, checkpoint: Option<&str>, extract: bool) -> Result<String, InvalidInput> {
    let verifier = Verifier::new(scope(extract), known(checkpoint)?);
    Ok(report(&verified(log, verifier)).to_string())
}

fn verified(log: &str, mut verifier: Verifier) -> Result<Verified, Fault> {
    for line in log.split_inclusive('\n') {
        let going = match line.strip_suffix('\n') {
            Some(line) => verifier.push(line.as_bytes()),
            None => {
                verifier.torn();
                false
            }
        };
        if !going {
            break;
        }
    }
    verifier.finish()
}

/// What of a checkpoint is signed (DSSE).
///
/// # Errors
/// A checkpoint that cannot be read.
pub fn audit_to_sign(checkpoint: &str) -> Result<String, InvalidInput> {
    let bytes = read_checkpoint(checkpoint)?.to_sign();
    Ok(String::from_utf8(bytes).expect("canonical JSON is UTF-8"))
}

pub(crate) fn scope(extract: bool) -> Scope {
    if extract { Scope::Extract } else { Scope::Whole }
}

pub(crate) fn known(checkpoint: Option<&str>) -> Result<Option<Checkpoint>, InvalidInput> {
    checkpoint.map(read_checkpoint).transpose()
}

fn read_checkpoint(text: &str) -> Result<Checkpoint, InvalidInput> {
    let none = |error| Problems::one("wrong-type", format!("expected a checkpoint: {error}"), None);
    Checkpoint::from_json(text).map_err(|error| none(error).into())
}

/// All events, or all that is wrong with them.
pub(crate) fn read_events(events: &str) -> Result<Vec<Event>, Problems> {
    let none = || Problems::one("wrong-type", "expected a list of audit events".to_owned(), None);
    let list: Vec<Json> = serde_json::from_str(events).map_err(|_| none())?;
    let (mut read, mut problems) = (Vec::new(), Problems::default());
    for (place, event) in list.iter().enumerate() {
        let event = match event {
            Json::String(text) => Event::from_json(text),
            other => Event::from_json(&other.to_string()),
        };
        match event {
            Ok(event) => read.push(event),
            Err(error) => problems.push(RequestProblem {
                pointer: format!("/{place}"),
                code: Code("wrong-type"),
                message: error.to_string(),
                help: None,
            }),
        }
    }
    if problems.is_empty() {
        Ok(read)
    } else {
        Err(problems)
    }
}

pub(crate) fn report(found: &Result<Verified, Fault>) -> Json {
    match found {
        Ok(sound) => json!({
            "sound": true, "entries": sound.entries, "last_sequence": sound.last_sequence,
            "entry_hash": sound.last_hash, "checkpointed": sound.checkpointed,
        }),
        Err(fault) => fault_json(fault),
    }
}

fn fault_json(fault: &Fault) -> Json {
    json!({
        "sound": false, "fault": fault.kind.as_str(), "line": fault.line, "sequence": fault.sequence,
        "audit_id": fault.audit_id, "message": fault.message,
    })
}
