//! Guidance of tiles: the same in f32, lanes being pictures. What a rule needs of vectors are sums over each picture; then follows one
//! pass over numbers, with factors for each picture.

use super::{Data, Estimates, rescaling};
use crate::guidance::rule::Carries;
use crate::guidance::rule::{Mix, Moment, Rule};
use crate::images::network::TILE_PICTURES;
use crate::images::{Finish, NUMBERS, SIDE, Scheme};
use crate::lanes::{Buffer, Kernel, Lanes, dispatch, each};

const TILE: usize = TILE_PICTURES;
/// Numbers of a tile.
const ALL: usize = NUMBERS * TILE;
/// Numbers of a row of pixels of a tile.
const ROW: usize = ALL / SIDE;
/// Pairs of the four vectors that rules know, and the place of each one's first.
const PAIRS: usize = 10;
const FIRST: [usize; 4] = [0, 4, 7, 9];

/// A number for each picture.
type Each = [f32; TILE];

/// Whether [`guided_tile`] can do what a scheme asks: not bands, which need the neighbours of pixels, nor a threshold, which needs an
/// order of numbers.
pub fn is_of_tiles(scheme: &Scheme) -> bool {
    scheme.bands.is_none() && !matches!(scheme.finish, Finish::Threshold { .. })
}

/// The guided estimates of a tile, as [`guided`](super::guided) has them of each picture, into `out`. `memory` is a tile, or nothing
/// where the rule remembers none; numbers that it remembers are left in the moments' ratios.
///
/// # Panics
/// If tiles are not of [`NUMBERS`] x 16 numbers, the pictures fastest, or the scheme is none of tiles ([`is_of_tiles`]).
pub fn guided_tile(
    rule: Rule<'_>,
    scheme: &Scheme,
    data: &Data,
    moments: &mut [Moment<f64>; TILE],
    estimates: &Estimates<'_, f32>,
    memory: &mut [f32],
    out: &mut [f32],
) {
    let Estimates { x, main, guide, negatives } = *estimates;
    let tiles = [x, main, guide, out].into_iter().chain(negatives.iter().map(|(_, of)| *of));
    assert!(
        tiles.into_iter().all(|tile| tile.len() == ALL) && [0, ALL].contains(&memory.len()),
        "a tile is 16 pictures"
    );
    assert!(is_of_tiles(scheme), "bands and thresholds are of single pictures");
    let Moment { sigma, weight, .. } = moments[0];
    if weight != 1.0 || rule.traits.alone || rule.traits.always {
        let basis = Basis { x, main, guide, inverse: (1.0 / sigma) as f32 };
        let mut products = [[0.0; TILE]; PAIRS];
        if !rule.traits.linear {
            dispatch(Products { basis: &basis, memory, products: &mut products });
        }
        let mut factors = [[0.0; TILE]; 8];
        for (lane, moment) in moments.iter_mut().enumerate() {
            let gram = products.map(|of| f64::from(of[lane]));
            let Mix { push, memory } = rule.mix(*moment, &gram.into());
            if rule.traits.carries == Carries::Number {
                moment.ratio = memory[0];
            }
            for (factors, factor) in factors.iter_mut().zip(push.into_iter().chain(memory)) {
                factors[lane] = factor as f32;
            }
        }
        dispatch(Mixed { basis: &basis, factors: &factors, memory, out });
    } else {
        out.copy_from_slice(main);
    }
    for (weight, negative) in negatives {
        add(&[(-weight, negative), (*weight, guide)], out);
    }
    if let Finish::Rescale { share } = scheme.finish {
        let kept = (data.deviation * data.deviation / (data.deviation * data.deviation + sigma * sigma)) as f32;
        let mut sums = [[0.0; TILE]; 4];
        dispatch(Contrasts { x, main, guided: out, kept, sums: &mut sums });
        let less = std::array::from_fn(|lane| {
            (1.0 - rescaling(share, NUMBERS as f64, sums.map(|of| f64::from(of[lane])))) as f32
        });
        dispatch(Contrasted { x, kept, less: &less, out });
    }
}

/// D0 of a tile, as [`at_level`](super::at_level) has it, of a guide's answer and of the answer's share in it, in place.
pub fn at_level_tile(x: &[f32], share: f64, denoised: &mut Buffer) {
    if share != 1.0 {
        let answer = std::mem::replace(denoised, Buffer::zeros(x.len()));
        add(&[(share, &answer), (1.0 - share, x)], denoised);
    }
}

/// Add tiles, each times its factor, to one.
///
/// # Panics
/// If they differ in length.
pub fn add(terms: &[(f64, &[f32])], to: &mut [f32]) {
    for (factor, tile) in terms {
        assert_eq!(tile.len(), to.len(), "tiles are alike");
        if *factor != 0.0 {
            dispatch(Add { factor: *factor as f32, tile, to });
        }
    }
}

struct Add<'a> {
    factor: f32,
    tile: &'a [f32],
    to: &'a mut [f32],
}

