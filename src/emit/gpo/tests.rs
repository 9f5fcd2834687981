//! What identifiers and halves a backup has. Real readers: `tests/gpo.rs`.

use super::*;
use crate::vendor::registry::{RegistryAction, RegistryData, RegistryKey};

const IDENTITY: Identity<'static> =
    Identity { organisation: "Müller & <Söhne>", domain: "example.org", role: "office", decided: Some("2026-09-14") };

fn set(hive: Hive) -> RegistryOperation {
    let key = RegistryKey::new("software\\x").unwrap();
    RegistryOperation { hive, key, name: "v".to_owned(), action: RegistryAction::Set(RegistryData::Dword(1)) }
}

fn files(operations: &[RegistryOperation], identity: &Identity<'_>) -> Vec<Artifact> {
    render(&[Share { operations: operations.to_vec(), settings: Vec::new() }], identity, &Baselines::embedded()).unwrap()
}

fn text<'a>(files: &'a [Artifact], ending: &str) -> &'a str {
    std::str::from_utf8(&files.iter().find(|file| file.path.ends_with(ending)).unwrap().bytes).unwrap()
}

#[test]
fn a_half_without_settings_is_switched_off_and_has_no_file() {
    for (hive, options, versions, absent) in [
        (Hive::User, "<Options>2</Options>", ["User", "65537", "Machine", "0"], "Machine"),
        (Hive::Machine, "<Options>1</Options>", ["Machine", "65537", "User", "0"], "User"),
    ] {
        let files = files(&[set(hive)], &IDENTITY);
        let scheme = text(&files, "/Backup.xml");
        assert!(scheme.contains(options), "{scheme}");
        for pair in versions.chunks(2) {
            assert!(scheme.contains(&format!("<{0}VersionNumber>{1}</{0}VersionNumber>", pair[0], pair[1])), "{scheme}");
        }
        assert!(scheme.contains(&format!("<{absent}ExtensionGuids/>")), "{scheme}");
        assert!(!files.iter().any(|file| file.path.contains(&format!("/{absent}/"))));
        assert_eq!(files.len(), 5);
    }
}

#[test]
fn both_halves_are_on() {
    let files = files(&[set(Hive::User), set(Hive::Machine)], &IDENTITY);
    assert!(text(&files, "/Backup.xml").contains("<Options>0</Options>"));
    assert_eq!(files.len(), 6);
}

#[test]
fn nothing_is_written_without_settings() {
    assert!(files(&[], &IDENTITY).is_empty());
}

#[test]
fn names_of_the_plan_stay_text() {
    let files = files(&[set(Hive::User)], &IDENTITY);
    for ending in ["manifest.xml", "/bkupInfo.xml", "/Backup.xml", "/gpreport.html"] {
        let text = text(&files, ending);
        assert!(text.contains("Müller &amp; &lt;Söhne&gt;: office"), "{ending}: {text}");
    }
}

#[test]
fn a_role_keeps_its_identifiers_when_values_change_and_shares_none() {
    let other_value = RegistryOperation { action: RegistryAction::DeleteValue, ..set(Hive::User) };
    let manifest = |operation, identity: &Identity<'_>| text(&files(&[operation], identity), "manifest.xml").to_owned();
    let first = manifest(set(Hive::User), &IDENTITY);
    assert_eq!(first, manifest(other_value, &IDENTITY));
    let second = manifest(set(Hive::User), &Identity { role: "field", ..IDENTITY });
    let identifiers = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| line.contains("<ID>") || line.contains("<GPOGuid>"));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(identifiers(&first).len(), 2);
    assert!(identifiers(&first).iter().all(|line| !second.contains(line)), "{second}");
}
