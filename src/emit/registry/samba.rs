//! Writes `samba-gpo.json`, which `samba-tool gpo load GUID --content=FILE --replace` takes.
//!
//! A list of entries with key, value name, `class` (`USER` or `MACHINE`; another spelling loads nothing without a word), type
//! and data: a number, a text, or a list of texts. Deletions are entries under the instructions of Registry.pol, so that the
//! file in sysvol has the same bytes as `user.pol` and `machine.pol`.
//! Loaded by a real domain controller in `tests/gpo.rs`.

use serde_json::{Value as Json, json};

use super::pol::{self, Record};
use super::{check_strings, kind};
use crate::emit::EmitError;
use crate::vendor::registry::{Hive, RegistryAction, RegistryData, RegistryOperation};

/// The entries of these operations, in their order.
pub(super) fn write(operations: &[&RegistryOperation]) -> Result<Vec<u8>, EmitError> {
    let entries = operations.iter().copied().map(entry).collect::<Result<Vec<Json>, EmitError>>()?;
    let mut bytes = serde_json::to_vec_pretty(&entries).expect("entries have text keys only");
    bytes.push(b'\n');
    Ok(bytes)
}

fn entry(operation: &RegistryOperation) -> Result<Json, EmitError> {
    check_strings(operation, "an entry for samba-tool")?;
    let class = match operation.hive {
        Hive::Machine => "MACHINE",
        Hive::User => "USER",
    };
    let records = pol::records([operation])?;
    let [Record { key, name, kind, .. }] = records.as_slice() else { unreachable!("one operation makes one record") };
    let data = match &operation.action {
        // What stands in the record of a deletion.
        RegistryAction::DeleteValue | RegistryAction::DeleteAllValues => json!(" "),
        RegistryAction::Set(RegistryData::Dword(number)) => json!(number),
        RegistryAction::Set(RegistryData::Qword(number)) => json!(number),
        RegistryAction::Set(RegistryData::Text(text) | RegistryData::ExpandText(text)) => json!(text),
        RegistryAction::Set(RegistryData::MultiText(texts)) => json!(texts),
    };
    Ok(json!({ "keyname": key, "valuename": name, "class": class, "type": kind_name(*kind), "data": data }))
}

fn kind_name(kind: u32) -> &'static str {
    match kind {
        kind::SZ => "REG_SZ",
        kind::EXPAND_SZ => "REG_EXPAND_SZ",
        kind::DWORD => "REG_DWORD",
        kind::MULTI_SZ => "REG_MULTI_SZ",
        _ => "REG_QWORD",
    }
}
