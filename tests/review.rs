//! The paper: every value in it is the artifact's, every link leads somewhere, no text of a plan can do anything, and a real
//! browser shows it without a word of complaint.

#[path = "support/consumer.rs"]
mod consumer;
#[path = "review/page.rs"]
mod page;
#[expect(dead_code, reason = "shared with tests that ask more")]
#[path = "support/program.rs"]
mod program;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use groundplan::baselines::Baselines;
use groundplan::catalogue::load_catalogue;
use groundplan::review::Language;
use page::Page;
use program::{ended, example, generate, groundplan, tree};
use serde_json::Value;

/// Writes the artifacts of a plan and reads its page.
fn written(plan: &Path) -> (tempfile::TempDir, Page) {
    let folder = tempfile::tempdir().expect("a folder");
    ended(&generate(plan, &["-o", folder.path().join("out").to_str().expect("plain names")]), 0);
    let page = Page::read(&folder.path().join("out/review.html"));
    (folder, page)
}

/// A plan like the utility's with this many more roles, most of which differ from each other in something.
fn many_roles(count: usize) -> String {
    let mut plan = fs::read_to_string(example("utility.yaml")).expect("the example");
    let mut roles = String::from("\nroles:\n");
    for number in 0..count {
        let clients = ["[outlook, thunderbird]", "[thunderbird]", "[apple-mail]", "[outlook]"][number % 4];
        write!(
            roles,
            "  team-{number:02}:\n    clients: {clients}\n    offline_days: {}\n    content: {{ read_as: {} }}\n    may: {}\n",
            number % 17,
            ["text", "simple-html"][number % 2],
            ["[]", "[send-external]", "[send-external, act-for-others]"][number % 3],
        )
        .expect("text");
    }
    plan = plan.replacen("\nroles:\n", &roles, 1);
    plan
}

#[test]
fn every_value_in_the_page_is_the_artifacts_and_none_is_left_out() {
    for plan in ["utility.yaml", "lawfirm.yaml"] {
        let (folder, page) = written(&example(plan));
        let mut stated: BTreeMap<(String, String), BTreeMap<String, String>> = BTreeMap::new();
        for value in page.values() {
            for role in &value.roles {
                for file in &value.files {
                    let place = stated.entry((role.clone(), file.clone())).or_default();
                    let shown = value.value.clone().unwrap_or_else(|| "(deleted)".to_owned());
                    if let Some(other) = place.insert(value.place.clone(), shown.clone()) {
                        assert_eq!(other, shown, "{plan}: {role}/{file}: {} stands there twice", value.place);
                    }
                }
            }
        }
        let mut found = 0;
        for (path, (_, bytes)) in tree(&folder.path().join("out")) {
            let Some((role, file)) = path.split_once('/') else { continue };
            // What `policies.json` holds a second time, which `tests/mac_policies.rs` compares.
            if file == "thunderbird/macos/thunderbird.mobileconfig" {
                continue;
            }
            let Some(mut real) = page::values_of(file, &bytes) else { continue };
            let mut shown = stated.remove(&(role.to_owned(), file.to_owned())).unwrap_or_default();
            if file.ends_with(".mobileconfig") {
                page::lift_nested(&mut real, &shown);
            }
            found += real.len();
            real.retain(|place, value| shown.remove(place).as_ref() != Some(value));
            assert_eq!(
                (real, shown),
                Default::default(),
                "{plan}: {path}: first what only the file says, then what only the page says"
            );
        }
        assert!(found > 200, "{plan}: only {found} values were compared");
        // Other forms of what the registry file holds are held against it by the tests of Windows; scripts are run, browsers asked
        // what they took, and autoconfig is run by Thunderbird in the tests of accounts.
        let elsewhere = ["workstation/", "gpo/", "outlook/", "browser/", "thunderbird/autoconfig/"];
        let unread: BTreeSet<&String> = stated.keys().map(|(_, file)| file).collect();
        assert!(unread.iter().all(|file| elsewhere.iter().any(|folder| file.starts_with(folder))), "{plan}: {unread:?}");
    }
}

#[test]
fn every_link_leads_somewhere_and_nothing_outside_is_named() {
    let (_folder, page) = written(&example("utility.yaml"));
    let ids: Vec<&str> = page.attributes("id").collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "an id stands twice");
    let mut links = 0;
    for link in page.attributes("href") {
        assert!(link.strip_prefix('#').is_some_and(|id| unique.contains(id)), "`{link}` leads nowhere");
        links += 1;
    }
    assert!(links > 500, "{links}");
    for attribute in ["src", "srcset", "action", "data", "poster", "style", "onclick", "onload"] {
        assert_eq!(page.attributes(attribute).next(), None, "{attribute}");
    }
    for named in ["aria-labelledby", "for"] {
        for id in page.attributes(named) {
            assert!(unique.contains(id), "{named} names `{id}`");
        }
    }
    assert!(!page.style.contains("@import") && !page.style.contains("url("), "the style loads something");
}

