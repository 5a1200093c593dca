//! The house rules of bindings, read from the sources: they see the surface and nothing behind it, and are laid out alike.

#![allow(clippy::disallowed_methods, reason = "it reads the sources")]

use bailiwick_bindings::root;

const BINDINGS: [&str; 3] = ["python", "node", "wasm"];
const FILES: [&str; 6] = [
    "audit.rs",
    "decision.rs",
    "engine.rs",
    "error.rs",
    "lib.rs",
    "value.rs",
];

#[test]
fn every_binding_is_the_same_six_files() {
    for binding in BINDINGS {
        let folder = root().join("bindings").join(binding).join("src");
        let entries = std::fs::read_dir(folder)
            .expect("the binding has sources")
            .flatten();
        let mut names: Vec<String> = entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        assert_eq!(names, FILES, "bindings/{binding}/src");
    }
}

#[test]
fn bindings_see_the_surface_and_nothing_behind_it() {
    for binding in BINDINGS {
        let folder = root().join("bindings").join(binding);
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("the file is there");
        let manifest = read("Cargo.toml");
        let (_, dependencies) = manifest
            .split_once("[dependencies]")
            .expect("it has dependencies");
        for behind in [
            "bailiwick.",
            "bailiwick =",
            "bailiwick-loader",
            "bailiwick-reference",
        ] {
            assert!(
                !dependencies.contains(behind),
                "bindings/{binding} depends on `{behind}`"
            );
        }
        for name in FILES {
            let text = read(&format!("src/{name}"));
            assert!(
                !text.contains("machinery"),
                "bindings/{binding}/src/{name} looks behind the surface"
            );
        }
    }
}

/// The files of the playground that somebody wrote, by their names there.
fn playground() -> Vec<(String, String)> {
    let root = root().join("bindings/wasm/playground");
    let mut left: Vec<_> = ["src", "build", "test"].map(|name| root.join(name)).into();
    let mut found = Vec::new();
    while let Some(folder) = left.pop() {
        for entry in std::fs::read_dir(folder).expect("the folder is there").flatten() {
            let path = entry.path();
            match path.is_dir() {
                true => left.push(path),
                false => found.push((
                    path.strip_prefix(&root)
                        .unwrap_or(&path)
                        .to_string_lossy()
                        .replace('\\', "/"),
                    std::fs::read_to_string(&path).expect("a file of text"),
                )),
            }
        }
    }
    found.sort();
    found
}

#[test]
fn the_playground_sees_the_package_in_one_file_and_never_its_module() {
    let files = playground();
    assert!(20 < files.len());
    let asks = |text: &str| {
        let mut imports = text.lines().filter(|line| line.contains("\"bailiwick-wasm\""));
        imports.any(|line| line.starts_with("import {"))
    };
    let sources: Vec<_> = files
        .iter()
        .filter(|(name, _)| name.starts_with("src/"))
        .collect();
    let asking: Vec<&str> = sources
        .iter()
        .filter(|(_, text)| asks(text))
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(asking, ["src/bench.worker.ts"]);
    let behind = sources.iter().find(|(_, text)| text.contains("module/bailiwick"));
    assert_eq!(behind, None);
}

#[test]
fn every_file_of_the_playground_says_what_it_is() {
    let says = |text: &str| text.starts_with("// ") || text.starts_with("/* ");
    let silent: Vec<_> = playground()
        .into_iter()
        .filter(|(_, text)| !says(text))
        .map(|(name, _)| name)
        .collect();
    assert!(silent.is_empty(), "{silent:?}");
}

#[test]
fn the_lock_file_of_the_playground_names_no_registry() {
    let path = root().join("bindings/wasm/playground/package-lock.json");
    let lock = std::fs::read_to_string(path).expect("the lock file is there");
    let mut places = lock.lines().filter(|line| line.contains("\"resolved\""));
    let elsewhere = places.find(|line| line.contains("://"));
    assert_eq!(
        elsewhere, None,
        "written without `omit-lockfile-registry-resolved`"
    );
}
