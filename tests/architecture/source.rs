//! Rust code as far as the tests of the architecture read it: without comments, strings apart, test modules cut off.

/// One file of the crate.
pub(crate) struct Source {
    /// The file's path from the root of the repository, with `/`.
    pub(crate) path: String,
    /// The code in front of the file's tests: comments and the contents of strings are blank.
    code: String,
    /// The contents of the strings, likewise: all else is blank.
    strings: String,
}

impl Source {
    pub(crate) fn new(path: String, text: &str) -> Self {
        let mut reader = Reader::default();
        let tests = if path.ends_with("/tests.rs") || path.contains("/tests/") { 0 } else { start_of_tests(text) };
        reader.read(&text[..tests]);
        Self { path, code: reader.code, strings: reader.strings }
    }

    /// The module of the crate that the file belongs to; `None` for the crate's roots.
    pub(crate) fn module(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("src/")?;
        match inside.split_once('/') {
            Some((module, _)) => Some(module),
            None => inside.strip_suffix(".rs").filter(|name| !matches!(*name, "lib" | "main")),
        }
    }

    /// Words of the code and its strings, with their lines.
    pub(crate) fn words(&self) -> impl Iterator<Item = (usize, &str)> {
        words(&self.code).chain(words(&self.strings))
    }

    /// Whole identifiers of the code, with their lines.
    pub(crate) fn identifiers(&self) -> impl Iterator<Item = (usize, &str)> {
        split(&self.code, |character| character.is_alphanumeric() || character == '_')
    }

    /// The lines of the code that hold `part`.
    pub(crate) fn lines_with(&self, part: &str) -> impl Iterator<Item = usize> {
        self.code.lines().enumerate().filter(move |(_, line)| line.contains(part)).map(|(index, _)| index + 1)
    }

    /// The modules of the crate that the code names, through `crate` or through as many `super` as lead there.
    pub(crate) fn modules_used(&self, modules: &[&str]) -> Vec<(usize, String)> {
        let depth = self.path.matches('/').count() - usize::from(self.path.ends_with("/mod.rs"));
        let climb = "super::".repeat(depth.max(1));
        let mut used = Vec::new();
        for root in ["crate::", climb.as_str()] {
            for (at, _) in self.code.match_indices(root) {
                let before = self.code[..at].chars().next_back();
                if before.is_some_and(|character| character.is_alphanumeric() || matches!(character, '_' | ':' | '$')) {
                    continue;
                }
                let line = self.code[..at].matches('\n').count() + 1;
                let names = first_segments(&self.code[at + root.len()..]);
                used.extend(names.into_iter().filter(|name| modules.contains(&name.as_str())).map(|name| (line, name)));
            }
        }
        used
    }
}

/// Where the module of unit tests begins, which by convention ends its file.
fn start_of_tests(text: &str) -> usize {
    text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len())
}

/// `module` of `module::item`, or all of them in `{module, other::{…}}`.
fn first_segments(path: &str) -> Vec<String> {
    let identifier = |text: &str| text.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect();
    let Some(group) = path.strip_prefix('{') else {
        return vec![identifier(path)];
    };
    let mut segments = Vec::new();
    let mut depth = 0usize;
    let mut at_start = true;
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => at_start = true,
            _ if at_start && !character.is_whitespace() => {
                segments.push(identifier(&group[at..]));
                at_start = false;
            }
            _ => {}
        }
    }
    segments
}

/// The words of `text`: `snake_case` and `CamelCase` names are several.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    split(text, char::is_alphanumeric).flat_map(|(line, name)| humps(name).map(move |word| (line, word)))
}

/// The parts of a `CamelCase` name.
fn humps(name: &str) -> impl Iterator<Item = &str> {
    let mut starts = vec![0];
    let mut previous = ' ';
    for (at, character) in name.char_indices() {
        if at > 0 && character.is_uppercase() && previous.is_lowercase() {
            starts.push(at);
        }
        previous = character;
    }
    starts.push(name.len());
    (1..starts.len()).map(move |index| &name[starts[index - 1]..starts[index]])
}

fn split(text: &str, belongs: impl Fn(char) -> bool + Copy) -> impl Iterator<Item = (usize, &str)> {
    let parts = move |line| str::split(line, move |character: char| !belongs(character)).filter(|part| !part.is_empty());
    text.lines().enumerate().flat_map(move |(index, line)| parts(line).map(move |part| (index + 1, part)))
}

