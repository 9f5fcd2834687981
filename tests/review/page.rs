//! Reads a page and the artifacts, each by itself: the page as XML, the files in their own formats.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::Event;

/// An element of the page.
#[derive(Debug, Clone)]
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    /// Where it ends in the list of all elements, and which text it holds.
    end: usize,
    text: String,
}

impl Element {
    fn is(&self, class: &str) -> bool {
        self.attributes.get("class").is_some_and(|classes| classes.split(' ').any(|own| own == class))
    }
}

/// A page.
#[derive(Debug)]
pub(crate) struct Page {
    /// All bytes.
    pub(crate) whole: String,
    /// All text, elements stripped.
    pub(crate) text: String,
    /// The style.
    pub(crate) style: String,
    elements: Vec<Element>,
}

/// A value that the page states.
#[derive(Debug)]
pub(crate) struct Stated {
    pub(crate) roles: Vec<String>,
    pub(crate) files: Vec<String>,
    pub(crate) place: String,
    /// Nothing where the page says that the value is removed.
    pub(crate) value: Option<String>,
}

impl Page {
    /// Reads a page; it must be well-formed, and style and script must stand where the policy allows them.
    pub(crate) fn read(path: &Path) -> Self {
        let whole = fs::read_to_string(path).expect("a page");
        let part = |from: &str, to: &str| {
            let start = whole.rfind(from).expect("the part is there") + from.len();
            let end = whole[start..].find(to).expect("the part ends") + start;
            start..end
        };
        let (style, script) = (part("<style>", "</style>"), part("<script>", "</script>"));
        let markup = [&whole[..style.start], &whole[style.end..script.start], &whole[script.end..]].concat();
        let markup = markup.replacen("<!DOCTYPE html>", "", 1);
        let mut reader = Reader::from_str(&markup);
        let (mut elements, mut open, mut text): (Vec<Element>, Vec<usize>, String) = (Vec::new(), Vec::new(), String::new());
        loop {
            let event = reader.read_event().unwrap_or_else(|error| panic!("at {}: {error}", reader.buffer_position()));
            match event {
                Event::Start(ref start) | Event::Empty(ref start) => {
                    let attribute = |attribute: quick_xml::events::attributes::Attribute<'_>| {
                        let value = quick_xml::escape::unescape(&attribute.value).expect("known entities").into_owned();
                        (attribute.key.0.to_owned(), value)
                    };
                    let attributes = start.attributes().map(|found| attribute(found.expect("an attribute"))).collect();
                    let name = start.name().0.to_owned();
                    elements.push(Element { name, attributes, end: elements.len() + 1, text: String::new() });
                    if matches!(event, Event::Start(_)) {
                        open.push(elements.len() - 1);
                    }
                }
                Event::End(_) => {
                    let at = open.pop().expect("the reader minds the order");
                    elements[at].end = elements.len();
                }
                Event::Text(ref piece) => {
                    push(piece, &mut text, &open, &mut elements);
                }
                Event::GeneralRef(ref entity) => {
                    let name: &str = entity;
                    let piece = quick_xml::escape::unescape(&format!("&{name};")).expect("a known entity").into_owned();
                    push(&piece, &mut text, &open, &mut elements);
                }
                Event::Eof => break,
                _ => {}
            }
        }
        assert!(open.is_empty(), "an element is not closed");
        let style = whole[style].to_owned();
        Self { whole, text, style, elements }
    }

    /// The values of an attribute, over all elements.
    pub(crate) fn attributes<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.elements.iter().filter_map(move |element| element.attributes.get(name)).map(String::as_str)
    }

    /// How many elements have a name.
    pub(crate) fn elements(&self, name: &str) -> usize {
        self.elements.iter().filter(|element| element.name == name).count()
    }

    /// The text of the element with an id.
    pub(crate) fn text_of(&self, id: &str) -> String {
        let with_id = |element: &&Element| element.attributes.get("id").is_some_and(|own| own == id);
        self.elements.iter().find(with_id).unwrap_or_else(|| panic!("there is no `{id}`")).text.clone()
    }

    fn inside(&self, at: usize) -> &[Element] {
        &self.elements[at + 1..self.elements[at].end]
    }

    /// All roles with their clients: names as the page's table has them.
    fn roles(&self) -> Vec<(String, String)> {
        let at =
            self.elements.iter().position(|element| element.attributes.get("id").is_some_and(|id| id == "roles")).expect("roles");
        let inside = self.inside(at);
        let body = inside.iter().position(|element| element.name == "tbody").expect("a table");
        let cells: Vec<&Element> = inside[body..].iter().filter(|element| element.name == "td").collect();
        cells.chunks(4).map(|row| (row[0].text.trim_end_matches('/').to_owned(), row[1].text.clone())).collect()
    }

    /// Every value that the page states.
    pub(crate) fn values(&self) -> Vec<Stated> {
        let roles = self.roles();
        let mut stated = Vec::new();
        let mut client = String::new();
        for (at, element) in self.elements.iter().enumerate() {
            if element.is("cn") {
                client.clone_from(&element.text);
            }
            if !element.attributes.contains_key("data-setting") {
                continue;
            }
            let row = self.inside(at);
            let with: Vec<&String> =
                roles.iter().filter(|(_, clients)| clients.split(", ").any(|own| own == client)).map(|(name, _)| name).collect();
            let group = row.iter().position(|element| element.is("g"));
            let named: Vec<&str> = group
                .map(|at| row[at + 1..].iter().take_while(|element| element.is("r")).map(|name| name.text.as_str()).collect())
                .unwrap_or_default();
            let named: Vec<&str> =
                named.into_iter().map(|name| if name == "everyone else" { "everyone" } else { name }).collect();
            let kind = group.map_or("all", |at| row[at].attributes["data-g"].as_str());
            let own = with.into_iter().filter(|role| match kind {
                "all" => true,
                "only" => named.contains(&role.as_str()),
                "except" => !named.contains(&role.as_str()),
                other => panic!("a group of the kind {other}"),
            });
            let own: Vec<String> = own.cloned().collect();
            assert!(!own.is_empty(), "nobody has {:?}", element.attributes);
            let starts: Vec<usize> = (0..row.len()).filter(|at| row[*at].is("w")).collect();
            for (number, start) in starts.iter().enumerate() {
                let end = starts.get(number + 1).copied().unwrap_or(row.len());
                let texts = |class: &str| {
                    row[*start..end]
                        .iter()
                        .filter(|element| element.is(class))
                        .map(|element| element.text.clone())
                        .collect::<Vec<_>>()
                };
                stated.push(Stated {
                    roles: own.clone(),
                    files: texts("file"),
                    place: texts("place").remove(0),
                    value: texts("value").pop(),
                });
            }
        }
        stated
    }
}

