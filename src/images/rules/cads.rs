//! Noise on what a network is told of the prompt.

use crate::images::Cads;

impl Cads {
    /// gamma: how much of the prompt is known at time `u`, the fraction of sampling that is done, from 0 to 1.
    pub fn known(self, u: f64) -> f64 {
        ((u - self.begin) / (self.end - self.begin)).clamp(0.0, 1.0)
    }

    /// The vector that a network is told at time `u` in place of that of a prompt, with as many standard normals:
    /// y' = sqrt(gamma) y + s sqrt(1 - gamma) n, brought back to the mean and the spread of y, and mixed with y' as it was.
    /// Normals are drawn anew for each picture and step. The vector of a guide that is a network, that without a prompt too, is
    /// annealed alike.
    ///
    /// Once all is known it is the prompt's own. Where y' has no spread, as without any noise at first, y' brought back is y.
    ///
    /// # Panics
    /// If there are fewer normals than numbers.
    pub fn annealed(self, u: f64, prompt: &[f64], normals: &[f64]) -> Vec<f64> {
        assert!(normals.len() >= prompt.len(), "a normal for each number of a prompt's vector");
        let known = self.known(u);
        if known == 1.0 {
            return prompt.to_vec();
        }
        let (kept, spread) = (known.sqrt(), self.strength * (1.0 - known).sqrt());
        let noisy: Vec<f64> = prompt.iter().zip(normals).map(|(y, n)| kept * y + spread * n).collect();
        let [(mean, deviation), (noisy_mean, noisy_deviation)] = [prompt, &noisy].map(moments);
        let back = |(y, noisy): (&f64, &f64)| {
            let back =
                if noisy_deviation > 0.0 { (noisy - noisy_mean) / noisy_deviation * deviation + mean } else { *y };
            self.mix * back + (1.0 - self.mix) * noisy
        };
        prompt.iter().zip(&noisy).map(back).collect()
    }
}

/// Mean and standard deviation.
fn moments(numbers: &[f64]) -> (f64, f64) {
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    (mean, (numbers.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / count).sqrt())
}
