//! What real browsers, and readers of the other forms, make of the policies that a plan gives.
//!
//! Chromium and Firefox take each policy of their files with its value and without an error, refuse a blocked host and reach
//! an exempt one. Edge does not run here: its file is held against its template by the vendor check, and its registry and
//! profile are read back by Samba and plistlib together with those of the others. Squid and BIND read the gateway's lists.

#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside test functions")]

#[path = "support/consumer.rs"]
mod consumer;
#[path = "support/program.rs"]
#[expect(dead_code, reason = "tests share helpers, and none uses all of them")]
mod program;
#[path = "browser/readers.rs"]
mod readers;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use consumer::{have, missing};
use program::{ended, generate};
use readers::{
    CHROME, DOORS, as_registry, by_files, by_profile, by_registry, chromium, firefox, taken_by_chromium, taken_by_firefox,
};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

/// A plan in which browsers have much to keep; the roles differ in what browsers are told.
const PLAN: &str = r#"
organisation: Example Ltd
domains: [example.org, example.net]
clients: [thunderbird, browser]
deployment: [internal-clients, internal-web]
servers: { imap: imap.example.org, smtp: smtp.example.org, web: "https://web.example.org/owa" }
sign_in: { method: kerberos }
webmail: { own: vpn, public: approved, approved: [{ host: mail.proton.me, for: press, reason: Not shown outside. }], announced: 2026-09-14 }
applications: { addons: [ghbmnnjooekpmoecnnnilnnbdlolhkhi, "signer@example.org"], services: [terminplaner.example] }
chat: { calls: internal }
instruction: { rules: "https://intranet.example.org/rules" }
accept:
  shared-leftovers: { reason: A trial., by: head of IT, until: 2027-01-01 }
roles:
  desk: { workplace: shared, offline_days: 0, shared_computers: { keep: nothing }, content: { links: blocked } }
  settings: { workplace: shared, offline_days: 0, shared_computers: { keep: settings }, chat: { calls: none } }
  field: { workplace: mobile, offline_days: 0, webmail: { public: banned }, sign_in: { remember: protected }, updates: managed, encryption: { tls: tls1.3, transport: outside } }
  home: { webmail: { public: private-only }, lock: nothing, sign_in: { method: password } }
"#;
const ROLES: [&str; 5] = ["everyone", "desk", "settings", "field", "home"];

static TREE: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let plan = folder.path().join("plan.yaml");
    fs::write(&plan, PLAN).unwrap();
    let out = folder.path().join("out");
    ended(&generate(&plan, &["-q", "-o", out.to_str().unwrap()]), 0);
    folder
});

fn file(path: &str) -> PathBuf {
    TREE.path().join("out").join(path)
}

/// Without these, a page without TLS can be asked for.
const PLAIN: [&str; 3] = [DOORS[0], DOORS[1], "HttpsOnlyMode"];

#[test]
fn chromium_takes_every_policy_with_its_value() {
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for folder in folders() {
        let Some((taken, faults)) = taken_by_chromium(&file(&folder)) else { return };
        wrong.extend(faults.into_iter().map(|fault| format!("{folder}: {fault}")));
        seen += taken.len();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 150, "{seen} policies");
}

#[test]
fn chromium_takes_the_certificates_of_an_own_authority() {
    let own = tempfile::tempdir().unwrap();
    let at = |name: &str| own.path().join(name);
    let request =
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -x509 -days 9 -subj /CN=root -keyout root.key -out root.pem";
    if !have("openssl", Command::new("openssl").args(request.split_whitespace()).current_dir(own.path())) {
        return;
    }
    // The clock is that of OpenSSL.
    let plan = PLAN.replace("until: 2027-", "until: 2097-") + "encryption: { certificates: { root: [root.pem] } }\n";
    fs::write(at("plan.yaml"), plan).unwrap();
    let mut generate = Command::new(env!("CARGO_BIN_EXE_groundplan"));
    ended(&generate.args(["generate", "-q"]).arg(at("plan.yaml")).arg("-o").arg(at("out")).output().unwrap(), 0);
    let path = at("out/everyone/browser").join(CHROME);
    let wanted = readers::read(&path).remove("CACertificates").unwrap();
    assert_eq!(wanted.as_array().map(Vec::len), Some(1));
    let Some(answer) = chromium(&path, &DOORS, &[]) else { return };
    let told = json!({ "level": "mandatory", "scope": "machine", "source": "platform", "value": wanted });
    assert_eq!(answer["policies"]["CACertificates"], told);
}

