//! `bailiwick redact`: a text without its secrets.

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

use bailiwick::parts::{Sink, Summary};
use bailiwick::redact;
use serde_json::json;

use crate::args::{Redact, SchemaFormat};
use crate::stop::{Code, Stop};

pub(crate) fn run(args: &Redact) -> Result<Code, Stop> {
    let sink = match args.owed.is_empty() {
        true => Sink::everything(&args.sink),
        false => Sink::owed(&args.sink, args.owed.iter().map(String::as_str)),
    };
    let bytes = bytes(args.file.as_deref())?;
    // What is no UTF-8 is shown as such, and what stands beside it is still read.
    let text = String::from_utf8_lossy(&bytes);
    let clean = redact(&text, &sink);
    let mut out = io::stdout().lock();
    match args.format {
        SchemaFormat::Text => {
            out.write_all(clean.text.as_bytes())?;
            out.flush()?;
            if !clean.summary.is_empty() {
                writeln!(io::stderr(), "taken out: {}", in_words(&clean.summary))?;
            }
        }
        SchemaFormat::Json => {
            writeln!(
                out,
                "{}",
                json!({"text": clean.text, "redaction_summary": clean.summary})
            )?;
        }
    }
    let found = args.exit_code && !clean.summary.is_empty();
    Ok(if found { Code::Findings } else { Code::Fine })
}

fn in_words(summary: &Summary) -> String {
    let counts = [
        (summary.secret_like_tokens, "secret-like tokens"),
        (summary.email_addresses, "e-mail addresses"),
        (summary.private_urls, "private URLs"),
        (summary.large_blocks_removed, "large blocks"),
    ];
    let said = counts
        .iter()
        .filter(|(count, _)| 0 < *count)
        .map(|(count, what)| format!("{count} {what}"));
    said.collect::<Vec<_>>().join(", ")
}

/// A file, or standard input.
pub(super) fn bytes(file: Option<&Path>) -> Result<Vec<u8>, Stop> {
    match file.filter(|path| *path != Path::new("-")) {
        Some(path) => fs::read(path).map_err(|error| Stop::Bad(format!("{}: {error}", path.display()))),
        None => {
            let mut bytes = Vec::new();
            io::stdin().lock().read_to_end(&mut bytes)?;
            Ok(bytes)
        }
    }
}
