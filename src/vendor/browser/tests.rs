//! The check of browser policies, and the forms of their values.

use serde_json::json;

use super::*;
use crate::baselines::Baselines;
use crate::value::Value;
use crate::vendor::admx::File;
use crate::vendor::registry::{RegistryAction, RegistryData};
use crate::vendor::table::Table;
use crate::vendor::{Problem, chromium, mozilla};

fn list(items: &[&str]) -> Value {
    Value::List(items.iter().map(|item| Value::from(*item)).collect())
}

fn map(entries: &[(&str, Value)]) -> Value {
    Value::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
}

fn check(name: &str, value: &Value, version: Option<&str>) -> Result<Setting, Problem> {
    let (browser, policy) = name.split_once(':').unwrap();
    Schema::load(&Baselines::embedded(), browser).unwrap().check(policy, value, version, false)
}

fn problem(name: &str, value: &Value) -> String {
    check(name, value, None).unwrap_err().to_string()
}

#[test]
fn every_line_of_the_committed_tables_can_be_read() {
    let content = Baselines::embedded();
    let mut counts = Vec::new();
    for browser in ["chrome", "edge", "firefox"] {
        let schema = Schema::load(&content, browser).unwrap();
        let unreadable: Vec<&str> = schema.names().filter(|name| schema.describe(name).is_none()).collect();
        assert!(unreadable.is_empty(), "{browser}: {unreadable:?}");
        counts.push(schema.names().count());
    }
    assert_eq!(counts, [673, 724, 125]);
}

#[test]
fn every_table_that_is_built_in_is_sorted() {
    // A start does not look again.
    let content = Baselines::embedded();
    for browser in Schema::browsers(&content) {
        let folder = format!("vendor/{browser}/");
        for (path, bytes) in content.below(&folder) {
            assert_eq!(Table::new(std::str::from_utf8(bytes).unwrap()).first_fault(), None, "{path}");
        }
    }
}

#[test]
fn a_misspelt_name_a_wrong_type_and_a_value_that_is_not_listed_are_refused() {
    let Err(Problem::UnknownName { nearest, .. }) = check("chrome:UrlBlocklist", &list(&["a.example"]), None) else { panic!() };
    assert_eq!(nearest.as_deref(), Some("URLBlocklist"));
    assert_eq!(problem("chrome:PasswordManagerEnabled", &Value::Number(0)), "takes true or false, not a number");
    assert_eq!(problem("edge:DownloadRestrictions", &Value::Number(5)), "does not take `5`: it takes a number (0, 1, 2, 3, 4)");
    assert_eq!(
        problem("firefox:SSLVersionMin", &Value::from("tls12")),
        "does not take `tls12`: it takes one of tls1, tls1.1, tls1.2, tls1.3"
    );
    assert_eq!(
        problem("chrome:RelaunchNotificationPeriod", &Value::Number(1000)),
        "does not take `1000`: it takes a number from 3600000 to 2000000000"
    );
    let unknown_key = map(&[("Blocked", list(&["*://*.a.example/*"]))]);
    assert_eq!(problem("firefox:WebsiteFilter", &unknown_key), "has no key `Blocked`");
}

#[test]
fn more_addresses_than_a_browser_minds_are_refused() {
    let hosts = |count: usize| Value::List((0..count).map(|index| Value::from(format!("h{index}.example").as_str())).collect());
    for browser in ["chrome", "edge"] {
        assert!(check(&format!("{browser}:URLBlocklist"), &hosts(1000), None).is_ok());
        assert!(problem(&format!("{browser}:URLBlocklist"), &hosts(1001)).starts_with("does not take `1001 items`"));
    }
    for key in ["Block", "Exceptions"] {
        assert!(check("firefox:WebsiteFilter", &map(&[(key, hosts(1000))]), None).is_ok());
        assert!(problem("firefox:WebsiteFilter", &map(&[(key, hosts(1001))])).starts_with("does not take `1001 items`"));
    }
}

