//! Adam, the learning rate, and the power-function average of the weights.

/// Adam's two decay rates and its epsilon.
pub(super) const BETAS: [f64; 2] = [0.9, 0.99];
pub(super) const EPSILON: f64 = 1e-8;
/// Learning rate, and the iteration after which it falls as the inverse square root.
const RATE: f64 = 0.01;
const RATE_ITERATIONS: f64 = 512.0;
/// Relative width of the average, as a share of the training (EDM2, Karras et al. 2024, section 3.1).
pub(super) const EMA_STD: f64 = 0.010;

/// Learning rate of iteration `i`, from 0.
pub(super) fn rate(i: u32) -> f64 {
    RATE / (f64::from(i) / RATE_ITERATIONS).max(1.0).sqrt()
}

/// Adam's moments (Kingma & Ba 2015).
#[derive(Clone)]
pub(super) struct Adam {
    pub first: Vec<f32>,
    pub second: Vec<f32>,
}

impl Adam {
    pub fn new(parameters: usize) -> Self {
        Self { first: vec![0.0; parameters], second: vec![0.0; parameters] }
    }

    /// Update `weights` along `gradient` at iteration `i`, from 0.
    pub fn step(&mut self, weights: &mut [f32], gradient: &[f32], i: u32) {
        let [b1, b2] = BETAS;
        let correction = BETAS.map(|b| 1.0 - b.powi(i as i32 + 1));
        let rate = rate(i) / correction[0];
        let moments = self.first.iter_mut().zip(&mut self.second);
        for ((w, &g), (m, v)) in weights.iter_mut().zip(gradient).zip(moments) {
            let g = f64::from(g);
            let first = b1 * f64::from(*m) + (1.0 - b1) * g;
            let second = b2 * f64::from(*v) + (1.0 - b2) * g * g;
            *m = first as f32;
            *v = second as f32;
            *w = (f64::from(*w) - rate * first / ((second / correction[1]).sqrt() + EPSILON)) as f32;
        }
    }
}

/// The exponent gamma of a power-function average of relative width `std`: the largest real root of
/// g^3 + 7 g^2 + (16 - r) g + (12 - r), r = std^-2 (EDM2 equations 126-127).
pub(super) fn ema_exponent(std: f64) -> f64 {
    let r = std.powi(-2);
    let f = |g: f64| ((g + 7.0) * g + (16.0 - r)) * g + (12.0 - r);
    // Beyond the greatest root the cubic rises; f(sqrt r) > 0 for every r, and f(-1) < 0 for r > 0 is impossible
    // to miss: bisect between.
    let (mut low, mut high) = (0.0, r.sqrt().max(1.0));
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if f(middle) > 0.0 { high = middle } else { low = middle }
    }
    0.5 * (low + high)
}

/// What an average of such an exponent keeps of itself after iteration `i`, from 0.
pub(super) fn kept(exponent: f64, i: u32) -> f64 {
    libm::pow(1.0 - 1.0 / (f64::from(i) + 1.0), exponent + 1.0)
}

/// Move `average` towards `weights` after iteration `i`, from 0.
pub(super) fn average(average: &mut [f32], weights: &[f32], exponent: f64, i: u32) {
    let beta = kept(exponent, i);
    for (a, &w) in average.iter_mut().zip(weights) {
        *a = (f64::from(w) + (f64::from(*a) - f64::from(w)) * beta) as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_are_the_published_ones() {
        assert!((ema_exponent(0.010) - 96.9949).abs() < 5e-5);
        // EDM2, section 3.1: std .05 and .10 are gamma 16.97 and 6.94.
        assert!((ema_exponent(0.05) - 16.97).abs() < 5e-3);
        assert!((ema_exponent(0.10) - 6.94).abs() < 5e-3);
    }

    #[test]
    fn the_average_weighs_iterations_by_a_power() {
        // After n iterations, iteration i carries weight proportional to (i+1)^(g+1) - i^(g+1).
        let (g, n) = (6.94, 40u32);
        let values: Vec<f32> = (0..n).map(|i| (f64::from(i) * 0.7).sin() as f32).collect();
        let mut a = [0.0];
        for (i, &v) in values.iter().enumerate() {
            average(&mut a, &[v], g, i as u32);
        }
        let power = |i: u32| f64::from(i).powf(g + 1.0);
        let truth: f64 =
            values.iter().zip(0..).map(|(&v, i)| f64::from(v) * (power(i + 1) - power(i))).sum::<f64>() / power(n);
        assert!((f64::from(a[0]) - truth).abs() < 1e-6, "{a:?} {truth}");
    }

    #[test]
    fn the_rate_falls_after_512() {
        assert_eq!([rate(0), rate(512)], [0.01, 0.01]);
        assert!((rate(2048) - 0.005).abs() < 1e-15);
    }

    #[test]
    fn adam_first_moves_by_the_rate() {
        let mut adam = Adam::new(2);
        let mut w = [1.0, 1.0];
        adam.step(&mut w, &[1e-3, -20.0], 0);
        assert!((w[0] - 0.99).abs() < 1e-6 && (w[1] - 1.01).abs() < 1e-6, "{w:?}");
    }
}
