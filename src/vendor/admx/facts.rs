//! What a template says, as single facts, for a comparison with another one.

use std::collections::BTreeMap;

use super::form;
use super::policy::{Class, Data, Element, Kind, ListNames, Policy, Write};
use crate::vendor::diff::{Aspect, Fact, Facts};
use crate::vendor::search::Query;

/// The facts of a template's table; else the line of a broken policy.
pub(in crate::vendor) fn facts(text: &str) -> Result<Facts, usize> {
    let everything = Query::new("");
    let mut facts = Facts::new();
    for block in form::search(text.as_bytes(), "", &everything) {
        let at = block.as_ptr().addr() - text.as_ptr().addr();
        let line = || text[..at].lines().count() + 1;
        let policy = form::parse(block).ok_or_else(line)?;
        if facts.insert(policy.name.to_owned(), policy_facts(&policy)).is_some() {
            return Err(line());
        }
    }
    Ok(facts)
}

fn policy_facts(policy: &Policy<'_>) -> BTreeMap<Fact, String> {
    let class = match policy.class {
        Class::Machine => "machine",
        Class::User => "user",
        Class::Both => "both",
    };
    let mut facts = BTreeMap::from([
        (Fact::of(Aspect::Title), policy.title.to_owned()),
        (Fact::of(Aspect::Category), policy.category.join(" > ")),
        (Fact::of(Aspect::Class), class.to_owned()),
        (Fact::of(Aspect::Registry), place(policy.key, policy.value.unwrap_or_default())),
    ]);
    for title in &policy.titles {
        facts.insert(Fact::new("", Aspect::Title, title.language), title.title.to_owned());
        facts.insert(Fact::new("", Aspect::Category, title.language), title.category.join(" > "));
    }
    if let Some(versions) = policy.supported {
        facts.insert(Fact::of(Aspect::Supported), versions.to_owned());
    }
    if let Some(data) = policy.enabled {
        facts.insert(Fact::new("", Aspect::State, "enabled"), words(data));
    }
    if let Some(data) = policy.disabled {
        facts.insert(Fact::new("", Aspect::State, "disabled"), words(data));
    }
    also(&mut facts, "", "enabled", &policy.enabled_also);
    also(&mut facts, "", "disabled", &policy.disabled_also);
    for element in &policy.elements {
        element_facts(element, &mut facts);
    }
    facts
}

fn element_facts(element: &Element<'_>, facts: &mut BTreeMap<Fact, String>) {
    let id = element.id;
    let mut say = |aspect, item: &str, value: String| facts.insert(Fact::new(id, aspect, item), value);
    say(Aspect::Registry, "", place(element.key, element.value));
    let mut options: Vec<(&str, String)> = Vec::new();
    let mut flag = |name, set: bool| options.extend(set.then(|| (name, "yes".to_owned())));
    let kind = match &element.kind {
        Kind::Boolean { on, off, .. } => {
            // Without a value of its own, 1 is written and the value deleted.
            say(Aspect::State, "on", on.map_or_else(|| "dword:1".to_owned(), words));
            say(Aspect::State, "off", off.map_or_else(|| "delete".to_owned(), words));
            "a check box"
        }
        Kind::Decimal { from, to, long, as_text } => {
            say(Aspect::Range, "", format!("{from} to {to}"));
            flag("64 bits", *long);
            flag("stored as text", *as_text);
            "a number"
        }
        Kind::Text { required, expandable, longest } => {
            say(Aspect::Range, "length", format!("at most {longest}"));
            flag("required", *required);
            flag("expandable", *expandable);
            "text"
        }
        Kind::MultiText { required, longest, most } => {
            say(Aspect::Range, "length", format!("at most {longest}"));
            say(Aspect::Range, "lines", if *most == 0 { "any number".to_owned() } else { format!("at most {most}") });
            flag("required", *required);
            "lines of text"
        }
        Kind::Enumeration { items } => {
            for item in items {
                say(Aspect::Item, item.label, words(item.data));
            }
            "one of several items"
        }
        Kind::List { names, additive, expandable } => {
            flag("keeps what is there", *additive);
            flag("expandable", *expandable);
            options.push((
                "names",
                match names {
                    ListNames::Same => "the texts themselves".to_owned(),
                    ListNames::Numbered(prefix) => format!("`{prefix}` and a number"),
                    ListNames::Given => "given".to_owned(),
                },
            ));
            "a list"
        }
    };
    say(Aspect::Element, "", kind.to_owned());
    for (name, value) in options {
        say(Aspect::Option, name, value);
    }
    match &element.kind {
        Kind::Boolean { on_also, off_also, .. } => {
            also(facts, id, "on", on_also);
            also(facts, id, "off", off_also);
        }
        Kind::Enumeration { items } => items.iter().for_each(|item| also(facts, id, item.label, &item.also)),
        _ => {}
    }
}

fn also(facts: &mut BTreeMap<Fact, String>, part: &str, state: &str, writes: &[Write<'_>]) {
    for write in writes {
        let item = format!("{state}: {}", place(write.key, write.value));
        facts.insert(Fact::new(part, Aspect::State, item), words(write.data));
    }
}

fn place(key: &str, value: &str) -> String {
    format!("{key}\\{value}")
}

fn words(data: Data<'_>) -> String {
    match data {
        Data::Dword(number) => format!("dword:{number}"),
        Data::Qword(number) => format!("qword:{number}"),
        Data::Text(text) => format!("text:{text}"),
        Data::Delete => "delete".to_owned(),
    }
}
