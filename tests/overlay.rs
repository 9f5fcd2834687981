//! A folder of an organisation's own: the example goes into the artifacts, and every mistake is a finding with its place.

#[path = "support/program.rs"]
#[expect(dead_code, reason = "what several tests share")]
mod program;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use program::{ended, example, generate, groundplan};
use serde_json::Value;

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("overlay").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the target folder is writable");
    folder
}

fn put(folder: &Path, path: &str, text: impl AsRef<[u8]>) {
    let file = folder.join(path);
    fs::create_dir_all(file.parent().expect("a file has a folder")).expect("the target folder is writable");
    fs::write(file, text).expect("the target folder is writable");
}

fn check(folder: &Path) -> Output {
    groundplan().args(["check", "--color", "never", "--baselines"]).arg(folder).output().expect("the program starts")
}

/// The registry file as text.
fn reg(path: &Path) -> String {
    let bytes = fs::read(path).expect("the file was written");
    let units: Vec<u16> = bytes.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    String::from_utf16(&units).expect("a registry file is UTF-16")
}

#[test]
fn the_example_goes_through_to_the_artifacts_and_their_trail() {
    let out = folder("example");
    let plan = fs::read_to_string(example("utility.yaml")).unwrap()
        + "\nhouse: { archive: { server: archive.stadtwerke-lindenau.example, days: 7 } }\n";
    put(&out, "plan.yaml", plan);
    let overlay = example("overlay");
    let overlay = overlay.to_str().unwrap();
    let (with, without) = (out.join("with"), out.join("without"));
    ended(&generate(&out.join("plan.yaml"), &["--baselines", overlay, "-o", with.to_str().unwrap()]), 0);
    ended(&generate(&example("utility.yaml"), &["-o", without.to_str().unwrap()]), 0);

    let written = reg(&with.join("office-staff/outlook/outlook.reg"));
    let key = "[HKEY_CURRENT_USER\\software\\policies\\lindenau\\archive]\r\n";
    let values = written.split_once(key).expect("the key of the own template").1.split("\r\n\r\n").next().unwrap();
    let mut lines: Vec<&str> = values.lines().collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "\"days\"=dword:00000007",
            "\"enabled\"=dword:00000001",
            "\"server\"=\"archive.stadtwerke-lindenau.example\"",
            "\"what\"=dword:00000002",
        ]
    );
    assert!(!reg(&without.join("office-staff/outlook/outlook.reg")).contains("lindenau\\archive"));
    let json = |path: PathBuf| -> Value { serde_json::from_slice(&fs::read(path).unwrap()).unwrap() };
    let policies = json(with.join("everyone/thunderbird/policies.json"));
    assert_eq!(policies["policies"]["Preferences"]["mail.showCondensedAddresses"]["Value"], false);
    // What the decision sets by itself is still there.
    assert_eq!(policies["policies"]["Preferences"]["mail.phishing.detection.enabled"]["Value"], true);

    let manifests = [with.join("manifest.json"), without.join("manifest.json")].map(json);
    assert_ne!(manifests[0]["content_sha256"], manifests[1]["content_sha256"]);
    let file = |manifest: &Value| {
        let files = manifest["files"].as_array().unwrap();
        files.iter().find(|file| file["path"] == "office-staff/outlook/outlook.reg").unwrap()["decisions"].to_string()
    };
    assert!(file(&manifests[0]).contains("house.archive") && !file(&manifests[1]).contains("house.archive"));

    let explained = groundplan().args(["explain", "mail.showCondensedAddresses", "--baselines", overlay]).output().unwrap();
    let explained = String::from_utf8(explained.stdout).unwrap();
    assert!(explained.contains("content.links") && explained.contains("House rule 7"), "{explained}");
}