#[test]
fn what_a_browser_will_not_obey_everywhere_is_refused_with_the_reason() {
    let refused = [
        ("chrome:SSLVersionMin", Value::from("tls1.2"), "Chrome no longer has it"),
        ("chrome:SigninAllowed", Value::Flag(false), "Chrome will not have it for long"),
        ("edge:NonRemovableProfileEnabled", Value::Flag(false), "Edge does not have it on linux"),
        ("chrome:ProxySettings", map(&[("ProxyMode", Value::from("direct"))]), "the keys it takes are not recorded"),
    ];
    for (name, value, reason) in refused {
        assert_eq!(problem(name, &value), format!("cannot be set like this: {reason}"));
    }
    assert!(problem("chrome:URLBlocklist", &list(&[])).contains("an empty list has no form in the registry"));
}

#[test]
fn a_version_that_lacks_a_policy_says_when_it_came_and_went() {
    let of = |name: &str, value: &Value, version| check(name, value, Some(version)).map(|setting| setting.policy);
    let strict = Value::from("force_enabled");
    assert!(of("edge:HttpsOnlyMode", &strict, "140").is_ok());
    let lacks = |name: &str, value: &Value, version| match of(name, value, version) {
        Err(Problem::NotInVersion { target, reason }) => format!("{target}: {reason}"),
        other => panic!("{other:?}"),
    };
    assert_eq!(lacks("edge:HttpsOnlyMode", &strict, "139.0.3405.86"), "Edge 139: it came with 140");
    assert_eq!(lacks("edge:SSLVersionMin", &Value::from("tls1.2"), "153"), "Edge 153: the last version with it was 97");
    assert_eq!(
        lacks("edge:URLBlocklist", &list(&["a.example"]), "154"),
        "Edge 154: the versions that can be written for are 120 to 153"
    );
}

#[test]
fn an_extension_is_named_by_its_identifier() {
    let of =
        |id: &str| check("chrome:ExtensionSettings", &map(&[(id, map(&[("installation_mode", Value::from("allowed"))]))]), None);
    assert!(of("*").is_ok());
    assert!(of("ghbmnnjooekpmoecnnnilnnbdlolhkhi").is_ok());
    assert!(matches!(of("ublock@example.org"), Err(Problem::NotAllowed { .. })));
    assert!(matches!(of("ghbmnnjooekpmoecnnnilnnbdlolhkhz"), Err(Problem::NotAllowed { .. })));
}

