//! What a profile looks like, what is refused, and what the gate finds in profiles that are wrong.

use plist::{Dictionary, Value};

use super::profile::{profiles, xml};
use super::{ProfileIdentity, render as render_verified, verify};
use crate::baselines::Baselines;
use crate::emit::{Artifact, EmitError};
use crate::vendor::Problem;
use crate::vendor::apple::{PayloadKey, Schema, Scope};

const IDENTITY: ProfileIdentity<'_> =
    ProfileIdentity { organisation: "Example Ltd", domain: "mail.example.org", role: "everyone", removal_disallowed: true };

fn key(payload_type: &str, path: &str, value: impl Into<Value>, scope: Scope) -> PayloadKey {
    PayloadKey {
        payload_type: payload_type.to_owned(),
        title: "Title".to_owned(),
        path: path.split('/').map(str::to_owned).collect(),
        value: value.into(),
        scope,
        spread: false,
        managed_preference: false,
        deprecated: None,
        declared: None,
    }
}

/// The profiles before the gate.
fn render(keys: &[PayloadKey], identity: &ProfileIdentity<'_>) -> Result<Vec<Artifact>, EmitError> {
    Ok(profiles(keys, identity)?.into_iter().map(|(path, profile)| Artifact::data(path, xml(&profile))).collect())
}

fn read(artifact: &Artifact) -> Dictionary {
    Value::from_reader_xml(artifact.bytes.as_slice()).unwrap().into_dictionary().unwrap()
}

fn payloads(profile: &Dictionary) -> Vec<Dictionary> {
    profile["PayloadContent"].as_array().unwrap().iter().map(|payload| payload.as_dictionary().unwrap().clone()).collect()
}

#[test]
fn channels_never_share_a_file() {
    let keys = [
        key("org.user", "A", true, Scope::User),
        key("org.device", "B", true, Scope::Device),
        key("org.either", "C", true, Scope::Either),
    ];
    let artifacts = render(&keys, &IDENTITY).unwrap();
    let found: Vec<_> = artifacts
        .iter()
        .map(|artifact| {
            let profile = read(artifact);
            let types = payloads(&profile).iter().map(|p| p["PayloadType"].as_string().unwrap().to_owned()).collect::<Vec<_>>();
            (artifact.path.as_str(), profile["PayloadScope"].as_string().unwrap().to_owned(), types.join(" "))
        })
        .collect();
    let user = ("macos/user.mobileconfig", "User".to_owned(), "org.user".to_owned());
    let device = ("macos/device.mobileconfig", "System".to_owned(), "org.device org.either".to_owned());
    assert_eq!(found, [user, device]);
}

#[test]
fn nothing_to_set_is_no_profile() {
    assert_eq!(render(&[], &IDENTITY).unwrap(), []);
    assert_eq!(render(&[key("org.user", "A", true, Scope::User)], &IDENTITY).unwrap().len(), 1);
}

#[test]
fn identifiers_stay_when_values_change_and_differ_otherwise() {
    let of = |value: bool, identity: &ProfileIdentity<'_>| {
        let profile = read(&render(&[key("org.user", "A", value, Scope::User)], identity).unwrap()[0]);
        let payload = &payloads(&profile)[0];
        let text = |dictionary: &Dictionary, key: &str| dictionary[key].as_string().unwrap().to_owned();
        [
            text(&profile, "PayloadIdentifier"),
            text(&profile, "PayloadUUID"),
            text(payload, "PayloadIdentifier"),
            text(payload, "PayloadUUID"),
        ]
    };
    let one = of(true, &IDENTITY);
    assert_eq!(one, of(false, &IDENTITY));
    assert_eq!(one[0], "org.example.mail.groundplan.everyone.user");
    assert_eq!(one[2], "org.example.mail.groundplan.everyone.user.org.user");
    // As Python's uuid.uuid5 computes it; written down so that a change of the derivation, which would duplicate every installed profile, is seen.
    assert_eq!(one[1], "9073ADFE-39C9-5EAC-9393-E0041CA929F5");
    assert_ne!(one[1], one[3]);
    for role in ["sales", "Vertrieb Süd", "Vertrieb-S-d", "Vertrieb S d", "a.b", "a-b"] {
        let other = of(true, &ProfileIdentity { role, ..IDENTITY });
        assert!(one.iter().zip(&other).all(|(one, other)| one != other), "{role}");
        assert!(other[0].chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c)), "{}", other[0]);
    }
    let [dot, hyphen] = ["a.b", "a-b"].map(|role| of(true, &ProfileIdentity { role, ..IDENTITY }));
    assert_ne!(dot[0], hyphen[0]);
}

