//! Reads content files strictly: a map gives up its keys one by one, and what nobody asked for is a finding.

use crate::diag::{Code, Finding};
use crate::source::{Document, Entry, Node};
use crate::value::Value;
use crate::vendor::nearest;

/// A map of a content file while it is read.
pub(super) struct MapReader<'a> {
    document: &'a Document,
    /// The node itself, for places.
    pub(super) node: &'a Node,
    entries: Vec<Option<&'a Entry>>,
    asked: Vec<&'static str>,
}

impl<'a> MapReader<'a> {
    /// Starts to read `node`; a finding when it is no map.
    pub(super) fn new(document: &'a Document, node: &'a Node, findings: &mut Vec<Finding>) -> Option<Self> {
        let Some(entries) = node.entries() else {
            findings.push(form(document, node, format!("a map belongs here, not {}", node.kind_word())));
            return None;
        };
        Some(Self { document, node, entries: entries.iter().map(Some).collect(), asked: Vec::new() })
    }

    /// Takes the value of a key that may be absent.
    pub(super) fn take(&mut self, key: &'static str) -> Option<&'a Node> {
        self.asked.push(key);
        let slot = self.entries.iter_mut().find(|slot| slot.is_some_and(|entry| entry.key == key))?;
        slot.take().map(|entry| &entry.value)
    }

    /// Takes the value of a key that must be there.
    pub(super) fn require(&mut self, key: &'static str, findings: &mut Vec<Finding>) -> Option<&'a Node> {
        let value = self.take(key);
        if value.is_none() {
            findings.push(form(self.document, self.node, format!("the key `{key}` is missing")));
        }
        value
    }

    /// Takes the text of a key that must be there.
    pub(super) fn require_text(&mut self, key: &'static str, findings: &mut Vec<Finding>) -> Option<String> {
        let node = self.require(key, findings)?;
        text(self.document, node, findings)
    }

    /// Takes the text of a key that may be absent.
    pub(super) fn take_text(&mut self, key: &'static str, findings: &mut Vec<Finding>) -> Option<String> {
        let node = self.take(key)?;
        text(self.document, node, findings)
    }

    /// Takes a list of texts; absent is empty.
    pub(super) fn take_texts(&mut self, key: &'static str, findings: &mut Vec<Finding>) -> Vec<String> {
        self.take(key).map(|node| texts(self.document, node, findings)).unwrap_or_default()
    }

    /// Reports the keys that nobody asked for.
    pub(super) fn finish(self, findings: &mut Vec<Finding>) {
        for entry in self.entries.into_iter().flatten() {
            let finding = Finding::error(Code::CatalogueForm, format!("there is no key `{}` here", entry.key))
                .at(self.document.place(entry.key_span));
            findings.push(match nearest(&entry.key, self.asked.iter().copied()) {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding.help(format!("the keys here are: {}", self.asked.join(", "))),
            });
        }
    }
}

/// A finding on the form of a content file.
pub(super) fn form(document: &Document, node: &Node, message: impl Into<String>) -> Finding {
    Finding::error(Code::CatalogueForm, message).at(document.place(node.span))
}

/// A finding on a name that the content uses and nothing defines.
pub(super) fn reference(document: &Document, node: &Node, message: impl Into<String>) -> Finding {
    Finding::error(Code::CatalogueReference, message).at(document.place(node.span))
}

/// The text of a scalar, numbers and flags as they are spelled.
pub(super) fn text(document: &Document, node: &Node, findings: &mut Vec<Finding>) -> Option<String> {
    let text = node.text().map(str::to_owned);
    if text.is_none() {
        findings.push(form(document, node, format!("text belongs here, not {}", node.kind_word())));
    }
    text
}

/// The texts of a list.
pub(super) fn texts(document: &Document, node: &Node, findings: &mut Vec<Finding>) -> Vec<String> {
    let Some(items) = node.items() else {
        findings.push(form(document, node, format!("a list belongs here, not {}", node.kind_word())));
        return Vec::new();
    };
    items.iter().filter_map(|item| text(document, item, findings)).collect()
}

/// A node as a value, by YAML's own types; nothing has no value.
pub(super) fn value(document: &Document, node: &Node, findings: &mut Vec<Finding>) -> Option<Value> {
    if let Some(items) = node.items() {
        return Some(Value::List(items.iter().filter_map(|item| value(document, item, findings)).collect()));
    }
    if let Some(entries) = node.entries() {
        return Some(Value::Map(
            entries.iter().filter_map(|entry| Some((entry.key.to_string(), value(document, &entry.value, findings)?))).collect(),
        ));
    }
    if let Some(flag) = node.flag() {
        return Some(Value::Flag(flag));
    }
    if let Some(number) = node.number() {
        return Some(Value::Number(number));
    }
    text(document, node, findings).map(Value::Text)
}
