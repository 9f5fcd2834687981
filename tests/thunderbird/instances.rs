//! Valid values of every policy, made from the shapes of the committed table.
//!
//! A wave is one value of every policy. Each wave takes the next item of every enumeration, the next of several shapes and the
//! other flag, so that all waves together hold each key of each map and each item of each enumeration at least once.

use std::collections::{BTreeMap, BTreeSet};

use groundplan::vendor::thunderbird::{Form, Node};
use serde_json::{Map, Value, json};

/// The shapes of a table of policies, by name.
pub(crate) fn shapes(table: &str) -> BTreeMap<String, Node> {
    let lines = table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect::<Vec<_>>());
    lines.map(|line| (line[0].to_owned(), serde_json::from_str(line[2]).expect("a shape"))).collect()
}

/// How many waves show every item of every enumeration and every alternative.
pub(crate) fn waves(shapes: &BTreeMap<String, Node>) -> usize {
    shapes.values().map(turns).max().unwrap_or(0)
}

fn turns(shape: &Node) -> usize {
    match shape {
        Node::Flag | Node::Between(..) => 2,
        Node::Number(all) => all.len().max(1),
        Node::Text(all) => all.len().max(1),
        Node::Formed(_) | Node::Anything => 1,
        Node::List(of) | Node::Short(_, of) => turns(of),
        Node::Map(keys) => keys.fixed.values().chain(keys.free.as_deref()).map(turns).max().unwrap_or(1),
        Node::Either(all) => all.len() * all.iter().map(turns).max().unwrap_or(1),
    }
}

/// The value of a policy in a wave; `name` is what it is the value of.
pub(crate) fn instance(shape: &Node, name: &str, wave: usize) -> Value {
    match shape {
        Node::Flag => json!(wave.is_multiple_of(2)),
        Node::Number(all) => all.get(wave % all.len().max(1)).map_or(json!(7), |number| json!(number)),
        Node::Text(all) => all.get(wave % all.len().max(1)).map_or_else(|| json!(text(name)), |word| json!(word)),
        Node::Formed(Form::Url | Form::UrlOrEmpty) => json!("https://example.org/path"),
        Node::Formed(Form::Origin) => json!("https://example.org"),
        Node::Formed(Form::ExtensionIds) => json!("abcdefghijklmnopabcdefghijklmnop"),
        Node::Formed(Form::EscapedUrl) => json!("https://example.org/a%20b"),
        Node::Between(from, to) => json!(if wave.is_multiple_of(2) { from } else { to }),
        Node::List(of) | Node::Short(_, of) => json!([instance(of, name, wave)]),
        Node::Map(keys) => {
            let mut map: Map<String, Value> = keys.fixed.iter().map(|(key, of)| (key.clone(), instance(of, key, wave))).collect();
            if let Some(free) = &keys.free {
                map.insert(free_name(name).to_owned(), instance(free, name, wave));
            }
            map.into()
        }
        Node::Anything => json!({ "list": [1, true, { "deep": "text" }] }),
        Node::Either(all) => instance(&all[wave % all.len()], name, wave / all.len()),
    }
}

/// A text that means something where it stands; the limits of the schema's own kind are not all that the program has.
fn text(name: &str) -> &str {
    match name {
        "HTTPProxy" | "FTPProxy" | "SSLProxy" | "SOCKSProxy" => "proxy.example.org:3128",
        "RequestedLocales" => "de",
        "AppUpdatePin" => "153.",
        "path" => "/usr/bin/true",
        "uriTemplate" => "https://example.org/?to=%s",
        "install_sources" => "https://example.org/*",
        "restricted_domains" => "example.org",
        "URLTemplate" | "SuggestURLTemplate" => "https://example.org/?q={searchTerms}",
        "Remove" => "other",
        _ => "example",
    }
}

/// A free name that means something where it stands.
fn free_name(name: &str) -> &str {
    match name {
        "extensions" => "pdf",
        "mimeTypes" => "application/pdf",
        "schemes" => "mailto",
        _ => "a@example.org",
    }
}

/// Counts the parts of a value, and the different ones.
pub(crate) fn count(value: &Value, place: &str, parts: &mut usize, different: &mut BTreeSet<String>) {
    *parts += 1;
    match value {
        Value::Array(items) => items.iter().for_each(|item| count(item, &format!("{place}/[]"), parts, different)),
        Value::Object(map) => {
            map.iter().for_each(|(key, item)| count(item, &format!("{place}/{key}"), parts, different));
        }
        scalar => drop(different.insert(format!("{place}: {scalar}"))),
    }
}
