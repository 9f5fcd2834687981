//! Operations on the Windows registry: what an ADMX policy comes down to.

/// The half of the registry that a policy belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hive {
    /// `HKEY_LOCAL_MACHINE`.
    Machine,
    /// `HKEY_CURRENT_USER`.
    User,
}

/// A key below a hive: no hive prefix, no leading or trailing backslash, no empty part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RegistryKey(String);

impl RegistryKey {
    /// Takes a key as an ADMX writes it; `None` when it names a hive, has an empty part or a control character.
    pub fn new(key: &str) -> Option<Self> {
        let hive = key.split('\\').next().is_some_and(|first| first.to_ascii_uppercase().starts_with("HK"));
        let odd = key.split('\\').any(str::is_empty) || key.chars().any(char::is_control);
        (!hive && !odd).then(|| Self(key.to_owned()))
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The data of a value, with its registry type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RegistryData {
    /// `REG_DWORD`.
    Dword(u32),
    /// `REG_QWORD`.
    Qword(u64),
    /// `REG_SZ`.
    Text(String),
    /// `REG_EXPAND_SZ`.
    ExpandText(String),
    /// `REG_MULTI_SZ`.
    MultiText(Vec<String>),
}

/// What is done to a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RegistryAction {
    /// All values of the key go away (before any is set); the name of the value is empty.
    DeleteAllValues,
    /// The value goes away.
    DeleteValue,
    /// The value is written.
    Set(RegistryData),
}

/// One operation. Operations sort by hive, key and name without regard to case, deletions of all values first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RegistryOperation {
    /// Computer or user.
    pub hive: Hive,
    /// The key.
    pub key: RegistryKey,
    /// The value's name; empty for the key's default value and for [`RegistryAction::DeleteAllValues`].
    pub name: String,
    /// What happens to it.
    pub action: RegistryAction,
}

impl RegistryOperation {
    /// What operations sort by: hive, key, deletion of all values first, name. The registry has no regard for case.
    pub fn order(&self) -> (Hive, String, bool, String) {
        let deletes_all = self.action == RegistryAction::DeleteAllValues;
        (self.hive, self.key.as_str().to_lowercase(), !deletes_all, self.name.to_lowercase())
    }
}
