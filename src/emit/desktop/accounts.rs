//! Writes a source: a part of an account, as a file from which the program makes its own copy for each person.
//!
//! The copy is renewed when the group `Autoconfig` names another revision, so this is the hash of what stands in the file.
//! A variable in braces is filled in when the copy is made. Format: `GLib`'s key files, with the groups of
//! `libedataserver/e-source-*.c`; read by `evolution-source-registry-autoconfig.c`.

use std::fmt::Write as _;

use super::Groups;
use super::keyfile::{escaped, open};
use crate::sum::sha256;
use crate::value::PersonalPart;
use crate::vendor::desktop::Given;

/// Renders one source.
pub(super) fn render(groups: &Groups<'_>) -> String {
    let mut file = String::new();
    for (group, keys) in groups {
        open(&mut file, group);
        for (key, (setting, _)) in keys {
            let value = match &setting.value {
                Given::Fixed(serde_json::Value::String(text)) => escaped(text),
                Given::Fixed(value) => value.to_string(),
                Given::Personal(text) => {
                    let part = |part: &PersonalPart| match part {
                        PersonalPart::Fixed(text) => text.clone(),
                        PersonalPart::Name => format!("${{{}}}", text.variables.join("")),
                    };
                    escaped(&text.parts.iter().map(part).collect::<String>())
                }
            };
            writeln!(file, "{key}={value}").expect("writing to a String cannot fail");
        }
    }
    let revision = sha256(file.as_bytes());
    format!("[Autoconfig]\nRevision={revision:.16}\n\n{file}")
}
