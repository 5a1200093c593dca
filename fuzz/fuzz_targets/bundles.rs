//! Compiled bundles whose hash is right and whose bytes are anything: refused or loaded, and what loads can be asked.
#![no_main]

use bailiwick::machinery::bundle::seal;
use bailiwick::{Engine, Request, Stamp, State};
use libfuzzer_sys::fuzz_target;

const REQUEST: &str = r#"{"action": "shell.exec", "command": "cat secrets/key", "now": "2026-11-20T10:00:00Z"}"#;

fuzz_target!(|body: &[u8]| {
    let Ok(engine) = Engine::from_bundle(&seal(body)) else {
        return;
    };
    let Ok(request) = Request::from_json(REQUEST) else {
        return;
    };
    let decision = engine.decide(&request, &State::none());
    let _ = (decision.record(Stamp::default()), decision.explain().to_string(), engine.warnings().to_string());
});
