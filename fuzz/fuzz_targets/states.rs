//! Any text as a state.
#![no_main]

use bailiwick::State;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(problems) = State::from_json(text) {
        assert!(!problems.to_string().is_empty());
    }
});
