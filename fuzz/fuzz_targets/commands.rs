//! Any text as a command line: an answer, the same each time, with places that are of the text and normal paths.
#![no_main]

use bailiwick::machinery::normal::command::{Call, read};
use bailiwick::machinery::normal::{Path, Places};
use bailiwick::machinery::value::{Fact, Value};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|line: &str| {
    let places = Places { root: Some("/ws"), ..Places::default() };
    let call = Call { line: Some(line), places, ..Call::default() };
    let reading = read(&call);
    assert_eq!(reading, read(&call));
    for seen in &reading.effects {
        if let Some(span) = &seen.span {
            assert!(line.get(span.clone()).is_some(), "{span:?} of {line:?}");
        }
        for (name, fact) in &seen.facts {
            if let (&"path", Fact::Known(Value::String(path))) = (name, fact) {
                let again = Path::normalise(path, &places);
                assert_eq!(again.as_ref().map(Path::as_str), Ok(&**path), "{line:?}");
            }
        }
    }
});
