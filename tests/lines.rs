//! Every line of every artifact that holds a setting's value leads to that setting.
//!
//! The examples, delivered in all ways, are generated. From what each role sets, and from where the program says that it stands,
//! follows which settings a file holds: a line must name one of these, each of them must be found, and a line that holds a value
//! and names nothing must be one of the frame that is listed here.

#![expect(clippy::unwrap_used, reason = "a test stops where something fails")]

#[path = "support/program.rs"]
#[expect(dead_code, reason = "shared with tests that ask more")]
mod program;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use groundplan::baseline::{Checker, resolve, versions_of};
use groundplan::baselines::Baselines;
use groundplan::catalogue::load_catalogue;
use groundplan::emit::registry::{MACHINE_POL, USER_POL};
use groundplan::emit::{Delivery, places};
use groundplan::plan::{EVERYONE, answers_of, read_plan};
use groundplan::review::ArtifactReader;
use groundplan::source::{Limits, parse};
use groundplan::vendor::Schemas;
use jiff::civil::date;
use program::{ended, example, generate, groundplan, tree};

/// A name, the example, what is replaced in it, and what is added.
type Variant = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);

/// The examples with other clients and roads.
const PLANS: [Variant; 5] = [
    ("as they are", "utility.yaml", &[], ""),
    ("as they are", "lawfirm.yaml", &[], ""),
    (
        "declarations, Linux desktops, files",
        "utility.yaml",
        &[("apple-mail, browser]", "apple-mail, browser, evolution, kmail]")],
        "delivery: { mdm: jamf, windows: files, mac_accounts: declarations }\n",
    ),
    (
        "declarations of mail, Intune",
        "utility.yaml",
        &[
            ("  exchange:", "  #"),
            ("[outlook, thunderbird, apple-mail, browser]", "[outlook, thunderbird, browser]"),
            ("method: kerberos", "method: password"),
            ("method: certificate", "method: password"),
        ],
        "delivery: { mdm: jamf, windows: intune, mac_accounts: declarations }\n",
    ),
    ("Fleet", "utility.yaml", &[], "delivery: { mdm: fleet }\n"),
];

/// What is read by no line: papers, backups of group policy, binary policy files, files of a template, scripts.
const WITHOUT_NAMES: [&str; 10] =
    [".pol", ".html", ".md", ".xml", ".ps1", "apply", "check", "undo", "tests.bats", "jamf-attribute"];

/// Folders of which no line is read.
const UNREAD: [&str; 2] = ["gpo/", "workstation/"];

/// What a line may be about without a name, though it holds a value: the end of the file's name, and keys or whole lines.
const FRAMES: [(&str, &[&str]); 7] = [
    (".source", &["Revision"]),
    // A template of Intune's folder belongs to no single policy.
    ("intune/omauri.json", &["@odata.type", "description", "displayName", "omaUri", "value"]),
    ("intune/omauri.csv", &["\u{feff}setting,title,decisions,road,OMA-URI or definition,data type,value,reason"]),
    (
        "intune/settings-catalog.json",
        &["@odata.type", "children", "description", "name", "platforms", "roleScopeTagIds", "technologies"],
    ),
    (".json", &["Type", "Identifier", "ServerToken"]),
    (
        ".mobileconfig",
        &[
            "EnterprisePoliciesEnabled",
            "PayloadDisplayName",
            "PayloadIdentifier",
            "PayloadOrganization",
            "PayloadRemovalDisallowed",
            "PayloadScope",
            "PayloadType",
            "PayloadUUID",
            "PayloadVersion",
        ],
    ),
    (
        "autoconfig/groundplan.js",
        &["pref(\"general.config.filename\", \"groundplan.cfg\", locked);", "pref(\"general.config.obscure_value\", 0, locked);"],
    ),
];

fn is_frame(path: &str, about: &str) -> bool {
    let first = |ends: char| about.split(ends).next().unwrap_or_default();
    FRAMES.iter().find(|(end, _)| path.ends_with(end)).is_some_and(|(_, frame)| {
        frame.contains(&about)
            || frame.contains(&first('='))
            || (path.ends_with("omauri.csv") && first(',').ends_with(": template"))
    })
}

/// What a line that holds a value is about, by its form alone; `None` for a line without one.
fn about(path: &str, all: &[&str], line: usize) -> Option<String> {
    let own = all[line - 1].trim();
    let before = |begins: &str, ends: &str| {
        all[..line].iter().rev().find_map(|text| Some(text.trim().strip_prefix(begins)?.split_once(ends)?.0.to_owned()))
    };
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "json" => {
            let value = own.split_once("\": ").map_or(own, |(_, value)| value);
            (!matches!(value.trim_end_matches(','), "{" | "[" | "}" | "]")).then(|| before("\"", "\":").unwrap_or_default())
        }
        "mobileconfig" => own
            .starts_with('<')
            .then_some(())
            .filter(|()| ["<string", "<integer", "<true", "<false", "<real", "<data"].iter().any(|tag| own.starts_with(tag)))
            .and_then(|()| before("<key>", "</key>")),
        "reg" => own.starts_with('"').then(|| own.to_owned()),
        "js" | "cfg" => own.contains("ref(").then(|| own.to_owned()),
        "csv" | "txt" => (!own.is_empty()).then(|| own.to_owned()),
        _ => (own.contains('=') || own.starts_with('/')).then(|| own.to_owned()),
    }
}

