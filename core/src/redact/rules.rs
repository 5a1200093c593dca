//! What secrets look like, as data: one row for each shape, with where the shape is known from. Knows no text and no sink.
//!
//! The shapes are written anew from what issuers say of their own tokens (`ISSUER`) and, where an issuer says less, from the
//! rules of gitleaks (`GITLEAKS`, MIT licence, Copyright (c) 2019 Zachary Rice), whose texts are not copied: the notation is
//! another, prefixes are merged, and lengths are bounds from below wherever an issuer may lengthen a token.

/// Where a row is known from, and the licence of what was read there. Facts about a format are not copied text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// What was read.
    pub source: &'static str,
    /// Its licence.
    pub licence: &'static str,
}

/// The documentation of the token's own issuer.
const ISSUER: Origin = Origin {
    source: "the issuer's public documentation of its token format",
    licence: "facts; nothing copied",
};
/// gitleaks, <https://github.com/gitleaks/gitleaks>, `config/gitleaks.toml`.
const GITLEAKS: Origin = Origin {
    source: "gitleaks, config/gitleaks.toml at b58d3f1",
    licence: "MIT",
};
/// A standard.
const STANDARD: Origin = Origin {
    source: "RFC 7515 (JWS), RFC 7468 (PEM), RFC 9580 (OpenPGP), RFC 3986 (URI)",
    licence: "IETF Trust; nothing copied",
};

/// Which characters a part is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chars {
    /// `0-9`
    Digits,
    /// `0-9a-fA-F`
    Hex,
    /// `A-Z0-9`
    Upper,
    /// `a-z0-9`
    Lower,
    /// `A-Za-z0-9`
    Alnum,
    /// `A-Za-z0-9_-`, the alphabet of base64url
    Word,
    /// `A-Za-z0-9+/=`, the alphabet of base64
    Base64,
    /// `A-Za-z0-9_.=-`
    Dotted,
}

/// A part of a token after its start.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// As many of these characters as there are, at least and at most so many.
    Run(Chars, u16, u16),
    /// This text.
    Text(&'static str),
}

/// A token by its shape: it begins at a word's edge with one of the starts, and the parts follow.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// The rule's name, as it stands in what is left of the text.
    pub id: &'static str,
    /// How it begins.
    pub starts: &'static [&'static str],
    /// What follows.
    pub parts: &'static [Part],
    /// Where the shape is known from.
    pub origin: Origin,
}

use Chars::{Alnum, Base64, Digits, Dotted, Hex, Lower, Upper, Word};
use Part::{Run, Text};

/// No upper bound.
pub(super) const ANY: u16 = u16::MAX;

const fn token(
    id: &'static str,
    starts: &'static [&'static str],
    parts: &'static [Part],
    origin: Origin,
) -> Token {
    Token {
        id,
        starts,
        parts,
        origin,
    }
}

