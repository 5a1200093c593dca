//! Appending to a log. Who appends takes the lock, reads what others have added since, sets a torn line aside, writes its own
//! lines in one piece, and lets go. Nobody else can be in between, and whoever is stopped anywhere leaves whole lines and at
//! most one torn one behind them.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use bailiwick::parts::Sink;
use bailiwick::parts::audit::{Chain, Checkpoint, Event, Fault};

use crate::LogError;
use crate::read::{Line, line};

/// When an entry is on the disk and not only with the system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// Before `append` returns: it survives the machine's loss of power.
    #[default]
    Synced,
    /// When the system sees fit: it survives the end of the process.
    System,
}

/// How a log is written.
#[derive(Clone, Debug)]
pub struct Options {
    /// When an entry is on the disk.
    pub durability: Durability,
    /// What is taken out of entries besides secrets.
    pub sink: Sink,
    /// For tests of what a crash leaves: lines are written in pieces of so many bytes, with a moment between them.
    #[doc(hidden)]
    pub pieces: Option<usize>,
}

impl Options {
    /// Each batch on the disk before it counts, or when the system likes.
    pub fn synced(synced: bool) -> Options {
        Options {
            durability: match synced {
                true => Durability::Synced,
                false => Durability::System,
            },
            ..Options::default()
        }
    }
}

impl Default for Options {
    fn default() -> Options {
        Options {
            durability: Durability::Synced,
            sink: Sink::secrets("audit"),
            pieces: None,
        }
    }
}

/// A log that is open for appending.
///
/// ```no_run
/// use bailiwick::parts::audit::Event;
/// use bailiwick_audit_log::{AuditLog, Options};
///
/// let event = r#"{"audit_id": "aud_1", "actor_type": "agent", "actor": "agent-17", "action": "file.write",
///     "resource_type": "run", "resource_id": "run_1", "created_at": "2026-11-20T10:00:00Z"}"#;
/// let mut log = AuditLog::open("audit.jsonl", Options::default())?;
/// let last = log.append([Event::from_json(event)?])?;
/// println!("entry {last} is on the disk");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct AuditLog {
    path: PathBuf,
    file: File,
    lock: File,
    chain: Chain,
    /// Bytes of whole lines that the chain has taken.
    offset: u64,
    options: Options,
}

/// Lets go of the lock, however the work ends.
struct Held<'l>(&'l File);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        // The system lets go with the file in any case.
        drop(self.0.unlock());
    }
}

impl AuditLog {
    /// Opens a log, and makes it where there is none. Reads it through: nothing is appended to a log that is not sound.
    ///
    /// # Errors
    /// Where files cannot be opened or locked, or the log has a fault.
    pub fn open(path: impl Into<PathBuf>, options: Options) -> Result<AuditLog, LogError> {
        let path = path.into();
        let mut how = OpenOptions::new();
        how.create(true).read(true).append(true);
        let file = how.open(&path).map_err(LogError::file(&path, "open"))?;
        sync_folder(&path);
        let lock_path = beside(&path, "lock");
        let lock = how.open(&lock_path).map_err(LogError::file(&lock_path, "open"))?;
        let mut log = AuditLog {
            path,
            file,
            lock,
            chain: Chain::new(),
            offset: 0,
            options,
        };
        log.locked(AuditLog::catch_up)?;
        Ok(log)
    }

    /// Appends events and gives the number of the last entry. Where an event is none, none of them is appended.
    ///
    /// # Errors
    /// Where an event is none, the log is not sound any more, or it cannot be written. A process that is stopped in here leaves
    /// the first of its entries, and maybe a torn line, which the next writer sets aside.
    pub fn append(&mut self, events: impl IntoIterator<Item = Event>) -> Result<u64, LogError> {
        self.locked(|log| {
            log.catch_up()?;
            let staged = log.chain.stage(events, &log.options.sink)?;
            log.write(staged.lines.as_bytes())?;
            log.offset += staged.lines.len() as u64;
            log.chain.commit(staged);
            Ok(log.chain.len())
        })
    }