#[test]
fn the_sums_are_those_of_the_files() {
    let (folder, page) = written(&example("utility.yaml"));
    let out = folder.path().join("out");
    let manifest: Value = serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(page.text_of("sum-plan"), manifest["plan"]["sha256"].as_str().unwrap());
    assert_eq!(page.text_of("sum-content"), manifest["content_sha256"].as_str().unwrap());
    let command = page.text_of("sum-command");
    let printed = Command::new("sh").args(["-c", &command]).current_dir(&out).output().unwrap();
    assert_eq!(String::from_utf8(printed.stdout).unwrap().split(' ').next().unwrap(), page.text_of("sum-files"));
    let printed = Command::new("sha256sum").args(["--check", "--quiet", "SHA256SUMS"]).current_dir(&out).output().unwrap();
    assert!(printed.status.success(), "{printed:?}");
}

#[test]
fn the_command_writes_the_page_that_generate_writes() {
    let (folder, page) = written(&example("utility.yaml"));
    let target = folder.path().join("target");
    fs::create_dir(&target).unwrap();
    ended(&groundplan().arg("review").arg(example("utility.yaml")).arg("-o").arg(&target).output().unwrap(), 0);
    assert!(fs::read_to_string(target.join("review.html")).unwrap() == page.whole, "two pages of one plan differ");
    let told = ended(&groundplan().arg("review").arg(example("utility.yaml")).args(["--lang", "xx"]).output().unwrap(), 2);
    assert!(told.contains("there are de, en"), "{told}");
}

/// Text that would be markup, a formula, a link or an escape sequence where it is not minded.
const HOSTILE: &str = r#"</script><script>alert(1)</script><img src=x onerror=alert(2)> &lt;b> " ' ` {{ 7*7 }} {% raw %} =1+1"#;

#[test]
fn hostile_text_shows_as_text() {
    let folder = tempfile::tempdir().unwrap();
    let quoted = format!("'{}'", HOSTILE.replace('\'', "''"));
    let plan = format!(
        "organisation: {quoted}\ndomains: [example.org]\nclients: [thunderbird]\nservers: {{ imap: imap.example.org, smtp: smtp.example.org }}\npurpose: {quoted}\ndecided: {{ by: {quoted} }}\nbecause: {{ content.read_as: {quoted} }}\n"
    );
    let path = folder.path().join("plan.yaml");
    fs::write(&path, plan).unwrap();
    for language in ["en", "de"] {
        let target = folder.path().join("page.html");
        ended(&groundplan().arg("review").arg(&path).args(["--lang", language, "-o"]).arg(&target).output().unwrap(), 0);
        let page = Page::read(&target);
        assert_eq!(page.elements("script"), 2, "{language}");
        assert_eq!(page.elements("img"), 0, "{language}");
        let shown = page.text.matches(HOSTILE).count();
        assert!(shown >= 4, "{language}: shown {shown} times");
    }
}

#[test]
fn the_page_of_fifty_roles_is_small() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.yaml");
    fs::write(&path, many_roles(50)).unwrap();
    let (_folder, page) = written(&path);
    assert!(page.whole.len() < 5_000_000, "{} bytes", page.whole.len());
    assert!(page.text.contains("team-49"), "the roles are missing");
}

#[test]
fn every_text_of_the_page_has_its_german() {
    let baselines = Baselines::embedded();
    let catalogue = load_catalogue(&baselines).unwrap();
    let german = Language::load("de", &baselines).unwrap().texts();
    let mut must: BTreeSet<&str> = BTreeSet::new();
    for decision in &catalogue.decisions {
        must.insert(&decision.question);
        must.extend(decision.shape.answers().unwrap_or_default().iter().map(|answer| answer.means.as_str()));
    }
    must.extend(catalogue.clients.iter().map(|client| client.name.as_str()));
    must.extend(catalogue.addressees.iter().map(|addressee| addressee.name.as_str()));
    must.extend(catalogue.decisions.iter().flat_map(|decision| &decision.duties).map(|duty| duty.what.as_str()));
    must.extend(catalogue.decisions.iter().flat_map(|decision| decision.gaps.values().flatten()).map(|gap| gap.reason.as_str()));
    must.extend(catalogue.checks.iter().flat_map(|check| [check.says.as_str(), check.help.as_str()]));
    must.extend(catalogue.presets.values().flatten().map(|default| default.because.as_str()));
    must.extend(catalogue.raises.iter().map(|raise| raise.because.as_str()));
    must.extend(catalogue.decisions.iter().flat_map(|decision| decision.does_not_apply.values()).map(String::as_str));
    must.extend(
        catalogue
            .decisions
            .iter()
            .flat_map(|decision| decision.settings.values().flatten())
            .filter_map(|rule| rule.why.as_deref()),
    );
    let (declined, _) = baselines.document("lists/not-adopted.yaml").unwrap();
    let declined = declined.unwrap();
    must.extend(declined.root.items().unwrap().iter().filter_map(|item| item.get("because")?.text()));
    // A way that names only standards, commands and properties holds no word to translate.
    let word = |part: &str| {
        let part = part.trim_matches(['.', ',', ';', ':', '(', ')']);
        part.len() > 1 && part.chars().all(|character| character.is_ascii_lowercase())
    };
    let ways = catalogue.decisions.iter().flat_map(|decision| &decision.duties).filter_map(|duty| duty.how.as_deref());
    must.extend(ways.filter(|way| way.split_whitespace().any(word)));
    let lacking: Vec<&&str> = must.iter().filter(|text| !german.contains_key(**text)).collect();
    assert!(lacking.is_empty(), "add to the files below papers/de: {lacking:#?}");
    let idle: Vec<&String> = german.keys().filter(|text| !must.contains(text.as_str())).collect();
    assert!(idle.is_empty(), "the files below papers/de translate what the content does not say: {idle:#?}");
    let files = baselines.below("papers/de/").filter_map(|(path, _)| baselines.document(path)?.0);
    let lines: usize = files.map(|file| file.root.items().unwrap().len()).sum();
    assert_eq!(lines, german.len(), "a text is translated twice below papers/de");
    // What stands between backticks is a name, which no language changes.
    let names = |text: &str| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<BTreeSet<_>>();
    let renamed: Vec<_> = german.iter().filter(|(english, german)| names(english) != names(german)).collect();
    assert!(renamed.is_empty(), "another name than in English: {renamed:#?}");
}

