//! Reads the tab-separated tables of `baselines/scripts/`.
//!
//! In: the path of a table. Out: its rows, as maps from the column's name in the first line to the cell.
//! The form is kept so small that it can be checked whole: every row has every column, no row stands twice.

use std::collections::{BTreeMap, BTreeSet};

use crate::baselines::Baselines;

/// One row: column to cell; an empty cell is the empty text.
pub type Row = BTreeMap<String, String>;

/// A table of the workstation scripts is not as it must be. The text reads well after "cannot".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// The file is missing, empty, or not UTF-8.
    #[error("read `{path}` of the baselines")]
    Unreadable {
        /// The path below `baselines/`.
        path: String,
    },
    /// A row has more or fewer cells than there are columns, or stands there twice.
    #[error("use line {line} of `{path}`: {reason}")]
    Line {
        /// The path below `baselines/`.
        path: String,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}

/// Reads one table.
///
/// # Errors
/// [`LoadError`] when there is no such table, or a row is not like its first line says.
pub fn read_table(baselines: &Baselines, path: &str) -> Result<Vec<Row>, LoadError> {
    let unreadable = || LoadError::Unreadable { path: path.to_owned() };
    let mut lines = baselines.text(path).ok_or_else(unreadable)?.lines();
    let columns: Vec<&str> = lines.next().ok_or_else(unreadable)?.split('\t').collect();

    let mut seen = BTreeSet::new();
    let mut rows = Vec::new();
    for (index, line) in lines.enumerate() {
        let wrong = |reason: String| LoadError::Line { path: path.to_owned(), line: index + 2, reason };
        let cells: Vec<&str> = line.split('\t').collect();
        if cells.len() != columns.len() {
            return Err(wrong(format!("it has {} cells, the first line names {} columns", cells.len(), columns.len())));
        }
        if !seen.insert(line) {
            return Err(wrong("it stands there twice".to_owned()));
        }
        rows.push(columns.iter().zip(cells).map(|(&column, cell)| (column.to_owned(), cell.to_owned())).collect());
    }
    Ok(rows)
}
