//! The files as text: keys in order, typed values, and what the formats refuse.

use serde_json::json;

use super::*;
use crate::value::{PersonalPart, PersonalText};

fn render(settings: &[(&Setting, Lock)]) -> Result<Vec<Artifact>, EmitError> {
    super::render(settings, &Baselines::embedded())
}

fn preference(name: &str, value: PreferenceValue, channel: Channel) -> Setting {
    Setting::Preference { name: name.into(), value, channel }
}

fn text(value: &str) -> PreferenceValue {
    PreferenceValue::Text(value.into())
}

fn file<'a>(artifacts: &'a [Artifact], path: &str) -> &'a str {
    let artifact = artifacts.iter().find(|artifact| artifact.path == path).expect(path);
    assert!(!artifact.executable);
    std::str::from_utf8(&artifact.bytes).unwrap()
}

#[test]
fn writes_keys_in_code_point_order_in_both_files() {
    let settings = [
        Setting::Policy { name: "Zebra".into(), value: json!({ "b": 1, "a": { "d": true, "c": [] } }) },
        preference("mail.b", PreferenceValue::Flag(true), Channel::Policy),
        preference("mail.B", PreferenceValue::Number(-3), Channel::Policy),
        preference("x.two", text("a"), Channel::Defaults),
        preference("x.one", PreferenceValue::Number(0), Channel::Defaults),
    ];
    let locks = [Lock::Locked, Lock::Preset, Lock::Locked, Lock::Preset, Lock::Locked];
    let forwards: Vec<_> = settings.iter().zip(locks).collect();
    let backwards: Vec<_> = forwards.iter().rev().copied().collect();
    let artifacts = render(&forwards).unwrap();
    assert_eq!(artifacts, render(&backwards).unwrap());
    insta::assert_snapshot!(file(&artifacts, "thunderbird/policies.json"), @r#"
    {
      "policies": {
        "Preferences": {
          "mail.B": {
            "Status": "locked",
            "Value": -3
          },
          "mail.b": {
            "Status": "default",
            "Value": true
          }
        },
        "Zebra": {
          "a": {
            "c": [],
            "d": true
          },
          "b": 1
        }
      }
    }
    "#);
    insta::assert_snapshot!(file(&artifacts, "thunderbird/defaults.js"), @r#"
    // Default preferences that a policy cannot carry. Belongs into defaults/pref/ of the program.
    pref("x.one", 0, locked);
    pref("x.two", "a");
    "#);
}

#[test]
fn ends_in_one_line_end_and_begins_without_a_byte_order_mark() {
    let setting = Setting::Policy { name: "A".into(), value: json!(true) };
    let artifacts = render(&[(&setting, Lock::Locked)]).unwrap();
    let written = file(&artifacts, "thunderbird/policies.json");
    assert!(written.starts_with('{') && written.ends_with("}\n") && !written.ends_with("\n\n"));
}

#[test]
fn writes_no_file_without_content() {
    assert_eq!(render(&[]).unwrap(), []);
    let one = preference("x.y", PreferenceValue::Flag(false), Channel::Defaults);
    let paths: Vec<_> = render(&[(&one, Lock::Locked)]).unwrap().into_iter().map(|artifact| artifact.path).collect();
    assert_eq!(paths, ["thunderbird/defaults.js"]);
}

#[test]
fn shows_what_an_editor_hides() {
    let hidden = "a\u{7f}\u{9f}\u{200b}\u{2028}\u{202e}\u{feff}\u{e0041}z\u{fe0f}ä😀\t";
    for channel in [Channel::Policy, Channel::Defaults] {
        let setting = preference("x.y", text(hidden), channel);
        let artifacts = render(&[(&setting, Lock::Locked)]).unwrap();
        let written = std::str::from_utf8(&artifacts[0].bytes).unwrap();
        assert!(written.contains("a\\u007f\\u009f\\u200b\\u2028\\u202e\\ufeff\\udb40\\udc41z\\ufe0f"), "{written}");
        if channel == Channel::Policy {
            assert!(written.contains("ä😀\\t"), "{written}");
            let read: serde_json::Value = serde_json::from_str(written).unwrap();
            assert_eq!(read["policies"]["Preferences"]["x.y"]["Value"], hidden);
        } else {
            assert!(written.is_ascii() && written.contains("\\u00e4\\ud83d\\ude00\\u0009"), "{written}");
        }
    }
}

#[test]
fn refuses_two_values_two_locks_and_two_files_for_one_name() {
    let twice = Err(EmitError::Twice { place: "x.y".into() });
    let one = preference("x.y", PreferenceValue::Number(2), Channel::Policy);
    let other = preference("x.y", PreferenceValue::Number(3), Channel::Policy);
    let elsewhere = preference("x.y", PreferenceValue::Number(2), Channel::Defaults);
    assert_eq!(render(&[(&one, Lock::Locked), (&other, Lock::Locked)]), twice);
    assert_eq!(render(&[(&one, Lock::Locked), (&one, Lock::Preset)]), twice);
    assert_eq!(render(&[(&one, Lock::Locked), (&elsewhere, Lock::Locked)]), twice);
    assert_eq!(render(&[(&elsewhere, Lock::Locked), (&one, Lock::Locked)]), twice);
    assert!(render(&[(&one, Lock::Locked), (&one, Lock::Locked)]).is_ok());

    let [yes, no] = [true, false].map(|flag| Setting::Policy { name: "A".into(), value: json!(flag) });
    assert_eq!(render(&[(&yes, Lock::Locked), (&no, Lock::Locked)]), Err(EmitError::Twice { place: "A".into() }));
}

#[test]
fn refuses_the_character_that_ends_a_text() {
    let settings = [
        preference("x.y", text("a\0b"), Channel::Policy),
        Setting::Policy { name: "x.y".into(), value: json!({ "k": ["\0"] }) },
        Setting::Policy { name: "x.y".into(), value: json!({ "\0": 1 }) },
    ];
    for setting in &settings {
        let refused = render(&[(setting, Lock::Locked)]);
        assert!(matches!(refused, Err(EmitError::Character { character: 0, .. })), "{refused:?}");
    }
}

/// Text around the name of the person: `@` stands for the name.
fn personal(name: &str, text: &str, variables: &[&str]) -> Setting {
    let fixed = |text: &str| (!text.is_empty()).then(|| PersonalPart::Fixed(text.into()));
    let (before, after) = text.split_once('@').unwrap();
    let parts = [fixed(before), Some(PersonalPart::Name), fixed(after)].into_iter().flatten().collect();
    let variables = variables.iter().map(|&variable| variable.to_owned()).collect();
    preference(name, PreferenceValue::Personal(PersonalText { variables, parts }), Channel::Autoconfig)
}

#[test]
fn what_differs_from_person_to_person_asks_the_environment() {
    let variables = ["USER", "USERNAME"];
    let settings = [
        personal("x.name", "@", &variables),
        personal("x.entry", "uid=@,ou=people", &variables),
        personal("x.other", "@", &["LOGNAME"]),
    ];
    let locks = [Lock::Preset, Lock::Locked, Lock::Preset];
    let artifacts = render(&settings.iter().zip(locks).collect::<Vec<_>>()).unwrap();
    insta::assert_snapshot!(file(&artifacts, "thunderbird/autoconfig/groundplan.cfg"), @r#"
    // Preferences that differ from person to person: made of the name of whoever starts the program.
    {
        const name = getenv("LOGNAME");
        if (name) {
            defaultPref("x.other", name);
        }
    }
    {
        const name = getenv("USER") || getenv("USERNAME");
        if (name) {
            lockPref("x.entry", "uid=" + name + ",ou=people");
            defaultPref("x.name", name);
        }
    }
    "#);
    let leader = file(&artifacts, "thunderbird/autoconfig/groundplan.js");
    assert!(leader.contains("\"groundplan.cfg\""), "{leader}");
    assert_eq!(artifacts.len(), 2);
}

#[test]
fn no_text_leaves_its_quotation_in_the_script() {
    for hostile in
        ["\"); lockPref(\"mail.chat.enabled\", true); //", "\\", "\n\r\u{2028}\u{2029}", "${USER} `x`", "</script>", "ä😀\u{85}"]
    {
        let artifacts = render(&[(&personal("x.y", &format!("@{hostile}"), &["USER"]), Lock::Preset)]).unwrap();
        let script = file(&artifacts, "thunderbird/autoconfig/groundplan.cfg");
        assert!(script.is_ascii() && script.lines().count() == 7, "{script}");
        let call = script.lines().nth(4).unwrap().trim();
        let quoted = call.strip_prefix("defaultPref(\"x.y\", name + ").and_then(|rest| rest.strip_suffix(");")).unwrap();
        // What is written of the script's texts is JSON as well: one text, and nothing after it.
        assert_eq!(serde_json::from_str::<String>(quoted).unwrap(), hostile);
    }
    let refused = render(&[(&personal("x.y", "@a\0b", &["USER"]), Lock::Preset)]);
    assert!(matches!(refused, Err(EmitError::Character { character: 0, .. })), "{refused:?}");
}

#[test]
fn a_preference_of_the_person_is_in_no_other_file() {
    let own = personal("x.y", "@", &["USER"]);
    for channel in [Channel::Policy, Channel::Defaults] {
        let other = preference("x.y", text("anna"), channel);
        for both in [[&own, &other], [&other, &own]] {
            let refused = render(&both.map(|one| (one, Lock::Preset)));
            assert_eq!(refused, Err(EmitError::Twice { place: "x.y".into() }));
        }
    }
}

proptest::proptest! {
    #[test]
    fn every_text_can_be_read_back_from_both_files(value in "[^\0]*") {
        let policy = preference("x.y", text(&value), Channel::Policy);
        let artifacts = render(&[(&policy, Lock::Locked)]).unwrap();
        let read: serde_json::Value = serde_json::from_slice(&artifacts[0].bytes).unwrap();
        proptest::prop_assert_eq!(&read["policies"]["Preferences"]["x.y"]["Value"], &value);

        let default = preference("x.y", text(&value), Channel::Defaults);
        let artifacts = render(&[(&default, Lock::Preset)]).unwrap();
        let line = std::str::from_utf8(&artifacts[0].bytes).unwrap().lines().nth(1).unwrap();
        // What is written of the program's grammar is JSON as well.
        let (_, read): (String, String) = serde_json::from_str(&format!("[{}]", &line[5..line.len() - 2])).unwrap();
        proptest::prop_assert_eq!(read, value);
    }
}
