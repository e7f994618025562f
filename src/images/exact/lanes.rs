//! The exact model in f32: lanes are pictures. A tile is 16 of them.
//!
//! With the mean colour m a picture is T = 2 (H + (1 - a)(b - m)), where a is how opaque the figure is and H = G - a m what it adds
//! beside the mean colour. H and a are 0 where no figure is, so that of each row of pixels only those are visited that a group of
//! figures covers. All that is asked of a noisy picture x are products of its rows with H and with a, and of a posterior their sums.
//!
//! Precision: what decides between pictures are differences of x.T - |T|^2/2, divided by sigma^2. Sums are made row by row of
//! pixels, which rounds these differences by some 5e-5, and the greatest is taken away before the division. Where noise of that
//! level leads, D and log-densities are then within 1e-5 of the definition: a logarithm is off by some 5e-5/sigma^2, but below a
//! sigma of 1 nearly every x is decided by many nats. Between two pictures, where it is not, D is as uncertain as the logarithm.
//! Log-densities take the likeliest picture's part in f64.

use super::{Exact, Row, log_normaliser};
use crate::error::Result;
use crate::images::network::TILE_PICTURES;
use crate::images::world::SCALE;
use crate::images::{NUMBERS, Prompt, SIDE, World};
use crate::lanes::{Block, Buffer, Kernel, Lanes, dispatch, each, exp};
use std::ops::Range;
use std::sync::Arc;

const TILE: usize = TILE_PICTURES;
/// Numbers of a pixel of a tile.
const PIXEL: usize = 3 * TILE;
/// Figures that are packed together.
const GROUP: usize = 4;
/// Numbers of a figure's pixel: what it adds of red, green and blue, and how opaque it is.
const CELL: usize = 4;
/// Numbers of a group's sums.
const SUMS: usize = GROUP * CELL * TILE;
/// A weight below this, of the greatest of 1, is none. Thousands of such weights are less than what f32 rounds off.
const LEAST: f32 = 1e-12;
/// In place of a logarithm, of the figures that fill up the last group.
const NOTHING: f32 = -1e30;

/// What some figures cover.
struct Group {
    rows: Range<usize>,
    columns: Range<usize>,
}

/// The exact model of a prompt in the form that tiles are evaluated with.
pub struct ExactLanes {
    world: Arc<World>,
    rows: Vec<Row>,
    backgrounds: Vec<Background>,
    groups: Vec<Group>,
    /// Row of pixels by row, group by group of those that cover some of it, figure by figure: a cell for each of its columns.
    packed: Buffer,
}

/// A background that a prompt allows.
struct Background {
    log_share: f64,
    /// From 0 to 1.
    colour: [f64; 3],
    /// b - m.
    beside: [f32; 3],
}

/// What depends on a noise level.
pub struct ExactLevel {
    sigma: f64,
    /// Of each figure and background sigma^2 log p - |T|^2/2.
    offsets: Vec<f32>,
}

/// Room for a tile.
pub struct ExactWorkspace {
    /// Of each colour the sum of a picture.
    plain: Buffer,
    /// Of each figure, for each number of its cells: products with x, then factors in D.
    sums: Buffer,
    /// Of each figure and background the logarithm of the weight, times sigma^2, up to a number of each picture.
    logs: Buffer,
    /// Sums of weights, the greatest of which is 1.
    totals: [f32; TILE],
}

