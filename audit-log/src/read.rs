//! Reading a log, line by line, up to where its whole lines end at the beginning. That is looked up under the lock, and held no
//! longer: lines are only ever added, and only behind it may a torn line be cut off and another one written in its place.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Take};
use std::path::Path;

use bailiwick::machinery::limits::AUDIT_LINE_BYTES_MAX;
use bailiwick::parts::audit::{Chain, Checkpoint, Entry, Fault, Scope, Verified, Verifier};

use crate::LogError;
use crate::log::beside;

/// A line as it is found.
pub(crate) enum Line {
    /// With its end, which is not in it.
    Whole(Vec<u8>),
    /// The last one, without an end.
    Torn(Vec<u8>),
}

/// The next line; `None` at the end. A line longer than any entry is handed out in pieces, none of which is an entry.
pub(crate) fn line(input: &mut impl BufRead) -> io::Result<Option<Line>> {
    let mut line = Vec::new();
    let read = input
        .take(AUDIT_LINE_BYTES_MAX as u64 + 2)
        .read_until(b'\n', &mut line)?;
    Ok(match line.pop() {
        None => None,
        Some(b'\n') => Some(Line::Whole(line)),
        Some(last) => {
            line.push(last);
            let cut = AUDIT_LINE_BYTES_MAX < read;
            Some(if cut { Line::Whole(line) } else { Line::Torn(line) })
        }
    })
}

/// Verifies a log, or an extract of one, against a checkpoint where there is one.
///
/// # Errors
/// Where the file cannot be read. A fault of the log is inside.
pub fn verify(
    path: &Path,
    scope: Scope,
    checkpoint: Option<Checkpoint>,
) -> Result<Result<Verified, Fault>, LogError> {
    let (mut input, torn) = open(path)?;
    let mut verifier = Verifier::new(scope, checkpoint);
    while let Some(Line::Whole(line)) = line(&mut input).map_err(LogError::file(path, "read"))? {
        if !verifier.push(&line) {
            break;
        }
    }
    if torn {
        verifier.torn();
    }
    Ok(verifier.finish())
}

/// The entries of a log, each with its line, and checked against those before it. What stands behind the first fault is not handed out: the
/// fault is the last item. A torn last line is none: it was never appended.
///
/// # Errors
/// Where the file cannot be opened.
pub fn entries(path: &Path) -> Result<impl Iterator<Item = Result<(Entry, String), LogError>>, LogError> {
    let (mut input, _) = open(path)?;
    let mut chain = Chain::new();
    let path = path.to_owned();
    let (mut number, mut over) = (0, false);
    Ok(std::iter::from_fn(move || {
        if over {
            return None;
        }
        number += 1;
        let entry = match line(&mut input) {
            Ok(Some(Line::Whole(line))) => match chain.accept(&line) {
                Ok(entry) => Ok((entry, String::from_utf8_lossy(&line).into_owned())),
                Err(fault) => Err(LogError::Unsound {
                    path: path.clone(),
                    fault: Fault {
                        line: number,
                        ..fault
                    },
                }),
            },
            Ok(Some(Line::Torn(_)) | None) => return None,
            Err(error) => Err(LogError::file(&path, "read")(error)),
        };
        over = entry.is_err();
        Some(entry)
    }))
}

/// The whole lines of a log, and whether a torn one stands behind them.
fn open(path: &Path) -> Result<(BufReader<Take<File>>, bool), LogError> {
    let mut file = File::open(path).map_err(LogError::file(path, "open"))?;
    // Where there is no lock nobody writes: a copy, an extract.
    let lock = File::open(beside(path, "lock")).ok();
    if let Some(lock) = &lock {
        lock.lock_shared().map_err(LogError::file(path, "lock"))?;
    }
    let found = whole(&mut file);
    drop(lock);
    let (whole, length) = found.map_err(LogError::file(path, "read"))?;
    file.rewind().map_err(LogError::file(path, "read"))?;
    Ok((
        BufReader::with_capacity(1 << 16, file.take(whole)),
        whole < length,
    ))
}

/// Where the last whole line ends, and where the file does.
fn whole(file: &mut File) -> io::Result<(u64, u64)> {
    let length = file.metadata()?.len();
    let mut end = length;
    while 0 < end {
        let start = end.saturating_sub(1 << 16);
        let mut piece = vec![0; (end - start) as usize];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut piece)?;
        if let Some(at) = piece.iter().rposition(|byte| *byte == b'\n') {
            return Ok((start + at as u64 + 1, length));
        }
        end = start;
    }
    Ok((0, length))
}