    /// How far the log has come, with all that others have added.
    ///
    /// # Errors
    /// As [`AuditLog::append`]. `None` where the log is empty.
    pub fn checkpoint(&mut self, name: &str, created_at: &str) -> Result<Option<Checkpoint>, LogError> {
        self.locked(AuditLog::catch_up)?;
        Ok(Checkpoint::of(&self.chain, name, created_at))
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn locked<T>(&mut self, work: impl FnOnce(&mut AuditLog) -> Result<T, LogError>) -> Result<T, LogError> {
        let lock = self
            .lock
            .try_clone()
            .map_err(LogError::file(&self.path, "lock"))?;
        lock.lock().map_err(LogError::file(&self.path, "lock"))?;
        let held = Held(&lock);
        let done = work(self);
        drop(held);
        done
    }

    /// Takes what others have written since, and sets a torn line aside.
    fn catch_up(&mut self) -> Result<(), LogError> {
        let length = self
            .file
            .metadata()
            .map_err(LogError::file(&self.path, "read"))?
            .len();
        if length < self.offset {
            return Err(LogError::Shorter {
                path: self.path.clone(),
                expected: self.offset,
                found: length,
            });
        }
        if length == self.offset {
            return Ok(());
        }
        let mut input = self
            .file
            .try_clone()
            .map_err(LogError::file(&self.path, "read"))?;
        input
            .seek(SeekFrom::Start(self.offset))
            .map_err(LogError::file(&self.path, "read"))?;
        let mut input = BufReader::with_capacity(1 << 16, input.take(length - self.offset));
        while let Some(line) = line(&mut input).map_err(LogError::file(&self.path, "read"))? {
            match line {
                Line::Whole(line) => {
                    self.chain.accept(&line).map_err(|fault| self.unsound(fault))?;
                    self.offset += line.len() as u64 + 1;
                }
                Line::Torn(torn) => return self.set_aside(&torn),
            }
        }
        Ok(())
    }

    fn unsound(&self, fault: Fault) -> LogError {
        LogError::Unsound {
            path: self.path.clone(),
            fault: Fault {
                line: self.chain.len() + 1,
                ..fault
            },
        }
    }

    /// A line without an end was never appended: its writer did not live to say so. What there is of it is kept beside the
    /// log before it is cut off, so that no crash in here loses it.
    fn set_aside(&mut self, torn: &[u8]) -> Result<(), LogError> {
        let path = beside(&self.path, "torn");
        let mut how = OpenOptions::new();
        let mut file = how
            .create(true)
            .append(true)
            .open(&path)
            .map_err(LogError::file(&path, "open"))?;
        let kept = [torn, b"\n"].concat();
        file.write_all(&kept)
            .and_then(|()| file.sync_all())
            .map_err(LogError::file(&path, "write"))?;
        self.cut()
            .map_err(LogError::file(&self.path, "cut a torn line off"))
    }

    /// Back to the last whole line. Not every system lets a file be cut that is open for appending alone.
    fn cut(&self) -> std::io::Result<()> {
        let file = OpenOptions::new().write(true).open(&self.path)?;
        file.set_len(self.offset)?;
        file.sync_all()
    }

    fn write(&mut self, lines: &[u8]) -> Result<(), LogError> {
        let write = match self.options.pieces {
            None => self.file.write_all(lines),
            Some(bytes) => lines.chunks(bytes.max(1)).try_for_each(|piece| {
                std::thread::sleep(std::time::Duration::from_micros(20));
                self.file.write_all(piece)
            }),
        };
        if let Err(error) = write {
            // What was written of it is no entry. Where it cannot be taken back, the next writer sets it aside.
            drop(self.cut());
            return Err(LogError::file(&self.path, "write")(error));
        }
        match self.options.durability {
            Durability::Synced => self.file.sync_data().map_err(LogError::file(&self.path, "sync")),
            Durability::System => Ok(()),
        }
    }
}

/// That a file is there is kept in its folder. Systems that know no such thing refuse, and need none.
fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Ok(folder) = File::open(folder.unwrap_or(Path::new("."))) {
        drop(folder.sync_all());
    }
}

/// `audit.jsonl.lock`.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}
