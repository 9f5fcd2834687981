//! Two settings that write one value: every way in which that can happen is an error that names both.

use super::{BASELINES, CATALOGUE, answers, list, minimal_with, rule, yaml};
use crate::baseline::{Checker, resolve};
use crate::catalogue::{Catalogue, Decision};
use crate::diag::Code;
use crate::value::Value;
use crate::vendor::{Schemas, Versions};

/// The findings about two settings of one client, given by two decisions.
fn findings(client: &str, lines: &str, first: (&str, Value), second: (&str, Value)) -> Vec<String> {
    let decision = |key: &str, line, (name, value): (&str, Value)| {
        let settings = std::collections::BTreeMap::from([(client.to_owned(), vec![rule(name, value, line)])]);
        let gaps = std::collections::BTreeMap::new();
        Decision { settings, gaps, duties: Vec::new(), ..CATALOGUE.decision(key).unwrap().clone() }
    };
    let decisions = vec![decision("content.read_as", 1, first), decision("content.remote", 2, second)];
    let document = minimal_with(&yaml(lines).root);
    let (baseline, conflicts) = resolve(&Catalogue { decisions, ..CATALOGUE.clone() }, &answers(&document, lines));
    assert_eq!(conflicts, [], "the names differ");
    assert_eq!(baseline.settings.len(), 2);
    let schemas = Schemas::load(&BASELINES).unwrap();
    let (_, findings) = Checker::new(&schemas, Versions::default()).check(baseline);
    findings
        .into_iter()
        .map(|finding| {
            assert_eq!(finding.code, Code::BaselineConflict, "{}", finding.message);
            assert_eq!(finding.help.as_deref(), Some("the rules are decisions/test.yaml:1 and decisions/test.yaml:2"));
            finding.message
        })
        .collect()
}

const OUTLOOK: &str = "clients: [outlook]\n";
const MAC: &str = "clients: [apple-mail]\n";

fn map(entries: &[(&str, Value)]) -> Value {
    Value::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
}

#[test]
fn two_policies_that_write_one_value_must_agree() {
    let (one, other) = ("office16:L_OpenDirectlyInApp", "office16:L_OpenOfficeDocumentDirectlyInOfficeApplication");
    let schemas = Schemas::load(&BASELINES).unwrap();
    let takes = |name: &str, value: &str| schemas.check(name, &value.into(), &Versions::default()).is_ok();
    assert!(takes(one, "enabled") && takes(other, "disabled"));
    let found = findings("outlook", OUTLOOK, (one, "enabled".into()), (other, "disabled".into()));
    let [message] = found.as_slice() else { panic!("{found:?}") };
    assert!(message.starts_with(&format!("`{one}` and `{other}` both write `")), "{message}");
    assert!(message.to_lowercase().ends_with("\\opendirectlyinapp`"), "{message}");
}

#[test]
fn a_value_for_the_user_and_one_for_the_computer_are_two_channels() {
    let pair = ("office16:L_DisableTrainingMachine", "office16:L_DisableTrainingUser");
    let found = findings("outlook", OUTLOOK, (pair.0, "enabled".into()), (pair.1, "enabled".into()));
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn a_payload_key_whole_and_in_part_must_agree() {
    let whole = "com.apple.MCX:com.apple.EnergySaver.desktop.ACPower";
    let part = "com.apple.MCX:com.apple.EnergySaver.desktop.ACPower/Display Sleep Timer";
    let outer = |minutes| (whole, map(&[("Display Sleep Timer", Value::Number(minutes))]));
    let inner = |minutes| (part, Value::Number(minutes));
    assert_eq!(findings("apple-mail", MAC, outer(10), inner(10)), Vec::<String>::new());
    assert_eq!(findings("apple-mail", MAC, outer(10), inner(20)).len(), 1);
    let other = (whole, map(&[("System Sleep Timer", Value::Number(10))]));
    assert_eq!(findings("apple-mail", MAC, other, inner(20)), Vec::<String>::new());
}

#[test]
fn a_preference_beside_the_policy_that_sets_it_is_refused() {
    let lines = "clients: [thunderbird]\n";
    for (preference, value, policy, given) in [
        ("mail.inappnotifications.enabled", Value::Flag(true), "InAppNotification", map(&[("Disabled", Value::Flag(true))])),
        ("security.tls.version.min", Value::Number(3), "SSLVersionMin", "tls1.2".into()),
        ("intl.locale.requested", "de".into(), "RequestedLocales", list(&["de"])),
    ] {
        let found = findings("thunderbird", lines, (policy, given), (preference, value));
        assert_eq!(found, [format!("`{policy}` and `{preference}` both write `{preference}`")]);
    }
    let default = ("OfferToSaveLoginsDefault", Value::Flag(false));
    let found = findings("thunderbird", lines, ("OfferToSaveLogins", Value::Flag(true)), default);
    assert_eq!(found, ["`OfferToSaveLogins` and `OfferToSaveLoginsDefault` both write `OfferToSaveLoginsDefault`"]);
}

#[test]
fn a_list_that_empties_a_key_takes_nothing_with_it() {
    use crate::baseline::writers::meeting;
    use crate::baseline::{CheckedSetting, Lock, Setting};
    use crate::vendor::Typed;
    use crate::vendor::registry::{Hive, RegistryAction, RegistryData, RegistryKey, RegistryOperation};

    let setting = |policy: &str, key: &str, name: &str, action| CheckedSetting {
        setting: Setting {
            files: std::collections::BTreeSet::new(),
            name: policy.to_owned(),
            value: Value::Flag(true),
            lock: Lock::Locked,
            security: true,
            personal: false,
            trails: Vec::new(),
        },
        typed: Typed::Registry(vec![RegistryOperation {
            hive: Hive::User,
            key: RegistryKey::new(key).unwrap(),
            name: name.to_owned(),
            action,
        }]),
    };
    let set = || RegistryAction::Set(RegistryData::Dword(1));
    let list = setting("t:List", "Software\\A\\List", "", RegistryAction::DeleteAllValues);
    for (key, met) in [("software\\a\\LIST", 1), ("Software\\A", 0), ("Software\\A\\List\\Deeper", 0)] {
        for order in [false, true] {
            let mut both = [list.clone(), setting("t:Value", key, "Name", set())];
            if order {
                both.reverse();
            }
            assert_eq!(meeting(&both).len(), met, "{key}");
        }
    }
}
