//! The finding: one thing wrong or noteworthy in the input.
//!
//! Findings are collected, never thrown at the first; a finding carries its place as bytes of a file, and the file itself,
//! so that every renderer can show the line without reading the disk again.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use memchr::memchr_iter;

use super::Code;

/// How grave a finding is. The order is from light to grave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It explains.
    Note,
    /// Work or evidence that only people can supply.
    Duty,
    /// It goes to the report and needs a reader.
    Warning,
    /// It stops generation.
    Error,
}

impl Level {
    /// The word that is printed and that the catalogue uses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Duty => "duty",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Note, Self::Duty, Self::Warning, Self::Error].into_iter().find(|level| level.word() == word)
    }
}

/// A text with its name, as places refer to it.
#[derive(Debug)]
pub struct SourceFile {
    /// The name as the user gave it.
    pub name: String,
    /// The whole text; what is built in is not copied.
    pub text: Cow<'static, str>,
    /// Where each line starts, once somebody asked.
    line_starts: OnceLock<Vec<usize>>,
}

/// Two files are equal when their names and texts are.
impl PartialEq for SourceFile {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.text == other.text
    }
}

impl Eq for SourceFile {}

impl SourceFile {
    /// A shared source file.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { name: name.into(), text: Cow::Owned(text.into()), line_starts: OnceLock::new() })
    }

    /// A file of the content as it was built in.
    pub fn built_in(name: impl Into<String>, text: &'static str) -> Arc<Self> {
        Arc::new(Self { name: name.into(), text: Cow::Borrowed(text), line_starts: OnceLock::new() })
    }

    /// The line of a byte, from 1.
    pub fn line_of(&self, byte: usize) -> usize {
        self.line_starts().partition_point(|start| *start <= byte)
    }

    fn line_starts(&self) -> &[usize] {
        let starts = || std::iter::once(0).chain(memchr_iter(b'\n', self.text.as_bytes()).map(|at| at + 1)).collect();
        self.line_starts.get_or_init(starts)
    }
}

/// A range of bytes in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: Arc<SourceFile>,
    /// The bytes, from and to; always on character boundaries.
    pub span: Range<usize>,
}

impl Place {
    /// Line and column of the start, both from 1; the column counts characters.
    pub fn line_column(&self) -> (usize, usize) {
        let start = self.span.start.min(self.file.text.len());
        let line = self.file.line_of(start);
        (line, self.file.text[self.file.line_starts()[line - 1]..start].chars().count() + 1)
    }

    /// The text at the place.
    pub fn text(&self) -> &str {
        self.file.text.get(self.span.clone()).unwrap_or("")
    }
}

/// Writes `file:line:column`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.line_column();
        write!(f, "{}:{line}:{column}", self.file.name)
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing it is.
    pub code: Code,
    /// The name of the check, for findings of named checks.
    pub check: Option<String>,
    /// How grave it is.
    pub level: Level,
    /// What is wrong, in the user's words.
    pub message: String,
    /// Where.
    pub place: Option<Place>,
    /// Other places that belong to it, each with a word on what stands there.
    pub also: Vec<(Place, String)>,
    /// What is allowed, and what to do.
    pub help: Option<String>,
}

impl Finding {
    /// An error without a place yet.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self { code, check: None, level: Level::Error, message: message.into(), place: None, also: Vec::new(), help: None }
    }

    /// The same finding with another level.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// The same finding at a place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same finding with a second place.
    #[must_use]
    pub fn also(mut self, place: Place, says: impl Into<String>) -> Self {
        self.also.push((place, says.into()));
        self
    }

    /// The same finding with help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The name that is printed in brackets: the code, or `check::` and the check's name.
    pub fn name(&self) -> String {
        match &self.check {
            Some(check) => format!("check::{check}"),
            None => self.code.name().to_owned(),
        }
    }
}

/// Whether generation must stop.
pub fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.level == Level::Error)
}
