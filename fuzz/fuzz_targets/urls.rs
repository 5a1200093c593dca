//! Any texts as URLs, remotes and hosts: a normal form is its own, and its host is the one that its text names.
#![no_main]

use bailiwick::machinery::normal::{Host, HostPatterns, Remote, Url};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str)| {
    let (text, pattern) = input;
    if let Ok(url) = Url::normalise(text) {
        let again = Url::normalise(url.as_str()).expect("a normal form is a URL");
        assert_eq!(url.as_str(), again.as_str(), "{text:?}");
        assert_eq!(url.host(), again.host(), "{text:?}");
        assert_eq!((url.scheme(), url.port()), (again.scheme(), again.port()), "{text:?}");
        assert!(text.is_char_boundary(url.host_span().start) && text.is_char_boundary(url.host_span().end));
    }
    let _ = Remote::read(text);
    Url::pattern(text);
    let Ok(host) = Host::normalise(text) else {
        return;
    };
    let again = Host::normalise(host.as_str()).expect("a normal form is a host");
    assert_eq!(host.as_str(), again.as_str(), "{text:?}");
    assert_eq!(host.class(), again.class(), "{text:?}");
    if let Ok(patterns) = HostPatterns::new(&[pattern]) {
        // A name is within its own suffix, whatever the pattern says of it.
        patterns.matches(host.as_str());
        patterns.matches(text);
    }
});
