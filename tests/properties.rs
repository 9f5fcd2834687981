//! What must hold for every plan: the order of keys never shows, a stricter answer never loosens, hostile text arrives
//! unchanged at every reader, and no input makes a reader panic or point outside its file.
//!
//! Plans are drawn by proptest and go through the library, from text to bytes.

#![expect(clippy::unwrap_used, reason = "a test stops where something fails")]

#[path = "properties/importers.rs"]
mod importers;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::LazyLock;

use groundplan::baseline::{Lock, resolve};
use groundplan::baselines::Baselines;
use groundplan::catalogue::{Catalogue, RoleFreedom, load_catalogue};
use groundplan::diag::{Finding, has_errors, text};
use groundplan::generate::{GenerateError, Job, Outcome, Selection, generate};
use groundplan::out::{OutError, Sink};
use groundplan::plan::{Plan, answers_of, read_plan, strength};
use groundplan::source::{Kind, Limits, Node, is_forbidden, parse};
use groundplan::vendor::Schemas;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::Value as Json;

const TODAY: Date = date(2026, 11, 1);
const EXAMPLES: [&str; 2] = [include_str!("../examples/utility.yaml"), include_str!("../examples/lawfirm.yaml")];

static BASELINES: LazyLock<Baselines> = LazyLock::new(Baselines::embedded);
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| load_catalogue(&BASELINES).unwrap());

/// Artifacts by path; whether they are programs.
#[derive(Debug, Default, PartialEq, Eq)]
struct Memory(BTreeMap<String, (bool, Vec<u8>)>);

impl Sink for Memory {
    fn put(&mut self, path: &str, bytes: &[u8], executable: bool) -> Result<(), OutError> {
        assert!(self.0.insert(path.to_owned(), (executable, bytes.to_owned())).is_none(), "{path} is written twice");
        Ok(())
    }
}

fn generated(plan: &Plan) -> Result<(Memory, Outcome), GenerateError> {
    let schemas = Schemas::load(&BASELINES).unwrap();
    let selection = Selection::default();
    let job = Job {
        plan,
        catalogue: &CATALOGUE,
        schemas: &schemas,
        baselines: &BASELINES,
        today: TODAY,
        selection: &selection,
        previous: None,
    };
    let mut memory = Memory::default();
    generate(&job, &mut memory).map(|outcome| (memory, outcome))
}

fn read(plan: &str) -> (Plan, Vec<Finding>) {
    let (document, found) = parse("plan.yaml", plan.as_bytes(), Limits::default());
    assert!(found.is_empty(), "{plan}\n{}", text::render(&found, false));
    read_plan(&document.unwrap(), &CATALOGUE)
}

/// The artifacts of a plan that must be a good one.
fn artifacts(plan: &str) -> Memory {
    let (read, found) = read(plan);
    assert!(!has_errors(&found), "{plan}\n{}", text::render(&found, false));
    match generated(&read) {
        Ok((memory, _)) => memory,
        Err(GenerateError::Findings(found)) => panic!("{plan}\n{}", text::render(&found, false)),
        Err(error) => panic!("{plan}\n{error}"),
    }
}

/// A tree as YAML on one line, the keys of each map in an order that the seed decides.
fn written(node: &Node, seed: u64, text: &mut String) {
    match &node.kind {
        Kind::Nothing => text.push('~'),
        Kind::Scalar { text: word, plain } if *plain && (node.flag().is_some() || node.number().is_some()) => text.push_str(word),
        Kind::Scalar { text: word, .. } => text.push_str(&Json::from(word.as_ref()).to_string()),
        Kind::List(items) => {
            text.push('[');
            for item in items {
                written(item, seed, text);
                text.push_str(", ");
            }
            text.push(']');
        }
        Kind::Map(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|entry| {
                let mut hasher = DefaultHasher::new();
                (seed, &entry.key, entry.key_span.start).hash(&mut hasher);
                hasher.finish()
            });
            text.push_str("{ ");
            for entry in entries {
                text.push_str(&Json::from(entry.key.as_ref()).to_string());
                text.push_str(": ");
                written(&entry.value, seed, text);
                text.push_str(", ");
            }
            text.push('}');
        }
    }
}

static EXPECTED: LazyLock<[Memory; 2]> = LazyLock::new(|| EXAMPLES.map(artifacts));

