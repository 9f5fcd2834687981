//! macOS versions: `10.13.4`, `15.1`, `26`.
//!
//! A version that the schema names is exact, what it leaves out is 0. A version that is written for is a line of releases:
//! what it leaves out is the newest, because a baseline is written for Macs that get their updates.

/// Whether `target` has what came (or went) with `since`.
pub(super) fn reached(since: &str, target: &str) -> bool {
    let mut since = since.split('.').map(number);
    for part in target.split('.').map(number) {
        let need = since.next().unwrap_or(Some(0));
        if part != need {
            return part > need;
        }
    }
    true
}

/// The first number of a version, e.g. `15`; `None` when the text is not digits and dots.
pub(super) fn line(version: &str) -> Option<&str> {
    version.split('.').all(|part| number(part).is_some()).then(|| version.split('.').next())?
}

fn number(part: &str) -> Option<u32> {
    if part.bytes().all(|byte| byte.is_ascii_digit()) { part.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::{line, reached};

    #[test]
    fn a_line_of_releases_means_its_newest() {
        assert!(reached("15.4", "15"));
        assert!(!reached("15.4", "15.1"));
        assert!(reached("15.1", "15.1"));
        assert!(reached("10.7", "15"));
        assert!(!reached("26.0", "15"));
        assert!(reached("10.13.4", "10.13.4"));
        assert!(!reached("10.13.4", "10.13.3"));
        assert!(reached("26.0", "26"));
    }

    #[test]
    fn a_version_is_digits_and_dots() {
        assert_eq!(line("26.4"), Some("26"));
        for wrong in ["", "fifteen", "15.", "+15", "15.x", "99999999999"] {
            assert_eq!(line(wrong), None, "{wrong}");
        }
    }
}
