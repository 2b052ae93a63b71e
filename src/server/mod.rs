//! The editor protocol: `backprobe server` speaks it over standard input and output.
//!
//! ```text
//! client → input → ending → guard → backend → owner ⇄ analysis → engine
//!                                      ↓        ↓
//!                                  convert ←  outbox → client
//! ```
//!
//! - [`backend`] turns notifications into messages and returns at once; requests ask the owner and compute elsewhere.
//! - [`owner`] holds the documents. It sees messages in the order of arrival and waits for nothing.
//! - [`analysis`] holds the engine, on threads of its own; a newer text cancels the pass over an older one.
//! - [`configuration`] and [`settings_files`] know how editors keep settings, and what counts while a file of them is edited.
//! - [`outbox`] sends diagnostics and messages, so that a client which does not read stops nobody.
//! - [`pages`] keeps the pages of the rules as files, which diagnostics link to.
//! - [`convert`] is the only place where the protocol's types and ours meet.
//!
//! Knows how findings are shown and asked for in an editor; nothing of how they are found.
#![forbid(unsafe_code)]

mod actions;
mod analysis;
mod backend;
mod configuration;
mod convert;
mod document;
mod ending;
mod guard;
mod hover;
mod input;
mod outbox;
mod overlay;
mod owner;
mod pages;
mod proof;
mod session;
mod settings_files;

#[cfg(test)]
mod tests;

use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncRead, AsyncWrite};
use tower_lsp::{LspService, Server};
use tracing_subscriber::EnvFilter;

use crate::engine::{Disk, Engine};

use actions::Sources;
use analysis::{Analyser, Analysis};
use backend::Backend;
use ending::Ending;
use guard::Guard;
use input::Headers;
use outbox::Outbox;
use owner::{Mailbox, Message, Owner};

/// The variable that says what is logged, in the syntax of `tracing-subscriber`: `debug`, `backprobe=trace`.
const LOG: &str = "BACKPROBE_LOG";

/// How many requests may be under way. A few slow ones must not keep edits and cancellations waiting.
const CONCURRENCY: usize = 4096;

/// Serves the client at standard input and output until it says `exit` or goes away.
///
/// Exits with 0 if the client asked to shut down before, with 1 otherwise, as the protocol says.
pub fn run() -> ExitCode {
    // Standard output belongs to the protocol.
    let filter = EnvFilter::try_from_env(LOG).unwrap_or_else(|_| EnvFilter::new("warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(false);
    if log.try_init().is_err() {
        tracing::warn!("the log was set up before");
    }
    match serve_standard_streams() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            tracing::error!("cannot start: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve_standard_streams() -> io::Result<bool> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let files = Arc::new(Disk);
    let sources = Sources { files: files.clone(), write_test: proof::write_test };
    let result = runtime.block_on(serve(tokio::io::stdin(), tokio::io::stdout(), Engine::new(files), sources));
    // The client may keep its end of standard input open: the thread that reads it is not waited for.
    runtime.shutdown_background();
    result
}

/// Serves one client until it says `exit` or goes away. Returns whether it asked to shut down before.
async fn serve<A: Analyser>(
    input: impl AsyncRead + Unpin,
    output: impl AsyncWrite,
    analyser: A,
    sources: Sources,
) -> io::Result<bool> {
    let (mailbox, messages) = Mailbox::new();
    let outbox = Arc::new(Outbox::default());
    let publish = mailbox.clone();
    let analysis = Analysis::start(analyser, move |outcome| publish.send(Message::Outcome(outcome)))?;
    let build = |client| {
        tokio::spawn(Arc::clone(&outbox).run(client, mailbox.clone()));
        Backend::new(mailbox, Arc::clone(&outbox), sources)
    };
    let (service, socket) = LspService::build(build).custom_method("$/setTrace", Backend::set_trace).finish();
    tokio::spawn(Owner::new(analysis, outbox).run(messages));
    let is_shut_down = Arc::new(AtomicBool::new(false));
    let service = Ending::new(Guard(service), Arc::clone(&is_shut_down));
    Server::new(Headers::new(input), output, socket).concurrency_level(CONCURRENCY).serve(service).await;
    Ok(is_shut_down.load(Ordering::SeqCst))
}
