//! Writes `duties.md`: what servers, gateways and people must do, as a checklist, and what no client can enforce.
//!
//! Prose comes from the catalogue; text of the plan is escaped, so that it cannot become markup.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::markdown::escaped;
use crate::baseline::{Duty, Gap};
use crate::catalogue::Catalogue;
use crate::diag::{Finding, Level};
use crate::plan::{CheckOutcome, EVERYONE};

/// Collects duties and gaps, role by role; equal ones are one entry.
#[derive(Debug, Default)]
pub struct DutyList {
    roles: Vec<String>,
    duties: BTreeMap<(String, String), Entry>,
    gaps: BTreeMap<(String, usize, String), Entry>,
}

#[derive(Debug, Default)]
struct Entry {
    how: Option<String>,
    decisions: BTreeSet<String>,
    to: Option<String>,
    /// Indexes into the list's roles, each once, in order.
    roles: Vec<u32>,
}

impl Entry {
    fn add_role(&mut self, index: u32) {
        if self.roles.last() != Some(&index) {
            self.roles.push(index);
        }
    }
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
    pub fn add(&mut self, role: &str, duties: &[Duty], gaps: &[Gap], catalogue: &Catalogue) {
        let index = u32::try_from(self.roles.len()).expect("a plan has at most 10,000 roles");
        self.roles.push(role.to_owned());
        for duty in duties {
            let entry = self.duties.entry((duty.to.clone(), duty.what.clone())).or_default();
            entry.how.clone_from(&duty.how);
            entry.decisions.insert(duty.trail.decision.clone());
            entry.add_role(index);
        }
        for gap in gaps {
            let number = catalogue.decisions.iter().position(|decision| decision.key == gap.trail.decision).unwrap_or_default();
            let entry = self.gaps.entry((gap.client.clone(), number, gap.reason.clone())).or_default();
            entry.decisions.insert(gap.trail.decision.clone());
            entry.to.clone_from(&gap.duty);
            entry.add_role(index);
        }
    }

    /// The page.
    pub fn render(&self, head: &Head<'_>, catalogue: &Catalogue, outcome: &CheckOutcome) -> String {
        let mut page = format!(
            "# Duties: {}\n\nWhat servers, gateways and people must do so that the plan holds, and what no client can enforce.\nTick what is done; each line names the decision it comes from.\n",
            escaped(head.organisation)
        );
        let labels = ["Decided by", "Decided on", "Looked at again on"];
        for (label, value) in labels.iter().zip(head.decided) {
            push(&mut page, format_args!("\n{label}: {}  ", value.map_or_else(|| "not stated".to_owned(), escaped)));
        }
        page.push('\n');

        let open: Vec<&Finding> = outcome.findings.iter().filter(|finding| finding.check.is_some()).collect();
        self.checks(&mut page, "Evidence that is still missing", open.iter().filter(|finding| finding.level == Level::Duty));
        for addressee in &catalogue.addressees {
            let mut heading = Some(&addressee.name);
            for ((_, what), entry) in
                self.duties.range((addressee.id.clone(), String::new())..).take_while(|((to, _), _)| *to == addressee.id)
            {
                if let Some(name) = heading.take() {
                    push(&mut page, format_args!("\n## {name}\n\n"));
                }
                push(&mut page, format_args!("- [ ] {what}{}\n", self.scope(entry)));
                if let Some(how) = &entry.how {
                    push(&mut page, format_args!("      How: {how}\n"));
                }
            }
        }
        if !self.gaps.is_empty() {
            page.push_str("\n## What clients cannot enforce\n");
        }
        let mut last = "";
        for ((client, _, reason), entry) in &self.gaps {
            if client != last {
                let name = catalogue.client(client).map_or(client.as_str(), |client| client.name.as_str());
                push(&mut page, format_args!("\n### {name}\n\n"));
                last = client;
            }
            let instead = entry.to.as_ref().and_then(|to| catalogue.addressees.iter().find(|addressee| addressee.id == *to));
            let instead = instead.map(|addressee| format!(" Instead: {}.", addressee.name)).unwrap_or_default();
            push(&mut page, format_args!("- {reason}{instead}{}\n", self.scope(entry)));
        }
        self.checks(
            &mut page,
            "Contradictions that need a reader",
            open.iter().filter(|finding| matches!(finding.level, Level::Warning | Level::Error)),
        );
        self.checks(&mut page, "Notes", open.iter().filter(|finding| finding.level == Level::Note));
        if !outcome.accepted.is_empty() {
            page.push_str("\n## Accepted contradictions\n\n");
            for (name, accepted) in &outcome.accepted {
                let acceptance = &accepted.acceptance;
                push(
                    &mut page,
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
        page
    }

    #[expect(clippy::unused_self, reason = "one family of methods that fill the page")]
    fn checks<'a>(&self, page: &mut String, heading: &str, findings: impl Iterator<Item = &'a &'a Finding>) {
        let mut heading = Some(heading);
        for finding in findings {
            if let Some(heading) = heading.take() {
                push(page, format_args!("\n## {heading}\n\n"));
            }
            let check = finding.check.as_deref().unwrap_or_default();
            push(page, format_args!("- [ ] {}. {} (`{check}`)\n", finding.message, finding.help.as_deref().unwrap_or_default()));
        }
    }

    /// Which decisions an entry comes from, and for whom it holds when not for all.
    fn scope(&self, entry: &Entry) -> String {
        let decisions = entry.decisions.iter().map(|decision| format!("`{decision}`")).collect::<Vec<_>>().join(", ");
        if entry.roles.len() == self.roles.len() {
            return format!(" ({decisions})");
        }
        let names = entry.roles.iter().map(|index| self.roles[*index as usize].as_str());
        let roles: Vec<&str> = names.map(|role| if role == EVERYONE { "people without a role" } else { role }).collect();
        format!(" ({decisions}; {})", roles.join(", "))
    }
}

fn push(page: &mut String, text: std::fmt::Arguments<'_>) {
    page.write_fmt(text).expect("writing to a String cannot fail");
}
