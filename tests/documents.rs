//! What the documents say, held against the program: every plan shown in the README is a good one, every link leads to a
//! file, and the table of exit codes is the program's.

use std::path::Path;

use assert_cmd::Command;

const README: &str = include_str!("../README.md");

/// The texts between two fences of a language.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    text.split(fence.as_str()).skip(1).map(|rest| rest.split("```").next().expect("split gives a part")).collect()
}

#[test]
fn plans_of_the_readme_are_without_errors_and_warnings() {
    let plans = blocks(README, "yaml");
    assert!(plans.len() >= 2, "the README shows plans");
    for plan in plans {
        let run = Command::cargo_bin("groundplan")
            .expect("cargo builds it")
            .args(["check", "-", "--today", "2026-10-01", "--format", "json"])
            .write_stdin(plan)
            .assert()
            .success();
        let findings: serde_json::Value = serde_json::from_slice(&run.get_output().stdout).expect("JSON");
        let levels: Vec<&str> =
            findings["findings"].as_array().expect("a list").iter().filter_map(|finding| finding["level"].as_str()).collect();
        assert!(!levels.is_empty() && !levels.iter().any(|level| ["error", "warning"].contains(level)), "{plan}\n{findings:#}");
    }
}

#[test]
fn links_lead_to_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for page in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "benches/README.md", "baselines/README.md"] {
        let text = std::fs::read_to_string(root.join(page)).expect("the page is there");
        let folder = root.join(page);
        let folder = folder.parent().expect("a page lies in a folder");
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if !target.starts_with("https://") && !target.starts_with('#') {
                seen += 1;
                assert!(folder.join(target).exists(), "{page} links to {target}");
            }
        }
    }
    assert!(seen >= 5, "the pages link to each other");
}

#[test]
fn exit_codes_are_those_of_the_readme() {
    let told: Vec<u8> = README
        .split("| exit code |")
        .nth(1)
        .expect("the table")
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .filter_map(|line| line.split('|').nth(1)?.trim().parse().ok())
        .collect();
    assert_eq!(told, [0, 1, 2, 3, 4]);
    let code = |arguments: &[&str], input: &str| {
        let run = Command::cargo_bin("groundplan").expect("cargo builds it").args(arguments).write_stdin(input).assert();
        run.get_output().status.code()
    };
    let plan = blocks(README, "yaml")[0];
    assert_eq!(code(&["check", "-"], plan), Some(0));
    assert_eq!(code(&["check", "-"], &format!("{plan}no_such_key: 1\n")), Some(1));
    assert_eq!(code(&["check", "--no-such-flag"], plan), Some(2));
    assert_eq!(code(&["generate", "-"], plan), Some(2));
    assert_eq!(code(&["check", "/no/such/plan.yaml"], plan), Some(3));
}
