//! What a value of a policy may be: the canonical form of both dialects of Mozilla's schema, and of Chromium's templates.
//!
//! One node is one line of compact JSON in the committed table. Regular expressions do not occur: the importer knows the few
//! that Mozilla uses and turns them into [`Form`]s and key rules, and refuses a schema with another one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::value::Value;
use crate::vendor::Problem;
use crate::vendor::problem::nearest;

/// The shape of a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Node {
    /// `true` or `false`.
    Flag,
    /// A whole number; one of these when the list is not empty.
    Number(Vec<i64>),
    /// A whole number from the first to the second.
    Between(i64, i64),
    /// Text; one of these when the list is not empty.
    Text(Vec<String>),
    /// Text of a form.
    Formed(Form),
    /// A list of values of one shape.
    List(Box<Node>),
    /// A list of at most so many values; what follows is ignored by the program.
    Short(usize, Box<Node>),
    /// A map with known keys.
    Map(Keys),
    /// Any map or list; the receiver (an add-on) gives it a meaning.
    Anything,
    /// One of several shapes.
    Either(Vec<Node>),
}

/// The keys of a map.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Keys {
    /// The keys with a fixed name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fixed: BTreeMap<String, Node>,
    /// The keys that must be there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required: Vec<String>,
    /// What a key with a free name holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free: Option<Box<Node>>,
    /// The form of the free names; any, when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named: Option<Form>,
}

/// The form of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// An address with a scheme.
    Url,
    /// An address with a scheme, or nothing.
    UrlOrEmpty,
    /// `https://host`, `http://host` or a file address, without a path.
    Origin,
    /// An address in which each `%` opens an escape.
    EscapedUrl,
    /// The identifier of an extension of Chromium, or several with commas between.
    ExtensionIds,
}

impl Node {
    /// All words that the shape names: keys, at any depth, and the texts that are allowed.
    pub fn parts(&self) -> Vec<&str> {
        match self {
            Self::Text(all) => all.iter().map(String::as_str).collect(),
            Self::List(of) | Self::Short(_, of) => of.parts(),
            Self::Either(shapes) => shapes.iter().flat_map(Self::parts).collect(),
            Self::Map(keys) => {
                let fixed = keys.fixed.iter().flat_map(|(key, node)| std::iter::once(key.as_str()).chain(node.parts()));
                fixed.chain(keys.free.iter().flat_map(|node| node.parts())).collect()
            }
            Self::Flag | Self::Number(_) | Self::Between(..) | Self::Formed(_) | Self::Anything => Vec::new(),
        }
    }

