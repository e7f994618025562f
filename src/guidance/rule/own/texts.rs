//! Other rules in the language of one's own, to begin from.

use crate::guidance::Combination;

impl Combination {
    /// As a rule of one's own, with its numbers as parameters; nothing of a rule of which there is no text. None can be of CFG++, which
    /// goes on with the guide's noise and not from the guided estimate; of CFG-Zero* with steps that stand still; of Feynman-Kac
    /// correctors, which resample particles; or of those that go by densities or by what steps tell of them: feedback and dynamic
    /// negative guidance.
    pub fn text(&self) -> Option<String> {
        let formula = match self {
            Self::Lerp => "s = s0 + w * (s1 - s0)",
            Self::Apg { .. } => {
                "m = D1 - D0 + momentum * m\n\
                 g = if radius > 0 then min(1, radius / norm(m)) * m else m\n\
                 along = dot(g, D1) / dot(D1, D1) * D1\n\
                 D1 + (w - 1) * (g - (1 - parallel) * along)"
            }
            Self::CfgZeroStar { still: 0 } => "fit = dot(s1, s0) / dot(s0, s0)\ns = fit * s0 + w * (s1 - fit * s0)",
            Self::Tcfg => {
                "# v is the leading singular vector of both scores.\n\
                 p = s1 + s0; q = s1 - s0\n\
                 half = dot(p, p) - dot(q, q)\n\
                 cross = 2 * dot(p, q)\n\
                 root = sqrt(half^2 + cross^2)\n\
                 v = if half > 0 then (half + root) * p + cross * q else cross * p + (root - half) * q\n\
                 v = v / norm(v)\n\
                 shared = dot(s0, v) * v\n\
                 s = shared + w * (s1 - shared)"
            }
            Self::NormClip { .. } => {
                "g = (w - 1) * (D1 - D0)\n\
                 D1 + (if radius > 0 then min(1, radius / norm(g)) else 1) * g"
            }
            Self::Momentum { .. } => {
                "mean = if dot(m, m) > 0 then m else D1\n\
                 m = mean + rate * (D1 - mean)\n\
                 D1 + strength * (D1 - mean)"
            }
            Self::Tsr { .. } => {
                "v = width^2\n\
                 s = (v + sigma^2) / (v / sharpness + sigma^2) * (s0 + w * (s1 - s0))"
            }
            Self::EpsilonScaling { .. } => "s = (s0 + w * (s1 - s0)) / divisor",
            Self::PowerLaw { .. } => "d = D1 - D0\nD1 + (w - 1) * norm(d)^power * d",
            Self::Pmc { .. } => {
                "d = D1 - D0\n\
                 room = (growth^2 - 1) * dot(D1, D1)\n\
                 most = (sqrt(dot(D1, d)^2 + room * dot(d, d)) - dot(D1, d)) / dot(d, d)\n\
                 D1 + min(w - 1, most) * d"
            }
            Self::MamboG { .. } => {
                "d = D1 - D0\n\
                 rho = (1 + sigma) * norm(d) / norm(x - (1 + sigma) * D0)\n\
                 D1 + (w - 1) * exp(-damping * rho) * d"
            }
            Self::Renorm { .. } => {
                "e = eps0 + w * (eps1 - eps0)\n\
                 ratio = norm(eps1) / norm(e)\n\
                 eps = max(min(most * ratio, 1), least * ratio) * e"
            }
            Self::Higs { .. } => {
                "g = D0 + w * (D1 - D0)\n\
                 left = (sigma / (1 + sigma) - end) / (1 - end)\n\
                 size = if dot(m, m) > 0 then strength * sqrt(max(left, 0)) else 0\n\
                 away = g - m\n\
                 along = dot(away, g) / dot(g, g) * g\n\
                 m = m + rate * (g - m)\n\
                 g + size * (away - (1 - parallel) * along)"
            }
            // m is 0 while there is guidance.
            Self::AdaptiveGuidance { .. } => {
                "m = if dot(m, m) == 0 and dot(eps1, eps0) > cosine * norm(eps1) * norm(eps0) then D1 else m\n\
                 if dot(m, m) > 0 then D1 else D0 + w * (D1 - D0)"
            }
            // m is the last difference as long as they shrink, and 0 from then on.
            Self::TransitionPoint => {
                "d = D1 - D0\n\
                 begins = if step == 0 and sigma > sigma_next then 1 else 0\n\
                 waits = if begins == 1 or dot(m, m) > 0 and dot(d, d) <= dot(m, m) then 1 else 0\n\
                 m = waits * d\n\
                 if waits == 1 then D0 else D0 + w * d"
            }
            _ => return None,
        };
        let mut text = String::new();
        for (field, parameter, value) in self.settings().into_iter().filter(|(field, ..)| *field != "still") {
            let (from, to, step) = (parameter.from.min(value), parameter.to.max(value), parameter.step);
            text += &format!("param {field} = {value} in {from}..{to} by {step}\n");
        }
        Some(text + formula)
    }
}
