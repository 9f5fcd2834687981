//! What fleet managers take: Ansible runs its roles against a throwaway root folder and lints them; a Fleet folder is read by
//! `PyYAML` and held against the rules that `fleetctl gitops` has for its files. No Fleet server was asked.
//!
//! Ansible is that of the folder `GROUNDPLAN_ANSIBLE`, which `scripts/test` fills, or else the one on the path.

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

/// The files of a folder with their modes, without the folders.
fn files(folder: &Path) -> BTreeMap<String, (u32, Vec<u8>)> {
    let mut files = tree(folder);
    files.retain(|name, _| folder.join(name).is_file());
    files
}

/// A program of Ansible, with a home of its own.
fn ansible(program: &str, home: &Path) -> Command {
    let own = std::env::var_os("GROUNDPLAN_ANSIBLE").map(|folder| Path::new(&folder).join("bin"));
    let path: Vec<PathBuf> =
        own.into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())).collect();
    let found = path.iter().map(|folder| folder.join(program)).find(|file| file.exists());
    let mut command = Command::new(found.unwrap_or_else(|| PathBuf::from(program)));
    command.env("PATH", std::env::join_paths(path).unwrap()).env("ANSIBLE_HOME", home.join("ansible")).env("HOME", home);
    command.envs([("ANSIBLE_NOCOLOR", "1"), ("NO_COLOR", "1"), ("ANSIBLE_PIPELINING", "1")]);
    command
}

const LIST: &str = "var/lib/groundplan-ansible/placed";

/// A computer that is a folder.
struct Computer {
    folder: tempfile::TempDir,
}

impl Computer {
    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes the roles of a plan, and the same files as a root folder.
    fn generate(&self, plan: &Path, name: &str) {
        ended(&generate(plan, &["-q", "--layout", "ansible", "-o", text(&self.at(name))]), 0);
        ended(&generate(plan, &["-q", "--layout", "rootfs", "-o", text(&self.at(&format!("{name} root")))]), 0);
    }

    /// Gives the computer a role; says how many tasks changed something, and what was said.
    #[track_caller]
    fn run(&self, roles: &str, role: &str, more: &[&str]) -> (usize, String) {
        let id = format!("groundplan_{}", role.replace('-', "_"));
        let inventory = format!(
            "[{id}]\nhere ansible_connection=local ansible_python_interpreter=/usr/bin/python3\n\n[{id}:vars]\n{id}_root={}\n",
            self.at("root").display()
        );
        fs::write(self.at("inventory"), inventory).unwrap();
        let mut command = ansible("ansible-playbook", self.folder.path());
        command.args(["-i", text(&self.at("inventory")), "playbook.yml"]).args(more).current_dir(self.at(roles));
        let output = command.output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{told}\n{}", String::from_utf8_lossy(&output.stderr));
        let changed = told.split("changed=").nth(1).unwrap_or_else(|| panic!("no recap: {told}"));
        (changed.split_whitespace().next().unwrap().parse().unwrap(), told)
    }

    /// What was placed.
    fn placed(&self) -> BTreeMap<String, (u32, Vec<u8>)> {
        let mut files = files(&self.at("root"));
        files.remove(LIST);
        files
    }

    /// What the root layout has for a role.
    fn wanted(&self, roles: &str, role: &str) -> BTreeMap<String, (u32, Vec<u8>)> {
        let folder = self.at(&format!("{roles} root")).join(role);
        if folder.exists() { files(&folder) } else { BTreeMap::new() }
    }
}

