//! From the text of a settings file to settings, with the place of each fault.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeArray, DeString, DeTable, DeValue, ValueDeserializer};

use super::names::unknown;
use super::Settings;
use crate::text::TextRange;

/// What a settings file says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Read {
    /// Its settings. What has faults is left out.
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
        // What a parser makes of the text behind its first error is no news.
        Err(error) => return Read { faults: vec![fault(&error)], ..Read::default() },
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
    let DeValue::Table(entries) = table.into_inner() else {
        let faults = vec![Fault { range, message: "settings are a table".to_owned() }];
        return Read { table: Some(range), faults, ..Read::default() };
    };
    let known = Settings::keys();
    let mut read = Read { table: Some(range), ..Read::default() };
    let mut good = DeTable::new();
    for (key, value) in entries {
        let faults = faults_of(&key, &value, &known);
        if faults.is_empty() {
            note_words(key.get_ref(), &value, &mut read.words);
            good.insert(key, value);
        }
        read.faults.extend(faults);
    }
    read.faults.sort();
    read.faults.dedup();
    // Settings that are good one by one are good together.
    read.settings = settings(good).unwrap_or_default();
    read
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
}

/// What is wrong with one setting, each part of it on its own.
fn faults_of(key: &Spanned<DeString<'_>>, value: &Spanned<DeValue<'_>>, known: &[String]) -> Vec<Fault> {
    let name: &str = key.get_ref();
    if !known.iter().any(|known| known == name) {
        let otherwise = format!("settings are `{}`", known.join("`, `"));
        return vec![Fault { range: range(key.span()), message: unknown("setting", name, known.iter().map(String::as_str), &otherwise) }];
    }
    let alone = parts(value).into_iter().map(|part| settings(DeTable::from_iter([(key.clone(), part)])));
    alone.filter_map(Result::err).map(|error| fault(&error)).collect()
}

fn settings(entries: DeTable<'_>) -> Result<Settings, toml::de::Error> {
    Settings::deserialize(ValueDeserializer::from(Spanned::new(0..0, DeValue::Table(entries))))
}

/// The same value once for each thing it holds, with that alone in it: the reader stops at the first fault.
fn parts<'a>(value: &Spanned<DeValue<'a>>) -> Vec<Spanned<DeValue<'a>>> {
    let with = |part| Spanned::new(value.span(), part);
    match value.get_ref() {
        DeValue::Array(values) if !values.is_empty() => {
            values.iter().flat_map(parts).map(|part| with(DeValue::Array(DeArray::from_iter([part])))).collect()
        }
        DeValue::Table(table) if !table.is_empty() => {
            let entries = table.iter().flat_map(|(name, value)| parts(value).into_iter().map(move |part| (name.clone(), part)));
            entries.map(|entry| with(DeValue::Table(DeTable::from_iter([entry])))).collect()
        }
        _ => vec![value.clone()],
    }
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

fn fault(error: &toml::de::Error) -> Fault {
    let message = error.message().lines().next().unwrap_or_default().to_owned();
    Fault { range: range(error.span().unwrap_or_default()), message }
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
        let words = |text: &'static str| faults(text).into_iter().map(|(word, _)| word).collect::<Vec<_>>();
        assert_eq!(words("select = ['a1', 'b2']\nignore = ['c3']\n"), ["'a1'", "'b2'", "'c3'"]);
        let of_all_kinds = "selct = 1\nignore = ['a1', 2, 'modes']\nstubs = 3\n[severity]\nunstacked-layer = 'bad'\nx1 = 'worse'\n";
        assert_eq!(words(of_all_kinds), ["selct", "2", "3", "'bad'", "'worse'"]);
        assert_eq!(words("select = ['a1']\nstubs = 3\n"), ["3", "'a1'"]);
        assert_eq!(words("test-directory = ['tests', 'b']\n").len(), 1, "what is wrong as a whole is said once");
    }

    #[test]
    fn what_is_no_toml_is_a_fault_where_it_speaks_of_us() {
        assert_eq!(faults("select = [\n").len(), 1);
        assert_eq!(read("[tool.backprobe]\nselect = [\n", &["tool", "backprobe"]).faults.len(), 1);
        assert_eq!(read("[project\n", &["tool", "backprobe"]), Read::default());
    }
}
