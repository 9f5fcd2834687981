//! Apple's payload schema files to the table `payloads.tsv`.
//!
//! In: the YAML files of `mdm/profiles/` of Apple's repository by name. Out: one text, the same bytes for the same files in
//! any order. A line `@type` opens a payload type (or one variant of it, where Apple spreads a type over several files);
//! the lines below are its keys, sorted by path. `[]` is the element of a list, `*` stands for any key name; an empty
//! version or channel is inherited; trailing empty columns are left out. A structure that holds itself (Apple writes it
//! with an alias to an ancestor) becomes one line that names, in the last column, the key whose content it repeats.
//!
//! Only what macOS takes is kept, and no explanatory text. An attribute this importer does not know is refused: it may be
//! a constraint. Meaning of the attributes: `docs/schema.yaml` of Apple's repository.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::import_yaml::{Graph, YamlError};

const ROWS_AT_MOST: usize = 50_000;
const DEPTH_AT_MOST: usize = 24;

/// What a key may say; a new word may carry a constraint, so it is refused until someone has read what it means.
const ATTRIBUTES: [&str; 18] = [
    "asset-content-types",
    "assettypes",
    "combinetype",
    "content",
    "default",
    "format",
    "key",
    "presence",
    "range",
    "rangelist",
    "repetition",
    "subkeys",
    "subkeytype",
    "subtype",
    "supportedOS",
    "title",
    "type",
    "valuetype",
];

const TYPES: [&str; 9] = ["any", "array", "boolean", "data", "date", "dictionary", "integer", "real", "string"];

/// A vendor's file that cannot be taken over.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file is not text.
    #[error("read `{file}`: it is not UTF-8")]
    NotText {
        /// The file.
        file: String,
    },
    /// The file is not YAML.
    #[error("read `{file}`")]
    Yaml {
        /// The file.
        file: String,
        /// Where and why.
        #[source]
        source: granit_parser::ScanError,
    },
    /// The file is not CSV, or lacks a column.
    #[error("read the list of preferences")]
    Csv(#[from] csv::Error),
    /// Something in the file is not what the format says, or would not survive the table.
    #[error("import `{file}`: {place} has {found}")]
    Refused {
        /// The file.
        file: String,
        /// The key or line, in words.
        place: String,
        /// What was found.
        found: String,
    },
}