#[test]
fn ansible_places_the_files_changes_nothing_twice_and_takes_back_what_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    if !consumer::have("ansible-playbook", ansible("ansible-playbook", folder.path()).arg("--version")) {
        return;
    }
    let computer = Computer { folder };
    fs::create_dir(computer.at("root")).unwrap();
    let plan = fs::read_to_string(example("utility.yaml")).unwrap();
    // What Ansible would take for an expression of its own is a name like any other.
    let other =
        plan.replace("read_as: text", "read_as: simple-html").replace("organisation: Stadtwerke", "organisation: St {{ 7 * 7 }}");
    fs::write(computer.at("other.yaml"), &other).unwrap();
    computer.generate(&example("utility.yaml"), "old");
    computer.generate(&computer.at("other.yaml"), "new");
    let [old, new] = ["old", "new"].map(|roles| computer.wanted(roles, "control-room"));
    assert_eq!(old.len(), 9, "{:?}", old.keys());

    let (changed, told) = computer.run("old", "control-room", &["--check", "--diff"]);
    assert!(changed > 0 && told.contains("+#!/bin/sh"), "{told}");
    assert_eq!(computer.placed(), BTreeMap::new(), "a check wrote something");
    computer.run("old", "control-room", &[]);
    assert_eq!(computer.placed(), old);
    for (folder, (mode, _)) in tree(&computer.at("root")).iter().filter(|(name, _)| computer.at("root").join(name).is_dir()) {
        assert_eq!(mode & 0o7777, 0o755, "{folder}");
    }
    assert_eq!(computer.run("old", "control-room", &[]).0, 0, "the second run changed something");

    // A change by hand goes; a changed plan changes only what differs.
    let policies = "etc/thunderbird/policies/policies.json";
    fs::write(computer.at("root").join(policies), "{}").unwrap();
    let (changed, told) = computer.run("old", "control-room", &[]);
    assert_eq!((changed, told.matches("changed: [here]").count()), (1, 1), "{told}");
    assert_eq!(computer.placed(), old);
    let differing = new.iter().filter(|(name, file)| old.get(*name) != Some(file)).count();
    assert!(differing > 0 && new.keys().eq(old.keys()));
    let (changed, told) = computer.run("new", "control-room", &[]);
    assert_eq!((changed, told.matches("changed: [here]").count()), (1, differing), "{told}");
    assert_eq!(computer.placed(), new);

    // Another role takes back what only this one has, and nothing that the list names wrongly.
    let kept = ["etc/passwd.d/mine", "etc/opt/mine", "home/mine"];
    for name in kept {
        fs::create_dir_all(computer.at("root").join(name).parent().unwrap()).unwrap();
        fs::write(computer.at("root").join(name), "mine").unwrap();
    }
    let mut list = fs::read_to_string(computer.at("root").join(LIST)).unwrap();
    list.push_str("/\n\n/home/mine\n/etc/opt\n/etc/../home/mine\nnonsense\n");
    fs::write(computer.at("root").join(LIST), list).unwrap();
    computer.run("new", "office-staff", &[]);
    let mut placed = computer.placed();
    for name in kept {
        assert_eq!(placed.remove(name).map(|(_, bytes)| bytes), Some(b"mine".to_vec()), "{name} was removed");
    }
    assert_eq!(placed, computer.wanted("new", "office-staff"));
    computer.run("new", "office-staff", &["-e", "groundplan_office_staff_state=absent"]);
    assert_eq!(computer.placed().keys().filter(|name| !kept.contains(&name.as_str())).count(), 0);
    assert!(!computer.at("root").join(LIST).exists());
}

