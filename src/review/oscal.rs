//! The paper as an OSCAL component definition: a component for each client of each role, with the parameters that are set.
//!
//! Each standard is a control implementation with its parameters; a requirement names the decisions that serve it, the
//! parameters, and what the client cannot do. Identifiers
//! are `UUIDv5` of organisation, role, client and requirement, so that two runs of one plan are equal and a change of value is
//! a change of value. Where a catalogue is found, and how it spells a control, stands in `baselines/papers/oscal.yaml`.
//! Format: OSCAL 1.1.3, component definition model. Read by compliance-trestle in `tests/forms.rs`.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use uuid::Uuid;

use super::paper::{DecisionRow, Paper, ValueRow};
use crate::baselines::Baselines;
use crate::catalogue::{Requirement, Requirements};
use crate::source::Node;

/// The version of the format.
const OSCAL: &str = "1.1.3";
/// The namespace of properties that are ours.
const NAMESPACE: &str = "https://groundplan.example/ns/oscal";

/// How a standard spells its controls, and where its catalogue is.
struct Standard {
    source: String,
    prefix: String,
    lower: bool,
    stays: bool,
}

/// The component definition.
pub fn oscal(paper: &Paper, known: &Requirements, baselines: &Baselines) -> Value {
    let standards = standards(baselines);
    let name = |parts: &[&str]| {
        let text = [&[paper.organisation.as_str()], parts].concat().join("\u{1f}");
        Uuid::new_v5(&Uuid::new_v5(&Uuid::NAMESPACE_OID, b"groundplan component definition"), text.as_bytes()).to_string()
    };
    let mut components = Vec::new();
    for role in &paper.roles {
        for client in paper.clients.iter().filter(|client| role.clients.contains(&client.id)) {
            let mut implementations = Vec::new();
            for (standard, about) in &standards {
                let mut requirements: BTreeMap<&str, Vec<&DecisionRow>> = BTreeMap::new();
                for decision in paper.topics.iter().flat_map(|topic| &topic.decisions) {
                    for id in decision.references.get(standard).into_iter().flatten() {
                        requirements.entry(id).or_default().push(decision);
                    }
                }
                // A parameter is set once, whichever requirements its decision serves.
                let mut set: BTreeMap<String, Value> = BTreeMap::new();
                let mut implemented = Vec::new();
                for (id, decisions) in &requirements {
                    let own: BTreeMap<String, Value> =
                        decisions.iter().flat_map(|decision| parameters(paper, decision, &role.name, &client.id)).collect();
                    let gaps: Vec<Value> =
                        decisions.iter().flat_map(|decision| gaps(paper, decision, &role.name, &client.id)).collect();
                    if own.is_empty() && gaps.is_empty() {
                        continue;
                    }
                    let parameters = own.keys().map(|parameter| prop("parameter", parameter));
                    let asked = decisions.iter().map(|decision| format!("{}: {}", decision.key, decision.question));
                    let control = about.control(id, known.of_standard(standard, id));
                    implemented.push(json!({
                        "uuid": name(&[&role.name, &client.id, standard, id]),
                        "control-id": control,
                        "description": asked.collect::<Vec<_>>().join("\n"),
                        "props": std::iter::once(prop("requirement", id)).chain(decisions.iter().map(|decision| prop("decision", &decision.key))).chain(parameters).chain(gaps).collect::<Vec<_>>(),
                    }));
                    set.extend(own);
                }
                if implemented.is_empty() {
                    continue;
                }
                let mut implementation = json!({
                    "uuid": name(&[&role.name, &client.id, standard]),
                    "source": about.source,
                    "description": format!("Settings of {} for {}, by {standard}", client.name, role.name),
                });
                if !set.is_empty() {
                    implementation["set-parameters"] = set.into_values().collect();
                }
                implementation["implemented-requirements"] = implemented.into();
                implementations.push(implementation);
            }
            let mut component = json!({
                "uuid": name(&[&role.name, &client.id]),
                "type": "software",
                "title": format!("{} ({})", client.name, role.name),
                "description": format!("{} as groundplan configures it for the role {}", client.name, role.name),
                "props": [prop("role", &role.name), prop("client", &client.id)],
            });
            if !implementations.is_empty() {
                component["control-implementations"] = implementations.into();
            }
            components.push(component);
        }
    }
    let decided = paper.decided.date.as_deref().unwrap_or("1970-01-01");
    let mut definition = json!({
        "uuid": name(&[]),
        "metadata": {
            "title": format!("{}: groupware baseline", text(&paper.organisation)),
            "last-modified": format!("{decided}T00:00:00+00:00"),
            "version": paper.sums.plan,
            "oscal-version": OSCAL,
            "props": [prop("content-sha256", &paper.sums.content)],
        },
    });
    if !components.is_empty() {
        definition["components"] = components.into();
    }
    json!({ "component-definition": definition })
}