#[test]
fn the_table_of_the_example_is_what_an_import_of_its_template_gives() {
    let output = groundplan()
        .args([
            "vendor",
            "import",
            "admx",
            "examples/templates/house.admx",
            "--origin",
            "template of the archive add-in, version 1.0",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    ended(&output, 0);
    assert_eq!(output.stdout, fs::read(example("overlay/vendor/office/house.tsv")).unwrap());
}

const DECISION: &str = "decision: house.chat
number: 1000
question: May people chat?
asked: []
shape: choice
answers: { allowed: They may, never: They may not }
strength: [allowed, never]
default: never
decides: [ADM]
settings:
  thunderbird:
    mail.chat.play_sound:
      by: { allowed: true, never: false }
      cite: [House rule 1]
does_not_apply:
  outlook: It has no chat.
  outlook-mac: It has no chat.
  apple-mail: It has no chat.
  browser: It has no chat.
  workstation: It has no chat.
  evolution: It has no chat.
  kmail: It has no chat.
examples:
  - plan: { house: { chat: allowed } }
    sets:
      thunderbird: { mail.chat.play_sound: true }
";
const PLACE: &str = "decisions/i-house/house.chat.yaml";

#[test]
fn every_mistake_is_a_finding_with_its_place_and_help() {
    let own = folder("mistakes");
    put(&own, PLACE, DECISION);
    ended(&check(&own), 0);
    // What is replaced; code, place and part of the help or message.
    let mistakes: &[(&str, &str, &str, &str, &str)] = &[
        (
            "mail.chat.play_sound:\n",
            "mail.chat.play_sond:\n",
            "catalogue::setting",
            "12:5",
            "did you mean `mail.chat.play_sound`?",
        ),
        ("allowed: true,", "allowed: 3,", "catalogue::setting", "12:5", "takes true or false, not a number"),
        ("  thunderbird:\n    mail", "  thunderbrid:\n    mail", "catalogue::reference", "11:3", "did you mean `thunderbird`?"),
        ("  thunderbird:\n    mail", "  outlook:\n    mail", "catalogue::setting", "12:5", "it belongs below `thunderbird`"),
        (
            "by: { allowed: true, never: false }",
            "by: { allowed: true }",
            "catalogue::form",
            "13:11",
            "nothing is said for the answer `never`",
        ),
        ("by: { allowed: true, never", "by: { allowd: true, never", "catalogue::reference", "13:11", "did you mean `allowed`?"),
        (
            "by: { allowed: true, never: false }",
            "set: $content.read_ass",
            "catalogue::reference",
            "13:12",
            "did you mean `content.read_as`?",
        ),
        ("      cite: [House rule 1]\n", "", "catalogue::form", "13:7", "cites where its value comes from"),
        ("  browser: It has no chat.\n", "", "catalogue::form", "1:1", "says nothing for browser"),
        ("decision: house.chat", "decision: chat.messages", "catalogue::duplicate", "1:11", "two files decide"),
        ("decision: house.chat", "decision: House chat", "catalogue::form", "1:11", "cannot be a key of the plan"),
        ("decision: house.chat", "decision: content", "catalogue::duplicate", "1:11", "stands below it in the plan"),
        ("number: 1000", "number: 46", "catalogue::duplicate", "2:9", "have one number"),
        ("number: 1000", "number: many", "catalogue::form", "2:9", "is a whole number"),
        ("decides: [ADM]", "decides: [ADM]\nrequiered: true", "catalogue::form", "10:1", "did you mean `required`?"),
        ("shape: choice", "shape: chioce", "catalogue::form", "5:8", "did you mean `choice`?"),
        ("strength: [allowed, never]", "strength: [never]", "catalogue::reference", "7:11", "names each answer once"),
        ("default: never", "default: nver", "catalogue::reference", "8:10", "did you mean `never`?"),
        (
            "{ mail.chat.play_sound: true }",
            "{ mail.chat.play_sound: false }",
            "catalogue::example",
            "24:3",
            "becomes `true`, not `false`",
        ),
        ("{ mail.chat.play_sound: true }", "{}", "catalogue::example", "24:3", "and the example is silent"),
        (
            "plan: { house: { chat: allowed } }",
            "plan: { house: { chat: allowd } }",
            "catalogue::example",
            "24:3",
            "did you mean `allowed`?",
        ),
        ("question: May", "question: &x May", "source::alias", "3:14", "(`&name`) is not taken here"),
        ("question: May people chat?", "question: May: people", "source::syntax", "3:14", "not valid YAML"),
        ("asked: []\n", "asked: []\nasked: []\n", "source::duplicate-key", "5:1", "asked"),
    ];
    let mut wrong = Vec::new();
    for (from, to, code, place, says) in mistakes {
        assert_eq!(DECISION.matches(from).count(), 1, "{from:?}");
        put(&own, PLACE, DECISION.replace(from, to));
        let output = check(&own);
        let found = String::from_utf8(output.stdout.clone()).unwrap();
        let wanted = found.contains(&format!("error[{code}]")) && found.contains(&format!("--> {PLACE}:{place}\n"));
        if output.status.code() != Some(1) || !wanted || !found.contains(says) {
            wrong.push(format!("{to:?} gives {code} at {place} with {says:?}, not\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let end = DECISION.find("examples:").unwrap();
    put(&own, PLACE, &DECISION[..end]);
    assert!(String::from_utf8_lossy(&check(&own).stdout).contains("the file has no example"));
}

#[test]
fn what_is_added_to_a_decision_is_held_against_what_it_sets_already() {
    let own = folder("additions");
    let addition = fs::read_to_string(example("overlay/decisions/i-house/content.links.yaml")).unwrap();
    for (from, to, says) in [
        ("adds_to: content.links", "adds_to: content.link", "did you mean `content.links`?"),
        (
            "mail.showCondensedAddresses:\n",
            "mail.phishing.detection.enabled:\n",
            "`content.links` sets `mail.phishing.detection.enabled` already",
        ),
        ("adds_to: content.links\n", "adds_to: content.links\ndefault: warn\n", "there is no key `default` here"),
        ("Addresses: false", "Addresses: true", "becomes `false`, not `true`"),
    ] {
        assert!(addition.contains(from), "{from}");
        put(&own, "decisions/i-house/links.yaml", addition.replace(from, to));
        let output = check(&own);
        ended(&output, 1);
        let found = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(found.contains(says) && found.contains("--> decisions/i-house/links.yaml:"), "{found}");
    }
}

#[test]
fn files_that_nobody_reads_are_named_and_broken_tables_have_their_line() {
    let says = |name: &str, path: &str, text: &str, code: i32, says: &str| {
        let own = folder(name);
        put(&own, path, text);
        let output = check(&own);
        let told = ended(&output, code);
        let found = String::from_utf8_lossy(&output.stdout).into_owned() + &told;
        assert!(found.contains(says), "{path}: {found}");
    };
    says("typo", "decision/x.yaml", "a: 1", 1, "did you mean `decisions/x.yaml`?");
    says("ending", "decisions/x/x.yml", "a: 1", 1, "files of `decisions/` end in `.yaml`");
    says("stray", "notes.txt", "a", 1, "own content stands below `decisions/….yaml`");
    says("list", "lists/addresses.yaml", "a: 1", 1, "did you mean `lists/addressees.yaml`?");
    says("hidden", ".git/config", "a", 1, "the folder holds no file of the policy content");
    let rows = "# Template: own\nB\tuser\tk\tv\tT\tC\n\tenabled\tdword:1\n";
    says("table", "vendor/office/own.tsv", rows, 0, "0 errors");
    says("order", "vendor/office/own.tsv", &format!("{rows}A\tuser\tk\tv\tT\tC\n"), 1, "--> vendor/office/own.tsv:4:1");
    says("form", "vendor/office/own.tsv", &format!("{rows}\tenabeld\tx\n"), 1, "--> vendor/office/own.tsv:2:1");
    says("payloads", "vendor/apple/payloads.tsv", "@com.x\nk\tboolan\n", 1, "--> vendor/apple/payloads.tsv:2:1");
    says(
        "prefs",
        "vendor/thunderbird/preferences-153.tsv",
        "# x\nb.a\tflag\ttrue\na.b\tflag\ttrue\n",
        1,
        "preferences-153.tsv:3:1",
    );
    says("parameters", "scripts/linux/parameters.tsv", "name\ttype\nx\n", 1, "--> scripts/linux/parameters.tsv:2:1");
    says("version", "vendor/thunderbird/policies-160.tsv", "A\tall\t\"flag\"\n", 0, "0 errors");
}

#[cfg(unix)]
#[test]
fn links_pipes_and_what_is_no_folder_end_without_hanging() {
    let own = folder("surroundings");
    let refused = |says: &str| {
        let told = ended(&check(&own), 3);
        assert!(told.contains(says), "{told}");
    };
    std::os::unix::fs::symlink("..", own.join("up")).unwrap();
    put(&own, "decisions/house.chat.yaml", DECISION);
    refused("a link may lead back to where it lies");
    fs::remove_file(own.join("up")).unwrap();
    ended(&check(&own), 0);

    std::os::unix::fs::symlink("/no/such/file", own.join("decisions/a.yaml")).unwrap();
    refused("No such file");
    fs::remove_file(own.join("decisions/a.yaml")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", own.join("decisions/a.yaml")).unwrap();
    refused("neither a file nor a folder");
    fs::remove_file(own.join("decisions/a.yaml")).unwrap();
    // A link to a file is as good as the file.
    fs::rename(own.join("decisions/house.chat.yaml"), own.join("elsewhere.md")).unwrap();
    std::os::unix::fs::symlink("../elsewhere.md", own.join("decisions/a.yaml")).unwrap();
    ended(&check(&own), 0);

    let huge = fs::File::create(own.join("decisions/b.yaml")).unwrap();
    huge.set_len(1 << 40).unwrap();
    refused("larger than 64 MiB");
    let file = own.join("elsewhere.md");
    assert!(ended(&check(&file), 3).contains("Not a directory"));
    assert!(ended(&check(Path::new("no-such-folder")), 3).contains("No such file"));
}
