//! The chains: each entry names the hash of the entry before it, in the log and in its run. Who changes, drops or moves an
//! entry breaks one of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::event::{Event, EventError};
use super::verify::{Fault, FaultKind};
use crate::digest::{Digest, canonical};
use crate::limits::AUDIT_LINE_BYTES_MAX;
use crate::redact::{Class, Sink};

/// An event with its place in the chains.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
    /// Where it stands.
    pub chain: Link,
    /// The hash of all of it but this.
    pub entry_hash: String,
}

/// The place of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// From 1, without gaps.
    pub sequence: u64,
    /// The hash of the entry before; null for the first.
    pub previous: Option<String>,
    /// Its place in its run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunLink>,
}

/// The place of an entry in its run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunLink {
    /// The run.
    pub id: String,
    /// From 1, without gaps.
    pub sequence: u64,
    /// The hash of the run's entry before; null for the first.
    pub previous: Option<String>,
}

/// How far a log has come: what the next entry must name.
///
/// ```
/// use bailiwick::parts::audit::{Chain, Event};
///
/// let event = r#"{"audit_id": "aud_1", "actor_type": "agent", "actor": "agent-17", "action": "file.write",
///     "resource_type": "run", "resource_id": "run_1", "decision": "allowed", "created_at": "2026-11-20T10:00:00Z"}"#;
/// let mut chain = Chain::new();
/// let line = chain.append(Event::from_json(event)?)?;
/// assert_eq!(Chain::new().accept(line.trim_end().as_bytes()).map(|entry| entry.chain.sequence), Ok(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    sequence: u64,
    last: Option<String>,
    runs: BTreeMap<String, (u64, String)>,
}

/// Entries that are next, and not yet taken.
#[derive(Clone, Debug)]
pub struct Staged {
    /// Their lines, each with its end.
    pub lines: String,
    /// How far the log comes by them; of the runs only those that they touch.
    ahead: Chain,
}

impl Chain {
    /// That of an empty log.
    pub fn new() -> Chain {
        Chain::default()
    }

    /// Entries so far.
    pub fn len(&self) -> u64 {
        self.sequence
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.sequence == 0
    }

    /// The hash of the last entry.
    pub fn last(&self) -> Option<&str> {
        self.last.as_deref()
    }

    /// The line of the next entry, its end of line with it. Secrets are taken out.
    ///
    /// # Errors
    /// Where the event does not say what it must, or is too long. The chain is then as it was.
    pub fn append(&mut self, event: Event) -> Result<String, EventError> {
        let staged = self.stage([event], &Sink::secrets("audit"))?;
        let lines = staged.lines.clone();
        self.commit(staged);
        Ok(lines)
    }

    /// The lines of the next entries, without taking them: who writes them takes them once they are written.
    ///
    /// # Errors
    /// As [`Chain::append`], for the first event that is none.
    pub fn stage(&self, events: impl IntoIterator<Item = Event>, sink: &Sink) -> Result<Staged, EventError> {
        let sink = sink.clone().and(Class::SecretLikeTokens);
        let ahead = Chain {
            sequence: self.sequence,
            last: self.last.clone(),
            runs: BTreeMap::new(),
        };
        let mut staged = Staged {
            lines: String::new(),
            ahead,
        };
        for event in events {
            self.stage_one(event.checked()?.redacted(&sink), &mut staged)?;
        }
        Ok(staged)
    }

    /// Takes entries that are written.
    pub fn commit(&mut self, staged: Staged) {
        self.sequence = staged.ahead.sequence;
        self.last = staged.ahead.last;
        self.runs.extend(staged.ahead.runs);
    }

    fn stage_one(&self, mut json: Json, staged: &mut Staged) -> Result<(), EventError> {
        let run = run_of(&json);
        let known = run
            .as_ref()
            .and_then(|run| staged.ahead.runs.get(run).or(self.runs.get(run)));
        let link = staged.ahead.next_of(run.as_deref(), known);
        let keys = json.as_object_mut().expect("an event is an object");
        keys.insert("chain".to_owned(), json!(link));
        let hash = Digest::of_json(&json).to_string();
        if let Some(keys) = json.as_object_mut() {
            keys.insert("entry_hash".to_owned(), json!(hash));
        }
        let line = canonical(&json);
        if AUDIT_LINE_BYTES_MAX < line.len() {
            return Err(EventError::TooLong(line.len()));
        }
        staged
            .lines
            .push_str(&String::from_utf8(line).expect("canonical JSON is UTF-8"));
        staged.lines.push('\n');
        staged.ahead.take(link, hash);
        Ok(())
    }

    fn next(&self, run: Option<&str>) -> Link {
        self.next_of(run, run.and_then(|run| self.runs.get(run)))
    }

