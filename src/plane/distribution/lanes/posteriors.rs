//! Log-densities of points, and which branches they may come from.

use super::{MixtureLanes, NOTHING, PointTile, Pointwise, Precisions, Smoothing, Sum};
use crate::lanes::{Buffer, Kernel, Lanes, TILE, constant, dispatch, exp_of_share};

/// Entries of scratch that [`MixtureLanes::add_posteriors`] needs for each group, one maximum and one sum.
const TILE_SCRATCH: usize = 2;

impl MixtureLanes {
    /// Write the posterior of every branch at each point of the tile (`posteriors`: `TILE` numbers a branch, zero before)
    /// and the log-densities.
    #[inline(always)]
    fn add_posteriors<L: Lanes>(
        &self,
        l: L,
        smoothing: &Smoothing,
        tile: &PointTile,
        log_density: &mut [f32],
        posteriors: &mut [f32],
        scratch: &mut [f32],
    ) {
        let zero = l.splat(0.0);
        for t in (0..tile.count).step_by(L::N) {
            let (px, py) = (l.load(&tile.x[t..]), l.load(&tile.y[t..]));
            let mut greatest = l.splat(NOTHING);
            for (i, (group, kept)) in self.groups.iter().zip(scratch.chunks_exact_mut(TILE_SCRATCH * TILE)).enumerate()
            {
                let p = smoothing.of(l, group, i, zero);
                let mut sum = Sum::new(l);
                self.add_group::<L, false>(l, group, p, px, py, &mut sum);
                greatest = l.max(greatest, sum.greatest);
                l.store(sum.greatest, kept);
                l.store(sum.mass, &mut kept[TILE..]);
            }
            let mut total = zero;
            for kept in scratch.chunks_exact_mut(TILE_SCRATCH * TILE) {
                let mass = l.mul(l.load(&kept[TILE..]), exp_of_share(l, l.sub(l.load(kept), greatest)));
                l.store(mass, kept);
                total = l.add(total, mass);
            }
            let inverse = l.div(constant!(l, 1.0), total);
            for (group, kept) in self.groups.iter().zip(scratch.chunks_exact(TILE_SCRATCH * TILE)) {
                let posterior = &mut posteriors[group.branch * TILE + t..];
                l.store(l.mul_add(l.load(kept), inverse, l.load(posterior)), posterior);
            }
            let (mut totals, mut greatests) = ([0.0; TILE], [0.0; TILE]);
            l.store(total, &mut totals);
            l.store(greatest, &mut greatests);
            for i in 0..L::N.min(tile.count - t) {
                log_density[t + i] = greatests[i] + totals[i].ln();
            }
        }
    }

    /// Log-density of every point at noise level `sigma`, and for every branch the points that may come from it,
    /// ascending: those whose posterior f32 tells from none of one.
    pub fn branch_posteriors(&self, sigma: f64, points: &[[f32; 2]]) -> (Vec<f32>, Vec<Vec<Posterior>>) {
        dispatch(BranchPosteriors { mixture: self, sigma, points })
    }

    /// Log-density of every point at noise level `sigma`.
    pub fn log_densities(&self, sigma: f64, points: &[[f32; 2]]) -> Vec<f32> {
        dispatch(LogDensities { mixture: self, sigma, points })
    }
}

/// The probability that a point comes from some branch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Posterior {
    /// Index of the point.
    pub point: u32,
    /// The probability: more than f32's epsilon.
    pub share: f32,
}

struct BranchPosteriors<'a> {
    mixture: &'a MixtureLanes,
    sigma: f64,
    points: &'a [[f32; 2]],
}

impl Kernel for BranchPosteriors<'_> {
    type Output = (Vec<f32>, Vec<Vec<Posterior>>);

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) -> Self::Output {
        let smoothing = self.mixture.smoothing(self.sigma);
        let mut log_densities = vec![0.0; self.points.len()];
        let mut scratch = Buffer::zeros(self.mixture.groups.len() * TILE_SCRATCH * TILE);
        let mut tile_posteriors = Buffer::zeros(self.mixture.branches * TILE);
        let mut posteriors = vec![Vec::new(); self.mixture.branches];
        for (index, (tile, out)) in PointTile::split(self.points).zip(log_densities.chunks_mut(TILE)).enumerate() {
            self.mixture.add_posteriors(l, &smoothing, &tile, out, &mut tile_posteriors, &mut scratch);
            take_posteriors(&mut tile_posteriors, index * TILE, tile.count, &mut posteriors);
        }
        (log_densities, posteriors)
    }
}

/// Move a tile's posteriors into the branches' lists, and leave zeros.
fn take_posteriors(tile: &mut [f32], first: usize, count: usize, lists: &mut [Vec<Posterior>]) {
    for (shares, list) in tile.chunks_exact_mut(TILE).zip(lists) {
        for (point, &share) in (first as u32..).zip(&shares[..count]) {
            if share > f32::EPSILON {
                list.push(Posterior { point, share });
            }
        }
        shares.fill(0.0);
    }
}

struct LogDensities<'a> {
    mixture: &'a MixtureLanes,
    sigma: f64,
    points: &'a [[f32; 2]],
}

impl Kernel for LogDensities<'_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) -> Vec<f32> {
        let smoothing = self.mixture.smoothing(self.sigma);
        let mut all = vec![0.0; self.points.len()];
        let [mut log_density, mut score_x, mut score_y] = [[0.0; TILE]; 3];
        for (tile, part) in PointTile::split(self.points).zip(all.chunks_mut(TILE)) {
            let out = Pointwise { log_density: &mut log_density, score_x: &mut score_x, score_y: &mut score_y };
            self.mixture.evaluate(l, &smoothing, &tile.x, &tile.y, out);
            part.copy_from_slice(&log_density[..tile.count]);
        }
        all
    }
}
