//! `groundplan list`: what there is of a kind, as aligned columns or JSON.

use std::collections::BTreeSet;

use clap::ValueEnum;
use serde_json::{Value, json};

use super::exit::{Exit, Failure};
use super::output::Output;
use super::{Format, Global, context};
use crate::catalogue::Catalogue;
use crate::diag::Code;
use crate::review::words;
use crate::vendor::{Schemas, nearest};

/// Arguments of `list`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// What to list.
    #[arg(value_enum)]
    kind: Kind,
    /// Only what this client has.
    #[arg(long, value_name = "NAME")]
    client: Option<String>,
    /// Only what holds this text, in any case; of settings also titles and value names.
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
}

/// What can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// The questions a plan answers.
    Decisions,
    /// Named contradictions between decisions.
    Checks,
    /// The clients that are configured.
    Clients,
    /// Everything that the vendors' schemas know.
    Settings,
    /// Defaults of the levels that differ from the standard.
    Presets,
    /// What findings can be about.
    Codes,
}

pub(super) fn run(arguments: &Arguments, global: &Global, output: &mut Output) -> Result<Exit, Failure> {
    context::text_or_json("list", output)?;
    let baselines = context::baselines(global)?;
    let catalogue = context::catalogue(&baselines)?;
    if let Some(client) = &arguments.client {
        if !matches!(arguments.kind, Kind::Settings | Kind::Decisions) {
            return Err(Failure::Usage("`--client` is for `list settings` and `list decisions`".to_owned()));
        }
        let known = catalogue.clients.iter().map(|client| client.id.as_str());
        if !known.clone().any(|id| id == client) {
            let help = nearest(client, known.clone()).map_or_else(
                || format!("there are {}", known.collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(Failure::Usage(format!("there is no client `{client}`: {help}")));
        }
    }
    let client = arguments.client.as_deref();
    let table = match arguments.kind {
        Kind::Decisions => decisions(&catalogue, client),
        Kind::Checks => checks(&catalogue),
        Kind::Clients => clients(&catalogue),
        Kind::Settings => settings(&catalogue, &context::schemas(&baselines)?, client),
        Kind::Presets => presets(&catalogue),
        Kind::Codes => codes(),
    };
    table.search(arguments.search.as_deref()).print(arguments.kind, output)?;
    Ok(Exit::Fine)
}

/// Rows of equal columns.
struct Table {
    columns: &'static [&'static str],
    rows: Vec<Row>,
}

struct Row {
    cells: Vec<String>,
    /// Searched besides the cells, and not shown.
    hidden: String,
}

impl Row {
    fn new<const N: usize>(cells: [String; N]) -> Self {
        Self { cells: cells.into(), hidden: String::new() }
    }
}

impl Table {
    fn search(mut self, text: Option<&str>) -> Self {
        if let Some(text) = text.map(str::to_lowercase) {
            let holds = |cell: &String| cell.to_lowercase().contains(&text);
            self.rows.retain(|row| row.cells.iter().any(holds) || holds(&row.hidden));
        }
        self
    }

    fn print(&self, kind: Kind, output: &mut Output) -> Result<(), Failure> {
        if output.format() == Format::Json {
            let object = |row: &Row| -> Value {
                let cells = self.columns.iter().zip(&row.cells).map(|(column, cell)| ((*column).to_owned(), json!(cell)));
                Value::Object(cells.collect())
            };
            let kind = kind.to_possible_value().map(|kind| kind.get_name().to_owned()).unwrap_or_default();
            return output.json(&json!({ "version": 1, kind: self.rows.iter().map(object).collect::<Vec<_>>() }));
        }
        let width = |column: usize| self.rows.iter().map(|row| row.cells[column].chars().count()).max().unwrap_or_default();
        let widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
        let line = |row: &Row| {
            let cells = row.cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
            format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
        };
        output.data(&self.rows.iter().map(line).collect::<Vec<_>>().concat())?;
        if self.rows.is_empty() {
            output.talk("nothing to list\n");
        }
        Ok(())
    }
}

fn decisions(catalogue: &Catalogue, client: Option<&str>) -> Table {
    let wanted = catalogue.decisions.iter().filter(|decision| client.is_none_or(|client| decision.settings.contains_key(client)));
    let row = |decision: &crate::catalogue::Decision| {
        Row::new([decision.key.clone(), words::silence(&decision.silence), decision.question.clone()])
    };
    Table { columns: &["decision", "default", "question"], rows: wanted.map(row).collect() }
}

fn checks(catalogue: &Catalogue) -> Table {
    let row = |check: &crate::catalogue::Check| {
        let levels = check.levels.iter().map(|(level, _)| level.word()).collect::<Vec<_>>().join(", ");
        Row::new([check.name.clone(), levels, check.says.clone()])
    };
    Table { columns: &["check", "levels", "says"], rows: catalogue.checks.iter().map(row).collect() }
}

fn clients(catalogue: &Catalogue) -> Table {
    let row = |client: &crate::catalogue::Client| {
        let rules = catalogue.decisions.iter().filter_map(|decision| decision.settings.get(&client.id)).flatten();
        let names: BTreeSet<&str> = rules.map(|rule| rule.name.as_str()).collect();
        Row::new([client.id.clone(), client.name.clone(), format!("{} settings", names.len()), client.artifacts.join(" ")])
    };
    Table { columns: &["client", "name", "settings", "artifacts"], rows: catalogue.clients.iter().map(row).collect() }
}

/// Everything the schemas know. A client has what stands in the same part of a schema as something that rules set on it: the
/// same template, payload type, preference domain or platform.
fn settings(catalogue: &Catalogue, schemas: &Schemas<'_>, client: Option<&str>) -> Table {
    fn part(name: &str) -> Option<&str> {
        name.split_once(':').map(|(part, _)| part)
    }
    let parts: Option<BTreeSet<Option<&str>>> = client.map(|client| {
        let rules = catalogue.decisions.iter().filter_map(|decision| decision.settings.get(client)).flatten();
        rules.map(|rule| part(&rule.name)).collect()
    });
    let mut set_by: std::collections::BTreeMap<&str, BTreeSet<&str>> = std::collections::BTreeMap::new();
    for decision in &catalogue.decisions {
        for rule in decision.settings.values().flatten() {
            set_by.entry(&rule.name).or_default().insert(&decision.key);
        }
    }
    let names = schemas.names().filter(|name| parts.as_ref().is_none_or(|parts| parts.contains(&part(name))));
    let row = |name: String| {
        let known = schemas.describe(&name);
        let title = known.as_ref().and_then(|known| known.title.clone()).unwrap_or_default();
        let facts = known
            .into_iter()
            .flat_map(|known| known.facts)
            .filter(|(word, _)| matches!(*word, "registry" | "found in" | "meaning"));
        let hidden = facts.map(|(_, fact)| fact).collect::<Vec<_>>().join("\n");
        let decisions = set_by.get(name.as_str()).into_iter().flatten().copied().collect::<Vec<_>>().join(", ");
        let decisions = if decisions.is_empty() { "-".to_owned() } else { decisions };
        Row { cells: vec![name, decisions, title], hidden }
    };
    Table { columns: &["setting", "decisions", "title"], rows: names.map(row).collect() }
}

fn presets(catalogue: &Catalogue) -> Table {
    let defaults = catalogue.presets.iter().flat_map(|(level, defaults)| defaults.iter().map(move |default| (level, default)));
    let row = |(level, default): (&String, &crate::catalogue::PresetDefault)| {
        Row::new([level.clone(), default.key.clone(), words::spelled(&default.default), default.because.clone()])
    };
    Table { columns: &["preset", "decision", "default", "because"], rows: defaults.map(row).collect() }
}

fn codes() -> Table {
    let rows = Code::ALL.iter().map(|code| Row::new([code.name().to_owned(), code.means().to_owned()])).collect();
    Table { columns: &["code", "means"], rows }
}
