//! The interview of `groundplan init`: the required questions, each answer held against the reader of plans at once.
//!
//! In: lines of text. Out: answers that make a plan without errors. Nothing here knows a decision: questions, words and
//! shapes are the catalogue's. Streams are given, so that a test can hold the conversation.

use std::collections::BTreeMap;
use std::io::{self, BufRead};

use crate::catalogue::{Catalogue, Decision, Shape};
use crate::diag::{Finding, Level, has_errors};
use crate::plan::starter::{required, write};
use crate::value::Value;

/// Why there are no answers.
#[derive(Debug, thiserror::Error)]
pub(super) enum Ended {
    /// The input ended before every question was answered.
    #[error("the interview ended early")]
    Early,
    /// The input could not be read.
    #[error("read the answers")]
    Io(#[from] io::Error),
}

/// The two sides of the conversation, and who judges a plan.
pub(super) struct Interview<'a> {
    pub(super) catalogue: &'a Catalogue,
    /// Good answers to all required decisions; they stand in for what was not asked yet.
    pub(super) sample: BTreeMap<String, Value>,
    pub(super) input: &'a mut dyn BufRead,
    pub(super) say: &'a mut dyn FnMut(&str),
    /// All findings of a plan.
    pub(super) judge: &'a dyn Fn(&str) -> Vec<Finding>,
}

impl Interview<'_> {
    /// Asks until the answers make a plan without errors.
    ///
    /// # Errors
    /// [`Ended`] when the input ends or fails.
    pub(super) fn hold(mut self) -> Result<BTreeMap<String, Value>, Ended> {
        loop {
            let mut answers = self.sample.clone();
            for decision in required(self.catalogue) {
                let answer = self.ask(decision, &answers)?;
                answers.insert(decision.key.clone(), answer);
            }
            let findings = (self.judge)(&write(&answers, self.catalogue));
            if !has_errors(&findings) {
                return Ok(answers);
            }
            self.tell(&findings);
            (self.say)("The answers do not fit together. Once more:\n");
        }
    }

    fn ask(&mut self, decision: &Decision, so_far: &BTreeMap<String, Value>) -> Result<Value, Ended> {
        loop {
            (self.say)(&format!("\n{}\n", decision.question));
            for answer in decision.shape.answers().unwrap_or_default() {
                (self.say)(&format!("  {}: {}\n", answer.word, answer.means));
            }
            let value = match &decision.shape {
                Shape::Record { fields, .. } => {
                    (self.say)("  (leave empty what there is not)\n");
                    let mut record = BTreeMap::new();
                    for field in fields {
                        let line = self.line(&format!("  {}, {}", field.name, field.shape.describe()))?;
                        if !line.is_empty() {
                            record.insert(field.name.clone(), typed(&field.shape, &line));
                        }
                    }
                    Value::Map(record)
                }
                shape => {
                    let several = matches!(shape, Shape::Choices(_) | Shape::List(_));
                    let line = self.line(if several { "  (divide several with commas)" } else { "" })?;
                    typed(shape, &line)
                }
            };
            let mut plan = so_far.clone();
            plan.insert(decision.key.clone(), value.clone());
            let errors: Vec<Finding> = (self.judge)(&write(&plan, self.catalogue))
                .into_iter()
                .filter(|finding| finding.level == Level::Error && finding.check.is_none())
                .collect();
            if errors.is_empty() {
                return Ok(value);
            }
            self.tell(&errors);
        }
    }

    fn line(&mut self, prompt: &str) -> Result<String, Ended> {
        (self.say)(&if prompt.is_empty() { "> ".to_owned() } else { format!("{prompt}\n> ") });
        let mut line = String::new();
        if self.input.read_line(&mut line)? == 0 {
            return Err(Ended::Early);
        }
        Ok(line.trim().to_owned())
    }

    fn tell(&mut self, findings: &[Finding]) {
        for finding in findings.iter().filter(|finding| finding.level == Level::Error) {
            let help = finding.help.as_ref().map(|help| format!("\n  {help}")).unwrap_or_default();
            (self.say)(&format!("{}{help}\n", finding.message));
        }
    }
}

/// A line as a value of the shape; what does not fit stays text, and the reader of plans says what is wrong with it.
fn typed(shape: &Shape, line: &str) -> Value {
    let text = || Value::Text(line.to_owned());
    match shape {
        Shape::Choices(_) => Value::List(items(line).map(Value::from).collect()),
        Shape::List(each) => Value::List(items(line).map(|item| typed(each, item)).collect()),
        Shape::Number { .. } => line.parse().map_or_else(|_| text(), Value::Number),
        Shape::Flag => line.parse().map_or_else(|_| text(), Value::Flag),
        _ => text(),
    }
}

fn items(line: &str) -> impl Iterator<Item = &str> {
    line.split(',').map(str::trim).filter(|item| !item.is_empty())
}
