//! A document as a whole: its header, for whom it speaks, its rules, its forms.

use super::{Document, FORMS, Form, Lowering, Parts, Scoped, errors, native, programs, schema};
use crate::LANGUAGE;
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::document::{Field, Fields, Node, content_hash};
use crate::normal::Globs;
use crate::source::{Level, Source, Span, Spanned};

/// Lowers one document. `None` for what holds no policies: an empty document, a list of policy tests, something broken.
pub fn lower(node: &Node, source: &Source, out: &mut Vec<Diagnostic>) -> Option<Document> {
    match node {
        _ if super::holds_tests(node) => {
            super::tests(node, out);
            None
        }
        Node::Scalar(_) if node.is_null() => None,
        Node::Scalar(_) => {
            out.push(errors::not_a_document(node.span()));
            None
        }
        Node::List(_) | Node::Map(_) => mapping(node, source, out),
    }
}

/// What `policy:` says.
#[derive(Default)]
struct Header {
    id: Option<Spanned<String>>,
    version: Option<String>,
    owner: Option<String>,
    review: Option<Spanned<i128>>,
}

fn mapping(node: &Node, source: &Source, out: &mut Vec<Diagnostic>) -> Option<Document> {
    let before = out.len();
    let mut fields = Fields::of(node, "a policy document", out)?;
    platform_alone(source, fields.start(), out);
    let header = fields
        .optional("policy")
        .map(|field| header(field, source, out))
        .unwrap_or_default();
    let version = fields
        .optional("version")
        .and_then(|field| field.text(out))
        .map(|version| version.text.to_string());
    let given = given_scope(source, fields.start());
    let mut scope = fields
        .optional("applies_to")
        .map(|field| applies_to(field, out))
        .unwrap_or_default();
    let default_allow = fields.optional("default").and_then(|field| default(field, out));
    let mut parts = Parts::default();
    native::sections(&mut fields, &mut parts, out);
    schema::section(&mut fields, &mut parts, out);
    programs::section(&mut fields, &mut parts, out);
    let forms = forms(&mut fields, source, &mut scope, &mut parts, out);
    scope.iter().for_each(|scoped| claims(scoped, source, out));
    scope.splice(0..0, given);
    let start = fields.start();
    fields.finish(out);
    if forms.0.is_empty() && says_nothing(&parts) && default_allow.is_none() && out.len() == before {
        out.push(errors::says_nothing(start));
    }
    let content = content_hash(node);
    let short = || Digest(content).short(12);
    let id = header.id.unwrap_or_else(|| {
        Spanned::new(
            forms.only().unwrap_or_else(|| stem(&source.name)).to_owned(),
            node.span(),
        )
    });
    Some(Document {
        id,
        version: header.version.or(version).unwrap_or_else(short),
        level: source.level,
        scope,
        owner: header.owner,
        review: header.review,
        default_allow,
        parts,
        content,
        span: node.span(),
    })
}

/// The platform has no tenant and no entities.
fn platform_alone(source: &Source, span: Span, out: &mut Vec<Diagnostic>) {
    if source.level == Level::Platform && source.tenant.is_some() {
        out.push(errors::platform_for(span, "tenant"));
    }
    if source.level == Level::Platform && !source.entities.is_empty() {
        out.push(errors::platform_for(span, "entity"));
    }
}

/// What a document says of its entities may narrow what its source speaks for, and not name others.
fn claims(scoped: &Scoped, source: &Source, out: &mut Vec<Diagnostic>) {
    let Some(given) = source.entities.get(&scoped.level) else {
        return;
    };
    // A pattern that cannot be read is reported with the other patterns.
    let holds =
        |name: &str| name == given || Globs::new(&[name]).is_ok_and(|globs| globs.matches_name(given));
    for name in scoped.names.iter().filter(|name| !holds(&name.value)) {
        out.push(errors::other_entity(name.span, scoped.level, &name.value, given));
    }
}

fn says_nothing(parts: &Parts) -> bool {
    parts.rules.is_empty()
        && parts.constants.is_empty()
        && parts.enumerations.is_empty()
        && parts.attributes.is_empty()
        && parts.actions.is_empty()
        && parts.programs.is_empty()
}

