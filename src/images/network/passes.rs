//! Passes over the numbers between layers, and what becomes of the sums of products.

use super::evaluate::{map, place};
use super::lanes::TILE_PICTURES;
use super::{DRAWN, MAPS, NORM_EPSILON, PATCH, RESIDUAL, WIDE, parts};
use crate::lanes::{Kernel, Lanes, Strips, exp, silu};

const TILE: usize = TILE_PICTURES;

/// As they are.
pub(super) struct Store<'a> {
    pub to: &'a mut [f32],
    pub plane: usize,
}

impl Strips for Store<'_> {
    #[inline(always)]
    fn put<L: Lanes>(&mut self, l: L, row: usize, at: usize, sum: L::V) {
        l.store(sum, &mut self.to[row * self.plane + at..]);
    }
}

/// Added to what is there, as a block's own part.
pub(super) struct Added<'a> {
    pub to: &'a mut [f32],
    pub plane: usize,
}

impl Strips for Added<'_> {
    #[inline(always)]
    fn put<L: Lanes>(&mut self, l: L, row: usize, at: usize, sum: L::V) {
        let [keep, own] = parts(RESIDUAL).map(|v| v as f32);
        let to = &mut self.to[row * self.plane + at..];
        let kept = l.mul(l.splat(keep), l.load(to));
        l.store(l.mul_add(l.splat(own), sum, kept), to);
    }
}

/// Where a number of a plane stands with zeros around.
#[inline(always)]
fn padded(side: usize, at: usize) -> usize {
    let (y, rest) = (at / (side * TILE), at % (side * TILE));
    ((y + 1) * (side + 2) + 1) * TILE + rest
}

/// What the pictures that begin at number `at` of a channel's plane are multiplied by.
#[inline(always)]
fn factor<L: Lanes>(l: L, factors: &[f32], row: usize, at: usize) -> L::V {
    l.add(l.splat(1.0), l.load(&factors[row * TILE + at % TILE..]))
}

/// Times the channel's factor, and through silu, with zeros around.
pub(super) struct Activated<'a> {
    pub factors: &'a [f32],
    pub side: usize,
    pub to: &'a mut [f32],
}

impl Strips for Activated<'_> {
    #[inline(always)]
    fn put<L: Lanes>(&mut self, l: L, row: usize, at: usize, sum: L::V) {
        let plane = (self.side + 2) * (self.side + 2) * TILE;
        let value = silu(l, l.mul(factor(l, self.factors, row, at), sum)).0;
        l.store(value, &mut self.to[row * plane + padded(self.side, at)..]);
    }
}

/// Times the channel's factor, beside what comes from below.
pub(super) struct Joined<'a> {
    pub factors: &'a [f32],
    pub half: &'a [f32],
    pub side: usize,
    pub to: &'a mut [f32],
}

impl Strips for Joined<'_> {
    #[inline(always)]
    fn put<L: Lanes>(&mut self, l: L, row: usize, at: usize, sum: L::V) {
        let [from_below, own] = parts(0.5).map(|v| v as f32);
        let (side, pixel, lane) = (self.side, at / TILE, at % TILE);
        let below = (row * side / 2 + pixel / side / 2) * (side / 2) + pixel % side / 2;
        let below = l.mul(l.splat(from_below), l.load(&self.half[below * TILE + lane..]));
        let gated = l.mul(factor(l, self.factors, row, at), sum);
        let value = l.mul_add(l.splat(own), gated, below);
        l.store(value, &mut self.to[row * side * side * TILE + at..]);
    }
}

/// Through silu.
pub(super) struct Seen<'a> {
    pub to: &'a mut [f32],
    pub plane: usize,
}

impl Strips for Seen<'_> {
    #[inline(always)]
    fn put<L: Lanes>(&mut self, l: L, row: usize, at: usize, sum: L::V) {
        l.store(silu(l, sum).0, &mut self.to[row * self.plane + at..]);
    }
}

