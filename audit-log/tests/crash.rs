//! Writers that are killed wherever they are: nothing that was appended is lost, nothing is there twice, no line is broken, and
//! the next writer goes on. Each normal run kills [`KILLS`]; `BAILIWICK_KILLS=1000 cargo test -p bailiwick-audit-log --test crash`
//! as many as it says. Lines are written in pieces of some bytes here, so that many a writer dies within one.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that starts processes and kills them"
)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use bailiwick::parts::audit::{Event, FaultKind, Scope};
use bailiwick_audit_log::{AuditLog, Durability, LogError, Options, entries, verify};

/// Kills of a normal run.
const KILLS: u64 = 60;
/// Entries of one log; then there is a new one, so that who opens it is not reading for most of its life.
const ENTRIES_OF_A_LOG: usize = 1_500;
/// Writers at a time.
const WRITERS: usize = 3;

const WRITER: &str = "BAILIWICK_TEST_WRITER";

fn event(id: String, run: u64) -> Event {
    Event {
        audit_id: id,
        actor_type: "agent".to_owned(),
        actor: "agent-17".to_owned(),
        action: "tool.shell.exec".to_owned(),
        resource_type: "run".to_owned(),
        resource_id: Some(format!("run_{run}")),
        created_at: "2026-11-20T10:00:00Z".to_owned(),
        ..Event::default()
    }
}

/// A folder that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("bailiwick-audit-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
        Folder(folder)
    }

    fn log(&self) -> PathBuf {
        self.0.join("audit.jsonl")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// What a writer does until it is killed: append, and say so. In a normal run of the tests this is no test and passes.
#[test]
fn writer() {
    let Ok(task) = std::env::var(WRITER) else { return };
    let (number, path) = task.split_once(' ').expect("a number and a path");
    let number: u64 = number.parse().expect("a number");
    let options = Options {
        durability: if number.is_multiple_of(4) {
            Durability::Synced
        } else {
            Durability::System
        },
        pieces: Some(1 + (number % 24) as usize),
        ..Options::default()
    };
    let mut log = AuditLog::open(path, options).expect("the log opens, whoever was killed before");
    for at in 0_u64.. {
        let batch = 1 + at % 3;
        let ids: Vec<String> = (0..batch).map(|n| format!("aud_{number}_{at}_{n}")).collect();
        let events = ids.iter().map(|id| event(id.clone(), (number + at) % 7));
        log.append(events).expect("it can be appended");
        let mut out = std::io::stdout().lock();
        writeln!(out, "\nappended {}", ids.join(" "))
            .and_then(|()| out.flush())
            .expect("somebody listens");
    }
}

/// A process that appends.
struct Writer {
    number: u64,
    child: Child,
}

fn start(path: &Path, number: u64, appended: &Sender<(u64, String)>) -> Writer {
    let program = std::env::current_exe().expect("this test is a program");
    let mut child = Command::new(program)
        .args(["writer", "--exact", "--nocapture", "--test-threads=1"])
        .env(WRITER, format!("{number} {}", path.display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let out = child.stdout.take().expect("it was piped");
    let appended = appended.clone();
    std::thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            let ids = line
                .strip_prefix("appended ")
                .into_iter()
                .flat_map(|ids| ids.split(' '));
            ids.for_each(|id| appended.send((number, id.to_owned())).expect("somebody counts"));
        }
    });
    Writer { number, child }
}

/// Numbers to kill by; that they are others each time is the point, so the clock begins them.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

/// What became of one log.
struct Killed {
    kills: u64,
    entries: usize,
    torn: usize,
}

/// Kills writers on one log.
fn kill(most: u64, chance: &mut Chance) -> Killed {
    let folder = Folder::new();
    let path = folder.log();
    let (tell, told) = channel();
    let mut next = 0;
    let mut another = || {
        next += 1;
        start(&path, next, &tell)
    };
    let mut writers: Vec<Writer> = (0..WRITERS).map(|_| another()).collect();
    let mut appended: Vec<String> = Vec::new();
    let mut kills = 0;
    while kills < most && appended.len() < ENTRIES_OF_A_LOG {
        appended.extend(told.try_iter().map(|(_, id)| id));
        // Who has just appended is about to append again: that is work to interrupt. Else whoever there is.
        let busy = told.recv_timeout(Duration::from_secs(20)).ok();
        let number = busy.as_ref().map(|(number, _)| *number);
        appended.extend(busy.map(|(_, id)| id));
        std::thread::sleep(Duration::from_micros(chance.below(2_000)));
        let at = writers.iter().position(|writer| Some(writer.number) == number);
        let at = at.unwrap_or_else(|| chance.below(WRITERS as u64) as usize);
        end(&mut writers[at].child);
        writers[at] = another();
        kills += 1;
        // What is torn here was torn by a kill: nobody writes while the end is looked up.
        if let Ok(Err(fault)) = verify(&path, Scope::Whole, None) {
            assert_eq!(fault.kind, FaultKind::Torn, "{fault}");
        }
    }
    writers.iter_mut().for_each(|writer| end(&mut writer.child));
    drop(tell);
    appended.extend(told.iter().map(|(_, id)| id));
    let (entries, torn) = check(&path, &appended);
    Killed { kills, entries, torn }
}

fn end(writer: &mut Child) {
    writer.kill().expect("it is ours");
    let ended = writer.wait().expect("it is ours");
    let mut said = String::new();
    if let Some(mut err) = writer.stderr.take() {
        drop(std::io::Read::read_to_string(&mut err, &mut said));
    }
    assert!(!said.contains("panicked"), "{ended}: {said}");
}

