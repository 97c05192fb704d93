//! A QR code as the data of one SVG path. The template draws it on white with its quiet zone.

use qrcode::{Color, EcLevel, QrCode};

/// The quiet zone: empty modules around the code (ISO/IEC 18004 §9.1).
const QUIET: usize = 4;
/// Auth0's addresses have about 200 characters; longer ones would not scan well.
const MAX_LENGTH: usize = 1024;

/// A QR code to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qr {
    /// Width and height, quiet zone included.
    pub size: usize,
    /// One horizontal line for each run of dark modules.
    pub path: String,
}

impl Qr {
    /// The code for an `otpauth:` address. Anything else is not drawn.
    #[must_use]
    pub fn of(uri: &str) -> Option<Self> {
        if !uri.starts_with("otpauth://") || uri.len() > MAX_LENGTH {
            return None;
        }
        // Level M: nothing hides a part of a screen, and fewer modules scan better.
        let code = QrCode::with_error_correction_level(uri, EcLevel::M).ok()?;
        let width = code.width();
        let path = code.to_colors().chunks(width).enumerate().map(|(y, row)| line(y, row)).collect();
        Some(Self { size: width + 2 * QUIET, path })
    }
}

fn line(y: usize, row: &[Color]) -> String {
    let mut x = QUIET;
    let runs = row.chunk_by(|a, b| a == b).map(|run| {
        let start = x;
        x += run.len();
        if run[0] == Color::Dark { format!("M{start} {}.5h{}", y + QUIET, run.len()) } else { String::new() }
    });
    runs.collect()
}
