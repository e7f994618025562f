//! The network in f64, written for reading: the definition that the fast forms are tested against.

use super::{Network, SILU_GAIN};
use nalgebra::{DMatrix, DVector, Vector2};

/// What a network says at a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NetworkValue {
    /// Unnormalised log-density.
    pub log_density: f64,
    /// Its gradient.
    pub score: Vector2<f64>,
}

impl Network {
    /// Log-density and score at `x` and noise level `sigma > 0`; the score by a reverse pass.
    pub fn evaluate(&self, x: Vector2<f64>, sigma: f64) -> NetworkValue {
        self.evaluate_all(&[x], sigma)[0]
    }

    /// Log-density and score at many points, at noise level `sigma > 0`.
    pub fn evaluate_all(&self, points: &[Vector2<f64>], sigma: f64) -> Vec<NetworkValue> {
        let base = self.base(sigma);
        let c = base.c;
        let level = (sigma.ln() + self.noise_shift) / 4.0;
        let matrices: Vec<DMatrix<f64>> = (0..self.matrices.len())
            .map(|i| DMatrix::from_row_slice(self.hidden, self.columns(i), &self.normalised(i)))
            .collect();
        let scale = f64::from(self.gain) / (self.hidden as f64 * sigma);
        let value = |x: &Vector2<f64>| {
            let features = DVector::from_column_slice(&[x.x / c, x.y / c, level, 1.0]);
            let mut hidden = vec![&matrices[0] * features];
            for w in &matrices[1..] {
                let h = &hidden[hidden.len() - 1];
                hidden.push(w * h.map(|h| h * logistic(h) / SILU_GAIN));
            }
            let last = hidden.pop().expect("there is a first layer");
            let log_density = scale * last.norm_squared() + base.log_density(x.norm_squared());
            let mut adjoint = last * (2.0 * scale);
            for (w, h) in matrices[1..].iter().zip(&hidden).rev() {
                adjoint = (w.transpose() * adjoint).zip_map(h, |g, h| {
                    let s = logistic(h);
                    g * s * (1.0 + h * (1.0 - s)) / SILU_GAIN
                });
            }
            let input = matrices[0].transpose() * adjoint;
            NetworkValue { log_density, score: Vector2::new(input[0], input[1]) / c + base.pull(x.norm_squared()) * x }
        };
        points.iter().map(value).collect()
    }
}

fn logistic(h: f64) -> f64 {
    1.0 / (1.0 + (-h).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plane::training::initial;

    #[test]
    fn score_is_the_difference_of_log_density() {
        let mut net = initial(16, 4, 5);
        net.gain = 0.3;
        for nu in [None, Some(2.5), Some(4.0), Some(100.0)] {
            net.nu = nu;
            for (x, y, sigma) in [(0.1, -0.3, 0.02), (1.0, 0.4, 0.5), (-4.0, 7.0, 5.0), (40.0, 3.0, 0.1)] {
                let at = |dx, dy| net.evaluate(Vector2::new(x + dx, y + dy), sigma).log_density;
                let h = 1e-5;
                let difference = Vector2::new(at(h, 0.0) - at(-h, 0.0), at(0.0, h) - at(0.0, -h)) / (2.0 * h);
                let score = net.evaluate(Vector2::new(x, y), sigma).score;
                assert!((score - difference).norm() < 1e-7 * (1.0 + score.norm()), "{nu:?} {score} {difference}");
            }
        }
    }

    #[test]
    fn without_gain_heavy_tails_are_a_student_ts() {
        let net = Network { nu: Some(4.0), ..initial(8, 4, 1) };
        // nu (sigma_data^2 + sigma^2) = 4 x 1.69; |x|^2 = 1.
        let v = net.evaluate(Vector2::new(0.6, 0.8), 1.2);
        assert!((v.log_density + 3.0 * (1.0 + 1.0 / 6.76_f64).ln()).abs() < 1e-12);
        assert!((v.score + Vector2::new(0.6, 0.8) * 6.0 / 7.76).norm() < 1e-12);
    }

    #[test]
    fn with_many_degrees_heavy_tails_are_none() {
        let mut net = initial(16, 4, 5);
        net.gain = 0.3;
        let heavy = Network { nu: Some(1e6), ..net.clone() };
        let (a, b) = (net.evaluate(Vector2::new(0.6, 0.8), 0.3), heavy.evaluate(Vector2::new(0.6, 0.8), 0.3));
        assert!((a.log_density - b.log_density).abs() < 1e-4 && (a.score - b.score).norm() < 1e-4, "{a:?} {b:?}");
    }

    #[test]
    fn without_gain_it_is_a_gaussian() {
        let net = initial(8, 4, 1);
        let v = net.evaluate(Vector2::new(0.6, 0.8), 1.2);
        let variance = 0.25 + 1.44;
        assert!((v.log_density + 0.5 / variance).abs() < 1e-12);
        assert!((v.score + Vector2::new(0.6, 0.8) / variance).norm() < 1e-12);
    }
}
