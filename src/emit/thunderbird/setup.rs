//! Writes what the set-up dialog reads when somebody adds an account by hand: a file a mail domain for the program's folder, and
//! one for the web server, which every program that knows the form asks. Neither makes an account by itself.
//!
//! In: the preferences of the role, and of the plan what stands in `Identity`. Out: `thunderbird/isp/DOMAIN.xml`, and for
//! everyone `thunderbird/web/mail/config-v1.1.xml`; nothing where the template comes out empty, because the form has no words
//! for the accounts of the plan. The template is `files/thunderbird/mail-config.xml` of the content; it escapes every value by its ending.
//! Format: Mozilla's autoconfiguration file, version 1.1; read back in `tests/accounts.rs`.

use std::collections::BTreeMap;

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};

use crate::baselines::Baselines;
use crate::emit::{Artifact, Identity, Lock};
use crate::plan::EVERYONE;
use crate::vendor::thunderbird::Setting;

const TEMPLATE: &str = "files/thunderbird/mail-config.xml";

/// The folder of the files for the program.
pub const ISP: &str = "thunderbird/isp/";
/// The folder of the file for the web server.
pub const WEB: &str = "thunderbird/web/";

/// Renders the files.
///
/// # Errors
/// What is wrong with the template.
pub fn render_setup(
    settings: &[(&Setting, Lock)],
    identity: &Identity<'_>,
    baselines: &Baselines,
) -> Result<Vec<Artifact>, minijinja::Error> {
    let values: BTreeMap<&str, serde_json::Value> = settings
        .iter()
        .filter_map(|(setting, _)| match setting {
            Setting::Preference { name, value, .. } => Some((name.as_str(), value.to_json())),
            Setting::Policy { .. } => None,
        })
        .collect();
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_template(TEMPLATE, template(baselines))?;
    let page = environment.get_template(TEMPLATE)?.render(minijinja::context! {
        settings => Serde(values),
        organisation => identity.organisation,
        domains => Serde(identity.domains),
        account_user => identity.account_user,
    })?;
    if page.trim().is_empty() {
        return Ok(Vec::new());
    }
    let mut artifacts: Vec<Artifact> =
        identity.domains.iter().map(|domain| Artifact::data(format!("{ISP}{domain}.xml"), page.clone())).collect();
    if identity.role == EVERYONE {
        artifacts.push(Artifact::data(format!("{WEB}mail/config-v1.1.xml"), page));
    }
    Ok(artifacts)
}

/// Whether the files say something about a preference, so that the decisions behind it are theirs.
pub fn is_in_setup(name: &str, baselines: &Baselines) -> bool {
    template(baselines).contains(&format!("\"{name}\""))
}

fn template(baselines: &Baselines) -> &str {
    baselines.text(TEMPLATE).unwrap_or_default()
}
