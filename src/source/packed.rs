//! Trees as bytes: the content of `baselines/` is parsed when the program is built, so that a start reads no YAML.
//!
//! Not a format for anybody else: writer and reader are always of one build. A node is a tag, start and length of its span
//! and what belongs to the tag; numbers are LEB128. Of a text its length stands there; the texts themselves follow each other in
//! a string of their own, from which the tree borrows them. `build.rs` writes, `baselines.rs` reads.

use std::borrow::Cow;

use super::{Entry, Kind, Node, Span};

const NOTHING: u8 = 0;
const PLAIN: u8 = 1;
const QUOTED: u8 = 2;
const LIST: u8 = 3;
const MAP: u8 = 4;

/// A tree as bytes, and its texts one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Packed {
    /// The nodes.
    pub nodes: Vec<u8>,
    /// The texts, in the order of the nodes.
    pub texts: String,
}

/// Packs a tree.
pub fn pack(node: &Node) -> Packed {
    let mut packed = Packed::default();
    packed.put_node(node);
    packed
}

/// Unpacks a tree that [`pack`] made; `None` when nodes and texts are no such tree.
pub fn unpack(nodes: &[u8], texts: &'static str) -> Option<Node> {
    let mut reader = Reader { nodes, texts };
    let node = reader.node()?;
    (reader.nodes.is_empty() && reader.texts.is_empty()).then_some(node)
}

impl Packed {
    fn put_node(&mut self, node: &Node) {
        let tag = match &node.kind {
            Kind::Nothing => NOTHING,
            Kind::Scalar { plain: true, .. } => PLAIN,
            Kind::Scalar { plain: false, .. } => QUOTED,
            Kind::List(_) => LIST,
            Kind::Map(_) => MAP,
        };
        self.nodes.push(tag);
        self.put_span(node.span);
        match &node.kind {
            Kind::Nothing => {}
            Kind::Scalar { text, .. } => self.put_text(text),
            Kind::List(items) => {
                self.put_length(items.len());
                for item in items {
                    self.put_node(item);
                }
            }
            Kind::Map(entries) => {
                self.put_length(entries.len());
                for entry in entries {
                    self.put_text(&entry.key);
                    self.put_span(entry.key_span);
                    self.put_node(&entry.value);
                }
            }
        }
    }

    fn put_span(&mut self, span: Span) {
        self.put_number(span.start);
        self.put_number(span.end.checked_sub(span.start).expect("a span ends at or after its start"));
    }

    fn put_text(&mut self, text: &str) {
        self.put_length(text.len());
        self.texts.push_str(text);
    }

    fn put_length(&mut self, length: usize) {
        self.put_number(u32::try_from(length).expect("a file of the content is smaller than 4 GiB"));
    }

    fn put_number(&mut self, mut number: u32) {
        while number >= 0x80 {
            self.nodes.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.nodes.push(u8::try_from(number).expect("the loop ends below 0x80"));
    }
}

/// What of a packed tree was not read yet.
struct Reader<'a> {
    nodes: &'a [u8],
    texts: &'static str,
}

impl Reader<'_> {
    fn node(&mut self) -> Option<Node> {
        let tag = self.byte()?;
        let span = self.span()?;
        let kind = match tag {
            NOTHING => Kind::Nothing,
            PLAIN | QUOTED => Kind::Scalar { text: self.text()?, plain: tag == PLAIN },
            LIST => {
                let length = self.number()?;
                let mut items = self.room(length);
                for _ in 0..length {
                    items.push(self.node()?);
                }
                Kind::List(items)
            }
            MAP => {
                let length = self.number()?;
                let mut entries = self.room(length);
                for _ in 0..length {
                    entries.push(Entry { key: self.text()?, key_span: self.span()?, value: self.node()? });
                }
                Kind::Map(entries)
            }
            _ => return None,
        };
        Some(Node { span, kind })
    }

    /// A list with room for so many, and never for more than the bytes could hold.
    fn room<T>(&self, length: u32) -> Vec<T> {
        Vec::with_capacity((length as usize).min(self.nodes.len()))
    }

    fn span(&mut self) -> Option<Span> {
        let start = self.number()?;
        Some(Span { start, end: start.checked_add(self.number()?)? })
    }

    fn text(&mut self) -> Option<Cow<'static, str>> {
        let length = self.number()? as usize;
        let (text, rest) = self.texts.split_at_checked(length)?;
        self.texts = rest;
        Some(Cow::Borrowed(text))
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = 0;
        let mut shift = 0;
        loop {
            let byte = self.byte()?;
            number |= u32::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
            shift += 7;
        }
    }

    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.nodes.split_first()?;
        self.nodes = rest;
        Some(*byte)
    }
}
