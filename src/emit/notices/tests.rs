//! People are told of every decision that concerns them, and of whatever a client leaves to them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::civil::{Date, date};

use super::{NoticeBook, check_notices};
use crate::baseline::{CheckedBaseline, Checker, Lock, resolve};
use crate::baselines::Baselines;
use crate::catalogue::{Catalogue, Decision, LANGUAGES, Shape, laid_over, load_catalogue};
use crate::diag::{Code, text};
use crate::plan::{RoleAnswers, answers_of, holds, read_plan};
use crate::source::{Limits, parse};
use crate::vendor::{Schemas, Versions};

const TODAY: Date = date(2026, 11, 1);

static BASELINES: LazyLock<Baselines> = LazyLock::new(Baselines::embedded);
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| load_catalogue(&BASELINES).unwrap());

fn answers(lines: &str) -> RoleAnswers {
    let (document, findings) = parse("lines.yaml", lines.as_bytes(), Limits::default());
    assert!(findings.is_empty(), "{lines}\n{}", text::render(&findings, false));
    let document = laid_over(BASELINES.bytes("lists/minimal.yaml").unwrap(), &document.unwrap().root);
    let (plan, findings) = read_plan(&document, &CATALOGUE);
    assert!(findings.is_empty(), "{lines}\n{}", text::render(&findings, false));
    answers_of(&plan, None, &CATALOGUE, TODAY)
}

fn baseline(answers: &RoleAnswers) -> CheckedBaseline {
    let schemas = Schemas::load(&BASELINES).unwrap();
    Checker::new(&schemas, Versions::default()).check(resolve(&CATALOGUE, answers).0).0
}

/// The pages of everyone by name.
fn pages(lines: &str) -> BTreeMap<String, String> {
    let answers = answers(lines);
    let artifacts = NoticeBook::new(&CATALOGUE, &BASELINES).unwrap().render(&answers, &baseline(&answers)).unwrap();
    artifacts.into_iter().map(|artifact| (artifact.path, String::from_utf8(artifact.bytes).unwrap())).collect()
}

fn is_told(decision: &Decision) -> bool {
    CATALOGUE.notices.sections.iter().flat_map(|section| &section.lines).any(|line| line.decision == decision.key)
}

#[test]
fn people_are_told_of_every_decision_or_it_is_said_why_not() {
    let silent = &CATALOGUE.notices.silent;
    let wrong: Vec<&str> = CATALOGUE
        .decisions
        .iter()
        .filter(|decision| is_told(decision) == silent.contains_key(&decision.key))
        .map(|decision| decision.key.as_str())
        .collect();
    assert!(wrong.is_empty(), "a line in notices/sections or a reason in notices/silent.yaml, one of both: {wrong:?}");
}

#[test]
fn lines_name_only_what_has_an_answer() {
    let findings = check_notices(&CATALOGUE, &BASELINES);
    assert!(findings.is_empty(), "{}", text::render(&findings, false));

    let page = "section: house\ntitle: { en: Ours, de: Unseres }\nlines:\n  - decision: purpose\n    en: \"For {{ purpose }}\"\n    de: \"{% if\"\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("notices/sections")).unwrap();
    std::fs::write(folder.path().join("notices/sections/z-house.yaml"), page).unwrap();
    let overlay = Baselines::embedded().with_overlay(folder.path()).unwrap();
    let findings = check_notices(&load_catalogue(&overlay).unwrap(), &overlay);
    assert_eq!(findings.len(), 2, "{findings:?}");
    assert!(findings.iter().all(|finding| finding.code == Code::CatalogueForm));
    assert_eq!(findings[1].message, "the line in `en` names `purpose`, which might have no answer");
    let place = findings[1].place.as_ref().unwrap();
    assert_eq!((place.line_column(), place.text()), ((4, 5), "decision: purpose"));
}

#[test]
fn a_line_lacks_no_language() {
    let page = "section: house\ntitle: { en: Ours, de: Unseres }\nlines:\n  - decision: purpose\n    en: Hello\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("notices/sections")).unwrap();
    std::fs::write(folder.path().join("notices/sections/z-house.yaml"), page).unwrap();
    let findings = load_catalogue(&Baselines::embedded().with_overlay(folder.path()).unwrap()).unwrap_err();
    assert_eq!(findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>(), ["the key `de` is missing"]);
}

/// Answers of which people are told under another decision, or of which there is nothing to tell.
const TOLD_ELSEWHERE: [(&str, &str); 4] = [
    ("encryption.signatures", "none"),
    ("encryption.standard", "gateway"),
    ("instruction.confirmed", "never"),
    ("workplace", "personal"),
];

/// The lines of a plan with these answers; a later one replaces an earlier one.
fn plan_of(answers: &[(&str, &str)]) -> String {
    let mut blocks: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for (key, value) in answers {
        let (topic, key) = key.split_once('.').unwrap_or((key, ""));
        blocks.entry(topic).or_default().insert(key, value);
    }
    let block = |(topic, entries): (&&str, &BTreeMap<&str, &str>)| match entries.get("") {
        Some(value) => format!("{topic}: {value}\n"),
        None => {
            let entries: Vec<String> = entries.iter().map(|(key, value)| format!("{key}: {value}")).collect();
            format!("{topic}: {{ {} }}\n", entries.join(", "))
        }
    };
    blocks.iter().map(block).collect()
}

