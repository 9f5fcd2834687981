//! Accounts of Macs as declarations: they say what the profile would say, Apple's schema takes each, nothing in them is a secret, and
//! a table that leads astray stops the run. No Mac was asked.

#![expect(clippy::unwrap_used, reason = "a test stops where something fails")]

#[path = "support/program.rs"]
#[expect(dead_code, reason = "shared with tests that ask more")]
mod program;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Output;

use groundplan::baselines::Baselines;
use groundplan::value::Value;
use groundplan::vendor::apple::{Declarations, Schema};
use program::{ended, generate, tree};
use serde_json::Value as Json;

const IMAP: &str = "imap: imap.example.org, smtp: smtp.example.org, caldav: \"https://cal.example.org/dav\", \
                    carddav: \"https://cards.example.org:8443\", ldap: ldap.example.org";
const EXCHANGE: &str = "exchange: exchange.example.org, ldap: ldap.example.org";
const FOLDER: &str = "everyone/macos/declarations/";
const TABLE: &str = "vendor/apple/account-declarations.tsv";

/// Host and port of each account: payload type, its keys, and the file and places of the declaration.
const ACCOUNTS: [(&str, &str, &str, &str, &str); 6] = [
    ("mail.managed", "IncomingMailServerHostName", "IncomingMailServerPortNumber", "mail", "/Payload/IncomingServer"),
    ("mail.managed", "OutgoingMailServerHostName", "OutgoingMailServerPortNumber", "mail", "/Payload/OutgoingServer"),
    ("caldav.account", "CalDAVHostName", "CalDAVPort", "caldav", "/Payload"),
    ("carddav.account", "CardDAVHostName", "CardDAVPort", "carddav", "/Payload"),
    ("ldap.account", "LDAPAccountHostName", "LDAPAccountPort", "ldap", "/Payload"),
    ("ews.account", "Host", "Port", "exchange", "/Payload"),
];

fn run(folder: &Path, servers: &str, delivery: &str, arguments: &[&str]) -> Output {
    let plan = format!(
        "organisation: Example\ndomains: [example.org]\ndecided: {{ by: A, date: 2026-10-01, review: 2027-10-01 }}\n\
         clients: [apple-mail]\nsign_in: {{ method: password }}\nservers: {{ {servers} }}\ndelivery: {{ {delivery} }}\n"
    );
    fs::write(folder.join("plan.yaml"), plan).unwrap();
    let out = folder.join("out");
    generate(&folder.join("plan.yaml"), &[&["-q", "-o", out.to_str().unwrap()], arguments].concat())
}

/// What a plan gives, below its output folder.
fn files(servers: &str, delivery: &str) -> BTreeMap<String, Vec<u8>> {
    let own = tempfile::tempdir().unwrap();
    ended(&run(own.path(), servers, delivery, &[]), 0);
    tree(&own.path().join("out")).into_iter().map(|(path, (_, bytes))| (path, bytes)).collect()
}

