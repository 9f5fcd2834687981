//! Texts made to hurt, for every test that hands values to a program of others.
//!
//! One of every kind that breaks some quoting somewhere, and any number of generated ones that mix what shells, registries and
//! markup care for with any other character. The generator has a fixed seed: the same texts in every run.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// One text of every kind that breaks some quoting somewhere.
pub(crate) const HOSTILE: [&str; 36] = [
    "'",
    "''''",
    "'; touch /tmp/groundplan-pwned; '",
    "$(touch /tmp/groundplan-pwned)",
    "`touch /tmp/groundplan-pwned`",
    "${IFS}$HOME$$",
    "\\",
    "\\'",
    "\"",
    "-n",
    "--",
    "!! !$ ^a^b",
    "%s%n\\n",
    "* ? [a-z] ~ {a,b}",
    "#x",
    "a\nb\n",
    "a\r\nb\r",
    "{{ role }} {% raw %} {#",
    "\u{feff}x",
    "\u{202e}evil\u{2066}",
    "\u{85}\u{2028}\u{7f}\u{1b}[31m\u{1}",
    "\u{2018}\u{2019}\u{201a}\u{201b} ü 😀 \u{ff07}",
    "\u{201c}\u{201d}\u{201e} \u{2013}\u{2014}\u{2015} \u{a0}",
    "#> <# requires #requires -Version 99",
    "# SIG # Begin signature block",
    "'@\n@'\n\"@",
    "%PATH% %% ! ^& | < > (x)",
    "hex:00,11 dword:1 @ [x]",
    "</string> ]]> <!-- &amp; &#13; ' \"",
    "*/ // \\u0027 \\x27 <!--",
    " leading and trailing ",
    "; # [section] key[$i]=$(x) \\s\\n",
    "%h %u ${USER} $$x trailing\\",
    "uint32 5 true ('a',)",
    ".host example.org CNAME .",
    "\u{200b}\u{2060}\u{e0041}\u{ffff}\u{fffe}",
];

/// This many texts that mix the characters shells care for with any others.
pub(crate) fn texts(count: usize) -> Vec<String> {
    let piece = prop_oneof![
        4 => "['\"\\\\$`!*?~#&|;<>(){}\\[\\]%=^ \\t\\n\\r-]",
        2 => "[a-z0-9]{1,3}",
        1 => any::<char>().prop_filter("the one that is refused", |c| *c != '\0').prop_map(String::from),
        1 => proptest::sample::select(HOSTILE.to_vec()).prop_map(str::to_owned),
    ];
    let strategy = proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat());
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let generated = (0..count).map(|_| strategy.new_tree(&mut runner).expect("the strategy refuses little").current());
    HOSTILE.iter().map(|&text| text.to_owned()).chain(generated).collect()
}