fn header(field: Field<'_>, source: &Source, out: &mut Vec<Diagnostic>) -> Header {
    let Some(mut fields) = field.fields("`policy`", out) else {
        return Header::default();
    };
    let id = fields
        .optional("id")
        .and_then(|field| field.nonempty_text(out))
        .map(|id| id.spanned());
    if let Some(id) = id.as_ref().filter(|id| !is_id(&id.value)) {
        out.push(errors::bad_id(id.span, &id.value, "/"));
    }
    if let Some(language) = fields
        .optional("language")
        .and_then(|field| field.nonempty_text(out))
        && &*language.text != LANGUAGE
    {
        out.push(errors::other_language(language.span, &language.text, LANGUAGE));
    }
    let version = fields
        .optional("version")
        .and_then(|field| field.nonempty_text(out));
    if let Some(level) = fields.optional("level").and_then(|field| level(field, out))
        && level.value != source.level
    {
        let given = format!("the {} level", source.level);
        out.push(errors::claims_more(
            level.span,
            "level",
            level.value.as_str(),
            &given,
        ));
    }
    if let Some(tenant) = fields
        .optional("tenant")
        .and_then(|field| field.nonempty_text(out))
        && source.tenant.as_deref() != Some(&tenant.text)
    {
        let given = source
            .tenant
            .as_ref()
            .map_or("no tenant".to_owned(), |given| format!("the tenant `{given}`"));
        out.push(errors::claims_more(tenant.span, "tenant", &tenant.text, &given));
    }
    let owner = fields
        .optional("owner")
        .and_then(|field| field.nonempty_text(out));
    let review = fields.optional("review").and_then(|field| field.time(out));
    fields.finish(out);
    Header {
        id,
        version: version.map(|version| version.text.to_string()),
        owner: owner.map(|owner| owner.text.to_string()),
        review,
    }
}

/// The last part of a source's name without its ending: the same from whichever folder it was loaded.
fn stem(name: &str) -> &str {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    last.split('.')
        .next()
        .filter(|stem| !stem.is_empty())
        .unwrap_or(last)
}

/// The engine's own denials are the policy `bailiwick`.
fn is_id(id: &str) -> bool {
    id != "bailiwick"
        && id
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c))
}

fn level(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Spanned<Level>> {
    let scalar = field.nonempty_text(out)?;
    match scalar.text.parse() {
        Ok(level) => Some(Spanned::new(level, scalar.span)),
        Err(()) => {
            out.push(errors::unknown_level(
                scalar.span,
                &scalar.text,
                Level::ALL.iter().map(|level| level.as_str()),
            ));
            None
        }
    }
}

/// The entities that the source speaks for.
fn given_scope(source: &Source, span: Span) -> Vec<Scoped> {
    let scoped = |(level, name): (&Level, &String)| Scoped {
        level: *level,
        names: vec![Spanned::new(name.clone(), span)],
        span,
    };
    // That the platform has none was reported.
    let entities = source.entities.iter().filter(|_| source.level != Level::Platform);
    entities.map(scoped).collect()
}

fn applies_to(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Vec<Scoped> {
    let mut scope = Vec::new();
    for (key, names) in field.nonempty_entries(out).unwrap_or_default() {
        match key.text.parse::<Level>() {
            Ok(level) => {
                let names = names
                    .nonempty_texts(out)
                    .into_iter()
                    .map(|name| name.spanned())
                    .collect();
                scope.push(Scoped {
                    level,
                    names,
                    span: key.span,
                });
            }
            Err(()) => {
                let known = Level::ALL.iter().map(|level| level.as_str());
                out.push(errors::unknown_level(key.span, &key.text, known));
            }
        }
    }
    scope
}

fn default(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Span> {
    if let Some(closed) = field.text(&mut Vec::new()).filter(|word| &*word.text == "deny") {
        out.push(errors::closed_already(closed.span));
        return None;
    }
    field.keyword(&[("allow", ())], out).map(|word| word.span)
}

/// Lowers the forms that the document has.
fn forms<'a>(
    fields: &mut Fields<'a>,
    source: &Source,
    scope: &mut Vec<Scoped>,
    parts: &mut Parts,
    out: &mut Vec<Diagnostic>,
) -> Present<'a> {
    let mut present = Present(Vec::new());
    for &form in FORMS {
        for field in written(fields, form) {
            (form.lower)(
                field,
                &mut Lowering {
                    source,
                    scope,
                    parts,
                    out,
                },
            );
            present.0.push(field.key().unwrap_or(form.key));
        }
    }
    present
}

/// What the document has of a form: the value of its key, or the whole entries of a key with a number in it.
fn written<'a>(fields: &mut Fields<'a>, form: &'static Form) -> Vec<Field<'a>> {
    match form.key.split_once("<n>") {
        Some((start, end)) => fields.family(start, end),
        None => fields.optional(form.key).into_iter().collect(),
    }
}

/// The forms that a document has.
struct Present<'a>(Vec<&'a str>);

impl<'a> Present<'a> {
    /// The form's name, where there is just one.
    fn only(&self) -> Option<&'a str> {
        match *self.0.as_slice() {
            [form] => Some(form),
            _ => None,
        }
    }
}
