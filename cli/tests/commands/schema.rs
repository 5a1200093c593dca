//! `schema`: the tables, built in and extended.

use crate::run::Folder;

#[test]
fn tables_are_text_and_json() {
    let folder = Folder::of(&[]);
    folder.run(&["schema"]).code(0).says("bailiwick schema actions");
    for (table, name) in [
        ("actions", "shell.exec"),
        ("attributes", "subject.role"),
        ("enumerations", "risk_tier"),
        ("obligations", "audit"),
    ] {
        folder.run(&["schema", table]).code(0).says(name);
        let rows = folder.run(&["schema", table, "--format", "json"]).code(0).json();
        assert!(
            rows.as_array()
                .is_some_and(|rows| rows.iter().any(|row| row["name"] == name)),
            "{table}"
        );
    }
    folder
        .run(&["schema", "diagnostics"])
        .code(0)
        .says("unknown-attribute");
    folder.run(&["schema", "verbs"]).code(2).complains("actions");
}

#[test]
fn policies_add_to_the_vocabulary() {
    let adds = "policy: {id: x, version: 1}\nschema: {actions: {x.page: {doc: call somebody}}}\nrules: [{id: a, allow: x.page}]";
    let folder = Folder::of(&[("x.yaml", adds)]);
    folder
        .run(&["schema", "actions", "--policies", "x.yaml"])
        .code(0)
        .says("x.page");
}

#[test]
fn schemas_are_json() {
    let folder = Folder::of(&[]);
    for name in ["policies", "requests", "records", "tests", "state"] {
        assert!(folder.run(&["schema", name]).code(0).json().is_object(), "{name}");
    }
}
