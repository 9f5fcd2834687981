//! Signed profiles, held against OpenSSL, and everything that must not be signed with.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test stops where something fails")]

#[path = "support/consumer.rs"]
mod consumer;
#[path = "support/program.rs"]
#[expect(dead_code, reason = "shared with tests that ask more")]
mod program;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use program::{ended, example, generate, groundplan, tree};

/// A folder with a certificate authority, a signer, an expired signer, a key of somebody else, and profiles.
struct Place {
    folder: tempfile::TempDir,
}

fn openssl(folder: &Path, arguments: &str) -> Output {
    let arguments = arguments.split_whitespace();
    Command::new("openssl").args(arguments).current_dir(folder).output().unwrap()
}

impl Place {
    fn new() -> Option<Self> {
        if !consumer::have("openssl", Command::new("openssl").arg("version")) {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let make = |command: &str| {
            let output = openssl(folder.path(), command);
            assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        };
        let request = "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
        make(&format!("{request} -x509 -days 9 -subj /CN=Authority -keyout authority.key -out authority.pem"));
        for name in ["signer", "old", "other"] {
            make(&format!("{request} -subj /CN={name} -keyout {name}.key -out {name}.csr"));
            let days = if name == "old" { "-not_before 20200101000000Z -not_after 20200102000000Z" } else { "-days 9" };
            // The option is younger than some programs: an expired certificate is made with a negative length there.
            let sign = |days: &str| {
                format!("x509 -req -in {name}.csr -CA authority.pem -CAkey authority.key -CAcreateserial {days} -out {name}.pem")
            };
            if !openssl(folder.path(), &sign(days)).status.success() {
                make(&sign("-days -1"));
            }
        }
        make("pkey -in signer.key -aes256 -passout pass:secret -out locked.key");
        ended(&generate(&example("utility.yaml"), &["-q", "-o", folder.path().join("out").to_str().unwrap()]), 0);
        Some(Self { folder })
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn sign(&self, certificate: &str, key: &str, more: &[&str]) -> Output {
        let mut command = groundplan();
        command.args(["sign", "out", "--cert", certificate, "--key", key]).args(more).current_dir(self.folder.path());
        command.output().unwrap()
    }
}

#[test]
fn a_signed_profile_holds_the_same_bytes_and_one_changed_byte_is_found() {
    let Some(place) = Place::new() else { return };
    let output = place.sign("signer.pem", "signer.key", &["--chain", "authority.pem"]);
    ended(&output, 0);
    let signed = String::from_utf8(output.stdout).unwrap();
    let names: Vec<&str> = signed.lines().collect();
    let profiles = tree(&place.at("out")).into_keys().filter(|name| name.ends_with(".mobileconfig") && !name.contains("signed"));
    assert_eq!(names.len(), profiles.count());
    for name in &names {
        let plain = fs::read(place.at(&name.replace(".signed", ""))).unwrap();
        let verify = |name: &str| {
            openssl(
                place.folder.path(),
                &format!("cms -verify -binary -inform DER -in {name} -CAfile authority.pem -purpose any"),
            )
        };
        let seen = verify(name);
        assert!(seen.status.success(), "{name}: {}", String::from_utf8_lossy(&seen.stderr));
        assert_eq!(seen.stdout, plain, "{name} holds other bytes");
        let mut bytes = fs::read(place.at(name)).unwrap();
        let inside = bytes.windows(plain.len()).position(|window| window == plain).expect("the profile lies inside as it is");
        bytes[inside + plain.len() / 2] ^= 1;
        fs::write(place.at("changed"), bytes).unwrap();
        assert!(!verify("changed").status.success(), "{name}: a changed byte is not found");
    }
    // A second run signs the profiles again, and not what is signed already.
    assert_eq!(String::from_utf8(place.sign("signer.pem", "signer.key", &[]).stdout).unwrap(), signed);
}

#[test]
fn nothing_is_written_without_a_valid_certificate_and_its_key() {
    let Some(place) = Place::new() else { return };
    let before = tree(&place.at("out"));
    for (certificate, key, code, told) in [
        ("signer.key", "signer.key", 1, "read a certificate from `signer.key`"),
        ("old.pem", "old.key", 1, "has expired"),
        ("signer.pem", "other.key", 1, "does not belong to the certificate"),
        ("signer.pem", "signer.pem", 1, "read a private key"),
        ("signer.pem", "locked.key", 1, "without a password"),
        ("absent.pem", "signer.key", 3, "absent.pem"),
        ("signer.pem", "absent.key", 3, "absent.key"),
    ] {
        let said = ended(&place.sign(certificate, key, &[]), code);
        assert!(said.contains(told), "{certificate}, {key}: {said}");
        assert!(before == tree(&place.at("out")), "{certificate}, {key}: something was written");
    }
    let mut command = groundplan();
    command.args(["sign", "signer.csr.folder", "--cert", "signer.pem", "--key", "signer.key"]).current_dir(place.folder.path());
    ended(&command.output().unwrap(), 3);
    fs::create_dir(place.at("empty")).unwrap();
    let mut command = groundplan();
    command.args(["sign", "empty", "--cert", "signer.pem", "--key", "signer.key"]).current_dir(place.folder.path());
    assert!(ended(&command.output().unwrap(), 2).contains("there is no profile"));
}

#[test]
fn no_private_key_reaches_a_file_of_the_output() {
    let Some(place) = Place::new() else { return };
    ended(&place.sign("signer.pem", "signer.key", &[]), 0);
    let key = fs::read_to_string(place.at("signer.key")).unwrap();
    let line = key.lines().nth(1).unwrap();
    for (name, (_, bytes)) in tree(&place.at("out")) {
        let held = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!held(line) && !held("PRIVATE KEY"), "{name}");
    }
}
