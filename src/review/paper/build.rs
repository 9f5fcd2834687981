//! From what was gathered to the paper.

use std::collections::{BTreeMap, BTreeSet};

use super::groups::Groups;
use super::{
    AcceptedRow, AddresseeRow, AnswerRow, CellRow, CheckRow, ClientRow, Counts, Coverage, Decided, DecisionRow, DeclinedRow,
    DutyRow, GapRow, PAPER_VERSION, Paper, RoleRow, SettingRow, Sums, TopicRow, ValueRow, WrittenRow,
};
use crate::baselines::Baselines;
use crate::catalogue::{Catalogue, Decision, Shape};
use crate::diag::Finding;
use crate::emit::manifest::Tool;
use crate::emit::{Delivery, Lock, written};
use crate::generate::Job;
use crate::plan::{CheckOutcome, EVERYONE, Plan, answers_of};
use crate::review::dossier::{self, Dossier, OnClient, Source, status};
use crate::review::words;
use crate::source::Node;
use crate::value::Value;

impl Paper {
    /// Makes the paper of a run.
    pub fn new<'d>(dossier: &'d Dossier<'_>, job: &'d Job<'_>, checks: &CheckOutcome, sums: Sums) -> Self {
        let mut build = Build {
            dossier,
            job,
            delivery: Delivery::of(&answers_of(job.plan, None, job.catalogue, job.today)),
            groups: Groups::new(&dossier.roles),
            all: Vec::new(),
            vectors: Vec::new(),
            counts: Counts::default(),
            clients: Vec::new(),
            duties: BTreeMap::new(),
        };
        build.all = build.groups.all();
        let catalogue = dossier.catalogue;
        for (at, client) in catalogue.clients.iter().enumerate() {
            let with = build.groups.with(at);
            if !with.is_empty() {
                build.clients.push((at, ClientRow { id: client.id.clone(), name: client.name.clone() }, with));
            }
        }
        let topics = build.topics();
        let everyone = &job.plan.everyone;
        let text = |key: &str| everyone.get(key).and_then(|decided| decided.value.as_text()).map(str::to_owned);
        let decided = |field: &str| {
            let record = everyone.get("decided").and_then(|decided| decided.value.as_map());
            record.and_then(|record| record.get(field)).and_then(Value::as_text).map(str::to_owned)
        };
        let open = checks.findings.iter().map(|finding| build.check(finding, checks)).collect();
        let accepted = checks.accepted.values().map(|accepted| AcceptedRow {
            check: build.check(&accepted.finding, checks),
            reason: accepted.acceptance.reason.clone(),
            by: accepted.acceptance.by.clone(),
            until: accepted.acceptance.until.to_string(),
        });
        let accepted = accepted.collect();
        let duties = build.addressees();
        let declined = declined(job.baselines, &build.clients.iter().map(|(_, row, _)| row.id.as_str()).collect::<Vec<_>>());
        let ids = |numbers: &[usize]| numbers.iter().map(|at| catalogue.clients[*at].id.clone()).collect();
        let role = |role: &dossier::Role| RoleRow {
            name: role.name.clone(),
            everyone: role.name == EVERYONE,
            clients: ids(&role.clients),
            settings: role.settings,
            locked: role.locked,
        };
        Self {
            version: PAPER_VERSION,
            tool: Tool::THIS,
            organisation: text("organisation").unwrap_or_default(),
            purpose: text("purpose"),
            decided: Decided { by: decided("by"), date: decided("date"), review: decided("review") },
            selection: job.selection.describe(),
            sums,
            roles: dossier.roles.iter().map(role).collect(),
            clients: build.clients.into_iter().map(|(_, row, _)| row).collect(),
            topics,
            checks: open,
            accepted,
            duties,
            vectors: build.vectors,
            counts: build.counts,
            declined,
            role_sets: build.groups.sets(),
        }
    }
}

/// What somebody must do, gathered over all decisions.
#[derive(Default)]
struct Todo {
    how: Option<String>,
    decisions: BTreeSet<String>,
    roles: BTreeSet<u32>,
}

struct Build<'a, 'd, 'j> {
    dossier: &'d Dossier<'a>,
    job: &'d Job<'j>,
    delivery: Delivery,
    groups: Groups<'d>,
    /// All roles.
    all: Vec<u32>,
    vectors: Vec<String>,
    counts: Counts,
    /// The clients that some role has: number in the catalogue, row, and the roles.
    clients: Vec<(usize, ClientRow, Vec<u32>)>,
    /// What is to be done: by addressee and text.
    duties: BTreeMap<(String, String), Todo>,
}

