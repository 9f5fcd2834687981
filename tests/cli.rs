//! The program as its users call it: exit codes, streams, colours, pipes, the content of an organisation of its own, and
//! what the program says about itself (completions, manual page, schema).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

const MINIMAL: &str = "organisation: Example\ndomains: [example.org]\nclients: [thunderbird]\nservers: { imap: imap.example.org, smtp: smtp.example.org }\n";

fn groundplan() -> Command {
    let mut command = Command::cargo_bin("groundplan").expect("cargo builds the program");
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

fn run(arguments: &[&str]) -> Output {
    groundplan().args(arguments).output().expect("the program starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("stdout is UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("stderr is UTF-8")
}

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the target folder is writable");
    folder
}

fn plan(name: &str, text: &str) -> String {
    let path = folder(name).join("plan.yaml");
    fs::write(&path, text).expect("the target folder is writable");
    path.to_str().expect("the target folder has a plain name").to_owned()
}

/// Runs, expects the exit code and that stderr holds the words; gives stdout.
#[track_caller]
fn ends(arguments: &[&str], code: i32, says: &str) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{}\n{}", stdout(&output), stderr(&output));
    assert!(stderr(&output).contains(says), "{arguments:?} says\n{}", stderr(&output));
    stdout(&output)
}

/// Says that a program is missing, and fails where all are expected.
#[track_caller]
#[expect(clippy::print_stderr, reason = "a test that did not run says so")]
fn missing(program: &str) {
    assert!(std::env::var("GROUNDPLAN_ALL_CONSUMERS").as_deref() != Ok("1"), "{program} is not installed");
    eprintln!("NOT TESTED: {program} is not installed");
}

#[test]
fn exit_codes_of_misuse() {
    let bad = plan("misuse", "organisation: Example\nforwardin: never\n");
    let none = "no-such-plan.yaml";
    for wrong in [
        &["frobnicate"][..],
        &["check"],
        &["check", none, "--frob"],
        &["check", none, "--today", "2026-2-30"],
        &["check", none, "--format", "xml"],
        &["check", none, "-q", "-v"],
        &["list"],
        &["list", "frogs"],
        &["list", "settings", "--client", "outlok"],
        &["list", "codes", "--client", "outlook"],
        &["list", "codes", "--format", "sarif"],
        &["explain"],
        &["explain", "content.read_as", "--format", "sarif"],
        &["init", "-"],
        &["init", "--example", "hospital", "-"],
        &["init", "--minimal", "--example", "utility", "-"],
        &["schema", "more"],
        &["vendor"],
        &["vendor", "import"],
        &["vendor", "import", "admx", "outlk16.admx"],
        &["vendor", "import", "thunderbird", "cookies", "x", "--release", "153", "--origin", "x"],
        &["completions"],
        &["completions", "tcsh"],
        &["man", "frob"],
        &["generate", none, "--check", "--dry-run"],
        &["generate", none, "--role", "everyone"],
        &["generate", "examples/utility.yaml", "--role", "nobody", "--dry-run"],
        &["generate", "-", "--check"],
    ] {
        let output = groundplan().args(wrong).write_stdin(MINIMAL).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{wrong:?}\n{}", stderr(&output));
        assert_eq!(stdout(&output), "", "{wrong:?}");
        assert!(!output.stderr.is_empty(), "{wrong:?}");
    }
    for unreadable in [
        &["check", none][..],
        &["check", "examples"],
        &["generate", none, "--dry-run"],
        &["explain", "content.read_as", none],
        &["check", "examples/utility.yaml", "--baselines", "no-such-folder"],
        &["vendor", "import", "admx", "none.admx", "--origin", "x"],
        &["vendor", "import", "apple", "none.yaml", "--origin", "x"],
        &["vendor", "import", "preferences", "none.csv", "--origin", "x"],
        &["vendor", "import", "thunderbird", "policies", "none.json", "--release", "153", "--origin", "x"],
    ] {
        assert_eq!(ends(unreadable, 3, "error: cannot "), "", "{unreadable:?}");
    }
    for wrong in [
        &["generate", &bad, "--dry-run"][..],
        &["explain", "content.read_as", &bad],
        &["explain", "content.raed_as"],
        &["vendor", "import", "admx", "Cargo.toml", "Cargo.toml", "--origin", "x"],
        &["vendor", "import", "apple", "Cargo.toml", "--origin", "x"],
        &["vendor", "import", "preferences", "Cargo.toml", "--origin", "x"],
        &["vendor", "import", "thunderbird", "policies", "Cargo.toml", "--release", "153", "--origin", "x"],
        &["vendor", "import", "thunderbird", "allow-list", "Cargo.toml", "--release", "153", "--origin", "x"],
    ] {
        assert_eq!(ends(wrong, 1, "error"), "", "{wrong:?}");
    }
    // The findings are what `check` was asked for: data.
    assert!(ends(&["check", &bad], 1, "").contains("error[plan::unknown-key]"));
    let notes = ends(&["check", "examples/utility.yaml", "--today", "2026-11-01", "-q"], 0, "");
    assert!(notes.split_inclusive("\n\n").all(|finding| finding.starts_with("note[baseline::deprecated]")), "{notes}");
}