impl ExactLanes {
    /// Prepare the model of what a prompt allows.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) if there is no such picture.
    pub fn new(world: &Arc<World>, prompt: Prompt) -> Result<Self> {
        let Exact { rows, backgrounds, .. } = Exact::new(world, prompt)?;
        let mean = world.mean();
        let cell = |(colour, clear): ([f64; 3], f64)| {
            let opaque = 1.0 - clear;
            let [red, green, blue] = [0, 1, 2].map(|c| (colour[c] - opaque * mean[c]) as f32);
            [red, green, blue, opaque as f32]
        };
        let cells: Vec<Vec<[f32; CELL]>> =
            rows.iter().map(|row| world.figures[row.figure].pixels().map(cell).collect()).collect();
        let groups: Vec<Group> = cells.chunks(GROUP).map(Group::of).collect();
        let mut packed = Vec::new();
        for y in 0..SIDE {
            for (group, figures) in groups.iter().zip(cells.chunks(GROUP)).filter(|(group, _)| group.rows.contains(&y))
            {
                for figure in 0..GROUP {
                    let cell = |x| figures.get(figure).map_or([0.0; CELL], |cells| cells[y * SIDE + x]);
                    packed.extend(group.columns.clone().flat_map(cell));
                }
            }
        }
        let mut buffer = Buffer::zeros(packed.len());
        buffer.copy_from_slice(&packed);
        let background = |(_, log_share, colour): (usize, f64, [f64; 3])| {
            let beside = [0, 1, 2].map(|c| (colour[c] - mean[c]) as f32);
            Background { log_share, colour, beside }
        };
        let backgrounds = backgrounds.into_iter().map(background).collect();
        Ok(Self { world: Arc::clone(world), rows, backgrounds, groups, packed: buffer })
    }

    /// Room for a tile.
    pub fn workspace(&self) -> ExactWorkspace {
        let figures = GROUP * self.groups.len();
        ExactWorkspace {
            plain: Buffer::zeros(PIXEL),
            sums: Buffer::zeros(figures * CELL * TILE),
            logs: Buffer::zeros(figures * self.backgrounds.len() * TILE),
            totals: [0.0; TILE],
        }
    }

    /// What noise level `sigma` above 0 says.
    pub fn level(&self, sigma: f64) -> ExactLevel {
        let count = self.backgrounds.len();
        let mut offsets = vec![NOTHING; GROUP * self.groups.len() * count];
        for (offsets, row) in offsets.chunks_exact_mut(count).zip(&self.rows) {
            for ((offset, square), background) in offsets.iter_mut().zip(&row.squares).zip(&self.backgrounds) {
                *offset = (sigma * sigma * (row.log_share + background.log_share) - 0.5 * square) as f32;
            }
        }
        ExactLevel { sigma, offsets }
    }

    /// D of a tile `x` of [`NUMBERS`] x 16 numbers, the pictures fastest, into `out`.
    ///
    /// # Panics
    /// If either has another length, or level or workspace are another model's.
    pub fn evaluate(&self, level: &ExactLevel, workspace: &mut ExactWorkspace, x: &[f32], out: &mut [f32]) {
        assert!(x.len() == NUMBERS * TILE && out.len() == NUMBERS * TILE, "a tile is 16 pictures");
        let figures = GROUP * self.groups.len();
        let all = figures * self.backgrounds.len();
        assert!(
            level.offsets.len() == all && workspace.logs.len() == all * TILE,
            "level and workspace are the model's"
        );
        dispatch(Products { model: self, x, workspace });
        dispatch(Weigh { model: self, level, workspace });
        let seen = |sums: &[f32]| sums.chunks_exact(CELL * TILE).any(|of| of[..TILE].iter().any(|&w| w > 0.0));
        let seen: Vec<bool> = workspace.sums.chunks_exact(SUMS).map(seen).collect();
        dispatch(Means { model: self, seen: &seen, workspace, out });
    }

    /// Of a tile `x` and every picture T that the prompt allows x.T - |T|^2/2, figure by figure, for each background: the greatest is
    /// that of the nearest.
    pub(in crate::images) fn affinities(&self, workspace: &mut ExactWorkspace, x: &[f32]) -> Vec<[f32; TILE]> {
        dispatch(Products { model: self, x, workspace });
        let plain = workspace.plain.as_chunks::<TILE>().0;
        let mut all = Vec::with_capacity(self.rows.len() * self.backgrounds.len());
        for (row, sums) in self.rows.iter().zip(workspace.sums.chunks_exact(CELL * TILE)) {
            let sums = sums.as_chunks::<TILE>().0;
            for (square, Background { beside, .. }) in row.squares.iter().zip(&self.backgrounds) {
                all.push(std::array::from_fn(|lane| {
                    let [x, y, z] = [0, 1, 2].map(|c| beside[c] * (plain[c][lane] - sums[1 + c][lane]));
                    (sums[0][lane] + x + y + z) / SCALE as f32 - 0.5 * *square as f32
                }));
            }
        }
        all
    }

