//! Findings as SARIF 2.1.0, for code review tools.
//!
//! Format: OASIS SARIF 2.1.0, sections 3.13 (log), 3.27 (result), 3.30 (region). Columns count Unicode code points.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::{Code, Finding, Level, Place};

/// All findings as one SARIF log.
pub fn render(findings: &[Finding]) -> Value {
    let mut rules: Vec<Value> = Code::ALL
        .iter()
        .filter(|code| **code != Code::Check)
        .map(|code| json!({ "id": code.name(), "shortDescription": { "text": code.means() } }))
        .collect();
    let mut checks: Vec<String> = findings.iter().filter(|finding| finding.check.is_some()).map(Finding::name).collect();
    checks.sort();
    checks.dedup();
    rules.extend(checks.iter().map(|check| json!({ "id": check, "shortDescription": { "text": Code::Check.means() } })));
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "groundplan", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": findings.iter().map(result).collect::<Vec<_>>(),
        }],
    })
}

fn result(finding: &Finding) -> Value {
    let level = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Duty | Level::Note => "note",
    };
    let text = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    let mut result = json!({ "ruleId": finding.name(), "level": level, "message": { "text": text } });
    if let Some(place) = &finding.place {
        result["locations"] = json!([location(place)]);
    }
    if !finding.also.is_empty() {
        let related = finding.also.iter().enumerate().map(|(id, (place, says))| {
            let mut location = location(place);
            location["id"] = json!(id);
            location["message"] = json!({ "text": says });
            location
        });
        result["relatedLocations"] = related.collect();
    }
    result
}

fn location(place: &Place) -> Value {
    let (line, column) = place.line_column();
    let end = Place { file: place.file.clone(), span: place.span.end..place.span.end };
    let (end_line, end_column) = end.line_column();
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&place.file.name) },
        "region": { "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column },
    } })
}

/// A file name as a relative URI: everything outside RFC 3986's unreserved characters and `/` is percent-encoded. Of a path from
/// the root only the last step is left: the folders of the person who runs it are nobody's business, and no repository has them.
fn uri(name: &str) -> String {
    let path = Path::new(name);
    let name = path.file_name().filter(|_| path.is_absolute()).and_then(OsStr::to_str).unwrap_or(name);
    name.bytes().fold(String::new(), |mut uri, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            write!(uri, "%{byte:02X}").expect("writing to a String cannot fail");
        }
        uri
    })
}
