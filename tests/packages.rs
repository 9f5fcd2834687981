//! Archives and packages: the same files as the folder, the same bytes in every run, and a real dpkg that takes them.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test stops where something fails")]

#[path = "support/consumer.rs"]
mod consumer;
#[path = "support/program.rs"]
#[expect(dead_code, reason = "shared with tests that ask more")]
mod program;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use program::{ended, example, generate, tree};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The files of a folder, without the folders.
fn files(folder: &Path) -> BTreeMap<String, (u32, Vec<u8>)> {
    let mut files = tree(folder);
    files.retain(|name, _| folder.join(name).is_file());
    files
}

/// The only file in a folder whose name holds this.
fn named(folder: &Path, part: &str) -> PathBuf {
    let mut found = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| text(path).contains(part));
    let only = found.next().unwrap_or_else(|| panic!("nothing in {} is named {part}", folder.display()));
    assert!(found.next().is_none());
    only
}

#[test]
fn a_tar_file_holds_the_tree_and_is_the_same_in_every_run() {
    let own = tempfile::tempdir().unwrap();
    let at = |name: &str| own.path().join(name);
    ended(&generate(&example("utility.yaml"), &["-q", "-o", text(&at("tree"))]), 0);
    for name in ["a.tar", "a.tar.gz", "a.tgz"] {
        ended(&generate(&example("utility.yaml"), &["-q", "--tar", text(&at(name))]), 0);
        let first = fs::read(at(name)).unwrap();
        ended(&generate(&example("utility.yaml"), &["-q", "--tar", text(&at(name))]), 0);
        assert_eq!(first, fs::read(at(name)).unwrap(), "{name} differs from run to run");
        let unpacked = at(&format!("from {name}"));
        fs::create_dir(&unpacked).unwrap();
        let tar = Command::new("tar").args(["-xf", text(&at(name)), "-C", text(&unpacked)]).status().unwrap();
        assert!(tar.success());
        assert_eq!(files(&unpacked), files(&at("tree")), "{name}");
    }
    assert!(fs::read(at("a.tar")).unwrap().len() > 4 * fs::read(at("a.tgz")).unwrap().len());
}

#[test]
fn the_root_layout_holds_the_bytes_of_the_folders_in_their_places() {
    let own = tempfile::tempdir().unwrap();
    let at = |name: &str| own.path().join(name);
    ended(&generate(&example("utility.yaml"), &["-q", "-o", text(&at("tree"))]), 0);
    ended(&generate(&example("utility.yaml"), &["-q", "--layout", "rootfs", "-o", text(&at("root"))]), 0);
    let role = "office-staff";
    for (below, place) in [
        ("thunderbird/policies.json", "etc/thunderbird/policies/policies.json"),
        ("thunderbird/defaults.js", "etc/thunderbird/defaults/pref/groundplan.js"),
    ] {
        let [artifact, placed] = [at("tree").join(role).join(below), at("root").join(role).join(place)].map(fs::read);
        assert_eq!(artifact.unwrap(), placed.unwrap(), "{below}");
        let page = fs::read_to_string(at("tree").join(role).join("PLACES.md")).unwrap();
        assert!(page.contains(&format!("`/{place}`")), "PLACES.md does not name /{place}");
    }
    let sums = Command::new("sha256sum").args(["-c", "--quiet", "SHA256SUMS"]).current_dir(at("root")).status().unwrap();
    assert!(sums.success());
    // The scripts of a shared computer lie together with what they bring; elsewhere nothing does.
    let beside = at("root").join("control-room/usr/share/groundplan");
    let [apply, own_files] =
        ["workstation/linux/apply", "thunderbird/policies.json"].map(|name| fs::read(beside.join(name)).unwrap());
    assert_eq!(apply, fs::read(at("tree").join("control-room/workstation/linux/apply")).unwrap());
    assert_eq!(own_files, fs::read(at("tree").join("control-room/thunderbird/policies.json")).unwrap());
    assert!(!at("root").join(role).join("usr/share/groundplan").exists());
    // A tree of one layout is not replaced by the other.
    ended(&generate(&example("utility.yaml"), &["-q", "-o", text(&at("root"))]), 3);
}

