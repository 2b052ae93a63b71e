//! Two networks that are trained against each other: one of them is applied both to data and to the output of the other.

use std::collections::BTreeSet;

use crate::rules::plan::Sides;
use crate::rules::view::StepView;
use crate::step::parameters::{ParameterId, ParameterSet};
use crate::step::tensor::TensorId;

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
    let tensors = view.step.tensors();
    let reached = tensors.reached(loss);
    let below = tensors.ancestors(loss, true);
    let mut found = Players { judge: BTreeSet::new(), maker: BTreeSet::new() };
    for &parameter in &reached.certain {
        let applications = view.applications(parameter);
        for (tensor, inputs) in &applications {
            if !below.contains(tensor) {
                continue;
            }
            let makers: BTreeSet<ParameterId> = reached_through(view, inputs).certain.intersection(&reached.certain).copied().collect();
            if makers.is_empty() || makers.contains(&parameter) {
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

fn reached_through(view: &StepView<'_>, inputs: &BTreeSet<TensorId>) -> ParameterSet {
    let mut reached = ParameterSet::default();
    for &input in inputs {
        reached.extend(&view.step.tensors().reached(input));
    }
    reached
}
