//! A large body that counts its bytes as they are sent, so that a test sees where the caller stops reading.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame};

const CHUNK: usize = 16 * 1024;

/// A JSON string of many letters. Its length is not announced, so the caller gets no warning.
pub(crate) struct BigBody {
    chunks: VecDeque<Bytes>,
    sent: Arc<AtomicUsize>,
}

impl BigBody {
    pub(crate) fn new(bytes: usize, sent: Arc<AtomicUsize>) -> Self {
        static LETTERS: [u8; CHUNK] = [b'x'; CHUNK];
        let whole = std::iter::repeat_n(Bytes::from_static(&LETTERS), bytes / CHUNK);
        let rest = Bytes::from_static(&LETTERS[..bytes % CHUNK]);
        let quote = Bytes::from_static(b"\"");
        let chunks = std::iter::once(quote.clone()).chain(whole).chain([rest, quote]).collect();
        Self { chunks, sent }
    }
}

impl Body for BigBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let chunk = self.chunks.pop_front();
        self.sent.fetch_add(chunk.as_ref().map_or(0, Bytes::len), Ordering::SeqCst);
        Poll::Ready(chunk.map(|chunk| Ok(Frame::data(chunk))))
    }
}