    /// Log-densities of the pictures of the tile `x` that was evaluated last.
    ///
    /// # Panics
    /// If it has another length.
    pub fn log_densities(&self, level: &ExactLevel, workspace: &ExactWorkspace, x: &[f32]) -> [f64; TILE] {
        assert!(x.len() == NUMBERS * TILE, "a tile is 16 pictures");
        let mut likeliest = [(f32::NEG_INFINITY, 0); TILE];
        for (j, logs) in workspace.logs.as_chunks::<TILE>().0.iter().enumerate() {
            for (likeliest, &log) in likeliest.iter_mut().zip(logs) {
                *likeliest = if log > likeliest.0 { (log, j) } else { *likeliest };
            }
        }
        let variance = level.sigma * level.sigma;
        std::array::from_fn(|lane| {
            let (_, j) = likeliest[lane];
            let (row, background) =
                (&self.rows[j / self.backgrounds.len()], &self.backgrounds[j % self.backgrounds.len()]);
            let picture = self.world.on_background(&self.world.figures[row.figure], background.colour);
            let apart = |(t, &x): (f64, &f32)| (f64::from(x) - t) * (f64::from(x) - t);
            let square: f64 = picture.into_iter().zip(x[lane..].iter().step_by(TILE)).map(apart).sum();
            let own = row.log_share + background.log_share - square / (2.0 * variance);
            own + f64::from(workspace.totals[lane]).ln() + log_normaliser(variance)
        })
    }
}

impl Group {
    /// Of some figures' pixels.
    fn of(figures: &[Vec<[f32; CELL]>]) -> Self {
        let covered = |y: usize, x: usize| figures.iter().any(|cells| cells[y * SIDE + x] != [0.0; CELL]);
        let range = |seen: &dyn Fn(usize) -> bool| {
            let mut all = (0..SIDE).filter(|&i| seen(i));
            all.next().map_or(0..0, |first| first..all.next_back().unwrap_or(first) + 1)
        };
        Self {
            rows: range(&|y| (0..SIDE).any(|x| covered(y, x))),
            columns: range(&|x| (0..SIDE).any(|y| covered(y, x))),
        }
    }
}

/// Products of a tile with all figures, and its sums.
struct Products<'a> {
    model: &'a ExactLanes,
    x: &'a [f32],
    workspace: &'a mut ExactWorkspace,
}

impl Kernel for Products<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        match L::BLOCK {
            Block::FourBySix => self.of::<L, 4>(l),
            _ => self.of::<L, 2>(l),
        }
    }
}

