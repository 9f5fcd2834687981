//! The whole way, held against the programs that read what comes out: plans are generated with the built program, and what
//! lies in the folder of each role goes to Thunderbird, to Samba and wine, to Python's plistlib, libxml2 and Apple's
//! schema, to shellcheck, to Chromium, Firefox, Squid and BIND, and to `sha256sum`.
//!
//! A program that is missing is said loudly, and fails the test where `GROUNDPLAN_ALL_CONSUMERS=1`.

#![cfg(unix)]
#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "a test stops where something fails")]

#[path = "consumers/answers.rs"]
mod answers;
#[path = "consumers/browsers.rs"]
mod browsers;
#[path = "support/consumer.rs"]
mod consumer;
#[path = "consumers/gateways.rs"]
mod gateways;
#[path = "consumers/plans.rs"]
mod plans;
#[path = "thunderbird/probe.rs"]
#[expect(dead_code, reason = "shared with the tests of one artifact, which ask more")]
mod probe;
#[path = "support/program.rs"]
mod program;
#[path = "browser/readers.rs"]
mod readers;
#[path = "consumers/registry.rs"]
mod registry;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use answers::COVERING;
use groundplan::baselines::Baselines;
use groundplan::emit::macos::verify;
use groundplan::vendor::apple::Schema;
use plans::folders;
use serde_json::Value as Json;

#[test]
#[expect(clippy::print_stdout, reason = "how much was run is worth more than that it was")]
fn thunderbird_takes_the_folder_of_every_role() {
    if !probe::is_installed() {
        return;
    }
    let folders = folders("thunderbird");
    assert!(folders.len() >= 6, "{folders:?}");
    let (todo, wrong) = (Mutex::new(folders.iter()), Mutex::new(Vec::new()));
    // Two at a time: a start mostly waits.
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some((what, folder)) = todo.lock().unwrap().next() else { return };
                    let answer = probe::probe(folder);
                    let mut found = probe::differences_from(folder, &answer);
                    found.extend(accounts(folder, &answer));
                    wrong.lock().unwrap().extend(found.into_iter().map(|found| format!("{what}: {found}")));
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // The program has what the folders say; together they must say all that the content gives for any answer.
    let said: Vec<(String, Json)> =
        folders.iter().flat_map(|(_, folder)| policies(folder).into_iter().chain(preferences(folder))).collect();
    let of_person = |value: &Json| value.as_str().is_some_and(|text| text.contains("${"));
    let wanted = COVERING.values().filter(|(name, value)| !name.contains(':') && !of_person(value));
    let (found, missing): (Vec<_>, Vec<_>) = wanted.partition(|wanted| said.contains(wanted));
    assert!(missing.is_empty(), "{} values are in no folder: {missing:?}", missing.len());
    println!("{} different folders with {} values, read by Thunderbird", folders.len(), found.len());
}

