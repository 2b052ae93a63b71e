//! What a misspelt word most likely means.

/// Words at least this alike are taken for misspellings.
const LIKENESS: f64 = 0.8;

/// The word that was most likely meant by `word`, if one is alike.
pub fn nearest<'word>(word: &str, known: impl IntoIterator<Item = &'word str>) -> Option<&'word str> {
    // Other linters write names of rules with underscores and capitals, and Python's names have both.
    let plain = |word: &str| word.to_lowercase().replace(['_', ' '], "-");
    let word = plain(word);
    let alike = known.into_iter().map(|known| (strsim::jaro_winkler(&word, &plain(known)), known)).filter(|(likeness, _)| *likeness >= LIKENESS);
    alike.max_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_misspelt_name_finds_what_was_meant_and_a_strange_one_nothing() {
        let nearest = |name| nearest(name, ["unstacked-layer", "single-unit-softmax", "missing-zero-grad"]);
        assert_eq!(nearest("unstackd-layer"), Some("unstacked-layer"));
        assert_eq!(nearest("SINGLE_UNIT_SOFTMAX"), Some("single-unit-softmax"));
        assert_eq!(nearest("E501"), None);
        assert_eq!(super::nearest("simple_net", ["ConvNet", "SimpleNet"]), Some("SimpleNet"));
        assert_eq!(super::nearest("nothing", ["BranchingNet"]), None);
    }
}
