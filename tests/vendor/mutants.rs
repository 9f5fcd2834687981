//! Changes one fact of a policy at a time: each must be told from the policy as it was.

use std::collections::BTreeMap;

use groundplan::diag::{Code, Level};
use groundplan::vendor::admx::{
    Class, Data, Element, File, Item, Kind, ListNames, Need, Needs, Policy, PolicyState, Report, Source, Write, compare,
};

use crate::{policies, template, templates};

/// Every policy with one fact changed, and which.
fn mutants<'a>(policy: &Policy<'a>) -> Vec<(&'static str, Policy<'a>)> {
    let mut all: Vec<(&'static str, Policy<'a>)> = Vec::new();
    let mut add = |what: &'static str, change: &dyn Fn(&mut Policy<'a>)| {
        let mut mutant = policy.clone();
        change(&mut mutant);
        all.push((what, mutant));
    };
    let other = |data: Option<Data<'a>>| Some(if data == Some(Data::Dword(77)) { Data::Dword(78) } else { Data::Dword(77) });
    add("class", &|policy| policy.class = if policy.class == Class::User { Class::Machine } else { Class::User });
    add("key", &|policy| policy.key = "software\\policies\\elsewhere");
    add("value name", &|policy| policy.value = Some("another"));
    if policy.value.is_some() {
        add("no value name", &|policy| {
            (policy.value, policy.enabled, policy.disabled) = (None, None, None);
        });
        add("enabled value", &|policy| policy.enabled = other(policy.enabled));
        add("disabled value", &|policy| policy.disabled = other(policy.disabled));
        if policy.enabled.unwrap_or(Data::Dword(1)) != policy.disabled.unwrap_or(Data::Delete) {
            add("polarity", &|policy| {
                let enabled = policy.enabled.unwrap_or(Data::Dword(1));
                (policy.enabled, policy.disabled) = (Some(policy.disabled.unwrap_or(Data::Delete)), Some(enabled));
            });
        }
    }
    for (index, _) in policy.enabled_also.iter().enumerate() {
        add("enabled also", &|policy| policy.enabled_also[index].data = Data::Dword(77));
        add("enabled also is gone", &|policy| {
            policy.enabled_also.remove(index);
        });
    }
    for (index, _) in policy.disabled_also.iter().enumerate() {
        add("disabled also", &|policy| policy.disabled_also[index].value = "another");
    }
    let new = Element {
        id: "new",
        key: policy.key,
        value: "new",
        soft: false,
        kind: Kind::Text { required: false, expandable: false, longest: 9 },
    };
    add("a new element", &|policy| policy.elements.push(new.clone()));
    for (index, element) in policy.elements.iter().enumerate() {
        add("an element is gone", &|policy| drop(policy.elements.remove(index)));
        add("key of an element", &|policy| policy.elements[index].key = "software\\policies\\elsewhere");
        if !matches!(element.kind, Kind::List { .. }) {
            add("value name of an element", &|policy| policy.elements[index].value = "another");
        }
        for (what, kind) in kinds(element) {
            add(what, &|policy| policy.elements[index].kind = kind.clone());
        }
        if matches!(element.kind, Kind::Decimal { .. } | Kind::Text { .. } | Kind::MultiText { .. }) {
            add("soft", &|policy| policy.elements[index].soft = true);
        }
    }
    all
}

/// The kind of an element with one of its facts changed.
fn kinds<'a>(element: &Element<'a>) -> Vec<(&'static str, Kind<'a>)> {
    let also = vec![Write { key: "software\\policies\\also", value: "also", data: Data::Dword(1) }];
    match element.kind.clone() {
        Kind::Boolean { on, off, on_also, off_also } => vec![
            ("checked", Kind::Boolean { on: Some(Data::Dword(77)), off, on_also: on_also.clone(), off_also: off_also.clone() }),
            (
                "not checked",
                Kind::Boolean { on, off: Some(Data::Dword(77)), on_also: on_also.clone(), off_also: off_also.clone() },
            ),
            ("checked also", Kind::Boolean { on, off, on_also: also, off_also }),
            ("another kind", Kind::Text { required: false, expandable: false, longest: 9 }),
        ],
        Kind::Decimal { from, to, long, as_text } => vec![
            ("lowest", Kind::Decimal { from: u64::from(from == 0), to, long, as_text }),
            ("highest", Kind::Decimal { from, to: if to == 9999 { 10_000 } else { 9999.max(from) }, long, as_text }),
            ("stored as text", Kind::Decimal { from, to, long, as_text: !as_text }),
            ("width", Kind::Decimal { from, to, long: !long, as_text }),
        ],
        Kind::Text { required, expandable, longest } => vec![
            ("longest", Kind::Text { required, expandable, longest: longest - 1 }),
            ("required", Kind::Text { required: !required, expandable, longest }),
            ("expandable", Kind::Text { required, expandable: !expandable, longest }),
        ],
        Kind::MultiText { required, longest, most } => vec![
            ("longest", Kind::MultiText { required, longest: longest - 1, most }),
            ("most lines", Kind::MultiText { required, longest, most: most + 1 }),
        ],
        Kind::Enumeration { items } => {
            let mut fewer = items.clone();
            // A value that stands twice is still there when one of its items goes; so all of them go.
            fewer.retain(|item| (item.data, &item.also) != (items[0].data, &items[0].also));
            let mut other = items.clone();
            other[0].data = Data::Dword(77_777);
            let mut more = items.clone();
            more.push(Item { label: "A new item", data: Data::Dword(77_777), also: Vec::new() });
            let mut besides = items;
            besides[0].also = also;
            vec![
                ("an item is gone", Kind::Enumeration { items: fewer }),
                ("value of an item", Kind::Enumeration { items: other }),
                ("a new item", Kind::Enumeration { items: more }),
                ("value list of an item", Kind::Enumeration { items: besides }),
            ]
        }
        Kind::List { names, additive, expandable } => {
            let renamed = if names == ListNames::Given { ListNames::Same } else { ListNames::Given };
            vec![
                ("names of a list", Kind::List { names: renamed, additive, expandable }),
                ("prefix", Kind::List { names: ListNames::Numbered("another"), additive, expandable }),
                ("additive", Kind::List { names, additive: !additive, expandable }),
                ("expandable", Kind::List { names, additive, expandable: !expandable }),
            ]
        }
    }
}

