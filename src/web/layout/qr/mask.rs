//! The choice of a QR code's mask (ISO/IEC 18004 §7.8.3): the one whose pattern a camera confuses least. Rows and columns
//! are numbers here, so that one operation looks at all modules of a line.

use std::sync::OnceLock;

use num_traits::PrimInt;
use qrcode::Color;
use qrcode::canvas::{Canvas, MaskPattern};

const MASKS: [MaskPattern; 8] = [
    MaskPattern::Checkerboard,
    MaskPattern::HorizontalLines,
    MaskPattern::VerticalLines,
    MaskPattern::DiagonalLines,
    MaskPattern::LargeCheckerboard,
    MaskPattern::Fields,
    MaskPattern::Diamonds,
    MaskPattern::Meadow,
];

/// One line of modules, the first one in the lowest bit; a dark one is 1. A code of 1,024 characters is 121 modules wide.
type Line = u128;

/// The modules of a code.
pub(super) struct Modules {
    width: usize,
    rows: Vec<Line>,
    columns: Vec<Line>,
}

/// The changes that each mask makes in a code of a width, by that width. They are the same for every text, because all
/// codes have the same level of correction.
static CHANGES: [OnceLock<Vec<Modules>>; Line::BITS as usize] =
    [const { OnceLock::new() }; Line::BITS as usize];

impl Modules {
    /// Those of the canvas under the mask with the lowest penalty.
    pub(super) fn under_best_mask(canvas: &Canvas) -> Self {
        let plain = Self::of(&canvas.clone().into_colors());
        let changes = CHANGES[plain.width].get_or_init(|| {
            let masked = MASKS.map(|mask| {
                let mut canvas = canvas.clone();
                canvas.apply_mask(mask);
                Self::of(&canvas.into_colors())
            });
            masked.iter().map(|masked| masked.changed_by(&plain)).collect()
        });
        let masked = changes.iter().map(|mask| plain.changed_by(mask));
        let best = masked.map(|modules| (modules.penalty(), modules));
        // The first one of several.
        best.reduce(|best, other| if other.0 < best.0 { other } else { best }).map_or(plain, |best| best.1)
    }

    /// These with each module of the other one's dark places in the other colour.
    fn changed_by(&self, other: &Self) -> Self {
        let each =
            |one: &[Line], other: &[Line]| one.iter().zip(other).map(|(one, other)| one ^ other).collect();
        Self {
            width: self.width,
            rows: each(&self.rows, &other.rows),
            columns: each(&self.columns, &other.columns),
        }
    }

    fn of(colors: &[Color]) -> Self {
        let width = colors.len().isqrt();
        let (mut rows, mut columns) = (vec![0; width], vec![0; width]);
        for (at, color) in colors.iter().enumerate() {
            if *color == Color::Dark {
                let (y, x) = (at / width, at % width);
                rows[y] |= 1 << x;
                columns[x] |= 1 << y;
            }
        }
        Self { width, rows, columns }
    }

    /// The number of modules in a line.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Runs of dark modules in a row, each with its place and its length.
    pub(super) fn dark_runs(&self, y: usize) -> impl Iterator<Item = (usize, usize)> {
        let (mut left, mut x) = (self.rows[y], 0);
        std::iter::from_fn(move || {
            let light = left.trailing_zeros();
            left = left.checked_shr(light)?;
            let dark = left.trailing_ones();
            left = left.checked_shr(dark).unwrap_or_default();
            let run = (x + light as usize, dark as usize);
            x = run.0 + run.1;
            Some(run)
        })
    }

    /// Most codes fit into half a line, of which a processor has whole registers.
    fn penalty(&self) -> u32 {
        let fits = self.width <= u64::BITS as usize;
        self.imbalance() + if fits { self.penalty_of_lines::<u64>() } else { self.penalty_of_lines::<Line>() }
    }

    fn penalty_of_lines<L: PrimInt + TryFrom<Line>>(&self) -> u32 {
        let line = |line: &Line| L::try_from(*line).unwrap_or_else(|_| L::zero());
        let whole = L::max_value() >> (L::zero().count_zeros() as usize - self.width);
        let lines = self.rows.iter().chain(&self.columns).map(line);
        let of_lines: u32 = lines.map(|line| of_runs(line, whole >> 4) + of_finders(line)).sum();
        let pairs = self.rows.windows(2).map(|two| (line(&two[0]), line(&two[1])));
        of_lines + 3 * pairs.map(|(one, other)| blocks(one, other, whole >> 1)).sum::<u32>()
    }

    /// How far from half of the modules are dark, in half percents.
    fn imbalance(&self) -> u32 {
        let dark: u32 = self.rows.iter().map(|row| row.count_ones()).sum();
        let all = self.width * self.width;
        u32::try_from(all).map_or(0, |all| (dark * 200 / all).abs_diff(100))
    }
}

/// Each run of five modules or more of one colour counts its length less two.
fn of_runs<L: PrimInt>(line: L, places: L) -> u32 {
    let alike = !(line ^ line >> 1);
    let fives = alike & alike >> 1 & alike >> 2 & alike >> 3 & places;
    // Runs of different colours begin five modules apart, so each first five is one run.
    fives.count_ones() + 2 * (fives & !(fives << 1)).count_ones()
}

/// Each pattern like that of a corner, with four light modules beside it, counts 40.
fn of_finders<L: PrimInt>(line: L) -> u32 {
    let dark = line & line >> 2 & line >> 3 & line >> 4 & line >> 6;
    let found = dark & !(line >> 1) & !(line >> 5);
    if found.is_zero() {
        return 0;
    }
    let before = line << 1 | line << 2 | line << 3 | line << 4;
    let behind = line >> 7 | line >> 8 | line >> 9 | line >> 10;
    40 * (found & !(before & behind)).count_ones()
}

/// Squares of four modules of one colour, in two rows.
fn blocks<L: PrimInt>(one: L, other: L, places: L) -> u32 {
    let differs = one ^ one >> 1 | other ^ other >> 1 | one ^ other;
    (!differs & places).count_ones()
}
