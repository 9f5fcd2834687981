//! Templates that are not what they must be: each is refused with file, place and help, and nothing is written.

use std::fs;
use std::path::PathBuf;

use groundplan::vendor::admx::{File, Source, read};

use crate::program::ended;
use crate::{folder, run, text};

const ADMX: &str = r#"<?xml version="1.0" encoding="utf-16"?>
<policyDefinitions revision="1.0" schemaVersion="1.0">
  <policyNamespaces><target prefix="x" namespace="X" /></policyNamespaces>
  <resources minRequiredRevision="1.0" />
  <categories><category name="C" displayName="$(string.C)" /></categories>
  <policies>
    <policy name="P" class="User" displayName="$(string.P)" key="software\policies\x" valueName="v">
      <parentCategory ref="C" />
      <enabledValue><decimal value="1" /></enabledValue>
      <elements>
        <text id="t" valueName="t" />
      </elements>
    </policy>
  </policies>
</policyDefinitions>
"#;

const ADML: &str = r#"<?xml version="1.0" encoding="utf-16"?>
<policyDefinitionResources revision="1.0" schemaVersion="1.0">
  <resources><stringTable>
    <string id="C">Größe</string>
    <string id="P">A policy</string>
  </stringTable></resources>
</policyDefinitionResources>
"#;

/// A folder with a template, its texts and an old table.
fn files(name: &str, admx: &[u8], adml: Option<&[u8]>) -> PathBuf {
    let folder = folder(name);
    fs::create_dir(folder.join("en-US")).expect("the target folder is writable");
    fs::write(folder.join("x.admx"), admx).expect("the target folder is writable");
    if let Some(adml) = adml {
        fs::write(folder.join("en-US/x.adml"), adml).expect("the target folder is writable");
    }
    fs::write(folder.join("x.tsv"), OLD).expect("the target folder is writable");
    folder
}

const OLD: &str = "# what was there before\n";
const IMPORT: [&str; 6] = ["import", "admx", "x.admx", "--origin", "a test", "-o"];

