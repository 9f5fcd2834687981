//! Every setting of the catalogue, spoilt in every way that a hand or a merge can spoil it: the check must refuse each one.
//!
//! In: all values that the rules give in the examples and in plans with every answer. A mutant is a value with one fault. Whether
//! a fault is one is read from the tables of `baselines/vendor/` by code of this test alone; where a table sets no limit (free
//! text, a number without range) there is nothing to break, and the values without limit are counted, not passed over.

use std::collections::{BTreeMap, BTreeSet};

use super::{BASELINES, CATALOGUE, answers, every_plan, examples, minimal_with};
use crate::baseline::{Baseline, Checker, Setting, resolve};
use crate::emit::macos::{ProfileIdentity, profiles, verify};
use crate::value::Value;
use crate::vendor::apple::{PayloadKey, Schema, Scope};
use crate::vendor::thunderbird::{Form, Keys, Node};
use crate::vendor::workstation::{self, Parameters};
use crate::vendor::{Schemas, Typed, Versions, admx};

/// Runs of one kind of mutant on one client.
#[derive(Default)]
struct Count {
    caught: usize,
    survivors: Vec<String>,
}

/// What became of the mutants, by client and kind.
#[derive(Default)]
struct Tally {
    counts: BTreeMap<(String, &'static str), Count>,
    /// Values and parts of values that their table does not limit.
    free: BTreeSet<String>,
}

impl Tally {
    fn judge(&mut self, client: &str, kind: &'static str, caught: bool, mutant: impl FnOnce() -> String) {
        let count = self.counts.entry((client.to_owned(), kind)).or_default();
        if caught { count.caught += 1 } else { count.survivors.push(mutant()) }
    }

    /// Prints the numbers and fails when a mutant lives.
    #[expect(clippy::print_stdout, reason = "how many mutants there were is the result of the test")]
    fn finish(self, least: usize) {
        let mut survivors = Vec::new();
        let mut all = 0;
        for ((client, kind), count) in self.counts {
            println!("{client:>12} {kind:<24} {:>6} caught", count.caught);
            all += count.caught;
            survivors.extend(count.survivors.into_iter().map(|mutant| format!("{client}, {kind}: {mutant}")));
        }
        println!("{all} mutants caught; {} values have no limit in their table", self.free.len());
        assert!(survivors.is_empty(), "{} mutants live:\n{}", survivors.len(), survivors.join("\n"));
        assert!(all >= least, "{all} mutants are too few to prove anything");
    }
}

/// A value that a rule of the catalogue gives, on one client.
struct Given {
    client: String,
    name: String,
    value: Value,
}

/// The baselines of every example and of every answer; equal ones once.
fn baselines() -> Vec<Baseline> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    let mut add = |document: &crate::source::Document, what: &str| {
        let baseline = resolve(&CATALOGUE, &answers(document, what)).0;
        let settings: BTreeMap<&str, &Value> =
            baseline.settings.iter().map(|setting| (setting.name.as_str(), &setting.value)).collect();
        if seen.insert(format!("{settings:?}")) {
            all.push(baseline);
        }
    };
    for (decision, example) in examples() {
        add(&minimal_with(&example.plan), &decision.key);
    }
    every_plan(|what, document| add(document, what));
    all
}

fn given(baselines: &[Baseline]) -> Vec<Given> {
    let mut all: BTreeMap<(&str, &Value), &Setting> = BTreeMap::new();
    for setting in baselines.iter().flat_map(|baseline| &baseline.settings) {
        all.entry((&setting.name, &setting.value)).or_insert(setting);
    }
    all.into_iter()
        .map(|((name, value), setting)| Given {
            client: setting.trails[0].client.clone().unwrap_or_default(),
            name: name.to_owned(),
            value: value.clone(),
        })
        .collect()
}

