//! A body of many bytes, counted as they are taken, so that it shows where a caller stops.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame};

const PIECE: usize = 16 * 1024;

/// A JSON text: a quotation mark, many letters, a quotation mark. It names no length, so that nobody is warned.
pub(crate) struct Flood {
    pieces: VecDeque<Bytes>,
    poured: Arc<AtomicUsize>,
}

impl Flood {
    pub(crate) fn new(bytes: usize, poured: Arc<AtomicUsize>) -> Self {
        static LETTERS: [u8; PIECE] = [b'x'; PIECE];
        let whole = std::iter::repeat_n(Bytes::from_static(&LETTERS), bytes / PIECE);
        let rest = Bytes::from_static(&LETTERS[..bytes % PIECE]);
        let mark = Bytes::from_static(b"\"");
        let pieces = std::iter::once(mark.clone()).chain(whole).chain([rest, mark]).collect();
        Self { pieces, poured }
    }
}

impl Body for Flood {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = self.pieces.pop_front();
        self.poured.fetch_add(piece.as_ref().map_or(0, Bytes::len), Ordering::SeqCst);
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }
}
