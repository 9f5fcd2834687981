//! Writes `policies.json`: the `policies` object that the program asks for.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Preferences;
use crate::emit::Lock;
use crate::emit::json::pretty;

/// The policy that carries preferences.
pub const PREFERENCES: &str = "Preferences";

/// All policies, the one that carries preferences among them.
pub(super) fn all(policies: &BTreeMap<&str, &Value>, preferences: &Preferences<'_>) -> Map<String, Value> {
    let mut all: Map<String, Value> = policies.iter().map(|(name, value)| ((*name).to_owned(), (*value).clone())).collect();
    if !preferences.is_empty() {
        let entries = preferences
            .iter()
            .map(|(name, (value, lock))| ((*name).to_owned(), json!({ "Status": status(*lock), "Value": value.to_json() })));
        all.insert(PREFERENCES.to_owned(), Value::Object(entries.collect()));
    }
    all
}

/// Renders the whole file.
pub(super) fn render(policies: &BTreeMap<&str, &Value>, preferences: &Preferences<'_>) -> String {
    pretty(json!({ "policies": all(policies, preferences) }))
}

fn status(lock: Lock) -> &'static str {
    match lock {
        Lock::Locked => "locked",
        Lock::Preset => "default",
    }
}
