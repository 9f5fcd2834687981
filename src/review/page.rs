//! A page of text for a terminal: headings, paragraphs and labelled lines, wrapped at 100 columns.
//!
//! Columns are counted in characters. Words that are longer than a line (names of settings, paths) stand on a line of
//! their own and are never cut, so that they can be copied.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

/// No line is longer, but for words that are.
const WIDTH: usize = 100;
/// Labels that are longer stand on a line of their own.
const LABEL: usize = 28;

const BOLD: Style = Style::new().bold();
const NAME: Style = AnsiColor::Cyan.on_default();

/// A page while it is written.
#[derive(Debug, Default)]
pub struct Page {
    text: String,
}

impl Page {
    /// The text, with ANSI styles that a stream without colours strips.
    pub fn into_text(self) -> String {
        self.text
    }

    /// The first line: a name, and at its right what kind of thing it is.
    pub fn title(&mut self, name: &str, kind: &str) {
        self.push(format_args!("{BOLD}{name}{BOLD:#}  {kind}\n"));
    }

    /// An empty line and a heading.
    pub fn heading(&mut self, text: &str) {
        self.push(format_args!("\n{BOLD}{text}{BOLD:#}\n"));
    }

    /// A name on a line of its own.
    pub fn name(&mut self, indent: usize, text: &str) {
        self.push(format_args!("{:indent$}{NAME}{text}{NAME:#}\n", ""));
    }

    /// A paragraph.
    pub fn paragraph(&mut self, indent: usize, text: &str) {
        self.wrapped(indent, indent, "", text);
    }

    /// Lines of a label and a text; the texts stand below each other.
    pub fn labelled<'a>(&mut self, indent: usize, lines: impl IntoIterator<Item = (&'a str, String)>) {
        let lines: Vec<(&str, String)> = lines.into_iter().collect();
        let widths = lines.iter().map(|(label, _)| label.chars().count());
        let width = widths.filter(|width| *width <= LABEL).max().unwrap_or_default();
        for (label, text) in lines {
            if label.chars().count() > width {
                self.push(format_args!("{:indent$}{label}\n", ""));
                self.wrapped(indent + width + 2, indent + width + 2, "", &text);
            } else {
                self.wrapped(indent, indent + width + 2, &format!("{label:width$}  "), &text);
            }
        }
    }

    /// Writes `first` and the words of `text`; further lines start at `hanging`.
    fn wrapped(&mut self, indent: usize, hanging: usize, first: &str, text: &str) {
        let mut line = format!("{:indent$}{first}", "");
        let mut empty = true;
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let room = line.chars().count() + usize::from(!empty) + word.chars().count() <= WIDTH;
            if !room && !empty {
                self.push(format_args!("{}\n", line.trim_end()));
                line = format!("{:hanging$}", "");
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(word);
            empty = false;
        }
        self.push(format_args!("{}\n", line.trim_end()));
    }

    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        self.text.write_fmt(text).expect("writing to a String cannot fail");
    }
}
