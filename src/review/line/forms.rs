//! What a line of a file is about, by the form of the file alone.
//!
//! In: the text as groundplan writes it (indented JSON, sections, property lists), and a line from 1. Out: keys from the outermost
//! inwards, or the parts of one entry; nothing where the line is part of the frame.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

/// How many lines a file has.
pub fn lines(bytes: &[u8]) -> usize {
    decoded(bytes).lines().count()
}

/// UTF-8, or UTF-16LE with its byte order mark.
pub(super) fn decoded(bytes: &[u8]) -> String {
    match bytes.strip_prefix(&[0xff, 0xfe]) {
        Some(rest) => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The line itself.
pub(super) fn own(text: &str, line: usize) -> &str {
    line.checked_sub(1).and_then(|at| text.lines().nth(at)).unwrap_or_default()
}

/// The keys around a line of JSON, outermost first, by indentation.
pub(super) fn json_path(text: &str, line: usize) -> Vec<String> {
    let mut around: Vec<(usize, String)> = Vec::new();
    for text in text.lines().take(line) {
        let indent = indent(text);
        around.retain(|(depth, _)| *depth < indent);
        if let Some((key, _)) = text.trim_start().strip_prefix('"').and_then(|rest| rest.split_once("\":")) {
            around.push((indent, key.to_owned()));
        }
    }
    // A line that closes something belongs to what it closes.
    let closes = own(text, line).trim_start().starts_with([']', '}']);
    let closed = || around.iter().map(|(_, key)| key.clone()).collect();
    if closes { json_closed(text, line).unwrap_or_else(closed) } else { closed() }
}

/// The keys of what a line closes: those of the last line before it that is indented as deep.
fn json_closed(text: &str, line: usize) -> Option<Vec<String>> {
    let depth = indent(own(text, line));
    let opened = text.lines().take(line - 1).collect::<Vec<_>>().iter().rposition(|text| indent(text) == depth)?;
    Some(json_path(text, opened + 1))
}

fn indent(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// The object of a JSON list around a line; the list's entries are indented by this much.
pub(super) fn json_entry(text: &str, line: usize, depth: usize) -> Option<Value> {
    let brace = |text: &str| indent(text) == depth && text.trim_start().starts_with(['{', '}']);
    let all: Vec<&str> = text.lines().collect();
    let from = all.get(..line)?.iter().rposition(|text| indent(text) == depth && text.trim() == "{")?;
    let to = from + 1 + all[from + 1..].iter().position(|text| brace(text))?;
    // The line may stand behind the entry.
    (to + 1 >= line).then(|| serde_json::from_str(all[from..=to].join("\n").trim_end_matches(',')).ok()).flatten()
}

/// What a line of a settings catalogue may be about, the most exact first: the definition or option on it, and for a text or
/// number, which are neither, the definition before it.
pub(super) fn identifiers(text: &str, line: usize) -> Vec<&str> {
    let own = own(text, line);
    let value = string(own, "value");
    let before = value.and_then(|_| text.lines().take(line).filter_map(|line| string(line, DEFINITION)).last());
    string(own, DEFINITION).into_iter().chain(value).chain(before).collect()
}

/// The key of a definition in the settings catalogue.
const DEFINITION: &str = "settingDefinitionId";

/// What a line of JSON gives a key, without quotation marks.
fn string<'t>(line: &'t str, key: &str) -> Option<&'t str> {
    let value = line.trim().strip_prefix('"')?.strip_prefix(key)?.strip_prefix("\": ")?;
    Some(value.trim_end_matches(',').trim_matches('"'))
}

/// The name in a line that is a call with a name first, such as `pref("a.b", 1);`.
pub(super) fn called(text: &str, line: usize) -> Option<String> {
    let (_, rest) = own(text, line).split_once("ref(\"")?;
    Some(rest.split_once('"')?.0.to_owned())
}

/// Key with hive, and value name, of a registry file; no name where all values of the key go away. A line that opens a key
/// belongs to the first value in it.
pub(super) fn registry(text: &str, line: usize) -> Option<(String, Option<String>)> {
    let all: Vec<&str> = text.lines().take(line + 1).collect();
    let mut at = line - 1;
    let opens = |at: usize| all.get(at)?.strip_prefix('[')?.strip_suffix(']');
    if let Some(key) = opens(at) {
        match key.strip_prefix('-') {
            Some(emptied) => return Some((emptied.to_owned(), None)),
            None => at += 1,
        }
    }
    // A value that goes on for several lines: all but the last end in a backslash.
    while at > 0 && all.get(at - 1)?.ends_with('\\') {
        at -= 1;
    }
    let key = (0..at).rev().find_map(opens)?.to_owned();
    let own = *all.get(at)?;
    match own.strip_prefix('"') {
        Some(rest) => Some((key, Some(quoted(rest)?))),
        None => own.starts_with('@').then(|| (key, Some(String::new()))),
    }
}

/// The text up to the quotation mark that ends it, with what was escaped.
fn quoted(text: &str) -> Option<String> {
    let mut name = String::new();
    let mut characters = text.chars();
    loop {
        match characters.next()? {
            '"' => return Some(name),
            '\\' => name.push(characters.next()?),
            other => name.push(other),
        }
    }
}

/// The paragraph around a line.
pub(super) fn paragraph(text: &str, line: usize) -> Vec<&str> {
    let all: Vec<&str> = text.lines().collect();
    if own(text, line).is_empty() {
        return Vec::new();
    }
    let from = all[..line].iter().rposition(|text| text.is_empty()).map_or(0, |at| at + 1);
    let to = all[line - 1..].iter().position(|text| text.is_empty()).map_or(all.len(), |at| line - 1 + at);
    all[from..to].to_vec()
}

/// Section and key of a file of sections; what stands in brackets after the key is no part of it.
pub(super) fn section(text: &str, line: usize) -> Option<(String, String)> {
    let (key, _) = own(text, line).split_once('=')?;
    let section = text.lines().take(line).filter_map(|text| text.strip_prefix('[')?.strip_suffix(']')).last()?;
    Some((section.to_owned(), key.split('[').next().unwrap_or(key).to_owned()))
}

/// The first cell of a line of a table that is divided by commas.
pub(super) fn first_cell(text: &str, line: usize) -> String {
    let own = own(text, line).trim_start_matches('\u{feff}');
    own.strip_prefix('"')
        .map_or_else(|| own.split(',').next().unwrap_or_default().to_owned(), |rest| quoted(rest).unwrap_or_default())
}

/// The comment that opens the outermost element around a line.
pub(super) fn commented(text: &str, line: usize) -> Option<String> {
    let all: Vec<&str> = text.lines().collect();
    let opens = all.get(..line)?.iter().rposition(|text| text.starts_with('<') && !text.starts_with("</"))?;
    Some(all.get(opens + 1)?.trim().strip_prefix("<!--")?.strip_suffix("-->")?.trim().to_owned())
}

/// Payload type and keys of a profile, from the outermost key of the payload inwards.
pub(super) fn profile(text: &str, line: usize) -> Option<(String, Vec<String>)> {
    // Positions only grow, and the lines before the last one are counted already.
    let (mut counted, mut number) = (0, 1);
    let mut line_of = |position: u64| {
        let position = usize::try_from(position).unwrap_or(usize::MAX).min(text.len());
        number += text.get(counted..position).map_or(0, |piece| piece.matches('\n').count());
        counted = position;
        number
    };
    let mut reader = Reader::from_str(text);
    // Open dictionaries: where they start, and the key that each is at.
    let mut open: Vec<String> = Vec::new();
    let (mut in_key, mut in_text, mut kind) = (false, false, None::<String>);
    let mut keys: Vec<(usize, Vec<String>)> = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                in_key = start.name().0 == "key";
                in_text = start.name().0 == "string";
                if start.name().0 == "dict" {
                    open.push(String::new());
                    if open.len() == PAYLOAD {
                        // The dictionary itself is part of the frame.
                        keys.push((line_of(reader.buffer_position()), Vec::new()));
                    }
                }
            }
            Ok(Event::Text(piece)) if in_key => {
                if let Some(key) = open.last_mut() {
                    piece.to_string().clone_into(key);
                }
                if open.len() >= PAYLOAD {
                    keys.push((line_of(reader.buffer_position()), open[PAYLOAD - 1..].to_vec()));
                }
            }
            Ok(Event::Text(piece)) if in_text && open.len() == PAYLOAD && open[PAYLOAD - 1] == "PayloadType" => {
                kind = Some(piece.to_string());
            }
            Ok(Event::End(end)) => {
                (in_key, in_text) = (false, false);
                if end.name().0 == "dict" {
                    open.pop();
                    let at = line_of(reader.buffer_position());
                    if open.len() == PAYLOAD - 1 && at >= line {
                        keys.push((at, Vec::new()));
                        break;
                    }
                    if open.len() == PAYLOAD - 1 {
                        keys.clear();
                    }
                }
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    let (_, path) = keys.into_iter().rev().find(|(from, _)| *from <= line)?;
    (!path.is_empty()).then_some((kind?, path))
}

/// The profile is a dictionary, and each payload one inside it.
const PAYLOAD: usize = 2;

/// What a line of a paper has between backticks.
pub(super) fn ticked(text: &str, line: usize) -> Vec<String> {
    own(text, line).split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