/// A word with one letter dropped, doubled, changed, in another case, or swapped with the next; each once.
fn misspelt(word: &str) -> BTreeSet<String> {
    let letters: Vec<char> = word.chars().collect();
    let mut all = BTreeSet::new();
    for (place, &letter) in letters.iter().enumerate() {
        let with = |instead: &[char]| letters[..place].iter().chain(instead).chain(&letters[place + 1..]).collect::<String>();
        let other_case = if letter.is_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() };
        let other = if letter == 'x' { 'k' } else { 'x' };
        all.extend([with(&[]), with(&[letter, letter]), with(&[other]), with(&[other_case])]);
        if let Some(&next) = letters.get(place + 1) {
            let pair = [next, letter];
            let swapped = letters[..place].iter().chain(&pair).chain(&letters[place + 2..]);
            all.insert(swapped.collect());
        }
    }
    all.remove(word);
    all
}

/// One step into a value.
#[derive(Debug, Clone)]
enum Step {
    Key(String),
    Item(usize),
}

/// The value and everything inside it, each with the way to it.
fn parts(value: &Value) -> Vec<(Vec<Step>, &Value)> {
    let mut all = vec![(Vec::new(), value)];
    let mut below = |step: Step, inner| {
        all.extend(parts(inner).into_iter().map(|(way, part)| (std::iter::once(step.clone()).chain(way).collect(), part)));
    };
    match value {
        Value::List(items) => items.iter().enumerate().for_each(|(place, item)| below(Step::Item(place), item)),
        Value::Map(entries) => entries.iter().for_each(|(key, entry)| below(Step::Key(key.clone()), entry)),
        _ => {}
    }
    all
}

/// The value with another part at the end of the way.
fn with_part(value: &Value, way: &[Step], part: Value) -> Value {
    match (value, way.split_first()) {
        (_, None) => part,
        (Value::List(items), Some((Step::Item(place), rest))) => {
            let mut items = items.clone();
            items[*place] = with_part(&items[*place], rest, part);
            Value::List(items)
        }
        (Value::Map(entries), Some((Step::Key(key), rest))) => {
            let mut entries = entries.clone();
            let inner = with_part(&entries[key], rest, part);
            entries.insert(key.clone(), inner);
            Value::Map(entries)
        }
        _ => panic!("no such way"),
    }
}

fn renamed(entries: &BTreeMap<String, Value>, from: &str, to: &str) -> Value {
    Value::Map(entries.iter().map(|(key, value)| (if key == from { to } else { key }.to_owned(), value.clone())).collect())
}

fn without(entries: &BTreeMap<String, Value>, key: &str) -> Value {
    Value::Map(entries.iter().filter(|(known, _)| *known != key).map(|(key, value)| (key.clone(), value.clone())).collect())
}

/// The same meaning in types that it does not have.
fn other_types(value: &Value) -> Vec<Value> {
    let listed = Value::List(vec![value.clone()]);
    match value {
        Value::Flag(flag) => vec![Value::Number(i64::from(*flag)), Value::from(if *flag { "true" } else { "false" }), listed],
        Value::Number(number) => vec![Value::Flag(*number != 0), Value::from(number.to_string().as_str()), listed],
        Value::Text(text) => {
            vec![Value::Flag(true), Value::Number(1), listed, Value::Map(BTreeMap::from([(text.clone(), Value::Flag(true))]))]
        }
        Value::List(items) => {
            let first = items.first().cloned().unwrap_or(Value::from("x"));
            vec![first, Value::Flag(true), Value::Number(0), Value::Map(BTreeMap::from([("0".to_owned(), Value::from("x"))]))]
        }
        Value::Map(_) | Value::Personal(_) => {
            let map = Value::Map(BTreeMap::from([("x".to_owned(), Value::from("x"))]));
            let others = [listed, Value::Flag(true), Value::Number(0)];
            others.into_iter().chain([if matches!(value, Value::Map(_)) { Value::from("x") } else { map }]).collect()
        }
    }
}

