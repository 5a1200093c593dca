//! Everything that can be wrong with what a policy set means, one small function each.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::source::{Level, Span};
use crate::value::timestamp;

pub(super) fn level_cannot(span: Span, what: &str, level: Level, may: &str) -> Diagnostic {
    Diagnostic::error(
        Code("level-cannot"),
        span,
        format!("the {level} level cannot say `{what}`"),
    )
    .saying(format!("only {may}"))
    .help(format!("move it to a source of {may}, or leave it out"))
}

pub(super) fn scope_below(span: Span, entity: Level, level: Level) -> Diagnostic {
    Diagnostic::error(
        Code("scope-below-level"),
        span,
        match entity {
            Level::Platform => "the platform has no entities to speak for".to_owned(),
            _ => format!(
                "a document of the {level} level cannot speak for {} {entity}",
                a(entity)
            ),
        },
    )
    .help(match level {
        Level::Platform => {
            "the platform speaks to everybody; to narrow a rule use a selector or `when`".to_owned()
        }
        _ => format!(
            "`applies_to` takes entities of the {level} level and of those above it, but not of the platform"
        ),
    })
}

fn a(entity: Level) -> &'static str {
    match entity {
        Level::Organization => "an",
        _ => "a",
    }
}

pub(super) fn bad_glob(span: Span, message: &str, help: Option<String>) -> Diagnostic {
    Diagnostic::error(Code("invalid-glob"), span, message).help_if(help)
}

pub(super) fn same_version(span: Span, other: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        Code("same-version"),
        span,
        format!("`{name}` is loaded twice with different content"),
    )
    .saying("this one")
    .and(other, "and this one")
    .help("give one of them another version, or another id")
}

pub(super) fn duplicate_rule(span: Span, other: Span, id: &str) -> Diagnostic {
    Diagnostic::error(
        Code("duplicate-rule"),
        span,
        format!("the document has two rules named `{id}`"),
    )
    .saying("the second")
    .and(other, "the first")
    .help("records name rules by their id: give each its own")
}

pub(super) fn names_attribute(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        Code("ambiguous-name"),
        span,
        format!("`{name}` is an attribute, so no definition can have that name"),
    )
    .help("use another name")
}

pub(super) fn allow_below(span: Span, level: Level) -> Diagnostic {
    Diagnostic::error(
        Code("level-cannot"),
        span,
        format!("the {level} level cannot say `allow`"),
    )
    .saying("only the platform grants")
    .help("a lower level restricts: write `only` to close its layer to everything but what the rule matches")
}

pub(super) fn default_twice(span: Span, default: Span) -> Diagnostic {
    Diagnostic::error(
        Code("duplicate-rule"),
        span,
        "`default: allow` is a rule named `default` in records already",
    )
    .and(default, "that one")
    .help("give the rule another id")
}

pub(super) fn defined_above(span: Span, other: Span, what: &str, name: &str, level: Level) -> Diagnostic {
    Diagnostic::error(
        Code("defined-above"),
        span,
        format!(
            "the {what} `{name}` is defined at the {level} level already and cannot be defined again below"
        ),
    )
    .saying("defined again here")
    .and(other, "defined here")
    .help("use another name; a lower level cannot change what a name of a higher level means")
}

pub(super) fn defined_twice(span: Span, other: Span, what: &str, name: &str) -> Diagnostic {
    Diagnostic::error(
        Code("defined-twice"),
        span,
        format!("the {what} `{name}` is defined twice, differently"),
    )
    .saying("the second")
    .and(other, "the first")
    .help("keep one of them, or use another name")
}

pub(super) fn ambiguous_name(span: Span, what: &str, name: &str, one: Span, two: Span) -> Diagnostic {
    Diagnostic::error(
        Code("ambiguous-name"),
        span,
        format!("the {what} `{name}` could mean two things here"),
    )
    .and(one, "this one")
    .and(two, "or this one")
    .help("narrow the document with `applies_to`, so that one of them is out of its sight")
}

