//! The house rules of bindings, read from the sources: they see the surface and nothing behind it, and are laid out alike.

#![allow(clippy::disallowed_methods, reason = "it reads the sources")]

use bailiwick_bindings::root;

const BINDINGS: [&str; 3] = ["python", "node", "wasm"];
const FILES: [&str; 5] = ["decision.rs", "engine.rs", "error.rs", "lib.rs", "value.rs"];

#[test]
fn every_binding_is_the_same_five_files() {
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
