//! Writes `duties.md`: what servers, gateways and people must do, as a checklist by addressee.
//!
//! Below an addressee the duties stand in the order of the decisions, each decision with its answer, its requirements and the
//! clients that it stands in for; equal duties of several roles are one line. Why a client cannot do something stands in
//! `coverage.csv`, except where nobody does it instead. Prose comes from the catalogue; text of the plan is escaped, so that
//! it cannot become markup.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::markdown::escaped;
use crate::baseline::CheckedBaseline;
use crate::catalogue::{Addressee, Catalogue, Client, Decision, Shape};
use crate::diag::{Finding, Level};
use crate::plan::{CheckOutcome, EVERYONE};

/// Collects duties and gaps, role by role; equal ones are one entry.
#[derive(Debug, Default)]
pub struct DutyList {
    roles: Vec<String>,
    /// By addressee and text.
    duties: BTreeMap<(String, String), Entry>,
    /// By decision and addressee, the clients that the addressee stands in for.
    instead: BTreeMap<(usize, String), BTreeSet<String>>,
    /// The programs of all roles; a computer is none.
    clients: BTreeSet<String>,
    /// Gaps that nobody fills, by decision, client and reason.
    gaps: BTreeMap<(usize, String, String), Vec<u32>>,
}

#[derive(Debug, Default)]
struct Entry {
    how: Option<String>,
    /// Decision and rule, by their places in the catalogue.
    places: BTreeSet<(usize, usize)>,
    /// The answers of the first decision.
    answers: BTreeSet<String>,
    /// Indexes into the list's roles, each once, in order.
    roles: Vec<u32>,
}

/// What the head of the list says.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// The organisation.
    pub organisation: &'a str,
    /// Who decided, when, and when it is looked at again: answered fields in this order.
    pub decided: [Option<&'a str>; 3],
}

impl DutyList {
    /// Adds a role.
    ///
    /// # Panics
    /// Never: a plan has fewer roles than a `u32` counts.
    pub fn add(&mut self, role: &str, baseline: &CheckedBaseline, catalogue: &Catalogue) {
        let CheckedBaseline { clients, duties, gaps, .. } = baseline;
        let index = u32::try_from(self.roles.len()).expect("a plan has at most 10,000 roles");
        let places: BTreeMap<&str, usize> =
            catalogue.decisions.iter().enumerate().map(|(place, decision)| (decision.key.as_str(), place)).collect();
        let place = |key: &str| places.get(key).copied().unwrap_or_default();
        self.roles.push(role.to_owned());
        for duty in duties {
            let decision = place(&duty.trail.decision);
            let rules = catalogue.decisions.get(decision).map(|decision| decision.duties.as_slice()).unwrap_or_default();
            let rule = rules.iter().position(|rule| rule.to == duty.to && rule.what == duty.what).unwrap_or_default();
            let entry = self.duties.entry((duty.to.clone(), duty.what.clone())).or_default();
            entry.how.clone_from(&duty.how);
            entry.places.insert((decision, rule));
            if entry.places.first() == Some(&(decision, rule)) {
                entry.answers.extend(duty.trail.answer.clone());
            }
            push_role(&mut entry.roles, index);
        }
        self.clients.extend(clients.iter().filter(|id| catalogue.client(id).is_some_and(Client::is_program)).cloned());
        for gap in gaps {
            let decision = place(&gap.trail.decision);
            match &gap.duty {
                Some(to) => drop(self.instead.entry((decision, to.clone())).or_default().insert(gap.client.clone())),
                None => push_role(self.gaps.entry((decision, gap.client.clone(), gap.reason.clone())).or_default(), index),
            }
        }
    }

