// Normals in integers (twin of random/quantile.rs, bit for bit). The prelude gives OCTAVE_BITS.

@group(0) @binding(3) var<storage, read> quantiles: array<u32>;

// A standard normal in units of 2^-QUANTILE_BITS.
fn normal(word: u32) -> i32 {
    let m = word & 0x7fffffffu;
    var index = m;
    var rest = 0u;
    if (m >= (1u << OCTAVE_BITS)) {
        let shift = 31u - countLeadingZeros(m) - OCTAVE_BITS;
        index = (shift << OCTAVE_BITS) + (m >> shift);
        rest = (m << (31u - shift)) << 1u;
    }
    let high = quantiles[index];
    let magnitude = i32(high - multiply_high(high - quantiles[index + 1u], rest));
    return select(magnitude, -magnitude, (word >> 31u) == 1u);
}
