//! Answers, roles, needs, acceptances, and what is refused with which code.

use std::cmp::Ordering;

use jiff::civil::{Date, date};

use super::{CheckOutcome, CheckRun, Origin, Plan, RoleAnswers, answers_of, causes_in_words, read_plan, strength};
use crate::baselines::Baselines;
use crate::catalogue::{Catalogue, Need, load_catalogue};
use crate::diag::{Finding, Level};
use crate::source::{Limits, parse};
use crate::value::Value;

const TODAY: Date = date(2026, 11, 1);
const MINIMAL: &str = "organisation: Example\ndomains: [example.org]\nclients: [thunderbird]\nservers: { imap: imap.example.org, smtp: smtp.example.org }\n";

fn catalogue() -> Catalogue {
    load_catalogue(&Baselines::embedded()).unwrap_or_else(|findings| panic!("{}", crate::diag::text::render(&findings, false)))
}

fn findings(text: &str) -> Vec<Finding> {
    let (document, found) = parse("plan.yaml", text.as_bytes(), Limits::default());
    assert_eq!(found, []);
    read_plan(&document.unwrap(), &catalogue()).1
}

fn answers(text: &str, role: Option<&str>) -> RoleAnswers {
    let (document, found) = parse("plan.yaml", text.as_bytes(), Limits::default());
    assert_eq!(found, []);
    let catalogue = catalogue();
    let (plan, found) = read_plan(&document.unwrap(), &catalogue);
    assert_eq!(found, []);
    answers_of(&plan, role, &catalogue, TODAY)
}

fn checked(text: &str, today: Date) -> CheckOutcome {
    let (document, _) = parse("plan.yaml", text.as_bytes(), Limits::default());
    let catalogue = catalogue();
    let (plan, found) = read_plan(&document.unwrap(), &catalogue);
    assert_eq!(found, []);
    outcome(&plan, &catalogue, today)
}

fn outcome(plan: &Plan, catalogue: &Catalogue, today: Date) -> CheckOutcome {
    let mut run = CheckRun::new(plan, catalogue, today);
    plan.all_roles().for_each(|role| run.add(&answers_of(plan, role, catalogue, today)));
    run.finish()
}

fn with(lines: &str) -> String {
    format!("{MINIMAL}{lines}")
}

#[test]
fn silence_is_the_default_and_says_so() {
    let answers = answers(MINIMAL, None);
    assert_eq!(answers.value("content.read_as", None), Some(&Value::from("text")));
    assert_eq!(answers.answers["content.read_as"].origin, Origin::Default);
    assert_eq!(answers.value("delivery", Some("mdm")), Some(&Value::from("generic")));
    assert_eq!(answers.value("decided", Some("review")), None);
}

#[test]
fn a_role_merges_maps_and_replaces_lists() {
    let text = with("may: [send-external]\nroles:\n  desk:\n    may: []\n    servers: { ldap: ldap.example.org }\n");
    let desk = answers(&text, Some("desk"));
    assert_eq!(desk.value("may", None), Some(&Value::List(vec![])));
    assert_eq!(desk.value("servers", Some("imap")), Some(&Value::from("imap.example.org")));
    assert_eq!(desk.value("servers", Some("ldap")), Some(&Value::from("ldap.example.org")));
    assert_eq!(answers(&text, None).value("servers", Some("ldap")), None);
}

#[test]
fn a_need_is_the_highest_of_what_the_role_handles() {
    let text = with(
        "information:\n  a: { channels: [mail-internal], confidentiality: high, who: [desk] }\n  b: { channels: [mail-internal, chat], confidentiality: normal }\nroles: { desk: {} }\n",
    );
    let desk = answers(&text, Some("desk"));
    assert_eq!(desk.need("confidentiality", "mail-internal"), Need::High);
    assert_eq!(desk.need("confidentiality", "mail"), Need::High);
    assert_eq!(desk.need("confidentiality", "chat"), Need::Normal);
    assert_eq!(answers(&text, None).need("confidentiality", "any"), Need::Normal);
}

