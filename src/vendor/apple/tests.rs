//! Each rule of the schema, shown on the real tables; the importer, shown on small files that go wrong in one place.

use std::collections::BTreeMap;
use std::time::Instant;

use super::*;
use crate::baselines::Baselines;
use crate::value::Value;
use crate::vendor::Problem;

fn list(items: &[Value]) -> Value {
    Value::List(items.to_vec())
}

fn map(entries: &[(&str, Value)]) -> Value {
    Value::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
}

fn with<T>(test: impl FnOnce(&Schema<'_>) -> T) -> T {
    let baselines = Baselines::embedded();
    test(&Schema::load(&baselines).unwrap())
}

fn check(name: &str, value: impl Into<Value>, macos: &str) -> Result<PayloadKey, Problem> {
    with(|schema| schema.check(name, &value.into(), macos))
}

#[test]
fn a_good_setting_becomes_a_typed_key() {
    let key = check("com.apple.ews.account:SSL", Value::Flag(true), "26").unwrap();
    assert_eq!(key.payload_type, "com.apple.ews.account");
    assert_eq!(key.path, ["SSL"]);
    assert_eq!(key.value, plist::Value::Boolean(true));
    assert_eq!(key.scope, Scope::User);
    assert!(!key.managed_preference);
    assert_eq!(key.deprecated, None);
    let key = check("com.microsoft.Outlook:DisableExport", Value::Flag(true), "15").unwrap();
    assert!(key.managed_preference);
    assert_eq!(key.scope, Scope::Either);
}

#[test]
fn an_unknown_name_is_refused_with_the_nearest() {
    for (name, nearest) in [
        ("com.apple.ews.account:ssl", Some("com.apple.ews.account:SSL")),
        ("com.apple.ews.acount:SSL", Some("com.apple.ews.account:SSL")),
        ("com.apple.applicationaccess:allowMailSumary", Some("com.apple.applicationaccess:allowMailSummary")),
        ("com.microsoft.Outlook:DisableExports", Some("com.microsoft.Outlook:DisableExport")),
        ("com.microsoft.outlook:DisableExport", Some("com.microsoft.Outlook:DisableExport")),
        ("com.apple.ews.account:", None),
        ("", None),
        ("zzz", None),
        ("com.apple.ews.account:SSL/Inner", Some("com.apple.ews.account:SSL")),
    ] {
        let Err(Problem::UnknownName { nearest: found, .. }) = check(name, Value::Flag(true), "26") else { panic!("{name}") };
        assert_eq!(found.as_deref(), nearest, "{name}");
    }
}

#[test]
fn the_frame_is_no_setting() {
    for name in ["com.apple.ews.account:PayloadUUID", "TopLevel:PayloadScope", "CommonPayloadKeys:PayloadType"] {
        assert!(matches!(check(name, "x", "26"), Err(Problem::UnknownName { .. })), "{name}");
    }
}

#[test]
fn types_are_strict() {
    let one = Value::Number(1);
    for (name, value) in [
        ("com.apple.ews.account:SSL", one.clone()),
        ("com.apple.ews.account:SSL", "true".into()),
        ("com.apple.ews.account:Port", Value::Flag(true)),
        ("com.apple.ews.account:Port", "443".into()),
        ("com.apple.ews.account:Host", one.clone()),
        ("com.microsoft.Outlook:DisableExport", one.clone()),
        ("com.microsoft.Outlook:EnableNewOutlook", Value::Flag(true)),
        ("com.microsoft.Outlook:AllowedEmailDomains", "example.org".into()),
        ("com.microsoft.Outlook:AllowedEmailDomains", list(std::slice::from_ref(&one))),
        ("com.apple.SetupAssistant.managed:SkipSetupItems", list(&[one])),
        ("com.apple.security.root:PayloadContent", "not base64!".into()),
    ] {
        assert!(matches!(check(name, value.clone(), "26"), Err(Problem::WrongType { .. })), "{name} {value}");
    }
    let data = check("com.apple.security.root:PayloadContent", "Z3JvdW5kcGxhbg==", "26").unwrap();
    assert_eq!(data.value, plist::Value::Data(b"groundplan".to_vec()));
    let real = check(".GlobalPreferences:com.apple.autologout.AutoLogOutDelay", Value::Number(86400), "26").unwrap();
    assert_eq!(real.value, plist::Value::Real(86400.0));
}

#[test]
fn enumerations_ranges_and_formats_hold() {
    for (name, good, bad) in [
        ("com.apple.mail.managed:EmailAccountType", "EmailTypeIMAP".into(), "EmailTypeImap".into()),
        ("com.microsoft.Outlook:EnableNewOutlook", Value::Number(3), Value::Number(4)),
        ("com.microsoft.autoupdate2:HowToCheck", "AutomaticDownload".into(), "Sometimes".into()),
        ("com.apple.applicationaccess:enforcedSoftwareUpdateDelay", Value::Number(90), Value::Number(91)),
        ("com.apple.applicationaccess:enforcedSoftwareUpdateDelay", Value::Number(1), Value::Number(0)),
        ("com.apple.ews.account:PayloadCertificateUUID", "11111111-2222-3333-4444-555555555555".into(), "11111111".into()),
        ("com.microsoft.Outlook:SMIMECertificatesLookupOrder", list(&[1.into(), 3.into()]), list(&[1.into(), 4.into()])),
    ] {
        check(name, good, "26").unwrap();
        assert!(matches!(check(name, bad, "26"), Err(Problem::NotAllowed { .. })), "{name}");
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

#[test]
fn a_word_that_yaml_takes_for_a_boolean_stays_a_word() {
    assert_eq!(check("com.apple.MCX.FileVault2:Enable", "On", "26").unwrap().value, plist::Value::from("On"));
    assert!(matches!(check("com.apple.MCX.FileVault2:Enable", Value::Flag(true), "26"), Err(Problem::WrongType { .. })));
}

#[test]
fn what_macos_does_not_have_is_refused() {
    for name in [
        "com.apple.mail.managed:SMIMEEnabled",
        "com.apple.mail.managed:PreventMove",
        "com.apple.mail.managed:PreventAppSheet",
        "com.apple.eas.account:SSL",
        "com.apple.mail.managed:VPNUUID",
        "com.apple.subscribedcalendar.account:SubCalAccountUseSSL",
        "com.apple.applicationaccess:allowMailPrivacyProtection",
        "com.apple.applicationaccess:allowChat",
        "com.apple.jabber.account:JabberUseSSL",
        "com.apple.security.firewall:EnableLogging",
    ] {
        let found = check(name, Value::Flag(true), "26");
        assert!(matches!(found, Err(Problem::NotInVersion { .. })), "{name} {found:?}");
    }
}

#[test]
fn versions_count() {
    let smart = "com.apple.applicationaccess:allowMailSmartReplies";
    assert!(matches!(check(smart, Value::Flag(false), "15.1"), Err(Problem::NotInVersion { .. })));
    assert_eq!(check(smart, Value::Flag(false), "15").unwrap().deprecated, None);
    assert_eq!(check(smart, Value::Flag(false), "26").unwrap().deprecated.unwrap().since, "26.4");
    let call = "com.apple.applicationaccess:allowCallRecording";
    assert!(matches!(check(call, Value::Flag(false), "15"), Err(Problem::NotInVersion { .. })));
    check(call, Value::Flag(false), "26").unwrap();
    for unknown in ["14", "27", "", "latest", "15.x"] {
        let found = check("com.apple.ews.account:SSL", Value::Flag(true), unknown);
        assert!(matches!(found, Err(Problem::NotInVersion { .. })), "{unknown}");
    }
}

#[test]
fn a_name_with_dots_or_blanks_is_one_name() {
    check("com.apple.loginwindow:com.apple.login.mcx.DisableAutoLoginClient", Value::Flag(true), "26").unwrap_err();
    let deep = "com.apple.MCX:com.apple.EnergySaver.desktop.ACPower/Display Sleep Timer";
    assert_eq!(
        check(deep, Value::Number(10), "26").unwrap().path,
        ["com.apple.EnergySaver.desktop.ACPower", "Display Sleep Timer"]
    );
    // 0 is named beside the range of 1 to 180.
    check(deep, Value::Number(0), "26").unwrap();
    assert!(matches!(check(deep, Value::Number(181), "26"), Err(Problem::NotAllowed { .. })));
}

#[test]
fn the_inside_of_maps_and_lists_is_checked() {
    let name = "com.apple.MCX:com.apple.EnergySaver.desktop.ACPower";
    check(name, map(&[("Display Sleep Timer", 10.into())]), "26").unwrap();
    let typo = check(name, map(&[("Display Sleep Timr", 10.into())]), "26");
    let nearest = Some("Display Sleep Timer".to_owned());
    assert_eq!(typo, Err(Problem::UnknownPart { what: "key", found: "Display Sleep Timr".to_owned(), nearest }));
    assert!(matches!(check(name, map(&[("Display Sleep Timer", "10".into())]), "26"), Err(Problem::WrongType { .. })));
    for trick in ["[]", "*"] {
        let found = check(name, map(&[(trick, 10.into())]), "26");
        assert!(matches!(found, Err(Problem::UnknownPart { .. })), "{trick}");
        let path = format!("com.apple.SetupAssistant.managed:SkipSetupItems/{trick}");
        assert!(matches!(check(&path, "AppleID", "26"), Err(Problem::UnknownName { .. })), "{trick}");
    }
}

#[test]
fn a_wildcard_takes_any_name_with_its_type() {
    let name = "com.apple.ManagedClient.preferences:PayloadContent/org.example.app/Forced";
    let settings = map(&[("mcx_preference_settings", map(&[("Anything", Value::Flag(true))]))]);
    check(name, list(std::slice::from_ref(&settings)), "26").unwrap();
    assert!(matches!(check(name, settings, "26"), Err(Problem::WrongType { .. })));
}

#[test]
fn a_structure_that_holds_itself_is_followed() {
    let app = |sub: &[Value]| {
        let text = |text: &str| Value::from(text);
        map(&[("bundleID", text("org.example")), ("appID", text("AAAA")), ("subApps", list(sub))])
    };
    let name = "com.apple.applicationaccess.new:whiteList";
    check(name, list(&[app(&[app(&[app(&[])])])]), "26").unwrap();
    let wrong = map(&[("bundleID", Value::Flag(true))]);
    assert!(matches!(check(name, list(&[app(&[app(&[wrong])])]), "26"), Err(Problem::WrongType { .. })));
}

#[test]
fn channels_are_known() {
    for (name, value, scope) in [
        ("com.apple.mail.managed:EmailAccountType", Value::from("EmailTypeIMAP"), Scope::User),
        ("com.apple.caldav.account:CalDAVUseSSL", Value::Flag(true), Scope::User),
        ("com.apple.carddav.account:CardDAVUseSSL", Value::Flag(true), Scope::User),
        ("com.apple.ldap.account:LDAPAccountUseSSL", Value::Flag(true), Scope::User),
        ("com.apple.MCX:DisableGuestAccount", Value::Flag(true), Scope::Device),
        ("com.apple.loginwindow:SHOWFULLNAME", Value::Flag(true), Scope::Device),
        ("com.apple.screensaver:askForPassword", Value::Flag(true), Scope::Device),
        ("com.apple.applicationaccess:allowCloudMail", Value::Flag(false), Scope::Either),
        ("com.apple.applicationaccess:allowContentCaching", Value::Flag(false), Scope::Device),
    ] {
        assert_eq!(check(name, value, "26").unwrap().scope, scope, "{name}");
    }
}

const MAIL: [(&str, &str); 5] = [
    ("EmailAccountType", "EmailTypeIMAP"),
    ("IncomingMailServerAuthentication", "EmailAuthPassword"),
    ("IncomingMailServerHostName", "imap.example.org"),
    ("OutgoingMailServerAuthentication", "EmailAuthPassword"),
    ("OutgoingMailServerHostName", "smtp.example.org"),
];

#[test]
fn required_companions_are_missed() {
    with(|schema| {
        let key = |name: &str, value: &str| schema.check(&format!("com.apple.mail.managed:{name}"), &value.into(), "26").unwrap();
        let all: Vec<_> = MAIL.iter().map(|(name, value)| key(name, value)).collect();
        assert_eq!(schema.check_payload("com.apple.mail.managed", &all.iter().collect::<Vec<_>>(), "26"), Ok(()));
        for (index, (name, _)) in MAIL.iter().enumerate() {
            let mut fewer = all.clone();
            fewer.remove(index);
            let missing = (*name).to_owned();
            assert_eq!(
                schema.check_payload("com.apple.mail.managed", &fewer.iter().collect::<Vec<_>>(), "26"),
                Err(Problem::Missing { missing })
            );
        }
        assert_eq!(schema.check_payload("com.apple.ews.account", &all.iter().collect::<Vec<_>>(), "26"), Ok(()));
    });
}

#[test]
fn of_a_type_in_several_files_only_the_variant_in_use_counts() {
    with(|schema| {
        let guest = schema.check("com.apple.MCX:DisableGuestAccount", &Value::Flag(true), "26").unwrap();
        assert_eq!(schema.check_payload("com.apple.MCX", &[&guest], "26"), Ok(()));
        // Of the two variants of this type, one needs more than the other.
        let host = schema.check("com.apple.extensiblesso:Hosts", &list(&["example.org".into()]), "26").unwrap();
        let found = schema.check_payload("com.apple.extensiblesso", &[&host], "26");
        assert!(matches!(found, Err(Problem::Missing { .. })), "{found:?}");
    });
}

#[test]
fn a_payload_that_may_occur_once_does() {
    with(|schema| {
        let mut user = schema.check("com.apple.dock:tilesize", &Value::Number(64), "26").unwrap();
        let mut device = user.clone();
        (user.scope, device.scope) = (Scope::User, Scope::Device);
        assert_eq!(schema.check_payload("com.apple.dock", &[&user, &device], "26"), Err(Problem::TooOften { times: 2 }));
    });
}

#[test]
fn names_can_all_be_described() {
    with(|schema| {
        let names = schema.names();
        assert!(names.len() > 1400, "{}", names.len());
        for name in &names {
            let description = schema.describe(name).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(&description.name, name);
        }
        assert!(names.contains("com.apple.ews.account:SSL") && names.contains("com.microsoft.Outlook:DisableExport"));
        let mail = schema.describe("com.apple.mail.managed:EmailAccountType").unwrap();
        assert_eq!(mail.allowed.as_deref(), Some("EmailTypeIMAP, EmailTypePOP"));
        assert!(mail.required);
        assert!(!schema.describe("com.apple.mail-shared:DisableURLLoading").unwrap().documented);
        assert!(schema.describe("com.microsoft.office:DiagnosticDataTypePreference").unwrap().documented);
        assert_eq!(schema.describe("com.apple.ews.account:ssl"), None);
    });
}

#[test]
fn reading_the_tables_leaves_time_for_the_rest() {
    // The whole program has 50 ms from a cold start in a release build; this build is far slower.
    let baselines = Baselines::embedded();
    let start = Instant::now();
    Schema::load(&baselines).unwrap();
    assert!(start.elapsed().as_millis() < 250, "{:?}", start.elapsed());
}

#[test]
fn declarations_are_held_against_their_types() {
    let baselines = Baselines::embedded();
    let schema = Declarations::load(&baselines).unwrap();
    let accounts = schema.types().filter(|kind| kind.starts_with("com.apple.configuration.account.")).count();
    assert_eq!((accounts, schema.types().count()), (7, 14));
    let mail = "com.apple.configuration.account.mail";
    let server = |name: &str| {
        let server = map(&[("HostName", name.into()), ("Port", Value::Number(993)), ("AuthenticationMethod", "Password".into())]);
        let Value::Map(mut server) = server else { panic!() };
        if name.starts_with("imap") {
            server.insert("ServerType".to_owned(), "IMAP".into());
            server.insert("IMAPPathPrefix".to_owned(), "INBOX".into());
        }
        Value::Map(server)
    };
    let good = BTreeMap::from([
        ("IncomingServer".to_owned(), server("imap.example.org")),
        ("OutgoingServer".to_owned(), server("smtp.example.org")),
        ("UserIdentityAssetReference".to_owned(), "org.example.identity".into()),
    ]);
    schema.check(mail, &good, "26").unwrap();
    let with = |key: &str, value: Value| {
        let mut spoilt = good.clone();
        spoilt.insert(key.to_owned(), value);
        schema.check(mail, &spoilt, "26")
    };
    assert!(matches!(with("VisibleNam", "x".into()), Err(Problem::UnknownPart { nearest: Some(_), .. })));
    assert!(matches!(with("VisibleName", Value::Number(1)), Err(Problem::WrongType { .. })));
    for key in ["IncomingServer", "OutgoingServer"] {
        let mut fewer = good.clone();
        fewer.remove(key);
        assert_eq!(schema.check(mail, &fewer, "26"), Err(Problem::Missing { missing: key.to_owned() }));
    }
    assert!(matches!(schema.check(mail, &good, "12"), Err(Problem::NotInVersion { .. })));
    assert_eq!(schema.enrolments(mail).unwrap(), ["supervised", "user", "local"]);
    assert_eq!(schema.assets(mail, "UserIdentityAssetReference").unwrap(), ["com.apple.asset.useridentity"]);
    let Err(Problem::UnknownName { nearest, .. }) = schema.enrolments("com.apple.configuration.account.mial") else { panic!() };
    assert_eq!(nearest.as_deref(), Some(mail));
}

mod importing {
    use super::*;

    fn file(name: &str, keys: &str) -> (String, Vec<u8>) {
        let head = "title: T\npayload:\n  payloadtype: org.example\n  supportedOS:\n    macOS:\n      introduced: '10.7'\n";
        (name.to_owned(), format!("{head}payloadkeys:\n{keys}").into_bytes())
    }

    fn rows(table: &str) -> Vec<&str> {
        table.lines().filter(|line| !line.starts_with('#')).collect()
    }

    #[test]
    fn order_of_files_does_not_matter() {
        let (a, mut b) = (file("a.yaml", "- key: K\n  type: <string>\n"), file("b.yaml", "- key: K\n  type: <string>\n"));
        b.1 = String::from_utf8(b.1).unwrap().replace("org.example", "org.other").into_bytes();
        let one = import(&[a.clone(), b.clone()], "here").unwrap();
        assert_eq!(one, import(&[b, a], "here").unwrap());
        assert_eq!(rows(&one), ["@org.example\t\tT\t10.7", "K\tstring", "@org.other\t\tT\t10.7", "K\tstring"]);
    }

    #[test]
    fn a_self_reference_is_cut_at_its_ancestor() {
        let keys = "- key: L\n  type: <array>\n  subkeys: &a\n  - key: I\n    type: <dictionary>\n    subkeys:\n    - key: L\n      \
                    type: <array>\n      subkeys: *a\n";
        let table = import(&[file("a.yaml", keys)], "here").unwrap();
        assert_eq!(rows(&table)[1..], ["L\tarray", "L/[]\tdictionary", "L/[]/L\tarray\t\t\t\t\t\t\t\t\t\tL"]);
    }

    #[test]
    fn a_bomb_of_aliases_is_refused() {
        let level = |level: usize, inner: &str| {
            let keys: Vec<_> = (0..10).map(|name| format!("  - key: A{name}\n    type: {inner}\n")).collect();
            format!("- key: K{level}\n  type: <dictionary>\n  subkeys: &a{level}\n{}", keys.concat())
        };
        let outer = (1..12).map(|number| level(number, &format!("<dictionary>\n    subkeys: *a{}", number - 1)));
        let keys: String = std::iter::once(level(0, "<string>")).chain(outer).collect();
        let found = import(&[file("a.yaml", &keys)], "here").unwrap_err().to_string();
        assert!(found.contains("more than 50,000 keys"), "{found}");
    }

    #[test]
    fn depth_is_limited() {
        let deep = format!("- key: K\n  type: <string>\n  content: {}{}\n", "[".repeat(300), "]".repeat(300));
        assert!(import(&[file("a.yaml", &deep)], "here").is_err());
    }

    #[test]
    fn what_the_importer_does_not_understand_is_refused() {
        for (keys, says) in [
            ("- key: K\n  type: <string>\n  maximum: 3\n", "does not know"),
            ("- key: K\n  type: <text>\n", "no known type"),
            ("- key: K\n", "no known type"),
            ("- type: <string>\n", "without name"),
            ("- key: A/B\n  type: <string>\n", "U+002F"),
            ("- key: K\n  type: <string>\n- key: K\n  type: <string>\n", "a second definition"),
            ("- key: K\n  key: K\n  type: <string>\n", "stands twice"),
            ("- key: K\n  type: <string>\n  presence: maybe\n", "presence"),
            ("- key: K\n  type: <string>\n  rangelist:\n  - a|b\n", "U+007C"),
            ("- key: K\n  type: <integer>\n  range:\n    min: few\n", "the bound"),
            ("- key: K\n  type: <array>\n", "no definition"),
            ("- key: K\n  type: <string>\n  supportedOS:\n    macOS:\n      introduced: soon\n", "the version"),
            ("- key: K\n  type: !!str <string>\n", "a tag"),
            ("- key: K\n  type: <string>\n---\nsecond: document\n", "second document"),
            ("- key: K\n  type: *nowhere\n", "read `a.yaml`"),
        ] {
            let found = import(&[file("a.yaml", keys)], "here").unwrap_err().to_string();
            assert!(found.contains(says), "{keys}: {found}");
        }
        assert!(matches!(import(&[("a".to_owned(), vec![0xff])], "here"), Err(ImportError::NotText { .. })));
        assert!(import(&[("a".to_owned(), Vec::new())], "here").is_err());
        let twice = file("a.yaml", "- key: K\n  type: <string>\n");
        assert!(import(&[twice.clone(), twice.clone()], "here").is_err());
        assert!(import(&[twice.clone(), ("b.yaml".to_owned(), twice.1)], "here").is_err());
    }

    #[test]
    fn a_fault_is_named_with_file_line_and_column() {
        // The head of each file has seven lines.
        for (keys, says) in [
            ("- key: K\n  type: <string>\n  maximum: 3\n", "import `a.yaml`: line 8:3, K, has the attribute `maximum`"),
            ("- key: A\n  type: <string>\n- key: B\n  type: <text>\n", "import `a.yaml`: line 10:3, B, has no known type"),
            ("- key: K\n  key: K\n", "import `a.yaml`: line 9:3 has a key that stands twice"),
            ("- key: K\n  type: !!str x\n", "import `a.yaml`: line 9:15 has a tag"),
            ("- key: L\n  type: <array>\n  subkeys: text\n", "line 10:12, L, has keys that are no list"),
            ("- key: \"a\\0b\"\n  type: <string>\n", "U+0000"),
        ] {
            let found = import(&[file("a.yaml", keys)], "here").unwrap_err().to_string();
            assert!(found.contains(says), "{keys}: {found}");
        }
        for (keys, says) in [("- key: \"K\n", "line"), ("- key: [\n", "line"), ("- key: \u{0}\n", "line"), ("- *a\n", "line")] {
            let error = import(&[file("a.yaml", keys)], "here").unwrap_err();
            let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            assert!(format!("{error} {source}").contains(says), "{keys}: {error} {source}");
        }
        // Cut anywhere, it is refused or is still a whole file; it never gives a table with half a key.
        let whole = file(
            "a.yaml",
            "- key: K\n  type: <dictionary>\n  subkeys:\n  - key: I\n    type: <integer>\n    range: { min: 1, max: 2 }\n",
        );
        for cut in 0..whole.1.len() {
            if let Ok(table) = import(&[("a.yaml".to_owned(), whole.1[..cut].to_vec())], "here") {
                crate::vendor::apple::table::read_payloads("a table", &table).unwrap();
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_importers_panic(keys in "([-&*a-c:<>\\[\\]{}'\"|#!\n ]|key|type|subkeys|<array>|<string>){0,60}") {
            // Refusing is fine; what is taken over must be a table that can be read.
            if let Ok(table) = import(&[file("a.yaml", &keys)], "here") {
                crate::vendor::apple::table::read_payloads("a table", &table).unwrap();
            }
            if let Ok(table) = import_preferences(format!("{HEAD}{keys}").as_bytes(), "here") {
                crate::vendor::apple::table::read_preferences("a table", &table).unwrap();
            }
        }
    }

    const HEAD: &str = "domain,key,type,allowed,min_app_version,source\n";

    #[test]
    fn preferences_become_rows() {
        let list = format!(
            "{HEAD}org.b,K,integer,0=never;1=always,16.1,\"MicrosoftDocs/x, page 1\"\norg.a,K,boolean,true;false,unverified,other/x\n\
             org.a,J,boolean,true,,other/x\norg.a,L,string,full address,,other/x\norg.a,<every key>,any,,,x\n"
        );
        let table = import_preferences(list.as_bytes(), "here").unwrap();
        let expected = [
            "org.a\tJ\tboolean\ttrue\t\tcommunity\tother/x",
            "org.a\tK\tboolean\t\t\tcommunity\tother/x",
            "org.a\tL\tstring\t\t\tcommunity\tother/x",
            "org.b\tK\tinteger\t0|1\t16.1\tvendor\tMicrosoftDocs/x, page 1",
        ];
        assert_eq!(rows(&table), expected);
    }

    #[test]
    fn bad_preferences_are_refused() {
        for list in [
            "domain,key\na,b\n".to_owned(),
            format!("{HEAD}org.a,K,flag,,,x\n"),
            format!("{HEAD}org.a,K/L,string,,,x\n"),
            format!("{HEAD},K,string,,,x\n"),
            format!("{HEAD}org.a,K,string,,,x\norg.a,K,string,,,x\n"),
            format!("{HEAD}org.a,K\n"),
        ] {
            assert!(import_preferences(list.as_bytes(), "here").is_err(), "{list}");
        }
    }
}

mod tables {
    use std::fs;

    use super::*;

    /// What the schema is with this table over the built-in one.
    fn with_table<T>(file: &str, content: &str, then: impl FnOnce(Result<Schema<'_>, SchemaError>) -> T) -> T {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("vendor/apple");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(file), content).unwrap();
        let baselines = Baselines::embedded().with_overlay(dir.path()).unwrap();
        then(Schema::load(&baselines))
    }

    #[test]
    fn an_amendment_can_add_a_preference_with_its_type() {
        let lines = "macOS\t\tversion\t26\there\ncom.example.chat\tServers\ttype\tarray<string>\there\n";
        with_table("amendments.tsv", lines, |schema| {
            let schema = schema.unwrap();
            let check = |name: &str, value: &Value| schema.check(name, value, "26").map(|_| ());
            let list = Value::List(vec![Value::from("chat.example.org")]);
            assert_eq!(check("com.example.chat:Servers", &list), Ok(()));
            assert!(check("com.example.chat:Servers", &Value::Flag(true)).is_err());
            assert!(check("com.example.chat:Server", &list).is_err());
        });
    }

    #[test]
    fn a_broken_table_is_an_error_with_its_line() {
        for (file, content) in [
            ("payloads.tsv", "Key\tstring\n"),
            ("payloads.tsv", "@org.example\nB\tstring\nA\tstring\n"),
            ("payloads.tsv", "@org.example\nB\ttext\n"),
            ("payloads.tsv", "@org.example\nB\tstring\t\t\t\t\t\t\t\t\t\t\tmore\n"),
            ("managed-preferences.tsv", "org.example\tK\ttext\n"),
            ("managed-preferences.tsv", "org.example\tK\tstring\norg.example\tK\tstring\n"),
            ("amendments.tsv", "com.apple.nothing\tK\tsince\t1.0\there\n"),
            ("amendments.tsv", "com.example.chat\tKey\ttype\tmap of words\there\n"),
            ("amendments.tsv", "com.microsoft.Outlook\tDisableExport\ttype\tboolean\there\n"),
            ("amendments.tsv", "com.apple.ews.account\tNothing\tintroduced\t26.0\there\n"),
            ("amendments.tsv", "com.apple.ews.account\tSSL\ttype\tboolean\there\n"),
            ("amendments.tsv", "com.apple.ews.account\tSSL\tcolour\tblue\there\n"),
            ("amendments.tsv", "com.apple.ews.account\tSSL\tintroduced\t26.0\n"),
        ] {
            let refused = with_table(file, content, |schema| matches!(schema, Err(SchemaError::Line { .. })));
            assert!(refused, "{content}");
        }
    }
}

#[test]
fn a_payload_that_may_stand_several_times_takes_a_value_for_each() {
    let each = |values: Vec<Value>| Value::Map([("each".to_owned(), Value::List(values))].into_iter().collect());
    let root = "com.apple.security.root:PayloadContent";
    let key = check(root, each(vec!["AAAA".into(), "BBBB".into()]), "26").unwrap();
    assert!(key.spread && key.value.as_array().unwrap().iter().all(|value| value.as_data().is_some()));
    // Each value is held to the same as a single one, there must be one, and nothing else may stand beside.
    assert!(matches!(check(root, each(vec!["AAAA".into(), Value::Number(1)]), "26"), Err(Problem::WrongType { .. })));
    assert!(matches!(check(root, each(Vec::new()), "26"), Err(Problem::NotAllowed { .. })));
    let other = Value::Map([("echa".to_owned(), Value::List(vec!["AAAA".into()]))].into_iter().collect());
    assert!(matches!(check(root, other, "26"), Err(Problem::NotAllowed { .. })));
    // What may stand once takes no such form.
    let once = check("com.apple.SoftwareUpdate:CatalogURL", each(vec!["A".into()]), "26");
    assert!(matches!(once, Err(Problem::WrongType { .. })));
}
