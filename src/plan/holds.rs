//! Whether a condition of the catalogue holds for a role.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Origin, RoleAnswers};
use crate::catalogue::{Condition, ItemTest, Test};
use crate::value::Value;

/// Whether `condition` holds for these answers.
pub fn holds(condition: &Condition, answers: &RoleAnswers) -> bool {
    match condition {
        Condition::All(all) => all.iter().all(|one| holds(one, answers)),
        Condition::Any(any) => any.iter().any(|one| holds(one, answers)),
        Condition::Not(none) => !none.iter().any(|one| holds(one, answers)),
        Condition::Role(wanted) => answers.role.is_some() == *wanted,
        Condition::Loosens => answers.loosens,
        Condition::Given(name) => answers.answers.iter().any(|(key, given)| {
            let of_name = key.strip_prefix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
            of_name && matches!(&given.origin, Origin::Plan { role, .. } if *role == answers.role)
        }),
        Condition::Need { goal, channel, at_least } => answers.need(goal, channel) >= *at_least,
        Condition::Answer { key, field, test } => {
            // A block of free names (`information`) has no answer of its own.
            let block = || {
                answers
                    .answers
                    .keys()
                    .any(|answered| answered.strip_prefix(key.as_str()).is_some_and(|rest| rest.starts_with('.')))
            };
            let value = answers.value(key, field.as_deref());
            match test {
                Test::Some(fields) if value.is_none() => {
                    names_of(key, answers).iter().any(|record| item_fits(record, fields, answers))
                }
                Test::Present => value.map_or_else(block, |value| !is_empty(value)),
                Test::Absent => !value.map_or_else(block, |value| !is_empty(value)),
                _ => {
                    value.is_some_and(|value| test_value(test, value, answers))
                        || (value.is_none() && matches!(test, Test::Lacks(_)))
                }
            }
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        Value::Text(text) => text.is_empty(),
        Value::Flag(_) | Value::Number(_) | Value::Personal(_) => false,
    }
}

fn test_value(test: &Test, value: &Value, answers: &RoleAnswers) -> bool {
    let holds_any = |words: &[String]| {
        value
            .as_list()
            .unwrap_or_default()
            .iter()
            .any(|item| item.as_text().is_some_and(|item| words.iter().any(|word| word == item)))
    };
    match test {
        Test::Present | Test::Absent => unreachable!("`holds` answers these without a value"),
        Test::OneOf(values) => values.contains(value),
        Test::Has(words) => holds_any(words),
        Test::Lacks(words) => !holds_any(words),
        Test::Number(comparison, number) => value.as_number().is_some_and(|value| comparison.holds(value, *number)),
        Test::Past => is_past(value, answers.today),
        Test::Within(domains) => value.as_text().is_some_and(|text| is_within(text, domains)),
        Test::Some(fields) => match value {
            Value::List(items) => items.iter().any(|item| item_fits(item, fields, answers)),
            Value::Map(entries) => entries.values().any(|item| item_fits(item, fields, answers)),
            _ => false,
        },
    }
}

fn item_fits(item: &Value, fields: &[(String, ItemTest)], answers: &RoleAnswers) -> bool {
    let nothing = BTreeMap::new();
    fields.iter().all(|(field, test)| {
        let value = if field.is_empty() { Some(item) } else { item.as_map().unwrap_or(&nothing).get(field) };
        let one = |test: &dyn Fn(&Value) -> bool| match value {
            Some(Value::List(items)) => items.iter().any(test),
            Some(value) => test(value),
            None => false,
        };
        match test {
            ItemTest::OneOf(values) => one(&|value| values.contains(value)),
            ItemTest::ThisRole => one(&|value| value.as_text() == answers.role.as_deref() && answers.role.is_some()),
            ItemTest::Past => one(&|value| is_past(value, answers.today)),
            ItemTest::Present => value.is_some_and(|value| !is_empty(value)),
            ItemTest::Absent => value.is_none_or(is_empty),
        }
    })
}

/// The names of a block (`information`), each as a record of its answers.
fn names_of(block: &str, answers: &RoleAnswers) -> Vec<Value> {
    let mut names: BTreeMap<&str, BTreeMap<String, Value>> = BTreeMap::new();
    for (key, given) in &answers.answers {
        let Some((name, field)) =
            key.strip_prefix(block).and_then(|rest| rest.strip_prefix('.')).and_then(|rest| rest.split_once('.'))
        else {
            continue;
        };
        names.entry(name).or_default().insert(field.to_owned(), given.value.clone());
    }
    names.into_values().map(Value::Map).collect()
}

/// Whether a host, or that of an https address, is one of these domains or lies below one.
fn is_within(host_or_address: &str, domains: &[String]) -> bool {
    let rest = host_or_address.strip_prefix("https://").unwrap_or(host_or_address);
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    domains.iter().any(|domain| host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

fn is_past(value: &Value, today: Date) -> bool {
    value.as_text().and_then(|text| text.parse::<Date>().ok()).is_some_and(|date| date < today)
}

#[cfg(test)]
mod tests {
    use super::is_within;

    #[test]
    fn a_host_is_within_a_domain_by_whole_labels() {
        let domains = ["gmail.com".to_owned(), "imap.example.org".to_owned()];
        for within in
            ["gmail.com", "imap.gmail.com", "https://imap.example.org", "https://x.gmail.com:8443/a", "imap.example.org"]
        {
            assert!(is_within(within, &domains), "{within}");
        }
        for outside in ["notgmail.com", "gmail.com.example.org", "example.org", "https://example.org/gmail.com", "com", ""] {
            assert!(!is_within(outside, &domains), "{outside}");
        }
    }
}
