//! The importers at their edges, and what the tables refuse.

use super::*;
use crate::baselines::Baselines;
use crate::value::{PersonalPart, PersonalText, Value};
use crate::vendor::Problem;
use crate::vendor::admx::File;

fn gsettings(text: &str) -> Result<String, String> {
    let file = File { name: "x.gschema.xml", bytes: text.as_bytes() };
    import_gsettings(&[file], "Program", "1.0", "a test").map_err(|error| error.to_string())
}

fn kconfig(text: &str, unnamed: Option<&str>) -> Result<String, String> {
    let file = File { name: "x.kcfg", bytes: text.as_bytes() };
    import_kconfig(&[file], "Program", "1.0", "a test", unnamed).map_err(|error| error.to_string())
}

/// The lines below the header.
fn rows(table: &str) -> Vec<&str> {
    table.lines().filter(|line| !line.starts_with('#')).collect()
}

fn in_schema(keys: &str) -> String {
    format!(
        "<schemalist><enum id='e'><value nick='one' value='0'/><value nick='two' value='1'/></enum><schema id='s' path='/a/b/'>{keys}</schema></schemalist>"
    )
}

fn in_group(entries: &str) -> String {
    format!("<kcfg><kcfgfile name='filerc'/><group name='Group'>{entries}</group></kcfg>")
}

#[test]
fn a_schema_gives_a_line_a_key() {
    let keys = "<key name='flag' type='b'><default>true</default></key>\
        <key name='word' enum='e'><default>'one'</default></key>\
        <key name='number' type='i'><range min='1' max='5'/><default>3</default></key>\
        <key name='chosen' type='s'><choices><choice value='x'/><choice value='y'/></choices><default>'x'</default></key>\
        <key name='old' type='as'><default>[\n'a']</default><summary>(Deprecated) gone</summary></key>\
        <key name='odd' type='a(sb)'><default>[]</default></key>";
    assert_eq!(
        rows(&gsettings(&in_schema(keys)).unwrap()),
        [
            "/a/b/chosen\ts\t{\"text\":[\"x\",\"y\"]}\t'x'\tcurrent\ts",
            "/a/b/flag\tb\t\"flag\"\ttrue\tcurrent\ts",
            "/a/b/number\ti\t{\"between\":[1,5]}\t3\tcurrent\ts",
            "/a/b/odd\ta(sb)\t\"anything\"\t[]\tcurrent\ts",
            "/a/b/old\tas\t{\"list\":{\"text\":[]}}\t[ 'a']\tdeprecated\ts",
            "/a/b/word\ts\t{\"text\":[\"one\",\"two\"]}\t'one'\tcurrent\ts",
        ]
    );
    assert!(
        rows(
            &gsettings("<schemalist><schema id='s'><key name='x' type='b'><default>true</default></key></schema></schemalist>")
                .unwrap()
        )
        .is_empty()
    );
}

#[test]
fn what_a_schema_cannot_say_is_refused() {
    let key = |inner: &str| in_schema(&format!("<key {inner}"));
    for (text, told) in [
        ("<!DOCTYPE schemalist [<!ENTITY x 'y'>]><schemalist/>".to_owned(), "document type"),
        ("<kcfg/>".to_owned(), "unknown element `kcfg`"),
        (in_schema("<method/>"), "unknown element `method`"),
        (key("type='b'><default>true</default></key>"), "no `name`"),
        (key("name='A B' type='b'><default>true</default></key>"), "no name of a key"),
        (key("name='a' type='b'/>"), "no `default`"),
        (key("name='a' type='b' enum='e'><default>true</default></key>"), "one of `type`"),
        (key("name='a' enum='none'><default>true</default></key>"), "no enumeration `none`"),
        (key("name='a' type='i'><range min='5' max='1'/><default>1</default></key>"), "holds no number"),
        (key("name='a' type='i'><range min='x'/><default>1</default></key>"), "no end of a range"),
        (key("name='a' type='b'><default>true</default><script/></key>"), "unknown element `script`"),
        ("<schemalist><schema id='s' path='a/'/></schemalist>".to_owned(), "begin and end with a slash"),
        ("<schemalist><schema id='s' path='/a/' extends='t'/></schemalist>".to_owned(), "extends another"),
        (
            in_schema("<key name='a' type='b'><default>true</default></key><key name='a' type='i'><default>1</default></key>"),
            "defined twice",
        ),
        (format!("<schemalist>{}{}</schemalist>", "<a>".repeat(40), "</a>".repeat(40)), "nested too deeply"),
    ] {
        let found = gsettings(&text).expect_err(&text);
        assert!(found.contains(told), "{text}: {found}");
    }
}

