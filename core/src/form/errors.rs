//! What can be wrong with a document before its names are looked up.

use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::source::{Level, Span};

pub(super) fn claims_more(span: Span, what: &str, claimed: &str, given: &str) -> Diagnostic {
    Diagnostic::error(
        Code("claims-more"),
        span,
        format!("the document claims the {what} `{claimed}`, but its source speaks for {given}"),
    )
    .help(format!("whoever loads a source says for which {what} it speaks; leave the line out, or load the file from elsewhere"))
}

pub(super) fn other_entity(span: Span, level: Level, claimed: &str, given: &str) -> Diagnostic {
    claims_more(span, level.as_str(), claimed, &format!("the {level} `{given}`"))
}

pub(super) fn platform_for(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error(
        Code("level-cannot"),
        span,
        format!("a source of the platform level has no {what}, but this was loaded with one"),
    )
    .help("the platform speaks to everybody; load the source at the level that it speaks for")
}

pub(super) fn rules_as_list(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code("not-a-document"),
        span,
        "a document that is a list is a list of policy tests; these are rules",
    )
    .help("write `rules:` above them, and indent them below it")
}

pub(super) fn not_a_document(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code("not-a-document"),
        span,
        "a policy document is a mapping; this is not",
    )
    .help("start with `rules:`, or with the name of a form such as `repo_policy:`")
}

pub(super) fn says_nothing(span: Span) -> Diagnostic {
    Diagnostic::warning(
        Code("says-nothing"),
        span,
        "the document says nothing: it has neither rules nor a form",
    )
    .help("give it `rules:`, or the name of a form such as `repo_policy:`")
}

pub(super) fn unknown_level<'a>(
    span: Span,
    name: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let all: Vec<&str> = known.clone().collect();
    Diagnostic::error(Code("unknown-level"), span, format!("there is no level `{name}`"))
        .help(format!("the levels: {}", all.join(", ")))
        .help_if(did_you_mean(name, known))
        .help_if(
            (name == "tenant").then(|| {
                "whoever loads a source says for which tenant it speaks; leave the line out".to_owned()
            }),
        )
}

pub(super) fn form_level(span: Span, form: &str, wanted: Level, given: Level) -> Diagnostic {
    Diagnostic::error(
        Code("claims-more"),
        span,
        format!("`{form}` speaks at the {wanted} level, but its source speaks at the {given} level"),
    )
    .help(format!(
        "load the file as a source of the {wanted} level: put it under `{wanted}/` in the policy folder"
    ))
}

pub(super) fn not_with(span: Span, key: &str, kind: &str, with: &str) -> Diagnostic {
    Diagnostic::error(
        Code("key-not-here"),
        span,
        format!("`{key}` has no meaning on a rule that says `{kind}`"),
    )
    .help(format!("`{key}` goes with {with}"))
}

pub(super) fn closed_already(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code("unknown-keyword"),
        span,
        "`default` must be `allow`, found `deny`",
    )
    .help("leave the line out: what nothing grants is denied")
}

pub(super) fn each_with(span: Span, each: Span, key: &str) -> Diagnostic {
    Diagnostic::error(Code("clashing-keys"), span, format!("an approval has both `each` and `{key}`, of which it may have one"))
        .and(each, "the other")
        .help("`each` names the persons one by one: `each: [[security-lead], [engineering-lead, cto]]` is two of them")
}

pub(super) fn escalation_without_timeout(span: Span, escalation: &str) -> Diagnostic {
    Diagnostic::error(
        Code("missing-key"),
        span,
        format!("`{escalation}` needs the key `timeout` beside it"),
    )
    .help("say after which time it goes to that role: `timeout: 30m`")
}

pub(super) fn kind_needs(span: Span, kind: &str, key: &str, example: &str) -> Diagnostic {
    Diagnostic::error(
        Code("missing-key"),
        span,
        format!("a rule that says `{kind}` needs the key `{key}`"),
    )
    .help(format!("such as `{key}: {example}`"))
}

pub(super) fn grants_nothing(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code("missing-key"),
        span,
        "an access rule needs the key `allow_if` or `require_approval_if`",
    )
}

pub(super) fn removes_nothing(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code("missing-key"),
        span,
        "a redaction needs the key `remove` or `large_blocks`",
    )
}

pub(super) fn keeps_too_much(span: Span, keep: u64, over: u64, room: u64) -> Diagnostic {
    let message = format!("a block of {keep} bytes is kept of what is shortened over {over} bytes");
    Diagnostic::error(Code("number-out-of-range"), span, message).help(format!(
        "`over` is at least `keep` and {room} bytes for the note of what is missing"
    ))
}

