//! What a file defines, read without a parser.

use backprobe::syntax::{ImportItem, ItemKind, Words, outline};

/// One line an item, two for classes with methods.
fn printed(text: &str) -> String {
    let (outline, layout) = outline(text, &Words::new(["torch", "fit"]));
    let mut lines = Vec::new();
    let flag = |matters: bool| if matters { " !" } else { "" };
    for item in &outline.items {
        lines.push(match &item.kind {
            ItemKind::Function(function) => format!("def {} #{}{}", item.name, function.ordinal, flag(function.matters)),
            ItemKind::Class(class) => {
                let methods: Vec<_> = class.methods.iter().map(|it| format!("{}#{}{}", it.name, it.ordinal, flag(it.matters))).collect();
                format!("class {} #{}{}: {}", item.name, class.ordinal, flag(class.matters), methods.join(", "))
            }
            ItemKind::Import(ImportItem::Module { module, aliased }) => format!("import {module} as {}{}", item.name, flag(*aliased)),
            ItemKind::Import(ImportItem::From { module, level, name }) => {
                format!("from {}{module} import {} as {}", ".".repeat(*level as usize), name.name, item.name)
            }
            ItemKind::Value => format!("value {}", item.name),
        });
    }
    lines.push(format!("module{}", flag(outline.module_matters)));
    for unit in layout.units() {
        let texts: Vec<_> = unit.texts(text).iter().map(|text| format!("{text:?}")).collect();
        lines.push(format!("{:?} {}#{}: {}", unit.kind, unit.name, unit.ordinal, texts.join(" ")));
    }
    lines.join("\n")
}

#[test]
fn definitions_become_units() {
    insta::assert_snapshot!(printed(
        "import torch\n\n# comment\n@decorated(\n  1)\ndef train():\n    fit()\n# fit\n\nclass Net(torch.nn.Module):\n    '''doc'''\n    size = 3\n\n    @property\n    def one(self):\n        return torch\n\n    @one.setter\n    def one(self, value):\n        pass\n    other = 4  # end\n\nclass A: pass\nclass Net: x = 1\nfit(\n1)\n"
    ));
}

#[test]
fn imports_are_read() {
    insta::assert_snapshot!(printed(
        "import a.b, c.d as e\nfrom . import f\nfrom ..g.h import (i,\n  j as k, # comment\n)\nfrom m import *; import n\nfrom .o \\\n  import p\nfrom ...q import(r)\n"
    ));
}

#[test]
fn an_alias_is_as_interesting_as_what_it_stands_for() {
    insta::assert_snapshot!(printed(
        "from a import fit as run, other as b\ndef one():\n    run()\ndef two():\n    b()\nclass Net:\n    def three(self): return run\n"
    ));
}

#[test]
fn statements_bind_names() {
    insta::assert_snapshot!(printed(
        "a = b = c\nd, (e, *f) = g\nh.i = j[k] = 1\nl: int = 3\nm += 1\n(n := 2)\nfor o, p in q: r = 1\nwith s() as t, u as (v, w.x):\n    y = 1\ntry:\n    import numpy as np\nexcept ImportError as z:\n    np = None\nif a == b:\n    def later():\n        local = 1\n    def other(): pass\n    after = 1\nelse:\n    class Late:\n        attribute = 1\nif lambda: 1: aa = 2\ntype bb = int\nmatch cc:\n    case Point(x=dd, y=0) | [ee, *_] if ff:\n        pass\n{'k': gg}[hh] = ii == jj\n\"\"\"x = 1\"\"\"\nkk[ll] = 1\n[mm, nn[oo]] = pp\n"
    ));
}

#[test]
fn broken_code_costs_its_segment() {
    insta::assert_snapshot!(printed(
        "def a():\n    x = (1,\n\nclass B:\n    def c(self):\n        return [\n    def d(self):\n        f\"{\"\n    e = 'open\ndef f():\n    '''open\n    def g(self): pass\n\n@decorator\ndef h():\n    pass\n"
    ));
}
