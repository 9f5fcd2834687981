//! What Windows domains take: one baseline in several spellings, held against readers that are not ours, and a real domain.
//!
//! A program or right that is missing is told on stderr; with `GROUNDPLAN_ALL_CONSUMERS=1` it is a failure.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test stops where something fails")]

#[path = "support/consumer.rs"]
mod consumer;
#[path = "thunderbird/probe.rs"]
#[expect(dead_code, reason = "shared with the tests of one artifact, which ask more")]
mod probe;
#[path = "support/program.rs"]
#[expect(dead_code, reason = "shared with tests that ask more")]
mod program;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use program::{ended, example, generate};
use serde_json::Value as Json;
use tempfile::TempDir;

/// Samba's Python modules belong to the system's Python.
const PYTHON: &str = "/usr/bin/python3";

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gpo").join(name)
}

/// The tree of a plan.
fn made(plan: &Path) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    ended(&generate(plan, &["-q", "-o", folder.path().join("out").to_str().unwrap()]), 0);
    folder
}

/// The folders of roles that have registry settings, each with its name.
fn roles(tree: &Path) -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(tree.join("out")).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = entries
        .filter(|role| role.join("gpo").is_dir() || role.join("outlook").is_dir())
        .map(|role| (role.file_name().unwrap().to_str().unwrap().to_owned(), role))
        .collect();
    found.sort();
    found
}

/// The plan with another road to Windows and Macs.
fn by_road(plan: &Path, road: &str, folder: &Path) -> PathBuf {
    let path = folder.join(format!("{road}-{}", plan.file_name().unwrap().to_str().unwrap()));
    fs::write(&path, on_road(&fs::read_to_string(plan).unwrap(), road)).unwrap();
    path
}

/// A plan's text with another road. Nothing is known that Intune fills into the accounts of Apple Mail.
fn on_road(plan: &str, road: &str) -> String {
    let without = || plan.replace("outlook-mac, apple-mail", "outlook-mac").replace("apple-mail", "outlook-mac");
    let (mdm, plan) = if road == "intune" { ("intune", without()) } else { ("generic", plan.to_owned()) };
    let lines: Vec<&str> = plan.lines().filter(|line| !line.starts_with("delivery:")).collect();
    format!("{}\ndelivery: {{ mdm: {mdm}, windows: {road} }}\n", lines.join("\n"))
}

/// What the independent reader finds in the folder of a role, or what it complains of.
fn read(folder: &Path) -> Result<Json, String> {
    let output = Command::new(PYTHON).arg(script("forms.py")).arg(folder).output().unwrap();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(serde_json::from_slice(&output.stdout).unwrap())
}

/// Whether the reader is content and every form says the same.
fn agrees(folder: &Path) -> bool {
    read(folder).is_ok_and(|read| read["forms"].as_object().unwrap().values().all(|form| form == &read["forms"]["pol"]))
}

/// The entries of one list that the other lacks.
fn differences(one: &Json, other: &Json) -> Vec<String> {
    let other = other.as_array().unwrap();
    one.as_array().unwrap().iter().filter(|entry| !other.contains(entry)).map(Json::to_string).collect()
}

/// A name that hurts in XML and HTML.
fn hostile_plan(folder: &Path) -> PathBuf {
    let minimal = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("baselines/lists/minimal.yaml")).unwrap();
    let lines: Vec<&str> = minimal.lines().filter(|line| !line.starts_with("organisation:")).collect();
    let path = folder.join("hostile.yaml");
    let name = "organisation: \"Größe & <Söhne> ]]> \\\"quoted\\\" 漢字\"";
    fs::write(&path, format!("{name}\n{}\n", lines.join("\n"))).unwrap();
    path
}

