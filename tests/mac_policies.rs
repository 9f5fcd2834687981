//! Thunderbird's policies as a profile of macOS: read by plistlib, they are those of `policies.json`, value by value and type by
//! type, and every road to a Mac brings the profile. No Mac was asked.

#![expect(clippy::unwrap_used, reason = "a test stops where something fails")]

#[path = "support/consumer.rs"]
mod consumer;
#[path = "support/program.rs"]
#[expect(dead_code, reason = "shared with tests that ask more")]
mod program;

use std::fs;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use program::{ended, example, generate, tree};
use serde_json::{Value, json};

const PROFILE: &str = "thunderbird/macos/thunderbird.mobileconfig";

/// What plistlib finds; `None` without Python.
fn compare(profile: &Path, policies: &Path) -> Option<Value> {
    let python = || Command::new("python3");
    if !consumer::have("python3", python().arg("--version")) {
        return None;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/macos/policies.py");
    let output = python().arg(script).args([profile, policies]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// Generates a plan of the examples with this delivery.
fn generated(folder: &Path, delivery: &str, arguments: &[&str]) {
    let plan = fs::read_to_string(example("utility.yaml")).unwrap().replace("apple-mail", "outlook-mac");
    fs::write(folder.join("plan.yaml"), format!("{plan}\ndelivery: {delivery}\n")).unwrap();
    let out = folder.join("out");
    ended(&generate(&folder.join("plan.yaml"), &[&["-q", "-o", out.to_str().unwrap()], arguments].concat()), 0);
}

#[test]
fn the_profile_holds_the_policies_of_the_file_with_their_types() {
    let own = tempfile::tempdir().unwrap();
    generated(own.path(), "{ mdm: jamf }", &[]);
    let mut roles = 0;
    for role in ["everyone", "office-staff", "control-room"] {
        let at = |name: &str| own.path().join("out").join(role).join(name);
        let Some(told) = compare(&at(PROFILE), &at("thunderbird/policies.json")) else { return };
        assert_eq!(told["differing"], json!([]), "{role}");
        assert_eq!(told["steps"], json!([]), "{role}");
        let of_itself = ["domain", "scope", "locked", "switch"].map(|key| told[key].clone());
        assert_eq!(of_itself, [json!("org.mozilla.thunderbird"), json!("System"), json!(true), json!(true)], "{role}");
        assert!(told["policies"].as_u64().unwrap() > 10, "{told}");
        // A flag that became a number, and a value that went away, are found.
        let text = fs::read_to_string(at(PROFILE)).unwrap();
        let spoilt = own.path().join("spoilt");
        let mut places = text.match_indices("<key>DisableTelemetry</key>").map(|(at, _)| at);
        let start = places.next().unwrap();
        let changed = format!("{}{}", &text[..start], text[start..].replacen("<true/>", "<integer>1</integer>", 1));
        fs::write(&spoilt, changed).unwrap();
        assert_eq!(compare(&spoilt, &at("thunderbird/policies.json")).unwrap()["differing"], json!(["DisableTelemetry"]));
        roles += 1;
    }
    assert_eq!(roles, 3);
    assert!(!own.path().join("out/consultants").join(PROFILE).exists(), "a role without Thunderbird has no profile");
}

#[test]
fn every_road_to_a_mac_brings_the_profile() {
    let own = tempfile::tempdir().unwrap();
    generated(own.path(), "{ windows: intune, mdm: intune }", &[]);
    let role = own.path().join("out/office-staff");
    let profile = fs::read(role.join(PROFILE)).unwrap();
    let body: Value = serde_json::from_slice(&fs::read(role.join("intune/macos-thunderbird.json")).unwrap()).unwrap();
    let payload = STANDARD.decode(body["payload"].as_str().unwrap()).unwrap();
    assert!(payload == profile, "Intune brings other bytes");
    assert_eq!(body["deploymentChannel"], "deviceChannel");

    let fleet = tempfile::tempdir().unwrap();
    generated(fleet.path(), "{ mdm: fleet }", &["--layout", "fleet"]);
    let named = "../lib/office-staff/thunderbird-macos-thunderbird.mobileconfig";
    let file = fs::read_to_string(fleet.path().join("out/fleets/office-staff.yml")).unwrap();
    assert!(file.contains(named), "{file}");
    assert!(tree(&fleet.path().join("out")).contains_key(named.trim_start_matches("../")));
    let places = fs::read_to_string(role.join("PLACES.md")).unwrap();
    assert!(places.contains(PROFILE), "{places}");
}
