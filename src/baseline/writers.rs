//! Settings of different names that write one value: each value of a client has one writer.
//!
//! Two policies may stand for one value of the registry; then they must agree, and lie in one half of it, for a value for the
//! user beside one for the computer is decided by the program that reads them. A list that empties its key takes with it what
//! another policy writes there. A key of a payload may be given whole and in parts; then both must agree.

use std::collections::BTreeMap;

use plist::Value;

use super::{CheckedSetting, Setting};
use crate::vendor::Typed;
use crate::vendor::apple::PayloadKey;
use crate::vendor::registry::{RegistryAction, RegistryOperation};

/// Each two settings that meet in one place and disagree, and the place in words.
pub(super) fn meeting(settings: &[CheckedSetting]) -> Vec<(&Setting, &Setting, String)> {
    let mut found = in_registry(settings);
    found.extend(in_profiles(settings));
    found
}

fn operations(settings: &[CheckedSetting]) -> impl Iterator<Item = (&Setting, &RegistryOperation)> {
    settings.iter().flat_map(|CheckedSetting { setting, typed }| {
        let operations = if let Typed::Registry(operations) = typed { operations.as_slice() } else { &[] };
        operations.iter().map(move |operation| (setting, operation))
    })
}

fn in_registry(settings: &[CheckedSetting]) -> Vec<(&Setting, &Setting, String)> {
    let mut found = Vec::new();
    let mut writers: BTreeMap<(String, String), (&Setting, &RegistryOperation)> = BTreeMap::new();
    let mut emptied: BTreeMap<String, (&Setting, &RegistryOperation)> = BTreeMap::new();
    for (setting, operation) in operations(settings) {
        let key = operation.key.as_str().to_lowercase();
        if operation.action == RegistryAction::DeleteAllValues {
            emptied.entry(key.clone()).or_insert((setting, operation));
        }
        let (first, before) = *writers.entry((key, operation.name.to_lowercase())).or_insert((setting, operation));
        if first.name != setting.name && (before.action != operation.action || before.hive != operation.hive) {
            found.push((first, setting, format!("{}\\{}", operation.key.as_str(), operation.name)));
        }
    }
    if !emptied.is_empty() {
        for (setting, operation) in operations(settings) {
            if let Some((first, emptying)) = emptied.get(&operation.key.as_str().to_lowercase())
                && first.name != setting.name
                && emptying.hive == operation.hive
                && operation.action != RegistryAction::DeleteAllValues
            {
                found.push((*first, setting, format!("{}\\{}", operation.key.as_str(), operation.name)));
            }
        }
    }
    found
}

fn in_profiles(settings: &[CheckedSetting]) -> Vec<(&Setting, &Setting, String)> {
    let keys = || {
        settings.iter().filter_map(|CheckedSetting { setting, typed }| match typed {
            Typed::Profile(key) => Some((setting, key)),
            _ => None,
        })
    };
    let mut found = Vec::new();
    for (part, inner) in keys().filter(|(_, key)| key.path.len() > 1) {
        for (whole, outer) in keys().filter(|(_, key)| key.payload_type == inner.payload_type) {
            if disagree(outer, inner) {
                found.push((whole, part, part.name.clone()));
            }
        }
    }
    found
}

/// Whether a key that is given whole has another value where the other key is given.
fn disagree(outer: &PayloadKey, inner: &PayloadKey) -> bool {
    let Some(rest) = inner.path.strip_prefix(outer.path.as_slice()).filter(|rest| !rest.is_empty()) else { return false };
    let mut value = &outer.value;
    for key in rest {
        match value {
            Value::Dictionary(map) => match map.get(key) {
                Some(part) => value = part,
                None => return false,
            },
            _ => return true,
        }
    }
    *value != inner.value
}