/// Opening sets aside what is torn; then the log is sound and has everything that a writer said it had appended.
fn check(path: &Path, appended: &[String]) -> (usize, usize) {
    let mut log = AuditLog::open(path, Options::default()).expect("it opens");
    let last = log.append([event("aud_last".to_owned(), 0)]).expect("it goes on");
    let found = verify(path, Scope::Whole, None)
        .expect("it can be read")
        .unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!(found.entries, last);
    let mut times: BTreeMap<String, u32> = BTreeMap::new();
    for entry in entries(path).expect("it can be read") {
        *times
            .entry(entry.expect("it is sound").0.event.audit_id)
            .or_default() += 1;
    }
    let lost: Vec<_> = appended.iter().filter(|id| !times.contains_key(*id)).collect();
    assert!(lost.is_empty(), "appended and not there: {lost:?}");
    let twice: Vec<_> = times.iter().filter(|(_, times)| **times != 1).collect();
    assert!(twice.is_empty(), "there twice: {twice:?}");
    let torn = std::fs::read(format!("{}.torn", path.display())).unwrap_or_default();
    (times.len(), torn.iter().filter(|byte| **byte == b'\n').count())
}

#[test]
fn killed_writers_lose_nothing() {
    let kills = std::env::var("BAILIWICK_KILLS")
        .ok()
        .and_then(|kills| kills.parse().ok())
        .unwrap_or(KILLS);
    let clock = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .expect("it is later");
    let mut chance = Chance(clock.as_nanos() as u64 | 1);
    let (mut left, mut logs, mut all, mut torn) = (kills, 0, 0, 0);
    while 0 < left {
        let killed = kill(left, &mut chance);
        (left, logs) = (left - killed.kills, logs + 1);
        (all, torn) = (all + killed.entries, torn + killed.torn);
    }
    println!(
        "{kills} kills of {WRITERS} writers at a time on {logs} logs: {all} entries, none lost, none twice; {torn} torn lines set aside"
    );
    assert!(
        kills < 50 || 0 < torn,
        "no writer died within a line, so that nothing was tested"
    );
}

#[test]
fn a_torn_line_is_set_aside_and_nothing_before_it_lost() {
    let folder = Folder::new();
    let path = folder.log();
    let mut log = AuditLog::open(&path, Options::default()).expect("it opens");
    let events = (1..=3).map(|n| event(format!("aud_{n}"), n));
    assert_eq!(log.append(events).expect("it can be appended"), 3);
    let whole = std::fs::read(&path).expect("it is there");
    let fourth = {
        let copy = folder.0.join("copy.jsonl");
        std::fs::write(&copy, &whole).expect("it can be written");
        let mut log = AuditLog::open(&copy, Options::default()).expect("it opens");
        log.append([event("aud_4".to_owned(), 4)])
            .expect("it can be appended");
        std::fs::read(&copy).expect("it is there").split_off(whole.len())
    };
    // Torn at many places, just before its end among them.
    let lengths = (1..fourth.len()).step_by(11).chain([fourth.len() - 1]);
    for length in lengths {
        let torn = [&whole[..], &fourth[..length]].concat();
        std::fs::write(&path, &torn).expect("it can be written");
        drop(std::fs::remove_file(format!("{}.torn", path.display())));
        let fault = verify(&path, Scope::Whole, None)
            .expect("it can be read")
            .expect_err("it is torn");
        assert_eq!((fault.kind, fault.line), (FaultKind::Torn, 4));
        let mut log = AuditLog::open(
            &path,
            Options {
                durability: Durability::System,
                ..Options::default()
            },
        )
        .expect("it opens");
        assert_eq!(std::fs::read(&path).expect("it is there"), whole);
        let aside = std::fs::read(format!("{}.torn", path.display())).expect("it is kept");
        assert_eq!(aside, [&fourth[..length], b"\n"].concat());
        assert_eq!(log.append([event("aud_5".to_owned(), 5)]).expect("it goes on"), 4);
    }
}

#[test]
fn a_log_that_is_not_sound_is_not_appended_to() {
    let folder = Folder::new();
    let path = folder.log();
    let mut log = AuditLog::open(&path, Options::default()).expect("it opens");
    log.append((1..=3).map(|n| event(format!("aud_{n}"), n)))
        .expect("it can be appended");
    let sound = std::fs::read_to_string(&path).expect("it is there");
    std::fs::write(&path, sound.replace("agent-17", "agent-18")).expect("it can be written");
    let error = AuditLog::open(&path, Options::default()).expect_err("it was changed");
    assert!(
        matches!(&error, LogError::Unsound { fault, .. } if fault.line == 1),
        "{error}"
    );
    // A writer that has it open sees that it is shorter.
    let first = sound.lines().next().expect("there is one").to_owned() + "\n";
    std::fs::write(&path, first).expect("it can be written");
    let error = log
        .append([event("aud_4".to_owned(), 1)])
        .expect_err("it was cut off");
    assert!(matches!(error, LogError::Shorter { .. }), "{error}");
    std::fs::write(&path, &sound).expect("it can be written");
    assert_eq!(
        log.append([event("aud_4".to_owned(), 1)])
            .expect("it is sound again"),
        4
    );
}

#[test]
fn threads_and_handles_append_side_by_side() {
    let folder = Folder::new();
    let path = folder.log();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let path = &path;
            scope.spawn(move || {
                let options = Options {
                    durability: Durability::System,
                    ..Options::default()
                };
                let mut log = AuditLog::open(path, options).expect("it opens");
                for at in 0..50 {
                    log.append([event(format!("aud_{thread}_{at}"), thread)])
                        .expect("it can be appended");
                }
            });
        }
    });
    let found = verify(&path, Scope::Whole, None).expect("it can be read");
    assert_eq!(found.map(|found| found.entries), Ok(200));
}
