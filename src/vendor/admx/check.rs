//! Holds a value of the content against its policy.
//!
//! In: `enabled`, `disabled` or `{ state: enabled, <element id>: VALUE, … }`. Out: what each element was filled in with,
//! for `compile.rs`, or the first problem. An enumeration is answered by the label of an item, never by a number, because
//! items exist that differ only in what they write besides.

use std::collections::BTreeMap;

use super::compile;
use super::policy::{Element, Item, Kind, ListNames, Policy};
use crate::value::Value;
use crate::vendor::Problem;
use crate::vendor::problem::nearest;
use crate::vendor::registry::RegistryOperation;

/// The key that holds the state; no element may have this id.
pub(super) const STATE: &str = "state";

/// The longest name of a registry value, in UTF-16 units.
const LONGEST_NAME: usize = 16_383;

/// What an element was filled in with. It fits the element's kind.
#[derive(Debug, Clone)]
pub(super) enum Filled<'v> {
    Checked(bool),
    Number(u64),
    Text(&'v str),
    Lines(Vec<&'v str>),
    Item(&'v Item<'v>),
    /// The value's name (for a numbered list: nothing yet) and text.
    Entries(Vec<(&'v str, &'v str)>),
}

/// What the state comes to in the registry.
pub(super) fn operations(policy: &Policy<'_>, value: &Value) -> Result<Vec<RegistryOperation>, Problem> {
    let compiled = match state(policy, value)? {
        Some(filled) => compile::enabled(policy, &filled),
        None => compile::disabled(policy),
    };
    compiled.ok_or_else(|| Problem::Unreadable { schema: format!("the template's policy {}", policy.name) })
}

/// One answer for each element, in their order, when the policy is enabled; `None` when it is disabled.
pub(super) fn state<'v>(policy: &'v Policy<'v>, value: &'v Value) -> Result<Option<Vec<Filled<'v>>>, Problem> {
    static NOTHING: BTreeMap<String, Value> = BTreeMap::new();
    let (state, given) = match value {
        Value::Text(state) => (state.as_str(), &NOTHING),
        Value::Map(given) => match given.get(STATE) {
            Some(Value::Text(state)) => (state.as_str(), given),
            Some(other) => return Err(wrong_type("`enabled` or `disabled` as `state`", other)),
            None => return Err(Problem::Missing { missing: STATE.to_owned() }),
        },
        other => return Err(wrong_type("`enabled`, `disabled` or a map with `state`", other)),
    };
    match state {
        "enabled" => fill(policy, given).map(Some),
        "disabled" => match given.keys().find(|key| *key != STATE) {
            Some(element) => Err(not_allowed(element, "a disabled policy has no elements")),
            None => Ok(None),
        },
        other => Err(not_allowed(other, "a policy is `enabled` or `disabled`")),
    }
}

/// One answer for each element, in their order.
fn fill<'v>(policy: &'v Policy<'v>, given: &'v BTreeMap<String, Value>) -> Result<Vec<Filled<'v>>, Problem> {
    let known = |id: &str| policy.elements.iter().any(|element| element.id == id);
    if let Some(id) = given.keys().find(|id| *id != STATE && !known(id)) {
        let nearest = nearest(id, policy.elements.iter().map(|element| element.id));
        return Err(Problem::UnknownPart { what: "element", found: id.clone(), nearest });
    }
    let missing: Vec<&str> = policy.elements.iter().map(|element| element.id).filter(|id| !given.contains_key(*id)).collect();
    if !missing.is_empty() {
        return Err(Problem::Missing { missing: missing.join("`, `") });
    }
    let mut filled = Vec::new();
    for element in &policy.elements {
        if element.soft {
            let reason = format!("`{}` would only be written where nothing stands yet, so it protects nobody", element.id);
            return Err(Problem::Refused { reason });
        }
        let one = fill_one(element, &given[element.id])?;
        if let Filled::Entries(entries) = &one {
            own_names_stay(policy, element, entries)?;
            if entries.is_empty() && matches!(element.kind, Kind::List { additive: true, .. }) {
                let allowed = format!("`{}` keeps what is there already, so it needs an entry", element.id);
                return Err(not_allowed("[]", &allowed));
            }
        }
        filled.push(one);
    }
    Ok(filled)
}

/// Refuses an entry of a list that would overwrite what the policy itself writes into the list's key.
fn own_names_stay(policy: &Policy<'_>, list: &Element<'_>, entries: &[(&str, &str)]) -> Result<(), Problem> {
    let own = policy.value.map(|value| (policy.key, value)).into_iter();
    for (key, value) in own.chain(policy.enabled_also.iter().map(|write| (write.key, write.value))) {
        let same = |(name, _): &&(&str, &str)| key.eq_ignore_ascii_case(list.key) && value.eq_ignore_ascii_case(name);
        if let Some((name, _)) = entries.iter().find(same) {
            return Err(not_allowed(name, &format!("the policy itself writes that name where `{}` stands", list.id)));
        }
    }
    Ok(())
}

