//! Explanations hold what the catalogue and the schemas say.

use jiff::civil::date;

use super::{Outcome, Page, find, nearest_names, rule_view, words};
use crate::baseline::resolve;
use crate::baselines::Baselines;
use crate::catalogue::{Catalogue, Shape, laid_over, load_catalogue, split_placeholder};
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