#[test]
fn every_answer_that_concerns_people_brings_a_line() {
    let bases: [&[(&str, &str)]; 3] = [
        &[("workplace", "shared"), ("functions", "[mail, calendar, tasks]")],
        &[("workplace", "mobile"), ("chat.messages", "internal"), ("chat.calls", "internal")],
        &[("workplace", "foreign")],
    ];
    let mut without = Vec::new();
    for decision in CATALOGUE.decisions.iter().filter(|decision| is_told(decision) && !decision.key.contains('<')) {
        let Shape::Choice(words) = &decision.shape else { continue };
        for word in words.iter().filter(|word| !TOLD_ELSEWHERE.contains(&(&decision.key, &word.word))) {
            let told = bases.iter().any(|base| {
                let answers = answers(&plan_of(&[base, &[(decision.key.as_str(), word.word.as_str())][..]].concat()));
                let lines = CATALOGUE.notices.sections.iter().flat_map(|section| &section.lines);
                let mut of_decision = lines.filter(|line| line.decision == decision.key);
                of_decision.any(|line| line.when.as_ref().is_none_or(|when| holds(when, &answers)))
            });
            if !told {
                without.push(format!("{}: {}", decision.key, word.word));
            }
        }
    }
    assert!(without.is_empty(), "no line for {without:?}");
}

/// Decisions whose gaps the lines of the section itself tell people of.
const TOLD_BY_LINES: [&str; 3] = ["lock", "servers", "workplace"];

#[test]
fn what_clients_leave_to_people_is_told_to_people() {
    let told: BTreeSet<&str> =
        CATALOGUE.notices.sections.iter().flat_map(|section| &section.yourself).map(|line| line.decision.as_str()).collect();
    let left = CATALOGUE
        .decisions
        .iter()
        .filter(|decision| decision.gaps.values().flatten().any(|gap| gap.duty.as_deref().is_none_or(|duty| duty == "people")));
    let silent: Vec<&str> = left
        .map(|decision| decision.key.as_str())
        .filter(|key| !told.contains(key) && !TOLD_BY_LINES.contains(key) && !CATALOGUE.notices.silent.contains_key(*key))
        .collect();
    assert!(silent.is_empty(), "a line under `yourself` is missing for {silent:?}");
}

#[test]
fn a_setting_that_is_not_locked_brings_a_line() {
    let programs = "In these programs you could change settings that protect us: Thunderbird.";
    for (lines, says) in [("lock: nothing", true), ("lock: everything\nmay: [add-accounts]", false)] {
        let lines = format!("{lines}\nclients: [thunderbird]\n");
        let settings = baseline(&answers(&lines)).settings;
        let open = settings.iter().any(|checked| checked.setting.security && checked.setting.lock == Lock::Preset);
        let page = &pages(&lines)["notices/notice.en.md"];
        assert_eq!((open, page.contains(programs)), (says, says), "{page}");
    }
    // What no client can do, and nobody else does for it.
    let page = &pages("content: { write_as: text }\nclients: [apple-mail]\n")["notices/notice.de.md"];
    assert!(page.contains("Mail und Kalender auf dem Mac: Stellen Sie das Format neuer Nachrichten auf reinen Text."), "{page}");
    let page = &pages("content: { write_as: html }\nclients: [apple-mail]\n")["notices/notice.de.md"];
    assert!(!page.contains("auf reinen Text"), "{page}");
}

#[test]
fn every_program_and_channel_has_a_name_in_every_language() {
    let page = &CATALOGUE.notices.page;
    let programs = CATALOGUE.clients.iter().map(|client| format!("programs.{}", client.id));
    let channels = CATALOGUE.decision("information.<name>.channels").unwrap().shape.answers().unwrap();
    let words = channels.iter().map(|answer| format!("words.{}", answer.word));
    let missing: Vec<String> = programs.chain(words).filter(|path| !page.contains_key(path)).collect();
    assert!(missing.is_empty(), "notices/page.yaml lacks {missing:?}");
}

#[test]
fn german_stands_beside_english_line_by_line() {
    let pages = pages("workplace: shared\nchat: { messages: internal, calls: internal }\n");
    let count =
        |language: &str| pages[&format!("notices/notice.{language}.md")].lines().filter(|line| line.starts_with("- ")).count();
    assert!(count("de") > 40 && count("de") == count("en"), "{} {}", count("de"), count("en"));
    for language in LANGUAGES {
        assert!(
            pages[&format!("notices/notice.{language}.html")]
                .starts_with(&format!("<!DOCTYPE html>\n<html lang=\"{language}\">"))
        );
    }
    let english: BTreeSet<&str> = CATALOGUE
        .notices
        .sections
        .iter()
        .flat_map(|section| section.lines.iter().chain(&section.yourself))
        .map(|line| line.texts["en"].as_str())
        .collect();
    for line in CATALOGUE.notices.sections.iter().flat_map(|section| section.lines.iter().chain(&section.yourself)) {
        let german = line.texts["de"].as_str();
        assert!(!english.contains(german), "{german}");
        // Written out umlauts are a sign of a text that nobody read.
        for spelling in ["fuer", "ueber", "moeg", "koenn", "muess", "duerf", "waehl", "schluess", "aender"] {
            assert!(!german.to_lowercase().contains(spelling), "{german}");
        }
    }
}
