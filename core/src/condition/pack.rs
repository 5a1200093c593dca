//! Conditions in bytes. Regular expressions and hours are kept as they are written, to be read by whoever reads them in policies,
//! and the cost is counted again; what a condition may cost is bounded by the bytes that it takes, as in policies by its text.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};

use super::{
    Cidr, Condition, Expr, Fixed, Operand, Order, Part, Pattern, Ranks, Reach, Reading, Reported, Values,
    cost,
};
use crate::limits::CONDITION_COST_MAX;
use crate::pack::{Broken, Pack, Reader, Writer, pack_fields, pack_variants};
use crate::value::{Fact, List, Value};
use crate::zone::{Hours, Zone};

/// Steps that a byte of a bundle can stand for, where nothing is asked of each item of a list: a regular expression takes a
/// hundred, and more bytes than one.
const COST_OF_BYTE: u64 = 100;

impl Pack for Condition {
    fn pack(&self, to: &mut Writer) {
        self.expr.pack(to);
        self.reads.pack(to);
    }

    fn unpack(from: &mut Reader<'_>) -> Result<Condition, Broken> {
        let start = from.at();
        let expr = Expr::unpack(from)?;
        let bytes = (from.at() - start) as u64;
        let cost = cost::of(&expr);
        if CONDITION_COST_MAX.saturating_add(bytes.saturating_mul(COST_OF_BYTE)) < cost {
            return Err(from.broken(format!("a condition may cost {cost} steps, more than one may")));
        }
        let reads = Pack::unpack(from)?;
        Ok(Condition { expr, cost, reads })
    }
}

pack_variants!(Expr {
    0: All(parts),
    1: Any(parts),
    2: Not(inner),
    3: If(parts),
    4: Is(operand),
    5: Has(operand),
    6: In { operand, values },
    7: Within { item, list },
    8: Compare {
        left,
        order,
        right,
        ranks
    },
    9: Rank {
        operand,
        order,
        rank,
        ranks
    },
    10: Glob {
        operand,
        globs,
        reach
    },
    11: Host { operand, patterns },
    12: Cidr { operand, blocks },
    13: Text { operand, part, text },
    14: Matches { operand, pattern },
    15: Hours { operand, hours },
    16: Exists { list, body },
    17: Each { list, body },
});
pack_variants!(Operand {
    0: Attribute(attribute),
    1: Key(attribute, key),
    2: Reported(reported),
    3: Item(outwards),
    4: Fixed(fixed),
    5: Size(inner),
    6: Versions(pair),
    7: If(parts),
});
pack_fields!(Reported {
    attribute,
    key,
    window,
    scalar,
    against_nothing
});
pack_variants!(Order {
    0: Equal,
    1: Less,
    2: AtMost,
    3: Greater,
    4: AtLeast
});
pack_fields!(Ranks {
    enumeration,
    constants
});
pack_variants!(Reach {
    0: Name,
    1: Path(reading),
    2: Touched(reading)
});
pack_variants!(Reading {
    0: Touches,
    1: Covers,
    2: Both
});
pack_variants!(Part {
    0: Start,
    1: End,
    2: Anywhere
});
pack_variants!(Value {
    0: Bool(value),
    1: Int(value),
    2: Number(value),
    3: Percent(value),
    4: String(text),
    5: Timestamp(nanoseconds),
    6: Duration(nanoseconds),
    7: List(list),
    8: Map(map),
});
pack_variants!(Fact<Value> { 0: Known(value), 1: Null, 2: Unknown });
pack_fields!(List { items, open });

impl Pack for Fixed {
    fn pack(&self, to: &mut Writer) {
        self.0.pack(to);
    }

    fn unpack(from: &mut Reader<'_>) -> Result<Fixed, Broken> {
        Pack::unpack(from).map(Fixed)
    }
}

impl Pack for Values {
    fn pack(&self, to: &mut Writer) {
        to.all(self.iter());
    }

    fn unpack(from: &mut Reader<'_>) -> Result<Values, Broken> {
        from.all().map(Values::new)
    }
}

impl Pack for BTreeMap<Box<str>, Fact<Value>> {
    fn pack(&self, to: &mut Writer) {
        to.number(self.len() as u128);
        for (key, value) in self {
            to.text(key);
            value.pack(to);
        }
    }

    fn unpack(from: &mut Reader<'_>) -> Result<Self, Broken> {
        let entries: Vec<(Box<str>, Fact<Value>)> = from.all()?;
        Ok(entries.into_iter().collect())
    }
}

impl Pack for Cidr {
    fn pack(&self, to: &mut Writer) {
        let (four, bytes) = match self.address {
            IpAddr::V4(address) => (true, address.to_ipv6_mapped().octets()),
            IpAddr::V6(address) => (false, address.octets()),
        };
        four.pack(to);
        to.raw(&bytes);
        self.bits.pack(to);
    }

    fn unpack(from: &mut Reader<'_>) -> Result<Cidr, Broken> {
        let four = bool::unpack(from)?;
        let mut bytes = [0; 16];
        bytes.copy_from_slice(from.raw(16)?);
        let address = match (four, Ipv6Addr::from(bytes)) {
            (true, address) => address.to_ipv4_mapped().map(IpAddr::V4),
            (false, address) => Some(IpAddr::V6(address)),
        };
        let address = address.ok_or_else(|| from.broken("an address is not what it says"))?;
        let bits = u8::unpack(from)?;
        let most = if four { 32 } else { 128 };
        match bits <= most {
            true => Ok(Cidr { address, bits }),
            false => Err(from.broken(format!("an address has {most} bits, not {bits}"))),
        }
    }
}

impl Pack for Pattern {
    fn pack(&self, to: &mut Writer) {
        to.text(&self.text);
    }

    fn unpack(from: &mut Reader<'_>) -> Result<Pattern, Broken> {
        let text = from.text()?;
        Pattern::new(text).map_err(|why| from.broken(format!("a regular expression cannot be read: {why}")))
    }
}

impl Pack for Hours {
    fn pack(&self, to: &mut Writer) {
        self.texts().into_iter().for_each(|text| to.text(text));
    }

    fn unpack(from: &mut Reader<'_>) -> Result<Hours, Broken> {
        let (hours, zone) = (from.text()?, from.text()?);
        let read = Zone::named(zone).and_then(|zone| Hours::parse(hours, zone));
        read.ok_or_else(|| from.broken(format!("`{hours}` in `{zone}` are no hours of a zone")))
    }
}
