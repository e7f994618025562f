//! A mixture in f32 on vectors of particles: a tile of positions in, log-density and score out.
//!
//! Components that follow each other with one covariance and one branch (a branch of the tree is eight) form a
//! group, whose inverse covariance is worked out once. Means are split into two f32, since at sigma = .002 the
//! rounding of a mean alone would cost 3e-4 of the score. Groups that are too faint to change anything for all particles of a
//! vector are passed over: it is quicker where these see alike.

mod point_tile;
mod posteriors;
mod reach;

pub(crate) use point_tile::PointTile;
pub use posteriors::Posterior;
use reach::Reach;

use super::Mixture;
use super::student::Node;
use crate::lanes::{Lanes, TILE, constant, exp_of_reduced, exp_of_share, share_reduced};
use std::mem::MaybeUninit;

/// Most components that share one rescaling of the running sum.
const CHUNK: usize = 8;
/// Stands for "no mass yet": below any exponent that a finite position gives, and still finite.
const NOTHING: f32 = -1e30;

/// A mixture, prepared for evaluation in f32.
#[derive(Clone, Debug)]
pub struct MixtureLanes {
    groups: Vec<Group>,
    centres: Vec<Centre>,
    branches: usize,
}

#[derive(Clone, Debug)]
struct Group {
    covariance: [f64; 3],
    first: usize,
    count: usize,
    branch: usize,
    reach: Reach,
}

#[derive(Clone, Debug)]
struct Centre {
    x: [f32; 2],
    y: [f32; 2],
    log_weight: f32,
}

impl Centre {
    /// Stands where a group has fewer components than its halves have places.
    #[cfg(feature = "gpu")]
    const NONE: Self = Self { x: [0.0; 2], y: [0.0; 2], log_weight: NOTHING };
}

/// Inverse covariance of a group and the square root of its determinant.
#[derive(Clone, Copy)]
struct Precision<V> {
    xx: V,
    xy: V,
    yy: V,
    norm: V,
}

/// The precisions of all groups at one noise level; under a Student-t, at each of its nodes.
#[derive(Clone)]
pub struct Smoothing {
    precisions: Vec<Precision<f32>>,
    /// Of the Gaussians that the noise is a mixture of: logarithm of its share, variance.
    nodes: Vec<[f32; 2]>,
}

impl Smoothing {
    /// Logarithms of the shares of the Gaussians that the noise is a mixture of.
    #[cfg(feature = "gpu")]
    pub(crate) fn log_weights(&self) -> impl Iterator<Item = f32> {
        self.nodes.iter().map(|&[log_weight, _]| log_weight)
    }

    /// (xx, xy, yy, norm) of every group, node by node.
    #[cfg(feature = "gpu")]
    pub(crate) fn precisions(&self) -> impl Iterator<Item = impl Iterator<Item = [f32; 4]>> {
        let groups = self.precisions.len() / self.nodes.len();
        self.precisions.chunks_exact(groups).map(|node| node.iter().map(|p| [p.xx, p.xy, p.yy, p.norm]))
    }
}

/// A noise level of its own for every particle.
struct Variances<'a> {
    /// Sigma squared.
    variance: &'a [f32],
    nodes: &'a [Node],
}

/// Where the precision of a group comes from. (A trait and no closure: closures are not compiled with the instruction
/// set of the kernel where the compiler declines to inline them.)
trait Precisions {
    /// Gaussians that the noise is a mixture of.
    fn nodes(&self) -> usize;
    /// Logarithm of the share of one of them.
    fn log_weight(&self, node: usize) -> f32;
    /// Variance of one of them, for the vector of particles that begins at `t`.
    fn variance<L: Lanes>(&self, l: L, node: usize, t: usize) -> L::V;
    /// The precision of `group`, whose row in a list by nodes and groups is `row`, under noise of such a variance.
    fn of<L: Lanes>(&self, l: L, group: &Group, row: usize, variance: L::V) -> Precision<L::V>;
}

impl Precisions for Smoothing {
    #[inline(always)]
    fn nodes(&self) -> usize {
        self.nodes.len()
    }

    #[inline(always)]
    fn log_weight(&self, node: usize) -> f32 {
        self.nodes[node][0]
    }

    #[inline(always)]
    fn variance<L: Lanes>(&self, l: L, node: usize, _: usize) -> L::V {
        l.splat(self.nodes[node][1])
    }

