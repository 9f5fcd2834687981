//! The built-in catalogue loads without a finding.

use super::load_catalogue;
use crate::baselines::Baselines;

#[test]
fn the_catalogue_that_is_built_in_has_no_findings() {
    if let Err(findings) = load_catalogue(&Baselines::embedded()) {
        panic!("{}", crate::diag::text::render(&findings, false));
    }
}
