//! An explanation as text for a terminal.

use super::in_plan::{AnswerInPlan, SettingInPlan};
use super::page::Page;
use super::rules::{Outcome, Row, RuleView};
use super::views::{
    ChecksView, ClientView, CodeView, DecisionView, Explanation, GapView, RequirementView, SettingView, TopicView,
};

/// The explanation as a page of at most 100 columns, with ANSI styles.
pub fn text(explanation: &Explanation) -> String {
    let mut page = Page::default();
    match explanation {
        Explanation::Decision(view) => decision(view, &mut page),
        Explanation::Topic(view) => topic(view, &mut page),
        Explanation::Client(view) => client(view, &mut page),
        Explanation::Check(view) => check(view, &mut page),
        Explanation::Code(view) => code(view, &mut page),
        Explanation::Setting(view) => setting(view, &mut page),
        Explanation::Requirement(view) => requirement(view, &mut page),
    }
    page.into_text()
}

fn decision(view: &DecisionView, page: &mut Page) {
    let asked = if view.asked.is_empty() { String::new() } else { format!(", {}", view.asked) };
    page.title(&view.decision, &format!("decision {}{asked}", view.number));
    page.paragraph(2, &view.question);

    page.heading("Answers");
    if view.answers.is_empty() {
        page.paragraph(2, &format!("{}.", capitalised(&view.takes)));
    } else {
        page.labelled(2, view.answers.iter().map(|(word, means)| (word.as_str(), means.clone())));
    }
    if !view.strength.is_empty() {
        page.paragraph(2, &format!("Weakest first: {}.", view.strength.join(", ")));
    }
    let mut silence = vec![("default", view.default.clone())];
    silence.extend(view.presets.iter().map(|(level, default, because)| (level.as_str(), format!("{default}: {because}"))));
    page.labelled(2, silence);
    for (to, when, because) in &view.raises {
        page.paragraph(2, &format!("Raised to {to} if {when}: {because}"));
    }
    page.paragraph(2, &format!("{} Decided by {}.", view.roles, view.decides.join(", ")));

    page.heading("Requirements");
    page.labelled(2, view.references.iter().map(|(standard, names)| (standard.as_str(), names.join(", "))));

    let mut last = None;
    for rule in &view.settings {
        if last != Some(&rule.client) {
            page.heading(&format!("What it sets: {}", rule.client));
            last = Some(&rule.client);
        }
        rule_text(rule, &rule.setting, page);
    }
    gaps(&view.gaps, false, page);
    if !view.does_not_apply.is_empty() {
        page.heading("Does not apply");
        page.labelled(2, view.does_not_apply.iter().map(|(client, why)| (client.as_str(), why.clone())));
    }
    if !view.duties.is_empty() {
        page.heading("Duties");
        for duty in &view.duties {
            page.name(2, &duty.to);
            page.paragraph(4, &format!("{}{}", duty.what, condition(duty.when.as_ref())));
            if let Some(how) = &duty.how {
                page.paragraph(4, &format!("How: {how}"));
            }
        }
    }
    if !view.checks.is_empty() {
        page.heading("Checks that look at it");
        page.paragraph(2, &view.checks.join(", "));
    }
    answers(&view.in_plan, false, page);
    settings(&view.sets_in_plan, page);
}

fn topic(view: &TopicView, page: &mut Page) {
    page.title(&view.topic, "topic");
    for (key, default, question) in &view.decisions {
        page.name(2, key);
        page.paragraph(4, question);
        page.paragraph(4, &format!("Default: {default}"));
    }
    answers(&view.in_plan, true, page);
}

fn client(view: &ClientView, page: &mut Page) {
    page.title(&view.client, "client");
    page.paragraph(2, &view.name);
    page.heading("A role has it");
    page.paragraph(2, &format!("if {}", view.when));
    page.heading("Artifacts");
    page.paragraph(2, &view.artifacts.join(", "));
    page.paragraph(2, &view.next);
    page.heading("What decisions set on it");
    page.labelled(2, view.decisions.iter().map(|(decision, names)| (decision.as_str(), names.join(", "))));
    gaps(&view.gaps, true, page);
    settings(&view.in_plan, page);
}

fn check(view: &ChecksView, page: &mut Page) {
    page.title(&view.check, "check");
    page.paragraph(2, &view.says);
    page.heading("What to do");
    page.paragraph(2, &view.help);
    page.heading("When");
    page.labelled(2, view.levels.iter().map(|(level, when)| (*level, when.clone())));
    page.labelled(2, view.unless_anyone.iter().map(|when| ("unless", format!("for anybody {when}"))));
    page.heading("Decisions it looks at");
    page.paragraph(2, &view.decisions.join(", "));
    page.heading("Requirements");
    page.paragraph(2, &view.references.join(", "));
    answers(&view.in_plan, true, page);
}

fn code(view: &CodeView, page: &mut Page) {
    page.title(view.code, "finding code");
    page.paragraph(2, view.means);
}

fn setting(view: &SettingView, page: &mut Page) {
    page.title(&view.setting, "setting");
    if let Some(title) = &view.title {
        page.paragraph(2, title);
    }
    match &view.schema {
        Some(schema) => {
            page.heading(&format!("In {schema}"));
            page.labelled(2, view.facts.iter().map(|(word, fact)| (*word, fact.clone())));
        }
        None => page.paragraph(2, "No vendor schema knows it by this name alone."),
    }
    if view.set_by.is_empty() {
        page.heading("Decisions");
        page.paragraph(2, "No decision sets it.");
    }
    for rule in &view.set_by {
        page.heading(&format!("Set by {} on {}", rule.decision, rule.client));
        if let Some((_, question)) = view.questions.iter().find(|(decision, _)| *decision == rule.decision) {
            page.paragraph(2, question);
        }
        rule_text(rule, &rule.decision, page);
    }
    settings(&view.in_plan, page);
}