#[test]
fn chromium_refuses_a_blocked_host_and_reaches_an_exempt_one() {
    let blocked = json!("net::ERR_BLOCKED_BY_ADMINISTRATOR");
    let visits = [
        "http://mail.google.com/",
        "http://a.navigator.web.de/",
        "http://mail.proton.me/",
        "http://web.example.org/",
        "http://web.de/",
        "http://terminplaner.example/",
    ];
    // mail.proton.me is asked for with TLS whatever the address says, so it is only not refused by the policy.
    for (path, closed) in [
        ("everyone/browser", &visits[..2]),
        ("everyone/browser/suspended", &visits[..3]),
        ("field/browser", &visits[..3]),
        ("home/browser", &[]),
    ] {
        let Some(answer) = chromium(&file(&format!("{path}/{CHROME}")), &PLAIN, &visits) else { return };
        for address in visits {
            assert_eq!(answer["pages"][address] == blocked, closed.contains(&address), "{path}: {}", answer["pages"]);
        }
        for address in [visits[3], visits[5]] {
            assert_eq!(answer["pages"][address], "reached", "{path}: {}", answer["pages"]);
        }
    }
}

/// A value that has a shape, by the committed table; `None` for one whose keys are not recorded.
fn instance(shape: &Value) -> Option<Value> {
    let Some((kind, of)) = shape.as_object().and_then(|map| map.iter().next()) else {
        return (shape == "flag").then(|| json!(true));
    };
    let first = |fallback: Value| of.as_array().and_then(|all| all.first()).cloned().unwrap_or(fallback);
    Some(match kind.as_str() {
        "number" | "between" => first(json!(1)),
        "text" => first(json!("text")),
        "formed" => json!("https://example.org/"),
        "list" => json!([instance(of)?]),
        "short" => json!([instance(&of[1])?]),
        "map" => {
            let fixed = of["fixed"].as_object().into_iter().flatten();
            Value::Object(fixed.map(|(key, shape)| Some((key.clone(), instance(shape)?))).collect::<Option<_>>()?)
        }
        other => panic!("no shape is called {other}"),
    })
}

