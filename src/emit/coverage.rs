//! Writes `coverage.csv`: for each decision of the plan and each client what was set, what cannot be, and who must do it.
//!
//! Roles for which a row is the same stand in it together, so that the table grows with what differs and not with the number
//! of roles. RFC 4180, UTF-8, lines end with CR LF. A cell that a spreadsheet would take for a formula starts with an
//! apostrophe; text of the plan can stand in two columns only, the answer and the role.

use std::collections::BTreeMap;

use super::Lock;
use crate::baseline::{CheckedBaseline, Status, cells};
use crate::catalogue::{Catalogue, Decision, split_placeholder};
use crate::plan::{Origin, RoleAnswers};

/// The columns.
const HEAD: [&str; 10] = ["number", "decision", "asked", "answer", "from", "client", "status", "settings", "reason", "duty of"];

/// Collects the rows, role by role.
#[derive(Debug, Default)]
pub struct CoverageTable {
    roles: Vec<String>,
    /// By the place of decision and client in the catalogue, and then by the rest of the row.
    rows: BTreeMap<(usize, usize, Row), Vec<u32>>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    answer: String,
    from: String,
    status: Status,
    settings: String,
    reasons: String,
    duties: String,
}

impl CoverageTable {
    /// Adds a role.
    ///
    /// # Panics
    /// Never: a plan has fewer roles than a `u32` counts.
    pub fn add(&mut self, answers: &RoleAnswers, baseline: &CheckedBaseline, catalogue: &Catalogue) {
        let role = u32::try_from(self.roles.len()).expect("a plan has at most 10,000 roles");
        self.roles.push(answers.name().to_owned());
        let clients: BTreeMap<&str, usize> =
            catalogue.clients.iter().enumerate().map(|(place, client)| (client.id.as_str(), place)).collect();
        let mut known: Option<(&str, usize, String, String)> = None;
        for cell in cells(catalogue, baseline) {
            let key = cell.decision.key.as_str();
            if known.as_ref().is_none_or(|(known, ..)| *known != key) {
                let place = known.as_ref().map_or(0, |(_, place, ..)| place + 1);
                let (answer, from) = answer(cell.decision, answers);
                known = Some((key, place, answer, from));
            }
            let (_, place, answer, from) = known.as_ref().expect("it was filled above");
            let setting = |(name, lock): &(&str, Lock)| match lock {
                Lock::Locked => (*name).to_owned(),
                Lock::Preset => format!("{name} (not locked)"),
            };
            let name = |id: &&str| catalogue.addressee(id).map_or(*id, |addressee| &addressee.name).to_owned();
            let row = Row {
                answer: answer.clone(),
                from: from.clone(),
                status: cell.status,
                settings: cell.settings.iter().map(setting).collect::<Vec<_>>().join("; "),
                reasons: cell.reasons.join(" "),
                duties: cell.duties.iter().map(name).collect::<Vec<_>>().join("; "),
            };
            self.rows.entry((*place, clients.get(cell.client).copied().unwrap_or_default(), row)).or_default().push(role);
        }
    }

    /// The bytes of the file.
    ///
    /// # Panics
    /// Never: rows of equal length go into memory.
    pub fn render(&self, catalogue: &Catalogue) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        writer.write_record(HEAD.iter().copied().chain(["roles"])).expect("memory takes every row");
        // How many roles have a client: for a row of all of them no list is needed.
        let mut having: BTreeMap<usize, usize> = BTreeMap::new();
        for ((place, client, _), roles) in &self.rows {
            if *place == 0 {
                *having.entry(*client).or_default() += roles.len();
            }
        }
        for ((place, client, row), roles) in &self.rows {
            let decision = &catalogue.decisions[*place];
            let all = having.get(client).is_some_and(|all| *all == roles.len());
            let names = roles.iter().map(|role| self.roles[*role as usize].as_str());
            let roles = if all { "all with this client".to_owned() } else { names.collect::<Vec<_>>().join("; ") };
            let client = catalogue.clients.get(*client).map_or("", |client| &client.name);
            let cells = [
                &decision.number.to_string(),
                &decision.key,
                &decision.asked.join(" "),
                &row.answer,
                &row.from,
                client,
                row.status.word(),
                &row.settings,
                &row.reasons,
                &row.duties,
                &roles,
            ];
            writer.write_record(cells.map(harmless)).expect("memory takes every row");
        }
        writer.into_inner().expect("memory takes every row")
    }
}

/// The answer as the plan spells it, and where it comes from. Of a decision below free names, those that were given.
fn answer(decision: &Decision, answers: &RoleAnswers) -> (String, String) {
    let Some((block, rest)) = split_placeholder(&decision.key) else {
        let given = answers.answers.get(&decision.key);
        return given.map_or_else(
            || (String::new(), "not answered".to_owned()),
            |given| (given.value.to_string(), origin(&given.origin)),
        );
    };
    let below = |key: &str| {
        let (name, last) = key.strip_prefix(block)?.strip_prefix('.')?.split_once('.')?;
        (last == rest).then(|| name.to_owned())
    };
    let named: Vec<String> =
        answers.answers.iter().filter_map(|(key, given)| Some(format!("{}: {}", below(key)?, given.value))).collect();
    let from = if named.is_empty() { "not answered" } else { "plan" };
    (named.join("; "), from.to_owned())
}

fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Plan { role: None, .. } => "plan".to_owned(),
        Origin::Plan { role: Some(role), .. } => format!("role {role}"),
        Origin::Default => "default".to_owned(),
        Origin::Preset { level, .. } => format!("preset {level}"),
        Origin::Raised { .. } => "raised".to_owned(),
    }
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(cell: &str) -> String {
    let is_formula =
        cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) || cell.starts_with(['\t', '\r']);
    if is_formula { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn what_a_spreadsheet_would_calculate_becomes_text() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "＝1", "=cmd|' /C calc'!A0"] {
            assert!(harmless(formula).starts_with('\''), "{formula}");
        }
        for text in ["locked", "a=1", "[thunderbird]", "§8a", ""] {
            assert_eq!(harmless(text), text);
        }
    }
}
