//! The architecture, read from the sources: the order of the modules, what the core may touch, how files begin.
#![allow(clippy::disallowed_methods)] // this test reads the sources

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All files below a folder with one of the endings, without what is built or not ours.
fn files(below: &Path, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut left = vec![below.to_owned()];
    while let Some(folder) = left.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there").flatten() {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            let skipped =
                ["target", "node_modules", "corpus", "artifacts", "coverage"].contains(&name.as_str());
            if path.is_dir() && !skipped && name != ".git" {
                left.push(path);
            } else if path.is_file() && endings.iter().any(|ending| name.ends_with(ending)) {
                let shown = path
                    .strip_prefix(below)
                    .unwrap_or(&path)
                    .to_string_lossy()
                    .replace('\\', "/");
                found.extend(fs::read_to_string(&path).ok().map(|text| (shown, text)));
            }
        }
    }
    found.sort();
    found
}

fn core_sources() -> Vec<(String, String)> {
    files(&root().join("core/src"), &[".rs"])
}

/// The text without its tests, which may reach for anything, and without comments.
fn code(name: &str, text: &str) -> String {
    if name.ends_with("tests.rs") || name.contains("/tests/") {
        return String::new();
    }
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or("");
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or(""));
    lines.collect::<Vec<_>>().join("\n")
}

/// The words behind each `crate::`.
fn named(code: &str) -> Vec<String> {
    let word = |rest: &str| {
        rest.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    let mut names: Vec<String> = code.split("crate::").skip(1).map(word).collect();
    let lists = code
        .split("use crate::{")
        .skip(1)
        .filter_map(|rest| rest.split("};").next());
    names.extend(
        lists
            .flat_map(|list| list.split(','))
            .map(|item| word(item.trim())),
    );
    names
}

#[test]
fn a_module_knows_those_above_it_and_none_below() {
    let lib = fs::read_to_string(root().join("core/src/lib.rs")).expect("the crate has a root");
    let order: Vec<&str> = lib
        .lines()
        .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'))
        .collect();
    let place = |module: &str| order.iter().position(|known| *known == module);
    let mut wrong = Vec::new();
    for (name, text) in core_sources().into_iter().filter(|(name, _)| name != "lib.rs") {
        let own = name.split(['/', '.']).next().unwrap_or("");
        let own = place(own).expect("each file belongs to a module of the root");
        let below = named(&code(&name, &text))
            .into_iter()
            .filter(|module| place(module).is_some_and(|at| own < at));
        wrong.extend(below.map(|module| format!("{name} uses {module}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_core_touches_nothing_outside_of_itself() {
    let banned = [
        "std::fs",
        "std::env",
        "std::thread",
        "std::process",
        "std::net::Tcp",
        "SystemTime",
        "Instant::now",
        "static mut",
    ];
    let mut wrong = Vec::new();
    for (name, text) in core_sources() {
        let code = code(&name, &text);
        wrong.extend(
            banned
                .iter()
                .filter(|word| code.contains(**word))
                .map(|word| format!("{name}: {word}")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is() {
    let all = files(&root(), &[".rs"]);
    assert!(50 < all.len());
    let silent: Vec<_> = all
        .iter()
        .filter(|(_, text)| !text.starts_with("//!"))
        .map(|(name, _)| name.as_str())
        .collect();
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

#[test]
fn no_file_names_a_machine() {
    let endings = [".rs", ".md", ".toml", ".yaml", ".yml", ".json", ".jsonl", "run"];
    // Put together, so that this file does not name them either.
    let words: Vec<String> = [
        ["/root", "/.cargo"],
        ["/root", "/.rustup"],
        ["/root", "/.npm"],
        ["/work", "/wt"],
        ["/work", "/main"],
        ["/work", "/shared"],
        ["../", "shared/"],
    ]
    .map(|parts| parts.concat())
    .to_vec();
    let mut wrong = Vec::new();
    for (name, text) in files(&root(), &endings) {
        let found = words.iter().filter(|word| text.contains(word.as_str()));
        wrong.extend(found.map(|word| format!("{name}: {word}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
