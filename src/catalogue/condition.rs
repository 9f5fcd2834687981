//! Conditions: when a setting, duty, check or raise applies.
//!
//! A small form that is verified when it is loaded: an unknown decision, or an answer that the decision does not have, is a
//! finding with its place. Whether a condition holds for a role is decided in `plan/holds.rs`.

use super::context::Context;
use super::keys::{Subject, split_placeholder};
use super::reader::{form, reference, value};
use super::shape::Shape;
use crate::diag::Finding;
use crate::source::{Entry, Node};
use crate::value::Value;
use crate::vendor::nearest;

/// How much harm would follow (BSI standard 200-2, section 8.2: protection needs).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Need {
    /// Limited.
    #[default]
    Normal,
    /// Considerable.
    High,
    /// Existential.
    VeryHigh,
}

impl Need {
    /// All needs, lightest first.
    pub const ALL: [Self; 3] = [Self::Normal, Self::High, Self::VeryHigh];

    /// The word of the plan.
    pub fn word(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::High => "high",
            Self::VeryHigh => "very-high",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|need| need.word() == word)
    }
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// All of them hold.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// None holds.
    Not(Vec<Condition>),
    /// The answer to a decision, or a field of it.
    Answer {
        /// The decision.
        key: String,
        /// The field of a record.
        field: Option<String>,
        /// What must be true of it.
        test: Test,
    },
    /// The protection need of what the role handles.
    Need {
        /// `confidentiality`, `integrity`, `availability`, `binding`.
        goal: String,
        /// A channel, `mail` for both mail channels, `any` for all.
        channel: String,
        /// At least this.
        at_least: Need,
    },
    /// It is a role (or, negated, the plan without a role).
    Role(bool),
    /// It is a role that answers something less strictly than everyone, where roles may only be stricter.
    Loosens,
    /// The plan itself answers this decision, or one of this topic, for exactly these people.
    Given(String),
}

/// What must be true of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// It was answered and is not empty.
    Present,
    /// It was not answered or is empty.
    Absent,
    /// It is one of these.
    OneOf(Vec<Value>),
    /// A list holds at least one of these.
    Has(Vec<String>),
    /// A list holds none of these.
    Lacks(Vec<String>),
    /// A number, compared.
    Number(Comparison, i64),
    /// The date lies before today.
    Past,
    /// A host, or that of an address, is one of these domains or lies below one.
    Within(Vec<String>),
    /// An item of a list of records, a value of a map or a name of a block fits all of these. An empty field name means the
    /// value itself.
    Some(Vec<(String, ItemTest)>),
}

/// What must be true of an item inside a list or map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemTest {
    /// It is one of these; of a list: it holds one of these.
    OneOf(Vec<Value>),
    /// It names the role itself; of a list: it names the role among others.
    ThisRole,
    /// The date lies before today.
    Past,
    /// It is there.
    Present,
    /// It is not there.
    Absent,
}

/// How numbers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Greater.
    Above,
    /// Smaller.
    Below,
    /// Greater or equal.
    AtLeast,
    /// Smaller or equal.
    AtMost,
}

impl Comparison {
    /// Whether `left` compares so to `right`.
    pub fn holds(self, left: i64, right: i64) -> bool {
        match self {
            Self::Above => left > right,
            Self::Below => left < right,
            Self::AtLeast => left >= right,
            Self::AtMost => left <= right,
        }
    }

    fn from_key(key: &str) -> Option<Self> {
        Some(match key {
            "above" => Self::Above,
            "below" => Self::Below,
            "at_least" => Self::AtLeast,
            "at_most" => Self::AtMost,
            _ => return None,
        })
    }
}

impl Condition {
    /// Whether it asks something of a decision that fits, at any depth.
    pub fn asks(&self, wanted: &str, fits: impl Fn(&Test) -> bool + Copy) -> bool {
        match self {
            Self::All(more) | Self::Any(more) | Self::Not(more) => more.iter().any(|one| one.asks(wanted, fits)),
            Self::Answer { key, test, .. } => key == wanted && fits(test),
            _ => false,
        }
    }

