//! `groundplan list decisions --coverage`: what the content says for every answer on every client, as a matrix or JSON.

use serde_json::json;

use super::Format;
use super::exit::Failure;
use super::output::Output;
use crate::catalogue::Catalogue;
use crate::review::{CoverageRow, coverage};

/// Prints the matrix, of one client or all, and of what holds the searched text in its decision or answer.
pub(super) fn print(
    catalogue: &Catalogue,
    client: Option<&str>,
    search: Option<&str>,
    output: &mut Output,
) -> Result<(), Failure> {
    let search = search.map(str::to_lowercase).unwrap_or_default();
    let mut rows = coverage(catalogue);
    rows.retain(|row| row.decision.to_lowercase().contains(&search) || row.answer.to_lowercase().contains(&search));
    for row in &mut rows {
        row.cells.retain(|cell| client.is_none_or(|client| cell.client == client));
    }
    let blank = rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.status == "blank").count();
    if output.format() == Format::Json {
        return output.json(&json!({ "version": 1, "blank": blank, "coverage": rows }));
    }
    let Some(first) = rows.first() else {
        output.talk("nothing to list\n");
        return Ok(());
    };
    let head = ["decision", "answer"].into_iter().chain(first.cells.iter().map(|cell| cell.client.as_str()));
    let mut lines = vec![head.map(str::to_owned).collect::<Vec<String>>()];
    lines.extend(rows.iter().map(line));
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..lines[0].len()).map(width).collect();
    let mut text = String::new();
    for line in &lines {
        let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    output.data(&text)?;
    let cells = rows.iter().map(|row| row.cells.len()).sum::<usize>();
    output.talk(&format!("{} answers, {cells} cells, {blank} blank; * depends on other decisions\n", rows.len()));
    Ok(())
}

fn line(row: &CoverageRow) -> Vec<String> {
    const LONGEST: usize = 32;
    let mut answer: String = row.answer.chars().take(LONGEST).collect();
    if answer.len() < row.answer.len() {
        answer.push('…');
    }
    let cells = row.cells.iter().map(|cell| format!("{}{}", cell.status, if cell.conditional { "*" } else { "" }));
    [row.decision.clone(), answer].into_iter().chain(cells).collect()
}
