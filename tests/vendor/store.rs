//! `vendor check --admx`: whole stores through the program.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::program::{ended, example};
use crate::{folder, policies, run, template, templates, text};

/// A store with all templates of the content, in which `change` has changed the text of each file.
fn store(name: &str, change: impl Fn(&str, String) -> Option<String>) -> PathBuf {
    let store = folder(name).join("PolicyDefinitions");
    let put = |file: String, text: String| {
        if let Some(text) = change(&file, text) {
            let path = store.join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("the target folder is writable");
            fs::write(path, text).expect("the target folder is writable");
        }
    };
    for template in templates().templates(None) {
        let written = template::write(&policies(template));
        put(format!("{template}.admx"), written.admx);
        put(format!("en-US/{template}.adml"), written.adml);
    }
    store
}

/// Runs `vendor check` beside the store; gives the exit code, the findings and the talk.
fn check(store: &Path, more: &[&str]) -> (Option<i32>, String, String) {
    let folder = store.parent().expect("a store lies in a folder");
    let output = run(folder, &[&["check", "--admx", "PolicyDefinitions"], more].concat());
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

const SOUND: &str = "are the same in `PolicyDefinitions`, 0 changed, 0 missing.";

#[test]
fn a_store_that_says_the_same_is_silent() {
    let store = store("same", |_, text| Some(text));
    let (code, findings, talk) = check(&store, &[]);
    assert_eq!((code, findings.as_str()), (Some(0), ""), "{talk}");
    assert!(talk.contains(SOUND), "{talk}");
    let plan = example("utility.yaml");
    let (code, findings, of_plan) = check(&store, &[plan.to_str().expect("a plain path")]);
    assert_eq!((code, findings.as_str()), (Some(0), ""), "{of_plan}");
    assert_ne!(of_plan, talk, "a plan sets fewer policies than the content");
}

#[test]
fn names_in_another_case_and_texts_in_another_language_are_found() {
    let store = store("case", |file, text| {
        Some(if file.starts_with("en-US") { text.replace("</string>", " (de)</string>") } else { text })
    });
    for entry in fs::read_dir(&store).expect("a store") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_str().expect("a plain name").to_owned();
        fs::rename(&path, store.join(if name == "en-US" { "DE-de".to_owned() } else { name.to_uppercase() })).expect("renamed");
    }
    let (code, findings, talk) = check(&store, &[]);
    assert_eq!((code, findings.as_str()), (Some(0), ""), "{talk}");
    assert!(talk.contains(SOUND), "{talk}");
}

#[test]
fn a_template_that_is_not_there_is_one_finding() {
    let store = store("absent", |file, text| (file != "outlk16.admx").then_some(text));
    let (code, findings, talk) = check(&store, &[]);
    assert_eq!(code, Some(1), "{talk}");
    assert_eq!(findings.matches("error[").count(), 1, "{findings}");
    assert!(
        findings.starts_with("error[vendor::missing]: the store `PolicyDefinitions` has no template `outlk16.admx`\n"),
        "{findings}"
    );
    assert!(findings.contains("`content.remote`") && findings.contains("copy the vendor's file, with its texts"), "{findings}");
}

#[test]
fn texts_that_are_not_there_are_one_finding_and_the_rest_is_still_held() {
    let change = |file: &str, text: String| match file {
        "en-US/outlk16.adml" => None,
        "outlk16.admx" => Some(text.replace("valueName=\"blockextcontent\"", "valueName=\"blockcontent\"")),
        _ => Some(text),
    };
    let (code, findings, talk) = check(&store("texts", change), &[]);
    assert_eq!(code, Some(1), "{talk}");
    assert!(findings.contains("error[vendor::missing]: `outlk16.admx` has no texts in any language"), "{findings}");
    assert!(findings.contains("value name is `blockcontent`, not `blockextcontent`"), "{findings}");
    assert_eq!(findings.matches("error[").count(), 2, "{findings}");
}

