//! Events of the training step on the control-flow graph, and questions about the paths between them.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::context::{ContextId, Site};
use super::value::{ObjectId, Value};
use crate::syntax::{Name, Place};

/// An event or a junction of paths.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct EventId(pub(crate) u32);

/// What happens.
#[derive(Clone, PartialEq, Debug)]
pub enum EventKind {
    /// Paths begin, meet or part here.
    Junction,
    /// An event that a stub names: `backward`, `step`, `zero_grad`, `minimize`, …
    Named {
        /// Its name.
        name: Name,
        /// Whom it concerns.
        subject: Value,
        /// The rest.
        details: Vec<(Name, Value)>,
    },
    /// An object is made anew: a path that asks about it ends here.
    Made(ObjectId),
    /// Something unknown is called, and these are passed to it.
    Opaque(Vec<Value>),
}

/// An event.
#[derive(Clone, Debug)]
pub struct Event {
    /// What happens.
    pub kind: EventKind,
    /// Where, in project code.
    pub place: Place,
    /// In which context.
    pub context: ContextId,
    /// What comes directly before.
    pub before: BTreeSet<EventId>,
}

/// The answer to a question about all paths from one event to another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PathAnswer {
    /// Every path passes.
    Always,
    /// No path passes.
    Never,
    /// Some pass, some do not.
    Sometimes,
    /// Something unknown lies on a path, or there is no path.
    Unknown,
}

/// What an event on a path means to a question.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Passage {
    /// The path passes what is asked for.
    Passes,
    /// Nothing to the question.
    Neutral,
    /// It may or may not pass what is asked for.
    Uncertain,
    /// The path ends: what is asked about is another one from here.
    Ends,
}

/// All events of one evaluation.
#[derive(Default, Debug)]
pub struct Events {
    numbers: FxHashMap<(Site, u32), EventId>,
    data: Vec<Event>,
}

impl Events {
    /// The event at `site`; evaluated again, it gains the new predecessors.
    pub(crate) fn intern(&mut self, site: Site, flavour: u32, event: Event) -> EventId {
        if let Some(&known) = self.numbers.get(&(site, flavour)) {
            let old = &mut self.data[known.0 as usize];
            old.before.extend(&event.before);
            if old.kind != event.kind {
                old.kind = joined(&old.kind, event.kind);
            }
            return known;
        }
        let id = EventId(self.data.len() as u32);
        self.data.push(event);
        self.numbers.insert((site, flavour), id);
        id
    }

    pub(crate) fn connect(&mut self, to: EventId, before: &BTreeSet<EventId>) {
        self.data[to.0 as usize].before.extend(before);
    }

    /// An event.
    pub fn get(&self, id: EventId) -> &Event {
        &self.data[id.0 as usize]
    }

    /// All events, in the order in which they were met.
    pub fn iter(&self) -> impl Iterator<Item = (EventId, &Event)> {
        self.data.iter().enumerate().map(|(number, event)| (EventId(number as u32), event))
    }

    /// Events that a stub calls `name`.
    pub fn named(&self, name: Name) -> impl Iterator<Item = (EventId, &Event, &Value)> {
        self.iter().filter_map(move |(id, event)| match &event.kind {
            EventKind::Named { name: found, subject, .. } if *found == name => Some((id, event, subject)),
            _ => None,
        })
    }

    /// Whether the paths from `from` to `to` pass something; `judge` says what each event between means.
    pub fn paths(&self, from: EventId, to: EventId, judge: impl Fn(EventId, &Event) -> Passage) -> PathAnswer {
        // Walk backwards from `to`, remembering what was passed since: each event is visited at most once a colour.
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut waiting: Vec<(EventId, Passage)> = self.get(to).before.iter().map(|&id| (id, Passage::Neutral)).collect();
        while let Some((id, colour)) = waiting.pop() {
            if !seen.insert((id, colour as u8)) {
                continue;
            }
            if id == from {
                found.insert(colour as u8);
                continue;
            }
            if id == to {
                continue;
            }
            let next = match judge(id, self.get(id)) {
                Passage::Ends => continue,
                Passage::Passes => Passage::Passes,
                Passage::Uncertain if colour == Passage::Neutral => Passage::Uncertain,
                Passage::Uncertain | Passage::Neutral => colour,
            };
            waiting.extend(self.get(id).before.iter().map(|&before| (before, next)));
        }
        let has = |passage: Passage| found.contains(&(passage as u8));
        match (has(Passage::Passes), has(Passage::Neutral), has(Passage::Uncertain)) {
            (_, _, true) | (false, false, false) => PathAnswer::Unknown,
            (true, true, false) => PathAnswer::Sometimes,
            (true, false, false) => PathAnswer::Always,
            (false, true, false) => PathAnswer::Never,
        }
    }
}

fn joined(old: &EventKind, new: EventKind) -> EventKind {
    match (old, new) {
        (EventKind::Named { name, subject, details }, EventKind::Named { name: again, subject: other, details: others }) if *name == again => {
            let details = details
                .iter()
                .map(|(key, value)| (*key, others.iter().find(|(other, _)| other == key).map_or(Value::Unknown, |(_, other)| either(value, other))))
                .collect();
            EventKind::Named { name: again, subject: subject.or(&other), details }
        }
        (_, new) => new,
    }
}

/// A detail that is one of two.
fn either(one: &Value, other: &Value) -> Value {
    match (one, other) {
        (Value::Parameters(one), Value::Parameters(other)) => Value::Parameters(one.either(other).into()),
        _ => one.or(other),
    }
}
