//! What was used up so far, as the host or its ledger says it: by whose, over which window, in which unit
//! (spec/14-limits.md). Knows no limit.

use std::collections::BTreeMap;

use super::errors::{self, Problems};
use super::pointer::Pointer;
use super::raw::{Object, Raw};
use crate::amount::Amount;
use crate::value::Fact;
use crate::window::key_name;

/// Used figures by key and unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage(Fact<BTreeMap<Box<str>, Units>>);

type Units = Fact<BTreeMap<Box<str>, Fact<Amount>>>;

impl Default for Usage {
    fn default() -> Usage {
        Usage(Fact::Unknown)
    }
}

impl Usage {
    /// How much was used of a unit under a key (`task`, `organization/1d`); null where nothing was.
    pub fn of(&self, key: &str, unit: &str) -> Fact<Amount> {
        let units = match &self.0 {
            Fact::Known(keys) => keys.get(key).unwrap_or(&Fact::Unknown),
            Fact::Null => return Fact::Null,
            Fact::Unknown => return Fact::Unknown,
        };
        match units {
            Fact::Known(units) => units.get(unit).copied().unwrap_or(Fact::Unknown),
            Fact::Null => Fact::Null,
            Fact::Unknown => Fact::Unknown,
        }
    }

    /// Reads the figures; the normal form has each key with its window as durations are written.
    pub(super) fn read<'t>(raw: Raw<'t>, at: &Pointer<'_>, problems: &mut Problems) -> (Usage, Raw<'t>) {
        let keys = match raw {
            Raw::Null => return (Usage(Fact::Null), Raw::Null),
            Raw::Object(keys) => keys,
            other => {
                problems.push(errors::wrong_type(at, "an object or null", &other));
                return (Usage::default(), Raw::Null);
            }
        };
        let (mut known, mut out) = (BTreeMap::new(), Object::new());
        for (key, value) in keys {
            let at = at.key(&key);
            let Some(name) = key_name(&key) else {
                let expected = "whose usage it is, and over which window: `task`, `organization/1d`";
                problems.push(errors::bad_text(&at, expected, &key, ""));
                continue;
            };
            known.insert(Box::from(name.as_str()), units(&value, &at, problems));
            if out.insert(name, value).is_some() {
                problems.push(errors::stated_twice(&at, &key));
            }
        }
        (Usage(Fact::Known(known)), Raw::Object(out))
    }
}

fn units(value: &Raw<'_>, at: &Pointer<'_>, problems: &mut Problems) -> Units {
    match value {
        Raw::Null => Fact::Null,
        Raw::Object(units) => {
            let figure = |(unit, value): (&str, &Raw<'_>)| {
                let fact = figure(value, &at.key(unit), problems);
                (Box::from(unit), fact)
            };
            Fact::Known(units.iter().map(figure).collect())
        }
        other => {
            problems.push(errors::wrong_type(
                at,
                "figures by their units, such as {\"tokens\": 80000}",
                other,
            ));
            Fact::Unknown
        }
    }
}

fn figure(value: &Raw<'_>, at: &Pointer<'_>, problems: &mut Problems) -> Fact<Amount> {
    let expected = "a number that is not negative, with at most nine decimals";
    match value {
        Raw::Null => Fact::Null,
        Raw::Number(number) => match Amount::of_number(number).filter(|amount| !amount.is_negative()) {
            Some(amount) => Fact::Known(amount),
            None => {
                problems.push(errors::wrong_type(at, expected, value));
                Fact::Unknown
            }
        },
        other => {
            problems.push(errors::wrong_type(at, expected, other));
            Fact::Unknown
        }
    }
}
