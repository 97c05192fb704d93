//! Watches the bytes of a connection for heads that a proxy may read in another way than hyper does, which is how
//! requests are smuggled: bare line feeds, which hyper accepts as line ends (RFC 9112 §2.2), and a Content-Length that
//! hyper drops, beside an equal one or beside Transfer-Encoding (RFC 9112 §6.3).

use std::io;

use crate::error::Framing;

/// The length of `transfer-encoding`, the longest name that matters here.
const LONGEST_NAME: usize = 17;

/// How far a connection's bytes have been read.
#[derive(Clone, Copy, Default)]
pub(super) struct HeadScanner {
    part: Part,
    last: u8,
    /// Bytes of the current line so far.
    line: usize,
    /// The beginning of the current line, in lower case.
    start: [u8; LONGEST_NAME],
    /// True after the first line that is not empty. Empty lines before a request are allowed (RFC 9112 §2.2).
    has_begun: bool,
    /// The Content-Length of this head; `None` before its line.
    length: Option<u64>,
    field: Field,
    is_chunked: bool,
    refused: Option<Framing>,
}

#[derive(Clone, Copy, Default)]
enum Part {
    #[default]
    Head,
    /// Bytes left of a body, behind which the next head begins.
    Body(u64),
    /// Behind a head whose body has no length.
    Unknown,
}

/// The field of the current line.
#[derive(Clone, Copy, Default)]
enum Field {
    #[default]
    Other,
    ContentLength,
}

impl HeadScanner {
    /// Reads on; an error means that the connection must be closed.
    pub(super) fn scan(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while let Some((&byte, behind)) = bytes.split_first() {
            match self.part {
                Part::Unknown => return Ok(()),
                Part::Head => {
                    self.scan_byte(byte)?;
                    bytes = behind;
                }
                Part::Body(left) => {
                    let read = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                    bytes = &bytes[read..];
                    self.end_head(left - read as u64);
                }
            }
        }
        Ok(())
    }

    /// The framing that a head of this connection had and that is refused.
    pub(super) fn refused_framing(&self) -> Option<Framing> {
        self.refused
    }

    /// Whether the next byte may belong to a head of which nothing is known.
    pub(super) fn is_lost(&self) -> bool {
        matches!(self.part, Part::Unknown)
    }

    fn scan_byte(&mut self, byte: u8) -> io::Result<()> {
        match byte {
            b'\n' if self.last != b'\r' => {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a bare line feed in a head"));
            }
            b'\n' => self.end_line(),
            b':' => {
                self.end_name();
                self.note(byte);
            }
            _ => {
                self.note(byte);
                if let (Field::ContentLength, b'0'..=b'9') = (self.field, byte) {
                    let so_far = self.length.unwrap_or_default();
                    self.length = Some(so_far.saturating_mul(10).saturating_add(u64::from(byte - b'0')));
                }
            }
        }
        self.last = byte;
        Ok(())
    }

    /// Takes the next byte of the line. Each one overwrites what an earlier line left in its place.
    fn note(&mut self, byte: u8) {
        if let Some(place) = self.start.get_mut(self.line) {
            *place = byte.to_ascii_lowercase();
        }
        self.line += 1;
    }

    fn end_name(&mut self) {
        match self.start.get(..self.line) {
            Some(b"content-length") => {
                if self.length.is_some() {
                    self.refused = Some(Framing::RepeatedLength);
                }
                self.field = Field::ContentLength;
                self.length = Some(0);
            }
            Some(b"transfer-encoding") => self.is_chunked = true,
            _ => {}
        }
        if self.is_chunked && self.length.is_some() {
            self.refused = Some(Framing::Both);
        }
    }

    fn end_line(&mut self) {
        // The carriage return is the only byte of an empty line.
        let is_empty = self.line == 1;
        if is_empty && self.has_begun && self.is_chunked {
            self.part = Part::Unknown;
        } else if is_empty && self.has_begun {
            self.end_head(self.length.unwrap_or_default());
        } else {
            self.has_begun |= !is_empty;
            (self.line, self.field) = (0, Field::Other);
        }
    }

    /// Goes on with the body, or with the next head when nothing of the body is left.
    fn end_head(&mut self, body_left: u64) {
        let part = if body_left == 0 { Part::Head } else { Part::Body(body_left) };
        *self = Self { part, refused: self.refused, ..Self::default() };
    }
}
