//! Bytes of a template to text.
//!
//! Microsoft's files are UTF-16LE with a byte order mark, or UTF-8; copies of them are UTF-8 whose declaration still says
//! `utf-16`, or UTF-16 whose mark went missing. The bytes decide, the declaration is not read.

use std::sync::Arc;

use super::{Fault, ImportError};
use crate::diag::{Place, SourceFile};

/// The largest file that is read: far above any template (the largest known has 4 MB), far below what could hurt.
pub const LARGEST_TEMPLATE: usize = 64 << 20;

/// The text without byte order mark.
pub(super) fn decode(name: &str, bytes: &[u8]) -> Result<Arc<SourceFile>, ImportError> {
    if bytes.len() > LARGEST_TEMPLATE {
        return Err(fault_at_end(name, String::new(), Fault::TooLarge));
    }
    // A template starts with `<`, or with white space: the zero byte beside it says which half comes first.
    let text = match bytes {
        [0xFF, 0xFE, rest @ ..] => decode_utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => decode_utf16(rest, u16::from_be_bytes),
        [b'<' | b' ' | b'\t' | b'\r' | b'\n', 0, ..] => decode_utf16(bytes, u16::from_le_bytes),
        [0, b'<' | b' ' | b'\t' | b'\r' | b'\n', ..] => decode_utf16(bytes, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] | rest => match std::str::from_utf8(rest) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => Err(String::from_utf8_lossy(&rest[..error.valid_up_to()]).into_owned()),
        },
    };
    let text = text.map_err(|before| fault_at_end(name, before, Fault::Encoding))?;
    match text.char_indices().find(|&(_, character)| forbidden(character)) {
        Some((at, character)) => {
            let place = Place { file: SourceFile::new(name, text), span: at..at + character.len_utf8() };
            Err(ImportError { place, fault: Fault::Character { character: u32::from(character) } })
        }
        None => Ok(SourceFile::new(name, text)),
    }
}

/// What XML 1.0 (section 2.2) cannot hold.
fn forbidden(character: char) -> bool {
    matches!(character, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// The text, or what could be read before the fault.
fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, String> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2);
    for character in char::decode_utf16(pairs.iter().map(|&pair| unit(pair))) {
        match character {
            Ok(character) => text.push(character),
            Err(_) => return Err(text),
        }
    }
    if odd.is_empty() { Ok(text) } else { Err(text) }
}

fn fault_at_end(name: &str, before: String, fault: Fault) -> ImportError {
    let end = before.len();
    ImportError { place: Place { file: SourceFile::new(name, before), span: end..end }, fault }
}
