//! The shape of an answer: what kind of value the plan holds for a decision.

use super::reader::{MapReader, form, text};
use crate::diag::Finding;
use crate::source::{Document, Node};
use crate::value::Value;
use crate::vendor::nearest;

/// A word that answers a question, with its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The word in the plan.
    pub word: String,
    /// What it means, for people.
    pub means: String,
}

/// What it means when the plan does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Silence {
    /// The plan must answer.
    Required,
    /// There is no answer.
    Unanswered,
    /// This answer of the standard level.
    Answer(Value),
}

/// What the free names of a map stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// Names of the plan's own: `[a-z0-9-]`.
    Own,
    /// Names of checks.
    Checks,
    /// Keys of decisions.
    Decisions,
}

/// A key of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The key.
    pub name: String,
    /// Its shape.
    pub shape: Shape,
    /// Whether it must be there.
    pub required: bool,
}

/// The shape of a value; `baselines/README.md` describes each for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// One of the words.
    Choice(Vec<Answer>),
    /// A list of the words, each once.
    Choices(Vec<Answer>),
    /// One line of text.
    Text,
    /// A whole number in a range, with its unit in words.
    Number {
        /// Smallest.
        from: i64,
        /// Largest.
        to: i64,
        /// What is counted, e.g. `minutes`.
        unit: String,
    },
    /// `true` or `false`.
    Flag,
    /// A calendar date.
    Date,
    /// A host name.
    Host,
    /// An https address.
    Https,
    /// An https address or one line of text.
    AddressOrPath,
    /// A mail address.
    MailAddress,
    /// A mail domain.
    Domain,
    /// The identifier of an add-on or program.
    Identifier,
    /// A file ending without dot.
    Ending,
    /// The name of a role of the plan.
    Role,
    /// A version: digits and dots.
    Version,
    /// The path of a file, from the folder of the plan, with the certificate of an authority.
    Certificate {
        /// Whether the authority vouches for itself.
        root: bool,
    },
    /// A list of values of one shape, each once.
    List(Box<Shape>),
    /// The word `standard`, or such a list.
    StandardOrList(Box<Shape>),
    /// A map with known keys.
    Record {
        /// The keys, in the order of the catalogue.
        fields: Vec<Field>,
        /// Whether it must not be empty.
        at_least_one: bool,
    },
    /// A map with free names.
    Map {
        /// What the names stand for.
        names: Names,
        /// The shape of each value.
        each: Box<Shape>,
    },
    /// The roles of the plan.
    Roles,
}

impl Shape {
    /// What belongs here, in a user's words.
    pub fn describe(&self) -> String {
        match self {
            Self::Choice(answers) => format!("one of {}", words(answers)),
            Self::Choices(answers) => format!("a list of {}", words(answers)),
            Self::Text => "one line of text".into(),
            Self::Number { from, to, unit } => format!("a whole number of {unit} from {from} to {to}"),
            Self::Flag => "`true` or `false`".into(),
            Self::Date => "a date such as `2026-09-14`".into(),
            Self::Host => "a host name such as `mail.example.org`".into(),
            Self::Https => "an address such as `https://mail.example.org/`".into(),
            Self::AddressOrPath => "an https address or one line of text".into(),
            Self::MailAddress => "a mail address such as `help@example.org`".into(),
            Self::Domain => "a domain such as `example.org`".into(),
            Self::Identifier => "an identifier such as `addon@example.org`".into(),
            Self::Ending => "a file ending such as `exe`".into(),
            Self::Role => "the name of a role of this plan".into(),
            Self::Version => "a version such as `140` or `15.1`".into(),
            Self::Certificate { root } => {
                let kind = if *root { "root" } else { "intermediate" };
                format!("the path of a file with a {kind} certificate, from the folder of the plan, such as `ca/{kind}.pem`")
            }
            Self::List(each) => format!("a list, each item {}", each.describe()),
            Self::StandardOrList(each) => format!("`standard`, or a list, each item {}", each.describe()),
            Self::Record { fields, .. } => {
                format!("a map with {}", fields.iter().map(|field| format!("`{}`", field.name)).collect::<Vec<_>>().join(", "))
            }
            Self::Map { each, .. } => format!("a map from names to {}", each.describe()),
            Self::Roles => "a map from the names of roles to what differs for them".into(),
        }
    }

    /// The words of a choice.
    pub fn answers(&self) -> Option<&[Answer]> {
        if let Self::Choice(answers) | Self::Choices(answers) = self { Some(answers) } else { None }
    }

    /// The shape of a field of a record.
    pub fn field(&self, name: &str) -> Option<&Shape> {
        let Self::Record { fields, .. } = self else { return None };
        fields.iter().find(|field| field.name == name).map(|field| &field.shape)
    }
}

fn words(answers: &[Answer]) -> String {
    answers.iter().map(|answer| format!("`{}`", answer.word)).collect::<Vec<_>>().join(", ")
}

