//! Reads Mozilla's policy schemas and writes the canonical tables `policies-<version>.tsv` of Thunderbird and Firefox.
//!
//! Both dialects are understood: the one up to 140 ESR, with Mozilla's own types (`URL`, `origin`, `JSON`), and the one
//! from 153 ESR, standard JSON Schema with `$ref`, `format: moz-url` and `contentMediaType`. A keyword, type or regular
//! expression that is not known is an error: a schema that is half understood would let through what the program refuses.
//!
//! One line a policy: name, `all` or `esr` (only the ESR editions take it), and its [`Node`] as JSON. Firefox's table has
//! besides how the registry of Windows holds the value: `text` (JSON in one value) or `keys` (a key for each level).
//! Format of the source: `policies-schema.json` in the program's `omni.ja`, folder `modules/policies/`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::node::{Form, Keys, Node};
use super::strict;

/// Deeper than any schema that exists, and shallow enough for every stack.
const DEEPEST: usize = 32;

/// A vendor's file cannot be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The bytes are not JSON, or a key stands twice, or the nesting is too deep.
    #[error("read the schema as JSON")]
    Json(#[from] serde_json::Error),
    /// The file is not UTF-8.
    #[error("read the file as UTF-8")]
    Encoding(#[from] std::str::Utf8Error),
    /// Something the importer does not understand.
    #[error("understand {what} `{found}` at `{place}`")]
    Unknown {
        /// What kind of thing.
        what: &'static str,
        /// What was found.
        found: String,
        /// Where: the path of keys, or a line number.
        place: String,
    },
    /// Something is not there.
    #[error("find {what} at `{place}`")]
    Missing {
        /// What is missing.
        what: &'static str,
        /// Where: the path of keys, or a line number.
        place: String,
    },
    /// A name stands twice.
    #[error("use the name `{name}` twice")]
    Twice {
        /// The name.
        name: String,
    },
}

/// Makes the table of the policies of a version of Thunderbird from the vendor's schema.
///
/// `version` is the number people use (`153`), `origin` says where the file was found; both stand in the header, with the
/// SHA-256 of the file.
///
/// # Errors
/// [`ImportError`] when the file is not strict JSON or holds anything that is not understood.
pub fn import_thunderbird(schema_json: &[u8], version: &str, origin: &str) -> Result<String, ImportError> {
    let mut text =
        header(&format!("Policies of Thunderbird {version}"), origin, schema_json, "name, editions (all or esr), shape");
    for (name, Line { editions, shape, .. }) in lines(schema_json)? {
        writeln!(text, "{name}\t{editions}\t{shape}").expect("writing to a String cannot fail");
    }
    Ok(text)
}

/// The same for Firefox.
///
/// # Errors
/// As [`import_thunderbird`].
pub fn import_firefox(schema_json: &[u8], version: &str, origin: &str) -> Result<String, ImportError> {
    let fields = "name, editions (all or esr), form in the registry (text or keys), shape";
    let mut text = header(&format!("Policies of Firefox {version}"), origin, schema_json, fields);
    for (name, Line { editions, form, shape }) in lines(schema_json)? {
        writeln!(text, "{name}\t{editions}\t{form}\t{shape}").expect("writing to a String cannot fail");
    }
    Ok(text)
}

/// What a table says of a policy.
struct Line {
    editions: &'static str,
    form: &'static str,
    shape: String,
}

/// The policies of a schema, by name.
fn lines(schema_json: &[u8]) -> Result<BTreeMap<String, Line>, ImportError> {
    let schema = strict::read(schema_json)?;
    let reader = Reader { definitions: schema.get("definitions").and_then(Value::as_object) };
    let root = object(&schema, "schema")?;
    reader.known(root, &["$schema", "$comment", "definitions", "type", "properties"], "schema")?;
    let policies = object(
        root.get("properties").ok_or(ImportError::Missing { what: "the policies", place: "properties".into() })?,
        "properties",
    )?;

    let mut lines = BTreeMap::new();
    for (name, node) in policies {
        let editions = match node.get("enterprise_only") {
            None | Some(Value::Bool(false)) => "all",
            Some(Value::Bool(true)) => "esr",
            Some(other) => return Err(unknown("edition", other, name)),
        };
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return Err(unknown("policy name", &Value::String(name.clone()), "properties"));
        }
        let is_text = node.get("contentMediaType").is_some() || node.get("type").is_some_and(|kind| kind == "JSON");
        let form = if is_text { "text" } else { "keys" };
        let shape = serde_json::to_string(&reader.node(node, name, 0)?)?;
        lines.insert(name.clone(), Line { editions, form, shape });
    }
    Ok(lines)
}

/// The header lines of a table: what, where from, under which licence, what the fields are.
pub(super) fn header(what: &str, origin: &str, source: &[u8], fields: &str) -> String {
    let digest = Sha256::digest(source).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("writing to a String cannot fail");
        hex
    });
    let origin: String = origin.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!(
        "# {what}. Generated by `groundplan vendor import`; do not edit.\n# Origin: {origin}\n# SHA-256 of the origin: {digest}\n\
         # Facts taken from a file under MPL-2.0; none of its text is here.\n# Fields, divided by tabs: {fields}.\n"
    )
}

