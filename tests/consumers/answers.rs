//! Plans in which every setting has every value that an answer of its decision gives, at all three levels.
//!
//! For each level and workplace, and for plans with fewer servers, each decision is given each of its answers alone: what this
//! sets is what must be read back, and so is what each way of delivery sets.
//! Few plans hold all of it: in one plan all decisions take their first answer, in the next their second, and so on; what
//! such a plan does not reach, because other answers stand in the way, comes from the plans with one answer. Only plans
//! that add something are taken.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use groundplan::baseline::{Checker, resolve, versions_of};
use groundplan::baselines::Baselines;
use groundplan::catalogue::{Catalogue, Shape, load_catalogue};
use groundplan::diag::{Code, Finding, Level, has_errors, text};
use groundplan::plan::{answers_of, read_plan};
use groundplan::source::{Limits, parse};
use groundplan::vendor::registry::{Hive, RegistryAction, RegistryData};
use groundplan::vendor::{Schemas, Typed};
use serde_json::{Map, Value as Json, json};

/// A setting with its value and whether it is locked.
type Set = BTreeSet<(String, String, bool)>;

/// Values of the registry; what is deleted is not among them.
type Written = BTreeSet<(String, String, RegistryData)>;

/// Decisions that carry the plans themselves, or whose answers are no more than names.
const FIXED: [&str; 9] = ["clients", "delivery", "deployment", "domains", "preset", "servers", "versions", "workplace", "accept"];

/// Plans, and what they must bring.
pub(crate) struct Covering {
    /// Each with its name and text.
    pub(crate) plans: Vec<(String, String)>,
    /// Each setting with each value, as JSON.
    pub(crate) wanted: BTreeSet<(String, String)>,
    /// What these write into the registry of Windows: key with its hive, name, and data.
    pub(crate) registry: Written,
}

impl Covering {
    /// The settings with their values.
    pub(crate) fn values(&self) -> impl Iterator<Item = (String, Json)> {
        self.wanted.iter().map(|(name, value)| (name.clone(), serde_json::from_str(value).expect("it was JSON")))
    }
}

pub(crate) static COVERING: LazyLock<Covering> = LazyLock::new(covering);

#[expect(clippy::print_stdout, reason = "how much is covered is worth more than that it is")]
fn covering() -> Covering {
    let baselines = Baselines::embedded();
    let catalogue = load_catalogue(&baselines).expect("the built-in content has no findings");
    let schemas = Schemas::load(&baselines).expect("the built-in schemas are sound");
    let (mut wanted, mut registry, mut candidates) = (Set::new(), Written::new(), Vec::new());
    let answers: Vec<(&str, Vec<Json>)> = catalogue
        .decisions
        .iter()
        .filter(|decision| !decision.key.contains('<') && !FIXED.contains(&decision.key.as_str()))
        .map(|decision| (decision.key.as_str(), possible(&decision.shape)))
        .filter(|(_, answers)| !answers.is_empty())
        .collect();
    let most = answers.iter().map(|(_, answers)| answers.len()).max().unwrap_or_default();
    for (frame, base) in frames(&catalogue) {
        for (key, answer) in answers.iter().flat_map(|(key, of)| of.iter().map(move |answer| (key, answer))) {
            let mut plan = base.clone();
            put(&mut plan, key, answer);
            let (set, written) = settings(&plan, &catalogue, &schemas);
            wanted.extend(set.iter().cloned());
            registry.extend(written);
            candidates.push((format!("{frame}, {key} {answer}"), plan, set));
        }
        for (wave, stride) in (0..most).flat_map(|wave| [0, 1, 2].map(|stride| (wave, stride))) {
            let mut plan = base.clone();
            for (place, (key, of)) in answers.iter().enumerate() {
                put(&mut plan, key, &of[(wave + place * stride) % of.len()]);
            }
            let (set, _) = settings(&plan, &catalogue, &schemas);
            candidates.push((format!("{frame}, answers {wave} by {stride}"), plan, set));
        }
    }
    // What carries the plans changes settings too: the accounts, and how a person is named in them.
    for (what, plan) in deliveries(&catalogue) {
        let (set, written) = settings(&plan, &catalogue, &schemas);
        wanted.extend(set.iter().cloned());
        registry.extend(written);
        candidates.push((what, plan, set));
    }
    // The plan that adds most comes next; of equal ones the first.
    let (mut taken, mut reached) = (Vec::new(), Set::new());
    loop {
        for (_, _, set) in &mut candidates {
            set.retain(|one| !reached.contains(one));
        }
        candidates.retain(|(_, _, set)| set.iter().any(|one| wanted.contains(one)));
        let gain = |set: &Set| set.iter().filter(|one| wanted.contains(*one)).count();
        let Some(best) = candidates.iter().rev().max_by_key(|(_, _, set)| gain(set)) else { break };
        reached.extend(best.2.iter().cloned());
        taken.push((best.0.clone(), best.1.to_string()));
    }
    let missing: Vec<_> = wanted.difference(&reached).collect();
    assert!(missing.is_empty(), "{} settings are in no plan: {missing:?}", missing.len());
    println!("{} plans hold {} values of settings, {} of them wanted", taken.len(), reached.len(), wanted.len());
    assert!(wanted.len() > 1000, "{} values of settings", wanted.len());
    Covering { plans: taken, wanted: wanted.into_iter().map(|(name, value, _)| (name, value)).collect(), registry }
}

