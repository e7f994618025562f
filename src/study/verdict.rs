//! What differences say, beyond chance at the one-sided level of 1%.

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

/// What decides about a difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Test {
    /// Student's t of so many seeds, at the one-sided level of 1%.
    Seeds(usize),
    /// A standard error over many samples: [`ERRORS`](Self::ERRORS) of them.
    Samples,
    /// The ends of an interval over resamples, which chance leaves in one of a hundred cases on either side.
    Interval([f64; 2]),
}

impl Test {
    /// One-sided 0.1% by the normal distribution; 1% where a standard error is too small by a quarter.
    pub const ERRORS: f64 = 3.1;
}

/// A difference that a claim says is above zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// What is subtracted from what.
    pub words: String,
    /// Its mean.
    pub mean: f64,
    /// Standard error of that.
    pub standard_error: f64,
    /// What decides.
    pub test: Test,
    /// The least difference that is one: what is certainly smaller is not above zero, however certain it is.
    pub least: f64,
}

impl Comparison {
    /// From each seed's difference.
    pub fn new(words: impl Into<String>, differences: &[f64]) -> Self {
        let (n, test) = (differences.len() as f64, Test::Seeds(differences.len()));
        let mean = differences.iter().sum::<f64>() / n;
        let squares: f64 = differences.iter().map(|d| (d - mean) * (d - mean)).sum();
        let standard_error = (squares / (n - 1.0) / n).sqrt();
        Self { words: words.into(), mean, standard_error, test, least: 0.0 }
    }

    /// How words go on where `more` is added to a difference.
    pub(crate) fn margin(more: f64) -> String {
        match more {
            0.0 => String::new(),
            _ if more < 0.0 => format!(" − {}", -more),
            _ => format!(" + {more}"),
        }
    }

    /// The mean in standard errors; 0 where all differences are zero.
    pub fn t(&self) -> f64 {
        if self.mean == 0.0 { 0.0 } else { self.mean / self.standard_error }
    }

    /// What chance leaves: between these the difference lies, at the level of the test on either side.
    pub fn bounds(&self) -> [f64; 2] {
        let errors = match self.test {
            Test::Seeds(seeds) => critical(seeds),
            Test::Samples => Test::ERRORS,
            Test::Interval(ends) => return ends,
        };
        // Infinitely many of no error would be no number.
        if self.mean.is_finite() && self.standard_error == 0.0 && errors.is_finite() {
            return [self.mean; 2];
        }
        [-1.0, 1.0].map(|side| self.mean + side * errors * self.standard_error)
    }

    /// What it says.
    pub fn verdict(&self) -> Verdict {
        let [low, high] = self.bounds();
        if low > 0.0 && self.mean > self.least {
            Verdict::Holds
        } else if high < self.least {
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
    fn what_is_too_small_to_be_seen_is_no_difference() {
        let of = |mean: f64, standard_error: f64| {
            let test = Test::Samples;
            Comparison { words: String::new(), mean, standard_error, test, least: 0.5 }.verdict()
        };
        assert_eq!([of(4.0, 1.0), of(3.0, 1.0), of(-4.0, 1.0)], [Holds, Undecided, DoesNotHold]);
        // Certain, and nothing all the same; nothing at all; and what may be something.
        assert_eq!([of(0.3, 0.05), of(0.0, 0.0), of(0.4, 0.05)], [DoesNotHold, DoesNotHold, Undecided]);
        assert_eq!(of(0.0, f64::NAN), Undecided);
        let within = |low, high| {
            let test = Test::Interval([low, high]);
            Comparison { words: String::new(), mean: 0.5, standard_error: 0.1, test, least: 0.0 }.verdict()
        };
        assert_eq!([within(0.1, 0.9), within(-0.1, 0.9), within(-0.9, -0.1)], [Holds, Undecided, DoesNotHold]);
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