/// The policies of a folder, without the one that holds preferences.
fn policies(folder: &Path) -> BTreeMap<String, Json> {
    let policies: Json = serde_json::from_slice(&fs::read(folder.join("policies.json")).unwrap()).unwrap();
    let all = policies["policies"].as_object().unwrap().iter().filter(|(name, _)| *name != "Preferences");
    all.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The accounts that the preferences of a folder describe, and what is different with those that appeared.
fn accounts(folder: &Path, answer: &Json) -> Vec<String> {
    let preferences = preferences(folder);
    let wanted = |name: &str| preferences.get(name).cloned().unwrap_or(Json::Null);
    let Some(host) = preferences.get("mail.server.server1.hostname") else {
        let appeared = answer["accounts"].as_array().map_or(0, Vec::len);
        return (appeared > 0).then(|| format!("{appeared} accounts that nobody asked for")).into_iter().collect();
    };
    let Some(account) = answer["accounts"].as_array().into_iter().flatten().find(|account| account["server"]["key"] == "server1")
    else {
        return vec![format!("no account at {host}: {}", answer["accounts"])];
    };
    let server = &account["server"];
    let mut found = Vec::new();
    let mut same = |what: &str, seen: &Json, wanted: &Json| {
        if seen != wanted && !wanted.is_null() {
            found.push(format!("the account's {what} is {seen}, not {wanted}"));
        }
    };
    same("host", &server["host"], host);
    for (what, name) in [("type", "type"), ("port", "port"), ("socket", "socketType"), ("auth", "authMethod")] {
        same(what, &server[what], &wanted(&format!("mail.server.server1.{name}")));
    }
    let key = wanted("mail.smtp.defaultserver");
    let outgoing = answer["outgoing"].as_array().into_iter().flatten().find(|server| server["key"] == key);
    let Some(outgoing) = outgoing else { return [found, vec![format!("no outgoing server {key}")]].concat() };
    if let (Some(host), Some(port)) =
        (preferences.get("mail.smtpserver.smtp1.hostname"), preferences.get("mail.smtpserver.smtp1.port"))
    {
        let address = outgoing["address"].as_str().unwrap_or_default();
        let wanted = format!("{}:{port}", host.as_str().unwrap());
        if !address.contains(&wanted) {
            found.push(format!("the outgoing server is {address}, not {wanted}"));
        }
    }
    found
}

/// What a folder says about preferences, whichever file says it.
fn preferences(folder: &Path) -> BTreeMap<String, Json> {
    let mut preferences = BTreeMap::new();
    let policies: Json = serde_json::from_slice(&fs::read(folder.join("policies.json")).unwrap()).unwrap();
    for (name, entry) in policies["policies"]["Preferences"].as_object().into_iter().flatten() {
        preferences.insert(name.clone(), entry["Value"].clone());
    }
    for line in
        fs::read_to_string(folder.join("defaults.js")).unwrap_or_default().lines().filter(|line| line.starts_with("pref("))
    {
        let inner = line.trim_start_matches("pref(").trim_end_matches(");").trim_end_matches(", locked");
        let (name, value): (String, Json) = serde_json::from_str(&format!("[{inner}]")).unwrap();
        preferences.insert(name, value);
    }
    preferences
}

#[test]
fn the_example_brings_the_account_that_its_plan_names() {
    // What the plan says by hand, so that a preference that is lost on the way cannot be missed by both sides.
    let preferences = preferences(&plans::tree("utility").join("office-staff/thunderbird"));
    for (name, value) in [
        ("mail.server.server1.type", Json::from("imap")),
        ("mail.server.server1.hostname", "mail.netz-lindenau.example".into()),
        ("mail.server.server1.port", 993.into()),
        ("mail.server.server1.socketType", 3.into()),
        ("mail.server.server1.authMethod", 5.into()),
        ("mail.smtpserver.smtp1.hostname", "mail.netz-lindenau.example".into()),
        ("mail.smtpserver.smtp1.port", 465.into()),
        ("mail.smtpserver.smtp1.try_ssl", 3.into()),
    ] {
        assert_eq!(preferences.get(name), Some(&value), "{name}");
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "how much was run is worth more than that it was")]
fn samba_and_wine_read_the_same_registry_from_both_forms() {
    let folders = folders("outlook");
    assert!(folders.len() >= 6, "{folders:?}");
    let (mut values, mut registries) = (0, Vec::new());
    for (what, folder) in &folders {
        let Some(by_samba) = registry::by_samba(folder) else { return };
        values += by_samba.values().map(BTreeMap::len).sum::<usize>();
        // a shared computer without Outlook has the keys of Windows only
        assert!(by_samba.len() > 1, "{what}: {} keys", by_samba.len());
        let Some(by_wine) = registry::by_wine(folder, &by_samba) else { return };
        assert_eq!(by_wine, by_samba, "{what}");
        registries.push(by_samba);
    }
    let missing = registry::missing(COVERING.registry.iter(), &registries);
    assert!(missing.is_empty(), "{} values are in no folder: {missing:?}", missing.len());
    println!("{} different folders, {values} values, among them all {} wanted", folders.len(), COVERING.registry.len());
}

/// All profiles: which plan and role, and the file.
fn profiles() -> Vec<(String, PathBuf)> {
    let folders = folders("macos").into_iter();
    let files = folders.flat_map(|(what, folder)| {
        ["user.mobileconfig", "device.mobileconfig"].map(|name| (format!("{what}, {name}"), folder.join(name)))
    });
    files.filter(|(_, file)| file.exists()).collect()
}

#[test]
#[expect(clippy::print_stdout, reason = "how much was read is worth more than that it was")]
fn python_and_libxml2_read_every_profile() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/macos/read.py");
    let python = consumer::have("python3", Command::new("python3").arg("--version"));
    let xmllint = consumer::have("xmllint", Command::new("xmllint").arg("--version"));
    assert!(profiles().len() >= 10);
    let mut said = BTreeMap::<String, Vec<Json>>::new();
    for (what, file) in profiles() {
        if python {
            let output = Command::new("python3").arg(script).arg(&file).output().unwrap();
            program::ended(&output, 0);
            let read: Json = serde_json::from_slice(&output.stdout).unwrap();
            let ours = typed(&plist::Value::from_file(&file).unwrap());
            assert_eq!(read, ours, "{what}: plistlib reads something else");
            let payloads = read["PayloadContent"].as_array().unwrap();
            assert!(!payloads.is_empty(), "{what} is empty");
            for payload in payloads {
                let kind = untyped(&payload["PayloadType"]);
                keys(&format!("{}:", kind.as_str().unwrap()), &untyped(payload), &mut said);
            }
        }
        if xmllint {
            let output = Command::new("xmllint").args(["--noout", "--nonet"]).arg(&file).output().unwrap();
            assert_eq!(program::ended(&output, 0), "", "{what}");
        }
    }
    if python {
        let is_payload =
            |name: &str| name.split_once(':').is_some_and(|(kind, _)| kind.contains('.') && !kind.starts_with("suspended."));
        let wanted = COVERING.values().filter(|(name, _)| is_payload(name));
        let is_said = |(name, value): &(String, Json)| said.get(name).is_some_and(|values| values.contains(value));
        let (found, missing): (Vec<_>, Vec<_>) = wanted.partition(is_said);
        assert!(missing.is_empty(), "{} values are in no profile: {missing:?}", missing.len());
        println!("{} profiles with {} values, read by plistlib", profiles().len(), found.len());
    }
}

