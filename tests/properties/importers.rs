//! Readers of other people's files: damage and depth may be refused, and never end in a panic or in a table that lies.

use groundplan::emit::registry::pol;
use groundplan::vendor::{admx, apple, thunderbird};
use proptest::prelude::*;

const ADMX: &str = "<?xml version=\"1.0\"?><policyDefinitions revision=\"1.0\" schemaVersion=\"1.0\"><policyNamespaces><target prefix=\"a\" namespace=\"A\"/></policyNamespaces><resources minRequiredRevision=\"1.0\"/><categories><category name=\"C\" displayName=\"$(string.C)\"/></categories><policies><policy name=\"P\" class=\"User\" displayName=\"$(string.P)\" key=\"software\\policies\\x\" valueName=\"v\" presentation=\"$(presentation.P)\"><parentCategory ref=\"C\"/><supportedOn ref=\"S\"/><enabledValue><decimal value=\"1\"/></enabledValue><disabledValue><decimal value=\"0\"/></disabledValue><elements><enum id=\"e\" valueName=\"w\"><item displayName=\"$(string.I)\"><value><string>x</string></value></item></enum><decimal id=\"d\" valueName=\"n\" minValue=\"0\" maxValue=\"9\"/></elements></policy></policies></policyDefinitions>";
const ADML: &str = "<?xml version=\"1.0\"?><policyDefinitionResources revision=\"1.0\" schemaVersion=\"1.0\"><displayName/><description/><resources><stringTable><string id=\"C\">Category</string><string id=\"P\">Policy</string><string id=\"I\">Item</string></stringTable><presentationTable><presentation id=\"P\"><dropdownList refId=\"e\">Label</dropdownList><decimalTextBox refId=\"d\">Number</decimalTextBox></presentation></presentationTable></resources></policyDefinitionResources>";
const APPLE: &str = "title: T\ndescription: D\npayload:\n  payloadtype: com.example.x\n  supportedOS:\n    macOS:\n      introduced: '10.7'\n      multiple: true\n      devicechannel: true\n      userchannel: true\npayloadkeys:\n- key: K\n  title: K\n  type: <integer>\n  presence: optional\n  range:\n    min: 0\n    max: 9\n  content: Text.\n- key: D\n  type: <dictionary>\n  subkeys:\n  - key: E\n    type: <string>\n    rangelist: [a, b]\n";
const SCHEMA: &str = "{\"$schema\":\"http://json-schema.org/draft-06/schema#\",\"type\":\"object\",\"properties\":{\"A\":{\"type\":\"boolean\"},\"B\":{\"type\":\"object\",\"properties\":{\"C\":{\"type\":\"string\",\"enum\":[\"x\",\"y\"]}},\"required\":[\"C\"]},\"D\":{\"type\":\"array\",\"items\":{\"type\":\"number\"}}}}";
const POL: &[u8] = include_bytes!("../windows/dod-outlook-2016.pol");

/// Pieces that mean something in one of the formats.
const PIECES: &[&str] = &[
    "<",
    ">",
    "</",
    "/>",
    "\"",
    "'",
    "&",
    "&amp;",
    "&#0;",
    "&x;",
    "<!DOCTYPE a [<!ENTITY x \"y\">]>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<?",
    "\u{0}",
    "name=\"P\"",
    "id=\"e\"",
    "$(string.",
    "$(string.P)",
    "value=\"99999999999999999999\"",
    "-1",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\n",
    "\n  ",
    "- ",
    "&a ",
    "*a",
    "!!binary ",
    "\t",
    "null",
    "true",
    "1e999",
    "\"A\":",
    "\"$ref\":\"#/definitions/A\"",
    "definitions",
    "type",
    "<dictionary>",
    "<array>",
    "subkeys:\n",
    "key: K\n",
    "é",
    "🔒",
    "\u{feff}",
    "\u{202e}",
    "\\u0000",
    "\\ud800",
];

type Damage = Vec<(prop::sample::Index, usize, &'static str)>;

fn damage() -> impl Strategy<Value = Damage> {
    prop::collection::vec((any::<prop::sample::Index>(), 0..30_usize, prop::sample::select(PIECES)), 0..5)
}

fn damaged(seed: &[u8], damage: &Damage) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for (at, less, more) in damage {
        let at = at.index(bytes.len() + 1);
        let end = (at + less).min(bytes.len());
        bytes.splice(at..end, more.bytes());
    }
    bytes
}

/// All importers, each with its own file; none may panic, and a table has no line that starts another one by stealth.
fn imported(admx_file: &[u8], adml_file: &[u8], apple_file: &[u8], schema: &[u8]) -> [bool; 3] {
    let texts = vec![("en-US", admx::File { name: "a.adml", bytes: adml_file })];
    let template = admx::Source { template: admx::File { name: "a.admx", bytes: admx_file }, texts };
    let tables = [
        admx::import(&template, &[], "test").ok(),
        apple::import(&[("com.example.x.yaml".to_owned(), apple_file.to_vec())], "test").ok(),
        thunderbird::import_policies(schema, "153", "test").ok(),
    ];
    for table in tables.iter().flatten() {
        assert!(table.starts_with("# ") && table.ends_with('\n') && !table.contains(['\r', '\0']), "{table:?}");
    }
    tables.map(|table| table.is_some())
}

#[test]
fn the_seeds_are_files_that_the_importers_take() {
    assert_eq!(imported(ADMX.as_bytes(), ADML.as_bytes(), APPLE.as_bytes(), SCHEMA.as_bytes()), [true; 3]);
    assert_eq!(pol::read(POL).map(|records| pol::write(&records)).unwrap(), POL);
}

#[test]
fn depth_is_refused_and_ends_no_run() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    for nested in [deep("[", "]"), deep("{\"a\":", "}"), deep("<a>", "</a>"), deep("- ", ""), "<a>".repeat(100_000)] {
        let nested = nested.as_bytes();
        assert_eq!(imported(nested, nested, nested, nested), [false; 3]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_file_never_panics_an_importer(one in damage(), two in damage(), three in damage(), four in damage()) {
        imported(&damaged(ADMX.as_bytes(), &one), &damaged(ADML.as_bytes(), &two), &damaged(APPLE.as_bytes(), &three), &damaged(SCHEMA.as_bytes(), &four));
    }

    #[test]
    fn random_bytes_never_panic_an_importer(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        imported(&bytes, &bytes, &bytes, &bytes);
    }

    #[test]
    fn what_is_read_of_a_pol_file_is_written_again(damage in damage(), flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4), end: prop::sample::Index) {
        let mut bytes = damaged(POL, &damage);
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        for part in [&bytes[..], &bytes[..end.index(bytes.len() + 1)]] {
            if let Ok(records) = pol::read(part) {
                prop_assert_eq!(pol::write(&records), part);
            }
        }
    }
}
