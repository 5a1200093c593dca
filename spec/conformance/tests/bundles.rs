//! Bundles of the policies of every vector with a byte of them changed, and the hash made right again: they are refused or they
//! load, and what loads can be asked. So would be read what somebody made who knows the format.

#![allow(clippy::expect_used, reason = "tests")]

use bailiwick::machinery::bundle::seal;
use bailiwick::{Engine, Request, Stamp, State};
use bailiwick_conformance::{files, source};

/// How many changes for each set of policies.
const CHANGES: usize = 12;

#[test]
fn no_changed_bundle_makes_a_panic() {
    let (mut seed, mut loaded, mut refused) = (0x9e37_79b9_7f4a_7c15_u64, 0, 0);
    let mut next = move |below: usize| {
        // xorshift (Marsaglia 2003): the same changes every time.
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below.max(1) as u64) as usize
    };
    for case in files().iter().flat_map(|file| &file.cases) {
        let Ok(engine) = Engine::load(case.sources.iter().map(source)) else {
            continue;
        };
        let Ok(request) = Request::from_json(&case.request) else {
            continue;
        };
        let bundle = engine.to_bundle();
        let start = bundle
            .iter()
            .position(|&byte| byte == b'\n')
            .map_or(0, |at| at + 1);
        for _ in 0..CHANGES {
            let mut body = bundle[start..].to_vec();
            let at = next(body.len());
            match next(4) {
                0 => body[at] = next(256) as u8,
                1 => body[at] ^= 1 << next(8),
                2 => drop(body.remove(at)),
                _ => body.insert(at, next(256) as u8),
            }
            match Engine::from_bundle(&seal(&body)) {
                Ok(engine) => {
                    let decision = engine.decide(&request, &State::none());
                    let _ = (decision.record(Stamp::default()), decision.explain().to_string());
                    let _ = (decision.changes(), decision.ways(), engine.warnings().to_string());
                    loaded += 1;
                }
                Err(error) => {
                    assert!(error.to_string().contains("malformed at byte"), "{error}");
                    refused += 1;
                }
            }
        }
    }
    // Most bytes are texts, which may be others.
    println!("{loaded} loaded, {refused} refused");
    assert!(
        3_000 < loaded && 3_000 < refused,
        "{loaded} loaded, {refused} refused"
    );
}
