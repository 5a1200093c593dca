//! Sources, levels and spans in bytes. A span is held to the text that it points into.

use std::sync::Arc;

use super::{Level, SourceId, SourceMap, Span, Spanned};
use crate::pack::{Broken, Pack, Reader, Writer, pack_fields};

impl Pack for Level {
    fn pack(&self, to: &mut Writer) {
        to.byte(self.index() as u8);
    }

    fn unpack(from: &mut Reader<'_>) -> Result<Level, Broken> {
        let index = from.byte()?;
        let level = Level::ALL.get(usize::from(index)).copied();
        level.ok_or_else(|| from.broken(format!("there is no level {index}")))
    }
}

impl Pack for Span {
    fn pack(&self, to: &mut Writer) {
        self.source.0.pack(to);
        self.start.pack(to);
        self.end.wrapping_sub(self.start).pack(to);
    }

    fn unpack(from: &mut Reader<'_>) -> Result<Span, Broken> {
        let (source, start, length) = <(u32, u32, u32)>::unpack(from)?;
        let end = start.checked_add(length);
        let text = from.sources.get(source as usize);
        let within = |&end: &u32| text.is_some_and(|text| text.get(start as usize..end as usize).is_some());
        match end.filter(within) {
            Some(end) => Ok(Span {
                source: SourceId(source),
                start,
                end,
            }),
            None => Err(from.broken(format!(
                "there are no {length} bytes from byte {start} of source {source}"
            ))),
        }
    }
}

pack_fields!(Spanned<i128> { value, span });

impl SourceMap {
    /// Writes the sources.
    pub(crate) fn pack(&self, to: &mut Writer) {
        to.number(self.files.len() as u128);
        for file in &self.files {
            to.text(&file.name);
            to.text(&file.text);
        }
    }

    /// Reads the sources, which spans may point into from here on.
    pub(crate) fn unpack(from: &mut Reader<'_>) -> Result<SourceMap, Broken> {
        let mut map = SourceMap::default();
        for _ in 0..u32::unpack(from)? {
            let (name, text) = (from.text()?, from.text()?);
            if u32::try_from(text.len()).is_err() {
                return Err(from.broken("a source is longer than spans can say"));
            }
            map.add(name, Arc::from(text));
            from.sources.push(text);
        }
        Ok(map)
    }
}
