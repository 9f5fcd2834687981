//! The JSON Schema of the plan, for editors.
//!
//! In: the catalogue alone. Out: a schema (JSON Schema draft 2020-12) that refuses what the reader of plans refuses, as far
//! as a schema can: keys, words, types, ranges, and the form of hosts, addresses, dates and names. It cannot see whether a
//! role that is named exists, or whether a role only tightens. A decision is defined once, below `$defs`; the plan and its
//! roles refer to it.

use serde_json::{Map, Value as Json, json};

use crate::catalogue::{Answer, Catalogue, Decision, Names, RoleFreedom, Shape, Silence, split_placeholder};
use crate::value::Value;

/// A name of the plan's own.
const NAME: &str = "^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$";
/// A host name: labels and dots, in any script; neither an address nor a port.
const HOST: &str = r"^[^\s/:@?#.]+(\.[^\s/:@?#.]+)*$";
const DOMAIN: &str = r"^[^\s/:@?#.]+(\.[^\s/:@?#.]+)+$";
const HTTPS: &str = r"^https://[^\s/:@?#.]+(\.[^\s/:@?#.]+)*(:[0-9]+)?([/?#][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*)?$";
const MAIL: &str = r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[^\s/:@?#.]+(\.[^\s/:@?#.]+)+$";
/// One line without blanks at its ends.
const LINE: &str = r"^\S(.*\S)?$";
const LONGEST_TEXT: usize = 2_000;

/// The schema.
pub fn json_schema(catalogue: &Catalogue) -> Json {
    let names = Known {
        checks: catalogue.checks.iter().map(|check| check.name.as_str()).collect(),
        decisions: catalogue.decisions.iter().map(|decision| decision.key.as_str()).collect(),
    };
    let definitions: Map<String, Json> =
        catalogue.decisions.iter().map(|decision| (definition_name(&decision.key), definition(decision, &names))).collect();
    let required: Vec<&str> = catalogue
        .decisions
        .iter()
        .filter(|decision| decision.silence == Silence::Required)
        .map(|decision| decision.key.as_str())
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Planning decisions for groupware",
        "description": "A plan of groundplan: one answer a decision. What is left out keeps its default.",
        "type": "object",
        "properties": properties(catalogue, false),
        "required": required,
        "additionalProperties": false,
        "$defs": definitions,
    })
}

struct Known<'a> {
    checks: Vec<&'a str>,
    decisions: Vec<&'a str>,
}

/// The key of a decision without the part that stands for a name.
fn definition_name(key: &str) -> String {
    match split_placeholder(key) {
        Some((block, "")) => block.to_owned(),
        Some((block, rest)) => format!("{block}.{rest}"),
        None => key.to_owned(),
    }
}

/// What stands at the first level of the plan, or of a role.
fn properties(catalogue: &Catalogue, role: bool) -> Map<String, Json> {
    let mut properties = Map::new();
    for decision in catalogue.decisions.iter().filter(|decision| !role || decision.roles != RoleFreedom::Never) {
        let reference = json!({ "$ref": format!("#/$defs/{}", definition_name(&decision.key)) });
        match (split_placeholder(&decision.key), decision.key.split_once('.')) {
            (Some((name, "")), _) => {
                properties.insert(name.to_owned(), roles(catalogue, decision));
            }
            (Some((name, rest)), _) => {
                let family = properties.entry(name.to_owned()).or_insert_with(family);
                family["additionalProperties"]["properties"][rest] = reference;
            }
            (None, Some((topic, rest))) => {
                properties.entry(topic.to_owned()).or_insert_with(closed)["properties"][rest] = reference;
            }
            (None, None) => {
                properties.insert(decision.key.clone(), reference);
            }
        }
    }
    properties
}

/// A map from names of the plan's own to maps with known keys.
fn family() -> Json {
    json!({ "type": "object", "propertyNames": { "pattern": NAME }, "additionalProperties": closed() })
}

/// A map with known keys only.
fn closed() -> Json {
    json!({ "type": "object", "properties": {}, "additionalProperties": false })
}

fn roles(catalogue: &Catalogue, decision: &Decision) -> Json {
    json!({
        "title": decision.question,
        "description": "Each role holds what differs for it; an empty role only has a name.",
        "type": "object",
        "propertyNames": { "pattern": NAME, "not": { "const": super::EVERYONE } },
        "additionalProperties": { "type": ["object", "null"], "properties": properties(catalogue, true), "additionalProperties": false },
    })
}

