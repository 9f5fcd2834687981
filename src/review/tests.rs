//! Explanations hold what the catalogue and the schemas say.

use std::collections::BTreeSet;

use jiff::civil::date;

use super::{Outcome, Page, explain, find, nearest_names, rule_view, text, words};
use crate::baseline::resolve;
use crate::baselines::Baselines;
use crate::catalogue::{Catalogue, Shape, laid_over, load_catalogue, split_placeholder};
use crate::diag::Code;
use crate::plan::{answers_of, read_plan};
use crate::source::{Limits, parse};
use crate::vendor::Schemas;

fn catalogue(baselines: &Baselines) -> Catalogue {
    load_catalogue(baselines).unwrap_or_else(|findings| panic!("{}", crate::diag::text::render(&findings, false)))
}

/// What is said about an answer must be what happens to a plan that gives it.
#[test]
fn what_an_answer_is_said_to_set_is_what_it_sets() {
    let baselines = Baselines::embedded();
    let catalogue = catalogue(&baselines);
    let schemas = Schemas::load(&baselines).unwrap();
    let minimal = baselines.bytes("lists/minimal.yaml").unwrap();
    let (mut set, mut left) = (0, 0);
    for decision in catalogue.decisions.iter().filter(|decision| split_placeholder(&decision.key).is_none()) {
        let Shape::Choice(answers) = &decision.shape else { continue };
        for answer in answers {
            let line = match decision.key.split_once('.') {
                Some((topic, key)) => format!("{topic}: {{ {key}: {} }}", answer.word),
                None => format!("{}: {}", decision.key, answer.word),
            };
            let (document, found) = parse("line", line.as_bytes(), Limits::default());
            assert_eq!(found, []);
            let (plan, found) = read_plan(&laid_over(minimal, &document.unwrap().root), &catalogue);
            assert_eq!(found, [], "{line}");
            let (baseline, _) = resolve(&catalogue, &answers_of(&plan, None, &catalogue, date(2026, 11, 1)));
            for (client, rules) in decision.settings.iter().filter(|(client, _)| baseline.clients.contains(client)) {
                for rule in rules {
                    let view = rule_view(decision, client, rule, &schemas);
                    let row = view.rows.iter().find(|row| row.answers.contains(&answer.word)).unwrap();
                    let real = baseline
                        .settings
                        .iter()
                        .find(|setting| setting.name == rule.name && setting.trails.iter().any(|trail| trail.rule == rule.place));
                    match row.outcomes.as_slice() {
                        [Outcome { when: None, value: Some(value) }] if !value.contains('$') && !rule.merge => {
                            assert_eq!(
                                real.map(|setting| setting.value.to_string()).as_ref(),
                                Some(value),
                                "{line} {}",
                                rule.name
                            );
                            set += 1;
                        }
                        [Outcome { when: None, value: None }] => {
                            assert_eq!(real, None, "{line} {}", rule.name);
                            left += 1;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    assert!(set > 100 && left > 20, "{set} {left}");
}

#[test]
fn conditions_read_like_clauses() {
    let baselines = Baselines::embedded();
    let catalogue = catalogue(&baselines);
    let check = catalogue.check("content-write-read").unwrap();
    assert_eq!(words::condition(&check.levels[0].1), "`content.write_as` is `html` and `content.read_as` is `text`");
    let outlook = catalogue.client("outlook").unwrap();
    assert_eq!(
        words::condition(&outlook.when),
        "`clients` has `outlook` and `workplace` is one of `personal`, `mobile`, `shared`"
    );
}

#[test]
fn names_are_found_whatever_their_kind() {
    let baselines = Baselines::embedded();
    let catalogue = catalogue(&baselines);
    let schemas = Schemas::load(&baselines).unwrap();
    for decision in &catalogue.decisions {
        assert_eq!(find(&decision.key, &catalogue, &schemas), Some(super::Known::Decision(decision.key.clone())));
        for rule in decision.settings.values().flatten() {
            assert_eq!(find(&rule.name, &catalogue, &schemas), Some(super::Known::Setting(rule.name.clone())));
        }
    }
    for check in &catalogue.checks {
        assert_eq!(find(&check.name, &catalogue, &schemas), Some(super::Known::Check(check.name.clone())));
    }
    assert_eq!(find("no-such-name", &catalogue, &schemas), None);
    assert_eq!(nearest_names("outlk16:L_Reademailasplaintxt", &catalogue, &schemas)[0], "outlk16:L_Reademailasplaintext");
    assert_eq!(nearest_names("forwarding.externl", &catalogue, &schemas)[0], "forwarding.external");
}

#[test]
fn a_page_wraps_between_words_and_never_inside() {
    let mut page = Page::default();
    let name = "x".repeat(120);
    page.labelled(2, [("label", format!("{} {name} end", "word ".repeat(30)))]);
    let text = page.into_text();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.iter().all(|line| line.chars().count() <= 100 || line.contains(&name)), "{text}");
    assert!(lines[1..].iter().all(|line| line.starts_with("         ")), "{text}");
    assert!(text.contains(&format!("         {name}\n")), "{text}");
}

#[test]
fn every_name_that_there_is_has_an_explanation() {
    let baselines = Baselines::embedded();
    let catalogue = load_catalogue(&baselines).unwrap();
    let schemas = Schemas::load(&baselines).unwrap();
    let mut names: BTreeSet<String> = BTreeSet::new();
    let (mut places, mut titles) = (BTreeSet::new(), BTreeSet::new());
    for decision in &catalogue.decisions {
        names.insert(decision.key.clone());
        names.extend(decision.references.values().flatten().cloned());
        for rule in decision.settings.values().flatten() {
            names.insert(rule.name.clone());
            let Some(known) = schemas.describe(&rule.name) else { continue };
            let facts = known.facts.iter().filter(|(word, _)| *word == "registry").map(|(_, place)| place.clone());
            let facts: Vec<String> = facts.collect();
            titles.extend(known.title.filter(|_| !facts.is_empty()));
            places.extend(facts);
        }
    }
    names.extend(catalogue.checks.iter().map(|check| check.name.clone()));
    names.extend(catalogue.clients.iter().map(|client| client.id.clone()));
    names.extend(Code::ALL.iter().map(|code| code.name().to_owned()));
    assert!(names.len() > 500, "{}", names.len());
    let begun = std::time::Instant::now();
    for name in &names {
        let known = find(name, &catalogue, &schemas).unwrap_or_else(|| panic!("nothing is named `{name}`"));
        let explanation = explain(&known, &catalogue, &schemas, None).unwrap_or_else(|| panic!("`{name}` has no explanation"));
        assert!(!text(&explanation).is_empty(), "{name}");
    }
    let each = begun.elapsed() / u32::try_from(names.len()).unwrap();
    assert!(each.as_millis() < 20, "an explanation takes {each:?}");
    // Titles and places are searched in all templates; a few of each stand for the others.
    for place in places.iter().step_by(20) {
        for spelled in [place.clone(), format!("HKEY_CURRENT_USER\\{place}"), format!("HKLM:\\{}", place.to_uppercase())] {
            assert!(find(&spelled, &catalogue, &schemas).is_some(), "nothing is named `{spelled}`");
        }
    }
    for title in titles.iter().step_by(20) {
        assert!(find(title, &catalogue, &schemas).is_some(), "nothing is named `{title}`");
    }
}