/// A mutant that is the policy itself would prove nothing; items with one label must stay equal, or the file is refused.
fn differs(policy: &Policy<'_>, mutant: &Policy<'_>) -> bool {
    policy != mutant
}

#[test]
#[expect(clippy::print_stdout, reason = "the number of mutants is part of the proof")]
fn every_changed_fact_of_every_policy_is_told() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for template in templates().templates(None) {
        for policy in policies(template) {
            assert_eq!(compare(&policy, &policy, true), []);
            for (what, mutant) in mutants(&policy).into_iter().filter(|(_, mutant)| differs(&policy, mutant)) {
                let changes = compare(&policy, &mutant, true);
                assert!(changes.iter().any(|change| change.meaning), "{template}:{}: {what} is not told", policy.name);
                *counts.entry(what).or_default() += 1;
            }
        }
    }
    println!("{} mutants: {counts:?}", counts.values().sum::<usize>());
    assert!(counts.len() > 25, "{counts:?}");
}

#[test]
#[expect(clippy::print_stdout, reason = "the number of mutants is part of the proof")]
fn every_changed_fact_is_found_in_a_store() {
    let templates = templates();
    let (mut found, mut silent) = (0, 0);
    // Every seventh policy: files are written and read for each mutant.
    for template in templates.templates(None) {
        for policy in policies(template).into_iter().step_by(7) {
            let name = format!("{template}:{}", policy.name);
            let needs =
                Needs::from([(name.clone(), Need { decisions: ["content.remote".to_owned()].into(), places: Vec::new() })]);
            let check = |policy: &Policy<'_>| {
                let written = template::write(std::slice::from_ref(policy));
                let admx = format!("{template}.admx");
                let texts = vec![("en-US", File { name: "x.adml", bytes: written.adml.as_bytes() })];
                let source = Source { template: File { name: &admx, bytes: written.admx.as_bytes() }, texts };
                let mut report = Report::default();
                report.add(&templates, template, "store", Some(&source), &needs);
                report.findings.retain(|finding| finding.level == Level::Error);
                (report.policies[&name].clone(), report.findings)
            };
            assert_eq!(check(&policy), (PolicyState::Same(Vec::new()), Vec::new()), "{name}");
            silent += 1;
            for (what, mutant) in mutants(&policy).into_iter().filter(|(_, mutant)| differs(&policy, mutant)) {
                let (state, findings) = check(&mutant);
                let codes: Vec<Code> = findings.iter().map(|finding| finding.code).collect();
                // Two items with one label that do different things make the file unreadable, which is an error as well.
                let refused = what.contains("item") && codes == [Code::VendorFile] && state == PolicyState::Unknown;
                assert!(refused || matches!(state, PolicyState::Changed(_)), "{name}: {what}: {state:?}");
                assert!(refused || codes == [Code::VendorChanged], "{name}: {what}: {findings:?}");
                let words = format!("{} {}", findings[0].message, findings[0].help.as_deref().unwrap_or_default());
                assert!(refused || words.contains(&name) && words.contains("`content.remote`"), "{name}: {what}: {words}");
                found += 1;
            }
        }
    }
    println!("{found} mutants found, {silent} policies silent");
    assert!(found > 2000, "{found}");
}

#[test]
fn a_path_without_its_upper_part_is_the_same_and_another_one_is_told() {
    let policy = policies("AttachmentManager").remove(0);
    let mut lower = policy.clone();
    lower.category.remove(0);
    assert_eq!(compare(&policy, &lower, true), []);
    let mut elsewhere = policy.clone();
    elsewhere.category[0] = "Elsewhere";
    let [change] = compare(&policy, &elsewhere, true).try_into().expect("one change");
    assert_eq!((change.fact.as_str(), change.meaning), ("category", false));
}
