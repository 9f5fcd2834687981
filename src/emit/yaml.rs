//! YAML documents as people and programs read them.
//!
//! In: a tree of values. Out: block style, two blanks a level. A text stands in double quotes unless no reader could take it
//! for anything else: readers of YAML 1.1 (Ansible, Fleet) know more words and numbers than those of 1.2, and a library that
//! writes for one of them quotes too little for the other. Format: YAML 1.2.2, chapters 5.7 and 7.3.1.

use std::fmt::Write as _;

use serde_json::Value;

use super::json::is_invisible;

/// The text of a document, with `---` before it.
pub(super) fn document(value: &Value) -> String {
    let mut text = String::from("---");
    node(value, 0, &mut text);
    text.push('\n');
    text
}

/// Appends a value after `---`, `key:` or `-`.
fn node(value: &Value, depth: usize, to: &mut String) {
    match value {
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                line(depth, to);
                to.push('-');
                match item {
                    Value::Object(entries) if !entries.is_empty() => map(entries, depth + 1, Some(' '), to),
                    other => node(other, depth + 1, to),
                }
            }
        }
        Value::Object(entries) if !entries.is_empty() => map(entries, depth, None, to),
        Value::Array(_) => to.push_str(" []"),
        Value::Object(_) => to.push_str(" {}"),
        Value::String(text) => {
            to.push(' ');
            scalar(text, to);
        }
        other => write!(to, " {other}").expect("writing to a String cannot fail"),
    }
}

/// Appends the entries; the first one stands on the line that is open, after `first`, or on its own.
fn map(entries: &serde_json::Map<String, Value>, depth: usize, mut first: Option<char>, to: &mut String) {
    for (key, value) in entries {
        match first.take() {
            Some(blank) => to.push(blank),
            None => line(depth, to),
        }
        scalar(key, to);
        to.push(':');
        let inside = matches!(value, Value::Array(_) | Value::Object(_));
        node(value, if inside { depth + 1 } else { depth }, to);
    }
}

fn line(depth: usize, to: &mut String) {
    to.push('\n');
    to.extend(std::iter::repeat_n("  ", depth));
}

fn scalar(text: &str, to: &mut String) {
    if is_plain(text) {
        to.push_str(text);
        return;
    }
    to.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => to.extend(['\\', c]),
            c if c.is_control() || is_invisible(c) => match u32::from(c) {
                code @ ..=0xffff => write!(to, "\\u{code:04x}").expect("writing to a String cannot fail"),
                code => write!(to, "\\U{code:08x}").expect("writing to a String cannot fail"),
            },
            c => to.push(c),
        }
    }
    to.push('"');
}

/// Whether every reader takes the bare text for a text: a path, or words of which none means a flag or nothing.
fn is_plain(text: &str) -> bool {
    const MEANT: [&str; 11] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n", ".nan", ".inf"];
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || "/.".contains(c));
    let holds = text.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c)) && text.contains(char::is_alphabetic);
    starts && holds && !MEANT.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::document;

    #[test]
    fn lists_and_maps_stand_in_blocks() {
        let value =
            json!({ "a": [{ "path": "/etc/x", "mode": "0644" }, "b"], "c": {}, "d": [], "e": { "f": true, "g": 7 }, "h": null });
        let text = "---\na:\n  - path: /etc/x\n    mode: \"0644\"\n  - b\nc: {}\nd: []\ne:\n  f: true\n  g: 7\nh: null\n";
        assert_eq!(document(&value), text);
    }

    #[test]
    fn what_a_reader_could_take_for_something_else_is_quoted() {
        for text in [
            "", "yes", "No", "null", "~", "12", "1:30", "0644", "a: b", "- a", "#", "a #", "*a", "&a", "!a", "{a", ".inf",
            ".NaN", "..", "a\nb", "\u{85}", "\u{feff}",
        ] {
            let written = document(&json!({ "key": text }));
            assert!(written.starts_with("---\nkey: \"") && written.ends_with("\"\n"), "{written}");
            assert_eq!(written.lines().count(), 2, "{written}");
        }
        assert_eq!(document(&json!(["\"\\\u{1f600}\u{e0041}"])), "---\n- \"\\\"\\\\\u{1f600}\\U000e0041\"\n");
    }
}
