//! How the artifacts of a role lie in the output: by client, as a root folder, or as what a fleet manager takes.
//!
//! In: the artifacts of one role. Out: each with its path in the output, and for a fleet manager the files around them.

mod ansible;
mod fleet;
mod package;
mod places;

pub use package::{CONTROL, PackageHead};
pub use places::Places;

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior};

use serde::Serialize;

use super::{Artifact, Delivery, Windows};
use crate::baselines::Baselines;
use crate::vendor::workstation::LoadError;

/// How the files of a role are laid out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Layout {
    /// A folder for each client.
    #[default]
    Clients,
    /// The root folder of a Linux system; what has no place there is left out.
    Root,
    /// The same with the papers of a Debian package.
    Package(PackageHead),
    /// An Ansible role that places the files of a Linux system.
    Ansible,
    /// The folder of a Fleet server: profiles and scripts, and a file that names them.
    Fleet,
}

/// An artifact and its path in the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The path below the output folder.
    pub path: String,
    /// The artifact, under its own path.
    pub artifact: Artifact,
}

/// A role whose files were laid out.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct LaidOut<'a> {
    /// Its name.
    pub role: &'a str,
    /// How many files of clients it has in this layout.
    pub files: usize,
}

/// The artifacts cannot be laid out this way. The text reads well after "cannot".
#[derive(Debug, thiserror::Error)]
pub enum LayoutError {
    /// The table of places is damaged.
    #[error(transparent)]
    Table(#[from] LoadError),
    /// A template of the content is wrong.
    #[error("fill in `{template}`")]
    Template {
        /// The path of the template.
        template: &'static str,
        /// What is wrong, with its line.
        source: minijinja::Error,
    },
    /// Fleet would read a part of a profile as the name of a variable.
    #[error("write `{artifact}` for Fleet, which takes `{found}` in it for a variable; change the text with the dollar sign")]
    Variable {
        /// The profile.
        artifact: String,
        /// The sign and what follows.
        found: String,
    },
    /// Fleet refuses declarations of accounts.
    #[error("write `{artifact}` for Fleet, which takes no declaration of an account; leave `delivery.mac_accounts` at `profile`")]
    Declaration {
        /// The declaration.
        artifact: String,
    },
}

impl Layout {
    /// The layout in words, where it is not the usual one.
    pub fn describe(&self) -> Option<&'static str> {
        match self {
            Self::Clients => None,
            Self::Root | Self::Package(_) => Some("root folders"),
            Self::Ansible => Some("Ansible roles"),
            Self::Fleet => Some("a Fleet folder"),
        }
    }

    /// Whether it takes profiles of Windows, for a plan that delivers its policies so.
    pub fn takes_windows_profiles(&self, delivery: Delivery) -> bool {
        *self == Self::Fleet && delivery.windows != Windows::Intune
    }

    /// Lays out the artifacts of a role.
    ///
    /// # Errors
    /// [`LayoutError`] when a template is wrong, or a fleet manager would change what a file says.
    pub fn lay_out(
        &self,
        role: &str,
        artifacts: Vec<Artifact>,
        places: &Places,
        baselines: &Baselines,
    ) -> Result<Vec<Placed>, LayoutError> {
        let below = |(path, artifact): (String, Artifact)| Placed { path: format!("{role}/{path}"), artifact };
        match self {
            Self::Clients => Ok(artifacts.into_iter().map(|artifact| below((artifact.path.clone(), artifact))).collect()),
            Self::Root => Ok(places.in_root(artifacts).into_iter().map(below).collect()),
            Self::Package(head) => package::role(role, places.in_root(artifacts), head, baselines),
            Self::Ansible => ansible::role(role, places.in_root(artifacts), baselines),
            Self::Fleet => fleet::role(role, artifacts, baselines),
        }
    }

    /// What stands once beside all roles.
    ///
    /// # Errors
    /// [`LayoutError`] when a template is wrong.
    pub fn frame(&self, roles: &[LaidOut<'_>], baselines: &Baselines) -> Result<Vec<Artifact>, LayoutError> {
        match self {
            Self::Clients | Self::Root | Self::Package(_) => Ok(Vec::new()),
            Self::Ansible => ansible::frame(roles, baselines),
            Self::Fleet => fleet::frame(roles, baselines),
        }
    }
}

/// A page of the content with values in it.
fn page(template: &'static str, values: minijinja::Value, baselines: &Baselines) -> Result<String, LayoutError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().keep_trailing_newline(true).build();
    environment.set_syntax(syntax.expect("no mark is changed"));
    let text = baselines.text(template).unwrap_or_default();
    environment.render_named_str(template, text, values).map_err(|source| LayoutError::Template { template, source })
}
