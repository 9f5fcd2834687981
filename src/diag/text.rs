//! Findings as text for people, with the line of the plan and a mark below what is meant.
//!
//! The layout is that of rustc, by the `annotate-snippets` crate. Colours are decided by the caller.

use annotate_snippets::{AnnotationKind, Group, Level as Mark, Origin, Renderer, Snippet};

use super::{Code, Finding, Level, Place};

/// Renders all findings, one after the other with a blank line between.
pub fn render(findings: &[Finding], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for finding in findings {
        text.push_str(&renderer.render(&[group(finding)]));
        text.push_str("\n\n");
    }
    text
}

fn group(finding: &Finding) -> Group<'_> {
    let mark = match finding.level {
        Level::Error => Mark::ERROR,
        Level::Warning => Mark::WARNING,
        Level::Duty => Mark::NOTE.with_name("duty"),
        Level::Note => Mark::NOTE,
    };
    let mut group = mark
        .primary_title(finding.message.as_str())
        .id(finding.name())
        .elements([] as [Snippet<'_, annotate_snippets::Annotation<'_>>; 0]);
    if let (Some(place), Code::PlanSecret) = (&finding.place, finding.code) {
        // The line itself would carry the secret into logs.
        let (line, column) = place.line_column();
        group = group.element(Origin::path(place.file.name.as_str()).line(line).char_column(column));
    } else if let Some(place) = &finding.place {
        let mut main = snippet(place, AnnotationKind::Primary, "");
        for (other, says) in finding.also.iter().filter(|(other, _)| other.file == place.file) {
            main = main.annotation(AnnotationKind::Context.span(other.span.clone()).label(says.as_str()));
        }
        group = group.element(main);
    }
    for (other, says) in &finding.also {
        if finding.place.as_ref().is_none_or(|place| place.file != other.file) {
            group = group.element(snippet(other, AnnotationKind::Context, says));
        }
    }
    if let Some(help) = &finding.help {
        group = group.element(Mark::HELP.message(help.as_str()));
    }
    group
}

fn snippet<'a>(place: &'a Place, kind: AnnotationKind, says: &'a str) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let annotation = kind.span(place.span.clone());
    let annotation = if says.is_empty() { annotation } else { annotation.label(says) };
    Snippet::source(place.file.text.as_ref()).path(place.file.name.as_str()).annotation(annotation)
}
