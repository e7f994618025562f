//! What is measured of one picture, alone: pixels row by row, as red, green and blue, where 0 is black and 1 is white.

use super::super::SIDE;

/// Side of the squares that colours are averaged over, in pixels.
const BOX: usize = 4;
/// How far beyond black and white a number counts as outside: what rounding to bytes and a solver's last step may do is less.
const MARGIN: f64 = 0.02;

/// Mean chroma: greatest less least of red, green and blue of the mean colour of each square of 4 x 4 pixels, averaged over squares.
/// From 0 (grey) to 1. Means over squares take out grain, which is coloured in each pixel and grey on the whole.
pub fn chroma(pixels: &[[f64; 3]]) -> f64 {
    let across = SIDE / BOX;
    let mut sums = vec![[0.0; 3]; across * across];
    for (i, pixel) in pixels.iter().enumerate() {
        let sum: &mut [f64; 3] = &mut sums[i / SIDE / BOX * across + i % SIDE / BOX];
        (0..3).for_each(|c| sum[c] += pixel[c]);
    }
    let spread = |sum: &[f64; 3]| {
        let [most, least] = [f64::max, f64::min].map(|of| of(of(sum[0], sum[1]), sum[2]));
        most - least
    };
    sums.iter().map(spread).sum::<f64>() / (BOX * BOX * sums.len()) as f64
}

/// Mean absolute difference of neighbours: of each colour, over all pairs of pixels beside or above each other (the anisotropic total
/// variation, for each pair). From 0 (one colour) to 1.
pub fn total_variation(pixels: &[[f64; 3]]) -> f64 {
    let mut sum = 0.0;
    for (i, pixel) in pixels.iter().enumerate() {
        let right = (i % SIDE + 1 < SIDE).then(|| pixels[i + 1]);
        let below = pixels.get(i + SIDE).copied();
        for neighbour in [right, below].into_iter().flatten() {
            sum += (0..3).map(|c| (pixel[c] - neighbour[c]).abs()).sum::<f64>();
        }
    }
    sum / (3 * 2 * SIDE * (SIDE - 1)) as f64
}

/// Share of numbers that cannot be shown: more than [`MARGIN`] below 0 or above 1.
pub fn outside(pixels: &[[f64; 3]]) -> f64 {
    let numbers = pixels.as_flattened();
    let beyond = |v: &&f64| !(-MARGIN..=1.0 + MARGIN).contains(*v);
    numbers.iter().filter(beyond).count() as f64 / numbers.len() as f64
}
