//! A policy's state as a device management sends it: `<enabled/>` with a text for each element, or `<disabled/>`.
//!
//! In: a policy and a value that its template takes. Out: the state, with each element by its id and the text that Windows
//! reads there: `true` and `false` for check boxes, the value of an item, numbers and texts as they are, the lines of a
//! text and the pairs of name and value of a list divided by U+F000. What has no documented spelling is told, with the
//! reason, and must take another way. Two items of one value can be told apart only by a template that holds one of them;
//! so of such items the policy keeps the one that was chosen.
//!
//! Format: Microsoft, *Understanding ADMX policies*.

use super::check::{self, Filled};
use super::policy::{Data, Element, Kind, ListNames, Policy};
use crate::value::Value;
use crate::vendor::Problem;

/// What stands between the parts of one text.
pub const SEPARATOR: char = '\u{f000}';

/// A policy and its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent<'a> {
    /// The policy; of items with one value it holds only the one that was chosen.
    pub policy: Policy<'a>,
    /// The texts of its elements by id when it is enabled; `None` when it is disabled.
    pub elements: Option<Vec<(&'a str, String)>>,
}

/// A value that cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsendable {
    /// The policy does not take it at all.
    Value(Problem),
    /// There is no spelling for it.
    Spelling(&'static str),
}

/// The state of a policy as it is sent.
pub(super) fn send<'a>(policy: Policy<'a>, value: &Value) -> Result<Sent<'a>, Unsendable> {
    let Some(filled) = check::state(&policy, value).map_err(Unsendable::Value)? else {
        return Ok(Sent { policy, elements: None });
    };
    let mut elements = Vec::new();
    let mut kept = Vec::new();
    for (element, filled) in policy.elements.iter().zip(&filled) {
        elements.push((element.id, text(element, filled).map_err(Unsendable::Spelling)?));
        let mut element = element.clone();
        if let (Kind::Enumeration { items }, Filled::Item(chosen)) = (&mut element.kind, filled) {
            items.retain(|item| item.data != chosen.data || item == *chosen);
            items.dedup();
        }
        kept.push(element);
    }
    Ok(Sent { policy: Policy { elements: kept, ..policy.clone() }, elements: Some(elements) })
}

fn text(element: &Element<'_>, filled: &Filled<'_>) -> Result<String, &'static str> {
    match filled {
        Filled::Checked(checked) => Ok(checked.to_string()),
        Filled::Number(number) => Ok(number.to_string()),
        Filled::Text("") => Err("an empty text has no spelling of its own"),
        Filled::Text(text) => Ok((*text).to_owned()),
        Filled::Lines(lines) => joined(lines.iter().copied()),
        Filled::Item(item) => match item.data {
            Data::Dword(number) => Ok(number.to_string()),
            Data::Qword(number) => Ok(number.to_string()),
            Data::Text("") | Data::Delete => Err("an item that deletes its value has no spelling"),
            Data::Text(text) => Ok(text.to_owned()),
        },
        Filled::Entries(entries) => {
            let names: Vec<String> = match &element.kind {
                Kind::List { names: ListNames::Numbered(prefix), .. } => {
                    (1..=entries.len()).map(|number| format!("{prefix}{number}")).collect()
                }
                _ => entries.iter().map(|(name, _)| (*name).to_owned()).collect(),
            };
            joined(names.iter().zip(entries).flat_map(|(name, (_, text))| [name.as_str(), *text]))
        }
    }
}

fn joined<'t>(parts: impl Iterator<Item = &'t str>) -> Result<String, &'static str> {
    let parts: Vec<&str> = parts.collect();
    if parts.is_empty() {
        return Err("an empty list has no spelling");
    }
    if parts.iter().any(|part| part.is_empty() || part.contains(SEPARATOR)) {
        return Err("a part that is empty or holds U+F000 has no spelling");
    }
    Ok(parts.join(SEPARATOR.encode_utf8(&mut [0; 4])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendor::admx::form;

    const TABLE: &[u8] = b"P\tuser\tSoftware\\K\tOwn\tTitle\tA\n\
        \tcategory\tRoot\tInner\n\
        \tboolean\tBox\t\tB\n\
        \tdecimal\tNumber\t\tN\tto=10\n\
        \ttext\tLine\t\tL\n\
        \tmulti-text\tLines\t\tM\n\
        \tenumeration\tChoice\t\tC\n\
        \t\titem\tOne day\tdword:0\n\t\t\talso\t\tDays\tdword:1\n\
        \t\titem\tTwo days\tdword:0\n\t\t\talso\t\tDays\tdword:2\n\
        \t\titem\tAlways\tdword:1\n\
        \t\titem\tGone\tdelete\n\
        \tlist\tNames\tSoftware\\K\\Names\t\tprefix=n\n";

    /// A value for the policy, with one element that has another one.
    fn value(id: &str, given: Value) -> Value {
        let text = |text: &str| Value::Text(text.to_owned());
        let mut elements = std::collections::BTreeMap::from([
            ("state".to_owned(), text("enabled")),
            ("Box".to_owned(), Value::Flag(true)),
            ("Number".to_owned(), Value::Number(7)),
            ("Line".to_owned(), text("a b")),
            ("Lines".to_owned(), Value::List(vec![text("one"), text("two")])),
            ("Choice".to_owned(), text("Two days")),
            ("Names".to_owned(), Value::List(vec![text("x"), text("y")])),
        ]);
        elements.insert(id.to_owned(), given);
        Value::Map(elements)
    }

    #[test]
    fn each_element_is_spelled_as_windows_reads_it() {
        let sent = send(form::parse(TABLE).unwrap(), &value("Box", Value::Flag(false))).unwrap();
        let spelled: Vec<(&str, &str)> = sent.elements.iter().flatten().map(|(id, text)| (*id, text.as_str())).collect();
        let names = "n1\u{f000}x\u{f000}n2\u{f000}y";
        let expected =
            [("Box", "false"), ("Number", "7"), ("Line", "a b"), ("Lines", "one\u{f000}two"), ("Choice", "0"), ("Names", names)];
        assert_eq!(spelled, expected);
        assert_eq!(sent.policy.category_names, ["Root", "Inner"]);
        let disabled = send(form::parse(TABLE).unwrap(), &Value::Text("disabled".to_owned())).unwrap();
        assert_eq!(disabled.elements, None);
    }

    #[test]
    fn of_items_with_one_value_only_the_chosen_one_is_left() {
        let sent = send(form::parse(TABLE).unwrap(), &value("Box", Value::Flag(true))).unwrap();
        let Kind::Enumeration { items } = &sent.policy.elements[4].kind else { panic!("not an enumeration") };
        assert_eq!(items.iter().map(|item| item.label).collect::<Vec<_>>(), ["Two days", "Always", "Gone"]);
    }

    #[test]
    fn what_has_no_spelling_is_told() {
        let text = |text: &str| Value::Text(text.to_owned());
        let values = [
            ("Line", text("")),
            ("Lines", Value::List(Vec::new())),
            ("Names", Value::List(Vec::new())),
            ("Names", Value::List(vec![text("a\u{f000}b")])),
            ("Choice", text("Gone")),
        ];
        for (id, given) in values {
            let sent = send(form::parse(TABLE).unwrap(), &value(id, given.clone()));
            assert!(matches!(sent, Err(Unsendable::Spelling(_))), "{id}: {given:?}: {sent:?}");
        }
        let refused = send(form::parse(TABLE).unwrap(), &value("Number", Value::Number(11)));
        assert!(matches!(refused, Err(Unsendable::Value(_))), "{refused:?}");
    }
}
