//! Writes the text form of LGPO.exe (`LGPO.exe /t lgpo.txt`).
//!
//! Four lines for each value, `Computer` or `User`, the key, the value's name, what is done, then a blank line. The form has
//! no way to spell a line break, so a text that holds one is refused here; it stands in the `.pol` files all the same.
//! A deletion of all values is `DELETEALLVALUES` under the name `*`. Several texts of one value are divided by `\0`, so a text
//! that holds these two characters is refused as well. ASCII stays ASCII; anything else makes the file UTF-16LE with a byte
//! order mark, by which Windows programs tell it apart.
//! Format: the manual of LGPO.exe. The program runs on Windows only; an independent reader reads it in `tests/gpo.rs`.

use std::fmt::Write as _;

use super::{check_strings, place, utf16_file};
use crate::emit::EmitError;
use crate::vendor::registry::{Hive, RegistryAction, RegistryData, RegistryOperation};

const FORMAT: &str = "the text form of LGPO";
/// What divides the texts of one value.
const DIVIDER: &str = "\\0";

/// The text of these operations, in their order.
pub(super) fn write(operations: &[&RegistryOperation]) -> Result<Vec<u8>, EmitError> {
    let mut text = String::new();
    for operation in operations {
        check_strings(operation, FORMAT)?;
        let half = match operation.hive {
            Hive::Machine => "Computer",
            Hive::User => "User",
        };
        let (name, action) = match &operation.action {
            RegistryAction::DeleteAllValues => ("*", "DELETEALLVALUES".to_owned()),
            RegistryAction::DeleteValue => (operation.name.as_str(), "DELETE".to_owned()),
            RegistryAction::Set(data) => (operation.name.as_str(), spelled(data)),
        };
        if let RegistryAction::Set(RegistryData::MultiText(texts)) = &operation.action
            && texts.iter().any(|text| text.contains(DIVIDER))
        {
            return Err(EmitError::Character { setting: place(operation), format: FORMAT, character: u32::from('\\') });
        }
        let control = |text: &str| text.chars().find(|character| character.is_control());
        if let Some(character) = control(name).or_else(|| control(&action)) {
            return Err(EmitError::Character { setting: place(operation), format: FORMAT, character: u32::from(character) });
        }
        write!(text, "{half}\r\n{}\r\n{name}\r\n{action}\r\n\r\n", operation.key.as_str())
            .expect("writing to a String cannot fail");
    }
    if text.is_ascii() {
        return Ok(text.into_bytes());
    }
    Ok(utf16_file(&text))
}

fn spelled(data: &RegistryData) -> String {
    match data {
        RegistryData::Dword(number) => format!("DWORD:{number}"),
        RegistryData::Qword(number) => format!("QWORD:{number}"),
        RegistryData::Text(text) => format!("SZ:{text}"),
        RegistryData::ExpandText(text) => format!("EXSZ:{text}"),
        RegistryData::MultiText(texts) => format!("MULTISZ:{}", texts.join(DIVIDER)),
    }
}
