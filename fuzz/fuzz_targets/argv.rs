//! Any words as a command, and the same words quoted as a line: the line has whatever the words have, or is opaque.
#![no_main]

use bailiwick::machinery::normal::Places;
use bailiwick::machinery::normal::command::{Call, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|words: Vec<&str>| {
    let argv: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let places = Places { root: Some("/ws"), ..Places::default() };
    let given = read(&Call { argv: Some(&argv), places, ..Call::default() });
    assert_eq!(given, read(&Call { argv: Some(&argv), places, ..Call::default() }));
    // An empty first word is no program for either, but only the words are refused for it.
    if argv.first().is_none_or(String::is_empty) {
        return;
    }
    let line: Vec<String> = argv.iter().map(|word| format!("'{}'", word.replace('\'', "'\\''"))).collect();
    let line = line.join(" ");
    let typed = read(&Call { line: Some(&line), places, ..Call::default() });
    if typed.opaque {
        return;
    }
    assert!(!given.opaque, "{argv:?} is opaque, {line:?} is not");
    for seen in &given.effects {
        let same = typed.effects.iter().any(|typed| typed.kind == seen.kind && typed.facts == seen.facts);
        assert!(same, "{seen:?} of {argv:?} is not in {line:?}");
    }
});
