//! `groundplan init --continue`: the questions that a plan leaves to their defaults, one after the other.
//!
//! Each answer is written into the plan at once, so the interview can be left at any moment and taken up again: what is
//! answered is not asked again. Each answer is shown with what it would set; an answer that makes the plan wrong is refused.

use std::fmt::Write as _;
use std::io::BufRead;
use std::path::Path;

use super::exit::{Exit, Failure};
use super::output::Output;
use super::{Global, context};
use crate::baseline::resolve;
use crate::baselines::Baselines;
use crate::catalogue::{Catalogue, Decision, Shape, Silence};
use crate::diag::{Finding, Level, has_errors};
use crate::generate::{Job, Selection, examine};
use crate::out::replace;
use crate::plan::{Plan, answers_of, insert, read_plan};
use crate::source::{Document, Limits, parse};
use crate::value::Value;

/// What a person can answer besides the words.
const LEAVE: &str = ".";
const SKIP: &str = "-";

/// Asks until the input ends, the person leaves, or nothing is left to ask.
pub(super) fn run(path: &Path, global: &Global, input: &mut dyn BufRead, output: &mut Output) -> Result<Exit, Failure> {
    let baselines = context::baselines(global)?;
    let catalogue = context::catalogue(&baselines)?;
    let mut text = std::fs::read_to_string(path).map_err(|source| Failure::Read { path: path.to_owned(), source })?;
    let asked: Vec<&Decision> = catalogue.decisions.iter().filter(|decision| can_be_asked(decision)).collect();
    let round = Round { catalogue: &catalogue, baselines: &baselines, global };
    let (_, plan, findings) = round.read(path, &text)?;
    if has_errors(&findings) {
        return Err(Failure::Findings(findings));
    }
    let open: Vec<&Decision> = asked.into_iter().filter(|decision| !plan.everyone.contains_key(&decision.key)).collect();
    output.ask(&format!(
        "{} questions are open. Enter takes the default (*), `{SKIP}` leaves the question open, `{LEAVE}` ends; every answer is saved at once.\n",
        open.len()
    ));
    for (number, decision) in open.iter().enumerate() {
        loop {
            output.ask(&round.question(decision, &text, path, number + 1, open.len())?);
            let mut line = String::new();
            let read = input.read_line(&mut line).map_err(|source| Failure::Read { path: "standard input".into(), source })?;
            let line = line.trim();
            if read == 0 || line == LEAVE {
                output.talk(&format!("Saved. `groundplan init --continue {}` goes on.\n", path.display()));
                return Ok(Exit::Fine);
            }
            if line == SKIP {
                break;
            }
            let Some(value) = answer(decision, line) else {
                output.ask("There is no default: choose one of the answers.\n");
                continue;
            };
            match round.with(path, &text, decision, &value)? {
                Ok(changed) => {
                    replace(path, changed.as_bytes()).map_err(|error| Failure::Surroundings(Box::new(error)))?;
                    text = changed;
                    break;
                }
                Err(findings) => {
                    for finding in findings {
                        let help = finding.help.as_ref().map(|help| format!("\n  {help}")).unwrap_or_default();
                        output.ask(&format!("{}{help}\n", finding.message));
                    }
                }
            }
        }
    }
    output
        .talk(&format!("Nothing is left to ask. Next: `groundplan check {0}` and `groundplan generate {0}`.\n", path.display()));
    Ok(Exit::Fine)
}

/// Questions with words, flags and numbers for answers, about everyone.
fn can_be_asked(decision: &Decision) -> bool {
    let fits = matches!(decision.shape, Shape::Choice(_) | Shape::Choices(_) | Shape::Flag | Shape::Number { .. });
    fits && !decision.key.contains('<') && decision.silence != Silence::Required
}

/// What was answered, as YAML: an empty line is the default.
fn answer(decision: &Decision, line: &str) -> Option<String> {
    match (&decision.shape, line.is_empty(), &decision.silence) {
        (_, true, Silence::Answer(default)) => Some(default.to_string()),
        (_, true, _) => None,
        (Shape::Choices(_), ..) => Some(format!("[{line}]")),
        _ => Some(line.to_owned()),
    }
}

struct Round<'a> {
    catalogue: &'a Catalogue,
    baselines: &'a Baselines,
    global: &'a Global,
}

