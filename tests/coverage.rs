//! No cell of decisions × answers × clients is blank.
//!
//! `tests/coverage/blank.tsv` lists the cells that are still open: decision, client, answers. A blank cell that is not in the
//! list fails, and so does a cell of the list that is blank no more, so that the list only shrinks. When it is empty the
//! file goes. `GROUNDPLAN_UPDATE=1` takes cells out that are filled by now, and puts none in.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use groundplan::baselines::Baselines;
use groundplan::catalogue::{Catalogue, load_catalogue};
use groundplan::review::{CoverageCell, CoverageRow, coverage};

type Cells = BTreeSet<(String, String, String)>;

fn catalogue() -> Catalogue {
    load_catalogue(&Baselines::embedded()).expect("the built-in content has no findings")
}

fn list() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/coverage/blank.tsv")
}

fn cells(rows: &[CoverageRow]) -> impl Iterator<Item = (&CoverageRow, &CoverageCell)> {
    rows.iter().flat_map(|row| row.cells.iter().map(move |cell| (row, cell)))
}

fn still_open() -> Cells {
    let text = std::fs::read_to_string(list()).unwrap_or_default();
    let mut open = Cells::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [decision, client, answers @ ..] = fields.as_slice() else { panic!("decision, client, answers: {line}") };
        open.extend(answers.iter().map(|answer| ((*decision).to_owned(), (*client).to_owned(), (*answer).to_owned())));
    }
    open
}

fn write(open: &Cells) {
    let mut lines: BTreeMap<(&str, &str), String> = BTreeMap::new();
    for (decision, client, answer) in open {
        write!(lines.entry((decision, client)).or_default(), "\t{answer}").expect("writing to a String cannot fail");
    }
    let mut text = String::from("# Cells of decisions × answers × clients that are still blank: decision, client, answers.\n");
    for ((decision, client), answers) in lines {
        writeln!(text, "{decision}\t{client}{answers}").expect("writing to a String cannot fail");
    }
    if open.is_empty() { std::fs::remove_file(list()) } else { std::fs::write(list(), text) }.expect("the list is writable");
}

#[test]
#[expect(clippy::print_stdout, reason = "how many are open is worth more than that some are")]
fn no_cell_is_blank_that_is_not_known_to_be_open() {
    let rows = coverage(&catalogue());
    let blank: BTreeMap<(String, String, String), Option<String>> = cells(&rows)
        .filter(|(_, cell)| cell.status == "blank")
        .map(|(row, cell)| ((row.decision.clone(), cell.client.clone(), row.answer.clone()), cell.blank_when.clone()))
        .collect();
    let open = still_open();
    println!("{} answers, {} cells, {} blank", rows.len(), cells(&rows).count(), blank.len());
    let wrong: Vec<String> = blank
        .iter()
        .filter(|(cell, _)| !open.contains(cell))
        .map(|((decision, client, answer), when)| {
            let when = when.as_ref().map(|when| format!(" when {when}")).unwrap_or_default();
            format!("`{decision}: {answer}` says nothing for {client}{when}")
        })
        .collect();
    let filled: Vec<&(String, String, String)> = open.iter().filter(|cell| !blank.contains_key(cell)).collect();
    if std::env::var_os("GROUNDPLAN_UPDATE").is_some() {
        write(&open.iter().filter(|cell| blank.contains_key(cell)).cloned().collect());
    } else {
        assert!(filled.is_empty(), "{} cells are blank no more; take them out of the list: {filled:#?}", filled.len());
    }
    assert!(wrong.is_empty(), "{} blank cells:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_cell_that_is_no_setting_says_why() {
    for (row, cell) in cells(&coverage(&catalogue())) {
        let says = match cell.status {
            "locked" | "set" => !cell.settings.is_empty(),
            "duty" => !cell.reasons.is_empty() && !cell.duties.is_empty(),
            "gap" | "does not apply" => !cell.reasons.is_empty(),
            _ => true,
        };
        assert!(says, "{} {} {cell:?}", row.decision, row.answer);
    }
}

/// The text of a run that ends well.
fn printed(arguments: &[&str]) -> String {
    let run = Command::cargo_bin("groundplan").expect("cargo builds it").args(arguments).assert().success();
    String::from_utf8(run.get_output().stdout.clone()).expect("stdout is UTF-8")
}

#[test]
fn the_matrix_is_printed_as_text_and_as_json() {
    let list = ["list", "decisions", "--coverage"];
    let rows = coverage(&catalogue());
    let text = printed(&list);
    assert_eq!(text.lines().count(), rows.len() + 1);
    let head = text.lines().next().expect("a line");
    assert!(head.starts_with("decision") && head.contains("thunderbird") && head.contains("workstation"), "{head}");
    let json: serde_json::Value = serde_json::from_str(&printed(&[&list[..], &["--format", "json"]].concat())).expect("JSON");
    assert_eq!(json["coverage"], serde_json::to_value(&rows).expect("it has text keys only"));
    let one = printed(&[&list[..], &["--client", "outlook", "--search", "read_as"]].concat());
    assert_eq!(one.lines().count(), 4, "{one}");
    assert!(one.lines().all(|line| line.split_whitespace().count() == 3), "{one}");
    Command::cargo_bin("groundplan").expect("cargo builds it").args(["list", "checks", "--coverage"]).assert().code(2);
}