#[test]
fn dpkg_installs_upgrades_and_removes_a_package_twice() {
    if !consumer::have("dpkg", Command::new("dpkg").arg("--version"))
        || !consumer::have("apt-get", Command::new("apt-get").arg("--version"))
    {
        return;
    }
    let own = tempfile::tempdir().unwrap();
    let at = |name: &str| own.path().join(name);
    let plan = fs::read_to_string(example("utility.yaml")).unwrap();
    let changed = plan.replace("read_as: simple-html", "read_as: text");
    assert_ne!(plan, changed);
    fs::write(at("changed.yaml"), changed).unwrap();
    for (plan, version, name) in [(example("utility.yaml"), "1", "old"), (at("changed.yaml"), "2", "new")] {
        ended(&generate(&plan, &["-q", "--deb", text(&at(name)), "--deb-version", version]), 0);
        ended(&generate(&plan, &["-q", "--layout", "rootfs", "-o", text(&at(&format!("{name} root")))]), 0);
    }
    let again = at("again");
    ended(&generate(&example("utility.yaml"), &["-q", "--deb", text(&again), "--deb-version", "1"]), 0);
    assert_eq!(files(&at("old")), files(&again), "packages differ from run to run");

    let root = at("root");
    for folder in ["var/lib/dpkg/info", "var/lib/dpkg/updates"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    fs::write(root.join("var/lib/dpkg/status"), "").unwrap();
    let dpkg = |arguments: &[&str]| {
        let output = Command::new("dpkg").args(["--root", text(&root), "--log", "/dev/null"]).args(arguments).output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let is_paper = |name: &str| name.starts_with("usr/share/doc/groundplan-") || name.starts_with("usr/share/lintian/");
    let installed = || {
        let mut files = files(&root);
        files.retain(|name, _| !name.starts_with("var/"));
        let papers = files.keys().filter(|name| is_paper(name)).count();
        assert_eq!(papers, if files.is_empty() { 0 } else { 4 }, "{:?}", files.keys());
        files.retain(|name, _| !is_paper(name));
        files
    };
    let role = "office-staff";
    let package = |folder: &str, role: &str| text(&named(&at(folder), role)).to_owned();
    for _ in 0..2 {
        assert_eq!(dpkg(&["-i", &package("old", role)]), (true, String::new()));
        assert_eq!(installed(), files(&at("old root").join(role)));
        assert_eq!(dpkg(&["-i", &package("new", role)]), (true, String::new()));
        assert_eq!(installed(), files(&at("new root").join(role)));
        assert_ne!(installed(), files(&at("old root").join(role)));
        assert_eq!(dpkg(&["-r", &format!("groundplan-{role}")]), (true, String::new()));
        assert_eq!(installed(), BTreeMap::new(), "something stays after the removal");
    }
    // apt puts the package of another role in the place of the first, whichever version it has; dpkg alone refuses.
    let apt = apt(&own.path().join("apt"), &root);
    for (folder, role) in [("new", "office-staff"), ("old", "control-room"), ("new", "everyone"), ("new", "control-room")] {
        let (taken, said) = apt(&package(folder, role));
        assert!(taken, "{said}");
        assert_eq!(installed(), files(&at(&format!("{folder} root")).join(role)), "{role}");
    }
    let (taken, said) = dpkg(&["-i", &package("old", "office-staff")]);
    assert!(!taken && said.contains("conflict"), "two roles on one computer: {said}");
    let scripts = root.join("usr/share/groundplan");
    assert!(scripts.join("workstation/linux/apply").exists() && scripts.join("thunderbird/policies.json").exists());
    assert!(!root.join("usr/lib/groundplan").exists(), "the installation ran a script");
    let read = fs::read_to_string(root.join("usr/share/doc/groundplan-control-room/README.Debian")).unwrap();
    let manifest = fs::read_to_string(at("new root/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert!(read.contains(manifest["plan"]["sha256"].as_str().unwrap()) && read.contains("workstation/linux/undo"), "{read}");
    assert_eq!(dpkg(&["-P", "groundplan-control-room"]), (true, String::new()));
    assert_eq!(installed(), BTreeMap::new());
    let known = fs::read_dir(root.join("var/lib/dpkg/info")).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(known.into_iter().all(|name| !name.to_str().unwrap().starts_with("groundplan")), "a purge leaves a trace");
}

/// The installation of a package by apt below `root`, with its own state in `folder`.
fn apt(folder: &Path, root: &Path) -> impl Fn(&str) -> (bool, String) + use<> {
    for name in ["state/lists/partial", "cache/archives/partial", "log"] {
        fs::create_dir_all(folder.join(name)).unwrap();
    }
    let (at, root, conf) = (folder.display(), root.display(), folder.join("conf"));
    let settings = format!(
        "Dir::State \"{at}/state\"; Dir::State::status \"{root}/var/lib/dpkg/status\"; Dir::Cache \"{at}/cache\"; \
         Dir::Log \"{at}/log\"; Dir::Etc::SourceList \"/dev/null\"; Dir::Etc::SourceParts \"/dev/null\"; \
         Dir::Etc::Parts \"/dev/null\"; Debug::NoLocking \"1\"; APT::Sandbox::User \"root\"; \
         DPkg::Options {{ \"--root={root}\"; \"--log=/dev/null\"; }};"
    );
    fs::write(&conf, settings).unwrap();
    move |package| {
        let mut command = Command::new("apt-get");
        command.env("APT_CONFIG", &conf).env("DEBIAN_FRONTEND", "noninteractive");
        let output = command.args(["-y", "--allow-downgrades", "install", package]).output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    }
}

#[test]
fn lintian_finds_no_error_and_no_warning_in_a_package() {
    if !consumer::have("lintian", Command::new("lintian").arg("--version")) {
        return;
    }
    let own = tempfile::tempdir().unwrap();
    let packages = own.path().join("packages");
    let lint = |package: &Path| {
        let output = Command::new("lintian").args(["--allow-root", text(package)]).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    ended(&generate(&example("utility.yaml"), &["-q", "--deb", text(&packages)]), 0);
    for role in ["control-room", "everyone"] {
        assert_eq!(lint(&named(&packages, role)), "", "{role}");
    }
    // Lintian looks at the files: without the exceptions that the package gives reasons for, it says so.
    let (package, inside) = (named(&packages, "everyone"), own.path().join("inside"));
    let run = |arguments: &[&str]| assert!(Command::new("dpkg-deb").args(arguments).output().unwrap().status.success());
    run(&["-R", text(&package), text(&inside)]);
    fs::remove_file(inside.join("usr/share/lintian/overrides/groundplan-everyone")).unwrap();
    let bare = own.path().join("groundplan-everyone_1_all.deb");
    run(&["-b", text(&inside), text(&bare)]);
    let told = lint(&bare);
    assert!(told.contains("E: groundplan-everyone: file-in-etc-not-marked-as-conffile"), "{told}");
}

#[test]
fn packages_ask_for_a_version_and_for_something_to_pack() {
    let own = tempfile::tempdir().unwrap();
    let plan = own.path().join("plan.yaml");
    let packages = own.path().join("packages");
    let minimal = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("baselines/lists/minimal.yaml")).unwrap();
    let attempt = |text_of_plan: &str, more: &[&str], told: &str| {
        fs::write(&plan, text_of_plan).unwrap();
        let arguments: Vec<&str> = ["-q", "--deb", text(&packages)].iter().chain(more).copied().collect();
        let said = ended(&generate(&plan, &arguments), 2);
        assert!(said.contains(told), "{said}");
        assert!(!packages.exists());
    };
    let undecided: String = minimal.lines().filter(|line| !line.starts_with("decided")).map(|line| format!("{line}\n")).collect();
    attempt(&undecided, &[], "--deb-version");
    attempt(&minimal, &["--deb-version", "1/../2"], "starts with a digit");
    attempt(&minimal, &["--deb-version", "1", "--client", "outlook"], "nothing to pack");
}
