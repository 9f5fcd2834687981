//! What a real Thunderbird makes of our files: every policy is active as it was written, every preference holds its value
//! with its lock, accounts, calendars and address books appear, and the guards of the check are needed.

#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside test functions")]
#![expect(clippy::print_stdout, reason = "how much was tried is the result of a test")]

#[path = "thunderbird/instances.rs"]
mod instances;
#[path = "thunderbird/probe.rs"]
mod probe;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use groundplan::baselines::Baselines;
use groundplan::emit::Lock;
use groundplan::emit::thunderbird::render;
use groundplan::value::Value;
use groundplan::vendor::Problem;
use groundplan::vendor::thunderbird::{Channel, PreferenceValue, Schema, Setting, import_allow_list, import_policies};
use probe::{differences, differences_from, is_installed, probe, probe_with};
use serde_json::json;
use tempfile::TempDir;

fn value(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Bool(flag) => Value::Flag(*flag),
        serde_json::Value::Number(number) => Value::Number(number.as_i64().unwrap()),
        serde_json::Value::String(text) => Value::Text(text.clone()),
        serde_json::Value::Array(items) => Value::List(items.iter().map(value).collect()),
        serde_json::Value::Object(map) => Value::Map(map.iter().map(|(k, v)| (k.clone(), value(v))).collect::<BTreeMap<_, _>>()),
        serde_json::Value::Null => panic!("no setting is null"),
    }
}

/// Checks the settings, renders them and writes the files into a folder.
fn written(settings: &serde_json::Value, lock: Lock) -> TempDir {
    let content = Baselines::embedded();
    let schema = Schema::new(&content, "153").unwrap();
    let settings: Vec<Setting> = settings
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, json)| schema.check(name, &value(json)).unwrap_or_else(|problem| panic!("`{name}` {problem}")))
        .collect();
    let folder = tempfile::tempdir().unwrap();
    for artifact in render(&settings.iter().map(|setting| (setting, lock)).collect::<Vec<_>>(), &content).unwrap() {
        std::fs::write(folder.path().join(Path::new(&artifact.path).file_name().unwrap()), artifact.bytes).unwrap();
    }
    folder
}

