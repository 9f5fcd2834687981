//! Notices as their readers see them: the browser that shows and prints the page.
//!
//! Chromium reads the page and gives back its tree, in which every element is one of the template's and the text of the plan
//! is text; it prints the page, and the notices of the examples fill at most two sheets.

#![expect(clippy::unwrap_used, reason = "a test stops where something fails")]

#[path = "support/consumer.rs"]
mod consumer;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use regex_lite::Regex;

const HOSTILE: &str =
    "</li></ul><script>document.title='owned'</script><img src=x onerror=alert(1)> & \"q\" 'a' {{ 7*7 }} {% raw %} `c` <!-- -->";

fn generate(plan: &Path, into: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_groundplan"));
    let run = command.arg("generate").arg(plan).args(["--today", "2026-10-01", "-q", "-o"]).arg(into).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
}

fn chromium(profile: &Path) -> Command {
    let mut command = Command::new("chromium");
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"]);
    command.arg(format!("--user-data-dir={}", profile.display()));
    command
}

fn have_chromium() -> bool {
    consumer::have("chromium", Command::new("chromium").arg("--version"))
}

/// All notices below a folder that end in `.html`, in the order of their paths.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut pages = Vec::new();
    for role in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        pages.extend(["de", "en"].map(|language| role.join(format!("notices/notice.{language}.html"))));
    }
    pages.sort();
    pages
}

#[test]
fn text_of_the_plan_is_text_in_the_browser() {
    if !have_chromium() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let plan = folder.path().join("plan.yaml");
    let text = serde_json::Value::from(HOSTILE).to_string();
    fs::write(&plan, format!("organisation: {text}\ndomains: [example.org]\nclients: [thunderbird]\nservers: {{ imap: imap.example.org, smtp: smtp.example.org }}\npurpose: {text}\ndecided: {{ by: {text} }}\ninstruction: {{ rules: {text} }}\nforwarding: {{ external: exceptions, announced: 2026-09-01, exceptions: [{{ people: [{text}], to: a@example.net, reason: {text}, until: 2027-01-01 }}] }}\n")).unwrap();
    let out = folder.path().join("out");
    generate(&plan, &out);
    let element = Regex::new("<([a-zA-Z][a-zA-Z0-9]*)").unwrap();
    for page in pages(&out) {
        let run = chromium(&folder.path().join("profile")).arg("--dump-dom").arg(&page).output().unwrap();
        let tree = String::from_utf8(run.stdout).unwrap();
        let body = &tree[tree.find("<body>").expect("the browser gives its tree")..];
        let elements: BTreeSet<&str> = element.captures_iter(body).map(|found| found.get(1).unwrap().as_str()).collect();
        let known = ["body", "div", "h1", "h2", "header", "li", "main", "p", "section", "ul"];
        assert!(elements.iter().all(|name| known.contains(name)), "{}: {elements:?}", page.display());
        assert!(!body.contains("<!--") && !tree.contains("<title>owned"), "{tree}");
        let text = body.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        assert_eq!(text.matches(HOSTILE).count(), 7, "{}: {text}", page.display());
    }
}

#[test]
fn the_notices_of_the_examples_fill_at_most_two_sheets() {
    if !have_chromium() || !consumer::have("pdfinfo", Command::new("pdfinfo").arg("-v")) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let pages_line = Regex::new("(?m)^Pages: +([0-9]+)$").unwrap();
    let mut seen = 0;
    for example in ["utility", "lawfirm"] {
        let out = folder.path().join(example);
        generate(&Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/{example}.yaml")), &out);
        for page in pages(&out) {
            let print = folder.path().join("page.pdf");
            let mut browser = chromium(&folder.path().join("profile"));
            let run = browser
                .args(["--no-pdf-header-footer"])
                .arg(format!("--print-to-pdf={}", print.display()))
                .arg(&page)
                .output()
                .unwrap();
            assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
            let info = String::from_utf8(Command::new("pdfinfo").arg(&print).output().unwrap().stdout).unwrap();
            let sheets: u32 = pages_line.captures(&info).unwrap().get(1).unwrap().as_str().parse().unwrap();
            assert!((1..=2).contains(&sheets), "{} fills {sheets} sheets", page.display());
            fs::remove_file(&print).unwrap();
            seen += 1;
        }
    }
    assert_eq!(seen, 18);
}