#[test]
fn the_registry_holds_each_family_in_its_own_form() {
    let shown = |name: &str, value: &Value| -> Vec<String> {
        let operations = check(name, value, None).unwrap().operations().unwrap();
        let line = |operation: &crate::vendor::registry::RegistryOperation| {
            let data = match &operation.action {
                RegistryAction::Set(RegistryData::Dword(number)) => number.to_string(),
                RegistryAction::Set(RegistryData::Text(text)) => format!("{text:?}"),
                RegistryAction::DeleteAllValues => "empty".to_owned(),
                other => panic!("{other:?}"),
            };
            format!("{}\\{}={data}", operation.key.as_str().rsplit_once("Policies\\").unwrap().1, operation.name)
        };
        operations.iter().map(line).collect()
    };
    assert_eq!(shown("chrome:PasswordManagerEnabled", &Value::Flag(false)), ["Google\\Chrome\\PasswordManagerEnabled=0"]);
    assert_eq!(
        shown("edge:URLBlocklist", &list(&["a.example", "b.example"])),
        [
            "Microsoft\\Edge\\URLBlocklist\\=empty",
            "Microsoft\\Edge\\URLBlocklist\\1=\"a.example\"",
            "Microsoft\\Edge\\URLBlocklist\\2=\"b.example\""
        ]
    );
    let blocked = map(&[("*", map(&[("installation_mode", Value::from("blocked"))]))]);
    assert_eq!(
        shown("chrome:ExtensionSettings", &blocked),
        [r#"Google\Chrome\ExtensionSettings="{\"*\":{\"installation_mode\":\"blocked\"}}""#]
    );
    assert_eq!(
        shown("firefox:ExtensionSettings", &blocked),
        [r#"Mozilla\Firefox\ExtensionSettings="{\"*\":{\"installation_mode\":\"blocked\"}}""#]
    );
    assert_eq!(
        shown("firefox:Authentication", &map(&[("SPNEGO", list(&["example.org"])), ("Locked", Value::Flag(true))])),
        [
            "Mozilla\\Firefox\\Authentication\\Locked=1",
            "Mozilla\\Firefox\\Authentication\\SPNEGO\\=empty",
            "Mozilla\\Firefox\\Authentication\\SPNEGO\\1=\"example.org\""
        ]
    );
}

/// A template with these elements in its only policy.
fn template(policy: &str) -> String {
    format!("<policyDefinitions><policies>{policy}</policies></policyDefinitions>")
}

const TEXTS: &str = r#"<policyDefinitionResources><resources><stringTable><string id="P">Title (deprecated)</string>
    <string id="E">Words. Example value: {"a": 1}</string></stringTable></resources></policyDefinitionResources>"#;

fn import(policy: &str) -> Result<String, crate::vendor::admx::ImportError> {
    let template = template(policy);
    let [template, texts] =
        [("t.admx", template.as_str()), ("t.adml", TEXTS)].map(|(name, text)| File { name, bytes: text.as_bytes() });
    let table = chromium::import(&template, &texts, "P	linux", "B", "1", "here")?;
    Ok(table.lines().filter(|line| !line.starts_with('#')).collect())
}

#[test]
fn the_import_takes_only_forms_that_it_understands() {
    let head = r#"<policy class="Both" name="P" key="s\b" displayName="$(string.P)" explainText="$(string.E)""#;
    let inside = r#"<parentCategory ref="x"/><supportedOn ref="SUPPORTED_WIN7_V77"/>"#;
    let text = format!(r#"{head}>{inside}<elements><text id="P" valueName="P"/></elements></policy>"#);
    assert_eq!(import(&text).unwrap(), "P\t77\t-\tdeprecated\twindows linux\tTitle\t\"anything\"");
    let removed = text.replace("SUPPORTED_WIN7_V77", "OBSOLETE_WIN7_V77_V90");
    assert!(import(&removed).unwrap().starts_with("P\t77\t90\tremoved\t"));
    let recommended = text.replace(r#"name="P""#, r#"name="P_recommended""#);
    assert_eq!(import(&recommended).unwrap(), "");
    for broken in [
        text.replace("SUPPORTED_WIN7_V77", "LATER_V1"),
        text.replace(r#"valueName="P"/>"#, r#"valueName="Q"/>"#),
        text.replace("<text", "<multiText"),
        format!(r#"{head} valueName="P">{inside}<enabledValue><decimal value="2"/></enabledValue></policy>"#),
        format!("{text}{}", text.replace(r#"key="s\b""#, r#"key="s\c""#)),
        format!("{text}{text}"),
    ] {
        assert!(import(&broken).is_err(), "{broken}");
    }
}

#[test]
fn firefox_says_which_policies_are_text_in_the_registry() {
    let schema = json!({ "type": "object", "properties": {
        "A": { "type": "object", "contentMediaType": "application/json", "properties": { "x": { "type": "boolean" } } },
        "B": { "anyOf": [{ "type": "boolean" }, { "type": "string", "enum": ["always", "never"] }] },
    } });
    let table = mozilla::import_firefox(schema.to_string().as_bytes(), "1", "here").unwrap();
    let rows: Vec<&str> = table.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(
        rows,
        [
            "A\tall\ttext\t{\"map\":{\"fixed\":{\"x\":\"flag\"}}}",
            "B\tall\tkeys\t{\"either\":[\"flag\",{\"text\":[\"always\",\"never\"]}]}"
        ]
    );
}
