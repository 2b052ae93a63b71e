//! What each construct of Python 2 and 3 is lowered to.

use std::fmt::Write as _;

use backprobe::syntax::{Lowered, Queries, Words, lower, outline};

/// All units of `text`, lowered.
fn units(text: &str) -> Vec<(String, Lowered)> {
    let (_, layout) = outline(text, &Words::new(["x"]));
    let units = layout.units().iter();
    units.map(|unit| (format!("{:?} {}", unit.kind, unit.name), lower(unit.kind, &unit.texts(text), &Queries::default()))).collect()
}

/// Every unit that has statements, with the places of its errors.
fn printed(text: &str) -> String {
    let mut printed = String::new();
    for (name, lowered) in units(text) {
        let Lowered { hir, spans, errors, .. } = &lowered;
        assert_eq!((hir.exprs.len(), hir.stmts.len()), (spans.exprs.len(), spans.stmts.len()), "{name}");
        if !hir.body.is_empty() || hir.broken {
            let _ = writeln!(printed, "--- {name}");
            for error in errors {
                let _ = writeln!(printed, "# error in segment {} at {:?}", error.segment, error.range);
            }
            let _ = write!(printed, "{hir}");
        }
    }
    printed
}

#[test]
fn expressions() {
    insta::assert_snapshot!(printed(
        "a.b.c(d, *e, f=g, **h)\nx[1]\nx[1, 2]\nx[1,]\nx[:]\nx[a:b:c]\nx[::2, ..., None]\n-1 + +2 ** ~3 // 4 % 5 @ 6\nnot a and b or c\na < b <= c != d is not e not in f is g in h\n1 << 2 >> 3 & 4 | 5 ^ 6\na if b else c\n()\n(a,)\na,\na, b\n[a, *b]\n{a, b}\n{}\n{a: b, **c}\nlambda: 0\nlambda a, *b, c=1, **d: (yield)\n[a for b in c if d if e for f, g in h]\n{a for b in c}\n{a: b for c in d}\n(a for b in c)\nsum(a for b in c)\n[x for x in 1, 2, 3]\n((a))\n(n := 10)\nf(n := 3)\n(await_)\nasync_ = print\n(\n    a # comment\n    + b\n)\na \\\n  .b \\\n  .c\nf(*args, **{'a': 1})\nf((yield))\n"
    ));
}

#[test]
fn literals() {
    insta::assert_snapshot!(printed(
        "0\n1_000\n0x_ff\n0o17\n017\n0b101\n10L\n99999999999999999999\n1.5\n1e-3\n.5\n1_0.0\n3j\n1.5J\nTrue, False, None, ...\n'a' \"b\" '''c\nd'''\nr'\\n'\n'\\n\\t\\\\\\'\\x41\\101\\u00e9\\U0001F600\\q\\N{DASH}\\\nend'\nb'bytes'\nu'text'\nur'raw'\n'a' b'c'\nf'plain'\nf'{a}'\nf'x{{y}}{a!r:>{width}}z' 'w'\nf'{a, b}{c=}'\nf\"{d[\"k\"]}\"\nf'''{\na\n}'''\nrf'\\d{x}\\n'\nt'{x}'\n`a`\n''\n'\\ud800'\n'\u{e9}\u{1F600}'\n"
    ));
}

#[test]
fn statements() {
    insta::assert_snapshot!(printed(
        "a = b = c, d\na, *b = c\n(a, [b, c]) = d\na[0].b = c\na: int\na: Dict[str, int] = {}\na.b: x.y | None = c\na += 1; b @= 2; c //= 3; d **= 4; e >>= 5; f |= 6\nx = yield\nx = yield a\nx = yield from a\nassert a\nassert a, b\ndel a\ndel a, b[0]\nraise\nraise A\nraise A from b\nglobal a, b\nnonlocal c\nimport a.b, c as d\nfrom a import b\nfrom .a.b import c as d, e\nfrom .. import (f,\n g,)\nfrom h import *\nfrom __future__ import print_function, division as d\nif a: b\nelif c: d\nelif e:\n    f\nelse:\n    g; h\nwhile a:\n    break\nelse:\n    continue\nfor a, b in c, d:\n    pass\nelse: e\nwith a as b, c, d as (e, f):\n    pass\nwith (a as b, c):\n    pass\nwith (a, b):\n    pass\nwith (a): pass\ntry:\n    a\nexcept:\n    b\ntry:\n    a\nexcept A:\n    b\nexcept (A, B) as c:\n    d\nelse:\n    e\nfinally:\n    f\ntry: a\nexcept* A as b: c\ntype X = int\nif a:\n    # comment\n    b\n    # comment\nelse:\n    # comment\n    c\nasync with a as b: c\nasync for a in b: c\npass; pass\n"
    ));
}

