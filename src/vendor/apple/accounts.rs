//! Where declarations say what the payloads of accounts say.
//!
//! In: `account-declarations.tsv`, whose head describes its form. Out: for a key of such a payload and its value the place in a
//! declaration and the value there, and what a payload says by being there. A key without a line has no such place.

use std::collections::{BTreeMap, BTreeSet};

use super::table::SchemaError;
use crate::baselines::Baselines;
use crate::value::Value;

const TABLE: &str = "vendor/apple/account-declarations.tsv";
/// The end of a path whose value is a list of one.
const LIST: &str = "/[]";

/// A key of a declaration with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredKey {
    /// The declaration's type.
    pub kind: String,
    /// The keys from its payload inwards; never empty.
    pub path: Vec<String>,
    /// The value.
    pub value: Value,
}

#[derive(Debug, Clone, Copy)]
struct Row<'a> {
    kind: &'a str,
    path: &'a str,
    value: &'a str,
}

/// The table.
#[derive(Debug, Clone)]
pub struct Accounts<'a> {
    keys: BTreeMap<&'a str, Row<'a>>,
    /// What payloads say by being there, by their type.
    said: Vec<(&'a str, Row<'a>)>,
}

impl<'a> Accounts<'a> {
    /// Reads the table.
    ///
    /// # Errors
    /// [`SchemaError`] when it is missing or a line of it is not what its form says.
    pub(super) fn load(baselines: &'a Baselines) -> Result<Self, SchemaError> {
        let text = baselines.text(TABLE).ok_or(SchemaError::Missing { file: TABLE })?;
        let mut accounts = Self { keys: BTreeMap::new(), said: Vec::new() };
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            let wrong = |reason| SchemaError::Line { file: TABLE, line: index + 1, reason };
            let cells: Vec<&str> = line.split('\t').collect();
            let &[name, kind, path, value] = &cells[..] else { return Err(wrong("it does not have 4 fields")) };
            if name.is_empty() || kind.is_empty() || path.is_empty() {
                return Err(wrong("a field is empty"));
            }
            let row = Row { kind, path, value };
            if !name.contains(':') {
                if value.is_empty() {
                    return Err(wrong("a line without a key needs a value"));
                }
                accounts.said.push((name, row));
            } else if !words(value).all(|word| word.contains('=')) {
                return Err(wrong("a value is not `word=word`"));
            } else if accounts.keys.insert(name, row).is_some() {
                return Err(wrong("its key stands there twice"));
            }
        }
        Ok(accounts)
    }

    /// Whether a payload is one of an account that can be declared.
    pub fn holds(&self, payload_type: &str) -> bool {
        self.keys.keys().any(|name| name.split(':').next() == Some(payload_type))
    }

    /// The place of a setting in a declaration; `None` where it has none, or its value has no word there.
    pub fn declared(&self, setting: &str, value: &Value) -> Option<DeclaredKey> {
        let row = self.keys.get(setting)?;
        let value = match value {
            Value::Text(text) if !row.value.is_empty() => {
                let pair = |word: &'a str| word.split_once('=').filter(|(from, _)| from == text);
                Value::Text(words(row.value).find_map(pair)?.1.to_owned())
            }
            Value::Flag(_) | Value::Number(_) | Value::Text(_) => value.clone(),
            Value::List(_) | Value::Map(_) | Value::Personal(_) => return None,
        };
        Some(row.with(value))
    }

    /// What a payload of this type says by being there.
    pub fn said<'t>(&'t self, payload_type: &'t str) -> impl Iterator<Item = DeclaredKey> + 't {
        let rows = self.said.iter().filter(move |(own, _)| *own == payload_type);
        rows.map(|(_, row)| row.with(row.value.into()))
    }

    /// The settings from which a key of a declaration is made, those first whose payload has all its keys there; of what a
    /// payload says by being there the keys beside it. `there` tells whether the declaration has a path.
    pub fn behind(&self, kind: &str, path: &[String], there: &dyn Fn(&[&str]) -> bool) -> Vec<String> {
        let around = |row: &Row<'_>| row.kind == kind && steps(row.path).iter().zip(path).all(|(a, b)| a == b);
        let of_kind = |name: &&&str| self.keys[**name].kind == kind;
        let absent = |payload: &str| {
            let own = self.keys.keys().filter(of_kind).filter(|name| payload_of(name) == payload);
            own.filter(|name| !there(&steps(self.keys[**name].path))).count()
        };
        let mut names: Vec<&str> = self.keys.iter().filter(|(_, row)| around(row)).map(|(name, _)| *name).collect();
        if names.is_empty() {
            let said: Vec<&str> = self.said.iter().filter(|(_, row)| around(row)).map(|(payload, _)| *payload).collect();
            let beside = self.keys.keys().filter(of_kind).filter(|name| said.contains(&payload_of(name)));
            names.extend(beside.filter(|name| there(&steps(self.keys[**name].path))));
        }
        // Of payloads whose keys are all there, the one with more of them is the one that was.
        let of_payload = |payload: &str| self.keys.keys().filter(of_kind).filter(|name| payload_of(name) == payload).count();
        names.sort_by_key(|name| (absent(payload_of(name)), std::cmp::Reverse(of_payload(payload_of(name)))));
        names.into_iter().map(str::to_owned).collect()
    }

    /// The settings from which an asset is made that a declaration of this type names.
    pub fn behind_asset(&self, kind: &str, asset: &str) -> Vec<String> {
        let payloads: BTreeSet<&str> =
            self.keys.iter().filter(|(_, row)| row.kind == kind).map(|(name, _)| payload_of(name)).collect();
        let of_asset = self.keys.iter().filter(|(name, row)| row.kind == asset && payloads.contains(payload_of(name)));
        of_asset.map(|(name, _)| (*name).to_owned()).collect()
    }

    /// The names of the settings that have a place, sorted.
    pub fn settings(&self) -> impl Iterator<Item = &'a str> {
        self.keys.keys().copied()
    }
}

impl Row<'_> {
    fn with(&self, value: Value) -> DeclaredKey {
        let (path, value) = match self.path.strip_suffix(LIST) {
            Some(path) => (path, Value::List(vec![value])),
            None => (self.path, value),
        };
        DeclaredKey { kind: self.kind.to_owned(), path: path.split('/').map(str::to_owned).collect(), value }
    }
}

/// The payload of a setting's name.
fn payload_of(name: &str) -> &str {
    name.split(':').next().unwrap_or(name)
}

/// The keys of a path, without the mark of a list.
fn steps(path: &str) -> Vec<&str> {
    path.strip_suffix(LIST).unwrap_or(path).split('/').collect()
}

fn words(list: &str) -> impl Iterator<Item = &str> {
    list.split('|').filter(|word| !word.is_empty())
}
