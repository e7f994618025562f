//! The picture that the page shows before any script runs: the opening view at its end, as SVG in www/poster.html. A stale
//! one is rewritten, and the test fails once, as with the files of `generated`.

use super::{generated::renew, in_repository};
use crate::sampler::{class_a_starts, endpoints, shipped};
use crate::{MODELS, mixture};
use guidance_playground::plane::catalogue::schemes;
use guidance_playground::plane::distribution::{Classes, Mixture};
use guidance_playground::plane::engine::View;
use guidance_playground::sampling::Solver;
use nalgebra::Vector2;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::LazyLock;

/// Side of the picture in units of its grid.
const SIDE: f64 = 400.0;
/// What www/plane/state/lab.ts opens with.
const OPENING: [&str; 3] = ["none", "classifier-free", "autoguidance"];
const SEED: u64 = 1;
const PARTICLES: usize = 4096;
/// The paper's outline is drawn this wide.
const LINE: f64 = 0.75;
/// A particle's diameter: what www/plane/drawing/point-look.ts makes of so many.
const DOT: f64 = 1.9;

/// Places of the grid, x first.
type Dots = BTreeSet<(i32, i32)>;

/// What the page shows of the paper's tree.
static OVERVIEW: LazyLock<View> = LazyLock::new(|| View::over(mixture(Classes::AB)));

fn unit() -> f64 {
    2.0 * OVERVIEW.half_width / SIDE
}

fn place(x: f64, y: f64) -> (i32, i32) {
    let View { x: middle, y: centre, half_width, half_height } = *OVERVIEW;
    let to_grid = |offset: f64| (offset / unit()).round() as i32;
    (to_grid(x - middle + half_width), to_grid(centre + half_height - y))
}

/// Branches as lines, by their width in half units: as wide as the paper's outline is at their middle.
fn branches(class: &Mixture) -> BTreeMap<i32, String> {
    let level = class.outline_level();
    let mut lines = BTreeMap::<i32, String>::new();
    for branch in class.components().chunk_by(|a, b| a.branch == b.branch) {
        let (from, to) = (branch[0].mean, branch[branch.len() - 1].mean);
        let middle = 0.5 * (from + to);
        let across = Vector2::new(from.y - to.y, to.x - from.x).normalize();
        // Alone: where twigs lie close, each would be as wide as all of them.
        let mass: f64 = branch.iter().map(|c| c.weight).sum();
        let alone = class.part(|c| c.branch == branch[0].branch).unwrap();
        let inside = |distance: f64| alone.log_density(middle + distance * across, 0.0) + mass.ln() > level;
        if !inside(0.0) {
            continue;
        }
        let half_width = (1..).map(|step| 0.05 * f64::from(step) * unit()).find(|&distance| !inside(distance)).unwrap();
        let line = lines.entry((2.0 * 2.0 * half_width / unit()).round() as i32).or_default();
        let ((x1, y1), (x2, y2)) = (place(from.x, from.y), place(to.x, to.y));
        write!(line, "M{x1} {y1}L{x2} {y2}").unwrap();
    }
    lines
}

/// The tree as lines: wide ones in the outline's colour, and narrower ones in the region's over them.
fn tree() -> String {
    let mut text = String::from("<g id=\"poster-tree\">\n");
    for (name, classes) in [("b", Classes::B), ("a", Classes::A)] {
        let lines = branches(mixture(classes));
        for (part, wider) in [("outline", LINE), ("region", -LINE)] {
            writeln!(text, "<g stroke=\"var(--{part}-{name})\">").unwrap();
            for (half_units, line) in &lines {
                let width = (0.5 * f64::from(*half_units) + wider).max(0.0);
                writeln!(text, "<path stroke-width=\"{width}\" d=\"{line}\"/>").unwrap();
            }
            text.push_str("</g>\n");
        }
    }
    text + "</g>"
}

fn dots(points: &[[f32; 2]]) -> Dots {
    let places = points.iter().map(|&[x, y]| place(x.into(), y.into()));
    let seen = 0..=SIDE as i32;
    places.filter(|(x, y)| seen.contains(x) && seen.contains(y)).collect()
}

/// Each dot from the one before it: steps are small where dots are dense, and pack well.
fn draw(dots: &Dots) -> String {
    let mut last = (0, 0);
    let mut text = String::new();
    for &(x, y) in dots {
        write!(text, "m{} {}h0", x - last.0, y - last.1).unwrap();
        last = (x, y);
    }
    text
}

