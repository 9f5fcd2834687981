//! Gathers what is known about a name, both ways: from a decision to what it sets, from a setting to what decides it.

use super::in_plan;
use super::names::{Known, in_topic, is_answered_by, known_requirements, requirement};
use super::rules::rule_view;
use super::views::{
    ChecksView, ClientView, CodeView, DecisionView, DutyView, Explanation, GapView, RequirementFacts, RequirementView,
    SettingView, TopicView,
};
use super::words;
use crate::catalogue::{Catalogue, Check, Decision, RaiseTo, Requirement};
use crate::diag::Code;
use crate::generate::Job;
use crate::vendor::Schemas;

/// Explains a name; with a plan also what it means there. A name of several settings has no explanation of its own.
pub fn explain(known: &Known, catalogue: &Catalogue, schemas: &Schemas<'_>, job: Option<&Job<'_>>) -> Option<Explanation> {
    Some(match known {
        Known::Decision(key) => Explanation::Decision(Box::new(decision(catalogue.decision(key)?, catalogue, schemas, job))),
        Known::Topic(name) => Explanation::Topic(topic(name, catalogue, job)),
        Known::Client(id) => Explanation::Client(client(id, catalogue, job)?),
        Known::Check(name) => Explanation::Check(check(catalogue.check(name)?, job)),
        Known::Code(code) => Explanation::Code(self::code(*code)),
        Known::Setting(name) => Explanation::Setting(setting(name, catalogue, schemas, job)),
        Known::Requirement(name) => Explanation::Requirement(by_requirement(name, catalogue, job)),
        Known::Several(_) => return None,
    })
}

fn code(code: Code) -> CodeView {
    CodeView { code: code.name(), means: code.means() }
}

fn decision(decision: &Decision, catalogue: &Catalogue, schemas: &Schemas<'_>, job: Option<&Job<'_>>) -> DecisionView {
    let key = &decision.key;
    let rules = decision.settings.iter().flat_map(|(client, rules)| rules.iter().map(move |rule| (client, rule)));
    let presets = catalogue.presets.iter().flat_map(|(level, defaults)| defaults.iter().map(move |default| (level, default)));
    let duties = decision.duties.iter().map(|duty| DutyView {
        to: addressee(catalogue, &duty.to),
        when: duty.when.as_ref().map(words::condition),
        what: duty.what.clone(),
        how: duty.how.clone(),
    });
    let looked_at = |check: &&Check| {
        check.points_at.iter().any(|at| at == key || at.strip_prefix(key.as_str()).is_some_and(|rest| rest.starts_with('.')))
    };
    DecisionView {
        decision: key.clone(),
        number: decision.number,
        question: decision.question.clone(),
        asked: words::asked(decision),
        takes: decision.shape.describe(),
        answers: decision
            .shape
            .answers()
            .unwrap_or_default()
            .iter()
            .map(|answer| (answer.word.clone(), answer.means.clone()))
            .collect(),
        strength: decision.strength.clone(),
        default: words::silence(&decision.silence),
        presets: presets
            .filter(|(_, default)| default.key == *key)
            .map(|(level, default)| (level.clone(), words::spelled(&default.default), default.because.clone()))
            .collect(),
        raises: catalogue
            .raises
            .iter()
            .filter(|raise| raise.key == *key)
            .map(|raise| (raised_to(&raise.to), words::condition(&raise.when), raise.because.clone()))
            .collect(),
        roles: words::freedom(decision),
        decides: decision.decides.clone(),
        references: decision.references.iter().map(|(standard, names)| (standard.clone(), names.clone())).collect(),
        settings: rules.map(|(client, rule)| rule_view(decision, client, rule, schemas)).collect(),
        gaps: gaps(decision, catalogue, |_| true),
        does_not_apply: decision.does_not_apply.iter().map(|(client, why)| (client.clone(), why.clone())).collect(),
        duties: duties.collect(),
        checks: catalogue.checks.iter().filter(looked_at).map(|check| check.name.clone()).collect(),
        in_plan: job.map(|job| in_plan::answers(job, |answered| is_answered_by(key, answered))).unwrap_or_default(),
        sets_in_plan: job
            .map(|job| in_plan::settings(job, None, |set| set.setting.trails.iter().any(|trail| trail.decision == *key)))
            .unwrap_or_default(),
    }
}

fn raised_to(to: &RaiseTo) -> String {
    match to {
        RaiseTo::Answer(value) => words::spelled(value),
        RaiseTo::Number(crate::catalogue::Comparison::AtLeast, number) => format!("at least {number}"),
        RaiseTo::Number(_, number) => format!("at most {number}"),
        RaiseTo::Without(word) => format!("without {word}"),
    }
}

fn addressee(catalogue: &Catalogue, id: &str) -> String {
    catalogue.addressees.iter().find(|addressee| addressee.id == id).map_or_else(|| id.to_owned(), |found| found.name.clone())
}

fn gaps(decision: &Decision, catalogue: &Catalogue, wanted: impl Fn(&str) -> bool) -> Vec<GapView> {
    let of_clients = decision.gaps.iter().filter(|(client, _)| wanted(client));
    let gaps = of_clients.flat_map(|(client, gaps)| gaps.iter().map(move |gap| (client, gap)));
    gaps.map(|(client, gap)| GapView {
        decision: decision.key.clone(),
        client: client.clone(),
        when: gap.when.as_ref().map(words::condition),
        reason: gap.reason.clone(),
        instead: gap.duty.as_ref().map(|to| addressee(catalogue, to)),
    })
    .collect()
}

