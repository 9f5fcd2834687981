//! The traps of the format, each by a policy of the shipped templates or by a small template that holds it.

use std::collections::BTreeMap;

use super::*;
use crate::baselines::Baselines;
use crate::value::Value;
use crate::vendor::Problem;
use crate::vendor::registry::{Hive, RegistryAction, RegistryData, RegistryOperation};

fn check(name: &str, value: &Value) -> Result<Vec<RegistryOperation>, Problem> {
    Templates::new(&Baselines::embedded()).unwrap().check(name, value)
}

fn enabled<const N: usize>(elements: [(&str, Value); N]) -> Value {
    let state = ("state".to_owned(), Value::from("enabled"));
    Value::Map(elements.into_iter().map(|(id, value)| (id.to_owned(), value)).chain([state]).collect())
}

/// Value names and actions; one hive and key are checked by the caller where they matter.
fn actions(name: &str, value: &Value) -> Vec<(String, RegistryAction)> {
    check(name, value).unwrap().into_iter().map(|operation| (operation.name, operation.action)).collect()
}

fn dword(name: &str, number: u32) -> (String, RegistryAction) {
    (name.to_owned(), RegistryAction::Set(RegistryData::Dword(number)))
}

fn text(name: &str, text: &str) -> (String, RegistryAction) {
    (name.to_owned(), RegistryAction::Set(RegistryData::Text(text.to_owned())))
}

fn delete(name: &str) -> (String, RegistryAction) {
    (name.to_owned(), RegistryAction::DeleteValue)
}

fn delete_all() -> (String, RegistryAction) {
    (String::new(), RegistryAction::DeleteAllValues)
}

fn list(items: &[&str]) -> Value {
    Value::List(items.iter().map(|&item| Value::from(item)).collect())
}

mod state {
    use super::*;

    #[test]
    fn polarity_and_numbers_come_from_the_template() {
        for (name, on, off) in [
            ("outlk16:L_Blockexternalcontent", dword("blockextcontent", 1), dword("blockextcontent", 0)),
            ("outlk16:L_OSTCreation", dword("noost", 2), dword("noost", 0)),
            ("outlk16:L_Permitdownloadofcontentfromsafezones", dword("unblocksafezone", 0), dword("unblocksafezone", 1)),
        ] {
            assert_eq!(actions(name, &"enabled".into()), [on], "{name}");
            assert_eq!(actions(name, &"disabled".into()), [off], "{name}");
        }
    }

    #[test]
    fn a_policy_without_a_disabled_value_is_deleted() {
        let name = "outlk16:L_Preventusersfromcustomizingattachmentsecuritysettings";
        assert_eq!(actions(name, &"disabled".into()), [delete("disallowattachmentcustomization")]);
    }

    #[test]
    fn the_long_form_of_a_state_means_the_same() {
        let long = Value::Map(BTreeMap::from([("state".to_owned(), "disabled".into())]));
        assert_eq!(check("outlk16:L_OSTCreation", &long), check("outlk16:L_OSTCreation", &"disabled".into()));
    }

    #[test]
    fn a_machine_policy_with_the_key_none_writes_only_its_lists() {
        let operations = check("office16:L_UseOnlyTokenActivation", &"enabled".into()).unwrap();
        assert!(operations.iter().all(|operation| operation.hive == Hive::Machine && operation.key.as_str() != "none"));
        assert_eq!(operations.len(), 2);
    }

    #[test]
    fn other_words_and_types_are_refused() {
        let name = "outlk16:L_OSTCreation";
        assert!(matches!(check(name, &"on".into()), Err(Problem::NotAllowed { .. })));
        assert!(matches!(check(name, &Value::Flag(true)), Err(Problem::WrongType { .. })));
        assert!(matches!(check(name, &Value::Map(BTreeMap::new())), Err(Problem::Missing { .. })));
        assert!(matches!(check(name, &enabled([("x", Value::Flag(true))])), Err(Problem::UnknownPart { what: "element", .. })));
    }

    #[test]
    fn a_disabled_policy_takes_no_elements() {
        let value = Value::Map(BTreeMap::from([
            ("state".to_owned(), "disabled".into()),
            ("L_Minimumkeysizeinbits".to_owned(), Value::Number(168)),
        ]));
        assert!(matches!(check("outlk16:L_Minimumencryptionsettings", &value), Err(Problem::NotAllowed { .. })));
    }
}

mod element {
    use super::*;

