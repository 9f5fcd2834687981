//! The compact text of a template: one block a policy, sorted by name.
//!
//! Lines that start with `#` come first and say where the facts are from. A policy's line holds, with tabs between: name,
//! class, key, value name, title, and the category path, one part a column. The lines of its block are indented:
//!
//! ```text
//! ⇥title⇥LANGUAGE⇥TITLE⇥CATEGORY…    title and category path in another language
//! ⇥category⇥NAME…                    the path by the names that the template itself uses, without those of other templates
//! ⇥supported⇥TEXT                    which versions it is for, in the vendor's words
//! ⇥enabled⇥DATA                      its own value (`disabled` likewise)
//! ⇥enabled also⇥KEY⇥VALUE⇥DATA       written besides (`disabled also` likewise)
//! ⇥boolean⇥ID⇥KEY⇥VALUE              then `on`, `off`, `on also`, `off also`, one tab deeper
//! ⇥decimal⇥ID⇥KEY⇥VALUE⇥OPTION…      from=N to=N long as-text required soft
//! ⇥text⇥ID⇥KEY⇥VALUE⇥OPTION…         required expandable longest=N soft
//! ⇥multi-text⇥ID⇥KEY⇥VALUE⇥OPTION…   required longest=N most=N soft
//! ⇥enumeration⇥ID⇥KEY⇥VALUE⇥OPTION…  required; then `item⇥LABEL⇥DATA`, each with its `also⇥KEY⇥VALUE⇥DATA` below
//! ⇥list⇥ID⇥KEY⇥⇥OPTION…              one of same, given, prefix=TEXT; additive expandable
//! ```
//!
//! DATA is `dword:1`, `qword:1`, `text:yes` or `delete`; an empty KEY is the policy's. One policy is found by a search
//! over the bytes, so that nothing but its own block is ever parsed.

use super::policy::{Class, Data, Element, Item, Kind, ListNames, Policy, Title, Write};
use crate::vendor::search::{Query, entries};

/// The lines of a table that start with `#`.
pub fn header(text: &[u8]) -> &str {
    let lines = text.split_inclusive(|&b| b == b'\n').take_while(|line| line.starts_with(b"#"));
    std::str::from_utf8(&text[..lines.map(<[u8]>::len).sum()]).unwrap_or_default()
}

/// The template that a table is of; `None` when the table is of something else.
pub(super) fn template(text: &[u8]) -> Option<&str> {
    header(text).lines().find_map(|line| line.strip_prefix("# Template: ")).filter(|name| !name.is_empty())
}

/// The block of one policy, found without reading the rest. No policy has an empty name.
pub(super) fn find<'a>(text: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let (mut low, mut high) = (0, if name.is_empty() { 0 } else { text.len() });
    // Both ends always stand at the start of a policy's line, or of the header.
    while low < high {
        let start = block_start(text, low, low + (high - low) / 2);
        let end = block_end(text, start);
        let block = &text[start..end];
        let found = if block.starts_with(b"#") { &[][..] } else { block.split(|&b| b == b'\t').next().unwrap_or_default() };
        match found.cmp(name.as_bytes()) {
            std::cmp::Ordering::Equal => return Some(block),
            std::cmp::Ordering::Less => low = end,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    None
}

/// The names of all policies, in order.
pub(super) fn names(text: &[u8]) -> impl Iterator<Item = &str> {
    text.split(|&b| b == b'\n')
        .filter(|line| !line.is_empty() && !line.starts_with(b"\t") && !line.starts_with(b"#"))
        .filter_map(|line| std::str::from_utf8(line.split(|&b| b == b'\t').next()?).ok())
}

/// The blocks that may fit what is looked for.
pub(super) fn search<'a>(text: &'a [u8], template: &str, query: &Query) -> impl Iterator<Item = &'a [u8]> {
    let block = |text: &[u8], at: usize| {
        let start = block_start(text, 0, at);
        start..block_end(text, start)
    };
    entries(text, template, query, block).filter(|block| !block.starts_with(b"#"))
}

/// The line of the first block that is not read, or not in the order of names; from 1.
pub(super) fn first_fault(text: &[u8]) -> Option<usize> {
    let mut before = "";
    for block in search(text, "", &Query::new("")) {
        match parse(block).map(|policy| policy.name).filter(|name| *name > before) {
            Some(name) => before = name,
            None => {
                let at = block.as_ptr().addr() - text.as_ptr().addr();
                return Some(memchr::memchr_iter(b'\n', &text[..at]).count() + 1);
            }
        }
    }
    None
}

fn block_start(text: &[u8], low: usize, at: usize) -> usize {
    let mut starts = memchr::memrchr_iter(b'\n', &text[low..at]).map(|end_of_line| low + end_of_line + 1);
    starts.find(|start| text[*start] != b'\t').unwrap_or(low)
}

fn block_end(text: &[u8], start: usize) -> usize {
    let mut ends = memchr::memchr_iter(b'\n', &text[start..]).map(|end_of_line| start + end_of_line + 1);
    ends.find(|end| text.get(*end) != Some(&b'\t')).unwrap_or(text.len())
}

/// Reads the block of one policy. `None` when it does not have the form.
pub(super) fn parse(block: &[u8]) -> Option<Policy<'_>> {
    let mut lines = std::str::from_utf8(block).ok()?.lines();
    let mut head = lines.next()?.split('\t');
    let mut policy = Policy {
        name: head.next().filter(|name| !name.is_empty())?,
        class: match head.next()? {
            "machine" => Class::Machine,
            "user" => Class::User,
            "both" => Class::Both,
            _ => return None,
        },
        key: head.next()?,
        value: head.next().map(|value| (!value.is_empty()).then_some(value))?,
        title: head.next()?,
        category: head.collect(),
        titles: Vec::new(),
        category_names: Vec::new(),
        supported: None,
        enabled: None,
        disabled: None,
        enabled_also: Vec::new(),
        disabled_also: Vec::new(),
        elements: Vec::new(),
    };
    for line in lines {
        parse_line(&mut policy, line)?;
    }
    Some(policy)
}

