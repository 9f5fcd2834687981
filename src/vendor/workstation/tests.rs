//! The table of parameters, and what it refuses.

use super::*;
use crate::baselines::Baselines;
use crate::value::Value;
use crate::vendor::Problem;

fn parameters() -> Parameters {
    Parameters::load(&Baselines::embedded()).expect("the embedded tables are sound")
}

fn overlay(path: &str, text: &str) -> Baselines {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join(path);
    std::fs::create_dir_all(file.parent().expect("a file has a folder")).expect("a folder");
    std::fs::write(file, text).expect("a file");
    Baselines::embedded().with_overlay(folder.path()).expect("a readable overlay")
}

#[test]
fn a_value_of_the_right_type_is_taken_with_its_platform() {
    let taken = parameters().check("linux:lock_after", &Value::Number(5)).expect("five minutes");
    assert_eq!(taken, Parameter { platform: "linux".into(), name: "lock_after".into(), value: Value::Number(5) });
}

#[test]
fn both_ends_of_a_range_belong_to_it() {
    let parameters = parameters();
    for number in [0, 1440] {
        parameters.check("linux:lock_after", &Value::Number(number)).expect("within the range");
    }
    for number in [-1, 1441, i64::MAX] {
        let problem = parameters.check("linux:lock_after", &Value::Number(number)).expect_err("outside");
        assert_eq!(problem, Problem::NotAllowed { found: number.to_string(), allowed: "0 to 1440 minutes".into() });
    }
}

#[test]
fn an_unknown_name_is_refused_with_the_nearest() {
    let problem = parameters().check("linux:lock_aftr", &Value::Number(5)).expect_err("misspelt");
    assert_eq!(problem.help().as_deref(), Some("did you mean `linux:lock_after`?"));
    for name in ["lock_after", "windows-ce:lock_after", "linux:", ""] {
        assert!(matches!(parameters().check(name, &Value::Number(5)), Err(Problem::UnknownName { .. })), "{name}");
    }
}

#[test]
fn a_wrong_type_names_both_types() {
    let problem = parameters().check("linux:keep", &Value::Flag(false)).expect_err("a flag is no word");
    assert_eq!(problem, Problem::WrongType { expected: "one of nothing, settings".into(), found: "true or false".into() });
    assert!(parameters().check("linux:lock_after", &"5".into()).is_err());
    assert!(parameters().check("linux:thunderbird", &"yes".into()).is_err());
}

#[test]
fn a_word_outside_the_list_is_refused() {
    let problem = parameters().check("linux:keep", &"everything".into()).expect_err("not a word of the list");
    assert_eq!(problem.to_string(), "does not take `everything`: one of nothing, settings");
}

#[test]
fn a_line_is_one_line_and_not_empty() {
    for text in ["", "a\nb", "a\r"] {
        assert!(parameters().check("linux:organisation", &text.into()).is_err(), "{text:?}");
    }
    assert!(parameters().check("linux:notice", &"a\nb".into()).is_ok());
}

#[test]
fn paths_to_clean_never_leave_the_home_folder() {
    let list = |path: &str| Value::List(vec![path.into()]);
    for path in ["Documents/Mail", "a b", ".x", "-rf", "*", "$(id)", "..."] {
        parameters().check("linux:also_clean", &list(path)).expect(path);
    }
    for path in ["", "/etc", "..", "../x", "a/../..", ".", "a//b", "a/", "a\nb", "./a"] {
        assert!(parameters().check("linux:also_clean", &list(path)).is_err(), "{path:?}");
    }
    assert!(parameters().check("linux:also_clean", &Value::List(vec![Value::Number(1)])).is_err());
}

#[test]
fn every_parameter_has_a_meaning_and_the_names_are_sorted() {
    let parameters = parameters();
    let names: Vec<String> = parameters.names().collect();
    assert!(names.is_sorted() && names.iter().any(|name| name == "linux:keep"));
    for name in &names {
        assert!(!parameters.describe(name).expect("a listed name is known").meaning.is_empty(), "{name}");
    }
}

#[test]
fn a_damaged_table_is_refused_with_its_line() {
    let head = "name\ttype\tfrom\tto\tunit\twords\trequired\tmeaning\tsource\n";
    for row in [
        "x\tnumber\t5\t1\t\t\tyes\tm\ts",
        "x\tnumber\t\t1\t\t\tyes\tm\ts",
        "x\tword\t\t\t\tone\tyes\tm\ts",
        "x\tflag\t\t\t\t\tno\tm\ts",
        "x\tflags\t\t\t\t\tyes\tm\ts",
        "X\tflag\t\t\t\t\tyes\tm\ts",
        "x\tflag\t\t\t\t\t\tm\ts",
        "x\tflag",
    ] {
        let found = Parameters::load(&overlay("scripts/linux/parameters.tsv", &format!("{head}{row}\n")));
        assert!(matches!(found, Err(LoadError::Line { line: 2, .. })), "{row}: {found:?}");
    }
    let twice = format!("{head}x\tflag\t\t\t\t\tyes\tm\ts\nx\ttext\t\t\t\t\tyes\tm\ts\n");
    assert!(matches!(Parameters::load(&overlay("scripts/linux/parameters.tsv", &twice)), Err(LoadError::Line { line: 3, .. })));
}
