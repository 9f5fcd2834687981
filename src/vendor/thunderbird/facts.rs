//! What the tables of one version say, as single facts, for a comparison with another version.

use std::collections::BTreeMap;

use super::preference::PreferenceKind;
use crate::vendor::diff::{Aspect, Fact, Facts};
use crate::vendor::node::Node;
use crate::vendor::table::Table;

/// The facts of `policies-<version>.tsv`, also of browsers, whose tables say more of each policy; else the broken line.
pub(in crate::vendor) fn policy_facts(text: &str) -> Result<Facts, usize> {
    each(text, |row| {
        let fields: Vec<&str> = row.split('\t').collect();
        let (node, about) = fields.split_last()?;
        let aspects: &[Aspect] = match about.len() {
            1 => &[Aspect::Edition],
            2 => &[Aspect::Edition, Aspect::Registry],
            5 => &[Aspect::Introduced, Aspect::Removed, Aspect::Deprecated, Aspect::Supported, Aspect::Title],
            _ => return None,
        };
        let said = aspects.iter().zip(about).filter(|(_, text)| !["-", "current"].contains(text));
        let mut facts: BTreeMap<Fact, String> = said.map(|(aspect, text)| (Fact::of(*aspect), (*text).to_owned())).collect();
        walk(&serde_json::from_str(node).ok()?, "", &mut facts);
        Some(facts)
    })
}

/// The facts of `preferences-<version>.tsv`; else the broken line.
pub(in crate::vendor) fn preference_facts(text: &str) -> Result<Facts, usize> {
    each(text, |row| {
        let (kind, default) = row.split_once('\t')?;
        let kind = PreferenceKind::read(kind)?.to_string();
        Some([(Fact::of(Aspect::Type), kind), (Fact::of(Aspect::Default), default.to_owned())].into())
    })
}

/// The facts of `preferences-policy.tsv`; else the broken line.
pub(in crate::vendor) fn passage_facts(text: &str) -> Result<Facts, usize> {
    each(text, |row| Some([(Fact::of(Aspect::Passage), row.to_owned())].into()))
}

fn each(text: &str, facts: impl Fn(&str) -> Option<BTreeMap<Fact, String>>) -> Result<Facts, usize> {
    let table = Table::new(text);
    let header = text.lines().take_while(|line| line.starts_with('#')).count();
    if let Some(line) = table.first_fault() {
        return Err(header + line);
    }
    let rows = table.rows().enumerate();
    rows.map(|(index, (name, row))| Ok((name.to_owned(), facts(row).ok_or(header + index + 1)?))).collect()
}

/// Every shape from the outside in; a list's items are `[]`, keys with a free name `*`.
fn walk(node: &Node, part: &str, facts: &mut BTreeMap<Fact, String>) {
    let below = |key: &str| if part.is_empty() { key.to_owned() } else { format!("{part}/{key}") };
    let mut say = |kind: String| facts.insert(Fact::new(part, Aspect::Type, ""), kind);
    match node {
        Node::Flag | Node::Formed(_) | Node::Anything => {
            say(node.words());
        }
        // Any value, and one of a list, are two types: a list that is new must not read as more freedom.
        Node::Number(all) => {
            say(if all.is_empty() { "a number".to_owned() } else { "one of several numbers".to_owned() });
            facts.extend(all.iter().map(|number| (Fact::new(part, Aspect::Item, number.to_string()), String::new())));
        }
        Node::Text(all) => {
            say(if all.is_empty() { "text".to_owned() } else { "one of several words".to_owned() });
            facts.extend(all.iter().map(|word| (Fact::new(part, Aspect::Item, word), String::new())));
        }
        Node::Between(from, to) => {
            say("a number".to_owned());
            facts.insert(Fact::new(part, Aspect::Range, ""), format!("{from} to {to}"));
        }
        Node::List(of) => {
            say("a list".to_owned());
            walk(of, &below("[]"), facts);
        }
        Node::Short(most, of) => {
            say("a list".to_owned());
            facts.insert(Fact::new(part, Aspect::Count, ""), format!("at most {most}"));
            walk(of, &below("[]"), facts);
        }
        Node::Map(keys) => {
            say("a map".to_owned());
            for (key, node) in &keys.fixed {
                walk(node, &below(key), facts);
            }
            facts.extend(keys.required.iter().map(|key| (Fact::new(below(key), Aspect::Required, ""), "yes".to_owned())));
            if let Some(free) = &keys.free {
                walk(free, &below("*"), facts);
            }
        }
        Node::Either(shapes) => {
            say(format!("one of {} shapes", shapes.len()));
            for (index, shape) in shapes.iter().enumerate() {
                walk(shape, &below(&format!("(shape {})", index + 1)), facts);
            }
        }
    }
}
