//! The files, character by character; what programs read of them stands in `tests/desktop.rs`.

use super::*;
use crate::value::{PersonalPart, PersonalText, Value};
use crate::vendor::desktop::Tables;

/// The text of the only artifact whose path ends like this.
fn file(settings: &[(&str, Value, Lock)], ending: &str) -> String {
    let baselines = Baselines::embedded();
    let tables = Tables::new(&baselines);
    let typed: Vec<_> = settings.iter().map(|(name, value, lock)| (tables.check(name, value).unwrap(), *lock)).collect();
    let given: Vec<_> = typed.iter().map(|(setting, lock)| (setting, *lock)).collect();
    let mut found = render(&given, &baselines).unwrap().into_iter().filter(|artifact| artifact.path.ends_with(ending));
    let only = found.next().map(|artifact| String::from_utf8(artifact.bytes).unwrap()).unwrap_or_default();
    assert!(found.next().is_none());
    only
}

fn person() -> Value {
    let parts = vec![PersonalPart::Name, PersonalPart::Fixed("@a$b.example".into())];
    Value::Personal(PersonalText { variables: vec!["USER".into()], parts })
}

#[test]
fn values_of_dconf_say_their_type_where_it_is_not_plain() {
    let mail = |key: &str| format!("dconf:/org/gnome/evolution/mail/{key}");
    let keys = [
        (mail("composer-charset"), "it's".into()),
        (mail("composer-localized-re-separators"), Value::List(Vec::new())),
        (mail("junk-custom-header"), Value::List(vec!["a".into(), "b".into()])),
        (mail("mark-seen-timeout"), Value::Number(5)),
        (mail("to-do-bar-show-n-days"), Value::Number(8)),
    ];
    let keys: Vec<_> = keys.iter().map(|(name, value)| (name.as_str(), value.clone(), Lock::Preset)).collect();
    assert_eq!(
        file(&keys, "values"),
        "[org/gnome/evolution/mail]\ncomposer-charset='it\\'s'\ncomposer-localized-re-separators=@as []\n\
         junk-custom-header=['a', 'b']\nmark-seen-timeout=5\nto-do-bar-show-n-days=@u 8\n"
    );
    assert_eq!(file(&keys, "locks"), "", "nothing is locked, and no empty list is written");
    assert!(file(&keys, "profile").ends_with("system-db:groundplan-evolution\n"));
}

#[test]
fn a_lock_of_kconfig_stands_behind_its_key() {
    let at = |key: &str| format!("kconfig:mailtransports/Transport 1/{key}");
    let keys = [
        (at("host"), " a\\b ".into(), Lock::Locked),
        (at("name"), "$HOME".into(), Lock::Preset),
        (at("user"), person(), Lock::Locked),
        (at("options"), person(), Lock::Preset),
    ];
    let keys: Vec<_> = keys.iter().map(|(name, value, lock)| (name.as_str(), value.clone(), *lock)).collect();
    assert_eq!(
        file(&keys, "mailtransports"),
        "[Transport 1]\nhost[$i]=\\sa\\\\b\\s\nname=$HOME\noptions[$e]=${USER}@a$$b.example\nuser[$ie]=${USER}@a$$b.example\n"
    );
    let list = |items: &[&str]| {
        let items = Value::List(items.iter().map(|&item| item.into()).collect());
        file(&[("kconfig:kmail2rc/Composer/CustomTemplates", items, Lock::Preset)], "kmail2rc")
    };
    assert_eq!(list(&["a,b", "c\\"]), "[Composer]\nCustomTemplates=a\\\\,b,c\\\\\\\\\n");
    assert_eq!(list(&[""]), "[Composer]\nCustomTemplates=\\\\0\n");
    assert_eq!(list(&[]), "[Composer]\nCustomTemplates=\n");
}

#[test]
fn a_source_has_another_revision_when_it_says_something_else() {
    let of = |name: &str| file(&[("account:x/Data Source/DisplayName", name.into(), Lock::Preset)], "x.source");
    let (one, other) = (of("one"), of("other"));
    assert!(one.starts_with("[Autoconfig]\nRevision=") && one.ends_with("\n\n[Data Source]\nDisplayName=one\n"), "{one}");
    assert_ne!(one.lines().nth(1), other.lines().nth(1));
    assert_eq!(one, of("one"));
}

#[test]
fn one_name_with_two_values_is_refused() {
    let baselines = Baselines::embedded();
    let tables = Tables::new(&baselines);
    let [one, other] =
        [true, false].map(|flag| tables.check("kconfig:kmail2rc/Composer/html-markup", &Value::Flag(flag)).unwrap());
    let twice = render(&[(&one, Lock::Locked), (&other, Lock::Locked)], &baselines);
    assert_eq!(twice, Err(EmitError::Twice { place: "kconfig:kmail2rc/Composer/html-markup".into() }));
    assert!(render(&[(&one, Lock::Locked), (&one, Lock::Locked)], &baselines).is_ok());
}
