//! The whole way: a plan to artifacts, made role by role on all processors and written in the order of the roles.
//!
//! In: a plan and everything that is known. Out: files into a sink, and what was done for whom. Findings of the plan, of
//! conflicts and of vendor schemas all come out of one run; with an error among them the sink's work must be thrown away
//! (its caller does not commit it). Memory does not grow with the number of roles beyond the list of files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::baseline::{CheckedBaseline, Checker, UserSpelling, check_versions, fill, resolve, versions_of};
use crate::baselines::Baselines;
use crate::catalogue::Catalogue;
use crate::diag::{Code, Finding, Level, has_errors};
use crate::emit::duties::{DutyList, Head};
use crate::emit::layout::{Layout, Places, PlacesError};
use crate::emit::manifest::{MANIFEST_VERSION, Manifest, ManifestFile, PlanSum, Tool};
use crate::emit::outlook::Previous;
use crate::emit::{Artifact, Identity, Means, RoleError, gateway, places, render_role, thunderbird};
use crate::out::{OutError, Sink};
use crate::parallel::in_order;
use crate::plan::{CheckOutcome, CheckRun, Decided, Plan, RoleAnswers, answers_of, holds};
use crate::sum::{hexadecimal, sha256};
use crate::value::Value;
use crate::vendor::Schemas;

/// What is chosen of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only this role; the name for everyone is allowed.
    pub role: Option<String>,
    /// Only this client.
    pub client: Option<String>,
    /// How the files of a role lie.
    pub layout: Layout,
}

impl Selection {
    fn takes(&self, role: &str) -> bool {
        self.role.as_deref().is_none_or(|wanted| wanted == role)
    }

    /// What is chosen, in words; `None` for the whole plan.
    pub fn describe(&self) -> Option<String> {
        let parts = [("role", &self.role), ("client", &self.client)];
        let mut parts: Vec<String> = parts.iter().filter_map(|(what, name)| Some(format!("{what} {}", name.as_ref()?))).collect();
        if self.layout == Layout::Root {
            parts.push("root folders".to_owned());
        }
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

/// Everything a run needs.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    /// The plan, free of errors.
    pub plan: &'a Plan,
    /// The catalogue.
    pub catalogue: &'a Catalogue,
    /// The vendor schemas.
    pub schemas: &'a Schemas<'a>,
    /// The content, for templates and sums.
    pub baselines: &'a Baselines,
    /// The day.
    pub today: Date,
    /// What is chosen.
    pub selection: &'a Selection,
    /// What an earlier generation set, to be removed where this one does not set it.
    pub previous: Option<&'a Previous>,
}

/// What was made for one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleOutcome {
    /// The role.
    pub role: String,
    /// Its clients, by id.
    pub clients: Vec<String>,
    /// How many settings.
    pub settings: usize,
    /// How many gaps.
    pub gaps: usize,
    /// How many duties.
    pub duties: usize,
    /// How many files.
    pub files: usize,
}

/// What a run made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Findings that do not stop a run, and the accepted checks.
    pub checks: CheckOutcome,
    /// What was made for each role.
    pub roles: Vec<RoleOutcome>,
    /// How many files.
    pub files: usize,
    /// How many bytes.
    pub bytes: usize,
}

/// Why a run made nothing.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// The plan has errors.
    #[error("generate from a plan with errors")]
    Findings(Vec<Finding>),
    /// A format cannot carry a value that the plan and the schemas let through.
    #[error("render the artifacts of `{role}`")]
    Emit {
        /// The role.
        role: String,
        /// What the emitter said.
        source: RoleError,
    },
    /// The surroundings failed.
    #[error(transparent)]
    Out(#[from] OutError),
}

/// Finds everything that is wrong with a plan, or noteworthy, without rendering anything.
pub fn examine(job: &Job<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut run = CheckRun::new(job.plan, job.catalogue, job.today);
    let mut checker = checker_for(job);
    for role in job.plan.all_roles() {
        let answers = answers_of(job.plan, role, job.catalogue, job.today);
        if role.is_none() {
            findings = check_versions(&answers, job.schemas);
            if has_errors(&findings) {
                return findings;
            }
        }
        run.add(&answers);
        extend_new(&mut findings, baseline_of(job, &answers, &mut checker).1);
    }
    findings.extend(run.finish().findings);
    findings
}

