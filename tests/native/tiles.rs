//! The f32 forms of mixtures and networks at lists of points.

use guidance_playground::lanes::{Kernel, Lanes, TILE, dispatch};
use guidance_playground::plane::distribution::student::Node;
use guidance_playground::plane::distribution::{MixtureLanes, Pointwise};
use guidance_playground::plane::network::NetworkLanes;

/// Log-density and score.
pub type Value = (f32, [f32; 2]);

/// A model in f32, and where to ask it.
pub enum Ask<'a> {
    /// A mixture under noise made of some Gaussians, at one scale for all points.
    Mixture(&'a MixtureLanes, &'a [Node], f64),
    /// The same with a scale for every point.
    MixtureEach(&'a MixtureLanes, &'a [Node], &'a [f32]),
    /// A network at one noise level.
    Network(&'a NetworkLanes, f64),
}

/// The answers at `points`.
pub fn ask(what: &Ask<'_>, points: &[[f32; 2]]) -> Vec<Value> {
    dispatch(Job { what, points })
}

struct Job<'a> {
    what: &'a Ask<'a>,
    points: &'a [[f32; 2]],
}

impl Kernel for Job<'_> {
    type Output = Vec<Value>;

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) -> Vec<Value> {
        let mut values = Vec::new();
        for (tile, points) in self.points.chunks(TILE).enumerate() {
            let pick = |axis: usize| -> [f32; TILE] { std::array::from_fn(|i| points[i % points.len()][axis]) };
            let (x, y) = (pick(0), pick(1));
            let [mut log_density, mut score_x, mut score_y] = [[0.0; TILE]; 3];
            let out = Pointwise { log_density: &mut log_density, score_x: &mut score_x, score_y: &mut score_y };
            match self.what {
                Ask::Mixture(lanes, nodes, sigma) => lanes.evaluate(l, &lanes.smoothed_by(nodes, *sigma), &x, &y, out),
                Ask::MixtureEach(lanes, nodes, sigmas) => {
                    let sigmas = &sigmas[tile * TILE..];
                    let variance: [f32; TILE] = std::array::from_fn(|i| sigmas[i % points.len()].powi(2));
                    lanes.evaluate_each(l, nodes, &variance, [&x, &y], out);
                }
                Ask::Network(lanes, sigma) => {
                    lanes.evaluate(l, &lanes.level(*sigma), &mut lanes.scratch(), [&x, &y], out);
                }
            }
            values.extend((0..points.len()).map(|i| (log_density[i], [score_x[i], score_y[i]])));
        }
        values
    }
}
