// Noise that stochastic solvers add (twin of `Sampler::noise`). The prelude gives STREAM and QUANTILE_BITS. The words and
// the integers are the same; a conversion to f32 may round either way.

struct Noise {
    seed: vec2u,
    // Number in the run of the path's first particle.
    first: u32,
}

@group(0) @binding(4) var<uniform> noise: Noise;

// Four standard normals for a step: the kick's, then the spread's.
fn normals(particle: u32, step: u32) -> vec4f {
    // The high word of a particle's number is zero: there are fewer than 2^32.
    let words = philox(vec4u(noise.first + particle, 0u, step, STREAM), noise.seed);
    let fixed = vec4i(normal(words.x), normal(words.y), normal(words.z), normal(words.w));
    return vec4f(fixed) / f32(1u << QUANTILE_BITS);
}
