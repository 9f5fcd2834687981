//! Bytes of a template to text.
//!
//! Microsoft's files are UTF-16LE with a byte order mark; copies of them are UTF-8 whose declaration still says `utf-16`.
//! The bytes decide, the declaration is not read.

use super::Fault;

/// Far above any template (the largest known has 2 MB), far below what could hurt.
const LARGEST: usize = 64 << 20;

/// The text without byte order mark. A fault comes with the number of its line.
pub(super) fn decode(bytes: &[u8]) -> Result<String, (usize, Fault)> {
    if bytes.len() > LARGEST {
        return Err((1, Fault::TooLarge));
    }
    let text = match bytes {
        [0xFF, 0xFE, rest @ ..] => decode_utf16(rest, u16::from_le_bytes)?,
        [0xFE, 0xFF, rest @ ..] => decode_utf16(rest, u16::from_be_bytes)?,
        [0xEF, 0xBB, 0xBF, rest @ ..] | rest => match std::str::from_utf8(rest) {
            Ok(text) => text.to_owned(),
            Err(error) => return Err((line_of(&rest[..error.valid_up_to()]), Fault::Encoding)),
        },
    };
    let forbidden = |c: char| (c.is_control() && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{FFFE}' | '\u{FFFF}');
    match text.find(forbidden) {
        Some(at) => {
            let character = text[at..].chars().next().expect("find gives the place of a character");
            Err((line_of(&text.as_bytes()[..at]), Fault::Character { character: u32::from(character) }))
        }
        None => Ok(text),
    }
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, (usize, Fault)> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2);
    for character in char::decode_utf16(pairs.iter().map(|&pair| unit(pair))) {
        match character {
            Ok(character) => text.push(character),
            Err(_) => return Err((line_of(text.as_bytes()), Fault::Encoding)),
        }
    }
    if odd.is_empty() { Ok(text) } else { Err((line_of(text.as_bytes()), Fault::Encoding)) }
}

/// The number of the line that follows on these bytes.
pub(super) fn line_of(before: &[u8]) -> usize {
    before.split(|&byte| byte == b'\n').count()
}