impl Build<'_, '_, '_> {
    fn topics(&mut self) -> Vec<TopicRow> {
        let mut topics: Vec<TopicRow> = Vec::new();
        for (decision, decided) in self.dossier.catalogue.decisions.iter().zip(&self.dossier.decisions) {
            let id = decision.place.file.split('/').nth(1).unwrap_or_default();
            // A decision of a later edition, or of the organisation's own, has a high number and stands at the end of its topic.
            let at = topics.iter().position(|topic| topic.id == id).unwrap_or_else(|| {
                let coverage = self.clients.iter().map(|(_, row, _)| Coverage { client: row.id.clone(), ..Coverage::default() });
                topics.push(TopicRow { id: id.to_owned(), coverage: coverage.collect(), decisions: Vec::new() });
                topics.len() - 1
            });
            let row = self.decision(decision, decided);
            let topic = &mut topics[at];
            for (coverage, cell) in topic.coverage.iter_mut().zip(&row.clients) {
                match cell.marks.last() {
                    Some(&"gap") => coverage.gap += 1,
                    Some(&"duty") => coverage.duty += 1,
                    Some(&"preset") => coverage.preset += 1,
                    Some(_) => coverage.locked += 1,
                    None => {}
                }
            }
            topic.decisions.push(row);
        }
        let names: BTreeMap<&str, bool> = topics
            .iter()
            .flat_map(|topic| &topic.decisions)
            .flat_map(|row| &row.clients)
            .flat_map(|cell| &cell.settings)
            .map(|setting| (setting.name.as_str(), setting.values.iter().all(|value| value.locked)))
            .collect();
        self.counts.settings = names.len();
        self.counts.locked = names.values().filter(|locked| **locked).count();
        topics
    }

    fn decision(&mut self, decision: &Decision, decided: &dossier::Decided) -> DecisionRow {
        let answers = self.answers(decision, decided);
        let deliberate = ["plan", "role", "raised", "preset", "default"];
        let source = deliberate.into_iter().find(|word| answers.iter().any(|answer| answer.source == *word)).unwrap_or("none");
        self.counts.decisions += 1;
        match source {
            "plan" | "role" => self.counts.decided += 1,
            "raised" => self.counts.raised += 1,
            "none" => self.counts.unanswered += 1,
            _ => self.counts.defaulted += 1,
        }
        let clients = (0..self.clients.len()).map(|at| self.cell(decision, decided, at)).collect();
        let mut with_duty = vec![0; self.all.len()];
        let duties: Vec<DutyRow> = decided.duties.0.iter().map(|(task, roles)| self.duty(decision, task, roles)).collect();
        for role in decided.duties.0.iter().flat_map(|(_, roles)| roles) {
            with_duty[*role as usize] = status::DUTY;
        }
        DecisionRow {
            key: decision.key.clone(),
            number: decision.number,
            question: decision.question.clone(),
            asked: decision.asked.clone(),
            source,
            short: short(decided),
            differs: decided.answers.values().any(|grouped| grouped.0.windows(2).any(|pair| pair[0].0.0 != pair[1].0.0)),
            answers,
            because: because(self.job.plan, decision),
            decides: decision.decides.clone(),
            references: decision.references.clone(),
            clients,
            duties,
            vector: self.vector(&with_duty),
        }
    }

    fn answers(&mut self, decision: &Decision, decided: &dossier::Decided) -> Vec<AnswerRow> {
        let mut rows = Vec::new();
        let mut answered: BTreeSet<u32> = BTreeSet::new();
        if matches!(decision.shape, Shape::Roles) && !self.job.plan.roles.is_empty() {
            let lines = self.job.plan.roles.keys().map(|name| (None, name.clone())).collect();
            let roles = self.groups.say(&self.all, &self.all);
            return vec![AnswerRow { key: None, words: Vec::new(), lines, source: "plan", because: None, roles }];
        }
        for (key, grouped) in &decided.answers {
            for ((value, source), roles) in &grouped.0 {
                answered.extend(roles);
                let (source, because) = match source {
                    Source::Plan => ("plan", None),
                    Source::Role => ("role", None),
                    Source::Default => ("default", None),
                    Source::Preset(_, because) => ("preset", Some(because.clone())),
                    Source::Raised(because) => ("raised", Some(because.clone())),
                };
                let words = meanings(decision, value);
                let lines = if words.is_empty() { lines(value) } else { Vec::new() };
                let key = (*key != decision.key).then(|| key.clone());
                rows.push(AnswerRow { key, words, lines, source, because, roles: self.groups.say(roles, &self.all) });
            }
        }
        if decided.answers.is_empty() || answered.len() < self.all.len() {
            let others: Vec<u32> = self.all.iter().filter(|role| !answered.contains(role)).copied().collect();
            let roles = self.groups.say(&others, &self.all);
            rows.push(AnswerRow { key: None, words: Vec::new(), lines: Vec::new(), source: "none", because: None, roles });
        }
        rows
    }

    fn cell(&mut self, decision: &Decision, decided: &dossier::Decided, at: usize) -> CellRow {
        let (client, row, with) = &self.clients[at];
        let (client, id, with) = (*client, row.id.clone(), with.clone());
        let nothing = OnClient::default();
        let on = decided.clients.get(&client).unwrap_or(&nothing);
        let mut states = on.status.clone();
        states.resize(self.all.len(), status::ABSENT);
        let any = |bit: u8| states.iter().any(|state| *state != status::ABSENT && state & bit != 0);
        // From what is kept best to what is not kept at all.
        let marks = [(status::LOCKED, "locked"), (status::PRESET, "preset"), (status::DUTY, "duty"), (status::GAP, "gap")];
        let marks = marks.into_iter().filter(|(bit, _)| any(*bit)).map(|(_, word)| word).collect();
        let settings = on.settings.iter().map(|(name, grouped)| self.setting(name, grouped, &with)).collect();
        let gaps: Vec<GapRow> = on
            .gaps
            .0
            .iter()
            .map(|(missing, roles)| GapRow {
                reason: missing.reason.clone(),
                instead: missing.instead.as_ref().map(|to| addressee(self.dossier.catalogue, to)),
                roles: self.groups.say(roles, &with),
            })
            .collect();
        self.counts.gaps += gaps.len();
        self.counts.gaps_with_duty += gaps.iter().filter(|gap| gap.instead.is_some()).count();
        let not_applicable = decision.does_not_apply.get(&id).cloned();
        CellRow { client: id, marks, vector: self.vector(&states), settings, gaps, not_applicable }
    }

    fn setting(&mut self, name: &str, grouped: &dossier::Grouped<dossier::Set>, with: &[u32]) -> SettingRow {
        let described = self.job.schemas.describe(name);
        let found_in = described
            .as_ref()
            .and_then(|known| known.facts.iter().find(|(word, _)| *word == "found in").map(|(_, place)| place.clone()));
        let values = grouped.0.iter().map(|(set, roles)| {
            let setting = &set.checked.setting;
            let own = &setting.trails[set.trail];
            let others: BTreeSet<&String> =
                setting.trails.iter().map(|trail| &trail.decision).filter(|decision| **decision != own.decision).collect();
            let written = written(&set.checked.typed, self.delivery).into_iter();
            ValueRow {
                written: written
                    .map(|written| WrittenRow {
                        paths: written.paths,
                        place: written.place,
                        kind: written.kind,
                        value: written.value,
                    })
                    .collect(),
                locked: setting.lock == Lock::Locked,
                with: others.into_iter().cloned().collect(),
                cite: own.cite.clone(),
                why: own.why.clone(),
                roles: self.groups.say(roles, with),
            }
        });
        let values = values.collect();
        SettingRow { name: name.to_owned(), title: described.and_then(|known| known.title), found_in, values }
    }

    fn duty(&mut self, decision: &Decision, task: &dossier::Task, roles: &[u32]) -> DutyRow {
        let entry = self.duties.entry((task.to.clone(), task.what.clone())).or_default();
        entry.how.clone_from(&task.how);
        entry.decisions.insert(decision.key.clone());
        entry.roles.extend(roles);
        DutyRow {
            to: addressee(self.dossier.catalogue, &task.to),
            what: task.what.clone(),
            how: task.how.clone(),
            decisions: vec![decision.key.clone()],
            roles: self.groups.say(roles, &self.all),
        }
    }

    /// The duties in the order of the checklist.
    fn addressees(&mut self) -> Vec<AddresseeRow> {
        let duties = std::mem::take(&mut self.duties);
        let mut rows = Vec::new();
        for addressee in &self.dossier.catalogue.addressees {
            let own = duties.iter().filter(|((to, _), _)| *to == addressee.id);
            let duties: Vec<DutyRow> = own
                .map(|((_, what), Todo { how, decisions, roles })| DutyRow {
                    to: addressee.name.clone(),
                    what: what.clone(),
                    how: how.clone(),
                    decisions: decisions.iter().cloned().collect(),
                    roles: self.groups.say(&roles.iter().copied().collect::<Vec<_>>(), &self.all),
                })
                .collect();
            if !duties.is_empty() {
                self.counts.duties += duties.len();
                rows.push(AddresseeRow { id: addressee.id.clone(), name: addressee.name.clone(), duties });
            }
        }
        rows
    }

    fn check(&mut self, finding: &Finding, outcome: &CheckOutcome) -> CheckRow {
        let known = finding.check.as_ref().and_then(|name| self.dossier.catalogue.check(name));
        let roles = finding.check.as_ref().and_then(|name| outcome.roles.get(name)).filter(|roles| !roles.contains(EVERYONE));
        let roles = roles.map(|roles| self.groups.named(roles.iter()));
        CheckRow {
            name: finding.check.clone(),
            level: finding.level.word(),
            says: known.map_or_else(|| finding.message.clone(), |check| check.says.clone()),
            help: known.map_or_else(|| finding.help.clone().unwrap_or_default(), |check| check.help.clone()),
            references: known.map(|check| check.references.clone()).unwrap_or_default(),
            roles: roles.map(|roles| self.groups.say(&roles, &self.all)),
        }
    }

    /// The number of a vector; equal vectors have one.
    fn vector(&mut self, states: &[u8]) -> usize {
        let letter = |state: &u8| char::from_digit(u32::from(*state), 16).unwrap_or('-');
        let vector: String = states.iter().map(letter).collect();
        self.vectors.iter().position(|known| *known == vector).unwrap_or_else(|| {
            self.vectors.push(vector);
            self.vectors.len() - 1
        })
    }
}

