//! Writes registry files (`.reg`) of version 5.
//!
//! UTF-16LE with byte order mark and CRLF, one section a key. Text with a control character has no quoted form and is
//! written as bytes (`hex(1)`): importers drop the quoted line without a word.
//!
//! The format cannot delete the values of a key and keep the keys below. A deletion of all values is therefore
//! `[-key]`, which takes the keys below along; it stands before every section of that key and of keys below it, so what
//! this file sets is there afterwards. Only a value below such a key that another tool has set is lost; leaving old
//! entries of a list of trusted names in place would be worse.
//! Imported by wine and compared with its export in `tests/windows.rs`.

use super::{check_strings, kind, place, typed_bytes, utf16_file};
use crate::emit::EmitError;
use crate::vendor::registry::{Hive, RegistryAction, RegistryData, RegistryOperation};

const FORMAT: &str = "a registry file";

/// The name of a hive in a registry file.
pub fn hive_name(hive: Hive) -> &'static str {
    match hive {
        Hive::Machine => "HKEY_LOCAL_MACHINE",
        Hive::User => "HKEY_CURRENT_USER",
    }
}

/// The bytes of a file with these operations, which stand in order and hold each place once.
pub(super) fn write(operations: &[&RegistryOperation]) -> Result<Vec<u8>, EmitError> {
    let mut text = String::from("Windows Registry Editor Version 5.00\r\n");
    let mut section = None;
    for operation in operations {
        check_strings(operation, FORMAT)?;
        let key = format!("{}\\{}", hive_name(operation.hive), operation.key.as_str());
        if operation.action == RegistryAction::DeleteAllValues {
            text.extend(["\r\n[-", &key, "]\r\n"]);
            continue;
        }
        let folded = key.to_lowercase();
        if section.as_ref() != Some(&folded) {
            text.extend(["\r\n[", &key, "]\r\n"]);
            section = Some(folded);
        }
        text.push_str(&line(operation)?);
        text.push_str("\r\n");
    }
    Ok(utf16_file(&text))
}

fn line(operation: &RegistryOperation) -> Result<String, EmitError> {
    if let Some(control) = operation.name.chars().find(|c| c.is_control()) {
        return Err(EmitError::Character { setting: place(operation), format: FORMAT, character: u32::from(control) });
    }
    let name = if operation.name.is_empty() { "@".to_owned() } else { quoted(&operation.name) };
    let value = match &operation.action {
        RegistryAction::Set(RegistryData::Text(text)) if !text.chars().any(char::is_control) => quoted(text),
        RegistryAction::Set(RegistryData::Dword(number)) => format!("dword:{number:08x}"),
        RegistryAction::Set(data) => hex(data),
        RegistryAction::DeleteValue | RegistryAction::DeleteAllValues => "-".to_owned(),
    };
    Ok(format!("{name}={value}"))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn hex(data: &RegistryData) -> String {
    let (kind, bytes) = typed_bytes(data);
    debug_assert_ne!(kind, kind::DWORD, "a number of 32 bits has a form of its own");
    let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("hex({kind:x}):{}", bytes.join(","))
}
