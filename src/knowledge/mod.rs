//! What framework functions and classes do: signatures, defaults, effects and protocols, read from Python stubs.
//!
//! Knows the stub files of `stubs/` (frameworks) and `standard/` (the few functions of the standard library through which
//! parameters pass) as texts by module name, and the words that make a piece of code worth parsing. It knows no rule,
//! and it does not read the stubs: they are interpreted like project code by `step`.
//!
//! The path of a stub is the qualified name of its module. A submodule of a stub package is an attribute of the package, whether or
//! not the package imports it. What stub bodies may call beside ordinary Python is documented in `stubs/backprobe/primitives.pyi`;
//! the annotations they use in `stubs/backprobe/tensors.pyi`.
//!
//! # Adding a function
//!
//! Write it under its qualified name with the framework's own signature: a body of a few lines, or `...` and an annotation that says what
//! comes out. Nothing else is needed: the table of stubs, the words (`words.txt` chooses among the names) and the comparison with the
//! installed framework (`tests/stubs/`) find it by themselves. `tests/step/stubs_*.md` are the place to show what follows from it.
//!
//! The texts are embedded when the crate is built and cost nothing until they are asked for.
#![forbid(unsafe_code)]

/// How the stubs call the parameters that say how many units a layer has.
pub const UNIT_WORDS: &[&str] = &[
    "units", "out_features", "out_channels", "num_outputs", "num_units", "filters", "hidden_size", "embedding_dim", "embed_dim", "d_model",
    "proj_size", "num_proj", "features",
];

/// One stub file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StubModule {
    /// The qualified name of the module, such as `torch.nn.functional`.
    pub name: &'static str,
    /// Its Python text.
    pub text: &'static str,
    /// Whether it is a package (`__init__.pyi`), against which relative imports are resolved.
    pub is_package: bool,
    /// Whether it belongs to a framework rather than to the standard library.
    pub is_framework: bool,
}

include!(concat!(env!("OUT_DIR"), "/stubs.rs"));

/// The stub of the module with this dotted name.
pub fn module(dotted: &str) -> Option<StubModule> {
    MODULES.binary_search_by(|stub| stub.name.cmp(dotted)).ok().map(|found| MODULES[found])
}

/// All stubs, sorted by name.
pub fn modules() -> &'static [StubModule] {
    MODULES
}

/// Whether a top-level package of this name is a framework: code that imports none is never parsed.
pub fn is_framework_root(name: &str) -> bool {
    name != PRIMITIVES && !name.contains('.') && module(name).is_some_and(|stub| stub.is_framework)
}

/// The names of the framework packages, sorted.
pub fn framework_roots() -> impl Iterator<Item = &'static str> {
    MODULES.iter().map(|stub| stub.name).filter(|name| is_framework_root(name))
}

/// The identifiers that make a segment matter, sorted: public names that stubs define, as `words.txt` chooses among them.
pub fn words() -> &'static [&'static str] {
    WORDS
}

/// Changes whenever a stub does; part of the key of what is cached.
pub const fn fingerprint() -> u64 {
    FINGERPRINT
}

/// The package of what only stubs may import.
const PRIMITIVES: &str = "backprobe";
