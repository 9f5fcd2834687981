//! Runs the rules of the catalogue over the answers of a role.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::fill::{Unfilled, UserSpelling, fill};
use super::{Baseline, Duty, Gap, Lock, Setting, Trail};
use crate::catalogue::{
    Catalogue, Condition, Decision, Environment, FixedLock, MdmSpelling, Reference, RulePlace, SettingKind, SettingRule, Source,
    Template,
};
use crate::diag::{Code, Finding, Level};
use crate::plan::{Origin, RoleAnswers, holds};
use crate::value::{PersonalPart, PersonalText, Value};

/// How the plan's device management spells a person's values, and what is known of that.
fn device_management<'c>(catalogue: &'c Catalogue, answers: &RoleAnswers) -> Option<(&'c str, &'c MdmSpelling)> {
    let mdm = answers.value("delivery", Some("mdm")).and_then(Value::as_text)?;
    catalogue.mdm.get_key_value(mdm).map(|(name, spelling)| (name.as_str(), spelling))
}

/// How the plan's device management spells a person's values.
pub fn user_spelling(catalogue: &Catalogue, answers: &RoleAnswers) -> UserSpelling {
    let spelling = device_management(catalogue, answers).map(|(_, spelling)| &spelling.user);
    spelling.into_iter().flatten().map(|(part, text)| (part.clone(), text.as_str().into())).collect()
}

/// What each client that asks the environment makes of a person's values.
fn from_environment(catalogue: &Catalogue, answers: &RoleAnswers, findings: &mut Vec<Finding>) -> BTreeMap<String, UserSpelling> {
    let mut spelling = |client: &str, environment: &Environment| {
        let name = PersonalText { variables: environment.name.clone(), parts: vec![PersonalPart::Name] };
        let mut user = UserSpelling::from([("name".to_owned(), Value::Personal(name))]);
        if !environment.full_name.is_empty() {
            let full_name = PersonalText { variables: environment.full_name.clone(), parts: vec![PersonalPart::Name] };
            user.insert("full_name".to_owned(), Value::Personal(full_name));
        }
        match environment.email.as_ref().map(|template| fill(template, answers, &user)) {
            Some(Ok(address)) => drop(user.insert("email".to_owned(), address)),
            Some(Err(Unfilled::Unfit(how))) => {
                findings.push(Finding::error(Code::BaselineSetting, format!("no mail address can be made for {client}: {how}")));
            }
            Some(Err(Unfilled::NoSpelling(_))) | None => {}
        }
        user
    };
    catalogue.environment.iter().map(|(client, environment)| (client.clone(), spelling(client, environment))).collect()
}

/// Makes the baseline of a role. Findings are conflicts between decisions, and values of the plan that a rule cannot use.
pub fn resolve(catalogue: &Catalogue, answers: &RoleAnswers) -> (Baseline, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut run = Run {
        answers,
        by_management: user_spelling(catalogue, answers),
        by_environment: from_environment(catalogue, answers, &mut findings),
        baseline: Baseline::default(),
        settings: BTreeMap::new(),
        findings,
        spelled: BTreeSet::new(),
        unspelled: BTreeMap::new(),
        named: Vec::new(),
    };
    run.baseline.clients =
        catalogue.clients.iter().filter(|client| holds(&client.when, answers)).map(|client| client.id.clone()).collect();
    for decision in &catalogue.decisions {
        run.decision(decision);
    }
    if let Some((name, mdm)) = device_management(catalogue, answers) {
        run.spelling(name, mdm);
    }
    run.payloads();
    run.baseline.settings = run.settings.into_values().map(|resolved| resolved.setting).collect();
    (run.baseline, run.findings)
}

/// A setting while other decisions may still say something about it.
struct Resolved {
    setting: Setting,
    merge: bool,
}

struct Run<'a> {
    answers: &'a RoleAnswers,
    /// What stands for a person's values where the device management fills them in.
    by_management: UserSpelling,
    /// The same, by client, where the client asks the environment.
    by_environment: BTreeMap<String, UserSpelling>,
    baseline: Baseline,
    settings: BTreeMap<String, Resolved>,
    findings: Vec<Finding>,
    /// What of a person the settings hold.
    spelled: BTreeSet<String>,
    /// What of a person the device management cannot spell, and the first setting that lacks it.
    unspelled: BTreeMap<String, String>,
    /// The payloads that settings name, each with the setting and where it comes from.
    named: Vec<(String, String, Trail)>,
}