/// The limits that the committed tables set, read by this test for itself.
struct Tables {
    policies: BTreeMap<String, Node>,
    /// Payload type and path to the columns after the path.
    keys: BTreeMap<(&'static str, &'static str), Vec<&'static str>>,
    /// Keys of Linux desktops: with what their names begin, without what is chosen freely.
    desktop: BTreeMap<String, Node>,
    parameters: Parameters,
    templates: admx::Templates<'static>,
}

const NEWEST_POLICIES: &str = "vendor/thunderbird/policies-153.tsv";
const BROWSERS: [(&str, &str); 3] = [
    ("chrome", "vendor/chrome/policies-151.tsv"),
    ("edge", "vendor/edge/policies-153.tsv"),
    ("firefox", "vendor/firefox/policies-153.tsv"),
];
const DESKTOP: [(&str, &str); 3] = [
    ("dconf", "vendor/evolution/settings-3.46.tsv"),
    ("kconfig", "vendor/kmail/settings-22.12.tsv"),
    ("account", "vendor/evolution/accounts-3.46.tsv"),
];
const PAYLOADS: &str = "vendor/apple/payloads.tsv";
const AMENDMENTS: &str = "vendor/apple/amendments.tsv";
const DOMAINS: &str = "vendor/apple/managed-preferences.tsv";

fn lines(file: &str) -> impl Iterator<Item = Vec<&'static str>> + use<> {
    let text = BASELINES.text(file).unwrap();
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

impl Tables {
    fn read() -> Self {
        let shape = |text: &str| -> Node { serde_json::from_str(text).unwrap() };
        let mut policies: BTreeMap<String, Node> =
            lines(NEWEST_POLICIES).map(|line| (line[0].to_owned(), shape(line[2]))).collect();
        for (browser, file) in BROWSERS {
            for line in lines(file).chain(lines(&format!("vendor/{browser}/shapes.tsv"))) {
                // A line of the shapes has the source behind the shape, one of the policies has the shape last.
                let text = if line.len() == 3 && line[1].starts_with('{') { line[1] } else { line[line.len() - 1] };
                policies.insert(format!("{browser}:{}", line[0]), shape(text));
            }
        }
        let mut keys = BTreeMap::new();
        let mut payload = "";
        for line in lines(PAYLOADS) {
            match line[0].strip_prefix('@') {
                Some(kind) => payload = kind,
                None => {
                    let mut columns = line[1..].to_vec();
                    columns.resize(columns.len().max(2), "");
                    keys.insert((payload, line[0]), columns);
                }
            }
        }
        for line in lines(AMENDMENTS).filter(|line| line[2] == "presence") {
            if let Some(columns) = keys.get_mut(&(line[0], line[1])) {
                columns[1] = line[3];
            }
        }
        for line in lines(DOMAINS) {
            // The same columns as those of a key: type, presence, values.
            keys.insert((line[0], line[1]), vec![line[2], "", line.get(3).copied().unwrap_or_default()]);
        }
        Self {
            policies,
            keys,
            desktop: DESKTOP
                .iter()
                .flat_map(|(store, file)| lines(file).map(move |line| (format!("{store}:{}", line[0]), shape(line[2]))))
                .collect(),
            parameters: Parameters::load(&BASELINES).unwrap(),
            templates: admx::Templates::new(&BASELINES).unwrap(),
        }
    }

    /// Values with one fault beyond their type, by kind.
    fn faults(&self, given: &Given, tally: &mut Tally) -> Vec<(&'static str, Value)> {
        let mut faults = Vec::new();
        let mut add = |kind, way: &[Step], part| faults.push((kind, with_part(&given.value, way, part)));
        let mut free = |part: &str| {
            tally.free.insert(format!("{} {part}", given.name));
        };
        if let Some(node) = self.of_desktop(&given.name) {
            of_node(node, &given.value, &mut Vec::new(), &mut add, &mut free);
        } else if let Some(node) = self.policies.get(given.name.strip_prefix("suspended.").unwrap_or(&given.name)) {
            of_node(node, &given.value, &mut Vec::new(), &mut add, &mut free);
        } else if let Some((first, path)) = given.name.split_once(':') {
            if let Some(known) = self.parameters.describe(&given.name) {
                of_parameter(&known.kind, &mut add, &mut free);
            } else if let Some(policy) = self.templates.describe(&given.name) {
                of_policy(&policy, &given.value, &mut add, &mut free);
            } else {
                self.of_key(first, path, &given.value, &mut Vec::new(), &mut add, &mut free);
            }
        } else {
            of_preference(&given.value, &mut add, &mut free);
        }
        faults
    }

