//! Any texts as patterns, held against any paths: a grant never covers what a restriction would not touch.
#![no_main]

use bailiwick::machinery::normal::{Globs, HostPatterns, Path, Places};
use bailiwick::machinery::value::Tri;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Vec<&str>, &str)| {
    let (patterns, path) = input;
    if let Ok(hosts) = HostPatterns::new(&patterns) {
        hosts.matches(path);
    }
    let Ok(globs) = Globs::new(&patterns) else { return };
    globs.matches_name(path);
    for root in [None, Some("/work")] {
        let Ok(path) = Path::normalise(path, &Places { root, ..Places::default() }) else {
            continue;
        };
        for recursive in [Tri::False, Tri::Unknown, Tri::True] {
            let touches = globs.matches_at(path.as_str(), path.place(), recursive, false);
            let covers = globs.matches_at(path.as_str(), path.place(), recursive, true);
            assert!(
                covers <= touches,
                "{patterns:?} {path} {recursive:?}: covers {covers:?}, touches {touches:?}"
            );
        }
    }
});