fn assert_taken(folder: &TempDir, answer: &serde_json::Value) {
    let differences = differences_from(folder.path(), answer);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// An account by IMAP and SMTP, without a user name, with everything that has a preference of its own.
fn accounts() -> serde_json::Value {
    json!({
        "mail.accountmanager.accounts": "account1,account2",
        "mail.accountmanager.defaultaccount": "account1",
        "mail.accountmanager.localfoldersserver": "server2",
        "mail.account.account1.server": "server1",
        "mail.account.account1.identities": "id1",
        "mail.account.account2.server": "server2",
        "mail.server.server1.type": "imap",
        "mail.server.server1.hostname": "imap.example.org",
        "mail.server.server1.name": "Example",
        "mail.server.server1.port": 993,
        "mail.server.server1.socketType": 3,
        "mail.server.server1.authMethod": 5,
        "mail.server.server1.spamLevel": 0,
        "mail.server.server2.type": "none",
        "mail.server.server2.hostname": "Local Folders",
        "mail.server.server2.userName": "nobody",
        "mail.server.server2.name": "Local Folders",
        "mail.identity.id1.smtpServer": "smtp1",
        "mail.identity.id1.organization": "Example & Söhne",
        "mail.identity.id1.reply_to": "office@example.org",
        "mail.identity.id1.htmlSigText": "<b>Example</b>\n\"quoted\"",
        "mail.identity.id1.htmlSigFormat": true,
        "mail.identity.id1.sign_mail": true,
        "mail.identity.id1.encryptionpolicy": 1,
        "mail.smtpservers": "smtp1",
        "mail.smtp.defaultserver": "smtp1",
        "mail.smtpserver.smtp1.type": "smtp",
        "mail.smtpserver.smtp1.hostname": "smtp.example.org",
        "mail.smtpserver.smtp1.description": "Outgoing",
        "mail.smtpserver.smtp1.port": 587,
        "mail.smtpserver.smtp1.try_ssl": 2,
        "mail.smtpserver.smtp1.authMethod": 5,
        "calendar.registry.office.type": "caldav",
        "calendar.registry.office.uri": "https://cal.example.org/dav/",
        "calendar.registry.office.name": "Büro",
        "calendar.registry.office.cache.enabled": true,
        "calendar.registry.office.calendar-main-in-composite": true,
        "calendar.registry.office.disabled": false,
        "calendar.registry.office.readOnly": true,
        "ldap_2.servers.office.uri": "ldaps://ldap.example.org/dc=example,dc=org??sub?(objectClass=*)",
        "ldap_2.servers.office.description": "Directory",
        "ldap_2.servers.office.dirType": 0,
        "ldap_2.servers.office.maxHits": 50,
        "ldap_2.servers.office.position": 5,
        "ldap_2.servers.office.auth.dn": "cn=reader,dc=example,dc=org",
        "ldap_2.servers.office.auth.saslmech": "GSSAPI",
    })
}

#[test]
fn accounts_calendars_and_address_books_appear_without_a_user_name() {
    if !is_installed() {
        return;
    }
    for lock in [Lock::Locked, Lock::Preset] {
        let folder = written(&accounts(), lock);
        let answer = probe(folder.path());
        assert_taken(&folder, &answer);

        let [mail, local] = answer["accounts"].as_array().unwrap().as_slice() else { panic!("{}", answer["accounts"]) };
        assert_eq!((&mail["key"], &mail["default"]), (&json!("account1"), &json!(true)));
        let mut server = mail["server"].clone();
        server.as_object_mut().unwrap().remove("address");
        assert_eq!(
            server,
            json!({ "key": "server1", "type": "imap", "host": "imap.example.org", "port": 993, "user": "", "socket": 3,
                    "auth": 5, "name": "Example", "junk": 0, "uri": "imap://imap.example.org" })
        );
        assert_eq!(
            mail["identities"],
            json!([{ "key": "id1", "name": "", "email": null, "outgoing": "smtp1", "organisation": "Example & Söhne",
                     "reply_to": "office@example.org", "signature": "<b>Example</b>\n\"quoted\"",
                     "signature_is_html": true, "sign": true, "encryption": 1 }])
        );
        assert_eq!(local["server"]["type"], "none");
        assert_eq!(
            answer["outgoing"],
            json!([{ "key": "smtp1", "type": "smtp", "user": "", "name": "Outgoing",
                     "address": "smtp://smtp.example.org:587/", "socket": 2, "auth": 5 }])
        );
        assert_eq!(
            answer["calendars"],
            json!([{ "id": "office", "name": "Büro", "type": "caldav", "address": "https://cal.example.org/dav/",
                     "read_only": true, "cached": true, "off": false, "shown": true, "user": null }])
        );
        let books = answer["address_books"].as_array().unwrap();
        let office = books.iter().find(|book| book["id"] == "ldap_2.servers.office");
        assert_eq!(
            office,
            Some(&json!({ "id": "ldap_2.servers.office", "name": "Directory", "most": 50, "position": 5,
                          "address": "ldaps://ldap.example.org/dc=example,dc=org??sub?(objectClass=*)",
                          "user": "cn=reader,dc=example,dc=org", "mechanism": "GSSAPI", "type": 0, "server": null,
                          "server_user": null }))
        );
    }
}

#[test]
fn what_stands_alone_is_never_read() {
    if !is_installed() {
        return;
    }
    let whole = accounts();
    let without = |names: &[&str]| {
        let mut fewer = whole.clone();
        for name in names {
            fewer.as_object_mut().unwrap().remove(*name).unwrap();
        }
        probe(written(&fewer, Lock::Locked).path())
    };
    let keys = |answer: &serde_json::Value, what: &str, key: &str| -> Vec<String> {
        answer[what].as_array().unwrap().iter().map(|one| one[key].as_str().unwrap_or_default().to_owned()).collect()
    };
    let named = without(&["mail.account.account1.server", "mail.smtpservers", "calendar.registry.office.type"]);
    assert!(!keys(&named, "accounts", "key").contains(&"account1".to_owned()), "{}", named["accounts"]);
    assert_eq!(keys(&named, "outgoing", "key"), Vec::<String>::new());
    assert!(!keys(&named, "calendars", "id").contains(&"office".to_owned()), "{}", named["calendars"]);
    let typed = without(&["mail.server.server1.type", "calendar.registry.office.uri", "ldap_2.servers.office.uri"]);
    assert!(!keys(&typed, "address_books", "id").contains(&"ldap_2.servers.office".to_owned()), "{}", typed["address_books"]);
    assert!(!keys(&typed, "accounts", "key").contains(&"account1".to_owned()), "{}", typed["accounts"]);
    assert!(!keys(&typed, "calendars", "id").contains(&"office".to_owned()), "{}", typed["calendars"]);
    let lists = without(&["mail.accountmanager.accounts", "mail.account.account1.identities"]);
    assert!(!keys(&lists, "accounts", "key").contains(&"account1".to_owned()), "{}", lists["accounts"]);
    let nameless = without(&["mail.server.server1.hostname"]);
    assert!(!keys(&nameless, "accounts", "key").contains(&"account1".to_owned()), "{}", nameless["accounts"]);
}

#[test]
fn an_exchange_account_appears_with_both_ways() {
    if !is_installed() {
        return;
    }
    let address = "https://exchange.example.org/EWS/Exchange.asmx";
    let folder = written(
        &json!({
            "mail.accountmanager.accounts": "account1",
            "mail.accountmanager.defaultaccount": "account1",
            "mail.account.account1.server": "server1",
            "mail.account.account1.identities": "id1",
            "mail.server.server1.type": "ews",
            "mail.server.server1.hostname": "exchange.example.org",
            "mail.server.server1.ews_url": address,
            "mail.server.server1.name": "Exchange",
            "mail.server.server1.userName": "anna",
            "mail.server.server1.port": 443,
            "mail.server.server1.socketType": 3,
            "mail.server.server1.authMethod": 6,
            "mail.identity.id1.fullName": "Anna Ärmel",
            "mail.identity.id1.useremail": "anna@example.org",
            "mail.identity.id1.smtpServer": "ews1",
            "mail.smtpservers": "ews1",
            "mail.smtp.defaultserver": "ews1",
            "mail.smtpserver.ews1.type": "ews",
            "mail.outgoingserver.ews1.ews_url": address,
            "mail.outgoingserver.ews1.auth_method": 6,
            "mail.outgoingserver.ews1.username": "anna",
            "calendar.registry.own.type": "caldav",
            "calendar.registry.own.uri": "https://cal.example.org/anna/",
            "calendar.registry.own.name": "Own",
            "calendar.registry.own.username": "anna",
        }),
        Lock::Locked,
    );
    let answer = probe(folder.path());
    assert_taken(&folder, &answer);
    let account = &answer["accounts"][0];
    assert_eq!((&account["server"]["type"], &account["server"]["address"]), (&json!("ews"), &json!(address)));
    assert_eq!((&account["server"]["user"], &account["server"]["auth"]), (&json!("anna"), &json!(6)));
    let identity = &account["identities"][0];
    assert_eq!((&identity["name"], &identity["email"]), (&json!("Anna Ärmel"), &json!("anna@example.org")));
    let outgoing = &answer["outgoing"][0];
    assert_eq!((&outgoing["address"], &outgoing["auth"], &outgoing["user"]), (&json!(address), &json!(6), &json!("anna")));
    assert_eq!(answer["calendars"][0]["user"], "anna");
}

#[test]
fn policies_are_active_as_they_were_written() {
    if !is_installed() {
        return;
    }
    let folder = written(
        &json!({
            "DisableTelemetry": true,
            "BlockAboutConfig": true,
            "SSLVersionMin": "tls1.2",
            "DisabledCiphers": { "TLS_RSA_WITH_3DES_EDE_CBC_SHA": true },
            "PasswordManagerEnabled": false,
            "DNSOverHTTPS": { "Enabled": true, "ProviderURL": "https://dns.example.org/query", "Locked": true },
            "AppUpdateURL": "https://update.example.org",
            "InstallAddonsPermission": { "Allow": ["https://addons.example.org"], "Default": false },
            "SearchEngines": { "PreventInstalls": true },
            "SecurityDevices": { "Add": { "Card": "/nowhere/card.so" } },
            "Certificates": { "ImportEnterpriseRoots": true },
            "Proxy": { "Mode": "manual", "HTTPProxy": "proxy.example.org:3128", "Locked": true },
            "Cookies": { "AcceptThirdParty": "never", "Default": false, "Locked": true },
            "InAppNotification": { "Disabled": true },
            "ExtensionSettings": {
                "*": { "installation_mode": "blocked", "blocked_install_message": "Ask the help desk: \"no\" \\ 'never' — 禁止 🔒" },
                "a@example.org": { "installation_mode": "allowed" }
            },
            "RequestedLocales": ["de", "en-US"],
            "PDFjs": { "EnablePermissions": true },
            "Handlers": { "schemes": { "mailto": { "action": "useSystemDefault", "ask": false } } },
            "3rdparty": { "Extensions": { "a@example.org": { "list": [1, { "deep": "text" }] } } },
            "mailnews.display.html_as": 1,
            "mail.phishing.detection.enabled": true,
            "mail.identity.default.encryptionpolicy": 1,
            "security.OCSP.require": true,
        }),
        Lock::Locked,
    );
    let answer = probe(folder.path());
    assert_taken(&folder, &answer);
    assert!(answer["version"].as_str().unwrap().starts_with("153."), "{}", answer["version"]);
    assert_eq!(answer["preferences"]["security.OCSP.require"]["locked"], true);
}

/// The program takes every policy as its line of the table describes it; what it makes of a value otherwise stands in
/// `faults.tsv`, and the check refuses it.
#[test]
fn every_policy_is_taken_as_its_shape_describes_it() {
    if !is_installed() {
        return;
    }
    let content = Baselines::embedded();
    let schema = Schema::new(&content, "153").unwrap();
    let mut shapes = instances::shapes(content.text("vendor/thunderbird/policies-153.tsv").unwrap());
    assert_eq!(shapes.len(), 48);
    // Its names and types are those of the preferences, so that no shape can make a value of it.
    shapes.remove("Preferences");
    let (mut found, mut taken, mut parts, mut items) = (Vec::new(), BTreeSet::new(), 0, BTreeSet::new());
    for wave in 0..instances::waves(&shapes) {
        let mut policies = serde_json::Map::new();
        for (name, shape) in &shapes {
            let instance = instances::instance(shape, name, wave);
            match schema.check(name, &value(&instance)) {
                Ok(_) => drop(policies.insert(name.clone(), instance)),
                // What the program does not obey stands in the tables; the instance is tried without it.
                Err(Problem::Refused { .. }) => {
                    let mut instance = instance;
                    if let Some(map) = instance.as_object_mut() {
                        map.retain(|key, _| !["ExpireAtSessionEnd", "FTPProxy"].contains(&key.as_str()));
                        if name == "PDFjs" {
                            map.insert("Enabled".into(), json!(false));
                        }
                        policies.insert(name.clone(), instance);
                    }
                }
                Err(problem) => panic!("`{name}` {problem}: {instance}"),
            }
        }
        let status = ["locked", "default", "user", "clear"][wave % 4];
        // Beside each other only one has an effect.
        policies.remove(if wave.is_multiple_of(2) { "OfferToSaveLogins" } else { "OfferToSaveLoginsDefault" });
        policies.insert("Preferences".into(), json!({ "mail.spam.logging.enabled": { "Value": true, "Status": status } }));
        for (name, instance) in &policies {
            taken.insert(name.clone());
            instances::count(instance, name, &mut parts, &mut items);
        }
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("policies.json"), json!({ "policies": policies }).to_string()).unwrap();
        let preference = |one: &String| one.starts_with("preference ") && status == "clear";
        let differences = differences_from(folder.path(), &probe(folder.path())).into_iter().filter(|one| !preference(one));
        found.extend(differences.map(|one| format!("wave {wave}: {one}")));
    }
    println!("{} policies, {parts} parts, {} different values", taken.len(), items.len());
    assert_eq!(taken.len(), 48, "{taken:?}");
    assert!(items.len() > 200);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_limit_beyond_the_schema_is_one_of_the_program() {
    if !is_installed() {
        return;
    }
    let content = Baselines::embedded();
    let table = content.text("vendor/thunderbird/policy-limits.tsv").unwrap();
    let mut waves: Vec<serde_json::Map<String, serde_json::Value>> = vec![serde_json::Map::new()];
    let mut limits = 0;
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let [place, rule, argument, shown, _] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let policy = place.split('/').next().unwrap();
        // A policy that has several limits comes in as many runs.
        let free = waves.iter().position(|wave| !wave.contains_key(policy)).unwrap_or(waves.len());
        if free == waves.len() {
            waves.push(serde_json::Map::new());
        }
        waves[free].insert(policy.to_owned(), serde_json::from_str(shown).unwrap());
        if rule == "not-beside" {
            waves[free].insert(argument.to_owned(), json!(true));
        }
        limits += 1;
    }
    let mut told = Vec::new();
    for wave in waves {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("policies.json"), json!({ "policies": wave }).to_string()).unwrap();
        told.extend(probe(folder.path())["errors"].as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()));
    }
    assert!(told.len() >= limits, "{limits} limits, and the program says only:\n{}", told.join("\n"));
}

