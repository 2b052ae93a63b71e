//! The heap: objects by number, in chunks that states share until one of them writes.

use std::rc::Rc;

use super::state::Object;
use super::value::ObjectId;

/// Objects a chunk.
const CHUNK: usize = 16;

type Chunk = [Option<Rc<Object>>; CHUNK];

/// Objects by number. A clone shares them.
#[derive(Clone, Default)]
pub(crate) struct Heap {
    chunks: Rc<Vec<Rc<Chunk>>>,
}

impl Heap {
    pub(crate) fn get(&self, id: ObjectId) -> Option<&Rc<Object>> {
        let at = id.0 as usize;
        self.chunks.get(at / CHUNK)?[at % CHUNK].as_ref()
    }

    pub(crate) fn get_mut(&mut self, id: ObjectId) -> Option<&mut Object> {
        let at = id.0 as usize;
        Rc::make_mut(Rc::make_mut(&mut self.chunks).get_mut(at / CHUNK)?)[at % CHUNK].as_mut().map(Rc::make_mut)
    }

    pub(crate) fn put(&mut self, id: ObjectId, object: Object) {
        let at = id.0 as usize;
        let chunks = Rc::make_mut(&mut self.chunks);
        while chunks.len() <= at / CHUNK {
            chunks.push(Rc::default());
        }
        Rc::make_mut(&mut chunks[at / CHUNK])[at % CHUNK] = Some(Rc::new(object));
    }

    /// All objects with their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (ObjectId, &Rc<Object>)> {
        let all = self.chunks.iter().flat_map(|chunk| chunk.iter()).enumerate();
        all.filter_map(|(number, object)| object.as_ref().map(|object| (ObjectId(number as u32), object)))
    }

    /// Whether every object is the same in `later`, which may hold more. What they share is not looked at.
    pub(crate) fn is_kept_by(&self, later: &Self) -> bool {
        let kept_object = |(mine, theirs): (&Option<Rc<Object>>, &Option<Rc<Object>>)| match (mine, theirs) {
            (Some(mine), Some(theirs)) => Rc::ptr_eq(mine, theirs) || mine == theirs,
            (mine, _) => mine.is_none(),
        };
        let kept_chunk = |(mine, theirs): (&Rc<Chunk>, &Rc<Chunk>)| Rc::ptr_eq(mine, theirs) || mine.iter().zip(theirs.iter()).all(kept_object);
        Rc::ptr_eq(&self.chunks, &later.chunks) || self.chunks.len() <= later.chunks.len() && self.chunks.iter().zip(later.chunks.iter()).all(kept_chunk)
    }

    /// Takes over the objects of `other`; those that differ are joined by `join`.
    pub(crate) fn join(&mut self, other: &Self, join: &mut impl FnMut(&Object, &Object) -> Object) {
        if Rc::ptr_eq(&self.chunks, &other.chunks) {
            return;
        }
        let chunks = Rc::make_mut(&mut self.chunks);
        for (number, theirs) in other.chunks.iter().enumerate() {
            let Some(mine) = chunks.get_mut(number) else {
                chunks.push(Rc::clone(theirs));
                continue;
            };
            if Rc::ptr_eq(mine, theirs) {
                continue;
            }
            let differ = |(mine, theirs): (&Option<Rc<Object>>, &Option<Rc<Object>>)| match (mine, theirs) {
                (Some(mine), Some(theirs)) => !Rc::ptr_eq(mine, theirs),
                (mine, theirs) => mine.is_none() && theirs.is_some(),
            };
            if !mine.iter().zip(theirs.iter()).any(differ) {
                continue;
            }
            for (mine, theirs) in Rc::make_mut(mine).iter_mut().zip(theirs.iter()) {
                match (&mut *mine, theirs) {
                    (Some(a), Some(b)) if !Rc::ptr_eq(a, b) && a != b => *a = Rc::new(join(a, b)),
                    (None, Some(b)) => *mine = Some(Rc::clone(b)),
                    _ => {}
                }
            }
        }
    }
}