pub(super) fn bad_name(span: Span, what: &str, name: &str) -> Diagnostic {
    let right: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let usable = is_identifier(&right);
    Diagnostic::error(Code("bad-id"), span, format!("`{name}` cannot be the name of a {what}"))
        .help("a name starts with a letter and goes on with letters, digits and `_`; `in`, `not`, `and`, `or`, `true`, `false` and `null` are taken")
        .help_if(usable.then(|| format!("write `{right}`: letters, digits and `_`")))
}

/// Whether a condition can say it (spec/04-conditions.md, 4.2).
pub(super) fn is_identifier(name: &str) -> bool {
    let taken = ["true", "false", "null", "in", "not", "and", "or"];
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !taken.contains(&name)
}

pub(super) fn mixed_list(span: Span, name: &str, first: &str, other: &str) -> Diagnostic {
    Diagnostic::error(
        Code("wrong-type"),
        span,
        format!("the list `{name}` starts with {first} and goes on with {other}"),
    )
    .help("a list holds values of one type; quote those that are text")
}

pub(super) fn pattern_of_repositories(span: Span, pattern: &str) -> Diagnostic {
    Diagnostic::error(
        Code("wrong-type"),
        span,
        format!("`repo` must be the name of one repository, found the pattern `{pattern}`"),
    )
    .help("a repository opts in by itself: one document for each")
}

pub(super) fn unknown_class(span: Span, class: &str, near: &str) -> Diagnostic {
    Diagnostic::error(
        Code("unknown-constant"),
        span,
        format!("`{class}` is no change_class, nor `shell_network`"),
    )
    .help(format!("did you mean `{near}`?"))
}

pub(super) fn mode_of_many(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code("clashing-keys"),
        span,
        "an entry of `autonomy_modes` has two modes, of which it may have one",
    )
    .help("each mode is an entry of its own, the least first: `- draft_pr: [git.push]`")
}

pub(super) fn mode_again(span: Span, first: Span, mode: &str) -> Diagnostic {
    Diagnostic::error(
        Code("mode-twice"),
        span,
        format!("the mode `{mode}` stands twice"),
    )
    .saying("again here")
    .and(first, "first here")
    .help("put its actions into one list")
}

pub(super) fn readable_secret(span: Span, pattern: &str) -> Diagnostic {
    Diagnostic::warning(
        Code("readable-secrets"),
        span,
        format!("`{pattern}` looks like a secret, which may still be read"),
    )
    .saying("forbids writing only")
    .help(format!(
        "add it to `unreadable_paths` as well: `unreadable_paths: [{}]`",
        quoted(pattern)
    ))
}

/// As it stands in a list of YAML.
fn quoted(pattern: &str) -> String {
    match pattern.starts_with(['*', '!', '[', '{']) {
        true => format!("\"{pattern}\""),
        false => pattern.to_owned(),
    }
}

pub(super) fn impossible_approval(span: Span, why: &str) -> Diagnostic {
    Diagnostic::error(
        Code("impossible-approval"),
        span,
        format!("nobody could ever approve this: {why}"),
    )
}

pub(super) fn test_twice(span: Span, first: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        Code("duplicate-test"),
        span,
        format!("two tests are named `{name}`"),
    )
    .saying("the second")
    .and(first, "the first")
    .help("reports name tests: give each its own name")
}

pub(super) fn bad_id(span: Span, id: &str, also: &str) -> Diagnostic {
    let wrong = id
        .chars()
        .find(|c| !(c.is_ascii_alphanumeric() || "_-.".contains(*c) || also.contains(*c)));
    let message = match wrong {
        Some(c) if c.is_whitespace() => format!("the id `{id}` holds a space"),
        Some(c) => format!("the id `{id}` holds `{}`", c.escape_debug()),
        None => format!("the id `{id}` is the engine's own"),
    };
    let slash = if also.is_empty() { "" } else { " and `/`" };
    Diagnostic::error(Code("bad-id"), span, message)
        .help(format!("an id is made of letters, digits, `_`, `-`, `.`{slash}"))
        .help_if(
            wrong
                .is_none()
                .then(|| "records name its own denials by it; use another".to_owned()),
        )
}

pub(super) fn other_language(span: Span, language: &str, own: &str) -> Diagnostic {
    Diagnostic::error(
        Code("other-language"),
        span,
        format!("the document is in version `{language}` of the language"),
    )
    .help(format!("this engine reads version `{own}`"))
}

