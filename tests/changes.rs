//! Changing one answer of the utility's plan changes only what that decision says.
//!
//! For every decision and every other answer it can have, for everyone and each role, the baseline before and after is
//! compared. What may differ is predicted from the text of the content alone: the rules that stand with the decision, and
//! those that name it, or name an answer that a raise or preset moves with it. Nothing else may differ, and what these rules
//! give by themselves must be the whole difference. For one answer of each decision the artifacts are compared as well: the
//! files that change are those in which a changed setting stands.

#![expect(clippy::unwrap_used, reason = "a test stops where something fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use groundplan::baseline::{Baseline, CheckedSetting, Checker, Lock, Trail, resolve, versions_of};
use groundplan::baselines::Baselines;
use groundplan::catalogue::{Catalogue, Decision, Shape, Silence, load_catalogue};
use groundplan::diag::Place;
use groundplan::emit::layout::Places;
use groundplan::emit::thunderbird::{ISP, WEB, is_in_setup};
use groundplan::emit::{Delivery, Identity, Known, places, render_role};
use groundplan::plan::{Decided, Origin, Plan, RoleAnswers, answers_of, read_plan};
use groundplan::source::{Limits, parse};
use groundplan::value::Value;
use groundplan::vendor::{Schemas, Typed};
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 1);

static BASELINES: LazyLock<Baselines> = LazyLock::new(Baselines::embedded);
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| load_catalogue(&BASELINES).unwrap());
static PLAN: LazyLock<Plan> = LazyLock::new(|| {
    let (document, findings) = parse("utility.yaml", include_bytes!("../examples/utility.yaml"), Limits::default());
    assert!(findings.is_empty(), "{findings:?}");
    read_plan(&document.unwrap(), &CATALOGUE).0
});

/// The answers that a decision can have besides those of free text.
fn possible(shape: &Shape) -> Vec<Value> {
    match shape {
        Shape::Choice(answers) => answers.iter().map(|answer| Value::from(answer.word.as_str())).collect(),
        Shape::Choices(answers) => {
            let one = answers.iter().map(|answer| Value::List(vec![Value::from(answer.word.as_str())]));
            one.chain([Value::List(Vec::new())]).collect()
        }
        Shape::Flag => vec![Value::Flag(true), Value::Flag(false)],
        Shape::Number { from, to, .. } => vec![Value::Number(*from), Value::Number(*to)],
        _ => Vec::new(),
    }
}

/// The plan with another answer, which no role takes back.
fn changed(key: &str, value: Value) -> Plan {
    let mut plan = PLAN.clone();
    let place = plan.everyone.values().next().unwrap().place.clone();
    plan.everyone.insert(key.to_owned(), Decided { value, place: Place { span: 0..0, ..place } });
    plan.roles.values_mut().for_each(|role| drop(role.remove(key)));
    plan
}

/// The value and lock of a setting, nothing for gaps and duties; and where it comes from.
type Content = (Option<(Value, Lock)>, Vec<Trail>);

/// What is in a baseline, by what it is.
fn contents(baseline: &Baseline) -> BTreeMap<String, Content> {
    let settings = baseline.settings.iter().map(|setting| {
        (format!("setting {}", setting.name), (Some((setting.value.clone(), setting.lock)), setting.trails.clone()))
    });
    let gaps = baseline
        .gaps
        .iter()
        .map(|gap| (format!("gap {} {} {}", gap.trail.decision, gap.client, gap.reason), (None, vec![gap.trail.clone()])));
    let duties = baseline.duties.iter().map(|duty| {
        (format!("duty {} {} {} {:?}", duty.trail.decision, duty.to, duty.what, duty.how), (None, vec![duty.trail.clone()]))
    });
    settings.chain(gaps).chain(duties).collect()
}

/// What differs, with the trails of both sides.
fn difference(before: &Baseline, after: &Baseline) -> BTreeMap<String, Vec<Trail>> {
    let (before, after) = (contents(before), contents(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let differs = |name: &&&String| before.get(**name).map(|(what, _)| what) != after.get(**name).map(|(what, _)| what);
    let trails = |name: &String| {
        let both = before.get(name).into_iter().chain(after.get(name));
        both.flat_map(|(_, trails)| trails.clone()).collect()
    };
    names.iter().filter(differs).map(|name| ((*name).clone(), trails(name))).collect()
}

/// Whether a text names a key, as a whole word: `chat.calls`, `$chat.calls`, `decided.review` for `decided`.
fn names(text: &str, key: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    text.match_indices(key).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let after = text[start + key.len()..].chars().next();
        before.is_none_or(|c| !word(c) && c != '.') && after.is_none_or(|c| !word(c))
    })
}

/// The lines of the rule behind a trail: its first, and those below that are indented as deep.
fn rule_text(trail: &Trail) -> String {
    let lines: Vec<&str> = BASELINES.text(&trail.rule.file).unwrap().lines().skip(trail.rule.line - 1).collect();
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let is_item = |line: &str| line.trim_start().starts_with("- ");
    let depth = |line: &str| indent(line) + 2 * usize::from(is_item(line));
    let own = depth(lines[0]);
    let ends = |line: &&str| !line.trim().is_empty() && (depth(line) < own || (depth(line) == own && is_item(line)));
    let last = lines[1..].iter().position(ends).map_or(lines.len(), |end| end + 1);
    lines[..last].join("\n")
}