/// The table of tokens. Where two rows could match, the first does.
#[rustfmt::skip]
pub const TOKENS: &[Token] = &[
    // -- clouds --
    token("aws-access-key-id", &["AKIA", "ASIA", "ABIA", "ACCA"], &[Run(Upper, 16, 16)], ISSUER),
    token("aws-bedrock-key", &["ABSK"], &[Run(Base64, 109, 280)], GITLEAKS),
    token("aws-bedrock-key", &["bedrock-api-key-"], &[Run(Base64, 20, ANY)], GITLEAKS),
    token("google-api-key", &["AIza"], &[Run(Word, 35, 35)], ISSUER),
    token("google-oauth-token", &["ya29."], &[Run(Dotted, 20, ANY)], ISSUER),
    token("google-oauth-client-secret", &["GOCSPX-"], &[Run(Word, 28, ANY)], ISSUER),
    token("azure-devops-token", &["azd_"], &[Run(Alnum, 40, ANY)], ISSUER),
    token("alibaba-access-key-id", &["LTAI"], &[Run(Alnum, 16, 24)], GITLEAKS),
    token("digitalocean-token", &["dop_v1_", "doo_v1_", "dor_v1_"], &[Run(Hex, 64, 64)], ISSUER),
    token("heroku-key", &["HRKU-"], &[Run(Word, 36, ANY)], ISSUER),
    token("fly-token", &["fo1_", "fm1a_", "fm1r_", "fm2_"], &[Run(Base64, 40, ANY)], GITLEAKS),
    token("yandex-key", &["AQVN"], &[Run(Word, 35, 40)], GITLEAKS),
    token("cloudflare-origin-ca-key", &["v1.0-"], &[Run(Hex, 24, 24), Text("-"), Run(Hex, 100, ANY)], ISSUER),
    // -- where code is kept and built --
    token("github-token", &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], &[Run(Alnum, 36, ANY)], ISSUER),
    token("github-fine-grained-token", &["github_pat_"], &[Run(Word, 40, ANY)], ISSUER),
    token("gitlab-token",
        &["glpat-", "gldt-", "glrt-", "glft-", "glimt-", "glagent-", "gloas-", "glptt-", "glcbt-", "glsoat-", "glffct-", "GR1348941"],
        &[Run(Dotted, 20, ANY)], ISSUER),
    token("bitbucket-token", &["ATBB", "ATCTT3x", "ATATT3x"], &[Run(Dotted, 20, ANY)], ISSUER),
    token("npm-token", &["npm_"], &[Run(Alnum, 36, ANY)], ISSUER),
    token("pypi-token", &["pypi-AgE"], &[Run(Word, 50, ANY)], ISSUER),
    token("rubygems-token", &["rubygems_"], &[Run(Hex, 48, 48)], ISSUER),
    token("crates-io-token", &["cio"], &[Run(Alnum, 32, 32)], ISSUER),
    token("clojars-token", &["CLOJARS_"], &[Run(Lower, 60, 60)], ISSUER),
    token("docker-token", &["dckr_pat_", "dckr_oat_"], &[Run(Word, 27, ANY)], ISSUER),
    token("artifactory-token", &["AKCp", "cmVmd"], &[Run(Alnum, 59, 72)], GITLEAKS),
    token("circleci-token", &["CCIPAT_", "CCIPRJ_"], &[Run(Word, 30, ANY)], ISSUER),
    token("buildkite-token", &["bkua_"], &[Run(Alnum, 40, ANY)], ISSUER),
    token("sonar-token", &["sqp_", "squ_", "sqa_"], &[Run(Alnum, 40, 40)], ISSUER),
    token("sourcegraph-token", &["sgp_"], &[Run(Word, 40, ANY)], GITLEAKS),
    token("snyk-token", &["snyk_uat.", "snyk_sat."], &[Run(Dotted, 20, ANY)], ISSUER),
    token("octopus-key", &["API-"], &[Run(Upper, 26, 32)], GITLEAKS),
    token("pulumi-token", &["pul-"], &[Run(Hex, 40, 40)], ISSUER),
    token("terraform-cloud-token", &["atlasv1."], &[Run(Dotted, 40, ANY)], ISSUER),
    token("vault-token", &["hvs.", "hvb.", "hvr."], &[Run(Word, 24, ANY)], ISSUER),
    token("doppler-token", &["dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "dp.scim."], &[Run(Dotted, 40, ANY)], ISSUER),
    token("1password-secret-key", &["A3-"], &[Run(Upper, 6, 6), Text("-"), Run(Upper, 6, 11), Text("-"), Run(Upper, 5, 5), Text("-"), Run(Upper, 5, 5)], GITLEAKS),
    token("1password-service-account", &["ops_eyJ"], &[Run(Base64, 60, ANY)], ISSUER),
    token("openshift-token", &["sha256~"], &[Run(Word, 43, 43)], ISSUER),
    // -- models --
    token("anthropic-key", &["sk-ant-"], &[Run(Word, 40, ANY)], ISSUER),
    token("openai-key", &["sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-"], &[Run(Word, 40, ANY)], ISSUER),
    token("openrouter-key", &["sk-or-v1-"], &[Run(Hex, 64, 64)], ISSUER),
    token("openai-key", &["sk-"], &[Run(Alnum, 20, 20), Text("T3BlbkFJ"), Run(Alnum, 20, 20)], ISSUER),
    token("api-key-sk", &["sk-"], &[Run(Alnum, 32, ANY)], ISSUER),
    token("hugging-face-token", &["hf_", "api_org_"], &[Run(Alnum, 34, ANY)], ISSUER),
    token("groq-key", &["gsk_"], &[Run(Alnum, 40, ANY)], ISSUER),
    token("replicate-token", &["r8_"], &[Run(Alnum, 37, ANY)], ISSUER),
    token("perplexity-key", &["pplx-"], &[Run(Alnum, 40, ANY)], ISSUER),
    token("xai-key", &["xai-"], &[Run(Alnum, 70, ANY)], ISSUER),
    token("langsmith-key", &["lsv2_pt_", "lsv2_sk_"], &[Run(Word, 32, ANY)], ISSUER),
    // -- money --
    token("stripe-key", &["sk_live_", "sk_test_", "sk_prod_", "rk_live_", "rk_test_", "rk_prod_", "whsec_"], &[Run(Alnum, 16, ANY)], ISSUER),
    token("square-token", &["sq0atp-", "sq0csp-", "EAAA"], &[Run(Word, 22, 64)], ISSUER),
    token("shopify-token", &["shpat_", "shpca_", "shppa_", "shpss_"], &[Run(Hex, 32, 32)], ISSUER),
    token("plaid-token", &["access-sandbox-", "access-development-", "access-production-"], &[Run(Word, 36, 36)], GITLEAKS),
    token("flutterwave-key", &["FLWSECK_TEST-", "FLWSECK-"], &[Run(Word, 12, ANY)], GITLEAKS),
    token("easypost-key", &["EZAK", "EZTK"], &[Run(Alnum, 54, 54)], GITLEAKS),
    token("duffel-token", &["duffel_test_", "duffel_live_"], &[Run(Word, 43, ANY)], GITLEAKS),
    token("shippo-token", &["shippo_live_", "shippo_test_"], &[Run(Hex, 40, 40)], GITLEAKS),
    // -- messages and mail --
    token("slack-token", &["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxo-", "xoxe-", "xoxe.xoxp-", "xoxe.xoxb-", "xapp-"], &[Run(Word, 16, ANY)], ISSUER),
    token("sendgrid-key", &["SG."], &[Run(Word, 16, 24), Text("."), Run(Word, 32, ANY)], ISSUER),
    token("sendinblue-key", &["xkeysib-"], &[Run(Word, 64, ANY)], ISSUER),
    token("mailgun-key", &["key-", "pubkey-"], &[Run(Hex, 32, 32)], ISSUER),
    token("mailchimp-key", &[], &[Run(Hex, 32, 32), Text("-us"), Run(Digits, 1, 2)], ISSUER),
    token("twilio-key", &["SK"], &[Run(Hex, 32, 32)], ISSUER),
    token("telegram-bot-token", &[], &[Run(Digits, 8, 10), Text(":AA"), Run(Word, 32, 33)], ISSUER),
    token("discord-bot-token", &["MT", "Mz", "ND", "NT", "Nj", "Nz", "OD", "OT", "MD"], &[Run(Alnum, 21, 26), Text("."), Run(Word, 6, 6), Text("."), Run(Word, 27, 45)], ISSUER),
    token("facebook-token", &["EAAM", "EAAC"], &[Run(Alnum, 100, ANY)], GITLEAKS),
    // -- data and watching --
    token("databricks-token", &["dapi"], &[Run(Hex, 32, 32)], ISSUER),
    token("planetscale-token", &["pscale_tkn_", "pscale_oauth_", "pscale_pw_"], &[Run(Dotted, 32, 64)], ISSUER),
    token("supabase-key", &["sbp_", "sb_secret_"], &[Run(Word, 30, ANY)], ISSUER),
    token("neon-key", &["napi_"], &[Run(Alnum, 60, ANY)], ISSUER),
    token("airtable-token", &["pat"], &[Run(Alnum, 14, 14), Text("."), Run(Hex, 64, 64)], GITLEAKS),
    token("grafana-token", &["glsa_", "glc_", "eyJrIjoi"], &[Run(Word, 32, ANY)], ISSUER),
    token("new-relic-key", &["NRAK-", "NRII-", "NRJS-", "NRAL-"], &[Run(Word, 19, ANY)], ISSUER),
    token("dynatrace-token", &["dt0c01.", "dt0s16."], &[Run(Alnum, 24, 24), Text("."), Run(Alnum, 64, 64)], ISSUER),
    token("sentry-token", &["sntrys_", "sntryu_"], &[Run(Base64, 32, ANY)], ISSUER),
    token("confluent-key", &["cflt"], &[Run(Base64, 56, ANY)], ISSUER),
    // -- other services --
    token("atlassian-api-key", &["ATOA", "ATCTT"], &[Run(Dotted, 40, ANY)], ISSUER),
    token("linear-key", &["lin_api_", "lin_oauth_"], &[Run(Alnum, 32, ANY)], ISSUER),
    token("notion-token", &["ntn_", "secret_"], &[Run(Alnum, 43, ANY)], ISSUER),
    token("figma-token", &["figd_"], &[Run(Word, 36, ANY)], ISSUER),
    token("postman-key", &["PMAK-"], &[Run(Hex, 24, 24), Text("-"), Run(Hex, 34, 34)], ISSUER),
    token("prefect-token", &["pnu_"], &[Run(Alnum, 36, ANY)], GITLEAKS),
    token("readme-token", &["rdme_"], &[Run(Lower, 70, 70)], GITLEAKS),
    token("typeform-token", &["tfp_"], &[Run(Dotted, 40, ANY)], GITLEAKS),
    token("frameio-token", &["fio-u-"], &[Run(Word, 64, ANY)], GITLEAKS),
    token("adobe-client-secret", &["p8e-"], &[Run(Alnum, 32, 32)], GITLEAKS),
    token("scalingo-token", &["tk-us-"], &[Run(Word, 48, ANY)], GITLEAKS),
    token("dropbox-token", &["sl."], &[Run(Word, 100, ANY)], ISSUER),
    token("tailscale-key", &["tskey-"], &[Run(Word, 20, ANY)], ISSUER),
    token("age-secret-key", &["AGE-SECRET-KEY-1"], &[Run(Upper, 58, 58)], ISSUER),
    // -- by a standard --
    token("jwt", &["eyJ"], &[Run(Word, 8, ANY), Text("."), Run(Word, 8, ANY), Text("."), Run(Word, 0, ANY)], STANDARD),
];

/// Where a URL alone is the credential: the end of its host, the start of its path.
pub const WEBHOOKS: &[(&str, &str, &str)] = &[
    ("slack-webhook", "hooks.slack.com", "/"),
    ("discord-webhook", "discord.com", "/api/webhooks/"),
    ("discord-webhook", "discordapp.com", "/api/webhooks/"),
    ("teams-webhook", "webhook.office.com", "/webhookb2/"),
    ("google-chat-webhook", "chat.googleapis.com", "/v1/spaces/"),
];

/// How much a key tells of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// The value is what somebody thought of: short, and in any characters.
    Password,
    /// The value is what a program made.
    Secret,
    /// The value may be; it must look it.
    Perhaps,
}

