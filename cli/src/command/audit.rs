//! `bailiwick audit`: append to a log, verify it, read it.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use bailiwick::machinery::document::time;
use bailiwick::parts::audit::{Access, Checkpoint, Entry, Event, Reader, Reading, Scope};
use bailiwick::{Outcome, Record, Request, Stamp, State};
use bailiwick_audit_log::{AuditLog, LogError, Options, entries, verify};
use serde_json::{Value as Json, json};

use crate::args::{Audit, AuditAppend, AuditCheckpoint, AuditCommand, AuditShow, AuditVerify};
use crate::load;
use crate::requests::clock;
use crate::screen::Screen;
use crate::stop::{Code, Stop};

/// Events appended at a time: the lock is taken, and the disk waited for, once for so many.
const BATCH: usize = 256;

impl From<LogError> for Stop {
    fn from(error: LogError) -> Stop {
        Stop::Bad(error.to_string())
    }
}

pub(crate) fn run(args: &Audit, screen: &Screen) -> Result<Code, Stop> {
    match &args.command {
        AuditCommand::Append(args) => append(args),
        AuditCommand::Verify(args) => verified(args),
        AuditCommand::Checkpoint(args) => checkpoint(args),
        AuditCommand::Show(args) => read(args, screen, shown),
        AuditCommand::Export(args) => read(args, screen, exported),
    }
}

// -- append --

fn append(args: &AuditAppend) -> Result<Code, Stop> {
    let mut log = AuditLog::open(&args.log, Options::synced(!args.no_sync))?;
    let file = args.file.as_deref().filter(|path| *path != Path::new("-"));
    let input: Box<dyn BufRead> = match file {
        Some(path) => Box::new(BufReader::new(
            File::open(path).map_err(|error| Stop::Bad(format!("{}: {error}", path.display())))?,
        )),
        None => Box::new(io::stdin().lock()),
    };
    let (mut batch, mut last, mut count) = (Vec::new(), 0, 0);
    let mut wrong = None;
    for (number, line) in (1_u64..).zip(input.lines()) {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        match event(&line, number, args.stamp) {
            Ok(event) => batch.push(event),
            Err(text) => {
                wrong = Some(Stop::Bad(format!("line {number}: {text}")));
                break;
            }
        }
        if batch.len() == BATCH {
            count += batch.len();
            last = log.append(batch.drain(..))?;
        }
    }
    count += batch.len();
    if !batch.is_empty() {
        last = log.append(batch)?;
    }
    if let Some(wrong) = wrong {
        return Err(wrong);
    }
    writeln!(io::stdout().lock(), "{count} appended; the last is entry {last}")?;
    Ok(Code::Fine)
}

/// An event, with its id and its time where those are to be filled in.
fn event(line: &str, number: u64, stamp: bool) -> Result<Event, String> {
    if !stamp {
        return Event::from_json(line).map_err(|error| error.to_string());
    }
    let mut json: Json = serde_json::from_str(line).map_err(|error| format!("this is no JSON: {error}"))?;
    if let Some(keys) = json.as_object_mut() {
        keys.entry("audit_id").or_insert_with(|| json!(audit_id(number)));
        keys.entry("created_at").or_insert_with(|| json!(clock()));
    }
    Event::from_json(&json.to_string()).map_err(|error| error.to_string())
}

/// The time, the process and a number: no two entries of a log have the same.
fn audit_id(number: u64) -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!(
        "aud_{:016x}{:08x}{number:06x}",
        since.as_nanos() as u64,
        std::process::id()
    )
}

// -- verify, checkpoint --

fn verified(args: &AuditVerify) -> Result<Code, Stop> {
    let known = args.checkpoint.as_deref().map(read_checkpoint).transpose()?;
    let scope = if args.extract {
        Scope::Extract
    } else {
        Scope::Whole
    };
    let found = verify(&args.log, scope, known.clone())?;
    let mut out = io::stdout().lock();
    let code = if found.is_ok() { Code::Fine } else { Code::Findings };
    match (&found, args.json) {
        (Ok(sound), true) => {
            let json = json!({"sound": true, "entries": sound.entries, "last_sequence": sound.last_sequence,
                "entry_hash": sound.last_hash, "checkpointed": sound.checkpointed});
            writeln!(out, "{json}")?;
        }
        (Err(fault), true) => {
            let json = json!({"sound": false, "fault": fault.kind.as_str(), "line": fault.line, "sequence": fault.sequence,
                "audit_id": fault.audit_id, "message": fault.message});
            writeln!(out, "{json}")?;
        }
        (Ok(sound), false) => {
            let held = match (&known, sound.checkpointed) {
                (Some(known), true) => {
                    format!(", none cut off or written anew before entry {}", known.entries)
                }
                _ => String::new(),
            };
            writeln!(
                out,
                "{}: sound, {} entries{held}",
                args.log.display(),
                sound.entries
            )?;
        }
        (Err(fault), false) => writeln!(out, "{}: {fault}", args.log.display())?,
    }
    Ok(code)
}

fn read_checkpoint(path: &Path) -> Result<Checkpoint, Stop> {
    let wrong = |error| Stop::Bad(format!("{}: this is no checkpoint: {error}", path.display()));
    Checkpoint::from_json(&load::text(path)?).map_err(wrong)
}