    #[inline(always)]
    fn of<L: Lanes>(&self, l: L, _: &Group, row: usize, _: L::V) -> Precision<L::V> {
        let p = &self.precisions[row];
        Precision { xx: l.splat(p.xx), xy: l.splat(p.xy), yy: l.splat(p.yy), norm: l.splat(p.norm) }
    }
}

impl Precisions for Variances<'_> {
    #[inline(always)]
    fn nodes(&self) -> usize {
        self.nodes.len()
    }

    #[inline(always)]
    fn log_weight(&self, node: usize) -> f32 {
        self.nodes[node].log_weight as f32
    }

    #[inline(always)]
    fn variance<L: Lanes>(&self, l: L, node: usize, t: usize) -> L::V {
        l.mul(l.splat(self.nodes[node].scale.powi(2) as f32), l.load(&self.variance[t..]))
    }

    #[inline(always)]
    fn of<L: Lanes>(&self, l: L, group: &Group, _: usize, variance: L::V) -> Precision<L::V> {
        let [xx, xy, yy] = group.covariance;
        let xy = l.splat(xy as f32);
        let (xx, yy) = (l.add(l.splat(xx as f32), variance), l.add(l.splat(yy as f32), variance));
        let inverse = l.div(constant!(l, 1.0), l.neg_mul_add(xy, xy, l.mul(xx, yy)));
        Precision {
            xx: l.mul(yy, inverse),
            xy: l.sub(l.splat(0.0), l.mul(xy, inverse)),
            yy: l.mul(xx, inverse),
            norm: l.sqrt(inverse),
        }
    }
}

/// Where the results for a tile go; `TILE` numbers each.
pub struct Pointwise<'a> {
    /// log p(x; sigma).
    pub log_density: &'a mut [f32],
    /// First coordinate of its gradient.
    pub score_x: &'a mut [f32],
    /// Second coordinate of its gradient.
    pub score_y: &'a mut [f32],
}

/// Running log-sum-exp of mass, of its first moment, and where it is wanted of its curvature.
#[derive(Clone, Copy)]
struct Sum<V> {
    greatest: V,
    mass: V,
    x: V,
    y: V,
    curvature: V,
}

impl<V: Copy> Sum<V> {
    #[inline(always)]
    fn new<L: Lanes<V = V>>(l: L) -> Self {
        let zero = l.splat(0.0);
        Self { greatest: l.splat(NOTHING), mass: zero, x: zero, y: zero, curvature: zero }
    }

    /// Add e^`log_weight` times another.
    #[inline(always)]
    fn add<L: Lanes<V = V>>(&mut self, l: L, other: Self, log_weight: f32) {
        let theirs = l.add(other.greatest, l.splat(log_weight));
        let greatest = l.max(self.greatest, theirs);
        let [shrink, share] =
            [exp_of_share(l, l.sub(self.greatest, greatest)), exp_of_share(l, l.sub(theirs, greatest))];
        self.greatest = greatest;
        self.mass = l.mul_add(self.mass, shrink, l.mul(other.mass, share));
        self.x = l.mul_add(self.x, shrink, l.mul(other.x, share));
        self.y = l.mul_add(self.y, shrink, l.mul(other.y, share));
        self.curvature = l.mul_add(self.curvature, shrink, l.mul(other.curvature, share));
    }
}

impl MixtureLanes {
    /// Prepare a mixture.
    pub fn new(mixture: &Mixture) -> Self {
        let split = |v: f64| [v as f32, (v - f64::from(v as f32)) as f32];
        let mut groups: Vec<Group> = Vec::new();
        let mut centres = Vec::new();
        for (i, c) in mixture.components().iter().enumerate() {
            let covariance = [c.covariance.m11, c.covariance.m12, c.covariance.m22];
            let branch = usize::from(c.branch);
            let centre = Centre {
                x: split(c.mean.x),
                y: split(c.mean.y),
                log_weight: libm::log(c.weight / std::f64::consts::TAU) as f32,
            };
            match groups.last_mut() {
                Some(g) if g.covariance == covariance && g.branch == branch && g.count < CHUNK => {
                    g.count += 1;
                    g.reach.take_in(&centre);
                }
                _ => {
                    groups.push(Group { covariance, first: i, count: 1, branch, reach: Reach::of(&centre, covariance) })
                }
            }
            centres.push(centre);
        }
        Self { groups, centres, branches: mixture.branches() }
    }

