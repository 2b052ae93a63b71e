//! A tensor's chunks on all cores.
//!
//! Threads live as long as the call. A pool would be cheaper by microseconds, but its threads do not survive `fork`, and data loaders
//! fork: the first question in a child would wait for ever.

#![forbid(unsafe_code)]

use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::gather::gather;
use super::Tensor;

/// Bytes of a chunk: long enough that a thread has something to do, short enough that a strided tensor needs little extra memory.
pub(super) const CHUNK: usize = 4 << 20;

/// More threads than this wait for memory.
const MOST_THREADS: usize = 16;

/// Calls `visit` with the bytes of every chunk in logical order and returns the answers in that order.
pub(super) fn chunks<Answer: Send>(tensor: &Tensor<'_>, visit: impl Fn(&[u8]) -> Answer + Sync) -> Vec<Answer> {
    let elements_a_chunk = CHUNK / tensor.element().size();
    let dense = tensor.dense();
    let answer = |index: usize, buffer: &mut Vec<u8>| {
        let start = index * elements_a_chunk;
        let range = start..tensor.elements().min(start + elements_a_chunk);
        let size = tensor.element().size();
        if let Some(bytes) = dense {
            return visit(&bytes[range.start * size..range.end * size]);
        }
        gather(tensor, range, buffer);
        visit(buffer)
    };
    each(tensor.elements().div_ceil(elements_a_chunk), &answer)
}

/// Answers for 0 to `count`, each thread with a buffer of its own.
fn each<Answer: Send>(count: usize, answer: &(impl Fn(usize, &mut Vec<u8>) -> Answer + Sync)) -> Vec<Answer> {
    // Most tensors are small, and asking for the number of cores reads files.
    let threads = if count <= 1 { 1 } else { thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS).min(count) };
    if threads == 1 {
        let mut buffer = Vec::new();
        return (0..count).map(|index| answer(index, &mut buffer)).collect();
    }
    let next = AtomicUsize::new(0);
    let answers = Mutex::new(Vec::with_capacity(count));
    let work = || {
        let mut buffer = Vec::new();
        let mut mine = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                break;
            }
            mine.push((index, answer(index, &mut buffer)));
        }
        answers.lock().unwrap_or_else(std::sync::PoisonError::into_inner).append(&mut mine);
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            // Where no thread can be had, this one does the work alone.
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    let mut answers = answers.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    answers.sort_unstable_by_key(|&(index, _)| index);
    answers.into_iter().map(|(_, answer)| answer).collect()
}
