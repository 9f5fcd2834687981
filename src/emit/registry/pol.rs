//! Writes and reads Group Policy registry files (`Registry.pol`).
//!
//! A file is `PReg`, the version 1, and records `[key;value;type;size;data]`, all in UTF-16LE, with no hive in the key:
//! the file's place says whether it is for computers or users. Deletions are records whose value name starts with `**`,
//! so no real name may. The reader keeps the order and the bytes of every record, so what it read is written back as it
//! was; it takes no more memory than a few times the file.
//! Format: [MS-GPREG] section 2.2.1. Held against Samba's reader and writer in `tests/windows.rs`.

use super::{check_strings, kind, place, push_utf16_with_nul, typed_bytes, utf16_with_nul};
use crate::emit::EmitError;
use crate::vendor::registry::{RegistryAction, RegistryOperation};

const HEADER: [u8; 8] = [b'P', b'R', b'e', b'g', 1, 0, 0, 0];
/// What stands before the name of a value that is deleted.
pub const DELETE_VALUE: &str = "**del.";
const DELETE_ALL_VALUES: &str = "**delvals.";

/// One record, as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The key, without hive.
    pub key: String,
    /// The value's name, or an instruction that starts with `**`.
    pub name: String,
    /// The number of the registry type.
    pub kind: u32,
    /// The data; text is UTF-16LE and includes its terminating NUL.
    pub data: Vec<u8>,
}

/// Why a file is not a Registry.pol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolError {
    /// The first eight bytes are not `PReg` and version 1.
    #[error("the file does not start with `PReg` and version 1")]
    Header,
    /// The file ends inside a record.
    #[error("the file ends inside the record at byte {at}")]
    Short {
        /// Where the record starts.
        at: usize,
    },
    /// A bracket or semicolon is not where it must be.
    #[error("byte {at} is not the `{expected}` that must stand there")]
    Delimiter {
        /// Where it must stand.
        at: usize,
        /// What must stand there.
        expected: char,
    },
    /// A key or name is not UTF-16.
    #[error("the text at byte {at} is not UTF-16")]
    Text {
        /// Where the text starts.
        at: usize,
    },
}

/// The records of these operations, in their order.
///
/// # Errors
/// [`EmitError::Character`] for a NUL in a name or text, and for a name that would be read as an instruction.
pub fn records<'a>(operations: impl IntoIterator<Item = &'a RegistryOperation>) -> Result<Vec<Record>, EmitError> {
    operations.into_iter().map(record).collect()
}

fn record(operation: &RegistryOperation) -> Result<Record, EmitError> {
    check_strings(operation, "a Registry.pol file")?;
    if operation.name.starts_with("**") {
        let format = "a value name in a Registry.pol file";
        return Err(EmitError::Character { setting: place(operation), format, character: u32::from('*') });
    }
    // Windows writes a single space as the data of a deletion.
    let deletion = |name: String| (name, kind::SZ, utf16_with_nul(" "));
    let (name, kind, data) = match &operation.action {
        RegistryAction::DeleteAllValues => deletion(DELETE_ALL_VALUES.to_owned()),
        RegistryAction::DeleteValue => deletion(format!("{DELETE_VALUE}{}", operation.name)),
        RegistryAction::Set(data) => {
            let (kind, bytes) = typed_bytes(data);
            (operation.name.clone(), kind, bytes)
        }
    };
    Ok(Record { key: operation.key.as_str().to_owned(), name, kind, data })
}

/// The bytes of a file with these records. Key and name must not hold NUL, which [`records`] and [`read`] see to.
pub fn write(records: &[Record]) -> Vec<u8> {
    let mut file = HEADER.to_vec();
    let ascii = |file: &mut Vec<u8>, character: u8| file.extend([character, 0]);
    for record in records {
        ascii(&mut file, b'[');
        push_utf16_with_nul(&mut file, &record.key);
        ascii(&mut file, b';');
        push_utf16_with_nul(&mut file, &record.name);
        ascii(&mut file, b';');
        file.extend(record.kind.to_le_bytes());
        ascii(&mut file, b';');
        // A plan has 1 MiB at most; were there more, the reader would refuse the file rather than take half of it.
        let size = u32::try_from(record.data.len()).unwrap_or(u32::MAX);
        file.extend(size.to_le_bytes());
        ascii(&mut file, b';');
        file.extend(&record.data);
        ascii(&mut file, b']');
    }
    file
}

/// The records of a file.
///
/// # Errors
/// What is not in the form, with its place. Data of any type and length is taken as it is.
pub fn read(file: &[u8]) -> Result<Vec<Record>, PolError> {
    let mut reader = Reader { file, at: HEADER.len(), record: HEADER.len() };
    if !file.starts_with(&HEADER) {
        return Err(PolError::Header);
    }
    let mut records = Vec::new();
    while reader.at < file.len() {
        reader.record = reader.at;
        reader.delimiter('[')?;
        let key = reader.text()?;
        reader.delimiter(';')?;
        let name = reader.text()?;
        reader.delimiter(';')?;
        let kind = reader.number()?;
        reader.delimiter(';')?;
        let size = reader.number()?;
        reader.delimiter(';')?;
        let data = reader.take(usize::try_from(size).unwrap_or(usize::MAX))?.to_vec();
        reader.delimiter(']')?;
        records.push(Record { key, name, kind, data });
    }
    Ok(records)
}

struct Reader<'f> {
    file: &'f [u8],
    at: usize,
    /// Where the present record starts.
    record: usize,
}

impl<'f> Reader<'f> {
    fn take(&mut self, size: usize) -> Result<&'f [u8], PolError> {
        let rest = &self.file[self.at..];
        let bytes = rest.get(..size).ok_or(PolError::Short { at: self.record })?;
        self.at += size;
        Ok(bytes)
    }

    fn delimiter(&mut self, expected: char) -> Result<(), PolError> {
        let at = self.at;
        match self.take(2)? {
            [low, 0] if char::from(*low) == expected => Ok(()),
            _ => Err(PolError::Delimiter { at, expected }),
        }
    }

    fn number(&mut self) -> Result<u32, PolError> {
        let bytes = self.take(4)?;
        Ok(u32::from_le_bytes(bytes.try_into().expect("four bytes were taken")))
    }

    fn text(&mut self) -> Result<String, PolError> {
        let start = self.at;
        let (pairs, _) = self.file[start..].as_chunks::<2>();
        let length = pairs.iter().position(|pair| *pair == [0, 0]).ok_or(PolError::Short { at: self.record })?;
        self.at += (length + 1) * 2;
        char::decode_utf16(pairs[..length].iter().map(|&pair| u16::from_le_bytes(pair)))
            .collect::<Result<String, _>>()
            .map_err(|_| PolError::Text { at: start })
    }
}