    /// The page.
    pub fn render(&self, head: &Head<'_>, catalogue: &Catalogue, outcome: &CheckOutcome) -> String {
        let mut page = format!("# Duties: {}\n\n", escaped(head.organisation));
        let labels = ["Decided by", "Decided on", "Looked at again on"];
        for (label, value) in labels.iter().zip(head.decided) {
            push(&mut page, format_args!("{label}: {}  \n", value.map_or_else(|| "not stated".to_owned(), escaped)));
        }
        page.push_str("\nWhat servers, gateways and people must do so that the plan holds: clients alone do not keep it. Each decision stands with its answer, its requirements, and the clients that cannot do it themselves; why, says `coverage.csv`. A line holds for everyone unless it names roles.\n");

        let lists: Vec<(&Addressee, Vec<Group<'_>>)> = catalogue
            .addressees
            .iter()
            .map(|addressee| (addressee, self.groups(&addressee.id)))
            .filter(|(_, groups)| !groups.is_empty())
            .collect();
        page.push_str("\n| Who | Duties | Responsible | Done on |\n| --- | ---: | --- | --- |\n");
        for (addressee, groups) in &lists {
            let count: usize = groups.iter().map(|group| group.entries.len()).sum();
            push(&mut page, format_args!("| [{}](#{}) | {count} | | |\n", addressee.name, anchor(&addressee.name)));
        }

        let open: Vec<&Finding> = outcome.findings.iter().filter(|finding| finding.check.is_some()).collect();
        let of = |levels: &[Level]| open.iter().copied().filter(|finding| levels.contains(&finding.level)).collect::<Vec<_>>();
        checks(&mut page, "Evidence that is still missing", &of(&[Level::Duty]));
        checks(&mut page, "Contradictions that need a reader", &of(&[Level::Warning, Level::Error]));
        for (addressee, groups) in &lists {
            push(&mut page, format_args!("\n## {}\n", addressee.name));
            for group in groups {
                self.group(&mut page, group, &addressee.id, catalogue);
            }
        }
        self.unfilled(&mut page, catalogue);
        checks(&mut page, "Notes", &of(&[Level::Note]));
        accepted(&mut page, outcome);
        page
    }

    /// The duties of an addressee by decision, in the order of the decisions and of their rules.
    fn groups(&self, to: &str) -> Vec<Group<'_>> {
        let mine = self.duties.range((to.to_owned(), String::new())..).take_while(|((of, _), _)| of == to);
        let mut entries: Vec<(&str, &Entry)> = mine.map(|((_, what), entry)| (what.as_str(), entry)).collect();
        entries.sort_by_key(|(_, entry)| entry.places.first().copied());
        let mut groups: Vec<Group<'_>> = Vec::new();
        for (what, entry) in entries {
            let decision = entry.places.first().map_or(0, |(decision, _)| *decision);
            match groups.last_mut() {
                Some(group) if group.decision == decision => group.entries.push((what, entry)),
                _ => groups.push(Group { decision, entries: vec![(what, entry)] }),
            }
        }
        // Whoever stands in for a client has a duty of that decision; one of an organisation's own content may lack it.
        for ((decision, of), _) in self.instead.iter().filter(|((_, of), _)| of == to) {
            debug_assert_eq!(of, to);
            let place = groups.partition_point(|group| group.decision < *decision);
            let elsewhere =
                self.duties.iter().any(|((of, _), entry)| of == to && entry.places.iter().any(|at| at.0 == *decision));
            if !elsewhere {
                groups.insert(place, Group { decision: *decision, entries: Vec::new() });
            }
        }
        groups
    }

    fn group(&self, page: &mut String, group: &Group<'_>, to: &str, catalogue: &Catalogue) {
        let Some(decision) = catalogue.decisions.get(group.decision) else { return };
        push(page, format_args!("\n**`{}`**{}{}", decision.key, answer(decision, group), requirements(decision)));
        if let Some(clients) = self.instead.get(&(group.decision, to.to_owned())) {
            let all = self.clients.len() > 1 && self.clients.iter().all(|client| clients.contains(client));
            let names = if all { "all clients".to_owned() } else { names(clients, catalogue).join(", ") };
            push(page, format_args!("; in place of {names}"));
        }
        page.push_str("\n\n");
        if group.entries.is_empty() {
            page.push_str("- [ ] Do what these clients cannot.\n");
        }
        for (what, entry) in &group.entries {
            let others: Vec<String> = entry
                .places
                .iter()
                .filter(|(place, _)| *place != group.decision)
                .filter_map(|(place, _)| Some(format!("`{}`", catalogue.decisions.get(*place)?.key)))
                .collect();
            let also = if others.is_empty() { String::new() } else { format!(" Also for {}.", others.join(", ")) };
            push(page, format_args!("- [ ] {}{what}{also}\n", self.scope(&entry.roles)));
            if let Some(how) = entry.how.as_ref().filter(|how| !only_cites(how, decision)) {
                push(page, format_args!("      How: {how}\n"));
            }
        }
    }

