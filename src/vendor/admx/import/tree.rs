//! XML text to a small tree whose nodes know their place.
//!
//! Only what templates use: elements, attributes, text, the five named entities and character references. A document
//! type is refused, and with it every entity of its own; so is depth beyond reason.

use std::ops::Range;
use std::sync::Arc;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::{Fault, ImportError};
use crate::diag::{Place, SourceFile};

const DEEPEST: usize = 32;

/// One element.
#[derive(Debug)]
pub(in crate::vendor) struct Node {
    pub(in crate::vendor) name: String,
    pub(in crate::vendor) attributes: Vec<(String, String)>,
    pub(in crate::vendor) children: Vec<Node>,
    /// The text directly inside, without that of its children.
    pub(in crate::vendor) text: String,
    file: Arc<SourceFile>,
    /// The bytes of its start tag.
    span: Range<usize>,
}

/// The root element.
pub(in crate::vendor) fn parse(file: &Arc<SourceFile>) -> Result<Node, ImportError> {
    let mut reader = Reader::from_str(&file.text);
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<Node> = Vec::new();
    let mut root = None;
    let position = |position: u64| usize::try_from(position).unwrap_or(usize::MAX).min(file.text.len());
    loop {
        let start = position(reader.buffer_position());
        let event = reader.read_event();
        let span = start..position(reader.buffer_position()).max(start);
        let fault = |fault| ImportError { place: Place { file: Arc::clone(file), span: span.clone() }, fault };
        let xml = |reason: String| fault(Fault::Xml { reason });
        let event = event.map_err(|error| {
            let at = position(reader.error_position()).max(start);
            ImportError { place: place(file, at), fault: Fault::Xml { reason: error.to_string() } }
        })?;
        match event {
            Event::Start(_) if root.is_some() => return Err(xml("a second root element".to_owned())),
            Event::Start(_) if open.len() >= DEEPEST => return Err(fault(Fault::TooDeep)),
            Event::Start(tag) => {
                let (name, attributes) = tag_parts(&tag).map_err(fault)?;
                let (file, span) = (Arc::clone(file), span);
                open.push(Node { name, attributes, children: Vec::new(), text: String::new(), file, span });
            }
            Event::End(_) => {
                // quick-xml refuses an end tag that closes nothing.
                let Some(done) = open.pop() else { continue };
                match open.last_mut() {
                    Some(parent) => parent.children.push(done),
                    None => root = Some(done),
                }
            }
            Event::Text(content) => add_text(&mut open, &content.xml10_content()).map_err(fault)?,
            Event::CData(content) => add_text(&mut open, &content.xml10_content()).map_err(fault)?,
            Event::GeneralRef(reference) => {
                let name = format!("&{};", reference.xml10_content());
                let meant = quick_xml::escape::unescape(&name).map_err(|_| fault(Fault::Entity { name: name.clone() }))?;
                add_text(&mut open, &meant).map_err(fault)?;
            }
            Event::DocType(_) => return Err(fault(Fault::DocumentType)),
            Event::PI(_) => return Err(xml("a processing instruction".to_owned())),
            Event::Eof => {
                return match (open.last(), root) {
                    (Some(open), _) => Err(open.fault(Fault::Xml { reason: format!("`{}` is not closed", open.name) })),
                    (None, Some(root)) => Ok(root),
                    (None, None) => Err(xml("no element".to_owned())),
                };
            }
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) => {}
        }
    }
}

/// A place of no width, on a character boundary.
fn place(file: &Arc<SourceFile>, at: usize) -> Place {
    let at = file.text.floor_char_boundary(at);
    Place { file: Arc::clone(file), span: at..at }
}

/// Name and attributes of a start tag.
type TagParts = (String, Vec<(String, String)>);

fn tag_parts(tag: &BytesStart<'_>) -> Result<TagParts, Fault> {
    let mut attributes = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| Fault::Xml { reason: error.to_string() })?;
        let name = attribute.key.as_ref().to_owned();
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| Fault::Entity { name: name.clone() })?;
        // Namespaces and schema hints change nothing of what a template says.
        if name != "xmlns" && !name.starts_with("xmlns:") && !name.starts_with("xsi:") {
            attributes.push((name, value.into_owned()));
        }
    }
    Ok((tag.name().as_ref().to_owned(), attributes))
}

fn add_text(open: &mut [Node], text: &str) -> Result<(), Fault> {
    match open.last_mut() {
        Some(node) => node.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err(Fault::Xml { reason: "text outside of the root element".to_owned() }),
    }
    Ok(())
}

impl Node {
    /// The value of an attribute.
    pub(in crate::vendor) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value of an attribute that must be there.
    pub(in crate::vendor) fn need(&self, name: &'static str) -> Result<&str, ImportError> {
        self.get(name).ok_or_else(|| self.fault(Fault::MissingAttribute { element: self.name.clone(), name }))
    }

    /// The first child of this name.
    pub(in crate::vendor) fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The first child of this name, which must be there.
    pub(in crate::vendor) fn need_child(&self, name: &'static str) -> Result<&Node, ImportError> {
        self.child(name).ok_or_else(|| self.fault(Fault::MissingElement { parent: self.name.clone(), name }))
    }

    /// The children of the first child of this name.
    pub(in crate::vendor) fn inside(&self, name: &str) -> &[Node] {
        self.child(name).map(|child| child.children.as_slice()).unwrap_or_default()
    }

    /// Where the start tag stands.
    pub(in crate::vendor) fn place(&self) -> Place {
        Place { file: Arc::clone(&self.file), span: self.span.clone() }
    }

    /// This fault, at this node.
    pub(in crate::vendor) fn fault(&self, fault: Fault) -> ImportError {
        ImportError { place: self.place(), fault }
    }

    /// This node does not belong where it is.
    pub(in crate::vendor) fn unknown_in(&self, parent: &str) -> ImportError {
        self.fault(Fault::UnknownElement { parent: parent.to_owned(), name: self.name.clone() })
    }
}
