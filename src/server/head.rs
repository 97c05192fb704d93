//! Refuses bare line feeds in a request's head. hyper accepts them as line ends, as RFC 9112 §2.2 allows; a proxy that does
//! not would see other headers than we do, which is how requests are smuggled.

use std::io;

/// How far a head has been read.
#[derive(Clone, Copy, Default)]
pub(super) struct HeadScanner {
    last: u8,
    /// Bytes of the current line so far.
    line: usize,
    /// True after the first line that is not empty. Empty lines before a request are allowed (RFC 9112 §2.2).
    has_begun: bool,
    is_complete: bool,
}

impl HeadScanner {
    /// Reads on, and ignores everything behind the head.
    pub(super) fn scan(&mut self, bytes: &[u8]) -> io::Result<()> {
        for &byte in bytes {
            if self.is_complete {
                break;
            }
            self.scan_byte(byte)?;
        }
        Ok(())
    }

    fn scan_byte(&mut self, byte: u8) -> io::Result<()> {
        self.line += 1;
        if byte == b'\n' {
            if self.last != b'\r' {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a bare line feed in a head"));
            }
            let is_empty = self.line == 2;
            self.is_complete = is_empty && self.has_begun;
            self.has_begun |= !is_empty;
            self.line = 0;
        }
        self.last = byte;
        Ok(())
    }
}
