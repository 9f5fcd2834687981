//! `settings-catalog.json`: the policies whose definitions are known, as one policy of Intune's settings catalogue.
//!
//! In: policies with their state, and the definitions. Out: the body that Graph takes. A policy that lies under another one is
//! nested in the instance of that one. Form: Microsoft Graph, `deviceManagementConfigurationPolicy` of the beta.

use serde_json::{Value, json};

use crate::vendor::admx::mdm::Sent;
use crate::vendor::admx::{Data, Element, Kind, Policy};
use crate::vendor::intune::{Definition, option};

/// What comes before the name of each type.
const TYPE: &str = "#microsoft.graph.deviceManagementConfiguration";

/// A policy as the catalogue holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Instance<'a> {
    pub(super) definition: Definition<'a>,
    /// Of its elements the identifier and what it holds when the policy is enabled; `None` when it is disabled.
    elements: Option<Vec<(String, Held)>>,
}

/// What an element holds.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Held {
    Option(u64),
    Number(u64),
    Text(String),
}

impl<'a> Instance<'a> {
    /// The instance of a policy; `None` when an element has no form in the catalogue, or an option could be either of two.
    pub(super) fn of(definition: Definition<'a>, policy: &Policy<'_>, sent: &Sent<'_>) -> Option<Self> {
        let held =
            |(element, (_, text)): (&Element<'_>, &(&str, String))| Some((definition.element(element.id), held(element, text)?));
        let elements = match &sent.elements {
            None => None,
            Some(texts) => Some(policy.elements.iter().zip(texts).map(held).collect::<Option<_>>()?),
        };
        Some(Self { definition, elements })
    }

    /// Whether others may be nested in it.
    pub(super) fn is_enabled(&self) -> bool {
        self.elements.is_some()
    }

    fn to_json(&self, nested: Vec<Value>) -> Value {
        let elements = self.elements.iter().flatten().map(|(id, held)| match held {
            Held::Option(number) => choice(id, *number, &[]),
            Held::Number(number) => simple(id, "Integer", &json!(number)),
            Held::Text(text) => simple(id, "String", &json!(text)),
        });
        choice(self.definition.id, u64::from(self.is_enabled()), &elements.chain(nested).collect::<Vec<_>>())
    }
}

fn held(element: &Element<'_>, text: &str) -> Option<Held> {
    match &element.kind {
        Kind::Boolean { .. } => Some(Held::Option(u64::from(text == "true"))),
        Kind::Enumeration { items } => {
            let number: u32 = text.parse().ok()?;
            let alike = items.iter().filter(|item| item.data == Data::Dword(number)).count();
            (alike == 1).then_some(Held::Option(number.into()))
        }
        Kind::Decimal { long: false, as_text: false, .. } => Some(Held::Number(text.parse().ok()?)),
        Kind::Text { .. } => Some(Held::Text(text.to_owned())),
        Kind::Decimal { .. } | Kind::MultiText { .. } | Kind::List { .. } => None,
    }
}

fn choice(id: &str, number: u64, children: &[Value]) -> Value {
    json!({
        "@odata.type": format!("{TYPE}ChoiceSettingInstance"),
        "settingDefinitionId": id,
        "choiceSettingValue": {
            "@odata.type": format!("{TYPE}ChoiceSettingValue"),
            "value": option(id, number),
            "children": children,
        },
    })
}

fn simple(id: &str, kind: &str, value: &Value) -> Value {
    json!({
        "@odata.type": format!("{TYPE}SimpleSettingInstance"),
        "settingDefinitionId": id,
        "simpleSettingValue": { "@odata.type": format!("{TYPE}{kind}SettingValue"), "value": value },
    })
}

/// The body that Graph takes, of policies by name.
pub(super) fn document(title: &str, instances: &[(&str, &Instance<'_>)]) -> Value {
    let under = |name: Option<&str>| -> Vec<_> {
        instances.iter().filter(|(_, instance)| instance.definition.under == name).copied().collect()
    };
    let setting = |(name, instance): (&str, &Instance<'_>)| {
        let nested = under(Some(name)).into_iter().map(|(_, instance)| instance.to_json(Vec::new())).collect();
        json!({ "@odata.type": format!("{TYPE}Setting"), "settingInstance": instance.to_json(nested) })
    };
    json!({
        "@odata.type": format!("{TYPE}Policy"),
        "name": title,
        "description": super::DESCRIPTION,
        "platforms": "windows10",
        "technologies": "mdm",
        "roleScopeTagIds": ["0"],
        "settings": under(None).into_iter().map(setting).collect::<Vec<_>>(),
    })
}
