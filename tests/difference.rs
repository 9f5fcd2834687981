//! The difference of two plans: a change of one decision is named with what follows from it and nothing else, and its
//! direction is that of the order of strength, for every decision.

#[expect(dead_code, reason = "shared with tests that ask more")]
#[path = "support/program.rs"]
mod program;

use std::collections::BTreeSet;
use std::fs;

use groundplan::baselines::Baselines;
use groundplan::catalogue::{Catalogue, Decision, Shape, load_catalogue};
use groundplan::generate::{Job, Selection, baseline_of, checker_for};
use groundplan::plan::{Decided, Plan, answers_of, read_plan};
use groundplan::review::difference::{Difference, Direction, Effects, compare};
use groundplan::review::noticed;
use groundplan::source::{Limits, parse};
use groundplan::value::Value;
use groundplan::vendor::Schemas;
use program::{ended, example, generate, groundplan};

/// Everything that a comparison needs.
struct Content {
    baselines: Baselines,
    catalogue: Catalogue,
}

impl Content {
    fn load() -> Self {
        let baselines = Baselines::embedded();
        let catalogue = load_catalogue(&baselines).expect("the content is right");
        Self { baselines, catalogue }
    }

    fn plan(&self) -> Plan {
        let text = fs::read(example("utility.yaml")).expect("the example");
        let (document, _) = parse("utility.yaml", &text, Limits::default());
        read_plan(&document.expect("YAML"), &self.catalogue).0
    }

