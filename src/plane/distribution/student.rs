//! Data under Student-t noise, T_nu(0, sigma^2 I): Gaussian noise whose level is itself random, so that the density is
//! a mixture over noise levels (shared form of Pandey et al. 2024, arXiv 2410.14171).
//!
//! The noise is `sigma z / sqrt(kappa)`, kappa ~ Gamma(nu/2, rate nu/2). The integral over kappa is taken in
//! `t = ln(nu kappa / 2)`, by the trapezoid rule under a smooth change of variable. Seen from r scales away from a
//! point mass, the integrand is the same log-gamma bump of shape nu/2 + 1 for every r, only shifted by
//! `ln(1 + r^2/nu)`: so the error depends on the local step alone, and the reach in r on the least t. Steps are fine
//! where particles mostly are, and coarser in the tail.
//!
//! Relative error of the score of a point mass: below 2e-5 within ten scales, and below 4e-3 within the rule's reach
//! (of the density: 5e-5 and 8e-3). That is a thousand scales up to nu = 100. With more degrees the bump is so narrow
//! that a thousand scales would take hundreds of nodes: the reach falls to 350 scales at 300, 165 at 1000 and 130 at
//! 3000 to 10,000, then grows again (300 at 1e6). Past it tails fall off as a Gaussian's. Shares are kept as
//! logarithms, since those of the tail are far below f32's least.
//!
//! To engines such a density is a list of Gaussian nodes: they know nothing of Student-t noise.

use super::Mixture;
use crate::error::Result;
use crate::parameter::DEGREES_OF_FREEDOM;
use nalgebra::Vector2;

/// Scales that the rule reaches where [`MOST`] nodes allow it, and those within which its steps are fine.
const FAR: f64 = 1000.0;
const NEAR: f64 = 10.0;
/// Most nodes: each costs an evaluation of the mixture.
const MOST: usize = 48;
/// The fine and the coarse step are `1 / sqrt(a + b nu)` for these (a, b): fits to the steps at which the score of a
/// point mass errs by 1e-5 and by 4e-3, over all degrees.
const FINE: [f64; 2] = [3.0, 0.29];
const COARSE: [f64; 2] = [1.1, 0.15];
/// The step widens this many fine steps past [`NEAR`], within about one step.
const MARGIN: f64 = 2.0;
/// Nodes whose share is below e^-ABOVE everywhere are left out above, and below e^-BELOW of that at FAR below.
const ABOVE: f64 = 13.0;
const BELOW: f64 = 6.0;

/// A Gaussian that a Student-t is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node {
    /// Logarithm of its share of the mass.
    pub log_weight: f64,
    /// Its standard deviation over that of the Student-t's own scale.
    pub scale: f64,
}

impl Node {
    /// What Gaussian noise is made of.
    pub const GAUSSIAN: Self = Self { log_weight: 0.0, scale: 1.0 };
}

/// The Gaussians that a Student-t of `nu` degrees of freedom is made of, 29 to 48 of them, from the narrowest.
///
/// Their shares are such that the density at the centre is exact. With few degrees they sum to less than one (.9 at
/// nu = .2): the rest of the mass is farther away than the reach.
///
/// # Errors
/// If `nu` is outside [`DEGREES_OF_FREEDOM`].
pub fn nodes(nu: f64) -> Result<Vec<Node>> {
    DEGREES_OF_FREEDOM.check(nu)?;
    // d is t less that of the integrand's greatest value at the centre.
    let shape = 0.5 * nu + 1.0;
    let step = |[a, b]: [f64; 2]| 1.0 / (a + b * nu).sqrt();
    let (fine, coarse) = (step(FINE), step(COARSE));
    let shift = |scales: f64| -(scales * scales / nu).ln_1p();
    // Logarithm of the bump of a shape, relative to its greatest value.
    let bump = |shape: f64, d: f64| shape * (1.0 + d - libm::exp(d));
    let widening = shift(NEAR) / fine - MARGIN;
    // d, and its derivative by the node's index i: the step, which goes softly from fine to coarse.
    let at = |i: f64| {
        let e = libm::exp(widening - i);
        (fine * i - (coarse - fine) * e.ln_1p(), fine + (coarse - fine) * e / (1.0 + e))
    };
    let mut i = 0.0;
    while bump(shape + 1.0, at(i).0) > -ABOVE {
        i += 1.0;
    }
    let mut nodes = Vec::new();
    while nodes.len() < MOST {
        let (d, step) = at(i);
        let log_weight = libm::log(step) + bump(shape, d) - d;
        nodes.push(Node { log_weight, scale: (0.5 * nu / shape).sqrt() * libm::exp(-0.5 * d) });
        if bump(shape, d - shift(FAR)) < -BELOW && d < shift(FAR) {
            break;
        }
        i -= 1.0;
    }
    // The density at the centre, in units of a Gaussian's, is one whatever nu.
    let density: f64 = nodes.iter().map(|node: &Node| libm::exp(node.log_weight) / (node.scale * node.scale)).sum();
    nodes.iter_mut().for_each(|node| node.log_weight -= libm::log(density));
    Ok(nodes)
}

