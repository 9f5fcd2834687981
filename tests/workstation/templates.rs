//! The rendered scripts as text: linted, parsed by every shell, refused when incomplete.

use std::process::Command;

use groundplan::baselines::Baselines;
use groundplan::emit::EmitError;
use groundplan::emit::workstation::{Language, RenderError, render};
use groundplan::value::Value;
use groundplan::vendor::workstation::Parameters;

use super::machine::{PLATFORMS, checked, have, scripts, standard, with, write_out};

/// Plans that turn every branch of the templates both ways.
fn plans() -> Vec<Vec<(&'static str, Value)>> {
    let open = ["automatic_sign_in", "guest_sign_in", "stored_sign_in", "switch_user", "user_list"]
        .map(|name| (name, Value::Flag(true)));
    let closed = ["private_homes", "thunderbird"].map(|name| (name, Value::Flag(false)));
    let none = ["lock_after", "sign_out_after", "profile_days"].map(|name| (name, Value::Number(0)));
    let rest = [("keep", "settings".into()), ("notice", "".into()), ("also_clean", Value::List(vec![]))];
    let all: Vec<_> = open.into_iter().chain(closed).chain(none).chain(rest).collect();
    vec![standard(), with(&all), with(&[("accounts", "group".into())]), with(&[("keep", "settings".into())])]
}

/// An overlay that writes the program for sign-out as a file of its own, so that it can be looked at.
fn with_session_as_file(platform: &str) -> (tempfile::TempDir, Baselines) {
    let folder = tempfile::tempdir().unwrap();
    let table = format!("scripts/{platform}/artifacts.tsv");
    let file = folder.path().join(&table);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let table = Baselines::embedded().text(&table).unwrap().to_owned();
    // the same parts, written out under another name
    let parts = table.lines().filter_map(|row| row.strip_prefix("session\tvalue\t"));
    let program: String = parts.map(|part| format!("program\tfile\t{part}\n")).collect();
    let table = table.clone() + &program;
    std::fs::write(file, table).unwrap();
    let baselines = Baselines::embedded().with_overlay(folder.path()).unwrap();
    (folder, baselines)
}

/// The ending of what is written for bats, which is no shell script for another shell.
const SUITE: &str = ".bats";

/// Every script of every platform for every plan, the program for sign-out among them.
fn all_scripts() -> Vec<(tempfile::TempDir, Vec<std::path::PathBuf>)> {
    let mut all = Vec::new();
    for platform in PLATFORMS {
        let (_folder, baselines) = with_session_as_file(platform);
        for plan in plans() {
            let artifacts = render(&checked(platform, &plan), &baselines).unwrap();
            assert!(artifacts.iter().any(|artifact| artifact.path.ends_with("/program")));
            let folder = write_out(&artifacts);
            let scripts = artifacts.iter().filter(|artifact| !artifact.path.ends_with(SUITE));
            let files = scripts.map(|artifact| folder.path().join(&artifact.path)).collect();
            all.push((folder, files));
        }
    }
    all
}

