//! Tests of conditions: tables of what holds and of what is wrong, and properties over generated conditions.

#![allow(clippy::panic)] // a test that cannot go on says so

mod errors;
mod generate;
mod oracle;
mod properties;
mod truth;

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use super::*;
use crate::diagnostic::Diagnostic;
use crate::source::SourceId;
use crate::value::List;

/// The built-in vocabulary.
static SCHEMA: LazyLock<Schema> = LazyLock::new(Schema::builtin);

/// Facts by attribute; what is not there is unsaid.
#[derive(Clone, Debug)]
struct Known {
    facts: HashMap<AttributeId, Fact<Value>>,
    recursive: Tri,
}

impl Facts for Known {
    fn fact(&self, attribute: AttributeId) -> Fact<&Value> {
        self.facts.get(&attribute).map_or(Fact::Unknown, Fact::as_ref)
    }

    fn recursive(&self) -> Tri {
        self.recursive
    }
}

fn attribute(name: &str) -> AttributeId {
    SCHEMA
        .attribute_named(name)
        .expect("tests name attributes that there are")
}

fn known(facts: Vec<(&str, Fact<Value>)>) -> Known {
    let facts = facts
        .into_iter()
        .map(|(name, fact)| (attribute(name), fact))
        .collect();
    Known {
        facts,
        recursive: Tri::False,
    }
}

fn text(text: &str) -> Fact<Value> {
    Fact::Known(Value::text(text))
}

fn list(items: &[&str], open: bool) -> Fact<Value> {
    let items = items.iter().map(|item| Value::text(item)).collect();
    Fact::Known(Value::List(List { items, open }))
}

fn map(entries: &[(&str, Fact<Value>)]) -> Fact<Value> {
    let entries = entries.iter().map(|(key, fact)| ((*key).into(), fact.clone()));
    Fact::Known(Value::Map(entries.collect::<BTreeMap<Box<str>, _>>()))
}

/// The definitions that tests see.
fn definition<'a>(name: &str) -> Lookup<'a> {
    static DEFINITIONS: LazyLock<HashMap<&str, Constant>> = LazyLock::new(|| {
        let texts =
            |texts: &[&str]| Constant::List(texts.iter().map(|text| Literal::yaml(text, true)).collect());
        HashMap::from([
            ("trusted_hosts", texts(&["example.org", "10.0.0.1"])),
            ("nothing", texts(&[])),
            ("max_targets", Constant::One(Literal::yaml("50", true))),
            ("grave", texts(&["critical", "regulated"])),
            ("patience", Constant::One(Literal::yaml("30m", true))),
            ("share", Constant::One(Literal::yaml("10%", true))),
        ])
    });
    match name {
        "unclear" => Lookup::Ambiguous("two documents define it".into()),
        _ => DEFINITIONS.get(name).map_or(Lookup::None, Lookup::Found),
    }
}

fn span(range: Range<usize>) -> Span {
    Span {
        source: SourceId(0),
        start: range.start as u32,
        end: range.end as u32,
    }
}

fn compile_for(condition: &str, actions: &[&str]) -> Result<Condition, Vec<Diagnostic>> {
    let named = |name: &&str| {
        SCHEMA
            .action_named(name)
            .expect("tests name actions that there are")
    };
    let actions: Vec<ActionId> = actions.iter().map(named).collect();
    let hidden = |id| {
        let reason = || "it comes from documents of the repository level".to_owned();
        (id == attribute("repository.onboarded")).then(reason)
    };
    let scope = Scope {
        schema: &SCHEMA,
        actions: &actions,
        definitions: &definition,
        defined: &|| vec!["trusted_hosts", "max_targets"],
        hidden: &hidden,
        reading: Reading::Touches,
    };
    let text = Text {
        text: condition,
        at: &span,
    };
    let mut out = Vec::new();
    compile(&text, &scope, &mut out).ok_or(out)
}

#[track_caller]
fn compiled(condition: &str) -> Condition {
    match compile_for(condition, &[]) {
        Ok(condition) => condition,
        Err(found) => panic!("`{condition}` does not compile: {found:#?}"),
    }
}
