//! No cell of decisions × answers × clients is blank.

use assert_cmd::Command;
use groundplan::baselines::Baselines;
use groundplan::catalogue::{Catalogue, load_catalogue};
use groundplan::review::{CoverageCell, CoverageRow, coverage};

fn catalogue() -> Catalogue {
    load_catalogue(&Baselines::embedded()).expect("the built-in content has no findings")
}

fn cells(rows: &[CoverageRow]) -> impl Iterator<Item = (&CoverageRow, &CoverageCell)> {
    rows.iter().flat_map(|row| row.cells.iter().map(move |cell| (row, cell)))
}

#[test]
#[expect(clippy::print_stdout, reason = "how much was looked at is worth more than that it was")]
fn no_cell_is_blank() {
    let rows = coverage(&catalogue());
    println!("{} answers, {} cells", rows.len(), cells(&rows).count());
    let blank: Vec<String> = cells(&rows)
        .filter(|(_, cell)| cell.status == "blank")
        .map(|(row, cell)| {
            let when = cell.blank_when.as_ref().map(|when| format!(" when {when}")).unwrap_or_default();
            format!("`{}: {}` says nothing for {}{when}", row.decision, row.answer, cell.client)
        })
        .collect();
    assert!(blank.is_empty(), "{} blank cells:\n{}", blank.len(), blank.join("\n"));
    assert!(rows.len() > 250, "{} answers", rows.len());
}

/// A decision that says something for every client but one, and for that one only under another answer.
#[test]
fn a_cell_that_one_combination_of_answers_leaves_empty_is_blank() {
    let folder = tempfile::tempdir().expect("a folder");
    let decision = folder.path().join("decisions/i-house");
    std::fs::create_dir_all(&decision).expect("a folder");
    let text = |outlook: &str| {
        format!(
            "decision: house\nnumber: 999\nquestion: Is it ours?\nshape: flag\ndefault: true\ngaps:\n  thunderbird: {{ when: {{ house: true }}, reason: It cannot. }}\n  outlook: {{ {outlook}reason: It cannot. }}\ndoes_not_apply: {{ thunderbird: No., outlook-mac: No., apple-mail: No., browser: No., workstation: No., evolution: No., kmail: No. }}\n"
        )
    };
    let row = |outlook: &str| -> CoverageRow {
        std::fs::write(decision.join("house.yaml"), text(outlook)).expect("the folder is writable");
        let baselines = Baselines::embedded().with_overlay(folder.path()).expect("it can be read");
        let catalogue = load_catalogue(&baselines).expect("the decision is well formed");
        coverage(&catalogue).into_iter().find(|row| row.decision == "house").expect("a row")
    };
    let outlook = |row: CoverageRow| row.cells.into_iter().find(|cell| cell.client == "outlook").expect("a cell");
    assert_eq!(outlook(row("")).status, "gap");
    let cell = outlook(row("when: { content.read_as: [text, simple-html] }, "));
    assert_eq!(cell.status, "blank");
    assert!(cell.blank_when.expect("a combination").ends_with("content.read_as: html"));
    // Two rules that together leave nothing out.
    let all = "when: { any: [{ content.read_as: [text, simple-html] }, { content.read_as: html }] }, ";
    let cell = outlook(row(all));
    assert_eq!((cell.status, cell.conditional), ("gap", true));
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