fn checkpoint(args: &AuditCheckpoint) -> Result<Code, Stop> {
    let mut out = io::stdout().lock();
    if let Some(path) = &args.to_sign {
        out.write_all(&read_checkpoint(path)?.to_sign())?;
        return Ok(Code::Fine);
    }
    there_is(&args.log)?;
    let name = args.name.clone().unwrap_or_else(|| log_name(&args.log));
    let made = AuditLog::open(&args.log, Options::default())?.checkpoint(&name, &clock())?;
    match made {
        Some(made) => writeln!(out, "{}", made.to_json())?,
        None => return Err(Stop::bad("the log is empty; there is nothing to keep")),
    }
    Ok(Code::Fine)
}

/// Who reads a log does not make one.
fn there_is(log: &Path) -> Result<(), Stop> {
    match log.is_file() {
        true => Ok(()),
        false => Err(Stop::Bad(format!("{}: there is no such log", log.display()))),
    }
}

// -- read --

fn read(args: &AuditShow, screen: &Screen, write: fn(Entry, String) -> String) -> Result<Code, Stop> {
    there_is(&args.log)?;
    let reader = reader(args)?;
    let now = clock();
    let asked = asked(args, &reader, &now, screen)?;
    let reach = access(args)?.reach(&reader, time(&now).unwrap_or_default());
    let by_policies = asked
        .as_ref()
        .is_none_or(|record| record.decision == Outcome::Allowed);
    let reach = reach.filter(|_| by_policies);
    // Before anything is read: who cannot be written down does not read.
    let resource = resource(args);
    let reading = Reading {
        reader: &reader,
        reach,
        resource: &resource,
        record: asked.as_ref(),
    };
    let event = Event::of_reading(reading, audit_id(0), now.as_str());
    AuditLog::open(&args.log, Options::default())?.append([event])?;
    let Some(reach) = reach else {
        return refused(&reader, asked.as_ref(), screen);
    };
    let mut out = BufWriter::new(io::stdout().lock());
    for entry in entries(&args.log)? {
        let (entry, line) = entry?;
        let of_run = args
            .run
            .as_deref()
            .is_none_or(|run| entry.event.run() == Some(run));
        if of_run && reader.sees(reach, &entry) {
            writeln!(out, "{}", write(entry, line))?;
        }
    }
    out.flush()?;
    Ok(Code::Fine)
}

fn refused(reader: &Reader, asked: Option<&Record>, screen: &Screen) -> Result<Code, Stop> {
    let why = match asked.filter(|record| record.decision != Outcome::Allowed) {
        Some(record) => record.explanation.clone(),
        None => format!(
            "none of the roles {} lets `{}` read now",
            reader.roles.join(", "),
            reader.id
        ),
    };
    screen.error(&format!("this log may not be read: {why}"));
    Ok(Code::Findings)
}

fn reader(args: &AuditShow) -> Result<Reader, Stop> {
    let wrong = |text: &String| {
        Stop::Bad(format!(
            "`{text}` is no RFC 3339 time, such as `2027-01-01T00:00:00Z`"
        ))
    };
    let expires = args
        .expires
        .as_ref()
        .map(|text| time(text).ok_or_else(|| wrong(text)));
    Ok(Reader {
        id: args.reader.clone(),
        roles: args.role.clone(),
        tenant: args.tenant.clone(),
        team: args.team.clone(),
        expires: expires.transpose()?,
    })
}

fn access(args: &AuditShow) -> Result<Access, Stop> {
    let Some(path) = &args.access else {
        return Ok(Access::standard());
    };
    let bad = |error: String| Stop::Bad(format!("{}: {error}", path.display()));
    let json: Json = serde_json::from_str(&load::text(path)?).map_err(|error| bad(error.to_string()))?;
    let table = json
        .pointer("/compliance/audit_access")
        .or(json.get("audit_access"))
        .unwrap_or(&json);
    Access::from_json(table).map_err(|error| bad(error.to_string()))
}

/// What the policies say of the reading, where they are asked.
fn asked(args: &AuditShow, reader: &Reader, now: &str, screen: &Screen) -> Result<Option<Record>, Stop> {
    if args.policies.is_empty() {
        return Ok(None);
    }
    let request = json!({
        "action": "audit.read", "arguments": {"resource_type": "audit_log", "resource_id": resource(args)},
        "subject": {"type": "human", "id": reader.id, "roles": reader.roles, "tenant": reader.tenant},
        "scope": {"tenant": reader.tenant, "organization": reader.tenant, "team": reader.team, "repository": null,
            "campaign": null, "task": null, "run": args.run, "runtime": null, "tool": null},
        "capabilities": ["audit", "redact:*"], "now": now,
    });
    let request = Request::from_json(&request.to_string()).map_err(|error| Stop::Bad(error.to_string()))?;
    let engine = load::engine(&args.policies, screen)?;
    Ok(Some(
        engine.decide(&request, &State::none()).record(Stamp::default()),
    ))
}

fn resource(args: &AuditShow) -> String {
    args.run.clone().unwrap_or_else(|| log_name(&args.log))
}

/// How a log is called where nobody gives it another name.
fn log_name(log: &Path) -> String {
    log.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A line for people.
fn shown(entry: Entry, _: String) -> String {
    let event = &entry.event;
    let decision = event
        .decision
        .map_or("-".to_owned(), |decision| decision.to_string());
    let resource = match &event.resource_id {
        Some(id) => format!("{} {id}", event.resource_type),
        None => event.resource_type.clone(),
    };
    let line = format!(
        "{:>6}  {}  {decision:<12}  {} {}  {}  {resource}",
        entry.chain.sequence, event.created_at, event.actor_type, event.actor, event.action
    );
    let line = match &event.reason {
        Some(reason) => format!("{line}  {reason}"),
        None => line,
    };
    // Nothing in an entry moves the cursor of who reads it.
    line.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// The line as it stands.
fn exported(_: Entry, line: String) -> String {
    line
}