pub(super) fn unknown_action<'a>(
    span: Span,
    name: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let of_family: Vec<String> = family(name, known.clone())
        .map(|name| format!("`{name}`"))
        .collect();
    let family = (!of_family.is_empty()).then(|| format!("there are {}", of_family.join(", ")));
    let own = name.starts_with("x.");
    let known = known.filter(move |known| known.starts_with("x.") == own);
    Diagnostic::error(
        Code("unknown-action"),
        span,
        format!("there is no action `{name}`"),
    )
    .help("`bailiwick schema actions` lists the actions; those of your own start with `x.`")
    .help_if(family)
    .help_if(did_you_mean(name, known))
}

/// The actions with the same first word.
fn family<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    let word = name.split('.').next().unwrap_or(name).to_owned();
    known
        .filter(move |known| known.split('.').next() == Some(&*word))
        .take(12)
}

pub(super) fn glob_without_action<'a>(
    span: Span,
    glob: &str,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let families: BTreeSet<String> = known
        .filter_map(|name| name.split_once('.'))
        .map(|(word, _)| format!("{word}.*"))
        .collect();
    Diagnostic::error(
        Code("unknown-action"),
        span,
        format!("no action matches `{glob}`"),
    )
    .help("`bailiwick schema actions` lists the actions")
    .help_if(did_you_mean(glob, families.iter().map(String::as_str)))
}

pub(super) fn unknown_constant<'a>(
    span: Span,
    name: &str,
    enumeration: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let all: Vec<&str> = known.clone().take(20).collect();
    Diagnostic::error(
        Code("unknown-constant"),
        span,
        format!("`{name}` is not a constant of `{enumeration}`"),
    )
    .help(format!("its constants: {}", all.join(", ")))
    .help_if(did_you_mean(name, known))
}

pub(super) fn unknown_workflow<'a>(
    span: Span,
    name: &str,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    Diagnostic::error(
        Code("unknown-workflow"),
        span,
        format!("there is no approval workflow `{name}` in sight"),
    )
    .saying("not defined at this level or above")
    .help("define it under `approval_workflows`")
    .help_if(did_you_mean(name, known))
}

pub(super) fn unknown_definition<'a>(
    span: Span,
    name: &str,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    Diagnostic::error(
        Code("unknown-definition"),
        span,
        format!("there is no definition `{name}` in sight"),
    )
    .help("define it under `definitions`")
    .help_if(did_you_mean(name, known))
}

pub(super) fn unknown_obligation<'a>(
    span: Span,
    name: &str,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let word = name.split(':').next().unwrap_or(name);
    let known: Vec<&str> = known.collect();
    Diagnostic::error(
        Code("unknown-obligation"),
        span,
        format!("there is no obligation `{word}`"),
    )
    .help(format!(
        "there are {}; those of your own start with `x.`",
        known.join(", ")
    ))
    .help_if(did_you_mean(word, known))
}

pub(super) fn selector_not_of_action(span: Span, selector: &str, actions: &str) -> Diagnostic {
    Diagnostic::error(
        Code("attribute-not-of-action"),
        span,
        format!("none of the rule's actions has what `{selector}` selects"),
    )
    .saying("can never match")
    .help(format!("`{selector}` goes with {actions}"))
}

pub(super) fn not_extension(span: Span, what: &str, name: &str) -> Diagnostic {
    Diagnostic::error(
        Code("not-an-extension"),
        span,
        format!("there is no {what} `{name}`, and those of your own start with `x.`"),
    )
    .help(format!("write `x.{name}`"))
}

/// The types that are no enumerations.
pub(super) const TYPES: [&str; 9] = [
    "bool",
    "int",
    "number",
    "percent",
    "string",
    "path",
    "host",
    "timestamp",
    "duration",
];

pub(super) fn unknown_type<'a>(span: Span, name: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let usual = match name.to_ascii_lowercase().as_str() {
        "text" | "str" => Some("did you mean `string`?"),
        "boolean" => Some("did you mean `bool`?"),
        "integer" | "long" => Some("did you mean `int`?"),
        "float" | "double" | "decimal" => Some("did you mean `number`?"),
        "date" | "datetime" | "time" => Some("did you mean `timestamp`?"),
        _ if name.starts_with("list") || name.ends_with("[]") => Some("a list is written `list of string`"),
        _ => None,
    };
    let known = known.chain(TYPES);
    Diagnostic::error(Code("unknown-type"), span, format!("there is no type `{name}`"))
        .help("types: bool, int, number, percent, string, path, host, timestamp, duration, an enumeration, `list of` one of these")
        .help_if(did_you_mean(name, known))
        .help_if(usual.map(str::to_owned))
}