/// Probabilities of logits.
pub(super) struct Softmax<'a> {
    pub numbers: &'a mut [f32],
}

impl Kernel for Softmax<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        for lane in (0..TILE).step_by(L::N) {
            let mut most = l.load(&self.numbers[lane..]);
            for word in self.numbers.chunks_exact(TILE) {
                most = l.max(most, l.load(&word[lane..]));
            }
            let mut total = l.splat(0.0);
            for word in self.numbers.chunks_exact_mut(TILE) {
                let weight = exp(l, l.sub(l.load(&word[lane..]), most));
                total = l.add(total, weight);
                l.store(weight, &mut word[lane..]);
            }
            for word in self.numbers.chunks_exact_mut(TILE) {
                l.store(l.div(l.load(&word[lane..]), total), &mut word[lane..]);
            }
        }
    }
}

/// A drawing, in place of its subject.
pub(super) struct Draw<'a> {
    pub subject: &'a mut [f32],
    pub style: &'a [f32],
}

impl Kernel for Draw<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        for (subject, style) in self.subject.chunks_exact_mut(L::N).zip(self.style.chunks_exact(L::N)) {
            l.store(l.mul(l.load(subject), l.load(style)), subject);
        }
    }
}

/// What D has of the picture itself.
pub(super) struct Keep<'a> {
    pub factor: f32,
    pub x: &'a [f32],
    pub out: &'a mut [f32],
}

impl Kernel for Keep<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        for (x, out) in self.x.chunks_exact(L::N).zip(self.out.chunks_exact_mut(L::N)) {
            l.store(l.mul(l.splat(self.factor), l.load(x)), out);
        }
    }
}

/// What D has of the network's output, added: its own colours; of each place how much of the drawing's, and those that its
/// opacities bring.
pub(super) struct Leave<'a> {
    pub own: f32,
    pub places: usize,
    pub drawn: &'a [f32],
    pub out: &'a mut [f32],
}

impl Leave<'_> {
    #[inline(always)]
    fn add<L: Lanes>(&mut self, l: L, channel: usize, at: usize, value: L::V) {
        let (pixel, lane) = (at / TILE, at % TILE);
        let to = &mut self.out[place(channel, pixel / WIDE, pixel % WIDE) * TILE + lane..];
        l.store(l.mul_add(l.splat(self.own), value, l.load(to)), to);
    }

    #[inline(always)]
    fn drawn<L: Lanes>(&self, l: L, plane: usize, at: usize) -> L::V {
        l.load(&self.drawn[plane * WIDE * WIDE * TILE + at..])
    }
}

impl Strips for Leave<'_> {
    #[inline(always)]
    fn put<L: Lanes>(&mut self, l: L, row: usize, at: usize, sum: L::V) {
        if row < PATCH {
            return self.add(l, row, at, sum);
        }
        let (place, row) = ((row - PATCH) / DRAWN, (row - PATCH) % DRAWN);
        if row < 4 {
            let much = l.add(l.splat(1.0 / self.places as f32), sum);
            for channel in (row..PATCH).step_by(4) {
                let colour = self.drawn(l, place * DRAWN + channel, at);
                self.add(l, channel, at, l.mul(much, colour));
            }
        } else {
            let opacity = self.drawn(l, place * DRAWN + PATCH + row % 4, at);
            self.add(l, row - 4, at, l.mul(sum, opacity));
        }
    }
}

/// 2 x 2 pixels become one of 12 numbers, divided by their deviation, and the maps beside them.
pub(super) struct Enter<'a> {
    pub x: &'a [f32],
    pub scale: f32,
    pub to: &'a mut [f32],
}

