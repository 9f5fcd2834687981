//! The two streams: data on stdout, talk on stderr.

use std::io::{self, IsTerminal as _, Write as _};

use anstream::{AutoStream, ColorChoice};

use super::exit::{Exit, Failure};
use super::{Colour, Format, Global};
use crate::diag::{self, Finding};

/// Both streams, with what the user wants of them.
pub(super) struct Output {
    format: Format,
    choice: ColorChoice,
    quiet: bool,
}

impl Output {
    pub(super) fn new(global: &Global) -> Self {
        let choice = match global.color {
            Colour::Auto => ColorChoice::Auto,
            Colour::Always => ColorChoice::Always,
            Colour::Never => ColorChoice::Never,
        };
        Self { format: global.format.unwrap_or(Format::Text), choice, quiet: global.quiet }
    }

    /// The form that was asked for.
    pub(super) fn format(&self) -> Format {
        self.format
    }

    /// Writes data.
    pub(super) fn data(&mut self, text: &str) -> Result<(), Failure> {
        let mut stdout = AutoStream::new(io::stdout().lock(), self.choice_for(io::stdout().is_terminal()));
        stdout.write_all(text.as_bytes())?;
        stdout.flush()?;
        Ok(())
    }

    /// Writes data as it is.
    pub(super) fn bytes(bytes: &[u8]) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(bytes)?;
        stdout.flush()?;
        Ok(())
    }

    /// Writes data as JSON, indented.
    pub(super) fn json(&mut self, value: &serde_json::Value) -> Result<(), Failure> {
        self.data(&format!("{value:#}\n"))
    }

    /// Writes talk, unless the user wants none.
    pub(super) fn talk(&mut self, text: &str) {
        if !self.quiet {
            self.stderr(text);
        }
    }

    /// Writes a question; nobody can answer what was not shown, so `quiet` does not silence it.
    pub(super) fn ask(&self, text: &str) {
        self.stderr(text);
    }

    /// Writes findings as talk, for subcommands whose data is something else.
    pub(super) fn findings(&mut self, findings: &[Finding]) {
        if findings.is_empty() {
            return;
        }
        let text = match self.format {
            Format::Json | Format::Sarif => format!("{:#}\n", diag::json::render(findings)),
            _ => diag::text::render(findings, self.colours(io::stderr().is_terminal())),
        };
        self.stderr(&text);
    }

    /// Writes findings as data.
    pub(super) fn findings_as_data(&mut self, findings: &[Finding]) -> Result<(), Failure> {
        match self.format {
            Format::Json => self.json(&diag::json::render(findings)),
            Format::Sarif => self.json(&diag::sarif::render(findings)),
            _ => {
                let text = diag::text::render(findings, self.colours(io::stdout().is_terminal()));
                self.data(&text)
            }
        }
    }

    /// Says why a run failed, and how it ends.
    pub(super) fn failure(&mut self, failure: &Failure) -> Exit {
        match failure {
            Failure::Closed => {}
            Failure::Findings(findings) => self.findings(findings),
            Failure::Usage(message) => self.stderr(&format!("error: {message}\n")),
            other => {
                let mut text = format!("error: {other}");
                // The text of a stage's error is part of the failure's; what follows is that error's own cause.
                let mut cause = match other {
                    Failure::Surroundings(error) | Failure::Refused(error) | Failure::Bug(error) => error.source(),
                    other => std::error::Error::source(other),
                };
                while let Some(error) = cause {
                    text = format!("{text}: {error}");
                    cause = error.source();
                }
                if failure.exit() == Exit::Bug {
                    text = format!("{text}\nThis is a mistake in groundplan {}; please report it.", env!("CARGO_PKG_VERSION"));
                }
                self.stderr(&format!("{text}\n"));
            }
        }
        failure.exit()
    }

    fn colours(&self, terminal: bool) -> bool {
        self.choice_for(terminal) != ColorChoice::Never
    }

    fn choice_for(&self, terminal: bool) -> ColorChoice {
        match self.choice {
            ColorChoice::Auto if terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) => {
                ColorChoice::Always
            }
            ColorChoice::Auto => ColorChoice::Never,
            choice => choice,
        }
    }

    fn stderr(&self, text: &str) {
        let mut stderr = AutoStream::new(io::stderr().lock(), self.choice_for(io::stderr().is_terminal()));
        // When even the talk cannot be written nobody is there to be told.
        let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
    }
}