#[test]
fn hostile_text_arrives_unchanged() {
    if !is_installed() {
        return;
    }
    let texts = [
        "\"'`\u{2018}\u{2019}\u{201c}\u{201d}\u{ab}\u{bb}\u{201e}",
        "\\ \\n \\\\ \\u0041 \\x41 C:\\new\\table",
        "$HOME ${USER} $(id) %USERNAME% %s %% {{ x }} {% y %}",
        "\", locked); pref(\"mail.chat.enabled\", true);//",
        "</script> <!-- --> ]]> &amp; /* */ // #",
        "äöüß ñ Ж 中文 עברית عربي é \u{200b}\u{200d}\u{2028}\u{2029}\u{feff}\u{202e}\u{7f}\u{85}",
        "😀👩‍👩‍👧🇩🇪\u{e0041}\u{10ffff}\u{fffd}",
        "tab\there\nline\r\nend  ",
    ];
    let mut settings = serde_json::Map::new();
    for (number, text) in texts.iter().enumerate() {
        settings.insert(format!("mail.server.s{number}.name"), json!(text));
        settings.insert(format!("ldap_2.servers.s{number}.description"), json!(text));
    }
    let folder = written(&settings.into(), Lock::Locked);
    let answer = probe(folder.path());
    assert_taken(&folder, &answer);
    assert_eq!(answer["preferences"]["mail.server.s3.name"]["value"], texts[3]);
    assert_eq!(answer["preferences"]["ldap_2.servers.s3.description"]["value"], texts[3]);
}