impl Products<'_> {
    /// With so many figures at once: their sums, six each, are to stay in registers.
    #[inline(always)]
    fn of<L: Lanes, const HIGH: usize>(self, l: L) {
        let Self { model, x, workspace: ExactWorkspace { plain, sums, .. } } = self;
        let zero = l.splat(0.0);
        sums.fill(0.0);
        plain.fill(0.0);
        let mut packed = &model.packed[..];
        for (y, row) in x.chunks_exact(SIDE * PIXEL).enumerate() {
            for at in (0..PIXEL).step_by(L::N) {
                let mut sum = zero;
                for pixel in row.chunks_exact(PIXEL) {
                    sum = l.add(sum, l.load(&pixel[at..]));
                }
                l.store(l.add(l.load(&plain[at..]), sum), &mut plain[at..]);
            }
            for (group, sums) in model.groups.iter().zip(sums.chunks_exact_mut(SUMS)) {
                if y < group.rows.start || y >= group.rows.end {
                    continue;
                }
                let width = group.columns.end - group.columns.start;
                let pixels = &row[group.columns.start * PIXEL..][..width * PIXEL];
                let (cells, rest) = packed.split_at(GROUP * CELL * width);
                packed = rest;
                for first in (0..GROUP).step_by(HIGH) {
                    let cells = &cells[first * CELL * width..][..HIGH * CELL * width];
                    for lane in (0..TILE).step_by(L::N) {
                        let mut own = [zero; 3 * GROUP];
                        let mut with_opaque = [zero; 3 * GROUP];
                        for pixel in 0..width {
                            let mut v = [zero; 3];
                            each!(c < 3, {
                                // SAFETY: pixel < width, and a vector of lanes ends with its colour.
                                v[c] = unsafe { l.load_at(pixels, pixel * PIXEL + c * TILE + lane) };
                            });
                            each!(h < HIGH, {
                                let cell = (h * width + pixel) * CELL;
                                each!(c < 3, {
                                    // SAFETY: h < HIGH and pixel < width.
                                    let colour = unsafe { l.splat_at(cells, cell + c) };
                                    own[3 * h + c] = l.mul_add(colour, v[c], own[3 * h + c]);
                                });
                                // SAFETY: as above.
                                let opaque = unsafe { l.splat_at(cells, cell + 3) };
                                each!(c < 3, {
                                    with_opaque[3 * h + c] = l.mul_add(opaque, v[c], with_opaque[3 * h + c]);
                                });
                            });
                        }
                        each!(h < HIGH, {
                            let sums = &mut sums[(first + h) * CELL * TILE + lane..];
                            let sum = l.add(l.add(own[3 * h], own[3 * h + 1]), own[3 * h + 2]);
                            l.store(l.add(l.load(sums), sum), sums);
                            each!(c < 3, {
                                let sums = &mut sums[(1 + c) * TILE..];
                                l.store(l.add(l.load(sums), with_opaque[3 * h + c]), sums);
                            });
                        });
                    }
                }
            }
        }
    }
}

/// Posterior weights of pictures: those of figures in place of their first sums, and times the backgrounds' colours of the others.
struct Weigh<'a> {
    model: &'a ExactLanes,
    level: &'a ExactLevel,
    workspace: &'a mut ExactWorkspace,
}

impl Kernel for Weigh<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let ExactWorkspace { plain, sums, logs, totals } = self.workspace;
        let backgrounds = &self.model.backgrounds;
        let (zero, scale) = (l.splat(0.0), l.splat((1.0 / SCALE) as f32));
        let inverse = l.splat((1.0 / (self.level.sigma * self.level.sigma)) as f32);
        for lane in (0..TILE).step_by(L::N) {
            let mut greatest = l.splat(NOTHING);
            let figures = sums.chunks_exact(CELL * TILE).zip(logs.chunks_exact_mut(backgrounds.len() * TILE));
            for ((sums, logs), offsets) in figures.zip(self.level.offsets.chunks_exact(backgrounds.len())) {
                let mut seen = [zero; 3];
                each!(
                    c < 3,
                    seen[c] = l.sub(l.load(&plain[c * TILE + lane..]), l.load(&sums[(1 + c) * TILE + lane..]))
                );
                for ((background, log), offset) in backgrounds.iter().zip(logs.chunks_exact_mut(TILE)).zip(offsets) {
                    let mut product = l.load(&sums[lane..]);
                    each!(c < 3, product = l.mul_add(l.splat(background.beside[c]), seen[c], product));
                    let value = l.mul_add(scale, product, l.splat(*offset));
                    l.store(value, &mut log[lane..]);
                    greatest = l.max(greatest, value);
                }
            }
            let (mut total, mut behind) = (zero, [zero; 3]);
            for (sums, logs) in sums.chunks_exact_mut(CELL * TILE).zip(logs.chunks_exact(backgrounds.len() * TILE)) {
                let (mut weight, mut coloured) = (zero, [zero; 3]);
                for (background, log) in backgrounds.iter().zip(logs.chunks_exact(TILE)) {
                    let own = exp(l, l.mul(inverse, l.sub(l.load(&log[lane..]), greatest)));
                    let own = l.max(l.sub(own, l.splat(LEAST)), zero);
                    weight = l.add(weight, own);
                    each!(c < 3, coloured[c] = l.mul_add(own, l.splat(background.beside[c]), coloured[c]));
                }
                total = l.add(total, weight);
                l.store(weight, &mut sums[lane..]);
                each!(c < 3, {
                    behind[c] = l.add(behind[c], coloured[c]);
                    l.store(coloured[c], &mut sums[(1 + c) * TILE + lane..]);
                });
            }
            let share = l.div(scale, total);
            for sums in sums.chunks_exact_mut(TILE) {
                l.store(l.mul(l.load(&sums[lane..]), share), &mut sums[lane..]);
            }
            each!(c < 3, l.store(l.mul(behind[c], share), &mut plain[c * TILE + lane..]));
            l.store(total, &mut totals[lane..]);
        }
    }
}

