//! A difference as text for a terminal.

use super::{AnswerChange, Difference, Effects, NoteChange};
use crate::review::page::Page;

/// The difference as a page of at most 100 columns, with ANSI styles.
pub fn text(difference: &Difference) -> String {
    let mut page = Page::default();
    page.title(&format!("{} to {}", difference.old, difference.new), "difference");
    if difference.is_empty() {
        page.paragraph(2, "Nothing differs.");
        return page.into_text();
    }
    for (what, from, to) in &difference.made_of {
        page.paragraph(2, &format!("Another {what}: {from}, now {to}."));
    }
    for (word, roles) in [("New roles", &difference.roles_new), ("Roles that are gone", &difference.roles_gone)] {
        if !roles.is_empty() {
            page.paragraph(2, &format!("{word}: {}.", roles.join(", ")));
        }
    }
    for cause in &difference.decisions {
        page.heading(&cause.decision);
        page.paragraph(2, &cause.question);
        answers(&mut page, &cause.answers, false);
        if cause.noticed {
            page.paragraph(2, "People notice it at their work.");
        }
        effects(&mut page, &cause.effects);
    }
    if !difference.together.is_empty() {
        page.heading("Only by several of these together");
        effects(&mut page, &difference.together);
    }
    if !difference.files.is_empty() {
        page.heading("To be rolled out again");
        let line = |path: &String| {
            let decisions = difference.decisions_by_file.get(path).filter(|decisions| !decisions.is_empty());
            decisions.map(|decisions| format!(" ({})", decisions.join(", "))).unwrap_or_default()
        };
        page.labelled(2, difference.files.iter().map(|(path, direction)| (direction.word(), format!("{path}{}", line(path)))));
    }
    page.into_text()
}

fn answers(page: &mut Page, changes: &[AnswerChange], named: bool) {
    let named = named || changes.iter().any(|change| change.key != changes[0].key);
    let line = |change: &AnswerChange| {
        let key = if named { format!("{}: ", change.key) } else { String::new() };
        format!("{key}{} ({})", from_to(change.from.as_deref(), change.to.as_deref()), change.roles.join(", "))
    };
    page.labelled(2, changes.iter().map(|change| (change.direction.word(), line(change))));
}

fn effects(page: &mut Page, effects: &Effects) {
    if !effects.follows.is_empty() {
        page.paragraph(2, "With it change:");
        answers(page, &effects.follows, true);
    }
    for change in &effects.settings {
        page.name(2, &change.setting);
        let lock = match (&change.from, &change.to, change.was_locked, change.locked) {
            (_, None, ..) => "",
            (None, _, _, true) | (_, _, true, true) => ", locked",
            (None, _, _, false) | (_, _, false, false) => ", users may change it",
            (_, _, true, false) => ", no longer locked",
            (_, _, false, true) => ", locked now",
        };
        let mut lines =
            vec![(change.direction.word(), format!("{}{lock}", from_to(change.from.as_deref(), change.to.as_deref())))];
        lines.push(("for", format!("{} on {}", change.roles.join(", "), change.clients.join(", "))));
        lines.extend(change.found_in.iter().map(|place| ("found in", place.clone())));
        page.labelled(4, lines);
    }
    notes(page, "Gaps", &effects.gaps);
    notes(page, "Duties", &effects.duties);
}

fn notes(page: &mut Page, what: &str, changes: &[NoteChange]) {
    if changes.is_empty() {
        return;
    }
    page.paragraph(2, &format!("{what}:"));
    let line = |change: &NoteChange| format!("{}: {} ({})", change.whose, change.what, change.roles.join(", "));
    page.labelled(4, changes.iter().map(|change| (change.direction.word(), line(change))));
}

fn from_to(from: Option<&str>, to: Option<&str>) -> String {
    match (from, to) {
        (Some(from), Some(to)) if from == to => to.to_owned(),
        (Some(from), Some(to)) => format!("{from}, now {to}"),
        (None, Some(to)) => to.to_owned(),
        (Some(from), None) => format!("was {from}"),
        (None, None) => String::new(),
    }
}