impl Kernel for Add<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let factor = l.splat(self.factor);
        for (v, to) in self.tile.chunks_exact(L::N).zip(self.to.chunks_exact_mut(L::N)) {
            l.store(l.mul_add(factor, l.load(v), l.load(to)), to);
        }
    }
}

/// What rules know of a tile.
struct Basis<'a> {
    x: &'a [f32],
    main: &'a [f32],
    guide: &'a [f32],
    /// 1/sigma.
    inverse: f32,
}

impl Basis<'_> {
    /// D1, eps1, d and m, of the numbers that begin at `at`.
    #[inline(always)]
    fn at<L: Lanes>(&self, l: L, memory: &[f32], at: usize) -> [L::V; 4] {
        let main = l.load(&self.main[at..]);
        let noise = l.mul(l.splat(self.inverse), l.sub(l.load(&self.x[at..]), main));
        let memory = if memory.is_empty() { l.splat(0.0) } else { l.load(&memory[at..]) };
        [main, noise, l.sub(main, l.load(&self.guide[at..])), memory]
    }
}

/// All inner products, row by row of pixels, which rounds less than one long sum.
struct Products<'a> {
    basis: &'a Basis<'a>,
    memory: &'a [f32],
    products: &'a mut [Each; PAIRS],
}

impl Kernel for Products<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let zero = l.splat(0.0);
        for lane in (0..TILE).step_by(L::N) {
            let mut totals = [zero; PAIRS];
            for row in (0..ALL).step_by(ROW) {
                let mut sums = [zero; PAIRS];
                for at in (row..row + ROW).step_by(TILE) {
                    let basis = self.basis.at(l, self.memory, at + lane);
                    each!(i < 4, {
                        each!(j < 4, {
                            if j >= i {
                                let pair = FIRST[i] + j - i;
                                sums[pair] = l.mul_add(basis[i], basis[j], sums[pair]);
                            }
                        });
                    });
                }
                for (total, sum) in totals.iter_mut().zip(sums) {
                    *total = l.add(*total, sum);
                }
            }
            for (product, total) in self.products.iter_mut().zip(totals) {
                l.store(total, &mut product[lane..]);
            }
        }
    }
}

/// D1 and what is added to it, and what is remembered next: by factors of the basis, four each.
struct Mixed<'a> {
    basis: &'a Basis<'a>,
    factors: &'a [Each; 8],
    memory: &'a mut [f32],
    out: &'a mut [f32],
}

impl Kernel for Mixed<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Self { basis, factors, memory, out } = self;
        for lane in (0..TILE).step_by(L::N) {
            let mut factor = [l.splat(0.0); 8];
            each!(i < 8, factor[i] = l.load(&factors[i][lane..]));
            for at in (lane..ALL).step_by(TILE) {
                let vectors = basis.at(l, memory, at);
                let mut guided = vectors[0];
                each!(i < 4, guided = l.mul_add(factor[i], vectors[i], guided));
                l.store(guided, &mut out[at..]);
                if !memory.is_empty() {
                    let mut next = l.mul(factor[4], vectors[0]);
                    each!(i < 3, next = l.mul_add(factor[5 + i], vectors[1 + i], next));
                    l.store(next, &mut memory[at..]);
                }
            }
        }
    }
}

/// Of the main model's v and of the guided one: sums, and sums of squares.
struct Contrasts<'a> {
    x: &'a [f32],
    main: &'a [f32],
    guided: &'a [f32],
    kept: f32,
    sums: &'a mut [Each; 4],
}

impl Kernel for Contrasts<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let (zero, kept) = (l.splat(0.0), l.splat(self.kept));
        for lane in (0..TILE).step_by(L::N) {
            let mut totals = [zero; 4];
            for row in (0..ALL).step_by(ROW) {
                let mut sums = [zero; 4];
                for at in (row + lane..row + ROW).step_by(TILE) {
                    let x = l.mul(kept, l.load(&self.x[at..]));
                    let main = l.sub(x, l.load(&self.main[at..]));
                    let guided = l.sub(x, l.load(&self.guided[at..]));
                    sums[0] = l.add(sums[0], main);
                    sums[1] = l.mul_add(main, main, sums[1]);
                    sums[2] = l.add(sums[2], guided);
                    sums[3] = l.mul_add(guided, guided, sums[3]);
                }
                each!(i < 4, totals[i] = l.add(totals[i], sums[i]));
            }
            each!(i < 4, l.store(totals[i], &mut self.sums[i][lane..]));
        }
    }
}

/// A share of v is taken away.
struct Contrasted<'a> {
    x: &'a [f32],
    kept: f32,
    less: &'a Each,
    out: &'a mut [f32],
}

impl Kernel for Contrasted<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let kept = l.splat(self.kept);
        for lane in (0..TILE).step_by(L::N) {
            let less = l.load(&self.less[lane..]);
            for at in (lane..ALL).step_by(TILE) {
                let guided = l.load(&self.out[at..]);
                let v = l.sub(l.mul(kept, l.load(&self.x[at..])), guided);
                l.store(l.mul_add(less, v, guided), &mut self.out[at..]);
            }
        }
    }
}
