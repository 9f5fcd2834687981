//! What browsers and readers of the other forms make of the files of a folder `browser/`.
//!
//! Each function asks one program that is not ours and gives what it read; `None`, said loudly, where it is missing.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value, json};

use super::consumer::{have, missing};

/// The policies that shut the door through which a test asks Chromium; that they do is a test of its own.
pub(crate) const DOORS: [&str; 2] = ["RemoteDebuggingAllowed", "DeveloperToolsAvailability"];
/// The same of Firefox.
pub(crate) const FIREFOX_DOOR: &str = "DisableDeveloperTools";
pub(crate) const CHROME: &str = "chrome/managed/groundplan.json";
const EDGE: &str = "edge/managed/groundplan.json";
const FIREFOX: &str = "firefox/policies.json";

pub(crate) fn read(path: &Path) -> Map<String, Value> {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let value: Value = serde_json::from_slice(&bytes).unwrap();
    value.as_object().unwrap().clone()
}

/// Runs a script of this folder; `None`, said loudly, when the surroundings do not allow it.
pub(crate) fn ask(what: &str, script: &str, arguments: &[&str]) -> Option<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser").join(script);
    let output = Command::new("/usr/bin/python3").arg(script).args(arguments).output().unwrap();
    if output.status.code() == Some(2) {
        missing(what);
        return None;
    }
    assert!(output.status.success(), "{what}: {}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// What Chromium says of a file of policies, without some of them, and of the addresses that it is sent to.
pub(crate) fn chromium(path: &Path, without: &[&str], visits: &[&str]) -> Option<Value> {
    let mut arguments = vec![path.to_str().unwrap(), "--without"];
    arguments.extend(without);
    if !visits.is_empty() {
        arguments.push("--visit");
        arguments.extend(visits);
    }
    ask("Chromium, or the right to mount", "chromium.py", &arguments)
}

/// The policies that Chromium took from a folder with the very value, and what is wrong with the others.
pub(crate) fn taken_by_chromium(folder: &Path) -> Option<(Map<String, Value>, Vec<String>)> {
    let path = folder.join(CHROME);
    let answer = chromium(&path, &DOORS, &[])?;
    let known = answer["names"].as_array().unwrap();
    let (mut taken, mut wrong) = (Map::new(), Vec::new());
    for (name, value) in read(&path) {
        let told = &answer["policies"][&name];
        let expected = json!({ "level": "mandatory", "scope": "machine", "source": "platform", "value": value });
        if !known.contains(&json!(name)) {
            wrong.push(format!("the program does not know {name}"));
        } else if DOORS.contains(&name.as_str()) {
        } else if *told == expected {
            taken.insert(name, told["value"].clone());
        } else {
            wrong.push(format!("{name} with {value} became {told}"));
        }
    }
    Some((taken, wrong))
}

/// The policies of a folder without the one that shuts the door through which a test asks Firefox, and what it says of them
/// and of the addresses that it is sent to.
pub(crate) fn firefox(folder: &Path, visits: &[&str]) -> Option<(Map<String, Value>, Value)> {
    let mut policies = read(&folder.join(FIREFOX))["policies"].as_object().unwrap().clone();
    policies.remove(FIREFOX_DOOR);
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("policies.json"), json!({ "policies": policies }).to_string()).unwrap();
    let mut arguments = vec![place.path().to_str().unwrap()];
    if !visits.is_empty() {
        arguments.push("--visit");
        arguments.extend(visits);
    }
    Some((policies, ask("Firefox", "firefox.py", &arguments)?))
}

/// The policies that Firefox took from a folder with the very value, and what is wrong with the others.
pub(crate) fn taken_by_firefox(folder: &Path) -> Option<(Map<String, Value>, Vec<String>)> {
    let (policies, answer) = firefox(folder, &[])?;
    let (mut taken, mut wrong) = (Map::new(), Vec::new());
    if (&answer["status"], &answer["errors"]) != (&json!("ACTIVE"), &json!([])) {
        wrong.push(format!("{} with {}", answer["status"], answer["errors"]));
    }
    for (name, value) in policies {
        let told = &answer["policies"][&name];
        if *told == as_addresses(&value) {
            taken.insert(name, value);
        } else {
            wrong.push(format!("{name} with {value} became {told}"));
        }
    }
    for (name, entry) in taken.get("Preferences").and_then(Value::as_object).into_iter().flatten() {
        let told = &answer["preferences"][name];
        if *told != json!({ "value": entry["Value"], "locked": true }) {
            wrong.push(format!("the preference {name} became {told}"));
        }
    }
    Some((taken, wrong))
}

/// Values as Firefox gives them back: an address of a host alone has its path there.
fn as_addresses(value: &Value) -> Value {
    match value {
        Value::String(text)
            if text.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.contains(['/', '*'])) =>
        {
            json!(format!("{text}/"))
        }
        Value::Array(items) => items.iter().map(as_addresses).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), as_addresses(value))).collect(),
        other => other.clone(),
    }
}

/// Values as the registry has them: flags are numbers there. Flags inside JSON text stay flags and become numbers here as well.
pub(crate) fn as_registry(value: &Value) -> Value {
    match value {
        Value::Bool(flag) => json!(u8::from(*flag)),
        Value::Array(items) => items.iter().map(as_registry).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), as_registry(value))).collect(),
        other => other.clone(),
    }
}

/// The policies of the three browsers by their JSON files.
pub(crate) fn by_files(folder: &Path) -> Value {
    json!({
        "firefox": read(&folder.join(FIREFOX))["policies"],
        "chrome": read(&folder.join(CHROME)),
        "edge": read(&folder.join(EDGE)),
    })
}

/// The same by the policy file of Windows, as Samba reads it; flags are numbers.
pub(crate) fn by_registry(folder: &Path) -> Option<Value> {
    let samba = have("Samba's Python module", Command::new("/usr/bin/python3").args(["-c", "import samba.dcerpc.preg"]));
    let pol = folder.join("windows/machine.pol");
    let read = if samba { ask("Samba", "registry.py", &[pol.to_str().unwrap()])? } else { return None };
    Some(as_registry(&read))
}

/// The same by the profile of macOS, as plistlib reads it.
pub(crate) fn by_profile(folder: &Path) -> Value {
    let read = ask("plistlib", "profile.py", &[folder.join("macos/browsers.mobileconfig").to_str().unwrap()]);
    let mut domains = read.expect("Python has it").as_object().unwrap().clone();
    let switch = domains["org.mozilla.firefox"].as_object_mut().unwrap().remove("EnterprisePoliciesEnabled");
    assert_eq!(switch, Some(json!(true)), "{}", folder.display());
    let mut take = |domain: &str| domains.remove(domain);
    let by_browser = json!({
        "firefox": take("org.mozilla.firefox"), "chrome": take("com.google.Chrome"), "edge": take("com.microsoft.Edge"),
    });
    assert!(domains.is_empty(), "{}: {domains:?}", folder.display());
    by_browser
}