impl Standard {
    /// The identifier of a control, a token of the format: the one that outlives a new numbering, where the catalogue has it.
    fn control(&self, id: &str, known: Option<&Requirement>) -> String {
        let stays = known.and_then(|requirement| requirement.identifier.as_deref()).filter(|_| self.stays);
        if let Some(identifier) = stays {
            return format!("_{identifier}");
        }
        let id = if self.lower { id.to_lowercase().replace('(', ".").replace(')', "") } else { id.to_owned() };
        token(&format!("{}{id}", self.prefix))
    }
}

fn standards(baselines: &Baselines) -> BTreeMap<String, Standard> {
    let document = baselines.document("papers/oscal.yaml").and_then(|(document, _)| document);
    let read = |entry: &crate::source::Entry| {
        let text = |key: &str| entry.value.get(key).and_then(Node::text).unwrap_or_default().to_owned();
        let flag = |key: &str| entry.value.get(key).and_then(Node::flag).unwrap_or_default();
        let (lower, stays) = (flag("lower"), flag("stays"));
        (entry.key.to_string(), Standard { source: text("source"), prefix: text("prefix"), lower, stays })
    };
    document.iter().flat_map(|document| document.root.entries().unwrap_or_default()).map(read).collect()
}

/// The parameters that a decision sets on a client of a role.
fn parameters<'p>(
    paper: &'p Paper,
    decision: &'p DecisionRow,
    role: &'p str,
    client: &'p str,
) -> impl Iterator<Item = (String, Value)> + 'p {
    let cells = decision.clients.iter().filter(move |cell| cell.client == client);
    cells.flat_map(move |cell| &cell.settings).filter_map(move |setting| {
        let own = |value: &&ValueRow| paper.names_of(&value.roles, Some(client)).contains(&role);
        let value = setting.values.iter().find(own)?;
        let values: Vec<String> = value.written.iter().filter_map(|written| written.value.as_deref()).map(text).collect();
        let places: Vec<&str> = value.written.iter().map(|written| written.place.as_str()).collect();
        let remarks = format!("{} ({}): {}", setting.name, if value.locked { "locked" } else { "preset" }, places.join("; "));
        let parameter = token(&setting.name);
        let set = json!({ "param-id": parameter, "values": values, "remarks": remarks });
        (!values.is_empty()).then_some((parameter, set))
    })
}

fn gaps<'p>(paper: &'p Paper, decision: &'p DecisionRow, role: &'p str, client: &'p str) -> impl Iterator<Item = Value> + 'p {
    let cells = decision.clients.iter().filter(move |cell| cell.client == client);
    let own = cells.flat_map(|cell| &cell.gaps).filter(move |gap| paper.names_of(&gap.roles, Some(client)).contains(&role));
    own.map(|gap| {
        let mut prop = prop("gap", &gap.reason);
        if let Some(instead) = &gap.instead {
            prop["remarks"] = format!("Instead: {instead}").into();
        }
        prop
    })
}

fn prop(name: &str, value: &str) -> Value {
    json!({ "name": name, "ns": NAMESPACE, "value": text(value) })
}

/// A text of the format: not empty, no blank at its ends, on one line.
fn text(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() { "\"\"".to_owned() } else { line }
}

/// A token of the format: letters, digits, `.`, `-` and `_`, a letter or `_` first.
fn token(name: &str) -> String {
    let fits = |character: char| if character.is_alphanumeric() || "._-".contains(character) { character } else { '_' };
    let token: String = name.chars().map(fits).collect();
    if token.starts_with(|first: char| first.is_alphabetic() || first == '_') { token } else { format!("_{token}") }
}
