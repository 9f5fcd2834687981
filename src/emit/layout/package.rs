//! What a Debian package of one role holds: the files of the root folder, and the papers that Debian's policy asks for.
//!
//! In: what is in the root folder, and what the packages say of themselves. Out: the same with `README.Debian`, `copyright`,
//! `changelog.gz` and the exceptions for Debian's own check, each where Debian looks for it; and below [`CONTROL`] what dpkg runs
//! and needs where a database of dconf is among the files. The texts stand in `papers/` of the content.
//! Format: Debian Policy 12 (documentation) and deb-changelog(5).

use std::io::Write as _;

use flate2::{Compression, GzBuilder};
use jiff::civil::Date;

use super::{LayoutError, Placed};
use crate::baselines::Baselines;
use crate::emit::Artifact;

/// The folder of what is no file of the computer: scripts that dpkg runs, and `depends`, the packages that they need.
pub const CONTROL: &str = "DEBIAN/";
/// The folder of the databases of dconf, whose sources lie in a folder of their own each.
const DATABASES: &str = "etc/dconf/db/";

/// What the packages of a plan say of themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageHead {
    /// The organisation, which is also the maintainer.
    pub organisation: String,
    /// Its mail domain.
    pub domain: String,
    /// The version; a later one must be higher by dpkg's order.
    pub version: String,
    /// The day of all files: that of the decision, where there is one.
    pub date: Date,
    /// The SHA-256 of the plan's answers.
    pub plan_sha256: String,
}

impl PackageHead {
    /// The name of a role's package; names of roles hold lower case letters, digits and hyphens only.
    pub fn package(role: &str) -> String {
        format!("groundplan-{role}")
    }

    /// Who answers for the packages.
    pub fn maintainer(&self) -> String {
        format!("{} <postmaster@{}>", self.organisation, self.domain)
    }

    /// The moment of all files, noon in universal time, in seconds since 1970.
    pub fn moment(&self) -> u64 {
        let days = self.date.duration_since(Date::constant(1970, 1, 1)).as_secs();
        u64::try_from(days).unwrap_or_default() + 12 * 60 * 60
    }
}

/// The files of one role; none where it has nothing for Linux.
pub(super) fn role(
    role: &str,
    files: Vec<(String, Artifact)>,
    head: &PackageHead,
    baselines: &Baselines,
) -> Result<Vec<Placed>, LayoutError> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let name = PackageHead::package(role);
    let database = files.iter().find_map(|(path, _)| path.strip_prefix(DATABASES)?.split_once(".d/")).map(|(name, _)| name);
    let values = minijinja::context! {
        role => role,
        database => database,
        package => name.as_str(),
        organisation => head.organisation.as_str(),
        plan_sha256 => head.plan_sha256.as_str(),
        year => head.date.year(),
        etc_opt => files.iter().any(|(path, _)| path.starts_with("etc/opt/")),
        scripts => files.iter().any(|(_, artifact)| artifact.executable),
    };
    let paper = |path: String, template| -> Result<_, LayoutError> {
        let text = super::page(template, values.clone(), baselines)?;
        Ok((path.clone(), Artifact::data(format!("package/{path}"), text)))
    };
    let scripts = database.map_or(Ok(Vec::new()), |_| {
        let script = |name: &str, template| -> Result<_, LayoutError> {
            let text = super::page(template, values.clone(), baselines)?;
            Ok((format!("{CONTROL}{name}"), Artifact::program(format!("package/{name}"), text)))
        };
        let depends = (format!("{CONTROL}depends"), Artifact::data("package/depends", "dconf-cli"));
        Ok::<_, LayoutError>(vec![script("postinst", "papers/deb/postinst")?, script("postrm", "papers/deb/postrm")?, depends])
    })?;
    let mut all = files;
    all.extend(scripts);
    all.push(paper(format!("usr/share/doc/{name}/README.Debian"), "papers/README.Debian")?);
    all.push(paper(format!("usr/share/doc/{name}/copyright"), "papers/copyright.Debian")?);
    all.push(paper(format!("usr/share/lintian/overrides/{name}"), "papers/lintian-overrides")?);
    all.push((format!("usr/share/doc/{name}/changelog.gz"), Artifact::data("package/changelog.gz", changelog(&name, head))));
    all.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(all.into_iter().map(|(path, artifact)| Placed { path: format!("{role}/{path}"), artifact }).collect())
}

/// One entry: a package is made anew each time, and what changed between plans is not its business.
fn changelog(name: &str, head: &PackageHead) -> Vec<u8> {
    let date = head.date.strftime("%a, %d %b %Y 12:00:00 +0000");
    let text = format!(
        "{name} ({}) stable; urgency=medium\n\n  * The baseline of the plan {:.16}.\n\n -- {}  {date}\n",
        head.version,
        head.plan_sha256,
        head.maintainer()
    );
    let mut gzip = GzBuilder::new().write(Vec::new(), Compression::best());
    gzip.write_all(text.as_bytes()).and_then(|()| gzip.finish()).expect("memory takes all bytes")
}
