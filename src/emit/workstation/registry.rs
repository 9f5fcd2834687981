//! What the scripts of a platform set in the registry of the computer, settled from its table `registry.tsv`.
//!
//! A row holds when the parameter `only_if` is as `is` says (`true`, `false`, a word, or `given`: not empty); its `data` is a
//! number, a text, or `$` and the name of a parameter. The scripts get the rows that hold as `registry`, and the same values
//! are written as a registry file, for a look at them and for a single computer.

use std::collections::BTreeMap;

use minijinja::value::{Value as Data, ValueKind};

use super::render::RenderError;
use crate::baselines::Baselines;
use crate::emit::{Artifact, registry};
use crate::vendor::registry::{Hive, RegistryAction, RegistryData, RegistryKey, RegistryOperation};
use crate::vendor::workstation::{Row, read_table};

/// The name of the table, and of its rows in templates.
pub(super) const NAME: &str = "registry";

/// A value that the scripts set.
pub(super) struct Entry {
    id: String,
    operation: RegistryOperation,
}

impl Entry {
    /// The row as templates see it; `kind` is the word of .NET for the type.
    pub(super) fn data(&self) -> Data {
        let (kind, data) = match &self.operation.action {
            RegistryAction::Set(RegistryData::Dword(number)) => ("DWord", Data::from(*number)),
            RegistryAction::Set(RegistryData::Text(text)) => ("String", Data::from(text.as_str())),
            _ => unreachable!("entries() makes no other"),
        };
        let cells = [
            ("id", Data::from(self.id.as_str())),
            ("key", Data::from(self.operation.key.as_str())),
            ("name", Data::from(self.operation.name.as_str())),
            ("kind", Data::from(kind)),
            ("data", data),
        ];
        Data::from(cells.into_iter().map(|(name, cell)| (name.to_owned(), cell)).collect::<BTreeMap<_, _>>())
    }
}

/// The rows that hold for these parameters; none where the platform has no such table.
pub(super) fn entries(
    platform: &str,
    parameters: &BTreeMap<String, Data>,
    baselines: &Baselines,
) -> Result<Vec<Entry>, RenderError> {
    let table = format!("scripts/{platform}/{NAME}.tsv");
    if baselines.text(&table).is_none() {
        return Ok(Vec::new());
    }
    let mut entries = Vec::new();
    for row in read_table(baselines, &table)? {
        let wrong = || RenderError::Registry { table: table.clone(), row: cell(&row, "id").to_owned() };
        let asked = parameters.get(cell(&row, "only_if")).ok_or_else(wrong)?;
        let holds = match cell(&row, "is") {
            "true" | "false" if asked.kind() != ValueKind::Bool => return Err(wrong()),
            "given" | "true" => asked.is_true(),
            "false" => !asked.is_true(),
            word => asked.as_str() == Some(word),
        };
        if holds {
            let operation = operation(&row, parameters).ok_or_else(wrong)?;
            entries.push(Entry { id: cell(&row, "id").to_owned(), operation });
        }
    }
    Ok(entries)
}

/// The values as a registry file; nothing where there are none.
pub(super) fn render(platform: &str, entries: &[Entry]) -> Result<Vec<Artifact>, RenderError> {
    let operations: Vec<RegistryOperation> = entries.iter().map(|entry| entry.operation.clone()).collect();
    Ok(registry::render_to(&operations, &format!("workstation/{platform}/{NAME}.reg"), &[])?)
}

/// The parameter behind a value of the registry file of a platform: the one that it is made of, else the one that asks for it.
pub fn parameter_at(file: &str, key: &str, name: &str, baselines: &Baselines) -> Option<String> {
    let end = format!("/{NAME}.reg");
    let platform = file.strip_suffix(&end)?.rsplit('/').next()?;
    let rows = read_table(baselines, &format!("scripts/{platform}/{NAME}.tsv")).ok()?;
    let same = |row: &&Row| key.ends_with(&format!("\\{}", cell(row, "key"))) && cell(row, "name").eq_ignore_ascii_case(name);
    let row = rows.iter().find(same)?;
    Some(format!("{platform}:{}", cell(row, "data").strip_prefix('$').unwrap_or_else(|| cell(row, "only_if"))))
}

fn operation(row: &Row, parameters: &BTreeMap<String, Data>) -> Option<RegistryOperation> {
    let data = match cell(row, "data").strip_prefix('$') {
        Some(name) => parameters.get(name)?.to_string(),
        None => cell(row, "data").to_owned(),
    };
    let data = match cell(row, "type") {
        "number" => RegistryData::Dword(data.parse().ok()?),
        "text" => RegistryData::Text(data),
        _ => return None,
    };
    let key = RegistryKey::new(cell(row, "key"))?;
    Some(RegistryOperation { hive: Hive::Machine, key, name: cell(row, "name").to_owned(), action: RegistryAction::Set(data) })
}

fn cell<'a>(row: &'a Row, column: &str) -> &'a str {
    row.get(column).map_or("", String::as_str)
}
