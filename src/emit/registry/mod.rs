//! Writes the registry of Windows, for whatever program its values are: the artifacts of the folder `outlook/`, which has its name from
//! the program with most of them, and the same forms in the folders of others.
//!
//! In: the registry operations of one role, in order. Out: `outlook.reg` with both halves of the registry, for a machine
//! without a domain; `user.pol` and `machine.pol`, which Group Policy and LGPO.exe take; `lgpo.txt`, the text form of LGPO;
//! `samba-gpo.json` for a Samba domain. A half without operations gets no `.pol`, and no operations give no files.
//!
//! All files have the same order: hive, key, deletion of all values, value name, without regard to case. Two operations
//! on one value must agree; the deletion of all values of a key goes together with values that are set in it.

mod lgpo;
pub mod pol;
pub mod reg;
mod removal;
mod samba;
#[cfg(test)]
mod tests;

pub use pol::DELETE_VALUE;
pub use reg::hive_name;
pub use removal::Previous;

use super::{Artifact, EmitError};
use crate::vendor::registry::{Hive, RegistryAction, RegistryData, RegistryOperation};

/// The folder below the role's.
pub const FOLDER: &str = "outlook";
/// Where the registry text goes.
pub const REG: &str = "outlook/outlook.reg";
/// Where the policy file of the user half goes.
pub const USER_POL: &str = "outlook/user.pol";
/// Where the policy file of the computer half goes.
pub const MACHINE_POL: &str = "outlook/machine.pol";

/// Where the text for LGPO.exe goes.
pub const LGPO: &str = "outlook/lgpo.txt";
/// Where the entries for `samba-tool` go.
pub const SAMBA: &str = "outlook/samba-gpo.json";

/// The registry file and the policy files of these operations.
///
/// # Errors
/// [`EmitError::Twice`] when two operations want different things of one value, [`EmitError::Character`] when a name or
/// text holds what a file format cannot carry.
pub fn render(operations: &[RegistryOperation]) -> Result<Vec<Artifact>, EmitError> {
    render_to(operations, REG, &[(Hive::User, USER_POL), (Hive::Machine, MACHINE_POL)])
}

/// The same at other places: one registry file, and a policy file for each half that is named.
///
/// # Errors
/// As [`render`].
pub fn render_to(operations: &[RegistryOperation], reg: &str, pols: &[(Hive, &str)]) -> Result<Vec<Artifact>, EmitError> {
    let operations = settle(operations)?;
    if operations.is_empty() {
        return Ok(Vec::new());
    }
    let mut artifacts = vec![Artifact::data(reg, reg::write(&operations)?)];
    for &(hive, path) in pols {
        let records = pol::records(operations.iter().copied().filter(|operation| operation.hive == hive))?;
        if !records.is_empty() {
            artifacts.push(Artifact::data(path, pol::write(&records)));
        }
    }
    Ok(artifacts)
}

/// The same for programs with forms of their own: LGPO.exe and `samba-tool`.
///
/// # Errors
/// [`EmitError`] as [`render`], and for what the text form of LGPO cannot carry.
pub fn render_for_tools(operations: &[RegistryOperation]) -> Result<Vec<Artifact>, EmitError> {
    let operations = settle(operations)?;
    if operations.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![Artifact::data(LGPO, lgpo::write(&operations)?), Artifact::data(SAMBA, samba::write(&operations)?)])
}

/// The operations in order, each place once.
///
/// # Errors
/// [`EmitError::Twice`] when two operations want different things of one value.
pub fn settle(operations: &[RegistryOperation]) -> Result<Vec<&RegistryOperation>, EmitError> {
    let mut sorted: Vec<_> = operations.iter().map(|operation| (operation.order(), operation)).collect();
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    let mut settled: Vec<&RegistryOperation> = Vec::with_capacity(sorted.len());
    let mut last = None;
    for (order, operation) in sorted {
        match settled.last() {
            Some(earlier) if last.as_ref() == Some(&order) => {
                if earlier.action != operation.action {
                    return Err(EmitError::Twice { place: place(operation) });
                }
            }
            _ => settled.push(operation),
        }
        last = Some(order);
    }
    Ok(settled)
}

/// Where an operation acts, for messages.
fn place(operation: &RegistryOperation) -> String {
    format!("{}\\{}, {}", reg::hive_name(operation.hive), operation.key.as_str(), operation.name)
}

/// Refuses NUL, which ends every string of the registry, in names and texts, and an empty text inside a list of texts.
fn check_strings(operation: &RegistryOperation, format: &'static str) -> Result<(), EmitError> {
    let refuse = || EmitError::Character { setting: place(operation), format, character: 0 };
    let ends_early = |text: &String| text.contains('\0');
    let bad_data = match &operation.action {
        RegistryAction::Set(RegistryData::Text(text) | RegistryData::ExpandText(text)) => ends_early(text),
        RegistryAction::Set(RegistryData::MultiText(texts)) => texts.iter().any(|text| text.is_empty() || ends_early(text)),
        _ => false,
    };
    if bad_data || ends_early(&operation.name) { Err(refuse()) } else { Ok(()) }
}

/// Adds a text in UTF-16LE.
fn push_utf16(bytes: &mut Vec<u8>, text: &str) {
    bytes.reserve(2 * text.len());
    for unit in text.encode_utf16() {
        bytes.extend_from_slice(&unit.to_le_bytes());
    }
}

/// Adds a text in UTF-16LE with its terminating NUL.
fn push_utf16_with_nul(bytes: &mut Vec<u8>, text: &str) {
    push_utf16(bytes, text);
    bytes.extend_from_slice(&[0, 0]);
}

/// A text in UTF-16LE with its terminating NUL.
fn utf16_with_nul(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(2 * text.len() + 2);
    push_utf16_with_nul(&mut bytes, text);
    bytes
}

/// A text as a file in UTF-16LE, which starts with a byte order mark.
fn utf16_file(text: &str) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xFE];
    push_utf16(&mut bytes, text);
    bytes
}

/// Registry type and bytes of a value, as both formats hold them.
fn typed_bytes(data: &RegistryData) -> (u32, Vec<u8>) {
    match data {
        RegistryData::Text(text) => (kind::SZ, utf16_with_nul(text)),
        RegistryData::ExpandText(text) => (kind::EXPAND_SZ, utf16_with_nul(text)),
        RegistryData::Dword(number) => (kind::DWORD, number.to_le_bytes().to_vec()),
        RegistryData::MultiText(texts) => {
            let mut bytes = Vec::new();
            for text in texts {
                push_utf16_with_nul(&mut bytes, text);
            }
            bytes.extend([0, 0]);
            (kind::MULTI_SZ, bytes)
        }
        RegistryData::Qword(number) => (kind::QWORD, number.to_le_bytes().to_vec()),
    }
}

/// The numbers of the registry's types.
mod kind {
    pub(super) const SZ: u32 = 1;
    pub(super) const EXPAND_SZ: u32 = 2;
    pub(super) const DWORD: u32 = 4;
    pub(super) const MULTI_SZ: u32 = 7;
    pub(super) const QWORD: u32 = 11;
}
