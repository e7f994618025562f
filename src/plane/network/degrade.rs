//! Lesser copies of a network, to guide away from: asked at another noise level, short of units, or with noisy weights.
//!
//! Each is a [`Network`] again, so that engines need to know nothing of them, and a function of its seed.

use super::{Network, row_norm};
use crate::error::Result;
use crate::parameter;
use crate::random::{Stream, normal_pair, words};

impl Network {
    /// The same network told another noise level (time-step guidance, Sadat et al. 2024, arXiv 2407.02687): its input
    /// ln(sigma)/4 becomes (ln(sigma) + shift)/4, while c, 1/sigma and the base stay. Shifts add up. A file does not
    /// keep it.
    ///
    /// # Errors
    /// If the shift is outside [`parameter::NOISE_SHIFT`].
    pub fn with_noise_shift(&self, shift: f64) -> Result<Self> {
        parameter::NOISE_SHIFT.check(shift)?;
        Ok(Self { noise_shift: self.noise_shift + shift, ..self.clone() })
    }

    /// The same network without a share `rate` of the hidden units of every layer, rounded to whole units, one at least
    /// kept: which ones is drawn once and for all. What the next layer reads of them is zero; its rows are then
    /// normalised over what is left, as rows always are, so that the units that stay count for more.
    ///
    /// # Errors
    /// If the rate is outside [`parameter::DROPOUT_RATE`].
    pub fn with_dropout(&self, rate: f64, seed: u64) -> Result<Self> {
        parameter::DROPOUT_RATE.check(rate)?;
        Ok(self.without_units(rate, seed, 0))
    }

    /// The same without the units of a draw, of which [`with_dropout`](Self::with_dropout) has the first; `rate` is within
    /// [`parameter::DROPOUT_RATE`]. What the first layer says is that of all draws.
    pub(crate) fn without_units(&self, rate: f64, seed: u64, number: u32) -> Self {
        let mut network = self.clone();
        let count = ((rate * self.hidden as f64).round() as usize).min(self.hidden - 1);
        for (layer, matrix) in network.matrices[1..].iter_mut().enumerate() {
            let draw = |unit: u64| {
                let index = u64::from(number) << 32 | unit;
                u64::from(words(seed, Stream::Dropout, index, layer as u32)[0]) << 32 | unit
            };
            let draws: Vec<u64> = (0..self.hidden as u64).map(draw).collect();
            // The units of the least draws. Counting them instead of sorting spares wasm a sort of 15 kB.
            let rank = |unit: usize| draws.iter().filter(|&&other| other < draws[unit]).count();
            let units: Vec<usize> = (0..self.hidden).filter(|&unit| rank(unit) < count).collect();
            for row in matrix.chunks_exact_mut(self.hidden) {
                units.iter().for_each(|&unit| row[unit] = 0.0);
            }
        }
        network
    }

