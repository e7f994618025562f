// Random words (twin of random/philox.rs, bit for bit).

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
