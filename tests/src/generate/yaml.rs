//! A document as YAML text: sections and lists of rules in block style, what is below them in flow style.

use serde_json::Value as Json;

/// The text of one document.
pub(crate) fn document(body: &Json) -> String {
    let mut text = String::new();
    for (key, value) in body.as_object().into_iter().flatten() {
        match (key.as_str(), value) {
            ("rules" | "switches", Json::Array(items)) => {
                text.push_str(&format!("{key}:\n"));
                items
                    .iter()
                    .for_each(|item| text.push_str(&format!("  - {}\n", flow(item))));
            }
            _ => text.push_str(&format!("{key}: {}\n", flow(value))),
        }
    }
    text
}

fn flow(value: &Json) -> String {
    match value {
        Json::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Json::Object(keys) => {
            let pairs: Vec<String> = keys
                .iter()
                .map(|(key, value)| format!("{key}: {}", flow(value)))
                .collect();
            format!("{{{}}}", pairs.join(", "))
        }
        scalar => scalar.to_string(),
    }
}
