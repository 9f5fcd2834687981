//! A policy's value as the registry of Windows holds it.
//!
//! Both families read the half of the computer below a key of their own. Chromium's take a flag or number as `REG_DWORD`, a
//! text as `REG_SZ`, a list of texts as a key with values named from 1, and everything else as JSON in one `REG_SZ`
//! (`components/policy` of Chromium; the templates show the same). Firefox takes JSON where its schema says
//! `contentMediaType`, and otherwise a key for each level, in which a list has values, or keys, named from 1
//! (`WindowsGPOParser` of Firefox). Old entries of a list go away before the new ones are written. Programs of Mozilla also
//! take JSON in a `REG_MULTI_SZ` for any policy, which keeps every type as it is; Thunderbird's are written so.

use serde_json::Value;

use super::Setting;
use crate::vendor::node::Node;
use crate::vendor::registry::{Hive, RegistryAction, RegistryData, RegistryKey, RegistryOperation};

/// How the registry holds a value that is more than a flag, a number or a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistryForm {
    /// JSON in one value.
    Text,
    /// A key for each level.
    Keys,
    /// JSON in one value of lines.
    Lines,
}

impl RegistryForm {
    /// Reads the word of a table.
    pub(super) fn read(word: &str) -> Option<Self> {
        match word {
            "text" => Some(Self::Text),
            "keys" => Some(Self::Keys),
            _ => None,
        }
    }

    /// The form that Chromium takes for a shape.
    pub(super) fn of_chromium(shape: &Node) -> Self {
        match shape {
            Node::List(of) | Node::Short(_, of) if matches!(**of, Node::Text(_) | Node::Formed(_)) => Self::Keys,
            _ => Self::Text,
        }
    }
}

impl Setting {
    /// What the registry must hold; `None` when a name or number has no form there.
    pub fn operations(&self) -> Option<Vec<RegistryOperation>> {
        operations(&self.places.registry_key, &self.policy, &self.value, self.form)
    }
}

/// What the registry must hold below `key` for a policy; `None` when a name or number has no form there.
pub fn operations(key: &str, policy: &str, value: &Value, form: RegistryForm) -> Option<Vec<RegistryOperation>> {
    let mut operations = Vec::new();
    write(key, policy, value, form, &mut operations)?;
    Some(operations)
}

fn write(key: &str, name: &str, value: &Value, form: RegistryForm, operations: &mut Vec<RegistryOperation>) -> Option<()> {
    let own = |key: &str, name: &str, action| {
        Some(RegistryOperation { hive: Hive::Machine, key: RegistryKey::new(key)?, name: name.to_owned(), action })
    };
    let set = |data| own(key, name, RegistryAction::Set(data));
    match value {
        Value::Bool(flag) => operations.push(set(RegistryData::Dword((*flag).into()))?),
        Value::Number(number) => operations.push(set(RegistryData::Dword(u32::try_from(number.as_i64()?).ok()?))?),
        Value::String(text) => operations.push(set(RegistryData::Text(text.clone()))?),
        Value::Array(_) | Value::Object(_) if form == RegistryForm::Text => {
            operations.push(set(RegistryData::Text(value.to_string()))?);
        }
        Value::Array(_) | Value::Object(_) if form == RegistryForm::Lines => {
            operations.push(set(RegistryData::MultiText(vec![value.to_string()]))?);
        }
        Value::Array(items) => {
            let below = format!("{key}\\{name}");
            operations.push(own(&below, "", RegistryAction::DeleteAllValues)?);
            for (index, item) in items.iter().enumerate() {
                write(&below, &(index + 1).to_string(), item, form, operations)?;
            }
        }
        Value::Object(map) => {
            let below = format!("{key}\\{name}");
            for (inner, value) in map {
                write(&below, inner, value, form, operations)?;
            }
        }
        Value::Null => return None,
    }
    Some(())
}
