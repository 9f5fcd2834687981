//! Renders scripts from parameters, and runs steps in a throw-away machine.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use groundplan::baselines::Baselines;
use groundplan::emit::Artifact;
use groundplan::emit::workstation::render;
use groundplan::value::Value;
use groundplan::vendor::workstation::{Parameter, Parameters};

/// The platforms whose scripts are shell scripts.
pub(crate) const PLATFORMS: [&str; 2] = ["linux", "macos"];

/// The parameters of a shared computer at the standard level.
pub(crate) fn standard() -> Vec<(&'static str, Value)> {
    vec![
        ("accounts", "personal".into()),
        ("automatic_sign_in", Value::Flag(false)),
        ("guest_sign_in", Value::Flag(false)),
        ("keep", "nothing".into()),
        ("lock_after", Value::Number(5)),
        ("organisation", "Stadtwerke Lindenau".into()),
        ("private_homes", Value::Flag(true)),
        ("profile_days", Value::Number(30)),
        ("role", "control room".into()),
        ("sign_out_after", Value::Number(30)),
        ("stored_sign_in", Value::Flag(false)),
        ("switch_user", Value::Flag(false)),
        ("thunderbird", Value::Flag(true)),
        ("user_list", Value::Flag(false)),
        ("notice", "Nur für Dienstliches.\nIt's logged; $HOME `id` \\ %s".into()),
        ("also_clean", Value::List(vec!["Documents/it's mail".into(), "*".into(), "$(touch /pwned)".into()])),
    ]
}

/// Of these, what the scripts of the platform take.
fn taken(platform: &str, values: &[(&'static str, Value)]) -> Vec<(&'static str, Value)> {
    let known = Parameters::load(&Baselines::embedded()).unwrap();
    let takes = |name: &str| known.describe(&format!("{platform}:{name}")).is_some();
    values.iter().filter(|(name, _)| takes(name)).cloned().collect()
}

/// The standard parameters, with these changed.
pub(crate) fn with(changes: &[(&'static str, Value)]) -> Vec<(&'static str, Value)> {
    let mut all = standard();
    for (name, value) in changes {
        all.retain(|(known, _)| known != name);
        all.push((name, value.clone()));
    }
    all
}

/// The parameters of a platform, held against its table; those of other platforms are left out.
pub(crate) fn checked(platform: &str, values: &[(&'static str, Value)]) -> Vec<Parameter> {
    let known = Parameters::load(&Baselines::embedded()).unwrap();
    taken(platform, values).iter().map(|(name, value)| known.check(&format!("{platform}:{name}"), value).unwrap()).collect()
}

pub(crate) fn scripts(platform: &str, values: &[(&'static str, Value)]) -> Vec<Artifact> {
    render(&checked(platform, values), &Baselines::embedded()).unwrap()
}

/// Writes artifacts below a new folder, as a role's folder on a memory stick would look.
pub(crate) fn write_out(artifacts: &[Artifact]) -> tempfile::TempDir {
    let folder = tempfile::Builder::new().prefix("groundplan-test").tempdir().unwrap();
    for artifact in artifacts {
        let path = folder.path().join(&artifact.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &artifact.bytes).unwrap();
        make_program(&path, artifact.executable);
    }
    make_program(folder.path(), true);
    folder
}

fn make_program(path: &Path, executable: bool) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = if executable { 0o755 } else { 0o644 };
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// Whether all programs are there; says so loudly, or fails where everything must be.
pub(crate) fn have(programs: &[&str]) -> bool {
    let missing: Vec<&&str> = programs.iter().filter(|program| find(program).is_none()).collect();
    missing.is_empty() || skip(&format!("these programs are missing: {missing:?}"))
}

pub(crate) fn find(program: &str) -> Option<PathBuf> {
    ["/usr/bin", "/usr/sbin", "/bin", "/sbin"].iter().map(|folder| Path::new(folder).join(program)).find(|path| path.exists())
}

fn skip(reason: &str) -> bool {
    assert!(std::env::var_os("GROUNDPLAN_ALL_CONSUMERS").is_none_or(|all| all != "1"), "NOT RUN: {reason}");
    let name = std::thread::current().name().unwrap_or("a test").to_owned();
    // past the test harness, which swallows what a passing test prints
    let mut terminal = std::io::stderr();
    writeln!(terminal, "\n!!! NOT RUN: {name}: {reason}").unwrap();
    false
}

/// Runs the steps on a throw-away machine that is the Debian it is.
pub(crate) fn run(steps: &str, values: &[(&'static str, Value)]) {
    run_as("linux", steps, values);
}

/// Runs the steps on one that looks like a Mac to the scripts.
pub(crate) fn run_as_mac(steps: &str, values: &[(&'static str, Value)]) {
    if have(&["original-awk", "python3", "jq", "xmllint", "bash", "zsh", "mksh", "pkill"]) {
        run_as("macos", &[include_str!("mac.sh"), steps].join("\n"), values);
    }
}

/// Runs the steps as root of a throw-away machine that has the scripts of these parameters under `/role`.
fn run_as(platform: &str, steps: &str, values: &[(&'static str, Value)]) {
    let needed = ["unshare", "mount", "chroot", "useradd", "setfacl", "setpriv", "runuser", "timeout", "flock"];
    if !have(&needed) {
        return;
    }
    let may = Command::new("unshare").args(["-m", "--pid", "--fork", "true"]).stdin(Stdio::null()).output().unwrap();
    if !may.status.success() {
        skip("no right to make a throw-away machine (run as root)");
        return;
    }
    let folder = write_out(&scripts(platform, values));
    let steps = [include_str!("expect.sh"), steps].join("\n");
    std::fs::write(folder.path().join("steps"), steps).unwrap();
    let thunderbird = folder.path().join("thunderbird");
    std::fs::create_dir(&thunderbird).unwrap();
    std::fs::write(thunderbird.join("policies.json"), "{\"policies\":{}}\n").unwrap();
    if platform == "macos" {
        std::fs::write(thunderbird.join("defaults.js"), "// accounts\n").unwrap();
    }

    let output = Command::new("timeout")
        .args(["-k", "5", "400", "unshare", "-m", "--pid", "--fork", "--kill-child", "--propagation", "private", "sh", "-c"])
        .arg(include_str!("machine.sh"))
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
