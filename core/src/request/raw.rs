//! JSON as it was given: its texts are borrowed from where they stand, its objects lie in one piece, sorted by key. A request is
//! read from it and keeps nothing of it, so that reading one allocates little. Knows nothing of requests.

use std::borrow::Cow;

use serde_json::{Map, Number, Value as Json};

/// A JSON value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Raw<'t> {
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    String(Cow<'t, str>),
    Array(Vec<Raw<'t>>),
    Object(Object<'t>),
}

/// Entries by key, sorted, each key once. Those of a request are few, so that they are looked for one by one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Object<'t> {
    entries: Vec<Entry<'t>>,
}

type Entry<'t> = (Cow<'t, str>, Raw<'t>);

impl<'t> Raw<'t> {
    /// A text that need not be copied.
    pub(super) fn text(text: &'t str) -> Raw<'t> {
        Raw::String(Cow::Borrowed(text))
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Raw::Null)
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        match self {
            Raw::String(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn as_bool(&self) -> Option<bool> {
        match self {
            Raw::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub(super) fn as_object(&self) -> Option<&Object<'t>> {
        match self {
            Raw::Object(object) => Some(object),
            _ => None,
        }
    }

    pub(super) fn as_object_mut(&mut self) -> Option<&mut Object<'t>> {
        match self {
            Raw::Object(object) => Some(object),
            _ => None,
        }
    }

    /// What stands under a key of an object.
    pub(super) fn get(&self, key: &str) -> Option<&Raw<'t>> {
        self.as_object()?.get(key)
    }

    /// The value, and null in its place.
    pub(super) fn take(&mut self) -> Raw<'t> {
        std::mem::take(self)
    }

    /// The same as a value that borrows nothing.
    pub(super) fn into_json(self) -> Json {
        match self {
            Raw::Null => Json::Null,
            Raw::Bool(value) => Json::Bool(value),
            Raw::Number(number) => Json::Number(number),
            Raw::String(text) => Json::String(text.into_owned()),
            Raw::Array(items) => items.into_iter().map(Raw::into_json).collect(),
            Raw::Object(object) => {
                let entry = |(key, value): Entry<'_>| (key.into_owned(), value.into_json());
                Json::Object(object.into_iter().map(entry).collect::<Map<_, _>>())
            }
        }
    }
}

/// As it stands: what is beyond a bound, [`super::parse::value`] finds.
impl<'t> From<&'t Json> for Raw<'t> {
    fn from(json: &'t Json) -> Raw<'t> {
        match json {
            Json::Null => Raw::Null,
            Json::Bool(value) => Raw::Bool(*value),
            Json::Number(number) => Raw::Number(number.clone()),
            Json::String(text) => Raw::text(text),
            Json::Array(items) => Raw::Array(items.iter().map(Raw::from).collect()),
            Json::Object(entries) => {
                let entry =
                    |(key, value): (&'t String, &'t Json)| (Cow::Borrowed(key.as_str()), value.into());
                Raw::Object(entries.iter().map(entry).collect())
            }
        }
    }
}

impl<'t> Object<'t> {
    /// How many entries are expected of an object, which is a little more than most have.
    pub(super) const USUAL: usize = 8;

    pub(super) fn new() -> Object<'t> {
        Object::default()
    }

    /// An object with room for so many entries.
    pub(super) fn with_room(entries: usize) -> Object<'t> {
        Object {
            entries: Vec::with_capacity(entries),
        }
    }

    pub(super) fn of_one(key: &'static str, value: Raw<'t>) -> Object<'t> {
        Object {
            entries: vec![(Cow::Borrowed(key), value)],
        }
    }

    /// Adds an entry behind all others, whatever its key; [`Object::settle`] is to follow.
    pub(super) fn push(&mut self, key: Cow<'t, str>, value: Raw<'t>) {
        self.entries.push((key, value));
    }

    /// Brings what was pushed into order. Of a key that is there more than once the first stays; gives back the others.
    pub(super) fn settle(&mut self) -> Vec<Cow<'t, str>> {
        let (entries, mut twice) = (&mut self.entries, Vec::new());
        if entries.is_sorted_by(|a, b| a.0 < b.0) {
            return twice;
        }
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        entries.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                twice.push(std::mem::take(&mut next.0));
            }
            same
        });
        twice
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn get(&self, key: &str) -> Option<&Raw<'t>> {
        self.iter()
            .find(|(known, _)| *known == key)
            .map(|(_, value)| value)
    }

    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Raw<'t>> {
        let found = self.entries.iter_mut().find(|(known, _)| *known == key);
        found.map(|(_, value)| value)
    }

    pub(super) fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Puts a value under a key; gives back what stood there.
    pub(super) fn insert(&mut self, key: impl Into<Cow<'t, str>>, value: Raw<'t>) -> Option<Raw<'t>> {
        let key = key.into();
        // Whoever goes through an object in order comes here with the greatest key yet.
        if self.entries.last().is_none_or(|(last, _)| *last < key) {
            self.entries.push((key, value));
            return None;
        }
        match self.place(&key) {
            Ok(at) => Some(std::mem::replace(&mut self.entries[at].1, value)),
            Err(at) => {
                self.entries.insert(at, (key, value));
                None
            }
        }
    }

    /// What stands under a key, which is put there first where there is nothing.
    pub(super) fn entry_or(&mut self, key: &str, otherwise: impl FnOnce() -> Raw<'t>) -> &mut Raw<'t> {
        let at = match self.place(key) {
            Ok(at) => at,
            Err(at) => {
                self.entries.insert(at, (Cow::Owned(key.to_owned()), otherwise()));
                at
            }
        };
        &mut self.entries[at].1
    }

    pub(super) fn remove(&mut self, key: &str) -> Option<Raw<'t>> {
        let at = self.entries.iter().position(|(known, _)| known == key)?;
        Some(self.entries.remove(at).1)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Raw<'t>)> {
        self.entries.iter().map(|(key, value)| (&**key, value))
    }

    /// The entries with their values to be changed; their keys, and so their order, stay.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (&Cow<'t, str>, &mut Raw<'t>)> {
        self.entries.iter_mut().map(|(key, value)| (&*key, value))
    }

    /// Takes out the entries of some keys.
    pub(super) fn take_where(&mut self, wanted: impl Fn(&str) -> bool) -> Object<'t> {
        let entries = self.entries.extract_if(.., |(key, _)| wanted(key)).collect();
        Object { entries }
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(key, _)| key)
    }

    fn place(&self, key: &str) -> Result<usize, usize> {
        self.entries.binary_search_by(|(known, _)| (**known).cmp(key))
    }
}

impl<'t> IntoIterator for Object<'t> {
    type Item = Entry<'t>;
    type IntoIter = std::vec::IntoIter<Entry<'t>>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

/// Of a key that comes more than once the last stays.
impl<'t> FromIterator<Entry<'t>> for Object<'t> {
    fn from_iter<I: IntoIterator<Item = Entry<'t>>>(entries: I) -> Object<'t> {
        let mut object = Object::new();
        for (key, value) in entries {
            object.insert(key, value);
        }
        object
    }
}
