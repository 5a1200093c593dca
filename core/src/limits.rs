//! Every bound on outside input, on one page. Where a bound is reached the input is refused (policies, requests) or
//! becomes opaque (texts that a request carries); nothing is cut off silently.

/// Bytes of one policy source.
pub const SOURCE_BYTES_MAX: usize = 64 << 20;
/// YAML nodes of one source, each alias counted as all that it stands for.
pub const DOCUMENT_NODES_MAX: usize = 20_000_000;
/// Nodes that aliases may add to one source beyond what is written. A bomb needs more; no real policy does.
pub const ALIAS_NODES_MAX: usize = 100_000;
/// Nesting of lists and mappings in a policy source.
pub const DOCUMENT_DEPTH_MAX: usize = 64;
/// Diagnostics reported for one policy set; the rest are counted.
pub const DIAGNOSTICS_MAX: usize = 1_000;

/// Bytes of one condition.
pub const CONDITION_BYTES_MAX: usize = 16 << 10;
/// Nesting of one condition.
pub const CONDITION_DEPTH_MAX: usize = 64;
/// Static cost of one condition, in steps: see spec/04-conditions.md.
pub const CONDITION_COST_MAX: u64 = 100_000;
/// Bytes that one compiled regular expression may take.
pub const REGEX_BYTES_MAX: usize = 256 << 10;
/// What a list or a map of a request is assumed to hold when a condition over it is costed.
pub const CONDITION_LIST_ASSUMED: u64 = 100;

/// Nesting of one condition or value in a compiled bundle: what a condition may be nested, a choice in it counting twice, and
/// what forms put around it.
pub const PACKED_DEPTH_MAX: usize = 256;
/// Bytes of one compiled bundle.
pub const BUNDLE_BYTES_MAX: usize = 1 << 30;

/// Bytes of one glob.
pub const GLOB_BYTES_MAX: usize = 4 << 10;
/// Alternatives that the braces of one glob may stand for.
pub const GLOB_ALTERNATIVES_MAX: usize = 256;

/// Bytes of one request as JSON.
pub const REQUEST_BYTES_MAX: usize = 4 << 20;
/// Nesting of one request.
pub const REQUEST_DEPTH_MAX: usize = 64;
/// Links of an on-behalf-of chain.
pub const CHAIN_MAX: usize = 16;
/// Approvals that one request may carry.
pub const APPROVALS_MAX: usize = 256;
/// Effects of one request; more make the whole request opaque.
pub const EFFECTS_MAX: usize = 4_096;
/// Bytes of one path.
pub const PATH_BYTES_MAX: usize = 32 << 10;
/// Links that a host may tell of.
pub const LINKS_MAX: usize = 4_096;
/// Links that one path may lead through, as many as Linux follows; more, or a circle, is unknown.
pub const LINK_HOPS_MAX: usize = 40;
/// Names that following the links of one path may read.
pub const LINK_STEPS_MAX: usize = 256;
/// Bytes of one host; no name has more than 253 characters.
pub const HOST_BYTES_MAX: usize = 1 << 10;
/// Bytes of one URL.
pub const URL_BYTES_MAX: usize = 32 << 10;
/// Bytes of one patch; a longer one is opaque.
pub const PATCH_BYTES_MAX: usize = 4 << 20;
/// Files of one patch; more make it opaque.
pub const PATCH_FILES_MAX: usize = 4_096;

/// Bytes of one command line, and of all scripts that are found in it (`bash -c`, `eval`) together with it.
pub const COMMAND_BYTES_MAX: usize = 256 << 10;
/// Nesting of one command line: substitutions, groups, quotes in them, shells in shells, calls of functions.
pub const COMMAND_DEPTH_MAX: usize = 40;
/// Simple commands of one command line, each counted as often as it is read.
pub const COMMANDS_MAX: usize = 40_000;
/// Words that the expansions of one command line may stand for.
pub const COMMAND_WORDS_MAX: usize = 200_000;
/// Effects of one command line, repetitions counted; of those that remain [`EFFECTS_MAX`] may be.
pub const COMMAND_EFFECTS_MAX: usize = 65_536;
/// Steps that reading one command line may take. A step is a part of a word or a byte looked at twice.
pub const COMMAND_WORK_MAX: usize = 8 << 20;
/// Words that the braces of one word may stand for, and directories that a shell may be in.
pub const COMMAND_BRACES_MAX: usize = 256;

/// Bytes of one text to be redacted; a longer one is taken out whole.
pub const REDACT_BYTES_MAX: usize = 256 << 20;
/// Bytes of a URL in running text that are looked at.
pub const REDACT_URL_BYTES_MAX: usize = 4 << 10;
/// Bytes of an e-mail address on each side of its `@`.
pub const EMAIL_BYTES_MAX: usize = 128;

/// Bytes of one line of an audit log.
pub const AUDIT_LINE_BYTES_MAX: usize = 1 << 20;

/// Decisions that the search for the smallest change that would allow a request may make.
pub const COUNTERFACTUALS_MAX: usize = 128;
/// Effects whose ways through the trees are drawn; a pull request may have thousands, and each is asked the same.
pub const WAY_EFFECTS_MAX: usize = 12;
/// Nodes of one drawn way.
pub const WAY_NODES_MAX: usize = 120;

/// The largest integer that every JSON reader keeps exact (RFC 8259 section 6, RFC 7493 section 2.2).
pub const INTEGER_MAX: i64 = (1 << 53) - 1;
