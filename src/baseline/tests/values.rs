//! Every value that a rule can give stands in an example of the same file, where somebody has read it.

use std::collections::BTreeSet;

use super::{CATALOGUE, answers, examples, minimal_with};
use crate::catalogue::{Condition, SettingRule};
use crate::plan::{RoleAnswers, holds};

/// The case of a rule that counts under these answers.
fn case(rule: &SettingRule, answers: &RoleAnswers) -> Option<usize> {
    let applies = |when: &Option<Condition>| when.as_ref().is_none_or(|when| holds(when, answers));
    applies(&rule.when).then(|| rule.cases.iter().position(|case| applies(&case.when))).flatten()
}

#[test]
#[expect(clippy::print_stdout, reason = "how many values were read is worth more than that they were")]
fn every_value_of_every_rule_stands_in_an_example() {
    // What an example says of a client is all that is set there, so the value of each rule that applies stands in it.
    let mut written = BTreeSet::new();
    for (decision, example) in examples() {
        let answers = answers(&minimal_with(&example.plan), &example.place.file);
        let named = decision.settings.iter().filter(|(client, _)| example.sets.contains_key(*client));
        for rule in named.flat_map(|(_, rules)| rules).filter(|rule| rule.place.file == example.place.file) {
            written.extend(case(rule, &answers).map(|case| (&rule.place.file, rule.place.line, case)));
        }
    }
    let rules = CATALOGUE.decisions.iter().flat_map(|decision| decision.settings.values().flatten());
    let (mut values, mut silent) = (0, Vec::new());
    for rule in rules {
        let (file, line) = (&rule.place.file, rule.place.line);
        for (place, case) in rule.cases.iter().enumerate().filter(|(_, case)| case.set.is_some()) {
            values += 1;
            if !written.contains(&(file, line, place)) {
                silent.push(format!("{file}:{line} {}: {:?}", rule.name, case.set));
            }
        }
    }
    println!("{values} values of rules, each in an example");
    assert!(silent.is_empty(), "{} of {values} values stand in no example:\n{}", silent.len(), silent.join("\n"));
    assert!(values > 900, "{values} values");
}
