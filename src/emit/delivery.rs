//! How settings reach the clients, where that changes which folders are filled.

use crate::plan::RoleAnswers;
use crate::value::Value;

/// The road to computers with Windows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Windows {
    /// Group Policy of a domain.
    #[default]
    Gpo,
    /// Microsoft Intune.
    Intune,
    /// Files that are imported on each computer.
    Files,
}

/// The roads that a plan chooses; no role has its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivery {
    /// To Windows.
    pub windows: Windows,
    /// Whether Macs are managed by Microsoft Intune.
    pub macs_by_intune: bool,
    /// Whether accounts of Macs are declarations instead of payloads of a profile.
    pub accounts_declared: bool,
}

const DECISION: &str = "delivery";
const INTUNE: &str = "intune";

impl Delivery {
    /// Takes the answers of a plan.
    pub fn of(answers: &RoleAnswers) -> Self {
        let word = |field| answers.value(DECISION, Some(field)).and_then(Value::as_text);
        let windows = match word("windows") {
            Some(INTUNE) => Windows::Intune,
            Some("files") => Windows::Files,
            _ => Windows::Gpo,
        };
        Self {
            windows,
            macs_by_intune: word("mdm") == Some(INTUNE),
            accounts_declared: word("mac_accounts") == Some("declarations"),
        }
    }
}
