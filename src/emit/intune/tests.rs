//! Templates that are read again, names that fit, cells that do nothing.

use super::*;
use crate::baseline::{Lock, Setting};
use crate::baselines::Baselines;
use crate::value::Value as Plain;
use crate::vendor::Schemas;
use crate::vendor::admx::{self, File, Source, Templates};

const IDENTITY: Identity<'_> = Identity {
    organisation: "Größe & <Söhne>",
    domain: "example.org",
    domains: &["example.org"],
    account_user: "login",
    role: "everyone",
    decided: None,
};

#[test]
fn a_template_of_ours_means_what_the_vendors_means_for_every_policy() {
    let baselines = Baselines::embedded();
    let templates = Templates::new(&baselines).unwrap();
    let mut policies = 0;
    for template in templates.templates(None) {
        let names: Vec<String> = templates.names_in(template).map(|name| format!("{template}:{name}")).collect();
        let mut known: Vec<_> = names.iter().map(|name| templates.describe(name).unwrap()).collect();
        // A policy outside every category of its template cannot be addressed and is never written.
        known.retain(|policy| !policy.category_names.is_empty());
        let text = template::write(template, &known);
        assert!(!text.contains('\n') && !text.contains("<?xml"));
        let source = Source { template: File { name: &format!("{template}.admx"), bytes: text.as_bytes() }, texts: Vec::new() };
        let again = admx::read(&source, &[]).unwrap_or_else(|error| panic!("{template}: {error}"));
        assert_eq!(again.names().count(), known.len());
        for policy in &known {
            let (read, _) = again.policy(policy.name).unwrap();
            assert_eq!(admx::compare(policy, &read, false), [], "{template}:{}", policy.name);
            assert_eq!(policy.category_names, read.category_names, "{template}:{}", policy.name);
        }
        policies += known.len();
    }
    assert!(policies > 2000, "{policies}");
}

#[test]
fn long_names_are_cut_at_the_organisation_and_keep_the_role() {
    let name = configuration_name(&Identity { organisation: &"ü".repeat(500), ..IDENTITY }, ", macOS user");
    assert_eq!(name.encode_utf16().count(), LONGEST_NAME);
    assert!(name.ends_with(": everyone, macOS user (groundplan)"), "{name}");
    assert_eq!(cut("a\u{1f512}b", 2), "a");
    assert_eq!(cut("a\u{1f512}b", 3), "a\u{1f512}");
}

#[test]
fn templates_of_two_roles_and_two_organisations_never_meet() {
    let tags = [
        tag(&["Größe", "everyone"]),
        tag(&["Größe", "office"]),
        tag(&["Other", "everyone"]),
        tag(&["Größe", "everyone", "user"]),
    ];
    assert_eq!(tags.iter().collect::<std::collections::BTreeSet<_>>().len(), tags.len(), "{tags:?}");
    assert_eq!(tag(&["Größe", "everyone"]), tags[0]);
}

#[test]
fn a_state_is_escaped_and_its_separators_are_seen() {
    let elements = [("Id", "a<b>&\"c\"\u{f000}d".to_owned())];
    assert_eq!(template::state(Some(&elements)), "<enabled/><data id=\"Id\" value=\"a&lt;b&gt;&amp;&quot;c&quot;&#xF000;d\"/>");
    assert_eq!(template::state(Some(&[])), "<enabled/>");
    assert_eq!(template::state(None), "<disabled/>");
}

#[test]
fn no_cell_begins_as_a_formula_does() {
    for (cell, expected) in
        [("=1+1", "'=1+1"), ("@a", "'@a"), ("-1", "'-1"), ("+1", "'+1"), ("\ta", "'\ta"), ("./User", "./User")]
    {
        assert_eq!(sheet::harmless(cell), expected);
    }
}

