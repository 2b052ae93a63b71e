//! Contexts: the chain of calls and unrolled iterations through which code is evaluated.

use rustc_hash::FxHashMap;

use crate::syntax::hir::NodeId;
use crate::syntax::{Place, UnitId};

/// A chain of calls and iterations.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ContextId(pub(crate) u32);

/// A node evaluated in a context: the identity of whatever it makes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Site {
    pub(crate) context: ContextId,
    pub(crate) node: NodeId,
    /// Tells apart several things that one node makes.
    pub(crate) slot: u32,
}

/// One link of a chain.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Link {
    /// Code that nothing calls, or whose caller is not known.
    Root(UnitId, u32),
    /// A call of `callee` at a node of the code of the parent.
    Call { parent: ContextId, node: NodeId, callee: UnitId, slot: u32 },
    /// One iteration of an unrolled loop at a node.
    Iteration { parent: ContextId, node: NodeId, number: u32 },
}

#[derive(Clone, Debug)]
struct Data {
    parent: Option<ContextId>,
    unit: UnitId,
    /// Where the chain was called from, in project code.
    call_site: Option<Place>,
    depth: u32,
    /// Whether the chain passes a call that only builds.
    builds: bool,
}

/// All contexts of one evaluation.
#[derive(Default, Debug)]
pub struct Contexts {
    numbers: FxHashMap<Link, ContextId>,
    data: Vec<Data>,
}

impl Contexts {
    pub(crate) fn root(&mut self, unit: UnitId, slot: u32) -> ContextId {
        self.intern(Link::Root(unit, slot), Data { parent: None, unit, call_site: None, depth: 0, builds: false })
    }

    pub(crate) fn call(&mut self, parent: ContextId, node: NodeId, callee: UnitId, slot: u32) -> ContextId {
        let Data { unit: caller, depth, builds, .. } = self.data[parent.0 as usize];
        let data = Data { parent: Some(parent), unit: callee, call_site: Some(Place { unit: caller, node }), depth: depth + 1, builds };
        self.intern(Link::Call { parent, node, callee, slot }, data)
    }

    pub(crate) fn iteration(&mut self, parent: ContextId, node: NodeId, number: u32) -> ContextId {
        let mut data = self.data[parent.0 as usize].clone();
        data.parent = Some(parent);
        self.intern(Link::Iteration { parent, node, number }, data)
    }

    /// The unit whose code runs in the context.
    pub fn unit(&self, context: ContextId) -> UnitId {
        self.data[context.0 as usize].unit
    }

    /// Number of calls in the chain: 0 for the root's own code.
    pub fn depth(&self, context: ContextId) -> u32 {
        self.data[context.0 as usize].depth
    }

    /// The context that the innermost call was made in; iterations are skipped.
    pub fn caller(&self, context: ContextId) -> Option<ContextId> {
        let mut current = context;
        loop {
            let parent = self.data[current.0 as usize].parent?;
            if self.depth(parent) < self.depth(context) {
                return Some(parent);
            }
            current = parent;
        }
    }

    /// The context and those that it was called from, the innermost first.
    pub fn chain(&self, context: ContextId) -> impl Iterator<Item = ContextId> + '_ {
        std::iter::successors(Some(context), |&context| self.caller(context))
    }

    /// The context of the whole function whose code runs in `context`, whatever iteration of a loop it is in.
    pub fn frame(&self, context: ContextId) -> ContextId {
        let mut current = context;
        while let Some(parent) = self.data[current.0 as usize].parent.filter(|&parent| self.depth(parent) == self.depth(context)) {
            current = parent;
        }
        current
    }

    /// Whether the code runs only to build something: a model calls itself once while it is made, and nobody takes what comes out.
    pub fn builds(&self, context: ContextId) -> bool {
        self.data[context.0 as usize].builds
    }

    pub(crate) fn set_builds(&mut self, context: ContextId) {
        self.data[context.0 as usize].builds = true;
    }

    /// The unit in which the chain begins.
    pub fn start(&self, context: ContextId) -> UnitId {
        let mut current = context;
        while let Some(parent) = self.data[current.0 as usize].parent {
            current = parent;
        }
        self.unit(current)
    }

    /// Where the innermost call of the chain was made.
    pub fn call_site(&self, context: ContextId) -> Option<Place> {
        self.data[context.0 as usize].call_site
    }

    fn intern(&mut self, link: Link, data: Data) -> ContextId {
        if let Some(&known) = self.numbers.get(&link) {
            return known;
        }
        let id = ContextId(self.data.len() as u32);
        self.data.push(data);
        self.numbers.insert(link, id);
        id
    }
}