pub(super) fn closed_below(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        Code("level-cannot"),
        span,
        format!("only the platform gives the constants of `{name}`"),
    )
    .help("move it to a source of the platform level")
}

pub(super) fn two_onboardings(span: Span, other: Span, repository: &str) -> Diagnostic {
    Diagnostic::error(
        Code("onboarded-twice"),
        span,
        format!("two documents onboard the repository `{repository}`, with different facts"),
    )
    .saying("the second")
    .and(other, "the first")
    .help("keep one of them")
}

pub(super) fn mode_twice(span: Span, action: &str, mode: &str) -> Diagnostic {
    Diagnostic::error(
        Code("mode-twice"),
        span,
        format!("`{action}` stands in the mode `{mode}` already"),
    )
    .help("modes accumulate: name an action in the lowest mode that may do it")
}

pub(super) fn fixed_enumeration(span: Span, name: &str) -> Diagnostic {
    let help = match name {
        "autonomy_level" => "the form `autonomy_modes` gives the modes",
        _ => "its constants are fixed by the specification",
    };
    Diagnostic::error(
        Code("fixed-enumeration"),
        span,
        format!("the enumeration `{name}` cannot be given here"),
    )
    .help(help)
}

pub(super) fn taken(span: Span, what: &str, name: &str) -> Diagnostic {
    Diagnostic::error(
        Code("defined-twice"),
        span,
        format!("the {what} `{name}` is defined already, differently"),
    )
    .help("use another name")
}

pub(super) fn switches_nothing(span: Span, glob: &str) -> Diagnostic {
    Diagnostic::error(
        Code("never-switched"),
        span,
        format!("no switch denies what `{glob}` matches"),
    )
    .saying("ways out of an emergency")
    .help("leave it out")
}

pub(super) fn unused_workflow(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(
        Code("unused-workflow"),
        span,
        format!("no rule uses the approval workflow `{name}`"),
    )
    .help("name it in the `approval` of an `ask` rule, or leave it out")
}

pub(super) fn selector_of_some(span: Span, selector: &str, lacking: &str) -> Diagnostic {
    Diagnostic::warning(
        Code("selector-of-some"),
        span,
        format!("`{selector}` selects nothing of {lacking}, where the rule therefore never matches"),
    )
    .help("give these actions a rule of their own, or leave them out")
}

pub(super) fn never_true(span: Span, id: &str) -> Diagnostic {
    Diagnostic::warning(
        Code("never-decides"),
        span,
        format!("the rule `{id}` can never decide anything: its conditions are false whatever the request"),
    )
    .help("correct the condition, or leave the rule out")
}

pub(super) fn ask_denied(span: Span, id: &str, actions: &str, wall: Span) -> Diagnostic {
    Diagnostic::warning(Code("ask-denied"), span, format!("`{id}` asks for an approval that cannot help: {actions} is denied at the same level"))
        .and(wall, "denied here, whoever approves")
        .help("a denial is never lifted by an approval; narrow the `deny` rule, or leave these actions out of the `ask` rule")
}

pub(super) fn bad_extension_name(span: Span, what: &str, name: &str) -> Diagnostic {
    Diagnostic::error(
        Code("bad-id"),
        span,
        format!("`{name}` cannot be the name of an {what}"),
    )
    .help("behind `x.` stand words of letters, digits and `_`, with dots between them")
}

pub(super) fn ordered_below(span: Span, name: &str, level: Level) -> Diagnostic {
    Diagnostic::error(
        Code("level-cannot"),
        span,
        format!("the {level} level cannot order the constants of `{name}`"),
    )
    .help("an ordered enumeration is the platform's; leave `ordered` out, or move it there")
}