#[test]
fn a_need_raises_a_default_and_never_an_answer() {
    let information = "information: { files: { channels: [mail-external], confidentiality: high } }\n";
    let raised = answers(&with(information), None);
    assert_eq!(raised.value("content.remote", None), Some(&Value::from("never")));
    let Origin::Raised { causes, .. } = &raised.answers["content.remote"].origin else { panic!("{raised:?}") };
    assert_eq!(causes_in_words(causes), "`files` is high (confidentiality) and goes over mail-external");
    let decided = answers(&with(&format!("{information}content: {{ remote: ask }}\n")), None);
    assert_eq!(decided.value("content.remote", None), Some(&Value::from("ask")));
}

#[test]
fn hosts_become_a_labels() {
    let text = MINIMAL.replace("imap.example.org", "Bücher.Example.ORG");
    assert_eq!(answers(&text, None).value("servers", Some("imap")), Some(&Value::from("xn--bcher-kva.example.org")));
}

#[test]
fn what_is_no_host_is_refused() {
    for bad in [
        "https://imap.example.org",
        "imap.example.org:993",
        "192.168.1.1",
        "\"::1\"",
        "imap_example.org",
        "imap..example.org",
        "imap.example.org.",
        "\"-x.org\"",
        "\"a b.org\"",
        "0x7f.1",
    ] {
        let found = findings(&MINIMAL.replace("imap.example.org", bad));
        assert_eq!(found.iter().map(|f| f.code.name()).collect::<Vec<_>>(), ["plan::value"], "{bad}");
    }
}

#[test]
fn a_list_without_an_item_does_not_answer_what_must_be_answered() {
    for (key, given) in [("domains", "[example.org]"), ("clients", "[thunderbird]")] {
        let found = findings(&MINIMAL.replace(&format!("{key}: {given}"), &format!("{key}: []")));
        let [finding] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(finding.code.name(), "plan::missing");
        assert!(finding.message.starts_with(&format!("`{key}` is empty: ")), "{}", finding.message);
        assert!(finding.place.as_ref().is_some_and(|place| place.text() == "[]"), "{finding:?}");
        assert!(finding.help.is_some(), "{key}");
    }
}

#[test]
fn what_is_no_address_is_refused() {
    for bad in ["http://x.org", "https://", "https://x.org:0", "https://x.org/a b", "https://192.168.0.1/"] {
        assert!(
            !findings(&MINIMAL.replace("imap: imap.example.org", &format!("imap: imap.example.org, web: \"{bad}\""))).is_empty(),
            "{bad}"
        );
    }
    assert_eq!(
        findings(&MINIMAL.replace("imap: imap.example.org", "imap: imap.example.org, web: \"https://u:p@x.org\""))[0].code.name(),
        "plan::secret"
    );
    for bad in ["2026-2-1", "2026-02-30", "yesterday", "20260201"] {
        assert!(!findings(&with(&format!("decided: {{ date: {bad} }}\n"))).is_empty(), "{bad}");
    }
}

#[test]
fn a_password_in_an_address_is_found_and_an_address_beside_another_is_none() {
    for (purpose, secret) in [
        ("See https://x.example or ask help@x.example", false),
        ("<https://x.example>, help@x.example", false),
        ("https://x.example/ and https://u:p@y.example", true),
        ("ldaps://admin@x.example", true),
    ] {
        let codes: Vec<_> = findings(&with(&format!("purpose: \"{purpose}\"\n"))).iter().map(|f| f.code.name()).collect();
        assert_eq!(codes == ["plan::secret"], secret, "{purpose}: {codes:?}");
    }
}

/// What the checks say about loosened content, each with where it stands.
fn loosened(text: &str) -> Vec<(String, Vec<String>)> {
    let outcome = checked(text, TODAY);
    let of_check = |finding: &&Finding| finding.check.as_deref() == Some("content-loosened");
    let places = |finding: &Finding| {
        let also = finding.also.iter().map(|(place, says)| format!("{}: {says}", place.text()));
        finding.place.iter().map(|place| place.text().to_owned()).chain(also).collect()
    };
    outcome.findings.iter().filter(of_check).map(|finding| (finding.message.clone(), places(finding))).collect()
}