#[test]
fn chromium_takes_every_policy_of_the_table_by_its_type() {
    let table = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("baselines/vendor/chrome").join(name);
        let text = fs::read_to_string(path).unwrap();
        text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').map(str::to_owned).collect()).collect()
    };
    let (policies, shapes): (Vec<Vec<String>>, Vec<Vec<String>>) = (table("policies-151.tsv"), table("shapes.tsv"));
    let mut values = Map::new();
    for row in policies.iter().filter(|row| row[3] == "current" && row[4].contains("linux")) {
        let recorded = shapes.iter().find(|shape| shape[0] == row[0]).map(|shape| &shape[1]);
        let shape: Value = serde_json::from_str(recorded.unwrap_or(&row[6])).unwrap();
        if let Some(value) = instance(&shape) {
            values.insert(row[0].clone(), value);
        }
    }
    // What would keep the question from being asked: no remote control, no tab.
    let closing = ["RemoteDebuggingAllowed", "URLBlocklist", "BrowserSignin", "BrowserGuestModeEnforced"];
    values.retain(|name, _| !name.contains("DeveloperTools") && !closing.contains(&name.as_str()));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.json");
    fs::write(&path, Value::Object(values.clone()).to_string()).unwrap();
    let Some(answer) = chromium(&path, &DOORS, &[]) else { return };
    // The list of systems in the table is from this version.
    let same = answer["version"].as_str().unwrap().starts_with("156.");
    let mut wrong = Vec::new();
    for name in values.keys() {
        let told = &answer["policies"][name];
        let error = told["error"].as_str().unwrap_or_default();
        let of_type = error.contains("Expected ") || error.contains("type mismatch");
        if of_type || (same && (error.contains("Unknown policy") || told["deprecated"] == true)) {
            wrong.push(format!("{name}: {told}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(values.len() > 400, "{} policies", values.len());
}

#[test]
fn chromium_says_what_is_wrong_with_a_policy() {
    // The two tests above could not fail if the program took everything.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken.json");
    let broken = json!({ "URLBlocklists": ["a.example"], "PasswordManagerEnabled": 0, "SSLVersionMin": "tls1.2",
        "ExtensionSettings": { "*": { "installation_mode": "never" } } });
    fs::write(&path, broken.to_string()).unwrap();
    let Some(answer) = chromium(&path, &DOORS, &[]) else { return };
    for name in broken.as_object().unwrap().keys() {
        assert!(answer["policies"][name]["error"].is_string(), "{name}: {}", answer["policies"][name]);
    }
}

#[test]
fn chromium_cannot_be_steered_by_another_program() {
    let path = file(&format!("everyone/browser/{CHROME}"));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/chromium.py");
    for door in DOORS {
        let other = DOORS.iter().find(|other| **other != door).unwrap();
        let arguments = [path.to_str().unwrap(), "--limit", "20", "--without", other];
        let output = Command::new("/usr/bin/python3").arg(&script).args(arguments).output().unwrap();
        match output.status.code() {
            Some(2) => return missing("Chromium, or the right to mount"),
            code => assert_eq!(code, Some(3), "with {door} the program answered: {}", String::from_utf8_lossy(&output.stdout)),
        }
    }
}

#[test]
fn firefox_takes_every_policy_with_its_value() {
    let mut seen = 0;
    for role in ROLES {
        let Some((taken, wrong)) = taken_by_firefox(&file(&format!("{role}/browser"))) else { return };
        assert_eq!(wrong, Vec::<String>::new(), "{role}");
        seen += taken.len();
    }
    assert!(seen > 80, "{seen} policies");
}

#[test]
fn firefox_refuses_a_blocked_host_and_lets_an_exempt_one_through() {
    let visits = [
        "https://mail.google.com/",
        "https://a.navigator.web.de/",
        "https://mail.proton.me/",
        "https://web.example.org/",
        "https://terminplaner.example/",
    ];
    for (path, closed) in [
        ("everyone/browser", &visits[..2]),
        ("everyone/browser/suspended", &visits[..3]),
        ("field/browser", &visits[..3]),
        ("home/browser", &[]),
    ] {
        let Some((_, answer)) = firefox(&file(path), &visits) else { return };
        for address in visits {
            let refused = answer["pages"][address] == "blockedByPolicy";
            assert_eq!(refused, closed.contains(&address), "{path}, {address}: {}", answer["pages"]);
        }
    }
}

fn folders() -> impl Iterator<Item = String> {
    ROLES
        .iter()
        .flat_map(|role| [format!("{role}/browser"), format!("{role}/browser/suspended")])
        .filter(|folder| file(folder).join("windows").exists())
}

#[test]
fn the_registry_gives_browsers_the_same_policies_as_the_files() {
    let mut count = 0;
    for folder in folders() {
        let Some(registry) = by_registry(&file(&folder)) else { return };
        assert_eq!(registry, as_registry(&by_files(&file(&folder))), "{folder}");
        count += 1;
    }
    assert!(count >= 9, "{count} folders");
}

#[test]
fn the_profile_gives_browsers_the_same_policies_as_the_files() {
    for folder in folders() {
        assert_eq!(by_profile(&file(&folder)), by_files(&file(&folder)), "{folder}");
    }
}

#[test]
fn squid_reads_the_lists_and_would_refuse_a_list_with_a_host_below_another() {
    if !have("squid", Command::new("/usr/sbin/squid").arg("-v")) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let faults = |part: &str| -> Vec<String> {
        let path = folder.path().join("squid.conf");
        fs::write(&path, format!("http_port 3128\n{part}http_access allow localhost\nhttp_access deny all\n")).unwrap();
        let output = Command::new("/usr/sbin/squid").args(["-k", "parse", "-f"]).arg(&path).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(told.contains("http_access deny groundplan_webmail"), "{told}");
        told.lines()
            .filter(|line| ["ERROR", "WARNING", "FATAL"].iter().any(|word| line.contains(word)))
            .map(str::to_owned)
            .collect()
    };
    let [normal, suspended] =
        ["webmail", "webmail-suspended"].map(|name| fs::read_to_string(file(&format!("gateway/{name}/squid.conf"))).unwrap());
    let quiet = faults("acl groundplan_webmail dstdomain .a.example\nhttp_access deny groundplan_webmail\n");
    assert_eq!(faults(&normal), quiet);
    assert_eq!(faults(&suspended), quiet);
    assert!(normal.contains("_allowed dstdomain .mail.proton.me") && suspended.contains("_blocked dstdomain .mail.proton.me"));
    let below = normal.replace("acl groundplan_webmail_blocked dstdomain .mail.google.com\n", "acl groundplan_webmail_blocked dstdomain .mail.google.com\nacl groundplan_webmail_blocked dstdomain .a.mail.google.com\n");
    assert_ne!(below, normal);
    assert!(faults(&below).len() > quiet.len(), "Squid takes a host below another without a word");
}

#[test]
fn bind_reads_the_zones() {
    let checker = "/usr/bin/named-checkzone";
    if !have("named-checkzone", Command::new(checker).arg("-v")) {
        return;
    }
    for name in ["webmail", "webmail-suspended"] {
        let zone = file(&format!("gateway/{name}/{name}.rpz"));
        let output = Command::new(checker).args(["-i", "local", &format!("{name}.rpz")]).arg(&zone).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        let text = fs::read_to_string(&zone).unwrap();
        assert!(text.contains("\nmail.google.com IN CNAME .\n*.mail.google.com IN CNAME .\n"));
        assert!(text.contains("\nexample.org IN CNAME rpz-passthru.\n"));
        let twice = tempfile::NamedTempFile::new().unwrap();
        fs::write(twice.path(), format!("{text}mail.google.com IN CNAME rpz-passthru.\n")).unwrap();
        assert!(!Command::new(checker).arg(format!("{name}.rpz")).arg(twice.path()).output().unwrap().status.success());
    }
}

#[test]
fn a_plan_that_closes_no_webmail_gives_gateways_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let plan = folder.path().join("plan.yaml");
    let text = PLAN.replace("public: approved", "public: private-only, suspend_on_alert: false");
    fs::write(&plan, text.replace(", approved: [{ host: mail.proton.me, for: press, reason: Not shown outside. }]", "")).unwrap();
    let out = folder.path().join("out");
    ended(&generate(&plan, &["-q", "-o", out.to_str().unwrap()]), 0);
    assert!(!out.join("gateway").exists() && out.join("everyone/browser").exists());
    assert!(!out.join("everyone/browser/suspended").exists());
}