#[test]
#[expect(clippy::print_stdout, reason = "how much was compared is worth more than that it was")]
fn every_windows_form_says_the_same() {
    if !consumer::have("Samba's Python modules", Command::new(PYTHON).args(["-c", "import samba.dcerpc.preg"])) {
        return;
    }
    let own = tempfile::tempdir().unwrap();
    let (mut settings, mut browsers, mut thunderbird) = (0, 0, 0);
    for plan in [example("utility.yaml"), example("lawfirm.yaml"), hostile_plan(own.path())] {
        // What is set does not depend on the road; each has the forms for every road, and its own.
        let mut first: Option<Vec<Json>> = None;
        for (road, own_form) in [("gpo", Some("backup")), ("intune", Some("intune")), ("files", None)] {
            let plan = by_road(&plan, road, own.path());
            let tree = made(&plan);
            let roles = roles(tree.path());
            assert!(!roles.is_empty(), "{} has no role with registry settings", plan.display());
            let mut values = Vec::new();
            for (role, folder) in roles {
                let read = read(&folder).unwrap_or_else(|told| panic!("{}, {role}: {told}", plan.display()));
                let forms = read["forms"].as_object().unwrap();
                for (form, found) in forms {
                    let found = [differences(found, &forms["pol"]), differences(&forms["pol"], found)].concat();
                    assert!(found.is_empty(), "{}, {role}: {form} differs: {found:?}", plan.display());
                }
                if folder.join("outlook").is_dir() {
                    let expected: BTreeSet<&str> = ["lgpo", "pol", "reg", "samba"].into_iter().chain(own_form).collect();
                    let found: BTreeSet<&str> = forms.keys().map(String::as_str).collect();
                    assert_eq!(found, expected, "{}, {role}", plan.display());
                    values.push(forms["pol"].clone());
                }
                settings += forms["pol"].as_array().unwrap().len();
                browsers += read["browsers"].as_u64().unwrap();
                thunderbird += read["thunderbird"].as_object().unwrap().len();
            }
            assert!(*first.get_or_insert_with(|| values.clone()) == values, "{} sets something else", plan.display());
        }
    }
    println!(
        "{settings} values, each in four spellings and that of its road, {browsers} of browsers, {thunderbird} policies of Thunderbird"
    );
    assert!(settings > 1500 && browsers > 100 && thunderbird > 50);
}

#[test]
fn a_changed_form_is_noticed() {
    if !consumer::have("Samba's Python modules", Command::new(PYTHON).args(["-c", "import samba.dcerpc.preg"])) {
        return;
    }
    let tree = made(&example("lawfirm.yaml"));
    let (_, folder) = roles(tree.path()).remove(0);
    let xml = fs::read_dir(folder.join("gpo")).unwrap().map(|entry| entry.unwrap().path()).find(|path| path.is_dir()).unwrap();
    let changes: [(PathBuf, &str, &str); 4] = [
        (folder.join("outlook/lgpo.txt"), "DWORD:1\r\n", "DWORD:3\r\n"),
        (folder.join("outlook/samba-gpo.json"), "\"data\": 1", "\"data\": 3"),
        (xml.join("Backup.xml"), "<FilePaths/>", ""),
        (folder.join("gpo/manifest.xml"), "<Comment/>", ""),
    ];
    for (path, from, to) in changes {
        let before = fs::read_to_string(&path).unwrap();
        assert!(before.contains(from), "{}", path.display());
        fs::write(&path, before.replacen(from, to, 1)).unwrap();
        assert!(!agrees(&folder), "the change of {} is not noticed", path.display());
        fs::write(&path, before).unwrap();
    }
}