#[test]
fn a_description_gives_a_line_an_entry() {
    let entries = "<entry name='Plain Name' type='Bool'><default>false</default></entry>\
        <entry name='A' key='a key' type='Int'><min>1</min><max code='true'>most()</max><default code='true'>x()</default></entry>\
        <entry name='E' type='Enum'><choices><choice name='One'/><choice name='Two' value='2nd'/></choices><default>One</default></entry>\
        <entry name='Filled'><default>${CMAKE}</default></entry><entry name='F' type='Font'/>";
    assert_eq!(
        rows(&kconfig(&in_group(entries), None).unwrap()),
        [
            "filerc/Group/E\tEnum\t{\"text\":[\"One\",\"2nd\"]}\tOne\tcurrent\tx.kcfg",
            "filerc/Group/F\tFont\t\"anything\"\t-\tcurrent\tx.kcfg",
            "filerc/Group/Filled\tString\t{\"text\":[]}\t-\tcurrent\tx.kcfg",
            "filerc/Group/PlainName\tBool\t\"flag\"\tfalse\tcurrent\tx.kcfg",
            "filerc/Group/a key\tInt\t{\"between\":[1,2147483647]}\t-\tcurrent\tx.kcfg",
        ]
    );
    let numbered = "<kcfg><kcfgfile arg='true'/><group name='Thing $(id)'><entry name='x' type='Bool'/></group></kcfg>";
    assert_eq!(rows(&kconfig(numbered, Some("otherrc")).unwrap()), ["otherrc/Thing */x\tBool\t\"flag\"\t-\tcurrent\tx.kcfg"]);
    assert!(kconfig(numbered, None).unwrap_err().contains("name it with `--file`"));
}

#[test]
fn what_a_description_cannot_say_is_refused() {
    for (text, told) in [
        ("<!DOCTYPE kcfg SYSTEM 'kcfg.dtd'><kcfg/>".to_owned(), "document type"),
        ("<schemalist/>".to_owned(), "unknown element `schemalist`"),
        ("<kcfg><kcfgfile name='../x'/></kcfg>".to_owned(), "no name of a file"),
        ("<kcfg><kcfgfile name='x'/><other/></kcfg>".to_owned(), "unknown element `other`"),
        ("<kcfg><kcfgfile name='x'/><group name='a' parentGroupName='b'/></kcfg>".to_owned(), "inside another one"),
        (in_group("<entry type='Bool'/>"), "neither `key` nor `name`"),
        (in_group("<entry name='a/b' type='Bool'/>"), "slash"),
        (in_group("<entry name='a$(b)c' type='Bool'/>"), "parameter inside a name"),
        (in_group("<entry name='a' type='Enum'/>"), "without choices"),
        (in_group("<entry name='a' type='Int'><min>9</min><max>1</max></entry>"), "holds no number"),
        (in_group("<entry name='a' type='Int'><min>x</min></entry>"), "no end of a range"),
        (in_group("<entry name='a' type='Bool'><script/></entry>"), "unknown element `script`"),
        (in_group("<entry name='a' type='Bool'/><entry name='a' type='Int'/>"), "defined twice"),
    ] {
        let found = kconfig(&text, None).expect_err(&text);
        assert!(found.contains(told), "{text}: {found}");
    }
}

fn check(name: &str, value: &Value) -> Result<Setting, Problem> {
    Tables::new(&Baselines::embedded()).check(name, value)
}

#[test]
fn names_types_and_words_are_held_against_the_tables() {
    let mail = "dconf:/org/gnome/evolution/mail";
    assert!(check(&format!("{mail}/composer-mode"), &"html".into()).is_ok());
    let word = check(&format!("{mail}/composer-mode"), &"htlm".into()).unwrap_err();
    assert!(matches!(word, Problem::NotAllowed { .. }), "{word}");
    assert!(matches!(check(&format!("{mail}/composer-mode"), &Value::Flag(true)), Err(Problem::WrongType { .. })));
    let name = check(&format!("{mail}/composer-mod"), &"html".into()).unwrap_err();
    assert_eq!(name.help().as_deref(), Some("did you mean `dconf:/org/gnome/evolution/mail/composer-mode`?"));
    let account = check("account:mine/Offline/StaySynchronised", &Value::Flag(true)).unwrap_err();
    assert_eq!(account.help().as_deref(), Some("did you mean `account:mine/Offline/StaySynchronized`?"));
    let port = check("account:mine/Authentication/Port", &Value::Number(65536)).unwrap_err();
    assert!(matches!(port, Problem::NotAllowed { .. }), "{port}");
    let old = check(&format!("{mail}/load-http-images"), &Value::Number(1)).unwrap_err();
    assert!(old.to_string().contains("deprecated"), "{old}");
    let odd = check(&format!("{mail}/show-headers"), &Value::List(Vec::new())).unwrap_err();
    assert!(odd.to_string().contains("no rule can give"), "{odd}");
    for unknown in [
        "account:Mine/Offline/StaySynchronized",
        "account:/Offline/StaySynchronized",
        "dconf:",
        "kconfig:kmail2rc/x",
        "kconfig:x",
    ] {
        assert!(matches!(check(unknown, &Value::Flag(true)), Err(Problem::UnknownName { .. })), "{unknown}");
    }
}

