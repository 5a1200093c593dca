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
    (Code("condition-syntax"), "a condition is not well-formed"),
    (Code("condition-empty"), "a condition says nothing"),
    (
        Code("condition-too-long"),
        "a condition is longer than conditions are read",
    ),
    (
        Code("condition-too-deep"),
        "a condition is nested deeper than conditions are read",
    ),
    (
        Code("condition-too-costly"),
        "a condition could take more steps than one may",
    ),
    (
        Code("no-arithmetic"),
        "a condition calculates; conditions compare",
    ),
    (
        Code("hyphenated-name"),
        "a name with a hyphen stands without quotes",
    ),
    (
        Code("unknown-attribute"),
        "a name is no attribute, definition or constant",
    ),
    (Code("unknown-constant"), "an enumeration has no such constant"),
    (Code("unknown-function"), "there is no such function"),
    (
        Code("wrong-arguments"),
        "a function is called with other arguments than it takes",
    ),
    (Code("ambiguous-name"), "a name could mean two things"),
    (
        Code("attribute-not-visible"),
        "a rule reads what only lower levels know",
    ),
    (
        Code("attribute-not-of-action"),
        "none of the rule's actions has the attribute",
    ),
    (
        Code("unguarded-attribute"),
        "a condition orders an attribute that one of the rule's actions lacks, without `has`",
    ),
    (Code("invalid-regex"), "a regular expression cannot be read"),
    (Code("invalid-glob"), "a pattern cannot be read"),
    (Code("invalid-cidr"), "an address block cannot be read"),
    (Code("invalid-version"), "a version is not one of semver.org"),
    (Code("invalid-timestamp"), "a timestamp is not one of RFC 3339"),
    (Code("invalid-duration"), "a duration cannot be read"),
    (Code("not-a-document"), "a document is no mapping"),
    (Code("says-nothing"), "a document has neither rules nor a form"),
    (
        Code("claims-more"),
        "a document claims another level, tenant or entity than its source speaks for",
    ),
    (
        Code("other-language"),
        "a document is in a version of the language that the engine does not read",
    ),
    (
        Code("bad-id"),
        "an id or a name has characters that no such name has, or is the engine's own",
    ),
    (Code("unknown-level"), "there is no such level"),
    (
        Code("key-not-here"),
        "a key has no meaning on a rule of this kind",
    ),
    (
        Code("impossible-approval"),
        "an approval is asked for that nobody could give",
    ),
    (Code("duplicate-test"), "two policy tests of a file have one name"),
    // forms of gates and advice
    (
        Code("bound-unreadable"),
        "a bound of a figure is no number, percentage, length of time or word",
    ),
    (Code("criterion-again"), "a criterion stands twice in one list"),
    (
        Code("near-figure"),
        "a figure has nearly the name of one that the form knows",
    ),
    (
        Code("steps-out-of-order"),
        "the steps of a rollout do not rise to the whole",
    ),
    (
        Code("level-cannot"),
        "a level says what only a higher level may say",
    ),
    (
        Code("scope-below-level"),
        "a document speaks for entities of a lower level",
    ),
    (
        Code("same-version"),
        "two documents have one id and version and differ",
    ),
    (Code("duplicate-rule"), "two rules of a document have one id"),
    (Code("defined-above"), "a name of a higher level is defined again"),
    (Code("defined-twice"), "a name is defined twice, differently"),
    (
        Code("listed-program"),
        "a policy says otherwise of a program than the specification does",
    ),
    (
        Code("unknown-program"),
        "a program is said to be like one that the specification does not list",
    ),
    (
        Code("allowed-and-blocked"),
        "a model is allowed and blocked by one policy",
    ),
    (
        Code("floor-above-cap"),
        "something must be kept longer than it may be kept",
    ),
    (Code("unknown-zone"), "there is no such time zone"),
    (Code("unknown-hours"), "days and hours cannot be read"),
    (Code("unknown-rule"), "no policy or rule of that name is in sight"),
    (Code("control-without-rule"), "no rule carries out a control"),
    (
        Code("unknown-action"),
        "there is no such action, or no action matches the pattern",
    ),
    (
        Code("unknown-workflow"),
        "no approval workflow of that name is in sight",
    ),
    (
        Code("unknown-definition"),
        "no definition of that name is in sight",
    ),
    (Code("unknown-obligation"), "there is no such obligation"),
    (
        Code("not-an-extension"),
        "a name of the policy set's own does not start with `x.`",
    ),
    (Code("unknown-type"), "there is no such type"),
    (
        Code("fixed-enumeration"),
        "an enumeration cannot be given by a document",
    ),
    (Code("never-switched"), "a switch names what no switch denies"),
    (
        Code("onboarded-twice"),
        "two documents onboard one repository, with different facts",
    ),
    (Code("mode-twice"), "an action stands in two autonomy modes"),
    (
        Code("row-again"),
        "two rows of a table are about the same combination",
    ),
    (
        Code("row-unreachable"),
        "a row decides nothing beside a wider one that is as strict",
    ),
    (
        Code("row-overlap"),
        "two rows are about some of the same combinations",
    ),
    (Code("row-hole"), "no row is about some combinations"),
    (Code("role-grants-nothing"), "a role may ask for nothing"),
    (
        Code("source-outside"),
        "a generated file's source is out of the task's reach",
    ),
    (Code("expired"), "a rule has ended"),
    (Code("expires-soon"), "a rule ends soon"),
    (
        Code("review-overdue"),
        "a policy should have been looked at again",
    ),
    (Code("review-due"), "a policy is to be looked at again soon"),
    (
        Code("no-owner"),
        "nobody answers for a policy that is to be looked at again",
    ),
    (Code("never-decides"), "a rule can never decide anything"),
    (Code("nothing-granted"), "no platform document grants anything"),
    (
        Code("selector-of-some"),
        "a selector fits some of the actions that a rule names, and the rule never matches the others",
    ),
    (
        Code("ask-denied"),
        "an approval is asked for what the same level denies",
    ),
    (Code("unused-workflow"), "no rule uses an approval workflow"),
    (
        Code("readable-secrets"),
        "what looks like a secret is kept from being written, and not from being read",
    ),
    (Code("opens-more"), "a grant opens more than it names"),
    (Code("bad-example"), "an example or a test is no request"),
    (
        Code("example-fails"),
        "a rule does not do with its example what the example says",
    ),
];
