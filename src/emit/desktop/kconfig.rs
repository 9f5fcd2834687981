//! Writes a file that `KConfig` reads below `/etc/xdg`: what is locked has `[$i]` behind its key.
//!
//! `[$e]` asks for variables of the environment, and only there a dollar sign means something; it stands behind the key of a value
//! that differs from person to person. Format: `kconfigini.cpp` and `kconfig.cpp` of the KDE frameworks.

use std::fmt::Write as _;

use super::Groups;
use super::keyfile::{escaped, open};
use crate::emit::Lock;
use crate::value::PersonalPart;
use crate::vendor::desktop::Given;

/// Renders one file.
pub(super) fn render(groups: &Groups<'_>) -> String {
    let mut file = String::new();
    for (group, keys) in groups {
        open(&mut file, group);
        for (key, (setting, lock)) in keys {
            let (personal, value) = match &setting.value {
                Given::Fixed(serde_json::Value::String(text)) => (false, escaped(text)),
                Given::Fixed(serde_json::Value::Array(items)) => (false, escaped(&list(items))),
                Given::Fixed(value) => (false, value.to_string()),
                Given::Personal(text) => {
                    let part = |part: &PersonalPart| match part {
                        PersonalPart::Fixed(text) => text.replace('$', "$$"),
                        PersonalPart::Name => format!("${{{}}}", text.variables.join("")),
                    };
                    (true, escaped(&text.parts.iter().map(part).collect::<String>()))
                }
            };
            let option = match (lock, personal) {
                (Lock::Locked, false) => "[$i]",
                (Lock::Locked, true) => "[$ie]",
                (Lock::Preset, false) => "",
                (Lock::Preset, true) => "[$e]",
            };
            writeln!(file, "{key}{option}={value}").expect("writing to a String cannot fail");
        }
    }
    file
}

/// The items with commas between; what stands for itself in an item has a backslash before it.
fn list(items: &[serde_json::Value]) -> String {
    let item = |item: &serde_json::Value| {
        item.as_str().map_or_else(|| item.to_string(), |text| text.replace('\\', "\\\\").replace(',', "\\,"))
    };
    match items {
        // An empty text alone would be read as an empty list.
        [serde_json::Value::String(text)] if text.is_empty() => "\\0".to_owned(),
        items => items.iter().map(item).collect::<Vec<_>>().join(","),
    }
}
