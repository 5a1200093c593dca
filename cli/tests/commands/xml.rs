//! Whether a text is well-formed XML, as far as our reports use it: elements, attributes, references, text.

/// The names of the elements in order of their start, or what is not well-formed.
pub(crate) fn elements(text: &str) -> Result<Vec<String>, String> {
    let mut rest = text.trim_start_matches("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    let (mut names, mut open) = (Vec::new(), Vec::new());
    while let Some((before, tag)) = rest.split_once('<') {
        content(before)?;
        let (tag, behind) = tag.split_once('>').ok_or("a tag has no end")?;
        rest = behind;
        if let Some(name) = tag.strip_prefix('/') {
            let last = open.pop().ok_or("an end without a start")?;
            (last == name)
                .then_some(())
                .ok_or(format!("`{last}` ends as `{name}`"))?;
            continue;
        }
        let (tag, closed) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let name = tag.split(' ').next().unwrap_or_default().to_owned();
        attributes(&tag[name.len()..])?;
        names.push(name.clone());
        if !closed {
            open.push(name);
        }
    }
    if open.is_empty() && rest.trim().is_empty() {
        Ok(names)
    } else {
        Err(format!("left open: {open:?}{rest}"))
    }
}

fn attributes(mut rest: &str) -> Result<(), String> {
    while !rest.trim().is_empty() {
        let (name, behind) = rest
            .trim_start()
            .split_once("=\"")
            .ok_or(format!("no attribute: {rest}"))?;
        let plain = name.chars().all(|c| c.is_ascii_alphabetic());
        plain.then_some(()).ok_or(format!("no name: {name}"))?;
        let (value, behind) = behind.split_once('"').ok_or("an attribute has no end")?;
        content(value)?;
        rest = behind;
    }
    Ok(())
}

fn content(text: &str) -> Result<(), String> {
    let allowed = |c: char| {
        matches!(c, '\t' | '\n' | '\r') || (' ' <= c && !['<', '\u{fffe}', '\u{ffff}'].contains(&c))
    };
    if let Some(wrong) = text.chars().find(|&c| !allowed(c)) {
        return Err(format!("XML has no {wrong:?}"));
    }
    let mut parts = text.split('&');
    parts.next();
    parts.try_for_each(|part| {
        let name = part.split_once(';').map_or("", |(name, _)| name);
        let known = ["amp", "lt", "gt", "quot"].contains(&name);
        let number = name
            .strip_prefix('#')
            .is_some_and(|digits| digits.parse::<u32>().is_ok());
        (known || number)
            .then_some(())
            .ok_or(format!("no reference: &{part}"))
    })
}

#[test]
fn it_bites() {
    assert!(elements("<a><b/></a>").is_ok());
    for wrong in [
        "<a>",
        "<a></b>",
        "<a>&</a>",
        "<a x=\"<\"/>",
        "<a x=1/>",
        "<a>\u{1}</a>",
        "</a>",
    ] {
        assert!(elements(wrong).is_err(), "{wrong}");
    }
}
