//! Every rule as a function of inner products: plain numbers in and out, in f32 and f64, for vectors of any dimension.
//!
//! At one noise level a rule knows four vectors: the main model's estimate D1 and its noise eps1 = (x - D1)/sigma, the
//! difference d = D1 - D0 to the guide's, and what it remembers, m. Whatever else there is follows: x = D1 + sigma eps1, and with
//! S = -sigma eps1 = sigma^2 s1 the guide's sigma^2 s0 = S - d. The difference is to be formed element by element: taken from
//! two estimates later it cancels. So does what is computed of the guide beside the main model where they nearly agree; each
//! formula below is therefore written in d.

use super::Combination;
use crate::angles::sine_and_cosine;
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
    /// The sine of an angle of a few turns at most, in fewer bytes.
    fn short_sine(self) -> Self;
    /// The angle from 0 to pi that goes so far `along` a direction and so far `across` it, at least 0.
    fn angle(along: Self, across: Self) -> Self;
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

    fn short_sine(self) -> Self {
        sine_and_cosine(self)[0]
    }

    fn angle(along: Self, across: Self) -> Self {
        let half = libm::atan(across / (along.abs() + (along * along + across * across).sqrt()).max(TINY));
        if along < 0.0 { std::f64::consts::PI - 2.0 * half } else { 2.0 * half }
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

    fn short_sine(self) -> Self {
        f64::from(self).short_sine() as f32
    }

    fn angle(along: Self, across: Self) -> Self {
        f64::angle(along.into(), across.into()) as f32
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
        // cos(t) D1 + sin(t)/sin(th) e, e = D1 less its part along D0, th the angle between both, t = (w - 1) th, no more than pi/3.
        Combination::Adg => {
            let guide_one = gram.one_one - gram.one_d;
            let guide_guide = guide_one - gram.one_d + gram.d_d;
            // |D1| |D0| sin(th), the same of D1 and d.
            // What is left of rounding where one line has both is none.
            let product = gram.one_one * gram.d_d;
            let square = product - gram.one_d * gram.one_d;
            let area = if square > product * number(64.0) * T::default_epsilon() { square.sqrt() } else { zero };
            let sine = quotient(area, (gram.one_one * guide_guide).sqrt());
            let push = excess.max(zero);
            let turn = (push * T::angle(guide_one, area)).min(number(std::f64::consts::FRAC_PI_3));
            let ratio = if sine > number(1e-3) { turn.short_sine() / sine } else { push };
            // 1 - D1.D0/|D0|^2.
            let misfit = quotient(gram.d_d - gram.one_d, guide_guide);
            let half = (turn * number(0.5)).short_sine();
            [ratio * misfit - (half + half) * half, zero, ratio * (one - misfit), zero]
        }
        // D1 + b d, b no more than w - 1 and no more than the greater root of |D1 + b d| = G |D1|.
        Combination::Pmc { growth } => {
            let growth = number(growth);
            let room = (growth * growth - one) * gram.one_one;
            let root = (gram.one_d * gram.one_d + room * gram.d_d).max(zero).sqrt();
            let most = if gram.one_d > zero {
                quotient(room, gram.one_d + root)
            } else {
                quotient(root - gram.one_d, gram.d_d)
            };
            [zero, zero, excess.min(most), zero]
        }
        // (w - 1) exp(-alpha rho) d, rho = (1 + sigma)|d| / |x - (1 + sigma) D0|.
        Combination::MamboG { damping } => {
            let far = one + sigma;
            // x - (1 + sigma) D0 = sigma (eps1 - D1) + (1 + sigma) d.
            let guide = sigma * sigma * (gram.one_one + gram.eps_eps - gram.one_eps - gram.one_eps)
                + far * (far * gram.d_d + (sigma + sigma) * (gram.eps_d - gram.one_d));
            let share = far * (gram.d_d / guide.max(number(TINY))).sqrt();
            [zero, zero, excess * (-number(damping) * share).exponential(), zero]
        }
        // f eps_w, eps_w = eps1 - (w - 1) d/sigma, f such that its length is within bounds; D less D1 is sigma (eps1 - f eps_w).
        Combination::Renorm { least, most } => {
            let push = excess / sigma;
            let more = push * (push * gram.d_d - gram.eps_d - gram.eps_d);
            let square = gram.eps_eps + more;
            let ratio = quotient(gram.eps_eps, square).sqrt();
            // 1 - ratio, and f and 1 - f, each without a difference of what nearly cancels.
            let short = quotient(more, square) / (one + ratio);
            let (least, most) = (number(least), number(most));
            let factor = (most * ratio).min(one).max(least * ratio);
            let missing = (one - most + most * short).max(zero).min(one - least + least * short);
            [zero, sigma * missing, factor * excess, zero]
        }
        // D_w + h (D_w - m less (1 - eta) of its part along D_w), m <- m + a (D_w - m), D_w = D1 + (w - 1) d.
        Combination::Higs { strength, rate, parallel, end } => {
            let rate = number(rate);
            match place {
                Place::Beginning => next = [rate, zero, rate * excess, zero],
                Place::First => next = [rate, zero, rate * excess, one - rate],
                Place::Second => {}
            }
            let left = (sigma / (one + sigma) - number(end)) / (one - number(end));
            let size = if place == Place::Beginning { zero } else { number(strength) * left.max(zero).sqrt() };
            let square = gram.one_one + excess * (gram.one_d + gram.one_d + excess * gram.d_d);
            // Of D_w - m the part along D_w is D_w less that of m.
            let parallel = number(parallel);
            let own = size * (parallel + (one - parallel) * quotient(gram.one_m + excess * gram.d_m, square));
            [own, zero, (one + own) * excess, -size]
        }
        // s_w/lambda; less s1 it is (1/lambda - 1) s1 + (w - 1)/lambda (s1 - s0).
        Combination::EpsilonScaling { divisor } => {
            let share = one / number(divisor);
            [zero, sigma * (one - share), share * excess, zero]
        }
        // m is 0 while there is guidance, and the estimate at which it has ended from then on.
        Combination::AdaptiveGuidance { cosine } => {
            // eps0 = eps1 + d/sigma.
            let along = gram.eps_eps + gram.eps_d / sigma;
            let square = gram.eps_eps + (gram.eps_d + gram.eps_d + gram.d_d / sigma) / sigma;
            let same = along > number(cosine) * (gram.eps_eps * square).sqrt();
            let ended = place != Place::Beginning && gram.m_m > zero;
            if place != Place::Second && !ended {
                next = [if same { one } else { zero }, zero, zero, zero];
            }
            [zero, zero, if ended || same { zero } else { excess }, zero]
        }
        // m is the last difference as long as they shrink, and 0 from then on.
        Combination::TransitionPoint => {
            let guided = place != Place::Beginning && (gram.m_m == zero || gram.d_d > gram.m_m);
            if place != Place::Second {
                next = [zero, zero, if guided { zero } else { one }, zero];
            }
            [zero, zero, if guided { excess } else { -one }, zero]
        }
    };
    Mix { push, memory: next }
}
