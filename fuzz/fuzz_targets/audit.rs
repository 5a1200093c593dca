//! Any bytes as an event and as lines of a log: what is taken is sound, and what was appended is taken.
#![no_main]

use bailiwick::parts::audit::{Chain, Checkpoint, Event, Scope, Verifier};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    drop(Checkpoint::from_json(text));
    for scope in [Scope::Whole, Scope::Extract] {
        let mut verifier = Verifier::new(scope, None);
        text.split('\n').all(|line| verifier.push(line.as_bytes()));
        drop(verifier.finish());
    }
    let Ok(event) = Event::from_json(text) else { return };
    let mut chain = Chain::new();
    let Ok(line) = chain.append(event) else { return };
    let entry = Chain::new().accept(line.trim_end_matches('\n').as_bytes());
    assert!(entry.is_ok(), "{line} is not taken: {entry:?}");
});