    #[test]
    fn an_element_may_have_another_key_than_its_policy() {
        let operations = check("outlk16:L_AddpropertiestoattachmentstoenableReplywithChanges", &"disabled".into()).unwrap();
        assert_eq!(operations[0].key.as_str(), "software\\policies\\microsoft\\office\\16.0\\outlook\\options\\mail");
    }

    #[test]
    fn a_check_box_that_is_off_when_disabled_writes_its_off_value() {
        let name = "outlk16:L_AddpropertiestoattachmentstoenableReplywithChanges";
        assert_eq!(actions(name, &"disabled".into()), [dword("adhocreviewbehavior", 1)]);
    }

    #[test]
    fn every_element_of_an_enabled_policy_is_asked_for() {
        let problem = check("outlk16:L_Minimumencryptionsettings", &"enabled".into()).unwrap_err();
        assert_eq!(problem, Problem::Missing { missing: "L_Minimumkeysizeinbits".to_owned() });
    }

    #[test]
    fn a_number_without_a_highest_ends_where_the_schema_ends_it() {
        let set =
            |number| check("outlk16:L_Minimumencryptionsettings", &enabled([("L_Minimumkeysizeinbits", Value::Number(number))]));
        assert!(set(168).is_ok() && set(0).is_ok() && set(9999).is_ok());
        for number in [10_000, -1, i64::MAX, i64::MIN] {
            assert!(matches!(set(number), Err(Problem::NotAllowed { .. })), "{number}");
        }
    }

    #[test]
    fn items_are_named_by_label_because_their_values_repeat() {
        let name = "outlk16:L_CachedExchangeModeSyncSlider";
        let set = |item: Value| check(name, &enabled([("L_SelectCachedExchangeModeSyncSettings", item)]));
        for (label, days) in [("Three days", 3), ("One week", 7), ("Two weeks", 14)] {
            let operations: Vec<_> = set(label.into()).unwrap().into_iter().map(|o| (o.name, o.action)).collect();
            assert_eq!(operations, [dword("syncwindowsetting", 0), dword("syncwindowsettingdays", days)]);
        }
        assert!(matches!(set(Value::Number(0)), Err(Problem::WrongType { .. })));
        let Err(Problem::UnknownPart { what: "item", nearest: Some(nearest), .. }) = set("One wek".into()) else {
            panic!("a misspelt label is refused with the nearest one");
        };
        assert_eq!(nearest, "One week");
    }

    #[test]
    fn a_disabled_enumeration_deletes_what_its_items_write_besides() {
        let found = actions("outlk16:L_CachedExchangeModeSyncSlider", &"disabled".into());
        assert_eq!(found, [delete("syncwindowsetting"), delete("syncwindowsettingdays")]);
    }

    #[test]
    fn item_values_above_the_signed_range_stay_positive() {
        let item = ("L_SelecttheauthenticationwithExchangeserver", Value::from("Insert a smart card"));
        let found = actions("outlk16:L_AuthenticationwithExchangeServer", &enabled([item]));
        assert_eq!(found, [dword("authenticationservice", 2_147_545_088)]);
    }

    #[test]
    fn a_label_that_stands_twice_with_the_same_value_is_one_item() {
        let found =
            actions("outlk16:L_Workinghours", &enabled([("L_Starttime", "8:00 AM".into()), ("L_EndTime", "5:00 PM".into())]));
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn expandable_text_and_required_text_are_kept_apart_from_plain() {
        let set = |path: &str| {
            check("outlk16:L_SpecifyOfflineAddressBookPath", &enabled([("L_SpecifyOfflineAddressBookPathID", path.into())]))
        };
        let operations = set("%APPDATA%\\oab").unwrap();
        let expected = RegistryAction::Set(RegistryData::ExpandText("%APPDATA%\\oab".to_owned()));
        assert!(operations.iter().any(|operation| operation.action == expected));
        assert!(matches!(set(""), Err(Problem::NotAllowed { .. })));
        assert!(matches!(set("a\nb"), Err(Problem::NotAllowed { .. })));
        assert!(matches!(set(&"x".repeat(1024)), Err(Problem::NotAllowed { .. })));
    }

    #[test]
    fn several_lines_have_a_longest_line_and_a_most() {
        let set = |lines| {
            let element = ("L_PreventCopyingOrMovingItemsBetweenAccountsID", lines);
            check("outlk16:L_PreventCopyingOrMovingItemsBetweenAccounts", &enabled([element]))
        };
        let expected = RegistryAction::Set(RegistryData::MultiText(vec!["example.org".to_owned(), "*".to_owned()]));
        assert_eq!(set(list(&["example.org", "*"])).unwrap()[0].action, expected);
        assert!(matches!(set(list(&["x"; 26])), Err(Problem::NotAllowed { .. })));
        assert!(matches!(set(list(&[&"x".repeat(101)])), Err(Problem::NotAllowed { .. })));
        assert!(matches!(set(list(&["a", ""])), Err(Problem::NotAllowed { .. })));
        assert!(matches!(set("example.org".into()), Err(Problem::WrongType { .. })));
    }
}

mod lists {
    use super::*;