pub(super) fn needs_beside(span: Span, key: &str, with: &str) -> Diagnostic {
    Diagnostic::error(
        Code("missing-key"),
        span,
        format!("`{key}` needs the key `{with}` beside it"),
    )
}

pub(super) fn floor_of_use(span: Span, per: Span) -> Diagnostic {
    Diagnostic::error(
        Code("clashing-keys"),
        span,
        "a limit has both `at_least` and `per`: nobody has to use up a budget",
    )
    .and(per, "the other")
    .help("say `at_most`, or leave `per` out to hold each request by itself against the floor")
}

pub(super) fn alert_after_stop(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code("number-out-of-range"),
        span,
        "`alert_at` is above `stop_at`, so that nobody would be told before it stops",
    )
}

pub(super) fn form_needs(span: Span, what: &str, keys: &str) -> Diagnostic {
    Diagnostic::error(
        Code("missing-key"),
        span,
        format!("{what} says nothing; it needs a key such as {keys}"),
    )
}

pub(super) fn of_what_is_not_stored(span: Span, key: &str, store: Span) -> Diagnostic {
    Diagnostic::error(
        Code("clashing-keys"),
        span,
        format!("`{key}` has no meaning for what is not stored"),
    )
    .and(store, "here it is not")
    .help("leave out one of the two")
}

pub(super) fn days_twice(span: Span, key: &str, other: Span) -> Diagnostic {
    Diagnostic::error(
        Code("clashing-keys"),
        span,
        format!("`{key}` and `store_days` say the same thing twice"),
    )
    .and(other, "the other")
    .help("leave out one of the two")
}

pub(super) fn unknown_reader(span: Span, word: &str, known: &[&str]) -> Diagnostic {
    Diagnostic::error(
        Code("unknown-keyword"),
        span,
        format!(
            "`{word}` is no word for who may read; known are {}",
            known.join(", ")
        ),
    )
    .help("name roles in a list: `access: [Auditor, security-lead]`")
    .help_if(did_you_mean(word, known.iter().copied()))
}

pub(super) fn allowed_and_blocked(span: Span, allowed: Span, model: &str) -> Diagnostic {
    Diagnostic::error(
        Code("allowed-and-blocked"),
        span,
        format!("the model `{model}` is blocked here and allowed elsewhere in the same policy"),
    )
    .and(allowed, "allowed here")
    .help("leave out one of the two")
}

pub(super) fn fallback_not_allowed(span: Span, model: &str, known: &[&str]) -> Diagnostic {
    Diagnostic::error(
        Code("unknown-keyword"),
        span,
        format!("`fallback` must be an allowed model, found `{model}`"),
    )
    .help_if(did_you_mean(model, known.iter().copied()))
}

pub(super) fn exception_of_what_is_not_blocked(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code("key-not-here"),
        span,
        "`exception` has no meaning beside this `model_context`",
    )
    .help("`exception` goes with `model_context: blocked`; what is `never` let in has no exception")
}

pub(super) fn no_days(span: Span, text: &str) -> Diagnostic {
    let known = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    Diagnostic::error(
        Code("unknown-hours"),
        span,
        format!("`{text}` is no day of the week"),
    )
    .help("write `mon`, or `mon-thu` for several")
    .help_if(did_you_mean(text, known))
}

pub(super) fn no_hours(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error(
        Code("unknown-hours"),
        span,
        format!("`{text}` is no hours of a day, the first before the last"),
    )
    .help("write `09:00-16:00`; a day ends at `24:00`")
}

pub(super) fn unknown_framework(span: Span, framework: &str, known: &[&str]) -> Diagnostic {
    Diagnostic::error(
        Code("unknown-keyword"),
        span,
        format!("a control is named after one of the frameworks, found `{framework}`"),
    )
    .help(format!("the frameworks: {}", known.join(", ")))
    .help_if(did_you_mean(framework, known.iter().copied()))
}

pub(super) fn budget_of_nothing(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code("missing-key"),
        span,
        "a budget needs a part such as `per_task`, `per_day` or `per_project`",
    )
    .help("such as `per_task: {tokens: 100000, usd: 5.00}`")
}

pub(super) fn budget_without_unit(span: Span, part: &str) -> Diagnostic {
    Diagnostic::error(
        Code("missing-key"),
        span,
        format!("`{part}` needs one of the keys `tokens`, `usd` and `eur`"),
    )
}

pub(super) fn window_again(span: Span, part: &str) -> Diagnostic {
    Diagnostic::error(
        Code("key-not-here"),
        span,
        format!("`window` has no meaning in `{part}`, which says the time itself"),
    )
}

