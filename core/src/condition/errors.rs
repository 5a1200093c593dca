//! Everything that can be wrong with a condition, one function each.

use std::ops::Range;

use super::Text;
use super::literal::{self, Literal, Mismatch};
use crate::diagnostic::{Code, Diagnostic, Severity, did_you_mean, nearest};
use crate::limits::{CONDITION_BYTES_MAX, CONDITION_COST_MAX, CONDITION_DEPTH_MAX};
use crate::normal::GlobError;
use crate::schema::{EnumId, Scalar, Schema, Type};
use crate::source::Span;
use crate::zone::Zone;

/// So many findings are enough to know that a condition is wrong.
const FINDINGS_MAX: usize = 16;

/// Collects what is wrong with one condition.
pub(super) struct Findings<'a> {
    text: &'a Text<'a>,
    found: Vec<(Range<usize>, Diagnostic)>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(text: &'a Text<'a>) -> Findings<'a> {
        Findings {
            text,
            found: Vec::new(),
        }
    }

    /// The text of the condition.
    pub(super) fn text(&self) -> &'a str {
        self.text.text
    }

    /// Adds a finding.
    pub(super) fn report(&mut self, at: &Range<usize>, make: impl FnOnce(Span) -> Diagnostic) {
        if self.found.len() < FINDINGS_MAX {
            let found = make((self.text.at)(at.clone()));
            self.found.push((at.clone(), found));
        }
    }

    /// Adds a finding in place of those within its stretch.
    pub(super) fn replace(&mut self, at: &Range<usize>, make: impl FnOnce(Span) -> Diagnostic) {
        self.found
            .retain(|(inner, _)| inner.start < at.start || at.end < inner.end);
        self.report(at, make);
    }

    /// Whether something within a stretch is wrong.
    pub(super) fn within(&self, at: &Range<usize>) -> bool {
        self.found
            .iter()
            .any(|(inner, _)| at.start <= inner.start && inner.end <= at.end && inner != at)
    }

    /// Whether nothing is wrong; a warning does not count.
    pub(super) fn is_fine(&self) -> bool {
        self.found
            .iter()
            .all(|(_, found)| found.severity == Severity::Warning)
    }

    /// The findings.
    pub(super) fn into_diagnostics(self) -> impl Iterator<Item = Diagnostic> {
        self.found.into_iter().map(|(_, diagnostic)| diagnostic)
    }
}

const SYNTAX: Code = Code("condition-syntax");
const WRONG_TYPE: Code = Code("wrong-type");

// -- reading --

pub(super) fn too_long(span: Span, found: usize) -> Diagnostic {
    let message = format!("a condition has at most {CONDITION_BYTES_MAX} bytes, this has {found}");
    Diagnostic::error(Code("condition-too-long"), span, message)
        .help("put long lists into `definitions`, and separate conditions into a list")
}

pub(super) fn too_deep(span: Span) -> Diagnostic {
    let message = format!("a condition nests at most {CONDITION_DEPTH_MAX} deep");
    Diagnostic::error(Code("condition-too-deep"), span, message)
}

pub(super) fn too_costly(span: Span, cost: u64) -> Diagnostic {
    let message = format!("the condition may cost {cost} steps, at most {CONDITION_COST_MAX} are allowed");
    Diagnostic::error(Code("condition-too-costly"), span, message)
        .help("`exists` and `all` in one another multiply; split the condition or ask less of each item")
}

pub(super) fn empty(span: Span) -> Diagnostic {
    Diagnostic::error(Code("condition-empty"), span, "the condition is empty")
        .help("write `true` for what always holds")
}

pub(super) fn stray_character(span: Span, found: char) -> Diagnostic {
    let help = match found {
        '“' | '”' | '„' | '‘' | '’' => Some("quote text with `\"` or `'`".to_owned()),
        '≤' => Some("write `<=`".to_owned()),
        '≥' => Some("write `>=`".to_owned()),
        '≠' => Some("write `!=`".to_owned()),
        '{' | '}' => Some("lists are written `[a, b]`; there are no maps".to_owned()),
        _ => None,
    };
    Diagnostic::error(
        SYNTAX,
        span,
        format!("`{}` has no meaning in a condition", found.escape_debug()),
    )
    .help_if(help)
}

pub(super) fn bad_number(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(
        SYNTAX,
        span,
        format!("`{found}` is neither a number, a percentage nor a duration"),
    )
    .help("write `50`, `0.5`, `10%` or `1h30m`, and quote text: whole numbers go up to 9007199254740991")
}

pub(super) fn open_quote(span: Span, quote: char) -> Diagnostic {
    Diagnostic::error(SYNTAX, span, "the text is not closed").help(format!(
        "a text that starts with `{quote}` ends with `{quote}`, on the same line"
    ))
}

