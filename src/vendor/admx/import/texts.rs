//! The strings of a template in one language.
//!
//! A template names a string as `$(string.ID)`; anything else is meant literally. Titles and labels are one line: runs of
//! white space, which the files have inside and around them, become one space.

use std::collections::BTreeMap;

use super::tree::Node;
use super::{Fault, ImportError};

/// All strings by id.
pub(in crate::vendor) struct Texts {
    /// The file, for messages.
    file: String,
    strings: BTreeMap<String, String>,
}

impl Texts {
    /// Takes the strings of an ADML file.
    pub(in crate::vendor) fn new(root: &Node) -> Result<Self, ImportError> {
        if root.name != "policyDefinitionResources" {
            return Err(root.fault(Fault::Value { name: "root element", value: root.name.clone() }));
        }
        let table = root.need_child("resources")?.need_child("stringTable")?;
        let mut strings = BTreeMap::new();
        for string in &table.children {
            if string.name != "string" {
                return Err(string.unknown_in(&table.name));
            }
            if let Some(inside) = string.children.first() {
                return Err(inside.unknown_in("string"));
            }
            let id = string.need("id")?;
            if strings.insert(id.to_owned(), one_line(&string.text)).is_some() {
                return Err(string.fault(Fault::Twice { what: "string", name: id.to_owned() }));
            }
        }
        Ok(Self { file: root.place().file.name.clone(), strings })
    }

    /// The text that the attribute `name` of `node` means.
    pub(in crate::vendor) fn of(&self, node: &Node, name: &'static str) -> Result<String, ImportError> {
        let value = node.need(name)?;
        match value.strip_prefix("$(string.").and_then(|rest| rest.strip_suffix(')')) {
            Some(id) => self.strings.get(id).cloned().ok_or_else(|| {
                let (file, id) = (self.file.clone(), id.to_owned());
                node.fault(Fault::MissingString { file, id })
            }),
            None if value.starts_with("$(") => Err(node.fault(Fault::Value { name, value: value.to_owned() })),
            None => Ok(one_line(value)),
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
