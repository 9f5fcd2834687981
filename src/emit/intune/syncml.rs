//! Writes the same lines as profiles of `SyncML`, as Fleet takes them: one for the computer, one for the person.
//!
//! In: the policies of a role. Out, below `fleet/`: `groundplan-windows-device.xml` and `groundplan-windows-user.xml`, each with the
//! templates that it needs, `Add` before `Replace`, so that neither waits for the other; `groundplan-windows-rest.reg` with what
//! no line carries, and `groundplan-windows.md`, which names it. A dollar sign is written as a character reference, since
//! `fleetctl` fills in variables wherever it sees one.
//!
//! Form: fleetdm/fleet, `server/fleet/windows_mdm.go`: top-level elements without a document around them, no processing
//! instruction; a profile with a target of the person waits until there is one. Data is escaped, as in the profile that Fleet
//! makes itself for its own template. Read back in `tests/gpo.rs`.

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use super::roads;
use super::{Line, LineValue, RenderError, tag};
use crate::baseline::CheckedSetting;
use crate::emit::registry::render_to;
use crate::emit::role::Known;
use crate::emit::xml::Xml;
use crate::emit::{Artifact, Identity};
use crate::vendor::Typed;
use crate::vendor::registry::{Hive, RegistryOperation};

/// The folder of these artifacts.
pub const FLEET: &str = "fleet/";
const REST: &str = "fleet/groundplan-windows-rest.reg";
const PAGE: &str = "fleet/groundplan-windows.md";
const TEMPLATE: &str = "papers/fleet-windows.md";

/// Where the profile for a half of the registry goes.
pub fn fleet_profile(hive: Hive) -> &'static str {
    match hive {
        Hive::Machine => "fleet/groundplan-windows-device.xml",
        Hive::User => "fleet/groundplan-windows-user.xml",
    }
}

/// A policy that no profile carries.
#[derive(Serialize)]
struct Left {
    setting: String,
    title: String,
}

/// The files, none where the role has no policy of Windows.
///
/// # Errors
/// [`RenderError`].
pub fn render_syncml(
    settings: &[CheckedSetting],
    identity: &Identity<'_>,
    known: &Known<'_, '_>,
) -> Result<Vec<Artifact>, RenderError> {
    let (mut artifacts, mut rest, mut left, mut lists) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for hive in [Hive::Machine, Hive::User] {
        let own: Vec<CheckedSetting> = settings.iter().filter(|checked| half(&checked.typed) == Some(hive)).cloned().collect();
        // Tags of their own, so that the templates of both profiles never meet.
        let tag = match hive {
            Hive::Machine => tag(&[identity.organisation, identity.role]),
            Hive::User => tag(&[identity.organisation, identity.role, "user"]),
        };
        let roads = roads::choose(&own, &tag, known.schemas, false)?;
        rest.extend(roads.rest().cloned().collect::<Vec<RegistryOperation>>());
        for policy in &roads.policies {
            if policy.road.line().is_none() {
                left.push(Left { setting: policy.name.to_owned(), title: policy.title.to_owned() });
            } else if policy.empties {
                lists.push(policy.name.to_owned());
            }
        }
        let mut xml = Xml::parts();
        let policies: Vec<&Line> = roads.policies.iter().filter_map(|policy| policy.road.line()).collect();
        for (verb, lines) in [("Add", roads.templates.iter().collect::<Vec<_>>()), ("Replace", policies)] {
            for line in lines {
                element(&mut xml, verb, line);
            }
        }
        let text = xml.into_text().replace('$', "&#36;");
        artifacts.extend((!text.is_empty()).then(|| Artifact::data(fleet_profile(hive), text + "\n")));
    }
    if artifacts.is_empty() && rest.is_empty() {
        return Ok(artifacts);
    }
    if !rest.is_empty() {
        artifacts.extend(render_to(&rest, REST, &[])?);
    }
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let values = minijinja::context! { role => identity.role, left => Serde(left), lists => lists };
    let page = environment.render_named_str(TEMPLATE, known.baselines.text(TEMPLATE).unwrap_or_default(), values)?;
    artifacts.push(Artifact::data(PAGE, page));
    Ok(artifacts)
}

/// The half of the registry that a policy of Windows writes to: one policy never writes to both.
fn half(typed: &Typed) -> Option<Hive> {
    match typed {
        Typed::Registry(operations) => operations.first().map(|operation| operation.hive),
        _ => None,
    }
}

fn element(xml: &mut Xml, verb: &'static str, line: &Line) {
    let (format, data) = match &line.value {
        LineValue::Text(text) => ("chr", text.clone()),
        LineValue::Number(number) => ("int", number.to_string()),
    };
    xml.open(verb, &[]);
    xml.comment(&line.name);
    xml.open("Item", &[]);
    xml.open("Target", &[]);
    xml.text("LocURI", &line.uri);
    xml.close("Target");
    xml.open("Meta", &[]);
    xml.text_with("Format", &[("xmlns", "syncml:metinf")], format);
    xml.close("Meta");
    xml.text("Data", &data);
    xml.close("Item");
    xml.close(verb);
}
