//! Small XML documents in memory, written by a writer that knows the format.
//!
//! What the plan brings has no character that XML cannot carry, which `source` sees to.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// A document, or a part of one, that is written from the outside in.
pub(super) struct Xml(Writer<Vec<u8>>);

impl Xml {
    /// A file: with a declaration, indented.
    pub(super) fn document() -> Self {
        let mut xml = Self(Writer::new_with_indent(Vec::new(), b' ', 2));
        xml.event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)));
        xml
    }

    /// A part that stands inside something else: one line without a declaration.
    pub(super) fn part() -> Self {
        Self(Writer::new(Vec::new()))
    }

    /// Elements one after the other, indented, without a declaration and without one around them.
    pub(super) fn parts() -> Self {
        Self(Writer::new_with_indent(Vec::new(), b' ', 2))
    }

    fn event(&mut self, event: Event<'_>) {
        self.0.write_event(event).expect("writing to a Vec cannot fail");
    }

    fn start(name: &'static str, attributes: &[(&'static str, &str)]) -> BytesStart<'static> {
        let mut start = BytesStart::new(name);
        start.extend_attributes(attributes.iter().copied());
        start
    }

    /// Opens an element.
    pub(super) fn open(&mut self, name: &'static str, attributes: &[(&'static str, &str)]) {
        self.event(Event::Start(Self::start(name, attributes)));
    }

    /// An element without content.
    pub(super) fn empty(&mut self, name: &'static str, attributes: &[(&'static str, &str)]) {
        self.event(Event::Empty(Self::start(name, attributes)));
    }

    /// Closes the element.
    pub(super) fn close(&mut self, name: &'static str) {
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// An element that holds a text.
    pub(super) fn text(&mut self, name: &'static str, text: &str) {
        if text.is_empty() {
            return self.empty(name, &[]);
        }
        self.text_with(name, &[], text);
    }

    /// The same with attributes, for a text that is not empty.
    pub(super) fn text_with(&mut self, name: &'static str, attributes: &[(&'static str, &str)], text: &str) {
        self.open(name, attributes);
        self.event(Event::Text(BytesText::new(text)));
        self.close(name);
    }

    /// A comment; what a comment cannot hold leaves it out.
    pub(super) fn comment(&mut self, text: &str) {
        if !text.contains("--") && !text.ends_with('-') {
            self.event(Event::Comment(BytesText::from_escaped(format!(" {text} "))));
        }
    }

    /// The file, with a line end.
    pub(super) fn finish(self) -> Vec<u8> {
        let mut bytes = self.0.into_inner();
        bytes.push(b'\n');
        bytes
    }

    /// The part as text.
    pub(super) fn into_text(self) -> String {
        String::from_utf8(self.0.into_inner()).expect("the writer was given text")
    }
}