    /// The shape in words, as they stand after "takes".
    pub fn words(&self) -> String {
        match self {
            Self::Flag => "true or false".into(),
            Self::Number(all) if all.is_empty() => "a number".into(),
            Self::Number(all) => format!("a number ({})", all.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")),
            Self::Between(from, to) => format!("a number from {from} to {to}"),
            Self::Text(all) if all.is_empty() => "text".into(),
            Self::Text(all) => format!("one of {}", all.join(", ")),
            Self::Formed(form) => form.words().into(),
            Self::List(of) => format!("a list, each item {}", of.words()),
            Self::Short(most, of) => format!("a list of at most {most} items, each {}", of.words()),
            Self::Map(keys) if keys.fixed.is_empty() => "a map".into(),
            Self::Map(keys) => {
                format!("a map with the keys {}", keys.fixed.keys().map(String::as_str).collect::<Vec<_>>().join(", "))
            }
            Self::Anything => "a map or a list".into(),
            Self::Either(all) => all.iter().map(Self::words).collect::<Vec<_>>().join(", or "),
        }
    }

    /// Holds a value against the shape and gives what the policy file carries.
    ///
    /// # Errors
    /// The first [`Problem`]; keys of maps are looked at in their order.
    pub fn check(&self, value: &Value) -> Result<serde_json::Value, Problem> {
        let wrong = || Problem::WrongType { expected: self.words(), found: value.kind().into() };
        match (self, value) {
            (Self::Flag, Value::Flag(flag)) => Ok((*flag).into()),
            (Self::Number(all), Value::Number(number)) => {
                allowed(all.is_empty() || all.contains(number), &number.to_string(), || self.words())?;
                Ok((*number).into())
            }
            (Self::Between(from, to), Value::Number(number)) => {
                allowed((from..=to).contains(&number), &number.to_string(), || self.words())?;
                Ok((*number).into())
            }
            (Self::Text(all), Value::Text(text)) => {
                allowed(all.is_empty() || all.contains(text), text, || self.words())?;
                Ok(text.as_str().into())
            }
            (Self::Formed(form), Value::Text(text)) => {
                allowed(form.fits(text), text, || form.words().into())?;
                Ok(text.as_str().into())
            }
            (Self::List(of), Value::List(items)) => items.iter().map(|item| of.check(item)).collect(),
            (Self::Short(most, of), Value::List(items)) => {
                allowed(items.len() <= *most, &format!("{} items", items.len()), || self.words())?;
                items.iter().map(|item| of.check(item)).collect()
            }
            (Self::Map(keys), Value::Map(entries)) => keys.check(entries),
            (Self::Anything, Value::Map(_) | Value::List(_)) => Ok(as_json(value)),
            (Self::Either(all), _) => {
                let fitting =
                    all.iter().map(|one| one.check(value)).find(|tried| !matches!(tried, Err(Problem::WrongType { .. })));
                fitting.unwrap_or_else(|| Err(wrong()))
            }
            _ => Err(wrong()),
        }
    }
}

impl Keys {
    fn check(&self, entries: &BTreeMap<String, Value>) -> Result<serde_json::Value, Problem> {
        if let Some(missing) = self.required.iter().find(|name| !entries.contains_key(*name)) {
            return Err(Problem::Missing { missing: missing.clone() });
        }
        let mut map = serde_json::Map::new();
        for (key, value) in entries {
            // The program drops a key that it does not know without a message.
            if let (None, Some(form)) = (self.fixed.get(key), self.named) {
                allowed(form.fits(key), key, || form.words().into())?;
            }
            let node = self.fixed.get(key).or(self.free.as_deref()).ok_or_else(|| Problem::UnknownPart {
                what: "key",
                found: key.clone(),
                nearest: nearest(key, self.fixed.keys().map(String::as_str)),
            })?;
            map.insert(key.clone(), node.check(value)?);
        }
        Ok(map.into())
    }
}

impl Form {
    fn words(self) -> &'static str {
        match self {
            Self::Url => "an address such as https://example.org/path",
            Self::UrlOrEmpty => "an address such as https://example.org/path, or nothing",
            Self::Origin => "a web origin such as https://example.org, without a path",
            Self::EscapedUrl => "an address such as https://example.org/path with every % followed by two hexadecimal digits",
            Self::ExtensionIds => "the identifier of an extension, 32 letters from a to p",
        }
    }

    fn fits(self, text: &str) -> bool {
        match self {
            Self::Url => is_url(text),
            Self::UrlOrEmpty => text.is_empty() || is_url(text),
            Self::Origin => is_url(text) && is_origin(text),
            Self::EscapedUrl => is_url(text) && text.split('%').skip(1).all(opens_escape),
            Self::ExtensionIds => {
                text.split(',').all(|id| id.len() == 32 && id.bytes().all(|letter| (b'a'..=b'p').contains(&letter)))
            }
        }
    }
}

/// Narrower than the WHATWG reader of the program, which repairs what it can: no blank, no control character, no
/// backslash; a web address names its host.
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let plain = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "\\<>\"".contains(c));
    if !plain || !["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web)) {
        return plain && !rest.is_empty();
    }
    let Some(after) = rest.strip_prefix("//") else { return false };
    let authority = after.split(['/', '?', '#']).next().unwrap_or("");
    let host_port = authority.rsplit('@').next().unwrap_or("");
    if let Some(inner) = host_port.strip_prefix('[') {
        return inner.split_once(']').is_some_and(|(address, port)| {
            address.parse::<std::net::Ipv6Addr>().is_ok() && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
        });
    }
    let (host, port) = host_port.split_once(':').map_or((host_port, None), |(host, port)| (host, Some(port)));
    !host.is_empty() && !host.contains(['%', '^', '|', '[', ']']) && port.is_none_or(is_port)
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

fn is_origin(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let web = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    lower.starts_with("file://")
        || web.is_some_and(|host| !host.trim_end_matches('/').is_empty() && !host.strip_suffix('/').unwrap_or(host).contains('/'))
}

fn opens_escape(after: &str) -> bool {
    after.len() >= 2 && after.bytes().take(2).all(|byte| byte.is_ascii_hexdigit())
}

fn allowed(fine: bool, found: &str, words: impl FnOnce() -> String) -> Result<(), Problem> {
    if fine { Ok(()) } else { Err(Problem::NotAllowed { found: found.to_owned(), allowed: format!("it takes {}", words()) }) }
}

fn as_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Flag(flag) => (*flag).into(),
        Value::Number(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
        Value::List(items) => items.iter().map(as_json).collect(),
        Value::Map(entries) => {
            serde_json::Value::Object(entries.iter().map(|(key, value)| (key.clone(), as_json(value))).collect())
        }
    }
}