#[test]
fn a_role_cannot_loosen_a_default_of_the_level_or_of_a_need() {
    let role = "roles: { a: { content: { remote: ask } } }\n";
    assert_eq!(loosened(&with(role)), []);
    let information = "information: { files: { channels: [mail-external], confidentiality: high } }\n";
    for (base, since) in [
        ("preset: high\n", "the default of the level `high`"),
        (information, "the default since `files` is high (confidentiality) and goes over mail-external"),
    ] {
        let found = loosened(&with(&format!("{base}{role}")));
        let wanted = format!(": `content.remote` is `ask` in the role `a` and `never` for everyone, {since}");
        let [(message, places)] = found.as_slice() else { panic!("{found:?}") };
        assert!(message.ends_with(&wanted), "{message}");
        assert_eq!(places, &["ask"]);
    }
}

#[test]
fn all_findings_come_in_one_run() {
    let found = findings(&with(
        "content: { read_as: plain, remot: never }\nroles: { Desk: {}, desk: { organisation: x } }\noffline_days: many\n",
    ));
    let codes: Vec<_> = found.iter().map(|finding| finding.code.name()).collect();
    assert_eq!(codes, ["plan::unknown-answer", "plan::unknown-key", "plan::wrong-type", "plan::name", "plan::role"]);
}

#[test]
fn a_role_may_tighten_content_and_not_loosen_it() {
    let found = loosened(&with(
        "content: { read_as: simple-html, blocked_attachments: [iso] }\nroles:\n  a: { content: { read_as: html } }\n  b: { content: { read_as: text } }\n  c: { content: { blocked_attachments: standard } }\n",
    ));
    let [(message, places)] = found.as_slice() else { panic!("{found:?}") };
    assert!(message.contains("`content.read_as` is `html` in the role `a` and `simple-html` for everyone; "), "{message}");
    assert!(message.contains("`content.blocked_attachments` is `standard` in the role `c`"), "{message}");
    assert_eq!(places, &["html", "simple-html: for everyone", "standard: here as well", "[iso]: for everyone"]);
}

#[test]
fn a_finding_about_a_need_names_the_information_and_its_channel() {
    let text = with(
        "information:\n  files: { channels: [mail-internal, mail-external], confidentiality: high, who: [desk] }\n  news: { channels: [mail-external] }\nroles: { desk: {}, hall: {} }\n",
    );
    let outcome = checked(&text, TODAY);
    let message = |name: &str| outcome.findings.iter().find(|f| f.check.as_deref() == Some(name)).map(|f| f.message.clone());
    assert_eq!(
        message("encryption-missing").as_deref(),
        Some(
            "Information with a high need for confidentiality goes outside by mail, and nothing makes sure that it is encrypted: `files` is high (confidentiality) and goes over mail-external (role `desk`)"
        )
    );
}

#[test]
fn a_check_that_anybody_answers_is_silent() {
    let none = "out_of_office: none\n";
    let raised = |text: &str| checked(&with(text), TODAY).findings.iter().any(|f| f.check.as_deref() == Some("absence-gap"));
    assert!(raised(none));
    assert!(raised(&format!("{none}roles: {{ desk: {{ offline_days: 1 }} }}\n")));
    assert!(!raised(&format!("{none}roles: {{ desk: {{ may: [act-for-others] }}, hall: {{ may: [] }} }}\n")));
}

#[test]
fn what_the_plan_says_for_these_people_is_given_also_where_it_equals_the_default() {
    let raised =
        |text: &str| checked(&with(text), TODAY).findings.iter().any(|f| f.check.as_deref() == Some("function-not-planned"));
    assert!(!raised("functions: [mail]\n"));
    assert!(raised("functions: [mail]\ncalendar: { external: none }\n"));
    // What everyone decided is not a role's contradiction; what it says itself is.
    assert!(!raised("calendar: { external: none }\nroles: { desk: { functions: [mail] } }\n"));
    assert!(raised("roles: { desk: { functions: [mail], calendar: { team: details } } }\n"));
}