pub(super) fn bad_escape(span: Span) -> Diagnostic {
    Diagnostic::error(SYNTAX, span, "there is no such escape")
        .help("write `\\\\` for a backslash, or a raw text: `r\"\\d+\"`")
}

pub(super) fn foreign(span: Span, found: &str, right: &str) -> Diagnostic {
    let cure = match right {
        "!" => "write `!`, and around a comparison `!(a == b)`".to_owned(),
        _ => format!("write `{right}`"),
    };
    Diagnostic::error(SYNTAX, span, format!("expected `{right}`, found `{found}`")).help(cure)
}

pub(super) fn match_sign(span: Span) -> Diagnostic {
    Diagnostic::error(SYNTAX, span, "regular expressions are matched with `matches`")
        .help("write `title.matches(\"^fix\")`")
}

pub(super) fn chained(span: Span) -> Diagnostic {
    Diagnostic::error(SYNTAX, span, "comparisons cannot be chained")
        .help("write two comparisons with `&&` between them")
}

pub(super) fn arithmetic(span: Span, sign: &str) -> Diagnostic {
    Diagnostic::error(
        Code("no-arithmetic"),
        span,
        format!("conditions do not calculate, found `{sign}`"),
    )
    .help("compare with a number; a percentage is written `10%`, text with a hyphen is quoted")
}

pub(super) fn hyphened(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(
        Code("hyphenated-name"),
        span,
        format!("a name with a hyphen is quoted, found `{found}`"),
    )
    .help(format!("write `\"{found}\"`"))
}

pub(super) fn dollar(span: Span) -> Diagnostic {
    Diagnostic::error(SYNTAX, span, "in conditions a definition is named without `$`")
        .help("leave the `$` out")
}

pub(super) fn bad_key(span: Span) -> Diagnostic {
    Diagnostic::error(SYNTAX, span, "expected a quoted key")
        .help("write `evidence.verifiers[\"unit-tests\"]`; lists are sets and have no first item")
}

pub(super) fn no_members(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(SYNTAX, span, format!("there is no `{name}` in this"))
}

pub(super) fn call_on_result(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        Code("unknown-function"),
        span,
        format!("`{name}` cannot be called on a result"),
    )
}

pub(super) fn unexpected(span: Span, wanted: &str, found: &str, before: &str) -> Diagnostic {
    let found = match found {
        "" => "the end".to_owned(),
        found => format!("`{found}`"),
    };
    let help = match before {
        "&&" | "||" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "!" | "in" => {
            Some(format!("something has to follow `{before}`"))
        }
        _ => None,
    };
    Diagnostic::error(SYNTAX, span, format!("expected {wanted}, found {found}")).help_if(help)
}

// -- names --

pub(super) fn unknown_attribute<'a>(
    span: Span,
    name: &str,
    known: impl Iterator<Item = &'a str>,
    text_fits: bool,
) -> Diagnostic {
    if name.starts_with("x.") {
        let known = known.filter(|known| known.starts_with("x."));
        return Diagnostic::error(
            Code("unknown-attribute"),
            span,
            format!("there is no attribute `{name}`"),
        )
        .help(format!(
            "define it: `schema: {{attributes: {{{name}: string}}}}`, at this level or above"
        ))
        .help_if(did_you_mean(name, known));
    }
    let quoted = text_fits.then(|| format!("text is quoted: `\"{name}\"`"));
    Diagnostic::error(
        Code("unknown-attribute"),
        span,
        format!("there is no attribute `{name}`"),
    )
    .help_if(did_you_mean(name, known).or(quoted))
}

pub(super) fn negated_operand(span: Span, name: &str, cure: &str) -> Diagnostic {
    Diagnostic::error(
        WRONG_TYPE,
        span,
        format!("`!` belongs to `{name}` alone here, which is no condition"),
    )
    .help(format!("write `{cure}`"))
}

pub(super) fn unknown_constant(span: Span, found: &str, id: EnumId, schema: &Schema) -> Diagnostic {
    let enumeration = schema.enumeration(id);
    let constants = || enumeration.constants.iter().map(String::as_str);
    let attributes = schema.attributes().map(|(_, attribute)| attribute.name.as_str());
    let all = || format!("it is one of {}", listed(constants()));
    let help = nearest(found, constants())
        .or_else(|| nearest(found, attributes.filter(|_| found.contains('.'))))
        .map(|name| format!("did you mean `{name}`?"))
        .unwrap_or_else(all);
    let message = format!("`{found}` is no {}", enumeration.name);
    Diagnostic::error(Code("unknown-constant"), span, message).help(help)
}

/// The first dozen of some names.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<String> = names.take(13).map(|name| format!("`{name}`")).collect();
    if let Some(last) = names.get_mut(12) {
        *last = "...".into();
    }
    names.join(", ")
}