#[test]
fn a_change_of_what_intune_is_given_is_noticed() {
    if !consumer::have("Samba's Python modules", Command::new(PYTHON).args(["-c", "import samba.dcerpc.preg"])) {
        return;
    }
    let own = tempfile::tempdir().unwrap();
    let plan = by_road(&example("lawfirm.yaml"), "intune", own.path());
    let tree = made(&plan);
    let (_, folder) = roles(tree.path()).remove(0);
    assert!(agrees(&folder));
    let changes = [
        ("omauri.json", "value=\\\"true\\\"", "value=\\\"false\\\""),
        ("omauri.json", "&#xF000;", ";"),
        ("omauri.json", "<enabledValue><decimal value=\\\"1\\\"/>", "<enabledValue><decimal value=\\\"3\\\"/>"),
        ("omauri.json", "<disabled/>", "<enabled/>"),
        ("omauri.json", "./User/Vendor", "./Device/Vendor"),
        ("omauri.json", "omaSettingString", "omaSettingText"),
        ("omauri.json", "~Policy~", "~Policy~Other~"),
        ("settings-catalog.json", "l_enablescriptsinoneoffforms_v2_0\"", "l_enablescriptsinoneoffforms_v2_1\""),
        ("settings-catalog.json", "l_outlooksecuritypolicy_3", "l_outlooksecuritypolicy_1"),
        ("settings-catalog.json", "l_outlooksecuritymode_1", "l_outlooksecuritymode_0"),
        ("settings-catalog.json", "\"value\": 256", "\"value\": 257"),
        ("settings-catalog.json", "\"windows10\"", "\"macOS\""),
        ("omauri.csv", "settings catalogue", "policy of Windows"),
        ("omauri.csv", "<disabled/>", "<enabled/>"),
        ("omauri.csv", "policy of a template", "=1+1"),
        ("rest.reg", "=dword:", "=dword:1"),
        ("macos-device.json", "deviceChannel", "userChannel"),
        ("macos-device.json", "\"payload\": \"PD94", "\"payload\": \"PD95"),
    ];
    for (name, from, to) in changes {
        let path = folder.join("intune").join(name);
        let before = fs::read(&path).unwrap();
        // The registry file is UTF-16.
        let coded = |text: &str| match name {
            "rest.reg" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            _ => text.as_bytes().to_vec(),
        };
        let (from_bytes, to_bytes) = (coded(from), coded(to));
        let at = before.windows(from_bytes.len()).position(|window| window == from_bytes);
        let at = at.unwrap_or_else(|| panic!("{name} does not hold {from}"));
        let changed = [&before[..at], &to_bytes, &before[at + from_bytes.len()..]].concat();
        fs::write(&path, changed).unwrap();
        assert!(!agrees(&folder), "{name}: the change of {from} is not noticed");
        fs::write(&path, before).unwrap();
    }
}

/// The folders of roles as usual, each with what a Fleet folder has for the role besides.
fn with_fleet(plan: &str, own: &Path) -> Vec<(String, PathBuf)> {
    let path = own.join("plan.yaml");
    let lines: Vec<&str> = plan.lines().filter(|line| !line.starts_with("delivery:")).collect();
    fs::write(&path, format!("{}\ndelivery: {{ mdm: fleet }}\n", lines.join("\n"))).unwrap();
    ended(&generate(&path, &["-q", "-o", own.join("out").to_str().unwrap()]), 0);
    let folder = own.join("fleet");
    ended(&generate(&path, &["-q", "--layout", "fleet", "-o", folder.to_str().unwrap()]), 0);
    for (role, to) in roles(own) {
        fs::create_dir(to.join("fleet")).unwrap();
        for file in fs::read_dir(folder.join("lib").join(role)).unwrap().map(|entry| entry.unwrap()) {
            fs::copy(file.path(), to.join("fleet").join(file.file_name())).unwrap();
        }
    }
    roles(own)
}

#[test]
fn what_fleet_is_given_for_windows_says_the_same() {
    if !consumer::have("Samba's Python modules", Command::new(PYTHON).args(["-c", "import samba.dcerpc.preg"])) {
        return;
    }
    let mut settings = 0;
    let hostile = tempfile::tempdir().unwrap();
    for plan in [example("utility.yaml"), example("lawfirm.yaml"), hostile_plan(hostile.path())] {
        let own = tempfile::tempdir().unwrap();
        for (role, folder) in with_fleet(&fs::read_to_string(&plan).unwrap(), own.path()) {
            let read = read(&folder).unwrap_or_else(|told| panic!("{}, {role}: {told}", plan.display()));
            if !folder.join("outlook").is_dir() {
                continue;
            }
            let [fleet, pol] = ["fleet", "pol"].map(|form| &read["forms"][form]);
            let found = [differences(fleet, pol), differences(pol, fleet)].concat();
            assert!(found.is_empty(), "{}, {role}: {found:?}", plan.display());
            settings += fleet.as_array().unwrap().len();
        }
    }
    assert!(settings > 500, "{settings}");

    let own = tempfile::tempdir().unwrap();
    let (_, folder) = with_fleet(&fs::read_to_string(example("lawfirm.yaml")).unwrap(), own.path()).remove(0);
    assert!(agrees(&folder));
    let user = "groundplan-windows-user.xml";
    let changes = [
        (user, "value=&quot;true&quot;", "value=&quot;false&quot;"),
        (user, "&amp;#xF000;", ";"),
        (user, "&lt;disabled/&gt;", "&lt;enabled/&gt;"),
        (user, "./User/Vendor", "./Device/Vendor"),
        (user, "<Replace>", "<Exec>"),
        (user, "&#36;(string", "$(string"),
        (user, "<Add>", "<?xml version=\"1.0\"?><Add>"),
        ("groundplan-windows-device.xml", ">chr<", ">bool<"),
        ("groundplan-windows-device.xml", "~Policy~", "~Policy~Other~"),
    ];
    for (name, from, to) in changes {
        let path = folder.join("fleet").join(name);
        let before = fs::read_to_string(&path).unwrap();
        assert!(before.contains(from), "{name} does not hold {from}");
        fs::write(&path, before.replacen(from, to, 1)).unwrap();
        assert!(!agrees(&folder), "{name}: the change of {from} is not noticed");
        fs::write(&path, before).unwrap();
    }
}