fn base(level: &str, workplace: &str, catalogue: &Catalogue) -> Json {
    let errors = catalogue.checks.iter().filter(|check| check.levels.iter().any(|(level, _)| *level == Level::Error));
    let accept: Map<String, Json> =
        errors.map(|check| (check.name.clone(), json!({ "reason": "a test", "by": "a test", "until": "2099-01-01" }))).collect();
    json!({
        "organisation": "Example",
        "domains": ["example.org", "example.net"],
        "clients": ["thunderbird", "outlook", "outlook-mac", "apple-mail", "browser", "evolution", "kmail"],
        "deployment": ["internal-clients", "internal-web"],
        "servers": {
            "imap": "imap.example.org", "smtp": "smtp.example.org", "exchange": "exchange.example.org",
            "caldav": "https://dav.example.org/dav", "ldap": "ldap.example.org", "web": "https://web.example.org",
        },
        "delivery": { "mdm": "jamf" },
        "preset": level,
        "workplace": workplace,
        "accept": accept,
    })
}

/// The plans upon which each answer is laid: every level and workplace, and other servers than all at once.
fn frames(catalogue: &Catalogue) -> Vec<(String, Json)> {
    let mut frames = Vec::new();
    for level in ["basic", "standard", "high"] {
        for workplace in ["personal", "mobile", "shared"] {
            frames.push((format!("{level}, {workplace}"), base(level, workplace, catalogue)));
        }
    }
    for (what, servers) in [("servers of standards", STANDARDS), ("Exchange alone", &["exchange"])] {
        let mut plan = base("standard", "personal", catalogue);
        plan["servers"] = server(servers);
        frames.push((what.to_owned(), plan));
    }
    frames
}

/// Plans with each device management and name of the account, with and without Exchange.
fn deliveries(catalogue: &Catalogue) -> Vec<(String, Json)> {
    let delivery = &catalogue.decision("delivery").expect("it is part of the content").shape;
    let words = |field| delivery.field(field).and_then(Shape::answers).into_iter().flatten().map(|answer| answer.word.as_str());
    let mut plans = Vec::new();
    for servers in [STANDARDS, &["exchange"], &["imap"]] {
        for mdm in words("mdm") {
            for account in words("account_user") {
                let mut plan = base("standard", "personal", catalogue);
                plan["servers"] = server(servers);
                plan["delivery"] = json!({ "mdm": mdm, "account_user": account });
                // Where it cannot name the person, profiles with accounts are an error of the plan.
                let spelling = &catalogue.mdm[mdm];
                let parts = if account == "login" { &["email", "full_name", "name"][..] } else { &["email", "full_name"] };
                if !spelling.by_hand && !parts.iter().all(|part| spelling.user.contains_key(*part)) {
                    plan["clients"].as_array_mut().expect("it is a list").retain(|client| client != "apple-mail");
                }
                plans.push((format!("{mdm}, {account}, {servers:?}"), plan));
            }
        }
    }
    let mut plan = base("standard", "shared", catalogue);
    plan["clients"] = json!(["browser"]);
    plans.push(("a browser alone".to_owned(), plan));
    plans
}

