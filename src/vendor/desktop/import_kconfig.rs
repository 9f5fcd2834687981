//! Reads descriptions of `KConfig` files (`*.kcfg`, also as templates of `CMake`) and writes the table of their entries.
//!
//! In: the files of one program. Out: one line an entry, as file, group and key: type, shape, built-in value, state, schema. A
//! description that leaves its file to the program takes the one that whoever imports it names; where a number is put into
//! the name of a group, the table has a star. Built-in values that are code or filled in by `CMake` are unknown.
//! Format: `kcfg.xsd` of the KDE frameworks.

use super::import_table::{Fact, Facts, add, line, render, schema_fault};
use crate::vendor::Node;
use crate::vendor::admx::{File, ImportError, Node as Element, elements};

/// Makes the table. `origin` says where the files were found; `unnamed` is the file of descriptions that name none.
///
/// # Errors
/// The first fault of the files, with its place.
pub fn import_kconfig(
    files: &[File<'_>],
    program: &str,
    release: &str,
    origin: &str,
    unnamed: Option<&str>,
) -> Result<String, ImportError> {
    let mut facts = Facts::new();
    for file in files {
        of_file(&elements(file)?, file.name, unnamed, &mut facts)?;
    }
    let table = render("KConfig", program, release, files, origin, &facts);
    Ok(match unnamed {
        None => table,
        Some(file) => table.replacen("\n# SHA-256", &format!("\n# File of descriptions that name none: {file}\n# SHA-256"), 1),
    })
}

fn of_file(root: &Element, source: &str, unnamed: Option<&str>, facts: &mut Facts) -> Result<(), ImportError> {
    if root.name != "kcfg" {
        return Err(root.unknown_in("the file"));
    }
    let named = root.child("kcfgfile").unwrap_or(root);
    let Some(file) = named.get("name").or(unnamed) else {
        return Err(schema_fault(named, "the description leaves its file to the program; name it with `--file`"));
    };
    if file.is_empty() || file.contains('/') || file.chars().any(char::is_control) {
        return Err(schema_fault(named, format!("`{file}` is no name of a file")));
    }
    for group in &root.children {
        match group.name.as_str() {
            "group" => {}
            "kcfgfile" | "include" | "signal" => continue,
            _ => return Err(group.unknown_in("kcfg")),
        }
        if group.get("parentGroupName").is_some() {
            return Err(schema_fault(group, "a group inside another one cannot be read"));
        }
        let title = group.need("name")?;
        for entry in &group.children {
            if entry.name != "entry" {
                return Err(entry.unknown_in("group"));
            }
            let key = match (entry.get("key"), entry.get("name")) {
                (Some(key), _) => key.to_owned(),
                // The compiler of these descriptions makes the key of the name, without blanks.
                (None, Some(name)) => name.split_whitespace().collect(),
                (None, None) => return Err(schema_fault(entry, "an entry has neither `key` nor `name`")),
            };
            if title.contains('/') || key.contains('/') {
                return Err(schema_fault(entry, "a slash in a name cannot be read"));
            }
            let name = format!("{file}/{}/{}", with_star(title, group)?, with_star(&key, entry)?);
            add(facts, name, of_entry(entry, source)?, entry)?;
        }
    }
    Ok(())
}

/// The name with a star for a parameter.
fn with_star(name: &str, at: &Element) -> Result<String, ImportError> {
    let Some((before, rest)) = name.split_once("$(") else { return Ok(name.to_owned()) };
    match rest.split_once(')') {
        Some((_, "")) => Ok(format!("{before}*")),
        _ => Err(schema_fault(at, "a parameter inside a name cannot be read")),
    }
}

fn of_entry(entry: &Element, source: &str) -> Result<Fact, ImportError> {
    let known = ["label", "tooltip", "whatsthis", "code", "parameter", "values", "choices", "min", "max", "default", "emit"];
    if let Some(other) = entry.children.iter().find(|child| !known.contains(&child.name.as_str())) {
        return Err(other.unknown_in("entry"));
    }
    let kind = entry.get("type").unwrap_or("String");
    let number = |lowest: i64, highest: i64| -> Result<Node, ImportError> {
        let bound = |name: &str, edge: i64| match entry.child(name).filter(|bound| bound.get("code") != Some("true")) {
            None => Ok(edge),
            Some(bound) => {
                line(bound).parse().map_err(|_| schema_fault(bound, format!("`{}` is no end of a range", line(bound))))
            }
        };
        let (from, to) = (bound("min", lowest)?, bound("max", highest)?);
        if from > to { Err(schema_fault(entry, "the range holds no number")) } else { Ok(Node::Between(from, to)) }
    };
    let shape = match kind.to_lowercase().as_str() {
        "bool" => Node::Flag,
        "int" => number(i32::MIN.into(), i32::MAX.into())?,
        "uint" => number(0, u32::MAX.into())?,
        "longlong" | "int64" => number(i64::MIN, i64::MAX)?,
        "ulonglong" | "uint64" => number(0, i64::MAX)?,
        "string" | "path" => Node::Text(Vec::new()),
        "stringlist" => Node::List(Box::new(Node::Text(Vec::new()))),
        "enum" => {
            let word = |choice: &Element| Ok(choice.get("value").map_or_else(|| choice.need("name"), Ok)?.to_owned());
            Node::Text(entry.inside("choices").iter().map(word).collect::<Result<_, ImportError>>()?)
        }
        _ => Node::Anything,
    };
    if shape == Node::Text(Vec::new()) && kind.eq_ignore_ascii_case("enum") {
        return Err(schema_fault(entry, "an enumeration without choices"));
    }
    let fixed = |default: &&Element| default.get("code") != Some("true") && default.get("param").is_none();
    let default = entry.child("default").filter(fixed).map(line).filter(|text| !text.contains("${"));
    Ok(Fact { kind: kind.to_owned(), shape, default, deprecated: false, source: source.to_owned() })
}
