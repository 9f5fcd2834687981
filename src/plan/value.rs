//! Reads one answer by its shape: words, hosts, dates, lists and records, each refused with what belongs there.

use std::collections::BTreeMap;

use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};
use jiff::civil::Date;

use crate::catalogue::{Answer, Names, Shape};
use crate::diag::{Code, Finding};
use crate::source::{Document, Entry, Kind, Node};
use crate::value::Value;
use crate::vendor::nearest;

/// The longest text an answer may be; a reason fits, a pasted file does not.
const LONGEST_TEXT: usize = 2_000;

/// What answers are read against.
pub(super) struct Reader<'a> {
    pub(super) document: &'a Document,
    /// The names of the roles of the plan.
    pub(super) roles: &'a [&'a str],
    pub(super) checks: &'a [&'a str],
    pub(super) decisions: &'a [&'a str],
    pub(super) findings: Vec<Finding>,
}

impl Reader<'_> {
    /// A finding at a node.
    pub(super) fn report(&mut self, code: Code, node: &Node, message: String, help: String) {
        self.findings.push(Finding::error(code, message).at(self.document.place(node.span)).help(help));
    }

    /// Reads the answer of `what` (named in messages); `None` when something is wrong with it, which is then reported.
    pub(super) fn value(&mut self, what: &str, shape: &Shape, node: &Node) -> Option<Value> {
        match shape {
            Shape::Choice(answers) => self.word(what, answers, shape, node).map(Value::Text),
            Shape::Choices(answers) => {
                self.list(what, shape, node, |reader, item| reader.word(what, answers, shape, item).map(Value::Text))
            }
            Shape::List(each) => self.list(what, shape, node, |reader, item| reader.value(what, each, item)),
            Shape::StandardOrList(each) => {
                if node.text() == Some("standard") {
                    return Some(Value::from("standard"));
                }
                self.list(what, shape, node, |reader, item| reader.value(what, each, item))
            }
            Shape::Number { from, to, .. } => match node.number() {
                Some(number) if (*from..=*to).contains(&number) => Some(Value::Number(number)),
                Some(number) => self.refuse(Code::PlanValue, what, shape, node, &format!("not {number}")),
                None => self.wrong_type(what, shape, node),
            },
            Shape::Flag => match node.flag() {
                Some(flag) => Some(Value::Flag(flag)),
                None => self.wrong_type(what, shape, node),
            },
            Shape::Record { fields, at_least_one } => {
                let Some(entries) = node.entries() else { return self.wrong_type(what, shape, node) };
                let mut record = BTreeMap::new();
                let mut whole = true;
                for entry in entries {
                    let Some(field) = fields.iter().find(|field| field.name == entry.key) else {
                        let known: Vec<_> = fields.iter().map(|field| (field.name.as_str(), String::new())).collect();
                        self.unknown_key(what, entry, &known, "");
                        whole = false;
                        continue;
                    };
                    match self.value(&format!("{what}.{}", field.name), &field.shape, &entry.value) {
                        Some(value) => {
                            record.insert(entry.key.to_string(), value);
                        }
                        None => whole = false,
                    }
                }
                for field in fields.iter().filter(|field| field.required && node.get(&field.name).is_none()) {
                    self.report(
                        Code::PlanMissing,
                        node,
                        format!("`{what}` lacks `{}`", field.name),
                        format!("write `{}:` with {}", field.name, field.shape.describe()),
                    );
                    whole = false;
                }
                if *at_least_one && entries.is_empty() {
                    self.report(Code::PlanMissing, node, format!("`{what}` is empty"), shape.describe());
                    whole = false;
                }
                whole.then_some(Value::Map(record))
            }
            Shape::Map { names, each } => {
                let Some(entries) = node.entries() else { return self.wrong_type(what, shape, node) };
                let mut map = BTreeMap::new();
                let mut whole = true;
                for entry in entries {
                    whole &= self.name(*names, entry);
                    match self.value(&format!("{what}.{}", entry.key), each, &entry.value) {
                        Some(value) => {
                            map.insert(entry.key.to_string(), value);
                        }
                        None => whole = false,
                    }
                }
                whole.then_some(Value::Map(map))
            }
            Shape::Roles => self.wrong_type(what, shape, node),
            _ => self.text(what, shape, node).map(Value::Text),
        }
    }

    fn word(&mut self, what: &str, answers: &[Answer], shape: &Shape, node: &Node) -> Option<String> {
        let Some(word) = node.text() else { return self.wrong_type(what, shape, node) };
        let words = answers.iter().map(|answer| answer.word.as_str());
        if words.clone().any(|candidate| candidate == word) {
            return Some(word.to_owned());
        }
        let allowed = words.clone().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let help = match nearest(word, words) {
            Some(near) => format!("did you mean `{near}`? The answers are {allowed}"),
            None => format!("the answers are {allowed}"),
        };
        self.report(Code::PlanUnknownAnswer, node, format!("`{what}` has no answer `{word}`"), help);
        None
    }

    fn list(
        &mut self,
        what: &str,
        shape: &Shape,
        node: &Node,
        mut read: impl FnMut(&mut Self, &Node) -> Option<Value>,
    ) -> Option<Value> {
        let Some(items) = node.items() else { return self.wrong_type(what, shape, node) };
        let mut values: Vec<Value> = Vec::with_capacity(items.len());
        let mut whole = true;
        for item in items {
            match read(self, item) {
                Some(value) if values.contains(&value) => {
                    self.report(Code::PlanRepeated, item, format!("`{what}` names `{value}` twice"), "keep one of them".into());
                    whole = false;
                }
                Some(value) => values.push(value),
                None => whole = false,
            }
        }
        whole.then_some(Value::List(values))
    }

    fn text(&mut self, what: &str, shape: &Shape, node: &Node) -> Option<String> {
        let Kind::Scalar { text, plain } = &node.kind else { return self.wrong_type(what, shape, node) };
        // A number is no text, but a version is often spelled like one; a quoted number is meant as text.
        if *plain && (node.flag().is_some() || node.number().is_some()) && *shape != Shape::Version {
            return self.wrong_type(what, shape, node);
        }
        if text.trim() != text || text.is_empty() || text.contains('\n') || text.chars().count() > LONGEST_TEXT {
            return self.refuse(
                Code::PlanValue,
                what,
                shape,
                node,
                "without spaces at its ends, line breaks or excessive length",
            );
        }
        if holds_secret(text) || (!matches!(shape, Shape::Text | Shape::AddressOrPath) && holds_user(text)) {
            self.report(Code::PlanSecret, node, format!("`{what}` looks like a secret"), SECRETS_BELONG.into());
            return None;
        }
        let read = match shape {
            Shape::Text => Some(text.to_string()),
            Shape::AddressOrPath => {
                if text.starts_with("http://") {
                    None
                } else if text.starts_with("https://") {
                    https(text)
                } else {
                    Some(text.to_string())
                }
            }
            Shape::Https => https(text),
            Shape::Host => host(text),
            Shape::Domain => host(text).filter(|domain| domain.contains('.')),
            Shape::MailAddress => mail_address(text),
            Shape::Date => text.parse::<Date>().ok().filter(|date| date.to_string() == *text).map(|_| text.to_string()),
            Shape::Identifier => {
                (text.chars().all(|c| c.is_ascii_alphanumeric() || "@._{}+-".contains(c))).then(|| text.to_string())
            }
            Shape::Ending => {
                (text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')).then(|| text.to_ascii_lowercase())
            }
            Shape::Version => {
                text.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())).then(|| text.to_string())
            }
            Shape::Certificate { .. } => is_relative_path(text).then(|| text.to_string()),
            Shape::Role => {
                if self.roles.contains(&text.as_ref()) {
                    return Some(text.to_string());
                }
                let help = match nearest(text, self.roles.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if self.roles.is_empty() => "the plan has no roles".into(),
                    None => format!("the roles are {}", self.roles.join(", ")),
                };
                self.report(Code::PlanUnknownRole, node, format!("there is no role `{text}`"), help);
                return None;
            }
            _ => unreachable_shape(),
        };
        if read.is_none() {
            return self.refuse(Code::PlanValue, what, shape, node, &format!("not `{text}`"));
        }
        read
    }

    fn name(&mut self, names: Names, entry: &Entry) -> bool {
        let node = Node { span: entry.key_span, kind: Kind::Nothing };
        let name = entry.key.as_ref();
        let (known, code, message) = match names {
            Names::Own => return self.own_name(name, &node),
            Names::Checks => (self.checks, Code::PlanUnknownCheck, "there is no check"),
            Names::Decisions => (self.decisions, Code::PlanUnknownDecision, "there is no decision"),
        };
        if known.contains(&name) {
            return true;
        }
        let help = nearest(name, known.iter().copied())
            .map_or_else(|| "the report and the list command name them all".to_owned(), |near| format!("did you mean `{near}`?"));
        self.report(code, &node, format!("{message} `{name}`"), help);
        false
    }

    /// Checks a name of the plan's own: of a role, an information, a site.
    pub(super) fn own_name(&mut self, name: &str, node: &Node) -> bool {
        let fine = !name.is_empty()
            && name.len() <= 60
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && !name.starts_with('-')
            && !name.ends_with('-');
        if !fine {
            self.report(
                Code::PlanName,
                node,
                format!("`{name}` cannot be a name"),
                "names have the letters a to z, digits and hyphens inside, such as `field-workers`".into(),
            );
        }
        fine
    }

    /// Reports a key that is not one of `known`, each of which comes with where it is asked; `otherwise` is the help when
    /// none of them is similar.
    pub(super) fn unknown_key(&mut self, what: &str, entry: &Entry, known: &[(&str, String)], otherwise: &str) {
        let node = Node { span: entry.key_span, kind: Kind::Nothing };
        if is_secret_key(&entry.key) {
            self.report(
                Code::PlanSecret,
                &node,
                format!("`{}` looks like the name of a secret", entry.key),
                SECRETS_BELONG.into(),
            );
            return;
        }
        let noun = if known.iter().all(|(_, asked)| asked.is_empty()) { "key" } else { "decision" };
        let message = if what.is_empty() {
            format!("there is no decision `{}`", entry.key)
        } else {
            format!("`{what}` has no {noun} `{}`", entry.key)
        };
        let near = nearest(&entry.key, known.iter().map(|(key, _)| *key));
        let near = near.and_then(|near| known.iter().find(|(key, _)| *key == near));
        let help = match near {
            Some((near, asked)) if asked.is_empty() => format!("did you mean `{near}`?"),
            Some((near, asked)) => format!("did you mean `{near}`? (M 2.454 {asked})"),
            None if !otherwise.is_empty() => otherwise.to_owned(),
            None => {
                format!("the keys here are {}", known.iter().map(|(key, _)| format!("`{key}`")).collect::<Vec<_>>().join(", "))
            }
        };
        self.report(Code::PlanUnknownKey, &node, message, help);
    }

    fn wrong_type<T>(&mut self, what: &str, shape: &Shape, node: &Node) -> Option<T> {
        self.report(
            Code::PlanWrongType,
            node,
            format!("`{what}` is {}, not {}", shape.describe(), node.kind_word()),
            hint(shape, node),
        );
        None
    }

    fn refuse<T>(&mut self, code: Code, what: &str, shape: &Shape, node: &Node, not: &str) -> Option<T> {
        self.report(code, node, format!("`{what}` is {}, {not}", shape.describe()), hint(shape, node));
        None
    }
}