    fn unfilled(&self, page: &mut String, catalogue: &Catalogue) {
        let mut heading = Some("\n## What nobody enforces\n\n");
        for ((decision, client, reason), roles) in &self.gaps {
            page.push_str(heading.take().unwrap_or_default());
            let name = catalogue.client(client).map_or(client.as_str(), |client| &client.name);
            let decision = catalogue.decisions.get(*decision).map_or("", |decision| &decision.key);
            push(page, format_args!("- `{decision}`, {name}: {}{reason}\n", self.scope(roles)));
        }
    }

    /// For whom an entry holds, when not for all; the shorter way to say it.
    fn scope(&self, roles: &[u32]) -> String {
        let name = |index: &u32| match self.roles[*index as usize].as_str() {
            EVERYONE => "people without a role",
            role => role,
        };
        if roles.len() == self.roles.len() {
            return String::new();
        }
        let others: Vec<&str> =
            (0u32..).take(self.roles.len()).filter(|index| !roles.contains(index)).map(|index| name(&index)).collect();
        if others.len() < roles.len() {
            format!("(all but {}) ", others.join(", "))
        } else {
            format!("({}) ", roles.iter().map(name).collect::<Vec<_>>().join(", "))
        }
    }
}

/// The duties of one decision for one addressee.
struct Group<'a> {
    decision: usize,
    entries: Vec<(&'a str, &'a Entry)>,
}

fn push_role(roles: &mut Vec<u32>, index: u32) {
    if roles.last() != Some(&index) {
        roles.push(index);
    }
}

/// Whether `how` only names requirements that stand in the heading.
fn only_cites(how: &str, decision: &Decision) -> bool {
    let known: Vec<&String> = decision.references.values().flatten().collect();
    let mut parts = how.trim_end_matches('.').split([',', ';']).map(str::trim);
    parts.all(|part| part.starts_with("M 2.454 §") || known.iter().any(|name| *name == part))
}

/// The words that were answered, where the answer is a word.
fn answer(decision: &Decision, group: &Group<'_>) -> String {
    if !matches!(decision.shape, Shape::Choice(_)) {
        return String::new();
    }
    let answers: BTreeSet<&str> = group.entries.iter().flat_map(|(_, entry)| &entry.answers).map(String::as_str).collect();
    if answers.is_empty() {
        return String::new();
    }
    format!(": {}", answers.into_iter().map(|answer| format!("`{answer}`")).collect::<Vec<_>>().join(", "))
}

/// Where the question is asked, and what the Kompendium asks for; `explain` knows the other standards.
fn requirements(decision: &Decision) -> String {
    let asked: Vec<&str> = decision.asked.iter().map(String::as_str).filter(|asked| asked.starts_with('§')).collect();
    let mut parts = Vec::new();
    if !asked.is_empty() {
        parts.push(format!("M 2.454 {}", asked.join(", ")));
    }
    parts.extend(decision.references.get("kompendium-2023").map(|names| names.join(", ")).filter(|names| !names.is_empty()));
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join("; ")) }
}

fn names<'a>(clients: &'a BTreeSet<String>, catalogue: &'a Catalogue) -> Vec<&'a str> {
    let known = catalogue.clients.iter().filter(|client| clients.contains(&client.id));
    known.map(|client| client.name.as_str()).collect()
}

/// The anchor that readers of Markdown make of a heading.
fn anchor(heading: &str) -> String {
    heading.to_lowercase().replace(' ', "-")
}

fn checks(page: &mut String, heading: &str, findings: &[&Finding]) {
    if findings.is_empty() {
        return;
    }
    push(page, format_args!("\n## {heading}\n\n"));
    for finding in findings {
        let check = finding.check.as_deref().unwrap_or_default();
        push(page, format_args!("- [ ] {}. {} (`{check}`)\n", finding.message, finding.help.as_deref().unwrap_or_default()));
    }
}

fn accepted(page: &mut String, outcome: &CheckOutcome) {
    if outcome.accepted.is_empty() {
        return;
    }
    page.push_str("\n## Accepted contradictions\n\n");
    for (name, accepted) in &outcome.accepted {
        let acceptance = &accepted.acceptance;
        push(
            page,
            format_args!(
                "- `{name}`: {}. Accepted until {} by {}: {}\n",
                accepted.finding.message,
                acceptance.until,
                escaped(&acceptance.by),
                escaped(&acceptance.reason)
            ),
        );
    }
}

