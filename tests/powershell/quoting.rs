//! Hostile texts reach PowerShell as data, alone and inside the templates.

use groundplan::emit::workstation::Language;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::lexer::{Token, is_apostrophe, text_of, tokens};
use super::plans::{scripts, with};

/// One text for each fact about PowerShell that breaks some quoting: five apostrophes, four double quotes, three dashes, odd
/// white space, comments that end or that sign a script, here-strings, line ends, and what other consumers trip over.
const HOSTILE: [&str; 36] = [
    "'",
    "''''",
    "\u{2018}",
    "\u{2019}; Remove-Item C:\\ #",
    "\u{201a}\u{201b}\u{2018}\u{2019}'",
    "a\u{201b}",
    "\"",
    "\u{201c}$(calc)\u{201d}\u{201e}",
    "$(calc) $env:Path ${x} @args",
    "`",
    "`'",
    "\\",
    "\u{2013}\u{2014}\u{2015}Force",
    "--%",
    "--",
    "-",
    "\u{a0}\u{85}x",
    "\u{2028}\u{2029}",
    "a\r\nb",
    "a\nb\r",
    "#>",
    "<# x",
    "#requires -Version 99",
    "# SIG # Begin signature block",
    "@'\n'@\n",
    "\n'@",
    "\"@",
    "; exit 3",
    "| iex",
    "{0} }{",
    "%PATH% !x! ^&",
    "{{ role }} {% raw %} {#",
    "\u{feff}\u{202e}evil\u{2066}",
    "\u{7f}\u{1}\u{1b}[31m",
    "\u{e000}\u{fffd}\u{1f600}\u{10ffff}",
    "[char]0x41, (-join",
];

fn texts(count: usize) -> Vec<String> {
    let piece = prop_oneof![
        4 => "['\"`$@#<>(){}\\[\\]\\\\;|&,%=^ \\t\\n\\r\u{2018}\u{2019}\u{201a}\u{201b}\u{201c}\u{201d}\u{201e}\u{2013}\u{a0}-]",
        2 => "[a-z0-9]{1,3}",
        1 => any::<char>().prop_filter("the one that is refused", |c| *c != '\0').prop_map(String::from),
        1 => proptest::sample::select(HOSTILE.to_vec()).prop_map(str::to_owned),
    ];
    let strategy = proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat());
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let generated = (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current());
    HOSTILE.iter().map(|&text| text.to_owned()).chain(generated).collect()
}

/// Whether a script with this spelling of a text reads as that text and nothing else.
fn reads_back(spelling: &str, text: &str) -> bool {
    let Ok(found) = tokens(&format!("Say {spelling} 'end'\nexit")) else { return false };
    let Some((read, length)) = text_of(&found[1..]) else { return false };
    let rest = [Token::Verbatim("end".to_owned()), Token::Line, Token::Word("exit".to_owned())];
    read == text && found[0] == Token::Word("Say".to_owned()) && found[1 + length..] == rest
}

#[test]
fn every_text_reads_back_and_is_ascii() {
    let texts = texts(12_000);
    let mut parser = super::syntax::parser();
    for (number, text) in texts.iter().enumerate() {
        let spelling = Language::PowerShell.quote(text).unwrap();
        assert!(spelling.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{spelling}");
        assert!(reads_back(&spelling, text), "{text:?} is spelled {spelling}");
        if number < 2_000 {
            assert!(!parser.parse(format!("Say {spelling}\n"), None).unwrap().root_node().has_error(), "{spelling}");
        }
    }
}

#[test]
fn the_lexer_finds_what_weaker_quoting_lets_through() {
    let texts = texts(12_000);
    let broken = |quote: fn(&str) -> String| texts.iter().filter(|text| !reads_back(&quote(text), text)).count();
    let ascii_only = broken(|text| format!("'{}'", text.replace('\'', "''")));
    let none = broken(|text| format!("'{text}'"));
    let five = broken(|text| {
        let doubled: String = text.chars().flat_map(|c| std::iter::repeat_n(c, if is_apostrophe(c) { 2 } else { 1 })).collect();
        format!("'{doubled}'")
    });
    assert!(ascii_only > 1_500 && none > 3_000, "{ascii_only} {none}");
    assert_eq!(five, 0, "the rule of the tokenizer, without the wish for ASCII");
}

#[test]
fn hostile_texts_stand_in_the_scripts_as_they_are() {
    let mut parser = super::syntax::parser();
    for text in HOSTILE.iter().map(|&text| text.to_owned()).chain(texts(150).into_iter().skip(HOSTILE.len())) {
        let line = text.replace(['\n', '\r'], " ");
        let line = if line.is_empty() { "x".to_owned() } else { line };
        let plan =
            with(&[("organisation", line.as_str().into()), ("role", line.as_str().into()), ("notice", text.as_str().into())]);
        for (name, script) in scripts(&plan) {
            assert!(script.is_ascii(), "{name}: {text:?}");
            if name == "undo.ps1" {
                assert!(!parser.parse(&script, None).unwrap().root_node().has_error(), "{name}: {text:?}");
            }
            let found = tokens(&script).unwrap();
            if name == "session.ps1" {
                continue;
            }
            for (variable, expected) in [("organisation", &line), ("role", &line)] {
                assert_eq!(assigned(&found, variable).as_ref(), Some(expected), "{name}: {text:?}");
            }
            let notice = [Token::Verbatim("legalnoticetext".to_owned()), Token::Verbatim("String".to_owned())];
            let at = found.windows(2).position(|pair| pair == notice);
            let read = at.and_then(|at| text_of(&found[at + 2..])).map(|(text, _)| text);
            let sets = name != "undo.ps1" && !text.is_empty();
            assert_eq!(read, sets.then(|| text.clone()), "{name}: {text:?}");
        }
    }
}

/// The text that the script assigns to a variable first.
pub(crate) fn assigned(found: &[Token], variable: &str) -> Option<String> {
    let start = [Token::Mark('$'), Token::Word(variable.to_owned()), Token::Mark('=')];
    let at = found.windows(3).position(|three| three == start)?;
    text_of(&found[at + 3..]).map(|(text, _)| text)
}

#[test]
fn the_scripts_carry_the_program_that_they_install() {
    for plan in super::plans::plans() {
        let scripts = scripts(&plan);
        let text = |name: &str| scripts.iter().find(|(known, _)| known == name).unwrap().1.clone();
        let program = text("session.ps1");
        for name in ["apply.ps1", "check.ps1", "Detect_groundplan.ps1", "Remediate_groundplan.ps1"] {
            assert_eq!(assigned(&tokens(&text(name)).unwrap(), "session").as_ref(), Some(&program), "{name}");
        }
    }
}

#[test]
fn nul_is_refused() {
    let parameters = super::plans::checked(&with(&[("notice", "a\0b".into())]));
    let baselines = groundplan::baselines::Baselines::embedded();
    let error = groundplan::emit::workstation::render(&parameters, &baselines).unwrap_err();
    assert!(error.to_string().contains("U+0000"), "{error}");
}
