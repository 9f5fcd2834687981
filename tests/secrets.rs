//! Nothing of the person who generates, of the computer, or of what lies beside a plan reaches an artifact.
//!
//! Secrets are planted wherever the program could pick one up: the environment, the account, the host, the folders, comments
//! of the plan, keys beside the certificates. Then everything that it can write is written, and `secrets/find.py` looks
//! through it, archives and encodings included. What must be found, the name of the organisation, shows that it looks.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test stops where something fails")]

#[path = "support/consumer.rs"]
mod consumer;
#[path = "support/program.rs"]
#[expect(dead_code, reason = "shared with tests that ask more")]
mod program;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use program::{ended, generate, hex};

/// What must be found: it stands in the plan, and goes into every form.
const ORGANISATION: &str = "Lighthouse-Canary-Works";

/// Each thing that a program can know without being told, with the word that is planted there.
const VARIABLES: &[&str] = &[
    "USER",
    "LOGNAME",
    "USERNAME",
    "NAME",
    "EMAIL",
    "DEBFULLNAME",
    "DEBEMAIL",
    "GIT_AUTHOR_NAME",
    "GIT_AUTHOR_EMAIL",
    "GIT_COMMITTER_EMAIL",
    "SUDO_USER",
    "HOSTNAME",
    "HOST",
    "COMPUTERNAME",
    "USERDOMAIN",
    "PASSWORD",
    "IMAP_PASSWORD",
    "SMTP_PASSWORD",
    "LDAP_PASSWORD",
    "GROUNDPLAN_PASSWORD",
    "GROUNDPLAN_TOKEN",
    "FLEET_SECRET",
    "FLEET_API_TOKEN",
    "AZURE_CLIENT_SECRET",
    "SCEP_CHALLENGE",
    "API_KEY",
    "OPENSSL_PASSWORD",
    "SSH_ASKPASS",
    "http_proxy",
    "MAIL",
];

/// A word that occurs nowhere else, made of its owner.
fn word(owner: &str) -> String {
    let sum = owner.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(1_099_511_628_211) ^ u64::from(byte));
    format!("zq{sum:016x}qz")
}

struct Place {
    own: tempfile::TempDir,
    needles: BTreeMap<String, Vec<u8>>,
}

impl Place {
    /// `None` where a program is missing.
    fn new() -> Option<Self> {
        let python = || Command::new("/usr/bin/python3");
        if !consumer::have("python3", python().arg("--version"))
            || !consumer::have("openssl", Command::new("openssl").arg("version"))
            || !consumer::have("the right to make namespaces", Command::new("unshare").args(["--mount", "--uts", "true"]))
        {
            return None;
        }
        let mut place = Self { own: tempfile::tempdir().unwrap(), needles: BTreeMap::new() };
        for owner in ["folder", "host", "account", "account-name", "comment", "previous", "home-file"].iter().chain(VARIABLES) {
            place.needles.insert((*owner).to_owned(), word(owner).into_bytes());
        }
        fs::create_dir_all(place.plans().join("ca")).unwrap();
        fs::create_dir(place.at("out")).unwrap();
        let person = format!("name = {0}\nemail = {0}@example.org\npassword = {0}\n", word("home-file"));
        fs::write(place.plans().join(".gitconfig"), format!("[user]\n{person}")).unwrap();
        fs::write(place.plans().join(".netrc"), person).unwrap();
        fs::write(place.at("passwd"), format!("{}:x:0:0:{}:/root:/bin/sh\n", word("account"), word("account-name"))).unwrap();
        fs::write(place.at("group"), format!("{}:x:0:\n", word("account"))).unwrap();
        place.keys();
        Some(place)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.own.path().join(name)
    }

    /// The folder of the plan, which is the person's home as well.
    fn plans(&self) -> PathBuf {
        self.at(&word("folder"))
    }

    /// An authority with its key beside it, and a key for signing; each key is looked for as text and as number.
    fn keys(&mut self) {
        for name in ["root", "signer"] {
            let request = "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -x509 -days 9";
            let make = format!("{request} -subj /CN={name} -keyout {name}.key -out {name}.pem");
            let made = Command::new("openssl").args(make.split_whitespace()).current_dir(self.plans().join("ca")).output();
            assert!(made.unwrap().status.success());
            let file = self.plans().join(format!("ca/{name}.key"));
            let lines = fs::read_to_string(&file).unwrap();
            let key = Command::new("openssl").args(["pkey", "-outform", "DER", "-in"]).arg(&file).output().unwrap();
            for (number, line) in lines.lines().skip(1).take(2).enumerate() {
                self.needles.insert(format!("{name}.key line {number}"), line.as_bytes().to_vec());
            }
            self.needles.insert(format!("{name}.key number"), key.stdout[36..68].to_vec());
        }
    }