#[test]
fn data_goes_to_stdout_and_talk_to_stderr() {
    let good = plan("streams", MINIMAL);
    let output = run(&["check", &good]);
    assert!(stderr(&output).starts_with("0 errors, "), "{}", stderr(&output));
    assert!(!stdout(&output).contains("0 errors"));
    assert_eq!(stderr(&run(&["check", &good, "--quiet"])), "");
    let json: Value = serde_json::from_str(&stdout(&run(&["check", &good, "--format", "json"]))).unwrap();
    assert_eq!(json["version"], 1);
    for data in [&["list", "decisions"][..], &["explain", "content.read_as"], &["schema"], &["man"], &["completions", "bash"]] {
        let output = run(data);
        assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()), "{data:?}");
        assert!(stdout(&output).ends_with('\n'), "{data:?}");
    }
}

#[test]
fn help_is_data_and_names_every_subcommand() {
    let output = run(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    for name in ["init", "check", "generate", "explain", "list", "schema", "vendor", "completions", "man"] {
        assert!(stdout(&output).contains(&format!("\n  {name} ")), "{name}");
        assert_eq!(run(&[name, "--help"]).status.code(), Some(0), "{name}");
    }
    assert!(stdout(&run(&["--version"])).starts_with("groundplan "));
}

#[test]
fn a_plan_comes_from_standard_input() {
    let output = groundplan().args(["check", "-"]).write_stdin(format!("{MINIMAL}contnt: {{}}\n")).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("--> standard input:5:1"), "{}", stdout(&output));
    let output = groundplan().args(["explain", "content.read_as", "-"]).write_stdin(MINIMAL).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).contains("everyone  text (default)"), "{}", stdout(&output));
}

#[test]
fn colours_follow_the_flag_and_the_variable() {
    let bad = plan("colours", "organisation: Example\n");
    let escape = |output: &Output| output.stdout.contains(&0x1b) || output.stderr.contains(&0x1b);
    let coloured = |arguments: &[&str], variable: Option<&str>| {
        let mut command = groundplan();
        if let Some(value) = variable {
            command.env("NO_COLOR", value);
        }
        escape(&command.args(arguments).output().unwrap())
    };
    for subcommand in [&["check", &bad][..], &["explain", "content.read_as"], &["generate", &bad, "--dry-run"]] {
        let with = |flag: &'static str| [subcommand, &["--color", flag]].concat();
        assert!(coloured(&with("always"), None), "{subcommand:?}");
        assert!(coloured(&with("always"), Some("1")), "the flag is nearer than the variable: {subcommand:?}");
        assert!(!coloured(&with("never"), None), "{subcommand:?}");
        assert!(!coloured(&with("auto"), None), "a pipe is no terminal: {subcommand:?}");
    }
    // On a terminal, as `script` makes one.
    let on_terminal = |variable: &str| {
        let call = format!("{variable} {} check {bad}", env!("CARGO_BIN_EXE_groundplan"));
        let output = std::process::Command::new("script").args(["-qec", &call, "/dev/null"]).env_remove("NO_COLOR").output();
        escape(&output.expect("`script` of util-linux is installed"))
    };
    assert!(on_terminal("NO_COLOR= "));
    assert!(!on_terminal("NO_COLOR=1"));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let call = format!("{{ {} list settings; echo \"exit $?\" >&2; }} | head -1", env!("CARGO_BIN_EXE_groundplan"));
    let output = std::process::Command::new("sh").args(["-c", &call]).output().unwrap();
    assert_eq!(stderr(&output), "exit 0\n");
    assert_eq!(stdout(&output).lines().count(), 1);
}