#[test]
fn shellcheck_has_nothing_to_say() {
    if !have(&["shellcheck"]) {
        return;
    }
    for (_folder, files) in all_scripts() {
        // SC2317 and SC2329: functions that only one of the scripts calls; SC2034: their variables;
        // SC2016 and SC1003: a quoted value that holds `$`, backquotes or a backslash is meant to stay as it is
        let output = Command::new("shellcheck")
            .args(["-s", "sh", "-e", "SC2317,SC2329,SC2034,SC2016,SC1003"])
            .args(files)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}

#[test]
fn shellcheck_has_nothing_to_say_of_the_suite() {
    if !have(&["shellcheck"]) {
        return;
    }
    let suites = scripts("linux", &standard()).into_iter().filter(|artifact| artifact.path.ends_with(SUITE));
    let suites: Vec<_> = suites.collect();
    assert_eq!(suites.len(), 1);
    let folder = write_out(&suites);
    let output = Command::new("shellcheck").args(["-s", "bats"]).arg(folder.path().join(&suites[0].path)).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn every_shell_parses_the_scripts() {
    let all = all_scripts();
    for shell in ["dash", "bash", "zsh", "mksh", "busybox"] {
        if !have(&[shell]) {
            continue;
        }
        for script in all.iter().flat_map(|(_, files)| files) {
            let applet: &[&str] = if shell == "busybox" { &["sh"] } else { &[] };
            let output = Command::new(shell).args(applet).arg("-n").arg(script).output().unwrap();
            assert!(output.status.success(), "{shell} {}: {}", script.display(), String::from_utf8_lossy(&output.stderr));
        }
    }
}

/// Programs and options that a Mac does not have, or has with another meaning; a stand-in of a test would not tell.
#[test]
fn the_scripts_for_macs_use_nothing_of_gnu_or_linux() {
    const FOREIGN: [&str; 21] = [
        "flock",
        "getent",
        "loginctl",
        "realpath",
        "runuser",
        "setfacl",
        "setpriv",
        "sha256sum",
        "systemctl",
        "tac",
        "timeout",
        "useradd",
        "stat -c",
        "mv -T",
        "-f -T",
        "cp -a",
        "--preserve",
        "sync --",
        "readlink -f",
        "sed -i",
        "-printf",
    ];
    let found = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
        let words = |line: &str| {
            let line = format!(" {} ", line.replace(|c: char| "\t;|&(){}\"`$".contains(c), " "));
            FOREIGN
                .iter()
                .any(|foreign| line.contains(&format!(" {foreign} ")) || (foreign.contains("--p") && line.contains(foreign)))
        };
        lines.filter(|line| words(line)).map(str::to_owned).collect()
    };
    assert_eq!(
        found("x=$(timeout 5 who)\n# timeout\n  cp --preserve=all a b"),
        ["x=$(timeout 5 who)", "  cp --preserve=all a b"]
    );
    for artifact in scripts("macos", &standard()) {
        let text = String::from_utf8(artifact.bytes).unwrap();
        assert_eq!(found(&text), [""; 0], "{}", artifact.path);
    }
}

#[test]
fn values_stand_only_where_a_word_can_stand() {
    let baselines = Baselines::embedded();
    let mut seen = 0;
    for (path, bytes) in baselines.below("scripts/") {
        let Ok(text) = std::str::from_utf8(bytes) else { panic!("{path} is no text") };
        if Language::of(path) != Some(Language::Shell) {
            continue;
        }
        let mut here_document: Option<String> = None;
        for (number, line) in text.lines().enumerate() {
            let at = format!("{path}:{}: {line}", number + 1);
            if let Some(end) = &here_document {
                assert!(!line.contains("{{"), "a value in a here-document: {at}");
                if line == end {
                    here_document = None;
                }
                continue;
            }
            if let Some((_, mark)) = line.split_once("<<") {
                here_document = Some(mark.trim_matches('\'').to_owned());
            }
            for (start, _) in line.match_indices("{{") {
                seen += 1;
                let before = &line[..start];
                let end = start + line[start..].find("}}").unwrap_or_else(|| panic!("not closed: {at}")) + 2;
                assert!(!before.trim_start().starts_with('#'), "a value in a comment: {at}");
                let quotes = strip_templates(before).matches(['\'', '"', '`']).count();
                assert!(quotes.is_multiple_of(2), "a value inside quotation marks: {at}");
                assert!(before.is_empty() || before.ends_with([' ', '=', '}']), "a value inside a word: {at}");
                let after = &line[end..];
                assert!(
                    after.is_empty() || after.starts_with([' ', '{']) || after.starts_with("min"),
                    "a value inside a word: {at}"
                );
            }
        }
        assert!(here_document.is_none(), "{path}: a here-document without end");
    }
    assert!(seen > 20, "the templates hold values");
}

/// The text without what stands between template marks.
fn strip_templates(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("{%").or_else(|| rest.find("{{")) {
        plain.push_str(&rest[..start]);
        let end = rest[start..].find("%}").or_else(|| rest[start..].find("}}")).map_or(rest.len(), |end| start + end + 2);
        rest = &rest[end..];
    }
    plain + rest
}

#[test]
fn equal_parameters_in_any_order_give_equal_bytes() {
    let mut reversed = checked("linux", &standard());
    reversed.reverse();
    assert_eq!(render(&reversed, &Baselines::embedded()).unwrap(), scripts("linux", &standard()));
    let all = PLATFORMS.iter().flat_map(|platform| scripts(platform, &standard()));
    let names: Vec<_> = all.map(|artifact| (artifact.path, artifact.executable)).collect();
    let wanted = [
        "linux/apply",
        "linux/check",
        "linux/undo",
        "linux/tests.bats",
        "macos/apply",
        "macos/check",
        "macos/jamf-attribute",
        "macos/undo",
    ];
    assert_eq!(names, wanted.map(|name| (format!("workstation/{name}"), true)));
}

#[test]
fn no_parameters_give_no_script() {
    assert_eq!(render(&[], &Baselines::embedded()).unwrap(), []);
}

#[test]
fn every_required_parameter_is_missed() {
    let known = Parameters::load(&Baselines::embedded()).unwrap();
    for (left_out, _) in standard() {
        let rest: Vec<_> = standard().into_iter().filter(|(name, _)| *name != left_out).collect();
        let result = render(&checked("linux", &rest), &Baselines::embedded());
        if known.describe(&format!("linux:{left_out}")).unwrap().required {
            assert!(matches!(result, Err(RenderError::Missing { name, .. }) if name == left_out));
        } else {
            result.unwrap();
        }
    }
}

#[test]
fn nul_and_two_values_are_refused() {
    let mut parameters = checked("linux", &standard());
    let mut second = parameters[0].clone();
    second.value = "group".into();
    parameters.push(second);
    let error = render(&parameters, &Baselines::embedded()).unwrap_err();
    assert!(matches!(error, RenderError::Value(EmitError::Twice { place }) if place == "linux:accounts"));

    let error = render(&checked("linux", &with(&[("notice", "a\0b".into())])), &Baselines::embedded()).unwrap_err();
    assert!(matches!(error, RenderError::Value(EmitError::Character { setting, character: 0, .. }) if setting == "linux:notice"));
    let mut parameters = checked("linux", &standard());
    parameters[0].name = "acounts".into();
    assert!(matches!(render(&parameters, &Baselines::embedded()), Err(RenderError::Unknown { .. })));
}

#[test]
fn a_template_can_write_nothing_raw() {
    for (template, refused) in
        [("x={{ role | safe }}\n", false), ("x={{ also_clean }}\n", true), ("x={{ nothing_such }}\n", true)]
    {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("scripts/linux")).unwrap();
        std::fs::write(folder.path().join("scripts/linux/apply.sh"), template).unwrap();
        let baselines = Baselines::embedded().with_overlay(folder.path()).unwrap();
        let result = render(&checked("linux", &with(&[("role", "a'; id; '".into())])), &baselines);
        if refused {
            assert!(matches!(result, Err(RenderError::Template { .. })), "{template}");
        } else {
            let apply = String::from_utf8(result.unwrap()[0].bytes.clone()).unwrap();
            assert!(apply.starts_with("x='a'\\''; id; '\\'''\n"), "{apply}");
        }
    }
}