    /// The precisions at noise level `sigma`.
    pub fn smoothing(&self, sigma: f64) -> Smoothing {
        self.smoothed_by(&[Node::GAUSSIAN], sigma)
    }

    /// The precisions under noise of scale `sigma` that is made of several Gaussians, such as
    /// [`student::nodes`](super::student::nodes).
    pub fn smoothed_by(&self, nodes: &[Node], sigma: f64) -> Smoothing {
        let precision = |node: &Node, g: &Group| {
            let sigma = node.scale * sigma;
            let [xx, xy, yy] = g.covariance;
            let (xx, yy) = (xx + sigma * sigma, yy + sigma * sigma);
            let inverse = 1.0 / (xx * yy - xy * xy);
            Precision {
                xx: (yy * inverse) as f32,
                xy: (-xy * inverse) as f32,
                yy: (xx * inverse) as f32,
                norm: inverse.sqrt() as f32,
            }
        };
        let precisions = nodes.iter().flat_map(|node| self.groups.iter().map(move |g| precision(node, g))).collect();
        let nodes =
            nodes.iter().map(|node| [node.log_weight, (node.scale * sigma).powi(2)].map(|v| v as f32)).collect();
        Smoothing { precisions, nodes }
    }

    /// Groups of components that share a covariance.
    #[cfg(feature = "gpu")]
    pub(crate) fn groups(&self) -> usize {
        self.groups.len()
    }

    /// (xx, xy, yy) of each group.
    #[cfg(all(feature = "gpu", any(not(target_arch = "wasm32"), feature = "training")))]
    pub(crate) fn covariances(&self) -> impl Iterator<Item = [f64; 3]> {
        self.groups.iter().map(|group| group.covariance)
    }

    /// Of each group two halves of four components: x, what its rounding lost, y, what its rounding lost, and the logarithm of
    /// the weight over 2 pi, which is [`NOTHING`] where there are fewer.
    #[cfg(feature = "gpu")]
    pub(crate) fn halves(&self) -> impl Iterator<Item = [[f32; 4]; 5]> {
        self.groups.iter().flat_map(|group| {
            let centres = &self.centres[group.first..group.first + group.count];
            [0, CHUNK / 2].map(|first| {
                let of = |part: fn(&Centre) -> f32| {
                    [0, 1, 2, 3].map(|i| part(centres.get(first + i).unwrap_or(&Centre::NONE)))
                };
                [of(|c| c.x[0]), of(|c| c.x[1]), of(|c| c.y[0]), of(|c| c.y[1]), of(|c| c.log_weight)]
            })
        })
    }

    /// Log-density and score of the tile `(x, y)` at one noise level.
    #[inline(always)]
    pub fn evaluate<L: Lanes>(&self, l: L, smoothing: &Smoothing, x: &[f32], y: &[f32], out: Pointwise<'_>) {
        self.each_vector::<L, _, false>(l, smoothing, x, y, out, &mut []);
    }

    /// Log-density and score of the tile `(x, y)` at one noise level, and the Laplacian of the density over the density: that
    /// of its logarithm plus the score's square.
    #[inline(always)]
    pub fn evaluate_curved<L: Lanes>(
        &self,
        l: L,
        smoothing: &Smoothing,
        [x, y]: [&[f32]; 2],
        out: Pointwise<'_>,
        curvature: &mut [f32],
    ) {
        self.each_vector::<L, _, true>(l, smoothing, x, y, out, curvature);
    }

    /// Log-density and score of the tile `(x, y)` under noise that `nodes` make up, with a scale of its own, `sigma^2 = variance`,
    /// for every particle.
    #[inline(always)]
    pub fn evaluate_each<L: Lanes>(
        &self,
        l: L,
        nodes: &[Node],
        variance: &[f32],
        [x, y]: [&[f32]; 2],
        out: Pointwise<'_>,
    ) {
        self.each_vector::<L, _, false>(l, &Variances { variance, nodes }, x, y, out, &mut []);
    }

