//! What holds of all conditions.

use proptest::prelude::*;

use super::generate::{any_own_expr, refined_facts};
use super::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    /// A printed condition compiles to an equal one.
    #[test]
    fn print_then_compile(expr in any_own_expr()) {
        let condition = Condition::of(expr.read_as(Reading::Touches));
        prop_assume!(condition.cost() <= crate::limits::CONDITION_COST_MAX);
        let text = condition.print(&SCHEMA);
        let again = compile_for(&text, &[]);
        prop_assert_eq!(again.as_ref(), Ok(&condition), "{}", text);
    }

    /// To say more about a request never turns what holds into what does not, nor the other way.
    #[test]
    fn knowing_more_never_flips(expr in any_own_expr(), (less, more) in refined_facts()) {
        let condition = Condition::of(expr);
        let before = condition.eval(&less);
        if before != Tri::Unknown {
            prop_assert_eq!(condition.eval(&more), before, "{}", condition.print(&SCHEMA));
        }
    }

    /// Names are given exactly where the result is unknown.
    #[test]
    fn unknown_has_a_name(expr in any_own_expr(), (less, _) in refined_facts()) {
        let condition = Condition::of(expr);
        let unknown = condition.eval(&less) == Tri::Unknown;
        prop_assert_eq!(!condition.unknowns(&less, &SCHEMA).is_empty(), unknown);
    }

    #[test]
    fn no_text_panics(text in ".{0,60}") {
        _ = compile_for(&text, &["pr.create"]);
    }

    #[test]
    fn no_row_of_tokens_panics(tokens in prop::collection::vec(prop::sample::select(TOKENS.to_vec()), 0..24)) {
        let text = tokens.join(" ");
        if let Ok(condition) = compile_for(&text, &[]) {
            let again = compile_for(&condition.print(&SCHEMA), &[]);
            prop_assert_eq!(again, Ok(condition), "{}", text);
        }
        _ = compile_for(&tokens.concat(), &[]);
    }

    #[test]
    fn durations_read_back(nanos in -1_000_000_000_000_000_000_i128..1_000_000_000_000_000_000) {
        prop_assert_eq!(literal::duration(&literal::duration_text(nanos)), Some(nanos));
    }
}

const TOKENS: [&str; 48] = [
    "true",
    "false",
    "null",
    "force",
    "labels",
    "path",
    "lines_changed",
    "evidence.verifiers",
    "grave",
    "low",
    "x",
    "repository.risk_tier",
    "'a'",
    "\"b\"",
    "5",
    "-",
    "10%",
    "30m",
    "0.5",
    "&&",
    "||",
    "!",
    "==",
    "!=",
    "<",
    ">=",
    "in",
    "not",
    "?",
    ":",
    "(",
    ")",
    "(",
    ")",
    "[",
    "]",
    ",",
    ".",
    ".exists(",
    ".all(",
    "has(",
    "size(",
    "glob(",
    "unclear",
    "ttl",
    "rollout",
    "'",
    "and",
];
