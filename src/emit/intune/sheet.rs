//! The table for whoever fills in the console by hand, and the road of every policy.
//!
//! Comma-separated (RFC 4180), with a byte order mark, without which spreadsheets take it for another encoding. No cell begins as
//! a formula does.

use std::borrow::Cow;

use super::catalogue::Instance;
use super::roads::Roads;
use super::{Line, LineValue, RenderError, Road};
use crate::value::Value;

const HEAD: [&str; 8] = ["setting", "title", "decisions", "road", "OMA-URI or definition", "data type", "value", "reason"];

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
        let (road, [place, kind, value], reason) = match &policy.road {
            Road::Catalogued(instance) => ("settings catalogue", instance_fields(instance, policy.value), ""),
            Road::BuiltIn(line) => ("policy of Windows", fields(line), ""),
            Road::Ingested(line) => ("policy of a template", fields(line), ""),
            Road::Registry(reason) => ("rest.reg", <[String; 3]>::default(), *reason),
        };
        row([policy.name, policy.title, &decisions, road, &place, &kind, &value, reason])?;
    }
    sheet.into_inner().map_err(|error| csv::Error::from(error.into_error()).into())
}

/// The definition, and the value in the words of the rule, by which the console names the options.
fn instance_fields(instance: &Instance<'_>, value: &Value) -> [String; 3] {
    [instance.definition.id.to_owned(), "Choice".to_owned(), value.to_string()]
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
