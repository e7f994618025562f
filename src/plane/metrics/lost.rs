//! Particles that are nowhere any more.
//!
//! Invariant: metrics are of particles that are somewhere. How many are lost is said beside them, and nothing takes the
//! place of a position that is no number.

use crate::error::{Error, Result};

/// The farthest that a coordinate may be: beyond it squares of distances over a component's deviation, which densities are
/// made of, leave too little room in f32.
pub const FARTHEST: f32 = 1e9;

/// Whether a particle is lost: a coordinate is no number, or beyond [`FARTHEST`].
pub fn is_lost(point: [f32; 2]) -> bool {
    // Written so that NaN is lost too.
    !point.iter().all(|x| x.abs() <= FARTHEST)
}

/// How many of a run's particles are lost.
///
/// # Errors
/// [`Error::Diverged`] if all are; [`Error::Invalid`] if there are none at all.
pub fn count_lost(points: &[[f32; 2]]) -> Result<usize> {
    let lost = points.iter().filter(|&&p| is_lost(p)).count();
    match points.len() {
        0 => Err(Error::invalid("The number of particles", "1 or more", 0)),
        particles if lost == particles => Err(Error::Diverged { first: 0, lost, particles }),
        _ => Ok(lost),
    }
}

/// Those that are not lost.
pub(super) fn kept(points: &[[f32; 2]]) -> Vec<[f32; 2]> {
    points.iter().copied().filter(|&p| !is_lost(p)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_or_too_far_is_lost() {
        let inf = f32::INFINITY;
        let ends = [[0.0, 1e9], [f32::NAN, 0.0], [0.0, -1.1e9], [-inf, inf], [-1e9, 3.0]];
        assert_eq!(ends.map(is_lost), [false, true, true, true, false]);
        assert_eq!(count_lost(&ends), Ok(3));
        assert_eq!(kept(&ends), [ends[0], ends[4]]);
        let error = count_lost(&ends[1..4]).unwrap_err();
        assert_eq!(error.to_string(), "Particle 0 left the range of numbers: 3 of 3 are lost.");
        assert_eq!((error.code(), error.advice()), ("diverged", "Lower the weight or add steps."));
        assert_eq!(count_lost(&[]).unwrap_err().code(), "invalid");
    }
}
