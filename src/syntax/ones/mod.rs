//! Where the number 1 goes: whether a layer could have one unit.
//!
//! Read from tokens, without a parser. Variables are told apart by their function, everything else by name alone: an attribute is what
//! any code sets an attribute of that name to, and what stands under a key in quotes is read by it. So it sees more than there is, and
//! less only where a number of units is computed (`2 - 1`, `len(names)`), comes out of a dict in a loop, or is the last of the shape that a
//! tensor gets (`view`, `reshape`, `zeros`) rather than that of a layer, and where a framework's module is an attribute (`self.nn.Linear`).

mod expressions;
mod statements;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::segments::{LogicalLines, Recovery};
use super::tokens::{Token, tokens};
use statements::{Kind, Reader, bound, from_elsewhere};

/// What a name of a text denotes, as far as numbers of units go.
#[derive(Clone, Debug)]
pub enum Denoted {
    /// The function or class of the project that has this name there: its parameters take the arguments.
    Project(&'static str),
    /// A function or class of a framework.
    Framework(Arc<Units>),
    /// Code that is never analysed.
    Foreign,
    /// A variable, an attribute, a method: any of these, a layer only if something says so.
    Unknown,
    /// A value of the module, or one of several things that a function imports: any of these.
    Anything,
    /// A module.
    Module,
}

/// What a dotted name denotes, and where its first part is bound.
pub type Denotes<'a> = dyn Fn(&[&str], Whence) -> Denoted + 'a;

/// Where a name is bound.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whence {
    /// By the module.
    Module,
    /// By an import inside the function.
    Inside,
}

/// Which parameters of a function say how many units there are.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Units {
    /// By position.
    pub positions: Vec<usize>,
    /// By name.
    pub names: Vec<&'static str>,
}

/// What numbers go where in a text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Flows {
    /// From one name to another.
    between: Vec<(Key, Key)>,
    /// Names that are said to be 1.
    ones: Vec<Key>,
    /// Names that are said to be a layer of a framework, or what makes one.
    layers: Vec<Key>,
    /// Names that say how many units a layer has: always, or if another name is that of a layer.
    units: Vec<(Option<Key>, Key)>,
    /// Names of what has one unit if it is a layer; nothing where it is one.
    with_one_unit: Vec<Option<Key>>,
}

impl Flows {
    /// Says everything once.
    fn tidy(&mut self) {
        fn once<T: Ord>(all: &mut Vec<T>) {
            all.sort_unstable();
            all.dedup();
        }
        once(&mut self.between);
        once(&mut self.ones);
        once(&mut self.layers);
        once(&mut self.units);
        once(&mut self.with_one_unit);
    }
}

/// A name in its function, or wherever it stands.
type Key = u32;

/// Definitions on one line, calls, items and brackets that may be nested.
const MAX_NESTED: u32 = 100;
/// Parameters by position that are told apart.
const POSITIONS: usize = 12;

/// Whether a layer could have one unit, if `flows` are those of all code that runs.
pub fn may_have_one_unit<'flows>(flows: impl Iterator<Item = &'flows Flows> + Clone) -> bool {
    let mut into: FxHashMap<Key, Vec<Key>> = FxHashMap::default();
    let spread = |into: &FxHashMap<Key, Vec<Key>>, mut names: FxHashSet<Key>| {
        let mut waiting: Vec<Key> = names.iter().copied().collect();
        while let Some(from) = waiting.pop() {
            let reached = into.get(&from).into_iter().flatten();
            waiting.extend(reached.copied().filter(|&to| names.insert(to)));
        }
        names
    };
    if flows.clone().any(|flows| flows.with_one_unit.contains(&None)) {
        return true;
    }
    for &(from, to) in flows.clone().flat_map(|flows| &flows.between) {
        into.entry(from).or_default().push(to);
    }
    let layers = spread(&into, flows.clone().flat_map(|flows| &flows.layers).copied().collect());
    let is_layer = |name: &Option<Key>| name.is_none_or(|name| layers.contains(&name));
    if flows.clone().flat_map(|flows| &flows.with_one_unit).any(is_layer) {
        return true;
    }
    let ones = spread(&into, flows.clone().flat_map(|flows| &flows.ones).copied().collect());
    flows.flat_map(|flows| &flows.units).any(|(layer, units)| ones.contains(units) && is_layer(layer))
}