#[test]
fn every_preference_of_the_table_can_be_set_and_locked_through_its_channel() {
    if !is_installed() {
        return;
    }
    let content = Baselines::embedded();
    let schema = Schema::new(&content, "153").unwrap();
    let mut settings = serde_json::Map::new();
    for name in schema.names().filter(|name| name.contains('.')) {
        let Some(known) = schema.describe(name) else { continue };
        let (Some(default), Some(_)) = (known.default, known.channel) else { continue };
        let default = match known.takes.as_str() {
            "text" => json!(default.replace("\\n", "\n").replace("\\\\", "\\")),
            _ => serde_json::from_str(&default).unwrap(),
        };
        if matches!(schema.check(name, &value(&default)), Err(Problem::Refused { .. })) {
            continue;
        }
        settings.insert(name.to_owned(), default);
    }
    assert!(settings.len() > 5200, "{}", settings.len());
    let folder = written(&settings.into(), Lock::Locked);
    let found = differences(folder.path());
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_guards_are_needed() {
    if !is_installed() {
        return;
    }
    let content = Baselines::embedded();
    let schema = Schema::new(&content, "153").unwrap();
    let policy = |json: serde_json::Value| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("policies.json"), json!({ "policies": json }).to_string()).unwrap();
        folder
    };

    // A wrong type: the program locks the opposite of what was meant.
    let name = "mail.collect_email_address_outgoing";
    assert!(matches!(schema.check(name, &"false".into()), Err(Problem::WrongType { .. })));
    // Numbers 0 and 1 of names without default: the program stores flags.
    let number = "mail.identity.id1.encryptionpolicy";
    let taken = schema.check(number, &Value::Number(1)).unwrap();
    let typed = PreferenceValue::Number(1);
    assert_eq!(taken, Setting::Preference { name: number.into(), value: typed, channel: Channel::Defaults });
    // A name that does not exist: the program creates it and says nothing.
    let typo = "mail.chat.enabeld";
    assert!(matches!(schema.check(typo, &Value::Flag(false)), Err(Problem::UnknownName { .. })));
    // An unknown key of a policy: the program drops it and says nothing.
    let key = json!({ "Enable": false });
    assert!(matches!(schema.check("DNSOverHTTPS", &value(&key)), Err(Problem::UnknownPart { .. })));

    let locked = |value: serde_json::Value| json!({ "Value": value, "Status": "locked" });
    let folder = policy(json!({
        "DNSOverHTTPS": key,
        "Preferences": { name: locked(json!("false")), number: locked(json!(1)), typo: locked(json!(false)) },
    }));
    let answer = probe(folder.path());
    let preferences = &answer["preferences"];
    assert_eq!((&preferences[name]["value"], &preferences[name]["locked"]), (&json!(true), &json!(true)));
    assert_eq!((&preferences[number]["kind"], &preferences[number]["locked"]), (&json!("flag"), &json!(true)));
    assert_eq!((&preferences[typo]["value"], &preferences[typo]["locked"]), (&json!(false), &json!(true)));
    assert_eq!(answer["policies"]["DNSOverHTTPS"], json!({}));
    let errors = answer["errors"].as_array().unwrap();
    assert!(errors.iter().all(|error| error.as_str().unwrap().contains(name)), "only the wrong type is logged: {errors:?}");

    // A policy that sets a preference by itself wins over the preference.
    assert_eq!(schema.written_by("mail.inappnotifications.enabled").collect::<Vec<_>>(), ["InAppNotification"]);
    let folder = policy(json!({
        "InAppNotification": { "Disabled": true },
        "Preferences": { "mail.inappnotifications.enabled": locked(json!(true)) },
    }));
    let differences = differences_from(folder.path(), &probe(folder.path()));
    assert_eq!(differences.len(), 1, "{differences:?}");
    assert!(differences[0].starts_with("preference mail.inappnotifications.enabled: true"), "{differences:?}");
}