#[test]
fn an_own_folder_replaces_a_decision() {
    let own = folder("overlay");
    let place = "decisions/f-content/content.read_as.yaml";
    let text = fs::read_to_string(Path::new("baselines").join(place)).unwrap();
    let target = own.join(place);
    fs::create_dir_all(target.parent().unwrap()).unwrap();
    fs::write(&target, text.replace("question: How are incoming messages shown?", "question: What does our house show?"))
        .unwrap();
    let own = own.to_str().unwrap();
    assert!(ends(&["explain", "content.read_as", "--baselines", own], 0, "").contains("What does our house show?"));
    assert!(!ends(&["explain", "content.read_as"], 0, "").contains("What does our house show?"));
    ends(&["check", "examples/utility.yaml", "--today", "2026-11-01", "--baselines", own], 0, "0 errors");

    fs::write(&target, text.replace("strength: [html,", "strength: [htm,")).unwrap();
    let found = ends(&["check", "examples/utility.yaml", "--baselines", own], 1, "");
    assert!(found.contains("error[catalogue::reference]") && found.contains(&format!("--> {place}:10:11")), "{found}");
    for subcommand in [&["list", "decisions"][..], &["explain", "content.read_as"], &["schema"], &["init", "--minimal", "-"]] {
        let arguments = [subcommand, &["--baselines", own]].concat();
        assert_eq!(ends(&arguments, 1, &format!("--> {place}:10:11")), "", "{subcommand:?}");
    }

    fs::write(&target, text.replace("outlk16:L_Reademailasplaintext", "outlk16:L_Reademailasplaintxt")).unwrap();
    let found = ends(&["check", "examples/utility.yaml", "--baselines", own], 1, "");
    assert!(
        found.contains("error[catalogue::setting]") && found.contains("did you mean `outlk16:L_Reademailasplaintext`?"),
        "{found}"
    );
}