#[test]
fn the_order_of_keys_does_not_matter() {
    let mut keys = vec![
        key("org.b", "Outer/Z", "z", Scope::User),
        key("org.b", "Outer/A", "a", Scope::User),
        key("org.a", "K", 1, Scope::User),
    ];
    let one = render(&keys, &IDENTITY).unwrap();
    keys.reverse();
    assert_eq!(one, render(&keys, &IDENTITY).unwrap());
    let outer = &payloads(&read(&one[0]))[1]["Outer"];
    assert_eq!(outer.as_dictionary().unwrap().keys().collect::<Vec<_>>(), ["A", "Z"]);
}

#[test]
fn two_values_in_one_place_are_refused() {
    let user = |path: &str, value: Value| key("org.user", path, value, Scope::User);
    let inner = |value: &str| Value::Dictionary([("I".to_owned(), Value::from(value))].into_iter().collect());
    for (one, other, place) in [
        (user("K", "a".into()), user("K", "b".into()), "org.user:K"),
        (user("K", true.into()), user("K", 1.into()), "org.user:K"),
        (user("O", "a".into()), user("O/I", "b".into()), "org.user:O/I"),
        (user("O/I", "b".into()), user("O", "a".into()), "org.user:O"),
        (user("O", inner("a")), user("O/I", "b".into()), "org.user:O/I"),
    ] {
        let found = render(&[one, other], &IDENTITY).unwrap_err();
        assert_eq!(found, EmitError::Twice { place: place.to_owned() });
    }
    render(&[user("O", inner("a")), user("O/I", "a".into()), user("O/J", "b".into())], &IDENTITY).unwrap();
    let frame = render(&[user("PayloadUUID", "mine".into())], &IDENTITY);
    assert_eq!(frame, Err(EmitError::Twice { place: "org.user:PayloadUUID".to_owned() }));
}

#[test]
fn what_xml_cannot_carry_is_refused_everywhere() {
    for character in ['\0', '\u{1}', '\u{8}', '\u{b}', '\u{c}', '\u{e}', '\u{1f}', '\u{fffe}', '\u{ffff}'] {
        let text = format!("a{character}b");
        let dictionary = Value::Dictionary([(text.clone(), Value::from(true))].into_iter().collect());
        for value in [Value::from(text.as_str()), Value::Array(vec![text.as_str().into()]), dictionary] {
            let found = render(&[key("org.user", "K", value, Scope::User)], &IDENTITY);
            let setting = "org.user:K".to_owned();
            assert_eq!(found, Err(EmitError::Character { setting, format: "a property list", character: character.into() }));
        }
        let good = key("org.user", "K", true, Scope::User);
        for identity in [ProfileIdentity { organisation: &text, ..IDENTITY }, ProfileIdentity { role: &text, ..IDENTITY }] {
            assert!(matches!(render(std::slice::from_ref(&good), &identity), Err(EmitError::Character { .. })));
        }
        assert!(matches!(render(&[key(&text, "K", true, Scope::User)], &IDENTITY), Err(EmitError::Character { .. })));
    }
}

#[test]
fn removal_is_disallowed_only_when_asked() {
    let keys = [key("org.user", "A", true, Scope::User)];
    assert_eq!(read(&render(&keys, &IDENTITY).unwrap()[0])["PayloadRemovalDisallowed"], Value::Boolean(true));
    let identity = ProfileIdentity { removal_disallowed: false, ..IDENTITY };
    assert!(!read(&render(&keys, &identity).unwrap()[0]).contains_key("PayloadRemovalDisallowed"));
}

