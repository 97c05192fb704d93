//! Decodes the QR code on a page, as a phone's camera would.

use std::collections::HashSet;

use mfa_portal::internals::Qr;
use proptest::prelude::*;
use qrcode::{EcLevel, QrCode};

use crate::support::Page;

pub(super) struct Picture {
    pub(super) size: usize,
    dark: Vec<(usize, usize)>,
}

impl Picture {
    /// Reads the page's SVG, a path of horizontal lines `M<x> <y>.5h<length>`.
    pub(super) fn of(page: &Page) -> Self {
        let view = page.attr("svg.qr", "viewBox").unwrap();
        let view: Vec<usize> = view.split(' ').map(|number| number.parse().unwrap()).collect();
        assert_eq!((view[0], view[1], view[2]), (0, 0, view[3]), "a square");
        let path = page.attr("svg.qr path", "d").unwrap();
        Self { size: view[2], dark: dark(&path) }
    }

    /// The first and last dark column and row.
    pub(super) fn bounds(&self) -> ((usize, usize), (usize, usize)) {
        let (left, top) = (self.dark.iter().map(|it| it.0).min(), self.dark.iter().map(|it| it.1).min());
        let (right, bottom) = (self.dark.iter().map(|it| it.0).max(), self.dark.iter().map(|it| it.1).max());
        ((left.unwrap(), top.unwrap()), (right.unwrap(), bottom.unwrap()))
    }
}

fn dark(path: &str) -> Vec<(usize, usize)> {
    path.split('M').filter(|line| !line.is_empty()).flat_map(line).collect()
}

fn line(text: &str) -> Vec<(usize, usize)> {
    let (start, length) = text.split_once('h').unwrap();
    let (x, y) = start.split_once(' ').unwrap();
    let (x, y): (usize, usize) = (x.parse().unwrap(), y.strip_suffix(".5").unwrap().parse().unwrap());
    (x..x + length.parse::<usize>().unwrap()).map(|x| (x, y)).collect()
}

/// The text in the page's QR code.
pub(super) fn read(page: &Page) -> String {
    const SCALE: usize = 4;
    let picture = Picture::of(page);
    let width = picture.size * SCALE;
    let mut image = rqrr::PreparedImage::prepare_from_bitmap(width, width, |x, y| {
        picture.dark.contains(&(x / SCALE, y / SCALE))
    });
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1, "one code on the page");
    grids[0].decode().unwrap().1
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_code_is_the_one_that_the_library_draws(rest in "[ -~]{0,900}") {
        let uri = format!("otpauth://totp/{rest}");
        let drawn = Qr::of(&uri).unwrap();
        let code = QrCode::with_error_correction_level(&uri, EcLevel::M).unwrap();
        let quiet = (drawn.size - code.width()) / 2;
        let dark: HashSet<_> = dark(&drawn.path).into_iter().collect();
        prop_assert_eq!(quiet, 4);
        for (at, color) in code.to_colors().into_iter().enumerate() {
            let place = (at % code.width() + quiet, at / code.width() + quiet);
            prop_assert_eq!(dark.contains(&place), color == qrcode::Color::Dark, "{:?} of {:?}", place, uri);
        }
    }
}
