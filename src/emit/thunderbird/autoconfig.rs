//! Writes `groundplan.cfg`: preferences that differ from person to person, made of the environment at each start.
//!
//! The program runs the file as a script in a sandbox that has little more than calls for preferences and `getenv`. What is
//! written is one condition around such calls: where the environment holds no name, nothing is set and the program asks.
//! The first line is never read; it is a comment.
//! Read by: `extensions/pref/autoconfig` in Mozilla's source.

use std::collections::BTreeMap;

use super::Preferences;
use super::quote::push_quoted;
use crate::emit::Lock;
use crate::value::{PersonalPart, PersonalText};
use crate::vendor::thunderbird::PreferenceValue;

/// Renders the whole file.
pub(super) fn render(preferences: &Preferences<'_>) -> String {
    let mut by_variables: BTreeMap<&[String], Vec<(&str, &PersonalText, Lock)>> = BTreeMap::new();
    for (name, (value, lock)) in preferences {
        if let PreferenceValue::Personal(text) = value {
            by_variables.entry(&text.variables).or_default().push((name, text, *lock));
        }
    }
    let mut script =
        String::from("// Preferences that differ from person to person: made of the name of whoever starts the program.\n");
    for (variables, preferences) in by_variables {
        script.push_str("{\n    const name = ");
        for (index, variable) in variables.iter().enumerate() {
            script.push_str(if index == 0 { "getenv(" } else { " || getenv(" });
            push_quoted(variable, &mut script);
            script.push(')');
        }
        script.push_str(";\n    if (name) {\n");
        for (preference, text, lock) in preferences {
            script.push_str(match lock {
                Lock::Locked => "        lockPref(",
                Lock::Preset => "        defaultPref(",
            });
            push_quoted(preference, &mut script);
            script.push_str(", ");
            for (index, part) in text.parts.iter().enumerate() {
                script.push_str(if index == 0 { "" } else { " + " });
                match part {
                    PersonalPart::Fixed(text) => push_quoted(text, &mut script),
                    PersonalPart::Name => script.push_str("name"),
                }
            }
            script.push_str(");\n");
        }
        script.push_str("    }\n}\n");
    }
    script
}