/// What numbers go where in `text`, a unit called `name`: a function, the statements of a class, or those of a module if it is empty.
/// `salt` tells its variables from those of other units; `words` are the parameters of layers that say how many units they have.
pub fn flows(text: &str, name: &str, salt: u64, words: &[&str], denoted: &Denotes<'_>) -> Flows {
    let lines: Vec<(u32, Vec<Token<'_>>)> = LogicalLines::new(text, 0, Recovery::None).map(|line| (line.indent, tokens(text, line))).collect();
    let definition = lines.iter().map(|(_, line)| line.first()).find(|first| *first != Some(&Token::Sign(b'@')));
    let kind = match name {
        "" => Kind::Module,
        _ if definition == Some(Some(&Token::Word("class"))) => Kind::Class,
        _ => Kind::Function,
    };
    let mut variables: FxHashSet<&str> = lines.iter().flat_map(|(_, line)| bound(line)).collect();
    let mut imported = FxHashSet::default();
    for (_, line) in lines.iter().filter(|_| kind == Kind::Function) {
        let (imports, globals) = from_elsewhere(line);
        imported.extend(imports);
        globals.iter().for_each(|name| {
            variables.remove(name);
        });
    }
    let owner = name.split('.').next().unwrap_or_default();
    let mut reader = Reader::new(kind, owner, salt, variables, imported, words, denoted);
    lines.iter().for_each(|(indent, line)| reader.add_line(*indent, line));
    let mut flows = reader.flows;
    flows.tidy();
    flows
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &[&str] = &["out_features"];

    fn denoted(path: &[&str], whence: Whence) -> Denoted {
        match path {
            _ if whence == Whence::Inside => Denoted::Anything,
            ["nn"] => Denoted::Module,
            ["nn", "Linear"] => Denoted::Framework(Arc::new(Units { positions: vec![1], names: vec!["out_features"] })),
            ["torch", "zeros"] => Denoted::Framework(Arc::default()),
            ["F" | "np", ..] => Denoted::Foreign,
            ["Net" | "Model"] | ["m", "Net"] => Denoted::Project("Net"),
            ["make"] => Denoted::Project("make"),
            ["layers", _] => Denoted::Anything,
            ["partial"] => Denoted::Foreign,
            _ => Denoted::Unknown,
        }
    }

    /// Of units with their names, each of its own file.
    fn has_one(units: &[(&str, &str)]) -> bool {
        let flows: Vec<Flows> = (100..).zip(units).map(|(salt, (name, text))| flows(text, name, salt, WORDS, &denoted)).collect();
        may_have_one_unit(flows.iter())
    }

    fn function_has_one(body: &str) -> bool {
        has_one(&[("f", &format!("def f(self, h):\n    {}\n", body.replace('\n', "\n    ")))])
    }

    #[test]
    fn one_unit_is_seen_where_it_is_written() {
        assert!(function_has_one("x = nn.Linear(64, 1)"));
        assert!(function_has_one("x = nn.Linear(64, out_features=1)"));
        assert!(function_has_one("x = nn.Sequential(nn.Linear(64, 1), nn.Softmax(1))"));
        assert!(function_has_one("x = [nn.Linear(64, n) for n in (8, 1)]"));
        assert!(!function_has_one("w = torch.zeros(64, 1)"));
        assert!(!function_has_one("x = nn.Linear(1, 64)"));
        assert!(!function_has_one("x = nn.Linear(64, 64)"));
        assert!(!function_has_one("x = nn.Linear(64, n + 1)"));
        assert!(!function_has_one("x = F.softmax(h, 1)\nx = x[1]\ny = np.ones((1, 1))"));
    }

    #[test]
    fn one_unit_is_seen_through_names() {
        assert!(function_has_one("n = 1\nx = nn.Linear(64, n)"));
        assert!(function_has_one("self.n = m = 1\nx = nn.Linear(64, config.n)"));
        assert!(function_has_one("for n in [64, 1]:\n    x = nn.Linear(64, n)"));
        assert!(function_has_one("sizes = (8, 1)\nx = [nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:])]"));
        assert!(function_has_one("c = {'out': 1}\nx = nn.Linear(64, c['out'])"));
        assert!(function_has_one("self.c['out'] = 1\nx = nn.Linear(64, c.get('out'))"));
        assert!(function_has_one("x = nn.Linear(64, make())\ndef make():\n    return 1 if a else 2"));
        assert!(has_one(&[("", "N = 1\n"), ("f", "def f():\n    return nn.Linear(64, N)\n")]));
        assert!(has_one(&[("Net", "@d\nclass Net:\n    n = 1\n"), ("Net.f", "def f(self):\n    return nn.Linear(64, self.n)\n")]));
        assert!(!function_has_one("m = 1\nx = nn.Linear(64, n)"));
        assert!(!function_has_one("n = x[1]\nx = nn.Linear(64, n)"));
        assert!(!has_one(&[("f", "def f():\n    n = 1\n"), ("g", "def g():\n    n = 8\n    return nn.Linear(64, n)\n")]));
    }

    #[test]
    fn one_unit_is_seen_through_parameters() {
        let net = ("Net.__init__", "def __init__(self, a, n):\n    self.fc = nn.Linear(a, n)\n");
        assert!(has_one(&[net, ("f", "def f():\n    return Net(64, 1)\n")]));
        assert!(has_one(&[net, ("f", "def f():\n    return Net(a=64, n=1)\n")]));
        assert!(!has_one(&[net, ("f", "def f():\n    return Net(1, 64)\n")]));
        assert!(has_one(&[net, ("Wide", "class Wide(Net):\n"), ("Wide.__init__", "def __init__(self):\n    super().__init__(64, 1)\n")]));
        assert!(has_one(&[net, ("Wide", "class Wide(m.Net):\n"), ("f", "def f():\n    return m.Wide(64, 1)\n")]));
        assert!(has_one(&[("Net.__init__", "def __init__(self, a, n=1):\n    self.fc = nn.Linear(a, n)\n")]));
        assert!(has_one(&[("make", "def make(*sizes):\n    return nn.Linear(*sizes)\n"), ("f", "def f():\n    return make(64, 1)\n")]));
    }

    #[test]
    fn what_is_called_is_a_layer_if_it_may_be_one() {
        assert!(function_has_one("layer = nn.Linear\nx = layer(64, 1)"));
        assert!(function_has_one("self.layer = nn.Linear\nx = self.layer(64, 1)"));
        assert!(has_one(&[("make", "def make(kind, n):\n    return kind(64, n)\n"), ("f", "def f():\n    return make(nn.Linear, 1)\n")]));
        assert!(function_has_one("x = {'op': nn.Linear}\ny = x['op'](64, 1)"));
        assert!(function_has_one("def build():\n    return nn.Linear\nx = build()(64, 1)"));
        assert!(!function_has_one("x = build(64)(1, 1)"));
        assert!(!function_has_one("layers = []\nlayers.append(1)"));
        assert!(!function_has_one("x = print_all(64, 1)\nx = self.layer(64, 1)"));
    }

    #[test]
    fn lists_and_dicts_keep_what_is_put_in() {
        assert!(function_has_one("sizes = [64]\nsizes.append(1)\nx = nn.Linear(sizes[0], sizes[1])"));
        assert!(function_has_one("sizes += [1]\nx = [nn.Linear(8, n) for n in sizes]"));
        assert!(function_has_one("sizes = self.hidden + out\nout = [1]\nx = nn.Linear(8, sizes[-1])"));
        assert!(function_has_one("c = {'model': {u'n': 1}}\nx = nn.Linear(8, c['model']['n'])"));
        assert!(function_has_one("x = nn.Linear(8, **{'out_features': 1})"));
        assert!(function_has_one("t[N] = 0\nx = nn.Linear(8, N)\nglobal N\nN = 1"));
    }

    #[test]
    fn layers_are_seen_under_other_names() {
        assert!(function_has_one("x = layers.dense(h, 1)"));
        assert!(function_has_one("from torch import nn as n\nx = n.Linear(8, 1)"));
        assert!(function_has_one("dense = partial(nn.Linear, bias=False)\nx = dense(8, 1)"));
        assert!(has_one(&[("Wide", "class Wide(nn.Linear): pass\n"), ("f", "def f(): return Wide(8, 1)\n")]));
        assert!(has_one(&[("Net.__init__", "def __init__(self, n): self.fc = nn.Linear(8, n)\n"), ("f", "def f(): return Model(1)\n")]));
        assert!(has_one(&[("Net.__init__", "def __init__(self, n): self.fc = nn.Linear(8, n)\n"), ("Net.make", "def make(cls): return cls(1)\n")]));
        assert!(has_one(&[("f", "async def f(n=1):\n    return nn.Linear(8, n)\n")]));
        assert!(has_one(&[("f", "def f():\n    class A:\n        def __init__(self, n):\n            self.fc = nn.Linear(8, n)\n    return A(1)\n")]));
        assert!(has_one(&[("N.n", "@property\ndef n(self): return 1\n"), ("N.f", "def f(self): return nn.Linear(8, self.n)\n")]));
    }

    #[test]
    fn layers_are_seen_in_dicts_and_in_what_makes_them() {
        assert!(function_has_one("kinds = {'linear': nn.Linear, 'other': make}\nx = kinds[kind](8, 1)"));
        assert!(function_has_one("dense = partial(nn.Linear, out_features=1)\nx = dense(h)"));
        assert!(function_has_one("x = F.stack(h, nn.Linear, [32, 1])"));
        assert!(function_has_one("layers = nn\nx = layers.Linear(8, 1)"));
        assert!(!function_has_one("layers = nn\nx = layers.Linear(1, 8)\ny = F.stack(h, other, [32, 1])"));
    }

    #[test]
    fn code_that_is_nested_without_end_ends() {
        for open in ["(", "[", "f(", "{'a': ", "x[", "a for a in "] {
            assert!(!function_has_one(&format!("x = {}", open.repeat(20_000))));
        }
        for open in ["class A: ", "def f(): "] {
            assert!(!has_one(&[("f", &open.repeat(20_000))]));
        }
    }
}