    #[inline(always)]
    fn each_vector<L: Lanes, P: Precisions, const CURVED: bool>(
        &self,
        l: L,
        precisions: &P,
        x: &[f32],
        y: &[f32],
        out: Pointwise<'_>,
        curvature: &mut [f32],
    ) {
        for t in (0..TILE).step_by(L::N) {
            let (px, py) = (l.load(&x[t..]), l.load(&y[t..]));
            let mut sum = Sum::new(l);
            for node in 0..precisions.nodes() {
                let first = node * self.groups.len();
                let mut of_node = Sum::new(l);
                let variance = precisions.variance(l, node, t);
                for (i, group) in self.groups.iter().enumerate() {
                    // However far away a particle is, something is there.
                    if CURVED || i == 0 || !group.reach.is_faint(l, [px, py], variance, of_node.greatest) {
                        let precision = precisions.of(l, group, first + i, variance);
                        self.add_group::<L, CURVED>(l, group, precision, px, py, &mut of_node);
                    }
                }
                sum.add(l, of_node, precisions.log_weight(node));
            }
            let mass = l.div(constant!(l, 1.0), sum.mass);
            l.store(l.mul(sum.x, mass), &mut out.score_x[t..]);
            l.store(l.mul(sum.y, mass), &mut out.score_y[t..]);
            if CURVED {
                l.store(l.mul(sum.curvature, mass), &mut curvature[t..]);
            }
            l.store(sum.greatest, &mut out.log_density[t..]);
            let mut masses = [0.0; TILE];
            l.store(sum.mass, &mut masses);
            for (log_density, mass) in out.log_density[t..t + L::N].iter_mut().zip(masses) {
                *log_density += mass.ln();
            }
        }
    }

    #[inline(always)]
    fn add_group<L: Lanes, const CURVED: bool>(
        &self,
        l: L,
        group: &Group,
        p: Precision<L::V>,
        px: L::V,
        py: L::V,
        sum: &mut Sum<L::V>,
    ) {
        let centres = &self.centres[group.first..group.first + group.count];
        let zero = l.splat(0.0);
        // Not zeros, which would be filled in for every group.
        let mut offsets = [const { MaybeUninit::uninit() }; CHUNK];
        let mut greatest = sum.greatest;
        for (offset, c) in offsets.iter_mut().zip(centres) {
            let dx = l.add(l.sub(l.splat(c.x[0]), px), l.splat(c.x[1]));
            let dy = l.add(l.sub(l.splat(c.y[0]), py), l.splat(c.y[1]));
            let ax = l.mul_add(p.xx, dx, l.mul(p.xy, dy));
            let ay = l.mul_add(p.xy, dx, l.mul(p.yy, dy));
            let square = l.mul_add(dx, ax, l.mul(dy, ay));
            let exponent = l.mul_add(square, constant!(l, -0.5), l.splat(c.log_weight));
            greatest = l.max(greatest, exponent);
            offset.write([exponent, dx, dy, exponent]);
        }
        for offset in &mut offsets[..centres.len()] {
            // SAFETY: as many were written as there are centres.
            let [exponent, .., power] = unsafe { offset.assume_init_mut() };
            [*exponent, *power] = share_reduced(l, l.sub(*exponent, greatest));
        }
        let (mut mass, mut x, mut y, mut squares) = (zero, zero, zero, zero);
        for offset in &offsets[..centres.len()] {
            // SAFETY: as above.
            let [reduced, dx, dy, power] = unsafe { offset.assume_init() };
            let share = exp_of_reduced(l, reduced, power);
            mass = l.add(mass, share);
            x = l.mul_add(share, dx, x);
            y = l.mul_add(share, dy, y);
            if CURVED {
                let ax = l.mul_add(p.xx, dx, l.mul(p.xy, dy));
                let ay = l.mul_add(p.xy, dx, l.mul(p.yy, dy));
                squares = l.mul_add(share, l.mul_add(ax, ax, l.mul(ay, ay)), squares);
            }
        }
        let shrink = exp_of_share(l, l.sub(sum.greatest, greatest));
        if CURVED {
            let curvature = l.mul(l.neg_mul_add(mass, l.add(p.xx, p.yy), squares), p.norm);
            sum.curvature = l.mul_add(sum.curvature, shrink, curvature);
        }
        sum.greatest = greatest;
        sum.mass = l.mul_add(sum.mass, shrink, l.mul(mass, p.norm));
        let (x, y) = (l.mul(x, p.norm), l.mul(y, p.norm));
        sum.x = l.mul_add(sum.x, shrink, l.mul_add(p.xx, x, l.mul(p.xy, y)));
        sum.y = l.mul_add(sum.y, shrink, l.mul_add(p.xy, x, l.mul(p.yy, y)));
    }
}
