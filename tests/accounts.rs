//! The accounts of a plan in a real Thunderbird: the root folder of a role is laid over the system, the installed program
//! starts for a person whom only the environment names, and every account is there.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test stops where something fails")]

#[path = "support/consumer.rs"]
mod consumer;
#[path = "thunderbird/probe.rs"]
#[expect(dead_code, reason = "shared with tests that ask more")]
mod probe;
#[path = "support/program.rs"]
#[expect(dead_code, reason = "shared with tests that ask more")]
mod program;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use program::{ended, generate};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

/// A name that would end a text, a line, an element or a command, if anything let it.
const HOSTILE: &str = r#"Müller & Söhne "<b>" \ ', locked); // ${USER} ]]> </displayName>"#;

const SERVERS: &str = "imap: imap.example.org, smtp: smtp.example.org";
const DAV: &str =
    "caldav: \"https://cal.example.org/dav\", carddav: \"https://cards.example.org:8443/book\", ldap: ldap.example.org";

/// A plan with these servers and further lines.
fn plan(servers: &str, more: &str) -> String {
    let organisation = Json::from(HOSTILE);
    format!(
        "organisation: {organisation}\ndomains: [example.org, example.net]\nclients: [thunderbird]\n\
         functions: [mail, calendar, tasks, contacts]\nservers: {{ {servers} }}\n{more}"
    )
}

/// The tree of a plan, as root folders or as folders of clients.
fn tree(plan: &str, layout: &[&str]) -> TempDir {
    let own = tempfile::tempdir().unwrap();
    let [file, out] = ["plan.yaml", "out"].map(|name| own.path().join(name));
    fs::write(&file, plan).unwrap();
    let arguments: Vec<&str> = ["-q", "-o", out.to_str().unwrap()].iter().chain(layout).copied().collect();
    ended(&generate(&file, &arguments), 0);
    own
}

/// What the installed program says where the files of everyone are laid over the system; `None` where that cannot be done.
fn ask(plan: &str, person: &[(&str, &str)]) -> Option<Json> {
    let mounts = || consumer::have("unshare --mount, as root,", Command::new("unshare").args(["--mount", "true"]));
    if !probe::is_installed() || !mounts() {
        return None;
    }
    let tree = tree(plan, &["--layout", "rootfs"]);
    Some(probe::probe_as(&tree.path().join("out/everyone"), &["--root"], person))
}

fn named<'a>(list: &'a Json, key: &str, id: &str) -> &'a Json {
    let found = list.as_array().unwrap().iter().find(|one| one[key] == id);
    found.unwrap_or_else(|| panic!("no {id} in {list}"))
}

/// The fields of an object as an object.
fn only(object: &Json, fields: &[&str]) -> Json {
    fields.iter().map(|field| ((*field).to_owned(), object[field].clone())).collect::<serde_json::Map<_, _>>().into()
}

#[test]
fn every_account_of_the_plan_is_there_for_the_person_of_the_environment() {
    for (more, user) in [
        ("delivery: { account_user: login }\nsign_in: { method: kerberos }\n", "anna"),
        ("delivery: { account_user: mail-address }\n", "anna@example.org"),
    ] {
        let Some(answer) = ask(&plan(&format!("{SERVERS}, {DAV}"), more), &[("USER", "anna")]) else { return };
        assert_eq!((&answer["status"], &answer["errors"]), (&json!("ACTIVE"), &json!([])));
        let auth = if user == "anna" { 5 } else { 3 };

        let account = &answer["accounts"][0];
        assert_eq!(
            only(&account["server"], &["type", "host", "port", "socket", "auth", "user", "name"]),
            json!({ "type": "imap", "host": "imap.example.org", "port": 993, "socket": 3, "auth": auth, "user": user,
                    "name": HOSTILE })
        );
        assert_eq!(
            only(&account["identities"][0], &["email", "name", "outgoing"]),
            json!({ "email": "anna@example.org", "name": "", "outgoing": "smtp1" })
        );
        let smtp = named(&answer["outgoing"], "key", "smtp1");
        assert_eq!(
            only(smtp, &["type", "socket", "auth", "user"]),
            json!({ "type": "smtp", "socket": 3, "auth": auth, "user": user })
        );
        assert!(smtp["address"].as_str().unwrap().ends_with("smtp.example.org:465/"), "{smtp}");
        assert_eq!(
            only(named(&answer["calendars"], "id", "groundplan"), &["type", "address", "user", "name"]),
            json!({ "type": "caldav", "address": "https://cal.example.org/dav", "user": user, "name": HOSTILE })
        );
        let books = &answer["address_books"];
        assert_eq!(
            only(named(books, "id", "ldap_2.servers.groundplan_cards"), &["type", "server", "server_user", "name"]),
            json!({ "type": 102, "server": "https://cards.example.org:8443/book", "server_user": user, "name": HOSTILE })
        );
        let mechanism = if auth == 5 { json!("GSSAPI") } else { json!("") };
        let ldap = named(books, "id", "ldap_2.servers.groundplan");
        assert_eq!(
            only(ldap, &["type", "address", "name"]),
            json!({ "type": 0, "address": "ldaps://ldap.example.org/??sub?(objectclass=*)", "name": HOSTILE })
        );
        assert_eq!(ldap["mechanism"].as_str().unwrap_or_default(), mechanism);

        // The set-up dialog finds the same, for each mail domain.
        let variable = if user == "anna" { "%EMAILLOCALPART%" } else { "%EMAILADDRESS%" };
        let side = |kind: &str, host: &str, port: u16| json!({ "type": kind, "host": host, "port": port, "socket": 3, "auth": auth, "user": variable });
        let set_up = json!({ "name": HOSTILE, "domains": ["example.org", "example.net"],
                             "incoming": side("imap", "imap.example.org", 993), "outgoing": side("smtp", "smtp.example.org", 465) });
        assert_eq!(answer["set_up"], json!({ "example.org": set_up, "example.net": set_up }));
    }
}

