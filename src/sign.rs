//! Signs configuration profiles: CMS with the profile inside, as macOS and the device managements take it.
//!
//! In: the bytes of a profile, a certificate and its private key, as files. Out: the bytes of the signed profile. The work is
//! done by the `openssl` program, so that a key in a form it knows never passes through this one. Before: the certificate is
//! one, it is valid today, the key fits. After: what was signed is taken out again and must be the same bytes.
//! Form: CMS `SignedData` (RFC 5652) with content, DER.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Who signs.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'a> {
    /// The certificate, PEM.
    pub certificate: &'a Path,
    /// Its private key, PEM, without a password.
    pub key: &'a Path,
    /// Certificates between it and the root, PEM.
    pub chain: Option<&'a Path>,
}

/// Nothing was signed. The text reads well after "cannot".
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The program is missing, or cannot be started.
    #[error("run the program `openssl`, which signs; install it")]
    Program(#[source] std::io::Error),
    /// The file holds no certificate.
    #[error("read a certificate from `{path}`: a file in PEM form starts with `-----BEGIN CERTIFICATE-----`")]
    NoCertificate {
        /// The file.
        path: String,
    },
    /// The certificate is no longer valid.
    #[error("sign with `{path}`: the certificate has expired; have it renewed")]
    Expired {
        /// The file.
        path: String,
    },
    /// The file holds no private key that can be read.
    #[error("read a private key from `{path}`: it must be PEM and without a password for the time of the run")]
    NoKey {
        /// The file.
        path: String,
    },
    /// Key and certificate are not a pair.
    #[error("sign with the key `{key}`: it does not belong to the certificate `{certificate}`")]
    NoPair {
        /// The key.
        key: String,
        /// The certificate.
        certificate: String,
    },
    /// The program refused.
    #[error("sign: openssl says: {said}")]
    Refused {
        /// What it said.
        said: String,
    },
    /// What was signed is not what was given.
    #[error("sign: the signed profile holds other bytes than the profile")]
    Different,
}

impl Signer<'_> {
    /// Looks at certificate and key once, before anything is signed.
    ///
    /// # Errors
    /// [`SignError`]: the first thing that is wrong with them.
    pub fn check(&self) -> Result<(), SignError> {
        let (certificate, key) = (self.certificate, self.key);
        let name = |path: &Path| path.display().to_string();
        let public = openssl(["x509", "-noout", "-pubkey", "-in"].map(OsStr::new).iter().chain([&certificate.as_os_str()]), b"")?;
        if !public.status.success() {
            return Err(SignError::NoCertificate { path: name(certificate) });
        }
        let valid =
            openssl(["x509", "-noout", "-checkend", "0", "-in"].map(OsStr::new).iter().chain([&certificate.as_os_str()]), b"")?;
        if !valid.status.success() {
            return Err(SignError::Expired { path: name(certificate) });
        }
        let own = openssl(["pkey", "-pubout", "-passin", "pass:", "-in"].map(OsStr::new).iter().chain([&key.as_os_str()]), b"")?;
        if !own.status.success() {
            return Err(SignError::NoKey { path: name(key) });
        }
        if own.stdout != public.stdout {
            return Err(SignError::NoPair { key: name(key), certificate: name(certificate) });
        }
        Ok(())
    }

    /// The signed form of a profile.
    ///
    /// # Errors
    /// [`SignError`] when the program is missing or refuses, or what it gave does not hold the same bytes.
    pub fn sign(&self, profile: &[u8]) -> Result<Vec<u8>, SignError> {
        let mut arguments: Vec<&OsStr> =
            ["cms", "-sign", "-binary", "-nodetach", "-outform", "DER", "-md", "sha256", "-signer"].map(OsStr::new).to_vec();
        arguments.extend([self.certificate.as_os_str(), OsStr::new("-inkey"), self.key.as_os_str()]);
        if let Some(chain) = self.chain {
            arguments.extend([OsStr::new("-certfile"), chain.as_os_str()]);
        }
        let signed = succeeded(openssl(arguments.iter(), profile)?)?;
        // Whom the certificate is from is for the computer to judge that gets the profile.
        let inside = ["cms", "-verify", "-binary", "-inform", "DER", "-noverify"].map(OsStr::new);
        if succeeded(openssl(inside.iter(), &signed)?)? == profile { Ok(signed) } else { Err(SignError::Different) }
    }
}

fn succeeded(output: Output) -> Result<Vec<u8>, SignError> {
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(SignError::Refused { said: String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default().to_owned() })
}

/// Runs the program with these bytes on its standard input.
fn openssl<'a>(arguments: impl Iterator<Item = &'a &'a OsStr>, input: &[u8]) -> Result<Output, SignError> {
    let mut command = Command::new("openssl");
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(SignError::Program)?;
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    std::thread::scope(|scope| {
        // A program that fails early closes its end; what it says then tells why.
        scope.spawn(move || stdin.write_all(input).unwrap_or_default());
        child.wait_with_output()
    })
    .map_err(SignError::Program)
}