/// Makes all artifacts.
///
/// # Errors
/// [`GenerateError`]; what the sink took must then be thrown away.
pub fn generate(job: &Job<'_>, sink: &mut dyn Sink) -> Result<Outcome, GenerateError> {
    let mut findings = Vec::new();
    let mut run = CheckRun::new(job.plan, job.catalogue, job.today);
    let mut writer = Writer { sink, files: Vec::new(), bytes: 0, decisions: BTreeSet::new() };
    let mut duties = DutyList::default();
    let mut roles = Vec::new();
    let everyone = answers_of(job.plan, None, job.catalogue, job.today);
    findings.extend(check_versions(&everyone, job.schemas));
    if has_errors(&findings) {
        return Err(GenerateError::Findings(findings));
    }
    let text = |key: &str, field: Option<&str>| everyone.value(key, field).and_then(Value::as_text).unwrap_or_default();
    let organisation = text("organisation", None);
    let domain = everyone
        .value("domains", None)
        .and_then(Value::as_list)
        .and_then(|domains| domains.first()?.as_text())
        .unwrap_or_default();

    let head = Head {
        organisation,
        decided: ["by", "date", "review"].map(|field| everyone.value("decided", Some(field)).and_then(Value::as_text)),
    };
    let [_, decided, _] = head.decided;
    let all: Vec<Option<&str>> = job.plan.all_roles().collect();
    let places = Places::load(job.baselines).map_err(|source| GenerateError::Emit {
        role: crate::plan::EVERYONE.to_owned(),
        source: PlacesError::from(source).into(),
    })?;
    let versions = versions_of(&everyone);
    let means = Means {
        baselines: job.baselines,
        schemas: job.schemas,
        versions: &versions,
        places: &places,
        previous: job.previous,
        certificates: &job.plan.certificates,
    };
    let work = |checker: &mut Checker<'_, '_>, role: Option<&str>| {
        let answers = answers_of(job.plan, role, job.catalogue, job.today);
        let identity = Identity { organisation, domain, role: answers.name(), decided };
        let made = job.selection.takes(answers.name()).then(|| RoleWork::new(job, &answers, checker, &identity, &means));
        (answers, made)
    };
    in_order(
        &all,
        || checker_for(job),
        work,
        |(answers, made)| -> Result<(), GenerateError> {
            run.add(&answers);
            let Some(RoleWork { baseline, findings: found, artifacts, decisions }) = made else { return Ok(()) };
            extend_new(&mut findings, found);
            if has_errors(&findings) {
                return Ok(());
            }
            let name = answers.name();
            let artifacts = artifacts.map_err(|source| GenerateError::Emit { role: name.to_owned(), source })?;
            let root = (job.selection.layout == Layout::Root).then_some(&places);
            let files = writer.role_files(name, artifacts, &decisions, root)?;
            roles.push(RoleOutcome {
                role: name.to_owned(),
                clients: baseline.clients.clone(),
                settings: baseline.settings.len(),
                gaps: baseline.gaps.len(),
                duties: baseline.duties.len(),
                files,
            });
            duties.add(name, &baseline.duties, &baseline.gaps, job.catalogue);
            Ok(())
        },
    )?;

    let checks = run.finish();
    if has_errors(&findings) || has_errors(&checks.findings) {
        findings.extend(checks.findings);
        return Err(GenerateError::Findings(findings));
    }
    let page = duties.render(&head, job.catalogue, &checks);
    writer.paper("duties.md", page.as_bytes())?;
    if *job.selection == Selection::default() {
        for artifact in gateway_files(job, &everyone)? {
            writer.paper(&artifact.path, &artifact.bytes)?;
        }
    }
    let versions = everyone.value("versions", None).and_then(Value::as_map);
    let manifest = Manifest {
        version: MANIFEST_VERSION,
        tool: Tool::THIS,
        plan: PlanSum { organisation: organisation.to_owned(), sha256: plan_sha256(job.plan) },
        content_sha256: job.baselines.sha256(),
        versions: versions.into_iter().flatten().map(|(client, version)| (client.clone(), version.to_string())).collect(),
        selection: job.selection.describe(),
        files: Vec::new(),
    };
    let (files, bytes) = writer.finish(manifest)?;
    let mut checks = checks;
    checks.findings.retain(|finding| finding.level != Level::Error);
    checks.findings.extend(findings);
    Ok(Outcome { checks, roles, files, bytes })
}

