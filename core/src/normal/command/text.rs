//! A text that several words hold at once. Knows nothing of what it says.

use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

/// A text that is cloned without being copied; an empty one takes no memory. Words are handed on far more often than they
/// are made: from a variable to a command, to its operands, to what a later command finds in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Text(Option<Rc<str>>);

impl Text {
    pub(super) fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or("")
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text((!text.is_empty()).then(|| text.into()))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        text.as_str().into()
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}