    /// The shape of a key of a Linux desktop: an account has its id before the name, a group may end in a number.
    fn of_desktop(&self, name: &str) -> Option<&Node> {
        let (store, own) = name.split_once(':')?;
        let own = if store == "account" { own.split_once('/')?.1.to_owned() } else { own.to_owned() };
        let starred = own.replace("Transport 2454", "Transport *");
        self.desktop.get(&format!("{store}:{starred}"))
    }

    fn of_key(&self, payload: &str, path: &str, value: &Value, way: &mut Vec<Step>, add: Add<'_>, free: Free<'_>) {
        let Some(columns) = self.keys.get(&(payload, path)) else { return free(path) };
        let column = |number: usize| columns.get(number).copied().unwrap_or_default();
        let (kind, values, range, format) = (column(0), column(2), column(3), column(4));
        match value {
            Value::List(items) => {
                for (place, item) in items.iter().enumerate() {
                    way.push(Step::Item(place));
                    if kind == "array" {
                        self.of_key(payload, &format!("{path}/[]"), item, way, add, free);
                    } else {
                        of_choice(values, item, way, add, free, path);
                    }
                    way.pop();
                }
            }
            Value::Map(entries) => {
                for (key, entry) in entries {
                    let own = self.keys.contains_key(&(payload, format!("{path}/{key}").as_str()));
                    let inner = format!("{path}/{}", if own { key } else { "*" });
                    if self.keys.get(&(payload, inner.as_str())).is_some_and(|columns| columns.get(1) == Some(&"required")) {
                        add("required part", way, without(entries, key));
                    }
                    if own && !self.keys.contains_key(&(payload, format!("{path}/*").as_str())) {
                        for wrong in misspelt(key).iter().filter(|wrong| !entries.contains_key(*wrong)) {
                            if !self.keys.contains_key(&(payload, format!("{path}/{wrong}").as_str())) {
                                add("name of a part", way, renamed(entries, key, wrong));
                            }
                        }
                    } else {
                        free(&format!("{path}/*"));
                    }
                    way.push(Step::Key(key.clone()));
                    self.of_key(payload, &inner, entry, way, add, free);
                    way.pop();
                }
            }
            Value::Number(_) if !range.is_empty() => {
                let (from, to) = range.split_once("..").unwrap();
                let allowed: Vec<i64> = values.split('|').filter_map(|value| value.parse().ok()).collect();
                let edges = [from.parse().ok().map(|from: i64| from - 1), to.parse().ok().map(|to: i64| to + 1)];
                for edge in edges.into_iter().flatten().filter(|edge| !allowed.contains(edge)) {
                    add("range", way, Value::Number(edge));
                }
            }
            _ if !format.is_empty() => add("form", way, Value::from("?")),
            _ => of_choice(values, value, way, add, free, path),
        }
    }
}

