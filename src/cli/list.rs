//! `groundplan list`: what there is of a kind, as aligned columns or JSON.
//!
//! Settings are searched by the vendor schemas, which rank them; of everything else the cells are searched. A search that
//! finds nothing ends like an unknown name: with the nearest names, and not with 0.

use std::collections::{BTreeMap, BTreeSet};

use clap::ValueEnum;
use serde_json::{Value, json};

use super::exit::{Exit, Failure};
use super::output::Output;
use super::{Format, Global, context, coverage};
use crate::catalogue::Catalogue;
use crate::diag::Code;
use crate::review::{nearest_names, words};
use crate::vendor::{Hit, Query, Schemas, nearest};

/// Arguments of `list`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// What to list.
    #[arg(value_enum)]
    kind: Kind,
    /// Only what this client has.
    #[arg(long, value_name = "NAME")]
    client: Option<String>,
    /// Only what holds all these words, in any case: of settings the name, title, key, value name, category or item, the
    /// likeliest first. Finding nothing is exit code 1.
    #[arg(long, value_name = "TEXT", value_parser = some_text)]
    search: Option<String>,
    /// Of decisions: what the content says for every answer on every client.
    #[arg(long)]
    coverage: bool,
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
    if arguments.coverage {
        if arguments.kind != Kind::Decisions {
            return Err(Failure::Usage("`--coverage` is for `list decisions`".to_owned()));
        }
        coverage::print(&catalogue, client, arguments.search.as_deref(), output)?;
        return Ok(Exit::Fine);
    }
    let search = arguments.search.as_deref();
    let schemas = context::schemas(&baselines)?;
    let table = match arguments.kind {
        Kind::Decisions => decisions(&catalogue, client).search(search),
        Kind::Checks => checks(&catalogue).search(search),
        Kind::Clients => clients(&catalogue).search(search),
        Kind::Settings => settings(&catalogue, &schemas, client, search.unwrap_or_default()),
        Kind::Presets => presets(&catalogue).search(search),
        Kind::Codes => codes().search(search),
    };
    table.print(arguments.kind, output)?;
    match search {
        Some(text) if table.rows.is_empty() => Err(Failure::UnknownName(found_nothing(text, &catalogue, &schemas))),
        None if table.rows.is_empty() => {
            output.talk("nothing to list\n");
            Ok(Exit::Fine)
        }
        _ => Ok(Exit::Fine),
    }
}

fn some_text(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("name at least one word".to_owned()) } else { Ok(text.to_owned()) }
}

fn found_nothing(text: &str, catalogue: &Catalogue, schemas: &Schemas<'_>) -> String {
    let near = nearest_names(text, catalogue, schemas);
    let help = if near.is_empty() {
        "try fewer words, or a part of one".to_owned()
    } else {
        format!("similar are {}", near.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "))
    };
    format!("nothing of this kind holds `{text}`: {help}")
}

/// Rows of equal columns.
struct Table {
    columns: &'static [&'static str],
    rows: Vec<Row>,
}

struct Row {
    cells: Vec<String>,
    /// The row as JSON, where the cells are not all.
    json: Option<Value>,
}

impl Row {
    fn new<const N: usize>(cells: [String; N]) -> Self {
        Self { cells: cells.into(), json: None }
    }
}

/// A cell that is wider pushes the rest of its line, so that one long title does not widen all lines.
const WIDEST: usize = 60;

impl Table {
    fn search(mut self, text: Option<&str>) -> Self {
        let words: Vec<String> = text.unwrap_or_default().split_whitespace().map(str::to_lowercase).collect();
        let holds = |row: &Row| {
            let cells: Vec<String> = row.cells.iter().map(|cell| cell.to_lowercase()).collect();
            words.iter().all(|word| cells.iter().any(|cell| cell.contains(word)))
        };
        self.rows.retain(holds);
        self
    }

    fn print(&self, kind: Kind, output: &mut Output) -> Result<(), Failure> {
        if output.format() == Format::Json {
            let object = |row: &Row| -> Value {
                let cells = self.columns.iter().zip(&row.cells).map(|(column, cell)| ((*column).to_owned(), json!(cell)));
                row.json.clone().unwrap_or_else(|| Value::Object(cells.collect()))
            };
            let kind = kind.to_possible_value().map(|kind| kind.get_name().to_owned()).unwrap_or_default();
            return output.json(&json!({ "version": 2, kind: self.rows.iter().map(object).collect::<Vec<_>>() }));
        }
        let width = |column: usize| self.rows.iter().map(|row| row.cells[column].chars().count()).max().unwrap_or_default();
        let widths: Vec<usize> = (0..self.columns.len()).map(|column| width(column).min(WIDEST)).collect();
        let mut text = String::new();
        for row in &self.rows {
            let cells = row.cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
            text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
            text.push('\n');
        }
        output.data(&text)
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

/// What the schemas know and holds the text. A client has what stands in the same part of a schema as something that rules
/// set on it: the same template, payload type, preference domain or platform.
fn settings(catalogue: &Catalogue, schemas: &Schemas<'_>, client: Option<&str>, text: &str) -> Table {
    fn part(name: &str) -> Option<&str> {
        name.split_once(':').map(|(part, _)| part)
    }
    let parts: Option<BTreeSet<Option<&str>>> = client.map(|client| {
        let rules = catalogue.decisions.iter().filter_map(|decision| decision.settings.get(client)).flatten();
        rules.map(|rule| part(&rule.name)).collect()
    });
    let mut set_by: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for decision in &catalogue.decisions {
        for rule in decision.settings.values().flatten() {
            set_by.entry(&rule.name).or_default().insert(&decision.key);
        }
    }
    let row = |hit: Hit| {
        let decisions: Vec<&str> = set_by.get(hit.name.as_str()).into_iter().flatten().copied().collect();
        let decided = if decisions.is_empty() { "-".to_owned() } else { decisions.join(", ") };
        let json = json!({
            "setting": hit.name, "decisions": decisions, "title": hit.title, "takes": hit.takes, "where": hit.place,
        });
        let title = hit.title.or(hit.takes).unwrap_or_default();
        Row { cells: vec![hit.name, decided, title, hit.place], json: Some(json) }
    };
    let hits = schemas.search(&Query::new(text)).into_iter();
    let rows = hits.filter(|hit| parts.as_ref().is_none_or(|parts| parts.contains(&part(&hit.name)))).map(row).collect();
    Table { columns: &["setting", "decisions", "title", "where"], rows }
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
