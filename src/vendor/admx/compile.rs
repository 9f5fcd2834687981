//! Turns a policy's state into registry operations, by the template alone.
//!
//! Enabled writes what the policy editor writes. Disabled writes the "off" value of the policy and of its check boxes
//! and deletes everything else that the enabled state can write: text, numbers, the values of lists, and the values that
//! a check box or an item writes besides. A file that is applied over an earlier one thus leaves nothing of it behind.

use super::check::Filled;
use super::policy::{Data, Element, Kind, ListNames, Policy, Write};
use crate::vendor::registry::{Hive, RegistryAction, RegistryData, RegistryKey, RegistryOperation};

/// The operations of the enabled state; `filled` holds one answer for each element. `None` when a key of the template
/// is not one of the registry.
pub(super) fn enabled(policy: &Policy<'_>, filled: &[Filled<'_>]) -> Option<Vec<RegistryOperation>> {
    let mut operations = Operations::new(policy.class.hive());
    if let Some(value) = policy.value {
        operations.write(policy.key, value, policy.enabled.unwrap_or(Data::Dword(1)))?;
    }
    operations.write_all(&policy.enabled_also)?;
    for (element, filled) in policy.elements.iter().zip(filled) {
        enable_element(&mut operations, element, filled)?;
    }
    Some(operations.done)
}

/// The operations of the disabled state. `None` when a key of the template is not one of the registry.
pub(super) fn disabled(policy: &Policy<'_>) -> Option<Vec<RegistryOperation>> {
    let mut operations = Operations::new(policy.class.hive());
    // Deletions first: where a deletion and an "off" value meet in one place, the value is what the editor leaves.
    operations.delete_all(&policy.enabled_also)?;
    for element in &policy.elements {
        match element.kind {
            Kind::List { .. } => operations.add(element.key, "", RegistryAction::DeleteAllValues)?,
            _ => operations.write(element.key, element.value, Data::Delete)?,
        }
        operations.delete_all(&element.also())?;
    }
    if let Some(value) = policy.value {
        operations.write(policy.key, value, policy.disabled.unwrap_or(Data::Delete))?;
    }
    operations.write_all(&policy.disabled_also)?;
    for element in &policy.elements {
        if let Kind::Boolean { off: Some(off), .. } = element.kind {
            operations.write(element.key, element.value, off)?;
        }
        if let Kind::Boolean { off_also, .. } = &element.kind {
            operations.write_all(off_also)?;
        }
    }
    Some(operations.done)
}

fn enable_element(operations: &mut Operations, element: &Element<'_>, filled: &Filled<'_>) -> Option<()> {
    let text = |text: &str, expandable: bool| {
        RegistryAction::Set(if expandable {
            RegistryData::ExpandText(text.to_owned())
        } else {
            RegistryData::Text(text.to_owned())
        })
    };
    match (&element.kind, filled) {
        (Kind::Boolean { on, on_also, .. }, Filled::Checked(true)) => {
            operations.write(element.key, element.value, on.unwrap_or(Data::Dword(1)))?;
            operations.write_all(on_also)
        }
        (Kind::Boolean { off, off_also, .. }, Filled::Checked(false)) => {
            operations.write(element.key, element.value, off.unwrap_or(Data::Delete))?;
            operations.write_all(off_also)
        }
        (Kind::Decimal { long, as_text, .. }, Filled::Number(number)) => {
            let data = match (as_text, long) {
                (true, _) => RegistryData::Text(number.to_string()),
                (false, true) => RegistryData::Qword(*number),
                (false, false) => RegistryData::Dword(u32::try_from(*number).ok()?),
            };
            operations.add(element.key, element.value, RegistryAction::Set(data))
        }
        (Kind::Text { expandable, .. }, Filled::Text(line)) => {
            operations.add(element.key, element.value, text(line, *expandable))
        }
        (Kind::MultiText { .. }, Filled::Lines(lines)) => {
            let data = RegistryData::MultiText(lines.iter().map(|&line| line.to_owned()).collect());
            operations.add(element.key, element.value, RegistryAction::Set(data))
        }
        (Kind::Enumeration { .. }, Filled::Item(item)) => {
            operations.write(element.key, element.value, item.data)?;
            operations.write_all(&item.also)
        }
        (Kind::List { names, additive, expandable }, Filled::Entries(entries)) => {
            if !additive {
                operations.add(element.key, "", RegistryAction::DeleteAllValues)?;
            }
            for (index, (name, line)) in entries.iter().enumerate() {
                let name = match names {
                    ListNames::Numbered(prefix) => format!("{prefix}{}", index + 1),
                    ListNames::Same | ListNames::Given => (*name).to_owned(),
                };
                operations.add(element.key, &name, text(line, *expandable))?;
            }
            Some(())
        }
        _ => unreachable!("check::fill_one answers each kind of element with its own kind of filling"),
    }
}

/// Operations in which each place stands once: the later one replaces, as a later write in the registry does.
struct Operations {
    hive: Hive,
    done: Vec<RegistryOperation>,
}

impl Operations {
    fn new(hive: Hive) -> Self {
        Self { hive, done: Vec::new() }
    }

    fn write(&mut self, key: &str, value: &str, data: Data<'_>) -> Option<()> {
        let action = match data {
            Data::Dword(number) => RegistryAction::Set(RegistryData::Dword(number)),
            Data::Qword(number) => RegistryAction::Set(RegistryData::Qword(number)),
            Data::Text(text) => RegistryAction::Set(RegistryData::Text(text.to_owned())),
            Data::Delete => RegistryAction::DeleteValue,
        };
        self.add(key, value, action)
    }

    fn write_all(&mut self, writes: &[Write<'_>]) -> Option<()> {
        writes.iter().try_for_each(|write| self.write(write.key, write.value, write.data))
    }

    fn delete_all(&mut self, writes: &[Write<'_>]) -> Option<()> {
        writes.iter().try_for_each(|write| self.write(write.key, write.value, Data::Delete))
    }

    fn add(&mut self, key: &str, name: &str, action: RegistryAction) -> Option<()> {
        let operation = RegistryOperation { hive: self.hive, key: RegistryKey::new(key)?, name: name.to_owned(), action };
        let place = operation.order();
        self.done.retain(|earlier| earlier.order() != place);
        self.done.push(operation);
        Some(())
    }
}