fn fill_one<'v>(element: &'v Element<'v>, value: &'v Value) -> Result<Filled<'v>, Problem> {
    let id = element.id;
    match (&element.kind, value) {
        (Kind::Boolean { .. }, Value::Flag(checked)) => Ok(Filled::Checked(*checked)),
        (Kind::Boolean { .. }, other) => Err(wrong_type(&format!("true or false for `{id}`"), other)),
        (Kind::Decimal { from, to, .. }, Value::Number(number)) => match u64::try_from(*number) {
            Ok(number) if (*from..=*to).contains(&number) => Ok(Filled::Number(number)),
            _ => Err(not_allowed(&number.to_string(), &format!("`{id}` goes from {from} to {to}"))),
        },
        (Kind::Decimal { .. }, other) => Err(wrong_type(&format!("a number for `{id}`"), other)),
        (Kind::Text { required, longest, .. }, Value::Text(text)) => {
            if *required && text.is_empty() {
                return Err(not_allowed("", &format!("`{id}` must not be empty")));
            }
            line(id, text, *longest).map(Filled::Text)
        }
        (Kind::Text { .. }, other) => Err(wrong_type(&format!("text for `{id}`"), other)),
        (Kind::MultiText { required, longest, most }, Value::List(lines)) => {
            if *required && lines.is_empty() {
                return Err(not_allowed("", &format!("`{id}` must not be empty")));
            }
            if *most > 0 && lines.len() as u64 > *most {
                return Err(not_allowed(&format!("{} lines", lines.len()), &format!("`{id}` holds at most {most}")));
            }
            texts(id, lines, *longest).map(Filled::Lines)
        }
        (Kind::Enumeration { items }, Value::Text(label)) => match items.iter().find(|item| item.label == label) {
            Some(item) => Ok(Filled::Item(item)),
            None => Err(Problem::UnknownPart {
                what: "item",
                found: label.clone(),
                nearest: nearest(label, items.iter().map(|item| item.label)),
            }),
        },
        (Kind::Enumeration { .. }, other) => Err(wrong_type(&format!("the label of an item for `{id}`"), other)),
        (Kind::List { names: ListNames::Given, .. }, Value::Map(entries)) => entries_of_map(id, entries),
        (Kind::List { names: ListNames::Given, .. }, other) => {
            Err(wrong_type(&format!("a map of names and texts for `{id}`"), other))
        }
        (Kind::List { names, .. }, Value::List(items)) => {
            let items = texts(id, items, u64::MAX)?;
            if *names == ListNames::Same {
                value_names(id, items.iter().copied())?;
            }
            Ok(Filled::Entries(items.into_iter().map(|item| (item, item)).collect()))
        }
        (Kind::MultiText { .. } | Kind::List { .. }, other) => Err(wrong_type(&format!("a list of texts for `{id}`"), other)),
    }
}

fn entries_of_map<'v>(id: &str, entries: &'v BTreeMap<String, Value>) -> Result<Filled<'v>, Problem> {
    value_names(id, entries.keys().map(String::as_str))?;
    let entry = |(name, value): (&'v String, &'v Value)| match value {
        Value::Text(text) => Ok((name.as_str(), line(id, text, u64::MAX)?)),
        other => Err(wrong_type(&format!("text for each name of `{id}`"), other)),
    };
    entries.iter().map(entry).collect::<Result<_, _>>().map(Filled::Entries)
}

/// Texts that are not empty: the registry cannot hold an empty one in the middle of several.
fn texts<'v>(id: &str, items: &'v [Value], longest: u64) -> Result<Vec<&'v str>, Problem> {
    let one = |item: &'v Value| match item {
        Value::Text(text) if text.is_empty() => Err(not_allowed("", &format!("`{id}` holds no empty text"))),
        Value::Text(text) => line(id, text, longest),
        other => Err(wrong_type(&format!("a list of texts for `{id}`"), other)),
    };
    items.iter().map(one).collect()
}

fn line<'v>(id: &str, text: &'v str, longest: u64) -> Result<&'v str, Problem> {
    if let Some(control) = text.chars().find(|c| c.is_control()) {
        return Err(not_allowed(&control.escape_unicode().to_string(), &format!("`{id}` holds no control characters")));
    }
    if text.encode_utf16().count() as u64 > longest {
        return Err(not_allowed(text, &format!("`{id}` holds at most {longest} characters")));
    }
    Ok(text)
}

/// Names that come from a plan. `**` would be an instruction to the reader of a Registry.pol file, not a name.
fn value_names<'v>(id: &str, names: impl Iterator<Item = &'v str>) -> Result<(), Problem> {
    let mut seen: Vec<String> = Vec::new();
    for name in names {
        line(id, name, LONGEST_NAME as u64)?;
        let folded = name.to_lowercase();
        if name.is_empty() || name.starts_with("**") {
            return Err(not_allowed(name, &format!("a name in `{id}` is not empty and does not start with `**`")));
        }
        if seen.contains(&folded) {
            return Err(not_allowed(name, &format!("`{id}` holds each name once, upper and lower case alike")));
        }
        seen.push(folded);
    }
    Ok(())
}

fn wrong_type(expected: &str, found: &Value) -> Problem {
    Problem::WrongType { expected: expected.to_owned(), found: found.kind().to_owned() }
}

fn not_allowed(found: &str, allowed: &str) -> Problem {
    Problem::NotAllowed { found: found.to_owned(), allowed: allowed.to_owned() }
}
