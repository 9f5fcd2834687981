//! The policies of a template as blocks of the compact text.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::texts::Texts;
use super::tree::Node;
use super::{Blocks, Fault, Placed};
use crate::vendor::admx::check::STATE;
use crate::vendor::registry::RegistryKey;

/// The deepest category path.
const DEEPEST: usize = 32;

/// The template's name (the prefix of its namespace) and its blocks.
pub(super) fn blocks(root: &Node, texts: &Texts) -> Result<(String, Blocks), Placed> {
    if root.name != "policyDefinitions" {
        return Err(root.fault(Fault::Value { name: "root element", value: root.name.clone() }));
    }
    only(
        root,
        &["policyNamespaces", "supersededAdm", "annotation", "resources", "supportedOn", "categories", "policies"],
        &["revision", "schemaVersion"],
    )?;
    let target = need_child(need_child(root, "policyNamespaces")?, "target")?;
    let template = identifier(target, "prefix")?;
    let categories = Categories::new(root, texts)?;
    let mut blocks = Blocks::new();
    for policy in root.children.iter().filter(|child| child.name == "policies").flat_map(|policies| &policies.children) {
        if policy.name != "policy" {
            return Err(unknown_element("policies", policy));
        }
        let name = identifier(policy, "name")?;
        if blocks.insert(name.to_owned(), block(policy, name, &categories, texts)?).is_some() {
            return Err(policy.fault(Fault::Twice { what: "policy", name: name.to_owned() }));
        }
    }
    Ok((template.to_owned(), blocks))
}

/// The lines of one policy.
struct Lines {
    text: String,
    /// The policy's key, which an empty field stands for.
    key: String,
}

