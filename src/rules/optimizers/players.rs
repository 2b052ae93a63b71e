//! Two networks that are trained against each other: one of them is applied both to data and to the output of the other.

use std::collections::{BTreeMap, BTreeSet};

use crate::rules::plan::Sides;
use crate::rules::view::StepView;
use crate::step::parameters::{ParameterId, ParameterSet};
use crate::step::tensor::{Origin, TensorId};
use crate::step::value::{Truth, Value};

/// The two players behind a loss.
pub(super) struct Players {
    /// The network that judges: it is applied to data and to what the other makes.
    pub(super) judge: BTreeSet<ParameterId>,
    /// The network whose output it judges.
    pub(super) maker: BTreeSet<ParameterId>,
}

impl Players {
    /// Whether `losses`, taken together, teach the judge to tell what the maker makes from data. Networks that are trained to work together
    /// (an autoencoder whose decoder is also given noise) look alike, but have no such losses.
    pub(super) fn are_opposed(&self, view: &StepView<'_>, losses: impl IntoIterator<Item = TensorId>) -> bool {
        let below: BTreeSet<TensorId> = losses.into_iter().flat_map(|loss| view.step.tensors().ancestors(loss, false)).collect();
        self.judge.iter().any(|&parameter| {
            let mut judged = view.applications(parameter);
            judged.retain(|(tensor, _)| below.contains(tensor));
            let (made, data): (Vec<_>, Vec<_>) = judged.iter().partition(|(_, inputs)| !view.behind(inputs).certain.is_disjoint(&self.maker));
            !made.is_empty() && !data.is_empty()
        })
    }

    /// Whose loss `loss` is: the judge's, if the judge is also applied to something the maker did not make, else the maker's.
    pub(super) fn sides(&self, view: &StepView<'_>, loss: TensorId) -> Sides {
        let below = view.step.tensors().ancestors(loss, false);
        let sees_data = self.judge.iter().any(|&parameter| {
            view.applications(parameter).iter().any(|(tensor, inputs)| below.contains(tensor) && view.behind(inputs).certain.is_disjoint(&self.maker))
        });
        if sees_data { Sides { trained: self.judge.clone(), untouched: self.maker.clone() } } else { Sides { trained: self.maker.clone(), untouched: self.judge.clone() } }
    }
}

/// The players that the gradient of `loss` reaches, if the judge is also applied to something the maker did not make.
pub(super) fn players(view: &StepView<'_>, loss: TensorId) -> Option<Players> {
    let reached = view.step.tensors().reached(loss);
    let judgement = Judgement::new(view, loss);
    let mut found = Players { judge: BTreeSet::new(), maker: BTreeSet::new() };
    for &parameter in &reached.certain {
        let applications = view.applications(parameter);
        for (tensor, inputs) in &applications {
            let makers: BTreeSet<ParameterId> = reached_through(view, inputs).certain.intersection(&reached.certain).copied().collect();
            if makers.is_empty() || makers.contains(&parameter) || !judgement.reaches(*tensor) {
                continue;
            }
            // The other application sees nothing of the maker, so it is not a later layer of the same network.
            let elsewhere = applications.iter().any(|(other, inputs)| {
                let behind = view.behind(inputs);
                other != tensor && !behind.open && makers.iter().all(|maker| !behind.certain.contains(maker) && !behind.possible.contains(maker))
            });
            if elsewhere {
                found.judge.insert(parameter);
                found.maker.extend(makers);
            }
        }
    }
    // Deeper layers of the judge see its first layers as makers of both applications: they are not.
    let judge = found.judge.clone();
    found.maker.retain(|maker| !judge.contains(maker));
    (!found.judge.is_empty() && !found.maker.is_empty()).then_some(found)
}

/// Which tensors a loss judges: those that it takes as they are. What it compares with the data that they were made from (an autoencoder's
/// output with its input, a prediction with its label) is not judged, but taught.
struct Judgement<'v, 'a> {
    view: &'v StepView<'a>,
    loss: TensorId,
    /// What the gradient of the loss reaches, each with what is computed from it there.
    users: BTreeMap<TensorId, Vec<TensorId>>,
}

impl<'v, 'a> Judgement<'v, 'a> {
    fn new(view: &'v StepView<'a>, loss: TensorId) -> Self {
        let tensors = view.step.tensors();
        let mut users: BTreeMap<TensorId, Vec<TensorId>> = BTreeMap::from([(loss, Vec::new())]);
        for user in tensors.ancestors(loss, true).into_iter().filter(|&id| tensors.get(id).cut.is_none()) {
            for &input in &tensors.get(user).inputs {
                users.entry(input).or_default().push(user);
            }
        }
        Self { view, loss, users }
    }

    /// Whether `made` is judged.
    fn reaches(&self, made: TensorId) -> bool {
        let tensors = self.view.step.tensors();
        let dependent = self.dependent(made);
        let data = self.data_behind(made);
        let mut seen = BTreeSet::from([self.loss]);
        let mut waiting = vec![self.loss];
        while let Some(id) = waiting.pop() {
            let tensor = tensors.get(id);
            if !dependent.contains(&id) {
                continue;
            }
            // The output of a network: what happens inside is its own affair.
            if id == made || self.view.applies_parameters(tensor) {
                return true;
            }
            let is_compared = tensor.inputs.iter().any(|input| !dependent.contains(input) && self.is_data(*input) && self.is_target(*input, &data));
            if !is_compared {
                waiting.extend(tensor.inputs.iter().copied().filter(|&input| seen.insert(input)));
            }
        }
        false
    }

    /// `made` and what is computed from it on the way to the loss.
    fn dependent(&self, made: TensorId) -> BTreeSet<TensorId> {
        let mut dependent = BTreeSet::from([made]);
        let mut waiting = vec![made];
        while let Some(id) = waiting.pop() {
            let users = self.users.get(&id).into_iter().flatten().copied();
            waiting.extend(users.filter(|&user| dependent.insert(user)));
        }
        dependent
    }

    /// Whether what is made from `data` is taught when it is compared with `other`: the same batch, or what is fed.
    fn is_target(&self, other: TensorId, data: &BTreeSet<TensorId>) -> bool {
        let behind = self.data_behind(other);
        let is_fed = |id: &TensorId| self.view.calls_of("tensorflow.placeholder").any(|call| call.result == Value::Tensor(*id));
        !behind.is_disjoint(data) || behind.iter().any(is_fed)
    }

    /// Whether no network had a part in a tensor.
    fn is_data(&self, id: TensorId) -> bool {
        self.view.behind(&BTreeSet::from([id])).empty() == Truth::Yes
    }

    /// What a tensor was computed from, beside parameters, that itself comes from outside.
    fn data_behind(&self, id: TensorId) -> BTreeSet<TensorId> {
        let tensors = self.view.step.tensors();
        let is_source = |&id: &TensorId| tensors.get(id).inputs.is_empty() && !matches!(tensors.get(id).origin, Origin::Parameter(_));
        tensors.ancestors(id, false).into_iter().filter(is_source).collect()
    }
}

fn reached_through(view: &StepView<'_>, inputs: &BTreeSet<TensorId>) -> ParameterSet {
    let mut reached = ParameterSet::default();
    for &input in inputs {
        reached.extend(&view.step.tensors().reached(input));
    }
    reached
}
