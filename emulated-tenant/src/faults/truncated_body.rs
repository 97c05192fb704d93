//! A body that ends too early: the connection closes in the middle.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame};
use tokio::time::{Sleep, sleep};

/// Lets the first half arrive before the connection closes.
const PAUSE: Duration = Duration::from_millis(20);

/// The beginning of a body, then an error that closes the connection.
pub(crate) struct TruncatedBody {
    beginning: Option<Bytes>,
    pause: Pin<Box<Sleep>>,
}

impl TruncatedBody {
    /// The first half of `body`.
    pub(crate) fn half(body: &Bytes) -> Self {
        Self { beginning: Some(body.slice(..body.len() / 2)), pause: Box::pin(sleep(PAUSE)) }
    }
}

impl Body for TruncatedBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(beginning) = self.beginning.take() {
            return Poll::Ready(Some(Ok(Frame::data(beginning))));
        }
        ready!(self.pause.as_mut().poll(context));
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into())))
    }
}
