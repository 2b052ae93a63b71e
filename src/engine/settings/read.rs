//! From the text of a settings file to settings, with the place of each fault.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::names::unknown;
use super::Settings;
use crate::text::TextRange;

/// What a settings file says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Read {
    /// Its settings: the defaults if it has faults.
    pub(super) settings: Settings,
    /// Where the table of settings begins, if there is one.
    pub(super) table: Option<TextRange>,
    /// What is wrong.
    pub(super) faults: Vec<Fault>,
    /// Where each word of each setting stands.
    words: BTreeMap<(String, String), TextRange>,
}

/// Something wrong at one place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Fault {
    /// Where.
    pub(super) range: TextRange,
    /// What.
    pub(super) message: String,
}

/// Reads the settings in the table `path` of a TOML `text`, all of it if the path is empty.
pub(super) fn read(text: &str, path: &[&str]) -> Read {
    let document = match DeTable::parse(text) {
        Ok(document) => document,
        // A file of others that does not parse is theirs to mend, unless it speaks of us.
        Err(_) if path.last().is_some_and(|name| !text.contains(name)) => return Read::default(),
        Err(error) => return Read::broken(error.span(), error.message()),
    };
    let mut table = Spanned::new(document.span(), DeValue::Table(document.into_inner()));
    for name in path {
        let inner = match table.into_inner() {
            DeValue::Table(mut outer) => outer.remove(*name),
            _ => None,
        };
        let Some(inner) = inner else { return Read::default() };
        table = inner;
    }
    let range = range(table.span());
    let mut words = BTreeMap::new();
    let faults = match table.get_ref() {
        DeValue::Table(settings) => check_keys(settings, &mut words),
        _ => vec![Fault { range, message: "settings are a table".to_owned() }],
    };
    if !faults.is_empty() {
        return Read { table: Some(range), faults, ..Read::default() };
    }
    let settings = match Settings::deserialize(ValueDeserializer::from(table)) {
        Ok(settings) => settings,
        Err(error) => return Read { table: Some(range), ..Read::broken(error.span(), error.message()) },
    };
    Read { settings, table: Some(range), faults: Vec::new(), words }
}

impl Read {
    /// The names that stand for nothing. `own` are the names of the project's own rules.
    pub(super) fn unknown_names(&self, own: &[String]) -> Vec<Fault> {
        let place = |key: &str, word: String| self.words.get(&(key.to_owned(), word)).copied().or(self.table).unwrap_or_default();
        let unknown = self.settings.unknown_names(own).into_iter();
        let mut faults: Vec<Fault> = unknown.map(|name| Fault { range: place(name.key, name.word), message: name.message }).collect();
        faults.sort();
        faults
    }

    fn broken(span: Option<Range<usize>>, message: &str) -> Self {
        let message = message.lines().next().unwrap_or_default().to_owned();
        Self { faults: vec![Fault { range: range(span.unwrap_or_default()), message }], ..Self::default() }
    }
}

/// The keys that are no settings. Where each word of a setting stands goes into `words`.
fn check_keys(settings: &DeTable<'_>, words: &mut BTreeMap<(String, String), TextRange>) -> Vec<Fault> {
    let keys = Settings::keys();
    let mut faults = Vec::new();
    for (key, value) in settings {
        let name: &str = key.get_ref();
        if keys.iter().any(|known| known == name) {
            note_words(name, value, words);
        } else {
            let otherwise = format!("settings are `{}`", keys.join("`, `"));
            faults.push(Fault { range: range(key.span()), message: unknown("setting", name, keys.iter().map(String::as_str), &otherwise) });
        }
    }
    faults.sort();
    faults
}

fn note_words(key: &str, value: &Spanned<DeValue<'_>>, words: &mut BTreeMap<(String, String), TextRange>) {
    match value.get_ref() {
        DeValue::String(word) => {
            words.entry((key.to_owned(), word.to_string())).or_insert(range(value.span()));
        }
        DeValue::Array(values) => values.iter().for_each(|value| note_words(key, value, words)),
        DeValue::Table(table) => {
            for (name, value) in table {
                words.entry((key.to_owned(), name.get_ref().to_string())).or_insert(range(name.span()));
                note_words(key, value, words);
            }
        }
        _ => {}
    }
}