#[test]
fn the_roles_pass_the_linter_of_ansible_in_its_strictest_profile() {
    let folder = tempfile::tempdir().unwrap();
    if !consumer::have("ansible-lint", ansible("ansible-lint", folder.path()).arg("--version")) {
        return;
    }
    let computer = Computer { folder };
    let plan = fs::read_to_string(example("utility.yaml")).unwrap();
    let long = "a-role-with-a-name-as-long-as-a-plan-takes-it-and-no-longer0";
    fs::write(computer.at("plan.yaml"), plan.replace("control-room", long)).unwrap();
    computer.generate(&computer.at("plan.yaml"), "roles");
    let lint = || {
        let mut command = ansible("ansible-lint", computer.folder.path());
        command.args(["--profile", "production", "--offline", "--nocolor", "playbook.yml", "roles"]);
        let output = command.current_dir(computer.at("roles")).output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (passed, told) = lint();
    assert!(passed && told.contains("Profile 'production' was required, and it passed"), "{told}");
    // The linter looks at these files: a wrong one is found.
    let tasks = computer.at("roles/roles/groundplan_everyone/tasks/main.yml");
    let right = fs::read_to_string(&tasks).unwrap();
    fs::write(&tasks, right.replacen("    mode: \"0755\"\n", "", 1)).unwrap();
    let (passed, told) = lint();
    assert!(!passed && told.contains("risky-file-permissions"), "{told}");
}

/// Reads the YAML of each fleet with `PyYAML`: JSON on stdout, a name to a document.
const READ: &str = "import json,pathlib,sys,yaml
print(json.dumps({p.name: yaml.safe_load(p.read_text()) for p in pathlib.Path(sys.argv[1], 'fleets').iterdir()}))";

/// Asks each query of four computers: as planned, with system accounts whose folders are open, and with each fault in two forms. A row is "passes". The tables are those of osquery, as far as the queries name them.
const ASK: &str = r"import sqlite3,sys
linux=('/var/lib/groundplan','/usr/lib/groundplan/session','/home/anna',1000)
mac=('/private/var/db/groundplan','/Library/Groundplan/session','/Users/Anna',501)
def rows(query, files):
    base=sqlite3.connect(':memory:')
    base.execute('CREATE TABLE users (uid INT, directory TEXT)')
    base.execute('CREATE TABLE file (path TEXT, type TEXT, uid INT, mode TEXT)')
    for uid,folder in [(1000,'/home/anna'),(501,'/Users/Anna'),(33,'/var/www'),(70,'/var/empty')]:
        base.execute('INSERT INTO users VALUES (?,?)',(uid,folder))
    base.executemany('INSERT INTO file VALUES (?,?,?,?)',files)
    return len(base.execute(query).fetchall())
for query in sys.argv[1:]:
    state,program,home,uid=mac if ('/Library' in query or '/private' in query or '501' in query) else linux
    good=[(home,'directory',uid,'0700'),(program,'regular',0,'0755')]
    system=good+[('/var/www','directory',33,'0755'),('/var/empty','directory',0,'0755')]
    bad=[(home,'directory',uid,'0755'),(program,'regular',uid,'0755'),(state+'/uncleaned/1','regular',0,'0600')]
    worse=[(home,'directory',uid,'0711'),(program,'regular',0,'0777'),(state+'/uncleaned/1','regular',0,'0600')]
    print(*[min(1,rows(query,files)) for files in (good,system,bad,worse)])
";

#[test]
fn a_fleet_folder_holds_every_file_that_it_names_and_only_keys_that_fleet_knows() {
    let python = || Command::new("/usr/bin/python3");
    if !consumer::have("PyYAML", python().args(["-c", "import yaml"])) {
        return;
    }
    let own = tempfile::tempdir().unwrap();
    let at = |name: &str| own.path().join(name);
    let plan = fs::read_to_string(example("utility.yaml")).unwrap();
    fs::write(at("plan.yaml"), plan + "\ndelivery: { mdm: fleet }\n").unwrap();
    ended(&generate(&at("plan.yaml"), &["-q", "--layout", "fleet", "-o", text(&at("fleet"))]), 0);
    ended(&generate(&at("plan.yaml"), &["-q", "-o", text(&at("tree"))]), 0);
    let output = python().args(["-c", READ, text(&at("fleet"))]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();

    let mut named = std::collections::BTreeSet::new();
    let (mut profiles, mut scripts, mut for_windows) = (Vec::new(), Vec::new(), Vec::new());
    for (file, document) in read.as_object().unwrap() {
        let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        let controls = &document["controls"];
        let has_policies = document.get("policies").is_some();
        let wanted: &[&str] = if has_policies { &["name", "controls", "policies"] } else { &["name", "controls"] };
        assert_eq!(keys(document), wanted, "{file}");
        let windows = controls.get("windows_settings");
        let wanted: &[&str] =
            if windows.is_some() { &["apple_settings", "scripts", "windows_settings"] } else { &["apple_settings", "scripts"] };
        assert_eq!(keys(controls), wanted, "{file}");
        assert!(windows.is_none_or(|windows| keys(windows) == ["configuration_profiles"]), "{file}");
        assert_eq!(keys(&controls["apple_settings"]), ["configuration_profiles"], "{file}");
        assert_eq!(document["name"].as_str().map(|name| format!("{name}.yml")).as_ref(), Some(file));
        let lists = [
            (&controls["apple_settings"]["configuration_profiles"], &mut profiles),
            (&controls["scripts"], &mut scripts),
            (&controls["windows_settings"]["configuration_profiles"], &mut for_windows),
        ];
        for (list, all) in lists {
            for item in list.as_array().into_iter().flatten() {
                assert_eq!(keys(item), ["path"], "{file}");
                let path = at("fleet/fleets").join(item["path"].as_str().unwrap()).canonicalize().unwrap();
                assert!(named.insert(path.clone()), "{} is named twice", path.display());
                all.push(path);
            }
        }
    }
    // Each policy stands once in its fleet, and runs a script that the fleet has.
    let mut queries = Vec::new();
    for (file, document) in read.as_object().unwrap() {
        let (policies, scripts) = (document.get("policies"), &document["controls"]["scripts"]);
        assert_eq!(policies.is_some(), scripts.as_array().is_some_and(|scripts| !scripts.is_empty()), "{file}");
        let mut names = std::collections::BTreeSet::new();
        for policy in policies.and_then(serde_json::Value::as_array).into_iter().flatten() {
            assert!(names.insert(policy["name"].as_str().unwrap()), "{policy}");
            assert!(["linux", "darwin"].contains(&policy["platform"].as_str().unwrap()), "{policy}");
            if let Some(script) = policy.get("run_script") {
                assert!(scripts.as_array().unwrap().contains(script), "{policy}");
            }
            queries.push(policy["query"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(queries.len(), 6);
    assert!(queries.iter().all(|query| !query.contains('$')), "fleetctl would fill in a variable");
    let output = python().args(["-c", ASK]).args(&queries).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "1 1 0 0\n".repeat(6), "{queries:?}");

    // Every profile is one, and is that of the usual output; what Fleet fills in is its own.
    let mut variables = 0;
    for path in &profiles {
        let profile = plist::Value::from_file(path).unwrap();
        assert_eq!(profile.as_dictionary().unwrap()["PayloadType"].as_string(), Some("Configuration"));
        let written = fs::read_to_string(path).unwrap();
        variables += written.matches("$FLEET_VAR_").count();
        assert_eq!(written.matches('$').count(), written.matches("$FLEET_VAR_").count(), "{}", path.display());
        let role = path.parent().unwrap().file_name().unwrap();
        let same = files(&at("tree").join(role)).into_values().any(|(_, bytes)| bytes == written.as_bytes());
        assert!(same, "{} is none of the files of its role", path.display());
    }
    assert!(profiles.len() > 3 && variables > 0, "{profiles:?}");
    let names: Vec<_> = scripts.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    let wanted = ["apply", "check", "undo", "macos-apply", "macos-check", "macos-undo"];
    assert_eq!(names, wanted.map(|name| format!("groundplan-{name}.sh")));
    for script in &scripts {
        assert!(fs::read_to_string(script).unwrap().starts_with("#!/bin/sh\n"));
    }
    // What they say is read in `tests/gpo.rs`. Fleet names a profile after its file.
    let names: std::collections::BTreeSet<_> =
        for_windows.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["groundplan-windows-device.xml", "groundplan-windows-user.xml"]);
    // What no file names is the second set of the browsers' settings, what no profile of Windows carries, and the page about it.
    let left =
        files(&at("fleet/lib")).into_keys().filter(|name| !named.contains(&at("fleet/lib").join(name).canonicalize().unwrap()));
    let left: Vec<String> = left.collect();
    assert!(
        !left.is_empty()
            && left.iter().all(|name| {
                let (_, name) = name.rsplit_once('/').unwrap();
                ["browser-suspended-macos-browsers.mobileconfig", "groundplan-windows-rest.reg", "groundplan-windows.md"]
                    .contains(&name)
            }),
        "{left:?}"
    );
}

#[test]
fn what_a_fleet_manager_would_get_wrong_is_refused() {
    let own = tempfile::tempdir().unwrap();
    let at = |name: &str| own.path().join(name);
    let plan = fs::read_to_string(example("utility.yaml")).unwrap();
    let attempt = |plan: &str, arguments: &[&str], code: i32, told: &str| {
        fs::write(at("plan.yaml"), plan).unwrap();
        let out = at("out");
        let arguments: Vec<&str> = ["-q", "-o", text(&out)].into_iter().chain(arguments.iter().copied()).collect();
        let said = ended(&generate(&at("plan.yaml"), &arguments), code);
        assert!(said.contains(told), "{said}");
        assert!(!out.exists());
    };
    let [jamf, fleet] = ["jamf", "fleet"].map(|mdm| format!("{plan}\ndelivery: {{ mdm: {mdm} }}\n"));
    attempt(&jamf, &["--layout", "fleet"], 2, "say `delivery: { mdm: fleet }`");
    attempt(&fleet, &["--layout", "fleet", "--client", "apple-mail"], 2, "leave `--client` out");
    attempt(&fleet, &["--layout", "ansible", "--client", "thunderbird"], 2, "leave `--client` out");
    let dollar = fleet.replace("organisation: Stadtwerke", "organisation: US$ Stadtwerke");
    assert_ne!(dollar, fleet);
    attempt(&dollar, &["--layout", "fleet"], 1, "change the text with the dollar sign");
}

/// What lies in a folder of dconf counts when it was compiled, and a database that nothing asks for goes.
#[test]
fn ansible_compiles_the_database_of_evolution_and_takes_it_away() {
    let folder = tempfile::tempdir().unwrap();
    if !consumer::have("ansible-playbook", ansible("ansible-playbook", folder.path()).arg("--version"))
        || !consumer::have("dconf", Command::new("dconf").arg("help"))
    {
        return;
    }
    let computer = Computer { folder };
    fs::create_dir(computer.at("root")).unwrap();
    let minimal = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("baselines/lists/minimal.yaml")).unwrap();
    fs::write(computer.at("plan.yaml"), minimal.replace("outlook, outlook-mac, apple-mail, ", "")).unwrap();
    computer.generate(&computer.at("plan.yaml"), "roles");
    computer.run("roles", "everyone", &[]);
    let database = computer.at("root/etc/dconf/db/groundplan-evolution");
    let profile = computer.at("profile");
    fs::write(&profile, format!("file-db:{}\n", database.display())).unwrap();
    let key = "/org/gnome/evolution/mail/image-loading-policy";
    let read = Command::new("dconf").args(["read", key]).env("DCONF_PROFILE", &profile).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&read.stdout), "'never'\n");
    assert_eq!(computer.run("roles", "everyone", &[]).0, 0, "a second run changes something");
    computer.run("roles", "everyone", &["-e", "groundplan_everyone_state=absent"]);
    assert_eq!(computer.placed(), BTreeMap::new());
}
