//! What makes work with a plan easy, tried with the programs it is for: the schema in a YAML language server, the steps of the
//! example for GitHub Actions, the hooks for pre-commit.

#[expect(dead_code, reason = "shared with tests that ask more")]
#[path = "support/consumer.rs"]
mod consumer;
#[expect(dead_code, reason = "shared with tests that ask more")]
#[path = "support/program.rs"]
mod program;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use groundplan::source::{Limits, Node, parse};
use program::{ended, example, groundplan};
use serde_json::Value;

#[test]
fn an_editor_completes_explains_and_checks_a_new_plan() {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")));
    let packages = std::env::var_os("GROUNDPLAN_NODE").map(PathBuf::from).or_else(|| Some(cache?.join("groundplan/node")));
    let Some(packages) = packages.filter(|folder| folder.join("node_modules/yaml-language-server").is_dir()) else {
        return consumer::missing("node with yaml-language-server");
    };
    let folder = tempfile::tempdir().unwrap();
    let plan = folder.path().join("plan.yaml");
    ended(&groundplan().args(["init", "--minimal"]).arg(&plan).output().unwrap(), 0);
    let text = fs::read_to_string(&plan).unwrap();
    // The first line of the plan names this file.
    let schema = groundplan().arg("schema").output().unwrap();
    let name = text.lines().next().unwrap().split_once("$schema=").unwrap().1;
    fs::write(folder.path().join(name), schema.stdout).unwrap();
    let with = |name: &str, more: &str| {
        let path = folder.path().join(name);
        fs::write(&path, format!("{text}{more}")).unwrap();
        path
    };
    let last = text.lines().count();
    let good = with("good.yaml", "content:\n  read_as: text\n");
    let wrong = with("wrong.yaml", "content:\n  read_as: txt\n");
    let unknown = with("unknown.yaml", "contents:\n  read_as: text\n");
    let places = [
        format!("{}:{}:4", good.display(), last + 1),
        format!("{}:{}:11", wrong.display(), last + 1),
        format!("{}:{last}:1", unknown.display()),
    ];
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/review/editor.mjs");
    let output = Command::new("node").arg(script).arg(&packages).args(&places).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let seen: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(seen[0]["diagnostics"], serde_json::json!([]), "a good plan");
    assert!(seen[0]["hover"].as_str().unwrap().contains("How are incoming messages shown?"), "{seen:#}");
    assert_eq!(seen[1]["diagnostics"].as_array().unwrap().len(), 1, "{seen:#}");
    for answer in ["text", "simple-html", "html"] {
        let named = seen[1]["labels"].as_array().unwrap().iter().any(|label| label == answer);
        assert!(named, "completion lacks `{answer}`: {seen:#}");
    }
    assert_eq!(seen[2]["diagnostics"].as_array().unwrap().len(), 1, "{seen:#}");
}

/// A repository with a plan, its artifacts, and an older plan on the branch `main`.
fn repository(older: &str, newer: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("the surroundings work");
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "init.defaultBranch=main"];
        let output = Command::new("git")
            .args(identity)
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .expect("the surroundings work");
        assert!(output.status.success(), "{output:?}");
    };
    git(&["init", "--quiet"]);
    fs::write(folder.path().join("plan.yaml"), older).expect("the surroundings work");
    git(&["add", "."]);
    git(&["commit", "--quiet", "-m", "older"]);
    git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    fs::write(folder.path().join("plan.yaml"), newer).expect("the surroundings work");
    ended(
        &groundplan()
            .args(["generate", "plan.yaml", "-o", "out"])
            .current_dir(folder.path())
            .output()
            .expect("the surroundings work"),
        0,
    );
    folder
}

/// Runs a line of a shell with the program on the path.
fn shell(line: &str, folder: &Path) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_groundplan")).parent().expect("the surroundings work");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").expect("the surroundings work"));
    let mut command = Command::new("bash");
    command.args(["-e", "-c", line]).current_dir(folder).env("PATH", path);
    command.env("BASE", "main").env("GITHUB_STEP_SUMMARY", folder.join("summary.md")).output().expect("the surroundings work")
}

fn document(path: &str) -> Node {
    let bytes = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the surroundings work");
    parse(path, &bytes, Limits::default()).0.expect("the surroundings work").root
}

#[test]
fn the_steps_for_github_stop_what_is_loosened() {
    let workflow = document("examples/ci/github-actions.yaml");
    let steps =
        workflow.get("jobs").and_then(|jobs| jobs.get("plan")).and_then(|job| job.get("steps")).and_then(Node::items).unwrap();
    let lines: Vec<&str> = steps.iter().filter_map(|step| step.get("run").and_then(Node::text)).collect();
    assert_eq!(lines.len(), 3);
    let strict = fs::read_to_string(example("utility.yaml")).unwrap();
    let loose = strict.replace("  read_as: simple-html\n", "  read_as: html\n");
    for (older, newer, stopped) in [(&loose, &strict, false), (&strict, &loose, true)] {
        let folder = repository(older, newer);
        ended(&shell(lines[0], folder.path()), 0);
        ended(&shell(lines[1], folder.path()), 0);
        ended(&shell(lines[2], folder.path()), i32::from(stopped));
        assert!(fs::read_to_string(folder.path().join("summary.md")).unwrap().contains("read"), "the summary is empty");
        fs::write(folder.path().join("out/everyone/thunderbird/policies.json"), "{}").unwrap();
        ended(&shell(lines[1], folder.path()), 1);
    }
}

#[test]
fn the_hooks_for_pre_commit_run_as_they_are_written() {
    let text = fs::read_to_string(example("utility.yaml")).unwrap();
    let folder = repository(&text, &text);
    let hooks = document(".pre-commit-hooks.yaml");
    let run = || -> Vec<Option<i32>> {
        let one = |hook: &Node| {
            let text = |key: &str| hook.get(key).and_then(Node::text).unwrap_or_default();
            let given: Vec<&str> =
                hook.get("args").and_then(Node::items).unwrap_or_default().iter().filter_map(Node::text).collect();
            let named = if hook.get("pass_filenames").and_then(Node::flag) == Some(false) { "" } else { "plan.yaml" };
            shell(&format!("{} {} {named}", text("entry"), given.join(" ")), folder.path()).status.code()
        };
        hooks.items().unwrap().iter().map(one).collect()
    };
    assert_eq!(run(), [Some(0), Some(0)]);
    fs::write(folder.path().join("plan.yaml"), text.replace("read_as: simple-html", "read_as: text")).unwrap();
    assert_eq!(run(), [Some(0), Some(1)], "the artifacts are those of the older plan");
    fs::write(folder.path().join("plan.yaml"), text.replace("read_as: simple-html", "read_as: txt")).unwrap();
    assert_eq!(run(), [Some(1), Some(1)], "the plan is wrong");
}
