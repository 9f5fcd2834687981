//! Policies as managed preferences of macOS: the domain of the browser, the policy as key, the value with its type.

use std::collections::BTreeSet;

use plist::Value;

use crate::emit::macos::value_of;
use crate::vendor::apple::PayloadKey;
use crate::vendor::browser::{Places, Setting};

/// The keys of all domains; a browser that asks for a switch gets it.
pub(super) fn keys<'s>(settings: impl Iterator<Item = &'s Setting>) -> Vec<PayloadKey> {
    let (mut keys, mut switches) = (Vec::new(), BTreeSet::new());
    for setting in settings {
        keys.push(key(&setting.places, &setting.policy, value_of(&setting.value)));
        if let Some(switch) = &setting.places.preferences_switch
            && switches.insert(&setting.places.browser)
        {
            keys.push(key(&setting.places, switch, Value::Boolean(true)));
        }
    }
    keys
}

fn key(places: &Places, name: &str, value: Value) -> PayloadKey {
    PayloadKey::preference(&places.preferences, &places.name, name, value)
}