/// What the gate says about the profile of a mail account after `change`.
fn gate(change: impl FnOnce(&mut Dictionary)) -> Vec<(String, Problem)> {
    let baselines = Baselines::embedded();
    let schema = Schema::load(&baselines).unwrap();
    let set = |name: &str, value: &str| schema.check(&format!("com.apple.mail.managed:{name}"), &value.into(), "26").unwrap();
    let keys = [
        set("EmailAccountType", "EmailTypeIMAP"),
        set("IncomingMailServerAuthentication", "EmailAuthPassword"),
        set("IncomingMailServerHostName", "imap.example.org"),
        set("OutgoingMailServerAuthentication", "EmailAuthPassword"),
        set("OutgoingMailServerHostName", "smtp.example.org"),
    ];
    let mut profile = read(&render(&keys, &IDENTITY).unwrap()[0]);
    change(&mut profile);
    verify(&Value::Dictionary(profile), &schema, "26")
}

fn payload(profile: &mut Dictionary) -> &mut Dictionary {
    profile.get_mut("PayloadContent").unwrap().as_array_mut().unwrap()[0].as_dictionary_mut().unwrap()
}

fn put(dictionary: &mut Dictionary, key: &str, value: impl Into<Value>) {
    dictionary.insert(key.to_owned(), value.into());
}

#[test]
fn the_gate_lets_our_profile_pass() {
    assert_eq!(gate(|_| {}), []);
    let consent: Dictionary = [("de".to_owned(), Value::from("Ja?"))].into_iter().collect();
    assert_eq!(gate(|profile| put(profile, "ConsentText", Value::Dictionary(consent))), []);
}

#[test]
fn the_gate_finds_what_is_wrong() {
    let one = |change: &dyn Fn(&mut Dictionary)| {
        let found = gate(change);
        assert_eq!(found.len(), 1, "{found:?}");
        found.into_iter().next().unwrap()
    };
    let (place, problem) = one(&|profile| put(payload(profile), "EmailAcountName", "x"));
    assert_eq!(place, "com.apple.mail.managed:EmailAcountName");
    assert!(matches!(problem, Problem::UnknownName { .. }));
    let (_, problem) = one(&|profile| put(payload(profile), "IncomingMailServerUseSSL", 1));
    assert!(matches!(problem, Problem::WrongType { .. }));
    let (_, problem) = one(&|profile| put(payload(profile), "SMIMEEnabled", true));
    assert!(matches!(problem, Problem::NotInVersion { .. }));
    let (_, problem) = one(&|profile| put(payload(profile), "PayloadVersion", 2));
    assert!(matches!(problem, Problem::NotAllowed { .. }));
    let (place, problem) = one(&|profile| put(profile, "PayloadScope", "System"));
    assert_eq!(place, "com.apple.mail.managed:PayloadScope");
    assert!(matches!(problem, Problem::NotAllowed { .. }));
    let (_, problem) = one(&|profile| drop(payload(profile).remove("EmailAccountType")));
    assert_eq!(problem, Problem::Missing { missing: "EmailAccountType".to_owned() });
    let (_, problem) = one(&|profile| drop(payload(profile).remove("PayloadUUID")));
    assert_eq!(problem, Problem::Missing { missing: "PayloadUUID".to_owned() });
    let (_, problem) = one(&|profile| drop(profile.remove("PayloadIdentifier")));
    assert_eq!(problem, Problem::Missing { missing: "PayloadIdentifier".to_owned() });
    let (place, problem) = one(&|profile| {
        let uuid = profile["PayloadUUID"].clone();
        put(payload(profile), "PayloadUUID", uuid);
    });
    assert!(place.starts_with("PayloadUUID "));
    assert_eq!(problem, Problem::TooOften { times: 2 });
    // A certificate that is named must lie in another payload of the profile.
    for uuid in ["5CB65FD5-86B3-5254-835F-1534518BFA86", ""] {
        let (place, problem) = one(&|profile| {
            let payload = payload(profile);
            let own_keys: Vec<String> = payload.keys().filter(|key| !key.starts_with("Payload")).cloned().collect();
            for key in own_keys {
                payload.remove(&key);
            }
            put(payload, "PayloadType", "com.apple.security.identitypreference");
            put(payload, "Name", "a@example.org");
            let own = payload["PayloadUUID"].as_string().unwrap().to_owned();
            put(payload, "PayloadCertificateUUID", if uuid.is_empty() { own.as_str() } else { uuid });
        });
        assert_eq!(place, "com.apple.security.identitypreference:PayloadCertificateUUID");
        assert!(matches!(problem, Problem::NotAllowed { .. }), "{problem:?}");
    }
    let (_, problem) = one(&|profile| put(payload(profile), "PayloadType", "com.apple.mail.manged"));
    assert!(matches!(problem, Problem::UnknownName { nearest: Some(nearest), .. } if nearest == "com.apple.mail.managed"));
}

