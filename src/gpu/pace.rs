//! How much work goes into one dispatch.

/// Seconds that a dispatch should take.
const TARGET: f64 = 0.008;
/// Steepest growth from one dispatch to the next; the first is tiny.
const GROWTH: f64 = 4.0;

/// Finds how many units of work a device does in about 8 ms, beginning with the least.
///
/// The unit is one tile of particles through one evaluation of a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    units: f64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { units: 1.0 }
    }
}

impl Pace {
    /// Units that the next dispatch may hold, 1 or more.
    pub fn units(self) -> usize {
        self.units.round() as usize
    }

    /// Learn that a dispatch of `units` took `seconds`. Waiting in a queue counts as work, so that the pace is rather
    /// too slow than too fast.
    pub fn learn(&mut self, units: usize, seconds: f64) {
        let affordable = units as f64 * (TARGET / seconds.max(1e-6));
        // A dispatch that held less than it could says nothing against what was affordable before.
        let known = if units < self.units() && affordable > self.units { self.units } else { affordable };
        self.units = known.clamp(1.0, (GROWTH * self.units).min(1e9));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settle(seconds_per_unit: f64, latency: f64) -> (Pace, f64) {
        let mut pace = Pace::default();
        let mut longest: f64 = 0.0;
        for _ in 0..40 {
            let units = pace.units();
            let seconds = latency + units as f64 * seconds_per_unit;
            longest = longest.max(seconds);
            pace.learn(units, seconds);
        }
        (pace, longest)
    }

    #[test]
    fn it_settles_at_eight_milliseconds() {
        for seconds_per_unit in [1e-7, 1e-5, 1e-3] {
            let (pace, longest) = settle(seconds_per_unit, 0.0);
            let seconds = pace.units() as f64 * seconds_per_unit;
            assert!((0.006..0.0081).contains(&seconds), "{seconds}");
            assert!(longest < 0.0081, "{longest}");
        }
    }

    #[test]
    fn a_slow_device_gets_the_least_and_latency_only_slows() {
        assert_eq!(settle(0.05, 0.0).0.units(), 1);
        let (pace, longest) = settle(1e-5, 0.004);
        assert!((0.002..0.0081).contains(&(pace.units() as f64 * 1e-5)) && longest < 0.0121);
    }

    #[test]
    fn a_small_last_dispatch_is_no_reason_to_slow_down() {
        let (mut pace, _) = settle(1e-5, 0.0);
        let before = pace;
        pace.learn(3, 3e-5);
        assert_eq!(pace, before);
        pace.learn(before.units(), 0.032);
        assert!(pace.units() < before.units() / 3);
    }
}
