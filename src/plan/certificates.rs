//! The certificate files that a plan names: which they are, and stand-ins for them where there is no disk.
//!
//! In: the answers of a plan and the shapes of the catalogue. Out: the paths with their places. Nothing is read here.

use std::sync::Arc;

use super::Plan;
use crate::catalogue::{Catalogue, Shape};
use crate::certificate::Certificate;
use crate::diag::Place;
use crate::value::Value;

/// A certificate file as a plan names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedCertificate<'p> {
    /// The path, from the folder of the plan.
    pub path: &'p str,
    /// Whether it must be a root certificate.
    pub root: bool,
    /// The answer that names it.
    pub place: &'p Place,
}

/// A content for files of examples, which lie nowhere.
const STAND_IN: &str = "-----BEGIN CERTIFICATE-----\nZ3JvdW5kcGxhbg==\n-----END CERTIFICATE-----\n";

impl Plan {
    /// The certificate files that the plan names, for everyone and in roles.
    pub fn named_certificates(&self, catalogue: &Catalogue) -> Vec<NamedCertificate<'_>> {
        let mut named = Vec::new();
        for (key, decided) in std::iter::once(&self.everyone).chain(self.roles.values()).flatten() {
            if let Some(decision) = catalogue.decision(key) {
                collect(&decision.shape, &decided.value, &decided.place, &mut named);
            }
        }
        named
    }

    /// The plan as if every certificate file held the same few bytes: for examples of the content, never for clients.
    #[must_use]
    pub fn with_stand_ins(mut self, catalogue: &Catalogue) -> Self {
        let stand_in =
            |named: NamedCertificate<'_>| (named.path.to_owned(), Certificate { is_root: named.root, pem: STAND_IN.to_owned() });
        let certificates = self.named_certificates(catalogue).into_iter().map(stand_in).collect();
        self.certificates = Arc::new(certificates);
        self
    }
}

fn collect<'p>(shape: &Shape, value: &'p Value, place: &'p Place, named: &mut Vec<NamedCertificate<'p>>) {
    match (shape, value) {
        (Shape::Certificate { root }, Value::Text(path)) => named.push(NamedCertificate { path, root: *root, place }),
        (Shape::List(each), Value::List(items)) => items.iter().for_each(|item| collect(each, item, place, named)),
        (Shape::Map { each, .. }, Value::Map(entries)) => {
            for value in entries.values() {
                collect(each, value, place, named);
            }
        }
        (Shape::Record { fields, .. }, Value::Map(entries)) => {
            for field in fields {
                if let Some(value) = entries.get(&field.name) {
                    collect(&field.shape, value, place, named);
                }
            }
        }
        _ => {}
    }
}
