//! The policies of browsers, at every answer: the files of all plans go to Chromium and Firefox, and their other forms to Samba
//! and plistlib. What came back is held against what the content gives, value by value.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json};

use super::answers::COVERING;
use super::plans::folders;
use super::readers::{DOORS, FIREFOX_DOOR, as_registry, by_files, by_profile, by_registry, taken_by_chromium, taken_by_firefox};

/// A policy by its name in the content, with its value as text.
type Values = BTreeSet<(String, String)>;

/// The normal folders and those for the time without webmail, each with what stands before the names of its policies.
fn all() -> Vec<(String, PathBuf, &'static str)> {
    let normal = folders("browser").into_iter().map(|(what, folder)| (what, folder, ""));
    let suspended = folders("browser/suspended").into_iter().map(|(what, folder)| (what, folder, "suspended."));
    normal.chain(suspended).filter(|(_, folder, _)| folder.join("windows").exists()).collect()
}

/// The value as text, with the keys of maps in order.
fn spelled(value: &Json) -> String {
    match value {
        Json::Object(map) => format!("{:?}", map.iter().map(|(key, value)| (key, spelled(value))).collect::<BTreeMap<_, _>>()),
        Json::Array(items) => format!("{:?}", items.iter().map(spelled).collect::<Vec<_>>()),
        other => other.to_string(),
    }
}

fn named(prefix: &str, browser: &str, policies: &Map<String, Json>) -> Values {
    policies.iter().map(|(name, value)| (format!("{prefix}{browser}:{name}"), spelled(value))).collect()
}

/// What the content gives these browsers in the plans that hold every answer.
fn wanted(browsers: &[&str], also: impl Fn(&Json) -> Json) -> Values {
    let is_of = |name: &str| browsers.contains(&name.trim_start_matches("suspended.").split(':').next().unwrap());
    let values = COVERING.values().filter(|(name, _)| is_of(name));
    values.map(|(name, value)| (name, spelled(&also(&value)))).collect()
}

#[test]
#[expect(clippy::print_stdout, reason = "how much was read is worth more than that it was")]
fn samba_and_plistlib_read_every_policy_of_every_browser() {
    let (mut in_registry, mut in_profile, mut folders) = (Values::new(), Values::new(), 0);
    for (what, folder, prefix) in all() {
        folders += 1;
        let files = by_files(&folder);
        let profile = by_profile(&folder);
        assert_eq!(profile, files, "{what}: plistlib reads something else");
        let Some(registry) = by_registry(&folder) else { return };
        assert_eq!(registry, as_registry(&files), "{what}: Samba reads something else");
        for browser in ["chrome", "edge", "firefox"] {
            in_registry.extend(named(prefix, browser, registry[browser].as_object().unwrap()));
            in_profile.extend(named(prefix, browser, profile[browser].as_object().unwrap()));
        }
    }
    let all = ["chrome", "edge", "firefox"];
    for (who, read, wanted) in
        [("Samba", in_registry, wanted(&all, as_registry)), ("plistlib", in_profile, wanted(&all, Json::clone))]
    {
        let missing: Vec<_> = wanted.difference(&read).collect();
        assert!(missing.is_empty(), "{who} has not read {} values: {missing:?}", missing.len());
        assert!(wanted.len() > 100, "{} values", wanted.len());
        println!("{folders} different folders of browsers; {who} read all {} values of policies", wanted.len());
    }
}

/// Shows a real browser as few folders as hold every value, and says what it did not take.
#[expect(clippy::print_stdout, reason = "how much was read is worth more than that it was")]
fn shown(browser: &str, doors: &[&str], taken: impl Fn(&Path) -> Option<(Map<String, Json>, Vec<String>)>) {
    let is_door = |name: &str| doors.iter().any(|door| name.ends_with(&format!(":{door}")));
    let mut open = wanted(&[browser], Json::clone);
    open.retain(|(name, _)| !is_door(name));
    let (all_of_them, mut starts, mut wrong) = (open.len(), 0, Vec::new());
    let mut folders: Vec<(String, PathBuf, &str, Values)> = all()
        .into_iter()
        .map(|(what, folder, prefix)| {
            let values = named(prefix, browser, by_files(&folder)[browser].as_object().unwrap());
            (what, folder, prefix, values)
        })
        .collect();
    loop {
        let gain = |values: &Values| values.intersection(&open).count();
        folders.retain(|(.., values)| gain(values) > 0);
        let Some(best) = (0..folders.len()).rev().max_by_key(|place| gain(&folders[*place].3)) else { break };
        let (what, folder, prefix, _) = folders.swap_remove(best);
        let Some((read, faults)) = taken(&folder) else { return };
        starts += 1;
        wrong.extend(faults.into_iter().map(|fault| format!("{what}: {fault}")));
        open = open.difference(&named(prefix, browser, &read)).cloned().collect();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(open.is_empty(), "{browser} has not taken {} values: {open:?}", open.len());
    assert!(all_of_them > 30, "{all_of_them} values");
    println!("{browser} took all {all_of_them} values of policies in {starts} starts");
}

#[test]
fn chromium_takes_every_policy_at_every_answer() {
    shown("chrome", &DOORS, taken_by_chromium);
}

#[test]
fn firefox_takes_every_policy_at_every_answer() {
    shown("firefox", &[FIREFOX_DOOR], taken_by_firefox);
}
