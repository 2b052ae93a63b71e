//! Parameters and sets of them.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use std::sync::Arc;

use super::context::{ContextId, Site};
use super::tensor::TensorId;
use super::value::{ObjectId, Truth};
use crate::syntax::Place;

/// A parameter or variable; or, for an object of unknown content, all its parameters together.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ParameterId(pub(crate) u32);

/// What is known of a parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its path in the graph, where the framework names variables.
    pub path: Option<Arc<str>>,
    /// Whether it was made trainable.
    pub trainable: Truth,
    /// Whether it is a moving statistic or the like.
    pub buffer: bool,
    /// Where project code made it.
    pub place: Option<Place>,
    /// If it stands for all parameters of an object of unknown content: that object.
    pub all_of: Option<ObjectId>,
}

/// Identity of a parameter.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum ParameterKey {
    /// Where and in which context it was made.
    Site(Site),
    /// The path in the default graph.
    Path(Arc<str>),
    /// All parameters of an object.
    AllOf(ObjectId),
    /// A tensor that is no layer's, but is given to an optimizer.
    Leaf(TensorId),
    /// Where and in which context it was copied from another one.
    Copy(Site, ParameterId),
}

/// All parameters of one evaluation.
#[derive(Default, Debug)]
pub struct Parameters {
    numbers: FxHashMap<ParameterKey, ParameterId>,
    data: Vec<Parameter>,
}

impl Parameters {
    pub(crate) fn intern(&mut self, key: ParameterKey, make: impl FnOnce() -> Parameter) -> ParameterId {
        if let Some(&known) = self.numbers.get(&key) {
            return known;
        }
        let id = ParameterId(self.data.len() as u32);
        self.data.push(make());
        self.numbers.insert(key, id);
        id
    }

    /// All of them, moving statistics and the like among them.
    pub fn all(&self) -> impl Iterator<Item = ParameterId> + use<> {
        (0..self.data.len() as u32).map(ParameterId)
    }

    /// The context in which a parameter was made, if the place and the context are its identity.
    pub fn context(&self, id: ParameterId) -> Option<ContextId> {
        self.numbers.iter().find_map(|(key, &known)| match key {
            ParameterKey::Site(site) | ParameterKey::Copy(site, _) if known == id => Some(site.context),
            _ => None,
        })
    }

    /// Whether a parameter was copied from another one.
    pub fn is_copy(&self, id: ParameterId) -> bool {
        self.numbers.iter().any(|(key, &known)| known == id && matches!(key, ParameterKey::Copy(..)))
    }

    /// What is known of a parameter.
    pub fn get(&self, id: ParameterId) -> &Parameter {
        &self.data[id.0 as usize]
    }
}

/// A set of parameters of which some members may be unknown.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ParameterSet {
    /// Members for sure.
    pub certain: BTreeSet<ParameterId>,
    /// Members perhaps.
    pub possible: BTreeSet<ParameterId>,
    /// Whether there may be members that are not known at all.
    pub open: bool,
}

impl ParameterSet {
    /// A set of which nothing is known.
    pub fn unknown() -> Self {
        Self { open: true, ..Self::default() }
    }

    /// Exactly these.
    pub fn exactly(members: impl IntoIterator<Item = ParameterId>) -> Self {
        Self { certain: members.into_iter().collect(), ..Self::default() }
    }

    /// Adds the members of `other`.
    pub fn extend(&mut self, other: &Self) {
        self.certain.extend(&other.certain);
        self.possible.extend(&other.possible);
        self.open |= other.open;
        let certain = &self.certain;
        self.possible.retain(|member| !certain.contains(member));
    }

    /// What is in one of two sets, not known which.
    #[must_use]
    pub fn either(&self, other: &Self) -> Self {
        let certain: BTreeSet<_> = self.certain.intersection(&other.certain).copied().collect();
        let possible = [&self.certain, &self.possible, &other.certain, &other.possible]
            .into_iter()
            .flatten()
            .copied()
            .filter(|member| !certain.contains(member))
            .collect();
        Self { certain, possible, open: self.open || other.open }
    }

    /// All that may be members, as far as known.
    pub fn all(&self) -> impl Iterator<Item = ParameterId> + '_ {
        self.certain.iter().chain(&self.possible).copied()
    }

    /// Whether all members are known.
    pub fn is_exact(&self) -> bool {
        !self.open && self.possible.is_empty()
    }

    /// Whether `member` is in the set.
    pub fn contains(&self, member: ParameterId, parameters: &Parameters) -> Truth {
        if self.certain.contains(&member) {
            Truth::Yes
        } else if self.open || self.possible.contains(&member) || self.hides(parameters) || parameters.get(member).all_of.is_some() {
            Truth::Unknown
        } else {
            Truth::No
        }
    }

    /// Whether every member is in `other`.
    pub fn subset(&self, other: &Self, parameters: &Parameters) -> Truth {
        if self.certain.iter().any(|&member| other.contains(member, parameters) == Truth::No) {
            return Truth::No;
        }
        let all_inside = self.all().all(|member| other.contains(member, parameters) == Truth::Yes);
        if all_inside && !self.open { Truth::Yes } else { Truth::Unknown }
    }

    /// Whether the sets share a member.
    pub fn overlaps(&self, other: &Self, parameters: &Parameters) -> Truth {
        if self.certain.iter().any(|member| other.certain.contains(member)) {
            return Truth::Yes;
        }
        let disjoint = self.all().all(|member| other.contains(member, parameters) == Truth::No);
        if disjoint && !self.open && !self.hides(parameters) { Truth::No } else { Truth::Unknown }
    }

    /// Whether the set has no member.
    pub fn empty(&self) -> Truth {
        if !self.certain.is_empty() {
            Truth::No
        } else if self.is_exact() {
            Truth::Yes
        } else {
            Truth::Unknown
        }
    }

    /// Whether a member stands for parameters that are not known one by one.
    fn hides(&self, parameters: &Parameters) -> bool {
        self.all().any(|member| parameters.get(member).all_of.is_some())
    }
}