    #[test]
    fn a_plain_list_names_its_values_by_their_text_and_keeps_the_policys_own_value() {
        let name = "outlk16:L_AutoDiscoverRedirectServers";
        let set = |items: &[&str]| check(name, &enabled([("L_AutoDiscoverRedirectServersList", list(items))]));
        let found: Vec<_> = set(&["a.example", "b.example"]).unwrap().into_iter().map(|o| (o.name, o.action)).collect();
        assert_eq!(found, [dword("policyon", 1), delete_all(), text("a.example", "a.example"), text("b.example", "b.example")]);
        for items in [&["PolicyOn"][..], &["**delvals."], &["a", "A"], &[""], &["a\0b"]] {
            assert!(matches!(set(items), Err(Problem::NotAllowed { .. })), "{items:?}");
        }
    }

    #[test]
    fn a_disabled_list_deletes_its_values_and_what_the_policy_wrote() {
        let found = actions("outlk16:L_AutoDiscoverRedirectServers", &"disabled".into());
        assert_eq!(found, [delete_all(), delete("policyon")]);
    }

    #[test]
    fn a_prefix_numbers_the_values() {
        let element = ("L_EnteracommandbarIDtodisable", list(&["3738", "5"]));
        let found = actions("outlk16:L_disablecommandbar38", &enabled([element]));
        assert_eq!(found, [delete_all(), text("TCID1", "3738"), text("TCID2", "5")]);
    }

    #[test]
    fn names_are_given_where_the_template_asks_for_them() {
        let set = |value| check("outlk16:L_SetTrustedAddins", &enabled([("L_ListOfTrustedAddins", value)]));
        let hash = Value::Map(BTreeMap::from([("addin.dll".to_owned(), "ab12".into())]));
        let found: Vec<_> = set(hash).unwrap().into_iter().map(|o| (o.name, o.action)).collect();
        assert_eq!(found, [delete_all(), text("addin.dll", "ab12")]);
        assert!(matches!(set(list(&["addin.dll"])), Err(Problem::WrongType { .. })));
        assert_eq!(set(Value::Map(BTreeMap::new())).unwrap().len(), 1);
    }

    #[test]
    fn an_additive_list_deletes_nothing_and_so_needs_an_entry() {
        let set = |entries| {
            check("office16:L_ListofApprovedLocationsPolicy", &enabled([("L_ListofApprovedLocations", Value::Map(entries))]))
        };
        assert_eq!(set(BTreeMap::from([("Files".to_owned(), "\\\\server\\files".into())])).unwrap().len(), 1);
        assert!(matches!(set(BTreeMap::new()), Err(Problem::NotAllowed { .. })));
    }
}

mod lookup {
    use super::*;

    #[test]
    fn every_policy_is_found_by_its_name() {
        let baselines = Baselines::embedded();
        let templates = Templates::new(&baselines).unwrap();
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for name in templates.names() {
            *counts.entry(name.split_once(':').unwrap().0.to_owned()).or_default() += 1;
            let policy = templates.describe(&name).expect("a listed name is found");
            assert_eq!(policy.name, name.split_once(':').unwrap().1);
            assert!(!policy.title.is_empty() && !policy.category.is_empty(), "{name}");
        }
        // As many as the vendor's files have; the elements stand in `tests/windows.rs`.
        let expected = [
            ("AttachmentManager", 8),
            ("AutoPlay", 4),
            ("ControlPanelDisplay", 27),
            ("CredentialProviders", 7),
            ("CredUI", 4),
            ("CtrlAltDel", 4),
            ("excel16", 173),
            ("GroupPolicy", 45),
            ("Logon", 22),
            ("lync16", 26),
            ("MSI", 26),
            ("office16", 945),
            ("OSPolicy", 5),
            ("outlk16", 406),
            ("Power", 54),
            ("ppt16", 143),
            ("RemovableStorage", 33),
            ("teams16", 2),
            ("UserProfiles", 26),
            ("WindowsExplorer", 74),
            ("WinLogon", 9),
            ("word16", 295),
            ("ZoomMeetings_HKLM", 530),
        ];
        assert_eq!(counts, expected.map(|(template, count)| (template.to_owned(), count)).into());
    }