const STANDARDS: &[&str] = &["imap", "smtp", "caldav", "carddav", "ldap"];

fn server(kinds: &[&str]) -> Json {
    let address = |kind: &str| {
        if kind.ends_with("dav") { format!("https://{kind}.example.org/dav") } else { format!("{kind}.example.org") }
    };
    Json::Object(kinds.iter().map(|kind| ((*kind).to_owned(), json!(address(kind)))).collect())
}

/// Answers of every kind: each word, flag and end of a range, and lists that are full and empty.
fn possible(shape: &Shape) -> Vec<Json> {
    match shape {
        Shape::Choice(answers) => answers.iter().map(|answer| json!(answer.word)).collect(),
        Shape::Choices(answers) => {
            let all: Vec<&String> = answers.iter().map(|answer| &answer.word).collect();
            let one = all.iter().map(|word| json!([word]));
            one.chain([json!(all), json!([])]).collect()
        }
        Shape::Flag => vec![json!(true), json!(false)],
        Shape::Number { from, to, .. } => vec![json!(from), json!(from + 1), json!(to)],
        Shape::List(each) => item(each).map(|item| vec![json!([item]), json!([])]).unwrap_or_default(),
        Shape::StandardOrList(each) => {
            item(each).map(|item| vec![json!("standard"), json!([item]), json!([])]).unwrap_or_default()
        }
        Shape::AddressOrPath | Shape::Text => vec![json!("Handbook")],
        _ => Vec::new(),
    }
}

fn item(shape: &Shape) -> Option<Json> {
    Some(match shape {
        Shape::Identifier => json!("addon@example.org"),
        // One of the list of webmail, so that letting it through makes a difference.
        Shape::Host => json!("mail.proton.me"),
        Shape::Domain => json!("example.com"),
        Shape::Ending => json!("iso"),
        Shape::Text => json!("A reason."),
        Shape::Record { fields, .. } => {
            let entries = fields.iter().map(|field| Some((field.name.clone(), item(&field.shape)?)));
            Json::Object(entries.collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// Writes an answer into a plan, below its topic.
fn put(plan: &mut Json, key: &str, answer: &Json) {
    match key.split_once('.') {
        None => plan[key] = answer.clone(),
        Some((topic, rest)) => {
            if !plan[topic].is_object() {
                plan[topic] = json!({});
            }
            plan[topic][rest] = answer.clone();
        }
    }
}

fn settings(plan: &Json, catalogue: &Catalogue, schemas: &Schemas<'_>) -> (Set, Written) {
    let (document, findings) = parse("plan", plan.to_string().as_bytes(), Limits::default());
    assert!(findings.is_empty(), "{plan}\n{}", text::render(&findings, false));
    let (plan, findings) = read_plan(&document.expect("it has no findings"), catalogue);
    assert!(!has_errors(&findings), "{}", text::render(&findings, false));
    let answers = answers_of(&plan, None, catalogue, jiff::civil::date(2026, 11, 1));
    let (baseline, mut findings) = resolve(catalogue, &answers);
    let (checked, more) = Checker::new(schemas, versions_of(&answers)).check(baseline);
    findings.extend(more);
    let is_fine =
        |finding: &Finding| finding.level == Level::Note || finding.code == Code::PlanSpelling && finding.level != Level::Error;
    assert!(findings.iter().all(is_fine), "{}", text::render(&findings, false));
    let locked = |setting: &groundplan::baseline::Setting| setting.lock == groundplan::baseline::Lock::Locked;
    let set = checked
        .settings
        .iter()
        .map(|one| (one.setting.name.clone(), one.setting.value.to_json().to_string(), locked(&one.setting)));
    let operations =
        checked.settings.iter().filter_map(|one| if let Typed::Registry(all) = &one.typed { Some(all) } else { None });
    let written = operations.flatten().filter_map(|operation| {
        let RegistryAction::Set(data) = &operation.action else { return None };
        let hive = if operation.hive == Hive::User { "hkey_current_user" } else { "hkey_local_machine" };
        Some((format!("{hive}\\{}", operation.key.as_str()).to_lowercase(), operation.name.to_lowercase(), data.clone()))
    });
    (set.collect(), written.collect())
}
