//! Certificates that a plan names, from files that OpenSSL made to what clients are given; and every file that must be refused.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test stops where something fails")]

#[path = "support/consumer.rs"]
mod consumer;
#[path = "support/program.rs"]
#[expect(dead_code, reason = "shared with tests that ask more")]
mod program;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use program::tree;

/// A folder with two authorities, one below the first, the certificate of a server, an expired root, and their keys.
struct Place {
    folder: tempfile::TempDir,
}

fn openssl(folder: &Path, arguments: &str) -> Output {
    Command::new("openssl").args(arguments.split_whitespace()).current_dir(folder).output().unwrap()
}

impl Place {
    fn new() -> Option<Self> {
        if !consumer::have("openssl", Command::new("openssl").arg("version")) {
            return None;
        }
        let place = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(place.at("ca")).unwrap();
        let request = "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
        for root in ["root", "next"] {
            place.make(&format!("{request} -x509 -days 9 -subj /CN={root} -keyout ca/{root}.key -out ca/{root}.pem"));
        }
        fs::write(place.at("is-ca.cnf"), "basicConstraints=critical,CA:true\n").unwrap();
        fs::write(place.at("is-none.cnf"), "basicConstraints=critical,CA:false\n").unwrap();
        for (name, kind) in [("issuing", "is-ca"), ("server", "is-none")] {
            place.make(&format!("{request} -subj /CN={name} -keyout ca/{name}.key -out ca/{name}.csr"));
            let signer = "-CA ca/root.pem -CAkey ca/root.key -CAcreateserial";
            place.make(&format!("x509 -req -in ca/{name}.csr {signer} -days 9 -extfile {kind}.cnf -out ca/{name}.pem"));
        }
        place.make("x509 -in ca/issuing.pem -outform DER -out ca/issuing.der");
        place.make(&format!("{request} -x509 -days 1 -subj /CN=old -keyout ca/old.key -out ca/old.pem"));
        let read = |name: &str| fs::read_to_string(place.at(name)).unwrap();
        fs::write(place.at("ca/both.pem"), read("ca/root.key") + &read("ca/root.pem")).unwrap();
        fs::write(place.at("ca/two.pem"), read("ca/root.pem") + &read("ca/next.pem")).unwrap();
        fs::write(place.at("ca/cut.pem"), &read("ca/root.pem")[..200]).unwrap();
        fs::write(place.at("ca/text.pem"), "no certificate at all").unwrap();
        fs::create_dir(place.at("other")).unwrap();
        fs::copy(place.at("ca/next.pem"), place.at("other/root.pem")).unwrap();
        Some(place)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn make(&self, command: &str) {
        let output = openssl(self.folder.path(), command);
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Runs `generate` on a plan with these certificates; the clock is that of OpenSSL unless a day is given.
    fn generate(&self, certificates: &str, more: &[&str]) -> Output {
        let plan = format!(
            "organisation: Example\ndomains: [example.org]\nclients: [thunderbird, outlook, apple-mail, browser]\nservers: {{ exchange: exchange.example.org, web: \"https://owa.example.org\" }}\ndelivery: {{ mdm: jamf }}\nencryption: {{ certificates: {certificates} }}\ndeployment: [internal-clients, internal-web]\nwebmail: {{ own: vpn }}\n"
        );
        fs::write(self.at("plan.yaml"), plan).unwrap();
        let (plan, out) = (self.at("plan.yaml"), self.at("out"));
        // The folder of the plan counts, not the one where the program runs.
        let mut groundplan = Command::new(env!("CARGO_BIN_EXE_groundplan"));
        groundplan.args(["generate", plan.to_str().unwrap(), "-o", out.to_str().unwrap()]).args(more).output().unwrap()
    }
}

/// The payloads of the profile for the computer, by type.
fn payloads(profile: &Path) -> BTreeMap<String, Vec<plist::Dictionary>> {
    let profile = plist::Value::from_file(profile).unwrap();
    let mut payloads: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for payload in profile.as_dictionary().unwrap()["PayloadContent"].as_array().unwrap() {
        let payload = payload.as_dictionary().unwrap().clone();
        payloads.entry(payload["PayloadType"].as_string().unwrap().to_owned()).or_default().push(payload);
    }
    payloads
}

#[test]
fn each_certificate_is_a_payload_and_a_file_with_the_bytes_of_openssl() {
    let Some(place) = Place::new() else { return };
    let output = place.generate("{ root: [ca/root.pem, ca/next.pem], intermediate: [ca/issuing.der] }", &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let der = |name: &str| {
        let output = openssl(place.folder.path(), &format!("x509 -in ca/{name}.pem -outform DER"));
        assert!(output.status.success());
        output.stdout
    };
    let payloads = payloads(&place.at("out/everyone/macos/device.mobileconfig"));
    let found = |kind: &str| -> Vec<(&str, &[u8])> {
        let of_kind = payloads[kind].iter();
        of_kind.map(|p| (p["PayloadCertificateFileName"].as_string().unwrap(), p["PayloadContent"].as_data().unwrap())).collect()
    };
    assert_eq!(found("com.apple.security.root"), [("root.pem", &der("root")[..]), ("next.pem", &der("next")[..])]);
    assert_eq!(found("com.apple.security.pkcs1"), [("issuing.der", &der("issuing")[..])]);

    let policies: serde_json::Value =
        serde_json::from_slice(&fs::read(place.at("out/everyone/thunderbird/policies.json")).unwrap()).unwrap();
    assert_eq!(policies["policies"]["Certificates"]["Install"], serde_json::json!(["root.pem", "next.pem"]));
    let read = |name: &str| -> serde_json::Value {
        serde_json::from_slice(&fs::read(place.at(&format!("out/everyone/browser/{name}"))).unwrap()).unwrap()
    };
    let firefox = read("firefox/policies.json");
    assert_eq!(firefox["policies"]["Certificates"]["Install"], serde_json::json!(["root.pem", "next.pem"]));
    assert_eq!(firefox["policies"]["Certificates"]["ImportEnterpriseRoots"], true);
    let base64 = |name: &str| {
        let output = openssl(place.folder.path(), &format!("x509 -in ca/{name}.pem"));
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().filter(|line| !line.starts_with('-')).collect::<String>()
    };
    for browser in ["chrome", "edge"] {
        let policies = read(&format!("{browser}/managed/groundplan.json"));
        assert_eq!(policies["CACertificates"], serde_json::json!([base64("root"), base64("next")]), "{browser}");
        assert_eq!(policies["CAHintCertificates"], serde_json::json!([base64("issuing")]), "{browser}");
    }
    for (client, name) in
        [("thunderbird", "root"), ("thunderbird", "next"), ("browser/firefox", "root"), ("browser/firefox", "next")]
    {
        // In text form, as the program takes it from any folder.
        let file = format!("out/everyone/{client}/certificates/{name}.pem");
        let output = openssl(place.folder.path(), &format!("x509 -in {file} -outform DER"));
        assert_eq!(output.stdout, der(name));
    }
    let places = fs::read_to_string(place.at("out/everyone/PLACES.md")).unwrap();
    assert!(places.contains("`/usr/lib/mozilla/certificates/root.pem`"), "{places}");

    let output = place.generate("{ root: [ca/root.pem] }", &["--layout", "rootfs"]);
    assert!(!output.status.success(), "another layout goes to another folder");
    fs::remove_dir_all(place.at("out")).unwrap();
    assert!(place.generate("{ root: [ca/root.pem] }", &["--layout", "rootfs"]).status.success());
    assert!(place.at("out/everyone/usr/lib/mozilla/certificates/root.pem").is_file());
}

#[test]
fn another_certificate_under_the_same_name_is_another_plan() {
    let Some(place) = Place::new() else { return };
    let plan_sum = |certificates: &str| {
        assert!(place.generate(certificates, &[]).status.success());
        let manifest: serde_json::Value = serde_json::from_slice(&fs::read(place.at("out/manifest.json")).unwrap()).unwrap();
        manifest["plan"]["sha256"].clone()
    };
    let first = plan_sum("{ root: [ca/root.pem] }");
    assert_eq!(first, plan_sum("{ root: [ca/root.pem] }"));
    fs::copy(place.at("ca/next.pem"), place.at("ca/root.pem")).unwrap();
    assert_ne!(first, plan_sum("{ root: [ca/root.pem] }"));
}

#[test]
fn what_is_no_certificate_of_an_authority_is_an_error_with_help_and_nothing_is_written() {
    let Some(place) = Place::new() else { return };
    let later = &["--today", "2999-01-01"][..];
    let earlier = &["--today", "2001-01-01"][..];
    for (certificates, more, code, says, help) in [
        ("{ root: [ca/none.pem] }", &[][..], "plan::certificate", "cannot be read", "start from the folder of the plan"),
        ("{ root: [ca/text.pem] }", &[], "plan::certificate", "is no certificate", "BEGIN CERTIFICATE"),
        ("{ root: [ca/cut.pem] }", &[], "plan::certificate", "is no certificate", "BEGIN CERTIFICATE"),
        ("{ root: [ca/root.pem] }", later, "plan::certificate", "expired on", "that follows it"),
        ("{ root: [ca/root.pem] }", earlier, "plan::certificate", "is not valid before", "when the day has come"),
        ("{ root: [ca/server.pem] }", &[], "plan::certificate", "is no authority", "not that of each server"),
        ("{ root: [ca/issuing.pem] }", &[], "plan::certificate", "is no root certificate", "as an intermediate certificate"),
        ("{ intermediate: [ca/root.pem] }", &[], "plan::certificate", "is a root certificate", "as a root certificate"),
        ("{ root: [ca/two.pem] }", &[], "plan::certificate", "holds 2 certificates", "a file of its own"),
        ("{ root: [ca/root.pem, other/root.pem] }", &[], "plan::certificate", "would be one file", "another name"),
        ("{ root: [ca/both.pem] }", &[], "plan::secret", "holds a private key", "keep the key where it was made"),
        ("{ root: [ca/root.key] }", &[], "plan::secret", "holds a private key", "keep the key where it was made"),
        ("{ root: [/etc/ssl/root.pem] }", &[], "plan::value", "from the folder of the plan", "ca/root.pem"),
    ] {
        let output = place.generate(certificates, more);
        let text = String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{certificates}: {text}");
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(&format!("error[{code}]")) && flat.contains(says) && flat.contains(help), "{certificates}: {text}");
        assert!(text.contains("plan.yaml:6"), "{certificates} has no place: {text}");
        assert!(!place.at("out").exists(), "{certificates}: something was written");
    }
}

#[test]
fn no_private_key_reaches_a_screen_or_a_file() {
    let Some(place) = Place::new() else { return };
    // What must never be seen: of each key the lines and the bytes that hold the secret number, not those of the public half.
    let mut secrets: Vec<Vec<u8>> = Vec::new();
    for name in ["root", "next", "issuing", "server", "old"] {
        let key = fs::read_to_string(place.at(&format!("ca/{name}.key"))).unwrap();
        secrets.extend(key.lines().skip(1).take(2).map(|line| line.as_bytes().to_vec()));
        let der = openssl(place.folder.path(), &format!("pkey -in ca/{name}.key -outform DER"));
        secrets.push(der.stdout[36..68].to_vec());
    }
    assert!(secrets.len() > 10);
    let shows = |bytes: &[u8]| secrets.iter().any(|secret| bytes.windows(secret.len()).any(|window| window == secret));
    assert!(shows(&fs::read(place.at("ca/both.pem")).unwrap()), "the search finds what is there");
    for certificates in ["{ root: [ca/both.pem] }", "{ root: [ca/root.key] }"] {
        let output = place.generate(certificates, &[]);
        assert!(!shows(&output.stderr) && !shows(&output.stdout), "{certificates}");
    }
    let output = place.generate("{ root: [ca/root.pem, ca/next.pem], intermediate: [ca/issuing.pem] }", &[]);
    assert!(output.status.success());
    let files = tree(&place.at("out"));
    assert!(files.len() > 10);
    for (path, (_, bytes)) in files {
        assert!(!shows(&bytes), "{path} holds a key");
    }
}

/// The references to certificates in a profile, as plistlib reads them: the payload and key that refer, and the types of the
/// payloads that are meant, which are all those of the profile with that UUID.
fn references(profile: &Path) -> Vec<(String, Vec<String>)> {
    const READ: &str = "\
import json, plistlib, sys
payloads = plistlib.load(open(sys.argv[1], 'rb'))['PayloadContent']
print(json.dumps([[p['PayloadType'] + ':' + key, [q['PayloadType'] for q in payloads if q['PayloadUUID'] == value]]
                  for p in payloads for key, value in p.items() if 'UUID' in key and key != 'PayloadUUID']))";
    let output = Command::new("python3").args(["-c", READ]).arg(profile).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn mail_and_exchange_name_the_certificate_of_the_person_in_the_same_profile() {
    let own = tempfile::tempdir().unwrap();
    let out = own.path().join("out");
    let profile = out.join("everyone/macos/user.mobileconfig");
    let generate = |mdm: &str, more: &str| {
        let plan = format!(
            "organisation: Größe & Söhne\ndomains: [example.org]\nclients: [apple-mail, outlook-mac]\nservers: {{ exchange: exchange.example.org }}\ndelivery: {{ mdm: {mdm} }}\n{more}\nroles:\n  field: {{ workplace: mobile }}\n"
        );
        fs::write(own.path().join("plan.yaml"), plan).unwrap();
        program::ended(&program::generate(&own.path().join("plan.yaml"), &["-q", "-o", out.to_str().unwrap()]), 0);
    };
    let identity = |protocol: &str, rest: &str| {
        format!("encryption: {{ identity: {{ protocol: {protocol}, address: \"https://ca.example.org/people\" }}{rest} }}")
    };
    let preference = "com.apple.security.identitypreference:PayloadCertificateUUID".to_owned();
    let exchange = "com.apple.ews.account:PayloadCertificateUUID".to_owned();
    for protocol in ["acme", "scep"] {
        let kind = vec![format!("com.apple.security.{protocol}")];
        generate("jamf", &identity(protocol, ""));
        assert_eq!(references(&profile), [(preference.clone(), kind.clone())]);
        assert_eq!(payloads(&profile)["com.apple.security.identitypreference"][0]["Name"].as_string(), Some("$EMAIL"));
        // Each role has payloads of its own, and a reference never leads into the profile of another one.
        let of_role = out.join("field/macos/user.mobileconfig");
        assert_eq!(references(&of_role), [(preference.clone(), kind.clone())]);
        let named =
            |profile: &Path| payloads(profile)["com.apple.security.identitypreference"][0]["PayloadCertificateUUID"].clone();
        assert_ne!(named(&profile), named(&of_role));
        generate("jamf", &format!("{}\nsign_in: {{ method: certificate }}", identity(protocol, "")));
        assert_eq!(references(&profile), [(exchange.clone(), kind.clone()), (preference.clone(), kind.clone())]);
        generate(
            "jamf",
            &format!("{}\nsign_in: {{ method: certificate }}", identity(protocol, ", messages: none, signatures: none")),
        );
        assert_eq!(references(&profile), [(exchange.clone(), kind)]);
        // Without an identity in the profile there is no reference, and the list of duties says whose it is.
        generate("generic", &format!("{}\nsign_in: {{ method: certificate }}", identity(protocol, "")));
        assert_eq!(references(&profile), []);
    }
    generate("jamf", "sign_in: { method: certificate }");
    assert_eq!(references(&profile), []);
    assert!(
        fs::read_to_string(out.join("coverage.csv"))
            .unwrap()
            .contains("takes a certificate from the same profile, and the plan holds none")
    );
    // A declared account names an asset instead; what mail prefers stays in the profile.
    generate("jamf, mac_accounts: declarations", &format!("{}\nsign_in: {{ method: certificate }}", identity("acme", "")));
    assert_eq!(references(&profile), [(preference, vec!["com.apple.security.acme".to_owned()])]);
    assert!(fs::read_to_string(out.join("duties.md")).unwrap().contains("let the declaration of the Exchange account name it"));
}

#[test]
fn a_person_s_certificate_is_asked_for_by_a_payload_of_the_user_without_any_secret() {
    let own = tempfile::tempdir().unwrap();
    let out = own.path().join("out");
    let generate = |protocol: &str, mdm: &str, more: &str| {
        let plan = format!(
            "organisation: Example\ndomains: [example.org]\nclients: [apple-mail, outlook-mac]\nservers: {{ exchange: exchange.example.org }}\ndelivery: {{ mdm: {mdm} }}\nencryption: {{ identity: {{ protocol: {protocol}, address: \"https://ca.example.org/people\"{more} }} }}\n"
        );
        fs::write(own.path().join("plan.yaml"), plan).unwrap();
        program::ended(&program::generate(&own.path().join("plan.yaml"), &["-q", "-o", out.to_str().unwrap()]), 0);
        (payloads(&out.join("everyone/macos/user.mobileconfig")), payloads(&out.join("everyone/macos/device.mobileconfig")))
    };
    let person = "$EMAIL";
    for (protocol, kind) in [("acme", "com.apple.security.acme"), ("scep", "com.apple.security.scep")] {
        let (user, device) = generate(protocol, "jamf", "");
        assert!(!device.contains_key(kind), "{kind} belongs to the person");
        let [payload] = &user[kind][..] else { panic!("{kind} stands several times") };
        let content = payload.get("PayloadContent").and_then(plist::Value::as_dictionary).unwrap_or(payload);
        let text = |key: &str| content[key].as_string().unwrap();
        assert_eq!(text(if protocol == "acme" { "DirectoryURL" } else { "URL" }), "https://ca.example.org/people");
        assert_eq!(content["SubjectAltName"].as_dictionary().unwrap()["rfc822Name"].as_string(), Some(person));
        let subject = content["Subject"].as_array().unwrap();
        let names = subject.iter().map(|part| part.as_array().unwrap()[0].as_array().unwrap());
        let names: Vec<_> = names.map(|pair| [pair[0].as_string().unwrap(), pair[1].as_string().unwrap()]).collect();
        assert_eq!(names, [["O", "Example"], ["CN", person]]);
        assert!(!content.contains_key("Challenge"));
        // The same payload keeps its identity when the service changes its address.
        let before = payload["PayloadUUID"].clone();
        let (user, _) = generate(protocol, "jamf", if protocol == "scep" { ", name: people" } else { "" });
        assert_eq!(user[kind][0]["PayloadUUID"], before);
    }
    let (user, _) = generate("acme", "fleet", "");
    let identifier = user["com.apple.security.acme"][0]["ClientIdentifier"].as_string().unwrap();
    assert_eq!(identifier, "$FLEET_VAR_HOST_END_USER_IDP_USERNAME");
    let (user, device) = generate("acme", "generic", "");
    assert!(!user.keys().chain(device.keys()).any(|kind| kind.contains("acme")), "nothing fills in the person there");
    assert!(fs::read_to_string(out.join("duties.md")).unwrap().contains("asks the certificate service"));
}
