//! Sine and cosine of angles that are no more than a few thousand turns, in few bytes: `libm`'s also take angles of any size, at
//! three kilobytes. By FreeBSD's msun, as `libm`'s are, digit for digit: its reduction in three parts of pi/2, and its polynomials.

use std::f64::consts::{FRAC_2_PI, FRAC_PI_4};

/// Parts of pi/2, each of 33 bits, with what is then missing.
const PARTS: [[f64; 2]; 3] = [
    [1.570_796_326_734_125_6, 6.077_100_506_506_192e-11],
    [6.077_100_506_303_966e-11, 2.022_266_248_795_950_6e-21],
    [2.022_266_248_711_166_5e-21, 8.478_427_660_368_9e-32],
];
const SINE: [f64; 6] = [
    -0.166_666_666_666_666_32,
    0.008_333_333_333_322_49,
    -0.000_198_412_698_298_579_5,
    2.755_731_370_707_006_8e-6,
    -2.505_076_025_340_686_3e-8,
    1.589_690_995_211_55e-10,
];
const COSINE: [f64; 6] = [
    0.041_666_666_666_666_6,
    -0.001_388_888_888_887_411,
    2.480_158_728_947_673e-5,
    -2.755_731_435_139_066_3e-7,
    2.087_572_321_298_175e-9,
    -1.135_964_755_778_819_5e-11,
];

/// Both of an angle, whose size is below 10,000.
#[inline(never)]
pub fn sine_and_cosine(angle: f64) -> [f64; 2] {
    let quarters = if angle.abs() <= FRAC_PI_4 { 0.0 } else { (angle * FRAC_2_PI).round_ties_even() };
    let [[first, missing], more @ ..] = PARTS;
    let (mut rest, mut lost) = (angle - quarters * first, quarters * missing);
    // With more parts where that many digits of the angle have cancelled.
    for ([part, missing], cancelled) in more.into_iter().zip([16, 49]) {
        if exponent(angle) - exponent(rest - lost) <= cancelled {
            break;
        }
        let (before, taken) = (rest, quarters * part);
        rest = before - taken;
        lost = quarters * missing - ((before - rest) - taken);
    }
    let x = rest - lost;
    let y = (rest - x) - lost;
    let z = x * x;
    let (cube, square) = (z * x, z * z);
    let of_sine = SINE[1] + z * (SINE[2] + z * SINE[3]) + z * square * (SINE[4] + z * SINE[5]);
    let sine = if quarters == 0.0 {
        x + cube * (SINE[0] + z * of_sine)
    } else {
        x - ((z * (0.5 * y - cube * of_sine) - y) - cube * SINE[0])
    };
    let of_cosine = z * (COSINE[0] + z * (COSINE[1] + z * COSINE[2]))
        + square * square * (COSINE[3] + z * (COSINE[4] + z * COSINE[5]));
    let half = 0.5 * z;
    let most = 1.0 - half;
    let cosine = most + (((1.0 - most) - half) + (z * of_cosine - x * y));
    match quarters as i32 & 3 {
        0 => [sine, cosine],
        1 => [cosine, -sine],
        2 => [-sine, -cosine],
        _ => [-cosine, sine],
    }
}

/// Of 2, biased.
fn exponent(x: f64) -> i32 {
    (x.to_bits() >> 52 & 0x7ff) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_are_those_of_libm() {
        let angles = (0..200_000).map(|i| f64::from(i - 100_000) * 0.01 + 1e-7 * f64::from(i % 1001));
        let quarters = (-2000..2000).map(|i| f64::from(i) * std::f64::consts::FRAC_PI_2);
        let tiny = [0.0, -0.0, 1e-300, 1e-9, -1e-9, 9_999.9];
        for angle in angles.chain(quarters.clone()).chain(quarters.map(|angle| angle * (1.0 + 1e-12))).chain(tiny) {
            assert_eq!(sine_and_cosine(angle), [libm::sin(angle), libm::cos(angle)], "{angle:e}");
        }
    }
}
