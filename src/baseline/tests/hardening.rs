//! The areas of hardening: what belongs there, how the levels differ, and what was not adopted from the sources.

use std::collections::{BTreeMap, BTreeSet};

use super::{BASELINES, CATALOGUE, answers, minimal_with, yaml};
use crate::baseline::resolve;
use crate::catalogue::SettingRule;
use crate::source::Node;
use crate::vendor::Schemas;

const NOT_ADOPTED: &str = "lists/not-adopted.yaml";

/// Each client with each of its rules.
pub(super) fn rules() -> impl Iterator<Item = (&'static str, &'static SettingRule)> {
    let clients = CATALOGUE.decisions.iter().flat_map(|decision| &decision.settings);
    clients.flat_map(|(client, rules)| rules.iter().map(move |rule| (client.as_str(), rule)))
}

pub(super) fn is_hardening(rule: &SettingRule) -> bool {
    rule.place.file.starts_with("hardening/")
}

#[test]
fn an_area_sets_nothing_that_a_question_decides() {
    let mut decided: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for (client, rule) in rules().filter(|(_, rule)| !is_hardening(rule)) {
        decided.insert((client, &rule.name), &rule.place.file);
    }
    let twice: Vec<String> = rules()
        .filter(|(_, rule)| is_hardening(rule))
        .filter_map(|(client, rule)| {
            let file = decided.get(&(client, rule.name.as_str()))?;
            Some(format!("{client} `{}`: {}:{} and {file}", rule.name, rule.place.file, rule.place.line))
        })
        .collect();
    assert!(twice.is_empty(), "{}", twice.join("\n"));
}

#[test]
fn every_setting_of_an_area_names_the_requirement_that_it_serves() {
    let standards = ["APP.", "ARCH.", "ASST.", "CON.", "KONF.", "M ", "SENS.", "SYS.", "TR-"];
    let is_requirement = |cite: &String| standards.iter().any(|standard| cite.starts_with(standard));
    let mut areas = BTreeSet::new();
    for (client, rule) in rules().filter(|(_, rule)| is_hardening(rule)) {
        areas.insert(&rule.place.file);
        let place = format!("{}:{}", rule.place.file, rule.place.line);
        assert!(rule.cite.iter().any(is_requirement), "{place} {client} `{}` names no requirement", rule.name);
        assert!(!rule.cite.iter().all(is_requirement), "{place} {client} `{}` names no source of its value", rule.name);
    }
    assert!(areas.len() > 15, "{areas:?}");
}

#[test]
#[expect(clippy::print_stdout, reason = "how much the levels differ is worth more than that they do")]
fn a_higher_level_sets_all_that_a_lower_one_sets_and_more() {
    let of_level = |level: &str| {
        let document = minimal_with(&yaml(&format!("preset: {level}\n")).root);
        let (baseline, findings) = resolve(&CATALOGUE, &answers(&document, level));
        assert_eq!(findings, [], "{level}");
        let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for setting in baseline.settings {
            for trail in setting.trails.into_iter().filter(|trail| trail.rule.file.starts_with("hardening/")) {
                names.entry(trail.client.unwrap()).or_default().insert(setting.name.clone());
            }
        }
        names
    };
    let levels = ["basic", "standard", "high"].map(of_level);
    for pair in levels.windows(2) {
        assert!(pair[0].keys().eq(pair[1].keys()), "{:?} and {:?}", pair[0].keys(), pair[1].keys());
        for (client, lower) in &pair[0] {
            let higher = &pair[1][client];
            let lost: Vec<&String> = lower.difference(higher).collect();
            assert!(
                lost.is_empty() && higher.len() > lower.len(),
                "{client}: {} to {}, lost {lost:?}",
                lower.len(),
                higher.len()
            );
        }
    }
    for (client, standard) in &levels[1] {
        println!("{client}: {}, {} and {} settings", levels[0][client].len(), standard.len(), levels[2][client].len());
    }
}

#[test]
fn what_was_not_adopted_exists_is_set_by_no_rule_and_has_a_reason() {
    let document = yaml(BASELINES.text(NOT_ADOPTED).unwrap());
    let schemas = Schemas::load(&BASELINES).unwrap();
    let set: BTreeSet<(&str, &str)> = rules().map(|(client, rule)| (client, rule.name.as_str())).collect();
    let (mut wrong, mut seen) = (Vec::new(), BTreeSet::new());
    for item in document.root.items().unwrap() {
        let text = |key: &str| item.get(key).and_then(Node::text);
        let client = text("client").unwrap();
        let names = ["setting", "registry", "rule"].map(text);
        let name = names.into_iter().flatten().next().unwrap();
        let mut fault = |what: &str| wrong.push(format!("{client} `{name}` {what}"));
        if names.iter().flatten().count() != 1 || !seen.insert((client, name)) {
            fault("stands there twice");
        }
        if CATALOGUE.client(client).is_none() {
            fault("is of no client");
        }
        if item.get("sources").and_then(Node::items).is_none_or(<[Node]>::is_empty) || text("because").is_none() {
            fault("has no source or no reason");
        }
        if set.contains(&(client, name)) {
            fault("is set by a rule");
        }
        let exists = item.get("exists").and_then(Node::flag).unwrap_or(true);
        if text("setting").is_some() && schemas.describe(name).is_some() != exists {
            fault(if exists { "is in no schema" } else { "exists" });
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen.len() > 90, "{} items", seen.len());
}
