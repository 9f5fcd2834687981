//! Asks a real Thunderbird what it makes of a folder of ours, and compares.
//!
//! [`probe`] gives what the program says, [`differences`] everything that it did not take as it stands in the folder.
//! The work is done by `probe.py` beside this file: it needs python3 and changes nothing outside a temporary folder.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Messages about the machine of the test, not about the file: no network, no driver of a card reader, no file.
const OF_THE_MACHINE: [&str; 3] = ["Download failed - ", "Unable to add security device", "Unable to find certificate - "];

/// Whether there is a Thunderbird to ask. Says so loudly when there is none, and fails where all programs are expected
/// (`GROUNDPLAN_ALL_CONSUMERS=1`).
#[expect(clippy::print_stderr, reason = "a test that is left out must be seen")]
pub(crate) fn is_installed() -> bool {
    let folder = std::env::var("GROUNDPLAN_THUNDERBIRD").unwrap_or_else(|_| "/usr/lib/thunderbird".into());
    let there = Path::new(&folder).join("thunderbird-bin").exists();
    if !there {
        assert!(std::env::var_os("GROUNDPLAN_ALL_CONSUMERS").is_none_or(|all| all != "1"), "no Thunderbird in {folder}");
        eprintln!("\n*** LEFT OUT: there is no Thunderbird in {folder}; what it makes of our files was NOT tested ***\n");
    }
    there
}

/// The name with which the person of these tests is signed in.
const PERSON: &str = "anna";

/// What the program says about the folder that holds the files of a role.
pub(crate) fn probe(folder: &Path) -> Value {
    probe_with(folder, &[])
}

/// The same, with further arguments for `probe.py`.
pub(crate) fn probe_with(folder: &Path, arguments: &[&str]) -> Value {
    probe_as(folder, arguments, &[("USER", PERSON)])
}

/// The same, for a person of whom the environment says no more than this.
pub(crate) fn probe_as(folder: &Path, arguments: &[&str], person: &[(&str, &str)]) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/thunderbird/probe.py");
    let mut command = Command::new("python3");
    command.arg(script).arg(folder).args(arguments).env_remove("USER").env_remove("USERNAME");
    let output = command.envs(person.iter().copied()).output().expect("python3 starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {told}", output.status);
    serde_json::from_slice(&output.stdout).expect("the probe prints JSON")
}

/// Everything that the program did not take as it stands in the files of the folder; empty when all is well.
#[must_use]
pub(crate) fn differences(folder: &Path) -> Vec<String> {
    differences_from(folder, &probe(folder))
}

/// The same, from an answer of [`probe`].
pub(crate) fn differences_from(folder: &Path, answer: &Value) -> Vec<String> {
    let told = answer["errors"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut found: Vec<String> = told
        .filter(|error| !OF_THE_MACHINE.iter().any(|beginning| error.starts_with(beginning)))
        .map(|error| format!("the program logged: {error}"))
        .collect();
    let mut preferences = Vec::new();
    if let Ok(text) = std::fs::read_to_string(folder.join("policies.json")) {
        if answer["status"] != "ACTIVE" {
            found.push(format!("the policies are {}", answer["status"]));
        }
        let file: Value = serde_json::from_str(&text).expect("policies.json is JSON");
        for (name, value) in file["policies"].as_object().expect("an object of policies") {
            if !is_same(value, &answer["policies"][name]) {
                found.push(format!("policy {name}: {value} became {}", answer["policies"][name]));
            }
        }
        for (name, entry) in file["policies"]["Preferences"].as_object().into_iter().flatten() {
            preferences.push((name.clone(), entry["Value"].clone(), entry["Status"] == "locked"));
        }
    }
    if let Ok(text) = std::fs::read_to_string(folder.join("defaults.js")) {
        preferences.extend(text.lines().filter(|line| !line.starts_with("//")).map(read_line));
    }
    if let Ok(text) = std::fs::read_to_string(folder.join("autoconfig/groundplan.cfg")) {
        preferences.extend(text.lines().filter_map(read_call));
    }
    for (name, value, locked) in preferences {
        let seen = &answer["preferences"][&name];
        if seen["value"] != value || seen["locked"] != locked {
            found.push(format!("preference {name}: {value}, locked {locked}, became {seen}"));
        }
    }
    found
}

/// `defaultPref("name", name + "text");` as it must come out for the person of these tests.
fn read_call(line: &str) -> Option<(String, Value, bool)> {
    let inner = line.trim().strip_suffix(");")?;
    let (inner, locked) = match inner.strip_prefix("lockPref(") {
        Some(inner) => (inner, true),
        None => (inner.strip_prefix("defaultPref(")?, false),
    };
    let (mut rest, mut texts) = (inner, Vec::new());
    while !rest.is_empty() {
        rest = rest.trim_start_matches([',', ' ', '+']);
        if let Some(after) = rest.strip_prefix("name") {
            texts.push(PERSON.to_owned());
            rest = after;
        } else {
            let mut read = serde_json::Deserializer::from_str(rest).into_iter::<String>();
            texts.push(read.next().expect("a text").expect("a text"));
            rest = &rest[read.byte_offset()..];
        }
    }
    Some((texts[0].clone(), texts[1..].concat().into(), locked))
}

/// `pref("name", value, locked);`
fn read_line(line: &str) -> (String, Value, bool) {
    let inner = line.strip_prefix("pref(").and_then(|rest| rest.strip_suffix(");")).expect("a line of defaults.js");
    let (inner, locked) = inner.strip_suffix(", locked").map_or((inner, false), |inner| (inner, true));
    let pair: (String, Value) = serde_json::from_str(&format!("[{inner}]")).expect("a name and a value");
    (pair.0, pair.1, locked)
}

/// What was written and what became of it: the same, but for the slash that the program puts behind a bare web address.
fn is_same(written: &Value, seen: &Value) -> bool {
    match (written, seen) {
        (Value::String(written), Value::String(seen)) => {
            let bare = written.starts_with("http") && written.matches('/').count() == 2;
            written == seen || (bare && seen.strip_suffix('/') == Some(written))
        }
        (Value::Array(written), Value::Array(seen)) => {
            written.len() == seen.len() && written.iter().zip(seen).all(|(written, seen)| is_same(written, seen))
        }
        (Value::Object(written), Value::Object(seen)) => {
            written.len() == seen.len()
                && written.iter().all(|(key, value)| seen.get(key).is_some_and(|seen| is_same(value, seen)))
        }
        _ => written == seen,
    }
}
