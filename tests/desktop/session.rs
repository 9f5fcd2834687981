//! A session of a person for whom the files of a role are in place: folders of its own, and a message bus.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use groundplan::baselines::Baselines;
use serde_json::Value as Json;
use tempfile::TempDir;

use crate::consumer;

/// What the environment says of the person; the service for accounts asks the system instead.
pub(crate) const USER: &str = "anna";

/// Whether dconf, the service for accounts and its library are there.
pub(crate) fn have_evolution() -> bool {
    let python = "import gi; gi.require_version('EDataServer', '1.2'); gi.require_version('Camel', '1.2'); from gi.repository import Camel, EDataServer";
    consumer::have("dconf", Command::new("dconf").arg("help"))
        && consumer::have("dbus-run-session", Command::new("dbus-run-session").arg("--version"))
        && consumer::have("gsettings", Command::new("gsettings").arg("--version"))
        && consumer::have("Evolution's schemas", Command::new("gsettings").args(["list-keys", "org.gnome.evolution.mail"]))
        && consumer::have("the library of Evolution's accounts for Python", Command::new("/usr/bin/python3").args(["-c", python]))
}

/// Whether `KConfig` is there.
pub(crate) fn have_kconfig() -> bool {
    consumer::have("kreadconfig5", Command::new("kreadconfig5").arg("--help"))
        && consumer::have("kwriteconfig5", Command::new("kwriteconfig5").arg("--help"))
}

/// The schema that a key of dconf belongs to, as the table says.
pub(crate) fn schema_of(path: &str, baselines: &Baselines) -> String {
    let table = baselines.text("vendor/evolution/settings-3.46.tsv").unwrap();
    let row = table.lines().find(|line| line.split('\t').next() == Some(path)).unwrap_or_else(|| panic!("no row of {path}"));
    row.rsplit('\t').next().unwrap().to_owned()
}

/// The folders of the session; gone with it.
pub(crate) struct Session(TempDir);

impl Session {
    /// A session with the folder of a client, `evolution` or `kmail`, in place.
    pub(crate) fn of(folder: &Path) -> Self {
        let session = Self(tempfile::tempdir().unwrap());
        let at = |name: &str| session.0.path().join(name);
        for name in ["home", "run", "etc/xdg/evolution-data-server/autoconfig", "db.d/locks"] {
            fs::create_dir_all(at(name)).unwrap();
        }
        let place = |from: &str, to: &str| {
            let from = folder.join(from);
            if from.exists() {
                fs::copy(from, at(to)).unwrap();
            }
        };
        if folder.ends_with("kmail") {
            for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                fs::copy(&file, at("etc/xdg").join(file.file_name().unwrap())).unwrap();
            }
        }
        place("dconf/values", "db.d/00");
        place("dconf/locks", "db.d/locks/00");
        if folder.join("autoconfig").is_dir() {
            for file in fs::read_dir(folder.join("autoconfig")).unwrap().map(|entry| entry.unwrap().path()) {
                fs::copy(&file, at("etc/xdg/evolution-data-server/autoconfig").join(file.file_name().unwrap())).unwrap();
            }
        }
        // A bus that starts what these tests ask and nothing else, such as a key chain that would outlive them.
        fs::create_dir(at("services")).unwrap();
        for service in fs::read_dir("/usr/share/dbus-1/services").into_iter().flatten().map(|entry| entry.unwrap()) {
            let name = service.file_name().into_string().unwrap();
            if name.starts_with("org.gnome.evolution.dataserver.Sources") || name == "ca.desrt.dconf.service" {
                fs::copy(service.path(), at("services").join(name)).unwrap();
            }
        }
        let bus = format!(
            "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><servicedir>{}</servicedir>\
             <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/>\
             <allow own=\"*\"/></policy></busconfig>",
            at("services").display()
        );
        fs::write(at("bus.conf"), bus).unwrap();
        fs::write(at("profile"), format!("user-db:user\nfile-db:{}\n", at("db").display())).unwrap();
        session.compile();
        session
    }

    pub(crate) fn home(&self) -> &Path {
        self.0.path()
    }

    /// Compiles the database as `dconf update` does.
    pub(crate) fn compile(&self) {
        let [to, from] = ["db", "db.d"].map(|name| self.0.path().join(name));
        let output = Command::new("dconf").arg("compile").args([to, from]).stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// A program with the environment of the session and a message bus.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new("timeout");
        let bus = self.0.path().join("bus.conf");
        command.args(["-k", "2", "60", "dbus-run-session", "--config-file"]).arg(bus).args(["--", program]);
        self.environment(&mut command);
        command
    }

    fn environment(&self, command: &mut Command) {
        let at = |name: &str| -> PathBuf { self.0.path().join(name) };
        command.env_clear().env("PATH", "/usr/bin:/bin").env("LANG", "C.UTF-8").env("USER", USER).env("HOME", at("home"));
        command.env("XDG_RUNTIME_DIR", at("run")).env("XDG_CONFIG_DIRS", at("etc/xdg")).env("DCONF_PROFILE", at("profile"));
        command.stdin(Stdio::null());
    }

    /// Runs to the end; what is said goes into files, because a service that stays would hold a pipe open.
    fn finish(&self, mut command: Command) -> (bool, String, String) {
        let files = ["said", "told"].map(|name| self.0.path().join(name));
        let [said, told] = files.each_ref().map(|file| Stdio::from(fs::File::create(file).unwrap()));
        let status = command.stdout(said).stderr(told).status().unwrap();
        let [said, told] = files.map(|file| fs::read_to_string(file).unwrap());
        (status.success(), said, told)
    }

    /// Whether a program succeeds, and what it says.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) -> (bool, String) {
        let mut command = self.command(program);
        command.args(arguments);
        let (succeeds, said, told) = self.finish(command);
        (succeeds, if succeeds { said } else { told })
    }

    /// What the libraries of Evolution read.
    pub(crate) fn ask(&self, question: &Json) -> Json {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/desktop/read.py");
        let asked = self.0.path().join("question");
        fs::write(&asked, question.to_string()).unwrap();
        let mut command = self.command("/usr/bin/python3");
        command.arg(script).stdin(fs::File::open(asked).unwrap());
        let (succeeds, said, told) = self.finish(command);
        assert!(succeeds, "{told}");
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {told}"))
    }

    /// What `KConfig` reads at a file, group and key.
    pub(crate) fn kconfig(&self, [file, group, key]: [&str; 3]) -> String {
        let mut command = Command::new("kreadconfig5");
        self.environment(&mut command);
        let output = command.args(["--file", file, "--group", group, "--key", key]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.strip_suffix('\n').unwrap_or(&text).to_owned()
    }

    /// Writes an entry as the person would.
    pub(crate) fn set_kconfig(&self, [file, group, key]: [&str; 3], value: &str) {
        let mut command = Command::new("kwriteconfig5");
        self.environment(&mut command);
        command.args(["--file", file, "--group", group, "--key", key, value]).output().unwrap();
    }
}
