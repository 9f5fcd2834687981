//! The plans of these tests, each generated once with the built program.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use tempfile::TempDir;

use super::answers::COVERING;
use super::program::{ended, example, generate, tree as read_tree};

/// Each plan with the tree it gave.
static TREES: LazyLock<Vec<(String, TempDir)>> = LazyLock::new(|| {
    let minimal = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("baselines/lists/minimal.yaml")).unwrap();
    let full = minimal.replace(
        "servers:\n",
        "servers:\n  caldav: https://dav.example.org/cal\n  carddav: https://dav.example.org:8443/book\n  ldap: ldap.example.org\n  web: https://web.example.org\n",
    );
    let roles = "roles:\n  desk: { workplace: shared, offline_days: 0, sign_in: { remember: never }, shared_computers: { keep: nothing } }\n  abroad: { workplace: mobile }\n  exchange: { servers: { ldap: other.example.org } }\n";
    let plans = [
        ("utility", fs::read_to_string(example("utility.yaml")).unwrap()),
        ("lawfirm", fs::read_to_string(example("lawfirm.yaml")).unwrap()),
        ("minimal", minimal.clone()),
        ("basic", format!("{minimal}preset: basic\n")),
        ("high", format!("{minimal}preset: high\n")),
        (
            "open",
            format!(
                "{full}lock: nothing\ninstruction: {{ rules: Handbook }}\nencryption: {{ transport: outside }}\nsign_in: {{ method: kerberos }}\n"
            ),
        ),
        ("closed", format!("{full}lock: everything\ndelivery: {{ mdm: jamf }}\n{roles}")),
        ("exchange only", minimal.replace("  imap: imap.example.org\n  smtp: smtp.example.org\n", "")),
        (
            "mail only",
            minimal.replace("  exchange: exchange.example.org\n", "delivery: { mdm: jamf }\nsign_in: { method: password }\n"),
        ),
    ];
    let plans = plans.map(|(name, text)| (name.to_owned(), text)).into_iter().chain(COVERING.plans.iter().cloned());
    let given = plans.map(|(name, text)| {
        let folder = tempfile::tempdir().unwrap();
        let plan = folder.path().join("plan.yaml");
        fs::write(&plan, text).unwrap();
        ended(&generate(&plan, &["-q", "-o", folder.path().join("out").to_str().unwrap()]), 0);
        (name, folder)
    });
    given.collect()
});

/// The name of each plan and its tree.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, PathBuf)> {
    TREES.iter().map(|(plan, folder)| (plan.as_str(), folder.path().join("out")))
}

/// The tree of a plan.
pub(crate) fn tree(name: &str) -> PathBuf {
    all().find(|(plan, _)| *plan == name).expect("a plan of these tests").1
}

/// The folders of a client, of all plans and roles; those that hold the same bytes once.
pub(crate) fn folders(client: &str) -> Vec<(String, PathBuf)> {
    let mut folders = BTreeMap::new();
    for (plan, tree) in all() {
        for role in fs::read_dir(tree).unwrap().map(|entry| entry.unwrap()) {
            let folder = role.path().join(client);
            if folder.is_dir() {
                let what = format!("{plan}, {}", role.file_name().to_str().unwrap());
                folders.entry(format!("{:?}", read_tree(&folder))).or_insert((what, folder));
            }
        }
    }
    let mut folders: Vec<_> = folders.into_values().collect();
    folders.sort();
    folders
}