const SECRETS_BELONG: &str =
    "a plan and its artifacts are read by everyone: keep secrets in the device management or the users' key store";

fn hint(shape: &Shape, node: &Node) -> String {
    match (shape, &node.kind) {
        (Shape::Choice(_), Kind::List(_)) => "one word belongs here, without brackets".into(),
        (Shape::Choices(_) | Shape::List(_), Kind::Scalar { text, .. }) => format!("write a list: `[{text}]`"),
        (Shape::Host, Kind::Scalar { text, .. }) if text.contains("://") => {
            "write the name alone, without `https://` and path".into()
        }
        (Shape::Host, Kind::Scalar { text, .. }) if text.contains(':') => {
            "write the name alone: ports follow from `encryption.transport`".into()
        }
        (Shape::Host, Kind::Scalar { text, .. }) if text.parse::<std::net::IpAddr>().is_ok() => {
            "certificates are issued for names, not for addresses".into()
        }
        (Shape::Https | Shape::AddressOrPath, Kind::Scalar { text, .. }) if text.starts_with("http://") => {
            "only encrypted addresses are taken: `https://`".into()
        }
        (Shape::Text, Kind::Scalar { .. }) => "put it in quotation marks if it is meant as text".into(),
        _ => format!("write {}", shape.describe()),
    }
}

