//! Payload keys to profiles.
//!
//! In: keys in any order. Out: the XML of each profile, its dictionaries sorted by key in code point order, its payloads by
//! type, so that equal plans give equal files.

use std::collections::{BTreeMap, BTreeSet};

use plist::{Dictionary, Value};

use super::frame::{
    CONFIGURATION, CONTENT, Channel, DEVICE, DISPLAY_NAME, IDENTIFIER, ORGANISATION, REMOVAL_DISALLOWED, SCOPE, TYPE, USER, UUID,
    VERSION, payload_identifier, profile_identifier, uuid,
};
use super::gate::verify;
use crate::emit::{Artifact, EmitError};
use crate::vendor::apple::{PayloadKey, Schema, Scope};

const FORMAT: &str = "a property list";

/// Who the profiles are from and for.
#[derive(Debug, Clone, Copy)]
pub struct ProfileIdentity<'a> {
    /// The organisation's name, as people write it.
    pub organisation: &'a str,
    /// Its first mail domain, as A-labels: what identifiers begin with, in reverse order.
    pub domain: &'a str,
    /// The role.
    pub role: &'a str,
    /// Whether only the device management may remove the profiles.
    pub removal_disallowed: bool,
}

const PROFILES: [(Channel, &str); 2] = [(Channel::User, USER), (Channel::Device, DEVICE)];

/// Writes `macos/user.mobileconfig` and `macos/device.mobileconfig`, each only when there is something to put into it, and only
/// what passes Apple's schema as a whole for this version of macOS: the last gate, behind which nothing changes any more.
///
/// A key that may come by either channel goes to the computer; whoever wants it with the user (a value that the device
/// management fills in for each person) sets its scope to [`Scope::User`] before. Of equal keys with equal values one is
/// written; dictionaries that share a path unite.
///
/// # Errors
/// [`EmitError::Twice`] when one place gets two values, or a setting takes a key of the frame; [`EmitError::Character`] when a
/// text or key holds a code point that XML cannot carry; [`EmitError::Refused`] with the first thing that the schema does not
/// take.
pub fn render(
    keys: &[PayloadKey],
    identity: &ProfileIdentity<'_>,
    schema: &Schema<'_>,
    macos: &str,
) -> Result<Vec<Artifact>, EmitError> {
    let mut artifacts = Vec::new();
    for (path, profile) in profiles(keys, identity)? {
        if let Some((place, problem)) = verify(&profile, schema, macos).into_iter().next() {
            return Err(EmitError::Refused { place, problem: Box::new(problem) });
        }
        artifacts.push(Artifact::data(path, xml(&profile)));
    }
    Ok(artifacts)
}

/// The profiles before the gate, with the path of each.
pub(crate) fn profiles(keys: &[PayloadKey], identity: &ProfileIdentity<'_>) -> Result<Vec<(&'static str, Value)>, EmitError> {
    let payloads = payloads(keys, channel)?;
    let made =
        PROFILES.into_iter().map(|(channel, path)| Ok(build(&payloads, channel, identity)?.map(|profile| (path, profile))));
    made.filter_map(Result::transpose).collect()
}

/// Writes a profile for the computer that holds preferences of browsers, and replaces the one before it alone.
///
/// # Errors
/// As [`render`].
pub fn render_browsers(keys: &[PayloadKey], path: &str, identity: &ProfileIdentity<'_>) -> Result<Option<Artifact>, EmitError> {
    let profile = build(&payloads(keys, |_| Channel::Browser)?, Channel::Browser, identity)?;
    Ok(profile.map(|profile| Artifact::data(path, xml(&profile))))
}

/// Writes a profile for the computer that holds the policies of Thunderbird, and replaces the one before it alone.
///
/// # Errors
/// As [`render`].
pub fn render_thunderbird(
    keys: &[PayloadKey],
    path: &str,
    identity: &ProfileIdentity<'_>,
) -> Result<Option<Artifact>, EmitError> {
    let profile = build(&payloads(keys, |_| Channel::Thunderbird)?, Channel::Thunderbird, identity)?;
    Ok(profile.map(|profile| Artifact::data(path, xml(&profile))))
}

