//! Holds the lines of the notices against the decisions: what a line names must be an answer that is there when it holds.

use crate::baselines::Baselines;
use crate::catalogue::{Catalogue, NoticeLine, Shape, Silence};
use crate::diag::{Code, Finding, Place, SourceFile};

/// What a line may name besides answers.
const WORKED_OUT: [&str; 4] = ["careful", "mine", "permitted", "programs"];

/// Finds lines that are no template, or name what might have no answer. What is built in is held by a test; an
/// organisation's own lines are held at each run.
pub fn check_notices(catalogue: &Catalogue, baselines: &Baselines) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut environment = super::environment();
    for section in &catalogue.notices.sections {
        for line in section.lines.iter().chain(&section.yourself) {
            for (language, text) in &line.texts {
                let added = environment.add_template_owned("line", text.clone());
                let template = match added.and_then(|()| environment.get_template("line")) {
                    Ok(template) => template,
                    Err(error) => {
                        findings.push(at(line, baselines, format!("the line in `{language}` is no template: {error}")));
                        continue;
                    }
                };
                let mut names: Vec<String> = template.undeclared_variables(true).into_iter().collect();
                names.sort();
                for name in names.iter().filter(|name| !is_there(name, line, catalogue)) {
                    let message = format!("the line in `{language}` names `{name}`, which might have no answer");
                    findings.push(at(line, baselines, message).help("let its `when` ask for it: `present`"));
                }
            }
        }
    }
    findings
}

/// Whether a name of a line surely has a value when the line holds.
fn is_there(name: &str, line: &NoticeLine, catalogue: &Catalogue) -> bool {
    if WORKED_OUT.contains(&name) {
        return true;
    }
    let Some(subject) = catalogue.keys().find(name).map(|subject| (subject.key.to_owned(), subject.field.map(str::to_owned)))
    else {
        return false;
    };
    let (key, field) = subject;
    let ensured = line.when.as_ref().is_some_and(|when| when.ensures_present(&key, field.as_deref()));
    let Some(decision) = catalogue.decision(&key) else { return false };
    let always = !matches!(decision.silence, Silence::Unanswered);
    let of_record = match (&decision.shape, &field) {
        (Shape::Record { fields, .. }, Some(field)) => fields.iter().any(|known| known.name == *field && known.required),
        _ => true,
    };
    ensured || always && of_record
}

fn at(line: &NoticeLine, baselines: &Baselines, message: String) -> Finding {
    let file = SourceFile::new(line.place.file.as_str(), baselines.text(&line.place.file).unwrap_or_default());
    let start = file.text.split_inclusive('\n').take(line.place.line - 1).map(str::len).sum::<usize>();
    let end = start + file.text[start..].lines().next().unwrap_or_default().len();
    let start = start + file.text[start..end].len() - file.text[start..end].trim_start_matches([' ', '-']).len();
    Finding::error(Code::CatalogueForm, message).at(Place { file, span: start..end })
}