fn addressee(catalogue: &Catalogue, id: &str) -> String {
    catalogue.addressees.iter().find(|known| known.id == id).map_or_else(|| id.to_owned(), |known| known.name.clone())
}

/// What others recommend for these clients and no rule sets, in the order of the list.
fn declined(baselines: &Baselines, clients: &[&str]) -> Vec<DeclinedRow> {
    let document = baselines.document("lists/not-adopted.yaml").and_then(|(document, _)| document);
    let read = |item: &Node| {
        let text = |key: &str| item.get(key).and_then(Node::text);
        let sources = item.get("sources").and_then(Node::items).unwrap_or_default();
        Some(DeclinedRow {
            client: text("client").filter(|client| clients.contains(client))?.to_owned(),
            item: text("setting").or_else(|| text("registry")).or_else(|| text("rule"))?.to_owned(),
            sources: sources.iter().filter_map(Node::text).map(str::to_owned).collect(),
            because: text("because")?.to_owned(),
        })
    };
    document.iter().flat_map(|document| document.root.items().unwrap_or_default()).filter_map(read).collect()
}

/// The reasons that the plan gives for a decision.
fn because(plan: &Plan, decision: &Decision) -> Vec<(String, String)> {
    let about = |key: &&String| {
        crate::review::names::is_answered_by(&decision.key, key)
            || key.strip_prefix(decision.key.as_str()).is_some_and(|rest| rest.starts_with('.'))
    };
    plan.because.iter().filter(|(key, _)| about(key)).map(|(key, reason)| (key.clone(), reason.clone())).collect()
}

