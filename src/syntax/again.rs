//! Which words of a unit may run more than once where they stand. Read from words and lines, without a parser.

use rustc_hash::FxHashSet;

use super::code_words;
use super::segments::{LogicalLines, Recovery};

/// Words of a unit that may run more than once though they stand there once.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Again<'text> {
    /// They stand in a loop, in a lambda, or in an inner function that is called twice.
    pub repeated: Vec<&'text str>,
    /// They are named without being called: who gets them may call them often.
    pub uncalled: Vec<&'text str>,
}

/// A function or class inside the unit.
struct Inner<'text> {
    name: &'text str,
    words: Vec<&'text str>,
}

/// The words of `text` that may run more than once.
pub fn words_again(text: &str) -> Again<'_> {
    let mut again = Again::default();
    // Indentations of the loops around, and of the functions and classes around with their numbers.
    let (mut loops, mut around): (Vec<u32>, Vec<(u32, usize)>) = (Vec::new(), Vec::new());
    let mut inner: Vec<Inner<'_>> = Vec::new();
    let mut is_outermost = true;
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
        if !loops.is_empty() || words.iter().any(|word| matches!(*word, "for" | "while" | "map" | "lambda")) {
            again.repeated.extend(&words);
        }
        if defined.is_none() {
            let is_called = |word: &str| code.as_bytes().get(word.as_ptr() as usize + word.len() - code.as_ptr() as usize) == Some(&b'(');
            again.uncalled.extend(words.iter().filter(|word| !is_called(word)));
            words.iter().for_each(|word| {
                if !seen.insert(*word) {
                    twice.insert(*word);
                }
            });
        }
        for (_, number) in &around {
            inner[*number].words.extend(&words);
        }
        match (head, defined) {
            ("for" | "while", _) => loops.push(line.indent),
            (_, Some(name)) if !is_outermost => {
                around.push((line.indent, inner.len()));
                inner.push(Inner { name, words: Vec::new() });
            }
            _ => {}
        }
        is_outermost &= defined.is_none();
    }
    for Inner { name, words } in inner {
        if twice.contains(name) || again.repeated.contains(&name) {
            again.repeated.extend(words);
        }
    }
    again
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repeats(body: &str) -> bool {
        let text = format!("def f(x):\n    {}\n", body.replace('\n', "\n    "));
        words_again(&text).repeated.contains(&"make")
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
        assert!(!repeats(&format!("{inner}return inner")));
        assert!(repeats(&format!("{inner}inner(x)\ninner(x)")));
        assert!(repeats(&format!("{inner}for a in x:\n    inner(a)")));
        assert!(repeats("class A:\n    def inner(self):\n        make(self)\nA()\nA()"));
    }

    #[test]
    fn what_is_not_called_is_told_apart() {
        let again = words_again("def f(x, make=1):\n    use(make, build(x))\n");
        assert!(again.uncalled.contains(&"make") && !again.uncalled.contains(&"build") && !again.uncalled.contains(&"use"));
    }
}
