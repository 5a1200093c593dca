//! Findings in bytes, their codes by name.

use super::{ALL, Code, Diagnostic, Label, Severity};
use crate::pack::{Broken, Pack, Reader, Writer, pack_fields, pack_variants};

pack_fields!(Diagnostic {
    code,
    severity,
    message,
    labels,
    help
});
pack_variants!(Severity { 0: Error, 1: Warning });
pack_fields!(Label { span, text });

impl Pack for Code {
    fn pack(&self, to: &mut Writer) {
        to.text(self.0);
    }

    fn unpack(from: &mut Reader<'_>) -> Result<Code, Broken> {
        let name = from.text()?;
        let code = ALL.iter().map(|(code, _)| *code).find(|code| code.0 == name);
        code.ok_or_else(|| from.broken(format!("there is no finding `{name}`")))
    }
}