    #[test]
    fn a_table_lies_in_whichever_folder_and_is_known_by_its_header() {
        let folder = tempfile::tempdir().unwrap();
        let lay = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        lay("vendor/own/any-name.tsv", "# Template: house7\nP\tuser\tsoftware\\k\tv\tTitle\tCategory\n");
        let baselines = Baselines::embedded().with_overlay(folder.path()).unwrap();
        let schemas = crate::vendor::Schemas::load(&baselines).unwrap();
        assert_eq!(schemas.describe("house7:P").unwrap().title.as_deref(), Some("Title"));
        assert_eq!(schemas.known_versions()["outlook"], ["16"], "only a template of Office tells a generation of Outlook");

        lay("vendor/own/outlook.tsv", "# Template: outlk16\n");
        let baselines = Baselines::embedded().with_overlay(folder.path()).unwrap();
        let error = Templates::new(&baselines).unwrap_err().to_string();
        assert_eq!(
            error,
            "tell the template `outlk16` apart: `vendor/office/outlk16.tsv` and `vendor/own/outlook.tsv` both hold it"
        );
    }

    #[test]
    fn every_committed_table_is_named_by_its_template_and_says_where_it_is_from() {
        let baselines = Baselines::embedded();
        let templates = Templates::new(&baselines).unwrap();
        for template in templates.templates(None) {
            let header = templates.header(template).unwrap();
            for line in ["# Origin: ", "# SHA-256 of ", "# Licence: "] {
                assert!(header.contains(line), "{template} has no line `{line}`");
            }
            let lies_in = |folder: &&str| baselines.bytes(&format!("vendor/{folder}/{template}.tsv")).is_some();
            assert_eq!(["office", "windows", "zoom"].iter().filter(|folder| lies_in(folder)).count(), 1, "{template}");
        }
    }

