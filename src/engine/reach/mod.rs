//! What the evaluation of a root could come across, known from texts: a root in which no rule could fire is not evaluated.
//!
//! A value comes from a name: whatever an evaluation calls, the root names, or something that it names does. So the names in the text of a
//! unit, resolved in the scope of its file, lead to all units that take part, and to the stubs that offer what rules need. Methods take part if their names are met, and nothing
//! overrides them.

mod evidence;
mod mentions;
mod needs;
mod ones;
mod walk;

pub(super) use mentions::{names_something, scope, units_of};
pub use needs::NeedTable;

use super::database::{Db, SourceFile};
use crate::engine::folders::{folder_of, project_root};
use crate::engine::settings;
use crate::engine::source::source;
use crate::rules::{OWN_RULES, RuleSet};
use crate::syntax::Name;
use evidence::is_shown;
use ones::has_one_unit;
use walk::{Reach, reach};

/// Whether a root of another file reaches a unit of `file`.
pub(super) fn reaches(db: &dyn Db, from: SourceFile, name: Name, ordinal: u32, file: SourceFile) -> bool {
    db.analysis().needs.rules.is_empty() || reach(db, from, name, ordinal).files.contains(&file)
}

/// The rules that could fire when the root is evaluated.
pub(super) fn could_fire(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32) -> RuleSet {
    if db.analysis().needs.rules.is_empty() {
        return RuleSet::MAX;
    }
    let own = if own_rules_could_fire(db, file) { OWN_RULES } else { 0 };
    own | known_could_fire(db, file, name, ordinal)
}

/// Whether the project's own rules could fire in `file`: the calls that they are about stand in a text that names them.
#[salsa::tracked(returns(copy))]
fn own_rules_could_fire(db: &dyn Db, file: SourceFile) -> bool {
    let words = &settings::own_rules(db, project_root(db, folder_of(db, file))).words;
    !words.is_empty() && source(db, file).analysed().is_some_and(|text| words.iter().any(|word| text.contains(word)))
}

/// The same of the rules that all projects have. A closer look is taken only as long as no rule is sure to be worth it; rules that need the
/// root whole come last, since for them alone it is given up early.
#[salsa::tracked(returns(copy))]
fn known_could_fire(db: &dyn Db, file: SourceFile, name: Name, ordinal: u32) -> RuleSet {
    let needs = &db.analysis().needs;
    let reach = reach(db, file, name, ordinal);
    let need_a_closer_look = needs.set_of(|needs| needs.in_text.is_some() || needs.one_unit);
    let mut rules = reach.rules;
    for considered in [!needs.set_of(|needs| needs.whole), RuleSet::MAX] {
        if rules & considered & !need_a_closer_look != 0 {
            return rules;
        }
        let looked_at = rules & considered;
        for rule in (0..needs.rules.len() as u32).filter(|rule| looked_at & 1 << rule != 0) {
            if could_fire_within(db, reach, rule) {
                return rules;
            }
            rules &= !(1 << rule);
        }
    }
    rules
}