use Strength::{Password, Perhaps, Secret};

/// The last words of keys whose values are secret: `DB_PASSWORD`, `clientSecret`, `x-api-key`. Two words beat one.
#[rustfmt::skip]
pub const KEYS: &[(&str, Strength)] = &[
    ("password", Password), ("passwd", Password), ("pwd", Password), ("pass", Password), ("passphrase", Password),
    ("passcode", Password), ("passwort", Password), ("requirepass", Password),
    ("masterauth", Password), ("secret", Secret), ("token", Secret), ("apikey", Secret), ("api key", Secret),
    ("access key", Secret), ("accesskey", Secret), ("secret key", Secret), ("secretkey", Secret),
    ("private key", Secret), ("privatekey", Secret), ("auth key", Secret), ("authkey", Secret), ("account key", Secret),
    ("signing key", Secret), ("encryption key", Secret), ("master key", Secret), ("app key", Secret),
    ("license key", Secret), ("service key", Secret), ("storage key", Secret), ("authtoken", Secret),
    ("accesstoken", Secret), ("clientsecret", Secret), ("credential", Secret), ("credentials", Secret), ("creds", Secret),
    ("authorization", Secret), ("bearer", Secret), ("sig", Secret), ("signature", Secret), ("jwt", Secret),
    ("key", Perhaps), ("auth", Perhaps), ("cookie", Perhaps), ("session", Perhaps), ("sessionid", Perhaps),
    ("sid", Perhaps), ("salt", Perhaps), ("seed", Perhaps), ("dsn", Perhaps),
];

