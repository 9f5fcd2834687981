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
        .filter(|role| role.join("gpo").is_dir())
        .map(|role| (role.file_name().unwrap().to_str().unwrap().to_owned(), role))
        .collect();
    found.sort();
    found
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
        let tree = made(&plan);
        let roles = roles(tree.path());
        assert!(!roles.is_empty(), "{} has no role with registry settings", plan.display());
        for (role, folder) in roles {
            let read = read(&folder).unwrap_or_else(|told| panic!("{}, {role}: {told}", plan.display()));
            let forms = read["forms"].as_object().unwrap();
            for (form, found) in forms {
                let found = [differences(found, &forms["pol"]), differences(&forms["pol"], found)].concat();
                assert!(found.is_empty(), "{}, {role}: {form} differs: {found:?}", plan.display());
            }
            settings += forms["pol"].as_array().unwrap().len();
            browsers += read["browsers"].as_u64().unwrap();
            thunderbird += read["thunderbird"].as_object().unwrap().len();
        }
    }
    println!(
        "{settings} values in five spellings, {browsers} of browsers in three, {thunderbird} policies of Thunderbird in two"
    );
    assert!(settings > 500 && browsers > 100 && thunderbird > 50);
}

/// What the independent reader finds in the folder of a role, or what it complains of.
fn read(folder: &Path) -> Result<Json, String> {
    let output = Command::new(PYTHON).arg(script("forms.py")).arg(folder).output().unwrap();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(serde_json::from_slice(&output.stdout).unwrap())
}

/// The entries of one list that the other lacks.
fn differences(one: &Json, other: &Json) -> Vec<String> {
    let other = other.as_array().unwrap();
    one.as_array().unwrap().iter().filter(|entry| !other.contains(entry)).map(Json::to_string).collect()
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
        let same =
            read(&folder).is_ok_and(|read| read["forms"].as_object().unwrap().values().all(|form| form == &read["forms"]["pol"]));
        assert!(!same, "the change of {} is not noticed", path.display());
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
        fs::write(handed_on.path().join("policies.json"), serde_json::json!({ "policies": policies }).to_string()).unwrap();
        if let Ok(defaults) = fs::read(folder.join("thunderbird/defaults.js")) {
            fs::write(handed_on.path().join("defaults.js"), defaults).unwrap();
        }
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
    let run = |plan: &str, out: &str, previous: Option<&str>| {
        let path = own.path().join("plan.yaml");
        fs::write(&path, plan).unwrap();
        let out = own.path().join(out);
        let previous = previous.map(|name| own.path().join(name));
        let mut arguments = vec!["-q", "-o", out.to_str().unwrap()];
        arguments.extend(previous.iter().flat_map(|folder| ["--previous", folder.to_str().unwrap()]));
        ended(&generate(&path, &arguments), 0);
        values(&out.join("everyone"))
    };
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
