//! Which of two answers is the stronger one.

use std::cmp::Ordering;

use crate::catalogue::{Decision, Shape};
use crate::value::Value;

/// Compares two answers of a decision by strength; `None` when they cannot be compared.
///
/// Words follow the order of the catalogue. Of lists of what is blocked the longer one is stronger, `standard` is the
/// empty list; two lists of which neither holds the other cannot be compared, and count as loosened by those who ask.
pub fn compare(decision: &Decision, left: &Value, right: &Value) -> Option<Ordering> {
    if left == right {
        return Some(Ordering::Equal);
    }
    match (&decision.shape, left, right) {
        (Shape::Choice(_), Value::Text(left), Value::Text(right)) => {
            let rank = |word: &String| decision.strength.iter().position(|candidate| candidate == word);
            Some(rank(left)?.cmp(&rank(right)?))
        }
        (Shape::StandardOrList(_), left, right) => {
            let items = |value: &Value| value.as_list().unwrap_or_default().to_vec();
            let (left, right) = (items(left), items(right));
            if right.iter().all(|item| left.contains(item)) { Some(Ordering::Greater) } else { Some(Ordering::Less) }
        }
        _ => None,
    }
}