/// Makes the table of payload keys from Apple's schema files.
///
/// `files` are name and content, e.g. `com.apple.mail.managed.yaml`; a part of the name in parentheses is the variant of a
/// payload type that several files share. `origin` says repository, commit and licence; it becomes a header line.
///
/// # Errors
/// [`ImportError`] when a file is not text or YAML, uses a word this importer does not know, says something twice, or holds
/// more than 50,000 keys or 24 levels of them.
pub fn import(files: &[(String, Vec<u8>)], origin: &str) -> Result<String, ImportError> {
    let mut sections = BTreeMap::new();
    let mut sums = BTreeMap::new();
    let mut declarations = 0;
    for (name, bytes) in files {
        if sums.insert(name, hex(&Sha256::digest(bytes))).is_some() {
            return Err(refused(name, "the list of files", "this name twice"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| ImportError::NotText { file: name.clone() })?;
        let graph = Graph::parse(text).map_err(|error| match error {
            YamlError::Scan(source) => ImportError::Yaml { file: name.clone(), source },
            YamlError::Refused { what, line, column } => refused(name, &format!("line {line}:{column}"), what),
        })?;
        let mut file = File { name, graph: &graph, node: Cell::new(0), rows: BTreeMap::new() };
        let (kind, head) = file.payload()?;
        declarations += usize::from(file.is_declaration());
        let variant = variant(name);
        file.keys()?;
        if sections.insert((kind, variant), (head, file.rows)).is_some() {
            return Err(refused(name, "the payload", "a type that another file has too"));
        }
    }

    if declarations > 0 && declarations < files.len() {
        return Err(refused("the files", "the list", "payloads and declarations, which have a table each"));
    }
    let (what, inputs) = if declarations > 0 {
        // A part of two folders, so that each file is named.
        let lines: String =
            sums.iter().fold(String::new(), |lines, (name, sum)| lines + &format!("# SHA-256 of {name}: {sum}\n"));
        ("Apple's declarations", lines)
    } else {
        // The lines that `sha256sum * | sort -k2` would print.
        let listing = sums.iter().fold(String::new(), |lines, (name, sum)| lines + &format!("{sum}  {name}\n"));
        let sum = hex(&Sha256::digest(listing.as_bytes()));
        let inputs =
            format!("# inputs: {} files, SHA-256 over their `sha256sum` lines in the order of their names: {sum}\n", files.len());
        ("Apple's configuration profile payloads", inputs)
    };
    let (of_type, of_key) = if declarations > 0 { ("\tenrolments", "\tassets\tcombine\tasset content") } else { ("", "") };
    let mut table = format!(
        "# {what}, as far as macOS takes them. Generated, not edited.\n\
         # origin: {}\n\
         {inputs}\
         # generated by: groundplan vendor import\n\
         # @type\tvariant\ttitle\tintroduced\tdeprecated\tremoved\tmultiple\tchannels{of_type}\n\
         # path\ttype\tpresence\tvalues\trange\tformat\tcount\tintroduced\tdeprecated\tremoved\tchannels\tcontent-as{of_key}\n",
        one_line(origin),
    );
    for ((kind, variant), (head, rows)) in &sections {
        push_line(&mut table, &format!("@{kind}\t{variant}\t{head}"));
        for (path, columns) in rows {
            push_line(&mut table, &format!("{path}\t{columns}"));
        }
    }
    Ok(table)
}

/// The part in parentheses of `com.apple.MCX(Accounts).yaml`.
fn variant(file: &str) -> String {
    file.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(inner, _)| inner.to_owned()).unwrap_or_default()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn push_line(table: &mut String, line: &str) {
    table.push_str(line.trim_end_matches('\t'));
    table.push('\n');
}

pub(super) fn refused(file: &str, place: &str, found: impl Into<String>) -> ImportError {
    ImportError::Refused { file: file.to_owned(), place: place.to_owned(), found: found.into() }
}

struct File<'a> {
    name: &'a str,
    graph: &'a Graph,
    /// The node that is read, for the place of a fault.
    node: Cell<usize>,
    /// Path to the columns after it.
    rows: BTreeMap<String, String>,
}

impl File<'_> {
    /// A fault at the node that is read, with line and column in the file.
    fn refused(&self, place: &str, found: impl Into<String>) -> ImportError {
        let (line, column) = self.graph.place(self.node.get());
        refused(self.name, &format!("line {line}:{column}, {place},"), found)
    }

    /// The payload type, and the columns of its line after the variant.
    fn payload(&self) -> Result<(String, String), ImportError> {
        let payload = self.graph.entry(0, "payload").ok_or_else(|| self.refused("the file", "no `payload`"))?;
        let kind = self.graph.entry_text(payload, if self.is_declaration() { "declarationtype" } else { "payloadtype" });
        let kind = kind.ok_or_else(|| self.refused("the payload", "no `payloadtype`"))?;
        let kind = self.cell("the payload type", kind, &[':', '/'])?;
        let title = self.cell("the title", self.graph.entry_text(0, "title").unwrap_or_default(), &[])?;
        let place = "the payload";
        let mac = self.graph.entry(payload, "supportedOS").and_then(|os| self.graph.entry(os, "macOS"));
        let Some(mac) = mac else {
            return Ok((kind.to_owned(), format!("{title}\tn/a")));
        };
        if self.is_declaration() {
            let apply = self.graph.entry_text(payload, "apply").unwrap_or_default();
            let apply = self.cell(place, apply, &[])?;
            let (scopes, enrolments) = (self.scopes(place, mac)?, self.words(place, mac, "allowed-enrollments")?);
            return Ok((kind.to_owned(), format!("{title}\t{}\t{apply}\t{scopes}\t{enrolments}", self.versions(place, mac)?)));
        }
        let multiple = if self.flag(place, mac, "multiple")?.unwrap_or(false) { "multiple" } else { "" };
        let channels = match (self.flag(place, mac, "devicechannel")?, self.flag(place, mac, "userchannel")?) {
            (Some(true), Some(true)) => "device+user",
            (Some(true), _) => "device",
            (_, Some(true)) => "user",
            _ => "",
        };
        Ok((kind.to_owned(), format!("{title}\t{}\t{multiple}\t{channels}", self.versions(place, mac)?)))
    }

    /// Whether the file describes a declaration and no payload of a profile.
    fn is_declaration(&self) -> bool {
        let payload = self.graph.entry(0, "payload");
        payload.is_some_and(|payload| self.graph.entry(payload, "declarationtype").is_some())
    }

    /// The channels of a declaration, as those of a payload are written.
    fn scopes(&self, place: &str, mac: usize) -> Result<&'static str, ImportError> {
        match self.words(place, mac, "allowed-scopes")?.as_str() {
            "" => Ok(""),
            "user" => Ok("user"),
            "system" => Ok("device"),
            "system|user" | "user|system" => Ok("device+user"),
            other => Err(self.refused(place, format!("the scopes `{other}`"))),
        }
    }

    /// The words of a list, separated by `|`.
    fn words(&self, place: &str, node: usize, attribute: &str) -> Result<String, ImportError> {
        let Some(list) = self.graph.entry(node, attribute) else { return Ok(String::new()) };
        let items = self.graph.list(list).ok_or_else(|| self.refused(place, format!("`{attribute}` that is no list")))?;
        let word = |&item| self.cell(place, self.graph.text(item).unwrap_or_default(), &['|']);
        Ok(items.iter().map(word).collect::<Result<Vec<_>, _>>()?.join("|"))
    }

    fn keys(&mut self) -> Result<(), ImportError> {
        let keys = self.graph.entry(0, "payloadkeys").ok_or_else(|| self.refused("the file", "no `payloadkeys`"))?;
        self.below("", keys, false, &mut Vec::new())
    }

    /// Takes the keys of one level. `way` holds the levels above it: the node of each, and the path that owns it.
    fn below(&mut self, owner: &str, keys: usize, element: bool, way: &mut Vec<(usize, String)>) -> Result<(), ImportError> {
        let place = if owner.is_empty() { "the payload" } else { owner };
        if way.len() >= DEPTH_AT_MOST {
            return Err(self.refused(place, "more than 24 levels"));
        }
        self.node.set(keys);
        let items = self.graph.list(keys).ok_or_else(|| self.refused(place, "keys that are no list"))?;
        if element && items.len() != 1 {
            return Err(self.refused(place, format!("{} kinds of elements, where a list has one", items.len())));
        }
        way.push((keys, owner.to_owned()));
        for &item in items {
            self.node.set(item);
            let name = self.graph.entry_text(item, "key").ok_or_else(|| self.refused(place, "a key without name"))?;
            let name = self.cell(place, name, &['/', ':', '#', '@'])?;
            let step = match (element, name) {
                (true, _) => "[]",
                (false, "ANY") => "*",
                (false, name) => name,
            };
            let path = if owner.is_empty() { step.to_owned() } else { format!("{owner}/{step}") };
            self.key(&path, item, way)?;
        }
        way.pop();
        Ok(())
    }

    fn key(&mut self, path: &str, item: usize, way: &mut Vec<(usize, String)>) -> Result<(), ImportError> {
        self.node.set(item);
        for (attribute, _) in self.graph.map(item).unwrap_or_default() {
            if ATTRIBUTES.binary_search(&attribute.as_str()).is_err() {
                return Err(self.refused(path, format!("the attribute `{attribute}`, which this importer does not know")));
            }
        }
        let kind = self.graph.entry_text(item, "type").unwrap_or_default();
        let kind = kind.strip_prefix('<').and_then(|kind| kind.strip_suffix('>')).unwrap_or_default();
        if TYPES.binary_search(&kind).is_err() {
            return Err(self.refused(path, "no known type"));
        }
        let presence = match self.graph.entry_text(item, "presence") {
            Some("required") => "required",
            Some("optional") | None => "",
            Some(other) => return Err(self.refused(path, format!("the presence `{other}`"))),
        };
        let values = self.values(path, item)?;
        let range = self.bounds(path, item, "range")?;
        let count = self.bounds(path, item, "repetition")?;
        let format = self.cell(path, self.graph.entry_text(item, "format").unwrap_or_default(), &[])?;
        let mac = self.graph.entry(item, "supportedOS").and_then(|os| self.graph.entry(os, "macOS"));
        let versions = mac.map_or(Ok("\t\t".to_owned()), |mac| self.versions(path, mac))?;
        let channels = match mac {
            Some(mac) if self.is_declaration() => self.scopes(path, mac)?,
            Some(mac) => match (self.flag(path, mac, "devicechannel")?, self.flag(path, mac, "userchannel")?) {
                (None | Some(true), Some(false)) => "device",
                (Some(false), None | Some(true)) => "user",
                (None, None) => "",
                _ => return Err(self.refused(path, "a combination of channels that says nothing")),
            },
            None => "",
        };
        let subkeys = self.graph.entry(item, "subkeys");
        let like = subkeys.and_then(|keys| way.iter().find(|(node, _)| *node == keys)).map(|(_, owner)| owner.as_str());
        if like == Some("") {
            return Err(self.refused(path, "a structure that repeats the whole payload"));
        }
        let like_column = like.unwrap_or_default();
        let mut columns =
            format!("{kind}\t{presence}\t{values}\t{range}\t{format}\t{count}\t{versions}\t{channels}\t{like_column}");
        if self.is_declaration() {
            let combine = self.cell(path, self.graph.entry_text(item, "combinetype").unwrap_or_default(), &[])?;
            let (assets, content) = (self.words(path, item, "assettypes")?, self.words(path, item, "asset-content-types")?);
            let _ = write!(columns, "\t{assets}\t{combine}\t{content}");
        }
        if self.rows.len() >= ROWS_AT_MOST {
            return Err(self.refused(path, "more than 50,000 keys"));
        }
        if self.rows.insert(path.to_owned(), columns).is_some() {
            return Err(self.refused(path, "a second definition"));
        }
        match (kind, subkeys) {
            ("array" | "dictionary", None) => Err(self.refused(path, "no definition of what it holds")),
            ("array" | "dictionary", Some(keys)) if like.is_none() => self.below(path, keys, kind == "array", way),
            (_, Some(_)) if like.is_none() => Err(self.refused(path, "subkeys, which only a list or dictionary has")),
            _ => Ok(()),
        }
    }

    /// The allowed values, separated by `|`.
    fn values(&self, path: &str, item: usize) -> Result<String, ImportError> {
        let Some(list) = self.graph.entry(item, "rangelist") else { return Ok(String::new()) };
        let items = self.graph.list(list).ok_or_else(|| self.refused(path, "a `rangelist` that is no list"))?;
        let mut values = Vec::new();
        for &value in items {
            let value = self.graph.text(value).ok_or_else(|| self.refused(path, "an allowed value that is no scalar"))?;
            if value.is_empty() {
                return Err(self.refused(path, "an empty allowed value"));
            }
            values.push(self.cell(path, value, &['|'])?);
        }
        Ok(values.join("|"))
    }

    /// `min..max`, either side may be empty; nothing when there are no bounds.
    fn bounds(&self, path: &str, item: usize, attribute: &str) -> Result<String, ImportError> {
        let Some(range) = self.graph.entry(item, attribute) else { return Ok(String::new()) };
        let bound = |side| {
            let text = self.graph.entry_text(range, side).unwrap_or_default();
            if text.is_empty() || text.parse::<f64>().is_ok_and(f64::is_finite) {
                Ok(text)
            } else {
                Err(self.refused(path, format!("the bound `{text}`")))
            }
        };
        Ok(format!("{}..{}", bound("min")?, bound("max")?))
    }

    /// Three columns: introduced, deprecated, removed.
    fn versions(&self, place: &str, mac: usize) -> Result<String, ImportError> {
        let mut columns = Vec::new();
        for attribute in ["introduced", "deprecated", "removed"] {
            // One file says `all` for a key that is as old as its payload.
            let version = self.graph.entry_text(mac, attribute).filter(|version| *version != "all").unwrap_or_default();
            let digits = !version.is_empty() && version.split('.').all(|part| part.parse::<u32>().is_ok());
            if !(version.is_empty() || digits || attribute == "introduced" && version == "n/a") {
                return Err(self.refused(place, format!("the version `{version}`")));
            }
            columns.push(version);
        }
        Ok(columns.join("\t"))
    }

    fn flag(&self, place: &str, mac: usize, attribute: &str) -> Result<Option<bool>, ImportError> {
        match self.graph.entry_text(mac, attribute) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => Err(self.refused(place, format!("`{attribute}: {other}`"))),
        }
    }

    /// Text that may stand in a cell of the table.
    fn cell<'t>(&self, place: &str, text: &'t str, forbidden: &[char]) -> Result<&'t str, ImportError> {
        match text.chars().find(|c| c.is_control() || forbidden.contains(c)) {
            None if text.trim() == text => Ok(text),
            None => Err(self.refused(place, format!("blanks around `{text}`"))),
            Some(c) => Err(self.refused(place, format!("U+{:04X} in `{}`", u32::from(c), text.escape_debug()))),
        }
    }
}
