//! A document as a whole: its header, for whom it speaks, its rules, its forms.

use super::{errors, native, schema, Document, Form, Lowering, Parts, Scoped, FORMS};
use crate::diagnostic::Diagnostic;
use crate::document::{content_hash, Field, Fields, Node};
use crate::digest::Digest;
use crate::source::{Level, Source, Span, Spanned};
use crate::LANGUAGE;

/// Lowers one document. `None` for what holds no policies: an empty document, a list of policy tests, something broken.
pub fn lower(node: &Node, source: &Source, out: &mut Vec<Diagnostic>) -> Option<Document> {
    match node {
        Node::List(_) => {
            super::tests(node, out);
            None
        }
        Node::Scalar(_) if node.is_null() => None,
        Node::Scalar(_) => {
            out.push(errors::not_a_document(node.span()));
            None
        }
        Node::Map(map) if map.get("policy_tests").is_some() => {
            super::tests(node, out);
            None
        }
        Node::Map(_) => mapping(node, source, out),
    }
}

/// What `policy:` says.
#[derive(Default)]
struct Header {
    id: Option<Spanned<String>>,
    version: Option<String>,
}

fn mapping(node: &Node, source: &Source, out: &mut Vec<Diagnostic>) -> Option<Document> {
    let mut fields = Fields::of(node, "a policy document", out)?;
    let header = fields.optional("policy").map(|field| header(field, source, out)).unwrap_or_default();
    let version = fields.optional("version").and_then(|field| field.text(out)).map(|version| version.text.to_string());
    let mut scope = given_scope(source, node.span());
    if let Some(field) = fields.optional("applies_to") {
        scope.extend(applies_to(field, out));
    }
    let default_allow = fields.optional("default").and_then(|field| default(field, out));
    let mut parts = Parts::default();
    native::sections(&mut fields, &mut parts, out);
    schema::section(&mut fields, &mut parts, out);
    let forms = forms(&mut fields, source, &mut scope, &mut parts, out);
    let named = header.id.is_some();
    fields.finish(out);
    if forms.0.is_empty() && !named && says_nothing(&parts) && default_allow.is_none() {
        out.push(errors::says_nothing(node.span()));
        return None;
    }
    let content = content_hash(node);
    let short = || Digest(content).short(12);
    let id = header.id.unwrap_or_else(|| Spanned::new(forms.only().unwrap_or(&source.name).to_owned(), node.span()));
    Some(Document {
        id,
        version: header.version.or(version).unwrap_or_else(short),
        level: source.level,
        scope,
        default_allow,
        parts,
        content,
        span: node.span(),
    })
}

fn says_nothing(parts: &Parts) -> bool {
    parts.rules.is_empty()
        && parts.constants.is_empty()
        && parts.enumerations.is_empty()
        && parts.attributes.is_empty()
        && parts.actions.is_empty()
}

fn header(field: Field<'_>, source: &Source, out: &mut Vec<Diagnostic>) -> Header {
    let Some(mut fields) = field.fields("`policy`", out) else { return Header::default() };
    let id = fields.optional("id").and_then(|field| field.nonempty_text(out)).map(|id| id.spanned());
    if let Some(id) = id.as_ref().filter(|id| !is_id(&id.value)) {
        out.push(errors::bad_id(id.span, &id.value));
    }
    if let Some(language) = fields.optional("language").and_then(|field| field.nonempty_text(out))
        && &*language.text != LANGUAGE {
            out.push(errors::other_language(language.span, &language.text, LANGUAGE));
        }
    let version = fields.optional("version").and_then(|field| field.nonempty_text(out));
    if let Some(level) = fields.optional("level").and_then(|field| level(field, out))
        && level.value != source.level {
            let given = format!("the {} level", source.level);
            out.push(errors::claims_more(level.span, "level", level.value.as_str(), &given));
        }
    if let Some(tenant) = fields.optional("tenant").and_then(|field| field.nonempty_text(out))
        && source.tenant.as_deref() != Some(&tenant.text) {
            let given = source.tenant.as_ref().map_or("no tenant".to_owned(), |given| format!("the tenant `{given}`"));
            out.push(errors::claims_more(tenant.span, "tenant", &tenant.text, &given));
        }
    // For people: who answers for the document, and what it is for.
    for key in ["owner", "description"] {
        fields.optional(key).and_then(|field| field.text(out));
    }
    fields.finish(out);
    Header { id, version: version.map(|version| version.text.to_string()) }
}

/// The engine's own denials are the policy `bailiwick`.
fn is_id(id: &str) -> bool {
    id != "bailiwick" && id.chars().all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c))
}

fn level(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Option<Spanned<Level>> {
    let scalar = field.nonempty_text(out)?;
    match scalar.text.parse() {
        Ok(level) => Some(Spanned::new(level, scalar.span)),
        Err(()) => {
            out.push(errors::unknown_level(scalar.span, &scalar.text, Level::ALL.iter().map(|level| level.as_str())));
            None
        }
    }
}

/// The entities that the source speaks for.
fn given_scope(source: &Source, span: Span) -> Vec<Scoped> {
    let scoped = |(level, name): (&Level, &String)| Scoped {
        level: *level,
        names: vec![Spanned::new(name.clone(), span)],
    };
    source.entities.iter().map(scoped).collect()
}

fn applies_to(field: Field<'_>, out: &mut Vec<Diagnostic>) -> Vec<Scoped> {
    let mut scope = Vec::new();
    for (key, names) in field.nonempty_entries(out).unwrap_or_default() {
        match key.text.parse::<Level>() {
            Ok(level) => {
                let names = names.nonempty_texts(out).into_iter().map(|name| name.spanned()).collect();
                scope.push(Scoped { level, names });
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
    let opens = field.keyword(&[("allow", true), ("deny", false)], out)?;
    opens.value.then_some(opens.span)
}

/// Lowers the forms that the document has.
fn forms<'a>(
    fields: &mut Fields<'a>,
    source: &Source,
    scope: &mut Vec<Scoped>,
    parts: &mut Parts,
    out: &mut Vec<Diagnostic>,
) -> Present {
    let mut present = Present(Vec::new());
    for &form in FORMS {
        if let Some(field) = fields.optional(form.key) {
            (form.lower)(field, &mut Lowering { source, scope, parts, out });
            present.0.push(form);
        }
    }
    present
}

/// The forms that a document has.
struct Present(Vec<&'static Form>);

impl Present {
    /// The form's name, where there is just one.
    fn only(&self) -> Option<&'static str> {
        match self.0.as_slice() {
            [form] => Some(form.key),
            _ => None,
        }
    }
}