/// The words for shapes.
const SHAPES: [&str; 20] = [
    "choice",
    "choices",
    "text",
    "number",
    "flag",
    "date",
    "host",
    "https",
    "address-or-path",
    "mail-address",
    "domain",
    "identifier",
    "ending",
    "role",
    "version",
    "list",
    "standard-or-list",
    "record",
    "map",
    "roles",
];

/// Reads `shape` and its extra keys from a map that may hold more.
pub(super) fn read(map: &mut MapReader<'_>, document: &Document, findings: &mut Vec<Finding>) -> Option<Shape> {
    let name = map.require("shape", findings)?;
    let word = text(document, name, findings)?;
    Some(match word.as_str() {
        "choice" => Shape::Choice(answers(map, document, findings)?),
        "choices" => Shape::Choices(answers(map, document, findings)?),
        "text" => Shape::Text,
        "number" => {
            let mut number = |key| map.require(key, findings).map(|node| (node.number(), node));
            let (from, to) = (number("from")?, number("to")?);
            let unit = map.require_text("unit", findings)?;
            match (from, to) {
                ((Some(from), _), (Some(to), _)) if from <= to => Shape::Number { from, to, unit },
                ((_, node), _) => {
                    findings.push(form(document, node, "`from` and `to` are whole numbers, the smaller first"));
                    return None;
                }
            }
        }
        "flag" => Shape::Flag,
        "date" => Shape::Date,
        "host" => Shape::Host,
        "https" => Shape::Https,
        "address-or-path" => Shape::AddressOrPath,
        "mail-address" => Shape::MailAddress,
        "domain" => Shape::Domain,
        "identifier" => Shape::Identifier,
        "ending" => Shape::Ending,
        "role" => Shape::Role,
        "version" => Shape::Version,
        "root-certificate" => Shape::Certificate { root: true },
        "intermediate-certificate" => Shape::Certificate { root: false },
        "list" => Shape::List(Box::new(each(map, document, findings)?)),
        "standard-or-list" => Shape::StandardOrList(Box::new(each(map, document, findings)?)),
        "record" => {
            let node = map.require("fields", findings)?;
            let fields = fields(document, node, findings);
            let at_least_one = map.take("at_least_one").and_then(Node::flag).unwrap_or(false);
            Shape::Record { fields, at_least_one }
        }
        "map" => {
            let names = match map.take_text("names", findings).as_deref() {
                None | Some("name") => Names::Own,
                Some("check") => Names::Checks,
                Some("decision") => Names::Decisions,
                Some(other) => {
                    findings.push(form(document, name, format!("`names` is `name`, `check` or `decision`, not `{other}`")));
                    return None;
                }
            };
            Shape::Map { names, each: Box::new(each(map, document, findings)?) }
        }
        "roles" => Shape::Roles,
        other => {
            let help = nearest(other, SHAPES)
                .map_or_else(|| format!("the shapes are: {}", SHAPES.join(", ")), |near| format!("did you mean `{near}`?"));
            findings.push(form(document, name, format!("there is no shape `{other}`")).help(help));
            return None;
        }
    })
}

fn each(map: &mut MapReader<'_>, document: &Document, findings: &mut Vec<Finding>) -> Option<Shape> {
    let node = map.require("each", findings)?;
    nested(document, node, findings).map(|(shape, _)| shape)
}

fn fields(document: &Document, node: &Node, findings: &mut Vec<Finding>) -> Vec<Field> {
    let Some(entries) = node.entries() else {
        findings.push(form(document, node, "`fields` is a map from keys to shapes"));
        return Vec::new();
    };
    let field = |entry: &crate::source::Entry, findings: &mut Vec<Finding>| {
        let (shape, required) = nested(document, &entry.value, findings)?;
        Some(Field { name: entry.key.to_string(), shape, required })
    };
    entries.iter().filter_map(|entry| field(entry, findings)).collect()
}

/// A shape that stands in a map of its own, with `required`.
fn nested(document: &Document, node: &Node, findings: &mut Vec<Finding>) -> Option<(Shape, bool)> {
    let mut map = MapReader::new(document, node, findings)?;
    let shape = read(&mut map, document, findings);
    let required = map.take("required").and_then(Node::flag).unwrap_or(false);
    map.finish(findings);
    Some((shape?, required))
}

fn answers(map: &mut MapReader<'_>, document: &Document, findings: &mut Vec<Finding>) -> Option<Vec<Answer>> {
    let node = map.require("answers", findings)?;
    let Some(entries) = node.entries() else {
        findings.push(form(document, node, "`answers` is a map from each word to its meaning"));
        return None;
    };
    let answer = |entry: &crate::source::Entry, findings: &mut Vec<Finding>| {
        Some(Answer { word: entry.key.to_string(), means: text(document, &entry.value, findings)? })
    };
    Some(entries.iter().filter_map(|entry| answer(entry, findings)).collect())
}
