//! One metric against another, as an SVG that reads on light and on dark ground.

use crate::command::Failure;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// A point with its standard errors.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Value and standard error to the right.
    pub x: [f64; 2],
    /// Value and standard error upwards.
    pub y: [f64; 2],
    pub label: String,
    /// Whether it is one of those that the picture is about.
    pub accent: bool,
}

/// What is drawn.
pub struct Picture<'a> {
    /// Of the axes.
    pub names: [&'a str; 2],
    /// Points that are joined.
    pub lines: Vec<Vec<Mark>>,
    /// A perfect sampler's point.
    pub truth: Option<[f64; 2]>,
}

const SIZE: (u32, u32) = (760, 480);
pub const GREY: RGBColor = RGBColor(128, 128, 128);
pub const ORANGE: RGBColor = RGBColor(232, 119, 34);
/// Height of a label's letters, and about their mean width.
pub const LETTERS: (i32, f64) = (15, 6.5);

/// Whether two boxes (left, top, right, bottom) overlap.
fn overlap(a: &[i32; 4], b: &[i32; 4]) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

/// The ends of an axis: all values, zero where it is near, and room around.
fn ends(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values
        .filter(|v| v.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    if low > high {
        return (0.0, 1.0);
    }
    let room = if high > low { 0.08 * (high - low) } else { 0.1 * high.abs().max(0.1) };
    (low - room, high + room)
}

impl Picture<'_> {
    /// The picture.
    pub fn svg(&self) -> Result<String, Failure> {
        self.draw().map_err(|e| Failure::from(format!("The picture cannot be drawn: {e}.")))
    }

    fn draw(&self) -> Result<String, Box<dyn std::error::Error>> {
        let mut svg = String::new();
        let marks = || self.lines.iter().flatten();
        let both = |place: usize| {
            let values = marks().map(move |m| if place == 0 { m.x[0] } else { m.y[0] });
            ends(values.chain(self.truth.map(|t| t[place])))
        };
        let ((left, right), (bottom, top)) = (both(0), both(1));
        {
            let root = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
            let mut chart = ChartBuilder::on(&root)
                .margin(12)
                .x_label_area_size(48)
                .y_label_area_size(70)
                .build_cartesian_2d(left..right, bottom..top)?;
            let small = ("sans-serif", LETTERS.0).into_font().color(&GREY);
            chart
                .configure_mesh()
                .light_line_style(TRANSPARENT)
                .bold_line_style(GREY.mix(0.2))
                .axis_style(GREY)
                .x_desc(self.names[0])
                .y_desc(self.names[1])
                .x_labels(8)
                .y_labels(8)
                .x_label_formatter(&|v| short(*v))
                .y_label_formatter(&|v| short(*v))
                .label_style(small.clone())
                .axis_desc_style(("sans-serif", LETTERS.0 + 2).into_font().color(&GREY))
                .draw()?;
            let mut taken: Vec<[i32; 4]> = Vec::new();
            let mut labels = Vec::new();
            if let Some([x, y]) = self.truth {
                chart.draw_series([Cross::new((x, y), 6, GREY.stroke_width(2))])?;
                labels.push((chart.backend_coord(&(x, y)), "a perfect sampler".to_owned(), GREY));
            }
            for line in &self.lines {
                let colour = if line.iter().any(|m| m.accent) { ORANGE } else { GREY };
                if line.len() > 1 {
                    let path: Vec<(f64, f64)> = line.iter().map(|m| (m.x[0], m.y[0])).collect();
                    chart.draw_series([PathElement::new(path, colour.mix(0.5).stroke_width(1))])?;
                }
                for mark in line.iter().filter(|m| m.x[0].is_finite() && m.y[0].is_finite()) {
                    let ([x, dx], [y, dy]) = (mark.x.map(finite), mark.y.map(finite));
                    let bars = [
                        PathElement::new(vec![(x - 2.0 * dx, y), (x + 2.0 * dx, y)], colour),
                        PathElement::new(vec![(x, y - 2.0 * dy), (x, y + 2.0 * dy)], colour),
                    ];
                    chart.draw_series(bars)?;
                    chart.draw_series([Circle::new((x, y), 3, colour.filled())])?;
                    labels.push((chart.backend_coord(&(x, y)), mark.label.clone(), colour));
                }
            }
            taken.extend(labels.iter().map(|((x, y), ..)| [x - 4, y - 4, x + 4, y + 4]));
            for ((x, y), text, colour) in labels {
                let width = (LETTERS.1 * text.chars().count() as f64) as i32;
                // At the corners, clear of error bars; above and below; then further away.
                let left = -6 - width;
                let places = [(6, -9), (6, 9), (left, -9), (left, 9), (-width / 2, -14), (-width / 2, 14)];
                let further = (2..6).flat_map(|i| [(6, 11 * i), (6, -11 * i), (left, 11 * i), (left, -11 * i)]);
                let boxed = |(dx, dy): (i32, i32)| [x + dx, y + dy - 7, x + dx + width, y + dy + 7];
                let inside = |b: &[i32; 4]| b[0] > 70 && b[2] < SIZE.0 as i32 && b[1] > 0 && b[3] < SIZE.1 as i32 - 50;
                let free = |b: &[i32; 4]| inside(b) && !taken.iter().any(|other| overlap(b, other));
                let place = places.into_iter().chain(further).map(boxed).find(free);
                // Where there is no room the point goes without.
                let Some(place) = place else { continue };
                let style =
                    ("sans-serif", LETTERS.0).into_font().color(&colour).pos(Pos::new(HPos::Left, VPos::Center));
                root.draw(&Text::new(text, (place[0], (place[1] + place[3]) / 2), style))?;
                taken.push(place);
            }
            root.present()?;
        }
        Ok(svg)
    }
}

/// No error bar where none is known.
fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.0 }
}

/// A tick's number without digits that say nothing.
pub fn short(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}
