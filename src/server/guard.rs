//! Keeps the server alive when a handler panics: the request is answered with an error, the next one is served.
//!
//! Knows requests and responses, not what they mean.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use tower_lsp::jsonrpc::{Error, Request, Response};
use tower_service::Service;

/// A service whose panics are answers.
pub(super) struct Guard<S>(pub(super) S);

impl<S> Service<Request> for Guard<S>
where
    S: Service<Request, Response = Option<Response>>,
    S::Future: Send + 'static,
{
    type Response = Option<Response>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let id = request.id().cloned();
        let method = request.method().to_owned();
        let answer = move || {
            tracing::error!("the handler of {method} panicked");
            id.clone().map(|id| Response::from_error(id, Error::internal_error()))
        };
        let Ok(future) = catch_unwind(AssertUnwindSafe(|| self.0.call(request))) else {
            let response = answer();
            return Box::pin(async move { Ok(response) });
        };
        let mut future = Box::pin(future);
        Box::pin(poll_fn(move |context| {
            catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))).unwrap_or_else(|_| Poll::Ready(Ok(answer())))
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::future::{Ready, ready};

    use super::*;

    struct Panics;

    impl Service<Request> for Panics {
        type Response = Option<Response>;
        type Error = Infallible;
        type Future = Pin<Box<dyn Future<Output = Result<Option<Response>, Infallible>> + Send>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, request: Request) -> Self::Future {
            assert!(request.method() != "at/once", "at once");
            let later: Ready<()> = ready(());
            Box::pin(async move {
                later.await;
                panic!("later")
            })
        }
    }

    #[tokio::test]
    async fn a_panic_is_an_error_response() {
        for method in ["at/once", "later"] {
            let request = Request::build(method).id(7).finish();
            let response = Guard(Panics).call(request).await.expect("the service does not fail").expect("a request is answered");
            assert_eq!(response.error().map(|error| error.code.code()), Some(-32603));
            let notification = Request::build(method).finish();
            assert_eq!(Guard(Panics).call(notification).await.expect("the service does not fail"), None);
        }
    }
}