pub(super) fn ambiguous(span: Span, name: &str, why: &str) -> Diagnostic {
    Diagnostic::error(
        Code("ambiguous-name"),
        span,
        format!("`{name}` may mean two things: {why}"),
    )
}

pub(super) fn shadowed_constant(span: Span, name: &str, enumeration: &str) -> Diagnostic {
    Diagnostic::warning(
        Code("ambiguous-name"),
        span,
        format!("`{name}` is the definition here, not the constant of `{enumeration}`"),
    )
    .help(format!(
        "write `\"{name}\"` for the constant, or give the definition another name"
    ))
}

pub(super) fn hidden(span: Span, name: &str, why: &str) -> Diagnostic {
    Diagnostic::error(
        Code("attribute-not-visible"),
        span,
        format!("`{name}` cannot be read here: {why}"),
    )
}

pub(super) fn not_of_action<'a>(
    span: Span,
    name: &str,
    actions: impl Iterator<Item = &'a str>,
    owners: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let message = format!("`{name}` does not belong to {}", listed(actions));
    Diagnostic::error(Code("attribute-not-of-action"), span, message)
        .help(format!("it belongs to {}", listed(owners)))
}

pub(super) fn unguarded<'a>(span: Span, name: &str, without: impl Iterator<Item = &'a str>) -> Diagnostic {
    let message = format!(
        "`{name}` does not belong to {}, where this would be unknown",
        listed(without)
    );
    Diagnostic::error(Code("unguarded-attribute"), span, message).help(format!(
        "write `has({name}) && ...`, or give those actions a rule of their own"
    ))
}

pub(super) fn no_member(span: Span, of: &str, ty: &str, member: &str) -> Diagnostic {
    Diagnostic::error(
        Code("unknown-attribute"),
        span,
        format!("`{of}` is a {ty} and has no `{member}`"),
    )
}

// -- functions --

pub(super) fn unknown_function<'a>(
    span: Span,
    name: &str,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let usual = match name {
        "len" | "length" | "count" => Some("did you mean `size`?".to_owned()),
        "match" | "regex" | "regexp" | "like" => Some("did you mean `matches`?".to_owned()),
        "any" | "some" => Some("did you mean `exists`?".to_owned()),
        "every" | "forall" => Some("did you mean `all`?".to_owned()),
        "lower" | "lowerAscii" | "toLower" | "upper" => {
            Some("there is none; names are compared as they are".to_owned())
        }
        _ => None,
    };
    Diagnostic::error(
        Code("unknown-function"),
        span,
        format!("there is no function `{name}`"),
    )
    .help_if(usual.or_else(|| did_you_mean(name, known)))
}

pub(super) fn wrong_arguments(span: Span, usage: &str) -> Diagnostic {
    Diagnostic::error(Code("wrong-arguments"), span, format!("expected `{usage}`"))
}

pub(super) fn not_constant(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error(
        Code("wrong-arguments"),
        span,
        format!("{what} is a quoted text, known beforehand"),
    )
}

pub(super) fn no_patterns(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error(
        Code("wrong-arguments"),
        span,
        format!("expected {what}, found an empty list"),
    )
}

pub(super) fn bad_regex(span: Span, why: &str) -> Diagnostic {
    Diagnostic::error(
        Code("invalid-regex"),
        span,
        format!(
            "the regular expression cannot be read: {}",
            why.trim_end_matches('.')
        ),
    )
}

pub(super) fn bad_pattern(span: Span, why: &GlobError) -> Diagnostic {
    Diagnostic::error(Code("invalid-glob"), span, why.message.clone()).help_if(why.help.clone())
}

pub(super) fn bad_cidr(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(
        Code("invalid-cidr"),
        span,
        format!("`{found}` is no block of addresses"),
    )
    .help("write `10.0.0.0/8` or `fd00::/8`, the bits behind the prefix zero")
}

pub(super) fn bad_version(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(
        Code("invalid-version"),
        span,
        format!("`{found}` is no semantic version"),
    )
    .help("write all three numbers: `1.2.0`")
}

pub(super) fn bad_timestamp(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(
        Code("invalid-timestamp"),
        span,
        format!("`{found}` is no timestamp of RFC 3339"),
    )
    .help("write `2027-01-01T00:00:00Z`")
}

pub(super) fn bad_duration(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(
        Code("invalid-duration"),
        span,
        format!("`{found}` is no duration"),
    )
    .help("write `30m` or `1h30m`; units are d, h, m, s, ms, us, ns")
}

/// A time zone that the table does not have.
pub fn unknown_zone(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(
        Code("unknown-zone"),
        span,
        format!("there is no time zone `{name}`"),
    )
    .help("zones are named as in the tz database: `Asia/Jakarta`, `Europe/Berlin`, `UTC`")
    .help_if(did_you_mean(Zone::of_city(name).unwrap_or(name), Zone::names()))
}

