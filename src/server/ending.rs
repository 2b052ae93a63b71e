//! Notes whether the client asked to shut down before it said `exit`, which decides the exit code.
//!
//! It is noted as messages arrive: a client that says both in one breath has its requests cancelled before any handler
//! runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tower_lsp::jsonrpc::Request;
use tower_service::Service;

/// A service whose client may ask to shut down.
pub(super) struct Ending<S> {
    service: S,
    is_begun: bool,
    is_shut_down: Arc<AtomicBool>,
}

impl<S> Ending<S> {
    /// Sets `is_shut_down` when a client whose session has begun asks to shut down.
    pub(super) fn new(service: S, is_shut_down: Arc<AtomicBool>) -> Self {
        Self { service, is_begun: false, is_shut_down }
    }
}

impl<S: Service<Request>> Service<Request> for Ending<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match request.method() {
            "initialize" => self.is_begun = true,
            "shutdown" if self.is_begun => self.is_shut_down.store(true, Ordering::SeqCst),
            _ => {}
        }
        self.service.call(request)
    }
}