/// Tells code, strings and comments apart.
#[derive(Default)]
struct Reader {
    code: String,
    strings: String,
}

impl Reader {
    fn read(&mut self, text: &str) {
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            let length = if rest.starts_with("//") {
                self.blank(rest, rest.find('\n').unwrap_or(rest.len()))
            } else if rest.starts_with("/*") {
                self.blank(rest, rest.find("*/").map_or(rest.len(), |end| end + 2))
            } else if let Some(length) = raw_string(rest).filter(|_| !self.is_inside_word()) {
                self.string(rest, length)
            } else if character == '"' {
                self.string(rest, string(rest))
            } else if let Some(length) = character_literal(rest) {
                self.blank(rest, length)
            } else {
                self.both(character, blank_of(character));
                character.len_utf8()
            };
            rest = &rest[length..];
        }
    }

    fn is_inside_word(&self) -> bool {
        self.code.chars().next_back().is_some_and(|last| last.is_alphanumeric() || last == '_')
    }

    fn both(&mut self, code: char, string: char) {
        self.code.push(code);
        self.strings.push(string);
    }

    fn blank(&mut self, rest: &str, length: usize) -> usize {
        rest[..length].chars().map(blank_of).for_each(|blank| self.both(blank, blank));
        length
    }

    fn string(&mut self, rest: &str, length: usize) -> usize {
        rest[..length].chars().for_each(|character| self.both(blank_of(character), character));
        length
    }
}

/// Line breaks stay, so that lines can be counted.
fn blank_of(character: char) -> char {
    if character == '\n' { '\n' } else { ' ' }
}

/// The length of the raw string that `rest` begins with.
fn raw_string(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let content = after[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let end = content.find(&close).map_or(content.len(), |end| end + close.len());
    Some(rest.len() - content.len() + end)
}

/// The length of the string that `rest` begins with.
fn string(rest: &str) -> usize {
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of the character that `rest` begins with; `None` for a lifetime.
fn character_literal(rest: &str) -> Option<usize> {
    let content = rest.strip_prefix('\'')?;
    let mut characters = content.char_indices();
    let (_, first) = characters.next()?;
    let end = match first {
        '\\' => content.char_indices().skip(2).find(|(_, character)| *character == '\'').map(|(at, _)| at)?,
        _ => characters.next().filter(|(_, character)| *character == '\'')?.0,
    };
    Some(1 + end + 1)
}

#[cfg(test)]
mod tests {
    use super::Source;

    fn source(text: &str) -> Source {
        Source::new("src/step/heap/object.rs".to_owned(), text)
    }

    #[test]
    fn imports_are_seen_through_crate_groups_and_super() {
        let modules = ["text", "syntax", "rules", "engine"];
        let text = "use crate::text::A;\nuse crate::{\n    syntax::{B, engine},\n    rules,\n};\nfn f() { super::super::super::engine::go() }\nuse super::super::text;\n";
        let mut used = source(text).modules_used(&modules);
        used.sort();
        let expected = [(1, "text"), (2, "rules"), (2, "syntax"), (6, "engine")].map(|(line, name)| (line, name.to_owned()));
        assert_eq!(used, expected);
    }

    #[test]
    fn comments_and_lifetimes_are_no_words_but_strings_are() {
        let text = "// torch\nfn f<'a>(x: &'a str) -> char { '\"' } /* keras */\nconst A: &str = \"tf.nn\\\"\";\nconst B: &str = r#\"flax\"#;\nstruct TorchModel;\n";
        let source = source(text);
        let words: Vec<(usize, &str)> = source.words().collect();
        for absent in ["torch", "keras"] {
            assert!(words.iter().all(|(_, word)| *word != absent), "{absent} in {words:?}");
        }
        for present in [(3, "tf"), (3, "nn"), (4, "flax"), (5, "Torch"), (2, "str")] {
            assert!(words.contains(&present), "{present:?} not in {words:?}");
        }
    }

    #[test]
    fn tests_are_cut_off() {
        let source = source("fn f() {}\n#[cfg(test)]\nmod tests {\n    use crate::engine;\n}\n");
        assert!(source.modules_used(&["engine"]).is_empty());
    }
}
