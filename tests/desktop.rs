//! Evolution and `KMail` read what is written for them: dconf and `GSettings`, the service and library of Evolution's accounts,
//! and `KConfig`, each with every value that an answer gives.
//!
//! Environments are throw-away: a database of dconf in a folder, own XDG folders, a message bus of its own.

#![cfg(unix)]
#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "a test stops where something fails")]

#[path = "consumers/answers.rs"]
#[expect(dead_code, reason = "shared with tests that ask more")]
mod answers;
#[path = "support/consumer.rs"]
mod consumer;
#[path = "desktop/hostile.rs"]
mod hostile;
#[path = "desktop/install.rs"]
mod install;
#[path = "consumers/plans.rs"]
#[expect(dead_code, reason = "shared with tests that ask more")]
mod plans;
#[path = "support/program.rs"]
#[expect(dead_code, reason = "shared with tests that ask more")]
mod program;
#[path = "desktop/session.rs"]
mod session;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use groundplan::baseline::{Checker, Lock, resolve, versions_of};
use groundplan::baselines::Baselines;
use groundplan::catalogue::{Catalogue, load_catalogue};
use groundplan::plan::{EVERYONE, answers_of, read_plan};
use groundplan::source::{Limits, parse};
use groundplan::vendor::desktop::Store;
use groundplan::vendor::{Schemas, Typed};
use serde_json::{Value as Json, json};
use session::{Session, schema_of};

/// A setting as it is meant.
struct Meant {
    store: Store,
    /// Of `KConfig` the file, of an account its id.
    file: String,
    group: String,
    key: String,
    value: Json,
    locked: bool,
}

/// What a plan means for a role.
fn meant(plan: &str, role: &str, catalogue: &Catalogue, schemas: &Schemas<'_>) -> Vec<Meant> {
    let (document, _) = parse("plan", plan.as_bytes(), Limits::default());
    let (plan, _) = read_plan(&document.unwrap(), catalogue);
    let role = (role != EVERYONE).then_some(role);
    let answers = answers_of(&plan, role, catalogue, jiff::civil::date(2026, 11, 1));
    let (checked, _) = Checker::new(schemas, versions_of(&answers)).check(resolve(catalogue, &answers).0);
    let one = |checked: &groundplan::baseline::CheckedSetting| {
        let Typed::Desktop(typed) = &checked.typed else { return None };
        Some(Meant {
            store: typed.store,
            file: typed.file.clone(),
            group: typed.group.clone(),
            key: typed.key.clone(),
            value: checked.setting.value.to_json(),
            locked: checked.setting.lock == Lock::Locked,
        })
    };
    checked.settings.iter().filter_map(one).collect()
}

/// The folders of all plans and roles, with what is meant by them; equal ones once.
fn all(client: &str, baselines: &Baselines) -> Vec<(String, std::path::PathBuf, Vec<Meant>)> {
    let catalogue = load_catalogue(baselines).unwrap();
    let schemas = Schemas::load(baselines).unwrap();
    let folders = plans::folders(client);
    let meant = folders.into_iter().map(|(what, folder)| {
        let role = folder.parent().unwrap();
        let plan = fs::read_to_string(role.ancestors().nth(2).unwrap().join("plan.yaml")).unwrap();
        let meant = meant(&plan, role.file_name().unwrap().to_str().unwrap(), &catalogue, &schemas);
        (what, folder, meant)
    });
    meant.collect()
}