#[test]
fn init_writes_plans_that_check_takes_and_never_overwrites() {
    let folder = folder("init");
    for form in [&["--minimal"][..], &["--example", "utility"], &["--example", "lawfirm"]] {
        let file = folder.join(format!("{}.yaml", form.concat()));
        let path = file.to_str().unwrap();
        ends(&[&["init", path], form].concat(), 0, "Wrote ");
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("# yaml-language-server: $schema=groundplan.schema.json\n"), "{text}");
        ends(&["check", path, "--today", "2026-11-01"], 0, "0 errors, 0 warnings");
        ends(&[&["init", path], form].concat(), 3, "File exists");
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
        assert_eq!(ends(&[&["init", "-"], form].concat(), 0, ""), text, "standard output gets the same");
    }
    let output = groundplan().current_dir(&folder).args(["init", "--minimal"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(folder.join("groundplan.yaml").is_file());
    let asked = run(&["init", "-"]);
    assert!(stderr(&asked).contains("--minimal") && stderr(&asked).contains("--example utility"), "{}", stderr(&asked));
}

#[test]
fn the_interview_asks_until_the_plan_holds() {
    let folder = folder("interview");
    let answers = "\nStadtwerke: Süd\nexample\nsued.example, nord.example\nthunderbrid\nthunderbird\nimap.sued.example:993\nsmtp.sued.example\n\n\n\n\n\nimap.sued.example\nsmtp.sued.example\n\n\n\n\n\n";
    let call = format!("{} init plan.yaml --today 2026-11-01", env!("CARGO_BIN_EXE_groundplan"));
    let mut command = Command::new("script");
    let output = command
        .current_dir(&folder)
        .args(["-qec", &call, "/dev/null"])
        .write_stdin(answers)
        .output()
        .expect("`script` of util-linux");
    let screen = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{screen}");
    for said in
        ["Which mail domains count as our own?", "did you mean `thunderbird`?", "ports follow from `encryption.transport`"]
    {
        assert!(screen.contains(said), "{said}\n{screen}");
    }
    let plan = fs::read_to_string(folder.join("plan.yaml")).unwrap();
    assert!(plan.contains("\norganisation: \"Stadtwerke: Süd\"\n"), "{plan}");
    assert!(plan.contains("\ndomains: [sued.example, nord.example]\n"), "{plan}");
    ends(&["check", folder.join("plan.yaml").to_str().unwrap()], 0, "0 errors");
}

#[test]
fn the_interview_is_left_and_taken_up_again() {
    let folder = folder("interview-continued");
    let example = fs::read_to_string("examples/utility.yaml").unwrap();
    fs::write(folder.join("plan.yaml"), &example).unwrap();
    let call = format!("{} init --continue plan.yaml --today 2026-11-01", env!("CARGO_BIN_EXE_groundplan"));
    let ask = |answers: &str| {
        let mut command = Command::new("script");
        let output =
            command.current_dir(&folder).args(["-qec", &call, "/dev/null"]).write_stdin(answers).output().expect("`script`");
        let screen = stdout(&output);
        assert_eq!(output.status.code(), Some(0), "{screen}");
        (screen, fs::read_to_string(folder.join("plan.yaml")).unwrap())
    };
    // The first open question, answered wrongly, then with its default; then left.
    let (screen, first) = ask("\nno-such-answer\n\n.\n");
    assert!(screen.contains("questions are open") && screen.contains(" * "), "{screen}");
    assert!(screen.contains("saved at once") && screen.contains("sets"), "{screen}");
    assert_ne!(first, example);
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert!(lines(&example).iter().all(|line| lines(&first).contains(line) || line.contains('{')), "a line of the plan is lost");
    ends(&["check", folder.join("plan.yaml").to_str().unwrap()], 0, "0 errors");
    let open = |screen: &str| {
        screen.split_once(" questions are open").unwrap().0.rsplit(['\n', '\r']).next().unwrap().trim().parse::<usize>().unwrap()
    };
    let (again, second) = ask(".\n");
    assert_eq!(second, first);
    assert!(open(&again) < open(&screen), "what was answered is asked again: {again}");
}

#[test]
fn lists_are_searched_in_names_titles_and_value_names() {
    let found = |arguments: &[&str]| ends(&[&["list", "settings"], arguments].concat(), 0, "");
    let plain = "outlk16:L_Reademailasplaintext";
    for search in [
        "READ E-MAIL AS PLAIN",
        "readasplain",
        "L_Reademailas",
        "mail plain read",
        plain,
        "HKEY_CURRENT_USER\\software\\policies\\microsoft\\office\\16.0\\outlook\\options\\mail\\ReadAsPlain",
    ] {
        let found = found(&["--client", "outlook", "--search", search]);
        let first: Vec<&str> =
            found.lines().next().unwrap_or_default().split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
        assert_eq!(first[..3], [plain, "content.read_as", "Read e-mail as plain text"], "{search}: {found}");
        let place =
            if search.contains("eadasplain") || search.contains('\\') { "HKCU\\software" } else { "User Configuration > " };
        assert!(first[3].starts_with(place), "{search}: {found}");
    }
    // An exact name first, then names that start with it, then names, titles, and what stands elsewhere.
    let names = |text: &str| {
        found(&["--search", text]).lines().map(|line| line.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("SSLVersionMin")[..1], ["SSLVersionMin"]);
    let mail = names("mail");
    let at = |name: &str| mail.iter().position(|found| found == name).unwrap_or_else(|| panic!("{name}"));
    assert!(at("mail.chat.enabled") < at(plain) && at(plain) < at("outlk16:L_Blockexternalcontent"), "{mail:?}");
    assert!(names("AllowNonFQDN").contains(&"Authentication".to_owned()), "a key inside a policy");
    assert!(names("certificate").iter().any(|name| name.starts_with("com.apple.")), "a key of a payload");
    assert!(names("home folder").iter().any(|name| name.starts_with("linux:")), "a parameter of the scripts");

    assert!(!found(&["--client", "thunderbird"]).contains("outlk16:"));
    let mac = found(&["--client", "outlook-mac"]);
    assert!(
        mac.lines().count() > 20 && mac.lines().all(|line| line.starts_with("com.") || line.starts_with("us.zoom.")),
        "{mac}"
    );
    let json: Value = serde_json::from_str(&found(&["--search", plain, "--format", "json"])).unwrap();
    assert_eq!(json["version"], 2);
    assert_eq!(json["settings"][0]["decisions"], serde_json::json!(["content.read_as"]));
    assert_eq!(json["settings"][0]["title"], "Read e-mail as plain text");

    // What is found nowhere ends like an unknown name.
    assert_eq!(ends(&["list", "settings", "--search", "no such thing at all"], 1, "nothing of this kind holds"), "");
    ends(&["list", "settings", "--search", "L_Reademailasplaintxt"], 1, "similar are `outlk16:L_Reademailasplaintext`");
    ends(&["list", "checks", "--search", "zebra"], 1, "nothing of this kind holds `zebra`");
    ends(&["list", "settings", "--search", " "], 2, "name at least one word");
    let json: Value =
        serde_json::from_str(&ends(&["list", "decisions", "--search", "read_as", "--format", "json"], 0, "")).unwrap();
    assert_eq!(json["decisions"][0]["decision"], "content.read_as");
    assert_eq!(json["decisions"][0]["default"], "text");
    for kind in ["decisions", "checks", "clients", "presets", "codes"] {
        assert!(ends(&["list", kind], 0, "").lines().count() > 4, "{kind}");
    }
}

#[test]
fn explain_walks_both_ways() {
    let day = ["--today", "2026-11-01"];
    let explain = |arguments: &[&str]| ends(&[&["explain"], arguments, &day].concat(), 0, "");
    let setting = explain(&["outlk16:L_Reademailasplaintext", "examples/utility.yaml"]);
    for said in [
        "Read e-mail as plain text",
        "User Configuration > Administrative Templates > Microsoft Outlook 2016",
        "Set by content.read_as on outlook",
        "simple-html, html  disabled",
        "disabled (locked)",
        "content.read_as: simple-html (examples/utility.yaml:",
        "outlook/user.pol:",
    ] {
        assert!(setting.contains(said), "{said}\n{setting}");
    }
    let decision = explain(&["content.read_as", "examples/utility.yaml"]);
    for said in [
        "M 2.454 §8a",
        "outlk16:L_Reademailasplaintext",
        "KONF.13.1.2",
        "control-room",
        "text (examples/utility.yaml:",
        "role control-room",
    ] {
        assert!(decision.contains(said), "{said}\n{decision}");
    }
    for name in [
        "content",
        "outlook",
        "content-write-read",
        "plan::unknown-key",
        "com.apple.ews.account:SSL",
        "mail.chat.enabled",
        "linux:lock_after",
        "APP.5.3.A1",
        "app.5.3.a1@2023",
        "servers.imap",
        "information.contracts.who",
        "Read e-mail as plain text",
        "HKCU\\Software\\Policies\\Microsoft\\Office\\16.0\\Outlook\\Options\\Mail\\ReadAsPlain",
    ] {
        let page = explain(&[name, "examples/utility.yaml"]);
        let wide = |line: &&str| {
            // Only a name or path that nobody should cut may reach further.
            line.chars().count() > 100 && line.split(' ').next_back().is_some_and(|word| word.chars().count() < 40)
        };
        assert!(page.lines().count() > 1, "{name}: {page}");
        assert_eq!(page.lines().find(wide), None, "{name}");
        let json: Value = serde_json::from_str(&explain(&[name, "--format", "json"])).unwrap();
        assert_eq!(json["version"], 1, "{name}");
        assert!(json["kind"].is_string(), "{name}");
    }
    ends(&["explain", "contnt.read_as"], 1, "did you mean `content.read_as`");
    ends(
        &["explain", "HKCU\\software\\policies\\microsoft\\office\\16.0\\outlook\\options\\mail"],
        1,
        "belongs to several settings",
    );
}

#[test]
fn versions_of_a_client_are_compared_with_what_they_touch() {
    let diff = |old: &str, new: &str, code: i32, says: &str| ends(&["vendor", "diff", old, new], code, says);
    let found = diff("thunderbird:140", "thunderbird:153", 0, "only `thunderbird:153` has a table `preferences`");
    assert!(
        found.starts_with("Policies of Thunderbird 140 → Policies of Thunderbird 153: 0 gone, 1 changed, 1 new\n"),
        "{found}"
    );
    assert!(
        found.contains("  changed ExtensionSettings  (set by applications.addons)\n    */update_url: new, an address"),
        "{found}"
    );
    assert!(found.contains("  new     SecurityDevices\n"), "{found}");
    assert_eq!(ends(&["vendor", "diff", "thunderbird:140", "thunderbird:153", "--decided"], 0, "").lines().count(), 3);
    let back = diff("thunderbird:153", "thunderbird:140", 1, "1 settings of the catalogue are gone or may mean something else");
    assert!(back.contains("! changed ExtensionSettings"), "{back}");

    // Files, folders and what is built in stand for each other.
    let folder = folder("diff");
    let table = fs::read_to_string("baselines/vendor/office/outlk16.tsv").unwrap();
    let newer = table.replace("\tRead e-mail as plain text\t", "\tShow mail as plain text\t");
    fs::write(folder.join("outlk16.tsv"), newer).unwrap();
    let (whole, file) = (folder.to_str().unwrap(), folder.join("outlk16.tsv"));
    let file = file.to_str().unwrap();
    for (old, new) in [("outlk16", file), ("office/outlk16.tsv", file), ("outlk16", whole), ("baselines/vendor/office", whole)] {
        let json: Value = serde_json::from_str(&ends(&["vendor", "diff", old, new, "--format", "json"], 0, "")).unwrap();
        assert_eq!(json["version"], 1);
        let change = &json["tables"][0]["settings"][0];
        assert_eq!(change["name"], "outlk16:L_Reademailasplaintext", "{json}");
        assert_eq!((&change["fate"], &change["matters"]), (&"changed".into(), &false.into()));
        assert_eq!(change["decisions"], serde_json::json!(["content.read_as"]));
        let expected = serde_json::json!([{ "part": "", "aspect": "title", "item": "", "old": "Read e-mail as plain text", "new": "Show mail as plain text" }]);
        assert_eq!(change["changes"], expected);
    }

    diff("thunderbird:14", "outlk16", 1, "did you mean `thunderbird:140`?");
    diff("outlk16", "office16", 2, "one is about the template outlk16, the other about the template office16");
    diff("apple", "office", 2, "have no table in common");
    diff("outlk16", "Cargo.toml", 1, "cannot compare `Cargo.toml`: it is no table");
    diff("outlk16", "src", 2, "holds no table");
    fs::write(folder.join("outlk16.tsv"), table.replace("\tuser\t", "\tusr\t")).unwrap();
    diff("outlk16", file, 1, "line 7 does not have the form of its table");
    fs::write(folder.join("outlk16.tsv"), b"\xff").unwrap();
    diff("outlk16", file, 1, "invalid utf-8");
}

#[test]
fn every_decision_check_client_and_code_has_an_explanation() {
    for (kind, column) in [("decisions", "decision"), ("checks", "check"), ("clients", "client"), ("codes", "code")] {
        let list: Value = serde_json::from_str(&ends(&["list", kind, "--format", "json"], 0, "")).unwrap();
        // Every tenth here; the pages are made of the same parts.
        for row in list[kind].as_array().unwrap().iter().step_by(10) {
            let name = row[column].as_str().unwrap();
            assert!(ends(&["explain", name], 0, "").starts_with(name), "{name}");
        }
    }
}

/// The tree of a plan as an editor's YAML reader would see it.
fn as_json(node: &groundplan::source::Node) -> Value {
    use groundplan::source::Kind;
    match &node.kind {
        Kind::Nothing => Value::Null,
        Kind::Scalar { text, .. } => match (node.flag(), node.number()) {
            (Some(flag), _) => flag.into(),
            (_, Some(number)) => number.into(),
            _ => text.as_ref().into(),
        },
        Kind::List(items) => items.iter().map(as_json).collect(),
        Kind::Map(entries) => Value::Object(entries.iter().map(|entry| (entry.key.to_string(), as_json(&entry.value))).collect()),
    }
}

#[test]
fn the_schema_takes_good_plans_and_refuses_bad_ones() {
    let schema: Value = serde_json::from_str(&ends(&["schema"], 0, "")).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.set_default_draft(boon::Draft::V2020_12);
    compiler.enable_format_assertions();
    compiler.add_resource("plan.json", schema).unwrap();
    let schema = compiler.compile("plan.json", &mut schemas).unwrap();
    let judge = |text: &str| {
        let (document, findings) = groundplan::source::parse("plan", text.as_bytes(), groundplan::source::Limits::default());
        assert_eq!(findings, [], "{text}");
        schemas.validate(&as_json(&document.unwrap().root), schema).map_err(|error| error.to_string())
    };
    let minimal = ends(&["init", "--minimal", "-"], 0, "");
    for example in [&minimal, include_str!("../examples/utility.yaml"), include_str!("../examples/lawfirm.yaml")] {
        assert_eq!(judge(example), Ok(()));
    }
    for good in [
        "versions: { thunderbird: 140, macos: '15.1' }",
        "roles: { desk: , field: { workplace: mobile } }",
        "content: { blocked_attachments: [exe, js] }",
        "accept: { shared-unlocked: { reason: A, by: B, until: 2027-01-01 } }",
        "because: { content.read_as: Suppliers send tables }",
    ] {
        assert_eq!(judge(&format!("{MINIMAL}{good}\n")), Ok(()), "{good}");
    }
    for bad in [
        "contnt: { read_as: text }",
        "content: { raed_as: text }",
        "content: { read_as: plain }",
        "content: text",
        "functions: mail",
        "functions: [mail, mail]",
        "offline_days: two",
        "offline_days: -1",
        "decided: { date: 14.9.2026 }",
        "decided: { date: 2026-02-30 }",
        "roles: { Field Workers: {} }",
        "roles: { everyone: {} }",
        "roles: { desk: { domains: [a.example] } }",
        "roles: { desk: { contnt: {} } }",
        "information: { x: { channels: [pigeon] } }",
        "webmail: { own: 7 }",
        "accept: { no-such-check: { reason: A, by: B, until: 2027-01-01 } }",
        "accept: { shared-unlocked: { reason: A, by: B } }",
        "because: { content.read: A }",
    ] {
        assert!(judge(&format!("{MINIMAL}{bad}\n")).is_err(), "{bad}");
    }
    for bad in [
        "organisation: Example\n",
        &MINIMAL.replace("imap.example.org", "https://imap.example.org"),
        &MINIMAL.replace("{ imap", "{ impa"),
    ] {
        assert!(judge(bad).is_err(), "{bad}");
    }
    // What the schema refuses here the reader of plans refuses too.
    assert_eq!(run(&["check", &plan("schema", &format!("{MINIMAL}content: {{ raed_as: text }}\n"))]).status.code(), Some(1));
}

#[test]
fn completions_are_read_by_their_shells() {
    let folder = folder("completions");
    for shell in ["bash", "zsh", "fish"] {
        let script = ends(&["completions", shell], 0, "");
        assert!(script.contains("explain"), "{shell}");
        let file = folder.join(shell);
        fs::write(&file, script).unwrap();
        match std::process::Command::new(shell).arg("-n").arg(&file).output() {
            Ok(output) => assert!(output.status.success() && output.stderr.is_empty(), "{shell}: {}", stderr(&output)),
            Err(_) => missing(shell),
        }
    }
}

#[test]
fn the_manual_page_is_set_without_a_warning() {
    for page in [&["man"][..], &["man", "generate"], &["man", "explain"], &["man", "vendor"]] {
        let text = ends(page, 0, "");
        let output = Command::new("groff").args(["-man", "-Tutf8", "-ww", "-z"]).write_stdin(text).output();
        match output {
            Ok(output) => assert!(output.status.success() && output.stderr.is_empty(), "{page:?}: {}", stderr(&output)),
            Err(_) => missing("groff"),
        }
    }
}

#[test]
fn an_import_replaces_a_table_as_a_whole_or_not_at_all() {
    let folder = folder("import");
    let schema = folder.join("policies-schema.json");
    let table = folder.join("policies.tsv");
    fs::write(&schema, r#"{ "type": "object", "properties": { "DisableTelemetry": { "type": "boolean" } } }"#).unwrap();
    let (schema, path) = (schema.to_str().unwrap(), table.to_str().unwrap());
    let import = ["vendor", "import", "thunderbird", "policies", schema, "--release", "999", "--origin", "a test", "-o", path];
    ends(&import, 0, "with 1 lines");
    let text = fs::read_to_string(&table).unwrap();
    assert!(text.contains("# Origin: a test\n") && text.ends_with("DisableTelemetry\tall\t\"flag\"\n"), "{text}");
    ends(&import, 0, "with 1 lines");
    fs::write(schema, r#"{ "type": "object", "properties": { "DisableTelemetry": { "type": "rumour" } } }"#).unwrap();
    ends(&import, 1, "DisableTelemetry");
    assert_eq!(fs::read_to_string(&table).unwrap(), text);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "nothing is left behind");
    let nowhere = folder.join("none/policies.tsv");
    fs::write(schema, r#"{ "type": "object", "properties": {} }"#).unwrap();
    ends(
        &[
            "vendor",
            "import",
            "thunderbird",
            "policies",
            schema,
            "--release",
            "1",
            "--origin",
            "x",
            "-o",
            nowhere.to_str().unwrap(),
        ],
        3,
        "cannot write",
    );
}
