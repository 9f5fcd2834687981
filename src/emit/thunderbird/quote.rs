//! Texts as Thunderbird's files take them: in the file of default preferences, and in the script of autoconfig.
//!
//! Both know the escapes `\"`, `\\` and `\uNNNN`. Only these are written, and everything outside printable ASCII becomes
//! `\uNNNN`, so that a text can neither end its quotation nor its line, whatever it holds.

use crate::emit::json::escape_utf16;

/// Appends the text in quotation marks.
pub(super) fn push_quoted(value: &str, text: &mut String) {
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
