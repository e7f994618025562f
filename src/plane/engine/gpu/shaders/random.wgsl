// Random words, and normals in integers (twin of random/philox.rs and of random/quantile.rs, bit for bit). The prelude
// gives OCTAVE_BITS.

@group(0) @binding(3) var<storage, read> quantiles: array<u32>;

// The upper half of a product.
fn multiply_high(a: u32, b: u32) -> u32 {
    let low = (a & 0xffffu) * (b & 0xffffu);
    let left = (a >> 16u) * (b & 0xffffu);
    let right = (a & 0xffffu) * (b >> 16u);
    let middle = (low >> 16u) + (left & 0xffffu) + (right & 0xffffu);
    return (a >> 16u) * (b >> 16u) + (left >> 16u) + (right >> 16u) + (middle >> 16u);
}

// Four words.
fn philox(start: vec4u, seed: vec2u) -> vec4u {
    var counter = start;
    var key = seed;
    for (var round = 0u; round < 10u; round++) {
        let a = counter.x;
        let b = counter.z;
        counter = vec4u(
            multiply_high(0xcd9e8d57u, b) ^ counter.y ^ key.x,
            0xcd9e8d57u * b,
            multiply_high(0xd2511f53u, a) ^ counter.w ^ key.y,
            0xd2511f53u * a,
        );
        key += vec2u(0x9e3779b9u, 0xbb67ae85u);
    }
    return counter;
}

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
