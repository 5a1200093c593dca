//! Selectors, turned into the same conditions that `when` gives.

use std::sync::Arc;

use super::errors;
use super::names::{NamedConstant, Seen};
use super::resolve::{Place, Resolver};
use crate::condition::{Expr, Operand};
use crate::document::Scalar;
use crate::form;
use crate::normal::command::program_name;
use crate::normal::{Globs, HostPatterns, Places, Url};
use crate::schema::{ActionId, AttributeId, Compares, Scalar as ScalarType, Type, selector_named};
use crate::source::Spanned;
use crate::value::Value;

impl Resolver<'_> {
    /// The condition that a selector stands for; a finding for each value that cannot be meant.
    pub(super) fn selector(
        &mut self,
        key: &Spanned<&'static str>,
        values: &[Scalar],
        place: &Place<'_>,
    ) -> Option<Expr> {
        let selector = selector_named(key.value).expect("forms use selectors of the table");
        let attribute = self
            .schema
            .attribute_named(selector.attribute)
            .expect("selectors look at known attributes");
        self.belongs(key, attribute, place)?;
        let values = self.spread(values, place)?;
        match selector.compares {
            Compares::Exactly => self.exactly(attribute, &values),
            Compares::IgnoringCase => {
                let patterns: Vec<String> = values.iter().map(|value| any_case(&value.text)).collect();
                let globs = Globs::new(&patterns.iter().map(String::as_str).collect::<Vec<_>>());
                let globs =
                    globs.map_err(|error| self.bad_pattern(&values, error.index, &error.message, error.help));
                Some(said(
                    attribute,
                    Expr::glob(self.schema, attribute, Arc::new(globs.ok()?)),
                ))
            }
            Compares::ByProgram => self.programs(attribute, &values),
            Compares::ByHost => {
                let patterns = HostPatterns::new(&texts(&values));
                let patterns = patterns
                    .map_err(|error| self.bad_pattern(&values, error.index, &error.message, error.help));
                Some(said(attribute, Expr::host(attribute, Arc::new(patterns.ok()?))))
            }
            Compares::ByGlob if self.plain_names(attribute, &values) => self.exactly(attribute, &values),
            Compares::ByGlob => {
                let values = self.url_patterns(attribute, values);
                let globs = Globs::new(&texts(&values));
                let globs =
                    globs.map_err(|error| self.bad_pattern(&values, error.index, &error.message, error.help));
                Some(said(
                    attribute,
                    Expr::glob(self.schema, attribute, Arc::new(globs.ok()?)),
                ))
            }
        }
    }

    /// A selector that none of the rule's actions has can never match.
    fn belongs(
        &mut self,
        key: &Spanned<&'static str>,
        attribute: AttributeId,
        place: &Place<'_>,
    ) -> Option<()> {
        let schema = self.schema;
        if place.actions.is_empty() {
            return Some(());
        }
        let lacking: Vec<ActionId> = place
            .actions
            .iter()
            .copied()
            .filter(|&action| !schema.reaches(attribute, action))
            .collect();
        if lacking.len() < place.actions.len() {
            let named = lacking
                .into_iter()
                .filter(|action| place.by_name.contains(action));
            let named: Vec<String> = named
                .map(|action| format!("`{}`", schema.action(action).name))
                .collect();
            if !named.is_empty() && place.restricts {
                self.out
                    .push(errors::selector_of_some(key.span, key.value, &named.join(", ")));
            }
            return Some(());
        }
        let owners = self
            .schema
            .actions()
            .filter(|&(id, _)| self.schema.belongs(attribute, id));
        let names: Vec<&str> = owners.map(|(_, action)| action.name.as_str()).collect();
        self.out.push(errors::selector_not_of_action(
            key.span,
            key.value,
            &names.join(", "),
        ));
        None
    }

    /// The values with `$name` replaced by what the name stands for.
    fn spread(&mut self, values: &[Scalar], place: &Place<'_>) -> Option<Vec<Scalar>> {
        let mut spread = Vec::new();
        let mut whole = Some(());
        for value in values {
            match value.text.strip_prefix('$') {
                None => spread.push(value.clone()),
                Some(name) => match self.named(name, value, place) {
                    // What does not fit is said where the definition is used.
                    Some(constant) => spread.extend(constant.into_iter().map(|one| Scalar {
                        span: value.span,
                        ..one
                    })),
                    None => whole = None,
                },
            }
        }
        whole.map(|()| spread)
    }

    fn named(&mut self, name: &str, at: &Scalar, place: &Place<'_>) -> Option<Vec<Scalar>> {
        let definitions = self.definitions;
        match definitions.constant(name, place.sight) {
            Seen::One(NamedConstant { written, .. }, _) => Some(match written {
                form::ConstantValue::One(scalar) => vec![scalar.clone()],
                form::ConstantValue::List(items) => items.clone(),
                form::ConstantValue::Broken => return None,
            }),
            Seen::Broken => None,
            Seen::Several(one, two) => {
                self.out
                    .push(errors::ambiguous_name(at.span, "definition", name, one, two));
                None
            }
            Seen::Nothing => {
                let mut known: Vec<&str> = definitions.constant_names(place.sight).collect();
                known.sort_unstable();
                self.out
                    .push(errors::unknown_definition(at.span, name, known.into_iter()));
                None
            }
        }
    }

    /// Names without a pattern are compared as they are, so that the tree can branch on them. Not paths: a directory
    /// stands for what is below it.
    fn plain_names(&self, attribute: AttributeId, values: &[Scalar]) -> bool {
        self.schema.attribute(attribute).ty != Type::One(ScalarType::Path)
            && values
                .iter()
                .all(|value| !value.text.contains(['*', '?', '[', '{', '\\']))
    }

    fn exactly(&mut self, attribute: AttributeId, values: &[Scalar]) -> Option<Expr> {
        let ty = self.schema.attribute(attribute).ty;
        if let Type::One(ScalarType::Enum(id)) | Type::List(ScalarType::Enum(id)) = ty {
            let enumeration = self.schema.enumeration(id);
            let known = || enumeration.constants.iter().map(String::as_str);
            let wrong = values
                .iter()
                .filter(|value| enumeration.rank(&value.text).is_none());
            let wrong = wrong
                .map(|value| errors::unknown_constant(value.span, &value.text, &enumeration.name, known()));
            let before = self.out.len();
            self.out.extend(wrong);
            if self.out.len() > before {
                return None;
            }
        }
        if ty == Type::One(ScalarType::Url) {
            return self.exact_urls(attribute, values);
        }
        let values = values.iter().map(|value| Value::text(&value.text)).collect();
        Some(Expr::one_of(attribute, values))
    }

    /// URLs meet in their normal form, in which `https://Example.org` has a small letter and a slash.
    fn exact_urls(&mut self, attribute: AttributeId, values: &[Scalar]) -> Option<Expr> {
        let before = self.out.len();
        let mut urls = Vec::new();
        for (index, value) in values.iter().enumerate() {
            match Url::normalise(&value.text) {
                Ok(url) => urls.push(Value::text(url.as_str())),
                Err(why) => self.bad_pattern(values, index, &why.to_string(), None),
            }
        }
        (self.out.len() == before).then(|| Expr::one_of(attribute, urls))
    }

    /// Patterns over URLs, with what stands before their paths as the normal form has it.
    fn url_patterns(&self, attribute: AttributeId, mut values: Vec<Scalar>) -> Vec<Scalar> {
        if self.schema.attribute(attribute).ty == Type::One(ScalarType::Url) {
            values
                .iter_mut()
                .for_each(|value| value.text = Url::pattern(&value.text).into());
        }
        values
    }

    /// Programs in the normal form that requests have: `/usr/bin/git` is `git`.
    fn programs(&mut self, attribute: AttributeId, values: &[Scalar]) -> Option<Expr> {
        let mut names = Vec::new();
        for value in values {
            match program_name(&value.text, &Places::default()) {
                Ok(name) => names.push(Value::text(&name)),
                Err(error) => self
                    .out
                    .push(errors::bad_glob(value.span, &error.to_string(), None)),
            }
        }
        (names.len() == values.len()).then(|| Expr::one_of(attribute, names))
    }

    fn bad_pattern(&mut self, values: &[Scalar], index: usize, message: &str, help: Option<String>) {
        self.out.push(errors::bad_glob(values[index].span, message, help));
    }
}

/// A selector on what there is none of is false, and does not leave the rule unknown.
fn said(attribute: AttributeId, test: Expr) -> Expr {
    Expr::all(vec![Expr::Has(Operand::Attribute(attribute)), test])
}

/// A pattern for one word, whatever the case of its ASCII letters; nothing else in it is a pattern.
fn any_case(word: &str) -> String {
    let pattern = |c: char| match c {
        c if c.is_ascii_alphabetic() => format!("[{}{}]", c.to_ascii_lowercase(), c.to_ascii_uppercase()),
        '*' | '?' | '[' | ']' | '{' | '}' | '\\' => format!("\\{c}"),
        c => c.to_string(),
    };
    word.chars().map(pattern).collect()
}

fn texts(values: &[Scalar]) -> Vec<&str> {
    values.iter().map(|value| &*value.text).collect()
}