    /// Runs the program as the planted person on the planted computer.
    fn run(&self, arguments: &[&str]) -> Output {
        let script =
            "mount --bind \"$1/passwd\" /etc/passwd; mount --bind \"$1/group\" /etc/group; hostname \"$2\"; shift 2; exec \"$@\"";
        let mut command = Command::new("unshare");
        command.args(["--mount", "--uts", "--propagation", "private", "sh", "-euc", script, "sh"]);
        command.arg(self.own.path()).arg(word("host")).arg(env!("CARGO_BIN_EXE_groundplan")).args(arguments);
        command.current_dir(self.plans()).env("HOME", self.plans()).env("TMPDIR", self.plans()).env("PWD", self.plans());
        command.envs(VARIABLES.iter().map(|name| (name, word(name))));
        command.stdin(Stdio::null()).output().unwrap()
    }

    /// Looks for everything planted and for the organisation: how much was looked at, and what is where.
    fn look(&self, folder: &Path) -> (u64, Vec<[String; 3]>) {
        let mut needles: BTreeMap<&str, String> = self.needles.iter().map(|(name, bytes)| (name.as_str(), hex(bytes))).collect();
        needles.insert(ORGANISATION, hex(ORGANISATION.as_bytes()));
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/secrets/find.py");
        let mut python = Command::new("/usr/bin/python3");
        let python = python.arg(script).arg(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut python = python.unwrap();
        python.stdin.take().unwrap().write_all(serde_json::to_string(&needles).unwrap().as_bytes()).unwrap();
        let output = python.wait_with_output().unwrap();
        assert!(output.status.success());
        let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (told["looked"].as_u64().unwrap(), serde_json::from_value(told["found"].clone()).unwrap())
    }
}

/// A plan with every client, a person's values, a certificate, and secrets in its comments.
fn plan(delivery: &str) -> String {
    let text = fs::read_to_string(program::example("utility.yaml")).unwrap();
    let text = text.replace("organisation: Stadtwerke Lindenau\n", &format!("organisation: {ORGANISATION}\n"));
    let text = text.replace("encryption:\n", "encryption:\n  certificates: { root: [ca/root.pem] }\n");
    // Intune has no spelling for the values of a person that Apple's accounts need.
    let text = if delivery.contains("mdm: intune") { text.replace("apple-mail", "outlook-mac") } else { text };
    // The clock is that of OpenSSL, so nothing in the plan may end.
    let text = text.replace("until: 2027-", "until: 2097-");
    assert!(text.contains(ORGANISATION) && text.contains("ca/root.pem"));
    format!("# password: {0}\n{text}\ndelivery: {delivery} # imap password: {0}\n", word("comment"))
}

#[test]
fn no_planted_secret_reaches_any_artifact_of_any_layout() {
    let Some(place) = Place::new() else { return };
    let mut runs = 0;
    for (folder, delivery, layouts) in [
        ("gpo", "{ windows: gpo, mdm: jamf }", &["clients", "rootfs", "ansible"][..]),
        ("intune", "{ windows: intune, mdm: intune }", &["clients"]),
        ("fleet", "{ windows: files, mdm: fleet }", &["clients", "fleet"]),
    ] {
        let file = place.plans().join("plan.yaml");
        fs::write(&file, plan(delivery)).unwrap();
        let file = file.to_str().unwrap();
        let out = place.at("out").join(folder);
        fs::create_dir(&out).unwrap();
        let target = |name: &str| out.join(name).to_str().unwrap().to_owned();
        let previous = place.plans().join(word("previous"));
        let mut run = |arguments: &[&str]| {
            ended(&place.run(&[&["-q"], arguments].concat()), 0);
            runs += 1;
        };
        run(&["generate", file, "-o", previous.to_str().unwrap()]);
        for layout in layouts {
            run(&["generate", file, "--layout", layout, "-o", &target(layout), "--previous", previous.to_str().unwrap()]);
        }
        run(&["generate", file, "--zip", &target("all.zip")]);
        run(&["generate", file, "--tar", &target("all.tar")]);
        run(&["generate", file, "--tar", &target("all.tgz")]);
        run(&["generate", file, "--deb", &target("packages")]);
        // The papers do not depend on the road.
        let forms = ["html", "md", "csv", "xlsx", "json", "oscal", "sarif"];
        for form in forms.iter().filter(|_| folder == "gpo") {
            run(&["review", file, "--format", form, "-o", &target(&format!("review.{form}"))]);
        }
        run(&["review", file, "--lang", "de", "-o", &target("review.de.html")]);
        run(&["sign", &target("clients"), "--cert", "ca/signer.pem", "--key", "ca/signer.key"]);
        fs::remove_dir_all(previous).unwrap();
    }
    assert!(runs > 25, "{runs}");

    let (looked, found) = place.look(&place.at("out"));
    assert!(looked > 1000, "{looked}");
    let (known, leaked): (Vec<_>, Vec<_>) = found.into_iter().partition(|[needle, ..]| needle == ORGANISATION);
    assert!(leaked.is_empty(), "{leaked:#?}");
    // It looked into every kind of container and spelling that the program writes.
    for inside in [
        "all.zip!",
        "all.tar!",
        "all.tgz!gzip!",
        ".deb!data.tar",
        ".deb!control.tar",
        ".xlsx!",
        ".signed.mobileconfig",
        "rootfs/",
        "ansible/",
        "fleet/fleet/",
    ] {
        assert!(known.iter().any(|[_, path, _]| path.contains(inside)), "nothing was found in {inside}");
    }
    let spellings: BTreeSet<&str> = known.iter().map(|[_, _, spelling]| spelling.as_str()).collect();
    for spelling in ["plain", "base64"] {
        assert!(spellings.contains(spelling), "{spellings:?}");
    }
}

#[test]
fn a_secret_that_is_written_is_found_in_every_spelling_and_container() {
    let Some(place) = Place::new() else { return };
    let folder = place.at("leaks");
    fs::create_dir(&folder).unwrap();
    let leak = word("host");
    let wide: Vec<u8> = leak.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let leaks = [("plain", leak.clone().into_bytes()), ("wide", wide), ("hex", hex(leak.as_bytes()).into_bytes())];
    for (name, bytes) in &leaks {
        fs::write(folder.join(name), [b"before ", &bytes[..], b" after"].concat()).unwrap();
    }
    for before in 0..3 {
        let text = format!("{}{leak} after", &"xyz"[..before]);
        let mut base64 = Command::new("base64").arg("-w20").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        base64.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        fs::write(folder.join(format!("base64 {before}")), base64.wait_with_output().unwrap().stdout).unwrap();
    }
    fs::write(folder.join(format!("name {leak}")), "").unwrap();
    let mut tar = Command::new("tar");
    let packed = tar.args(["-czf", "../packed.tgz", "plain"]).current_dir(&folder).status().unwrap();
    assert!(packed.success());
    fs::rename(place.at("packed.tgz"), folder.join("packed.tgz")).unwrap();
    let (looked, found) = place.look(&folder);
    let files: BTreeSet<&str> = found.iter().filter(|[needle, ..]| needle == "host").map(|[_, path, _]| path.as_str()).collect();
    assert!(looked >= 10, "{looked}");
    assert_eq!(files.len(), 9, "{found:#?}");
    assert_eq!(found.len(), found.iter().filter(|[needle, ..]| needle == "host").count(), "{found:#?}");
}

#[test]
fn a_secret_in_a_plan_is_refused_with_its_place_and_never_repeated() {
    let own = tempfile::tempdir().unwrap();
    let at = |name: &str| own.path().join(name);
    let secret = word("plan");
    let plan = fs::read_to_string(program::example("utility.yaml")).unwrap();
    for (from, to) in [
        ("https://owa.stadtwerke", format!("https://anna:{secret}@owa.stadtwerke")),
        ("https://cal.netz", format!("https://anna:{secret}@cal.netz")),
        ("https://intranet.stadtwerke", format!("https://:{secret}@intranet.stadtwerke")),
        ("imap: mail.netz", format!("imap: anna:{secret}@mail.netz")),
        ("exchange: exchange.stadtwerke", format!("exchange: anna:{secret}@exchange.stadtwerke")),
        ("purpose: Office", format!("purpose: Ask https://anna:{secret}@wiki.example, Office")),
        ("purpose: Office", format!("purpose: Password={secret}, Office")),
        ("servers:\n", format!("servers:\n  imap_password: {secret}\n")),
        ("functions:", format!("smtp_secret: {secret}\nfunctions:")),
        ("https://intranet.stadtwerke-lindenau.example/groupware", format!("https://intranet.example/?token={secret}")),
        (
            "encryption:\n",
            format!("encryption:\n  identity: {{ protocol: scep, address: https://scep.example.org, challenge: {secret} }}\n"),
        ),
        ("report_to: phishing@", format!("report_to: https://phishing:{secret}@")),
    ] {
        let changed = plan.replacen(from, &to, 1);
        assert_ne!(changed, plan, "{from}");
        fs::write(at("plan.yaml"), &changed).unwrap();
        let line = 1 + changed[..changed.find(&secret).unwrap()].matches('\n').count();
        let output = generate(&at("plan.yaml"), &["-o", at("out").to_str().unwrap()]);
        let told = ended(&output, 1);
        assert!(told.contains(&format!("plan.yaml:{line}")), "{to} has no place: {told}");
        assert!(!at("out").exists(), "{to}: something was written");
        let shown = told.contains(&secret) || String::from_utf8_lossy(&output.stdout).contains(&secret);
        assert!(!shown, "{to} is repeated: {told}");
    }
}