/// All keys of a tree, each with the way to it.
fn collect(node: &groundplan::source::Node, path: &str, keys: &mut BTreeSet<String>) {
    for entry in node.entries().unwrap_or_default() {
        let path = format!("{path}/{}", entry.key);
        collect(&entry.value, &path, keys);
        keys.insert(path);
    }
}

#[test]
fn both_languages_have_the_same_words() {
    let words = |code: &str| {
        let baselines = Baselines::embedded();
        let (document, _) = baselines.document(&format!("papers/{code}.yaml")).unwrap();
        let mut keys = BTreeSet::new();
        collect(&document.unwrap().root, "", &mut keys);
        keys
    };
    let (english, german) = (words("en"), words("de"));
    assert!(english.len() > 100);
    assert_eq!(english, german);
}

/// The folder with the packages that drive the browser: `scripts/test` makes it.
fn node_packages() -> Option<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")));
    let folder = std::env::var_os("GROUNDPLAN_NODE").map(PathBuf::from).or_else(|| Some(cache?.join("groundplan/node")))?;
    let there = ["playwright-core", "axe-core"].iter().all(|package| folder.join("node_modules").join(package).is_dir());
    if !there {
        consumer::missing("node with playwright-core and axe-core");
    }
    there.then_some(folder)
}

#[test]
fn a_real_browser_shows_it_without_complaint() {
    let Some(packages) = node_packages() else { return };
    if !consumer::have("chromium", Command::new("chromium").arg("--version"))
        || !consumer::have("pdftotext", Command::new("pdftotext").arg("-v"))
    {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let many = folder.path().join("many.yaml");
    fs::write(&many, many_roles(50)).unwrap();
    let mut pages = Vec::new();
    for (plan, language, name) in [
        (example("utility.yaml"), "en", "utility.en.html"),
        (example("utility.yaml"), "de", "utility.de.html"),
        (many, "en", "many.html"),
    ] {
        let target = folder.path().join(name);
        ended(&groundplan().arg("review").arg(plan).args(["--lang", language, "-o"]).arg(&target).output().unwrap(), 0);
        pages.push(target);
    }
    let output = Command::new("node")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/review/browser.mjs"))
        .args([&packages, &folder.path().to_owned()])
        .args(&pages)
        .output()
        .expect("node starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let seen: Vec<Value> = serde_json::from_slice(&output.stdout).expect("one line of JSON");
    assert_eq!(seen.len(), pages.len());
    for page in &seen {
        let file = &page["file"];
        for nothing in ["console", "requests", "dead", "violations", "wide"] {
            assert_eq!(page[nothing].as_array().map(Vec::len), Some(0), "{file}: {nothing}: {:#}", page[nothing]);
        }
        assert_eq!((&page["first"], &page["followed"]), (&"#main".into(), &true.into()), "{file}: the keyboard");
        for (filter, time) in page["times"].as_object().expect("times") {
            assert!(time.as_f64().expect("a time") < 100.0, "{file}: `{filter}` took {time} ms");
        }
        let rows = |filter: &str| page["shown"][filter]["rows"].as_array().map_or(0, Vec::len);
        assert!(rows("search=") > 80 && rows("search=no such words") == 0, "{file}");
        assert!((1..10).contains(&rows("search=plain")), "{file}: {} rows", rows("search=plain"));
        assert!((1..rows("search=")).contains(&rows("status=duty")), "{file}");
        assert!((1..12).contains(&rows("topic=f-content")), "{file}");
        assert_eq!(rows("topic="), rows("search="), "{file}");
    }
    for page in &pages {
        let printed = Command::new("pdftotext").arg(format!("{}.pdf", page.display())).arg("-").output().unwrap();
        let text = String::from_utf8(printed.stdout).expect("text");
        for wanted in ["Stadtwerke Lindenau", "content.read_as", "outlk16:L_Reademailasplaintext", "SHA256SUMS"] {
            assert!(text.contains(wanted), "{}: the print lacks `{wanted}`", page.display());
        }
    }
}