/// Words that a key may end in besides: `PASSWORD_PROD`, `token_b64`.
#[rustfmt::skip]
pub const SUFFIXES: &[&str] = &[
    "prod", "production", "dev", "test", "testing", "staging", "stage", "live", "old", "new", "primary", "secondary",
    "backup", "value", "base64", "b64", "raw", "default", "env", "current", "header",
];

/// Words before the last one that make a key no secret: a page token, a public key.
#[rustfmt::skip]
pub const HARMLESS: &[&str] = &[
    "public", "pub", "primary", "foreign", "cache", "partition", "sort", "row", "idempotency", "translation", "i18n",
    "object", "dedup", "routing", "lookup", "hot", "next", "page", "continuation", "pagination", "sync", "cancellation",
    "cancel", "delimiter", "separator", "max", "min", "stop", "eos", "bos", "pad", "unk", "special", "total", "prompt",
    "completion", "input", "output", "start", "end", "first", "last", "mask", "sep", "cls", "no", "without", "map",
    "index", "composite", "group", "unique",
];

/// Values that stand for a value: what a form, a type or a template says in its place.
#[rustfmt::skip]
pub const PLACEHOLDERS: &[&str] = &[
    "changeme", "change-me", "change_me", "placeholder", "your", "xxxx", "....", "****", "todo", "redacted", "insert",
    "replace", "example", "dummy", "sample", "00000000", "12345678-1234",
];

