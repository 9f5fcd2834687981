//! The machine forms of the paper, read by the programs they are for: compliance-trestle, `LibreOffice`, a validator of SARIF's
//! own schema; and hostile text in each of them.

#[path = "support/consumer.rs"]
mod consumer;
#[expect(dead_code, reason = "shared with tests that ask more")]
#[path = "support/program.rs"]
mod program;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use program::{ended, example, groundplan};
use serde_json::Value;

/// Writes a form of a plan into a folder.
fn review(plan: &Path, form: &str, target: &Path) {
    let output =
        groundplan().arg("review").arg(plan).args(["--format", form, "-o"]).arg(target).output().expect("the surroundings work");
    ended(&output, 0);
}

/// A folder that `scripts/test` makes below the user's cache.
fn cached(variable: &str, name: &str) -> Option<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")));
    std::env::var_os(variable).map(PathBuf::from).or_else(|| Some(cache?.join("groundplan").join(name)))
}

/// A plan in which everything a user can write freely starts like a formula, or carries markup.
fn hostile(folder: &Path) -> PathBuf {
    let text = |start: &str| format!("'{start}HYPERLINK(\"http://x.example\") <b>[x](y) `|'");
    let plan = format!(
        "organisation: {}\ndomains: [example.org]\nclients: [thunderbird, outlook]\nservers: {{ imap: imap.example.org, smtp: smtp.example.org, exchange: ex.example.org }}\npurpose: {}\ndecided: {{ by: {} }}\nbecause: {{ content.read_as: {}, content.remote: {} }}\n",
        text("="),
        text("+"),
        text("-"),
        text("@"),
        text("=")
    );
    let path = folder.join("plan.yaml");
    fs::write(&path, plan).expect("the surroundings work");
    path
}

#[test]
fn trestle_imports_the_component_definition() {
    let trestle = cached("GROUNDPLAN_TRESTLE", "trestle").map(|venv| venv.join("bin/trestle"));
    let Some(trestle) = trestle.filter(|program| program.is_file()) else {
        return consumer::missing("compliance-trestle");
    };
    let folder = tempfile::tempdir().unwrap();
    let project = folder.path().join("project");
    fs::create_dir(&project).unwrap();
    let run = |arguments: &[&str]| {
        let output = Command::new(&trestle).args(arguments).current_dir(&project).output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !told.contains("ERROR") && !told.contains("WARNING"), "{arguments:?}: {told}");
        told
    };
    run(&["init", "--local"]);
    for (name, plan) in
        [("utility", example("utility.yaml")), ("lawfirm", example("lawfirm.yaml")), ("hostile", hostile(folder.path()))]
    {
        let target = folder.path().join(format!("{name}.json"));
        review(&plan, "oscal", &target);
        run(&["import", "-f", target.to_str().unwrap(), "-o", name]);
        assert!(run(&["validate", "-t", "component-definition", "-n", name]).contains("VALID"), "{name}");
    }
}

/// All identifiers of a document.
fn collect<'v>(value: &'v Value, uuids: &mut Vec<&'v str>) {
    match value {
        Value::Object(entries) => {
            uuids.extend(entries.get("uuid").and_then(Value::as_str));
            entries.values().for_each(|value| collect(value, uuids));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, uuids)),
        _ => {}
    }
}

#[test]
fn the_component_definition_has_a_component_for_each_client_of_each_role() {
    let folder = tempfile::tempdir().unwrap();
    let (target, paper) = (folder.path().join("oscal.json"), folder.path().join("paper.json"));
    review(&example("utility.yaml"), "oscal", &target);
    review(&example("utility.yaml"), "json", &paper);
    let read = |path: &Path| -> Value { serde_json::from_slice(&fs::read(path).unwrap()).unwrap() };
    let (oscal, paper) = (read(&target), read(&paper));
    let components = oscal["component-definition"]["components"].as_array().unwrap();
    let expected: usize = paper["roles"].as_array().unwrap().iter().map(|role| role["clients"].as_array().unwrap().len()).sum();
    assert_eq!(components.len(), expected);
    let mut uuids = Vec::new();
    collect(&oscal, &mut uuids);
    assert_eq!(uuids.iter().collect::<BTreeSet<_>>().len(), uuids.len(), "an identifier stands twice");
    let parameter = components
        .iter()
        .filter(|component| component["title"] == "Thunderbird (control-room)")
        .flat_map(|component| component["control-implementations"].as_array().unwrap())
        .flat_map(|implementation| implementation["set-parameters"].as_array().unwrap())
        .find(|parameter| parameter["param-id"] == "mailnews.display.html_as");
    assert_eq!(parameter.unwrap()["values"], serde_json::json!(["1"]));
    // BSI's catalogue is referred to by the identifiers that stay, with the number of today beside them.
    let of_bsi = components.iter().flat_map(|component| component["control-implementations"].as_array().unwrap());
    let of_bsi = of_bsi.filter(|implementation| implementation["source"].as_str().unwrap().contains("Grundschutz++"));
    let requirements: Vec<&Value> =
        of_bsi.flat_map(|implementation| implementation["implemented-requirements"].as_array().unwrap()).collect();
    let table = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("baselines/lists/requirements.tsv")).unwrap();
    assert!(!requirements.is_empty());
    for requirement in requirements {
        let number = requirement["props"].as_array().unwrap().iter().find(|prop| prop["name"] == "requirement").unwrap();
        let line = table.lines().find(|line| line.split('\t').next() == number["value"].as_str()).unwrap();
        assert_eq!(requirement["control-id"], format!("_{}", line.rsplit('\t').next().unwrap()), "{line}");
    }
}

