//! Reading folders: what `layout` cannot see, since it touches no disk.

use serde_json::json;

use crate::run::{BASE, Folder, Ran};

const RULE: &str = "rules: [{id: audited, require: file.read, obligations: [audit]}]";

fn levels(ran: &Ran) -> serde_json::Value {
    ran.json()["policies"]["levels"].clone()
}

#[test]
fn the_layout_gives_levels_and_tenants() {
    let folder = Folder::of(&[
        ("p/platform/base.yaml", BASE),
        ("p/organization/acme/rules.yaml", RULE),
        ("p/organization/acme/team/payments/rules.yml", RULE),
        ("p/organization/acme/repository/payment-service/repo.yaml", RULE),
        ("p/tenant/t2/organization/beta/team/web/rules.yaml", RULE),
    ]);
    let ran = folder.run(&["check", "p", "--format", "json"]);
    ran.code(0);
    assert_eq!(
        levels(&ran),
        json!({"platform": 1, "organization": 1, "team": 2, "repository": 1})
    );
    assert_eq!(ran.json()["policies"]["tenants"], json!(["acme", "t2"]));
}

#[test]
fn a_file_cannot_promote_itself() {
    let claims = "policy: {id: x, version: 1, level: platform}\nrules: [{id: a, deny: file.read}]";
    let folder = Folder::of(&[
        ("p/platform/base.yaml", BASE),
        ("p/repository/shop/x.yaml", claims),
    ]);
    folder.run(&["check", "p"]).code(2).says("error[claims-more]");
}

#[test]
fn all_that_is_wrong_is_found_in_one_pass() {
    let folder = Folder::of(&[
        ("p/tean/web/r.yaml", RULE),
        ("p/platform/x/r.yaml", RULE),
        ("p/organization/a/r.yaml", RULE),
        ("p/organization/b/r.yaml", RULE),
        ("p/repository/shop/r.yaml", RULE),
    ]);
    folder.write("p/platform/latin.yaml", b"# one\n# caf\xe9\n");
    let ran = folder.run(&["check", "p"]);
    ran.code(2)
        .complains("p/tean: `tean/` is no level; did you mean `team/`?")
        .complains("`platform/`, which has no folders below it")
        .complains("p/repository: `repository/` stands beside several organizations")
        .complains("p/platform/latin.yaml: is not UTF-8, first on line 2 (byte 11)");
    assert_eq!(ran.out, "");
}

#[test]
fn a_level_folder_given_as_a_root_is_noticed() {
    let folder = Folder::of(&[("p/team/web/r.yaml", RULE)]);
    folder
        .run(&["check", "p/team"])
        .code(2)
        .complains("give the folder above it");
}

#[test]
fn hidden_names_and_other_files_are_passed_over() {
    let folder = Folder::of(&[
        ("p/platform/base.yaml", BASE),
        ("p/.git/config.yaml", "nonsense: ["),
        ("p/platform/.hidden.yaml", "nonsense: ["),
        ("p/platform/README.md", "nonsense: ["),
    ]);
    folder.run(&["check", "p"]).code(0).says("ok: 1 file,");
}

#[cfg(unix)]
#[test]
fn links_to_folders_are_not_followed_and_links_to_files_are() {
    use std::os::unix::fs::symlink;
    let folder = Folder::of(&[
        ("p/platform/base.yaml", BASE),
        ("elsewhere/wrong.yaml", "nonsense: ["),
        ("one.yaml", RULE),
    ]);
    symlink(folder.path().join("elsewhere"), folder.path().join("p/team")).expect("a link can be made");
    symlink(folder.path().join("p"), folder.path().join("p/platform/loop")).expect("a link can be made");
    symlink(
        folder.path().join("one.yaml"),
        folder.path().join("p/platform/one.yaml"),
    )
    .expect("a link can be made");
    let ran = folder.run(&["check", "p"]);
    ran.code(0)
        .says("ok: 2 files")
        .complains("note: p/team: a link to a folder is not followed");
}

#[cfg(unix)]
#[test]
fn a_link_to_nowhere_is_an_error() {
    let folder = Folder::of(&[("p/platform/base.yaml", BASE)]);
    std::os::unix::fs::symlink("nowhere", folder.path().join("p/platform/x.yaml"))
        .expect("a link can be made");
    folder
        .run(&["check", "p"])
        .code(2)
        .complains("p/platform/x.yaml: no such file or folder");
}

#[test]
fn output_is_the_same_on_every_run() {
    let folder = Folder::of(&[
        ("p/platform/b.yaml", RULE),
        ("p/platform/a.yaml", "rules: [{id: a, deny: file.reed}]"),
    ]);
    let first = folder.run(&["check", "p", "--format", "json"]).out;
    assert!((0..5).all(|_| folder.run(&["check", "p", "--format", "json"]).out == first));
}