/// Sums of pictures by their weights.
struct Means<'a> {
    model: &'a ExactLanes,
    /// The groups of which some figure has a weight in some lane.
    seen: &'a [bool],
    workspace: &'a ExactWorkspace,
    out: &'a mut [f32],
}

impl Kernel for Means<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        match L::BLOCK {
            Block::FourBySix => self.of::<L, 4>(l),
            _ => self.of::<L, 2>(l),
        }
    }
}

impl Means<'_> {
    /// With so many figures at once: their factors, four each, are to stay in registers.
    #[inline(always)]
    fn of<L: Lanes, const HIGH: usize>(self, l: L) {
        let Self { model, seen, workspace: ExactWorkspace { plain, sums, .. }, out } = self;
        let zero = l.splat(0.0);
        let mut packed = &model.packed[..];
        for (y, row) in out.chunks_exact_mut(SIDE * PIXEL).enumerate() {
            for pixel in row.chunks_exact_mut(PIXEL) {
                pixel.copy_from_slice(plain);
            }
            for ((group, sums), seen) in model.groups.iter().zip(sums.chunks_exact(SUMS)).zip(seen) {
                if y < group.rows.start || y >= group.rows.end {
                    continue;
                }
                let width = group.columns.end - group.columns.start;
                let (cells, rest) = packed.split_at(GROUP * CELL * width);
                packed = rest;
                if !seen {
                    continue;
                }
                let pixels = &mut row[group.columns.start * PIXEL..][..width * PIXEL];
                for first in (0..GROUP).step_by(HIGH) {
                    let cells = &cells[first * CELL * width..][..HIGH * CELL * width];
                    for lane in (0..TILE).step_by(L::N) {
                        let mut factors = [zero; CELL * GROUP];
                        each!(h < HIGH, {
                            each!(i < CELL, {
                                factors[CELL * h + i] = l.load(&sums[((first + h) * CELL + i) * TILE + lane..]);
                            });
                        });
                        for pixel in 0..width {
                            let mut v = [zero; 3];
                            each!(c < 3, {
                                // SAFETY: pixel < width, and a vector of lanes ends with its colour.
                                v[c] = unsafe { l.load_at(pixels, pixel * PIXEL + c * TILE + lane) };
                            });
                            each!(h < HIGH, {
                                let cell = (h * width + pixel) * CELL;
                                // SAFETY: h < HIGH and pixel < width.
                                let opaque = unsafe { l.splat_at(cells, cell + 3) };
                                each!(c < 3, {
                                    // SAFETY: as above.
                                    let colour = unsafe { l.splat_at(cells, cell + c) };
                                    v[c] = l.mul_add(colour, factors[CELL * h], v[c]);
                                    v[c] = l.neg_mul_add(opaque, factors[CELL * h + 1 + c], v[c]);
                                });
                            });
                            each!(c < 3, {
                                // SAFETY: as above.
                                unsafe { l.store_at(v[c], pixels, pixel * PIXEL + c * TILE + lane) };
                            });
                        }
                    }
                }
            }
        }
    }
}