#[test]
fn libreoffice_opens_the_workbook_and_finds_no_formula() {
    if !consumer::have("LibreOffice", Command::new("soffice").arg("--version")) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("paper.xlsx");
    review(&hostile(folder.path()), "xlsx", &target);
    // -1: all sheets, each into a file of its own.
    let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,true,false,-1";
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.path().display());
    let output = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", filter, "--outdir"])
        .args([folder.path(), &target])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let mut sheets = 0;
    let mut all = String::new();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "csv") {
            sheets += 1;
            all.push_str(&fs::read_to_string(path).unwrap());
        }
    }
    assert_eq!(sheets, 5);
    // The filter writes formulas as such; a text that looks like one comes out as it went in.
    assert!(all.contains("=HYPERLINK(\"\"http://x.example\"\") <b>[x](y) `|"), "the organisation's name is lost");
    let parts = zip::ZipArchive::new(fs::File::open(&target).unwrap()).unwrap();
    let names: Vec<String> = parts.file_names().map(|name| name.unwrap().into_owned()).collect();
    let mut parts = parts;
    for name in names.iter().filter(|name| name.starts_with("xl/worksheets/")) {
        let text = std::io::read_to_string(parts.by_name(name).unwrap()).unwrap();
        assert!(!text.contains("<f>") && !text.contains("<f "), "{name} holds a formula");
        assert!(!text.contains("<hyperlink"), "{name} holds a link");
    }
}

#[test]
fn no_cell_of_the_table_starts_a_formula() {
    let folder = tempfile::tempdir().unwrap();
    for (plan, name) in [(hostile(folder.path()), "hostile"), (example("utility.yaml"), "utility")] {
        let target = folder.path().join(format!("{name}.csv"));
        review(&plan, "csv", &target);
        let bytes = fs::read(&target).unwrap();
        let text = bytes.strip_prefix("\u{feff}".as_bytes()).expect("a byte order mark");
        let mut reader = csv::Reader::from_reader(text);
        let width = reader.headers().unwrap().len();
        let mut rows = 0;
        for row in reader.records() {
            let row = row.unwrap();
            assert_eq!(row.len(), width);
            for cell in row.iter().filter(|cell| cell.parse::<f64>().is_err()) {
                assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '|', '%']), "{name}: {cell}");
            }
            rows += 1;
        }
        assert!(rows > 100, "{name}: {rows}");
    }
}

/// What readers of Markdown add to the standard, but for typographic quotes, which would change the text.
const EXTENSIONS: pulldown_cmark::Options = pulldown_cmark::Options::ENABLE_TABLES
    .union(pulldown_cmark::Options::ENABLE_STRIKETHROUGH)
    .union(pulldown_cmark::Options::ENABLE_TASKLISTS)
    .union(pulldown_cmark::Options::ENABLE_FOOTNOTES)
    .union(pulldown_cmark::Options::ENABLE_MATH);

#[test]
fn markdown_shows_hostile_text_as_text() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("paper.md");
    review(&hostile(folder.path()), "md", &target);
    let text = fs::read_to_string(&target).unwrap();
    let mut shown = String::new();
    for event in pulldown_cmark::Parser::new_ext(&text, EXTENSIONS) {
        use pulldown_cmark::{Event, Tag};
        match event {
            Event::Html(html) | Event::InlineHtml(html) => panic!("HTML: {html}"),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => panic!("a link: {dest_url}"),
            Event::Text(text) | Event::Code(text) => shown.push_str(&text),
            _ => {}
        }
    }
    let times = shown.matches("HYPERLINK(\"http://x.example\") <b>[x](y) `|").count();
    assert!(times >= 7, "shown {times} times");
}

#[test]
fn sarif_says_what_is_open_accepted_and_missing() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("paper.sarif");
    review(&example("utility.yaml"), "sarif", &target);
    let log: Value = serde_json::from_slice(&fs::read(&target).unwrap()).unwrap();
    let run = &log["runs"][0];
    let rules: BTreeSet<&str> =
        run["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    let results = run["results"].as_array().unwrap();
    for result in results {
        assert!(rules.contains(result["ruleId"].as_str().unwrap()), "{result}");
        assert!(["none", "note", "warning", "error"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
    }
    let accepted: Vec<&Value> = results.iter().filter(|result| !result["suppressions"].is_null()).collect();
    assert_eq!(accepted.len(), 2);
    assert!(accepted.iter().all(|result| result["suppressions"][0]["status"] == "accepted"));
    assert!(results.iter().filter(|result| result["ruleId"] == "gap").count() > 20);
    // The published schema is too large to stand here; whoever has it names its file.
    if let Some(schema) = std::env::var_os("GROUNDPLAN_SARIF_SCHEMA") {
        let schema: Value = serde_json::from_slice(&fs::read(schema).unwrap()).unwrap();
        let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
        compiler.add_resource("sarif.json", schema).unwrap();
        let index = compiler.compile("sarif.json", &mut schemas).unwrap();
        schemas.validate(&log, index).map_err(|error| error.to_string()).unwrap();
    }
}
