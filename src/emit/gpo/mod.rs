//! Writes the folder `gpo/`: a backup of one Group Policy object, as the Group Policy console and `Import-GPO` take it.
//!
//! In: all registry operations of a role, of whatever program, with the settings behind them, and who they are from. Out: `manifest.xml`, and in
//! the folder of the backup's identifier `bkupInfo.xml`, `Backup.xml`, one `registry.pol` for each half that has settings,
//! and `gpreport.html` for people. Nothing is written for a role without registry settings.
//!
//! Identifiers are names (UUID version 5 of organisation and role), so that an import replaces what the same role had before, and
//! two roles never meet. Order and names of the elements follow native backups; what only a domain knows (its controller,
//! groups, identifiers of accounts) is left empty, which `Import-GPO` accepts, since an import takes settings alone.

mod backup;
mod report;
#[cfg(test)]
mod tests;

use uuid::Uuid;

use super::{Artifact, EmitError, Identity};
use crate::baseline::Setting;
use crate::baselines::Baselines;
use crate::emit::registry::{pol, settle};
use crate::vendor::registry::{Hive, RegistryOperation};

/// The folder below the role's.
pub const FOLDER: &str = "gpo/";

/// What every file of a backup repeats.
struct Object<'a> {
    /// The identifier of the Group Policy object, in braces.
    guid: String,
    /// The identifier of the backup, in braces; also its folder.
    backup: String,
    /// The identifier of the domain that it says it is from, in braces.
    domain_guid: String,
    /// That domain.
    domain: &'a str,
    /// The name of the object in the console.
    name: String,
    /// The time of the backup: the day of the decision, since no clock is asked.
    time: String,
}

impl<'a> Object<'a> {
    fn new(identity: &Identity<'a>) -> Self {
        let name = [identity.organisation, identity.role].join("\0");
        let namespace = Uuid::new_v5(&Uuid::NAMESPACE_OID, b"groundplan group policy object");
        let braced = |uuid: Uuid| format!("{{{}}}", uuid.hyphenated().to_string().to_uppercase());
        let guid = Uuid::new_v5(&namespace, name.as_bytes());
        Self {
            guid: braced(guid),
            backup: braced(Uuid::new_v5(&guid, b"backup")),
            domain_guid: braced(Uuid::new_v5(&Uuid::NAMESPACE_DNS, identity.domain.as_bytes())),
            domain: identity.domain,
            name: format!("{}: {} (groundplan)", identity.organisation, identity.role),
            time: format!("{}T00:00:00", identity.decided.unwrap_or("2000-01-01")),
        }
    }
}

/// One half of an object: the computer's or the user's settings.
struct Half {
    hive: Hive,
    file: Vec<u8>,
}

/// The backup cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A name or text holds what a file format cannot carry.
    #[error(transparent)]
    Value(#[from] EmitError),
    /// The template of the report is wrong.
    #[error("fill in the report of the Group Policy object")]
    Report(#[from] minijinja::Error),
}

/// What a role sets in the registry for one reason: operations, and the settings they come from.
#[derive(Debug, Clone)]
pub struct Share<'a> {
    /// The operations.
    pub operations: Vec<RegistryOperation>,
    /// The settings; none for what is only taken away.
    pub settings: Vec<&'a Setting>,
}

/// The files of the backup.
///
/// # Errors
/// [`RenderError`] when a value cannot be carried, two shares contradict each other, or the template of the report is wrong.
pub fn render(shares: &[Share<'_>], identity: &Identity<'_>, baselines: &Baselines) -> Result<Vec<Artifact>, RenderError> {
    let operations: Vec<RegistryOperation> = shares.iter().flat_map(|share| share.operations.iter().cloned()).collect();
    let operations = settle(&operations)?;
    let mut halves = Vec::new();
    for hive in [Hive::Machine, Hive::User] {
        let records = pol::records(operations.iter().copied().filter(|operation| operation.hive == hive))?;
        if !records.is_empty() {
            halves.push(Half { hive, file: pol::write(&records) });
        }
    }
    if halves.is_empty() {
        return Ok(Vec::new());
    }
    let object = Object::new(identity);
    let inside = format!("{FOLDER}{}/", object.backup);
    let mut artifacts = vec![
        Artifact::data(format!("{FOLDER}manifest.xml"), backup::manifest(&object)),
        Artifact::data(format!("{inside}bkupInfo.xml"), backup::instance(&object)),
        Artifact::data(format!("{inside}Backup.xml"), backup::scheme(&object, &halves)),
        Artifact::data(format!("{inside}gpreport.html"), report::render(&object, &operations, shares, baselines)?),
    ];
    artifacts.extend(halves.into_iter().map(|half| {
        let path = format!("{inside}DomainSysvol/GPO/{}/registry.pol", backup::side(half.hive));
        Artifact::data(path, half.file)
    }));
    Ok(artifacts)
}
