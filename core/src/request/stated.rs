//! What a request says of the built-in attributes. There are hundreds, and a request speaks of a dozen: what is said lies
//! together, and a small table tells where. Knows no names.

use crate::schema::AttributeId;
use crate::value::{Fact, Value};

/// Facts by attribute; what was never set is unknown.
#[derive(Clone, Debug, Default)]
pub(super) struct Stated {
    /// For each attribute where its fact lies in `facts`, counted from one; zero where it was never set.
    places: Box<[u16]>,
    facts: Vec<Fact<Value>>,
}

impl Stated {
    /// Of so many attributes nothing is said.
    pub(super) fn nothing(attributes: usize) -> Stated {
        Stated {
            places: vec![0; attributes].into(),
            facts: Vec::with_capacity(16),
        }
    }

    /// How many attributes there are.
    pub(super) fn attributes(&self) -> usize {
        self.places.len()
    }

    pub(super) fn set(&mut self, attribute: AttributeId, fact: Fact<Value>) {
        let place = &mut self.places[attribute.0 as usize];
        match usize::from(*place).checked_sub(1) {
            Some(known) => self.facts[known] = fact,
            None if fact == Fact::Unknown => {}
            None => {
                self.facts.push(fact);
                *place = u16::try_from(self.facts.len()).expect("attributes are numbered by sixteen bits");
            }
        }
    }

    pub(super) fn fact(&self, attribute: AttributeId) -> Fact<&Value> {
        let place = self.places.get(attribute.0 as usize).copied().unwrap_or_default();
        let known = usize::from(place).checked_sub(1);
        known.map_or(Fact::Unknown, |known| self.facts[known].as_ref())
    }

    pub(super) fn is_unsaid(&self, attribute: AttributeId) -> bool {
        self.fact(attribute) == Fact::Unknown
    }
}
