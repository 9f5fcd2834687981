//! Plans to start from: the required questions of the catalogue with answers, and comments that say what each asks.
//!
//! Everything that stands in such a plan comes from the catalogue; a value is written so that the reader of plans takes it
//! back as it was.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::catalogue::{Catalogue, Decision, Shape, Silence};
use crate::source::{Document, Kind, Node};
use crate::value::Value;

/// The file that the first line of a new plan names for editors; `groundplan schema` makes it.
const SCHEMA_FILE: &str = "groundplan.schema.json";
/// Comments are wrapped at this column.
const WIDTH: usize = 100;

/// The lines for editors, and how to make what they name.
pub fn editor_lines() -> String {
    format!(
        "# yaml-language-server: $schema={SCHEMA_FILE}\n# Editors complete and check this file once it is there: groundplan schema > {SCHEMA_FILE}\n"
    )
}

/// The decisions that every plan must answer, in their order.
pub fn required(catalogue: &Catalogue) -> impl Iterator<Item = &Decision> {
    catalogue.decisions.iter().filter(|decision| decision.silence == Silence::Required)
}

/// The answers of a plan that is known to be good, by key of the first level; what the catalogue does not require is left out.
pub fn sample(document: &Document, catalogue: &Catalogue) -> BTreeMap<String, Value> {
    let entries = document.root.entries().unwrap_or_default();
    let wanted = entries.iter().filter(|entry| required(catalogue).any(|decision| decision.key == entry.key));
    wanted.filter_map(|entry| Some((entry.key.to_string(), value(&entry.value)?))).collect()
}

fn value(node: &Node) -> Option<Value> {
    Some(match &node.kind {
        Kind::Nothing => return None,
        Kind::Scalar { text, .. } => match (node.flag(), node.number()) {
            (Some(flag), _) => Value::Flag(flag),
            (_, Some(number)) => Value::Number(number),
            _ => Value::Text(text.to_string()),
        },
        Kind::List(items) => Value::List(items.iter().map(value).collect::<Option<_>>()?),
        Kind::Map(entries) => {
            Value::Map(entries.iter().map(|entry| Some((entry.key.to_string(), value(&entry.value)?))).collect::<Option<_>>()?)
        }
    })
}

/// A commented plan with these answers to the required decisions.
pub fn write(answers: &BTreeMap<String, Value>, catalogue: &Catalogue) -> String {
    let mut plan = editor_lines();
    plan.push_str("#\n# Planning decisions for groupware, following BSI M 2.454 in its order.\n");
    plan.push_str("# What is not written here keeps its secure default: `groundplan list decisions` names every question,\n");
    plan.push_str("# `groundplan explain NAME` what each answer means and sets.\n");
    for decision in required(catalogue) {
        let Some(value) = answers.get(&decision.key) else { continue };
        plan.push('\n');
        comment(&mut plan, "# ", &heading(decision));
        for answer in decision.shape.answers().unwrap_or_default() {
            comment(&mut plan, "#   ", &format!("{}: {}", answer.word, answer.means));
        }
        if let Shape::Record { .. } = decision.shape {
            comment(&mut plan, "#   ", &decision.shape.describe());
        }
        entry(&mut plan, &decision.key, value);
    }
    plan
}

fn heading(decision: &Decision) -> String {
    let asked: Vec<&str> = decision.asked.iter().map(String::as_str).filter(|paragraph| paragraph.starts_with('§')).collect();
    if asked.is_empty() { decision.question.clone() } else { format!("{} (M 2.454 {})", decision.question, asked.join(", ")) }
}

fn comment(plan: &mut String, indent: &str, text: &str) {
    let mut line = indent.to_owned();
    for word in text.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > WIDTH && line.len() > indent.len() {
            let _ = writeln!(plan, "{}", line.trim_end());
            line = format!("{indent}  ");
        }
        if !line.ends_with(' ') {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(plan, "{}", line.trim_end());
}

fn entry(plan: &mut String, key: &str, value: &Value) {
    match value {
        Value::Map(fields) if !fields.is_empty() => {
            let _ = writeln!(plan, "{key}:");
            for (field, value) in fields {
                let _ = writeln!(plan, "  {field}: {}", yaml(value));
            }
        }
        value => {
            let _ = writeln!(plan, "{key}: {}", yaml(value));
        }
    }
}

/// A value on one line of YAML.
fn yaml(value: &Value) -> String {
    match value {
        Value::Flag(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) if is_plain(text) => text.clone(),
        // A text of JSON is a text of YAML: both escape alike.
        Value::Text(text) => serde_json::Value::from(text.as_str()).to_string(),
        Value::List(items) => format!("[{}]", items.iter().map(yaml).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) if entries.is_empty() => "{}".to_owned(),
        Value::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{key}: {}", yaml(value)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Personal(text) => serde_json::Value::from(text.to_string()).to_string(),
    }
}

/// Whether a text stands for itself without quotes, wherever it stands.
fn is_plain(text: &str) -> bool {
    let words = text.chars().all(|character| character.is_alphanumeric() || " ./@_-".contains(character));
    let address =
        text.strip_prefix("https://").is_some_and(|rest| rest.chars().all(|c| c.is_ascii_alphanumeric() || "./_-".contains(c)));
    let starts = text.chars().next().is_some_and(char::is_alphabetic);
    let means_something = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&text.to_lowercase().as_str());
    (words || address) && starts && !text.ends_with(' ') && !means_something
}

#[cfg(test)]
mod tests {
    use super::yaml;
    use crate::source::{Limits, parse};
    use crate::value::Value;

    #[test]
    fn a_text_comes_back_as_it_was() {
        for text in [
            "plain words",
            "true",
            "No",
            "12",
            "a: b",
            "a #b",
            "- x",
            "Kanzlei \"B\" & Söhne",
            "[x]",
            "it's",
            "x\\y",
            "~",
            "Müller",
        ] {
            let line = format!("key: [{}]\n", yaml(&Value::from(text)));
            let (document, findings) = parse("line", line.as_bytes(), Limits::default());
            assert_eq!(findings, [], "{line}");
            let root = document.unwrap().root;
            assert_eq!(root.get("key").and_then(|list| list.items()?[0].text()), Some(text), "{line}");
        }
    }
}