struct Reader<'a> {
    definitions: Option<&'a Map<String, Value>>,
}

impl Reader<'_> {
    fn node(&self, node: &Value, place: &str, depth: usize) -> Result<Node, ImportError> {
        if depth > DEEPEST {
            return Err(ImportError::Unknown { what: "nesting", found: "too deep".into(), place: place.to_owned() });
        }
        let map = object(node, place)?;
        if let Some(reference) = map.get("$ref") {
            self.known(map, &["$ref"], place)?;
            let target = reference
                .as_str()
                .and_then(|path| path.strip_prefix("#/definitions/"))
                .and_then(|name| self.definitions?.get(name))
                .ok_or_else(|| unknown("reference", reference, place))?;
            return self.node(target, place, depth + 1);
        }
        match map.get("type") {
            Some(Value::String(kind)) => self.typed(kind, map, place, depth),
            Some(Value::Array(kinds)) => {
                let names: Vec<&str> = kinds.iter().filter_map(Value::as_str).collect();
                if names.len() != kinds.len() {
                    return Err(unknown("type", &Value::Array(kinds.clone()), place));
                }
                if names == ["object", "array"] && map.contains_key("contentMediaType") && map.len() == 2 {
                    return Ok(Node::Anything);
                }
                self.known(map, &["type", "items", "properties", "contentMediaType"], place)?;
                names
                    .iter()
                    .map(|kind| self.typed(kind, &keywords_of(kind, map), place, depth))
                    .collect::<Result<_, _>>()
                    .map(Node::Either)
            }
            Some(other) => Err(unknown("type", other, place)),
            None => match map.get("anyOf").and_then(Value::as_array) {
                Some(shapes) => {
                    self.known(map, &["anyOf"], place)?;
                    shapes.iter().map(|shape| self.node(shape, place, depth + 1)).collect::<Result<_, _>>().map(Node::Either)
                }
                None => Err(ImportError::Missing { what: "the type", place: place.to_owned() }),
            },
        }
    }

    fn typed(&self, kind: &str, map: &Map<String, Value>, place: &str, depth: usize) -> Result<Node, ImportError> {
        match kind {
            "boolean" => self.known(map, &["type", "x-category", "description", "examples"], place).map(|()| Node::Flag),
            "number" | "integer" => {
                self.known(map, &["type", "enum"], place)?;
                listed(map, place, Value::as_i64).map(Node::Number)
            }
            "string" => self.text(map, place),
            "URL" => self.known(map, &["type"], place).map(|()| Node::Formed(Form::Url)),
            "URLorEmpty" => self.known(map, &["type"], place).map(|()| Node::Formed(Form::UrlOrEmpty)),
            "origin" => self.known(map, &["type"], place).map(|()| Node::Formed(Form::Origin)),
            "JSON" => self.known(map, &["type"], place).map(|()| Node::Anything),
            "array" => {
                // `strict: false` drops a bad entry and keeps the rest; here a bad entry is refused.
                self.known(map, &["type", "items", "strict", "contentMediaType"], place)?;
                let items =
                    map.get("items").ok_or_else(|| ImportError::Missing { what: "the items", place: place.to_owned() })?;
                Ok(Node::List(Box::new(self.node(items, &format!("{place}/items"), depth + 1)?)))
            }
            "object" => self.map(map, place, depth),
            other => Err(unknown("type", &Value::String(other.to_owned()), place)),
        }
    }

    fn text(&self, map: &Map<String, Value>, place: &str) -> Result<Node, ImportError> {
        self.known(map, &["type", "enum", "format", "pattern", "anyOf"], place)?;
        if map.contains_key("enum") {
            self.known(map, &["type", "enum"], place)?;
            return listed(map, place, |item| item.as_str().map(str::to_owned)).map(Node::Text);
        }
        match (map.get("format").and_then(Value::as_str), map.get("pattern").and_then(Value::as_str), map.get("anyOf")) {
            (None, None, None) if map.len() == 1 => Ok(Node::Text(Vec::new())),
            (Some("moz-url" | "uri"), None, None) if map.len() == 2 => Ok(Node::Formed(Form::Url)),
            (Some("moz-url" | "uri"), Some(ORIGIN), None) => Ok(Node::Formed(Form::Origin)),
            (Some("moz-url" | "uri"), Some(ESCAPED), None) => Ok(Node::Formed(Form::EscapedUrl)),
            (None, None, Some(any)) if URL_OR_NOTHING.contains(&any.to_string().as_str()) => Ok(Node::Formed(Form::UrlOrEmpty)),
            _ => Err(unknown("form of text", &Value::Object(map.clone()), place)),
        }
    }

    fn map(&self, map: &Map<String, Value>, place: &str, depth: usize) -> Result<Node, ImportError> {
        self.known(map, &["type", "properties", "patternProperties", "required", "contentMediaType", "enterprise_only"], place)?;
        let mut keys =
            Keys { required: listed_at(map, "required", place, |item| item.as_str().map(str::to_owned))?, ..Keys::default() };
        if let Some(fixed) = map.get("properties") {
            for (name, node) in object(fixed, place)? {
                keys.fixed.insert(name.clone(), self.node(node, &format!("{place}/{name}"), depth + 1)?);
            }
        }
        if let Some(free) = map.get("patternProperties") {
            for (pattern, node) in object(free, place)? {
                let node = self.node(node, &format!("{place}/{pattern}"), depth + 1)?;
                match read_key_rule(pattern).ok_or_else(|| unknown("pattern of keys", &Value::String(pattern.clone()), place))? {
                    KeyRule::Only(names) => {
                        keys.fixed.extend(names.into_iter().map(|name| (name, node.clone())));
                        continue;
                    }
                    KeyRule::AllBut(names) if names.iter().all(|name| keys.fixed.contains_key(name)) => {}
                    KeyRule::AllBut(_) => return Err(unknown("pattern of keys", &Value::String(pattern.clone()), place)),
                }
                if keys.free.replace(Box::new(node)).is_some() {
                    return Err(unknown("second pattern of keys", &Value::String(pattern.clone()), place));
                }
            }
        }
        if let Some(missing) = keys.required.iter().find(|name| !keys.fixed.contains_key(*name)) {
            return Err(unknown("required key", &Value::String(missing.clone()), place));
        }
        Ok(Node::Map(keys))
    }

    #[expect(clippy::unused_self, reason = "reads as a rule of the reader beside the others")]
    fn known(&self, map: &Map<String, Value>, keywords: &[&str], place: &str) -> Result<(), ImportError> {
        match map.keys().find(|key| !keywords.contains(&key.as_str())) {
            None => Ok(()),
            Some(other) => Err(unknown("keyword", &Value::String(other.clone()), place)),
        }
    }
}

