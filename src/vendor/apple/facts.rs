//! What Apple's payload table and the list of managed preferences say, as single facts, for a comparison with other ones.

use std::collections::BTreeMap;

use super::table::{Life, Row, SchemaError, read_payloads, read_preferences};
use crate::vendor::diff::{Aspect, Fact, Facts};

/// The facts of a table of payloads. A payload stands under its type; what a second variant of it says, under its title.
///
/// # Errors
/// [`SchemaError`] with the broken line.
pub(in crate::vendor) fn payload_facts(text: &str) -> Result<Facts, SchemaError> {
    let mut facts = Facts::new();
    for (kind, variants) in read_payloads("the table", text)? {
        for (index, payload) in variants.iter().enumerate() {
            let part = if index == 0 { "" } else { payload.title };
            let own = facts.entry(kind.to_owned()).or_default();
            let mut say = |aspect, value: &str| put(own, part, aspect, value);
            say(Aspect::Title, payload.title);
            say(Aspect::Channel, payload.channels);
            say(Aspect::Multiple, if payload.multiple { "yes" } else { "" });
            life(own, part, payload.life);
            for row in &payload.rows {
                let name = format!("{kind}:{}", row.path);
                let shared = facts.contains_key(&name);
                row_facts(facts.entry(name).or_default(), if shared { payload.title } else { "" }, row);
            }
        }
    }
    Ok(facts)
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

fn row_facts(facts: &mut BTreeMap<Fact, String>, part: &str, row: &Row<'_>) {
    put(facts, part, Aspect::Type, row.kind.words());
    put(facts, part, Aspect::Required, if row.required { "yes" } else { "" });
    values(facts, part, row.values);
    put(facts, part, Aspect::Range, &row.range.replace("..", " to "));
    put(facts, part, Aspect::Format, row.format);
    put(facts, part, Aspect::Count, row.count);
    put(facts, part, Aspect::Channel, row.channels);
    put(facts, part, Aspect::Content, row.content_as);
    life(facts, part, row.life);
}

/// Any value, and one of several, are two things: the last value that falls away must not read as more freedom.
fn values(facts: &mut BTreeMap<Fact, String>, part: &str, values: &str) {
    if !values.is_empty() {
        put(facts, part, Aspect::Format, "one of several");
        facts.extend(values.split('|').map(|value| (Fact::new(part, Aspect::Item, value), String::new())));
    }
}

fn life(facts: &mut BTreeMap<Fact, String>, part: &str, life: Life<'_>) {
    put(facts, part, Aspect::Introduced, life.introduced);
    put(facts, part, Aspect::Deprecated, life.deprecated);
    put(facts, part, Aspect::Removed, life.removed);
}

/// A fact, unless the table says nothing.
fn put(facts: &mut BTreeMap<Fact, String>, part: &str, aspect: Aspect, value: &str) {
    if !value.is_empty() {
        facts.insert(Fact::new(part, aspect, ""), value.to_owned());
    }
}