#[test]
fn strength_orders_words_as_the_catalogue_does() {
    let catalogue = catalogue();
    let decision = catalogue.decision("content.read_as").unwrap();
    assert_eq!(strength::compare(decision, &"text".into(), &"html".into()), Some(Ordering::Greater));
}

#[test]
fn an_acceptance_lasts_until_its_end_date() {
    let text = with(
        "deployment: [internal-clients]\nworkplace: shared\noffline_days: 0\nshared_computers: { lock_after: 0 }\nmay: []\naccept:\n  shared-unlocked: { reason: Manned day and night, by: Head of grid, until: 2026-12-31 }\n",
    );
    let outcome = checked(&text, date(2026, 12, 31));
    assert!(outcome.accepted.contains_key("shared-unlocked"));
    let outcome = checked(&text, date(2027, 1, 1));
    assert!(outcome.accepted.is_empty());
    let names: Vec<String> = outcome.findings.iter().map(Finding::name).collect();
    assert!(
        names.contains(&"plan::acceptance-expired".to_owned()) && names.contains(&"check::shared-unlocked".to_owned()),
        "{names:?}"
    );
}

#[test]
fn the_least_plan_has_nothing_wrong_and_names_what_is_left_to_do() {
    let outcome = checked(MINIMAL, TODAY);
    let of = |level: Level| {
        let names = outcome.findings.iter().filter(|finding| finding.level == level).filter_map(|finding| finding.check.clone());
        names.collect::<Vec<String>>()
    };
    assert_eq!((of(Level::Error), of(Level::Warning)), (vec![], vec![]));
    assert_eq!(of(Level::Duty), ["instruction-open", "nothing-classified", "spam-not-agreed", "webmail-not-announced"]);
    assert_eq!(of(Level::Note), ["private-channel-missing"]);
}

#[test]
fn the_examples_raise_exactly_what_they_accept() {
    for (name, accepted) in [("utility", vec!["shared-unlocked", "signature-not-personal"]), ("lawfirm", vec![])] {
        let path = format!("{}/examples/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
        let outcome = checked(&std::fs::read_to_string(path).unwrap(), TODAY);
        assert_eq!(outcome.findings, [], "{name}");
        assert_eq!(outcome.accepted.keys().collect::<Vec<_>>(), accepted, "{name}");
    }
}

#[test]
fn of_two_levels_of_a_check_the_gravest_that_holds_counts() {
    let level = |need: &str| {
        let provider = "deployment: [provider]\nprovider: { assessed: 2026-08-20, contract: security, encrypted: readable }\n";
        let text = format!("{provider}information: {{ files: {{ channels: [calendar], confidentiality: {need} }} }}\n");
        let outcome = checked(&with(&text), TODAY);
        outcome.findings.iter().find(|finding| finding.check.as_deref() == Some("provider-can-read")).map(|finding| finding.level)
    };
    assert_eq!(["normal", "high", "very-high"].map(level), [None, Some(Level::Warning), Some(Level::Error)]);
}

#[test]
fn every_check_is_raised_by_its_example_and_not_by_the_one_beside_it() {
    let catalogue = catalogue();
    let baselines = Baselines::embedded();
    let minimal = baselines.bytes("lists/minimal.yaml").unwrap();
    for check in &catalogue.checks {
        for (node, wanted) in [(&check.raised, true), (&check.silent, false)] {
            let document = crate::catalogue::laid_over(minimal, node);
            let (plan, found) = read_plan(&document, &catalogue);
            assert!(found.is_empty(), "{}: {}", check.name, crate::diag::text::render(&found, false));
            let outcome = outcome(&plan, &catalogue, TODAY);
            let raised = outcome.findings.iter().any(|finding| finding.check.as_deref() == Some(&check.name));
            assert_eq!(raised, wanted, "{}: the example `{}`", check.name, if wanted { "raised" } else { "silent" });
        }
    }
}
