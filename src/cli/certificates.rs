//! The certificate files that a plan names, read from the disk.
//!
//! In: a plan, and the folder that its paths start from. Out: the same plan with its certificates, and findings at the places
//! that name a file which cannot be given to clients. Nothing of a file that holds a private key is kept or shown.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;

use crate::baseline::file_name;
use crate::catalogue::Catalogue;
use crate::certificate::{Certificate, CertificateError, LARGEST};
use crate::diag::{Code, Finding};
use crate::plan::{NamedCertificate, Plan};

/// Reads what the plan names.
pub(super) fn read(plan: &mut Plan, catalogue: &Catalogue, folder: &Path, today: Date) -> Vec<Finding> {
    let (mut findings, mut certificates, mut names) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    for NamedCertificate { path, root, place } in plan.named_certificates(catalogue) {
        match certificate(folder, path, root, today) {
            Ok(certificate) => {
                if let Some(other) = names.insert(file_name(path).to_owned(), path).filter(|other| *other != path) {
                    let message = format!("`{other}` and `{path}` would be one file on the clients");
                    let finding = Finding::error(Code::PlanCertificate, message).at(place.clone());
                    findings.push(finding.help("give one of them another name".to_owned()));
                }
                certificates.insert(path.to_owned(), certificate);
            }
            Err(finding) => findings.push(finding.at(place.clone())),
        }
    }
    plan.certificates = Arc::new(certificates);
    findings
}

fn certificate(folder: &Path, path: &str, root: bool, today: Date) -> Result<Certificate, Box<Finding>> {
    let wrong = |message: String, help: &str| Box::new(Finding::error(Code::PlanCertificate, message).help(help.to_owned()));
    let mut bytes = Vec::new();
    File::open(folder.join(path))
        .and_then(|file| file.take(LARGEST as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| wrong(format!("`{path}` cannot be read: {error}"), "paths start from the folder of the plan"))?;
    let certificate = Certificate::read(&bytes, today).map_err(|error| {
        let help = match error {
            CertificateError::PrivateKey => {
                let help = "every artifact is read by many: name the file with the certificate alone, and keep the key where it was made";
                return Box::new(Finding::error(Code::PlanSecret, format!("`{path}` {error}")).help(help.to_owned()));
            }
            CertificateError::Several(_) => "write each into a file of its own, and name them all",
            CertificateError::NoCertificate => "a PEM file starts with `-----BEGIN CERTIFICATE-----`",
            CertificateError::Expired(_) => "ask the authority for the certificate that follows it",
            CertificateError::NotYet(_) => "name it when the day has come",
            CertificateError::NoAuthority(_) => "clients need the certificate of the authority that issued it, not that of each server",
        };
        wrong(format!("`{path}` {error}"), help)
    })?;
    match (root, certificate.is_root) {
        (true, false) => Err(wrong(
            format!("`{path}` is no root certificate: another authority issued it"),
            "name it as an intermediate certificate, and the certificate of that authority as the root",
        )),
        (false, true) => Err(wrong(
            format!("`{path}` is a root certificate: it was issued by itself"),
            "name it as a root certificate, if all that it issues shall be trusted",
        )),
        _ => Ok(certificate),
    }
}
