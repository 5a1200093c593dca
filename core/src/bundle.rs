//! Compiled bundles (spec/20-bundles.md): the checked policies of an engine in one run of bytes, with their texts, that load
//! without reading YAML. The trees are grown again from the rules, so that no bundle can hold one that hides a rule. Knows
//! neither files nor who made a bundle: its hash says that it is whole, not that it may be trusted.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::VERSION;
use crate::decision::Compiled;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::digest::Digest;
use crate::engine::Engine;
use crate::limits::BUNDLE_BYTES_MAX;
use crate::model::{Policies, PolicySet};
use crate::pack::{Broken, Pack, Reader, Writer};
use crate::schema::Schema;
use crate::source::SourceMap;
use crate::tree::{self, Tree};

/// What every bundle begins with.
const MAGIC: &str = "bailiwick-bundle";
/// How what follows the first line is written. It is raised whenever that changes; a version reads its own alone.
const FORMAT: u32 = 1;
/// The first line is not longer.
const HEAD_BYTES_MAX: usize = 256;

/// What the first line of a bundle says.
///
/// ```
/// use bailiwick::{Engine, Source, parts::BundleHead};
///
/// let engine = Engine::load([Source::platform("p.yaml", "rules: [{id: read, allow: file.read}]")]).expect("it compiles");
/// let bundle = engine.to_bundle();
/// let head = BundleHead::read(&bundle).expect("it is a bundle");
/// assert_eq!(head.version, bailiwick::VERSION);
/// assert!(head.hash.to_string().starts_with("sha256:"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleHead {
    /// The format of what follows.
    pub format: u32,
    /// The version of the program that wrote it.
    pub version: String,
    /// The hash of all of it: of the format, the version, and what follows the first line.
    pub hash: Digest,
}

/// Why a bundle is refused. Displays as what is wrong and what to do, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BundleError {
    /// It does not begin as one.
    NotABundle,
    /// It is longer than bundles are read.
    TooLong {
        /// Its bytes.
        bytes: usize,
    },
    /// Another version wrote it, and only that one reads it.
    OtherVersion {
        /// The version that wrote it.
        version: String,
        /// The format that it is in.
        format: u32,
    },
    /// It is not what was written: some of it is missing or changed.
    Damaged {
        /// The hash that its first line says.
        said: Digest,
        /// The hash that it has.
        found: Digest,
    },
    /// It is whole and says what cannot be: no compiler wrote it.
    Malformed {
        /// Where, in bytes from 0.
        at: usize,
        /// What is wrong there.
        what: String,
    },
}

impl fmt::Display for BundleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BundleError::NotABundle => write!(
                f,
                "this is no compiled bundle: one begins with `{MAGIC}`; `bailiwick compile` makes one from policy files"
            ),
            BundleError::TooLong { bytes } => {
                write!(
                    f,
                    "the bundle has {bytes} bytes; one has at most {BUNDLE_BYTES_MAX}"
                )
            }
            BundleError::OtherVersion { version, format } => write!(
                f,
                "the bundle was compiled by version {version} (format {format}), and this is version {VERSION} (format \
                 {FORMAT}): compile the policies again with this version"
            ),
            BundleError::Damaged { said, found } => write!(
                f,
                "the bundle is damaged: it says that its hash is {said}, and it is {found}; fetch it or compile it again"
            ),
            BundleError::Malformed { at, what } => write!(
                f,
                "the bundle is malformed at byte {at}: {what}; no compiler wrote it so, do not trust where it came from"
            ),
        }
    }
}

impl std::error::Error for BundleError {}

impl BundleHead {
    /// Whether a file begins as a bundle does, be it whole or not.
    pub fn begins(file: &[u8]) -> bool {
        file.starts_with(MAGIC.as_bytes())
    }

    /// Reads the first line; what follows is not looked at.
    ///
    /// # Errors
    /// Where it is no first line of a bundle.
    pub fn read(bundle: &[u8]) -> Result<BundleHead, BundleError> {
        split(bundle).map(|(head, _)| head)
    }
}

impl fmt::Display for BundleHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{MAGIC} {} {} {}", self.format, self.version, self.hash)
    }
}

impl Engine {
    /// The engine as a compiled bundle: its checked policies, their texts and warnings. The same policies give the same bytes.
    /// [`Engine::from_bundle`] reads it.
    pub fn to_bundle(&self) -> Vec<u8> {
        let mut body = Writer::default();
        pack(self, &mut body);
        seal(&body.into_bytes())
    }

