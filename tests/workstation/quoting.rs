//! Hostile texts reach every shell as data.

use std::io::Write as _;
use std::process::{Command, Stdio};

use groundplan::emit::workstation::Language;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::machine::{PLATFORMS, have, scripts, with, write_out};

const SHELLS: [(&str, &[&str]); 5] = [("dash", &[]), ("bash", &[]), ("zsh", &[]), ("mksh", &[]), ("busybox", &["sh"])];

/// One text of every kind that breaks some quoting somewhere.
const HOSTILE: [&str; 22] = [
    "'",
    "''''",
    "'; touch /tmp/groundplan-pwned; '",
    "$(touch /tmp/groundplan-pwned)",
    "`touch /tmp/groundplan-pwned`",
    "${IFS}$HOME$$",
    "\\",
    "\\'",
    "\"",
    "-n",
    "--",
    "!! !$ ^a^b",
    "%s%n\\n",
    "* ? [a-z] ~ {a,b}",
    "#x",
    "a\nb\n",
    "a\r\nb\r",
    "{{ role }} {% raw %} {#",
    "\u{feff}x",
    "\u{202e}evil\u{2066}",
    "\u{85}\u{2028}\u{7f}\u{1b}[31m\u{1}",
    "\u{2018}\u{2019}\u{201a}\u{201b} ü 😀 \u{ff07}",
];

/// Texts that mix the characters shells care for with any others.
fn texts(count: usize) -> Vec<String> {
    let piece = prop_oneof![
        4 => "['\"\\\\$`!*?~#&|;<>(){}\\[\\]%=^ \\t\\n\\r-]",
        2 => "[a-z0-9]{1,3}",
        1 => any::<char>().prop_filter("the one that is refused", |c| *c != '\0').prop_map(String::from),
        1 => proptest::sample::select(HOSTILE.to_vec()).prop_map(str::to_owned),
    ];
    let strategy = proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat());
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let generated = (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current());
    HOSTILE.iter().map(|&text| text.to_owned()).chain(generated).collect()
}

fn shell(name: &str, arguments: &[&str], script: &[u8]) -> Vec<u8> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(script).unwrap();
    let output = Command::new("timeout")
        .args(["-k", "2", "30", name])
        .args(arguments)
        .arg(file.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn every_shell_reads_back_what_was_quoted() {
    let texts = texts(600);
    let mut script = Vec::new();
    let mut expected = Vec::new();
    for text in &texts {
        let quoted = Language::Shell.quote(text).unwrap();
        writeln!(script, "x={quoted}\nprintf '%s\\0' \"$x\" {quoted}").unwrap();
        for _ in 0..2 {
            expected.extend_from_slice(text.as_bytes());
            expected.push(0);
        }
    }
    for (name, arguments) in SHELLS {
        if have(&[name]) {
            assert!(shell(name, arguments, &script) == expected, "{name} read something else");
        }
    }
    assert!(!std::path::Path::new("/tmp/groundplan-pwned").exists());
}

#[test]
fn the_scripts_show_hostile_names_as_they_are() {
    for text in HOSTILE.iter().filter(|text| !text.contains(['\n', '\r'])) {
        let plan = with(&[("organisation", (*text).into()), ("role", (*text).into()), ("notice", (*text).into())]);
        let artifacts: Vec<_> = PLATFORMS.iter().flat_map(|platform| scripts(platform, &plan)).collect();
        let folder = write_out(&artifacts);
        for (name, arguments) in SHELLS {
            if !have(&[name]) {
                continue;
            }
            for script in artifacts.iter().map(|artifact| &artifact.path) {
                let output = Command::new(name)
                    .args(arguments)
                    .arg(folder.path().join(script))
                    .arg("--about")
                    .stdin(Stdio::null())
                    .output()
                    .unwrap();
                assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{text}\n{text}\n"), "{name} {script}");
                assert_eq!(output.status.code(), Some(0), "{name} {script}: {}", String::from_utf8_lossy(&output.stderr));
            }
        }
    }
    assert!(!std::path::Path::new("/tmp/groundplan-pwned").exists());
}