impl Lines {
    /// Adds one line. White space inside a field would break the form, so it is a fault at `node`.
    fn add(&mut self, node: &Node, depth: usize, fields: &[&str]) -> Result<(), Placed> {
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

fn block(policy: &Node, name: &str, categories: &Categories, texts: &Texts) -> Result<String, Placed> {
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
    let title = texts.of(policy, "displayName")?;
    let category = categories.path(need_child(policy, "parentCategory")?)?;
    let mut lines = Lines { text: String::new(), key: key.to_owned() };
    let mut head = vec![name, class, key, policy.get("valueName").unwrap_or_default(), &title];
    head.extend(category.iter().map(String::as_str));
    lines.add(policy, 0, &head)?;

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
    for node in policy.child("elements").map(|elements| elements.children.as_slice()).unwrap_or_default() {
        let id = identifier(node, "id")?;
        if ids.contains(&id) {
            return Err(node.fault(Fault::Twice { what: "element", name: id.to_owned() }));
        }
        ids.push(id);
        element(&mut lines, node, id, key, texts)?;
    }
    Ok(lines.text)
}

fn element(lines: &mut Lines, node: &Node, id: &str, policy_key: &str, texts: &Texts) -> Result<(), Placed> {
    const COMMON: [&str; 4] = ["id", "clientExtension", "key", "valueName"];
    let (kind, children, attributes): (&str, &[&str], &[&str]) = match node.name.as_str() {
        "boolean" => ("boolean", &["trueValue", "falseValue", "trueList", "falseList"], &[]),
        "decimal" | "longDecimal" => ("decimal", &[], &["minValue", "maxValue", "storeAsText", "required"]),
        "text" => ("text", &[], &["required", "expandable", "maxLength"]),
        "multiText" => ("multi-text", &[], &["required", "maxLength", "maxStrings"]),
        "enum" => ("enumeration", &["item"], &["required"]),
        "list" => ("list", &[], &["valuePrefix", "explicitValue", "additive", "expandable"]),
        _ => return Err(unknown_element("elements", node)),
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
        "enumeration" => items(lines, node, key, texts),
        _ => Ok(()),
    }
}

fn items(lines: &mut Lines, node: &Node, key: &str, texts: &Texts) -> Result<(), Placed> {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for item in &node.children {
        only(item, &["value", "valueList"], &["displayName"])?;
        let label = texts.of(item, "displayName")?;
        let from = lines.text.len();
        lines.add(item, 2, &["item", &label, &data(need_child(item, "value")?)?])?;
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
fn options(node: &Node) -> Result<Vec<String>, Placed> {
    let mut options = Vec::new();
    let numbers = [("minValue", "from"), ("maxValue", "to"), ("maxLength", "longest"), ("maxStrings", "most")];
    for (attribute, option) in numbers {
        if let Some(value) = node.get(attribute) {
            let largest = if node.name == "longDecimal" { u64::MAX } else { u64::from(u32::MAX) };
            options.push(format!("{option}={}", number(node, attribute, value, largest)?));
        }
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
    let flags = [("storeAsText", "as-text"), ("required", "required"), ("expandable", "expandable"), ("additive", "additive")];
    for (attribute, option) in flags {
        match node.get(attribute) {
            Some("true" | "1") => options.push(option.to_owned()),
            Some("false" | "0") | None => {}
            Some(other) => return Err(node.fault(Fault::Value { name: attribute, value: other.to_owned() })),
        }
    }
    Ok(options)
}

/// A list of values that are written besides.
fn also(lines: &mut Lines, list: &Node, depth: usize, field: &str, default_key: &str) -> Result<(), Placed> {
    only(list, &["item"], &["defaultKey"])?;
    let list_key = key_of(list, "defaultKey")?.unwrap_or(default_key);
    for item in &list.children {
        only(item, &["value"], &["key", "valueName"])?;
        let key = key_of(item, "key")?.unwrap_or(list_key);
        let data = data(need_child(item, "value")?)?;
        lines.add(item, depth, &[field, lines.field(key), item.need("valueName")?, &data])?;
    }
    Ok(())
}

/// The one value inside `node`, as the compact text writes it.
fn data(node: &Node) -> Result<String, Placed> {
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
        _ => Err(unknown_element(&node.name, value)),
    }
}

fn number(node: &Node, name: &'static str, text: &str, largest: u64) -> Result<u64, Placed> {
    let number: Option<u64> = text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    number.filter(|&number| number <= largest).ok_or_else(|| node.fault(Fault::Value { name, value: text.to_owned() }))
}

fn key_of<'n>(node: &'n Node, name: &'static str) -> Result<Option<&'n str>, Placed> {
    match node.get(name) {
        Some(key) if RegistryKey::new(key).is_none() => Err(node.fault(Fault::Value { name, value: key.to_owned() })),
        key => Ok(key),
    }
}

fn identifier<'n>(node: &'n Node, name: &'static str) -> Result<&'n str, Placed> {
    let text = node.need(name)?;
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    if text.is_empty() || !text.bytes().all(allowed) || text == STATE {
        return Err(node.fault(Fault::Value { name, value: text.to_owned() }));
    }
    Ok(text)
}

fn need_child<'n>(node: &'n Node, name: &'static str) -> Result<&'n Node, Placed> {
    node.child(name).ok_or_else(|| node.fault(Fault::MissingElement { parent: node.name.clone(), name }))
}

fn unknown_element(parent: &(impl Display + ?Sized), node: &Node) -> Placed {
    node.fault(Fault::UnknownElement { parent: parent.to_string(), name: node.name.clone() })
}

/// Refuses children and attributes that are not known, and a second child where one is meant.
fn only(node: &Node, children: &[&str], attributes: &[&str]) -> Result<(), Placed> {
    if let Some(child) = node.children.iter().find(|child| !children.contains(&child.name.as_str())) {
        return Err(unknown_element(&node.name, child));
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

/// English title and parent of each category.
struct Categories {
    known: BTreeMap<String, (String, Option<String>)>,
}

impl Categories {
    fn new(root: &Node, texts: &Texts) -> Result<Self, Placed> {
        let mut known = BTreeMap::new();
        for node in root.child("categories").map(|categories| categories.children.as_slice()).unwrap_or_default() {
            if node.name != "category" {
                return Err(unknown_element("categories", node));
            }
            let name = identifier(node, "name")?;
            let parent = node.child("parentCategory").map(|parent| parent.need("ref").map(str::to_owned)).transpose()?;
            if known.insert(name.to_owned(), (texts.of(node, "displayName")?, parent)).is_some() {
                return Err(node.fault(Fault::Twice { what: "category", name: name.to_owned() }));
            }
        }
        Ok(Self { known })
    }

    /// The titles from the outermost category to the one that `reference` names. A category of another template (with
    /// its prefix and a colon) ends the path: its title stands in files that are not here.
    fn path(&self, reference: &Node) -> Result<Vec<String>, Placed> {
        let mut path = Vec::new();
        let mut next = Some(reference.need("ref")?);
        while let Some(name) = next.filter(|name| !name.contains(':')) {
            let Some((title, parent)) = self.known.get(name).filter(|_| path.len() < DEEPEST) else {
                return Err(reference.fault(Fault::Category { name: name.to_owned() }));
            };
            path.push(title.clone());
            next = parent.as_deref();
        }
        path.reverse();
        Ok(path)
    }
}
