//! From a line of an artifact to the name of what is written there.
//!
//! Looked at is the form that groundplan itself writes: indented JSON, `.reg` sections, `pref` lines, property lists. In: the
//! file's path below the role's folder, its bytes, and a line. Out: a name that [`find`](super::find) knows, as long as
//! the schemas and the content do.

use quick_xml::Reader;
use quick_xml::events::Event;

/// Names for what stands on a line, the most exact first; nothing when it is part of the frame of its file.
pub fn names_at(file: &str, bytes: &[u8], line: usize) -> Vec<String> {
    let text = decoded(bytes);
    let ending = file.rsplit('.').next().unwrap_or_default();
    match ending {
        "json" => json(&text, line),
        "js" => preference(&text, line).into_iter().collect(),
        "reg" => registry(&text, line).into_iter().collect(),
        "mobileconfig" => profile(&text, line),
        "md" => decisions(&text, line),
        _ => Vec::new(),
    }
}

/// How many lines a file has.
pub fn lines(bytes: &[u8]) -> usize {
    decoded(bytes).lines().count()
}

/// UTF-8, or UTF-16LE with its byte order mark.
fn decoded(bytes: &[u8]) -> String {
    match bytes.strip_prefix(&[0xff, 0xfe]) {
        Some(rest) => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The keys around a line, outermost first, by indentation.
fn json(text: &str, line: usize) -> Vec<String> {
    let mut around: Vec<(usize, String)> = Vec::new();
    for text in text.lines().take(line) {
        let indent = text.len() - text.trim_start().len();
        around.retain(|(depth, _)| *depth < indent);
        if let Some((key, _)) = text.trim_start().strip_prefix('"').and_then(|rest| rest.split_once("\":")) {
            around.push((indent, key.to_owned()));
        }
    }
    // The outermost key holds all policies, and one policy holds all preferences.
    let mut names: Vec<String> = around.into_iter().skip(1).take(2).map(|(_, key)| key).collect();
    names.reverse();
    names
}

fn preference(text: &str, line: usize) -> Option<String> {
    let (name, _) = text.lines().nth(line.checked_sub(1)?)?.strip_prefix("pref(\"")?.split_once('"')?;
    Some(name.to_owned())
}

fn registry(text: &str, line: usize) -> Option<String> {
    let mut section = None;
    for text in text.lines().take(line) {
        if let Some(key) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = Some(key.trim_start_matches('-'));
        }
    }
    let own = text.lines().nth(line.checked_sub(1)?)?;
    let section = section?;
    match own.strip_prefix('"').and_then(|rest| rest.split_once("\"=")) {
        Some((name, _)) => Some(format!("{section}\\{name}")),
        None => own.starts_with('[').then(|| section.to_owned()),
    }
}

/// The keys of a payload, from the whole way inwards to the first one.
fn profile(text: &str, line: usize) -> Vec<String> {
    let line_of = |position: u64| {
        text.as_bytes().iter().take(usize::try_from(position).unwrap_or(usize::MAX)).filter(|byte| **byte == b'\n').count() + 1
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
                    if open.len() == PAYLOAD - 1 && line_of(reader.buffer_position()) >= line {
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
    let at = keys.iter().rev().find(|(from, _)| *from <= line);
    let (Some((_, path)), Some(kind)) = (at, kind) else { return Vec::new() };
    (1..=path.len()).rev().map(|deep| format!("{kind}:{}", path[..deep].join("/"))).collect()
}

/// The profile is a dictionary, and each payload one inside it.
const PAYLOAD: usize = 2;

/// The decisions that a line of a paper names.
fn decisions(text: &str, line: usize) -> Vec<String> {
    let own = line.checked_sub(1).and_then(|at| text.lines().nth(at)).unwrap_or_default();
    own.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::names_at;

    #[test]
    fn a_line_leads_to_the_policy_or_preference_around_it() {
        let text = b"{\n  \"policies\": {\n    \"DisableTelemetry\": true,\n    \"Preferences\": {\n      \"a.b\": {\n        \"Status\": \"locked\",\n        \"Value\": 1\n      }\n    }\n  }\n}\n";
        let at = |line| names_at("thunderbird/policies.json", text, line);
        assert_eq!(at(3), ["DisableTelemetry"]);
        assert_eq!(at(7), ["a.b", "Preferences"]);
        assert_eq!(at(2), [""; 0]);
    }

    #[test]
    fn a_line_of_a_registry_file_is_its_value_or_key() {
        let text = "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\a\\b]\r\n\"c\"=dword:00000001\r\n";
        let bytes: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(names_at("outlook/outlook.reg", &bytes, 4), ["HKEY_CURRENT_USER\\a\\b\\c"]);
        assert_eq!(names_at("outlook/outlook.reg", &bytes, 3), ["HKEY_CURRENT_USER\\a\\b"]);
        assert_eq!(names_at("outlook/outlook.reg", &bytes, 1), [""; 0]);
    }

    #[test]
    fn a_line_of_a_profile_is_a_key_of_its_own_payload() {
        let payload = |kind: &str| {
            format!(
                "<dict>\n<key>Host</key>\n<string>x</string>\n<key>Deep</key>\n<dict>\n<key>In</key>\n<true/>\n</dict>\n<key>PayloadType</key>\n<string>{kind}</string>\n</dict>\n"
            )
        };
        let text = format!(
            "<plist>\n<dict>\n<key>PayloadContent</key>\n<array>\n{}{}</array>\n</dict>\n</plist>\n",
            payload("one"),
            payload("two")
        );
        let at = |line| names_at("macos/user.mobileconfig", text.as_bytes(), line);
        assert_eq!(at(7), ["one:Host"]);
        assert_eq!(at(11), ["one:Deep/In", "one:Deep"]);
        assert_eq!(at(18), ["two:Host"]);
        assert_eq!(at(3), [""; 0]);
    }
}
