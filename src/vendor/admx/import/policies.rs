//! The policies of a template as blocks of the compact text.

use std::collections::BTreeMap;

use super::scope::Scope;
use super::tree::Node;
use super::{Block, Document, Fault, ImportError, Template, identifier};
use crate::vendor::registry::RegistryKey;

pub(super) fn read(name: &str, document: &Document, scope: &Scope<'_>) -> Result<Template, ImportError> {
    let root = &document.root;
    if root.name != "policyDefinitions" {
        return Err(root.fault(Fault::Value { name: "root element", value: root.name.clone() }));
    }
    only(
        root,
        &["policyNamespaces", "supersededAdm", "annotation", "resources", "supportedOn", "categories", "policies"],
        &["revision", "schemaVersion"],
    )?;
    let mut policies = BTreeMap::new();
    for policy in root.inside("policies") {
        if policy.name != "policy" {
            return Err(policy.unknown_in("policies"));
        }
        let name = identifier(policy, "name")?;
        let block = Block { text: block(policy, name, document, scope)?, place: policy.place() };
        if policies.insert(name.to_owned(), block).is_some() {
            return Err(policy.fault(Fault::Twice { what: "policy", name: name.to_owned() }));
        }
    }
    let place = root.child("policies").unwrap_or(root).place();
    Ok(Template { name: name.to_owned(), place, policies })
}

/// The lines of one policy.
struct Lines {
    text: String,
    /// The policy's key, which an empty field stands for.
    key: String,
}

impl Lines {
    /// Adds one line. White space inside a field would break the form, so it is a fault at `node`.
    fn add(&mut self, node: &Node, depth: usize, fields: &[&str]) -> Result<(), ImportError> {
        if let Some(character) = fields.iter().flat_map(|field| field.chars()).find(|c| c.is_control()) {
            return Err(node.fault(Fault::Character { character: u32::from(character) }));
        }
        self.text.extend(std::iter::repeat_n('\t', depth));
        self.text.push_str(&fields.join("\t"));
        self.text.push('\n');
        Ok(())
    }

    /// The key as a field.
    fn field<'k>(&self, key: &'k str) -> &'k str {
        if key == self.key { "" } else { key }
    }
}

fn block(policy: &Node, name: &str, document: &Document, scope: &Scope<'_>) -> Result<String, ImportError> {
    only(
        policy,
        &[
            "annotation",
            "parentCategory",
            "seeAlso",
            "keywords",
            "supportedOn",
            "enabledValue",
            "disabledValue",
            "enabledList",
            "disabledList",
            "elements",
        ],
        &[
            "name",
            "class",
            "displayName",
            "explainText",
            "presentation",
            "key",
            "valueName",
            "clientExtension",
            "Area",
            "AreaCategory",
        ],
    )?;
    let class = match policy.need("class")? {
        "Machine" => "machine",
        "User" => "user",
        "Both" => "both",
        other => return Err(policy.fault(Fault::Value { name: "class", value: other.to_owned() })),
    };
    let key = key_of(policy, "key")?
        .ok_or_else(|| policy.fault(Fault::MissingAttribute { element: policy.name.clone(), name: "key" }))?;
    let parent = policy.need_child("parentCategory")?;
    let title = scope.text(0, policy, "displayName")?;
    let category = scope.path(0, parent)?;
    let mut lines = Lines { text: String::new(), key: key.to_owned() };
    let mut head = vec![name, class, key, policy.get("valueName").unwrap_or_default(), &title];
    head.extend(category.iter().map(String::as_str));
    lines.add(policy, 0, &head)?;
    for (language, tag) in document.languages.iter().enumerate().skip(1) {
        let (title, category) = (scope.text(language, policy, "displayName")?, scope.path(language, parent)?);
        let mut fields = vec!["title", tag, &title];
        fields.extend(category.iter().map(String::as_str));
        lines.add(policy, 1, &fields)?;
    }
    let names = scope.own_path(parent)?;
    if !names.is_empty() {
        lines.add(parent, 1, &[&["category"], names.as_slice()].concat())?;
    }
    if let Some(node) = policy.child("supportedOn")
        && let Some(supported) = scope.supported(node)?
    {
        lines.add(node, 1, &["supported", &supported])?;
    }
    for (element, field) in [("enabledValue", "enabled"), ("disabledValue", "disabled")] {
        if let Some(node) = policy.child(element) {
            policy.need("valueName")?;
            lines.add(node, 1, &[field, &data(node)?])?;
        }
    }
    for (element, field) in [("enabledList", "enabled also"), ("disabledList", "disabled also")] {
        if let Some(node) = policy.child(element) {
            also(&mut lines, node, 1, field, key)?;
        }
    }
    let mut ids: Vec<&str> = Vec::new();
    for node in policy.inside("elements") {
        let id = identifier(node, "id")?;
        if ids.contains(&id) {
            return Err(node.fault(Fault::Twice { what: "element", name: id.to_owned() }));
        }
        ids.push(id);
        element(&mut lines, node, id, key, scope)?;
    }
    Ok(lines.text)
}

