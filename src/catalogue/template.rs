//! Values of rules: fixed ones, and ones that take answers of the plan (`$servers.imap`, `https://${servers.caldav|host}/`).
//!
//! References are verified when the rule is loaded: what is named must exist, and must certainly be answered when the rule
//! applies. Filling them in for a role is done in `baseline/fill.rs`.

use std::collections::BTreeMap;

use super::condition::{Condition, Test};
use super::context::Context;
use super::reader::{form, reference, value};
use super::shape::Silence;
use crate::diag::Finding;
use crate::source::{Kind, Node};
use crate::value::Value;

/// What a reference to a payload begins with.
pub const PAYLOAD: &str = "payload.";

/// A value with places to fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Template {
    /// As it stands.
    Fixed(Value),
    /// The answer itself, with its type.
    Reference(Reference),
    /// The same, as an item of a list; where there is no answer it stands for nothing.
    Optional(Reference),
    /// Text around answers.
    Text(Vec<Piece>),
    /// A list; an item that is a reference to a list stands for its items.
    List(Vec<Template>),
    /// A map; a key that is a reference to a list stands for one entry for each item.
    Map(Vec<(MapKey, Template)>),
}

impl Template {
    /// What of a person the value holds (`email`, `name`, `full_name`); nothing where it is the same for everybody.
    pub fn personal(&self) -> impl Iterator<Item = &str> {
        self.references().into_iter().filter_map(Reference::part_of_person)
    }

    /// The references in the value, in order; those that stand for keys of a map are left out, for they name no person.
    pub fn references(&self) -> Vec<&Reference> {
        match self {
            Self::Fixed(_) => Vec::new(),
            Self::Reference(reference) | Self::Optional(reference) => vec![reference],
            Self::Text(pieces) => {
                let mut references = Vec::new();
                for piece in pieces {
                    if let Piece::Reference(reference) = piece {
                        references.push(reference);
                    }
                }
                references
            }
            Self::List(items) => items.iter().flat_map(Self::references).collect(),
            Self::Map(entries) => entries.iter().flat_map(|(_, value)| value.references()).collect(),
        }
    }
}

/// A key of a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MapKey {
    /// As it stands.
    Fixed(String),
    /// One entry for each item of a list.
    Each(Reference),
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// As it stands.
    Fixed(String),
    /// The spelling of an answer.
    Reference(Reference),
}

/// What a reference names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// An answer, or a field of it.
    Answer {
        /// The decision.
        key: String,
        /// The field of a record.
        field: Option<String>,
    },
    /// The name of the role; `everyone` without one.
    Role,
    /// A list of the content.
    List {
        /// Its name.
        name: String,
        /// Its items.
        items: Vec<String>,
    },
    /// Something of the person who uses the client, as the plan's device management spells it: `email`, `name`, `full_name`.
    User(String),
    /// The UUID of the first payload of this type in the profile of the person.
    Payload(String),
}

/// A reference to an answer, with what is made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// What is named.
    pub source: Source,
    /// What is made of it, in order.
    pub filters: Vec<Filter>,
}

impl Reference {
    /// Whether it names files of the plan, which must then come with the setting.
    pub fn brings_files(&self) -> bool {
        self.filters.contains(&Filter::FileName)
    }

    /// The type of the payload that it names, which must then be set as well.
    pub fn payload(&self) -> Option<&str> {
        match &self.source {
            Source::Payload(payload_type) => Some(payload_type),
            _ => None,
        }
    }

    fn part_of_person(&self) -> Option<&str> {
        match &self.source {
            Source::User(part) => Some(part),
            _ => None,
        }
    }
}

/// What can be made of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// Minutes to seconds.
    Seconds,
    /// The host of an https address.
    Host,
    /// The port of an https address; 443 when it names none.
    Port,
    /// The path of an https address, at least `/`.
    Path,
    /// The first item of a list.
    First,
    /// The items of a list as one text with a separator between.
    Joined(String),
    /// The items of a list that hold one of these characters: `holding(@{)`.
    Holding(String),
    /// The items of a list that hold none of these characters: `lacking(@{)`.
    Lacking(String),
    /// Each item of a list, or the text, with something before and after: `around(*.,)`.
    Around(String, String),
    /// A field of each record of a list: `each(host)`.
    Each(String),
    /// The name of each file of a list, without its folders.
    FileName,
    /// The content of each certificate file of a list, DER in base64.
    Der,
}

const USER_PARTS: [&str; 3] = ["email", "name", "full_name"];

