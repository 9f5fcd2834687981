//! Writes `defaults.js`: default preferences, as the program reads them from `defaults/pref/` of its folder or, on Linux, from
//! `/etc/thunderbird/defaults/pref/`.
//!
//! The file looks like JavaScript and is none: the program reads `pref("name", value);` and `pref("name", value, locked);`
//! with a small grammar of its own. Its texts know the escapes `\"`, `\\`, `\n`, `\r`, `\xNN` and `\uNNNN`; only
//! these are written, and everything outside printable ASCII becomes `\uNNNN`.
//! Format: the comment on top of `modules/libpref/parser/src/lib.rs` in Mozilla's source.

use super::Preferences;
use crate::emit::Lock;
use crate::emit::json::escape_utf16;
use crate::vendor::thunderbird::PreferenceValue;

/// Renders the whole file.
pub(super) fn render(preferences: &Preferences<'_>) -> String {
    let mut text =
        String::from("// Default preferences that a policy cannot carry. Belongs into defaults/pref/ of the program.\n");
    for (name, (value, lock)) in preferences {
        text.push_str("pref(");
        push_quoted(name, &mut text);
        text.push_str(", ");
        match value {
            PreferenceValue::Flag(flag) => text.push_str(if *flag { "true" } else { "false" }),
            PreferenceValue::Number(number) => text.push_str(&number.to_string()),
            PreferenceValue::Text(value) => push_quoted(value, &mut text),
        }
        text.push_str(match lock {
            Lock::Locked => ", locked);\n",
            Lock::Preset => ");\n",
        });
    }
    text
}

fn push_quoted(value: &str, text: &mut String) {
    text.push('"');
    for c in value.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            ' '..='~' => text.push(c),
            _ => escape_utf16(c, text),
        }
    }
    text.push('"');
}