pub(super) fn unknown_role(span: Span, word: &str, known: &[&str]) -> Diagnostic {
    Diagnostic::error(
        Code("unknown-keyword"),
        span,
        format!("`{word}` is nothing that an argument of a program can mean here"),
    )
    .help(format!("it can be {}", known.join(", ")))
    .help_if(did_you_mean(word, known.iter().copied()))
}

pub(super) fn repeats_in_between(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error(
        Code("unknown-keyword"),
        span,
        format!("`{word}...` stands before other operands, but takes all that follow"),
    )
    .help("only the last role repeats")
}

pub(super) fn takes_the_rest(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error(
        Code("unknown-keyword"),
        span,
        format!("`{word}` stands before other operands, but takes all that follow"),
    )
    .help("put it last")
}

pub(super) fn no_option(span: Span, text: &str) -> Diagnostic {
    let bare = text.trim_matches(['-', '=', ' ']);
    Diagnostic::error(
        Code("bad-id"),
        span,
        format!("`{text}` is not an option as it is typed"),
    )
    .help(match bare.chars().count() {
        0 => "such as `-o` or `--output`".to_owned(),
        1 => format!("write `-{bare}`"),
        _ => format!(
            "write `--{bare}`, or `-{bare}` where that is how it is typed; the value stands behind the colon"
        ),
    })
}

pub(super) fn needs_one(span: Span, what: &str, keys: &[&str]) -> Diagnostic {
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    let (last, before) = keys.split_last().expect("forms name at least one key");
    let keys = match before {
        [] => format!("the key {last}"),
        before => format!("one of the keys {} and {last}", before.join(", ")),
    };
    Diagnostic::error(Code("missing-key"), span, format!("{what} needs {keys}"))
}

pub(super) fn level_below(span: Span, form: &str, lowest: Level, given: Level) -> Diagnostic {
    Diagnostic::error(
        Code("level-cannot"),
        span,
        format!(
            "`{form}` stands at the {lowest} level or above it, and this source speaks at the {given} level"
        ),
    )
    .help(format!(
        "load the file as a source of the {lowest} level or a higher one"
    ))
}

pub(super) fn one_key(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code("number-out-of-range"),
        span,
        "`roles_all` has one role, and switching the stop off takes two people at least",
    )
    .help("name the office of each of them: `roles_all: [engineering-lead, security-lead]`")
}

pub(super) fn too_many_rows(span: Span, rows: usize, most: usize) -> Diagnostic {
    Diagnostic::error(
        Code("number-out-of-range"),
        span,
        format!("the matrix has {rows} rows, at most {most} are read"),
    )
    .help("let a row say `any`, or several values in a list, where it does not matter")
}

pub(super) fn column_again(span: Span, first: Span, column: &str) -> Diagnostic {
    Diagnostic::error(
        Code("clashing-keys"),
        span,
        format!("`{column}` and another key of the row are the same column, of which it may have one"),
    )
    .and(first, "the other")
}

pub(super) fn row_again(span: Span, first: Span, about: &str) -> Diagnostic {
    Diagnostic::error(
        Code("row-again"),
        span,
        format!("two rows are about the same: {about}"),
    )
    .saying("the second")
    .and(first, "the first")
    .help("make one row of them")
}

pub(super) fn row_unreachable(span: Span, wider: Span, about: &str) -> Diagnostic {
    Diagnostic::warning(
        Code("row-unreachable"),
        span,
        format!("the row on {about} decides nothing: another is about all of it and at least as strict"),
    )
    .and(wider, "the other")
    .help("leave it out, or narrow the other row")
}

pub(super) fn row_overlap(span: Span, first: Span, one: &str, two: &str) -> Diagnostic {
    Diagnostic::warning(
        Code("row-overlap"),
        span,
        format!("the rows on {one} and on {two} meet; where they do, what either demands holds"),
    )
    .and(first, "the other")
    .help("narrow one of them, so that each combination has one row")
}

pub(super) fn role_grants_nothing(span: Span, role: &str) -> Diagnostic {
    Diagnostic::warning(
        Code("role-grants-nothing"),
        span,
        format!("the role `{role}` may ask for nothing"),
    )
    .help(format!("list what it may ask for: `{role}: [run.view]`"))
}

pub(super) fn partial_pattern(span: Span, pattern: &str) -> Diagnostic {
    Diagnostic::error(
        Code("invalid-glob"),
        span,
        format!("`{pattern}` is neither an action nor a pattern of a role"),
    )
    .help("write an action, all below a word as `campaign.*`, or everything as `*`")
}

