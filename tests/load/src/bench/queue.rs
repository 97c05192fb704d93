//! A listener with a queue as long as the portal's, so that a crowd costs nobody a second try.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket};

const QUEUE: u32 = 4096;

/// Listens at this IPv4 address.
pub(super) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(QUEUE)
}
