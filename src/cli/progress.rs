//! How far a long run has come, on a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Shorter runs show nothing.
const LONG: Duration = Duration::from_secs(1);

/// What is shown.
const TEMPLATE: &str = "{bar:30} {pos} of {len} files";

/// Counts files on standard error, if that is a terminal, until it is dropped.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Of a run over so many files.
    pub(super) fn of(files: usize) -> Self {
        let bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::hidden());
        Self(bar.with_style(ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar())))
    }

    /// One more is done.
    pub(super) fn advance(&self) {
        self.0.inc(1);
        if self.0.is_hidden() && self.0.elapsed() > LONG {
            // Hidden all the same where standard error is no terminal.
            self.0.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
