//! Writes what dconf takes: a key file whose values are `GVariant` text, and the list of locked keys.
//!
//! Format: the page of `dconf` (compile), and "`GVariant` Text Format" of `GLib`.

use std::fmt::Write as _;

use super::Groups;
use crate::emit::Lock;
use crate::vendor::desktop::Given;

/// Renders the values: a group a folder.
pub(super) fn values(groups: &Groups<'_>) -> String {
    let mut file = String::new();
    for (group, keys) in groups {
        let blank = if file.is_empty() { "" } else { "\n" };
        writeln!(file, "{blank}[{group}]").expect("writing to a String cannot fail");
        for (key, (setting, _)) in keys {
            let value = match &setting.value {
                Given::Fixed(value) => of_type(&setting.kind, value),
                Given::Personal(personal) => text(&personal.to_string()),
            };
            writeln!(file, "{key}={value}").expect("writing to a String cannot fail");
        }
    }
    file
}

/// Renders the paths of the locked keys, one a line.
pub(super) fn locks(groups: &Groups<'_>) -> String {
    let mut file = String::new();
    for (group, keys) in groups {
        for (key, _) in keys.iter().filter(|(_, (_, lock))| *lock == Lock::Locked) {
            writeln!(file, "/{group}/{key}").expect("writing to a String cannot fail");
        }
    }
    file
}

/// A value with its type: what stands alone is a number of 32 bits, so others name theirs, as does an empty list.
fn of_type(kind: &str, value: &serde_json::Value) -> String {
    let typed = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), text);
    match value {
        serde_json::Value::Array(items) if items.is_empty() => format!("@{kind} []"),
        serde_json::Value::Array(items) => format!("[{}]", items.iter().map(typed).collect::<Vec<_>>().join(", ")),
        serde_json::Value::Number(number) if kind != "i" => format!("@{kind} {number}"),
        value => typed(value),
    }
}

/// Writes a text as `GVariant` text: one line, whatever the text holds.
pub fn text(text: &str) -> String {
    let mut quoted = String::from("'");
    for character in text.chars() {
        match character {
            '\'' | '\\' => quoted.extend(['\\', character]),
            control if control.is_control() => {
                write!(quoted, "\\u{:04x}", u32::from(control)).expect("writing to a String cannot fail");
            }
            plain => quoted.push(plain),
        }
    }
    quoted.push('\'');
    quoted
}