/// A value of JSON as a property list has it; of nothing, which it cannot hold, an empty text.
pub(in crate::emit) fn value_of(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Bool(flag) => Value::Boolean(*flag),
        serde_json::Value::Number(number) => Value::Integer(number.as_i64().unwrap_or_default().into()),
        serde_json::Value::String(text) => Value::String(text.clone()),
        serde_json::Value::Array(items) => Value::Array(items.iter().map(value_of).collect()),
        serde_json::Value::Object(map) => {
            Value::Dictionary(map.iter().map(|(key, value)| (key.clone(), value_of(value))).collect::<Dictionary>())
        }
        serde_json::Value::Null => Value::String(String::new()),
    }
}

/// What the payloads of each type hold, by channel.
type Payloads<'k> = BTreeMap<(Channel, &'k str), Content<'k>>;

/// What the payloads of one type hold.
#[derive(Default)]
struct Content<'k> {
    titles: BTreeSet<&'k str>,
    /// In every payload of the type.
    common: Dictionary,
    /// In the first, the second, and so on.
    each: Vec<Dictionary>,
}

impl Content<'_> {
    /// Puts a value into every payload, or into each its own; false when something else is there.
    fn put(&mut self, key: &PayloadKey) -> bool {
        let Some(values) = key.value.as_array().filter(|_| key.spread) else {
            return put(&mut self.common, &key.path, &key.value);
        };
        if self.each.is_empty() {
            self.each.resize(values.len(), Dictionary::new());
        }
        self.each.len() == values.len() && self.each.iter_mut().zip(values).all(|(payload, value)| put(payload, &key.path, value))
    }

    /// The payloads, at least one.
    fn payloads(&self) -> Vec<Dictionary> {
        if self.each.is_empty() {
            return vec![self.common.clone()];
        }
        let whole = |own: &Dictionary| self.common.iter().chain(own).map(|(key, value)| (key.clone(), value.clone())).collect();
        self.each.iter().map(whole).collect()
    }
}

fn payloads(keys: &[PayloadKey], channel: impl Fn(Scope) -> Channel) -> Result<Payloads<'_>, EmitError> {
    let mut payloads = Payloads::new();
    for key in keys {
        let place = format!("{}:{}", key.payload_type, key.path.join("/"));
        let names = std::iter::once(&key.payload_type).chain(&key.path);
        names.chain([&key.title]).try_for_each(|name| carry(&place, name))?;
        carry_all(&place, &key.value)?;
        let content = payloads.entry((channel(key.scope), key.payload_type.as_str())).or_default();
        content.titles.insert(&key.title);
        if !content.put(key) {
            return Err(EmitError::Twice { place });
        }
    }
    Ok(payloads)
}

fn build(payloads: &Payloads<'_>, channel: Channel, identity: &ProfileIdentity<'_>) -> Result<Option<Value>, EmitError> {
    let mut content = Vec::new();
    for ((_, payload_type), of_type) in payloads.iter().filter(|((own, _), _)| *own == channel) {
        // Where a type is spread over several files, each has its own title.
        let title = of_type.titles.iter().copied().collect::<Vec<_>>().join(", ");
        for (index, values) in of_type.payloads().iter().enumerate() {
            content.push(Value::Dictionary(payload(values, payload_type, index, title.clone(), channel, identity)?));
        }
    }
    if content.is_empty() {
        return Ok(None);
    }
    Ok(Some(sorted(&Value::Dictionary(profile(content, channel, identity)?))))
}

fn channel(scope: Scope) -> Channel {
    match scope {
        Scope::User => Channel::User,
        Scope::Device | Scope::Either => Channel::Device,
    }
}

fn payload(
    values: &Dictionary,
    payload_type: &str,
    index: usize,
    title: String,
    channel: Channel,
    identity: &ProfileIdentity<'_>,
) -> Result<Dictionary, EmitError> {
    let profile = profile_identifier(identity, channel);
    let first = payload_identifier(&profile, payload_type);
    let identifier = if index == 0 { first } else { format!("{first}.{}", index + 1) };
    let mut payload = frame(payload_type, identifier, title, channel, identity)?;
    payload.insert(UUID.to_owned(), Value::String(uuid(identity, channel, payload_type, index)));
    for (key, value) in values {
        if payload.insert(key.clone(), value.clone()).is_some() {
            return Err(EmitError::Twice { place: format!("{payload_type}:{key}") });
        }
    }
    Ok(payload)
}

