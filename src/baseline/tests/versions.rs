//! A setting that the written version lacks becomes a gap that says since when it exists; it never becomes a line.

use std::collections::BTreeMap;

use super::{BASELINES, CATALOGUE, answers, minimal_with, rule, yaml};
use crate::baseline::{Checker, check_versions, resolve, versions_of};
use crate::catalogue::{Catalogue, Decision};
use crate::diag::Level;
use crate::value::Value;
use crate::vendor::Schemas;

/// How many settings are left, and the reasons of the gaps.
fn gaps(client: &str, lines: &str, name: &str, value: Value) -> (usize, Vec<String>) {
    let settings = BTreeMap::from([(client.to_owned(), vec![rule(name, value, 1)])]);
    let decision = CATALOGUE.decision("content.read_as").unwrap().clone();
    let decision = Decision { settings, gaps: BTreeMap::new(), duties: Vec::new(), ..decision };
    let document = minimal_with(&yaml(lines).root);
    let answers = answers(&document, lines);
    let (baseline, findings) = resolve(&Catalogue { decisions: vec![decision], ..CATALOGUE.clone() }, &answers);
    assert_eq!(findings, []);
    let schemas = Schemas::load(&BASELINES).unwrap();
    let (checked, findings) = Checker::new(&schemas, versions_of(&answers)).check(baseline);
    assert_eq!(findings, []);
    (checked.settings.len(), checked.gaps.into_iter().map(|gap| gap.reason).collect())
}

fn map(entries: &[(&str, Value)]) -> Value {
    Value::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
}

#[test]
fn a_policy_that_came_later_is_a_gap_with_its_version() {
    let plan = |version: &str| format!("clients: [thunderbird]\nversions: {{ thunderbird: \"{version}\" }}\n");
    let disabled = || map(&[("Disabled", Value::Flag(true))]);
    for (version, name, value, reason) in [
        ("128", "InAppNotification", disabled(), "it came with 140."),
        ("140", "SecurityDevices", map(&[("Add", map(&[("Card", "/a.so".into())]))]), "it came with 153."),
        (
            "140",
            "ExtensionSettings",
            map(&[("a@b", map(&[("update_url", "https://a.example/u.json".into())]))]),
            "the policy is known, but this value came with 153.",
        ),
    ] {
        let (left, gaps) = gaps("thunderbird", &plan(version), name, value.clone());
        assert_eq!((left, gaps), (0, vec![format!("`{name}` does not exist in Thunderbird {version}: {reason}")]));
    }
    assert_eq!(gaps("thunderbird", &plan("153"), "InAppNotification", disabled()), (1, Vec::new()));
}

#[test]
fn a_payload_key_that_came_later_or_went_is_a_gap_with_its_version() {
    let plan = |version: &str| format!("clients: [apple-mail]\nversions: {{ macos: \"{version}\" }}\n");
    let smart = "com.apple.applicationaccess:allowMailSmartReplies";
    let (left, found) = gaps("apple-mail", &plan("15.1"), smart, Value::Flag(false));
    assert_eq!((left, found), (0, vec![format!("`{smart}` does not exist in macOS 15.1: it came with 15.4.")]));
    assert_eq!(gaps("apple-mail", &plan("15.4"), smart, Value::Flag(false)), (1, Vec::new()));
    let gone = "com.apple.jabber.account:JabberUseSSL";
    let (left, found) = gaps("apple-mail", &plan("26"), gone, Value::Flag(true));
    assert_eq!((left, found), (0, vec![format!("`{gone}` does not exist in macOS 26: it went with 10.14.")]));
}

#[test]
fn a_list_of_another_version_is_a_note() {
    let schemas = Schemas::load(&BASELINES).unwrap();
    let notes = |version: &str| {
        let lines = format!("versions: {{ thunderbird: \"{version}\" }}\n");
        check_versions(&answers(&minimal_with(&yaml(&lines).root), &lines), &schemas)
    };
    let [note] = &notes("140")[..] else { panic!("no note") };
    assert_eq!(note.level, Level::Note);
    assert!(note.message.starts_with("the preferences of Thunderbird 140 are judged by the list of 153"), "{}", note.message);
    assert_eq!(notes("153"), []);
}
