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
use crate::emit::coverage::CoverageTable;
use crate::emit::duties::{DutyList, Head};
use crate::emit::intune::{fleet_profile, render_syncml};
use crate::emit::layout::{LaidOut, Layout, LayoutError, Placed, Places};
use crate::emit::manifest::{MANIFEST_VERSION, Manifest, ManifestFile, PlanSum, Tool};
use crate::emit::notices::{NOTICES, NoticeBook};
use crate::emit::registry::Previous;
use crate::emit::thunderbird::{ISP, WEB, is_in_setup};
use crate::emit::{Artifact, Delivery, Identity, Known, RoleError, certificate_path, gateway, places, render_role};
use crate::out::{OutError, Sink};
use crate::parallel::in_order;
use crate::plan::{CheckOutcome, CheckRun, Decided, EVERYONE, Plan, RoleAnswers, answers_of, holds};
use crate::review::paper::{Paper, Sums};
use crate::review::{Dossier, Language, LanguageError, ORIGINAL, PageError, html};
use crate::sum::{hexadecimal, sha256};
use crate::value::Value;
use crate::vendor::{Schemas, Typed, Versions};

/// The page for the person who signs.
const REVIEW: &str = "review.html";

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
        parts.extend(self.layout.describe().map(str::to_owned));
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

impl<'a> Job<'a> {
    /// What is the same for all its roles.
    fn known<'m>(&'m self, versions: &'m Versions, places: &'m Places, delivery: Delivery) -> Known<'m, 'a> {
        let Job { plan, schemas, baselines, previous, .. } = *self;
        Known { baselines, schemas, versions, certificates: &plan.certificates, places, delivery, previous }
    }
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

