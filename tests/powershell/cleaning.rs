//! What goes and what stays after sign-out: the calls in the installed program are those of the tables, carried out here on
//! real files, and what may stay in a profile of Thunderbird or Firefox is the same on every platform.

use std::collections::BTreeSet;
use std::path::Path;

use groundplan::baselines::Baselines;
use groundplan::value::Value;
use groundplan::vendor::workstation::read_table;

use super::lexer::{Token, tokens};
use super::plans::{Plan, scripts, scripts_with, with};

/// One call of the program: function, relative path, names that stay; the condition before it is resolved.
struct Call {
    function: String,
    path: String,
    names: Vec<String>,
}

/// The calls of `Clear-Profile` for a person of whom nothing (`long_gone`) or what is planned may stay.
fn calls(scripts: Vec<(String, String)>, long_gone: bool) -> Vec<Call> {
    let (_, script) = scripts.into_iter().find(|(name, _)| name == "session.ps1").unwrap();
    let found = tokens(&script).unwrap();
    let text = |name: &str| super::quoting::assigned(&found, name).unwrap();
    let group = text("accounts") == "group";
    let settings = text("planned") == "settings" && !group && !long_gone;
    let flag = [Token::Mark('$'), Token::Word("stored".into()), Token::Mark('='), Token::Mark('$')];
    let at = found.windows(4).position(|four| four == flag).unwrap();
    let stored = found[at + 4] == Token::Word("true".into()) && !group;

    let start = script.find("function Clear-Profile").unwrap();
    let body = &script[start..start + script[start..].find("\n}\n").unwrap()];
    let (mut calls, mut names) = (Vec::new(), Vec::new());
    for line in body.lines().skip(1).map(str::trim) {
        let texts = |line: &str| -> Vec<String> {
            let verbatim = tokens(line).unwrap().into_iter().filter_map(|token| match token {
                Token::Verbatim(text) => Some(text),
                _ => None,
            });
            verbatim.collect()
        };
        let (holds, call) = match line {
            "if ($Keep -cne 'settings') {" if !settings => return calls,
            "if ($Keep -cne 'settings') {" | "return" | "}" => continue,
            _ if line.starts_with("$names = @(") => {
                names = texts(line);
                continue;
            }
            _ => match line.strip_prefix("if (").and_then(|line| line.strip_suffix(" }")?.split_once(") { ")) {
                Some(("$Keep -cne 'settings'", call)) => (!settings, call),
                Some(("-not $stored -or $Keep -cne 'settings'", call)) => (!stored || !settings, call),
                Some((other, _)) => panic!("the condition {other}"),
                None => (true, line),
            },
        };
        if holds {
            let (function, rest) = call.split_once(" $Base ").unwrap();
            let mut given = texts(rest);
            let path = given.remove(0);
            let given = if rest.ends_with("$names") { names.clone() } else { given };
            calls.push(Call { function: function.to_owned(), path, names: given });
        }
    }
    calls
}

/// Carries the calls out, as the functions of `wipe.ps1` say.
fn carry_out(calls: &[Call], home: &Path) {
    let limit = |folder: &Path, names: &[String]| {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
            let is_folder = entry.file_type().unwrap().is_dir();
            let name = entry.file_name().into_string().unwrap();
            let stays = names.iter().any(|known| known.eq_ignore_ascii_case(&name) || (known == "*/" && is_folder));
            if !stays {
                remove(&entry.path());
            }
        }
    };
    for Call { function, path, names } in calls {
        let path = home.join(path.replace('\\', "/"));
        match function.as_str() {
            _ if !path.exists() => {}
            "Limit-Below" if path.is_dir() => limit(&path, names),
            "Clear-Below" | "Limit-Below" => remove(&path),
            "Limit-Each" => {
                for folder in std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
                    limit(&folder, names);
                }
            }
            other => panic!("the function {other}"),
        }
    }
}

fn remove(path: &Path) {
    if path.is_dir() { std::fs::remove_dir_all(path).unwrap() } else { std::fs::remove_file(path).unwrap() }
}

const FILES: [&str; 23] = [
    "AppData/Local/Google/Chrome/User Data/Default/Cookies",
    "AppData/Local/Microsoft/Credentials/c",
    "AppData/Local/Microsoft/Olk/mail",
    "AppData/Local/Microsoft/Outlook/a@example.org.ost",
    "AppData/Local/Microsoft/TokenBroker/t",
    "AppData/Local/Microsoft/Windows/INetCache/Content.Outlook/X/offer.pdf",
    "AppData/Local/Temp/offer.pdf",
    "AppData/Local/Thunderbird/Profiles/x/cache2/entries",
    "AppData/Roaming/Microsoft/Outlook/profile.srs",
    "AppData/Roaming/Microsoft/Signatures/s.htm",
    "AppData/Roaming/Microsoft/Word/kept",
    "AppData/Roaming/Thunderbird/Crash Reports/c",
    "AppData/Roaming/Thunderbird/Profiles/stray",
    "AppData/Roaming/Thunderbird/Profiles/x/ImapMail/INBOX",
    "AppData/Roaming/Thunderbird/Profiles/x/abook.sqlite",
    "AppData/Roaming/Thunderbird/Profiles/x/extensions/a.xpi",
    "AppData/Roaming/Thunderbird/Profiles/x/key4.db",
    "AppData/Roaming/Thunderbird/Profiles/x/logins.json",
    "AppData/Roaming/Thunderbird/Profiles/x/prefs.js",
    "AppData/Roaming/Thunderbird/profiles.ini",
    "Documents/letter",
    "Downloads/offer.pdf",
    "NTUSER.DAT",
];

