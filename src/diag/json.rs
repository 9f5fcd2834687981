//! Findings as JSON: one object with a version, for programs.

use serde_json::{Value, json};

use super::{Finding, Place};

/// The version of the form; it grows when a field changes meaning.
const VERSION: u32 = 1;

/// All findings as one JSON object.
pub fn render(findings: &[Finding]) -> Value {
    json!({ "version": VERSION, "findings": findings.iter().map(finding).collect::<Vec<_>>() })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "code": finding.name(),
        "level": finding.level.word(),
        "message": finding.message,
        "place": finding.place.as_ref().map(place),
        "also": finding.also.iter().map(|(other, says)| json!({ "place": place(other), "says": says })).collect::<Vec<_>>(),
        "help": finding.help,
    })
}

fn place(place: &Place) -> Value {
    let (line, column) = place.line_column();
    json!({ "file": place.file.name, "line": line, "column": column, "bytes": [place.span.start, place.span.end] })
}
