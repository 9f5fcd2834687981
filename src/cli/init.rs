//! `groundplan init`: a new plan, from an interview, the least there can be, or an example. It never overwrites.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::exit::{Exit, Failure};
use super::interview::{Ended, Interview};
use super::output::Output;
use super::{Global, context};
use crate::baselines::Baselines;
use crate::catalogue::Catalogue;
use crate::diag::has_errors;
use crate::generate::{Job, Selection, examine};
use crate::out::write_new;
use crate::plan::{read_plan, starter};
use crate::source::{Document, Limits, parse};
use crate::value::Value;

/// The plan of the content whose answers stand for those of the user.
const SAMPLE: &str = "lists/minimal.yaml";

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The file to write; `-` is standard output.
    #[arg(default_value = "groundplan.yaml")]
    file: PathBuf,
    /// Go on with the questions that the plan in FILE leaves to their defaults; each answer is saved at once.
    #[arg(long = "continue", conflicts_with_all = ["minimal", "example"])]
    more: bool,
    /// The least a plan must say, with comments.
    #[arg(long, conflicts_with = "example")]
    minimal: bool,
    /// A whole plan of an organisation that does not exist.
    #[arg(long, value_enum, value_name = "NAME")]
    example: Option<Example>,
}

/// Plans to start from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Example {
    /// A municipal utility with own servers, four groups of people, shared desks and staff outside.
    Utility,
    /// A small law firm with mail at a provider.
    Lawfirm,
}

impl Example {
    fn text(self) -> &'static str {
        match self {
            Self::Utility => include_str!("../../examples/utility.yaml"),
            Self::Lawfirm => include_str!("../../examples/lawfirm.yaml"),
        }
    }
}

pub(super) fn run(arguments: &Arguments, global: &Global, output: &mut Output) -> Result<Exit, Failure> {
    context::text_or_json("init", output)?;
    if arguments.more {
        if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
            return Err(Failure::Usage("nobody can be asked here: write the answers into the plan".to_owned()));
        }
        return super::questions::run(&arguments.file, global, &mut io::stdin().lock(), output);
    }
    let to_stdout = arguments.file == Path::new("-");
    let plan = if let Some(example) = arguments.example {
        format!("{}#\n{}", starter::editor_lines(), example.text())
    } else {
        let asked = !arguments.minimal;
        if asked && !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
            let message = "nobody can be asked here: choose `--minimal`, `--example utility` or `--example lawfirm`";
            return Err(Failure::Usage(message.to_owned()));
        }
        if asked && !to_stdout && arguments.file.exists() {
            // Before the questions, not after them; the write below refuses as well.
            let source = io::Error::from(io::ErrorKind::AlreadyExists);
            return Err(Failure::Write { path: arguments.file.clone(), source });
        }
        let baselines = context::baselines(global)?;
        let catalogue = context::catalogue(&baselines)?;
        let sample = starter::sample(&sample_plan(&baselines)?, &catalogue);
        let answers = if asked { interview(&baselines, &catalogue, sample, global, output)? } else { sample };
        starter::write(&answers, &catalogue)
    };
    if to_stdout {
        output.data(&plan)?;
        return Ok(Exit::Fine);
    }
    write_new(&arguments.file, plan.as_bytes()).map_err(|error| Failure::Surroundings(Box::new(error)))?;
    let file = arguments.file.display();
    output.talk(&format!("Wrote {file}. Next: edit it or answer more (`groundplan init --continue {file}`), then `groundplan check {file}` and `groundplan generate {file}`.\n"));
    Ok(Exit::Fine)
}

fn sample_plan(baselines: &Baselines) -> Result<Document, Failure> {
    let (document, findings) = baselines.document(SAMPLE).unwrap_or_default();
    document.ok_or(Failure::Findings(findings))
}

fn interview(
    baselines: &Baselines,
    catalogue: &Catalogue,
    sample: BTreeMap<String, Value>,
    global: &Global,
    output: &Output,
) -> Result<BTreeMap<String, Value>, Failure> {
    // A broken overlay is told before the first question.
    context::schemas(baselines)?;
    let today = context::today(global);
    let judge = |text: &str| {
        let (document, mut findings) = parse("answers", text.as_bytes(), Limits::default());
        if let Some(document) = document.filter(|_| findings.is_empty()) {
            let (plan, found) = read_plan(&document, catalogue);
            findings = found;
            if !has_errors(&findings) {
                let selection = Selection::default();
                if let Ok(schemas) = context::schemas(baselines) {
                    let job = Job {
                        plan: &plan,
                        catalogue,
                        schemas: &schemas,
                        baselines,
                        today,
                        selection: &selection,
                        previous: None,
                    };
                    findings.extend(examine(&job));
                }
            }
        }
        findings
    };
    let mut say = |text: &str| output.ask(text);
    let interview = Interview { catalogue, sample, input: &mut io::stdin().lock(), say: &mut say, judge: &judge };
    interview.hold().map_err(|ended| match ended {
        Ended::Early => Failure::Usage("the interview ended before every question was answered; nothing was written".to_owned()),
        Ended::Io(source) => Failure::Read { path: PathBuf::from("standard input"), source },
    })
}
