//! Declarations of accounts and the assets that they name, for device management that declares instead of pushing profiles.
//!
//! In: `declarations.tsv`, imported like the payloads. Out: for one declaration as a whole, its typed content or the first thing
//! wrong with it; its channel, its enrolments, and the types of the assets that a key may name.

use std::collections::BTreeMap;

use plist::Dictionary;

use super::check::{Judge, similar};
use super::table::{Payload, Payloads, Row, SchemaError, read_payloads};
use crate::baselines::Baselines;
use crate::value::Value;
use crate::vendor::Problem;

const DECLARATIONS: &str = "vendor/apple/declarations.tsv";

/// What the schema knows about declarations.
#[derive(Debug, Clone)]
pub struct Declarations<'a> {
    types: Payloads<'a>,
}

impl<'a> Declarations<'a> {
    /// Reads the table.
    ///
    /// # Errors
    /// [`SchemaError`] when the table is missing or a line of it is not what its form says.
    pub fn load(baselines: &'a Baselines) -> Result<Self, SchemaError> {
        let text = baselines.text(DECLARATIONS).ok_or(SchemaError::Missing { file: DECLARATIONS })?;
        Ok(Self { types: read_payloads(DECLARATIONS, text)? })
    }

    /// The types, sorted.
    pub fn types(&self) -> impl Iterator<Item = &'a str> {
        self.types.keys().copied()
    }

    /// Holds the whole content of a declaration against its type; `macos` is a line (`15`) or a release (`15.1`).
    ///
    /// # Errors
    /// The first [`Problem`] of type, version, keys, values, or what is missing.
    pub fn check(&self, kind: &str, content: &BTreeMap<String, Value>, macos: &str) -> Result<Dictionary, Problem> {
        let payload = self.payload(kind)?;
        let judge = Judge { payload, macos };
        judge.exists(&[])?;
        let mut typed = Dictionary::new();
        for (key, value) in content {
            let Some(trail) = judge.trail(&[key]) else {
                let known = payload.below("").map(|row| row.path);
                return Err(Problem::UnknownPart { what: "key", found: key.clone(), nearest: similar(key, known) });
            };
            judge.exists(&trail)?;
            let value = judge.typed(trail[0], value)?;
            judge.value(trail[0], &value)?;
            typed.insert(key.clone(), value);
        }
        match judge.missing("", &typed) {
            Some(missing) => Err(Problem::Missing { missing }),
            None => Ok(typed),
        }
    }

    /// The kinds of enrolment that take the declaration.
    ///
    /// # Errors
    /// [`Problem::UnknownName`] when there is no such type.
    pub fn enrolments(&self, kind: &str) -> Result<Vec<&'a str>, Problem> {
        Ok(words(self.payload(kind)?.enrolments))
    }

    /// The types of the assets that a key may name; none where it names no asset.
    ///
    /// # Errors
    /// [`Problem::UnknownName`] when there is no such type, [`Problem::UnknownPart`] when it has no such key.
    pub fn assets(&self, kind: &str, path: &str) -> Result<Vec<&'a str>, Problem> {
        let payload = self.payload(kind)?;
        let unknown = || Problem::UnknownPart { what: "key", found: path.to_owned(), nearest: None };
        Ok(words(payload.row(path).ok_or_else(unknown)?.assets))
    }

    /// The keys of the first level that may name an asset of this type.
    ///
    /// # Errors
    /// [`Problem::UnknownName`] when there is no such type.
    pub fn naming(&self, kind: &str, asset: &str) -> Result<Vec<&'a str>, Problem> {
        let names = |row: &&Row<'a>| words(row.assets).contains(&asset);
        Ok(self.payload(kind)?.below("").filter(names).map(|row| row.path).collect())
    }

    fn payload(&self, kind: &str) -> Result<&Payload<'a>, Problem> {
        self.types.get(kind).and_then(|variants| variants.first()).ok_or_else(|| Problem::UnknownName {
            schema: "Apple's declarations".to_owned(),
            nearest: similar(kind, self.types.keys().copied()),
        })
    }
}

fn words(list: &str) -> Vec<&str> {
    list.split('|').filter(|word| !word.is_empty()).collect()
}