/// Imports; gives the exit code's talk after a look at what was written.
fn refused(name: &str, admx: &[u8], adml: Option<&[u8]>, code: i32) -> String {
    let folder = files(name, admx, adml);
    let output = run(&folder, &[&IMPORT[..], &["x.tsv"]].concat());
    let told = ended(&output, code);
    assert_eq!(text(&output.stdout), "");
    assert_eq!(fs::read_to_string(folder.join("x.tsv")).expect("the old table"), OLD, "{told}");
    assert_eq!(fs::read_dir(&folder).expect("the folder").count(), 3, "nothing is left behind");
    told
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

#[test]
fn every_encoding_gives_the_same_table() {
    let mark = "\u{FEFF}";
    let encodings: [fn(&str) -> Vec<u8>; 4] = [
        |text| text.as_bytes().to_vec(),
        |text| utf16(text, u16::to_le_bytes),
        |text| utf16(text, u16::to_be_bytes),
        // As an editor would write it that keeps what it does not see.
        |text| text.replace('\n', "\r\n").into_bytes(),
    ];
    let mut tables = Vec::new();
    for (index, encode) in encodings.into_iter().enumerate() {
        for (with, prefix) in [("mark", mark), ("none", "")] {
            let bytes = |text: &str| encode(&format!("{prefix}{text}"));
            let folder = files(&format!("encoding-{index}-{with}"), &bytes(ADMX), Some(&bytes(ADML)));
            ended(&run(&folder, &[&IMPORT[..], &["x.tsv"]].concat()), 0);
            let table = fs::read_to_string(folder.join("x.tsv")).expect("a table");
            tables.push(table.lines().filter(|line| !line.starts_with("# SHA")).collect::<Vec<_>>().join("\n"));
        }
    }
    assert!(
        tables[0]
            .ends_with("P\tuser\tsoftware\\policies\\x\tv\tA policy\tGröße\n\tcategory\tC\n\tenabled\tdword:1\n\ttext\tt\t\tt"),
        "{}",
        tables[0]
    );
    assert!(tables.iter().all(|table| *table == tables[0]), "{tables:#?}");
}

/// What is changed in which file, and what the program says: its message, place and help.
const FAULTS: &[(&str, &str, &str, [&str; 3])] = &[
    (
        "x.admx",
        "class=\"User\"",
        "class=\"User\" hidden=\"1\"",
        ["`policy` has the unknown attribute `hidden`", "x.admx:7:5", "a new version of the format"],
    ),
    (
        "x.admx",
        "<elements>",
        "<elements><slider id=\"s\" />",
        ["`elements` holds the unknown element `slider`", "x.admx:10:17", "nothing is taken"],
    ),
    (
        "x.admx",
        "valueName=\"t\"",
        "",
        ["`text` has no `valueName`", "x.admx:11:9", "Microsoft's schema of templates asks for it"],
    ),
    ("x.admx", "class=\"User\"", "class=\"Users\"", ["`class` cannot be `Users`", "x.admx:7:5", "says what may stand there"]),
    (
        "x.admx",
        "software\\policies",
        "HKCU\\policies",
        ["`key` cannot be `HKCU\\policies\\x`", "x.admx:7:5", "says what may stand there"],
    ),
    (
        "x.admx",
        "$(string.P)",
        "$(string.Q)",
        ["the texts in `en-US/x.adml` have no string `Q`", "x.admx:7:5", "of one and the same version"],
    ),
    ("x.admx", "$(string.P)", "$(string.P", ["`displayName` cannot be `$(string.P`", "x.admx:7:5", "says what may stand there"]),
    (
        "x.admx",
        "$(string.P)",
        "$(presentation.P)",
        ["`displayName` cannot be `$(presentation.P)`", "x.admx:7:5", "says what may stand there"],
    ),
    ("x.admx", "ref=\"C\"", "ref=\"D\"", ["the template has no category `D`", "x.admx:8:7", "a policy lies in a category"]),
    (
        "x.admx",
        "</policies>",
        "<policy name=\"P\" class=\"User\" displayName=\"x\" key=\"k\"><parentCategory ref=\"C\" /></policy></policies>",
        ["the policy `P` is defined twice", "x.admx:14:3", "cannot be told"],
    ),
    (
        "x.admx",
        "</elements>",
        "<text id=\"t\" valueName=\"u\" /></elements>",
        ["the element `t` is defined twice", "x.admx:12:7", "cannot be told"],
    ),
    (
        "x.admx",
        "</categories>",
        "<category name=\"C\" displayName=\"x\" /></categories>",
        ["the category `C` is defined twice", "x.admx:5:62", "cannot be told"],
    ),
    (
        "x.admx",
        "<policyDefinitions ",
        "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>\n<policyDefinitions ",
        ["a document type is not allowed", "x.admx:2:1", "do not trust this file"],
    ),
    (
        "x.admx",
        "<policyDefinitions ",
        "<!DOCTYPE a SYSTEM \"file:///etc/passwd\">\n<policyDefinitions ",
        ["a document type is not allowed", "x.admx:2:1", "do not trust this file"],
    ),
    (
        "x.admx",
        "valueName=\"v\"",
        "valueName=\"&v;\"",
        ["`valueName` holds an entity that is not defined", "x.admx:7:5", "do not trust this file"],
    ),
    (
        "x.admx",
        "<elements>",
        "<elements>&lol9;",
        ["`&lol9;` holds an entity that is not defined", "x.admx:10:17", "do not trust this file"],
    ),
    (
        "x.admx",
        "<policies>",
        "<?php?><policies>",
        ["the XML is not well-formed: a processing instruction", "x.admx:6:3", "take the vendor's file"],
    ),
    ("x.admx", "</elements>", "</element>", ["the XML is not well-formed", "x.admx:12:7", "was cut or edited"]),
    (
        "x.admx",
        "valueName=\"t\"",
        "valueName=\"t\u{1}\"",
        ["the character U+0001 is not allowed here", "x.admx:11:34", "take the vendor's file as it is"],
    ),
    (
        "x.admx",
        "valueName=\"t\"",
        "valueName=\"a&#10;b\"",
        ["the character U+000A is not allowed here", "x.admx:11:9", "take the vendor's file as it is"],
    ),
    ("x.admx", "<policyDefinitions ", "<policyDefinition ", ["the XML is not well-formed", "x.admx:15:1", "was cut or edited"]),
    ("en-US/x.adml", "id=\"P\"", "id=\"C\"", ["the string `C` is defined twice", "en-US/x.adml:5:5", "cannot be told"]),
    ("en-US/x.adml", " id=\"P\"", "", ["`string` has no `id`", "en-US/x.adml:5:5", "asks for it"]),
    (
        "en-US/x.adml",
        "A policy",
        "A <b>policy</b>",
        ["`string` holds the unknown element `b`", "en-US/x.adml:5:22", "nothing is taken"],
    ),
    ("en-US/x.adml", "stringTable", "strings", ["`resources` has no `stringTable`", "en-US/x.adml:3:3", "asks for it"]),
];

#[test]
fn each_fault_is_told_with_file_place_and_help_and_nothing_is_written() {
    for (index, (file, from, to, expected)) in FAULTS.iter().enumerate() {
        let changed = |name: &str, text: &str| {
            assert!(name != *file || text.contains(from), "{from}");
            if name == *file { text.replace(from, to) } else { text.to_owned() }
        };
        let (admx, adml) = (changed("x.admx", ADMX), changed("en-US/x.adml", ADML));
        for (form, bytes) in
            [("utf-8", admx.clone().into_bytes()), ("utf-16", utf16(&format!("\u{FEFF}{admx}"), u16::to_le_bytes))]
        {
            let told = refused(&format!("fault-{index}-{form}"), &bytes, Some(adml.as_bytes()), 1);
            assert!(told.starts_with("error[vendor::file]: "), "{told}");
            let [message, place, help] = expected;
            for words in [message, &format!("--> {place}\n").as_str(), help] {
                assert!(told.contains(words), "no `{words}` for `{to}` in\n{told}");
            }
        }
    }
}

#[test]
fn bytes_of_another_encoding_are_told_where_they_begin() {
    let told = refused("latin-1", ADMX.as_bytes(), Some(&ADML.replace('ö', "\u{FFFF}").into_bytes()), 1);
    assert!(told.contains("the character U+FFFF is not allowed here") && told.contains("--> en-US/x.adml:4:22\n"), "{told}");
    let (before, after) = ADML.split_once('ö').expect("a letter beyond ASCII");
    let latin = [before.as_bytes(), &[0xF6], after.as_bytes()].concat();
    let told = refused("latin-1", ADMX.as_bytes(), Some(&latin), 1);
    assert!(
        told.contains("from here on the file is neither UTF-8 nor UTF-16") && told.contains("--> en-US/x.adml:4:22\n"),
        "{told}"
    );
    // Half of a character at the end.
    let odd = utf16(&format!("\u{FEFF}{ADMX}"), u16::to_le_bytes);
    let told = refused("odd", &odd[..odd.len() - 1], Some(ADML.as_bytes()), 1);
    assert!(told.contains("neither UTF-8 nor UTF-16") && told.contains("--> x.admx:15:"), "{told}");
}

#[test]
fn texts_that_are_not_there_and_folders_in_place_of_files_are_failures_of_the_surroundings() {
    let told = refused("no-texts", ADMX.as_bytes(), None, 3);
    assert!(told.starts_with("error: cannot read `en-US/x.adml`"), "{told}");
    let folder = files("folder", ADMX.as_bytes(), None);
    fs::create_dir(folder.join("en-US/x.adml")).expect("the target folder is writable");
    assert!(ended(&run(&folder, &[&IMPORT[..], &["x.tsv"]].concat()), 3).contains("cannot read `en-US/x.adml`"));
    let odd = run(&folder, &["import", "admx", "x.admx", "--origin", "x", "--also", "../en-US"]);
    assert!(ended(&odd, 2).contains("`../en-US` is no language"));
}

#[test]
fn a_file_of_gigabytes_is_refused_after_its_first_64_mebibytes() {
    let folder = files("huge", b"", Some(ADML.as_bytes()));
    let file = fs::File::create(folder.join("x.admx")).expect("the target folder is writable");
    // Without a block on the disk; reading all of it would take seconds and as much memory.
    file.set_len(64 << 30).expect("a sparse file");
    let started = std::time::Instant::now();
    let told = ended(&run(&folder, &[&IMPORT[..], &["x.tsv"]].concat()), 1);
    fs::remove_file(folder.join("x.admx")).expect("it is there");
    assert!(told.starts_with("error[vendor::file]: the file is larger than 64 MiB\n") && told.contains("x.admx:1:1"), "{told}");
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    assert_eq!(fs::read_to_string(folder.join("x.tsv")).expect("the old table"), OLD);
}

#[test]
fn a_file_that_is_cut_anywhere_is_refused() {
    let (admx, adml) = (ADMX.trim_end(), ADML.trim_end());
    let taken = |admx: &[u8], adml: &[u8]| {
        let texts = vec![("en-US", File { name: "x.adml", bytes: adml })];
        read(&Source { template: File { name: "x.admx", bytes: admx }, texts }, &[]).is_ok()
    };
    assert!(taken(admx.as_bytes(), adml.as_bytes()));
    for cut in 0..admx.len() {
        assert!(!taken(&admx.as_bytes()[..cut], adml.as_bytes()), "cut at {cut}");
    }
    for cut in 0..adml.len() {
        assert!(!taken(admx.as_bytes(), &adml.as_bytes()[..cut]), "cut at {cut}");
    }
    let wide = utf16(admx, u16::to_le_bytes);
    for cut in 0..wide.len() {
        assert!(!taken(&wide[..cut], adml.as_bytes()), "cut at {cut}");
    }
}

#[test]
fn a_second_language_and_the_templates_above_come_into_the_table() {
    let base = ADMX.replace("prefix=\"x\" namespace=\"X\"", "prefix=\"b\" namespace=\"B\"");
    let admx = ADMX
        .replace(
            "<target prefix=\"x\" namespace=\"X\" />",
            "<target prefix=\"x\" namespace=\"X\" /><using prefix=\"up\" namespace=\"B\" />",
        )
        .replace("displayName=\"$(string.C)\" />", "displayName=\"$(string.C)\"><parentCategory ref=\"up:C\" /></category>");
    let folder = files("languages", admx.as_bytes(), Some(ADML.as_bytes()));
    fs::create_dir(folder.join("de-DE")).expect("the target folder is writable");
    let german = ADML.replace("A policy", "Eine Richtlinie").replace("Größe", "Maß");
    for (file, text) in
        [("base.admx", &*base), ("en-US/base.adml", ADML), ("de-DE/BASE.adml", &german), ("de-DE/x.adml", &german)]
    {
        fs::write(folder.join(file), text).expect("the target folder is writable");
    }
    let arguments = ["import", "admx", "x.admx", "--origin", "a test", "--also", "de-DE", "--base", "base.admx"];
    let output = run(&folder, &arguments);
    ended(&output, 0);
    let table = text(&output.stdout);
    assert!(
        table
            .contains("\nP\tuser\tsoftware\\policies\\x\tv\tA policy\tGröße\tGröße\n\ttitle\tde-DE\tEine Richtlinie\tMaß\tMaß\n"),
        "{table}"
    );
    for file in ["x.admx", "x.adml (en-US)", "x.adml (de-DE)", "base.admx", "base.adml (en-US)", "BASE.adml (de-DE)"] {
        assert!(table.contains(&format!("\n# SHA-256 of {file}: ")), "{file} in\n{table}");
    }
}

#[test]
fn a_folder_makes_every_table_again_or_none() {
    let base = ADMX.replace("prefix=\"x\" namespace=\"X\"", "prefix=\"b\" namespace=\"B\"");
    let folder = files("again", ADMX.as_bytes(), Some(ADML.as_bytes()));
    for (file, text) in [("en-US/Base.adml", ADML), ("Base.admx", &base)] {
        fs::write(folder.join(file), text).expect("the target folder is writable");
    }
    fs::create_dir(folder.join("tables")).expect("the target folder is writable");
    let again = ["import", "admx", ".", "--origin", "a test", "-o", "tables"];
    assert!(ended(&run(&folder, &again), 2).contains("`tables` holds no table of a template"));
    for (table, more) in [("x", &["--base", "Base.admx"][..]), ("Base", &[])] {
        let (admx, output) = (format!("{table}.admx"), format!("tables/{table}.tsv"));
        ended(&run(&folder, &[&["import", "admx", &admx, "--origin", "a test", "-o", &output], more].concat()), 0);
    }
    let tables = || ["x", "Base"].map(|name| fs::read_to_string(folder.join(format!("tables/{name}.tsv"))).expect("a table"));
    let first = tables();
    assert!(first[0].contains("# SHA-256 of Base.admx: "));
    ended(&run(&folder, &again), 0);
    assert_eq!(tables(), first, "what a header says is enough to make its table again");

    fs::write(folder.join("Base.admx"), base.replace("valueName=\"v\"", "valueName=\"w\"")).expect("writable");
    ended(&run(&folder, &again), 0);
    let second = tables();
    assert!(second[1].contains("\\x\tw\t") && second[0] != first[0], "a new version of both files: {second:?}");

    fs::write(folder.join("x.admx"), &ADMX[..300]).expect("writable");
    fs::write(folder.join("Base.admx"), &base).expect("writable");
    assert!(ended(&run(&folder, &again), 1).contains("--> ./x.admx:"));
    assert_eq!(tables(), second, "one that fails keeps all");
    fs::remove_file(folder.join("x.admx")).expect("it is there");
    assert!(ended(&run(&folder, &again), 3).contains("cannot read `./x.admx`"));
    assert_eq!(tables(), second);
}

#[test]
fn the_other_readers_refuse_a_gigabyte_too() {
    for (reader, release) in [("firefox", &["--release", "153"][..]), ("preferences", &[]), ("requirements", &[])] {
        let folder = files("gigabyte", b"", Some(ADML.as_bytes()));
        let large = fs::File::create(folder.join("x.admx")).expect("the target folder is writable");
        large.set_len(1 << 30).expect("a file with a hole costs nothing");
        let arguments = [&["import", reader, "x.admx", "--origin", "a test"], release].concat();
        let output = run(&folder, &[&arguments[..], &["-o", "x.tsv"]].concat());
        let told = text(&output.stderr);
        assert!(told.contains("x.admx") && told.contains("MiB, and no vendor's file is nearly as large"), "{reader:?}: {told}");
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert_eq!(fs::read_to_string(folder.join("x.tsv")).expect("the old table"), OLD, "{reader:?}");
    }
}