fn range(span: Range<usize>) -> TextRange {
    TextRange::new(span.start as u32, span.end as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::settings::{Level, Selector};
    use crate::finding::Severity;

    /// The faults of a text, each with what it points to.
    fn faults(text: &str) -> Vec<(&str, String)> {
        let read = read(text, &[]);
        read.faults.clone().into_iter().chain(read.unknown_names(&[])).map(|fault| (&text[fault.range.indices()], fault.message)).collect()
    }

    fn fault(text: &str) -> String {
        let faults = faults(text);
        assert_eq!(faults.len(), 1, "{faults:?}");
        format!("{}: {}", faults[0].0, faults[0].1)
    }

    #[test]
    fn settings_are_read() {
        let text = "select = ['modes']\nignore = ['unstacked-layer']\nexclude = ['build']\ntest-directory = 't'\nstubs = ['stubs']\nqueries = ['lint']\n\
                    [severity]\nunstacked-layer = 'error'\n[per-file-ignores]\n'*.py' = ['all']\n";
        let rules = |rules: &[&str]| Some(rules.iter().map(|rule| Selector((*rule).to_owned())).collect::<Vec<_>>());
        let expected = Settings {
            select: rules(&["modes"]),
            ignore: rules(&["unstacked-layer"]),
            severity: Some(BTreeMap::from([("unstacked-layer".to_owned(), Level(Severity::Error))])),
            exclude: Some(vec!["build".to_owned()]),
            per_file_ignores: rules(&["all"]).map(|all| BTreeMap::from([("*.py".to_owned(), all)])),
            test_directory: Some("t".to_owned()),
            stubs: Some(vec!["stubs".to_owned()]),
            queries: Some(vec!["lint".to_owned()]),
        };
        let read = read(text, &[]);
        assert_eq!((read.settings.clone(), read.faults.clone(), read.unknown_names(&[])), (expected, Vec::new(), Vec::new()));
    }

    #[test]
    fn a_table_of_a_file_of_others_is_read() {
        let text = "[project]\nname = 'x'\n[tool.backprobe]\ntest-directory = 't'\n";
        let read = read(text, &["tool", "backprobe"]);
        assert_eq!(read.settings.test_directory.as_deref(), Some("t"));
        assert!(read.table.is_some());
        assert_eq!(super::read("[project]\n", &["tool", "backprobe"]), Read::default());
    }

    #[test]
    fn a_fault_names_its_place_and_what_was_meant() {
        assert_eq!(fault("selct = ['all']\n"), "selct: unknown setting `selct`; did you mean `select`?");
        assert_eq!(fault("select = ['unstackd-layer']\n"), "'unstackd-layer': unknown rule `unstackd-layer`; did you mean `unstacked-layer`?");
        assert_eq!(fault("ignore = ['mode']\n"), "'mode': unknown rule `mode`; did you mean `modes`?");
        assert_eq!(fault("[severity]\nunstacked-layer = 'warn'\n"), "'warn': unknown severity `warn`; did you mean `warning`?");
        assert_eq!(fault("severity = { unstacked_layer = 'error' }\n"), "unstacked_layer: unknown rule `unstacked_layer`; did you mean `unstacked-layer`?");
        assert_eq!(fault("[per-file-ignores]\n'a.py' = ['E501']\n"), "'E501': unknown rule `E501`; `backprobe rules` lists all");
        assert_eq!(fault("select = 'all'\n"), "'all': invalid type: string \"all\", expected a sequence");
    }

    #[test]
    fn every_fault_is_named() {
        let words: Vec<String> = faults("select = ['a1', 'b2']\nignore = ['c3']\n").into_iter().map(|(word, _)| word.to_owned()).collect();
        assert_eq!(words, ["'a1'", "'b2'", "'c3'"]);
    }

    #[test]
    fn what_is_no_toml_is_a_fault_where_it_speaks_of_us() {
        assert_eq!(faults("select = [\n").len(), 1);
        assert_eq!(read("[tool.backprobe]\nselect = [\n", &["tool", "backprobe"]).faults.len(), 1);
        assert_eq!(read("[project\n", &["tool", "backprobe"]), Read::default());
    }
}
