//! What differs between two definitions of one policy.
//!
//! A policy is taken apart into facts, each with a name for people and a value; two policies mean the same when their facts
//! do. Keys and value names have no regard for case, as in the registry. What a policy or an item is called says nothing of
//! what it does, so a difference there is told apart.

use std::collections::BTreeMap;

use super::policy::{Class, Data, Element, Item, Kind, ListNames, Policy, Write};

/// One fact that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which fact, such as `enabled value` or `L_Days: range`.
    pub fact: String,
    /// What it was; `None` when it was not there.
    pub old: Option<String>,
    /// What it is; `None` when it is gone.
    pub new: Option<String>,
    /// Whether the client does something else, and not only the editor shows something else.
    pub meaning: bool,
}

/// Reads as `range is 0 to 9, not 0 to 5`.
impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => write!(f, "{} is `{new}`, not `{old}`", self.fact),
            (None, Some(new)) => write!(f, "{} is `{new}` and was not there", self.fact),
            (Some(old), None) => write!(f, "{}, which was `{old}`, is gone", self.fact),
            (None, None) => Ok(()),
        }
    }
}

/// What of `old` is otherwise in `new`, by the name of the fact. `labels` says whether both speak the same language.
pub fn compare(old: &Policy<'_>, new: &Policy<'_>, labels: bool) -> Vec<Change> {
    let mut changes = differences(&meaning(old), &meaning(new), true);
    if labels {
        // A path that begins further down was read without the templates in which its upper part stands.
        let same_path = old.category.ends_with(&new.category) || new.category.ends_with(&old.category);
        let names = differences(&names(old), &names(new), false);
        changes.extend(names.into_iter().filter(|change| change.fact != CATEGORY || !same_path));
    }
    changes
}

const CATEGORY: &str = "category";

type Facts = BTreeMap<String, String>;

fn differences(old: &Facts, new: &Facts, meaning: bool) -> Vec<Change> {
    let mut facts: Vec<&String> = old.keys().chain(new.keys()).collect();
    facts.sort();
    facts.dedup();
    let change = |fact: &String| {
        let (old, new) = (old.get(fact).cloned(), new.get(fact).cloned());
        (old != new).then(|| Change { fact: fact.clone(), old, new, meaning })
    };
    facts.into_iter().filter_map(change).collect()
}

/// All that decides what is written.
fn meaning(policy: &Policy<'_>) -> Facts {
    let mut facts = Facts::new();
    let class = match policy.class {
        Class::Machine => "machine",
        Class::User => "user",
        Class::Both => "both",
    };
    facts.insert("class".to_owned(), class.to_owned());
    facts.insert("key".to_owned(), policy.key.to_lowercase());
    if let Some(value) = policy.value {
        facts.insert("value name".to_owned(), value.to_lowercase());
        facts.insert("enabled value".to_owned(), data(policy.enabled.unwrap_or(Data::Dword(1))));
        facts.insert("disabled value".to_owned(), data(policy.disabled.unwrap_or(Data::Delete)));
    }
    add_writes(&mut facts, "enabled also", &policy.enabled_also);
    add_writes(&mut facts, "disabled also", &policy.disabled_also);
    for element in &policy.elements {
        add_element(&mut facts, element);
    }
    facts
}

/// What things are called.
fn names(policy: &Policy<'_>) -> Facts {
    let mut facts =
        Facts::from([("title".to_owned(), policy.title.to_owned()), (CATEGORY.to_owned(), policy.category.join(" > "))]);
    for element in &policy.elements {
        if let Kind::Enumeration { items } = &element.kind {
            for item in items {
                let labels = facts.entry(format!("{}: label of the item {}", element.id, item_value(item))).or_default();
                if !labels.split(" / ").any(|label| label == item.label) {
                    labels.push_str(if labels.is_empty() { "" } else { " / " });
                    labels.push_str(item.label);
                }
            }
        }
    }
    facts
}

fn add_element(facts: &mut Facts, element: &Element<'_>) {
    let mut add = |fact: &str, value: String| drop(facts.insert(format!("{}: {fact}", element.id), value));
    let place = format!("{}\\{}", element.key, element.value).to_lowercase();
    add("place", place);
    let (kind, options) = match &element.kind {
        Kind::Boolean { on, off, .. } => {
            add("checked", data(on.unwrap_or(Data::Dword(1))));
            add("not checked", data(off.unwrap_or(Data::Delete)));
            ("check box", Vec::new())
        }
        Kind::Decimal { from, to, long, as_text } => {
            add("range", format!("{from} to {to}"));
            ("number", vec![("64 bits", *long), ("as text", *as_text)])
        }
        Kind::Text { required, expandable, longest } => {
            add("longest", longest.to_string());
            ("text", vec![("required", *required), ("expandable", *expandable)])
        }
        Kind::MultiText { required, longest, most } => {
            add("longest", longest.to_string());
            add("most lines", most.to_string());
            ("lines", vec![("required", *required)])
        }
        Kind::Enumeration { items } => {
            for item in items {
                add(&format!("item {}", item_value(item)), "there".to_owned());
            }
            ("enumeration", Vec::new())
        }
        Kind::List { names, additive, expandable } => {
            let names = match names {
                ListNames::Same => "the text itself".to_owned(),
                ListNames::Numbered(prefix) => format!("{}1, {0}2", prefix.to_lowercase()),
                ListNames::Given => "given".to_owned(),
            };
            add("value names", names);
            ("list", vec![("additive", *additive), ("expandable", *expandable)])
        }
    };
    let options = options.into_iter().chain([("soft", element.soft)]).filter(|(_, set)| *set).map(|(option, _)| option);
    let kind: Vec<&str> = std::iter::once(kind).chain(options).collect();
    add("kind", kind.join(", "));
    if let Kind::Boolean { on_also, off_also, .. } = &element.kind {
        add_writes(facts, &format!("{}: checked also", element.id), on_also);
        add_writes(facts, &format!("{}: not checked also", element.id), off_also);
    }
}

/// The value of an item with all that it writes besides: what tells it from others.
fn item_value(item: &Item<'_>) -> String {
    let mut also: Vec<String> = item.also.iter().map(|write| format!("{}={}", write_place(write), data(write.data))).collect();
    also.sort();
    std::iter::once(data(item.data)).chain(also).collect::<Vec<_>>().join(" with ")
}

fn add_writes(facts: &mut Facts, fact: &str, writes: &[Write<'_>]) {
    facts.extend(writes.iter().map(|write| (format!("{fact} {}", write_place(write)), data(write.data))));
}

fn write_place(write: &Write<'_>) -> String {
    format!("{}\\{}", write.key, write.value).to_lowercase()
}

fn data(data: Data<'_>) -> String {
    match data {
        Data::Dword(number) => number.to_string(),
        Data::Qword(number) => format!("{number} (64 bits)"),
        Data::Text(text) => format!("\"{text}\""),
        Data::Delete => "deleted".to_owned(),
    }
}