impl RoleOutcome {
    fn new(role: &str, baseline: &CheckedBaseline, files: usize) -> Self {
        Self {
            role: role.to_owned(),
            clients: baseline.clients.clone(),
            settings: baseline.settings.len(),
            gaps: baseline.gaps.len(),
            duties: baseline.duties.len(),
            files,
        }
    }
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
    /// What a reader needs to accept it.
    pub paper: Paper,
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
    /// The templates or words of the papers are damaged.
    #[error(transparent)]
    Page(#[from] PageError),
    /// The words of the papers are damaged.
    #[error(transparent)]
    Language(#[from] LanguageError),
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
    let mut dossier = Dossier::new(job.catalogue);
    let mut coverage = CoverageTable::default();
    let (mut roles, mut laid_out) = (Vec::new(), Vec::new());
    let everyone = answers_of(job.plan, None, job.catalogue, job.today);
    findings.extend(check_versions(&everyone, job.schemas));
    if has_errors(&findings) {
        return Err(GenerateError::Findings(findings));
    }
    let text = |key: &str, field: Option<&str>| everyone.value(key, field).and_then(Value::as_text).unwrap_or_default();
    let organisation = text("organisation", None);
    let domains = everyone.value("domains", None).and_then(Value::as_list).unwrap_or_default();
    let domains: Vec<&str> = domains.iter().filter_map(Value::as_text).collect();
    let domain = domains.first().copied().unwrap_or_default();
    let account_user = text("delivery", Some("account_user"));

    let head = Head {
        organisation,
        decided: ["by", "date", "review"].map(|field| everyone.value("decided", Some(field)).and_then(Value::as_text)),
    };
    let [_, decided, _] = head.decided;
    let book = NoticeBook::new(job.catalogue, job.baselines);
    let book = book.map_err(|source| GenerateError::Emit { role: EVERYONE.to_owned(), source: source.into() })?;
    let all: Vec<Option<&str>> = job.plan.all_roles().collect();
    let for_all = |source: LayoutError| GenerateError::Emit { role: EVERYONE.to_owned(), source: source.into() };
    let places = Places::load(job.baselines).map_err(|source| for_all(source.into()))?;
    let versions = versions_of(&everyone);
    let known = job.known(&versions, &places, Delivery::of(&everyone));
    let work = |checker: &mut Checker<'_, '_>, role: Option<&str>| {
        let answers = answers_of(job.plan, role, job.catalogue, job.today);
        let identity = Identity { organisation, domain, domains: &domains, account_user, role: answers.name(), decided };
        let made = job.selection.takes(answers.name()).then(|| RoleWork::new(job, &answers, checker, &identity, &known, &book));
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
            let (files, of_clients) = writer.role(name, artifacts, &decisions)?;
            laid_out.push((name.to_owned(), of_clients));
            roles.push(RoleOutcome::new(name, &baseline, files));
            dossier.add(&answers, &baseline);
            coverage.add(&answers, &baseline, job.catalogue);
            duties.add(name, &baseline, job.catalogue);
            Ok(())
        },
    )?;

    let checks = run.finish();
    if has_errors(&findings) || has_errors(&checks.findings) {
        findings.extend(checks.findings);
        return Err(GenerateError::Findings(findings));
    }
    let page = duties.render(&head, job.catalogue, &checks);
    writer.paper("coverage.csv", &coverage.render(job.catalogue))?;
    writer.paper("duties.md", page.as_bytes())?;
    let laid_out: Vec<LaidOut<'_>> = laid_out.iter().map(|(role, files)| LaidOut { role, files: *files }).collect();
    for artifact in job.selection.layout.frame(&laid_out, job.baselines).map_err(for_all)? {
        writer.paper(&artifact.path, &artifact.bytes)?;
    }
    if *job.selection == Selection::default() {
        for artifact in gateway_files(job, &everyone)? {
            writer.paper(&artifact.path, &artifact.bytes)?;
        }
    }
    let plan_sum = plan_sha256(job.plan);
    let paper = Paper::new(&dossier, job, &checks, writer.sums(plan_sum.clone(), job.baselines.sha256()));
    writer.paper(REVIEW, html(&paper, &Language::load(ORIGINAL, job.baselines)?, job.baselines)?.as_bytes())?;
    let versions = everyone.value("versions", None).and_then(Value::as_map);
    let manifest = Manifest {
        version: MANIFEST_VERSION,
        tool: Tool::THIS,
        plan: PlanSum { organisation: organisation.to_owned(), sha256: plan_sum },
        content_sha256: paper.sums.content.clone(),
        versions: versions.into_iter().flatten().map(|(client, version)| (client.clone(), version.to_string())).collect(),
        selection: job.selection.describe(),
        files: Vec::new(),
    };
    let (files, bytes) = writer.finish(manifest)?;
    let mut checks = checks;
    checks.findings.retain(|finding| finding.level != Level::Error);
    checks.findings.extend(findings);
    Ok(Outcome { checks, roles, files, bytes, paper })
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
    artifacts: Result<Vec<(Placed, String)>, RoleError>,
    decisions: BTreeMap<String, BTreeSet<String>>,
}

impl RoleWork {
    fn new(
        job: &Job<'_>,
        answers: &RoleAnswers,
        checker: &mut Checker<'_, '_>,
        identity: &Identity<'_>,
        known: &Known<'_, '_>,
        book: &NoticeBook<'_>,
    ) -> Self {
        let (baseline, findings) = baseline_of(job, answers, checker);
        let render = || {
            let mut artifacts = render_role(&baseline.settings, identity, known)?;
            if job.selection.layout.takes_windows_profiles(known.delivery) {
                artifacts.extend(render_syncml(&baseline.settings, identity, known)?);
            }
            // A notice says everything that holds for a person; of one client alone it would say too little.
            if job.selection.client.is_none() {
                artifacts.extend(book.render(answers, &baseline)?);
            }
            Ok(job.selection.layout.lay_out(identity.role, artifacts, known.places, job.baselines)?)
        };
        let artifacts = if has_errors(&findings) { Ok(Vec::new()) } else { render() };
        let with_sum = |placed: Placed| {
            let sum = sha256(&placed.artifact.bytes);
            (placed, sum)
        };
        let artifacts = artifacts.map(|artifacts| artifacts.into_iter().map(with_sum).collect());
        let mut decisions = decisions_by_file(&baseline, job.baselines, known.delivery);
        decisions.insert(NOTICES.to_owned(), book.decisions(answers));
        Self { baseline, findings, artifacts, decisions }
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

fn decisions_by_file(
    baseline: &CheckedBaseline,
    baselines: &Baselines,
    delivery: Delivery,
) -> BTreeMap<String, BTreeSet<String>> {
    let mut decisions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for checked in &baseline.settings {
        let mut paths: Vec<String> = places(&checked.typed, delivery).into_iter().map(|place| place.path).collect();
        if matches!(checked.typed, Typed::Thunderbird(_)) && is_in_setup(&checked.setting.name, baselines) {
            paths.extend([ISP, WEB].map(str::to_owned));
        }
        if let Typed::Registry(operations) = &checked.typed {
            paths.extend(operations.iter().map(|operation| fleet_profile(operation.hive).to_owned()));
        }
        paths.extend(checked.setting.files.iter().filter_map(|file| certificate_path(&checked.typed, file)));
        for path in paths {
            decisions.entry(path).or_default().extend(checked.setting.trails.iter().map(|trail| trail.decision.clone()));
        }
    }
    decisions
}

/// The SHA-256 of the plan's answers as canonical JSON, a role at a time, and of the certificates that they name.
pub fn plan_sha256(plan: &Plan) -> String {
    let mut digest = Sha256::new();
    let mut add = |name: &str, answers: &BTreeMap<String, Decided>| {
        let answers: serde_json::Map<String, serde_json::Value> =
            answers.iter().map(|(key, decided)| (key.clone(), decided.value.to_json())).collect();
        digest.update(json!([name, answers]).to_string().as_bytes());
    };
    add(EVERYONE, &plan.everyone);
    plan.roles.iter().for_each(|(name, answers)| add(name, answers));
    for (path, certificate) in plan.certificates.iter() {
        digest.update(json!([path, certificate.pem]).to_string().as_bytes());
    }
    hexadecimal(&digest.finalize())
}

/// Puts files into the sink and keeps the list of them.
struct Writer<'a> {
    sink: &'a mut dyn Sink,
    files: Vec<ManifestFile>,
    bytes: usize,
    decisions: BTreeSet<Arc<BTreeSet<String>>>,
}

impl Writer<'_> {
    /// Writes the files of a role; gives their number, and how many of them come from decisions.
    fn role(
        &mut self,
        role: &str,
        files: Vec<(Placed, String)>,
        decisions: &BTreeMap<String, BTreeSet<String>>,
    ) -> Result<(usize, usize), OutError> {
        let (number, mut decided) = (files.len(), 0);
        for (Placed { path, artifact }, sum) in files {
            let folders = artifact.path.rmatch_indices('/').map(|(end, _)| &artifact.path[..=end]);
            let known = std::iter::once(artifact.path.as_str()).chain(folders).find_map(|path| decisions.get(path));
            decided += usize::from(known.is_some());
            self.role_file(role, path, &artifact, sum, known.cloned().unwrap_or_default())?;
        }
        Ok((number, decided))
    }

    fn role_file(
        &mut self,
        role: &str,
        path: String,
        artifact: &Artifact,
        sha256: String,
        decisions: BTreeSet<String>,
    ) -> Result<(), OutError> {
        let client = artifact.path.split_once('/').map(|(folder, _)| folder.to_owned());
        let decisions = self.shared(decisions);
        let bytes = artifact.bytes.len();
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

    /// The sums that the paper states: of the plan, the content, and the lines of `SHA256SUMS` so far.
    fn sums(&mut self, plan: String, content: String) -> Sums {
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        let mut digest = Sha256::new();
        for file in &self.files {
            digest.update(format!("{}  {}\n", file.sha256, file.path));
        }
        Sums { plan, content, files: hexadecimal(&digest.finalize()), lines: self.files.len() }
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