/// Whether `rule` could fire in what is reached, on a closer look.
fn could_fire_within(db: &dyn Db, reach: &Reach, rule: u32) -> bool {
    let needs = &db.analysis().needs.rules[rule as usize];
    reach.rules & 1 << rule != 0 && (needs.in_text.is_none() || is_shown(db, reach, rule)) && (!needs.one_unit || has_one_unit(db, reach))
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::*;
    use crate::engine::database::Database;
    use crate::engine::{Memory, stubs};
    use crate::rules::Rule;

    /// The rules that could fire in the root `name` of `a.py`, beside `b.py`.
    fn rules(a: &str, b: &str, name: &str) -> Vec<&'static str> {
        let files = Memory::new([("/p/.git/HEAD", ""), ("/p/a.py", a), ("/p/b.py", b)]);
        let database = Database::new(Arc::new(files), stubs::analysis());
        let file = database.source_file(Path::new("/p/a.py"));
        let reach = reach(&database, file, Name::new(name), 0);
        let could_fire = |(number, _): &(usize, &&Rule)| could_fire_within(&database, reach, *number as u32);
        let rules: Vec<&str> = crate::rules::all().iter().enumerate().filter(could_fire).map(|(_, rule)| rule.name).collect();
        assert_eq!(rules.is_empty(), super::could_fire(&database, file, Name::new(name), 0) == 0);
        rules
    }

    const NET: &str = "import torch.nn as nn\nimport torch.nn.functional as F\n\nclass Net(nn.Module):\n    def __init__(self):\n        self.fc = nn.Linear(8, 1)\n    def forward(self, x):\n        return F.softmax(self.fc(x), dim=1)\n";

    #[test]
    fn a_root_reaches_what_it_names_and_what_that_names() {
        assert_eq!(rules("from b import Net\n\ndef make():\n    return Net()\n", NET, "make"), ["single-unit-softmax"]);
        assert_eq!(rules("import b\n\ndef make():\n    return b.Net()\n", NET, "make"), ["single-unit-softmax"]);
        assert_eq!(rules("def make():\n    from b import Net as N\n    return N()\n", NET, "make"), ["single-unit-softmax"]);
        assert_eq!(rules("import b\n\nKIND = b.Net\n\ndef make():\n    return KIND()\n", NET, "make"), ["single-unit-softmax"]);
        assert_eq!(rules("from b import Net\n\ndef make():\n    \"\"\"Not a Net.\"\"\"\n    return 1  # Net\n", NET, "make"), [""; 0]);
    }

    #[test]
    fn frameworks_are_known_under_other_names() {
        assert_eq!(rules("from torch.nn.functional import dropout as d\n\ndef f(x):\n    return d(x)\n", "", "f"), ["dropout-without-training-flag"]);
        assert_eq!(rules("import tensorflow as tf\n\nlayers = tf.layers\n\ndef f(x):\n    return layers.dropout(x)\n", "", "f"), ["dropout-without-training-flag"]);
        let cyclic = "import tensorflow as tf\n\nlayers = tf.layers\nother = layers\nlayers = other\n\ndef f(x):\n    return other.layers.dropout(x)\n";
        assert_eq!(rules(cyclic, "", "f"), ["dropout-without-training-flag"]);
        assert_eq!(rules("import torch\n\ndef f(x, y):\n    return torch.nn.CrossEntropyLoss()(torch.nn.Linear(8, 1)(x), y)\n", "", "f"), ["single-unit-softmax"]);
    }

    #[test]
    fn one_optimizer_holds_nobodys_parameters() {
        let one = "import torch\n\ndef f(a, b):\n    return torch.optim.Adam(a)\n";
        let two = "import torch\n\ndef f(a, b):\n    return torch.optim.Adam(a), torch.optim.Adam(b)\n";
        let in_loop = "import torch\n\ndef f(a, b):\n    return [torch.optim.Adam(n) for n in (a, b)]\n";
        assert_eq!(rules(one, "", "f"), [""; 0]);
        assert_eq!(rules(two, "", "f"), ["optimizer-holds-wrong-parameters"]);
        assert_eq!(rules(in_loop, "", "f"), ["optimizer-holds-wrong-parameters"]);
        let passed_on = "import torch\n\ndef f(a, b, make=torch.optim.Adam):\n    return make(a), make(b)\n";
        assert_eq!(rules(passed_on, "", "f"), ["optimizer-holds-wrong-parameters"]);
        let by_method = "import torch\n\nclass A:\n    def __init__(self, x, y):\n        self.a = self.make(x)\n        self.b = self.make(y)\n    def make(self, n):\n        return torch.optim.Adam(n)\n";
        assert_eq!(rules(by_method, "", "A"), ["optimizer-holds-wrong-parameters"]);
        let for_itself = by_method.replace("self.make(x)", "self.make()").replace("self.make(y)", "None").replace("make(self, n)", "make(self)");
        assert_eq!(rules(&for_itself, "", "A"), [""; 0]);
        assert_eq!(rules(&format!("{for_itself}    def reset(self):\n        self.make()\n"), "", "A"), [""; 0], "the same again");
        assert_eq!(rules(&format!("{for_itself}\ndef f(a, b):\n    return [A(n, n) for n in (a, b)]\n"), "", "f"), ["optimizer-holds-wrong-parameters"]);
        let by_heir = format!("{for_itself}\nclass B(A):\n    pass\n\ndef f(a, b):\n    return B(a, a), B(b, b)\n");
        assert_eq!(rules(&by_heir, "", "f"), ["optimizer-holds-wrong-parameters"]);
        let loop_elsewhere = one.replace("return", "for x in a:\n        print(x)\n    return");
        assert_eq!(rules(&loop_elsewhere, "", "f"), [""; 0]);
        let by_inner = "import torch\n\ndef f(a, b):\n    def g(n):\n        return torch.optim.Adam(n)\n    return g(a), g(b)\n";
        assert_eq!(rules(by_inner, "", "f"), ["optimizer-holds-wrong-parameters"]);
        let by_chain = "import torch\n\nclass P:\n    def __init__(self, n):\n        self.o = torch.optim.Adam(n)\n\ndef g(n):\n    return P(n).o\n\ndef f(a, b):\n    return g(a), g(b)\n";
        assert_eq!(rules(by_chain, "", "f"), ["optimizer-holds-wrong-parameters"]);
        assert_eq!(rules(&by_chain.replace(", g(b)", ""), "", "f"), [""; 0]);
        assert_eq!(rules(&by_chain.replace("g(a), g(b)", "(make(n) for n in (a, b))").replace("return g", "return 0").replace("def f(a, b):\n", "def f(a, b):\n    from a import g as make\n"), "", "f"), ["optimizer-holds-wrong-parameters"]);
        assert_eq!(rules(&by_chain.replace("def __init__(self, n)", "def __call__(self, n)").replace("P(n).o", "P()(n)").replace(", g(b)", ""), "", "f"), ["optimizer-holds-wrong-parameters"]);
        let own_base = "import torch\n\nclass A(A, B):\n    pass\n\nclass B(B, A):\n    def __init__(self, x):\n        self.o = torch.optim.Adam(x)\n\ndef f(x):\n    return A(x)\n";
        assert_eq!(rules(own_base, "", "f"), ["optimizer-holds-wrong-parameters"]);
        let by_helper = "import torch\n\ndef g(n):\n    return torch.optim.Adam(n)\n\ndef f(a, b):\n    return [g(n) for n in (a, b)]\n";
        assert_eq!(rules(by_helper, "", "f"), ["optimizer-holds-wrong-parameters"]);
        assert_eq!(rules(&by_helper.replace("[g(n) for n in (a, b)]", "g(a)"), "", "f"), [""; 0]);
    }

    #[test]
    fn one_optimizer_of_a_graph_may_minimise_twice() {
        let once = "import tensorflow as tf\n\ndef f(a, b):\n    opt = tf.train.AdamOptimizer(1e-3)\n    return opt.minimize(a)\n";
        assert_eq!(rules(once, "", "f"), [""; 0]);
        let twice = once.replace("opt.minimize(a)", "opt.minimize(a), opt.minimize(b)");
        assert_eq!(rules(&twice, "", "f"), ["optimizer-holds-wrong-parameters", "optimizer-without-variable-list"]);
        let in_loop = once.replace("opt.minimize(a)", "[opt.minimize(x) for x in (a, b)]");
        assert_eq!(rules(&in_loop, "", "f"), ["optimizer-holds-wrong-parameters", "optimizer-without-variable-list"]);
    }

    #[test]
    fn what_a_main_block_binds_leads_only_to_its_value() {
        let main = "import torch\n\ndef f(loss):\n    return loss + 1\n\nif __name__ == '__main__':\n    loss = torch.ones(1)\n    a, b = torch.optim.Adam(loss), torch.optim.Adam(loss)\n";
        assert_eq!(rules(main, "", "f"), [""; 0]);
        assert_eq!(rules(main, "", ""), ["optimizer-holds-wrong-parameters"]);
    }

    #[test]
    fn methods_are_reached_by_their_names() {
        let net = "import torch.nn as nn\nimport torch.nn.functional as F\n\nclass Net:\n    def __init__(self):\n        self.fc = nn.Linear(8, 1)\n    def scores(self, x):\n        return F.softmax(self.fc(x), dim=1)\n    def other(self, x):\n        return self.fc(x)\n\nclass Wide(Net):\n    pass\n";
        let rules = |call: &str| rules(&format!("from b import Wide\n\ndef make(x):\n    {call}\n"), net, "make");
        assert_eq!(rules("return Wide().other(x)"), [""; 0]);
        assert_eq!(rules("return Wide().scores(x)"), ["single-unit-softmax"]);
        assert_eq!(rules("return getattr(Wide(), 'scores')(x)"), ["single-unit-softmax"]);
    }

    #[test]
    fn overridden_methods_are_not_reached() {
        let net = "import torch\n\nclass Base:\n    def __init__(self):\n        self.make()\n    def make(self):\n        self.a = torch.optim.Adam(x)\n\nclass Net(Base):\n    pass\n\nclass Wide(Net):\n    def make(self):\n        self.a = torch.optim.SGD(x)\n";
        let two = ["optimizer-holds-wrong-parameters"];
        assert_eq!(rules("from b import Wide\n\ndef make(x):\n    return Wide()\n", net, "make"), [""; 0]);
        assert_eq!(rules("from b import Wide, Net\n\ndef make(x):\n    return Wide(), Net()\n", net, "make"), two);
        assert_eq!(rules("from b import Wide\n\ndef make(x):\n    return Wide()\n", &net.replace("SGD(x)", "SGD(x); super().make()"), "make"), two);
    }

    #[test]
    fn a_framework_calls_methods_by_their_names() {
        let net = "import torch.nn as nn\nimport torch.nn.functional as F\nimport pytorch_lightning as pl\n\nclass Net(pl.LightningModule):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(8, 1)\n    def training_step(self, batch, index):\n        return F.cross_entropy(self.fc(batch), index)\n";
        assert_eq!(rules("from b import Net\n\ndef make():\n    return Net()\n", net, "make"), ["single-unit-softmax"]);
    }

    #[test]
    fn softmax_needs_a_layer_of_one_unit() {
        let make = "from b import Net\n\ndef make():\n    return Net()\n";
        assert_eq!(rules(make, NET, "make"), ["single-unit-softmax"]);
        assert_eq!(rules(make, &NET.replace("8, 1", "1, 8"), "make"), [""; 0]);
        let named = NET.replace("8, 1", "8, n");
        assert_eq!(rules(make, &named, "make"), [""; 0]);
        assert_eq!(rules(&make.replace("Net()", "Net(n=1)"), &named.replace("(self)", "(self, n)"), "make"), ["single-unit-softmax"]);
        assert_eq!(rules(make, &named.replace("class", "n = 1\n\nclass"), "make"), ["single-unit-softmax"]);
        let slim = "import tensorflow as tf\n\nslim = tf.contrib.slim\n\ndef f(x):\n    return slim.softmax(slim.fully_connected(x, 1))\n";
        assert_eq!(rules(slim, "", "f"), ["single-unit-softmax"]);
        assert_eq!(rules(&slim.replace("x, 1", "x, 10"), "", "f"), [""; 0]);
        let inside = |name: &str, units: u32| format!("import torch.nn.functional as F\n\ndef f(x):\n    from torch.nn import {name}, ReLU\n    return F.softmax(L(8, {units})(x), dim=1)\n");
        assert_eq!(rules(&inside("Linear as L", 1), "", "f"), ["single-unit-softmax"]);
        assert_eq!(rules(&inside("Linear as L", 64), "", "f"), [""; 0]);
        assert_eq!(rules(&inside("Dropout as L", 1), "", "f"), [""; 0]);
        let constant = "from b import N as M\nimport torch.nn as nn\nimport torch.nn.functional as F\n\ndef f(x):\n    return F.softmax(nn.Linear(8, M)(x), dim=1)\n";
        assert_eq!(rules(constant, "N = 1\n", "f"), ["single-unit-softmax"]);
    }
}
