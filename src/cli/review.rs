//! `groundplan review`: the paper that a security officer signs, in all its forms.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use super::exit::{Exit, Failure};
use super::output::Output;
use super::{Format, Global, context};
use crate::baselines::Baselines;
use crate::catalogue::Requirements;
use crate::diag::has_errors;
use crate::generate::{Job, Outcome, Selection, generate};
use crate::out::{Nowhere, replace};
use crate::review::{Language, ORIGINAL, PageError, csv, html, markdown, oscal, sarif, xlsx};

/// Arguments of `review`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The plan; `-` reads standard input.
    plan: PathBuf,
    /// The file to write, or a folder for it; otherwise standard output. The form is `html` unless `--format` says another.
    #[arg(short, long, value_name = "FILE|DIR")]
    output: Option<PathBuf>,
    /// The language, by its code: `en` or `de`.
    #[arg(long, value_name = "CODE", default_value = ORIGINAL)]
    lang: String,
}

/// The forms, with the name of the file in a folder.
const FORMS: [(Format, &str); 7] = [
    (Format::Html, "review.html"),
    (Format::Md, "review.md"),
    (Format::Csv, "review.csv"),
    (Format::Xlsx, "review.xlsx"),
    (Format::Json, "review.json"),
    (Format::Oscal, "component-definition.json"),
    (Format::Sarif, "review.sarif"),
];

pub(super) fn run(arguments: &Arguments, global: &Global, output: &mut Output) -> Result<Exit, Failure> {
    let form = global.format.unwrap_or(Format::Html);
    let Some((_, name)) = FORMS.iter().find(|(known, _)| *known == form) else {
        context::one_of(&FORMS.map(|(form, _)| form), "review", output)?;
        unreachable!("a form that is not known is refused")
    };
    let baselines = context::baselines(global)?;
    let catalogue = context::catalogue(&baselines)?;
    let schemas = context::schemas(&baselines)?;
    context::checked_content(global, &catalogue, &schemas, &baselines)?;
    let language = Language::load(&arguments.lang, &baselines).map_err(|error| Failure::Usage(format!("cannot {error}")))?;
    let (plan, findings) = context::plan(&arguments.plan, &catalogue, global)?;
    if has_errors(&findings) {
        return Err(Failure::Findings(findings));
    }
    output.findings(&findings);
    let selection = Selection::default();
    let today = context::today(global);
    let job = Job {
        plan: &plan,
        catalogue: &catalogue,
        schemas: &schemas,
        baselines: &baselines,
        today,
        selection: &selection,
        previous: None,
    };
    let outcome = generate(&job, &mut Nowhere).map_err(super::generate::failed)?;
    let bytes = render(form, &outcome, &language, &catalogue.requirements, &baselines)?;
    match &arguments.output {
        Some(path) => {
            let path = file(path, name);
            replace(&path, &bytes).map_err(|error| Failure::Surroundings(Box::new(error)))?;
            output.talk(&format!("Wrote {}.\n", path.display()));
        }
        None if form == Format::Xlsx && std::io::stdout().is_terminal() => {
            return Err(Failure::Usage("a workbook does not go to a terminal: choose the file with -o".to_owned()));
        }
        None => Output::bytes(&bytes)?,
    }
    Ok(Exit::Fine)
}

/// The file to write: in a folder, one of the form's own name.
fn file(path: &Path, name: &str) -> PathBuf {
    if path.is_dir() { path.join(name) } else { path.to_owned() }
}

fn render(
    form: Format,
    outcome: &Outcome,
    language: &Language,
    requirements: &Requirements,
    baselines: &Baselines,
) -> Result<Vec<u8>, Failure> {
    let paper = &outcome.paper;
    let page =
        |page: Result<String, PageError>| page.map(String::into_bytes).map_err(|error| Failure::Surroundings(Box::new(error)));
    let json = |value: serde_json::Result<Vec<u8>>| {
        let mut bytes = value.map_err(|error| Failure::Bug(Box::new(error)))?;
        bytes.push(b'\n');
        Ok(bytes)
    };
    match form {
        Format::Html => page(html(paper, language, baselines)),
        Format::Md => page(markdown(paper, language, baselines)),
        Format::Csv => Ok(csv(paper, language)),
        Format::Xlsx => xlsx(paper, language).map_err(|error| Failure::Surroundings(Box::new(error))),
        Format::Oscal => json(serde_json::to_vec_pretty(&oscal(paper, requirements, baselines))),
        Format::Sarif => json(serde_json::to_vec_pretty(&sarif(paper, &outcome.checks))),
        Format::Json | Format::Text => json(serde_json::to_vec_pretty(paper)),
    }
}
