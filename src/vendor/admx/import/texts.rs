//! The English strings of a template.
//!
//! A template names a string as `$(string.ID)`; anything else is meant literally. Titles and labels are one line: runs of
//! white space, which the files have inside and around them, become one space.

use std::collections::BTreeMap;

use super::tree::Node;
use super::{Fault, Placed};

/// All strings by id.
pub(in crate::vendor) struct Texts {
    strings: BTreeMap<String, String>,
}

impl Texts {
    /// Takes the strings of an ADML file.
    pub(in crate::vendor) fn new(root: &Node) -> Result<Self, Placed> {
        let missing = |node: &Node, name| node.fault(Fault::MissingElement { parent: node.name.clone(), name });
        if root.name != "policyDefinitionResources" {
            return Err(root.fault(Fault::Value { name: "root element", value: root.name.clone() }));
        }
        let resources = root.child("resources").ok_or_else(|| missing(root, "resources"))?;
        let table = resources.child("stringTable").ok_or_else(|| missing(resources, "stringTable"))?;
        let mut strings = BTreeMap::new();
        for string in &table.children {
            if string.name != "string" || !string.children.is_empty() {
                return Err(string.fault(Fault::UnknownElement { parent: table.name.clone(), name: string.name.clone() }));
            }
            let id = string.need("id")?;
            if strings.insert(id.to_owned(), one_line(&string.text)).is_some() {
                return Err(string.fault(Fault::Twice { what: "string", name: id.to_owned() }));
            }
        }
        Ok(Self { strings })
    }

    /// The text that the attribute `name` of `node` means.
    pub(in crate::vendor) fn of(&self, node: &Node, name: &'static str) -> Result<String, Placed> {
        let value = node.need(name)?;
        match value.strip_prefix("$(string.").and_then(|rest| rest.strip_suffix(')')) {
            Some(id) => self.strings.get(id).cloned().ok_or_else(|| node.fault(Fault::MissingString { id: id.to_owned() })),
            None if value.starts_with("$(") => Err(node.fault(Fault::Value { name, value: value.to_owned() })),
            None => Ok(one_line(value)),
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