fn push(page: &mut String, text: std::fmt::Arguments<'_>) {
    page.write_fmt(text).expect("writing to a String cannot fail");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::date;

    use super::{DutyList, Head, only_cites};
    use crate::baseline::{Checker, resolve};
    use crate::baselines::Baselines;
    use crate::catalogue::{laid_over, load_catalogue};
    use crate::plan::{CheckRun, answers_of, read_plan};
    use crate::source::{Limits, parse};
    use crate::vendor::{Schemas, Versions};

    #[test]
    fn no_duty_is_lost_and_none_stands_twice() {
        let baselines = Baselines::embedded();
        let catalogue = load_catalogue(&baselines).unwrap();
        let schemas = Schemas::load(&baselines).unwrap();
        let lines = "workplace: personal\nroles:\n  desk: { workplace: shared, clients: [thunderbird], content: { read_as: text } }\n  guests: { workplace: foreign, clients: [browser], may: [] }\n  travel: { workplace: mobile, offline_days: 90, sign_in: { method: kerberos } }\ncontent: { read_as: simple-html }\nclients: [thunderbird, outlook, outlook-mac, apple-mail, browser]\nservers: { exchange: exchange.example.org, imap: imap.example.org, smtp: smtp.example.org, web: \"https://web.example.org\" }\n";
        for level in ["basic", "standard", "high"] {
            let (document, _) = parse("lines", format!("{lines}preset: {level}\n").as_bytes(), Limits::default());
            let document = laid_over(baselines.bytes("lists/minimal.yaml").unwrap(), &document.unwrap().root);
            let (plan, findings) = read_plan(&document, &catalogue);
            assert!(findings.is_empty(), "{findings:?}");
            let mut list = DutyList::default();
            let (mut duties, mut gaps) = (BTreeSet::new(), BTreeSet::new());
            for role in plan.all_roles() {
                let answers = answers_of(&plan, role, &catalogue, date(2026, 11, 1));
                let baseline = Checker::new(&schemas, Versions::default()).check(resolve(&catalogue, &answers).0).0;
                duties.extend(baseline.duties.iter().map(|duty| (duty.to.clone(), duty.what.clone())));
                gaps.extend(baseline.gaps.iter().filter_map(|gap| Some((gap.trail.decision.clone(), gap.duty.clone()?))));
                list.add(answers.name(), &baseline, &catalogue);
            }
            let head = Head { organisation: "Example", decided: [None; 3] };
            let page = list.render(&head, &catalogue, &CheckRun::new(&plan, &catalogue, date(2026, 11, 1)).finish());
            for addressee in &catalogue.addressees {
                let section = page.split(&format!("\n## {}\n", addressee.name)).nth(1).unwrap_or_default();
                let section = section.split("\n## ").next().unwrap();
                let mine: Vec<&str> =
                    duties.iter().filter(|(to, _)| *to == addressee.id).map(|(_, what)| what.as_str()).collect();
                for what in &mine {
                    let lines = section.lines().filter(|line| line.starts_with("- [ ] ") && line.contains(what)).count();
                    assert!(lines >= 1, "{level}, {}: `{what}` is lost", addressee.name);
                }
                assert_eq!(section.matches("- [ ] ").count(), mine.len(), "{level}, {}: {section}", addressee.name);
                for (decision, _) in gaps.iter().filter(|(_, to)| *to == addressee.id) {
                    let heading = section.lines().find(|line| line.starts_with(&format!("**`{decision}`**")));
                    let also = section.contains(&format!("Also for `{decision}`"));
                    assert!(
                        also || heading.is_some_and(|heading| heading.contains("in place of")),
                        "{level}, {}: {decision}",
                        addressee.name
                    );
                }
            }
            // What nobody restricts needs no list of names.
            assert!(page.contains("- [ ] (all but guests) ") && page.contains("- [ ] (guests) "), "{page}");
        }
    }

    #[test]
    fn what_only_repeats_the_requirements_is_left_out() {
        let catalogue = load_catalogue(&Baselines::embedded()).unwrap();
        let decision = catalogue.decision("content.read_as").unwrap();
        assert!(only_cites("APP.5.3.A1, KONF.13.1.2.", decision));
        assert!(only_cites("M 2.454 §8a.", decision));
        assert!(!only_cites("APP.5.3.A2.", decision));
        assert!(!only_cites("APP.5.3.A1, a filter of the gateway.", decision));
    }
}