fn parse_line<'a>(policy: &mut Policy<'a>, line: &'a str) -> Option<()> {
    let indented = line.trim_start_matches('\t');
    let depth = line.len() - indented.len();
    let fields: Vec<&str> = indented.split('\t').collect();
    let key = policy.key;
    match (depth, fields.as_slice()) {
        (1, ["title", language, title, category @ ..]) => {
            policy.titles.push(Title { language, title, category: category.to_vec() });
        }
        (1, ["category", names @ ..]) => policy.category_names = names.to_vec(),
        (1, ["supported", text]) => policy.supported = Some(text),
        (1, ["enabled", data]) => policy.enabled = Some(parse_data(data)?),
        (1, ["disabled", data]) => policy.disabled = Some(parse_data(data)?),
        (1, ["enabled also", write @ ..]) => policy.enabled_also.push(parse_write(key, write)?),
        (1, ["disabled also", write @ ..]) => policy.disabled_also.push(parse_write(key, write)?),
        (1, [kind, id, own_key, value, options @ ..]) => {
            let key = if own_key.is_empty() { key } else { own_key };
            let soft = options.contains(&"soft");
            policy.elements.push(Element { id, key, value, soft, kind: parse_kind(kind, options)? });
        }
        (2.., _) => parse_detail(policy.elements.last_mut()?, key, depth, &fields)?,
        _ => return None,
    }
    Some(())
}

fn parse_detail<'a>(element: &mut Element<'a>, policy_key: &'a str, depth: usize, fields: &[&'a str]) -> Option<()> {
    match (&mut element.kind, depth, fields) {
        (Kind::Boolean { on, .. }, 2, ["on", data]) => *on = Some(parse_data(data)?),
        (Kind::Boolean { off, .. }, 2, ["off", data]) => *off = Some(parse_data(data)?),
        (Kind::Boolean { on_also, .. }, 2, ["on also", write @ ..]) => on_also.push(parse_write(policy_key, write)?),
        (Kind::Boolean { off_also, .. }, 2, ["off also", write @ ..]) => off_also.push(parse_write(policy_key, write)?),
        (Kind::Enumeration { items }, 2, ["item", label, data]) => {
            items.push(Item { label, data: parse_data(data)?, also: Vec::new() });
        }
        (Kind::Enumeration { items }, 3, ["also", write @ ..]) => {
            items.last_mut()?.also.push(parse_write(policy_key, write)?);
        }
        _ => return None,
    }
    Some(())
}

fn parse_write<'a>(policy_key: &'a str, fields: &[&'a str]) -> Option<Write<'a>> {
    let [key, value, data] = fields else { return None };
    Some(Write { key: if key.is_empty() { policy_key } else { key }, value, data: parse_data(data)? })
}

fn parse_data(text: &str) -> Option<Data<'_>> {
    match text.split_once(':') {
        Some(("dword", number)) => Some(Data::Dword(number.parse().ok()?)),
        Some(("qword", number)) => Some(Data::Qword(number.parse().ok()?)),
        Some(("text", text)) => Some(Data::Text(text)),
        None if text == "delete" => Some(Data::Delete),
        _ => None,
    }
}

/// What the schema says where a template says nothing.
const DEFAULT_HIGHEST: u64 = 9999;
const DEFAULT_LONGEST: u64 = 1023;

fn parse_kind<'a>(kind: &str, options: &[&'a str]) -> Option<Kind<'a>> {
    let allowed: &[&str] = match kind {
        "boolean" => &[],
        "decimal" => &["from", "to", "long", "as-text", "required", "soft"],
        "text" => &["required", "expandable", "longest", "soft"],
        "multi-text" => &["required", "longest", "most", "soft"],
        "enumeration" => &["required"],
        "list" => &["same", "given", "prefix", "additive", "expandable"],
        _ => return None,
    };
    let name = |option: &&'a str| option.split('=').next().unwrap_or_default();
    if !options.iter().all(|option| allowed.contains(&name(option))) {
        return None;
    }
    let has = |name: &str| options.contains(&name);
    let text = |name: &str| options.iter().find_map(|option| option.strip_prefix(name)?.strip_prefix('='));
    let number = |name: &str, default: u64| text(name).map_or(Some(default), |number| number.parse().ok());
    Some(match kind {
        "boolean" => Kind::Boolean { on: None, off: None, on_also: Vec::new(), off_also: Vec::new() },
        "decimal" => Kind::Decimal {
            from: number("from", 0)?,
            to: number("to", DEFAULT_HIGHEST)?,
            long: has("long"),
            as_text: has("as-text"),
        },
        "text" => {
            Kind::Text { required: has("required"), expandable: has("expandable"), longest: number("longest", DEFAULT_LONGEST)? }
        }
        "multi-text" => {
            Kind::MultiText { required: has("required"), longest: number("longest", DEFAULT_LONGEST)?, most: number("most", 0)? }
        }
        "enumeration" => Kind::Enumeration { items: Vec::new() },
        _ => {
            let names = match text("prefix") {
                Some(prefix) => ListNames::Numbered(prefix),
                None if has("given") => ListNames::Given,
                None if has("same") => ListNames::Same,
                None => return None,
            };
            Kind::List { names, additive: has("additive"), expandable: has("expandable") }
        }
    })
}
