//! The profiles, read by programs that are not ours: Python's plistlib, libxml2, and a scan for duplicate keys with expat.
//!
//! Every setting goes the whole way: checked by Apple's schema, rendered, read back, and compared with type and value. A
//! missing program fails the test where `GROUNDPLAN_ALL_CONSUMERS` is `1`, and is said loudly elsewhere.

#![expect(clippy::unwrap_used, reason = "a test stops where something fails")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};
use std::{env, fs, io};

use groundplan::baselines::Baselines;
use groundplan::emit::Artifact;
use groundplan::emit::macos::{ProfileIdentity, render, verify};
use groundplan::value::Value;
use groundplan::vendor::apple::{PayloadKey, Schema};
use serde_json::{Value as Json, json};

const IDENTITY: ProfileIdentity<'_> = ProfileIdentity {
    organisation: "Stadtwerke <Musterstadt> & Söhne \"GmbH\" ]]> 🔒",
    domain: "example.org",
    role: "everyone",
    removal_disallowed: true,
};

/// Text that a plan may hold and that a careless writer of XML would spoil.
const HOSTILE: [&str; 12] = [
    "plain",
    "\"quoted\" and 'quoted'",
    "<string>no</string>",
    "a & b &amp; c &#13;",
    "]]>",
    "<![CDATA[x]]>",
    "line\rreturn\r\nboth\nfeed\ttab",
    "  blanks around  ",
    "Grüße, 日本語, עברית, ﷽",
    "emoji 🧑‍💻🔐",
    "\u{85}\u{2028}\u{7f}\u{a0}\u{feff}",
    "",
];

fn run(program: &str, arguments: &[&str]) -> Option<Output> {
    match Command::new(program).args(arguments).output() {
        Ok(output) => Some(output),
        Err(error) if error.kind() == io::ErrorKind::NotFound && env::var("GROUNDPLAN_ALL_CONSUMERS").as_deref() != Ok("1") => {
            notice(&format!("{program} is not installed; nothing was read with it"));
            None
        }
        Err(error) => panic!("{program}: {error}"),
    }
}

#[expect(clippy::print_stderr, reason = "a test that proves nothing must say so")]
fn notice(text: &str) {
    eprintln!("NOTICE: {text}");
}

/// A file as Python reads it; values are `[type, text]`. `None` when there is no Python.
fn python(file: &Path) -> Option<Result<Json, String>> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/macos/read.py");
    let output = run("python3", &[script, file.to_str().expect("temporary folders have plain names")])?;
    if output.status.success() {
        Some(Ok(serde_json::from_slice(&output.stdout).expect("the script prints JSON")))
    } else {
        Some(Err(String::from_utf8_lossy(&output.stderr).into_owned()))
    }
}

fn write(folder: &Path, artifact: &Artifact) -> std::path::PathBuf {
    let file = folder.join(artifact.path.replace('/', "-"));
    fs::write(&file, &artifact.bytes).expect("a temporary folder is writable");
    file
}