#[test]
fn a_policy_that_means_something_else_is_shown_with_place_and_decisions() {
    let change = |file: &str, text: String| {
        let at = "<policy name=\"L_Blockexternalcontent\" class=\"User\"";
        assert!(file != "outlk16.admx" || text.contains(at));
        Some(text.replace(at, &at.replace("User", "Machine")))
    };
    let (code, findings, _) = check(&store("changed", change), &[example("utility.yaml").to_str().expect("a plain path")]);
    assert_eq!(code, Some(1), "{findings}");
    // Twice: what it means, and that its template is of another version.
    let blocks: Vec<&str> = findings.split("\n\n").filter(|block| !block.trim().is_empty()).collect();
    let [changed, version] = blocks.as_slice() else { panic!("{findings}") };
    assert!(
        changed.starts_with(
            "error[vendor::changed]: `outlk16:L_Blockexternalcontent` means something else in this store: class is `machine`, not `user`\n"
        ),
        "{changed}"
    );
    for words in [
        "--> PolicyDefinitions/outlk16.admx:",
        "decided here",
        "= help: it is set by `content.remote`; what the baseline writes is not what this template would",
    ] {
        assert!(changed.contains(words), "no `{words}` in\n{changed}");
    }
    assert!(
        version.starts_with(
            "note[vendor::version]: `outlk16.admx` is another version than the baseline's: it changes the meaning of 1 policy\n"
        ),
        "{version}"
    );
    assert!(version.contains("which of them is newer cannot be told"), "{version}");
}

#[test]
fn an_older_and_a_newer_template_are_told_by_their_policies() {
    // A policy that no rule sets, taken out of the file or put in.
    let policy = "<policy name=\"L_Addnewcategories\"";
    let gone = |text: String| {
        let start = text.find(policy).expect("the policy is in the file");
        let end = start + text[start..].find("</policy>").expect("it has an end") + "</policy>".len();
        format!("{}{}", &text[..start], &text[end..])
    };
    let older = store("older", |file, text| Some(if file == "outlk16.admx" { gone(text) } else { text }));
    let (code, findings, _) = check(&older, &[]);
    assert_eq!(code, Some(0), "what no rule sets is no error\n{findings}");
    assert!(
        findings.starts_with("note[vendor::version]: `outlk16.admx` is another version than the baseline's: it lacks 1 policy\n")
    );
    assert!(findings.contains("it looks older; it lacks, for one, `L_Addnewcategories`"), "{findings}");

    let new = |text: String| text.replacen(policy, &format!("{NEW}<parentCategory ref=\"C0\" /></policy>\n{policy}"), 1);
    let newer = store("newer", |file, text| Some(if file == "outlk16.admx" { new(text) } else { text }));
    let (code, findings, _) = check(&newer, &[]);
    assert_eq!(code, Some(0), "{findings}");
    assert!(
        findings.contains("it adds 1 policy\n") && findings.contains("it looks newer; it has, for one, `L_New`"),
        "{findings}"
    );

    let needed = store("needed", |file, text| {
        Some(if file == "outlk16.admx" { text.replace("\"L_Blockexternalcontent\"", "\"L_Blockcontent\"") } else { text })
    });
    let (code, findings, talk) = check(&needed, &[]);
    assert_eq!(code, Some(1), "{findings}");
    assert!(
        findings.starts_with("error[vendor::missing]: the store has no policy `outlk16:L_Blockexternalcontent`\n"),
        "{findings}"
    );
    assert!(findings.contains("<policies>") && findings.contains("take the version of the template that has it"), "{findings}");
    assert!(talk.contains("0 changed, 1 missing"), "{talk}");
}

const NEW: &str = "<policy name=\"L_New\" class=\"User\" displayName=\"New\" key=\"software\\policies\\new\" valueName=\"new\">";

