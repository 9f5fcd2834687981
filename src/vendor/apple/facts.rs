//! What Apple's payload table and the list of managed preferences say, as single facts, for a comparison with other ones.

use std::collections::BTreeMap;

use super::table::{Life, Payloads, Row, SchemaError, read_payloads, read_preferences};
use super::version::reached;
use crate::vendor::diff::{Aspect, Fact, Facts};

/// The facts of a table of payloads. A payload stands under its type; what a second variant of it says, under its title.
///
/// # Errors
/// [`SchemaError`] with the broken line.
pub(in crate::vendor) fn payload_facts(text: &str) -> Result<Facts, SchemaError> {
    Ok(facts_of(&read_payloads("the table", text)?, None))
}

/// The facts of payloads: of all, or of what a version of macOS has, for which life is a matter of being there or not.
pub(super) fn facts_of(payloads: &Payloads<'_>, macos: Option<&str>) -> Facts {
    let mut facts = Facts::new();
    for (kind, variants) in payloads {
        for payload in variants.iter().filter(|payload| lives(payload.life, macos)) {
            let part = if facts.contains_key(*kind) { payload.title } else { "" };
            let own = facts.entry((*kind).to_owned()).or_default();
            let mut say = |aspect, value: &str| put(own, part, aspect, value);
            say(Aspect::Title, payload.title);
            say(Aspect::Channel, payload.channels);
            say(Aspect::Multiple, if payload.multiple { "yes" } else { "" });
            life(own, part, payload.life, macos);
            let gone: Vec<&str> = payload.rows.iter().filter(|row| !lives(row.life, macos)).map(|row| row.path).collect();
            let is_gone = |path: &str| {
                gone.iter().any(|outer| path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
            };
            for row in payload.rows.iter().filter(|row| !is_gone(row.path)) {
                let name = format!("{kind}:{}", row.path);
                let shared = facts.contains_key(&name);
                row_facts(facts.entry(name).or_default(), if shared { payload.title } else { "" }, row, macos);
            }
        }
    }
    facts
}

/// Whether a version of macOS has it; without one, whether any has.
fn lives(life: Life<'_>, macos: Option<&str>) -> bool {
    let came_and_went = |since: &str| macos.is_some_and(|macos| !since.is_empty() && reached(since, macos));
    macos.is_none() || ((life.introduced.is_empty() || came_and_went(life.introduced)) && !came_and_went(life.removed))
}

/// The facts of a table of managed preferences.
///
/// # Errors
/// [`SchemaError`] with the broken line.
pub(in crate::vendor) fn preference_facts(text: &str) -> Result<Facts, SchemaError> {
    let mut facts = Facts::new();
    for (domain, keys) in read_preferences("the table", text)? {
        for (key, preference) in keys {
            let own = facts.entry(format!("{domain}:{key}")).or_default();
            let items = preference.element.map(|kind| format!(" of {}", kind.words())).unwrap_or_default();
            put(own, "", Aspect::Type, &format!("{}{items}", preference.kind.words()));
            values(own, "", preference.values);
            put(own, "", Aspect::Introduced, preference.since);
            put(own, "", Aspect::Source, if preference.documented { "the vendor" } else { "others" });
        }
    }
    Ok(facts)
}

fn row_facts(facts: &mut BTreeMap<Fact, String>, part: &str, row: &Row<'_>, macos: Option<&str>) {
    put(facts, part, Aspect::Type, row.kind.words());
    put(facts, part, Aspect::Required, if row.required { "yes" } else { "" });
    values(facts, part, row.values);
    put(facts, part, Aspect::Range, &row.range.replace("..", " to "));
    put(facts, part, Aspect::Format, row.format);
    put(facts, part, Aspect::Count, row.count);
    put(facts, part, Aspect::Channel, row.channels);
    put(facts, part, Aspect::Content, row.content_as);
    life(facts, part, row.life, macos);
}

/// Any value, and one of several, are two things: the last value that falls away must not read as more freedom.
fn values(facts: &mut BTreeMap<Fact, String>, part: &str, values: &str) {
    if !values.is_empty() {
        put(facts, part, Aspect::Format, "one of several");
        facts.extend(values.split('|').map(|value| (Fact::new(part, Aspect::Item, value), String::new())));
    }
}

fn life(facts: &mut BTreeMap<Fact, String>, part: &str, life: Life<'_>, macos: Option<&str>) {
    match macos {
        None => {
            put(facts, part, Aspect::Introduced, life.introduced);
            put(facts, part, Aspect::Deprecated, life.deprecated);
            put(facts, part, Aspect::Removed, life.removed);
        }
        Some(macos) if !life.deprecated.is_empty() && reached(life.deprecated, macos) => {
            put(facts, part, Aspect::Deprecated, life.deprecated);
        }
        Some(_) => {}
    }
}

/// A fact, unless the table says nothing.
fn put(facts: &mut BTreeMap<Fact, String>, part: &str, aspect: Aspect, value: &str) {
    if !value.is_empty() {
        facts.insert(Fact::new(part, aspect, ""), value.to_owned());
    }
}