fn unreachable_shape() -> Option<String> {
    unreachable!("collections, numbers and words are read before texts")
}

/// A host name as an A-label (IDNA 2008, UTS 46, STD3 rules); no address, no trailing dot.
fn host(text: &str) -> Option<String> {
    if text.ends_with('.') {
        return None;
    }
    let ascii = Uts46::new().to_ascii(text.as_bytes(), AsciiDenyList::STD3, Hyphens::Check, DnsLength::Verify).ok()?.into_owned();
    let last = ascii.rsplit('.').next()?;
    // A name whose last label is a number is read as an address (WHATWG URL, section 3.5).
    let address = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
    (!address).then_some(ascii)
}

/// A path that means the same on every system, and leads somewhere from the folder of the plan.
fn is_relative_path(text: &str) -> bool {
    let step = |step: &str| !step.is_empty() && step.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    text.split('/').all(step) && !text.ends_with('.') && !text.ends_with("/..")
}

/// An https address without user, with a host name; path and query in printable ASCII.
fn https(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let (name, port) = match authority.rsplit_once(':') {
        Some((name, port)) => (name, Some(port.parse::<u16>().ok().filter(|number| *number > 0 && number.to_string() == port)?)),
        None => (authority, None),
    };
    let name = host(name)?;
    let tail_fine = tail.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte));
    let port = port.filter(|port| *port != 443).map(|port| format!(":{port}")).unwrap_or_default();
    tail_fine.then(|| format!("https://{name}{port}{tail}"))
}

