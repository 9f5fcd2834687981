//! What people read when something is wrong: one plan for every finding code, and the text that the program prints.
//!
//! A plan lies in `tests/messages/<code>.yaml` (`::` is a dot there); a folder of the same name is laid over the content.
//! The program itself is run, and of what it prints the findings of that code are held against the snapshot beside the plan.
//! A snapshot is read like prose before it is accepted: is it clear, is the place right, does the help help?

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use groundplan::diag::Code;
use serde_json::Value;

const TODAY: &str = "2026-11-01";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages")
}

fn file_name(code: Code) -> String {
    code.name().replace("::", ".")
}

/// Plans that are too large to lie in the repository.
fn generated(code: Code) -> Option<String> {
    let head = "organisation: Example\ndomains: [example.org]\nclients: [thunderbird]\nservers: { imap: imap.example.org, smtp: smtp.example.org }\n";
    match code {
        Code::SourceTooLarge => Some(format!("{head}# {}\n", "x".repeat(1 << 20))),
        Code::SourceTooDeep => Some(format!("{head}sites: {}a{}\n", "[".repeat(40), "]".repeat(40))),
        Code::PlanLimit => {
            let mut plan = format!("{head}roles:\n");
            (0..10_001).for_each(|role| writeln!(plan, "  role-{role}:").expect("writing to a String cannot fail"));
            Some(plan)
        }
        _ => None,
    }
}

/// Runs `check` on the plan of a code.
fn check(code: Code, format: &str) -> std::process::Output {
    let name = file_name(code);
    let mut at = folder();
    if let Some(plan) = generated(code) {
        at = Path::new(env!("CARGO_TARGET_TMPDIR")).join("messages");
        fs::create_dir_all(&at).expect("the target folder is writable");
        fs::write(at.join(format!("{name}.yaml")), plan).expect("the target folder is writable");
    }
    let mut command = Command::cargo_bin("groundplan").expect("cargo builds the program");
    command.current_dir(&at).args(["check", &format!("{name}.yaml"), "--today", TODAY, "--color", "never", "--format", format]);
    if at.join(&name).is_dir() {
        command.args(["--baselines", &name]);
    }
    command.output().expect("the program starts")
}

/// The findings of this code as the program prints them.
fn printed(code: Code) -> String {
    let output = check(code, "text");
    let text = String::from_utf8(output.stdout).expect("stdout is UTF-8");
    // Many checks hold for a small plan; one of them stands for all.
    let name = if code == Code::Check { "check::content-write-read" } else { code.name() };
    let wanted = format!("[{name}]");
    let of_code = |block: &&str| block.lines().next().unwrap_or_default().contains(&wanted);
    let found: Vec<&str> = text.split("\n\n").filter(of_code).collect();
    assert!(!found.is_empty(), "`{}` is not raised:\n{text}", code.name());
    let errors = found.iter().any(|block| block.starts_with("error"));
    if errors {
        assert_eq!(output.status.code(), Some(1), "{text}");
    }
    found.join("\n\n")
}

macro_rules! messages {
    ($($test:ident $code:ident)*) => {
        const COVERED: &[Code] = &[$(Code::$code),*];
        $(#[test] fn $test() {
            let code = Code::$code;
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path("messages");
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings.set_description(code.means());
            settings.bind(|| insta::assert_snapshot!(file_name(code), printed(code)));
        })*
    };
}

