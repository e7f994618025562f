//! What differences over seeds say, by Student's t at the one-sided level of 1%.

/// What the numbers say of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything that the criterion asks for is so, beyond chance.
    Holds,
    /// Something that it asks for is the other way round, beyond chance.
    DoesNotHold,
    /// Chance could have made the difference.
    Undecided,
    /// What would have to be compared is not there.
    Untested,
}

impl Verdict {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::DoesNotHold => "does not hold",
            Self::Undecided => "undecided",
            Self::Untested => "not tested",
        }
    }

    /// All have to hold.
    pub fn all(verdicts: impl IntoIterator<Item = Self>) -> Self {
        let mut together = Self::Holds;
        for verdict in verdicts {
            together = match (together, verdict) {
                (Self::DoesNotHold, _) | (_, Self::DoesNotHold) => Self::DoesNotHold,
                (Self::Untested, _) | (_, Self::Untested) => Self::Untested,
                (Self::Undecided, _) | (_, Self::Undecided) => Self::Undecided,
                _ => Self::Holds,
            };
        }
        together
    }

    /// One has to hold.
    pub fn any(verdicts: impl IntoIterator<Item = Self>) -> Self {
        let mut together = Self::DoesNotHold;
        for verdict in verdicts {
            together = match (together, verdict) {
                (Self::Holds, _) | (_, Self::Holds) => Self::Holds,
                (Self::Untested, _) | (_, Self::Untested) => Self::Untested,
                (Self::Undecided, _) | (_, Self::Undecided) => Self::Undecided,
                _ => Self::DoesNotHold,
            };
        }
        together
    }
}

/// 99% quantiles of Student's t with 1, 2, ... degrees of freedom (scipy.stats.t.ppf).
const QUANTILES: [f64; 10] = [31.821, 6.965, 4.541, 3.747, 3.365, 3.143, 2.998, 2.896, 2.821, 2.764];

/// What t has to exceed with this many seeds; infinite for fewer than two.
pub fn critical(seeds: usize) -> f64 {
    match seeds {
        0 | 1 => f64::INFINITY,
        // Beyond the table its last value, which is a little too strict.
        _ => QUANTILES[(seeds - 2).min(QUANTILES.len() - 1)],
    }
}

/// A difference that a claim says is above zero, over seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// What is subtracted from what.
    pub words: String,
    /// Mean over seeds.
    pub mean: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Number of seeds.
    pub seeds: usize,
}

impl Comparison {
    /// From each seed's difference.
    pub fn new(words: impl Into<String>, differences: &[f64]) -> Self {
        let n = differences.len() as f64;
        let mean = differences.iter().sum::<f64>() / n;
        let squares: f64 = differences.iter().map(|d| (d - mean) * (d - mean)).sum();
        Self { words: words.into(), mean, standard_error: (squares / (n - 1.0) / n).sqrt(), seeds: differences.len() }
    }

    /// The mean in standard errors; 0 where all differences are zero.
    pub fn t(&self) -> f64 {
        if self.mean == 0.0 { 0.0 } else { self.mean / self.standard_error }
    }

    /// What it says.
    pub fn verdict(&self) -> Verdict {
        let critical = critical(self.seeds);
        if self.t() > critical {
            Verdict::Holds
        } else if self.t() < -critical {
            Verdict::DoesNotHold
        } else {
            Verdict::Undecided
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{DoesNotHold, Holds, Undecided};

    #[test]
    fn students_t_decides() {
        // Mean 2, standard deviation 1, of four: t = 4, where 4.541 is needed; of five times as much, 20.
        let sample = |shift: f64| {
            Comparison::new("", &[shift - 1.0, shift + 1.0, shift - 1.0, shift + 1.0].map(|d| d * 0.75f64.sqrt()))
        };
        let c = Comparison { mean: 2.0, ..sample(0.0) };
        assert!((c.standard_error - 0.5).abs() < 1e-12 && (c.t() - 4.0).abs() < 1e-12);
        assert_eq!([c.verdict(), sample(10.0).verdict(), sample(-10.0).verdict()], [Undecided, Holds, DoesNotHold]);
        assert_eq!(Comparison::new("", &[0.0; 5]).verdict(), Undecided);
        assert_eq!(Comparison::new("", &[1.0; 5]).verdict(), Holds);
        assert_eq!(Comparison::new("", &[1.0]).verdict(), Undecided);
        assert_eq!([critical(2), critical(5), critical(100)], [31.821, 3.747, 2.764]);
    }

    #[test]
    fn verdicts_combine() {
        assert_eq!(Verdict::all([Holds, Undecided, DoesNotHold]), DoesNotHold);
        assert_eq!(Verdict::all([Holds, Undecided]), Undecided);
        assert_eq!(Verdict::any([DoesNotHold, Undecided]), Undecided);
        assert_eq!(Verdict::any([DoesNotHold, Undecided, Holds]), Holds);
        assert_eq!(Verdict::any([DoesNotHold, DoesNotHold]), DoesNotHold);
    }
}