#[test]
fn another_title_is_a_note() {
    let title = "Display pictures and external content in HTML e-mail";
    let renamed = store("title", |file, text| {
        Some(if file == "en-US/outlk16.adml" { text.replacen(title, "Show pictures", 1) } else { text })
    });
    let (code, findings, _) = check(&renamed, &[]);
    assert_eq!(code, Some(0), "{findings}");
    assert!(
        findings.starts_with(&format!(
            "note[vendor::version]: `outlk16:L_Blockexternalcontent` is shown otherwise in this store: title is `Show pictures`, not `{title}`\n"
        )),
        "{findings}"
    );
}

#[test]
fn json_says_it_in_facts() {
    let change = |file: &str, text: String| match file {
        "outlk16.admx" => Some(text.replace("valueName=\"noost\"", "valueName=\"nomore\"")),
        "office16.admx" => None,
        _ => Some(text),
    };
    let (code, data, _) = check(&store("json", change), &["--format", "json"]);
    assert_eq!(code, Some(1), "{data}");
    let data: Json = serde_json::from_str(&data).expect("JSON");
    assert_eq!((&data["version"], &data["store"]), (&1.into(), &"PolicyDefinitions".into()));
    let templates = data["templates"].as_array().expect("a list");
    assert!(templates.contains(&serde_json::json!({ "template": "office16", "state": "missing" })), "{templates:?}");
    assert!(templates.contains(&serde_json::json!({ "template": "outlk16", "state": "other" })), "{templates:?}");
    let policies = data["policies"].as_array().expect("a list");
    let policy = |name: &str| policies.iter().find(|policy| policy["policy"] == name).expect("a policy that a rule sets");
    let changed = policy("outlk16:L_OSTCreation");
    assert_eq!(changed["state"], "changed");
    let fact = serde_json::json!({ "fact": "value name", "baseline": "noost", "store": "nomore", "meaning": true });
    assert_eq!(changed["changes"], serde_json::json!([fact]));
    assert!(!changed["decisions"].as_array().expect("a list").is_empty());
    assert_eq!(policy("outlk16:L_Blockexternalcontent")["state"], "same");
    let of_office = policies.iter().filter(|policy| policy["policy"].as_str().is_some_and(|name| name.starts_with("office16:")));
    assert!(of_office.clone().count() > 0 && of_office.clone().all(|policy| policy["state"] == "missing"));
    let codes: Vec<&str> = data["findings"].as_array().expect("a list").iter().filter_map(|one| one["code"].as_str()).collect();
    assert_eq!(codes, ["vendor::missing", "vendor::changed", "vendor::version"]);
}

#[test]
fn a_broken_template_hides_no_other() {
    let change = |file: &str, text: String| match file {
        "office16.admx" => Some(text[..text.len() / 2].to_owned()),
        "outlk16.admx" => Some(text.replace("valueName=\"noost\"", "valueName=\"nomore\"")),
        _ => Some(text),
    };
    let (code, findings, talk) = check(&store("broken", change), &[]);
    assert_eq!(code, Some(1), "{findings}");
    assert!(
        findings.contains("error[vendor::file]: ") && findings.contains("--> PolicyDefinitions/office16.admx:"),
        "{findings}"
    );
    assert!(findings.contains("error[vendor::changed]: `outlk16:L_OSTCreation`"), "{findings}");
    assert!(talk.contains("in templates that cannot be read"), "{talk}");
}

#[test]
fn a_folder_that_is_no_store_is_told() {
    let folder = folder("none");
    fs::create_dir_all(folder.join("PolicyDefinitions")).expect("the target folder is writable");
    let empty = run(&folder, &["check", "--admx", "PolicyDefinitions"]);
    assert!(ended(&empty, 2).contains("`PolicyDefinitions` holds no template; name the folder"));
    let nowhere = run(&folder, &["check", "--admx", "nowhere"]);
    assert!(ended(&nowhere, 3).contains("cannot read `nowhere`"));
    let sarif = run(&folder, &["check", "--admx", "PolicyDefinitions", "--format", "sarif"]);
    assert!(ended(&sarif, 2).contains("sarif"));
}