/// The keys whose answers differ.
fn moved(before: &RoleAnswers, after: &RoleAnswers) -> BTreeSet<String> {
    let keys: BTreeSet<&String> = before.answers.keys().chain(after.answers.keys()).collect();
    let value = |answers: &RoleAnswers, key: &str| answers.answers.get(key).map(|given| given.value.clone());
    keys.into_iter().filter(|key| value(before, key) != value(after, key)).cloned().collect()
}

/// Whether a text of the content names one of these answers, or a need that follows from them.
fn concerned(text: &str, keys: &BTreeSet<String>) -> bool {
    // What roles handle, and through which channels, makes the needs.
    let needs = keys.iter().any(|key| key == "information" || key.starts_with("information."));
    keys.iter().any(|key| names(text, key)) || (needs && text.contains("need."))
}

/// The part of the content that says something about these answers.
fn part_about(keys: &BTreeSet<String>) -> Catalogue {
    // Which clients a role has, and what is locked, concerns every rule.
    let clients = CATALOGUE.clients.iter().filter_map(|client| BASELINES.text(&format!("clients/{}.yaml", client.id)));
    let all = keys.contains("lock") || clients.into_iter().any(|text| concerned(text, keys));
    let about = |decision: &&Decision| {
        let files: BTreeSet<&str> = std::iter::once(decision.place.file.as_str())
            .chain(decision.settings.values().flatten().map(|rule| rule.place.file.as_str()))
            .collect();
        all || keys.contains(&decision.key) || files.iter().any(|file| concerned(BASELINES.text(file).unwrap(), keys))
    };
    let decisions = CATALOGUE.decisions.iter().filter(about).cloned().collect();
    Catalogue { decisions, ..CATALOGUE.clone() }
}

#[test]
#[expect(clippy::print_stdout, reason = "how much was run is worth more than that it was")]
fn another_answer_changes_what_its_decision_says_and_nothing_else() {
    let roles: Vec<Option<&str>> = PLAN.all_roles().collect();
    let before: Vec<_> = roles
        .iter()
        .map(|role| {
            let answers = answers_of(&PLAN, *role, &CATALOGUE, TODAY);
            let baseline = resolve(&CATALOGUE, &answers).0;
            (answers, baseline)
        })
        .collect();
    let raises = BASELINES.text("needs/raises.yaml").unwrap();
    let mut parts = BTreeMap::new();
    let (mut runs, mut differences, mut wrong) = (0, 0, Vec::new());
    for decision in &CATALOGUE.decisions {
        for value in possible(&decision.shape) {
            let plan = changed(&decision.key, value.clone());
            for (role, (old, old_baseline)) in roles.iter().zip(&before) {
                let what = format!("{} = {value} for {}", decision.key, old.name());
                let new = answers_of(&plan, *role, &CATALOGUE, TODAY);
                let moved = moved(old, &new);
                let mut complain = |about: String| wrong.push(format!("{what}: {about}"));
                for other in moved.iter().filter(|key| **key != decision.key) {
                    let derived = |answers: &RoleAnswers| {
                        answers.answers.get(other).is_none_or(|given| !matches!(given.origin, Origin::Plan { .. }))
                    };
                    let allowed = decision.key == "preset" || concerned(raises, &BTreeSet::from([decision.key.clone()]));
                    if !(derived(old) && derived(&new) && allowed) {
                        complain(format!("the answer of `{other}` changes"));
                    }
                }
                let new_baseline = resolve(&CATALOGUE, &new).0;
                let found = difference(old_baseline, &new_baseline);
                // A role whose answer was the same already, or whose every rule is for clients that it does not have.
                if moved.is_empty() {
                    if !found.is_empty() {
                        complain(format!("no answer changes, and yet {:?}", found.keys()));
                    }
                    continue;
                }
                runs += 1;
                differences += found.len();
                let everything = moved.contains("lock") || moved.contains("clients") || moved.contains("workplace");
                for (name, trails) in &found {
                    let says = |trail: &Trail| moved.contains(&trail.decision) || concerned(&rule_text(trail), &moved);
                    if !everything && !trails.iter().any(says) {
                        complain(format!("{name} changes, and no rule behind it names {moved:?}"));
                    }
                }
                let part = parts.entry(moved.clone()).or_insert_with(|| part_about(&moved));
                let predicted = difference(&resolve(part, old).0, &resolve(part, &new).0);
                let (found, predicted): (BTreeSet<_>, BTreeSet<_>) = (found.keys().collect(), predicted.keys().collect());
                for name in found.difference(&predicted) {
                    complain(format!("{name} changes, and was not predicted"));
                }
                // A setting that another decision wants as well stays.
                let held = |name: &str| {
                    let held_in = |baseline: &Baseline| {
                        let setting = baseline.settings.iter().find(|setting| name == format!("setting {}", setting.name));
                        let known = |trail: &Trail| part.decisions.iter().any(|decision| decision.key == trail.decision);
                        setting.is_some_and(|setting| !setting.trails.iter().all(known))
                    };
                    held_in(old_baseline) && held_in(&new_baseline)
                };
                for name in predicted.difference(&found).filter(|name| !held(name)) {
                    complain(format!("{name} was predicted and does not change"));
                }
            }
        }
    }
    println!("{runs} changed answers of roles, {differences} differences, each predicted");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(runs > 500 && differences > runs, "{runs} runs with {differences} differences");
}

