//! Conditions and facts at random, over a handful of attributes of every type.

use proptest::prelude::*;

use super::*;

/// Attributes with the values that conditions and facts of tests give them.
pub(super) fn vocabulary() -> Vec<(&'static str, Vec<Value>)> {
    let texts = |texts: &[&str]| texts.iter().map(|text| Value::text(text)).collect::<Vec<_>>();
    vec![
        ("branch.name", texts(&["main", "a\"b\\", "release/1", "größe"])),
        ("title", texts(&["main", "1.2.0", "1.2.0-rc", "10.0.0.1"])),
        ("repository.risk_tier", texts(&["low", "medium", "high"])),
        ("subject.type", texts(&["agent", "service", "human"])),
        ("lines_changed", (-2..3).map(Value::Int).collect()),
        ("target_count", (-2..3).map(Value::Int).collect()),
        ("rollout", [0.0, 0.1, 12.5].map(Value::Percent).to_vec()),
        (
            "ttl",
            [0, 90_000_000_000, -1_000_001].map(Value::Duration).to_vec(),
        ),
        (
            "now",
            [0, 1_800_000_000_000_000_000, 5].map(Value::Timestamp).to_vec(),
        ),
        ("force", [true, false].map(Value::Bool).to_vec()),
        ("branch.protected", [true, false].map(Value::Bool).to_vec()),
        ("path", texts(&["src", "src/a.rs", ".", "docs"])),
        ("host", texts(&["10.0.0.1", "example.org"])),
    ]
}

const LISTS: [(&str, &[&str]); 2] = [
    ("labels", &["main", "a", "1.2.0"]),
    ("subject.role", &["engineer", "ciso", "on-call"]),
];

pub(super) fn is_ordered(name: &str) -> bool {
    !["force", "branch.protected", "path", "host"].contains(&name)
}

fn any_attribute() -> impl Strategy<Value = (&'static str, Vec<Value>)> {
    prop::sample::select(vocabulary())
}

fn any_order() -> impl Strategy<Value = Order> {
    prop::sample::select(vec![Order::Less, Order::AtMost, Order::Greater, Order::AtLeast])
}

/// Conditions as `check` builds them.
pub(super) fn any_expr() -> impl Strategy<Value = Expr> {
    leaf().prop_recursive(4, 24, 3, |inner| {
        let parts = prop::collection::vec(inner.clone(), 0..4);
        let three = [inner.clone(), inner.clone(), inner.clone()];
        prop_oneof![
            parts.clone().prop_map(Expr::all),
            parts.prop_map(Expr::any),
            inner.clone().prop_map(Expr::negated),
            three.prop_map(|three| Expr::If(Box::new(three))),
            lambda(inner),
        ]
    })
}

fn lambda(inner: impl Strategy<Value = Expr>) -> impl Strategy<Value = Expr> {
    let item = Expr::In {
        operand: Operand::Item(0),
        values: vec![Value::text("engineer")].into(),
    };
    let list = prop_oneof![
        Just(Operand::Attribute(attribute("subject.role"))),
        Just(Operand::Fixed(Fixed(Value::List(List {
            items: vec![Value::text("engineer"), Value::text("x")],
            open: false
        })))),
    ];
    (list, inner, any::<bool>()).prop_map(move |(list, inner, some)| match some {
        true => Expr::Exists {
            list,
            body: Box::new(Expr::all(vec![item.clone(), inner])),
        },
        false => Expr::Each {
            list,
            body: Box::new(Expr::any(vec![inner, item.clone()])),
        },
    })
}

fn leaf() -> impl Strategy<Value = Expr> {
    prop_oneof![
        (any_attribute(), any::<prop::sample::Index>(), 0..4_usize).prop_map(
            |((name, values), at, count)| {
                let start = at.index(values.len());
                let values = values.iter().cycle().skip(start).take(count).cloned().collect();
                Expr::one_of(attribute(name), values)
            }
        ),
        any_attribute().prop_map(|(name, _)| Expr::Has(Operand::Attribute(attribute(name)))),
        (any_attribute(), any_order(), any::<prop::sample::Index>())
            .prop_filter("ordered", |((name, _), ..)| is_ordered(name))
            .prop_map(|((name, values), order, at)| ordered(
                name,
                order,
                values[at.index(values.len())].clone()
            )),
        prop::sample::select(vec!["force", "branch.protected"])
            .prop_map(|name| Expr::Is(Operand::Attribute(attribute(name)))),
        prop::sample::select(LISTS.to_vec()).prop_flat_map(|(name, items)| {
            prop::collection::vec(prop::sample::select(items.to_vec()), 0..3).prop_map(move |items| {
                Expr::one_of(attribute(name), items.into_iter().map(Value::text).collect())
            })
        }),
        (any_order(), -1..3_i64).prop_map(|(order, n)| {
            let left = Operand::Size(Box::new(Operand::Attribute(attribute("labels"))));
            Expr::Compare {
                left,
                order,
                right: Operand::Fixed(Fixed(Value::Int(n))),
                ranks: None,
            }
        }),
        (any_order(), any::<bool>()).prop_map(|(order, equal)| {
            let [left, right] =
                ["lines_changed", "target_count"].map(|name| Operand::Attribute(attribute(name)));
            Expr::Compare {
                left,
                order: if equal { Order::Equal } else { order },
                right,
                ranks: None,
            }
        }),
        Just(Expr::Within {
            item: Operand::Attribute(attribute("title")),
            list: Operand::Attribute(attribute("labels")),
        }),
        (
            prop::sample::select(vec![Part::Start, Part::End, Part::Anywhere]),
            "[a-z1\\\\\"\n]{0,2}"
        )
            .prop_map(|(part, text)| Expr::Text {
                operand: Operand::Attribute(attribute("branch.name")),
                part,
                text: Operand::Fixed(Fixed(Value::text(&text))),
            }),
    ]
}

