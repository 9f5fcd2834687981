//! Loads the content and verifies it: every file read strictly, every name it uses defined.

use std::collections::BTreeMap;

use super::area;
use super::check::{self, Check};
use super::context::Context;
use super::decision::{self, Decision};
use super::gateway::{self, GatewayRule};
use super::keys::Keys;
use super::list::{self, Addressee, Client, Environment, MdmSpelling, PresetDefault, Raise};
use super::notice::{self, Notices};
use super::requirement::{Citations, Requirements};
use crate::baselines::Baselines;
use crate::diag::{Code, Finding, Place, SourceFile};
use crate::source::Document;

/// All decisions, checks and short lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    /// The decisions in the order of the planning document.
    pub decisions: Vec<Decision>,
    /// The checks in the order of their names.
    pub checks: Vec<Check>,
    /// The clients in the order of their ids.
    pub clients: Vec<Client>,
    /// What protection needs raise.
    pub raises: Vec<Raise>,
    /// The defaults of each level that differ from the standard.
    pub presets: BTreeMap<String, Vec<PresetDefault>>,
    /// Who can be given a duty, in the order of the checklist.
    pub addressees: Vec<Addressee>,
    /// What gateways are given besides the clients.
    pub gateways: Vec<GatewayRule>,
    /// How device managements spell a person's values.
    pub mdm: BTreeMap<String, MdmSpelling>,
    /// How clients learn from their environment who uses them, by client.
    pub environment: BTreeMap<String, Environment>,
    /// What may be cited.
    pub requirements: Requirements,
    /// What people are told.
    pub notices: Notices,
}

impl Catalogue {
    /// The index of decisions.
    pub fn keys(&self) -> Keys<'_> {
        Keys::new(self.decisions.iter().map(Decision::known))
    }

    /// The decision with this key.
    pub fn decision(&self, key: &str) -> Option<&Decision> {
        self.decisions.iter().find(|decision| decision.key == key)
    }

    /// The check with this name.
    pub fn check(&self, name: &str) -> Option<&Check> {
        self.checks.iter().find(|check| check.name == name)
    }

    /// The addressee with this id.
    pub fn addressee(&self, id: &str) -> Option<&Addressee> {
        self.addressees.iter().find(|addressee| addressee.id == id)
    }

    /// The client with this id.
    pub fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }
}

/// Loads the catalogue.
///
/// # Errors
/// Everything that is wrong with the content, all in one run.
pub fn load_catalogue(baselines: &Baselines) -> Result<Catalogue, Vec<Finding>> {
    let mut findings = Vec::new();
    let decisions = documents(baselines, "decisions/", &mut findings);
    let (additions, decisions): (Vec<_>, Vec<_>) = decisions.into_iter().partition(decision::is_addition);
    let clients = documents(baselines, "clients/", &mut findings);
    let addressees = single(baselines, "lists/addressees.yaml", &mut findings)
        .map(|document| list::addressees(&document, &mut findings))
        .unwrap_or_default();
    let mdm = single(baselines, "lists/mdm.yaml", &mut findings)
        .map(|document| list::mdm_spellings(&document, &mut findings))
        .unwrap_or_default();

    let requirements = single(baselines, "lists/standards.yaml", &mut findings)
        .map(|document| Requirements::load(baselines, &document, &mut findings))
        .unwrap_or_default();
    let forms = requirements.forms();
    let citations = Citations { requirements: &requirements, forms: &forms };

    let mut heads: Vec<(Decision, &Document)> =
        decisions.iter().filter_map(|document| Some((decision::head(document, citations, &mut findings)?, document))).collect();
    heads.sort_by_key(|(head, _)| head.number);
    duplicates(&mut heads, &mut findings);
    let (heads, documents_by_number): (Vec<Decision>, Vec<&Document>) = heads.into_iter().unzip();

    let keys = Keys::new(heads.iter().map(Decision::known));
    let addressee_ids: Vec<String> = addressees.iter().map(|addressee| addressee.id.clone()).collect();
    let mut lists = single(baselines, "lists/hosts.yaml", &mut findings)
        .map(|document| list::named_hosts(&document, &mut findings))
        .unwrap_or_default();
    let webmail = single(baselines, "lists/webmail.yaml", &mut findings).map(|document| list::hosts(&document, &mut findings));
    lists.insert("webmail".to_owned(), webmail.unwrap_or_default());
    let base = Base { keys: &keys, addressees: &addressee_ids, citations, lists: &lists };
    let client_ids: Vec<String> = clients.iter().filter_map(|document| list::client_id(document, &mut findings)).collect();
    let environment = single(baselines, "lists/environment.yaml", &mut findings)
        .map(|document| list::environments(base.context(&document), &client_ids, &mut findings))
        .unwrap_or_default();
    let mut rules: Vec<decision::Rules> = heads
        .iter()
        .zip(&documents_by_number)
        .map(|(head, document)| decision::rules(base.context(document), head, &client_ids, &mut findings))
        .collect();
    for document in &additions {
        decision::add(base.context(document), &heads, &client_ids, &mut rules, &mut findings);
    }

    let lock = heads.iter().zip(&mut rules).find(|(head, _)| head.key == area::DECISION);
    if let Some((head, rules)) = lock {
        for document in &documents(baselines, "hardening/", &mut findings) {
            rules.add(area::rules(base.context(document), head, &client_ids, &mut findings));
        }
    }

    let mut checks: Vec<Check> = Vec::new();
    for document in &documents(baselines, "checks/", &mut findings) {
        checks.extend(check::checks(base.context(document), &mut findings));
    }
    checks.sort_by(|a, b| a.name.cmp(&b.name));
    for pair in checks.windows(2).filter(|pair| pair[0].name == pair[1].name) {
        findings.push(Finding::error(
            Code::CatalogueDuplicate,
            format!("two checks are named `{}`: `{}` and `{}`", pair[0].name, pair[0].place.file, pair[1].place.file),
        ));
    }
    let mut gateways = Vec::new();
    for document in &documents(baselines, "gateway/", &mut findings) {
        gateways.extend(gateway::gateways(base.context(document), &mut findings));
    }
    let clients = clients.iter().filter_map(|document| list::client(base.context(document), &mut findings)).collect();
    let raises = single(baselines, "needs/raises.yaml", &mut findings)
        .map(|document| list::raises(base.context(&document), &mut findings))
        .unwrap_or_default();
    let mut presets = BTreeMap::new();
    for document in &documents(baselines, "presets/", &mut findings) {
        let level = document.file.name.trim_start_matches("presets/").trim_end_matches(".yaml").to_owned();
        presets.insert(level, list::preset(base.context(document), &mut findings));
    }

    let notices = notices(baselines, &base, &mut findings);

    let decisions = heads.into_iter().zip(rules).map(|(head, rules)| {
        let decision::Rules { settings, gaps, does_not_apply, duties, examples } = rules;
        Decision { settings, gaps, does_not_apply, duties, examples, ..head }
    });
    let decisions = decisions.collect();
    let catalogue =
        Catalogue { decisions, checks, clients, raises, presets, addressees, gateways, mdm, environment, requirements, notices };
    if findings.is_empty() { Ok(catalogue) } else { Err(findings) }
}