#[test]
fn an_exchange_account_is_there_both_ways() {
    let Some(answer) = ask(&plan("exchange: exchange.example.org", ""), &[("USER", "anna")]) else { return };
    let address = "https://exchange.example.org/EWS/Exchange.asmx";
    assert_eq!(
        only(&answer["accounts"][0]["server"], &["type", "host", "port", "socket", "auth", "user", "address"]),
        json!({ "type": "ews", "host": "exchange.example.org", "port": 443, "socket": 3, "auth": 3, "user": "anna", "address": address })
    );
    assert_eq!(answer["accounts"][0]["identities"][0]["email"], "anna@example.org");
    assert_eq!(
        only(named(&answer["outgoing"], "key", "ews1"), &["type", "address", "auth", "user"]),
        json!({ "type": "ews", "address": address, "auth": 3, "user": "anna" })
    );
    assert_eq!(answer["set_up"], json!({}), "the form has no words for an account without an outgoing server");
}

#[test]
fn the_environment_names_the_person_and_nothing_else_happens() {
    let plan = plan(SERVERS, "delivery: { account_user: mail-address }\nlock: everything\n");
    let user = |person: &[(&str, &str)]| {
        let answer = ask(&plan, person)?;
        let locked = &answer["preferences"]["mail.server.server1.userName"]["locked"];
        Some((answer["accounts"][0]["server"]["user"].clone(), locked.clone(), answer["errors"].clone()))
    };
    for (person, wanted) in [
        (&[("USERNAME", "anna")][..], json!("anna@example.org")),
        (&[("USER", "anna"), ("USERNAME", "berta")], json!("anna@example.org")),
        (
            &[("USER", "Jörg \"; lockPref(\"mail.chat.enabled\", 1); //")],
            json!("Jörg \"; lockPref(\"mail.chat.enabled\", 1); //@example.org"),
        ),
    ] {
        let Some(found) = user(person) else { return };
        assert_eq!(found, (wanted, json!(true), json!([])), "{person:?}");
    }
    // Where the environment says nothing, the program asks, and no address begins with `@`.
    let Some(found) = user(&[]) else { return };
    assert_eq!(found, (json!(""), json!(false), json!([])));
}

#[test]
fn a_group_that_shares_an_account_is_no_person() {
    let more = "workplace: shared\noffline_days: 0\nmay: []\nshared_computers: { accounts: group }\n";
    let tree = tree(&plan(SERVERS, more), &[]);
    let folder = tree.path().join("out/everyone/thunderbird");
    assert!(folder.join("policies.json").exists() && !folder.join("autoconfig").exists());
}

#[test]
fn no_preference_is_in_two_files() {
    let mut files = 0;
    for more in ["", "lock: nothing\ninstruction: { rules: Handbook }\n", "lock: everything\nsign_in: { method: kerberos }\n"] {
        for servers in [format!("{SERVERS}, {DAV}"), format!("exchange: exchange.example.org, {DAV}")] {
            let tree = tree(&plan(&servers, more), &[]);
            let folder = tree.path().join("out/everyone/thunderbird");
            let mut seen: BTreeMap<String, &str> = BTreeMap::new();
            for (file, names) in preferences(&folder) {
                assert!(!names.is_empty(), "{file} is empty");
                files += 1;
                for name in names {
                    let before = seen.insert(name.clone(), file);
                    assert_eq!(before, None, "{name} is in {file} as well");
                }
            }
        }
    }
    assert_eq!(files, 24, "four files of six plans");
}

