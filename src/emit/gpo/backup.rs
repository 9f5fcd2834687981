//! The three XML files of a backup, in the order of elements that native backups have.
//!
//! `manifest.xml` lists the backups of a folder, here one; `bkupInfo.xml` is the same entry as a file of its own;
//! `Backup.xml` describes the object, its halves and their files. Forms: [MS-GPREG] for the extension's identifier,
//! native backups of Windows Server for the rest.

use super::{Half, Object};
use crate::emit::xml::Xml;
use crate::vendor::registry::Hive;

const MANIFEST_NAMESPACE: &str = "http://www.microsoft.com/GroupPolicy/GPOOperations/Manifest";
const BACKUP_NAMESPACE: &str = "http://www.microsoft.com/GroupPolicy/GPOOperations";
/// The client-side extension that applies registry.pol ([MS-GPREG] section 1.9).
const REGISTRY_EXTENSION: &str = "{35378EAC-683F-11D2-A89A-00C04FBBCFA2}";
/// The halves of the tool that edits it.
const MACHINE_TOOL: &str = "{D02B1F72-3407-48AE-BA88-E8213C6761F1}";
const USER_TOOL: &str = "{D02B1F73-3407-48AE-BA88-E8213C6761F1}";
/// Version 1 in the directory and version 1 in sysvol: a half whose version is 0 is taken for empty and not applied.
const VERSION: &str = "65537";
/// Administrators and the system own and change the object, authenticated users and domain controllers read it, the former
/// apply it: `O:BAG:BAD:P(A;CI;CCDCLCSWRPWPDTLOSDRCWDWO;;;BA)(A;CI;CCDCLCSWRPWPDTLOSDRCWDWO;;;SY)(A;CI;LCRPLORC;;;AU)
/// (A;CI;LCRPLORC;;;ED)(OA;CI;CR;edacfd8f-ffb3-11d1-b41d-00a0c968f939;;AU)`, self-relative. It names no account of a domain.
/// Decoded by Samba in `tests/gpo.rs`.
const SECURITY_DESCRIPTOR: &str = "01 00 04 90 14 00 00 00 24 00 00 00 00 00 00 00 34 00 00 00 01 02 00 00 00 00 00 05 \
    20 00 00 00 20 02 00 00 01 02 00 00 00 00 00 05 20 00 00 00 20 02 00 00 04 00 84 00 05 00 00 00 00 02 18 00 ff 00 0f 00 \
    01 02 00 00 00 00 00 05 20 00 00 00 20 02 00 00 00 02 14 00 ff 00 0f 00 01 01 00 00 00 00 00 05 12 00 00 00 00 02 14 00 \
    94 00 02 00 01 01 00 00 00 00 00 05 0b 00 00 00 00 02 14 00 94 00 02 00 01 01 00 00 00 00 00 05 09 00 00 00 05 02 28 00 \
    00 01 00 00 01 00 00 00 8f fd ac ed b3 ff d1 11 b4 1d 00 a0 c9 68 f9 39 01 01 00 00 00 00 00 05 0b 00 00 00";

/// The word for a half in paths.
pub(super) fn side(hive: Hive) -> &'static str {
    match hive {
        Hive::Machine => "Machine",
        Hive::User => "User",
    }
}

/// `manifest.xml`.
pub(super) fn manifest(object: &Object<'_>) -> Vec<u8> {
    let mut xml = Xml::document();
    xml.open("Backups", &[("xmlns", MANIFEST_NAMESPACE), ("xmlns:mfst", MANIFEST_NAMESPACE), ("mfst:version", "1.0")]);
    instance_element(&mut xml, object, &[]);
    xml.close("Backups");
    xml.finish()
}

/// `bkupInfo.xml`.
pub(super) fn instance(object: &Object<'_>) -> Vec<u8> {
    let mut xml = Xml::document();
    instance_element(&mut xml, object, &[("xmlns", MANIFEST_NAMESPACE)]);
    xml.finish()
}

fn instance_element(xml: &mut Xml, object: &Object<'_>, attributes: &[(&'static str, &str)]) {
    xml.open("BackupInst", attributes);
    xml.text("GPOGuid", &object.guid);
    xml.text("GPODomain", object.domain);
    xml.text("GPODomainGuid", &object.domain_guid);
    xml.text("GPODomainController", "UNKNOWN");
    xml.text("BackupTime", &object.time);
    xml.text("ID", &object.backup);
    xml.text("Comment", "");
    xml.text("GPODisplayName", &object.name);
    xml.close("BackupInst");
}

/// `Backup.xml`.
pub(super) fn scheme(object: &Object<'_>, halves: &[Half]) -> Vec<u8> {
    let has = |hive: Hive| halves.iter().any(|half| half.hive == hive);
    let version = |hive: Hive| if has(hive) { VERSION } else { "0" };
    let extensions = |hive: Hive, tool: &str| if has(hive) { format!("[{REGISTRY_EXTENSION}{tool}]") } else { String::new() };
    // A half that is switched off costs no time at each sign-in: 1 is the user's, 2 the computer's.
    let options = u8::from(!has(Hive::User)) + 2 * u8::from(!has(Hive::Machine));

    let mut xml = Xml::document();
    let attributes = [
        ("bkp:version", "2.0"),
        ("bkp:type", "GroupPolicyBackupTemplate"),
        ("xmlns:bkp", BACKUP_NAMESPACE),
        ("xmlns", BACKUP_NAMESPACE),
    ];
    xml.open("GroupPolicyBackupScheme", &attributes);
    xml.open("GroupPolicyObject", &[]);
    xml.text("SecurityGroups", "");
    xml.text("FilePaths", "");
    xml.open("GroupPolicyCoreSettings", &[]);
    xml.text("ID", &object.guid);
    xml.text("Domain", object.domain);
    xml.text("SecurityDescriptor", SECURITY_DESCRIPTOR);
    xml.text("DisplayName", &object.name);
    xml.text("Options", &options.to_string());
    xml.text("UserVersionNumber", version(Hive::User));
    xml.text("MachineVersionNumber", version(Hive::Machine));
    xml.text("MachineExtensionGuids", &extensions(Hive::Machine, MACHINE_TOOL));
    xml.text("UserExtensionGuids", &extensions(Hive::User, USER_TOOL));
    xml.text("WMIFilter", "");
    xml.close("GroupPolicyCoreSettings");
    xml.open("GroupPolicyExtension", &[("bkp:ID", REGISTRY_EXTENSION), ("bkp:DescName", "Registry")]);
    let source = |relative: &str| format!(r"\\UNKNOWN\SYSVOL\{}\Policies\{}\{relative}", object.domain, object.guid);
    for half in halves {
        let (variable, side) = match half.hive {
            Hive::Machine => ("%GPO_MACH_FSPATH%", side(Hive::Machine)),
            Hive::User => ("%GPO_USER_FSPATH%", side(Hive::User)),
        };
        xml.empty(
            "FSObjectFile",
            &[
                ("bkp:Path", &format!(r"{variable}\registry.pol")),
                ("bkp:SourceExpandedPath", &source(&format!(r"{side}\registry.pol"))),
                ("bkp:Location", &format!(r"DomainSysvol\GPO\{side}\registry.pol")),
            ],
        );
    }
    xml.empty("FSObjectFile", &[("bkp:Path", r"%GPO_FSPATH%\Adm\*.*"), ("bkp:SourceExpandedPath", &source(r"Adm\*.*"))]);
    xml.close("GroupPolicyExtension");
    xml.close("GroupPolicyObject");
    xml.close("GroupPolicyBackupScheme");
    xml.finish()
}
