//! Any bytes as policy text, at any level: loading ends, with findings or without, and every finding can be shown.
#![no_main]

use bailiwick::{Engine, Level, Source};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| {
    let (level, bytes) = input;
    let text = String::from_utf8_lossy(bytes);
    let level = Level::ALL[usize::from(level) % 8];
    let shown = match Engine::load([Source::at(level, "p.yaml", text.as_ref())]) {
        Ok(engine) => engine.warnings().to_string(),
        Err(found) => found.to_string(),
    };
    drop(shown);
});