fn declarations(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Json> {
    let below = |(path, bytes): (&String, &Vec<u8>)| {
        let name = path.strip_prefix(FOLDER)?.strip_suffix(".json")?;
        Some((name.to_owned(), serde_json::from_slice(bytes).unwrap()))
    };
    files.iter().filter_map(below).collect()
}

/// The payloads of the profile for the person, by type.
fn payloads(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, plist::Dictionary> {
    let Some(bytes) = files.get("everyone/macos/user.mobileconfig") else { return BTreeMap::new() };
    let profile = plist::Value::from_reader_xml(bytes.as_slice()).unwrap().into_dictionary().unwrap();
    let payloads = profile["PayloadContent"].as_array().unwrap().iter().map(|payload| payload.as_dictionary().unwrap().clone());
    payloads.map(|payload| (payload["PayloadType"].as_string().unwrap().to_owned(), payload)).collect()
}

fn value(json: &Json) -> Value {
    match json {
        Json::Bool(flag) => Value::Flag(*flag),
        Json::Number(number) => Value::Number(number.as_i64().unwrap()),
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => Value::List(items.iter().map(value).collect()),
        Json::Object(entries) => Value::Map(entries.iter().map(|(key, inner)| (key.clone(), value(inner))).collect()),
        Json::Null => panic!("nothing declares null"),
    }
}

#[test]
fn declarations_say_what_the_profile_would_say_and_the_profile_keeps_silent() {
    let mut compared = 0;
    for servers in [IMAP, EXCHANGE] {
        let (pushed, declared) = (files(servers, "mdm: jamf"), files(servers, "mdm: jamf, mac_accounts: declarations"));
        assert_eq!(declarations(&pushed), BTreeMap::new(), "declared unasked");
        assert_eq!(pushed, files(servers, "mdm: jamf, mac_accounts: profile").into_iter().map(of_the_same(&pushed)).collect());
        let (profile, accounts) = (payloads(&pushed), declarations(&declared));
        let left: Vec<_> =
            payloads(&declared).into_keys().filter(|kind| kind.contains("account") || kind.contains("mail")).collect();
        assert_eq!(left, Vec::<String>::new(), "an account comes twice");
        let mut seen = BTreeSet::new();
        for (kind, host, port, file, place) in ACCOUNTS {
            let Some(payload) = profile.get(&format!("com.apple.{kind}")) else {
                assert!(!accounts.contains_key(file), "{file} is declared only");
                continue;
            };
            let server = accounts[file].pointer(place).unwrap();
            assert_eq!(server["HostName"].as_str(), payload[host].as_string(), "{kind}");
            assert_eq!(server["Port"].as_i64(), payload.get(port).map(|port| port.as_signed_integer().unwrap()), "{kind}");
            seen.insert(file);
            compared += 1;
        }
        let known: BTreeSet<&str> = accounts.keys().map(String::as_str).filter(|name| *name != "useridentity").collect();
        assert_eq!(known, seen);
        let [page, places] =
            ["review.html", "everyone/PLACES.md"].map(|path| String::from_utf8_lossy(&declared[path]).replace("&#x2f;", "/"));
        for name in accounts.keys() {
            assert!(
                page.contains(&format!("macos/declarations/{name}.json")) && places.contains(&format!("{name}.json")),
                "{name}"
            );
        }
    }
    assert_eq!(compared, 7);
}

/// The papers name the plan's sum and its answer; everything else must be the same.
fn of_the_same(other: &BTreeMap<String, Vec<u8>>) -> impl Fn((String, Vec<u8>)) -> (String, Vec<u8>) {
    move |(path, bytes)| {
        let bytes = if path.contains('/') { bytes } else { other.get(&path).cloned().unwrap_or(bytes) };
        (path, bytes)
    }
}

#[test]
fn apples_schema_takes_each_and_nobodys_secret_is_inside() {
    let baselines = Baselines::embedded();
    let schema = Declarations::load(&baselines).unwrap();
    let [imap, exchange] = [IMAP, EXCHANGE].map(|servers| declarations(&files(servers, "mdm: jamf, mac_accounts: declarations")));
    assert_eq!(exchange["exchange"]["Payload"]["EnabledProtocolTypes"], serde_json::json!(["EWS"]));
    assert_eq!(imap["useridentity"]["Payload"], serde_json::json!({ "EmailAddress": "$EMAIL", "FullName": "$FULLNAME" }));
    for (all, naming) in [(&imap, "mail"), (&exchange, "exchange")] {
        assert_eq!(all[naming]["Payload"]["UserIdentityAssetReference"], all["useridentity"]["Identifier"]);
        let mut identifiers = BTreeSet::new();
        for (name, declaration) in all {
            let keys: Vec<&str> = declaration.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(keys, ["Identifier", "Payload", "ServerToken", "Type"], "{name}");
            let Value::Map(content) = value(&declaration["Payload"]) else { panic!("{name}") };
            let kind = declaration["Type"].as_str().unwrap();
            schema.check(kind, &content, "26").unwrap();
            assert!(schema.check(kind, &content, "12").is_err(), "{name}: older than declarations");
            assert!(!declaration.to_string().contains("Credential"), "{name}");
            let texts = ["Identifier", "ServerToken"].map(|key| declaration[key].as_str().unwrap());
            assert!(texts.iter().all(|text| (1..=64).contains(&text.len())), "{texts:?}");
            assert!(identifiers.insert(texts[0]), "{name}: its identifier stands twice");
        }
    }
    let moved = declarations(&files(&IMAP.replace("cal.example", "kalender.example"), "mdm: jamf, mac_accounts: declarations"));
    for (name, declaration) in &imap {
        assert_eq!(declaration["Identifier"], moved[name]["Identifier"], "{name}");
        assert_eq!(declaration["ServerToken"] == moved[name]["ServerToken"], name != "caldav", "{name}");
    }
    // Without a spelling nobody is named, and nothing names an asset that is not there.
    let by_hand = declarations(&files(IMAP, "mdm: generic, mac_accounts: declarations"));
    assert!(!by_hand.contains_key("useridentity") && by_hand["mail"]["Payload"].get("UserIdentityAssetReference").is_none());
}

#[test]
fn every_line_of_the_table_leads_from_a_key_to_a_key() {
    let baselines = Baselines::embedded();
    let (schema, declared) = (Schema::load(&baselines).unwrap(), Declarations::load(&baselines).unwrap());
    let mut lines = 0;
    for setting in schema.accounts().settings() {
        assert!(schema.describe(setting).is_some(), "{setting}");
        lines += 1;
    }
    for line in baselines.text(TABLE).unwrap().lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        assert!(declared.assets(cells[1], cells[2]).is_ok(), "{line}");
    }
    assert!(lines > 20, "{lines}");
}

#[test]
fn a_table_that_leads_astray_stops_the_run() {
    let table = Baselines::embedded().text(TABLE).unwrap().to_owned();
    let host = "IncomingServer/HostName\t\n";
    let row = |part: &str| table.lines().find(|line| line.contains(part)).unwrap().to_owned();
    let without = |part: &str| table.replace(&format!("{}\n", row(part)), "");
    for (broken, told) in [
        (without("IncomingMailServerHostName"), "no declaration has a place for it"),
        (table.replace(host, "IncomingServer/HostNam\t\n"), "HostNam"),
        (table.replace(host, "OutgoingServer/HostName\t\n"), "twice with different values"),
        (table.replace("EmailTypeIMAP=IMAP", "EmailTypeIMAP=IMAP4"), "IMAP4"),
        (table.replace("EmailTypeIMAP=IMAP|", ""), "EmailAccountType"),
        (table.replace("account.ldap\t", "account.ldpa\t"), "account.ldpa"),
        (format!("{table}{}\n", row("CalDAVPort")), "its key stands there twice"),
        (table.replace("CalDAVPort\t", "CalDAVPort\t\t"), "4 fields"),
    ] {
        assert_ne!(broken, table, "{told}: nothing was broken");
        let own = tempfile::tempdir().unwrap();
        let overlay = own.path().join("content");
        fs::create_dir_all(overlay.join("vendor/apple")).unwrap();
        fs::write(overlay.join(TABLE), broken).unwrap();
        let arguments = ["--baselines", overlay.to_str().unwrap()];
        let output = run(own.path(), IMAP, "mdm: jamf, mac_accounts: declarations", &arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(told), "{told}: {said}");
        assert!(!own.path().join("out").exists(), "{told}: something was written");
    }
}

#[test]
fn who_takes_no_declarations_is_given_none() {
    for mdm in ["fleet", "addigy"] {
        let own = tempfile::tempdir().unwrap();
        let output = run(own.path(), IMAP, &format!("mdm: {mdm}, mac_accounts: declarations"), &[]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert!(!output.status.success() && said.contains("account-declarations-refused"), "{said}");
        ended(&run(own.path(), IMAP, &format!("mdm: {mdm}"), &[]), 0);
    }
    // Whatever manages the computers, a folder for Fleet cannot hold them.
    let own = tempfile::tempdir().unwrap();
    let output = run(own.path(), IMAP, "mdm: generic, mac_accounts: declarations", &["--layout", "fleet"]);
    let said = ended(&output, 1);
    assert!(said.contains("which takes no declaration of an account"), "{said}");
    assert!(!own.path().join("out").exists());
}
