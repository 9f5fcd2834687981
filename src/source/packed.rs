//! Trees as bytes: the content of `baselines/` is parsed when the program is built, so that a start reads no YAML.
//!
//! Not a format for anybody else: writer and reader are always of one build. A node is a tag, the two ends of its span and
//! what belongs to the tag; numbers are LEB128, texts a length and their bytes. `build.rs` writes, `baselines.rs` reads.

use super::{Entry, Kind, Node, Span};

const NOTHING: u8 = 0;
const PLAIN: u8 = 1;
const QUOTED: u8 = 2;
const LIST: u8 = 3;
const MAP: u8 = 4;

/// Packs a tree.
pub fn pack(node: &Node) -> Vec<u8> {
    let mut bytes = Vec::new();
    put_node(&mut bytes, node);
    bytes
}

/// Unpacks a tree that [`pack`] made; `None` when the bytes are no such tree.
pub fn unpack(mut bytes: &[u8]) -> Option<Node> {
    let node = take_node(&mut bytes)?;
    bytes.is_empty().then_some(node)
}

fn put_node(bytes: &mut Vec<u8>, node: &Node) {
    let tag = match &node.kind {
        Kind::Nothing => NOTHING,
        Kind::Scalar { plain: true, .. } => PLAIN,
        Kind::Scalar { plain: false, .. } => QUOTED,
        Kind::List(_) => LIST,
        Kind::Map(_) => MAP,
    };
    bytes.push(tag);
    put_span(bytes, node.span);
    match &node.kind {
        Kind::Nothing => {}
        Kind::Scalar { text, .. } => put_text(bytes, text),
        Kind::List(items) => {
            put_length(bytes, items.len());
            for item in items {
                put_node(bytes, item);
            }
        }
        Kind::Map(entries) => {
            put_length(bytes, entries.len());
            for entry in entries {
                put_text(bytes, &entry.key);
                put_span(bytes, entry.key_span);
                put_node(bytes, &entry.value);
            }
        }
    }
}

fn put_span(bytes: &mut Vec<u8>, span: Span) {
    put_number(bytes, span.start);
    put_number(bytes, span.end);
}

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    put_length(bytes, text.len());
    bytes.extend_from_slice(text.as_bytes());
}

fn put_length(bytes: &mut Vec<u8>, length: usize) {
    put_number(bytes, u32::try_from(length).expect("a file of the content is smaller than 4 GiB"));
}

fn put_number(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(u8::try_from(number).expect("the loop ends below 0x80"));
}

fn take_node(bytes: &mut &[u8]) -> Option<Node> {
    let (tag, rest) = bytes.split_first()?;
    *bytes = rest;
    let span = take_span(bytes)?;
    let kind = match *tag {
        NOTHING => Kind::Nothing,
        PLAIN | QUOTED => Kind::Scalar { text: take_text(bytes)?, plain: *tag == PLAIN },
        LIST => {
            let length = take_number(bytes)?;
            let mut items = room(length, bytes);
            for _ in 0..length {
                items.push(take_node(bytes)?);
            }
            Kind::List(items)
        }
        MAP => {
            let length = take_number(bytes)?;
            let mut entries = room(length, bytes);
            for _ in 0..length {
                entries.push(Entry { key: take_text(bytes)?, key_span: take_span(bytes)?, value: take_node(bytes)? });
            }
            Kind::Map(entries)
        }
        _ => return None,
    };
    Some(Node { span, kind })
}

/// A list with room for so many, and never for more than the bytes could hold.
fn room<T>(length: u32, bytes: &[u8]) -> Vec<T> {
    Vec::with_capacity((length as usize).min(bytes.len()))
}

fn take_span(bytes: &mut &[u8]) -> Option<Span> {
    Some(Span { start: take_number(bytes)?, end: take_number(bytes)? })
}

fn take_text(bytes: &mut &[u8]) -> Option<String> {
    let length = take_number(bytes)? as usize;
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    String::from_utf8(text.to_vec()).ok()
}

fn take_number(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0;
    for shift in (0..35).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