fn element(lines: &mut Lines, node: &Node, id: &str, policy_key: &str, scope: &Scope<'_>) -> Result<(), ImportError> {
    const COMMON: [&str; 4] = ["id", "clientExtension", "key", "valueName"];
    let (kind, children, attributes): (&str, &[&str], &[&str]) = match node.name.as_str() {
        // Microsoft's own files have `required` on check boxes; a check box always has an answer.
        "boolean" => ("boolean", &["trueValue", "falseValue", "trueList", "falseList"], &["required"]),
        "decimal" | "longDecimal" => ("decimal", &[], &["minValue", "maxValue", "storeAsText", "required", "soft"]),
        "text" => ("text", &[], &["required", "expandable", "maxLength", "soft"]),
        "multiText" => ("multi-text", &[], &["required", "maxLength", "maxStrings", "soft"]),
        "enum" => ("enumeration", &["item"], &["required"]),
        "list" => ("list", &[], &["valuePrefix", "explicitValue", "additive", "expandable"]),
        _ => return Err(node.unknown_in("elements")),
    };
    only(node, children, &[&COMMON[..], attributes].concat())?;
    let is_list = kind == "list";
    if is_list && node.get("valueName").is_some() {
        return Err(node.fault(Fault::UnknownAttribute { element: node.name.clone(), name: "valueName".to_owned() }));
    }
    let key = key_of(node, "key")?.unwrap_or(policy_key);
    let value = if is_list { "" } else { node.need("valueName")? };
    let options = options(node)?;
    let mut fields = vec![kind, id, lines.field(key), value];
    fields.extend(options.iter().map(String::as_str));
    lines.add(node, 1, &fields)?;
    match kind {
        "boolean" => {
            for (child, field) in [("trueValue", "on"), ("falseValue", "off")] {
                if let Some(child) = node.child(child) {
                    lines.add(child, 2, &[field, &data(child)?])?;
                }
            }
            for (child, field) in [("trueList", "on also"), ("falseList", "off also")] {
                if let Some(child) = node.child(child) {
                    also(lines, child, 2, field, key)?;
                }
            }
            Ok(())
        }
        "enumeration" => items(lines, node, key, scope),
        _ => Ok(()),
    }
}

fn items(lines: &mut Lines, node: &Node, key: &str, scope: &Scope<'_>) -> Result<(), ImportError> {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for item in &node.children {
        only(item, &["value", "valueList"], &["displayName"])?;
        let label = scope.text(0, item, "displayName")?;
        let from = lines.text.len();
        lines.add(item, 2, &["item", &label, &data(item.need_child("value")?)?])?;
        if let Some(list) = item.child("valueList") {
            also(lines, list, 3, "also", key)?;
        }
        // A label that stands there twice is harmless only when both do the same.
        let written = lines.text[from..].to_owned();
        if seen.insert(label.clone(), written.clone()).is_some_and(|earlier| earlier != written) {
            return Err(item.fault(Fault::Twice { what: "item", name: label }));
        }
    }
    Ok(())
}

