//! Builds the tree from parser events and collects what is wrong.

use std::collections::BTreeMap;
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle};
use unicode_normalization::is_nfc;

use super::{Document, Entry, Kind, Node, Span, find_forbidden};
use crate::diag::{Code, Finding, Place, SourceFile};

/// How much input is taken.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Levels of nesting.
    pub depth: usize,
    /// Nodes of the tree.
    pub nodes: usize,
}

impl Default for Limits {
    /// 1 MiB, 32 levels, 400,000 nodes (a plan of 10,000 roles with a dozen answers each has half of that).
    fn default() -> Self {
        Self { bytes: 1 << 20, depth: 32, nodes: 400_000 }
    }
}

/// Reads one YAML document.
///
/// The findings are empty exactly when a document comes back that is fit for use; with findings the document, where there
/// is one, only serves to find more.
pub fn parse(name: &str, bytes: &[u8], limits: Limits) -> (Option<Document>, Vec<Finding>) {
    if bytes.len() > limits.bytes {
        let file = SourceFile::new(name, "");
        let finding =
            Finding::error(Code::SourceTooLarge, format!("the file has {} bytes, more than {}", bytes.len(), limits.bytes));
        let help = "a plan is a few pages of text: is this the right file?";
        return (None, vec![finding.at(Place { file, span: 0..0 }).help(help)]);
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let file = SourceFile::new(name, String::from_utf8_lossy(&bytes[..error.valid_up_to()]));
            let end = file.text.len();
            let finding = Finding::error(
                Code::SourceNotUtf8,
                format!("the file is not UTF-8 text: byte {} is not valid", error.valid_up_to() + 1),
            );
            return (None, vec![finding.at(Place { file, span: end..end }).help("save it as UTF-8 without byte order mark")]);
        }
    };
    let file = SourceFile::new(name, text);
    let mut findings = forbidden(&file);
    if !findings.is_empty() {
        return (None, findings);
    }
    let root = Builder::new(&file, limits).build(&mut findings);
    (root.map(|root| Document { file, root }), findings)
}

/// At most this many characters are reported one by one; a binary file has thousands.
const REPORTED_CHARACTERS: usize = 20;

fn forbidden(file: &Arc<SourceFile>) -> Vec<Finding> {
    let finding = |(at, character): (usize, char)| {
        Finding::error(
            Code::SourceCharacter,
            format!("the text holds the character U+{:04X}, which cannot be seen", u32::from(character)),
        )
        .at(Place { file: Arc::clone(file), span: at..at + character.len_utf8() })
        .help(if character == '\t' {
            "indent with spaces"
        } else {
            "remove it; if it belongs to a name, write the name without it"
        })
    };
    find_forbidden(&file.text).take(REPORTED_CHARACTERS).map(finding).collect()
}

/// A collection whose end has not come yet.
enum Open {
    List { start: usize, items: Vec<Node> },
    Map { start: usize, entries: Vec<Entry>, places: BTreeMap<String, Span>, key: Option<Key> },
}

/// The key that waits for its value. `repeated` drops the entry once its value is complete.
struct Key {
    text: String,
    span: Span,
    repeated: bool,
}

struct Builder<'a> {
    file: &'a Arc<SourceFile>,
    limits: Limits,
    nodes: usize,
    open: Vec<Open>,
    root: Option<Node>,
}

impl<'a> Builder<'a> {
    fn new(file: &'a Arc<SourceFile>, limits: Limits) -> Self {
        Self { file, limits, nodes: 0, open: Vec::new(), root: None }
    }

    fn build(mut self, findings: &mut Vec<Finding>) -> Option<Node> {
        let options = granit_parser::options! { emit_unresolved_aliases: true, disallow_directives: false };
        let mut documents = 0_usize;
        for event in Parser::new_from_str_with_options(&self.file.text, options) {
            let (event, span) = match event {
                Ok(event) => event,
                Err(error) => {
                    let at = error.marker().byte_offset().unwrap_or(0).min(self.file.text.len());
                    findings.push(
                        Finding::error(Code::SourceSyntax, format!("this is not valid YAML: {}", error.info()))
                            .at(self.place(at, at))
                            .help("the cause often stands just before: a bracket or quotation mark that is not closed, wrong indentation, or a text that needs quotation marks"),
                    );
                    return None;
                }
            };
            let range = span.byte_range().unwrap_or(0..0);
            let span = Span { start: clamp(range.start), end: clamp(range.end) };
            match event {
                Event::DocumentStart(..) => {
                    documents += 1;
                    if documents > 1 {
                        findings.push(
                            Finding::error(Code::SourceDocument, "a second document starts here")
                                .at(self.place(range.start, range.end))
                                .help("a plan is one document; remove the line `---`"),
                        );
                        return None;
                    }
                }
                Event::Alias(..) | Event::UnresolvedAlias(..) => {
                    findings.push(self.refused(span, "an alias (`*name`)"));
                    self.add(Node { span, kind: Kind::Nothing }, findings);
                }
                Event::Scalar(text, style, anchor, tag) => {
                    self.properties(anchor, tag.is_some(), span, findings);
                    let plain = style == ScalarStyle::Plain;
                    let kind = if plain && matches!(text.as_ref(), "" | "~" | "null" | "Null" | "NULL") {
                        Kind::Nothing
                    } else {
                        Kind::Scalar { text: text.into_owned().into(), plain }
                    };
                    self.add(Node { span: self.trimmed(span), kind }, findings);
                }
                Event::SequenceStart(_, anchor, tag) => {
                    self.properties(anchor, tag.is_some(), span, findings);
                    self.open.push(Open::List { start: range.start, items: Vec::new() });
                }
                Event::MappingStart(_, anchor, tag) => {
                    self.properties(anchor, tag.is_some(), span, findings);
                    self.open.push(Open::Map { start: range.start, entries: Vec::new(), places: BTreeMap::new(), key: None });
                }
                Event::SequenceEnd | Event::MappingEnd => self.close(range.end, findings),
                _ => {}
            }
            if self.open.len() > self.limits.depth || self.nodes > self.limits.nodes {
                let what = if self.open.len() > self.limits.depth {
                    format!("nests deeper than {} levels", self.limits.depth)
                } else {
                    format!("holds more than {} values", self.limits.nodes)
                };
                let finding = Finding::error(Code::SourceTooDeep, format!("the file {what}"));
                findings.push(
                    finding
                        .at(self.place(range.start, range.end))
                        .help("no plan needs that: look for a bracket that stands twice"),
                );
                return None;
            }
        }
        if self.root.is_none() {
            findings.push(
                Finding::error(Code::SourceDocument, "the file holds nothing")
                    .at(self.place(0, 0))
                    .help("`groundplan init` writes a plan to start from"),
            );
        }
        self.root
    }