type Add<'f> = &'f mut dyn FnMut(&'static str, &[Step], Value);
type Free<'f> = &'f mut dyn FnMut(&str);

/// Faults of a value that is one of those divided by `|`; a flag has nothing but its two values.
fn of_choice(values: &str, value: &Value, way: &[Step], add: Add<'_>, free: Free<'_>, path: &str) {
    let known: Vec<&str> = values.split('|').filter(|value| !value.is_empty()).collect();
    match value {
        Value::Flag(flag) if !known.is_empty() => add("item", way, Value::Flag(!flag)),
        Value::Flag(_) => {}
        _ if known.is_empty() => free(path),
        Value::Number(_) => {
            for wrong in [-1, 99, i64::from(i32::MAX)].into_iter().filter(|wrong| !known.contains(&wrong.to_string().as_str())) {
                add("item", way, Value::Number(wrong));
            }
        }
        _ => {
            for wrong in misspelt(&value.to_string()).iter().filter(|wrong| !known.contains(&wrong.as_str())) {
                add("item", way, Value::from(wrong.as_str()));
            }
        }
    }
}

fn of_preference(value: &Value, add: Add<'_>, free: Free<'_>) {
    if matches!(value, Value::Number(_)) {
        for wrong in [i64::from(i32::MAX) + 1, i64::from(i32::MIN) - 1, i64::MAX] {
            add("range", &[], Value::Number(wrong));
        }
    }
    if !matches!(value, Value::Flag(_)) {
        free("");
    }
}

fn of_node(node: &Node, value: &Value, way: &mut Vec<Step>, add: Add<'_>, free: Free<'_>) {
    match (node, value) {
        (Node::Number(all), Value::Number(_)) if !all.is_empty() => {
            add("item", way, Value::Number(all.iter().max().unwrap() + 1));
        }
        (Node::Text(all), Value::Text(word)) if !all.is_empty() => {
            for wrong in misspelt(word).into_iter().filter(|wrong| !all.contains(wrong)) {
                add("item", way, Value::from(wrong.as_str()));
            }
        }
        (Node::Between(from, to), Value::Number(_)) => {
            for wrong in [from - 1, to + 1] {
                add("range", way, Value::Number(wrong));
            }
        }
        (Node::Short(most, of), Value::List(items)) => {
            add("too many items", way, Value::List(vec![items[0].clone(); most + 1]));
            for (place, item) in items.iter().enumerate() {
                way.push(Step::Item(place));
                of_node(of, item, way, add, free);
                way.pop();
            }
        }
        (Node::Formed(form), Value::Text(address)) => {
            let mut wrong = vec!["host.example", "https://", "https://a b.example/", "https:/one.example"];
            match form {
                Form::Url => wrong.push(""),
                Form::UrlOrEmpty => {}
                Form::Origin => wrong.extend(["", "https://a.example/path", "ftp://a.example"]),
                Form::EscapedUrl => wrong.extend(["", "https://a.example/%zz"]),
                Form::ExtensionIds => wrong.push("abc"),
            }
            for wrong in wrong {
                add("form", way, Value::from(wrong));
            }
            add("form", way, Value::from(format!(" {address}").as_str()));
        }
        (Node::List(of), Value::List(items)) => {
            for (place, item) in items.iter().enumerate() {
                way.push(Step::Item(place));
                of_node(of, item, way, add, free);
                way.pop();
            }
        }
        (Node::Map(keys), Value::Map(entries)) => of_keys(keys, entries, way, add, free),
        (Node::Either(all), _) => {
            let one = all.iter().find(|one| one.check(value).is_ok()).unwrap();
            of_node(one, value, way, add, free);
        }
        (Node::Flag, _) => {}
        _ => free(&format!("{way:?}")),
    }
}

fn of_keys(keys: &Keys, entries: &BTreeMap<String, Value>, way: &mut Vec<Step>, add: Add<'_>, free: Free<'_>) {
    for (key, entry) in entries {
        if keys.required.contains(key) {
            add("required part", way, without(entries, key));
        }
        match (keys.fixed.get(key), &keys.free) {
            (Some(_), None) => {
                for wrong in misspelt(key).into_iter().filter(|wrong| !keys.fixed.contains_key(wrong)) {
                    add("name of a part", way, renamed(entries, key, &wrong));
                }
            }
            _ => free(&format!("{way:?} names")),
        }
        way.push(Step::Key(key.clone()));
        of_node(keys.fixed.get(key).or(keys.free.as_deref()).unwrap(), entry, way, add, free);
        way.pop();
    }
}

fn of_parameter(kind: &workstation::Kind, add: Add<'_>, free: Free<'_>) {
    match kind {
        workstation::Kind::Flag => {}
        workstation::Kind::Number { from, to, .. } => {
            for wrong in [from - 1, to + 1] {
                add("range", &[], Value::Number(wrong));
            }
        }
        workstation::Kind::Word(words) => {
            for wrong in words.iter().flat_map(|word| misspelt(word)).filter(|wrong| !words.contains(wrong)) {
                add("item", &[], Value::from(wrong.as_str()));
            }
        }
        workstation::Kind::Line => {
            for wrong in ["", "a\nb"] {
                add("form", &[], Value::from(wrong));
            }
        }
        workstation::Kind::Text => free(""),
        workstation::Kind::HomePaths => {
            for wrong in ["", "/etc", "../other", "a/../../b", ".", "a\n"] {
                add("form", &[], Value::List(vec![Value::from(wrong)]));
            }
        }
    }
}

fn of_policy(policy: &admx::Policy<'_>, value: &Value, add: Add<'_>, free: Free<'_>) {
    let nothing = BTreeMap::new();
    let (state, given) = match value {
        Value::Map(given) => (given["state"].as_text().unwrap(), given),
        other => (other.as_text().unwrap(), &nothing),
    };
    let state_at: &[Step] = if given.is_empty() { &[] } else { &[Step::Key("state".to_owned())] };
    for wrong in misspelt(state).iter().map(String::as_str).chain(["", "enable", "disable", "on", "true", "not configured"]) {
        add("state", state_at, Value::from(wrong));
    }
    if given.is_empty() {
        add("name of a part", &[], Value::Map(BTreeMap::from([("stat".to_owned(), Value::from(state))])));
        let more = [("state".to_owned(), Value::from(state)), ("Elementx".to_owned(), Value::Flag(true))];
        add("name of a part", &[], Value::Map(BTreeMap::from(more)));
    }
    if !given.is_empty() && state == "enabled" {
        add("state", state_at, Value::from("disabled"));
    }
    for (id, part) in given {
        for wrong in misspelt(id).iter().filter(|wrong| !policy.elements.iter().any(|element| element.id == *wrong)) {
            add("name of a part", &[], renamed(given, id, wrong));
        }
        add("required part", &[], without(given, id));
        let Some(element) = policy.elements.iter().find(|element| element.id == id) else { continue };
        let way = [Step::Key(id.clone())];
        match &element.kind {
            admx::Kind::Boolean { .. } => {}
            admx::Kind::Decimal { from, to, .. } => {
                let edges = [i64::try_from(*from).unwrap() - 1, i64::try_from(*to).unwrap_or(i64::MAX).saturating_add(1)];
                for wrong in edges {
                    add("range", &way, Value::Number(wrong));
                }
            }
            admx::Kind::Text { required, longest, .. } => {
                if *required {
                    add("form", &way, Value::from(""));
                }
                add("range", &way, Value::from("x".repeat(usize::try_from(*longest).unwrap() + 1).as_str()));
                add("form", &way, Value::from("a\nb"));
                free(id);
            }
            admx::Kind::Enumeration { items } => {
                let label = part.as_text().unwrap();
                for wrong in misspelt(label).into_iter().filter(|wrong| !items.iter().any(|item| item.label == wrong)) {
                    add("item", &way, Value::from(wrong.as_str()));
                }
            }
            admx::Kind::MultiText { .. } | admx::Kind::List { .. } => {
                add("form", &way, Value::List(vec![Value::from("")]));
                add("form", &way, Value::List(vec![Value::from("a\u{0}b")]));
                free(id);
            }
        }
    }
}

/// The setting under another name or gone, and what the check says of all that stands beside it.
struct Beside<'a> {
    schemas: &'a Schemas<'static>,
    settings: Vec<(&'a str, Typed)>,
}

impl<'a> Beside<'a> {
    fn of(name: &str, baselines: &'a [Baseline], schemas: &'a Schemas<'static>) -> Self {
        let newest = Versions::default();
        let has = |baseline: &&Baseline| baseline.settings.iter().any(|setting| setting.name == name);
        let baseline = baselines.iter().find(has).unwrap();
        let typed =
            |setting: &'a Setting| (setting.name.as_str(), schemas.check(&setting.name, &setting.value, &newest).unwrap());
        Self { schemas, settings: baseline.settings.iter().map(typed).collect() }
    }

    fn refuses(&self, without: &str, instead: Option<&Typed>) -> bool {
        let others = self.settings.iter().filter(|(name, _)| *name != without).map(|(_, typed)| typed);
        !self.schemas.check_companions(others.chain(instead), &Versions::default()).is_empty()
    }

    /// Whether something stands there that needs the name.
    fn needs(&self, tables: &Tables, name: &str) -> bool {
        let others = || self.settings.iter().map(|(other, _)| *other).filter(|other| *other != name);
        match name.split_once(':') {
            Some((payload, path)) => {
                let required = tables.keys.get(&(payload, path)).is_some_and(|columns| columns.get(1) == Some(&"required"));
                required && others().any(|other| other.starts_with(&format!("{payload}:")))
            }
            None => lines(LINKS).any(|link| {
                let needed = name.strip_prefix(link[0]).and_then(|rest| rest.split_once('.')).is_some_and(|(id, last)| {
                    let beginning = format!("{}{id}.", link[0]);
                    let left = |need: &str| others().any(|other| other == format!("{beginning}{need}"));
                    let whole = link[2].split(" | ").any(|set| set.split(' ').all(left));
                    link[2].split(' ').any(|need| need == last) && !whole && others().any(|other| other.starts_with(&beginning))
                });
                // The name that lists ids, while something has one.
                let (first, last) = link[1].split_once('*').unwrap_or((link[1], ""));
                let lists = name.starts_with(first) && name.ends_with(last) && link[1] != "-";
                let has_id = |other: &str| other.starts_with(link[0]) && !other.starts_with(&format!("{}default.", link[0]));
                needed || lists && others().any(has_id)
            }),
        }
    }
}

const LINKS: &str = "vendor/thunderbird/account-links.tsv";

#[test]
fn no_setting_of_the_catalogue_survives_a_fault() {
    let all = baselines();
    let schemas = Schemas::load(&BASELINES).unwrap();
    let tables = Tables::read();
    let newest = Versions::default();
    let mut tally = Tally::default();
    let mut named = BTreeSet::new();
    for one in &given(&all) {
        let refused = |value: &Value| schemas.check(&one.name, value, &newest).is_err();
        if named.insert(one.name.clone()) {
            let beside = Beside::of(&one.name, &all, &schemas);
            // All of them by the look-up, with which the check begins; a tenth by the check, which also seeks the nearest name.
            for (number, wrong) in misspelt(&one.name).into_iter().enumerate() {
                if schemas.describe(&wrong).is_some() {
                    // An id is free, but what stands beside it must name it.
                    let instead = schemas.check(&wrong, &one.value, &newest);
                    let caught = instead.is_err() || beside.refuses(&one.name, instead.ok().as_ref());
                    tally.judge(&one.client, "id in a name", caught, || format!("`{}` as `{wrong}`", one.name));
                    continue;
                }
                let caught = number % 10 != 0 || schemas.check(&wrong, &one.value, &newest).is_err();
                tally.judge(&one.client, "name", caught, || format!("`{}` as `{wrong}`", one.name));
            }
            if beside.needs(&tables, &one.name) {
                let caught = beside.refuses(&one.name, None);
                tally.judge(&one.client, "companion taken away", caught, || one.name.clone());
            }
        }
        // One value in all payloads is as good as one in each, where the key takes it.
        let in_each = one.value.as_map().is_some_and(|entries| entries.keys().eq(["each"]));
        for (way, part) in parts(&one.value).into_iter().filter(|(way, _)| !in_each || !way.is_empty()) {
            for wrong in other_types(part) {
                let mutant = with_part(&one.value, &way, wrong);
                tally.judge(&one.client, "type", refused(&mutant), || format!("`{}`: `{mutant}` for `{}`", one.name, one.value));
            }
        }
        for (kind, mutant) in tables.faults(one, &mut tally) {
            tally.judge(&one.client, kind, refused(&mutant), || format!("`{}`: `{mutant}` for `{}`", one.name, one.value));
        }
    }
    tally.finish(70_000);
}

const IDENTITY: ProfileIdentity<'static> =
    ProfileIdentity { organisation: "Example", domain: "example.org", role: "everyone", removal_disallowed: false };

/// Whether the gate for finished profiles stops a profile of these keys for the way it takes.
fn gate(keys: &[PayloadKey], schema: &Schema<'_>) -> bool {
    let newest = schema.versions().last().unwrap();
    let found = profiles(keys, &IDENTITY).unwrap().into_iter().flat_map(|(_, profile)| verify(&profile, schema, newest));
    found.into_iter().any(|(place, _)| place.ends_with(":PayloadScope"))
}

#[test]
fn no_setting_of_the_catalogue_takes_another_way() {
    let all = baselines();
    let schemas = Schemas::load(&BASELINES).unwrap();
    let schema = Schema::load(&BASELINES).unwrap();
    let newest = Versions::default();
    let mut tally = Tally::default();
    let given = given(&all);
    let owners: BTreeSet<&str> = given.iter().filter_map(|one| Some(one.name.split_once(':')?.0)).collect();
    let personal_of =
        |name: &str| all.iter().flat_map(|baseline| &baseline.settings).find(|setting| setting.name == name).unwrap();
    for one in &given {
        match schemas.check(&one.name, &one.value, &newest).unwrap() {
            Typed::Thunderbird(crate::vendor::thunderbird::Setting::Preference { .. }) => {
                for value in [one.value.clone(), Value::Map(BTreeMap::from([("Value".to_owned(), one.value.clone())]))] {
                    let value = Value::Map(BTreeMap::from([(one.name.clone(), value)]));
                    let caught = schemas.check("Preferences", &value, &newest).is_err();
                    tally.judge(&one.client, "preference in a policy", caught, || one.name.clone());
                }
            }
            Typed::Profile(key) if key.scope != Scope::Either => {
                let mut flipped = key.clone();
                flipped.scope = if key.scope == Scope::User { Scope::Device } else { Scope::User };
                assert!(!gate(std::slice::from_ref(&key), &schema), "{} is refused as it is", one.name);
                tally.judge(&one.client, "scope", gate(&[flipped], &schema), || one.name.clone());
                if key.scope == Scope::Device {
                    let setting = Setting { personal: true, ..personal_of(&one.name).clone() };
                    let baseline = Baseline { settings: vec![setting], ..Baseline::default() };
                    let caught = !Checker::new(&schemas, newest.clone()).check(baseline).1.is_empty();
                    tally.judge(&one.client, "a person's value", caught, || one.name.clone());
                }
            }
            _ => {}
        }
        // The same name in a template or payload that it does not belong to.
        let Some((owner, name)) = one.name.split_once(':') else { continue };
        for other in owners.iter().filter(|other| **other != owner) {
            let wrong = format!("{other}:{name}");
            match schemas.describe(&wrong) {
                // Some payloads share a name; the tables say so, and it is that payload's own setting.
                Some(_) => {
                    tally.free.insert(wrong);
                }
                None => {
                    let caught = schemas.check(&wrong, &one.value, &newest).is_err();
                    tally.judge(&one.client, "template or payload", caught, || wrong.clone());
                }
            }
        }
    }
    tally.finish(3_000);
}