/// What gateways are given, by the answers of everyone.
fn gateway_files(job: &Job<'_>, everyone: &RoleAnswers) -> Result<Vec<Artifact>, GenerateError> {
    let mut artifacts = Vec::new();
    for rule in job.catalogue.gateways.iter().filter(|rule| holds(&rule.when, everyone)) {
        let hosts = |template| match fill(template, everyone, &UserSpelling::default()) {
            Ok(Value::List(hosts)) => Ok(hosts.iter().map(ToString::to_string).collect::<Vec<_>>()),
            _ => {
                let message = format!("the hosts of the gateway's list `{}` are no list", rule.name);
                Err(GenerateError::Findings(vec![Finding::error(Code::CatalogueForm, message)]))
            }
        };
        artifacts.extend(gateway::render(&rule.name, &rule.purpose, &hosts(&rule.block)?, &hosts(&rule.allow)?));
    }
    Ok(artifacts)
}

/// What the answers of one role come to, before anything is written.
struct RoleWork {
    baseline: CheckedBaseline,
    findings: Vec<Finding>,
    /// Each artifact with its SHA-256; none when there are errors.
    artifacts: Result<Vec<(Artifact, String)>, RoleError>,
    decisions: BTreeMap<String, BTreeSet<String>>,
}

impl RoleWork {
    fn new(
        job: &Job<'_>,
        answers: &RoleAnswers,
        checker: &mut Checker<'_, '_>,
        identity: &Identity<'_>,
        means: &Means<'_, '_>,
    ) -> Self {
        let (baseline, findings) = baseline_of(job, answers, checker);
        let artifacts = if has_errors(&findings) { Ok(Vec::new()) } else { render_role(&baseline.settings, identity, means) };
        let with_sum = |artifact: Artifact| {
            let sum = sha256(&artifact.bytes);
            (artifact, sum)
        };
        let artifacts = artifacts.map(|artifacts| artifacts.into_iter().map(with_sum).collect());
        Self { decisions: decisions_by_file(&baseline), baseline, findings, artifacts }
    }
}

/// The baseline of a role as its clients take it, and what is wrong with it. `checker` serves all roles of the plan.
pub fn baseline_of(job: &Job<'_>, answers: &RoleAnswers, checker: &mut Checker<'_, '_>) -> (CheckedBaseline, Vec<Finding>) {
    let (mut baseline, mut findings) = resolve(job.catalogue, answers);
    if let Some(client) = &job.selection.client {
        let of_client = |trail: &crate::baseline::Trail| trail.client.as_ref() == Some(client);
        baseline.clients.retain(|id| id == client);
        baseline.settings.retain(|setting| setting.trails.iter().any(of_client));
        baseline.gaps.retain(|gap| gap.client == *client);
    }
    let (baseline, found) = checker.check(baseline);
    findings.extend(found);
    (baseline, findings)
}

/// The checker for a plan.
pub fn checker_for<'a>(job: &Job<'a>) -> Checker<'a, 'a> {
    let everyone = answers_of(job.plan, None, job.catalogue, job.today);
    Checker::new(job.schemas, versions_of(&everyone))
}

/// Adds findings that another role did not bring already.
fn extend_new(findings: &mut Vec<Finding>, more: Vec<Finding>) {
    for finding in more {
        if !findings.contains(&finding) {
            findings.push(finding);
        }
    }
}

fn decisions_by_file(baseline: &CheckedBaseline) -> BTreeMap<String, BTreeSet<String>> {
    let mut decisions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for checked in &baseline.settings {
        let files = checked.setting.files.iter().map(|file| thunderbird::certificate_path(file));
        for path in places(&checked.typed).into_iter().map(|place| place.path).chain(files) {
            decisions.entry(path).or_default().extend(checked.setting.trails.iter().map(|trail| trail.decision.clone()));
        }
    }
    decisions
}