/// What is written of a setting, and where.
#[derive(PartialEq)]
struct Written {
    value: Value,
    besides: (Lock, BTreeSet<String>),
    files: BTreeSet<String>,
}

/// The checked settings of a plan for everyone, and the files they give.
fn made(plan: &Plan, schemas: &Schemas<'_>) -> (Vec<CheckedSetting>, BTreeMap<String, Vec<u8>>) {
    let answers = answers_of(plan, None, &CATALOGUE, TODAY);
    let settings = Checker::new(schemas, versions_of(&answers)).check(resolve(&CATALOGUE, &answers).0).0.settings;
    let identity = Identity {
        organisation: "Example",
        domain: "example.org",
        domains: &["example.org"],
        account_user: "login",
        role: "everyone",
        decided: None,
    };
    let (versions, places) = (versions_of(&answers), Places::load(&BASELINES).unwrap());
    let known = Known {
        baselines: &BASELINES,
        schemas,
        versions: &versions,
        certificates: &plan.certificates,
        places: &places,
        delivery: Delivery::default(),
        previous: None,
    };
    let artifacts = render_role(&settings, &identity, &known).unwrap();
    (settings, artifacts.into_iter().map(|artifact| (artifact.path, artifact.bytes)).collect())
}

#[test]
#[expect(clippy::print_stdout, reason = "how much was run is worth more than that it was")]
fn another_answer_changes_the_files_in_which_its_settings_stand_and_no_other() {
    let schemas = Schemas::load(&BASELINES).unwrap();
    let (old_settings, old_files) = made(&PLAN, &schemas);
    // A report inside an artifact names the decisions; a lock shows only where the format has one.
    let by_name = |settings: &[CheckedSetting]| -> BTreeMap<String, Written> {
        let entry = |checked: &CheckedSetting| {
            let CheckedSetting { setting, typed } = checked;
            let decisions = setting.trails.iter().map(|trail| trail.decision.clone()).collect();
            let mut files: BTreeSet<String> = places(typed, Delivery::default()).into_iter().map(|place| place.path).collect();
            if matches!(typed, Typed::Thunderbird(_)) && is_in_setup(&setting.name, &BASELINES) {
                files.extend([ISP, WEB].map(str::to_owned));
            }
            (setting.name.clone(), Written { value: setting.value.clone(), besides: (setting.lock, decisions), files })
        };
        settings.iter().map(entry).collect()
    };
    let old_settings = by_name(&old_settings);
    let (mut runs, mut wrong) = (0, Vec::new());
    for decision in &CATALOGUE.decisions {
        let current = PLAN.everyone.get(&decision.key).map(|decided| decided.value.clone()).or(match &decision.silence {
            Silence::Answer(value) => Some(value.clone()),
            Silence::Required | Silence::Unanswered => None,
        });
        let Some(value) = possible(&decision.shape).into_iter().find(|value| Some(value) != current.as_ref()) else { continue };
        runs += 1;
        let (new_settings, new_files) = made(&changed(&decision.key, value.clone()), &schemas);
        let new_settings = by_name(&new_settings);
        let names: BTreeSet<&String> = old_settings.keys().chain(new_settings.keys()).collect();
        let (mut may_change, mut must_change) = (BTreeSet::new(), BTreeSet::new());
        for name in names {
            let (old, new) = (old_settings.get(name), new_settings.get(name));
            let files = || old.into_iter().chain(new).flat_map(|written| written.files.clone());
            if old != new {
                may_change.extend(files());
            }
            if old.map(|written| &written.value) != new.map(|written| &written.value) {
                must_change.extend(files());
            }
        }
        let names: BTreeSet<&String> = old_files.keys().chain(new_files.keys()).collect();
        let found: BTreeSet<&String> = names.into_iter().filter(|path| old_files.get(*path) != new_files.get(*path)).collect();
        let stands_in = |path: &str, place: &str| path == place || (place.ends_with('/') && path.starts_with(place));
        for path in &found {
            if !path.ends_with("PLACES.md") && !may_change.iter().any(|place| stands_in(path, place)) {
                wrong.push(format!("{} = {value}: {path} changes, and no setting in it does", decision.key));
            }
        }
        for place in &must_change {
            if !found.iter().any(|path| stands_in(path, place)) {
                wrong.push(format!("{} = {value}: a setting in {place} changes, and the file does not", decision.key));
            }
        }
    }
    println!("{runs} decisions, each with another answer");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(runs > 50);
}