fn text_of(bytes: &[u8]) -> String {
    match bytes.strip_prefix(&[0xff, 0xfe]) {
        Some(rest) => {
            String::from_utf16(&rest.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect::<Vec<_>>()).unwrap()
        }
        None => String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

/// The lines of a file that are about something: the name, or what a line with a value is about that leads to none.
fn read(reader: &ArtifactReader<'_, '_>, path: &str, bytes: &[u8]) -> Vec<(usize, Result<String, String>)> {
    let text = text_of(bytes);
    let all: Vec<&str> = text.lines().collect();
    let at = |line: usize| match reader.name_at(&format!("out/everyone/{path}"), bytes, line) {
        Some(name) => Some((line, Ok(name))),
        None => about(path, &all, line).filter(|about| !is_frame(path, about)).map(|about| (line, Err(about))),
    };
    (1..=all.len()).filter_map(at).collect()
}

#[test]
fn every_line_that_holds_a_value_leads_to_its_setting() {
    let baselines = Baselines::embedded();
    let catalogue = load_catalogue(&baselines).unwrap();
    let schemas = Schemas::load(&baselines).unwrap();
    let reader = ArtifactReader::new(&catalogue, &schemas, &baselines).unwrap();
    let (mut faults, mut known, mut lines) = (Vec::new(), BTreeMap::new(), 0);
    for (name, file, replaced, added) in PLANS {
        let name = format!("{name}, {file}");
        let text = replaced.iter().fold(fs::read_to_string(example(file)).unwrap(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        });
        let text = format!("{text}{added}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.yaml");
        fs::write(&path, &text).unwrap();
        ended(&generate(&path, &["-q", "-o", folder.path().join("out").to_str().unwrap()]), 0);
        let files = tree(&folder.path().join("out"));
        let (document, _) = parse("plan.yaml", text.as_bytes(), Limits::default());
        let (plan, _) = read_plan(&document.unwrap(), &catalogue);
        for role in plan.all_roles() {
            let answers = answers_of(&plan, role, &catalogue, date(2026, 11, 1));
            let mut checker = Checker::new(&schemas, versions_of(&answers));
            let (baseline, _) = checker.check(resolve(&catalogue, &answers).0);
            let mut held: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for set in &baseline.settings {
                for place in places(&set.typed, Delivery::of(&answers)) {
                    held.entry(place.path).or_default().insert(set.setting.name.clone());
                }
            }
            let own = format!("{}/", role.unwrap_or(EVERYONE));
            let mut of_place: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for (path, (_, bytes)) in files.iter().filter_map(|(path, file)| Some((path.strip_prefix(&own)?, file))) {
                let folders = path.rmatch_indices('/').map(|(end, _)| &path[..=end]);
                let Some(place) = std::iter::once(path).chain(folders).find(|path| held.contains_key(*path)) else { continue };
                if WITHOUT_NAMES.iter().any(|end| path.ends_with(end)) {
                    continue;
                }
                let found = known.entry((path.to_owned(), bytes.clone())).or_insert_with(|| read(&reader, path, bytes));
                let expected = &held[place];
                // What names an asset stands in another declaration than the asset.
                let declared = |name: &String| {
                    path.contains("/declarations/")
                        && held.iter().any(|(path, names)| path.contains("/declarations/") && names.contains(name))
                };
                for (line, at) in found.iter() {
                    match at {
                        Ok(at) if expected.contains(at) || declared(at) => {
                            of_place.entry(place.to_owned()).or_default().insert(at.clone());
                        }
                        Ok(at) => faults.push(format!("{name}: {own}{path}:{line} leads to {at}")),
                        Err(about) => faults.push(format!("{name}: {own}{path}:{line} has no name: {about}")),
                    }
                }
            }
            for (place, names) in held.iter().filter(|(place, _)| {
                ![USER_POL, MACHINE_POL].iter().any(|pol| place.ends_with(pol.rsplit('/').next().unwrap()))
                    && !UNREAD.iter().any(|folder| place.starts_with(folder))
            }) {
                let found = of_place.remove(place).unwrap_or_default();
                faults.extend(names.difference(&found).map(|at| format!("{name}: {own}{place} hides {at}")));
                lines += found.len();
            }
        }
    }
    assert!(lines > 3000, "{lines}");
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn a_line_of_a_declaration_leads_to_its_decision() {
    let folder = tempfile::tempdir().unwrap();
    let plan = fs::read_to_string(example("utility.yaml")).unwrap() + "delivery: { mdm: jamf, mac_accounts: declarations }\n";
    fs::write(folder.path().join("plan.yaml"), plan).unwrap();
    ended(&generate(&folder.path().join("plan.yaml"), &["-q", "-o", folder.path().join("out").to_str().unwrap()]), 0);
    let file = folder.path().join("out/field-workers/macos/declarations/exchange.json");
    let text = fs::read_to_string(&file).unwrap();
    let explained = |holds: &str| {
        let line = text.lines().position(|line| line.contains(holds)).unwrap() + 1;
        groundplan().arg("explain").arg(format!("{}:{line}", file.display())).output().unwrap()
    };
    for (holds, name) in [("HostName", "account:Host"), ("\"EWS\"", "account:Host"), ("UserIdentity", "account:EmailAddress")] {
        let output = explained(holds);
        ended(&output, 0);
        let page = String::from_utf8(output.stdout).unwrap();
        assert!(page.contains(name) && page.contains("servers"), "{holds}: {page}");
    }
    assert!(ended(&explained("ServerToken"), 1).contains("frame"));
}
