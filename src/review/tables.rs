//! The paper as tables: one that holds everything, for CSV, and sheets of a workbook.
//!
//! A program that opens a table takes what starts like a formula for one. In CSV such a cell gets an apostrophe before it; in
//! the workbook every cell is a text. Roles are named in full, so that a row can be read and filtered alone.

use minijinja::value::Value as Data;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

use super::language::Language;
use super::paper::{Group, Paper};

/// A table.
struct Table {
    name: String,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// The workbook's library failed.
#[derive(Debug, thiserror::Error)]
#[error("write the workbook")]
pub struct WorkbookError(#[from] XlsxError);

/// Everything that is set, missing or to be done, a row each, as CSV (RFC 4180) with a byte order mark.
///
/// # Panics
/// Never: a buffer takes all that is written.
pub fn csv(paper: &Paper, language: &Language) -> Vec<u8> {
    let mut table = settings(paper, language);
    table.rows.extend(gaps(paper, language).rows.into_iter().map(|row| padded(&row, table.head.len(), &word(language, "gap"))));
    table
        .rows
        .extend(duties(paper, language).rows.into_iter().map(|row| padded(&row, table.head.len(), &word(language, "duty"))));
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
    for row in std::iter::once(&table.head).chain(&table.rows) {
        writer.write_record(row.iter().map(|cell| harmless(cell))).expect("a buffer takes all that is written");
    }
    writer.flush().expect("a buffer takes all that is written");
    drop(writer);
    bytes
}

/// The paper as a workbook, a sheet for each kind of thing.
///
/// # Errors
/// [`WorkbookError`] when a text is longer than a cell can hold.
pub fn xlsx(paper: &Paper, language: &Language) -> Result<Vec<u8>, WorkbookError> {
    let mut book = Workbook::new();
    // Equal papers are equal files: no clock.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(&paper.organisation).set_creation_datetime(&created));
    let (bold, wrapped) = (Format::new().set_bold(), Format::new().set_text_wrap());
    let all = [
        decisions(paper, language),
        settings(paper, language),
        gaps(paper, language),
        duties(paper, language),
        checks(paper, language),
    ];
    for table in all {
        let sheet = book.add_worksheet();
        sheet.set_name(&table.name)?.set_freeze_panes(1, 0)?;
        for (row, cells) in (0..).zip(std::iter::once(&table.head).chain(&table.rows)) {
            for (column, cell) in (0..).zip(cells) {
                // Longer than a cell can hold is cut, and says so.
                let text: String =
                    if cell.chars().count() > CELL { cell.chars().take(CELL - 1).chain(['…']).collect() } else { cell.clone() };
                sheet.write_string_with_format(row, column, text, if row == 0 { &bold } else { &wrapped })?;
            }
        }
        let (rows, columns) =
            (u32::try_from(table.rows.len()).unwrap_or(u32::MAX), u16::try_from(table.head.len()).unwrap_or(u16::MAX));
        sheet.autofilter(0, 0, rows, columns.saturating_sub(1))?;
        for column in 0..columns {
            sheet.set_column_width(column, 28)?;
        }
    }
    Ok(book.save_to_buffer()?)
}

/// What a cell of a workbook holds at most.
const CELL: usize = 32_767;

/// A cell that no program takes for a formula.
fn harmless(cell: &str) -> String {
    let suspicious = cell.trim_start().starts_with(['=', '+', '-', '@', '|', '%']) || cell.starts_with(['\t', '\r', '\n']);
    if suspicious && cell.parse::<f64>().is_err() { format!("'{cell}") } else { cell.to_owned() }
}

/// A row of another table in the columns of the first: the kind, and then what both have.
fn padded(row: &[String], width: usize, kind: &str) -> Vec<String> {
    let [decision, whose, roles, what, who] = row else { return row.to_vec() };
    let mut padded = vec![kind.to_owned(), decision.clone(), whose.clone(), roles.clone(), what.clone(), who.clone()];
    padded.resize(width, String::new());
    padded
}

fn decisions(paper: &Paper, language: &Language) -> Table {
    let mut rows = Vec::new();
    for decision in paper.topics.iter().flat_map(|topic| &topic.decisions) {
        for answer in &decision.answers {
            let words = answer.words.iter().map(|(word, means)| format!("{word}: {}", translated(language, means)));
            let lines = answer
                .lines
                .iter()
                .map(|(label, text)| label.as_ref().map_or_else(|| text.clone(), |label| format!("{label}: {text}")));
            rows.push(vec![
                decision.number.to_string(),
                answer.key.clone().unwrap_or_else(|| decision.key.clone()),
                translated(language, &decision.question),
                words.chain(lines).collect::<Vec<_>>().join("\n"),
                section(language, "source", answer.source),
                roles(paper, &answer.roles, None),
                decision
                    .because
                    .iter()
                    .map(|(_, reason)| reason.clone())
                    .chain(answer.because.iter().map(|because| translated(language, because)))
                    .collect::<Vec<_>>()
                    .join("\n"),
                decision.decides.iter().map(|who| section(language, "deciders", who)).collect::<Vec<_>>().join(", "),
                references(decision, language),
            ]);
        }
    }
    table(
        "decisions",
        ["number", "decision", "question", "answer", "source", "roles", "because", "decides", "requirements"],
        rows,
        language,
    )
}

fn settings(paper: &Paper, language: &Language) -> Table {
    let mut rows = Vec::new();
    for decision in paper.topics.iter().flat_map(|topic| &topic.decisions) {
        for cell in &decision.clients {
            for setting in &cell.settings {
                for value in &setting.values {
                    for written in &value.written {
                        rows.push(vec![
                            word(language, "setting"),
                            decision.key.clone(),
                            cell.client.clone(),
                            roles(paper, &value.roles, Some(&cell.client)),
                            setting.name.clone(),
                            setting
                                .found_in
                                .as_ref()
                                .map(|place| format!("{place} > {}", setting.title.as_deref().unwrap_or_default()))
                                .unwrap_or_default(),
                            written.place.clone(),
                            written.kind.unwrap_or_default().to_owned(),
                            written.value.clone().unwrap_or_else(|| word(language, "deleted")),
                            section(language, "status", if value.locked { "locked" } else { "preset" }),
                            written.paths.join(", "),
                            value.cite.join("; "),
                            references(decision, language),
                        ]);
                    }
                }
            }
        }
    }
    let head = [
        "kind",
        "decision",
        "client",
        "roles",
        "name",
        "found_in",
        "place",
        "type",
        "value",
        "lock",
        "files",
        "cite",
        "requirements",
    ];
    table("settings", head, rows, language)
}

fn gaps(paper: &Paper, language: &Language) -> Table {
    let mut rows = Vec::new();
    for decision in paper.topics.iter().flat_map(|topic| &topic.decisions) {
        for cell in &decision.clients {
            for gap in &cell.gaps {
                let instead = gap.instead.as_ref().map(|to| translated(language, to)).unwrap_or_default();
                rows.push(vec![
                    decision.key.clone(),
                    cell.client.clone(),
                    roles(paper, &gap.roles, Some(&cell.client)),
                    translated(language, &gap.reason),
                    instead,
                ]);
            }
        }
    }
    table("gaps", ["decision", "client", "roles", "gap", "instead"], rows, language)
}

fn duties(paper: &Paper, language: &Language) -> Table {
    let mut rows = Vec::new();
    for addressee in &paper.duties {
        for duty in &addressee.duties {
            let how = duty.how.as_ref().map(|how| translated(language, how)).unwrap_or_default();
            rows.push(vec![
                duty.decisions.join(", "),
                translated(language, &addressee.name),
                roles(paper, &duty.roles, None),
                translated(language, &duty.what),
                how,
            ]);
        }
    }
    table("duties", ["decision", "addressee", "roles", "duty", "how"], rows, language)
}

fn checks(paper: &Paper, language: &Language) -> Table {
    let open = paper.checks.iter().map(|check| (check, None));
    let accepted = paper.accepted.iter().map(|accepted| (&accepted.check, Some(accepted)));
    let row = |(check, accepted): (&super::paper::CheckRow, Option<&super::paper::AcceptedRow>)| {
        let of = |take: fn(&super::paper::AcceptedRow) -> &String| accepted.map(take).cloned().unwrap_or_default();
        vec![
            check.name.clone().unwrap_or_default(),
            section(language, "level", check.level),
            translated(language, &check.says),
            translated(language, &check.help),
            check.roles.as_ref().map(|group| roles(paper, group, None)).unwrap_or_default(),
            of(|accepted| &accepted.reason),
            of(|accepted| &accepted.by),
            of(|accepted| &accepted.until),
            check.references.join(", "),
        ]
    };
    let rows = open.chain(accepted).map(row).collect();
    table("checks", ["check", "level", "says", "help", "roles", "reason", "by", "until", "requirements"], rows, language)
}

fn table<const N: usize>(name: &str, head: [&str; N], rows: Vec<Vec<String>>, language: &Language) -> Table {
    Table { name: word(language, name), head: head.iter().map(|column| word(language, column)).collect(), rows }
}

/// The names of a group, in full.
pub(super) fn roles(paper: &Paper, group: &Group, client: Option<&str>) -> String {
    paper.names_of(group, client).join(", ")
}

fn references(decision: &super::paper::DecisionRow, language: &Language) -> String {
    let standard =
        |(standard, names): (&String, &Vec<String>)| format!("{} {}", section(language, "standards", standard), names.join(", "));
    decision.references.iter().map(standard).collect::<Vec<_>>().join("; ")
}

fn translated(language: &Language, text: &str) -> String {
    language.texts().get(text).cloned().unwrap_or_else(|| text.to_owned())
}

/// A word of the tables.
fn word(language: &Language, key: &str) -> String {
    section(language, "tables", key)
}

/// A word of a section of the papers' words; the key itself where there is none.
fn section(language: &Language, section: &str, key: &str) -> String {
    let found = language.words.get_attr(section).and_then(|section| section.get_attr(key)).unwrap_or(Data::UNDEFINED);
    found.as_str().map_or_else(|| key.to_owned(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn what_starts_like_a_formula_is_none() {
        for cell in ["=1+1", " =1+1", "+cmd", "@x", "-x", "\t=1", "|a", "%a"] {
            assert_eq!(harmless(cell), format!("'{cell}"));
        }
        for cell in ["1", "-1", "+2.5", "a=b", "", "{\"a\":1}"] {
            assert_eq!(harmless(cell), cell);
        }
    }
}