#[test]
fn every_profile_has_a_configuration_of_its_own() {
    let files = [
        ("macos/user.mobileconfig", Some("intune/macos-user.json")),
        ("workstation/macos/", Some("intune/macos-script-apply.json")),
        ("workstation/linux/", None),
        ("macos/device.mobileconfig", Some("intune/macos-device.json")),
        ("browser/macos/browsers.mobileconfig", Some("intune/macos-browsers.json")),
        ("browser/suspended/macos/browsers.mobileconfig", Some("intune/macos-browsers-suspended.json")),
        ("outlook/outlook.reg", None),
    ];
    for (profile, expected) in files {
        assert_eq!(file_of_mac(profile).as_deref(), expected, "{profile}");
    }
}

#[test]
fn the_script_for_shared_macs_is_carried_unchanged() {
    use base64::Engine as _;
    let script = Artifact::program("workstation/macos/apply", "#!/bin/sh\nprintf '%s' 'ü'\n");
    let other = Artifact::program("workstation/macos/check", "#!/bin/sh\n");
    assert_eq!(render_script(std::slice::from_ref(&other), &IDENTITY), None);
    let body = render_script(&[other, script.clone()], &IDENTITY).unwrap();
    assert_eq!(Some(body.path), file_of_mac("workstation/macos/"));
    let body: serde_json::Value = serde_json::from_slice(&body.bytes).unwrap();
    let carried = base64::engine::general_purpose::STANDARD.decode(body["scriptContent"].as_str().unwrap()).unwrap();
    assert_eq!(carried, script.bytes);
    assert_eq!(body["@odata.type"], "#microsoft.graph.deviceShellScript");
}

/// The roads of policies with these states and elements.
fn roads_of(policies: &[(&str, &[(&str, Plain)])], has_catalogue: bool) -> Vec<(String, &'static str)> {
    let baselines = Baselines::embedded();
    let schemas = Schemas::load(&baselines).unwrap();
    let checked = |(name, elements): &(&str, &[(&str, Plain)])| {
        let value = Plain::Map(elements.iter().map(|(id, value)| ((*id).to_owned(), value.clone())).collect());
        let typed = crate::vendor::Typed::Registry(schemas.templates().check(name, &value).unwrap());
        let setting = Setting {
            name: (*name).to_owned(),
            value,
            lock: Lock::Locked,
            security: true,
            personal: false,
            files: std::collections::BTreeSet::new(),
            trails: Vec::new(),
        };
        CheckedSetting { setting, typed }
    };
    let settings: Vec<CheckedSetting> = policies.iter().map(checked).collect();
    let roads = roads::choose(&settings, "tag", &schemas, has_catalogue).unwrap();
    let word = |road: &Road<'_>| match road {
        Road::Catalogued(_) => "catalogue",
        Road::BuiltIn(_) => "Windows",
        Road::Ingested(_) => "template",
        Road::Registry(_) => "registry",
    };
    roads.policies.iter().map(|policy| (policy.name.to_owned(), word(&policy.road))).collect()
}

#[test]
fn what_lies_under_a_policy_goes_into_the_catalogue_with_that_one_only() {
    let text = |text: &str| Plain::Text(text.to_owned());
    let enabled = ("state", text("enabled"));
    let mode = [enabled.clone(), ("L_OutlookSecurityPolicy", text("Use Outlook Security Group Policy"))];
    let level = [enabled.clone(), ("L_SecurityLevel", text("Never warn, disable all"))];
    let macros = [enabled.clone()];
    let names = ["outlk16:L_OutlookSecurityMode", "outlk16:L_SecurityLevelOutlook", "word16:L_BlockMacroExecutionFromInternet"];
    let [mode, level, macros] = [(names[0], &mode[..]), (names[1], &level[..]), (names[2], &macros[..])];
    let told = |roads: Vec<(String, &'static str)>| roads.into_iter().map(|(_, road)| road).collect::<Vec<_>>();
    assert_eq!(told(roads_of(&[mode, level, macros], true)), ["catalogue"; 3]);
    assert_eq!(told(roads_of(&[level, macros], true)), ["template", "catalogue"]);
    assert_eq!(told(roads_of(&[mode, level, macros], false)), ["template"; 3]);
    let disabled = [("state", text("disabled"))];
    assert_eq!(told(roads_of(&[(names[0], &disabled), level], true)), ["catalogue", "template"]);
}
