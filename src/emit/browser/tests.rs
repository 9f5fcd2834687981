//! Both sets of files, and when the second is written.

use super::*;
use crate::baselines::Baselines;
use crate::value::Value as Plain;
use crate::vendor::browser::Schema;

const IDENTITY: ProfileIdentity<'_> =
    ProfileIdentity { organisation: "Example", domain: "example.org", role: "everyone", removal_disallowed: true };

fn setting(browser: &str, policy: &str, value: &Plain, suspended: bool) -> Setting {
    Schema::load(&Baselines::embedded(), browser).unwrap().check(policy, value, None, suspended).unwrap()
}

fn blocked(browser: &str, hosts: &[&str], suspended: bool) -> Setting {
    let hosts = Plain::List(hosts.iter().map(|host| Plain::from(*host)).collect());
    setting(browser, "URLBlocklist", &hosts, suspended)
}

fn paths(settings: &[&Setting]) -> Vec<String> {
    render(settings, &IDENTITY, &|_, _| Vec::new()).unwrap().into_iter().map(|artifact| artifact.path).collect()
}

#[test]
fn the_second_set_holds_everything_and_is_written_only_when_it_differs() {
    let tls = setting("firefox", "SSLVersionMin", &Plain::from("tls1.3"), false);
    let [normal, same, more] = [(&["a.example"][..], false), (&["a.example"], true), (&["a.example", "b.example"], true)]
        .map(|(hosts, suspended)| blocked("chrome", hosts, suspended));
    let first = [
        "browser/chrome/managed/groundplan.json",
        "browser/firefox/policies.json",
        "browser/windows/browsers.reg",
        "browser/windows/machine.pol",
        "browser/macos/browsers.mobileconfig",
    ];
    assert_eq!(paths(&[&tls, &normal]), first);
    assert_eq!(paths(&[&tls, &normal, &same]), first);
    let both = paths(&[&more, &tls, &normal]);
    let second = first.map(|path| path.replace("browser/", "browser/suspended/"));
    assert_eq!(both[..5], first);
    assert_eq!(both[5..], second);

    let files = render(&[&more, &tls, &normal], &IDENTITY, &|_, _| Vec::new()).unwrap();
    let json =
        |path: &str| -> Value { serde_json::from_slice(&files.iter().find(|file| file.path == path).unwrap().bytes).unwrap() };
    assert_eq!(json("browser/chrome/managed/groundplan.json"), json!({ "URLBlocklist": ["a.example"] }));
    assert_eq!(json("browser/suspended/chrome/managed/groundplan.json"), json!({ "URLBlocklist": ["a.example", "b.example"] }));
    assert_eq!(json("browser/suspended/firefox/policies.json"), json!({ "policies": { "SSLVersionMin": "tls1.3" } }));
}

#[test]
fn both_profiles_have_one_identity_so_that_one_replaces_the_other() {
    let [normal, more] = [(&["a.example"][..], false), (&["b.example"], true)].map(|(hosts, set)| blocked("edge", hosts, set));
    let files = render(&[&normal, &more], &IDENTITY, &|_, _| Vec::new()).unwrap();
    let identities = |path: &str| -> Vec<String> {
        let bytes = &files.iter().find(|file| file.path == path).unwrap().bytes;
        let profile = plist::Value::from_reader_xml(bytes.as_slice()).unwrap();
        let outer = profile.as_dictionary().unwrap();
        let payload = outer["PayloadContent"].as_array().unwrap()[0].as_dictionary().unwrap();
        [outer, payload]
            .iter()
            .flat_map(|of| ["PayloadUUID", "PayloadIdentifier"].map(|key| of[key].as_string().unwrap().to_owned()))
            .collect()
    };
    assert_eq!(identities("browser/macos/browsers.mobileconfig"), identities("browser/suspended/macos/browsers.mobileconfig"));
}

#[test]
fn every_setting_names_every_file_that_holds_it() {
    let [normal, more] = [(&["a.example"][..], false), (&["b.example"], true)].map(|(hosts, set)| blocked("edge", hosts, set));
    let written: Vec<String> = paths(&[&normal, &more]);
    for setting in [&normal, &more] {
        for (path, _) in places(setting) {
            assert!(written.contains(&path), "{path} is not written");
        }
    }
    assert!(written.iter().all(|path| places(&normal).iter().any(|(known, _)| known == path)));
}

#[test]
fn no_policy_gives_no_file_and_two_values_are_refused() {
    assert!(paths(&[]).is_empty());
    let [one, other] = [["a.example"], ["b.example"]].map(|hosts| blocked("chrome", &hosts, false));
    assert!(matches!(render(&[&one, &other], &IDENTITY, &|_, _| Vec::new()), Err(EmitError::Twice { .. })));
}