    fn next_of(&self, run: Option<&str>, known: Option<&(u64, String)>) -> Link {
        let run = run.map(|id| RunLink {
            id: id.to_owned(),
            sequence: known.map_or(0, |(sequence, _)| *sequence) + 1,
            previous: known.map(|(_, hash)| hash.clone()),
        });
        Link {
            sequence: self.sequence + 1,
            previous: self.last.clone(),
            run,
        }
    }

    fn take(&mut self, link: Link, hash: String) {
        if let Some(run) = link.run {
            self.runs.insert(run.id, (run.sequence, hash.clone()));
        }
        self.sequence = link.sequence;
        self.last = Some(hash);
    }

    /// Takes the next line, without its end.
    ///
    /// # Errors
    /// Why it is not the next one. The chain is then as it was.
    pub fn accept(&mut self, line: &[u8]) -> Result<Entry, Fault> {
        let entry = read(line)?;
        self.follow(&entry)?;
        Ok(entry)
    }

    /// Takes an entry that is sound in itself.
    pub(super) fn follow(&mut self, entry: &Entry) -> Result<(), Fault> {
        let expected = self.next(entry.event.run());
        if entry.chain.sequence != expected.sequence {
            let kind = match entry.chain.sequence < expected.sequence {
                true => FaultKind::Repeated,
                false => FaultKind::Missing,
            };
            let found = entry.chain.sequence;
            return Err(Fault::at(
                kind,
                entry,
                format!("expected entry {}, found entry {found}", expected.sequence),
            ));
        }
        if entry.chain.previous != expected.previous {
            let message =
                "it was not written behind the entry that stands before it, or that one was changed";
            return Err(Fault::at(FaultKind::Broken, entry, message.to_owned()));
        }
        if entry.chain.run != expected.run {
            let message = "its place in its run is not the next one".to_owned();
            return Err(Fault::at(FaultKind::Broken, entry, message));
        }
        self.take(entry.chain.clone(), entry.entry_hash.clone());
        Ok(())
    }

    /// Takes an entry of an extract: the whole chain has gaps there, the chains of runs have none.
    pub(super) fn follow_run(&mut self, entry: &Entry) -> Result<(), Fault> {
        if entry.chain.sequence <= self.sequence {
            let message = format!(
                "entry {} stands behind entry {}",
                entry.chain.sequence, self.sequence
            );
            return Err(Fault::at(FaultKind::Reordered, entry, message));
        }
        let expected = self.next(entry.event.run()).run;
        let (found, wanted) = (entry.chain.run.as_ref(), expected.as_ref());
        if let (Some(found), Some(wanted)) = (found, wanted)
            && wanted.sequence < found.sequence
        {
            let message = format!(
                "expected entry {} of the run `{}`, found {}",
                wanted.sequence, found.id, found.sequence
            );
            return Err(Fault::at(FaultKind::Missing, entry, message));
        }
        if found != wanted {
            let message = "its place in its run is not the next one".to_owned();
            return Err(Fault::at(FaultKind::Broken, entry, message));
        }
        self.take(entry.chain.clone(), entry.entry_hash.clone());
        Ok(())
    }
}

/// The run of an event as it is written.
fn run_of(event: &Json) -> Option<String> {
    let text = |key: &str| event.get(key).and_then(Json::as_str);
    let of_resource = text("resource_id").filter(|_| text("resource_type") == Some("run"));
    text("run_id").or(of_resource).map(str::to_owned)
}

/// An entry that is sound in itself: canonical, of the right shape, its hash its own.
pub(super) fn read(line: &[u8]) -> Result<Entry, Fault> {
    let broken = |message: String| Fault {
        kind: FaultKind::Broken,
        line: 0,
        sequence: None,
        audit_id: None,
        message,
    };
    if AUDIT_LINE_BYTES_MAX < line.len() {
        return Err(broken(format!(
            "the line has {} bytes; the most is {AUDIT_LINE_BYTES_MAX}",
            line.len()
        )));
    }
    let mut json: Json =
        serde_json::from_slice(line).map_err(|error| broken(format!("the line is no JSON: {error}")))?;
    // What is not canonical was not written by a log: a key twice, a space, an escape of another kind.
    if canonical(&json) != line {
        return Err(broken("the line is not in canonical form".to_owned()));
    }
    let entry: Entry = serde_json::from_value(json.clone())
        .map_err(|error| broken(format!("the line is no audit entry: {error}")))?;
    if let Some(keys) = json.as_object_mut() {
        keys.remove("entry_hash");
    }
    if Digest::of_json(&json).to_string() != entry.entry_hash {
        return Err(Fault::at(
            FaultKind::Broken,
            &entry,
            "its content is not what its hash was taken of".to_owned(),
        ));
    }
    Ok(entry)
}