/// Pieces of text that some format would take for its own.
const PIECES: &[&str] = &[
    "\"",
    "'",
    "''",
    "`",
    "``",
    "\\",
    "\\\\",
    "$",
    "${x}",
    "$(id)",
    "$HOME",
    "%",
    "%s",
    "%PATH%",
    "%%",
    "<",
    ">",
    "&",
    "&amp;",
    "<b>",
    "</string>",
    "<!--",
    "-->",
    "]]>",
    "<?xml",
    "{{ x }}",
    "{% raw %}",
    "{#",
    "#}",
    "#",
    "# h",
    "##",
    "- ",
    "* ",
    "+ ",
    "1. ",
    "> ",
    "| a | b |",
    "---",
    "===",
    "~~~",
    "~",
    "```",
    "![x](y)",
    "[x](https://evil.example/)",
    "https://evil.example/",
    "www.evil.example",
    "a@evil.example",
    "<https://evil.example>",
    "*a*",
    "_a_",
    "**",
    "__",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "!",
    "?",
    "@",
    "^",
    "=",
    "+",
    ";",
    ",",
    ":",
    ": ",
    " #",
    "|",
    "/",
    "//",
    "\u{a0}x",
    "ß",
    "Ä",
    "ﬁ",
    "Ω",
    "日本",
    "עברית",
    "العربية",
    "🔒",
    "🇩🇪",
    "\u{1F9D1}",
    "null",
    "true",
    "~x",
    "0x1F",
    "1e3",
    "!!str",
    "&a",
    "*a",
    "no",
    "\"\"",
    "hex:00",
    "[HKEY_X]",
    "dword:1",
    "\\0",
    "\\n",
    "\\u0041",
    "$$",
    "$x$",
    "!x",
    " ",
    "  ",
    ".",
    "...",
    "-",
];

fn hostile() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(PIECES), 1..7)
        .prop_map(|pieces| pieces.concat().trim().to_owned())
        // An address with something before an at sign looks like a password, and is refused.
        .prop_filter("text that a plan takes", |text| {
            !(text.is_empty() || text.starts_with("http") || text.contains("://") && text.contains('@'))
        })
}

/// A block of a Markdown page: its text, and what is more than text in it.
fn blocks(page: &str) -> Vec<(String, Vec<String>)> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_MATH;
    let mut blocks = vec![(String::new(), Vec::new())];
    for event in Parser::new_ext(page, options) {
        let (text, more) = blocks.last_mut().unwrap();
        match event {
            Event::Text(piece) => text.push_str(&piece),
            Event::SoftBreak | Event::HardBreak => text.push('\n'),
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::Item | Tag::List(None))
            | Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::List(_)) => {
                blocks.push((String::new(), Vec::new()));
            }
            other => more.push(format!("{other:?}")),
        }
    }
    blocks.retain(|(text, more)| !text.is_empty() || !more.is_empty());
    blocks
}

