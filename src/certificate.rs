//! A certificate of an authority, as an organisation gives it in a file.
//!
//! In: the bytes of a file, PEM or DER, and the day. Out: a [`Certificate`] that clients can be given, or what is wrong with
//! it. A file that holds a private key is refused before anything else is looked at, and nothing of it is repeated.
//! Whether the signature on it is right is for the clients to judge: they do it with every chain that they build.
//! Format: RFC 5280 (the certificate), RFC 7468 (its text form).

use jiff::civil::Date;
use x509_cert::Certificate as X509;
use x509_cert::der::pem::LineEnding;
use x509_cert::der::{Decode as _, DecodePem as _, EncodePem as _};
use x509_cert::ext::pkix::BasicConstraints;

/// Larger files are no certificates.
pub const LARGEST: usize = 64 * 1024;

/// A certificate that clients can be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Whether it is issued by itself: a root, and no link between.
    pub is_root: bool,
    /// In text form, with line ends of Unix.
    pub pem: String,
}

/// Why a file is not taken; the text reads well after the name of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// The file holds a private key.
    #[error("holds a private key")]
    PrivateKey,
    /// The file holds several certificates.
    #[error("holds {0} certificates, and one file is one certificate")]
    Several(usize),
    /// The file is something else.
    #[error("is no certificate in PEM or DER form")]
    NoCertificate,
    /// The certificate is no longer valid.
    #[error("expired on {0}")]
    Expired(Date),
    /// The certificate is not valid yet.
    #[error("is not valid before {0}")]
    NotYet(Date),
    /// The certificate is that of a server or person.
    #[error("is the certificate of `{0}`, which is no authority")]
    NoAuthority(String),
}

impl Certificate {
    /// Reads a file.
    ///
    /// # Errors
    /// [`CertificateError`]: the first thing that is wrong with it on that day.
    pub fn read(bytes: &[u8], today: Date) -> Result<Self, CertificateError> {
        let text = std::str::from_utf8(bytes).ok();
        if text.is_some_and(|text| text.contains("PRIVATE KEY")) {
            return Err(CertificateError::PrivateKey);
        }
        let parsed = match text.map(|text| text.matches("-----BEGIN CERTIFICATE-----").count()) {
            Some(several @ 2..) => return Err(CertificateError::Several(several)),
            Some(1) => X509::from_pem(bytes),
            _ => X509::from_der(bytes),
        };
        let certificate = parsed.map_err(|_| CertificateError::NoCertificate)?;
        let inside = certificate.tbs_certificate();
        let (from, to) = (day(&inside.validity().not_before), day(&inside.validity().not_after));
        if to < today {
            return Err(CertificateError::Expired(to));
        }
        if from > today {
            return Err(CertificateError::NotYet(from));
        }
        let constraints = inside.get_extension::<BasicConstraints>().map_err(|_| CertificateError::NoCertificate)?;
        if !constraints.is_some_and(|(_, constraints)| constraints.ca) {
            return Err(CertificateError::NoAuthority(inside.subject().to_string()));
        }
        let pem = certificate.to_pem(LineEnding::LF).map_err(|_| CertificateError::NoCertificate)?;
        Ok(Self { is_root: inside.subject() == inside.issuer(), pem })
    }

    /// The DER form in base64, in one line.
    pub fn base64(&self) -> String {
        self.pem.lines().filter(|line| !line.starts_with("-----")).collect()
    }
}

/// The day of a moment; one that no calendar has counts as the first or last of all.
fn day(time: &x509_cert::time::Time) -> Date {
    let time = time.to_date_time();
    let part = |part: u8| i8::try_from(part).unwrap_or(i8::MAX);
    let year = i16::try_from(time.year()).unwrap_or(i16::MAX);
    Date::new(year, part(time.month()), part(time.day())).unwrap_or(Date::MAX)
}
