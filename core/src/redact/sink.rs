//! A sink: where text goes, and what is taken out before it gets there. What is owed for a sink is written in obligations
//! (`redact:model_context/email_addresses`), so that the join of the levels is a union and this module needs no policy.

/// What may be taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Keys, tokens, passwords.
    SecretLikeTokens,
    /// E-mail addresses.
    EmailAddresses,
    /// URLs of hosts that are not public.
    PrivateUrls,
    /// Blocks of text that are too long.
    LargeBlocks,
}

impl Class {
    /// Those that a policy names in `remove`.
    pub const REMOVABLE: [Class; 3] = [Class::SecretLikeTokens, Class::EmailAddresses, Class::PrivateUrls];

    /// As policies and obligations write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Class::SecretLikeTokens => "secret_like_tokens",
            Class::EmailAddresses => "email_addresses",
            Class::PrivateUrls => "private_urls",
            Class::LargeBlocks => "large_blocks",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A sink of the vocabulary, and the actions by which text reaches it.
#[derive(Clone, Copy, Debug)]
pub struct SinkKind {
    /// Its name.
    pub name: &'static str,
    /// The actions.
    pub actions: &'static [&'static str],
    /// What it is.
    pub doc: &'static str,
}

/// The sinks. spec/05-vocabulary.md names them too.
pub const SINKS: &[SinkKind] = &[
    SinkKind {
        name: "model_context",
        actions: &["model.call", "context.include"],
        doc: "what a model reads",
    },
    SinkKind {
        name: "log_view",
        actions: &["run.view"],
        doc: "what people see of a run's logs",
    },
    SinkKind {
        name: "trace_view",
        actions: &["run.view"],
        doc: "what people see of a run's trace",
    },
    SinkKind {
        name: "artifact_link",
        actions: &["artifact.read", "artifact.export"],
        doc: "an artifact that is shared by a link",
    },
    SinkKind {
        name: "judge_packet",
        actions: &["model.call"],
        doc: "what a judge of the run reads, a model as a rule",
    },
    SinkKind {
        name: "pr_body",
        actions: &["pr.create", "pr.create_draft", "pr.update"],
        doc: "the text of a pull request",
    },
    SinkKind {
        name: "support_export",
        actions: &["artifact.export"],
        doc: "what is handed to those who help",
    },
    SinkKind {
        name: "audit",
        actions: &["*"],
        doc: "records and audit entries",
    },
];

/// A sink of the vocabulary by its name.
pub fn sink_kind(name: &str) -> Option<&'static SinkKind> {
    SINKS.iter().find(|sink| sink.name == name)
}

/// How long a block of text may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocks {
    /// Bytes beyond which a block is shortened.
    pub over: u64,
    /// Bytes that are kept of it, half from its beginning and half from its end.
    pub keep: u64,
}

impl Blocks {
    /// What is assumed where nobody says.
    pub const DEFAULT: Blocks = Blocks {
        over: 64 << 10,
        keep: 2 << 10,
    };
    /// A block must be this much longer than what is kept of it, so that the note of what is missing fits.
    pub const ROOM: u64 = 128;

    /// The tighter of both in each respect.
    #[must_use]
    pub fn min(self, other: Blocks) -> Blocks {
        Blocks {
            over: self.over.min(other.over),
            keep: self.keep.min(other.keep),
        }
    }
}

/// Where text goes, and what is taken out of it before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sink {
    name: String,
    classes: u8,
    blocks: Option<Blocks>,
}

impl Sink {
    /// A sink that nothing is taken out for.
    pub fn nothing(name: impl Into<String>) -> Sink {
        Sink {
            name: name.into(),
            classes: 0,
            blocks: None,
        }
    }

    /// A sink for which everything is taken out that can be, and blocks over [`Blocks::DEFAULT`] are shortened.
    pub fn everything(name: impl Into<String>) -> Sink {
        let all = Class::REMOVABLE.into_iter().fold(Sink::nothing(name), Sink::and);
        all.and(Class::LargeBlocks)
    }

    /// A sink for which secrets are taken out and nothing else: the least that a record or an audit entry is held to.
    pub fn secrets(name: impl Into<String>) -> Sink {
        Sink::nothing(name).and(Class::SecretLikeTokens)
    }

    /// The sink with a class taken out besides.
    #[must_use]
    pub fn and(mut self, class: Class) -> Sink {
        self.classes |= class.bit();
        if class == Class::LargeBlocks {
            self = self.with_blocks(Blocks::DEFAULT);
        }
        self
    }

    /// The sink with blocks shortened: to the least that was asked for, where that was asked before.
    #[must_use]
    pub fn with_blocks(mut self, blocks: Blocks) -> Sink {
        self.classes |= Class::LargeBlocks.bit();
        let mut blocks = self.blocks.map_or(blocks, |known| known.min(blocks));
        blocks.over = blocks.over.max(Blocks::ROOM);
        blocks.keep = blocks.keep.min(blocks.over - Blocks::ROOM);
        self.blocks = Some(blocks);
        self
    }

    /// What the obligations of a record say of a sink: the union of all `redact`, `redact:<sink>` (everything) and
    /// `redact:<sink>/<class>`. What follows `redact:<sink>` and is no class that this engine knows means everything.
    ///
    /// ```
    /// use bailiwick::{redact, parts::Sink};
    ///
    /// let owed = ["audit", "redact:pr_body/email_addresses", "redact:pr_body/large_blocks/4096/512"];
    /// let sink = Sink::owed("pr_body", owed);
    /// assert_eq!(redact("ask ada@example.org", &sink).text, "ask [redacted:email-address]");
    /// ```
    pub fn owed<'o>(name: &str, obligations: impl IntoIterator<Item = &'o str>) -> Sink {
        let mut sink = Sink::nothing(name);
        for obligation in obligations {
            let what = match obligation.strip_prefix("redact") {
                Some("") => Some(""),
                Some(rest) => rest
                    .strip_prefix(':')
                    .and_then(|rest| rest.strip_prefix(name))
                    .and_then(|rest| {
                        if rest.is_empty() {
                            Some(rest)
                        } else {
                            rest.strip_prefix('/')
                        }
                    }),
                None => None,
            };
            if let Some(what) = what {
                sink = sink.and_words(what);
            }
        }
        sink
    }

    fn and_words(self, what: &str) -> Sink {
        if let Some(class) = Class::REMOVABLE.into_iter().find(|class| class.as_str() == what) {
            return self.and(class);
        }
        if let Some(blocks) = blocks_of(what) {
            return self.with_blocks(blocks);
        }
        let all = Class::REMOVABLE.into_iter().fold(self, Sink::and);
        all.and(Class::LargeBlocks)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether a class is taken out.
    pub fn removes(&self, class: Class) -> bool {
        self.classes & class.bit() != 0
    }

    /// How long blocks may be.
    pub fn blocks(&self) -> Option<Blocks> {
        self.blocks
    }
}

/// `large_blocks/65536/2048`.
fn blocks_of(what: &str) -> Option<Blocks> {
    let rest = what.strip_prefix(Class::LargeBlocks.as_str())?;
    let (over, keep) = rest.strip_prefix('/')?.split_once('/')?;
    Some(Blocks {
        over: over.parse().ok()?,
        keep: keep.parse().ok()?,
    })
}
