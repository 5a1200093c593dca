//! Patterns in bytes: those over paths and names as they were read, since there are many of them; those over hosts as they are
//! written.

use std::sync::{Arc, OnceLock};

use super::HostPatterns;
use super::glob::{Atom, Glob, Globs, Inner, Segment, Side};
use crate::pack::{Broken, Pack, Reader, Writer, pack_fields, pack_variants};

pack_fields!(Glob { side, segments });
pack_variants!(Side {
    0: Inside,
    1: Outside,
    2: Both
});
pack_variants!(Segment {
    0: Segments,
    1: Any,
    2: Literal(text),
    3: Wild(atoms)
});
pack_variants!(Atom {
    0: Slash,
    1: Star,
    2: One,
    3: Char(character),
    4: Escaped(character),
    5: Class {
        negated,
        any_case,
        ranges
    },
});

impl Pack for Globs {
    fn pack(&self, to: &mut Writer) {
        let Inner {
            patterns,
            globs,
            as_written,
            folded: _,
        } = &*self.0;
        patterns.pack(to);
        globs.pack(to);
        as_written.pack(to);
    }

    fn unpack(from: &mut Reader<'_>) -> Result<Globs, Broken> {
        Ok(Globs(Arc::new(Inner {
            patterns: Pack::unpack(from)?,
            globs: Pack::unpack(from)?,
            as_written: Pack::unpack(from)?,
            folded: OnceLock::new(),
        })))
    }
}

impl Pack for HostPatterns {
    fn pack(&self, to: &mut Writer) {
        to.all(self.patterns().iter());
    }

    fn unpack(from: &mut Reader<'_>) -> Result<HostPatterns, Broken> {
        let count = u32::unpack(from)?;
        let patterns: Vec<&str> = (0..count).map(|_| from.text()).collect::<Result<_, _>>()?;
        HostPatterns::new(&patterns)
            .map_err(|wrong| from.broken(format!("a pattern cannot be read: {wrong}")))
    }
}