fn topic(name: &str, catalogue: &Catalogue, job: Option<&Job<'_>>) -> TopicView {
    let decisions: Vec<&Decision> = catalogue.decisions.iter().filter(|decision| in_topic(decision, name)).collect();
    let wanted = |key: &str| decisions.iter().any(|decision| is_answered_by(&decision.key, key));
    let in_plan = job.map(|job| in_plan::answers(job, wanted)).unwrap_or_default();
    let row = |decision: &&Decision| (decision.key.clone(), words::silence(&decision.silence), decision.question.clone());
    TopicView { topic: name.to_owned(), decisions: decisions.iter().map(row).collect(), in_plan }
}

fn client(id: &str, catalogue: &Catalogue, job: Option<&Job<'_>>) -> Option<ClientView> {
    let client = catalogue.client(id)?;
    let settings = |decision: &Decision| {
        let names: Vec<String> = decision.settings.get(id)?.iter().map(|rule| rule.name.clone()).collect();
        Some((decision.key.clone(), names))
    };
    let of_client =
        |set: &crate::baseline::CheckedSetting| set.setting.trails.iter().any(|trail| trail.client.as_deref() == Some(id));
    Some(ClientView {
        client: client.id.clone(),
        name: client.name.clone(),
        when: words::condition(&client.when),
        artifacts: client.artifacts.clone(),
        next: client.next.clone(),
        decisions: catalogue.decisions.iter().filter_map(settings).collect(),
        gaps: catalogue.decisions.iter().flat_map(|decision| gaps(decision, catalogue, |of| of == id)).collect(),
        in_plan: job.map(|job| in_plan::settings(job, None, of_client)).unwrap_or_default(),
    })
}

fn check(check: &Check, job: Option<&Job<'_>>) -> ChecksView {
    let wanted =
        |key: &str| check.points_at.iter().any(|at| at == key || at.rsplit_once('.').is_some_and(|(whole, _)| whole == key));
    ChecksView {
        check: check.name.clone(),
        says: check.says.clone(),
        help: check.help.clone(),
        levels: check.levels.iter().map(|(level, when)| (level.word(), words::condition(when))).collect(),
        unless_anyone: check.unless_anyone.as_ref().map(words::condition),
        decisions: check.points_at.clone(),
        references: check.references.clone(),
        in_plan: job.map(|job| in_plan::answers(job, wanted)).unwrap_or_default(),
    }
}

fn setting(name: &str, catalogue: &Catalogue, schemas: &Schemas<'_>, job: Option<&Job<'_>>) -> SettingView {
    let mut set_by = Vec::new();
    let mut questions = Vec::new();
    for decision in &catalogue.decisions {
        let before = set_by.len();
        for (client, rules) in &decision.settings {
            set_by.extend(rules.iter().filter(|rule| rule.name == name).map(|rule| rule_view(decision, client, rule, schemas)));
        }
        if set_by.len() > before {
            questions.push((decision.key.clone(), decision.question.clone()));
        }
    }
    let known = schemas.describe(name);
    let in_plan = job.map(|job| in_plan::settings(job, Some(name), |set| set.setting.name == name)).unwrap_or_default();
    SettingView {
        setting: name.to_owned(),
        schema: known.as_ref().map(|known| known.schema.clone()),
        title: known.as_ref().and_then(|known| known.title.clone()),
        facts: known.map(|known| known.facts).unwrap_or_default(),
        set_by,
        questions,
        in_plan,
    }
}

fn facts(known: &Requirement, catalogue: &Catalogue) -> RequirementFacts {
    let standard = catalogue.requirements.standard(&known.standard);
    RequirementFacts {
        requirement: known.id.clone(),
        standard: standard.map_or_else(|| known.standard.clone(), |standard| standard.name.clone()),
        edition: known.edition.clone(),
        title: known.title.clone(),
        identifier: known.identifier.clone(),
    }
}

fn by_requirement(name: &str, catalogue: &Catalogue, job: Option<&Job<'_>>) -> RequirementView {
    let known: Vec<&Requirement> = known_requirements(name, catalogue).collect();
    let wanted = requirement(name);
    let is_wanted = |found: Option<&Requirement>| found.is_some_and(|found| known.contains(&found));
    let serves =
        |names: &[String]| names.iter().any(|name| requirement(name) == wanted || is_wanted(catalogue.requirements.find(name)));
    let mut decisions = Vec::new();
    for decision in &catalogue.decisions {
        let cited = |standard: &str, names: &[String]| {
            names.iter().any(|name| is_wanted(catalogue.requirements.of_standard(standard, name)))
        };
        for (standard, _) in decision.references.iter().filter(|(standard, names)| cited(standard, names)) {
            decisions.push((decision.key.clone(), standard.clone(), decision.question.clone()));
        }
    }
    let checks = catalogue.checks.iter().filter(|check| serves(&check.references));
    let raises = catalogue.raises.iter().filter(|raise| serves(&raise.references));
    let presets = catalogue.presets.values().flatten().filter(|default| serves(&default.references));
    let is_served = |key: &str| decisions.iter().any(|(decision, ..)| is_answered_by(decision, key));
    RequirementView {
        requirement: name.to_owned(),
        facts: known.iter().map(|known| facts(known, catalogue)).collect(),
        in_plan: job.map(|job| in_plan::answers(job, is_served)).unwrap_or_default(),
        checks: checks.map(|check| (check.name.clone(), check.says.clone())).collect(),
        raises: raises
            .map(|raise| (raise.key.clone(), raise.because.clone()))
            .chain(presets.map(|default| (default.key.clone(), default.because.clone())))
            .collect(),
        decisions,
    }
}
