//! Every rule as a function of inner products: plain numbers in and out, in f32 and f64, for vectors of any dimension.
//!
//! At one noise level a rule knows four vectors: the main model's estimate D1 and its noise eps1 = (x - D1)/sigma, the
//! difference d = D1 - D0 to the guide's, and what it remembers, m. Whatever else there is follows: x = D1 + sigma eps1, and with
//! S = -sigma eps1 = sigma^2 s1 the guide's sigma^2 s0 = S - d. The difference is to be formed element by element: taken from
//! two estimates later it cancels. So does what is computed of the guide beside the main model where they nearly agree; each
//! formula below is therefore written in d.

use super::Combination;
use nalgebra::{RealField, convert};

/// A precision that rules are computed in.
pub trait Real: RealField + Copy {
    /// e to this power. As the others the same on every machine, as the system's own is not.
    fn exponential(self) -> Self;
    /// The natural logarithm.
    fn logarithm(self) -> Self;
    /// The sine.
    fn sine(self) -> Self;
    /// The cosine.
    fn cosine(self) -> Self;
    /// The angle from 0 to pi with this cosine.
    fn arc_cosine(self) -> Self;
}

impl Real for f64 {
    fn exponential(self) -> Self {
        libm::exp(self)
    }

    fn logarithm(self) -> Self {
        libm::log(self)
    }

    fn sine(self) -> Self {
        libm::sin(self)
    }

    fn cosine(self) -> Self {
        libm::cos(self)
    }

    fn arc_cosine(self) -> Self {
        libm::acos(self)
    }
}

impl Real for f32 {
    fn exponential(self) -> Self {
        libm::exp(self.into()) as f32
    }

    fn logarithm(self) -> Self {
        libm::log(self.into()) as f32
    }

    fn sine(self) -> Self {
        libm::sin(self.into()) as f32
    }

    fn cosine(self) -> Self {
        libm::cos(self.into()) as f32
    }

    fn arc_cosine(self) -> Self {
        libm::acos(self.into()) as f32
    }
}

/// Inner products of D1, eps1, d and m, each row of the triangle from its diagonal on.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs, reason = "the names say it: one for D1, eps for eps1")]
pub struct Gram<T> {
    pub one_one: T,
    pub one_eps: T,
    pub one_d: T,
    pub one_m: T,
    pub eps_eps: T,
    pub eps_d: T,
    pub eps_m: T,
    pub d_d: T,
    pub d_m: T,
    pub m_m: T,
}

/// When a rule is asked, and how strongly it is to guide.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment<T> {
    /// The main model's noise level.
    pub sigma: T,
    /// Guidance weight w; 1 is no guidance.
    pub weight: T,
    /// Where in a run this is.
    pub place: Place,
    /// log p1 - log p0, or what is known of it, for rules that carry or are told it; 0 for the others.
    pub ratio: T,
}

/// A stage of a run, as memory sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Place {
    /// The first stage of the first step, in which memory begins anew.
    Beginning,
    /// The first stage of a later step.
    First,
    /// The second stage of a step, which reads what its first has left, as the next step's first stage will, and leaves it.
    Second,
}

impl Place {
    /// Of a stage, 0 or 1, of a step.
    pub fn of(step: usize, stage: usize) -> Self {
        match (step, stage) {
            (0, 0) => Self::Beginning,
            (_, 0) => Self::First,
            _ => Self::Second,
        }
    }
}

/// What a rule answers: coefficients on D1, eps1, d and m.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mix<T> {
    /// Of the guided estimate less D1.
    pub push: [T; 4],
    /// Of what is remembered next.
    pub memory: [T; 4],
}

impl<T: Real> Gram<T> {
    /// Of four vectors.
    #[inline(always)]
    pub fn of<const N: usize>([one, eps, d, m]: &[[T; N]; 4]) -> Self {
        let dot = |a: &[T; N], b: &[T; N]| (1..N).fold(a[0] * b[0], |sum, i| sum + a[i] * b[i]);
        Self {
            one_one: dot(one, one),
            one_eps: dot(one, eps),
            one_d: dot(one, d),
            one_m: dot(one, m),
            eps_eps: dot(eps, eps),
            eps_d: dot(eps, d),
            eps_m: dot(eps, m),
            d_d: dot(d, d),
            d_m: dot(d, m),
            m_m: dot(m, m),
        }
    }
}

/// The products in the order of [`Gram`]'s fields.
impl<T: Copy> From<[T; 10]> for Gram<T> {
    fn from([one_one, one_eps, one_d, one_m, eps_eps, eps_d, eps_m, d_d, d_m, m_m]: [T; 10]) -> Self {
        Self { one_one, one_eps, one_d, one_m, eps_eps, eps_d, eps_m, d_d, d_m, m_m }
    }
}

impl<T> From<Gram<T>> for [T; 10] {
    fn from(gram: Gram<T>) -> Self {
        let Gram { one_one, one_eps, one_d, one_m, eps_eps, eps_d, eps_m, d_d, d_m, m_m } = gram;
        [one_one, one_eps, one_d, one_m, eps_eps, eps_d, eps_m, d_d, d_m, m_m]
    }
}

/// Smaller than any square that matters; keeps quotients finite where a vector vanishes.
const TINY: f64 = 1e-30;