/// Values that are a word of a language.
#[rustfmt::skip]
pub const WORDS: &[&str] = &[
    "string", "str", "text", "password", "passwd", "token", "secret", "required", "optional", "hidden", "none", "null",
    "nil", "true", "false", "undefined", "varchar", "bytes", "bool", "boolean", "number", "integer", "object", "any",
    "unknown", "secretstr", "unset", "empty", "default", "disabled", "enabled", "basic", "bearer", "digest", "invalid",
    "missing", "expired", "incorrect", "wrong", "valid", "passed", "failed", "confirm", "current", "private", "public",
    "passwort", "senha", "contrasena", "prompt", "keychain", "vault", "manual", "never", "always", "inherit", "write", "read", "forbidden", "username",
];

/// Endings of file names and units that an e-mail address does not have, though `icon@2x.png` has its shape.
#[rustfmt::skip]
pub const NO_DOMAINS: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "css", "js", "mjs", "cjs", "ts", "tsx", "jsx", "json", "html",
    "md", "yaml", "yml", "toml", "lock", "rs", "go", "py", "rb", "java", "kt", "c", "h", "cpp", "hpp", "sh", "service",
    "socket", "timer", "target", "mount", "slice", "scope", "device", "zip", "tgz", "gz", "txt", "log", "xml",
];

/// Local parts that name a program and nobody: `git@github.com:acme/shop`.
pub const NO_PERSONS: &[&str] = &["git", "svn", "hg", "npm"];