pub(super) fn enumeration_again(span: Span, other: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        Code("defined-twice"),
        span,
        format!("the enumeration `{name}` is given twice, differently"),
    )
    .saying("the second")
    .and(other, "the first")
    .help("keep one of them")
}

pub(super) fn unknown_argument<'a>(
    span: Span,
    name: &str,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    Diagnostic::error(
        Code("unknown-attribute"),
        span,
        format!("no action has an argument `{name}` without a type"),
    )
    .help("an argument of your own starts with `x.` and says its type: `x.site: string`")
    .help_if(did_you_mean(name, known))
}

pub(super) fn bound_elsewhere(span: Span, name: &str, action: &str) -> Diagnostic {
    Diagnostic::error(
        Code("unknown-attribute"),
        span,
        format!("`{name}` is no argument of `{action}`"),
    )
    .help("`bound` names some of the action's own `arguments`")
}

pub(super) fn leaves_unchanged(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        Code("clashing-keys"),
        span,
        format!("`{name}` has `leaves_workspace: true` and `mutates: false`"),
    )
    .help("what leaves the workspace changes something; leave one of them out")
}

pub(super) fn never_switched(span: Span, action: &str) -> Diagnostic {
    Diagnostic::error(
        Code("never-switched"),
        span,
        format!("no switch denies `{action}`"),
    )
    .saying("a way out of an emergency")
    .help("leave it out; `*` leaves it out by itself")
}

pub(super) fn not_counted<'a>(
    span: Span,
    name: &str,
    exists: bool,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let message = if exists {
        format!("`{name}` is of a type that a limit cannot use here")
    } else {
        format!("there is no attribute `{name}`")
    };
    Diagnostic::error(Code("unknown-attribute"), span, message).help_if(did_you_mean(name, known))
}

pub(super) fn hidden_from_limit(span: Span, name: &str, why: &str) -> Diagnostic {
    Diagnostic::error(
        Code("attribute-not-visible"),
        span,
        format!("`{name}` cannot be seen here: {why}"),
    )
}

pub(super) fn of_no_action(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        Code("attribute-not-of-action"),
        span,
        format!("none of the rule's actions has `{name}`"),
    )
}

pub(super) fn limit_without(span: Span, attribute: &str, action: &str) -> Diagnostic {
    Diagnostic::error(
        Code("attribute-not-of-action"),
        span,
        format!("the limit counts `{attribute}`, which `{action}` does not have"),
    )
    .help("name the actions that have it; what else they do needs a limit of its own")
}

pub(super) fn bound_of_other_kind(span: Span, is_length: bool) -> Diagnostic {
    let message = if is_length {
        "a length of time bounds something that is counted; a number was expected"
    } else {
        "a number bounds a length of time; one such as `15m` or `30d` was expected"
    };
    Diagnostic::error(Code("wrong-type"), span, message)
}

pub(super) fn retention_per(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code("key-not-here"),
        span,
        "`per` has no meaning beside `of: retention`: how long something is kept is not used up",
    )
}

pub(super) fn listed_program(span: Span, name: &str, what: &str) -> Diagnostic {
    Diagnostic::error(
        Code("listed-program"),
        span,
        format!("the program `{name}` is listed by the specification, and {what}"),
    )
    .help("to a listed program options can be added, and `runs_code`, `network`, `privilege` where they are true; `bailiwick schema programs` shows what is known of it")
}

pub(super) fn bad_program(span: Span, name: &str) -> Diagnostic {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let usable = !last.is_empty() && last != name && !last.contains(char::is_whitespace);
    Diagnostic::error(
        Code("bad-id"),
        span,
        format!("`{name}` is not the bare name of a program"),
    )
    .help("a program is described by the name by which the search path finds it")
    .help_if(usable.then(|| format!("such as `{last}`")))
}

pub(super) fn like_unlisted<'a>(
    span: Span,
    name: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    Diagnostic::error(
        Code("unknown-program"),
        span,
        format!("the specification lists no program `{name}`"),
    )
    .help("`bailiwick schema programs` lists the programs")
    .help_if(did_you_mean(name, known))
}

