//! The built-in catalogue loads without a finding, and everything in it rests on a requirement; areas of hardening extend `lock`, and
//! say when they cannot.

use super::{Catalogue, load_catalogue};
use crate::baselines::Baselines;
use crate::diag::{Code, Finding, text};

fn built_in() -> Catalogue {
    load_catalogue(&Baselines::embedded()).unwrap_or_else(|findings| panic!("{}", text::render(&findings, false)))
}

/// The catalogue with files laid over it.
fn laid_over(files: &[(&str, &str)]) -> Result<Catalogue, Vec<Finding>> {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    load_catalogue(&Baselines::embedded().with_overlay(folder.path()).unwrap())
}

#[test]
fn the_catalogue_that_is_built_in_has_no_findings() {
    built_in();
}

#[test]
fn whatever_sets_checks_or_raises_something_cites_a_requirement() {
    let catalogue = built_in();
    let known = &catalogue.requirements;
    let mut without = Vec::new();
    for decision in catalogue.decisions.iter().filter(|decision| !decision.settings.is_empty()) {
        // A setting serves what its decision serves, and its rule says where the value comes from.
        for rule in decision.settings.values().flatten() {
            let by_rule = rule.cite.iter().any(|cite| known.find(cite).is_some());
            if rule.cite.is_empty() || !by_rule && decision.references.values().all(Vec::is_empty) {
                without.push(format!("{}:{} {}", rule.place.file, rule.place.line, rule.name));
            }
        }
    }
    without.extend(catalogue.checks.iter().filter(|check| check.references.is_empty()).map(|check| check.name.clone()));
    without.extend(catalogue.raises.iter().filter(|raise| raise.references.is_empty()).map(|raise| raise.key.clone()));
    for (level, defaults) in &catalogue.presets {
        without.extend(
            defaults.iter().filter(|default| default.references.is_empty()).map(|default| format!("{level}: {}", default.key)),
        );
    }
    assert!(without.is_empty(), "{} without a requirement:\n{}", without.len(), without.join("\n"));
    assert!(known.all().count() > 300);
}

const CHECK: &str = "- check: house-remote
  when: { warning: { content.remote: ask } }
  points_at: [content.remote]
  says: Our rules forbid it.
  help: Answer `never`.
  references: [House 7]
  examples:
    raised: { content: { remote: ask } }
    silent: { content: { remote: never } }
";

#[test]
fn an_organisation_lays_its_own_requirements_beside_the_others() {
    let findings = laid_over(&[("checks/house.yaml", CHECK)]).unwrap_err();
    assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), [Code::CatalogueRequirement]);
    let table = "# Ours.\nHouse 7\town\t2026\tNo pictures from outside\t-\n";
    let catalogue = laid_over(&[("checks/house.yaml", CHECK), ("lists/requirements-house.tsv", table)]).unwrap();
    assert_eq!(catalogue.requirements.find("House 7").unwrap().title, "No pictures from outside");
    assert!(catalogue.requirements.find("M 2.454 §8a").is_some());
}

#[test]
fn a_damaged_table_of_requirements_is_found_by_its_line() {
    for (line, says) in [
        ("House 7\town\t2026\tNo pictures", "a requirement has five fields, divided by tabs, not 4"),
        ("House 7\town\t2026\t\t-", "a field of a requirement is empty; `-` stands for nothing"),
        ("M 5.57\town\t2026\tAgain\t-", "the requirement `M 5.57` stands there twice"),
        ("House 7\tours\t2026\tNo pictures\t-", "there is no standard `ours`: kataloge, "),
    ] {
        let findings = laid_over(&[("lists/requirements-house.tsv", &format!("# Ours.\n{line}\n"))]).unwrap_err();
        let [finding] = findings.as_slice() else { panic!("{findings:?}") };
        assert!(finding.message.starts_with(says), "{}", finding.message);
        let place = finding.place.as_ref().unwrap();
        assert_eq!((place.line_column(), place.text()), ((2, 1), line));
    }
}

/// The catalogue with one file of an organisation's own.
fn with_file(path: &str, text: &str) -> Result<Catalogue, Vec<Finding>> {
    laid_over(&[(path, text)])
}

