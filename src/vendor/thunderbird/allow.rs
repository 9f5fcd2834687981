//! What the `Preferences` policy lets through: the allow list inside the program.
//!
//! The list stands in the program's own module `Policies.sys.mjs` as three arrays of string literals. The importer takes
//! these and nothing else of the module. A name is blocked, or allowed by a prefix; below a prefix that has names of its
//! own in the list (`security.`), only those are allowed.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::vendor::mozilla::{ImportError, header};
use crate::vendor::table::Table;

/// Makes `preferences-policy.tsv` from the program's module `Policies.sys.mjs`.
///
/// # Errors
/// [`ImportError`] when one of the three arrays is not there or holds something else than string literals.
pub fn import_allow_list(module: &[u8], version: &str, origin: &str) -> Result<String, ImportError> {
    let text = std::str::from_utf8(module)?;
    let prefixes = read_array(text, "allowedPrefixes")?;
    let single = read_array(text, "allowedSecurityPrefs")?;
    let blocked = read_array(text, "blockedPrefs")?;

    let mut rows: Vec<(&str, &str)> = prefixes.into_iter().map(|prefix| (prefix, "prefix")).collect();
    let families: BTreeSet<&str> = single.iter().filter_map(|name| Some(&name[..=name.find('.')?])).collect();
    rows.extend(families.into_iter().map(|family| (family, "listed")));
    rows.extend(single.into_iter().map(|name| (name, "allowed")));
    rows.extend(blocked.into_iter().map(|name| (name, "blocked")));
    rows.sort_unstable();

    let mut table = header(
        &format!("Names that the Preferences policy of Thunderbird {version} takes"),
        origin,
        module,
        "name or beginning of a name; prefix (all names with it), listed (only those marked allowed), allowed or blocked",
    );
    for (index, (name, rule)) in rows.iter().enumerate() {
        if index > 0 && rows[index - 1].0 == *name {
            return Err(ImportError::Twice { name: (*name).to_owned() });
        }
        writeln!(table, "{name}\t{rule}").expect("writing to a String cannot fail");
    }
    Ok(table)
}

fn read_array<'a>(text: &'a str, name: &'static str) -> Result<Vec<&'a str>, ImportError> {
    let opening = format!("const {name} = [");
    let missing = || ImportError::Missing { what: "the array", place: name.to_owned() };
    let (_, after) = text.split_once(&opening).ok_or_else(missing)?;
    if after.contains(&opening) {
        return Err(ImportError::Twice { name: name.to_owned() });
    }
    let (inside, _) = after.split_once(']').ok_or_else(missing)?;
    let items = inside.split(',').map(str::trim).filter(|item| !item.is_empty());
    let names: Vec<&str> = items
        .map(|item| {
            let literal = item.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            literal
                .filter(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)))
                .ok_or_else(|| ImportError::Unknown { what: "name", found: item.to_owned(), place: name.to_owned() })
        })
        .collect::<Result<_, _>>()?;
    if names.is_empty() { Err(missing()) } else { Ok(names) }
}

/// What the policy does with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passage {
    /// The policy sets it.
    Allowed,
    /// The policy logs an error and does not set it; another file can.
    Refused,
    /// No file may set it.
    Blocked,
}

/// Looks a name up in the list.
pub(super) fn passage(list: &Table<'_>, name: &str) -> Passage {
    let mut passage = Passage::Refused;
    // What comes after the name in the order of the table is no beginning of it.
    for (entry, rule) in list.rows().take_while(|(entry, _)| *entry <= name) {
        match rule {
            "blocked" if entry == name => return Passage::Blocked,
            "allowed" if entry == name => passage = Passage::Allowed,
            "prefix" if name.starts_with(entry) => passage = Passage::Allowed,
            _ => {}
        }
    }
    passage
}
