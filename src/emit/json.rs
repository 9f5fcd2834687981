//! JSON documents as people and programs read them.

use std::fmt::Write as _;

use serde_json::Value;

/// The text of a document: indented by two blanks, keys in code point order, a line end at the end, no byte order mark.
///
/// Characters that an editor does not show are written as `\uXXXX`, so that a reviewer sees all that the program reads.
/// Format: RFC 8259.
pub(super) fn pretty(mut document: Value) -> String {
    document.sort_all_objects();
    let text = serde_json::to_string_pretty(&document).expect("a JSON value with text keys can always be written");
    let mut shown = show_invisible(&text);
    shown.push('\n');
    shown
}

/// Outside ASCII only texts hold characters, and there `\uXXXX` means the same; so the document can be treated as a whole.
fn show_invisible(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for c in json.chars() {
        if is_invisible(c) {
            escape_utf16(c, &mut shown);
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Appends `\uXXXX`, as a pair of surrogates above U+FFFF.
pub(super) fn escape_utf16(c: char, to: &mut String) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        write!(to, "\\u{unit:04x}").expect("writing to a String cannot fail");
    }
}

/// Controls, line and paragraph separators, blanks that look like one or like none, direction marks, joiners, variation
/// selectors, fillers and tags.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{7f}'..='\u{a0}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{1680}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}' | '\u{2800}'
        | '\u{3000}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}