pub(super) fn source_outside(span: Span, source: &str) -> Diagnostic {
    Diagnostic::warning(
        Code("source-outside"),
        span,
        format!("`{source}` is not among the `paths` of the task, so that what is generated from it can never change"),
    )
    .help("add it to `paths`, or take what is generated from it out of them")
}

pub(super) fn unknown_sink(span: Span, sink: &str, known: &[&str]) -> Diagnostic {
    Diagnostic::error(
        Code("unknown-keyword"),
        span,
        format!("`{sink}` is no place that a credential could come to light in"),
    )
    .help(format!("the places: {}", known.join(", ")))
    .help_if(did_you_mean(sink, known.iter().copied()))
}

pub(super) fn bound_unreadable(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(
        Code("bound-unreadable"),
        span,
        format!("a bound must be a number, a percentage, a length of time or a word, found `{found}`"),
    )
    .help("such as `< 5%`, `>= 300`, `< 2 minutes`, `< 200 LOC`, `improving`")
}

pub(super) fn criterion_again(span: Span, criterion: &str) -> Diagnostic {
    Diagnostic::error(
        Code("criterion-again"),
        span,
        format!("the criterion `{criterion}` stands twice"),
    )
}

pub(super) fn near_figure(span: Span, name: &str, near: &str) -> Diagnostic {
    Diagnostic::warning(
        Code("near-figure"),
        span,
        format!("`{name}` is nearly `{near}`, and is a figure of its own"),
    )
    .help(format!("did you mean `{near}`?"))
}

pub(super) fn figure_or_attribute(span: Span, name: &str, text: &str) -> Diagnostic {
    Diagnostic::error(
        Code("ambiguous-name"),
        span,
        format!("`{name}` could be a figure or the attribute"),
    )
    .help(format!(
        "write `evidence.figures.{name}` for the figure, `({text})` for the attribute"
    ))
}

pub(super) fn window_of_condition(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error(
        Code("key-not-here"),
        span,
        format!("`window` has no meaning for `{text}`, which names no figure by itself"),
    )
    .help("write `over(evidence.figures.error_rate, \"5m\") >= 10%`")
}

pub(super) fn gate_of_nothing(span: Span, what: &str, example: &str) -> Diagnostic {
    Diagnostic::error(Code("missing-key"), span, format!("`{what}` asks for nothing"))
        .help(format!("such as `{example}`"))
}

pub(super) fn owes_nothing(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error(Code("missing-key"), span, format!("`{what}` owes nothing"))
        .help("say what is to be done, or leave it out")
}

pub(super) fn item_of_nothing(span: Span, item: &str) -> Diagnostic {
    Diagnostic::error(
        Code("unknown-keyword"),
        span,
        format!("`{item}` must be `required`, `preferred` or what is to be attested, found `optional`"),
    )
    .help("what is only reported is `preferred`")
}

pub(super) fn phase_without_number(span: Span, key: &str) -> Diagnostic {
    Diagnostic::error(
        Code("unknown-key"),
        span,
        format!("a document has no key `{key}`: a phase has a number"),
    )
    .help("such as `phase_3_promotion`")
}

pub(super) fn name_again(span: Span, first: Span, what: &str, name: &str) -> Diagnostic {
    Diagnostic::error(
        Code("duplicate-rule"),
        span,
        format!("two {what} are named `{name}`"),
    )
    .saying("the second")
    .and(first, "the first")
    .help("records name them: give each its own")
}

pub(super) fn failure_of_nothing(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code("missing-key"),
        span,
        "`on_failure` needs a stage with `steps`: before that nothing is rolled out",
    )
}

pub(super) fn steps_out_of_order(span: Span, step: f64, before: f64) -> Diagnostic {
    Diagnostic::error(
        Code("steps-out-of-order"),
        span,
        format!("the step {step}% does not rise from {before}%, or is above 100%"),
    )
    .help("such as `steps: [1%, 5%, 25%, 50%, 100%]`")
}

pub(super) fn steps_end_early(span: Span, last: f64) -> Diagnostic {
    Diagnostic::error(
        Code("steps-out-of-order"),
        span,
        format!("the steps end at {last}%, and nothing would get further"),
    )
    .help("let the last be `100%`")
}

pub(super) fn tries_out_of_range(span: Span, found: u64) -> Diagnostic {
    Diagnostic::error(
        Code("number-out-of-range"),
        span,
        format!("`max` must be from 1 to 1000, found `{found}`"),
    )
}