#[test]
fn thunderbird_takes_the_policies_of_the_backup_as_those_of_its_file() {
    if !probe::is_installed()
        || !consumer::have("Samba's Python modules", Command::new(PYTHON).args(["-c", "import samba.dcerpc.preg"]))
    {
        return;
    }
    let tree = made(&example("utility.yaml"));
    for (role, folder) in roles(tree.path()).into_iter().filter(|(_, folder)| folder.join("thunderbird").is_dir()) {
        // What its reader of the registry would hand on, flags as numbers, stands in for the registry; the rest is Thunderbird.
        let handed_on = tempfile::tempdir().unwrap();
        let policies = read(&folder).unwrap()["thunderbird"].clone();
        for (name, (_, bytes)) in program::tree(&folder.join("thunderbird")) {
            let path = handed_on.path().join(&name);
            if folder.join("thunderbird").join(&name).is_dir() {
                fs::create_dir_all(path).unwrap();
            } else {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, bytes).unwrap();
            }
        }
        fs::write(handed_on.path().join("policies.json"), serde_json::json!({ "policies": policies }).to_string()).unwrap();
        let found = probe::differences_from(&folder.join("thunderbird"), &probe::probe(handed_on.path()));
        assert!(found.is_empty(), "{role}: {found:?}");
    }
}