/// One setting of each type and channel, each text in hostile spellings.
fn settings() -> Vec<(String, Value, Json)> {
    let flag = |name: &str, flag: bool| {
        let python = if flag { "True" } else { "False" };
        (name.to_owned(), Value::Flag(flag), json!(["bool", python]))
    };
    let number = |name: &str, number: i64| (name.to_owned(), Value::Number(number), json!(["int", number.to_string()]));
    let text = |name: &str, text: &str| (name.to_owned(), Value::Text(text.to_owned()), json!(["str", text]));
    let texts = |name: &str, items: &[&str]| {
        let values = items.iter().map(|item| Value::Text((*item).to_owned())).collect();
        (name.to_owned(), Value::List(values), items.iter().map(|item| json!(["str", item])).collect())
    };
    vec![
        text("com.apple.mail.managed:EmailAccountDescription", HOSTILE[1]),
        text("com.apple.mail.managed:EmailAccountName", HOSTILE[8]),
        text("com.apple.mail.managed:EmailAccountType", "EmailTypeIMAP"),
        text("com.apple.mail.managed:EmailAddress", "$EMAIL"),
        text("com.apple.mail.managed:IncomingMailServerAuthentication", "EmailAuthPassword"),
        text("com.apple.mail.managed:IncomingMailServerHostName", "imap.example.org"),
        number("com.apple.mail.managed:IncomingMailServerPortNumber", 993),
        flag("com.apple.mail.managed:IncomingMailServerUseSSL", true),
        text("com.apple.mail.managed:IncomingMailServerUsername", HOSTILE[2]),
        text("com.apple.mail.managed:OutgoingMailServerAuthentication", "EmailAuthPassword"),
        text("com.apple.mail.managed:OutgoingMailServerHostName", "smtp.example.org"),
        flag("com.apple.mail.managed:OutgoingMailServerUseSSL", true),
        flag("com.apple.mail.managed:allowMailDrop", false),
        text("com.apple.ews.account:Host", "exchange.example.org"),
        flag("com.apple.ews.account:SSL", true),
        text("com.apple.ews.account:UserName", HOSTILE[3]),
        text("com.apple.caldav.account:CalDAVHostName", "dav.example.org"),
        flag("com.apple.caldav.account:CalDAVUseSSL", true),
        text("com.apple.caldav.account:CalDAVAccountDescription", HOSTILE[6]),
        text("com.apple.carddav.account:CardDAVHostName", "dav.example.org"),
        text("com.apple.carddav.account:CardDAVAccountDescription", HOSTILE[10]),
        text("com.apple.ldap.account:LDAPAccountHostName", "ldap.example.org"),
        text("com.apple.ldap.account:LDAPAccountDescription", HOSTILE[9]),
        flag("com.apple.applicationaccess:allowCloudMail", false),
        flag("com.apple.MCX:DisableGuestAccount", true),
        number("com.apple.MCX:com.apple.EnergySaver.desktop.ACPower/Display Sleep Timer", 10),
        number("com.apple.MCX:com.apple.EnergySaver.desktop.ACPower/Disk Sleep Timer", 15),
        text("com.apple.loginwindow:LoginwindowText", HOSTILE[5]),
        flag("com.apple.screensaver:askForPassword", true),
        (".GlobalPreferences:com.apple.autologout.AutoLogOutDelay".to_owned(), Value::Number(86400), json!(["float", "86400.0"])),
        (
            "com.apple.security.root:PayloadContent".to_owned(),
            "Z3JvdW5kcGxhbg==".into(),
            json!(["bytes", "67726f756e64706c616e"]),
        ),
        flag("com.microsoft.Outlook:DisableExport", true),
        number("com.microsoft.Outlook:EnableNewOutlook", 3),
        texts("com.microsoft.Outlook:AllowedEmailDomains", &HOSTILE),
        texts("com.microsoft.Outlook:DisallowedEmailDomains", &[]),
        number("com.microsoft.autoupdate2:UpdateDeadline.DaysBeforeForcedQuit", 3),
    ]
}

fn checked(schema: &Schema<'_>) -> Vec<PayloadKey> {
    let check =
        |(name, value, _): (String, Value, Json)| schema.check(&name, &value, "26").unwrap_or_else(|e| panic!("{name} {e}"));
    settings().into_iter().map(check).collect()
}

/// The profiles of all settings.
fn profiles() -> Vec<Artifact> {
    let baselines = Baselines::embedded();
    let schema = Schema::load(&baselines).unwrap();
    render(&checked(&schema), &IDENTITY, &schema, "26").unwrap()
}

