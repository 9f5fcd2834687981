//! Lines of each form, and what they are about.

use super::{ArtifactReader, forms};
use crate::baselines::Baselines;
use crate::catalogue::load_catalogue;
use crate::vendor::Schemas;

/// The name on each of these lines of a file.
#[track_caller]
fn names(file: &str, text: &str, expected: &[(usize, Option<&str>)]) {
    let baselines = Baselines::embedded();
    let catalogue = load_catalogue(&baselines).unwrap();
    let schemas = Schemas::load(&baselines).unwrap();
    let reader = ArtifactReader::new(&catalogue, &schemas, &baselines).unwrap();
    for (line, name) in expected {
        assert_eq!(reader.name_at(file, text.as_bytes(), *line).as_deref(), *name, "{file}:{line}");
    }
}

#[test]
fn a_line_leads_to_the_policy_or_preference_around_it() {
    let text = "{\n  \"policies\": {\n    \"DisableTelemetry\": true,\n    \"Preferences\": {\n      \"mail.chat.enabled\": {\n        \"Status\": \"locked\",\n        \"Value\": false\n      }\n    }\n  }\n}\n";
    let (telemetry, chat) = (Some("DisableTelemetry"), Some("mail.chat.enabled"));
    let expected = [(2, None), (3, telemetry), (4, None), (5, chat), (7, chat), (8, chat), (9, None), (11, None)];
    names("out/everyone/thunderbird/policies.json", text, &expected);
    names("etc/thunderbird/policies/policies.json", text, &expected);
    // The same file of a browser has the policies of the browser.
    names("browser/firefox/policies.json", text, &[(3, Some("firefox:DisableTelemetry")), (7, Some("firefox:Preferences"))]);
    names("other/policies.json", text, &[(3, None)]);
}

#[test]
fn a_policy_of_the_second_set_has_the_name_of_that_set_where_a_rule_gives_it_one() {
    let text = "{\n  \"URLBlocklist\": [\n    \"a.example\"\n  ],\n  \"BrowserSignin\": 0\n}\n";
    let list = |name| [(2, name), (3, name), (4, name)];
    names("browser/chrome/managed/groundplan.json", text, &list(Some("chrome:URLBlocklist")));
    names("browser/suspended/chrome/managed/groundplan.json", text, &list(Some("suspended.chrome:URLBlocklist")));
    names("browser/suspended/chrome/managed/groundplan.json", text, &[(5, Some("chrome:BrowserSignin"))]);
    names("etc/opt/edge/policies/managed/groundplan.json", text, &[(5, Some("edge:BrowserSignin"))]);
}

#[test]
fn a_line_of_a_registry_file_is_its_value_and_one_that_opens_a_key_the_first_in_it() {
    let text = "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\Software\\a]\r\n\"b\\\"c\"=hex(7):61,\\\r\n  00\r\n\r\n[-HKEY_CURRENT_USER\\d]\r\n";
    let at = |line| forms::registry(text, line);
    let value = Some(("HKEY_CURRENT_USER\\Software\\a".to_owned(), Some("b\"c".to_owned())));
    assert_eq!([at(3), at(4), at(5)], [value.clone(), value.clone(), value]);
    assert_eq!(at(7), Some(("HKEY_CURRENT_USER\\d".to_owned(), None)));
    assert_eq!([at(1), at(2), at(6)], [None, None, None]);
}

#[test]
fn a_line_of_a_profile_is_a_key_of_its_own_payload() {
    let payload = |kind: &str| {
        format!(
            "<dict>\n<key>Host</key>\n<string>x</string>\n<key>Deep</key>\n<dict>\n<key>In</key>\n<true/>\n</dict>\n<key>PayloadType</key>\n<string>{kind}</string>\n</dict>\n"
        )
    };
    let text = format!(
        "<plist>\n<dict>\n<key>PayloadContent</key>\n<array>\n{}{}</array>\n</dict>\n</plist>\n",
        payload("one"),
        payload("two")
    );
    let at = |line| forms::profile(&text, line).map(|(kind, path)| format!("{kind}:{}", path.join("/")));
    let name = |name: &str| Some(name.to_owned());
    assert_eq!([at(7), at(11), at(18)], [name("one:Host"), name("one:Deep/In"), name("two:Host")]);
    assert_eq!([at(3), at(5), at(15), at(27), at(28)], [None, None, None, None, None]);
}