fn notices(baselines: &Baselines, base: &Base<'_>, findings: &mut Vec<Finding>) -> Notices {
    let page = single(baselines, "notices/page.yaml", findings).map(|document| notice::page(&document, findings));
    let silent = single(baselines, "notices/silent.yaml", findings);
    let silent = silent.map(|document| notice::silent(base.context(&document), findings));
    let sections = documents(baselines, "notices/sections/", findings);
    let sections = sections.iter().filter_map(|document| notice::section(base.context(document), findings)).collect();
    Notices { page: page.unwrap_or_default(), sections, silent: silent.unwrap_or_default() }
}

/// What all documents of rules are read against.
#[derive(Clone, Copy)]
struct Base<'a> {
    keys: &'a Keys<'a>,
    addressees: &'a [String],
    citations: Citations<'a>,
    lists: &'a BTreeMap<String, Vec<String>>,
}

impl Base<'_> {
    fn context<'b>(&'b self, document: &'b Document) -> Context<'b> {
        Context { keys: self.keys, document, addressees: self.addressees, citations: self.citations, lists: self.lists }
    }
}

/// Reports what two decisions cannot share. Of two with one key the second is dropped, so that nothing else is held against it.
fn duplicates(heads: &mut Vec<(Decision, &Document)>, findings: &mut Vec<Finding>) {
    let place = |document: &Document, key: &str| {
        let span = document.root.get(key).map_or(document.root.span, |node| node.span);
        document.place(span)
    };
    let mut keys: BTreeMap<String, String> = BTreeMap::new();
    let mut by_file: Vec<_> = heads.iter().collect();
    by_file.sort_by(|a, b| a.0.place.file.cmp(&b.0.place.file));
    let mut dropped = Vec::new();
    for (head, document) in by_file {
        if let Some(first) = keys.insert(head.key.clone(), head.place.file.clone()) {
            let message = format!("two files decide `{}`: `{first}` and `{}`", head.key, head.place.file);
            let help = format!("a file replaces the one of the same path: name it `{first}`, or choose another key");
            findings.push(Finding::error(Code::CatalogueDuplicate, message).at(place(document, "decision")).help(help));
            keys.insert(head.key.clone(), first);
            dropped.push(head.place.file.clone());
        }
    }
    heads.retain(|(head, _)| !dropped.contains(&head.place.file));
    for (head, document) in heads.iter() {
        let inside = heads.iter().find(|(other, _)| other.key.strip_prefix(&head.key).is_some_and(|rest| rest.starts_with('.')));
        if let Some((other, _)) = inside {
            let message = format!("`{}` cannot be an answer of its own: `{}` stands below it in the plan", head.key, other.key);
            let finding = Finding::error(Code::CatalogueDuplicate, message).at(place(document, "decision"));
            findings.push(finding.help("choose a key that no other key continues"));
        }
    }
    let highest = heads.iter().map(|(head, _)| head.number).max().unwrap_or_default();
    for pair in heads.windows(2).filter(|pair| pair[0].0.number == pair[1].0.number) {
        let (first, second) =
            if pair[0].0.place.file < pair[1].0.place.file { (&pair[0], &pair[1]) } else { (&pair[1], &pair[0]) };
        let message = format!("`{}` and `{}` have one number", first.0.key, second.0.key);
        let finding = Finding::error(Code::CatalogueDuplicate, message).at(place(second.1, "number"));
        findings.push(
            finding.help(format!("the number is a place in the order of all decisions; from {} on all are free", highest + 1)),
        );
    }
}

fn documents(baselines: &Baselines, folder: &str, findings: &mut Vec<Finding>) -> Vec<Document> {
    let is_yaml = |path: &&str| std::path::Path::new(path).extension().is_some_and(|ending| ending == "yaml");
    baselines.below(folder).map(|(path, _)| path).filter(is_yaml).filter_map(|path| single(baselines, path, findings)).collect()
}

pub(super) fn single(baselines: &Baselines, path: &str, findings: &mut Vec<Finding>) -> Option<Document> {
    let Some((document, found)) = baselines.document(path) else {
        let file = SourceFile::new(path, "");
        findings
            .push(Finding::error(Code::CatalogueForm, format!("the file `{path}` is missing")).at(Place { file, span: 0..0 }));
        return None;
    };
    findings.extend(found);
    document
}