    #[test]
    fn title_and_category_are_those_of_the_policy_editor() {
        let baselines = Baselines::embedded();
        let policy = Templates::new(&baselines).unwrap().describe("outlk16:L_CachedExchangeModeSyncSlider").unwrap();
        assert_eq!(policy.title, "Cached Exchange Mode Sync Settings");
        assert_eq!(policy.category, ["Microsoft Outlook 2016", "Account Settings", "Exchange", "Cached Exchange Mode"]);
        assert_eq!(policy.places().len(), 2);
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_nearest() {
        let nearest = |name| match check(name, &"enabled".into()) {
            Err(Problem::UnknownName { nearest, .. }) => nearest,
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(nearest("outlk16:L_OSTCreaton").as_deref(), Some("outlk16:L_OSTCreation"));
        assert_eq!(nearest("outlk16:l_ostcreation").as_deref(), Some("outlk16:L_OSTCreation"));
        assert_eq!(nearest("outlok16:L_OSTCreation").as_deref(), Some("outlk16:L_OSTCreation"));
        assert_eq!(nearest("L_OSTCreation").as_deref(), Some("outlk16:L_OSTCreation"));
        assert_eq!(nearest("office16:L_OSTCreation").as_deref(), Some("outlk16:L_OSTCreation"));
        for odd in ["", ":", "outlk16:", "outlk16:#", "outlk16:\tenabled", "outlk16:~", "::"] {
            nearest(odd);
        }
    }

    #[test]
    fn no_text_of_a_template_makes_the_reader_panic() {
        for text in
            ["", "\n", "\t", "a", "a\n\tb", "\tb\na\n", "#\n", "a\tuser\tk\tv\tt\n\t\ton\tdword:1\n", "\u{0}", "b\nb\n\n\nc"]
        {
            for name in ["", "a", "b", "c", "#"] {
                let _ = form::find(text.as_bytes(), name).map(form::parse);
            }
            assert!(form::names(text.as_bytes()).count() <= 4);
        }
    }
}

mod importing {
    use super::*;

    const TEXTS: &str = r#"<policyDefinitionResources><resources><stringTable>
        <string id="T">  A
            title &amp; more </string><string id="C">Category</string><string id="I">Item</string>
        </stringTable></resources></policyDefinitionResources>"#;

    fn template(policies: &str) -> String {
        format!(
            r#"<?xml version="1.0" encoding="utf-16"?>
<policyDefinitions revision="1.0" schemaVersion="1.0" xmlns="http://www.microsoft.com/GroupPolicy/PolicyDefinitions">
<policyNamespaces><target prefix="test" namespace="Test" /><using prefix="windows" namespace="W" /></policyNamespaces>
<resources minRequiredRevision="1.0" />
<categories><category name="C" displayName="$(string.C)"><parentCategory ref="windows:Root" /></category></categories>
<policies>{policies}</policies></policyDefinitions>"#
        )
    }

    fn policy(attributes: &str, inside: &str) -> String {
        template(&format!(
            r#"<policy name="P" class="Both" displayName="$(string.T)" key="software\k" {attributes}>
<parentCategory ref="C" /><supportedOn ref="windows:X" />{inside}</policy>"#
        ))
    }

    fn run(admx: &str) -> Result<String, ImportError> {
        import_bytes(admx.as_bytes(), TEXTS.as_bytes())
    }

    fn import_bytes(admx: &[u8], adml: &[u8]) -> Result<String, ImportError> {
        import(&source(admx, adml), &[], "a test")
    }

    fn source<'a>(admx: &'a [u8], adml: &'a [u8]) -> Source<'a> {
        let texts = vec![("en-US", File { name: "en-US/test.adml", bytes: adml })];
        Source { template: File { name: "store/test.admx", bytes: admx }, texts }
    }

    fn fault(admx: &str) -> Fault {
        let error = run(admx).expect_err("the template is refused");
        assert_eq!(error.place.file.name, "store/test.admx");
        error.fault
    }

    fn utf16(text: &str) -> Vec<u8> {
        [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_facts() {
        let admx = policy(r#"valueName="v""#, "");
        let facts = |text: String| text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>();
        let expected = ["P\tboth\tsoftware\\k\tv\tA title & more\tCategory", "\tcategory\tC"];
        assert_eq!(facts(run(&admx).unwrap()), expected);
        assert_eq!(facts(run(&format!("\u{FEFF}{admx}")).unwrap()), expected);
        assert_eq!(facts(import_bytes(&utf16(&admx), &utf16(TEXTS)).unwrap()), expected);
        let big_endian: Vec<u8> = utf16(&admx).chunks(2).flat_map(|pair| [pair[1], pair[0]]).collect();
        assert_eq!(facts(import_bytes(&big_endian, &utf16(TEXTS)).unwrap()), expected);
        // The declaration says utf-16 in all of them; without the mark the first bytes tell.
        assert_eq!(facts(import_bytes(&utf16(&admx)[2..], &utf16(TEXTS)[2..]).unwrap()), expected);
        assert_eq!(facts(import_bytes(&big_endian[2..], TEXTS.as_bytes()).unwrap()), expected);
    }

    #[test]
    fn the_header_says_where_the_facts_are_from() {
        let text = run(&policy("", "")).unwrap();
        assert!(text.contains("# Origin: a test\n") && text.contains("# SHA-256 of test.admx: "));
        assert!(run(&policy("", "")).unwrap() == text, "the same files give the same bytes");
    }

    #[test]
    fn attributes_outside_the_published_schema_are_known() {
        assert!(run(&policy(r#"Area="a" AreaCategory="b""#, "")).is_ok());
        assert!(matches!(fault(&policy(r#"area="a""#, "")), Fault::UnknownAttribute { .. }));
    }

    #[test]
    fn a_policy_without_values_of_its_own_writes_one_and_deletes() {
        let text = run(&policy(r#"valueName="v""#, "")).unwrap();
        let policy = form::parse(form::find(text.as_bytes(), "P").unwrap()).unwrap();
        let compiled = |state: &str| check::operations(&policy, &state.into()).unwrap().remove(0).action;
        assert_eq!(compiled("enabled"), RegistryAction::Set(RegistryData::Dword(1)));
        assert_eq!(compiled("disabled"), RegistryAction::DeleteValue);
    }

    #[test]
    fn all_kinds_of_elements_come_back_as_they_were() {
        let text = run(&policy(
            "",
            r#"<elements>
            <boolean id="b" valueName="b" key="software\other" />
            <decimal id="d" valueName="d" maxValue="4294967295" storeAsText="true" />
            <longDecimal id="l" valueName="l" maxValue="18446744073709551615" />
            <text id="t" valueName="t" expandable="true" />
            <multiText id="m" valueName="m" />
            <enum id="e" valueName="e"><item displayName="$(string.I)"><value><string>
              </string></value>
              <valueList defaultKey="software\list"><item valueName="x"><value><delete /></value></item></valueList></item></enum>
            <list id="n" key="software\numbers" valuePrefix="" />
            </elements>"#,
        ))
        .unwrap();
        let block = form::find(text.as_bytes(), "P").unwrap();
        let policy = form::parse(block).unwrap();
        assert_eq!(policy.class, Class::Both);
        let kinds: Vec<_> = policy.elements.iter().map(|element| element.kind.clone()).collect();
        let also = Write { key: "software\\list", value: "x", data: Data::Delete };
        assert_eq!(
            kinds,
            [
                Kind::Boolean { on: None, off: None, on_also: vec![], off_also: vec![] },
                Kind::Decimal { from: 0, to: u64::from(u32::MAX), long: false, as_text: true },
                Kind::Decimal { from: 0, to: u64::MAX, long: true, as_text: false },
                Kind::Text { required: false, expandable: true, longest: 1023 },
                Kind::MultiText { required: false, longest: 1023, most: 0 },
                Kind::Enumeration { items: vec![Item { label: "Item", data: Data::Text(""), also: vec![also] }] },
                Kind::List { names: ListNames::Numbered(""), additive: false, expandable: false },
            ]
        );
        assert_eq!((policy.elements[0].key, policy.elements[1].key), ("software\\other", "software\\k"));

        let value = enabled([
            ("b", Value::Flag(false)),
            ("d", Value::Number(7)),
            ("l", Value::Number(i64::MAX)),
            ("t", "".into()),
            ("m", list(&[])),
            ("e", "Item".into()),
            ("n", list(&["one"])),
        ]);
        let operations = check::operations(&policy, &value).unwrap();
        assert!(operations.iter().all(|operation| operation.hive == Hive::User), "class Both is written for the user");
        let found: Vec<_> = operations.into_iter().map(|operation| (operation.name, operation.action)).collect();
        let set = |name: &str, data| (name.to_owned(), RegistryAction::Set(data));
        assert_eq!(
            found,
            [
                delete("b"),
                text_value("d", "7"),
                set("l", RegistryData::Qword(i64::MAX.unsigned_abs())),
                set("t", RegistryData::ExpandText(String::new())),
                set("m", RegistryData::MultiText(Vec::new())),
                text_value("e", ""),
                delete("x"),
                delete_all(),
                text_value("1", "one"),
            ]
        );
    }

    fn text_value(name: &str, value: &str) -> (String, RegistryAction) {
        text(name, value)
    }

    #[test]
    fn what_the_reader_does_not_know_is_refused() {
        let element = |xml: &str| fault(&policy("", &format!("<elements>{xml}</elements>")));
        assert!(matches!(element(r#"<slider id="s" valueName="s" />"#), Fault::UnknownElement { .. }));
        assert!(matches!(element(r#"<text id="s" valueName="s" hard="true" />"#), Fault::UnknownAttribute { .. }));
        assert!(matches!(element(r#"<text id="s" />"#), Fault::MissingAttribute { name: "valueName", .. }));
        assert!(matches!(element(r#"<text id="state" valueName="s" />"#), Fault::Value { name: "id", .. }));
        assert!(matches!(element(r#"<text id="s" valueName="s" required="yes" />"#), Fault::Value { .. }));
        assert!(matches!(element(r#"<text id="s" valueName="a&#10;b" />"#), Fault::Character { character: 10 }));
        assert!(matches!(element(r#"<decimal id="s" valueName="s" maxValue="4294967296" />"#), Fault::Value { .. }));
        assert!(matches!(element(r#"<decimal id="s" valueName="s" minValue="-1" />"#), Fault::Value { .. }));
        assert!(matches!(
            element(r#"<decimal id="s" valueName="s" minValue="5" maxValue="4" />"#),
            Fault::Range { from: 5, to: 4 }
        ));
        assert!(matches!(element(r#"<text id="s" key="HKCU\x" valueName="s" />"#), Fault::Value { name: "key", .. }));
        assert!(matches!(element(r#"<list id="s" valueName="s" />"#), Fault::UnknownAttribute { .. }));
        let twice = r#"<text id="s" valueName="s" />"#;
        assert!(matches!(element(&format!("{twice}{twice}")), Fault::Twice { what: "element", .. }));
        assert!(matches!(fault(&policy(r#"valueName="v""#, "<enabledValue />")), Fault::MissingElement { .. }));
        assert!(matches!(fault(&template("<note />")), Fault::UnknownElement { .. }));
    }

    #[test]
    fn items_with_one_label_must_do_the_same() {
        let item = |number| format!(r#"<item displayName="$(string.I)"><value><decimal value="{number}" /></value></item>"#);
        let with =
            |a, b| policy("", &format!(r#"<elements><enum id="e" valueName="e">{}{}</enum></elements>"#, item(a), item(b)));
        assert!(run(&with(1, 1)).is_ok());
        assert!(matches!(fault(&with(1, 2)), Fault::Twice { what: "item", .. }));
    }

    #[test]
    fn a_missing_string_is_named_with_its_place() {
        let error = run(&policy("", "").replace("$(string.T)", "$(string.Absent)")).unwrap_err();
        let expected = Fault::MissingString { file: "en-US/test.adml".to_owned(), id: "Absent".to_owned() };
        assert_eq!((error.place.to_string().as_str(), &error.fault), ("store/test.admx:6:11", &expected));
        assert!(error.place.text().starts_with("<policy name=\"P\""));
        let finding = error.finding();
        assert_eq!(finding.name(), "vendor::file");
        assert_eq!(finding.help.as_deref(), Some("take template and texts (ADML) of one and the same version"));
    }

    #[test]
    fn each_fault_is_in_the_file_and_at_the_place_where_it_is() {
        let place = |error: ImportError| error.place.to_string();
        let admx = policy("", "");
        assert_eq!(place(run(&admx[..admx.len() - 20]).unwrap_err()), "store/test.admx:2:1");
        assert_eq!(place(run(&admx[..admx.find("<supportedOn").unwrap() + 9]).unwrap_err()), "store/test.admx:7:27");
        assert_eq!(place(run(&admx.replace("<supportedOn", "\n  <supportedon")).unwrap_err()), "store/test.admx:8:3");
        let adml = TEXTS.replace("<string id=\"I\"", "<string id=\"C\"");
        assert_eq!(place(import_bytes(admx.as_bytes(), adml.as_bytes()).unwrap_err()), "en-US/test.adml:3:71");
        assert_eq!(place(import_bytes(b"<a>\n\x80", b"").unwrap_err()), "store/test.admx:2:1");
        let twice = admx.replace(
            "</policies>",
            "<policy name=\"P\" class=\"User\" displayName=\"x\" key=\"k\"><parentCategory ref=\"C\"/></policy></policies>",
        );
        assert_eq!(place(run(&twice).unwrap_err()), "store/test.admx:7:67");
    }

    #[test]
    fn a_file_beyond_any_template_is_refused_by_its_size() {
        let error = import_bytes(&vec![b' '; LARGEST_TEMPLATE + 1], TEXTS.as_bytes()).unwrap_err();
        assert_eq!((error.place.to_string().as_str(), error.fault), ("store/test.admx:1:1", Fault::TooLarge));
    }

    #[test]
    fn another_language_adds_its_titles_and_categories() {
        let german = TEXTS.replace("A\n            title", "Ein Titel").replace("Category", "Kategorie");
        let mut source = Source { texts: Vec::new(), ..source(policy("", "").leak().as_bytes(), b"") };
        let english = File { name: "test.adml", bytes: TEXTS.as_bytes() };
        source.texts = vec![("en-US", english), ("de-DE", File { name: "test.adml", bytes: german.as_bytes() })];
        let text = import(&source, &[], "a test").unwrap();
        assert!(text.contains("# SHA-256 of test.adml (de-DE): "));
        let policy = form::parse(form::find(text.as_bytes(), "P").unwrap()).unwrap();
        assert_eq!((policy.title, policy.category), ("A title & more", vec!["Category"]));
        let expected = Title { language: "de-DE", title: "Ein Titel & more", category: vec!["Kategorie"] };
        assert_eq!(policy.titles, [expected]);
    }

    #[test]
    fn what_a_template_refers_to_completes_path_and_versions() {
        const BASE: &str = r#"<policyDefinitions><policyNamespaces><target prefix="w" namespace="W" /></policyNamespaces>
            <supportedOn><definitions><definition name="X" displayName="$(string.I)" /></definitions></supportedOn>
            <categories><category name="Root" displayName="$(string.C)" /></categories></policyDefinitions>"#;
        let admx = policy("", "");
        let found = |bases: &[Source<'_>]| {
            let text = import(&source(admx.as_bytes(), TEXTS.as_bytes()), bases, "a test").unwrap();
            let policy = form::parse(form::find(text.as_bytes(), "P").unwrap()).unwrap();
            (policy.category.join(" > "), policy.supported.map(str::to_owned))
        };
        assert_eq!(found(&[]), ("Category".to_owned(), None));
        assert_eq!(
            found(&[source(BASE.as_bytes(), TEXTS.as_bytes())]),
            ("Category > Category".to_owned(), Some("Item".to_owned()))
        );
        let error = import(
            &source(admx.as_bytes(), TEXTS.as_bytes()),
            &[source(BASE.replace("\"Root\"", "\"Other\"").as_bytes(), TEXTS.as_bytes())],
            "a test",
        );
        assert!(matches!(error.unwrap_err().fault, Fault::Category { .. }));
    }

    #[test]
    fn what_is_only_written_where_nothing_stands_is_no_protection() {
        let text = run(&policy("", r#"<elements><text id="t" valueName="t" soft="true" /></elements>"#)).unwrap();
        let policy = form::parse(form::find(text.as_bytes(), "P").unwrap()).unwrap();
        assert!(policy.elements[0].soft);
        let problem = check::operations(&policy, &enabled([("t", "x".into())])).unwrap_err();
        assert!(matches!(problem, Problem::Refused { .. }), "{problem}");
    }

    #[test]
    fn categories_that_lie_inside_themselves_are_refused() {
        let looped = policy("", "").replace("windows:Root", "C");
        assert!(matches!(fault(&looped), Fault::Category { .. }));
        assert!(matches!(
            fault(&policy("", "").replace(r#"<parentCategory ref="C" />"#, r#"<parentCategory ref="D" />"#)),
            Fault::Category { .. }
        ));
    }

    #[test]
    fn document_types_entities_and_broken_files_are_refused() {
        let with_type = policy("", "").replacen("<policyDefinitions", "<!DOCTYPE x [<!ENTITY a \"aa\">]><policyDefinitions", 1);
        assert!(matches!(fault(&with_type), Fault::DocumentType));
        assert!(matches!(fault(&policy(r#"valueName="&a;""#, "")), Fault::Entity { .. }));
        assert!(matches!(fault(&policy("", "&a;")), Fault::Entity { .. }));
        assert!(matches!(fault(&"<a>".repeat(40)), Fault::TooDeep));
        assert!(matches!(fault("<a></b>"), Fault::Xml { .. }));
        assert!(matches!(fault("<a>"), Fault::Xml { .. }));
        assert!(matches!(fault(""), Fault::Xml { .. }));
        assert!(matches!(fault("<policyDefinitions/><x/>"), Fault::Xml { .. }));
        assert!(matches!(fault(&policy(r#"valueName="v" valueName="w""#, "")), Fault::Xml { .. }));
        let faults = |bytes: &[u8]| import_bytes(bytes, TEXTS.as_bytes()).unwrap_err().fault;
        assert_eq!(faults(b"\xFF\xFE<\0a"), Fault::Encoding);
        assert_eq!(faults(b"\xFF\xFE\x00\xD8"), Fault::Encoding);
        assert_eq!(faults(b"<a>\xFF"), Fault::Encoding);
        assert_eq!(faults(b"<a>\x01</a>"), Fault::Character { character: 1 });
        let error = import_bytes(policy("", "").as_bytes(), b"<policyDefinitionResources/>").unwrap_err();
        assert_eq!(error.place.to_string(), "en-US/test.adml:1:1");
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_the_importer_panic(bytes: Vec<u8>, cut in 0usize..900, insert in ".{0,8}") {
            let _ = import_bytes(&bytes, TEXTS.as_bytes());
            let _ = import_bytes(&bytes, &bytes);
            let mut admx = policy(r#"valueName="v""#, r#"<elements><text id="s" valueName="s" /></elements>"#);
            let at = (0..=cut.min(admx.len())).rev().find(|&at| admx.is_char_boundary(at)).unwrap();
            admx.insert_str(at, &insert);
            if let Ok(text) = run(&admx) {
                for name in form::names(text.as_bytes()) {
                    proptest::prop_assert!(form::find(text.as_bytes(), name).and_then(form::parse).is_some());
                }
            }
        }
    }
}
