//! What policies say of programs in bytes. What the specification's table says is not kept: a bundle belongs to the version
//! that has that table.

use super::{Description, FLAG, Programs, ROLES};
use crate::pack::{Broken, Pack, Reader, Writer};

impl Pack for Programs {
    fn pack(&self, to: &mut Writer) {
        let said = self.described();
        to.number(said.len() as u128);
        for (name, said) in said {
            to.text(name);
            said.pack(to);
        }
    }

    fn unpack(from: &mut Reader<'_>) -> Result<Programs, Broken> {
        let mut programs = Programs::builtin();
        for _ in 0..u32::unpack(from)? {
            let name = from.text()?;
            let said = Description::unpack(from)?;
            programs.describe(name, &said);
        }
        Ok(programs)
    }
}

impl Pack for Description {
    fn pack(&self, to: &mut Writer) {
        self.like.pack(to);
        to.number(self.operands.len() as u128);
        self.operands.iter().for_each(|role| to.text(role));
        self.repeats.pack(to);
        to.number(self.options.len() as u128);
        for (name, role) in &self.options {
            to.text(name);
            to.text(role);
        }
        self.other_options_harmless.pack(to);
        self.runs_code.pack(to);
        self.network.pack(to);
        self.privilege.pack(to);
    }

    fn unpack(from: &mut Reader<'_>) -> Result<Description, Broken> {
        let mut said = Description {
            like: Pack::unpack(from)?,
            ..Description::default()
        };
        for _ in 0..u32::unpack(from)? {
            said.operands.push(role(from)?);
        }
        said.repeats = Pack::unpack(from)?;
        for _ in 0..u32::unpack(from)? {
            said.options.push((Pack::unpack(from)?, role(from)?));
        }
        said.other_options_harmless = Pack::unpack(from)?;
        said.runs_code = Pack::unpack(from)?;
        said.network = Pack::unpack(from)?;
        said.privilege = Pack::unpack(from)?;
        Ok(said)
    }
}

fn role(from: &mut Reader<'_>) -> Result<&'static str, Broken> {
    let word = from.text()?;
    let roles = ROLES.iter().map(|(_, role, _)| *role).chain([FLAG]);
    let mut roles = roles.filter(|role| *role == word);
    roles
        .next()
        .ok_or_else(|| from.broken(format!("an operand cannot be `{word}`")))
}
