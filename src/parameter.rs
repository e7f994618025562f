//! Every number that a scheme has: what it is called, what is accepted, and what a control offers.

use crate::error::{Error, Result};
use crate::json::{self, Fault, Value, decimal};
use serde::Serialize;

/// A number of a scheme.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Parameter {
    /// As a formula writes it, and as the command's `--over` takes it.
    pub symbol: &'static str,
    /// In words.
    pub name: &'static str,
    /// The least that is accepted.
    pub least: f64,
    /// The greatest that is accepted.
    pub greatest: f64,
    /// What a control begins at.
    pub from: f64,
    /// What a control ends at.
    pub to: f64,
    /// Distance of a control's values.
    pub step: f64,
    /// Value at first.
    pub default: f64,
    /// Whether it is a whole number.
    #[serde(skip)]
    pub whole: bool,
}

impl Parameter {
    /// Check a value of it.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming it and its range.
    pub fn check(&self, value: f64) -> Result<()> {
        // Written so that NaN is refused too.
        if value >= self.least && value <= self.greatest {
            return Ok(());
        }
        let range = format!("between {} and {}", decimal(self.least), decimal(self.greatest));
        Err(Error::invalid(self.name, range, decimal(value)))
    }
}

/// A parameter of a variant: its field, what it is, and its value.
pub type Setting = (&'static str, &'static Parameter, f64);

/// Check all of some numbers.
///
/// # Errors
/// As for [`Parameter::check`].
#[inline(never)]
pub fn check(settings: &[Setting]) -> Result<()> {
    settings.iter().try_for_each(|(_, parameter, value)| parameter.check(*value))
}

/// The most numbers that a variant has.
pub const MOST_NUMBERS: usize = 5;

/// The variants of an enum whose fields are numbers, in their order: what [`of_numbers!`](crate::of_numbers) makes, so that reading
/// and listing them is code for all and not for each.
pub struct Variants {
    /// As Rust names them.
    pub names: &'static [&'static str],
    /// Of each its fields.
    pub fields: &'static [&'static [&'static str]],
    /// And what these are; nothing, of a variant whose fields are no numbers.
    pub parameters: &'static [&'static [&'static Parameter]],
}

impl Variants {
    /// Which one a value is, what stands in it, and its numbers, zeros after them.
    ///
    /// # Errors
    /// As for [`json::variant`], [`json::content`] and [`json::Fields::get`].
    #[inline(never)]
    pub fn read<'a>(&self, value: &'a Value) -> std::result::Result<(usize, &'a Value, [f64; MOST_NUMBERS]), Fault> {
        let (index, inside) = json::variant(value, self.names)?;
        let mut numbers = [0.0; MOST_NUMBERS];
        let (names, parameters) = (self.fields[index], self.parameters[index]);
        if names.len() == parameters.len() {
            let fields = json::content(inside, self.names[index], names)?;
            for ((number, name), parameter) in numbers.iter_mut().zip(names).zip(parameters) {
                *number = if parameter.whole { f64::from(fields.get::<u32>(name)?) } else { fields.get(name)? };
            }
        }
        Ok((index, inside, numbers))
    }

    /// The numbers of one as parameters.
    #[inline(never)]
    pub fn settings(&self, index: usize, numbers: &[f64; MOST_NUMBERS]) -> Vec<Setting> {
        let row = self.fields[index].iter().zip(self.parameters[index]);
        row.zip(numbers).map(|((name, parameter), number)| (*name, *parameter, *number)).collect()
    }
}