/// A mail address with an unquoted local part (RFC 5321, section 4.1.2).
fn mail_address(text: &str) -> Option<String> {
    let (local, domain) = text.split_once('@')?;
    let atom = |atom: &str| {
        !atom.is_empty() && atom.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
    };
    let domain = host(domain).filter(|domain| domain.contains('.'))?;
    (local.len() <= 64 && local.split('.').all(atom)).then(|| format!("{local}@{domain}"))
}

fn is_secret_key(key: &str) -> bool {
    let key = key.to_ascii_lowercase().replace('-', "_");
    [
        "password",
        "passwort",
        "passwd",
        "passphrase",
        "secret",
        "api_key",
        "apikey",
        "private_key",
        "access_token",
        "credential",
        "challenge",
    ]
    .iter()
    .any(|word| key.contains(word))
        || key == "token"
        || key == "pin"
}

fn holds_secret(text: &str) -> bool {
    // Of every address in the text: what stands before its host.
    let userinfo = text.match_indices("://").any(|(at, mark)| {
        let rest = &text[at + mark.len()..];
        let ends = |c: char| c.is_whitespace() || "/?#<>\"".contains(c);
        rest[..rest.find(ends).unwrap_or(rest.len())].contains('@')
    });
    userinfo
        || text.contains("PRIVATE KEY-----")
        || ["password=", "password:", "passwort=", "passwort:", "pwd=", "token=", "secret="]
            .iter()
            .any(|word| text.to_ascii_lowercase().contains(word))
}

/// Whether a user and a password stand before the host, where only an address belongs: `anna:word@mail.example.org`.
fn holds_user(text: &str) -> bool {
    text.split_once('@').is_some_and(|(before, _)| before.contains(':') && !before.starts_with("mailto:"))
}