    /// Whether `key` (with `field`) is certainly answered when this condition holds.
    pub fn ensures_present(&self, wanted: &str, wanted_field: Option<&str>) -> bool {
        match self {
            Self::All(all) => all.iter().any(|one| one.ensures_present(wanted, wanted_field)),
            Self::Any(any) => !any.is_empty() && any.iter().all(|one| one.ensures_present(wanted, wanted_field)),
            Self::Answer { key, field, test } => {
                key == wanted && field.as_deref() == wanted_field && !matches!(test, Test::Absent | Test::Lacks(_))
            }
            Self::Not(_) | Self::Need { .. } | Self::Role(_) | Self::Loosens | Self::Given(_) => false,
        }
    }
}

const GOALS: [&str; 4] = ["confidentiality", "integrity", "availability", "binding"];
const ANY_CHANNEL: [&str; 2] = ["any", "mail"];

impl Context<'_> {
    /// Reads a condition; what is wrong goes to `findings`.
    pub(super) fn condition(self, node: &Node, findings: &mut Vec<Finding>) -> Option<Condition> {
        let Some(entries) = node.entries() else {
            findings.push(form(self.document, node, "a condition is a map"));
            return None;
        };
        let mut all: Vec<Condition> = Vec::new();
        for entry in entries {
            all.push(self.entry(entry, findings)?);
        }
        Some(if all.len() == 1 { all.remove(0) } else { Condition::All(all) })
    }

    fn entry(self, entry: &Entry, findings: &mut Vec<Finding>) -> Option<Condition> {
        match entry.key.as_ref() {
            "any" => return self.conditions(&entry.value, findings).map(Condition::Any),
            "none" => return self.conditions(&entry.value, findings).map(Condition::Not),
            "role" => {
                return match entry.value.text() {
                    Some("present") => Some(Condition::Role(true)),
                    Some("absent") => Some(Condition::Role(false)),
                    Some("loosens") => Some(Condition::Loosens),
                    _ => {
                        findings.push(form(self.document, &entry.value, "`role` is `present`, `absent` or `loosens`"));
                        None
                    }
                };
            }
            _ => {}
        }
        if entry.value.text() == Some("given") && self.keys.topic_or_decision(&entry.key) {
            return Some(Condition::Given(entry.key.to_string()));
        }
        if let Some(need) = entry.key.strip_prefix("need.") {
            return self.need(need, entry, findings);
        }
        let Some(subject) = self.keys.find(&entry.key).filter(|subject| split_placeholder(subject.key).is_none()) else {
            let finding = Finding::error(crate::diag::Code::CatalogueReference, format!("there is no decision `{}`", entry.key))
                .at(self.document.place(entry.key_span));
            findings.push(match self.keys.nearest(&entry.key) {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding,
            });
            return None;
        };
        let test = self.test(subject, &entry.value, findings)?;
        Some(Condition::Answer { key: subject.key.to_owned(), field: subject.field.map(str::to_owned), test })
    }

    fn conditions(self, node: &Node, findings: &mut Vec<Finding>) -> Option<Vec<Condition>> {
        let Some(items) = node.items() else {
            findings.push(form(self.document, node, "a list of conditions belongs here"));
            return None;
        };
        items.iter().map(|item| self.condition(item, findings)).collect()
    }

    fn need(self, name: &str, entry: &Entry, findings: &mut Vec<Finding>) -> Option<Condition> {
        let channels = self
            .keys
            .find("information.<name>.channels")
            .and_then(|subject| subject.shape)
            .and_then(Shape::answers)
            .unwrap_or_default();
        let known = name.split_once('.').filter(|(goal, channel)| {
            GOALS.contains(goal) && (ANY_CHANNEL.contains(channel) || channels.iter().any(|answer| answer.word == *channel))
        });
        let Some((goal, channel)) = known else {
            findings.push(reference(
                self.document,
                &entry.value,
                format!("there is no protection need `{name}`: write `need.<goal>.<channel>`"),
            ));
            return None;
        };
        let Some(at_least) =
            entry.value.get("at_least").and_then(Node::text).and_then(Need::from_word).filter(|need| *need > Need::Normal)
        else {
            findings.push(form(
                self.document,
                &entry.value,
                "a need is compared by `{ at_least: high }` or `{ at_least: very-high }`",
            ));
            return None;
        };
        Some(Condition::Need { goal: goal.to_owned(), channel: channel.to_owned(), at_least })
    }

    fn test(self, subject: Subject<'_>, node: &Node, findings: &mut Vec<Finding>) -> Option<Test> {
        match node.text() {
            Some("present") => return Some(Test::Present),
            Some("absent") => return Some(Test::Absent),
            Some("past") if subject.shape == Some(&Shape::Date) => return Some(Test::Past),
            _ => {}
        }
        let Some(shape) = subject.shape else {
            let Some([Entry { key, value, .. }]) =
                node.entries().filter(|entries| entries.len() == 1 && entries[0].key == "some")
            else {
                findings.push(form(self.document, node, "of a block of names `present`, `absent` and `some` can be asked"));
                return None;
            };
            debug_assert_eq!(key, "some");
            let field = |name: &str| self.keys.get(&format!("{}.<name>.{name}", subject.key)).map(|decision| decision.shape);
            return self.fields(field, value, findings).map(Test::Some);
        };
        if let Some(entries) = node.entries() {
            let [entry] = entries else {
                findings.push(form(self.document, node, "one comparison belongs here"));
                return None;
            };
            return self.comparison(subject, shape, entry, findings);
        }
        self.one_of(shape, node, findings).map(Test::OneOf)
    }

    fn comparison(self, subject: Subject<'_>, shape: &Shape, entry: &Entry, findings: &mut Vec<Finding>) -> Option<Test> {
        let node = &entry.value;
        match (entry.key.as_ref(), shape) {
            ("has", Shape::Choices(_) | Shape::List(_)) => Some(Test::Has(vec![self.word(shape, node, findings)?])),
            ("has_any", Shape::Choices(_)) => self.words(shape, node, findings).map(Test::Has),
            ("lacks", Shape::Choices(_) | Shape::List(_)) => Some(Test::Lacks(vec![self.word(shape, node, findings)?])),
            ("lacks_all", Shape::Choices(_)) => self.words(shape, node, findings).map(Test::Lacks),
            ("some", _) => self.some(shape, node, findings),
            ("within", Shape::Host | Shape::Https) => {
                let domains = node.text().and_then(|name| self.lists.get(name));
                if domains.is_none() {
                    let known = self.lists.keys().cloned().collect::<Vec<_>>().join(", ");
                    findings
                        .push(reference(self.document, node, "there is no such list").help(format!("the lists are: {known}")));
                }
                domains.cloned().map(Test::Within)
            }
            (key, Shape::Number { .. }) if Comparison::from_key(key).is_some() => {
                let number = node.number();
                if number.is_none() {
                    findings.push(form(self.document, node, "a whole number belongs here"));
                }
                Some(Test::Number(Comparison::from_key(key)?, number?))
            }
            ("at_least" | "at_most", Shape::Choice(_)) if !subject.strength.is_empty() => {
                let word = self.word(shape, node, findings)?;
                let rank = subject.strength.iter().position(|candidate| *candidate == word)?;
                let range = if entry.key == "at_least" { &subject.strength[rank..] } else { &subject.strength[..=rank] };
                Some(Test::OneOf(range.iter().map(|word| Value::Text(word.clone())).collect()))
            }
            (key, _) => {
                findings.push(form(
                    self.document,
                    node,
                    format!("`{key}` cannot be asked of `{}`, which is {}", subject.key, shape.describe()),
                ));
                None
            }
        }
    }

    fn some(self, shape: &Shape, node: &Node, findings: &mut Vec<Finding>) -> Option<Test> {
        let each = match shape {
            Shape::List(each) | Shape::Map { each, .. } => each.as_ref(),
            _ => {
                findings.push(form(self.document, node, "`some` is asked of lists of records and of maps"));
                return None;
            }
        };
        if node.entries().is_none() {
            return Some(Test::Some(vec![(String::new(), ItemTest::OneOf(self.one_of(each, node, findings)?))]));
        }
        self.fields(|name| each.field(name), node, findings).map(Test::Some)
    }

    /// What must be true of the fields of an item.
    fn fields<'s>(
        self,
        shape_of: impl Fn(&str) -> Option<&'s Shape>,
        node: &Node,
        findings: &mut Vec<Finding>,
    ) -> Option<Vec<(String, ItemTest)>> {
        let Some(entries) = node.entries() else {
            findings.push(form(self.document, node, "a map from fields to what they are belongs here"));
            return None;
        };
        let mut fields = Vec::new();
        for entry in entries {
            let Some(shape) = shape_of(&entry.key) else {
                findings.push(reference(self.document, &entry.value, format!("there is no field `{}` here", entry.key)));
                return None;
            };
            let test = match (entry.value.text(), shape) {
                (Some("this"), Shape::Role) => ItemTest::ThisRole,
                (Some("this"), Shape::List(each)) if **each == Shape::Role => ItemTest::ThisRole,
                (Some("past"), Shape::Date) => ItemTest::Past,
                (Some("present"), _) => ItemTest::Present,
                (Some("absent"), _) => ItemTest::Absent,
                (_, Shape::Choices(_)) => ItemTest::OneOf(vec![Value::Text(self.word(shape, &entry.value, findings)?)]),
                _ => ItemTest::OneOf(self.one_of(shape, &entry.value, findings)?),
            };
            fields.push((entry.key.to_string(), test));
        }
        Some(fields)
    }

    fn one_of(self, shape: &Shape, node: &Node, findings: &mut Vec<Finding>) -> Option<Vec<Value>> {
        match node.items() {
            Some(items) => items.iter().map(|item| self.plain(shape, item, findings)).collect(),
            None => Some(vec![self.plain(shape, node, findings)?]),
        }
    }

    /// Reports a default that no plan could give as an answer.
    pub(super) fn default(self, shape: &Shape, node: &Node, findings: &mut Vec<Finding>) {
        match (shape, node.items()) {
            (Shape::Choices(_), _) => drop(self.words(shape, node, findings)),
            (Shape::List(each) | Shape::StandardOrList(each), Some(items)) => {
                for item in items {
                    self.default(each, item, findings);
                }
            }
            (Shape::Record { .. } | Shape::Map { .. } | Shape::Roles, _) if node.entries().is_some() => {}
            _ => drop(self.plain(shape, node, findings)),
        }
    }

    /// A single value that the shape can have.
    fn plain(self, shape: &Shape, node: &Node, findings: &mut Vec<Finding>) -> Option<Value> {
        let value = value(self.document, node, findings)?;
        let fits = match shape {
            Shape::Choice(_) => return self.word(shape, node, findings).map(Value::Text),
            Shape::Number { from, to, .. } => value.as_number().is_some_and(|number| (*from..=*to).contains(&number)),
            Shape::Flag => matches!(value, Value::Flag(_)),
            Shape::StandardOrList(_) => value.as_text() == Some("standard"),
            Shape::List(_) | Shape::Choices(_) | Shape::Record { .. } | Shape::Map { .. } | Shape::Roles => false,
            _ => value.as_text().is_some(),
        };
        if !fits {
            findings.push(form(self.document, node, format!("this can never be: {} belongs here", shape.describe())));
        }
        fits.then_some(value)
    }

    fn words(self, shape: &Shape, node: &Node, findings: &mut Vec<Finding>) -> Option<Vec<String>> {
        let Some(items) = node.items() else {
            findings.push(form(self.document, node, "a list of words belongs here"));
            return None;
        };
        items.iter().map(|item| self.word(shape, item, findings)).collect()
    }

    fn word(self, shape: &Shape, node: &Node, findings: &mut Vec<Finding>) -> Option<String> {
        let Some(word) = node.text() else {
            findings.push(form(self.document, node, "a word belongs here"));
            return None;
        };
        let Some(answers) = shape.answers() else { return Some(word.to_owned()) };
        if answers.iter().any(|answer| answer.word == word) {
            return Some(word.to_owned());
        }
        let known = answers.iter().map(|answer| answer.word.as_str());
        let finding = reference(self.document, node, format!("there is no answer `{word}`"));
        findings.push(match nearest(word, known) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help(shape.describe()),
        });
        None
    }
}
