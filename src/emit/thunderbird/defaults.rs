//! Writes `defaults.js`: default preferences, as the program reads them from `defaults/pref/` of its folder or, on Linux, from
//! `/etc/thunderbird/defaults/pref/`.
//!
//! The file looks like JavaScript and is none: the program reads `pref("name", value);` and `pref("name", value, locked);`
//! with a small grammar of its own, whose texts know the escapes of [`quote`](super::quote).
//! Format: the comment on top of `modules/libpref/parser/src/lib.rs` in Mozilla's source.

use super::Preferences;
use super::quote::push_quoted;
use crate::emit::Lock;
use crate::vendor::thunderbird::PreferenceValue;

/// Renders the whole file.
pub(super) fn render(preferences: &Preferences<'_>) -> String {
    let mut text =
        String::from("// Default preferences that a policy cannot carry. Belongs into defaults/pref/ of the program.\n");
    for (name, (value, lock)) in preferences {
        text.push_str("pref(");
        push_quoted(name, &mut text);
        text.push_str(", ");
        match value {
            PreferenceValue::Flag(flag) => text.push_str(if *flag { "true" } else { "false" }),
            PreferenceValue::Number(number) => text.push_str(&number.to_string()),
            PreferenceValue::Text(value) => push_quoted(value, &mut text),
            PreferenceValue::Personal(value) => unreachable!("the schema gives `{value}` a channel of its own"),
        }
        text.push_str(match lock {
            Lock::Locked => ", locked);\n",
            Lock::Preset => ");\n",
        });
    }
    text
}