#[test]
fn the_committed_tables_say_what_the_program_says() {
    if !is_installed() {
        return;
    }
    let folder = written(&json!({ "DisableTelemetry": true }), Lock::Locked);
    let answer = probe_with(folder.path(), &["--every"]);
    let content = Baselines::embedded();
    let schema = Schema::new(&content, "153").unwrap();
    let mut compared = 0;
    for name in schema.names().filter(|name| name.contains('.')) {
        let (Some(known), Some(seen)) = (schema.describe(name), answer["preferences"].get(name)) else { continue };
        let kind = match seen["kind"].as_str() {
            Some("flag") => "true or false",
            Some("number") => "a number",
            Some("text") => "text",
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(known.takes, kind, "{name}");
        compared += 1;
    }
    assert!(compared > 5200, "{compared}");
}

#[test]
fn the_committed_policies_are_those_of_the_program() {
    if !is_installed() {
        return;
    }
    // The archive is laid out for speed and read by few libraries; python's is one of them.
    let member = |name: &str| {
        let folder = std::env::var("GROUNDPLAN_THUNDERBIRD").unwrap_or_else(|_| "/usr/lib/thunderbird".into());
        let script = "import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1] + '/omni.ja').read(sys.argv[2]))";
        let output = std::process::Command::new("python3").args(["-c", script, &folder, name]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let content = Baselines::embedded();
    let same = |file: &str, imported: &str| {
        let rows = |text: &str| text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>();
        let committed = content.text(&format!("vendor/thunderbird/{file}")).unwrap();
        assert_eq!(rows(committed), rows(imported), "{file} differs from what the installed program says");
    };
    let schema = member("modules/policies/policies-schema.json");
    same("policies-153.tsv", &import_policies(&schema, "153", "the program").unwrap());
    let module = member("modules/policies/Policies.sys.mjs");
    same("preferences-policy.tsv", &import_allow_list(&module, "153", "the program").unwrap());
}