pub(super) fn like_and(span: Span, key: &str) -> Diagnostic {
    Diagnostic::error(
        Code("clashing-keys"),
        span,
        format!("`{key}` stands beside `like`, which says that already"),
    )
    .help("beside `like` options can be added, and `runs_code`, `network`, `privilege` where they are true")
}

pub(super) fn row_hole(span: Span, holes: &[String], more: usize) -> Diagnostic {
    let more = if more == 0 {
        String::new()
    } else {
        format!(", and {more} more")
    };
    Diagnostic::warning(
        Code("row-hole"),
        span,
        format!("no row is about {}{more}; they are denied", holes.join(", ")),
    )
    .help("give them a row, or let a row say `any` where it does not matter")
}

/// The day, where it is the start of one.
fn day(time: i128) -> String {
    let stamp = timestamp(time);
    stamp.strip_suffix("T00:00:00Z").unwrap_or(&stamp).to_owned()
}

fn ask(owner: Option<&str>) -> String {
    owner.map_or(String::new(), |owner| format!("; `{owner}` answers for it"))
}

pub(super) fn expired(span: Span, rule: &str, end: i128, owner: Option<&str>) -> Diagnostic {
    let message = format!(
        "the rule `{rule}` ended on {} and says nothing any more",
        day(end)
    );
    Diagnostic::error(Code("expired"), span, message)
        .help(format!("leave it out, or give it another date{}", ask(owner)))
}

pub(super) fn expires_soon(span: Span, rule: &str, end: i128, owner: Option<&str>) -> Diagnostic {
    let message = format!("the rule `{rule}` ends on {}", day(end));
    Diagnostic::warning(Code("expires-soon"), span, message).help(format!(
        "give it another date if it is still needed{}",
        ask(owner)
    ))
}

pub(super) fn review_overdue(span: Span, policy: &str, review: i128, owner: Option<&str>) -> Diagnostic {
    let message = format!(
        "the policy `{policy}` was to be looked at again by {}",
        day(review)
    );
    Diagnostic::error(Code("review-overdue"), span, message).help(format!(
        "look at it, and write down when to do so next{}",
        ask(owner)
    ))
}

pub(super) fn review_due(span: Span, policy: &str, review: i128, owner: Option<&str>) -> Diagnostic {
    let message = format!(
        "the policy `{policy}` is to be looked at again by {}",
        day(review)
    );
    Diagnostic::warning(Code("review-due"), span, message).help(format!(
        "look at it, and write down when to do so next{}",
        ask(owner)
    ))
}

pub(super) fn no_owner(span: Span, policy: &str) -> Diagnostic {
    Diagnostic::warning(
        Code("no-owner"),
        span,
        format!("the policy `{policy}` is to be looked at again, and nobody answers for it"),
    )
    .help("name an office: `owner: security-lead`")
}

/// A place, the name of the rule there, and the length of time that it says.
type Kept<'a> = (Span, &'a str, &'a str);

pub(super) fn floor_above_cap(floor: Kept<'_>, cap: Kept<'_>, level: Level) -> Diagnostic {
    let message = format!(
        "`{}` keeps for at least {} what `{}` keeps for at most {}",
        floor.1, floor.2, cap.1, cap.2
    );
    Diagnostic::error(Code("floor-above-cap"), floor.0, message)
        .and(cap.0, format!("at most {} here, at the {level} level", cap.2))
        .help("nothing could be stored by both; agree on one of the two, or narrow one to other artifacts")
}

pub(super) fn unknown_rule<'a>(span: Span, name: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    Diagnostic::error(
        Code("unknown-rule"),
        span,
        format!("there is no policy or rule `{name}` here or above"),
    )
    .help("a control names a policy, a rule, or a rule as `policy/rule`")
    .help_if(did_you_mean(name, known))
}

pub(super) fn control_without_rule(span: Span, name: &str) -> Diagnostic {
    Diagnostic::warning(
        Code("control-without-rule"),
        span,
        format!("no rule carries out the control `{name}`"),
    )
    .help("name the rules that do, or write one that owes the obligation")
}
