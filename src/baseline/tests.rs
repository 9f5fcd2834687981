//! The rules of the content, run: every example of every decision, and every answer that can be chosen, up to the vendors'
//! schemas; and how settings of several decisions become one, or a conflict.

mod adopted;
mod hardening;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::civil::{Date, date};

use super::{Baseline, Checker, Lock, Setting, Trail, example_faults, resolve};
use crate::baselines::Baselines;
use crate::catalogue::{
    Catalogue, Decision, Example, FixedLock, RulePlace, SettingKind, SettingRule, Shape, Silence, Template, laid_over,
    load_catalogue,
};
use crate::diag::{Code, Finding, Level, has_errors, text};
use crate::plan::{RoleAnswers, answers_of, read_plan};
use crate::source::{Document, Entry, Kind, Limits, Node, Span, parse};
use crate::value::Value;
use crate::vendor::{Schemas, Versions};

mod mutation;
mod values;
mod versions;
mod writers;

const TODAY: Date = date(2026, 11, 1);
const MINIMAL: &str = "lists/minimal.yaml";

static BASELINES: LazyLock<Baselines> = LazyLock::new(Baselines::embedded);
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| load_catalogue(&BASELINES).unwrap());

/// The answers of everyone; the plan must be one that can be read.
fn answers(document: &Document, what: &str) -> RoleAnswers {
    let (plan, findings) = read_plan(document, &CATALOGUE);
    assert!(!has_errors(&findings), "{what}: {}", text::render(&findings, false));
    answers_of(&plan.with_stand_ins(&CATALOGUE), None, &CATALOGUE, TODAY)
}

fn minimal_with(lines: &Node) -> Document {
    laid_over(BASELINES.bytes(MINIMAL).unwrap(), lines)
}

fn yaml(text: &str) -> Document {
    let (document, findings) = parse("lines.yaml", text.as_bytes(), Limits::default());
    assert!(findings.is_empty(), "{text}: {findings:?}");
    document.unwrap()
}

/// What one decision does by itself, as if the content held no other.
fn alone(decision: &Decision, answers: &RoleAnswers) -> (Baseline, Vec<Finding>) {
    resolve(&Catalogue { decisions: vec![decision.clone()], ..CATALOGUE.clone() }, answers)
}

fn examples() -> impl Iterator<Item = (&'static Decision, &'static Example)> {
    CATALOGUE.decisions.iter().flat_map(|decision| decision.examples.iter().map(move |example| (decision, example)))
}