/// The regular expressions of the schemas; each has one form, and no other expression is understood.
const ORIGIN: &str = "^([Ff][Ii][Ll][Ee]://.*|[Hh][Tt][Tt][Pp][Ss]?://[^/]+/?)$";
const ESCAPED: &str = "^[^%]*(?:%[0-9A-Fa-f]{2}[^%]*)*$";

/// How the schemas say that an address may be left empty; `uri` replaces `moz-url` after 153.
const URL_OR_NOTHING: [&str; 2] = [r#"[{"format":"moz-url"},{"maxLength":0}]"#, r#"[{"format":"uri"},{"maxLength":0}]"#];

enum KeyRule {
    Only(Vec<String>),
    AllBut(Vec<String>),
}

/// `^.*$`, `^(a|b)$` and `^(?!a$|b$).*$`.
fn read_key_rule(pattern: &str) -> Option<KeyRule> {
    let plain = |name: &str| {
        let name = name.strip_prefix("\\*").map_or_else(|| name.to_owned(), |rest| format!("*{rest}"));
        (!name.is_empty() && name.chars().enumerate().all(|(at, c)| c.is_ascii_alphanumeric() || (at == 0 && c == '*')))
            .then_some(name)
    };
    if pattern == "^.*$" {
        return Some(KeyRule::AllBut(Vec::new()));
    }
    if let Some(names) = pattern.strip_prefix("^(?!").and_then(|rest| rest.strip_suffix(").*$")) {
        return names.split('|').map(|name| plain(name.strip_suffix('$')?)).collect::<Option<_>>().map(KeyRule::AllBut);
    }
    let names = pattern.strip_prefix("^(").and_then(|rest| rest.strip_suffix(")$"))?;
    names.split('|').map(plain).collect::<Option<_>>().map(KeyRule::Only)
}

/// Where a node has several types, the keywords that belong to one of them.
fn keywords_of(kind: &str, map: &Map<String, Value>) -> Map<String, Value> {
    let own: &[&str] = match kind {
        "array" => &["items"],
        "object" => &["properties"],
        _ => &[],
    };
    let mut part: Map<String, Value> = own.iter().filter_map(|key| Some(((*key).to_owned(), map.get(*key)?.clone()))).collect();
    part.insert("type".into(), kind.into());
    part
}

fn listed<T>(map: &Map<String, Value>, place: &str, read: impl Fn(&Value) -> Option<T>) -> Result<Vec<T>, ImportError> {
    listed_at(map, "enum", place, read)
}

fn listed_at<T>(
    map: &Map<String, Value>,
    key: &str,
    place: &str,
    read: impl Fn(&Value) -> Option<T>,
) -> Result<Vec<T>, ImportError> {
    match map.get(key) {
        None => Ok(Vec::new()),
        Some(Value::Array(items)) if !items.is_empty() => {
            items.iter().map(|item| read(item).ok_or_else(|| unknown("item", item, place))).collect()
        }
        Some(other) => Err(unknown("list", other, place)),
    }
}

fn object<'a>(value: &'a Value, place: &str) -> Result<&'a Map<String, Value>, ImportError> {
    value.as_object().ok_or_else(|| unknown("part of the schema", value, place))
}

fn unknown(what: &'static str, found: &Value, place: &str) -> ImportError {
    let found = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
    ImportError::Unknown { what, found, place: place.to_owned() }
}
