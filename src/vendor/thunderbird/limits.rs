//! What the program refuses of a policy beyond its schema, or takes and does not obey: the table `policy-limits.tsv`.
//!
//! In: a policy's value that fits its schema. Out: the first limit that it breaks. The table is measured and kept by hand; each
//! line holds a value that breaks it, which the tests give to the program.

use regex_lite::Regex;
use serde_json::Value;

use crate::vendor::Problem;
use crate::vendor::table::Table;

/// One line of the table.
pub(super) struct Limit<'a> {
    place: &'a str,
    rule: &'a str,
    argument: &'a str,
    reason: &'a str,
}

impl<'a> Limit<'a> {
    /// The limits of one policy.
    fn of(limits: &Table<'a>, policy: &str) -> impl Iterator<Item = Self> {
        limits.rows().filter_map(move |(place, row)| {
            let rest = place.strip_prefix(policy)?;
            let mut fields = row.split('\t');
            let (rule, argument, _, reason) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
            (rest.is_empty() || rest.starts_with('/')).then_some(Self { place, rule, argument, reason })
        })
    }

    /// Whether a value at the place keeps the limit.
    fn holds(&self, value: &Value) -> Result<(), Problem> {
        let fits = |text: &str| Regex::new(self.argument).is_ok_and(|form| form.is_match(text));
        let refuse = || Err(Problem::Refused { reason: self.reason.to_owned() });
        let not_allowed = |found: &str| Err(Problem::NotAllowed { found: found.to_owned(), allowed: self.reason.to_owned() });
        match (self.rule, value) {
            ("form", Value::String(text)) if !fits(text) => not_allowed(text),
            ("names", Value::Object(map)) => match map.keys().find(|key| !fits(key)) {
                Some(key) => not_allowed(key),
                None => Ok(()),
            },
            ("one-of", Value::Object(map)) if !self.argument.split(' ').any(|key| map.contains_key(key)) => {
                Err(Problem::Missing { missing: self.argument.replace(' ', "` or `") })
            }
            ("with", Value::Object(map)) => match self.argument.split_once([' ', '=']).zip(self.argument.split_once(' ')) {
                Some(((key, _), (pair, needed))) => {
                    let word = pair.split_once('=').map_or("", |(_, word)| word);
                    let alone = map.get(key).and_then(Value::as_str) == Some(word) && !map.contains_key(needed);
                    if alone { Err(Problem::Missing { missing: needed.to_owned() }) } else { Ok(()) }
                }
                None => refuse(),
            },
            ("never", _) => refuse(),
            _ => Ok(()),
        }
    }
}

/// Holds a policy's value against all limits of the policy.
pub(super) fn hold(limits: &Table<'_>, policy: &str, value: &Value) -> Result<(), Problem> {
    for limit in Limit::of(limits, policy) {
        let way: Vec<&str> = limit.place.split('/').skip(1).collect();
        visit(value, &way, &|part| limit.holds(part))?;
    }
    Ok(())
}

/// The policies beside which this one has no effect.
pub(super) fn not_beside<'a>(limits: &Table<'a>, policy: &str) -> impl Iterator<Item = &'a str> {
    Limit::of(limits, policy).filter(|limit| limit.rule == "not-beside").map(|limit| limit.argument)
}

/// Asks for every part of the value at the end of the way.
fn visit(value: &Value, way: &[&str], ask: &dyn Fn(&Value) -> Result<(), Problem>) -> Result<(), Problem> {
    match (way.split_first(), value) {
        (None, _) => ask(value),
        (Some((&"[]", rest)), Value::Array(items)) => items.iter().try_for_each(|item| visit(item, rest, ask)),
        (Some((&"*", rest)), Value::Object(map)) => map.values().try_for_each(|part| visit(part, rest, ask)),
        (Some((key, rest)), Value::Object(map)) => map.get(*key).map_or(Ok(()), |part| visit(part, rest, ask)),
        _ => Ok(()),
    }
}