#[test]
fn a_domain_controller_takes_the_settings_of_every_role() {
    let may_mount = ["--net", "--mount", "--uts", "--pid", "--fork", "true"];
    if !consumer::have("the right to make namespaces", Command::new("unshare").args(may_mount))
        || !consumer::have("debootstrap", Command::new("debootstrap").arg("--version"))
    {
        return;
    }
    let trees = [made(&example("utility.yaml")), made(&example("lawfirm.yaml"))];
    let work = tempfile::tempdir().unwrap();
    let all: Vec<(String, PathBuf)> = trees
        .iter()
        .enumerate()
        .flat_map(|(plan, tree)| roles(tree.path()).into_iter().map(move |(role, folder)| (format!("{plan}-{role}"), folder)))
        .collect();
    for (name, folder) in all.iter().filter(|(_, folder)| folder.join("outlook").is_dir()) {
        fs::copy(folder.join("outlook/samba-gpo.json"), work.path().join(format!("{name}.json"))).unwrap();
    }
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("samba-domain");
    let output = Command::new("sh").arg(script("domain.sh")).arg(&root).arg(work.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for (name, folder) in all.iter().filter(|(_, folder)| folder.join("outlook").is_dir()) {
        for half in ["user", "machine"] {
            let ours = fs::read(folder.join(format!("outlook/{half}.pol"))).ok();
            let theirs = fs::read(work.path().join(format!("{name}.{half}.pol"))).ok();
            assert_eq!(ours, theirs, "{name}: the {half} half in sysvol differs");
        }
        let shown = fs::read_to_string(work.path().join(format!("{name}.show"))).unwrap();
        let ours: Json = serde_json::from_slice(&fs::read(folder.join("outlook/samba-gpo.json")).unwrap()).unwrap();
        // The tool does not show deletions.
        for entry in ours.as_array().unwrap().iter().filter(|entry| !entry["valuename"].as_str().unwrap().starts_with("**")) {
            let value = entry["valuename"].as_str().unwrap();
            assert!(shown.contains(&format!("\"{value}\"")), "{name}: `gpo show` does not list {value}");
        }
    }
}

/// The values of a role's policy files: hive, key and name to what is there.
fn values(folder: &Path) -> Vec<(String, bool)> {
    let read = read(folder).unwrap();
    let forms = read["forms"].as_object().unwrap();
    assert!(forms.values().all(|form| form == &forms["pol"]), "the forms differ");
    let entry = |entry: &Json| (format!("{}\\{}\\{}", entry[0], entry[1], entry[2]), entry[3] == "delete");
    forms["pol"].as_array().unwrap().iter().map(entry).collect()
}

#[test]
fn a_value_that_the_plan_no_longer_sets_is_deleted_until_it_is_set_again() {
    if !consumer::have("Samba's Python modules", Command::new(PYTHON).args(["-c", "import samba.dcerpc.preg"])) {
        return;
    }
    let own = tempfile::tempdir().unwrap();
    let minimal = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("baselines/lists/minimal.yaml")).unwrap();
    for road in ["gpo", "intune"] {
        let run = |plan: &str, out: &str, previous: Option<&str>| {
            let out = &format!("{road}-{out}");
            let previous = previous.map(|name| format!("{road}-{name}"));
            let path = own.path().join("plan.yaml");
            fs::write(&path, plan).unwrap();
            let out = own.path().join(out);
            let previous = previous.map(|name| own.path().join(name));
            let mut arguments = vec!["-q", "-o", out.to_str().unwrap()];
            arguments.extend(previous.iter().flat_map(|folder| ["--previous", folder.to_str().unwrap()]));
            ended(&generate(&path, &arguments), 0);
            values(&out.join("everyone"))
        };
        let minimal = on_road(&minimal, road);
        let strict = format!("{minimal}spam: {{ filter: both }}\n");
        let loose = format!("{minimal}spam: {{ filter: none }}\n");
        let set = |values: &[(String, bool)]| values.iter().filter(|(_, gone)| !gone).cloned().collect::<Vec<_>>();
        let first = run(&strict, "first", None);
        let plain = run(&loose, "plain", None);
        let lost: Vec<&String> =
            first.iter().map(|(name, _)| name).filter(|name| !plain.iter().any(|(other, _)| other == *name)).collect();
        assert!(!lost.is_empty(), "the two plans must differ in what they set");

        let second = run(&loose, "second", Some("first"));
        assert_eq!(set(&second), set(&plain), "what is set stays what the plan says");
        for name in &lost {
            assert!(second.contains(&((*name).clone(), true)), "{name} is not deleted");
        }
        assert_eq!(run(&loose, "third", Some("second")), second, "a deletion lasts, and nothing is added");
        assert_eq!(run(&strict, "fourth", Some("third")), first, "what is set again is deleted no more");
    }
}

#[test]
fn an_earlier_generation_that_cannot_be_trusted_is_refused_and_nothing_is_written() {
    let tree = made(&example("lawfirm.yaml"));
    let earlier = tree.path().join("out");
    let attempt = |expected: i32, told: &str| {
        let target = tree.path().join("new");
        let output =
            generate(&example("lawfirm.yaml"), &["-o", target.to_str().unwrap(), "--previous", earlier.to_str().unwrap()]);
        let said = ended(&output, expected);
        assert!(said.contains(told), "{said}");
        assert_eq!(target.exists(), expected == 0);
    };
    let manifest = fs::read_to_string(earlier.join("manifest.json")).unwrap();
    let change = |from: &str, to: &str| {
        assert!(manifest.contains(from));
        fs::write(earlier.join("manifest.json"), manifest.replacen(from, to, 1)).unwrap();
    };
    change("\"version\": 1", "\"version\": 99");
    attempt(1, "its form is 99");
    change("\"name\": \"groundplan\"", "\"name\": \"other\"");
    attempt(1, "groundplan did not write it");
    fs::write(earlier.join("manifest.json"), "{").unwrap();
    attempt(1, "it is not JSON");
    fs::write(earlier.join("manifest.json"), manifest.replace("everyone", "..")).unwrap();
    attempt(1, "lies outside its folder");
    fs::write(earlier.join("manifest.json"), &manifest).unwrap();
    let file = earlier.join("everyone/outlook/user.pol");
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() - 1]).unwrap();
    attempt(1, "it is not the file that its manifest lists");
    fs::remove_file(&file).unwrap();
    attempt(3, "user.pol");
    fs::remove_file(earlier.join("manifest.json")).unwrap();
    attempt(3, "manifest.json");
}
