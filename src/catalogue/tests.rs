//! The built-in catalogue loads without a finding; areas of hardening extend `lock`, and say when they cannot.

use std::fs;

use super::{Catalogue, load_catalogue};
use crate::baselines::Baselines;
use crate::diag::Finding;

#[test]
fn the_catalogue_that_is_built_in_has_no_findings() {
    if let Err(findings) = load_catalogue(&Baselines::embedded()) {
        panic!("{}", crate::diag::text::render(&findings, false));
    }
}

/// The catalogue with one file of an organisation's own.
fn with_file(path: &str, text: &str) -> Result<Catalogue, Vec<Finding>> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, text).unwrap();
    load_catalogue(&Baselines::embedded().with_overlay(folder.path()).unwrap())
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
