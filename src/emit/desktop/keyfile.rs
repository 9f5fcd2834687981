//! How a text stands in a file of groups and keys, one a line.

use std::fmt::Write as _;

/// Writes a value with the escapes that both `GLib` and `KConfig` read: `\s` for the blank that a line would lose at an end.
pub(super) fn escaped(text: &str) -> String {
    let (mut line, last) = (String::new(), text.chars().count().saturating_sub(1));
    for (place, character) in text.chars().enumerate() {
        match character {
            '\\' => line.push_str("\\\\"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\t' => line.push_str("\\t"),
            ' ' if place == 0 || place == last => line.push_str("\\s"),
            plain => line.push(plain),
        }
    }
    line
}

/// Opens a group; an empty line stands before it when it is not the first.
pub(super) fn open(file: &mut String, group: &str) {
    let blank = if file.is_empty() { "" } else { "\n" };
    writeln!(file, "{blank}[{group}]").expect("writing to a String cannot fail");
}
