//! Any texts as paths, with and without a root, a folder, a home and links: a normal form is its own, and what else it may
//! be is normal too.
#![no_main]

use bailiwick::machinery::normal::{Links, Path, Places, oddities, path_classes, protected_below};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, Option<&str>, Option<&str>, Option<&str>, Vec<(&str, &str)>, bool)| {
    let (text, root, cwd, home, links, folds) = input;
    oddities(text);
    let plain = Places { root, cwd, home, links: None };
    let links = Links::new(links.iter().copied(), &plain, folds).ok();
    let places = Places { links: links.as_ref(), ..plain };
    let Ok(path) = Path::normalise(text, &places) else {
        return;
    };
    let again = Path::normalise(path.as_str(), &Places { cwd: None, ..places });
    assert_eq!(Some(&path), again.as_ref().ok(), "{text:?} in {places:?}");
    // A network's path of Windows is one only where the host is known to be Windows.
    let others = Path::others(text, &places).paths;
    for other in others.iter().filter(|other| !other.as_str().starts_with("//")) {
        let again = Path::normalise(other.as_str(), &Places { cwd: None, ..places });
        assert_eq!(Some(other), again.as_ref().ok(), "another of {text:?} in {places:?}");
    }
    path_classes(path.as_str());
    protected_below(path.as_str(), path.place(), home.is_some());
});
