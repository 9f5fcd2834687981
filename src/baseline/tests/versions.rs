//! A setting that the written version lacks becomes a gap that says since when it exists; it never becomes a line. What the
//! version deprecates is a note, and what is written passes the vendor's schema of each version as a whole.

use std::collections::BTreeMap;

use super::{BASELINES, CATALOGUE, answers, examples, minimal_with, rule, yaml};
use crate::baseline::{Checker, check_versions, resolve, versions_of};
use crate::catalogue::{Catalogue, Decision};
use crate::diag::{Code, Level};
use crate::emit::macos::{ProfileIdentity, render};
use crate::plan::EVERYONE;
use crate::value::Value;
use crate::vendor::apple::{PayloadKey, Schema};
use crate::vendor::{Schemas, Typed, Versions};

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

/// Each profile of each example, as a whole, in each macOS that can be written for.
#[test]
fn apples_schema_takes_the_profiles_of_every_example_in_every_version() {
    let schemas = Schemas::load(&BASELINES).unwrap();
    let identity = ProfileIdentity { organisation: "Example", domain: "example.org", role: EVERYONE, removal_disallowed: true };
    let mut profiles = 0;
    for macos in Schema::load(&BASELINES).unwrap().versions() {
        let versions = Versions::new([("macos".to_owned(), (*macos).to_owned())].into_iter());
        let mut checker = Checker::new(&schemas, versions.clone());
        for (decision, example) in examples() {
            let what = format!("{}, macOS {macos}", decision.key);
            let (baseline, _) = resolve(&CATALOGUE, &answers(&minimal_with(&example.plan), &what));
            let typed = checker.check(baseline).0.settings.into_iter().map(|checked| checked.typed);
            let keys: Vec<PayloadKey> =
                typed.filter_map(|typed| if let Typed::Profile(key) = typed { Some(key) } else { None }).collect();
            let (schema, macos) = schemas.profiles(&versions).unwrap();
            let made = render(&keys, &identity, schema, macos).unwrap_or_else(|error| panic!("{what}: {error}"));
            profiles += made.len();
        }
    }
    assert!(profiles > 400, "{profiles} profiles");
}

#[test]
fn what_is_deprecated_in_the_target_is_a_note_with_what_replaces_it() {
    let schemas = Schemas::load(&BASELINES).unwrap();
    let notes = |macos: &str| {
        let mut checker = Checker::new(&schemas, Versions::new([("macos".to_owned(), macos.to_owned())].into_iter()));
        let (baseline, _) = resolve(&CATALOGUE, &answers(&minimal_with(&yaml("{}").root), "the least plan"));
        let (checked, found) = checker.check(baseline);
        let is_written = |name: &str| checked.settings.iter().any(|checked| checked.setting.name == name);
        let summary = "com.apple.applicationaccess:allowMailSummary";
        assert!(is_written(summary));
        found.into_iter().find(|finding| finding.code == Code::BaselineDeprecated && finding.message.contains(summary))
    };
    assert_eq!(notes("26.3"), None);
    let note = notes("26.4").unwrap();
    assert_eq!(note.level, Level::Note);
    assert!(note.message.contains("since macOS 26.4"), "{}", note.message);
    assert!(note.help.unwrap().contains("com.apple.configuration.intelligence.settings"));
}

#[test]
fn a_device_management_that_cannot_spell_a_person_is_an_error_and_one_that_perhaps_can_a_warning() {
    let found = |lines: &str| {
        let document = minimal_with(&yaml(lines).root);
        let (_, findings) = resolve(&CATALOGUE, &answers(&document, lines));
        findings.into_iter().map(|finding| (finding.code, finding.level, finding.message)).collect::<Vec<_>>()
    };
    for fine in ["{}", "delivery: { mdm: jamf }", "delivery: { mdm: fleet }", "clients: [outlook-mac]\ndelivery: { mdm: intune }"]
    {
        assert_eq!(found(fine), [], "{fine}");
    }
    let intune = found("delivery: { mdm: intune }");
    assert!(intune.iter().all(|(code, level, _)| (*code, *level) == (Code::PlanSpelling, Level::Error)), "{intune:?}");
    assert!(intune.iter().any(|(.., message)| message.contains("`intune` fills in the user name")), "{intune:?}");
    let [(Code::PlanSpelling, Level::Warning, message)] = &found("delivery: { mdm: mosyle }")[..] else { panic!() };
    assert!(message.contains("`%Email%`, `%UserID%`"), "{message}");
}