/// The preferences of each file of a role.
fn preferences(folder: &Path) -> Vec<(&'static str, Vec<String>)> {
    let policies: Json = serde_json::from_slice(&fs::read(folder.join("policies.json")).unwrap()).unwrap();
    let by_policy = policies["policies"]["Preferences"].as_object().unwrap().keys().cloned().collect();
    let calls = ["defaults.js", "autoconfig/groundplan.cfg", "autoconfig/groundplan.js"].map(|file| {
        let text = fs::read_to_string(folder.join(file)).unwrap();
        let name = |line: &str| Some(line.trim().split_once("ref(\"")?.1.split_once('"')?.0.to_owned());
        (file, text.lines().filter(|line| !line.starts_with("//")).filter_map(name).collect())
    });
    [("policies.json", by_policy)].into_iter().chain(calls).collect()
}

#[test]
fn the_files_for_the_set_up_are_xml_and_the_web_server_gets_one() {
    let tree = tree(&plan(SERVERS, "roles: { desk: { offline_days: 0 } }\n"), &[]);
    let at = |path: &str| -> PathBuf { tree.path().join("out").join(path) };
    let files = [
        "everyone/thunderbird/isp/example.org.xml",
        "everyone/thunderbird/isp/example.net.xml",
        "everyone/thunderbird/web/mail/config-v1.1.xml",
        "desk/thunderbird/isp/example.org.xml",
    ]
    .map(at);
    assert!(!at("desk/thunderbird/web").exists());
    if consumer::have("xmllint", Command::new("xmllint").arg("--version")) {
        ended(&Command::new("xmllint").args(["--noout", "--nonet"]).args(&files).output().unwrap(), 0);
        let value = |path: &str| {
            let output =
                Command::new("xmllint").args(["--nonet", "--xpath", &format!("string({path})")]).arg(&files[2]).output().unwrap();
            String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
        };
        assert_eq!(value("//displayName"), HOSTILE);
        assert_eq!(value("count(//*)"), "18");
        assert_eq!(value("//incomingServer[@type='imap']/socketType"), "SSL");
    }
    // What the form has no word for is not written: a client certificate, and an account that cannot send.
    let sends_not = "accept: { outgoing-missing: { reason: Nobody sends., by: IT, until: 2026-12-31 } }\n";
    for (servers, more) in [(SERVERS, "sign_in: { method: certificate }\n"), ("imap: imap.example.org", sends_not)] {
        let tree = self::tree(&plan(servers, more), &[]);
        let folder = tree.path().join("out/everyone/thunderbird");
        assert!(folder.join("policies.json").exists() && !folder.join("isp").exists() && !folder.join("web").exists());
    }
}

#[test]
fn the_lists_of_providers_are_those_of_the_program() {
    if !probe::is_installed() {
        return;
    }
    let lists = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("baselines/lists/hosts.yaml")).unwrap();
    let list = |name: &str| -> BTreeSet<String> {
        let after = lists.split_once(&format!("thunderbird-oauth2-{name}\n  domains: [")).unwrap().1;
        after.split_once(']').unwrap().0.split(", ").map(str::to_owned).collect()
    };
    let folder = tempfile::tempdir().unwrap();
    let answer = probe::probe_with(folder.path(), &["--oauth"]);
    let told: Vec<(String, BTreeSet<String>)> = serde_json::from_value(answer["oauth"].clone()).unwrap();
    assert!(told.len() > 20, "{told:?}");
    // Hosts of one protocol carry its name, and those that only the program's makers use are no provider of anybody.
    let own_kind = |host: &str| match host {
        "www.googleapis.com" => Some("carddav"),
        "apidata.googleusercontent.com" => Some("caldav"),
        _ => ["imap", "pop", "smtp", "caldav", "carddav"].into_iter().find(|kind| host.split('.').next() == Some(kind)),
    };
    let is_public = |host: &str| !host.starts_with("stage-") && host != "graph.microsoft.com";
    for kind in ["imap", "smtp", "exchange", "caldav", "carddav"] {
        let is_meant = |host: &str| is_public(host) && own_kind(host).is_none_or(|own| own == kind);
        let wanted: BTreeSet<String> =
            told.iter().filter(|(host, kinds)| kinds.contains(kind) && is_meant(host)).map(|(host, _)| host.clone()).collect();
        assert_eq!(list(kind), wanted, "{kind}");
    }
}