const AREA: &str = "area: house\nabout: Rules of the house.\nsettings:\n  thunderbird:\n    a.b: { set: true, cite: [a test] }\ngaps:\n  outlook: { reason: It cannot. }\n";

#[test]
fn an_area_extends_the_decision_lock_and_keeps_its_own_place() {
    let catalogue = with_file("hardening/house.yaml", AREA).unwrap();
    let lock = catalogue.decision("lock").unwrap();
    let rule = lock.settings["thunderbird"].iter().find(|rule| rule.name == "a.b").unwrap();
    assert_eq!((rule.place.file.as_str(), rule.place.line), ("hardening/house.yaml", 5));
    assert!(lock.gaps["outlook"].iter().any(|gap| gap.reason == "It cannot."));
    assert!(lock.settings["thunderbird"].iter().any(|rule| rule.place.file.starts_with("decisions/")));
}

#[test]
fn an_area_under_another_name_or_with_an_unknown_key_is_refused() {
    let messages = |path, text: &str| -> Vec<String> {
        with_file(path, text).unwrap_err().into_iter().map(|finding| finding.message).collect()
    };
    assert_eq!(messages("hardening/other.yaml", AREA), ["the area `house` stands in `hardening/house.yaml`"]);
    let unknown = AREA.replace("gaps:\n  outlook: { reason: It cannot. }", "does_not_apply:\n  outlook: It is paper.");
    assert_eq!(messages("hardening/house.yaml", &unknown), ["there is no key `does_not_apply` here"]);
    assert_eq!(
        messages("hardening/house.yaml", &AREA.replace("about: Rules of the house.\n", "")),
        ["the key `about` is missing"]
    );
}

#[test]
fn one_reason_speaks_for_every_client_that_has_none_of_its_own() {
    let text = "decision: house\nnumber: 999\nquestion: Whose house is it?\nshape: text\ndefault: ~\ndoes_not_apply:\n  all: It is paper.\n  outlook: It is another paper.\n";
    let catalogue = with_file("decisions/house/house.yaml", text).unwrap();
    let reasons = &catalogue.decision("house").unwrap().does_not_apply;
    assert_eq!(reasons.len(), catalogue.clients.len());
    assert_eq!((reasons["outlook"].as_str(), reasons["thunderbird"].as_str()), ("It is another paper.", "It is paper."));
}

/// What is found when one file is laid over the content.
fn found(path: &str, text: &str) -> Vec<String> {
    with_file(path, text).err().unwrap_or_default().into_iter().map(|finding| finding.message).collect()
}

#[test]
fn a_list_of_the_environment_names_clients_variables_and_answers() {
    let list =
        |line: &str| found("lists/environment.yaml", &format!("- client: thunderbird\n  name: [USER]\n  source: x\n{line}"));
    assert_eq!(list(""), Vec::<String>::new());
    assert_eq!(list("- client: thunderbrd\n  name: [USER]\n  source: x\n"), ["there is no client `thunderbrd`"]);
    for name in ["[]", "['USER\") + (\"']", "['']", "[1USER]", "[a b]"] {
        let said = list(&format!("- client: outlook\n  name: {name}\n  source: x\n"));
        assert_eq!(said, ["`name` and `full_name` are lists of variables: letters, digits and `_`"], "{name}");
        let said = list(&format!("- client: outlook\n  name: [USER]\n  full_name: {name}\n  source: x\n"));
        assert_eq!(said.len(), usize::from(name != "[]"), "{name}");
    }
    assert_eq!(list("  email: \"${user.name}@${servers.imap}\"\n"), ["`servers.imap` is not always answered"]);
    assert_eq!(list("  mail: x\n"), ["there is no key `mail` here"]);
}

#[test]
fn a_condition_asks_for_a_list_of_hosts_that_there_is() {
    let text = "- hosts: own\n  domains: [example.org]\n  source: x\n";
    let said = found("lists/hosts.yaml", text);
    assert!(!said.is_empty() && said.iter().all(|one| one == "there is no such list"), "{said:?}");
}