/// The keys of a dictionary, also of those in it, with their values.
fn keys(before: &str, value: &Json, said: &mut BTreeMap<String, Vec<Json>>) {
    for (key, value) in value.as_object().into_iter().flatten() {
        let name = format!("{before}{key}");
        keys(&format!("{name}/"), value, said);
        let values = said.entry(name).or_default();
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
}

/// What `read.py` prints, without the types.
fn untyped(value: &Json) -> Json {
    match value {
        Json::Object(entries) => Json::Object(entries.iter().map(|(key, value)| (key.clone(), untyped(value))).collect()),
        Json::Array(pair) => match pair.as_slice() {
            [Json::String(kind), Json::String(text)] => match kind.as_str() {
                "bool" => (text == "True").into(),
                // Whole numbers also where a key takes fractions of a second.
                "int" | "float" => text.trim_end_matches(".0").parse::<i64>().unwrap().into(),
                _ => text.as_str().into(),
            },
            items => items.iter().map(untyped).collect(),
        },
        other => panic!("read.py prints no {other}"),
    }
}

/// A property list as `read.py` prints it.
fn typed(value: &plist::Value) -> Json {
    let pair = |kind: &str, text: String| Json::from(vec![kind.to_owned(), text]);
    match value {
        plist::Value::Dictionary(entries) => {
            Json::Object(entries.iter().map(|(key, value)| (key.clone(), typed(value))).collect())
        }
        plist::Value::Array(items) => items.iter().map(typed).collect(),
        plist::Value::Boolean(flag) => pair("bool", if *flag { "True" } else { "False" }.to_owned()),
        plist::Value::Integer(number) => pair("int", number.to_string()),
        plist::Value::Real(number) => pair("float", format!("{number:?}")),
        plist::Value::String(text) => pair("str", text.clone()),
        plist::Value::Data(bytes) => pair("bytes", program::hex(bytes)),
        other => panic!("no profile of ours holds {other:?}"),
    }
}

#[test]
fn apples_schema_accepts_every_profile_and_users_and_computers_are_kept_apart() {
    let baselines = Baselines::embedded();
    let schema = Schema::load(&baselines).unwrap();
    let newest = *schema.versions().last().unwrap();
    for (what, file) in profiles() {
        let profile = plist::Value::from_file(&file).unwrap();
        let found = verify(&profile, &schema, newest);
        assert!(found.is_empty(), "{what}: {found:?}");
    }
    for (what, folder) in folders("macos") {
        let keys = |name: &str, scope: &str| -> BTreeSet<(String, String)> {
            let Ok(profile) = plist::Value::from_file(folder.join(name)) else { return BTreeSet::new() };
            let profile = profile.as_dictionary().unwrap();
            assert_eq!(profile["PayloadScope"].as_string(), Some(scope), "{what}, {name}");
            let payloads = profile["PayloadContent"].as_array().unwrap().iter().filter_map(plist::Value::as_dictionary);
            payloads
                .flat_map(|payload| {
                    let kind = payload["PayloadType"].as_string().unwrap().to_owned();
                    payload.keys().filter(|key| !key.starts_with("Payload")).map(move |key| (kind.clone(), key.clone()))
                })
                .collect()
        };
        let (user, device) = (keys("user.mobileconfig", "User"), keys("device.mobileconfig", "System"));
        let both: Vec<_> = user.intersection(&device).collect();
        assert!(both.is_empty(), "{what}: on both channels {both:?}");
        assert!(!user.is_empty() || !device.is_empty(), "{what}");
    }
}

#[test]
fn identifiers_are_unique_over_all_roles_of_a_plan() {
    for (plan, tree) in plans::all() {
        let mut names = BTreeSet::new();
        // The profile for browsers while webmail is suspended takes the place of the other, so it has its identifiers.
        let profiles = |path: &&String| path.ends_with(".mobileconfig") && !path.contains("/suspended/");
        for file in program::tree(&tree).keys().filter(profiles) {
            let profile = plist::Value::from_file(tree.join(file)).unwrap();
            let profile = profile.as_dictionary().unwrap();
            let payloads = profile["PayloadContent"].as_array().unwrap().iter().filter_map(plist::Value::as_dictionary);
            for dictionary in payloads.chain([profile]) {
                for key in ["PayloadUUID", "PayloadIdentifier"] {
                    let name = dictionary[key].as_string().unwrap().to_owned();
                    assert!(names.insert(name.clone()), "{plan}, {file}: {name} stands twice");
                }
            }
        }
        assert!(names.len() > 4, "{plan}: {names:?}");
    }
}

#[test]
fn shellcheck_and_a_shell_read_every_script() {
    let folders: Vec<_> = folders("workstation").into_iter().filter(|(_, folder)| folder.join("linux").is_dir()).collect();
    assert!(folders.len() >= 2, "{folders:?}");
    let shellcheck = consumer::have("shellcheck", Command::new("shellcheck").arg("--version"));
    for (what, folder) in folders {
        let shells = ["linux", "macos"].map(|platform| folder.join(platform));
        let there = shells.iter().filter(|platform| platform.exists());
        let scripts: Vec<_> = there.flat_map(|platform| ["apply", "check", "undo"].map(|name| platform.join(name))).collect();
        for script in &scripts {
            program::ended(&Command::new("sh").arg("-n").arg(script).output().unwrap(), 0);
        }
        if shellcheck {
            // The same that the tests of the scripts leave out: functions and variables that only one of the three uses,
            // and quoted values that hold characters of the shell.
            let mut command = Command::new("shellcheck");
            command.args(["-s", "sh", "-e", "SC2317,SC2329,SC2034,SC2016,SC1003"]).args(&scripts);
            let output = command.output().unwrap();
            assert!(output.status.success(), "{what}: {}", String::from_utf8_lossy(&output.stdout));
        }
    }
}

#[test]
fn the_sums_and_the_manifest_are_those_of_the_tree() {
    let sums = consumer::have("sha256sum", Command::new("sha256sum").arg("--version"));
    for (plan, tree) in plans::all() {
        if sums {
            let output = Command::new("sha256sum").args(["--strict", "--quiet", "-c", "SHA256SUMS"]).current_dir(&tree).output();
            assert_eq!(program::ended(&output.unwrap(), 0), "", "{plan}");
        }
        let files = program::tree(&tree).into_iter().filter(|(_, (mode, _))| mode & 0o170_000 == 0o100_000);
        let files: BTreeMap<String, (u32, Vec<u8>)> = files.collect();
        let manifest: Json = serde_json::from_slice(&files["manifest.json"].1).unwrap();
        let listed = manifest["files"].as_array().unwrap();
        let names: BTreeSet<&str> = listed.iter().map(|file| file["path"].as_str().unwrap()).collect();
        assert_eq!(names.len(), listed.len(), "{plan}: a file is listed twice");
        let there: BTreeSet<&str> =
            files.keys().map(String::as_str).filter(|path| !["manifest.json", "SHA256SUMS"].contains(path)).collect();
        assert_eq!(names, there, "{plan}");
        let text = String::from_utf8(files["SHA256SUMS"].1.clone()).unwrap();
        assert_eq!(text.lines().count(), listed.len() + 1, "{plan}: the sums cover the listed files and the manifest");
        for file in listed {
            let path = file["path"].as_str().unwrap();
            let role = path.split_once('/').map(|(role, _)| role).filter(|folder| *folder != "gateway");
            assert_eq!(file["bytes"].as_u64().unwrap(), files[path].1.len() as u64, "{plan}, {path}");
            assert_eq!(file["role"].as_str(), role, "{plan}, {path}");
            assert!(text.contains(&format!("{}  {path}\n", file["sha256"].as_str().unwrap())), "{plan}, {path}");
            let decisions = file["decisions"].as_array().unwrap();
            // The list of places is made of the files and not of decisions.
            let is_paper = role.is_none() || path.ends_with("/PLACES.md");
            assert!(is_paper || !decisions.is_empty(), "{plan}, {path} comes from no decision");
            assert!(!files[path].1.is_empty(), "{plan}, {path} is empty");
        }
    }
}