pub(super) fn unknown_hours(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error(
        Code("unknown-hours"),
        span,
        format!("`{text}` is no days and hours, the first hour before the last"),
    )
    .help("such as `mon-thu 09:00-16:00` or `mon,wed,fri 00:00-24:00`; hours over midnight are two of them, joined by `||`")
}

// -- types --

pub(super) fn expected(span: Span, wanted: &str, found: &str) -> Diagnostic {
    Diagnostic::error(WRONG_TYPE, span, format!("expected {wanted}, found {found}"))
}

pub(super) fn incomparable(span: Span, left: &str, right: &str) -> Diagnostic {
    Diagnostic::error(
        WRONG_TYPE,
        span,
        format!("{left} cannot be compared with {right}"),
    )
}

pub(super) fn unordered(span: Span, ty: &str) -> Diagnostic {
    Diagnostic::error(WRONG_TYPE, span, format!("{ty} has no order")).help("compare with `==`, `!=` or `in`")
}

pub(super) fn ordered_list(span: Span, ty: &str) -> Diagnostic {
    Diagnostic::error(WRONG_TYPE, span, format!("a {ty} has no order"))
        .help("compare `size(...)`, or each item: `xs.exists(x, x > 1)`")
}

pub(super) fn compared_lists(span: Span) -> Diagnostic {
    Diagnostic::error(WRONG_TYPE, span, "two lists are not compared with one another")
        .help("`in` asks for any in common; `xs.all(x, x in ys)` asks for all")
}

pub(super) fn compared_conditions(span: Span) -> Diagnostic {
    Diagnostic::error(
        WRONG_TYPE,
        span,
        "a condition is compared with `true` or `false` at most",
    )
    .help("join conditions with `&&`, `||` and `!`")
}

pub(super) fn not_in_list(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(WRONG_TYPE, span, format!("`in` expects a list, found {found}"))
        .help("lists are written `[a, b]`; for a part of a text write `text.contains(\"part\")`")
}

pub(super) fn in_map(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(WRONG_TYPE, span, "`in` expects a list, found a map")
        .help(format!("write `has({name}[\"key\"])`"))
}

pub(super) fn null_misplaced(span: Span) -> Diagnostic {
    Diagnostic::error(
        WRONG_TYPE,
        span,
        "`null` is compared with `==` and `!=` only, and only with attributes",
    )
    .help("write `has(...)` to ask whether there is one")
}

/// Why a constant does not fit the type that is expected where it stands.
pub fn mismatch(
    span: Span,
    literal: &Literal,
    scalar: Scalar,
    why: &Mismatch,
    schema: &Schema,
) -> Diagnostic {
    let wanted = schema.type_name(Type::One(scalar));
    let text = literal.as_text().unwrap_or_default();
    match (why, scalar) {
        (Mismatch::NotInEnumeration(id), _) => unknown_constant(span, text, *id, schema),
        (Mismatch::Null, _) => null_misplaced(span),
        (Mismatch::BareNumber, _) => {
            Diagnostic::error(WRONG_TYPE, span, "expected a percentage, found a bare number")
                .help("write `10%`")
        }
        (Mismatch::Unreadable, Scalar::Duration) => bad_duration(span, text),
        (Mismatch::Unreadable, Scalar::Timestamp) => bad_timestamp(span, text),
        (Mismatch::Unreadable, Scalar::Path | Scalar::Host | Scalar::Url) => {
            Diagnostic::error(WRONG_TYPE, span, format!("`{text}` is no {wanted}"))
        }
        (Mismatch::Unreadable | Mismatch::Type, _) => {
            let textual = matches!(scalar, Scalar::String | Scalar::Path | Scalar::Host | Scalar::Url);
            let unquoted = match scalar {
                Scalar::Bool => matches!(text, "true" | "false"),
                Scalar::Int | Scalar::Number => literal::number(text).is_some(),
                _ => false,
            };
            let help = match literal {
                Literal::Text(_) => unquoted.then(|| "leave the quotes out".to_owned()),
                _ => textual.then(|| "quote it".to_owned()),
            };
            expected(span, &wanted, literal.kind()).help_if(help)
        }
    }
}

pub(super) fn untyped(span: Span) -> Diagnostic {
    Diagnostic::error(
        WRONG_TYPE,
        span,
        "two reported values are compared, and nothing says of which type they are",
    )
    .help("compare each with a constant, such as `2%`, `480ms` or `3`")
}

pub(super) fn over_what(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(
        Code("wrong-arguments"),
        span,
        format!("`over` takes a reported value, found {found}"),
    )
    .help("such as `over(evidence.figures.error_rate, \"5m\")`")
}