    fn with_job<T>(&self, plan: &Plan, take: impl FnOnce(&Job<'_>) -> T) -> T {
        let schemas = Schemas::load(&self.baselines).expect("the content is right");
        let selection = Selection::default();
        let today = "2026-11-01".parse().expect("a date");
        let job = Job {
            plan,
            catalogue: &self.catalogue,
            schemas: &schemas,
            baselines: &self.baselines,
            today,
            selection: &selection,
            previous: None,
        };
        take(&job)
    }

    fn compare(&self, old: &Plan, new: &Plan) -> Difference {
        self.with_job(old, |job| compare(job, new, &BTreeSet::new()))
    }

    /// Role, name, value and lock of all settings.
    fn settings(&self, plan: &Plan) -> BTreeSet<(String, String, String)> {
        self.with_job(plan, |job| {
            let mut checker = checker_for(job);
            let mut settings = BTreeSet::new();
            for role in plan.all_roles() {
                let answers = answers_of(plan, role, job.catalogue, job.today);
                for set in baseline_of(job, &answers, &mut checker).0.settings {
                    let value = format!("{:?} {:?}", set.setting.value, set.setting.lock);
                    settings.insert((answers.name().to_owned(), set.setting.name, value));
                }
            }
            settings
        })
    }
}

/// A plan in which everyone answers so, and no role otherwise.
fn answered(plan: &Plan, key: &str, value: Value) -> Plan {
    let mut plan = plan.clone();
    let place = plan.everyone["organisation"].place.clone();
    plan.everyone.insert(key.to_owned(), Decided { value, place });
    for answers in plan.roles.values_mut() {
        answers.remove(key);
    }
    plan
}

fn words(decision: &Decision) -> Vec<Value> {
    match &decision.shape {
        Shape::Choice(answers) => answers.iter().map(|answer| Value::from(answer.word.as_str())).collect(),
        Shape::Flag => vec![Value::Flag(false), Value::Flag(true)],
        Shape::Choices(answers) => {
            answers.iter().take(2).map(|answer| Value::List(vec![Value::from(answer.word.as_str())])).collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn one_changed_decision_is_named_with_its_settings_and_nothing_else() {
    let content = Content::load();
    let plan = content.plan();
    let (mut pairs, mut ordered) = (0, 0);
    // A key below a free name stands for a piece of information.
    for decision in content.catalogue.decisions.iter().filter(|decision| !decision.key.contains('<') && decision.key != "preset")
    {
        let answers = words(decision);
        for (at, from) in answers.iter().enumerate() {
            let to = &answers[(at + 1) % answers.len()];
            let (old, new) = (answered(&plan, &decision.key, from.clone()), answered(&plan, &decision.key, to.clone()));
            let difference = content.compare(&old, &new);
            let named: Vec<&str> = difference.decisions.iter().map(|cause| cause.decision.as_str()).collect();
            assert_eq!(named, [&decision.key], "{from} to {to}");
            let cause = &difference.decisions[0];
            assert_eq!(difference.together, Effects::default(), "{}: {from} to {to}", decision.key);
            let rank = |answer: &Value| decision.strength.iter().position(|word| Some(word.as_str()) == answer.as_text());
            let expected = match (rank(from), rank(to)) {
                (Some(from), Some(to)) if from < to => Direction::Tightened,
                (Some(_), Some(_)) => Direction::Loosened,
                _ => Direction::Changed,
            };
            ordered += usize::from(expected != Direction::Changed);
            assert_eq!(cause.answers.len(), 1, "{}: {:?}", decision.key, cause.answers);
            assert_eq!(cause.answers[0].direction, expected, "{}: {from} to {to}", decision.key);
            assert_eq!(
                difference.loosened().contains(&decision.key.as_str()),
                expected == Direction::Loosened,
                "{}",
                decision.key
            );
            let (before, after) = (content.settings(&old), content.settings(&new));
            let differing: BTreeSet<(&String, &String)> =
                before.symmetric_difference(&after).map(|(role, name, _)| (role, name)).collect();
            let said: BTreeSet<(&String, &String)> = cause
                .effects
                .settings
                .iter()
                .flat_map(|change| change.roles.iter().map(move |role| (role, &change.setting)))
                .collect();
            assert_eq!(said, differing, "{}: {from} to {to}", decision.key);
            pairs += 1;
        }
    }
    assert!(pairs > 150 && ordered > 80, "{pairs} pairs, {ordered} of them with an order");
}

#[test]
fn of_two_changed_decisions_each_has_its_own_settings() {
    let content = Content::load();
    let plan = content.plan();
    let change = |plan: &Plan, key: &str, word: &str| answered(plan, key, Value::from(word));
    let (one, other) = (change(&plan, "content.remote", "ask"), change(&plan, "read_receipts", "ask"));
    let both = change(&one, "read_receipts", "ask");
    let whole = content.compare(&plan, &both);
    assert_eq!(whole.decisions.len(), 2);
    for alone in [content.compare(&plan, &one), content.compare(&plan, &other)] {
        let [cause] = alone.decisions.as_slice() else { panic!("one decision, not {}", alone.decisions.len()) };
        assert!(!cause.effects.settings.is_empty() || !cause.effects.gaps.is_empty());
        assert!(whole.decisions.contains(cause), "{} has other effects beside another decision", cause.decision);
    }
    assert_eq!(whole.together, Effects::default());
}

#[test]
fn a_need_that_raises_a_default_is_the_cause_of_what_follows() {
    let content = Content::load();
    let mut plan = content.plan();
    plan.everyone.remove("content.remote");
    let answer = |level: &str| answered(&plan, "information.contracts.confidentiality", Value::from(level));
    let difference = content.compare(&answer("normal"), &answer("high"));
    let [cause] = difference.decisions.as_slice() else { panic!("one decision, not {}", difference.decisions.len()) };
    assert_eq!(cause.decision, "information.<name>.confidentiality");
    assert_eq!(cause.answers[0].key, "information.contracts.confidentiality");
    assert_eq!(cause.answers[0].direction, Direction::Tightened);
}

#[test]
fn lists_of_blocked_things_are_loosened_when_one_is_no_longer_blocked() {
    let content = Content::load();
    let plan = content.plan();
    let list = |items: &[&str]| {
        answered(&plan, "content.blocked_attachments", Value::List(items.iter().map(|item| Value::from(*item)).collect()))
    };
    for (from, to, expected) in [
        (list(&["exe"]), list(&["exe", "js"]), Direction::Tightened),
        (list(&["exe", "js"]), list(&["exe"]), Direction::Loosened),
        (list(&["exe"]), list(&["js"]), Direction::Loosened),
    ] {
        assert_eq!(content.compare(&from, &to).decisions[0].answers[0].direction, expected);
    }
}

#[test]
fn what_people_notice_is_said_of_decisions_that_there_are() {
    let content = Content::load();
    let noticed = noticed(&content.baselines);
    assert!(noticed.len() > 40);
    for key in &noticed {
        assert!(content.catalogue.decision(key).is_some(), "lists/noticed.yaml names `{key}`");
    }
}

#[test]
fn the_command_denies_what_is_loosened_and_names_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let old = example("utility.yaml");
    let text = fs::read_to_string(&old).unwrap();
    let changed = |from: &str, to: &str, name: &str| {
        assert!(text.contains(from));
        let path = folder.path().join(name);
        fs::write(&path, text.replace(from, to)).unwrap();
        path
    };
    let looser = changed("  read_as: simple-html\n", "  read_as: html\n", "looser.yaml");
    let other = changed("phishing@", "spam@", "other.yaml");
    let diff = |arguments: &[&std::ffi::OsStr]| groundplan().arg("diff").args(arguments).output().unwrap();
    let told = ended(&diff(&[old.as_ref(), looser.as_ref(), "--deny".as_ref(), "loosened".as_ref()]), 1);
    assert!(told.contains("content.read_as"), "{told}");
    ended(&diff(&[looser.as_ref(), old.as_ref(), "--deny".as_ref(), "loosened".as_ref()]), 0);
    ended(&diff(&[old.as_ref(), other.as_ref(), "--deny".as_ref(), "loosened".as_ref()]), 0);
    ended(&diff(&[old.as_ref(), other.as_ref(), "--deny".as_ref(), "any".as_ref()]), 1);
    ended(&diff(&[old.as_ref(), old.as_ref(), "--deny".as_ref(), "any".as_ref()]), 0);

    // The files that the plans' difference names are those that differ on the disk.
    let json = |arguments: &[&std::ffi::OsStr]| -> serde_json::Value {
        let output = diff(&[&["--format".as_ref(), "json".as_ref()], arguments].concat());
        ended(&output, 0);
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let trees = [folder.path().join("old"), folder.path().join("new")];
    for (plan, tree) in [&old, &looser].into_iter().zip(&trees) {
        ended(&generate(plan, &["-o", tree.to_str().unwrap()]), 0);
    }
    let (plans, folders) = (json(&[old.as_ref(), looser.as_ref()]), json(&[trees[0].as_ref(), trees[1].as_ref()]));
    assert!(!plans["files"].as_object().unwrap().is_empty());
    assert_eq!(plans["files"], folders["files"]);
    for (path, _) in plans["files"].as_object().unwrap() {
        let read = |tree: &std::path::Path| fs::read(tree.join(path)).ok();
        assert_ne!(read(&trees[0]), read(&trees[1]), "{path}");
    }
    for form in ["md", "html"] {
        let output = diff(&["--format".as_ref(), form.as_ref(), old.as_ref(), looser.as_ref()]);
        ended(&output, 0);
        let page = String::from_utf8(output.stdout).unwrap();
        assert!(page.contains("read") && page.contains("loosened") && page.contains("policies.json"), "{form}: {page}");
    }
    ended(&diff(&[old.as_ref(), trees[0].as_ref()]), 2);
}

#[test]
fn every_line_of_an_artifact_is_explained_or_part_of_a_frame() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    ended(&generate(&example("utility.yaml"), &["-o", out.to_str().unwrap()]), 0);
    let content = Content::load();
    let schemas = Schemas::load(&content.baselines).unwrap();
    let reader = groundplan::review::ArtifactReader::new(&content.catalogue, &schemas, &content.baselines).unwrap();
    let mut explained = 0;
    for file in [
        "everyone/thunderbird/policies.json",
        "everyone/outlook/outlook.reg",
        "everyone/macos/user.mobileconfig",
        "field-workers/macos/device.mobileconfig",
    ] {
        let bytes = fs::read(out.join(file)).unwrap();
        let mut names = BTreeSet::new();
        for line in 1..=groundplan::review::lines(&bytes) {
            names.extend(reader.name_at(file, &bytes, line));
        }
        assert!(names.len() >= 5, "{file}: {names:?}");
        explained += names.len();
    }
    assert!(explained > 120, "{explained}");
    let line = |file: &str, line: usize| {
        groundplan().arg("explain").arg(format!("{}:{line}", out.join(file).display())).output().unwrap()
    };
    let text = fs::read_to_string(out.join("everyone/thunderbird/policies.json")).unwrap();
    let at = text.lines().position(|line| line.contains("mailnews.display.html_as")).unwrap() + 2;
    let output = line("everyone/thunderbird/policies.json", at);
    ended(&output, 0);
    assert!(String::from_utf8_lossy(&output.stdout).contains("content.read_as"));
    assert!(ended(&line("everyone/thunderbird/policies.json", 100_000), 1).contains("has no line"));
    assert!(ended(&line("everyone/outlook/outlook.reg", 1), 1).contains("frame"));
}
