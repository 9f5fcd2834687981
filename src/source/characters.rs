//! Characters that no input may hold: those a reader cannot see, and those that change the order in which a text is read.
//!
//! They pass every consumer unchanged, so that a reviewer would see another text than the machine. Refused are C0 and C1
//! controls (but line feed, and carriage return before it, between lines), DEL, U+200B to U+200F, U+202A to U+202E,
//! U+2060 to U+2069, U+FEFF, U+FFFE and U+FFFF, other default-ignorable code points that show nothing (soft hyphen, Mongolian vowel separator,
//! Hangul fillers, combining grapheme joiner, line and paragraph separators) and the tag characters U+E0000 to U+E007F.

/// Whether a character is refused anywhere.
pub fn is_forbidden(character: char) -> bool {
    matches!(character,
        '\u{0}'..='\u{8}' | '\u{9}' | '\u{B}'..='\u{1F}' | '\u{7F}'..='\u{9F}'
        | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFC}' | '\u{FFFE}' | '\u{FFFF}' | '\u{E0000}'..='\u{E0FFF}')
}

/// All forbidden characters of a text with their byte positions. A carriage return that ends a line with its line feed is
/// not one of them.
pub fn find_forbidden(text: &str) -> impl Iterator<Item = (usize, char)> {
    // Most text is printable ASCII and line feeds, which a byte tells.
    let plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\n');
    let start = text.bytes().position(|byte| !plain(byte)).unwrap_or(text.len());
    let suspects = text[start..].char_indices().map(move |(at, character)| (start + at, character));
    suspects.filter(move |&(at, character)| is_forbidden(character) && !(character == '\r' && text[at + 1..].starts_with('\n')))
}