    /// Loads a compiled bundle. It decides as the engine that it was made from, and its records are the same bytes.
    ///
    /// Whoever can write a bundle can write the policies: the hash shows damage, not who wrote it. Take bundles from where you
    /// would take policies, or keep [`BundleHead::hash`] elsewhere and compare.
    ///
    /// ```
    /// # use bailiwick::{Engine, Source};
    /// let engine = Engine::load([Source::platform("p.yaml", "rules: [{id: read, allow: file.read}]")]).expect("it compiles");
    /// let mut bundle = engine.to_bundle();
    /// assert!(Engine::from_bundle(&bundle).is_ok());
    /// let last = bundle.len() - 1;
    /// bundle[last] ^= 1;
    /// assert!(Engine::from_bundle(&bundle).unwrap_err().to_string().contains("damaged"));
    /// ```
    ///
    /// # Errors
    /// Where it is no bundle, is of another version, or is damaged. Nothing is loaded then.
    pub fn from_bundle(bundle: &[u8]) -> Result<Engine, BundleError> {
        if BUNDLE_BYTES_MAX < bundle.len() {
            return Err(BundleError::TooLong { bytes: bundle.len() });
        }
        let (head, body) = split(bundle)?;
        if (head.format, &*head.version) != (FORMAT, VERSION) {
            let BundleHead { format, version, .. } = head;
            return Err(BundleError::OtherVersion { version, format });
        }
        let found = hash_of(head.format, &head.version, body);
        if found != head.hash {
            let said = head.hash;
            return Err(BundleError::Damaged { said, found });
        }
        let before = bundle.len() - body.len();
        let malformed = |Broken { at, what }| BundleError::Malformed {
            at: before + at,
            what,
        };
        let mut reader = Reader::new(body);
        let engine = unpack(&mut reader).map_err(malformed)?;
        reader.end().map_err(malformed)?;
        Ok(engine)
    }
}

/// A bundle of what follows its first line.
pub fn seal(body: &[u8]) -> Vec<u8> {
    let head = BundleHead {
        format: FORMAT,
        version: VERSION.to_owned(),
        hash: hash_of(FORMAT, VERSION, body),
    };
    let mut bundle = format!("{head}\n").into_bytes();
    bundle.extend_from_slice(body);
    bundle
}

fn hash_of(format: u32, version: &str, body: &[u8]) -> Digest {
    Digest::of_parts([MAGIC.as_bytes(), &format.to_be_bytes(), version.as_bytes(), body])
}

/// The first line, and what follows it.
fn split(bundle: &[u8]) -> Result<(BundleHead, &[u8]), BundleError> {
    let line = bundle.get(..HEAD_BYTES_MAX).unwrap_or(bundle);
    let end = line.iter().position(|&byte| byte == b'\n');
    let head = end.and_then(|end| read_head(std::str::from_utf8(&line[..end]).ok()?));
    match (head, end) {
        (Some(head), Some(end)) => Ok((head, &bundle[end + 1..])),
        _ => Err(BundleError::NotABundle),
    }
}

fn read_head(line: &str) -> Option<BundleHead> {
    let mut words = line.split(' ');
    let head = match (words.next()?, words.next()?, words.next()?, words.next()?) {
        (MAGIC, format, version, hash) => BundleHead {
            format: format.parse().ok()?,
            version: version.to_owned(),
            hash: Digest::from_str(hash).ok()?,
        },
        _ => return None,
    };
    // One head has one form, that can be shown.
    (head.to_string() == line && line.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()))
        .then_some(head)
}

/// Sources, findings, the platform's policies, then what each tenant adds to them.
fn pack(engine: &Engine, to: &mut Writer) {
    let (warnings, broken) = (engine.warnings(), engine.broken());
    warnings.sources().pack(to);
    warnings.iter().cloned().collect::<Vec<Diagnostic>>().pack(to);
    broken.iter().cloned().collect::<Vec<_>>().pack(to);
    let Some(first) = engine.sets().next() else {
        return to.number(0);
    };
    to.number(engine.sets().count() as u128);
    let platform = &first.set.platform;
    platform.schema.pack_over(&Schema::builtin(), to);
    platform.pack(to);
    for Compiled { set, .. } in engine.sets() {
        set.tenant.pack(to);
        set.own.schema.pack_over(&platform.schema, to);
        set.own.pack(to);
        set.hash.pack(to);
    }
}

fn unpack(from: &mut Reader<'_>) -> Result<Engine, Broken> {
    let sources = Arc::new(SourceMap::unpack(from)?);
    let warnings = Diagnostics::new(from.all()?, sources.clone());
    let broken = from.all::<Option<String>>()?.into_iter().collect::<BTreeSet<_>>();
    let mut sets = Vec::new();
    let count = u32::unpack(from)?;
    if count == 0 {
        return Ok(Engine::of(sets, broken, warnings));
    }
    let schema = Schema::unpack_over(&Arc::new(Schema::builtin()), from)?;
    let platform = Arc::new(Policies::unpack(schema, sources.clone(), None, from)?);
    let tree = Arc::new(tree::compile(&platform));
    for _ in 0..count {
        let (tenant, compiled) = unpack_set(&platform, &tree, &sources, from)?;
        if sets.last().is_some_and(|(last, _)| tenant <= *last) {
            return Err(from.broken("the tenants are not in order"));
        }
        sets.push((tenant, compiled));
    }
    Ok(Engine::of(sets, broken, warnings))
}