    /// The same network with normal noise in every weight but the gain, of standard deviation `strength` times the root
    /// mean square of the weight's row, before rows are normalised: what noise on rows of unit mean square is, as
    /// training keeps them.
    ///
    /// # Errors
    /// If the strength is outside [`parameter::NOISE_STRENGTH`].
    pub fn with_weight_noise(&self, strength: f64, seed: u64) -> Result<Self> {
        parameter::NOISE_STRENGTH.check(strength)?;
        let mut network = self.clone();
        for i in 0..network.matrices.len() {
            let columns = self.columns(i);
            for (r, row) in network.matrices[i].chunks_exact_mut(columns).enumerate() {
                let size = strength * row_norm(row);
                for (c, weight) in row.iter_mut().enumerate() {
                    let [a, b, _, _] = words(seed, Stream::WeightNoise, (r * columns + c) as u64, i as u32);
                    *weight = (f64::from(*weight) + size * normal_pair(a, b)[0]) as f32;
                }
            }
        }
        Ok(network)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{LAYERS, SIGMA_DATA};
    use super::*;
    use crate::plane::training::initial;
    use nalgebra::Vector2;

    fn net() -> Network {
        Network { gain: 0.3, ..initial(16, LAYERS, 5) }
    }

    const POINTS: [(f64, f64, f64); 3] = [(0.1, -0.3, 0.02), (1.0, 0.4, 0.5), (-4.0, 7.0, 5.0)];

    /// The log-density once more, from raw weights alone, without the units of `gone` (layer, unit), which the layer
    /// after neither reads nor normalises over.
    fn dense(net: &Network, gone: &[(usize, usize)], (x, y, sigma): (f64, f64, f64), log_sigma: f64) -> f64 {
        let c = (SIGMA_DATA * SIGMA_DATA + sigma * sigma).sqrt();
        let mut input = vec![x / c, y / c, log_sigma / 4.0, 1.0];
        for (i, matrix) in net.matrices.iter().enumerate() {
            let n = input.len();
            let reads = |k: usize| i == 0 || !gone.contains(&(i - 1, k));
            let mut out = Vec::new();
            for r in 0..net.hidden {
                let row: Vec<(usize, f64)> =
                    (0..n).filter(|&k| reads(k)).map(|k| (k, f64::from(matrix[r * n + k]))).collect();
                let square: f64 = row.iter().map(|(_, w)| w * w).sum();
                let norm = (1e-4 + (square / n as f64).sqrt()) * (n as f64).sqrt();
                out.push(row.iter().map(|&(k, w)| w * input[k]).sum::<f64>() / norm);
            }
            let last = i + 1 == net.matrices.len();
            input = if last { out } else { out.iter().map(|h| h / (1.0 + (-h).exp()) / 0.596).collect() };
        }
        let mean = input.iter().map(|h| h * h).sum::<f64>() / input.len() as f64;
        f64::from(net.gain) * mean / sigma - 0.5 * (x * x + y * y) / (c * c)
    }

    fn assert_consistent(net: &Network) {
        for (x, y, sigma) in POINTS {
            let at = |dx, dy| net.evaluate(Vector2::new(x + dx, y + dy), sigma).log_density;
            let h = 1e-5;
            let difference = Vector2::new(at(h, 0.0) - at(-h, 0.0), at(0.0, h) - at(0.0, -h)) / (2.0 * h);
            let score = net.evaluate(Vector2::new(x, y), sigma).score;
            assert!((score - difference).norm() < 1e-7 * (1.0 + score.norm()), "{score} {difference}");
        }
    }

    #[test]
    fn nothing_of_it_is_the_network_itself() {
        let net = net();
        assert_eq!(net.with_noise_shift(0.0).unwrap(), net);
        assert_eq!(net.with_dropout(0.0, 1).unwrap(), net);
        assert_eq!(net.with_weight_noise(0.0, 1).unwrap(), net);
    }

    #[test]
    fn a_shift_moves_the_noise_input_alone() {
        let net = net();
        let shifted = net.with_noise_shift(1.0).unwrap().with_noise_shift(-0.4).unwrap();
        for (x, y, sigma) in POINTS {
            let found = shifted.evaluate(Vector2::new(x, y), sigma).log_density;
            let expected = dense(&net, &[], (x, y, sigma), sigma.ln() + 0.6);
            assert!((found - expected).abs() < 1e-10 * (1.0 + expected.abs()), "{found} {expected}");
            assert!((found - net.evaluate(Vector2::new(x, y), sigma).log_density).abs() > 1e-6);
        }
        assert_consistent(&shifted);
        // A file holds weights only.
        assert_eq!(Network::from_safetensors(&shifted.to_safetensors()).unwrap(), net);
    }

    #[test]
    fn dropout_removes_the_units_drawn_and_no_others() {
        let net = net();
        for (rate, count) in [(0.1, 2), (0.5, 8), (0.99, 15)] {
            let lesser = net.with_dropout(rate, 7).unwrap();
            assert_eq!(lesser, net.with_dropout(rate, 7).unwrap());
            assert_ne!(lesser, net.with_dropout(rate, 8).unwrap());
            let gone: Vec<(usize, usize)> = (0..LAYERS)
                .flat_map(|layer| (0..16).map(move |unit| (layer, unit)))
                .filter(|&(layer, unit)| lesser.matrices[layer + 1].iter().skip(unit).step_by(16).all(|&w| w == 0.0))
                .collect();
            let of = |layer: usize| gone.iter().filter(|g| g.0 == layer).map(|g| g.1).collect::<Vec<_>>();
            assert!((0..LAYERS).all(|layer| of(layer).len() == count));
            assert_ne!(of(0), of(1));
            for at in POINTS {
                let found = lesser.evaluate(Vector2::new(at.0, at.1), at.2).log_density;
                let expected = dense(&net, &gone, at, at.2.ln());
                assert!((found - expected).abs() < 1e-10 * (1.0 + expected.abs()), "{found} {expected}");
            }
            assert_consistent(&lesser);
        }
    }

    #[test]
    fn weight_noise_has_its_strength_whatever_the_rows_size() {
        let mut net = net();
        net.matrices[2].iter_mut().for_each(|w| *w *= 7.0);
        let strength = 0.3;
        let noisy = net.with_weight_noise(strength, 3).unwrap();
        assert_eq!(noisy, net.with_weight_noise(strength, 3).unwrap());
        assert_ne!(noisy, net.with_weight_noise(strength, 4).unwrap());
        assert_eq!(noisy.gain, net.gain);
        for i in 0..=LAYERS {
            let columns = net.columns(i);
            let mut differences = Vec::new();
            let rows = net.matrices[i].chunks_exact(columns).zip(noisy.matrices[i].chunks_exact(columns));
            for (before, after) in rows {
                let rms = (before.iter().map(|w| f64::from(w * w)).sum::<f64>() / columns as f64).sqrt();
                differences.extend(before.iter().zip(after).map(|(b, a)| f64::from(a - b) / rms));
            }
            let n = differences.len() as f64;
            let mean = differences.iter().sum::<f64>() / n;
            let deviation = (differences.iter().map(|d| d * d).sum::<f64>() / n).sqrt();
            // Four standard errors.
            assert!(mean.abs() < 4.0 * strength / n.sqrt(), "{i}: {mean}");
            assert!((deviation / strength - 1.0).abs() < 4.0 / (2.0 * n).sqrt(), "{i}: {deviation}");
        }
        assert_consistent(&noisy);
    }

    #[test]
    fn numbers_out_of_range_are_refused() {
        let net = net();
        for bad in [f64::NAN, 11.0, -11.0] {
            assert!(net.with_noise_shift(bad).unwrap_err().to_string().contains("shift of the noise input"));
            assert!(net.with_dropout(bad, 1).unwrap_err().to_string().contains("dropout rate"));
            assert!(net.with_weight_noise(bad, 1).unwrap_err().to_string().contains("weight noise"));
        }
        assert!(net.with_dropout(1.0, 1).is_err() && net.with_weight_noise(-0.1, 1).is_err());
    }
}
