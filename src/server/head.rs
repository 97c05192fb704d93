//! Looks for line feeds without a carriage return in a request's head. hyper takes them for line ends, as RFC 9112 §2.2
//! allows; a proxy that does not would see other headers than we do, and that is how requests are smuggled.

use std::io;

/// How far a head has come.
#[derive(Clone, Copy, Default)]
pub(super) struct Head {
    last: u8,
    /// How many bytes the present line has so far.
    line: usize,
    /// Whether there was a line with something in it; empty ones before a request are allowed (RFC 9112 §2.2).
    has_begun: bool,
    is_whole: bool,
}

impl Head {
    /// Reads on. What follows the head is not looked at.
    pub(super) fn read(&mut self, bytes: &[u8]) -> io::Result<()> {
        for &byte in bytes {
            if self.is_whole {
                break;
            }
            self.read_one(byte)?;
        }
        Ok(())
    }

    fn read_one(&mut self, byte: u8) -> io::Result<()> {
        self.line += 1;
        if byte == b'\n' {
            if self.last != b'\r' {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a bare line feed in a head"));
            }
            let is_empty = self.line == 2;
            self.is_whole = is_empty && self.has_begun;
            self.has_begun |= !is_empty;
            self.line = 0;
        }
        self.last = byte;
        Ok(())
    }
}
