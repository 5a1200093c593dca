//! Any text, for each way of taking things out: there is an answer, a second time changes nothing, and a token that is put
//! into the text between spaces is found.
#![no_main]

use bailiwick::machinery::redact::{Blocks, Sink, redact};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let small = Sink::everything("x").with_blocks(Blocks { over: 200, keep: 40 });
    for sink in [Sink::everything("x"), Sink::secrets("x"), small] {
        let once = redact(text, &sink);
        let twice = redact(&once.text, &sink);
        assert_eq!(once.text, twice.text, "redacted twice");
    }
    let token = ["gh", "p_a1B2c3D4e5F6g7H8j9KmNpQrStUvWxYz0LMk"].concat();
    let put = format!("{text} {token} {text}");
    let clean = redact(&put, &Sink::secrets("x"));
    assert!(!clean.text.contains(&token) || text.contains(&token), "a token is left");
});
