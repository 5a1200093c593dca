//! The audit log as a file, for bindings that have a disk. Appending, locking and reading are those of `bailiwick-audit-log`.

use std::path::Path;
use std::sync::{Mutex, MutexGuard};

use bailiwick::Outcome;
use bailiwick::machinery::document::time;
use bailiwick::parts::audit::{Access, Event, Reach, Reader, Reading};
use bailiwick_audit_log::{LogError, Options, entries, verify};
use serde_json::{Value as Json, json};

use crate::ask::{InvalidInput, Problems};
use crate::audit::{AuditError, AuditRefusal, known, read_events, report, scope};
use crate::deed::read_record;

/// A log that is open for appending. Shared between threads, and by its lock between processes.
#[derive(Debug)]
pub struct AuditLog {
    log: Mutex<bailiwick_audit_log::AuditLog>,
    path: String,
}

/// How a log is read, and of whom it is written down.
#[derive(Clone, Copy, Debug)]
pub struct Export<'a> {
    /// `{id, roles, tenant?, team?, expires?}` as JSON.
    pub reader: &'a str,
    /// When (RFC 3339).
    pub now: &'a str,
    /// The id of the entry that says so.
    pub audit_id: &'a str,
    /// Only the entries of this run.
    pub run: Option<&'a str>,
    /// Which role sees how much, as JSON: `audit_access` of the form `compliance`.
    pub access: Option<&'a str>,
    /// What the policies said of the reading, where they were asked.
    pub record: Option<&'a str>,
}

impl AuditLog {
    /// Opens a log, and makes it where there is none. `unsynced` leaves to the system when entries are on the disk.
    ///
    /// # Errors
    /// A log that is not sound, or files that cannot be opened or locked.
    pub fn open(path: &str, unsynced: bool) -> Result<AuditLog, AuditError> {
        let options = Options::synced(!unsynced);
        Ok(AuditLog {
            log: Mutex::new(bailiwick_audit_log::AuditLog::open(path, options)?),
            path: path.to_owned(),
        })
    }

    /// The path that it was opened by.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Appends events, a JSON list, and gives the number of the last entry. Where one of them is no event, none is appended.
    ///
    /// # Errors
    /// Events that are none; a log that is not sound any more or cannot be written.
    pub fn append(&self, events: &str) -> Result<u64, AuditRefusal> {
        let events = read_events(events)?;
        self.locked().append(events).map_err(refusal)
    }

    /// How far the log has come, as JSON; `null` where it is empty.
    ///
    /// # Errors
    /// A log that is not sound any more or cannot be read.
    pub fn checkpoint(&self, name: &str, created_at: &str) -> Result<String, AuditError> {
        let made = self.locked().checkpoint(name, created_at)?;
        Ok(made.map_or_else(|| "null".to_owned(), |made| made.to_json()))
    }

    /// The entries, or those of a run, as a JSON list.
    ///
    /// # Errors
    /// A log that is not sound or cannot be read.
    pub fn entries(&self, run: Option<&str>) -> Result<String, AuditError> {
        let mut lines = Vec::new();
        for entry in entries(Path::new(&self.path))? {
            let (entry, line) = entry?;
            if run.is_none_or(|run| entry.event.run() == Some(run)) {
                lines.push(line);
            }
        }
        Ok(format!("[{}]", lines.join(",")))
    }

    /// The lines that a reader may see, as JSON: `{reach, lines}`; `reach` is null where there are none to be seen. That somebody
    /// reads, or was refused, is appended first: who cannot be written down does not read.
    ///
    /// # Errors
    /// A reader, a time, a table of access or a record that cannot be read; a log that is not sound, or cannot be read or
    /// written.
    pub fn export(&self, asked: Export<'_>) -> Result<String, AuditRefusal> {
        let reader = reader(asked.reader)?;
        let at = time(asked.now).ok_or_else(|| no_time("now", asked.now))?;
        let record = asked.record.map(read_record).transpose()?;
        let by_policies = record
            .as_ref()
            .is_none_or(|record| record.decision == Outcome::Allowed);
        let reach = access(asked.access)?.reach(&reader, at).filter(|_| by_policies);
        let file = Path::new(&self.path)
            .file_name()
            .unwrap_or_default()
            .to_string_lossy();
        let reading = Reading {
            reader: &reader,
            reach,
            resource: asked.run.unwrap_or(&file),
            record: record.as_ref(),
        };
        let event = Event::of_reading(reading, asked.audit_id, asked.now);
        self.locked().append([event]).map_err(refusal)?;
        let lines = reach.map_or(Ok(String::new()), |reach| self.seen(&reader, reach, asked.run))?;
        Ok(json!({"reach": reach.map(word), "lines": lines}).to_string())
    }