#[test]
#[expect(clippy::print_stdout, reason = "how much was read is worth more than that it was")]
fn evolution_has_every_key_and_every_account_as_it_is_meant() {
    if !session::have_evolution() {
        return;
    }
    let baselines = Baselines::embedded();
    let (mut read, mut wrong, mut values) = (0, Vec::new(), BTreeSet::new());
    let folders = all("evolution", &baselines);
    assert!(folders.len() > 15, "{} folders", folders.len());
    for (what, folder, meant) in &folders {
        let session = Session::of(folder);
        let of = |store| meant.iter().filter(move |one| one.store == store);
        let keys: BTreeMap<String, String> = of(Store::Dconf)
            .map(|one| (format!("/{}/{}", one.group, one.key), schema_of(&format!("/{}/{}", one.group, one.key), &baselines)))
            .collect();
        let mut sources: BTreeMap<&str, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
        for one in of(Store::Accounts) {
            sources.entry(&one.file).or_default().entry(&one.group).or_default().push(&one.key);
        }
        let answer = session.ask(&json!({ "keys": keys, "sources": sources }));
        let person = |text: &str| {
            text.replace("${USER}", answer["user"].as_str().unwrap()).replace("${REALNAME}", answer["name"].as_str().unwrap())
        };
        for one in meant.iter().filter(|one| one.store != Store::Kconfig) {
            let place = format!("{}/{}", one.group, one.key);
            let found = match one.store {
                Store::Dconf => &answer["keys"][format!("/{place}").as_str()],
                _ => &answer["sources"][one.file.as_str()][one.group.as_str()][one.key.as_str()],
            };
            let value = one.value.as_str().map_or_else(|| one.value.clone(), |text| person(text).into());
            if found["value"] != value {
                wrong.push(format!("{what}: {} {place} is {found}, not {value}", one.file));
            }
            if one.store == Store::Dconf && found["writable"] != json!(!one.locked) {
                wrong.push(format!("{what}: {place} is {found}, and locked should be {}", one.locked));
            }
            read += 1;
            values.insert((place, value.to_string(), one.locked));
        }
        // Nothing but what is meant has appeared, and what was preset is the account of choice.
        let own: BTreeSet<&str> = uids(&answer).filter(|uid| uid.starts_with("groundplan")).collect();
        assert_eq!(own, sources.keys().copied().collect(), "{what}");
        if sources.contains_key("groundplan-mail") {
            assert_eq!(answer["mail"], "groundplan-mail", "{what}");
        }
    }
    println!("{read} values read in {} folders, {} of them different", folders.len(), values.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(values.len() > 120, "{} values", values.len());
}

fn uids(answer: &Json) -> impl Iterator<Item = &str> {
    answer["uids"].as_array().unwrap().iter().map(|uid| uid.as_str().unwrap())
}

#[test]
fn a_locked_key_stays_whatever_a_person_does() {
    if !session::have_evolution() {
        return;
    }
    let folder = plans::folders("evolution").into_iter().find(|(what, _)| what == "minimal, everyone").unwrap().1;
    let session = Session::of(&folder);
    let key = "/org/gnome/evolution/mail/image-loading-policy";
    assert_eq!(session.run("dconf", &["read", key]), (true, "'never'\n".into()));
    let (taken, said) = session.run("dconf", &["write", key, "'always'"]);
    assert!(!taken && said.contains("non-writable"), "{said}");
    assert_eq!(
        session.run("gsettings", &["writable", "org.gnome.evolution.mail", "image-loading-policy"]),
        (true, "false\n".into())
    );
    assert_eq!(
        session.run("gsettings", &["get", "org.gnome.evolution.mail", "image-loading-policy"]),
        (true, "'never'\n".into())
    );
    // What is preset only is the person's.
    let (preset, schema) = ("/org/gnome/evolution/mail/prompt-on-accel-send", "org.gnome.evolution.mail");
    assert_eq!(session.run("dconf", &["read", preset]), (true, "true\n".into()));
    assert_eq!(session.run("gsettings", &["set", schema, "prompt-on-accel-send", "false"]), (true, String::new()));
    assert_eq!(session.run("gsettings", &["get", schema, "prompt-on-accel-send"]), (true, "false\n".into()));
    // Without the locks the same person has their way.
    fs::remove_file(session.home().join("db.d/locks/00")).unwrap();
    session.compile();
    assert!(session.run("dconf", &["write", key, "'always'"]).0);
    assert_eq!(session.run("dconf", &["read", key]), (true, "'always'\n".into()));
}

#[test]
fn every_row_of_the_table_of_accounts_is_a_property_of_the_library() {
    if !session::have_evolution() {
        return;
    }
    let baselines = Baselines::embedded();
    let table = baselines.text("vendor/evolution/accounts-3.46.tsv").unwrap();
    let rows: Vec<Vec<&str>> =
        table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect()).collect();
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in &rows {
        let (group, key) = row[0].rsplit_once('/').unwrap();
        groups.entry(group).or_default().push(key);
    }
    let folder = plans::folders("evolution").into_iter().find(|(what, _)| what == "minimal, everyone").unwrap().1;
    let answer = Session::of(&folder).ask(&json!({ "keys": {}, "sources": { "groundplan-mail": groups } }));
    let mut wrong = Vec::new();
    for row in &rows {
        let (group, key) = row[0].rsplit_once('/').unwrap();
        if group == "Data Source" {
            continue;
        }
        let found = &answer["sources"]["groundplan-mail"][group][key];
        let kind = match row[1] {
            "boolean" => "gboolean",
            "string" => "gchararray",
            "uint" => "guint",
            "int" => "gint",
            _ => "enum",
        };
        let fits = if kind == "enum" { !found["items"].is_null() } else { found["type"] == kind };
        let shape: Json = serde_json::from_str(row[2]).unwrap();
        let mut words: Vec<&str> = shape["text"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        words.sort_unstable();
        if !fits || (kind == "enum" && found["items"] != json!(words)) {
            wrong.push(format!("{}: {found} is not {} {}", row[0], row[1], row[2]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(rows.len() > 50, "{} rows", rows.len());
}

#[test]
#[expect(clippy::print_stdout, reason = "how much was read is worth more than that it was")]
fn kconfig_has_every_entry_as_it_is_meant_and_keeps_what_is_locked() {
    if !session::have_kconfig() {
        return;
    }
    let baselines = Baselines::embedded();
    let folders = all("kmail", &baselines);
    let (mut read, mut wrong, mut values, mut tried) = (0, Vec::new(), BTreeSet::new(), BTreeSet::new());
    for (what, folder, meant) in &folders {
        let session = Session::of(folder);
        for one in meant.iter().filter(|one| one.store == Store::Kconfig) {
            let place = [one.file.as_str(), &one.group, &one.key];
            let value = match &one.value {
                Json::String(text) => text.replace("${USER}", session::USER),
                other => other.to_string(),
            };
            let found = session.kconfig(place);
            if found != value {
                wrong.push(format!("{what}: {place:?} is `{found}`, not `{value}`"));
            }
            read += 1;
            values.insert((place.map(str::to_owned), value.clone(), one.locked));
            if tried.insert((place.map(str::to_owned), one.locked)) {
                session.set_kconfig(place, "something else");
                let found = session.kconfig(place);
                let stays = found == value;
                if stays != one.locked || (!stays && found != "something else") {
                    wrong.push(format!("{what}: {place:?} is `{found}` after a person set it, and locked is {}", one.locked));
                }
            }
        }
    }
    println!(
        "{read} values read in {} folders, {} of them different; {} were set by a person",
        folders.len(),
        values.len(),
        tried.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(values.len() > 50 && tried.iter().any(|(_, locked)| !locked), "{} values", values.len());
}

/// Every path that the page of places and the packages use is one that the programs look into.
#[test]
fn the_profile_of_the_content_names_the_database_of_the_places() {
    let baselines = Baselines::embedded();
    let places = baselines.text("lists/places.tsv").unwrap();
    let profile = baselines.text("files/evolution/dconf-profile").unwrap();
    let database = profile.lines().find_map(|line| line.strip_prefix("system-db:")).unwrap();
    assert!(profile.starts_with("user-db:user\n") && Path::new("/etc/dconf/db").join(database).is_absolute());
    for artifact in ["values", "locks"] {
        let row = places.lines().find(|line| line.starts_with(&format!("evolution/dconf/{artifact}\t"))).unwrap();
        assert!(row.contains(&format!("/etc/dconf/db/{database}.d/")), "{row}");
    }
    // The scripts of a shared computer have a database of their own.
    assert!(!baselines.text("scripts/linux/items.sh").unwrap().contains(&format!("db/{database}")));
}