/// What `draw` drew, and the text around it.
fn read(text: &str) -> (Vec<Dots>, String) {
    let mut around = String::new();
    let mut pictures = Vec::new();
    for line in text.lines() {
        let Some((before, after)) = line.split_once("d=\"m") else {
            around += line;
            continue;
        };
        let (path, after) = after.split_once('"').unwrap_or((after, ""));
        around += before;
        around += after;
        let mut at = (0, 0);
        let steps = path.split("h0").map(|step| step.trim_start_matches('m'));
        let dots = steps.filter_map(|step| {
            let (x, y) = step.split_once(' ')?;
            at = (at.0 + x.parse::<i32>().ok()?, at.1 + y.parse::<i32>().ok()?);
            Some(at)
        });
        pictures.push(dots.collect());
    }
    (pictures, around)
}

/// How many dots of the one have no neighbour in the other.
fn alone(one: &Dots, other: &Dots) -> usize {
    let near = |&&(x, y): &&(i32, i32)| !(x - 1..=x + 1).any(|x| (y - 1..=y + 1).any(|y| other.contains(&(x, y))));
    one.iter().filter(near).count()
}

/// The same text, and dots within one unit of each other: instruction sets differ in the last digits. A particle in a
/// hundred may pass so close to a watershed between branches that these decide.
fn agree(one: &str, other: &str) -> bool {
    let ((these, text), (those, other_text)) = (read(one), read(other));
    let close = |(a, b): (&Dots, &Dots)| 100 * alone(a, b) <= a.len() && 100 * alone(b, a) <= b.len();
    text == other_text && these.len() == those.len() && these.iter().zip(&those).all(close)
}

fn poster() -> String {
    let starts = class_a_starts(SEED, PARTICLES);
    let mut text = "<!-- The opening view at its end; written by tests/native/repository/poster.rs. -->\n".to_owned();
    for (number, id) in OPENING.into_iter().enumerate() {
        let row = schemes().into_iter().find(|row| row.id == id).unwrap();
        let ends = endpoints(&shipped(&row.scheme), row.scheme.clone(), Solver::Heun, &starts);
        let (name, weight) = (row.name, row.scheme.weight);
        let caption = if row.scheme.guide.is_some() { format!("{name}, <i>w</i> = {weight}") } else { name.to_owned() };
        let tree = if number == 0 { tree() } else { "<use href=\"#poster-tree\"/>".to_owned() };
        let dots = draw(&dots(&ends));
        writeln!(
            text,
            "<figure data-choice=\"{id}\">\n<figcaption>{caption}</figcaption>\n\
             <svg viewBox=\"0 0 {SIDE} {SIDE}\" fill=\"none\" stroke-linecap=\"round\" role=\"img\" \
             aria-label=\"Where particles end: {name}\">\n\
             {tree}\n\
             <path stroke=\"var(--particle)\" stroke-width=\"{DOT}\" d=\"{dots}\"/>\n\
             </svg>\n</figure>"
        )
        .unwrap();
    }
    text
}

#[test]
fn the_pages_poster_is_the_opening_view() {
    let path = "www/poster.html";
    let found = std::fs::read_to_string(in_repository(path)).unwrap_or_default();
    let fresh = poster();
    if !agree(&found, &fresh) {
        renew(path, &fresh);
    }
}

#[test]
fn a_poster_of_other_particles_is_stale() {
    let ends = MODELS.mixture(Classes::A);
    let some = |seed| -> Vec<[f32; 2]> {
        let at = |index| ends.sample(0.0, seed, guidance_playground::random::Stream::Start, index);
        (0..500).map(at).map(|p| [p.x as f32, p.y as f32]).collect()
    };
    let text = |points: &[[f32; 2]]| format!("<path d=\"{}\"/>", draw(&dots(points)));
    let nudged: Vec<_> = some(1).iter().map(|[x, y]| [x + 0.4 * unit() as f32, *y]).collect();
    assert_eq!(read(&text(&some(1))).0, [dots(&some(1))]);
    assert!(agree(&text(&some(1)), &text(&nudged)));
    assert!(!agree(&text(&some(1)), &text(&some(2))));
    assert!(!agree(&text(&some(1)), &text(&some(1)).replace("<path", "<path stroke")));
}