    fn place(&self, start: usize, end: usize) -> Place {
        Place { file: Arc::clone(self.file), span: start..end }
    }

    fn refused(&self, span: Span, what: &str) -> Finding {
        Finding::error(Code::SourceAlias, format!("{what} is not taken here"))
            .at(Place { file: Arc::clone(self.file), span: span.range() })
            .help("write the value out, so that every reader sees what it is")
    }

    fn properties(&self, anchor: usize, tag: bool, span: Span, findings: &mut Vec<Finding>) {
        if anchor != 0 {
            findings.push(self.refused(span, "an anchor (`&name`)"));
        }
        if tag {
            findings.push(self.refused(span, "a tag (`!name`)"));
        }
    }

    /// The span without white space at its ends (events of block scalars and empty values reach to the next token).
    fn trimmed(&self, span: Span) -> Span {
        let text = &self.file.text[span.range()];
        let cut = text.len() - text.trim_end().len();
        if text.trim_end().is_empty() {
            Span { start: span.start, end: span.start }
        } else {
            Span { start: span.start, end: span.end - clamp(cut) }
        }
    }

    fn close(&mut self, end: usize, findings: &mut Vec<Finding>) {
        let (start, kind) = match self.open.pop().expect("the parser balances starts and ends") {
            Open::List { start, items } => (start, Kind::List(items)),
            Open::Map { start, entries, .. } => (start, Kind::Map(entries)),
        };
        let span = self.trimmed(Span { start: clamp(start), end: clamp(end.max(start)) });
        self.add(Node { span, kind }, findings);
    }

    /// Puts a complete node where it belongs: into the open collection, or at the root.
    fn add(&mut self, node: Node, findings: &mut Vec<Finding>) {
        self.nodes += 1;
        if let Kind::Scalar { text, .. } = &node.kind
            && !text.is_ascii()
        {
            self.check_text(text, node.span, findings);
        } else if let Kind::Scalar { text, plain: false } = &node.kind
            && find_forbidden(text).next().is_some()
        {
            // An escape inside double quotes writes what the raw text does not show.
            self.check_text(text, node.span, findings);
        }
        let file = self.file;
        let place = |span: Span| Place { file: Arc::clone(file), span: span.range() };
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Map { entries, places, key, .. }) => match key.take() {
                Some(Key { repeated: true, .. }) => {}
                Some(Key { text, span, .. }) => entries.push(Entry { key: text.into(), key_span: span, value: node }),
                None => {
                    let mut repeated = false;
                    let text = if let Kind::Scalar { text, .. } = node.kind {
                        let text = text.into_owned();
                        if let Some(first) = places.get(&text) {
                            repeated = true;
                            let finding =
                                Finding::error(Code::SourceDuplicateKey, format!("the key `{text}` stands twice in one map"));
                            findings.push(
                                finding
                                    .at(place(node.span))
                                    .also(place(*first), "first")
                                    .help("keep one of them; YAML readers differ in which one they take"),
                            );
                        } else {
                            places.insert(text.clone(), node.span);
                        }
                        text
                    } else {
                        repeated = true;
                        let finding = Finding::error(Code::SourceKey, "a key must be a word");
                        findings.push(finding.at(place(node.span)).help("write `key: value` with a plain word as key"));
                        String::new()
                    };
                    *key = Some(Key { text, span: node.span, repeated });
                }
            },
        }
    }

    fn check_text(&self, text: &str, span: Span, findings: &mut Vec<Finding>) {
        let place = || Place { file: Arc::clone(self.file), span: span.range() };
        if !is_nfc(text) {
            findings.push(
                Finding::error(Code::SourceNotNormalised, "the text holds a letter that is put together of two characters (it is not in Unicode normalisation form C)")
                    .at(place())
                    .help("type it anew, or convert the file with `uconv -x nfc`; two spellings that look the same would otherwise be two names"),
            );
        }
        let one_line_feed_is_fine = |(_, character): &(usize, char)| *character != '\n';
        if let Some((_, character)) = find_forbidden(text).find(one_line_feed_is_fine) {
            findings.push(
                Finding::error(
                    Code::SourceCharacter,
                    format!("the text holds the character U+{:04X}, which cannot be seen", u32::from(character)),
                )
                .at(place())
                .help("remove the escape"),
            );
        }
    }
}

/// Offsets fit `u32` because the size of the text was checked against [`Limits::bytes`].
fn clamp(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