impl Kernel for Enter<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let plane = (WIDE + 2) * (WIDE + 2) * TILE;
        for channel in 0..PATCH + MAPS {
            for pixel in 0..WIDE * WIDE {
                let (y, x) = (pixel / WIDE, pixel % WIDE);
                let to = &mut self.to[channel * plane + padded(WIDE, pixel * TILE)..][..TILE];
                for lane in (0..TILE).step_by(L::N) {
                    let value = match channel {
                        12 => l.splat(1.0),
                        13 => l.splat(map(x) as f32),
                        14 => l.splat(map(y) as f32),
                        _ => l.mul(l.splat(self.scale), l.load(&self.x[place(channel, y, x) * TILE + lane..])),
                    };
                    l.store(value, &mut to[lane..]);
                }
            }
        }
    }
}

/// Means of 2 x 2 pixels.
pub(super) struct Halve<'a> {
    pub from: &'a [f32],
    pub side: usize,
    pub to: &'a mut [f32],
}

impl Kernel for Halve<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let row = self.side * TILE;
        for (pair, to) in self.from.chunks_exact(2 * row).zip(self.to.chunks_exact_mut(row / 2)) {
            for (x, to) in to.chunks_exact_mut(TILE).enumerate() {
                for lane in (0..TILE).step_by(L::N) {
                    let at = |offset: usize| 2 * x * TILE + lane + offset;
                    let above = l.add(l.load(&pair[at(0)..]), l.load(&pair[at(TILE)..]));
                    let below = l.add(l.load(&pair[at(row)..]), l.load(&pair[at(row + TILE)..]));
                    l.store(l.mul(l.splat(0.25), l.add(above, below)), &mut to[lane..]);
                }
            }
        }
    }
}

/// Every channel times 1 plus a factor of its own.
pub(super) struct Gate<'a> {
    pub numbers: &'a mut [f32],
    pub factors: &'a [f32],
}

impl Kernel for Gate<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let plane = self.numbers.len() / (self.factors.len() / TILE);
        for (row, plane) in self.numbers.chunks_exact_mut(plane).enumerate() {
            for (i, v) in plane.chunks_exact_mut(L::N).enumerate() {
                l.store(l.mul(factor(l, self.factors, row, i * L::N), l.load(v)), v);
            }
        }
    }
}

/// Every pixel divided by its root mean square over channels.
pub(super) struct Normalise<'a> {
    pub numbers: &'a mut [f32],
    pub channels: usize,
    pub squares: &'a mut [f32],
}

impl Kernel for Normalise<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { numbers, channels, squares } = self;
        squares.fill(0.0);
        for plane in numbers.chunks_exact(squares.len()) {
            for (v, square) in plane.chunks_exact(L::N).zip(squares.chunks_exact_mut(L::N)) {
                let v = l.load(v);
                l.store(l.mul_add(v, v, l.load(square)), square);
            }
        }
        for square in squares.chunks_exact_mut(L::N) {
            let mean = l.mul_add(l.load(square), l.splat(1.0 / channels as f32), l.splat(NORM_EPSILON as f32));
            l.store(l.div(l.splat(1.0), l.sqrt(mean)), square);
        }
        for plane in numbers.chunks_exact_mut(squares.len()) {
            for (v, scale) in plane.chunks_exact_mut(L::N).zip(squares.chunks_exact(L::N)) {
                l.store(l.mul(l.load(v), l.load(scale)), v);
            }
        }
    }
}

/// Through silu, with `around` rows of zeros around.
pub(super) struct Activate<'a> {
    pub from: &'a [f32],
    pub side: usize,
    pub around: usize,
    pub to: &'a mut [f32],
}

impl Kernel for Activate<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { from, side, around, to } = self;
        let (row, rows) = (side * TILE, side + 2 * around);
        let pitch = rows * TILE;
        for (from, to) in from.chunks_exact(side * row).zip(to.chunks_exact_mut(rows * pitch)) {
            for (from, to) in from.chunks_exact(row).zip(to[around * (pitch + TILE)..].chunks_mut(pitch)) {
                for (v, to) in from.chunks_exact(L::N).zip(to.chunks_exact_mut(L::N)) {
                    l.store(silu(l, l.load(v)).0, to);
                }
            }
        }
    }
}
