//! What the scripts set in the registry: the table, the calls in the scripts, and the registry file say the same, and wine
//! reads the file.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use groundplan::baselines::Baselines;
use groundplan::emit::workstation::render;
use groundplan::vendor::workstation::read_table;

use super::lexer::{Token, text_of, tokens};
use super::plans::{Plan, artifacts, checked, plans, scripts, scripts_with, standard};
use crate::consumer;

/// Key, name, word of .NET for the type, data as text.
type Values = Vec<(String, String, String, String)>;

/// The calls of `Set-Value` in a script.
fn calls(script: &str) -> Values {
    let found = tokens(script).unwrap();
    let mut values = Vec::new();
    for (at, _) in found.iter().enumerate().filter(|(_, token)| **token == Token::Word("Set-Value".to_owned())) {
        let mut rest = &found[at + 1..];
        let mut texts = Vec::new();
        while texts.len() < 5 {
            let (text, length) = match rest.first() {
                Some(Token::Word(number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => (number.clone(), 1),
                _ => match text_of(rest) {
                    Some(read) => read,
                    None => break,
                },
            };
            texts.push(text);
            rest = &rest[length..];
        }
        if let Ok([_, key, name, kind, data]) = <[String; 5]>::try_from(texts) {
            values.push((key, name, kind, data));
        }
    }
    values
}

/// What the table says for a plan, calculated here once more.
fn table(plan: &Plan) -> Values {
    let given: BTreeMap<&str, String> =
        plan.iter().map(|(name, value)| (*name, value.as_text().map_or_else(|| value.to_string(), str::to_owned))).collect();
    let rows = read_table(&Baselines::embedded(), "scripts/windows/registry.tsv").unwrap();
    let holds = |row: &&BTreeMap<String, String>| {
        let asked = &given[row["only_if"].as_str()];
        if row["is"] == "given" { !asked.is_empty() } else { *asked == row["is"] }
    };
    let value = |row: &BTreeMap<String, String>| {
        let data = row["data"].strip_prefix('$').map_or_else(|| row["data"].clone(), |name| given[name].clone());
        let kind = if row["type"] == "number" { "DWord" } else { "String" };
        (row["key"].clone(), row["name"].clone(), kind.to_owned(), data)
    };
    rows.iter().filter(holds).map(value).collect()
}

#[test]
fn scripts_and_table_say_the_same() {
    let mut sizes = Vec::new();
    for plan in plans() {
        let expected = table(&plan);
        for (name, script) in scripts(&plan) {
            let sets = !matches!(name.as_str(), "undo.ps1" | "session.ps1");
            assert_eq!(calls(&script), if sets { expected.clone() } else { vec![] }, "{name}");
        }
        sizes.push(expected.len());
    }
    assert_eq!(sizes, [5, 0, 5, 5, 5]);
}

#[test]
fn a_row_that_makes_no_value_is_refused_and_another_row_shows_in_the_scripts() {
    let baselines = Baselines::embedded();
    let right = baselines.text("scripts/windows/registry.tsv").unwrap();
    let rendered = |table: &str| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("scripts/windows")).unwrap();
        std::fs::write(folder.path().join("scripts/windows/registry.tsv"), table).unwrap();
        let baselines = Baselines::embedded().with_overlay(folder.path()).unwrap();
        render(&checked(&standard()), &baselines).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(rendered(right), Ok(()));
    for (part, wrong) in [
        ("\tuser_list\tfalse\t", "\tuser_lst\tfalse\t"),
        ("\tnotice\tgiven\t", "\tnotice\ttrue\t"),
        ("\tnumber\t1\t", "\tnumber\tone\t"),
        ("\tnumber\t1\t", "\tflag\t1\t"),
        ("\t$notice\t", "\t$notce\t"),
        ("\tSOFTWARE\\Microsoft\\Windows NT", "\tHKLM\\SOFTWARE\\Microsoft\\Windows NT"),
    ] {
        assert!(right.contains(part));
        let error = rendered(&right.replacen(part, wrong, 1)).unwrap_err();
        assert!(error.starts_with("use row sign-in.") && error.ends_with("of `scripts/windows/registry.tsv`"), "{error}");
    }
    let other = right.replacen("\tnumber\t1\t", "\tnumber\t2\t", 1);
    let (_, script) = scripts_with(&standard(), "registry.tsv", &other).remove(0);
    assert_ne!(calls(&script), table(&standard()));
}

#[test]
fn no_value_is_set_that_a_policy_of_the_catalogue_sets() {
    let baselines = Baselines::embedded();
    let rows = read_table(&baselines, "scripts/windows/registry.tsv").unwrap();
    let tables: String = baselines.below("vendor/windows/").map(|(_, bytes)| String::from_utf8_lossy(bytes)).collect();
    let templates = tables.to_lowercase();
    for row in rows {
        let value = format!("\t{}\t{}\t", row["key"], row["name"]).to_lowercase();
        assert!(!templates.contains(&value), "a policy sets {}: it belongs to the rules", row["name"]);
    }
    assert!(templates.contains("\tsoftware\\microsoft\\windows\\currentversion\\policies\\system\thidefastuserswitching\t"));
}

#[test]
fn wine_imports_the_registry_file_and_exports_the_same() {
    if !consumer::have("wine", Command::new("wine").arg("--version").stdin(Stdio::null())) {
        return;
    }
    let file = artifacts(&standard()).into_iter().find(|artifact| artifact.path == "workstation/windows/registry.reg").unwrap();
    let prefix = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wine-scripts");
    std::fs::create_dir_all(&prefix).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("in.reg"), &file.bytes).unwrap();
    wine(&prefix, folder.path(), &["import", "in.reg"]);
    let mut found = BTreeMap::new();
    for (key, ..) in table(&standard()) {
        wine(&prefix, folder.path(), &["export", &format!("HKLM\\{key}"), "out.reg", "/y"]);
        let bytes = std::fs::read(folder.path().join("out.reg")).unwrap();
        let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
        found.extend(values(&String::from_utf16(&units).unwrap()));
    }
    for (key, name, kind, data) in table(&standard()) {
        let place = (key.to_lowercase(), name.to_lowercase());
        assert_eq!(found.get(&place), Some(&(kind, data)), "{name}");
    }
}

