//! Settings of programs of Linux desktops in, their files out.
//!
//! `evolution/dconf/` holds a database for dconf: the values, the list of those that nobody can change, and a profile that
//! names the database. `evolution/autoconfig/` holds a source for each part of an account, `kmail/` the files of `KConfig`. Each
//! is written only when it holds something. An account is copied into the person's own folder at the first start, so nothing of it can be
//! locked. Read back in `tests/desktop.rs`.

mod accounts;
mod gvariant;
mod kconfig;
mod keyfile;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::{Artifact, EmitError, Lock};
use crate::baselines::Baselines;
use crate::vendor::desktop::{Setting, Store};

pub use gvariant::text as gvariant;

/// The folder of the database.
const DATABASE: &str = "evolution/dconf/";
/// The values of the database, and its locks.
const VALUES: &str = "values";
const LOCKS: &str = "locks";
/// The folder of the sources.
const SOURCES: &str = "evolution/autoconfig/";
/// What their names end in.
const SOURCE: &str = ".source";
/// The folder of the files for `KConfig`.
const KCONFIG: &str = "kmail/";
/// The profile that names the database, in the content.
const PROFILE: &str = "files/evolution/dconf-profile";

/// The settings of one file, by group and key.
type Groups<'a> = BTreeMap<&'a str, BTreeMap<&'a str, (&'a Setting, Lock)>>;

/// The file that holds a setting; of dconf the folder, in which the lock stands beside the value.
pub(super) fn path(setting: &Setting) -> String {
    match setting.store {
        Store::Dconf => DATABASE.to_owned(),
        Store::Accounts => format!("{SOURCES}{}{SOURCE}", setting.file),
        Store::Kconfig => format!("{KCONFIG}{}", setting.file),
    }
}

/// The place of a setting in its file, as its readers would name it.
pub(super) fn place(setting: &Setting) -> String {
    match setting.store {
        Store::Dconf => format!("/{}", setting.entry()),
        Store::Accounts | Store::Kconfig => format!("[{}] {}", setting.group, setting.key),
    }
}

/// The name of the setting that stands in a section of one of these files under a key.
pub fn name_in(file: &str, section: &str, key: &str) -> Option<String> {
    if file == format!("{DATABASE}{VALUES}") {
        return Some(format!("{}:/{section}/{key}", Store::Dconf.prefix()));
    }
    if let Some(source) = file.strip_prefix(SOURCES).and_then(|name| name.strip_suffix(SOURCE)) {
        return Some(format!("{}:{source}/{section}/{key}", Store::Accounts.prefix()));
    }
    let name = file.strip_prefix(KCONFIG)?;
    Some(format!("{}:{name}/{section}/{key}", Store::Kconfig.prefix()))
}

/// The name of the setting that a line of the locks keeps.
pub fn locked_in(file: &str, line: &str) -> Option<String> {
    (file == format!("{DATABASE}{LOCKS}") && line.starts_with('/')).then(|| format!("{}:{line}", Store::Dconf.prefix()))
}

/// Renders the files of one role.
///
/// # Errors
/// [`EmitError::Twice`] when a name comes with two values, [`EmitError::Character`] when a text holds what a format cannot carry.
pub fn render(settings: &[(&Setting, Lock)], baselines: &Baselines) -> Result<Vec<Artifact>, EmitError> {
    let mut files: BTreeMap<(Store, String), Groups<'_>> = BTreeMap::new();
    for &(setting, lock) in settings {
        refuse_controls(setting)?;
        let file = files.entry((setting.store, path(setting))).or_default();
        let before = file.entry(&setting.group).or_default().insert(&setting.key, (setting, lock));
        if before.is_some_and(|before| before != (setting, lock)) {
            return Err(EmitError::Twice { place: setting.name() });
        }
    }
    let mut artifacts = Vec::new();
    for ((store, path), groups) in files {
        match store {
            Store::Dconf => {
                artifacts.push(Artifact::data(format!("{path}{VALUES}"), gvariant::values(&groups)));
                let locks = gvariant::locks(&groups);
                artifacts.extend((!locks.is_empty()).then(|| Artifact::data(format!("{path}{LOCKS}"), locks)));
                artifacts.push(Artifact::data(format!("{path}profile"), baselines.bytes(PROFILE).unwrap_or_default()));
            }
            Store::Accounts => artifacts.push(Artifact::data(path, accounts::render(&groups))),
            Store::Kconfig => artifacts.push(Artifact::data(path, kconfig::render(&groups))),
        }
    }
    Ok(artifacts)
}

/// Only the text of dconf has a spelling for every character but U+0000.
fn refuse_controls(setting: &Setting) -> Result<(), EmitError> {
    let refused = |character: char| match setting.store {
        Store::Dconf => character == '\0',
        Store::Accounts | Store::Kconfig => character.is_control() && !['\n', '\r', '\t'].contains(&character),
    };
    match setting.value.texts().into_iter().flat_map(str::chars).find(|character| refused(*character)) {
        None => Ok(()),
        Some(character) => {
            let format = "a file of a Linux desktop";
            Err(EmitError::Character { setting: setting.name(), format, character: u32::from(character) })
        }
    }
}
