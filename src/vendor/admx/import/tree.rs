//! XML text to a small tree whose nodes know their line.
//!
//! Only what templates use: elements, attributes, text, the five named entities and character references. A document
//! type is refused, and with it every entity of its own; so is depth beyond reason.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::Fault;
use super::decode::line_of;

const DEEPEST: usize = 32;

/// One element.
#[derive(Debug)]
pub(in crate::vendor) struct Node {
    pub(in crate::vendor) name: String,
    pub(in crate::vendor) attributes: Vec<(String, String)>,
    pub(in crate::vendor) children: Vec<Node>,
    /// The text directly inside, without that of its children.
    pub(in crate::vendor) text: String,
    pub(in crate::vendor) line: usize,
}

/// The root element. A fault comes with the number of its line.
pub(in crate::vendor) fn parse(text: &str) -> Result<Node, (usize, Fault)> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<Node> = Vec::new();
    let mut root = None;
    let mut counted = (0, 1);
    loop {
        let start = usize::try_from(reader.buffer_position()).unwrap_or(text.len()).min(text.len());
        counted = (start, counted.1 + line_of(&text.as_bytes()[counted.0..start]) - 1);
        let line = counted.1;
        let event = reader.read_event().map_err(|error| (line, Fault::Xml { reason: error.to_string() }))?;
        match event {
            Event::Start(_) if root.is_some() => return Err((line, Fault::Xml { reason: "a second root element".to_owned() })),
            Event::Start(start) => {
                if open.len() >= DEEPEST {
                    return Err((line, Fault::TooDeep));
                }
                open.push(node(&start, line)?);
            }
            Event::End(_) => {
                // quick-xml refuses an end tag that closes nothing.
                let Some(done) = open.pop() else { continue };
                match open.last_mut() {
                    Some(parent) => parent.children.push(done),
                    None => root = Some(done),
                }
            }
            Event::Text(content) => add_text(&mut open, &content.xml10_content(), line)?,
            Event::CData(content) => add_text(&mut open, &content.xml10_content(), line)?,
            Event::GeneralRef(reference) => {
                let name = format!("&{};", reference.xml10_content());
                let meant = quick_xml::escape::unescape(&name).map_err(|_| (line, Fault::Entity { name: name.clone() }))?;
                add_text(&mut open, &meant, line)?;
            }
            Event::DocType(_) => return Err((line, Fault::DocumentType)),
            Event::PI(_) => return Err((line, Fault::Xml { reason: "a processing instruction".to_owned() })),
            Event::Eof if !open.is_empty() => {
                return Err((line, Fault::Xml { reason: format!("`{}` is not closed", open[open.len() - 1].name) }));
            }
            Event::Eof => return root.ok_or((line, Fault::Xml { reason: "no element".to_owned() })),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) => {}
        }
    }
}

fn node(start: &BytesStart<'_>, line: usize) -> Result<Node, (usize, Fault)> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| (line, Fault::Xml { reason: error.to_string() }))?;
        let name = attribute.key.as_ref().to_owned();
        let value =
            attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| (line, Fault::Entity { name: name.clone() }))?;
        // Namespaces and schema hints change nothing of what a template says.
        if name != "xmlns" && !name.starts_with("xmlns:") && !name.starts_with("xsi:") {
            attributes.push((name, value.into_owned()));
        }
    }
    let name = start.name().as_ref().to_owned();
    Ok(Node { name, attributes, children: Vec::new(), text: String::new(), line })
}

fn add_text(open: &mut [Node], text: &str, line: usize) -> Result<(), (usize, Fault)> {
    match open.last_mut() {
        Some(node) => node.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err((line, Fault::Xml { reason: "text outside of the root element".to_owned() })),
    }
    Ok(())
}

impl Node {
    /// The value of an attribute.
    pub(in crate::vendor) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value of an attribute that must be there.
    pub(in crate::vendor) fn need(&self, name: &'static str) -> Result<&str, (usize, Fault)> {
        self.get(name).ok_or_else(|| self.fault(Fault::MissingAttribute { element: self.name.clone(), name }))
    }

    /// The first child of this name.
    pub(in crate::vendor) fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.name == name)
    }

    /// This fault, at this node.
    pub(in crate::vendor) fn fault(&self, fault: Fault) -> (usize, Fault) {
        (self.line, fault)
    }
}
