//! The built-in catalogue loads without a finding, and everything in it rests on a requirement.

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
