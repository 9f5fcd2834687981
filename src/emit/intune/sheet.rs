//! The table for whoever fills in the console by hand, and the road of every policy.
//!
//! Comma-separated (RFC 4180), with a byte order mark, without which spreadsheets take it for another encoding. No cell begins as
//! a formula does.

use std::borrow::Cow;

use super::roads::Roads;
use super::{Line, LineValue, RenderError, Road};

const HEAD: [&str; 8] = ["setting", "title", "decisions", "road", "OMA-URI", "data type", "value", "reason"];

/// The table.
pub(super) fn write(roads: &Roads<'_>) -> Result<Vec<u8>, RenderError> {
    let mut sheet = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
    let mut row = |cells: [&str; 8]| sheet.write_record(cells.map(harmless).iter().map(|cell| cell.as_bytes()));
    row(HEAD)?;
    for line in &roads.templates {
        let [uri, kind, value] = fields(line);
        row([&line.name, &line.description, "", "template", &uri, &kind, &value, ""])?;
    }
    for policy in &roads.policies {
        let decisions = policy.decisions.iter().copied().collect::<Vec<_>>().join(" ");
        let (road, reason) = match &policy.road {
            Road::BuiltIn(_) => ("policy of Windows", ""),
            Road::Ingested(_) => ("policy of a template", ""),
            Road::Registry(reason) => ("rest.reg", *reason),
        };
        let [uri, kind, value] = policy.road.line().map(fields).unwrap_or_default();
        row([policy.name, policy.title, &decisions, road, &uri, &kind, &value, reason])?;
    }
    sheet.into_inner().map_err(|error| csv::Error::from(error.into_error()).into())
}

fn fields(line: &Line) -> [String; 3] {
    let (kind, value) = match &line.value {
        LineValue::Text(text) => ("String", text.clone()),
        LineValue::Number(number) => ("Integer", number.to_string()),
    };
    [line.uri.clone(), kind.to_owned(), value]
}

/// The cell, with an apostrophe before what a spreadsheet would reckon.
pub(super) fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}").into() } else { cell.into() }
}
