//! What each schema says about a name, in words for people.

use super::schemas::Description;
use super::{admx, apple, browser, desktop, thunderbird, workstation};

pub(super) fn thunderbird(known: &thunderbird::Description) -> Description {
    let mut facts = vec![("takes", known.takes.clone())];
    facts.extend(known.default.iter().map(|default| ("built-in value", default.clone())));
    if known.esr_only {
        facts.push(("edition", "only the extended support release takes it".to_owned()));
    }
    if !known.written_by.is_empty() {
        facts.push(("also set by", known.written_by.join(", ")));
    }
    facts.extend(known.evidence.iter().map(|evidence| ("evidence", evidence.clone())));
    Description { schema: "Thunderbird".to_owned(), title: None, facts }
}

pub(super) fn policy(name: &str, known: &admx::Policy<'_>) -> Description {
    let mut facts =
        vec![("found in", format!("{} > Administrative Templates > {}", known.class.words(), known.category.join(" > ")))];
    for title in &known.titles {
        let categories = title.category.join(" > ");
        facts.push(("also called", format!("{} > {} ({})", categories, title.title, title.language)));
    }
    facts.extend(known.supported.map(|versions| ("supported on", versions.to_owned())));
    for (key, value) in known.places() {
        facts.push(("registry", format!("{key}\\{value}")));
    }
    for element in &known.elements {
        let takes = match &element.kind {
            admx::Kind::Boolean { .. } => "true or false".to_owned(),
            admx::Kind::Decimal { from, to, .. } => format!("a number from {from} to {to}"),
            admx::Kind::Text { longest, .. } => format!("text of at most {longest} characters"),
            admx::Kind::MultiText { .. } => "lines of text".to_owned(),
            admx::Kind::Enumeration { items } => {
                items.iter().map(|item| format!("`{}`", item.label)).collect::<Vec<_>>().join(", ")
            }
            admx::Kind::List { .. } => "a list".to_owned(),
        };
        facts.push(("element", format!("{}: {takes}", element.id)));
    }
    let template = name.split_once(':').map_or(name, |(template, _)| template);
    Description { schema: format!("the template {template}.admx"), title: Some(known.title.to_owned()), facts }
}

pub(super) fn payload_key(known: &apple::Description) -> Description {
    let mut facts = vec![("takes", known.kind.clone())];
    facts.extend(known.allowed.iter().map(|allowed| ("allowed", allowed.clone())));
    if !known.introduced.is_empty() {
        facts.push(("since macOS", known.introduced.clone()));
    }
    facts.extend(known.deprecated.iter().map(|version| ("deprecated since macOS", version.clone())));
    facts.extend(known.program_version.iter().map(|version| ("since version", version.clone())));
    facts.push(("channel", known.scope.words().trim_end_matches(" channel").to_owned()));
    facts.extend(known.source.iter().map(|source| ("documented", source.clone())));
    Description { schema: "Apple's payloads and managed preferences".to_owned(), title: Some(known.title.clone()), facts }
}

pub(super) fn parameter(known: &workstation::Definition) -> Description {
    Description {
        schema: "the workstation scripts".to_owned(),
        title: None,
        facts: vec![("meaning", known.meaning.clone()), ("source", known.source.clone())],
    }
}

pub(super) fn browser(known: browser::Description) -> Description {
    let mut facts = vec![("takes", known.takes)];
    facts.extend(known.facts);
    Description { schema: known.schema, title: known.title, facts }
}

pub(super) fn desktop(known: desktop::Description) -> Description {
    let mut facts = vec![("takes", known.takes)];
    facts.extend(known.facts);
    Description { schema: known.schema, title: None, facts }
}