/// The SHA-256 of the plan's answers as canonical JSON, a role at a time, and of the certificates that they name.
fn plan_sha256(plan: &Plan) -> String {
    let mut digest = Sha256::new();
    let mut add = |name: &str, answers: &BTreeMap<String, Decided>| {
        let answers: serde_json::Map<String, serde_json::Value> =
            answers.iter().map(|(key, decided)| (key.clone(), canonical(&decided.value))).collect();
        digest.update(json!([name, answers]).to_string().as_bytes());
    };
    add(crate::plan::EVERYONE, &plan.everyone);
    plan.roles.iter().for_each(|(name, answers)| add(name, answers));
    for (path, certificate) in plan.certificates.iter() {
        digest.update(json!([path, certificate.pem]).to_string().as_bytes());
    }
    hexadecimal(&digest.finalize())
}

fn canonical(value: &Value) -> serde_json::Value {
    match value {
        Value::Flag(flag) => json!(flag),
        Value::Number(number) => json!(number),
        Value::Text(text) => json!(text),
        Value::List(items) => items.iter().map(canonical).collect(),
        Value::Map(entries) => {
            serde_json::Value::Object(entries.iter().map(|(key, value)| (key.clone(), canonical(value))).collect())
        }
    }
}

/// Puts files into the sink and keeps the list of them.
struct Writer<'a> {
    sink: &'a mut dyn Sink,
    files: Vec<ManifestFile>,
    bytes: usize,
    decisions: BTreeSet<Arc<BTreeSet<String>>>,
}

impl Writer<'_> {
    /// Writes the files of a role, below the root of a system where `root` says the places; gives how many.
    fn role_files(
        &mut self,
        role: &str,
        artifacts: Vec<(Artifact, String)>,
        decisions: &BTreeMap<String, BTreeSet<String>>,
        root: Option<&Places>,
    ) -> Result<usize, OutError> {
        let mut files = 0;
        for (artifact, sum) in artifacts {
            let folders = artifact.path.rmatch_indices('/').map(|(end, _)| &artifact.path[..=end]);
            let known = std::iter::once(artifact.path.as_str()).chain(folders).find_map(|path| decisions.get(path));
            let path = root.map_or_else(|| Some(artifact.path.clone()), |places| places.in_root(&artifact.path));
            if let Some(path) = path {
                self.role_file(role, &path, &artifact, sum, known.cloned().unwrap_or_default())?;
                files += 1;
            }
        }
        Ok(files)
    }

    fn role_file(
        &mut self,
        role: &str,
        below: &str,
        artifact: &Artifact,
        sha256: String,
        decisions: BTreeSet<String>,
    ) -> Result<(), OutError> {
        let client = artifact.path.split_once('/').map(|(folder, _)| folder.to_owned());
        let decisions = self.shared(decisions);
        let (path, bytes) = (format!("{role}/{below}"), artifact.bytes.len());
        self.sink.put(&path, &artifact.bytes, artifact.executable)?;
        self.bytes += bytes;
        self.files.push(ManifestFile { path, sha256, bytes, role: Some(role.to_owned()), client, decisions });
        Ok(())
    }

    fn paper(&mut self, path: &str, bytes: &[u8]) -> Result<(), OutError> {
        self.sink.put(path, bytes, false)?;
        self.bytes += bytes.len();
        let (path, decisions) = (path.to_owned(), self.shared(BTreeSet::new()));
        self.files.push(ManifestFile { path, sha256: sha256(bytes), bytes: bytes.len(), role: None, client: None, decisions });
        Ok(())
    }

    /// One copy of equal sets: most roles have the same decisions behind a file.
    fn shared(&mut self, decisions: BTreeSet<String>) -> Arc<BTreeSet<String>> {
        if let Some(known) = self.decisions.get(&decisions) {
            return Arc::clone(known);
        }
        let shared = Arc::new(decisions);
        self.decisions.insert(Arc::clone(&shared));
        shared
    }

    /// Writes manifest and sums; gives the number of all files and bytes.
    fn finish(mut self, mut manifest: Manifest) -> Result<(usize, usize), OutError> {
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        manifest.files = self.files;
        let bytes = manifest.render();
        let sums = manifest.sums(&bytes);
        self.sink.put("manifest.json", &bytes, false)?;
        self.sink.put("SHA256SUMS", &sums, false)?;
        Ok((manifest.files.len() + 2, self.bytes + bytes.len() + sums.len()))
    }
}
