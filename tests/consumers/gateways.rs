//! The lists for gateways, at every answer: Squid runs with each and is asked for every host, BIND's compiler reads each zone,
//! and both must refuse what the browsers of the same plan refuse.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value as Json;

use super::consumer::{have, missing};
use super::plans;
use super::readers::{CHROME, read};

/// The hosts that Squid refuses, of those that it is asked for.
fn refused_by_squid(file: &Path, hosts: &BTreeSet<String>) -> Option<BTreeSet<String>> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/squid.py");
    let mut command = Command::new("/usr/bin/python3");
    command.arg(script).arg(file).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let lines: Vec<&str> = hosts.iter().map(String::as_str).collect();
    child.stdin.take().unwrap().write_all(lines.join("\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    if output.status.code() == Some(2) {
        missing("squid");
        return None;
    }
    assert!(output.status.success(), "{}: {}", file.display(), String::from_utf8_lossy(&output.stderr));
    let answers: BTreeMap<String, String> = serde_json::from_slice(&output.stdout).unwrap();
    assert!(
        answers.keys().eq(hosts) && answers.values().all(|answer| ["refused", "reached"].contains(&answer.as_str())),
        "{answers:?}"
    );
    Some(answers.into_iter().filter(|(_, answer)| answer == "refused").map(|(host, _)| host).collect())
}

/// The names of a zone with their targets, as BIND's compiler spells them.
fn records(file: &Path, name: &str) -> Option<BTreeMap<String, String>> {
    let compiler = "/usr/bin/named-compilezone";
    if !have("named-compilezone", Command::new(compiler).arg("-v")) {
        return None;
    }
    let zone = format!("{name}.rpz");
    let output = Command::new(compiler).args(["-q", "-i", "local", "-s", "full", "-o", "-", &zone]).arg(file).output().unwrap();
    assert!(output.status.success(), "{}: {}", file.display(), String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let fields =
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).filter(|fields| fields.get(3) == Some(&"CNAME"));
    let end = format!(".{zone}.");
    Some(fields.map(|fields| (fields[0].strip_suffix(&end).unwrap().to_owned(), fields[4].to_owned())).collect())
}

/// Whether a name server refuses a host: its own name counts, else the star of the nearest name above (RFC 4592).
fn refused_by_zone(records: &BTreeMap<String, String>, host: &str) -> bool {
    let above = host.match_indices('.').map(|(dot, _)| format!("*{}", &host[dot..]));
    let rule = std::iter::once(host.to_owned()).chain(above).find_map(|name| records.get(&name));
    rule.is_some_and(|target| target == ".")
}

/// The hosts of a policy of Chromium.
fn hosts(policies: &serde_json::Map<String, Json>, policy: &str) -> Vec<String> {
    policies.get(policy).and_then(Json::as_array).into_iter().flatten().map(|host| host.as_str().unwrap().to_owned()).collect()
}

/// Whether the host is one of these or below one.
fn within(host: &str, of: &[String]) -> bool {
    of.iter().any(|one| host.strip_suffix(one.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

#[test]
#[expect(clippy::print_stdout, reason = "how much was asked is worth more than that it was")]
fn squid_and_a_name_server_refuse_what_browsers_refuse() {
    let (mut seen, mut asked, mut refused) = (BTreeMap::<String, (String, PathBuf, PathBuf)>::new(), 0, 0);
    for (plan, tree) in plans::all() {
        for (name, browser) in [("webmail", "browser"), ("webmail-suspended", "browser/suspended")] {
            let (list, policies) = (tree.join("gateway").join(name), tree.join("everyone").join(browser).join(CHROME));
            if list.is_dir() && policies.is_file() {
                let files = ["squid.conf".to_owned(), format!("{name}.rpz")]
                    .map(|file| std::fs::read_to_string(list.join(file)).unwrap());
                seen.entry(files.concat()).or_insert((plan.to_owned(), list, policies));
            }
        }
    }
    for (what, list, policies) in seen.values() {
        let name = list.file_name().unwrap().to_str().unwrap();
        let policies = read(policies);
        let (blocked, allowed) = (hosts(&policies, "URLBlocklist"), hosts(&policies, "URLAllowlist"));
        let known: BTreeSet<&String> = blocked.iter().chain(&allowed).collect();
        let below = known.iter().map(|host| format!("a.{host}"));
        let beside = known.iter().map(|host| format!("a{host}"));
        let above = known.iter().filter_map(|host| host.split_once('.')).map(|(_, above)| above.to_owned());
        let all: BTreeSet<String> = known.iter().map(|host| (*host).clone()).chain(below).chain(beside).chain(above).collect();
        let expected: BTreeSet<String> =
            all.iter().filter(|host| within(host, &blocked) && !within(host, &allowed)).cloned().collect();
        let Some(by_squid) = refused_by_squid(&list.join("squid.conf"), &all) else { return };
        let different = |by: &BTreeSet<String>| by.symmetric_difference(&expected).cloned().collect::<Vec<_>>();
        assert_eq!(different(&by_squid), Vec::<String>::new(), "{what}, {name}: Squid and the browsers differ");
        let Some(records) = records(&list.join(format!("{name}.rpz")), name) else { return };
        let by_zone: BTreeSet<String> = all.iter().filter(|host| refused_by_zone(&records, host)).cloned().collect();
        assert_eq!(different(&by_zone), Vec::<String>::new(), "{what}, {name}: the zone and the browsers differ");
        asked += all.len();
        refused += expected.len();
    }
    println!("{} different lists for gateways, {asked} hosts asked for, {refused} refused", seen.len());
    assert!(seen.len() >= 4 && refused > 200, "{} lists, {refused} refused", seen.len());
}
