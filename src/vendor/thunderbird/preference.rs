//! Preferences: their types, and the table `preferences-<version>.tsv`.
//!
//! In: a list of name, type and default as CSV (RFC 4180), read from the running program on a fresh profile. Out: one line a
//! preference, sorted, which [`Table`](crate::vendor::table::Table) searches without reading it as a whole.
//!
//! The program keeps flags, 32-bit integers and text apart strictly: a value of another type is refused, and a lock then
//! holds the built-in default.

use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;

use crate::value::Value;
use crate::vendor::Problem;
use crate::vendor::mozilla::{ImportError, header};
use crate::vendor::table::escape;

/// The type of a preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreferenceKind {
    /// `true` or `false`.
    Flag,
    /// A 32-bit integer.
    Number,
    /// Text.
    Text,
}

impl PreferenceKind {
    /// Reads the word of the tables.
    pub(super) fn read(word: &str) -> Option<Self> {
        match word {
            "flag" => Some(Self::Flag),
            "number" => Some(Self::Number),
            "text" => Some(Self::Text),
            _ => None,
        }
    }
}

impl fmt::Display for PreferenceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flag => "true or false",
            Self::Number => "a number",
            Self::Text => "text",
        })
    }
}

/// The value of a preference, typed as the program stores it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PreferenceValue {
    /// `true` or `false`.
    Flag(bool),
    /// An integer.
    Number(i32),
    /// Text.
    Text(String),
}

impl PreferenceValue {
    /// Gives a value the type of its preference.
    pub(super) fn typed(kind: PreferenceKind, value: &Value) -> Result<Self, Problem> {
        match (kind, value) {
            (PreferenceKind::Flag, Value::Flag(flag)) => Ok(Self::Flag(*flag)),
            (PreferenceKind::Number, Value::Number(number)) => {
                i32::try_from(*number).map(Self::Number).map_err(|_| Problem::NotAllowed {
                    found: number.to_string(),
                    allowed: format!("it takes a number from {} to {}", i32::MIN, i32::MAX),
                })
            }
            (PreferenceKind::Text, Value::Text(text)) => Ok(Self::Text(text.clone())),
            _ => Err(Problem::WrongType { expected: kind.to_string(), found: value.kind().to_owned() }),
        }
    }

    /// The value as JSON.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Flag(flag) => (*flag).into(),
            Self::Number(number) => (*number).into(),
            Self::Text(text) => text.as_str().into(),
        }
    }
}

/// The file that carries a preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// The `Preferences` policy.
    Policy,
    /// A file of default preferences: what the policy refuses or would store with another type.
    Defaults,
}

/// Makes the table of preferences from a CSV with the columns `name`, `type` (`bool`, `int`, `string`) and `default`.
///
/// # Errors
/// [`ImportError`] when the file is not such a CSV, a name stands twice, or a default does not have its type.
pub fn import_preferences(csv: &[u8], version: &str, origin: &str) -> Result<String, ImportError> {
    let mut records = read_csv(std::str::from_utf8(csv)?)?.into_iter();
    let first = records.next().ok_or(ImportError::Missing { what: "the heading", place: "line 1".into() })?;
    if first.1 != ["name", "type", "default"] {
        return Err(ImportError::Unknown { what: "heading", found: first.1.join(","), place: "line 1".into() });
    }
    let mut rows = BTreeMap::new();
    for (line, record) in records {
        let place = || format!("line {line}");
        let [name, kind, default] = record.as_slice() else {
            return Err(ImportError::Unknown { what: "record", found: record.join(","), place: place() });
        };
        if name.is_empty() || !name.contains('.') || name.chars().any(char::is_control) {
            return Err(ImportError::Unknown { what: "name", found: name.clone(), place: place() });
        }
        let (kind, fits) = match kind.as_str() {
            "bool" => ("flag", default == "true" || default == "false"),
            "int" => ("number", default.parse::<i32>().is_ok()),
            "string" => ("text", !default.contains('\0')),
            _ => return Err(ImportError::Unknown { what: "type", found: kind.clone(), place: place() }),
        };
        if !fits {
            return Err(ImportError::Unknown { what: "default", found: default.clone(), place: place() });
        }
        if rows.insert(name.clone(), format!("{kind}\t{}", escape(default))).is_some() {
            return Err(ImportError::Twice { name: name.clone() });
        }
    }
    let mut table = header(
        &format!("Preferences of Thunderbird {version} that have a default"),
        origin,
        csv,
        "name, type (flag, number, text), default (tab, line end and backslash escaped with a backslash)",
    );
    for (name, row) in rows {
        writeln!(table, "{name}\t{row}").expect("writing to a String cannot fail");
    }
    Ok(table)
}

/// The records of a CSV with the lines they begin on.
fn read_csv(text: &str) -> Result<Vec<(usize, Vec<String>)>, ImportError> {
    let mut records = Vec::new();
    let mut chars = text.chars().peekable();
    let mut line = 1;
    while chars.peek().is_some() {
        let (start, mut record) = (line, Vec::new());
        loop {
            let mut field = String::new();
            if chars.next_if_eq(&'"').is_some() {
                loop {
                    match chars.next() {
                        Some('"') if chars.next_if_eq(&'"').is_some() => field.push('"'),
                        Some('"') => break,
                        Some(c) => {
                            line += usize::from(c == '\n');
                            field.push(c);
                        }
                        None => return Err(ImportError::Missing { what: "the closing quote", place: format!("line {start}") }),
                    }
                }
            } else {
                while let Some(c) = chars.next_if(|c| !",\r\n\"".contains(*c)) {
                    field.push(c);
                }
            }
            record.push(field);
            match chars.next() {
                Some(',') => {}
                None | Some('\n') => break,
                Some('\r') if chars.next_if_eq(&'\n').is_some() => break,
                Some(c) => {
                    return Err(ImportError::Unknown { what: "character", found: c.to_string(), place: format!("line {line}") });
                }
            }
        }
        line += 1;
        records.push((start, record));
    }
    Ok(records)
}
