//! Accounts as declarations, for a device management that declares instead of pushing profiles.
//!
//! In: the payload keys of accounts, each with its place in a declaration. Out: a file below `macos/declarations/` for each
//! account and for the asset that says whose it is. A declaration that can name an asset which is written names it; credentials
//! are never written, since they would be secrets on a server. Identifiers stay when a value changes, and the token
//! changes with the content: that is how a Mac learns that there is something new.
//!
//! Form: Apple, *Device Management*, "Declarative management"; identifiers have at most 64 characters there.

use std::collections::BTreeMap;

use serde_json::json;

use super::ProfileIdentity;
use super::frame::{Channel, uuid};
use crate::emit::json::pretty;
use crate::emit::{Artifact, EmitError};
use crate::sum::sha256;
use crate::value::Value;
use crate::vendor::Problem;
use crate::vendor::apple::{Accounts, Declarations, DeclaredKey, PayloadKey};

/// The folder of the declarations.
pub const DECLARATIONS: &str = "macos/declarations/";

type Content = BTreeMap<String, Value>;

/// Where a declaration of this type goes.
pub fn declaration_path(kind: &str) -> String {
    format!("{DECLARATIONS}{}.json", kind.rsplit('.').next().unwrap_or(kind))
}

/// Writes the declarations of accounts, only what passes Apple's schema for this version of macOS.
///
/// # Errors
/// [`EmitError::Refused`] when a key has no place in a declaration, or the schema does not take one as a whole;
/// [`EmitError::Twice`] when one place gets two values.
pub fn render_declarations(
    keys: &[PayloadKey],
    identity: &ProfileIdentity<'_>,
    accounts: &Accounts<'_>,
    schema: &Declarations<'_>,
    macos: &str,
) -> Result<Vec<Artifact>, EmitError> {
    let mut made: BTreeMap<String, Content> = BTreeMap::new();
    for key in keys {
        let Some(declared) = &key.declared else {
            let place = format!("{}:{}", key.payload_type, key.path.join("/"));
            let problem = Problem::Refused { reason: "no declaration has a place for it".to_owned() };
            return Err(EmitError::Refused { place, problem: Box::new(problem) });
        };
        add(&mut made, declared)?;
        accounts.said(&key.payload_type).try_for_each(|said| add(&mut made, &said))?;
    }
    let refused = |kind: &str, problem| EmitError::Refused { place: kind.to_owned(), problem: Box::new(problem) };
    let identifier = |kind: &str| uuid(identity, Channel::User, kind, 0);
    let kinds: Vec<String> = made.keys().cloned().collect();
    let mut artifacts = Vec::new();
    for (kind, mut content) in made {
        for asset in &kinds {
            for key in schema.naming(&kind, asset).map_err(|problem| refused(&kind, problem))? {
                content.insert(key.to_owned(), Value::Text(identifier(asset)));
            }
        }
        schema.check(&kind, &content, macos).map_err(|problem| refused(&kind, problem))?;
        let payload = Value::Map(content).to_json();
        let token = sha256(json!([kind, payload]).to_string().as_bytes());
        let document = json!({ "Type": kind, "Identifier": identifier(&kind), "ServerToken": token, "Payload": payload });
        artifacts.push(Artifact::data(declaration_path(&kind), pretty(document)));
    }
    Ok(artifacts)
}

/// Puts a key at its place, once.
fn add(made: &mut BTreeMap<String, Content>, key: &DeclaredKey) -> Result<(), EmitError> {
    let content = made.entry(key.kind.clone()).or_default();
    if put(content, &key.path, &key.value) {
        return Ok(());
    }
    Err(EmitError::Twice { place: format!("{}:{}", key.kind, key.path.join("/")) })
}

/// False when something else is there.
fn put(content: &mut Content, path: &[String], value: &Value) -> bool {
    let Some((first, rest)) = path.split_first() else { return false };
    if rest.is_empty() {
        return content.entry(first.clone()).or_insert_with(|| value.clone()) == value;
    }
    match content.entry(first.clone()).or_insert_with(|| Value::Map(Content::new())) {
        Value::Map(inner) => put(inner, rest, value),
        _ => false,
    }
}