impl Run<'_> {
    fn decision(&mut self, decision: &Decision) {
        let trail = |client: Option<&String>, place: &RulePlace, cite: &[String], why: Option<&String>| {
            let given = self.answers.answers.get(&decision.key);
            Trail {
                decision: decision.key.clone(),
                answer: given.map(|given| given.value.to_string()),
                origin: given.map(|given| given.origin.clone()),
                client: client.cloned(),
                rule: place.clone(),
                cite: cite.to_vec(),
                why: why.cloned(),
            }
        };
        let mut settings = Vec::new();
        for client in &self.baseline.clients {
            for rule in decision.settings.get(client).into_iter().flatten() {
                if let Some(template) = self.template(rule) {
                    settings.push((rule, template, trail(Some(client), &rule.place, &rule.cite, rule.why.as_ref())));
                }
            }
            for gap in decision.gaps.get(client).into_iter().flatten() {
                if gap.when.as_ref().is_none_or(|when| holds(when, self.answers)) {
                    let trail = trail(Some(client), &gap.place, &[], None);
                    self.baseline.gaps.push(Gap {
                        client: client.clone(),
                        reason: gap.reason.clone(),
                        duty: gap.duty.clone(),
                        trail,
                    });
                }
            }
        }
        for duty in &decision.duties {
            if duty.when.as_ref().is_none_or(|when| holds(when, self.answers)) {
                let trail = trail(None, &duty.place, &[], None);
                self.baseline.duties.push(Duty { to: duty.to.clone(), what: duty.what.clone(), how: duty.how.clone(), trail });
            }
        }
        for (rule, template, trail) in settings {
            self.setting(rule, template, trail);
        }
    }

    /// The value that a rule gives under these answers; `None` when it does not apply or leaves the setting alone.
    fn template<'r>(&self, rule: &'r SettingRule) -> Option<&'r Template> {
        let applies = |when: &Option<Condition>| when.as_ref().is_none_or(|when| holds(when, self.answers));
        if !applies(&rule.when) {
            return None;
        }
        rule.cases.iter().find(|case| applies(&case.when))?.set.as_ref()
    }

    fn setting(&mut self, rule: &SettingRule, template: &Template, trail: Trail) {
        let by_environment = trail.client.as_ref().and_then(|client| self.by_environment.get(client));
        let value = match fill(template, self.answers, by_environment.unwrap_or(&self.by_management)) {
            Ok(value) => value,
            // The client asks the person for what its environment does not say.
            Err(Unfilled::NoSpelling(_)) if by_environment.is_some() => return,
            // Where profiles are installed by hand, the client asks the person; elsewhere `spelling` reports it.
            Err(Unfilled::NoSpelling(part)) => {
                self.unspelled.entry(part).or_insert_with(|| rule.name.clone());
                return;
            }
            Err(Unfilled::Unfit(how)) => {
                self.findings.push(at(
                    &trail,
                    Finding::error(Code::BaselineSetting, format!("`{}` cannot carry `{}`: {how}", rule.name, trail.decision)),
                ));
                return;
            }
        };
        if by_environment.is_none() {
            self.spelled.extend(template.personal().map(str::to_owned));
        }
        let payloads = template.references().into_iter().filter_map(Reference::payload);
        self.named.extend(payloads.map(|payload| (payload.to_owned(), rule.name.clone(), trail.clone())));
        let setting = Setting {
            name: rule.name.clone(),
            value,
            lock: self.lock(rule),
            security: rule.kind == SettingKind::Security,
            personal: template.personal().next().is_some(),
            files: self.files(template),
            trails: vec![trail],
        };
        self.unite(setting, rule.merge);
    }

    /// The files of the plan that a value names, and that must come with it.
    fn files(&self, template: &Template) -> BTreeSet<String> {
        let named = |reference: &Reference| match &reference.source {
            Source::Answer { key, field } if reference.brings_files() => self.answers.value(key, field.as_deref()),
            _ => None,
        };
        let paths = template.references().into_iter().filter_map(named).filter_map(Value::as_list).flatten();
        paths.map(Value::to_string).collect()
    }

    /// A payload that is named and that nothing sets would leave a reference that leads nowhere.
    fn payloads(&mut self) {
        for (payload, setting, trail) in &self.named {
            let of_payload = format!("{payload}:");
            if !self.settings.keys().any(|name| name.starts_with(&of_payload)) {
                let message = format!("`{setting}` names the payload `{payload}`, which nothing sets");
                let help = format!("set it under the same condition; the rule is {}:{}", trail.rule.file, trail.rule.line);
                self.findings.push(at(trail, Finding::error(Code::BaselineSetting, message)).help(help));
            }
        }
    }

    /// What is wrong or uncertain about the spellings of the device management, where this role needs them.
    fn spelling(&mut self, name: &str, mdm: &MdmSpelling) {
        let origin = self.answers.answers.get("delivery").map(|given| &given.origin);
        let at = |finding: Finding| match origin {
            Some(Origin::Plan { place, .. }) => finding.at(place.clone()),
            _ => finding,
        };
        if !mdm.by_hand {
            for (part, setting) in &self.unspelled {
                let message =
                    format!("no spelling is known by which `{name}` fills in {}, and `{setting}` needs it", of_person(part));
                let help = format!(
                    "a profile that is pushed without it sets up no account: take another system under `delivery.mdm`, or `generic` and install the profile by hand, where the person is asked ({})",
                    mdm.source
                );
                self.findings.push(at(Finding::error(Code::PlanSpelling, message)).help(help));
            }
        }
        if !mdm.confirmed && !self.spelled.is_empty() {
            let spelled: Vec<String> =
                self.spelled.iter().filter_map(|part| mdm.user.get(part)).map(|spelling| format!("`{spelling}`")).collect();
            let message = format!("that `{name}` fills in {} in profiles was not confirmed", spelled.join(", "));
            let help = format!("try the user profile on one Mac and look at the account before it goes to all ({})", mdm.source);
            self.findings.push(at(Finding::error(Code::PlanSpelling, message).level(Level::Warning)).help(help));
        }
    }

    /// Whether the setting is locked (decision `lock`; M 5.57, APP.5.3.A1).
    fn lock(&self, rule: &SettingRule) -> Lock {
        let by_decision = || match self.answers.value("lock", None).and_then(Value::as_text) {
            Some("everything") => true,
            Some("nothing") => false,
            _ => rule.kind == SettingKind::Security,
        };
        let locked = rule.lock.map_or_else(by_decision, |lock| lock == FixedLock::Always);
        if locked { Lock::Locked } else { Lock::Preset }
    }

    fn unite(&mut self, setting: Setting, merge: bool) {
        match self.settings.entry(setting.name.clone()) {
            Entry::Vacant(entry) => {
                entry.insert(Resolved { setting, merge });
            }
            Entry::Occupied(mut entry) => {
                let known = entry.get_mut();
                let united = if known.setting.value == setting.value {
                    Some(setting.value.clone())
                } else {
                    (merge && known.merge).then(|| union(&known.setting.value, &setting.value)).flatten()
                };
                if let Some(value) = united {
                    known.setting.value = value;
                    known.setting.lock = known.setting.lock.min(setting.lock);
                    known.setting.security |= setting.security;
                    known.setting.personal |= setting.personal;
                    known.setting.files.extend(setting.files);
                    known.setting.trails.extend(setting.trails);
                } else {
                    self.findings.push(conflict(&known.setting, &setting));
                }
            }
        }
    }
}