impl Mixture {
    /// Log-density and score at `x` of the data under Student-t noise of scale `sigma > 0` and `nu` degrees of freedom.
    ///
    /// # Errors
    /// If `nu` is outside [`DEGREES_OF_FREEDOM`].
    pub fn evaluate_student_t(&self, x: Vector2<f64>, sigma: f64, nu: f64) -> Result<(f64, Vector2<f64>)> {
        let values: Vec<(f64, Vector2<f64>)> = nodes(nu)?
            .iter()
            .map(|node| {
                let value = self.evaluate(x, node.scale * sigma);
                (node.log_weight + value.log_density, value.score)
            })
            .collect();
        let greatest = values.iter().map(|v| v.0).fold(f64::NEG_INFINITY, f64::max);
        let (mut mass, mut slope) = (0.0, Vector2::zeros());
        for (log_density, score) in values {
            let share = (log_density - greatest).exp();
            mass += share;
            slope += share * score;
        }
        Ok((greatest + mass.ln(), slope / mass))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Component;
    use super::*;
    use nalgebra::Matrix2;

    /// A point mass, nearly.
    fn point() -> Mixture {
        let covariance = Matrix2::from_diagonal_element(1e-12);
        Mixture::new(vec![Component { weight: 1.0, mean: Vector2::zeros(), covariance, class: 0, branch: 0 }]).unwrap()
    }

    #[test]
    fn of_a_point_mass_it_is_the_closed_form() {
        // A bivariate t has density (1 + r^2 / (nu s^2))^(-(nu + 2)/2) / (2 pi s^2), and score -(nu + 2) x / (nu s^2 +
        // r^2).
        let s: f64 = 0.7;
        let thousand = [0.1, 0.2, 0.5, 1.0, 2.0, 2.1, 3.0, 4.0, 10.0, 30.0, 100.0].map(|nu| (nu, 1000.0));
        // What the reach is said to be, with more degrees.
        for (nu, reach) in
            thousand.into_iter().chain([(300.0, 350.0), (1e3, 165.0), (3e3, 130.0), (1e4, 130.0), (1e6, 300.0)])
        {
            for i in 0..=200 {
                let scales = 0.01 * (reach / 0.01_f64).powf(f64::from(i) / 200.0);
                let r = scales * s;
                let (log_density, score) = point().evaluate_student_t(Vector2::new(0.6 * r, 0.8 * r), s, nu).unwrap();
                // The log-density ripples about the truth, and is the truth at the centre: up to twice the ripple from
                // it.
                let tolerances = if scales <= NEAR { [2e-5, 5e-5] } else { [4e-3, 8e-3] };
                let exact = -(nu + 2.0) * r / (nu * s * s + r * r);
                let error = (score / exact - Vector2::new(0.6, 0.8)).norm();
                assert!(error < tolerances[0], "{nu} {scales}: {error:e}");
                let exact = -0.5 * (nu + 2.0) * (r * r / (nu * s * s)).ln_1p() - (std::f64::consts::TAU * s * s).ln();
                assert!((log_density - exact).abs() < tolerances[1], "{nu} {scales}: {log_density} {exact}");
            }
        }
    }

    #[test]
    fn shares_are_those_of_the_gamma_distribution() {
        // Mass within the reach: all but what is farther than some thousand scales. A bivariate t has (1 +
        // r^2/nu)^(-nu/2) beyond r, which for nu = .2 and r = 20,000 is .12.
        for (nu, missing, tolerance) in [(0.2, 0.11, 0.03), (1.0, 1e-4, 1e-4), (4.0, 0.0, 1e-5), (100.0, 0.0, 1e-4)] {
            let total: f64 = nodes(nu).unwrap().iter().map(|node| node.log_weight.exp()).sum();
            assert!((1.0 - total - missing).abs() < tolerance, "{nu}: {total}");
        }
    }

    #[test]
    fn guidance_by_a_larger_scale_attracts_everywhere_and_by_less_repels_inside_a_radius() {
        // Of a point mass under noise sigma, guided by a Student-t of scale k sigma: s1 - s0 points inwards where
        // r^2 > (nu + 2 - nu k^2) sigma^2, so everywhere from k = sqrt(1 + 2/nu) on.
        let sigma = 0.4;
        let extra = |nu: f64, k: f64, r: f64| {
            let x = Vector2::new(r, 0.0);
            point().score(x, sigma).x - point().evaluate_student_t(x, k * sigma, nu).unwrap().1.x
        };
        for nu in [1.0, 4.0, 10.0, 100.0] {
            let enough = f64::sqrt(1.0 + 2.0 / nu);
            for r in [0.01, 0.1, 0.3, 1.0, 3.0, 10.0] {
                assert!(extra(nu, 1.001 * enough, r) < 0.0, "{nu} {r}");
            }
            for k in [1.0, 0.5 + 0.5 * enough] {
                let radius = sigma * (nu + 2.0 - nu * k * k).sqrt();
                assert!(extra(nu, k, 0.99 * radius) > 0.0 && extra(nu, k, 0.1 * radius) > 0.0, "{nu} {k}");
                assert!(extra(nu, k, 1.01 * radius) < 0.0 && extra(nu, k, 10.0 * radius) < 0.0, "{nu} {k}");
            }
        }
    }

    #[test]
    fn degrees_out_of_range_are_refused() {
        for nu in [0.0, 0.05, -1.0, f64::NAN, f64::INFINITY, 1e7] {
            assert!(nodes(nu).unwrap_err().to_string().contains("degrees of freedom"));
        }
        for nu in [0.1, 2.1, 4.0, 30.0, 100.0, 1e3, 1e6] {
            let count = nodes(nu).unwrap().len();
            assert!((29..=MOST).contains(&count), "{nu}: {count}");
        }
    }
}
