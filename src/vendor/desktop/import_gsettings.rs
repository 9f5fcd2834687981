//! Reads `GSettings` schemas (`*.gschema.xml`) and writes the table of their keys.
//!
//! In: the files of one program. Out: one line a key, under its path in dconf: type, shape, built-in value, state, schema. A
//! schema without a path has no place of its own in dconf, so its keys are left out. What the format does not know is refused.
//! Format: `gschema.dtd` of `GLib` and the page of `glib-compile-schemas`.

use std::collections::BTreeMap;

use super::import_table::{Fact, Facts, add, line, render, schema_fault};
use crate::vendor::Node;
use crate::vendor::admx::{File, ImportError, Node as Element, elements};

/// Makes the table. `origin` says where the files were found.
///
/// # Errors
/// The first fault of the files, with its place.
pub fn import_gsettings(files: &[File<'_>], program: &str, release: &str, origin: &str) -> Result<String, ImportError> {
    let roots = files.iter().map(elements).collect::<Result<Vec<_>, _>>()?;
    // An enumeration may stand in another file than the schema that uses it.
    let mut choices = BTreeMap::new();
    for root in &roots {
        if root.name != "schemalist" {
            return Err(root.unknown_in("the file"));
        }
        for element in root.children.iter().filter(|element| element.name == "enum" || element.name == "flags") {
            let nicks = element.children.iter().map(|value| value.need("nick").map(str::to_owned));
            choices.insert(element.need("id")?.to_owned(), nicks.collect::<Result<Vec<_>, _>>()?);
        }
    }
    let mut facts = Facts::new();
    for schema in roots.iter().flat_map(|root| &root.children) {
        match schema.name.as_str() {
            "schema" => of_schema(schema, &choices, &mut facts)?,
            "enum" | "flags" => {}
            _ => return Err(schema.unknown_in("schemalist")),
        }
    }
    Ok(render("GSettings", program, release, files, origin, &facts))
}

fn of_schema(schema: &Element, choices: &BTreeMap<String, Vec<String>>, facts: &mut Facts) -> Result<(), ImportError> {
    let id = schema.need("id")?;
    if schema.get("extends").is_some() || schema.get("list-of").is_some() {
        return Err(schema_fault(schema, "a schema that extends another one cannot be read"));
    }
    let path = schema.get("path");
    if path.is_some_and(|path| !path.starts_with('/') || !path.ends_with('/') || path.contains("//")) {
        return Err(schema_fault(schema, "the path does not begin and end with a slash"));
    }
    for key in &schema.children {
        match (key.name.as_str(), path) {
            ("key", Some(path)) => {
                let name = key.need("name")?;
                let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
                if name.is_empty() || !name.bytes().all(plain) {
                    return Err(schema_fault(key, format!("`{name}` is no name of a key")));
                }
                add(facts, format!("{path}{name}"), of_key(key, choices, id)?, key)?;
            }
            ("key" | "child", _) => {}
            _ => return Err(key.unknown_in("schema")),
        }
    }
    Ok(())
}

fn of_key(key: &Element, choices: &BTreeMap<String, Vec<String>>, schema: &str) -> Result<Fact, ImportError> {
    let known = ["default", "range", "choices", "aliases", "summary", "description"];
    if let Some(other) = key.children.iter().find(|child| !known.contains(&child.name.as_str())) {
        return Err(other.unknown_in("key"));
    }
    let chosen =
        |name: &str| choices.get(name).cloned().ok_or_else(|| schema_fault(key, format!("there is no enumeration `{name}`")));
    let (kind, shape) = match (key.get("type"), key.get("enum"), key.get("flags")) {
        (Some(kind), None, None) => (kind, of_type(kind, key)?),
        (None, Some(name), None) => ("s", Node::Text(chosen(name)?)),
        (None, None, Some(name)) => ("as", Node::List(Box::new(Node::Text(chosen(name)?)))),
        _ => return Err(schema_fault(key, "a key has one of `type`, `enum` and `flags`")),
    };
    // The vendors mark what they no longer read in the summary alone.
    let deprecated = key.child("summary").is_some_and(|summary| line(summary).to_lowercase().starts_with("(deprecated)"));
    let default = key.need_child("default").map(line)?;
    Ok(Fact { kind: kind.to_owned(), shape, default: Some(default), deprecated, source: schema.to_owned() })
}

/// The shape of a type of `GVariant`; of one that no rule can give, anything.
fn of_type(kind: &str, key: &Element) -> Result<Node, ImportError> {
    let number = |lowest: i64, highest: i64| -> Result<Node, ImportError> {
        let bound = |name: &'static str, edge: i64| match key.child("range").and_then(|range| range.get(name)) {
            None => Ok(edge),
            Some(text) => text.parse().map_err(|_| schema_fault(key, format!("`{text}` is no end of a range"))),
        };
        let (from, to) = (bound("min", lowest)?, bound("max", highest)?);
        if from > to { Err(schema_fault(key, "the range holds no number")) } else { Ok(Node::Between(from, to)) }
    };
    Ok(match kind {
        "b" => Node::Flag,
        "y" => number(0, 255)?,
        "n" => number(i16::MIN.into(), i16::MAX.into())?,
        "q" => number(0, u16::MAX.into())?,
        "i" => number(i32::MIN.into(), i32::MAX.into())?,
        "u" => number(0, u32::MAX.into())?,
        "x" => number(i64::MIN, i64::MAX)?,
        "t" => number(0, i64::MAX)?,
        "s" => {
            let words = key.inside("choices").iter().map(|choice| choice.need("value").map(str::to_owned));
            Node::Text(words.collect::<Result<_, _>>()?)
        }
        "as" => Node::List(Box::new(Node::Text(Vec::new()))),
        "ai" => Node::List(Box::new(Node::Between(i32::MIN.into(), i32::MAX.into()))),
        _ => Node::Anything,
    })
}
