//! The stable names of findings. Each has a heading in spec/10-diagnostics.md; none changes its meaning or is used again.

use std::fmt;

/// The name of a kind of finding, such as `unknown-attribute`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Every code with what it means, by stage. A test finds those that are missing here.
pub const ALL: &[(Code, &str)] = &[
    // document
    (Code("source-too-long"), "a source has more bytes than are read"),
    (
        Code("unprintable-character"),
        "a source holds a character that YAML does not let stand in a text",
    ),
    (Code("yaml-syntax"), "a document is not well-formed YAML"),
    (
        Code("unknown-alias"),
        "an alias names no anchor of its document; often an unquoted glob",
    ),
    (
        Code("yaml-tag"),
        "a node has a YAML tag; often unquoted text that starts with an exclamation mark",
    ),
    (
        Code("merge-key"),
        "a mapping has a merge key, which YAML 1.2 does not know",
    ),
    (Code("key-not-text"), "a key is a list, a mapping or nothing"),
    (Code("duplicate-key"), "a mapping has the same key twice"),
    (
        Code("document-too-deep"),
        "lists and mappings are nested deeper than they are read",
    ),
    (
        Code("document-too-large"),
        "a source has more nodes than are read, or its aliases stand for more",
    ),
    (
        Code("unknown-key"),
        "a mapping has a key that means nothing there",
    ),
    (Code("missing-key"), "a mapping lacks a key that it needs"),
    (
        Code("clashing-keys"),
        "a mapping has two keys of which it may have one",
    ),
    (
        Code("wrong-type"),
        "a value is not of the kind that its key takes",
    ),
    (
        Code("empty-value"),
        "a value is empty where something must be said",
    ),
    (
        Code("unknown-keyword"),
        "a value is none of the words that its key takes",
    ),
    (
        Code("number-out-of-range"),
        "a number is larger or smaller than its key takes, or than JSON keeps exact",
    ),
];