/// What stands after an element's place, in the order of the attributes below.
fn options(node: &Node) -> Result<Vec<String>, ImportError> {
    let mut options = Vec::new();
    let numbers = [("minValue", "from"), ("maxValue", "to"), ("maxLength", "longest"), ("maxStrings", "most")];
    let (mut from, mut to) = (0, u64::MAX);
    for (attribute, option) in numbers {
        if let Some(value) = node.get(attribute) {
            let largest = if node.name == "longDecimal" { u64::MAX } else { u64::from(u32::MAX) };
            let number = number(node, attribute, value, largest)?;
            match option {
                "from" => from = number,
                "to" => to = number,
                _ => {}
            }
            options.push(format!("{option}={number}"));
        }
    }
    if from > to {
        return Err(node.fault(Fault::Range { from, to }));
    }
    if node.name == "longDecimal" {
        options.push("long".to_owned());
    }
    if node.name == "list" {
        options.push(match (node.get("valuePrefix"), node.get("explicitValue")) {
            (None, None | Some("false" | "0")) => "same".to_owned(),
            (None, Some("true" | "1")) => "given".to_owned(),
            (Some(prefix), None | Some("false" | "0")) => format!("prefix={prefix}"),
            (_, Some(other)) => return Err(node.fault(Fault::Value { name: "explicitValue", value: other.to_owned() })),
        });
    }
    let flags = [
        ("storeAsText", "as-text"),
        ("required", "required"),
        ("expandable", "expandable"),
        ("additive", "additive"),
        ("soft", "soft"),
    ];
    for (attribute, option) in flags.into_iter().filter(|_| node.name != "boolean") {
        match node.get(attribute) {
            Some("true" | "1") => options.push(option.to_owned()),
            Some("false" | "0") | None => {}
            Some(other) => return Err(node.fault(Fault::Value { name: attribute, value: other.to_owned() })),
        }
    }
    Ok(options)
}

/// A list of values that are written besides.
fn also(lines: &mut Lines, list: &Node, depth: usize, field: &str, default_key: &str) -> Result<(), ImportError> {
    only(list, &["item"], &["defaultKey"])?;
    let list_key = key_of(list, "defaultKey")?.unwrap_or(default_key);
    for item in &list.children {
        only(item, &["value"], &["key", "valueName"])?;
        let key = key_of(item, "key")?.unwrap_or(list_key);
        let data = data(item.need_child("value")?)?;
        lines.add(item, depth, &[field, lines.field(key), item.need("valueName")?, &data])?;
    }
    Ok(())
}

/// The one value inside `node`, as the compact text writes it.
fn data(node: &Node) -> Result<String, ImportError> {
    let [value] = node.children.as_slice() else {
        return Err(node.fault(Fault::MissingElement { parent: node.name.clone(), name: "value" }));
    };
    match value.name.as_str() {
        "decimal" => {
            only(value, &[], &["value"])?;
            Ok(format!("dword:{}", number(value, "value", value.need("value")?, u64::from(u32::MAX))?))
        }
        "longDecimal" => {
            only(value, &[], &["value"])?;
            Ok(format!("qword:{}", number(value, "value", value.need("value")?, u64::MAX)?))
        }
        "string" => {
            only(value, &[], &[])?;
            // The files break the line inside an empty string.
            Ok(format!("text:{}", if value.text.trim().is_empty() { "" } else { &value.text }))
        }
        "delete" => {
            only(value, &[], &[])?;
            Ok("delete".to_owned())
        }
        _ => Err(value.unknown_in(&node.name)),
    }
}

fn number(node: &Node, name: &'static str, text: &str, largest: u64) -> Result<u64, ImportError> {
    let number: Option<u64> = text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    number.filter(|&number| number <= largest).ok_or_else(|| node.fault(Fault::Value { name, value: text.to_owned() }))
}

fn key_of<'n>(node: &'n Node, name: &'static str) -> Result<Option<&'n str>, ImportError> {
    match node.get(name) {
        Some(key) if RegistryKey::new(key).is_none() => Err(node.fault(Fault::Value { name, value: key.to_owned() })),
        key => Ok(key),
    }
}

/// Refuses children and attributes that are not known, and a second child where one is meant.
fn only(node: &Node, children: &[&str], attributes: &[&str]) -> Result<(), ImportError> {
    if let Some(child) = node.children.iter().find(|child| !children.contains(&child.name.as_str())) {
        return Err(child.unknown_in(&node.name));
    }
    let repeatable = |name: &str| matches!(name, "item" | "annotation" | "supersededAdm" | "seeAlso" | "keywords");
    for (index, child) in node.children.iter().enumerate() {
        if !repeatable(&child.name) && node.children[..index].iter().any(|earlier| earlier.name == child.name) {
            return Err(child.fault(Fault::Twice { what: "element", name: child.name.clone() }));
        }
    }
    match node.attributes.iter().find(|(name, _)| !attributes.contains(&name.as_str())) {
        Some((name, _)) => Err(node.fault(Fault::UnknownAttribute { element: node.name.clone(), name: name.clone() })),
        None => Ok(()),
    }
}
