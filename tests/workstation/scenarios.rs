//! What the scripts do on a machine.

use groundplan::value::Value;

use super::machine::{have, run, run_as_mac, standard, with};

/// Lays the values of shell variables before the steps.
fn expecting(left: &str, keys: &str, steps: &str) -> String {
    format!("EXPECTED='{left}'\nKEYS={keys}\n{steps}")
}

#[test]
fn two_people_share_a_computer_and_undo_restores_it() {
    if have(&["jq", "dconf", "systemd-analyze", "getfacl"]) {
        run(include_str!("everyday.sh"), &standard());
    }
}

#[test]
fn links_and_foreign_folders_are_refused() {
    run(include_str!("links.sh"), &standard());
}

#[test]
fn nothing_stays_after_sign_out() {
    let steps = expecting("./Documents/letter ./keepme/x ", "gone", include_str!("sign-out.sh"));
    run(&steps, &standard());
}

#[test]
fn settings_stay_without_mail() {
    let left = "./.config/evolution/sources ./.thunderbird/profiles.ini ./.thunderbird/x.default/extensions/a.xpi \
                ./.thunderbird/x.default/prefs.js ./Documents/letter ./keepme/x ";
    run(&expecting(left, "gone", include_str!("sign-out.sh")), &with(&[("keep", "settings".into())]));
}

#[test]
fn settings_stay_with_stored_sign_in() {
    let left = "./.config/evolution/sources ./.local/share/keyrings/k ./.thunderbird/profiles.ini \
                ./.thunderbird/x.default/extensions/a.xpi ./.thunderbird/x.default/key4.db \
                ./.thunderbird/x.default/logins.json ./.thunderbird/x.default/prefs.js ./Documents/letter ./keepme/x ";
    let values = with(&[("keep", "settings".into()), ("stored_sign_in", Value::Flag(true))]);
    run(&expecting(left, "kept", include_str!("sign-out.sh")), &values);
}

#[test]
fn a_common_account_keeps_nothing_whatever_was_planned() {
    let values = with(&[("accounts", "group".into()), ("keep", "settings".into()), ("stored_sign_in", Value::Flag(true))]);
    run(&expecting("./Documents/letter ./keepme/x ", "gone", include_str!("sign-out.sh")), &values);
}

#[test]
fn a_killed_run_is_finished_by_the_next() {
    run(&format!("ROUNDS=100\n{}", include_str!("killed.sh")), &standard());
}

#[test]
fn three_people_use_a_computer_in_turn_and_read_nothing_of_each_other() {
    if have(&["thunderbird", "su", "pgrep", "pkill", "python3"]) {
        run(include_str!("three-people.sh"), &standard());
    }
}

#[test]
fn the_suite_beside_the_scripts_passes_and_finds_scripts_that_do_not_work() {
    if have(&["bats"]) {
        run(&format!("SKIPPED=0\n{}", include_str!("bats.sh")), &standard());
    }
}

#[test]
fn thunderbird_opens_the_profile_of_the_role() {
    if have(&["thunderbird"]) {
        run(include_str!("thunderbird.sh"), &standard());
    }
}

#[test]
fn two_people_share_a_mac_and_undo_restores_it() {
    run_as_mac(include_str!("mac-everyday.sh"), &standard());
}

#[test]
fn nothing_stays_on_a_mac_after_sign_out() {
    let left = "./Documents/letter ./Library/Preferences/own.plist ";
    run_as_mac(&expecting(left, "gone", include_str!("mac-sign-out.sh")), &standard());
}

#[test]
fn settings_stay_on_a_mac_without_mail() {
    let left = "./Documents/letter ./Library/Preferences/own.plist ./Library/Thunderbird/Profiles/x.default/extensions/a.xpi \
                ./Library/Thunderbird/Profiles/x.default/prefs.js ./Library/Thunderbird/profiles.ini ";
    run_as_mac(&expecting(left, "gone", include_str!("mac-sign-out.sh")), &with(&[("keep", "settings".into())]));
}

#[test]
fn settings_stay_on_a_mac_with_stored_sign_in() {
    let left = "./Documents/letter ./Library/Keychains/login.keychain-db ./Library/Preferences/own.plist \
                ./Library/Thunderbird/Profiles/x.default/extensions/a.xpi ./Library/Thunderbird/Profiles/x.default/key4.db \
                ./Library/Thunderbird/Profiles/x.default/logins.json ./Library/Thunderbird/Profiles/x.default/prefs.js \
                ./Library/Thunderbird/profiles.ini ";
    let values = with(&[("keep", "settings".into()), ("stored_sign_in", Value::Flag(true))]);
    run_as_mac(&expecting(left, "kept", include_str!("mac-sign-out.sh")), &values);
}

#[test]
fn a_killed_run_on_a_mac_is_finished_by_the_next() {
    run_as_mac(&format!("ROUNDS=12\n{}", include_str!("killed.sh")), &standard());
}

#[test]
fn check_names_each_thing_that_is_broken() {
    if have(&["jq", "dconf"]) {
        run(&[include_str!("broken-linux.sh"), include_str!("broken.sh")].join("\n"), &standard());
    }
}

#[test]
fn check_on_a_mac_names_each_thing_that_is_broken() {
    run_as_mac(&[include_str!("broken-mac.sh"), include_str!("broken.sh")].join("\n"), &standard());
}
