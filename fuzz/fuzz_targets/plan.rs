//! A plan, from its bytes to every finding of every role.
#![no_main]

use std::sync::LazyLock;

use groundplan::baselines::Baselines;
use groundplan::catalogue::{Catalogue, load_catalogue};
use groundplan::diag::has_errors;
use groundplan::generate::{Job, Selection, examine};
use groundplan::plan::read_plan;
use groundplan::source::{Limits, parse};
use groundplan::vendor::Schemas;
use libfuzzer_sys::fuzz_target;

static BASELINES: LazyLock<Baselines> = LazyLock::new(Baselines::embedded);
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| load_catalogue(&BASELINES).expect("the content is sound"));

fuzz_target!(|bytes: &[u8]| {
    let (document, findings) = parse("plan.yaml", bytes, Limits::default());
    groundplan_fuzz::show(&findings);
    let Some(document) = document else {
        assert!(!findings.is_empty(), "a text is refused with a reason");
        return;
    };
    let (plan, found) = read_plan(&document, &CATALOGUE);
    groundplan_fuzz::show(&found);
    if !findings.is_empty() || has_errors(&found) {
        return;
    }
    let schemas = Schemas::load(&BASELINES).expect("the tables are sound");
    let selection = Selection::default();
    let job = Job {
        plan: &plan,
        catalogue: &CATALOGUE,
        schemas: &schemas,
        baselines: &BASELINES,
        today: jiff::civil::date(2026, 11, 1),
        selection: &selection,
        previous: None,
    };
    groundplan_fuzz::show(&examine(&job));
});