#[test]
fn what_a_declaration_says_leads_to_the_payload_it_is_made_from() {
    let account = "{\n  \"Payload\": {\n    \"HostName\": \"a\",\n    \"EnabledProtocolTypes\": [\n      \"EWS\"\n    ],\n    \"UserIdentityAssetReference\": \"b\"\n  },\n  \"Type\": \"com.apple.configuration.account.exchange\"\n}\n";
    let host = Some("com.apple.ews.account:Host");
    let address = Some("com.apple.ews.account:EmailAddress");
    names("x/macos/declarations/exchange.json", account, &[(2, None), (3, host), (5, host), (7, address), (9, None)]);
    let person = |keys: &str| {
        format!(
            "{{\n  \"Payload\": {{\n    \"EmailAddress\": \"a\"{keys}\n  }},\n  \"Type\": \"com.apple.asset.useridentity\"\n}}\n"
        )
    };
    names("macos/declarations/useridentity.json", &person(""), &[(3, address)]);
    let named = person(",\n    \"FullName\": \"b\"");
    names("macos/declarations/useridentity.json", &named, &[(3, Some("com.apple.mail.managed:EmailAddress"))]);
}

#[test]
fn forms_for_tools_lead_to_the_policy_that_writes_the_place() {
    let policy = Some("outlk16:L_Reademailasplaintext");
    let key = "software\\policies\\microsoft\\office\\16.0\\outlook\\options\\mail";
    let lgpo = format!("User\r\n{key}\r\nReadAsPlain\r\nDWORD:1\r\n\r\nComputer\r\n{key}\r\nreadasplain\r\nDELETE\r\n\r\n");
    names("outlook/lgpo.txt", &lgpo, &[(1, policy), (4, policy), (5, None), (6, None), (9, None)]);
    let escaped = key.replace('\\', "\\\\");
    let entry = |name: &str, class: &str| {
        format!("  {{\n    \"keyname\": \"{escaped}\",\n    \"valuename\": \"{name}\",\n    \"class\": \"{class}\"\n  }}")
    };
    let samba = format!("[\n{},\n{}\n]\n", entry("**del.readasplain", "USER"), entry("readasplain", "MACHINE"));
    names(
        "outlook/samba-gpo.json",
        &samba,
        &[(1, None), (2, policy), (5, policy), (6, policy), (7, None), (8, None), (12, None)],
    );
}

#[test]
fn a_command_of_fleet_leads_to_the_policy_that_its_comment_names() {
    let command =
        |verb: &str, name: &str| format!("<{verb}>\n  <!-- {name} -->\n  <Item>\n    <Data>x</Data>\n  </Item>\n</{verb}>\n");
    let text = command("Add", "outlk16: template") + &command("Replace", "outlk16:L_Reademailasplaintext");
    let policy = Some("outlk16:L_Reademailasplaintext");
    names(
        "lib/a/groundplan-windows-user.xml",
        &text,
        &[(1, None), (4, None), (6, None), (7, policy), (10, policy), (12, policy)],
    );
    names("lib/a/other.xml", &text, &[(10, None)]);
}

#[test]
fn entries_of_linux_desktops_have_section_and_key() {
    let values = "[org/gnome/evolution/mail]\ncomposer-mode='plain-text'\n";
    let mode = Some("dconf:/org/gnome/evolution/mail/composer-mode");
    names("evolution/dconf/values", values, &[(1, None), (2, mode)]);
    names("etc/dconf/db/groundplan-evolution.d/00-groundplan", values, &[(2, mode)]);
    names("evolution/dconf/locks", "/org/gnome/evolution/mail/composer-mode\n", &[(1, mode)]);
    names(
        "kmail/kmail2rc",
        "[Composer]\nhtml-markup[$i]=false\n",
        &[(1, None), (2, Some("kconfig:kmail2rc/Composer/html-markup"))],
    );
    let source = "[Autoconfig]\nRevision=1\n\n[Authentication]\nHost=a\n";
    let host = Some("account:groundplan-mail/Authentication/Host");
    names("evolution/autoconfig/groundplan-mail.source", source, &[(2, None), (5, host)]);
}

#[test]
fn no_line_of_a_hostile_file_stops_the_reader() {
    for file in [
        "thunderbird/policies.json",
        "outlook/samba-gpo.json",
        "intune/omauri.csv",
        "macos/declarations/a.json",
        "a.reg",
        "a.mobileconfig",
        "groundplan-windows-user.xml",
        "outlook/lgpo.txt",
    ] {
        for text in [
            "",
            "}",
            "\\",
            "\"",
            "[",
            "<dict><dict><dict>",
            "  {\n  {\n",
            "[-]\n\"\\",
            "{\"Type\": \"com.apple.configuration.account.mail\", \"Payload\": 1}",
        ] {
            names(file, text, &[(1, None), (2, None), (9, None)]);
        }
    }
}
