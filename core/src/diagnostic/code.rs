//! The stable names of findings. Each has a heading in spec/10-diagnostics.md; none changes its meaning or is used again.

use std::fmt;

/// The name of a kind of finding, such as `unknown-attribute`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