/// The answer of the first role on one line, where a decision has one answer.
fn short(decided: &dossier::Decided) -> Option<String> {
    let mut answers = decided.answers.values();
    let (Some(grouped), None) = (answers.next(), answers.next()) else { return None };
    let (value, _) = grouped.0.iter().find(|(_, roles)| roles.first() == Some(&0)).map(|(answer, _)| answer)?;
    match value {
        Value::Map(entries) if !entries.is_empty() => Some(joined(entries.keys().cloned())),
        Value::List(items) if !items.is_empty() => Some(joined(items.iter().map(ToString::to_string))),
        value => Some(words::spelled(value)),
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

/// The words of an answer, each with its meaning.
fn meanings(decision: &Decision, value: &Value) -> Vec<(String, String)> {
    let answers = decision.shape.answers().unwrap_or_default();
    let given: Vec<&str> = match value {
        Value::Text(word) => vec![word],
        Value::List(items) => items.iter().filter_map(Value::as_text).collect(),
        _ => Vec::new(),
    };
    let known = answers.iter().filter(|answer| given.contains(&answer.word.as_str()));
    known.map(|answer| (answer.word.clone(), answer.means.clone())).collect()
}

/// An answer that is no word, a line for each part.
fn lines(value: &Value) -> Vec<(Option<String>, String)> {
    match value {
        Value::Map(entries) if !entries.is_empty() => {
            entries.iter().map(|(key, value)| (Some(key.clone()), words::spelled(value))).collect()
        }
        Value::List(items) if !items.is_empty() => items.iter().map(|item| (None, words::spelled(item))).collect(),
        value => vec![(None, words::spelled(value))],
    }
}