fn push(piece: &str, text: &mut String, open: &[usize], elements: &mut [Element]) {
    text.push_str(piece);
    for at in open {
        elements[*at].text.push_str(piece);
    }
}

/// The values of an artifact by place; `None` for a file whose places the page does not name one by one.
pub(crate) fn values_of(file: &str, bytes: &[u8]) -> Option<BTreeMap<String, String>> {
    match file {
        "thunderbird/policies.json" => Some(policies(bytes)),
        "thunderbird/defaults.js" => Some(defaults(bytes)),
        "outlook/outlook.reg" => Some(registry(bytes)),
        _ if file.ends_with(".mobileconfig") => Some(profile(bytes)),
        _ => None,
    }
}

fn policies(bytes: &[u8]) -> BTreeMap<String, String> {
    let document: serde_json::Value = serde_json::from_slice(bytes).expect("JSON");
    let mut values = BTreeMap::new();
    for (name, value) in document["policies"].as_object().expect("policies") {
        if name == "Preferences" {
            for (name, entry) in value.as_object().expect("preferences") {
                values.insert(format!("/policies/Preferences/{name}"), entry["Value"].to_string());
            }
        } else {
            values.insert(format!("/policies/{name}"), sorted(value).to_string());
        }
    }
    values
}

fn sorted(value: &serde_json::Value) -> serde_json::Value {
    let mut value = value.clone();
    value.sort_all_objects();
    value
}

fn defaults(bytes: &[u8]) -> BTreeMap<String, String> {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    let line = |line: &str| {
        let inner = line.strip_prefix("pref(")?.strip_suffix(");")?;
        let inner = inner.strip_suffix(", locked").unwrap_or(inner);
        let parts: Vec<serde_json::Value> = serde_json::from_str(&format!("[{inner}]")).expect("JSON");
        Some((parts[0].as_str().expect("a name").to_owned(), parts[1].to_string()))
    };
    text.lines().filter_map(line).collect()
}