impl Context<'_> {
    /// Reads a value; `surely` are the conditions that hold whenever it is used.
    pub(super) fn template(self, node: &Node, surely: &[&Condition], findings: &mut Vec<Finding>) -> Option<Template> {
        match &node.kind {
            Kind::List(items) => {
                Some(Template::List(items.iter().map(|item| self.item(item, surely, findings)).collect::<Option<_>>()?))
            }
            Kind::Map(entries) => {
                let mut map = Vec::new();
                for entry in entries {
                    let key = match entry.key.strip_prefix('$') {
                        Some(name) => MapKey::Each(self.reference(name, &entry.value, surely, findings)?),
                        None => MapKey::Fixed(entry.key.to_string()),
                    };
                    map.push((key, self.template(&entry.value, surely, findings)?));
                }
                let fixed = map.iter().map(|(key, value)| {
                    if let (MapKey::Fixed(key), Template::Fixed(value)) = (key, value) {
                        Some((key.clone(), value.clone()))
                    } else {
                        None
                    }
                });
                match fixed.collect::<Option<BTreeMap<_, _>>>() {
                    Some(fixed) => Some(Template::Fixed(Value::Map(fixed))),
                    None => Some(Template::Map(map)),
                }
            }
            Kind::Scalar { text, .. } if text.contains('$') => self.text(text, node, surely, findings),
            _ => value(self.document, node, findings).map(Template::Fixed),
        }
    }

    /// An item of a list: `$servers.web?|host` stands for nothing where the question is not answered.
    fn item(self, node: &Node, surely: &[&Condition], findings: &mut Vec<Finding>) -> Option<Template> {
        let optional = node.text().and_then(|text| text.strip_prefix('$')?.split_once('?'));
        let Some((name, rest)) =
            optional.filter(|(name, rest)| !name.contains('|') && (rest.is_empty() || rest.starts_with('|')))
        else {
            return self.template(node, surely, findings);
        };
        let Some(subject) = self.keys.find(name) else {
            return self.template(node, surely, findings);
        };
        // The reference is asked for only where it has an answer.
        let answered =
            Condition::Answer { key: subject.key.to_owned(), field: subject.field.map(str::to_owned), test: Test::Present };
        self.reference(&format!("{name}{rest}"), node, &[&answered], findings).map(Template::Optional)
    }

    fn text(self, text: &str, node: &Node, surely: &[&Condition], findings: &mut Vec<Finding>) -> Option<Template> {
        if let Some(name) = text.strip_prefix('$')
            && !name.starts_with(['{', '$'])
            && !name.contains('$')
        {
            return self.reference(name, node, surely, findings).map(Template::Reference);
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            pieces.push(Piece::Fixed(rest[..at].to_owned()));
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('$') {
                pieces.push(Piece::Fixed("$".to_owned()));
                rest = after;
            } else if let Some((name, after)) = rest.strip_prefix('{').and_then(|inside| inside.split_once('}')) {
                pieces.push(Piece::Reference(self.reference(name, node, surely, findings)?));
                rest = after;
            } else {
                findings.push(form(self.document, node, "inside text a reference is written `${name}`, and a dollar sign `$$`"));
                return None;
            }
        }
        pieces.push(Piece::Fixed(rest.to_owned()));
        pieces.retain(|piece| *piece != Piece::Fixed(String::new()));
        Some(Template::Text(pieces))
    }

    fn reference(self, text: &str, node: &Node, surely: &[&Condition], findings: &mut Vec<Finding>) -> Option<Reference> {
        let mut parts = text.split('|');
        let name = parts.next().unwrap_or_default();
        let mut filters = Vec::new();
        for part in parts {
            let Some(filter) = filter(part) else {
                findings.push(form(self.document, node, format!("there is no filter `{part}`")));
                return None;
            };
            filters.push(filter);
        }
        if name == "role" {
            return Some(Reference { source: Source::Role, filters });
        }
        if let Some(part) = name.strip_prefix("user.") {
            if !USER_PARTS.contains(&part) {
                findings.push(reference(self.document, node, format!("there is no `$user.{part}`: {}", USER_PARTS.join(", "))));
                return None;
            }
            return Some(Reference { source: Source::User(part.to_owned()), filters });
        }
        if let Some(payload_type) = name.strip_prefix(PAYLOAD) {
            return Some(Reference { source: Source::Payload(payload_type.to_owned()), filters });
        }
        if let Some(list) = name.strip_prefix("lists.") {
            let Some(items) = self.lists.get(list) else {
                let known = self.lists.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
                findings.push(reference(self.document, node, format!("there is no list `{list}`: {known}")));
                return None;
            };
            return Some(Reference { source: Source::List { name: list.to_owned(), items: items.clone() }, filters });
        }
        let Some(subject) = self.keys.find(name) else {
            let finding = reference(self.document, node, format!("there is no decision `{name}` to take a value from"));
            findings.push(match self.keys.nearest(name) {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding,
            });
            return None;
        };
        let decision = self.keys.get(subject.key);
        let always = decision.is_some_and(|decision| match (decision.silence, subject.field) {
            (Silence::Required | Silence::Answer(_), None) => true,
            (Silence::Answer(Value::Map(fields)), Some(field)) => fields.contains_key(field),
            _ => false,
        });
        if !always && !surely.iter().any(|condition| condition.ensures_present(subject.key, subject.field)) {
            findings.push(
                reference(self.document, node, format!("`{name}` is not always answered"))
                    .help(format!("ask for it with `when: {{ {name}: present }}`")),
            );
            return None;
        }
        Some(Reference {
            source: Source::Answer { key: subject.key.to_owned(), field: subject.field.map(str::to_owned) },
            filters,
        })
    }
}

fn filter(text: &str) -> Option<Filter> {
    let argument = |name: &str| text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
    Some(match text {
        "seconds" => Filter::Seconds,
        "host" => Filter::Host,
        "port" => Filter::Port,
        "path" => Filter::Path,
        "first" => Filter::First,
        "file_name" => Filter::FileName,
        "der" => Filter::Der,
        _ => {
            if let Some(separator) = argument("joined") {
                Filter::Joined(separator.to_owned())
            } else if let Some(characters) = argument("holding") {
                Filter::Holding(characters.to_owned())
            } else if let Some(characters) = argument("lacking") {
                Filter::Lacking(characters.to_owned())
            } else if let Some(field) = argument("each") {
                Filter::Each(field.to_owned())
            } else {
                let (before, after) = argument("around")?.split_once(',')?;
                Filter::Around(before.to_owned(), after.to_owned())
            }
        }
    })
}
