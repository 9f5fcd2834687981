//! Hostile text is data to dconf, to the service for accounts and to `KConfig`: what is written is read back.

use std::fmt::Write as _;
use std::fs;

use groundplan::baselines::Baselines;
use groundplan::emit::Lock;
use groundplan::emit::desktop::render;
use groundplan::value::Value;
use groundplan::vendor::desktop::Tables;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::{Value as Json, json};

use crate::session::{self, Session};

/// Texts that would end a value, a line, a group or a file, if anything let them, and generated ones.
fn texts() -> Vec<String> {
    let known = [
        "",
        " ",
        "  both ends  ",
        "a\nb",
        "\n[Authentication]\nHost=evil.example",
        "\t",
        "\\",
        "\\n",
        "\\s\\",
        "'",
        "\"",
        "it's",
        "[$i]",
        "$HOME",
        "$(touch pwned)",
        "`id`",
        "%k",
        "#",
        "# no comment",
        "a=b",
        "=",
        "[x]",
        "a;b\\;c",
        "a,b\\,c",
        "äöü ß €",
        "𝄞",
        "', true, '",
        "@as []",
        "\u{85}\u{2028}",
        "x\r\ny",
        "uint32 5",
        "<b>&amp;</b>",
        "\\x41",
        "\\u0041",
    ];
    let generated = "[ -~äß€\\\\\n\t'\"$\\[\\];,=#]{0,40}";
    let mut runner = TestRunner::deterministic();
    let more = (0..80).map(|_| {
        let strategy = proptest::string::string_regex(generated).unwrap();
        strategy.new_tree(&mut runner).unwrap().current()
    });
    known.into_iter().map(str::to_owned).chain(more).collect()
}

#[test]
fn text_of_every_kind_arrives_unchanged_at_every_reader() {
    if !session::have_evolution() || !session::have_kconfig() {
        return;
    }
    let baselines = Baselines::embedded();
    let tables = Tables::new(&baselines);
    // `KConfig` and key files have no spelling for other controls, and refuse them; dconf has.
    let fit = |text: &String| !text.chars().any(|c| c.is_control() && !['\n', '\r', '\t'].contains(&c)) && !text.contains("${");
    let texts = texts();
    let plain: Vec<&String> = texts.iter().filter(|text| fit(text)).collect();
    assert!(plain.len() > 100, "{} texts", plain.len());
    let mut settings = Vec::new();
    let mut add = |name: &str, value: Value| settings.push(tables.check(name, &value).unwrap());
    let list: Vec<Value> = texts.iter().map(|text| text.as_str().into()).collect();
    add("dconf:/org/gnome/evolution/mail/composer-localized-re-separators", Value::List(list));
    for (number, text) in plain.iter().enumerate() {
        add(&format!("account:hostile-{number}/Data Source/DisplayName"), text.as_str().into());
        add(&format!("account:hostile-{number}/Mail Identity/Name"), text.as_str().into());
        add(&format!("kconfig:mailtransports/Transport {number}/name"), text.as_str().into());
    }
    let given: Vec<_> = settings.iter().map(|setting| (setting, Lock::Locked)).collect();
    let folder = tempfile::tempdir().unwrap();
    for artifact in render(&given, &baselines).unwrap() {
        let path = folder.path().join(&artifact.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, artifact.bytes).unwrap();
    }

    let session = Session::of(&folder.path().join("evolution"));
    let groups = json!({ "Data Source": ["DisplayName"], "Mail Identity": ["Name"] });
    let sources: serde_json::Map<String, Json> =
        (0..plain.len()).map(|number| (format!("hostile-{number}"), groups.clone())).collect();
    let key = "/org/gnome/evolution/mail/composer-localized-re-separators";
    let answer = session.ask(&json!({ "keys": { key: "org.gnome.evolution.mail" }, "sources": sources }));
    assert_eq!(answer["keys"][key]["value"], json!(texts));
    let mut wrong = String::new();
    for (number, text) in plain.iter().enumerate() {
        let source = &answer["sources"][format!("hostile-{number}")];
        for found in [&source["Data Source"]["DisplayName"]["value"], &source["Mail Identity"]["Name"]["value"]] {
            // The library takes blanks at both ends off, and a name of nothing is none to it.
            let name = text.trim_matches([' ', '\t', '\n', '\r']);
            if found != &json!(name) && !(name.is_empty() && found.is_null()) {
                writeln!(wrong, "account: {found} instead of {text:?}").unwrap();
            }
        }
    }
    let session = Session::of(&folder.path().join("kmail"));
    for (number, text) in plain.iter().enumerate() {
        let place = ["mailtransports", &format!("Transport {number}"), "name"];
        let found = session.kconfig(place);
        if found != **text {
            writeln!(wrong, "KConfig: {found:?} instead of {text:?}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_a_format_cannot_carry_is_refused() {
    let baselines = Baselines::embedded();
    let tables = Tables::new(&baselines);
    let variable = tables.check("account:x/Data Source/DisplayName", &"${USER} & Co".into()).unwrap_err();
    assert!(variable.to_string().contains("the name of a variable"), "{variable}");
    for (name, text) in [
        ("dconf:/org/gnome/evolution/mail/charset", "a\0b"),
        ("kconfig:mailtransports/Transport 1/name", "a\u{1b}b"),
        ("account:x/Data Source/DisplayName", "a\u{7}b"),
    ] {
        let setting = tables.check(name, &text.into()).unwrap();
        let refused = render(&[(&setting, Lock::Locked)], &baselines).unwrap_err();
        assert!(refused.to_string().contains("cannot carry the character"), "{refused}");
    }
}