#[test]
fn definitions() {
    insta::assert_snapshot!(printed(
        "@a\n@b.c(d)\ndef f(a, b: int, c=1, d: str = 's', *args: int, e, f=2, **kwargs) -> None:\n    '''doc'''\n    return a\n\ndef g(a, /, b, *, c): yield a\n\nasync def h(): await a\n\ndef i():\n    def nested():\n        yield\n    return lambda: (yield)\n\ndef j[T: int](a: T) -> list[T]: pass\n\nclass A: pass\nclass B(object): x = 1\nclass C(D, metaclass=E, *F):\n    '''doc'''\n    a: int = 1\n    b = c = 2\n    if a:\n        def conditional(self): pass\n    else:\n        d = 3\n\n    def method(self):\n        return super().method()\n\n    @property\n    async def other(self): pass\n\n    class Meta:\n        def inner(self): pass\n\n    e = 4\n@decorated\nclass F[T](G): # comment\n\n    def only(self):\n        if a:\n            return b\n        return c\nif a:\n    def k(): pass\n    class L: pass\n"
    ));
}

#[test]
fn python_2() {
    insta::assert_snapshot!(printed(
        "print 'a', b\nprint\nprint >>f, a,\nprint('a')\nprint('a', file=b)\nprint 'a %s' % b\nprint (a), b\nexec 'code'\nexec code in ns\nexec('code')\nraise A, 'b'\nraise A, 'b', c\ntry:\n    pass\nexcept A, e:\n    pass\nexcept (A, B), e:\n    pass\nexcept A, B:\n    pass\na <> b\n0777L\ndef f(a, (b, c)=d): print a\nlambda (a, b): a\nasync = 1\nf(async=True)\n"
    ));
}

#[test]
fn python_3_pattern_matching() {
    insta::assert_snapshot!(printed(
        "match a:\n    case 1 | 'b': c\n    case Point(x, y=z) if x: pass\n    case [first, *rest] as all: pass\n    case {'k': v, **others}: pass\n    case a.b: pass\n    case (d, _): pass\n    case _: pass\nmatch(a)\nmatch = 1\nmatch a, b:\n    case c, d: pass\n"
    ));
}

#[test]
fn what_is_no_python_is_masked() {
    insta::assert_snapshot!(printed("%matplotlib inline\n!pip install (\nx = !ls\ny = %time f(1)\nobj?\nif a:\n    !l\n    b\nc = 1\rd = 2\r\n%%time\ne = 3\n"));
}

#[test]
fn tabs_behind_spaces_count_as_in_python() {
    insta::assert_snapshot!(printed("def f(a):\n    if a:\n    \tb\n    \tif c:\n    \t    d\n        e\n    f\nif a:\n  \tb\n\tc\n"));
}

#[test]
fn what_the_grammar_lacks_is_repaired() {
    insta::assert_snapshot!(printed(
        "exec self.code\nexec open(f).read() in a, b\nx[*(a for b in c)]\nx = y[*a()][*b()], '[*'\nclass A[T = int, *U = *tuple[int, 'é']](B[T]):\n    x = 1\ndef f[T: (int, str) = int](a: T = 1) -> T: pass\ntype X[T = int] = list[T]\n"
    ));
}

#[test]
fn broken_code_is_lowered_as_far_as_it_goes() {
    insta::assert_snapshot!(printed(
        "def f(:\n    return a\n\nclass A(:\n    x = = 1\n    y = 2\n    def m(self): return (\n\ndef g():\n    x = a.\n    y = b(c, \n\nfoo bar baz\n)\ndef\nclass\n@\nclass B\n  def h(self): pass\n"
    ));
}

#[test]
fn what_is_nested_deeply_or_never_ends_is_cut_off() {
    let deep = [
        format!("x = {}a{}\n", "(".repeat(5000), ")".repeat(5000)),
        format!("x = {}a\n", "a + ".repeat(5000)),
        format!("x = a{}\n", ".b()".repeat(5000)),
        format!("x = {}a\n", "not ".repeat(5000)),
        format!("x = {}", "[".repeat(5000)),
        format!("if a:\n    b\n{}", "elif c:\n    d\n".repeat(2000)),
        (0..600).map(|depth| " ".repeat(depth) + "if a:\n").collect(),
        format!("x = {}'a'{}\n", "f'{".repeat(300), "}'".repeat(300)),
        "f'{".repeat(2_000),
        "f'{\n".repeat(2_000),
        "\\\n".repeat(20_000),
        "x ".to_owned() + &"\\\r\n".repeat(20_000),
        "f'\\N{".repeat(2_000),
        format!("({}", "\n".repeat(100_000)),
        "%\\\n".repeat(50_000),
    ];
    for text in deep {
        let units = units(&text);
        assert!(units.iter().all(|(_, lowered)| lowered.hir.exprs.len() < 60_000));
    }
}

#[test]
fn no_depth_overflows_the_stack() {
    let openings = [
        "(", "[", "{", "f(", "a[", "not ", "-", "~", "await ", "yield ", "lambda:", "a if b else ", "b.c.", "d()", "e**", "f and ", "g<",
        "*", "h:=", "f'{", "f'''{(", "rf\"{[", "x for y in ", "{a:", "*f(", "-\\\r\n",
        "not \\\n",
    ];
    for opening in openings {
        for count in [20, 30, 60, 240, 990, 5_000] {
            units(&format!("x = {}1\n", opening.repeat(count)));
            units(&format!("x = {}\n", format!("{opening}1,").repeat(count)));
        }
    }
}
