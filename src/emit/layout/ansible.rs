//! An Ansible role for each role of the plan: `roles/groundplan_<role>/`, and a playbook that gives each group its role.
//!
//! The files lie below `files/` as below the root folder of a computer; `vars/main.yml` lists them as data. What the role does
//! is the same everywhere and stands in `ansible/` of the content, where only the name of the role is filled in. A role
//! without files is written too: on computers that had some, it takes them back.

use std::collections::BTreeSet;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;
use serde_json::json;

use super::{LaidOut, LayoutError, Placed};
use crate::baselines::Baselines;
use crate::emit::{Artifact, yaml};

/// What stands below a role's folder, and the template of it.
const TEMPLATES: [(&str, &str); 4] = [
    ("tasks/main.yml", "ansible/tasks.yml"),
    ("handlers/main.yml", "ansible/handlers.yml"),
    ("defaults/main.yml", "ansible/defaults.yml"),
    ("meta/argument_specs.yml", "ansible/argument_specs.yml"),
];
const PAGE: &str = "papers/ansible.md";

#[derive(Serialize)]
struct Row<'a> {
    id: String,
    name: &'a str,
    files: usize,
}

/// The name of a role by Ansible's rules; names of the plan hold letters, digits and hyphens only.
fn id(role: &str) -> String {
    format!("groundplan_{}", role.replace('-', "_"))
}

/// The files of one role.
pub(super) fn role(role: &str, files: Vec<(String, Artifact)>, baselines: &Baselines) -> Result<Vec<Placed>, LayoutError> {
    let id = id(role);
    let mut made = vec![("vars/main.yml", variables(&id, &files)), ("meta/main.yml", meta(role))];
    for (below, template) in TEMPLATES {
        made.push((below, filled(template, &id, baselines)?));
    }
    let mut placed: Vec<Placed> = files
        .into_iter()
        .map(|(path, artifact)| Placed { path: format!("roles/{id}/files/{path}"), artifact })
        .chain(made.into_iter().map(|(below, text)| Placed {
            path: format!("roles/{id}/{below}"),
            artifact: Artifact::data(format!("ansible/{below}"), text),
        }))
        .collect();
    placed.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(placed)
}

/// The playbook, and a page for whoever runs it.
pub(super) fn frame(roles: &[LaidOut<'_>], baselines: &Baselines) -> Result<Vec<Artifact>, LayoutError> {
    let play = |role: &LaidOut<'_>| {
        let id = id(role.role);
        json!({ "name": format!("Place the files of the role {}", role.role), "hosts": id, "become": true, "gather_facts": false, "roles": [id] })
    };
    let page: Vec<Row<'_>> = roles.iter().map(|role| Row { id: id(role.role), name: role.role, files: role.files }).collect();
    let page = super::page(PAGE, minijinja::context! { roles => Serde(page) }, baselines)?;
    let plays = yaml::document(&roles.iter().map(play).collect());
    Ok(vec![Artifact::data("README.md", page), Artifact::data("playbook.yml", plays)])
}

/// Which files the role places, and the folders they lie in; Ansible makes what is missing above a folder.
fn variables(id: &str, files: &[(String, Artifact)]) -> String {
    let folders: BTreeSet<String> =
        files.iter().filter_map(|(path, _)| path.rsplit_once('/')).map(|(folder, _)| format!("/{folder}")).collect();
    let mut listed: Vec<_> =
        files.iter().map(|(path, artifact)| (format!("/{path}"), if artifact.executable { "0755" } else { "0644" })).collect();
    listed.sort();
    let listed: Vec<_> = listed.into_iter().map(|(path, mode)| json!({ "path": path, "mode": mode })).collect();
    let (folder_list, file_list) = (format!("{id}_folders"), format!("{id}_files"));
    yaml::document(&json!({ folder_list: folders, file_list: listed }))
}

fn meta(role: &str) -> String {
    let about = format!("Groupware baseline of the role {role}");
    let galaxy = json!({ "author": "groundplan", "description": about, "license": "proprietary", "min_ansible_version": "2.15" });
    yaml::document(&json!({ "galaxy_info": galaxy, "dependencies": [] }))
}

/// A file of every role, with the role's name in it. Ansible's own expressions stand in braces, so ours have other marks.
fn filled(template: &'static str, id: &str, baselines: &Baselines) -> Result<String, LayoutError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder()
        .variable_delimiters("<[", "]>")
        .block_delimiters("<%", "%>")
        .comment_delimiters("<#", "#>")
        .keep_trailing_newline(true)
        .build();
    environment.set_syntax(syntax.expect("the marks differ"));
    let text = baselines.text(template).unwrap_or_default();
    environment.render_str(text, minijinja::context! { role => id }).map_err(|source| LayoutError::Template { template, source })
}