#[test]
#[expect(clippy::print_stdout, reason = "how much was run is worth more than that it was")]
fn every_example_sets_exactly_what_it_says() {
    let schemas = Schemas::load(&BASELINES).unwrap();
    let minimal = BASELINES.bytes(MINIMAL).unwrap();
    let (mut run, mut settings, mut wrong) = (0, 0, Vec::new());
    for (decision, example) in examples() {
        run += 1;
        settings += example.sets.values().map(BTreeMap::len).sum::<usize>();
        let faults = example_faults(decision, example, &CATALOGUE, &schemas, minimal, TODAY);
        let at = format!("{}:{} ({})", example.place.file, example.place.line, decision.key);
        wrong.extend(faults.into_iter().map(|fault| format!("{at}: {fault}")));
    }
    println!("{run} examples of {} decisions, {settings} settings", CATALOGUE.decisions.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(run > CATALOGUE.decisions.len() && settings > run, "{run} examples with {settings} settings");
}

/// The baseline of a plan by the whole content, held against the vendors' schemas; what is wrong goes to the list.
fn clean(what: &str, document: &Document, checker: &mut Checker<'_, '_>, wrong: &mut Vec<String>) -> usize {
    let answers = answers(document, what);
    let (baseline, mut findings) = resolve(&CATALOGUE, &answers);
    let settings = baseline.settings.len();
    let (checked, found) = checker.check(baseline);
    // No plan of these tests names a version, so that nothing may be missing from the newest.
    if checked.settings.len() != settings {
        wrong.push(format!("{what}: {} of {settings} settings are left", checked.settings.len()));
    }
    findings.extend(found);
    // What a vendor will take away one day, and what nobody confirmed, is said and still counts.
    findings.retain(|finding| {
        !matches!((finding.code, finding.level), (Code::BaselineDeprecated, Level::Note) | (Code::PlanSpelling, Level::Warning))
    });
    if !findings.is_empty() {
        wrong.push(format!("{what}: {}", text::render(&findings, false)));
    }
    checked.settings.len()
}

#[test]
fn every_example_goes_through_the_vendor_schemas() {
    let schemas = Schemas::load(&BASELINES).unwrap();
    let mut checker = Checker::new(&schemas, Versions::default());
    let mut wrong = Vec::new();
    for (decision, example) in examples() {
        let what = format!("{}:{} ({})", example.place.file, example.place.line, decision.key);
        let document = minimal_with(&example.plan);
        clean(&what, &document, &mut checker, &mut wrong);
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
#[expect(clippy::print_stdout, reason = "how much was run is worth more than that it was")]
fn every_answer_that_can_be_chosen_goes_through_the_vendor_schemas() {
    let schemas = Schemas::load(&BASELINES).unwrap();
    let mut checker = Checker::new(&schemas, Versions::default());
    let (mut wrong, mut plans, mut settings) = (Vec::new(), 0, 0);
    for level in ["basic", "standard", "high"] {
        for workplace in ["personal", "mobile", "shared"] {
            plans_at(workplace, level, &mut |what, document| {
                settings += clean(what, document, &mut checker, &mut wrong);
                plans += 1;
            });
        }
    }
    println!("{plans} plans, {settings} settings");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(plans > 1500 && settings > 150_000, "{plans} plans with {settings} settings");
}

/// Plans that give each decision each answer, at three workplaces and levels.
fn every_plan(mut run: impl FnMut(&str, &Document)) {
    for (workplace, preset) in [("personal", "standard"), ("mobile", "basic"), ("shared", "high")] {
        plans_at(workplace, preset, &mut run);
    }
}

/// Plans that give each decision each answer, at one workplace and level.
fn plans_at(workplace: &str, preset: &str, run: &mut impl FnMut(&str, &Document)) {
    let full = "domains: [example.org, example.net]\nclients: [thunderbird, outlook, outlook-mac, apple-mail, browser, evolution, kmail]\nservers: { imap: imap.example.org, smtp: smtp.example.org, exchange: exchange.example.org, caldav: \"https://dav.example.org/dav\", ldap: ldap.example.org, web: \"https://web.example.org\" }\ndelivery: { mdm: addigy }\n";
    let base = yaml(&format!("{full}workplace: {workplace}\npreset: {preset}\n"));
    run(&format!("{workplace}, {preset}"), &minimal_with(&base.root));
    for decision in &CATALOGUE.decisions {
        for answer in words(decision) {
            let mut lines = base.clone();
            put(&mut lines.root, &decision.key, &answer);
            run(&format!("{} as {answer:?} for {workplace}, {preset}", decision.key), &minimal_with(&lines.root));
        }
    }
}

/// Eight lines that say nothing but names still protect: every topic that a mail program can serve sets something.
#[test]
fn the_least_plan_gives_a_full_baseline() {
    let schemas = Schemas::load(&BASELINES).unwrap();
    let mut checker = Checker::new(&schemas, Versions::default());
    let mut wrong = Vec::new();
    clean("the minimal plan", &minimal_with(&yaml("{}").root), &mut checker, &mut wrong);
    assert_eq!(wrong, Vec::<String>::new());
    let answers = answers(&minimal_with(&yaml("{}").root), MINIMAL);
    let (baseline, _) = resolve(&CATALOGUE, &answers);
    let deciders = |client: &str| -> BTreeSet<String> {
        let trails = baseline.settings.iter().flat_map(|setting| &setting.trails);
        trails.filter(|trail| trail.client.as_deref() == Some(client)).map(|trail| trail.decision.clone()).collect()
    };
    let content = ["content.read_as", "content.write_as", "content.remote", "content.links", "content.macros"];
    let common = ["applications.others", "may", "servers", "sign_in.remember"];
    let of_client = [
        (
            "thunderbird",
            [&content[..], &common, &["chat.messages", "encryption.tls", "lock", "read_receipts", "spam.filter", "updates"]],
        ),
        (
            "outlook",
            [
                &content[..],
                &common,
                &[
                    "calendar.external",
                    "content.blocked_attachments",
                    "lock",
                    "private_use",
                    "read_receipts",
                    "spam.filter",
                    "webmail.public",
                ],
            ],
        ),
    ];
    for (client, wanted) in of_client {
        let found = deciders(client);
        let missing: Vec<&&str> = wanted.into_iter().flatten().filter(|key| !found.contains(**key)).collect();
        assert!(missing.is_empty(), "{client}: {missing:?} set nothing");
    }
    let to: BTreeSet<&str> = baseline.duties.iter().map(|duty| duty.to.as_str()).collect();
    for addressee in ["mail-server", "groupware-server", "gateway", "directory", "network", "endpoint", "people"] {
        assert!(to.contains(addressee), "nothing to do for {addressee}");
    }
    assert!(baseline.settings.len() > 150, "{} settings", baseline.settings.len());
}

/// The answers of a decision that can be written without thought: each word, each flag, both ends of a number.
fn words(decision: &Decision) -> Vec<Kind> {
    let scalar = |text: String| Kind::Scalar { text: text.into(), plain: true };
    // Its own name, the clients and the workplace carry the plans of this test.
    if decision.key.contains('<') || ["clients", "preset", "workplace"].contains(&decision.key.as_str()) {
        return Vec::new();
    }
    match &decision.shape {
        Shape::Choice(answers) => answers.iter().map(|answer| scalar(answer.word.clone())).collect(),
        Shape::Choices(answers) => {
            let one = |word: &str| Node { span: Span { start: 0, end: 0 }, kind: scalar(word.to_owned()) };
            let each = answers.iter().map(|answer| Kind::List(vec![one(&answer.word)]));
            each.chain([Kind::List(answers.iter().map(|answer| one(&answer.word)).collect()), Kind::List(Vec::new())]).collect()
        }
        Shape::Flag => vec![scalar("true".into()), scalar("false".into())],
        Shape::Number { from, to, .. } => vec![scalar(from.to_string()), scalar(to.to_string())],
        _ => Vec::new(),
    }
}

/// Who stands in for a client learns of it: where a gap names an addressee, the same decision gives that addressee a duty.
#[test]
fn what_a_gap_leaves_to_others_is_a_duty_for_them() {
    let (mut gaps, mut wrong) = (0, BTreeSet::new());
    let all = "clients: [thunderbird, outlook, outlook-mac, apple-mail, browser, evolution, kmail]\ndeployment: [internal-clients, internal-web]\n";
    for (workplace, others) in [("personal", "chat: { messages: internal, calls: internal }\n"), ("mobile", ""), ("shared", "")] {
        let base = yaml(&format!("{all}workplace: {workplace}\n{others}"));
        for decision in &CATALOGUE.decisions {
            for answer in words(decision) {
                let mut lines = base.clone();
                let topic = decision.key.split('.').next();
                lines.root.kind = match lines.root.kind {
                    Kind::Map(entries) => {
                        Kind::Map(entries.into_iter().filter(|entry| Some(entry.key.as_ref()) != topic).collect())
                    }
                    other => other,
                };
                put(&mut lines.root, &decision.key, &answer);
                let answers = answers(&minimal_with(&lines.root), &decision.key);
                let (baseline, _) = alone(decision, &answers);
                for gap in &baseline.gaps {
                    gaps += 1;
                    if gap.duty.as_ref().is_some_and(|to| !baseline.duties.iter().any(|duty| duty.to == *to)) {
                        wrong.insert(format!("{} as {answer:?}, {}: {}", decision.key, gap.client, gap.reason));
                    }
                }
            }
        }
    }
    let wrong: Vec<String> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "{} gaps without a duty:\n{}", wrong.len(), wrong.join("\n"));
    assert!(gaps > 1000, "{gaps} gaps");
}

/// Writes an answer into a plan, below its topic.
fn put(root: &mut Node, key: &str, answer: &Kind) {
    let span = Span { start: 0, end: 0 };
    let Kind::Map(entries) = &mut root.kind else { panic!("a plan is a map") };
    match key.split_once('.') {
        None => entries.push(Entry { key: key.to_owned().into(), key_span: span, value: Node { span, kind: answer.clone() } }),
        Some((topic, rest)) => {
            if !entries.iter().any(|entry| entry.key == topic) {
                entries.push(Entry {
                    key: topic.to_owned().into(),
                    key_span: span,
                    value: Node { span, kind: Kind::Map(Vec::new()) },
                });
            }
            let topic = entries.iter_mut().find(|entry| entry.key == topic).unwrap();
            put(&mut topic.value, rest, answer);
        }
    }
}

/// A decision with one rule of Thunderbird's.
fn decision(key: &str, rule: SettingRule) -> Decision {
    let settings = BTreeMap::from([("thunderbird".to_owned(), vec![rule])]);
    Decision { settings, gaps: BTreeMap::new(), duties: Vec::new(), ..CATALOGUE.decision(key).unwrap().clone() }
}

fn rule(name: &str, value: Value, line: usize) -> SettingRule {
    SettingRule {
        name: name.to_owned(),
        when: None,
        cases: vec![crate::catalogue::Case { when: None, set: Some(Template::Fixed(value)) }],
        kind: SettingKind::Security,
        lock: None,
        merge: false,
        cite: vec!["a test".to_owned()],
        why: None,
        place: RulePlace { file: "decisions/test.yaml".to_owned(), line },
    }
}

fn list(items: &[&str]) -> Value {
    Value::List(items.iter().map(|item| Value::from(*item)).collect())
}

/// Two decisions that both say something about one setting.
fn united(first: SettingRule, second: SettingRule, lines: &str) -> (Vec<Setting>, Vec<Finding>) {
    let decisions = vec![decision("content.read_as", first), decision("content.remote", second)];
    let document = minimal_with(&yaml(lines).root);
    let answers = answers(&document, lines);
    let (baseline, findings) = resolve(&Catalogue { decisions, ..CATALOGUE.clone() }, &answers);
    (baseline.settings, findings)
}

const LINES: &str = "content: { read_as: text, remote: never }\n";

#[test]
fn two_decisions_that_agree_are_one_setting_with_both_trails() {
    let (settings, findings) = united(rule("a.b", Value::Flag(true), 1), rule("a.b", Value::Flag(true), 2), LINES);
    assert_eq!(findings, []);
    assert_eq!(settings.len(), 1);
    let trails: Vec<&str> = settings[0].trails.iter().map(|trail| trail.decision.as_str()).collect();
    assert_eq!(trails, ["content.read_as", "content.remote"]);
}

#[test]
fn two_decisions_that_disagree_are_a_conflict_that_names_both() {
    let (settings, findings) = united(rule("a.b", Value::Flag(true), 1), rule("a.b", Value::Flag(false), 2), LINES);
    assert_eq!(settings.len(), 1);
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!(finding.code, Code::BaselineConflict);
    assert_eq!(finding.message, "`a.b` would be `true` by `content.read_as` and `false` by `content.remote`");
    assert_eq!(finding.help.as_deref(), Some("the rules are decisions/test.yaml:1 and decisions/test.yaml:2"));
    assert!(finding.place.is_some(), "{finding:?}");
}

#[test]
fn lists_unite_only_when_both_rules_say_so() {
    for (first, second) in [(true, true), (true, false), (false, true), (false, false)] {
        let with = |merge, rule| SettingRule { merge, ..rule };
        let one = with(first, rule("a.b", list(&["x", "y"]), 1));
        let other = with(second, rule("a.b", list(&["y", "z"]), 2));
        let (settings, findings) = united(one, other, LINES);
        if first && second {
            assert_eq!(findings, []);
            assert_eq!(settings[0].value, list(&["x", "y", "z"]));
            assert_eq!(settings[0].trails.len(), 2);
        } else {
            assert_eq!(findings.len(), 1, "merge {first} and {second}");
        }
    }
}

#[test]
fn maps_unite_deeply_and_disagree_on_a_leaf() {
    let map =
        |entries: &[(&str, Value)]| Value::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect());
    let merging = |value, line| SettingRule { merge: true, ..rule("A", value, line) };
    let one = map(&[("a", list(&["x"])), ("b", map(&[("c", Value::Number(1))]))]);
    let other = map(&[("a", list(&["y"])), ("b", map(&[("d", Value::Number(2))]))]);
    let (settings, findings) = united(merging(one.clone(), 1), merging(other, 2), LINES);
    assert_eq!(findings, []);
    let both = map(&[("a", list(&["x", "y"])), ("b", map(&[("c", Value::Number(1)), ("d", Value::Number(2))]))]);
    assert_eq!(settings[0].value, both);
    let contrary = map(&[("b", map(&[("c", Value::Number(2))]))]);
    assert_eq!(united(merging(one, 1), merging(contrary, 2), LINES).1.len(), 1);
}

#[test]
fn what_one_decision_locks_stays_locked() {
    let preset = SettingRule { kind: SettingKind::Preset, ..rule("a.b", Value::Flag(true), 1) };
    let security = rule("a.b", Value::Flag(true), 2);
    for (first, second) in [(preset.clone(), security.clone()), (security, preset)] {
        assert_eq!(united(first, second, &format!("{LINES}lock: security\n")).0[0].lock, Lock::Locked);
    }
}

#[test]
fn the_decision_lock_decides_unless_a_rule_fixes_it() {
    let kinds = [SettingKind::Security, SettingKind::Preset];
    let locks = |answer: &str, lock| {
        kinds.map(|kind| {
            let one = SettingRule { kind, lock, ..rule("a.b", Value::Flag(true), 1) };
            let (settings, _) = united(one.clone(), one, &format!("{LINES}lock: {answer}\n"));
            settings[0].lock == Lock::Locked
        })
    };
    assert_eq!(locks("everything", None), [true, true]);
    assert_eq!(locks("security", None), [true, false]);
    assert_eq!(locks("nothing", None), [false, false]);
    assert_eq!(locks("nothing", Some(FixedLock::Always)), [true, true]);
    assert_eq!(locks("everything", Some(FixedLock::Never)), [false, false]);
}

/// A plan for every client; the shared computer brings the workstation.
const EVERY_CLIENT: &str = "clients: [thunderbird, outlook, outlook-mac, apple-mail, browser, evolution, kmail]\nworkplace: shared\nservers: { imap: imap.example.org, smtp: smtp.example.org, exchange: exchange.example.org, web: \"https://web.example.org\" }\nchat: { messages: internal, calls: internal }\n";

/// What a client is set at a level, with the rules behind it.
fn settings_at(level: &str, client: &str) -> BTreeMap<String, (Value, Lock, Vec<Trail>)> {
    let answers = answers(&minimal_with(&yaml(&format!("{EVERY_CLIENT}preset: {level}\n")).root), level);
    let settings = resolve(&CATALOGUE, &answers).0.settings.into_iter().filter_map(|setting| {
        let trails: Vec<Trail> = setting.trails.into_iter().filter(|trail| trail.client.as_deref() == Some(client)).collect();
        (!trails.is_empty()).then_some((setting.name, (setting.value, setting.lock, trails)))
    });
    settings.collect()
}

/// Whether a requirement stands behind what a rule sets at one level and not at another: that of the default of the level, or
/// that of the setting itself.
fn is_founded(trail: &Trail, levels: &[&str]) -> bool {
    let of_level = levels.iter().filter_map(|level| CATALOGUE.presets.get(*level)).flatten();
    let known = |name: &String| CATALOGUE.requirements.find(name).is_some();
    let founded = |references: &[String]| !references.is_empty() && references.iter().all(known);
    of_level.filter(|default| default.key == trail.decision).any(|default| founded(&default.references))
        || trail.cite.iter().any(known)
}

#[test]
#[expect(clippy::print_stdout, reason = "how far the levels lie apart is worth more than that they do")]
fn the_three_levels_differ_on_every_client_and_each_difference_has_a_reference() {
    for client in &CATALOGUE.clients {
        for [lower, upper] in [["basic", "standard"], ["standard", "high"]] {
            let (below, above) = (settings_at(lower, &client.id), settings_at(upper, &client.id));
            let names: BTreeSet<&String> = below.keys().chain(above.keys()).collect();
            let same = |name: &String| {
                below.get(name).map(|(value, lock, _)| (value, lock)) == above.get(name).map(|(value, lock, _)| (value, lock))
            };
            let different: Vec<&String> = names.into_iter().filter(|name| !same(name)).collect();
            println!("{}: {lower} and {upper} differ in {} of {} settings", client.id, different.len(), above.len());
            assert!(!different.is_empty(), "{}: {lower} and {upper} are the same", client.id);
            for name in different {
                let mut trails = below.get(name).into_iter().chain(above.get(name)).flat_map(|(_, _, trails)| trails);
                assert!(
                    trails.any(|trail| is_founded(trail, &[lower, upper])),
                    "{}: `{name}` differs from {lower} to {upper} without a reference",
                    client.id
                );
            }
        }
    }
    for (level, defaults) in &CATALOGUE.presets {
        for default in defaults {
            let what = format!("presets/{level}.yaml: {}", default.key);
            let decision = CATALOGUE.decision(&default.key).unwrap();
            assert_ne!(decision.silence, Silence::Answer(default.default.clone()), "{what} is the default anyway");
            let known = |name: &String| CATALOGUE.requirements.find(name).is_some();
            assert!(!default.references.is_empty() && default.references.iter().all(known), "{what} has no reference");
        }
    }
}