impl Round<'_> {
    fn read(&self, path: &Path, text: &str) -> Result<(Document, Plan, Vec<Finding>), Failure> {
        let (document, findings) = parse(&path.display().to_string(), text.as_bytes(), Limits::default());
        let Some(document) = document.filter(|_| findings.is_empty()) else { return Err(Failure::Findings(findings)) };
        let (plan, findings) = read_plan(&document, self.catalogue);
        Ok((document, plan, findings))
    }

    /// The text with one more answer, or what is wrong with it then.
    fn with(&self, path: &Path, text: &str, decision: &Decision, value: &str) -> Result<Result<String, Vec<Finding>>, Failure> {
        let (document, before, _) = self.read(path, text)?;
        let Some(changed) = insert(text, &document.root, &decision.key, value) else {
            return Err(Failure::Usage(format!("write `{}: {value}` into the plan by hand", decision.key)));
        };
        let (_, plan, mut findings) = match self.read(path, &changed) {
            Ok(read) => read,
            Err(Failure::Findings(findings)) => return Ok(Err(findings)),
            Err(failure) => return Err(failure),
        };
        if !has_errors(&findings) {
            let known = self.errors(&before)?;
            findings.extend(
                self.errors(&plan)?.into_iter().filter(|finding| !known.iter().any(|one| one.message == finding.message)),
            );
        }
        findings.retain(|finding| finding.level == Level::Error);
        Ok(if findings.is_empty() { Ok(changed) } else { Err(findings) })
    }

    fn errors(&self, plan: &Plan) -> Result<Vec<Finding>, Failure> {
        let schemas = context::schemas(self.baselines)?;
        let selection = Selection::default();
        let job = Job {
            plan,
            catalogue: self.catalogue,
            schemas: &schemas,
            baselines: self.baselines,
            today: context::today(self.global),
            selection: &selection,
            previous: None,
        };
        Ok(examine(&job).into_iter().filter(|finding| finding.level == Level::Error).collect())
    }

    /// The question, with each answer, its meaning and what it would set.
    fn question(&self, decision: &Decision, text: &str, path: &Path, number: usize, of: usize) -> Result<String, Failure> {
        let mut said = format!("\n{number}/{of}  {}  ({})\n", decision.question, decision.key);
        let default = match &decision.silence {
            Silence::Answer(value) => Some(value),
            Silence::Required | Silence::Unanswered => None,
        };
        let mut answers: Vec<(String, String)> = match &decision.shape {
            Shape::Flag => vec![("true".to_owned(), String::new()), ("false".to_owned(), String::new())],
            shape => {
                shape.answers().unwrap_or_default().iter().map(|answer| (answer.word.clone(), answer.means.clone())).collect()
            }
        };
        if answers.is_empty() {
            answers.extend(default.map(|value| (value.to_string(), String::new())));
        }
        let several = matches!(decision.shape, Shape::Choices(_));
        for (word, means) in answers {
            let is_default = default.is_some_and(|value| {
                value.to_string() == word || value.as_list().is_some_and(|items| items.contains(&Value::from(word.as_str())))
            });
            let consequence = if several { String::new() } else { self.consequence(decision, text, path, &word)? };
            let between = if means.is_empty() { "" } else { ": " };
            writeln!(said, " {} {word}{between}{means}{consequence}", if is_default { '*' } else { ' ' })
                .expect("writing to a String cannot fail");
        }
        said.push_str(if several { "  (divide several with commas)\n> " } else { "> " });
        Ok(said)
    }

    /// What an answer sets for everyone.
    fn consequence(&self, decision: &Decision, text: &str, path: &Path, word: &str) -> Result<String, Failure> {
        let (document, ..) = self.read(path, text)?;
        let Some(changed) = insert(text, &document.root, &decision.key, word) else { return Ok(String::new()) };
        let Ok((_, plan, findings)) = self.read(path, &changed) else { return Ok(String::new()) };
        if has_errors(&findings) {
            return Ok(String::new());
        }
        let answers = answers_of(&plan, None, self.catalogue, context::today(self.global));
        let (baseline, _) = resolve(self.catalogue, &answers);
        let parts = baseline.clients.iter().filter_map(|client| {
            let own = |trail: &crate::baseline::Trail| trail.decision == decision.key && trail.client.as_ref() == Some(client);
            let settings = baseline.settings.iter().filter(|setting| setting.trails.iter().any(own)).count();
            let gaps = baseline.gaps.iter().filter(|gap| own(&gap.trail)).count();
            match (settings, gaps) {
                (0, 0) => None,
                (settings, 0) => Some(format!("{client} sets {settings}")),
                (0, _) => Some(format!("{client} cannot")),
                (settings, _) => Some(format!("{client} sets {settings}, not all")),
            }
        });
        let parts: Vec<String> = parts.collect();
        Ok(if parts.is_empty() { String::new() } else { format!("\n       {}", parts.join("; ")) })
    }
}