proptest::proptest! {
    #[test]
    fn any_text_comes_back_or_is_refused(text in proptest::prelude::any::<String>(), more in "[\\x00-\\x20<>&'\"a\u{fffd}-\u{ffff}]{0,20}") {
        for text in [text, more] {
            match render(&[key("org.user", "K", text.as_str(), Scope::User)], &IDENTITY) {
                Ok(artifacts) => assert_eq!(payloads(&read(&artifacts[0]))[0]["K"], Value::from(text.as_str())),
                Err(error) => assert!(matches!(error, EmitError::Character { .. })),
            }
        }
    }
}

#[test]
fn what_apples_schema_refuses_as_a_whole_is_not_written() {
    let baselines = Baselines::embedded();
    let schema = Schema::load(&baselines).unwrap();
    let place = |keys: &[PayloadKey]| match render_verified(keys, &IDENTITY, &schema, "26") {
        Ok(artifacts) => Ok(artifacts),
        Err(EmitError::Refused { place, .. }) => Err(place),
        Err(other) => panic!("{other}"),
    };
    let guest = key("com.apple.MCX", "DisableGuestAccount", true, Scope::Device);
    assert_eq!(place(std::slice::from_ref(&guest)), Ok(render(std::slice::from_ref(&guest), &IDENTITY).unwrap()));
    // One that is on the wrong channel, one that lacks what it needs, and one that no system takes.
    assert_eq!(place(&[PayloadKey { scope: Scope::User, ..guest }]), Err("com.apple.MCX:PayloadScope".to_owned()));
    let alone = key("com.apple.mail.managed", "EmailAccountType", "EmailTypeIMAP", Scope::User);
    assert_eq!(place(&[alone]), Err("com.apple.mail.managed".to_owned()));
    assert_eq!(place(&[key("org.user", "A", true, Scope::User)]), Err("org.user".to_owned()));
}

#[test]
fn a_value_for_each_payload_makes_payloads_with_names_of_their_own() {
    let spread = |path: &str, values: [&str; 2]| PayloadKey {
        value: Value::Array(values.into_iter().map(Value::from).collect()),
        spread: true,
        ..key("org.either", path, true, Scope::Either)
    };
    let keys = [spread("A", ["one", "two"]), spread("B", ["x", "y"]), key("org.either", "C", true, Scope::Either)];
    let artifacts = render(&keys, &IDENTITY).unwrap();
    let made = payloads(&read(&artifacts[0]));
    let [first, second] = &made[..] else { panic!("{made:?}") };
    let texts = |payload: &Dictionary| ["A", "B"].map(|key| payload[key].as_string().unwrap().to_owned());
    assert_eq!((texts(first), texts(second)), (["one".into(), "x".into()], ["two".into(), "y".into()]));
    assert!(made.iter().all(|payload| payload["C"] == Value::from(true)));
    for key in ["PayloadUUID", "PayloadIdentifier"] {
        assert_ne!(first[key], second[key]);
    }
    // The first keeps the names that a single payload has.
    let alone = render(&[key("org.either", "C", true, Scope::Either)], &IDENTITY).unwrap();
    assert_eq!(payloads(&read(&alone[0]))[0]["PayloadUUID"], first["PayloadUUID"]);
    let uneven = PayloadKey { value: Value::Array(vec!["z".into()]), ..spread("D", ["", ""]) };
    assert!(matches!(render(&[keys[0].clone(), uneven], &IDENTITY), Err(EmitError::Twice { .. })));
}