fn unpack_set(
    platform: &Arc<Policies>,
    tree: &Arc<Tree>,
    sources: &Arc<SourceMap>,
    from: &mut Reader<'_>,
) -> Result<(Option<String>, Compiled), Broken> {
    let tenant = Option::<String>::unpack(from)?;
    let schema = Schema::unpack_over(&platform.schema, from)?;
    let own = Arc::new(Policies::unpack(schema, sources.clone(), Some(platform), from)?);
    let trees = [tree.clone(), Arc::new(tree::compile(&own))];
    let set = PolicySet::of_hash(tenant.clone(), platform.clone(), own, Pack::unpack(from)?);
    Ok((tenant, Compiled { set, trees }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    const POLICIES: &str = "
policy: {id: base, version: 1}
rules:
  - {id: read, allow: [file.read, shell.exec]}
  - {id: no_secrets, deny: file.read, path: 'secrets/**', reason: Secrets are not for agents.}
";

    fn bundle() -> Vec<u8> {
        let engine = Engine::load([Source::platform("base.yaml", POLICIES)]).expect("it compiles");
        engine.to_bundle()
    }

    #[track_caller]
    fn refused(bundle: &[u8], words: &str) {
        let found = Engine::from_bundle(bundle)
            .expect_err("it is refused")
            .to_string();
        assert!(found.contains(words), "{found}");
    }

    #[test]
    fn a_bundle_reads_back_as_the_same_bytes() {
        let bundle = bundle();
        let engine = Engine::from_bundle(&bundle).expect("it loads");
        assert_eq!(engine.to_bundle(), bundle);
    }

    /// Where this fails, what bundles hold or how it is written has changed: raise [`FORMAT`], then write the new hash here.
    #[test]
    fn a_format_has_one_number() {
        let policies = "
policy: {id: base, version: 1}
schema:
  attributes:
    x.size: {type: int, doc: how large it is}
rules:
  - {id: read, allow: [file.read, shell.exec]}
  - {id: secrets, deny: file.read, path: ['secrets/**', '{a,b}/[0-9]?.key'], reason: Not for agents.}
  - {id: large, deny: file.read, when: 'x.size > 3 && in_hours(now, \"mon-fri 09:00-17:00\", \"Europe/Berlin\")'}
  - {id: hosts, deny: http.request, host: ['*.example.org'], unless: 'subject.id.matches(\"^a+$\")'}
  - {id: spent, limit: model.call, of: tokens, per: task, at_most: 5.00}
";
        let engine =
            Engine::load([Source::platform("base.yaml", policies)]).unwrap_or_else(|found| panic!("{found}"));
        let bundle = engine.to_bundle();
        let body = split(&bundle).expect("a bundle").1;
        assert_eq!(
            (FORMAT, Digest::of_parts([body]).short(16)),
            (1, "e15766455d18733a".to_owned())
        );
    }

    #[test]
    fn what_is_no_bundle_is_refused() {
        for text in ["", "rules: []\n", MAGIC, "bailiwick-bundle 1 0.1.0 sha256:00\n"] {
            refused(text.as_bytes(), "no compiled bundle");
        }
        let hash = hash_of(FORMAT, "9.9.9", b"");
        refused(
            format!("{MAGIC} {FORMAT} 9.9.9 {hash}\n").as_bytes(),
            "compiled by version 9.9.9 (format",
        );
        let hash = hash_of(FORMAT + 1, VERSION, b"");
        refused(
            format!("{MAGIC} {} {VERSION} {hash}\n", FORMAT + 1).as_bytes(),
            "compile the policies again",
        );
        refused(
            format!("{MAGIC} 1 \u{1b}[2J {hash}\n").as_bytes(),
            "no compiled bundle",
        );
    }

    #[test]
    fn each_damage_is_found() {
        let bundle = bundle();
        for at in 0..bundle.len() {
            let mut damaged = bundle.clone();
            damaged[at] ^= 0x10;
            assert!(Engine::from_bundle(&damaged).is_err(), "byte {at}");
        }
        for length in 0..bundle.len() {
            assert!(Engine::from_bundle(&bundle[..length]).is_err(), "{length} bytes");
        }
        let longer = [&bundle[..], b"\n"].concat();
        refused(&longer, "damaged");
    }

    /// Whoever makes the hash right gets an error or an engine, never a panic, and what loads can be asked.
    #[test]
    fn what_is_whole_and_wrong_is_an_error() {
        let bundle = bundle();
        let start = bundle
            .iter()
            .position(|&byte| byte == b'\n')
            .expect("a first line")
            + 1;
        let body = &bundle[start..];
        refused(&seal(&body[..body.len() - 1]), "malformed at byte");
        refused(&seal(&[body, &[0]].concat()), "left over");
        let request =
            r#"{"action": "shell.exec", "command": "cat secrets/key", "now": "2026-11-20T10:00:00Z"}"#;
        let request = crate::Request::from_json(request).expect("it fits");
        for at in 0..body.len() {
            for change in [0x01, 0x40, 0xff] {
                let mut changed = body.to_vec();
                changed[at] ^= change;
                if let Ok(engine) = Engine::from_bundle(&seal(&changed)) {
                    let decision = engine.decide(&request, &crate::State::none());
                    decision.record(crate::Stamp::default());
                    let _ = (engine.warnings().to_string(), decision.explain().to_string());
                }
            }
        }
    }
}