#[test]
fn a_group_with_a_number_needs_the_entry_that_holds_it() {
    let tables_of = Baselines::embedded();
    let tables = Tables::new(&tables_of);
    let id = tables.check("kconfig:mailtransports/Transport 7/id", &Value::Number(7)).unwrap();
    let host = tables.check("kconfig:mailtransports/Transport 7/host", &"smtp.example.org".into()).unwrap();
    let other = tables.check("kconfig:mailtransports/Transport 8/host", &"smtp.example.org".into()).unwrap();
    assert!(tables.check("kconfig:mailtransports/Transport 7/id", &Value::Number(8)).is_err());
    assert_eq!(tables.check_companions(&[&id, &host]), []);
    assert_eq!(tables.check_companions(&[&host]).len(), 1);
    assert_eq!(tables.check_companions(&[&id, &host, &other])[0].0, "kconfig:mailtransports/Transport 8/host");
}

#[test]
fn an_account_has_a_name_and_names_accounts_that_are_there() {
    let tables_of = Baselines::embedded();
    let tables = Tables::new(&tables_of);
    let name = |id: &str| tables.check(&format!("account:{id}/Data Source/DisplayName"), &"x".into()).unwrap();
    let parent = |of: &str| tables.check("account:one/Data Source/Parent", &of.into()).unwrap();
    let (one, two) = (name("one"), name("two"));
    assert_eq!(tables.check_companions(&[&one, &two, &parent("two")]), []);
    assert_eq!(tables.check_companions(&[&one, &parent("ldap-stub")]), []);
    assert_eq!(tables.check_companions(&[&one, &parent("two")])[0].0, "account:one/Data Source/Parent");
    assert_eq!(tables.check_companions(&[&parent("ldap-stub")])[0].0, "account:one/Data Source/Parent");
}

#[test]
fn what_differs_from_person_to_person_has_its_places() {
    let person = |variables: &[&str], parts| {
        Value::Personal(PersonalText { variables: variables.iter().map(|&name| name.to_owned()).collect(), parts })
    };
    let user = person(&["USER"], vec![PersonalPart::Name]);
    assert!(check("account:x/Authentication/User", &user).is_ok());
    assert!(check("kconfig:mailtransports/Transport 1/user", &user).is_ok());
    assert!(check("dconf:/org/gnome/evolution/mail/charset", &user).is_err());
    assert!(check("account:x/Authentication/Port", &user).is_err());
    assert!(check("account:x/Authentication/User", &person(&["USER", "USERNAME"], vec![PersonalPart::Name])).is_err());
    let hostile = person(&["USER"], vec![PersonalPart::Fixed("${HOME}".into()), PersonalPart::Name]);
    assert!(check("account:x/Authentication/User", &hostile).is_err());
}

#[test]
fn a_damaged_table_is_named_with_its_line() {
    let embedded = Baselines::embedded();
    assert_eq!(Tables::new(&embedded).verify(&embedded), Ok(()));
    let head = "# GSettings of Own 1.0. A test\n";
    for row in [
        "/a/b\tb\t\"flag\"\ttrue\tcurrent\n",
        "/a/b\tb\tflag\ttrue\tcurrent\ts\n",
        "\n",
        "/b\tb\t\"flag\"\t-\tcurrent\ts\n/a\tb\t\"flag\"\t-\tcurrent\ts\n",
    ] {
        let content =
            Baselines::embedded().with_file("vendor/own/settings-1.0.tsv".to_owned(), format!("{head}{row}").into_bytes());
        let found = Tables::new(&content).verify(&content);
        let line = if row.starts_with("/b") { 3 } else { 2 };
        assert_eq!(found, Err(LoadError::Line { path: "vendor/own/settings-1.0.tsv".to_owned(), line }), "{row:?}");
    }
}
