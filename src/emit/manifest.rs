//! Writes `manifest.json` and `SHA256SUMS`: which files a run made, for whom, from which decisions.
//!
//! The SHA-256 of the plan is that of its answers as canonical JSON (RFC 8785 order of keys), so that comments and the order
//! of keys change nothing: equal plans give equal trees, the manifest included.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use serde::Serialize;

use crate::sum::sha256;

/// The version of the form of `manifest.json`.
pub const MANIFEST_VERSION: u32 = 1;

/// One file.
#[derive(Debug, Clone, Serialize)]
pub struct ManifestFile {
    /// The path below the output folder.
    pub path: String,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its size.
    pub bytes: usize,
    /// The role it is for; `None` for papers of the whole plan.
    pub role: Option<String>,
    /// The folder of the client or delivery it belongs to.
    pub client: Option<String>,
    /// The decisions that its content comes from.
    pub decisions: Arc<BTreeSet<String>>,
}

/// What a run was made of.
#[derive(Debug, Clone, Serialize)]
pub struct Manifest {
    /// The version of this form.
    pub version: u32,
    /// The program.
    pub tool: Tool,
    /// The plan.
    pub plan: PlanSum,
    /// The SHA-256 of the policy content, vendor schemas included.
    pub content_sha256: String,
    /// The versions of clients that were written for, where the plan names them.
    pub versions: std::collections::BTreeMap<String, String>,
    /// What was chosen of the plan, where it was not all.
    pub selection: Option<String>,
    /// The files, by path.
    pub files: Vec<ManifestFile>,
}

/// The program that made a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Tool {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

impl Tool {
    /// This program.
    pub const THIS: Self = Self { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
}

/// The plan that a tree was made of.
#[derive(Debug, Clone, Serialize)]
pub struct PlanSum {
    /// The organisation.
    pub organisation: String,
    /// The SHA-256 of its answers.
    pub sha256: String,
}

impl Manifest {
    /// The bytes of `manifest.json`.
    ///
    /// # Panics
    /// Never: all keys are text.
    pub fn render(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("a manifest has text keys only");
        bytes.push(b'\n');
        bytes
    }

    /// The bytes of `SHA256SUMS`, which `sha256sum -c` reads; it covers the manifest too.
    pub fn sums(&self, manifest: &[u8]) -> Vec<u8> {
        let mut sums = String::new();
        for file in &self.files {
            writeln!(sums, "{}  {}", file.sha256, file.path).expect("writing to a String cannot fail");
        }
        writeln!(sums, "{}  manifest.json", sha256(manifest)).expect("writing to a String cannot fail");
        sums.into_bytes()
    }
}
