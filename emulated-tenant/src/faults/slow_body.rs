//! A body that arrives one byte at a time.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame};
use tokio::time::{Instant, Sleep, sleep};

/// A body that pauses before each byte.
pub(crate) struct SlowBody {
    rest: Bytes,
    pause: Duration,
    waiting: Pin<Box<Sleep>>,
}

impl SlowBody {
    pub(crate) fn new(body: Bytes, pause: Duration) -> Self {
        Self { rest: body, pause, waiting: Box::pin(sleep(pause)) }
    }
}

impl Body for SlowBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        ready!(self.waiting.as_mut().poll(context));
        let next = Instant::now() + self.pause;
        self.waiting.as_mut().reset(next);
        let byte = self.rest.split_to(1);
        Poll::Ready(Some(Ok(Frame::data(byte))))
    }
}
