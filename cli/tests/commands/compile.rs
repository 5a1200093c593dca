//! `compile`: a bundle decides as the files that it was made from, and what is none is refused in words.

use std::fs;

use crate::run::{BASE, Folder};

const REPO: &str =
    "policy: {id: shop, version: 1}\nrules: [{id: frozen, deny: file.write, environment: production}]";
const REQUEST: &str = r#"{"action": "file.write", "path": "a", "environment": "production", "tenant": "acme",
    "organization": "acme", "repository": "shop", "now": "2026-11-20T10:00:00Z"}"#;

fn folder() -> Folder {
    Folder::of(&[
        ("p/platform/base.yaml", BASE),
        ("p/organization/acme/repository/shop/r.yaml", REPO),
        ("request.json", REQUEST),
    ])
}

#[test]
fn a_bundle_decides_as_the_files_do() {
    let folder = folder();
    let ran = folder.run(&["compile", "p", "--output", "p.bailiwick"]);
    ran.code(0).says("sha256:").says("  p.bailiwick");
    let asked = |policies: &str| {
        let ran = folder.run(&[
            "decide",
            "request.json",
            "--format",
            "record",
            "--policies",
            policies,
        ]);
        ran.code(0);
        ran.out
    };
    assert_eq!(asked("p.bailiwick"), asked("p"));
    folder
        .run(&["tree", "--policies", "p.bailiwick"])
        .code(0)
        .says("frozen");
    // The first line says what was printed.
    let bundle = fs::read(folder.path().join("p.bailiwick")).expect("it was written");
    let first = bundle.split(|&byte| byte == b'\n').next().expect("a first line");
    let hash = ran.out.split(' ').next().expect("a hash");
    assert!(String::from_utf8_lossy(first).ends_with(hash));
}

#[test]
fn policies_that_do_not_compile_make_no_bundle() {
    let folder = Folder::of(&[("p/platform/base.yaml", "rules: [{id: a, dent: file.read}]")]);
    let ran = folder.run(&["compile", "p", "-o", "p.bailiwick"]);
    ran.code(2).complains("did you mean `deny`?");
    assert!(!folder.path().join("p.bailiwick").exists());
    let ran = folder.run(&["compile", "p/platform", "-o", "nowhere/p.bailiwick"]);
    ran.code(2);
}

#[test]
fn what_is_damaged_is_refused() {
    let folder = folder();
    folder.run(&["compile", "p", "-o", "p.bailiwick"]).code(0);
    let bundle = fs::read(folder.path().join("p.bailiwick")).expect("it was written");
    folder.write("short.bailiwick", &bundle[..bundle.len() - 1]);
    let ask = |policies: &str| folder.run(&["decide", "request.json", "--policies", policies]);
    ask("short.bailiwick")
        .code(2)
        .complains("the bundle is damaged: it says that its hash is sha256:");
    let text = String::from_utf8_lossy(&bundle).replacen(env!("CARGO_PKG_VERSION"), "0.0.9", 1);
    folder.write("old.bailiwick", text.as_bytes());
    ask("old.bailiwick")
        .code(2)
        .complains("compiled by version 0.0.9");
    // Where files are needed a bundle is none, and says so.
    let ran = folder.run(&["check", "p.bailiwick"]);
    ran.code(2).complains("this is a compiled bundle");
    let ran = folder.run(&[
        "decide",
        "request.json",
        "--policies",
        "p",
        "--policies",
        "p.bailiwick",
    ]);
    ran.code(2)
        .complains("which is a whole policy set; give it without other policies");
}
