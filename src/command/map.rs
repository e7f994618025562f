//! One metric over two things that were varied, as an SVG that reads on light and on dark ground.

use crate::command::Failure;
use crate::command::picture::{GREY, LETTERS, ORANGE, short};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// A value, and what a perfect sampler gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Places along the axes.
    pub at: [usize; 2],
    pub value: f64,
    /// Mean and spread of a perfect sampler's; no number where none is known, as of costs.
    pub floor: [f64; 2],
}

/// What is drawn.
pub struct Map<'a> {
    /// What the values are of.
    pub name: &'a str,
    /// What was varied: to the right, and upwards.
    pub axes: [Axis; 2],
    pub cells: Vec<Cell>,
}

/// Something that was varied, and its values in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    pub name: String,
    pub values: Vec<String>,
}

const SIZE: (i32, i32) = (760, 480);
/// Left, top, right and bottom of the cells.
const FRAME: [i32; 4] = [90, 70, 740, 420];
/// Of the scale of colours: left, top, right and bottom.
const SCALE: [i32; 4] = [90, 14, 390, 26];
const SHADES: i32 = 40;
/// So many of the floor's standard deviations a perfect sampler's metric may well be off, as on the page.
const FLOOR_WIDTH: f64 = 2.0;
/// The least share of colour, which tells a cell from none.
const FAINT: f64 = 0.06;
/// Log-densities farther below zero than this are drawn by their logarithms.
const STRAIGHT: f64 = -40.0;

impl Cell {
    /// Whether it cannot be told from a perfect sampler's.
    pub fn is_perfect(&self) -> bool {
        let [mean, spread] = self.floor;
        (self.value - mean).abs() <= FLOOR_WIDTH * spread
    }
}

impl Map<'_> {
    /// The picture.
    pub fn svg(&self) -> Result<String, Failure> {
        self.draw().map_err(|e| Failure::from(format!("The map cannot be drawn: {e}.")))
    }

    fn draw(&self) -> Result<String, Box<dyn std::error::Error>> {
        let values = || self.cells.iter().map(|cell| cell.value);
        let (least, greatest) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
        let bend = |v: f64| if least < STRAIGHT { v.signum() * v.abs().ln_1p() } else { v };
        let range = bend(greatest) - bend(least);
        let share = |v: f64| if range > 0.0 { (bend(v) - bend(least)) / range } else { 0.0 };
        let colour = |share: f64| ORANGE.mix(FAINT + (1.0 - FAINT) * share).filled();
        let mut svg = String::new();
        {
            let root = SVGBackend::with_string(&mut svg, (SIZE.0 as u32, SIZE.1 as u32)).into_drawing_area();
            let [left, top, right, bottom] = SCALE;
            for shade in 0..SHADES {
                let x = |place: i32| left + (right - left) * place / SHADES;
                let at = (f64::from(shade) + 0.5) / f64::from(SHADES);
                root.draw(&Rectangle::new([(x(shade), top), (x(shade + 1), bottom)], colour(at)))?;
            }
            text(&root, &short(least), (left, bottom + 4), (HPos::Left, VPos::Top))?;
            text(&root, &short(greatest), (right, bottom + 4), (HPos::Right, VPos::Top))?;
            text(&root, self.name, ((left + right) / 2, bottom + 4), (HPos::Center, VPos::Top))?;
            let [left, top, right, bottom] = FRAME;
            let [columns, rows] = [0, 1].map(|axis| self.axes[axis].values.len() as i32);
            let x = |place: i32| left + (right - left) * place / columns;
            let y = |place: i32| bottom - (bottom - top) * place / rows;
            for cell in &self.cells {
                let [column, row] = cell.at.map(|place| place as i32);
                let corners = [(x(column), y(row + 1)), (x(column + 1) - 1, y(row) - 1)];
                root.draw(&Rectangle::new(corners, colour(share(cell.value))))?;
                if cell.is_perfect() {
                    let middle = ((x(column) + x(column + 1)) / 2, (y(row) + y(row + 1)) / 2);
                    root.draw(&Circle::new(middle, 4, WHITE.filled()))?;
                    root.draw(&Circle::new(middle, 4, GREY.stroke_width(2)))?;
                }
            }
            if self.cells.iter().any(Cell::is_perfect) {
                let (at, words) = ((right - 8, 20), "cannot be told from a perfect sampler");
                text(&root, words, (at.0 - 10, at.1), (HPos::Right, VPos::Center))?;
                root.draw(&Circle::new(at, 4, WHITE.filled()))?;
                root.draw(&Circle::new(at, 4, GREY.stroke_width(2)))?;
            }
            let [across, up] = &self.axes;
            let wide = across.values.iter().map(|v| v.chars().count()).max().unwrap_or(1);
            for place in (0..columns).step_by(thinning(columns, right - left, (LETTERS.1 * wide as f64) as i32 + 12)) {
                let middle = (x(place) + x(place + 1)) / 2;
                text(&root, &across.values[place as usize], (middle, bottom + 6), (HPos::Center, VPos::Top))?;
            }
            for place in (0..rows).step_by(thinning(rows, bottom - top, LETTERS.0 + 4)) {
                let middle = (y(place) + y(place + 1)) / 2;
                text(&root, &up.values[place as usize], (left - 8, middle), (HPos::Right, VPos::Center))?;
            }
            text(&root, &across.name, ((left + right) / 2, bottom + 30), (HPos::Center, VPos::Top))?;
            text(&root, &up.name, (left - 8, top - 6), (HPos::Right, VPos::Bottom))?;
            root.present()?;
        }
        Ok(svg)
    }
}

/// Every so many labels of `count` in so many pixels are written, so that each has room for its own.
fn thinning(count: i32, room: i32, each: i32) -> usize {
    (count * each).div_euclid(room) as usize + 1
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

fn text(
    root: &Area,
    words: &str,
    at: (i32, i32),
    (across, up): (HPos, VPos),
) -> Result<(), Box<dyn std::error::Error>> {
    let style = ("sans-serif", LETTERS.0).into_font().color(&GREY).pos(Pos::new(across, up));
    root.draw(&Text::new(words.to_owned(), at, style)).map_err(|e| e.to_string().into())
}
