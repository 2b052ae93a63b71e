//! Long calls that hold values to be filled in, with one argument a line.

use crate::testgen::values::FILL_IN;

/// Longer lines are broken, counted with the indentation of a test's body.
const LONGEST_CALL: usize = 120;
const INDENTATION: usize = 4;

/// `line`; one that is too long and holds a value to be filled in with the arguments of its outermost call of several on lines of their own.
pub(super) fn wrapped(line: String) -> Vec<String> {
    if INDENTATION + line.chars().count() <= LONGEST_CALL || !line.contains(FILL_IN) {
        return vec![line];
    }
    let Some(call) = calls(&line).into_iter().find(|call| call.arguments.len() > 1 && !call.arguments.iter().any(|argument| argument.starts_with("lambda"))) else {
        return vec![line];
    };
    let (head, tail) = (&line[..=call.open], &line[call.close..]);
    let indentation = &line[..line.len() - line.trim_start().len()];
    let arguments = call.arguments.iter().map(|argument| format!("{indentation}    {argument},"));
    std::iter::once(head.to_owned()).chain(arguments).chain([format!("{indentation}{tail}")]).collect()
}

/// A call, by its parentheses.
struct Call<'line> {
    open: usize,
    close: usize,
    arguments: Vec<&'line str>,
}

/// The calls of a line, the outermost first.
fn calls(line: &str) -> Vec<Call<'_>> {
    let mut found: Vec<Call<'_>> = Vec::new();
    // Where each open bracket and its arguments begin.
    let mut open: Vec<Vec<usize>> = Vec::new();
    let (mut is_text, mut is_escaped) = (false, false);
    for (at, character) in line.char_indices() {
        if is_text {
            is_text = is_escaped || character != '"';
            is_escaped = !is_escaped && character == '\\';
            continue;
        }
        match character {
            '"' => is_text = true,
            '(' | '[' | '{' => open.push(vec![at]),
            ',' => open.last_mut().into_iter().for_each(|bounds| bounds.push(at)),
            ')' | ']' | '}' => {
                let Some(mut bounds) = open.pop() else { continue };
                let first = bounds[0];
                let is_call = character == ')' && line[..first].ends_with(|c: char| c.is_alphanumeric() || c == '_');
                bounds.push(at);
                if is_call {
                    let arguments = bounds.windows(2).map(|pair| line[pair[0] + 1..pair[1]].trim()).collect();
                    found.push(Call { open: first, close: at, arguments });
                }
            }
            _ => {}
        }
    }
    found.sort_by_key(|call| call.open);
    found
}
