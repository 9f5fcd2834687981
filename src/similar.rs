//! How similar two names are, by Jaro and Winkler, without comparing those that cannot be.
//!
//! A word that nobody knows is held against tens of thousands of names. The measure itself is quadratic in their lengths; a bound
//! on it is linear: no more letters agree than both have in common, however they stand.

/// Counters of letters; letters of one remainder share a counter, which only raises the bound.
const BUCKETS: usize = 64;

/// A word that many names are held against.
pub(crate) struct Word<'w> {
    text: &'w str,
    length: usize,
    letters: [u8; BUCKETS],
}

impl<'w> Word<'w> {
    pub(crate) fn new(text: &'w str) -> Self {
        let mut letters = [0_u8; BUCKETS];
        for letter in text.chars() {
            let count = &mut letters[bucket(letter)];
            *count = count.saturating_add(1);
        }
        Self { text, length: text.chars().count(), letters }
    }

    /// The similarity to a name, from 0 to 1, when it is more than `least`; `None` when it is not.
    pub(crate) fn similarity(&self, name: &str, least: f64) -> Option<f64> {
        if self.at_most(name) <= least {
            return None;
        }
        Some(strsim::jaro_winkler(self.text, name)).filter(|similarity| *similarity > least)
    }

    /// What the similarity to a name cannot exceed.
    #[expect(clippy::cast_precision_loss, reason = "names are short")]
    fn at_most(&self, name: &str) -> f64 {
        // More letters than a counter holds: no bound, and no such names.
        if self.length == 0 || self.length > usize::from(u8::MAX) {
            return 1.0;
        }
        let (mut left, mut common, mut length) = (self.letters, 0_usize, 0_usize);
        for letter in name.chars() {
            length += 1;
            let count = &mut left[bucket(letter)];
            common += usize::from(*count > 0);
            *count = count.saturating_sub(1);
        }
        if common == 0 {
            return 0.0;
        }
        let common = common as f64;
        let jaro = (common / self.length as f64 + common / length as f64 + 1.0) / 3.0;
        let start = self.text.chars().zip(name.chars()).take(4).take_while(|(one, other)| one == other).count();
        // Rounding of the measure itself is far below this.
        jaro + 0.1 * start as f64 * (1.0 - jaro) + 1e-9
    }
}

fn bucket(letter: char) -> usize {
    letter as usize % BUCKETS
}

#[cfg(test)]
mod tests {
    use super::Word;

    proptest::proptest! {
        #[test]
        fn no_name_is_more_similar_than_its_bound(word in "[a-dA-DäßÄ.:]{0,12}", name in "[a-dA-DäßÄ.:]{0,12}") {
            let similarity = strsim::jaro_winkler(&word, &name);
            let bound = Word::new(&word).at_most(&name);
            proptest::prop_assert!(similarity <= bound, "{word} {name}: {similarity} {bound}");
        }
    }
}