fn wine(prefix: &Path, folder: &Path, arguments: &[&str]) {
    let status = Command::new("timeout")
        .args(["-k", "5", "120", "wine", "reg"])
        .args(arguments)
        .current_dir(folder)
        .env("WINEPREFIX", prefix)
        .env("WINEDEBUG", "-all")
        .env_remove("DISPLAY")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "wine reg {arguments:?}");
}

/// The values of an export, by key and name.
fn values(text: &str) -> BTreeMap<(String, String), (String, String)> {
    let joined = text.replace("\\\r\n", "").replace("\\\n", "");
    let (mut key, mut found) = (String::new(), BTreeMap::new());
    for line in joined.lines() {
        if let Some(name) = line.strip_prefix("[HKEY_LOCAL_MACHINE\\").and_then(|line| line.strip_suffix(']')) {
            key = name.to_lowercase();
        } else if let Some((name, data)) = line.strip_prefix('"').and_then(|line| line.split_once("\"=")) {
            let value = if let Some(number) = data.strip_prefix("dword:") {
                ("DWord".to_owned(), u32::from_str_radix(number, 16).unwrap().to_string())
            } else if let Some(bytes) = data.strip_prefix("hex(1):") {
                let bytes: Vec<u8> = bytes.split(',').map(|byte| u8::from_str_radix(byte.trim(), 16).unwrap()).collect();
                let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
                ("String".to_owned(), String::from_utf16(&units).unwrap().trim_end_matches('\0').to_owned())
            } else if let Some(text) = data.strip_prefix('"').and_then(|data| data.strip_suffix('"')) {
                ("String".to_owned(), unescaped(text))
            } else {
                continue;
            };
            found.insert((key.clone(), name.to_lowercase()), value);
        }
    }
    found
}

/// A quoted text of an export, which spells line ends as wine does.
fn unescaped(text: &str) -> String {
    let (mut read, mut letters) = (String::new(), text.chars());
    while let Some(letter) = letters.next() {
        read.push(match letter {
            '\\' => match letters.next().unwrap() {
                'n' => '\n',
                'r' => '\r',
                other => other,
            },
            plain => plain,
        });
    }
    read
}
