//! A client's byte stream, closed when the client is too slow or its request ambiguous.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::connection_state::ConnectionState;
use crate::metrics::PLAIN;

pub(super) struct ClientStream {
    stream: TcpStream,
    state: ConnectionState,
    timer: Pin<Box<Sleep>>,
}

impl ClientStream {
    pub(super) fn new(stream: TcpStream, state: ConnectionState) -> Self {
        let timer = Box::pin(sleep_until(state.client_deadline().unwrap_or_else(Instant::now)));
        Self { stream, state, timer }
    }

    /// Pending until the client's deadline, an error from then on.
    fn wait_for_client<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        let Some(deadline) = self.state.client_deadline() else { return Poll::Pending };
        if self.timer.deadline() != deadline {
            self.timer.as_mut().reset(deadline);
        }
        ready!(self.timer.as_mut().poll(context));
        PLAIN.connections_too_slow.increment(1);
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for ClientStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Pending => self.wait_for_client(context),
            Poll::Ready(Ok(())) => Poll::Ready(self.state.bytes_received(&buffer.filled()[before..])),
            failed @ Poll::Ready(Err(_)) => failed,
        }
    }
}

impl AsyncWrite for ClientStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write(context, bytes) {
            Poll::Pending => self.wait_for_client(context),
            written @ Poll::Ready(_) => written,
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write_vectored(context, slices) {
            Poll::Pending => self.wait_for_client(context),
            written @ Poll::Ready(_) => written,
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