/// All text of a property list.
fn strings(value: &plist::Value, found: &mut BTreeSet<String>) {
    match value {
        plist::Value::Dictionary(entries) => entries.values().for_each(|value| strings(value, found)),
        plist::Value::Array(items) => items.iter().for_each(|value| strings(value, found)),
        plist::Value::String(text) => drop(found.insert(text.clone())),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_keys_never_shows(seed: u64) {
        for (plan, expected) in EXAMPLES.iter().zip(&*EXPECTED) {
            let document = parse("plan.yaml", plan.as_bytes(), Limits::default()).0.unwrap();
            let mut shuffled = String::new();
            written(&document.root, seed, &mut shuffled);
            let found = artifacts(&shuffled);
            let differing: Vec<_> = found.0.iter().filter(|(path, file)| expected.0.get(*path) != Some(file)).map(|(path, _)| path).collect();
            prop_assert!(found == *expected, "{differing:?} differ with {shuffled}");
        }
    }

    #[test]
    fn hostile_text_arrives_unchanged(organisation in hostile(), by in hostile(), rules in hostile(), reason in hostile(), person in hostile(), other in hostile()) {
        let quoted = |text: &str| Json::from(text).to_string();
        let plan = format!(
            "organisation: {}\ndomains: [example.org]\nclients: [thunderbird, outlook, outlook-mac, apple-mail]\nservers: {{ imap: imap.example.org, smtp: smtp.example.org, exchange: exchange.example.org, caldav: \"https://dav.example.org/x\", ldap: ldap.example.org }}\npurpose: {}\ndecided: {{ by: {}, date: 2026-10-01, review: 2027-10-01 }}\ninstruction: {{ by: course, rules: {} }}\nworkplace: shared\noffline_days: 0\nsign_in: {{ remember: never }}\nshared_computers: {{ keep: nothing }}\nbecause: {{ content.read_as: {} }}\naccept:\n  spam-not-agreed: {{ reason: {}, by: {}, until: 2027-01-01 }}\n",
            quoted(&organisation), quoted(&other), quoted(&by), quoted(&rules), quoted(&other), quoted(&reason), quoted(&person),
        );
        let found = artifacts(&plan).0;
        let bytes = |path: &str| found[path].1.as_slice();

        let policies: Json = serde_json::from_slice(bytes("everyone/thunderbird/policies.json")).unwrap();
        prop_assert_eq!(&policies["policies"]["Preferences"]["mail.server.server1.name"]["Value"], &Json::from(organisation.as_str()));
        let manifest: Json = serde_json::from_slice(bytes("manifest.json")).unwrap();
        prop_assert_eq!(&manifest["plan"]["organisation"], &Json::from(organisation.as_str()));

        let notice = format!("{organisation}: {rules}");
        for (path, wanted) in [("user", &organisation), ("device", &notice)] {
            let mut texts = BTreeSet::new();
            strings(&plist::from_bytes(bytes(&format!("everyone/macos/{path}.mobileconfig"))).unwrap(), &mut texts);
            prop_assert!(texts.contains(wanted), "{wanted:?} is not among {texts:?}");
        }
        // What every shell makes of these quotation marks is tested where the scripts are.
        let shell = format!("'{}'", notice.replace('\'', "'\\''"));
        let script = String::from_utf8_lossy(bytes("everyone/workstation/linux/apply"));
        prop_assert!(script.contains(&shell), "{shell} is not in the script");

        let mut table = csv::Reader::from_reader(bytes("coverage.csv"));
        let cells: Vec<String> = table.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect();
        prop_assert!(cells.iter().any(|cell| *cell == other || *cell == format!("'{other}")), "{other:?} is not in the table");
        prop_assert!(!cells.iter().any(|cell| cell.starts_with(['=', '+', '-', '@'])), "a cell is a formula");

        let page = String::from_utf8_lossy(bytes("duties.md"));
        let blocks = blocks(&page);
        prop_assert_eq!(&blocks[0], &(format!("Duties: {organisation}"), Vec::new()));
        let (text, more) = blocks.iter().find(|(text, _)| text.starts_with("Decided by: ")).unwrap();
        let lines = format!("Decided by: {by}\n");
        prop_assert!(more.is_empty() && text.starts_with(&lines), "{text:?} {more:?}, not {lines:?}");
        let end = format!(" by {person}: {reason}");
        let (_, more) = blocks.iter().find(|(text, _)| text.ends_with(&end)).ok_or_else(|| TestCaseError::fail(format!("{end} is not in {page}")))?;
        prop_assert_eq!(more.len(), 1, "only the name of the check is more than text: {:?}", more);
        for (language, of_rules, of_purpose) in [("en", "The full rules", "The groupware is for"), ("de", "Die vollständigen Regeln", "Wofür das System da ist")] {
            let notice = String::from_utf8_lossy(bytes(&format!("everyone/notices/notice.{language}.md")));
            let found = self::blocks(&notice);
            for wanted in [format!("{of_rules}: {rules}."), format!("{of_purpose}: {other}.")] {
                prop_assert!(found.iter().any(|(text, _)| *text == wanted), "{wanted:?} is not in {notice}");
            }
            prop_assert!(found.iter().any(|(text, _)| text.starts_with(&format!("{organisation}. "))), "{organisation:?} is not in {notice}");
            prop_assert!(found.iter().all(|(_, more)| more.is_empty()), "only text: {found:?}");
            for address in ["https://evil", "www.evil", "a@evil"] {
                prop_assert!(!notice.contains(address), "{address} would become a link");
            }
        }
        // Many readers make a link of what looks like an address.
        for address in ["https://evil", "www.evil", "a@evil"] {
            prop_assert!(!page.contains(address), "{address} would become a link");
        }
    }

    #[test]
    fn a_role_that_is_taken_as_stricter_is_stricter(
        preset in proptest::sample::select(&["basic", "standard", "high"][..]),
        need in proptest::sample::select(&["normal", "high", "very-high"][..]),
        decision: proptest::sample::Index,
        everyone in proptest::option::of(any::<proptest::sample::Index>()),
        role: proptest::sample::Index,
    ) {
        let decisions: Vec<_> = CATALOGUE.decisions.iter().filter(|decision| decision.roles == RoleFreedom::Tighten && !decision.strength.is_empty()).collect();
        let decision = decision.get(&decisions);
        let (topic, key) = decision.key.split_once('.').unwrap();
        let base = everyone.map(|index| format!("{topic}: {{ {key}: {} }}\n", index.get(&decision.strength))).unwrap_or_default();
        let plan = format!(
            "organisation: X\ndomains: [example.org]\nclients: [thunderbird, outlook]\nservers: {{ imap: imap.example.org, smtp: smtp.example.org }}\npreset: {preset}\ninformation: {{ files: {{ channels: [mail-internal, mail-external], confidentiality: {need}, integrity: {need} }} }}\n{base}roles:\n  desk: {{ {topic}: {{ {key}: {} }} }}\n",
            role.get(&decision.strength),
        );
        let (plan_read, found) = read(&plan);
        prop_assert!(!has_errors(&found), "{found:?}");
        let answer = |role| answers_of(&plan_read, role, &CATALOGUE, TODAY).value(&decision.key, None).unwrap().clone();
        let compared = strength::compare(decision, &answer(Some("desk")), &answer(None));
        let stricter = compared.is_some_and(|order| order != Ordering::Less);
        prop_assert_eq!(plan_read.loosened.is_empty(), stricter, "{:?} in\n{}", compared, plan);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        examined(&bytes)?;
    }

    #[test]
    fn random_text_of_yaml_never_panics_the_reader(pieces in proptest::collection::vec(proptest::sample::select(YAML), 0..60)) {
        examined(pieces.concat().as_bytes())?;
    }

    #[test]
    fn a_damaged_plan_never_panics_the_reader(
        plan in proptest::sample::select(&EXAMPLES[..]),
        damage in proptest::collection::vec((any::<proptest::sample::Index>(), 0..40_usize, proptest::sample::select(YAML)), 1..6),
    ) {
        let mut bytes = plan.as_bytes().to_vec();
        for (at, less, more) in damage {
            let at = at.index(bytes.len() + 1);
            let end = (at + less).min(bytes.len());
            bytes.splice(at..end, more.bytes());
        }
        examined(&bytes)?;
    }

    #[test]
    fn random_answers_never_panic_any_stage(plan in random_map(3)) {
        // With the answers that every plan must give, so that some plans go the whole way.
        let required = "organisation: X, domains: [example.org], clients: [thunderbird, outlook, apple-mail], servers: { imap: imap.example.org, smtp: smtp.example.org }, ";
        examined(plan.replacen("{ ", &format!("{{ {required}"), 1).as_bytes())?;
        examined(plan.as_bytes())?;
    }
}

/// What YAML is made of.
const YAML: &[&str] = &[
    "\n",
    "\n  ",
    "\n    ",
    " ",
    ": ",
    ":",
    "- ",
    "-",
    "? ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "#",
    "&a ",
    "*a",
    "!x ",
    "| ",
    ">-\n",
    "'",
    "\"",
    "%YAML 1.2\n",
    "---\n",
    "...\n",
    "~",
    "\\",
    "\t",
    "\r\n",
    "\r",
    "é",
    "e\u{301}",
    "🔒",
    "\u{feff}",
    "\u{202e}",
    "\u{0}",
    "\u{85}",
    "\u{2028}",
    "organisation",
    "domains",
    "clients",
    "servers",
    "imap",
    "roles",
    "content",
    "read_as",
    "text",
    "information",
    "accept",
    "versions",
    "99999999999999999999",
    "-1",
    "0x10",
    "1.5",
    "true",
    "null",
    "\"\\u202e\"",
    "\"\\x00\"",
    "<<",
    "=",
    "@",
    "`",
    "2026-02-30",
    "xn--",
    "https://",
    "é.example",
];

/// A map of known and unknown keys with answers that fit, or do not.
fn random_map(depth: u32) -> BoxedStrategy<String> {
    let keys: Vec<String> = CATALOGUE
        .decisions
        .iter()
        .flat_map(|decision| decision.key.split('.').map(str::to_owned))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let words: Vec<String> = CATALOGUE
        .decisions
        .iter()
        .flat_map(|decision| decision.shape.answers().unwrap_or_default().iter().map(|answer| answer.word.clone()))
        .chain(
            [
                "1",
                "0",
                "-5",
                "true",
                "~",
                "9999999999",
                "example.org",
                "https://example.org/x",
                "2026-10-10",
                "'a b'",
                "desk",
                "standard",
                "a@example.org",
            ]
            .map(str::to_owned),
        )
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let word = proptest::sample::select(words).boxed();
    let list = proptest::collection::vec(word.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(", ")));
    let value = if depth == 0 {
        prop_oneof![word, list].boxed()
    } else {
        prop_oneof![2 => word, 2 => list, 3 => random_map(depth - 1)].boxed()
    };
    let key = prop_oneof![8 => proptest::sample::select(keys), 1 => Just("desk".to_owned()), 1 => Just("Bad Key".to_owned())];
    let map = proptest::collection::btree_map(key, value, 0..6);
    map.prop_map(|entries| {
        format!("{{ {} }}", entries.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect::<Vec<_>>().join(", "))
    })
    .boxed()
}