fn definition(decision: &Decision, names: &Known<'_>) -> Json {
    let mut schema = shape(&decision.shape, names);
    let mut description = Vec::new();
    if !decision.asked.is_empty() {
        description.push(format!("M 2.454 {}. Decides: {}.", decision.asked.join(", "), decision.decides.join(", ")));
    }
    description.extend(decision.shape.answers().unwrap_or_default().iter().map(meaning));
    description.extend((!decision.strength.is_empty()).then(|| format!("Weakest first: {}.", decision.strength.join(", "))));
    description.extend((decision.roles == RoleFreedom::Tighten).then(|| "A role may only be stricter.".to_owned()));
    if let Silence::Answer(value) = &decision.silence {
        schema["default"] = plain(value);
    }
    let Json::Object(parts) = schema else { return schema };
    let mut whole = Map::new();
    whole.insert("title".to_owned(), json!(decision.question));
    if !description.is_empty() {
        whole.insert("description".to_owned(), json!(description.join("\n")));
    }
    whole.extend(parts);
    Json::Object(whole)
}

fn meaning(answer: &Answer) -> String {
    format!("{}: {}", answer.word, answer.means)
}

fn shape(shape: &Shape, names: &Known<'_>) -> Json {
    let line = |pattern: &str| json!({ "type": "string", "pattern": pattern, "maxLength": LONGEST_TEXT });
    let list = |items: Json| json!({ "type": "array", "items": items, "uniqueItems": true });
    match shape {
        Shape::Choice(answers) => json!({ "enum": words(answers) }),
        Shape::Choices(answers) => list(json!({ "enum": words(answers) })),
        Shape::Text => line(LINE),
        Shape::Number { from, to, unit } => {
            json!({ "type": "integer", "minimum": from, "maximum": to, "description": format!("A number of {unit}.") })
        }
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Date => json!({ "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }),
        Shape::Host => line(HOST),
        Shape::Https => line(HTTPS),
        Shape::AddressOrPath => json!({ "allOf": [line(LINE), { "not": { "pattern": "^http://" } }] }),
        Shape::MailAddress => line(MAIL),
        Shape::Domain => line(DOMAIN),
        Shape::Identifier => line("^[A-Za-z0-9@._{}+-]+$"),
        Shape::Ending => line("^[A-Za-z0-9_-]+$"),
        Shape::Role => line(NAME),
        Shape::Certificate { .. } => line("^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$"),
        // A version such as 140 or 15.1 is a number in YAML.
        Shape::Version => json!({ "anyOf": [line(r"^[0-9]+(\.[0-9]+)*$"), { "type": "number", "minimum": 0 }] }),
        Shape::List(each) => list(self::shape(each, names)),
        Shape::StandardOrList(each) => json!({ "anyOf": [{ "const": "standard" }, list(self::shape(each, names))] }),
        Shape::Record { fields, at_least_one } => {
            let properties: Map<String, Json> =
                fields.iter().map(|field| (field.name.clone(), field_shape(&field.shape, names))).collect();
            let required: Vec<&str> = fields.iter().filter(|field| field.required).map(|field| field.name.as_str()).collect();
            json!({
                "type": "object",
                "properties": properties,
                "required": required,
                "additionalProperties": false,
                "minProperties": i32::from(*at_least_one),
            })
        }
        Shape::Map { names: of, each } => {
            let known = match of {
                Names::Own => json!({ "pattern": NAME }),
                Names::Checks => json!({ "enum": names.checks }),
                Names::Decisions => json!({ "enum": names.decisions }),
            };
            json!({ "type": "object", "propertyNames": known, "additionalProperties": self::shape(each, names) })
        }
        Shape::Roles => json!({ "type": "object" }),
    }
}

/// The shape of a field, with the meanings of its words beside it.
fn field_shape(field: &Shape, names: &Known<'_>) -> Json {
    let mut schema = shape(field, names);
    if let Some(answers) = field.answers() {
        schema["description"] = json!(answers.iter().map(meaning).collect::<Vec<_>>().join("\n"));
    }
    schema
}

fn words(answers: &[Answer]) -> Vec<&str> {
    answers.iter().map(|answer| answer.word.as_str()).collect()
}

fn plain(value: &Value) -> Json {
    match value {
        Value::Flag(flag) => json!(flag),
        Value::Number(number) => json!(number),
        Value::Text(text) => json!(text),
        Value::List(items) => items.iter().map(plain).collect(),
        Value::Map(entries) => Json::Object(entries.iter().map(|(key, value)| (key.clone(), plain(value))).collect()),
        Value::Personal(text) => json!(text.to_string()),
    }
}
