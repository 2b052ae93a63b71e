//! Import statements anywhere in a text, found by line without parsing.
//!
//! It may see more than Python does (a line of a docstring that looks like an import), never less: it serves to find the
//! files that could use another one.

use memchr::memmem;

use super::Name;

/// One import statement.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ImportStatement {
    /// The dotted module after the dots; may be empty.
    pub module: Name,
    /// Number of leading dots.
    pub level: u32,
    /// What is imported from the module.
    pub names: ImportedNames,
}

/// What an import statement takes from its module.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ImportedNames {
    /// The module itself: `import module`.
    Module,
    /// All public names: `from module import *`.
    Star,
    /// These names: `from module import a, b as c`.
    Names(Vec<Name>),
}

/// The import statements of `text` in order, those in functions and conditions included.
pub fn import_statements(text: &str) -> Vec<ImportStatement> {
    let mut statements = Vec::new();
    let mut done = 0;
    for found in memmem::find_iter(text.as_bytes(), "import") {
        if found < done || !is_word(text, found, "import".len()) {
            continue;
        }
        let before = statement_head(text, found);
        let rest = &text[found + "import".len()..];
        let list = imported_list(rest);
        done = found + list.len();
        match before.strip_prefix("from").map(str::trim_start) {
            Some(module) if !module.is_empty() && !module.contains(char::is_whitespace) => statements.push(from(module, list)),
            None if before.is_empty() => statements.extend(plain(list)),
            _ => {}
        }
    }
    statements
}

/// What stands before `position` in its simple statement, without indentation.
fn statement_head(text: &str, position: usize) -> &str {
    let head = &text[..position];
    let line = head.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    // `from module \` with `import name` on the next line.
    let continued = head[..line].trim_end_matches(['\n', '\r']).strip_suffix('\\');
    let start = match continued {
        Some(previous) if head[line..].trim().is_empty() => previous.rfind(['\n', '\r']).map_or(0, |end| end + 1),
        _ => line,
    };
    let statement = head[start..].rsplit([';', ':']).next().unwrap_or_default();
    statement.trim_end().trim_end_matches(['\\', '\n', '\r']).trim()
}

/// The names after `import`: up to the closing parenthesis, or to the end of the line.
fn imported_list(rest: &str) -> &str {
    if rest.trim_start_matches([' ', '\t', '\\']).starts_with('(') {
        return &rest[..rest.find(')').unwrap_or(rest.len())];
    }
    let mut end = 0;
    loop {
        end += rest[end..].find(['\n', '\r', ';', '#']).unwrap_or(rest.len() - end);
        if end == rest.len() || !rest[..end].ends_with('\\') {
            return &rest[..end];
        }
        // Past the line break, one character unless it is `\r\n`.
        end += if rest[end..].starts_with("\r\n") { 2 } else { 1 };
    }
}

fn from(module: &str, list: &str) -> ImportStatement {
    let dotted = module.trim_start_matches('.');
    let names = match names(list) {
        names if names.first().is_some_and(|name| name == "*") => ImportedNames::Star,
        names => ImportedNames::Names(names),
    };
    ImportStatement { module: Name::new(dotted), level: (module.len() - dotted.len()) as u32, names }
}

fn plain(list: &str) -> impl Iterator<Item = ImportStatement> {
    names(list).into_iter().map(|module| ImportStatement { module, level: 0, names: ImportedNames::Module })
}

/// The names of a list, without aliases and comments.
fn names(list: &str) -> Vec<Name> {
    let code = list.lines().map(|line| line.split('#').next().unwrap_or_default());
    let joined: String = code.flat_map(|line| [line, " "]).collect();
    let first_word = |item: &str| item.split_whitespace().find(|word| *word != "\\").map(str::to_owned);
    let is_name = |name: &String| name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '*'));
    joined.split(',').filter_map(|item| first_word(item.trim_matches(['(', ')', ' ', '\\']))).filter(is_name).map(|name| Name::new(&name)).collect()
}

/// Whether the `length` bytes at `position` are a word of their own.
fn is_word(text: &str, position: usize, length: usize) -> bool {
    let is_part = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii());
    let bytes = text.as_bytes();
    !is_part(position.checked_sub(1).and_then(|before| bytes.get(before))) && !is_part(bytes.get(position + length))
}

/// Whether `text` holds `name` as a word.
pub fn mentions(text: &str, name: Name) -> bool {
    let word = name.as_str();
    memmem::find_iter(text.as_bytes(), word).any(|found| is_word(text, found, word.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One statement a line: `..module: a b`, `module: *` or `module`.
    fn seen(text: &str) -> Vec<String> {
        let line = |statement: ImportStatement| {
            let module = format!("{}{}", ".".repeat(statement.level as usize), statement.module);
            match statement.names {
                ImportedNames::Module => module,
                ImportedNames::Star => format!("{module}: *"),
                ImportedNames::Names(names) => {
                    let names: Vec<&str> = names.into_iter().map(Name::as_str).collect();
                    format!("{module}: {}", names.join(" "))
                }
            }
        };
        import_statements(text).into_iter().map(line).collect()
    }

    #[test]
    fn every_form_is_seen() {
        assert_eq!(seen("import a\nimport a.b as c, d # e\n"), ["a", "a.b", "d"]);
        assert_eq!(seen("from a.b import c as d, e\nfrom . import f\nfrom ..g import *"), ["a.b: c e", ".: f", "..g: *"]);
        assert_eq!(seen("from a import (b,  # c, d\n    e as f,\n)\nimport g"), ["a: b e", "g"]);
        assert_eq!(seen("from a import b, \\\n    c\nimport d"), ["a: b c", "d"]);
        assert_eq!(seen("from a \\\n    import b"), ["a: b"]);
        assert_eq!(seen("import a; from b import c"), ["a", "b: c"]);
        assert_eq!(seen("import a\r\nfrom b import c\r"), ["a", "b: c"]);
    }

    #[test]
    fn nested_imports_are_seen() {
        assert_eq!(seen("def f():\n    from a import b\n    try: import c\n    except ImportError: pass\n"), ["a: b", "c"]);
    }

    #[test]
    fn other_uses_of_the_word_are_not() {
        assert_eq!(seen("importlib.import_module('a')\nreimport = 1\n# we import it\nx = 'from here import'\n"), Vec::<String>::new());
    }

    #[test]
    fn broken_text_is_normal_input() {
        for text in ["import", "from import", "from a import", "from a import (", "import (", "from a import b \\", "import a.", "import é, ü", "é import a"] {
            import_statements(text);
        }
    }

    #[test]
    fn words_are_whole() {
        assert!(mentions("net = Net()", Name::new("Net")));
        assert!(!mentions("net = Nets(_Net)", Name::new("Net")));
    }
}