#[test]
fn every_value_comes_back_as_it_was_meant() {
    let artifacts = profiles();
    assert_eq!(artifacts.iter().map(|artifact| artifact.path.as_str()).collect::<Vec<_>>(), PATHS);

    let folder = tempfile::tempdir().unwrap();
    let mut read = Vec::new();
    for artifact in &artifacts {
        let Some(profile) = python(&write(folder.path(), artifact)) else { return };
        read.push(profile.unwrap());
    }
    for profile in &read {
        assert_eq!(profile["PayloadOrganization"], json!(["str", IDENTITY.organisation]));
        assert_eq!(profile["PayloadRemovalDisallowed"], json!(["bool", "True"]));
        assert_eq!(profile["PayloadVersion"], json!(["int", "1"]));
    }
    for (name, _, expected) in settings() {
        let (payload_type, path) = name.split_once(':').unwrap();
        let payloads = read.iter().flat_map(|profile| profile["PayloadContent"].as_array().unwrap());
        let payload: Vec<_> = payloads.filter(|payload| payload["PayloadType"] == json!(["str", payload_type])).collect();
        assert_eq!(payload.len(), 1, "{payload_type}");
        let found = path.split('/').fold(payload[0], |dictionary, part| &dictionary[part]);
        assert_eq!(found, &expected, "{name}");
    }
}

const PATHS: [&str; 2] = ["macos/user.mobileconfig", "macos/device.mobileconfig"];

#[test]
fn libxml2_finds_the_files_well_formed() {
    let folder = tempfile::tempdir().unwrap();
    for artifact in profiles() {
        let file = write(folder.path(), &artifact);
        let Some(output) = run("xmllint", &["--noout", "--nonet", file.to_str().unwrap()]) else { return };
        assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn the_readers_would_find_a_fault() {
    // A guard that never fails proves nothing: each reader gets what it is there to find.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrong.mobileconfig");
    fs::write(&file, "<plist version=\"1.0\"><dict><key>A</key><true/><key>A</key><false/></dict></plist>").unwrap();
    if let Some(found) = python(&file) {
        assert!(found.unwrap_err().contains("the key 'A' stands twice"));
    }
    fs::write(&file, "<plist version=\"1.0\"><string>\u{1}</string></plist>").unwrap();
    if let Some(output) = run("xmllint", &["--noout", "--nonet", file.to_str().unwrap()]) {
        assert!(!output.status.success());
    }
}

#[test]
fn the_schema_accepts_the_finished_profiles() {
    let baselines = Baselines::embedded();
    let schema = Schema::load(&baselines).unwrap();
    let keys = checked(&schema);
    for key in &keys {
        schema
            .check_payload(&key.payload_type, &keys.iter().collect::<Vec<_>>(), "26")
            .unwrap_or_else(|problem| panic!("{} {problem}", key.payload_type));
    }
    for artifact in profiles() {
        let profile = plist::Value::from_reader_xml(artifact.bytes.as_slice()).unwrap();
        for macos in schema.versions() {
            let found = verify(&profile, &schema, macos);
            assert!(found.is_empty(), "{} {found:?}", artifact.path);
        }
    }
}

#[test]
fn identifiers_are_unique_over_both_files() {
    let mut names = BTreeSet::new();
    for artifact in profiles() {
        let profile = plist::Value::from_reader_xml(artifact.bytes.as_slice()).unwrap();
        let profile = profile.as_dictionary().unwrap();
        let payloads = profile["PayloadContent"].as_array().unwrap().iter().filter_map(plist::Value::as_dictionary);
        for dictionary in payloads.chain([profile]) {
            for key in ["PayloadUUID", "PayloadIdentifier"] {
                let name = dictionary[key].as_string().unwrap();
                assert!(names.insert(name.to_owned()), "{name} stands twice");
            }
        }
    }
}

#[test]
fn two_runs_give_the_same_bytes() {
    let baselines = Baselines::embedded();
    let schema = Schema::load(&baselines).unwrap();
    let mut keys = checked(&schema);
    keys.reverse();
    assert!(profiles() == render(&keys, &IDENTITY, &schema, "26").unwrap(), "the order of the settings shows");
}

#[test]
fn the_committed_tables_are_what_their_headers_say() {
    // The vendor's files are not here, so the tables are held against themselves: sorted, and every line of known form.
    let baselines = Baselines::embedded();
    for file in ["vendor/apple/payloads.tsv", "vendor/apple/managed-preferences.tsv"] {
        let text = baselines.text(file).unwrap();
        assert!(text.starts_with("# ") && text.contains("\n# origin: ") && text.contains("SHA-256"), "{file}");
        assert!(!text.contains('\r') && text.lines().all(|line| line.trim_end() == line), "{file}");
    }
}
