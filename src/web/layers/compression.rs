//! Compresses answers for browsers that ask for it (gzip, RFC 9110 §8.4.1.3).

use axum::http::{Extensions, HeaderMap, StatusCode, Version};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

use super::deep_link::ShowsAnAddress;

/// By measure, with a list of 6,231 bytes. A compressor that is kept for the next page would save 8 µs, and hold the last
/// pages' secrets in its window, which is wiped now.
///
/// | level | 1 | 2 | 3 | 4 | 6 | 9 |
/// |---|---|---|---|---|---|---|
/// | bytes | 2,235 | 1,747 | 1,675 | 1,665 | 1,646 | 1,657 |
/// | µs | 23 | 37 | 47 | 50 | 49 | 63 |
const LEVEL: CompressionLevel = CompressionLevel::Precise(2);
/// A shorter answer fits into one packet as it is.
const SHORTEST: u64 = 1_200;

/// The layer that compresses.
pub(crate) fn compression() -> CompressionLayer<impl Predicate> {
    let longer = SizeAbove::new(SHORTEST).and(NotForContentType::IMAGES);
    CompressionLayer::new().quality(LEVEL).compress_when(longer.and(shows_no_address))
}

/// The compressed length of an address of a stranger's choice beside a form's token would tell which characters the two
/// have in common (BREACH).
fn shows_no_address(_: StatusCode, _: Version, _: &HeaderMap, extensions: &Extensions) -> bool {
    extensions.get::<ShowsAnAddress>().is_none()
}
