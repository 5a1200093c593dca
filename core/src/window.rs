//! By what used figures are kept: whose they are, and over which time. Policies and requests write it, and both must mean the
//! same by it. Knows no figure.

use crate::condition::{duration, duration_text};

/// The normal form of a key: `repository/720h` is `repository/30d`.
pub(crate) fn key_name(key: &str) -> Option<String> {
    let word = |word: &str| {
        let inner = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        !word.is_empty() && word.chars().all(inner)
    };
    let (per, window) = match key.split_once('/') {
        Some((per, window)) => (per, Some(window)),
        None => (key, None),
    };
    let window = match window {
        Some(window) => Some(window_name(window)?),
        None => None,
    };
    word(per).then(|| window.map_or_else(|| per.to_owned(), |window| format!("{per}/{window}")))
}

/// The normal form of a window: a duration as durations are written, or a word such as `wave`.
pub(crate) fn window_name(window: &str) -> Option<String> {
    let is_word = || {
        window.starts_with(|c: char| c.is_ascii_alphabetic())
            && window.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    match duration(window) {
        Some(length) => (0 < length).then(|| duration_text(length)),
        None => is_word().then(|| window.to_owned()),
    }
}

/// The key of a used figure, out of its parts.
pub(crate) fn key(per: &str, window: Option<&str>) -> String {
    window.map_or_else(|| per.to_owned(), |window| format!("{per}/{window}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_has_one_spelling() {
        for (key, name) in [
            ("task", "task"),
            ("repository/720h", "repository/30d"),
            ("campaign/wave", "campaign/wave"),
            ("repository.team/1d", "repository.team/1d"),
        ] {
            assert_eq!(key_name(key).as_deref(), Some(name));
        }
    }

    #[test]
    fn what_is_no_key_is_none() {
        for key in [
            "",
            "/1d",
            "task/",
            "task/-5m",
            "task/0s",
            "task/1d/2d",
            "a b",
            "task/1 d",
        ] {
            assert_eq!(key_name(key), None, "{key}");
        }
    }
}