    fn seen(&self, reader: &Reader, reach: Reach, run: Option<&str>) -> Result<String, AuditRefusal> {
        let mut lines = String::new();
        for entry in entries(Path::new(&self.path)).map_err(refusal)? {
            let (entry, line) = entry.map_err(refusal)?;
            let of_run = run.is_none_or(|run| entry.event.run() == Some(run));
            if of_run && reader.sees(reach, &entry) {
                lines.push_str(&line);
                lines.push('\n');
            }
        }
        Ok(lines)
    }

    // Whoever panicked in here left a chain that the next one brings up to the file.
    fn locked(&self) -> MutexGuard<'_, bailiwick_audit_log::AuditLog> {
        self.log.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Whether a file is a sound log, as [`crate::audit_verify`] says it.
///
/// # Errors
/// A checkpoint or a file that cannot be read.
pub fn audit_verify_file(
    path: &str,
    checkpoint: Option<&str>,
    extract: bool,
) -> Result<String, AuditRefusal> {
    let found = verify(Path::new(path), scope(extract), known(checkpoint)?).map_err(refusal)?;
    Ok(report(&found).to_string())
}

impl From<LogError> for AuditError {
    fn from(error: LogError) -> AuditError {
        let message = error.to_string();
        let fault = match error {
            LogError::Unsound { fault, .. } => report(&Err(fault)),
            _ => Json::Null,
        };
        AuditError {
            message,
            fault: fault.to_string(),
        }
    }
}

fn refusal(error: LogError) -> AuditRefusal {
    match error {
        LogError::Event(error) => Problems::one("wrong-type", error.to_string(), None).into(),
        other => AuditRefusal::Log(other.into()),
    }
}

fn word(reach: Reach) -> &'static str {
    match reach {
        Reach::Own => "own",
        Reach::Team => "team",
        Reach::All => "all",
    }
}

fn reader(text: &str) -> Result<Reader, InvalidInput> {
    const KEYS: [&str; 5] = ["id", "roles", "tenant", "team", "expires"];
    let wrong = |message: &str| Problems::one("wrong-type", format!("in the reader: {message}"), None);
    let json: Json = serde_json::from_str(text).map_err(|error| wrong(&format!("not JSON: {error}")))?;
    let keys = json.as_object().ok_or_else(|| wrong("expected an object"))?;
    if let Some(key) = keys.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(wrong(&format!("there is no key `{key}`, only {}", KEYS.join(", "))).into());
    }
    let said = |key: &str| match keys.get(key) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(wrong(&format!("expected a text as `{key}`"))),
    };
    let roles = keys.get("roles").and_then(Json::as_array).map(|roles| {
        let role = |role: &Json| role.as_str().map(str::to_owned);
        roles.iter().map(role).collect::<Option<Vec<String>>>()
    });
    let expires = said("expires")?.map(|text| time(&text).ok_or_else(|| no_time("expires", &text)));
    Ok(Reader {
        id: said("id")?.ok_or_else(|| wrong("expected a text as `id`"))?,
        roles: roles
            .flatten()
            .ok_or_else(|| wrong("expected a list of texts as `roles`"))?,
        tenant: said("tenant")?,
        team: said("team")?,
        expires: expires.transpose()?,
    })
}

fn no_time(key: &str, text: &str) -> InvalidInput {
    let message = format!("`{text}` as `{key}` is no RFC 3339 time, such as `2026-11-20T10:00:00Z`");
    Problems::one("wrong-type", message, None).into()
}

fn access(text: Option<&str>) -> Result<Access, InvalidInput> {
    let Some(text) = text else {
        return Ok(Access::standard());
    };
    let wrong = |message: String| Problems::one("wrong-type", message, None);
    let json: Json = serde_json::from_str(text).map_err(|error| wrong(format!("not JSON: {error}")))?;
    Access::from_json(&json).map_err(|error| wrong(error.to_string()).into())
}