messages! {
    too_large SourceTooLarge
    not_utf8 SourceNotUtf8
    character SourceCharacter
    not_normalised SourceNotNormalised
    syntax SourceSyntax
    document SourceDocument
    alias SourceAlias
    duplicate_key SourceDuplicateKey
    key SourceKey
    too_deep SourceTooDeep
    unknown_key PlanUnknownKey
    unknown_answer PlanUnknownAnswer
    wrong_type PlanWrongType
    missing PlanMissing
    value PlanValue
    repeated PlanRepeated
    name PlanName
    role PlanRole
    unknown_role PlanUnknownRole
    unknown_check PlanUnknownCheck
    unknown_decision PlanUnknownDecision
    secret PlanSecret
    limit PlanLimit
    version PlanVersion
    spelling PlanSpelling
    certificate PlanCertificate
    acceptance_expired PlanAcceptanceExpired
    acceptance_idle PlanAcceptanceIdle
    named_check Check
    catalogue_file CatalogueFile
    catalogue_form CatalogueForm
    catalogue_duplicate CatalogueDuplicate
    catalogue_reference CatalogueReference
    catalogue_requirement CatalogueRequirement
    catalogue_setting CatalogueSetting
    catalogue_example CatalogueExample
    conflict BaselineConflict
    deprecated BaselineDeprecated
    setting BaselineSetting
}

/// Findings that are not about a plan: their text is held in `tests/vendor.rs`.
const ABOUT_VENDOR_FILES: &[Code] = &[Code::VendorFile, Code::VendorMissing, Code::VendorChanged, Code::VendorVersion];

#[test]
fn every_code_has_a_message_of_its_own() {
    for code in Code::ALL.iter().filter(|code| !ABOUT_VENDOR_FILES.contains(code)) {
        assert_eq!(COVERED.iter().filter(|covered| *covered == code).count(), 1, "{}", code.name());
        assert_eq!(generated(*code).is_some(), !folder().join(format!("{}.yaml", file_name(*code))).is_file(), "{}", code.name());
    }
}

#[test]
fn all_codes_with_their_meaning() {
    let output = Command::cargo_bin("groundplan").unwrap().args(["list", "codes"]).output().unwrap();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("messages");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("all-codes", String::from_utf8(output.stdout).unwrap()));
}

#[test]
fn json_says_where_in_numbers() {
    let found: Value = serde_json::from_slice(&check(Code::SourceDuplicateKey, "json").stdout).unwrap();
    let expected = serde_json::json!({
        "version": 1,
        "findings": [{
            "code": "source::duplicate-key",
            "level": "error",
            "message": "the key `read_as` stands twice in one map",
            "place": { "file": "source.duplicate-key.yaml", "line": 8, "column": 3, "bytes": [171, 178] },
            "also": [{
                "place": { "file": "source.duplicate-key.yaml", "line": 6, "column": 3, "bytes": [139, 146] },
                "says": "first",
            }],
            "help": "keep one of them; YAML readers differ in which one they take",
        }],
    });
    assert_eq!(found, expected);
}

#[test]
fn sarif_has_what_code_review_tools_need() {
    let log: Value = serde_json::from_slice(&check(Code::SourceDuplicateKey, "sarif").stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["tool"]["driver"]["name"], "groundplan");
    let rules: Vec<&str> =
        run["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    let result = &run["results"][0];
    assert!(rules.contains(&result["ruleId"].as_str().unwrap()), "{rules:?}");
    assert_eq!(result["level"], "error");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "source.duplicate-key.yaml");
    assert_eq!(place["region"], serde_json::json!({ "startLine": 8, "startColumn": 3, "endLine": 8, "endColumn": 10 }));
    assert_eq!(result["relatedLocations"][0]["message"]["text"], "first");
    // Every result of every plan names a rule, a level of the standard, and whole places.
    for code in COVERED {
        let log: Value = serde_json::from_slice(&check(*code, "sarif").stdout).unwrap();
        let run = &log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let results = run["results"].as_array().unwrap();
        assert!(!results.is_empty());
        for result in results {
            assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]), "{result}");
            assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()), "{result}");
            assert!(!result["message"]["text"].as_str().unwrap().is_empty());
            for location in result["locations"].as_array().into_iter().flatten() {
                let region = &location["physicalLocation"]["region"];
                let number = |key: &str| region[key].as_u64().unwrap();
                assert!(number("startLine") >= 1 && number("startColumn") >= 1, "{result}");
                assert!((number("startLine"), number("startColumn")) <= (number("endLine"), number("endColumn")), "{result}");
            }
        }
    }
}