/// Reads an enum whose fields are numbers, and lists them: `enum T { A, B { x = X, y = Y }, C(z) }`, each with what of
/// [`parameter`](crate::parameter) it is. Between round brackets stand fields that are none. `f of T { ... }` calls the list `f`, of an
/// enum with numbers that no table has.
#[macro_export]
macro_rules! of_numbers {
    (enum $type:ident { $($rows:tt)* }) => {
        $crate::of_numbers!(settings of $type { $($rows)* });
    };
    ($settings:ident of $type:ident {
        $($(#[$when:meta])* $variant:ident $({ $($field:ident = $parameter:ident),* $(,)? })? $(( $($other:ident),* ))?),* $(,)?
    }) => {
        impl $type {
            const VARIANTS: $crate::parameter::Variants = $crate::parameter::Variants {
                names: &[$($(#[$when])* stringify!($variant)),*],
                fields: &[$($(#[$when])* &[$($(stringify!($field)),*)? $($(stringify!($other)),*)?]),*],
                parameters: &[$($(#[$when])* &[$($(&$crate::parameter::$parameter),*)?]),*],
            };

            /// Which variant it is, and its numbers. (That every variant is there is what lets it compile.)
            #[inline(never)]
            fn numbered(&self) -> (usize, [f64; $crate::parameter::MOST_NUMBERS]) {
                enum Index { $($(#[$when])* $variant),* }
                let mut numbers = [0.0; $crate::parameter::MOST_NUMBERS];
                let index = match self {
                    $($(#[$when])* Self::$variant { $($($field,)*)? .. } => {
                        let given: &[f64] = &[$($(f64::from(*$field)),*)?];
                        numbers[..given.len()].copy_from_slice(given);
                        Index::$variant
                    })*
                };
                (index as usize, numbers)
            }

            /// Its numbers.
            pub fn $settings(&self) -> Vec<$crate::parameter::Setting> {
                let (index, numbers) = self.numbered();
                Self::VARIANTS.settings(index, &numbers)
            }

            /// The name of its variant.
            #[allow(dead_code, reason = "messages name some")]
            pub(crate) fn variant(&self) -> &'static str {
                Self::VARIANTS.names[self.numbered().0]
            }
        }
        impl $crate::json::FromJson for $type {
            fn from_json(value: &$crate::json::Value) -> ::std::result::Result<Self, $crate::json::Fault> {
                enum Index { $($(#[$when])* $variant),* }
                let (index, _inside, numbers) = Self::VARIANTS.read(value)?;
                $(
                    $(#[$when])*
                    if index == Index::$variant as usize {
                        $(
                            let _fields = $crate::json::content(
                                _inside,
                                stringify!($variant),
                                &[$(stringify!($other)),*],
                            )?;
                        )?
                        let [$($($field,)*)? ..] = numbers;
                        return Ok(Self::$variant {
                            $($($field: $field as _,)*)?
                            $($($other: _fields.get(stringify!($other))?,)*)?
                        });
                    }
                )*
                unreachable!()
            }
        }
    };
}

macro_rules! parameters {
    ($($id:ident: $symbol:literal, $name:literal, $least:literal..=$greatest:literal, $from:literal..=$to:literal by $step:literal, $default:literal $($whole:ident)?;)*) => {
        $(
            #[doc = concat!($name, ".")]
            pub static $id: Parameter = Parameter {
                symbol: $symbol,
                name: $name,
                least: $least,
                greatest: $greatest,
                from: $from,
                to: $to,
                step: $step,
                default: $default,
                whole: !matches!(stringify!($($whole)?).as_bytes(), b""),
            };
        )*
    };
}

#[cfg(feature = "images")]
pub(crate) use parameters;

/// What another program knows a rule of one's own by.
#[cfg(all(target_arch = "wasm32", not(feature = "own-rule")))]
pub static OWN_RULE: Parameter = Parameter {
    symbol: "rule",
    name: "The number of the rule",
    least: 0.0,
    greatest: u32::MAX as f64,
    from: 0.0,
    to: 0.0,
    step: 1.0,
    default: 0.0,
    whole: true,
};

// Name: symbol, words, accepted range, range and step of a control, default, and whether it is a whole number.
parameters! {
    WEIGHT: "w", "The guidance weight", -10.0..=50.0, 0.0..=10.0 by 0.1, 3.0;
    SIGMA_SCALE: "k", "The guide's factor on sigma", 0.1..=10.0, 1.0..=1.5 by 0.01, 1.1;
    // Beyond the greatest the noise is Gaussian, but for (2 + r^2) 1e-6 of the score r scales from a point mass.
    DEGREES_OF_FREEDOM: "nu", "The degrees of freedom", 0.1..=1000000.0, 1.0..=30.0 by 0.5, 4.0;
    NOISE_SHIFT: "shift", "The shift of the noise input", -10.0..=10.0, -2.0..=2.0 by 0.05, 0.5;
    DROPOUT_RATE: "rate", "The dropout rate", 0.0..=0.99, 0.0..=0.5 by 0.01, 0.1;
    NOISE_STRENGTH: "strength", "The strength of the weight noise", 0.0..=10.0, 0.0..=1.0 by 0.01, 0.1;
    DEGRADATION_SEED: "seed", "The seed of the degradation", 0.0..=4294967295.0, 0.0..=20.0 by 1.0, 1.0 whole;

    FLOOR: "c", "The floor of the clamped schedule", 0.0..=50.0, 0.0..=5.0 by 0.1, 1.0;
    EXPONENT_IN_TIME: "s", "The power of time in the cosine", 0.1..=10.0, 0.1..=4.0 by 0.1, 1.0;
    BETA_A: "a", "The first shape of the beta density", 1.0..=20.0, 1.0..=8.0 by 0.1, 2.0;
    BETA_B: "b", "The second shape of the beta density", 1.0..=20.0, 1.0..=8.0 by 0.1, 2.0;
    GROWTH_RATE: "lambda", "The growth of the weight's logarithm", -10.0..=10.0, -2.0..=2.0 by 0.05, 0.7;
    WINDOW_FROM: "from", "The beginning of the window, in time", 0.0..=1.0, 0.0..=1.0 by 0.01, 0.2;
    WINDOW_TO: "to", "The end of the window, in time", 0.0..=1.0, 0.0..=1.0 by 0.01, 0.4;
    CURVE_WEIGHT: "f", "A height of the curve", -10.0..=50.0, 0.0..=4.0 by 0.05, 1.0;
    INTERVAL_LOW: "lo", "The lower end of the interval, in sigma", 0.0..=100.0, 0.0..=1.0 by 0.01, 0.02;
    INTERVAL_HIGH: "hi", "The upper end of the interval, in sigma", 0.0..=100.0, 0.0..=5.0 by 0.01, 0.3;

    APG_MOMENTUM: "beta", "The momentum of the guidance", -1.0..=1.0, -1.0..=1.0 by 0.05, -0.5;
    APG_PARALLEL: "eta", "The share of the parallel part", -1.0..=5.0, 0.0..=1.0 by 0.05, 0.0;
    CLIP_RADIUS: "r", "The greatest length of the guidance", 0.0..=100.0, 0.0..=1.0 by 0.01, 0.3;
    ZERO_STEPS: "still", "The number of still steps at the beginning", 0.0..=1024.0, 0.0..=8.0 by 1.0, 0.0 whole;
    MOMENTUM_STRENGTH: "a", "The strength of the momentum", -5.0..=20.0, 0.0..=4.0 by 0.05, 0.5;
    MOMENTUM_RATE: "b", "The rate of the running mean", 0.0..=1.0, 0.0..=1.0 by 0.05, 0.6;
    POWER: "alpha", "The power of the guidance's length", -1.0..=5.0, -1.0..=2.0 by 0.05, 0.5;
    TSR_SHARPNESS: "sharp", "What the variance of the modes is divided by", 0.01..=100.0, 0.25..=10.0 by 0.05, 2.0;
    TSR_WIDTH: "width", "The width of the modes that are rescaled", 0.0001..=10.0, 0.005..=0.5 by 0.005, 0.01;
    FEEDBACK_SHARE: "pi", "The share that the main model is of", 0.0001..=0.99999, 0.05..=0.999 by 0.001, 0.8;
    FEEDBACK_MOST: "wmax", "The greatest weight of a particle", 1.01..=100.0, 1.5..=20.0 by 0.5, 10.0;
    FEEDBACK_ONSET: "t0", "The time left at which feedback begins", 0.0..=0.99, 0.0..=0.95 by 0.01, 0.556;
    FEEDBACK_DECISION: "t1", "The time left at which feedback is decided", 0.0..=1.0, 0.0..=1.0 by 0.01, 0.429;
    NEGATIVE_STRENGTH: "l0", "The strength of the negative guidance", 0.0..=50.0, 0.0..=10.0 by 0.1, 1.0;
    NEGATIVE_PRIOR: "p0", "The share of what is not wanted", 0.000001..=0.999, 0.01..=0.99 by 0.01, 0.5;
    NEGATIVE_MOST: "pmax", "The greatest posterior of what is not wanted", 0.01..=0.99999, 0.5..=0.999 by 0.001, 0.99;
    NEGATIVE_TEMPERATURE: "T", "How much a step tells", 0.0..=100.0, 0.0..=2.0 by 0.05, 1.0;
    NEGATIVE_OFFSET: "off", "The offset of a step's squared distance", -1.0..=1.0, -0.001..=0.001 by 0.0001, 0.0;
    PMC_GROWTH: "G", "The greatest growth of the estimate", 1.0..=10.0, 1.0..=2.0 by 0.01, 1.1;
    MAMBO_DAMPING: "alpha", "The damping by the models' difference", 0.0..=100.0, 0.0..=16.0 by 0.1, 8.0;
    RENORM_LEAST: "rmin", "The least length of the guided noise", 0.0..=1.0, 0.0..=1.0 by 0.05, 1.0;
    RENORM_MOST: "rmax", "The greatest length of the guided noise", 1.0..=100.0, 1.0..=2.0 by 0.05, 1.0;
    HIGS_STRENGTH: "wh", "The strength of the history", -5.0..=20.0, 0.0..=3.0 by 0.05, 1.75;
    HIGS_RATE: "a", "The rate of the history's mean", 0.0..=1.0, 0.0..=1.0 by 0.05, 0.5;
    HIGS_END: "t0", "The time left at which history ends", 0.0..=0.99, 0.0..=0.95 by 0.05, 0.4;
    EPSILON_DIVISOR: "lambda", "What the noise estimate is divided by", 0.5..=2.0, 0.95..=1.05 by 0.001, 1.005;
    ADAPTIVE_COSINE: "cos", "The cosine at which guidance ends", -1.0..=1.0, 0.9..=1.0 by 0.001, 0.991;
    RESAMPLING: "ess", "The share of effective particles below which they are resampled", 0.0..=1.0, 0.0..=1.0 by 0.05, 0.5;

    CHURN: "churn", "The amount of churn", 0.0..=1000.0, 0.0..=80.0 by 1.0, 10.0;
    CHURN_LOW: "smin", "The least noise level that is churned", 0.0..=100.0, 0.0..=1.0 by 0.01, 0.05;
    CHURN_HIGH: "smax", "The greatest noise level that is churned", 0.0..=100.0, 0.0..=5.0 by 0.05, 5.0;
    CHURN_NOISE: "snoise", "The inflation of the churned noise", 0.0..=2.0, 0.9..=1.1 by 0.001, 1.0;
    CORRECTIONS: "K", "The number of corrections at a noise level", 1.0..=100.0, 1.0..=16.0 by 1.0, 1.0 whole;
    CORRECTION_SIZE: "h", "The size of a correction", 0.0..=10.0, 0.05..=2.0 by 0.05, 1.0;
    ROUNDS: "K", "The number of rounds", 1.0..=100.0, 1.0..=8.0 by 1.0, 2.0 whole;
    FORESIGHT: "interval", "The number of steps looked ahead", 1.0..=1024.0, 1.0..=16.0 by 1.0, 5.0 whole;
    FORESIGHT_UNTIL: "until", "The share of steps with foresight", 0.0..=1.0, 0.0..=1.0 by 0.05, 0.4;
    FORESIGHT_WEIGHT: "w_F", "The weight of foresight", -10.0..=50.0, 0.0..=8.0 by 0.1, 5.5;
    PROJECTION_UNTIL: "t_min", "The least time of manifold projection", 0.0..=1.0, 0.0..=1.0 by 0.05, 0.5;
    STEPS: "steps", "The number of steps", 2.0..=1024.0, 4.0..=128.0 by 1.0, 32.0 whole;
    SIGMA_MIN: "sigma_min", "The least noise level", 0.0001..=1.0, 0.001..=0.05 by 0.001, 0.002;
    SIGMA_MAX: "sigma_max", "The greatest noise level", 0.05..=100.0, 1.0..=20.0 by 0.5, 5.0;
    RHO: "rho", "The density of levels at low noise", 1.0..=100.0, 1.0..=15.0 by 0.5, 7.0;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_out_of_range_are_refused_by_name() {
        for value in [f64::NAN, f64::INFINITY, 51.0, -10.1] {
            let message = WEIGHT.check(value).unwrap_err().to_string();
            assert!(message.starts_with("The guidance weight must be between -10 and 50; it is"), "{message}");
        }
        assert!(WEIGHT.check(50.0).is_ok() && WEIGHT.check(-10.0).is_ok());
    }
}
