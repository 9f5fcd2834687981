//! Ids inside the names of preferences: what must stand beside such a name, or the program never reads it.
//!
//! A server is read when an account names it, an account when the list of accounts does, a calendar when it has a kind and an
//! address. In: all settings of a role, and `account-links.tsv`, measured and kept by hand. Out: the names that stand alone.
//! A name with a default of its own (`mail.server.default.…`) belongs to no id and is passed over.

use std::collections::BTreeSet;

use super::preference::PreferenceValue;
use super::schema::{Setting, fits};
use crate::vendor::Problem;
use crate::vendor::table::Table;

/// Holds the preferences of a role together; the first fault of each id.
pub(super) fn alone(links: &Table<'_>, preferences: &Table<'_>, settings: &[&Setting]) -> Vec<(String, Problem)> {
    let given = |name: &str| settings.iter().any(|setting| setting.name() == name);
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for setting in settings {
        let Setting::Preference { name, .. } = setting else { continue };
        let Some((beginning, row)) = links.rows().find(|(beginning, _)| name.starts_with(beginning)) else { continue };
        let Some((id, _)) = name[beginning.len()..].split_once('.') else { continue };
        if preferences.find(name).is_some() || !seen.insert((beginning, id)) {
            continue;
        }
        let mut fields = row.split('\t');
        let (namer, needs) = (fields.next().unwrap_or("-"), fields.next().unwrap_or("-"));
        if namer != "-" && !settings.iter().any(|setting| names(setting, namer, id)) {
            let reason = format!("no `{namer}` names `{id}`, so the program never reads it");
            found.push((name.clone(), Problem::Refused { reason }));
            continue;
        }
        // The first that each of the sets lacks; a set that lacks nothing is enough.
        let lacks = |set: &str| {
            let needs = set.split(' ').filter(|need| *need != "-").map(|need| format!("{beginning}{id}.{need}"));
            needs.map(Some).find(|name| name.as_ref().is_some_and(|name| !given(name))).flatten()
        };
        let missing: Option<Vec<String>> = needs.split(" | ").map(lacks).collect();
        found.extend(missing.map(|missing| (name.clone(), Problem::Missing { missing: missing.join("` or `") })));
    }
    found
}

/// Whether a preference of the form `namer` has the id in its list.
fn names(setting: &Setting, namer: &str, id: &str) -> bool {
    match setting {
        Setting::Preference { name, value: PreferenceValue::Text(list), .. } => {
            fits(namer, name) && list.split(',').any(|item| item.trim() == id)
        }
        _ => false,
    }
}