fn registry(bytes: &[u8]) -> BTreeMap<String, String> {
    let units: Vec<u16> = bytes.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    let text = String::from_utf16(&units).expect("UTF-16");
    let (mut values, mut key) = (BTreeMap::new(), String::new());
    for line in text.lines() {
        if let Some(whole) = line.strip_prefix("[-").and_then(|line| line.strip_suffix(']')) {
            values.insert(format!("{whole}\\(all values deleted)"), "(deleted)".to_owned());
        } else if let Some(section) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section.clone_into(&mut key);
        } else if let Some(end) = line.strip_prefix('"').and_then(|line| line.find("\"=")) {
            let (name, data) = (&line[1..=end], &line[end + 3..]);
            let place = format!("{key}\\{name}");
            if data == "-" {
                values.insert(format!("{place} (deleted)"), "(deleted)".to_owned());
            } else if let Some(number) = data.strip_prefix("dword:") {
                values.insert(place, u32::from_str_radix(number, 16).expect("a number").to_string());
            } else if let Some(quoted) = data.strip_prefix('"').and_then(|data| data.strip_suffix('"')) {
                values.insert(place, quoted.replace("\\\"", "\"").replace("\\\\", "\\"));
            } else {
                let (_, list) = data.split_once(':').expect("bytes");
                let bytes: Vec<u8> = list.split(',').map(|byte| u8::from_str_radix(byte, 16).expect("a byte")).collect();
                let units: Vec<u16> = bytes.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
                let text = String::from_utf16(&units).expect("UTF-16");
                values.insert(place, text.trim_end_matches('\0').replace('\0', "\n"));
            }
        }
    }
    values
}

/// The key without which Firefox reads no policy of a profile: part of the frame, and of no decision.
const SWITCH: &str = "EnterprisePoliciesEnabled";

fn profile(bytes: &[u8]) -> BTreeMap<String, String> {
    let document = plist::Value::from_reader_xml(bytes).expect("a property list");
    let mut values = BTreeMap::new();
    for payload in document.as_dictionary().and_then(|outer| outer["PayloadContent"].as_array()).expect("payloads") {
        let payload = payload.as_dictionary().expect("a payload");
        let kind = payload["PayloadType"].as_string().expect("a type");
        for (key, value) in payload.iter().filter(|(key, _)| !key.starts_with("Payload") && *key != SWITCH) {
            values.insert(format!("{kind}/{key}"), json(value).to_string());
        }
    }
    values
}

fn json(value: &plist::Value) -> serde_json::Value {
    match value {
        plist::Value::Boolean(flag) => (*flag).into(),
        plist::Value::Integer(number) => number.as_signed().expect("it fits").into(),
        plist::Value::String(text) => text.as_str().into(),
        plist::Value::Array(items) => items.iter().map(json).collect(),
        plist::Value::Dictionary(entries) => {
            serde_json::Value::Object(entries.iter().map(|(key, value)| (key.clone(), json(value))).collect())
        }
        other => panic!("{other:?}"),
    }
}

/// A place inside a nested value of a profile takes that part out of the value.
pub(crate) fn lift_nested(real: &mut BTreeMap<String, String>, shown: &BTreeMap<String, String>) {
    for place in shown.keys() {
        let Some((outer, inner)) =
            real.keys().find_map(|outer| Some((outer.clone(), place.strip_prefix(&format!("{outer}/"))?.to_owned())))
        else {
            continue;
        };
        let mut value: serde_json::Value = serde_json::from_str(&real[&outer]).expect("JSON");
        let (path, last) = inner.rsplit_once('/').map_or((None, inner.as_str()), |(path, last)| (Some(path), last));
        let parent = path.map_or(Some(&mut value), |_| None);
        let Some(taken) = parent.and_then(|parent| parent.as_object_mut()).and_then(|parent| parent.remove(last)) else {
            continue;
        };
        real.insert(place.clone(), taken.to_string());
        if value.as_object().is_some_and(serde_json::Map::is_empty) {
            real.remove(&outer);
        } else {
            real.insert(outer, value.to_string());
        }
    }
}
