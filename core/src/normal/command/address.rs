//! The host in a URL or in what ssh and git take for one. A seam: `normal::url` reads these as the WHATWG standard does,
//! and takes this file's place.

use super::arg::Arg;
use crate::normal::host::Host;

/// A host, as far as a text gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) host: String,
    pub(super) port: Option<i64>,
}

/// The host of a URL; the scheme may be missing, as curl allows. `None` where it cannot be read.
pub(super) fn of_url(arg: &Arg) -> Option<Address> {
    let text = arg.text.trim();
    let after = match text.find("://") {
        Some(at) => &text[at + 3..],
        None => text,
    };
    let end = after.find(['/', '?', '#', '\\']);
    // A host that something unknown may follow is not known.
    if end.is_none() && arg.open {
        return None;
    }
    authority(&after[..end.unwrap_or(after.len())])
}

/// `user@host:port`
pub(super) fn authority(text: &str) -> Option<Address> {
    let text = text.rsplit('@').next().unwrap_or(text);
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port))
            if host.starts_with('[') == host.ends_with(']') && port.bytes().all(|b| b.is_ascii_digit()) =>
        {
            (host, port.parse().ok())
        }
        _ => (text, None),
    };
    if host.contains(['{', '}', '*', '$', '%']) {
        return None;
    }
    Some(Address {
        host: Host::normalise(host).ok()?.as_str().to_owned(),
        port,
    })
}

/// What git, scp and rsync take: a URL, `user@host:path`, or a path here. `Some(None)` is a remote whose host cannot be
/// read.
pub(super) fn remote(arg: &Arg) -> Option<Option<Address>> {
    let text = arg.text.as_str();
    if text.contains("://") {
        return if text.starts_with("file://") {
            None
        } else {
            Some(of_url(arg))
        };
    }
    let colon = text.find(':')?;
    // `./a:b` and `C:\x` are here.
    if text[..colon].contains('/') || colon < 2 {
        return None;
    }
    Some(authority(&text[..colon]))
}