fn requirement(view: &RequirementView, page: &mut Page) {
    page.title(&view.requirement, "requirement");
    for facts in &view.facts {
        let edition = format!("{}, edition {}", facts.standard, facts.edition);
        let mut lines = vec![("title", facts.title.clone()), ("standard", edition)];
        lines.extend(facts.identifier.iter().map(|identifier| ("identifier", identifier.clone())));
        if view.facts.len() > 1 {
            page.name(2, &facts.requirement);
        }
        page.labelled(2, lines);
    }
    page.heading("Decisions that serve it");
    if view.decisions.is_empty() {
        page.paragraph(2, "None.");
    }
    for (decision, standard, question) in &view.decisions {
        page.name(2, &format!("{decision} ({standard})"));
        page.paragraph(4, question);
    }
    if !view.checks.is_empty() {
        page.heading("Checks behind which it stands");
        for (check, says) in &view.checks {
            page.name(2, check);
            page.paragraph(4, says);
        }
    }
    if !view.raises.is_empty() {
        page.heading("Defaults that differ because of it");
        page.labelled(2, view.raises.iter().map(|(decision, because)| (decision.as_str(), because.clone())));
    }
    answers(&view.in_plan, true, page);
}

/// What each answer sets: the name, the vendor's words for it, the values, and where they come from.
fn rule_text(rule: &RuleView, name: &str, page: &mut Page) {
    page.name(2, name);
    if name == rule.setting {
        if let Some(title) = &rule.title {
            page.paragraph(4, title);
        }
        if let Some(place) = &rule.found_in {
            page.paragraph(4, place);
        }
    }
    let label = |row: &Row| {
        if row.answers.is_empty() || rule.rows.len() == 1 { "any answer".to_owned() } else { row.answers.join(", ") }
    };
    let rows: Vec<(String, String)> = rule.rows.iter().map(|row| (label(row), outcomes(&row.outcomes))).collect();
    page.labelled(4, rows.iter().map(|(label, values)| (label.as_str(), values.clone())));
    let mut facts = Vec::new();
    if let Some(why) = &rule.why {
        facts.push(("why", why.clone()));
    }
    facts.push(("source", rule.cite.join("; ")));
    facts.push(("locked", rule.locked.to_owned()));
    if rule.merges {
        facts.push(("unites", "with what other decisions set".to_owned()));
    }
    facts.push(("rule", rule.rule.clone()));
    page.labelled(4, facts);
}

fn outcomes(outcomes: &[Outcome]) -> String {
    let one = |outcome: &Outcome| {
        let value = outcome.value.as_deref().unwrap_or("left alone");
        match &outcome.when {
            Some(when) => format!("{value} if {when}"),
            None if outcomes.len() > 1 => format!("otherwise {value}"),
            None => value.to_owned(),
        }
    };
    outcomes.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn gaps(gaps: &[GapView], by_decision: bool, page: &mut Page) {
    if gaps.is_empty() {
        return;
    }
    page.heading("What cannot be enforced");
    let text = |gap: &GapView| {
        let instead = gap.instead.as_ref().map(|to| format!(" Instead: {to}.")).unwrap_or_default();
        format!("{}{}{instead}", gap.reason, condition(gap.when.as_ref()))
    };
    page.labelled(2, gaps.iter().map(|gap| (if by_decision { gap.decision.as_str() } else { gap.client.as_str() }, text(gap))));
}

fn condition(when: Option<&String>) -> String {
    when.map(|when| format!(" (if {when})")).unwrap_or_default()
}

fn answers(found: &[AnswerInPlan], named: bool, page: &mut Page) {
    if found.is_empty() {
        return;
    }
    page.heading("In this plan");
    let decisions: std::collections::BTreeSet<&str> = found.iter().map(|answer| answer.decision.as_str()).collect();
    let named = named || decisions.len() > 1;
    let text = |answer: &AnswerInPlan| {
        let value =
            answer.answer.as_deref().map_or_else(|| answer.origin.clone(), |value| format!("{value} ({})", answer.origin));
        if named { format!("{}: {value}", answer.decision) } else { value }
    };
    let lines: Vec<(String, String)> = found.iter().map(|answer| (answer.roles.join(", "), text(answer))).collect();
    page.labelled(2, lines.iter().map(|(roles, text)| (roles.as_str(), text.clone())));
}

fn settings(found: &[SettingInPlan], page: &mut Page) {
    if found.is_empty() {
        return;
    }
    page.heading("What this plan sets");
    for setting in found {
        page.name(2, &setting.setting);
        let mut lines = vec![("for", setting.roles.join(", "))];
        match &setting.value {
            None => lines.push(("value", "not set".to_owned())),
            Some(value) => {
                lines.push((
                    "value",
                    format!("{value} ({})", if setting.locked { "locked" } else { "preset, the user may change it" }),
                ));
            }
        }
        for trail in &setting.by {
            let answer = trail.answer.as_deref().map(|answer| format!(": {answer}")).unwrap_or_default();
            lines.push(("because", format!("{}{answer} ({})", trail.decision, trail.origin)));
        }
        for (path, place) in &setting.artifacts {
            lines.push(("written", format!("{path}: {place}")));
        }
        page.labelled(4, lines);
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().collect::<String>() + characters.as_str()).unwrap_or_default()
}
