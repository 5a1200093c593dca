//! A vocabulary in bytes: what it adds to the one that it is made from, and all enumerations, since those may be given other
//! constants.

use std::sync::Arc;

use super::{Action, ActionId, Attribute, AttributeId, EnumId, Enumeration, Owner, Scalar, Schema, Type};
use crate::pack::{Broken, Named, Pack, Reader, Writer, pack_fields, pack_variants};

macro_rules! pack_ids {
    ($($id:ident: $named:ident),+) => {$(
        impl Pack for $id {
            fn pack(&self, to: &mut Writer) {
                self.0.pack(to);
            }

            fn unpack(from: &mut Reader<'_>) -> Result<$id, Broken> {
                // As many as have such a number are known at most.
                from.named(Named::$named).map(|number| $id(number as u16))
            }
        }
    )+};
}

pack_ids!(ActionId: Action, AttributeId: Attribute, EnumId: Enumeration);

pack_variants!(Scalar {
    0: Bool,
    1: Int,
    2: Number,
    3: Percent,
    4: String,
    5: Path,
    6: Host,
    7: Url,
    8: Timestamp,
    9: Duration,
    10: Enum(id),
    11: Reported,
});
pack_variants!(Type {
    0: One(scalar),
    1: List(scalar),
    2: Map(scalar)
});
pack_variants!(Owner {
    0: Request,
    1: Argument
});
pack_fields!(Enumeration {
    name,
    constants,
    ordered,
    open,
    doc
});
pack_fields!(Attribute {
    name,
    ty,
    owner,
    pointer,
    derived,
    doc
});
pack_fields!(Action {
    name,
    arguments,
    bound,
    mutates,
    leaves_workspace,
    derives,
    extension,
    doc
});

impl Schema {
    /// Writes what it adds to another, from which it was made.
    pub(crate) fn pack_over(&self, base: &Schema, to: &mut Writer) {
        (self == base).pack(to);
        if self == base {
            return;
        }
        self.tables.enumerations.pack(to);
        let attributes = self
            .tables
            .attributes
            .get(base.tables.attributes.len()..)
            .unwrap_or_default();
        to.all(attributes.iter());
        let actions = self
            .tables
            .actions
            .get(base.tables.actions.len()..)
            .unwrap_or_default();
        actions.len().pack(to);
        to.all(actions.iter());
        self.programs.pack(to);
    }

    /// Reads what one adds to another. Numbers may name what is in it from here on.
    pub(crate) fn unpack_over(base: &Arc<Schema>, from: &mut Reader<'_>) -> Result<Arc<Schema>, Broken> {
        base.tell(from);
        if bool::unpack(from)? {
            return Ok(base.clone());
        }
        let mut schema = (**base).clone();
        schema.replace_enumerations(from.all()?, from)?;
        schema.tell(from);
        for attribute in from.all::<Attribute>()? {
            let name = attribute.name.clone();
            let added = schema.add_attribute(attribute);
            added.map_err(|_| from.broken(format!("there are two attributes `{name}`")))?;
        }
        // Actions derive each other.
        let more: usize = Pack::unpack(from)?;
        from.know(Named::Action, schema.tables.actions.len().saturating_add(more));
        from.know(Named::Attribute, schema.tables.attributes.len());
        let actions = from.all::<Action>()?;
        if actions.len() != more {
            return Err(from.broken(format!("{more} actions must follow, there are {}", actions.len())));
        }
        for action in actions {
            schema.push_action(action, from)?;
        }
        schema.programs = Pack::unpack(from)?;
        schema.tell(from);
        match u16::try_from(schema.tables.attributes.len().max(schema.tables.actions.len())) {
            Ok(_) => Ok(Arc::new(schema)),
            Err(_) => Err(from.broken("there are more attributes or actions than have numbers")),
        }
    }

    fn tell(&self, from: &mut Reader<'_>) {
        from.know(Named::Enumeration, self.tables.enumerations.len());
        from.know(Named::Attribute, self.tables.attributes.len());
        from.know(Named::Action, self.tables.actions.len());
    }

    /// Those of the base keep their places.
    fn replace_enumerations(&mut self, with: Vec<Enumeration>, from: &Reader<'_>) -> Result<(), Broken> {
        let mut known = self.tables.enumerations.iter();
        let same = with
            .iter()
            .zip(known.by_ref())
            .all(|(new, old)| new.name == old.name);
        if !same || known.next().is_some() || usize::from(u16::MAX) < with.len() {
            return Err(from.broken("the enumerations are not those of this version and more"));
        }
        let tables = Arc::make_mut(&mut self.tables);
        for (at, added) in with.iter().enumerate().skip(tables.enumerations.len()) {
            let taken = tables
                .enumeration_names
                .insert(added.name.clone(), EnumId(at as u16));
            if taken.is_some() {
                return Err(from.broken(format!("there are two enumerations `{}`", added.name)));
            }
        }
        tables.enumerations = with;
        Ok(())
    }

    fn push_action(&mut self, action: Action, from: &Reader<'_>) -> Result<(), Broken> {
        let tables = Arc::make_mut(&mut self.tables);
        let id = ActionId(tables.actions.len() as u16);
        if tables.action_names.insert(action.name.clone(), id).is_some() {
            return Err(from.broken(format!("there are two actions `{}`", action.name)));
        }
        tables.actions.push(action);
        Ok(())
    }
}