fn profile(content: Vec<Value>, channel: Channel, identity: &ProfileIdentity<'_>) -> Result<Dictionary, EmitError> {
    let whose = match channel {
        Channel::User => "settings for the user",
        Channel::Device => "settings for the computer",
        Channel::Browser => "settings for browsers",
        Channel::Thunderbird => "settings for Thunderbird",
    };
    let title = format!("{}: groupware, {whose} ({})", identity.organisation, identity.role);
    let mut profile = frame(CONFIGURATION, profile_identifier(identity, channel), title, channel, identity)?;
    profile.insert(CONTENT.to_owned(), Value::Array(content));
    profile.insert(SCOPE.to_owned(), Value::from(channel.scope()));
    if identity.removal_disallowed {
        profile.insert(REMOVAL_DISALLOWED.to_owned(), Value::Boolean(true));
    }
    Ok(profile)
}

/// The keys that the profile and each payload have.
fn frame(
    payload_type: &str,
    identifier: String,
    title: String,
    channel: Channel,
    identity: &ProfileIdentity<'_>,
) -> Result<Dictionary, EmitError> {
    carry(DISPLAY_NAME, &title)?;
    carry(ORGANISATION, identity.organisation)?;
    let mut frame = Dictionary::new();
    frame.insert(DISPLAY_NAME.to_owned(), Value::String(title));
    frame.insert(IDENTIFIER.to_owned(), Value::String(identifier));
    frame.insert(ORGANISATION.to_owned(), Value::from(identity.organisation));
    frame.insert(TYPE.to_owned(), Value::from(payload_type));
    frame.insert(UUID.to_owned(), Value::String(uuid(identity, channel, payload_type, 0)));
    frame.insert(VERSION.to_owned(), Value::Integer(1.into()));
    Ok(frame)
}

/// Puts a value at its path; false when another one is there.
fn put(dictionary: &mut Dictionary, path: &[String], value: &Value) -> bool {
    let Some((first, rest)) = path.split_first() else { return false };
    if rest.is_empty() {
        return match (dictionary.get_mut(first), value) {
            (None, _) => {
                dictionary.insert(first.clone(), value.clone());
                true
            }
            (Some(Value::Dictionary(there)), Value::Dictionary(entries)) => {
                entries.iter().all(|(key, value)| put(there, std::slice::from_ref(key), value))
            }
            (Some(there), _) => there == value,
        };
    }
    if !dictionary.contains_key(first) {
        dictionary.insert(first.clone(), Value::Dictionary(Dictionary::new()));
    }
    dictionary.get_mut(first).and_then(Value::as_dictionary_mut).is_some_and(|inner| put(inner, rest, value))
}

/// Refuses what XML 1.0 (section 2.2) has no way to write, not even as a reference; the writer would let it through.
fn carry(setting: &str, text: &str) -> Result<(), EmitError> {
    let forbidden = |c: &char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    match text.chars().find(forbidden) {
        Some(c) => Err(EmitError::Character { setting: setting.to_owned(), format: FORMAT, character: c.into() }),
        None => Ok(()),
    }
}

fn carry_all(setting: &str, value: &Value) -> Result<(), EmitError> {
    match value {
        Value::String(text) => carry(setting, text),
        Value::Array(items) => items.iter().try_for_each(|item| carry_all(setting, item)),
        Value::Dictionary(entries) => entries.iter().try_for_each(|(key, value)| {
            carry(setting, key)?;
            carry_all(setting, value)
        }),
        _ => Ok(()),
    }
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        Value::Dictionary(entries) => {
            let mut sorted: Dictionary = entries.iter().map(|(key, value)| (key.clone(), self::sorted(value))).collect();
            sorted.sort_keys();
            Value::Dictionary(sorted)
        }
        other => other.clone(),
    }
}

pub(super) fn xml(profile: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    profile.to_writer_xml(&mut bytes).expect("a value of dictionaries, lists and scalars is always written to memory");
    bytes.push(b'\n');
    bytes
}
