//! Rules in the forms in which their papers write them: on whole vectors, in f64.

use guidance_playground::guidance::Combination;
use nalgebra::{DMatrix, DVector};

type Vector = DVector<f64>;

/// What a rule's paper is told.
pub struct Asked {
    pub x: Vector,
    pub sigma: f64,
    pub weight: f64,
    pub main: Vector,
    pub guide: Vector,
    /// What is remembered; nothing at the beginning.
    pub memory: Option<Vector>,
    /// log p1 - log p0, or what is known of it.
    pub ratio: f64,
}

/// The guided estimate, and what is to be remembered, as the rule's paper writes it.
pub fn papers_form(rule: &Combination, asked: &Asked) -> (Vector, Vector) {
    let Asked { x, sigma, weight: w, main: d1, guide: d0, memory, ratio } = asked;
    let noises = || ((x - d1) / *sigma, (x - d0) / *sigma);
    let nothing = Vector::zeros(x.len());
    let guided = match *rule {
        Combination::Lerp | Combination::CfgPlusPlus | Combination::FeynmanKac { .. } => d0 + *w * (d1 - d0),
        // The paper's listing: running average, norm threshold, projection, update.
        Combination::Apg { momentum, parallel, radius } => {
            let running = d1 - d0 + momentum * memory.as_ref().unwrap_or(&nothing);
            let mut diff = running.clone();
            if radius > 0.0 {
                diff *= (radius / diff.norm()).min(1.0);
            }
            let direction = d1.normalize();
            let shared = diff.dot(&direction) * direction;
            return (d1 + (w - 1.0) * (diff - &shared + parallel * shared), running);
        }
        Combination::CfgZeroStar { .. } => {
            let (e1, e0) = noises();
            let fit = e1.dot(&e0) / e0.norm_squared();
            x - *sigma * (fit * &e0 + *w * (e1 - fit * &e0))
        }
        Combination::Tcfg => {
            let (e1, e0) = noises();
            let svd = DMatrix::from_rows(&[e1.transpose(), e0.transpose()]).svd(false, true);
            let leading = svd.singular_values.imax();
            let v = svd.v_t.unwrap().row(leading).transpose();
            let e0 = e0.dot(&v) * v;
            x - *sigma * (&e0 + *w * (e1 - &e0))
        }
        Combination::NormClip { radius } => {
            let push = (w - 1.0) * (d1 - d0);
            d1 + &push * (radius / push.norm()).min(1.0)
        }
        Combination::Momentum { strength, rate } => {
            let mean = memory.as_ref().unwrap_or(d1);
            return (d1 + strength * (d1 - mean), (1.0 - rate) * mean + rate * d1);
        }
        Combination::Tsr { sharpness, width } => {
            let ratio = (sigma * sigma / (width * width) + 1.0) / (sigma * sigma / (width * width) + 1.0 / sharpness);
            x + ratio * (d0 + *w * (d1 - d0) - x)
        }
        // The weight of a particle, and what a fixed weight adds to it.
        Combination::Feedback { share, most, .. } | Combination::FeedbackExact { share, most } => {
            let odds = ratio.exp();
            let positive = odds - (1.0 - share);
            let own = if positive > 0.0 { (odds / positive).min(most) } else { most };
            d0 + (own + w - 1.0) * (d1 - d0)
        }
        Combination::Negative { strength, prior, most, .. } | Combination::NegativeExact { strength, prior, most } => {
            let posterior = (prior / ratio.exp()).min(most);
            d1 - (strength * posterior / (1.0 - posterior) + w - 1.0) * (d0 - d1)
        }
        // The paper's listing: rotation away from D0 in the plane of both.
        Combination::Adg => {
            let theta = (d1.dot(d0) / (d1.norm() * d0.norm())).clamp(-1.0, 1.0).acos();
            let theta = if theta < 0.1 { 2.0 * ((d1.normalize() - d0.normalize()).norm() / 2.0).asin() } else { theta };
            let turn = ((w - 1.0).max(0.0) * theta).min(std::f64::consts::FRAC_PI_3);
            let ratio = if theta.sin() > 1e-3 { turn.sin() / theta.sin() } else { (w - 1.0).max(0.0) };
            turn.cos() * d1 + ratio * (d1 - d1.dot(d0) / d0.norm_squared() * d0)
        }
        // The largest weight, by bisection.
        Combination::Pmc { growth } => {
            let guided = |b: f64| d1 + b * (d1 - d0);
            let (mut low, mut high) = (0.0, w - 1.0);
            if guided(high).norm() > growth * d1.norm() {
                for _ in 0..200 {
                    let middle = 0.5 * (low + high);
                    if guided(middle).norm() > growth * d1.norm() { high = middle } else { low = middle }
                }
                guided(low)
            } else {
                guided(high)
            }
        }
        // In velocities of straight paths between data and noise, where x/(1 + sigma) is at time sigma/(1 + sigma).
        Combination::MamboG { damping } => {
            let (t, z) = (sigma / (1.0 + sigma), x / (1.0 + sigma));
            let [v1, v0] = [d1, d0].map(|d| (&z - d) / t);
            let rate = (&v1 - &v0).norm() / v0.norm();
            d1 + (w - 1.0) * (-damping * rate).exp() * (d1 - d0)
        }
        Combination::Renorm { least, most } => {
            let (e1, e0) = noises();
            let guided = &e0 + *w * (&e1 - &e0);
            let length = guided.norm().min(most * e1.norm()).max(least * e1.norm());
            x - *sigma * length * guided.normalize()
        }
        // The paper's algorithm, without its filter.
        Combination::Higs { strength, rate, parallel, end } => {
            let guided = d0 + *w * (d1 - d0);
            let Some(mean) = memory else { return (guided.clone(), rate * guided) };
            let difference = &guided - mean;
            let along = difference.dot(&guided) / guided.norm_squared() * &guided;
            let t = sigma / (1.0 + sigma);
            let size = if t > end { strength * ((t - end) / (1.0 - end)).sqrt() } else { 0.0 };
            let next = rate * &guided + (1.0 - rate) * mean;
            return (guided + size * (difference - (1.0 - parallel) * along), next);
        }
        Combination::EpsilonScaling { divisor } => {
            let (e1, e0) = noises();
            x - *sigma * (&e0 + *w * (e1 - &e0)) / divisor
        }
        Combination::AdaptiveGuidance { cosine } => {
            let (e1, e0) = noises();
            let ended = memory.as_ref().is_some_and(|memory| memory.norm() > 0.0);
            let same = e1.dot(&e0) / (e1.norm() * e0.norm()) > cosine;
            let guided = if ended || same { d1.clone() } else { d0 + *w * (d1 - d0) };
            return (guided, memory.clone().filter(|_| ended).unwrap_or(if same { d1.clone() } else { nothing }));
        }
        Combination::TransitionPoint => {
            let difference = d1 - d0;
            let guided = memory.as_ref().is_some_and(|last| last.norm() == 0.0 || difference.norm() > last.norm());
            return if guided { (d0 + *w * &difference, nothing) } else { (d0.clone(), difference) };
        }
        Combination::PowerLaw { power } => d1 + (w - 1.0) * (d1 - d0) * (d1 - d0).norm().powf(power),
        Combination::Own { .. } => unreachable!("it is of no paper"),
    };
    (guided, nothing)
}
