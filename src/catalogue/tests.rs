//! The built-in catalogue loads without a finding, and lists that are laid over it are read as strictly.

use super::load_catalogue;
use crate::baselines::Baselines;

#[test]
fn the_catalogue_that_is_built_in_has_no_findings() {
    if let Err(findings) = load_catalogue(&Baselines::embedded()) {
        panic!("{}", crate::diag::text::render(&findings, false));
    }
}

/// What is found when one file is laid over the content.
fn found(path: &str, text: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, text).unwrap();
    let baselines = Baselines::embedded().with_overlay(folder.path()).unwrap();
    load_catalogue(&baselines).err().unwrap_or_default().into_iter().map(|finding| finding.message).collect()
}

#[test]
fn a_list_of_the_environment_names_clients_variables_and_answers() {
    let list =
        |line: &str| found("lists/environment.yaml", &format!("- client: thunderbird\n  name: [USER]\n  source: x\n{line}"));
    assert_eq!(list(""), Vec::<String>::new());
    assert_eq!(list("- client: thunderbrd\n  name: [USER]\n  source: x\n"), ["there is no client `thunderbrd`"]);
    for name in ["[]", "['USER\") + (\"']", "['']", "[1USER]", "[a b]"] {
        let said = list(&format!("- client: outlook\n  name: {name}\n  source: x\n"));
        assert_eq!(said, ["`name` is a list of variables: letters, digits and `_`"], "{name}");
    }
    assert_eq!(list("  email: \"${user.name}@${servers.imap}\"\n"), ["`servers.imap` is not always answered"]);
    assert_eq!(list("  mail: x\n"), ["there is no key `mail` here"]);
}

#[test]
fn a_condition_asks_for_a_list_of_hosts_that_there_is() {
    let text = "- hosts: own\n  domains: [example.org]\n  source: x\n";
    let said = found("lists/hosts.yaml", text);
    assert!(!said.is_empty() && said.iter().all(|one| one == "there is no such list of hosts"), "{said:?}");
}
