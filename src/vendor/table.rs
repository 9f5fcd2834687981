//! A committed table: lines sorted by their first field, fields divided by tabs, `#` lines on top as header.
//!
//! A look-up is a binary search over the text, so that thousands of lines cost nothing at start. Sorting is by bytes and
//! ends at the tab, which is below every character of a name.

use memchr::{memchr, memrchr};

use crate::vendor::search::{Query, entries};

/// The lines of a table, without its header.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'a> {
    body: &'a str,
}

impl<'a> Table<'a> {
    /// Takes the text of a file; the header ends at the first line without `#`.
    pub(super) fn new(text: &'a str) -> Self {
        let mut body = text;
        while body.starts_with('#') {
            body = body.split_once('\n').map_or("", |(_, rest)| rest);
        }
        Self { body }
    }

    /// What follows the name on its line.
    pub(super) fn find(&self, name: &str) -> Option<&'a str> {
        let mut rest = self.body;
        while !rest.is_empty() {
            // The middle may fall inside a character; look at bytes, lines end at an ASCII byte.
            let middle = rest.len() / 2;
            let start = memrchr(b'\n', &rest.as_bytes()[..middle]).map_or(0, |at| at + 1);
            let end = memchr(b'\n', &rest.as_bytes()[middle..]).map_or(rest.len(), |at| middle + at);
            let line = &rest[start..end];
            let (key, value) = fields(line);
            match name.cmp(key) {
                std::cmp::Ordering::Equal => return Some(value),
                std::cmp::Ordering::Less => rest = &rest[..start],
                std::cmp::Ordering::Greater => rest = rest.get(end + 1..).unwrap_or(""),
            }
        }
        None
    }

    /// All lines as name and the rest.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let mut rest = self.body;
        std::iter::from_fn(move || {
            let end = memchr(b'\n', rest.as_bytes()).or_else(|| Some(rest.len()).filter(|length| *length > 0))?;
            let line = &rest[..end];
            rest = rest.get(end + 1..).unwrap_or("");
            Some(fields(line.strip_suffix('\r').unwrap_or(line)))
        })
    }

    /// The lines that may fit what is looked for, as name and the rest.
    pub(super) fn search(&self, query: &Query) -> impl Iterator<Item = (&'a str, &'a str)> {
        let line = |text: &[u8], at: usize| {
            let start = memrchr(b'\n', &text[..at]).map_or(0, |before| before + 1);
            let length = memchr(b'\n', &text[at..]);
            start..length.map_or(text.len(), |length| at + length + 1)
        };
        let whole = |line: &'a [u8]| std::str::from_utf8(line).expect("a line of UTF-8 text is UTF-8");
        entries(self.body.as_bytes(), "", query, line).map(whole).filter_map(|line| line.trim_end_matches('\n').split_once('\t'))
    }

    /// The first line that is empty, has no field, or does not come after the one before; counted from the first line
    /// after the header.
    pub(super) fn first_fault(&self) -> Option<usize> {
        let mut before = "";
        for (number, line) in self.body.lines().enumerate() {
            let Some((key, value)) = line.split_once('\t') else { return Some(number + 1) };
            if key <= before || value.is_empty() {
                return Some(number + 1);
            }
            before = key;
        }
        None
    }
}

/// The name of a line, and what follows it.
fn fields(line: &str) -> (&str, &str) {
    memchr(b'\t', line.as_bytes()).map_or((line, ""), |tab| (&line[..tab], &line[tab + 1..]))
}

/// A field for a table: tabs, line ends and backslashes are written as `\t`, `\n`, `\r`, `\\`.
pub(super) fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}
