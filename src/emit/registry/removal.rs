//! What an earlier generation set and this one does not: the values that must go.
//!
//! A value below the policy keys goes by itself when a Group Policy object stops naming it, but a `.reg` file, LGPO and Intune
//! leave it. "Not configured" cannot be said in any of these forms, so the value is deleted by name. What an earlier
//! generation deleted stays deleted until it is set again: a computer may have missed the generation between.

use std::collections::{BTreeMap, BTreeSet};

use super::pol::{DELETE_VALUE, Record};
use crate::vendor::registry::{Hive, RegistryAction, RegistryKey, RegistryOperation};

/// A value of the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ValuePlace {
    hive: Hive,
    key: RegistryKey,
    name: String,
}

/// The values that an earlier generation set or deleted, by role and by the folder of the files that did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Previous(BTreeMap<String, BTreeMap<String, Vec<ValuePlace>>>);

impl Previous {
    /// Takes the records of a policy file of one half, which lay in `folder` of the role. A record whose key no policy could
    /// have is passed over: it was not ours.
    pub fn add(&mut self, role: &str, folder: &str, hive: Hive, records: Vec<Record>) {
        let place = |record: Record| {
            let name = match record.name.strip_prefix("**") {
                None => record.name,
                Some(_) => record.name.strip_prefix(DELETE_VALUE)?.to_owned(),
            };
            Some(ValuePlace { hive, key: RegistryKey::new(&record.key)?, name })
        };
        self.0
            .entry(role.to_owned())
            .or_default()
            .entry(folder.to_owned())
            .or_default()
            .extend(records.into_iter().filter_map(place));
    }

    /// The roles that had registry settings.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The deletions that the files of a folder need besides the operations of now.
    pub fn removals(&self, role: &str, folder: &str, now: &[RegistryOperation]) -> Vec<RegistryOperation> {
        let Some(earlier) = self.0.get(role).and_then(|folders| folders.get(folder)) else { return Vec::new() };
        let folded = |hive: Hive, key: &RegistryKey, name: &str| (hive, key.as_str().to_lowercase(), name.to_lowercase());
        let emptied = |operation: &&RegistryOperation| operation.action == RegistryAction::DeleteAllValues;
        let mut settled: BTreeSet<_> = now
            .iter()
            .filter(|operation| !emptied(operation))
            .map(|operation| folded(operation.hive, &operation.key, &operation.name))
            .collect();
        let keys: BTreeSet<_> = now.iter().filter(emptied).map(|operation| folded(operation.hive, &operation.key, "")).collect();
        let mut removals = Vec::new();
        for ValuePlace { hive, key, name } in earlier {
            if !keys.contains(&folded(*hive, key, "")) && settled.insert(folded(*hive, key, name)) {
                let (key, name) = (key.clone(), name.clone());
                removals.push(RegistryOperation { hive: *hive, key, name, action: RegistryAction::DeleteValue });
            }
        }
        removals
    }
}