/// What `rule` makes of the vectors whose inner products are `gram`. (Twin: mix.wgsl.)
///
/// # Panics
/// If it is a rule of one's own, which [`Plan::rule`](crate::plan::Plan::rule) has the program of.
// Where bytes count it is a call; natively that would cost a hundredth of a guided step.
#[cfg_attr(target_arch = "wasm32", inline(never))]
#[cfg_attr(not(target_arch = "wasm32"), inline(always))]
pub fn mix<T: Real>(rule: &Combination, moment: Moment<T>, gram: &Gram<T>) -> Mix<T> {
    let Moment { sigma, weight, place, ratio } = moment;
    let number = convert::<f64, T>;
    let (zero, one) = (T::zero(), T::one());
    let quotient = |above: T, below: T| above / below.max(number(TINY));
    // What a length is multiplied by so that it is no longer than a radius; 0 is no bound.
    let bound = |length: T, radius: T| if radius > zero && length > radius { radius / length } else { one };
    let excess = weight - one;
    let mut next = [zero, zero, zero, one];
    let push = match *rule {
        Combination::Lerp | Combination::CfgPlusPlus | Combination::FeynmanKac { .. } => [zero, zero, excess, zero],
        #[cfg(feature = "own-rule")]
        Combination::Own { .. } => panic!("a plan has the program of a rule of one's own"),
        // Delta = d + beta m, no longer than r; D1 + (w - 1)(Delta less (1 - eta) of its part along D1).
        Combination::Apg { momentum, parallel, radius } => {
            let beta = if place == Place::Beginning { zero } else { number(momentum) };
            if place != Place::Second {
                next = [zero, zero, one, beta];
            }
            let square = gram.d_d + beta * (gram.d_m + gram.d_m + beta * gram.m_m);
            let size = excess * bound(square.max(zero).sqrt(), number(radius));
            let along = quotient(gram.one_d + beta * gram.one_m, gram.one_one);
            [-size * (one - number(parallel)) * along, zero, size, size * beta]
        }
        // a s0 + w (s1 - a s0) with a = s1.s0 / |s0|^2; less s1 it is (w - 1)((1 - a) s1 + a (s1 - s0)).
        Combination::CfgZeroStar { .. } => {
            let guide_d = -(sigma * gram.eps_d + gram.d_d);
            let guide_guide = sigma * (sigma * gram.eps_eps + gram.eps_d) - guide_d;
            // 1 - a = -s0.(s1 - s0) / |s0|^2.
            let misfit = -quotient(guide_d, guide_guide);
            [zero, -sigma * excess * misfit, excess * (one - misfit), zero]
        }
        // s0' + w (s1 - s0'), s0' = (s0.v) v, v the leading right singular vector of (s1, s0): as well of p = s1 + s0 and
        // q = s1 - s0, where v = cos p + sin q up to its length; less s1 it is
        // (w - 1)(sin (sin + cos) s1 + (1/2 - sin cos) q).
        Combination::Tcfg => {
            let score_score = sigma * sigma * gram.eps_eps;
            let score_d = -sigma * gram.eps_d;
            let two = one + one;
            let p_q = two * score_d - gram.d_d;
            let half = two * (score_score - score_d);
            let root = (half * half + p_q * p_q).sqrt();
            let [cos, sin] = if half > zero { [half + root, p_q] } else { [p_q, root - half] };
            let length = (cos * cos + sin * sin).sqrt().max(number(TINY));
            let (cos, sin) = (cos / length, sin / length);
            [zero, -sigma * excess * sin * (sin + cos), excess * (number(0.5) - sin * cos), zero]
        }
        // (w - 1) d, no longer than r.
        Combination::NormClip { radius } => {
            [zero, zero, excess * bound(excess.abs() * gram.d_d.sqrt(), number(radius)), zero]
        }
        // D1 + a (D1 - m), m <- m + b (D1 - m).
        Combination::Momentum { strength, rate } => {
            let (strength, rate) = (number(strength), number(rate));
            match place {
                Place::Beginning => {
                    next = [one, zero, zero, zero];
                    [zero; 4]
                }
                _ => {
                    if place == Place::First {
                        next = [rate, zero, zero, one - rate];
                    }
                    [strength, zero, zero, -strength]
                }
            }
        }
        // r s with r = (v + sigma^2)/(v/k + sigma^2), s = s1 + (w - 1)(s1 - s0); less s1 it is (r - 1) s1 + r (w - 1)(s1 - s0).
        Combination::Tsr { sharpness, width } => {
            let variance = number(width) * number(width);
            let narrowed = variance / number(sharpness);
            let more = (variance - narrowed) / (narrowed + sigma * sigma);
            [zero, -sigma * more, (one + more) * excess, zero]
        }
        // 1/(1 - (1 - pi) p0/p1), no more than the greatest; w - 1 comes on top.
        Combination::Feedback { share, most, .. } | Combination::FeedbackExact { share, most } => {
            let rest = (one - number(share)) * (-ratio).exponential();
            let most = number(most);
            let own = if rest < one { (one / (one - rest)).min(most) } else { most };
            [zero, zero, own - one + excess, zero]
        }
        // l0 p/(1 - p), p the prior times p0/p1, no more than the greatest; w - 1 comes on top.
        Combination::Negative { strength, prior, most, .. } | Combination::NegativeExact { strength, prior, most } => {
            let posterior = (number(prior) * (-ratio).exponential()).min(number(most));
            [zero, zero, number(strength) * posterior / (one - posterior) + excess, zero]
        }
        // (w - 1) |d|^alpha d.
        Combination::PowerLaw { power } => {
            let factor = (number(0.5 * power) * gram.d_d.max(number(TINY)).logarithm()).exponential();
            [zero, zero, excess * factor, zero]
        }
    };
    Mix { push, memory: next }
}
