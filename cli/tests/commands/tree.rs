//! `tree`: the three drawings, the sizes, and which tree is meant.

use crate::run::{BASE, Folder};

const REPO: &str =
    "policy: {id: shop, version: 1}\nrules: [{id: frozen, deny: file.write, environment: production}]";

fn folder() -> Folder {
    Folder::of(&[
        ("p/platform/base.yaml", BASE),
        ("p/organization/acme/repository/shop/r.yaml", REPO),
    ])
}

#[test]
fn trees_are_drawn_as_text_and_for_graphviz() {
    let folder = folder();
    let ran = folder.run(&["tree", "--policies", "p"]);
    ran.code(0)
        .says("platform\n")
        .says("below the platform, tenant acme")
        .says("no_secrets");
    let ran = folder.run(&["tree", "--policies", "p", "--part", "below", "--format", "dot"]);
    ran.code(0).says("digraph").says("frozen");
}

#[test]
fn a_drawing_is_one_tree() {
    let folder = folder();
    let ran = folder.run(&["tree", "--policies", "p", "--format", "svg"]);
    ran.code(2).complains("choose with `--part`");
    let ran = folder.run(&["tree", "--policies", "p", "--format", "svg", "--part", "platform"]);
    ran.code(0).says("<svg").says("</svg>");
}

#[test]
fn sizes_are_counted() {
    folder()
        .run(&["tree", "--policies", "p", "--stats"])
        .code(0)
        .says("rules        3");
}

/// Rules that no question parts are found by an index, and the sizes say so.
#[test]
fn indexes_are_counted() {
    let rule = |n: usize| format!("  - {{id: r{n}, deny: file.write, path: 'part-{n}/**'}}\n");
    let rules: String = (0..20).map(rule).collect();
    let repo = format!("policy: {{id: shop, version: 1}}\nrules:\n{rules}");
    let folder = Folder::of(&[
        ("p/platform/base.yaml", BASE),
        ("p/organization/acme/repository/shop/r.yaml", repo.as_str()),
    ]);
    folder
        .run(&["tree", "--policies", "p", "--stats", "--part", "below"])
        .code(0)
        .says("rules        20, of which 20 stand in leaves, 20 in the fullest")
        .says("indexes      1, in which 20 of those that stand in leaves are found");
}

#[test]
fn the_tenant_must_be_there() {
    let folder = folder();
    folder
        .run(&["tree", "--policies", "p", "--tenant", "acme"])
        .code(0)
        .says("tenant acme");
    folder
        .run(&["tree", "--policies", "p", "--tenant", "beta"])
        .code(2)
        .complains("no policies of the tenant `beta`");
}