/// A part of a person's values in words.
fn of_person(part: &str) -> &str {
    match part {
        "email" => "the mail address",
        "name" => "the user name",
        _ => "the full name",
    }
}

/// Two decisions that want different values of one setting.
fn conflict(known: &Setting, setting: &Setting) -> Finding {
    let (first, second) = (&known.trails[0], &setting.trails[0]);
    let message = format!(
        "`{}` would be `{}` by `{}` and `{}` by `{}`",
        setting.name, known.value, first.decision, setting.value, second.decision
    );
    let mut finding = at(second, Finding::error(Code::BaselineConflict, message));
    if let Some(Origin::Plan { place, .. }) = &first.origin
        && finding.place.as_ref() != Some(place)
    {
        finding = finding.also(place.clone(), "the other decision");
    }
    finding.help(format!("the rules are {}:{} and {}:{}", first.rule.file, first.rule.line, second.rule.file, second.rule.line))
}

/// The finding at the place in the plan, where the plan gave the answer.
fn at(trail: &Trail, finding: Finding) -> Finding {
    match &trail.origin {
        Some(Origin::Plan { place, .. }) => finding.at(place.clone()),
        _ => finding,
    }
}

/// Two values in one: lists hold the items of both, maps the entries of both; `None` when they disagree on something.
fn union(left: &Value, right: &Value) -> Option<Value> {
    match (left, right) {
        (left, right) if left == right => Some(left.clone()),
        (Value::List(left), Value::List(right)) => {
            let mut items = left.clone();
            items.extend(right.iter().filter(|item| !left.contains(item)).cloned());
            Some(Value::List(items))
        }
        (Value::Map(left), Value::Map(right)) => {
            let mut entries = left.clone();
            for (key, value) in right {
                let united = match entries.get(key) {
                    Some(known) => union(known, value)?,
                    None => value.clone(),
                };
                entries.insert(key.clone(), united);
            }
            Some(Value::Map(entries))
        }
        _ => None,
    }
}