fn ordered(name: &str, order: Order, value: Value) -> Expr {
    let operand = Operand::Attribute(attribute(name));
    match SCHEMA.attribute(attribute(name)).ty {
        Type::One(Scalar::Enum(id)) => {
            let ranks = Arc::new(Ranks::of(&SCHEMA, id));
            let rank = value
                .as_str()
                .and_then(|constant| ranks.rank(constant))
                .expect("values are constants");
            Expr::Rank {
                operand,
                order,
                rank,
                ranks,
            }
        }
        _ => Expr::Compare {
            left: operand,
            order,
            right: Operand::Fixed(Fixed(value)),
            ranks: None,
        },
    }
}

/// Conditions with what the `cel` crate does not know.
pub(super) fn any_own_expr() -> impl Strategy<Value = Expr> {
    let own = prop_oneof![
        Just("glob(path, \"src/**\", \"docs\")"),
        Just("glob(branch.name, \"m*\")"),
        Just("host_in(host, \"*.org\")"),
        Just("in_cidr(host, \"10.0.0.0/8\", \"fd00::/8\")"),
        Just("semver_compare(title, \"1.2.0\") <= 0"),
        Just("title.matches(\"^1[.]2\\\\.0\")"),
        Just("evidence.verifiers.unit_tests == \"passed\""),
        Just("evidence.verifiers[\"unit-tests\"] in [\"failed\", \"passed\"]"),
        Just("(force ? 1 : lines_changed) > size(title)"),
        Just("(force ? \"low\" : repository.risk_tier) >= \"medium\""),
        Just("labels.exists(l, labels.all(m, m == l || m.startsWith(l)))"),
        Just("subject.role.exists(r, r == \"ciso\")"),
        Just("size(evidence.verifiers) > 1"),
        Just("changed_files in labels"),
    ];
    let own = own.prop_filter_map("compiles", |text| compile_for(text, &[]).ok());
    (any_expr(), own.clone(), own, any::<bool>()).prop_map(|(expr, a, b, all)| {
        let parts = vec![a.expr().clone(), expr, b.expr().clone().negated()];
        if all { Expr::all(parts) } else { Expr::any(parts) }
    })
}

/// Facts in which everything is known and nothing is null.
pub(super) fn full_facts() -> impl Strategy<Value = Known> {
    let scalars: Vec<_> = vocabulary()
        .into_iter()
        .map(|(_, values)| prop::sample::select(values))
        .collect();
    let lists: Vec<_> = LISTS
        .iter()
        .map(|(_, items)| prop::sample::subsequence(items.to_vec(), 0..=items.len()))
        .collect();
    (scalars, lists).prop_map(|(scalars, lists)| {
        let names = vocabulary();
        let scalars = names
            .iter()
            .zip(scalars)
            .map(|((name, _), value)| (*name, Fact::Known(value)));
        let lists = LISTS
            .iter()
            .zip(&lists)
            .map(|((name, _), items)| (*name, super::list(items, false)));
        known(scalars.chain(lists).collect())
    })
}

/// Two sets of facts, of which the second says at least what the first says.
pub(super) fn refined_facts() -> impl Strategy<Value = (Known, Known)> {
    let kept = prop::collection::vec(0..4_u8, vocabulary().len() + LISTS.len());
    let entries = prop::collection::vec(0..3_u8, 2);
    let recursive = prop::sample::select(vec![Tri::True, Tri::False]);
    (full_facts(), kept, entries, recursive, any::<bool>()).prop_map(
        |(mut more, kept, entries, recursive, said)| {
            let keys = ["unit_tests", "unit-tests"];
            let known_entries: Vec<_> = keys.iter().map(|key| (*key, text("passed"))).collect();
            let less_entries: Vec<_> = keys
                .iter()
                .zip(entries)
                .filter(|(_, kept)| *kept > 0)
                .map(|(key, _)| (*key, text("passed")))
                .collect();
            more.facts
                .insert(attribute("evidence.verifiers"), map(&known_entries));
            more.recursive = recursive;
            let mut less = more.clone();
            less.facts
                .insert(attribute("evidence.verifiers"), map(&less_entries));
            less.recursive = if said { recursive } else { Tri::Unknown };
            let names = vocabulary()
                .into_iter()
                .map(|(name, _)| name)
                .chain(LISTS.map(|(name, _)| name));
            for (name, kept) in names.zip(kept) {
                forget(attribute(name), kept, &mut less, &mut more);
            }
            (less, more)
        },
    )
}

fn forget(id: AttributeId, kept: u8, less: &mut Known, more: &mut Known) {
    match (kept, less.facts.get_mut(&id)) {
        (0, _) => _ = less.facts.remove(&id),
        (1, _) => {
            less.facts.insert(id, Fact::Null);
            more.facts.insert(id, Fact::Null);
        }
        (2, Some(Fact::Known(Value::List(list)))) => {
            list.items.truncate(1);
            list.open = true;
        }
        _ => {}
    }
}
