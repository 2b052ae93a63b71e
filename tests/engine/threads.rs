//! Threads, order and cancellation leave no trace in the answers.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use backprobe::engine::{Engine, Memory, Report, is_cancellation};

use crate::standin::engine;

const FILES: usize = 40;

/// Files that import one another in a ring, with one star export for every third.
fn project() -> (Memory, Vec<String>) {
    let files = Memory::new([("/p/.git/HEAD", "")]);
    let mut paths = Vec::new();
    for number in 0..FILES {
        let next = (number + 1) % FILES;
        let import = if number % 3 == 0 { "*".to_owned() } else { format!("bad_always_{next}") };
        let strict = if number % 2 == 0 { "strict = torch" } else { "lax = torch" };
        let path = format!("/p/m{number}.py");
        files.write(
            &path,
            format!(
                "import torch\nfrom m{next} import {import}\n{strict}\ndef bad_always_{number}(x): return torch\ndef bad_if_strict_{number}(): torch\n"
            ),
        );
        paths.push(path);
    }
    (files, paths)
}

/// All reports in the order of `paths`, checked by `threads` threads beginning at the file `first`.
fn check(engine: &Engine, paths: &[String], threads: usize, first: usize) -> Vec<Report> {
    let next = AtomicUsize::new(0);
    let snapshots: Vec<_> = (0..threads).map(|_| engine.snapshot()).collect();
    let mut reports: Vec<(usize, Report)> = thread::scope(|scope| {
        let next = &next;
        let work = |snapshot: backprobe::engine::Snapshot| {
            move || {
                let take = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|&taken| taken < paths.len());
                let check = |taken: usize| {
                    // 7 and the number of files share no factor, so every file comes once, far from its neighbours.
                    let index = (first + taken * 7) % paths.len();
                    (index, snapshot.check(Path::new(&paths[index])))
                };
                std::iter::from_fn(|| take().map(check)).collect::<Vec<_>>()
            }
        };
        let workers: Vec<_> = snapshots.into_iter().map(|snapshot| scope.spawn(work(snapshot))).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("no check panics")).collect()
    });
    reports.sort_by_key(|(index, _)| *index);
    reports.into_iter().map(|(_, report)| report).collect()
}

#[test]
fn threads_and_order_change_nothing() {
    let (files, paths) = project();
    let expected = check(&engine(&files), &paths, 1, 0);
    assert!(expected.iter().all(|report| !report.findings.is_empty()));
    for (threads, first) in [(1, 13), (16, 0), (16, 29), (3, 5)] {
        assert_eq!(check(&engine(&files), &paths, threads, first), expected);
    }
}

#[test]
fn cancelled_checks_leave_no_trace() {
    let (files, paths) = project();
    let mut engine = engine(&files);
    for round in 0..60 {
        let workers: Vec<_> = (0..4)
            .map(|worker| {
                let (snapshot, paths) = (engine.snapshot(), paths.clone());
                thread::spawn(move || {
                    let job = AssertUnwindSafe(|| {
                        for index in 0..paths.len() {
                            snapshot.check(Path::new(&paths[(index * 7 + worker * 11) % paths.len()]));
                        }
                    });
                    if let Err(payload) = catch_unwind(job)
                        && !is_cancellation(&*payload)
                    {
                        resume_unwind(payload);
                    }
                })
            })
            .collect();
        let number = round * 17 % FILES;
        let next = (number + 3) % FILES;
        let text = format!("import torch\nfrom m{next} import *\ndef bad_always_{number}(x): return torch, {round}\n");
        engine.set_overlay(Path::new(&paths[number]), Some(Arc::from(text)));
        for worker in workers {
            worker.join().expect("a cancelled check ends without another panic");
        }
    }
    let mut fresh = crate::standin::engine(&files);
    for path in &paths {
        let text = engine.snapshot().text(Path::new(path));
        fresh.set_overlay(Path::new(path), text);
    }
    assert_eq!(check(&engine, &paths, 4, 0), check(&fresh, &paths, 1, 0));
}
