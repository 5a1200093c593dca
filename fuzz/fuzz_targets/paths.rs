//! Any texts as paths and hosts: a normal form is its own.
#![no_main]

use bailiwick::machinery::normal::{Host, Path, Places};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, Option<&str>, Option<&str>)| {
    let (text, root, cwd) = input;
    if let Ok(path) = Path::normalise(text, &Places { root, cwd }) {
        let again = Path::normalise(path.as_str(), &Places { root, cwd: None });
        assert_eq!(Some(&path), again.as_ref().ok(), "{text:?} in {root:?}, {cwd:?}");
    }
    if let Ok(host) = Host::normalise(text) {
        assert_eq!(
            Some(host.as_str()),
            Host::normalise(host.as_str()).as_ref().ok().map(Host::as_str)
        );
    }
});
