//! Plans that turn every branch of the templates both ways, and the scripts of each.

use groundplan::baselines::Baselines;
use groundplan::emit::Artifact;
use groundplan::emit::workstation::{Language, render};
use groundplan::value::Value;
use groundplan::vendor::workstation::{Parameter, Parameters};

pub(crate) type Plan = Vec<(&'static str, Value)>;

/// The parameters of a shared computer at the standard level.
pub(crate) fn standard() -> Plan {
    vec![
        ("accounts", "personal".into()),
        ("automatic_sign_in", Value::Flag(false)),
        ("guest_sign_in", Value::Flag(false)),
        ("keep", "nothing".into()),
        ("lock_after", Value::Number(5)),
        ("notice", "Nur für Dienstliches.\nIt's logged; $HOME `id` \u{2019}; 1 #>".into()),
        ("organisation", "Stadtwerke Lindenau".into()),
        ("private_homes", Value::Flag(true)),
        ("profile_days", Value::Number(30)),
        ("role", "control room".into()),
        ("sign_out_after", Value::Number(30)),
        ("stored_sign_in", Value::Flag(false)),
        ("thunderbird", Value::Flag(true)),
        ("thunderbird_policies", Value::Flag(true)),
        ("user_list", Value::Flag(false)),
    ]
}

/// The standard parameters, with these changed.
pub(crate) fn with(changes: &[(&'static str, Value)]) -> Plan {
    let mut all = standard();
    for (name, value) in changes {
        all.retain(|(known, _)| known != name);
        all.push((name, value.clone()));
    }
    all
}

pub(crate) fn plans() -> Vec<Plan> {
    let open = ["automatic_sign_in", "guest_sign_in", "stored_sign_in", "user_list"].map(|name| (name, Value::Flag(true)));
    let closed = ["private_homes", "thunderbird", "thunderbird_policies"].map(|name| (name, Value::Flag(false)));
    let none = ["lock_after", "sign_out_after", "profile_days"].map(|name| (name, Value::Number(0)));
    let rest = [("keep", "settings".into()), ("notice", "".into())];
    let all: Vec<_> = open.into_iter().chain(closed).chain(none).chain(rest).collect();
    let settings = ("keep", Value::from("settings"));
    vec![
        standard(),
        with(&all),
        with(&[("accounts", "group".into())]),
        with(std::slice::from_ref(&settings)),
        with(&[settings, ("stored_sign_in", Value::Flag(true))]),
    ]
}

pub(crate) fn checked(values: &Plan) -> Vec<Parameter> {
    let known = Parameters::load(&Baselines::embedded()).unwrap();
    values.iter().map(|(name, value)| known.check(&format!("windows:{name}"), value).unwrap()).collect()
}

pub(crate) fn artifacts(values: &Plan) -> Vec<Artifact> {
    render(&checked(values), &Baselines::embedded()).unwrap()
}

/// The scripts by name, and the program that they install as one of its own, `session.ps1`.
pub(crate) fn scripts(values: &Plan) -> Vec<(String, String)> {
    scripts_with(values, "", "")
}

/// The same where a file of the platform holds another text.
pub(crate) fn scripts_with(values: &Plan, file: &str, text: &str) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("scripts/windows")).unwrap();
    let table = Baselines::embedded().text("scripts/windows/artifacts.tsv").unwrap().to_owned();
    let parts = table.lines().filter(|line| line.starts_with("session\tvalue\t"));
    let program: String = parts.map(|line| format!("{}\n", line.replace("session\tvalue", "session.ps1\tfile"))).collect();
    std::fs::write(folder.path().join("scripts/windows/artifacts.tsv"), format!("{table}{program}")).unwrap();
    if !file.is_empty() {
        std::fs::write(folder.path().join("scripts/windows").join(file), text).unwrap();
    }
    let baselines = Baselines::embedded().with_overlay(folder.path()).unwrap();
    let rendered = render(&checked(values), &baselines).unwrap();
    let scripts = rendered.into_iter().filter_map(|artifact| {
        let name = artifact.path.strip_prefix("workstation/windows/")?.to_owned();
        Language::of(&name).map(|_| (name, String::from_utf8(artifact.bytes).unwrap()))
    });
    scripts.collect()
}
