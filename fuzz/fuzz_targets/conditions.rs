//! Any text as a condition. What compiles is evaluated, and what it prints compiles again to the same.
#![no_main]

use bailiwick::machinery::condition::{Facts, Lookup, Reading, Scope, Text, compile};
use bailiwick::machinery::request::vocabulary;
use bailiwick::machinery::schema::AttributeId;
use bailiwick::machinery::source::{SourceId, Span};
use bailiwick::machinery::value::{Fact, Tri, Value};
use libfuzzer_sys::fuzz_target;

struct Unsaid;

impl Facts for Unsaid {
    fn fact(&self, _: AttributeId) -> Fact<&Value> {
        Fact::Unknown
    }

    fn recursive(&self) -> Tri {
        Tri::Unknown
    }
}

fuzz_target!(|text: &str| {
    let schema = &vocabulary().schema;
    let scope = Scope {
        schema,
        actions: &[],
        definitions: &|_| Lookup::None,
        hidden: &|_| None,
        defined: &Vec::new,
        reading: Reading::Touches,
    };
    let at = |range: std::ops::Range<usize>| Span {
        source: SourceId(0),
        start: range.start as u32,
        end: range.end as u32,
    };
    let read = |text: &str| {
        let mut found = Vec::new();
        let condition = compile(&Text { text, at: &at }, &scope, &mut found);
        assert!(
            condition.is_some() || !found.is_empty(),
            "refused without a reason: {text}"
        );
        condition
    };
    if let Some(condition) = read(text) {
        condition.eval(&Unsaid);
        condition.unknowns(&Unsaid, schema);
        let printed = condition.print(schema);
        let again = read(&printed);
        // A text of the greatest length may print as a longer one.
        if printed.len() <= 4096 {
            assert_eq!(
                Some(condition.expr()),
                again.as_ref().map(|again| again.expr()),
                "{text}\n{printed}"
            );
        }
    }
});
