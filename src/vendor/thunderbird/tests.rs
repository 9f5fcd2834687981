//! Imports of both dialects, and what the schemas refuse.

use std::collections::BTreeMap;

use serde_json::json;

use super::*;
use crate::baselines::Baselines;
use crate::value::Value;
use crate::vendor::{Problem, table};

fn map(entries: &[(&str, Value)]) -> Value {
    Value::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect::<BTreeMap<_, _>>())
}

fn check(version: &str, name: &str, value: impl Into<Value>) -> Result<Setting, Problem> {
    Schema::new(&Baselines::embedded(), version).unwrap().check(name, &value.into())
}

fn channel(name: &str, value: Value) -> Channel {
    match check("153", name, value) {
        Ok(Setting::Preference { channel, .. }) => channel,
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn every_line_of_the_committed_tables_can_be_read() {
    let content = Baselines::embedded();
    let versions = Schema::versions(&content);
    assert_eq!(versions, ["128", "140", "153"]);
    for version in versions {
        let schema = Schema::new(&content, &version).unwrap();
        let mut count = 0;
        for name in schema.names() {
            let known = schema.describe(name).or_else(|| schema.describe(&name.replace('*', "x1")));
            let known = known.unwrap_or_else(|| panic!("{version}: `{name}` cannot be read"));
            assert!(!known.takes.is_empty());
            count += 1;
        }
        assert!(count > 5290, "{version}: {count}");
        for (name, row) in table::Table::new(content.text("vendor/thunderbird/policy-writes.tsv").unwrap()).rows() {
            assert!(row.split(' ').all(|policy| version != "153" || schema.describe(policy).is_some()), "{name}: {row}");
        }
        for (name, row) in table::Table::new(content.text("vendor/thunderbird/faults.tsv").unwrap()).rows() {
            let (part, reason) = row.split_once('\t').unwrap();
            assert!(part == "*" || serde_json::from_str::<serde_json::Value>(part).is_ok(), "{name}");
            assert!(!reason.is_empty() && schema.describe(name).is_some(), "{name}");
        }
    }
}

#[test]
fn takes_policies_as_the_schema_defines_them() {
    for version in ["128", "140", "153"] {
        assert_eq!(
            check(version, "DisableTelemetry", Value::Flag(true)),
            Ok(Setting::Policy { name: "DisableTelemetry".into(), value: json!(true) })
        );
        assert!(check(version, "SSLVersionMin", "tls1.2").is_ok());
        let settings = map(&[
            ("*", map(&[("installation_mode", "blocked".into())])),
            ("a@b", map(&[("installation_mode", "force_installed".into()), ("install_url", "https://example.org/a.xpi".into())])),
        ]);
        assert!(check(version, "ExtensionSettings", settings).is_ok());
        assert!(check(version, "RequestedLocales", Value::List(vec!["de".into()])).is_ok());
        assert!(check(version, "RequestedLocales", "de,en-US").is_ok());
        let storage = map(&[("Extensions", map(&[("a@b", map(&[("deep", Value::List(vec![Value::Number(1)]))]))]))]);
        assert!(check(version, "3rdparty", storage).is_ok());
        let handlers = map(&[("schemes", map(&[("mailto", map(&[("action", "useSystemDefault".into())]))]))]);
        assert!(check(version, "Handlers", handlers).is_ok());
        assert!(check(version, "DNSOverHTTPS", map(&[("ProviderURL", "".into())])).is_ok());
    }
}

#[test]
fn refuses_what_the_program_would_skip_or_drop() {
    let wrong = |expected: &str, found: &str| Err(Problem::WrongType { expected: expected.into(), found: found.into() });
    assert_eq!(check("153", "DisableTelemetry", "true"), wrong("true or false", "text"));
    assert_eq!(check("153", "DisableTelemetry", Value::Number(1)), wrong("true or false", "a number"));
    let not_allowed = |name: &str, value: Value| matches!(check("153", name, value), Err(Problem::NotAllowed { .. }));
    assert!(not_allowed("SSLVersionMin", "TLS1.2".into()));
    assert!(not_allowed("Proxy", map(&[("SOCKSVersion", Value::Number(6))])));
    assert!(not_allowed("AppUpdateURL", "update.example.org".into()));
    assert!(not_allowed("AppUpdateURL", "https://".into()));
    assert!(not_allowed("AppUpdateURL", "https://a b/".into()));
    assert!(not_allowed("AppUpdateURL", "https://a.example:99999/".into()));
    assert!(not_allowed("Cookies", map(&[("Allow", Value::List(vec!["https://a.example/path".into()]))])));
    assert!(not_allowed("Cookies", map(&[("Allow", Value::List(vec!["ftp://a.example".into()]))])));
    assert!(not_allowed("ExtensionSettings", map(&[("*", map(&[("installation_mode", "force_installed".into())]))])));
    let bad_escape = map(&[("update_url", "https://a.example/%item".into())]);
    assert!(not_allowed("ExtensionSettings", map(&[("a@b", bad_escape)])));

    let Err(problem) = check("153", "DNSOverHTTPS", map(&[("Enable", Value::Flag(false))])) else { panic!("taken") };
    assert_eq!(problem.help().as_deref(), Some("did you mean `Enabled`?"));
    let engine = Value::List(vec![map(&[("Name", "x".into())])]);
    assert_eq!(check("153", "SearchEngines", map(&[("Add", engine)])), Err(Problem::Missing { missing: "URLTemplate".into() }));
    let Err(problem) = check("153", "DisableTelemtry", Value::Flag(true)) else { panic!("taken") };
    assert_eq!(problem.help().as_deref(), Some("did you mean `DisableTelemetry`?"));
}

#[test]
fn refuses_what_the_program_takes_and_does_not_obey() {
    let refused = |name: &str, value: Value| matches!(check("153", name, value), Err(Problem::Refused { .. }));
    let (yes, no) = (Value::Flag(true), Value::Flag(false));
    assert!(refused("ExtensionUpdate", yes.clone()) && !refused("ExtensionUpdate", no));
    assert!(refused("PDFjs", map(&[("Enabled", yes.clone()), ("EnablePermissions", yes.clone())])));
    assert!(!refused("PDFjs", map(&[("EnablePermissions", yes)])));
    assert!(refused("layout.css.font-variations.enabled", Value::Flag(false)));
    assert!(refused("Preferences", map(&[("mail.chat.enabled", Value::Flag(false))])));
}

#[test]
fn every_limit_of_a_policy_refuses_the_value_that_shows_it() {
    let content = Baselines::embedded();
    let schema = Schema::new(&content, "153").unwrap();
    for (place, row) in table::Table::new(content.text("vendor/thunderbird/policy-limits.tsv").unwrap()).rows() {
        let fields: Vec<&str> = row.split('\t').collect();
        let [rule, argument, shown, reason] = fields.as_slice() else { panic!("{place}: {row}") };
        let policy = place.split('/').next().unwrap();
        let value = value(&serde_json::from_str(shown).unwrap());
        assert!(!reason.is_empty());
        if *rule == "not-beside" {
            assert!(schema.written_by(policy).any(|other| other == *argument), "{place}");
            continue;
        }
        assert!(["form", "names", "one-of", "with", "never"].contains(rule), "{place}: {rule}");
        let found = schema.check(policy, &value);
        assert!(
            matches!(found, Err(Problem::NotAllowed { .. } | Problem::Missing { .. } | Problem::Refused { .. })),
            "{place}: {found:?}"
        );
    }
}

/// JSON as a value of the content.
fn value(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Bool(flag) => Value::Flag(*flag),
        serde_json::Value::Number(number) => Value::Number(number.as_i64().unwrap()),
        serde_json::Value::String(text) => text.as_str().into(),
        serde_json::Value::Array(items) => Value::List(items.iter().map(value).collect()),
        serde_json::Value::Object(entries) => Value::Map(entries.iter().map(|(key, item)| (key.clone(), value(item))).collect()),
        serde_json::Value::Null => panic!("no setting is null"),
    }
}

#[test]
fn says_which_version_has_a_policy() {
    let add = map(&[("Add", map(&[("Card", "/usr/lib/card.so".into())]))]);
    assert!(check("153", "SecurityDevices", add.clone()).is_ok());
    let Err(problem) = check("140", "SecurityDevices", add) else { panic!("taken") };
    assert_eq!(problem.to_string(), "does not exist in Thunderbird 140: it came with 153");
    let update = map(&[("a@b", map(&[("update_url", "https://a.example/u.json".into())]))]);
    assert!(check("153", "ExtensionSettings", update.clone()).is_ok());
    let Err(problem) = check("140", "ExtensionSettings", update) else { panic!("taken") };
    let says = "does not exist in Thunderbird 140: the policy is known, but this value came with 153";
    assert_eq!(problem.to_string(), says);
    let Err(problem) = check("128", "InAppNotification", map(&[])) else { panic!("taken") };
    assert_eq!(problem.to_string(), "does not exist in Thunderbird 128: it came with 140");
    // What no version takes is wrong, whatever the version.
    assert!(matches!(
        check("128", "InAppNotification", map(&[("Disable", Value::Flag(true))])),
        Err(Problem::UnknownName { .. })
    ));
    assert!(matches!(check("140", "SSLVersionMin", "tls1.4"), Err(Problem::NotAllowed { .. })));
    let content = Baselines::embedded();
    let lent = |version| Schema::new(&content, version).unwrap().preferences_lent_by();
    assert_eq!([lent("128"), lent("140"), lent("153")], [Some(153), Some(153), None]);
}

#[test]
fn what_a_version_lacks_is_said_for_every_policy_and_part() {
    // Every policy of the newest version, in the older ones: taken there, or a matter of the version with its number.
    let content = Baselines::embedded();
    let (mut taken, mut later) = (0, 0);
    for (name, row) in table::Table::new(content.text("vendor/thunderbird/policies-153.tsv").unwrap()).rows() {
        let newest: Node = serde_json::from_str(row.split('\t').nth(1).unwrap()).unwrap();
        for version in ["128", "140"] {
            let table = table::Table::new(content.text(&format!("vendor/thunderbird/policies-{version}.tsv")).unwrap());
            let value = if newest.check(&Value::Flag(true)).is_ok() { Value::Flag(true) } else { map(&[]) };
            if newest.check(&value).is_err() {
                continue;
            }
            let found = check(version, name, value);
            match table.find(name) {
                Some(_) => taken += 1,
                None => {
                    let Err(Problem::NotInVersion { reason, .. }) = found else { panic!("{version} {name}: {found:?}") };
                    assert!(reason.starts_with("it came with "), "{reason}");
                    later += 1;
                }
            }
        }
    }
    assert!(taken > 60 && later >= 3, "{taken} {later}");
}

#[test]
fn an_unknown_version_is_named_with_those_there_are() {
    let content = Baselines::embedded();
    let refused = Schema::new(&content, "91").err().map(|error| error.to_string());
    assert_eq!(refused.as_deref(), Some("write for Thunderbird 91: known are 128, 140, 153"));
}

#[test]
fn preferences_keep_their_types() {
    let wrong = |name: &str, value: Value| matches!(check("153", name, value), Err(Problem::WrongType { .. }));
    assert!(wrong("mail.collect_email_address_outgoing", "false".into()));
    assert!(wrong("mail.collect_email_address_outgoing", Value::Number(0)));
    assert!(wrong("mailnews.display.html_as", Value::Flag(true)));
    assert!(wrong("mail.server.server1.port", "993".into()));
    let large = check("153", "mailnews.display.html_as", Value::Number(1 << 31));
    assert!(matches!(large, Err(Problem::NotAllowed { .. })));
    let taken = check("140", "mailnews.display.html_as", Value::Number(1));
    assert_eq!(
        taken,
        Ok(Setting::Preference {
            name: "mailnews.display.html_as".into(),
            value: PreferenceValue::Number(1),
            channel: Channel::Policy
        })
    );
}

#[test]
fn unknown_and_blocked_preferences_are_refused() {
    let Err(problem) = check("153", "mail.chat.enabeld", Value::Flag(true)) else { panic!("taken") };
    assert_eq!(problem.help().as_deref(), Some("did you mean `mail.chat.enabled`?"));
    let Err(problem) = check("153", "mail.server.server7.hostnam", "a") else { panic!("taken") };
    assert_eq!(problem.help().as_deref(), Some("did you mean `mail.server.server7.hostname`?"));
    assert!(matches!(check("153", "mail.server..hostname", "a"), Err(Problem::UnknownName { .. })));
    assert!(matches!(check("153", "mail.server.a b.hostname", "a"), Err(Problem::UnknownName { .. })));
    assert!(matches!(check("153", "app.update.channel", "beta"), Err(Problem::Refused { .. })));
}

#[test]
fn the_channel_is_the_one_that_stores_the_value_as_meant() {
    assert_eq!(channel("mail.server.server1.socketType", Value::Number(3)), Channel::Policy);
    assert_eq!(channel("mail.server.server1.socketType", Value::Number(0)), Channel::Defaults);
    assert_eq!(channel("mail.identity.id1.encryptionpolicy", Value::Number(1)), Channel::Defaults);
    assert_eq!(channel("mail.identity.default.encryptionpolicy", Value::Number(1)), Channel::Policy);
    assert_eq!(channel("mail.identity.id1.sign_mail", Value::Flag(true)), Channel::Policy);
    assert_eq!(channel("security.OCSP.require", Value::Flag(true)), Channel::Defaults);
    assert_eq!(channel("security.osclientcerts.autoload", Value::Flag(true)), Channel::Policy);
    assert_eq!(channel("ldap_2.servers.x.uri", "ldaps://a.example/".into()), Channel::Defaults);
}

#[test]
fn an_id_that_nothing_names_is_a_name_that_is_never_read() {
    let content = Baselines::embedded();
    let schema = Schema::new(&content, "153").unwrap();
    let all: Vec<Setting> = [
        ("mail.accountmanager.accounts", Value::from("account1,account2")),
        ("mail.account.account1.server", "server1".into()),
        ("mail.account.account1.identities", "id1".into()),
        ("mail.account.account2.server", "server2".into()),
        ("mail.server.server1.type", "imap".into()),
        ("mail.server.server1.hostname", "imap.example.org".into()),
        ("mail.server.server2.type", "none".into()),
        ("mail.server.server2.hostname", "Local".into()),
        ("mail.identity.id1.fullName", "Anna".into()),
        ("mail.smtpservers", "smtp1".into()),
        ("mail.smtpserver.smtp1.type", "smtp".into()),
        ("mail.outgoingserver.smtp1.username", "anna".into()),
        ("calendar.registry.own.type", "caldav".into()),
        ("calendar.registry.own.uri", "https://cal.example.org/".into()),
        ("ldap_2.servers.own.uri", "ldaps://ldap.example.org/".into()),
        ("ldap_2.servers.own.description", "Own".into()),
        ("mail.server.default.spamLevel", Value::Number(0)),
    ]
    .into_iter()
    .map(|(name, value)| schema.check(name, &value).unwrap())
    .collect();
    let every: Vec<&Setting> = all.iter().collect();
    assert_eq!(schema.check_companions(&every), []);
    // Everything here is needed by something, but for names that nothing else leans on.
    let leaves = [
        "mail.identity.id1.fullName",
        "mail.smtpserver.smtp1.type",
        "ldap_2.servers.own.description",
        "mail.outgoingserver.smtp1.username",
        "mail.server.default.spamLevel",
    ];
    for one in &all {
        let others: Vec<&Setting> = all.iter().filter(|other| other.name() != one.name()).collect();
        let found = schema.check_companions(&others);
        assert_eq!(found.is_empty(), leaves.contains(&one.name()), "{}: {found:?}", one.name());
    }
    let alone = schema.check("mail.server.server9.name", &"x".into()).unwrap();
    let found = schema.check_companions(&[&alone]);
    let [(name, problem)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(name, "mail.server.server9.name");
    let says = "cannot be set like this: no `mail.account.*.server` names `server9`, so the program never reads it";
    assert_eq!(problem.to_string(), says);
}

#[test]
fn a_name_can_be_described() {
    let content = Baselines::embedded();
    let schema = Schema::new(&content, "153").unwrap();
    let known = schema.describe("network.trr.mode").unwrap();
    assert_eq!((known.takes.as_str(), known.default.as_deref()), ("a number", Some("0")));
    assert_eq!(known.written_by, ["DNSOverHTTPS"]);
    assert!(schema.describe("SearchEngines").unwrap().esr_only);
    assert_eq!(schema.describe("SSLVersionMin").unwrap().takes, "one of tls1, tls1.1, tls1.2, tls1.3");
    assert!(schema.describe("mail.server.server1.hostname").unwrap().evidence.is_some());
    assert_eq!(schema.describe("no.such.name"), None);
}

#[test]
fn both_dialects_give_one_form() {
    let mozilla = br#"{"type":"object","properties":{
        "U":{"type":"URL"},"E":{"type":"URLorEmpty"},"J":{"type":"JSON"},
        "O":{"type":"array","strict":false,"items":{"type":"origin"}},
        "S":{"type":"object","properties":{"*":{"type":"boolean"}},"patternProperties":{"^.*$":{"type":"string"}}}}}"#;
    let standard = br##"{"definitions":{"url":{"type":"string","format":"moz-url"},
        "empty":{"type":"string","anyOf":[{"format":"moz-url"},{"maxLength":0}]},
        "origin":{"type":"string","format":"moz-url","pattern":"^([Ff][Ii][Ll][Ee]://.*|[Hh][Tt][Tt][Pp][Ss]?://[^/]+/?)$"}},
        "type":"object","properties":{
        "U":{"$ref":"#/definitions/url"},"E":{"$ref":"#/definitions/empty"},
        "J":{"type":["object","array"],"contentMediaType":"application/json"},
        "O":{"type":"array","items":{"$ref":"#/definitions/origin"}},
        "S":{"type":"object","contentMediaType":"application/json",
             "properties":{"*":{"type":"boolean"}},"patternProperties":{"^(?!\\*$).*$":{"type":"string"}}}}}"##;
    let body = |schema| {
        let text = import_policies(schema, "1", "here").unwrap();
        text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(body(mozilla), body(standard));
    insta::assert_snapshot!(body(mozilla).join("\n").replace('\t', " | "), @r#"
    E | all | {"formed":"url-or-empty"}
    J | all | "anything"
    O | all | {"list":{"formed":"origin"}}
    S | all | {"map":{"fixed":{"*":"flag"},"free":{"text":[]}}}
    U | all | {"formed":"url"}
    "#);
}

#[test]
fn a_schema_that_is_not_understood_is_refused() {
    let refused =
        |policy: &str| import_policies(format!(r#"{{"type":"object","properties":{{"P":{policy}}}}}"#).as_bytes(), "1", "x");
    assert!(refused(r#"{"type":"boolean"}"#).is_ok());
    for policy in [
        r#"{"type":"boolean","type":"string"}"#,
        r#"{"type":"boolean"},"P":{"type":"boolean"}"#,
        r#"{"type":"date"}"#,
        r#"{"type":"string","pattern":"^a$"}"#,
        r#"{"type":"string","minLength":3}"#,
        r#"{"type":"string","enum":[]}"#,
        r#"{"type":"string","enum":[1]}"#,
        r#"{"type":"array"}"#,
        r#"{"type":"object","patternProperties":{"^x":{"type":"string"}}}"#,
        r#"{"type":"object","patternProperties":{"^(?!Gone$).*$":{"type":"string"}}}"#,
        r#"{"type":"object","required":["gone"]}"#,
        r##"{"$ref":"#/definitions/gone"}"##,
        "{}",
        "true",
        r#"{"type":"boolean",}"#,
    ] {
        assert!(refused(policy).is_err(), "{policy}");
    }
    let circle =
        br##"{"definitions":{"a":{"$ref":"#/definitions/a"}},"type":"object","properties":{"P":{"$ref":"#/definitions/a"}}}"##;
    assert!(matches!(import_policies(circle, "1", "x"), Err(ImportError::Unknown { what: "nesting", .. })));
    let deep = format!("{}{}", r#"{"type":"object","properties":{"P":"#.repeat(100_000), "1");
    assert!(matches!(import_policies(deep.as_bytes(), "1", "x"), Err(ImportError::Json(_))));
    assert!(import_policies(b"\xef\xbb\xbf{}", "1", "x").is_err());
}

#[test]
fn a_fault_of_a_file_is_named_with_its_place() {
    let told = |error: ImportError| {
        let source = std::error::Error::source(&error).map(|source| format!(": {source}")).unwrap_or_default();
        format!("{error}{source}")
    };
    let json = |text: &str| told(import_policies(text.as_bytes(), "1", "x").unwrap_err());
    let twice = json("{\"properties\":{\n\"A\":{\"type\":\"boolean\"},\n\"A\":{\"type\":\"boolean\"}}}");
    assert!(twice.contains("the key `A` stands twice") && twice.contains("line 3 column 3"), "{twice}");
    for (text, says) in [
        ("{\"properties\":{\"A\":\n", "EOF while parsing a value at line 2 column 0"),
        ("{\"a\u{0}\":1}", "line 1 column 4"),
        ("\u{feff}{}", "line 1 column 1"),
        ("{\"properties\":{\"A\":{\"type\":[\"string\",7]}}}", "understand type `[\"string\",7]` at `A`"),
        (
            "{\"properties\":{\"A\":{\"type\":\"object\",\"properties\":{\"B\":{\"type\":\"date\"}}}}}",
            "understand type `date` at `A/B`",
        ),
        ("{\"properties\":[]}", "understand part of the schema `[]` at `properties`"),
    ] {
        let found = json(text);
        assert!(found.contains(says), "{text}: {found}");
    }
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    assert!(json(&deep).contains("recursion limit exceeded at line 1 column 128"), "{}", json(&deep));
    for (text, says) in [
        ("name,type,default\na.b,int,1\na.c,int,x\n", "understand default `x` at `line 3`"),
        ("name,type,default\na.b,string,\"a\nb\"\na.c,float,1\n", "understand type `float` at `line 4`"),
        ("name,type,default\na.b,string,\"open\n", "find the closing quote at `line 2`"),
        ("name,type,default\na.b\u{0},int,1\n", "at `line 2`"),
    ] {
        let found = told(import_preferences(text.as_bytes(), "1", "x").unwrap_err());
        assert!(found.contains(says), "{text}: {found}");
    }
}

#[test]
fn preferences_are_imported_sorted_and_typed() {
    let csv = "name,type,default\nb.two,string,\"a,\"\"b\"\"\nc\\\td\"\nb.one,int,-1\r\na.x,bool,true\n";
    let table = import_preferences(csv.as_bytes(), "1", "a\nb").unwrap();
    assert!(table.contains("# Origin: a b\n"));
    let body: Vec<&str> = table.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(body, ["a.x\tflag\ttrue", "b.one\tnumber\t-1", "b.two\ttext\ta,\"b\"\\nc\\\\\\td"]);
    for broken in [
        "",
        "name,type\n",
        "name,type,default\na.b,int\n",
        "name,type,default\na.b,int,x\n",
        "name,type,default\na.b,bool,1\n",
        "name,type,default\na.b,float,1\n",
        "name,type,default\nab,bool,true\n",
        "name,type,default\na.b,bool,true\na.b,bool,true\n",
        "name,type,default\na.b,string,\"open\n",
        "name,type,default\na.b,string,a\"b\n",
    ] {
        assert!(import_preferences(broken.as_bytes(), "1", "x").is_err(), "{broken:?}");
    }
    assert!(import_preferences(b"\xff", "1", "x").is_err());
    assert!(import_preferences(b"name,type,default\na.b,string,\"x\0\"\n", "1", "x").is_err(), "found by fuzzing");
}

#[test]
fn the_allow_list_is_taken_from_the_module_and_only_when_it_is_whole() {
    let module = "x; const allowedPrefixes = [\n \"b.\",\n \"a.\", ];\nconst allowedSecurityPrefs = [\"s.one\"];\n\
                  const blockedPrefs = [\n\"a.no\",\n];";
    let table = import_allow_list(module.as_bytes(), "1", "here").unwrap();
    let body: Vec<&str> = table.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(body, ["a.\tprefix", "a.no\tblocked", "b.\tprefix", "s.\tlisted", "s.one\tallowed"]);
    for (from, to) in [("blockedPrefs", "other"), ("\"a.\"", "a + \"b\""), ("\"a.\"", "\"b.\""), ("\"s.one\"", ""), ("];", "")] {
        assert!(import_allow_list(module.replace(from, to).as_bytes(), "1", "here").is_err(), "{from} {to}");
    }
}

#[test]
fn every_table_that_is_built_in_is_sorted() {
    // A start does not look again.
    let baselines = Baselines::embedded();
    for (path, bytes) in baselines.below("vendor/thunderbird/") {
        assert_eq!(table::Table::new(std::str::from_utf8(bytes).unwrap()).first_fault(), None, "{path}");
    }
}

#[test]
fn the_table_finds_every_line_and_nothing_between() {
    let names: Vec<String> = (0..200).map(|n| format!("n{:03}é", n * 2)).collect();
    let text = names.iter().fold(String::from("# head\n# ers\n"), |text, name| text + name + "\tv" + name + "\n");
    let table = table::Table::new(&text);
    assert_eq!(table.first_fault(), None);
    for name in &names {
        assert_eq!(table.find(name), Some(format!("v{name}").as_str()));
        assert_eq!(table.find(&format!("{name}x")), None);
    }
    assert_eq!(table.find("a"), None);
    assert_eq!(table::Table::new("").find("a"), None);
    assert_eq!(table::Table::new("b\t1\na\t2\n").first_fault(), Some(2));
    assert_eq!(table::Table::new("b\t1\nb\t2\n").first_fault(), Some(2));
    assert_eq!(table::Table::new("b\n").first_fault(), Some(1));
}

proptest::proptest! {
    #[test]
    fn no_input_upsets_the_importers(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200), text in "\\PC*") {
        for input in [bytes.as_slice(), text.as_bytes()] {
            let _ = import_policies(input, "1", "x");
            let _ = import_preferences(input, "1", "x");
            let _ = import_allow_list(input, "1", "x");
        }
        let _ = import_preferences(format!("name,type,default\n{text}").as_bytes(), "1", "x");
        let _ = import_allow_list(format!("const allowedPrefixes = [{text}").as_bytes(), "1", "x");
    }
}
