//! What the registry holds after the files of a folder, by readers that are not ours: Samba for `.pol`, wine for `.reg`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use groundplan::vendor::registry::RegistryData;
use serde_json::Value as Json;

use super::consumer;
use super::program::hex;

/// Key to value name to type and bytes in hexadecimal; names in lower case.
pub(crate) type Registry = BTreeMap<String, BTreeMap<String, (u64, String)>>;

/// Samba's Python modules belong to the system's Python.
const PYTHON: &str = "/usr/bin/python3";

fn one_name(registry: Registry) -> Registry {
    let mut named = Registry::new();
    for (key, values) in registry.into_iter().filter(|(_, values)| !values.is_empty()) {
        named.entry(policies_key(&key)).or_default().extend(values);
    }
    named
}

/// A value of the registry that is to be there: key with its hive, name, and data.
type Wanted = (String, String, RegistryData);

/// What of these values is not in the registry of any folder.
pub(crate) fn missing<'v>(wanted: impl Iterator<Item = &'v Wanted>, registries: &[Registry]) -> Vec<&'v Wanted> {
    let utf16 = |text: &str| text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let is_there = |(key, name, data): &Wanted| {
        let (kind, bytes) = match data {
            RegistryData::Dword(number) => (4, number.to_le_bytes().to_vec()),
            RegistryData::Qword(number) => (11, number.to_le_bytes().to_vec()),
            RegistryData::Text(text) => (1, utf16(text)),
            RegistryData::ExpandText(text) => (2, utf16(text)),
            RegistryData::MultiText(texts) => (7, [texts.iter().flat_map(|text| utf16(text)).collect(), utf16("")].concat()),
        };
        let (key, raw) = (policies_key(key), (kind, hex(&bytes)));
        registries.iter().any(|registry| registry.get(&key).and_then(|values| values.get(name)) == Some(&raw))
    };
    wanted.filter(|value| !is_there(value)).collect()
}

/// Windows and wine keep one key of policies for programs of both widths, which has a second name.
fn policies_key(key: &str) -> String {
    key.replace(r"\software\wow6432node\policies\", r"\software\policies\")
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/windows").join(name)
}

/// The registry after `user.pol` and `machine.pol`, as Samba reads them; each must come out of Samba as the same bytes.
pub(crate) fn by_samba(folder: &Path) -> Option<Registry> {
    if !consumer::have("Samba's Python modules", Command::new(PYTHON).args(["-c", "import samba.dcerpc.preg"])) {
        return None;
    }
    let mut registry = Registry::new();
    for (name, hive) in [("user.pol", "hkey_current_user"), ("machine.pol", "hkey_local_machine")] {
        let Ok(bytes) = fs::read(folder.join(name)) else { continue };
        let mut child = Command::new(PYTHON)
            .arg(script("read_pol.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it ran a moment ago");
        let line = hex(&bytes);
        writeln!(child.stdin.take().expect("a pipe"), "{line}").expect("the process reads its input");
        let output = child.wait_with_output().expect("the process ends");
        let read: Json = serde_json::from_slice(&output.stdout).expect("read_pol.py prints JSON");
        assert_eq!(read["same"], true, "{}: Samba writes other bytes", folder.display());
        for entry in read["entries"].as_array().expect("a list") {
            let text = |index: usize| entry[index].as_str().expect("text").to_lowercase();
            let key = registry.entry(format!("{hive}\\{}", text(0))).or_default();
            let name = text(1);
            if name == "**delvals." {
                key.clear();
            } else if let Some(name) = name.strip_prefix("**del.") {
                key.remove(name);
            } else {
                key.insert(name, (entry[2].as_u64().expect("a type"), text(3)));
            }
        }
    }
    Some(one_name(registry))
}

/// The registry after `outlook.reg`, as wine imports and exports it, below the keys above those of `expected`.
pub(crate) fn by_wine(folder: &Path, expected: &Registry) -> Option<Registry> {
    if !consumer::have("wine", Command::new("wine").arg("--version")) {
        return None;
    }
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wine");
    fs::create_dir_all(&place).expect("the target folder is writable");
    let command = |arguments: &[&str]| {
        let mut command = Command::new("wine");
        command.arg("reg").args(arguments).current_dir(&place);
        command.env("WINEPREFIX", place.join("prefix")).env("WINEDEBUG", "-all").env("DISPLAY", "");
        // No pipes: the services that wine leaves running would hold them open.
        command.env("WINEDLLOVERRIDES", "mscoree,mshtml=").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().expect("wine runs").success()
    };
    // Deep enough to hold nothing of wine's own, and one of them for many keys.
    let root = |key: &String| {
        let parts: Vec<&str> = key.split('\\').collect();
        let depth = if parts[2] == "policies" { 3 } else { 6 };
        parts[..depth.min(parts.len())].join("\\")
    };
    let roots: BTreeSet<String> = expected.keys().map(root).collect();
    for root in &roots {
        command(&["delete", root, "/f"]);
    }
    fs::copy(folder.join("outlook.reg"), place.join("import.reg")).expect("a file of ours");
    assert!(command(&["import", "import.reg"]), "wine refuses {}", folder.display());
    let mut reader = Command::new(PYTHON);
    reader.arg(script("read_reg.py")).current_dir(&place);
    for (index, root) in roots.iter().enumerate() {
        let name = format!("export-{index}.reg");
        assert!(command(&["export", root, &name, "/y"]), "there is nothing at {root}");
        reader.arg(name);
    }
    let output = reader.output().expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let registry: Registry = serde_json::from_slice(&output.stdout).expect("read_reg.py prints JSON");
    Some(one_name(registry))
}
