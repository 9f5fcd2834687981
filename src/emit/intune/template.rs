//! A small template (ADMX) of the policies that are set, and their states.
//!
//! In: policies of one template as the vendor's schema has them. Out: one line of XML that Windows takes in, with the categories,
//! keys, value names and data of the vendor's file, and none of its texts; and for a state the text that the Policy CSP reads.
//! Titles are references without a text behind them, which Windows does not ask for. Form: Microsoft's ADMX schema,
//! `PolicyDefinitionFiles.xsd`, version 1.0; *Understanding ADMX policies*.

use std::collections::BTreeMap;

use crate::emit::xml::Xml;
use crate::vendor::admx::mdm::SEPARATOR;
use crate::vendor::admx::{Class, Data, Element, Item, Kind, ListNames, Policy, Write};

const NAMESPACE: &str = "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions";

/// The state of a policy: what its elements hold when it is enabled, or nothing.
pub(super) fn state(elements: Option<&[(&str, String)]>) -> String {
    let mut xml = Xml::part();
    let Some(elements) = elements else {
        xml.empty("disabled", &[]);
        return xml.into_text();
    };
    xml.empty("enabled", &[]);
    for (id, value) in elements {
        xml.empty("data", &[("id", id), ("value", value)]);
    }
    // Escaped, so that an editor shows it.
    xml.into_text().replace(SEPARATOR, "&#xF000;")
}

/// The template; `policies` have categories.
pub(super) fn write(name: &str, policies: &[Policy<'_>]) -> String {
    let mut xml = Xml::part();
    xml.open("policyDefinitions", &[("xmlns", NAMESPACE), ("revision", "1.0"), ("schemaVersion", "1.0")]);
    xml.open("policyNamespaces", &[]);
    xml.empty("target", &[("prefix", name), ("namespace", &format!("Groundplan.Policies.{name}"))]);
    xml.close("policyNamespaces");
    xml.empty("resources", &[("minRequiredRevision", "1.0")]);
    categories(&mut xml, policies);
    xml.open("policies", &[]);
    for one in policies {
        policy(&mut xml, one);
    }
    xml.close("policies");
    xml.close("policyDefinitions");
    xml.into_text()
}

fn categories(xml: &mut Xml, policies: &[Policy<'_>]) {
    let mut parents: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for policy in policies {
        let mut parent = None;
        for name in &policy.category_names {
            parents.insert(name, parent);
            parent = Some(name);
        }
    }
    xml.open("categories", &[]);
    for (name, parent) in parents {
        let attributes = [("name", name), ("displayName", &string(name))];
        match parent {
            None => xml.empty("category", &attributes),
            Some(parent) => {
                xml.open("category", &attributes);
                xml.empty("parentCategory", &[("ref", parent)]);
                xml.close("category");
            }
        }
    }
    xml.close("categories");
}

/// A reference to a text.
fn string(name: &str) -> String {
    format!("$(string.{name})")
}

fn policy(xml: &mut Xml, policy: &Policy<'_>) {
    let class = match policy.class {
        Class::Machine => "Machine",
        Class::User => "User",
        Class::Both => "Both",
    };
    let (title, presentation) = (string(policy.name), format!("$(presentation.{})", policy.name));
    let mut attributes = vec![("name", policy.name), ("class", class), ("displayName", &title), ("key", policy.key)];
    if !policy.elements.is_empty() {
        attributes.push(("presentation", &presentation));
    }
    attributes.extend(policy.value.map(|value| ("valueName", value)));
    xml.open("policy", &attributes);
    let category = policy.category_names.last().copied().unwrap_or_default();
    xml.empty("parentCategory", &[("ref", category)]);
    value(xml, "enabledValue", policy.enabled);
    value(xml, "disabledValue", policy.disabled);
    list(xml, "enabledList", &policy.enabled_also);
    list(xml, "disabledList", &policy.disabled_also);
    if !policy.elements.is_empty() {
        xml.open("elements", &[]);
        for one in &policy.elements {
            element(xml, one);
        }
        xml.close("elements");
    }
    xml.close("policy");
}

fn element(xml: &mut Xml, element: &Element<'_>) {
    let mut attributes: Vec<(&'static str, String)> = vec![("id", element.id.to_owned()), ("key", element.key.to_owned())];
    if !matches!(element.kind, Kind::List { .. }) {
        attributes.push(("valueName", element.value.to_owned()));
    }
    let flag = |name, set: bool| set.then(|| (name, "true".to_owned()));
    let name = match &element.kind {
        Kind::Boolean { .. } => "boolean",
        Kind::Decimal { from, to, long, as_text } => {
            attributes.extend([("minValue", from.to_string()), ("maxValue", to.to_string())]);
            attributes.extend(flag("storeAsText", *as_text));
            if *long { "longDecimal" } else { "decimal" }
        }
        Kind::Text { required, expandable, longest } => {
            attributes.push(("maxLength", longest.to_string()));
            attributes.extend(flag("required", *required).into_iter().chain(flag("expandable", *expandable)));
            "text"
        }
        Kind::MultiText { required, longest, most } => {
            attributes.extend([("maxLength", longest.to_string()), ("maxStrings", most.to_string())]);
            attributes.extend(flag("required", *required));
            "multiText"
        }
        Kind::Enumeration { .. } => "enum",
        Kind::List { names, additive, expandable } => {
            match names {
                ListNames::Same => {}
                ListNames::Numbered(prefix) => attributes.push(("valuePrefix", (*prefix).to_owned())),
                ListNames::Given => attributes.push(("explicitValue", "true".to_owned())),
            }
            attributes.extend(flag("additive", *additive).into_iter().chain(flag("expandable", *expandable)));
            "list"
        }
    };
    let attributes: Vec<(&str, &str)> = attributes.iter().map(|(name, value)| (*name, value.as_str())).collect();
    match &element.kind {
        Kind::Boolean { on, off, on_also, off_also } => {
            xml.open(name, &attributes);
            value(xml, "trueValue", *on);
            value(xml, "falseValue", *off);
            list(xml, "trueList", on_also);
            list(xml, "falseList", off_also);
            xml.close(name);
        }
        Kind::Enumeration { items } => {
            xml.open(name, &attributes);
            for (number, one) in items.iter().enumerate() {
                item(xml, element.id, number, one);
            }
            xml.close(name);
        }
        _ => xml.empty(name, &attributes),
    }
}

fn item(xml: &mut Xml, id: &str, number: usize, item: &Item<'_>) {
    xml.open("item", &[("displayName", &string(&format!("{id}_{number}")))]);
    value(xml, "value", Some(item.data));
    list(xml, "valueList", &item.also);
    xml.close("item");
}

fn list(xml: &mut Xml, name: &'static str, writes: &[Write<'_>]) {
    if writes.is_empty() {
        return;
    }
    xml.open(name, &[]);
    for write in writes {
        xml.open("item", &[("key", write.key), ("valueName", write.value)]);
        value(xml, "value", Some(write.data));
        xml.close("item");
    }
    xml.close(name);
}

fn value(xml: &mut Xml, name: &'static str, data: Option<Data<'_>>) {
    let Some(data) = data else { return };
    xml.open(name, &[]);
    match data {
        Data::Dword(number) => xml.empty("decimal", &[("value", &number.to_string())]),
        Data::Qword(number) => xml.empty("longDecimal", &[("value", &number.to_string())]),
        Data::Text(text) => xml.text("string", text),
        Data::Delete => xml.empty("delete", &[]),
    }
    xml.close(name);
}
