//! Packages of these clients on a real system, in a throw-away machine with a network of its own: dpkg installs them, a person
//! signs in, Evolution starts and turns to the server of the plan.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::consumer;
use crate::program::{ended, generate};
use crate::session;

const PLAN: &str = "organisation: Stadtwerke Lindenau
domains: [lindenau.example]
clients: [evolution, kmail]
servers: { imap: imap.lindenau.example, smtp: smtp.lindenau.example }
encryption: { transport: outside }
accept: { password-in-clear: { reason: a test, by: a test, until: 2099-01-01 } }
webmail: { announced: 2026-09-14 }
spam: { agreed_with: [data-protection, staff-council] }
instruction: { rules: https://intranet.example/mail }
";

/// Packs a plan and gives the package this name.
fn package(folder: &Path, plan: &str, version: &str) {
    let [file, out] = ["plan.yaml", "packages"].map(|name| folder.join(name));
    fs::write(&file, plan).unwrap();
    ended(&generate(&file, &["-q", "--deb", out.to_str().unwrap(), "--deb-version", version]), 0);
    fs::rename(out.join(format!("groundplan-everyone_{version}_all.deb")), folder.join(format!("{version}.deb"))).unwrap();
    fs::remove_dir_all(out).unwrap();
}

#[test]
fn a_package_brings_locked_settings_and_an_account_that_evolution_opens() {
    let tool = |name: &str, argument: &str| consumer::have(name, Command::new(name).arg(argument));
    let may =
        || consumer::have("a throw-away machine (root)", Command::new("unshare").args(["-m", "-n", "--pid", "--fork", "true"]));
    let evolution = || consumer::have("evolution", Command::new("timeout").args(["-k", "2", "20", "evolution", "--version"]));
    if !session::have_evolution()
        || !session::have_kconfig()
        || !evolution()
        || !tool("Xvfb", "-help")
        || !tool("ip", "-V")
        || !may()
    {
        return;
    }
    let folder = tempfile::Builder::new().prefix("groundplan-test").tempdir().unwrap();
    package(folder.path(), PLAN, "1");
    package(folder.path(), &format!("{PLAN}content: {{ remote: trusted }}\n"), "2");
    package(folder.path(), &format!("{PLAN}workplace: shared\noffline_days: 0\n"), "3");
    let steps = [include_str!("../workstation/expect.sh"), include_str!("install.sh")].join("\n");
    fs::write(folder.path().join("steps"), steps).unwrap();
    fs::write(folder.path().join("imap.py"), include_str!("imap.py")).unwrap();
    // What everybody in the machine reads.
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(folder.path(), mode).unwrap();
    let output = Command::new("timeout")
        .args([
            "-k",
            "5",
            "240",
            "unshare",
            "-m",
            "-n",
            "--pid",
            "--fork",
            "--kill-child",
            "--propagation",
            "private",
            "sh",
            "-c",
        ])
        .arg(include_str!("../workstation/machine.sh"))
        .arg(folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success() && text(&output.stdout).ends_with("all steps done\n"),
        "{}\n{}\n{}",
        output.status,
        text(&output.stdout),
        text(&output.stderr)
    );
}