/// Takes whatever comes through all stages; what is found must point into the file, and can be shown.
fn examined(bytes: &[u8]) -> Result<(), TestCaseError> {
    let (document, mut found) = parse("plan.yaml", bytes, Limits::default());
    prop_assert!(document.is_some() || !found.is_empty());
    if let Some(document) = document {
        let (plan, more) = read_plan(&document, &CATALOGUE);
        let good = found.is_empty() && !has_errors(&more);
        found.extend(more);
        if good {
            match generated(&plan) {
                Ok((memory, _)) => prop_assert!(memory.0.contains_key("manifest.json")),
                Err(GenerateError::Findings(more)) => found.extend(more),
                Err(error) => return Err(TestCaseError::fail(format!("{error:?}"))),
            }
        }
    }
    for finding in &found {
        for place in finding.place.iter().chain(finding.also.iter().map(|(place, _)| place)) {
            let text = &place.file.text;
            prop_assert!(place.span.start <= place.span.end && place.span.end <= text.len(), "{finding:?}");
            prop_assert!(text.is_char_boundary(place.span.start) && text.is_char_boundary(place.span.end), "{finding:?}");
            let (line, column) = place.line_column();
            prop_assert!(line >= 1 && column >= 1 && line <= text.lines().count() + 1, "{finding:?}");
        }
    }
    text::render(&found, true);
    groundplan::diag::json::render(&found);
    groundplan::diag::sarif::render(&found);
    Ok(())
}

