//! Which words of a unit may run more than once though they stand there once. Read from words and lines, without a parser.

use rustc_hash::FxHashSet;

use super::code_words;
use super::segments::{LogicalLines, Recovery};

/// Words of a unit that may run more than once though they stand there once.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Again<'text> {
    /// They stand in a loop, a comprehension, a `map` or a lambda, or in an inner function that is named twice or handed on.
    pub repeated: FxHashSet<&'text str>,
    /// They are named without being called: who gets them may call them often.
    pub uncalled: FxHashSet<&'text str>,
}

/// A function or class inside the unit.
struct Inner<'text> {
    name: &'text str,
    words: Vec<&'text str>,
}

/// The words of `text` that may run more than once. `is_definition`: the text is a function or class, rather than statements.
pub fn words_again(text: &str, is_definition: bool) -> Again<'_> {
    let mut again = Again::default();
    // Indentations of the loops around, and of the functions and classes around with their numbers.
    let (mut loops, mut around): (Vec<u32>, Vec<(u32, usize)>) = (Vec::new(), Vec::new());
    let mut inner: Vec<Inner<'_>> = Vec::new();
    let mut is_own = is_definition;
    let (mut seen, mut twice) = (FxHashSet::default(), FxHashSet::default());
    for line in LogicalLines::new(text, 0, Recovery::None) {
        loops.retain(|&indent| indent < line.indent);
        around.retain(|&(indent, _)| indent < line.indent);
        let code = &text[line.first..line.code_end];
        let words: Vec<&str> = code_words(code).collect();
        let head = words.iter().copied().find(|word| *word != "async").unwrap_or_default();
        let defined = match head {
            "def" | "class" => words.iter().skip_while(|word| **word != head).nth(1).copied(),
            _ => None,
        };
        if let Some(name) = defined
            && !std::mem::take(&mut is_own)
        {
            around.push((line.indent, inner.len()));
            inner.push(Inner { name, words: Vec::new() });
        }
        if !loops.is_empty() || words.iter().any(|word| matches!(*word, "for" | "while" | "map" | "lambda")) {
            again.repeated.extend(&words);
        }
        for word in words.iter().copied().filter(|word| Some(*word) != defined) {
            let end = word.as_ptr() as usize + word.len() - code.as_ptr() as usize;
            if defined.is_none() && code.as_bytes().get(end) != Some(&b'(') {
                again.uncalled.insert(word);
            }
            if !seen.insert(word) {
                twice.insert(word);
            }
        }
        around.iter().for_each(|(_, number)| inner[*number].words.extend(&words));
        if matches!(head, "for" | "while") {
            loops.push(line.indent);
        }
    }
    // An inner function may be named in another one.
    loop {
        let (found, rest): (Vec<_>, Vec<_>) = inner.into_iter().partition(|inner| [&twice, &again.repeated, &again.uncalled].iter().any(|words| words.contains(inner.name)));
        if found.is_empty() {
            return again;
        }
        again.repeated.extend(found.into_iter().flat_map(|inner| inner.words));
        inner = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repeats(body: &str) -> bool {
        let text = format!("def f(x):\n    {}\n", body.replace('\n', "\n    "));
        words_again(&text, true).repeated.contains("make")
    }

    #[test]
    fn what_stands_in_a_loop_runs_again() {
        assert!(repeats("for a in x:\n    if a:\n        make(a)"));
        assert!(repeats("while x:\n    make(x)"));
        assert!(repeats("return [make(a) for a in x]"));
        assert!(repeats("y = list(map(make, x))"));
        assert!(repeats("y = lambda a: make(a)"));
        assert!(repeats("async for a in x:\n    make(a)"));
        assert!(!repeats("make(x)\nfor a in x:\n    print(a)\nmake(x)"));
        assert!(!repeats("for a in x:\n    print(a)\nmake(x)"));
    }

    #[test]
    fn what_stands_in_an_inner_function_runs_as_often_as_that() {
        let inner = "def inner(a):\n    return make(a)\n";
        assert!(!repeats(&format!("{inner}inner(x)")));
        assert!(repeats(&format!("{inner}return inner")));
        assert!(repeats(&format!("{inner}inner(x)\ninner(x)")));
        assert!(repeats(&format!("{inner}for a in x:\n    inner(a)")));
        assert!(repeats(&format!("{inner}def outer(a):\n    return inner(a)\nouter(x)\nouter(x)")));
        assert!(repeats("def inner(a): return make(a)\ninner(x)\ninner(x)"));
        assert!(repeats("class A:\n    def inner(self):\n        make(self)\nA()\nA()"));
    }

    #[test]
    fn statements_are_no_definition() {
        let main = "if x:\n    def inner(a):\n        return make(a)\n    inner(x)\n    inner(x)\n";
        assert!(words_again(main, false).repeated.contains("make"));
        assert!(!words_again(&main.replacen("    inner(x)\n", "", 1), false).repeated.contains("make"));
    }

    #[test]
    fn what_is_not_called_is_told_apart() {
        let again = words_again("def f(x):\n    use(make, build(x))\n", true);
        assert!(again.uncalled.contains("make") && !again.uncalled.contains("build") && !again.uncalled.contains("use"));
    }
}
