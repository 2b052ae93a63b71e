//! Runs the analysis of many files on many threads, with the results in the order of the files.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::failure::Failure;
use super::progress::Progress;
use super::targets::Target;
use crate::engine::{Engine, Snapshot};

/// Nested code is analysed by recursion; only the part of a stack that is used costs memory.
const STACK_BYTES: usize = 64 << 20;

/// What `job` says of each target. A panic costs the one file.
pub(super) fn for_each<T: Send>(
    engine: &Engine,
    targets: &[Target],
    job: impl Fn(&Snapshot, &Target) -> T + Sync,
) -> Result<Vec<Result<T, Failure>>, Failure> {
    // Zero means as many as there are processors, or as `RAYON_NUM_THREADS` says.
    let threads = usize::from(targets.len() <= 1);
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK_BYTES).num_threads(threads).build().map_err(Failure::Threads)?;
    let next = AtomicUsize::new(0);
    let progress = Progress::of(targets.len());
    let done = Mutex::new(Vec::with_capacity(targets.len()));
    let snapshots: Vec<Snapshot> = (0..pool.current_num_threads().min(targets.len())).map(|_| engine.snapshot()).collect();
    pool.scope(|scope| {
        for snapshot in snapshots {
            let (next, done, job, progress) = (&next, &done, &job, &progress);
            scope.spawn(move |_| {
                while let Some((index, target)) = take(next, targets) {
                    let result = catch_unwind(AssertUnwindSafe(|| job(&snapshot, target)))
                        .map_err(|payload| Failure::Internal(target.name.clone(), message(&*payload)));
                    progress.advance();
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}

/// The next target that no thread has taken.
fn take<'a>(next: &AtomicUsize, targets: &'a [Target]) -> Option<(usize, &'a Target)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    targets.get(index).map(|target| (index, target))
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no message").to_owned()
}
