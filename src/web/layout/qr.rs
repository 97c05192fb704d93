//! A QR code as the data of one SVG path. The template draws it on white with its quiet zone.

mod mask;

use askama::filters::HtmlSafeOutput;
use qrcode::canvas::Canvas;
use qrcode::{EcLevel, QrResult, bits, ec};

use self::mask::Modules;

/// The quiet zone: empty modules around the code (ISO/IEC 18004 §9.1).
const QUIET: usize = 4;
/// Auth0's addresses have about 200 characters; longer ones would not scan well.
const MAX_LENGTH: usize = 1024;
/// Nothing hides a part of a screen, and fewer modules scan better.
const LEVEL: EcLevel = EcLevel::M;

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
        let modules = modules(uri).ok()?;
        Some(Self { size: modules.width() + 2 * QUIET, path: path(&modules) })
    }

    /// The path for the template. Nothing in it is to be escaped, and it is longer than the page around it.
    #[must_use]
    pub fn drawn(&self) -> HtmlSafeOutput<&str> {
        HtmlSafeOutput(&self.path)
    }
}

/// The code under its best mask. The library chooses the same one, and takes many times as long.
fn modules(uri: &str) -> QrResult<Modules> {
    let bits = bits::encode_auto(uri.as_bytes(), LEVEL)?;
    let version = bits.version();
    let (data, correction) = ec::construct_codewords(&bits.into_bytes(), version, LEVEL)?;
    let mut canvas = Canvas::new(version, LEVEL);
    canvas.draw_all_functional_patterns();
    canvas.draw_data(&data, &correction);
    Ok(Modules::under_best_mask(&canvas))
}

fn path(modules: &Modules) -> String {
    let numbers: Vec<String> = (0..=modules.width() + QUIET).map(|number| number.to_string()).collect();
    // About half of all modules begin or end a run, and a run takes at most twelve characters.
    let mut path = String::with_capacity(modules.width() * modules.width() * 4);
    for y in 0..modules.width() {
        for (x, length) in modules.dark_runs(y) {
            let place = ["M", &numbers[x + QUIET], " ", &numbers[y + QUIET], ".5h", &numbers[length]];
            path.extend(place);
        }
    }
    path
}
