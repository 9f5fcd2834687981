//! Groups of roles, as short as they can be said: all, all but some, or some.
//!
//! What holds for a client is said of the roles that have the client. A group too long to name where it is used gets a
//! number, and is named once.

use serde::Serialize;

use crate::review::dossier::Role;

/// A group of roles, said against those that come into question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// `all`, `except`, `only` or `set`.
    pub kind: &'static str,
    /// The roles that are named; empty for `all` and `set`.
    pub names: Vec<String>,
    /// How many roles are in the group.
    pub count: usize,
    /// The number of the set, for `set`.
    pub set: Option<usize>,
}

/// A large group of roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoleSet {
    /// The roles.
    pub names: Vec<String>,
}

/// More names than this are written once, in a list of sets.
const NAMED: usize = 6;

/// Says groups, and remembers the large ones.
pub(super) struct Groups<'a> {
    roles: &'a [Role],
    sets: Vec<Vec<u32>>,
}

impl<'a> Groups<'a> {
    pub(super) fn new(roles: &'a [Role]) -> Self {
        Self { roles, sets: Vec::new() }
    }

    /// All roles that have a client.
    pub(super) fn with(&self, client: usize) -> Vec<u32> {
        let has = |role: &&(usize, &Role)| role.1.clients.contains(&client);
        let numbered: Vec<(usize, &Role)> = self.roles.iter().enumerate().collect();
        numbered.iter().filter(has).filter_map(|(at, _)| u32::try_from(*at).ok()).collect()
    }

    /// All roles.
    pub(super) fn all(&self) -> Vec<u32> {
        (0..).take(self.roles.len()).collect()
    }

    /// The numbers of the roles with these names.
    pub(super) fn named<'n>(&self, names: impl Iterator<Item = &'n String>) -> Vec<u32> {
        let number = |name: &String| self.roles.iter().position(|role| role.name == *name);
        let mut numbers: Vec<u32> = names.filter_map(number).filter_map(|at| u32::try_from(at).ok()).collect();
        numbers.sort_unstable();
        numbers
    }

    /// Says a group against those that come into question; both are in order.
    pub(super) fn say(&mut self, group: &[u32], of: &[u32]) -> Group {
        let names = |numbers: &[u32]| numbers.iter().map(|at| self.roles[*at as usize].name.clone()).collect();
        let count = group.len();
        let others: Vec<u32> = of.iter().filter(|role| group.binary_search(role).is_err()).copied().collect();
        if others.is_empty() {
            return Group { kind: "all", names: Vec::new(), count, set: None };
        }
        if others.len() < count && others.len() <= NAMED {
            return Group { kind: "except", names: names(&others), count, set: None };
        }
        if count <= NAMED {
            return Group { kind: "only", names: names(group), count, set: None };
        }
        let at = self.sets.iter().position(|known| known == group).unwrap_or_else(|| {
            self.sets.push(group.to_vec());
            self.sets.len() - 1
        });
        Group { kind: "set", names: Vec::new(), count, set: Some(at + 1) }
    }

    /// The large groups, in the order of their numbers.
    pub(super) fn sets(self) -> Vec<RoleSet> {
        let names =
            |numbers: &Vec<u32>| RoleSet { names: numbers.iter().map(|at| self.roles[*at as usize].name.clone()).collect() };
        self.sets.iter().map(names).collect()
    }
}
