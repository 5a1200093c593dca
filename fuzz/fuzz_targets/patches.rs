//! Any texts as patches: an answer, in which every place is one of the text and nothing is lost by reading it again.
#![no_main]

use bailiwick::machinery::normal::{Patch, Strip};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &str)| {
    let (strip, text) = input;
    let strip = if strip < 4 { Strip::Exactly(usize::from(strip)) } else { Strip::Unsaid };
    let patch = Patch::read(text, strip);
    assert!(!patch.files.is_empty() || patch.opaque);
    for file in &patch.files {
        assert!(text.get(file.span.clone()).is_some(), "{file:?} of {text:?}");
    }
    assert_eq!(patch, Patch::read(text, strip));
});