#[test]
fn the_pieces_are_text_that_a_plan_takes() {
    assert!(PIECES.iter().all(|piece| !piece.chars().any(is_forbidden)));
}

#[test]
fn more_locking_never_unlocks() {
    for preset in ["basic", "standard", "high"] {
        for workplace in ["personal", "mobile", "shared"] {
            let locked = |lock: &str| -> BTreeMap<String, bool> {
                let plan = format!(
                    "organisation: X\ndomains: [example.org]\nclients: [thunderbird, outlook, outlook-mac, apple-mail]\nservers: {{ imap: imap.example.org, smtp: smtp.example.org, exchange: exchange.example.org }}\npreset: {preset}\nworkplace: {workplace}\nlock: {lock}\n"
                );
                let (plan, found) = read(&plan);
                assert!(!has_errors(&found));
                let (baseline, conflicts) = resolve(&CATALOGUE, &answers_of(&plan, None, &CATALOGUE, TODAY));
                assert_eq!(conflicts, []);
                baseline.settings.into_iter().map(|setting| (setting.name, setting.lock == Lock::Locked)).collect()
            };
            let [nothing, security, everything] = ["nothing", "security", "everything"].map(locked);
            for (weak, strong) in [(&nothing, &security), (&security, &everything)] {
                for (name, _) in weak.iter().filter(|(_, locked)| **locked) {
                    assert_eq!(strong.get(name), Some(&true), "{name}, {preset}, {workplace}");
                }
                assert!(strong.values().filter(|locked| **locked).count() > weak.values().filter(|locked| **locked).count());
            }
        }
    }
}