fn left(plan: &Plan, long_gone: bool) -> BTreeSet<&'static str> {
    left_by(scripts(plan), long_gone)
}

fn left_by(scripts: Vec<(String, String)>, long_gone: bool) -> BTreeSet<&'static str> {
    let home = tempfile::tempdir().unwrap();
    for file in FILES {
        let path = home.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "x").unwrap();
    }
    carry_out(&calls(scripts, long_gone), home.path());
    FILES.into_iter().filter(|file| home.path().join(file).exists()).collect()
}

const NOTHING: [&str; 3] = ["AppData/Roaming/Microsoft/Word/kept", "Documents/letter", "NTUSER.DAT"];
const SETTINGS: [&str; 5] = [
    "AppData/Roaming/Microsoft/Outlook/profile.srs",
    "AppData/Roaming/Microsoft/Signatures/s.htm",
    "AppData/Roaming/Thunderbird/Profiles/x/extensions/a.xpi",
    "AppData/Roaming/Thunderbird/Profiles/x/prefs.js",
    "AppData/Roaming/Thunderbird/profiles.ini",
];
const SIGN_IN: [&str; 4] = [
    "AppData/Local/Microsoft/Credentials/c",
    "AppData/Local/Microsoft/TokenBroker/t",
    "AppData/Roaming/Thunderbird/Profiles/x/key4.db",
    "AppData/Roaming/Thunderbird/Profiles/x/logins.json",
];

#[test]
fn what_stays_after_sign_out_follows_the_plan() {
    let settings = ("keep", Value::from("settings"));
    let stored = ("stored_sign_in", Value::Flag(true));
    let set = |parts: &[&[&'static str]]| parts.concat().into_iter().collect::<BTreeSet<_>>();
    assert_eq!(left(&with(&[]), false), set(&[&NOTHING]));
    assert_eq!(left(&with(std::slice::from_ref(&settings)), false), set(&[&NOTHING, &SETTINGS]));
    assert_eq!(left(&with(&[settings.clone(), stored.clone()]), false), set(&[&NOTHING, &SETTINGS, &SIGN_IN]));
    // whoever has not come for long, and a common account, keep nothing
    assert_eq!(left(&with(&[settings.clone(), stored.clone()]), true), set(&[&NOTHING]));
    assert_eq!(left(&with(&[settings, stored, ("accounts", "group".into())]), false), set(&[&NOTHING]));
}

#[test]
fn a_row_that_is_missing_or_says_something_else_leaves_other_files() {
    let table = Baselines::embedded().text("scripts/windows/clean.tsv").unwrap().to_owned();
    let plan = with(&[("keep", Value::from("settings"))]);
    let right = left(&plan, false);
    for folder in ["AppData\\Local\\Temp", "AppData\\Local\\Microsoft\\Outlook", "AppData\\Roaming\\Thunderbird\\Profiles"] {
        let without: Vec<&str> = table.lines().filter(|line| line.split('\t').nth(1) != Some(folder)).collect();
        assert!(without.len() < table.lines().count());
        let left = left_by(scripts_with(&plan, "clean.tsv", &(without.join("\n") + "\n")), false);
        assert!(left.is_superset(&right) && left != right, "{folder}: {left:?}");
    }
    let stricter =
        table.replace("nothing\tAppData\\Roaming\\Microsoft\\Signatures", "always\tAppData\\Roaming\\Microsoft\\Signatures");
    let left = left_by(scripts_with(&plan, "clean.tsv", &stricter), false);
    assert!(left.is_subset(&right) && left != right, "{left:?}");
}

#[test]
fn the_same_stays_in_a_profile_on_every_platform() {
    let baselines = Baselines::embedded();
    let (mut tables, mut others) = (0, BTreeSet::new());
    for (path, _) in baselines.below("scripts/").filter(|(path, _)| !path.starts_with("scripts/windows/")) {
        if path.ends_with("/profile.tsv") {
            others.extend(
                read_table(&baselines, path).unwrap().into_iter().map(|row| (row["when"] == "sign-in", row["name"].clone())),
            );
            tables += 1;
        } else if path.ends_with("/clean.tsv") {
            let inner = read_table(&baselines, path).unwrap().into_iter().filter(|row| row["folder"].ends_with("/*"));
            others.extend(inner.map(|row| (row["when"] == "except-sign-in", row["name"].clone())));
            tables += 1;
        }
    }
    let own = read_table(&baselines, "scripts/windows/profile.tsv").unwrap();
    let own: BTreeSet<_> = own.into_iter().map(|row| (row["when"] == "sign-in", row["name"].clone())).collect();
    assert!(tables > 0 && own == others, "{:?}", own.symmetric_difference(&others));
}

#[test]
fn every_row_of_the_table_reaches_the_program() {
    let rows = read_table(&Baselines::embedded(), "scripts/windows/clean.tsv").unwrap();
    let plan = with(&[("keep", Value::from("settings"))]);
    let (_, script) = scripts(&plan).into_iter().find(|(name, _)| name == "session.ps1").unwrap();
    for row in &rows {
        assert!(script.contains(&format!("'{}'", row["folder"])), "{}", row["folder"]);
        let relative = row["when"] == "named" || !row["folder"].contains("..") && !row["folder"].starts_with('\\');
        assert!(relative && !row["folder"].contains([':', '/', '*', '?']), "{}", row["folder"]);
        assert!(["always", "nothing", "stored", "inside", "named", "except", "profiles"].contains(&row["when"].as_str()));
    }
}
