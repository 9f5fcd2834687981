//! A finished profile, held against Apple's schema as a whole.
//!
//! In: a profile that was read back, ours or anybody's. Out: all that is wrong with it, each with its place: unknown keys,
//! wrong types and values, missing keys of the frame and of the payloads, a UUID or identifier that stands twice, a payload that
//! may occur once and occurs twice, a payload on the wrong channel, and a certificate that is named and is in no payload.

use std::collections::BTreeMap;

use plist::{Dictionary, Value};

use super::frame::{CONTENT, IDENTIFIER, SCOPE, TYPE, UUID};
use crate::vendor::Problem;
use crate::vendor::apple::{FRAME, Schema, Scope};

/// Finds what is wrong with a profile; `macos` as in [`Schema::check`].
pub fn verify(profile: &Value, schema: &Schema<'_>, macos: &str) -> Vec<(String, Problem)> {
    if let Err(problem) = schema.require_version(macos) {
        return vec![("the profile".to_owned(), problem)];
    }
    let Some(outer) = profile.as_dictionary() else {
        let problem = Problem::WrongType { expected: "a map".to_owned(), found: "something else".to_owned() };
        return vec![("the profile".to_owned(), problem)];
    };
    let payloads: Vec<_> =
        outer.get(CONTENT).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_dictionary).collect();

    let mut found = schema.check_dictionary(FRAME, outer, macos);
    found.extend(dangling(&payloads));
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for payload in &payloads {
        let kind = text(payload, TYPE);
        *times.entry(kind).or_default() += 1;
        found.extend(schema.check_dictionary(kind, payload, macos));
        let scope = text(outer, SCOPE);
        let wrong = payload.keys().find(|key| match schema.scope(kind, key) {
            Scope::User => scope != "User",
            // Without the key a profile is for the computer or the user, whichever channel brings it.
            Scope::Device => scope == "User",
            Scope::Either => false,
        });
        if let Some(key) = wrong {
            let allowed = format!("`{kind}:{key}` belongs to the other channel");
            found.push((format!("{kind}:{SCOPE}"), Problem::NotAllowed { found: scope.to_owned(), allowed }));
        }
    }
    for (kind, times) in times {
        if times > 1 && !schema.may_repeat(kind) {
            found.push((kind.to_owned(), Problem::TooOften { times }));
        }
    }
    for key in [UUID, IDENTIFIER] {
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        for dictionary in payloads.iter().copied().chain([outer]) {
            *names.entry(text(dictionary, key)).or_default() += 1;
        }
        let repeated = names.into_iter().filter(|(name, times)| *times > 1 && !name.is_empty());
        found.extend(repeated.map(|(name, times)| (format!("{key} {name}"), Problem::TooOften { times })));
    }
    found
}

/// What the keys end in that name a certificate or identity by the UUID of its payload, which must be in the same profile.
const REFERENCE: &str = "CertificateUUID";

/// References to no other payload of the profile.
fn dangling(payloads: &[&Dictionary]) -> Vec<(String, Problem)> {
    let mut found = Vec::new();
    for payload in payloads {
        let leads =
            |uuid: &str| payloads.iter().any(|other| text(other, UUID) == uuid && text(other, UUID) != text(payload, UUID));
        for (key, value) in payload.iter().filter(|(key, _)| key.ends_with(REFERENCE)) {
            let uuid = value.as_string().unwrap_or_default();
            if !leads(uuid) {
                let allowed = "the UUID of another payload of this profile".to_owned();
                let place = format!("{}:{key}", text(payload, TYPE));
                found.push((place, Problem::NotAllowed { found: uuid.to_owned(), allowed }));
            }
        }
    }
    found
}

fn text<'p>(dictionary: &'p Dictionary, key: &str) -> &'p str {
    dictionary.get(key).and_then(Value::as_string).unwrap_or_default()
}
